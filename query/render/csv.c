/* csv.c: for spreadsheets and shell tools: csv by RFC 4180 with a head line, tsv, and a Markdown table.
 * --excel guards cells that a spreadsheet would run as a formula, and begins with a byte order mark. */
#include "render/render.h"

#include "render/rows.h"

#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct nd_str cell_of(const struct nd_view *v, enum nd_cell c, char number[32])
{
    switch (c) {
    case ND_CELL_ID:
        return v->id;
    case ND_CELL_DATE:
        return v->date;
    case ND_CELL_SOURCE:
        return v->source;
    case ND_CELL_TITLE:
        return v->title;
    case ND_CELL_URL:
        return v->url;
    case ND_CELL_RANK:
        snprintf(number, 32, "%" PRIu64, v->rank);
        return nd_str_of(number);
    case ND_CELL_SCORE:
        snprintf(number, 32, "%.6f", v->score);
        return nd_str_of(number);
    case ND_CELLS:
        break;
    }
    return (struct nd_str){"", 0};
}

static const char *const names[ND_CELLS] = {"id", "date", "source", "title", "url", "rank", "score"};

const char *nd_cell_name(enum nd_cell c)
{
    return c < ND_CELLS ? names[c] : "";
}

static const enum nd_cell usual[] = {ND_CELL_ID, ND_CELL_DATE, ND_CELL_SOURCE, ND_CELL_TITLE,
                                     ND_CELL_URL};

static const enum nd_cell *cells(const struct nd_render *r, size_t *n)
{
    *n = r->cells_n ? r->cells_n : sizeof usual / sizeof usual[0];
    return r->cells_n ? r->cells : usual;
}

void nd_csv_cell(struct nd_render *r, struct nd_str s)
{
    bool guard = r->excel && s.n && strchr("=+-@\t\r", s.p[0]);
    bool quote = guard;
    for (size_t i = 0; i < s.n && !quote; i++)
        quote = s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!quote) {
        nd_buf_add(r->out, s.p, s.n);
        return;
    }
    nd_buf_str(r->out, guard ? "\"'" : "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            nd_buf_byte(r->out, '"');
        nd_buf_byte(r->out, (unsigned char)s.p[i]);
    }
    nd_buf_byte(r->out, '"');
}

static void csv_begin(struct nd_render *r)
{
    r->items = 0;
    if (r->excel)
        nd_buf_str(r->out, "\xef\xbb\xbf");
}

static void csv_head(struct nd_render *r)
{
    size_t n;
    const enum nd_cell *c = cells(r, &n);
    for (size_t i = 0; i < n; i++)
        nd_buf_printf(r->out, "%s%s", i ? "," : "", names[c[i]]);
    nd_buf_str(r->out, r->excel ? "\r\n" : "\n");
}

static void csv_hit(struct nd_render *r, const struct nd_view *v)
{
    size_t n;
    char number[32];
    const enum nd_cell *c = cells(r, &n);
    if (!r->items++)
        csv_head(r);
    for (size_t i = 0; i < n; i++) {
        if (i)
            nd_buf_byte(r->out, ',');
        nd_csv_cell(r, cell_of(v, c[i], number));
    }
    nd_buf_str(r->out, r->excel ? "\r\n" : "\n");
}

static void csv_count(struct nd_render *r, const struct nd_count *c)
{
    if (!r->items++)
        nd_buf_printf(r->out, "%s,count%s\n", c->field, c->has_share ? ",share" : "");
    nd_csv_cell(r, c->value);
    nd_buf_printf(r->out, ",%" PRIu64, c->count);
    if (c->has_share)
        nd_buf_printf(r->out, ",%.4f", c->share);
    nd_buf_str(r->out, r->excel ? "\r\n" : "\n");
}

static void no_end(struct nd_render *r, const struct nd_answer *a)
{
    (void)r;
    (void)a;
}

/* A cell of a line format: blanks for tabs and line ends, control characters escaped. */
static void plain_cell(struct nd_render *r, struct nd_str s)
{
    nd_printable(r->out, s.p, s.n, true);
}

static void plain_begin(struct nd_render *r)
{
    r->items = 0;
}

static void tsv_hit(struct nd_render *r, const struct nd_view *v)
{
    size_t n;
    char number[32];
    const enum nd_cell *c = cells(r, &n);
    if (!r->items++)
        for (size_t i = 0; i < n; i++)
            nd_buf_printf(r->out, "%s%s", names[c[i]], i + 1 < n ? "\t" : "\n");
    for (size_t i = 0; i < n; i++) {
        plain_cell(r, cell_of(v, c[i], number));
        nd_buf_byte(r->out, i + 1 < n ? '\t' : '\n');
    }
}

static void tsv_count(struct nd_render *r, const struct nd_count *c)
{
    if (!r->items++)
        nd_buf_printf(r->out, "%s\tcount%s\n", c->field, c->has_share ? "\tshare" : "");
    plain_cell(r, c->value);
    nd_buf_printf(r->out, "\t%" PRIu64, c->count);
    if (c->has_share)
        nd_buf_printf(r->out, "\t%.4f", c->share);
    nd_buf_byte(r->out, '\n');
}

/* A cell of a Markdown table: the bar and what would be markup are escaped. */
void nd_markdown_cell(struct nd_render *r, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (strchr("|\\`*_[]<>", c) && c)
            nd_buf_byte(r->out, '\\');
        nd_buf_byte(r->out, c < ' ' ? ' ' : c);
    }
}

static void markdown_head(struct nd_render *r, const char *const *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nd_buf_printf(r->out, "| %s ", name[i]);
    nd_buf_str(r->out, "|\n");
    for (size_t i = 0; i < n; i++)
        nd_buf_str(r->out, "|---");
    nd_buf_str(r->out, "|\n");
}

static void markdown_hit(struct nd_render *r, const struct nd_view *v)
{
    size_t n;
    char number[32];
    const enum nd_cell *c = cells(r, &n);
    const char *head[ND_CELLS];
    for (size_t i = 0; i < n; i++)
        head[i] = names[c[i]];
    if (!r->items++)
        markdown_head(r, head, n);
    for (size_t i = 0; i < n; i++) {
        nd_buf_str(r->out, "| ");
        nd_markdown_cell(r, cell_of(v, c[i], number));
        nd_buf_byte(r->out, ' ');
    }
    nd_buf_str(r->out, "|\n");
}

static void markdown_count(struct nd_render *r, const struct nd_count *c)
{
    const char *head[] = {c->field, "count", "share"};
    if (!r->items++)
        markdown_head(r, head, c->has_share ? 3 : 2);
    nd_buf_str(r->out, "| ");
    nd_markdown_cell(r, c->value);
    nd_buf_printf(r->out, " | %" PRIu64, c->count);
    if (c->has_share)
        nd_buf_printf(r->out, " | %.2f %%", c->share);
    nd_buf_str(r->out, " |\n");
}

const struct nd_renderer nd_render_csv = {
    .name = "csv",
    .help = "comma-separated, with a head line (--excel for spreadsheets)",
    .lines = true,
    .limit = UINT64_MAX,
    .begin = csv_begin,
    .hit = csv_hit,
    .count = csv_count,
    .end = no_end,
};

const struct nd_renderer nd_render_tsv = {
    .name = "tsv",
    .help = "tab-separated, with a head line",
    .lines = true,
    .limit = UINT64_MAX,
    .begin = plain_begin,
    .hit = tsv_hit,
    .count = tsv_count,
    .end = no_end,
};

const struct nd_renderer nd_render_markdown = {
    .name = "markdown",
    .help = "a Markdown table",
    .lines = true,
    .limit = 100,
    .begin = plain_begin,
    .hit = markdown_hit,
    .count = markdown_count,
    .end = no_end,
};
