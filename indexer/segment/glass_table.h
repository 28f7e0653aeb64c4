/* glass_table.h: writes one table file of a glass database, a B-tree, from lowest key to highest.
 * Call order:  nd_glass_table_init nd_glass_table_add* nd_glass_table_finish;
 *              nd_glass_table_close at any time
 * Invariants:  keys rise strictly; one block is open per level; a block is written once, when it
 *              is full, and its number is the order of writing, so that leaves follow each other
 *              and the file is one stream.
 * File:        made by the first entry, or by finish if `always`; on disk for sure after finish.
 * Threads: one owner.   Used by: glass.c, glass_merge.c, the encoders.
 *
 * Format (blocks of one size, numbers big-endian):
 *   block  u32 revision 1 | u8 level, 0 leaf | u16 free | u16 free | u16 end of directory
 *          | u16 offset of each item
 *          items lie from the end downwards in key order, the gap before them is zero
 *   leaf   u16 flags and size - 3 | u8 key length | key | u16 component, absent in the first | tag
 *          flags: 15 compressed, 14 last component, 13 first component; a tag too long for one
 *          item is cut into components
 *   branch u32 child block | u8 key length | dividing key | u16 component; the first key is empty
 *   The first leaf begins with the null item: empty key, empty tag. */
#ifndef ND_SEGMENT_GLASS_TABLE_H
#define ND_SEGMENT_GLASS_TABLE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ND_GLASS_LEVELS = 10,   /* deepest tree that readers take */
    ND_GLASS_KEY_MAX = 255, /* bytes of a key */
    ND_GLASS_BLOCK_MIN = 2048,
    ND_GLASS_BLOCK_MAX = 65536,
    ND_GLASS_BLOCK_HEAD = 11, /* bytes before the directory */
    ND_GLASS_ITEM_MAX = 0x1fff + 3,
    ND_GLASS_COMPONENTS = 65535, /* most components of a tag */
    ND_GLASS_LAST = 0x4000,      /* flags of a leaf item */
    ND_GLASS_FIRST = 0x2000,
    ND_GLASS_COMPRESSED = 0x8000
};

/* The open block of one level. */
struct nd_glass_level {
    unsigned char *block; /* NULL until the level is used */
    uint32_t dir_end;     /* just past the directory */
    uint32_t low;         /* lowest item */
    uint32_t written;     /* blocks of this level already written */
    uint16_t left_x;      /* component of the key that divides this block from the one before */
    uint8_t left_n;
    unsigned char left[ND_GLASS_KEY_MAX];
};

struct nd_glass_table {
    char *path; /* owned */
    int fd;     /* -1 while there is no file */
    uint32_t block_size;
    uint32_t blocks;  /* handed to the file so far */
    uint64_t entries; /* keys, without the null item */
    uint32_t root, root_level;
    bool finished, failed;
    uint32_t *sums; /* checksum of each block (record/tablesums.h); owned */
    unsigned char *out; /* blocks on their way to the file */
    size_t out_n;
    uint8_t last_n; /* highest key so far */
    unsigned char last[ND_GLASS_KEY_MAX];
    struct nd_glass_level level[ND_GLASS_LEVELS];
};

/* Prepare a table; nothing is made on disk.
 * path:   of the table file, copied.
 * block_size: a power of two, ND_GLASS_BLOCK_MIN to ND_GLASS_BLOCK_MAX.
 * Fails:  ND_NOMEM, ND_INTERNAL (block size); t can be closed in any case. */
int nd_glass_table_init(struct nd_glass_table *t, const char *path, uint32_t block_size,
                        struct nd_error *err);

/* Append an entry.
 * key:    1..255 bytes, above every key before it.
 * tag:    any length, may be empty; compressed: it is one raw deflate stream.
 * Fails:  ND_INTERNAL key out of order or of a wrong length; ND_LIMIT tag too long, table too
 *         deep; ND_NOMEM; ND_IO. The table is of no use after a failure.
 * Cost:   one copy of the tag. */
int nd_glass_table_add(struct nd_glass_table *t, const void *key, size_t key_n, const void *tag,
                       size_t tag_n, bool compressed, struct nd_error *err);

/* Write what is open and fsync the file.
 * always: make a file even if no entry came. Otherwise blocks stays 0 and there is none.
 * Fails:  ND_NOMEM, ND_IO. */
int nd_glass_table_finish(struct nd_glass_table *t, bool always, struct nd_error *err);

/* Free the memory; a file that finish did not complete is removed. A zeroed t is allowed. */
void nd_glass_table_close(struct nd_glass_table *t);

#endif
