/* memory.h: how newsq takes its memory from the system.
 * Threads: before anything else.   Used by: main.c. */
#ifndef ND_QUERY_MEMORY_H
#define ND_QUERY_MEMORY_H

/* Have the heap's first pages ready at once. A query touches about a hundred new pages, and each page fault costs
 * several times what the page costs when it is asked for among others. Nothing is lost where the system does not
 * know the request. Cost: 0.75 MiB. */
void nd_memory_for_asking(void);

#endif
