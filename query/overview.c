#include "overview.h"

#include "facet.h"
#include "hist.h"

#include <string.h>

enum {
    BARS_MOST =
        100, /* of a kind of period; years are shown however many they are, up to BARS_LIMIT */
    BARS_LIMIT = 1000,
    NAMES = 12
};

static int bars(struct nd_overview *out, struct nd_arena *arena, const struct nd_hist *h,
                struct nd_error *err)
{
    int64_t first = h->bins[0].number;
    size_t n = (size_t)(h->bins[h->n - 1].number - first) + 1;
    struct nd_bar *v = nd_arena_array(arena, n, sizeof *v);
    if (!v)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; i < n; i++) {
        nd_period_name(v[i].name, h->per, first + (int64_t)i);
        v[i].count = 0;
    }
    for (size_t i = 0; i < h->n; i++)
        v[h->bins[i].number - first].count = h->bins[i].count;
    out->bars = v;
    out->bars_n = n;
    return 0;
}

static int timeline(struct nd_overview *out, struct nd_arena *arena, struct nd_ask *a,
                    struct nd_error *err)
{
    static const struct {
        enum nd_per per;
        const char *name;
        int64_t most;
    } periods[] = {{ND_PER_DAY, "day", BARS_MOST},
                   {ND_PER_MONTH, "month", BARS_MOST},
                   {ND_PER_YEAR, "year", BARS_LIMIT}};
    int rc = 0;
    for (size_t i = 0; !rc && !out->bars && i < sizeof periods / sizeof periods[0]; i++) {
        struct nd_hist h;
        rc = nd_hist_count(&h, a->index, a->match, periods[i].per, err);
        if (!rc && h.n && h.bins[h.n - 1].number - h.bins[0].number < periods[i].most) {
            out->per = periods[i].name;
            rc = bars(out, arena, &h, err);
        }
        nd_hist_free(&h);
    }
    return rc;
}

static int names(struct nd_overview *out, struct nd_arena *arena, struct nd_ask *a,
                 const char *field, const char *title, struct nd_error *err)
{
    struct nd_facet f;
    struct nd_facet_want want = {.top = NAMES};
    int rc = nd_facet_top(&f, arena, a->index, a->match, nd_schema_find(field, strlen(field)),
                          &want, err);
    if (rc)
        return rc;
    struct nd_count *rows = nd_arena_array(arena, f.n + 1, sizeof *rows);
    if (!rows)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; !rc && i < f.n; i++) {
        rows[i] =
            (struct nd_count){.field = field, .id = f.rows[i].value, .count = f.rows[i].count};
        rc = nd_facet_name(&rows[i].value, arena, a->index, &f, i, err);
    }
    out->parts[out->parts_n++] = (struct nd_overview_part){title, rows, f.n};
    return rc;
}

int nd_overview_make(struct nd_overview *out, struct nd_arena *arena, struct nd_ask *a,
                     struct nd_error *err)
{
    static const char *const fields[ND_OVERVIEW_PARTS][2] = {
        {"person", "People"}, {"org", "Organisations"}, {"place", "Places"}, {"source", "Sources"}};
    *out = (struct nd_overview){0};
    int rc = timeline(out, arena, a, err);
    for (size_t i = 0; !rc && i < ND_OVERVIEW_PARTS; i++)
        rc = names(out, arena, a, fields[i][0], fields[i][1], err);
    return rc;
}
