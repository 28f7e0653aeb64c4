#include "formats/feed.h"
#include "formats/html.h"

#include <string.h>

enum {
    TEASER_CHARS = 1000 /* a longer description is no teaser */
};

static struct nd_str kept_copy(struct nd_arena *kept, struct nd_str s)
{
    s = nd_trim(s);
    return s.n ? nd_arena_str(kept, s.p, s.n) : s;
}

void nd_feed_scope(struct nd_feed_channel *c, struct nd_arena *kept, const struct nd_xml *e)
{
    struct nd_str lang = nd_xml_get(e, "xml:lang"), base = nd_xml_get(e, "xml:base");
    if (lang.n)
        c->lang = kept_copy(kept, lang);
    if (base.n)
        c->base = kept_copy(kept, nd_url_resolve(kept, c->base, base));
}

/* The text of an element: plain, escaped HTML, XHTML inside, base64. *html: it is markup. */
static struct nd_str content(const struct nd_xml *e, struct nd_arena *arena, bool *html)
{
    struct nd_str type = nd_xml_get(e, "type"), mode = nd_xml_get(e, "mode"), s;
    bool elements = false;
    for (const struct nd_xml *k = e->first; k && !elements; k = k->next)
        elements = k->name.n > 0;
    *html = true;
    if (elements) {
        struct nd_buf out;
        nd_buf_init(&out, SIZE_MAX / 4);
        for (const struct nd_xml *k = e->first; k; k = k->next)
            nd_xml_markup(&out, k);
        s = out.len && !nd_buf_code(&out) ? nd_arena_str(arena, out.data, out.len)
                                          : (struct nd_str){0};
        nd_buf_free(&out);
        return s;
    }
    s = nd_trim(nd_xml_text(e, arena));
    if (nd_str_is(mode, "base64") ||
        (nd_str_begins(type, "application/") && memmem(type.p, type.n, "octet-stream", 12))) {
        struct nd_str plain = nd_base64(arena, s);
        s = plain.n ? plain : s;
    }
    if (nd_str_is(type, "text/plain") || (nd_str_is(type, "text") && nd_str_is(e->prefix, "atom")))
        *html = nd_str_is(mode, "escaped");
    return s;
}

static struct nd_str line_of(const struct nd_xml *e, struct nd_arena *arena)
{
    bool html;
    if (!e)
        return (struct nd_str){0};
    struct nd_str s = content(e, arena, &html);
    return html ? nd_trim(nd_html_line(arena, s)) : s;
}

static struct nd_str text_of(const struct nd_xml *e, struct nd_arena *arena)
{
    bool html;
    if (!e)
        return (struct nd_str){0};
    struct nd_str s = content(e, arena, &html);
    s = html ? nd_html_fragment(arena, s) : s;
    if (html && nd_html_looks(s) && memmem(s.p, s.n, "</", 2)) /* escaped twice */
        s = nd_html_fragment(arena, s);
    return nd_trim(s);
}

/* The first child whose prefix (of the list " dc atom ", "-" none) and name fit. */
static const struct nd_xml *child(const struct nd_xml *e, const char *prefixes, const char *name)
{
    for (const struct nd_xml *k = e->first; k; k = k->next) {
        char word[24];
        if (!nd_str_is(k->name, name) || k->prefix.n + 3 > sizeof word)
            continue;
        snprintf(word, sizeof word, " %.*s ", k->prefix.n ? (int)k->prefix.n : 1,
                 k->prefix.n ? k->prefix.p : "-");
        if (strstr(prefixes, word))
            return k;
    }
    return NULL;
}

static const char plain[] = " - rss atom ";

/* "mail@x (Ann Lee)", "Ann Lee (mail@x)", "Ann Lee <mail@x>", "mail@x": the name, else the address. */
static struct nd_str person(struct nd_str s)
{
    s = nd_trim(s);
    struct nd_str mail = s, name = {0};
    const char *open = s.n ? memchr(s.p, '(', s.n) : NULL;
    const char *close = open ? memrchr(open, ')', (size_t)(s.p + s.n - open)) : NULL;
    const char *angle = s.n ? memchr(s.p, '<', s.n) : NULL;
    if (!s.n || !memchr(s.p, '@', s.n))
        return s;
    if (open && close) {
        struct nd_str inner = {open + 1, (size_t)(close - open) - 1};
        struct nd_str outer = {s.p, (size_t)(open - s.p)};
        bool inside = inner.n && memchr(inner.p, '@', inner.n);
        name = nd_trim(inside ? outer : inner);
        mail = inside ? inner : outer;
    } else if (angle) {
        name = nd_trim((struct nd_str){s.p, (size_t)(angle - s.p)});
    } else {
        const char *at = memchr(s.p, '@', s.n), *from = at;
        while (from > s.p && from[-1] != ' ')
            from--;
        const char *to = at;
        while (to < s.p + s.n && *to != ' ')
            to++;
        name = nd_trim((struct nd_str){s.p, (size_t)(from - s.p)});
        if (!name.n)
            name = nd_trim((struct nd_str){to, (size_t)(s.p + s.n - to)});
    }
    return name.n ? name : nd_trim(mail);
}

static int add_author(struct nd_strs *list, struct nd_arena *arena, const struct nd_xml *e,
                      bool byline)
{
    if (!e)
        return 0;
    const struct nd_xml *name = nd_xml_child(e, "name");
    name = name ? name : nd_xml_child(e, "email");
    struct nd_str s = name ? nd_trim(nd_xml_text(name, arena)) : line_of(e, arena);
    const char *amp = s.n ? memchr(s.p, '@', s.n) : NULL;
    s = person(s);
    return byline && !name && !amp ? nd_authors_add(list, arena, s) : nd_list_add(list, arena, s);
}

/* Authors from the best source there is: dc:creator, author, itunes:author. */
static int authors(struct nd_strs *list, struct nd_arena *arena, const struct nd_xml *e)
{
    static const struct {
        const char *prefixes, *name;
    } sources[] = {{" dc ", "creator"},    {" - rss atom ", "author"}, {" dc ", "author"},
                   {" itunes ", "author"}, {" media ", "credit"},      {" - rss ", "creator"}};
    for (size_t i = 0; i < sizeof sources / sizeof *sources && !list->n; i++)
        for (const struct nd_xml *k = child(e, sources[i].prefixes, sources[i].name); k;
             k = nd_xml_again(k)) {
            if (!nd_str_eq(k->prefix, child(e, sources[i].prefixes, sources[i].name)->prefix))
                continue;
            int rc = add_author(list, arena, k, true);
            if (rc)
                return rc;
        }
    return 0;
}

/* rel="alternate" first, then a link without rel, then any. Of RSS its text. */
static struct nd_str link_of(const struct nd_xml *e, struct nd_arena *arena)
{
    struct nd_str best = {0};
    int rank = 0;
    for (const struct nd_xml *k = nd_xml_child(e, "link"); k; k = nd_xml_again(k)) {
        struct nd_str href = nd_xml_get(k, "href"), rel = nd_xml_get(k, "rel");
        struct nd_str type = nd_xml_get(k, "type"), text = nd_trim(nd_xml_text(k, arena));
        bool page =
            !type.n || nd_str_is(type, "text/html") || nd_str_is(type, "application/xhtml+xml");
        int r = !href.n                                 ? (text.n ? 5 : 0)
                : nd_str_is(rel, "alternate") || !rel.n ? (page ? 4 : 3)
                : nd_str_is(rel, "self")                ? 1
                                                        : 0;
        if (r > rank) {
            rank = r;
            best = href.n ? nd_trim(href) : text;
        }
    }
    const struct nd_xml *href = best.n ? NULL : nd_xml_child(e, "href");
    return href ? nd_trim(nd_xml_text(href, arena)) : best;
}

void nd_feed_note(struct nd_feed_channel *c, struct nd_arena *kept, const struct nd_xml *e,
                  struct nd_arena *arena)
{
    if (nd_str_is(e->prefix, "wp") && nd_str_is(e->name, "author")) {
        struct nd_str login = nd_xml_text(nd_xml_child(e, "author_login"), arena);
        struct nd_str name = nd_xml_text(nd_xml_child(e, "author_display_name"), arena);
        size_t before = c->logins.n;
        if (before < ND_FEED_WRITERS && nd_trim(login).n && nd_trim(name).n &&
            !nd_list_add(&c->logins, kept, kept_copy(kept, login)) && c->logins.n > before) {
            /* two writers may have one name: the lists go side by side */
            struct nd_str copy = kept_copy(kept, name);
            struct nd_str *v = nd_arena_array(kept, before + 1, sizeof *v);
            if (!v || !copy.p) {
                c->logins.n--;
                return;
            }
            if (before)
                memcpy(v, c->names.v, before * sizeof *v);
            v[before] = copy;
            c->names = (struct nd_strs){v, before + 1};
        }
        return;
    }
    bool own = !e->prefix.n || nd_str_is(e->prefix, "rss") || nd_str_is(e->prefix, "atom") ||
               nd_str_is(e->prefix, "dc");
    if (!own)
        return;
    if (nd_str_is(e->name, "title") && !c->title.n)
        c->title = kept_copy(kept, line_of(e, arena));
    else if (nd_str_is(e->name, "language"))
        c->lang = kept_copy(kept, nd_xml_text(e, arena));
    else if (nd_str_is(e->name, "author") && nd_str_is(e->prefix, "atom")) {
        struct nd_strs one = {0};
        if (!add_author(&one, arena, e, false) && one.n)
            nd_list_add(&c->authors, kept, kept_copy(kept, one.v[0]));
    } else if (nd_str_is(e->name, "link") && !c->link.n && nd_trim(nd_xml_text(e, arena)).n)
        c->link = kept_copy(kept, nd_xml_text(e, arena));
}

static int put(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
               const char *key, struct nd_str s)
{
    s = nd_trim(s);
    return s.n ? nd_fieldmap_put(map, a, arena, key, strlen(key), s) : 0;
}

static int dates(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_xml *e)
{
    static const struct {
        const char *prefixes, *name;
    } published[] = {{" - rss ", "pubDate"},
                     {" - rss atom ", "published"},
                     {" atom ", "issued"},
                     {" dcterms ", "issued"},
                     {" dc ", "date"},
                     {" dcterms ", "created"},
                     {" - rss atom ", "created"},
                     {" wp ", "post_date_gmt"},
                     {" - rss ", "date"},
                     {" wp ", "post_date"}},
      updated[] = {{" atom ", "updated"},        {" atom ", "modified"},
                   {" dcterms ", "modified"},    {" - rss ", "updated"},
                   {" - rss ", "lastBuildDate"}, {" - rss ", "lastmod"},
                   {" wp ", "post_modified_gmt"}};
    int rc = 0;
    for (size_t i = 0; i < sizeof published / sizeof *published && !rc && !a->published.day; i++) {
        struct nd_str s =
            nd_trim(nd_xml_text(child(e, published[i].prefixes, published[i].name), arena));
        if (s.n && !nd_str_begins(s, "0000-"))
            rc = put(a, arena, map, "published", s);
    }
    for (size_t i = 0; i < sizeof updated / sizeof *updated && !rc && !a->updated.day; i++)
        rc = put(a, arena, map, "updated",
                 nd_xml_text(child(e, updated[i].prefixes, updated[i].name), arena));
    if (!a->published.day && a->updated.day)
        a->published = a->updated;
    return rc;
}

static int categories(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                      const struct nd_xml *e)
{
    int rc = 0;
    for (const struct nd_xml *k = e->first; k && !rc; k = k->next) {
        bool category = nd_str_is(k->name, "category"), subject = nd_str_is(k->name, "subject");
        if (!category && !subject)
            continue;
        struct nd_str s = nd_xml_get(k, "label");
        s = s.n ? s : nd_xml_get(k, "term");
        s = s.n ? s : line_of(k, arena);
        struct nd_str domain = nd_xml_get(k, "domain");
        rc = nd_list_add(&a->tags, arena, s);
        if (!rc && !a->section.n && nd_str_is(domain, "category") && nd_xml_get(k, "nicename").n)
            rc = put(a, arena, map, "section", s); /* WordPress */
    }
    return rc;
}

static int texts(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_xml *e)
{
    static const struct {
        const char *prefixes, *name;
    } whole[] = {{" content ", "encoded"}, {" atom ", "content"},  {" xhtml ", "body"},
                 {" xhtml ", "div"},       {" - rss ", "encoded"}, {" content ", "items"},
                 {" - rss ", "fullitem"},  {" - rss ", "content"}, {" - rss ", "body"}},
      part[] = {{" - rss ", "description"}, {" atom ", "summary"},   {" excerpt ", "encoded"},
                {" dc ", "description"},    {" itunes ", "summary"}, {" dcterms ", "abstract"},
                {" - rss ", "summary"},     {" - rss ", "abstract"}, {" media ", "description"}};
    struct nd_str body = {0}, lead = {0};
    for (size_t i = 0; i < sizeof whole / sizeof *whole && !body.n; i++)
        body = text_of(child(e, whole[i].prefixes, whole[i].name), arena);
    for (size_t i = 0; i < sizeof part / sizeof *part && !lead.n; i++)
        lead = text_of(child(e, part[i].prefixes, part[i].name), arena);
    if (!lead.n && nd_xml_child(e, "group"))
        lead = text_of(nd_xml_path(e, "group/description"), arena);
    if (!body.n && lead.n) {
        a->partial = nd_is_teaser(lead) || lead.n < TEASER_CHARS;
        body = lead;
        lead = text_of(child(e, " - rss ", "summary"), arena); /* one beside a description */
        if (nd_str_eq(lead, body))
            lead = (struct nd_str){0};
    } else if (nd_str_eq(body, lead) || (lead.n && nd_is_teaser(lead) && body.n > lead.n)) {
        lead = (struct nd_str){0};
    }
    int rc = put(a, arena, map, "body", body);
    return rc ? rc : put(a, arena, map, "lead", lead);
}

/* Of a WordPress export: is it a post that was published? */
static bool is_post(const struct nd_xml *e, struct nd_arena *arena)
{
    struct nd_str type = nd_trim(nd_xml_text(child(e, " wp ", "post_type"), arena));
    struct nd_str status = nd_trim(nd_xml_text(child(e, " wp ", "status"), arena));
    return (!type.n || nd_str_is(type, "post") || nd_str_is(type, "page")) &&
           (!status.n || nd_str_is(status, "publish"));
}

static void display_names(struct nd_article *a, const struct nd_feed_channel *c)
{
    for (size_t i = 0; i < a->authors.n; i++)
        for (size_t k = 0; k < c->names.n; k++)
            if (nd_str_eq(a->authors.v[i], c->logins.v[k])) {
                a->authors.v[i] = c->names.v[k];
                break;
            }
}

int nd_feed_item(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_feed_channel *c, const struct nd_xml *e)
{
    if (!is_post(e, arena))
        return ND_DONE;
    const struct nd_xml *title = child(e, plain, "title"), *guid = child(e, plain, "guid");
    const struct nd_xml *source = child(e, plain, "source");
    title = title ? title : child(e, " dc ", "title");
    title = title ? title : child(e, " media ", "title");
    guid = guid ? guid : child(e, " atom ", "id");
    guid = guid ? guid : child(e, " - rss ", "id");
    struct nd_str base = c->base.n ? c->base : c->link, own = nd_xml_get(e, "xml:base");
    struct nd_str id = nd_trim(nd_xml_text(guid, arena)), lang = nd_xml_get(e, "xml:lang");
    struct nd_str url = nd_trim(nd_xml_text(nd_xml_child(e, "origLink"), arena)), from;
    base = own.n ? nd_url_resolve(arena, base, own) : base;
    if (nd_xml_child(e, "link") && nd_xml_get(nd_xml_child(e, "link"), "xml:base").n)
        base = nd_url_resolve(arena, base, nd_xml_get(nd_xml_child(e, "link"), "xml:base"));
    url = url.n ? url : link_of(e, arena);
    if (!url.n && guid && nd_str_begins(id, "http") &&
        !nd_str_is(nd_xml_get(guid, "isPermaLink"), "false"))
        url = id;
    url = nd_url_resolve(arena, base, url);
    if (!id.n)
        id = nd_xml_get(e, "rdf:about");
    id = nd_trim(id).n ? nd_trim(id) : url;
    from = nd_trim(source && nd_xml_child(source, "title")
                       ? line_of(nd_xml_child(source, "title"), arena)
                   : source ? line_of(source, arena)
                            : (struct nd_str){0});
    if (!lang.n)
        lang = nd_trim(nd_xml_text(child(e, " dc ", "language"), arena));
    if (title && !lang.n)
        lang = nd_xml_get(title, "xml:lang");
    int rc = put(a, arena, map, "id", id);
    if (!rc)
        rc = put(a, arena, map, "title", line_of(title, arena));
    if (!rc)
        rc = texts(a, arena, map, e);
    if (!rc)
        rc = dates(a, arena, map, e);
    if (!rc)
        rc = authors(&a->authors, arena, e);
    if (!rc && !a->authors.n && source)
        rc = authors(&a->authors, arena, source);
    if (!rc)
        rc = categories(a, arena, map, e);
    if (!rc)
        rc = put(a, arena, map, "url", url);
    if (!rc)
        rc = put(a, arena, map, "lang", lang.n ? lang : c->lang);
    if (!rc)
        rc = put(a, arena, map, "source", from.n ? from : c->title);
    if (!a->authors.n)
        a->authors = c->authors;
    if (c->names.n)
        display_names(a, c);
    return rc;
}
