/* feature.h: what the tagger looks at, as 32-bit hashes; shared by tagger and trainer.
 * Three kinds: of a word at an offset from the unit (they depend on the word alone, so their sum
 *              can be kept),
 * of the unit's surroundings (pairs, the run of capitals, the kind of sentence), and of the
 * document (what a first pass said about the same words elsewhere).
 * Threads: no shared state.   Used by: tag.c, tag_vote.c, train/. */
#ifndef ND_ENTITY_FEATURE_H
#define ND_ENTITY_FEATURE_H

#include "entity/tag_unit.h"

enum nd_kase { /* letters of a word */
    ND_KASE_LOWER = 0,
    ND_KASE_TITLE,   /* Moscow */
    ND_KASE_UPPER,   /* NATO */
    ND_KASE_MIXED,   /* McDonald, Jong-Un */
    ND_KASE_INNER,   /* iPhone, al-Assad */
    ND_KASE_INITIAL, /* J */
    ND_KASE_DIGITS,
    ND_KASE_ALNUM, /* G20, 19th */
    ND_KASE_MARK,  /* punctuation */
    ND_KASES
};

enum nd_sentence_mode {
    ND_MODE_PLAIN = 0,
    ND_MODE_UPPER = 1, /* all capitals */
    ND_MODE_TITLE = 2  /* title case, as headlines are */
};

enum {
    ND_FEATURES_MAX = 96, /* hashes that one call gives at most */
    ND_OFFSETS = 5        /* -2 .. 2 */
};

/* What the word lists know of a word. */
struct nd_lexeme {
    uint16_t c64, c256, c1024; /* clusters, from 1; 0 unknown */
    uint8_t capital;           /* class of the share of capitals in a large corpus, 0 unknown */
    uint8_t learned;           /* what such words were labelled in a large corpus, 0 unknown */
};

/* A distinct word as printed (digits as 0), with all that depends on it alone. */
struct nd_attr {
    uint32_t exact, lower, shape, cshape, suffix; /* hashes */
    struct nd_lexeme lex;
    uint32_t gaz;      /* gazetteer classes, a bit each */
    uint64_t fold;     /* gazetteer's hash of the word */
    uint64_t id;       /* hash of the text as printed, which all the rest follows from */
    uint32_t lid;      /* number of its lower-case form among the words; the caller's */
    uint8_t kase, len; /* enum nd_kase; characters, at most 255 */
};

/* Bring a unit's text into the form that words are compared by: apostrophes straight, no dots in
 * initials, and digits 0 unless they are to stay. out: ND_UNIT_MAX bytes. Return: bytes written, at
 * least 1. */
size_t nd_feature_norm(const char *p, size_t n, bool digits_stay, char *out);
/* The same in lower case. */
size_t nd_feature_lower(const char *p, size_t n, char *out);
/* The hash under which word lists keep a normal form. */
uint32_t nd_feature_hash(const char *p, size_t n);
/* Fill all of a but lex, gaz, fold, id and lid, from a normal form and its lower case. */
void nd_feature_attr(struct nd_attr *a, const char *p, size_t n, const char *lower, size_t lower_n);

/* Features of a word that stands at the offset (-2..2) from the unit. Return: how many, in out. */
size_t nd_feature_word(const struct nd_attr *a, const char *p, size_t n, const char *lower,
                       size_t lower_n, int offset, uint32_t out[ND_FEATURES_MAX]);

/* A sentence as the surroundings see it. */
struct nd_sentence {
    const struct nd_unit *units;
    const struct nd_attr *const *attrs; /* by unit of the sentence */
    const uint8_t
        *phrase; /* by unit: kinds of the longest known phrase << 1 | first of it; or NULL */
    size_t n;
    unsigned mode; /* enum nd_sentence_mode */
};

/* The kind of sentence. */
unsigned nd_feature_mode(const struct nd_unit *units, size_t n);
/* Features of the surroundings of unit i. Return: how many, in out. */
size_t nd_feature_context(const struct nd_sentence *s, size_t i, uint32_t out[ND_FEATURES_MAX]);

/* Mix a template's number and up to three values into a feature. */
static inline uint32_t nd_mix(uint32_t t, uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t h = (uint64_t)a * 0x9e3779b97f4a7c15u + (uint64_t)b * 0xc2b2ae3d27d4eb4fu +
                 (uint64_t)c * 0x165667b19e3779f9u + (uint64_t)t * 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return (uint32_t)(h >> 32);
}

#endif
