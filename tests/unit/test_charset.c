/* Character sets: which one is believed, and conversion in pieces. */
#include "format_gold.h"
#include "formats/charset.h"

static const char *guess(const char *p, size_t n, const char *transport,
                         enum nd_charset_markup markup)
{
    static struct nd_charset set;
    nd_charset_guess(&set, p, n, true, transport ? nd_str_of(transport) : (struct nd_str){0},
                     markup);
    return set.name;
}

static void order_of_belief(void)
{
    static const struct {
        const char *text, *transport, *name;
        size_t n;
        enum nd_charset_markup markup;
    } cases[] = {
        {"plain", NULL, "UTF-8", 5, ND_CHARSET_PLAIN},
        {"\xef\xbb\xbfx", "iso-8859-2", "UTF-8", 4, ND_CHARSET_PLAIN},
        {"\xff\xfex\0", NULL, "UTF-16LE", 4, ND_CHARSET_PLAIN},
        {"\0<\0?", NULL, "UTF-16BE", 4, ND_CHARSET_XML},
        {"<?xml version='1.0' encoding='koi8-r'?><a>\xc1\xc2</a>", NULL, "KOI8-R", 48,
         ND_CHARSET_XML},
        {"<?xml version='1.0' encoding='koi8-r'?><a>\xc1\xc2</a>", "windows-1251", "WINDOWS-1251",
         48, ND_CHARSET_XML},
        {"<meta charset=\"iso-8859-1\">\xe9", NULL, "WINDOWS-1252", 28, ND_CHARSET_HTML},
        {"<meta charset=\"iso-8859-1\">\xc3\xa9", NULL, "UTF-8", 29,
         ND_CHARSET_HTML}, /* the bytes say otherwise */
        {"caf\xe9", "utf-8", "WINDOWS-1252", 4, ND_CHARSET_PLAIN},
        {"caf\xe9", "../../x//TRANSLIT", "WINDOWS-1252", 4, ND_CHARSET_PLAIN},
        {"\x1b$B", NULL, "ISO-2022-JP", 3, ND_CHARSET_PLAIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(guess(cases[i].text, cases[i].n, cases[i].transport, cases[i].markup),
                  cases[i].name);
}

static void detection(void)
{
    static const char russian[] = "\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0! \xdd\xf2\xee "
                                  "\xf0\xf3\xf1\xf1\xea\xe8\xe9 \xf2\xe5\xea\xf1\xf2, "
                                  "\xea\xee\xf2\xee\xf0\xfb\xe9 \xed\xf3\xe6\xed\xee "
                                  "\xf3\xe7\xed\xe0\xf2\xfc \xef\xee \xe1\xf3\xea\xe2\xe0\xec.";
    CHECK_STR(guess(russian, sizeof russian - 1, NULL, ND_CHARSET_PLAIN), "WINDOWS-1251");
}

/* Cut anywhere, the text is the same. */
static void conversion_in_pieces(void)
{
    static const struct {
        const char *set, *from, *to;
        size_t n;
    } cases[] = {{"UTF-8", "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z",
                  "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z", 11},
                 {"CP932", "\x93\xfa\x96{a",
                  "\xe6\x97\xa5\xe6\x9c\xac"
                  "a",
                  5},
                 {"UTF-16LE",
                  "\x3d\xd8\x00\xde"
                  "a\0",
                  "\xf0\x9f\x98\x80"
                  "a",
                  6},
                 {"WINDOWS-1252", "\x93x\x94", "\xe2\x80\x9cx\xe2\x80\x9d", 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t cut = 0; cut <= cases[i].n; cut++) {
            struct nd_charset set = {.unit = 1};
            struct nd_converter *c;
            struct nd_buf out;
            uint64_t repairs = 0;
            snprintf(set.name, sizeof set.name, "%s", cases[i].set);
            nd_buf_init(&out, ROOM);
            if (!CHECK(!nd_charset_open(&c, &set, NULL)))
                return;
            CHECK(!nd_charset_add(c, &out, cases[i].from, cut, false, &repairs));
            CHECK(!nd_charset_add(c, &out, cases[i].from + cut, cases[i].n - cut, true, &repairs));
            CHECK_MEM(out.data, out.len, cases[i].to, strlen(cases[i].to));
            CHECK_INT(repairs, 0);
            nd_charset_close(c);
            nd_buf_free(&out);
        }
}

static void ill_formed_bytes_are_replaced_and_counted(void)
{
    struct nd_charset set = {.name = "CP932", .unit = 1};
    struct nd_buf out;
    uint64_t repairs = 0;
    nd_buf_init(&out, ROOM);
    CHECK(!nd_charset_convert(&out, &set, "a\xff\xffz\x93", 5, &repairs, NULL));
    CHECK(out.len > 3 && out.data[0] == 'a' && repairs == 3);
    nd_buf_free(&out);
    snprintf(set.name, sizeof set.name, "NO-SUCH-SET");
    struct nd_error err = {0};
    CHECK_INT(nd_charset_convert(&out, &set, "a", 1, &repairs, &err), ND_INPUT);
    CHECK(strstr(err.msg, "NO-SUCH-SET"));
}

int main(void)
{
    RUN(order_of_belief);
    RUN(detection);
    RUN(conversion_in_pieces);
    RUN(ill_formed_bytes_are_replaced_and_counted);
    return check_done();
}
