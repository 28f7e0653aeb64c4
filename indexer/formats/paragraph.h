/* paragraph.h: a body as a dump has it -> paragraphs parted by one blank line.
 * Line ends of all kinds become \n, control characters go, no-break spaces become blanks, lines are trimmed. With
 * blank lines in the text those part the paragraphs; without, each line is one. Hard-wrapped lines are joined.
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_PARAGRAPH_H
#define INDEXER_FORMATS_PARAGRAPH_H

#include "base/buf.h"

#include <stdbool.h>

/* Append p[0..n), well-formed UTF-8, without control characters but \n and \t. */
int nd_scrub(struct nd_buf *out, const char *p, size_t n);
/* Append scrubbed text as paragraphs. Fails: ND_NOMEM, ND_LIMIT. */
int nd_paragraphs(struct nd_buf *out, const char *p, size_t n);
/* Was the scrubbed text broken into lines of one width? True where most lines are as full as they could
 * be: the first word of the next would not have fitted. */
bool nd_wrapped(const char *p, size_t n);

#endif
