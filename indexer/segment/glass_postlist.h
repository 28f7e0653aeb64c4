/* glass_postlist.h: writes one posting list after another into a postlist table, in chunks.
 * Call order:  nd_postlist_init (nd_postlist_begin (nd_postlist_add | nd_postlist_copy)*
 *              nd_postlist_end)* nd_postlist_free
 * Invariants:  docids rise; a chunk is closed when it has ND_POSTLIST_CHUNK bytes and more follows.
 * Threads: one owner.   Used by: glass.c, glass_merge_postings.c.
 *
 * Format of a chunk:
 *   first   key the term; tag uint postings, uint sum of wdf, uint first docid - 1, then as all
 *   later   key the term, 00, docid; tag as all
 *   all     '1' if it is the last, else '0'; uint last docid - first docid;
 *           uint wdf of the first; { uint docid - docid before - 1, uint wdf }
 * The document lengths are such a list too: key 00 e0 (no 00 before the docid), both counts 0,
 * lengths as wdf. All after the flag depends on differences alone: a chunk can be moved to other
 * docids as it is, and appended to another chunk with one number between. */
#ifndef ND_SEGMENT_GLASS_POSTLIST_H
#define ND_SEGMENT_GLASS_POSTLIST_H

#include "segment/glass_table.h"

enum {
    ND_POSTLIST_CHUNK = 2000,      /* a chunk of so many bytes is full; skipping is by chunks */
    ND_POSTLIST_CHUNK_MAX = 65536, /* largest chunk that is copied */
    ND_POSTLIST_HEAD = 32          /* room for the numbers before the entries */
};

struct nd_postlist {
    struct nd_glass_table *table; /* borrowed */
    unsigned char key[ND_GLASS_KEY_MAX + 8];
    size_t key_n;    /* of the first chunk */
    size_t key_stem; /* of the others, before the docid */
    uint64_t tf, cf;
    uint32_t first, last; /* docids of the open chunk */
    bool head;            /* the open chunk is the first */
    unsigned char *body;  /* ND_POSTLIST_HEAD, then the entries */
    size_t n;             /* bytes of entries */
};

/* Fails: ND_NOMEM. */
int nd_postlist_init(struct nd_postlist *l, struct nd_glass_table *table, struct nd_error *err);
void nd_postlist_free(struct nd_postlist *l);
/* Begin the list of a term (in the form of a key) with its number of postings and sum of wdf. */
void nd_postlist_begin(struct nd_postlist *l, const unsigned char *term, size_t n, uint64_t tf,
                       uint64_t cf);
/* Begin the list of document lengths. */
void nd_postlist_begin_lengths(struct nd_postlist *l);
/* Append postings. wdfs may be NULL: all 0. Fails: ND_INTERNAL docids not ascending; as
 * nd_glass_table_add. */
int nd_postlist_add(struct nd_postlist *l, const uint32_t *docids, const uint32_t *wdfs, size_t n,
                    struct nd_error *err);
/* Append the entries of a chunk (n bytes, from the wdf of the first) whose docids are first to
 * last.
 * Fails: ND_CORRUPT not above the docids before, no or too many bytes; as nd_glass_table_add. */
int nd_postlist_copy(struct nd_postlist *l, uint32_t first, uint32_t last,
                     const unsigned char *entries, size_t n, struct nd_error *err);
/* Write the last chunk. A list without postings leaves nothing. */
int nd_postlist_end(struct nd_postlist *l, struct nd_error *err);

#endif
