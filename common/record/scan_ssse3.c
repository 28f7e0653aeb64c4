/* scan_ssse3.c: the scan with SSSE3, 16 bytes at a time. */
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define VARIANT nd_scan_16
#define WIDTH 16
#define TARGET __attribute__((target("ssse3,popcnt")))
#define load(p) _mm_loadu_si128((const __m128i *)(p))
#define splat(c) _mm_set1_epi8((char)(c))
#define and_(a, b) _mm_and_si128(a, b)
#define or_(a, b) _mm_or_si128(a, b)
#define equal(a, b) _mm_cmpeq_epi8(a, b)
#define above(a, b) _mm_cmpgt_epi8(a, b)
#define high(a) _mm_and_si128(_mm_srli_epi16(a, 4), _mm_set1_epi8(15))
#define lookup(table, at) _mm_shuffle_epi8(table, at)
#define load_table(p) load(p)
#define mask_of(a) ((uint32_t)_mm_movemask_epi8(a))
typedef __m128i vec;

#include "record/scan_template.h"
#endif
