/* records.h: what the reader tests share: files in the test's folder and what is read from them. */
#ifndef TESTS_RECORDS_H
#define TESTS_RECORDS_H

#include "../check.h"
#include "input/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROOM = 1 << 28
};

static inline const char *at(const char *name)
{
    static char path[8][1024];
    static unsigned turn;
    char *p = path[turn++ % 8];
    snprintf(p, sizeof path[0], "%s/%s", check_dir(), name);
    return p;
}

static inline int shell(const char *line)
{
    char cmd[4096];
    snprintf(cmd, sizeof cmd, "cd '%s' && { %s; } >/dev/null 2>&1", check_dir(), line);
    return system(cmd) == 0;
}

static inline void write_file(const char *name, const void *p, size_t n)
{
    FILE *f = fopen(at(name), "wb");
    if (!CHECK(f != NULL))
        return;
    CHECK_INT(fwrite(p, 1, n, f), n);
    fclose(f);
}

static struct nd_source_stats last __attribute__((unused)); /* of the last run of `records` */
static char unknown[256] __attribute__((unused));

/* Read a file: an article a line as JSON without origin, `!reason` for a bad record. */
static inline const char *records(const char *name, const struct nd_source_options *o)
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
static inline const char *of(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
    return records(name, &plain);
}

#endif
