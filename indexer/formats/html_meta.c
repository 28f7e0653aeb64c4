/* What a page says of itself: JSON-LD of schema.org, meta elements (OpenGraph, Dublin Core, Parsely, Sailthru ...),
 * microdata, then what stands in it. */
#include "formats/fill.h"
#include "formats/html_tree.h"
#include "text/json.h"

#include <string.h>
#include <strings.h>

enum {
    LD_NODES = 4096, /* values of JSON-LD that are looked at */
    BYLINE_CHARS = 100
};

/* Meta names for one fact, the best first; parted by blanks. */
static const char *const titles[] = {"dc:title",
                                     "dc.title",
                                     "dcterms.title",
                                     "dcterm:title",
                                     "og:title",
                                     "weibo:article:title",
                                     "weibo:webpage:title",
                                     "title",
                                     "twitter:title",
                                     "parsely-title",
                                     "sailthru.title",
                                     NULL};
static const char *const writers[] = {"dc:creator",      "dc.creator",     "dcterms.creator",
                                      "dcterm:creator",  "author",         "parsely-author",
                                      "sailthru.author", "article:author", "byl",
                                      "citation_author", "article.author", NULL};
static const char *const summaries[] = {
    "dc:description", "dc.description",      "dcterm:description",   "og:description",
    "description",    "twitter:description", "sailthru.description", NULL};
static const char *const published[] = {"article:published_time",
                                        "parsely-pub-date",
                                        "og:published_time",
                                        "datepublished",
                                        "sailthru.date",
                                        "publishdate",
                                        "publish-date",
                                        "publication_date",
                                        "pubdate",
                                        "pdate",
                                        "ptime",
                                        "dc.date.issued",
                                        "dcterms.issued",
                                        "dcterms.created",
                                        "dc.date",
                                        "dc:date",
                                        "article.published",
                                        "article_date_original",
                                        "citation_publication_date",
                                        "date",
                                        "originalpublicationdate",
                                        "displaydate",
                                        "cxenseparse:recs:publishtime",
                                        NULL};
static const char *const updated[] = {"article:modified_time",
                                      "og:updated_time",
                                      "lastmod",
                                      "last-modified",
                                      "dcterms.modified",
                                      "dc.date.modified",
                                      "datemodified",
                                      "utime",
                                      NULL};
static const char *const sections[] = {
    "article:section", "parsely-section", "og:section", "section", "cg", NULL};
static const char *const sites[] = {"og:site_name", "application-name", "dc.publisher", "cre",
                                    NULL};
static const char *const keywords[] = {"news_keywords", "keywords", "parsely-tags", "sailthru.tags",
                                       NULL};
static const char *const languages[] = {"dc.language",      "dcterms.language", "language",
                                        "content-language", "og:locale",        NULL};

struct page {
    struct nd_page_facts *f;
    struct nd_arena *arena;
    const GumboNode *root;
    struct nd_str doc_title, base;
    unsigned rank[8]; /* of the meta name that a fact is from */
    struct nd_strs meta_authors, ld_authors, page_authors;
    struct nd_str time_date, item_date;
};

static unsigned rank_in(const char *const *list, struct nd_str name)
{
    for (unsigned i = 0; list[i]; i++)
        if (nd_str_is(name, list[i]))
            return i + 1;
    return 0;
}

/* The meta name of a fact, better than the one it has. */
static bool better(struct page *g, unsigned which, const char *const *list, struct nd_str name)
{
    unsigned r = rank_in(list, name);
    if (!r || (g->rank[which] && g->rank[which] <= r))
        return false;
    g->rank[which] = r;
    return true;
}

static int add_keywords(struct page *g, struct nd_str s)
{
    int rc = 0;
    for (size_t i = 0, from = 0; i <= s.n && !rc; i++)
        if (i == s.n || s.p[i] == ',' || s.p[i] == ';') {
            rc = nd_list_add(&g->f->tags, g->arena, (struct nd_str){s.p + from, i - from});
            from = i + 1;
        }
    return rc;
}

static bool is_url(struct nd_str s)
{
    return nd_str_begins(s, "http://") || nd_str_begins(s, "https://") || nd_str_begins(s, "www.");
}

static int one_meta(struct page *g, struct nd_str name, struct nd_str value)
{
    struct nd_page_facts *f = g->f;
    static const struct {
        const char *const *names;
        size_t at;
    } texts[] = {{titles, offsetof(struct nd_page_facts, title)},
                 {summaries, offsetof(struct nd_page_facts, description)},
                 {published, offsetof(struct nd_page_facts, published)},
                 {updated, offsetof(struct nd_page_facts, updated)},
                 {sections, offsetof(struct nd_page_facts, section)},
                 {sites, offsetof(struct nd_page_facts, site)},
                 {languages, offsetof(struct nd_page_facts, lang)}};
    enum {
        AUTHORS = sizeof texts / sizeof *texts
    };
    for (unsigned i = 0; i < AUTHORS; i++)
        if (better(g, i, texts[i].names, name))
            *(struct nd_str *)((char *)f + texts[i].at) = value;
    unsigned r = rank_in(writers, name);
    if (r && !is_url(value)) {
        if (g->rank[AUTHORS] && g->rank[AUTHORS] < r)
            return 0;
        if (g->rank[AUTHORS] > r)
            g->meta_authors = (struct nd_strs){0};
        g->rank[AUTHORS] = r;
        return nd_authors_add(&g->meta_authors, g->arena, value);
    }
    if (nd_str_is(name, "article:tag") || nd_str_is(name, "og:article:tag"))
        return nd_list_add(&f->tags, g->arena, value);
    if (rank_in(keywords, name))
        return add_keywords(g, value);
    if (nd_str_is(name, "og:url") && !f->url.n)
        f->url = value;
    if (nd_str_is(name, "og:type"))
        f->is_article |= nd_str_is(value, "article");
    return 0;
}

/* property="a:b c:d" may hold several names; name="DC . title" odd blanks and dots. */
static int take_meta(struct page *g, const GumboNode *n)
{
    static const char *const attributes[] = {"property", "name", "itemprop", "http-equiv"};
    struct nd_str value = nd_html_squeezed(nd_html_attr(n, "content"), g->arena);
    int rc = 0;
    if (!value.n)
        return 0;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes && !rc; i++) {
        struct nd_str names = nd_trim(nd_html_attr(n, attributes[i]));
        while (names.n && !rc) {
            const char *blank = memchr(names.p, ' ', names.n);
            size_t k = blank ? (size_t)(blank - names.p) : names.n;
            rc = one_meta(g, (struct nd_str){names.p, k}, value);
            names = nd_trim((struct nd_str){names.p + k, names.n - k});
        }
    }
    return rc;
}

static bool has_type(const struct nd_json *o, bool article)
{
    const struct nd_json *t = nd_json_get(o, "@type");
    const struct nd_json *one = t && t->kind == ND_JSON_ARRAY ? t->first : t;
    for (; one; one = t->kind == ND_JSON_ARRAY ? one->next : NULL) {
        struct nd_str s = one->text;
        if (article && (nd_str_ends(s, "Article") || nd_str_ends(s, "Posting") ||
                        nd_str_is(s, "Report") || nd_str_is(s, "APIReference")))
            return true;
        if (!article && (nd_str_is(s, "WebPage") || nd_str_is(s, "WebSite")))
            return true;
    }
    return false;
}

static struct nd_str json_text(const struct nd_json *o, const char *key)
{
    const struct nd_json *v = nd_json_get(o, key);
    if (v && v->kind == ND_JSON_ARRAY)
        v = v->first;
    if (v && v->kind == ND_JSON_OBJECT) {
        const struct nd_json *name = nd_json_get(v, "name");
        v = name ? name : nd_json_get(v, "@id");
    }
    return v && v->kind == ND_JSON_STRING ? v->text : (struct nd_str){0};
}

static struct nd_str kept(struct page *g, struct nd_str s)
{
    s = nd_html_squeezed(s, g->arena);
    return nd_html_line(g->arena, s);
}

static int take_ld(struct page *g, const struct nd_json *o)
{
    struct nd_page_facts *f = g->f;
    const struct nd_json *a = nd_json_get(o, "author"), *k = nd_json_get(o, "keywords");
    int rc = 0;
    f->is_article = true;
    struct nd_str headline = kept(g, json_text(o, "headline")),
                  name = kept(g, json_text(o, "name"));
    if (headline.n && name.n &&
        !nd_str_eq(headline, name)) { /* the one that the page's title is like */
        bool h = nd_titles_alike(g->doc_title, headline), n = nd_titles_alike(g->doc_title, name);
        headline = n && !h ? name : headline;
    }
    f->title = headline.n ? headline : name;
    if (!a)
        a = nd_json_get(o, "creator");
    const struct nd_json *one = a && a->kind == ND_JSON_ARRAY ? a->first : a;
    for (; one && !rc; one = a->kind == ND_JSON_ARRAY ? one->next : NULL) {
        struct nd_str s = one->kind == ND_JSON_STRING ? one->text : json_text(one, "name");
        if (!is_url(s))
            rc = one->kind == ND_JSON_STRING ? nd_authors_add(&g->ld_authors, g->arena, kept(g, s))
                                             : nd_list_add(&g->ld_authors, g->arena, kept(g, s));
    }
    f->body = nd_trim(json_text(o, "articleBody"));
    f->description = kept(g, json_text(o, "description"));
    f->published = kept(g, json_text(o, "datePublished"));
    if (!f->published.n)
        f->published = kept(g, json_text(o, "dateCreated"));
    f->updated = kept(g, json_text(o, "dateModified"));
    f->section = kept(g, json_text(o, "articleSection"));
    f->lang = kept(g, json_text(o, "inLanguage"));
    f->site = kept(g, json_text(o, "publisher"));
    if (k && k->kind == ND_JSON_STRING && !rc)
        rc = add_keywords(g, kept(g, k->text));
    for (k = k && k->kind == ND_JSON_ARRAY ? k->first : NULL; k && !rc; k = k->next)
        if (k->kind == ND_JSON_STRING)
            rc = nd_list_add(&f->tags, g->arena, kept(g, k->text));
    return rc;
}

/* The article in a value of JSON-LD: itself, in a list, in @graph, or what a page is about. */
static const struct nd_json *find_ld(const struct nd_json *v, unsigned depth, unsigned *budget)
{
    if (!v || depth > 4 || !*budget)
        return NULL;
    --*budget;
    if (v->kind == ND_JSON_OBJECT && has_type(v, true))
        return v;
    const struct nd_json *list = v->kind == ND_JSON_OBJECT ? nd_json_get(v, "@graph") : v;
    for (const struct nd_json *k = list && list->kind == ND_JSON_ARRAY ? list->first : NULL; k;
         k = k->next) {
        const struct nd_json *found = find_ld(k, depth + 1, budget);
        if (found)
            return found;
    }
    return v->kind == ND_JSON_OBJECT && has_type(v, false)
               ? find_ld(nd_json_get(v, "mainEntity"), depth + 1, budget)
               : NULL;
}

static int take_script(struct page *g, const GumboNode *n, struct nd_json_parser *parser)
{
    unsigned count, budget = LD_NODES;
    GumboNode **k = nd_html_children(n, &count);
    struct nd_json *root;
    if (!nd_str_begins(nd_html_attr(n, "type"), "application/ld+json") || !count || !parser ||
        g->f->title.n)
        return 0;
    struct nd_str s = nd_trim(nd_str_of(k[0]->v.text.text));
    if (nd_str_begins(s, "<![CDATA[") && s.n > 12)
        s = nd_trim((struct nd_str){s.p + 9, s.n - 12});
    char *clean = nd_arena_copy(g->arena, s.n ? s.p : "", s.n);
    if (!clean)
        return ND_NOMEM;
    for (size_t i = 0; i < s.n; i++) /* line ends inside strings are common */
        if ((unsigned char)clean[i] < 0x20)
            clean[i] = ' ';
    if (nd_json_parse(parser, &root, g->arena, clean, s.n, NULL))
        return 0;
    const struct nd_json *article = find_ld(root, 0, &budget);
    return article ? take_ld(g, article) : 0;
}

/* "Ann Lee March 25, 2015": the name alone. */
static struct nd_str without_date(struct nd_str s)
{
    struct nd_date d;
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i - 1] == ' ' && !nd_date_parse(&d, s.p + i, s.n - i, NULL) &&
            d.precision >= ND_DATE_DAY)
            return nd_trim((struct nd_str){s.p, i - 1});
    return s;
}

/* An element that names who wrote it. */
static int take_byline(struct page *g, const GumboNode *n)
{
    struct nd_str rel = nd_html_attr(n, "rel"), prop = nd_html_attr(n, "itemprop");
    struct nd_str class_name = nd_html_attr(n, "class"), id = nd_html_attr(n, "id");
    static const char words[] = "byline|author|dateline|writtenby|p-author";
    bool names = nd_str_is(rel, "author") || (prop.n && strstr(prop.p, "author")) ||
                 (class_name.n && nd_has_word(class_name.p, words)) ||
                 (id.n && nd_has_word(id.p, words));
    if (!names || g->page_authors.n)
        return 0;
    const GumboNode *name = NULL;
    for (const GumboNode *k = n; k && !name; k = nd_html_step(n, k, true)) {
        struct nd_str p = nd_html_attr(k, "itemprop");
        name = p.n && strstr(p.p, "name") ? k : NULL;
    }
    struct nd_str s = without_date(nd_html_node_line(name ? name : n, g->arena));
    return s.n && s.n < BYLINE_CHARS ? nd_authors_add(&g->page_authors, g->arena, s) : 0;
}

static void take_time(struct page *g, const GumboNode *n)
{
    struct nd_str when = nd_html_attr(n, "datetime"), prop = nd_html_attr(n, "itemprop"), date;
    struct nd_date d;
    bool item = nd_str_is(prop, "datePublished") || nd_str_is(prop, "dateCreated");
    bool time = nd_html_is(n, GUMBO_TAG_TIME);
    if ((!item || g->item_date.n) && (!time || g->time_date.n))
        return;
    date = when.n ? when : nd_html_attr(n, "content");
    date = date.n ? date : nd_html_node_line(n, g->arena);
    date = nd_html_squeezed(date, g->arena);
    if (!date.n || nd_date_parse(&d, date.p, date.n, NULL))
        return;
    if (item && !g->item_date.n)
        g->item_date = date;
    if (time && !g->time_date.n)
        g->time_date = date;
}

/* https://site/2018/12/21/title: the day. */
static struct nd_str date_in_url(struct nd_str url, struct nd_arena *arena)
{
    for (size_t i = 0; i + 11 < url.n; i++) {
        const char *p = url.p + i;
        bool fits = p[0] == '/' && (p[1] == '1' || p[1] == '2') && (p[5] == '/' || p[5] == '-') &&
                    p[8] == p[5];
        for (size_t k = 1; k < 11 && fits; k++)
            fits = k == 5 || k == 8 || (p[k] >= '0' && p[k] <= '9');
        struct nd_date d;
        char *s = fits ? nd_arena_printf(arena, "%.4s-%.2s-%.2s", p + 1, p + 6, p + 9) : NULL;
        if (s && !nd_date_parse(&d, s, 10, NULL))
            return (struct nd_str){s, 10};
    }
    return (struct nd_str){0};
}

static int walk(struct page *g)
{
    int rc = 0;
    for (const GumboNode *n = g->root; n && !rc; n = nd_html_step(g->root, n, true)) {
        if (n->type != GUMBO_NODE_ELEMENT)
            continue;
        switch (n->v.element.tag) {
        case GUMBO_TAG_META:
            rc = take_meta(g, n);
            break;
        case GUMBO_TAG_BASE:
            g->base = g->base.n ? g->base : nd_html_attr(n, "href");
            break;
        case GUMBO_TAG_LINK:
            if (nd_str_is(nd_html_attr(n, "rel"), "canonical") && nd_html_attr(n, "href").n)
                g->f->url = nd_html_attr(n, "href");
            break;
        default:
            break;
        }
        if (!rc && n->v.element.tag != GUMBO_TAG_META && n->v.element.tag != GUMBO_TAG_LINK) {
            rc = take_byline(g, n);
            take_time(g, n);
        }
    }
    return rc;
}

static int scripts(struct page *g, struct nd_json_parser *parser)
{
    int rc = 0;
    for (const GumboNode *n = g->root; n && !rc; n = nd_html_step(g->root, n, true)) {
        if (nd_html_is(n, GUMBO_TAG_TITLE) && !g->doc_title.n &&
            n->v.element.tag_namespace == GUMBO_NAMESPACE_HTML)
            g->doc_title = nd_html_node_line(n, g->arena);
    }
    for (const GumboNode *n = g->root; n && !rc; n = nd_html_step(g->root, n, true))
        if (nd_html_is(n, GUMBO_TAG_SCRIPT))
            rc = take_script(g, n, parser);
    return rc;
}

/* What JSON-LD said goes before the rest. */
static void merge(struct nd_page_facts *f, const struct nd_page_facts *ld)
{
    struct nd_str *to[] = {&f->title,   &f->description, &f->published, &f->updated,
                           &f->section, &f->lang,        &f->site};
    const struct nd_str *from[] = {&ld->title,   &ld->description, &ld->published, &ld->updated,
                                   &ld->section, &ld->lang,        &ld->site};
    for (size_t i = 0; i < sizeof to / sizeof *to; i++)
        if (from[i]->n)
            *to[i] = *from[i];
}

int nd_html_facts(struct nd_page_facts *f, const struct nd_html *h, struct nd_arena *arena)
{
    struct nd_json_parser *parser = NULL;
    struct page g = {.f = f, .arena = arena, .root = h->out->root};
    struct nd_page_facts ld;
    struct nd_str lang = nd_html_attr(h->out->root, "lang");
    *f = (struct nd_page_facts){0};
    int rc = nd_json_parser_new(&parser, NULL);
    if (!rc)
        rc = scripts(&g, parser);
    nd_json_parser_free(parser);
    ld = *f;
    f->title = f->description = f->published = f->updated = f->section = f->lang = f->site =
        (struct nd_str){0};
    if (!rc)
        rc = walk(&g);
    if (rc)
        return rc;
    merge(f, &ld);
    if (!f->title.n && g.doc_title.n)
        f->title = nd_html_own_title(g.root, g.doc_title, arena);
    f->title = nd_html_line(arena, f->title);
    if (!lang.n)
        lang = nd_html_attr(h->out->root, "xml:lang");
    if (lang.n)
        f->lang = lang;
    if (!f->published.n)
        f->published = g.item_date.n ? g.item_date : g.time_date;
    if (!f->published.n)
        f->published = date_in_url(f->url, arena);
    f->authors = g.ld_authors.n ? g.ld_authors : g.meta_authors.n ? g.meta_authors : g.page_authors;
    return 0;
}
