#include "formats/ninjs.h"
#include "formats/fill.h"
#include "formats/html.h"
#include "formats/newsxml.h"

#include <string.h>

/* The member of one of several names, in the order given; parted by blanks. */
static const struct nd_json *get(const struct nd_json *o, const char *names)
{
    while (*names) {
        size_t k = strcspn(names, " ");
        for (const struct nd_json *m = o->first; m; m = m->next)
            if (m->key.n == k && !memcmp(m->key.p, names, k))
                return m;
        names += k + (names[k] == ' ');
    }
    return NULL;
}

static struct nd_str text(const struct nd_json *o, const char *names)
{
    const struct nd_json *m = o && o->kind == ND_JSON_OBJECT ? get(o, names) : NULL;
    return m && (m->kind == ND_JSON_STRING || m->kind == ND_JSON_NUMBER) ? m->text
                                                                         : (struct nd_str){0};
}

/* The entry of a list with a role, else the first. */
static const struct nd_json *by_role(const struct nd_json *list, const char *role)
{
    const struct nd_json *first = list && list->kind == ND_JSON_ARRAY ? list->first : NULL;
    for (const struct nd_json *m = first; m; m = m->next)
        if (nd_str_is(text(m, "role"), role))
            return m;
    return first;
}

static enum nd_xml_want take_all(void *ctx, const struct nd_xml *e, unsigned depth)
{
    (void)ctx, (void)e, (void)depth;
    return ND_XML_RECORD;
}

/* A body that is NITF, in a text. */
static int nitf_body(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                     struct nd_str s)
{
    struct nd_stream in;
    struct nd_xml_in *x = NULL;
    struct nd_xml *e = NULL;
    uint64_t repairs = 0, offset, length;
    struct nd_xml_options o = {
        .ask = take_all, .recover = true, .record_max = s.n + 1, .repairs = &repairs};
    nd_stream_memory(&in, s.p, s.n);
    int rc = nd_xml_open(&x, &in, &o, NULL);
    if (!rc)
        rc = nd_xml_next(x, &e, arena, &offset, &length, NULL);
    if (!rc && nd_xml_is(e, "nitf"))
        rc = nd_nitf_fill(a, arena, map, e);
    else if (!rc)
        rc = nd_put(a, arena, map, "body", nd_xhtml_text(e, arena));
    nd_xml_close(x);
    nd_stream_free(&in);
    return rc == ND_NOMEM ? rc : 0;
}

/* Markup has the paragraphs, which the plain text often has lost. */
static int body(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                const struct nd_json *r)
{
    const struct nd_json *list = get(r, "bodies"), *best = NULL;
    struct nd_str s = text(r, "body_xhtml body_html body_nitf body_text body_main body_plain");
    int high = -1;
    for (const struct nd_json *m = list && list->kind == ND_JSON_ARRAY ? list->first : NULL; m;
         m = m->next) {
        struct nd_str type = text(m, "contentType contenttype"), value = text(m, "value");
        bool html = type.n && memmem(type.p, type.n, "html", 4),
             nitf = type.n && memmem(type.p, type.n, "nitf", 4);
        int rank = !nd_trim(value).n ? -1
                                     : (html   ? 4
                                        : nitf ? 3
                                               : 1) +
                                           nd_str_is(text(m, "role"), "main");
        if (rank > high) {
            high = rank;
            best = m;
        }
    }
    for (const struct nd_json *m = r->first; m && !s.n && !best; m = m->next)
        if (m->kind == ND_JSON_STRING && nd_str_begins(m->key, "body_"))
            s = m->text;
    s = best ? text(best, "value") : s;
    if (!nd_trim(s).n)
        return 0;
    if (memmem(s.p, s.n, "<body.content", 13) || memmem(s.p, s.n, "<nitf", 5))
        return nitf_body(a, arena, map, s);
    return nd_put(a, arena, map, "body", nd_html_fragment(arena, s));
}

/* Names of a list of concepts: entities of a type, or tags. */
static int concepts(struct nd_article *a, struct nd_arena *arena, const struct nd_json *list,
                    int type)
{
    int rc = 0;
    for (const struct nd_json *m = list && list->kind == ND_JSON_ARRAY ? list->first : NULL;
         m && !rc; m = m->next) {
        struct nd_str name = text(m, "name");
        name = name.n ? name : text(m, "literal code");
        rc = type < 0 ? nd_list_add(&a->tags, arena, name)
                      : nd_gold_add(a, arena, (enum nd_entity_type)type, name);
    }
    return rc;
}

static int all_concepts(struct nd_article *a, struct nd_arena *arena, const struct nd_json *r)
{
    static const struct {
        const char *names;
        int type; /* -1: tags */
    } lists[] = {{"people person", ND_PERSON}, {"organisations organisation", ND_ORG},
                 {"places place", ND_PLACE},   {"events event", ND_MISC},
                 {"objects object", ND_MISC},  {"subjects subject", -1},
                 {"genres genre", -1}};
    int rc = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !rc; i++)
        rc = concepts(a, arena, get(r, lists[i].names), lists[i].type);
    if (!rc)
        rc = nd_gold_add(a, arena, ND_PLACE, text(r, "located"));
    return rc ? rc : nd_list_add(&a->tags, arena, text(r, "slugline"));
}

static int facts(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_json *r)
{
    const struct nd_json *heads = get(r, "headlines"), *leads = get(r, "descriptions");
    const struct nd_json *lead = by_role(leads, "lead"),
                         *info = get(r, "infoSources infosources infosource");
    struct nd_str title = heads ? text(by_role(heads, "main"), "value")
                                : text(r, "headline headline_main"),
                  source;
    title = title.n ? title : text(r, "title");
    struct nd_str about = lead ? text(lead, "value")
                               : text(r, "description_text description_summary description_html");
    source = text(info && info->kind == ND_JSON_ARRAY ? info->first : NULL, "name");
    struct nd_str status = text(r, "pubStatus pubstatus"), uri = text(r, "uri");
    struct nd_str kind = text(r, "representationType representationtype");
    const struct {
        const char *key;
        struct nd_str value;
    } put[] = {{"id", uri},
               {"version", text(r, "version")},
               {"title", nd_html_line(arena, title)},
               {"lead", nd_html_fragment(arena, about)},
               {"updated", text(r, "versionCreated versioncreated")},
               {"published", text(r, "firstCreated firstcreated contentCreated contentcreated "
                                     "versionCreated versioncreated")},
               {"source", source.n ? source : text(r, "copyrightHolder copyrightholder")},
               {"lang", text(r, "language")},
               {"url", nd_str_begins(uri, "http") ? uri : (struct nd_str){0}}};
    int rc = 0;
    for (size_t i = 0; i < sizeof put / sizeof *put && !rc; i++)
        rc = nd_put(a, arena, map, put[i].key, put[i].value);
    a->withdrawn = nd_str_is(status, "canceled") || nd_str_is(status, "withheld");
    a->partial = nd_str_is(kind, "partial") || nd_str_is(kind, "incomplete");
    return rc ? rc : nd_authors_add(&a->authors, arena, text(r, "by byline"));
}

int nd_ninjs_fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                  const struct nd_json *r, struct nd_error *err)
{
    int rc = nd_ninjs_check(r, err);
    if (rc)
        return rc;
    struct nd_str type = text(r, "type");
    rc = facts(a, arena, map, r);
    if (!rc)
        rc = body(a, arena, map, r);
    if (!rc)
        rc = all_concepts(a, arena, r);
    if (rc)
        return nd_fail(err, rc, "out of memory for a record");
    bool words = !type.n || nd_str_is(type, "text") || nd_str_is(type, "composite") || a->body.n;
    return a->withdrawn || (words && (a->title.n || a->body.n || a->lead.n)) ? 0 : ND_DONE;
}

bool nd_jsonfeed_is(const struct nd_json *r)
{
    return (nd_json_get(r, "content_html") || nd_json_get(r, "content_text")) &&
           (nd_json_get(r, "id") || nd_json_get(r, "url"));
}

static int feed_authors(struct nd_article *a, struct nd_arena *arena, const struct nd_json *r)
{
    const struct nd_json *list = get(r, "authors"), *one = get(r, "author");
    int rc = 0;
    for (const struct nd_json *m = list && list->kind == ND_JSON_ARRAY ? list->first : NULL;
         m && !rc; m = m->next)
        rc = nd_list_add(&a->authors, arena, text(m, "name"));
    if (!rc && !a->authors.n && one)
        rc = one->kind == ND_JSON_STRING ? nd_authors_add(&a->authors, arena, one->text)
                                         : nd_list_add(&a->authors, arena, text(one, "name"));
    return rc;
}

int nd_jsonfeed_fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                     const struct nd_json *r)
{
    struct nd_str html = text(r, "content_html"),
                  whole = html.n ? nd_html_fragment(arena, html) : text(r, "content_text");
    struct nd_str url = text(r, "url external_url"), id = text(r, "id"),
                  summary = text(r, "summary");
    bool teaser = !nd_trim(whole).n;
    const struct {
        const char *key;
        struct nd_str value;
    } put[] = {{"id", id.n ? id : url},
               {"title", nd_html_line(arena, text(r, "title"))},
               {"body", teaser ? summary : whole},
               {"lead", teaser ? (struct nd_str){0} : summary},
               {"published", text(r, "date_published")},
               {"updated", text(r, "date_modified")},
               {"url", url},
               {"lang", text(r, "language")}};
    const struct nd_json *tags = get(r, "tags");
    int rc = 0;
    for (size_t i = 0; i < sizeof put / sizeof *put && !rc; i++)
        rc = nd_put(a, arena, map, put[i].key, put[i].value);
    a->partial = teaser;
    for (const struct nd_json *m = tags && tags->kind == ND_JSON_ARRAY ? tags->first : NULL;
         m && !rc; m = m->next)
        rc = m->kind == ND_JSON_STRING ? nd_list_add(&a->tags, arena, m->text) : 0;
    return rc ? rc : feed_authors(a, arena, r);
}
