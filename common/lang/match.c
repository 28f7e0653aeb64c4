#include "lang/match.h"

#include "lang/match_in.h"

#include <stdlib.h>
#include <string.h>

int nd_match_open(struct nd_match **out, struct nd_index *ix, const struct nd_lowered *q,
                  const struct nd_match_options *options, struct nd_error *err)
{
    struct nd_match *m = calloc(1, sizeof *m);
    int rc = 0;
    *out = NULL;
    if (!m)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    m->ix = ix;
    m->q = q;
    if (options)
        m->options = *options;
    m->state.exact = true;
    m->env.ix = ix;
    m->env.stemmers = q->stemmers;
    m->env.level = nd_scan_choose();
    m->env.langs = calloc(ix->n + 1, sizeof *m->env.langs);
    m->parts = calloc(q->parts_n + 1, sizeof(struct nd_spans *));
    if (!m->env.langs || !m->parts)
        rc = nd_fail(err, ND_NOMEM, "out of memory for a query");
    for (size_t i = 0; rc == 0 && i < ix->n; i++)
        rc = nd_segment_langs(&m->env.langs[i], &ix->segments[i], err);
    if (rc) {
        nd_match_close(m);
        return rc;
    }
    *out = m;
    return 0;
}

void nd_match_close(struct nd_match *m)
{
    if (!m)
        return;
    nd_cand_close(m->cand);
    for (size_t i = 0; m->parts && i < m->q->parts_n; i++)
        nd_spans_free(m->parts[i]);
    rank_close_free(m->close);
    free(m->parts);
    free(m->found);
    nd_cand_env_free(&m->env);
    free(m->env.langs);
    free(m);
}

void match_begin(struct nd_match *m)
{
    m->env.deadline = m->options.time_limit_ms ? nd_cand_clock() + m->options.time_limit_ms : 0;
    m->env.out_of_time = false;
    m->env.too_much = 0;
    m->env.ticks = 0;
    m->state = (struct nd_match_state){.exact = true};
}

void match_end(struct nd_match *m)
{
    m->state.out_of_time = m->state.out_of_time || m->env.out_of_time;
    m->state.too_much = m->env.too_much;
    m->state.exact = m->state.exact && !m->state.out_of_time && m->state.too_much == 0;
}

struct nd_match_state nd_match_state(const struct nd_match *m)
{
    return m->state;
}

void nd_match_rewind(struct nd_match *m)
{
    nd_cand_close(m->cand);
    m->cand = NULL;
    m->segment = 0;
    m->docid = 0;
    m->walking = false;
}

int nd_match_next(struct nd_match *m, size_t *segment, uint32_t *docid, struct nd_error *err)
{
    if (!m->walking) {
        nd_match_rewind(m);
        match_begin(m);
        m->walking = true;
    }
    for (; m->segment < m->ix->n && !m->env.out_of_time; m->segment++, m->docid = 0) {
        int rc = 0;
        if (!m->cand)
            rc = nd_cand_open(&m->cand, &m->env, m->q->plan, m->segment, err);
        if (rc == 0)
            rc = nd_cand_skip(m->cand, m->docid + 1, &m->docid, err);
        if (rc <= 0) {
            *segment = m->segment;
            *docid = m->docid;
            return rc;
        }
        nd_cand_close(m->cand);
        m->cand = NULL;
    }
    match_end(m);
    return ND_DONE;
}

int nd_match_each(struct nd_match *m, nd_match_fn *fn, void *ctx, struct nd_error *err)
{
    size_t segment;
    uint32_t docid;
    int rc;
    nd_match_rewind(m);
    while ((rc = nd_match_next(m, &segment, &docid, err)) == 0) {
        if (m->skip && m->skip(m->skip_ctx, segment, docid))
            continue;
        rc = fn(ctx, segment, docid, err);
        if (rc)
            break;
    }
    nd_match_rewind(m);
    return rc == ND_DONE ? 0 : rc;
}

void nd_match_leave_out(struct nd_match *m, nd_match_skip *skip, const void *ctx)
{
    m->skip = skip;
    m->skip_ctx = ctx;
}

/* Does the plan's root say by itself how many match in a segment? */
static bool known_count(const struct nd_match *m, size_t segment, uint64_t *n)
{
    const struct nd_plan *p = m->q->plan;
    const struct nd_segment *s = &m->ix->segments[segment];
    if (s->deleted_n)
        return false;
    if (p->kind == ND_P_ALL)
        *n = s->docs;
    else if (p->kind == ND_P_NOTHING)
        *n = 0;
    else if (p->kind == ND_P_TERM && p->langs == 0)
        *n = xap_termfreq(m->ix->xap, segment, p->term.p, p->term.n);
    else
        return false;
    return true;
}

int nd_match_count(struct nd_match *m, uint64_t *total, struct nd_error *err)
{
    int rc = 0;
    *total = 0;
    match_begin(m);
    for (size_t i = 0; rc == 0 && i < m->ix->n && !m->env.out_of_time; i++) {
        struct nd_cand *c;
        uint64_t n;
        uint32_t docid = 0;
        if (known_count(m, i, &n)) {
            *total += n;
            continue;
        }
        rc = nd_cand_open(&c, &m->env, m->q->plan, i, err);
        while (rc == 0 && (rc = nd_cand_skip(c, docid + 1, &docid, err)) == 0)
            ++*total;
        nd_cand_close(c);
        rc = rc == ND_DONE ? 0 : rc;
    }
    match_end(m);
    return rc;
}

int nd_match_test(struct nd_match *m, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct nd_cand *c;
    uint32_t at = 0;
    if (segment >= m->ix->n || docid == 0)
        return ND_DONE;
    match_begin(m);
    int rc = nd_cand_open(&c, &m->env, m->q->plan, segment, err);
    if (rc == 0)
        rc = nd_cand_skip(c, docid, &at, err);
    nd_cand_close(c);
    match_end(m);
    return rc == 0 && at != docid ? ND_DONE : rc;
}

static int add_found(struct nd_match *m, const struct nd_span_hit *hits, size_t n, size_t part)
{
    if (m->found_n + n > m->found_cap) {
        size_t cap = (m->found_n + n) * 2;
        struct nd_found *grown = realloc(m->found, cap * sizeof *grown);
        if (!grown)
            return ND_NOMEM;
        m->found = grown;
        m->found_cap = cap;
    }
    for (size_t i = 0; i < n; i++)
        m->found[m->found_n++] = (struct nd_found){.hit = hits[i], .part = (uint32_t)part};
    return 0;
}

static int compare_found(const void *a, const void *b)
{
    const struct nd_found *x = a, *y = b;
    if (x->hit.field != y->hit.field)
        return x->hit.field < y->hit.field ? -1 : 1;
    if (x->hit.first != y->hit.first)
        return x->hit.first < y->hit.first ? -1 : 1;
    if (x->hit.whole != y->hit.whole)
        return x->hit.whole ? -1 : 1;
    if (x->hit.last != y->hit.last)
        return x->hit.last < y->hit.last ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return (x->hit.leaf > y->hit.leaf) - (x->hit.leaf < y->hit.leaf);
}

int nd_match_spans(struct nd_match *m, size_t segment, uint32_t docid, const struct nd_found **out,
                   size_t *n, struct nd_error *err)
{
    struct nd_stream *stream;
    struct nd_columns *columns;
    struct nd_section article;
    *out = NULL;
    *n = 0;
    m->found_n = 0;
    if (segment >= m->ix->n)
        return nd_fail(err, ND_INTERNAL, "no segment of number %zu", segment);
    struct nd_segment *s = &m->ix->segments[segment];
    int rc = nd_segment_stream(s, &stream, err);
    if (rc || (rc = nd_segment_columns(s, &columns, err)) ||
        (rc = nd_column_check(columns, ND_COL_LANG, err)) ||
        (rc = nd_stream_article(stream, docid, &article, err)))
        return rc;
    unsigned lang = nd_column_u8(columns, ND_COL_LANG, docid);
    bool cut = false;
    for (size_t i = 0; i < m->q->parts_n; i++) {
        const struct nd_leaf_sets *sets;
        const struct nd_span_hit *hits;
        size_t hits_n;
        if (!m->parts[i] &&
            (rc = nd_spans_new(&m->parts[i], &m->q->parts[i]->program, m->env.level, err)))
            return rc;
        if ((rc = nd_cand_sets(&m->env, m->q->parts[i], segment, lang, &sets, err)))
            return rc;
        nd_spans_bind(m->parts[i], stream, sets->sets, sets->freq);
        rc = nd_spans_collect(m->parts[i], article, &hits, &hits_n, err);
        if (rc < 0 && rc != ND_LIMIT)
            return rc;
        cut = cut || rc == ND_LIMIT;
        if (add_found(m, hits, hits_n, i))
            return nd_fail(err, ND_NOMEM, "out of memory for the marks of an article");
    }
    if (m->found_n)
        qsort(m->found, m->found_n, sizeof *m->found, compare_found);
    m->unmarked += cut;
    *out = m->found;
    *n = m->found_n;
    return 0;
}

uint64_t nd_match_unmarked(const struct nd_match *m)
{
    return m->unmarked;
}
