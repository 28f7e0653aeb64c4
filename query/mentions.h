/* mentions.h: the names of one article as its token stream has them, in text order.
 * Call order:  nd_mentions_read* nd_mentions_free;  zero-initialise.   Threads: one owner.
 * Used by: why_entity, facet_matched. */
#ifndef NEWSQ_MENTIONS_H
#define NEWSQ_MENTIONS_H

#include "record/stream.h"

struct nd_place_named {
    uint32_t row;         /* of the segment's entity dictionary */
    uint32_t first, last; /* words of the field, from 0, both included */
    unsigned field;       /* ND_FIELD_ */
};

struct nd_mentions {
    struct nd_place_named *v;
    size_t n, cap;
};

/* Read the mentions of an article, over what m held. Fails: ND_CORRUPT, ND_NOMEM. */
int nd_mentions_read(struct nd_mentions *m, struct nd_stream *s, uint32_t docid, struct nd_error *err);
void nd_mentions_free(struct nd_mentions *m);

#endif
