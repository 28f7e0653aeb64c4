/* rank.c: matches in an order: by score, by date and source from columns. */
#include "lang/score.h"

#include "text/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SLACK = 4, /* hits asked for past the page, to see where the last score ends */
    FURTHER =
        150 /* more of them where the stream adds to scores: most pages are decided by these */
};

/* A match with what it is ordered by: both numbers rising, then the id. */
struct keyed {
    struct nd_hit hit;
    int64_t a, b;
    struct nd_str id;
};

struct keyeds {
    struct keyed *v;
    size_t n, cap;
};

static int push_keyed(struct keyeds *l, struct nd_hit hit)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 256;
        struct keyed *grown = realloc(l->v, cap * sizeof *grown);
        if (!grown)
            return ND_NOMEM;
        l->v = grown;
        l->cap = cap;
    }
    l->v[l->n++] = (struct keyed){.hit = hit};
    return 0;
}

static int compare_numbers(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static int compare_keyed(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int c = compare_numbers(a, b);
    if (c == 0)
        c = nd_str_cmp(x->id, y->id);
    if (c == 0) /* several indexes may hold the same id */
        c = (x->hit.segment > y->hit.segment) - (x->hit.segment < y->hit.segment);
    return c ? c : (x->hit.docid > y->hit.docid) - (x->hit.docid < y->hit.docid);
}

/* Where each source of each segment comes in the order of all. */
struct sources {
    struct source {
        struct nd_str name;
        size_t segment;
        uint32_t ordinal;
    } * v;
    size_t n;
    int64_t **rank; /* by segment, by ordinal */
};

static int compare_sources(const void *a, const void *b)
{
    return nd_str_cmp(((const struct source *)a)->name, ((const struct source *)b)->name);
}

static void free_sources(struct sources *s, size_t segments)
{
    for (size_t i = 0; s->rank && i < segments; i++)
        free(s->rank[i]);
    free(s->rank);
    free(s->v);
}

static int rank_sources(struct sources *s, struct nd_index *ix, struct nd_error *err)
{
    size_t n = 0;
    int rc = 0;
    s->rank = calloc(ix->n + 1, sizeof(int64_t *));
    for (size_t i = 0; s->rank && rc == 0 && i < ix->n; i++) {
        struct nd_columns *c;
        if ((rc = nd_segment_columns(&ix->segments[i], &c, err)) ||
            (rc = nd_column_check(c, ND_COL_SOURCE, err)))
            return rc;
        uint32_t values = nd_column_values(c, ND_COL_SOURCE);
        struct source *grown = realloc(s->v, (n + values + 1) * sizeof *grown);
        if (grown)
            s->v = grown;
        s->rank[i] = calloc((size_t)values + 1, sizeof **s->rank);
        if (!grown || !s->rank[i])
            return nd_fail(err, ND_NOMEM, "out of memory for the order of sources");
        for (uint32_t k = 0; k < values; k++)
            s->v[n++] = (struct source){nd_column_value(c, ND_COL_SOURCE, k), i, k};
    }
    if (!s->rank)
        return nd_fail(err, ND_NOMEM, "out of memory for the order of sources");
    if (n)
        qsort(s->v, n, sizeof *s->v, compare_sources);
    for (size_t i = 0, rank = 0; i < n; i++) {
        rank += i && compare_sources(&s->v[i - 1], &s->v[i]) != 0;
        s->rank[s->v[i].segment][s->v[i].ordinal] = (int64_t)rank;
    }
    s->n = n;
    return 0;
}

/* Fill in the numbers that each match is ordered by. */
static int set_keys(struct keyeds *l, struct nd_match *m, enum nd_sort sort, struct nd_error *err)
{
    struct sources sources = {0};
    int rc = sort == ND_SORT_SOURCE ? rank_sources(&sources, m->ix, err) : 0;
    for (size_t i = 0; rc == 0 && i < m->ix->n; i++) {
        struct nd_columns *c;
        if ((rc = nd_segment_columns(&m->ix->segments[i], &c, err)) == 0)
            rc = nd_column_check(c, ND_COL_PUBLISHED, err);
    }
    for (size_t i = 0; rc == 0 && i < l->n; i++) {
        struct keyed *k = &l->v[i];
        struct nd_columns *c = m->ix->segments[k->hit.segment].columns;
        int64_t utc = nd_column_i64(c, ND_COL_PUBLISHED, k->hit.docid);
        int64_t newest = utc == ND_UTC_NONE ? INT64_MAX : -utc;
        k->b = newest;
        if (sort == ND_SORT_SCORE) {
            k->a = -(int64_t)llround(k->hit.score * 1e6);
        } else if (sort == ND_SORT_SOURCE) {
            uint32_t o = nd_column_u32(c, ND_COL_SOURCE, k->hit.docid);
            k->a = o && o <= nd_column_values(c, ND_COL_SOURCE)
                       ? sources.rank[k->hit.segment][o - 1]
                       : INT64_MAX;
        } else {
            k->a = sort == ND_SORT_NEWEST || utc == ND_UTC_NONE ? newest : utc;
            k->b = 0;
        }
    }
    free_sources(&sources, m->ix->n);
    return rc;
}

static int read_id(struct nd_str *id, struct nd_match *m, const struct nd_hit *h,
                   struct nd_json_parser *json, struct nd_buf *line, struct nd_arena *arena,
                   struct nd_error *err)
{
    struct nd_json *v;
    struct nd_arena scratch;
    nd_buf_reset(line);
    int rc = xap_data(line, m->ix->xap, h->segment, h->docid, err);
    if (rc)
        return rc;
    nd_arena_init(&scratch, 64 << 20);
    rc = nd_json_parse(json, &v, &scratch, line->data, line->len, err);
    const struct nd_json *member = rc == 0 ? nd_json_get(v, "id") : NULL;
    if (member)
        *id = nd_arena_str(arena, member->text.p, member->text.n);
    nd_arena_free(&scratch);
    if (rc == ND_INPUT || (rc == 0 && !member))
        return nd_fail(err, ND_CORRUPT, "the result line of an article is damaged");
    return rc == 0 && !id->p ? ND_NOMEM : rc;
}

/* Order the page: by the numbers, and ids where they are equal and the page is concerned. */
static int order(struct keyeds *l, struct nd_match *m, size_t first, size_t end,
                 struct nd_error *err)
{
    struct nd_json_parser *json = NULL;
    struct nd_buf line;
    struct nd_arena ids;
    int rc = 0;
    if (l->n == 0)
        return 0;
    nd_buf_init(&line, 64 << 20);
    nd_arena_init(&ids, (size_t)1 << 30);
    qsort(l->v, l->n, sizeof *l->v, compare_numbers);
    for (size_t i = 0, k; rc == 0 && i < l->n && i < end; i = k) {
        for (k = i + 1; k < l->n && compare_numbers(&l->v[i], &l->v[k]) == 0;)
            k++;
        if (k == i + 1 || k <= first)
            continue;
        if (!json)
            rc = nd_json_parser_new(&json, err);
        for (size_t j = i; rc == 0 && j < k; j++)
            rc = read_id(&l->v[j].id, m, &l->v[j].hit, json, &line, &ids, err);
        if (rc == 0)
            qsort(l->v + i, k - i, sizeof *l->v, compare_keyed);
    }
    nd_json_parser_free(json);
    nd_buf_free(&line);
    nd_arena_free(&ids);
    if (rc == ND_NOMEM)
        nd_fail(err, rc, "out of memory for the order of hits");
    return rc;
}

/* --- gathering --- */

static int64_t score_key(double score)
{
    return llround(score * 1e6);
}

int match_close(struct nd_match *m, struct nd_error *err)
{
    if (m->close_made)
        return 0;
    m->close_made = true;
    return rank_close_new(&m->close, m, err);
}

/* When the newest article of the index was published; now, should that be still to come. */
static int find_newest(struct nd_match *m, struct nd_error *err)
{
    int64_t now = (int64_t)time(NULL), newest = INT64_MIN;
    for (size_t i = 0; i < m->ix->n; i++) {
        struct nd_columns *c;
        int rc = nd_segment_columns(&m->ix->segments[i], &c, err);
        if (rc || (rc = nd_column_check(c, ND_COL_PUBLISHED, err)))
            return rc;
        for (uint32_t d = 1; d <= m->ix->segments[i].docs; d++) {
            int64_t utc = nd_column_i64(c, ND_COL_PUBLISHED, d);
            if (utc != ND_UTC_NONE && utc > newest)
                newest = utc;
        }
    }
    m->newest = newest > now ? now : newest;
    return 0;
}

int match_recency(struct nd_match *m, size_t segment, uint32_t docid, double *out,
                  struct nd_error *err)
{
    struct nd_columns *c;
    int rc = 0;
    *out = 1.0;
    if (!m->options.half_life)
        return 0;
    if (!m->newest && (rc = find_newest(m, err)))
        return rc;
    if ((rc = nd_segment_columns(&m->ix->segments[segment], &c, err)) ||
        (rc = nd_column_check(c, ND_COL_PUBLISHED, err)))
        return rc;
    int64_t utc = nd_column_i64(c, ND_COL_PUBLISHED, docid);
    double age = utc == ND_UTC_NONE ? INFINITY : (double)m->newest - (double)utc;
    *out = age > 0.0 ? exp2(-age / (double)m->options.half_life) : 1.0;
    return 0;
}

/* Rising, of score_key. */
static int compare_keys(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The lowest of the best `n` keys so far: a heap with the lowest on top. */
static void heap_add(int64_t *heap, size_t *n, size_t cap, int64_t key)
{
    if (*n < cap) {
        heap[(*n)++] = key;
        if (*n == cap)
            qsort(heap, cap, sizeof *heap, compare_keys); /* sorted is a heap */
        return;
    }
    if (key <= heap[0])
        return;
    size_t i = 0;
    for (size_t k; (k = 2 * i + 1) < cap; i = k) {
        k += k + 1 < cap && heap[k + 1] < heap[k];
        if (heap[k] >= key)
            break;
        heap[i] = heap[k];
    }
    heap[i] = key;
}

/* Give the hits their full scores, best words first, until no other can reach the first `end` places.
 * Return: 0; ND_DONE where hits beyond these may; then *least is what their words must weigh. */
static int finish_scores(struct keyeds *l, struct nd_match *m, size_t end, bool all, double *least,
                         struct nd_error *err)
{
    double most = 1.0 + (m->close ? rank_close_most(m->close) : 0.0);
    int64_t *heap = end < l->n ? malloc((end + 1) * sizeof *heap) : NULL;
    size_t i = 0, n = 0;
    int rc = 0;
    if (end < l->n && !heap)
        return nd_fail(err, ND_NOMEM, "out of memory for hits");
    for (; rc == 0 && i < l->n; i++) {
        struct nd_hit *h = &l->v[i].hit;
        double close = 0.0, recency;
        if (heap && n == end && score_key(h->score * most) < heap[0])
            break;
        if (m->close)
            rc = rank_close_of(m->close, h->segment, h->docid, &close, err);
        if (rc == 0)
            rc = match_recency(m, h->segment, h->docid, &recency, err);
        if (rc == 0)
            h->score *= (1.0 + close) * recency;
        if (rc == 0 && heap)
            heap_add(heap, &n, end, score_key(h->score));
    }
    if (rc == 0 && i == l->n && !all) {
        *least = heap ? ((double)heap[0] - 0.5) / 1e6 / most : 0.0;
        rc = ND_DONE;
    }
    if (rc == 0)
        l->n = i;
    free(heap);
    return rc;
}

/* Best first; equal scores in the order of the index. */
static int compare_scores(const void *a, const void *b)
{
    const struct nd_hit *x = &((const struct keyed *)a)->hit, *y = &((const struct keyed *)b)->hit;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return (x->docid > y->docid) - (x->docid < y->docid);
}

/* The best hits so far, `want` of them; twice as many are kept before they are sorted out. */
struct best {
    struct keyeds *l;
    size_t want;
    double least; /* below it none is wanted */
};

static int offer(struct best *best, struct nd_hit hit)
{
    struct keyeds *l = best->l;
    if (hit.score < best->least)
        return 0;
    if (best->want < SIZE_MAX / 2 && l->n >= 2 * best->want) {
        qsort(l->v, l->n, sizeof *l->v, compare_scores);
        l->n = best->want;
        if (l->n && l->v[l->n - 1].hit.score > best->least)
            best->least = l->v[l->n - 1].hit.score;
    }
    return push_keyed(l, hit);
}

/* Score all matches; keep the best `want` of those that score `least` or more, best first.
 * seen: how many matches there are. */
static int score_all(struct keyeds *l, struct nd_match *m, struct score *s, size_t want,
                     double least, uint64_t *seen, struct nd_error *err)
{
    struct best best = {l, want, least};
    int rc = 0;
    l->n = 0;
    *seen = 0;
    for (size_t i = 0; rc == 0 && i < m->ix->n && !m->env.out_of_time; i++) {
        struct nd_hit hit = {.segment = i};
        struct nd_cand *c;
        rc = nd_cand_open(&c, &m->env, m->q->plan, i, err);
        if (rc == 0)
            rc = score_segment(s, i, err);
        while (rc == 0 && (rc = nd_cand_next(c, &hit.docid, err)) == 0) {
            ++*seen;
            rc = score_of(s, hit.docid, &hit.score, err);
            if (rc == 0 && offer(&best, hit))
                rc = nd_fail(err, ND_NOMEM, "out of memory for hits");
        }
        nd_cand_close(c);
        rc = rc == ND_DONE ? 0 : rc;
    }
    if (rc == 0 && l->n)
        qsort(l->v, l->n, sizeof *l->v, compare_scores);
    if (rc == 0 && l->n > want)
        l->n = want;
    return rc;
}

/* Take the page and what may reach it: if that is not all there yet, once more all of it. */
static int gather_scored(struct keyeds *l, struct nd_match *m, size_t end, uint64_t *total,
                         struct nd_error *err)
{
    struct score *s = NULL;
    uint64_t docs = xap_doccount(m->ix->xap, XAP_ALL), again;
    size_t ask;
    double least = 0.0;
    int rc = score_new(&s, m, m->q->plan, err);
    if (rc || (rc = match_close(m, err)))
        goto out;
    ask = SLACK + (m->close ? FURTHER : 0);
    ask = end > docs || m->options.half_life || docs - end < ask ? (size_t)docs : end + ask;
    rc = score_all(l, m, s, ask, 0.0, total, err);
    if (rc == 0 && end)
        rc = finish_scores(l, m, end, l->n < ask || ask >= docs, &least, err);
    if (rc != ND_DONE)
        goto out;
    uint64_t too_much = m->env.too_much;
    rc = score_all(l, m, s, SIZE_MAX, least * (1.0 - 1e-12), &again, err);
    m->env.too_much = too_much;
    if (rc == 0)
        rc = finish_scores(l, m, end, true, &least, err);
out:
    score_free(s);
    return rc;
}

static int keep(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    if (push_keyed(ctx, (struct nd_hit){segment, docid, 0.0}))
        return nd_fail(err, ND_NOMEM, "out of memory for hits");
    return 0;
}

/* Bring the matches that the first `end` places may hold to the front; drop the others. */
static void cut(struct keyeds *l, size_t end)
{
    size_t lo = 0, hi = l->n;
    if (end == 0 || end >= l->n)
        return;
    while (hi - lo > 1) { /* quickselect of place end - 1 */
        struct keyed pivot = l->v[lo + (hi - lo) / 2];
        size_t lt = lo, i = lo, gt = hi;
        while (i < gt) {
            int c = compare_numbers(&l->v[i], &pivot);
            if (c == 0) {
                i++;
                continue;
            }
            size_t other = c < 0 ? lt++ : --gt;
            struct keyed t = l->v[i];
            l->v[i] = l->v[other];
            l->v[other] = t;
            i += c < 0;
        }
        if (end - 1 < lt) {
            hi = lt;
        } else if (end - 1 >= gt) {
            lo = gt;
        } else { /* places lt..gt are equal; ids decide among them */
            l->n = gt;
            return;
        }
    }
    l->n = hi; /* nothing after place end - 1 is equal to it */
}

int nd_match_ranked(struct nd_match *m, size_t first, size_t n, enum nd_sort sort,
                    struct nd_ranked *out, struct nd_error *err)
{
    struct keyeds l = {0};
    size_t end = n > SIZE_MAX - first ? SIZE_MAX : first + n;
    int rc;
    *out = (struct nd_ranked){0};
    match_begin(m);
    if (sort == ND_SORT_SCORE && nd_plan_weighs(m->q->plan) && m->ix->n) {
        rc = gather_scored(&l, m, end, &out->total, err);
        match_end(m);
    } else {
        rc = nd_match_each(m, keep, &l, err);
        out->total = l.n;
    }
    if (rc == 0)
        rc = set_keys(&l, m, sort, err);
    if (rc == 0) {
        cut(&l, end);
        rc = order(&l, m, first, end, err);
    }
    size_t stop = end < l.n ? end : l.n;
    if (rc == 0 && first < stop) {
        out->v = calloc(stop - first, sizeof *out->v);
        if (!out->v)
            rc = nd_fail(err, ND_NOMEM, "out of memory for hits");
        for (; rc == 0 && first < stop; first++)
            out->v[out->n++] = l.v[first].hit;
    }
    free(l.v);
    return rc;
}

void nd_ranked_free(struct nd_ranked *r)
{
    free(r->v);
    *r = (struct nd_ranked){0};
}
