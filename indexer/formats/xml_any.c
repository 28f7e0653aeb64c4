/* Any XML by the user's word: --record says which element is an article, --map which paths below it are which members.
 * What is not mapped goes by its name as the keys of JSON do: attributes of the record, elements of text alone, those in
 * a head. The file is read in a stream; one record at a time is held. */
#include "formats/feed.h"
#include "formats/fieldmap.h"
#include "formats/fill.h"
#include "formats/html.h"
#include "formats/newsxml.h"
#include "formats/reader.h"
#include "formats/xml_path.h"
#include "input/sniff.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEYS_MAX = 200, /* of a record by their names; more are left out */
    USED_MAX = 64,
    LEVELS = 3, /* of elements that merely wrap members */
    SEEN_MAX = 6
};

struct rule {
    enum nd_target target;
    struct nd_str path;
    struct nd_xml_way way;
};

struct any_reader {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_xml_in *xml;
    struct nd_str prefix, name; /* of the record's element */
    struct rule *rules;
    size_t rules_n;
    bool any, ended; /* records came; the end was told */
};

/* A record on its way to being an object as JSON has it. */
struct member {
    struct nd_json value;
    struct nd_json *tail; /* of an array */
};

struct building {
    struct nd_arena *arena;
    struct nd_json object;
    struct member *last;
    unsigned keys;
    enum nd_target target;       /* of the rule at hand */
    struct nd_str key;           /* its path */
    const struct nd_xml *record; /* all of it */
    const struct nd_xml
        *used[USED_MAX]; /* what rules have led to; of siblings of one name the first */
    unsigned used_n;
};

static struct member *member_of(struct building *b, struct nd_str key)
{
    if (b->last && nd_str_eq(b->last->value.key, key))
        return b->last;
    for (struct nd_json *v = b->object.first; v; v = v->next)
        if (nd_str_eq(v->key, key))
            return b->last = (struct member *)v;
    struct member *m = b->keys < KEYS_MAX ? nd_arena_alloc(b->arena, sizeof *m) : NULL;
    if (!m)
        return NULL;
    *m = (struct member){.value = {.kind = ND_JSON_NULL, .key = key}};
    struct nd_json **end = &b->object.first;
    while (*end)
        end = &(*end)->next;
    *end = &m->value;
    b->keys++;
    return b->last = m;
}

/* One more value of a key: the first is a text, several are an array. Fails: ND_NOMEM. */
static int put(struct building *b, struct nd_str key, struct nd_str text)
{
    text = nd_trim(text);
    if (!key.n || !text.n)
        return 0;
    struct member *m = member_of(b, key);
    if (!m)
        return b->keys < KEYS_MAX ? ND_NOMEM : 0;
    if (m->value.kind == ND_JSON_NULL) {
        m->value.kind = ND_JSON_STRING;
        m->value.text = text;
        return 0;
    }
    if (m->value.kind == ND_JSON_STRING) {
        struct nd_json *one = nd_arena_alloc(b->arena, sizeof *one);
        if (!one)
            return ND_NOMEM;
        *one = (struct nd_json){.kind = ND_JSON_STRING, .text = m->value.text};
        m->value.kind = ND_JSON_ARRAY;
        m->value.first = m->tail = one;
    }
    struct nd_json *more = nd_arena_alloc(b->arena, sizeof *more);
    if (!more)
        return ND_NOMEM;
    *more = (struct nd_json){.kind = ND_JSON_STRING, .text = text};
    m->tail = m->tail->next = more;
    return 0;
}

/* Text of an element as its target wants it; markup inside a text, as CDATA has it, is markup. */
static struct nd_str text_of(const struct nd_xml *e, enum nd_target target, struct nd_arena *arena)
{
    bool block = target == ND_TO_BODY || target == ND_TO_LEAD;
    bool leaf = e->first && e->first == e->last && e->first->text.n;
    if (leaf && (block || target == ND_TO_TITLE) && nd_html_looks(e->first->text))
        return nd_html_fragment(arena, e->first->text);
    if (block && leaf) /* its line ends may part paragraphs: the cleaner looks */
        return e->first->text;
    return block ? nd_xml_paragraphs(e, " script style ", arena) : nd_xml_line(e, arena);
}

/* The text of an element, or of the attribute that stands for it: <date value="2001-01-01"/>. */
static struct nd_str said(const struct nd_xml *e, enum nd_target target, struct nd_arena *arena)
{
    static const char *const names[] = {"value", "content", "norm", "href",
                                        "when",  "iso",     "date", "datetime"};
    struct nd_str s = nd_trim(text_of(e, target, arena));
    for (size_t i = 0; i < sizeof names / sizeof *names && !s.n; i++)
        s = nd_trim(nd_xml_get(e, names[i]));
    return s;
}

static bool has_elements(const struct nd_xml *e)
{
    for (const struct nd_xml *c = e->first; c; c = c->next)
        if (c->name.n)
            return true;
    return false;
}

/* <field name="title">: the key is the attribute. */
static struct nd_str key_of(const struct nd_xml *e)
{
    static const char *const names[] = {"field", "meta", "property", "param",
                                        "str",   "arr",  "value",    "attribute"};
    struct nd_str name = nd_xml_get(e, "name");
    for (size_t i = 0; i < sizeof names / sizeof *names && name.n; i++)
        if (nd_str_is(e->name, names[i]))
            return name;
    return e->name;
}

static int found(void *ctx, const struct nd_xml *e, struct nd_str value)
{
    struct building *b = ctx;
    const struct nd_xml *last = b->used_n ? b->used[b->used_n - 1] : NULL;
    bool again = last && last->parent == e->parent && nd_str_eq(last->name, e->name) &&
                 nd_str_eq(key_of(e), e->name);
    if (!again && b->used_n < USED_MAX)
        b->used[b->used_n++] = e;
    return put(b, b->key, value.n ? value : said(e, b->target, b->arena));
}

/* The user's paths; of several for one member the first that leads to something counts. */
static int by_rules(struct building *b, const struct any_reader *r)
{
    bool got[ND_TARGETS] = {false};
    int rc = 0;
    for (size_t i = 0; i < r->rules_n && !rc; i++) {
        const struct rule *u = &r->rules[i];
        if (got[u->target] && u->target < ND_TO_PERSONS)
            continue;
        unsigned before = b->keys;
        b->target = u->target;
        b->key = u->path;
        rc = nd_xml_path_each(&u->way, b->record, found, b);
        got[u->target] |= b->keys > before;
    }
    return rc;
}

/* Has a rule taken the element, or others of its name beside it; or, with `inside`, something in it? */
static bool is_used(const struct building *b, const struct nd_xml *e, bool inside)
{
    for (unsigned i = 0; i < b->used_n; i++) {
        const struct nd_xml *u = b->used[i];
        if (u == e || (u->parent == e->parent && nd_str_eq(u->name, e->name) &&
                       nd_str_eq(key_of(e), e->name)))
            return true;
        while (inside && u && u != e)
            u = u->parent;
        if (inside && u)
            return true;
    }
    return false;
}

/* Elements that hold members and are none: <head>, <metadata>. */
static bool wraps(const struct nd_xml *e)
{
    static const char *const names[] = {"head",     "header", "meta",    "metadata", "info",
                                        "docdata",  "fields", "data",    "article",  "properties",
                                        "document", "front",  "content", "newsitem"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nd_str_is(e->name, names[i]))
            return true;
    return false;
}

static int by_names(struct building *b, const struct nd_xml *parent, unsigned level);

static int by_name(struct building *b, const struct nd_xml *e, unsigned level)
{
    struct nd_str key = key_of(e);
    unsigned rank;
    enum nd_target t = nd_target_known(key.p, key.n, &rank);
    bool block = t == ND_TO_BODY || t == ND_TO_LEAD, inner = has_elements(e);
    if (inner && !block && wraps(e) && level < LEVELS)
        return by_names(b, e, level + 1);
    if (is_used(b, e, true))
        return 0;
    if (!inner || block || t == ND_TARGETS)
        return put(b, key, said(e, t, b->arena));
    int rc = 0; /* <authors><author>A</author><author>B</author></authors> */
    for (const struct nd_xml *c = e->first; c && !rc; c = c->next)
        if (c->name.n)
            rc = put(b, key, said(c, t, b->arena));
    return rc;
}

static int by_names(struct building *b, const struct nd_xml *parent, unsigned level)
{
    int rc = 0;
    for (const struct nd_xml_attr *a = level ? NULL : parent->attr; a && !rc; a = a->next)
        if (!nd_str_eq(a->prefix, ND_STR("xsi")) && !nd_str_eq(a->name, ND_STR("space")))
            rc = put(b, a->name, a->value);
    for (const struct nd_xml *e = parent->first; e && !rc; e = e->next)
        if (e->name.n && !is_used(b, e, false))
            rc = by_name(b, e, level);
    if (!rc && !level && !has_elements(parent))
        rc = put(b, ND_STR("text"), text_of(parent, ND_TO_BODY, b->arena));
    return rc;
}

static int any_bid(const char *p, size_t n, const char *filename)
{
    char room[4096];
    size_t i = n > 3 && !memcmp(p, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (i < n && strchr(" \t\r\n", p[i]) && p[i])
        i++;
    bool xml = n - i > 5 && !memcmp(p + i, "<?xml", 5);
    if (!xml && !(i < n && p[i] == '<' && nd_sniff_named(filename, " .xml ")))
        return ND_BID_NEVER;
    return nd_xml_root_name(p, n, room, sizeof room).n ? ND_BID_FALLBACK : ND_BID_NEVER;
}

static void any_close(void *self)
{
    struct any_reader *r = self;
    if (!r)
        return;
    nd_xml_close(r->xml);
    free(r->rules);
    free(r);
}

static enum nd_xml_want is_record(void *ctx, const struct nd_xml *e, unsigned depth)
{
    const struct any_reader *r = ctx;
    (void)depth;
    return nd_str_eq(e->name, r->name) && (!r->prefix.n || nd_str_eq(e->prefix, r->prefix))
               ? ND_XML_RECORD
               : ND_XML_ENTER;
}

/* What a file holds, for those who did not say which element is an article. */
struct tally {
    struct nd_str root, name[SEEN_MAX];
    unsigned count[SEEN_MAX], n;
};

static enum nd_xml_want count_elements(void *ctx, const struct nd_xml *e, unsigned depth)
{
    struct tally *t = ctx;
    if (depth == 1)
        t->root = e->name; /* the arena outlives the tally */
    if (depth < 2)
        return ND_XML_ENTER;
    unsigned i = 0;
    while (i < t->n && !nd_str_eq(t->name[i], e->name))
        i++;
    if (i < SEEN_MAX) {
        t->n += i == t->n;
        t->name[i] = e->name;
        t->count[i]++;
    }
    return ND_XML_PASS;
}

/* The first bytes, looked at for the elements below the root. Return: ND_INPUT, with them in the message. */
static int no_record(const char *p, size_t n, size_t record_max, struct nd_error *err)
{
    struct tally t = {0};
    struct nd_stream in;
    struct nd_arena arena;
    struct nd_buf list;
    struct nd_xml_in *x = NULL;
    struct nd_xml *e;
    uint64_t offset, length, repairs = 0;
    struct nd_xml_options o = {
        .ask = count_elements, .ctx = &t, .record_max = record_max, .repairs = &repairs};
    nd_arena_init(&arena, 16 << 20);
    nd_buf_init(&list, 4096);
    nd_stream_memory(&in, p, n);
    if (!nd_xml_open(&x, &in, &o, NULL))
        nd_xml_next(x, &e, &arena, &offset, &length, NULL);
    for (unsigned i = 0; i < t.n; i++)
        nd_buf_printf(&list, "%s%.*s (%u)", i ? ", " : "", t.name[i].n > 40 ? 40 : (int)t.name[i].n,
                      t.name[i].p, t.count[i]);
    nd_fail(
        err, ND_INPUT,
        "XML of no known format: --record NAME says which element is an article; below '%.*s': %s",
        t.root.n > 40 ? 40 : (int)t.root.n, t.root.n ? t.root.p : "",
        list.len ? list.data : "nothing");
    nd_xml_close(x);
    nd_stream_free(&in);
    nd_buf_free(&list);
    nd_arena_free(&arena);
    return ND_INPUT;
}

static int read_rules(struct any_reader *r, struct nd_error *err)
{
    struct nd_str path;
    enum nd_target target;
    size_t n = 0;
    int rc = 0;
    while (nd_fieldmap_user(r->how.map, n, &target, &path))
        n++;
    r->rules = n ? calloc(n, sizeof *r->rules) : NULL;
    if (n && !r->rules)
        return nd_fail(err, ND_NOMEM, "out of memory to read XML");
    for (; r->rules_n < n && !rc; r->rules_n++) {
        struct rule *u = &r->rules[r->rules_n];
        nd_fieldmap_user(r->how.map, r->rules_n, &u->target, &u->path);
        rc = nd_xml_path_parse(&u->way, u->path, err);
    }
    return rc;
}

static int any_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                    struct nd_error *err)
{
    struct nd_str record = nd_fieldmap_record(reading->map);
    const char *p;
    size_t n;
    *out = NULL;
    if (!record.n) {
        int rc = nd_stream_peek(in, ND_SNIFF_BYTES, &p, &n, err);
        return rc ? rc : no_record(p, n, reading->record_max, err);
    }
    struct any_reader *r = calloc(1, sizeof *r);
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read XML");
    const char *colon = memchr(record.p, ':', record.n);
    r->in = in;
    r->how = *reading;
    r->prefix = colon ? (struct nd_str){record.p, (size_t)(colon - record.p)} : (struct nd_str){0};
    r->name =
        colon ? (struct nd_str){colon + 1, record.n - (size_t)(colon + 1 - record.p)} : record;
    struct nd_xml_options options = {
        .ask = is_record, .ctx = r, .record_max = reading->record_max, .repairs = reading->repairs};
    int rc = read_rules(r, err);
    if (!rc)
        rc = nd_xml_open(&r->xml, in, &options, err);
    if (rc)
        any_close(r);
    else
        *out = r;
    return rc;
}

static int at_end(struct any_reader *r, struct nd_error *err)
{
    int rc = nd_stream_failed(r->in, err);
    if (rc || r->any || r->ended)
        return rc ? rc : ND_DONE;
    r->ended = true;
    return nd_fail(err, ND_INPUT, "there is no element '%.*s' in the file",
                   r->name.n > 60 ? 60 : (int)r->name.n, r->name.p);
}

static int any_next(void *self, struct nd_article *out, struct nd_arena *arena,
                    struct nd_error *err)
{
    struct any_reader *r = self;
    struct nd_xml *e;
    int rc = nd_xml_next(r->xml, &e, arena, &out->origin.offset, &out->origin.length, err);
    if (rc == ND_DONE)
        return at_end(r, err);
    r->any = true; /* a bad one too */
    if (rc)
        return rc;
    struct building b = {.arena = arena, .object = {.kind = ND_JSON_OBJECT}, .record = e};
    rc = by_rules(&b, r);
    if (!rc)
        rc = by_names(&b, e, 0);
    if (!rc)
        rc = nd_fieldmap_json(r->how.map, out, arena, &b.object);
    return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
}

const struct nd_reader nd_reader_xml = {
    .name = "xml",
    .summary = "any XML: --record names the element of an article, --map the paths of its fields",
    .extensions = " .xml ",
    .bid = any_bid,
    .open = any_open,
    .next = any_next,
    .close = any_close,
};
