/* heap.h: which of several sorted inputs comes next: a binary heap of input numbers.
 * Call order:  nd_heap_push (nd_heap_pop nd_heap_push*)*; v has room for all inputs.
 * Equal inputs come out by number if `before` says so.   Threads: one owner. */
#ifndef ND_BASE_HEAP_H
#define ND_BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct nd_heap {
    uint32_t *v, n; /* owned by the caller */
    bool (*before)(const void *ctx, uint32_t a, uint32_t b);
    const void *ctx;
};

static inline void nd_heap_push(struct nd_heap *h, uint32_t input)
{
    uint32_t i = h->n++;
    while (i && h->before(h->ctx, input, h->v[(i - 1) / 2])) {
        h->v[i] = h->v[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    h->v[i] = input;
}

/* Put an input at the top, or below where others come before it. */
static inline void nd_heap_sift(struct nd_heap *h, uint32_t moved)
{
    uint32_t i = 0;
    for (;;) {
        uint32_t kid = 2 * i + 1;
        if (kid >= h->n)
            break;
        if (kid + 1 < h->n && h->before(h->ctx, h->v[kid + 1], h->v[kid]))
            kid++;
        if (!h->before(h->ctx, h->v[kid], moved))
            break;
        h->v[i] = h->v[kid];
        i = kid;
    }
    h->v[i] = moved;
}

/* The least input, taken off. h->n must not be 0. */
static inline uint32_t nd_heap_pop(struct nd_heap *h)
{
    uint32_t top = h->v[0], moved = h->v[--h->n];
    if (h->n)
        nd_heap_sift(h, moved);
    return top;
}

#endif
