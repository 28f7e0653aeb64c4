/* NITF: files of one or many nitf elements, the New York Times corpus among them; also inside NewsML. */
#include "formats/feed.h"
#include "formats/newsxml.h"

#include <string.h>
#include <strings.h>

/* The value of head/meta of a name. */
static struct nd_str meta(const struct nd_xml *nitf, const char *name)
{
    for (const struct nd_xml *m = nd_xml_path(nitf, "head/meta"); m; m = nd_xml_again(m))
        if (nd_str_is(nd_xml_get(m, "name"), name))
            return nd_trim(nd_xml_get(m, "content"));
    return (struct nd_str){0};
}

/* A person's name without what the person does. */
static struct nd_str person_name(const struct nd_xml *e, struct nd_arena *arena)
{
    const struct nd_xml *given = nd_xml_child(e, "name.given"),
                        *family = nd_xml_child(e, "name.family");
    if (!given || !family)
        return nd_xml_line(e, arena);
    struct nd_str a = nd_xml_line(given, arena), b = nd_xml_line(family, arena);
    char *p =
        nd_arena_printf(arena, "%.*s %.*s", (int)a.n, a.n ? a.p : "", (int)b.n, b.n ? b.p : "");
    return p ? nd_str_of(p) : (struct nd_str){0};
}

static bool inside(const struct nd_xml *at, const struct nd_xml *top, const char *name)
{
    for (; at && at != top; at = at->parent)
        if (nd_xml_is(at, name))
            return true;
    return false;
}

/* Inline person, org and location are entities that the editors marked. */
static int gold(struct nd_article *a, struct nd_arena *arena, const struct nd_xml *top)
{
    int rc = 0;
    for (const struct nd_xml *e = NULL; !rc && (e = nd_xml_walk(top, e));) {
        if (inside(e, top, "media") || inside(e, top, "byline"))
            continue;
        if (nd_xml_is(e, "person"))
            rc = nd_gold_add(a, arena, ND_PERSON, person_name(e, arena));
        else if (nd_xml_is(e, "org"))
            rc = nd_gold_add(a, arena, ND_ORG, nd_xml_line(e, arena));
        else if (nd_xml_is(e, "location"))
            rc = nd_gold_add(a, arena, ND_PLACE, nd_xml_line(e, arena));
    }
    return rc;
}

/* Words the editors chose: classifiers of the Times, key lists, subjects. */
static int tags(struct nd_article *a, struct nd_arena *arena, const struct nd_xml *nitf)
{
    const struct nd_xml *docdata = nd_xml_path(nitf, "head/docdata");
    int rc = 0;
    for (const struct nd_xml *e = NULL; !rc && (e = nd_xml_walk(nd_xml_child(nitf, "head"), e));) {
        if (nd_xml_is(e, "classifier") && inside(e, docdata, "identified-content")) {
            if (!nd_str_is(nd_xml_get(e, "type"), "types_of_material"))
                rc = nd_list_add(&a->tags, arena, nd_xml_line(e, arena));
        } else if (nd_xml_is(e, "keyword")) {
            rc = nd_list_add(&a->tags, arena, nd_xml_get(e, "key"));
        } else if (nd_xml_is(e, "tobject.subject")) {
            static const char *const levels[] = {"tobject.subject.type", "tobject.subject.matter",
                                                 "tobject.subject.detail"};
            for (size_t i = 0; i < sizeof levels / sizeof *levels && !rc; i++)
                rc = nd_list_add(&a->tags, arena, nd_xml_get(e, levels[i]));
        }
    }
    return rc ? rc
              : nd_list_add(&a->tags, arena,
                            nd_xml_get(nd_xml_path(nitf, "head/docdata/fixture"), "fix-id"));
}

static int authors(struct nd_article *a, struct nd_arena *arena, const struct nd_xml *head)
{
    const struct nd_xml *best = NULL;
    for (const struct nd_xml *b = nd_xml_child(head, "byline"); b; b = nd_xml_again(b)) {
        struct nd_str kind =
            nd_xml_get(b, "class"); /* of the Times: print_byline is the one to read */
        if (!best || nd_str_is(kind, "print_byline"))
            best = b;
    }
    if (!best)
        return 0;
    const struct nd_xml *person = nd_xml_child(best, "person");
    if (person) {
        int rc = 0;
        for (; person && !rc; person = nd_xml_again(person))
            rc = nd_list_add(&a->authors, arena, person_name(person, arena));
        return rc;
    }
    struct nd_str s = nd_xml_paragraphs(best, " byttl virtloc ", arena);
    size_t end = s.n;
    while (end && strchr(" ,;\n", s.p[end - 1]))
        end--;
    return nd_authors_add(&a->authors, arena, (struct nd_str){s.p, end});
}

static const char aside[] = " media nitf-table table ";

/* The blocks of the Times are alternatives: the whole text has the lead in it. */
static struct nd_str body_text(const struct nd_xml *content, struct nd_arena *arena)
{
    struct nd_str whole = {0}, correction = {0};
    for (const struct nd_xml *b = nd_xml_child(content, "block"); b; b = nd_xml_again(b)) {
        struct nd_str kind = nd_xml_get(b, "class");
        if (nd_str_is(kind, "full_text"))
            whole = nd_xml_paragraphs(b, aside, arena);
        else if (nd_str_is(kind, "correction_text"))
            correction = nd_xml_paragraphs(b, aside, arena);
    }
    if (whole.n) {
        bool has = correction.n && memmem(whole.p, whole.n, correction.p, correction.n);
        return correction.n && !has ? nd_join(arena, whole, correction) : whole;
    }
    return nd_xml_paragraphs(content, aside, arena);
}

static int publication(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                       const struct nd_xml *nitf)
{
    const struct nd_xml *docdata = nd_xml_path(nitf, "head/docdata");
    const struct nd_xml *pubdata = nd_xml_path(nitf, "head/pubdata");
    struct nd_str section = meta(nitf, "online_sections"), status;
    struct nd_str dates[] = {
        nd_xml_get(nd_xml_child(docdata, "date.issue"), "norm"),
        nd_xml_get(pubdata, "date.publication"),
        nd_xml_get(nd_xml_child(docdata, "date.release"), "norm"),
        nd_xml_get(nd_xml_path(nitf, "body/body.head/dateline/story.date"), "norm")};
    int rc = 0;
    for (size_t i = 0; i < sizeof dates / sizeof *dates && !rc && !a->published.day; i++)
        rc = nd_put(a, arena, map, "published", dates[i]);
    if (!rc && !a->published.day && meta(nitf, "publication_year").n) {
        struct nd_str y = meta(nitf, "publication_year"), m = meta(nitf, "publication_month");
        struct nd_str d = meta(nitf, "publication_day_of_month");
        if (y.n == 4 && m.n && m.n < 3 && d.n && d.n < 3) {
            char *s = nd_arena_printf(arena, "%.4s-%s%.*s-%s%.*s", y.p, m.n == 1 ? "0" : "",
                                      (int)m.n, m.p, d.n == 1 ? "0" : "", (int)d.n, d.p);
            rc = s ? nd_put(a, arena, map, "published", nd_str_of(s)) : ND_NOMEM;
        }
    }
    const char *semicolon = section.n ? memchr(section.p, ';', section.n) : NULL;
    if (semicolon)
        section.n = (size_t)(semicolon - section.p);
    if (!section.n)
        section = nd_xml_get(pubdata, "position.section");
    if (!section.n)
        section = meta(nitf, "dsk");
    if (!section.n)
        section =
            nd_xml_get(nd_xml_path(nitf, "head/tobject/tobject.property"), "tobject.property.type");
    if (!rc && !a->section.n)
        rc = nd_put(a, arena, map, "section", section);
    if (!rc && !a->source.n)
        rc = nd_put(a, arena, map, "source", nd_xml_get(pubdata, "name"));
    if (!rc && !a->source.n)
        rc = nd_put(a, arena, map, "source",
                    nd_xml_line(nd_xml_path(nitf, "body/body.head/distributor"), arena));
    if (!rc && !a->source.n)
        rc = nd_put(a, arena, map, "source", nd_xml_get(nd_xml_child(docdata, "doc-id"), "regsrc"));
    if (!rc && !a->url.n && nd_str_begins(nd_xml_get(pubdata, "ex-ref"), "http"))
        rc = nd_put(a, arena, map, "url", nd_xml_get(pubdata, "ex-ref"));
    status = nd_xml_get(docdata, "management-status");
    a->withdrawn |= nd_str_begins(status, "cancel") || nd_str_is(status, "withheld") ||
                    nd_str_is(status, "killed");
    return rc;
}

int nd_nitf_fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_xml *nitf)
{
    const struct nd_xml *docdata = nd_xml_path(nitf, "head/docdata"),
                        *body = nd_xml_child(nitf, "body");
    const struct nd_xml *head = nd_xml_child(body, "body.head"),
                        *hedline = nd_xml_child(head, "hedline");
    const struct nd_xml *content = nd_xml_child(body, "body.content");
    int rc = 0;
    if (!a->id.n) {
        rc = nd_put(a, arena, map, "id", nd_xml_get(nd_xml_child(docdata, "doc-id"), "id-string"));
        if (!rc)
            rc = nd_put(a, arena, map, "version",
                        nd_xml_get(nd_xml_child(docdata, "du-key"), "version"));
    }
    if (!rc && !a->title.n)
        rc = nd_put(a, arena, map, "title", nd_xml_line(nd_xml_child(hedline, "hl1"), arena));
    if (!rc && !a->title.n)
        rc = nd_put(a, arena, map, "title", nd_xml_line(nd_xml_child(hedline, "hl2"), arena));
    if (!rc && !a->title.n)
        rc = nd_put(a, arena, map, "title", nd_xml_line(nd_xml_path(nitf, "head/title"), arena));
    if (!rc && !a->lead.n)
        rc = nd_put(a, arena, map, "lead",
                    nd_xml_paragraphs(nd_xml_child(head, "abstract"), aside, arena));
    if (!rc && !a->body.n)
        rc = nd_put(a, arena, map, "body", body_text(content ? content : body, arena));
    if (!rc)
        rc = publication(a, arena, map, nitf);
    if (!rc && !a->authors.n)
        rc = authors(a, arena, head);
    if (!rc)
        rc = tags(a, arena, nitf);
    if (!rc && !a->lang.n)
        rc = nd_put(a, arena, map, "lang", nd_xml_get(nitf, "xml:lang"));
    if (!rc)
        rc = gold(a, arena, nd_xml_child(docdata, "identified-content"));
    if (!rc)
        rc = gold(a, arena, nd_xml_child(head, "dateline"));
    return rc ? rc : gold(a, arena, content);
}

static int nitf_bid(const char *p, size_t n, const char *filename)
{
    char room[4096];
    (void)filename;
    return nd_str_is(nd_xml_root_name(p, n, room, sizeof room), "nitf") ? ND_BID_SURE
                                                                        : ND_BID_NEVER;
}

static enum nd_xml_want ask(void *ctx, const struct nd_xml *e, unsigned depth)
{
    (void)ctx, (void)depth;
    return nd_xml_is(e, "nitf") ? ND_XML_RECORD : ND_XML_ENTER;
}

static int fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                const struct nd_xml *e, struct nd_error *err)
{
    (void)err;
    return nd_nitf_fill(a, arena, map, e);
}

static int nitf_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    static const struct nd_newsxml format = {.ask = ask, .fill = fill};
    return nd_newsxml_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_nitf = {
    .name = "nitf",
    .summary = "NITF, also the New York Times Annotated Corpus",
    .extensions = " .nitf .xml ",
    .mapping = "id=doc-id title=hedline/hl1 body=body.content|block[full_text] "
               "date=date.issue|pubdata author=byline section=tobject|online_sections "
               "tag=key-list|classifier person=person org=org place=location",
    .bid = nitf_bid,
    .open = nitf_open,
    .next = nd_newsxml_next,
    .close = nd_newsxml_close,
};
