/* json.c: for programs: one object a line ending in an `end` line (jsonl), or one document (json). */
#include "render/render.h"

#include "text/json.h"

#include <inttypes.h>

enum {
    VERSION = 1 /* of what is printed here; see newsq(1) */
};

static void text(struct nd_render *r, const char *key, struct nd_str s)
{
    nd_buf_printf(r->out, ",\"%s\":", key);
    nd_json_str(r->out, s.p, s.n);
}

static void text_if(struct nd_render *r, const char *key, struct nd_str s)
{
    if (s.n)
        text(r, key, s);
}

static void marks(struct nd_render *r, const struct nd_highlight *m, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nd_buf_printf(r->out, "%s[%u,%u]", i ? "," : "[", m[i].start, m[i].end);
    nd_buf_str(r->out, n ? "]" : "[]");
}

static void hit_object(struct nd_render *r, const struct nd_view *v)
{
    nd_buf_printf(r->out, "{\"type\":\"hit\",\"rank\":%" PRIu64 ",\"score\":%.6f", v->rank,
                  v->score);
    text(r, "id", v->id);
    text_if(r, "title", v->title);
    if (v->title_marks_n) {
        nd_buf_str(r->out, ",\"title_marks\":");
        marks(r, v->title_marks, v->title_marks_n);
    }
    text_if(r, "date", v->date);
    text_if(r, "source", v->source);
    text_if(r, "url", v->url);
    if (v->event)
        text(r, "event", nd_str_of(v->event));
    if (v->index)
        text(r, "index", nd_str_of(v->index));
    if (v->story.n) {
        text(r, "story", v->story);
        nd_buf_printf(r->out, ",\"copies\":%" PRIu64, v->copies);
    }
    if (v->snippet && v->snippet->text.n) {
        text(r, "snippet", v->snippet->text);
        nd_buf_str(r->out, ",\"marks\":");
        marks(r, v->snippet->marks, v->snippet->marks_n);
    }
    for (size_t i = 0; v->has_spans && i <= v->spans_n; i++)
        if (i < v->spans_n)
            nd_buf_printf(r->out, "%s{\"field\":\"%s\",\"start\":%u,\"end\":%u}",
                          i ? "," : ",\"spans\":[", v->spans[i].field, v->spans[i].start,
                          v->spans[i].end);
        else
            nd_buf_str(r->out, i ? "]" : ",\"spans\":[]");
    if (v->spans_cut)
        nd_buf_str(r->out, ",\"spans_complete\":false");
    nd_buf_byte(r->out, '}');
}

static void count_object(struct nd_render *r, const struct nd_count *c)
{
    nd_buf_str(r->out, "{\"type\":\"facet\"");
    text(r, "field", nd_str_of(c->field));
    text(r, "value", c->value);
    text_if(r, "id", c->id);
    nd_buf_printf(r->out, ",\"count\":%" PRIu64, c->count);
    if (c->has_share)
        nd_buf_printf(r->out, ",\"share\":%.4f", c->share);
    nd_buf_byte(r->out, '}');
}

static void end_members(struct nd_render *r, const struct nd_answer *a)
{
    nd_buf_printf(r->out, "\"version\":%d,\"total\":%" PRIu64 ",\"exact\":%s", VERSION, a->total,
                  a->exact ? "true" : "false");
    if (a->has_stories)
        nd_buf_printf(r->out, ",\"stories\":%" PRIu64, a->stories);
    text(r, "query", a->query);
    text(r, "uuid", nd_str_of(a->uuid));
    nd_buf_printf(r->out, ",\"revision\":%" PRIu32, a->revision);
}

static void jsonl_begin(struct nd_render *r)
{
    r->items = 0;
}

static void jsonl_hit(struct nd_render *r, const struct nd_view *v)
{
    r->items++;
    hit_object(r, v);
    nd_buf_byte(r->out, '\n');
}

static void jsonl_count(struct nd_render *r, const struct nd_count *c)
{
    r->items++;
    count_object(r, c);
    nd_buf_byte(r->out, '\n');
}

static void jsonl_end(struct nd_render *r, const struct nd_answer *a)
{
    nd_buf_str(r->out, "{\"type\":\"end\",");
    end_members(r, a);
    nd_buf_str(r->out, "}\n");
}

static void json_begin(struct nd_render *r)
{
    r->items = 0;
    nd_buf_str(r->out, "{\"items\":[");
}

static void json_hit(struct nd_render *r, const struct nd_view *v)
{
    nd_buf_str(r->out, r->items++ ? ",\n" : "\n");
    hit_object(r, v);
}

static void json_count(struct nd_render *r, const struct nd_count *c)
{
    nd_buf_str(r->out, r->items++ ? ",\n" : "\n");
    count_object(r, c);
}

static void json_end(struct nd_render *r, const struct nd_answer *a)
{
    nd_buf_str(r->out, r->items ? "\n]," : "],");
    end_members(r, a);
    nd_buf_str(r->out, "}\n");
}

const struct nd_renderer nd_render_json = {
    .name = "json",
    .help = "one JSON document",
    .snippets = true,
    .spans = true,
    .lines = true,
    .limit = UINT64_MAX,
    .begin = json_begin,
    .hit = json_hit,
    .count = json_count,
    .end = json_end,
};

const struct nd_renderer nd_render_jsonl = {
    .name = "jsonl",
    .help = "a JSON object a line; the last one is of type end",
    .snippets = true,
    .spans = true,
    .lines = true,
    .limit = UINT64_MAX,
    .begin = jsonl_begin,
    .hit = jsonl_hit,
    .count = jsonl_count,
    .end = jsonl_end,
};
