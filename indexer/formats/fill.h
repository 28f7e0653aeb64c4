/* fill.h: small steps that readers of markup share: lists that grow in the arena, names, entities, addresses.
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_FILL_H
#define INDEXER_FORMATS_FILL_H

#include "record/article.h"

/* Without blanks at both ends. Absent where nothing is left. */
struct nd_str nd_trim(struct nd_str s);
/* Equal but for the case of ASCII letters. */
bool nd_str_is(struct nd_str s, const char *word);
bool nd_str_begins(struct nd_str s, const char *word);
bool nd_str_ends(struct nd_str s, const char *word);
/* Append to a list; blank ones and those it has are left out. Fails: ND_NOMEM. */
int nd_list_add(struct nd_strs *list, struct nd_arena *arena, struct nd_str s);
/* Append the names of a byline ("By A and B"). Fails: ND_NOMEM. */
int nd_authors_add(struct nd_strs *list, struct nd_arena *arena, struct nd_str byline);
/* Append an entity that the dump names. Fails: ND_NOMEM. */
int nd_gold_add(struct nd_article *a, struct nd_arena *arena, enum nd_entity_type type,
                struct nd_str name);
/* a and b with a blank line between; the other where one is absent. Absent on lack of memory. */
struct nd_str nd_join(struct nd_arena *arena, struct nd_str a, struct nd_str b);
/* A relative address on its base. The address itself where it is whole or the base is none. */
struct nd_str nd_url_resolve(struct nd_arena *arena, struct nd_str base, struct nd_str url);
/* Is the text what stands for a longer one: an ellipsis or "read more" at its end? */
bool nd_is_teaser(struct nd_str text);
/* Decode base64; blanks are passed over. Absent where it is none. */
struct nd_str nd_base64(struct nd_arena *arena, struct nd_str s);

#endif
