#include "formats/fieldmap.h"
#include "base/map.h"
#include "formats/fieldoption.h"
#include "formats/fieldvalue.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEYS_BYTES = 8 << 20, /* of distinct keys; past it they count as unknown together */
    PATH_MAX_BYTES = 256,
    RANK_NONE = 255,
    RANK_INNER = 100, /* what a wrapper holds comes after what the record itself says */
    LEVELS = 4
};

/* What is known of a key that was seen. */
struct seen {
    enum nd_target target;
    unsigned rank;
    bool wrapper; /* an object whose members are looked at in their turn */
    uint64_t unknown;
};

struct nd_fieldmap {
    struct nd_field_options given;
    struct nd_map keys; /* by path */
    struct seen *seen;  /* by number */
    size_t seen_cap;
    uint64_t bad_dates;
    uint8_t rank[ND_TARGETS];  /* of what the record has given so far */
    uint32_t from[ND_TARGETS]; /* number of the key that gave it, ND_MAP_NONE none */
};

/* The record that is being filled. */
struct filling {
    struct nd_fieldmap *m;
    struct nd_article *a;
    struct nd_arena *arena;
};

int nd_fieldmap_new(struct nd_fieldmap **out, const struct nd_fieldmap_options *o,
                    struct nd_error *err)
{
    *out = NULL;
    struct nd_fieldmap *m = calloc(1, sizeof *m);
    if (!m)
        return nd_fail(err, ND_NOMEM, "out of memory for the field map");
    int rc = nd_map_init(&m->keys, KEYS_BYTES);
    if (rc)
        rc = nd_fail(err, ND_NOMEM, "out of memory for the field map");
    if (!rc)
        rc = nd_field_options_init(&m->given, o, err);
    if (rc)
        nd_fieldmap_free(m);
    else
        *out = m;
    return rc;
}

void nd_fieldmap_free(struct nd_fieldmap *m)
{
    if (!m)
        return;
    nd_map_free(&m->keys);
    free(m->seen);
    nd_field_options_free(&m->given);
    free(m);
}

void nd_fieldmap_begin(struct nd_fieldmap *m)
{
    memset(m->rank, RANK_NONE, sizeof m->rank);
    memset(m->from, 0xff, sizeof m->from);
}

bool nd_fieldmap_from(const struct nd_fieldmap *m, enum nd_target target, struct nd_str *key)
{
    if (target >= ND_TARGETS || m->from[target] >= m->keys.count)
        return false;
    *key = nd_map_key(&m->keys, m->from[target]);
    return true;
}

bool nd_fieldmap_user(const struct nd_fieldmap *m, size_t i, enum nd_target *target,
                      struct nd_str *path)
{
    if (i >= m->given.maps_n)
        return false;
    *target = m->given.maps[i].target;
    *path = m->given.maps[i].path;
    return true;
}

struct nd_str nd_fieldmap_record(const struct nd_fieldmap *m)
{
    return m->given.record ? nd_str_of(m->given.record) : (struct nd_str){0};
}

uint64_t nd_fieldmap_bad_dates(const struct nd_fieldmap *m)
{
    return m->bad_dates;
}

bool nd_fieldmap_unknown(const struct nd_fieldmap *m, uint32_t i, struct nd_str *key,
                         uint64_t *count)
{
    if (i >= m->keys.count)
        return false;
    *key = nd_map_key(&m->keys, i);
    *count = m->seen[i].unknown;
    return true;
}

/* Names of objects that merely wrap the members of an article. */
static bool is_wrapper(struct nd_str key)
{
    static const char *const names[] = {"fields",  "_source",    "metadata",   "meta",
                                        "article", "attributes", "data",       "node",
                                        "doc",     "document",   "properties", "item"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == key.n && !memcmp(names[i], key.p, key.n))
            return true;
    return false;
}

static struct seen classify(const struct nd_fieldmap *m, struct nd_str path, struct nd_str key,
                            unsigned level)
{
    struct seen s = {.rank = RANK_NONE};
    for (size_t i = 0; i < m->given.maps_n; i++)
        if (nd_str_eq(m->given.maps[i].path, path))
            return (struct seen){.target = m->given.maps[i].target, .rank = 0};
    s.target = nd_target_known(key.p, key.n, &s.rank);
    if (s.target != ND_TARGETS)
        s.rank += 1 + (level ? RANK_INNER : 0);
    s.wrapper = is_wrapper(key);
    for (size_t i = 0; i < m->given.maps_n; i++) /* the user's a.b needs a */
        s.wrapper |= m->given.maps[i].path.n > path.n && m->given.maps[i].path.p[path.n] == '.' &&
                     !memcmp(m->given.maps[i].path.p, path.p, path.n);
    return s;
}

/* What is known of a key, remembered by its path. Return: ND_NOMEM; *out is NULL past the limit. */
static int recall(struct nd_fieldmap *m, struct nd_str path, struct nd_str key, unsigned level,
                  struct seen **out)
{
    uint32_t before = m->keys.count, number;
    *out = NULL;
    int rc = nd_map_intern(&m->keys, path.p, path.n, &number);
    if (rc == ND_LIMIT)
        return 0;
    if (rc)
        return rc;
    if (number == before) {
        if (number == m->seen_cap) {
            size_t cap = m->seen_cap ? m->seen_cap * 2 : 64;
            struct seen *more = reallocarray(m->seen, cap, sizeof *more);
            if (!more)
                return ND_NOMEM;
            m->seen = more;
            m->seen_cap = cap;
        }
        m->seen[number] = classify(m, path, key, level);
    }
    *out = &m->seen[number];
    return 0;
}

static int add_gold(struct filling *f, enum nd_entity_type type, const struct nd_strs *names)
{
    struct nd_article *a = f->a;
    struct nd_gold *gold = nd_arena_array(f->arena, a->gold_n + names->n, sizeof *gold);
    if (!names->n)
        return 0;
    if (!gold)
        return ND_NOMEM;
    if (a->gold_n)
        memcpy(gold, a->gold, a->gold_n * sizeof *gold);
    a->gold = gold;
    for (size_t i = 0; i < names->n; i++)
        gold[a->gold_n++] = (struct nd_gold){type, names->v[i]};
    return 0;
}

static enum nd_entity_type type_of(const struct nd_json *v)
{
    struct nd_str s = v ? nd_value_text(v) : (struct nd_str){0};
    unsigned rank;
    switch (s.n ? nd_target_known(s.p, s.n, &rank) : ND_TARGETS) {
    case ND_TO_PERSONS:
        return ND_PERSON;
    case ND_TO_ORGS:
        return ND_ORG;
    case ND_TO_PLACES:
        return ND_PLACE;
    default:
        return ND_MISC;
    }
}

/* [{"type","name"}...], ["name"...] or {"person":["name"...]...} */
static int entities(struct filling *f, const struct nd_json *v)
{
    int rc = 0;
    for (const struct nd_json *m = v->first; m && !rc; m = m->next) {
        struct nd_strs names = {0};
        struct nd_json key = {.kind = ND_JSON_STRING, .text = m->key};
        const struct nd_json *type = &key;
        if (v->kind == ND_JSON_ARRAY) {
            struct nd_str *one = nd_arena_alloc(f->arena, sizeof *one);
            if (!one)
                return ND_NOMEM;
            *one = nd_value_text(m);
            names = (struct nd_strs){one, !nd_value_blank(*one)};
            type = nd_json_get(m, "type");
            type = type ? type : nd_json_get(m, "label");
            type = type ? type : nd_json_get(m, "entity_type");
        } else {
            rc = nd_value_list(&names, m, ND_TO_TAGS, f->arena);
        }
        if (!rc)
            rc = add_gold(f, type_of(type), &names);
    }
    return rc;
}

/* Put a value where it belongs. *taken is set if it could be used. */
static int store(struct filling *f, enum nd_target target, const struct nd_json *v, bool *taken)
{
    struct nd_article *a = f->a;
    struct nd_strs names = {0};
    struct nd_str text = {0};
    struct nd_date date;
    int rc = 0;
    *taken = true;
    switch (target) {
    case ND_TO_LEAD:
    case ND_TO_BODY:
        rc = nd_value_paragraphs(&text, v, f->arena);
        *taken = text.n > 0;
        if (*taken)
            *(target == ND_TO_LEAD ? &a->lead : &a->body) = text;
        return rc;
    case ND_TO_PUBLISHED:
    case ND_TO_UPDATED:
        text = nd_value_text(v);
        *taken = text.n && !nd_date_parse(&date, text.p, text.n, NULL);
        if (*taken)
            *(target == ND_TO_PUBLISHED ? &a->published : &a->updated) = date;
        else
            f->m->bad_dates++;
        return 0;
    case ND_TO_AUTHORS:
    case ND_TO_TAGS:
        rc = nd_value_list(&names, v, target, f->arena);
        *taken = names.n > 0;
        if (*taken)
            *(target == ND_TO_TAGS ? &a->tags : &a->authors) = names;
        return rc;
    case ND_TO_PERSONS:
    case ND_TO_ORGS:
    case ND_TO_PLACES:
    case ND_TO_MISC:
        rc = nd_value_list(&names, v, target, f->arena);
        return rc ? rc
                  : add_gold(f, (enum nd_entity_type)(ND_PERSON + (target - ND_TO_PERSONS)),
                             &names);
    case ND_TO_ENTITIES:
        return entities(f, v);
    case ND_TO_PARTIAL:
        a->partial = nd_value_true(v);
        return 0;
    case ND_TO_WITHDRAWN:
        a->withdrawn = nd_value_true(v);
        return 0;
    default:
        break;
    }
    static const size_t at[ND_TARGETS] = {[ND_TO_ID] = offsetof(struct nd_article, id),
                                          [ND_TO_VERSION] = offsetof(struct nd_article, version),
                                          [ND_TO_TITLE] = offsetof(struct nd_article, title),
                                          [ND_TO_SOURCE] = offsetof(struct nd_article, source),
                                          [ND_TO_SECTION] = offsetof(struct nd_article, section),
                                          [ND_TO_LANG] = offsetof(struct nd_article, lang),
                                          [ND_TO_URL] = offsetof(struct nd_article, url)};
    text = nd_value_text(v);
    *taken = text.n > 0;
    if (*taken && target < ND_TARGETS && (at[target] || target == ND_TO_ID))
        *(struct nd_str *)((char *)a + at[target]) = text;
    return 0;
}

static int members(struct filling *f, const struct nd_json *object, struct nd_str prefix,
                   unsigned level);

static int member(struct filling *f, const struct nd_json *v, struct nd_str path, unsigned level)
{
    struct nd_fieldmap *m = f->m;
    struct seen *s;
    bool taken = false;
    int rc = recall(m, path, v->key, level, &s);
    if (rc || !s)
        return rc;
    struct seen known = *s; /* the table may move below */
    uint32_t number = (uint32_t)(s - m->seen);
    if (known.wrapper && v->kind == ND_JSON_OBJECT && level < LEVELS)
        return members(f, v, path, level + 1);
    if (known.target == ND_TARGETS) {
        s->unknown++;
        return 0;
    }
    if (known.target == ND_TO_NOTHING || known.rank > m->rank[known.target] || !nd_value_given(v))
        return 0;
    rc = store(f, known.target, v, &taken);
    bool collects = known.target >= ND_TO_PERSONS;
    if (taken)
        m->from[known.target] = number;
    if (taken && !collects)
        m->rank[known.target] = (uint8_t)(known.rank < RANK_NONE ? known.rank : RANK_NONE - 1);
    return rc;
}

static int members(struct filling *f, const struct nd_json *object, struct nd_str prefix,
                   unsigned level)
{
    for (const struct nd_json *v = object->first; v; v = v->next) {
        char buf[PATH_MAX_BYTES];
        struct nd_str path = v->key;
        if (prefix.n) {
            if (prefix.n + 1 + v->key.n > sizeof buf)
                continue;
            memcpy(buf, prefix.p, prefix.n);
            buf[prefix.n] = '.';
            memcpy(buf + prefix.n + 1, v->key.p, v->key.n);
            path = (struct nd_str){buf, prefix.n + 1 + v->key.n};
        }
        if (!path.n || path.n > PATH_MAX_BYTES)
            continue;
        int rc = member(f, v, path, level);
        if (rc)
            return rc;
    }
    return 0;
}

int nd_fieldmap_json(struct nd_fieldmap *m, struct nd_article *a, struct nd_arena *arena,
                     const struct nd_json *object)
{
    struct filling f = {m, a, arena};
    return members(&f, object, (struct nd_str){0}, 0);
}

int nd_fieldmap_put(struct nd_fieldmap *m, struct nd_article *a, struct nd_arena *arena,
                    const char *key, size_t key_n, struct nd_str value)
{
    struct filling f = {m, a, arena};
    struct nd_json v = {.kind = ND_JSON_STRING, .text = value, .key = {key, key_n}};
    return key_n && key_n <= PATH_MAX_BYTES ? member(&f, &v, v.key, 0) : 0;
}

/* Does the article lack what the target stands for? */
static bool lacks(const struct nd_article *a, enum nd_target t)
{
    switch (t) {
    case ND_TO_ID:
        return nd_value_blank(a->id);
    case ND_TO_VERSION:
        return nd_value_blank(a->version);
    case ND_TO_TITLE:
        return nd_value_blank(a->title);
    case ND_TO_LEAD:
        return nd_value_blank(a->lead);
    case ND_TO_BODY:
        return nd_value_blank(a->body);
    case ND_TO_PUBLISHED:
        return a->published.precision == ND_DATE_NONE;
    case ND_TO_UPDATED:
        return a->updated.precision == ND_DATE_NONE;
    case ND_TO_AUTHORS:
        return !a->authors.n;
    case ND_TO_SOURCE:
        return nd_value_blank(a->source);
    case ND_TO_SECTION:
        return nd_value_blank(a->section);
    case ND_TO_LANG:
        return nd_value_blank(a->lang);
    case ND_TO_URL:
        return nd_value_blank(a->url);
    case ND_TO_TAGS:
        return !a->tags.n;
    case ND_TO_PARTIAL:
        return !a->partial;
    case ND_TO_WITHDRAWN:
        return !a->withdrawn;
    default:
        return true;
    }
}

static int assign(struct filling *f, enum nd_target target, struct nd_str value)
{
    struct nd_json v = {.kind = ND_JSON_STRING, .text = value};
    bool taken;
    return store(f, target, &v, &taken);
}

struct path_fill {
    struct filling f;
    int rc;
    struct nd_str bad_date;
};

static void from_path(void *self, const char *field, size_t n, struct nd_str value)
{
    struct path_fill *p = self;
    enum nd_target t = nd_target_named(field, n);
    struct nd_date d;
    if (p->rc || !lacks(p->f.a, t))
        return;
    if ((t == ND_TO_PUBLISHED || t == ND_TO_UPDATED) && nd_date_parse(&d, value.p, value.n, NULL))
        p->bad_date = value;
    else
        p->rc = assign(&p->f, t, value);
}

int nd_fieldmap_finish(struct nd_fieldmap *m, struct nd_article *a, struct nd_arena *arena,
                       const char *path, struct nd_error *err)
{
    struct filling f = {m, a, arena};
    int rc = 0;
    for (size_t i = 0; i < m->given.sets_n && !rc; i++)
        rc = assign(&f, m->given.sets[i].target, m->given.sets[i].value);
    if (!rc && m->given.from_path) {
        struct path_fill p = {.f = f};
        nd_path_match(m->given.from_path, path, from_path, &p);
        rc = p.rc;
        if (!rc && p.bad_date.p)
            return nd_fail(err, ND_INPUT, "the path gives '%.*s' as a date, which is none",
                           p.bad_date.n > 60 ? 60 : (int)p.bad_date.n, p.bad_date.p);
    }
    for (size_t i = 0; i < m->given.fallbacks_n && !rc; i++)
        if (lacks(a, m->given.fallbacks[i].target))
            rc = assign(&f, m->given.fallbacks[i].target, m->given.fallbacks[i].value);
    return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
}
