/* flow.h: text out of markup: runs of blanks become one, blocks become paragraphs.
 * Call order:  a struct nd_flow with .out set, then nd_flow_text, nd_flow_block, nd_flow_line in document order
 * Threads: one owner. */
#ifndef INDEXER_FORMATS_FLOW_H
#define INDEXER_FORMATS_FLOW_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>

struct nd_flow {
    struct nd_buf *out;
    size_t from;      /* where this text begins in out: nothing goes before it */
    bool blank, part; /* due before the next character */
    unsigned lines;
    bool keep; /* line ends are kept: inside pre */
};

/* Text as it stands in the markup, entities decoded. */
void nd_flow_text(struct nd_flow *f, const char *p, size_t n);
/* A block begins or ends. */
void nd_flow_block(struct nd_flow *f);
/* A line break; two of them part paragraphs. */
void nd_flow_line(struct nd_flow *f);

#endif
