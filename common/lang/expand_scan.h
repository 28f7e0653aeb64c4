/* expand_scan.h: the words of a dictionary that fit a pattern or a misspelt word. Joined words are compared without
 * their hyphens (firstc* finds first-class), unless the pattern has a hyphen itself.
 * fn is called in the order of the dictionary; its failure is returned.
 * Threads: one owner of the stream.   Used by: expand.c. */
#ifndef ND_LANG_EXPAND_SCAN_H
#define ND_LANG_EXPAND_SCAN_H

#include "record/stream.h"

typedef int nd_expand_fn(void *ctx, struct nd_str key, const struct nd_word *word);

/* pattern: folded. Cost: a walk through the words of its fixed start; without one 2 us for 1,000 words.
 * Fails: ND_CORRUPT, ND_NOMEM. */
int nd_expand_wild(struct nd_str pattern, struct nd_stream *stream, nd_expand_fn *fn, void *ctx,
                   struct nd_error *err);
/* Cost: about 10 us for 1,000 words. */
int nd_expand_fuzzy(struct nd_str word, unsigned edits, struct nd_stream *stream, nd_expand_fn *fn,
                    void *ctx, struct nd_error *err);

#endif
