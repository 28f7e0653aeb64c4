/* postlist.h: posting lists read from a segment's table without libxapian: no copy of a block, no call for a posting.
 * Call order:  nd_postlist_open (nd_postlist_fill | nd_postlist_skip)* nd_postlist_close
 * Invariants:  docids rise and are at least 1; each block is checked by its checksum when it is first looked at, and
 *              nothing in it is trusted even so.
 * Source:      the postlist table of Xapian's glass format, 1.4.
 * Threads:     one owner, that of the checksums.   Used by: common/xap. */
#ifndef ND_RECORD_POSTLIST_H
#define ND_RECORD_POSTLIST_H

#include "record/tablesums.h"

#ifdef __cplusplus
extern "C" {
#endif

struct nd_postlist;

/* Open the list of a term, before its first posting. t: must stay open as long as the list.
 * Return: 0, ND_DONE if no document has the term. Fails: ND_CORRUPT, ND_IO, ND_NOMEM. */
int nd_postlist_open(struct nd_postlist **out, struct nd_tablesums *t, const char *term, size_t n,
                     struct nd_error *err);
/* Of a term: number of documents, sum of its wdf. Both 0 if no document has it. Fails: as open. */
int nd_postlist_stats(uint32_t *termfreq, uint64_t *collfreq, struct nd_tablesums *t,
                      const char *term, size_t n, struct nd_error *err);
/* Number of postings. */
uint32_t nd_postlist_freq(const struct nd_postlist *p);
/* The next postings, at most cap of them. wdfs: may be NULL.
 * Return: 0 with *got > 0, ND_DONE at the end. Fails: ND_CORRUPT, ND_IO, ND_NOMEM. */
int nd_postlist_fill(struct nd_postlist *p, uint32_t *docids, uint32_t *wdfs, size_t cap,
                     size_t *got, struct nd_error *err);
/* Go on to the first posting not yet given whose docid is at least target, and give it.
 * Return: 0, ND_DONE. Fails: as fill. Cost: chunks of the list in between are not looked at. */
int nd_postlist_skip(struct nd_postlist *p, uint32_t target, uint32_t *docid, uint32_t *wdf,
                     struct nd_error *err);
void nd_postlist_close(struct nd_postlist *p);

/* The lengths of documents: the sum of all wdf of each. Looked up once, then kept: 4 bytes a document. */
struct nd_lengths;
/* Fails: ND_NOMEM. */
int nd_lengths_open(struct nd_lengths **out, struct nd_tablesums *t, uint32_t last_docid,
                    struct nd_error *err);
/* Fails: ND_MISSING no such document; ND_CORRUPT, ND_IO. Cost: least where docids rise. */
int nd_lengths_get(struct nd_lengths *l, uint32_t docid, uint32_t *length, struct nd_error *err);
void nd_lengths_close(struct nd_lengths *l);

#ifdef __cplusplus
}
#endif

#endif
