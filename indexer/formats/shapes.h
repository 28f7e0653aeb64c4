/* shapes.h: records of known collections whose keys mean more than their names say. json.c asks after the field map.
 * The user's --map goes before all of this.   Threads: no shared state. */
#ifndef INDEXER_FORMATS_SHAPES_H
#define INDEXER_FORMATS_SHAPES_H

#include "formats/fieldmap.h"
#include "text/json.h"

/* Set right what the keys alone got wrong: parts of a text in an array with types (Washington Post), a text that was cut
 * (NewsAPI), keywords that are names (New York Times), an address for a source (trafilatura), a teaser for a text.
 * Fails: ND_NOMEM. */
int nd_shape_fit(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_json *record);

/* "Headline - The Paper" where the paper is a field of its own: the title without it. */
void nd_part_source(struct nd_article *a);

#endif
