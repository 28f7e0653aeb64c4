/* term.h: what the terminal can do, and output that never hurts it.
 * Threads: no shared state. */
#ifndef ND_TOOL_TERM_H
#define ND_TOOL_TERM_H

#include "base/buf.h"

#include <stdbool.h>

struct nd_term {
    bool tty, color;
    bool utf8;      /* the locale's character set; LC_ALL, LC_CTYPE, LANG */
    size_t columns; /* $COLUMNS, else the window's, else 80 */
};

/* Look at fd. color: "auto" (a terminal, TERM not dumb, NO_COLOR unset), "always", "never". */
void nd_term_look(struct nd_term *t, int fd, const char *color);
/* Append p[0..n) filled to columns with a hanging indent; words are never cut unless longer than a line.
 * Sequences from ESC [ to m take no width. */
int nd_term_wrap(struct nd_buf *out, const char *p, size_t n, size_t indent, size_t columns);

#endif
