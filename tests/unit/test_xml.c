/* The streaming XML helper: trees, offsets, limits, what is mended and what is refused. */
#include "format_gold.h"
#include "formats/xml.h"

static enum nd_xml_want items(void *ctx, const struct nd_xml *e, unsigned depth)
{
    (void)ctx, (void)depth;
    return nd_xml_is(e, "item") ? ND_XML_RECORD : nd_xml_is(e, "pass") ? ND_XML_PASS : ND_XML_ENTER;
}

struct piecewise {
    const char *p;
    size_t n, piece;
};

static int give(void *source, const char **p, size_t *n, struct nd_error *err)
{
    struct piecewise *s = source;
    (void)err;
    if (!s->n)
        return ND_DONE;
    *n = s->n < s->piece ? s->n : s->piece;
    *p = s->p;
    s->p += *n;
    s->n -= *n;
    return 0;
}

/* Each record as offset+length:markup, failures as !, in pieces of so many bytes. */
static const char *trees(const char *text, size_t n, size_t piece, bool recover, size_t max)
{
    static char out[4096];
    struct piecewise source = {text, n, piece};
    struct nd_stream in;
    struct nd_xml_in *x;
    struct nd_arena arena;
    struct nd_buf b;
    uint64_t repairs = 0, offset, length;
    struct nd_error err = {0};
    struct nd_xml_options o = {
        .ask = items, .recover = recover, .record_max = max, .repairs = &repairs};
    nd_arena_init(&arena, ROOM);
    nd_buf_init(&b, ROOM);
    nd_stream_init(&in, give, &source);
    CHECK(!nd_xml_open(&x, &in, &o, &err));
    for (int turns = 0; turns < 1000; turns++, nd_arena_reset(&arena)) {
        struct nd_xml *e;
        int rc = nd_xml_next(x, &e, &arena, &offset, &length, &err);
        if (rc == ND_DONE)
            break;
        if (b.len)
            nd_buf_byte(&b, ' ');
        if (rc) {
            nd_buf_str(&b, rc == ND_LIMIT ? "!limit" : "!");
            continue;
        }
        nd_buf_printf(&b, "%d+%d:", (int)offset, (int)length);
        nd_xml_markup(&b, e);
    }
    snprintf(out, sizeof out, "%s", b.data ? b.data : "");
    nd_xml_close(x);
    nd_stream_free(&in);
    nd_buf_free(&b);
    nd_arena_free(&arena);
    return out;
}

static const char *tree(const char *text)
{
    return trees(text, strlen(text), 7, false, 1 << 20);
}

static void records_with_their_places(void)
{
    CHECK_STR(tree("<a>\n <item x='1'>t<b/></item><pass><item/></pass><c><item>u</item></c></a>"),
              "5+24:<item x=\"1\">t<b></b></item> 52+14:<item>u</item>");
    CHECK_STR(tree("<item>&lt;&eacute;&#8217; a & b</item>"),
              "0+38:<item>&lt;\xc3\xa9\xe2\x80\x99 a &amp; b</item>");
    CHECK_STR(tree("<item><![CDATA[<x>]]></item>"), "0+28:<item>&lt;x></item>");
    CHECK_STR(tree("<item a=\"x>y\">t</item>"), "0+22:<item a=\"x>y\">t</item>");
}

static void any_piece_gives_the_same(void)
{
    static const char text[] = "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE a [<!ENTITY e "
                               "'E'>]><!-- > --><a><item k='\xc3\xa9>'>&e;<i>\xe2\x82\xac</i>"
                               "<![CDATA[ ]> ]]></item>\n<item/></a>";
    char whole[4096];
    snprintf(whole, sizeof whole, "%s", trees(text, sizeof text - 1, 4096, false, 1 << 20));
    CHECK(strstr(whole, ">E<i>\xe2\x82\xac</i> ]> </item>"));
    for (size_t piece = 1; piece < 80; piece++)
        CHECK_STR(trees(text, sizeof text - 1, piece, false, 1 << 20), whole);
}

static void wide_encodings(void)
{
    static const char text[] = "<a><item>\xe9t\xe9</item></a>"; /* each byte a character */
    for (int big = 0; big < 2; big++) {
        char wide[256];
        size_t n = 0;
        wide[n++] = big ? '\xfe' : '\xff';
        wide[n++] = big ? '\xff' : '\xfe';
        for (size_t i = 0; i < sizeof text - 1; i++) {
            wide[n + (size_t)big] = text[i];
            wide[n + (size_t)!big] = 0;
            n += 2;
        }
        for (size_t piece = 1; piece < 9; piece++)
            CHECK_STR(trees(wide, n, piece, false, 1 << 20), "8+32:<item>\xc3\xa9t\xc3\xa9</item>");
    }
}

static void limits(void)
{
    static const char item[] = "<item><b>0123456789</b></item>";
    char text[4096] = "<a>";
    for (size_t k = 0; k < 60; k++)
        memcpy(text + 3 + k * (sizeof item - 1), item, sizeof item);
    CHECK(!strstr(trees(text, strlen(text), 100, true, 30), "!limit"));
    CHECK(strstr(trees(text, strlen(text), 100, true, 29), "!limit !limit"));
    char deep[ND_XML_DEPTH * 8 + 64] = "<item>";
    size_t n = 6;
    for (int i = 1; i < ND_XML_DEPTH; i++, n += 3)
        memcpy(deep + n, "<b>", 3);
    for (int i = 1; i < ND_XML_DEPTH; i++, n += 4)
        memcpy(deep + n, "</b>", 4);
    memcpy(deep + n, "</item>", 7);
    CHECK(!strstr(trees(deep, n + 7, 100, false, 1 << 20), "!"));
    memmove(deep + 9 + 4, deep + 6, n + 1);
    memcpy(deep, "<a><item><c>x", 13);
    CHECK(strstr(trees(deep, n + 14, 100, true, 1 << 20), "!limit"));
}

static void refused_and_mended(void)
{
    CHECK_STR(tree("<a><item></b></item></a>"), "!");
    CHECK_STR(tree("<a><item>"), "!");
    CHECK_STR(tree("<a><item>x</b></item><item>y</item></a>"), "! 21+14:<item>y</item>");
    static const char torn[] = "<a><item><t>x & <b>y</t></i></item><item>z</item></a>";
    CHECK_STR(trees(torn, sizeof torn - 1, 9, true, 1 << 20),
              "3+32:<item><t>x &amp; <b>y</b></t></item> 35+14:<item>z</item>");
    CHECK_STR(tree(""), "");
    CHECK_STR(tree("<item/><item>2</item>"), "0+7:<item></item> 7+14:<item>2</item>");
}

static void text_of_trees(void)
{
    static const char text[] =
        "<item><p>One\n two</p><p>Three<br/>four</p><media>No</media>tail</item>";
    struct piecewise source = {text, sizeof text - 1, 100};
    struct nd_stream in;
    struct nd_xml_in *x;
    struct nd_xml *e;
    struct nd_arena arena;
    uint64_t repairs = 0, offset, length;
    struct nd_xml_options o = {.ask = items, .record_max = 1 << 20, .repairs = &repairs};
    nd_arena_init(&arena, ROOM);
    nd_stream_init(&in, give, &source);
    CHECK(!nd_xml_open(&x, &in, &o, NULL));
    if (CHECK(!nd_xml_next(x, &e, &arena, &offset, &length, NULL))) {
        struct nd_str s = nd_xml_paragraphs(e, " media ", &arena);
        CHECK_MEM(s.p, s.n, "One two\n\nThree\n\nfour\n\ntail", 26);
        s = nd_xml_text(nd_xml_child(e, "p"), &arena);
        CHECK_MEM(s.p, s.n, "One\n two", 8);
        CHECK(nd_xml_again(nd_xml_child(e, "p")) && nd_xml_find(e, "br") && !nd_xml_path(e, "p/x"));
    }
    nd_xml_close(x);
    nd_stream_free(&in);
    nd_arena_free(&arena);
}

int main(void)
{
    RUN(records_with_their_places);
    RUN(any_piece_gives_the_same);
    RUN(wide_encodings);
    RUN(limits);
    RUN(refused_and_mended);
    RUN(text_of_trees);
    return check_done();
}
