#include "worddiff.h"

#include "base/status.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NOWHERE (PTRDIFF_MIN / 4) /* a diagonal that would leave the texts */

struct diff {
    const uint64_t *a, *b;
    unsigned char *cut, *added; /* by word */
    ptrdiff_t *forward, *back;  /* furthest x by diagonal, in the middle of their arrays */
};

/* A point that a shortest way from (0, 0) to (n, m) passes, neither of these. Return: false if it is too long. */
static bool middle(struct diff *d, size_t a, ptrdiff_t n, size_t b, ptrdiff_t m, ptrdiff_t *mx,
                   ptrdiff_t *my)
{
    const uint64_t *s = d->a + a, *t = d->b + b;
    ptrdiff_t *f = d->forward, *r = d->back, delta = n - m;
    bool odd = delta & 1;
    f[1] = r[1] = 0;
    for (ptrdiff_t e = 0; e <= (n + m + 1) / 2 && e <= ND_DIFF_STEPS; e++) {
        for (ptrdiff_t k = -e; k <= e; k += 2) {
            ptrdiff_t x = k == -e || (k != e && f[k - 1] < f[k + 1]) ? f[k + 1] : f[k - 1] + 1;
            ptrdiff_t y = x - k;
            if (x < 0 || y < 0 || x > n || y > m) {
                f[k] = NOWHERE;
                continue;
            }
            while (x < n && y < m && s[x] == t[y]) {
                x++;
                y++;
            }
            f[k] = x;
            if (odd && delta - k >= -(e - 1) && delta - k <= e - 1 && x + r[delta - k] >= n) {
                *mx = x;
                *my = y;
                return true;
            }
        }
        for (ptrdiff_t k = -e; k <= e; k += 2) {
            ptrdiff_t x = k == -e || (k != e && r[k - 1] < r[k + 1]) ? r[k + 1] : r[k - 1] + 1;
            ptrdiff_t y = x - k;
            if (x < 0 || y < 0 || x > n || y > m) {
                r[k] = NOWHERE;
                continue;
            }
            while (x < n && y < m && s[n - 1 - x] == t[m - 1 - y]) {
                x++;
                y++;
            }
            r[k] = x;
            if (!odd && delta - k >= -e && delta - k <= e && x + f[delta - k] >= n) {
                *mx = n - x;
                *my = m - y;
                return true;
            }
        }
    }
    return false;
}

static void compare(struct diff *d, size_t a, size_t n, size_t b, size_t m)
{
    while (n && m) {
        if (d->a[a] == d->b[b]) {
            a++, b++, n--, m--;
            continue;
        }
        if (d->a[a + n - 1] == d->b[b + m - 1]) {
            n--, m--;
            continue;
        }
        ptrdiff_t x, y;
        if (!middle(d, a, (ptrdiff_t)n, b, (ptrdiff_t)m, &x, &y) || x < 0 || y < 0 ||
            x > (ptrdiff_t)n || y > (ptrdiff_t)m || x + y == 0 || (size_t)x + (size_t)y == n + m)
            break; /* too far apart */
        compare(d, a, (size_t)x, b, (size_t)y);
        a += (size_t)x, n -= (size_t)x;
        b += (size_t)y, m -= (size_t)y;
    }
    memset(d->cut + a, 1, n);
    memset(d->added + b, 1, m);
}

/* The marks as changes; small islands between two changes go with them. */
static size_t collect(struct nd_change *v, const struct diff *d, size_t n, size_t m)
{
    size_t count = 0;
    for (size_t i = 0, j = 0; i < n || j < m;) {
        if ((i >= n || !d->cut[i]) && (j >= m || !d->added[j])) {
            i++, j++;
            continue;
        }
        struct nd_change c = {.a = i, .b = j};
        while (i < n && d->cut[i])
            i++;
        while (j < m && d->added[j])
            j++;
        c.cut = i - c.a;
        c.added = j - c.b;
        struct nd_change *last = count ? &v[count - 1] : NULL;
        if (last && c.a - (last->a + last->cut) <= ND_DIFF_JOIN) {
            last->cut = i - last->a;
            last->added = j - last->b;
        } else {
            v[count++] = c;
        }
    }
    return count;
}

int nd_worddiff(struct nd_change **out, size_t *count, const uint64_t *a, size_t n,
                const uint64_t *b, size_t m)
{
    size_t room = 2 * (n + m) + 8;
    struct diff d = {.a = a, .b = b, .cut = calloc(n + 1, 1), .added = calloc(m + 1, 1)};
    ptrdiff_t *f = calloc(room, sizeof *f), *r = calloc(room, sizeof *r);
    *out = calloc(n + m + 1, sizeof **out);
    *count = 0;
    int rc = d.cut && d.added && f && r && *out ? 0 : ND_NOMEM;
    if (!rc) {
        d.forward = f + room / 2;
        d.back = r + room / 2;
        compare(&d, 0, n, 0, m);
        *count = collect(*out, &d, n, m);
    } else {
        free(*out);
        *out = NULL;
    }
    free(d.cut);
    free(d.added);
    free(f);
    free(r);
    return rc;
}
