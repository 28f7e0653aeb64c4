/* digest.h: one report over many saved queries: each article once, with all queries that it matches, near-copies under
 * the one that was printed first; sections for what is new, changed, no longer matches, was withdrawn.
 * Call order:  nd_digest_new (nd_digest_query (nd_digest_add | nd_digest_withdrawn)*)* nd_digest_write nd_digest_free
 * Threads:     one owner.   Used by: report.c. */
#ifndef NEWSQ_DIGEST_H
#define NEWSQ_DIGEST_H

#include "lang/saved.h"
#include "render/render.h"

struct nd_digest;

/* ix: borrowed until free. form: text, markdown, html or rss. Fails: ND_CORRUPT, ND_IO, ND_NOMEM. */
int nd_digest_new(struct nd_digest **out, struct nd_index *ix, const char *form,
                  struct nd_error *err);
void nd_digest_free(struct nd_digest *d);
/* What follows is of this query. */
int nd_digest_query(struct nd_digest *d, const struct nd_saved *q, struct nd_error *err);
/* An article that it matches, or with v->event "no longer matches" did match; everything is copied. */
int nd_digest_add(struct nd_digest *d, const struct nd_hit *hit, const struct nd_view *v,
                  struct nd_error *err);
/* An article that was reported of it and is withdrawn, by the hash of its id. */
int nd_digest_withdrawn(struct nd_digest *d, uint64_t id, struct nd_error *err);
/* Append the whole report; nothing where nothing was added, but for rss, whose readers need a file.
 * Cost: a sort of the articles. */
int nd_digest_write(struct nd_digest *d, struct nd_buf *out, struct nd_error *err);

#endif
