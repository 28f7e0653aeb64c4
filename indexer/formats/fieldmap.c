#include "formats/fieldmap.h"
#include "base/map.h"

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

struct user_map {
    enum nd_target target;
    struct nd_str path;
};

struct assignment {
    enum nd_target target;
    struct nd_str value;
};

struct nd_fieldmap {
    struct user_map *maps;
    size_t maps_n;
    struct assignment *sets, *fallbacks;
    size_t sets_n, fallbacks_n;
    const char *from_path;
    struct nd_map keys; /* by path */
    struct seen *seen;  /* by number */
    size_t seen_cap;
    uint64_t bad_dates;
    uint8_t rank[ND_TARGETS]; /* of what the record has given so far */
};

/* The record that is being filled. */
struct filling {
    struct nd_fieldmap *m;
    struct nd_article *a;
    struct nd_arena *arena;
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory for the field map");
}

static int unknown_name(const char *option, const char *p, size_t n, struct nd_error *err)
{
    nd_fail(err, ND_USAGE, "'%.*s' in %s is not a field", n > 60 ? 60 : (int)n, p, option);
    nd_hint(err,
            "the fields are id version title lead body date updated author source section lang "
            "url tag person org place misc");
    return ND_USAGE;
}

static int add_map(struct nd_fieldmap *m, const char *text, struct nd_error *err)
{
    while (*text) {
        size_t n = strcspn(text, ",");
        const char *eq = memchr(text, '=', n);
        if (!eq || eq == text || eq + 1 == text + n) {
            nd_fail(err, ND_USAGE, "'%.60s' is not of the form OURS=THEIRS", text);
            nd_hint(err, "for example --map title=headline,body=content.text");
            return ND_USAGE;
        }
        struct user_map u = {nd_target_named(text, (size_t)(eq - text)),
                             {eq + 1, (size_t)(text + n - eq - 1)}};
        if (u.target == ND_TARGETS)
            return unknown_name("--map", text, (size_t)(eq - text), err);
        struct user_map *maps = reallocarray(m->maps, m->maps_n + 1, sizeof *maps);
        if (!maps)
            return no_memory(err);
        m->maps = maps;
        m->maps[m->maps_n++] = u;
        text += n + (text[n] == ',');
    }
    return 0;
}

static int add_assignments(struct assignment **out, size_t *out_n, const char *const *texts,
                           size_t n, const char *option, struct nd_error *err)
{
    if (!n)
        return 0;
    *out = calloc(n, sizeof **out);
    if (!*out)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *eq = strchr(texts[i], '=');
        if (!eq || eq == texts[i]) {
            nd_fail(err, ND_USAGE, "'%.60s' in %s is not of the form FIELD=VALUE", texts[i],
                    option);
            nd_hint(err, "for example %s source=\"The Sun\"", option);
            return ND_USAGE;
        }
        struct assignment s = {nd_target_named(texts[i], (size_t)(eq - texts[i])),
                               nd_str_of(eq + 1)};
        if (s.target == ND_TARGETS)
            return unknown_name(option, texts[i], (size_t)(eq - texts[i]), err);
        struct nd_date d;
        if ((s.target == ND_TO_PUBLISHED || s.target == ND_TO_UPDATED) &&
            nd_date_parse(&d, s.value.p, s.value.n, err)) {
            if (err)
                err->code = ND_USAGE;
            return ND_USAGE;
        }
        (*out)[(*out_n)++] = s;
    }
    return 0;
}

static int check_pattern(const char *pattern, struct nd_error *err)
{
    for (const char *p = pattern; p && (p = strchr(p, '{'));) {
        const char *close = strchr(p, '}');
        if (!close) {
            nd_fail(err, ND_USAGE, "'%.60s' in --from-path has no closing brace", p);
            nd_hint(err, "for example --from-path '{source}/{date}/{id}.txt'");
            return ND_USAGE;
        }
        if (nd_target_named(p + 1, (size_t)(close - p) - 1) == ND_TARGETS)
            return unknown_name("--from-path", p + 1, (size_t)(close - p) - 1, err);
        p = close;
    }
    return 0;
}

int nd_fieldmap_new(struct nd_fieldmap **out, const struct nd_fieldmap_options *o,
                    struct nd_error *err)
{
    *out = NULL;
    struct nd_fieldmap *m = calloc(1, sizeof *m);
    if (!m)
        return no_memory(err);
    int rc = nd_map_init(&m->keys, KEYS_BYTES);
    if (rc)
        rc = no_memory(err);
    for (size_t i = 0; i < o->map_n && !rc; i++)
        rc = add_map(m, o->map[i], err);
    if (!rc)
        rc = add_assignments(&m->sets, &m->sets_n, o->set, o->set_n, "--set", err);
    if (!rc)
        rc = add_assignments(&m->fallbacks, &m->fallbacks_n, o->fallback, o->fallback_n,
                             "--default", err);
    if (!rc)
        rc = check_pattern(o->from_path, err);
    m->from_path = o->from_path;
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
    free(m->maps);
    free(m->sets);
    free(m->fallbacks);
    free(m);
}

void nd_fieldmap_begin(struct nd_fieldmap *m)
{
    memset(m->rank, RANK_NONE, sizeof m->rank);
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
    for (size_t i = 0; i < m->maps_n; i++)
        if (nd_str_eq(m->maps[i].path, path))
            return (struct seen){.target = m->maps[i].target, .rank = 0};
    s.target = nd_target_known(key.p, key.n, &s.rank);
    if (s.target != ND_TARGETS)
        s.rank += 1 + (level ? RANK_INNER : 0);
    s.wrapper = is_wrapper(key);
    for (size_t i = 0; i < m->maps_n; i++) /* the user's a.b needs a */
        s.wrapper |= m->maps[i].path.n > path.n && m->maps[i].path.p[path.n] == '.' &&
                     !memcmp(m->maps[i].path.p, path.p, path.n);
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

/* The text in a value: of an object its name or text, of an array its first. Absent where there is none. */
static struct nd_str text_of(const struct nd_json *v, unsigned level)
{
    static const char *const inner[] = {"name",     "title", "text", "value", "main", "rendered",
                                        "original", "#text", "$t",   "$date", "$oid", "$numberLong",
                                        "content",  "label", "full", "url"};
    struct nd_str none = {0};
    if (v->kind == ND_JSON_STRING || v->kind == ND_JSON_NUMBER)
        return v->text;
    if (level == LEVELS)
        return none;
    if (v->kind == ND_JSON_ARRAY)
        return v->first ? text_of(v->first, level + 1) : none;
    for (size_t i = 0; v->kind == ND_JSON_OBJECT && i < sizeof inner / sizeof *inner; i++) {
        const struct nd_json *m = nd_json_get(v, inner[i]);
        struct nd_str s = m ? text_of(m, level + 1) : none;
        if (s.n)
            return s;
    }
    return none;
}

static bool is_blank(struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && s.p[i] != '\n' && s.p[i] != '\t' && s.p[i] != '\r')
            return false;
    return true;
}

/* An array of texts as paragraphs, anything else as text_of has it. */
static int paragraphs_of(struct nd_str *out, const struct nd_json *v, struct nd_arena *arena)
{
    size_t n = 0;
    *out = text_of(v, 0);
    if (v->kind != ND_JSON_ARRAY || !v->first || !v->first->next)
        return 0;
    for (const struct nd_json *m = v->first; m; m = m->next)
        n += text_of(m, 0).n + 2;
    char *p = nd_arena_alloc(arena, n + 1);
    if (!p)
        return ND_NOMEM;
    *out = (struct nd_str){p, 0};
    for (const struct nd_json *m = v->first; m; m = m->next) {
        struct nd_str s = text_of(m, 0);
        if (is_blank(s))
            continue;
        if (out->n) {
            memcpy(p + out->n, "\n\n", 2);
            out->n += 2;
        }
        memcpy(p + out->n, s.p, s.n);
        out->n += s.n;
    }
    return 0;
}

/* A person's name from an object that has it in parts. */
static struct nd_str whole_name(const struct nd_json *v, struct nd_arena *arena)
{
    static const char *const firsts[] = {"first", "firstname", "first_name", "given", "firstName"};
    static const char *const lasts[] = {"last", "lastname", "last_name", "family", "lastName"};
    const struct nd_json *a = NULL, *b = NULL;
    for (size_t i = 0; v->kind == ND_JSON_OBJECT && i < sizeof firsts / sizeof *firsts; i++) {
        a = a ? a : nd_json_get(v, firsts[i]);
        b = b ? b : nd_json_get(v, lasts[i]);
    }
    if (!a || !b || a->kind != ND_JSON_STRING || b->kind != ND_JSON_STRING)
        return text_of(v, 0);
    char *p = nd_arena_alloc(arena, a->text.n + 1 + b->text.n + 1);
    if (!p)
        return text_of(v, 0);
    memcpy(p, a->text.p, a->text.n);
    p[a->text.n] = ' ';
    memcpy(p + a->text.n + 1, b->text.p, b->text.n);
    return (struct nd_str){p, a->text.n + 1 + b->text.n};
}

/* Cut a text of several values at ; and |, or at commas where there are none of those. */
static size_t split(struct nd_str *out, size_t n, size_t max, struct nd_str s)
{
    const char *marks = memchr(s.p, ';', s.n) || memchr(s.p, '|', s.n) ? ";|" : ",";
    size_t from = 0;
    for (size_t i = 0; i <= s.n && n < max; i++) {
        if (i < s.n && !strchr(marks, s.p[i]))
            continue;
        if (i < s.n && !s.p[i])
            continue;
        struct nd_str part = {s.p + from, i - from};
        if (!is_blank(part))
            out[n++] = part;
        from = i + 1;
    }
    return n;
}

static int list_of(struct nd_strs *out, const struct nd_json *v, enum nd_target target,
                   struct nd_arena *arena)
{
    size_t room = ND_BYLINE_MAX, n = 0;
    bool authors = target == ND_TO_AUTHORS;
    for (const struct nd_json *m = v->kind == ND_JSON_ARRAY ? v->first : NULL; m; m = m->next)
        room += authors ? 4 : 1;
    struct nd_str *list = nd_arena_array(arena, room, sizeof *list);
    if (!list)
        return ND_NOMEM;
    if (v->kind == ND_JSON_ARRAY) {
        for (const struct nd_json *m = v->first; m && n < room; m = m->next) {
            struct nd_str s = authors ? whole_name(m, arena) : text_of(m, 0);
            if (is_blank(s))
                continue;
            if (!authors || room - n < ND_BYLINE_MAX)
                list[n++] = s;
            else
                n += nd_byline_split(list + n, 0, s);
        }
    } else {
        struct nd_str s = authors ? whole_name(v, arena) : text_of(v, 0);
        if (!is_blank(s))
            n = authors ? nd_byline_split(list, 0, s) : split(list, 0, room, s);
    }
    *out = (struct nd_strs){list, n};
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
    struct nd_str s = v ? text_of(v, 0) : (struct nd_str){0};
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
            *one = text_of(m, 0);
            names = (struct nd_strs){one, !is_blank(*one)};
            type = nd_json_get(m, "type");
            type = type ? type : nd_json_get(m, "label");
            type = type ? type : nd_json_get(m, "entity_type");
        } else {
            rc = list_of(&names, m, ND_TO_TAGS, f->arena);
        }
        if (!rc)
            rc = add_gold(f, type_of(type), &names);
    }
    return rc;
}

static bool is_true(const struct nd_json *v)
{
    if (v->kind == ND_JSON_BOOL)
        return v->truth;
    struct nd_str s = text_of(v, 0);
    return nd_str_eq(s, ND_STR("true")) || nd_str_eq(s, ND_STR("1")) || nd_str_eq(s, ND_STR("yes"));
}

/* Does the value say anything? */
static bool is_given(const struct nd_json *v)
{
    if (v->kind == ND_JSON_ARRAY || v->kind == ND_JSON_OBJECT)
        return v->first != NULL;
    return v->kind == ND_JSON_BOOL || (v->kind != ND_JSON_NULL && !is_blank(v->text));
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
        rc = paragraphs_of(&text, v, f->arena);
        *taken = text.n > 0;
        if (*taken)
            *(target == ND_TO_LEAD ? &a->lead : &a->body) = text;
        return rc;
    case ND_TO_PUBLISHED:
    case ND_TO_UPDATED:
        text = text_of(v, 0);
        *taken = text.n && !nd_date_parse(&date, text.p, text.n, NULL);
        if (*taken)
            *(target == ND_TO_PUBLISHED ? &a->published : &a->updated) = date;
        else
            f->m->bad_dates++;
        return 0;
    case ND_TO_AUTHORS:
    case ND_TO_TAGS:
        rc = list_of(&names, v, target, f->arena);
        *taken = names.n > 0;
        if (*taken)
            *(target == ND_TO_TAGS ? &a->tags : &a->authors) = names;
        return rc;
    case ND_TO_PERSONS:
    case ND_TO_ORGS:
    case ND_TO_PLACES:
    case ND_TO_MISC:
        rc = list_of(&names, v, target, f->arena);
        return rc ? rc
                  : add_gold(f, (enum nd_entity_type)(ND_PERSON + (target - ND_TO_PERSONS)),
                             &names);
    case ND_TO_ENTITIES:
        return entities(f, v);
    case ND_TO_PARTIAL:
        a->partial = is_true(v);
        return 0;
    case ND_TO_WITHDRAWN:
        a->withdrawn = is_true(v);
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
    text = text_of(v, 0);
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
    if (known.wrapper && v->kind == ND_JSON_OBJECT && level < LEVELS)
        return members(f, v, path, level + 1);
    if (known.target == ND_TARGETS) {
        s->unknown++;
        return 0;
    }
    if (known.target == ND_TO_NOTHING || known.rank > m->rank[known.target] || !is_given(v))
        return 0;
    rc = store(f, known.target, v, &taken);
    bool collects = known.target >= ND_TO_PERSONS;
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
        return is_blank(a->id);
    case ND_TO_VERSION:
        return is_blank(a->version);
    case ND_TO_TITLE:
        return is_blank(a->title);
    case ND_TO_LEAD:
        return is_blank(a->lead);
    case ND_TO_BODY:
        return is_blank(a->body);
    case ND_TO_PUBLISHED:
        return a->published.precision == ND_DATE_NONE;
    case ND_TO_UPDATED:
        return a->updated.precision == ND_DATE_NONE;
    case ND_TO_AUTHORS:
        return !a->authors.n;
    case ND_TO_SOURCE:
        return is_blank(a->source);
    case ND_TO_SECTION:
        return is_blank(a->section);
    case ND_TO_LANG:
        return is_blank(a->lang);
    case ND_TO_URL:
        return is_blank(a->url);
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
    for (size_t i = 0; i < m->sets_n && !rc; i++)
        rc = assign(&f, m->sets[i].target, m->sets[i].value);
    if (!rc && m->from_path) {
        struct path_fill p = {.f = f};
        nd_path_match(m->from_path, path, from_path, &p);
        rc = p.rc;
        if (!rc && p.bad_date.p)
            return nd_fail(err, ND_INPUT, "the path gives '%.*s' as a date, which is none",
                           p.bad_date.n > 60 ? 60 : (int)p.bad_date.n, p.bad_date.p);
    }
    for (size_t i = 0; i < m->fallbacks_n && !rc; i++)
        if (lacks(a, m->fallbacks[i].target))
            rc = assign(&f, m->fallbacks[i].target, m->fallbacks[i].value);
    return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
}
