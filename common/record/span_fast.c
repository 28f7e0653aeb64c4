/* span_fast.c: phrases and pairs of words, decided on the bytes of the stream: nothing is decoded
 * but the neighbours of the rarest word, and distance is a count of word ends. */
#include "record/scan_vector.h"
#include "record/span_in.h"

#include <string.h>

enum {
    NO_WORD = -1,
    CHUNK = 512, /* bytes looked through at first: a match early in an article ends the search */
    HITS = 2048  /* and then */
};

/* A leaf whose hits count wherever they stand. */
static bool plain_leaf(const struct nd_span_node *node)
{
    return node->op == ND_SPAN_LEAF && node->scope == ND_SCOPE_ALL && node->cases == 0;
}

/* The plain words of a leaf. */
static const struct nd_codes *words_of(const struct nd_spans *s, uint32_t leaf)
{
    const struct nd_codes *c = s->sets[leaf];
    return c->words ? c->words : c;
}

enum span_fast span_fast_kind(struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    size_t leaves = 0;
    s->mixed = false;
    if (root->op == ND_SPAN_LEAF)
        return plain_leaf(root) ? SPAN_ANY_HIT : SPAN_GENERAL;
    if (root->op != ND_SPAN_PHRASE && root->op != ND_SPAN_NEAR && root->op != ND_SPAN_PRE &&
        root->op != ND_SPAN_SAME)
        return SPAN_GENERAL;
    for (size_t i = 0; i < root->kids_n; i++) {
        const struct nd_span_node *kid = root->kids[i];
        if (kid->op == ND_SPAN_ANY && root->op == ND_SPAN_PHRASE)
            continue;
        if (!plain_leaf(kid))
            return SPAN_GENERAL;
        const struct nd_codes *c = s->sets[kid->leaf];
        if (!c->words_only && !c->words)
            return SPAN_GENERAL;
        s->mixed = s->mixed || c->words;
        leaves++;
    }
    if (root->op == ND_SPAN_PHRASE)
        return root->n == 0 && leaves ? SPAN_PHRASE : SPAN_GENERAL;
    return root->kids_n == 2 ? SPAN_PAIR : SPAN_GENERAL;
}

/* The last byte of the word before the code that begins at `first`, in the same field. */
static ptrdiff_t word_before(const unsigned char *p, size_t first)
{
    while (first > 0) {
        size_t last = first - 1;
        if (p[last] >= ND_WORD_FIRST)
            return p[last] < 0x80 ? (ptrdiff_t)last : NO_WORD;
        if (p[last] == ND_MARK_FIELD)
            return NO_WORD;
        for (first = last; first > 0 && p[first - 1] >= 0x80;)
            first--;
    }
    return NO_WORD;
}

/* The last byte of the word after the code that ends at `at`. */
static ptrdiff_t word_after(const unsigned char *p, size_t n, size_t at)
{
    for (size_t i = at + 1; i < n; i++) {
        if (p[i] >= 0x80)
            continue;
        if (p[i] >= ND_WORD_FIRST)
            return (ptrdiff_t)i;
        if (p[i] == ND_MARK_FIELD)
            return NO_WORD;
    }
    return NO_WORD;
}

/* Is the word that ends at `at` one of the set? */
static bool is_member(const struct nd_codes *c, const unsigned char *p, size_t n, size_t at)
{
    if (c->n > ND_CODES_FEW) {
        unsigned mark;
        uint32_t v;
        nd_scan_code(p, at, &mark, &v);
        return nd_scan_bit(c, 0, v);
    }
    for (size_t k = 0; k < c->n; k++)
        if (nd_scan_is(p, at, n, c->bytes[k], c->bytes_n[k]))
            return true;
    return false;
}

/* First byte of the code that ends at `at`. */
static size_t first_byte(const unsigned char *p, size_t at)
{
    while (at > 0 && p[at - 1] >= 0x80)
        at--;
    return at;
}

/* Is the word that ends at `at` what the item of a phrase asks for? */
static bool fits(const struct nd_spans *s, const struct nd_span_node *item, size_t at)
{
    return item->op == ND_SPAN_ANY || is_member(words_of(s, item->leaf), s->p, s->size, at);
}

static bool phrase_at(const struct nd_spans *s, size_t anchor, size_t at)
{
    const struct nd_span_node *root = s->prog->root;
    ptrdiff_t w = (ptrdiff_t)at;
    for (size_t i = anchor + 1; i < root->kids_n; i++) {
        w = word_after(s->p, s->size, (size_t)w);
        if (w < 0 || !fits(s, root->kids[i], (size_t)w))
            return false;
    }
    w = (ptrdiff_t)at;
    for (size_t i = anchor; i-- > 0;) {
        w = word_before(s->p, first_byte(s->p, (size_t)w));
        if (w < 0 || !fits(s, root->kids[i], (size_t)w))
            return false;
    }
    return true;
}

/* The item of a phrase to look for, and the one after it, if that helps to tell. */
static size_t choose_anchor(const struct nd_spans *s, const struct nd_codes **after)
{
    const struct nd_span_node *root = s->prog->root;
    uint32_t rarest = s->required[0];
    size_t i = 0;
    *after = NULL;
    while (root->kids[i]->op == ND_SPAN_ANY || root->kids[i]->leaf != rarest)
        i++;
    const struct nd_codes *own = words_of(s, rarest);
    if (own->n > ND_CODES_FEW)
        return i;
    if (i + 1 < root->kids_n && root->kids[i + 1]->op == ND_SPAN_LEAF) {
        *after = words_of(s, root->kids[i + 1]->leaf);
        if ((*after)->n <= ND_CODES_FEW)
            return i;
        *after = NULL;
    }
    if (i && root->kids[i - 1]->op == ND_SPAN_LEAF &&
        words_of(s, root->kids[i - 1]->leaf)->n <= ND_CODES_FEW) {
        *after = own;
        return i - 1;
    }
    return i;
}

/* Find the rarest word bit by bit; a match ends the search. */
static int match_phrase(const struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    const struct nd_codes *after;
    uint32_t hits[HITS];
    size_t anchor = choose_anchor(s, &after), chunk = CHUNK;
    const struct nd_codes *look = words_of(s, root->kids[anchor]->leaf);
    for (size_t from = 0; from < s->size; from += chunk, chunk = HITS) {
        size_t to = s->size - from < chunk ? s->size : from + chunk;
        size_t n = after ? nd_scan_before(s->level, look, after, s->p, from, to, hits, HITS)
                         : nd_scan_range(s->level, look, s->p, from, to, hits, HITS);
        for (size_t i = 0; i < n; i++)
            if (phrase_at(s, anchor, hits[i]))
                return 0;
    }
    return ND_DONE;
}

/* The bytes around a hit of the rarer word in which the other one makes a match. What was looked through
 * for an earlier hit need not be again: every word of it is near enough to one of the hits. */
static int match_pair(const struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    uint32_t rarest = s->required[0], hits[HITS];
    bool first = root->kids[0]->leaf == rarest;
    bool ahead = root->op != ND_SPAN_PRE || first, back = root->op != ND_SPAN_PRE || !first;
    const struct nd_codes *other = words_of(s, root->kids[first ? 1 : 0]->leaf);
    size_t words = root->op == ND_SPAN_SAME ? SIZE_MAX : root->n, done = 0;
    unsigned limit = root->op != ND_SPAN_SAME ? ND_MARK_FIELD + 1
                     : root->n == 'p'         ? ND_MARK_PARAGRAPH + 1
                                              : ND_MARK_SENTENCE + 1;
    for (size_t from = 0, chunk = CHUNK; from < s->size; from += chunk, chunk = HITS) {
        size_t to = s->size - from < chunk ? s->size : from + chunk;
        size_t n = nd_scan_range(s->level, words_of(s, rarest), s->p, from, to, hits, HITS);
        for (size_t i = 0; i < n; i++) {
            size_t at = hits[i], lo, hi;
            lo = back && words ? nd_scan_back(s->level, s->p, at, words, limit)
                 : back        ? at
                               : at + 1;
            hi = ahead && words ? nd_scan_ahead(s->level, s->p, at, s->size, words, limit) : at + 1;
            if (!ahead)
                hi = root->op == ND_SPAN_PRE ? at : at + 1;
            if (lo < done)
                lo = done;
            if (lo < hi && nd_scan_any(s->level, other, s->p, lo, hi))
                return 0;
            done = hi > done ? hi : done;
        }
    }
    return ND_DONE;
}

int span_fast_match(struct nd_spans *s, bool *sure)
{
    const struct nd_span_node *root = s->prog->root;
    *sure = true;
    if (s->fast == SPAN_ANY_HIT)
        return nd_scan_any(s->level, s->sets[root->leaf], s->p, 0, s->size) ? 0 : ND_DONE;
    int rc = s->fast == SPAN_PHRASE ? match_phrase(s) : match_pair(s);
    if (rc == 0 || !s->mixed)
        return rc;
    /* no match by the plain words alone: it may take one of the joined words, if there is any */
    for (size_t i = 0; i < root->kids_n; i++) {
        const struct nd_span_node *kid = root->kids[i];
        if (kid->op == ND_SPAN_LEAF && s->sets[kid->leaf]->rest &&
            nd_scan_any(s->level, s->sets[kid->leaf]->rest, s->p, 0, s->size))
            *sure = false;
    }
    return rc;
}
