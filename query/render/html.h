/* html.h: the parts of a page that stands alone, for pages of other shapes in the same style.
 * Call order:  nd_html_head ... a <header>, <main id="hits">, <footer> ... nd_html_foot
 * Used by: html.c, digest. */
#ifndef NEWSQ_RENDER_HTML_H
#define NEWSQ_RENDER_HTML_H

#include "render/render.h"

/* Text between tags or in a quoted attribute, well-formed as XML too: control characters are left out. */
void nd_html_text(struct nd_buf *out, struct nd_str s);
/* All up to <body>, with the style inside. */
void nd_html_head(struct nd_buf *out, struct nd_str title);
/* The script of the keys j and k, and the end. */
void nd_html_foot(struct nd_buf *out);
/* A paragraph with its marks. */
void nd_html_snippet(struct nd_buf *out, const struct nd_snippet *s);
/* Is this an address that a link may lead to: http or https? */
bool nd_html_web(struct nd_str s);

#endif
