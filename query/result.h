/* result.h: from a hit (segment, docid) to what is shown of it. The result line comes from the document
 * data alone; the stored text is read only where a snippet or the record is asked for.
 * Call order:  nd_results_new nd_result_view* nd_results_free
 * Threads:     one owner.   Used by: cmd_search, cmd_batch. */
#ifndef NEWSQ_RESULT_H
#define NEWSQ_RESULT_H

#include "ask.h"
#include "render/render.h"

struct nd_results;

int nd_results_new(struct nd_results **out, struct nd_error *err);
void nd_results_free(struct nd_results *r);

/* Fill the view of a hit as far as the renderer wants it. Memory is of r, good until the next call.
 * snippets: false leaves them out though the renderer could show them. */
int nd_result_view(struct nd_results *r, struct nd_view *out, const struct nd_ask *a,
                   const struct nd_hit *hit, uint64_t rank, const struct nd_renderer *renderer,
                   bool snippets, struct nd_error *err);

#endif
