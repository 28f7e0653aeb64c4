#include "../check.h"
#include "formats/clean.h"
#include "formats/fieldmap.h"
#include "formats/paragraph.h"
#include "input/sniff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROOM = 1 << 28
};

static void bylines(void)
{
    static const struct {
        const char *in, *out;
    } rows[] = {{"By Ann Lee", "Ann Lee"},
                {"BY ANN LEE AND BO ROE", "ANN LEE|BO ROE"},
                {"Ann Lee, Bo Roe and Cy Poe", "Ann Lee|Bo Roe|Cy Poe"},
                {"Lee, Ann", "Lee, Ann"},
                {"Lee, Ann; Roe, Bo", "Lee, Ann|Roe, Bo"},
                {"Martin King, Jr.", "Martin King, Jr."},
                {"Ann Lee, Staff Writer", "Ann Lee"},
                {"Ann Lee & Bo Roe", "Ann Lee|Bo Roe"},
                {"Associated Press", "Associated Press"},
                {"Byron Sandy", "Byron Sandy"},
                {"Ann Lee, Bo Roe", "Ann Lee|Bo Roe"},
                {"by ", "by"},
                {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nd_str names[ND_BYLINE_MAX];
        char out[256] = "";
        size_t k = nd_byline_split(names, 0, nd_str_of(rows[i].in)), n = 0;
        for (size_t j = 0; j < k; j++)
            n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s", j ? "|" : "", (int)names[j].n,
                                  names[j].p);
        CHECK_STR(out, rows[i].out);
    }
}

struct captured {
    char text[200];
};

static void capture(void *self, const char *field, size_t n, struct nd_str value)
{
    struct captured *c = self;
    size_t at = strlen(c->text);
    snprintf(c->text + at, sizeof c->text - at, "%.*s=%.*s ", (int)n, field, (int)value.n, value.p);
}

static void path_patterns(void)
{
    static const struct {
        const char *pattern, *path, *want;
    } rows[] = {
        {"{a}/{b}.txt", "/x/y/z.txt", "a=y b=z "},
        {"{a}-{b}.txt", "x/2023-09-05.txt", "a=2023 b=09-05 "},
        {"*/{a}.txt", "x/y/z.txt", "a=z "},
        {"{a}.txt", "x/y.json", NULL},
        {"{a}/{b}/{c}.txt", "y/z.txt", NULL},
        {"lit.txt", "x/lit.txt", ""},
        {"{a}{b}", "xyz", "a=x b=yz "},
        {"*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct captured c = {""};
        bool fits = nd_path_match(rows[i].pattern, rows[i].path, capture, &c);
        CHECK_INT(fits, rows[i].want != NULL);
        if (fits && rows[i].want)
            CHECK_STR(c.text, rows[i].want);
    }
}

static const char *paragraphs(const char *text)
{
    static char out[2048];
    struct nd_buf a, b;
    nd_buf_init(&a, ROOM);
    nd_buf_init(&b, ROOM);
    CHECK_INT(nd_scrub(&a, text, strlen(text)), 0);
    CHECK_INT(nd_paragraphs(&b, a.data ? a.data : "", a.len), 0);
    snprintf(out, sizeof out, "%s", b.data ? b.data : "");
    nd_buf_free(&a);
    nd_buf_free(&b);
    return out;
}

static void paragraph_rules(void)
{
    CHECK_STR(paragraphs("a\nb\nc"), "a\n\nb\n\nc");
    CHECK_STR(paragraphs("a\n\n\n\nb\nc\n\n"), "a\n\nb\nc");
    CHECK_STR(paragraphs("\n\n  a \t\r\n\r\n b\r"), "a\n\nb");
    CHECK_STR(paragraphs("a\xc2\xa0"
                         "b\x01\x7f"
                         "c\xe2\x80\xa8"
                         "d\xef\xbb\xbf"),
              "a bc\n\nd");
    CHECK_STR(paragraphs(""), "");
    CHECK_STR(paragraphs("\n \n"), "");
    CHECK_STR(paragraphs("The committee of ministers has agreed to meet\n"
                         "again next month in order to settle the open-\n"
                         "ended dispute about fisheries in the northern\n"
                         "sea.\n\nA second paragraph follows here and it is\n"
                         "wrapped at the same width as the one that was\nbefore."),
              "The committee of ministers has agreed to meet again next month in order to settle "
              "the open-ended dispute about fisheries in the northern sea.\n\n"
              "A second paragraph follows here and it is wrapped at the same width as the one that "
              "was before.");
    /* lists and verses keep their lines */
    CHECK_STR(paragraphs("Scores:\n\nSpain 2\nFrance 1\nA rather longer line that gives the width "
                         "here\nItaly 0\nMalta 3"),
              "Scores:\n\nSpain 2\nFrance 1\nA rather longer line that gives the width here\nItaly "
              "0\nMalta 3");
}

/* Four lines of a text of that width, the second and third split the word. */
static const char *split(const char *a, const char *b, const char *rest)
{
    char text[1024];
    snprintf(text, sizeof text,
             "the lines of this text are as long as this one, and\n"
             "the second one of them has as its last word the %s\n"
             "%s and goes on to the third and the fourth of them\n"
             "which are as long as the others, and end here now.\n%s",
             a, b, rest);
    static char out[1024];
    snprintf(out, sizeof out, "%s", paragraphs(text));
    char *from = strstr(out, "last word the "), *to = from ? strstr(from, " and goes on") : NULL;
    if (!CHECK(from && to))
        return "";
    *to = '\0';
    return from + strlen("last word the ");
}

static void words_split_at_line_ends(void)
{
    static const struct {
        const char *a, *b, *rest, *want;
    } cases[] = {{"govern-", "ment", "", "government"},
                 {"GOVERN-", "MENT", "", "GOVERNMENT"},
                 {"Govern-", "ment's", "", "Government's"},
                 {"govern\xe2\x80\x90", "ment", "", "government"},
                 {"quux\xc2\xad", "zork", "", "quuxzork"}, /* a soft hyphen is one by its nature */
                 {"first-", "class", "", "first-class"},
                 {"Anglo-", "American", "", "Anglo-American"},
                 /* nobody knows it, unless the text does */
                 {"quux-", "zork", "", "quux-\nzork"},
                 {"quux-", "zork", "quuxzork", "quuxzork"},
                 {"quux-", "zork", "quux-zork", "quux-zork"},
                 {"quux-", "zork", "quuxzorks", "quux-\nzork"},
                 {"Gor-", "bachev", "Gorbachev", "Gorbachev"},
                 {"way-", "side", "way-side", "way-side"}, /* the text before the list */
                 /* no words that were split */
                 {"pre-", "and post-war", "", "pre-\nand post-war"},
                 {"1990-", "91", "", "1990-\n91"},
                 {"first -", "class", "", "first - class"},
                 {"first--", "class", "", "first-- class"},
                 /* words of three */
                 {"made-in-", "law", "", "made-in-law"},
                 {"son-", "in-law", "", "son-in-law"},
                 {"govern-", "ment-led", "", "government-led"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(split(cases[i].a, cases[i].b, cases[i].rest), cases[i].want);
    /* lines that mean something stay, but a known word is one whatever its line */
    CHECK_STR(paragraphs("a govern-\nment\n\nfirst-\nclass\n\nquux-\nzork"),
              "a government\n\nfirst-\nclass\n\nquux-\nzork");
    CHECK_STR(paragraphs("-\n-\nb-\n\n-c\n"), "-\n-\nb-\n\n-c");
}

/* A text of nothing but such lines is read in a time that its length bounds. */
static void many_split_words(void)
{
    struct nd_buf b;
    nd_buf_init(&b, ROOM);
    for (int i = 0; i < 100000; i++)
        nd_buf_printf(&b, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaa%d-\n", i);
    struct nd_buf out;
    nd_buf_init(&out, ROOM);
    CHECK(!nd_paragraphs(&out, b.data, b.len));
    CHECK_INT(out.len, b.len - 1);
    nd_buf_free(&out);
    nd_buf_free(&b);
}

static void clean_repairs_and_limits(void)
{
    struct nd_cleaner c;
    struct nd_arena arena;
    struct nd_error err = {0};
    char long_id[600];
    nd_arena_init(&arena, ROOM);
    nd_cleaner_init(&c, ROOM, "");
    memset(long_id, 'x', sizeof long_id);
    struct nd_article a = {.title = {"  caf\xc3\xa9\n e\xcc\x81t\xff\xe9  ", 16},
                           .body = {"a\0b", 3},
                           .source = {"", 0},
                           .section = {" \t", 2}};
    a.lang = ND_STR("pt_BR");
    CHECK_INT(nd_clean(&c, &a, &arena, &err), 0);
    CHECK_MEM(a.title.p, a.title.n, "café ét\xef\xbf\xbd\xef\xbf\xbd", strlen("café ét") + 6);
    CHECK_MEM(a.body.p, a.body.n, "ab", 2);
    CHECK_STR(a.lang.p, "pt-br");
    CHECK(a.source.p == NULL && a.section.p == NULL);
    CHECK_INT(c.repairs, 2);
    struct nd_str made = a.id;
    a.id = (struct nd_str){0};
    CHECK_INT(nd_clean(&c, &a, &arena, &err), 0);
    CHECK(nd_str_eq(made, a.id)); /* of the content alone */
    a.id = (struct nd_str){long_id, sizeof long_id};
    CHECK_INT(nd_clean(&c, &a, &arena, &err), ND_INPUT);
    CHECK(strstr(err.msg, "600 bytes"));
    struct nd_str twice[] = {ND_STR("A"), ND_STR(" A "), ND_STR(" "), ND_STR("B")};
    a = (struct nd_article){.title = ND_STR("x"), .authors = {twice, 4}, .source = {long_id, 600}};
    char *wide = calloc(1, 2001);
    for (int i = 0; wide && i < 2000; i += 2)
        memcpy(wide + i, "é", 2);
    a.section = (struct nd_str){wide, 1999};
    a.section.n = 2000;
    CHECK_INT(nd_clean(&c, &a, &arena, &err), 0);
    CHECK_INT(a.authors.n, 2);
    CHECK_INT(a.section.n, 1024);
    CHECK_INT(c.cut, 1);
    free(wide);
    nd_cleaner_free(&c);
    nd_arena_free(&arena);
}

static void names_without_packing(void)
{
    CHECK(nd_sniff_named("a/b.jsonl", " .json .jsonl "));
    CHECK(nd_sniff_named("b.JSONL.gz", " .json .jsonl "));
    CHECK(!nd_sniff_named("b.gz", " .json .jsonl "));
    CHECK(!nd_sniff_named("jsonl", " .json .jsonl "));
    CHECK(!nd_sniff_named("a.json/b", " .json .jsonl "));
    CHECK_INT(nd_sniff_bare("a.txt.xz"), 5);
    CHECK_INT(nd_sniff_bare(".gz"), 3);
}

static void names_of_fields(void)
{
    unsigned rank = 99;
    CHECK_INT(nd_target_known("Published_At", 12, &rank), ND_TO_PUBLISHED);
    CHECK_INT(nd_target_known("title", 5, &rank), ND_TO_TITLE);
    CHECK_INT(rank, 0);
    CHECK_INT(nd_target_known("headline", 8, &rank), ND_TO_TITLE);
    CHECK_INT(rank, 1);
    CHECK_INT(nd_target_known("titl", 4, &rank), ND_TARGETS);
    CHECK_INT(nd_target_known("", 0, &rank), ND_TARGETS);
    CHECK_INT(nd_target_known("title\0x", 7, &rank), ND_TARGETS);
    CHECK_INT(nd_target_named("byline", 6), ND_TO_AUTHORS);
    CHECK_INT(nd_target_named("maintext", 8), ND_TARGETS);
}

int main(void)
{
    RUN(bylines);
    RUN(path_patterns);
    RUN(paragraph_rules);
    RUN(words_split_at_line_ends);
    RUN(many_split_words);
    RUN(clean_repairs_and_limits);
    RUN(names_without_packing);
    RUN(names_of_fields);
    return check_done();
}
