/* JSON of known collections: what each one's keys mean. */
#include "format_gold.h"

static const struct {
    const char *name, *record, *want[6], *never;
} shapes[] = {
    {"washington post",
     "{\"id\":\"w\",\"title\":\"T\",\"author\":\"Ann Lee\",\"published_date\":1325376562000,"
     "\"contents\":[null,{\"content\":\"Colleges\",\"type\":\"kicker\"},{\"content\":\"T\","
     "\"type\":"
     "\"title\"},{\"content\":1325376562000,\"type\":\"date\"},{\"fullcaption\":\"C\",\"type\":"
     "\"image\"},{\"content\":\"One &mdash; <i>first</i>.\",\"type\":\"sanitized_html\"},"
     "{\"type\":\"sanitized_html\"},{\"content\":\"Second.\",\"type\":\"sanitized_html\"}],"
     "\"source\":\"The Washington Post\"}",
     {"\"body\":\"One \xe2\x80\x94 first.\\n\\nSecond.\"", "\"section\":\"Colleges\"",
      "\"published\":\"2012-01-01T00:09:22Z\"", "\"authors\":[\"Ann Lee\"]"},
     "1325376562000"},
    {"signal",
     "{\"id\":\"s\",\"content\":\"One.\\n \\nTwo. \\n \\n Three.\",\"title\":\"T\",\"media-type\":"
     "\"News\",\"source\":\"S\",\"published\":\"2015-09-07T10:16:14Z\"}",
     {"\"body\":\"One.\\n\\nTwo.\\n\\nThree.\"", "\"source\":\"S\""},
     "partial"},
    {"new york times",
     "{\"status\":\"OK\",\"response\":{\"docs\":[{\"web_url\":\"https://n.org/"
     "x\",\"snippet\":\"S\","
     "\"lead_paragraph\":\"L\",\"headline\":{\"main\":\"M\",\"kicker\":null},\"keywords\":[{"
     "\"name\":"
     "\"subject\",\"value\":\"Oil\"},{\"name\":\"persons\",\"value\":\"Lee, Ann\"},{\"name\":"
     "\"glocations\",\"value\":\"Alaska\"},{\"name\":\"organizations\",\"value\":\"Exxon\"}],"
     "\"pub_date\":\"2023-09-05T09:00:11+0000\",\"byline\":{\"original\":\"By Ann Lee and Bo "
     "Roe\"},"
     "\"section_name\":\"World\",\"_id\":\"nyt://article/1\"}]}}",
     {"\"title\":\"M\"", "\"tags\":[\"Oil\"]", "\"authors\":[\"Ann Lee\",\"Bo Roe\"]",
      "\"entities\":[{\"type\":\"person\",\"name\":\"Lee, Ann\"},{\"type\":\"place\",\"name\":"
      "\"Alaska\"},{\"type\":\"org\",\"name\":\"Exxon\"}]",
      "\"partial\":true"},
     "glocations"},
    {"newsapi",
     "{\"status\":\"ok\",\"totalResults\":1,\"articles\":[{\"source\":{\"id\":\"b\",\"name\":\"B "
     "News\"},\"title\":\"T - B News\",\"url\":\"http://x.org/1\",\"publishedAt\":"
     "\"2023-09-05T09:00:11Z\",\"content\":\"The start [+1234 chars]\"}]}",
     {"\"title\":\"T\",\"body\":\"The start\"", "\"source\":\"B News\"", "\"partial\":true"},
     "chars"},
    {"trafilatura",
     "{\"title\":\"T\",\"author\":\"Ann Lee; Bo "
     "Roe\",\"hostname\":\"x.org\",\"date\":\"2023-09-05\","
     "\"raw_text\":\"T The text.\",\"text\":\"The text.\",\"source\":\"https://x.org/a\","
     "\"source-hostname\":\"X "
     "News\",\"excerpt\":\"E\",\"categories\":\"World;Sea\",\"tags\":\"oil\"}",
     {"\"source\":\"X News\"", "\"url\":\"https://x.org/a\"", "\"body\":\"The text.\"",
      "\"authors\":[\"Ann Lee\",\"Bo Roe\"]", "\"published\":\"2023-09-05\""},
     NULL},
    {"newspaper",
     "{\"url\":\"http://x.org/1\",\"source_url\":\"http://"
     "x.org\",\"title\":\"T\",\"authors\":[\"Ann "
     "Lee\"],\"publish_date\":\"2023-09-05 00:00:00\",\"text\":\"The text.\",\"summary\":\"S\","
     "\"keywords\":[\"oil\"],\"html\":\"<html>\",\"meta_lang\":\"en\"}",
     {"\"body\":\"The text.\"", "\"lead\":\"S\"", "\"lang\":\"en\"", "\"tags\":[\"oil\"]",
      "\"url\":\"http://x.org/1\""},
     "<html>"},
    {"huffpost",
     "{\"link\":\"https://x.org/1\",\"headline\":\"H\",\"category\":\"POLITICS\","
     "\"short_description\":\"S\",\"authors\":\"Ann Lee\",\"date\":\"2022-09-23\"}",
     {"\"title\":\"H\",\"lead\":\"S\"", "\"section\":\"POLITICS\"", "\"partial\":true",
      "\"url\":\"https://x.org/1\""},
     "body"},
    {"cnn and daily mail",
     "{\"id\":\"c\",\"article\":\"(CNN)Text.\",\"highlights\":\"One .\\nTwo .\"}",
     {"\"lead\":\"One .\\n\\nTwo .\"", "\"body\":\"(CNN)Text.\""},
     NULL}};

static void shapes_of_collections(void)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const char *out = of("shape.json", shapes[i].record);
        CHECK_INT(last.articles, 1);
        for (size_t k = 0; k < 6 && shapes[i].want[k]; k++)
            if (!CHECK(strstr(out, shapes[i].want[k])))
                printf("%s: no %s in %s\n", shapes[i].name, shapes[i].want[k], out);
        CHECK(!shapes[i].never || !strstr(out, shapes[i].never));
    }
}

static void shapes_after_the_users_map(void)
{
    static const char *const map[] = {"body=other", "tags=mine"};
    struct nd_source_options o = {.map = map, .map_n = 2};
    static const char text[] =
        "{\"title\":\"T\",\"other\":\"mine\",\"mine\":[\"m\"],\"contents\":[{\"type\":"
        "\"sanitized_html\",\"content\":\"theirs\"}],\"keywords\":[{\"name\":\"subject\",\"value\":"
        "\"Oil\"}]}";
    write_file("m.json", text, strlen(text));
    const char *out = records("m.json", &o);
    CHECK(strstr(out, "\"body\":\"mine\"") && strstr(out, "\"tags\":[\"m\"]"));
}

int main(void)
{
    RUN(shapes_of_collections);
    RUN(shapes_after_the_users_map);
    return check_done();
}
