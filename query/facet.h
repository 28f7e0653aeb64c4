/* facet.h: how many of the matches have each value of a field. Counts come from the matches alone, by
 * one pass over columns without ranking: an array increment a match; names are looked up at the end.
 * Used by: cmd_facet. */
#ifndef NEWSQ_FACET_H
#define NEWSQ_FACET_H

#include "lang/match.h"

struct nd_facet_row {
    struct nd_str value;
    uint64_t count;
};

struct nd_facet {
    const struct nd_field *field;
    struct nd_facet_row *rows; /* by falling count, then value; arena memory */
    size_t n;
    uint64_t matches, without; /* articles counted; of these without a value */
};

/* Count the values of a facet field over the matches of m. Fails: ND_USAGE (no facet field), ... */
int nd_facet_count(struct nd_facet *out, struct nd_arena *arena, struct nd_index *ix,
                   struct nd_match *m, const struct nd_field *field, struct nd_error *err);

#endif
