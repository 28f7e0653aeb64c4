/* facet: the values of a field, or of several, over the matches, most frequent first. */
#include "among.h"
#include "facet.h"
#include "related.h"
#include "render/rows.h"
#include "story.h"

#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    FIELDS_MAX = 16 /* in one run */
};

static int no_such_field(struct newsq *t, struct nd_str name)
{
    struct nd_error err = {0};
    struct nd_buf list;
    size_t n;
    const struct nd_field *all = nd_schema_table(&n);
    nd_buf_init(&list, 4096);
    for (size_t i = 0; i < n; i++)
        if (all[i].facet)
            nd_buf_printf(&list, "%s%s", list.len ? ", " : "", all[i].name);
    if (name.n)
        nd_fail(&err, ND_USAGE, "no facet '%.*s'", (int)name.n, name.p);
    else
        nd_fail(&err, ND_USAGE, "which field is to be counted?");
    nd_hint(&err, "facets are %s", list.data);
    nd_buf_free(&list);
    return newsq_failed(t, &err);
}

/* Order the rows by how much more often the matches have a value than all articles (G2), and keep the first. */
static int by_score(struct nd_ask *a, struct nd_facet *f, uint64_t top, double **scores,
                    struct nd_error *err)
{
    struct nd_match *all;
    struct nd_lowered low;
    struct nd_facet whole;
    struct nd_apart *v;
    int rc = nd_among_all(&all, a, &low, err);
    if (!rc)
        rc = nd_facet_count(&whole, a->arena, a->index, all, f->field, err);
    nd_match_close(all);
    if (!rc)
        rc = nd_apart_rows(&v, a->arena, f, &whole, true, err);
    if (rc)
        return rc;
    struct nd_facet_row *rows = nd_arena_array(a->arena, f->n + 1, sizeof *rows);
    *scores = nd_arena_array(a->arena, f->n + 1, sizeof **scores);
    if (!rows || !*scores)
        return nd_fail(err, ND_NOMEM, "out of memory");
    nd_apart_sort(v, f->n);
    for (size_t i = 0; i < f->n; i++) {
        rows[i] = f->rows[v[i].row];
        (*scores)[i] = v[i].score;
    }
    f->rows = rows;
    f->n = f->n < top ? f->n : (size_t)top;
    return 0;
}

struct table {
    struct nd_ask *a;
    const struct nd_renderer *how;
    struct nd_render *r;
    struct nd_rows rows; /* with scores */
    struct nd_answer answer;
    bool several, scored;
    size_t rest; /* values that were not shown, of the first field that has some */
    uint64_t without[FIELDS_MAX];
};

static int print_rows(struct table *x, const struct nd_facet *f, const double *scores,
                      struct nd_error *err)
{
    struct nd_ask *a = x->a;
    bool names = f->field->kind == ND_KIND_ENTITY;
    bool plain = x->how == &nd_render_text || x->how == &nd_render_oneline;
    if (x->several && plain && !x->scored)
        nd_buf_printf(x->r->out, "%s%s:\n", x->answer.shown ? "\n" : "", f->field->name);
    int rc = 0;
    for (size_t i = 0; !rc && i < f->n; i++) {
        struct nd_count c = {.field =
                                 names ? nd_entity_type_name(f->rows[i].type).p : f->field->name,
                             .count = f->rows[i].count};
        if (names)
            c.id = f->rows[i].value;
        rc = nd_facet_name(&c.value, a->arena, a->index, f, i, err);
        if (rc)
            break;
        if (x->scored) {
            const struct nd_value v[] = {
                nd_value_real("score", scores[i], 1), nd_value_count("count", c.count),
                nd_value_text("field", nd_str_of(c.field)), nd_value_text("id", c.id),
                nd_value_text("value", c.value)};
            nd_row(&x->rows, "facet", v, sizeof v / sizeof v[0]);
        } else if (x->several && !plain && x->how != &nd_render_json &&
                   x->how != &nd_render_jsonl) {
            const struct nd_value v[] = {nd_value_text("field", nd_str_of(c.field)),
                                         nd_value_text("value", c.value),
                                         nd_value_count("count", c.count)};
            nd_row(&x->rows, "facet", v, sizeof v / sizeof v[0]);
        } else {
            x->how->count(x->r, &c);
        }
        x->answer.shown++;
    }
    return rc;
}

static int one_field(struct table *x, const struct nd_field *field, size_t number,
                     struct nd_error *err)
{
    struct newsq *t = x->a->tool;
    const char *sort = nd_args_text(&t->args, "sort");
    struct nd_facet f;
    double *scores = NULL;
    struct nd_facet_want want = {.top = nd_args_number(&t->args, "limit", x->how->limit),
                                 .min = nd_args_number(&t->args, "min", 0),
                                 .by_name = sort && strcmp(sort, "name") == 0,
                                 .roll_up = nd_args_has(&t->args, "roll-up"),
                                 .matched = nd_args_has(&t->args, "matched")};
    uint64_t top = want.top;
    if (x->scored)
        want.top = UINT64_MAX;
    int rc = nd_facet_top(&f, x->a->arena, x->a->index, x->a->match, field, &want, err);
    if (!rc && x->scored)
        rc = by_score(x->a, &f, top, &scores, err);
    if (!rc)
        rc = print_rows(x, &f, scores, err);
    if (rc)
        return rc;
    x->answer.total = f.matches;
    x->without[number] = f.without;
    if (f.distinct > f.n && !nd_args_has(&t->args, "limit") && !x->rest) {
        x->rest = f.distinct;
        if (!x->several && !want.min)
            nd_diag_line(&t->diag, "%zu of %zu; -n all shows the rest", f.n, f.distinct);
    }
    return 0;
}

static int print(struct nd_ask *a, const struct nd_field *const *fields, size_t n,
                 const struct nd_renderer *how, struct nd_error *err)
{
    struct newsq *t = a->tool;
    struct nd_buf out;
    struct nd_render r;
    const char *sort = nd_args_text(&t->args, "sort");
    nd_buf_init(&out, OUT_MAX);
    int rc = newsq_render(t, &r, &out, err);
    struct table x = {.a = a,
                      .how = how,
                      .r = &r,
                      .rows = {.r = &r, .how = how},
                      .several = n > 1,
                      .scored = sort && strcmp(sort, "score") == 0};
    x.answer = nd_ask_answer(a, 0, 0); /* counted field by field */
    how->begin(&r);
    for (size_t i = 0; !rc && i < n; i++)
        rc = one_field(&x, fields[i], i, err);
    x.answer.exact = nd_match_state(a->match).exact;
    how->end(&r, &x.answer);
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    if (rc == ND_DONE) /* the reader has seen enough */
        return x.answer.total ? 0 : ND_DONE;
    for (size_t i = 0; !rc && i < n; i++)
        if (x.without[i])
            nd_diag_note(&t->diag, "%llu of %llu articles have no %s",
                         (unsigned long long)x.without[i], (unsigned long long)x.answer.total,
                         fields[i]->name);
    return rc < 0 ? rc : x.answer.total ? rc : ND_DONE;
}

/* The fields of "source,person". Return: how many; 0 where one is none (it has been told). */
static size_t read_fields(struct newsq *t, struct nd_str list,
                          const struct nd_field *out[FIELDS_MAX], int *status)
{
    size_t n = 0;
    for (size_t at = 0; at <= list.n && n < FIELDS_MAX;) {
        const char *comma = list.n > at ? memchr(list.p + at, ',', list.n - at) : NULL;
        size_t end = comma ? (size_t)(comma - list.p) : list.n;
        struct nd_str name = {list.p + at, end - at};
        const struct nd_field *f = name.n ? nd_schema_find(name.p, name.n) : NULL;
        if (!f || !f->facet) {
            *status = no_such_field(t, name);
            return 0;
        }
        out[n++] = f;
        at = end + 1;
    }
    return n;
}

int newsq_facet(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *how;
    const struct nd_field *fields[FIELDS_MAX];
    struct nd_once *once = NULL;
    struct nd_ask a;
    int status = 0;
    size_t n = read_fields(t, t->args.words_n ? t->args.words[0] : (struct nd_str){NULL, 0}, fields,
                           &status);
    if (!n)
        return status;
    if (newsq_renderer(t, &how, &err) || (nd_args_text(&t->args, "sort") && nd_rows_fit(how, &err)))
        return newsq_failed(t, &err);
    if (nd_ask_open(&a, t, 1, ND_ASK_ANY, &status))
        return status;
    nd_ask_notes(&a);
    int rc = nd_args_has(&t->args, "by-story") ? nd_once_new(&once, a.index, a.match, &err) : 0;
    if (!rc)
        rc = print(&a, fields, n, how, &err);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, rc == ND_DONE ? 1 : 0);
    nd_once_free(once);
    nd_ask_close(&a);
    return status;
}
