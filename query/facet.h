/* facet.h: how many of the matches have each value of a field. Counts come from the matches alone, by
 * one pass over columns without ranking: an array increment a match; names are looked up at the end.
 * Names (facet_entity.c): articles by canonical id, each once however often and in whatever forms it names
 * the id; ids that are known to mean another one (record/derived.h) count as that.
 * Used by: cmd_facet. */
#ifndef NEWSQ_FACET_H
#define NEWSQ_FACET_H

#include "lang/match.h"

struct nd_facet_row {
    struct nd_str value; /* of names the canonical id */
    uint64_t count;
    enum nd_entity_type type; /* of names */
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
/* The same for a field of names; nd_facet_count calls it. */
int nd_facet_entities(struct nd_facet *out, struct nd_arena *arena, struct nd_index *ix,
                      struct nd_match *m, const struct nd_field *field, struct nd_error *err);
/* How a row is to be shown: of a name its full form, as derived facts have it or else the commonest surface form;
 * else the value. Arena memory or the index's.   Cost: some binary searches a segment: call it for what is shown. */
int nd_facet_name(struct nd_str *out, struct nd_arena *arena, struct nd_index *ix,
                  const struct nd_facet *f, size_t row, struct nd_error *err);

#endif
