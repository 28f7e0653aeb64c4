#include "../check.h"
#include "record/article.h"

#include <stdio.h>
#include <string.h>

enum {
    ROOM = 1 << 20
};

static void set_date(struct nd_date *d, const char *text)
{
    CHECK_INT(nd_date_parse(d, text, strlen(text), NULL), 0);
}

/* An article that uses every member. */
static struct nd_article full(void)
{
    static struct nd_str authors[] = {{"Ann Lee", 7}, {"Bo \"Bob\" Öz", 12}}, tags[] = {{"a,b", 3}};
    static struct nd_gold gold[] = {{ND_PERSON, {"Ann Lee", 7}}, {ND_MISC, {"Cup", 3}}};
    struct nd_article a = {.id = ND_STR("x-1"),
                           .version = ND_STR("2"),
                           .title = ND_STR("A \"title\""),
                           .lead = ND_STR("Lead"),
                           .body = ND_STR("One.\n\nTwo\ttabs."),
                           .authors = {authors, 2},
                           .tags = {tags, 1},
                           .source = ND_STR("The Sun"),
                           .section = ND_STR("World"),
                           .url = ND_STR("https://example.org/a"),
                           .lang = ND_STR("en"),
                           .partial = true,
                           .withdrawn = true,
                           .gold = gold,
                           .gold_n = 2,
                           .origin = {ND_STR("d.tar"), ND_STR("m.jsonl"), 12345678901ull, 77}};
    set_date(&a.published, "2023-09-05T01:00:00+03:00");
    set_date(&a.updated, "2023-09");
    return a;
}

static const char full_text[] =
    "{\"id\":\"x-1\",\"version\":\"2\",\"title\":\"A \\\"title\\\"\",\"lead\":\"Lead\","
    "\"body\":\"One.\\n\\nTwo\\ttabs.\",\"published\":\"2023-09-05T01:00:00+03:00\","
    "\"updated\":\"2023-09\",\"authors\":[\"Ann Lee\",\"Bo \\\"Bob\\\" Öz\"],"
    "\"source\":\"The Sun\",\"section\":\"World\",\"lang\":\"en\","
    "\"url\":\"https://example.org/a\",\"tags\":[\"a,b\"],\"partial\":true,\"withdrawn\":true,"
    "\"entities\":[{\"type\":\"person\",\"name\":\"Ann "
    "Lee\"},{\"type\":\"misc\",\"name\":\"Cup\"}]";

static void article_writes_keys_in_order(void)
{
    struct nd_article a = full();
    struct nd_buf b;
    char want[1024];
    nd_buf_init(&b, ROOM);
    CHECK_INT(nd_article_json(&b, &a, true), 0);
    snprintf(want, sizeof want,
             "%s,\"origin\":{\"file\":\"d.tar\",\"member\":\"m.jsonl\",\"offset\":12345678901,"
             "\"length\":77}}",
             full_text);
    CHECK_STR(b.data, want);
    nd_buf_reset(&b);
    CHECK_INT(nd_article_json(&b, &a, false), 0);
    snprintf(want, sizeof want, "%s}", full_text);
    CHECK_STR(b.data, want);
    nd_buf_free(&b);
}

static void article_leaves_out_what_is_unknown(void)
{
    struct nd_article a = {.id = ND_STR("1")};
    struct nd_buf b;
    nd_buf_init(&b, ROOM);
    CHECK_INT(nd_article_json(&b, &a, true), 0);
    CHECK_STR(b.data, "{\"id\":\"1\"}");
    nd_buf_reset(&b);
    a = (struct nd_article){0};
    CHECK_INT(nd_article_json(&b, &a, true), 0);
    CHECK_STR(b.data, "{}");
    nd_buf_free(&b);
}

static void article_line_is_what_a_list_shows(void)
{
    struct nd_article a = full();
    struct nd_buf b;
    nd_buf_init(&b, ROOM);
    CHECK_INT(nd_line_json(&b, &a), 0);
    CHECK_STR(
        b.data,
        "{\"id\":\"x-1\",\"title\":\"A \\\"title\\\"\",\"date\":\"2023-09-05T01:00:00+03:00\","
        "\"source\":\"The Sun\",\"url\":\"https://example.org/a\"}");
    nd_buf_free(&b);
}

static void article_round_trip(void)
{
    struct nd_article a = full(), back;
    struct nd_arena arena;
    struct nd_buf one, two;
    nd_arena_init(&arena, ROOM);
    nd_buf_init(&one, ROOM);
    nd_buf_init(&two, ROOM);
    CHECK_INT(nd_article_json(&one, &a, true), 0);
    CHECK_INT(nd_article_parse(&back, &arena, one.data, one.len, NULL), 0);
    CHECK_INT(nd_article_json(&two, &back, true), 0);
    CHECK_STR(two.data, one.data);
    memset(one.data, 'x', one.len); /* nothing points into what was parsed */
    nd_buf_reset(&one);
    CHECK_INT(nd_article_json(&one, &back, true), 0);
    CHECK_STR(one.data, two.data);
    CHECK_INT(back.published.utc, a.published.utc);
    CHECK_MEM(nd_article_field(&back, ND_FIELD_TITLE).p, back.title.n, a.title.p, a.title.n);
    CHECK(nd_article_field(&back, ND_FIELDS).p == NULL);
    nd_buf_free(&one);
    nd_buf_free(&two);
    nd_arena_free(&arena);
}

static void article_absent_stays_absent(void)
{
    struct nd_article a;
    struct nd_arena arena;
    nd_arena_init(&arena, ROOM);
    CHECK_INT(nd_article_parse(&a, &arena, "{\"id\":\"1\",\"title\":\"\"}", 21, NULL), 0);
    CHECK(a.body.p == NULL && a.title.p != NULL && a.title.n == 0);
    CHECK(a.published.precision == ND_DATE_NONE && a.published.utc == ND_UTC_NONE);
    CHECK_INT(nd_article_parse(&a, &arena, "{\"later\":[1]}", 13, NULL), 0);
    nd_arena_free(&arena);
}

static void article_parse_refuses_what_is_corrupt(void)
{
    static const char *const bad[] = {"",
                                      "[]",
                                      "{",
                                      "{\"id\":1}",
                                      "{\"body\":null}",
                                      "{\"authors\":\"x\"}",
                                      "{\"authors\":[1]}",
                                      "{\"published\":\"soon\"}",
                                      "{\"published\":5}",
                                      "{\"partial\":1}",
                                      "{\"origin\":[]}",
                                      "{\"origin\":{\"offset\":-1}}",
                                      "{\"origin\":{\"offset\":99999999999999999999}}",
                                      "{\"entities\":[{}]}",
                                      "{\"entities\":[{\"type\":\"car\",\"name\":\"x\"}]}",
                                      "{\"entities\":[{\"type\":\"org\",\"name\":1}]}",
                                      "{\"entities\":1}"};
    struct nd_arena arena;
    nd_arena_init(&arena, ROOM);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct nd_article a;
        struct nd_error err = {0};
        if (!CHECK(nd_article_parse(&a, &arena, bad[i], strlen(bad[i]), &err) == ND_CORRUPT))
            fprintf(stderr, "accepted: %s\n", bad[i]);
        CHECK(*err.msg);
    }
    nd_arena_free(&arena);
    struct nd_article a = full();
    struct nd_buf b;
    nd_buf_init(&b, 64);
    CHECK_INT(nd_article_json(&b, &a, true), ND_LIMIT);
    nd_buf_free(&b);
}

int main(void)
{
    RUN(article_writes_keys_in_order);
    RUN(article_leaves_out_what_is_unknown);
    RUN(article_line_is_what_a_list_shows);
    RUN(article_round_trip);
    RUN(article_absent_stays_absent);
    RUN(article_parse_refuses_what_is_corrupt);
    return check_done();
}
