/* ours: newsdex's own query path in one process: parse, lower, match, and the result lines of ten hits.
 * Usage: ours query INDEX QUERIES ROUNDS        ranked top 10 with exact counts, and counts alone
 *        ours facet INDEX WORD FIELD ROUNDS     time of a whole match without and with a facet
 *        ours text QUERIES                      the queries in newsq's syntax, for newsq batch
 * Lines: ENGINE <tab> MODE <tab> TYPE <tab> QUERY <tab> MICROSECONDS <tab> COUNT */
#include "ask.h"
#include "facet.h"
#include "memory.h"
#include "render/render.h"
#include "result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WORDS = 8,
    PAGE = 10,
    ROUNDS = 64,
    LINE = 4096
};

struct query {
    char type[16], text[LINE];
    unsigned number;
    double us[ROUNDS];
    uint64_t hits;
};

struct bench {
    struct nd_index *ix;
    struct nd_stemmers *stemmers;
    struct nd_results *results;
    struct nd_arena arena;
    struct nd_buf out;
    struct query *v;
    size_t n;
};

enum mode {
    RANKED,
    COUNT
};

static double clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, compare);
    return n ? v[n / 2] : 0;
}

static int failed(const struct nd_error *err, const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, err->msg);
    return 2;
}

/* Write words in newsq's syntax. */
static void put_query(struct query *q, char *const *w, size_t n)
{
    const char *t = q->type;
    size_t room = sizeof q->text, at = 0;
    if (strcmp(t, "and") == 0 || strcmp(t, "or") == 0) {
        snprintf(q->text, room, "%s %s %s", w[0], strcmp(t, "or") == 0 ? "OR" : "AND", w[1]);
    } else if (strcmp(t, "near") == 0) {
        snprintf(q->text, room, "=%s w/10 =%s", w[0], w[1]);
    } else if (strcmp(t, "nearstem") == 0) {
        snprintf(q->text, room, "%s w/10 %s", w[0], w[1]);
    } else if (strcmp(t, "sentence") == 0) {
        snprintf(q->text, room, "=%s w/s =%s", w[0], w[1]);
    } else if (strcmp(t, "wildcard") == 0) {
        snprintf(q->text, room, "\"%s %s* %s\"", w[0], w[1], w[2]);
    } else if (strcmp(t, "date") == 0) {
        snprintf(q->text, room, "%s date:%.4s-%.2s-%.2s..%.4s-%.2s-%.2s", w[0], w[1], w[1] + 4,
                 w[1] + 6, w[2], w[2] + 4, w[2] + 6);
    } else if (strcmp(t, "phrase") == 0 || strcmp(t, "frequent") == 0) {
        for (size_t i = 0; i < n && at < room; i++)
            at += (size_t)snprintf(q->text + at, room - at, "%s%s%s", i ? " " : "\"", w[i],
                                   i + 1 == n ? "\"" : "");
    } else {
        snprintf(q->text, room, "%s", w[0]);
    }
}

static int read_queries(struct bench *b, const char *path)
{
    char line[LINE], *w[WORDS];
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    while (fgets(line, sizeof line, f)) {
        size_t n = 0;
        char *rest = line, *type = strsep(&rest, "\t\n");
        while (rest && *rest && n < WORDS)
            w[n++] = strsep(&rest, "\t\n");
        while (n && !*w[n - 1])
            n--;
        if (!n)
            continue;
        struct query *v = realloc(b->v, (b->n + 1) * sizeof *v);
        if (!v)
            break;
        b->v = v;
        struct query *q = &v[b->n];
        *q = (struct query){0};
        snprintf(q->type, sizeof q->type, "%s", type);
        q->number = b->n && strcmp(v[b->n - 1].type, type) == 0 ? v[b->n - 1].number + 1 : 0;
        put_query(q, w, n);
        b->n++;
    }
    fclose(f);
    return b->n ? 0 : -1;
}

static int prepare(struct bench *b, struct nd_ask *a, const char *text, struct nd_error *err)
{
    struct nd_query q;
    struct nd_parse_options o = {.today = 20240101};
    nd_arena_reset(&b->arena);
    *a = (struct nd_ask){.arena = &b->arena, .index = b->ix, .index_borrowed = true};
    int rc = nd_parse(&q, &b->arena, text, strlen(text), &o, err);
    if (!rc)
        rc = nd_lower(&a->lowered, &b->arena, b->ix, b->stemmers, q.root, NULL, err);
    if (!rc)
        rc = nd_match_open(&a->match, b->ix, &a->lowered, NULL, err);
    return rc;
}

/* Ten hits with their result lines, as newsq prints them. */
static int ranked(struct bench *b, struct nd_ask *a, uint64_t *hits, struct nd_error *err)
{
    struct nd_ranked r;
    struct nd_view view;
    struct nd_render render = {.out = &b->out};
    int rc = nd_match_ranked(a->match, 0, PAGE, ND_SORT_SCORE, &r, err);
    if (rc)
        return rc;
    *hits = r.total;
    nd_buf_reset(&b->out);
    for (size_t i = 0; !rc && i < r.n; i++) {
        rc = nd_result_view(b->results, &view, a, &r.v[i], i + 1, &nd_render_jsonl, false, err);
        if (!rc)
            nd_render_jsonl.hit(&render, &view);
    }
    nd_ranked_free(&r);
    return rc;
}

static int facet(struct bench *b, struct nd_ask *a, const char *name, uint64_t *hits,
                 struct nd_error *err)
{
    static const struct nd_facet_want want = {.top = PAGE};
    struct nd_facet out;
    int rc = nd_facet_top(&out, &b->arena, b->ix, a->match, nd_schema_find(name, strlen(name)),
                          &want, err);
    *hits = rc ? 0 : out.matches;
    return rc;
}

static int one(struct bench *b, const struct query *q, enum mode mode, uint64_t *hits,
               struct nd_error *err)
{
    struct nd_ask a;
    int rc = prepare(b, &a, q->text, err);
    if (!rc && strcmp(q->type, "facet") == 0)
        rc = facet(b, &a, "source", hits, err);
    else if (!rc && mode == COUNT)
        rc = nd_match_count(a.match, hits, err);
    else if (!rc)
        rc = ranked(b, &a, hits, err);
    nd_match_close(a.match);
    return rc;
}

static int measure(struct bench *b, enum mode mode, size_t rounds, struct nd_error *err)
{
    for (size_t r = 0; r <= rounds; r++)
        for (size_t i = 0; i < b->n; i++) {
            struct query *q = &b->v[i];
            double t0 = clock_us();
            if (one(b, q, mode, &q->hits, err))
                return failed(err, q->text);
            if (r)
                q->us[r - 1] = clock_us() - t0;
        }
    for (size_t i = 0; i < b->n; i++)
        if (mode == RANKED || strcmp(b->v[i].type, "facet") != 0)
            printf("newsdex\t%s\t%s\t%u\t%.1f\t%" PRIu64 "\n", mode == RANKED ? "ranked" : "count",
                   b->v[i].type, b->v[i].number, median(b->v[i].us, rounds), b->v[i].hits);
    return 0;
}

/* The whole of one query: what matching costs alone, and with the facet. */
static int per_match(struct bench *b, const char *word, const char *field, size_t rounds,
                     struct nd_error *err)
{
    double plain[ROUNDS], counted[ROUNDS];
    uint64_t hits = 0;
    for (size_t r = 0; r < rounds; r++) {
        struct nd_ask a;
        double t0 = clock_us();
        int rc = prepare(b, &a, word, err);
        if (!rc)
            rc = nd_match_count(a.match, &hits, err);
        nd_match_close(a.match);
        plain[r] = clock_us() - t0;
        t0 = clock_us();
        if (!rc)
            rc = prepare(b, &a, word, err);
        if (!rc)
            rc = facet(b, &a, field, &hits, err);
        nd_match_close(a.match);
        counted[r] = clock_us() - t0;
        if (rc)
            return failed(err, word);
    }
    printf("newsdex\tper-match\tmatch\t0\t%.1f\t%" PRIu64 "\n", median(plain, rounds), hits);
    printf("newsdex\tper-match\t%s\t0\t%.1f\t%" PRIu64 "\n", field, median(counted, rounds), hits);
    return 0;
}

static size_t rounds_of(const char *text)
{
    size_t n = strtoul(text, NULL, 10);
    return n < 1 ? 1 : n > ROUNDS ? ROUNDS : n;
}

int main(int argc, char **argv)
{
    struct nd_error err = {0};
    struct bench b = {0};
    int status = 2;
    nd_memory_for_asking();
    nd_arena_init(&b.arena, 1 << 30);
    nd_buf_init(&b.out, 1 << 26);
    if (argc == 3 && strcmp(argv[1], "text") == 0) {
        status = read_queries(&b, argv[2]) ? 2 : 0;
        for (size_t i = 0; i < b.n; i++)
            puts(b.v[i].text);
        goto out;
    }
    bool querying = argc == 5 && strcmp(argv[1], "query") == 0;
    if (!querying && (argc != 6 || strcmp(argv[1], "facet") != 0)) {
        fputs("usage: ours query|facet|text ...\n", stderr);
        goto out;
    }
    const char *dir = argv[2];
    if (nd_index_open(&b.ix, &dir, 1, &err) || nd_stemmers_new(&b.stemmers, &err) ||
        nd_results_new(&b.results, &err)) {
        failed(&err, dir);
        goto out;
    }
    if (!querying) {
        status = per_match(&b, argv[3], argv[4], rounds_of(argv[5]), &err);
        goto out;
    }
    if (read_queries(&b, argv[3])) {
        fprintf(stderr, "bench: cannot read '%s'\n", argv[3]);
        goto out;
    }
    status = measure(&b, RANKED, rounds_of(argv[4]), &err);
    if (!status)
        status = measure(&b, COUNT, rounds_of(argv[4]), &err);
out:
    nd_results_free(b.results);
    nd_stemmers_free(b.stemmers);
    nd_index_close(b.ix);
    nd_buf_free(&b.out);
    nd_arena_free(&b.arena);
    free(b.v);
    return status;
}
