/* filter.h: --ignore: which articles of a dump are not wanted, decided over one article without an index.
 * A filter is lines of the query language's field syntax (source section author tag lang url host id date updated length,
 * `field:none`, `field:*`, AND, OR, NOT, brackets); an article that any line matches is left out. Lines that begin with # are
 * remarks.
 * Call order:  nd_filter_new nd_filter_matches* nd_filter_free.   Threads: one owner. */
#ifndef INDEXER_INPUT_FILTER_H
#define INDEXER_INPUT_FILTER_H

#include "base/status.h"
#include "record/article.h"

struct nd_filter;

/* text: borrowed for the life of the filter; name: of its file, for messages. today: yyyymmdd, for relative dates.
 * Fails: ND_USAGE a line is not of that syntax, or asks for what an article alone does not tell; ND_NOMEM. */
int nd_filter_new(struct nd_filter **out, struct nd_str text, const char *name, uint32_t today,
                  struct nd_error *err);
void nd_filter_free(struct nd_filter *f);
/* Is the article one to be left out? Fails: ND_NOMEM. */
int nd_filter_matches(struct nd_filter *f, const struct nd_article *a, bool *out,
                      struct nd_error *err);

#endif
