/* fit.c: when a word fits a pattern, a misspelt word, a name (expand.h). */
#include "lang/expand.h"
#include "text/utf8.h"

#include <string.h>

/* Bytes of the character at p, 1 where it is ill-formed. */
static size_t step(const char *p, size_t n)
{
    uint32_t cp;
    size_t len = (unsigned char)p[0] < 0x80 ? 1 : nd_utf8_decode(p, n, &cp);
    return len ? len : 1;
}

bool nd_wild_match(const char *pattern, size_t pattern_n, const char *word, size_t word_n)
{
    size_t p = 0, w = 0, star = SIZE_MAX, mark = 0;
    while (w < word_n) {
        if (p < pattern_n && pattern[p] == '*') {
            star = ++p;
            mark = w;
        } else if (p < pattern_n && pattern[p] == '?') {
            p++;
            w += step(word + w, word_n - w);
        } else if (p < pattern_n && pattern[p] == word[w]) {
            p++;
            w++;
        } else if (star != SIZE_MAX) { /* let the last star take one character more */
            p = star;
            mark += step(word + mark, word_n - mark);
            w = mark;
        } else {
            return false;
        }
    }
    while (p < pattern_n && pattern[p] == '*')
        p++;
    return p == pattern_n;
}

/* Characters of a word; SIZE_MAX where they are more than cap. */
static size_t characters(const char *p, size_t n, uint32_t *out, size_t cap)
{
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp = (unsigned char)p[i];
        size_t len = cp < 0x80 ? 1 : nd_utf8_decode(p + i, n - i, &cp);
        if (k == cap)
            return SIZE_MAX;
        out[k++] = cp;
        i += len ? len : 1;
    }
    return k;
}

bool nd_fuzzy_match(const char *a, size_t a_n, const char *b, size_t b_n, unsigned edits)
{
    enum {
        MOST = ND_WORD_MAX + 1
    };
    uint32_t x[MOST], y[MOST];
    unsigned rows[3][MOST + 1];
    if (edits > 4 || a_n > b_n + 4 * (size_t)edits || b_n > a_n + 4 * (size_t)edits)
        return false;
    size_t n = characters(a, a_n, x, MOST), m = characters(b, b_n, y, MOST);
    if (n == SIZE_MAX || m == SIZE_MAX || n > m + edits || m > n + edits)
        return false;
    while (n && m && x[n - 1] == y[m - 1]) /* what is equal at the end costs nothing */
        n--, m--;
    unsigned *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t k = 0; k <= m; k++)
        last[k] = (unsigned)k;
    for (size_t i = 1; i <= n; i++) {
        unsigned least = now[0] = (unsigned)i;
        for (size_t k = 1; k <= m; k++) {
            unsigned d = last[k - 1] + (x[i - 1] != y[k - 1]);
            if (last[k] + 1 < d)
                d = last[k] + 1;
            if (now[k - 1] + 1 < d)
                d = now[k - 1] + 1;
            if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1] &&
                before[k - 2] + 1 < d)
                d = before[k - 2] + 1;
            now[k] = d;
            least = d < least ? d : least;
        }
        if (least > edits + 1) /* a swap may still come back by one */
            return false;
        unsigned *t = before;
        before = last;
        last = now;
        now = t;
    }
    return last[m] <= edits;
}
