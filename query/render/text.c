/* text.c: for people: a title, a line of facts, a snippet with the matches in bold. */
#include "render/render.h"

#include "text/utf8.h"
#include "tool/term.h"

#include <inttypes.h>

static const char BOLD[] = "\033[1m", MARK[] = "\033[1;31m", DIM[] = "\033[2m", OFF[] = "\033[0m";

static void colored(struct nd_render *r, const char *on, struct nd_str s)
{
    if (r->color)
        nd_buf_str(r->out, on);
    nd_printable(r->out, s.p, s.n, true);
    if (r->color)
        nd_buf_str(r->out, OFF);
}

static void snippet(struct nd_render *r, const struct nd_snippet *s)
{
    struct nd_buf line;
    nd_buf_init(&line, 1 << 20);
    nd_buf_str(&line, "   ");
    size_t at = 0;
    for (size_t i = 0; i < s->marks_n && r->color; i++) {
        nd_printable(&line, s->text.p + at, s->marks[i].start - at, true);
        nd_buf_str(&line, MARK);
        nd_printable(&line, s->text.p + s->marks[i].start, s->marks[i].end - s->marks[i].start,
                     true);
        nd_buf_str(&line, OFF);
        at = s->marks[i].end;
    }
    nd_printable(&line, s->text.p + at, s->text.n - at, true);
    if (r->columns) {
        nd_term_wrap(r->out, line.data, line.len, 3, r->columns); /* ends its last line */
    } else {
        nd_buf_add(r->out, line.data, line.len);
        nd_buf_byte(r->out, '\n');
    }
    nd_buf_free(&line);
}

/* The title, in bold, what matched in it marked. */
static void title(struct nd_render *r, const struct nd_view *v)
{
    struct nd_str untitled = ND_STR("(no title)");
    size_t at = 0;
    if (!v->title.n) {
        colored(r, BOLD, untitled);
        return;
    }
    for (size_t i = 0; r->color && i < v->title_marks_n; i++) {
        const struct nd_highlight *m = &v->title_marks[i];
        if (m->start > at)
            colored(r, BOLD, (struct nd_str){v->title.p + at, m->start - at});
        colored(r, MARK, (struct nd_str){v->title.p + m->start, m->end - m->start});
        at = m->end;
    }
    if (at < v->title.n)
        colored(r, BOLD, (struct nd_str){v->title.p + at, v->title.n - at});
}

/* What is in line, filled to the width below a head of so many cells; as it is where nothing is wrapped. */
static void filled(struct nd_render *r, const struct nd_buf *line, size_t head)
{
    if (!r->columns || r->columns <= head + 20) {
        nd_buf_add(r->out, line->data, line->len);
        nd_buf_byte(r->out, '\n');
        return;
    }
    struct nd_buf b;
    nd_buf_init(&b, 1 << 20);
    nd_term_wrap(&b, line->data, line->len, head, r->columns);
    if (b.len > head)
        nd_buf_add(r->out, b.data + head, b.len - head); /* where the head is */
    nd_buf_free(&b);
}

/* A title with its link, to out. */
static void linked(struct nd_render *r, struct nd_buf *out, const struct nd_view *v)
{
    struct nd_render to = *r;
    to.out = out;
    bool link = r->links && v->url.n && nd_term_link(out, v->url.p, v->url.n);
    title(&to, v);
    if (link)
        nd_term_unlink(out);
}

static void begin(struct nd_render *r)
{
    r->items = 0;
}

/* Date, source, id and what else there is to say in a line, to out. */
static void facts(const struct nd_render *r, struct nd_buf *out, const struct nd_view *v)
{
    struct nd_str undated = ND_STR("undated");
    struct nd_render to = *r;
    to.out = out;
    colored(&to, DIM, v->date.n ? v->date : undated);
    if (v->source.n) {
        nd_buf_str(out, "  ");
        colored(&to, DIM, v->source);
    }
    nd_buf_str(out, "  ");
    colored(&to, DIM, v->id);
    if (v->index) {
        nd_buf_str(out, "  ");
        colored(&to, DIM, nd_str_of(v->index));
    }
    if (v->copies)
        nd_buf_printf(out, "  +%" PRIu64 " %s", v->copies, v->copies == 1 ? "copy" : "copies");
}

/* Cells that the facts of a hit take. */
static size_t cells_of(const struct nd_view *v)
{
    const struct nd_render plain = {0};
    struct nd_buf b;
    nd_buf_init(&b, 1 << 20);
    facts(&plain, &b, v);
    size_t n = b.len ? nd_width(b.data, b.len) : 0;
    nd_buf_free(&b);
    return n;
}

static void hit(struct nd_render *r, const struct nd_view *v)
{
    if (r->items++)
        nd_buf_byte(r->out, '\n');
    struct nd_buf line;
    nd_buf_init(&line, 1 << 20);
    if (v->event)
        nd_buf_printf(&line, "[%s] ", v->event);
    linked(r, &line, v);
    size_t before = r->out->len;
    nd_buf_printf(r->out, "%" PRIu64 ". ", v->rank);
    filled(r, &line, r->out->len - before);
    nd_buf_reset(&line);
    facts(r, &line, v);
    nd_buf_str(r->out, "   ");
    if (r->columns && cells_of(v) + 3 > r->columns) {
        filled(r, &line, 3);
    } else {
        nd_buf_add(r->out, line.data, line.len);
        nd_buf_byte(r->out, '\n');
    }
    nd_buf_free(&line);
    if (v->snippet && v->snippet->text.n)
        snippet(r, v->snippet);
}

static void count(struct nd_render *r, const struct nd_count *c)
{
    r->items++;
    nd_buf_printf(r->out, "%" PRIu64 "\t", c->count);
    nd_printable(r->out, c->value.p, c->value.n, true);
    nd_buf_byte(r->out, '\n');
}

static void end(struct nd_render *r, const struct nd_answer *a)
{
    (void)r;
    (void)a;
}

static void oneline(struct nd_render *r, const struct nd_view *v)
{
    const struct nd_str cells[] = {v->id, v->date, v->source, v->title};
    r->items++;
    if (v->event)
        nd_buf_printf(r->out, "%s\t", v->event);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        if (i)
            nd_buf_byte(r->out, '\t');
        bool link = i == 3 && r->links && v->url.n && nd_term_link(r->out, v->url.p, v->url.n);
        nd_printable(r->out, cells[i].p, cells[i].n, true);
        if (link)
            nd_term_unlink(r->out);
    }
    nd_buf_byte(r->out, '\n');
}

const struct nd_renderer nd_render_text = {
    .name = "text",
    .help = "for people: title, facts, snippet",
    .snippets = true,
    .lines = true,
    .limit = 10,
    .begin = begin,
    .hit = hit,
    .count = count,
    .end = end,
};

const struct nd_renderer nd_render_oneline = {
    .name = "oneline",
    .help = "a line a hit: id, date, source, title, parted by tabs",
    .lines = true,
    .limit = 10,
    .begin = begin,
    .hit = oneline,
    .count = count,
    .end = end,
};
