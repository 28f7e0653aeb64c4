/* derive_index.h: the index-wide facts, made when an index is committed: about names, of its segments' entity
 * dictionaries; and its near-copies, of their signatures and texts (stories.h).
 * Threads: any; nothing is kept.   Uses: entity/derive.h, stories.h.   Used by: what opens a writer, as its `derive`. */
#ifndef ND_DERIVE_INDEX_H
#define ND_DERIVE_INDEX_H

#include "segment/commit.h"

/* nd_writer_derive (segment/commit.h). Near-copies measured before are taken over from the facts of the committed
 * index in dir. Fails: ND_CORRUPT, ND_IO, ND_NOMEM, ND_LIMIT.
 * Cost: a pass over all dictionary rows, and what stories_find costs. */
int nd_derive_index(const char *dir, const struct nd_manifest *next, const char *path,
                    struct nd_error *err);
/* The same with nothing taken over: the words of the texts may be others (rebuild). */
int nd_derive_index_anew(const char *dir, const struct nd_manifest *next, const char *path,
                         struct nd_error *err);

#endif
