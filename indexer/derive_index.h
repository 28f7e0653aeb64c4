/* derive_index.h: the facts about names of an index, made of its segments' entity dictionaries when it is committed.
 * Threads: any; nothing is kept.   Uses: entity/derive.h.   Used by: what opens a writer, as its `derive`. */
#ifndef ND_DERIVE_INDEX_H
#define ND_DERIVE_INDEX_H

#include "segment/commit.h"

/* nd_writer_derive (segment/commit.h). Fails: ND_CORRUPT, ND_IO, ND_NOMEM, ND_LIMIT.
 * Cost: a pass over all dictionary rows; nothing to speak of where no segment has names. */
int nd_derive_index(const char *dir, const struct nd_manifest *next, const char *path,
                    struct nd_error *err);

#endif
