/* column_merge.h: one columns file out of several whose rows are put one behind the other.
 * Rows are copied, ordinals mapped through the merged value lists. Values that only deleted rows had are gone.
 * Threads: one owner.   Used by: indexer/segment/merge. */
#ifndef ND_RECORD_COLUMN_MERGE_H
#define ND_RECORD_COLUMN_MERGE_H

#include "record/column.h"

struct nd_columns_input {
    struct nd_columns *columns;
    const unsigned char *deleted; /* a bit per docid - 1, all of them; NULL: keep all. Borrowed */
    const uint32_t *entities;     /* new number of each entity, from nd_stream_merge. Borrowed */
    uint32_t entities_n;
};

/* Write and fsync the file; *size (may be NULL) is its length.
 * Fails: ND_CORRUPT an input is damaged; ND_LIMIT, ND_IO, ND_NOMEM. There is no file then.
 * Cost: reads and writes every byte once; memory for one column's values and 4 bytes a row of a list column. */
int nd_columns_merge(const char *path, const struct nd_columns_input *in, size_t n, uint64_t *size,
                     struct nd_error *err);

#endif
