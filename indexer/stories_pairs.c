/* Which articles may be near-copies: those whose signatures have the same value in two places. Place by place, the
 * articles that have a value which a new article has there are brought together by sorting. */
#include "stories.h"

#include <stdlib.h>
#include <string.h>

enum {
    PLACES = 8,
    FILTER_PER = 16 /* bits of the filter for each new article */
};

struct entry {
    uint32_t value, article;
};

struct run {
    struct entry *v, *spare;
    size_t n, cap;
    unsigned char *filter; /* a bit for each value that a new article has in this place */
    uint64_t filter_mask;
};

static const unsigned char *signature(struct story_finder *f, uint32_t article)
{
    static const unsigned char none[4 * PLACES];
    struct story_segment *s = story_segment_of(f, article);
    const unsigned char *p =
        nd_column_bytes(&s->columns, ND_COL_SIGNATURE, article - s->first + 1, 4 * PLACES);
    return p && memcmp(p, none, sizeof none) != 0 ? p : NULL;
}

static unsigned same_places(const unsigned char *a, const unsigned char *b)
{
    unsigned n = 0;
    for (unsigned i = 0; i < PLACES; i++)
        n += nd_load32(a + 4 * i) == nd_load32(b + 4 * i);
    return n;
}

static int add_entry(struct run *r, uint32_t value, uint32_t article, struct nd_error *err)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 4096;
        struct entry *v = realloc(r->v, cap * sizeof *v);
        struct entry *spare = v ? realloc(r->spare, cap * sizeof *v) : NULL;
        r->v = v ? v : r->v;
        r->spare = spare ? spare : r->spare;
        if (!v || !spare)
            return nd_fail(err, ND_NOMEM, "out of memory for near-copies");
        r->cap = cap;
    }
    r->v[r->n++] = (struct entry){value, article};
    return 0;
}

static void sort_entries(struct entry *v, struct entry *spare, size_t n)
{
    if (n < 2)
        return;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        size_t at[257] = {0};
        for (size_t i = 0; i < n; i++)
            at[(v[i].value >> shift & 255) + 1]++;
        for (unsigned i = 1; i < 256; i++)
            at[i] += at[i - 1];
        for (size_t i = 0; i < n; i++)
            spare[at[v[i].value >> shift & 255]++] = v[i];
        memcpy(v, spare, n * sizeof *v);
    }
}

/* The articles v[0..n), of which `depth` places from `place` on are the same. */
static int pair_up(struct story_finder *f, struct entry *v, struct entry *spare, size_t n,
                   unsigned place, unsigned depth, struct nd_error *err)
{
    int rc = 0;
    if (n > STORIES_RUN && depth < PLACES) {
        unsigned next = (place + depth) % PLACES;
        for (size_t i = 0; i < n; i++) {
            const unsigned char *s = signature(f, v[i].article);
            v[i].value = s ? nd_load32(s + 4 * next) : 0;
        }
        sort_entries(v, spare, n);
        for (size_t i = 0, end; !rc && i < n; i = end) {
            end = i + 1;
            while (end < n && v[end].value == v[i].value)
                end++;
            if (end - i > 1)
                rc = pair_up(f, v + i, spare, end - i, place, depth + 1, err);
        }
        return rc;
    }
    /* too many that are the same in all places: with the first of them alone */
    size_t firsts = n > STORIES_RUN ? STORIES_MOST : n;
    for (size_t i = 0; !rc && i < firsts; i++) {
        const unsigned char *a = signature(f, v[i].article);
        bool fresh = story_fresh(f, v[i].article);
        for (size_t k = i + 1; !rc && a && k < n; k++) {
            const unsigned char *b =
                fresh || story_fresh(f, v[k].article) ? signature(f, v[k].article) : NULL;
            unsigned same = b ? same_places(a, b) : 0;
            if (same >= STORIES_PLACES)
                rc = story_pair_add(f, v[i].article, v[k].article, same, 0, err);
        }
    }
    return rc;
}

static uint64_t filter_bit(const struct run *r, uint32_t value)
{
    return value * UINT64_C(0x9e3779b97f4a7c15) >> 20 & r->filter_mask;
}

/* The entries of a place: of new articles, and of old ones that have a value of theirs. */
static int collect(struct story_finder *f, struct run *r, unsigned place, struct nd_error *err)
{
    int rc = 0;
    r->n = 0;
    memset(r->filter, 0, r->filter_mask / 8 + 1);
    for (int old = 0; old < 2 && !rc; old++)
        for (uint32_t i = 0; i < f->articles && !rc; i++) {
            struct story_segment *s = story_segment_of(f, i);
            uint32_t d = i - s->first;
            if (story_fresh(f, i) == old || (s->deleted && s->deleted[d / 8] >> (d % 8) & 1))
                continue;
            const unsigned char *p = signature(f, i);
            if (!p)
                continue;
            uint32_t value = nd_load32(p + 4 * place);
            uint64_t bit = filter_bit(r, value);
            if (!old)
                r->filter[bit / 8] |= (unsigned char)(1U << bit % 8);
            else if (!(r->filter[bit / 8] >> bit % 8 & 1))
                continue;
            rc = add_entry(r, value, i, err);
        }
    return rc;
}

static int by_pair(const void *pa, const void *pb)
{
    const struct story_pair *a = pa, *b = pb;
    if (a->b != b->b)
        return a->b < b->b ? -1 : 1;
    return a->a < b->a ? -1 : a->a > b->a;
}

/* By the article that brings them in, the most alike first. */
static int by_likeness(const void *pa, const void *pb)
{
    const struct story_pair *a = pa, *b = pb;
    if (a->b != b->b)
        return a->b < b->b ? -1 : 1;
    if (a->same != b->same)
        return a->same > b->same ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->a < b->a ? -1 : a->a > b->a;
}

/* Each pair once, and not too many of an article. */
static void choose(struct story_finder *f)
{
    struct story_pairs *p = &f->pairs;
    size_t n = 0;
    if (p->n)
        qsort(p->v, p->n, sizeof *p->v, by_pair);
    for (size_t i = 0; i < p->n; i++)
        if (!n || by_pair(&p->v[n - 1], &p->v[i]) != 0)
            p->v[n++] = p->v[i];
    if (n)
        qsort(p->v, n, sizeof *p->v, by_likeness);
    p->n = 0;
    for (size_t i = 0, of = 0; i < n; i++) {
        of = i && p->v[i].b == p->v[i - 1].b ? of + 1 : 0;
        if (of < STORIES_MOST)
            p->v[p->n++] = p->v[i];
    }
}

int story_candidates(struct story_finder *f, struct nd_error *err)
{
    struct run r = {.filter_mask = 1023};
    int rc = 0;
    while (r.filter_mask < (uint64_t)FILTER_PER * f->fresh_n)
        r.filter_mask = r.filter_mask * 2 + 1;
    r.filter = malloc(r.filter_mask / 8 + 1);
    if (!r.filter)
        rc = nd_fail(err, ND_NOMEM, "out of memory for near-copies");
    for (unsigned place = 0; place < PLACES && !rc; place++) {
        rc = collect(f, &r, place, err);
        if (!rc)
            sort_entries(r.v, r.spare, r.n);
        for (size_t i = 0, end; !rc && i < r.n; i = end) {
            end = i + 1;
            while (end < r.n && r.v[end].value == r.v[i].value)
                end++;
            if (end - i > 1)
                rc = pair_up(f, r.v + i, r.spare, end - i, place, 1, err);
        }
    }
    free(r.v);
    free(r.spare);
    free(r.filter);
    if (!rc)
        choose(f);
    return rc;
}
