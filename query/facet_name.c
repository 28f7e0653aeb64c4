/* How a name is shown, and which rows of a segment's dictionary are of an id. */
#include "facet.h"

#include "base/map.h"
#include "facet_in.h"

#include <stdlib.h>
#include <string.h>

enum {
    FORMS_MAX = 64 << 20
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

int nd_facet_rows(struct nd_stream *s, enum nd_entity_type type, struct nd_str id, uint32_t *first,
                  uint32_t *end, struct nd_error *err)
{
    struct nd_entity_row r;
    uint32_t n = nd_stream_entities(s);
    int rc = 0;
    *first = *end = nd_stream_entity_seek(s, type, id.p, id.n);
    while (*end < n && (rc = nd_stream_entity(s, *end, &r, err)) == 0 && r.type == type &&
           nd_str_eq(r.id, id))
        ++*end;
    return rc;
}

static const uint64_t full_form = (uint64_t)1
                                  << 63; /* in a form's count: it has as many words as the id */

/* The commonest surface form over all segments, of full ones if there are any; of equals the first in byte
 * order. */
static int commonest(struct nd_str *out, struct nd_arena *arena, struct nd_index *ix,
                     const struct nd_facet_row *of, struct nd_error *err)
{
    struct nd_map forms;
    uint64_t *counts = NULL;
    size_t cap = 0;
    uint32_t best = 0, words = 1;
    for (size_t i = 0; i < of->value.n; i++)
        words += of->value.p[i] == ' ';
    int rc = nd_map_init(&forms, FORMS_MAX) ? no_memory(err) : 0;
    for (size_t s = 0; !rc && s < ix->n; s++) {
        struct nd_stream *stream;
        uint32_t i = 0, end = 0, form;
        rc = nd_segment_stream(&ix->segments[s], &stream, err);
        if (!rc)
            rc = nd_facet_rows(stream, of->type, of->value, &i, &end, err);
        for (; !rc && i < end; i++) {
            struct nd_entity_row r;
            rc = nd_stream_entity(stream, i, &r, err);
            if (!rc && nd_map_intern(&forms, r.surface.p, r.surface.n, &form))
                rc = no_memory(err);
            if (!rc && form >= cap) {
                size_t more = cap ? cap * 2 : 64;
                uint64_t *v = realloc(counts, more * sizeof *v);
                rc = v ? 0 : no_memory(err);
                if (rc)
                    break;
                memset(v + cap, 0, (more - cap) * sizeof *v);
                counts = v;
                cap = more;
            }
            if (!rc)
                counts[form] = (counts[form] + r.mentions) | (r.words >= words ? full_form : 0);
        }
    }
    for (uint32_t i = 1; !rc && i < forms.count; i++)
        if (counts[i] > counts[best] ||
            (counts[i] == counts[best] &&
             nd_str_cmp(nd_map_key(&forms, i), nd_map_key(&forms, best)) < 0))
            best = i;
    *out = of->value;
    if (!rc && forms.count) {
        struct nd_str form = nd_map_key(&forms, best);
        *out = nd_arena_str(arena, form.p, form.n);
        rc = out->p ? 0 : no_memory(err);
    }
    nd_map_free(&forms);
    free(counts);
    return rc;
}

/* An id of a country that no article names: "ivory coast" as "Ivory Coast". NULL when out of memory. */
static const char *capitals(struct nd_arena *arena, struct nd_str id)
{
    struct nd_str copy = nd_arena_str(arena, id.p, id.n);
    char *p = (char *)(uintptr_t)copy.p;
    for (size_t i = 0, n; p && i < id.n; i += n + 1) {
        for (n = 0; i + n < id.n && id.p[i + n] != ' ';)
            n++;
        bool small =
            (n == 2 && memcmp(id.p + i, "of", 2) == 0) ||
            (n == 3 && (memcmp(id.p + i, "and", 3) == 0 || memcmp(id.p + i, "the", 3) == 0));
        if (!small && id.p[i] >= 'a' && id.p[i] <= 'z')
            p[i] = (char)(id.p[i] - 'a' + 'A');
    }
    return p;
}

int nd_facet_name(struct nd_str *out, struct nd_arena *arena, struct nd_index *ix,
                  const struct nd_facet *f, size_t row, struct nd_error *err)
{
    *out = f->rows[row].value;
    return f->field->kind == ND_KIND_ENTITY ? nd_name_shown(out, arena, ix, &f->rows[row], err) : 0;
}

int nd_name_shown(struct nd_str *out, struct nd_arena *arena, struct nd_index *ix,
                  const struct nd_facet_row *of, struct nd_error *err)
{
    const struct nd_overrides *rules;
    uint32_t most = 0;
    bool sure = false;
    *out = of->value;
    int code = nd_index_overrides(ix, &rules, err);
    if (code)
        return code;
    struct nd_str ruled = nd_override_name(rules, of->type, of->value, &sure);
    if (ruled.n && sure) {
        *out = ruled;
        return 0;
    }
    for (size_t i = 0; i < ix->folders_n; i++) {
        const struct nd_derived *d;
        struct nd_derived_row r;
        int rc = nd_folder_derived(&ix->folders[i], &d, err);
        if (rc)
            return rc;
        if (!d || nd_derived_find(d, of->type, of->value.p, of->value.n, &r) == ND_DERIVED_NO_LINK)
            continue;
        if (r.mentions > most && r.name.n) {
            *out = r.name;
            most = r.mentions;
        }
    }
    if (most)
        return 0;
    if (!ruled.n) {
        int rc = commonest(out, arena, ix, of, err);
        if (!rc && of->type == ND_PLACE && out->p == of->value.p &&
            !(out->p = capitals(arena, of->value)))
            rc = no_memory(err);
        return rc;
    }
    *out = ruled;
    return 0;
}

int nd_place_country(struct nd_str *out, struct nd_index *ix, struct nd_str place,
                     struct nd_error *err)
{
    *out = (struct nd_str){NULL, 0};
    for (size_t i = 0; !out->n && i < ix->folders_n; i++) {
        const struct nd_derived *d;
        struct nd_derived_row r;
        int rc = nd_folder_derived(&ix->folders[i], &d, err);
        if (rc)
            return rc;
        if (d && nd_derived_find(d, ND_PLACE, place.p, place.n, &r) != ND_DERIVED_NO_LINK)
            *out = r.country;
    }
    return 0;
}
