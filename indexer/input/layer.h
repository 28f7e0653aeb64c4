/* layer.h: one packing of a container: the file itself, gzip, or what libarchive opens. Each layer reads
 * from the one below. Used by container.c alone.
 * Call order:  nd_layer_file (nd_layer_gzip | nd_layer_archive)* ... nd_layer_close from the top
 * gzip is unpacked here and not by libarchive, which drops up to 64 KiB before a cut.
 * Threads: one owner. */
#ifndef INDEXER_INPUT_LAYER_H
#define INDEXER_INPUT_LAYER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

enum {
    ND_LAYER_HEAD = 512 /* bytes that tell a packing; tar's mark is at 257 */
};

struct nd_layer;

enum nd_packing {
    ND_PACK_NONE,
    ND_PACK_GZIP,
    ND_PACK_ARCHIVE /* anything libarchive is to open */
};

/* Fails: ND_MISSING, ND_IO, ND_NOMEM. */
int nd_layer_file(struct nd_layer **out, const char *path, struct nd_error *err);
int nd_layer_gzip(struct nd_layer **out, struct nd_layer *below, struct nd_error *err);
/* Also fails with ND_INPUT where libarchive cannot make sense of the bytes. */
int nd_layer_archive(struct nd_layer **out, struct nd_layer *below, struct nd_error *err);
/* Close one layer; the one below stays. */
void nd_layer_close(struct nd_layer *l);
struct nd_layer *nd_layer_below(const struct nd_layer *l);

/* What the first bytes say; they stay to be read. Return: 0 or as nd_layer_read. */
int nd_layer_packing(struct nd_layer *l, enum nd_packing *out, struct nd_error *err);
/* The next bytes, borrowed until the next call. Return: 0 with *n > 0; ND_DONE; ND_INPUT, ND_IO. */
int nd_layer_read(struct nd_layer *l, const char **p, size_t *n, struct nd_error *err);
/* Go to the next regular file of an archive; *name is absent where it has none.
 * Return: 0; ND_DONE, also for layers that are no archive; ND_INPUT. */
int nd_layer_next(struct nd_layer *l, struct nd_str *name, struct nd_error *err);
/* Bytes given out since the start of the member. */
uint64_t nd_layer_given(const struct nd_layer *l);
/* Append what a packing is: gzip, zip, xz, tar. */
void nd_layer_describe(const struct nd_layer *l, struct nd_buf *out);
/* Size of a regular file, 0 if unknown. */
uint64_t nd_layer_size(const struct nd_layer *l);

#endif
