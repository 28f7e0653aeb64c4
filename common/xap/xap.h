/* xap.h: the only face of Xapian that the C side sees: segments to read, term lists, posting lists,
 * ranked search, and a reference writer.
 * Call order:  xap_open (xap_postings_* | xap_terms_* | xap_q_* xap_search xap_hits_*)* xap_close
 * Invariants:  `**out` is owned by the caller and NULL on failure; every close and free takes NULL;
 *              no exception leaves a function; strings are pointer + length and may hold NUL.
 *              A docid is local to its segment, from 1; the docids of several segments read together
 *              are never shown. Segments are immutable, so nothing here reopens.
 * Errors:      ND_MISSING, ND_CORRUPT, ND_VERSION, ND_IO, ND_NOMEM can come out of every reading
 *              function and are not repeated below; ND_INTERNAL is a segment number out of range.
 * Threads:     one index handle, and all that was opened from it, has one owner. */
#ifndef ND_XAP_XAP_H
#define ND_XAP_XAP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    XAP_TERM_MAX = 245,   /* bytes of a term in Xapian's key, where each NUL counts as two */
    XAP_DEPTH_MAX = 1000, /* most levels of a query tree: Xapian walks it by recursion */
    XAP_UUID_SIZE = 37    /* 36 characters and a NUL */
};

/* As a segment number: all of them together. */
#define XAP_ALL SIZE_MAX

/* --- an index: one or more segments read together ------------------------------------------- */

struct xap_index;
struct xap_postings;
struct xap_terms;
struct xap_query;
struct xap_hits;
struct xap_writer;

/* Open the segments (folders of glass databases) for reading; they are numbered 0..n-1 as given.
 * n:     0 is an empty index, for which Xapian is not asked.
 * Fails: ND_CORRUPT also where two segments bear the same uuid (one is a copy of the other). */
int xap_open(struct xap_index **out, const char *const *paths, size_t n, struct nd_error *err);
/* Close an index. What was opened from it may be closed before or after. */
void xap_close(struct xap_index *ix);
/* Is what is read of a segment checked before (record/tablesums.h)? Not so for databases of somebody else. */
bool xap_checked(const struct xap_index *ix, size_t seg);
/* Number of segments. */
size_t xap_segments(const struct xap_index *ix);
/* Documents of a segment, or of XAP_ALL; 0 for a segment that is not there. Read when opened. */
uint32_t xap_doccount(const struct xap_index *ix, size_t seg);
/* The highest docid ever used in a segment (for XAP_ALL the highest of all segments). */
uint32_t xap_last_docid(const struct xap_index *ix, size_t seg);
/* Sum of the lengths (in terms) of all documents of a segment, or of XAP_ALL. */
uint64_t xap_total_length(const struct xap_index *ix, size_t seg);
/* The uuid of a segment as text; empty for a segment that is not there. */
void xap_uuid(const struct xap_index *ix, size_t seg, char out[XAP_UUID_SIZE]);
/* The version of the Xapian library in use, "1.4.22". */
const char *xap_version(void);

/* The length of a document, in terms. Fails: ND_MISSING where there is no such docid. */
int xap_doclen(uint32_t *out, const struct xap_index *ix, size_t seg, uint32_t docid,
               struct nd_error *err);
/* Documents that hold a term, in a segment or XAP_ALL; 0 if absent and on any failure. */
uint32_t xap_termfreq(const struct xap_index *ix, size_t seg, const char *term, size_t n);
/* The same, with failures told.
 * termfreq, collfreq: documents that hold the term, and its occurrences; either may be NULL. */
int xap_term_stats(uint32_t *termfreq, uint64_t *collfreq, const struct xap_index *ix, size_t seg,
                   const char *term, size_t n, struct nd_error *err);
/* Append the data of a document to out. Fails: ND_MISSING (no such docid), ND_LIMIT. */
int xap_data(struct nd_buf *out, const struct xap_index *ix, size_t seg, uint32_t docid,
             struct nd_error *err);
/* Append the value of a metadata key to out. Return: ND_DONE where there is none. Fails: ND_LIMIT. */
int xap_metadata(struct nd_buf *out, const struct xap_index *ix, size_t seg, const char *key,
                 size_t n, struct nd_error *err);

/* --- posting lists of one segment ------------------------------------------------------------ */

/* Open the posting list of a term, before its first posting.
 * Return: 0; ND_DONE where the segment does not hold the term (then *out is NULL). */
int xap_postings_open(struct xap_postings **out, const struct xap_index *ix, size_t seg,
                      const char *term, size_t n, struct nd_error *err);
/* The list of every document of a segment, each with wdf 1. Return: ND_DONE for an empty segment. */
int xap_postings_all(struct xap_postings **out, const struct xap_index *ix, size_t seg,
                     struct nd_error *err);
/* Move to the next posting. Return: ND_DONE at the end, and ever after. */
int xap_postings_next(struct xap_postings *p, uint32_t *docid, struct nd_error *err);
/* Move to the first posting with docid >= target; stays where it is if already there or past.
 * Return: ND_DONE at the end, and ever after. */
int xap_postings_skip(struct xap_postings *p, uint32_t target, uint32_t *docid,
                      struct nd_error *err);
/* The next postings, as if by xap_postings_next, in one call.
 * docids, wdfs: room for cap numbers each; wdfs may be NULL, which is faster.
 * Return: 0 with *got >= 1; ND_DONE at the end (then *got is 0). */
int xap_postings_fill(struct xap_postings *p, uint32_t *docids, uint32_t *wdfs, size_t cap,
                      size_t *got, struct nd_error *err);
/* Occurrences of the term in the document of the last posting given; 0 before the first. */
uint32_t xap_postings_wdf(const struct xap_postings *p);
/* Number of postings of the list. */
uint32_t xap_postings_freq(const struct xap_postings *p);
void xap_postings_close(struct xap_postings *p);

/* --- term dictionaries ----------------------------------------------------------------------- */

/* Open the sorted list of the terms that begin with prefix (n == 0: all terms), before the first.
 * seg: one segment, or XAP_ALL for the terms of all segments merged, frequencies added up. */
int xap_terms_open(struct xap_terms **out, const struct xap_index *ix, size_t seg,
                   const char *prefix, size_t n, struct nd_error *err);
/* Move to the next term.
 * term: borrowed until the next call on t.   freq: documents that hold it; may be NULL (faster).
 * Return: ND_DONE at the end, and ever after. */
int xap_terms_next(struct xap_terms *t, struct nd_str *term, uint32_t *freq, struct nd_error *err);
/* Move to the first term >= target (by bytes); stays where it is if already there or past.
 * Return: ND_DONE at the end, and ever after. */
int xap_terms_skip(struct xap_terms *t, const char *target, size_t n, struct nd_str *term,
                   uint32_t *freq, struct nd_error *err);
void xap_terms_close(struct xap_terms *t);

/* --- queries and ranking by libxapian: the reference that tests compare with (programs: lang/score.h) -- */

/* A query is built from the leaves up. Each constructor TAKES its operands, also when it fails. A
 * NULL operand (a part that failed) makes the whole fail, keeping the part's own message in err:
 * so a run of constructors needs one check, at its end. A query is bound to no index. */

enum xap_op {
    XAP_AND,       /* all operands */
    XAP_OR,        /* any operand */
    XAP_AND_NOT,   /* the first, but none of the others */
    XAP_FILTER,    /* all operands; only the first gives weight */
    XAP_AND_MAYBE, /* the first; the others add weight */
    XAP_SYNONYM    /* any operand, weighted as one term; what holds a source adds no weight */
};

/* Documents that hold a term.
 * wqf:   how often it is in the query (1; weight grows with it up to the option k3).
 * Fails: ND_LIMIT for a term that no index can hold (longer than XAP_TERM_MAX), ND_INTERNAL for an
 *        empty one. */
int xap_q_term(struct xap_query **out, const char *term, size_t n, uint32_t wqf,
               struct nd_error *err);
/* Every document, and none. */
int xap_q_all(struct xap_query **out, struct nd_error *err);
int xap_q_nothing(struct xap_query **out, struct nd_error *err);
/* kids: n queries, all taken; the array itself stays the caller's. n == 0 gives the query that
 *       matches nothing, n == 1 the operand.   Fails: ND_LIMIT past XAP_DEPTH_MAX. */
int xap_q_op(struct xap_query **out, enum xap_op op, struct xap_query **kids, size_t n,
             struct nd_error *err);
/* The same documents, weight times factor (>= 0). */
int xap_q_scale(struct xap_query **out, struct xap_query *q, double factor, struct nd_error *err);
void xap_q_free(struct xap_query *q);

/* A subtree that C decides: one docid after the other, rising, for each segment. Weight 0.
 * A callback returns 0, ND_DONE at the end, or a failure with its message, which stops the search and
 * is what xap_search returns. Docids must exist in the segment and rise. */
struct xap_source_ops {
    /* Start on a segment. freq_est, freq_max: about how many documents will come, and at most; both
     * are preset to the number of documents. ND_DONE: none here. close is called only after a 0. */
    int (*open)(void *ctx, size_t segment, void **state, uint32_t *freq_est, uint32_t *freq_max,
                struct nd_error *err);
    /* The next docid. */
    int (*next)(void *state, uint32_t *docid, struct nd_error *err);
    /* The first docid >= target; target is past every docid given so far. */
    int (*skip)(void *state, uint32_t target, uint32_t *docid, struct nd_error *err);
    void (*close)(void *state);
};

/* ops: copied.   ctx: borrowed until the query is freed; several states may be open on it at once. */
int xap_q_source(struct xap_query **out, const struct xap_source_ops *ops, void *ctx,
                 struct nd_error *err);

struct xap_search_options {
    double k1, k3, b, min_normlen; /* BM25 */
    bool unranked;                 /* no weights: every score is 0, hits in no useful order */
    uint64_t time_limit_ms;        /* 0: none. Past it the search stops with what it has found */
    double least;                  /* 0, or only hits of at least this score; the total is then of no use */
};

/* The defaults, as an initializer. */
#define XAP_SEARCH_DEFAULTS                                                                        \
    {                                                                                              \
        .k1 = 1.2, .k3 = 1.0, .b = 0.75, .min_normlen = 0.0, .unranked = false, .time_limit_ms = 0, \
        .least = 0.0                                                                               \
    }

struct xap_hit {
    size_t segment;
    uint32_t docid;
    double score;
};

/* Find the hits first..first+want-1 by falling score. Equal scores come in no promised order.
 * q:    borrowed, may be used for many searches, also of other indexes.
 * opts: NULL for the defaults.
 * The total is exact whatever the page, so every match is visited.
 * A single call of a source's callback is not cut short by the time limit.
 * Fails: what a source's callback returned; ND_LIMIT where Xapian cannot number the documents of so
 *        many segments together. Cost: about 100 ns a match. */
int xap_search(struct xap_hits **out, const struct xap_index *ix, struct xap_query *q, size_t first,
               size_t want, const struct xap_search_options *opts, struct nd_error *err);
/* Number of documents that match, not only those of the page. */
uint64_t xap_hits_total(const struct xap_hits *h);
/* Whether the search went to its end. If not, because its time was up, the hits do match, but the
 * total is of those found so far, and a better one may be missing. */
bool xap_hits_exact(const struct xap_hits *h);
/* The next hit of the page. Return: ND_DONE at the end. */
int xap_hits_next(struct xap_hit *out, struct xap_hits *h, struct nd_error *err);
void xap_hits_free(struct xap_hits *h);

/* --- writing through libxapian: the reference that tests compare with -------------------------- */

enum {
    XAP_WRITER_NO_TERMLIST = 1, /* no termlist.glass: documents cannot be deleted or replaced */
    XAP_WRITER_OVERWRITE = 2    /* begin anew where a database is already; else it is added to */
};

/* Fails: ND_LOCKED while another writer is open on the path, ND_IO. */
int xap_writer_open(struct xap_writer **out, const char *path, unsigned flags,
                    struct nd_error *err);
/* Add a term to the document being built, wdf occurrences. Fails: ND_LIMIT past XAP_TERM_MAX; then
 * the document is as it was. */
int xap_writer_term(struct xap_writer *w, const char *term, size_t n, uint32_t wdf,
                    struct nd_error *err);
/* The same at a position; the first one makes position.glass. */
int xap_writer_posting(struct xap_writer *w, const char *term, size_t n, uint32_t pos, uint32_t wdf,
                       struct nd_error *err);
/* Set the data of the document being built. */
int xap_writer_data(struct xap_writer *w, const char *p, size_t n, struct nd_error *err);
/* Add the document and begin an empty one. docid: the one given; may be NULL. */
int xap_writer_add(struct xap_writer *w, uint32_t *docid, struct nd_error *err);
/* Delete a document, leaving a gap in the docids. Fails: ND_MISSING. */
int xap_writer_delete(struct xap_writer *w, uint32_t docid, struct nd_error *err);
/* Set a metadata value. */
int xap_writer_metadata(struct xap_writer *w, const char *key, size_t key_n, const char *value,
                        size_t value_n, struct nd_error *err);
/* Write what was added to disk. */
int xap_writer_commit(struct xap_writer *w, struct nd_error *err);
/* Close. What is not committed is written too, but a failure to do so is not told: commit first. */
void xap_writer_close(struct xap_writer *w);

#ifdef __cplusplus
}
#endif
#endif
