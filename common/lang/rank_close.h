/* rank_close.h: what the token stream adds to the score of an article: how close together the words of different
 * parts of the query stand.
 *     score = words * (1 + closeness) * recency
 * words is BM25 (score.h); occurrences in the title and in a lead apart from the body count more there
 * (build.h). closeness is below 1/2, recency at most 1: what an article can reach is known from its words, so
 * that the best are found without a look at the others.
 *   closeness  x / (x + 1) / 2, where x is the sum over the pairs of words of the smaller idf times a / (a + 1/2),
 *              divided by the sum of all idf; a is the sum of 1 / distance of their neighbouring occurrences at
 *              most 8 words apart. Words that the query itself wants together (a phrase, a
 *              proximity) are no pair; where there are alternatives, only plain words count.
 * Threads:     one owner.   Used by: rank.c, rank_why.c. */
#ifndef ND_LANG_RANK_CLOSE_H
#define ND_LANG_RANK_CLOSE_H

#include "lang/match.h"

struct rank_close;

/* NULL in *out where the stream adds nothing: no two parts with words, or too many. */
int rank_close_new(struct rank_close **out, struct nd_match *m, struct nd_error *err);
void rank_close_free(struct rank_close *c);
/* closeness of any article is at most this. */
double rank_close_most(const struct rank_close *c);
/* What an article gets. Fails: ND_CORRUPT, ND_NOMEM. */
int rank_close_of(struct rank_close *c, size_t segment, uint32_t docid, double *closeness,
                  struct nd_error *err);

#endif
