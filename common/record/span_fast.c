/* span_fast.c: phrases and pairs of plain words, decided on the bytes of the stream: nothing is decoded
 * but the neighbours of the rarest word, and distance is a count of word ends. */
#include "record/scan_vector.h"
#include "record/span_in.h"

#include <string.h>

enum {
    NO_WORD = -1
};

/* A leaf whose hits are single words wherever they stand. */
static bool plain_leaf(const struct nd_spans *s, const struct nd_span_node *node)
{
    return node->op == ND_SPAN_LEAF && node->scope == ND_SCOPE_ALL && node->cases == 0 &&
           s->sets[node->leaf]->words_only;
}

enum span_fast span_fast_kind(const struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    if (root->op == ND_SPAN_LEAF)
        return root->scope == ND_SCOPE_ALL && root->cases == 0 ? SPAN_ANY_HIT : SPAN_GENERAL;
    if (root->op != ND_SPAN_PHRASE && root->op != ND_SPAN_NEAR && root->op != ND_SPAN_PRE &&
        root->op != ND_SPAN_SAME)
        return SPAN_GENERAL;
    for (size_t i = 0; i < root->kids_n; i++)
        if (!plain_leaf(s, root->kids[i]))
            return SPAN_GENERAL;
    if (root->op == ND_SPAN_PHRASE)
        return root->n == 0 ? SPAN_PHRASE : SPAN_GENERAL;
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

static bool phrase_at(const struct nd_spans *s, size_t anchor, size_t at)
{
    const struct nd_span_node *root = s->prog->root;
    ptrdiff_t w = (ptrdiff_t)at;
    for (size_t i = anchor + 1; i < root->kids_n; i++) {
        w = word_after(s->p, s->size, (size_t)w);
        if (w < 0 || !is_member(s->sets[root->kids[i]->leaf], s->p, s->size, (size_t)w))
            return false;
    }
    w = (ptrdiff_t)at;
    for (size_t i = anchor; i-- > 0;) {
        w = word_before(s->p, first_byte(s->p, (size_t)w));
        if (w < 0 || !is_member(s->sets[root->kids[i]->leaf], s->p, s->size, (size_t)w))
            return false;
    }
    return true;
}

static int match_phrase(struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    uint32_t rarest = s->required[0];
    size_t anchor = 0;
    int rc = span_scan(s, rarest);
    if (rc)
        return rc;
    while (root->kids[anchor]->leaf != rarest)
        anchor++;
    for (size_t i = 0; i < s->hits[rarest].n; i++)
        if (phrase_at(s, anchor, s->hits[rarest].v[i]))
            return 0;
    return ND_DONE;
}

/* Do the words that end at a < b stand as the pair asks? */
static bool pair_fits(const struct nd_spans *s, size_t a, size_t b)
{
    const struct nd_span_node *root = s->prog->root;
    const unsigned char *from = s->p + a + 1;
    if (root->op == ND_SPAN_SAME)
        return nd_scan_below(s->level, from, b - a, root->n == 'p' ? 2 : 3, NULL, 0) == 0;
    return nd_scan_words(s->level, from, b - a) <= root->n && !memchr(from, ND_MARK_FIELD, b - a);
}

static int match_pair(struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    bool ordered = root->op == ND_SPAN_PRE;
    for (size_t i = 0; i < s->required_n; i++) {
        int rc = span_scan(s, s->required[i]);
        if (rc)
            return rc;
        if (s->hits[s->required[i]].n == 0)
            return ND_DONE;
    }
    const struct span_ints *a = &s->hits[root->kids[0]->leaf];
    const struct span_ints *b = &s->hits[root->kids[1]->leaf];
    /* Of all pairs one of the closest is next to each other in the merged order. */
    for (size_t i = 0, k = 0; k < b->n; k++) {
        while (i < a->n && a->v[i] < b->v[k])
            i++;
        if (i > 0 && pair_fits(s, a->v[i - 1], b->v[k]))
            return 0;
        if (ordered || i == a->n)
            continue;
        if (a->v[i] == b->v[k] || pair_fits(s, b->v[k], a->v[i]))
            return 0;
    }
    return ND_DONE;
}

int span_fast_match(struct nd_spans *s)
{
    if (s->fast == SPAN_ANY_HIT)
        return nd_scan_any(s->level, s->sets[s->prog->root->leaf], s->p, s->size) ? 0 : ND_DONE;
    return s->fast == SPAN_PHRASE ? match_phrase(s) : match_pair(s);
}
