/* show_names.h: the names of one article as lines for `show`: persons, organisations, places, most mentioned first,
 * as the rules of people and the index call them.
 * Used by: cmd_look. */
#ifndef NEWSQ_SHOW_NAMES_H
#define NEWSQ_SHOW_NAMES_H

#include "xap/index.h"

/* Append `person   Kim Jong-un (12); Vladimir Putin (9)` and so on; nothing for an article without names.
 * Fails: ND_CORRUPT, ND_NOMEM, ND_IO. */
int nd_show_names(struct nd_buf *out, struct nd_arena *arena, struct nd_index *ix, size_t segment,
                  uint32_t docid, struct nd_error *err);

#endif
