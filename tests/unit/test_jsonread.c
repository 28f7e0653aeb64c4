#include "formats/json_scan.h"
#include "records.h"

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
        "\"url\":\"http://n\",\"entities\":[{\"type\":\"person\",\"name\":\"x\"}]}");
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
    return check_done();
}
