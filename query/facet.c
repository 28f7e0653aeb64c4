#include "facet.h"

#include "base/heap.h"
#include "base/map.h"
#include "text/date.h"
#include "text/stem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAMES_MAX = 512 << 20,
    LANGS = 256
};

/* How a field is counted: its column, and what is made of it. */
enum shape {
    SINGLE, /* a column of ordinal + 1 */
    LIST,   /* a list of ordinals */
    LANG,   /* a column of enum nd_lang */
    DAY     /* the printed day cut to so many digits */
};

struct counter {
    struct nd_index *ix;
    const struct nd_field *field;
    enum nd_column_id column;
    enum shape shape;
    unsigned divide; /* DAY: 1, 100, 10000 */
    size_t segment;  /* whose columns are open */
    struct nd_columns *c;
    uint64_t **by_segment; /* SINGLE, LIST: counts of each, by ordinal */
    uint64_t *counts;      /* of the open segment, by ordinal; of the LANGs */
    size_t values;
    struct nd_map names; /* LANG, DAY: value -> row */
    uint64_t *totals;    /* by row */
    size_t totals_cap;
    uint64_t matches, without;
};

static int add_name(struct counter *f, struct nd_str name, uint64_t count, struct nd_error *err)
{
    uint32_t row;
    if (nd_map_intern(&f->names, name.p, name.n, &row))
        return nd_fail(err, ND_NOMEM, "out of memory");
    if (row >= f->totals_cap) {
        size_t cap = f->totals_cap ? f->totals_cap * 2 : 256;
        uint64_t *t = realloc(f->totals, cap * sizeof *t);
        if (!t)
            return nd_fail(err, ND_NOMEM, "out of memory");
        memset(t + f->totals_cap, 0, (cap - f->totals_cap) * sizeof *t);
        f->totals = t;
        f->totals_cap = cap;
    }
    f->totals[row] += count;
    return 0;
}

/* Put the counts of the open segment where they belong. */
static int close_segment(struct counter *f, struct nd_error *err)
{
    int rc = 0;
    if (f->c && (f->shape == SINGLE || f->shape == LIST)) {
        f->by_segment[f->segment] = f->counts;
        f->counts = NULL;
    }
    for (size_t i = 0; !rc && f->c && f->shape == LANG && i < f->values; i++)
        if (f->counts[i]) {
            struct nd_str name = nd_str_of(nd_lang_code((unsigned)i));
            if (name.n)
                rc = add_name(f, name, f->counts[i], err);
            else
                f->without += f->counts[i];
        }
    free(f->counts);
    f->counts = NULL;
    f->c = NULL;
    return rc;
}

static int open_segment(struct counter *f, size_t segment, struct nd_error *err)
{
    int rc = close_segment(f, err);
    if (!rc)
        rc = nd_segment_columns(&f->ix->segments[segment], &f->c, err);
    if (!rc)
        rc = nd_column_check(f->c, f->column, err);
    if (rc)
        return rc;
    f->segment = segment;
    f->values = f->shape == LANG ? LANGS : f->shape == DAY ? 0 : nd_column_values(f->c, f->column);
    f->counts = calloc(f->values + 1, sizeof *f->counts);
    return f->counts ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
}

static int count_day(struct counter *f, uint32_t docid, struct nd_error *err)
{
    char name[16];
    uint32_t day = nd_column_u32(f->c, f->column, docid) / f->divide * f->divide;
    unsigned y = day / 10000, m = day / 100 % 100, d = day % 100;
    bool known = f->divide == 10000 ? y : f->divide == 100 ? m : d;
    if (!known) {
        f->without++;
        return 0;
    }
    if (f->divide == 10000)
        snprintf(name, sizeof name, "%04u", y);
    else if (f->divide == 100)
        snprintf(name, sizeof name, "%04u-%02u", y, m);
    else
        snprintf(name, sizeof name, "%04u-%02u-%02u", y, m, d);
    return add_name(f, nd_str_of(name), 1, err);
}

static int count_match(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct counter *f = ctx;
    if (!f->c || segment != f->segment) {
        int rc = open_segment(f, segment, err);
        if (rc)
            return rc;
    }
    f->matches++;
    size_t n;
    const unsigned char *list;
    uint32_t v;
    switch (f->shape) {
    case SINGLE:
        v = nd_column_u32(f->c, f->column, docid);
        if (v && v - 1 < f->values)
            f->counts[v - 1]++;
        else
            f->without++;
        break;
    case LANG:
        f->counts[nd_column_u8(f->c, f->column, docid)]++;
        break;
    case LIST:
        list = nd_column_list(f->c, f->column, docid, &n);
        f->without += !n;
        for (size_t i = 0; i < n; i++) {
            v = nd_load32(list + 4 * i);
            if (v < f->values)
                f->counts[v]++;
        }
        break;
    case DAY:
        return count_day(f, docid, err);
    }
    return 0;
}

/* ---- which rows ---- */

struct keep {
    const struct nd_facet_keys *keys;
    const uint64_t *totals;
    bool types, by_name;
};

static struct nd_str key_of(const struct nd_facet_keys *k, uint32_t i)
{
    return k->map ? nd_map_key(k->map, i) : k->names[i];
}

static int order(const struct keep *k, uint32_t a, uint32_t b)
{
    if (!k->by_name && k->totals[a] != k->totals[b])
        return k->totals[a] > k->totals[b] ? -1 : 1;
    struct nd_str x = key_of(k->keys, a), y = key_of(k->keys, b);
    int c = nd_str_cmp((struct nd_str){x.p + k->types, x.n - k->types},
                       (struct nd_str){y.p + k->types, y.n - k->types});
    return c || !k->types ? c : (int)x.p[0] - (int)y.p[0];
}

/* For a heap whose first is the worst of those kept. */
static bool worse(const void *ctx, uint32_t a, uint32_t b)
{
    return order(ctx, a, b) > 0;
}

int nd_facet_keep(struct nd_facet *out, struct nd_arena *arena, const struct nd_facet_keys *keys,
                  const uint64_t *totals, const struct nd_days *days, bool types,
                  const struct nd_facet_want *want, struct nd_error *err)
{
    struct keep k = {keys, totals, types, want && want->by_name};
    size_t n = keys->map ? keys->map->count : keys->n;
    size_t top = want && want->top < n ? (size_t)want->top : n;
    struct nd_heap h = {
        .v = nd_arena_array(arena, top + 1, sizeof *h.v), .before = worse, .ctx = &k};
    out->rows = nd_arena_array(arena, top + 1, sizeof *out->rows);
    out->n = out->distinct = 0;
    if (!h.v || !out->rows)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (uint32_t i = 0; i < n; i++) {
        if (!totals[i] || (want && totals[i] < want->min))
            continue;
        out->distinct++;
        if (h.n == top && top && order(&k, i, h.v[0]) < 0)
            nd_heap_pop(&h);
        if (h.n < top)
            nd_heap_push(&h, i);
    }
    out->n = h.n;
    for (size_t at = h.n; at--;) {
        uint32_t i = nd_heap_pop(&h);
        struct nd_str key = key_of(keys, i);
        out->rows[at] =
            (struct nd_facet_row){.value = nd_arena_str(arena, key.p + types, key.n - types),
                                  .count = totals[i],
                                  .type = types ? (enum nd_entity_type)key.p[0] : ND_PERSON};
        if (days)
            out->rows[at].days = days[i];
        if (!out->rows[at].value.p)
            return nd_fail(err, ND_NOMEM, "out of memory");
    }
    return 0;
}

static int choose(struct counter *f, struct nd_error *err)
{
    const struct nd_field *d = f->field;
    f->column = d->column;
    if (d->kind == ND_KIND_DATE) {
        f->shape = DAY;
        f->column = ND_COL_DAY;
        f->divide = strcmp(d->name, "year") == 0 ? 10000 : strcmp(d->name, "month") == 0 ? 100 : 1;
    } else if (d->column == ND_COL_LANG) {
        f->shape = LANG;
    } else if (d->column == ND_COL_AUTHORS || d->column == ND_COL_TAGS) {
        f->shape = LIST;
    } else if (d->column == ND_COL_SOURCE || d->column == ND_COL_SECTION) {
        f->shape = SINGLE;
    } else {
        return nd_fail(err, ND_USAGE, "'%s' cannot be counted by facet", d->name);
    }
    return 0;
}

/* The wanted rows of SINGLE and LIST. */
static int keep_values(struct nd_facet *out, struct nd_arena *arena, struct counter *f,
                       const struct nd_facet_want *want, struct nd_error *err)
{
    struct nd_facet_keys keys = {0};
    struct nd_str *names = NULL;
    uint64_t *totals = NULL, empty = 0;
    int rc = nd_facet_join(&names, &totals, &keys.n, &empty, f->ix, f->column, f->by_segment, err);
    keys.names = names;
    f->without += empty;
    if (!rc)
        rc = nd_facet_keep(out, arena, &keys, totals, NULL, false, want, err);
    free(names);
    free(totals);
    return rc;
}

int nd_facet_top(struct nd_facet *out, struct nd_arena *arena, struct nd_index *ix,
                 struct nd_match *m, const struct nd_field *field, const struct nd_facet_want *want,
                 struct nd_error *err)
{
    struct counter f = {.ix = ix, .field = field};
    struct nd_facet_keys keys = {.map = &f.names};
    if (field->kind == ND_KIND_ENTITY)
        return nd_facet_entities(out, arena, ix, m, field, want, err);
    *out = (struct nd_facet){.field = field};
    int rc = choose(&f, err);
    if (rc)
        return rc;
    f.by_segment = calloc(ix->n + 1, sizeof(uint64_t *));
    if (nd_map_init(&f.names, NAMES_MAX) || !f.by_segment) {
        rc = nd_fail(err, ND_NOMEM, "out of memory");
        goto out;
    }
    rc = nd_match_each(m, count_match, &f, err);
    int closed = close_segment(&f, rc ? NULL : err);
    rc = rc ? rc : closed;
    if (!rc && (f.shape == SINGLE || f.shape == LIST))
        rc = keep_values(out, arena, &f, want, err);
    else if (!rc)
        rc = nd_facet_keep(out, arena, &keys, f.totals, NULL, false, want, err);
    if (!rc) {
        out->matches = f.matches;
        out->without = f.without;
    }
out:
    for (size_t i = 0; f.by_segment && i < ix->n; i++)
        free(f.by_segment[i]);
    free(f.by_segment);
    nd_map_free(&f.names);
    free(f.counts);
    free(f.totals);
    return rc;
}

int nd_facet_count(struct nd_facet *out, struct nd_arena *arena, struct nd_index *ix,
                   struct nd_match *m, const struct nd_field *field, struct nd_error *err)
{
    return nd_facet_top(out, arena, ix, m, field, NULL, err);
}
