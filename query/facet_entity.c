/* Facets of names: articles by canonical id.
 * An entity dictionary has a row for each surface form of an id. When a segment is opened each row is given a
 * group, the number of the first row of what it means, so that a match costs a look at its list alone. */
#include "facet.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAMES_MAX = 512 << 20,
    FORMS_MAX = 64 << 20,
    NO_GROUP = UINT32_MAX
};

/* A row of derived facts that means another one. */
struct link {
    uint32_t from, to;
};

struct links {
    struct link *v; /* by `to` */
    size_t n;
    bool read;
};

/* How often a group was counted in the open segment, and in which article last. */
struct tally {
    uint32_t docid, count;
};

struct counter {
    struct nd_index *ix;
    uint32_t types;       /* bit set of enum nd_entity_type */
    struct links *links;  /* by folder */
    size_t segment;       /* the open one */
    struct nd_columns *c; /* NULL: none is open */
    struct nd_stream *stream;
    uint32_t rows;   /* of its entity dictionary */
    uint32_t *group; /* by row */
    uint32_t *means; /* by group: 1 + the row of derived facts that names it, 0: its own id does */
    struct tally *tally; /* by group */
    struct nd_map names; /* type byte and id -> row of totals, over all segments */
    uint64_t *totals;
    size_t totals_cap;
    struct nd_buf key;
    uint64_t matches, without;
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

static int by_target(const void *pa, const void *pb)
{
    const struct link *a = pa, *b = pb;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

static int read_links(struct links *l, const struct nd_derived *d, struct nd_error *err)
{
    struct nd_derived_row r;
    size_t n = 0;
    l->read = true;
    for (uint32_t i = 0; i < d->n; i++)
        n += nd_derived_row(d, i, &r) == 0 && r.link != ND_DERIVED_NO_LINK;
    l->v = calloc(n + 1, sizeof *l->v);
    if (!l->v)
        return no_memory(err);
    for (uint32_t i = 0; i < d->n && l->n < n; i++)
        if (nd_derived_row(d, i, &r) == 0 && r.link != ND_DERIVED_NO_LINK)
            l->v[l->n++] = (struct link){i, r.link};
    qsort(l->v, l->n, sizeof *l->v, by_target);
    return 0;
}

/* The rows [*first, *end) of an id in the open segment; none where it is not there. */
static int rows_of(struct nd_stream *s, enum nd_entity_type type, struct nd_str id, uint32_t *first,
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

/* A group for the rows of each id. */
static int group_rows(struct counter *f, struct nd_error *err)
{
    struct nd_entity_row last = {0}, r;
    uint32_t first = NO_GROUP;
    int rc = 0;
    for (uint32_t i = 0; !rc && i < f->rows; i++) {
        rc = nd_stream_entity(f->stream, i, &r, err);
        if (rc)
            break;
        if (first == NO_GROUP || r.type != last.type || !nd_str_eq(r.id, last.id))
            first = i;
        f->group[i] = f->types >> r.type & 1 ? first : NO_GROUP;
        last = r;
    }
    return rc;
}

/* One group for what means the same. */
static int group_links(struct counter *f, const struct links *l, const struct nd_derived *d,
                       struct nd_error *err)
{
    uint32_t head = NO_GROUP, first, end;
    struct nd_derived_row r;
    int rc = 0;
    for (size_t i = 0; !rc && i < l->n; i++) {
        if (nd_derived_row(d, l->v[i].to, &r) || !(f->types >> r.type & 1))
            continue;
        if (i == 0 || l->v[i].to != l->v[i - 1].to) {
            rc = rows_of(f->stream, r.type, r.id, &first, &end, err);
            head = first < end ? first : NO_GROUP;
        }
        if (!rc && nd_derived_row(d, l->v[i].from, &r) == 0)
            rc = rows_of(f->stream, r.type, r.id, &first, &end, err);
        if (rc || first == end)
            continue;
        if (head == NO_GROUP) { /* the segment has only what means it */
            head = first;
            f->means[head] = l->v[i].to + 1;
        }
        for (; first < end; first++)
            f->group[first] = head;
    }
    return rc;
}

static int add_name(struct counter *f, enum nd_entity_type type, struct nd_str id, uint64_t count,
                    struct nd_error *err)
{
    uint32_t row;
    nd_buf_reset(&f->key);
    nd_buf_byte(&f->key, (unsigned char)type);
    nd_buf_add(&f->key, id.p, id.n);
    if (nd_buf_code(&f->key) || nd_map_intern(&f->names, f->key.data, f->key.len, &row))
        return no_memory(err);
    if (row >= f->totals_cap) {
        size_t cap = f->totals_cap ? f->totals_cap * 2 : 256;
        uint64_t *t = realloc(f->totals, cap * sizeof *t);
        if (!t)
            return no_memory(err);
        memset(t + f->totals_cap, 0, (cap - f->totals_cap) * sizeof *t);
        f->totals = t;
        f->totals_cap = cap;
    }
    f->totals[row] += count;
    return 0;
}

/* Turn the open segment's groups into ids. */
static int close_segment(struct counter *f, struct nd_error *err)
{
    const struct nd_derived *d = NULL;
    int rc = 0;
    if (f->c)
        rc = nd_folder_derived(&f->ix->folders[f->ix->segments[f->segment].folder], &d, err);
    for (uint32_t i = 0; !rc && f->c && i < f->rows; i++) {
        struct nd_entity_row row;
        struct nd_derived_row target;
        if (!f->tally[i].count)
            continue;
        if (d && f->means[i] && nd_derived_row(d, f->means[i] - 1, &target) == 0) {
            rc = add_name(f, target.type, target.id, f->tally[i].count, err);
            continue;
        }
        rc = nd_stream_entity(f->stream, i, &row, err);
        if (!rc)
            rc = add_name(f, row.type, row.id, f->tally[i].count, err);
    }
    free(f->group);
    free(f->means);
    free(f->tally);
    f->group = f->means = NULL;
    f->tally = NULL;
    f->c = NULL;
    return rc;
}

static int open_segment(struct counter *f, size_t segment, struct nd_error *err)
{
    struct nd_segment *s = &f->ix->segments[segment];
    struct links *l = &f->links[s->folder];
    const struct nd_derived *d = NULL;
    int rc = close_segment(f, err);
    if (!rc)
        rc = nd_segment_stream(s, &f->stream, err);
    if (!rc)
        rc = nd_folder_derived(&f->ix->folders[s->folder], &d, err);
    if (!rc && d && !l->read)
        rc = read_links(l, d, err);
    if (rc)
        return rc;
    f->segment = segment;
    f->rows = nd_stream_entities(f->stream);
    f->group = calloc((size_t)f->rows + 1, sizeof *f->group);
    f->means = calloc((size_t)f->rows + 1, sizeof *f->means);
    f->tally = calloc((size_t)f->rows + 1, sizeof *f->tally);
    if (!f->group || !f->means || !f->tally)
        return no_memory(err);
    rc = group_rows(f, err);
    if (!rc && d)
        rc = group_links(f, l, d, err);
    struct nd_columns *c;
    if (!rc)
        rc = nd_segment_columns(s, &c, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_ENTITIES, err);
    if (!rc)
        f->c = c;
    return rc;
}

static int count_match(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct counter *f = ctx;
    if (!f->c || segment != f->segment) {
        int rc = open_segment(f, segment, err);
        if (rc)
            return rc;
    }
    size_t n;
    bool any = false;
    const unsigned char *list = nd_column_list(f->c, ND_COL_ENTITIES, docid, &n);
    for (size_t i = 0; i + 1 < n; i += 2) {
        uint32_t row = nd_load32(list + 4 * i);
        uint32_t group = row < f->rows ? f->group[row] : NO_GROUP;
        if (group == NO_GROUP)
            continue;
        struct tally *t = &f->tally[group];
        any = true;
        t->count += t->docid != docid;
        t->docid = docid;
    }
    f->matches++;
    f->without += !any;
    return 0;
}

static int by_count(const void *pa, const void *pb)
{
    const struct nd_facet_row *a = pa, *b = pb;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    int order = nd_str_cmp(a->value, b->value);
    return order ? order : (int)a->type - (int)b->type;
}

/* The totals as rows, largest first. */
static int rank(struct nd_facet *out, struct nd_arena *arena, const struct counter *f,
                struct nd_error *err)
{
    out->rows = nd_arena_array(arena, f->names.count + 1, sizeof *out->rows);
    if (!out->rows)
        return no_memory(err);
    for (uint32_t i = 0; i < f->names.count; i++) {
        struct nd_str key = nd_map_key(&f->names, i);
        out->rows[i] = (struct nd_facet_row){.value = nd_arena_str(arena, key.p + 1, key.n - 1),
                                             .count = f->totals[i],
                                             .type = (enum nd_entity_type)key.p[0]};
        if (!out->rows[i].value.p)
            return no_memory(err);
    }
    out->n = f->names.count;
    qsort(out->rows, out->n, sizeof *out->rows, by_count);
    out->matches = f->matches;
    out->without = f->without;
    return 0;
}

static uint32_t types_of(const struct nd_field *field)
{
    uint32_t types = 0;
    for (unsigned t = 0; t < ND_ENTITY_TYPES; t++)
        if (!field->prefix[0] ||
            strcmp(field->name, nd_entity_type_name((enum nd_entity_type)t).p) == 0)
            types |= 1U << t;
    return types;
}

int nd_facet_entities(struct nd_facet *out, struct nd_arena *arena, struct nd_index *ix,
                      struct nd_match *m, const struct nd_field *field, struct nd_error *err)
{
    struct counter f = {.ix = ix, .types = types_of(field)};
    *out = (struct nd_facet){.field = field};
    nd_buf_init(&f.key, 1 << 16);
    if (nd_map_init(&f.names, NAMES_MAX))
        return no_memory(err);
    f.links = calloc(ix->folders_n + 1, sizeof *f.links);
    int rc = f.links ? nd_match_each(m, count_match, &f, err) : no_memory(err);
    int closed = close_segment(&f, rc ? NULL : err);
    rc = rc ? rc : closed;
    if (!rc)
        rc = rank(out, arena, &f, err);
    for (size_t i = 0; f.links && i < ix->folders_n; i++)
        free(f.links[i].v);
    free(f.links);
    free(f.totals);
    nd_map_free(&f.names);
    nd_buf_free(&f.key);
    return rc;
}

/* ---- how a name is shown ---- */

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
            rc = rows_of(stream, of->type, of->value, &i, &end, err);
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

int nd_facet_name(struct nd_str *out, struct nd_arena *arena, struct nd_index *ix,
                  const struct nd_facet *f, size_t row, struct nd_error *err)
{
    const struct nd_facet_row *of = &f->rows[row];
    uint32_t most = 0;
    *out = of->value;
    if (f->field->kind != ND_KIND_ENTITY)
        return 0;
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
    return most ? 0 : commonest(out, arena, ix, of, err);
}
