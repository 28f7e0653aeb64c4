/* Xapian shim: queries, ranked search, and posting sources under every operator. */
#include "xap_fixture.h"

#include <stdlib.h>
#include <unistd.h>

/* --- a source for tests: documents whose global number is divisible by ctx->step ---------------- */

struct multiples {
    size_t first_seg; /* segment 0 of the index under test is this one of ours */
    uint32_t step;
    uint32_t fail_at; /* fail on reaching this global number, 0: never */
    uint32_t lie_at;  /* give the same docid again from this one on, 0: never */
    int open_fails;
    unsigned nap_us; /* sleep at each step */
    int opened, closed;
    unsigned segments_seen;
};

struct walk {
    struct multiples *m;
    size_t seg;
    uint32_t docid;
};

static int mult_open(void *ctx, size_t segment, void **state, uint32_t *est, uint32_t *max,
                     struct nd_error *err)
{
    struct multiples *m = ctx;
    size_t s = m->first_seg + segment;
    m->segments_seen |= 1u << s;
    if (m->open_fails)
        return nd_fail(err, m->open_fails, "cannot open %zu", s);
    CHECK_INT(*est, sizes[s]);
    CHECK_INT(*max, sizes[s]);
    if (sizes[s] == 1 && m->step > 1)
        return ND_DONE;
    struct walk *w = calloc(1, sizeof *w);
    if (!w)
        return ND_NOMEM;
    w->m = m;
    w->seg = s;
    m->opened++;
    *est = sizes[s] / m->step;
    *state = w;
    return 0;
}

static int mult_skip(void *state, uint32_t target, uint32_t *docid, struct nd_error *err)
{
    struct walk *w = state;
    if (w->m->nap_us)
        usleep(w->m->nap_us);
    for (uint32_t d = target; d <= sizes[w->seg]; d++) {
        uint32_t g = number_of(w->seg, d);
        if (w->m->fail_at && g >= w->m->fail_at) {
            nd_fail(err, ND_LIMIT, "stop at %u", g);
            nd_span(err, 3, 9);
            return ND_LIMIT;
        }
        if (w->m->lie_at && d >= w->m->lie_at && w->docid) {
            *docid = w->docid;
            return 0;
        }
        if (g % w->m->step == 0) {
            *docid = w->docid = d;
            return 0;
        }
    }
    return ND_DONE;
}

static int mult_next(void *state, uint32_t *docid, struct nd_error *err)
{
    struct walk *w = state;
    return mult_skip(state, w->docid + 1, docid, err);
}

static void mult_close(void *state)
{
    struct walk *w = state;
    w->m->closed++;
    free(w);
}

static const struct xap_source_ops mult_ops = {mult_open, mult_next, mult_skip, mult_close};

static struct xap_query *source(struct multiples *m)
{
    struct xap_query *q = NULL;
    CHECK_INT(xap_q_source(&q, &mult_ops, m, NULL), 0);
    return q;
}

/* Search and compare the set of hits with a predicate over global numbers. Frees q. */
static void expect_where(struct xap_index *ix, size_t first_seg, struct xap_query *q,
                         int (*want)(uint32_t g), const char *what)
{
    struct xap_hits *h = NULL;
    struct xap_hit hit;
    struct nd_error err = {0};
    static unsigned char seen[ALL_DOCS + 1];
    uint64_t total = 0, n = 0;
    int wrong = 0;
    double last = 1e300;
    memset(seen, 0, sizeof seen);
    CHECK_INT(xap_search(&h, ix, q, 0, ALL_DOCS * 2, NULL, &err), 0);
    CHECK_STR(err.msg, "");
    while (h && xap_hits_next(&hit, h, &err) == 0) {
        uint32_t g = number_of(first_seg + hit.segment, hit.docid);
        wrong += g > ALL_DOCS || seen[g]++ || !want(g);
        wrong += hit.score > last;
        last = hit.score;
        n++;
    }
    for (size_t s = 0; s < xap_segments(ix); s++)
        for (uint32_t d = 1; d <= sizes[first_seg + s]; d++)
            total += !!want(number_of(first_seg + s, d));
    if (!CHECK(wrong == 0) || !CHECK_INT(n, total))
        printf("  in: %s\n", what);
    if (h) {
        CHECK_INT(xap_hits_total(h), total);
        CHECK(xap_hits_exact(h));
    }
    xap_hits_free(h);
    /* the page may be small, the total not */
    CHECK_INT(xap_search(&h, ix, q, 1, 3, NULL, &err), 0);
    if (h)
        CHECK_INT(xap_hits_total(h), total);
    xap_hits_free(h);
    xap_q_free(q);
}

static int is_five(uint32_t g)
{
    return g % 5 == 0;
}
static int is_even(uint32_t g)
{
    return g % 2 == 0;
}
static int is_all(uint32_t g)
{
    return g > 0;
}
static int is_none(uint32_t g)
{
    return g == 0;
}
static int is_even_or_five(uint32_t g)
{
    return g % 2 == 0 || g % 5 == 0;
}
static int is_even_not_five(uint32_t g)
{
    return g % 2 == 0 && g % 5;
}
static int is_five_not_even(uint32_t g)
{
    return g % 5 == 0 && g % 2;
}
static int is_ten(uint32_t g)
{
    return g % 10 == 0;
}
static int is_not_five(uint32_t g)
{
    return g % 5 != 0;
}
static int is_five_or_three_not_even(uint32_t g)
{
    return (g % 5 == 0 || g % 3 == 0) && g % 2;
}
static int is_thirty_or_seven(uint32_t g)
{
    return g % 15 == 0 || g % 7 == 0;
}

static void source_matrix(struct xap_index *ix, size_t f)
{
    struct multiples m = {.first_seg = f, .step = 5}, seven = {.first_seg = f, .step = 7};
    struct xap_query *all = NULL, *not_five = NULL;
    expect_where(ix, f, source(&m), is_five, "alone");
    expect_where(ix, f, op2(XAP_OR, term("even"), source(&m)), is_even_or_five, "t OR s");
    expect_where(ix, f, op2(XAP_OR, source(&m), term("even")), is_even_or_five, "s OR t");
    expect_where(ix, f, op2(XAP_AND_NOT, term("even"), source(&m)), is_even_not_five, "t NOT s");
    expect_where(ix, f, op2(XAP_AND_NOT, source(&m), term("even")), is_five_not_even, "s NOT t");
    expect_where(ix, f, op2(XAP_FILTER, term("even"), source(&m)), is_ten, "t FILTER s");
    expect_where(ix, f, op2(XAP_FILTER, source(&m), term("even")), is_ten, "s FILTER t");
    expect_where(ix, f, op2(XAP_AND, source(&m), term("even")), is_ten, "s AND t");
    expect_where(ix, f, op2(XAP_AND_MAYBE, term("even"), source(&m)), is_even, "t MAYBE s");
    expect_where(ix, f, op2(XAP_AND_MAYBE, source(&m), term("even")), is_five, "s MAYBE t");
    expect_where(ix, f, op2(XAP_SYNONYM, source(&m), term("even")), is_even_or_five, "s SYN t");
    expect_where(ix, f,
                 op2(XAP_AND_NOT, op2(XAP_OR, source(&m), term("third")),
                     op2(XAP_FILTER, term("all"), term("even"))),
                 is_five_or_three_not_even, "(s OR t) NOT (t FILTER t)");
    expect_where(ix, f, op2(XAP_OR, op2(XAP_FILTER, term("third"), source(&m)), source(&seven)),
                 is_thirty_or_seven, "(t FILTER s) OR s");
    CHECK_INT(xap_q_all(&all, NULL), 0);
    not_five = op2(XAP_AND_NOT, all, source(&m));
    expect_where(ix, f, not_five, is_not_five, "NOT s");
    CHECK_INT(m.opened, m.closed);
    CHECK_INT(seven.opened, seven.closed);
    CHECK(m.opened > 0 || (xap_segments(ix) == 1 && sizes[f] == 1));
    CHECK_INT(m.segments_seen, ((1u << xap_segments(ix)) - 1) << f);
}

static void source_composes_over_three_segments(void)
{
    struct xap_index *ix = open_first(SEGS);
    source_matrix(ix, 0);
    xap_close(ix);
}

static void source_composes_over_one_segment(void)
{
    for (size_t s = 0; s < SEGS; s++) {
        struct xap_index *ix = open_one(s);
        source_matrix(ix, s);
        xap_close(ix);
    }
}

static void source_query_serves_two_indexes(void)
{
    struct multiples m = {.step = 5};
    struct xap_index *three = open_first(SEGS), *two = open_first(2);
    struct xap_query *q = source(&m);
    struct xap_hits *h = NULL;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(xap_search(&h, three, q, 0, 10, NULL, NULL), 0);
        CHECK_INT(xap_hits_total(h), ALL_DOCS / 5);
        xap_hits_free(h);
        CHECK_INT(xap_search(&h, two, q, 0, 10, NULL, NULL), 0);
        CHECK_INT(xap_hits_total(h), 51 / 5);
        xap_hits_free(h);
    }
    xap_q_free(q);
    xap_close(three);
    xap_close(two);
}

/* Under every operator: stops long before its end, and whatever it gives does match. */
static void time_limit_stops_the_search_and_keeps_hits_right(void)
{
    static const struct {
        enum xap_op op;
        int (*want)(uint32_t g);
    } rows[] = {{XAP_OR, is_even_or_five},
                {XAP_AND, is_ten},
                {XAP_AND_NOT, is_even_not_five},
                {XAP_FILTER, is_ten}};
    struct xap_index *ix = open_one(2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct multiples m = {.first_seg = 2, .step = 5, .nap_us = 400};
        struct xap_query *q = op2(rows[i].op, term("even"), source(&m));
        struct xap_search_options o = XAP_SEARCH_DEFAULTS;
        struct xap_hits *h = NULL;
        struct xap_hit hit;
        struct nd_error err = {0};
        uint32_t n = 0, wrong = 0;
        o.time_limit_ms = 30;
        CHECK_INT(xap_search(&h, ix, q, 0, ALL_DOCS, &o, &err), 0);
        if (!h)
            continue;
        CHECK(!xap_hits_exact(h));
        while (xap_hits_next(&hit, h, &err) == 0) {
            n++;
            wrong += !rows[i].want(number_of(2, hit.docid));
        }
        CHECK_INT(wrong, 0);
        CHECK_INT(xap_hits_total(h), n);
        CHECK(n < 450);
        xap_hits_free(h);
        xap_q_free(q);
        CHECK_INT(m.opened, m.closed);
    }
    xap_close(ix);
}

static void open_of_nothing_is_an_empty_index(void)
{
    struct xap_index *ix = NULL;
    struct xap_terms *t = NULL;
    struct xap_hits *h = NULL;
    struct xap_hit hit;
    struct nd_str s;
    struct nd_error err = {0};
    struct multiples m = {.step = 1};
    struct xap_query *q = op2(XAP_OR, term("all"), source(&m));
    CHECK_INT(xap_open(&ix, NULL, 0, &err), 0);
    CHECK_INT(xap_segments(ix), 0);
    CHECK_INT(xap_doccount(ix, XAP_ALL), 0);
    CHECK_INT(xap_termfreq(ix, XAP_ALL, "all", 3), 0);
    CHECK_INT(xap_terms_open(&t, ix, XAP_ALL, NULL, 0, &err), 0);
    CHECK_INT(xap_terms_next(t, &s, NULL, &err), ND_DONE);
    xap_terms_close(t);
    CHECK_INT(xap_search(&h, ix, q, 0, 10, NULL, &err), 0);
    CHECK_INT(xap_hits_total(h), 0);
    CHECK_INT(xap_hits_next(&hit, h, &err), ND_DONE);
    CHECK_INT(m.opened, 0);
    xap_hits_free(h);
    xap_q_free(q);
    xap_close(ix);
    xap_close(NULL);
    xap_q_free(NULL);
    xap_hits_free(NULL);
    xap_terms_close(NULL);
    xap_postings_close(NULL);
    xap_writer_close(NULL);
}

static void failing_search(struct multiples *m, enum xap_op op, int code, const char *msg,
                           size_t start)
{
    struct xap_index *ix = open_first(SEGS);
    struct xap_query *q = op2(op, term("all"), source(m));
    struct xap_hits *h = (struct xap_hits *)&h;
    struct nd_error err = {0};
    CHECK_INT(xap_search(&h, ix, q, 0, 10, NULL, &err), code);
    CHECK(h == NULL);
    CHECK_INT(err.code, code);
    CHECK_STR(err.msg, msg);
    CHECK_INT(err.start, start);
    CHECK_INT(m->opened, m->closed);
    xap_q_free(q);
    xap_close(ix);
}

static void source_failure_stops_the_search(void)
{
    static const enum xap_op ops[] = {XAP_AND, XAP_OR, XAP_AND_NOT, XAP_FILTER, XAP_AND_MAYBE};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        struct multiples m = {.step = 2, .fail_at = 3000};
        struct multiples early = {.step = 1, .fail_at = 1};
        failing_search(&m, ops[i], ND_LIMIT, "stop at 3000", 3);
        failing_search(&early, ops[i], ND_LIMIT, "stop at 1", 3);
    }
    struct multiples shut = {.step = 1, .open_fails = ND_CORRUPT};
    failing_search(&shut, XAP_FILTER, ND_CORRUPT, "cannot open 0", 0);
}

static void source_that_does_not_rise_is_refused(void)
{
    struct multiples m = {.step = 1, .lie_at = 20};
    failing_search(&m, XAP_OR, ND_INTERNAL, "a source of the query gave a document out of order",
                   0);
}

/* --- queries and ranking ---------------------------------------------------------------------- */

static void query_operators_over_terms(void)
{
    struct xap_index *ix = open_first(SEGS);
    struct xap_query *q = NULL, *kids[3];
    struct nd_error err = {0};
    expect_where(ix, 0, term("even"), is_even, "term");
    expect_where(ix, 0, term("absent"), is_none, "absent term");
    CHECK_INT(xap_q_all(&q, &err), 0);
    expect_where(ix, 0, q, is_all, "all");
    CHECK_INT(xap_q_nothing(&q, &err), 0);
    expect_where(ix, 0, q, is_none, "nothing");
    CHECK_INT(xap_q_op(&q, XAP_OR, NULL, 0, &err), 0);
    expect_where(ix, 0, q, is_none, "OR of nothing");
    kids[0] = term("even");
    CHECK_INT(xap_q_op(&q, XAP_SYNONYM, kids, 1, &err), 0);
    expect_where(ix, 0, q, is_even, "one operand");
    CHECK_INT(xap_q_nothing(&q, &err), 0);
    expect_where(ix, 0, op2(XAP_AND_NOT, term("even"), q), is_even, "t NOT nothing");
    CHECK_INT(xap_q_scale(&q, term("even"), 0.0, &err), 0);
    expect_where(ix, 0, q, is_even, "scaled to 0");
    CHECK_INT(xap_q_scale(&q, term("even"), -1.0, &err), ND_INTERNAL);
    CHECK(q == NULL);
    CHECK_INT(xap_q_term(&q, "n\0l", 3, 1, &err), 0);
    struct xap_hits *h = NULL;
    CHECK_INT(xap_search(&h, ix, q, 0, 0, NULL, &err), 0);
    CHECK_INT(xap_hits_total(h), ALL_DOCS / 7 + 1);
    xap_hits_free(h);
    xap_q_free(q);
    xap_close(ix);
}

static void query_part_that_failed_fails_the_whole(void)
{
    struct xap_query *kids[3], *q = NULL, *deep = NULL;
    char longest[300];
    struct nd_error err = {0};
    memset(longest, 0, sizeof longest);
    kids[0] = term("a");
    CHECK_INT(xap_q_term(&kids[1], longest, 123, 1, &err), ND_LIMIT); /* NULs count twice */
    kids[2] = term("b");
    CHECK_INT(xap_q_op(&q, XAP_OR, kids, 3, &err), ND_LIMIT);
    CHECK(q == NULL);
    CHECK_STR(err.msg, "term of 123 bytes is longer than the 245 that fit");
    CHECK_INT(xap_q_scale(&q, q, 2.0, &err), ND_LIMIT);
    CHECK_INT(xap_q_term(&q, longest, 122, 1, &err), 0);
    xap_q_free(q);
    CHECK_INT(xap_q_term(&q, longest, 300, 1, &err), ND_LIMIT);
    memset(&err, 0, sizeof err);
    CHECK_INT(xap_q_term(&q, "", 0, 1, &err), ND_INTERNAL);
    kids[0] = NULL;
    memset(&err, 0, sizeof err);
    CHECK_INT(xap_q_op(&q, XAP_AND, kids, 1, &err), ND_INTERNAL);
    CHECK_STR(err.msg, "a part of the query is missing");
    CHECK_INT(xap_q_op(&q, XAP_AND, kids, 1, NULL), ND_INTERNAL);

    int rc = 0, levels = 1;
    deep = term("all");
    memset(&err, 0, sizeof err);
    while (deep && levels < 2000) {
        kids[0] = levels % 2 ? term("even") : term("third");
        kids[1] = deep;
        rc = xap_q_op(&deep, levels % 2 ? XAP_OR : XAP_AND, kids, 2, &err);
        levels++;
        if (levels == XAP_DEPTH_MAX) { /* the deepest that is let through must also be answered */
            struct xap_index *ix = open_first(SEGS);
            struct xap_hits *h = NULL;
            CHECK_INT(xap_search(&h, ix, deep, 0, 5, NULL, &err), 0);
            CHECK(h && xap_hits_total(h) > 0);
            xap_hits_free(h);
            xap_close(ix);
        }
    }
    CHECK_INT(rc, ND_LIMIT);
    CHECK_INT(levels, XAP_DEPTH_MAX + 1);
}

static void search_ranks_by_bm25_and_options_count(void)
{
    struct xap_index *ix = open_one(2);
    struct xap_query *q = term("third"), *r = NULL;
    struct xap_hits *h = NULL;
    struct xap_hit a, b, c;
    struct nd_error err = {0};
    struct xap_search_options o = XAP_SEARCH_DEFAULTS;
    CHECK_INT(xap_search(&h, ix, q, 0, 1, &o, &err), 0);
    CHECK_INT(xap_hits_next(&a, h, &err), 0);
    CHECK_INT(xap_hits_next(&b, h, &err), ND_DONE);
    CHECK(a.score > 0);
    xap_hits_free(h);
    CHECK_INT(xap_q_scale(&r, q, 2.0, &err), 0);
    CHECK_INT(xap_search(&h, ix, r, 0, 1, NULL, &err), 0);
    CHECK_INT(xap_hits_next(&b, h, &err), 0);
    CHECK(b.score > 1.99 * a.score && b.score < 2.01 * a.score);
    CHECK_INT(b.docid, a.docid);
    xap_hits_free(h);
    o.b = 0.0;
    o.k1 = 0.0;
    CHECK_INT(xap_search(&h, ix, r, 0, 1, &o, &err), 0);
    CHECK_INT(xap_hits_next(&c, h, &err), 0);
    CHECK(c.score < b.score * 0.99 || c.score > b.score * 1.01);
    xap_hits_free(h);
    o.unranked = true;
    CHECK_INT(xap_search(&h, ix, r, 0, SIZE_MAX, &o, &err), 0);
    CHECK_INT(xap_hits_total(h), 1666);
    CHECK_INT(xap_hits_next(&c, h, &err), 0);
    CHECK(c.score == 0.0);
    xap_hits_free(h);
    CHECK_INT(xap_search(&h, ix, r, SIZE_MAX, SIZE_MAX, NULL, &err), 0);
    CHECK_INT(xap_hits_total(h), 1666);
    CHECK_INT(xap_hits_next(&c, h, &err), ND_DONE);
    xap_hits_free(h);
    o = (struct xap_search_options)XAP_SEARCH_DEFAULTS;
    o.time_limit_ms = 60000; /* far off: the answer is exact */
    CHECK_INT(xap_search(&h, ix, r, 0, 2, &o, &err), 0);
    CHECK_INT(xap_hits_total(h), 1666);
    CHECK(xap_hits_exact(h));
    xap_hits_free(h);
    CHECK_INT(xap_search(&h, ix, NULL, 0, 2, NULL, &err), ND_INTERNAL);
    xap_q_free(r);
    xap_close(ix);
}

int main(void)
{
    make_segments();
    RUN(source_composes_over_three_segments);
    RUN(source_composes_over_one_segment);
    RUN(source_query_serves_two_indexes);
    RUN(time_limit_stops_the_search_and_keeps_hits_right);
    RUN(open_of_nothing_is_an_empty_index);
    RUN(source_failure_stops_the_search);
    RUN(source_that_does_not_rise_is_refused);
    RUN(query_operators_over_terms);
    RUN(query_part_that_failed_fails_the_whole);
    RUN(search_ranks_by_bm25_and_options_count);
    return check_done();
}
