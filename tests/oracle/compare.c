/* What the scan expects against what `newsq batch` answered. */
#include "oracle.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN = 12 /* differences printed, and ids of one */
};

/* Articles: id, 0x1e, places. */
struct ids {
    char **v;
    size_t n, cap;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_id(const char *a, const char *b)
{
    size_t n = strcspn(a, "\x1e"), m = strcspn(b, "\x1e");
    int c = memcmp(a, b, n < m ? n : m);
    return c ? c : (n > m) - (n < m);
}

static char *hit_of(json_t *o)
{
    enum { ROOM = PLACES };
    static _Alignas(8) char text[ROOM + 8];
    const char *id = json_string_value(json_object_get(o, "id"));
    json_t *spans = json_object_get(o, "spans");
    size_t n = 0;
    memset(text, 0, sizeof text);
    for (size_t i = 0; i < json_array_size(spans); i++) {
        json_t *s = json_array_get(spans, i);
        const char *field = json_string_value(json_object_get(s, "field"));
        places_add(text, ROOM, &n, field ? *field : '?', (uint32_t)json_integer_value(json_object_get(s, "start")),
                   (uint32_t)json_integer_value(json_object_get(s, "end")));
    }
    const char *where = places_end(text, n);
    size_t size = strlen(id ? id : "") + strlen(where) + 2;
    char *hit = need(size);
    snprintf(hit, size, "%s%s%s", id ? id : "", spans ? "\x1e" : "", spans ? where : "");
    return hit;
}

/* Read the answer to one query. Return: 0; 1 with the reason in *why where it is an error; -1 at the end. */
static int answer(FILE *in, struct ids *ids, char **why)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int rc = -1;
    ids->n = 0;
    while (rc == -1 && (n = getline(&line, &room, in)) > 0) {
        json_t *o = json_loadb(line, (size_t)n, JSON_ALLOW_NUL, NULL);
        const char *type = json_string_value(json_object_get(o, "type"));
        if (!type) {
            *why = copy_of("a line of the answer is not JSON", 32);
            rc = 1;
        } else if (strcmp(type, "hit") == 0) {
            GROW(*ids);
            ids->v[ids->n++] = hit_of(o);
        } else if (strcmp(type, "error") == 0) {
            const char *message = json_string_value(json_object_get(o, "message"));
            *why = copy_of(message ? message : "?", message ? strlen(message) : 1);
            rc = 1;
        } else if (strcmp(type, "end") == 0) {
            bool exact = json_is_true(json_object_get(o, "exact"));
            json_int_t total = json_integer_value(json_object_get(o, "total"));
            rc = 0;
            if (!exact || (size_t)total != ids->n) {
                *why = copy_of("total is not the number of hits, or not exact", 45);
                rc = 1;
            }
        }
        json_decref(o);
    }
    free(line);
    if (ids->n)
        qsort(ids->v, ids->n, sizeof *ids->v, by_bytes);
    return rc;
}

static void show(const char *name, const struct ids *a, const struct ids *b)
{
    size_t k = 0, shown = 0;
    for (size_t i = 0; i < a->n; i++) {
        while (k < b->n && by_id(b->v[k], a->v[i]) < 0)
            k++;
        if (k < b->n && by_id(b->v[k], a->v[i]) == 0)
            continue;
        if (shown++ < SHOWN)
            printf("%s%.*s", shown == 1 ? name : " ", (int)strcspn(a->v[i], "\x1e"), a->v[i]);
    }
    if (shown > SHOWN)
        printf(" and %zu more", shown - SHOWN);
    if (shown)
        printf("\n");
}

/* Articles of both with other places. Return: how many. */
static size_t show_places(const struct ids *want, const struct ids *got, bool print)
{
    size_t k = 0, other = 0;
    for (size_t i = 0; i < want->n; i++) {
        while (k < got->n && by_id(got->v[k], want->v[i]) < 0)
            k++;
        if (k == got->n || by_id(got->v[k], want->v[i]) != 0 || strcmp(got->v[k], want->v[i]) == 0)
            continue;
        size_t n = strcspn(want->v[i], "\x1e") + 1;
        if (n > strlen(want->v[i]) || !got->v[k][n - 1]) /* of one of them they are not known */
            continue;
        if (print && other < 3)
            printf("places in %.*s\n  wanted: %s\n  found:  %s\n", (int)n - 1, want->v[i], want->v[i] + n,
                   got->v[k] + n);
        other++;
    }
    if (print && other > 3)
        printf("  and in %zu more\n", other - 3);
    return other;
}

/* The ids of a file, a line each, sorted. */
static void read_ids(const char *path, struct ids *out)
{
    FILE *in = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    if (!in) {
        fprintf(stderr, "oracle: cannot read '%s'\n", path);
        exit(3);
    }
    while ((n = getline(&line, &room, in)) > 0) {
        GROW(*out);
        out->v[out->n++] = copy_of(line, (size_t)n - (line[n - 1] == '\n'));
    }
    free(line);
    fclose(in);
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_bytes);
}

static bool is_there(const struct ids *only, const char *hit)
{
    size_t lo = 0, hi = only->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = by_id(only->v[mid], hit);
        if (c == 0)
            return true;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

int compare(const char *expected, const char *answers, const char *only)
{
    FILE *want = fopen(expected, "r"), *got = fopen(answers, "r");
    char *line = NULL;
    size_t room = 0, passed = 0, failed = 0, hits = 0, empty = 0;
    ssize_t n;
    size_t moved = 0, spans = 0;
    struct ids have = {0}, there = {0};
    if (!want || !got) {
        fprintf(stderr, "oracle: cannot read '%s'\n", want ? answers : expected);
        return 2;
    }
    if (only)
        read_ids(only, &there);
    while ((n = getline(&line, &room, want)) > 0) {
        struct ids ids = {0};
        char *why = NULL, *tab = strchr(line, '\t');
        line[n - 1] = '\0';
        if (!tab)
            continue;
        *tab = '\0';
        for (char *p = tab + 1; *p;) {
            size_t len = strcspn(p, "\x1f");
            GROW(ids);
            ids.v[ids.n] = copy_of(p, len);
            if (!only || is_there(&there, ids.v[ids.n]))
                ids.n++;
            p += len + (p[len] != '\0');
        }
        int rc = answer(got, &have, &why);
        if (rc == -1)
            why = copy_of("no answer", 9);
        bool same = rc == 0 && ids.n == have.n;
        for (size_t i = 0; same && i < ids.n; i++)
            same = strcmp(ids.v[i], have.v[i]) == 0;
        hits += ids.n;
        for (size_t i = 0; i < ids.n; i++)
            spans += strchr(ids.v[i], '\x1e') != NULL;
        moved += rc == 0 ? show_places(&ids, &have, false) > 0 : 0;
        empty += ids.n == 0;
        passed += same;
        failed += !same;
        if (!same && failed <= SHOWN) {
            printf("query:   %s\n", line);
            if (why)
                printf("error:   %s\n", why);
            else {
                show("missing: ", &ids, &have);
                show("extra:   ", &have, &ids);
                show_places(&ids, &have, true);
            }
        }
    }
    printf("%zu hits (places in %zu), %zu queries without one", hits, spans, empty);
    if (moved)
        printf(", %zu with other places", moved);
    printf("\n");
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed || !passed;
}
