/* xap_fixture.h: what the tests of the Xapian shim share: three segments of 1, 50 and 5000 documents,
 * in which the terms of a document follow from its global number, and ways to ask them. */
#ifndef TESTS_UNIT_XAP_FIXTURE_H
#define TESTS_UNIT_XAP_FIXTURE_H

#include "../check.h"

#include "xap/xap.h"

#include <stdio.h>
#include <string.h>

enum {
    SEGS = 3,
    ALL_DOCS = 1 + 50 + 5000,
    PATH = 512
};

static const uint32_t sizes[SEGS] = {1, 50, 5000};
static char seg_path[SEGS][PATH];

/* Document d (from 1) of segment s: a global number, on which its terms depend. */
static inline uint32_t number_of(size_t s, uint32_t d)
{
    uint32_t before = 0;
    for (size_t i = 0; i < s; i++)
        before += sizes[i];
    return before + d;
}

static inline void write_doc(struct xap_writer *w, uint32_t g)
{
    char text[64];
    struct nd_error err = {0};
    CHECK_INT(xap_writer_term(w, "all", 3, 1 + g % 5, &err), 0);
    if (g % 2 == 0)
        CHECK_INT(xap_writer_term(w, "even", 4, 1, &err), 0);
    if (g % 3 == 0)
        CHECK_INT(xap_writer_term(w, "third", 5, 2, &err), 0);
    if (g % 7 == 1)
        CHECK_INT(xap_writer_term(w, "n\0l", 3, 1, &err), 0);
    int n = snprintf(text, sizeof text, "Q%u", g);
    CHECK_INT(xap_writer_term(w, text, (size_t)n, 0, &err), 0);
    n = snprintf(text, sizeof text, "doc %u", g);
    CHECK_INT(xap_writer_data(w, text, (size_t)n + 1, &err), 0);
    CHECK_INT(xap_writer_add(w, NULL, &err), 0);
}

static inline void make_segments(void)
{
    struct nd_error err = {0};
    for (size_t s = 0; s < SEGS; s++) {
        struct xap_writer *w = NULL;
        snprintf(seg_path[s], PATH, "%s/seg-%zu", check_dir(), s);
        CHECK_INT(xap_writer_open(&w, seg_path[s], s ? XAP_WRITER_NO_TERMLIST : 0, &err), 0);
        if (!w)
            return;
        for (uint32_t d = 1; d <= sizes[s]; d++)
            write_doc(w, number_of(s, d));
        CHECK_INT(xap_writer_metadata(w, "who", 3, "seg\0x", 5, &err), 0);
        CHECK_INT(xap_writer_commit(w, &err), 0);
        xap_writer_close(w);
    }
}

static inline struct xap_index *open_first(size_t n)
{
    const char *paths[SEGS] = {seg_path[0], seg_path[1], seg_path[2]};
    struct xap_index *ix = NULL;
    struct nd_error err = {0};
    CHECK_INT(xap_open(&ix, paths, n, &err), 0);
    CHECK_STR(err.msg, "");
    return ix;
}

static inline struct xap_index *open_one(size_t s)
{
    const char *path = seg_path[s];
    struct xap_index *ix = NULL;
    struct nd_error err = {0};
    CHECK_INT(xap_open(&ix, &path, 1, &err), 0);
    return ix;
}

static inline struct xap_query *term(const char *t)
{
    struct xap_query *q = NULL;
    CHECK_INT(xap_q_term(&q, t, strlen(t), 1, NULL), 0);
    return q;
}

static inline struct xap_query *op2(enum xap_op op, struct xap_query *a, struct xap_query *b)
{
    struct xap_query *kids[2] = {a, b}, *q = NULL;
    struct nd_error err = {0};
    CHECK_INT(xap_q_op(&q, op, kids, 2, &err), 0);
    return q;
}

#endif
