/* convert: every reader, no index: articles as JSON lines on standard output.
 * tag: the same with the mentions that would be indexed, each with its place and the evidence for it. */
#include "explain.h"
#include "reading.h"

#include "base/file.h"
#include "entity/entities.h"
#include "text/json.h"
#include "text/token.h"

#include <errno.h>
#include <unistd.h>

enum {
    OUT_CHUNK = 64 * 1024,
    OUT_MAX = 1 << 30,
    ARENA_MAX = 1 << 30
};

/* Return: 0; ND_DONE where the reader has gone; ND_IO. */
static int flush(struct nd_buf *out, struct nd_error *err)
{
    int rc = nd_write_all(STDOUT_FILENO, out->data, out->len, "standard output", err);
    if (rc && errno == EPIPE)
        rc = ND_DONE;
    nd_buf_reset(out);
    return rc;
}

/* What finds names. */
struct tagging {
    struct nd_entity_data data;
    struct nd_entities *entities;
    struct nd_tokens tokens;
    struct nd_buf why;
};

static int tagging_open(struct tagging *g, struct nd_error *err)
{
    nd_buf_init(&g->why, 1 << 16);
    if (nd_tokens_init(&g->tokens))
        return nd_fail(err, ND_NOMEM, "out of memory");
    int rc = nd_entity_data_open(&g->data, NULL, err);
    return rc ? rc : nd_entities_new(&g->entities, &g->data, err);
}

static void tagging_close(struct tagging *g)
{
    nd_entities_free(g->entities);
    nd_entity_data_close(&g->data);
    nd_tokens_free(&g->tokens);
    nd_buf_free(&g->why);
}

static const char *field_name(unsigned field)
{
    switch (field) {
    case ND_FIELD_TITLE:
        return "title";
    case ND_FIELD_LEAD:
        return "lead";
    default:
        return "body";
    }
}

/* Put the mentions before the closing brace of the record that ends out. */
static int add_mentions(struct tagging *g, const struct nd_article *a, struct nd_buf *out,
                        struct nd_error *err)
{
    const struct nd_mention *m;
    size_t n = 0;
    int rc = 0;
    nd_tokens_reset(&g->tokens);
    for (unsigned f = 0; !rc && f < ND_FIELDS; f++) {
        struct nd_str text = nd_article_field(a, f);
        rc = nd_tokens_add(&g->tokens, text.p, text.n, f, err);
    }
    if (!rc)
        rc = nd_entities_run(g->entities, a, &g->tokens, &m, &n, err);
    if (rc)
        return rc;
    out->len--;
    nd_buf_str(out, ",\"mentions\":[");
    for (size_t i = 0; i < n; i++) {
        size_t start, end;
        unsigned field = nd_entities_span(g->entities, i, &start, &end);
        nd_buf_printf(out, "%s{\"field\":\"%s\",\"start\":%zu,\"end\":%zu,\"type\":\"%s\",\"id\":",
                      i ? "," : "", field_name(field), start, end,
                      nd_entity_type_name(m[i].type).p);
        nd_json_str(out, m[i].id.p, m[i].id.n);
        nd_buf_str(out, ",\"name\":");
        nd_json_str(out, m[i].surface.p, m[i].surface.n);
        nd_buf_reset(&g->why);
        if (nd_entities_why(g->entities, i, &g->why))
            return nd_fail(err, ND_INTERNAL, "a name has no evidence");
        nd_buf_str(out, ",\"by\":");
        nd_json_str(out, g->why.data, g->why.len);
        nd_buf_byte(out, '}');
    }
    nd_buf_str(out, "]}");
    return nd_buf_code(out) ? nd_fail(err, ND_NOMEM, "out of memory") : 0;
}

static bool key_of(const void *source, int target, struct nd_str *key)
{
    return nd_source_from(source, target, key);
}

/* Which element became which field, instead of the record. */
static int explain(struct nd_reading_run *r, const struct nd_article *a, struct nd_buf *out)
{
    const struct nd_source_stats *s = nd_source_stats(r->source);
    const struct nd_reader *reader = nd_source_reader(r->source);
    nd_buf_printf(out, "%s%s%s:%llu: %s\n", s->path, *s->member ? "/" : "", s->member,
                  (unsigned long long)s->record, reader ? reader->name : "?");
    nd_explain_article(out, a, reader, key_of, r->source);
    return nd_buf_code(out);
}

/* tagging: NULL for records alone. */
static int convert(struct nd_reading_run *r, struct tagging *tagging, struct nd_error *err)
{
    struct nd_arena arena;
    struct nd_article a;
    struct nd_buf out;
    bool explained = nd_args_has(&r->tool->args, "explain");
    int rc = 0;
    nd_arena_init(&arena, ARENA_MAX);
    nd_buf_init(&out, OUT_MAX);
    while (!rc) {
        rc = nd_source_next(r->source, &a, &arena, err);
        if (rc == ND_DONE)
            break;
        if (rc == ND_INPUT) {
            nd_reading_bad(r, err);
            rc = 0;
        } else if (!rc) {
            rc = explained ? explain(r, &a, &out) : nd_article_json(&out, &a, true);
            if (rc)
                nd_fail(err, rc, "article '%.*s' is too large", (int)a.id.n, a.id.p);
            if (!rc && tagging)
                rc = add_mentions(tagging, &a, &out, err);
            if (!explained)
                nd_buf_byte(&out, '\n');
        }
        if (!rc && out.len >= OUT_CHUNK)
            rc = flush(&out, err);
        nd_reading_progress(r);
        nd_arena_reset(&arena);
    }
    if (rc == ND_DONE && out.len)
        rc = flush(&out, err);
    nd_buf_free(&out);
    nd_arena_free(&arena);
    return rc == ND_DONE ? 0 : rc;
}

static int run(struct newsdex *t, bool tag)
{
    struct nd_error err = {0};
    struct nd_reading_run r;
    struct tagging tagging = {0};
    int rc = nd_reading_start(&r, t, &err);
    if (!rc && tag)
        rc = tagging_open(&tagging, &err);
    if (!rc)
        rc = nd_reading_open(&r, &err);
    if (!rc)
        rc = convert(&r, tag ? &tagging : NULL, &err);
    if (tag)
        tagging_close(&tagging);
    int status = rc ? newsdex_failed(t, &err) : 0;
    return nd_exit_worse(status, nd_reading_end(&r, !rc, &err));
}

int newsdex_convert(void *tool)
{
    return run(tool, false);
}

int newsdex_tag(void *tool)
{
    return run(tool, true);
}
