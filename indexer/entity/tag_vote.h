/* tag_vote.h: what a first pass said about the words of a document, as features of the second.
 * Each capitalised occurrence of a word votes for the type it was given there; sentences in
 * capitals or title case do not vote; a unit's own vote is taken out before it is asked for.
 * Call order:  nd_votes_init (nd_votes_begin nd_votes_count* nd_votes_features*)* nd_votes_free
 * Threads:     one owner.   Used by: tag.c, train/. */
#ifndef ND_ENTITY_TAG_VOTE_H
#define ND_ENTITY_TAG_VOTE_H

#include "entity/crf.h"
#include "entity/feature.h"

enum {
    ND_VOTE_OUTSIDE = 4, /* votes for no name */
    ND_VOTE_KINDS = 5
};

struct nd_vote {
    uint32_t round;              /* of nd_votes_begin that it belongs to */
    uint16_t all[ND_VOTE_KINDS]; /* by type */
    uint16_t first[4], last[4];  /* as first, last word of a name of several units */
    uint16_t small;              /* times in small letters */
};

struct nd_votes {
    struct nd_vote *v; /* by lower-case number */
    uint32_t cap, round;
};

void nd_votes_init(struct nd_votes *v);
void nd_votes_free(struct nd_votes *v);
/* Start a document whose words have lower-case numbers below lids. Fails: ND_NOMEM. */
int nd_votes_begin(struct nd_votes *v, uint32_t lids);
/* Count a sentence with the labels of the first pass. */
void nd_votes_count(struct nd_votes *v, const struct nd_sentence *s, const uint8_t *labels);
/* Do the other votes on the word of unit i say what its label says, or nothing? */
bool nd_votes_agree(const struct nd_votes *v, const struct nd_sentence *s, const uint8_t *labels,
                    size_t i);
/* Features of unit i of a sentence that was counted with these labels. Return: how many, in out. */
size_t nd_votes_features(const struct nd_votes *v, const struct nd_sentence *s,
                         const uint8_t *labels, size_t i, uint32_t out[ND_FEATURES_MAX]);

#endif
