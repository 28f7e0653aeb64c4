#include "text/utf8.h"

#include <string.h>
#include <utf8proc.h>

/* Length of the well-formed character at p[0..n), 0 if there is none; *bad is then the length of the
 * maximal subpart: what one U+FFFD stands for. */
static size_t measure(const unsigned char *p, size_t n, size_t *bad)
{
    unsigned char c = p[0];
    unsigned char lo = 0x80, hi = 0xbf; /* limits of the second byte */
    size_t want;
    *bad = 1;
    if (c < 0x80)
        return 1;
    if (c < 0xc2 || c > 0xf4)
        return 0;
    if (c < 0xe0) {
        want = 2;
    } else if (c < 0xf0) {
        want = 3;
        if (c == 0xe0)
            lo = 0xa0; /* overlong */
        else if (c == 0xed)
            hi = 0x9f; /* surrogates */
    } else {
        want = 4;
        if (c == 0xf0)
            lo = 0x90; /* overlong */
        else if (c == 0xf4)
            hi = 0x8f; /* past U+10FFFF */
    }
    for (size_t i = 1; i < want; i++) {
        if (i >= n || p[i] < lo || p[i] > hi) {
            *bad = i;
            return 0;
        }
        lo = 0x80;
        hi = 0xbf;
    }
    return want;
}

size_t nd_utf8_decode(const char *p, size_t n, uint32_t *cp)
{
    const unsigned char *s = (const unsigned char *)p;
    size_t bad, len = measure(s, n, &bad);
    switch (len) {
    case 1:
        *cp = s[0];
        break;
    case 2:
        *cp = (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f);
        break;
    case 3:
        *cp = (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
        break;
    case 4:
        *cp = (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3f) << 12 |
              (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3f);
        break;
    default:
        break;
    }
    return len;
}

size_t nd_utf8_encode(uint32_t cp, char out[4])
{
    unsigned char *s = (unsigned char *)out;
    if (cp < 0x80) {
        s[0] = (unsigned char)cp;
        return 1;
    }
    if (cp < 0x800) {
        s[0] = (unsigned char)(0xc0 | cp >> 6);
        s[1] = (unsigned char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        if (cp >= 0xd800 && cp < 0xe000)
            return 0;
        s[0] = (unsigned char)(0xe0 | cp >> 12);
        s[1] = (unsigned char)(0x80 | (cp >> 6 & 0x3f));
        s[2] = (unsigned char)(0x80 | (cp & 0x3f));
        return 3;
    }
    if (cp > 0x10ffff)
        return 0;
    s[0] = (unsigned char)(0xf0 | cp >> 18);
    s[1] = (unsigned char)(0x80 | (cp >> 12 & 0x3f));
    s[2] = (unsigned char)(0x80 | (cp >> 6 & 0x3f));
    s[3] = (unsigned char)(0x80 | (cp & 0x3f));
    return 4;
}

/* Bytes at the start of p[0..n) that are ASCII, to within a step of 32 at the end. */
static size_t ascii_run(const char *p, size_t n)
{
    const uint64_t high = 0x8080808080808080u;
    size_t i = 0;
    while (n - i >= 32) {
        uint64_t w[4];
        memcpy(w, p + i, 32);
        if ((w[0] | w[1] | w[2] | w[3]) & high)
            break;
        i += 32;
    }
    while (n - i >= 8) {
        uint64_t w;
        memcpy(&w, p + i, 8);
        if (w & high)
            break;
        i += 8;
    }
    while (i < n && !((unsigned char)p[i] & 0x80))
        i++;
    return i;
}

size_t nd_utf8_valid(const char *p, size_t n)
{
    size_t i = 0, bad;
    while (i < n) {
        if (!((unsigned char)p[i] & 0x80)) {
            i += ascii_run(p + i, n - i);
            continue;
        }
        size_t len = measure((const unsigned char *)p + i, n - i, &bad);
        if (!len)
            break;
        i += len;
    }
    return i;
}

int nd_utf8_repair(struct nd_buf *out, const char *p, size_t n, uint64_t *repairs)
{
    size_t i = 0;
    for (;;) {
        size_t good = nd_utf8_valid(p + i, n - i);
        nd_buf_add(out, p + i, good);
        i += good;
        if (i >= n)
            return nd_buf_code(out);
        size_t bad;
        measure((const unsigned char *)p + i, n - i, &bad);
        nd_buf_add(out, "\xef\xbf\xbd", 3);
        i += bad;
        ++*repairs;
        if (nd_buf_code(out))
            return nd_buf_code(out);
    }
}

/* Cells of one character. */
static size_t cells_of(uint32_t cp)
{
    if (cp < 0x7f)
        return cp >= 0x20;
    int w = utf8proc_charwidth((utf8proc_int32_t)cp);
    return w > 0 ? (size_t)w : 0;
}

size_t nd_width(const char *p, size_t n)
{
    size_t cells = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp = 0xfffd;
        size_t len = nd_utf8_decode(p + i, n - i, &cp);
        cells += cells_of(cp);
        i += len ? len : 1;
    }
    return cells;
}

size_t nd_width_cut(const char *p, size_t n, size_t cells)
{
    size_t used = 0, i = 0;
    while (i < n) {
        uint32_t cp = 0xfffd;
        size_t len = nd_utf8_decode(p + i, n - i, &cp);
        size_t w = cells_of(cp);
        if (w > cells - used)
            break;
        used += w;
        i += len ? len : 1;
    }
    return i;
}

/* Would a terminal act on it, or show text in another order than it is stored in? */
static bool is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0x202a && cp <= 0x202e) ||
           (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200e || cp == 0x200f || cp == 0x061c;
}

int nd_printable(struct nd_buf *out, const char *p, size_t n, bool line)
{
    size_t from = 0, i = 0; /* from: start of what was not copied yet */
    while (i < n) {
        uint32_t cp = 0;
        size_t len = nd_utf8_decode(p + i, n - i, &cp);
        bool bad = !len;
        if (bad)
            len = 1;
        bool blank = line && !bad &&
                     (cp == '\n' || cp == '\t' || cp == '\r' || cp == 0x2028 || cp == 0x2029);
        bool keep = !bad && !is_control(cp);
        if (!line && (cp == '\n' || cp == '\t'))
            keep = true;
        if (keep && !blank) {
            i += len;
            continue;
        }
        nd_buf_add(out, p + from, i - from);
        if (blank)
            nd_buf_byte(out, ' ');
        else
            for (size_t k = 0; k < len; k++)
                nd_buf_printf(out, "\\x%02x", (unsigned)(unsigned char)p[i + k]);
        i += len;
        from = i;
    }
    nd_buf_add(out, p + from, n - from);
    return nd_buf_code(out);
}
