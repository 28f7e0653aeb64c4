#include "base/map.h"

#include "base/hash.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_SLOTS = 1024
};

int nd_map_init(struct nd_map *m, size_t max)
{
    *m = (struct nd_map){.seed = nd_random_seed()};
    nd_arena_init(&m->keys, max);
    m->slots = calloc(FIRST_SLOTS, sizeof *m->slots);
    if (!m->slots)
        return ND_NOMEM;
    m->mask = FIRST_SLOTS - 1;
    return 0;
}

void nd_map_free(struct nd_map *m)
{
    nd_arena_free(&m->keys);
    free(m->entries);
    free(m->slots);
    *m = (struct nd_map){0};
}

void nd_map_reset(struct nd_map *m)
{
    nd_arena_reset(&m->keys);
    m->count = 0;
    memset(m->slots, 0, ((size_t)m->mask + 1) * sizeof *m->slots);
}

static uint64_t slot_of(uint64_t hash, uint32_t number)
{
    return (hash & ~(uint64_t)UINT32_MAX) | (number + 1);
}

static uint32_t find(const struct nd_map *m, const char *p, size_t n, uint64_t hash, uint32_t *slot)
{
    uint32_t i = (uint32_t)hash & m->mask;
    for (;; i = (i + 1) & m->mask) {
        uint64_t s = m->slots[i];
        if (!s)
            break;
        if ((s ^ hash) >> 32)
            continue;
        const struct nd_map_entry *e = &m->entries[(uint32_t)s - 1];
        if (e->hash == hash && e->key.n == n && (n == 0 || memcmp(e->key.p, p, n) == 0)) {
            *slot = i;
            return (uint32_t)s - 1;
        }
    }
    *slot = i;
    return ND_MAP_NONE;
}

static int grow_slots(struct nd_map *m)
{
    size_t n = ((size_t)m->mask + 1) * 2;
    if (n > UINT32_MAX / 2)
        return ND_LIMIT;
    uint64_t *slots = calloc(n, sizeof *slots);
    if (!slots)
        return ND_NOMEM;
    uint32_t mask = (uint32_t)n - 1;
    for (uint32_t k = 0; k < m->count; k++) {
        uint32_t i = (uint32_t)m->entries[k].hash & mask;
        while (slots[i])
            i = (i + 1) & mask;
        slots[i] = slot_of(m->entries[k].hash, k);
    }
    free(m->slots);
    m->slots = slots;
    m->mask = mask;
    return 0;
}

int nd_map_intern(struct nd_map *m, const char *p, size_t n, uint32_t *out)
{
    uint64_t hash = nd_hash64(p, n, m->seed);
    uint32_t slot;
    *out = find(m, p, n, hash, &slot);
    if (*out != ND_MAP_NONE)
        return 0;
    if (m->count == m->cap) {
        uint32_t cap = m->cap ? m->cap * 2 : 512;
        struct nd_map_entry *e = cap > m->cap ? realloc(m->entries, cap * sizeof *e) : NULL;
        if (!e)
            return ND_NOMEM;
        m->entries = e;
        m->cap = cap;
    }
    if ((m->count + 1) * 2ull > m->mask + 1ull) { /* half full: chains stay short */
        int rc = grow_slots(m);
        if (rc)
            return rc;
        find(m, p, n, hash, &slot);
    }
    struct nd_str key = nd_arena_str(&m->keys, p, n);
    if (!key.p)
        return m->keys.total >= m->keys.max ? ND_LIMIT : ND_NOMEM;
    m->entries[m->count] = (struct nd_map_entry){key, hash};
    m->slots[slot] = slot_of(hash, m->count);
    *out = m->count++;
    return 0;
}

uint32_t nd_map_find(const struct nd_map *m, const char *p, size_t n)
{
    uint32_t slot;
    return find(m, p, n, nd_hash64(p, n, m->seed), &slot);
}

struct nd_str nd_map_key(const struct nd_map *m, uint32_t number)
{
    return m->entries[number].key;
}

size_t nd_map_bytes(const struct nd_map *m)
{
    return m->keys.total + m->cap * sizeof *m->entries + ((size_t)m->mask + 1) * sizeof *m->slots;
}
