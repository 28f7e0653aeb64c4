#include "kwic.h"

const char *nd_text_field_name(unsigned field)
{
    static const char *const names[ND_FIELDS] = {"title", "lead", "body"};
    return field < ND_FIELDS ? names[field] : "";
}

/* First and last byte of the sentence that word i stands in. */
static void sentence_of(const struct nd_tokens *t, size_t i, size_t len, struct nd_place *p)
{
    size_t from = i, to = i + 1;
    while (from && t->v[from].brk == ND_BREAK_NONE)
        from--;
    while (to < t->n && t->v[to].brk == ND_BREAK_NONE)
        to++;
    p->sentence_start = t->v[from].start;
    p->sentence_end = to < t->n ? t->v[to].start : (uint32_t)len;
    p->sentence = 1;
    for (size_t k = 1; k <= from; k++)
        p->sentence += t->v[k].brk != ND_BREAK_NONE;
}

int nd_places_find(struct nd_place **out, size_t *n, struct nd_arena *arena,
                   struct nd_tokens *tokens, const struct nd_article *a,
                   const struct nd_found *found, size_t found_n, struct nd_error *err)
{
    struct nd_place *p = *out = nd_arena_array(arena, found_n + 1, sizeof *p);
    *n = 0;
    if (!p)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (unsigned f = 0; f < ND_FIELDS; f++) {
        struct nd_str text = nd_article_field(a, f);
        bool cut = false;
        for (size_t i = 0; i < found_n; i++) {
            const struct nd_span_hit *h = &found[i].hit;
            if (h->field != f || !h->whole)
                continue;
            if (!cut) {
                nd_tokens_reset(tokens);
                int rc = nd_tokens_add(tokens, text.p, text.n, f, err);
                if (rc)
                    return rc;
                cut = true;
            }
            if (h->last < h->first || h->last >= tokens->n)
                continue;
            struct nd_place x = {
                .field = f, .start = tokens->v[h->first].start, .end = tokens->v[h->last].end};
            if (*n && p[*n - 1].field == f && p[*n - 1].start == x.start && p[*n - 1].end == x.end)
                continue;
            sentence_of(tokens, h->first, text.n, &x);
            p[(*n)++] = x;
        }
    }
    return 0;
}
