/* why: how one article answers a query. What is said of it stands in why_*.c, a part each. */
#include "text/json.h"
#include "text/utf8.h"
#include "why.h"

#include <string.h>

enum {
    OUT_MAX = 1 << 30
};

typedef int part_fn(const struct nd_why *w, struct nd_error *err);

static part_fn *const parts[] = {nd_why_score, nd_why_entity};

static void head(const struct nd_why *w)
{
    const struct nd_article *a = w->article;
    if (w->json) {
        nd_buf_str(w->out, "{\"type\":\"article\",\"id\":");
        nd_json_str(w->out, a->id.p, a->id.n);
        if (!w->all)
            nd_buf_printf(w->out, ",\"matches\":%s", w->matches ? "true" : "false");
        nd_buf_str(w->out, "}\n");
        return;
    }
    nd_printable(w->out, a->id.p, a->id.n, true);
    if (a->title.n) {
        nd_buf_str(w->out, "  ");
        nd_printable(w->out, a->title.p, a->title.n, true);
    }
    nd_buf_byte(w->out, '\n');
    if (!w->all && !w->matches)
        nd_buf_str(w->out, "does not match\n");
}

static int find_article(struct nd_why *w, struct nd_str id, struct nd_error *err)
{
    int rc = nd_index_find(w->ask->index, id.p, id.n, &w->segment, &w->docid, err);
    if (rc == ND_DONE) {
        nd_fail(err, ND_DONE, "no article '%.*s'", (int)id.n, id.p);
        nd_hint(err, "newsq -l lists ids: newsq -l -d DIR 'QUERY'");
    }
    if (rc)
        return rc;
    rc = nd_match_test(w->ask->match, w->segment, w->docid, err);
    w->matches = rc == 0;
    return rc == ND_DONE ? 0 : rc;
}

static int explain(struct nd_why *w, struct nd_error *err)
{
    struct nd_texts *texts;
    struct nd_article a;
    struct nd_buf record;
    nd_buf_init(&record, ND_TEXT_MAX);
    int rc = nd_segment_texts(&w->ask->index->segments[w->segment], &texts, err);
    if (!rc)
        rc = nd_texts_get(texts, w->docid, &record, err);
    if (!rc)
        rc = nd_article_parse(&a, w->ask->arena, record.data, record.len, err);
    if (!rc) {
        w->article = &a;
        head(w);
    }
    for (size_t i = 0; !rc && i < sizeof parts / sizeof *parts; i++)
        rc = parts[i](w, err);
    nd_buf_free(&record);
    return rc;
}

int newsq_why(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    struct nd_ask a;
    const char *format = nd_args_text(&t->args, "format");
    struct nd_buf out;
    struct nd_why w = {.ask = &a, .out = &out, .json = format && strcmp(format, "jsonl") == 0};
    int status = 0;
    if (format && !w.json && strcmp(format, "text") != 0) {
        nd_fail(&err, ND_USAGE, "why prints text or jsonl");
        return newsq_failed(t, &err);
    }
    if (!t->args.words_n) {
        nd_fail(&err, ND_USAGE, "which article?");
        nd_hint(&err, "newsq why -d DIR ID 'QUERY'");
        return newsq_failed(t, &err);
    }
    if (nd_ask_open(&a, t, 1, ND_ASK_ANY, &status))
        return status;
    nd_ask_notes(&a);
    w.all = a.all;
    nd_buf_init(&out, OUT_MAX);
    int rc = find_article(&w, t->args.words[0], &err);
    if (!rc)
        rc = explain(&w, &err);
    int written = rc ? 0 : newsq_write(&out, &err);
    if (rc || written < 0)
        status = newsq_failed(t, &err);
    else
        status = nd_ask_status(&a, w.matches ? 0 : 1);
    nd_buf_free(&out);
    nd_ask_close(&a);
    return status;
}
