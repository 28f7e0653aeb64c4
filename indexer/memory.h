/* memory.h: how the indexer takes memory from the system.
 * Threads: before any other starts.   Used by: pipeline.c. */
#ifndef ND_INDEXER_MEMORY_H
#define ND_INDEXER_MEMORY_H

#include <stddef.h>

/* Let malloc keep what it once had and put its heap on large pages, for a process that will hold about `bytes`.
 * Nothing is lost where the system does not allow it. */
void nd_memory_for_indexing(size_t bytes);

#endif
