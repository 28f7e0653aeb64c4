#include "lang/candidates.h"

#include "lang/candidates_in.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t nd_cand_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void nd_cand_close(struct nd_cand *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->kids_n; i++)
        nd_cand_close(c->kids[i]);
    free(c->kids);
    nd_cand_close(c->sure);
    xap_postings_close(c->list);
    free(c->batch);
    free(c->bits);
    free(c->heap);
    nd_spans_free(c->spans);
    if (c->plan->kind == ND_P_VERBATIM) {
        nd_buf_free(&c->text);
        nd_arena_free(&c->arena);
    }
    free(c);
}

/* --- opening --- */

/* Are all kids lists of single terms, many enough for a bitmap? */
static bool many_lists(const struct nd_plan *p)
{
    if (p->kind != ND_P_OR || p->kids_n < CAND_BITMAP)
        return false;
    for (size_t i = 0; i < p->kids_n; i++)
        if (p->kids[i]->kind != ND_P_TERM || p->kids[i]->langs)
            return false;
    return true;
}

static int open_many(struct nd_cand *c, size_t segment, struct nd_error *err)
{
    struct nd_str *terms = calloc(c->plan->kids_n, sizeof *terms);
    if (!terms)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    for (size_t i = 0; i < c->plan->kids_n; i++)
        terms[i] = c->plan->kids[i]->term;
    int rc = cand_bits_open(c, segment, terms, c->plan->kids_n, err);
    free(terms);
    return rc;
}

static int compare_freq(const void *a, const void *b)
{
    const struct nd_cand *x = *(struct nd_cand *const *)a, *y = *(struct nd_cand *const *)b;
    return (x->freq > y->freq) - (x->freq < y->freq);
}

/* Open the kids. Where one can match nothing: AND and what is tested end, OR goes on without it. */
static int open_kids(struct nd_cand *c, size_t segment, struct nd_error *err)
{
    const struct nd_plan *p = c->plan;
    struct nd_plan **chosen = p->kids;
    size_t n = p->kids_n;
    uint64_t sum = 0;
    uint32_t least = UINT32_MAX;
    int rc = 0;
    c->kids = calloc(n ? n : 1, sizeof(struct nd_cand *));
    if (!c->kids)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    if (c->loose && p->kind == ND_P_AND && n && (rc = cand_choose(c, &chosen, &n, err)))
        return rc;
    c->pure = c->stateless = true;
    for (size_t i = 0; i < n; i++) {
        struct nd_cand *kid;
        bool loose =
            p->kind == ND_P_SPAN || (c->loose && (p->kind == ND_P_AND || p->kind == ND_P_OR));
        rc = cand_make(&kid, c->env, chosen[i], segment, loose, err);
        if (rc == ND_DONE &&
            (p->kind == ND_P_OR || p->kind == ND_P_QUORUM || (p->kind == ND_P_AND_NOT && i > 0))) {
            rc = 0;
            continue;
        }
        if (rc)
            break;
        c->kids[c->kids_n++] = kid;
        c->pure = c->pure && kid->pure;
        c->stateless = c->stateless && kid->stateless;
        c->cost = kid->cost > c->cost ? kid->cost : c->cost;
        sum += kid->freq;
        least = kid->freq < least ? kid->freq : least;
    }
    if (chosen != p->kids)
        free(chosen);
    if (rc)
        return rc;
    if (c->kids_n == 0)
        return ND_DONE;
    c->freq = sum > c->seg->docs ? c->seg->docs : (uint32_t)sum;
    if (p->kind == ND_P_AND) {
        c->freq = least;
        qsort(c->kids, c->kids_n, sizeof(struct nd_cand *), compare_freq);
    } else if (p->kind == ND_P_AND_NOT) {
        c->freq = c->kids[0]->freq;
        c->pure = c->kids_n == 1 && c->kids[0]->pure;
        /* the second kid is moved by confirm, so it is asked in order, once for each candidate */
        c->stateless = c->kids[0]->stateless;
    } else if (p->kind == ND_P_OR || p->kind == ND_P_QUORUM) {
        if (p->kind == ND_P_QUORUM) {
            if (c->kids_n < p->quorum)
                return ND_DONE;
            c->pure = c->pure && p->quorum <= 1;
        }
        c->stateless = c->pure; /* confirm must know which kids stand at the candidate */
        c->heap = calloc(c->kids_n, sizeof *c->heap);
        if (!c->heap)
            return nd_fail(err, ND_NOMEM, "out of memory for a query");
    }
    return 0;
}

/* Of a pattern that stands alone some terms may be its own: their articles match as they are. */
static int open_sure(struct nd_cand *c, size_t segment, struct nd_error *err)
{
    const struct nd_plan *kid = c->plan->kids[0];
    if (kid->kind != ND_P_TERMS || !kid->sure)
        return 0;
    const struct nd_plan_terms *sure = &kid->sure[segment];
    if (sure->n == kid->terms[segment].n) {
        c->pure = true;
        return 0;
    }
    if (sure->n == 0)
        return 0;
    struct nd_cand *s = calloc(1, sizeof *s);
    if (!s)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    s->plan = kid;
    s->env = c->env;
    s->seg = c->seg;
    c->sure = s;
    int rc = cand_bits_open(s, segment, sure->v, sure->n, err);
    return rc == ND_DONE ? 0 : rc;
}

static int open_node(struct nd_cand *c, size_t segment, struct nd_error *err)
{
    const struct nd_plan *p = c->plan;
    int rc;
    c->pure = c->stateless = true;
    c->freq = c->seg->docs;
    switch (p->kind) {
    case ND_P_NOTHING:
        return ND_DONE;
    case ND_P_ALL:
        return c->seg->docs ? 0 : ND_DONE;
    case ND_P_TERM:
        if ((rc = cand_list_open(c, segment, p->term, err)) || p->langs == 0)
            return rc;
        if ((p->langs & c->env->langs[segment]) == 0)
            return ND_DONE;
        c->pure = false;
        return cand_test_open(c, segment, err);
    case ND_P_TERMS:
        if (p->terms[segment].n == 1)
            return cand_list_open(c, segment, p->terms[segment].v[0], err);
        return cand_bits_open(c, segment, p->terms[segment].v, p->terms[segment].n, err);
    case ND_P_NUMBER:
        c->pure = false;
        return cand_test_open(c, segment, err);
    case ND_P_OR:
        if (many_lists(p))
            return open_many(c, segment, err);
        return open_kids(c, segment, err);
    case ND_P_AND:
    case ND_P_AND_NOT:
    case ND_P_QUORUM:
        return open_kids(c, segment, err);
    case ND_P_VERBATIM:
    case ND_P_SPAN:
        if ((rc = open_kids(c, segment, err)))
            return rc;
        c->pure = false;
        if (p->kind == ND_P_SPAN && (rc = open_sure(c, segment, err)))
            return rc;
        return c->pure ? 0 : cand_test_open(c, segment, err);
    }
    return nd_fail(err, ND_INTERNAL, "unknown part of a plan");
}

int cand_make(struct nd_cand **out, struct nd_cand_env *env, const struct nd_plan *plan,
              size_t segment, bool loose, struct nd_error *err)
{
    *out = NULL;
    struct nd_cand *c = calloc(1, sizeof *c);
    if (!c)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    c->plan = plan;
    c->env = env;
    c->loose = loose;
    c->seg = &env->ix->segments[segment];
    int rc = open_node(c, segment, err);
    if (rc) {
        nd_cand_close(c);
        return rc;
    }
    *out = c;
    return 0;
}

/* --- moving --- */

static int step_and(struct nd_cand *c, uint32_t target, struct nd_error *err)
{
    for (size_t i = 0; i < c->kids_n;) {
        struct nd_cand *kid = c->kids[i];
        int rc = cand_step(kid, target, err);
        if (rc)
            return rc;
        if (kid->docid > target) {
            target = kid->docid;
            i = i ? 0 : 1; /* the first kid stands there already */
        } else {
            i++;
        }
    }
    c->docid = target;
    return 0;
}

static void sink(struct nd_cand *c, size_t i)
{
    size_t *h = c->heap;
    for (;;) {
        size_t least = i, l = 2 * i + 1;
        if (l < c->heap_n && c->kids[h[l]]->docid < c->kids[h[least]]->docid)
            least = l;
        if (l + 1 < c->heap_n && c->kids[h[l + 1]]->docid < c->kids[h[least]]->docid)
            least = l + 1;
        if (least == i)
            return;
        size_t t = h[i];
        h[i] = h[least];
        h[least] = t;
        i = least;
    }
}

static int step_or(struct nd_cand *c, uint32_t target, struct nd_error *err)
{
    if (c->docid == 0) {
        for (size_t i = 0; i < c->kids_n; i++) {
            int rc = cand_step(c->kids[i], target, err);
            if (rc < 0)
                return rc;
            if (rc == 0)
                c->heap[c->heap_n++] = i;
        }
        for (size_t i = c->heap_n; i-- > 0;)
            sink(c, i);
    }
    while (c->heap_n && c->kids[c->heap[0]]->docid < target) {
        int rc = cand_step(c->kids[c->heap[0]], target, err);
        if (rc < 0)
            return rc;
        if (rc == ND_DONE)
            c->heap[0] = c->heap[--c->heap_n];
        sink(c, 0);
    }
    if (c->heap_n == 0)
        return ND_DONE;
    c->docid = c->kids[c->heap[0]]->docid;
    return 0;
}

int cand_step(struct nd_cand *c, uint32_t target, struct nd_error *err)
{
    int rc;
    if (c->ended)
        return ND_DONE;
    if (target == 0)
        target = 1;
    if (c->docid >= target)
        return 0;
    if (c->list)
        rc = cand_list_step(c, target, err);
    else if (c->bits)
        rc = cand_bits_step(c, target);
    else if (c->heap)
        rc = step_or(c, target, err);
    else if (c->plan->kind == ND_P_AND)
        rc = step_and(c, target, err);
    else if (c->kids_n) {
        rc = cand_step(c->kids[0], target, err);
        c->docid = c->kids[0]->docid;
    } else {
        rc = target > c->seg->docs ? ND_DONE : 0;
        c->docid = target;
    }
    c->ended = rc != 0;
    return rc;
}

/* --- confirming --- */

/* Cheap kids first. One that fails settles it, even if another cannot be told. */
static int confirm_all(struct nd_cand *c, uint32_t docid, struct nd_error *err)
{
    static const unsigned order[] = {1, 2, 3, 0}; /* 0: what costs nothing to ask but is not pure */
    int result = 0;
    for (size_t o = 0; o < sizeof order / sizeof *order; o++)
        for (size_t i = 0; i < c->kids_n; i++)
            if (!c->kids[i]->pure && c->kids[i]->cost == order[o]) {
                int rc = cand_confirm(c->kids[i], docid, err);
                if (rc == CAND_UNKNOWN)
                    result = rc;
                else if (rc)
                    return rc;
            }
    return result;
}

static int confirm_some(struct nd_cand *c, uint32_t docid, uint32_t need, struct nd_error *err)
{
    uint32_t have = 0, unknown = 0;
    for (size_t i = 0; i < c->kids_n && have < need; i++) {
        struct nd_cand *kid = c->kids[i];
        int rc = cand_step(kid, docid, err);
        if (rc < 0)
            return rc;
        if (rc == ND_DONE || kid->docid != docid)
            continue;
        rc = kid->pure ? 0 : cand_confirm(kid, docid, err);
        if (rc < 0)
            return rc;
        have += rc == 0;
        unknown += rc == CAND_UNKNOWN;
    }
    return have >= need ? 0 : have + unknown >= need ? CAND_UNKNOWN : ND_DONE;
}

static int confirm_and_not(struct nd_cand *c, uint32_t docid, struct nd_error *err)
{
    int good = c->kids[0]->pure ? 0 : cand_confirm(c->kids[0], docid, err);
    if (good < 0 || good == ND_DONE || c->kids_n == 1)
        return good;
    struct nd_cand *bad = c->kids[1];
    int rc = cand_step(bad, docid, err);
    if (rc < 0)
        return rc;
    if (rc == ND_DONE || bad->docid != docid)
        return good;
    rc = bad->pure ? 0 : cand_confirm(bad, docid, err);
    if (rc < 0 || rc == CAND_UNKNOWN)
        return rc;
    return rc == 0 ? ND_DONE : good;
}

int cand_confirm(struct nd_cand *c, uint32_t docid, struct nd_error *err)
{
    int rc;
    if (c->pure)
        return 0;
    switch (c->plan->kind) {
    case ND_P_AND:
        return confirm_all(c, docid, err);
    case ND_P_OR:
        return confirm_some(c, docid, 1, err);
    case ND_P_QUORUM:
        return confirm_some(c, docid, c->plan->quorum, err);
    case ND_P_AND_NOT:
        return confirm_and_not(c, docid, err);
    case ND_P_VERBATIM:
    case ND_P_SPAN:
        rc = c->kids[0]->pure ? 0 : cand_confirm(c->kids[0], docid, err);
        if (rc == ND_DONE || rc < 0)
            return rc;
        return cand_test(c, docid, err); /* decides alone */
    default:
        return cand_test(c, docid, err);
    }
}

/* --- the root --- */

int nd_cand_open(struct nd_cand **out, struct nd_cand_env *env, const struct nd_plan *plan,
                 size_t segment, struct nd_error *err)
{
    int rc = cand_make(out, env, plan, segment, false, err);
    if (rc == 0 && !(*out)->pure && (*out)->stateless && (*out)->cost >= 2 && !(*out)->stream) {
        rc = nd_segment_stream((*out)->seg, &(*out)->stream, err);
        if (rc) {
            nd_cand_close(*out);
            *out = NULL;
        }
    }
    return rc;
}

uint32_t nd_cand_freq(const struct nd_cand *c)
{
    return c->freq;
}

/* Is it time to look at the clock, and has the deadline passed? */
static bool late(struct nd_cand_env *env)
{
    if (env->deadline && (env->ticks++ & 63) == 0 && nd_cand_clock() > env->deadline)
        env->out_of_time = true;
    return env->out_of_time;
}

/* The next candidate >= target; those after it are fetched from memory meanwhile. */
static int candidate(struct nd_cand *c, uint32_t target, uint32_t *docid, struct nd_error *err)
{
    if (c->pure || !c->stateless || !c->stream) {
        int rc = cand_step(c, target, err);
        *docid = c->docid;
        return rc;
    }
    while (c->ahead_n && c->ahead[c->ahead_at] < target) {
        c->ahead_at = (c->ahead_at + 1) % CAND_AHEAD;
        c->ahead_n--;
    }
    while (c->ahead_n < CAND_AHEAD) {
        int rc = cand_step(c, c->ahead_n ? c->docid + 1 : target, err);
        if (rc < 0)
            return rc;
        if (rc == ND_DONE)
            break;
        nd_stream_prefetch(c->stream, c->docid);
        c->ahead[(c->ahead_at + c->ahead_n++) % CAND_AHEAD] = c->docid;
    }
    if (c->ahead_n == 0)
        return ND_DONE;
    *docid = c->ahead[c->ahead_at];
    return 0;
}

int nd_cand_skip(struct nd_cand *c, uint32_t target, uint32_t *docid, struct nd_error *err)
{
    if (target == 0)
        target = 1;
    for (;;) {
        if (late(c->env))
            return ND_DONE;
        int rc = candidate(c, target, docid, err);
        if (rc)
            return rc;
        target = *docid + 1;
        if (*docid > c->seg->docs || nd_segment_deleted(c->seg, *docid))
            continue;
        rc = c->pure ? 0 : cand_confirm(c, *docid, err);
        c->env->too_much += rc == CAND_UNKNOWN;
        if (rc == 0)
            c->given = *docid;
        if (rc != ND_DONE && rc != CAND_UNKNOWN)
            return rc;
    }
}

int nd_cand_next(struct nd_cand *c, uint32_t *docid, struct nd_error *err)
{
    return nd_cand_skip(c, c->given + 1, docid, err);
}
