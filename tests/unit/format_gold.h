/* format_gold.h: what the tests of formats share: shared samples unpacked, files read by the reader that bids for them,
 * texts compared as a reader of news would. */
#ifndef TESTS_FORMAT_GOLD_H
#define TESTS_FORMAT_GOLD_H

#include "formats/clean.h"
#include "formats/html.h"
#include "formats/fill.h"
#include "input/sniff.h"
#include "records.h"

#include <dirent.h>
#include <sys/stat.h>

/* Unpack a part of the shared samples into the test's folder. Return: its path there, NULL where it is not. */
static inline const char *unpacked(const char *part)
{
    const char *tar = check_shared("data/formats.tar.xz");
    char line[1024];
    if (!tar)
        return NULL;
    char *whole = realpath(tar, NULL);
    snprintf(line, sizeof line, "test -e '%s' || tar xf '%s' '%s'", part, whole ? whole : "", part);
    free(whole);
    return shell(line) ? at(part) : NULL;
}

/* A whole file, NUL-ended; free it. */
static inline char *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *p = NULL;
    long size;
    *n = 0;
    if (!f)
        return NULL;
    if (!fseek(f, 0, SEEK_END) && (size = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET)) {
        p = malloc((size_t)size + 1);
        if (p) {
            *n = fread(p, 1, (size_t)size, f);
            p[*n] = '\0';
        }
    }
    fclose(f);
    return p;
}

/* Call fn for each file below a folder whose name ends so, in the order of names. */
typedef void each_file(void *ctx, const char *path);
static inline void for_files(const char *folder, const char *end, each_file *fn, void *ctx)
{
    struct dirent **list;
    int n = scandir(folder, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[2048];
        struct stat st;
        size_t k = strlen(list[i]->d_name), e = strlen(end);
        snprintf(path, sizeof path, "%.1500s/%.255s", folder, list[i]->d_name);
        if (*list[i]->d_name != '.' && !stat(path, &st)) {
            if (S_ISDIR(st.st_mode))
                for_files(path, end, fn, ctx);
            else if (k >= e && !strcmp(list[i]->d_name + k - e, end))
                fn(ctx, path);
        }
        free(list[i]);
    }
    if (n >= 0)
        free(list);
}

struct outcome {
    unsigned articles, refused;
    char reason[ND_MSG_MAX];
};

/* Read bytes by the reader that bids for them; fn (may be NULL) sees each article before it is cleaned. */
typedef void each_article(void *ctx, const struct nd_article *a, struct nd_arena *arena);
static inline struct outcome read_bytes(const char *p, size_t n, const char *name, each_article *fn,
                                        void *ctx)
{
    struct outcome out = {0};
    struct nd_fieldmap_options none = {0};
    struct nd_fieldmap *map = NULL;
    struct nd_cleaner cleaner;
    struct nd_stream in;
    struct nd_arena arena;
    struct nd_error err = {0};
    uint64_t repairs = 0;
    void *self = NULL;
    const struct nd_reader *r = nd_sniff(p, n, name);
    if (!r) {
        out.refused = 1;
        snprintf(out.reason, sizeof out.reason, "no reader");
        return out;
    }
    nd_arena_init(&arena, ROOM);
    nd_stream_memory(&in, p, n);
    nd_cleaner_init(&cleaner, ROOM, NULL);
    CHECK(!nd_fieldmap_new(&map, &none, &err));
    struct nd_reading how = {map, 64 << 20, &repairs, NULL};
    if (r->open(&self, &in, &how, &err)) {
        out.refused = 1;
    } else {
        for (int rc, turns = 0; turns < 100000; turns++, nd_arena_reset(&arena)) {
            struct nd_article a = {.published = {.utc = ND_UTC_NONE},
                                   .updated = {.utc = ND_UTC_NONE}};
            nd_fieldmap_begin(map);
            rc = r->next(self, &a, &arena, &err);
            if (rc == ND_DONE)
                break;
            if (!rc && fn)
                fn(ctx, &a, &arena);
            rc = rc ? rc : nd_clean(&cleaner, &a, &arena, &err);
            out.articles += !rc;
            out.refused += rc != 0;
            if (rc)
                snprintf(out.reason, sizeof out.reason, "%s", err.msg);
        }
    }
    r->close(self);
    nd_stream_free(&in);
    nd_fieldmap_free(map);
    nd_cleaner_free(&cleaner);
    nd_arena_free(&arena);
    return out;
}

/* Equal but for blanks. */
static inline bool same_text(struct nd_str a, struct nd_str b)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < a.n && strchr(" \t\r\n", a.p[i]))
            i++;
        while (k < b.n && strchr(" \t\r\n", b.p[k]))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if (a.p[i++] != b.p[k++])
            return false;
    }
}

#endif
