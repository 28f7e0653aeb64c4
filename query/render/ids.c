/* ids.c: bare ids for xargs, and whole records for `newsdex add -`. */
#include "render/render.h"

#include <inttypes.h>

static void begin(struct nd_render *r)
{
    r->items = 0;
}

static void hit(struct nd_render *r, const struct nd_view *v)
{
    r->items++;
    nd_buf_add(r->out, v->id.p, v->id.n);
    nd_buf_byte(r->out, r->nul ? '\0' : '\n');
}

static void count(struct nd_render *r, const struct nd_count *c)
{
    r->items++;
    nd_buf_add(r->out, c->value.p, c->value.n);
    nd_buf_byte(r->out, r->nul ? '\0' : '\n');
}

static void end(struct nd_render *r, const struct nd_answer *a)
{
    (void)r;
    (void)a;
}

static void record(struct nd_render *r, const struct nd_view *v)
{
    r->items++;
    nd_buf_add(r->out, v->record.p, v->record.n);
    nd_buf_byte(r->out, '\n');
}

const struct nd_renderer nd_render_ids = {
    .name = "ids",
    .help = "an id a line (-0: each ended by NUL)",
    .lines = true,
    .limit = UINT64_MAX,
    .begin = begin,
    .hit = hit,
    .count = count,
    .end = end,
};

const struct nd_renderer nd_render_articles = {
    .name = "articles",
    .help = "whole records as JSON lines, for newsdex add -",
    .records = true,
    .lines = true,
    .limit = UINT64_MAX,
    .begin = begin,
    .hit = record,
    .count = count,
    .end = end,
};
