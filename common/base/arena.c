#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 64 * 1024
};

struct nd_arena_block {
    struct nd_arena_block *next;
    size_t size;
    alignas(max_align_t) char data[];
};

void nd_arena_init(struct nd_arena *a, size_t max)
{
    *a = (struct nd_arena){.max = max};
}

void nd_arena_reset(struct nd_arena *a)
{
    struct nd_arena_block *keep = NULL;
    for (struct nd_arena_block *b = a->head, *next; b; b = next) {
        next = b->next;
        if (!keep || b->size > keep->size) {
            free(keep);
            keep = b;
        } else {
            free(b);
        }
    }
    /* a block that one huge record needed is not kept for small ones */
    if (keep && keep->size > 64 * (size_t)BLOCK) {
        free(keep);
        keep = NULL;
    }
    if (keep)
        keep->next = NULL;
    a->head = keep;
    a->used = 0;
    a->total = keep ? keep->size : 0;
}

void nd_arena_free(struct nd_arena *a)
{
    for (struct nd_arena_block *b = a->head, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = (struct nd_arena){.max = a->max};
}

struct nd_arena_mark nd_arena_mark(const struct nd_arena *a)
{
    return (struct nd_arena_mark){a->head, a->used};
}

void nd_arena_rewind(struct nd_arena *a, struct nd_arena_mark mark)
{
    while (a->head && a->head != mark.head) {
        struct nd_arena_block *b = a->head;
        a->head = b->next;
        a->total -= b->size;
        free(b);
    }
    a->used = mark.used;
}

/* The same without zeroing. */
static void *take(struct nd_arena *a, size_t n)
{
    size_t align = alignof(max_align_t);
    if (n > SIZE_MAX - align)
        return NULL;
    n = (n + align - 1) / align * align;
    if (!a->head || n > a->head->size - a->used) {
        size_t size = n > BLOCK ? n : BLOCK;
        if (a->total > a->max || size > a->max - a->total)
            size = n;
        if (a->total > a->max || size > a->max - a->total)
            return NULL;
        struct nd_arena_block *b = malloc(sizeof *b + size);
        if (!b)
            return NULL;
        b->next = a->head;
        b->size = size;
        a->head = b;
        a->used = 0;
        a->total += size;
    }
    void *p = a->head->data + a->used;
    a->used += n;
    return p;
}

void *nd_arena_alloc(struct nd_arena *a, size_t n)
{
    void *p = take(a, n);
    return p ? memset(p, 0, n) : NULL;
}

void *nd_arena_array(struct nd_arena *a, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        return NULL;
    return nd_arena_alloc(a, n * size);
}

char *nd_arena_copy(struct nd_arena *a, const char *p, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *out = take(a, n + 1);
    if (!out)
        return NULL;
    if (n)
        memcpy(out, p, n);
    out[n] = '\0';
    return out;
}

struct nd_str nd_arena_str(struct nd_arena *a, const char *p, size_t n)
{
    char *out = nd_arena_copy(a, p, n);
    return (struct nd_str){out, out ? n : 0};
}

char *nd_arena_printf(struct nd_arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *out = n < 0 ? NULL : nd_arena_alloc(a, (size_t)n + 1);
    if (out)
        vsnprintf(out, (size_t)n + 1, fmt, again);
    va_end(again);
    return out;
}

int nd_str_eq(struct nd_str a, struct nd_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int nd_str_cmp(struct nd_str a, struct nd_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    if (c)
        return c;
    return a.n < b.n ? -1 : a.n > b.n;
}

struct nd_str nd_str_of(const char *s)
{
    return (struct nd_str){s, s ? strlen(s) : 0};
}
