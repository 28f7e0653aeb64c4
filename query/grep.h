/* grep.h: the sentences that matched, a line each: ID TAB FIELD TAB NUMBER TAB SENTENCE.
 * Used by: cmd_search (--format grep). */
#ifndef NEWSQ_GREP_H
#define NEWSQ_GREP_H

#include "ask.h"

/* Print those of the articles first..first+n-1 in this order on standard output; *lines: how many.
 * Return: 0; ND_DONE where the reader has gone; < 0. */
int nd_grep_hits(struct nd_ask *a, uint64_t first, uint64_t n, enum nd_sort sort, uint64_t *lines,
                 struct nd_error *err);

#endif
