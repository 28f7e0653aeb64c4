#include "among.h"

#include <stdlib.h>
#include <string.h>

struct gather {
    struct nd_among *g;
    const struct nd_columns *c;
    size_t segment;
};

static int note_match(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct gather *k = ctx;
    struct nd_among *g = k->g;
    if (!k->c || k->segment != segment) {
        struct nd_columns *c;
        uint32_t docs = g->ix->segments[segment].docs;
        int rc = nd_segment_columns(&g->ix->segments[segment], &c, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_DAY, err);
        if (rc)
            return rc;
        k->c = c;
        k->segment = segment;
        if (!g->days[segment]) {
            g->days[segment] = malloc(((size_t)docs + 1) * sizeof **g->days);
            if (!g->days[segment])
                return nd_fail(err, ND_NOMEM, "out of memory");
            memset(g->days[segment], 0xff, ((size_t)docs + 1) * sizeof **g->days);
        }
    }
    g->days[segment][docid - 1] = nd_column_u32(k->c, ND_COL_DAY, docid);
    g->matches++;
    return 0;
}

int nd_among_gather(struct nd_among *out, struct nd_index *ix, struct nd_match *m,
                    struct nd_error *err)
{
    *out = (struct nd_among){.ix = ix, .days = calloc(ix->n + 1, sizeof *out->days)};
    if (!out->days)
        return nd_fail(err, ND_NOMEM, "out of memory");
    struct gather k = {.g = out};
    return nd_match_each(m, note_match, &k, err);
}

void nd_among_free(struct nd_among *g)
{
    for (size_t i = 0; g->days && i < g->ix->n; i++)
        free(g->days[i]);
    free(g->days);
    *g = (struct nd_among){0};
}

struct each {
    const struct nd_among *g;
    nd_among_fn *fn;
    void *ctx;
};

static int look_up(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    (void)err; /* as nd_match_fn */
    const struct each *e = ctx;
    uint32_t day = nd_among_day(e->g, segment, docid);
    if (day != ND_AMONG_NOT)
        e->fn(e->ctx, day);
    return 0;
}

static int open_node(struct nd_match **out, const struct nd_ask *a, const struct nd_node *node,
                     struct nd_lowered *low, struct nd_error *err)
{
    *out = NULL;
    int rc = nd_lower(low, a->arena, a->index, a->stemmers, node, NULL, err);
    return rc ? rc : nd_match_open(out, a->index, low, NULL, err);
}

int nd_among_each(const struct nd_among *g, const struct nd_ask *a, const struct nd_field *field,
                  struct nd_str value, nd_among_fn *fn, void *ctx, struct nd_error *err)
{
    struct nd_node node = {.kind = field->kind == ND_KIND_ENTITY  ? ND_N_ENTITY
                                   : field->kind == ND_KIND_VALUE ? ND_N_VALUE
                                                                  : ND_N_TERM,
                           .field = field,
                           .text = value,
                           .whole = true};
    struct nd_match *m;
    struct nd_lowered low;
    struct each e = {g, fn, ctx};
    int rc = open_node(&m, a, &node, &low, err);
    if (!rc)
        rc = nd_match_each(m, look_up, &e, err);
    nd_match_close(m);
    return rc;
}

int nd_among_all(struct nd_match **out, const struct nd_ask *a, struct nd_lowered *low,
                 struct nd_error *err)
{
    struct nd_node *everything = nd_arena_alloc(a->arena, sizeof *everything);
    *out = NULL;
    if (!everything)
        return nd_fail(err, ND_NOMEM, "out of memory");
    everything->kind = ND_N_ALL;
    return open_node(out, a, everything, low, err);
}
