/* entities show, similar, export. */
#include "cmd_entities.h"

#include "entity/canon.h"
#include "lang/expand.h"
#include "record/value.h"
#include "text/json.h"

#include <stdlib.h>
#include <string.h>

enum {
    FORMS_MAX = 1 << 30,
    FORMS_SHOWN = 12,
    KEY_ROOM = 512,
    NEAR_EDITS = 2,
    NEAR_LENGTH = 8 /* bytes of an id that may be two edits away */
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory for the names of an index");
}

/* ---- articles ---- */

int nd_names_articles(struct nd_index *ix, enum nd_entity_type type, struct nd_str id,
                      unsigned char **bits, struct nd_error *err)
{
    struct nd_str type_name = nd_entity_type_name(type);
    const struct nd_field *f = nd_schema_find(type_name.p, type_name.n);
    char term[ND_TERM_MAX];
    bool exact;
    size_t n = nd_term_make(term, f->prefix, id.p, id.n, &exact);
    int rc = 0;
    for (size_t i = 0; !rc && i < ix->n; i++) {
        struct xap_postings *p;
        uint32_t docid;
        if (!bits[i] && !(bits[i] = calloc(ix->segments[i].docs / 8 + 1, 1)))
            return no_memory(err);
        rc = xap_postings_open(&p, ix->xap, i, term, n, err);
        if (rc == ND_DONE) {
            rc = 0;
            continue;
        }
        while (!rc && (rc = xap_postings_next(p, &docid, err)) == 0)
            if (docid && docid <= ix->segments[i].docs &&
                !nd_segment_deleted(&ix->segments[i], docid))
                bits[i][docid / 8] |= (unsigned char)(1 << docid % 8);
        xap_postings_close(p);
        rc = rc == ND_DONE ? 0 : rc;
    }
    return rc;
}

uint64_t nd_names_count(const struct nd_index *ix, unsigned char *const *bits)
{
    uint64_t n = 0;
    for (size_t i = 0; i < ix->n; i++)
        for (size_t k = 0; bits[i] && k <= ix->segments[i].docs / 8; k++)
            n += (uint64_t)__builtin_popcount(bits[i][k]);
    return n;
}

/* First and last day of the marked articles, 0 where none is dated. */
static int days(struct nd_index *ix, unsigned char *const *bits, uint32_t *first, uint32_t *last,
                struct nd_error *err)
{
    *first = *last = 0;
    for (size_t i = 0; i < ix->n; i++) {
        struct nd_columns *c;
        int rc = nd_segment_columns(&ix->segments[i], &c, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_DAY, err);
        if (rc)
            return rc;
        for (uint32_t d = 1; bits[i] && d <= ix->segments[i].docs; d++) {
            uint32_t day = bits[i][d / 8] >> d % 8 & 1 ? nd_column_u32(c, ND_COL_DAY, d) : 0;
            if (!day)
                continue;
            *first = !*first || day < *first ? day : *first;
            *last = day > *last ? day : *last;
        }
    }
    return 0;
}

static void print_day(struct nd_buf *out, uint32_t d)
{
    nd_buf_printf(out, "%04u", d / 10000);
    if (d / 100 % 100)
        nd_buf_printf(out, "-%02u", d / 100 % 100);
    if (d % 100)
        nd_buf_printf(out, "-%02u", d % 100);
}

/* ---- forms ---- */

/* Surface forms with counts, of one id or of all. */
struct forms {
    struct nd_map map; /* number of the id (4 bytes) and the form */
    uint64_t *counts;
    size_t cap;
};

static int add_form(struct forms *f, uint32_t end, struct nd_str form, uint64_t count)
{
    struct nd_buf key;
    unsigned char number[4];
    uint32_t k = 0;
    nd_buf_init(&key, 1 << 16);
    for (unsigned i = 0; i < 4; i++) /* so that they sort by id */
        number[i] = (unsigned char)(end >> (24 - 8 * i));
    nd_buf_add(&key, number, 4);
    nd_buf_add(&key, form.p, form.n);
    int rc = nd_buf_code(&key);
    if (!rc)
        rc = nd_map_intern(&f->map, key.data, key.len, &k);
    nd_buf_free(&key);
    if (!rc && k >= f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 256;
        uint64_t *v = realloc(f->counts, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        memset(v + f->cap, 0, (cap - f->cap) * sizeof *v);
        f->counts = v;
        f->cap = cap;
    }
    if (!rc)
        f->counts[k] += count;
    return rc;
}

/* Collect the forms of one id, or of all for ND_MAP_NONE. */
static int collect(struct forms *f, const struct nd_names_table *n, uint32_t only,
                   struct nd_error *err)
{
    int rc = nd_map_init(&f->map, FORMS_MAX) ? no_memory(err) : 0;
    for (size_t i = 0; !rc && n->d && i < n->ix->n; i++) {
        struct nd_stream *s;
        struct nd_entity_row r, last = {0};
        struct nd_derived_row d;
        uint32_t end = ND_MAP_NONE;
        rc = nd_segment_stream(&n->ix->segments[i], &s, err);
        for (uint32_t k = 0; !rc && k < nd_stream_entities(s); k++) {
            rc = nd_stream_entity(s, k, &r, err);
            if (rc)
                break;
            if (k == 0 || r.type != last.type || !nd_str_eq(r.id, last.id)) {
                uint32_t row = nd_derived_find(n->d, r.type, r.id.p, r.id.n, &d);
                end = row == ND_DERIVED_NO_LINK ? ND_MAP_NONE : n->end[row];
            }
            last = r;
            if (end != ND_MAP_NONE && (only == ND_MAP_NONE || end == only) &&
                add_form(f, end, r.surface, r.mentions))
                rc = no_memory(err);
        }
    }
    return rc;
}

static void free_forms(struct forms *f)
{
    nd_map_free(&f->map);
    free(f->counts);
}

struct item {
    struct nd_str key;
    uint64_t count;
};

static int by_count(const void *pa, const void *pb)
{
    const struct item *a = pa, *b = pb;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return nd_str_cmp(a->key, b->key);
}

static int by_key(const void *pa, const void *pb)
{
    return nd_str_cmp(((const struct item *)pa)->key, ((const struct item *)pb)->key);
}

static struct item *items_of(const struct forms *f, int (*order)(const void *, const void *))
{
    struct item *v = calloc(f->map.count + 1, sizeof *v);
    for (uint32_t i = 0; v && i < f->map.count; i++)
        v[i] = (struct item){nd_map_key(&f->map, i), f->counts[i]};
    if (v)
        qsort(v, f->map.count, sizeof *v, order);
    return v;
}

/* ---- show ---- */

static void show_ids(const struct nd_names_table *n, uint32_t end, struct nd_buf *out)
{
    static const char *const whys[] = {"", "in this index nearly always", "another spelling"};
    struct nd_derived_row r;
    for (uint32_t i = 0; i < n->d->n; i++) {
        struct nd_override_end e;
        if (n->end[i] != end || nd_derived_row(n->d, i, &r))
            continue;
        nd_override_walk(n->rules, n->d, r.type, r.id, &e);
        nd_buf_printf(out, "  id        %s:%.*s (%u)", nd_entity_type_name(r.type).p, (int)r.id.n,
                      r.id.p, r.mentions);
        if (e.link != ND_DERIVED_NONE)
            nd_buf_printf(out, ", %s", whys[e.link]);
        for (size_t k = 1; k < e.steps_n; k++)
            if (e.steps[k].by)
                nd_buf_printf(out, ", line %u of %s", e.steps[k].by->line, ND_OVERRIDES_FILE);
        nd_buf_byte(out, '\n');
    }
}

static void show_rules(const struct nd_names_table *n, uint32_t end, struct nd_buf *out)
{
    enum nd_entity_type type;
    size_t rules_n;
    struct nd_str id = nd_names_id(n, end, &type);
    const struct nd_rule *r = nd_overrides_rules(n->rules, &rules_n);
    for (size_t i = 0; i < rules_n; i++) {
        bool to = r[i].kind != ND_RULE_REJECT && r[i].to_type == type && nd_str_eq(r[i].id, id);
        struct nd_derived_row row;
        bool from = nd_derived_find(n->d, type, id.p, id.n, &row) != ND_DERIVED_NO_LINK &&
                    nd_override_touches(n->rules, type, id) && r[i].type == type &&
                    (nd_override_of(n->rules, type, id) == &r[i] || r[i].kind == ND_RULE_SPLIT);
        if (from && r[i].kind == ND_RULE_SPLIT) {
            struct nd_override_end e;
            nd_override_walk(n->rules, n->d, type, id, &e);
            from = false;
            for (size_t k = 0; k < e.splits_n; k++)
                from = from || e.splits[k] == &r[i];
        }
        if (!to && !from)
            continue;
        nd_buf_printf(out, "  rule      line %u: ", r[i].line);
        nd_rule_print(out, &r[i]);
        nd_buf_byte(out, '\n');
    }
}

static int show_one(struct nd_names_table *n, uint32_t end, struct nd_buf *out,
                    struct nd_error *err)
{
    enum nd_entity_type type;
    struct nd_derived_row r;
    struct nd_str id = nd_names_id(n, end, &type), name = nd_names_called(n, end);
    struct forms forms = {0};
    uint32_t first = 0, last = 0;
    unsigned char **bits = calloc(n->ix->n + 1, sizeof(unsigned char *));
    int rc = bits ? 0 : no_memory(err);
    for (uint32_t i = 0; !rc && i < n->d->n; i++)
        if (n->end[i] == end && nd_derived_row(n->d, i, &r) == 0)
            rc = nd_names_articles(n->ix, r.type, r.id, bits, err);
    if (!rc)
        rc = days(n->ix, bits, &first, &last, err);
    if (!rc)
        rc = collect(&forms, n, end, err);
    struct item *v = rc ? NULL : items_of(&forms, by_count);
    if (!rc && !v)
        rc = no_memory(err);
    if (rc)
        goto out;
    nd_buf_printf(out, "%s:%.*s\n  name      %.*s\n", nd_entity_type_name(type).p, (int)id.n, id.p,
                  (int)name.n, name.p);
    nd_buf_printf(out, "  mentions  %llu in %llu articles", (unsigned long long)n->mentions[end],
                  (unsigned long long)nd_names_count(n->ix, bits));
    if (last) {
        nd_buf_str(out, ", ");
        print_day(out, first);
        nd_buf_str(out, " to ");
        print_day(out, last);
    }
    nd_buf_str(out, "\n  forms     ");
    for (uint32_t i = 0; i < forms.map.count && i < FORMS_SHOWN; i++)
        nd_buf_printf(out, "%s%.*s (%llu)", i ? ", " : "", (int)(v[i].key.n - 4), v[i].key.p + 4,
                      (unsigned long long)v[i].count);
    if (forms.map.count > FORMS_SHOWN)
        nd_buf_printf(out, " and %u more", forms.map.count - FORMS_SHOWN);
    nd_buf_byte(out, '\n');
    if (nd_derived_find(n->d, type, id.p, id.n, &r) != ND_DERIVED_NO_LINK && r.country.n)
        nd_buf_printf(out, "  country   %.*s\n", (int)r.country.n, r.country.p);
    show_ids(n, end, out);
    show_rules(n, end, out);
out:
    free(v);
    free_forms(&forms);
    for (size_t i = 0; bits && i < n->ix->n; i++)
        free(bits[i]);
    free(bits);
    return rc;
}

int nd_entities_show(struct nd_names_table *n, struct nd_str name, uint32_t types,
                     struct nd_buf *out, struct nd_error *err)
{
    uint32_t *v = NULL;
    size_t count = 0;
    int rc = nd_names_find(n, name, types, &v, &count, err);
    for (size_t i = 0; !rc && i < count; i++)
        rc = show_one(n, v[i], out, err);
    free(v);
    return rc ? rc : count ? 0 : ND_DONE;
}

/* ---- similar ---- */

/* The last word of an id of several. */
static struct nd_str last_word(struct nd_str id)
{
    size_t at = id.n;
    while (at && id.p[at - 1] != ' ')
        at--;
    return at ? (struct nd_str){id.p + at, id.n - at} : (struct nd_str){NULL, 0};
}

static struct nd_str first_word(struct nd_str id)
{
    const char *blank = memchr(id.p, ' ', id.n);
    return blank ? (struct nd_str){id.p, (size_t)(blank - id.p)} : (struct nd_str){NULL, 0};
}

/* Are the words of one the first letters, or all among the words, of the other? */
static bool initials_of(struct nd_str shorter, struct nd_str longer)
{
    size_t at = 0;
    if (shorter.n < 2 || memchr(shorter.p, ' ', shorter.n))
        return false;
    for (size_t i = 0; i < longer.n; i++) {
        if (i && longer.p[i - 1] != ' ')
            continue;
        while (at < shorter.n && shorter.p[at] == '.')
            at++;
        if (at == shorter.n || longer.p[i] != shorter.p[at])
            return false;
        at++;
    }
    while (at < shorter.n && shorter.p[at] == '.')
        at++;
    return at == shorter.n;
}

/* In what two ids of a type are alike; NULL. */
static const char *alike(enum nd_entity_type type, struct nd_str a, struct nd_str b)
{
    char x[KEY_ROOM], y[KEY_ROOM];
    size_t n = nd_canon_key(a.p, a.n, x, sizeof x), m = nd_canon_key(b.p, b.n, y, sizeof y);
    if (n && n == m && memcmp(x, y, n) == 0)
        return "another spelling";
    if (a.n >= NEAR_LENGTH && b.n >= NEAR_LENGTH && nd_fuzzy_match(a.p, a.n, b.p, b.n, NEAR_EDITS))
        return "few letters differ";
    if (type == ND_PERSON) {
        struct nd_str p = last_word(a), q = last_word(b);
        if (p.n && q.n && nd_str_eq(p, q))
            return "the same last word";
        if ((p.n && nd_str_eq(p, b)) || (q.n && nd_str_eq(q, a)))
            return "the last word alone";
        p = first_word(a);
        q = first_word(b);
        if ((p.n && nd_str_eq(p, b)) || (q.n && nd_str_eq(q, a)))
            return "the first word alone";
    } else {
        if (initials_of(a, b) || initials_of(b, a))
            return "the initials";
        if (a.n != b.n && nd_value_holds(a.n > b.n ? a : b, a.n > b.n ? b : a))
            return "a part of it";
    }
    return NULL;
}

int nd_entities_similar(struct nd_names_table *n, struct nd_str name, uint32_t types,
                        uint64_t limit, struct nd_buf *out, struct nd_error *err)
{
    uint32_t *v = NULL, *w = calloc(n->ends.count + 1, sizeof *w);
    const char **why = calloc(n->ends.count + 1, sizeof(const char *));
    size_t count = 0, alike_n = 0;
    int rc = w && why ? nd_names_find(n, name, types, &v, &count, err) : no_memory(err);
    for (size_t i = 0; !rc && i < count; i++)
        why[v[i]] = "";
    for (uint32_t k = 0; !rc && k < n->ends.count; k++) {
        enum nd_entity_type type, other;
        struct nd_str b = nd_names_id(n, k, &other);
        for (size_t i = 0; i < count && (!why[k] || !why[k][0]); i++) {
            struct nd_str a = nd_names_id(n, v[i], &type);
            if (type == other && v[i] != k &&
                (why[k] == NULL || n->mentions[v[i]] >= n->mentions[k])) {
                const char *reason = alike(type, a, b);
                if (reason)
                    why[k] = reason;
            }
        }
        if (why[k])
            w[alike_n++] = k;
    }
    if (!rc)
        nd_names_sort(n, w, alike_n);
    for (size_t i = 0; !rc && i < alike_n && i < limit; i++) {
        nd_names_line(n, out, w[i]);
        nd_buf_printf(out, "\t%s\n", why[w[i]]);
    }
    free(v);
    free(w);
    free(why);
    return rc ? rc : count ? 0 : ND_DONE;
}

/* ---- export ---- */

static void form_text(struct nd_buf *out, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        nd_buf_byte(out,
                    (unsigned char)s.p[i] < ' ' || s.p[i] == '|' ? ' ' : (unsigned char)s.p[i]);
}

/* Other ids that mean one, as the index knows it or a rule says. next: of each row of the facts, the one before that
 * has the same end; last: of each end, the last; both plus one. */
static void other_ids(const struct nd_names_table *n, struct nd_buf *out, const uint32_t *next,
                      uint32_t last, enum nd_entity_type type, struct nd_str id)
{
    struct nd_derived_row r;
    struct nd_buf key;
    size_t count = 0;
    nd_buf_init(&key, 1 << 16);
    for (uint32_t i = last; i; i = next[i - 1]) {
        if (nd_derived_row(n->d, i - 1, &r) || (r.type == type && nd_str_eq(r.id, id)))
            continue;
        nd_buf_reset(&key);
        nd_buf_printf(&key, "%s:%.*s", nd_entity_type_name(r.type).p, (int)r.id.n, r.id.p);
        nd_buf_str(out, count++ ? "," : ",\"ids\":[");
        nd_json_str(out, key.data ? key.data : "", key.len);
    }
    if (count)
        nd_buf_byte(out, ']');
    if (key.code)
        out->code = key.code;
    nd_buf_free(&key);
}

int nd_entities_export(struct nd_names_table *n, uint32_t types, bool json, struct nd_buf *out,
                       struct nd_error *err)
{
    struct forms forms = {0};
    struct item *ids = calloc(n->ends.count + 1, sizeof *ids);
    uint32_t *place = calloc(n->ends.count + 1, sizeof *place);
    uint32_t *last = calloc(n->ends.count + 1, sizeof *last);
    uint32_t rows = n->d ? n->d->n : 0, *next = calloc((size_t)rows + 1, sizeof *next);
    int rc = ids && place && last && next ? collect(&forms, n, ND_MAP_NONE, err) : no_memory(err);
    struct item *v = rc ? NULL : items_of(&forms, by_key);
    if (!rc && !v)
        rc = no_memory(err);
    if (rc)
        goto out;
    for (uint32_t i = 0; i < forms.map.count; i++) { /* first form of each id, plus one */
        const unsigned char *k = (const unsigned char *)v[i].key.p;
        uint32_t end = (uint32_t)k[0] << 24 | (uint32_t)k[1] << 16 | (uint32_t)k[2] << 8 | k[3];
        if (!place[end])
            place[end] = i + 1;
    }
    for (uint32_t i = rows; i-- > 0;)
        if (n->end[i] != ND_MAP_NONE) {
            next[i] = last[n->end[i]];
            last[n->end[i]] = i + 1;
        }
    for (uint32_t i = 0; i < n->ends.count; i++)
        ids[i] = (struct item){nd_map_key(&n->ends, i), i};
    qsort(ids, n->ends.count, sizeof *ids, by_key);
    for (uint32_t i = 0; i < n->ends.count; i++) {
        uint32_t end = (uint32_t)ids[i].count;
        enum nd_entity_type type;
        struct nd_str id = nd_names_id(n, end, &type), name = nd_names_called(n, end);
        struct nd_derived_row r;
        if (!(types >> type & 1))
            continue;
        if (json) {
            nd_buf_printf(out, "{\"type\":\"%s\",\"id\":", nd_entity_type_name(type).p);
            nd_json_str(out, id.p, id.n);
            nd_buf_str(out, ",\"name\":");
            nd_json_str(out, name.p, name.n);
            nd_buf_printf(out, ",\"mentions\":%llu", (unsigned long long)n->mentions[end]);
            if (nd_derived_find(n->d, type, id.p, id.n, &r) != ND_DERIVED_NO_LINK && r.country.n) {
                nd_buf_str(out, ",\"country\":");
                nd_json_str(out, r.country.p, r.country.n);
            }
            other_ids(n, out, next, last[end], type, id);
            nd_buf_str(out, ",\"forms\":{");
        } else {
            nd_buf_printf(out, "%s\t", nd_entity_type_name(type).p);
            form_text(out, id);
            nd_buf_byte(out, '\t');
        }
        uint32_t k = place[end] ? place[end] - 1 : forms.map.count, start = k;
        for (; k < forms.map.count && memcmp(v[k].key.p, v[start].key.p, 4) == 0; k++) {
            struct nd_str form = {v[k].key.p + 4, v[k].key.n - 4};
            if (json) {
                nd_buf_str(out, k == start ? "" : ",");
                nd_json_str(out, form.p, form.n);
                nd_buf_printf(out, ":%llu", (unsigned long long)v[k].count);
            } else {
                nd_buf_str(out, k == start ? "" : "|");
                form_text(out, form);
            }
        }
        nd_buf_str(out, json ? "}}\n" : "\n");
    }
out:
    free(v);
    free(ids);
    free(place);
    free(last);
    free(next);
    free_forms(&forms);
    return rc ? rc : n->ends.count ? 0 : ND_DONE;
}
