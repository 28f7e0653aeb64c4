/* span_phrase.c: phrases over lists of spans. */
#include "record/span_in.h"

#include <stdlib.h>

int span_number(struct nd_spans *s, const struct span_ints *hits)
{
    struct span_ints *o = &s->numbers;
    if (hits->n > o->cap) {
        size_t cap = hits->n * 2;
        uint32_t *grown = realloc(o->v, cap * sizeof *grown);
        if (!grown)
            return ND_NOMEM;
        o->v = grown;
        o->cap = cap;
    }
    nd_scan_number(s->level, s->map, s->map_before, hits->v, hits->n, o->v);
    o->n = hits->n;
    return 0;
}

/* Phrases grow word by word. A gap is a word more after the spans made so far; before the first real
 * item it is only counted. */
static int phrase_first(struct nd_spans *s, struct span_list kid, uint32_t lead,
                        struct span_list *out)
{
    int rc = 0;
    out->at = s->pool_n;
    out->n = 0;
    for (size_t i = kid.at; rc == 0 && i < kid.at + kid.n; i++) {
        struct span x = s->pool[i];
        uint32_t first, last;
        span_field_ends(s, x.first, &first, &last);
        if (x.first - first < lead)
            continue;
        x = (struct span){.first = x.first - lead, .last = x.last, .a = (uint32_t)i + 1};
        rc = span_add(s, out, x);
    }
    return rc;
}

static int phrase_gap(struct nd_spans *s, struct span_list *so_far)
{
    struct span_list out = {s->pool_n, 0};
    int rc = 0;
    for (size_t i = so_far->at; rc == 0 && i < so_far->at + so_far->n; i++) {
        struct span x = s->pool[i];
        uint32_t first, last;
        span_field_ends(s, x.first, &first, &last);
        if (x.last >= last)
            continue;
        x.last++;
        rc = span_add(s, &out, x);
    }
    *so_far = out;
    return rc;
}

static int phrase_join(struct nd_spans *s, struct span_list *so_far, struct span_list kid,
                       uint32_t extra)
{
    struct span_list out = {s->pool_n, 0};
    int rc = 0;
    for (size_t i = so_far->at; rc == 0 && i < so_far->at + so_far->n; i++) {
        struct span x = s->pool[i];
        uint32_t most = x.last + 1 + extra - x.used;
        for (size_t k = span_seek(s, kid, x.last + 1);
             rc == 0 && k < kid.at + kid.n && s->pool[k].first <= most; k++) {
            struct span y = {.first = x.first,
                             .last = s->pool[k].last,
                             .a = (uint32_t)i + 1,
                             .b = (uint32_t)k + 1,
                             .used = x.used + (s->pool[k].first - x.last - 1)};
            rc = span_add(s, &out, y);
        }
    }
    if (rc == 0)
        span_settle(s, &out, extra > 0);
    *so_far = out;
    return rc;
}

/* A phrase of plain words where it does not matter how it came about: looked for in the bytes. */
static int eval_words_phrase(struct nd_spans *s, const struct nd_span_node *node,
                             struct span_list *out)
{
    int rc = span_phrases(s, node, &s->marks);
    if (rc == 0)
        rc = span_number(s, &s->marks);
    for (size_t i = 0; rc == 0 && i < s->numbers.n; i++) {
        uint32_t pos = span_position(s, s->numbers.v[i]);
        rc = span_add(s, out,
                      (struct span){.first = pos,
                                    .last = pos + (uint32_t)node->kids_n - 1,
                                    .b = SPAN_NO_LEAF});
    }
    return rc;
}

int span_eval_phrase(struct nd_spans *s, const struct nd_span_node *node, struct span_list *out,
                     struct nd_error *err)
{
    uint32_t lead = 0;
    bool begun = false;
    int rc = 0;
    *out = (struct span_list){s->pool_n, 0};
    if (!s->keep && span_is_phrase(s, node))
        return eval_words_phrase(s, node, out);
    for (size_t i = 0; rc == 0 && i < node->kids_n; i++) {
        const struct nd_span_node *item = node->kids[i];
        if (item->op == ND_SPAN_ANY) {
            lead += !begun;
            if (begun)
                rc = phrase_gap(s, out);
            continue;
        }
        struct span_list kid;
        if ((rc = span_eval(s, item, false, &kid, err)))
            break;
        rc = begun ? phrase_join(s, out, kid, node->n) : phrase_first(s, kid, lead, out);
        begun = true;
        if (rc == 0 && out->n == 0)
            return 0;
    }
    if (rc == 0 && !begun)
        return nd_fail(err, ND_INTERNAL, "a phrase of gaps alone");
    if (rc == 0) {
        for (size_t i = out->at; i < out->at + out->n; i++)
            s->pool[i].used = 0;
        span_settle(s, out, false);
    }
    return rc;
}
