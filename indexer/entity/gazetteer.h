/* gazetteer.h: compact lists of names: what classes a word has, and which known name starts at a word.
 * One file, part of the program, used as it lies: no table is built at start.
 * File:        sections.h, kind "GAZT", version 1; all numbers little-endian:
 *   1 u32 words, u32 nodes, u32 rows, u32 countries
 *   2 u32 first entry in 3 and 4 per bucket of words, and the end; 2^15 buckets by the top bits of the hash
 *   3 u16 bits 16..31 of the hash of each word, rising in a bucket   4 u16 classes (ND_GAZ_) of each
 *   5 u32 first entry in 6 and 7 per bucket of phrases, and the end; 2^14 buckets by the top bits
 *   6 u32 low half of the hash of each phrase and of each start of one, rising in a bucket
 *   7 u32 per entry of 6: row + 1 (0: only the start of a longer one) << 1 | 1 where a longer one goes on
 *   8 rows of 12 bytes, those of one phrase next to each other (struct nd_gaz_row)
 *   9 u32 offset in 10, u32 length per country: its id; number 0 is none   10 text of ids
 * Words are hashed in folded form (nd_fold), those that are names only in capitals in capitals too. A phrase is
 * the folded words of the tokenizer; its hash mixes those of its words, so that one pass of hashing serves all.
 * Threads:     read only once open; may be shared.   Used by: resolve.c, canon.c, the tagger's features. */
#ifndef ND_ENTITY_GAZETTEER_H
#define ND_ENTITY_GAZETTEER_H

#include "base/arena.h"
#include "record/article.h"
#include "record/sections.h"

enum {                     /* classes of a single word */
    ND_GAZ_FIRST = 1 << 0, /* a first name */
    ND_GAZ_SURNAME = 1 << 1,
    ND_GAZ_PLACE = 1 << 2,      /* stands in the name of a city, state, region */
    ND_GAZ_COUNTRY = 1 << 3,    /* stands in the name of a country */
    ND_GAZ_ORG = 1 << 4,        /* stands in the name of a known organisation */
    ND_GAZ_ORG_KIND = 1 << 5,   /* says what kind of organisation: ministry, university, inc */
    ND_GAZ_PLACE_KIND = 1 << 6, /* says what kind of place: river, island, street */
    ND_GAZ_DEMONYM = 1 << 7,    /* Russian, Muslims */
    ND_GAZ_TITLE = 1 << 8,      /* Mr, Gen, president, spokesman */
    ND_GAZ_DATE = 1 << 9,       /* Monday, September */
    ND_GAZ_PARTICLE = 1 << 10,  /* de, von, bin, al */
    ND_GAZ_MISC_KIND = 1 << 11, /* war, prize, cup, act */
    ND_GAZ_ACRONYM = 1 << 12,   /* a known one, printed in capitals */
    ND_GAZ_KNOWN = 1 << 13,     /* stands in the name of a known person */
    ND_GAZ_PRONOUN = 1 << 14,   /* he, they, this: never a name alone */
    ND_GAZ_ASIAN = 1 << 15      /* a surname that stands first: Kim, Xi */
};

enum nd_gaz_kind { /* of a row; a phrase's classes are a bit each */
    ND_KIND_PERSON = 0,
    ND_KIND_ORG = 1,
    ND_KIND_COUNTRY = 2,
    ND_KIND_CITY = 3,
    ND_KIND_REGION = 4,
    ND_KIND_MISC = 5,
    ND_KINDS = 6
};

enum {                     /* flags of a row */
    ND_ROW_MORE = 1 << 0,  /* the next row is of the same phrase */
    ND_ROW_CAPS = 1 << 1,  /* only if the text has it in capitals */
    ND_ROW_FORCE = 1 << 2, /* its type holds whatever the context */
    ND_ROW_ALIAS = 1 << 3, /* a line of the alias file */
    ND_ROW_LONE =
        1 << 4, /* a lone surname known all over the world: only without a full name near */
    ND_ROW_SECOND = 1 << 5 /* not the first sense of its phrase: only by context */
};

struct nd_gaz_row {
    enum nd_entity_type type;
    uint8_t kind, flags, source; /* enum nd_gaz_kind, ND_ROW_, for nd_gaz_source */
    uint8_t weight;              /* of a place: binary logarithm of its people */
    uint32_t line;               /* in the source */
    uint16_t country;            /* for nd_gaz_country; 0 none */
    struct nd_str id;            /* canonical id; absent: the folded words with blanks between */
};

struct nd_gazetteer {
    struct nd_sections file;
    const unsigned char *word_dir, *word_keys, *word_bits;
    const unsigned char *node_dir, *node_keys, *node_values;
    const unsigned char *rows, *countries, *text;
    uint32_t words_n, nodes_n, rows_n, countries_n;
    size_t text_n;
};

enum {
    ND_GAZ_WORDS_MAX = 10 /* words of the longest phrase */
};

/* Open a gazetteer file; path NULL: the one that is part of the program. All blocks are checked.
 * Fails: ND_MISSING, ND_IO, ND_CORRUPT, ND_VERSION, ND_NOMEM; g is closed then. */
int nd_gaz_open(struct nd_gazetteer *g, const char *path, struct nd_error *err);
void nd_gaz_close(struct nd_gazetteer *g);

/* Classes of a word, as printed or folded: hyphens stay, dots of initials are off. Cost: two searches in a bucket. */
uint32_t nd_gaz_word(const struct nd_gazetteer *g, const char *p, size_t n);
/* Classes of a folded word by its hash. */
uint32_t nd_gaz_word_hashed(const struct nd_gazetteer *g, uint64_t hash);
/* The hash of a folded word. */
uint64_t nd_gaz_hash(const char *folded, size_t n);

/* Mix the hash of a next word into that of the words before it; 0 before the first. */
static inline uint64_t nd_gaz_mix(uint64_t phrase, uint64_t word)
{
    uint64_t h = (phrase ^ word) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

struct nd_gaz_match {
    uint32_t words;  /* of the phrase; 0 none */
    uint32_t row;    /* its first row */
    uint8_t classes; /* 1 << kind of each of its rows that fits the capitals */
};

/* The longest known phrase at the first of n words.
 * hash:  of each folded word.   shape: enum nd_shape of each word; NULL: no word is in capitals.
 * Return: false (and out->words 0) if there is none. A phrase whose first or last word is printed small is none,
 *         except for particles within names of persons.   Cost: a search per word of it. */
bool nd_gaz_longest(const struct nd_gazetteer *g, const uint64_t *hash, const uint8_t *shape,
                    size_t n, struct nd_gaz_match *out);
/* The phrase that is exactly these n words, whatever their case. Return: its first row, UINT32_MAX if none. */
uint32_t nd_gaz_exact(const struct nd_gazetteer *g, const uint64_t *hash, size_t n);
/* A row; text is borrowed. Fails: ND_CORRUPT past the end (then the row is empty). */
int nd_gaz_row(const struct nd_gazetteer *g, uint32_t number, struct nd_gaz_row *out);
/* The id of a country. */
struct nd_str nd_gaz_country(const struct nd_gazetteer *g, unsigned number);
/* The name of the file that rows of a source come from: "aliases.tsv". */
const char *nd_gaz_source(unsigned source);

#endif
