#include "formats/shapes.h"
#include "formats/fill.h"
#include "formats/html.h"
#include "formats/newsxml.h"

#include <string.h>

static struct nd_str text(const struct nd_json *o, const char *key)
{
    const struct nd_json *v = nd_json_get(o, key);
    return v && v->kind == ND_JSON_STRING ? v->text : (struct nd_str){0};
}

void nd_part_source(struct nd_article *a)
{
    struct nd_str t = nd_trim(a->title), s = nd_trim(a->source);
    if (s.n && t.n > s.n + 3 && !memcmp(t.p + t.n - s.n, s.p, s.n) &&
        !memcmp(t.p + t.n - s.n - 3, " - ", 3))
        a->title = (struct nd_str){t.p, t.n - s.n - 3};
}

/* Washington Post: contents[] = {"type","content"}, with nulls among them; paragraphs are HTML. */
static int typed_contents(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                          const struct nd_json *list)
{
    struct nd_buf body;
    struct nd_str byline = {0}, kicker = {0}, title = {0};
    bool any = false;
    int rc = 0;
    nd_buf_init(&body, SIZE_MAX / 4);
    for (const struct nd_json *m = list->first; m && !nd_buf_code(&body); m = m->next) {
        const struct nd_json *c = nd_json_get(m, "content");
        struct nd_str type = text(m, "type"), s = text(m, "content");
        if (c && c->kind == ND_JSON_OBJECT)
            s = text(c, "text");
        any |= type.n && c;
        if (nd_str_is(type, "sanitized_html") || nd_str_is(type, "tweet")) {
            s = nd_trim(nd_html_looks(s) ? nd_html_fragment(arena, s) : s);
            if (s.n && body.len)
                nd_buf_str(&body, "\n\n");
            nd_buf_add(&body, s.p, s.n);
        } else if (nd_str_is(type, "byline")) {
            byline = s;
        } else if (nd_str_is(type, "kicker")) {
            kicker = s;
        } else if (nd_str_is(type, "title")) {
            title = s;
        }
    }
    rc = nd_buf_code(&body);
    if (!rc && any) {
        struct nd_str all =
            body.len ? nd_arena_str(arena, body.data, body.len) : (struct nd_str){0};
        rc = body.len && !all.p ? ND_NOMEM : nd_put(a, arena, map, "contents", all);
        if (!rc && !a->section.n)
            rc = nd_put(a, arena, map, "section", kicker);
        if (!rc && !a->title.n)
            rc = nd_put(a, arena, map, "title", title);
        if (!rc && !a->authors.n)
            rc = nd_authors_add(&a->authors, arena, byline);
    }
    nd_buf_free(&body);
    return rc;
}

/* New York Times: keywords[] = {"name": what it is, "value"}. */
static int typed_keywords(struct nd_article *a, struct nd_arena *arena, const struct nd_json *list)
{
    struct nd_str first = text(list->first, "name");
    int rc = 0;
    if (!first.n || !text(list->first, "value").n || !a->tags.n || !nd_str_eq(a->tags.v[0], first))
        return 0; /* another shape, or the user has mapped tags */
    a->tags = (struct nd_strs){0};
    for (const struct nd_json *m = list->first; m && !rc; m = m->next) {
        struct nd_str kind = text(m, "name"), value = text(m, "value");
        if (nd_str_is(kind, "persons"))
            rc = nd_gold_add(a, arena, ND_PERSON, value);
        else if (nd_str_is(kind, "organizations"))
            rc = nd_gold_add(a, arena, ND_ORG, value);
        else if (nd_str_is(kind, "glocations"))
            rc = nd_gold_add(a, arena, ND_PLACE, value);
        else
            rc = nd_list_add(&a->tags, arena, value);
    }
    return rc;
}

/* NewsAPI cuts the text: "... [+1234 chars]". */
static void cut_mark(struct nd_article *a)
{
    struct nd_str s = nd_trim(a->body);
    if (!nd_str_ends(s, " chars]"))
        return;
    size_t i = s.n - 7;
    while (i && s.p[i - 1] >= '0' && s.p[i - 1] <= '9')
        i--;
    if (i < 2 || i == s.n - 7 || s.p[i - 1] != '+' || s.p[i - 2] != '[')
        return;
    a->body = nd_trim((struct nd_str){s.p, i - 2});
    a->partial = true;
}

int nd_shape_fit(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_json *record)
{
    const struct nd_json *contents = nd_json_get(record, "contents"),
                         *keywords = nd_json_get(record, "keywords");
    struct nd_str source = text(record, "source");
    int rc = 0;
    if (contents && contents->kind == ND_JSON_ARRAY)
        rc = typed_contents(a, arena, map, contents);
    if (!rc && keywords && keywords->kind == ND_JSON_ARRAY && keywords->first)
        rc = typed_keywords(a, arena, keywords);
    if (!rc && nd_str_begins(source, "http") && nd_str_eq(a->source, source)) {
        struct nd_str host = text(record, "source-hostname");
        host = host.n ? host : text(record, "hostname");
        rc = nd_put(a, arena, map, "source", host);
        if (!rc && !a->url.n)
            rc = nd_put(a, arena, map, "url", source);
    }
    cut_mark(a);
    nd_part_source(a);
    /* collections that have no text but a teaser */
    if (!nd_trim(a->body).n && a->lead.n &&
        (nd_json_get(record, "short_description") || nd_json_get(record, "snippet")))
        a->partial = true;
    return rc;
}
