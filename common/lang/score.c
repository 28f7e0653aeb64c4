#include "lang/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATTERN_WORDS = 200, /* words of a pattern that give weight */
    BATCH = 64           /* postings read at once */
};

/* A posting list that follows the articles asked for. */
struct list {
    struct xap_postings *postings; /* NULL where it has ended */
    uint32_t docids[BATCH], wdfs[BATCH];
    size_t n, at;
};

/* A part that weighs: articles with any of its terms. */
struct part {
    const struct nd_str *terms; /* arena of the plan, or `own` */
    struct nd_str own;
    size_t n, first; /* its lists: lists[first..first+n) */
    double weight;   /* what an endless number of occurrences would give */
    size_t branch;   /* which must match; 0 none */
};

/* A branch of OR: what is in it weighs where it matches. */
struct branch {
    const struct nd_plan *plan;
    size_t outer; /* a branch around it; 0 none */
    struct nd_cand *cand;
    uint32_t docid; /* its first match at or behind what was asked for; UINT32_MAX: no more */
};

struct score {
    struct nd_match *m;
    struct score_options options;
    double docs, average;
    size_t segment;
    struct part *parts;
    size_t parts_n, parts_cap;
    struct branch *branches; /* the first is none */
    size_t branches_n, branches_cap;
    struct list *lists;
    size_t lists_n;
    struct nd_arena arena;
};

struct score_options score_options_of(const struct nd_match *m)
{
    struct score_options o = {1.2, 0.75};
    if (m->options.k1 > 0 || m->options.b > 0 || m->options.k3 > 0)
        o = (struct score_options){m->options.k1, m->options.b};
    return o;
}

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory for the weights of a query");
}

static double idf(double docs, double n)
{
    double r = (docs - n + 0.5) / (n + 0.5);
    return log(r < 2.0 ? r * 0.5 + 1.0 : r);
}

static int freq_of(const struct score *s, struct nd_str term, double *out, struct nd_error *err)
{
    uint32_t n = 0;
    int rc = xap_term_stats(&n, NULL, s->m->ix->xap, XAP_ALL, term.p, term.n, err);
    *out = n;
    return rc;
}

/* Add a part: terms[0..n), which live as long as the plan. */
static int add_part(struct score *s, const struct nd_str *terms, size_t n, double boost,
                    size_t branch, struct nd_error *err)
{
    double freq = 0.0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        double f;
        rc = freq_of(s, terms[i], &f, err);
        freq = i ? freq + f - (s->docs > 0.0 ? freq * f / s->docs : 0.0) : f;
    }
    if (rc)
        return rc;
    if (s->parts_n == s->parts_cap) {
        size_t cap = s->parts_cap ? s->parts_cap * 2 : 8;
        struct part *grown = realloc(s->parts, cap * sizeof *grown);
        if (!grown)
            return no_memory(err);
        s->parts = grown;
        s->parts_cap = cap;
    }
    s->parts[s->parts_n++] = (struct part){
        .terms = terms,
        .n = n,
        .first = s->lists_n,
        .weight = boost * idf(s->docs, floor(freq + 0.5)) * (s->options.k1 + 1.0),
        .branch = branch,
    };
    s->lists_n += n;
    return 0;
}

/* The words of a pattern: each a part of its own, as together their number would be an estimate. Those of later
 * segments that an earlier one has are there already. */
static int add_pattern(struct score *s, const struct nd_plan *p, size_t branch,
                       struct nd_error *err)
{
    size_t words = 0;
    int rc = 0;
    for (size_t seg = 0; rc == 0 && seg < s->m->ix->n; seg++)
        for (size_t i = 0; rc == 0 && i < p->terms[seg].n && words < PATTERN_WORDS; i++) {
            const struct nd_str *t = &p->terms[seg].v[i];
            bool had = false;
            for (size_t e = 0; e < seg && !had; e++)
                for (size_t lo = 0, hi = p->terms[e].n; lo < hi && !had;) { /* they are sorted */
                    size_t mid = lo + (hi - lo) / 2;
                    int c = nd_str_cmp(p->terms[e].v[mid], *t);
                    had = c == 0;
                    if (c < 0)
                        lo = mid + 1;
                    else
                        hi = mid;
                }
            if (had)
                continue;
            rc = add_part(s, t, 1, p->boost, branch, err);
            words++;
        }
    return rc;
}

static int add_synonyms(struct score *s, const struct nd_plan *p, size_t branch,
                        struct nd_error *err)
{
    struct nd_str *terms = nd_arena_array(&s->arena, p->kids_n, sizeof *terms);
    if (!terms)
        return no_memory(err);
    for (size_t i = 0; i < p->kids_n; i++)
        terms[i] = p->kids[i]->term;
    return add_part(s, terms, p->kids_n, p->kids[0]->boost, branch, err);
}

static int add_branch(struct score *s, const struct nd_plan *p, size_t outer, size_t *out,
                      struct nd_error *err)
{
    if (s->branches_n == s->branches_cap) {
        size_t cap = s->branches_cap ? s->branches_cap * 2 : 8;
        struct branch *grown = realloc(s->branches, cap * sizeof *grown);
        if (!grown)
            return no_memory(err);
        s->branches = grown;
        s->branches_cap = cap;
    }
    if (s->branches_n == 0)
        s->branches[s->branches_n++] = (struct branch){0};
    *out = s->branches_n;
    s->branches[s->branches_n++] = (struct branch){.plan = p, .outer = outer};
    return 0;
}

static bool is_part(const struct nd_plan *p)
{
    return p->kind == ND_P_TERM || p->kind == ND_P_TERMS || (p->kind == ND_P_OR && p->synonym);
}

static int gather(struct score *s, const struct nd_plan *p, size_t branch, struct nd_error *err)
{
    int rc = 0;
    if (!nd_plan_weighs(p))
        return 0;
    if (p->kind == ND_P_TERM)
        return add_part(s, &p->term, 1, p->boost, branch, err);
    if (p->kind == ND_P_TERMS)
        return add_pattern(s, p, branch, err);
    if (is_part(p))
        return add_synonyms(s, p, branch, err);
    size_t n = p->kind == ND_P_AND_NOT ? 1 : p->kids_n;
    bool branches = (p->kind == ND_P_OR || p->kind == ND_P_QUORUM) && n > 1;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        size_t in = branch;
        if (branches && !is_part(p->kids[i]) && nd_plan_weighs(p->kids[i]))
            rc = add_branch(s, p->kids[i], branch, &in, err);
        if (rc == 0)
            rc = gather(s, p->kids[i], in, err);
    }
    return rc;
}

int score_new(struct score **out, struct nd_match *m, const struct nd_plan *plan,
              struct nd_error *err)
{
    struct score *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return no_memory(err);
    nd_arena_init(&s->arena, 64 << 20);
    s->m = m;
    s->options = score_options_of(m);
    s->docs = xap_doccount(m->ix->xap, XAP_ALL);
    s->average = s->docs > 0.0 ? (double)xap_total_length(m->ix->xap, XAP_ALL) / s->docs : 0.0;
    int rc = gather(s, plan, 0, err);
    if (rc == 0 && s->lists_n) {
        s->lists = calloc(s->lists_n, sizeof *s->lists);
        if (!s->lists)
            rc = no_memory(err);
    }
    if (rc)
        score_free(s);
    else
        *out = s;
    return rc;
}

static void close_segment(struct score *s)
{
    for (size_t i = 0; s->lists && i < s->lists_n; i++) {
        xap_postings_close(s->lists[i].postings);
        s->lists[i].postings = NULL;
        s->lists[i].n = s->lists[i].at = 0;
    }
    for (size_t i = 1; i < s->branches_n; i++) {
        nd_cand_close(s->branches[i].cand);
        s->branches[i].cand = NULL;
        s->branches[i].docid = 0;
    }
}

int score_segment(struct score *s, size_t segment, struct nd_error *err)
{
    const struct nd_index *ix = s->m->ix;
    int rc = 0;
    close_segment(s);
    s->segment = segment;
    for (size_t i = 0; rc == 0 && i < s->parts_n; i++) {
        const struct part *p = &s->parts[i];
        for (size_t k = 0; rc == 0 && k < p->n; k++) {
            rc = xap_postings_open(&s->lists[p->first + k].postings, ix->xap, segment,
                                   p->terms[k].p, p->terms[k].n, err);
            rc = rc == ND_DONE ? 0 : rc;
        }
    }
    for (size_t i = 1; rc == 0 && i < s->branches_n; i++) {
        struct branch *b = &s->branches[i];
        rc = nd_cand_open(&b->cand, &s->m->env, b->plan, segment, err);
        if (rc == ND_DONE) {
            b->docid = UINT32_MAX;
            rc = 0;
        }
    }
    return rc;
}

/* Read on until a posting at or behind the article is at hand, or the list ends. */
static int follow(struct list *l, uint32_t docid, uint32_t docs, struct nd_error *err)
{
    while (l->postings) {
        uint32_t last = l->n ? l->docids[l->n - 1] : 0;
        if (last >= docid) {
            while (l->docids[l->at] < docid)
                l->at++;
            return 0;
        }
        int rc;
        l->at = 0;
        /* near by: read on; far away: leap */
        if (docid - last > 2 * (uint64_t)BATCH * docs / (xap_postings_freq(l->postings) + 1)) {
            rc = xap_postings_skip(l->postings, docid, l->docids, err);
            l->n = rc == 0;
            l->wdfs[0] = xap_postings_wdf(l->postings);
        } else {
            rc = xap_postings_fill(l->postings, l->docids, l->wdfs, BATCH, &l->n, err);
        }
        if (rc == ND_DONE) {
            xap_postings_close(l->postings);
            l->postings = NULL;
            l->n = 0;
        } else if (rc) {
            return rc;
        }
    }
    return 0;
}

/* Does a branch match, and all those around it? */
static int matches(struct score *s, size_t i, uint32_t docid, bool *out, struct nd_error *err)
{
    for (*out = true; i && *out; i = s->branches[i].outer) {
        struct branch *b = &s->branches[i];
        if (b->docid < docid) {
            int rc = nd_cand_skip(b->cand, docid, &b->docid, err);
            if (rc < 0)
                return rc;
            if (rc == ND_DONE)
                b->docid = UINT32_MAX;
        }
        *out = b->docid == docid;
    }
    return 0;
}

int score_of(struct score *s, uint32_t docid, double *score, struct nd_error *err)
{
    uint32_t docs = s->m->ix->segments[s->segment].docs, length = 0;
    double norm = 0.0;
    bool measured = false;
    *score = 0.0;
    for (size_t i = 0; i < s->parts_n; i++) {
        const struct part *p = &s->parts[i];
        uint32_t f = 0;
        for (size_t k = 0; k < p->n; k++) {
            struct list *l = &s->lists[p->first + k];
            if (!l->postings)
                continue;
            if (l->n == 0 || l->docids[l->at] < docid) {
                int rc = follow(l, docid, docs, err);
                if (rc)
                    return rc;
            }
            if (l->n && l->docids[l->at] == docid)
                f += l->wdfs[l->at];
        }
        if (f == 0)
            continue;
        if (p->branch) {
            bool in;
            int rc = matches(s, p->branch, docid, &in, err);
            if (rc)
                return rc;
            if (!in)
                continue;
        }
        if (!measured) {
            int rc = xap_doclen(&length, s->m->ix->xap, s->segment, docid, err);
            if (rc)
                return rc;
            double share = s->average > 0.0 ? length / s->average : 0.0;
            norm = s->options.k1 * (1.0 - s->options.b + s->options.b * share);
            measured = true;
        }
        *score += p->weight * f / (norm + f);
    }
    return 0;
}

void score_free(struct score *s)
{
    if (!s)
        return;
    close_segment(s);
    free(s->lists);
    free(s->branches);
    free(s->parts);
    nd_arena_free(&s->arena);
    free(s);
}
