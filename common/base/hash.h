/* hash.h: the hashes of the project, over xxHash (libxxhash).
 * nd_hash64 with seed 0 and nd_hash128 are written to disk: never change them. */
#ifndef ND_BASE_HASH_H
#define ND_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct nd_hash128 {
    uint64_t hi, lo;
};

/* XXH3, 64 bits. */
uint64_t nd_hash64(const void *p, size_t n, uint64_t seed);
/* XXH3, 128 bits, seed 0. */
struct nd_hash128 nd_hash128(const void *p, size_t n);
/* A seed from the system's random source; falls back on time and address. */
uint64_t nd_random_seed(void);

#endif
