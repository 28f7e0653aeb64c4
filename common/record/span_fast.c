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

/* The item of a phrase to look for, and the one after it, if that helps to tell. */
static size_t choose_anchor(const struct nd_spans *s, const struct nd_span_node *root,
                            const struct nd_codes **after)
{
    size_t i = root->kids_n;
    uint64_t least = UINT64_MAX;
    for (size_t k = 0; k < root->kids_n; k++) {
        uint64_t cost =
            root->kids[k]->op == ND_SPAN_ANY ? UINT64_MAX : span_cost(s, root->kids[k]->leaf);
        if (cost < least) {
            least = cost;
            i = k;
        }
    }
    *after = NULL;
    const struct nd_codes *own = words_of(s, root->kids[i]->leaf);
    if (own->n > ND_CODES_SOME)
        return i;
    if (i + 1 < root->kids_n && root->kids[i + 1]->op == ND_SPAN_LEAF) {
        *after = words_of(s, root->kids[i + 1]->leaf);
        if ((*after)->n <= ND_CODES_SOME)
            return i;
        *after = NULL;
    }
    if (i && root->kids[i - 1]->op == ND_SPAN_LEAF &&
        words_of(s, root->kids[i - 1]->leaf)->n <= ND_CODES_SOME) {
        *after = own;
        return i - 1;
    }
    return i;
}

/* Names alone: their marks stand before what they span. */
static bool names_only(const struct nd_codes *c)
{
    return c->n && c->v[0].mark == ND_MARK_MENTION && c->v[c->n - 1].mark == ND_MARK_MENTION;
}

static enum span_fast pair_kind(struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    uint32_t a = root->kids[0]->leaf, b = root->kids[1]->leaf;
    bool names[2] = {names_only(s->sets[a]), names_only(s->sets[b])};
    if (names[0] && names[1])
        return SPAN_GENERAL;
    if (root->op == ND_SPAN_NOTNEAR)
        return names[0] || names[1] ? SPAN_GENERAL : SPAN_APART;
    s->lead = names[0] ? a : names[1] ? b : s->required[0];
    return SPAN_PAIR;
}

enum span_fast span_fast_kind(struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    bool pair = root->op == ND_SPAN_NEAR || root->op == ND_SPAN_PRE || root->op == ND_SPAN_SAME ||
                root->op == ND_SPAN_NOTNEAR;
    size_t leaves = 0;
    s->mixed = false;
    if (root->op == ND_SPAN_LEAF)
        return plain_leaf(root) ? SPAN_ANY_HIT : SPAN_GENERAL;
    if ((pair && root->kids_n != 2) || (!pair && root->op != ND_SPAN_PHRASE))
        return SPAN_GENERAL;
    for (size_t i = 0; i < root->kids_n; i++) {
        const struct nd_span_node *kid = root->kids[i];
        if (kid->op == ND_SPAN_ANY && !pair)
            continue;
        if (!plain_leaf(kid))
            return SPAN_GENERAL;
        const struct nd_codes *c = s->sets[kid->leaf];
        if (!c->words_only && !c->words && !(pair && names_only(c)))
            return SPAN_GENERAL;
        s->mixed = s->mixed || c->words;
        leaves++;
    }
    if (pair)
        return pair_kind(s);
    if (root->n != 0 || !leaves)
        return SPAN_GENERAL;
    s->anchor = choose_anchor(s, root, &s->after);
    return SPAN_PHRASE;
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

/* Does the phrase stand around its item of that number at `at`? Return: where its first word ends, or NO_WORD. */
static ptrdiff_t phrase_at(const struct nd_spans *s, const struct nd_span_node *root, size_t anchor,
                           size_t at)
{
    ptrdiff_t w = (ptrdiff_t)at;
    for (size_t i = anchor + 1; i < root->kids_n; i++) {
        w = word_after(s->p, s->size, (size_t)w);
        if (w < 0 || !fits(s, root->kids[i], (size_t)w))
            return NO_WORD;
    }
    w = (ptrdiff_t)at;
    for (size_t i = anchor; i-- > 0;) {
        w = word_before(s->p, first_byte(s->p, (size_t)w));
        if (w < 0 || !fits(s, root->kids[i], (size_t)w))
            return NO_WORD;
    }
    return w;
}

/* Find the rarest word bit by bit; a match ends the search. */
static int match_phrase(const struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    const struct nd_codes *after = s->after;
    uint32_t hits[HITS];
    size_t anchor = s->anchor, chunk = CHUNK;
    const struct nd_codes *look = words_of(s, root->kids[anchor]->leaf);
    for (size_t from = 0; from < s->size; from += chunk, chunk = HITS) {
        size_t to = s->size - from < chunk ? s->size : from + chunk;
        size_t n = after ? nd_scan_before(s->level, look, after, s->p, from, to, hits, HITS)
                         : nd_scan_range(s->level, look, s->p, from, to, hits, HITS);
        for (size_t i = 0; i < n; i++)
            if (phrase_at(s, root, anchor, hits[i]) >= 0)
                return 0;
    }
    return ND_DONE;
}

bool span_is_phrase(const struct nd_spans *s, const struct nd_span_node *node)
{
    size_t leaves = 0;
    for (size_t i = 0; i < node->kids_n; i++) {
        const struct nd_span_node *kid = node->kids[i];
        if (kid->op == ND_SPAN_ANY)
            continue;
        if (!plain_leaf(kid) || !s->sets[kid->leaf]->words_only)
            return false;
        leaves++;
    }
    return node->n == 0 && leaves;
}

int span_phrases(struct nd_spans *s, const struct nd_span_node *node, struct span_ints *out)
{
    const struct nd_codes *after;
    uint32_t hits[HITS];
    size_t anchor = choose_anchor(s, node, &after);
    const struct nd_codes *look = words_of(s, node->kids[anchor]->leaf);
    int rc = 0;
    out->n = 0;
    for (size_t from = 0; from < s->size; from += HITS) {
        size_t to = s->size - from < HITS ? s->size : from + HITS;
        size_t n = after ? nd_scan_before(s->level, look, after, s->p, from, to, hits, HITS)
                         : nd_scan_range(s->level, look, s->p, from, to, hits, HITS);
        for (size_t i = 0; rc == 0 && i < n; i++) {
            ptrdiff_t first = phrase_at(s, node, anchor, hits[i]);
            if (first >= 0)
                rc = span_ints_add(out, (uint32_t)first);
        }
    }
    return rc;
}

/* Where the other operand of a pair may stand. */
struct window {
    bool back, ahead; /* before the hit, after it */
    bool itself;      /* at the hit */
    size_t words;     /* so far; SIZE_MAX: to the next mark */
    unsigned limit;   /* marks below it end the window */
};

static struct window window_of(const struct nd_span_node *root, bool first)
{
    bool pre = root->op == ND_SPAN_PRE;
    return (struct window){
        .back = !pre || !first,
        .ahead = !pre || first,
        .itself = !pre,
        .words = root->op == ND_SPAN_SAME ? SIZE_MAX : root->n,
        .limit = root->op != ND_SPAN_SAME ? ND_MARK_FIELD + 1
                 : root->n == 'p'         ? ND_MARK_PARAGRAPH + 1
                                          : ND_MARK_SENTENCE + 1,
    };
}

/* The bytes around the word that ends at `at`. */
static void around_word(const struct nd_spans *s, const struct window *w, size_t at, size_t *lo,
                        size_t *hi)
{
    bool far = w->words > 0;
    *lo = w->back && far ? nd_scan_back(s->level, s->p, at, w->words, w->limit)
          : w->itself    ? at
                         : at + (w->ahead ? 1 : 0);
    *hi = w->ahead && far ? nd_scan_ahead(s->level, s->p, at, s->size, w->words, w->limit)
                          : at + (w->itself ? 1 : 0);
}

/* The bytes around the words of a name whose mark ends at `at`. Return: false where it crosses what must not be
 * crossed, or the article's end. */
static bool around_name(const struct nd_spans *s, const struct window *w, const struct nd_codes *c,
                        size_t at, size_t *lo, size_t *hi)
{
    unsigned mark;
    uint32_t v;
    nd_scan_code(s->p, at, &mark, &v);
    const struct nd_scan_item *item = nd_codes_get(c, mark, v);
    if (!item || item->words == 0)
        return false;
    size_t end = nd_scan_ahead(s->level, s->p, at, s->size, item->words, w->limit);
    if (nd_scan_words(s->level, s->p + at, end - at) != item->words)
        return false;
    *lo = w->back && w->words ? nd_scan_back(s->level, s->p, at, w->words, w->limit)
          : w->itself         ? at
                              : end;
    *hi = w->ahead && w->words ? nd_scan_ahead(s->level, s->p, end - 1, s->size, w->words, w->limit)
                               : end;
    if (!w->ahead && !w->itself)
        *hi = at;
    return true;
}

/* The bytes around a hit of the rarer word in which the other one makes a match. What was looked through
 * for an earlier hit need not be again: every word of it is near enough to one of the hits. */
static int match_pair(const struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    uint32_t hits[HITS];
    bool first = root->kids[0]->leaf == s->lead;
    const struct nd_codes *own = words_of(s, s->lead);
    const struct nd_codes *other = words_of(s, root->kids[first ? 1 : 0]->leaf);
    bool names = names_only(own);
    struct window w = window_of(root, first);
    size_t done = 0;
    for (size_t from = 0, chunk = CHUNK; from < s->size; from += chunk, chunk = HITS) {
        size_t to = s->size - from < chunk ? s->size : from + chunk;
        size_t n = nd_scan_range(s->level, own, s->p, from, to, hits, HITS);
        for (size_t i = 0; i < n; i++) {
            size_t lo, hi;
            if (!names)
                around_word(s, &w, hits[i], &lo, &hi);
            else if (!around_name(s, &w, own, hits[i], &lo, &hi))
                continue;
            if (lo < done && !names)
                lo = done;
            if (lo < hi && nd_scan_any(s->level, other, s->p, lo, hi))
                return 0;
            done = hi > done ? hi : done;
        }
    }
    return ND_DONE;
}

/* Is there a word of the first operand that has none of the second near it? */
static int match_apart(const struct nd_spans *s)
{
    const struct nd_span_node *root = s->prog->root;
    uint32_t hits[HITS];
    const struct nd_codes *own = words_of(s, root->kids[0]->leaf);
    const struct nd_codes *other = words_of(s, root->kids[1]->leaf);
    struct window w = {
        .back = true, .ahead = true, .itself = true, .words = root->n, .limit = ND_MARK_FIELD + 1};
    for (size_t from = 0, chunk = CHUNK; from < s->size; from += chunk, chunk = HITS) {
        size_t to = s->size - from < chunk ? s->size : from + chunk;
        size_t n = nd_scan_range(s->level, own, s->p, from, to, hits, HITS);
        for (size_t i = 0; i < n; i++) {
            size_t lo, hi;
            around_word(s, &w, hits[i], &lo, &hi);
            if (!nd_scan_any(s->level, other, s->p, lo, hi))
                return 0;
        }
    }
    return ND_DONE;
}

/* Is there any of the joined words that a leaf means? */
static bool has_joined(const struct nd_spans *s, const struct nd_span_node *leaf)
{
    const struct nd_codes *rest = leaf->op == ND_SPAN_LEAF ? s->sets[leaf->leaf]->rest : NULL;
    return rest && nd_scan_any(s->level, rest, s->p, 0, s->size);
}

int span_fast_match(struct nd_spans *s, bool *sure)
{
    const struct nd_span_node *root = s->prog->root;
    int rc;
    *sure = true;
    if (s->fast == SPAN_ANY_HIT)
        return nd_scan_any(s->level, s->sets[root->leaf], s->p, 0, s->size) ? 0 : ND_DONE;
    if (s->fast == SPAN_APART) {
        rc = match_apart(s);
        if (rc == 0 && s->mixed)
            *sure = !has_joined(s, root->kids[1]);
        if (rc == ND_DONE && s->mixed)
            *sure = !has_joined(s, root->kids[0]);
        return *sure ? rc : ND_DONE;
    }
    rc = s->fast == SPAN_PHRASE ? match_phrase(s) : match_pair(s);
    if (rc == 0 || !s->mixed)
        return rc;
    /* no match by the plain words alone: it may take one of the joined words, if there is any */
    for (size_t i = 0; i < root->kids_n && *sure; i++)
        *sure = !has_joined(s, root->kids[i]);
    return rc;
}
