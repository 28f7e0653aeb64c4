#include "show_names.h"

#include "facet.h"
#include "record/evidence.h"
#include "text/utf8.h"

#include <stdlib.h>

enum {
    SHOWN = 12 /* names of a type */
};

static int by_count(const void *pa, const void *pb)
{
    const struct nd_facet_row *a = pa, *b = pb;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return nd_str_cmp(a->value, b->value);
}

/* Add the mentions of a form to the name that it means. */
static int add(struct nd_facet_row *v, size_t *n, const struct nd_override_end *e,
               uint64_t mentions, struct nd_arena *arena)
{
    size_t i = 0;
    while (i < *n && (v[i].type != e->type || !nd_str_eq(v[i].value, e->id)))
        i++;
    if (i == *n) {
        v[i] =
            (struct nd_facet_row){.value = nd_arena_str(arena, e->id.p, e->id.n), .type = e->type};
        if (!v[i].value.p)
            return ND_NOMEM;
        ++*n;
    }
    v[i].count += mentions;
    return 0;
}

static int line(struct nd_buf *out, struct nd_arena *arena, struct nd_index *ix,
                const struct nd_facet_row *v, size_t n, enum nd_entity_type type,
                struct nd_error *err)
{
    size_t shown = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        struct nd_str name;
        if (v[i].type != type || all++ >= SHOWN)
            continue;
        int rc = nd_name_shown(&name, arena, ix, &v[i], err);
        if (rc)
            return rc;
        if (!shown++)
            nd_buf_printf(out, "%-8s ", nd_entity_type_name(type).p);
        else
            nd_buf_str(out, "; ");
        nd_printable(out, name.p, name.n, true);
        if (v[i].count > 1)
            nd_buf_printf(out, " (%llu)", (unsigned long long)v[i].count);
    }
    if (all > SHOWN)
        nd_buf_printf(out, " and %zu more", all - SHOWN);
    if (shown)
        nd_buf_byte(out, '\n');
    return 0;
}

int nd_show_names(struct nd_buf *out, struct nd_arena *arena, struct nd_index *ix, size_t segment,
                  uint32_t docid, struct nd_error *err)
{
    struct nd_segment *s = &ix->segments[segment];
    const struct nd_overrides *rules;
    const struct nd_derived *d;
    struct nd_stream *stream;
    struct nd_columns *c;
    size_t n, names = 0;
    int rc = nd_segment_columns(s, &c, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_ENTITIES, err);
    if (rc)
        return rc;
    const unsigned char *list = nd_column_list(c, ND_COL_ENTITIES, docid, &n);
    if (!n)
        return 0;
    struct nd_facet_row *v = nd_arena_array(arena, n / 2 + 1, sizeof *v);
    rc = v ? nd_segment_stream(s, &stream, err) : nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc)
        rc = nd_index_overrides(ix, &rules, err);
    if (!rc)
        rc = nd_folder_derived(&ix->folders[s->folder], &d, err);
    for (size_t i = 0; !rc && i + 1 < n; i += 2) {
        struct nd_override_end e;
        struct nd_entity_row r;
        rc = nd_stream_entity(stream, nd_load32(list + 4 * i), &r, err);
        if (rc)
            break;
        nd_override_walk(rules, d, r.type, r.id, &e);
        rc = nd_override_decide(&e, c, docid, err);
        if (!rc && !e.rejected &&
            add(v, &names, &e, nd_proof_mentions(nd_load32(list + 4 * (i + 1))), arena))
            rc = nd_fail(err, ND_NOMEM, "out of memory");
    }
    if (rc)
        return rc;
    qsort(v, names, sizeof *v, by_count);
    rc = line(out, arena, ix, v, names, ND_PERSON, err);
    if (!rc)
        rc = line(out, arena, ix, v, names, ND_ORG, err);
    return rc ? rc : line(out, arena, ix, v, names, ND_PLACE, err);
}
