/* facet_join.c: the values of several segments as one sorted list with their totals. */
#include "base/heap.h"
#include "facet.h"

#include <stdlib.h>

/* A segment's values that were counted, in order. */
struct input {
    struct nd_columns *c;
    const uint64_t *counts;
    uint32_t n, at;
    struct nd_str value;
    uint64_t head; /* its first eight bytes as a number: most comparisons end there */
};

struct join {
    enum nd_column_id column;
    struct input *v;
};

static bool before(const void *ctx, uint32_t a, uint32_t b)
{
    const struct input *x = &((const struct join *)ctx)->v[a],
                       *y = &((const struct join *)ctx)->v[b];
    if (x->head != y->head)
        return x->head < y->head;
    int c = nd_str_cmp(x->value, y->value);
    return c < 0 || (c == 0 && a < b);
}

/* The next value that was counted. Return: false at the end. */
static bool advance(const struct join *j, struct input *i)
{
    while (i->at < i->n && !i->counts[i->at])
        i->at++;
    if (i->at == i->n)
        return false;
    i->value = nd_column_value(i->c, j->column, i->at);
    if (i->value.n >= 8) {
        i->head = __builtin_bswap64(nd_load64((const unsigned char *)i->value.p));
    } else {
        i->head = 0;
        for (size_t k = 0; k < i->value.n; k++)
            i->head |= (uint64_t)(unsigned char)i->value.p[k] << (56 - 8 * k);
    }
    return true;
}

/* At most so many values are there. */
static int open_inputs(struct join *j, struct nd_index *ix, uint64_t *const *counts, size_t *inputs,
                       size_t *most, struct nd_error *err)
{
    for (size_t s = 0; s < ix->n; s++) {
        struct input *i = &j->v[*inputs];
        if (!counts[s])
            continue;
        int rc = nd_segment_columns(&ix->segments[s], &i->c, err);
        if (rc)
            return rc;
        i->counts = counts[s];
        i->n = nd_column_values(i->c, j->column);
        for (uint32_t k = 0; k < i->n; k++)
            *most += i->counts[k] != 0;
        ++*inputs;
    }
    return 0;
}

int nd_facet_join(struct nd_str **names, uint64_t **totals, size_t *n, uint64_t *empty,
                  struct nd_index *ix, enum nd_column_id column, uint64_t *const *counts,
                  struct nd_error *err)
{
    struct join j = {column, calloc(ix->n + 1, sizeof *j.v)};
    struct nd_heap heap = {calloc(ix->n + 1, sizeof *heap.v), 0, before, &j};
    size_t inputs = 0, most = 0;
    *names = NULL;
    *totals = NULL;
    *n = 0;
    *empty = 0;
    int rc = j.v && heap.v ? open_inputs(&j, ix, counts, &inputs, &most, err)
                           : nd_fail(err, ND_NOMEM, "out of memory");
    if (rc)
        goto out;
    *names = malloc((most + 1) * sizeof **names);
    *totals = malloc((most + 1) * sizeof **totals);
    if (!*names || !*totals) {
        rc = nd_fail(err, ND_NOMEM, "out of memory");
        goto out;
    }
    for (size_t i = 0; i < inputs; i++)
        if (advance(&j, &j.v[i]))
            nd_heap_push(&heap, (uint32_t)i);
    while (heap.n) {
        uint32_t at = heap.v[0];
        struct input *i = &j.v[at];
        if (i->value.n == 0) {
            *empty += i->counts[i->at];
        } else if (*n && nd_str_eq((*names)[*n - 1], i->value)) {
            (*totals)[*n - 1] += i->counts[i->at];
        } else {
            (*names)[*n] = i->value;
            (*totals)[(*n)++] = i->counts[i->at];
        }
        i->at++;
        if (advance(&j, i))
            nd_heap_sift(&heap, at);
        else
            nd_heap_pop(&heap);
    }
out:
    free(j.v);
    free(heap.v);
    return rc;
}
