#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CHUNK = 64 * 1024
};

static int open_failed(const char *path, struct nd_error *err)
{
    return nd_fail_errno(err, errno == ENOENT ? ND_MISSING : ND_IO, "cannot open '%s'", path);
}

int nd_file_read(struct nd_buf *out, const char *path, struct nd_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return open_failed(path, err);
    struct stat st;
    int rc = 0;
    /* one more than the size, so that the end shows without a second round */
    size_t chunk_size = fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size < CHUNK
                            ? (size_t)st.st_size + 1
                            : CHUNK;
    for (;;) {
        size_t chunk = chunk_size;
        if (chunk > out->max - out->len)
            chunk = out->max - out->len;
        if (chunk == 0) { /* full: is there more? */
            char one;
            ssize_t more = read(fd, &one, 1);
            if (more > 0)
                rc = nd_fail(err, ND_LIMIT, "'%s' is larger than %zu bytes", path, out->max);
            else if (more < 0)
                rc = nd_fail_errno(err, ND_IO, "cannot read '%s'", path);
            break;
        }
        rc = nd_buf_room(out, chunk);
        if (rc) {
            rc = nd_fail(err, rc, "cannot read '%s': out of memory", path);
            break;
        }
        ssize_t n = read(fd, out->data + out->len, chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = nd_fail_errno(err, ND_IO, "cannot read '%s'", path);
        if (n <= 0)
            break;
        out->len += (size_t)n;
        out->data[out->len] = '\0';
    }
    close(fd);
    return rc;
}

int nd_file_map(struct nd_mapped *out, const char *path, struct nd_error *err)
{
    *out = (struct nd_mapped){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return open_failed(path, err);
    int rc = 0;
    struct stat st;
    if (fstat(fd, &st) < 0) {
        rc = nd_fail_errno(err, ND_IO, "cannot read '%s'", path);
    } else if (!S_ISREG(st.st_mode)) {
        rc = nd_fail(err, ND_IO, "'%s' is not a file", path);
    } else if (st.st_size > 0) {
        void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (p == MAP_FAILED)
            rc = nd_fail_errno(err, ND_IO, "cannot map '%s'", path);
        else
            *out = (struct nd_mapped){p, (size_t)st.st_size};
    }
    close(fd);
    return rc;
}

void nd_file_unmap(struct nd_mapped *m)
{
    if (m->data)
        munmap((void *)(uintptr_t)m->data, m->size); /* munmap takes a non-const pointer */
    *m = (struct nd_mapped){0};
}

void nd_file_drop(const struct nd_mapped *m, size_t from, size_t to)
{
    const size_t page = 4096; /* the smallest there is; what is no whole page of the system stays */
    if (to > m->size)
        to = m->size;
    from = (from + page - 1) / page * page;
    if (m->data && from < to)
        madvise((void *)(uintptr_t)(m->data + from), to - from, MADV_DONTNEED);
}

int nd_write_all(int fd, const void *p, size_t n, const char *name, struct nd_error *err)
{
    const char *b = p;
    while (n) {
        ssize_t w = write(fd, b, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return nd_fail_errno(err, ND_IO, "cannot write '%s'", name);
        b += w;
        n -= (size_t)w;
    }
    return 0;
}

int nd_file_write(const char *path, const void *p, size_t n, struct nd_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return nd_fail_errno(err, ND_IO, "cannot create '%s'", path);
    int rc = nd_write_all(fd, p, n, path, err);
    if (!rc && fsync(fd) < 0)
        rc = nd_fail_errno(err, ND_IO, "cannot write '%s' to disk", path);
    if (close(fd) < 0 && !rc)
        rc = nd_fail_errno(err, ND_IO, "cannot write '%s'", path);
    return rc;
}

int nd_dir_sync(const char *path, struct nd_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return open_failed(path, err);
    int rc = 0;
    if (fsync(fd) < 0 && errno != EINVAL) /* some file systems cannot sync a folder */
        rc = nd_fail_errno(err, ND_IO, "cannot write folder '%s' to disk", path);
    close(fd);
    return rc;
}

int nd_file_replace(const char *path, const void *p, size_t n, struct nd_error *err)
{
    char beside[PATH_MAX], folder[PATH_MAX];
    int len = snprintf(beside, sizeof beside, "%s.new", path);
    if (len < 0 || (size_t)len >= sizeof beside)
        return nd_fail(err, ND_LIMIT, "path '%s' is too long", path);
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == folder)
        slash[1] = '\0';
    else if (slash)
        *slash = '\0';
    else
        snprintf(folder, sizeof folder, ".");
    int rc = nd_file_write(beside, p, n, err);
    if (!rc && rename(beside, path) < 0)
        rc = nd_fail_errno(err, ND_IO, "cannot rename '%s' to '%s'", beside, path);
    if (rc) {
        unlink(beside);
        return rc;
    }
    return nd_dir_sync(folder, err);
}

int nd_make_parents(char *path, unsigned mode, struct nd_error *err)
{
    for (char *s = path + 1; *s; s++) {
        if (*s != '/')
            continue;
        *s = '\0';
        bool bad = mkdir(path, mode) < 0 && errno != EEXIST;
        if (bad)
            nd_fail_errno(err, ND_IO, "cannot create folder '%s'", path);
        *s = '/';
        if (bad)
            return ND_IO;
    }
    return 0;
}
