/* file.h: whole files, read with a cap, mapped, written so that a crash leaves the old or the new.
 * Threads: no shared state. */
#ifndef ND_BASE_FILE_H
#define ND_BASE_FILE_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

/* A read-only mapping of a whole file. Zero-initialise; data is NULL for an empty file. */
struct nd_mapped {
    const unsigned char *data;
    size_t size;
};

/* Read a whole file, at most out->max bytes. Fails: ND_MISSING, ND_IO, ND_LIMIT, ND_NOMEM. */
int nd_file_read(struct nd_buf *out, const char *path, struct nd_error *err);
/* Map a whole file read-only. Fails: ND_MISSING, ND_IO. */
int nd_file_map(struct nd_mapped *out, const char *path, struct nd_error *err);
void nd_file_unmap(struct nd_mapped *m);
/* Give the pages of [from, to) of a mapping back: they are no longer held in memory, and come from the file again
 * when they are looked at. For readers of much that must not grow with it. */
void nd_file_drop(const struct nd_mapped *m, size_t from, size_t to);

/* Write n bytes to a new file and fsync it. An old file of that name is replaced. Fails: ND_IO. */
int nd_file_write(const char *path, const void *p, size_t n, struct nd_error *err);
/* Write beside, fsync, rename over path, fsync the folder: a reader sees the old or the new. */
int nd_file_replace(const char *path, const void *p, size_t n, struct nd_error *err);
/* Write all n bytes to fd, going on after short writes and EINTR. Fails: ND_IO, naming `name`. */
int nd_write_all(int fd, const void *p, size_t n, const char *name, struct nd_error *err);
/* fsync a folder, so that names made or removed in it are on disk. */
int nd_dir_sync(const char *path, struct nd_error *err);

/* Make the folders above a path, those that are not there, with this mode. path is changed meanwhile and put back.
 * Fails: ND_IO. */
int nd_make_parents(char *path, unsigned mode, struct nd_error *err);

#endif
