/* stream.h: bytes of one member of a file to look at and to take: what readers read from.
 * Call order:  nd_stream_init (nd_stream_peek nd_stream_take)* nd_stream_free
 * Invariants:  memory is bounded by the largest peek and one block; a damaged source first gives all
 *              that came before the damage, then its failure.
 * Threads: one owner.   Used by: every reader. */
#ifndef INDEXER_INPUT_STREAM_H
#define INDEXER_INPUT_STREAM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

/* Gives the next block, borrowed until the next call. Return: 0 with *n > 0, ND_DONE, a failure. */
typedef int nd_stream_fill(void *source, const char **p, size_t *n, struct nd_error *err);

struct nd_stream {
    nd_stream_fill *fill;
    void *source;
    const char *p; /* bytes at hand: in the source's block or in own */
    size_t n;
    struct nd_buf own;          /* what reaches over the edge of a block */
    uint64_t offset;            /* of p in the member */
    int ended;                  /* ND_DONE or a failure: no more blocks */
    struct nd_error failure;    /* where ended is a failure */
    struct nd_str file, member; /* names, borrowed; member is absent for a plain file */
};

void nd_stream_init(struct nd_stream *s, nd_stream_fill *fill, void *source);
/* A stream over bytes in memory. */
void nd_stream_memory(struct nd_stream *s, const char *p, size_t n);
void nd_stream_free(struct nd_stream *s);
/* Look at the next bytes, at least `want` of them unless the source ends first; *p is good until the next peek.
 * *got may be more than was wanted, and is all that is at hand.
 * Return: 0, with *got == 0 only at the end; ND_LIMIT, ND_NOMEM; a damaged source is no failure here. */
int nd_stream_peek(struct nd_stream *s, size_t want, const char **p, size_t *got,
                   struct nd_error *err);
/* Pass over n bytes that were seen. */
void nd_stream_take(struct nd_stream *s, size_t n);
/* Are all bytes of a source that did not end well used up? Then its failure is told: readers return it
 * instead of ND_DONE, and do not blame the record that was cut. Return: 0 or the failure. */
int nd_stream_failed(const struct nd_stream *s, struct nd_error *err);

/* A line of at most `limit` bytes, without \n; taken, good until the next peek. A longer one is passed over.
 * *offset is where it began. Return: 0; ND_DONE; ND_LIMIT with a reason; ND_NOMEM. */
int nd_stream_line(struct nd_stream *s, size_t limit, struct nd_str *line, uint64_t *offset,
                   struct nd_error *err);

#endif
