#include "alerts.h"

#include "base/file.h"
#include "lang/fresh.h"
#include "lang/saved.h"
#include "text/json.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OUT_MAX = 1 << 30,
    OUT_CHUNK = 64 * 1024,
    QUERY_ARENA = 1 << 30
};

struct alerts {
    const struct newsdex *t;
    struct nd_index *ix;
    const char *folder;
    struct nd_fresh fresh;
    unsigned char *hit;    /* of one query */
    struct nd_arena arena; /* of one query */
    struct nd_json_parser *json;
    struct nd_buf out, data;
};

static int write_out(struct alerts *a, struct nd_error *err)
{
    if (nd_buf_code(&a->out))
        return nd_fail(err, nd_buf_code(&a->out), "out of memory");
    int rc = a->out.len
                 ? nd_write_all(STDOUT_FILENO, a->out.data, a->out.len, "standard output", err)
                 : 0;
    nd_buf_reset(&a->out);
    return rc;
}

static void cell(struct alerts *a, const struct nd_json *o, const char *key)
{
    const struct nd_json *v = nd_json_get(o, key);
    nd_buf_byte(&a->out, '\t');
    if (v && v->kind == ND_JSON_STRING)
        nd_printable(&a->out, v->text.p, v->text.n, true);
}

static int line(struct alerts *a, const struct nd_saved *q, const struct nd_fresh_article *x,
                struct nd_error *err)
{
    struct nd_columns *c;
    struct nd_json *o;
    nd_buf_reset(&a->data);
    int rc = nd_segment_columns(&a->ix->segments[x->segment], &c, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_FIRST_REV, err);
    if (!rc)
        rc = xap_data(&a->data, a->ix->xap, x->segment, x->docid, err);
    if (!rc)
        rc = nd_json_parse(a->json, &o, &a->arena, a->data.data ? a->data.data : "", a->data.len,
                           err);
    if (rc)
        return rc;
    bool is_new = nd_column_u32(c, ND_COL_FIRST_REV, x->docid) > a->fresh.revision;
    nd_buf_printf(&a->out, "%s\t%.*s", is_new ? "new" : "changed", (int)q->name.n, q->name.p);
    cell(a, o, "id");
    cell(a, o, "title");
    nd_buf_byte(&a->out, '\n');
    return a->out.len >= OUT_CHUNK ? write_out(a, err) : 0;
}

static int one_query(struct alerts *a, struct nd_str name, struct nd_error *err)
{
    struct nd_saved q;
    struct nd_saved_match m;
    nd_arena_reset(&a->arena);
    int rc = nd_saved_read(&q, &a->arena, a->folder, name, err);
    if (!rc)
        rc = nd_saved_open(&m, &a->arena, a->ix, a->folder, &q, err);
    if (rc)
        return rc;
    rc = nd_fresh_match(&a->fresh, m.match, a->ix, a->hit, err);
    for (size_t i = 0; !rc && i < a->fresh.n; i++)
        if (a->hit[i])
            rc = line(a, &q, &a->fresh.v[i], err);
    nd_saved_close(&m);
    return rc;
}

int newsdex_alerts(const struct newsdex *t, const char *dir, const char *queries, uint32_t revision,
                   struct nd_error *err)
{
    struct alerts a = {.t = t};
    struct nd_arena names_arena;
    struct nd_strs names = {0};
    int bad = 0;
    nd_arena_init(&a.arena, QUERY_ARENA);
    nd_arena_init(&names_arena, QUERY_ARENA);
    nd_buf_init(&a.out, OUT_MAX);
    nd_buf_init(&a.data, 16 << 20);
    int rc = nd_saved_folder(queries, &names_arena, &a.folder, err);
    if (!rc && queries && access(queries, F_OK) < 0)
        rc = nd_fail_errno(err, ND_MISSING, "cannot open folder '%s'", queries);
    if (!rc)
        rc = nd_saved_list(&names, &names_arena, a.folder, "", err);
    if (!rc && names.n)
        rc = nd_index_open(&a.ix, &dir, 1, err);
    if (!rc && names.n)
        rc = nd_json_parser_new(&a.json, err);
    if (!rc && names.n)
        rc = nd_fresh_find(&a.fresh, a.ix, revision, err);
    if (!rc && names.n) {
        a.hit = calloc(a.fresh.n + 1, 1);
        rc = a.hit ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
    }
    for (size_t i = 0; !rc && a.fresh.n && i < names.n; i++) {
        rc = one_query(&a, names.v[i], err);
        if (rc == ND_QUERY || rc == ND_LIMIT || rc == ND_MISSING) {
            nd_diag_error(&t->diag, err); /* told, and kept */
            *err = (struct nd_error){0};
            bad = ND_QUERY;
            rc = 0;
        }
    }
    if (!rc)
        rc = write_out(&a, err);
    nd_fresh_free(&a.fresh);
    free(a.hit);
    nd_json_parser_free(a.json);
    nd_index_close(a.ix);
    nd_buf_free(&a.out);
    nd_buf_free(&a.data);
    nd_arena_free(&names_arena);
    nd_arena_free(&a.arena);
    return rc ? rc : bad;
}
