/* scan_avx2.c: scan.c with 32 bytes at a time. A byte is the last one of a wanted code where the nibble
 * tables of its two halves and of the byte before it have a bit in common; codes of more than two bytes,
 * and what stands before a code of two, are then compared. */
#include "record/scan_vector.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,popcnt")))

/* Hits of one code in the 32 bytes at p + i. */
AVX2 static inline uint32_t one_mask(const unsigned char *p, __m256i last, __m256i before,
                                     bool single)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)(p - 1));
    uint32_t m = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, last));
    if (single)
        return m & ~(uint32_t)_mm256_movemask_epi8(b);
    return m & (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, before));
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

/* Report the bytes of a mask, each the end of the one code, whose bytes before the last two are yet to be seen.
 * Return: false to stop. */
static inline bool take_one(const struct nd_codes *c, const unsigned char *p, size_t n, size_t i,
                            uint32_t m, struct nd_scan_out *o)
{
    size_t bytes = c->bytes_n[0];
    if (bytes > 2)
        return take(c, p, n, i, m, o);
    for (; m; m &= m - 1) {
        size_t at = i + (size_t)__builtin_ctz(m);
        if (at >= n)
            return false;
        if (bytes == 2 && (at == 0 || p[(ptrdiff_t)at - 2] >= 0x80))
            continue;
        nd_scan_emit(o, at);
        if (o->any)
            return false;
    }
    return true;
}

AVX2 static void one(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                     struct nd_scan_out *o)
{
    size_t bytes = c->bytes_n[0];
    bool single = bytes == 1;
    __m256i last = _mm256_set1_epi8((char)c->bytes[0][bytes - 1]);
    __m256i before = _mm256_set1_epi8(single ? 0 : (char)c->bytes[0][bytes - 2]);
    for (size_t i = from; i < n; i += 64) {
        uint32_t lo = one_mask(p + i, last, before, single);
        uint32_t hi = i + 32 < n ? one_mask(p + i + 32, last, before, single) : 0;
        if ((lo | hi) == 0)
            continue;
        if (!take_one(c, p, n, i, lo, o) || !take_one(c, p, n, i + 32, hi, o))
            return;
    }
}

/* Nibble tables as they are used. */
struct tables {
    __m256i t[4];
};

AVX2 static inline struct tables load_tables(const unsigned char from[4][16])
{
    struct tables x;
    for (size_t k = 0; k < 4; k++)
        x.t[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)from[k]));
    return x;
}

/* Where one byte each of a and b may be those of one code. */
AVX2 static inline __m256i both(const struct tables *x, __m256i a, __m256i b)
{
    const __m256i low = _mm256_set1_epi8(15);
    __m256i ah = _mm256_and_si256(_mm256_srli_epi16(a, 4), low);
    __m256i bh = _mm256_and_si256(_mm256_srli_epi16(b, 4), low);
    return _mm256_and_si256(_mm256_and_si256(_mm256_shuffle_epi8(x->t[0], _mm256_and_si256(a, low)),
                                             _mm256_shuffle_epi8(x->t[1], ah)),
                            _mm256_and_si256(_mm256_shuffle_epi8(x->t[2], _mm256_and_si256(b, low)),
                                             _mm256_shuffle_epi8(x->t[3], bh)));
}

AVX2 static inline uint32_t nonzero(__m256i m)
{
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(m, _mm256_setzero_si256()));
}

AVX2 static inline __m256i load(const unsigned char *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

AVX2 void nd_scan_few_avx2(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                           struct nd_scan_out *o)
{
    if (c->n == 1) {
        one(c, p, from, n, o);
        return;
    }
    const struct tables x = load_tables(c->table);
    for (size_t i = from; i < n; i += 32) {
        uint32_t m = nonzero(both(&x, load(p + i), load(p + i - 1)));
        if (m && !take(c, p, n, i, m, o))
            return;
    }
}

/* Report the bytes of a mask that end one of the codes of a set with bitmaps. Return: false to stop. */
static inline bool take_some(const struct nd_codes *c, const unsigned char *p, size_t n, size_t i,
                             uint32_t m, struct nd_scan_out *o)
{
    for (; m; m &= m - 1) {
        size_t at = i + (size_t)__builtin_ctz(m);
        unsigned mark;
        uint32_t v;
        if (at >= n)
            return false;
        nd_scan_code(p, at, &mark, &v);
        if (!nd_scan_bit(c, nd_scan_bits_of(mark), v) || (mark != ND_WORD_FIRST && c->words_only) ||
            mark < ND_MARK_MENTION || mark == ND_MARK_OTHER)
            continue;
        nd_scan_emit(o, at);
        if (o->any)
            return false;
    }
    return true;
}

AVX2 void nd_scan_some_avx2(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                            struct nd_scan_out *o)
{
    const struct tables x = load_tables(c->table);
    for (size_t i = from; i < n; i += 32) {
        uint32_t m = nonzero(both(&x, load(p + i), load(p + i - 1)));
        if (m && !take_some(c, p, n, i, m, o))
            return;
    }
}

/* Bytes of y before which a mark may begin: the first byte is one, or the payload of one. */
AVX2 static inline __m256i may_mark(__m256i y, __m256i z)
{
    const __m256i six = _mm256_set1_epi8(ND_WORD_FIRST), minus = _mm256_set1_epi8(-1);
    return _mm256_and_si256(_mm256_cmpgt_epi8(six, y), _mm256_or_si256(_mm256_cmpgt_epi8(y, minus),
                                                                       _mm256_cmpgt_epi8(six, z)));
}

/* Two codes, one after the other: no tables, no branch but where they stand so. */
AVX2 static void one_before_one(const struct nd_codes *a, const struct nd_codes *b,
                                const unsigned char *p, size_t from, size_t n,
                                struct nd_scan_out *o)
{
    size_t bytes = a->bytes_n[0];
    bool single = bytes == 1;
    const __m256i last = _mm256_set1_epi8((char)a->bytes[0][bytes - 1]);
    const __m256i before = _mm256_set1_epi8(single ? 0 : (char)a->bytes[0][bytes - 2]);
    const __m256i next = _mm256_set1_epi8((char)b->bytes[0][0]);
    const __m256i second = _mm256_set1_epi8((char)b->bytes[0][1]);
    const __m256i short_code = _mm256_set1_epi8(b->bytes_n[0] == 1 ? -1 : 0);
    for (size_t i = from; i < n; i += 32) {
        __m256i y = load(p + i + 1), z = load(p + i + 2);
        __m256i fits = _mm256_and_si256(_mm256_cmpeq_epi8(y, next),
                                        _mm256_or_si256(short_code, _mm256_cmpeq_epi8(z, second)));
        uint32_t m = one_mask(p + i, last, before, single) &
                     (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(fits, may_mark(y, z)));
        if (m && !take_one(a, p, n, i, m, o))
            return;
    }
}

AVX2 void nd_scan_before_avx2(const struct nd_codes *a, const struct nd_codes *b,
                              const unsigned char *p, size_t from, size_t n, struct nd_scan_out *o)
{
    if (a->n == 1 && b->n == 1) {
        one_before_one(a, b, p, from, n, o);
        return;
    }
    const struct tables x = load_tables(a->table), follow = load_tables(b->start);
    for (size_t i = from; i < n; i += 32) {
        uint32_t m = nonzero(both(&x, load(p + i), load(p + i - 1)));
        if (m == 0)
            continue;
        __m256i y = load(p + i + 1), z = load(p + i + 2);
        m &= nonzero(_mm256_or_si256(both(&follow, y, z), may_mark(y, z)));
        if (m && !(a->n <= ND_CODES_FEW ? take : take_some)(a, p, n, i, m, o))
            return;
    }
}

/* The codes of words, tested one by one. Nearly all have one or two bytes: these without a branch. */
AVX2 static void many_words(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                            struct nd_scan_out *o)
{
    const uint64_t *bits = c->bits[0];
    const __m256i five = _mm256_set1_epi8(5);
    for (size_t i = from; i < n; i += 32) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(p + i));
        uint32_t m = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(a, five));
        if (n - i < 32)
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
AVX2 void nd_scan_many_avx2(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                            struct nd_scan_out *o)
{
    if (c->words_only) {
        many_words(c, p, from, n, o);
        return;
    }
    const __m256i least = _mm256_set1_epi8(2);
    for (size_t i = from; i < n; i += 32) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(p + i));
        uint32_t m = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(a, least));
        if (n - i < 32)
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

AVX2 size_t nd_scan_map_avx2(const unsigned char *p, size_t n, uint64_t *masks, uint32_t *before)
{
    const __m256i five = _mm256_set1_epi8(5);
    uint32_t words = 0;
    for (size_t i = 0; i <= n / 64; i++) {
        const unsigned char *b = p + i * 64;
        uint64_t lo = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(load(b), five));
        uint64_t hi = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(load(b + 32), five));
        uint64_t m = lo | hi << 32;
        if (i == n / 64)
            m &= ((uint64_t)1 << (n % 64)) - 1;
        masks[i] = m;
        before[i] = words;
        words += (uint32_t)__builtin_popcountll(m);
    }
    return words;
}

AVX2 void nd_scan_number_avx2(const uint64_t *masks, const uint32_t *before,
                              const uint32_t *offsets, size_t n, uint32_t *words)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t at = offsets[i];
        uint64_t m = masks[at / 64] & (((uint64_t)1 << (at % 64)) - 1);
        words[i] = before[at / 64] + (uint32_t)__builtin_popcountll(m);
    }
}

AVX2 size_t nd_scan_words_avx2(const unsigned char *p, size_t n)
{
    const __m256i five = _mm256_set1_epi8(5);
    size_t i = 0, words = 0;
    for (; i + 32 <= n; i += 32) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(p + i));
        words +=
            (size_t)__builtin_popcount((unsigned)_mm256_movemask_epi8(_mm256_cmpgt_epi8(a, five)));
    }
    if (i < n) { /* the last 32 bytes, without those already counted */
        __m256i a = _mm256_loadu_si256((const __m256i *)(p + n - 32));
        uint32_t m = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(a, five));
        words += (size_t)__builtin_popcount(m >> (32 - (n - i)));
    }
    return words;
}

AVX2 void nd_scan_below_avx2(const unsigned char *p, size_t n, unsigned limit,
                             struct nd_scan_out *o)
{
    const __m256i most = _mm256_set1_epi8((char)limit);
    for (size_t i = 0; i < n; i += 32) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(p + i));
        uint32_t m = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(most, a)) &
                     ~(uint32_t)_mm256_movemask_epi8(a);
        if (n - i < 32)
            m &= (1U << (n - i)) - 1;
        for (; m; m &= m - 1)
            nd_scan_emit(o, i + (size_t)__builtin_ctz(m));
    }
}

/* Ends of words, and marks below the limit, in 32 bytes. */
AVX2 static inline uint32_t ends(const unsigned char *p, __m256i limit, uint32_t *marks)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)p);
    *marks = (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(limit, a)) &
             ~(uint32_t)_mm256_movemask_epi8(a);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(a, _mm256_set1_epi8(5)));
}

AVX2 size_t nd_scan_ahead_avx2(const unsigned char *p, size_t at, size_t n, size_t words,
                               unsigned limit)
{
    const __m256i most = _mm256_set1_epi8((char)limit);
    for (size_t i = at + 1; i < n; i += 32) {
        uint32_t marks, m = ends(p + i, most, &marks);
        if (n - i < 32)
            marks |= UINT32_MAX << (n - i); /* the end of the article stops like a mark */
        if (marks)
            m &= (marks & -marks) - 1;
        size_t count = (size_t)__builtin_popcount(m);
        if (count >= words) {
            while (--words)
                m &= m - 1;
            return i + (size_t)__builtin_ctz(m) + 1;
        }
        if (marks)
            return i + (size_t)__builtin_ctz(marks);
        words -= count;
    }
    return n;
}

AVX2 size_t nd_scan_back_avx2(const unsigned char *p, size_t at, size_t words, unsigned limit)
{
    const __m256i most = _mm256_set1_epi8((char)limit);
    for (size_t end = at; end > 0; end = end > 32 ? end - 32 : 0) {
        uint32_t marks, m = ends(p + end - 32, most, &marks), valid = UINT32_MAX;
        if (end < 32)
            valid <<= 32 - end; /* what lies before the article */
        m &= valid;
        marks &= valid;
        unsigned stop = marks ? 31 - (unsigned)__builtin_clz(marks) : 0;
        if (marks)
            m &= stop == 31 ? 0 : UINT32_MAX << (stop + 1);
        size_t count = (size_t)__builtin_popcount(m);
        if (count >= words) {
            while (--words)
                m &= ~(0x80000000U >> __builtin_clz(m));
            return end - 1 - (size_t)__builtin_clz(m);
        }
        if (marks)
            return end - 32 + stop + 1;
        words -= count;
    }
    return 0;
}
#endif
