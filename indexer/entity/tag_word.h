/* tag_word.h: the distinct words that a tagger has met, with what depends on each alone.
 * Call order:  nd_words_init (nd_words_intern* nd_words_reset)* nd_words_free
 * Invariants:  numbers are dense and hold until reset; so do lower-case numbers (nd_attr.lid).
 * Threads:     one owner.   Used by: tag.c, train/. */
#ifndef ND_ENTITY_TAG_WORD_H
#define ND_ENTITY_TAG_WORD_H

#include "base/map.h"
#include "entity/feature.h"
#include "entity/model.h"

/* Name lists from elsewhere, asked once per distinct word and once per sentence. */
struct nd_tag_names {
    void *self;
    /* Classes, a bit each, of a word in normal form (nd_feature_norm). */
    uint32_t (*word)(void *self, const char *p, size_t n);
    /* For the units of a sentence, set class[i] of all units of the longest phrases that are names: class
     * (1..127) << 1 | 1 for its first unit. class is zeroed before the call. */
    void (*phrases)(void *self, const struct nd_unit *units, size_t n, uint8_t *class);
};

struct nd_words {
    struct nd_map raw, lower;
    struct nd_attr *attr; /* by number */
    uint32_t cap;
    const struct nd_table *lexicon; /* borrowed */
    struct nd_tag_names names;      /* all NULL: none */
};

/* max: bytes that the words may take. Fails: ND_NOMEM. */
int nd_words_init(struct nd_words *w, const struct nd_table *lexicon, size_t max);
void nd_words_free(struct nd_words *w);
void nd_words_reset(struct nd_words *w);
/* The number of a unit's text. Fails: ND_NOMEM, ND_LIMIT. */
int nd_words_intern(struct nd_words *w, const char *p, size_t n, uint32_t *out);
/* Features of a word at an offset from the unit. Return: how many, in out. */
size_t nd_words_features(const struct nd_words *w, uint32_t number, int offset,
                         uint32_t out[ND_FEATURES_MAX]);

#endif
