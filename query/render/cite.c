/* cite.c: hits for other programs: RIS, which reference managers read, and the run format of TREC's evaluation. */
#include "render/render.h"

#include <inttypes.h>

static void begin(struct nd_render *r)
{
    r->items = 0;
}

static void no_end(struct nd_render *r, const struct nd_answer *a)
{
    (void)r;
    (void)a;
}

/* A line "TY  - NEWS": no tag without a value, and a value is one line. */
static void tag(struct nd_render *r, const char *name, struct nd_str s)
{
    if (!s.n)
        return;
    nd_buf_printf(r->out, "%s  - ", name);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        nd_buf_byte(r->out, c < 0x20 || c == 0x7f ? ' ' : c);
    }
    nd_buf_str(r->out, "\r\n");
}

/* 2023-09-05 -> 2023/09/05; a month or a year keep the slashes that RIS asks for. */
static void date(struct nd_render *r, struct nd_str d)
{
    if (d.n < 4)
        return;
    nd_buf_printf(r->out, "PY  - %.4s\r\nDA  - %.4s/", d.p, d.p);
    if (d.n >= 7)
        nd_buf_add(r->out, d.p + 5, 2);
    nd_buf_byte(r->out, '/');
    if (d.n >= 10)
        nd_buf_add(r->out, d.p + 8, 2);
    nd_buf_str(r->out, "/\r\n");
}

static void ris_hit(struct nd_render *r, const struct nd_view *v)
{
    struct nd_str kind = ND_STR("NEWS");
    r->items++;
    tag(r, "TY", kind);
    tag(r, "ID", v->id);
    tag(r, "TI", v->title);
    tag(r, "T2", v->source);
    date(r, v->date);
    tag(r, "UR", v->url);
    nd_buf_str(r->out, "ER  - \r\n\r\n");
}

/* "QUERY Q0 ID RANK SCORE RUN": one query asked alone is number 1. Blanks would be read as columns. */
static void trec_hit(struct nd_render *r, const struct nd_view *v)
{
    r->items++;
    nd_buf_str(r->out, "1 Q0 ");
    for (size_t i = 0; i < v->id.n; i++) {
        unsigned char c = (unsigned char)v->id.p[i];
        nd_buf_byte(r->out, c <= 0x20 || c == 0x7f ? '_' : c);
    }
    nd_buf_printf(r->out, " %" PRIu64 " %.6f newsq\n", v->rank, v->score);
}

const struct nd_renderer nd_render_ris = {
    .name = "ris",
    .help = "for reference managers",
    .lines = true,
    .limit = UINT64_MAX,
    .begin = begin,
    .hit = ris_hit,
    .end = no_end,
};

const struct nd_renderer nd_render_trec = {
    .name = "trec",
    .help = "a run for trec_eval: 1 Q0 ID RANK SCORE newsq",
    .lines = true,
    .limit = UINT64_MAX,
    .begin = begin,
    .hit = trec_hit,
    .end = no_end,
};
