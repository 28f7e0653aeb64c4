/* facet.h: how many of the matches have each value of a field. Counts come from the matches alone, by
 * one pass over columns without ranking: an array increment a match; names are looked up at the end.
 * Names (facet_entity.c): articles by canonical id, each once however often and in whatever forms it names
 * the id; ids count as what the rules of people (record/override.h) or else the index (record/derived.h) say that they
 * mean.
 * Only the rows that are wanted are sorted and copied: of 12,000 names 10 are shown.
 * Used by: cmd_facet, cmd_hist, cmd_related, cmd_compare. */
#ifndef NEWSQ_FACET_H
#define NEWSQ_FACET_H

#include "base/map.h"
#include "lang/match.h"

/* First and last day as printed, 0 where none is known. */
struct nd_days {
    uint32_t first, last;
};

static inline void nd_days_note(struct nd_days *d, uint32_t day)
{
    if (day && (!d->first || day < d->first))
        d->first = day;
    if (day > d->last)
        d->last = day;
}

struct nd_facet_row {
    struct nd_str value; /* of names the canonical id */
    uint64_t count;
    enum nd_entity_type type; /* of names */
    struct nd_days days;      /* of the articles counted; of names, with want->days */
};

/* Which rows are wanted. */
struct nd_facet_want {
    uint64_t top, min; /* so many rows, UINT64_MAX all; those with so many articles */
    bool by_name;      /* in byte order of the values, not by falling count */
    bool roll_up; /* of names: a place counts as the country that it lies in, where that is known */
    bool days;    /* of names: first and last day too */
    bool matched; /* of names: only those that stand within what matched */
};

struct nd_facet {
    const struct nd_field *field;
    struct nd_facet_row *rows; /* by falling count, then value; or as it was wanted; arena memory */
    size_t n, distinct;        /* rows; different values that want->min lets through */
    uint64_t matches, without; /* articles counted; of these without a value */
};

/* Count the values of a facet field over the matches of m. Fails: ND_USAGE (no facet field), ... */
int nd_facet_count(struct nd_facet *out, struct nd_arena *arena, struct nd_index *ix,
                   struct nd_match *m, const struct nd_field *field, struct nd_error *err);
/* The same, of these rows alone. */
int nd_facet_top(struct nd_facet *out, struct nd_arena *arena, struct nd_index *ix,
                 struct nd_match *m, const struct nd_field *field, const struct nd_facet_want *want,
                 struct nd_error *err);
/* The same for a field of names; nd_facet_top calls it. */
int nd_facet_entities(struct nd_facet *out, struct nd_arena *arena, struct nd_index *ix,
                      struct nd_match *m, const struct nd_field *field,
                      const struct nd_facet_want *want, struct nd_error *err);
/* What was counted, by number: the keys of a map, or names. */
struct nd_facet_keys {
    const struct nd_map *map; /* NULL: names[0..n) */
    const struct nd_str *names;
    size_t n;
};
/* The wanted rows of what was counted: totals by key; days likewise, NULL for none. types: a key begins with a byte for
 * the type of a name. Sets rows, n and distinct.   Cost: a comparison a key, a sort of the wanted ones. */
int nd_facet_keep(struct nd_facet *out, struct nd_arena *arena, const struct nd_facet_keys *keys,
                  const uint64_t *totals, const struct nd_days *days, bool types,
                  const struct nd_facet_want *want, struct nd_error *err);
/* The values of all segments' columns as one sorted list: those that counts[segment][ordinal] have (a segment's may be
 * NULL), each once, with its total. names, totals: to be freed. *empty: the total of the empty value, which is not
 * among them.   Cost: a comparison of two values for each but the first of the segments that have it. */
int nd_facet_join(struct nd_str **names, uint64_t **totals, size_t *n, uint64_t *empty,
                  struct nd_index *ix, enum nd_column_id column, uint64_t *const *counts,
                  struct nd_error *err);
/* How a row is to be shown: of a name its full form, as derived facts have it or else the commonest surface form;
 * else the value. Arena memory or the index's.   Cost: some binary searches a segment: call it for what is shown. */
int nd_facet_name(struct nd_str *out, struct nd_arena *arena, struct nd_index *ix,
                  const struct nd_facet *f, size_t row, struct nd_error *err);
/* The same for an id by itself: of->type, of->value. */
int nd_name_shown(struct nd_str *out, struct nd_arena *arena, struct nd_index *ix,
                  const struct nd_facet_row *of, struct nd_error *err);
/* The country of a place in an index, absent where it is not known. */
int nd_place_country(struct nd_str *out, struct nd_index *ix, struct nd_str place,
                     struct nd_error *err);

#endif
