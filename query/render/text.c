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

static void begin(struct nd_render *r)
{
    r->items = 0;
}

static void hit(struct nd_render *r, const struct nd_view *v)
{
    struct nd_str undated = ND_STR("undated");
    if (r->items++)
        nd_buf_byte(r->out, '\n');
    nd_buf_printf(r->out, "%" PRIu64 ". ", v->rank);
    if (v->event)
        nd_buf_printf(r->out, "[%s] ", v->event);
    title(r, v);
    nd_buf_str(r->out, "\n   ");
    colored(r, DIM, v->date.n ? v->date : undated);
    if (v->source.n) {
        nd_buf_str(r->out, "  ");
        colored(r, DIM, v->source);
    }
    nd_buf_str(r->out, "  ");
    colored(r, DIM, v->id);
    if (v->index) {
        nd_buf_str(r->out, "  ");
        colored(r, DIM, nd_str_of(v->index));
    }
    if (v->copies)
        nd_buf_printf(r->out, "  +%" PRIu64 " %s", v->copies, v->copies == 1 ? "copy" : "copies");
    nd_buf_byte(r->out, '\n');
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
        nd_printable(r->out, cells[i].p, cells[i].n, true);
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
