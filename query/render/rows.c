#include "render/rows.h"

#include "text/json.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int nd_rows_fit(const struct nd_renderer *how, struct nd_error *err)
{
    if (how != &nd_render_ids && how != &nd_render_articles)
        return 0;
    nd_fail(err, ND_USAGE, "--format %s is of hits; this answer is a table", how->name);
    nd_hint(err, "it takes text, json, jsonl, csv, tsv, markdown");
    return ND_USAGE;
}

static struct nd_str plain(const struct nd_value *v, char number[64])
{
    if (v->kind == ND_VALUE_TEXT)
        return v->text;
    if (v->kind == ND_VALUE_COUNT)
        snprintf(number, 64, "%" PRIu64, v->count);
    else
        snprintf(number, 64, "%.*f", v->digits, v->real);
    return nd_str_of(number);
}

static void json_row(struct nd_rows *t, const char *type, const struct nd_value *v, size_t n)
{
    struct nd_buf *out = t->r->out;
    bool lines = t->how == &nd_render_jsonl;
    if (!lines)
        nd_buf_str(out, t->r->items ? ",\n" : "\n");
    nd_buf_printf(out, "{\"type\":\"%s\"", type);
    for (size_t i = 0; i < n; i++) {
        char number[64];
        struct nd_str s = plain(&v[i], number);
        if (v[i].kind == ND_VALUE_TEXT && !s.n)
            continue;
        nd_buf_printf(out, ",\"%s\":", v[i].name);
        if (v[i].kind == ND_VALUE_TEXT)
            nd_json_str(out, s.p, s.n);
        else
            nd_buf_add(out, s.p, s.n);
    }
    nd_buf_str(out, lines ? "}\n" : "}");
}

static void tabs_row(struct nd_rows *t, bool head, const struct nd_value *v, size_t n)
{
    struct nd_buf *out = t->r->out;
    bool dim = head && t->r->color;
    if (dim)
        nd_buf_str(out, "\033[2m");
    for (size_t i = 0; i < n; i++) {
        char number[64];
        struct nd_str s = head ? nd_str_of(v[i].name) : plain(&v[i], number);
        if (i)
            nd_buf_byte(out, '\t');
        nd_printable(out, s.p, s.n, true);
    }
    nd_buf_str(out, dim ? "\033[0m\n" : "\n");
}

static void csv_row(struct nd_rows *t, bool head, const struct nd_value *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char number[64];
        struct nd_str s = head ? nd_str_of(v[i].name) : plain(&v[i], number);
        if (i)
            nd_buf_byte(t->r->out, ',');
        if (head || v[i].kind == ND_VALUE_TEXT)
            nd_csv_cell(t->r, s);
        else
            nd_buf_add(t->r->out, s.p, s.n);
    }
    nd_buf_str(t->r->out, t->r->excel ? "\r\n" : "\n");
}

static void markdown_row(struct nd_rows *t, bool head, const struct nd_value *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char number[64];
        struct nd_str s = head ? nd_str_of(v[i].name) : plain(&v[i], number);
        nd_buf_str(t->r->out, "| ");
        nd_markdown_cell(t->r, s);
        nd_buf_byte(t->r->out, ' ');
    }
    nd_buf_str(t->r->out, "|\n");
    for (size_t i = 0; head && i < n; i++)
        nd_buf_str(t->r->out, "|---");
    if (head)
        nd_buf_str(t->r->out, "|\n");
}

void nd_row(struct nd_rows *t, const char *type, const struct nd_value *v, size_t n)
{
    bool head = !t->type || strcmp(t->type, type) != 0;
    if (t->how == &nd_render_json || t->how == &nd_render_jsonl) {
        json_row(t, type, v, n);
    } else {
        void (*put)(struct nd_rows *, bool, const struct nd_value *, size_t) =
            t->how == &nd_render_csv        ? csv_row
            : t->how == &nd_render_markdown ? markdown_row
                                            : tabs_row;
        if (head && t->type) /* another table */
            nd_buf_byte(t->r->out, '\n');
        if (head)
            put(t, true, v, n);
        put(t, false, v, n);
    }
    t->type = type;
    t->r->items++;
    t->n++;
}
