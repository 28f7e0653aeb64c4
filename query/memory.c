#include "memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    READY = 768 << 10,     /* bytes that an ordinary query touches, snippets included */
    OWN_MAPPING = 1 << 20, /* bytes of a block from which malloc maps it apart */
    PAGE = 4096
};

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; older ones answer EINVAL */
#endif

void nd_memory_for_asking(void)
{
    mallopt(M_MMAP_THRESHOLD, OWN_MAPPING);
    mallopt(M_TRIM_THRESHOLD, 2 * OWN_MAPPING);
    char *p = malloc(READY);
    if (!p)
        return;
    uintptr_t from = ((uintptr_t)p + PAGE - 1) / PAGE * PAGE;
    madvise((void *)from, ((uintptr_t)p + READY - from) / PAGE * PAGE, MADV_POPULATE_WRITE);
    free(p);
}
