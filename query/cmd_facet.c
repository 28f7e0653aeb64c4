/* facet: the values of a field over the matches, most frequent first. */
#include "ask.h"
#include "facet.h"

#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    TOP = 10 /* in text, unless -n says otherwise */
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

static int print(struct nd_ask *a, const struct nd_facet *f, const struct nd_renderer *renderer,
                 struct nd_error *err)
{
    struct newsq *t = a->tool;
    struct nd_buf out;
    nd_buf_init(&out, OUT_MAX);
    struct nd_render r;
    int rc = newsq_render(t, &r, &out, err);
    uint64_t limit = nd_args_number(&t->args, "limit", renderer->limit);
    uint64_t min = nd_args_number(&t->args, "min", 0);
    struct nd_answer answer = {.total = f->matches,
                               .exact = nd_match_state(a->match).exact,
                               .query = a->text,
                               .uuid = a->index->folders[0].manifest.uuid,
                               .revision = a->index->folders[0].manifest.revision};
    renderer->begin(&r);
    bool names = f->field->kind == ND_KIND_ENTITY;
    for (size_t i = 0; !rc && i < f->n && answer.shown < limit && f->rows[i].count >= min; i++) {
        struct nd_count c = {.field =
                                 names ? nd_entity_type_name(f->rows[i].type).p : f->field->name,
                             .count = f->rows[i].count};
        if (names)
            c.id = f->rows[i].value;
        rc = nd_facet_name(&c.value, &t->arena, a->index, f, i, err);
        if (rc)
            break;
        renderer->count(&r, &c);
        answer.shown++;
    }
    renderer->end(&r, &answer);
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    if (!rc && answer.shown < f->n && !nd_args_has(&t->args, "limit") && !min)
        nd_diag_line(&t->diag, "%llu of %zu; -n all shows the rest",
                     (unsigned long long)answer.shown, f->n);
    if (!rc && f->without)
        nd_diag_note(&t->diag, "%llu of %llu articles have no %s", (unsigned long long)f->without,
                     (unsigned long long)f->matches, f->field->name);
    return rc;
}

int newsq_facet(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *renderer;
    struct nd_str name = t->args.words_n ? t->args.words[0] : (struct nd_str){NULL, 0};
    const struct nd_field *field = name.n ? nd_schema_find(name.p, name.n) : NULL;
    if (!field || !field->facet)
        return no_such_field(t, name);
    if (newsq_renderer(t, &renderer, &err))
        return newsq_failed(t, &err);
    struct nd_ask a;
    int status = 0;
    if (nd_ask_open(&a, t, 1, ND_ASK_ANY, &status))
        return status;
    nd_ask_notes(&a);
    struct nd_facet f;
    int rc = nd_facet_count(&f, &t->arena, a.index, a.match, field, &err);
    if (!rc)
        rc = print(&a, &f, renderer, &err);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, f.matches ? 0 : 1);
    nd_ask_close(&a);
    return status;
}
