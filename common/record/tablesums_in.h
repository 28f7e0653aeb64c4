/* tablesums_in.h: what the checksums of tables and the readers of tables share. Private to tablesums.c, postlist.c.
 * A place is a key and a component of its entry; find leads to the leaf in which it is, or would be. */
#ifndef ND_RECORD_TABLESUMS_IN_H
#define ND_RECORD_TABLESUMS_IN_H

#include "base/buf.h"
#include "record/sections.h"
#include "record/tablesums.h"

enum {
    BLOCK_HEAD = 11, /* bytes before a block's directory of items */
    KEY_MAX = 256 + 16
};

/* What is known of a block. */
enum {
    UNSEEN,
    LEAF,
    BRANCH
};

struct table {
    int fd; /* -1: no file */
    uint32_t blocks, block_size, root, levels;
    const unsigned char *sums;
    unsigned char *seen; /* a byte a block */
    const unsigned char
        *map; /* of the whole file, once a block is looked at here and not by libxapian */
};

struct nd_tablesums {
    char *dir;
    struct nd_buf bytes; /* of the file */
    struct nd_sections file;
    struct table tables[ND_TABLES];
    unsigned char *buffer; /* READ or a block, what is more */
};

/* A key, and the component of its entry that is meant. */
struct place {
    unsigned char key[KEY_MAX];
    size_t n;
    uint32_t x;
};

/* ND_CORRUPT, with the table's file and what is wrong. */
int tablesums_damaged(const struct nd_tablesums *t, const struct table *x, const char *what,
                      struct nd_error *err);
/* A block in memory, checked. Fails: ND_CORRUPT, ND_IO. */
int tablesums_block(struct nd_tablesums *t, struct table *x, uint32_t number,
                    const unsigned char **out, struct nd_error *err);
/* The leaf that a place is in, or would be. Fails: ND_CORRUPT, ND_IO. */
int tablesums_find(struct nd_tablesums *t, struct table *x, const struct place *at, uint32_t *leaf,
                   struct nd_error *err);
/* Which of two places comes first: below 0, 0, above 0. */
int tablesums_compare(const unsigned char *key, size_t n, uint32_t x, const struct place *with);
/* How a term stands in keys. Terms that are too long are cut: they are in no table. */
void tablesums_term_key(struct place *k, const char *term, size_t n);
/* A docid in keys: its bytes from the highest, the first of them led by a bit for each byte beyond the second. */
void tablesums_put_docid(struct place *k, uint32_t v);

#endif
