/* saved_tree.c: saved queries inside queries, lists and templates; a saved query ready to be asked. */
#include "lang/saved.h"

#include "base/file.h"
#include "text/date.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

enum {
    NESTED = 32 /* saved queries in saved queries */
};

/* The names being put in place, outermost first. */
struct chain {
    const struct chain *up;
    struct nd_str name;
    unsigned depth;
};

static int tree_of(const char *folder, struct nd_str name, const struct chain *up,
                   struct nd_arena *arena, struct nd_node **out, struct nd_error *err);

/* Put the trees of saved queries in their places below a node. */
static int put_in(const char *folder, struct nd_node *n, const struct chain *up,
                  struct nd_arena *arena, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < n->kids_n; i++) {
        if (n->kids[i]->kind == ND_N_SAVED)
            rc = tree_of(folder, n->kids[i]->text, up, arena, &n->kids[i], err);
        else
            rc = put_in(folder, n->kids[i], up, arena, err);
    }
    return rc;
}

static int circle(const struct chain *up, struct nd_str name, struct nd_error *err)
{
    char names[400];
    size_t n = (size_t)snprintf(names, sizeof names, "%.*s", (int)name.n, name.p);
    for (const struct chain *c = up; c && n < sizeof names; c = c->up) {
        n += (size_t)snprintf(names + n, sizeof names - n, " <- %.*s", (int)c->name.n, c->name.p);
        if (nd_str_eq(c->name, name))
            break;
    }
    nd_fail(err, ND_QUERY, "saved queries go in a circle: %s", names);
    nd_hint(err, "one of them must do without the other");
    return ND_QUERY;
}

static int tree_of(const char *folder, struct nd_str name, const struct chain *up,
                   struct nd_arena *arena, struct nd_node **out, struct nd_error *err)
{
    struct chain here = {up, name, up ? up->depth + 1 : 0};
    struct nd_saved saved;
    struct nd_query q;
    struct nd_parse_options o = {.today = nd_today()};
    for (const struct chain *c = up; c; c = c->up)
        if (nd_str_eq(c->name, name))
            return circle(up, name, err);
    if (here.depth > NESTED)
        return nd_fail(err, ND_LIMIT, "more than %d saved queries inside one another", NESTED);
    int rc = nd_saved_read(&saved, arena, folder, name, err);
    if (!rc) {
        o.syntax = saved.syntax;
        rc = nd_parse(&q, arena, saved.query.p, saved.query.n, &o, err);
        if (rc && err) { /* the place is in that file, not in the query that is shown */
            struct nd_error why = *err;
            nd_fail(err, rc, "saved query '%.*s': %.400s", (int)name.n, name.p, why.msg);
            nd_hint(err, "%s", why.hint);
        }
    }
    if (!rc && q.root->kind == ND_N_SAVED)
        rc = tree_of(folder, q.root->text, &here, arena, &q.root, err);
    else if (!rc)
        rc = put_in(folder, q.root, &here, arena, err);
    if (!rc)
        *out = q.root;
    return rc;
}

int nd_saved_tree(void *ctx, struct nd_str name, struct nd_arena *arena, struct nd_node **out,
                  struct nd_error *err)
{
    int rc = tree_of(ctx, name, NULL, arena, out, err);
    if (rc == ND_MISSING && err)
        err->code = ND_QUERY;
    return rc == ND_MISSING ? ND_QUERY : rc;
}

int nd_saved_check(const char *folder, struct nd_str name, struct nd_str text,
                   enum nd_syntax syntax, struct nd_arena *arena, struct nd_error *err)
{
    struct chain here = {NULL, name, 0};
    struct nd_query q;
    struct nd_parse_options o = {.today = nd_today(), .syntax = syntax};
    int rc = nd_parse(&q, arena, text.p, text.n, &o, err);
    if (!rc && q.root->kind == ND_N_SAVED)
        rc = tree_of(folder, q.root->text, &here, arena, &q.root, err);
    else if (!rc)
        rc = put_in(folder, q.root, &here, arena, err);
    return rc;
}

int nd_list_read(struct nd_strs *out, struct nd_arena *arena, struct nd_str file,
                 struct nd_error *err)
{
    struct nd_buf b;
    nd_buf_init(&b, ND_QUERY_MAX);
    const char *path = nd_arena_copy(arena, file.p, file.n);
    int rc = path ? nd_file_read(&b, path, err) : nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc && nd_utf8_valid(b.data ? b.data : "", b.len) != b.len)
        rc = nd_fail(err, ND_QUERY, "list '%s' is not UTF-8", path);
    size_t lines = 1;
    for (size_t i = 0; !rc && i < b.len; i++)
        lines += b.data[i] == '\n';
    *out = (struct nd_strs){.v = rc ? NULL : nd_arena_array(arena, lines, sizeof *out->v)};
    if (!rc && !out->v)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t at = 0; !rc && at < b.len;) {
        const char *nl = memchr(b.data + at, '\n', b.len - at);
        size_t end = nl ? (size_t)(nl - b.data) : b.len, s = at;
        at = end + 1;
        while (s < end && (b.data[s] == ' ' || b.data[s] == '\t'))
            s++;
        while (end > s && (unsigned char)b.data[end - 1] <= ' ')
            end--;
        if (s == end || (b.data[s] == '#' && (s + 1 == end || b.data[s + 1] == ' ')))
            continue;
        struct nd_str line = nd_arena_str(arena, b.data + s, end - s);
        if (!line.p)
            rc = nd_fail(err, ND_NOMEM, "out of memory");
        else
            out->v[out->n++] = line;
    }
    nd_buf_free(&b);
    return rc;
}

int nd_list_of_query(void *ctx, struct nd_str file, struct nd_arena *arena, struct nd_strs *out,
                     struct nd_error *err)
{
    (void)ctx; /* as nd_lower_options.list, which needs none */
    int rc = nd_list_read(out, arena, file, err);
    if (rc == ND_MISSING || rc == ND_IO) {
        nd_hint(err, "the name after @ is a file's, seen from the folder you are in; it holds a "
                     "value a line");
        rc = err->code = ND_QUERY;
    }
    return rc;
}

int nd_template_fill(struct nd_str *out, struct nd_arena *arena, const char *form,
                     struct nd_str line, struct nd_error *err)
{
    struct nd_buf b;
    bool quoted = false, found = false;
    nd_buf_init(&b, ND_QUERY_MAX);
    for (const char *p = form; *p; p++) {
        if (p[0] == '{' && p[1] == '}') {
            for (size_t i = 0; i < line.n; i++) {
                if (quoted && (line.p[i] == '"' || line.p[i] == '\\'))
                    nd_buf_byte(&b, '\\');
                nd_buf_byte(&b, (unsigned char)line.p[i]);
            }
            found = true;
            p++;
            continue;
        }
        if (quoted && p[0] == '\\' && p[1])
            nd_buf_byte(&b, (unsigned char)*p++);
        else if (*p == '"')
            quoted = !quoted;
        nd_buf_byte(&b, (unsigned char)*p);
    }
    int rc = nd_buf_code(&b);
    if (!found) {
        rc = nd_fail(err, ND_USAGE, "the template '%s' has no place for a line", form);
        nd_hint(err, "write {} where it goes: 'person:\"{}\"'");
    } else if (rc) {
        rc = nd_fail(err, rc, "a query of a template is too long");
    } else {
        *out = nd_arena_str(arena, b.data ? b.data : "", b.len);
        rc = out->p ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
    }
    nd_buf_free(&b);
    return rc;
}

int nd_saved_open(struct nd_saved_match *out, struct nd_arena *arena, struct nd_index *ix,
                  const char *folder, const struct nd_saved *q, struct nd_error *err)
{
    struct nd_query query;
    struct nd_parse_options o = {.today = nd_today(), .syntax = q->syntax};
    struct nd_lower_options low = {
        .list = nd_list_of_query,
        .saved = nd_saved_tree,
        .ctx = (void *)(uintptr_t)folder}; /* the callback takes it as const */
    *out = (struct nd_saved_match){0};
    int rc = nd_parse(&query, arena, q->query.p, q->query.n, &o, err);
    if (!rc)
        rc = nd_stemmers_new(&out->stemmers, err);
    if (!rc)
        rc = nd_lower(&out->lowered, arena, ix, out->stemmers, query.root, &low, err);
    if (!rc)
        rc = nd_match_open(&out->match, ix, &out->lowered, NULL, err);
    if (rc)
        nd_saved_close(out);
    if (rc == ND_QUERY && err && !strstr(err->msg, "saved query")) {
        struct nd_error why = *err;
        nd_fail(err, rc, "saved query '%.*s': %.500s", (int)q->name.n, q->name.p, why.msg);
        nd_hint(err, "%s", why.hint);
    }
    return rc;
}

void nd_saved_close(struct nd_saved_match *m)
{
    nd_match_close(m->match);
    nd_stemmers_free(m->stemmers);
    *m = (struct nd_saved_match){0};
}
