#include "explain_run.h"

#include "text/utf8.h"

#include <inttypes.h>
#include <time.h>

enum {
    PARTS = 400, /* of a plan that are shown; each is counted by itself */
    TEXT = 60    /* cells of one */
};

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A part in a word or two: lists by their terms, what joins others by its name. */
static void name(struct nd_buf *out, const struct nd_plan *p)
{
    struct nd_buf whole;
    size_t n;
    nd_buf_init(&whole, 1 << 20);
    if (nd_plan_print(&whole, p) == 0 && whole.len) {
        n = whole.len;
        if (p->kids_n && p->kind != ND_P_SPAN) /* (and ... */
            for (n = 1; n < whole.len && whole.data[n] != ' ';)
                n++;
        size_t start = p->kids_n && p->kind != ND_P_SPAN && whole.data[0] == '(';
        size_t cut = nd_width_cut(whole.data + start, n - start, TEXT);
        nd_printable(out, whole.data + start, cut, true);
        if (cut < n - start)
            nd_buf_str(out, "...");
    }
    nd_buf_free(&whole);
}

static int put(struct nd_buf *out, struct nd_ask *a, const struct nd_plan *p, int depth,
               size_t *left, struct nd_error *err)
{
    uint64_t count;
    if (*left == 0)
        return 0;
    --*left;
    double start = milliseconds();
    int rc = nd_match_part(a->match, p, &count, err);
    if (rc)
        return rc;
    nd_buf_printf(out, "%10" PRIu64 " %10" PRIu64 " %10.3f  %*s", p->estimate, count,
                  milliseconds() - start, 2 * (depth < 30 ? depth : 30), "");
    name(out, p);
    nd_buf_byte(out, '\n');
    for (size_t i = 0; rc == 0 && i < p->kids_n; i++)
        rc = put(out, a, p->kids[i], depth + 1, left, err);
    return rc;
}

int nd_explain_run(struct nd_buf *out, struct nd_ask *a, struct nd_error *err)
{
    size_t left = PARTS;
    struct nd_ranked hits;
    uint64_t total;
    nd_buf_str(out, "\nrun:\n  estimate   articles         ms  part\n");
    int rc = put(out, a, a->lowered.plan, 0, &left, err);
    if (rc == 0 && left == 0)
        nd_buf_printf(out, "the first %d parts\n", (int)PARTS);
    double start = milliseconds();
    if (rc == 0)
        rc = nd_match_count(a->match, &total, err);
    if (rc)
        return rc;
    nd_buf_printf(out, "counted: %" PRIu64 " in %.3f ms\n", total, milliseconds() - start);
    start = milliseconds();
    rc = nd_match_ranked(a->match, 0, 10, ND_SORT_SCORE, &hits, err);
    if (rc)
        return rc;
    nd_buf_printf(out, "ranked: the best %zu in %.3f ms\n", hits.n, milliseconds() - start);
    nd_ranked_free(&hits);
    return 0;
}
