#include "overview.h"

#include "facet.h"
#include "hist.h"

#include <stdbool.h>
#include <string.h>

enum {
    BARS_MOST =
        100, /* of a kind of period; years are shown however many they are, up to BARS_LIMIT */
    BARS_LIMIT = 1000,
    DAYS_MONTHS =
        BARS_MOST / 28 + 1, /* a hundred days are in no more months than that after the first */
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

/* Use a count for the bars if it has few enough of them. *used: it was. */
static int try_bars(struct nd_overview *out, struct nd_arena *arena, const struct nd_hist *h,
                    const char *per, int64_t most, bool *used, struct nd_error *err)
{
    *used = h->n && h->bins[h->n - 1].number - h->bins[0].number < most;
    if (!*used)
        return 0;
    out->per = per;
    return bars(out, arena, h, err);
}

/* Days if they are few, else months, else years. Months are counted first: they tell which of the others it will be. */
static int timeline(struct nd_overview *out, struct nd_arena *arena, struct nd_ask *a,
                    struct nd_error *err)
{
    struct nd_hist months = {0}, other = {0};
    bool used = false;
    int rc = nd_hist_count(&months, a->index, a->match, ND_PER_MONTH, err);
    if (!rc && months.n &&
        months.bins[months.n - 1].number - months.bins[0].number <= DAYS_MONTHS) {
        rc = nd_hist_count(&other, a->index, a->match, ND_PER_DAY, err);
        if (!rc)
            rc = try_bars(out, arena, &other, "day", BARS_MOST, &used, err);
        nd_hist_free(&other);
    }
    if (!rc && !used)
        rc = try_bars(out, arena, &months, "month", BARS_MOST, &used, err);
    nd_hist_free(&months);
    if (!rc && !used) {
        rc = nd_hist_count(&other, a->index, a->match, ND_PER_YEAR, err);
        if (!rc)
            rc = try_bars(out, arena, &other, "year", BARS_LIMIT, &used, err);
        nd_hist_free(&other);
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
