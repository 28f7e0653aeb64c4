/* score.h: how well an article fits the words of a query: BM25, as libxapian computes it.
 *     score = sum over the parts that weigh of  boost * idf * (k1 + 1) * f / (f + k1 * (1 - b + b * length / average))
 *     idf   = ln(r), r = (N - n + 1/2) / (n + 1/2), or r / 2 + 1 where that is below 2
 * f: occurrences in the article (wdf; title and lead count more there, build.h); n: articles of the index that have the
 * part; N: all articles. A part is a term, synonyms (which count as one term: their f is the sum, their n as if they
 * occurred independently), or a word of a pattern. A branch of OR that is no single part gives weight only where it
 * matches: the words of a phrase that an article does not hold give it nothing.
 * Call order:  score_new (score_segment score_of* )* score_free; docids rise within a segment
 * Source:      Robertson et al., Okapi at TREC-3 (1994), in the form of Xapian 1.4.
 * Threads:     one owner.   Used by: rank.c, rank_why.c. */
#ifndef ND_LANG_SCORE_H
#define ND_LANG_SCORE_H

#include "lang/match_in.h"

struct score;

/* BM25's parameters as the options of a match say. */
struct score_options {
    double k1, b;
};
struct score_options score_options_of(const struct nd_match *m);

/* What a plan weighs. m, plan: borrowed until score_free. Fails: ND_CORRUPT, ND_IO, ND_NOMEM. */
int score_new(struct score **out, struct nd_match *m, const struct nd_plan *plan,
              struct nd_error *err);
/* Begin a segment. */
int score_segment(struct score *s, size_t segment, struct nd_error *err);
/* The score of an article behind the last one asked for. Cost: 10 to 20 ns a part. */
int score_of(struct score *s, uint32_t docid, double *score, struct nd_error *err);
void score_free(struct score *s);

#endif
