#include "record/column.h"

#include "base/map.h"
#include "record/column_in.h"
#include "record/order.h"
#include "text/date.h"

#include <stdlib.h>
#include <string.h>

enum {
    DOCS = ND_COLUMNS_DOCS,
    OFFSETS = ND_COLUMNS_OFFSETS,
    LIST_AT = ND_COLUMNS_LIST_AT,
    LIST_TEXT = ND_COLUMNS_LIST_TEXT,
    VERSION = ND_COLUMNS_VERSION,
    WIDTH_MAX = ND_COLUMN_WIDTH_MAX,
    TEXT_MAX = 1 << 30, /* bytes of a value list */
    NUMBER = ND_SHAPE_NUMBER,
    VALUE = ND_SHAPE_VALUE,
    LIST = ND_SHAPE_LIST,
    VALUE_LIST = ND_SHAPE_VALUE_LIST
};

static const struct nd_column_kind kinds[ND_COLUMNS] = {
    [ND_COL_PUBLISHED] = {8, NUMBER, (uint64_t)ND_UTC_NONE},
    [ND_COL_DAY] = {4, NUMBER, 0},
    [ND_COL_PRECISION] = {1, NUMBER, 0},
    [ND_COL_UPDATED] = {8, NUMBER, (uint64_t)ND_UTC_NONE},
    [ND_COL_INDEXED] = {8, NUMBER, (uint64_t)ND_UTC_NONE},
    [ND_COL_FIRST_REV] = {4, NUMBER, 0},
    [ND_COL_LAST_REV] = {4, NUMBER, 0},
    [ND_COL_SOURCE] = {4, VALUE, 0},
    [ND_COL_SECTION] = {4, VALUE, 0},
    [ND_COL_LANG] = {1, NUMBER, 0},
    [ND_COL_AUTHORS] = {4, VALUE_LIST, 0},
    [ND_COL_TAGS] = {4, VALUE_LIST, 0},
    [ND_COL_ENTITIES] = {4, LIST, 0},
    [ND_COL_LENGTH] = {4, NUMBER, 0},
    [ND_COL_CONTENT] = {16, NUMBER, 0},
    [ND_COL_ID] = {8, NUMBER, 0},
    [ND_COL_SIGNATURE] = {32, NUMBER, 0},
    [ND_COL_ORIGIN] = {12, VALUE, UINT32_MAX},
    [ND_COL_VERSION] = {8, NUMBER, 0},
};

static bool known(enum nd_column_id id)
{
    return id > ND_COL_NONE && id < ND_COLUMNS;
}

const struct nd_column_kind *nd_column_kind(enum nd_column_id id)
{
    return &kinds[id];
}

/* ---- reading ---- */

static int corrupt(const struct nd_columns *c, const char *what, struct nd_error *err)
{
    int rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: %s", c->file.path, what);
    nd_hint(err,
            "run newsdex verify to see what is affected, then restore the file or index again");
    return rc;
}

int nd_columns_open(struct nd_columns *c, const char *path, struct nd_error *err)
{
    *c = (struct nd_columns){0};
    int rc = nd_sections_open(&c->file, path, "COLS", VERSION, err);
    if (rc)
        return rc;
    struct nd_section docs = nd_sections_get(&c->file, DOCS);
    rc = docs.n == 4 ? nd_sections_touch(&c->file, docs.p, 4, err)
                     : corrupt(c, "no number of articles", err);
    if (rc)
        goto out;
    c->docs = nd_load32(docs.p);
    for (enum nd_column_id id = 1; id < ND_COLUMNS && !rc; id++) {
        struct nd_section col = nd_sections_get(&c->file, id);
        if (!col.p)
            continue;
        c->col[id] = col;
        bool ok =
            nd_column_is_list(id) ? col.n % 4 == 0 : col.n == (uint64_t)c->docs * kinds[id].width;
        if (!nd_column_is_list(id)) {
            c->stride[id] = kinds[id].width;
            if (!ok && col.n == kinds[id].width &&
                kinds[id].shape == NUMBER) { /* one row for all */
                ok = true;
                c->stride[id] = 0;
            }
        }
        if (nd_column_is_list(id)) {
            c->offsets[id] = nd_sections_get(&c->file, id + OFFSETS);
            ok = ok && c->offsets[id].n == ((uint64_t)c->docs + 1) * 4;
        }
        if (nd_column_has_values(id)) {
            c->list_at[id] = nd_sections_get(&c->file, id + LIST_AT);
            c->list_text[id] = nd_sections_get(&c->file, id + LIST_TEXT);
            ok = ok && c->list_at[id].n % 4 == 0 && c->list_at[id].n >= 4 && c->list_text[id].p;
        }
        if (!ok)
            rc = corrupt(c, "a column does not fit the number of articles", err);
    }
out:
    if (rc)
        nd_columns_close(c);
    return rc;
}

void nd_columns_close(struct nd_columns *c)
{
    nd_sections_close(&c->file);
    *c = (struct nd_columns){0};
}

int nd_column_check(struct nd_columns *c, enum nd_column_id id, struct nd_error *err)
{
    if (!known(id) || c->checked >> id & 1)
        return 0;
    const struct nd_section parts[] = {c->col[id], c->offsets[id], c->list_at[id],
                                       c->list_text[id]};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int rc = nd_sections_touch(&c->file, parts[i].p, parts[i].n, err);
        if (rc)
            return rc;
    }
    c->checked |= 1u << id;
    return 0;
}

/* The row of a fixed-width column that has at least so many bytes, else NULL. */
static const unsigned char *row_of(const struct nd_columns *c, enum nd_column_id id, uint32_t docid,
                                   size_t width)
{
    if (!known(id) || nd_column_is_list(id) || !c->col[id].p || docid - 1 >= c->docs ||
        kinds[id].width < width)
        return NULL;
    return c->col[id].p + ((size_t)docid - 1) * c->stride[id];
}

static uint64_t none_of(enum nd_column_id id)
{
    return known(id) ? kinds[id].none : 0;
}

uint8_t nd_column_u8(const struct nd_columns *c, enum nd_column_id id, uint32_t docid)
{
    const unsigned char *p = row_of(c, id, docid, 1);
    return p ? *p : (uint8_t)none_of(id);
}

uint32_t nd_column_u32(const struct nd_columns *c, enum nd_column_id id, uint32_t docid)
{
    const unsigned char *p = row_of(c, id, docid, 4);
    return p ? nd_load32(p) : (uint32_t)none_of(id);
}

uint64_t nd_column_u64(const struct nd_columns *c, enum nd_column_id id, uint32_t docid)
{
    const unsigned char *p = row_of(c, id, docid, 8);
    return p ? nd_load64(p) : none_of(id);
}

int64_t nd_column_i64(const struct nd_columns *c, enum nd_column_id id, uint32_t docid)
{
    return (int64_t)nd_column_u64(c, id, docid);
}

const unsigned char *nd_column_bytes(const struct nd_columns *c, enum nd_column_id id,
                                     uint32_t docid, size_t width)
{
    return row_of(c, id, docid, width);
}

const unsigned char *nd_column_list(const struct nd_columns *c, enum nd_column_id id,
                                    uint32_t docid, size_t *n)
{
    *n = 0;
    if (!known(id) || !c->offsets[id].p || docid - 1 >= c->docs)
        return NULL;
    const unsigned char *row = c->offsets[id].p + ((size_t)docid - 1) * 4;
    uint32_t from = nd_load32(row), to = nd_load32(row + 4);
    if (from >= to || to > c->col[id].n / 4)
        return NULL;
    *n = to - from;
    return c->col[id].p + (size_t)from * 4;
}

uint32_t nd_column_values(const struct nd_columns *c, enum nd_column_id id)
{
    if (!known(id) || !c->list_at[id].p)
        return 0;
    size_t n = c->list_at[id].n / 4 - 1;
    return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

struct nd_str nd_column_value(const struct nd_columns *c, enum nd_column_id id, uint32_t ordinal)
{
    if (ordinal >= nd_column_values(c, id))
        return (struct nd_str){NULL, 0};
    const unsigned char *row = c->list_at[id].p + (size_t)ordinal * 4;
    uint32_t from = nd_load32(row), to = nd_load32(row + 4);
    if (from > to || to > c->list_text[id].n)
        return (struct nd_str){NULL, 0};
    return (struct nd_str){(const char *)c->list_text[id].p + from, to - from};
}

/* ---- writing ---- */

struct column {
    struct nd_buf data;    /* rows, or items of all lists */
    struct nd_buf offsets; /* of a list: where each row begins, in items */
    struct nd_map values;
    uint32_t *seen; /* by value: the last row of a list that has it */
    uint32_t seen_cap;
};

struct nd_columns_writer {
    uint32_t docs;
    int code; /* first failure */
    struct column col[ND_COLUMNS];
};

int nd_columns_writer_new(struct nd_columns_writer **out, struct nd_error *err)
{
    *out = NULL;
    struct nd_columns_writer *w = calloc(1, sizeof *w);
    int rc = w ? 0 : ND_NOMEM;
    for (enum nd_column_id id = 1; id < ND_COLUMNS && !rc; id++) {
        nd_buf_init(&w->col[id].data, SIZE_MAX / 4);
        nd_buf_init(&w->col[id].offsets, SIZE_MAX / 4);
        if (nd_column_has_values(id))
            rc = nd_map_init(&w->col[id].values, TEXT_MAX);
    }
    if (rc) {
        nd_columns_writer_free(w);
        return nd_fail(err, rc, "out of memory for the columns of a segment");
    }
    *out = w;
    return 0;
}

void nd_columns_writer_free(struct nd_columns_writer *w)
{
    if (!w)
        return;
    for (enum nd_column_id id = 1; id < ND_COLUMNS; id++) {
        nd_buf_free(&w->col[id].data);
        nd_buf_free(&w->col[id].offsets);
        nd_map_free(&w->col[id].values);
        free(w->col[id].seen);
    }
    free(w);
}

size_t nd_columns_writer_bytes(const struct nd_columns_writer *w)
{
    size_t n = sizeof *w;
    for (enum nd_column_id id = 1; id < ND_COLUMNS; id++) {
        n += w->col[id].data.cap + w->col[id].offsets.cap;
        if (nd_column_has_values(id))
            n += nd_map_bytes(&w->col[id].values) + (size_t)w->col[id].seen_cap * 4;
    }
    return n;
}

static int failed(struct nd_columns_writer *w, int rc)
{
    if (rc && !w->code)
        w->code = rc;
    return w->code;
}

/* The last row of a fixed-width column. */
static unsigned char *last_row(struct nd_columns_writer *w, enum nd_column_id id)
{
    struct nd_buf *d = &w->col[id].data;
    return (unsigned char *)d->data + d->len - kinds[id].width;
}

int nd_columns_writer_row(struct nd_columns_writer *w)
{
    if (w->docs == UINT32_MAX - 1)
        return failed(w, ND_LIMIT);
    for (enum nd_column_id id = 1; id < ND_COLUMNS; id++) {
        struct column *c = &w->col[id];
        if (nd_column_is_list(id)) {
            failed(w, nd_buf_u32(&c->offsets, (uint32_t)(c->data.len / 4)));
            continue;
        }
        unsigned char row[WIDTH_MAX] = {0};
        nd_store64(row, kinds[id].none);
        failed(w, nd_buf_add(&c->data, row, kinds[id].width));
    }
    w->docs++;
    return w->code;
}

/* May this call be made of the column now? */
static bool fits(struct nd_columns_writer *w, enum nd_column_id id, bool list)
{
    if (!w->code && (!known(id) || w->docs == 0 || nd_column_is_list(id) != list))
        failed(w, ND_INTERNAL);
    return !w->code;
}

int nd_columns_writer_number(struct nd_columns_writer *w, enum nd_column_id id, uint64_t v)
{
    if (!fits(w, id, false))
        return w->code;
    unsigned char bytes[8], *row = last_row(w, id);
    nd_store64(bytes, v);
    if (id == ND_COL_ORIGIN)
        memcpy(row + 4, bytes, 8);
    else
        memcpy(row, bytes, kinds[id].width < 8 ? kinds[id].width : 8);
    return 0;
}

int nd_columns_writer_bytes_of(struct nd_columns_writer *w, enum nd_column_id id, const void *p,
                               size_t width)
{
    if (!fits(w, id, false))
        return w->code;
    if (width != kinds[id].width)
        return failed(w, ND_INTERNAL);
    memcpy(last_row(w, id), p, width);
    return 0;
}

/* Has the current row of a list the value already? Remembers that it has. */
static bool repeated(struct nd_columns_writer *w, struct column *c, uint32_t value)
{
    if (value >= c->seen_cap) {
        uint32_t cap = value < 64 ? 64 : value * 2;
        uint32_t *v = realloc(c->seen, cap * sizeof *v);
        if (!v) {
            failed(w, ND_NOMEM);
            return true;
        }
        memset(v + c->seen_cap, 0, (cap - c->seen_cap) * sizeof *v);
        c->seen = v;
        c->seen_cap = cap;
    }
    bool again = c->seen[value] == w->docs;
    c->seen[value] = w->docs;
    return again;
}

int nd_columns_writer_value(struct nd_columns_writer *w, enum nd_column_id id, struct nd_str v)
{
    uint32_t value;
    if (!fits(w, id, known(id) && nd_column_is_list(id)))
        return w->code;
    if (!nd_column_has_values(id))
        return failed(w, ND_INTERNAL);
    if (v.n == 0)
        return 0;
    struct column *c = &w->col[id];
    if (failed(w, nd_map_intern(&c->values, v.p, v.n, &value)))
        return w->code;
    if (!nd_column_is_list(id))
        nd_store32(last_row(w, id), value + nd_column_base(id));
    else if (!repeated(w, c, value))
        failed(w, nd_buf_u32(&c->data, value));
    return w->code;
}

int nd_columns_writer_item(struct nd_columns_writer *w, enum nd_column_id id, uint32_t v)
{
    if (!fits(w, id, true))
        return w->code;
    if (kinds[id].shape != LIST)
        return failed(w, ND_INTERNAL);
    if (w->col[id].data.len / 4 == UINT32_MAX)
        return failed(w, ND_LIMIT);
    return failed(w, nd_buf_u32(&w->col[id].data, v));
}

int nd_columns_writer_remap(struct nd_columns_writer *w, enum nd_column_id id, const uint32_t *map,
                            uint32_t n, unsigned stride)
{
    if (!known(id) || kinds[id].shape != LIST || stride == 0)
        return failed(w, ND_INTERNAL);
    struct nd_buf *d = &w->col[id].data;
    for (size_t i = 0; i + 4 <= d->len; i += (size_t)stride * 4) {
        uint32_t v = nd_load32(d->data + i);
        if (v >= n)
            return failed(w, ND_INTERNAL);
        nd_store32(d->data + i, map[v]);
    }
    return w->code;
}

static void section(struct nd_sections_writer *file, uint32_t id, const struct nd_buf *b)
{
    nd_sections_begin(file, id);
    nd_sections_write(file, b->data, b->len);
    nd_sections_end(file);
}

/* A column without lists; of numbers that are the same in all rows, one row. */
static void put_rows(struct nd_sections_writer *file, enum nd_column_id id, const struct nd_buf *b)
{
    size_t width = kinds[id].width, n = b->len;
    if (kinds[id].shape == NUMBER && n > width && memcmp(b->data, b->data + width, n - width) == 0)
        n = width;
    nd_sections_begin(file, id);
    nd_sections_write(file, b->data, n);
    nd_sections_end(file);
}

/* Sort a column's values, write the list, and turn numbers of arrival into ordinals. */
static int put_values(struct nd_sections_writer *file, struct column *c, enum nd_column_id id)
{
    uint32_t n = c->values.count;
    struct nd_buf at, text;
    nd_buf_init(&at, SIZE_MAX / 4);
    nd_buf_init(&text, TEXT_MAX);
    struct nd_str *keys = malloc(((size_t)n + 1) * sizeof *keys);
    uint32_t *place = malloc(((size_t)n + 1) * sizeof *place), *order = NULL;
    int rc = keys && place ? 0 : ND_NOMEM;
    if (rc)
        goto out;
    for (uint32_t i = 0; i < n; i++)
        keys[i] = nd_map_key(&c->values, i);
    rc = nd_order(&order, keys, n);
    if (rc)
        goto out;
    for (uint32_t i = 0; i < n; i++) {
        place[order[i]] = i;
        nd_buf_u32(&at, (uint32_t)text.len);
        nd_buf_add(&text, keys[order[i]].p, keys[order[i]].n);
    }
    nd_buf_u32(&at, (uint32_t)text.len);
    rc = nd_buf_code(&at) ? nd_buf_code(&at) : nd_buf_code(&text);
    if (rc)
        goto out;
    section(file, id + LIST_AT, &at);
    section(file, id + LIST_TEXT, &text);
    for (size_t i = 0; i < c->data.len; i += kinds[id].width) {
        uint32_t v = nd_load32(c->data.data + i);
        uint32_t base = nd_column_base(id);
        if (nd_column_is_list(id) || v != (uint32_t)kinds[id].none)
            nd_store32(c->data.data + i, place[v - base] + base);
    }
out:
    free(keys);
    free(place);
    free(order);
    nd_buf_free(&at);
    nd_buf_free(&text);
    return rc;
}

int nd_columns_writer_finish(struct nd_columns_writer *w, const char *path, uint64_t *size,
                             struct nd_error *err)
{
    struct nd_sections_writer *file;
    if (w->code)
        return nd_fail(err, w->code, "cannot write '%s': its columns failed", path);
    int rc = nd_sections_create(&file, path, "COLS", VERSION, err);
    if (rc)
        return rc;
    unsigned char docs[4];
    nd_store32(docs, w->docs);
    nd_sections_begin(file, DOCS);
    nd_sections_write(file, docs, sizeof docs);
    nd_sections_end(file);
    for (enum nd_column_id id = 1; id < ND_COLUMNS && !rc; id++) {
        struct column *c = &w->col[id];
        if (nd_column_has_values(id))
            rc = put_values(file, c, id);
        if (!rc && nd_column_is_list(id)) {
            rc = c->data.len / 4 > UINT32_MAX
                     ? ND_LIMIT
                     : nd_buf_u32(&c->offsets, (uint32_t)(c->data.len / 4));
            section(file, id + OFFSETS, &c->offsets);
        }
        if (nd_column_is_list(id))
            section(file, id, &c->data);
        else
            put_rows(file, id, &c->data);
    }
    if (!rc)
        return nd_sections_finish(file, size, err);
    nd_sections_abandon(file);
    return nd_fail(err, rc, "cannot write '%s': %s", path,
                   rc == ND_LIMIT ? "too many values" : "out of memory");
}
