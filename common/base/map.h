/* map.h: interns byte strings: each distinct key gets the next number, from 0.
 * Call order:  nd_map_init (nd_map_intern | nd_map_find | nd_map_key)* nd_map_free
 * Invariants:  numbers are dense, in order of first arrival (never of hash), so output that follows
 *              them is the same on every run; keys are copied and never move.
 * The hash is seeded at random per map, so a hostile dump cannot make it slow.
 * Values are the caller's: keep an array indexed by the number.   Threads: one owner. */
#ifndef ND_BASE_MAP_H
#define ND_BASE_MAP_H

#include "base/arena.h"

struct nd_map_entry {
    struct nd_str key;
    uint64_t hash;
};

struct nd_map {
    struct nd_arena keys;
    struct nd_map_entry *entries; /* by number */
    uint32_t count, cap;
    uint64_t *slots; /* high half of the hash, number + 1; 0 = free; a power of two of them */
    uint32_t mask;
    uint64_t seed;
};

enum {
    ND_MAP_NONE = UINT32_MAX /* no such key */
};

/* max: most bytes that the keys may take. Return: 0 or ND_NOMEM. */
int nd_map_init(struct nd_map *m, size_t max);
void nd_map_free(struct nd_map *m);
/* Forget all keys, keep the memory. */
void nd_map_reset(struct nd_map *m);
/* The number of a key, which is added if new.
 * Return: 0, or ND_NOMEM, ND_LIMIT (then *out is ND_MAP_NONE and the map is unchanged). */
int nd_map_intern(struct nd_map *m, const char *p, size_t n, uint32_t *out);
/* The number of a key, ND_MAP_NONE if it is not there. */
uint32_t nd_map_find(const struct nd_map *m, const char *p, size_t n);
/* The key of a number below count. */
struct nd_str nd_map_key(const struct nd_map *m, uint32_t number);
/* Bytes of memory that the map holds. */
size_t nd_map_bytes(const struct nd_map *m);

#endif
