#include "memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    HUGE_PAGE = 2 << 20,
    HEAP_LEAST = 64 << 20,
    HEAP_MOST = 1 << 30,
    OWN_MAPPING =
        32 << 20, /* bytes of a block from which malloc maps it apart: the most it takes */
    SLACK = 4 << 20
};

/* Hash tables of words and posting lists are met all over: with small pages a third of the time goes into new
 * pages and into looking up addresses. malloc has no call for large ones, so one piece of address space as large
 * as what will be held is taken at once, in one heap for all threads, and marked. */
void nd_memory_for_indexing(size_t bytes)
{
    size_t heap = bytes < HEAP_LEAST ? HEAP_LEAST : bytes > HEAP_MOST ? HEAP_MOST : bytes;
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, OWN_MAPPING);
    mallopt(M_TRIM_THRESHOLD, HEAP_MOST);
    mallopt(M_TOP_PAD, (int)heap);
    uintptr_t from = ((uintptr_t)sbrk(0) + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *volatile grow = malloc(SLACK); /* more than the heap has: it grows by M_TOP_PAD */
    uintptr_t to = (uintptr_t)sbrk(0);
    free(grow);
    mallopt(M_TOP_PAD, SLACK);
    if (to > from)
        madvise((void *)from, to - from, MADV_HUGEPAGE);
}
