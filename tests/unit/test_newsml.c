/* NewsML, NITF, ninjs and RCV1: what elements become, and the pass and fail suites of the standards' owner. */
#include "format_gold.h"

static const char g2_open[] =
    "<newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"urn:x:1\" version=\"3\" "
    "standard=\"NewsML-G2\" standardversion=\"2.30\" xml:lang=\"en\">";

static const char *g2(const char *status, const char *content)
{
    static char text[8192];
    snprintf(text, sizeof text,
             "<?xml version=\"1.0\"?>%s<itemMeta><itemClass qcode=\"ninat:text\"/><provider "
             "qcode=\"nprov:AFP\"><name>AFP</name>"
             "</provider><versionCreated>2023-09-06T10:00:00Z</"
             "versionCreated><firstCreated>2023-09-05T10:00:00Z</firstCreated>"
             "<pubStatus qcode=\"stat:%s\"/></itemMeta><contentMeta><creator><name>Ann "
             "Lee</name></creator>"
             "<subject type=\"cpnat:person\" qcode=\"p:1\"/><subject "
             "qcode=\"medtop:04000000\"><name>economy</name></subject>"
             "<headline>The Headline</headline></contentMeta><assert qcode=\"p:1\"><name>Kim "
             "Ha</name></assert>%s</newsItem>",
             g2_open, status, content);
    return of("g2.xml", text);
}

static void g2_item_with_nitf(void)
{
    CHECK_STR(g2("usable",
                 "<contentSet><inlineXML><nitf "
                 "xmlns=\"http://iptc.org/std/NITF/2006-10-18/\"><body><body.head><hedline>"
                 "<hl1>Other</hl1></hedline></body.head><body.content><p>First in "
                 "<location>Seoul</location>.</p>"
                 "<media><media-caption>A "
                 "picture</media-caption></media><p>Second.</p></body.content></body></nitf>"
                 "</inlineXML></contentSet>"),
              "{\"id\":\"urn:x:1\",\"version\":\"3\",\"title\":\"The Headline\",\"body\":\"First "
              "in Seoul.\\n\\nSecond.\","
              "\"published\":\"2023-09-05T10:00:00Z\",\"updated\":\"2023-09-06T10:00:00Z\","
              "\"authors\":[\"Ann Lee\"],"
              "\"source\":\"AFP\",\"lang\":\"en\",\"tags\":[\"economy\",\"medtop:04000000\"],"
              "\"entities\":[{\"type\":\"person\",\"name\":\"Kim "
              "Ha\"},{\"type\":\"place\",\"name\":\"Seoul\"}]}");
}

static void g2_withdrawal_and_pictures(void)
{
    CHECK(strstr(g2("canceled", ""), "\"withdrawn\":true"));
    CHECK(strstr(g2("withheld", ""), "\"withdrawn\":true"));
    char text[2048];
    snprintf(
        text, sizeof text,
        "%s<itemMeta><itemClass "
        "qcode=\"ninat:picture\"/><provider/><versionCreated>2023-09-06</versionCreated></itemMeta>"
        "<contentMeta><headline>A picture</headline></contentMeta></newsItem>",
        g2_open);
    CHECK_STR(of("pic.xml", text), "");
}

static void g2_message_holds_many_and_one_bad(void)
{
    char text[4096];
    static const char item[] =
        "<itemMeta><itemClass "
        "qcode=\"ninat:text\"/><provider/><versionCreated>2023-09-06</versionCreated>"
        "</itemMeta><contentMeta><headline>H</headline></contentMeta></newsItem>";
    snprintf(text, sizeof text,
             "<newsMessage "
             "xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><header/><itemSet>%s%s%s</"
             "newsItem>%s%s</itemSet></newsMessage>",
             g2_open, item, g2_open, g2_open, item);
    const char *out = of("m.xml", text);
    CHECK(strstr(out, "!m.xml:2: not valid NewsML-G2: the item has no itemMeta"));
    CHECK_INT(last.articles, 2);
}

static void not_well_formed_goes_on_at_the_next_document(void)
{
    char text[4096];
    static const char item[] =
        "<itemMeta><itemClass "
        "qcode=\"ninat:text\"/><provider/><versionCreated>2023-09-06</versionCreated>"
        "</itemMeta><contentMeta><headline>H</headline></contentMeta></newsItem>";
    snprintf(text, sizeof text,
             "<?xml version=\"1.0\"?>%s<broken></itemMeta></newsItem>\n<?xml version=\"1.0\"?>%s%s",
             g2_open, g2_open, item);
    const char *out = of("two.xml", text);
    CHECK(strstr(out, "!two.xml:1: not well-formed XML") && strstr(out, "\"title\":\"H\""));
    snprintf(text, sizeof text, "%s<itemMeta>", g2_open);
    CHECK(strstr(of("torn.xml", text), "the file ends inside an element"));
}

static void newsml1_item(void)
{
    CHECK_STR(
        of("n1.xml",
           "<NewsML><NewsEnvelope/><NewsItem><Identification><NewsIdentifier><ProviderId>afp.com</"
           "ProviderId>"
           "<DateId>20230905</DateId><NewsItemId>TX1</NewsItemId><RevisionId>2</RevisionId></"
           "NewsIdentifier></Identification>"
           "<NewsManagement><FirstCreated>20230905T101500Z</FirstCreated><Status "
           "FormalName=\"Usable\"/></NewsManagement>"
           "<NewsComponent><NewsLines><HeadLine>Head</HeadLine><ByLine>By Bo "
           "Roe</ByLine></NewsLines>"
           "<DescriptiveMetadata><Language FormalName=\"fr\"/></DescriptiveMetadata><ContentItem>"
           "<MimeType "
           "FormalName=\"text/css\"/><DataContent>.a{b:c}</DataContent></"
           "ContentItem><ContentItem><DataContent>"
           "<p>Un.</p><p>Deux.</p></DataContent></ContentItem></NewsComponent></NewsItem></"
           "NewsML>"),
        "{\"id\":\"urn:newsml:afp.com:20230905:TX1\",\"version\":\"2\",\"title\":\"Head\",\"body\":"
        "\"Un.\\n\\nDeux.\","
        "\"published\":\"2023-09-05T10:15:00Z\",\"authors\":[\"Bo "
        "Roe\"],\"source\":\"afp.com\",\"lang\":\"fr\"}");
}

static void nitf_of_the_times(void)
{
    CHECK_STR(of("nyt.xml", "<nitf><head><title>x</title><meta name=\"online_sections\" "
                            "content=\"World; Front Page\"/><docdata>"
                            "<doc-id id-string=\"1815718\"/><identified-content><classifier "
                            "class=\"indexing_service\" type=\"descriptor\">RAILROADS"
                            "</classifier><person class=\"indexing_service\">Lee, "
                            "Ann</person></identified-content></docdata>"
                            "<pubdata date.publication=\"20070101T000000\" name=\"The New York "
                            "Times\"/></head><body><body.head><hedline><hl1>Head</hl1>"
                            "</hedline><byline class=\"normalized_byline\">Roe, Bo</byline><byline "
                            "class=\"print_byline\">By BO ROE</byline></body.head>"
                            "<body.content><block class=\"lead_paragraph\"><p>LEAD: "
                            "One.</p></block><block class=\"full_text\"><p>One.</p><p>Two.</p>"
                            "</block></body.content></body></nitf>"),
              "{\"id\":\"1815718\",\"title\":\"Head\",\"body\":\"One.\\n\\nTwo.\",\"published\":"
              "\"2007-01-01T00:00:00\","
              "\"authors\":[\"BO ROE\"],\"source\":\"The New York "
              "Times\",\"section\":\"World\",\"tags\":[\"RAILROADS\"],"
              "\"entities\":[{\"type\":\"person\",\"name\":\"Lee, Ann\"}]}");
}

static void rcv1_story(void)
{
    CHECK_STR(
        of("r.xml",
           "<newsitem itemid=\"2286\" date=\"1996-08-20\" xml:lang=\"en\"><title>MEXICO: "
           "x</title><headline>Head</headline>"
           "<byline>Ann "
           "Lee</byline><text><p>One.</p><p>Two.</p></text><copyright>(c)</copyright><metadata>"
           "<codes class=\"bip:topics:1.0\"><code code=\"E51\"/></codes><dc "
           "element=\"dc.publisher\" value=\"Reuters\"/>"
           "</metadata></newsitem>"),
        "{\"id\":\"2286\",\"title\":\"Head\",\"body\":\"One.\\n\\nTwo.\",\"published\":\"1996-08-"
        "20\",\"authors\":[\"Ann Lee\"],"
        "\"source\":\"Reuters\",\"lang\":\"en\",\"tags\":[\"E51\"]}");
}

static void ninjs_versions(void)
{
    CHECK_STR(of("n3.json",
                 "{\"uri\":\"http://example.com/"
                 "1\",\"version\":\"2\",\"type\":\"text\",\"pubStatus\":\"usable\","
                 "\"versionCreated\":\"2023-09-05T10:00:00Z\",\"language\":\"en\",\"by\":\"Ann "
                 "Lee\",\"headlines\":[{\"role\":"
                 "\"sub\",\"value\":\"Sub\"},{\"role\":\"main\",\"value\":\"Main\"}],\"bodies\":[{"
                 "\"contentType\":\"text/plain\","
                 "\"value\":\"One. "
                 "Two.\"},{\"contentType\":\"application/xhtml+xml\",\"value\":\"<p>One.</"
                 "p><p>Two.</p>\"}],"
                 "\"people\":[{\"name\":\"Kim "
                 "Ha\"}],\"places\":[{\"name\":\"Seoul\"}],\"subjects\":[{\"name\":\"economy\"}]}"),
              "{\"id\":\"http://example.com/"
              "1\",\"version\":\"2\",\"title\":\"Main\",\"body\":\"One.\\n\\nTwo.\","
              "\"published\":\"2023-09-05T10:00:00Z\",\"updated\":\"2023-09-05T10:00:00Z\","
              "\"authors\":[\"Ann Lee\"],\"lang\":\"en\","
              "\"url\":\"http://example.com/"
              "1\",\"tags\":[\"economy\"],\"entities\":[{\"type\":\"person\",\"name\":\"Kim Ha\"},"
              "{\"type\":\"place\",\"name\":\"Seoul\"}]}");
    CHECK(strstr(
        of("n1.json",
           "{\"uri\":\"u:1\",\"headline\":\"H\",\"body_text\":\"B\",\"pubstatus\":\"canceled\"}"),
        "\"withdrawn\":true"));
    CHECK(strstr(
        of("nb.json",
           "{\"uri\":\"u:1\",\"headline\":\"H\",\"body_text\":\"B\",\"pubstatus\":\"killed\"}"),
        "not valid ninjs: 'pubstatus'"));
    CHECK_STR(
        of("np.json", "{\"uri\":\"u:1\",\"headlines\":[{\"value\":\"H\"}],\"type\":\"picture\"}"),
        "");
}

struct suite {
    unsigned files, right;
    bool pass;
};

static void suite_file(void *ctx, const char *path)
{
    struct suite *s = ctx;
    size_t n;
    if (!strstr(path, s->pass ? "/should_pass/" : "/should_fail/"))
        return;
    char *p = slurp(path, &n);
    struct outcome o = p ? read_bytes(p, n, path, NULL, NULL) : (struct outcome){0};
    /* what is no article at all (a picture, a catalogue) is not delivered either way */
    bool right = s->pass ? !o.refused : o.refused || !o.articles;
    s->files++;
    s->right += right;
    if (!right)
        printf("# %s: %s\n", path, o.reason);
    free(p);
}

static void suite(const char *folder, const char *end, unsigned least)
{
    struct suite pass = {.pass = true}, fail = {.pass = false};
    if (!unpacked(folder)) {
        check_skip("no shared data/formats.tar.xz");
        return;
    }
    for_files(at(folder), end, suite_file, &pass);
    for_files(at(folder), end, suite_file, &fail);
    printf("# %s: pass %u of %u, fail %u of %u\n", folder, pass.right, pass.files, fail.right,
           fail.files);
    CHECK(pass.files >= least && fail.files > 0);
    CHECK_INT(pass.right, pass.files);
    CHECK_INT(fail.right, fail.files);
}

static void newsml_suite(void)
{
    suite("formats/newsml-g2", ".xml", 100);
}

static void ninjs_suite(void)
{
    suite("formats/ninjs", ".json", 100);
}

int main(void)
{
    RUN(g2_item_with_nitf);
    RUN(g2_withdrawal_and_pictures);
    RUN(g2_message_holds_many_and_one_bad);
    RUN(not_well_formed_goes_on_at_the_next_document);
    RUN(newsml1_item);
    RUN(nitf_of_the_times);
    RUN(rcv1_story);
    RUN(ninjs_versions);
    RUN(newsml_suite);
    RUN(ninjs_suite);
    return check_done();
}
