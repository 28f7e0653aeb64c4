/* snippet.h: the stretch of an article that shows best why it matched, with the matching words marked.
 * The marks are the spans that the engine found: nothing is searched again.
 * Call order:  nd_snippets_new nd_snippet_make* nd_snippets_free
 * Threads:     one owner.   Used by: result.c. */
#ifndef NEWSQ_SNIPPET_H
#define NEWSQ_SNIPPET_H

#include "lang/match.h"
#include "record/article.h"
#include "render/render.h"

struct nd_snippets; /* tokens and buffers, kept from hit to hit */

enum {
    ND_SNIPPET_WORDS = 36 /* about so many */
};

int nd_snippets_new(struct nd_snippets **out, struct nd_error *err);
void nd_snippets_free(struct nd_snippets *s);

/* Make the snippet of an article from its spans (nd_match_spans): the window of the body with most
 * different parts of the query in it; the beginning of the body if none matched there.
 * out: arena memory. Fails: ND_NOMEM, ND_LIMIT. */
int nd_snippet_make(struct nd_snippets *s, struct nd_snippet *out, struct nd_arena *arena,
                    const struct nd_article *a, const struct nd_found *found, size_t n,
                    struct nd_error *err);

/* The bytes of one field of the article that matched, as marks: in order, apart.
 * out: arena memory. Fails: ND_NOMEM, ND_LIMIT. */
int nd_snippet_marks(struct nd_snippets *s, struct nd_highlight **out, size_t *out_n,
                     struct nd_arena *arena, const struct nd_article *a, unsigned field,
                     const struct nd_found *found, size_t n, struct nd_error *err);

#endif
