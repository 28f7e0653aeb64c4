/* column_in.h: how each column lies in its file, for the parts that read, write and merge them.
 * Threads: constant.   Used by: column.c, column_merge.c, indexer/segment (verify). */
#ifndef ND_RECORD_COLUMN_IN_H
#define ND_RECORD_COLUMN_IN_H

#include "record/column.h"

enum { /* sections of the file, beside the columns' own numbers */
    ND_COLUMNS_DOCS = 0,
    ND_COLUMNS_OFFSETS = 100,
    ND_COLUMNS_LIST_AT = 200,
    ND_COLUMNS_LIST_TEXT = 300,
    ND_COLUMNS_VERSION = 1,
    ND_COLUMN_WIDTH_MAX = 32
};

enum nd_column_shape {
    ND_SHAPE_NUMBER, /* width bytes a row */
    ND_SHAPE_VALUE,  /* likewise, the first four an ordinal in the value list, + 1 if none is 0 */
    ND_SHAPE_LIST,   /* u32 items, any number a row */
    ND_SHAPE_VALUE_LIST /* likewise, ordinals in the value list */
};

struct nd_column_kind {
    uint8_t width;
    uint8_t shape;
    uint64_t none;
};

/* id: ND_COL_NONE < id < ND_COLUMNS. */
const struct nd_column_kind *nd_column_kind(enum nd_column_id id);

static inline bool nd_column_is_list(enum nd_column_id id)
{
    return nd_column_kind(id)->shape >= ND_SHAPE_LIST;
}

static inline bool nd_column_has_values(enum nd_column_id id)
{
    uint8_t shape = nd_column_kind(id)->shape;
    return shape == ND_SHAPE_VALUE || shape == ND_SHAPE_VALUE_LIST;
}

/* What is added to the ordinals of a value column. */
static inline uint32_t nd_column_base(enum nd_column_id id)
{
    const struct nd_column_kind *k = nd_column_kind(id);
    return k->shape == ND_SHAPE_VALUE && k->none == 0 ? 1 : 0;
}

#endif
