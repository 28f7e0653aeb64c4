#include "input/layer.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    BLOCK = 256 * 1024
};

enum layer_kind {
    LAYER_FILE,
    LAYER_GZIP,
    LAYER_ARCHIVE
};

struct nd_layer {
    enum layer_kind kind;
    struct nd_layer *below;
    char *block;              /* file: read here; gzip: unpacked here */
    char head[ND_LAYER_HEAD]; /* first bytes, looked at before they are read */
    size_t head_n, head_i;    /* of them, given out */
    const char *rest;         /* of the block that the head was copied from */
    size_t rest_n;
    uint64_t given;
    int ended; /* ND_DONE or a failure, told again at each read */
    struct nd_error failure;
    /* file */
    int fd;
    const char *path;
    uint64_t size;
    bool seekable;
    /* gzip */
    z_stream z;
    bool z_open, z_between; /* between the members of a gzip file */
    const char *in;
    size_t in_n;
    /* archive */
    struct archive *a;
    bool ended_told; /* that its end is missing */
    struct nd_error below_failure;
};

static struct nd_layer *layer_new(enum layer_kind kind, struct nd_layer *below)
{
    struct nd_layer *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->kind = kind;
    l->below = below;
    l->fd = -1;
    if (kind != LAYER_ARCHIVE) {
        l->block = malloc(BLOCK);
        if (!l->block) {
            free(l);
            return NULL;
        }
    }
    return l;
}

void nd_layer_close(struct nd_layer *l)
{
    if (!l)
        return;
    if (l->a)
        archive_read_free(l->a);
    if (l->z_open)
        inflateEnd(&l->z);
    if (l->fd > STDIN_FILENO)
        close(l->fd);
    free(l->block);
    free(l);
}

struct nd_layer *nd_layer_below(const struct nd_layer *l)
{
    return l->below;
}

uint64_t nd_layer_given(const struct nd_layer *l)
{
    return l->given;
}

uint64_t nd_layer_size(const struct nd_layer *l)
{
    return l->size;
}

int nd_layer_file(struct nd_layer **out, const char *path, struct nd_error *err)
{
    struct stat st;
    *out = NULL;
    struct nd_layer *l = layer_new(LAYER_FILE, NULL);
    if (!l)
        return nd_fail(err, ND_NOMEM, "out of memory to read '%s'", path);
    l->path = path;
    l->fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (l->fd < 0 || fstat(l->fd, &st) < 0) {
        int rc = nd_fail_errno(err, errno == ENOENT ? ND_MISSING : ND_IO, "cannot read '%s'", path);
        nd_layer_close(l);
        return rc;
    }
    if (S_ISREG(st.st_mode)) {
        l->size = (uint64_t)st.st_size;
        l->seekable = l->fd != STDIN_FILENO;
        posix_fadvise(l->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    *out = l;
    return 0;
}

static int file_block(struct nd_layer *l, const char **p, size_t *n, struct nd_error *err)
{
    ssize_t got;
    do
        got = read(l->fd, l->block, BLOCK);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return nd_fail_errno(err, ND_IO, "cannot read '%s'", l->path);
    *p = l->block;
    *n = (size_t)got;
    return got ? 0 : ND_DONE;
}

int nd_layer_gzip(struct nd_layer **out, struct nd_layer *below, struct nd_error *err)
{
    struct nd_layer *l = layer_new(LAYER_GZIP, below);
    *out = NULL;
    if (!l || inflateInit2(&l->z, 15 + 16) != Z_OK) {
        nd_layer_close(l);
        return nd_fail(err, ND_NOMEM, "out of memory to unpack gzip");
    }
    l->z_open = true;
    *out = l;
    return 0;
}

/* Have some packed bytes at hand. Return: 0; ND_DONE at their end. */
static int gzip_fill(struct nd_layer *l, struct nd_error *err)
{
    return l->in_n ? 0 : nd_layer_read(l->below, &l->in, &l->in_n, err);
}

/* After a member: another one follows, or zeros as padding, or rubbish, which gzip(1) passes over too. */
static int gzip_member(struct nd_layer *l, struct nd_error *err)
{
    int rc;
    while (!(rc = gzip_fill(l, err)) && !*l->in) {
        l->in++;
        l->in_n--;
    }
    if (rc)
        return rc;
    if ((unsigned char)*l->in != 0x1f)
        return nd_fail(err, ND_INPUT, "there is rubbish after the gzip data");
    inflateReset(&l->z);
    l->z_between = false;
    return 0;
}

static int gzip_block(struct nd_layer *l, const char **p, size_t *n, struct nd_error *err)
{
    size_t out = 0;
    int rc = 0;
    while (out == 0 && !rc) {
        rc = l->z_between ? gzip_member(l, err) : gzip_fill(l, err);
        if (rc == ND_DONE && !l->z_between)
            rc = nd_fail(err, ND_INPUT, "the gzip data is cut off");
        if (rc)
            break;
        l->z.next_in = (z_const Bytef *)(uintptr_t)l->in; /* zlib does not write to it */
        l->z.avail_in = l->in_n > BLOCK ? BLOCK : (uInt)l->in_n;
        uInt before = l->z.avail_in;
        l->z.next_out = (Bytef *)l->block;
        l->z.avail_out = BLOCK;
        int z = inflate(&l->z, Z_NO_FLUSH);
        l->in += before - l->z.avail_in;
        l->in_n -= before - l->z.avail_in;
        out = BLOCK - l->z.avail_out;
        if (z == Z_STREAM_END)
            l->z_between = true;
        else if (z == Z_MEM_ERROR)
            rc = nd_fail(err, ND_NOMEM, "out of memory to unpack gzip");
        else if (z != Z_OK && z != Z_BUF_ERROR)
            rc = nd_fail(err, ND_INPUT, "the gzip data is damaged: %s", l->z.msg ? l->z.msg : "");
    }
    if (out && rc) { /* what came before the damage goes out first */
        l->ended = rc;
        l->failure = *err;
        rc = 0;
    }
    *p = l->block;
    *n = out;
    return rc;
}

/* libarchive's view of the layer below. */
static la_ssize_t archive_in(struct archive *a, void *data, const void **p)
{
    struct nd_layer *l = data;
    const char *bytes;
    size_t n;
    int rc = nd_layer_read(l->below, &bytes, &n, &l->below_failure);
    if (rc == ND_DONE)
        return 0;
    if (rc) {
        archive_set_error(a, EIO, "%s", l->below_failure.msg);
        return -1;
    }
    *p = bytes;
    return (la_ssize_t)n;
}

static la_int64_t archive_seek(struct archive *a, void *data, la_int64_t offset, int whence)
{
    struct nd_layer *l = data, *file = l->below;
    off_t at = lseek(file->fd, (off_t)offset, whence);
    if (at < 0) {
        archive_set_error(a, errno, "cannot seek");
        return ARCHIVE_FATAL;
    }
    file->head_i = file->head_n; /* what was looked at is read again from the file */
    file->rest_n = 0;
    file->ended = 0;
    return (la_int64_t)at;
}

static int archive_failed(struct nd_layer *l, struct nd_error *err)
{
    if (l->below_failure.code) {
        *err = l->below_failure;
        return err->code;
    }
    const char *why = archive_error_string(l->a);
    int code = archive_errno(l->a) == ENOMEM ? ND_NOMEM : ND_INPUT;
    return nd_fail(err, code, "the archive is damaged or cut off%s%s", why ? ": " : "",
                   why ? why : "");
}

int nd_layer_archive(struct nd_layer **out, struct nd_layer *below, struct nd_error *err)
{
    struct nd_layer *l = layer_new(LAYER_ARCHIVE, below);
    *out = NULL;
    if (!l || !(l->a = archive_read_new())) {
        nd_layer_close(l);
        return nd_fail(err, ND_NOMEM, "out of memory to open an archive");
    }
    struct archive *a = l->a;
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_lz4(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_zip(a);
    archive_read_support_format_7zip(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    archive_read_set_callback_data(a, l);
    archive_read_set_read_callback(a, archive_in);
    if (below->kind == LAYER_FILE && below->seekable)
        archive_read_set_seek_callback(a, archive_seek);
    if (archive_read_open1(a) != ARCHIVE_OK) {
        int rc = archive_failed(l, err);
        nd_layer_close(l);
        return rc;
    }
    *out = l;
    return 0;
}

static int archive_block(struct nd_layer *l, const char **p, size_t *n, struct nd_error *err)
{
    const void *bytes;
    size_t size;
    la_int64_t offset;
    int r;
    do
        r = archive_read_data_block(l->a, &bytes, &size, &offset);
    while ((r == ARCHIVE_RETRY || r == ARCHIVE_OK || r == ARCHIVE_WARN) && !size);
    if (r == ARCHIVE_EOF)
        return ND_DONE;
    if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
        return archive_failed(l, err);
    *p = bytes;
    *n = size;
    return 0;
}

static int block(struct nd_layer *l, const char **p, size_t *n, struct nd_error *err)
{
    switch (l->kind) {
    case LAYER_FILE:
        return file_block(l, p, n, err);
    case LAYER_GZIP:
        return gzip_block(l, p, n, err);
    case LAYER_ARCHIVE:
        return archive_block(l, p, n, err);
    }
    return nd_fail(err, ND_INTERNAL, "an unknown kind of packing");
}

int nd_layer_read(struct nd_layer *l, const char **p, size_t *n, struct nd_error *err)
{
    struct nd_error why = {0};
    int rc = 0;
    if (l->head_i < l->head_n) {
        *p = l->head + l->head_i;
        *n = l->head_n - l->head_i;
        l->head_i = l->head_n;
    } else if (l->rest_n) {
        *p = l->rest;
        *n = l->rest_n;
        l->rest_n = 0;
    } else if (l->ended) {
        *err = l->failure;
        return l->ended;
    } else {
        rc = block(l, p, n, &why);
    }
    if (rc) {
        l->ended = rc;
        l->failure = why;
        *err = why;
        return rc;
    }
    l->given += *n;
    return 0;
}

/* Fill the head with the first bytes; what is left of their last block waits. */
static int look(struct nd_layer *l, struct nd_error *err)
{
    if (l->given || l->head_n)
        return 0;
    while (l->head_n < ND_LAYER_HEAD && !l->ended) {
        const char *p;
        size_t n;
        struct nd_error why = {0};
        int rc = block(l, &p, &n, &why);
        if (rc) {
            l->ended = rc;
            l->failure = why;
            if (rc == ND_DONE || l->head_n)
                break;
            *err = why;
            return rc;
        }
        size_t take = ND_LAYER_HEAD - l->head_n;
        if (take > n)
            take = n;
        memcpy(l->head + l->head_n, p, take);
        l->head_n += take;
        l->rest = p + take;
        l->rest_n = n - take;
    }
    return 0;
}

int nd_layer_packing(struct nd_layer *l, enum nd_packing *out, struct nd_error *err)
{
    static const struct {
        size_t at, n;
        const char *magic;
        enum nd_packing packing;
    } table[] = {{0, 3, "\x1f\x8b\x08", ND_PACK_GZIP},
                 {0, 6,
                  "\xfd"
                  "7zXZ\0",
                  ND_PACK_ARCHIVE},
                 {0, 4, "\x28\xb5\x2f\xfd", ND_PACK_ARCHIVE}, /* zstd */
                 {0, 4, "\x04\x22\x4d\x18", ND_PACK_ARCHIVE}, /* lz4 */
                 {0, 3, "BZh", ND_PACK_ARCHIVE},
                 {0, 4, "PK\3\4", ND_PACK_ARCHIVE},
                 {0, 4, "PK\5\6", ND_PACK_ARCHIVE}, /* a zip without members */
                 {0, 6, "7z\xbc\xaf\x27\x1c", ND_PACK_ARCHIVE},
                 {257, 5, "ustar", ND_PACK_ARCHIVE}};
    *out = ND_PACK_NONE;
    int rc = look(l, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (l->head_n >= table[i].at + table[i].n &&
            !memcmp(l->head + table[i].at, table[i].magic, table[i].n)) {
            *out = table[i].packing;
            break;
        }
    return 0;
}

/* The archive is read to its end. A tar has an end of its own, a block of zeros; one that was cut between two members
 * has not, which libarchive does not mind. */
static int archive_end(struct nd_layer *l, struct nd_error *err)
{
    if ((archive_format(l->a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR && !l->ended_told &&
        archive_filter_bytes(l->a, 0) == archive_read_header_position(l->a)) {
        l->ended_told = true;
        return nd_fail(err, ND_INPUT, "the archive is cut off: the mark of its end is missing");
    }
    return ND_DONE;
}

int nd_layer_next(struct nd_layer *l, struct nd_str *name, struct nd_error *err)
{
    struct archive_entry *e;
    *name = (struct nd_str){0};
    if (l->kind != LAYER_ARCHIVE)
        return ND_DONE;
    for (;;) {
        int r = archive_read_next_header(l->a, &e);
        if (r == ARCHIVE_EOF)
            return archive_end(l, err);
        if (r == ARCHIVE_RETRY)
            continue;
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
            return archive_failed(l, err);
        bool raw = archive_format(l->a) == ARCHIVE_FORMAT_RAW;
        if (raw && archive_filter_count(l->a) < 2) /* the mark was there, but nothing behind it */
            return nd_fail(err, ND_INPUT, "the archive is damaged");
        if (!raw && archive_entry_filetype(e) != AE_IFREG)
            continue;
        if (!raw) {
            const char *text = archive_entry_pathname_utf8(e);
            if (!text)
                text = archive_entry_pathname(e);
            *name = nd_str_of(text ? text : "?");
        }
        l->given = l->head_n = l->head_i = l->rest_n = 0;
        l->ended = 0;
        return 0;
    }
}

void nd_layer_describe(const struct nd_layer *l, struct nd_buf *out)
{
    if (l->kind == LAYER_GZIP)
        nd_buf_str(out, "gzip");
    if (l->kind != LAYER_ARCHIVE)
        return;
    bool any = false;
    for (int i = archive_filter_count(l->a) - 1; i >= 0; i--)
        if (archive_filter_code(l->a, i) != ARCHIVE_FILTER_NONE) {
            nd_buf_printf(out, "%s%s", any ? " > " : "", archive_filter_name(l->a, i));
            any = true;
        }
    if (archive_format(l->a) != ARCHIVE_FORMAT_RAW) {
        const char *name = archive_format_name(l->a);
        nd_buf_printf(out, "%s%s", any ? " > " : "", name ? name : "archive");
    }
}
