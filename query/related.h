/* related.h: names that set one group of articles apart from another: by G2 (terms.h) over the articles that have
 * them. Used by: cmd_related, cmd_compare. */
#ifndef NEWSQ_RELATED_H
#define NEWSQ_RELATED_H

#include "facet.h"

struct nd_apart {
    size_t row;    /* of the first facet */
    uint64_t a, b; /* articles of the first and of the second that have it */
    double score;  /* G2; negative where the first has less than its share */
};

/* Compare the rows of facet x over n articles with those of y over m; of equal values only. inside: y counts the
 * articles of x too, so these are taken off it. Rows of x alone come out, in their order. out: arena memory of x->n. */
int nd_apart_rows(struct nd_apart **out, struct nd_arena *arena, const struct nd_facet *x,
                  const struct nd_facet *y, bool inside, struct nd_error *err);
/* Sort by falling score, of equals by rising row. */
void nd_apart_sort(struct nd_apart *v, size_t n);

#endif
