/* What the scan expects against what `newsq batch` answered. */
#include "oracle.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN = 12 /* differences printed, and ids of one */
};

struct ids {
    char **v;
    size_t n, cap;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
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
            const char *id = json_string_value(json_object_get(o, "id"));
            GROW(*ids);
            ids->v[ids->n++] = copy_of(id ? id : "", id ? strlen(id) : 0);
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
        while (k < b->n && strcmp(b->v[k], a->v[i]) < 0)
            k++;
        if (k < b->n && strcmp(b->v[k], a->v[i]) == 0)
            continue;
        if (shown++ < SHOWN)
            printf("%s%s", shown == 1 ? name : " ", a->v[i]);
    }
    if (shown > SHOWN)
        printf(" and %zu more", shown - SHOWN);
    if (shown)
        printf("\n");
}

int compare(const char *expected, const char *answers)
{
    FILE *want = fopen(expected, "r"), *got = fopen(answers, "r");
    char *line = NULL;
    size_t room = 0, passed = 0, failed = 0, hits = 0, empty = 0;
    ssize_t n;
    struct ids have = {0};
    if (!want || !got) {
        fprintf(stderr, "oracle: cannot read '%s'\n", want ? answers : expected);
        return 2;
    }
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
            ids.v[ids.n++] = copy_of(p, len);
            p += len + (p[len] != '\0');
        }
        int rc = answer(got, &have, &why);
        if (rc == -1)
            why = copy_of("no answer", 9);
        bool same = rc == 0 && ids.n == have.n;
        for (size_t i = 0; same && i < ids.n; i++)
            same = strcmp(ids.v[i], have.v[i]) == 0;
        hits += ids.n;
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
            }
        }
    }
    printf("%zu hits, %zu queries without one\n", hits, empty);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed || !passed;
}
