/* glass.h: writes a glass database (Xapian 1.4) from below: each table once, in key order.
 * Call order:  nd_glass_open (data | lengths | metadata | termlist | positions)* postings*
 *              nd_glass_finish nd_glass_close
 *              Each table has its own order; lengths and metadata come before postings.
 * Invariants:  documents are 1..n without gaps; nothing is a database until finish has renamed
 *              iamglass into place, so that a crash leaves a folder that readers refuse.
 * Threads: one owner.   Used by: the segment builder, glass_merge.c.
 * Beside the tables it writes the checksums of their blocks (record/tablesums.h, which has the tables in this order).
 * Source: the 2016-03-14 format of xapian-core 1.4.
 *
 * Format of iamglass (at most 256 bytes):
 *   0f 0d "Xapian Glass" | u16 version 04 6e | 16 bytes UUID | uint revision 1
 *   six tables (postlist, docdata, termlist, position, spelling, synonym), each:
 *     uint root block | uint levels << 2 | sequential << 1 | no file | uint keys
 *     | uint block size / 2048 | uint least length to compress
 *     | string free list: uint revision, uint blocks, four uint 0
 *   uint documents | uint last docid - documents | uint least length above 0 | uint greatest wdf
 *   | uint greatest length - greatest wdf | uint 0 | uint sum of lengths | uint 0 (spelling) */
#ifndef ND_SEGMENT_GLASS_H
#define ND_SEGMENT_GLASS_H

#include "segment/glass_encode.h"
#include "segment/glass_postlist.h"
#include "segment/glass_table.h"

/* The tables, in iamglass's order. */
enum nd_glass_which {
    ND_GLASS_POSTLIST,
    ND_GLASS_DOCDATA,
    ND_GLASS_TERMLIST,
    ND_GLASS_POSITION,
    ND_GLASS_TABLES,                     /* those that are written */
    ND_GLASS_SPELLING = ND_GLASS_TABLES, /* these two are always empty */
    ND_GLASS_SYNONYM,
    ND_GLASS_ALL_TABLES
};

enum {
    ND_GLASS_UUID = 16,
    ND_GLASS_VERSION_MAX = 256, /* bytes of iamglass */
    ND_GLASS_BLOCK_SIZE = 8192, /* by default */
    ND_GLASS_LEVEL = 6          /* of deflate, by default */
};

struct nd_glass_options {
    bool complete;       /* with term lists and positions */
    uint32_t block_size; /* 0: ND_GLASS_BLOCK_SIZE */
    int level;           /* 0: ND_GLASS_LEVEL */
};

/* The statistics that readers take from iamglass. */
struct nd_glass_stats {
    uint32_t documents, last_docid;
    uint32_t length_min; /* of the documents with a length above 0; 0 if there is none */
    uint32_t length_max, wdf_max;
    uint64_t length_sum;
};

/* What was written, for reports. Bytes; 0 for a table without a file. */
struct nd_glass_sizes {
    uint64_t postlist, docdata, termlist, position, version;
    uint64_t terms;
    uint32_t documents;
};

struct nd_glass {
    char *dir; /* owned */
    bool complete, in_postings, failed, finished;
    struct nd_glass_table tables[ND_GLASS_TABLES];
    struct nd_postlist postlist;
    struct nd_glass_zip zip;
    struct nd_buf tag;
    struct nd_glass_stats stats;
    uint32_t *lengths;  /* of documents 1..stats.documents, until they are written */
    uint32_t top_docid; /* highest docid of document data, term lists and positions */
    uint64_t terms;
};

/* Begin a database.
 * dir:     an existing folder without a database; options: NULL for the defaults.
 * Fails:   ND_NOMEM, ND_INTERNAL (options); *out is NULL then. */
int nd_glass_open(struct nd_glass **out, const char *dir, const struct nd_glass_options *options,
                  struct nd_error *err);

/* Store the data of a document; docids ascending. Empty data is not stored.
 * Fails: ND_INTERNAL order; ND_IO, ND_NOMEM, ND_LIMIT. */
int nd_glass_data(struct nd_glass *g, uint32_t docid, const void *p, size_t n,
                  struct nd_error *err);

/* Set the lengths of documents 1..n, once: lengths[docid - 1]; 0 is allowed. Copied.
 * Never called: the database has no documents. Fails: ND_INTERNAL, ND_NOMEM. */
int nd_glass_lengths(struct nd_glass *g, const uint32_t *lengths, uint32_t n, struct nd_error *err);

/* Store metadata; keys ascending, at most 253 bytes, values not empty (an empty one is not stored).
 * Fails: ND_INTERNAL; ND_IO, ND_NOMEM, ND_LIMIT. */
int nd_glass_metadata(struct nd_glass *g, const char *key, size_t key_n, const void *value,
                      size_t value_n, struct nd_error *err);

/* Store the posting list of a term; terms in ascending byte order, a list of 0 postings is not
 * stored.
 * term:   1 to 245 bytes, a NUL counts twice; docids ascending, within the lengths; wdfs: NULL for
 *         all 0.
 * Fails:  ND_INTERNAL term too long, out of order; ND_LIMIT sum of wdf above 32 bits; ND_IO,
 *         ND_NOMEM. */
int nd_glass_postings(struct nd_glass *g, const char *term, size_t n, const uint32_t *docids,
                      const uint32_t *wdfs, uint32_t count, struct nd_error *err);

/* Store the terms of a document (complete databases alone); docids ascending, each of 1..n once.
 * terms:  in ascending byte order; length: the sum of their wdf, as given to nd_glass_lengths.
 * Fails:  ND_INTERNAL; ND_IO, ND_NOMEM, ND_LIMIT. */
int nd_glass_termlist(struct nd_glass *g, uint32_t docid, const struct nd_glass_term *terms,
                      size_t n, uint32_t length, struct nd_error *err);

/* Store the positions of a term in a document (complete databases alone), ascending by term, then
 * by docid.
 * positions: strictly ascending; an empty list is not stored.
 * Fails:  ND_INTERNAL; ND_IO, ND_NOMEM, ND_LIMIT. */
int nd_glass_positions(struct nd_glass *g, const char *term, size_t n, uint32_t docid,
                       const uint32_t *positions, uint32_t count, struct nd_error *err);

/* Write all to disk (fsync), then iamglass (written beside, renamed), then the folder.
 * uuid:   16 bytes, different for each database.   sizes: filled if not NULL.
 * Fails:  ND_INTERNAL what was stored does not agree; ND_IO, ND_NOMEM: there is no database. */
int nd_glass_finish(struct nd_glass *g, const unsigned char *uuid, struct nd_glass_sizes *sizes,
                    struct nd_error *err);

/* Free g, which may be NULL; tables of a database that was not finished are removed. */
void nd_glass_close(struct nd_glass *g);

/* The file name of a table. */
const char *nd_glass_file(enum nd_glass_which which);

#endif
