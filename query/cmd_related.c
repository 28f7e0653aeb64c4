/* related: the names that stand in the articles that name NAME more often than elsewhere. */
#include "among.h"
#include "record/value.h"
#include "related.h"
#include "render/rows.h"
#include "story.h"
#include "terms.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum {
    OUT_MAX = 1 << 30,
    TOP = 20,
    MIN = 2 /* articles together */
};

static struct nd_str day_text(char out[16], uint32_t day)
{
    unsigned y = day / 10000, m = day / 100 % 100, d = day % 100;
    int n = !y   ? 0
            : !m ? snprintf(out, 16, "%04u", y)
            : !d ? snprintf(out, 16, "%04u-%02u", y, m)
                 : snprintf(out, 16, "%04u-%02u-%02u", y, m, d);
    return (struct nd_str){out, (size_t)n};
}

/* Is a name the one that was asked for: has it all of its words? */
static bool asked(struct nd_str name, struct nd_str id)
{
    struct nd_buf a, b;
    nd_buf_init(&a, 1 << 20);
    nd_buf_init(&b, 1 << 20);
    bool is = nd_value_words(&a, name.p, name.n) == 0 && nd_value_words(&b, id.p, id.n) == 0 &&
              a.len && b.len &&
              nd_value_holds((struct nd_str){b.data, b.len}, (struct nd_str){a.data, a.len});
    nd_buf_free(&a);
    nd_buf_free(&b);
    return is;
}

struct related {
    struct nd_str name;
    struct nd_facet with, all;
    struct nd_apart *v;
};

static int print_row(struct related *x, struct nd_ask *a, struct nd_rows *rows,
                     const struct nd_apart *p, struct nd_error *err)
{
    const struct nd_facet_row *row = &x->with.rows[p->row];
    struct nd_str type = nd_entity_type_name(row->type), name;
    struct nd_days d = row->days;
    char first[16], last[16];
    double chance = (double)(p->a + p->b) * (double)x->with.matches / (double)x->all.matches;
    int rc = nd_facet_name(&name, a->arena, a->index, &x->with, p->row, err);
    if (rc)
        return rc;
    const struct nd_value cells[] = {nd_value_real("score", p->score, 1),
                                     nd_value_real("pmi", log2((double)p->a / chance), 2),
                                     nd_value_count("count", p->a),
                                     nd_value_count("index", p->a + p->b),
                                     nd_value_text("first", day_text(first, d.first)),
                                     nd_value_text("last", day_text(last, d.last)),
                                     nd_value_text("kind", type),
                                     nd_value_text("id", row->value),
                                     nd_value_text("name", name)};
    nd_row(rows, "related", cells, sizeof cells / sizeof cells[0]);
    return 0;
}

static int print(struct related *x, struct nd_ask *a, const struct nd_renderer *how,
                 struct nd_error *err)
{
    struct newsq *t = a->tool;
    struct nd_buf out;
    struct nd_render r;
    uint64_t limit = nd_args_number(&t->args, "limit", TOP);
    uint64_t min = nd_args_number(&t->args, "min", x->with.matches > 2 ? MIN : 1);
    nd_buf_init(&out, OUT_MAX);
    int rc = newsq_render(t, &r, &out, err);
    struct nd_rows rows = {.r = &r, .how = how};
    how->begin(&r);
    for (size_t i = 0; !rc && i < x->with.n && rows.n < limit && x->v[i].score >= ND_G2_LEAST; i++)
        if (x->v[i].a >= min && !asked(x->name, x->with.rows[x->v[i].row].value))
            rc = print_row(x, a, &rows, &x->v[i], err);
    struct nd_answer answer = nd_ask_answer(a, x->with.matches, rows.n);
    how->end(&r, &answer);
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    return rc;
}

static int count(struct related *x, struct nd_ask *a, struct nd_error *err)
{
    struct nd_match *all;
    struct nd_lowered low;
    struct nd_once *once = NULL, *once_all = NULL;
    bool by_story = nd_args_has(&a->tool->args, "by-story");
    const struct nd_facet_want days = {.top = UINT64_MAX, .days = true};
    const struct nd_field *names = nd_schema_find("entity", 6);
    int rc = nd_among_all(&all, a, &low, err);
    if (!rc && by_story)
        rc = nd_once_new(&once, a->index, a->match, err);
    if (!rc && by_story)
        rc = nd_once_new(&once_all, a->index, all, err);
    if (!rc)
        rc = nd_facet_top(&x->with, a->arena, a->index, a->match, names, &days, err);
    if (!rc)
        rc = nd_facet_count(&x->all, a->arena, a->index, all, names, err);
    if (!rc)
        rc = nd_apart_rows(&x->v, a->arena, &x->with, &x->all, true, err);
    if (!rc)
        nd_apart_sort(x->v, x->with.n);
    nd_once_free(once);
    nd_once_free(once_all);
    nd_match_close(all);
    return rc;
}

/* entity:"NAME" */
static int query_of(struct newsq *t, struct related *x, struct nd_str *out, struct nd_error *err)
{
    struct nd_buf name, q;
    nd_buf_init(&name, ND_QUERY_MAX);
    nd_buf_init(&q, ND_QUERY_MAX);
    for (size_t i = 0; i < t->args.words_n; i++)
        nd_buf_printf(&name, "%s%.*s", i ? " " : "", (int)t->args.words[i].n, t->args.words[i].p);
    x->name = nd_arena_str(&t->arena, name.data ? name.data : "", name.len);
    nd_buf_str(&q, "entity:\"");
    for (size_t i = 0; x->name.p && i < x->name.n; i++) {
        if (x->name.p[i] == '"' || x->name.p[i] == '\\')
            nd_buf_byte(&q, '\\');
        nd_buf_byte(&q, (unsigned char)x->name.p[i]);
    }
    nd_buf_byte(&q, '"');
    *out = nd_arena_str(&t->arena, q.data ? q.data : "", q.len);
    int rc = !x->name.p || !out->p || nd_buf_code(&name) || nd_buf_code(&q)
                 ? nd_fail(err, ND_NOMEM, "out of memory")
                 : 0;
    if (!rc && !x->name.n) {
        rc = nd_fail(err, ND_USAGE, "related to whom?");
        nd_hint(err, "newsq related 'Kim Jong-un'");
    }
    nd_buf_free(&name);
    nd_buf_free(&q);
    return rc;
}

int newsq_related(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *how;
    struct nd_index *ix = NULL;
    struct related x = {0};
    struct nd_str query;
    struct nd_ask a;
    if (newsq_renderer(t, &how, &err) || nd_rows_fit(how, &err) || query_of(t, &x, &query, &err) ||
        nd_ask_index(t, &ix, &err))
        return newsq_failed(t, &err);
    int status, rc = nd_ask_text_as(&a, t, ix, &t->arena, query, ND_SYNTAX_NATIVE, &err);
    if (rc) {
        nd_index_close(ix);
        return newsq_failed(t, &err);
    }
    nd_ask_notes(&a);
    rc = count(&x, &a, &err);
    if (!rc)
        rc = print(&x, &a, how, &err);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, x.with.matches ? 0 : 1);
    nd_ask_close(&a);
    nd_index_close(ix);
    return status;
}
