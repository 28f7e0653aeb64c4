/* nohits.h: what to say where nothing matches: how many articles each part of the query has, and the nearest query
 * that has some: a wider phrase or distance, a word without =, another spelling, a part less.
 * Threads: one owner.   Used by: cmd_search. */
#ifndef NEWSQ_NOHITS_H
#define NEWSQ_NOHITS_H

#include "ask.h"

/* Print it on stderr, unless quiet. The query is as it was afterwards. Cost: half a second at most. */
void nd_nohits(struct nd_ask *a);

#endif
