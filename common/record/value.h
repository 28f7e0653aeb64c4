/* value.h: values and names as words, to be compared: case, diacritics and signs aside.
 * Threads: no state.   Used by: lang/ (values, names of a query), override.c. */
#ifndef ND_RECORD_VALUE_H
#define ND_RECORD_VALUE_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>

/* The folded form of a value or name as its words, parted by single blanks: "U.S. Dept. of Defense" ->
 * "us dept of defense". What VALUE fields and entity names are compared by, whole words in order. */
int nd_value_words(struct nd_buf *out, const char *p, size_t n);
/* Do the words of `part` stand in those of `whole`, neighbours in order? Both as nd_value_words makes them. */
bool nd_value_holds(struct nd_str whole, struct nd_str part);

#endif
