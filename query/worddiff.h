/* worddiff.h: which words of one text are not in another, and the other way round: the shortest script of Myers (1986)
 * in linear space. Words are given as numbers (hashes of their folded keys).
 * Used by: cmd_story. */
#ifndef NEWSQ_WORDDIFF_H
#define NEWSQ_WORDDIFF_H

#include <stddef.h>
#include <stdint.h>

/* A stretch that was changed: words [a, a + cut) of the first have become words [b, b + added) of the second. */
struct nd_change {
    size_t a, cut, b, added;
};

enum {
    ND_DIFF_JOIN = 2,    /* so few equal words between two changes are a part of one change */
    ND_DIFF_STEPS = 8000 /* of one search; texts further apart than that are one change there */
};

/* out: the changes in order, to be freed by the caller; *count of them. Return: 0, ND_NOMEM.
 * Cost: (n + m) times the number of changed words. */
int nd_worddiff(struct nd_change **out, size_t *count, const uint64_t *a, size_t n,
                const uint64_t *b, size_t m);

#endif
