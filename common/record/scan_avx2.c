/* scan_avx2.c: the scan with AVX2, 32 bytes at a time. */
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define VARIANT nd_scan_avx2
#define WIDTH 32
#define TARGET __attribute__((target("avx2,popcnt")))
#define load(p) _mm256_loadu_si256((const __m256i *)(p))
#define splat(c) _mm256_set1_epi8((char)(c))
#define and_(a, b) _mm256_and_si256(a, b)
#define or_(a, b) _mm256_or_si256(a, b)
#define equal(a, b) _mm256_cmpeq_epi8(a, b)
#define above(a, b) _mm256_cmpgt_epi8(a, b)
#define high(a) _mm256_and_si256(_mm256_srli_epi16(a, 4), _mm256_set1_epi8(15))
#define lookup(table, at) _mm256_shuffle_epi8(table, at)
#define load_table(p) _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(p)))
#define mask_of(a) ((uint32_t)_mm256_movemask_epi8(a))
typedef __m256i vec;

#include "record/scan_template.h"
#endif
