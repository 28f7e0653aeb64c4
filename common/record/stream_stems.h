/* stream_stems.h: a walk through the whole stem table of a stream file, for merging and verifying.
 * Call order:  nd_stems_first nd_stems_next* nd_stems_end (after a failure too)
 * Threads: one owner.   Used by: stream_merge_words.c, indexer/segment (verify). */
#ifndef ND_RECORD_STREAM_STEMS_H
#define ND_RECORD_STREAM_STEMS_H

#include "record/stream.h"

struct nd_stem_cursor {
    struct nd_stream *s;
    uint32_t at;
    const unsigned char *p, *end; /* of the open block */
    struct nd_buf key;            /* a byte for the language, then the stem; owned */
    uint32_t *ranks;              /* of its words, rising; owned */
    size_t n, cap;
};

/* Stand at the first entry, then at the next. Return: 0, ND_DONE past the last. Fails: ND_CORRUPT, ND_NOMEM. */
int nd_stems_first(struct nd_stem_cursor *c, struct nd_stream *s, struct nd_error *err);
int nd_stems_next(struct nd_stem_cursor *c, struct nd_error *err);
void nd_stems_end(struct nd_stem_cursor *c);

#endif
