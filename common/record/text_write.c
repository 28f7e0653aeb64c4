#include "record/text_codec.h"

#include <stdlib.h>
#include <string.h>

enum {
    SAMPLE = 8 << 20, /* bytes of text that are kept to make the dictionary from */
    /* Then texts are compressed in runs of so many bytes: in between the tables of the compressor fall out of the
     * cache, which makes it half as fast. */
    RUN = 1 << 20,
    KEPT_MORE = 256 << 10 /* most last articles of the sample fit that */
};

struct nd_texts_writer {
    struct nd_sections_writer *file;
    enum nd_codec codec;
    int code; /* first failure */
    char *path;
    struct nd_pack *pack;                   /* NULL until there is a dictionary */
    struct nd_buf dict, kept, out, offsets; /* kept: texts without a separator */
    struct nd_ready ready;                  /* those made ready for compression */
    size_t *sizes;                          /* of the kept ones */
    size_t n, cap;
};

static void writer_free(struct nd_texts_writer *w)
{
    if (!w)
        return;
    nd_pack_free(w->pack);
    nd_buf_free(&w->dict);
    nd_buf_free(&w->kept);
    nd_buf_free(&w->out);
    nd_buf_free(&w->offsets);
    nd_ready_free(&w->ready);
    free(w->sizes);
    free(w->path);
    free(w);
}

int nd_texts_create(struct nd_texts_writer **out, const char *path, enum nd_codec codec,
                    struct nd_error *err)
{
    *out = NULL;
    struct nd_texts_writer *w = calloc(1, sizeof *w);
    if (!w)
        return nd_fail(err, ND_NOMEM, "out of memory creating '%s'", path);
    w->codec = codec;
    nd_buf_init(&w->dict, SAMPLE);
    nd_ready_init(&w->ready);
    nd_buf_init(&w->kept, (size_t)SAMPLE + ND_TEXT_MAX + ND_PACK_PAD);
    nd_buf_init(&w->out, 2 * (size_t)ND_TEXT_MAX);
    nd_buf_init(&w->offsets, SIZE_MAX / 4);
    w->path = strdup(path);
    /* Taken at once, so that nothing is copied as it grows; pages that are not met cost nothing. */
    bool room = w->path && nd_buf_room(&w->kept, SAMPLE + KEPT_MORE) == 0;
    int rc = room ? nd_sections_create(&w->file, path, "TEXT", ND_TEXT_VERSION, err)
                  : nd_fail(err, ND_NOMEM, "out of memory creating '%s'", path);
    if (rc) {
        writer_free(w);
        return rc;
    }
    nd_sections_begin(w->file, ND_TEXT_DATA);
    *out = w;
    return 0;
}

static int failed(struct nd_texts_writer *w, int rc, struct nd_error *err)
{
    w->code = rc;
    if (rc == ND_LIMIT)
        return nd_fail(err, rc, "an article is larger than %d bytes", ND_TEXT_MAX);
    return nd_fail(err, rc, "cannot write '%s': %s", w->path,
                   rc == ND_NOMEM ? "out of memory" : "compression failed");
}

/* Compress and write what was made ready. */
static int put_ready(struct nd_texts_writer *w)
{
    const char *bytes = w->ready.bytes.data;
    int rc = 0;
    for (size_t i = 0; i < w->ready.n && !rc; bytes += w->ready.v[i].n, i++) {
        nd_buf_reset(&w->out);
        rc = nd_pack(w->pack, &w->out, &w->ready.v[i], bytes);
        if (!rc)
            rc = nd_buf_u64(&w->offsets, nd_sections_at(w->file));
        if (!rc)
            nd_sections_write(w->file, w->out.data, w->out.len); /* finish reports a failure */
    }
    nd_ready_reset(&w->ready);
    w->n = 0;
    nd_buf_reset(&w->kept);
    return rc;
}

/* Compress what was kept, the first time with the dictionary that is made from it. */
static int put_kept(struct nd_texts_writer *w)
{
    bool first = !w->pack;
    int rc = nd_buf_room(&w->kept, ND_PACK_PAD);
    if (!rc) { /* the coder looks there, and what is there must not depend on chance */
        memset(w->kept.data + w->kept.len, 0, ND_PACK_PAD);
        rc = first ? nd_pack_train(&w->pack, w->codec, &w->dict, &w->ready, w->kept.data, w->sizes,
                                   w->n)
                   : nd_ready_add(&w->ready, w->pack, w->kept.data, w->sizes, w->n);
    }
    if (!rc)
        rc = put_ready(w);
    if (first) { /* much less is kept from now on */
        nd_buf_free(&w->kept);
        nd_buf_init(&w->kept, RUN + (size_t)ND_TEXT_MAX + ND_PACK_PAD);
        nd_ready_free(&w->ready);
    }
    return rc;
}

int nd_texts_add(struct nd_texts_writer *w, const char *p, size_t n, struct nd_error *err)
{
    if (w->code)
        return nd_fail(err, w->code, "cannot write '%s' after a failure", w->path);
    if (n > ND_TEXT_MAX)
        return failed(w, ND_LIMIT, err);
    if (w->n == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 256;
        size_t *v = realloc(w->sizes, cap * sizeof *v);
        if (!v)
            return failed(w, ND_NOMEM, err);
        w->sizes = v;
        w->cap = cap;
    }
    int rc = nd_buf_add(&w->kept, p, n);
    if (rc)
        return failed(w, rc, err);
    w->sizes[w->n++] = n;
    if (w->kept.len >= (w->pack ? (size_t)RUN : (size_t)SAMPLE))
        rc = put_kept(w);
    return rc ? failed(w, rc, err) : 0;
}

size_t nd_texts_writer_bytes(const struct nd_texts_writer *w)
{
    return sizeof *w + w->kept.len + w->out.cap + w->offsets.cap + w->dict.cap +
           nd_ready_bytes(&w->ready) + w->cap * sizeof *w->sizes;
}

int nd_texts_finish(struct nd_texts_writer *w, uint64_t *size, struct nd_error *err)
{
    int rc = w->code;
    if (rc)
        nd_fail(err, rc, "cannot write '%s' after a failure", w->path);
    if (!rc && (rc = put_kept(w)) != 0)
        failed(w, rc, err);
    if (!rc && (rc = nd_buf_u64(&w->offsets, nd_sections_at(w->file))) != 0)
        failed(w, rc, err);
    if (rc) {
        nd_texts_abandon(w);
        return rc;
    }
    unsigned char head[ND_TEXT_HEAD_SIZE] = {(unsigned char)w->codec};
    nd_store32(head + 1, w->dict.len ? 1 : 0);
    nd_sections_end(w->file);
    nd_sections_begin(w->file, ND_TEXT_HEAD);
    nd_sections_write(w->file, head, sizeof head);
    nd_sections_end(w->file);
    nd_sections_begin(w->file, ND_TEXT_OFFSETS);
    nd_sections_write(w->file, w->offsets.data, w->offsets.len);
    nd_sections_end(w->file);
    if (w->dict.len) {
        nd_sections_begin(w->file, ND_TEXT_DICT);
        nd_sections_write(w->file, w->dict.data, w->dict.len);
        nd_sections_end(w->file);
    }
    rc = nd_sections_finish(w->file, size, err);
    writer_free(w);
    return rc;
}

void nd_texts_abandon(struct nd_texts_writer *w)
{
    if (!w)
        return;
    nd_sections_abandon(w->file);
    writer_free(w);
}
