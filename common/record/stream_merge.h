/* stream_merge.h: one stream file out of several whose articles are put one behind the other.
 * How: the dictionaries are merged, words ranked anew by their summed counts, and every code is translated by a
 *      table: nothing is tokenised again. Of deleted articles nothing stays: the words, stems and entities
 *      that only they had are gone. The usual shape of a word is that of most of its occurrences.
 * Threads: one owner.   Used by: indexer/segment/merge. */
#ifndef ND_RECORD_STREAM_MERGE_H
#define ND_RECORD_STREAM_MERGE_H

#include "record/stream.h"

struct nd_stream_input {
    struct nd_stream *stream;
    const unsigned char *deleted; /* a bit per docid - 1, all of them; NULL: keep all. Borrowed */
    const unsigned char
        *lang; /* with `deleted`: enum nd_lang of each article, a byte each. Borrowed */
    uint32_t *
        entities; /* receives the new number of each entity, UINT32_MAX where it is gone; malloc'ed, the
                           caller's to free, after a failure too */
};

/* Write and fsync the file; *size (may be NULL) is its length.
 * Fails: ND_CORRUPT an input is damaged; ND_LIMIT, ND_IO, ND_NOMEM. There is no file then.
 * Cost: reads the codes once (those of deleted articles twice); 12 bytes of memory a word of an input, the
 *       merged dictionary, 8 bytes an article. */
int nd_stream_merge(const char *path, struct nd_stream_input *in, uint32_t n, uint64_t *size,
                    struct nd_error *err);

#endif
