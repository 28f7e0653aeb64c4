/* candidates.h: own iterators over the posting lists of one segment: what a plan matches there, docid by
 * docid. Posting lists are walked first and give candidates; what else must hold (the stream, a column, the
 * stored text) is asked for a candidate only when all lists agree on it.
 * Call order:  nd_cand_open (nd_cand_next | nd_cand_skip)* nd_cand_close
 * Invariants:  docids rise; deleted articles never come out.
 * Threads:     one owner.   Used by: match.c. */
#ifndef ND_LANG_CANDIDATES_H
#define ND_LANG_CANDIDATES_H

#include "lang/plan.h"
#include "xap/index.h"

struct nd_cand; /* an iterator, on a segment */

/* The sets of codes of an expansion in a segment, for articles of a language. */
struct nd_leaf_sets {
    const struct nd_expand *expand;
    size_t segment;
    unsigned lang;
    const struct nd_codes **sets; /* expand->n of them */
    uint32_t *freq;               /* how often each is to be expected */
    struct nd_codes *own;         /* those that this entry owns */
};

/* What the iterators of a query share. Zero-initialise, fill in the first part, free at the end. */
struct nd_cand_env {
    struct nd_index *ix;
    struct nd_stemmers *stemmers;
    uint64_t *langs; /* of each segment: bit set of enum nd_lang */
    enum nd_scan_level level;
    uint64_t deadline; /* monotonic milliseconds, 0 none */

    bool out_of_time;  /* the deadline passed: iteration ended there */
    uint64_t too_much; /* articles whose spans were too many: left out, also under NOT */
    uint32_t ticks;
    struct nd_leaf_sets **cache;
    size_t cache_n, cache_cap;
};

void nd_cand_env_free(struct nd_cand_env *env);
/* Monotonic time in milliseconds. */
uint64_t nd_cand_clock(void);

/* Return: 0, ND_DONE if the plan can match nothing in the segment (then *out is NULL). */
int nd_cand_open(struct nd_cand **out, struct nd_cand_env *env, const struct nd_plan *plan,
                 size_t segment, struct nd_error *err);
void nd_cand_close(struct nd_cand *c);
/* Return: 0, ND_DONE at the end. */
int nd_cand_next(struct nd_cand *c, uint32_t *docid, struct nd_error *err);
/* The first match >= target; target must be past every docid given so far. */
int nd_cand_skip(struct nd_cand *c, uint32_t target, uint32_t *docid, struct nd_error *err);
/* At most so many. */
uint32_t nd_cand_freq(const struct nd_cand *c);

/* The sets of an expansion, made when first asked for and kept in the environment. lang is taken as 0
 * where it makes no difference. */
int nd_cand_sets(struct nd_cand_env *env, const struct nd_expand *expand, size_t segment,
                 unsigned lang, const struct nd_leaf_sets **out, struct nd_error *err);

#endif
