#include "../check.h"
#include "base/file.h"
#include "text/json.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROOM = 1 << 24
};

/* Print a tree back as JSON, so that a test can compare one text. */
static void print(struct nd_buf *b, const struct nd_json *v)
{
    switch (v->kind) {
    case ND_JSON_NULL:
        nd_buf_str(b, "null");
        break;
    case ND_JSON_BOOL:
        nd_buf_str(b, v->truth ? "true" : "false");
        break;
    case ND_JSON_NUMBER:
        nd_buf_add(b, v->text.p, v->text.n);
        break;
    case ND_JSON_STRING:
        nd_json_str(b, v->text.p, v->text.n);
        break;
    case ND_JSON_ARRAY:
    case ND_JSON_OBJECT:
        nd_buf_byte(b, v->kind == ND_JSON_ARRAY ? '[' : '{');
        for (const struct nd_json *m = v->first; m; m = m->next) {
            if (v->kind == ND_JSON_OBJECT) {
                nd_json_str(b, m->key.p, m->key.n);
                nd_buf_byte(b, ':');
            }
            print(b, m);
            if (m->next)
                nd_buf_byte(b, ',');
        }
        nd_buf_byte(b, v->kind == ND_JSON_ARRAY ? ']' : '}');
        break;
    }
}

/* Parse n bytes. Return: the tree printed again, or the reason of the refusal after "!". */
static const char *parsed_n(const char *text, size_t n, int *code)
{
    static char out[4096];
    struct nd_json_parser *parser;
    struct nd_arena arena;
    struct nd_json *v;
    struct nd_error err = {0};
    struct nd_buf b;
    nd_buf_init(&b, ROOM);
    nd_arena_init(&arena, ROOM);
    CHECK_INT(nd_json_parser_new(&parser, NULL), 0);
    *code = nd_json_parse(parser, &v, &arena, text, n, &err);
    if (*code)
        nd_buf_printf(&b, "!%s", err.msg);
    else
        print(&b, v);
    CHECK((*code == 0) == (v != NULL));
    CHECK(*code != ND_INPUT || err.offset <= n);
    snprintf(out, sizeof out, "%s", b.data ? b.data : "");
    nd_buf_free(&b);
    nd_arena_free(&arena);
    nd_json_parser_free(parser);
    return out;
}

static const char *parsed(const char *text)
{
    int code;
    return parsed_n(text, strlen(text), &code);
}

static void json_values(void)
{
    CHECK_STR(parsed("null"), "null");
    CHECK_STR(parsed(" true "), "true");
    CHECK_STR(parsed("false"), "false");
    CHECK_STR(parsed("\"\""), "\"\"");
    CHECK_STR(parsed("[]"), "[]");
    CHECK_STR(parsed("{}"), "{}");
    CHECK_STR(parsed("[1,[2,{\"a\":[]}],3]"), "[1,[2,{\"a\":[]}],3]");
    CHECK_STR(parsed("{\"a\" : 1 , \"b\" : { \"c\" : null } }"), "{\"a\":1,\"b\":{\"c\":null}}");
}

static void json_numbers_as_printed(void)
{
    CHECK_STR(parsed("1.10"), "1.10");
    CHECK_STR(parsed("[-0, 1E400, 123456789012345678901234567890]"),
              "[-0,1E400,123456789012345678901234567890]");
    CHECK_STR(parsed("[1.0e+05 ]"), "[1.0e+05]");
}

static void json_duplicate_keys_kept_in_order(void)
{
    CHECK_STR(parsed("{\"a\":1,\"b\":2,\"a\":3}"), "{\"a\":1,\"b\":2,\"a\":3}");
}

static void json_escapes(void)
{
    CHECK_STR(parsed("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
    CHECK_STR(parsed("\"\\u00e9 \\u20AC \\ud83d\\ude00\""), "\"é € 😀\"");
    CHECK_STR(parsed("\"a\\u0000b\""), "\"a\\u0000b\"");
    CHECK_STR(parsed("\"\\ud83d x\""), "\"\xef\xbf\xbd x\"");
    CHECK_STR(parsed("\"\\udE00\\ud83d\\ud83d\\ude00\""), "\"\xef\xbf\xbd\xef\xbf\xbd😀\"");
    CHECK_STR(parsed("{\"k\\u0065y\\\"\":1}"), "{\"key\\\"\":1}");
}

static void json_errors_say_where(void)
{
    static const struct {
        const char *text;
        size_t offset;
    } rows[] = {{"[1,tru]", 3}, {"{\"a\":01}", 5}, {"[\"\\x\"]", 2}, {"[1] []", 4}};
    struct nd_json_parser *parser;
    struct nd_arena arena;
    nd_arena_init(&arena, ROOM);
    CHECK_INT(nd_json_parser_new(&parser, NULL), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nd_json *v;
        struct nd_error err = {0};
        CHECK_INT(nd_json_parse(parser, &v, &arena, rows[i].text, strlen(rows[i].text), &err),
                  ND_INPUT);
        CHECK_INT(err.offset, rows[i].offset);
    }
    nd_json_parser_free(parser);
    nd_arena_free(&arena);
}

static void json_depth_is_limited(void)
{
    char text[2 * 100001];
    int code;
    memset(text, '[', ND_JSON_DEPTH);
    memset(text + ND_JSON_DEPTH, ']', ND_JSON_DEPTH);
    parsed_n(text, (size_t)2 * ND_JSON_DEPTH, &code);
    CHECK_INT(code, 0);
    memset(text, '[', ND_JSON_DEPTH + 1);
    memset(text + ND_JSON_DEPTH + 1, ']', ND_JSON_DEPTH + 1);
    parsed_n(text, (size_t)2 * ND_JSON_DEPTH + 2, &code);
    CHECK_INT(code, ND_LIMIT);
    memset(text, '[', 100000);
    parsed_n(text, 100000, &code);
    CHECK(code == ND_LIMIT || code == ND_INPUT);
    for (int i = 0; i < 20000; i++)
        memcpy(text + (size_t)i * 5, "{\"a\":", 5);
    parsed_n(text, 100000, &code);
    CHECK(code == ND_LIMIT || code == ND_INPUT);
}

static void json_parser_is_used_again(void)
{
    struct nd_json_parser *parser;
    struct nd_arena arena;
    struct nd_json *v;
    nd_arena_init(&arena, (size_t)1 << 26);
    CHECK_INT(nd_json_parser_new(&parser, NULL), 0);
    CHECK_INT(nd_json_parse(parser, &v, &arena, "{\"a\":1}", 7, NULL), 0);
    CHECK_INT(nd_json_parse(parser, &v, &arena, "{\"a\":", 5, NULL), ND_INPUT);
    char *big = malloc(20000002);
    if (CHECK(big != NULL)) {
        memset(big, 'x', 20000002);
        big[0] = big[20000001] = '"';
        CHECK_INT(nd_json_parse(parser, &v, &arena, big, 20000002, NULL), 0);
        CHECK_INT(v->text.n, 20000000);
        CHECK(v->text.p == big + 1); /* not copied */
    }
    free(big);
    CHECK_INT(nd_json_parse(parser, &v, &arena, "{\"a\":\"b\"}", 9, NULL), 0);
    CHECK_MEM(nd_json_get(v, "a")->text.p, nd_json_get(v, "a")->text.n, "b", 1);
    CHECK(nd_json_get(v, "b") == NULL);
    CHECK(nd_json_get(nd_json_get(v, "a"), "b") == NULL);
    nd_json_parser_free(parser);
    nd_arena_free(&arena);
}

static const char *written(const char *p, size_t n)
{
    static char out[256];
    struct nd_buf b;
    nd_buf_init(&b, 256);
    CHECK_INT(nd_json_str(&b, p, n), 0);
    snprintf(out, sizeof out, "%s", b.data);
    nd_buf_free(&b);
    return out;
}

static void json_writer_escapes(void)
{
    CHECK_STR(written("", 0), "\"\"");
    CHECK_STR(written("a\"b\\c/", 6), "\"a\\\"b\\\\c/\"");
    CHECK_STR(written("\n\t\r\b\f\x01\x1f\0z", 9), "\"\\n\\t\\r\\b\\f\\u0001\\u001f\\u0000z\"");
    CHECK_STR(written("é😀", 6), "\"é😀\"");
    CHECK_STR(written("a\xff\"z", 4), "\"a\xef\xbf\xbd\\\"z\"");
    struct nd_buf b;
    nd_buf_init(&b, 8);
    CHECK_INT(nd_json_str(&b, "0123456789", 10), ND_LIMIT);
    nd_buf_free(&b);
}

/* y_ is accepted, n_ refused, i_ either; every file again cut at each byte: never a crash. */
static void json_test_suite(void)
{
    const char *archive = check_shared("data/hostile.tar.xz");
    if (!archive) {
        check_skip("no hostile.tar.xz");
        return;
    }
    char cmd[1024], dir[512];
    snprintf(cmd, sizeof cmd, "tar -xf '%s' -C '%s'", archive, check_dir());
    if (!CHECK(system(cmd) == 0))
        return;
    snprintf(dir, sizeof dir, "%s/hostile/JSONTestSuite/test_parsing", check_dir());
    DIR *d = opendir(dir);
    if (!CHECK(d != NULL))
        return;
    int files = 0, cuts = 0;
    for (struct dirent *e; (e = readdir(d));) {
        char path[1024];
        struct nd_buf b;
        int code;
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        nd_buf_init(&b, ROOM);
        CHECK_INT(nd_file_read(&b, path, NULL), 0);
        parsed_n(b.data ? b.data : "", b.len, &code);
        if ((e->d_name[0] == 'y' && code) || (e->d_name[0] == 'n' && !code)) {
            fprintf(stderr, "%s: code %d\n", e->d_name, code);
            CHECK(!"JSONTestSuite");
        }
        for (size_t cut = 0; b.len < 300 && cut < b.len; cut++, cuts++)
            parsed_n(b.data, cut, &code);
        nd_buf_free(&b);
        files++;
    }
    closedir(d);
    printf("# JSONTestSuite: %d files, %d more cut\n", files, cuts);
    CHECK(files > 300 && cuts > 1000);
}

/* Whatever text is written is read back the same. */
static void json_round_trip(void)
{
    static const char *const piece[] = {"a", "\"",   "\\",   "\n", "é",
                                        "😀", "\x01", "\x7f", "/",  "\xe2\x80\xa8"};
    struct nd_json_parser *parser;
    struct nd_arena arena;
    struct nd_buf text, json;
    nd_arena_init(&arena, ROOM);
    nd_buf_init(&text, ROOM);
    nd_buf_init(&json, ROOM);
    CHECK_INT(nd_json_parser_new(&parser, NULL), 0);
    for (int i = 0; i < 5000; i++) {
        struct nd_json *v;
        nd_buf_reset(&text);
        nd_buf_reset(&json);
        nd_arena_reset(&arena);
        for (uint64_t k = check_random() % 200; k; k--)
            if (check_random() % 20 == 0)
                nd_buf_byte(&text, 0);
            else
                nd_buf_str(&text, piece[check_random() % (sizeof piece / sizeof *piece)]);
        nd_json_str(&json, text.data, text.len);
        if (!CHECK(!nd_json_parse(parser, &v, &arena, json.data, json.len, NULL)) ||
            !CHECK_MEM(v->text.p, v->text.n, text.len ? text.data : "", text.len))
            break;
    }
    nd_json_parser_free(parser);
    nd_buf_free(&text);
    nd_buf_free(&json);
    nd_arena_free(&arena);
}

int main(void)
{
    RUN(json_values);
    RUN(json_numbers_as_printed);
    RUN(json_duplicate_keys_kept_in_order);
    RUN(json_escapes);
    RUN(json_errors_say_where);
    RUN(json_depth_is_limited);
    RUN(json_parser_is_used_again);
    RUN(json_writer_escapes);
    RUN(json_test_suite);
    RUN(json_round_trip);
    return check_done();
}
