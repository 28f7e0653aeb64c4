/* relevance: a collection with judged queries as input of newsdex and newsq, and the figures of what came back.
 * Usage: relevance docs DOCS.jsonl         articles for newsdex add, each title once (the bodies repeat it)
 *        relevance queries TOPICS.tsv      queries for newsq batch: any word of the topic will do
 *        relevance score TOPICS QRELS RUN  nDCG@10 and precision at 10 of the odd, the even and all topics
 * Grades of QRELS above 0 are relevant; the gain is the grade, discounted by log2(rank + 1), as trec_eval has it. */
#include "base/arena.h"
#include "base/buf.h"
#include "text/json.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOPICS = 100000,
    DEPTH = 10,
    NAME = 64
};

struct judged {
    char topic[NAME], doc[NAME];
    double grade;
};

static struct nd_str text_of(const struct nd_json *o, const char *key)
{
    const struct nd_json *v = nd_json_get(o, key);
    return v && v->kind == ND_JSON_STRING ? v->text : (struct nd_str){"", 0};
}

static void member(struct nd_buf *out, const char *head, struct nd_str s)
{
    nd_buf_str(out, head);
    nd_json_str(out, s.p, s.n);
}

/* Call fn for every JSON object of a file's lines. */
static int each_object(const char *path, void (*fn)(void *ctx, const struct nd_json *o), void *ctx)
{
    struct nd_json_parser *parser;
    struct nd_error err = {0};
    struct nd_arena arena;
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    if (!f || nd_json_parser_new(&parser, &err)) {
        fprintf(stderr, "relevance: cannot read '%s'\n", path);
        if (f)
            fclose(f);
        return 1;
    }
    nd_arena_init(&arena, 64 << 20);
    while ((n = getline(&line, &cap, f)) > 0) {
        struct nd_json *o;
        nd_arena_reset(&arena);
        if (nd_json_parse(parser, &o, &arena, line, (size_t)n, &err) == 0)
            fn(ctx, o);
    }
    free(line);
    fclose(f);
    nd_arena_free(&arena);
    nd_json_parser_free(parser);
    return 0;
}

static void put_doc(void *ctx, const struct nd_json *o)
{
    struct nd_buf *out = ctx;
    struct nd_str title = text_of(o, "title"), body = text_of(o, "body");
    if (body.n >= title.n && memcmp(body.p, title.p, title.n) == 0) {
        body.p += title.n;
        body.n -= title.n;
    }
    if (!title.n && !body.n)
        return;
    member(out, "{\"id\":", text_of(o, "id"));
    member(out, ",\"title\":", title);
    member(out, ",\"body\":", body);
    nd_buf_str(out, "}\n");
}

static int docs(const char *path)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 30);
    int rc = each_object(path, put_doc, &out);
    fwrite(out.data, 1, out.len, stdout);
    nd_buf_free(&out);
    return rc;
}

static int queries(const char *path)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    if (!f) {
        fprintf(stderr, "relevance: cannot read '%s'\n", path);
        return 1;
    }
    while (getline(&line, &cap, f) > 0) {
        const char *p = strchr(line, '\t');
        bool first = true;
        while (p && *p) {
            size_t n = 0;
            while (*p && !isalnum((unsigned char)*p))
                p++;
            while (isalnum((unsigned char)p[n]))
                n++;
            bool doubtful = (n == 2 && strncasecmp(p, "or", 2) == 0) ||
                            (n == 3 && strncasecmp(p, "not", 3) == 0);
            const char *quote = doubtful ? "\"" : ""; /* a word, not the operator */
            if (n)
                printf("%s%s%.*s%s", first ? "any(1, " : ", ", quote, (int)n, p, quote);
            first = first && !n;
            p += n;
        }
        puts(first ? "nothing" : ")");
    }
    free(line);
    fclose(f);
    return 0;
}

static int by_grade(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

struct scoring {
    struct judged *v;
    size_t n, topics, at, rank;
    char (*topic)[NAME];
    double *gain, *hits;
};

static double grade_of(const struct scoring *s, const char *topic, struct nd_str doc)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->v[i].topic, topic) == 0 && strlen(s->v[i].doc) == doc.n &&
            memcmp(s->v[i].doc, doc.p, doc.n) == 0)
            return s->v[i].grade;
    return 0.0;
}

static void take_answer(void *ctx, const struct nd_json *o)
{
    struct scoring *s = ctx;
    if (!nd_str_eq(text_of(o, "type"), ND_STR("hit"))) {
        s->at++;
        s->rank = 0;
        return;
    }
    if (s->at < s->topics && s->rank < DEPTH) {
        double grade = grade_of(s, s->topic[s->at], text_of(o, "id"));
        if (grade > 0.0) {
            s->gain[s->at] += grade / log2((double)s->rank + 2.0);
            s->hits[s->at] += 1.0 / DEPTH;
        }
    }
    s->rank++;
}

/* The gain of the best order. */
static double ideal(const struct scoring *s, const char *topic)
{
    double grades[4096], sum = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < s->n && n < 4096; i++)
        if (strcmp(s->v[i].topic, topic) == 0 && s->v[i].grade > 0.0)
            grades[n++] = s->v[i].grade;
    qsort(grades, n, sizeof *grades, by_grade);
    for (size_t i = 0; i < n && i < DEPTH; i++)
        sum += grades[i] / log2((double)i + 2.0);
    return sum;
}

static int read_judged(struct scoring *s, const char *topics, const char *qrels)
{
    char line[4096], topic[NAME], doc[NAME];
    double grade;
    FILE *t = fopen(topics, "r"), *q = fopen(qrels, "r");
    size_t cap = 0;
    while (t && q && s->topics < TOPICS && fgets(line, sizeof line, t))
        if (sscanf(line, "%63[^\t]", s->topic[s->topics]) == 1)
            s->topics++;
    while (t && q && fgets(line, sizeof line, q)) {
        if (sscanf(line, "%63s %*s %63s %lf", topic, doc, &grade) != 3)
            continue;
        if (s->n == cap) {
            cap = cap ? cap * 2 : 1024;
            struct judged *grown = realloc(s->v, cap * sizeof *grown);
            if (!grown)
                break;
            s->v = grown;
        }
        s->v[s->n].grade = grade;
        memcpy(s->v[s->n].topic, topic, NAME);
        memcpy(s->v[s->n++].doc, doc, NAME);
    }
    int rc = t && q && s->n ? 0 : 1;
    if (t)
        fclose(t);
    if (q)
        fclose(q);
    return rc;
}

static int score(const char *topics, const char *qrels, const char *run)
{
    struct scoring s = {.topic = calloc(TOPICS, NAME),
                        .gain = calloc(TOPICS, sizeof *s.gain),
                        .hits = calloc(TOPICS, sizeof *s.hits)};
    static const char *const names[] = {"odd", "even", "all"};
    int rc = 1;
    if (s.topic && s.gain && s.hits && read_judged(&s, topics, qrels) == 0 &&
        each_object(run, take_answer, &s) == 0)
        rc = s.at == s.topics ? 0 : 1;
    for (unsigned part = 0; rc == 0 && part < 3; part++) {
        double gain = 0.0, hits = 0.0, n = 0.0;
        for (size_t i = 0; i < s.topics; i++) {
            double best = ideal(&s, s.topic[i]);
            if (part < 2 && (unsigned)strtoul(s.topic[i], NULL, 10) % 2 == part)
                continue;
            gain += best > 0.0 ? s.gain[i] / best : 0.0;
            hits += s.hits[i];
            n += 1.0;
        }
        printf("%-5s %4.0f topics  nDCG@10 %.4f  P@10 %.4f\n", names[part], n, gain / n, hits / n);
    }
    if (rc)
        fprintf(stderr, "relevance: %zu answers for %zu topics, %zu judgements\n", s.at, s.topics, s.n);
    free(s.topic);
    free(s.gain);
    free(s.hits);
    free(s.v);
    return rc;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "docs") == 0)
        return docs(argv[2]);
    if (argc == 3 && strcmp(argv[1], "queries") == 0)
        return queries(argv[2]);
    if (argc == 5 && strcmp(argv[1], "score") == 0)
        return score(argv[2], argv[3], argv[4]);
    fputs("usage: relevance docs|queries FILE | relevance score TOPICS QRELS RUN\n", stderr);
    return 2;
}
