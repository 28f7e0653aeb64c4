/* overview.h: what a page says of all matches besides the hits that it lists: how many when, which names.
 * Used by: cmd_search, for renderers that ask for it. */
#ifndef NEWSQ_OVERVIEW_H
#define NEWSQ_OVERVIEW_H

#include "ask.h"
#include "render/render.h"

/* Bars of days, months or years, whichever gives a legible number, without holes; the people, organisations and
 * places in most matches. Memory of arena and of the index.   Cost: a pass over the matches a part. */
int nd_overview_make(struct nd_overview *out, struct nd_arena *arena, struct nd_ask *a,
                     struct nd_error *err);

#endif
