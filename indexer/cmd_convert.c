/* convert: every reader, no index: articles as JSON lines on standard output. */
#include "reading.h"

#include "base/file.h"

#include <errno.h>
#include <unistd.h>

enum {
    OUT_CHUNK = 64 * 1024,
    OUT_MAX = 1 << 30,
    ARENA_MAX = 1 << 30
};

/* Return: 0; ND_DONE where the reader has gone; ND_IO. */
static int flush(struct nd_buf *out, struct nd_error *err)
{
    int rc = nd_write_all(STDOUT_FILENO, out->data, out->len, "standard output", err);
    if (rc && errno == EPIPE)
        rc = ND_DONE;
    nd_buf_reset(out);
    return rc;
}

static int convert(struct nd_reading_run *r, struct nd_error *err)
{
    struct nd_arena arena;
    struct nd_article a;
    struct nd_buf out;
    int rc = 0;
    nd_arena_init(&arena, ARENA_MAX);
    nd_buf_init(&out, OUT_MAX);
    while (!rc) {
        rc = nd_source_next(r->source, &a, &arena, err);
        if (rc == ND_DONE)
            break;
        if (rc == ND_INPUT) {
            nd_reading_bad(r, err);
            rc = 0;
        } else if (!rc) {
            rc = nd_article_json(&out, &a, true);
            nd_buf_byte(&out, '\n');
            if (rc)
                nd_fail(err, rc, "article '%.*s' is too large", (int)a.id.n, a.id.p);
        }
        if (!rc && out.len >= OUT_CHUNK)
            rc = flush(&out, err);
        nd_reading_progress(r);
        nd_arena_reset(&arena);
    }
    if (rc == ND_DONE && out.len)
        rc = flush(&out, err);
    nd_buf_free(&out);
    nd_arena_free(&arena);
    return rc == ND_DONE ? 0 : rc;
}

int newsdex_convert(void *tool)
{
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct nd_reading_run r;
    int rc = nd_reading_start(&r, t, &err);
    if (!rc)
        rc = nd_reading_open(&r, &err);
    if (!rc)
        rc = convert(&r, &err);
    int status = rc ? newsdex_failed(t, &err) : 0;
    return nd_exit_worse(status, nd_reading_end(&r, !rc, &err));
}
