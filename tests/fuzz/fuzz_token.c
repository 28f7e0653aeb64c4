/* Fuzz target: the tokenizer. Any bytes, repaired and normalised as readers do, must give tokens that keep
 * the promises of token.h, and the same ones from the fast and from the slow scanner. */
#include "text/token.h"
#include "text/token_scan.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stop where the fuzzer can see it. */
static void must(bool holds)
{
    if (!holds)
        abort();
}

/* n: bytes of the text; key: scratch. */
static void check_tokens(const struct nd_tokens *t, size_t n, struct nd_buf *key)
{
    size_t end = 0;
    bool open = false;
    for (size_t i = 0; i < t->n; i++) {
        const struct nd_token *k = &t->v[i];
        must(k->start >= end && k->start < k->end && k->end <= n);
        must(k->key_len > 0 && k->key_len <= ND_WORD_MAX);
        must((size_t)k->key + k->key_len <= t->chars.len);
        must(nd_utf8_valid(nd_token_key(t, i).p, k->key_len) == k->key_len);
        must(i > 0 || k->brk == ND_BREAK_PARAGRAPH);
        nd_buf_reset(key);
        must(nd_nfc(key, nd_token_key(t, i).p, k->key_len) == 0);
        must(key->len == k->key_len && memcmp(key->data, nd_token_key(t, i).p, key->len) == 0);
        must(!(k->flags & ND_T_HYPHEN) || i + 1 < t->n);
        size_t chain = nd_tokens_chain(t, i);
        must(chain >= 1 && chain <= ND_CHAIN_MAX && chain <= i + 1);
        must(!(k->flags & ND_T_JOINED) || chain >= 2);
        char joined[ND_WORD_MAX];
        size_t len = nd_tokens_joined(t, i, joined);
        must(len <= ND_WORD_MAX && nd_utf8_valid(joined, len) == len);
        must(k->brk != ND_BREAK_PARAGRAPH || !open);
        must(!(k->flags & ND_T_QUOTE_OPEN) || !open);
        open |= (k->flags & ND_T_QUOTE_OPEN) != 0;
        must(!(k->flags & ND_T_QUOTE_CLOSE) || open);
        if (k->flags & ND_T_QUOTE_CLOSE)
            open = false;
        end = k->end;
    }
    must(!open);
}

static void check_same(const struct nd_tokens *a, const struct nd_tokens *b)
{
    must(a->n == b->n && a->chars.len == b->chars.len);
    must(a->chars.len == 0 || memcmp(a->chars.data, b->chars.data, a->chars.len) == 0);
    for (size_t i = 0; i < a->n; i++) {
        const struct nd_token *x = &a->v[i], *y = &b->v[i];
        must(x->start == y->start && x->end == y->end && x->key == y->key &&
             x->key_len == y->key_len);
        must(x->shape == y->shape && x->brk == y->brk && x->flags == y->flags &&
             x->field == y->field);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nd_buf repaired, text;
    struct nd_tokens fast, slow;
    struct nd_error err = {0};
    uint64_t repairs = 0;
    nd_buf_init(&repaired, 1 << 24);
    nd_buf_init(&text, 1 << 26);
    nd_tokens_init(&fast);
    nd_tokens_init(&slow);
    if (nd_utf8_repair(&repaired, (const char *)data, size, &repairs) == 0 &&
        nd_nfc(&text, repaired.data ? repaired.data : "", repaired.len) == 0 && text.len > 0) {
        int a = nd_tokens_scan(&fast, text.data, text.len, 1, true, &err);
        int b = nd_tokens_scan(&slow, text.data, text.len, 1, false, &err);
        must(a == b);
        check_tokens(&fast, text.len, &repaired);
        check_same(&fast, &slow);
    }
    nd_tokens_free(&fast);
    nd_tokens_free(&slow);
    nd_buf_free(&text);
    nd_buf_free(&repaired);
    return 0;
}
