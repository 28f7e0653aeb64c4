/* stream_open.h: what an open stream file consists of, for the parts of the stream reader alone.
 * Threads: one owner.   Used by: stream_read.c, stream_dict.c. */
#ifndef ND_RECORD_STREAM_OPEN_H
#define ND_RECORD_STREAM_OPEN_H

#include "record/stream.h"

enum nd_stream_section { /* written to disk */
    ND_STREAM_COUNTS = 1,
    ND_STREAM_OFFSETS,
    ND_STREAM_CODES,
    ND_STREAM_DICT,
    ND_STREAM_DICT_AT,
    ND_STREAM_SHAPES,
    ND_STREAM_STEMS,
    ND_STREAM_STEMS_AT,
    ND_STREAM_ENTITIES,
    ND_STREAM_ENTITY_TEXT
};

enum {
    ND_STREAM_VERSION = 1,
    ND_STREAM_COUNTS_SIZE = 24,
    ND_STREAM_ENTITY_ROW = 20
};

struct nd_stream {
    struct nd_sections file;
    uint32_t docs, words, entities, stems;
    uint64_t tokens;
    struct nd_section offsets, codes, dict, dict_at, shapes, stem, stem_at, rows, text;
    uint32_t *by_rank; /* sorted index of each rank; made at first use */
    char *folds;       /* nd_dict_folds, made at first use */
    uint32_t *folds_at;
};

/* Fail with ND_CORRUPT, naming the file. */
int nd_stream_corrupt(const struct nd_stream *s, const char *what, struct nd_error *err);

#endif
