/* fresh.h: what came to an index after a revision: articles that came or changed, ids that were withdrawn.
 * Threads: one owner.   Used by: newsq saved run --new, newsdex add --alerts. */
#ifndef ND_LANG_FRESH_H
#define ND_LANG_FRESH_H

#include "lang/match.h"

/* Articles that came or changed after a revision, and ids that were withdrawn since. */
struct nd_fresh {
    uint32_t revision;
    struct nd_fresh_article {
        size_t segment;
        uint32_t docid;
        uint64_t id; /* salted hash */
        int64_t published;
        uint64_t tie; /* plain hash of the id: the same in every index */
    } * v;            /* owned; newest first, undated last, whatever the layout of the index */
    size_t n;
    uint64_t *withdrawn; /* owned */
    size_t withdrawn_n;
    bool ready;
};

/* What came after a revision. Free with nd_fresh_free. Fails: ND_CORRUPT, ND_IO, ND_NOMEM. */
int nd_fresh_find(struct nd_fresh *f, struct nd_index *ix, uint32_t revision, struct nd_error *err);
void nd_fresh_free(struct nd_fresh *f);

/* Which of f->v a query matches: hit[i] becomes 1 or 0.
 * Cost: a look at each article; where they are many, a walk over the matches. */
int nd_fresh_match(const struct nd_fresh *f, struct nd_match *m, struct nd_index *ix,
                   unsigned char *hit, struct nd_error *err);

#endif
