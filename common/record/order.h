/* order.h: the sorted order of many byte strings: terms, words, values of a column.
 * Threads: no shared state.   Used by: stream, column, indexer/segment. */
#ifndef ND_RECORD_ORDER_H
#define ND_RECORD_ORDER_H

#include "base/arena.h"

/* The numbers 0..n-1 in the order of v[], by bytes, then by length, equal ones by number.
 * *out: malloc'ed, also for n == 0.   Fails: ND_NOMEM (*out is NULL).
 * Cost: O(n log n), mostly comparisons of eight bytes. */
int nd_order(uint32_t **out, const struct nd_str *v, uint32_t n);

#endif
