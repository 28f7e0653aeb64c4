#include "result.h"

#include "kwic.h"
#include "record/article.h"
#include "snippet.h"
#include "text/json.h"

#include <stdlib.h>

enum {
    LINE_MAX_BYTES = 16 << 20,
    HIT_ARENA = 1 << 30
};

struct nd_results {
    struct nd_arena arena; /* of one hit */
    struct nd_buf line, record;
    struct nd_json_parser *json;
    struct nd_snippets *snippets;
    struct nd_snippet snippet;
};

int nd_results_new(struct nd_results **out, struct nd_error *err)
{
    struct nd_results *r = *out = calloc(1, sizeof *r);
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory");
    nd_arena_init(&r->arena, HIT_ARENA);
    nd_buf_init(&r->line, LINE_MAX_BYTES);
    nd_buf_init(&r->record, ND_TEXT_MAX);
    int rc = nd_json_parser_new(&r->json, err);
    if (!rc)
        rc = nd_snippets_new(&r->snippets, err);
    if (rc) {
        nd_results_free(r);
        *out = NULL;
    }
    return rc;
}

void nd_results_free(struct nd_results *r)
{
    if (!r)
        return;
    nd_snippets_free(r->snippets);
    nd_json_parser_free(r->json);
    nd_buf_free(&r->line);
    nd_buf_free(&r->record);
    nd_arena_free(&r->arena);
    free(r);
}

static struct nd_str member(const struct nd_json *o, const char *key)
{
    const struct nd_json *v = nd_json_get(o, key);
    return v && v->kind == ND_JSON_STRING ? v->text : (struct nd_str){NULL, 0};
}

static int read_line(struct nd_results *r, struct nd_view *out, const struct nd_ask *a,
                     const struct nd_hit *hit, struct nd_error *err)
{
    struct nd_json *o;
    nd_buf_reset(&r->line);
    int rc = xap_data(&r->line, a->index->xap, hit->segment, hit->docid, err);
    if (!rc)
        rc = nd_json_parse(r->json, &o, &r->arena, r->line.data ? r->line.data : "", r->line.len,
                           err);
    if (rc == ND_INPUT)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: result line of article %u",
                     a->index->segments[hit->segment].path, hit->docid);
    if (rc)
        return rc;
    out->id = member(o, "id");
    out->title = member(o, "title");
    out->date = member(o, "date");
    out->source = member(o, "source");
    out->url = member(o, "url");
    return 0;
}

static int read_record(struct nd_results *r, const struct nd_ask *a, const struct nd_hit *hit,
                       struct nd_error *err)
{
    struct nd_texts *texts;
    nd_buf_reset(&r->record);
    int rc = nd_segment_texts(&a->index->segments[hit->segment], &texts, err);
    return rc ? rc : nd_texts_get(texts, hit->docid, &r->record, err);
}

/* The places of all fields. */
static int make_spans(struct nd_results *r, struct nd_view *out, const struct nd_article *article,
                      const struct nd_found *found, size_t n, struct nd_error *err)
{
    struct nd_view_span *v = nd_arena_array(&r->arena, n + 1, sizeof *v);
    if (!v)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (unsigned f = 0; f < ND_FIELDS; f++) {
        struct nd_highlight *marks;
        size_t k;
        int rc = nd_snippet_marks(r->snippets, &marks, &k, &r->arena, article, f, found, n, err);
        if (rc)
            return rc;
        for (size_t i = 0; i < k; i++)
            v[out->spans_n++] =
                (struct nd_view_span){nd_text_field_name(f), marks[i].start, marks[i].end};
    }
    out->has_spans = true;
    out->spans = v;
    return 0;
}

/* Where the article matched: the snippet, the marks of the title, the spans. */
static int make_marks(struct nd_results *r, struct nd_view *out, const struct nd_ask *a,
                      const struct nd_hit *hit, bool snippet, bool spans, struct nd_error *err)
{
    struct nd_article article;
    const struct nd_found *found;
    struct nd_highlight *marks;
    size_t n;
    int rc = nd_article_parse(&article, &r->arena, r->record.data, r->record.len, err);
    uint64_t unmarked = nd_match_unmarked(a->match);
    if (!rc)
        rc = nd_match_spans(a->match, hit->segment, hit->docid, &found, &n, err);
    out->spans_cut = spans && nd_match_unmarked(a->match) != unmarked;
    if (rc == ND_DONE) { /* no words: an unmarked snippet */
        n = 0;
        found = NULL;
        rc = 0;
    }
    if (!rc && snippet) {
        rc = nd_snippet_make(r->snippets, &r->snippet, &r->arena, &article, found, n, err);
        out->snippet = &r->snippet;
        if (!rc && nd_str_eq(out->title, article.title)) {
            rc = nd_snippet_marks(r->snippets, &marks, &out->title_marks_n, &r->arena, &article,
                                  ND_FIELD_TITLE, found, n, err);
            out->title_marks = marks;
        }
    }
    return rc || !spans ? rc : make_spans(r, out, &article, found, n, err);
}

int nd_result_view(struct nd_results *r, struct nd_view *out, const struct nd_ask *a,
                   const struct nd_hit *hit, uint64_t rank, const struct nd_renderer *renderer,
                   bool snippets, struct nd_error *err)
{
    nd_arena_reset(&r->arena);
    *out = (struct nd_view){.rank = rank, .score = hit->score};
    if (a->index->folders_n > 1)
        out->index = a->index->folders[a->index->segments[hit->segment].folder].dir;
    snippets = snippets && renderer->snippets;
    int rc = renderer->lines ? read_line(r, out, a, hit, err) : 0;
    bool spans = renderer->spans && a->tool && nd_args_has(&a->tool->args, "spans");
    if (!rc && (snippets || spans || renderer->records))
        rc = read_record(r, a, hit, err);
    out->record = (struct nd_str){r->record.data, r->record.len};
    if (!rc && (snippets || spans))
        rc = make_marks(r, out, a, hit, snippets, spans, err);
    return rc;
}
