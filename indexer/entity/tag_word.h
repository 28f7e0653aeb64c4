/* tag_word.h: the distinct words that a tagger has met, with what depends on each alone.
 * Call order:  nd_tag_words_init (nd_tag_words_intern* nd_tag_words_reset)* nd_tag_words_free
 * Invariants:  numbers are dense and hold until reset; so do lower-case numbers (nd_attr.lid).
 * Threads:     one owner.   Used by: tag.c, train/. */
#ifndef ND_ENTITY_TAG_WORD_H
#define ND_ENTITY_TAG_WORD_H

#include "base/map.h"
#include "entity/feature.h"
#include "entity/gazetteer.h"
#include "entity/model.h"

struct nd_tag_words {
    struct nd_map raw, lower;
    struct nd_attr *attr; /* by number */
    uint32_t cap;
    const struct nd_table *lexicon; /* borrowed */
    const struct nd_gazetteer *gaz; /* borrowed; NULL: none */
};

/* gaz: NULL for none. max: bytes that the words may take. Fails: ND_NOMEM. */
int nd_tag_words_init(struct nd_tag_words *w, const struct nd_table *lexicon,
                      const struct nd_gazetteer *gaz, size_t max);
void nd_tag_words_free(struct nd_tag_words *w);
void nd_tag_words_reset(struct nd_tag_words *w);
/* The number of a unit's text. Fails: ND_NOMEM, ND_LIMIT. */
int nd_tag_words_intern(struct nd_tag_words *w, const char *p, size_t n, uint32_t *out);
/* Features of a word at an offset from the unit. Return: how many, in out. */
size_t nd_tag_words_features(const struct nd_tag_words *w, uint32_t number, int offset,
                             uint32_t out[ND_FEATURES_MAX]);

/* For the units of a sentence, the kinds of the longest known phrases, as nd_sentence.phrase has
 * them. */
void nd_tag_words_phrases(const struct nd_tag_words *w, const struct nd_unit *units,
                          const struct nd_attr *const *attrs, size_t n, uint8_t *phrase);

enum {
    ND_SCORED_WINDOW = 2 /* units on either side of a capital that are scored */
};

/* Mark the units of a sentence that may be of a name (ND_U_SCORED): those near a capital. The first
 * word of a sentence does not count as one where its kind is known to be printed small elsewhere
 * and small words follow. */
void nd_tag_words_scored(struct nd_unit *units, const struct nd_attr *const *attrs, size_t n);

#endif
