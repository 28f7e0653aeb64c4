#include "record/sections.h"

#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEAD = 16,     /* bytes of the file's head */
    TRAILER = 32,  /* bytes of its end */
    TOTAL_AT = 16, /* where in the trailer the checksum of checksums stands */
    DIR_ROW = 24,
    ALIGN = 64,
    OUT_SIZE = 64 * 1024 /* a multiple of ND_BLOCK */
};

/* A stretch of the file that was read instead of mapped: whole blocks from number `first` on. */
struct nd_sections_copy {
    int fd;
    uint64_t first, blocks, after; /* after: the block behind the last one asked for */
    uint64_t checked;              /* a bit per block of it */
    unsigned char bytes[];         /* ND_SECTION_PAD | blocks | ND_SECTION_PAD */
};

enum {
    COPY_BLOCKS = 16, /* at most so many in a copy; more are mapped */
    COPY_NEAR = 2     /* blocks skipped that still count as reading on */
};

static const char head_magic[4] = "NDX1", end_magic[4] = "NDXE";

static uint32_t block_sum(const unsigned char *p, size_t n, uint32_t number)
{
    return (uint32_t)nd_hash64(p, n, number);
}

/* ---- reading ---- */

static int corrupt(const char *path, const char *what, struct nd_error *err)
{
    int rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: %s", path, what);
    nd_hint(err,
            "run newsdex verify to see what is affected, then restore the file or index again");
    return rc;
}

/* Bytes that lie before the checksums. */
static uint64_t data_size(const struct nd_sections *s)
{
    return (uint64_t)(s->sums - s->map.data);
}

static int check_frame(struct nd_sections *s, const char kind[4], struct nd_error *err)
{
    const unsigned char *p = s->map.data;
    size_t size = s->map.size;
    if (size < HEAD + TRAILER)
        return corrupt(s->path, "it is cut short", err);
    if (memcmp(p, head_magic, 4) != 0 || memcmp(p + 4, kind, 4) != 0)
        return corrupt(s->path, "it does not begin as such a file does", err);
    const unsigned char *t = p + size - TRAILER;
    if (memcmp(t + 24, end_magic, 4) != 0 || memcmp(t + 28, kind, 4) != 0)
        return corrupt(s->path, "it is cut short", err);
    uint64_t sums = nd_load64(t);
    s->blocks = nd_load32(t + 8);
    s->count = nd_load32(t + 12);
    if (sums < HEAD || sums > size || s->count > ND_SECTIONS_MAX ||
        s->blocks != (sums + ND_BLOCK - 1) / ND_BLOCK ||
        size - sums != (uint64_t)s->blocks * 4 + (uint64_t)s->count * DIR_ROW + TRAILER)
        return corrupt(s->path, "its end does not fit its size", err);
    s->sums = p + sums;
    s->dir = s->sums + (size_t)s->blocks * 4;
    if (nd_hash64(s->sums, (size_t)(t + TOTAL_AT - s->sums), 0) != nd_load64(t + TOTAL_AT))
        return corrupt(s->path, "checksum of its directory", err);
    for (uint32_t i = 0; i < s->count; i++) {
        const unsigned char *row = s->dir + (size_t)i * DIR_ROW;
        uint64_t at = nd_load64(row + 8), n = nd_load64(row + 16);
        if (at % ALIGN != 0 || at < HEAD + ND_SECTION_PAD || at > sums || n > sums - at ||
            sums - at - n < ND_SECTION_PAD)
            return corrupt(s->path, "a section lies outside of it", err);
        for (uint32_t j = 0; j < i; j++)
            if (nd_load32(s->dir + (size_t)j * DIR_ROW) == nd_load32(row))
                return corrupt(s->path, "a section is there twice", err);
    }
    return 0;
}

/* Check what s->map holds; s is closed on failure. */
static int open_mapped(struct nd_sections *s, const char *path, const char kind[4],
                       uint32_t version_max, struct nd_error *err)
{
    int rc = 0;
    s->path = strdup(path);
    if (!s->path) {
        rc = nd_fail(err, ND_NOMEM, "out of memory opening '%s'", path);
        goto out;
    }
    rc = check_frame(s, kind, err);
    if (rc)
        goto out;
    s->seen = calloc((size_t)s->blocks / 8 + 1, 1);
    if (!s->seen) {
        rc = nd_fail(err, ND_NOMEM, "out of memory opening '%s'", path);
        goto out;
    }
    rc = nd_sections_touch(s, s->map.data, HEAD, err);
    if (rc)
        goto out;
    s->version = nd_load32(s->map.data + 8);
    if (s->version > version_max) {
        rc = nd_fail(err, ND_VERSION, "'%s' has format version %u, this program reads up to %u",
                     path, s->version, version_max);
        nd_hint(err, "use the program that wrote the index, or a newer one");
    }
out:
    if (rc)
        nd_sections_close(s);
    return rc;
}

int nd_sections_open(struct nd_sections *s, const char *path, const char kind[4],
                     uint32_t version_max, struct nd_error *err)
{
    *s = (struct nd_sections){0};
    int rc = nd_file_map(&s->map, path, err);
    return rc ? rc : open_mapped(s, path, kind, version_max, err);
}

int nd_sections_open_memory(struct nd_sections *s, const void *p, size_t n, const char *name,
                            const char kind[4], uint32_t version_max, struct nd_error *err)
{
    *s = (struct nd_sections){.map = {.data = p, .size = n}, .borrowed = true};
    return open_mapped(s, name, kind, version_max, err);
}

void nd_sections_close(struct nd_sections *s)
{
    if (s->copy && s->copy->fd >= 0)
        close(s->copy->fd);
    free(s->copy);
    if (!s->borrowed)
        nd_file_unmap(&s->map);
    free(s->path);
    free(s->seen);
    *s = (struct nd_sections){0};
}

struct nd_section nd_sections_get(const struct nd_sections *s, uint32_t id)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const unsigned char *row = s->dir + (size_t)i * DIR_ROW;
        if (nd_load32(row) == id)
            return (struct nd_section){s->map.data + nd_load64(row + 8),
                                       (size_t)nd_load64(row + 16)};
    }
    return (struct nd_section){NULL, 0};
}

/* The blocks from..to that p[0..n) lies in; n > 0. */
static int blocks_of(const struct nd_sections *s, const void *p, size_t n, uint64_t *from,
                     uint64_t *to, struct nd_error *err)
{
    uint64_t data = data_size(s);
    uintptr_t base = (uintptr_t)s->map.data, at = (uintptr_t)p;
    if (at < base || at - base > data || n > data - (at - base))
        return corrupt(s->path, "a piece lies outside of it", err);
    *from = (at - base) / ND_BLOCK;
    *to = (at - base + n - 1) / ND_BLOCK;
    return 0;
}

/* Check block b, whose bytes stand at p. */
static int check_block(const struct nd_sections *s, uint64_t b, const unsigned char *p,
                       struct nd_error *err)
{
    uint64_t start = b * ND_BLOCK, left = data_size(s) - start;
    size_t len = left < ND_BLOCK ? (size_t)left : ND_BLOCK;
    if (block_sum(p, len, (uint32_t)b) == nd_load32(s->sums + b * 4))
        return 0;
    int rc = corrupt(s->path, "checksum of a block", err);
    if (err)
        err->offset = start;
    return rc;
}

static bool seen(const struct nd_sections *s, uint64_t b)
{
    return s->seen[b / 8] >> (b % 8) & 1;
}

void nd_sections_bound(struct nd_sections *s, size_t bytes)
{
    s->bound = bytes;
}

void nd_sections_drop(struct nd_sections *s)
{
    s->touched = 0;
    if (!s->borrowed)
        nd_file_drop(&s->map, 0, s->map.size);
}

int nd_sections_touch(struct nd_sections *s, const void *p, size_t n, struct nd_error *err)
{
    uint64_t from = 0, to = 0;
    if (n == 0)
        return 0;
    if (s->bound && (s->touched += n) > s->bound)
        nd_sections_drop(s);
    int rc = blocks_of(s, p, n, &from, &to, err);
    for (uint64_t b = from; !rc && b <= to; b++) {
        if (seen(s, b))
            continue;
        rc = check_block(s, b, s->map.data + b * ND_BLOCK, err);
        if (!rc)
            s->seen[b / 8] |= (unsigned char)(1u << (b % 8));
    }
    return rc;
}

static int copy_new(struct nd_sections *s, struct nd_error *err)
{
    /* not cleared: most of it is never touched */
    struct nd_sections_copy *c =
        malloc(sizeof *c + COPY_BLOCKS * (size_t)ND_BLOCK + 2 * (size_t)ND_SECTION_PAD);
    if (!c)
        return nd_fail(err, ND_NOMEM, "out of memory reading '%s'", s->path);
    *c = (struct nd_sections_copy){.fd = open(s->path, O_RDONLY | O_CLOEXEC)};
    memset(c->bytes, 0, ND_SECTION_PAD);
    s->copy = c;
    return 0;
}

/* Read the blocks from..to into the copy, and on from there where the last ones lay just before. */
static bool copy_read(struct nd_sections *s, uint64_t from, uint64_t to)
{
    struct nd_sections_copy *c = s->copy;
    bool onward = from >= c->after && from - c->after <= COPY_NEAR;
    uint64_t want = onward ? COPY_BLOCKS : to - from + 1, start = from * ND_BLOCK;
    uint64_t left = data_size(s) - start, n = want * ND_BLOCK < left ? want * ND_BLOCK : left;
    ssize_t got;
    do
        got = pread(c->fd, c->bytes + ND_SECTION_PAD, (size_t)n, (off_t)start);
    while (got < 0 && errno == EINTR);
    c->blocks = c->checked = 0;
    if (got != (ssize_t)n)
        return false;
    memset(c->bytes + ND_SECTION_PAD + n, 0, ND_SECTION_PAD);
    c->first = from;
    c->blocks = (n + ND_BLOCK - 1) / ND_BLOCK;
    return true;
}

int nd_sections_fetch(struct nd_sections *s, const void *p, size_t n, const unsigned char **out,
                      struct nd_error *err)
{
    uint64_t from = 0, to = 0;
    *out = p;
    if (!s->once || s->borrowed || n == 0)
        return nd_sections_touch(s, p, n, err);
    int rc = blocks_of(s, p, n, &from, &to, err);
    if (rc)
        return rc;
    if (to - from >= COPY_BLOCKS || (seen(s, from) && seen(s, to)))
        return nd_sections_touch(s, p, n, err);
    rc = s->copy ? 0 : copy_new(s, err);
    if (rc)
        return rc;
    struct nd_sections_copy *c = s->copy;
    if ((from < c->first || to - c->first >= c->blocks) && (c->fd < 0 || !copy_read(s, from, to)))
        return nd_sections_touch(s, p, n, err); /* the file went: its mapping is still there */
    const unsigned char *at = c->bytes + ND_SECTION_PAD;
    for (uint64_t b = from; !rc && b <= to; b++) {
        uint64_t bit = b - c->first;
        if (c->checked >> bit & 1)
            continue;
        rc = check_block(s, b, at + bit * ND_BLOCK, err);
        c->checked |= (uint64_t)!rc << bit;
    }
    c->after = to + 1;
    *out = at + ((const unsigned char *)p - s->map.data - c->first * ND_BLOCK);
    return rc;
}

int nd_sections_verify(struct nd_sections *s, struct nd_error *err)
{
    size_t size = (size_t)data_size(s), step = s->bound ? s->bound : size;
    int rc = 0;
    for (size_t at = 0; at < size && !rc; at += step)
        rc = nd_sections_touch(s, s->map.data + at, size - at < step ? size - at : step, err);
    return rc;
}

/* ---- writing ---- */

struct nd_sections_writer {
    int fd, code; /* code: first failure */
    char *path;
    char kind[4];
    uint64_t at; /* bytes handed in so far */
    uint32_t blocks, count;
    bool open;
    struct nd_error err; /* text of the first failure */
    struct nd_buf sums;
    unsigned char dir[ND_SECTIONS_MAX * DIR_ROW];
    size_t out_n;
    unsigned char out[OUT_SIZE];
};

static void writer_free(struct nd_sections_writer *w)
{
    if (!w)
        return;
    if (w->fd >= 0)
        close(w->fd);
    nd_buf_free(&w->sums);
    free(w->path);
    free(w);
}

static int failed(struct nd_sections_writer *w, int code)
{
    if (code && !w->code) {
        w->code = code;
        if (w->err.code == 0)
            nd_fail(&w->err, code, "cannot write '%s'", w->path);
    }
    return w->code;
}

/* Checksum and write what is collected; only the last call may leave a block unfilled. */
static int flush(struct nd_sections_writer *w)
{
    for (size_t i = 0; i < w->out_n; i += ND_BLOCK) {
        size_t n = w->out_n - i < ND_BLOCK ? w->out_n - i : ND_BLOCK;
        failed(w, nd_buf_u32(&w->sums, block_sum(w->out + i, n, w->blocks++)));
    }
    if (!w->code)
        failed(w, nd_write_all(w->fd, w->out, w->out_n, w->path, &w->err));
    w->out_n = 0;
    return w->code;
}

static int put(struct nd_sections_writer *w, const void *p, size_t n)
{
    const unsigned char *b = p;
    w->at += n;
    while (n && !w->code) {
        size_t room = sizeof w->out - w->out_n, part = n < room ? n : room;
        memcpy(w->out + w->out_n, b, part);
        w->out_n += part;
        b += part;
        n -= part;
        if (w->out_n == sizeof w->out)
            flush(w);
    }
    return w->code;
}

/* Zeros: at least ND_SECTION_PAD, up to the next place where a section may begin. */
static int pad(struct nd_sections_writer *w)
{
    static const unsigned char zeros[ND_SECTION_PAD + ALIGN];
    size_t over = (size_t)((w->at + ND_SECTION_PAD) % ALIGN);
    return put(w, zeros, ND_SECTION_PAD + (over ? ALIGN - over : 0));
}

int nd_sections_create(struct nd_sections_writer **out, const char *path, const char kind[4],
                       uint32_t version, struct nd_error *err)
{
    *out = NULL;
    struct nd_sections_writer *w = calloc(1, sizeof *w);
    if (!w)
        return nd_fail(err, ND_NOMEM, "out of memory creating '%s'", path);
    w->fd = -1;
    nd_buf_init(&w->sums, SIZE_MAX / 2);
    memcpy(w->kind, kind, 4);
    int rc = 0;
    w->path = strdup(path);
    if (!w->path) {
        rc = nd_fail(err, ND_NOMEM, "out of memory creating '%s'", path);
        goto out;
    }
    w->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (w->fd < 0) {
        rc = nd_fail_errno(err, ND_IO, "cannot create '%s'", path);
        goto out;
    }
    unsigned char head[HEAD] = {0};
    memcpy(head, head_magic, 4);
    memcpy(head + 4, kind, 4);
    nd_store32(head + 8, version);
    put(w, head, sizeof head);
    pad(w);
out:
    if (rc)
        writer_free(w);
    else
        *out = w;
    return rc;
}

int nd_sections_begin(struct nd_sections_writer *w, uint32_t id)
{
    if (w->open || w->count == ND_SECTIONS_MAX)
        return failed(w, ND_INTERNAL);
    unsigned char *row = w->dir + (size_t)w->count * DIR_ROW;
    nd_store32(row, id);
    nd_store32(row + 4, 0);
    nd_store64(row + 8, w->at);
    w->open = true;
    return w->code;
}

int nd_sections_write(struct nd_sections_writer *w, const void *p, size_t n)
{
    if (!w->open)
        return failed(w, ND_INTERNAL);
    return put(w, p, n);
}

uint64_t nd_sections_at(const struct nd_sections_writer *w)
{
    return w->open ? w->at - nd_load64(w->dir + (size_t)w->count * DIR_ROW + 8) : 0;
}

int nd_sections_end(struct nd_sections_writer *w)
{
    if (!w->open)
        return failed(w, ND_INTERNAL);
    nd_store64(w->dir + (size_t)w->count * DIR_ROW + 16, nd_sections_at(w));
    w->open = false;
    w->count++;
    return pad(w);
}

int nd_sections_finish(struct nd_sections_writer *w, uint64_t *size, struct nd_error *err)
{
    if (w->open)
        failed(w, ND_INTERNAL);
    flush(w);
    if (w->at / ND_BLOCK >= UINT32_MAX) {
        nd_fail(&w->err, ND_LIMIT, "'%s' grows too large", w->path);
        failed(w, ND_LIMIT);
    }
    unsigned char t[TRAILER];
    nd_store64(t, w->at);
    nd_store32(t + 8, w->blocks);
    nd_store32(t + 12, w->count);
    memcpy(t + 24, end_magic, 4);
    memcpy(t + 28, w->kind, 4);
    failed(w, nd_buf_add(&w->sums, w->dir, (size_t)w->count * DIR_ROW));
    failed(w, nd_buf_add(&w->sums, t, TOTAL_AT));
    if (!w->code) {
        nd_store64(t + TOTAL_AT, nd_hash64(w->sums.data, w->sums.len, 0));
        failed(w, nd_buf_add(&w->sums, t + TOTAL_AT, TRAILER - TOTAL_AT));
    }
    if (!w->code)
        failed(w, nd_write_all(w->fd, w->sums.data, w->sums.len, w->path, &w->err));
    if (!w->code && fsync(w->fd) < 0)
        failed(w, nd_fail_errno(&w->err, ND_IO, "cannot write '%s' to disk", w->path));
    if (close(w->fd) < 0 && !w->code)
        failed(w, nd_fail_errno(&w->err, ND_IO, "cannot write '%s'", w->path));
    w->fd = -1;
    int rc = w->code;
    if (rc) {
        unlink(w->path);
        if (err)
            *err = w->err;
    } else if (size) {
        *size = w->at + w->sums.len;
    }
    writer_free(w);
    return rc;
}

void nd_sections_abandon(struct nd_sections_writer *w)
{
    if (!w)
        return;
    unlink(w->path);
    writer_free(w);
}
