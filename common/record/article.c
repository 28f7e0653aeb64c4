#include "record/article.h"
#include "text/json.h"

#include <string.h>

static const struct nd_str type_names[ND_ENTITY_TYPES] = {[ND_PERSON] = {"person", 6},
                                                          [ND_ORG] = {"org", 3},
                                                          [ND_PLACE] = {"place", 5},
                                                          [ND_MISC] = {"misc", 4}};

struct nd_str nd_entity_type_name(enum nd_entity_type type)
{
    return type_names[(unsigned)type < ND_ENTITY_TYPES ? type : ND_MISC];
}

struct nd_str nd_article_field(const struct nd_article *a, unsigned field)
{
    switch (field) {
    case ND_FIELD_TITLE:
        return a->title;
    case ND_FIELD_LEAD:
        return a->lead;
    case ND_FIELD_BODY:
        return a->body;
    default:
        return (struct nd_str){0};
    }
}

/* "key": with the comma that parts it from what stands before. */
static void put_key(struct nd_buf *out, const char *key)
{
    if (out->len && out->data[out->len - 1] != '{')
        nd_buf_byte(out, ',');
    nd_buf_byte(out, '"');
    nd_buf_str(out, key);
    nd_buf_str(out, "\":");
}

static void put_text(struct nd_buf *out, const char *key, struct nd_str s)
{
    if (!s.p)
        return;
    put_key(out, key);
    nd_json_str(out, s.p, s.n);
}

static void put_date(struct nd_buf *out, const char *key, const struct nd_date *d)
{
    if (d->precision == ND_DATE_NONE)
        return;
    put_key(out, key);
    nd_buf_byte(out, '"');
    nd_date_format(out, d);
    nd_buf_byte(out, '"');
}

static void put_list(struct nd_buf *out, const char *key, const struct nd_strs *list)
{
    if (!list->n)
        return;
    put_key(out, key);
    nd_buf_byte(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            nd_buf_byte(out, ',');
        nd_json_str(out, list->v[i].p, list->v[i].n);
    }
    nd_buf_byte(out, ']');
}

static void put_gold(struct nd_buf *out, const struct nd_article *a)
{
    if (!a->gold_n)
        return;
    put_key(out, "entities");
    nd_buf_byte(out, '[');
    for (size_t i = 0; i < a->gold_n; i++) {
        nd_buf_str(out, i ? ",{" : "{");
        put_text(out, "type", nd_entity_type_name(a->gold[i].type));
        put_text(out, "name", a->gold[i].name);
        nd_buf_byte(out, '}');
    }
    nd_buf_byte(out, ']');
}

static void put_origin(struct nd_buf *out, const struct nd_origin *o)
{
    if (!o->file.p)
        return;
    put_key(out, "origin");
    nd_buf_byte(out, '{');
    put_text(out, "file", o->file);
    put_text(out, "member", o->member);
    put_key(out, "offset");
    nd_buf_printf(out, "%llu", (unsigned long long)o->offset);
    put_key(out, "length");
    nd_buf_printf(out, "%llu}", (unsigned long long)o->length);
}

int nd_article_json(struct nd_buf *out, const struct nd_article *a, bool with_origin)
{
    nd_buf_byte(out, '{');
    put_text(out, "id", a->id);
    put_text(out, "version", a->version);
    put_text(out, "title", a->title);
    put_text(out, "lead", a->lead);
    put_text(out, "body", a->body);
    put_date(out, "published", &a->published);
    put_date(out, "updated", &a->updated);
    put_list(out, "authors", &a->authors);
    put_text(out, "source", a->source);
    put_text(out, "section", a->section);
    put_text(out, "lang", a->lang);
    put_text(out, "url", a->url);
    put_list(out, "tags", &a->tags);
    if (a->partial) {
        put_key(out, "partial");
        nd_buf_str(out, "true");
    }
    if (a->withdrawn) {
        put_key(out, "withdrawn");
        nd_buf_str(out, "true");
    }
    put_gold(out, a);
    if (with_origin)
        put_origin(out, &a->origin);
    return nd_buf_byte(out, '}');
}

int nd_article_with_origin(struct nd_buf *out, struct nd_str json, const struct nd_origin *o)
{
    if (json.n < 2)
        return ND_INTERNAL;
    nd_buf_add(out, json.p, json.n - 1);
    put_origin(out, o);
    return nd_buf_byte(out, '}');
}

int nd_line_json(struct nd_buf *out, const struct nd_article *a)
{
    nd_buf_byte(out, '{');
    put_text(out, "id", a->id);
    put_text(out, "title", a->title);
    put_date(out, "date", &a->published);
    put_text(out, "source", a->source);
    put_text(out, "url", a->url);
    return nd_buf_byte(out, '}');
}

/* What goes into a member of the struct, by key. */
enum field_kind {
    TEXT,
    DATE,
    LIST,
    FLAG
};

struct field {
    const char *key;
    enum field_kind kind;
    size_t at; /* offset in struct nd_article */
};

#define AT(member) offsetof(struct nd_article, member)
static const struct field fields[] = {
    {"id", TEXT, AT(id)},
    {"version", TEXT, AT(version)},
    {"title", TEXT, AT(title)},
    {"lead", TEXT, AT(lead)},
    {"body", TEXT, AT(body)},
    {"published", DATE, AT(published)},
    {"updated", DATE, AT(updated)},
    {"authors", LIST, AT(authors)},
    {"source", TEXT, AT(source)},
    {"section", TEXT, AT(section)},
    {"lang", TEXT, AT(lang)},
    {"url", TEXT, AT(url)},
    {"tags", LIST, AT(tags)},
    {"partial", FLAG, AT(partial)},
    {"withdrawn", FLAG, AT(withdrawn)},
};

struct reading {
    struct nd_arena *arena;
    struct nd_error *err;
};

static int wrong(const struct reading *r, const char *key)
{
    return nd_fail(r->err, ND_CORRUPT, "the stored record has a wrong value for '%s'", key);
}

static int no_memory(const struct reading *r)
{
    return nd_fail(r->err, ND_NOMEM, "out of memory for a stored record");
}

static int get_text(const struct reading *r, struct nd_str *out, const struct nd_json *v,
                    const char *key)
{
    if (v->kind != ND_JSON_STRING)
        return wrong(r, key);
    *out = nd_arena_str(r->arena, v->text.p ? v->text.p : "", v->text.n);
    return out->p ? 0 : no_memory(r);
}

static size_t children(const struct nd_json *v)
{
    size_t n = 0;
    for (const struct nd_json *m = v->first; m; m = m->next)
        n++;
    return n;
}

static int get_list(const struct reading *r, struct nd_strs *out, const struct nd_json *v,
                    const char *key)
{
    if (v->kind != ND_JSON_ARRAY)
        return wrong(r, key);
    *out = (struct nd_strs){0};
    size_t n = children(v);
    if (!n)
        return 0;
    out->v = nd_arena_array(r->arena, n, sizeof *out->v);
    if (!out->v)
        return no_memory(r);
    for (const struct nd_json *m = v->first; m; m = m->next) {
        int rc = get_text(r, &out->v[out->n++], m, key);
        if (rc)
            return rc;
    }
    return 0;
}

static int get_gold(const struct reading *r, struct nd_article *a, const struct nd_json *v)
{
    if (v->kind != ND_JSON_ARRAY)
        return wrong(r, "entities");
    size_t n = children(v);
    a->gold_n = 0;
    a->gold = n ? nd_arena_array(r->arena, n, sizeof *a->gold) : NULL;
    if (n && !a->gold)
        return no_memory(r);
    for (const struct nd_json *m = v->first; m; m = m->next) {
        const struct nd_json *type = nd_json_get(m, "type"), *name = nd_json_get(m, "name");
        struct nd_gold *g = &a->gold[a->gold_n];
        unsigned t = 0;
        if (!type || !name)
            return wrong(r, "entities");
        while (t < ND_ENTITY_TYPES && !nd_str_eq(type->text, type_names[t]))
            t++;
        if (t == ND_ENTITY_TYPES)
            return wrong(r, "entities");
        g->type = (enum nd_entity_type)t;
        int rc = get_text(r, &g->name, name, "entities");
        if (rc)
            return rc;
        a->gold_n++;
    }
    return 0;
}

static int get_number(const struct reading *r, uint64_t *out, const struct nd_json *v)
{
    uint64_t n = 0;
    *out = 0;
    if (!v)
        return 0;
    if (v->kind != ND_JSON_NUMBER || !v->text.n || v->text.n > 19)
        return wrong(r, "origin");
    for (size_t i = 0; i < v->text.n; i++) {
        if (v->text.p[i] < '0' || v->text.p[i] > '9')
            return wrong(r, "origin");
        n = n * 10 + (uint64_t)(v->text.p[i] - '0');
    }
    *out = n;
    return 0;
}

static int get_origin(const struct reading *r, struct nd_origin *out, const struct nd_json *v)
{
    if (v->kind != ND_JSON_OBJECT)
        return wrong(r, "origin");
    const struct nd_json *file = nd_json_get(v, "file"), *member = nd_json_get(v, "member");
    int rc = file ? get_text(r, &out->file, file, "origin") : 0;
    if (!rc && member)
        rc = get_text(r, &out->member, member, "origin");
    if (!rc)
        rc = get_number(r, &out->offset, nd_json_get(v, "offset"));
    if (!rc)
        rc = get_number(r, &out->length, nd_json_get(v, "length"));
    return rc;
}

static int get_date(const struct reading *r, struct nd_date *out, const struct nd_json *v,
                    const char *key)
{
    if (v->kind != ND_JSON_STRING || nd_date_parse(out, v->text.p, v->text.n, NULL))
        return wrong(r, key);
    return 0;
}

static int get_field(const struct reading *r, struct nd_article *out, const struct nd_json *v)
{
    struct nd_str key = v->key;
    if (nd_str_eq(key, ND_STR("entities")))
        return get_gold(r, out, v);
    if (nd_str_eq(key, ND_STR("origin")))
        return get_origin(r, &out->origin, v);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct field *f = &fields[i];
        void *at = (char *)out + f->at;
        if (strlen(f->key) != key.n || memcmp(f->key, key.p, key.n))
            continue;
        switch (f->kind) {
        case TEXT:
            return get_text(r, at, v, f->key);
        case DATE:
            return get_date(r, at, v, f->key);
        case LIST:
            return get_list(r, at, v, f->key);
        case FLAG:
            if (v->kind != ND_JSON_BOOL)
                return wrong(r, f->key);
            *(bool *)at = v->truth;
            return 0;
        }
    }
    return 0; /* a key of a later version */
}

int nd_article_parse(struct nd_article *out, struct nd_arena *arena, const char *p, size_t n,
                     struct nd_error *err)
{
    struct reading r = {arena, err};
    struct nd_json_parser *parser = NULL;
    struct nd_json *root = NULL;
    struct nd_error why = {0};
    *out = (struct nd_article){.published = {.zone = ND_ZONE_NONE, .utc = ND_UTC_NONE},
                               .updated = {.zone = ND_ZONE_NONE, .utc = ND_UTC_NONE}};
    int rc = nd_json_parser_new(&parser, err);
    if (rc)
        return rc;
    rc = nd_json_parse(parser, &root, arena, p, n, &why);
    if (rc == ND_NOMEM)
        rc = no_memory(&r);
    else if (rc)
        rc = nd_fail(err, ND_CORRUPT, "the stored record is %s", why.msg);
    else if (root->kind != ND_JSON_OBJECT)
        rc = nd_fail(err, ND_CORRUPT, "the stored record is not a JSON object");
    for (const struct nd_json *m = root ? root->first : NULL; m && !rc; m = m->next)
        rc = get_field(&r, out, m);
    nd_json_parser_free(parser);
    return rc;
}
