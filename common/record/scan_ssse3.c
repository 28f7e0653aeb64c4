/* scan_ssse3.c: scan.c with 16 bytes at a time. A byte is the last one of a wanted code where the nibble
 * tables of its two halves and of the byte before it have a bit in common; codes of more than two bytes,
 * and what stands before a code of two, are then compared. */
#include "record/scan_vector.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define SSSE3 __attribute__((target("ssse3")))

/* Hits of one code in the 16 bytes at p + i. */
SSSE3 static inline uint32_t one_mask(const unsigned char *p, __m128i last, __m128i before,
                                      bool single)
{
    __m128i a = _mm_loadu_si128((const __m128i *)p);
    __m128i b = _mm_loadu_si128((const __m128i *)(p - 1));
    uint32_t m = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, last));
    if (single)
        return m & ~(uint32_t)_mm_movemask_epi8(b) & 0xffff;
    return m & (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(b, before));
}

/* Report the bytes of a mask that really end one of the codes. Return: false to stop. */
static inline bool take(const struct nd_codes *c, const unsigned char *p, size_t n, size_t i,
                        uint32_t m, struct nd_scan_out *o)
{
    for (; m; m &= m - 1) {
        size_t at = i + (size_t)__builtin_ctz(m);
        if (at >= n)
            return false;
        for (size_t k = 0; k < c->n; k++) {
            if (!nd_scan_is(p, at, n, c->bytes[k], c->bytes_n[k]))
                continue;
            nd_scan_emit(o, at);
            if (o->any)
                return false;
            break;
        }
    }
    return true;
}

SSSE3 static void one(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                      struct nd_scan_out *o)
{
    size_t bytes = c->bytes_n[0];
    bool single = bytes == 1;
    __m128i last = _mm_set1_epi8((char)c->bytes[0][bytes - 1]);
    __m128i before = _mm_set1_epi8(single ? 0 : (char)c->bytes[0][bytes - 2]);
    for (size_t i = from; i < n; i += 32) {
        uint32_t lo = one_mask(p + i, last, before, single);
        uint32_t hi = i + 16 < n ? one_mask(p + i + 16, last, before, single) : 0;
        if ((lo | hi) == 0)
            continue;
        if (!take(c, p, n, i, lo, o) || !take(c, p, n, i + 16, hi, o))
            return;
    }
}

SSSE3 void nd_scan_few_ssse3(const struct nd_codes *c, const unsigned char *p, size_t from,
                             size_t n, struct nd_scan_out *o)
{
    if (c->n == 1) {
        one(c, p, from, n, o);
        return;
    }
    const __m128i low = _mm_set1_epi8(15);
    __m128i t[4];
    for (size_t k = 0; k < 4; k++)
        t[k] = _mm_loadu_si128((const __m128i *)c->table[k]);
    for (size_t i = from; i < n; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(p + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(p + i - 1));
        __m128i ah = _mm_and_si128(_mm_srli_epi16(a, 4), low);
        __m128i bh = _mm_and_si128(_mm_srli_epi16(b, 4), low);
        __m128i m = _mm_and_si128(_mm_and_si128(_mm_shuffle_epi8(t[0], _mm_and_si128(a, low)),
                                                _mm_shuffle_epi8(t[1], ah)),
                                  _mm_and_si128(_mm_shuffle_epi8(t[2], _mm_and_si128(b, low)),
                                                _mm_shuffle_epi8(t[3], bh)));
        uint32_t none = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(m, _mm_setzero_si128()));
        if (none != 0xffff && !take(c, p, n, i, ~none & 0xffff, o))
            return;
    }
}

/* The codes of words, tested one by one. Nearly all have one or two bytes: these without a branch. */
SSSE3 static void many_words(const struct nd_codes *c, const unsigned char *p, size_t from,
                             size_t n, struct nd_scan_out *o)
{
    const uint64_t *bits = c->bits[0];
    const __m128i five = _mm_set1_epi8(5);
    for (size_t i = from; i < n; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(p + i));
        uint32_t m = (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(a, five));
        if (n - i < 16)
            m &= (1U << (n - i)) - 1;
        for (; m; m &= m - 1) {
            const unsigned char *b = p + i + __builtin_ctz(m);
            unsigned before = b[-1];
            uint32_t v =
                (before & 0x7f & (0U - (before >> 7))) * ND_WORD_BASE + b[0] - ND_WORD_FIRST;
            if (__builtin_expect(before & b[-2] & 0x80, 0)) {
                unsigned mark;
                nd_scan_code(p, (size_t)(b - p), &mark, &v);
                if (v >= c->bits_n[0])
                    continue;
            }
            if (!(bits[v >> 6] >> (v & 63) & 1))
                continue;
            nd_scan_emit(o, (size_t)(b - p));
            if (o->any)
                return;
        }
    }
}

/* Ends of codes that may be members: words, or all of the marks too. */
SSSE3 void nd_scan_many_ssse3(const struct nd_codes *c, const unsigned char *p, size_t from,
                              size_t n, struct nd_scan_out *o)
{
    if (c->words_only) {
        many_words(c, p, from, n, o);
        return;
    }
    const __m128i least = _mm_set1_epi8(2);
    for (size_t i = from; i < n; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(p + i));
        uint32_t m = (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(a, least));
        if (n - i < 16)
            m &= (1U << (n - i)) - 1;
        for (; m; m &= m - 1) {
            size_t at = i + (size_t)__builtin_ctz(m);
            unsigned last = p[at], before = at ? p[at - 1] : 0;
            uint32_t v = before >= 0x80 ? before & 0x7f : 0;
            unsigned set = 0;
            if (before >= 0x80 && at > 1 && p[at - 2] >= 0x80) {
                unsigned mark;
                nd_scan_code(p, at, &mark, &v);
                if (mark == ND_WORD_FIRST) {
                    if (nd_scan_bit(c, 0, v)) {
                        nd_scan_emit(o, at);
                        if (o->any)
                            return;
                    }
                    continue;
                }
            }
            if (last >= ND_WORD_FIRST)
                v = v * ND_WORD_BASE + (last - ND_WORD_FIRST);
            else if (last == ND_MARK_OTHER)
                continue;
            else
                set = last == ND_MARK_JOINED ? 1 : 2;
            if (!nd_scan_bit(c, set, v))
                continue;
            nd_scan_emit(o, at);
            if (o->any)
                return;
        }
    }
}

SSSE3 size_t nd_scan_words_ssse3(const unsigned char *p, size_t n)
{
    const __m128i five = _mm_set1_epi8(5);
    size_t i = 0, words = 0;
    for (; i + 16 <= n; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(p + i));
        words += (size_t)__builtin_popcount((unsigned)_mm_movemask_epi8(_mm_cmpgt_epi8(a, five)));
    }
    if (i < n) { /* the last 16 bytes, without those already counted */
        __m128i a = _mm_loadu_si128((const __m128i *)(p + n - 16));
        uint32_t m = (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(a, five));
        words += (size_t)__builtin_popcount(m >> (16 - (n - i)));
    }
    return words;
}

SSSE3 void nd_scan_below_ssse3(const unsigned char *p, size_t n, unsigned limit,
                               struct nd_scan_out *o)
{
    const __m128i most = _mm_set1_epi8((char)limit);
    for (size_t i = 0; i < n; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(p + i));
        uint32_t m =
            (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(most, a)) & ~(uint32_t)_mm_movemask_epi8(a);
        if (n - i < 16)
            m &= (1U << (n - i)) - 1;
        for (; m; m &= m - 1)
            nd_scan_emit(o, i + (size_t)__builtin_ctz(m));
    }
}
#endif
