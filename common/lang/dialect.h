/* dialect.h: query texts of other systems, read by their own rules of precedence, operators and wildcards into
 * the native tree.
 * Call order:  nd_syntax_find, then nd_parse with nd_parse_options.syntax; nd_node_unparse prints the native form.
 * Invariants:  what has no equal here is refused with the spot, the reason and a correction; where the other system
 *              reads a word a little differently, the query carries a note.
 * Threads: no shared state.   Used by: newsq. */
#ifndef ND_LANG_DIALECT_H
#define ND_LANG_DIALECT_H

#include "lang/parse.h"

/* The syntax of that name (any case).
 * name:   n bytes.
 * Return: enum nd_syntax; -1 if there is none. */
int nd_syntax_find(const char *name, size_t n);
/* Its name as --syntax takes it: "native", "nexis", ... */
const char *nd_syntax_name(enum nd_syntax syntax);

#endif
