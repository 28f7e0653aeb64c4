/* terms.h: how often each word occurs in the matches and in the whole index, and which of them are typical: by the
 * log-likelihood ratio G2 of Dunning, 2 * sum of observed * ln(observed / expected) over the occurrences in the
 * matches and in the rest. Words are folded keys (US and us are two
 * words); words that are everywhere have a low score of themselves, so
 * there is no list of stop words. Deleted articles do not count.
 * Call order:  nd_terms_init nd_terms_count* (nd_terms_rank) nd_terms_free
 * Threads:     one owner.   Used by: cmd_terms, cmd_like, cmd_compare. */
#ifndef NEWSQ_TERMS_H
#define NEWSQ_TERMS_H

#include "base/map.h"
#include "lang/match.h"

struct nd_term_counts {
    uint64_t count, articles; /* occurrences in the matches, and matches that have it */
    uint64_t all;             /* occurrences in the index */
};

struct nd_terms {
    struct nd_map words;      /* folded key -> row */
    struct nd_term_counts *v; /* owned */
    size_t cap;
    uint64_t matches, tokens; /* articles and words of the matches */
    uint64_t all;             /* words of the index */
};

int nd_terms_init(struct nd_terms *t, struct nd_error *err);
void nd_terms_free(struct nd_terms *t);
/* Count the matches of m. Fails: ND_CORRUPT, ND_NOMEM.
 * Cost: 3 us a match of 600 words, and a walk over the dictionary of each segment. */
int nd_terms_count(struct nd_terms *t, struct nd_index *ix, struct nd_match *m,
                   struct nd_error *err);
/* The same for words given (folded keys, each once with its count): an article that is not in the index, or one. */
int nd_terms_given(struct nd_terms *t, struct nd_index *ix, const struct nd_map *words,
                   const uint32_t *counts, struct nd_error *err);

/* A difference as large comes by chance in one case of twenty. */
#define ND_G2_LEAST 3.84
/* G2 of a of n in one part against b of m in the other; negative where the first has less than its share. */
double nd_g2(uint64_t a, uint64_t n, uint64_t b, uint64_t m);

struct nd_typical {
    struct nd_str word; /* in the nd_terms */
    struct nd_term_counts counts;
    double score;
};

/* The words with the highest positive score that at least min_articles matches have, best first, of equals the first
 * in byte order. out: arena memory, *n at most `most`. */
int nd_terms_rank(struct nd_typical **out, size_t *n, struct nd_arena *arena,
                  const struct nd_terms *t, uint64_t min_articles, size_t most,
                  struct nd_error *err);

#endif
