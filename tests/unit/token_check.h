/* token_check.h: what the tests of the tokenizer share. Include it once, after check.h. */
#ifndef TESTS_TOKEN_CHECK_H
#define TESTS_TOKEN_CHECK_H

#include "text/token.h"
#include "text/token_scan.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

/* Write the tokens as token.cases has them. */
static void print_tokens(struct nd_buf *out, const struct nd_tokens *t)
{
    static const char *shapes[] = {"", "^", "^^", "~"};
    static const char *breaks[] = {"", "|", "¶"};
    static const struct {
        unsigned flag;
        const char *mark;
    } flags[] = {{ND_T_POSSESSIVE, "'"}, {ND_T_DOTTED, "."}, {ND_T_ACRONYM, "!"},
                 {ND_T_HYPHEN, "-"},     {ND_T_JOINED, "="}, {ND_T_QUOTE_CLOSE, ">"}};
    for (size_t i = 0; i < t->n; i++) {
        const struct nd_token *k = &t->v[i];
        nd_buf_str(out, i ? " " : "");
        nd_buf_str(out, breaks[k->brk]);
        nd_buf_str(out, k->flags & ND_T_QUOTE_OPEN ? "<" : "");
        nd_buf_add(out, nd_token_key(t, i).p, k->key_len);
        size_t at = out->len;
        nd_buf_str(out, "/");
        nd_buf_str(out, shapes[k->shape]);
        for (size_t f = 0; f < sizeof flags / sizeof flags[0]; f++)
            nd_buf_str(out, k->flags & flags[f].flag ? flags[f].mark : "");
        if (out->len == at + 1)
            out->len = at;
    }
    nd_buf_byte(out, 0);
}

/* What the header promises of every result. */
static void check_invariants(const struct nd_tokens *t, size_t n)
{
    size_t end = 0;
    bool open = false;
    for (size_t i = 0; i < t->n; i++) {
        const struct nd_token *k = &t->v[i];
        CHECK(k->start >= end && k->start < k->end && k->end <= n);
        CHECK(k->key_len > 0 && k->key_len <= ND_WORD_MAX && k->key + k->key_len <= t->chars.len);
        end = k->end;
        CHECK(i > 0 || k->brk == ND_BREAK_PARAGRAPH);
        struct nd_str key = nd_token_key(t, i);
        CHECK(nd_utf8_valid(key.p, key.n) == key.n);
        bool ascii = true;
        for (size_t c = 0; c < key.n; c++)
            ascii &= !((unsigned char)key.p[c] & 0x80);
        CHECK_INT(!!(k->flags & ND_T_ASCII), ascii);
        if (k->flags & ND_T_HYPHEN)
            CHECK(i + 1 < t->n && t->v[i + 1].brk == ND_BREAK_NONE);
        bool joined = i > 0 && (t->v[i - 1].flags & ND_T_HYPHEN) && !(k->flags & ND_T_HYPHEN);
        CHECK_INT(!!(k->flags & ND_T_JOINED), joined);
        CHECK(nd_tokens_chain(t, i) <= ND_CHAIN_MAX);
        if (k->brk == ND_BREAK_PARAGRAPH)
            CHECK(!open);
        if (k->flags & ND_T_QUOTE_OPEN) {
            CHECK(!open);
            open = true;
        }
        if (k->flags & ND_T_QUOTE_CLOSE) {
            CHECK(open);
            open = false;
        }
    }
    CHECK(!open);
}

/* Both scanners over one text, compared token by token. Return: the same? */
static bool same_both_ways(struct nd_tokens *a, struct nd_tokens *b, const char *p, size_t n)
{
    struct nd_error err = {0};
    nd_tokens_reset(a);
    nd_tokens_reset(b);
    int ra = nd_tokens_scan(a, p, n, 3, true, &err);
    int rb = nd_tokens_scan(b, p, n, 3, false, &err);
    size_t i = 0;
    if (ra == rb && a->n == b->n) {
        for (; i < a->n; i++) {
            struct nd_token x = a->v[i], y = b->v[i];
            struct nd_str kx = nd_token_key(a, i), ky = nd_token_key(b, i);
            if (x.start != y.start || x.end != y.end || x.shape != y.shape || x.brk != y.brk ||
                x.flags != y.flags || x.field != y.field || !nd_str_eq(kx, ky))
                break;
        }
        if (i == a->n)
            return true;
    }
    printf("fast and slow differ at word %zu in:\n%.*s\n", i, (int)(n < 400 ? n : 400), p);
    struct nd_buf out;
    nd_buf_init(&out, 1 << 20);
    print_tokens(&out, a);
    nd_buf_byte(&out, '\n');
    print_tokens(&out, b);
    if (n < 2000)
        printf("%s\n%s\n", out.data, out.data + strlen(out.data) + 2);
    nd_buf_free(&out);
    return false;
}

#endif
