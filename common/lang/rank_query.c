/* rank_query.c: a plan as a query for Xapian's matcher. What posting lists say alone becomes its query;
 * else our own iterators are a source of the hits, and the words in the plan add their weight. */
#include "lang/match_in.h"

#include <stdlib.h>

enum {
    WEIGHED_WORDS = 200 /* words of a wildcard that give weight */
};

/* A plan as a source: our own iterators give the docids. */
static int source_open(void *ctx, size_t segment, void **state, uint32_t *freq_est,
                       uint32_t *freq_max, struct nd_error *err)
{
    const struct match_source *source = ctx;
    struct nd_cand *c;
    int rc = nd_cand_open(&c, &source->match->env, source->plan, segment, err);
    if (rc)
        return rc;
    *freq_max = nd_cand_freq(c);
    *freq_est = *freq_max / 2;
    *state = c;
    return 0;
}

static int source_next(void *state, uint32_t *docid, struct nd_error *err)
{
    return nd_cand_next(state, docid, err);
}

static int source_skip(void *state, uint32_t target, uint32_t *docid, struct nd_error *err)
{
    return nd_cand_skip(state, target, docid, err);
}

static void source_close(void *state)
{
    nd_cand_close(state);
}

/* Deleted articles as a source. */
struct deleted {
    const struct nd_segment *seg;
    uint32_t docid;
};

static int deleted_open(void *ctx, size_t segment, void **state, uint32_t *freq_est,
                        uint32_t *freq_max, struct nd_error *err)
{
    struct nd_match *m = ctx;
    const struct nd_segment *s = &m->ix->segments[segment];
    if (s->deleted_n == 0)
        return ND_DONE;
    struct deleted *d = malloc(sizeof *d);
    if (!d)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    *d = (struct deleted){s, 0};
    *freq_est = *freq_max = s->deleted_n;
    *state = d;
    return 0;
}

static int deleted_skip(void *state, uint32_t target, uint32_t *docid, struct nd_error *err)
{
    struct deleted *d = state;
    (void)err;
    for (d->docid = target; d->docid <= d->seg->docs; d->docid++)
        if (nd_segment_deleted(d->seg, d->docid)) {
            *docid = d->docid;
            return 0;
        }
    return ND_DONE;
}

static int deleted_next(void *state, uint32_t *docid, struct nd_error *err)
{
    struct deleted *d = state;
    return deleted_skip(state, d->docid + 1, docid, err);
}

static void deleted_close(void *state)
{
    free(state);
}

static int to_query(struct xap_query **out, const struct nd_plan *p, bool weigh,
                    struct nd_error *err);

/* The kids' queries, joined. */
static int join(struct xap_query **out, enum xap_op op, const struct nd_plan *p, bool weigh,
                struct nd_error *err)
{
    int rc = 0;
    size_t n = 0;
    struct xap_query **kids = calloc(p->kids_n + 1, sizeof(struct xap_query *));
    if (!kids)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    for (; rc == 0 && n < p->kids_n; n++)
        rc = to_query(&kids[n], p->kids[n], weigh, err);
    if (rc == 0)
        rc = xap_q_op(out, op, kids, n, err);
    else
        for (size_t i = 0; i < n; i++)
            xap_q_free(kids[i]);
    free(kids);
    return rc;
}

static int term_query(struct xap_query **out, const struct nd_plan *p, bool weigh,
                      struct nd_error *err)
{
    int rc = xap_q_term(out, p->term.p, p->term.n, 1, err);
    double factor = weigh && p->weight ? p->boost : 0.0;
    if (rc == 0 && factor != 1.0) {
        struct xap_query *q = *out;
        *out = NULL;
        rc = xap_q_scale(out, q, factor, err);
    }
    return rc;
}

/* A plan of posting lists alone as a query. */
static int to_query(struct xap_query **out, const struct nd_plan *p, bool weigh,
                    struct nd_error *err)
{
    *out = NULL;
    switch (p->kind) {
    case ND_P_NOTHING:
        return xap_q_nothing(out, err);
    case ND_P_ALL:
        return xap_q_all(out, err);
    case ND_P_TERM:
        return term_query(out, p, weigh, err);
    case ND_P_AND:
        return join(out, XAP_AND, p, weigh, err);
    case ND_P_OR:
        return join(out, p->synonym ? XAP_SYNONYM : XAP_OR, p, weigh, err);
    case ND_P_AND_NOT:
        return join(out, XAP_AND_NOT, p, weigh, err);
    default:
        return nd_fail(err, ND_INTERNAL, "a part of the plan is no posting list");
    }
}

/* A growing list of queries. */
struct queries {
    struct xap_query **v;
    size_t n, cap;
};

static int push(struct queries *l, struct xap_query *q, struct nd_error *err)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 16;
        struct xap_query **grown = realloc(l->v, cap * sizeof(struct xap_query *));
        if (!grown) {
            xap_q_free(q);
            return nd_fail(err, ND_NOMEM, "out of memory for a query");
        }
        l->v = grown;
        l->cap = cap;
    }
    l->v[l->n++] = q;
    return 0;
}

/* What the words of a wildcard weigh together: the sum of each. (As synonyms their number together would be an
 * estimate, which differs with the layout of the segments, and the order of the hits with it.) */
static int weigh_terms(struct queries *l, const struct nd_match *m, const struct nd_plan *p,
                       struct nd_error *err)
{
    struct queries words = {0};
    struct xap_query *q = NULL;
    int rc = 0;
    for (size_t s = 0; rc == 0 && s < m->ix->n; s++)
        for (size_t i = 0; rc == 0 && i < p->terms[s].n && words.n < WEIGHED_WORDS; i++) {
            struct nd_str t = p->terms[s].v[i];
            bool had = false; /* earlier segments' lists are sorted */
            for (size_t e = 0; e < s && !had; e++)
                for (size_t lo = 0, hi = p->terms[e].n; lo < hi && !had;) {
                    size_t mid = lo + (hi - lo) / 2;
                    int c = nd_str_cmp(p->terms[e].v[mid], t);
                    had = c == 0;
                    if (c < 0)
                        lo = mid + 1;
                    else
                        hi = mid;
                }
            if (had)
                continue;
            rc = xap_q_term(&q, t.p, t.n, 1, err);
            if (rc == 0)
                rc = push(&words, q, err);
        }
    if (rc == 0 && words.n) {
        rc = xap_q_op(&q, XAP_OR, words.v, words.n, err);
        words.n = 0;
        if (rc == 0 && p->boost != 1.0) {
            struct xap_query *whole = q;
            rc = xap_q_scale(&q, whole, p->boost, err);
        }
        if (rc == 0)
            rc = push(l, q, err);
    }
    for (size_t i = 0; i < words.n; i++)
        xap_q_free(words.v[i]);
    free(words.v);
    return rc;
}

static int plan_source(struct xap_query **out, struct nd_match *m, const struct nd_plan *p,
                       struct nd_error *err)
{
    static const struct xap_source_ops ops = {source_open, source_next, source_skip, source_close};
    struct match_source *source = malloc(sizeof *source);
    *out = NULL;
    if (!source)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    *source = (struct match_source){.match = m, .plan = p, .next = m->sources};
    m->sources = source; /* kept as long as the query may ask */
    return xap_q_source(out, &ops, source, err);
}

static int weights(struct queries *l, struct nd_match *m, const struct nd_plan *p,
                   struct nd_error *err);

/* What a branch of OR weighs, in the articles that it matches itself: the words of a phrase that an article
 * does not hold give it nothing. */
static int branch_weights(struct queries *l, struct nd_match *m, const struct nd_plan *p,
                          struct nd_error *err)
{
    struct xap_query *pair[2] = {NULL, NULL}, *q;
    struct queries own = {0};
    int rc = weights(&own, m, p, err);
    if (rc == 0 && own.n) {
        rc = xap_q_op(&pair[1], XAP_OR, own.v, own.n, err);
        own.n = 0;
        if (rc == 0)
            rc = plan_source(&pair[0], m, p, err);
        if (rc == 0) {
            if ((rc = xap_q_op(&q, XAP_AND_MAYBE, pair, 2, err)) == 0)
                rc = push(l, q, err);
        } else {
            xap_q_free(pair[1]);
        }
    }
    for (size_t i = 0; i < own.n; i++)
        xap_q_free(own.v[i]);
    free(own.v);
    return rc;
}

/* Gather what gives weight in a plan that the source decides. */
static int weights(struct queries *l, struct nd_match *m, const struct nd_plan *p,
                   struct nd_error *err)
{
    struct xap_query *q;
    int rc = 0;
    if (!nd_plan_weighs(p))
        return 0;
    if (p->kind == ND_P_TERMS)
        return weigh_terms(l, m, p, err);
    if (p->kind == ND_P_TERM || (p->kind == ND_P_OR && p->synonym)) {
        rc = to_query(&q, p, true, err);
        return rc ? rc : push(l, q, err);
    }
    size_t n = p->kind == ND_P_AND_NOT ? 1 : p->kids_n;
    bool branches = (p->kind == ND_P_OR || p->kind == ND_P_QUORUM) && n > 1;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = branches && nd_plan_decides(p->kids[i]) && p->kids[i]->kind != ND_P_TERMS
                 ? branch_weights(l, m, p->kids[i], err)
                 : weights(l, m, p->kids[i], err);
    return rc;
}

int match_query(struct xap_query **out, struct nd_match *m, struct nd_error *err)
{
    static const struct xap_source_ops deleted_ops = {deleted_open, deleted_next, deleted_skip,
                                                      deleted_close};
    struct xap_query *kids[2] = {NULL, NULL};
    struct queries l = {0};
    bool deleted = false, decides = nd_plan_decides(m->q->plan);
    int rc;
    *out = NULL;
    for (size_t i = 0; i < m->ix->n; i++)
        deleted = deleted || m->ix->segments[i].deleted_n;
    if (decides)
        rc = plan_source(&kids[0], m, m->q->plan, err);
    else
        rc = to_query(&kids[0], m->q->plan, true, err);
    if (rc == 0 && decides && (rc = weights(&l, m, m->q->plan, err)) == 0 && l.n) {
        rc = xap_q_op(&kids[1], XAP_OR, l.v, l.n, err);
        l.n = 0;
    }
    if (rc == 0 && !decides && deleted)
        rc = xap_q_source(&kids[1], &deleted_ops, m, err);
    if (rc == 0 && kids[1]) {
        rc = xap_q_op(out, decides ? XAP_AND_MAYBE : XAP_AND_NOT, kids, 2, err);
    } else if (rc == 0) {
        *out = kids[0];
    } else {
        xap_q_free(kids[0]);
        xap_q_free(kids[1]);
        for (size_t i = 0; i < l.n; i++)
            xap_q_free(l.v[i]);
    }
    free(l.v);
    return rc;
}

int match_part(struct xap_query **out, struct nd_match *m, const struct nd_plan *p,
               struct nd_error *err)
{
    struct queries l = {0};
    *out = NULL;
    if (p->kind != ND_P_TERMS)
        return to_query(out, p, true, err);
    int rc = weigh_terms(&l, m, p, err);
    if (l.n)
        *out = l.v[0];
    free(l.v);
    return rc;
}

void match_weights(struct xap_search_options *o, const struct nd_match *m)
{
    o->time_limit_ms = m->options.time_limit_ms;
    if (m->options.k1 > 0 || m->options.b > 0 || m->options.k3 > 0) {
        o->k1 = m->options.k1;
        o->b = m->options.b;
        o->k3 = m->options.k3;
    }
}
