/* batch: a query a line in, its answer out, flushed; it goes on after an error. One process, one open
 * index: for scripts and co-processes. Answers of search are jsonl; those of count and facet lines of text, or jsonl. */
#include "ask.h"
#include "facet.h"
#include "lang/saved.h"
#include "result.h"
#include "text/json.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    QUERY_ARENA = 1 << 30,
    LIMIT = 10
};

enum command {
    BATCH_SEARCH,
    BATCH_COUNT,
    BATCH_FACET
};

struct batch {
    struct newsq *tool;
    enum command command;
    const struct nd_field *field; /* of facet */
    const char *template;         /* NULL: a line is a query, or a JSON object */
    bool text;                    /* answers are lines of text */
    struct nd_index *index;
    struct nd_arena arena; /* of one query */
    struct nd_json_parser *json;
    struct nd_results *results;
    struct nd_buf out;
    uint64_t line;
    struct nd_str said; /* the line as it came */
    bool failed;
};

/* What one line asks. */
struct request {
    struct nd_str query;
    uint64_t limit, offset;
    enum nd_sort sort;
};

static void error_line(struct batch *b, const struct nd_error *err)
{
    b->failed = true;
    if (b->text) { /* where a number stands otherwise */
        nd_buf_str(&b->out, "error\t");
        nd_printable(&b->out, b->said.p, b->said.n, true);
        nd_buf_byte(&b->out, '\t');
        nd_printable(&b->out, err->msg, strlen(err->msg), true);
        nd_buf_byte(&b->out, '\n');
        return;
    }
    nd_buf_printf(&b->out,
                  "{\"type\":\"error\",\"line\":%" PRIu64 ",\"status\":%d,\"message\":", b->line,
                  nd_exit_status(err->code));
    nd_json_str(&b->out, err->msg, strlen(err->msg));
    nd_buf_str(&b->out, ",\"hint\":");
    nd_json_str(&b->out, err->hint, strlen(err->hint));
    nd_buf_printf(&b->out, ",\"start\":%zu,\"end\":%zu}\n", err->start, err->end);
}

static int sort_named(struct nd_str name, enum nd_sort *out)
{
    static const char *const names[] = {"score", "newest", "oldest", "source"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (nd_str_eq(name, nd_str_of(names[i]))) {
            *out = (enum nd_sort)i;
            return 0;
        }
    return ND_USAGE;
}

/* A whole number of a request's member; fallback where there is none. */
static int number(const struct nd_json *o, const char *key, uint64_t *out, struct nd_error *err)
{
    const struct nd_json *v = nd_json_get(o, key);
    if (!v)
        return 0;
    char *end, digits[32];
    if (v->kind != ND_JSON_NUMBER || v->text.n >= sizeof digits || v->text.p[0] == '-')
        return nd_fail(err, ND_USAGE, "'%s' is not a whole number", key);
    memcpy(digits, v->text.p, v->text.n);
    digits[v->text.n] = '\0';
    *out = strtoull(digits, &end, 10);
    return *end ? nd_fail(err, ND_USAGE, "'%s' is not a whole number", key) : 0;
}

static int read_request(struct batch *b, struct nd_str line, struct request *q,
                        struct nd_error *err)
{
    const struct newsq *t = b->tool;
    const char *sort = nd_args_text(&t->args, "sort");
    *q = (struct request){.query = line,
                          .limit = nd_args_number(&t->args, "limit", LIMIT),
                          .offset = nd_args_number(&t->args, "offset", 0)};
    if (sort)
        sort_named(nd_str_of(sort), &q->sort);
    if (b->template)
        return nd_template_fill(&q->query, &b->arena, b->template, line, err);
    if (!line.n || line.p[0] != '{')
        return 0;
    struct nd_json *o;
    int rc = nd_json_parse(b->json, &o, &b->arena, line.p, line.n, err);
    if (rc)
        return nd_fail(err, ND_USAGE, "the line begins with { but is not JSON");
    static const char *const known[] = {"query", "limit", "offset", "sort"};
    for (const struct nd_json *m = o->first; m; m = m->next) {
        size_t i = 0;
        while (i < 4 && !nd_str_eq(m->key, nd_str_of(known[i])))
            i++;
        if (i == 4) {
            nd_fail(err, ND_USAGE, "unknown key '%.*s'", (int)m->key.n, m->key.p);
            nd_hint(err, "keys are query, limit, offset, sort");
            return ND_USAGE;
        }
    }
    const struct nd_json *query = nd_json_get(o, "query"), *order = nd_json_get(o, "sort");
    if (!query || query->kind != ND_JSON_STRING)
        return nd_fail(err, ND_USAGE, "'query' is missing or no text");
    q->query = query->text;
    if (order && (order->kind != ND_JSON_STRING || sort_named(order->text, &q->sort)))
        return nd_fail(err, ND_USAGE, "'sort' is none of score, newest, oldest, source");
    rc = number(o, "limit", &q->limit, err);
    return rc ? rc : number(o, "offset", &q->offset, err);
}

/* The closing object of an answer. */
static void end_line(struct batch *b, const struct nd_ask *a, const struct request *q,
                     uint64_t total, uint64_t shown)
{
    struct nd_render r = {.out = &b->out};
    struct nd_answer end = nd_ask_answer(a, total, shown);
    end.query = q->query;
    nd_render_jsonl.end(&r, &end);
}

/* COUNT TAB LINE, or the end object alone, whose total it is. */
static int count_line(struct batch *b, struct nd_ask *a, const struct request *q,
                      struct nd_error *err)
{
    uint64_t total;
    int rc = nd_match_count(a->match, &total, err);
    if (rc)
        return rc;
    if (b->text) {
        nd_buf_printf(&b->out, "%" PRIu64 "\t", total);
        nd_printable(&b->out, b->said.p, b->said.n, true);
        nd_buf_byte(&b->out, '\n');
    } else {
        end_line(b, a, q, total, 0);
    }
    return 0;
}

/* COUNT TAB LINE TAB VALUE a value, or facet objects and their end. */
static int facet_lines(struct batch *b, struct nd_ask *a, const struct request *q,
                       struct nd_error *err)
{
    struct nd_facet f;
    struct nd_facet_want want = {.top = q->limit};
    struct nd_render r = {.out = &b->out};
    int rc = nd_facet_top(&f, a->arena, a->index, a->match, b->field, &want, err);
    for (size_t i = 0; !rc && i < f.n; i++) {
        struct nd_count c = {.field = b->field->name, .count = f.rows[i].count};
        if (f.field->kind == ND_KIND_ENTITY) {
            c.field = nd_entity_type_name(f.rows[i].type).p;
            c.id = f.rows[i].value;
        }
        rc = nd_facet_name(&c.value, a->arena, a->index, &f, i, err);
        if (rc)
            break;
        if (!b->text) {
            nd_render_jsonl.count(&r, &c);
            continue;
        }
        nd_buf_printf(&b->out, "%" PRIu64 "\t", c.count);
        nd_printable(&b->out, b->said.p, b->said.n, true);
        nd_buf_byte(&b->out, '\t');
        nd_printable(&b->out, c.value.p, c.value.n, true);
        nd_buf_byte(&b->out, '\n');
    }
    if (!rc && !b->text)
        end_line(b, a, q, f.matches, f.n);
    return rc;
}

static int answer(struct batch *b, const struct request *q, struct nd_error *err)
{
    struct newsq *t = b->tool;
    struct nd_ask a;
    if (nd_utf8_valid(q->query.p, q->query.n) != q->query.n)
        return nd_fail(err, ND_QUERY, "the query is not UTF-8");
    int rc = nd_ask_text(&a, t, b->index, &b->arena, q->query, err);
    if (rc)
        return rc;
    if (b->command != BATCH_SEARCH) {
        rc = b->command == BATCH_COUNT ? count_line(b, &a, q, err) : facet_lines(b, &a, q, err);
        nd_ask_close(&a);
        return rc;
    }
    struct nd_ranked hits;
    rc =
        nd_match_ranked(a.match, q->offset > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)q->offset,
                        q->limit > SIZE_MAX / 2 ? SIZE_MAX : (size_t)q->limit, q->sort, &hits, err);
    if (!rc) {
        const struct nd_renderer *renderer = &nd_render_jsonl;
        struct nd_render r = {.out = &b->out};
        bool snippets = !nd_args_has(&t->args, "no-snippets");
        renderer->begin(&r);
        for (size_t i = 0; !rc && i < hits.n; i++) {
            struct nd_view v;
            rc = nd_result_view(b->results, &v, &a, &hits.v[i], q->offset + i + 1, renderer,
                                snippets, err);
            if (!rc)
                renderer->hit(&r, &v);
        }
        if (!rc)
            end_line(b, &a, q, hits.total, hits.n);
        nd_ranked_free(&hits);
    }
    nd_ask_close(&a);
    return rc;
}

static int run(struct batch *b, struct nd_error *err)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    int rc = 0;
    while (!rc && (n = getline(&line, &cap, stdin)) >= 0) {
        struct nd_str s = {line, (size_t)n};
        while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
            s.n--;
        b->line++;
        b->said = s;
        if (!s.n)
            continue;
        struct nd_error bad = {0};
        struct request q;
        nd_arena_reset(&b->arena);
        size_t before = b->out.len;
        int one = s.n > ND_QUERY_MAX
                      ? nd_fail(&bad, ND_QUERY, "the line is longer than %d bytes", ND_QUERY_MAX)
                      : read_request(b, s, &q, &bad);
        if (!one)
            one = answer(b, &q, &bad);
        if (one) {
            b->out.len = before; /* no half answer before an error */
            error_line(b, &bad);
        }
        rc = newsq_write(&b->out, err);
    }
    free(line);
    return rc;
}

/* [search|count|facet FIELD], and what --template and --format say. */
static int read_command(struct batch *b, struct nd_error *err)
{
    const struct nd_args *o = &b->tool->args;
    static const char *const names[] = {"search", "count", "facet"};
    size_t i = 0, words = o->words_n;
    const char *format = nd_args_text(o, "format");
    while (words && i < 3 && !nd_str_eq(o->words[0], nd_str_of(names[i])))
        i++;
    b->command = (enum command)(words ? i : 0);
    if (i == 3 || words > (b->command == BATCH_FACET ? 2u : 1u)) {
        nd_fail(err, ND_USAGE, "batch takes its queries from standard input");
        nd_hint(err, "newsq batch [search|count|facet FIELD] -d DIR < queries.txt");
        return ND_USAGE;
    }
    if (b->command == BATCH_FACET) {
        b->field = words == 2 ? nd_schema_find(o->words[1].p, o->words[1].n) : NULL;
        if (!b->field || !b->field->facet) {
            nd_fail(err, ND_USAGE,
                    words == 2 ? "'%.*s' is no facet" : "which field is to be counted?%.*s",
                    words == 2 ? (int)o->words[1].n : 0, words == 2 ? o->words[1].p : "");
            nd_hint(err, "newsq batch facet FIELD; 'newsq fields' lists the fields");
            return ND_USAGE;
        }
    }
    b->text = b->command != BATCH_SEARCH && (!format || strcmp(format, "text") == 0);
    if (format && strcmp(format, "jsonl") != 0 && !b->text) {
        nd_fail(err, ND_USAGE, "batch prints %s",
                b->command == BATCH_SEARCH ? "jsonl" : "text or jsonl");
        nd_hint(err, "batch count and batch facet print text too");
        return ND_USAGE;
    }
    b->template = nd_args_text(o, "template");
    struct nd_str trial;
    return b->template ? nd_template_fill(&trial, &b->arena, b->template, ND_STR(""), err) : 0;
}

int newsq_batch(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    struct batch b = {.tool = t};
    nd_arena_init(&b.arena, QUERY_ARENA);
    nd_buf_init(&b.out, OUT_MAX);
    int rc = read_command(&b, &err);
    if (!rc)
        rc = nd_ask_index(t, &b.index, &err);
    if (!rc)
        rc = nd_json_parser_new(&b.json, &err);
    if (!rc)
        rc = nd_results_new(&b.results, &err);
    if (!rc)
        rc = run(&b, &err);
    nd_results_free(b.results);
    nd_json_parser_free(b.json);
    nd_index_close(b.index);
    nd_buf_free(&b.out);
    nd_arena_free(&b.arena);
    return rc < 0 ? newsq_failed(t, &err) : b.failed ? 2 : 0;
}
