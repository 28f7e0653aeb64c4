/* MediaWiki exports and wikitext; the Reuters-21578 collection. */
#include "format_gold.h"
#include "formats/wikitext.h"

static const char *wiki(const char *pages)
{
    static char text[8192];
    snprintf(text, sizeof text,
             "<mediawiki "
             "xml:lang=\"de\"><siteinfo><sitename>Wiki</sitename><base>https://de.example.org/wiki/"
             "Seite</base><namespaces>"
             "<namespace key=\"6\">Datei</namespace><namespace "
             "key=\"14\">Kategorie</namespace></namespaces></siteinfo>%s</mediawiki>",
             pages);
    return of("w.xml", text);
}

#define REVISION(id, time, text)                                                                   \
    "<revision><id>" id "</id><timestamp>" time "</timestamp><model>wikitext</model><text>" text   \
    "</text></revision>"

static void page_with_history_is_its_last_revision(void)
{
    CHECK_STR(
        wiki(
            "<page><title>A page</title><ns>0</ns><id>7</id>" REVISION("1", "2020-01-01T00:00:00Z",
                                                                       "Old text.")
                REVISION(
                    "2", "2021-01-01T00:00:00Z",
                    "New '''text'''. [[Kategorie:Bahn]]") "</page>"
                                                          "<page><title>Talk:A</title><ns>1</"
                                                          "ns><id>8</id>" REVISION(
                                                              "3", "2020-01-01T00:00:00Z",
                                                              "No.") "</page>"
                                                                     "<page><title>R</"
                                                                     "title><ns>0</ns><id>9</"
                                                                     "id><redirect title=\"A "
                                                                     "page\"/>" REVISION(
                                                                         "4",
                                                                         "2020-01-01T00:00:"
                                                                         "00Z",
                                                                         "#REDIRECT [[A "
                                                                         "page]]") "</"
                                                                                   "page><"
                                                                                   "page><"
                                                                                   "title>"
                                                                                   "Last</"
                                                                                   "title><ns>"
                                                                                   "0</"
                                                                                   "ns><id>10<"
                                                                                   "/id"
                                                                                   ">" REVISION(
                                                                                       "5",
                                                                                       "2020-01-"
                                                                                       "01T00:00:"
                                                                                       "00Z",
                                                                                       "End.") "</"
                                                                                               "pag"
                                                                                               "e"
                                                                                               ">"),
        "{\"id\":\"7\",\"version\":\"2\",\"title\":\"A page\",\"body\":\"New "
        "text.\",\"published\":\"2020-01-01T00:00:00Z\","
        "\"updated\":\"2021-01-01T00:00:00Z\",\"source\":\"Wiki\",\"lang\":\"de\",\"url\":\"https:/"
        "/de.example.org/wiki/A_page\","
        "\"tags\":[\"Bahn\"]}\n"
        "{\"id\":\"10\",\"version\":\"5\",\"title\":\"Last\",\"body\":\"End.\",\"published\":"
        "\"2020-01-01T00:00:00Z\","
        "\"updated\":\"2020-01-01T00:00:00Z\",\"source\":\"Wiki\",\"lang\":\"de\",\"url\":\"https:/"
        "/de.example.org/wiki/Last\"}");
}

static void wikinews_needs_publish(void)
{
    static const char form[] = "<mediawiki><siteinfo><base>https://en.wikinews.org/wiki/Main</"
                               "base></siteinfo><page><title>T</title><ns>0</ns>"
                               "<id>1</id><revision><timestamp>2020-01-01T00:00:00Z</"
                               "timestamp><text>{{date|November 13, 2004}} Text. %s"
                               "</text></revision></page></mediawiki>";
    char text[1024];
    snprintf(text, sizeof text, form, "");
    CHECK_STR(of("n.xml", text), "");
    snprintf(text, sizeof text, form, "{{publish}}");
    CHECK(strstr(of("n.xml", text), "\"published\":\"2004-11-13\""));
}

static void wikitext_to_text(void)
{
    static const struct {
        const char *wiki, *text;
    } cases[] = {
        {"A [[link|word]] and [[Other]] [http://x.y site] [http://x.y].",
         "A word and Other site ."},
        {"''Italic'' '''bold''' '''''both'''''", "Italic bold both"},
        {"One.<ref name=\"a\">No [[x]]</ref> Two.<ref name=b /> Three.", "One. Two. Three."},
        {"{{Infobox|a={{b|c}}|d=[[e]]}}Text {{convert|5|km}} long (born {{x|y}}).",
         "Text 5 km long (born )."},
        {"A\n{| class=x\n! h\n|-\n| [[c]] || {{d}}\n|}\nB", "A\n\nB"},
        {"== Head ==\nLine one\nline two.\n\n* item\n# two\n:: three",
         "Head\n\nLine one line two.\n\nitem\n\ntwo\n\nthree"},
        {"Text.\n\n== Sources ==\n* {{source|x}}\n* gone\n== More ==\nYes.",
         "Text.\n\nMore\n\nYes."},
        {"[[File:x.jpg|thumb|A [[nested]] caption]]Text.<!-- gone --> &amp; more&nbsp;",
         "Text. & more\xc2\xa0"},
        {"<nowiki>[[kept]]</nowiki> a<br/>b <span style=\"x\">c</span>", "kept a b c"},
        {"never {{closed\n\nNext.", "never\n\nNext."},
        {"__NOTOC__Text [[:Category:Rail]] [[fr:Autre]]", "Text Category:Rail"},
        {"in (, ) brackets ( ) gone", "in brackets gone"}};
    struct nd_wiki_site site = {"", "", ""};
    struct nd_arena arena;
    nd_arena_init(&arena, ROOM);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nd_wiki_found found;
        struct nd_buf out;
        nd_buf_init(&out, ROOM);
        CHECK(!nd_wikitext(&out, &found, &site, nd_str_of(cases[i].wiki), &arena));
        nd_buf_byte(&out, '\0');
        CHECK_STR(out.data, cases[i].text);
        nd_buf_free(&out);
    }
    nd_arena_free(&arena);
}

struct count {
    unsigned pages, marked;
};

static void look_for_markup(void *ctx, const struct nd_article *a, struct nd_arena *arena)
{
    static const char *const marks[] = {"[[",  "]]",   "{{", "}}", "{|",     "|}",
                                        "'''", "<ref", "</", "==", "&nbsp;", "[http"};
    struct count *c = ctx;
    (void)arena;
    bool marked = false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        marked |= memmem(a->body.p ? a->body.p : "", a->body.n, marks[i], strlen(marks[i])) != NULL;
    c->pages++;
    c->marked += marked;
    if (marked)
        printf("# markup is left in '%.*s'\n", (int)a->title.n, a->title.p);
}

static void wiki_dump(void *ctx, const char *path)
{
    size_t n;
    char *p = slurp(path, &n);
    read_bytes(p ? p : "", n, path, look_for_markup, ctx);
    free(p);
}

static void dumps_of_others_leave_no_markup(void)
{
    struct count c = {0};
    if (!unpacked("formats/mediawiki")) {
        check_skip("no shared data/formats.tar.xz");
        return;
    }
    for_files(at("formats/mediawiki"), ".xml", wiki_dump, &c);
    printf("# wiki pages: %u, with markup left: %u\n", c.pages, c.marked);
    CHECK(c.pages > 500);
    CHECK(c.marked * 200 <= c.pages); /* what authors wrote as an example stays */
}

static void reuters_collection(void)
{
    const char *out = of(
        "r.sgm",
        "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS TOPICS=\"YES\" OLDID=\"5544\" "
        "NEWID=\"1\">\n"
        "<DATE>26-FEB-1987 "
        "15:01:01.79</DATE>\n<TOPICS><D>cocoa</D></TOPICS>\n<PLACES><D>el-salvador</D><D>usa</D></"
        "PLACES>\n"
        "<PEOPLE></PEOPLE>\n<ORGS><D>gatt</D></ORGS>\n<TEXT>&#2;\n<TITLE>BAHIA "
        "&lt;REVIEW></TITLE>\n<AUTHOR>    By Ann Lee, Reuters</AUTHOR>"
        "<DATELINE>SALVADOR</DATELINE><BODY>Showers & rain.\n "
        "Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n"
        "<REUTERS NEWID=\"2\"><TEXT TYPE=\"BRIEF\"><TITLE>BRIEF ONE \xa9</TITLE></TEXT></REUTERS>\n"
        "<REUTERS NEWID=\"3\"><TEXT TYPE=\"UNPROC\">No tags at all.</TEXT></REUTERS>");
    CHECK(strstr(
        out, "{\"id\":\"1\",\"title\":\"BAHIA <REVIEW>\",\"body\":\"Showers & rain.\\n\\nReuter\","
             "\"published\":\"1987-02-26T15:01:01\""));
    CHECK(strstr(out, "\"tags\":[\"cocoa\"],\"entities\":[{\"type\":\"place\",\"name\":\"el-"
                      "salvador\"},{\"type\":\"place\",\"name\":\"usa\"},"
                      "{\"type\":\"org\",\"name\":\"gatt\"}]}"));
    CHECK(strstr(out, "{\"id\":\"2\",\"title\":\"BRIEF ONE \xc2\xa9\""));
    CHECK(strstr(out, "{\"id\":\"3\",\"body\":\"No tags at all.\""));
    CHECK(strstr(of("t.sgm", "<REUTERS NEWID=\"1\"><TEXT>x"), "the file ends inside a record"));
}

int main(void)
{
    RUN(page_with_history_is_its_last_revision);
    RUN(wikinews_needs_publish);
    RUN(wikitext_to_text);
    RUN(dumps_of_others_leave_no_markup);
    RUN(reuters_collection);
    return check_done();
}
