/* dump_names.h: the entities that a dump itself names for an article, found in its text.
 * Threads:     one owner.   Uses: resolve.h.   Used by: entities.c. */
#ifndef ND_ENTITY_DUMP_NAMES_H
#define ND_ENTITY_DUMP_NAMES_H

#include "entity/resolve.h"

/* Add to the names of an article, marked ND_NAME_GOLD, each place where an entity stands that the dump names:
 * its words as printed there, a person given as "Last, First" in either order. At most ND_GOLD_MAX entities count.
 * Fails: ND_NOMEM.   Cost: a hash per word of the article, and only if the dump names anything. */
int nd_dump_names_add(struct nd_names *s, const struct nd_article *a, struct nd_error *err);

enum {
    ND_GOLD_MAX = 1000,
    ND_GOLD_WORDS = 10 /* a longer name is not looked for */
};

#endif
