/* arena.h: memory that is given back all at once, after each record or each query.
 * Call order:  nd_arena_init (nd_arena_alloc* nd_arena_reset)* nd_arena_free
 * Invariants:  blocks never move, so pointers stay good until reset; total never exceeds max.
 * Threads: one owner. */
#ifndef ND_BASE_ARENA_H
#define ND_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nd_arena_block;

struct nd_arena {
    struct nd_arena_block *head; /* newest block */
    size_t used, total, max;     /* bytes in the newest block; bytes taken; most that may be taken */
};

/* A borrowed piece of text: pointer and length, may contain NUL. {NULL, 0} means absent. */
struct nd_str {
    const char *p;
    size_t n;
};

#define ND_STR(lit) ((struct nd_str){(lit), sizeof(lit) - 1})

void nd_arena_init(struct nd_arena *a, size_t max);
/* Forget everything; the largest block is kept for the next round. */
void nd_arena_reset(struct nd_arena *a);
void nd_arena_free(struct nd_arena *a);
/* Where the arena stands, and back to it: what was taken since is given back. Between the two it is not reset. */
struct nd_arena_mark {
    struct nd_arena_block *head;
    size_t used;
};
struct nd_arena_mark nd_arena_mark(const struct nd_arena *a);
void nd_arena_rewind(struct nd_arena *a, struct nd_arena_mark mark);
/* n zeroed bytes, aligned for any type. Return: NULL when out of memory or past the maximum. */
void *nd_arena_alloc(struct nd_arena *a, size_t n);
/* n * size zeroed bytes, with the multiplication checked. */
void *nd_arena_array(struct nd_arena *a, size_t n, size_t size);
/* A NUL-ended copy of p[0..n). */
char *nd_arena_copy(struct nd_arena *a, const char *p, size_t n);
/* The same as a piece of text; .p is NULL on failure. */
struct nd_str nd_arena_str(struct nd_arena *a, const char *p, size_t n);
/* Formatted text, NUL-ended. */
char *nd_arena_printf(struct nd_arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Equal bytes, equal length. */
int nd_str_eq(struct nd_str a, struct nd_str b);
/* Order by bytes, then by length. */
int nd_str_cmp(struct nd_str a, struct nd_str b);
/* The text of a NUL-ended string. */
struct nd_str nd_str_of(const char *s);

#ifdef __cplusplus
}
#endif
#endif
