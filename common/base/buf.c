#include "base/buf.h"

#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void nd_buf_init(struct nd_buf *b, size_t max)
{
    *b = (struct nd_buf){.max = max};
}

void nd_buf_reset(struct nd_buf *b)
{
    b->len = 0;
    b->code = 0;
    if (b->data)
        b->data[0] = '\0';
}

void nd_buf_free(struct nd_buf *b)
{
    free(b->data);
    *b = (struct nd_buf){.max = b->max};
}

int nd_buf_room(struct nd_buf *b, size_t n)
{
    if (b->code)
        return b->code;
    if (n > b->max - b->len)
        return b->code = ND_LIMIT;
    size_t need = b->len + n;
    if (need < b->cap || (b->data && need == b->cap))
        return 0;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need)
        cap = cap > b->max / 2 ? b->max : cap * 2;
    if (cap > b->max)
        cap = b->max;
    if (cap < need)
        cap = need;
    if (cap == SIZE_MAX)
        return b->code = ND_LIMIT;
    char *p = realloc(b->data, cap + 1); /* one more for the NUL */
    if (!p)
        return b->code = ND_NOMEM;
    p[b->len] = '\0';
    b->data = p;
    b->cap = cap;
    return 0;
}

int nd_buf_add(struct nd_buf *b, const void *p, size_t n)
{
    int rc = nd_buf_room(b, n);
    if (rc)
        return rc;
    if (n)
        memcpy(b->data + b->len, p, n);
    b->len += n;
    b->data[b->len] = '\0';
    return 0;
}

int nd_buf_byte(struct nd_buf *b, unsigned char c)
{
    return nd_buf_add(b, &c, 1);
}

int nd_buf_str(struct nd_buf *b, const char *s)
{
    return nd_buf_add(b, s, strlen(s));
}

int nd_buf_printf(struct nd_buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    int rc = n < 0 ? ND_INTERNAL : nd_buf_room(b, (size_t)n);
    if (!rc) {
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
    return rc;
}

int nd_buf_varint(struct nd_buf *b, uint64_t v)
{
    unsigned char out[10];
    size_t n = 0;
    do {
        out[n] = (unsigned char)(v & 0x7f);
        v >>= 7;
        if (v)
            out[n] |= 0x80;
        n++;
    } while (v);
    return nd_buf_add(b, out, n);
}

int nd_buf_u32(struct nd_buf *b, uint32_t v)
{
    unsigned char out[4];
    nd_store32(out, v);
    return nd_buf_add(b, out, sizeof out);
}

int nd_buf_u64(struct nd_buf *b, uint64_t v)
{
    unsigned char out[8];
    nd_store64(out, v);
    return nd_buf_add(b, out, sizeof out);
}

int nd_buf_code(const struct nd_buf *b)
{
    return b->code;
}

int nd_get_varint(const unsigned char **p, const unsigned char *end, uint64_t *out)
{
    uint64_t v = 0;
    const unsigned char *q = *p;
    for (unsigned shift = 0; q < end && shift < 64; shift += 7) {
        unsigned char c = *q++;
        uint64_t bits = c & 0x7f;
        if (shift == 63 && bits > 1)
            return ND_CORRUPT;
        v |= bits << shift;
        if (!(c & 0x80)) {
            *p = q;
            *out = v;
            return 0;
        }
    }
    return ND_CORRUPT;
}
