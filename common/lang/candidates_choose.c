/* candidates_choose.c: which posting lists of a conjunction are worth their walk, where the stream decides
 * anyway: a list that nearly every article is in costs more than the few looks it spares. */
#include "lang/candidates_in.h"

#include <stdlib.h>
#include <string.h>

/* What it costs to look an article up in the stream, and to walk posting lists: nanoseconds. */
enum {
    COST_TEST = 250,
    COST_OPEN = 6000,
    COST_POSTING = 18,
    COST_PASSED = 4, /* a posting leapt over */
    COST_LEAP = 90
};

/* Is a list worth its walk, as the stream decides what it lets through? have: candidates without it; freq:
 * how many it holds; lists: how many posting lists it is. */
static bool worth_while(uint64_t have, uint64_t freq, uint64_t docs, uint64_t lists)
{
    uint64_t walk = freq * COST_POSTING * (lists > 1 ? 2 : 1);
    uint64_t leap = freq * COST_PASSED + have * COST_LEAP * lists;
    uint64_t spared = freq < docs ? have * COST_TEST / docs * (docs - freq) : 0;
    return spared > lists * COST_OPEN + (walk < leap ? walk : leap);
}

static int compare_estimate(const void *a, const void *b)
{
    const struct nd_plan *x = *(struct nd_plan *const *)a, *y = *(struct nd_plan *const *)b;
    return (x->estimate > y->estimate) - (x->estimate < y->estimate);
}

int cand_choose(const struct nd_cand *c, struct nd_plan ***out, size_t *n, struct nd_error *err)
{
    const struct nd_plan *p = c->plan;
    uint64_t docs = c->env->ix->articles ? c->env->ix->articles : 1;
    struct nd_plan **v = malloc(p->kids_n * sizeof(struct nd_plan *));
    *out = v;
    *n = 0;
    if (!v)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    memcpy(v, p->kids, p->kids_n * sizeof(struct nd_plan *));
    qsort(v, p->kids_n, sizeof(struct nd_plan *), compare_estimate);
    uint64_t have = v[0]->estimate < docs ? v[0]->estimate : docs;
    have = have * c->seg->docs / docs + 1;
    for (size_t i = 0; i < p->kids_n; i++) {
        uint64_t share = v[i]->estimate < docs ? v[i]->estimate : docs;
        uint64_t freq = share * c->seg->docs / docs;
        if (i && v[i]->kind <= ND_P_OR &&
            !worth_while(have, freq, c->seg->docs, v[i]->kids_n ? v[i]->kids_n : 1))
            continue;
        if (i)
            have = have * share / docs + 1;
        v[(*n)++] = v[i];
    }
    return 0;
}
