/* rank_why.c: the score of one article, part by part. */
#include "lang/score.h"

#include "record/schema.h"

#include <stdlib.h>
#include <string.h>

struct scoring {
    struct nd_match *m;
    size_t segment;
    uint32_t docid;
    struct nd_arena *arena;
    struct nd_score *out;
    size_t cap;
};

/* What a plan, or a part of it, weighs in the article. */
static int weigh(const struct scoring *s, const struct nd_plan *p, double *out,
                 struct nd_error *err)
{
    struct score *score;
    *out = 0.0;
    int rc = score_new(&score, s->m, p, err);
    if (rc == 0)
        rc = score_segment(score, s->segment, err);
    if (rc == 0)
        rc = score_of(score, s->docid, out, err);
    score_free(score);
    return rc;
}

/* Occurrences of a term in the article, as they count. */
static int wdf_of(const struct scoring *s, struct nd_str term, uint32_t *out, struct nd_error *err)
{
    struct xap_postings *p;
    uint32_t at;
    *out = 0;
    int rc = xap_postings_open(&p, s->m->ix->xap, s->segment, term.p, term.n, err);
    if (rc)
        return rc == ND_DONE ? 0 : rc;
    rc = xap_postings_skip(p, s->docid, &at, err);
    if (rc == 0 && at == s->docid)
        *out = xap_postings_wdf(p);
    xap_postings_close(p);
    return rc == ND_DONE ? 0 : rc;
}

/* Add the occurrences of one term to a part. */
static int add_term(const struct scoring *s, struct nd_score_part *part, struct nd_str term,
                    struct nd_error *err)
{
    char title[ND_TERM_MAX + 8];
    uint32_t wdf, in_title = 0;
    size_t stem = sizeof ND_PREFIX_STEM - 1, head = sizeof ND_PREFIX_TITLE - 1;
    int rc = wdf_of(s, term, &wdf, err);
    if (rc == 0 && term.n > stem && term.n <= ND_TERM_MAX &&
        memcmp(term.p, ND_PREFIX_STEM, stem) == 0) {
        memcpy(title, ND_PREFIX_TITLE, head);
        memcpy(title + head, term.p + stem, term.n - stem);
        rc = wdf_of(s, (struct nd_str){title, head + term.n - stem}, &in_title, err);
    }
    part->wdf += wdf;
    part->title += in_title;
    return rc;
}

static int add_part(struct scoring *s, const struct nd_plan *p, struct nd_error *err)
{
    struct nd_score_part part = {
        .start = p->start, .end = p->end, .df = p->estimate, .boost = p->boost};
    int rc = 0;
    if (p->kind == ND_P_TERM) {
        part.term = p->term;
        rc = add_term(s, &part, p->term, err);
    } else if (p->kind == ND_P_TERMS) {
        const struct nd_plan_terms *t = &p->terms[s->segment];
        for (size_t i = 0; rc == 0 && i < t->n; i++)
            rc = add_term(s, &part, t->v[i], err);
    } else {
        part.boost = p->kids_n ? p->kids[0]->boost : 1.0;
        part.term = p->kids_n ? p->kids[0]->term : part.term;
        for (size_t i = 0; rc == 0 && i < p->kids_n; i++)
            rc = add_term(s, &part, p->kids[i]->term, err);
    }
    if (rc == 0)
        rc = weigh(s, p, &part.weight, err);
    if (rc)
        return rc;
    struct nd_score *o = s->out;
    if (o->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 16;
        struct nd_score_part *grown = nd_arena_array(s->arena, cap, sizeof *grown);
        if (!grown)
            return nd_fail(err, ND_NOMEM, "out of memory for a score");
        if (o->n)
            memcpy(grown, o->v, o->n * sizeof *grown);
        o->v = grown;
        s->cap = cap;
    }
    o->v[o->n++] = part;
    return 0;
}

/* Does a part of the plan hold in the article? */
static int holds(const struct scoring *s, const struct nd_plan *p, bool *out, struct nd_error *err)
{
    struct nd_cand *c;
    uint32_t at = 0;
    *out = false;
    int rc = nd_cand_open(&c, &s->m->env, p, s->segment, err);
    if (rc == 0)
        rc = nd_cand_skip(c, s->docid, &at, err);
    nd_cand_close(c);
    *out = rc == 0 && at == s->docid;
    return rc == ND_DONE ? 0 : rc;
}

/* The parts that weigh, as score.c takes them. */
static int walk(struct scoring *s, const struct nd_plan *p, struct nd_error *err)
{
    int rc = 0;
    if (!nd_plan_weighs(p))
        return 0;
    if (p->kind == ND_P_TERM || p->kind == ND_P_TERMS || (p->kind == ND_P_OR && p->synonym))
        return add_part(s, p, err);
    size_t n = p->kind == ND_P_AND_NOT ? 1 : p->kids_n;
    bool branches = (p->kind == ND_P_OR || p->kind == ND_P_QUORUM) && n > 1;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct nd_plan *k = p->kids[i];
        bool in = true;
        if (branches)
            rc = holds(s, k, &in, err);
        if (rc == 0 && in)
            rc = walk(s, k, err);
    }
    return rc;
}

int nd_match_score(struct nd_match *m, size_t segment, uint32_t docid, struct nd_arena *arena,
                   struct nd_score *out, struct nd_error *err)
{
    struct scoring s = {.m = m, .segment = segment, .docid = docid, .arena = arena, .out = out};
    struct score_options o = score_options_of(m);
    double docs = xap_doccount(m->ix->xap, XAP_ALL);
    *out = (struct nd_score){.recency = 1.0};
    match_begin(m);
    if (!nd_plan_weighs(m->q->plan))
        return 0;
    out->k1 = o.k1;
    out->b = o.b;
    out->average = docs > 0.0 ? (double)xap_total_length(m->ix->xap, XAP_ALL) / docs : 0.0;
    int rc = xap_doclen(&out->length, m->ix->xap, segment, docid, err);
    if (rc == 0)
        rc = weigh(&s, m->q->plan, &out->words, err);
    if (rc == 0)
        rc = walk(&s, m->q->plan, err);
    if (rc == 0)
        rc = match_close(m, err);
    if (rc == 0 && m->close)
        rc = rank_close_of(m->close, segment, docid, &out->closeness, err);
    if (rc == 0)
        rc = match_recency(m, segment, docid, &out->recency, err);
    match_end(m);
    out->score = out->words * (1.0 + out->closeness) * out->recency;
    return rc;
}

int nd_match_part(struct nd_match *m, const struct nd_plan *part, uint64_t *count,
                  struct nd_error *err)
{
    int rc = 0;
    *count = 0;
    match_begin(m);
    for (size_t i = 0; rc == 0 && i < m->ix->n && !m->env.out_of_time; i++) {
        struct nd_cand *c;
        uint32_t docid = 0;
        rc = nd_cand_open(&c, &m->env, part, i, err);
        while (rc == 0 && (rc = nd_cand_skip(c, docid + 1, &docid, err)) == 0)
            ++*count;
        nd_cand_close(c);
        rc = rc == ND_DONE ? 0 : rc;
    }
    match_end(m);
    return rc;
}
