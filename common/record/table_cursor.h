/* table_cursor.h: entries of Xapian's tables, found by key and read one after the other, from blocks that are mapped and
 * checked. Private to postlist.c and docdata.c.
 * Invariants:  nothing of a block is trusted; what a cursor gives is good until its next call. */
#ifndef ND_RECORD_TABLE_CURSOR_H
#define ND_RECORD_TABLE_CURSOR_H

#include "record/tablesums_in.h"

enum {                   /* bits of an item's size */
    ITEM_FIRST = 0x2000, /* its first component */
    ITEM_LAST = 0x4000,
    ITEM_COMPRESSED = 0x8000,
    ITEM_SIZE = 0x1fff
};

struct table_cursor {
    struct nd_tablesums *t;
    struct table *x;
    uint32_t leaf, item;          /* where it stands */
    const unsigned char *at, *to; /* the tag; who reads it may move at */
    struct nd_buf
        whole; /* a tag of several items, put together; to be initialised and freed by the owner */
};

/* An item of a leaf. */
struct table_item {
    const unsigned char *key, *tag;
    size_t key_n, tag_n;
    uint32_t flags, x; /* x: its component */
};

/* Stand at the last first component whose place is not behind `at`.
 * Return: ND_DONE if there is none. Fails: ND_CORRUPT, ND_IO. */
int table_cursor_find(struct table_cursor *p, const struct place *at, struct table_item *out,
                      struct nd_error *err);
/* Stand at the item behind. Return: ND_DONE at the end of the table. Fails: ND_CORRUPT, ND_IO. */
int table_cursor_next(struct table_cursor *p, struct table_item *out, struct nd_error *err);
/* The tag, as it is stored, of the item at which the cursor stands, in p->at..p->to; the cursor moves to its last
 * component. Fails: ND_CORRUPT, ND_IO, ND_NOMEM. */
int table_cursor_tag(struct table_cursor *p, const struct table_item *first, struct nd_error *err);

#endif
