/* glass_read.h: reads the tables of a glass database from first entry to last, for merging.
 * Call order:  nd_glass_db_open (nd_glass_cursor_open nd_glass_cursor_next*
 *              nd_glass_cursor_close)* nd_glass_db_close
 * Invariants:  files are mapped and never trusted: every offset and length is checked before it is
 *              used; keys that do not rise, blocks that overlap and counts that do not agree are
 *              ND_CORRUPT.
 * Takes what glass.c writes, and what libxapian's own compaction writes: leaves in order of their
 * block numbers, no free blocks.   Threads: one owner.   Used by: glass_merge.c, verify. */
#ifndef ND_SEGMENT_GLASS_READ_H
#define ND_SEGMENT_GLASS_READ_H

#include "base/file.h"
#include "segment/glass.h"

/* One table as iamglass tells it. */
struct nd_glass_root {
    bool fake; /* no file */
    uint32_t block_size, blocks;
    uint64_t entries;
};

struct nd_glass_db {
    char *dir; /* owned */
    unsigned char uuid[ND_GLASS_UUID];
    struct nd_glass_root roots[ND_GLASS_ALL_TABLES];
    struct nd_glass_stats stats;
    struct nd_mapped files[ND_GLASS_TABLES]; /* empty for a table without a file */
};

/* Map a database. Zero-initialise db; it can be closed in any case.
 * Fails: ND_MISSING, ND_IO, ND_NOMEM; ND_VERSION not glass of Xapian 1.4; ND_CORRUPT. */
int nd_glass_db_open(struct nd_glass_db *db, const char *dir, struct nd_error *err);
void nd_glass_db_close(struct nd_glass_db *db);

/* A place in a table. Zero-initialise. */
struct nd_glass_cursor {
    const struct nd_glass_db *db; /* borrowed */
    enum nd_glass_which which;
    uint32_t block, next_item, dir_end; /* the open block; the item to read next */
    uint32_t dropped;                   /* blocks whose memory was given back */
    uint32_t used;                      /* bytes of the open block that items took so far */
    uint64_t seen;
    bool in_block, started, ended;
    /* the entry, good until the next call (the key until the database is closed) */
    const unsigned char *key, *tag;
    size_t key_n, tag_n;
    bool compressed;
    struct nd_buf whole; /* a tag of several components, put together */
};

/* Stand before the first entry of a table, which may be one without a file. */
void nd_glass_cursor_open(struct nd_glass_cursor *c, const struct nd_glass_db *db,
                          enum nd_glass_which which);
/* Move to the next entry. Return: 0, ND_DONE at the end. Fails: ND_CORRUPT, ND_NOMEM.
 * Cost: no copy, except of a tag that several blocks share. */
int nd_glass_cursor_next(struct nd_glass_cursor *c, struct nd_error *err);
void nd_glass_cursor_close(struct nd_glass_cursor *c);

/* ND_CORRUPT with the name of the table. */
int nd_glass_corrupt(const struct nd_glass_cursor *c, const char *what, struct nd_error *err);

#endif
