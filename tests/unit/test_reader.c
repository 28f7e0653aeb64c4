#include "../check.h"
#include "formats/clean.h"
#include "formats/fieldmap.h"
#include "formats/json_scan.h"
#include "formats/paragraph.h"
#include "input/sniff.h"
#include "input/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ROOM = 1 << 28
};

static const char *at(const char *name)
{
    static char path[8][1024];
    static unsigned turn;
    char *p = path[turn++ % 8];
    snprintf(p, sizeof path[0], "%s/%s", check_dir(), name);
    return p;
}

static int shell(const char *line)
{
    char cmd[4096];
    snprintf(cmd, sizeof cmd, "cd '%s' && { %s; } >/dev/null 2>&1", check_dir(), line);
    return system(cmd) == 0;
}

static void write_file(const char *name, const void *p, size_t n)
{
    FILE *f = fopen(at(name), "wb");
    if (!CHECK(f != NULL))
        return;
    CHECK_INT(fwrite(p, 1, n, f), n);
    fclose(f);
}

static struct nd_source_stats last; /* of the last run of `records` */
static char unknown[256];

/* Read a file: an article a line as JSON without origin, `!reason` for a bad record. */
static const char *records(const char *name, const struct nd_source_options *o)
{
    static char out[16384];
    const char *path = at(name);
    struct nd_source *s;
    struct nd_arena arena;
    struct nd_article a;
    struct nd_error err = {0};
    struct nd_buf b;
    int rc, turns = 0;
    nd_arena_init(&arena, ROOM);
    nd_buf_init(&b, ROOM);
    out[0] = unknown[0] = '\0';
    if (nd_source_open(&s, &path, 1, o, &err)) {
        snprintf(out, sizeof out, "!%s", err.msg);
        return out;
    }
    while ((rc = nd_source_next(s, &a, &arena, &err)) != ND_DONE && ++turns < 100000) {
        if (b.len)
            nd_buf_byte(&b, '\n');
        if (rc) {
            const char *place = strstr(err.msg, name);
            nd_buf_printf(&b, "!%s", place ? place : err.msg);
            CHECK_INT(rc, ND_INPUT);
        } else {
            nd_article_json(&b, &a, false);
        }
        nd_arena_reset(&arena);
    }
    CHECK(turns < 100000);
    last = *nd_source_stats(s);
    last.path = last.member = "";
    struct nd_str key;
    uint64_t count;
    size_t n = 0;
    for (uint32_t i = 0; nd_source_unknown(s, i, &key, &count); i++)
        if (count && n < 200)
            n += (size_t)snprintf(unknown + n, sizeof unknown - n, "%.*s:%d ", (int)key.n, key.p,
                                  (int)count);
    snprintf(out, sizeof out, "%s", b.data ? b.data : "");
    nd_source_close(s);
    nd_buf_free(&b);
    nd_arena_free(&arena);
    return out;
}

static const struct nd_source_options plain;

/* The same for the text of a file. */
static const char *of(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
    return records(name, &plain);
}

static void json_lines(void)
{
    CHECK_STR(of("a.jsonl", "{\"id\":\"1\",\"title\":\"A\"}\n\n{\"id\":\"2\",\"title\":\"B\"}\r\n{"
                            "\"id\":\"3\",\"title\":\"C\"}"),
              "{\"id\":\"1\",\"title\":\"A\"}\n{\"id\":\"2\",\"title\":\"B\"}\n{\"id\":\"3\","
              "\"title\":\"C\"}");
    CHECK_INT(last.articles, 3);
    CHECK_INT(last.bytes, last.bytes_total);
    CHECK_STR(of("bom.jsonl", "\xef\xbb\xbf{\"id\":\"1\",\"title\":\"A\"}\n"),
              "{\"id\":\"1\",\"title\":\"A\"}");
}

static void json_lines_go_on_after_bad_ones(void)
{
    CHECK_STR(
        of("b.jsonl",
           "{\"id\":\"1\",\"title\":\"A\"}\n{\"id\":\"2\",\n[1]\n{\"id\":\"3\"}\nnull\nrubbish\n"
           "{\"id\":\"4\",\"title\":\"D\"}\n"),
        "{\"id\":\"1\",\"title\":\"A\"}\n"
        "!b.jsonl:2: not JSON at byte 10: a bracket is not closed\n"
        "!b.jsonl:3: the record is not a JSON object\n"
        "!b.jsonl:4: the record has neither a title nor a text\n"
        "!b.jsonl:5: the record is not a JSON object\n"
        "!b.jsonl:6: not JSON at byte 0: a value, comma, colon or bracket is missing or misplaced\n"
        "{\"id\":\"4\",\"title\":\"D\"}");
    CHECK_INT(last.articles, 2);
    CHECK_INT(last.bad, 5);
    CHECK_INT(last.bad_files, 0);
    CHECK_INT(last.record, 7);
    CHECK(strncmp(of("c.jsonl", "rubbish\n{\"id\":\"4\",\"title\":\"D\"}\n"), "!c.jsonl:1: ", 12) ==
          0);
    CHECK_INT(last.articles, 1);
    CHECK(strncmp(of("d.json", "not JSON at all\n"), "!d.json:1: ", 11) == 0);
}

static void json_arrays(void)
{
    static const char want[] =
        "{\"id\":\"1\",\"title\":\"A ] } \\\" [\"}\n{\"id\":\"2\",\"title\":\"B\"}";
    CHECK_STR(
        of("a.json", "[{\"id\":1,\"title\":\"A ] } \\\" [\"},\n {\"id\":2,\"title\":\"B\"}]\n"),
        want);
    CHECK_STR(of("b.json", " [ \n{\n\"id\":1,\n\"title\":\"A ] } \\\" "
                           "[\"\n}\n,\n{\"id\":2,\"title\":\"B\"} ] rest"),
              want);
    CHECK_STR(of("c.json", "[]"), "");
    CHECK_STR(
        of("d.json",
           "{\"status\":\"ok\",\"total\":2,\"articles\":[{\"id\":1,\"title\":\"A ] } \\\" [\"},"
           "{\"id\":2,\"title\":\"B\"}],\"next\":null}"),
        want);
    CHECK_STR(of("e.json",
                 "{\"response\":{\"meta\":{},\"docs\":[{\"id\":1,\"title\":\"A ] } \\\" [\"},"
                 "{\"id\":2,\"title\":\"B\"}]}}"),
              want);
    CHECK_STR(of("f.json",
                 "{\"stuff\":[{\"id\":1,\"title\":\"A ] } \\\" [\"},{\"id\":2,\"title\":\"B\"}]}"),
              want);
    CHECK_STR(
        of("g.json",
           "[{\"id\":1,\"title\":\"A\"},7,\"x,{\",[[1],2],null,{\"id\":2,\"title\":\"B\"}]"),
        "{\"id\":\"1\",\"title\":\"A\"}\n!g.json:2: the record is not a JSON object\n"
        "!g.json:3: the record is not a JSON object\n!g.json:4: the record is not a JSON object\n"
        "!g.json:5: the record is not a JSON object\n{\"id\":\"2\",\"title\":\"B\"}");
}

static void json_single_objects(void)
{
    CHECK_STR(of("one.json",
                 "{\n  \"id\": 1,\n  \"title\": \"A\",\n  \"images\": [\n{\"title\":\"no\"}]\n}\n"),
              "{\"id\":\"1\",\"title\":\"A\"}");
    CHECK_STR(unknown, "images:1 ");
    CHECK_STR(of("two.json", "{\n\"id\":1,\"title\":\"A\"}\n{\n\"id\":2,\"title\":\"B\"}"),
              "{\"id\":\"1\",\"title\":\"A\"}\n{\"id\":\"2\",\"title\":\"B\"}");
    CHECK_STR(of("three.json", "{\"id\":1,\"title\":\"A\"}{\"id\":2,\"title\":\"B\"}"),
              "{\"id\":\"1\",\"title\":\"A\"}\n{\"id\":\"2\",\"title\":\"B\"}");
    CHECK_STR(of("four.json", "{\"images\":[{\"title\":\"no\"}],\"id\":1,\"title\":\"A\"}"),
              "{\"id\":\"1\",\"title\":\"A\"}");
}

static void json_damaged_arrays(void)
{
    CHECK_STR(of("cut.json", "[{\"id\":1,\"title\":\"A\"},{\"id\":2,\"tit"),
              "{\"id\":\"1\",\"title\":\"A\"}\n!cut.json:2: the file ends inside an object\n"
              "!cut.json:3: the file ends before the array is closed");
    CHECK_STR(
        of("quote.json", "[\n{\"id\":1,\"title\":\"A},\n{\"id\":2,\"title\":\"B\"}\n]\n"),
        "!quote.json:1: not JSON: a line ends inside a string\n{\"id\":\"2\",\"title\":\"B\"}");
    CHECK_STR(
        of("junk.json", "{\n\"id\":1,\"title\":\"A\"}\n]]]\n\"\n{\n\"id\":2,\"title\":\"B\"}\n"),
        "{\"id\":\"1\",\"title\":\"A\"}\n!junk.json:2: the record is not a JSON object\n"
        "!junk.json:3: the record is not a JSON object\n{\"id\":\"2\",\"title\":\"B\"}");
}

/* The scanner in pieces of any size finds the same end as in one. */
static void json_scan_in_pieces(void)
{
    static const char text[] = "{\"a\":[1,\"]}\\\\\",{\"b\\\"}\":{}}],\"c\":\"\\\\\\\"\"} tail";
    size_t end = strlen(text) - 5;
    for (int i = 0; i < 1000; i++) {
        struct nd_json_scan s = {0};
        bool done = false;
        size_t used = 0;
        while (!done && used < sizeof text - 1) {
            size_t n = 1 + check_random() % 7;
            if (n > sizeof text - 1 - used)
                n = sizeof text - 1 - used;
            used += nd_json_scan(&s, text + used, n, &done);
        }
        if (!CHECK(done && used == end))
            return;
    }
}

static void json_known_names(void)
{
    const char *out =
        of("n.jsonl", "{\"source\":{\"id\":null,\"name\":\"BBC\"},\"author\":\"By Ann Lee and Bo "
                      "Roe\",\"title\":\"T\","
                      "\"description\":\"L\",\"url\":\"http://x/1\",\"urlToImage\":\"no\","
                      "\"publishedAt\":\"2023-09-05T14:30:00Z\",\"content\":\"Body.\"}");
    CHECK_STR(unknown, "urlToImage:1 ");
    CHECK_INT(last.cover[ND_COVER_ID], 0);
    CHECK_INT(last.cover[ND_COVER_SOURCE], 1);
    CHECK(strstr(
        out,
        ",\"title\":\"T\",\"lead\":\"L\",\"body\":\"Body.\",\"published\":\"2023-09-05T14:30:00Z\","
        "\"authors\":[\"Ann Lee\",\"Bo Roe\"],\"source\":\"BBC\",\"url\":\"http://x/1\"}"));
    CHECK(strncmp(out, "{\"id\":\"nd-", 10) == 0);
    CHECK_STR(
        of("nyt.jsonl",
           "{\"_id\":\"7\",\"headline\":{\"main\":\"T\",\"kicker\":\"K\"},\"byline\":{\"original\":"
           "\"By A B\"},"
           "\"pub_date\":\"2023-09-05T14:30:00+0000\",\"lead_paragraph\":\"L\","
           "\"keywords\":[{\"name\":\"persons\",\"value\":\"x\"}],\"news_desk\":\"Foreign\","
           "\"web_url\":\"http://n\",\"body\":[\"One.\",\"Two.\"]}"),
        "{\"id\":\"7\",\"title\":\"T\",\"lead\":\"L\",\"body\":\"One.\\n\\nTwo.\","
        "\"published\":\"2023-09-05T14:30:00Z\",\"authors\":[\"A B\"],\"section\":\"Foreign\","
        "\"url\":\"http://n\",\"tags\":[\"persons\"]}");
    CHECK_STR(of("g.jsonl",
                 "{\"id\":\"1\",\"webTitle\":\"T\",\"fields\":{\"bodyText\":\"B\",\"zzz\":1},"
                 "\"people\":[\"Ann\",{\"name\":\"Bo\"}],"
                 "\"locations\":\"Oslo; Rome\",\"tags\":\"a, b\",\"language\":\"English\"}"),
              "{\"id\":\"1\",\"title\":\"T\",\"body\":\"B\",\"lang\":\"en\",\"tags\":[\"a\",\"b\"],"
              "\"entities\":["
              "{\"type\":\"person\",\"name\":\"Ann\"},{\"type\":\"person\",\"name\":\"Bo\"},"
              "{\"type\":\"place\",\"name\":\"Oslo\"},{\"type\":\"place\",\"name\":\"Rome\"}]}");
    CHECK_STR(unknown, "fields.zzz:1 ");
    CHECK_STR(
        of("e.jsonl", "{\"id\":\"1\",\"title\":\"T\",\"entities\":[{\"type\":\"ORG\",\"text\":"
                      "\"UN\"},{\"type\":\"car\",\"name\":\"X\"}]}\n"
                      "{\"id\":\"2\",\"title\":\"T\",\"entities\":{\"person\":[\"Ann\"]}}"),
        "{\"id\":\"1\",\"title\":\"T\",\"entities\":[{\"type\":\"org\",\"name\":\"UN\"},{\"type\":"
        "\"misc\",\"name\":\"X\"}]}\n"
        "{\"id\":\"2\",\"title\":\"T\",\"entities\":[{\"type\":\"person\",\"name\":\"Ann\"}]}");
}

static void json_better_names_win(void)
{
    CHECK_STR(
        of("w.jsonl", "{\"id\":1,\"name\":\"worse\",\"title\":\"better\",\"headline\":\"other\"}"),
        "{\"id\":\"1\",\"title\":\"better\"}");
    CHECK_STR(of("v.jsonl", "{\"id\":1,\"title\":\"better\",\"name\":\"worse\"}"),
              "{\"id\":\"1\",\"title\":\"better\"}");
    CHECK_STR(of("u.jsonl", "{\"id\":1,\"title\":\"\",\"name\":\"only\"}"),
              "{\"id\":\"1\",\"title\":\"only\"}");
    CHECK_STR(of("dup.jsonl", "{\"id\":1,\"title\":\"first\",\"title\":\"second\"}"),
              "{\"id\":\"1\",\"title\":\"second\"}");
}

static void json_wrong_types(void)
{
    CHECK_STR(of("t.jsonl", "{\"id\":12345678901234567890,\"title\":[\"T\",2],\"body\":{\"a\":1},"
                            "\"date\":false,\"authors\":7,"
                            "\"tags\":{},\"url\":null,\"lang\":[[[[[\"en\"]]]]],\"source\":true}"),
              "{\"id\":\"12345678901234567890\",\"title\":\"T\",\"authors\":[\"7\"]}");
    CHECK_INT(last.bad_dates, 1);
    CHECK_STR(of("t2.jsonl", "{\"id\":{\"$oid\":\"abc\"},\"title\":\"T\",\"date\":{\"$date\":"
                             "\"2023-09-05\"},\"updated\":1693922400}"),
              "{\"id\":\"abc\",\"title\":\"T\",\"published\":\"2023-09-05\",\"updated\":\"2023-09-"
              "05T14:00:00Z\"}");
}

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

static void options_map_set_default(void)
{
    static const char *const map[] = {"title=kop,body=inner.deep.text", "section=weird key"};
    static const char *const set[] = {"source=The Sun", "date=2023-09-05"};
    static const char *const fallback[] = {"lang=en", "author=Ann Lee and Bo Roe"};
    struct nd_source_options o = {
        .map = map, .map_n = 2, .set = set, .set_n = 2, .fallback = fallback, .fallback_n = 2};
    static const char text[] =
        "{\"id\":1,\"kop\":\"mine\",\"title\":\"theirs\",\"source\":\"x\",\"date\":\"2020\","
        "\"inner\":{\"deep\":{\"text\":\"B\"},\"other\":1},\"weird key\":\"S\"}\n"
        "{\"id\":2,\"title\":\"T\",\"lang\":\"de\"}";
    write_file("o.jsonl", text, strlen(text));
    CHECK_STR(records("o.jsonl", &o),
              "{\"id\":\"1\",\"title\":\"mine\",\"body\":\"B\",\"published\":\"2023-09-05\","
              "\"authors\":[\"Ann Lee\",\"Bo Roe\"],"
              "\"source\":\"The Sun\",\"section\":\"S\",\"lang\":\"en\"}\n"
              "{\"id\":\"2\",\"title\":\"T\",\"published\":\"2023-09-05\",\"authors\":[\"Ann "
              "Lee\",\"Bo Roe\"],"
              "\"source\":\"The Sun\",\"lang\":\"de\"}");
    o = (struct nd_source_options){.id_prefix = "p-"};
    CHECK(strstr(records("o.jsonl", &o), "{\"id\":\"p-1\"") != NULL);
}

static void options_refused(void)
{
    static const char *const bad_map[] = {"title"}, *const bad_field[] = {"tilte=x"};
    static const char *const bad_set[] = {"source"}, *const bad_date[] = {"date=soon"};
    struct nd_source *s;
    struct nd_error err = {0};
    struct nd_source_options o[] = {{.map = bad_map, .map_n = 1},
                                    {.map = bad_field, .map_n = 1},
                                    {.set = bad_set, .set_n = 1},
                                    {.set = bad_date, .set_n = 1},
                                    {.fallback = bad_field, .fallback_n = 1},
                                    {.from_path = "{nope}.txt"},
                                    {.from_path = "{id"},
                                    {.input_format = "word"}};
    for (size_t i = 0; i < sizeof o / sizeof *o; i++) {
        CHECK_INT(nd_source_open(&s, NULL, 0, &o[i], &err), ND_USAGE);
        CHECK(s == NULL && *err.msg);
    }
    CHECK(strstr(err.hint, "json") && strstr(err.hint, "text"));
    const char *missing = at("missing.jsonl");
    CHECK_INT(nd_source_open(&s, &missing, 1, &plain, &err), ND_MISSING);
}

static void plain_text_rules(void)
{
    CHECK(strstr(of("a.txt", "A Headline\n\nFirst para.\n\nSecond para.\n"),
                 "\"title\":\"A Headline\",\"body\":\"First para.\\n\\nSecond para.\""));
    CHECK(
        strstr(of("b.txt", "A short line\nFirst para ends here.\nSecond para.\n"),
               "\"title\":\"A short line\",\"body\":\"First para ends here.\\n\\nSecond para.\""));
    const char *out =
        of("c.txt",
           "The first line is a sentence.\nThe second too.\nShort line\nFrom The Epoch Times\n");
    CHECK(!strstr(out, "\"title\""));
    CHECK(strstr(out, "\"body\":\"The first line is a sentence.\\n\\nThe second too.\\n\\nShort "
                      "line\\n\\nFrom The Epoch Times\""));
    out = of("d.txt", "The delegates met for the third day in a row and\n"
                      "argued about the budget of the union, which has\n"
                      "grown since the last summit; nobody expects them\n"
                      "to agree before the end of the week.\n");
    CHECK(!strstr(out, "\"title\""));
    CHECK(strstr(out, "in a row and argued about") && strstr(out, "which has grown since") &&
          !strstr(out, "\\n"));
    CHECK(strstr(of("e.txt", "only one line"), "\"body\":\"only one line\""));
    CHECK_STR(of("f.txt", " \n\n"), "");
    CHECK_INT(last.empty_files, 1);
    CHECK_INT(last.bad, 0);
}

static void text_from_path(void)
{
    struct nd_source_options o = {.from_path = "{source}/{date}/{id}.txt"};
    CHECK(shell("mkdir -p 'p/The Sun/2023-09-05' p/x && printf 'Some text.' >'p/The "
                "Sun/2023-09-05/a1.txt' && "
                "printf 'Other text.' | gzip >p/x/b.txt.gz"));
    const char *out = records("p", &o);
    CHECK(strstr(out, "{\"id\":\"a1\",\"body\":\"Some "
                      "text.\",\"published\":\"2023-09-05\",\"source\":\"The Sun\"}"));
    CHECK(strstr(out, "the path gives 'x' as a date"));
    o.from_path = "{section}/{id}.txt";
    CHECK(strstr(records("p/x/b.txt.gz", &o),
                 "{\"id\":\"b\",\"body\":\"Other text.\",\"section\":\"x\"}"));
    o.from_path = "{id}-*.txt"; /* does not fit: nothing is taken */
    CHECK(strstr(records("p/x/b.txt.gz", &o), "{\"id\":\"nd-"));
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
              "the open-\n"
              "ended dispute about fisheries in the northern sea.\n\n"
              "A second paragraph follows here and it is wrapped at the same width as the one that "
              "was before.");
    /* lists and verses keep their lines */
    CHECK_STR(paragraphs("Scores:\n\nSpain 2\nFrance 1\nA rather longer line that gives the width "
                         "here\nItaly 0\nMalta 3"),
              "Scores:\n\nSpain 2\nFrance 1\nA rather longer line that gives the width here\nItaly "
              "0\nMalta 3");
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

static void hostile_bytes(void)
{
    static const char nul[] =
        "{\"id\":\"1\",\"title\":\"A\0B\"}\n{\"id\":\"2\",\"title\":\"C\\u0000D\"}\n";
    write_file("nul.jsonl", nul, sizeof nul - 1);
    const char *out = records("nul.jsonl", &plain);
    CHECK(strstr(out, "!nul.jsonl:1: not JSON") && strstr(out, "{\"id\":\"2\",\"title\":\"CD\"}"));
    CHECK_STR(of("utf8.jsonl", "{\"id\":\"1\",\"title\":\"A\xff\xc3(\"}\n"),
              "{\"id\":\"1\",\"title\":\"A\xef\xbf\xbd\xef\xbf\xbd(\"}");
    CHECK_INT(last.repaired, 2);
    write_file("junk.bin", "\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\xff\xfe\xfd", 19);
    CHECK(strstr(records("junk.bin", &plain), "junk.bin': the format is not known"));
    CHECK_INT(last.bad_files, 1);
    CHECK(strstr(of("page.txt", "<!DOCTYPE html><html><p>x"), "the format is not known"));
    CHECK_STR(of("empty.jsonl", ""), "");
    CHECK_INT(last.empty_files, 1);
    char deep[600] = "{\"id\":1,\"title\":\"T\",\"x\":";
    size_t n = strlen(deep);
    memset(deep + n, '[', 200);
    memset(deep + n + 200, ']', 200);
    memcpy(deep + n + 400, "}", 2);
    CHECK(strstr(of("deep.jsonl", deep), "!deep.jsonl:1: JSON is nested deeper than 64"));
}

static void long_lines_and_objects(void)
{
    size_t n = 100 << 20;
    char *big = malloc(n + 100);
    if (!CHECK(big != NULL))
        return;
    memset(big, 'x', n);
    memcpy(big, "{\"id\":\"1\",\"body\":\"", 18);
    memcpy(big + n, "\"}\n{\"id\":\"2\",\"title\":\"B\"}\n", 27);
    write_file("long.jsonl", big, n + 26);
    CHECK_STR(records("long.jsonl", &plain),
              "!long.jsonl:1: a line has 104857602 bytes, more than the 67108864 "
              "allowed\n{\"id\":\"2\",\"title\":\"B\"}");
    struct nd_source_options o = {.record_max = 50};
    static const char array[] = "[{\"id\":1,\"title\":\"this object is longer than the fifty "
                                "bytes\"},{\"id\":2,\"title\":\"B\"}]";
    write_file("long.json", array, strlen(array));
    CHECK_STR(records("long.json", &o), "!long.json:1: an object has 61 bytes, more than the 50 "
                                        "allowed\n{\"id\":\"2\",\"title\":\"B\"}");
    write_file("long.txt", "this text is longer than the fifty bytes that are allowed", 57);
    CHECK_STR(records("long.txt", &o),
              "!long.txt:1: the text has 57 bytes, more than the 50 allowed");
    free(big);
}

static void truncated_gzip_keeps_what_came_before(void)
{
    CHECK(shell("for i in $(seq 1 2000); do echo \"{\\\"id\\\":\\\"$i\\\",\\\"title\\\":\\\"T $i "
                "$RANDOM\\\"}\"; done >cut.jsonl && "
                "gzip -f cut.jsonl && head -c 8000 cut.jsonl.gz >part.jsonl.gz"));
    const char *out = records("part.jsonl.gz", &plain);
    CHECK(strncmp(out, "{\"id\":\"1\",", 10) == 0);
    CHECK(last.articles > 500 && last.articles < 2000);
    CHECK_INT(last.bad, 1);
    CHECK_INT(last.bad_files, 1);
    CHECK_INT(last.record, last.articles);
}

static void members_and_places(void)
{
    CHECK(shell(
        "mkdir -p m && printf '{\"id\":\"1\",\"title\":\"A\"}\\n' >m/a.jsonl && printf 'bad' "
        ">m/b.jsonl && "
        "printf '{\"id\":\"3\",\"title\":\"C\"}\\n{\"id\":\"4\",\"title\":\"D\"}\\n' >m/c.jsonl && "
        "tar -czf m.tgz m/a.jsonl m/b.jsonl m/c.jsonl"));
    CHECK_STR(records("m.tgz", &plain),
              "{\"id\":\"1\",\"title\":\"A\"}\n"
              "!m.tgz/m/b.jsonl:2: not JSON at byte 0: a value, comma, colon or bracket is missing "
              "or misplaced\n"
              "{\"id\":\"3\",\"title\":\"C\"}\n{\"id\":\"4\",\"title\":\"D\"}");
    static const char *const exclude[] = {"b.*"};
    struct nd_source_options o = {.exclude = exclude, .exclude_n = 1};
    CHECK_STR(records("m.tgz", &o), "{\"id\":\"1\",\"title\":\"A\"}\n{\"id\":\"3\",\"title\":\"C\"}"
                                    "\n{\"id\":\"4\",\"title\":\"D\"}");
}

/* Going on with any record of any file gives what a whole run gives from there. */
static void resume_anywhere(void)
{
    const char *paths[] = {at("m.tgz"), at("b.jsonl"), at("g.json"), at("a.txt")};
    char all[64][200];
    size_t file_of[64], n = 0;
    uint64_t record_of[64];
    struct nd_arena arena;
    struct nd_article a;
    struct nd_source *s;
    struct nd_error err = {0};
    nd_arena_init(&arena, ROOM);
    CHECK_INT(nd_source_open(&s, paths, 4, &plain, &err), 0);
    CHECK_INT(nd_source_files(s), 4);
    for (int rc; (rc = nd_source_next(s, &a, &arena, &err)) != ND_DONE && n < 64; n++) {
        const struct nd_source_stats *st = nd_source_stats(s);
        file_of[n] = st->file;
        record_of[n] = st->record;
        snprintf(all[n], sizeof all[n], "%.*s", rc ? 100 : (int)a.id.n, rc ? err.msg : a.id.p);
    }
    CHECK(n > 15);
    nd_source_close(s);
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(nd_source_open(&s, paths, 4, &plain, &err), 0);
        CHECK_INT(nd_source_goto(s, file_of[i], record_of[i] - 1, &err), 0);
        for (size_t k = i; k < n; k++) {
            char got[200];
            int rc = nd_source_next(s, &a, &arena, &err);
            snprintf(got, sizeof got, "%.*s", rc ? 100 : (int)a.id.n, rc ? err.msg : a.id.p);
            if (!CHECK_STR(got, all[k]))
                break;
        }
        CHECK_INT(nd_source_next(s, &a, &arena, &err), ND_DONE);
        nd_source_close(s);
    }
    CHECK_INT(nd_source_open(&s, paths, 4, &plain, &err), 0);
    CHECK_INT(nd_source_goto(s, 4, 0, &err), ND_MISSING);
    CHECK_INT(nd_source_goto(s, 1, 1000, &err), 0); /* fewer records: on to the next file */
    CHECK_INT(nd_source_next(s, &a, &arena, &err), 0);
    CHECK_INT(nd_source_stats(s)->file, 2);
    nd_source_close(s);
    nd_arena_free(&arena);
}

static void offsets_point_at_records(void)
{
    static const char *const names[] = {"b.jsonl", "g.json", "b.json", "two.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = at(names[i]);
        char text[1000];
        FILE *f = fopen(path, "rb");
        if (!CHECK(f != NULL))
            return;
        size_t n = fread(text, 1, sizeof text, f);
        fclose(f);
        struct nd_source *s;
        struct nd_arena arena;
        struct nd_article a;
        struct nd_error err = {0};
        nd_arena_init(&arena, ROOM);
        CHECK_INT(nd_source_open(&s, &path, 1, &plain, &err), 0);
        for (int rc; (rc = nd_source_next(s, &a, &arena, &err)) != ND_DONE;) {
            const struct nd_source_stats *st = nd_source_stats(s);
            CHECK(st->offset + st->length <= n);
            if (!rc)
                CHECK(text[st->offset] == '{' && text[st->offset + st->length - 1] == '}');
        }
        nd_source_close(s);
        nd_arena_free(&arena);
    }
}

static void folder_without_rights(void)
{
    if (geteuid() == 0) {
        check_skip("root may read everything");
        return;
    }
    CHECK(shell("mkdir -p r/no && printf 'Text here.' >r/z.txt && chmod 0 r/no"));
    const char *out = records("r", &plain);
    CHECK(strstr(out, "r/no") && strstr(out, "permission denied") && strstr(out, "Text here."));
    CHECK_INT(last.bad_files, 1);
    CHECK(shell("chmod 700 r/no"));
}

static void shared_dumps_read_without_loss(void)
{
    static const struct {
        const char *name;
        uint64_t articles;
    } rows[] = {{"news/open.jsonl.gz", 3105}, {"news/press.jsonl.gz", 9321}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = check_shared(rows[i].name);
        if (!path) {
            check_skip("no shared dumps");
            return;
        }
        struct nd_source *s;
        struct nd_arena arena;
        struct nd_article a;
        struct nd_error err = {0};
        int rc;
        nd_arena_init(&arena, ROOM);
        CHECK_INT(nd_source_open(&s, &path, 1, &plain, &err), 0);
        while ((rc = nd_source_next(s, &a, &arena, &err)) != ND_DONE) {
            CHECK_INT(rc, 0);
            nd_arena_reset(&arena);
        }
        CHECK_INT(nd_source_stats(s)->articles, rows[i].articles);
        CHECK_INT(nd_source_stats(s)->cover[ND_COVER_BODY], rows[i].articles);
        nd_source_close(s);
        nd_arena_free(&arena);
    }
}

int main(void)
{
    RUN(json_lines);
    RUN(json_lines_go_on_after_bad_ones);
    RUN(json_arrays);
    RUN(json_single_objects);
    RUN(json_damaged_arrays);
    RUN(json_scan_in_pieces);
    RUN(json_known_names);
    RUN(json_better_names_win);
    RUN(json_wrong_types);
    RUN(bylines);
    RUN(options_map_set_default);
    RUN(options_refused);
    RUN(plain_text_rules);
    RUN(text_from_path);
    RUN(path_patterns);
    RUN(paragraph_rules);
    RUN(clean_repairs_and_limits);
    RUN(hostile_bytes);
    RUN(long_lines_and_objects);
    RUN(truncated_gzip_keeps_what_came_before);
    RUN(members_and_places);
    RUN(resume_anywhere);
    RUN(offsets_point_at_records);
    RUN(folder_without_rights);
    RUN(shared_dumps_read_without_loss);
    return check_done();
}
