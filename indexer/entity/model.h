/* model.h: the tagger's model file: weights of two passes, transitions, and the word list.
 * File:        sections.h, kind "NERM", version 1; all numbers little-endian:
 *   1 u32 labels (17), u32 rows of pass 1, u32 rows of pass 2, u32 words
 *   2 i16 transition from label to label, of pass 1, then of pass 2, in units of 1 / 256
 *   a table of pass 1 in 10 11 12, of pass 2 in 20 21 22, of the words in 30 31 32:
 *     u32 number of the first row of each of 65,536 buckets by the high half of the hash, and the
 *         end
 *     u16 low half of the hash of each row, rising in a bucket
 *     the rows: of a pass u8 scale, i8 weight of each label but 0 (a weight is scale * value /
 *     2048, relative to that of label 0);
 *     of the words u8 cluster of 64, u8 of 256, u16 of 1,024, u8 class of capitals, u8 class
 *     learned
 * Opening checks every block and every number that is used as an index, and spreads the rows out in
 * memory.
 * Threads:     read only once open; may be shared.   Used by: tag.c, train/. */
#ifndef ND_ENTITY_MODEL_H
#define ND_ENTITY_MODEL_H

#include "entity/crf.h"
#include "entity/feature.h"
#include "record/sections.h"

enum {
    ND_MODEL_VERSION = 1,
    ND_BUCKETS = 65536,
    ND_ROW = 1 + ND_LANES, /* bytes of a row of weights */
    ND_ROW_UNIT = 2048,
    ND_WORD_ROW = 6,
    ND_PASSES = 2
};

/* Rows by hash. */
struct nd_table {
    const unsigned char *dir, *keys, *rows;
    uint32_t n, width;
};

enum {
    ND_LINE_ROWS = 3
};

/* Rows of a pass as they are looked up: as many as a cache line holds. */
struct nd_line {
    uint32_t hash[ND_LINE_ROWS];
    uint8_t scale[ND_LINE_ROWS]; /* 0: free */
    uint8_t unused;
    int8_t v[ND_LINE_ROWS][ND_LANES];
};

/* The rows of a pass in memory: in the line that the hash's share of the table gives, or where it is
 * full in the next ones. */
struct nd_lines {
    struct nd_line *v;
    uint32_t n, rows;
};

struct nd_model {
    struct nd_sections file;
    struct nd_lines lines[ND_PASSES];
    struct nd_table words;
    struct nd_crf crf[ND_PASSES];
};

/* Open a model file; path NULL: the one that is part of the program.
 * Fails: ND_MISSING, ND_IO, ND_CORRUPT, ND_VERSION, ND_NOMEM; m is closed then. */
int nd_model_open(struct nd_model *m, const char *path, struct nd_error *err);
void nd_model_close(struct nd_model *m);

/* The line where the search for a hash begins. */
static inline uint32_t nd_lines_at(const struct nd_lines *c, uint32_t hash)
{
    return (uint32_t)((uint64_t)hash * c->n >> 32);
}

/* The row of a hash, NULL if there is none. */
static inline const unsigned char *nd_table_row(const struct nd_table *t, uint32_t hash)
{
    const unsigned char *d = t->dir + (size_t)(hash >> 16) * 4;
    uint32_t i = nd_load32(d), end = nd_load32(d + 4);
    for (; i < end; i++) {
        const unsigned char *k = t->keys + (size_t)i * 2;
        if (((uint32_t)k[0] | (uint32_t)k[1] << 8) == (hash & 0xffff))
            return t->rows + (size_t)i * t->width;
    }
    return NULL;
}

/* What a word list says of a word, given in normal form and in lower case: the word as it is, else
 * in small letters, else (for capitals) with the first letter a capital. All zero if it has none of
 * these. */
struct nd_lexeme nd_table_lexeme(const struct nd_table *words, const char *p, size_t n,
                                 const char *lower, size_t lower_n);

#endif
