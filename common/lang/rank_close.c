#include "lang/rank_close.h"

#include "lang/match_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CLOSE_WORDS = 8, /* further apart is not close */
    CLOSE_BYTES =
        512, /* so many bytes of stream hold more words than that, whatever marks are among them */
    LEAVES = 48, /* words of a query; of one with more nothing is asked */
    HITS = 256   /* occurrences of a word in one article that are looked at */
};

static const double CLOSE_MOST = 0.5, CLOSE_HALF = 1.0, PAIR_HALF = 0.5;

/* A word of the query. */
struct word {
    uint32_t part, leaf;
    double idf;
};

/* An occurrence: the offset of its last byte in the stream. */
struct place {
    uint32_t at, word;
};

struct rank_close {
    struct nd_match *m;
    struct word words[LEAVES];
    size_t n;
    double sum;  /* of all idf */
    double most; /* closeness that can be reached */
    /* the sets of a segment and language, by part */
    const struct nd_leaf_sets **sets;
    size_t segment;
    unsigned lang;
    bool bound;
    struct place places[LEAVES * HITS];
    double near[LEAVES * (LEAVES - 1) / 2];
};

/* The plan of a word, by its place in the query. */
static const struct nd_plan *plan_at(const struct nd_plan *p, size_t start, size_t end)
{
    bool list = p->kind == ND_P_TERM || p->kind == ND_P_TERMS || (p->kind == ND_P_OR && p->synonym);
    if (list && p->start == start && p->end == end)
        return p;
    size_t n = p->kind == ND_P_AND_NOT && p->kids_n ? 1 : p->kids_n;
    for (size_t i = 0; i < n; i++) {
        const struct nd_plan *found = plan_at(p->kids[i], start, end);
        if (found)
            return found;
    }
    return NULL;
}

static double idf_of(const struct nd_match *m, const struct nd_leaf *leaf)
{
    const struct nd_plan *p = plan_at(m->q->plan, leaf->start, leaf->end);
    double docs = xap_doccount(m->ix->xap, XAP_ALL);
    double df =
        p ? (double)p->estimate : docs / 100; /* folded away as a repeat: of no great matter */
    if (df > docs)
        df = docs;
    return log(1.0 + (docs - df + 0.5) / (df + 0.5));
}

/* Are there alternatives, so that an article need not match every part? */
static bool branches(const struct nd_plan *p)
{
    if (p->kind == ND_P_QUORUM || (p->kind == ND_P_OR && !p->synonym))
        return true;
    for (size_t i = 0; p->kind != ND_P_SPAN && i < p->kids_n; i++)
        if (branches(p->kids[i]))
            return true;
    return false;
}

/* Does a part match wherever its word stands? */
static bool bare(const struct nd_expand *x)
{
    const struct nd_span_node *root = x->program.root;
    return root->op == ND_SPAN_LEAF && root->scope == ND_SCOPE_ALL && root->cases == 0;
}

static double smaller(const struct rank_close *c, size_t a, size_t b)
{
    return c->words[a].idf < c->words[b].idf ? c->words[a].idf : c->words[b].idf;
}

/* The sum over the pairs as closeness. */
static double share(const struct rank_close *c, double x)
{
    x /= c->sum;
    return CLOSE_MOST * x / (x + CLOSE_HALF);
}

int rank_close_new(struct rank_close **out, struct nd_match *m, struct nd_error *err)
{
    size_t leaves = 0;
    *out = NULL;
    for (size_t i = 0; i < m->q->parts_n; i++)
        leaves += m->q->parts[i]->n;
    if (m->q->parts_n < 2 || leaves > LEAVES)
        return 0;
    struct rank_close *c = calloc(1, sizeof *c);
    if (c)
        c->sets = calloc(m->q->parts_n, sizeof(const struct nd_leaf_sets *));
    if (!c || !c->sets) {
        rank_close_free(c);
        return nd_fail(err, ND_NOMEM, "out of memory for the ranking");
    }
    c->m = m;
    bool any = branches(m->q->plan);
    for (size_t i = 0; i < m->q->parts_n; i++)
        for (size_t k = 0; k < m->q->parts[i]->n; k++) {
            const struct nd_leaf *leaf = &m->q->parts[i]->leaves[k];
            if (leaf->kind == ND_LEAF_ANY || (any && !bare(m->q->parts[i])))
                continue;
            c->words[c->n] = (struct word){(uint32_t)i, (uint32_t)k, idf_of(m, leaf)};
            c->sum += c->words[c->n++].idf;
        }
    double x = 0.0;
    for (size_t hi = 1; hi < c->n; hi++)
        for (size_t lo = 0; lo < hi; lo++)
            if (c->words[lo].part != c->words[hi].part)
                x += smaller(c, lo, hi);
    if (x <= 0.0) {
        rank_close_free(c);
    } else {
        c->most = share(c, x);
        *out = c;
    }
    return 0;
}

void rank_close_free(struct rank_close *c)
{
    if (!c)
        return;
    free(c->sets);
    free(c);
}

double rank_close_most(const struct rank_close *c)
{
    return c->most;
}

/* What the words of the query are in a segment's stream, for a language. */
static int bind(struct rank_close *c, size_t segment, unsigned lang, struct nd_error *err)
{
    if (c->bound && c->segment == segment && c->lang == lang)
        return 0;
    c->bound = false;
    for (size_t i = 0; i < c->m->q->parts_n; i++) {
        int rc = nd_cand_sets(&c->m->env, c->m->q->parts[i], segment, lang, &c->sets[i], err);
        if (rc)
            return rc;
    }
    c->segment = segment;
    c->lang = lang;
    c->bound = true;
    return 0;
}

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->word > y->word) - (x->word < y->word);
}

/* Occurrences of all words, in order. */
static size_t find_places(struct rank_close *c, struct nd_section a)
{
    uint32_t at[HITS];
    size_t n = 0, words = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct nd_leaf_sets *sets = c->sets[c->words[i].part];
        size_t hits =
            nd_scan_find(c->m->env.level, sets->sets[c->words[i].leaf], a.p, a.n, at, HITS);
        hits = hits < HITS ? hits : HITS;
        words += hits > 0;
        for (size_t k = 0; k < hits; k++)
            c->places[n++] = (struct place){at[k], (uint32_t)i};
    }
    if (words < 2)
        return 0;
    qsort(c->places, n, sizeof *c->places, compare_places);
    return n;
}

/* Words from one offset to another, 0 where they are not close or a field ends between them. */
static size_t distance(const struct rank_close *c, struct nd_section a, size_t from, size_t to)
{
    if (to - from > CLOSE_BYTES || memchr(a.p + from + 1, ND_MARK_FIELD, to - from))
        return 0;
    size_t d = nd_scan_words(c->m->env.level, a.p + from + 1, to - from);
    return d > CLOSE_WORDS ? 0 : d;
}

static double closeness_of(struct rank_close *c, struct nd_section a)
{
    size_t n = find_places(c, a), pairs = c->n * (c->n - 1) / 2;
    double x = 0.0;
    if (n < 2)
        return 0.0;
    memset(c->near, 0, pairs * sizeof *c->near);
    for (size_t i = 1; i < n; i++) {
        const struct place *p = &c->places[i - 1], *q = &c->places[i];
        size_t lo = p->word < q->word ? p->word : q->word, hi = p->word + q->word - lo;
        if (c->words[lo].part == c->words[hi].part)
            continue;
        size_t d = distance(c, a, p->at, q->at);
        if (d)
            c->near[hi * (hi - 1) / 2 + lo] += 1.0 / (double)d;
    }
    for (size_t hi = 1; hi < c->n; hi++)
        for (size_t lo = 0; lo < hi; lo++) {
            double v = c->near[hi * (hi - 1) / 2 + lo];
            if (v > 0.0)
                x += smaller(c, lo, hi) * v / (v + PAIR_HALF);
        }
    return share(c, x);
}

int rank_close_of(struct rank_close *c, size_t segment, uint32_t docid, double *closeness,
                  struct nd_error *err)
{
    struct nd_segment *s = &c->m->ix->segments[segment];
    struct nd_stream *stream;
    struct nd_columns *columns;
    struct nd_section article;
    int rc = nd_segment_stream(s, &stream, err);
    *closeness = 0.0;
    if (rc || (rc = nd_segment_columns(s, &columns, err)) ||
        (rc = nd_column_check(columns, ND_COL_LANG, err)) ||
        (rc = nd_stream_article(stream, docid, &article, err)) ||
        (rc = bind(c, segment, nd_column_u8(columns, ND_COL_LANG, docid), err)))
        return rc;
    *closeness = closeness_of(c, article);
    return 0;
}
