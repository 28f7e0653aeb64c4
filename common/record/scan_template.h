/* scan_template.h: the scan with vectors of WIDTH bytes, for scan_avx2.c, scan_ssse3.c and scan_neon.c, each of which
 * includes it once, behind its instructions:
 *     TARGET         what the compiler may use          WIDTH          bytes of a vector, 16 or 32
 *     VARIANT        name of the table of functions     vec            the type of a vector
 *     load splat and_ or_ equal above (signed bytes)    high           the upper half of each byte, as a number
 *     lookup         16 bytes by numbers below 16       load_table     such a table from memory
 *     mask_of        a bit for each byte, from its highest bit
 * A byte is the last one of a wanted code where the nibble tables of its two halves and of the byte before it have a
 * bit in common; codes of more than two bytes, and what stands before a code of two, are then compared.
 * Private to scan_*.c. */
#ifndef ND_RECORD_SCAN_TEMPLATE_H
#define ND_RECORD_SCAN_TEMPLATE_H

#include "record/scan_vector.h"

#ifdef VARIANT /* a header of its own would have nothing to include */

#define ALL ((uint32_t)(((uint64_t)1 << WIDTH) - 1))

/* Hits of one code in the WIDTH bytes at p. */
TARGET static inline uint32_t one_mask(const unsigned char *p, vec last, vec before, bool single)
{
    vec a = load(p), b = load(p - 1);
    uint32_t m = mask_of(equal(a, last));
    return single ? m & ~mask_of(b) : m & mask_of(equal(b, before));
}

/* The bits of what lies before the end. */
static inline uint32_t within(uint32_t m, size_t i, size_t n)
{
    return n - i < WIDTH ? m & (((uint32_t)1 << (n - i)) - 1) : m;
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

TARGET static void one(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                       struct nd_scan_out *o)
{
    size_t bytes = c->bytes_n[0];
    bool single = bytes == 1;
    vec last = splat(c->bytes[0][bytes - 1]), before = splat(single ? 0 : c->bytes[0][bytes - 2]);
    for (size_t i = from; i < n; i += 2 * WIDTH) {
        uint32_t lo = one_mask(p + i, last, before, single);
        uint32_t hi = i + WIDTH < n ? one_mask(p + i + WIDTH, last, before, single) : 0;
        if ((lo | hi) == 0)
            continue;
        if (!take_one(c, p, n, i, lo, o) || !take_one(c, p, n, i + WIDTH, hi, o))
            return;
    }
}

/* Nibble tables as they are used. */
struct tables {
    vec t[4];
};

TARGET static inline struct tables load_tables(const unsigned char from[4][16])
{
    struct tables x;
    for (size_t k = 0; k < 4; k++)
        x.t[k] = load_table(from[k]);
    return x;
}

/* Where one byte each of a and b may be those of one code. */
TARGET static inline vec both(const struct tables *x, vec a, vec b)
{
    const vec low = splat(15);
    return and_(and_(lookup(x->t[0], and_(a, low)), lookup(x->t[1], high(a))),
                and_(lookup(x->t[2], and_(b, low)), lookup(x->t[3], high(b))));
}

TARGET static inline uint32_t nonzero(vec m)
{
    return ~mask_of(equal(m, splat(0))) & ALL;
}

TARGET static void scan_few(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                            struct nd_scan_out *o)
{
    if (c->n == 1) {
        one(c, p, from, n, o);
        return;
    }
    const struct tables x = load_tables(c->table);
    for (size_t i = from; i < n; i += WIDTH) {
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

TARGET static void scan_some(const struct nd_codes *c, const unsigned char *p, size_t from,
                             size_t n, struct nd_scan_out *o)
{
    const struct tables x = load_tables(c->table);
    for (size_t i = from; i < n; i += WIDTH) {
        uint32_t m = nonzero(both(&x, load(p + i), load(p + i - 1)));
        if (m && !take_some(c, p, n, i, m, o))
            return;
    }
}

/* Bytes of y before which a mark may begin: the first byte is one, or the payload of one. */
TARGET static inline vec may_mark(vec y, vec z)
{
    const vec six = splat(ND_WORD_FIRST), minus = splat(0xff);
    return and_(above(six, y), or_(above(y, minus), above(six, z)));
}

/* Two codes, one after the other: no tables, no branch but where they stand so. */
TARGET static void one_before_one(const struct nd_codes *a, const struct nd_codes *b,
                                  const unsigned char *p, size_t from, size_t n,
                                  struct nd_scan_out *o)
{
    size_t bytes = a->bytes_n[0];
    bool single = bytes == 1;
    const vec last = splat(a->bytes[0][bytes - 1]);
    const vec before = splat(single ? 0 : a->bytes[0][bytes - 2]);
    const vec next = splat(b->bytes[0][0]);
    const vec second = splat(b->bytes[0][1]);
    const vec short_code = splat(b->bytes_n[0] == 1 ? 0xff : 0);
    for (size_t i = from; i < n; i += WIDTH) {
        vec y = load(p + i + 1), z = load(p + i + 2);
        vec fits = and_(equal(y, next), or_(short_code, equal(z, second)));
        uint32_t m = one_mask(p + i, last, before, single) & mask_of(or_(fits, may_mark(y, z)));
        if (m && !take_one(a, p, n, i, m, o))
            return;
    }
}

TARGET static void scan_before(const struct nd_codes *a, const struct nd_codes *b,
                               const unsigned char *p, size_t from, size_t n, struct nd_scan_out *o)
{
    if (a->n == 1 && b->n == 1) {
        one_before_one(a, b, p, from, n, o);
        return;
    }
    const struct tables x = load_tables(a->table), follow = load_tables(b->start);
    for (size_t i = from; i < n; i += WIDTH) {
        uint32_t m = nonzero(both(&x, load(p + i), load(p + i - 1)));
        if (m == 0)
            continue;
        vec y = load(p + i + 1), z = load(p + i + 2);
        m &= nonzero(or_(both(&follow, y, z), may_mark(y, z)));
        if (m && !(a->n <= ND_CODES_FEW ? take : take_some)(a, p, n, i, m, o))
            return;
    }
}

/* The codes of words, tested one by one. Nearly all have one or two bytes: these without a branch. */
TARGET static void many_words(const struct nd_codes *c, const unsigned char *p, size_t from,
                              size_t n, struct nd_scan_out *o)
{
    const uint64_t *bits = c->bits[0];
    const vec five = splat(5);
    for (size_t i = from; i < n; i += WIDTH) {
        vec a = load(p + i);
        uint32_t m = within(mask_of(above(a, five)), i, n);
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
TARGET static void scan_many(const struct nd_codes *c, const unsigned char *p, size_t from,
                             size_t n, struct nd_scan_out *o)
{
    if (c->words_only) {
        many_words(c, p, from, n, o);
        return;
    }
    const vec least = splat(2);
    for (size_t i = from; i < n; i += WIDTH) {
        vec a = load(p + i);
        uint32_t m = within(mask_of(above(a, least)), i, n);
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

TARGET static size_t scan_map(const unsigned char *p, size_t n, uint64_t *masks, uint32_t *before)
{
    const vec five = splat(5);
    uint32_t words = 0;
    for (size_t i = 0; i <= n / 64; i++) {
        const unsigned char *b = p + i * 64;
        uint64_t m = 0;
        for (unsigned k = 0; k < 64; k += WIDTH)
            m |= (uint64_t)mask_of(above(load(b + k), five)) << k;
        if (i == n / 64)
            m &= ((uint64_t)1 << (n % 64)) - 1;
        masks[i] = m;
        before[i] = words;
        words += (uint32_t)__builtin_popcountll(m);
    }
    return words;
}

TARGET static void scan_number(const uint64_t *masks, const uint32_t *before,
                               const uint32_t *offsets, size_t n, uint32_t *words)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t at = offsets[i];
        uint64_t m = masks[at / 64] & (((uint64_t)1 << (at % 64)) - 1);
        words[i] = before[at / 64] + (uint32_t)__builtin_popcountll(m);
    }
}

TARGET static size_t scan_words(const unsigned char *p, size_t n)
{
    const vec five = splat(5);
    size_t i = 0, words = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
        vec a = load(p + i);
        words += (size_t)__builtin_popcount(mask_of(above(a, five)));
    }
    if (n < WIDTH) {
        for (; i < n; i++)
            words += p[i] >= ND_WORD_FIRST && p[i] < 0x80;
    } else if (i < n) { /* the last WIDTH bytes, without those already counted */
        vec a = load(p + n - WIDTH);
        uint32_t m = mask_of(above(a, five));
        words += (size_t)__builtin_popcount(m >> (WIDTH - (n - i)));
    }
    return words;
}

TARGET static void scan_below(const unsigned char *p, size_t n, unsigned limit,
                              struct nd_scan_out *o)
{
    const vec most = splat((unsigned char)limit);
    for (size_t i = 0; i < n; i += WIDTH) {
        vec a = load(p + i);
        uint32_t m = within(mask_of(above(most, a)) & ~mask_of(a), i, n);
        for (; m; m &= m - 1)
            nd_scan_emit(o, i + (size_t)__builtin_ctz(m));
    }
}

/* Ends of words, and marks below the limit, in WIDTH bytes. */
TARGET static inline uint32_t ends(const unsigned char *p, vec limit, uint32_t *marks)
{
    vec a = load(p);
    *marks = mask_of(above(limit, a)) & ~mask_of(a);
    return mask_of(above(a, splat(5)));
}

TARGET static size_t scan_ahead(const unsigned char *p, size_t at, size_t n, size_t words,
                                unsigned limit)
{
    const vec most = splat((unsigned char)limit);
    for (size_t i = at + 1; i < n; i += WIDTH) {
        uint32_t marks, m = ends(p + i, most, &marks);
        if (n - i < WIDTH)
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

TARGET static size_t scan_back(const unsigned char *p, size_t at, size_t words, unsigned limit)
{
    const vec most = splat((unsigned char)limit);
    for (size_t end = at; end > 0; end = end > WIDTH ? end - WIDTH : 0) {
        const unsigned char *first =
            p + (ptrdiff_t)end - WIDTH; /* perhaps before the article, in its padding */
        uint32_t marks, m = ends(first, most, &marks), valid = ALL;
        if (end < WIDTH)
            valid &= ALL << (WIDTH - end); /* what lies before the article */
        m &= valid;
        marks &= valid;
        unsigned stop = marks ? 31 - (unsigned)__builtin_clz(marks) : 0;
        if (marks)
            m &= stop == 31 ? 0 : UINT32_MAX << (stop + 1);
        size_t count = (size_t)__builtin_popcount(m);
        if (count >= words) {
            while (--words)
                m &= ~(0x80000000U >> __builtin_clz(m));
            return end - WIDTH + 31 - (size_t)__builtin_clz(m);
        }
        if (marks)
            return end - WIDTH + stop + 1;
        words -= count;
    }
    return 0;
}

const struct nd_scan_variant VARIANT = {
    .few = scan_few,
    .some = scan_some,
    .many = scan_many,
    .before = scan_before,
    .below = scan_below,
    .ahead = scan_ahead,
    .back = scan_back,
    .map = scan_map,
    .number = scan_number,
    .words = scan_words,
};

#endif
#endif
