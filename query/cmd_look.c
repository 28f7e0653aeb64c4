/* show, explain, fields: look at an article, at a query, at the language. */
#include "ask.h"
#include "explain_run.h"
#include "record/article.h"
#include "show_names.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    BODY_COLUMNS = 80,
    HEAD = 9 /* cells of the names of facts */
};

static void line(struct nd_buf *out, const char *name, struct nd_str v)
{
    if (!v.n)
        return;
    nd_buf_printf(out, "%-8s ", name);
    nd_printable(out, v.p, v.n, true);
    nd_buf_byte(out, '\n');
}

static void list(struct nd_buf *out, const char *name, struct nd_strs v)
{
    if (!v.n)
        return;
    nd_buf_printf(out, "%-8s ", name);
    for (size_t i = 0; i < v.n; i++) {
        if (i)
            nd_buf_str(out, "; ");
        nd_printable(out, v.v[i].p, v.v[i].n, true);
    }
    nd_buf_byte(out, '\n');
}

static void date(struct nd_buf *out, const char *name, const struct nd_date *d)
{
    if (!d->precision)
        return;
    nd_buf_printf(out, "%-8s ", name);
    nd_date_format(out, d);
    nd_buf_byte(out, '\n');
}

/* The lines of head, filled to the width (0: as they are) below their names; title and url lead to the article. */
static void put_head(const struct newsq *t, struct nd_buf *out, const struct nd_buf *head,
                     struct nd_str url)
{
    for (size_t at = 0; at < head->len;) {
        const char *p = head->data + at, *end = memchr(p, '\n', head->len - at);
        size_t n = end ? (size_t)(end - p) : head->len - at, wide = t->term.columns;
        bool link = t->term.links && n > HEAD && (!memcmp(p, "title ", 6) || !memcmp(p, "url ", 4));
        nd_buf_add(out, p, n < HEAD ? n : HEAD);
        link = link && nd_term_link(out, url.p ? url.p : "", url.n);
        if (n > HEAD && t->term.tty && wide > HEAD + 20 && nd_width(p, n) > wide) {
            struct nd_buf b;
            nd_buf_init(&b, OUT_MAX);
            nd_term_wrap(&b, p + HEAD, n - HEAD, HEAD, wide);
            if (b.len > HEAD)
                nd_buf_add(out, b.data + HEAD, b.len - HEAD - 1); /* its line's end comes below */
            nd_buf_free(&b);
        } else if (n > HEAD) {
            nd_buf_add(out, p + HEAD, n - HEAD);
        }
        if (link)
            nd_term_unlink(out);
        nd_buf_byte(out, '\n');
        at += n + 1;
    }
}

/* Paragraphs of p, wrapped, with a blank line before each. */
static void paragraphs(struct nd_buf *out, struct nd_str p, size_t columns)
{
    for (size_t at = 0; at < p.n;) {
        const char *end = memmem(p.p + at, p.n - at, "\n\n", 2);
        size_t n = end ? (size_t)(end - p.p) - at : p.n - at;
        struct nd_buf clean;
        nd_buf_init(&clean, OUT_MAX);
        nd_printable(&clean, p.p + at, n, true);
        nd_buf_byte(out, '\n');
        if (clean.len)
            nd_term_wrap(out, clean.data, clean.len, 0, columns);
        nd_buf_free(&clean);
        at += n + 2;
    }
}

static int show_text(struct newsq *t, struct nd_buf *out, const struct nd_article *a,
                     struct nd_index *ix, size_t segment, uint32_t docid, struct nd_error *err)
{
    size_t columns = t->term.columns && t->term.columns < BODY_COLUMNS ? t->term.columns
                                                                       : BODY_COLUMNS;
    struct nd_buf head;
    nd_buf_init(&head, OUT_MAX);
    line(&head, "title", a->title);
    line(&head, "id", a->id);
    date(&head, "date", &a->published);
    date(&head, "updated", &a->updated);
    line(&head, "source", a->source);
    line(&head, "section", a->section);
    list(&head, "author", a->authors);
    list(&head, "tag", a->tags);
    line(&head, "lang", a->lang);
    line(&head, "url", a->url);
    int rc = nd_show_names(&head, &t->arena, ix, segment, docid, err);
    put_head(t, out, &head, a->url);
    nd_buf_free(&head);
    paragraphs(out, a->lead, columns);
    paragraphs(out, a->body, columns);
    return rc;
}

static int show_one(struct newsq *t, struct nd_index *ix, struct nd_str id, bool json,
                    struct nd_buf *out, bool first, struct nd_error *err)
{
    size_t segment;
    uint32_t docid;
    struct nd_texts *texts;
    struct nd_article a;
    struct nd_buf record;
    int rc = nd_index_find(ix, id.p, id.n, &segment, &docid, err);
    if (rc == ND_DONE) {
        nd_fail(err, ND_DONE, "no article '%.*s'", (int)id.n, id.p);
        nd_hint(err, "newsq -l lists ids: newsq -l -d DIR 'QUERY'");
    }
    if (rc)
        return rc;
    nd_buf_init(&record, ND_TEXT_MAX);
    rc = nd_segment_texts(&ix->segments[segment], &texts, err);
    if (!rc)
        rc = nd_texts_get(texts, docid, &record, err);
    if (!rc && json) {
        nd_buf_add(out, record.data, record.len);
        nd_buf_byte(out, '\n');
    } else if (!rc) {
        rc = nd_article_parse(&a, &t->arena, record.data, record.len, err);
        if (!rc && !first)
            nd_buf_str(out, "\n----\n\n");
        if (!rc)
            rc = show_text(t, out, &a, ix, segment, docid, err);
    }
    nd_buf_free(&record);
    return rc;
}

int newsq_show(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    struct nd_index *ix;
    const char *format = nd_args_text(&t->args, "format");
    bool json = format && strcmp(format, "text") != 0;
    if (!t->args.words_n) {
        nd_fail(&err, ND_USAGE, "which article?");
        nd_hint(&err, "newsq show -d DIR ID...");
        return newsq_failed(t, &err);
    }
    if (nd_ask_index(t, &ix, &err))
        return newsq_failed(t, &err);
    nd_index_read_once(ix);
    struct nd_buf out;
    nd_buf_init(&out, OUT_MAX);
    int status = 0, rc = 0;
    bool first = true;
    for (size_t i = 0; i < t->args.words_n && rc >= 0; i++) {
        rc = show_one(t, ix, t->args.words[i], json, &out, first, &err);
        first = first && rc;
        if (rc)
            status = nd_exit_worse(status, newsq_failed(t, &err));
        rc = newsq_write(&out, &err);
        if (rc == ND_DONE)
            break;
        if (rc < 0)
            status = nd_exit_worse(status, newsq_failed(t, &err));
    }
    nd_buf_free(&out);
    nd_index_close(ix);
    return status;
}

/* The words that the query looks for, as they are looked for. */
static void words_of(struct nd_buf *out, const struct nd_node *n)
{
    if (n->kind == ND_N_WORD || n->kind == ND_N_EXACT || n->kind == ND_N_WILD ||
        n->kind == ND_N_FUZZY) {
        nd_buf_byte(out, ' ');
        nd_printable(out, n->text.p, n->text.n, true);
        if (n->kind == ND_N_FUZZY)
            nd_buf_byte(out, '~');
    }
    for (size_t i = 0; i < n->kids_n; i++)
        words_of(out, n->kids[i]);
}

int newsq_explain(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    struct nd_ask a;
    int status = 0;
    if (nd_ask_open(&a, t, 0, ND_ASK_QUERY, &status))
        return status;
    nd_ask_notes(&a);
    struct nd_buf out;
    nd_buf_init(&out, OUT_MAX);
    nd_buf_str(&out, "query: ");
    nd_printable(&out, a.text.p, a.text.n, true);
    nd_buf_byte(&out, '\n');
    if (nd_ask_syntax(t)) {
        nd_buf_str(&out, "native: ");
        nd_node_unparse(&out, a.root);
        nd_buf_byte(&out, '\n');
    }
    nd_buf_str(&out, "words:");
    words_of(&out, a.root);
    nd_buf_byte(&out, '\n');
    nd_buf_str(&out, "\ntree:\n");
    nd_node_print_tree(&out, a.root);
    nd_buf_str(&out, "\ncandidates and what decides (estimates are upper bounds):\n");
    nd_plan_print_tree(&out, a.lowered.plan);
    if (a.lowered.meanings)
        nd_buf_str(&out, "\nstands for:\n");
    for (const struct nd_meaning *m = a.lowered.meanings; m; m = m->next) {
        nd_buf_printf(&out, "  %s%s", m->field, m->field[0] ? ":" : "");
        nd_printable(&out, m->value.p, m->value.n, true);
        nd_buf_printf(&out, "\t%" PRIu64 "\n", m->count);
    }
    int rc = nd_args_has(&t->args, "run") ? nd_explain_run(&out, &a, &err) : 0;
    if (rc >= 0)
        rc = newsq_write(&out, &err);
    nd_buf_free(&out);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, 0);
    nd_ask_close(&a);
    return status;
}

int newsq_fields(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    struct nd_buf out;
    size_t n;
    const struct nd_field *f = nd_schema_table(&n);
    nd_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        nd_buf_printf(&out, "%-9s %s", f[i].name, f[i].help);
        if (f[i].alias[0])
            nd_buf_printf(&out, " (also: %s)", f[i].alias);
        nd_buf_printf(&out, "\n          %s%s\n", f[i].example, f[i].facet ? "  [facet]" : "");
    }
    int rc = newsq_write(&out, &err);
    nd_buf_free(&out);
    return rc < 0 ? newsq_failed(t, &err) : 0;
}
