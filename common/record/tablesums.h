/* tablesums.h: checksums of the blocks of a segment's Xapian tables, which have none of their own: what libxapian is
 * about to read is checked before it does, as it takes damaged blocks for data, and may answer wrongly or crash.
 * Call order:  nd_tablesums_open (nd_tablesums_term | _docid | _prefix | ...)* nd_tablesums_close; writing:
 *              nd_tablesums_write, before iamglass makes the folder a database.
 * Invariants:  a block is checked once. Branch blocks are looked at in a mapping, leaves are read and forgotten, so that
 *              memory does not follow the size of an index. Tables are in ascending order of block numbers, as the
 *              bottom-up writer makes them.
 * File sums:   sections.h, kind "SUMS", version 1; little-endian:
 *   1 four rows (postlist, docdata, termlist, position): u32 blocks, u32 block size, u32 root block, u32 levels above
 *     the leaves; all 0 where there is no file   2 u32 bytes of iamglass, u32 0, u64 nd_hash64 of it
 *   3..6 u32 a block, per table: the low half of nd_hash64 of it, seeded with its number
 * Threads:     one owner.   Used by: common/xap, the segment writer, merge, verify. */
#ifndef ND_RECORD_TABLESUMS_H
#define ND_RECORD_TABLESUMS_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum nd_table { /* in this order on disk */
    ND_TABLE_POSTLIST,
    ND_TABLE_DOCDATA,
    ND_TABLE_TERMLIST,
    ND_TABLE_POSITION,
    ND_TABLES
};

/* A table as it was written. */
struct nd_table_written {
    uint32_t blocks, block_size, root, levels;
    const uint32_t *sums; /* one a block */
};

struct nd_tablesums;

/* The checksum of one block. */
uint32_t nd_tablesums_of(const void *block, size_t n, uint32_t number);
/* Write DIR/sums and fsync it. iamglass: the bytes that it will hold. Fails: ND_IO, ND_NOMEM. */
int nd_tablesums_write(const char *dir, const struct nd_table_written tables[ND_TABLES],
                       const void *iamglass, size_t iamglass_n, struct nd_error *err);

/* Open the checksums of a segment's folder; iamglass and the root of each table are checked.
 * Fails: ND_MISSING no file of that name (a database of somebody else); ND_CORRUPT, ND_IO, ND_VERSION, ND_NOMEM. */
int nd_tablesums_open(struct nd_tablesums **out, const char *dir, struct nd_error *err);
void nd_tablesums_close(struct nd_tablesums *t);

/* Check what is read for these; t may be NULL (nothing is checked). Fails: ND_CORRUPT, ND_IO, ND_NOMEM.
 * Cost: a search in memory; blocks that were not seen yet are read.
 * A term: its first entry, or with all of them. */
int nd_tablesums_term(struct nd_tablesums *t, const char *term, size_t n, int all,
                      struct nd_error *err);
/* What walking on from a term reads until the next one is found; the empty term stands before all. */
int nd_tablesums_walk(struct nd_tablesums *t, const char *term, size_t n, struct nd_error *err);
/* The lengths of all documents. */
int nd_tablesums_lengths(struct nd_tablesums *t, struct nd_error *err);
/* A piece of metadata. */
int nd_tablesums_metadata(struct nd_tablesums *t, const char *key, size_t n, struct nd_error *err);
/* Every block of every table, and the size of each file. */
int nd_tablesums_verify(struct nd_tablesums *t, struct nd_error *err);

#ifdef __cplusplus
}
#endif

#endif
