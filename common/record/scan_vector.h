/* scan_vector.h: the variants of scan.c that use vector instructions, and what they share.
 * Private to scan*.c. */
#ifndef ND_RECORD_SCAN_VECTOR_H
#define ND_RECORD_SCAN_VECTOR_H

#include "record/scan.h"

/* Where hits go. */
struct nd_scan_out {
    uint32_t *offsets;
    size_t cap, n;
    bool any; /* the first hit is enough */
};

static inline void nd_scan_emit(struct nd_scan_out *o, size_t at)
{
    if (o->n < o->cap)
        o->offsets[o->n] = (uint32_t)at;
    o->n++;
}

/* Is the byte before p[at] the end of a code, so that a code of `bytes` ends at p[at]? */
static inline bool nd_scan_is(const unsigned char *p, size_t at, size_t n,
                              const unsigned char *code, size_t bytes)
{
    const unsigned char *first = p + at + 1 - bytes;
    if (at + 1 < bytes || at >= n || (at >= bytes && first[-1] >= 0x80))
        return false;
    for (size_t i = 0; i < bytes; i++)
        if (first[i] != code[i])
            return false;
    return true;
}

static inline bool nd_scan_bit(const struct nd_codes *c, unsigned set, uint32_t v)
{
    return v < c->bits_n[set] && (c->bits[set][v >> 6] >> (v & 63) & 1);
}

/* Which bitmap of a set is that of codes of a mark. */
unsigned nd_scan_bits_of(unsigned mark);

/* The functions of scan.h in one width of vectors. */
typedef void nd_scan_set(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                         struct nd_scan_out *o);
struct nd_scan_variant {
    nd_scan_set *few, *some, *many; /* by size of the set */
    void (*before)(const struct nd_codes *a, const struct nd_codes *b, const unsigned char *p,
                   size_t from, size_t n, struct nd_scan_out *o);
    void (*below)(const unsigned char *p, size_t n, unsigned limit, struct nd_scan_out *o);
    size_t (*ahead)(const unsigned char *p, size_t at, size_t n, size_t words, unsigned limit);
    size_t (*back)(const unsigned char *p, size_t at, size_t words, unsigned limit);
    size_t (*map)(const unsigned char *p, size_t n, uint64_t *masks, uint32_t *before);
    void (*number)(const uint64_t *masks, const uint32_t *before, const uint32_t *offsets, size_t n,
                   uint32_t *words);
    size_t (*words)(const unsigned char *p, size_t n);
};

#if defined(__x86_64__)
extern const struct nd_scan_variant nd_scan_avx2;
#endif
#if defined(__x86_64__) || defined(__aarch64__)
extern const struct nd_scan_variant nd_scan_16; /* SSSE3 or NEON */
#endif

#endif
