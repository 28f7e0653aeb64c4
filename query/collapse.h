/* collapse.h: of a list of hits each story once, at the place of its best hit, with how many more there are.
 * Used by: cmd_search. */
#ifndef NEWSQ_COLLAPSE_H
#define NEWSQ_COLLAPSE_H

#include "story.h"

/* Which copy stands for a story. */
enum nd_lead {
    ND_LEAD_BEST,  /* the best hit */
    ND_LEAD_FIRST, /* printed first */
    ND_LEAD_LONGEST,
    ND_LEAD_SOURCE /* of the source that comes first in a list; else printed first */
};

struct nd_collapse {
    struct nd_story_index *stories;
    enum nd_lead lead;
    struct nd_strs sources; /* as typed */
};

/* What the options --collapse and --lead ask for; out->stories is NULL where nothing is collapsed.
 * Fails: ND_USAGE, and as nd_story_open. */
int nd_collapse_open(struct nd_collapse *out, struct newsq *t, struct nd_index *ix,
                     struct nd_error *err);
void nd_collapse_close(struct nd_collapse *c);
/* Collapse a list of all hits, keeping `limit` from `offset` on. copies[i] (arena memory): how many more matches
 * tell the story of hits->v[i]. *stories: how many there are in all. */
int nd_collapse_hits(const struct nd_collapse *c, struct nd_arena *arena, struct nd_index *ix,
                     struct nd_ranked *hits, size_t offset, size_t limit, uint64_t **copies,
                     uint64_t *stories, struct nd_error *err);

#endif
