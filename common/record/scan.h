/* scan.h: finds codes in the token stream of one article without decoding it.
 * Call order:  nd_scan_choose; nd_codes_init (nd_codes_add* nd_codes_ready) nd_scan_find* nd_codes_free
 * Invariants:  every variant (plain C, SSSE3, NEON, AVX2) gives the same answers; at least 128 readable bytes
 *              lie before and after the stream; a hit is the offset of a code's LAST byte.
 * Sets by size: one code is a compare of its last two bytes, up to ND_CODES_FEW codes are four nibble
 *              tables, up to ND_CODES_SOME these as a sieve before the bitmap that the codes of larger
 *              sets are tested against one by one.
 * Threads:     a set is read-only once ready; nothing is shared.
 * Source:      the format is stream.h's. */
#ifndef ND_RECORD_SCAN_H
#define ND_RECORD_SCAN_H

#include "base/arena.h"
#include "base/status.h"
#include "record/stream.h"

#include <stdbool.h>

enum {
    ND_CODES_FEW = 8,      /* codes of a set that nibble tables tell apart */
    ND_CODES_SOME = 48,    /* codes that they sieve, several to a bit */
    ND_CODES_MAX = 4 << 20 /* codes of any set */
};

enum nd_scan_level { /* which instructions are used */
    ND_SCAN_PLAIN = 0,
    ND_SCAN_16 = 1, /* SSSE3 or NEON: 16 bytes at a time */
    ND_SCAN_AVX2 = 2
};

/* One code of a set. */
struct nd_scan_item {
    uint32_t value; /* word rank, rank of a joined word, number of an entity */
    uint32_t words; /* how many words a hit spans */
    uint8_t mark;   /* ND_WORD_FIRST, ND_MARK_JOINED, ND_MARK_MENTION */
    uint8_t shape;  /* of a word: its usual enum nd_shape */
};

/* A set of codes, sorted by (mark, value), each once. */
struct nd_codes {
    struct nd_scan_item *v; /* owned */
    size_t n, cap;
    bool words_only;               /* all are plain words: every hit spans one */
    struct nd_codes *words, *rest; /* of a mixed set: its plain words, and all others; owned */
    uint64_t *bits[3];             /* of large sets, by value: words, joined, mentions; owned */
    uint32_t bits_n[3];
    unsigned char bytes[ND_CODES_FEW][ND_CODE_MAX]; /* of small sets: the codes as written */
    uint8_t bytes_n[ND_CODES_FEW];
    unsigned char table[4]
                       [16]; /* nibbles of the last byte: low, high; of the one before: low, high */
    unsigned char start[4][16]; /* nibbles of the first byte: low, high; of the second: low, high */
};

/* The best level that this processor has. */
enum nd_scan_level nd_scan_choose(void);

void nd_codes_init(struct nd_codes *c);
void nd_codes_free(struct nd_codes *c);
/* Fails: ND_NOMEM, ND_LIMIT. */
int nd_codes_add(struct nd_codes *c, unsigned mark, uint32_t value, uint32_t words, unsigned shape);
/* Sort, drop repeats, make the tables. To be called once, after the last add. Fails: ND_NOMEM. */
int nd_codes_ready(struct nd_codes *c);
/* The entry of a code, NULL if the set lacks it. */
const struct nd_scan_item *nd_codes_get(const struct nd_codes *c, unsigned mark, uint32_t value);

/* Find the codes of a set in stream[0..n), in order.
 * offsets: room for cap of them.
 * Return:  how many there are, which may be more than cap; then only cap were written. */
size_t nd_scan_find(enum nd_scan_level level, const struct nd_codes *c, const unsigned char *stream,
                    size_t n, uint32_t *offsets, size_t cap);
/* The same of the codes whose last byte is in stream[from..to); the bytes before are still read. */
size_t nd_scan_range(enum nd_scan_level level, const struct nd_codes *c,
                     const unsigned char *stream, size_t from, size_t to, uint32_t *offsets,
                     size_t cap);
/* nd_scan_range of `a`, which may leave out hits that no code of `b` (plain words) can follow, not even after
 * marks: for neighbours, so that most hits of a frequent word are never looked at. */
size_t nd_scan_before(enum nd_scan_level level, const struct nd_codes *a, const struct nd_codes *b,
                      const unsigned char *stream, size_t from, size_t to, uint32_t *offsets,
                      size_t cap);
/* Is there any in stream[from..to)? Stops at the first. */
bool nd_scan_any(enum nd_scan_level level, const struct nd_codes *c, const unsigned char *stream,
                 size_t from, size_t to);
/* How far the next so many words reach: past the last byte of the last of them, or to the first mark below
 * `limit` (1..6) or to n, whichever comes first. words: at least 1. */
size_t nd_scan_ahead(enum nd_scan_level level, const unsigned char *p, size_t at, size_t n,
                     size_t words, unsigned limit);
/* The same backwards: the offset of the last byte of the first of so many words that end before `at`, or what
 * follows the nearest mark below `limit`, or 0. */
size_t nd_scan_back(enum nd_scan_level level, const unsigned char *p, size_t at, size_t words,
                    unsigned limit);
/* Number of words that end in p[0..n): bytes 6..127. */
size_t nd_scan_words(enum nd_scan_level level, const unsigned char *p, size_t n);
/* The same as a map to count from: for every 64 bytes of p[0..n) a bit for each that ends a word, and how many
 * words end before them. masks, before: arrays of n / 64 + 1. Return: the number of words. */
size_t nd_scan_map(enum nd_scan_level level, const unsigned char *p, size_t n, uint64_t *masks,
                   uint32_t *before);
/* How many words end before each offset, by such a map. */
void nd_scan_number(enum nd_scan_level level, const uint64_t *masks, const uint32_t *before,
                    const uint32_t *offsets, size_t n, uint32_t *words);
/* Bytes of p[0..n) below `limit` (1..6), that is the last bytes of marks: as nd_scan_find. */
size_t nd_scan_below(enum nd_scan_level level, const unsigned char *p, size_t n, unsigned limit,
                     uint32_t *offsets, size_t cap);
/* Decode the code whose last byte is at stream[at]. Return: its first byte's offset. */
size_t nd_scan_code(const unsigned char *stream, size_t at, unsigned *mark, uint32_t *value);

#endif
