/* Words and phrases: the tokenizer of the index reads them, so query and text agree. */
#include "lang/parse_in.h"

#include "text/utf8.h"

#include <string.h>

static int no_word(struct nd_parser *p, size_t start, size_t end)
{
    int code = nd_p_refuse(p, start, end, "no word in '%s'", nd_p_show(p, start, end, 40));
    const char *s = nd_p_text(p) + start;
    if (s[0] == '-' ||
        (end - start == 3 && (unsigned char)s[0] == 0xe2 && (unsigned char)s[1] == 0x80))
        nd_hint(p->err, "leave the dash out; to exclude a word type -word, without a blank");
    else
        nd_hint(p->err, "leave it out; verbatim(\"...\") looks for punctuation too");
    return code;
}

/* Tokenize bytes from..to of the query into p->tokens. *same: offsets are those of the query. */
static int tokenize(struct nd_parser *p, size_t from, size_t to, bool *same)
{
    const char *s = nd_p_text(p) + from;
    nd_buf_reset(&p->text);
    nd_tokens_reset(&p->tokens);
    if (nd_nfc(&p->text, s, to - from))
        return nd_p_nomem(p);
    *same = p->text.len == to - from && memcmp(p->text.data, s, to - from) == 0;
    for (size_t i = 0; i < p->text.len; i++)
        if (p->text.data[i] == '_')
            p->text.data[i] = ' '; /* an underscore joins words into a phrase */
    return nd_tokens_add(&p->tokens, p->text.data, p->text.len, ND_FIELD_BODY, p->err);
}

/* The folded form of a key; an acronym's capitals stay, they are its meaning. */
static int fold_key(struct nd_parser *p, struct nd_str key, bool acronym, struct nd_str *out)
{
    nd_buf_reset(&p->fold);
    if (acronym ? nd_buf_add(&p->fold, key.p, key.n) : nd_fold(&p->fold, key.p, key.n))
        return nd_p_nomem(p);
    *out = nd_arena_str(p->arena, p->fold.len ? p->fold.data : "", p->fold.len);
    return out->p ? 0 : nd_p_nomem(p);
}

/* The node of token i. */
static int token_node(struct nd_parser *p, size_t i, enum nd_node_kind kind, size_t start,
                      size_t end, struct nd_node **out)
{
    struct nd_str key = nd_token_key(&p->tokens, i);
    int code = nd_p_node(p, out, kind, start, end);
    if (code)
        return code;
    if (kind == ND_N_EXACT)
        return fold_key(p, key, p->tokens.v[i].flags & ND_T_ACRONYM, &(*out)->text);
    (*out)->text = nd_arena_str(p->arena, key.p, key.n);
    return (*out)->text.p ? 0 : nd_p_nomem(p);
}

/* Last token of the hyphen chain that starts at token i; i itself where there is none. */
static size_t chain_end(const struct nd_tokens *t, size_t i)
{
    size_t j = i;
    while (j + 1 < t->n && (t->v[j].flags & ND_T_HYPHEN))
        j++;
    return j > i && (t->v[j].flags & ND_T_JOINED) && nd_tokens_chain(t, j) == j - i + 1 ? j : i;
}

/* first-class: the phrase of its parts, or the joined word. */
static int chain_node(struct nd_parser *p, size_t i, size_t j, enum nd_node_kind joined,
                      size_t start, size_t end, struct nd_node **out)
{
    struct nd_node *kids[2], *parts[ND_CHAIN_MAX];
    char key[ND_WORD_MAX];
    size_t n = j - i + 1, len = nd_tokens_joined(&p->tokens, j, key), k = 0;
    int code = nd_p_node(p, &kids[0], ND_N_PHRASE, start, end);
    for (size_t m = 0; m < n && !code; m++)
        code = token_node(p, i + m, ND_N_EXACT, start, end, &parts[m]);
    if (!code)
        code = nd_p_kids(p, kids[0], parts, n);
    if (code)
        return code;
    for (size_t m = 0; m < len; m++)
        if (key[m] != '-')
            key[k++] = key[m];
    *out = kids[0];
    if (!k)
        return 0;
    code = nd_p_node(p, &kids[1], joined, start, end);
    if (code)
        return code;
    nd_buf_reset(&p->text); /* the tokens' text is no longer needed */
    if (joined == ND_N_EXACT)
        code = fold_key(p, (struct nd_str){key, k}, false, &kids[1]->text);
    else if (nd_lowercase(&p->text, key, k) ||
             !(kids[1]->text = nd_arena_str(p->arena, p->text.data, p->text.len)).p)
        code = nd_p_nomem(p);
    if (!code)
        code = nd_p_node(p, out, ND_N_OR, start, end);
    return code ? code : nd_p_kids(p, *out, kids, 2);
}

static int push(struct nd_parser *p, struct nd_node *node)
{
    return nd_buf_add(&p->items, &node, sizeof(struct nd_node *)) ? nd_p_nomem(p) : 0;
}

/* Push the words of bytes from..to as items of a phrase. */
static int push_words(struct nd_parser *p, size_t from, size_t to)
{
    bool same;
    int code = tokenize(p, from, to, &same);
    for (size_t i = 0; !code && i < p->tokens.n; i++) {
        size_t j = chain_end(&p->tokens, i);
        struct nd_node *node = NULL;
        size_t start = same ? from + p->tokens.v[i].start : from;
        size_t end = same ? from + p->tokens.v[j].end : to;
        code = j > i ? chain_node(p, i, j, ND_N_EXACT, start, end, &node)
                     : token_node(p, i, ND_N_EXACT, start, end, &node);
        if (!code)
            code = push(p, node);
        i = j;
    }
    return code;
}

/* Class of the character at i in a pattern: 0 between words, 1 letter, 2 wildcard, 3 apostrophe. */
static int pattern_class(const char *s, size_t n, size_t i, size_t len, bool quoted)
{
    unsigned char c = (unsigned char)s[i];
    if (c == '*' || (c == '?' && !quoted))
        return 2;
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        return 1;
    if (c >= '0' && c <= '9')
        return 1;
    bool inside = i > 0 && i + len < n;
    if (c == '\'')
        return 3;
    if (c == '.' || c == ',')
        return inside && s[i - 1] >= '0' && s[i - 1] <= '9' && s[i + 1] >= '0' && s[i + 1] <= '9';
    if (c < 0x80)
        return 0;
    uint32_t cp = 0;
    nd_utf8_decode(s + i, n - i, &cp);
    if (cp == 0x2019)
        return 3;
    if ((cp >= 0x80 && cp < 0xc0 && cp != 0xaa && cp != 0xb5 && cp != 0xba) || cp == 0xd7 ||
        cp == 0xf7 || (cp >= 0x2000 && cp <= 0x206f) || (cp >= 0x3000 && cp <= 0x3004) ||
        (cp >= 0x3008 && cp <= 0x3020))
        return 0;
    return 1;
}

/* Bytes of the apostrophe that p[0..n) starts with, straight or curly; 0 if none. */
static size_t apostrophe(const char *p, size_t n)
{
    if (n > 0 && p[0] == '\'')
        return 1;
    return n > 2 && memcmp(p, "\xe2\x80\x99", 3) == 0 ? 3 : 0;
}

/* Push the piece from..to of a pattern: a wildcard, any one word, or plain words. */
static int push_piece(struct nd_parser *p, size_t from, size_t to, bool letters, bool wild)
{
    const char *s = nd_p_text(p) + from;
    size_t n = to - from, k = 0;
    struct nd_node *node = NULL;
    if (!wild)
        return push_words(p, from, to);
    if (!letters && memchr(s, '?', n)) {
        int code = nd_p_refuse(p, from, to, "a wildcard without a letter");
        nd_hint(p->err, "give at least one: w?rd, word*; in a phrase * alone stands for any word");
        return code;
    }
    for (size_t skip; n > 0 && (skip = apostrophe(s, n)) > 0; s += skip, from += skip)
        n -= skip;
    while (n > 0 && (s[n - 1] == '\'' || (n > 2 && apostrophe(s + n - 3, 3) == 3)))
        n -= s[n - 1] == '\'' ? 1 : 3;
    to = from + n;
    if (n > ND_WORD_MAX) {
        int code = nd_p_refuse(p, from, to, "a pattern longer than %d bytes", ND_WORD_MAX);
        nd_hint(p->err, "no word of the index is as long; shorten it");
        return code;
    }
    int code = nd_p_node(p, &node, letters ? ND_N_WILD : ND_N_GAP, from, to);
    if (code || !letters)
        return code ? code : push(p, node);
    nd_buf_reset(&p->fold);
    if (nd_fold(&p->fold, s, n))
        return nd_p_nomem(p);
    char *f = p->fold.data;
    for (size_t i = 0, len; i < p->fold.len; i += len) {
        len = apostrophe(f + i, p->fold.len - i);
        if (len == 3)
            f[k++] = '\''; /* as the tokenizer writes it */
        else if (f[i] != '*' || k == 0 || f[k - 1] != '*')
            f[k++] = f[i];
        len = len ? len : 1;
    }
    node->text = nd_arena_str(p->arena, f, k);
    return node->text.p ? push(p, node) : nd_p_nomem(p);
}

/* Push the pieces of a word with wildcards. */
static int push_pattern(struct nd_parser *p, size_t from, size_t to, bool quoted)
{
    const char *s = nd_p_text(p) + from;
    size_t n = to - from, start = 0;
    bool letters = false, wild = false;
    for (size_t i = 0, len = 1; i <= n; i += len) {
        int class = 0;
        len = 1;
        if (i < n) {
            uint32_t cp;
            len = nd_utf8_decode(s + i, n - i, &cp);
            len = len ? len : 1;
            class = pattern_class(s, n, i, len, quoted);
        }
        letters |= class == 1;
        wild |= class == 2;
        if (class)
            continue;
        int code = i > start ? push_piece(p, from + start, from + i, letters, wild) : 0;
        if (code)
            return code;
        start = i + len;
        letters = wild = false;
    }
    return 0;
}

/* Push a text with *: runs of plain words are tokenized together, so that hyphens keep their sense. */
static int push_text(struct nd_parser *p, size_t from, size_t to)
{
    const char *s = nd_p_text(p);
    size_t plain = from, at = from;
    while (at < to) {
        at = nd_lex_skip(s, to, at);
        size_t end = at;
        while (end < to && s[end] != '_' && !nd_lex_blank(s + end, to - end))
            end++;
        if (end > at && memchr(s + at, '*', end - at)) {
            int code = plain < at ? push_words(p, plain, at) : 0;
            if (!code)
                code = push_pattern(p, at, end, true);
            if (code)
                return code;
            plain = end;
        }
        at = end < to && s[end] == '_' ? end + 1 : end;
    }
    return plain < to ? push_words(p, plain, to) : 0;
}

/* The items that were pushed since `base` as one node. */
static int finish(struct nd_parser *p, size_t start, size_t end, uint32_t slop,
                  struct nd_node **out)
{
    struct nd_node **v = (struct nd_node **)(void *)p->items.data;
    size_t n = p->items.len / sizeof *v, words = 0;
    for (size_t i = 0; i < n; i++)
        words += v[i]->kind != ND_N_GAP;
    if (n == 0)
        return no_word(p, start, end);
    if (words == 0) {
        int code = nd_p_refuse(p, start, end, "a phrase of * alone");
        nd_hint(p->err, "give it at least one word: \"they * will pay\"");
        return code;
    }
    if (n == 1) {
        *out = v[0];
        return 0;
    }
    int code = nd_p_node(p, out, ND_N_PHRASE, start, end);
    if (code)
        return code;
    (*out)->n = slop;
    return nd_p_kids(p, *out, v, n);
}

static int fuzzy(struct nd_parser *p, const struct nd_lexeme *t, struct nd_node **out)
{
    bool same;
    int code = tokenize(p, t->from, t->to, &same);
    if (code)
        return code;
    if (p->tokens.n == 0)
        return no_word(p, t->start, t->end);
    if (p->tokens.n > 1 || memchr(nd_p_text(p) + t->from, '*', t->to - t->from)) {
        code = nd_p_refuse(p, t->start, t->end,
                           "~ after a word allows typing errors in one plain word");
        nd_hint(p->err, "'%s' is more than that; \"a b\"~2 allows extra words in a phrase",
                nd_p_show(p, t->from, t->to, 40));
        return code;
    }
    code = token_node(p, 0, ND_N_EXACT, t->start, t->end, out);
    if (code)
        return code;
    (*out)->kind = ND_N_FUZZY;
    (*out)->n = t->n;
    return 0;
}

int nd_p_word(struct nd_parser *p, const struct nd_lexeme *t, bool exact, struct nd_node **out)
{
    const char *s = nd_p_text(p) + t->from;
    size_t n = t->to - t->from;
    nd_buf_reset(&p->items);
    if (t->tilde) {
        if (!exact)
            return fuzzy(p, t, out);
        int code = nd_p_refuse(p, t->start, t->end, "= and ~ contradict each other");
        nd_hint(p->err, "=word is the word itself, word~ allows a typing error");
        return code;
    }
    if (n == 1 && s[0] == '*')
        return nd_p_node(p, out, ND_N_ALL, t->start, t->end);
    /* in an address ? is no wildcard */
    if (memchr(s, '*', n) || (memchr(s, '?', n) && !memchr(s, '/', n))) {
        int code = push_pattern(p, t->from, t->to, memchr(s, '/', n) != NULL);
        return code ? code : finish(p, t->start, t->end, 0, out);
    }
    bool same;
    int code = tokenize(p, t->from, t->to, &same);
    if (code)
        return code;
    enum nd_node_kind kind = exact ? ND_N_EXACT : ND_N_WORD;
    if (p->tokens.n == 0)
        return no_word(p, t->start, t->end);
    if (p->tokens.n == 1)
        return token_node(p, 0, kind, t->start, t->end, out);
    if (chain_end(&p->tokens, 0) == p->tokens.n - 1)
        return chain_node(p, 0, p->tokens.n - 1, kind, t->start, t->end, out);
    code = push_words(p, t->from, t->to);
    return code ? code : finish(p, t->start, t->end, 0, out);
}

int nd_p_phrase(struct nd_parser *p, const struct nd_lexeme *t, struct nd_node **out)
{
    if (nd_lex_skip(nd_p_text(p), t->to, t->from) >= t->to) {
        int code = nd_p_refuse(p, t->start, t->end, "the phrase is empty");
        nd_hint(p->err, "write words between the quotation marks");
        return code;
    }
    nd_buf_reset(&p->items);
    bool star = memchr(nd_p_text(p) + t->from, '*', t->to - t->from) != NULL;
    int code = star ? push_text(p, t->from, t->to) : push_words(p, t->from, t->to);
    return code ? code : finish(p, t->start, t->end, t->tilde ? t->n : 0, out);
}

int nd_p_literal(struct nd_parser *p, struct nd_node **out)
{
    nd_buf_reset(&p->items);
    int code = push_words(p, 0, p->lx.n);
    return code ? code : finish(p, 0, p->lx.n, 0, out);
}

int nd_p_inside(struct nd_parser *p, const struct nd_lexeme *t, struct nd_str *out)
{
    const char *s = nd_p_text(p) + t->from;
    size_t n = t->to - t->from, k = 0;
    *out = (struct nd_str){s, n};
    if (t->kind != ND_L_PHRASE || !t->escapes || !memchr(s, '\\', n))
        return 0;
    char *copy = nd_arena_copy(p->arena, s, n);
    if (!copy)
        return nd_p_nomem(p);
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\\' && i + 1 < n && (s[i + 1] == '"' || s[i + 1] == '\\'))
            i++;
        copy[k++] = s[i];
    }
    *out = (struct nd_str){copy, k};
    return 0;
}
