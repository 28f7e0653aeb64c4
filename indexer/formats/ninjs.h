/* ninjs.h: shapes of JSON records that are a standard of their own: ninjs 1 to 3 (IPTC) and JSON Feed. json.c asks.
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_NINJS_H
#define INDEXER_FORMATS_NINJS_H

#include "formats/fieldmap.h"
#include "text/json.h"

/* Is it a record of ninjs: a uri, and its names beside it? */
bool nd_ninjs_is(const struct nd_json *record);
/* Is it what the standard says? Fails: ND_INPUT with the property that is not. */
int nd_ninjs_check(const struct nd_json *record, struct nd_error *err);
/* Fill an article. Return: 0; ND_DONE it is valid and no article (a picture, an event); ND_INPUT, ND_NOMEM. */
int nd_ninjs_fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                  const struct nd_json *record, struct nd_error *err);

/* Is it an item of a JSON Feed? */
bool nd_jsonfeed_is(const struct nd_json *record);
/* Fill an article. Fails: ND_NOMEM. */
int nd_jsonfeed_fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                     const struct nd_json *record);

#endif
