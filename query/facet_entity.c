/* Facets of names: articles by canonical id.
 * An entity dictionary has a row for each surface form of an id. When a segment is opened each row is given a
 * group, the number of the first row of what it means, so that a match costs a look at its list alone.
 * With rules, or places rolled up to countries, a group is the number of an id of the whole answer instead. */
#include "facet.h"

#include "base/map.h"
#include "facet_in.h"
#include "mentions.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAMES_MAX = 512 << 20,
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

static const uint32_t choice_group = (uint32_t)1 << 31; /* groups from here on are choices */

/* How often a group was counted in the open segment, and in which article last. */
struct tally {
    uint32_t docid, count;
};

struct counter {
    struct nd_index *ix;
    struct nd_match *m;
    struct nd_facet_want want;        /* roll_up, matched */
    const struct nd_overrides *rules; /* NULL: none */
    bool mapped;                      /* groups are numbers in names */
    struct nd_override_end
        *choices; /* of names that depend on splits; group: choice_group + its number */
    size_t choices_n, choices_cap;
    struct nd_mentions mentions;
    uint32_t types;       /* bit set of enum nd_entity_type */
    struct links *links;  /* by folder */
    size_t segment;       /* the open one */
    struct nd_columns *c; /* NULL: none is open */
    struct nd_stream *stream;
    uint32_t rows;   /* of its entity dictionary */
    uint32_t *group; /* by row */
    uint32_t *means; /* by group: 1 + the row of derived facts that names it, 0: its own id does */
    struct tally *tally; /* by group */
    size_t tally_n;
    struct nd_days *seen; /* likewise, with want.days; else NULL */
    uint32_t day;         /* of the article that is counted */
    struct nd_map names; /* type byte and id -> row of totals, over all segments */
    uint64_t *totals;
    struct nd_days *days; /* likewise, with want.days; else NULL */
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
            rc = nd_facet_rows(f->stream, r.type, r.id, &first, &end, err);
            head = first < end ? first : NO_GROUP;
        }
        if (!rc && nd_derived_row(d, l->v[i].from, &r) == 0)
            rc = nd_facet_rows(f->stream, r.type, r.id, &first, &end, err);
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

/* The number of an id among those of the answer. */
static int name_number(struct counter *f, enum nd_entity_type type, struct nd_str id, uint32_t *row,
                       struct nd_error *err)
{
    nd_buf_reset(&f->key);
    nd_buf_byte(&f->key, (unsigned char)type);
    nd_buf_add(&f->key, id.p, id.n);
    if (nd_buf_code(&f->key) || nd_map_intern(&f->names, f->key.data, f->key.len, row))
        return no_memory(err);
    if (*row >= f->totals_cap) {
        size_t cap = f->totals_cap ? f->totals_cap * 2 : 256;
        uint64_t *t = realloc(f->totals, cap * sizeof *t);
        if (!t)
            return no_memory(err);
        memset(t + f->totals_cap, 0, (cap - f->totals_cap) * sizeof *t);
        f->totals = t;
        struct nd_days *d = f->want.days ? realloc(f->days, cap * sizeof *d) : NULL;
        if (f->want.days && !d)
            return no_memory(err);
        if (d)
            memset(d + f->totals_cap, 0, (cap - f->totals_cap) * sizeof *d);
        f->days = d;
        f->totals_cap = cap;
    }
    return 0;
}

/* Add what was counted of a group of the open segment to the total of a number. */
static void add_total(struct counter *f, uint32_t row, uint32_t group)
{
    f->totals[row] += f->tally[group].count;
    if (f->days && f->seen && f->seen[group].last) {
        nd_days_note(&f->days[row], f->seen[group].first);
        nd_days_note(&f->days[row], f->seen[group].last);
    }
}

static int add_name(struct counter *f, enum nd_entity_type type, struct nd_str id, uint32_t group,
                    struct nd_error *err)
{
    uint32_t row;
    int rc = name_number(f, type, id, &row, err);
    if (!rc)
        add_total(f, row, group);
    return rc;
}

/* ---- with rules or countries ---- */

/* The group of what an id leads to. */
static int end_group(struct counter *f, const struct nd_override_end *e, uint32_t *out,
                     struct nd_error *err)
{
    struct nd_str country = {NULL, 0};
    int rc = 0;
    *out = NO_GROUP;
    if (e->rejected || !(f->types >> e->type & 1))
        return 0;
    for (size_t i = e->steps_n; f->want.roll_up && e->type == ND_PLACE && !rc && !country.n && i--;)
        rc = nd_place_country(&country, f->ix, e->steps[i].id, err); /* a new name has none */
    return rc ? rc : name_number(f, e->type, country.n ? country : e->id, out, err);
}

static int add_choice(struct counter *f, const struct nd_override_end *e, uint32_t *out,
                      struct nd_error *err)
{
    if (f->choices_n == f->choices_cap) {
        size_t cap = f->choices_cap ? f->choices_cap * 2 : 16;
        struct nd_override_end *v = realloc(f->choices, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        f->choices = v;
        f->choices_cap = cap;
    }
    *out = choice_group + (uint32_t)f->choices_n;
    f->choices[f->choices_n++] = *e;
    return 0;
}

/* A group for the rows of each id, by what it leads to. */
static int map_rows(struct counter *f, const struct nd_derived *d, struct nd_error *err)
{
    struct nd_entity_row last = {0}, r;
    struct nd_override_end e;
    uint32_t group = NO_GROUP;
    int rc = 0;
    f->choices_n = 0;
    for (uint32_t i = 0; !rc && i < f->rows; i++) {
        rc = nd_stream_entity(f->stream, i, &r, err);
        if (rc)
            break;
        if (i == 0 || r.type != last.type || !nd_str_eq(r.id, last.id)) {
            nd_override_walk(f->rules, d, r.type, r.id, &e);
            rc = e.splits_n ? add_choice(f, &e, &group, err) : end_group(f, &e, &group, err);
        }
        f->group[i] = group;
        last = r;
    }
    return rc;
}

/* Room for the tallies of all names so far. */
static int tally_room(struct counter *f, struct nd_error *err)
{
    if (f->names.count < f->tally_n)
        return 0;
    size_t n = (size_t)f->names.count * 2 + 64;
    struct tally *t = realloc(f->tally, n * sizeof *t);
    if (!t)
        return no_memory(err);
    memset(t + f->tally_n, 0, (n - f->tally_n) * sizeof *t);
    f->tally = t;
    struct nd_days *seen = f->want.days ? realloc(f->seen, n * sizeof *seen) : NULL;
    if (f->want.days && !seen)
        return no_memory(err);
    if (seen)
        memset(seen + f->tally_n, 0, (n - f->tally_n) * sizeof *seen);
    f->seen = seen;
    f->tally_n = n;
    return 0;
}

/* The group of a choice in an article. */
static int choose(struct counter *f, uint32_t docid, uint32_t *group, struct nd_error *err)
{
    struct nd_override_end e = f->choices[*group - choice_group];
    int rc = nd_override_decide(&e, f->c, docid, err);
    if (!rc)
        rc = end_group(f, &e, group, err);
    return rc ? rc : tally_room(f, err);
}

/* Add the open segment's tallies to the totals. */
static void close_mapped(struct counter *f)
{
    for (uint32_t i = 0; i < f->names.count && i < f->tally_n; i++)
        add_total(f, i, i);
}

/* ---- segments ---- */

/* Turn the open segment's groups into ids. */
static int close_segment(struct counter *f, struct nd_error *err)
{
    const struct nd_derived *d = NULL;
    int rc = 0;
    if (f->mapped) {
        if (f->c)
            close_mapped(f);
        goto out;
    }
    if (f->c)
        rc = nd_folder_derived(&f->ix->folders[f->ix->segments[f->segment].folder], &d, err);
    for (uint32_t i = 0; !rc && f->c && i < f->rows; i++) {
        struct nd_entity_row row;
        struct nd_derived_row target;
        if (!f->tally[i].count)
            continue;
        if (d && f->means[i] && nd_derived_row(d, f->means[i] - 1, &target) == 0) {
            rc = add_name(f, target.type, target.id, i, err);
            continue;
        }
        rc = nd_stream_entity(f->stream, i, &row, err);
        if (!rc)
            rc = add_name(f, row.type, row.id, i, err);
    }
out:
    free(f->group);
    free(f->means);
    free(f->tally);
    free(f->seen);
    f->seen = NULL;
    f->group = f->means = NULL;
    f->tally = NULL;
    f->tally_n = 0;
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
    if (!rc && d && !l->read && !f->mapped)
        rc = read_links(l, d, err);
    if (rc)
        return rc;
    f->segment = segment;
    f->rows = nd_stream_entities(f->stream);
    f->group = calloc((size_t)f->rows + 1, sizeof *f->group);
    f->means = calloc((size_t)f->rows + 1, sizeof *f->means);
    f->tally = calloc((size_t)f->rows + 1, sizeof *f->tally);
    if (f->want.days)
        f->seen = calloc((size_t)f->rows + 1, sizeof *f->seen);
    if (!f->group || !f->means || !f->tally || (f->want.days && !f->seen))
        return no_memory(err);
    f->tally_n = (size_t)f->rows + 1;
    rc = f->mapped ? map_rows(f, d, err) : group_rows(f, err);
    if (!rc && f->mapped)
        rc = tally_room(f, err);
    else if (!rc && d)
        rc = group_links(f, l, d, err);
    struct nd_columns *c;
    if (!rc)
        rc = nd_segment_columns(s, &c, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_ENTITIES, err);
    if (!rc && f->want.days)
        rc = nd_column_check(c, ND_COL_DAY, err);
    if (!rc)
        f->c = c;
    return rc;
}

static int count_row(struct counter *f, uint32_t row, uint32_t docid, bool *any,
                     struct nd_error *err)
{
    uint32_t group = row < f->rows ? f->group[row] : NO_GROUP;
    if (group == NO_GROUP)
        return 0;
    if (group >= choice_group) {
        int rc = choose(f, docid, &group, err);
        if (rc || group == NO_GROUP)
            return rc;
    }
    struct tally *t = &f->tally[group];
    *any = true;
    t->count += t->docid != docid;
    t->docid = docid;
    if (f->seen)
        nd_days_note(&f->seen[group], f->day);
    return 0;
}

static int count_list(struct counter *f, uint32_t docid, bool *any, struct nd_error *err)
{
    size_t n;
    const unsigned char *list = nd_column_list(f->c, ND_COL_ENTITIES, docid, &n);
    int rc = 0;
    for (size_t i = 0; !rc && i + 1 < n; i += 2)
        rc = count_row(f, nd_load32(list + 4 * i), docid, any, err);
    return rc;
}

/* The mentions that lie within a place that matched. */
static int count_matched(struct counter *f, uint32_t docid, bool *any, struct nd_error *err)
{
    const struct nd_found *found;
    size_t n;
    int rc = nd_match_spans(f->m, f->segment, docid, &found, &n, err);
    if (rc < 0 && rc != ND_LIMIT)
        return rc;
    rc = nd_mentions_read(&f->mentions, f->stream, docid, err);
    for (size_t i = 0; !rc && i < f->mentions.n; i++) {
        const struct nd_place_named *p = &f->mentions.v[i];
        bool in = false;
        for (size_t k = 0; !in && k < n; k++)
            in = found[k].hit.whole && found[k].hit.field == p->field &&
                 found[k].hit.first <= p->first && p->last <= found[k].hit.last;
        if (in)
            rc = count_row(f, p->row, docid, any, err);
    }
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
    bool any = false;
    if (f->want.days)
        f->day = nd_column_u32(f->c, ND_COL_DAY, docid);
    int rc = f->want.matched ? count_matched(f, docid, &any, err) : count_list(f, docid, &any, err);
    f->matches++;
    f->without += !any;
    return rc;
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
                      struct nd_match *m, const struct nd_field *field,
                      const struct nd_facet_want *want, struct nd_error *err)
{
    struct counter f = {.ix = ix, .m = m, .types = types_of(field)};
    if (want)
        f.want = *want;
    *out = (struct nd_facet){.field = field};
    nd_buf_init(&f.key, 1 << 16);
    if (nd_map_init(&f.names, NAMES_MAX))
        return no_memory(err);
    f.links = calloc(ix->folders_n + 1, sizeof *f.links);
    int rc = f.links ? nd_index_overrides(ix, &f.rules, err) : no_memory(err);
    if (!rc && nd_overrides_empty(f.rules))
        f.rules = NULL;
    f.mapped = f.rules || f.want.roll_up;
    if (!rc)
        rc = nd_match_each(m, count_match, &f, err);
    int closed = close_segment(&f, rc ? NULL : err);
    rc = rc ? rc : closed;
    if (!rc)
        rc = nd_facet_keep(out, arena, &(struct nd_facet_keys){.map = &f.names}, f.totals, f.days, true,
                           want, err);
    if (!rc) {
        out->matches = f.matches;
        out->without = f.without;
    }
    for (size_t i = 0; f.links && i < ix->folders_n; i++)
        free(f.links[i].v);
    free(f.links);
    free(f.totals);
    free(f.days);
    free(f.choices);
    nd_mentions_free(&f.mentions);
    nd_map_free(&f.names);
    nd_buf_free(&f.key);
    return rc;
}
