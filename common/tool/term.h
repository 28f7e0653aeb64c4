/* term.h: what the terminal can do, and output that never hurts it.
 * Threads: no shared state. */
#ifndef ND_TOOL_TERM_H
#define ND_TOOL_TERM_H

#include "base/buf.h"

#include <stdbool.h>

struct nd_term {
    bool tty, color;
    bool links;     /* nd_term_links has said so: names of articles are hyperlinks (OSC 8) */
    bool utf8;      /* the locale's character set; LC_ALL, LC_CTYPE, LANG */
    size_t columns; /* $COLUMNS, else the window's, else 80 */
};

/* Look at fd. color: "auto" (a terminal, TERM not dumb, NO_COLOR unset), "always", "never". */
void nd_term_look(struct nd_term *t, int fd, const char *color);
/* Are hyperlinks shown here? when: "auto" (a terminal with colours that is not known to print them as rubbish; the
 * pager, if there is one, is less), "always", "never". Sets t->links. */
void nd_term_links(struct nd_term *t, const char *when, const char *pager);
/* Append a hyperlink's beginning: the text that follows leads to url[0..n). Other urls than http and https, and those that
 * are too long, lead nowhere: nothing is appended. Return: must it be ended by nd_term_unlink? */
bool nd_term_link(struct nd_buf *out, const char *url, size_t n);
void nd_term_unlink(struct nd_buf *out);
/* Append p[0..n) filled to columns with a hanging indent; words are never cut unless longer than a line.
 * Sequences from ESC [ to m, and those that begin and end hyperlinks, take no width. */
int nd_term_wrap(struct nd_buf *out, const char *p, size_t n, size_t indent, size_t columns);

#endif
