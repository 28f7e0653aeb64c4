/* likeness.h: how alike two texts are: the share of the different runs of five words in either that both have (the
 * resemblance of Broder). A text is given as the hashes of its words, nd_hash64 (seed 0) of their folded keys;
 * the near-copy signature of a segment (indexer/segment/build.h) is drawn from the same runs.
 * Call order:  nd_runs_init (nd_runs_of | nd_runs_alike)* nd_runs_free
 * Threads:     one owner.   Used by: indexer/stories, query/cmd_story. */
#ifndef ND_RECORD_LIKENESS_H
#define ND_RECORD_LIKENESS_H

#include "record/stream.h"

enum {
    ND_RUN = 5,            /* words of a run */
    ND_LIKENESS_ALL = 1000 /* the likeness of a text to itself: likeness is in thousandths */
};

/* The different runs of a text. */
struct nd_runs {
    uint64_t *v; /* owned */
    size_t n, cap;
    uint64_t *slots; /* of a hash set, 0 free; owned */
    size_t mask, slots_cap;
};

void nd_runs_init(struct nd_runs *r);
void nd_runs_free(struct nd_runs *r);
/* Make r the runs of a text of n words; none where it has under five. Fails: ND_NOMEM. */
int nd_runs_of(struct nd_runs *r, const uint64_t *words, size_t n);
/* Likeness of two texts in thousandths, rounded down, 0 where either has no run. Cost: linear in b. */
unsigned nd_runs_alike(const struct nd_runs *a, const struct nd_runs *b);

/* The hash of each word of a stream's dictionary, by rank. */
struct nd_word_hashes {
    uint64_t *v; /* owned; NULL: not read */
    uint32_t n;
};

/* Fails: ND_CORRUPT, ND_NOMEM.   Cost: a walk over the dictionary. */
int nd_word_hashes_read(struct nd_word_hashes *h, struct nd_stream *s, struct nd_error *err);
void nd_word_hashes_free(struct nd_word_hashes *h);
/* The hashes of the words of an article's body. *words, *cap: a growing array, the caller's to free.
 * Fails: ND_CORRUPT, ND_NOMEM. */
int nd_body_hashes(uint64_t **words, size_t *cap, size_t *n, struct nd_stream *s,
                   const struct nd_word_hashes *h, uint32_t docid, struct nd_error *err);

/* The hash of a run is a polynomial in those of its words, mixed; so the next run's is had from this one's. */
#define ND_RUN_BASE UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t nd_run_mix(uint64_t h)
{
    h = (h ^ h >> 32) * UINT64_C(0x9fb21c651e98df25);
    return h ^ h >> 29;
}

#endif
