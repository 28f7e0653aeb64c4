#include "input/stream.h"

#include <string.h>

enum {
    OWN_KEEP = 16 << 20
};

static int memory_end(void *source, const char **p, size_t *n, struct nd_error *err)
{
    (void)source;
    (void)p;
    (void)err;
    *n = 0;
    return ND_DONE;
}

void nd_stream_init(struct nd_stream *s, nd_stream_fill *fill, void *source)
{
    *s = (struct nd_stream){.fill = fill, .source = source, .p = ""};
    nd_buf_init(&s->own, SIZE_MAX / 4);
}

void nd_stream_memory(struct nd_stream *s, const char *p, size_t n)
{
    nd_stream_init(s, memory_end, NULL);
    s->p = p;
    s->n = n;
    s->ended = ND_DONE;
}

void nd_stream_free(struct nd_stream *s)
{
    nd_buf_free(&s->own);
    *s = (struct nd_stream){.p = "", .ended = ND_DONE};
}

static bool in_own(const struct nd_stream *s)
{
    return s->own.data && s->p >= s->own.data && s->p <= s->own.data + s->own.len;
}

/* Bring what is at hand to the start of own, so that a block can be appended. */
static int gather(struct nd_stream *s)
{
    if (in_own(s)) {
        memmove(s->own.data, s->p, s->n);
        s->own.len = s->n;
        return 0;
    }
    nd_buf_reset(&s->own);
    return nd_buf_add(&s->own, s->p, s->n);
}

static void shrink(struct nd_stream *s)
{
    size_t max = s->own.max;
    nd_buf_free(&s->own);
    nd_buf_init(&s->own, max);
    s->p = "";
}

int nd_stream_peek(struct nd_stream *s, size_t want, const char **p, size_t *got,
                   struct nd_error *err)
{
    if (!s->n && s->own.cap > OWN_KEEP) /* give back what one huge record needed */
        shrink(s);
    while (s->n < want && !s->ended) {
        const char *block;
        size_t n;
        int code = 0;
        if (s->n && !(in_own(s) && s->p == s->own.data)) /* the fill may reuse its block */
            code = gather(s);
        if (code)
            return nd_fail(err, code, "out of memory to read a record of %zu bytes", want);
        int rc = s->fill(s->source, &block, &n, &s->failure);
        if (rc) {
            s->ended = rc;
            if (s->n)
                s->p = s->own.data;
            break;
        }
        if (s->n == 0) {
            s->p = block;
            s->n = n;
            continue;
        }
        code = nd_buf_add(&s->own, block, n);
        if (code)
            return nd_fail(err, code, "out of memory to read a record of %zu bytes", want);
        s->p = s->own.data;
        s->n = s->own.len;
    }
    *p = s->p;
    *got = s->n;
    return 0;
}

void nd_stream_take(struct nd_stream *s, size_t n)
{
    if (n > s->n)
        n = s->n;
    s->p += n;
    s->n -= n;
    s->offset += n;
}

int nd_stream_failed(const struct nd_stream *s, struct nd_error *err)
{
    if (s->n || s->ended >= 0)
        return 0;
    if (err)
        *err = s->failure;
    return s->ended;
}

int nd_stream_line(struct nd_stream *s, size_t limit, struct nd_str *line, uint64_t *offset,
                   struct nd_error *err)
{
    size_t seen = 0, got;
    const char *p;
    bool dropping = false;
    *offset = s->offset;
    for (;;) {
        int rc = nd_stream_peek(s, seen + 1, &p, &got, err);
        if (rc)
            return rc;
        const char *end = got > seen ? memchr(p + seen, '\n', got - seen) : NULL;
        size_t len = end ? (size_t)(end - p) : got;
        bool last = got <= seen; /* the source ended */
        if (last && !len && !dropping)
            return ND_DONE;
        if ((end || last) && !dropping && len <= limit) {
            *line = (struct nd_str){p, len};
            nd_stream_take(s, len + (end != NULL));
            return 0;
        }
        if (end || last || len > limit) {
            nd_stream_take(s, len + (end != NULL));
            dropping = true;
            seen = 0;
        } else {
            seen = got;
        }
        if (dropping && (end || last))
            return nd_fail(err, ND_LIMIT, "a line has %llu bytes, more than the %zu allowed",
                           (unsigned long long)(s->offset - *offset - (end != NULL)), limit);
    }
}
