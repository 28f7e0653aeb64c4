/* container.h: a file -> its members' bytes: gzip, xz, zstd, bzip2, lz4, tar, zip, 7z, nested in each other.
 * Call order:  nd_container_open (nd_container_next nd_container_read*)* nd_container_close
 * Invariants:  constant memory; what came before damage is delivered before the failure is told; a member
 *              that is damaged does not stop those after it, as far as its archive can go on.
 * Threads: one owner.   Uses: libarchive, zlib. */
#ifndef INDEXER_INPUT_CONTAINER_H
#define INDEXER_INPUT_CONTAINER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

/* What a hostile file may cost. 0 takes the default. */
struct nd_container_limits {
    uint64_t output;  /* bytes of one member, unpacked; default 1 TiB */
    uint64_t members; /* of one file; default 100 million */
    uint32_t ratio;   /* unpacked bytes a packed one, asked once 64 MiB are out; default 400 */
    uint32_t depth;   /* packings inside each other; default 4 */
};

struct nd_container;

/* Open a file, or standard input as "-". Fails: ND_MISSING, ND_IO, ND_NOMEM. */
int nd_container_open(struct nd_container **out, const char *path,
                      const struct nd_container_limits *limits, struct nd_error *err);
void nd_container_close(struct nd_container *c);
/* Go to the next member; what is left of the one before is passed over. *name is its path in the
 * archive, absent for a plain or merely compressed file; good until the next call.
 * Return: 0, ND_DONE; ND_INPUT a damaged archive, ND_LIMIT: ask again for what else there is. */
int nd_container_next(struct nd_container *c, struct nd_str *name, struct nd_error *err);
/* The next bytes of the member, borrowed until the next call.
 * Return: 0 with *n > 0; ND_DONE at its end; ND_INPUT damaged, ND_LIMIT, ND_IO: nothing more of it. */
int nd_container_read(struct nd_container *c, const char **p, size_t *n, struct nd_error *err);
/* Append the packings of the member at hand from the outside in, " > " between them: "gzip > tar". */
int nd_container_packings(const struct nd_container *c, struct nd_buf *out);
/* Bytes of the file read so far, packed as they are, and its size (0 if unknown): for progress. */
uint64_t nd_container_taken(const struct nd_container *c);
uint64_t nd_container_size(const struct nd_container *c);

#endif
