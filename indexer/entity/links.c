#include "entity/links.h"

#include <stdlib.h>
#include <string.h>

enum {
    SLOTS_MIN = 256
};

void nd_links_init(struct nd_links *l)
{
    memset(l, 0, sizeof *l);
}

void nd_links_free(struct nd_links *l)
{
    free(l->v);
    memset(l, 0, sizeof *l);
}

void nd_links_reset(struct nd_links *l)
{
    l->n = 0;
    if (++l->round == 0) { /* after four thousand million articles */
        for (size_t i = 0; i < l->cap; i++)
            l->v[i].round = 0;
        l->round = 1;
    }
}

/* The slot of a key, or the free one where it belongs. */
static struct nd_link *slot(struct nd_link *v, size_t cap, uint32_t round, uint64_t key)
{
    size_t i = (size_t)(key >> 20) & (cap - 1);
    while (v[i].round == round && v[i].key != key)
        i = (i + 1) & (cap - 1);
    return &v[i];
}

static int grow(struct nd_links *l)
{
    size_t cap = l->cap ? l->cap * 2 : SLOTS_MIN;
    struct nd_link *v = calloc(cap, sizeof *v);
    if (!v)
        return -1;
    if (l->round == 0)
        l->round = 1;
    for (size_t i = 0; i < l->cap; i++)
        if (l->v[i].round == l->round)
            *slot(v, cap, l->round, l->v[i].key) = l->v[i];
    free(l->v);
    l->v = v;
    l->cap = cap;
    return 0;
}

struct nd_link *nd_links_at(struct nd_links *l, uint64_t key)
{
    if (l->n * 2 >= l->cap && grow(l))
        return NULL;
    struct nd_link *e = slot(l->v, l->cap, l->round, key);
    if (e->round != l->round) {
        e->round = l->round;
        e->key = key;
        e->n = 0;
        l->n++;
    }
    return e;
}

const struct nd_link *nd_links_find(const struct nd_links *l, uint64_t key)
{
    if (!l->cap)
        return NULL;
    const struct nd_link *e = slot(l->v, l->cap, l->round, key);
    return e->round == l->round ? e : NULL;
}
