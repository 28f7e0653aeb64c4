#include "lang/lower_in.h"

#include "base/map.h"

#include <string.h>

enum {
    ASKED_MAX = 256 << 20,
    FIRST_NAMES = 20 /* names that are kept in order, for notes */
};

static const struct {
    const char *prefix;
    enum nd_entity_type type;
} entity_prefixes[] = {
    {"XPER", ND_PERSON}, {"XORG", ND_ORG}, {"XLOC", ND_PLACE}, {"XMISC", ND_MISC}};

uint32_t lower_types(const struct nd_field *f)
{
    uint32_t types = 0;
    for (size_t i = 0; i < sizeof entity_prefixes / sizeof *entity_prefixes; i++)
        if (f->prefix[0] == '\0' || strcmp(f->prefix, entity_prefixes[i].prefix) == 0)
            types |= 1U << entity_prefixes[i].type;
    return types;
}

static const char *prefix_of(enum nd_entity_type type)
{
    size_t t = 0;
    while (t + 1 < sizeof entity_prefixes / sizeof *entity_prefixes &&
           entity_prefixes[t].type != type)
        t++;
    return entity_prefixes[t].prefix;
}

/* The ids that were found, the first ones in order of frequency, and what is looked for. */
struct names {
    struct lower *l;
    const struct nd_node *node;
    uint32_t types;
    struct nd_str want[2]; /* the words, and "Last, First" turned round */
    size_t wants;
    bool note;
    struct nd_leaf_id *ids;
    uint32_t *freq;
    size_t n, cap;
    struct plans list;
    /* with rules (override.h) */
    const struct nd_overrides *rules;
    struct nd_map asked; /* type byte and id of what is meant, after the rules */
    struct nd_buf key;
};

static int prepare(struct names *s, struct lower *l, const struct nd_node *node, bool note)
{
    *s = (struct names){.l = l, .node = node, .types = lower_types(node->field), .note = note};
    const char *p = node->text.p, *comma = memchr(p, ',', node->text.n);
    size_t n = node->text.n, at = comma ? (size_t)(comma - p) : 0;
    int rc = nd_index_overrides(l->ix, &s->rules, l->err);
    if (!rc)
        rc = lower_value_words(l, p, n, &s->want[s->wants++]);
    if (!rc && comma && at + 1 < n && !memchr(comma + 1, ',', n - at - 1)) {
        char *turned =
            nd_arena_printf(l->arena, "%.*s %.*s", (int)(n - at - 1), comma + 1, (int)at, p);
        rc = turned ? lower_value_words(l, turned, strlen(turned), &s->want[s->wants++])
                    : lower_nomem(l);
    }
    return rc;
}

static bool fits(const struct names *s, struct nd_str words)
{
    for (size_t i = 0; i < s->wants; i++)
        if (s->node->whole ? nd_str_eq(words, s->want[i]) : nd_value_holds(words, s->want[i]))
            return true;
    return false;
}

static int add_name(struct names *s, enum nd_entity_type type, struct nd_str id, uint32_t freq)
{
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 8;
        struct nd_leaf_id *ids = nd_arena_array(s->l->arena, cap, sizeof *ids);
        uint32_t *f = nd_arena_array(s->l->arena, cap, sizeof *f);
        if (!ids || !f)
            return lower_nomem(s->l);
        if (s->n) {
            memcpy(ids, s->ids, s->n * sizeof *ids);
            memcpy(f, s->freq, s->n * sizeof *f);
        }
        s->ids = ids;
        s->freq = f;
        s->cap = cap;
    }
    size_t at = s->n++;
    if (at > FIRST_NAMES &&
        s->freq[FIRST_NAMES] < freq) { /* the first ones are in order, the others are not */
        s->ids[at] = s->ids[FIRST_NAMES];
        s->freq[at] = s->freq[FIRST_NAMES];
        at = FIRST_NAMES;
    }
    for (; at > 0 && at <= FIRST_NAMES && s->freq[at - 1] < freq; at--) {
        s->ids[at] = s->ids[at - 1];
        s->freq[at] = s->freq[at - 1];
    }
    s->ids[at] = (struct nd_leaf_id){type, id};
    s->freq[at] = freq;
    return s->note ? lower_meaning(s->l, s->node, id, freq) : 0;
}

/* Add an id by its term, if the index has it. */
static int add_id(struct names *s, enum nd_entity_type type, struct nd_str id)
{
    struct nd_plan *p;
    struct nd_str copy = nd_arena_str(s->l->arena, id.p, id.n);
    if (!copy.p)
        return lower_nomem(s->l);
    int rc = plan_term(s->l, s->node, prefix_of(type), copy.p, copy.n, &p);
    if (rc || p->estimate == 0)
        return rc;
    rc = plans_push(s->l, &s->list, p);
    return rc ? rc : add_name(s, type, copy, (uint32_t)p->estimate);
}

static int note_names(const struct names *s)
{
    char msg[ND_MSG_MAX];
    size_t at = 0;
    for (size_t i = 0; i < s->n && i < LOWER_NAMES && at < sizeof msg; i++)
        at += (size_t)snprintf(msg + at, sizeof msg - at, "%s%.*s (%u)", i ? ", " : "",
                               (int)(s->ids[i].id.n < 60 ? s->ids[i].id.n : 60), s->ids[i].id.p,
                               s->freq[i]);
    if (s->n > LOWER_NAMES && at < sizeof msg)
        snprintf(msg + at, sizeof msg - at, " and %zu more", s->n - LOWER_NAMES);
    return lower_note(s->l, "'%.*s' fits %zu names: %s",
                      (int)(s->node->text.n < 80 ? s->node->text.n : 80), s->node->text.p, s->n,
                      msg);
}

/* ---- what is meant, after the rules ---- */

static bool is_asked(struct names *s, enum nd_entity_type type, struct nd_str id)
{
    nd_buf_reset(&s->key);
    nd_buf_byte(&s->key, (unsigned char)type);
    nd_buf_add(&s->key, id.p, id.n);
    return !nd_buf_code(&s->key) && nd_map_find(&s->asked, s->key.data, s->key.len) != ND_MAP_NONE;
}

static int ask(struct names *s, enum nd_entity_type type, struct nd_str id)
{
    uint32_t k;
    nd_buf_reset(&s->key);
    nd_buf_byte(&s->key, (unsigned char)type);
    nd_buf_add(&s->key, id.p, id.n);
    return nd_buf_code(&s->key) || nd_map_intern(&s->asked, s->key.data, s->key.len, &k)
               ? lower_nomem(s->l)
               : 0;
}

/* The facts of the first folder that has them for the id, NULL. */
static int facts_of(struct names *s, enum nd_entity_type type, struct nd_str id,
                    const struct nd_derived **out)
{
    struct nd_derived_row r;
    int rc = 0;
    *out = NULL;
    for (size_t i = 0; !rc && !*out && i < s->l->ix->folders_n; i++) {
        const struct nd_derived *d;
        rc = nd_folder_derived(&s->l->ix->folders[i], &d, s->l->err);
        if (!rc && d && nd_derived_find(d, type, id.p, id.n, &r) != ND_DERIVED_NO_LINK)
            *out = d;
    }
    return rc;
}

/* Which of the query's conditions a rule is; made if new and there is room. SIZE_MAX: none. */
static size_t split_number(struct lower *l, const struct nd_rule *r, bool make)
{
    size_t i = 0;
    while (i < l->splits_n && l->splits[i] != r)
        i++;
    if (i == l->splits_n) {
        if (!make || i == LOWER_SPLITS)
            return SIZE_MAX;
        l->splits[l->splits_n++] = r;
    }
    return i;
}

/* Is what an id leads to asked for, in articles where the node's splits hold? */
static bool end_asked(struct names *s, const struct nd_override_end *e, uint32_t holds)
{
    for (size_t i = 0; i < e->splits_n; i++) {
        const struct nd_rule *r = e->splits[i];
        size_t k = split_number(s->l, r, false);
        if (k != SIZE_MAX && holds >> k & 1)
            return s->types >> r->to_type & 1 && is_asked(s, r->to_type, r->id);
    }
    if (e->rejected || !(s->types >> e->type & 1))
        return false;
    for (size_t i = 0; i < e->steps_n; i++)
        if (is_asked(s, e->steps[i].type, e->steps[i].id))
            return true;
    return false;
}

/* Ids without rules whose words fit are meant as they are, and found. add: put them to the list. */
static int ask_plain(struct names *s, bool add)
{
    int rc = 0;
    for (size_t t = 0; rc == 0 && t < sizeof entity_prefixes / sizeof *entity_prefixes; t++) {
        struct lower_values *vs;
        uint32_t *some = NULL;
        size_t n = 0;
        const char *prefix = entity_prefixes[t].prefix;
        if (!(s->types >> entity_prefixes[t].type & 1))
            continue;
        rc = lower_values_of(s->l, prefix, &vs);
        if (!rc)
            rc = lower_values_with(s->l, vs, s->want, s->wants, &some, &n);
        for (size_t i = 0; rc == 0 && i < n; i++) {
            const struct lower_value *v = &vs->v[some ? some[i] : i];
            enum nd_entity_type type = entity_prefixes[t].type;
            struct nd_str id = {v->term.p + strlen(prefix), v->term.n - strlen(prefix)};
            if (!fits(s, v->words) || nd_override_touches(s->rules, type, id))
                continue;
            rc = ask(s, type, id);
            if (rc == 0 && add && (rc = lower_add_term(s->l, s->node, v, &s->list)) == 0)
                rc = add_name(s, type, id, v->freq);
        }
    }
    return rc;
}

static unsigned char first_letter(struct nd_str s)
{
    size_t i = 0;
    while (i < s.n && (unsigned char)s.p[i] < 0x80 &&
           !((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9'))
        i++;
    unsigned char c = (unsigned char)(i < s.n ? s.p[i] : 0);
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 32) : c;
}

/* Is a form long enough for one of the names, and does it begin like it? Then its words are worth making. */
static bool near(const struct names *s, struct nd_str surface)
{
    unsigned char c = first_letter(surface);
    for (size_t w = 0; w < s->wants; w++)
        if (s->want[w].n && surface.n >= s->want[w].n &&
            (c >= 0x80 || c == (unsigned char)s->want[w].p[0]))
            return true;
    return false;
}

/* ask_forms by what the index is known to have. *known: that was possible. */
static int ask_known_forms(struct names *s, bool *known)
{
    int rc = 0;
    *known = false;
    for (size_t w = 0; !rc && w < s->wants; w++) {
        const struct lower_form *f;
        size_t n;
        rc = lower_forms_of(s->l, s->want[w], &f, &n, known);
        for (size_t i = 0; !rc && *known && i < n; i++)
            if (s->types >> f[i].type & 1 && near(s, f[i].surface) &&
                !nd_override_touches(s->rules, f[i].type, f[i].id))
                rc = ask(s, f[i].type, f[i].id);
        if (!*known)
            break;
    }
    return rc;
}

/* Ids that are printed as the whole of what is looked for (U.S., UN) are meant too. */
static int ask_forms(struct names *s)
{
    bool known = false;
    int rc = s->node->whole ? 0 : ask_known_forms(s, &known);
    if (rc || known)
        return rc;
    for (size_t i = 0; !rc && !s->node->whole && i < s->l->ix->n; i++) {
        struct nd_stream *stream;
        struct nd_entity_row r;
        rc = nd_segment_stream(&s->l->ix->segments[i], &stream, s->l->err);
        uint32_t n = rc ? 0 : nd_stream_entities(stream);
        for (uint32_t k = 0; !rc && k < n; k++) {
            bool fit = false;
            if ((rc = nd_stream_entity(stream, k, &r, s->l->err)) || !(s->types >> r.type & 1) ||
                !near(s, r.surface))
                continue;
            nd_buf_reset(&s->key);
            rc = nd_value_words(&s->key, r.surface.p, r.surface.n) ? lower_nomem(s->l) : 0;
            struct nd_str words = {s->key.data ? s->key.data : "", s->key.len};
            for (size_t w = 0; w < s->wants; w++)
                fit = fit || nd_str_eq(words, s->want[w]);
            if (!rc && fit && !nd_override_touches(s->rules, r.type, r.id))
                rc = ask(s, r.type, r.id);
        }
    }
    return rc;
}

/* Ids that rules mean or lead to: what they lead to is meant, if the words of any of its names fit. */
static int ask_ruled(struct names *s)
{
    enum nd_entity_type type;
    struct nd_str id, words;
    int rc = 0;
    for (uint32_t i = 0; !rc && nd_overrides_id(s->rules, i, &type, &id); i++) {
        struct nd_override_end e;
        const struct nd_derived *d;
        const struct nd_rule *r = nd_override_of(s->rules, type, id);
        bool sure;
        struct nd_str name = nd_override_name(s->rules, type, id, &sure);
        bool fit = r && fits(s, r->words);
        rc = lower_value_words(s->l, id.p, id.n, &words);
        fit = fit || (!rc && fits(s, words));
        if (!rc && !fit && name.n) {
            rc = lower_value_words(s->l, name.p, name.n, &words);
            fit = !rc && fits(s, words);
        }
        if (rc || !fit || (rc = facts_of(s, type, id, &d)))
            continue;
        nd_override_walk(s->rules, d, type, id, &e);
        if (!e.rejected && s->types >> e.type & 1)
            rc = ask(s, e.type, e.id);
    }
    return rc;
}

/* Call fn for each id that rules hold for, and for each whose link leads to one of these. */
static int each_ruled(struct names *s, int (*fn)(struct names *s, enum nd_entity_type type,
                                                 struct nd_str id, const struct nd_override_end *e))
{
    enum nd_entity_type type;
    struct nd_str id;
    struct nd_override_end e;
    struct nd_derived_row r, to;
    const struct nd_derived *d;
    int rc = 0;
    for (uint32_t i = 0; !rc && nd_overrides_id(s->rules, i, &type, &id); i++) {
        if (!nd_override_touches(s->rules, type, id) || (rc = facts_of(s, type, id, &d)))
            continue;
        nd_override_walk(s->rules, d, type, id, &e);
        rc = fn(s, type, id, &e);
    }
    for (size_t f = 0; !rc && f < s->l->ix->folders_n; f++) {
        rc = nd_folder_derived(&s->l->ix->folders[f], &d, s->l->err);
        for (uint32_t i = 0; !rc && d && i < d->n; i++) {
            if (nd_derived_row(d, i, &r) || r.link == ND_DERIVED_NO_LINK ||
                nd_derived_row(d, r.link, &to) || nd_override_touches(s->rules, r.type, r.id) ||
                !nd_override_touches(s->rules, to.type, to.id))
                continue;
            nd_override_walk(s->rules, d, r.type, r.id, &e);
            rc = fn(s, r.type, r.id, &e);
        }
    }
    return rc;
}

static int add_ruled(struct names *s, enum nd_entity_type type, struct nd_str id,
                     const struct nd_override_end *e)
{
    return end_asked(s, e, s->node->n) ? add_id(s, type, id) : 0;
}

/* What rules lead to, where it is an id of the index that no rule holds for. */
static int add_targets(struct names *s, uint32_t from)
{
    int rc = 0;
    for (uint32_t i = from; !rc && i < s->asked.count; i++) {
        struct nd_str key = nd_map_key(&s->asked, i), id = {key.p + 1, key.n - 1};
        enum nd_entity_type type = (enum nd_entity_type)(unsigned char)key.p[0];
        if (!nd_override_touches(s->rules, type, id))
            rc = add_id(s, type, id);
    }
    return rc;
}

/* Add the ids that are known to mean one of those that were found, in the index's folder number `folder`. */
static int add_linked(struct names *s, size_t folder)
{
    struct lower *l = s->l;
    const struct nd_derived *d;
    struct nd_derived_row r, to;
    size_t found = s->n;
    int rc = nd_folder_derived(&l->ix->folders[folder], &d, l->err);
    if (rc || !d || !d->n)
        return rc;
    char *asked = nd_arena_alloc(l->arena, d->n); /* by row: it was found */
    if (!asked)
        return lower_nomem(l);
    for (size_t i = 0; i < found; i++) {
        const struct nd_leaf_id *id = &s->ids[i];
        uint32_t row = nd_derived_find(d, id->type, id->id.p, id->id.n, &r);
        if (row != ND_DERIVED_NO_LINK)
            asked[row] = 1;
    }
    const uint32_t *rows;
    uint32_t n;
    rc = lower_links_of(l, folder, d, &rows, &n);
    for (uint32_t k = 0; rc == 0 && k < n; k++) {
        uint32_t i = rows ? rows[k] : k;
        if (nd_derived_row(d, i, &r) || r.link == ND_DERIVED_NO_LINK || asked[i] || !asked[r.link])
            continue;
        if (!nd_overrides_empty(s->rules) &&
            (nd_override_touches(s->rules, r.type, r.id) || nd_derived_row(d, r.link, &to) ||
             nd_override_touches(s->rules, to.type, to.id)))
            continue; /* rules decide */
        rc = add_id(s, r.type, r.id);
    }
    return rc;
}

static int open_asked(struct names *s)
{
    nd_buf_init(&s->key, 1 << 20);
    return nd_map_init(&s->asked, ASKED_MAX) ? lower_nomem(s->l) : 0;
}

static void close_asked(struct names *s)
{
    nd_map_free(&s->asked);
    nd_buf_free(&s->key);
}

static int find_ids(struct names *s)
{
    int rc = open_asked(s);
    if (!rc)
        rc = ask_plain(s, true);
    uint32_t plain = s->asked.count;
    bool ruled = !nd_overrides_empty(s->rules);
    if (!rc)
        rc = ask_forms(s);
    if (!rc && ruled)
        rc = ask_ruled(s);
    if (!rc)
        rc = add_targets(s, plain);
    if (!rc && ruled)
        rc = each_ruled(s, add_ruled);
    close_asked(s);
    return rc;
}

/* With --roll-up: add the places that lie in a country that was found. */
static int add_inside(struct names *s)
{
    size_t found = s->n;
    int rc = open_asked(s);
    for (size_t i = 0; !rc && i < found; i++)
        if (s->ids[i].type == ND_PLACE)
            rc = ask(s, ND_PLACE, s->ids[i].id);
    for (size_t f = 0; !rc && f < s->l->ix->folders_n; f++) {
        const struct nd_derived *d;
        struct nd_derived_row r;
        struct nd_str country = {NULL, 0}, words;
        bool inside = false;
        rc = nd_folder_derived(&s->l->ix->folders[f], &d, s->l->err);
        for (uint32_t i = 0; !rc && d && i < d->n; i++) {
            struct nd_override_end e;
            if (nd_derived_row(d, i, &r) || r.type != ND_PLACE || !r.country.n)
                continue;
            if (r.country.p != country.p) { /* many have the same */
                country = r.country;
                rc = lower_value_words(s->l, country.p, country.n, &words);
                inside = is_asked(s, ND_PLACE, country) || (!rc && fits(s, words));
            }
            if (rc || !inside || is_asked(s, ND_PLACE, r.id))
                continue;
            nd_override_walk(s->rules, d, r.type, r.id, &e);
            if (e.rejected || e.type != ND_PLACE)
                continue;
            rc = add_id(s, ND_PLACE, r.id);
            if (!rc)
                rc = ask(s, ND_PLACE, r.id); /* once, whichever folders know it */
        }
    }
    close_asked(s);
    return rc;
}

int lower_names(struct lower *l, const struct nd_node *node, bool note, struct nd_leaf_id **ids,
                size_t *n, struct nd_plan **out)
{
    struct names s;
    int rc = prepare(&s, l, node, note);
    if (!rc)
        rc = find_ids(&s);
    if (rc == 0 && note && s.n > 1 && node->n == 0)
        rc = note_names(&s);
    for (size_t i = 0; rc == 0 && s.n && i < l->ix->folders_n; i++)
        rc = add_linked(&s, i);
    if (rc == 0 && l->options.roll_up && s.types >> ND_PLACE & 1)
        rc = add_inside(&s);
    *ids = s.ids;
    *n = s.n;
    return rc ? rc : plan_or(l, node, &s.list, false, out);
}

/* ---- splits: names whose meaning depends on the article ---- */

/* Do the splits of an id decide whether it is meant? Then they are conditions of the node. */
static int add_conditions(struct names *s, enum nd_entity_type type, struct nd_str id,
                          const struct nd_override_end *e)
{
    (void)type;
    (void)id;
    bool base = e->splits_n && end_asked(s, e, 0), differ = false;
    for (size_t i = 0; i < e->splits_n; i++) {
        const struct nd_rule *r = e->splits[i];
        differ = differ || (s->types >> r->to_type & 1 && is_asked(s, r->to_type, r->id)) != base;
    }
    for (size_t i = 0; differ && i < e->splits_n; i++) {
        size_t k = split_number(s->l, e->splits[i], true);
        if (k == SIZE_MAX)
            return lower_refuse(s->l, s->node, "ask for fewer names at once",
                                "more than %d splits of names in one query", (int)LOWER_SPLITS);
        s->l->splits_asked |= 1U << k;
    }
    return 0;
}

int lower_conditions(struct lower *l, const struct nd_node *node, uint32_t *out)
{
    struct names s;
    *out = 0;
    int rc = prepare(&s, l, node, false);
    if (rc || nd_overrides_empty(s.rules))
        return rc;
    l->splits_asked = 0;
    rc = open_asked(&s);
    if (!rc)
        rc = ask_plain(&s, false);
    if (!rc)
        rc = ask_forms(&s);
    if (!rc)
        rc = ask_ruled(&s);
    if (!rc)
        rc = each_ruled(&s, add_conditions);
    close_asked(&s);
    *out = l->splits_asked;
    return rc;
}
