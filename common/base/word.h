/* word.h: short byte strings as two numbers, so that they are hashed and compared without a branch on their length.
 * Threads: any. */
#ifndef ND_BASE_WORD_H
#define ND_BASE_WORD_H

#include "base/buf.h"

enum {
    ND_WORD_HEAD = 16 /* bytes that the two numbers hold */
};

struct nd_word_bytes {
    uint64_t a, b;
};

/* Multiplied to 128 bits, folded to 64. */
static inline uint64_t nd_word_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide m = (wide)a * b;
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* n <= ND_WORD_HEAD bytes, zeroes behind them. p: ND_WORD_HEAD bytes can be read, however small n is. */
static inline struct nd_word_bytes nd_word_load(const void *p, size_t n)
{
    static const unsigned char ones[3 * ND_WORD_HEAD] = {
        [0 ... ND_WORD_HEAD - 1] = 0xff}; /* the mask of n bytes begins n before the first zero */
    const unsigned char *mask = ones + ND_WORD_HEAD - n;
    return (struct nd_word_bytes){nd_load64(p) & nd_load64(mask),
                                  nd_load64((const char *)p + 8) & nd_load64(mask + 8)};
}

#endif
