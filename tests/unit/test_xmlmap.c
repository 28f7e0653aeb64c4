/* Any XML by --record and --map: paths, what is taken by its name, refusals, limits, a stream of any length. */
#include "format_gold.h"
#include "formats/fieldmap.h"
#include "formats/xml_path.h"

static const char *mapped(const char *map, const char *xml)
{
    const char *pairs[] = {map};
    struct nd_source_options o = {
        .map = pairs, .map_n = *map != 0, .record = "item", .input_format = "xml"};
    write_file("m.xml", xml, strlen(xml));
    return records("m.xml", &o);
}

#define HAS(map, xml, want)                                                                        \
    do {                                                                                           \
        const char *got = mapped(map, xml);                                                        \
        if (!CHECK(strstr(got, want)))                                                             \
            printf("# %s: %s\n", map, got);                                                        \
    } while (0)

static const char dump[] =
    "<d xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:o='urn:o'><item guid='g1' o:rank='7'>"
    "<head><title>One</title><dc:title>Other</dc:title></head>"
    "<text><sec kind='a'><p>A <b>bold</b> word.</p></sec><sec><p>B.</p><q><p>C.</p></q></sec>"
    "</text><m name='desk' content='Sea'/><m name='by' content='Ann Lee'/><kw>x</kw><kw>y</kw>"
    "</item></d>";

static void paths_lead_to_members(void)
{
    HAS("id=@guid", dump, "\"id\":\"g1\"");
    HAS("version=@o:rank", dump, "\"version\":\"7\"");
    HAS("title=head/title", dump, "\"title\":\"One\"");
    HAS("title=head/dc:title", dump, "\"title\":\"Other\"");
    HAS("title=*/dc:title", dump, "\"title\":\"Other\"");
    HAS("body=text/sec/p", dump, "\"body\":\"A bold word.\\n\\nB.\"");
    HAS("body=text//p", dump, "\"body\":\"A bold word.\\n\\nB.\\n\\nC.\"");
    HAS("body=//p", dump, "\"body\":\"A bold word.\\n\\nB.\\n\\nC.\"");
    HAS("body=text//sec//p", dump, "\"body\":\"A bold word.\\n\\nB.\\n\\nC.\"");
    HAS("body=text/sec[@kind=a]", dump, "\"body\":\"A bold word.\"");
    HAS("body=text/sec[@kind='a']/p/text()", dump, "\"body\":\"A bold word.\"");
    HAS("body=text/sec[@kind]//b", dump, "\"body\":\"bold\"");
    HAS("section=m[@name=desk]/@content", dump, "\"section\":\"Sea\"");
    HAS("author=//m[@name=by]/@content", dump, "\"authors\":[\"Ann Lee\"]");
    HAS("tag=kw", dump, "\"tags\":[\"x\",\"y\"]");
    HAS("tag=//@name", dump, "\"tags\":[\"desk\",\"by\"]");
    HAS("body=.", dump, "A bold word.\\n\\nB.\\n\\nC.");
    /* the first path that leads to something */
    HAS("title=none/at/all,title=head/dc:title,title=head/title", dump, "\"title\":\"Other\"");
    /* an element inside of one that is taken is not taken again */
    HAS("body=//p", "<item><title>t</title><p>a <p>b</p></p></item>", "\"body\":\"a\\n\\nb\"");
}

static void what_is_not_mapped_goes_by_name(void)
{
    HAS("", dump, "\"title\":\"One\"");
    HAS("", dump, "\"body\":\"A bold word.\\n\\nB.\\n\\nC.\"");
    HAS("body=//kw", dump, "\"title\":\"One\"");
    HAS("title=head/title", "<item><head><title>t</title><date>2001-02-03</date></head></item>",
        "\"published\":\"2001-02-03\"");
    HAS("", "<item id='1' date='2001-02-03'>All of\n\nit.</item>",
        "\"id\":\"1\",\"body\":\"All of\\n\\nit.\",\"published\":\"2001-02-03\"");
    HAS("", "<item><field name='title'>T</field><field name='author'>A</field></item>",
        "\"title\":\"T\",\"authors\":[\"A\"]");
    HAS("", "<item><title>T</title><authors><a>B C</a><a>D E</a></authors></item>",
        "\"authors\":[\"B C\",\"D E\"]");
    HAS("", "<item><title>T</title><date value='2001-02-03'/></item>", "2001-02-03");
    HAS("", "<item><title>T</title><body>&lt;p>a&lt;/p>&lt;p>b &amp;amp; c&lt;/p></body></item>",
        "\"body\":\"a\\n\\nb & c\"");
    mapped("body=//kw", dump);
    CHECK_STR(unknown, "rank:1 m:1 "); /* but not kw */
}

static void one_record_after_the_other(void)
{
    const char *got = mapped("title=t", "<x><item><t>1</t></item><y><item><t>2</t></item></y>"
                                        "<item><t>3</t><item><t>inner</t></item></item></x>");
    CHECK(strstr(got, "\"1\"") && strstr(got, "\"2\"") && strstr(got, "\"3\""));
    CHECK_INT(last.articles, 3);
    /* one is bad, the rest goes on */
    got = mapped("title=t", "<x><item><t>1</t></item><item><t>2</i></item><item><t>3</t></item>"
                            "<item/><item><t>4</t></item></x>");
    CHECK(strstr(got, "\"1\"") && strstr(got, "\"3\"") && strstr(got, "\"4\""));
    CHECK_INT(last.bad, 2);
    CHECK(strstr(mapped("title=t", "<x><y/></x>"), "no element 'item'"));
    CHECK_INT(last.bad, 1);
    CHECK(strstr(mapped("", "<x><item><t>1</t>"), "!"));
}

static void refusals(void)
{
    static const char *const wrong[] = {"/d/item",    "a//",  "a///b", "@a/b",   "a/@b/@c",
                                        "a[b=c]",     "a[@b", "a[@]",  "a[@b=]", "a/",
                                        "position()", "[@a]", "@",     "a[@b=c"};
    struct nd_xml_way w;
    struct nd_error err;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        err = (struct nd_error){0};
        if (!CHECK_INT(nd_xml_path_parse(&w, nd_str_of(wrong[i]), &err), ND_USAGE))
            printf("# taken: %s\n", wrong[i]);
        CHECK(strstr(err.msg, "is not a path in XML"));
    }
    static const char steps[] = "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a";
    for (size_t n = 1; n <= ND_XML_PATH_STEPS + 1; n++)
        CHECK_INT(nd_xml_path_parse(&w, (struct nd_str){steps, 2 * n - 1}, &err),
                  n <= ND_XML_PATH_STEPS ? 0 : ND_USAGE);
    struct nd_fieldmap *m;
    static const char *const names[] = {"", "a/b", "<item>", "@id"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_INT(nd_fieldmap_new(&m, &(struct nd_fieldmap_options){.record = names[i]}, &err),
                  ND_USAGE);
}

static void limits(void)
{
    static char text[1 << 16];
    struct nd_source_options o = {.record = "item", .input_format = "xml"};
    static const char one[] = "<item><title>0123456789</title></item>";
    size_t n = (size_t)snprintf(text, sizeof text, "<x>%s%s%s</x>", one, one, one);
    write_file("l.xml", text, n);
    o.record_max = sizeof one - 1;
    records("l.xml", &o);
    CHECK_INT(last.articles, 3);
    o.record_max--;
    CHECK(strstr(records("l.xml", &o), "larger or deeper than allowed"));
    CHECK_INT(last.articles, 0);
    /* depth at its limit and one past it: the element of the record counts, and what is around it */
    for (int past = 0; past < 2; past++) {
        unsigned depth = ND_XML_DEPTH - 1 + (unsigned)past;
        n = (size_t)snprintf(text, sizeof text, "<item>");
        for (unsigned i = 0; i < depth; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "<a>");
        n += (size_t)snprintf(text + n, sizeof text - n, "deep");
        for (unsigned i = 0; i < depth; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "</a>");
        snprintf(text + n, sizeof text - n, "</item>");
        mapped("title=//a", text);
        CHECK_INT(last.articles, !past);
    }
    /* paths with many ways through a deep tree cost nodes times steps */
    n = (size_t)snprintf(text, sizeof text, "<item>");
    for (int i = 0; i < 150; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "<a>");
    n += (size_t)snprintf(text + n, sizeof text - n, "<b>deep</b>");
    for (int i = 0; i < 150; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "</a>");
    snprintf(text + n, sizeof text - n, "</item>");
    HAS("title=//a//a//a//a//a//a//a//a//a//a//a//a//a//b", text, "\"title\":\"deep\"");
    HAS("title=//a//a//a//a//a//a//a//a//a//a//a//a//a//c,body=//b", text, "\"body\":\"deep\"");
}

int main(void)
{
    RUN(paths_lead_to_members);
    RUN(what_is_not_mapped_goes_by_name);
    RUN(one_record_after_the_other);
    RUN(refusals);
    RUN(limits);
    return check_done();
}
