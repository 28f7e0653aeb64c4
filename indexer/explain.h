/* explain.h: which element of a dump became which field, in words: `convert --explain` and `sniff`.
 * Used by: cmd_convert, cmd_sniff. */
#ifndef ND_EXPLAIN_H
#define ND_EXPLAIN_H

#include "formats/fieldmap.h"
#include "formats/reader.h"

/* Asked for the key that gave a member (enum nd_target) of the article. Return: false where none did. */
typedef bool nd_explain_from(const void *ctx, int target, struct nd_str *key);

/* Append a line for each member that the article has: name, what it came from, its start. reader may be NULL. */
int nd_explain_article(struct nd_buf *out, const struct nd_article *a,
                       const struct nd_reader *reader, nd_explain_from *from, const void *ctx);

#endif
