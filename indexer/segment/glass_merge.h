/* glass_merge.h: one database out of several whose documents are put one behind the other.
 * Call order:  nd_glass_merge, alone.
 * Docids: those of input 0, then of input 1, ...; deleted documents are left out and the rest
 *         closes up.
 * How: chunks of posting lists, document data, term lists and positions are copied as they are; of
 *      an input with deleted documents the posting lists are decoded, the rest is copied. Small
 *      chunks are put together, so that merging again and again does not make a table of crumbs.
 * Metadata: of inputs with the same key the first wins. Term lists are kept if every input has
 *           them.
 * Threads: one owner; inputs are only read.   Uses: glass_read.h, glass.h. */
#ifndef ND_SEGMENT_GLASS_MERGE_H
#define ND_SEGMENT_GLASS_MERGE_H

#include "segment/glass.h"

struct nd_glass_input {
    const char *dir;
    const unsigned char *deleted; /* bit docid - 1 set: leave it out; NULL: keep all. Borrowed */
    uint32_t deleted_docs;        /* documents that `deleted` tells of; later ones are kept */
};

/* Write the database of all inputs into a folder.
 * dir:    an existing folder without a database.
 * options: NULL for the defaults; `complete` is not asked, the inputs decide.
 * uuid:   16 bytes, new; sizes: filled if not NULL.
 * Fails:  as nd_glass_db_open; ND_CORRUPT an input is damaged; ND_LIMIT more than 2^32 - 2
 *         documents; ND_IO, ND_NOMEM. There is no database in dir then.
 * Cost:   reads and writes every byte once; where documents are deleted, memory of 4 bytes a
 *         document and 8 bytes a posting of the longest list. */
int nd_glass_merge(const char *dir, const struct nd_glass_input *inputs, size_t n,
                   const struct nd_glass_options *options, const unsigned char *uuid,
                   struct nd_glass_sizes *sizes, struct nd_error *err);

#endif
