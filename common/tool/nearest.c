/* "Did you mean": edit distance with neighbours swapped as one edit, and plurals. */
#include "tool/option.h"
#include "tool/option_in.h"

#include <string.h>
#include <strings.h>

enum {
    LONGEST = 40 /* longer words are near to nothing */
};

static char low(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

unsigned nd_edits(const char *a, size_t n, const char *b, size_t m)
{
    unsigned row[3][LONGEST + 1];
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned same = low(a[i - 1]) != low(b[j - 1]);
            unsigned v = up[j - 1] + same;
            if (up[j] + 1 < v)
                v = up[j] + 1;
            if (now[j - 1] + 1 < v)
                v = now[j - 1] + 1;
            if (i > 1 && j > 1 && low(a[i - 1]) == low(b[j - 2]) &&
                low(a[i - 2]) == low(b[j - 1]) && up2[j - 2] + 1 < v)
                v = up2[j - 2] + 1;
            now[j] = v;
        }
    }
    return row[n % 3][m];
}

/* Is a the plural of b: b + s, b + es, or y -> ies? */
static bool plural_of(const char *a, size_t n, const char *b, size_t m)
{
    if (m == 0 || n <= m - 1)
        return false;
    size_t same = 0;
    while (same < m && low(a[same]) == low(b[same]))
        same++;
    if (same == m)
        return (n == m + 1 && low(a[m]) == 's') ||
               (n == m + 2 && low(a[m]) == 'e' && low(a[m + 1]) == 's');
    return same == m - 1 && low(b[m - 1]) == 'y' && n == m + 2 &&
           strncasecmp(a + m - 1, "ies", 3) == 0;
}

bool nd_plural(const char *a, size_t n, const char *b, size_t m)
{
    return plural_of(a, n, b, m) || plural_of(b, m, a, n);
}

const char *nd_nearest(const char *const *words, size_t n, const char *p, size_t len)
{
    const char *best = NULL;
    unsigned least = 3;
    for (size_t i = 0; i < n; i++) {
        size_t m = strlen(words[i]);
        unsigned d = nd_edits(words[i], m, p, len);
        size_t shorter = m < len ? m : len;
        if (d > 1 && nd_plural(words[i], m, p, len))
            d = 1;
        if ((shorter <= 3 && d > 1) || (shorter <= 1 && d > 0))
            continue; /* everything is near to a short word */
        if (d < least) {
            least = d;
            best = words[i];
        }
    }
    return best;
}
