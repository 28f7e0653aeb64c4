#include "segment/glass_encode.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    ZIP_WINDOW = -15,     /* raw deflate, 32 KB */
    ZIP_MEMORY = 5,       /* small tables: they are cleared for each tag */
    PACKED_WDF_MAX = 126, /* wdf above it are stored apart */
    ONE_TERM_MAX = 3 + 10 /* bytes beside the suffix */
};

size_t nd_glass_put_docid(unsigned char *out, uint32_t docid)
{
    size_t n = docid < 0x8000 ? 2 : docid < 1u << 22 ? 3 : docid < 1u << 29 ? 4 : 5;
    for (size_t i = n; i-- > 0;) {
        out[i] = (unsigned char)docid;
        docid >>= 8;
    }
    if (n > 2)
        out[0] |= (unsigned char)(0xffu << (10 - n));
    return n;
}

size_t nd_glass_get_docid(const unsigned char *p, size_t n, uint32_t *docid)
{
    if (n < 2)
        return 0;
    size_t need = p[0] < 0x80 ? 2 : p[0] < 0xc0 ? 3 : p[0] < 0xe0 ? 4 : 5;
    if (n < need || p[0] > 0xe0)
        return 0;
    uint32_t v = need == 2 ? p[0] : p[0] & (0xffu >> (need - 1));
    for (size_t i = 1; i < need; i++)
        v = v << 8 | p[i];
    if ((need == 3 && v < 0x8000) || (need == 4 && v < 1u << 22) || (need == 5 && v < 1u << 29))
        return 0; /* longer than it is written: the order of bytes would not be that of numbers */
    *docid = v;
    return need;
}

size_t nd_glass_put_term(unsigned char *out, const char *term, size_t n)
{
    if (n == 0 || n > ND_GLASS_TERM_MAX)
        return 0;
    if (!memchr(term, 0, n)) {
        memcpy(out, term, n);
        return n;
    }
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (k + (term[i] ? 1 : 2) > ND_GLASS_TERM_MAX)
            return 0;
        out[k++] = (unsigned char)term[i];
        if (!term[i])
            out[k++] = 0xff;
    }
    return k;
}

size_t nd_glass_term_length(const unsigned char *key, size_t n)
{
    size_t at = 0;
    while (at < n) {
        const unsigned char *zero = memchr(key + at, 0, n - at);
        if (!zero)
            return n;
        at = (size_t)(zero - key);
        if (at + 1 == n || key[at + 1] != 0xff)
            return at;
        at += 2;
    }
    return n;
}

int nd_glass_put_termlist(struct nd_buf *out, const struct nd_glass_term *terms, size_t n,
                          uint32_t length, struct nd_error *err)
{
    nd_buf_reset(out);
    if (n == 0)
        return length ? nd_fail(err, ND_INTERNAL, "a document without terms has a length") : 0;
    nd_buf_varint(out, length);
    nd_buf_varint(out, n);
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        const struct nd_glass_term *t = &terms[i];
        if (t->n == 0 || t->n > ND_GLASS_TERM_MAX)
            return nd_fail(err, ND_INTERNAL, "a term of a term list has %u bytes", t->n);
        int rc = nd_buf_room(out, t->n + ONE_TERM_MAX);
        if (rc)
            return nd_fail(err, rc, "cannot hold the terms of a document");
        unsigned char *p = (unsigned char *)out->data + out->len;
        sum += t->wdf;
        if (i == 0) {
            *p++ = (unsigned char)t->n;
            memcpy(p, t->p, t->n);
            p = nd_glass_put_uint(p + t->n, t->wdf);
        } else {
            const struct nd_glass_term *last = &terms[i - 1];
            uint32_t r = 0;
            while (r < last->n && r < t->n && last->p[r] == t->p[r])
                r++;
            if (r == t->n || (r < last->n && (unsigned char)t->p[r] < (unsigned char)last->p[r]))
                return nd_fail(err, ND_INTERNAL, "the terms of a document are not in order");
            uint32_t packed =
                t->wdf <= PACKED_WDF_MAX ? (t->wdf + 1) * (last->n + 1) + r : UINT_MAX;
            bool fits = packed <= UCHAR_MAX;
            *p++ = (unsigned char)(fits ? packed : r);
            *p++ = (unsigned char)(t->n - r);
            memcpy(p, t->p + r, t->n - r);
            p += t->n - r;
            if (!fits)
                p = nd_glass_put_uint(p, t->wdf);
        }
        out->len = (size_t)(p - (unsigned char *)out->data);
    }
    if (sum != length)
        return nd_fail(err, ND_INTERNAL, "the length of a document is not the sum of its terms");
    return nd_buf_code(out) ? nd_fail(err, nd_buf_code(out), "cannot hold the terms of a document")
                            : 0;
}

/* Bits on their way to a buffer that has room for them. */
struct bits {
    unsigned char *p;
    uint64_t acc;
    unsigned n; /* below 8 between calls */
};

static void put_bits(struct bits *b, uint64_t v, unsigned n)
{
    b->acc |= v << b->n;
    for (b->n += n; b->n >= 8; b->n -= 8) {
        *b->p++ = (unsigned char)b->acc;
        b->acc >>= 8;
    }
}

/* v below outof, in truncated binary. */
static void put_below(struct bits *b, uint64_t v, uint64_t outof)
{
    if (outof <= 1)
        return;
    unsigned n = 64 - (unsigned)__builtin_clzll(outof - 1);
    uint64_t spare = (UINT64_C(1) << n) - outof;
    if (spare) {
        uint64_t mid = (outof - spare) / 2;
        if (v >= mid + spare)
            v = (v - mid - spare) | UINT64_C(1) << (n - 1);
        else if (v >= mid)
            n--;
    }
    put_bits(b, v & ((UINT64_C(1) << n) - 1), n);
}

/* The positions strictly between indexes j and k: the middle one, the left half, the right half. */
static void put_between(struct bits *b, const uint32_t *pos, uint32_t j, uint32_t k)
{
    while (j + 1 < k) {
        uint32_t mid = j + (k - j) / 2;
        put_below(b, pos[mid] - (pos[j] + mid - j), (uint64_t)pos[k] - pos[j] + j - k + 1);
        put_between(b, pos, j, mid);
        j = mid;
    }
}

int nd_glass_put_positions(struct nd_buf *out, const uint32_t *positions, uint32_t n,
                           struct nd_error *err)
{
    nd_buf_reset(out);
    for (uint32_t i = 1; i < n; i++)
        if (positions[i] <= positions[i - 1])
            return nd_fail(err, ND_INTERNAL, "the positions of a term are not in order");
    if (n == 0)
        return nd_fail(err, ND_INTERNAL, "a term has an empty list of positions");
    size_t most = 5 + ((size_t)n + 1) * 4 + 1; /* 32 bits for each number at worst */
    int rc = nd_buf_room(out, most);
    if (rc)
        return nd_fail(err, rc, "cannot hold the positions of a term");
    uint32_t first = positions[0], last = positions[n - 1];
    struct bits b = {.p = nd_glass_put_uint((unsigned char *)out->data, last)};
    if (n > 1) {
        put_below(&b, first, last);
        put_below(&b, n - 2, (uint64_t)last - first);
        put_between(&b, positions, 0, n - 1);
        if (b.n)
            *b.p++ = (unsigned char)b.acc;
    }
    out->len = (size_t)(b.p - (unsigned char *)out->data);
    return 0;
}

int nd_glass_zip_init(struct nd_glass_zip *z, int level, struct nd_error *err)
{
    nd_buf_init(&z->out, UINT_MAX);
    z_stream *s = calloc(1, sizeof *s);
    z->stream = s;
    if (s && deflateInit2(s, level, Z_DEFLATED, ZIP_WINDOW, ZIP_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK)
        return 0;
    free(s);
    z->stream = NULL;
    return nd_fail(err, ND_NOMEM, "cannot make a compressor: out of memory");
}

void nd_glass_zip_free(struct nd_glass_zip *z)
{
    if (z->stream) {
        deflateEnd(z->stream);
        free(z->stream);
    }
    nd_buf_free(&z->out);
    *z = (struct nd_glass_zip){0};
}

bool nd_glass_zip(struct nd_glass_zip *z, const void **p, size_t *n)
{
    if (*n <= ND_GLASS_ZIP_MIN || *n > UINT_MAX)
        return false;
    nd_buf_reset(&z->out);
    if (nd_buf_room(&z->out, *n))
        return false; /* the tag goes as it is */
    z_stream *s = z->stream;
    if (deflateReset(s) != Z_OK)
        return false;
    s->next_in = (Bytef *)(uintptr_t)*p; /* zlib takes a non-const pointer */
    s->avail_in = (uInt)*n;
    s->next_out = (Bytef *)z->out.data;
    s->avail_out = (uInt)(*n - 1); /* it must become shorter */
    if (deflate(s, Z_FINISH) != Z_STREAM_END)
        return false;
    *n = *n - 1 - s->avail_out;
    *p = z->out.data;
    return true;
}
