/* token.c: the words of a text. UAX 29 (Unicode 15.0) decides what a word is, with these tailorings;
 * each has its cases in tests/unit/token.cases:
 *   - curly and modifier apostrophes are straight in keys; 's and s' come off (ND_T_POSSESSIVE),
 *     after digits too (1990's); other apostrophes stay between letters (don't, O'Sullivan) and
 *     part digits (5'11);
 *   - a hyphen (-, U+2010, U+2011) alone between two words joins them into a chain, each part stays a
 *     word (ND_T_HYPHEN, ND_T_JOINED); a chain longer than ND_CHAIN_MAX goes on as a new one;
 *   - single letters with dots between are one word without dots, and the last dot belongs to its span
 *     (U.S. -> us); after or before longer words a dot parts (foo.com, www.x.org, J.Smith, Moscow.It);
 *   - between digits a dot stays (3.5, 192.168.0.1); a comma comes off between groups of three
 *     (1,000,000), else it parts, as semicolons do;
 *   - colons, underscores and all other connectors part, so e-mail addresses, URLs, hashtags and numbers
 *     with slashes are the words between the punctuation;
 *   - ideographs, kana, and letters of scripts that UAX 29 does not class (Thai) are one word each with
 *     the marks on them; Hangul is by word; letters and numbers without a class (½, ²) are words;
 *   - ligatures of Latin letters, long s, final sigma fold; soft hyphens, joiners, directional marks and
 *     variation selectors go; a zero-width space parts, as Unicode means it to;
 *   - the words of nd_acronym have keys in capitals where the text has capitals or dots.
 * The shape is that of the letters before a possessive. */
#include "text/token.h"

#include "text/token_scan.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHARS_MAX = 1 << 30, /* bytes of all keys: ND_TOKENS_MAX words of ND_WORD_MAX bytes */
    FIRST_TOKENS = 1024
};

int nd_tokens_init(struct nd_tokens *t)
{
    *t = (struct nd_tokens){0};
    nd_buf_init(&t->chars, CHARS_MAX);
    return 0;
}

void nd_tokens_reset(struct nd_tokens *t)
{
    t->n = 0;
    nd_buf_reset(&t->chars);
}

void nd_tokens_free(struct nd_tokens *t)
{
    free(t->v);
    nd_buf_free(&t->chars);
    t->v = NULL;
    t->n = t->cap = 0;
}

/* Everyday English words that are another thing in capitals. Short on purpose: in a headline that is all
 * capitals WHO is the word who, and is indexed as the other all the same.
 *   aids  AIDS the disease; helps, means of help
 *   am    a.m. the time, AM radio; I am
 *   ice   ICE the immigration agency; frozen water
 *   it    IT the trade; the pronoun
 *   pm    PM the prime minister and p.m.; written small it is the time of day alone
 *   un    UN, U.N.; Kim Jong Un, and the article in French and Spanish
 *   us    US, U.S. the country; the pronoun
 *   who   WHO the health organisation; the pronoun
 * Left out: or, in, me, ok, hi, oh, la and the other states (headlines would lose more than names gain),
 * start, care, act, save, now (rare as names). */
static const char acronyms[][5] = {"aids", "am", "ice", "it", "pm", "un", "us", "who"};

bool nd_acronym(const char *p, size_t n)
{
    for (size_t i = 0; i < sizeof acronyms / sizeof acronyms[0]; i++)
        if (strlen(acronyms[i]) == n && memcmp(acronyms[i], p, n) == 0)
            return true;
    return false;
}

/* Room for one more token and its key. */
static int make_room(struct nd_tokens *t)
{
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : FIRST_TOKENS;
        struct nd_token *v = realloc(t->v, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        t->v = v;
        t->cap = cap;
    }
    if (t->chars.cap - t->chars.len < ND_KEY_ROOM || !t->chars.data)
        return nd_buf_room(&t->chars, ND_KEY_ROOM);
    return 0;
}

/* Bytes of an apostrophe at text[at], 0 if there is none. */
static size_t apostrophe_at(const char *text, size_t n, size_t at)
{
    if (at < n && text[at] == '\'')
        return 1;
    return n - at >= 3 && memcmp(text + at, "\xe2\x80\x99", 3) == 0 ? 3 : 0;
}

/* Is text[from..to) a hyphen and nothing else? */
static bool is_hyphen(const char *text, size_t from, size_t to)
{
    if (to - from == 1)
        return text[from] == '-';
    return to - from == 3 && (memcmp(text + from, "\xe2\x80\x90", 3) == 0 ||
                              memcmp(text + from, "\xe2\x80\x91", 3) == 0);
}

static bool is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* What depends on the letters of the word and the quotation around it: s', capitals as key. */
static void finish_word(const struct nd_scan *s, struct nd_word *w, char *key)
{
    char last = key[w->key_len - 1];
    if (last == 's' && !(w->flags & ND_T_POSSESSIVE) && w->end != s->quote_close) {
        size_t len = apostrophe_at(s->text, s->n, w->end);
        /* '' is a quotation mark */
        if (len && !(len == 1 && apostrophe_at(s->text, s->n, w->end + 1) == 1)) {
            w->end += len;
            w->flags |= ND_T_POSSESSIVE;
            w->dot = false;
        }
    }
    if ((w->initials || w->shape == ND_SHAPE_UPPER) && w->key_len <= 4 &&
        nd_acronym(key, w->key_len)) {
        for (unsigned i = 0; i < w->key_len; i++)
            key[i] = (char)(key[i] - 32);
        w->flags |= ND_T_ACRONYM;
    }
}

/* The plainest words, most of all: up to 15 ASCII letters and digits, one capital at most, and behind them
 * what can only be the end. Return: false for any other. */
static inline bool word_plain(struct nd_word *out, const char *text, size_t n, size_t at, char *key)
{
#ifdef ND_TAKE_RUN
    if (n - at <= 16)
        return false;
    const unsigned char *p = (const unsigned char *)text + at;
    const struct nd_run run = nd_take_run(p, key);
    const unsigned upper = run.upper, lower = run.lower, last = run.len - 1;
    if (last >= 15 || upper & (upper - 1) || nd_word_special[p[run.len]])
        return false;
    *out = (struct nd_word){.end = at + run.len, .key_len = run.len, .flags = ND_T_ASCII};
    out->first = (uint8_t)((lower & 1) | (upper & 1) << 1); /* enum nd_initial */
    out->last = (uint8_t)((lower >> last & 1) | (upper >> last & 1) << 1);
    if (upper) /* a small letter before it makes it mixed */
        out->shape = lower & (upper - 1) ? ND_SHAPE_MIXED : ND_SHAPE_CAPITAL;
    return true;
#else
    (void)out, (void)text, (void)n, (void)at, (void)key;
    return false;
#endif
}

int nd_tokens_scan(struct nd_tokens *t, const char *text, size_t n, unsigned field, bool fast,
                   struct nd_error *err)
{
    if (n > UINT32_MAX - ND_KEY_ROOM)
        return nd_fail(err, ND_LIMIT, "a field of %zu bytes is too long", n);
    struct nd_scan s = {.out = t, .text = text, .n = n, .first = t->n, .quote_close = SIZE_MAX};
    struct nd_before prev = {0};
    size_t chain = 1;
    int rc = 0;
    while (s.at < n) {
        unsigned gap = 0;
        bool blank = true; /* one lies before the word, nothing else */
        if (fast && text[s.at] == ' ' && !prev.word.dot && s.at + 1 < n &&
            is_alnum((unsigned char)text[s.at + 1]))
            s.at++; /* nearly every gap */
        else {
            gap = nd_gap(&s, prev.word.dot);
            blank = false;
        }
        if (s.at >= n)
            break;
        if (t->n >= ND_TOKENS_MAX) {
            rc = nd_fail(err, ND_LIMIT, "more than %d words in one article", ND_TOKENS_MAX);
            break;
        }
        rc = make_room(t);
        if (rc) {
            nd_fail(err, rc, "no memory for the words of a text of %zu bytes", n);
            break;
        }
        char *key = t->chars.data + t->chars.len;
        struct nd_word w;
        if (!fast || !word_plain(&w, text, n, s.at, key)) {
            if (!fast || !nd_word_fast(&w, text, n, s.at, key))
                nd_word_slow(&w, text, n, s.at, key);
            finish_word(&s, &w, key);
        }

        struct nd_token *token = &t->v[t->n];
        *token = (struct nd_token){.start = (uint32_t)s.at,
                                   .end = (uint32_t)w.end,
                                   .key = (uint32_t)t->chars.len,
                                   .key_len = (uint16_t)w.key_len,
                                   .shape = w.shape,
                                   .flags = w.flags,
                                   .field = (uint8_t)field};
        if (t->n == s.first || (gap & ND_GAP_PARAGRAPH)) {
            token->brk = ND_BREAK_PARAGRAPH;
        } else if (gap & (ND_GAP_DOT | ND_GAP_STRONG | ND_GAP_HARD)) {
            prev.token = token - 1;
            prev.key = nd_token_key(t, t->n - 1);
            if (nd_sentence_break(&prev, &w, (struct nd_str){key, w.key_len}, gap))
                token->brk = ND_BREAK_SENTENCE;
        }
        if (t->n > s.first) {
            if (!blank && chain < ND_CHAIN_MAX && is_hyphen(text, token[-1].end, s.at)) {
                token[-1].flags |= ND_T_HYPHEN;
                chain++;
            } else {
                if (chain > 1)
                    token[-1].flags |= ND_T_JOINED;
                chain = 1;
            }
        }
        t->n++;
        t->chars.len += w.key_len;
        prev.word = w;
        s.at = w.end;
    }
    if (chain > 1)
        t->v[t->n - 1].flags |= ND_T_JOINED;
    nd_quote_end(&s);
    if (t->chars.data)
        t->chars.data[t->chars.len] = '\0';
    return rc;
}

int nd_tokens_add(struct nd_tokens *t, const char *text, size_t n, unsigned field,
                  struct nd_error *err)
{
    return nd_tokens_scan(t, text, n, field, true, err);
}

size_t nd_tokens_chain(const struct nd_tokens *t, size_t i)
{
    size_t count = 1;
    while (i > 0 && (t->v[i - 1].flags & ND_T_HYPHEN) && count < ND_CHAIN_MAX) {
        i--;
        count++;
    }
    return count;
}

size_t nd_tokens_joined(const struct nd_tokens *t, size_t i, char out[ND_WORD_MAX])
{
    size_t count = nd_tokens_chain(t, i), len = 0;
    for (size_t k = i + 1 - count; k <= i; k++) {
        struct nd_str key = nd_token_key(t, k);
        size_t hyphen = k < i;
        if (key.n + hyphen > ND_WORD_MAX - len)
            return 0;
        memcpy(out + len, key.p, key.n);
        len += key.n;
        if (hyphen)
            out[len++] = '-';
    }
    return len;
}
