/* search and count: the whole path from words to hits. */
#include "ask.h"
#include "collapse.h"
#include "grep.h"
#include "nohits.h"
#include "overview.h"
#include "result.h"

#include <inttypes.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    OUT_CHUNK = 64 * 1024 /* written out when more has come together */
};

static enum nd_sort sort_of(const struct newsq *t)
{
    static const char *const names[] = {"score", "newest", "oldest", "source"};
    const char *name = nd_args_text(&t->args, "sort");
    for (size_t i = 0; name && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return (enum nd_sort)i;
    return ND_SORT_SCORE;
}

/* What --collapse has made of the hits. */
struct collapsed {
    struct nd_collapse how; /* how.stories is NULL without it */
    uint64_t *copies;       /* by hit */
    uint64_t stories;
};

/* Write the hits and the end of an answer. Return: 0; ND_DONE where the reader has gone; < 0. */
static int write_hits(struct nd_ask *a, const struct nd_renderer *renderer,
                      const struct nd_ranked *hits, uint64_t offset, const struct collapsed *c,
                      struct nd_error *err)
{
    struct newsq *t = a->tool;
    struct nd_results *results;
    struct nd_buf out;
    int rc = nd_results_new(&results, err);
    if (rc)
        return rc;
    nd_buf_init(&out, OUT_MAX);
    struct nd_render r;
    rc = newsq_render(t, &r, &out, err);
    bool snippets = !nd_args_has(&t->args, "no-snippets");
    r.query = a->text;
    renderer->begin(&r);
    for (size_t i = 0; !rc && i < hits->n; i++) {
        struct nd_view v;
        rc = nd_result_view(results, &v, a, &hits->v[i], offset + i + 1, renderer, snippets, err);
        if (!rc && c->how.stories) {
            uint64_t story = nd_story_of(c->how.stories, hits->v[i].segment, hits->v[i].docid);
            v.story = nd_story_name(c->how.stories, story);
            v.copies = c->copies[i];
        }
        if (!rc) {
            renderer->hit(&r, &v);
            newsq_tell(t, v.id);
        }
        if (!rc && out.len >= OUT_CHUNK)
            rc = newsq_write(&out, err);
    }
    struct nd_answer answer = nd_ask_answer(a, hits->total, hits->n);
    answer.hits = true;
    answer.has_stories = c->how.stories != NULL;
    answer.stories = c->stories;
    struct nd_overview overview;
    if (!rc && renderer->overview) {
        rc = nd_overview_make(&overview, a->arena, a, err);
        answer.overview = &overview;
    }
    if (!rc) {
        renderer->end(&r, &answer);
        rc = newsq_write(&out, err);
    }
    nd_buf_free(&out);
    nd_results_free(results);
    return rc;
}

static void thousands(char out[32], uint64_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, v), k = 0;
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            out[k++] = ',';
        out[k++] = digits[i];
    }
    out[k] = '\0';
}

/* How many different stories the matches are. */
static int count_stories(struct nd_ask *a, uint64_t *total, struct nd_error *err)
{
    struct nd_story_index *s;
    struct nd_telling t;
    int rc = nd_story_open(&s, a->index, err);
    if (rc)
        return rc;
    rc = nd_story_gather(&t, s, a->match, err);
    *total = t.stories;
    nd_telling_free(&t);
    nd_story_close(s);
    return rc;
}

/* The counting commands: a number alone. */
static int print_count(struct nd_ask *a)
{
    struct nd_error err = {0};
    struct nd_buf out;
    uint64_t total;
    nd_buf_init(&out, 64);
    bool stories =
        nd_args_has(&a->tool->args, "by-story") || nd_args_has(&a->tool->args, "collapse");
    int rc = stories ? count_stories(a, &total, &err) : nd_match_count(a->match, &total, &err);
    if (!rc) {
        nd_buf_printf(&out, "%" PRIu64 "\n", total);
        rc = newsq_write(&out, &err);
    }
    nd_buf_free(&out);
    if (rc < 0)
        return newsq_failed(a->tool, &err);
    return nd_ask_status(a, total ? 0 : 1);
}

/* --format grep: the sentences of the hits. */
static int search_grep(struct newsq *t)
{
    struct nd_error err = {0};
    struct nd_ask a;
    int status = 0;
    uint64_t lines;
    static const char *const others[] = {"collapse", "ids", "null", "oneline", "count", "spans"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (nd_args_has(&t->args, others[i])) {
            nd_fail(&err, ND_USAGE, "--format grep and --%s exclude each other", others[i]);
            return newsq_failed(t, &err);
        }
    if (nd_ask_open(&a, t, 0, ND_ASK_QUERY, &status))
        return status;
    nd_ask_notes(&a);
    int rc = nd_grep_hits(&a, nd_args_number(&t->args, "offset", 0),
                          nd_args_number(&t->args, "limit", UINT64_MAX), sort_of(t), &lines, &err);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, lines ? 0 : 1);
    nd_ask_close(&a);
    return status;
}

int newsq_search(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const char *format = nd_args_text(&t->args, "format");
    if (format && strcmp(format, "grep") == 0)
        return search_grep(t);
    const struct nd_renderer *renderer;
    if (newsq_renderer(t, &renderer, &err))
        return newsq_failed(t, &err);
    if (nd_args_has(&t->args, "spans") && !renderer->spans) {
        nd_fail(&err, ND_USAGE, "--spans is of json and jsonl");
        nd_hint(&err, "add --format jsonl");
        return newsq_failed(t, &err);
    }
    struct nd_ask a;
    int status = 0;
    if (nd_ask_open(&a, t, 0, ND_ASK_QUERY, &status))
        return status;
    nd_ask_notes(&a);
    if (nd_args_has(&t->args, "count")) {
        status = print_count(&a);
        nd_ask_close(&a);
        return status;
    }
    uint64_t offset = nd_args_number(&t->args, "offset", 0);
    uint64_t limit = nd_args_number(&t->args, "limit", renderer->limit);
    size_t from = offset > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)offset;
    size_t most = limit > SIZE_MAX / 2 ? SIZE_MAX : (size_t)limit;
    struct nd_ranked hits = {0};
    struct collapsed c = {0};
    int rc = nd_collapse_open(&c.how, t, a.index, &err);
    bool collapse = c.how.stories != NULL;
    const char *rest = t->listed ? ":more" : "-n all";
    bool tell = t->listed || !nd_args_has(&t->args, "limit");
    if (!rc)
        rc = nd_match_ranked(a.match, collapse ? 0 : from, collapse ? SIZE_MAX : most, sort_of(t),
                             &hits, &err);
    if (!rc && collapse)
        rc = nd_collapse_hits(&c.how, &t->arena, a.index, &hits, from, most, &c.copies, &c.stories,
                              &err);
    if (!rc) {
        rc = write_hits(&a, renderer, &hits, offset, &c, &err);
        status = hits.total ? 0 : 1;
        if (t->listed)
            t->listed->total = collapse ? c.stories : hits.total;
        if (!rc && !hits.total &&
            (strcmp(renderer->name, "text") == 0 || strcmp(renderer->name, "oneline") == 0))
            nd_nohits(&a);
        if (!rc && collapse && c.stories > from + hits.n && hits.n && tell) {
            char total[32];
            thousands(total, c.stories);
            nd_diag_line(&t->diag, "%zu of %s stories; %s shows the rest", hits.n, total, rest);
        } else if (!rc && !collapse && hits.total > from + hits.n && hits.n && tell) {
            char total[32];
            thousands(total, hits.total);
            nd_diag_line(&t->diag, "%zu of %s; %s shows the rest", hits.n, total, rest);
        }
    }
    nd_ranked_free(&hits);
    nd_collapse_close(&c.how);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, status);
    nd_ask_close(&a);
    return status;
}

int newsq_count(void *tool)
{
    struct nd_ask a;
    int status = 0;
    if (nd_ask_open(&a, tool, 0, ND_ASK_ANY, &status))
        return status;
    nd_ask_notes(&a);
    status = print_count(&a);
    nd_ask_close(&a);
    return status;
}
