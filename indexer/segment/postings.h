/* postings.h: the posting lists of a segment on their way: collected by document, written by term.
 * Call order:  nd_postings_init (nd_postings_begin nd_postings_count*)* nd_postings_write nd_postings_free
 * Invariants:  a term is a kind and a number; within a document each has one entry; docids rise.
 * Memory:      32 bytes a term and some 3 bytes a posting: each list grows in slices of its own, a posting as
 *              the varints of docid - the one before - 1 and of wdf, as glass has them; the newest posting of a
 *              term lies open in its entry, since an article adds to it word by word.
 * Threads:     one owner.   Used by: build.c. */
#ifndef ND_SEGMENT_POSTINGS_H
#define ND_SEGMENT_POSTINGS_H

#include "base/arena.h"
#include "segment/glass.h"

enum nd_term_kind {
    ND_TERM_STEM,  /* numbers of the stream writer's stems, with prefix Z */
    ND_TERM_TITLE, /* the same with prefix S */
    ND_TERM_OTHER, /* numbers of the builder's own table */
    ND_TERM_KINDS
};

/* The list of one term; all zero before its first posting. */
struct nd_posting_list {
    uint32_t doc, wdf;     /* the open posting */
    uint32_t before;       /* docid of the one before, 0 none */
    uint32_t n;            /* postings, with the open one */
    unsigned char *at;     /* where the next byte goes */
    uint32_t left, size;   /* bytes free in the newest slice; its bytes, 0 while there is none */
};

/* Slices are cut from blocks. */
struct nd_posting_block {
    struct nd_posting_block *next;
    unsigned char data[];
};

struct nd_postings {
    struct nd_posting_list *v[ND_TERM_KINDS]; /* by number */
    uint32_t cap[ND_TERM_KINDS];
    struct nd_posting_block *blocks; /* newest first */
    size_t block_left, block_size, pool; /* bytes: free in the newest, of the newest, of all */
    unsigned char *free;                 /* in the newest */
    uint32_t *lengths;                   /* sum of wdf by document */
    uint32_t docs, docs_cap;
    bool failed;                         /* out of memory in the midst of a posting */
};

/* The texts of all terms, by kind and number. */
struct nd_term_texts {
    const struct nd_str *v[ND_TERM_KINDS];
    uint32_t n[ND_TERM_KINDS];
};

/* Positions for a complete database: a term of ND_TERM_OTHER at each word of a document. */
struct nd_places {
    uint32_t *term, *pos;
    size_t n, cap;
    size_t *doc_at; /* as above */
    uint32_t docs, docs_cap;
};

void nd_postings_init(struct nd_postings *p);
void nd_postings_free(struct nd_postings *p);
size_t nd_postings_bytes(const struct nd_postings *p);
/* Begin the next document. Fails: ND_NOMEM, ND_LIMIT. */
int nd_postings_begin(struct nd_postings *p);
/* Add wdf occurrences of a term to the document; 0 only says that it has it. Fails: ND_NOMEM, ND_LIMIT. */
int nd_postings_count(struct nd_postings *p, enum nd_term_kind kind, uint32_t number, uint32_t wdf);
/* Ask the processor to fetch a term's list, then, a little later, where it goes on. */
static inline void nd_postings_prefetch(const struct nd_postings *p, enum nd_term_kind kind,
                                        uint32_t number)
{
    if (number < p->cap[kind])
        __builtin_prefetch(&p->v[kind][number], 1);
}
static inline void nd_postings_prefetch_end(const struct nd_postings *p, enum nd_term_kind kind,
                                            uint32_t number)
{
    if (number < p->cap[kind])
        __builtin_prefetch(p->v[kind][number].at, 1);
}
/* Write lengths and posting lists, and, where places is not NULL, term lists and positions.
 * Fails: ND_NOMEM, and what the glass writer fails with. */
int nd_postings_write(const struct nd_postings *p, struct nd_glass *g, const struct nd_term_texts *texts,
                      const struct nd_places *places, struct nd_error *err);

void nd_places_init(struct nd_places *p);
void nd_places_free(struct nd_places *p);
size_t nd_places_bytes(const struct nd_places *p);
/* Begin the next document, and add a word of it; positions rise. Fails: ND_NOMEM, ND_LIMIT. */
int nd_places_begin(struct nd_places *p);
int nd_places_add(struct nd_places *p, uint32_t term, uint32_t pos);

#endif
