/* candidates.h: own iterators over the posting lists of one segment: what a plan matches there, docid by
 * docid. AND leaps from list to list, the rarest first, and asks the stream last; OR merges by a heap.
 * Call order:  nd_cand_open (nd_cand_next | nd_cand_skip)* nd_cand_close
 * Invariants:  docids rise; deleted articles never come out.
 * Threads:     one owner.   Used by: match.c. */
#ifndef ND_LANG_CANDIDATES_H
#define ND_LANG_CANDIDATES_H

#include "lang/plan.h"
#include "xap/index.h"

struct nd_cand; /* an iterator, on a segment */

/* What the iterators of a query share. */
struct nd_cand_env {
    struct nd_index *ix;
    struct nd_stemmers *stemmers;
    enum nd_scan_level level;
    uint64_t langs;      /* of the index */
    uint64_t deadline;   /* monotonic milliseconds, 0 none */
    bool out_of_time;    /* set when the deadline passed: iteration then ends */
    uint64_t too_much;   /* articles whose spans were too many */
    uint32_t ticks;
    struct nd_leaf_cache *cache; /* sets of codes by segment; see nd_cand_env_free */
};

void nd_cand_env_free(struct nd_cand_env *env);

/* Return: 0, ND_DONE if the plan can match nothing in the segment (then *out is NULL). */
int nd_cand_open(struct nd_cand **out, struct nd_cand_env *env, const struct nd_plan *plan,
                 size_t segment, struct nd_error *err);
void nd_cand_close(struct nd_cand *c);
/* Return: 0, ND_DONE at the end. */
int nd_cand_next(struct nd_cand *c, uint32_t *docid, struct nd_error *err);
/* The first match >= target; stays if already there or past. */
int nd_cand_skip(struct nd_cand *c, uint32_t target, uint32_t *docid, struct nd_error *err);
/* At most so many. */
uint32_t nd_cand_freq(const struct nd_cand *c);

/* The sets of codes of an expansion in a segment for articles of a language, with the articles each leaf is
 * in; kept in the environment. *sets has expand->n entries. */
int nd_cand_sets(struct nd_cand_env *env, const struct nd_expand *expand, size_t segment, unsigned lang,
                 const struct nd_codes *const **sets, const uint32_t **freq, struct nd_error *err);

#endif
