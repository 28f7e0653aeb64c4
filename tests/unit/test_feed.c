/* Feeds: what elements become, and the cases of two feed libraries with their gold. */
#include "format_gold.h"
#include "text/json.h"
#include "text/utf8.h"

static const char *rss(const char *items)
{
    static char text[8192];
    snprintf(
        text, sizeof text,
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>The Sun</title>"
        "<language>en-us</language>%s</channel></rss>",
        items);
    return of("f.xml", text);
}

static void rss_item_becomes_article(void)
{
    const char *out =
        rss("<item><title>A &amp;amp; B</title><guid isPermaLink=\"false\">x-1</guid>"
            "<link>http://example.com/a</link><pubDate>Tue, 05 Sep 2023 10:00:00 +0200</pubDate>"
            "<dc:creator>Ann Lee and Bo "
            "Roe</dc:creator><category>Rail</category><category>Rail</category>"
            "<description>Short&lt;br&gt;one ...</description>"
            "<content:encoded><![CDATA[<p>First.</p><p>Second&nbsp;one.</p>]]></content:encoded></"
            "item>");
    CHECK_STR(out,
              "{\"id\":\"x-1\",\"title\":\"A & B\",\"body\":\"First.\\n\\nSecond one.\","
              "\"published\":\"2023-09-05T10:00:00+02:00\",\"authors\":[\"Ann Lee\",\"Bo Roe\"],"
              "\"source\":\"The "
              "Sun\",\"lang\":\"en-us\",\"url\":\"http://example.com/a\",\"tags\":[\"Rail\"]}");
}

static void description_alone_is_partial(void)
{
    CHECK(strstr(rss("<item><title>T</title><description>Only a teaser ...</description></item>"),
                 "\"partial\":true"));
    CHECK(!strstr(rss("<item><title>T</title><content:encoded>All of it.</content:encoded></item>"),
                  "partial"));
}

static void atom_entry_becomes_article(void)
{
    CHECK_STR(
        of("a.xml",
           "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"de\" "
           "xml:base=\"http://example.com/x/\">"
           "<title>Blatt</title><author><name>Feed Author</name></author><entry><id>tag:1</id>"
           "<title type=\"html\">A &lt;b&gt;bold&lt;/b&gt; one</title><link href=\"../y\"/>"
           "<updated>2023-09-06T01:02:03Z</updated><published>2023-09-05T01:02:03Z</published>"
           "<summary>Kurz</summary><content type=\"xhtml\"><div "
           "xmlns=\"http://www.w3.org/1999/xhtml\">"
           "<p>Eins</p><p>Zwei</p></div></content></entry></feed>"),
        "{\"id\":\"tag:1\",\"title\":\"A bold one\",\"lead\":\"Kurz\",\"body\":\"Eins\\n\\nZwei\","
        "\"published\":\"2023-09-05T01:02:03Z\",\"updated\":\"2023-09-06T01:02:03Z\",\"authors\":["
        "\"Feed Author\"],"
        "\"source\":\"Blatt\",\"lang\":\"de\",\"url\":\"http://example.com/y\"}");
}

static void rdf_items_are_beside_the_channel(void)
{
    CHECK_STR(of("r.rdf",
                 "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
                 "xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
                 "<channel rdf:about=\"c\"><title>Site</title></channel><item "
                 "rdf:about=\"http://example.com/1\">"
                 "<title>T</title><link>http://example.com/1</link><dc:date>2023-09-05</dc:date></"
                 "item></rdf:RDF>"),
              "{\"id\":\"http://example.com/"
              "1\",\"title\":\"T\",\"published\":\"2023-09-05\",\"source\":\"Site\","
              "\"url\":\"http://example.com/1\"}");
}

static void wordpress_export_gives_posts_only(void)
{
    const char *out =
        of("w.xml", "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\" "
                    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                    "xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\">"
                    "<channel><title>Blog</title><wp:author><wp:author_login>al</wp:author_login>"
                    "<wp:author_display_name>Ann Lee</wp:author_display_name></wp:author>"
                    "<item><title>Pic</title><wp:post_type>attachment</wp:post_type></item>"
                    "<item><title>Draft</title><wp:post_type>post</wp:post_type><wp:status>draft</"
                    "wp:status></item>"
                    "<item><title>Post</title><dc:creator>al</"
                    "dc:creator><content:encoded>One.\n\nTwo &amp;amp; more.</content:encoded>"
                    "<category domain=\"category\" "
                    "nicename=\"n\">News</category><wp:post_type>post</wp:post_type>"
                    "<wp:status>publish</wp:status></item></channel></rss>");
    CHECK(strstr(
        out, "\"title\":\"Post\",\"body\":\"One.\\n\\nTwo & more.\",\"authors\":[\"Ann Lee\"]"));
    CHECK(strstr(out, "\"section\":\"News\""));
    CHECK(!strstr(out, "Pic") && !strstr(out, "Draft"));
}

static void ill_formed_feeds_are_read(void)
{
    CHECK(strstr(rss("<item><title>AT&T & <b>co</title><description>x < y &bogus; "
                     "&eacute;</description></item>"
                     "<item><title>Next</title></item>"),
                 "Next"));
    CHECK(strstr(of("p.xml", "<rss><channel><item><dc:creator>A "
                             "B</dc:creator><title>T</title></item></channel></rss>"),
                 "\"A B\""));
    CHECK(strstr(of("cut.xml", "<rss><channel><item><title>Cut off</title><description>and so"),
                 "Cut off"));
    CHECK(strstr(of("latin.xml",
                    "<?xml version=\"1.0\" "
                    "encoding=\"iso-8859-1\"?><rss><channel><item><title>caf\xe9 \x93q\x94</title>"
                    "</item></channel></rss>"),
                 "caf\xc3\xa9 \xe2\x80\x9cq\xe2\x80\x9d"));
}

static void no_entity_is_fetched_or_blown_up(void)
{
    const char *out = of(
        "x.xml",
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">"
        "<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss><channel><item><title>T &a; [&b;] "
        "[&x;]</title></item>"
        "</channel></rss>");
    CHECK(strstr(out, "T aaaaaaaaaa [") && !strstr(out, "root:") && !strstr(out, "aaaaaaaaaaa"));
}

static void json_feed_items(void)
{
    CHECK_STR(of("j.json", "{\"version\":\"https://jsonfeed.org/version/"
                           "1.1\",\"title\":\"S\",\"items\":[{\"id\":\"1\","
                           "\"url\":\"http://example.com/"
                           "1\",\"title\":\"T\",\"content_html\":\"<p>One</p><p>Two</p>\","
                           "\"date_published\":\"2023-09-05T10:00:00Z\",\"authors\":[{\"name\":"
                           "\"Ann Lee\"}],\"tags\":[\"x\"]}]}"),
              "{\"id\":\"1\",\"title\":\"T\",\"body\":\"One\\n\\nTwo\",\"published\":\"2023-09-"
              "05T10:00:00Z\","
              "\"authors\":[\"Ann Lee\"],\"url\":\"http://example.com/1\",\"tags\":[\"x\"]}");
}

static void url_resolution(void)
{
    static const char *const cases[][3] = {{"http://a/b/c/d?q", "g", "http://a/b/c/g"},
                                           {"http://a/b/c/d?q", "../g", "http://a/b/g"},
                                           {"http://a/b/c/d?q", "/g", "http://a/g"},
                                           {"http://a/b/c/d?q", "//g", "http://g"},
                                           {"http://a/b/c/d?q", "?y", "http://a/b/c/d?y"},
                                           {"http://a/b/c/d?q", "#s", "http://a/b/c/d?q#s"},
                                           {"http://a/b/c/d", "../../../g", "http://a/g"},
                                           {"http://a", "g", "http://a/g"},
                                           {"http://a/b", "mailto:x", "mailto:x"},
                                           {"", "g", "g"}};
    struct nd_arena arena;
    nd_arena_init(&arena, ROOM);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_str s = nd_url_resolve(&arena, nd_str_of(cases[i][0]), nd_str_of(cases[i][1]));
        CHECK_MEM(s.p, s.n, cases[i][2], strlen(cases[i][2]));
    }
    nd_arena_free(&arena);
}

/* One thing a case expects of the first entry, and what was read. */
struct wish {
    char field[24];
    char value[8192];
    bool met;
    char got[512];
};

struct tally {
    unsigned cases, met;
    struct wish w;
};

static bool like_html(struct nd_arena *arena, struct nd_str got, struct nd_str want)
{
    struct nd_str text = nd_html_fragment(arena, want);
    /* markup is taken out however often it is escaped */
    struct nd_str twice = nd_html_fragment(arena, text);
    return same_text(got, want) || same_text(got, text) || same_text(got, twice) ||
           same_text(nd_html_fragment(arena, got), text);
}

static bool date_is(const struct nd_date *d, const char *want)
{
    struct nd_date w;
    return !nd_date_parse(&w, want, strlen(want), NULL) && w.utc == d->utc;
}

static bool named(const struct nd_strs *list, struct nd_str want, struct nd_arena *arena)
{
    want = nd_html_fragment(arena, nd_html_fragment(arena, want));
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i].n && memmem(want.p, want.n, list->v[i].p, list->v[i].n))
            return true;
    return !want.n && !list->n;
}

static void compare(void *ctx, const struct nd_article *a, struct nd_arena *arena)
{
    struct tally *t = ctx;
    struct wish *w = &t->w;
    struct nd_str want = nd_str_of(w->value);
    if (*w->got) /* the first entry alone */
        return;
    struct nd_str s = !strcmp(w->field, "title")  ? a->title
                      : !strcmp(w->field, "link") ? a->url
                                                  : a->body;
    snprintf(w->got, sizeof w->got, "=%.*s", s.n > 400 ? 400 : (int)s.n, s.n ? s.p : "");
    if (!strcmp(w->field, "title"))
        w->met = like_html(arena, a->title, want);
    else if (!strcmp(w->field, "text"))
        w->met = like_html(arena, a->body, want) || like_html(arena, a->lead, want);
    else if (!strcmp(w->field, "link"))
        w->met = nd_str_eq(a->url, nd_trim(want));
    else if (!strcmp(w->field, "author"))
        w->met = named(&a->authors, want, arena);
    else
        w->met = date_is(&a->published, w->value) || date_is(&a->updated, w->value);
}

static void judge(struct tally *t, const char *path, const char *p, size_t n)
{
    t->w.met = false;
    *t->w.got = '\0';
    read_bytes(p, n, path, compare, t);
    t->cases++;
    t->met += t->w.met;
    if (!t->w.met && getenv("VERBOSE"))
        printf("# %s: %s: want '%.100s' got '%.100s'\n", strrchr(path, '/') + 1, t->w.field,
               t->w.value, t->w.got);
}

/* A Python string, several joined by +. Return: after it, NULL if it is none. */
static const char *python_string(const char *p, char *out, size_t room)
{
    size_t n = 0;
    for (;;) {
        p += *p == 'u';
        char quote = *p++;
        if (quote != '\'' && quote != '"')
            return NULL;
        while (*p && *p != quote && n + 8 < room) {
            if (*p != '\\') {
                out[n++] = *p++;
                continue;
            }
            p++;
            unsigned cp = 0;
            if ((*p == 'u' && sscanf(p + 1, "%4x", &cp) == 1) ||
                (*p == 'x' && sscanf(p + 1, "%2x", &cp) == 1)) {
                n += nd_utf8_encode(cp, out + n);
                p += *p == 'u' ? 5 : 3;
            } else {
                out[n++] = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'r' ? '\r' : *p;
                p++;
            }
        }
        if (*p != quote)
            return NULL;
        p++;
        if (strncmp(p, " + ", 3))
            break;
        p += 3;
    }
    out[n] = '\0';
    return p;
}

/* `Expect: not bozo and entries[0]['title'] == 'x'`: what it says of title, text, date, author, link. */
static bool expectation(const char *text, struct wish *w)
{
    static const struct {
        const char *key, *field;
    } keys[] = {{"entries[0]['title'] == ", "title"},
                {"entries[0]['title_detail']['value'] == ", "title"},
                {"entries[0]['description'] == ", "text"},
                {"entries[0]['summary'] == ", "text"},
                {"entries[0]['summary_detail']['value'] == ", "text"},
                {"entries[0]['content'][0]['value'] == ", "text"},
                {"entries[0]['link'] == ", "link"},
                {"entries[0]['author'] == ", "author"},
                {"entries[0]['author_detail']['name'] == ", "author"},
                {"entries[0]['published_parsed'] == (", "date"},
                {"entries[0]['updated_parsed'] == (", "date"}};
    const char *e = strstr(text, "Expect:");
    for (size_t i = 0; e && i < sizeof keys / sizeof *keys; i++) {
        const char *at = strstr(e, keys[i].key);
        const char *eol = strchr(e, '\n');
        if (!at || (eol && at > eol))
            continue;
        at += strlen(keys[i].key);
        snprintf(w->field, sizeof w->field, "%s", keys[i].field);
        if (strcmp(w->field, "date"))
            return python_string(at, w->value, sizeof w->value) != NULL;
        int y, m, d, hour, minute, second;
        if (sscanf(at, "%d, %d, %d, %d, %d, %d", &y, &m, &d, &hour, &minute, &second) != 6)
            return false;
        snprintf(w->value, sizeof w->value, "%04d-%02d-%02dT%02d:%02d:%02dZ", y, m, d, hour, minute,
                 second);
        return true;
    }
    return false;
}

static void feedparser_case(void *ctx, const char *path)
{
    struct tally *t = ctx;
    size_t n;
    char *p = slurp(path, &n);
    if (p && memchr(p, '\0', n) == NULL && expectation(p, &t->w))
        judge(t, path, p, n);
    free(p);
}

static void feedparser_gold(void)
{
    static struct tally t;
    const char *folder = unpacked("formats/feeds");
    if (!folder) {
        check_skip("no shared data/formats.tar.xz");
        return;
    }
    for_files(at("formats/feeds/feedparser"), ".xml", feedparser_case, &t);
    printf("# feedparser: %u of %u\n", t.met, t.cases);
    CHECK(t.cases > 300);
    CHECK(t.met * 100 >= t.cases * 95);
}

static const struct nd_json *first_of(const struct nd_json *root, const char *a, const char *b)
{
    const struct nd_json *list = nd_json_get(root, a);
    list = list ? list : nd_json_get(root, b);
    return list && list->kind == ND_JSON_ARRAY ? list->first : NULL;
}

static void gofeed_case(void *ctx, const char *path)
{
    static const struct {
        const char *key, *field;
    } keys[] = {{"title", "title"},  {"description", "text"}, {"content", "text"},
                {"summary", "text"}, {"link", "link"},        {"published", "date"},
                {"updated", "date"}, {"pubDate", "date"},     {"author", "author"}};
    struct tally *t = ctx;
    struct nd_json_parser *parser;
    struct nd_json *root;
    struct nd_arena arena;
    size_t n, m;
    char feed[2048], *p = slurp(path, &n), *xml;
    snprintf(feed, sizeof feed, "%.*sxml", (int)strlen(path) - 4, path);
    xml = slurp(feed, &m);
    nd_arena_init(&arena, ROOM);
    CHECK(!nd_json_parser_new(&parser, NULL));
    if (p && xml && !nd_json_parse(parser, &root, &arena, p, n, NULL)) {
        const struct nd_json *item = first_of(root, "items", "entries");
        for (size_t i = 0; item && i < sizeof keys / sizeof *keys; i++) {
            const struct nd_json *v = nd_json_get(item, keys[i].key);
            const struct nd_json *inner =
                v && v->kind == ND_JSON_OBJECT ? nd_json_get(v, "value") : NULL;
            v = inner ? inner : v;
            if (v && v->kind == ND_JSON_OBJECT) {
                inner = nd_json_get(v, "name");
                v = inner ? inner : nd_json_get(v, "email");
            }
            if (!v || v->kind != ND_JSON_STRING)
                continue;
            snprintf(t->w.field, sizeof t->w.field, "%s", keys[i].field);
            snprintf(t->w.value, sizeof t->w.value, "%.*s", (int)v->text.n, v->text.p);
            judge(t, feed, xml, m);
        }
    }
    nd_json_parser_free(parser);
    nd_arena_free(&arena);
    free(p);
    free(xml);
}

static void gofeed_gold(void)
{
    static struct tally t;
    if (!unpacked("formats/feeds")) {
        check_skip("no shared data/formats.tar.xz");
        return;
    }
    for_files(at("formats/feeds/gofeed"), ".json", gofeed_case, &t);
    printf("# gofeed: %u of %u\n", t.met, t.cases);
    CHECK(t.cases > 80);
    CHECK(t.met * 100 >= t.cases * 95);
}

int main(void)
{
    RUN(rss_item_becomes_article);
    RUN(description_alone_is_partial);
    RUN(atom_entry_becomes_article);
    RUN(rdf_items_are_beside_the_channel);
    RUN(wordpress_export_gives_posts_only);
    RUN(ill_formed_feeds_are_read);
    RUN(no_entity_is_fetched_or_blown_up);
    RUN(json_feed_items);
    RUN(url_resolution);
    RUN(feedparser_gold);
    RUN(gofeed_gold);
    return check_done();
}
