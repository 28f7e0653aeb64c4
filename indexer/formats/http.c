#include "formats/http.h"
#include "formats/fill.h"

#include <string.h>
#include <zlib.h>

/* The next line without its end. Return: false at the end. */
static bool line(struct nd_str *rest, struct nd_str *out)
{
    if (!rest->n)
        return false;
    const char *eol = memchr(rest->p, '\n', rest->n);
    size_t k = eol ? (size_t)(eol - rest->p) : rest->n, used = eol ? k + 1 : k;
    *out = (struct nd_str){rest->p, k && rest->p[k - 1] == '\r' ? k - 1 : k};
    rest->p += used;
    rest->n -= used;
    return true;
}

struct nd_str nd_http_header(struct nd_str headers, const char *name)
{
    struct nd_str l;
    size_t k = strlen(name);
    while (line(&headers, &l))
        if (l.n > k && l.p[k] == ':' && nd_str_begins(l, name))
            return nd_trim((struct nd_str){l.p + k + 1, l.n - k - 1});
    return (struct nd_str){0};
}

void nd_http_parse(struct nd_http *h, const char *p, size_t n)
{
    struct nd_str rest = {p, n}, l, headers;
    *h = (struct nd_http){.body = {p, n}};
    if (!line(&rest, &l) || !nd_str_begins(l, "HTTP/"))
        return;
    const char *blank = memchr(l.p, ' ', l.n);
    for (const char *d = blank ? blank + 1 : l.p + l.n;
         d < l.p + l.n && *d >= '0' && *d <= '9' && h->status < 1000; d++)
        h->status = h->status * 10 + (unsigned)(*d - '0');
    headers.p = rest.p;
    while (line(&rest, &l) && l.n)
        ;
    headers.n = (size_t)(rest.p - headers.p);
    h->body = rest;
    h->type = nd_http_header(headers, "content-type");
    h->transfer = nd_http_header(headers, "transfer-encoding");
    h->encoding = nd_http_header(headers, "content-encoding");
    struct nd_str length = nd_http_header(headers, "content-length");
    for (size_t i = 0;
         i < length.n && length.p[i] >= '0' && length.p[i] <= '9' && h->length < UINT32_MAX; i++)
        h->length = h->length * 10 + (uint64_t)(length.p[i] - '0');
    const char *semi = h->type.n ? memchr(h->type.p, ';', h->type.n) : NULL;
    if (semi) {
        struct nd_str params = {semi + 1, h->type.n - (size_t)(semi + 1 - h->type.p)};
        h->type.n = (size_t)(semi - h->type.p);
        h->type = nd_trim(h->type);
        for (size_t i = 0; i + 8 < params.n; i++)
            if (nd_str_begins((struct nd_str){params.p + i, params.n - i}, "charset=")) {
                h->charset = (struct nd_str){params.p + i + 8, params.n - i - 8};
                break;
            }
    }
}

/* Append the chunks' content. Return: false where the body is not made of chunks. */
static bool join_chunks(struct nd_buf *out, struct nd_str body)
{
    bool any = false;
    while (body.n) {
        struct nd_str l;
        size_t size = 0, digits = 0;
        line(&body, &l);
        l = nd_trim(l);
        for (; digits < l.n; digits++) {
            char c = l.p[digits];
            unsigned d = c >= '0' && c <= '9'                 ? (unsigned)(c - '0')
                         : (c | 32) >= 'a' && (c | 32) <= 'f' ? (unsigned)((c | 32) - 'a') + 10
                                                              : 16;
            if (d == 16)
                break;
            if (size > SIZE_MAX / 32)
                return any;
            size = size * 16 + d;
        }
        if (!digits || (digits < l.n && l.p[digits] != ';' && l.p[digits] != ' '))
            return any;
        any = true;
        if (!size)
            return true;
        size = size > body.n ? body.n : size; /* cut */
        nd_buf_add(out, body.p, size);
        body.p += size;
        body.n -= size;
        if (body.n && *body.p == '\r') {
            body.p++;
            body.n--;
        }
        if (body.n && *body.p == '\n') {
            body.p++;
            body.n--;
        }
    }
    return any;
}

/* Unpack gzip, zlib or raw deflate. What came out before damage counts. Return: bytes out, or a failure. */
static int unpack(struct nd_buf *out, struct nd_str body, int bits)
{
    z_stream z = {0};
    unsigned char block[16384];
    if (inflateInit2(&z, bits) != Z_OK)
        return ND_NOMEM;
    int rc = Z_OK;
    z.next_in = (Bytef *)(uintptr_t)body.p;
    z.avail_in = body.n > UINT32_MAX ? UINT32_MAX : (uInt)body.n;
    while (rc == Z_OK && !nd_buf_code(out)) {
        z.next_out = block;
        z.avail_out = sizeof block;
        rc = inflate(&z, Z_NO_FLUSH);
        nd_buf_add(out, block, sizeof block - z.avail_out);
        if (rc == Z_STREAM_END && z.avail_in > 2 && bits > 15) /* another member */
            rc = inflateReset(&z);
        else if (rc == Z_OK && !z.avail_in && z.avail_out)
            break;
    }
    inflateEnd(&z);
    return nd_buf_code(out);
}

int nd_http_body(const struct nd_http *h, struct nd_buf *chunks, struct nd_buf *out, size_t max,
                 struct nd_str *text, struct nd_error *err)
{
    enum {
        ANY_HEADER = 15 + 32, /* gzip or zlib */
        RAW = -15
    };
    struct nd_str body = h->body;
    bool chunked = memmem(h->transfer.p ? h->transfer.p : "", h->transfer.n, "hunked", 6) != NULL;
    int rc = 0;
    nd_buf_reset(chunks);
    nd_buf_reset(out);
    if (chunked && join_chunks(chunks, body) && chunks->len)
        body = (struct nd_str){chunks->data, chunks->len};
    rc = nd_buf_code(chunks);
    if (rc)
        return nd_fail(err, rc, "the page is too large");
    *text = body;
    struct nd_str e = h->encoding;
    if (!e.n || nd_str_is(e, "identity") || nd_str_is(e, "none"))
        return 0;
    const unsigned char *p = (const unsigned char *)body.p;
    bool gzip = body.n > 2 && p[0] == 0x1f && p[1] == 0x8b;
    bool markup = body.n && (*p == '<' || *p == ' ' || *p == '\n' || *p == 0xef);
    if (nd_str_is(e, "br") || nd_str_is(e, "zstd") || nd_str_is(e, "compress")) {
        if (markup) /* the crawler unpacked it and kept the header */
            return 0;
        return nd_fail(err, ND_INPUT, "the page is packed as '%.*s', which is not read",
                       (int)(e.n > 20 ? 20 : e.n), e.p);
    }
    if (markup && !gzip)
        return 0;
    rc = unpack(out, body, ANY_HEADER);
    if (!rc && !out->len)
        rc = unpack(out, body, RAW);
    if (rc || out->len > max)
        return nd_fail(err, rc ? rc : ND_LIMIT, "the page is too large when unpacked");
    if (out->len)
        *text = (struct nd_str){out->data, out->len};
    return 0;
}
