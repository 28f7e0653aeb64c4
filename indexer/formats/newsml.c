/* NewsML-G2 and NewsML 1: messages, packages around items, single items. */
#include "formats/newsml.h"
#include "formats/feed.h"
#include "formats/html.h"

#include <string.h>

/* The name of a concept: its own, else that of the assert with the same code. *type is its kind where known. */
static struct nd_str concept_name(const struct nd_xml *item, const struct nd_xml *c,
                                  struct nd_arena *arena, struct nd_str *type)
{
    struct nd_str code = nd_xml_get(c, "qcode"), uri = nd_xml_get(c, "uri"), name, literal;
    *type = nd_xml_get(c, "type");
    name = nd_xml_line(nd_xml_child(c, "name"), arena);
    literal = nd_xml_get(c, "literal");
    for (const struct nd_xml *a = nd_xml_child(item, "assert"); a; a = nd_xml_again(a)) {
        bool same = (code.n && nd_str_eq(code, nd_xml_get(a, "qcode"))) ||
                    (uri.n && nd_str_eq(uri, nd_xml_get(a, "uri"))) ||
                    (literal.n && nd_str_eq(literal, nd_xml_get(a, "literal")));
        if (!same)
            continue;
        name = name.n ? name : nd_xml_line(nd_xml_child(a, "name"), arena);
        if (nd_xml_child(a, "personDetails"))
            *type = ND_STR("cpnat:person");
        else if (nd_xml_child(a, "organisationDetails"))
            *type = ND_STR("cpnat:organisation");
        else if (nd_xml_child(a, "geoAreaDetails") || nd_xml_child(a, "POIDetails"))
            *type = ND_STR("cpnat:geoArea");
        else if (!type->n)
            *type = nd_xml_get(nd_xml_child(a, "type"), "qcode");
        break;
    }
    return name.n ? name : nd_trim(literal);
}

/* A subject: an entity or a tag; the code stays beside the name. */
static int subject(struct nd_article *a, struct nd_arena *arena, const struct nd_xml *item,
                   const struct nd_xml *s)
{
    struct nd_str type, name = concept_name(item, s, arena, &type), code = nd_xml_get(s, "qcode");
    if (!name.n)
        name = code;
    if (nd_str_ends(type, ":person"))
        return nd_gold_add(a, arena, ND_PERSON, name);
    if (nd_str_ends(type, ":organisation") || nd_str_ends(type, ":organization"))
        return nd_gold_add(a, arena, ND_ORG, name);
    if (nd_str_ends(type, ":geoArea") || nd_str_ends(type, ":poi"))
        return nd_gold_add(a, arena, ND_PLACE, name);
    int rc = nd_list_add(&a->tags, arena, name);
    return rc ? rc : nd_list_add(&a->tags, arena, code.n ? code : nd_xml_get(s, "uri"));
}

static struct nd_str after_colon(struct nd_str s)
{
    const char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
    return colon ? (struct nd_str){colon + 1, s.n - (size_t)(colon + 1 - s.p)} : s;
}

/* Text of inline content: NITF, XHTML, any other markup, plain text. */
static int inline_text(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                       const struct nd_xml *e, struct nd_str type)
{
    const struct nd_xml *nitf = nd_xml_child(e, "nitf"), *html = nd_xml_child(e, "html");
    bool elements = false;
    for (const struct nd_xml *k = e->first; k && !elements; k = k->next)
        elements = k->name.n > 0;
    if (!nitf && nd_xml_child(e, "body") && nd_xml_find(e, "body.content"))
        nitf = e;
    if (nitf) /* its facts come after those of the item */
        return nd_nitf_fill(a, arena, map, nitf);
    if (html) {
        const struct nd_xml *body = nd_xml_child(html, "body");
        int rc = a->title.n ? 0
                            : nd_put(a, arena, map, "title",
                                     nd_xml_line(nd_xml_path(html, "head/title"), arena));
        return rc ? rc : nd_put(a, arena, map, "body", nd_xhtml_text(body ? body : html, arena));
    }
    if (elements) /* other markup may be data of any kind: paragraphs tell text */
        return nd_xml_find(e, "p") ? nd_put(a, arena, map, "body", nd_xhtml_text(e, arena)) : 0;
    struct nd_str s = nd_trim(nd_xml_text(e, arena));
    if (nd_str_is(nd_xml_get(e, "encoding"), "base64") ||
        memmem(type.p ? type.p : "", type.n, "image", 5))
        return 0;
    if (nd_str_begins(type, "text/plain") && !nd_html_looks(s))
        return nd_put(a, arena, map, "body", s);
    return nd_put(a, arena, map, "body", nd_html_fragment(arena, s));
}

static int g2_content(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                      const struct nd_xml *item)
{
    const struct nd_xml *set = nd_xml_child(item, "contentSet");
    int rc = 0;
    for (const struct nd_xml *e = set ? set->first : NULL; e && !rc && !a->body.n; e = e->next)
        if (nd_xml_is(e, "inlineXML") || nd_xml_is(e, "inlineData"))
            rc = inline_text(a, arena, map, e, nd_xml_get(e, "contenttype"));
    return rc;
}

static int g2_meta(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                   const struct nd_xml *item)
{
    const struct nd_xml *meta = nd_xml_child(item, "itemMeta"),
                        *about = nd_xml_child(item, "contentMeta");
    const struct nd_xml *provider = nd_xml_child(meta, "provider"), *best = NULL;
    const char *const published[] = {"contentMeta/contentCreated", "itemMeta/firstCreated",
                                     "itemMeta/versionCreated"};
    const char *const updated[] = {"contentMeta/contentModified", "itemMeta/versionCreated"};
    struct nd_str status = nd_xml_get(nd_xml_child(meta, "pubStatus"), "qcode"), type, lang, source;
    if (!status.n)
        status = nd_xml_get(nd_xml_child(meta, "pubStatus"), "uri");
    a->withdrawn = nd_str_ends(status, "canceled") || nd_str_ends(status, "cancelled") ||
                   nd_str_ends(status, "withheld");
    int rc = nd_put(a, arena, map, "id", nd_xml_get(item, "guid"));
    if (!rc)
        rc = nd_put(a, arena, map, "version", nd_xml_get(item, "version"));
    for (const struct nd_xml *h = nd_xml_child(about, "headline"); h; h = nd_xml_again(h))
        best = !best || nd_str_ends(nd_xml_get(h, "role"), "main") ? h : best;
    if (!rc)
        rc = nd_put(a, arena, map, "title", nd_xml_line(best, arena));
    best = NULL;
    for (const struct nd_xml *d = nd_xml_child(about, "description"); d; d = nd_xml_again(d))
        best = !best || nd_str_ends(nd_xml_get(d, "role"), "summary") ? d : best;
    if (!rc)
        rc = nd_put(a, arena, map, "lead", nd_xhtml_text(best, arena));
    for (size_t i = 0; i < 3 && !rc && !a->published.day; i++)
        rc =
            nd_put(a, arena, map, "published", nd_xml_text(nd_xml_path(item, published[i]), arena));
    for (size_t i = 0; i < 2 && !rc && !a->updated.day; i++)
        rc = nd_put(a, arena, map, "updated", nd_xml_text(nd_xml_path(item, updated[i]), arena));
    for (const struct nd_xml *c = nd_xml_child(about, "creator"); c && !rc; c = nd_xml_again(c))
        rc = nd_list_add(&a->authors, arena, concept_name(item, c, arena, &type));
    if (!rc && !a->authors.n)
        rc = nd_authors_add(&a->authors, arena, nd_xml_line(nd_xml_child(about, "by"), arena));
    source = provider ? concept_name(item, provider, arena, &type) : (struct nd_str){0};
    if (!source.n && nd_xml_child(about, "infoSource"))
        source = concept_name(item, nd_xml_child(about, "infoSource"), arena, &type);
    if (!source.n)
        source = after_colon(nd_xml_get(provider, "qcode"));
    if (!source.n)
        source = nd_xml_get(provider, "uri");
    if (!rc)
        rc = nd_put(a, arena, map, "source", source);
    const struct nd_xml *service = nd_xml_child(meta, "service");
    if (!rc && service)
        rc = nd_put(a, arena, map, "section", concept_name(item, service, arena, &type));
    lang = nd_xml_get(nd_xml_child(about, "language"), "tag");
    return rc ? rc : nd_put(a, arena, map, "lang", lang.n ? lang : nd_xml_get(item, "xml:lang"));
}

static int g2_tags(struct nd_article *a, struct nd_arena *arena, const struct nd_xml *item)
{
    const struct nd_xml *about = nd_xml_child(item, "contentMeta");
    struct nd_str type;
    int rc = 0;
    for (const struct nd_xml *e = about ? about->first : NULL; e && !rc; e = e->next) {
        if (nd_xml_is(e, "subject"))
            rc = subject(a, arena, item, e);
        else if (nd_xml_is(e, "located"))
            rc = nd_gold_add(a, arena, ND_PLACE, concept_name(item, e, arena, &type));
        else if (nd_xml_is(e, "keyword") || nd_xml_is(e, "slugline"))
            rc = nd_list_add(&a->tags, arena, nd_xml_line(e, arena));
    }
    return rc;
}

/* A link to the web page of the item. */
static struct nd_str g2_url(const struct nd_xml *item)
{
    const struct nd_xml *meta = nd_xml_child(item, "itemMeta");
    for (const struct nd_xml *l = nd_xml_child(meta, "link"); l; l = nd_xml_again(l))
        if (nd_str_begins(nd_xml_get(l, "href"), "http") &&
            (nd_str_ends(nd_xml_get(l, "rel"), "canonical") ||
             nd_str_begins(nd_xml_get(l, "contenttype"), "text/html")))
            return nd_xml_get(l, "href");
    return (struct nd_str){0};
}

static int g2_item(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                   const struct nd_xml *item, struct nd_error *err)
{
    int rc = nd_newsml_check(item, err);
    if (rc || !nd_xml_is(item, "newsItem"))
        return rc ? rc : ND_DONE;
    struct nd_str class = nd_xml_get(nd_xml_path(item, "itemMeta/itemClass"), "qcode");
    if (!class.n)
        class = nd_xml_get(nd_xml_path(item, "itemMeta/itemClass"), "uri");
    rc = g2_meta(a, arena, map, item);
    if (!rc)
        rc = g2_tags(a, arena, item);
    if (!rc)
        rc = g2_content(a, arena, map, item);
    if (!rc && !a->url.n)
        rc = nd_put(a, arena, map, "url", g2_url(item));
    /* pictures, video, planning: not for a text index; nor what has no words */
    bool text = nd_str_ends(class, "text") || nd_str_ends(class, "composite") || a->body.n > 0;
    return rc ? rc : a->withdrawn || (text && (a->title.n || a->body.n)) ? 0 : ND_DONE;
}

/* Content that is no text of its own: a style sheet, a script, a picture. */
static bool is_style(const struct nd_xml *content)
{
    const struct nd_xml *item = content->parent;
    struct nd_str mime = nd_xml_get(nd_xml_child(item, "MimeType"), "FormalName");
    struct nd_str media = nd_xml_get(nd_xml_child(item, "MediaType"), "FormalName");
    return nd_str_is(mime, "text/css") || nd_str_begins(mime, "image/") ||
           nd_str_begins(mime, "application/") ||
           (media.n && !nd_str_is(media, "text") && !nd_str_is(media, "complexdata"));
}

/* NewsML 1: the first component with text; its lines before those around it. */
static int newsml1_item(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                        const struct nd_xml *item)
{
    const struct nd_xml *ids = nd_xml_path(item, "Identification/NewsIdentifier");
    const struct nd_xml *manage = nd_xml_child(item, "NewsManagement");
    struct nd_str status = nd_xml_get(nd_xml_child(manage, "Status"), "FormalName"), id;
    int rc = 0;
    a->withdrawn = nd_str_begins(status, "cancel") || nd_str_is(status, "withheld");
    id = nd_xml_line(nd_xml_child(ids, "NewsItemId"), arena);
    struct nd_str day = nd_xml_line(nd_xml_child(ids, "DateId"), arena);
    struct nd_str who = nd_xml_line(nd_xml_child(ids, "ProviderId"), arena);
    if (id.n && who.n) { /* unique only together */
        char *s = nd_arena_printf(arena, "urn:newsml:%.*s:%.*s:%.*s", (int)who.n, who.p, (int)day.n,
                                  day.n ? day.p : "", (int)id.n, id.p);
        if (!s)
            return ND_NOMEM;
        id = nd_str_of(s);
    } else if (!id.n) {
        id = nd_xml_line(nd_xml_child(ids, "PublicIdentifier"), arena);
    }
    rc = nd_put(a, arena, map, "id", id);
    if (!rc)
        rc = nd_put(a, arena, map, "version", nd_xml_line(nd_xml_child(ids, "RevisionId"), arena));
    if (!rc)
        rc = nd_put(a, arena, map, "published",
                    nd_xml_line(nd_xml_child(manage, "FirstCreated"), arena));
    if (!rc && !a->published.day)
        rc = nd_put(a, arena, map, "published",
                    nd_xml_line(nd_xml_find(item, "DateAndTime"), arena));
    if (!rc)
        rc = nd_put(a, arena, map, "updated",
                    nd_xml_line(nd_xml_child(manage, "ThisRevisionCreated"), arena));
    const struct nd_xml *main = NULL;
    size_t most = 0;
    for (const struct nd_xml *e = NULL; !rc && (e = nd_xml_walk(item, e));) {
        struct nd_str formal = nd_xml_get(e, "FormalName");
        if (nd_xml_is(e, "DataContent") && !is_style(e)) { /* the longest is the story */
            size_t n = nd_xml_text(e, arena).n;
            main = n > most ? e : main;
            most = n > most ? n : most;
        }
        if (nd_xml_is(e, "HeadLine") && !a->title.n)
            rc = nd_put(a, arena, map, "title", nd_xml_line(e, arena));
        else if (nd_xml_is(e, "ByLine") && !a->authors.n)
            rc = nd_authors_add(&a->authors, arena, nd_xml_line(e, arena));
        else if (nd_xml_is(e, "KeywordLine") || nd_xml_is(e, "SlugLine"))
            rc = nd_list_add(&a->tags, arena, nd_xml_line(e, arena));
        else if (nd_xml_is(e, "Subject") || nd_xml_is(e, "SubjectMatter") ||
                 nd_xml_is(e, "SubjectDetail"))
            rc = nd_list_add(&a->tags, arena, formal);
        else if (nd_xml_is(e, "Language") && !a->lang.n)
            rc = nd_put(a, arena, map, "lang", formal);
        else if (nd_xml_is(e, "Party") && nd_xml_is(e->parent, "Provider") && !a->source.n)
            rc = nd_put(a, arena, map, "source", formal);
        else if (nd_xml_is(e, "Property") && nd_xml_is(e->parent, "Location") &&
                 nd_xml_get(e, "Value").n)
            rc = nd_gold_add(a, arena, ND_PLACE, nd_xml_get(e, "Value"));
    }
    if (!rc && main)
        rc = inline_text(a, arena, map, main, (struct nd_str){0});
    if (!rc && !a->source.n)
        rc = nd_put(a, arena, map, "source", who);
    return rc ? rc : a->withdrawn || a->title.n || a->body.n ? 0 : ND_DONE;
}

static int fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                const struct nd_xml *e, struct nd_error *err)
{
    return nd_xml_is(e, "NewsItem") ? newsml1_item(a, arena, map, e)
                                    : g2_item(a, arena, map, e, err);
}

static bool is_item(struct nd_str name)
{
    static const char *const items[] = {"newsItem",      "packageItem",  "conceptItem",
                                        "knowledgeItem", "planningItem", "catalogItem",
                                        "NewsItem"};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (nd_str_eq(name, nd_str_of(items[i])))
            return true;
    return false;
}

static enum nd_xml_want ask(void *ctx, const struct nd_xml *e, unsigned depth)
{
    (void)ctx, (void)depth;
    if (is_item(e->name))
        return ND_XML_RECORD;
    if (nd_xml_is(e, "catalog")) /* of codes, a file of its own */
        return ND_XML_PASS;
    return nd_xml_is(e, "header") || nd_xml_is(e, "Catalog") || nd_xml_is(e, "NewsEnvelope")
               ? ND_XML_PASS
               : ND_XML_ENTER;
}

static int newsml_bid(const char *p, size_t n, const char *filename)
{
    char room[4096];
    (void)filename;
    struct nd_str root = nd_xml_root_name(p, n, room, sizeof room);
    return is_item(root) || nd_str_eq(root, ND_STR("newsMessage")) ||
                   nd_str_eq(root, ND_STR("NewsML")) || nd_str_eq(root, ND_STR("catalog"))
               ? ND_BID_SURE
               : ND_BID_NEVER;
}

static int newsml_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                       struct nd_error *err)
{
    static const struct nd_newsxml format = {.ask = ask, .fill = fill};
    return nd_newsxml_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_newsml = {
    .name = "newsml",
    .summary = "NewsML-G2 and NewsML 1, also with NITF or XHTML inside",
    .extensions = " .xml .newsml .g2 ",
    .mapping = "id=guid|NewsItemId version=version title=headline|HeadLine "
               "body=inlineXML|inlineData|DataContent date=contentCreated|DateAndTime "
               "updated=versionCreated author=by|creator|ByLine source=infoSource|provider "
               "tag=subject|slugline withdrawn=pubStatus",
    .bid = newsml_bid,
    .open = newsml_open,
    .next = nd_newsxml_next,
    .close = nd_newsxml_close,
};
