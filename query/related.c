#include "related.h"

#include "base/map.h"
#include "terms.h"

#include <stdlib.h>

enum {
    KEYS_MAX = 1 << 30
};

static int intern(struct nd_map *keys, struct nd_buf *key, const struct nd_facet_row *r,
                  uint32_t *out)
{
    nd_buf_reset(key);
    nd_buf_byte(key, (unsigned char)r->type);
    nd_buf_add(key, r->value.p, r->value.n);
    return nd_buf_code(key) ? nd_buf_code(key) : nd_map_intern(keys, key->data, key->len, out);
}

int nd_apart_rows(struct nd_apart **out, struct nd_arena *arena, const struct nd_facet *x,
                  const struct nd_facet *y, bool inside, struct nd_error *err)
{
    struct nd_map keys; /* type and value of the rows of y -> number of the row */
    struct nd_buf key;
    uint32_t number;
    nd_buf_init(&key, 1 << 20);
    *out = nd_arena_array(arena, x->n + 1, sizeof **out);
    if (nd_map_init(&keys, KEYS_MAX) || !*out)
        return nd_fail(err, ND_NOMEM, "out of memory");
    int rc = 0;
    for (size_t i = 0; !rc && i < y->n; i++)
        rc = intern(&keys, &key, &y->rows[i], &number);
    for (size_t i = 0; !rc && i < x->n; i++) {
        uint64_t a = x->rows[i].count, b = 0, rest = y->matches;
        rc = intern(&keys, &key, &x->rows[i], &number);
        if (!rc && number < y->n)
            b = y->rows[number].count;
        if (inside) {
            b = b > a ? b - a : 0;
            rest = rest > x->matches ? rest - x->matches : 0;
        }
        (*out)[i] =
            (struct nd_apart){.row = i, .a = a, .b = b, .score = nd_g2(a, x->matches, b, rest)};
    }
    nd_map_free(&keys);
    nd_buf_free(&key);
    return rc ? nd_fail(err, ND_NOMEM, "out of memory") : 0;
}

static int by_score(const void *pa, const void *pb)
{
    const struct nd_apart *a = pa, *b = pb;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

void nd_apart_sort(struct nd_apart *v, size_t n)
{
    if (n)
        qsort(v, n, sizeof *v, by_score);
}
