#include "record/stream.h"

size_t nd_code_put(unsigned char out[ND_CODE_MAX], unsigned mark, uint32_t v)
{
    unsigned char last = (unsigned char)mark;
    if (mark >= ND_WORD_FIRST) {
        last = (unsigned char)(v % ND_WORD_BASE + ND_WORD_FIRST);
        v /= ND_WORD_BASE;
    }
    size_t n = 0;
    for (uint32_t rest = v; rest; rest >>= 7)
        n++;
    for (size_t i = n; i-- > 0; v >>= 7)
        out[i] = (unsigned char)(0x80 | (v & 0x7f));
    out[n] = last;
    return n + 1;
}

size_t nd_code_get(const unsigned char *p, size_t n, unsigned *mark, uint32_t *v)
{
    uint64_t lead = 0;
    size_t i = 0;
    for (; i < n && p[i] >= 0x80; i++) {
        if (i == ND_CODE_MAX - 1 || (i == 0 && p[i] == 0x80)) /* too long, or not the shortest */
            return 0;
        lead = lead << 7 | (p[i] & 0x7f);
    }
    if (i == n)
        return 0;
    *mark = p[i];
    if (p[i] >= ND_WORD_FIRST) {
        *mark = ND_WORD_FIRST;
        lead = lead * ND_WORD_BASE + (p[i] - ND_WORD_FIRST);
    }
    if (lead > UINT32_MAX)
        return 0;
    *v = (uint32_t)lead;
    return i + 1;
}
