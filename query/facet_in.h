/* facet_in.h: what the parts of facets of names share. Private to facet*.c. */
#ifndef NEWSQ_FACET_IN_H
#define NEWSQ_FACET_IN_H

#include "facet.h"

/* The rows [*first, *end) of an id in a segment's dictionary; none where it is not there. Fails: ND_CORRUPT. */
int nd_facet_rows(struct nd_stream *s, enum nd_entity_type type, struct nd_str id, uint32_t *first,
                  uint32_t *end, struct nd_error *err);

#endif
