#include "../check.h"

#include "base/file.h"
#include "record/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nd_manifest_segment segments[] = {
    {1, 100, ""}, {4, 7, "del-000004.9"}, {1234567, 1, ""}};

static struct nd_manifest sample(void)
{
    struct nd_manifest m = {
        .revision = 12, .commit = 0x0123456789abcdef, .segments = segments, .n = 3};
    snprintf(m.uuid, sizeof m.uuid, "01234567-89ab-cdef-0123-456789abcdef");
    snprintf(m.events, sizeof m.events, "events-12");
    snprintf(m.ledger, sizeof m.ledger, "ledger-11");
    return m;
}

static int same(const struct nd_manifest *a, const struct nd_manifest *b)
{
    int ok = a->revision == b->revision && a->commit == b->commit && a->n == b->n &&
             !strcmp(a->uuid, b->uuid) && !strcmp(a->derived, b->derived) &&
             !strcmp(a->events, b->events) && !strcmp(a->ledger, b->ledger);
    for (size_t i = 0; ok && i < a->n; i++)
        ok = a->segments[i].number == b->segments[i].number &&
             a->segments[i].docs == b->segments[i].docs &&
             !strcmp(a->segments[i].del, b->segments[i].del);
    return ok;
}

static void text_of(struct nd_buf *b, const struct nd_manifest *m)
{
    nd_buf_init(b, 1 << 20);
    CHECK_INT(nd_manifest_format(b, m), 0);
}

static void manifest_round_trip(void)
{
    struct nd_manifest m = sample(), got;
    struct nd_error err = {0};
    struct nd_buf b;
    text_of(&b, &m);
    CHECK(strstr(b.data, "#nd 1 12 0123456789abcdef 01234567-89ab-cdef-0123-456789abcdef 1\n") ==
          b.data);
    CHECK(strstr(b.data, "\n#nd seg 4 7 del-000004.9\n") != NULL);
    CHECK(strstr(b.data, "\nglass seg-000001\nglass seg-000004\nglass seg-1234567\n") != NULL);
    CHECK_INT(nd_manifest_parse(&got, b.data, b.len, "x", &err), 0);
    CHECK(same(&m, &got));
    nd_manifest_free(&got);
    m.n = 0;
    nd_buf_free(&b);
    text_of(&b, &m);
    CHECK_INT(nd_manifest_parse(&got, b.data, b.len, "x", &err), 0);
    CHECK(same(&m, &got));
    nd_manifest_free(&got);
    nd_buf_free(&b);
}

static void manifest_read_finds_the_file(void)
{
    char path[512];
    struct nd_manifest m = sample(), got;
    struct nd_error err = {0};
    struct nd_buf b;
    CHECK_INT(nd_manifest_read(&got, check_dir(), &err), ND_MISSING);
    CHECK(strstr(err.hint, "newsdex add") != NULL);
    text_of(&b, &m);
    snprintf(path, sizeof path, "%s/XAPIANDB", check_dir());
    CHECK_INT(nd_file_write(path, b.data, b.len, &err), 0);
    CHECK_INT(nd_manifest_read(&got, check_dir(), &err), 0);
    CHECK(same(&m, &got));
    nd_manifest_free(&got);
    nd_buf_free(&b);
}

static void manifest_cut_or_flipped_is_an_error(void)
{
    struct nd_manifest m = sample(), got;
    struct nd_buf b;
    text_of(&b, &m);
    for (size_t n = 0; n < b.len; n++)
        CHECK(nd_manifest_parse(&got, b.data, n, "x", NULL) < 0);
    for (size_t i = 0; i < b.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            b.data[i] = (char)(b.data[i] ^ 1 << bit);
            CHECK(nd_manifest_parse(&got, b.data, b.len, "x", NULL) < 0);
            b.data[i] = (char)(b.data[i] ^ 1 << bit);
        }
    CHECK_INT(nd_manifest_parse(&got, b.data, b.len, "x", NULL), 0);
    nd_manifest_free(&got);
    nd_buf_byte(&b, '\n');
    CHECK_INT(nd_manifest_parse(&got, b.data, b.len, "x", NULL), ND_CORRUPT);
    nd_buf_free(&b);
}

static int parse(const char *text, struct nd_error *err)
{
    struct nd_manifest m;
    int rc = nd_manifest_parse(&m, text, strlen(text), "x", err);
    nd_manifest_free(&m);
    return rc;
}

static void manifest_tells_what_is_wrong(void)
{
    struct nd_error err = {0};
    CHECK_INT(parse("glass seg-000001\n", &err), ND_CORRUPT);
    CHECK_STR(err.msg, "'x' line 1: not an index of newsdex");
    CHECK_INT(parse("#nd 2 0 0 0 0\n", &err), ND_VERSION);
    CHECK(strstr(err.hint, "newer") != NULL);
    CHECK_INT(parse("#nd 0 0 0 0 0\n", &err), ND_VERSION);
    CHECK(strstr(err.hint, "rebuild") != NULL);
    static const char head[] = "#nd 1 3 0123456789abcdef 01234567-89ab-cdef-0123-456789abcdef";
    static const char *const lines[] = {" 1 x",
                                        " 1\n#nd 1 3",
                                        " 1\n#nd seg 1 2",
                                        " 1\n#nd seg 1 2 ../x",
                                        " 1\n#nd seg 01 2 -",
                                        " 1\n#nd seg 1 2 - -",
                                        " 1\n#nd seg 1 2 del-1/2",
                                        " 1\n#nd events events-",
                                        " 1\n#nd events ../../etc",
                                        " 1\n#nd events events-1\n#nd events events-2",
                                        " 1\n#nd other x",
                                        " 1\nflint seg-000001",
                                        " 1\nglass seg-000001",
                                        " 1\n#nd seg 1 2 -\nglass seg-000002",
                                        " 1\n#nd seg 1 2 -\n#nd seg 1 2 -",
                                        " 1\n#nd seg 9999999999 2 -",
                                        " 1\n",
                                        " 1\n#nd seg 1 2 -\n#nd end 0123456789abcdef",
                                        " 1\n#nd end 0"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[400];
        snprintf(text, sizeof text, "%s%s\n", head, lines[i]);
        CHECK_INT(parse(text, &err), ND_CORRUPT);
        CHECK(strncmp(err.msg, "'x' line ", 9) == 0);
    }
    char text[400];
    snprintf(text, sizeof text, "%s 2\n", head);
    CHECK_INT(parse(text, &err), ND_VERSION);
    CHECK(strstr(err.msg, "tokenizer") != NULL);
}

int main(void)
{
    RUN(manifest_round_trip);
    RUN(manifest_read_finds_the_file);
    RUN(manifest_cut_or_flipped_is_an_error);
    RUN(manifest_tells_what_is_wrong);
    return check_done();
}
