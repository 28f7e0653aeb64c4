#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <sys/random.h>
#include <time.h>

#if defined(__x86_64__)
enum {
    LONG = 1024 /* bytes from which wide vectors are worth a look at the processor */
};
uint64_t nd_hash64_avx2(const void *p, size_t n, uint64_t seed); /* hash_avx2.c */
#endif

uint64_t nd_hash64(const void *p, size_t n, uint64_t seed)
{
#if defined(__x86_64__)
    if (n >= LONG && __builtin_cpu_supports("avx2"))
        return nd_hash64_avx2(p, n, seed);
#endif
    return XXH3_64bits_withSeed(p, n, seed);
}

struct nd_hash128 nd_hash128(const void *p, size_t n)
{
    XXH128_hash_t h = XXH3_128bits(p, n);
    return (struct nd_hash128){h.high64, h.low64};
}

uint64_t nd_random_seed(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == (ssize_t)sizeof seed)
        return seed;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_nsec ^ (uint64_t)t.tv_sec << 32 ^ (uint64_t)(uintptr_t)&t;
}
