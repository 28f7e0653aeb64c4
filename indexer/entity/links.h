/* links.h: which names of an article can be meant by a key (a last name, the start of an organisation, an acronym).
 * A key keeps at most ND_LINKS_MAX names, each with another id, in order of arrival, so that asking is cheap
 * whatever the article.
 * Call order:  nd_links_init (nd_links_reset (nd_links_add | nd_links_find)*)* nd_links_free
 * Threads:     one owner.   Used by: resolve_*.c. */
#ifndef ND_ENTITY_LINKS_H
#define ND_ENTITY_LINKS_H

#include <stddef.h>
#include <stdint.h>

enum {
    ND_LINKS_MAX = 8
};

struct nd_link {
    uint64_t key;
    uint32_t round;
    uint32_t n; /* names; more than ND_LINKS_MAX are counted, not kept */
    uint32_t name[ND_LINKS_MAX];
};

struct nd_links {
    struct nd_link *v; /* open addressing; a power of two */
    size_t cap, n;
    uint32_t round;
};

void nd_links_init(struct nd_links *l);
void nd_links_free(struct nd_links *l);
/* Forget all keys, keep the memory. */
void nd_links_reset(struct nd_links *l);
/* The link of a key, made if new. Return: NULL when out of memory. Good until the next call. */
struct nd_link *nd_links_at(struct nd_links *l, uint64_t key);
/* The link of a key, NULL if there is none. */
const struct nd_link *nd_links_find(const struct nd_links *l, uint64_t key);
/* A key of another purpose than the same hash under another one. */
static inline uint64_t nd_link_key(unsigned purpose, uint64_t hash)
{
    uint64_t h = (hash + purpose) * 0xc2b2ae3d27d4eb4fu;
    return h ^ h >> 31;
}

#endif
