/* hash_avx2.c: the same hash of long inputs with 32-byte vectors, where the processor has them: half the time. Compiled
 * with -mavx2; called from hash.c alone. */
#if defined(__AVX2__)
#define XXH_INLINE_ALL
#define XXH_VECTOR XXH_AVX2
#include <xxhash.h>

uint64_t nd_hash64_avx2(const void *p, size_t n, uint64_t seed);

uint64_t nd_hash64_avx2(const void *p, size_t n, uint64_t seed)
{
    return XXH3_64bits_withSeed(p, n, seed);
}
#else
typedef int hash_avx2_is_not_for_this_processor;
#endif
