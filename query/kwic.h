/* kwic.h: keyword in context: each place that matched, with the words around it.
 * Used by: cmd_kwic, result.c (byte offsets of --spans). */
#ifndef NEWSQ_KWIC_H
#define NEWSQ_KWIC_H

#include "lang/match.h"
#include "record/article.h"
#include "text/token.h"

/* One place of an article that matched. */
struct nd_place {
    unsigned field;           /* ND_FIELD_ */
    uint32_t start, end;      /* bytes of that field's text */
    uint32_t sentence_start, sentence_end; /* bytes of the sentence that it begins in */
    uint32_t sentence; /* its number in the field, from 1 */
};

/* Turn the spans of an article into byte ranges: whole matches of the query's parts, where they are of several
 * words, else the words; in the order of fields and text, overlapping ones of equal ends once.
 * tokens: working memory, reset for each field.   out: arena memory. */
int nd_places_find(struct nd_place **out, size_t *n, struct nd_arena *arena, struct nd_tokens *tokens,
                   const struct nd_article *a, const struct nd_found *found, size_t found_n,
                   struct nd_error *err);

/* The name of a text field: title, lead, body. */
const char *nd_text_field_name(unsigned field);

#endif
