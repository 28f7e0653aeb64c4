/* terms: the words that are typical of the matches. */
#include "ask.h"
#include "render/rows.h"
#include "story.h"
#include "terms.h"

#include <inttypes.h>

enum {
    OUT_MAX = 1 << 30,
    TOP = 20,
    MIN_ARTICLES = 2, /* a word of one article alone is typical of that one; */
    MIN_PART = 100    /* of many, it must be in one of so many */
};

static int print(struct nd_ask *a, const struct nd_terms *terms, const struct nd_renderer *how,
                 struct nd_error *err)
{
    struct newsq *t = a->tool;
    struct nd_buf out;
    struct nd_render r;
    struct nd_typical *v;
    size_t n;
    uint64_t limit = nd_args_number(&t->args, "limit", TOP);
    uint64_t usual = terms->matches / MIN_PART > MIN_ARTICLES ? terms->matches / MIN_PART
                     : terms->matches > MIN_ARTICLES          ? MIN_ARTICLES
                                                              : 1;
    uint64_t min = nd_args_number(&t->args, "min", usual);
    int rc = nd_terms_rank(&v, &n, &t->arena, terms, min, limit > SIZE_MAX ? SIZE_MAX : limit, err);
    if (rc)
        return rc;
    nd_buf_init(&out, OUT_MAX);
    rc = newsq_render(t, &r, &out, err);
    struct nd_rows rows = {.r = &r, .how = how};
    how->begin(&r);
    for (size_t i = 0; i < n; i++) {
        const struct nd_value cells[] = {
            nd_value_real("score", v[i].score, 1), nd_value_count("count", v[i].counts.count),
            nd_value_count("articles", v[i].counts.articles),
            nd_value_count("index", v[i].counts.all), nd_value_text("word", v[i].word)};
        nd_row(&rows, "term", cells, sizeof cells / sizeof cells[0]);
    }
    struct nd_answer answer = nd_ask_answer(a, terms->matches, n);
    how->end(&r, &answer);
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    return rc;
}

int newsq_terms(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *how;
    struct nd_terms terms;
    struct nd_once *once = NULL;
    struct nd_ask a;
    int status = 0;
    if (newsq_renderer(t, &how, &err) || nd_rows_fit(how, &err))
        return newsq_failed(t, &err);
    if (nd_ask_open(&a, t, 0, ND_ASK_QUERY, &status))
        return status;
    nd_ask_notes(&a);
    int rc = nd_terms_init(&terms, &err);
    if (!rc && nd_args_has(&t->args, "by-story"))
        rc = nd_once_new(&once, a.index, a.match, &err);
    if (!rc)
        rc = nd_terms_count(&terms, a.index, a.match, &err);
    if (!rc)
        rc = print(&a, &terms, how, &err);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, terms.matches ? 0 : 1);
    nd_once_free(once);
    nd_terms_free(&terms);
    nd_ask_close(&a);
    return status;
}
