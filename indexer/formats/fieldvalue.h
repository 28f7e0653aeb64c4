/* fieldvalue.h: what the value of a key says, whatever its type: dumps put a text into an object, an array or a
 * number as they like. Used by fieldmap.c alone. Texts are borrowed from the value or in the arena.
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_FIELDVALUE_H
#define INDEXER_FORMATS_FIELDVALUE_H

#include "formats/fieldmap.h"

/* The text in a value: of an object its name or text, of an array its first. {NULL, 0} where there is none. */
struct nd_str nd_value_text(const struct nd_json *v);
/* An array of texts as paragraphs, anything else as nd_value_text has it. Fails: ND_NOMEM. */
int nd_value_paragraphs(struct nd_str *out, const struct nd_json *v, struct nd_arena *arena);
/* Several texts: an array, or one text cut at ; | or commas; authors as bylines are. Fails: ND_NOMEM. */
int nd_value_list(struct nd_strs *out, const struct nd_json *v, enum nd_target target,
                  struct nd_arena *arena);
/* true, "true", "yes", 1 */
bool nd_value_true(const struct nd_json *v);
/* Does the value say anything? */
bool nd_value_given(const struct nd_json *v);
/* Nothing, or blanks alone. */
bool nd_value_blank(struct nd_str s);

#endif
