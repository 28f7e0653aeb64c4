#include "hist.h"

#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct counter {
    struct nd_hist *h;
    struct nd_index *ix;
    struct nd_columns *c;
    size_t segment;
    size_t last; /* bin that was hit last: dumps are mostly in order */
};

void nd_hist_free(struct nd_hist *h)
{
    free(h->bins);
    h->bins = NULL;
    h->n = h->cap = 0;
}

/* First bin whose number is not below. */
static size_t bin_place(const struct nd_hist *h, int64_t number)
{
    size_t lo = 0, hi = h->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (h->bins[mid].number < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

uint64_t nd_hist_at(const struct nd_hist *h, int64_t number)
{
    size_t i = bin_place(h, number);
    return i < h->n && h->bins[i].number == number ? h->bins[i].count : 0;
}

bool nd_period_of(enum nd_per per, uint32_t day, int64_t *out)
{
    unsigned y = day / 10000, m = day / 100 % 100, d = day % 100;
    if (!y || (per != ND_PER_YEAR && !m) || (per <= ND_PER_WEEK && !d))
        return false;
    switch (per) {
    case ND_PER_YEAR:
        *out = y;
        break;
    case ND_PER_MONTH:
        *out = (int64_t)y * 12 + m - 1;
        break;
    case ND_PER_DAY:
    case ND_PER_WEEK:
        *out = nd_days_from_civil((int)y, m, d);
        if (per == ND_PER_WEEK) /* 1970-01-01 was a Thursday */
            *out -= ((*out + 3) % 7 + 7) % 7;
        break;
    }
    return true;
}

enum nd_per nd_per_of(const char *name)
{
    static const char *const names[] = {"day", "week", "month", "year"};
    for (size_t i = 0; name && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return (enum nd_per)i;
    return ND_PER_MONTH;
}

void nd_period_name(char out[16], enum nd_per per, int64_t number)
{
    int y;
    unsigned m, d;
    if (per == ND_PER_YEAR) {
        snprintf(out, 16, "%04" PRId64, number);
    } else if (per == ND_PER_MONTH) {
        snprintf(out, 16, "%04d-%02d", (int)(number / 12), (int)(number % 12) + 1);
    } else {
        nd_civil_from_days(number, &y, &m, &d);
        snprintf(out, 16, "%04d-%02u-%02u", y, m % 100, d % 100);
    }
}

static int add(struct counter *k, int64_t number, struct nd_error *err)
{
    struct nd_hist *h = k->h;
    size_t i = k->last < h->n && h->bins[k->last].number == number ? k->last : bin_place(h, number);
    if (i == h->n || h->bins[i].number != number) {
        if (h->n == h->cap) {
            size_t cap = h->cap ? h->cap * 2 : 256;
            struct nd_bin *b = realloc(h->bins, cap * sizeof *b);
            if (!b)
                return nd_fail(err, ND_NOMEM, "out of memory");
            h->bins = b;
            h->cap = cap;
        }
        for (size_t j = h->n; j > i; j--)
            h->bins[j] = h->bins[j - 1];
        h->bins[i] = (struct nd_bin){.number = number};
        h->n++;
    }
    h->bins[i].count++;
    k->last = i;
    return 0;
}

static int count_match(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct counter *k = ctx;
    if (!k->c || k->segment != segment) {
        int rc = nd_segment_columns(&k->ix->segments[segment], &k->c, err);
        if (!rc)
            rc = nd_column_check(k->c, ND_COL_DAY, err);
        if (rc)
            return rc;
        k->segment = segment;
    }
    int64_t number = 0;
    k->h->matches++;
    if (nd_period_of(k->h->per, nd_column_u32(k->c, ND_COL_DAY, docid), &number))
        return add(k, number, err);
    k->h->vague++;
    return 0;
}

int nd_hist_count(struct nd_hist *out, struct nd_index *ix, struct nd_match *m, enum nd_per per,
                  struct nd_error *err)
{
    *out = (struct nd_hist){.per = per};
    struct counter k = {.h = out, .ix = ix};
    nd_match_rewind(m);
    return nd_match_each(m, count_match, &k, err);
}
