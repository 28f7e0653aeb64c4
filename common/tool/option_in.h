/* option_in.h: what the parts of the command line's machinery share.
 *   option.c parser and look-ups   nearest.c near misses   help.c help and table check
 * Threads: no shared state. */
#ifndef ND_TOOL_OPTION_IN_H
#define ND_TOOL_OPTION_IN_H

#include "tool/option.h"

/* Edits (add, drop, change, swap neighbours) between a[0..n) and b[0..m), any case; 40 if one is longer. */
unsigned nd_edits(const char *a, size_t n, const char *b, size_t m);
/* Is one the plural of the other? */
bool nd_plural(const char *a, size_t n, const char *b, size_t m);
/* Is name one of the blank-separated words of list, or list "*"? */
bool nd_in_list(const char *list, const char *name, size_t n);
/* Row i of the program's options, then the ones that every program has; NULL past the end. */
const struct nd_option *nd_option_at(const struct nd_program *program, size_t i);

#endif
