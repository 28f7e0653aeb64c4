/* among.h: how the matches of a query divide by the values of a field: the matches are noted once, with their days;
 * then each value's articles are looked up among them.
 * Call order:  nd_among_gather nd_among_each* nd_among_free
 * Threads:     one owner.   Used by: cmd_hist (--by), cmd_related, cmd_compare. */
#ifndef NEWSQ_AMONG_H
#define NEWSQ_AMONG_H

#include "ask.h"

struct nd_among {
    struct nd_index *ix;
    uint32_t *
        *days; /* by segment, by docid - 1: the day as printed, ND_AMONG_NOT; NULL: no match */
    uint64_t matches;
};

enum {
    ND_AMONG_NOT = UINT32_MAX
};

/* Note the matches of m. Free with nd_among_free, after a failure too.
 * Cost: 4 bytes for each article of the segments that have a match. */
int nd_among_gather(struct nd_among *out, struct nd_index *ix, struct nd_match *m,
                    struct nd_error *err);
void nd_among_free(struct nd_among *g);

/* Is an article among them? Its day then; else ND_AMONG_NOT. */
static inline uint32_t nd_among_day(const struct nd_among *g, size_t segment, uint32_t docid)
{
    return g->days[segment] ? g->days[segment][docid - 1] : (uint32_t)ND_AMONG_NOT;
}

/* Call fn with the day of each match that has this value: of a field of values the whole value, of names the id. */
typedef void nd_among_fn(void *ctx, uint32_t day);
int nd_among_each(const struct nd_among *g, const struct nd_ask *a, const struct nd_field *field,
                  struct nd_str value, nd_among_fn *fn, void *ctx, struct nd_error *err);

/* A match of all articles (a->lowered is not touched). Close it with nd_match_close. */
int nd_among_all(struct nd_match **out, const struct nd_ask *a, struct nd_lowered *low,
                 struct nd_error *err);

#endif
