/* column.h: fixed-width and list columns of a segment, memory-mapped; with the value lists they point into.
 * Sections (sections.h, kind "COLS", version 1): 0 holds u32 articles; enum nd_column_id for the numbers; list
 * columns add a section of u32 offsets, counted in items, one per row and the end (id + 100); value lists are
 * sections id + 200 (u32 offsets and the end) and id + 300 (text). Value lists are sorted by bytes, each value
 * once, as printed. Row i is docid i + 1. A column of numbers that are the same in all rows holds one row
 * (times of indexing, revisions, versions: 33 of 150 bytes an article). A column that a file lacks (written before it was thought of) reads
 * as its "none".
 * Reading never trusts a length or an ordinal: an accessor past the end gives the column's "none".
 * Threads: one owner. */
#ifndef ND_RECORD_COLUMN_H
#define ND_RECORD_COLUMN_H

#include "base/arena.h"
#include "record/schema.h"
#include "record/sections.h"

struct nd_columns {
    struct nd_sections file;
    uint32_t docs;
    uint32_t checked; /* a bit per column that nd_column_check has passed */
    uint8_t stride[ND_COLUMNS]; /* bytes from row to row of a column without lists: its width, or 0 */
    struct nd_section col[ND_COLUMNS], offsets[ND_COLUMNS], list_at[ND_COLUMNS], list_text[ND_COLUMNS];
};

int nd_columns_open(struct nd_columns *c, const char *path, struct nd_error *err);
void nd_columns_close(struct nd_columns *c);

/* Check a whole column once before a scan of it (a facet, a sort); accessors below then read unchecked
 * memory safely. Single look-ups call it for their rows. Fails: ND_CORRUPT. */
int nd_column_check(struct nd_columns *c, enum nd_column_id id, struct nd_error *err);

/* A number wider than the column reads as none, a narrower one as its first bytes. */
uint8_t nd_column_u8(const struct nd_columns *c, enum nd_column_id id, uint32_t docid);
uint32_t nd_column_u32(const struct nd_columns *c, enum nd_column_id id, uint32_t docid);
uint64_t nd_column_u64(const struct nd_columns *c, enum nd_column_id id, uint32_t docid);
int64_t nd_column_i64(const struct nd_columns *c, enum nd_column_id id, uint32_t docid);
/* width bytes of a row of a wide column, NULL if absent. */
const unsigned char *nd_column_bytes(const struct nd_columns *c, enum nd_column_id id, uint32_t docid,
                                     size_t width);
/* The u32s of a row of a list column; *n is set, 0 if none. Little-endian, unaligned: use nd_load32. */
const unsigned char *nd_column_list(const struct nd_columns *c, enum nd_column_id id, uint32_t docid,
                                    size_t *n);
/* Number of values in a column's value list, and the value of an ordinal (0-based). */
uint32_t nd_column_values(const struct nd_columns *c, enum nd_column_id id);
struct nd_str nd_column_value(const struct nd_columns *c, enum nd_column_id id, uint32_t ordinal);

/* ---- writing: one row per article in order; value lists are sorted and ordinals mapped at finish ---- */
struct nd_columns_writer;
int nd_columns_writer_new(struct nd_columns_writer **out, struct nd_error *err);
void nd_columns_writer_free(struct nd_columns_writer *w);
size_t nd_columns_writer_bytes(const struct nd_columns_writer *w);
/* Start the next row; unset columns hold their "none". */
int nd_columns_writer_row(struct nd_columns_writer *w);
/* v: cut to the column's width; of ND_COL_ORIGIN the offset, which stands beside its value. */
int nd_columns_writer_number(struct nd_columns_writer *w, enum nd_column_id id, uint64_t v);
/* The bytes of a wide column; width must be its own. */
int nd_columns_writer_bytes_of(struct nd_columns_writer *w, enum nd_column_id id, const void *p, size_t width);
/* A value of a single-valued value column, or one more of a list column (repeats in a row are dropped). */
int nd_columns_writer_value(struct nd_columns_writer *w, enum nd_column_id id, struct nd_str v);
/* One more u32 of a list column without a value list (entities). */
int nd_columns_writer_item(struct nd_columns_writer *w, enum nd_column_id id, uint32_t v);
/* Rewrite entity ordinals from the stream writer's arrival numbers to dictionary numbers before finish. */
int nd_columns_writer_remap(struct nd_columns_writer *w, enum nd_column_id id, const uint32_t *map,
                            uint32_t n, unsigned stride);
/* Write and fsync the file; *size (may be NULL) is its length. w is then only good to be freed.
 * A failure of the calls above is kept and reported here too: ND_NOMEM, ND_LIMIT, ND_INTERNAL (a call that does
 * not fit the column). */
int nd_columns_writer_finish(struct nd_columns_writer *w, const char *path, uint64_t *size,
                             struct nd_error *err);

#endif
