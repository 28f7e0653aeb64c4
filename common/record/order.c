#include "record/order.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

struct item {
    uint64_t start; /* first eight bytes, so that most comparisons touch no text */
    uint32_t i;
};

static uint64_t start_of(struct nd_str s)
{
    uint64_t v = 0;
    for (size_t i = 0; i < 8; i++)
        v = v << 8 | (i < s.n ? (unsigned char)s.p[i] : 0);
    return v;
}

static int compare(const void *x, const void *y, void *ctx)
{
    const struct item *a = x, *b = y;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    const struct nd_str *v = ctx;
    int c = nd_str_cmp(v[a->i], v[b->i]);
    return c ? c : a->i < b->i ? -1 : a->i > b->i;
}

int nd_order(uint32_t **out, const struct nd_str *v, uint32_t n)
{
    *out = NULL;
    struct item *items = malloc(((size_t)n + 1) * sizeof *items);
    uint32_t *order = malloc(((size_t)n + 1) * sizeof *order);
    int rc = items && order ? 0 : ND_NOMEM;
    if (!rc) {
        for (uint32_t i = 0; i < n; i++)
            items[i] = (struct item){start_of(v[i]), i};
        qsort_r(items, n, sizeof *items, compare, (void *)(uintptr_t)v);
        for (uint32_t i = 0; i < n; i++)
            order[i] = items[i].i;
        *out = order;
        order = NULL;
    }
    free(order);
    free(items);
    return rc;
}
