#include "text/json.h"
#include "text/utf8.h"

#include <string.h>

/* 0 for a byte that stands for itself, 'u' for \u00XX, else the letter after the backslash. */
static const char escapes[256] = {'u', 'u', 'u', 'u', 'u', 'u',         'u',          'u', 'b',
                                  't', 'n', 'u', 'f', 'r', 'u',         'u',          'u', 'u',
                                  'u', 'u', 'u', 'u', 'u', 'u',         'u',          'u', 'u',
                                  'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\'};

/* Length of a start of p[0..n) without anything to escape, eight bytes at a time: it may be cut short. */
static size_t plain(const char *p, size_t n)
{
    const uint64_t ones = 0x0101010101010101u, high = ones << 7;
    size_t i = 0;
    for (; n - i >= 8; i += 8) {
        uint64_t v, quote, slash;
        memcpy(&v, p + i, 8);
        quote = v ^ ones * '"';
        slash = v ^ ones * '\\';
        if ((((v - ones * 0x20) & ~v) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) &
            high)
            break;
    }
    return i;
}

/* Append well-formed text with its escapes. */
static void escaped(struct nd_buf *out, const char *p, size_t n)
{
    size_t from = 0;
    for (size_t i = plain(p, n); i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        char e = escapes[c];
        if (!e)
            continue;
        nd_buf_add(out, p + from, i - from);
        from = i + 1;
        if (e == 'u') {
            nd_buf_printf(out, "\\u%04x", c);
        } else {
            char pair[2] = {'\\', e};
            nd_buf_add(out, pair, 2);
        }
        i += plain(p + i + 1, n - i - 1);
    }
    nd_buf_add(out, p + from, n - from);
}

int nd_json_str(struct nd_buf *out, const char *p, size_t n)
{
    nd_buf_byte(out, '"');
    if (n && nd_utf8_valid(p, n) == n) {
        escaped(out, p, n);
    } else if (n) {
        struct nd_buf whole;
        uint64_t repairs = 0;
        nd_buf_init(&whole, out->max);
        int rc = nd_utf8_repair(&whole, p, n, &repairs);
        if (!rc)
            escaped(out, whole.data, whole.len);
        nd_buf_free(&whole);
        if (rc && !out->code)
            out->code = rc;
    }
    return nd_buf_byte(out, '"');
}

const struct nd_json *nd_json_get(const struct nd_json *object, const char *key)
{
    if (!object || object->kind != ND_JSON_OBJECT)
        return NULL;
    size_t n = strlen(key);
    for (const struct nd_json *m = object->first; m; m = m->next)
        if (m->key.n == n && !memcmp(m->key.p, key, n))
            return m;
    return NULL;
}
