#include "record/column_merge.h"

#include "base/map.h"
#include "record/column_in.h"
#include "record/order.h"

#include <stdlib.h>
#include <string.h>

enum {
    TEXT_MAX = 1 << 30, /* bytes of a value list */
    OUT_SIZE = 1 << 16,
    GONE = UINT32_MAX
};

struct merge {
    const char *path;
    const struct nd_columns_input *in;
    size_t n;
    struct nd_sections_writer *file;
    uint32_t **map; /* by input: new ordinal by old one, of the column at hand */
    struct nd_buf out;
};

static int no_memory(const struct merge *m, struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory merging into '%s'", m->path);
}

static int corrupt(const struct nd_columns *c, struct nd_error *err)
{
    return nd_fail(err, ND_CORRUPT, "'%s' is damaged: an ordinal lies outside of its list",
                   c->file.path);
}

static bool is_deleted(const struct nd_columns_input *in, uint32_t docid)
{
    return in->deleted && (in->deleted[(docid - 1) / 8] >> ((docid - 1) % 8) & 1);
}

/* The row as it is, or the column's none where the file lacks the column. */
static const unsigned char *row_of(const struct nd_columns *c, enum nd_column_id id, uint32_t docid,
                                   unsigned char none[ND_COLUMN_WIDTH_MAX])
{
    const struct nd_column_kind *k = nd_column_kind(id);
    const unsigned char *row = nd_column_bytes(c, id, docid, k->width);
    if (row)
        return row;
    memset(none, 0, ND_COLUMN_WIDTH_MAX);
    nd_store64(none, k->none);
    return none;
}

/* ---- value lists ---- */

/* Mark the values of live rows in seen. */
static int mark_used(const struct nd_columns_input *in, enum nd_column_id id, unsigned char *seen,
                     struct nd_error *err)
{
    const struct nd_columns *c = in->columns;
    uint32_t values = nd_column_values(c, id), base = nd_column_base(id);
    unsigned char none[ND_COLUMN_WIDTH_MAX];
    for (uint32_t d = 1; d <= c->docs; d++) {
        if (is_deleted(in, d))
            continue;
        size_t n = 1;
        const unsigned char *p =
            nd_column_is_list(id) ? nd_column_list(c, id, d, &n) : row_of(c, id, d, none);
        for (size_t i = 0; i < n && p; i++) {
            uint32_t v = nd_load32(p + 4 * i);
            if (!nd_column_is_list(id) && v == (uint32_t)nd_column_kind(id)->none)
                continue;
            if (v < base || v - base >= values)
                return corrupt(c, err);
            seen[v - base] = 1;
        }
    }
    return 0;
}

/* Intern the values of an input that stay; map receives their numbers. */
static int take_values(struct merge *m, size_t input, enum nd_column_id id, struct nd_map *values,
                       struct nd_error *err)
{
    const struct nd_columns_input *in = &m->in[input];
    uint32_t n = nd_column_values(in->columns, id);
    unsigned char *seen = calloc((size_t)n + 1, 1);
    uint32_t *map = m->map[input] = malloc(((size_t)n + 1) * sizeof *map);
    int rc = seen && map ? 0 : no_memory(m, err);
    if (!rc)
        rc = mark_used(in, id, seen, err);
    for (uint32_t i = 0; i < n && !rc; i++) {
        map[i] = GONE;
        if (!seen[i])
            continue;
        struct nd_str v = nd_column_value(in->columns, id, i);
        rc = v.p ? nd_map_intern(values, v.p, v.n, &map[i]) : corrupt(in->columns, err);
        if (rc && v.p)
            rc = nd_fail(err, rc, "cannot write '%s': too many values", m->path);
    }
    free(seen);
    return rc;
}

static void section(struct merge *m, uint32_t id, const struct nd_buf *b)
{
    nd_sections_begin(m->file, id);
    nd_sections_write(m->file, b->data, b->len);
    nd_sections_end(m->file);
}

/* Write the merged list, sorted, and make the maps lead to ordinals. */
static int put_values(struct merge *m, enum nd_column_id id, struct nd_map *values,
                      struct nd_error *err)
{
    uint32_t n = values->count, *order = NULL;
    struct nd_buf at, text;
    nd_buf_init(&at, SIZE_MAX / 4);
    nd_buf_init(&text, TEXT_MAX);
    struct nd_str *keys = malloc(((size_t)n + 1) * sizeof *keys);
    uint32_t *place = malloc(((size_t)n + 1) * sizeof *place);
    int rc = keys && place ? 0 : ND_NOMEM;
    for (uint32_t i = 0; i < n && !rc; i++)
        keys[i] = nd_map_key(values, i);
    if (!rc)
        rc = nd_order(&order, keys, n);
    for (uint32_t i = 0; i < n && !rc; i++) {
        place[order[i]] = i;
        nd_buf_u32(&at, (uint32_t)text.len);
        nd_buf_add(&text, keys[order[i]].p, keys[order[i]].n);
    }
    nd_buf_u32(&at, (uint32_t)text.len);
    if (!rc)
        rc = nd_buf_code(&at) ? nd_buf_code(&at) : nd_buf_code(&text);
    if (!rc) {
        section(m, id + ND_COLUMNS_LIST_AT, &at);
        section(m, id + ND_COLUMNS_LIST_TEXT, &text);
        for (size_t k = 0; k < m->n; k++)
            for (uint32_t i = 0; i < nd_column_values(m->in[k].columns, id); i++)
                if (m->map[k][i] != GONE)
                    m->map[k][i] = place[m->map[k][i]];
    } else {
        rc = nd_fail(err, rc, "cannot write '%s': %s", m->path,
                     rc == ND_LIMIT ? "too many values" : "out of memory");
    }
    free(keys);
    free(place);
    free(order);
    nd_buf_free(&at);
    nd_buf_free(&text);
    return rc;
}

static int merge_values(struct merge *m, enum nd_column_id id, struct nd_error *err)
{
    struct nd_map values;
    if (nd_map_init(&values, TEXT_MAX))
        return no_memory(m, err);
    int rc = 0;
    for (size_t i = 0; i < m->n && !rc; i++)
        rc = take_values(m, i, id, &values, err);
    if (!rc)
        rc = put_values(m, id, &values, err);
    nd_map_free(&values);
    return rc;
}

/* ---- rows ---- */

static void flush(struct merge *m, size_t at_least)
{
    if (m->out.len < at_least)
        return;
    nd_sections_write(m->file, m->out.data, m->out.len);
    nd_buf_reset(&m->out);
}

/* Is a column of numbers the same in all rows that stay? *row: in the first of them. */
static bool is_constant(struct merge *m, enum nd_column_id id,
                        unsigned char row[ND_COLUMN_WIDTH_MAX])
{
    size_t width = nd_column_kind(id)->width;
    bool any = false;
    if (nd_column_kind(id)->shape != ND_SHAPE_NUMBER)
        return false;
    for (size_t i = 0; i < m->n; i++) {
        unsigned char none[ND_COLUMN_WIDTH_MAX];
        for (uint32_t d = 1; d <= m->in[i].columns->docs; d++) {
            if (is_deleted(&m->in[i], d))
                continue;
            const unsigned char *p = row_of(m->in[i].columns, id, d, none);
            if (any && memcmp(p, row, width) != 0)
                return false;
            if (!any)
                memcpy(row, p, width);
            any = true;
        }
    }
    return any;
}

static int put_rows(struct merge *m, enum nd_column_id id, struct nd_error *err)
{
    const struct nd_column_kind *k = nd_column_kind(id);
    uint32_t base = nd_column_base(id);
    unsigned char none[ND_COLUMN_WIDTH_MAX];
    nd_sections_begin(m->file, id);
    if (is_constant(m, id, none)) {
        nd_sections_write(m->file, none, k->width);
        nd_sections_end(m->file); /* finish reports a failure */
        return 0;
    }
    for (size_t i = 0; i < m->n; i++) {
        const struct nd_columns *c = m->in[i].columns;
        if (k->shape == ND_SHAPE_NUMBER && !m->in[i].deleted && c->col[id].p && c->stride[id]) {
            flush(m, 1);
            nd_sections_write(m->file, c->col[id].p, c->col[id].n);
            continue;
        }
        for (uint32_t d = 1; d <= c->docs; d++) {
            if (is_deleted(&m->in[i], d))
                continue;
            const unsigned char *row = row_of(c, id, d, none);
            uint32_t v = nd_load32(row); /* of a narrow column: bytes that are not used */
            nd_buf_add(&m->out, row, k->width);
            if (k->shape == ND_SHAPE_VALUE && v != (uint32_t)k->none && !nd_buf_code(&m->out))
                nd_store32(m->out.data + m->out.len - k->width, m->map[i][v - base] + base);
            flush(m, OUT_SIZE);
        }
    }
    flush(m, 1);
    nd_sections_end(m->file);
    return nd_buf_code(&m->out) ? no_memory(m, err) : 0;
}

/* Append an input's row of a list, mapped. */
static int put_items(struct merge *m, size_t input, enum nd_column_id id, const unsigned char *p,
                     size_t n, struct nd_error *err)
{
    const struct nd_columns_input *in = &m->in[input];
    bool values = nd_column_has_values(id);
    for (size_t k = 0; k < n; k++) {
        uint32_t v = nd_load32(p + 4 * k);
        if (values) {
            v = m->map[input][v];
        } else if (k % 2 == 0) { /* of a pair of entity and mentions */
            if (v >= in->entities_n || in->entities[v] == GONE)
                return corrupt(in->columns, err);
            v = in->entities[v];
        }
        nd_buf_u32(&m->out, v);
    }
    flush(m, OUT_SIZE);
    return 0;
}

static int put_lists(struct merge *m, enum nd_column_id id, struct nd_error *err)
{
    struct nd_buf offsets;
    uint64_t at = 0;
    int rc = 0;
    nd_buf_init(&offsets, SIZE_MAX / 4);
    nd_sections_begin(m->file, id);
    for (size_t i = 0; i < m->n && !rc; i++) {
        const struct nd_columns *c = m->in[i].columns;
        for (uint32_t d = 1; d <= c->docs && !rc; d++) {
            size_t n;
            if (is_deleted(&m->in[i], d))
                continue;
            const unsigned char *p = nd_column_list(c, id, d, &n);
            nd_buf_u32(&offsets, (uint32_t)at);
            at += n;
            rc = put_items(m, i, id, p, n, err);
        }
    }
    nd_buf_u32(&offsets, (uint32_t)at);
    flush(m, 1);
    nd_sections_end(m->file);
    if (!rc && at > UINT32_MAX)
        rc = nd_fail(err, ND_LIMIT, "cannot write '%s': too many values", m->path);
    if (!rc && (nd_buf_code(&offsets) || nd_buf_code(&m->out)))
        rc = no_memory(m, err);
    if (!rc)
        section(m, id + ND_COLUMNS_OFFSETS, &offsets);
    nd_buf_free(&offsets);
    return rc;
}

static int merge_column(struct merge *m, enum nd_column_id id, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = 0; i < m->n && !rc; i++)
        rc = nd_column_check(m->in[i].columns, id, err);
    if (!rc && nd_column_has_values(id))
        rc = merge_values(m, id, err);
    if (!rc)
        rc = nd_column_is_list(id) ? put_lists(m, id, err) : put_rows(m, id, err);
    for (size_t i = 0; i < m->n; i++) {
        free(m->map[i]);
        m->map[i] = NULL;
        nd_sections_drop(&m->in[i].columns->file);
    }
    return rc;
}

static void put_docs(struct merge *m)
{
    uint32_t docs = 0;
    unsigned char bytes[4];
    for (size_t i = 0; i < m->n; i++)
        for (uint32_t d = 1; d <= m->in[i].columns->docs; d++)
            docs += !is_deleted(&m->in[i], d);
    nd_store32(bytes, docs);
    nd_sections_begin(m->file, ND_COLUMNS_DOCS);
    nd_sections_write(m->file, bytes, sizeof bytes);
    nd_sections_end(m->file);
}

int nd_columns_merge(const char *path, const struct nd_columns_input *in, size_t n, uint64_t *size,
                     struct nd_error *err)
{
    struct merge m = {.path = path, .in = in, .n = n};
    nd_buf_init(&m.out, SIZE_MAX / 4);
    m.map = calloc(n + 1, sizeof *m.map);
    int rc = m.map ? nd_sections_create(&m.file, path, "COLS", ND_COLUMNS_VERSION, err)
                   : no_memory(&m, err);
    if (!rc) {
        put_docs(&m);
        for (enum nd_column_id id = 1; id < ND_COLUMNS && !rc; id++)
            rc = merge_column(&m, id, err);
        if (rc)
            nd_sections_abandon(m.file);
        else
            rc = nd_sections_finish(m.file, size, err);
    }
    nd_buf_free(&m.out);
    free(m.map);
    return rc;
}
