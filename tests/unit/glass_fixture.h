/* glass_fixture.h: documents made up at random, written by our writer and by libxapian, and
 * compared.
 * Used by test_glass.c and test_glass_merge.c, one inclusion each. */
#ifndef TESTS_UNIT_GLASS_FIXTURE_H
#define TESTS_UNIT_GLASS_FIXTURE_H

#include "base/file.h"
#include "../check.h"
#include "segment/glass.h"
#include "segment/glass_read.h"
#include "xap/xap.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

enum {
    DOCS = 400,
    TERMS = 120,
    DATA_MAX = 600,
    POSITIONS_MAX = 64
};

/* The made-up collection: cells[doc][term] is 0 where absent, otherwise wdf + 1. */
struct model {
    uint32_t docs;
    char *term[TERMS]; /* ascending */
    size_t term_n[TERMS];
    uint32_t cells[DOCS][TERMS];
    char data[DOCS][DATA_MAX];
    size_t data_n[DOCS];
};

static int by_bytes(const char *a, size_t n, const char *b, size_t m)
{
    int c = memcmp(a, b, n < m ? n : m);
    return c ? c : n < m ? -1 : n > m;
}

static void model_sort_terms(struct model *m)
{
    for (size_t i = 1; i < TERMS; i++)
        for (size_t j = i; j; j--) {
            if (by_bytes(m->term[j - 1], m->term_n[j - 1], m->term[j], m->term_n[j]) <= 0)
                break;
            char *p = m->term[j];
            size_t n = m->term_n[j];
            m->term[j] = m->term[j - 1];
            m->term_n[j] = m->term_n[j - 1];
            m->term[j - 1] = p;
            m->term_n[j - 1] = n;
        }
}

/* Terms that are hard on keys: NULs, each a prefix of the next, the longest that fit, bytes ff. */
static size_t model_hard_term(char *out, size_t i)
{
    switch (i) {
    case 0:
        memset(out, 'x', 245);
        return 245;
    case 1:
        memset(out, 0, 122);
        out[122] = 'e';
        return 123;
    case 2:
        return memcpy(out, "a\0b", 3) ? 3 : 0;
    case 3:
        return memcpy(out, "a\0", 2) ? 2 : 0;
    case 4:
        return memcpy(out, "a", 1) ? 1 : 0;
    case 5:
        return memcpy(out, "\0\xe0", 2) ? 2 : 0;
    case 6:
        return memcpy(out, "a\0\xff", 3) ? 3 : 0;
    case 7:
        return memcpy(out, "\xff\xff\xff", 3) ? 3 : 0;
    case 8:
        return memcpy(out, "a\x01", 2) ? 2 : 0;
    case 9:
        memset(out, 'x', 244);
        return 244;
    default:
        return (size_t)snprintf(out, 32, "%c%c%zu", 'a' + (int)(i % 5), 'k' + (int)(i % 3), i);
    }
}

static struct model *model_make(uint32_t docs)
{
    struct model *m = calloc(1, sizeof *m);
    if (!m)
        exit(1);
    m->docs = docs;
    for (size_t i = 0; i < TERMS; i++) {
        char t[256];
        m->term_n[i] = model_hard_term(t, i);
        m->term[i] = malloc(m->term_n[i]);
        memcpy(m->term[i], t, m->term_n[i]);
    }
    model_sort_terms(m);
    for (uint32_t d = 0; d < docs; d++) {
        for (size_t t = 0; t < TERMS; t++) {
            uint64_t r = check_random();
            if (r % 100 < (t % 10 == 0 ? 95 : 8)) /* a few common terms */
                m->cells[d][t] = t % 4 == 1 ? 1 : 2 + (uint32_t)(r >> 32) % (t % 7 == 0 ? 60 : 3);
        }
        if (d % 17 == 5)
            memset(m->cells[d], 0, sizeof m->cells[d]); /* a document without terms */
        size_t n = d % 11 == 3 ? 0 : check_random() % DATA_MAX;
        for (size_t i = 0; i < n; i++)
            m->data[d][i] = d % 2 ? (char)check_random() : "{\"id\": \"a\"}"[i % 11];
        m->data_n[d] = n;
    }
    return m;
}

static void model_free(struct model *m)
{
    for (size_t i = 0; i < TERMS; i++)
        free(m->term[i]);
    free(m);
}

static uint32_t model_positions(uint32_t doc, size_t term, uint32_t wdf, uint32_t *out)
{
    uint32_t at = (doc * 7 + (uint32_t)term) % 5 + 1, h = doc * 31 + (uint32_t)term;
    for (uint32_t i = 0; i < wdf; i++) {
        out[i] = at;
        h = h * 1103515245 + 12345;
        at += 1 + (h >> 16) % (i % 3 == 2 ? 900 : 4);
    }
    return wdf;
}

static uint32_t model_length(const struct model *m, uint32_t doc)
{
    uint32_t n = 0;
    for (size_t t = 0; t < TERMS; t++)
        n += m->cells[doc][t] ? m->cells[doc][t] - 1 : 0;
    return n;
}

/* A new folder inside the test's folder. The path is the caller's to free. */
static char *fresh_dir(void)
{
    static unsigned count;
    char *path = malloc(PATH_MAX);
    snprintf(path, PATH_MAX, "%s/db%u", check_dir(), count++);
    if (mkdir(path, 0777) < 0)
        exit(1);
    return path;
}

static const unsigned char *fresh_uuid(void)
{
    static unsigned char uuid[ND_GLASS_UUID] = "glass-unit-test";
    uuid[12]++;
    if (!uuid[12])
        uuid[13]++;
    return uuid;
}

static bool is_file(const char *dir, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return access(path, F_OK) == 0;
}

static int ours_tables(struct nd_glass *g, const struct model *m, const uint32_t *pick, uint32_t n,
                       bool complete, struct nd_error *err)
{
    int rc = 0;
    uint32_t docids[DOCS], wdfs[DOCS], lengths[DOCS], pos[POSITIONS_MAX];
    for (uint32_t i = 0; !rc && i < n; i++) {
        struct nd_glass_term terms[TERMS];
        size_t k = 0;
        for (size_t t = 0; t < TERMS; t++)
            if (m->cells[pick[i]][t])
                terms[k++] = (struct nd_glass_term){m->term[t], (uint32_t)m->term_n[t],
                                                    m->cells[pick[i]][t] - 1};
        lengths[i] = model_length(m, pick[i]);
        rc = nd_glass_data(g, i + 1, m->data[pick[i]], m->data_n[pick[i]], err);
        if (!rc && complete)
            rc = nd_glass_termlist(g, i + 1, terms, k, lengths[i], err);
    }
    if (!rc)
        rc = nd_glass_lengths(g, lengths, n, err);
    if (!rc)
        rc = nd_glass_metadata(g, "language", 8, "en\0de", 5, err);
    for (size_t t = 0; !rc && t < TERMS; t++) {
        uint32_t k = 0;
        bool boolean = true;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t cell = m->cells[pick[i]][t];
            if (!cell)
                continue;
            docids[k] = i + 1;
            wdfs[k++] = cell - 1;
            boolean = boolean && cell == 1;
            if (!rc && complete)
                rc = nd_glass_positions(g, m->term[t], m->term_n[t], i + 1, pos,
                                        model_positions(pick[i], t, cell - 1, pos), err);
        }
        if (!rc)
            rc = nd_glass_postings(g, m->term[t], m->term_n[t], docids, boolean ? NULL : wdfs, k,
                                   err);
    }
    return rc;
}

/* Write the documents pick[0..n) of a model by our writer. */
static int write_ours(const char *dir, const struct model *m, const uint32_t *pick, uint32_t n,
                      const struct nd_glass_options *o, struct nd_glass_sizes *sizes)
{
    struct nd_error err = {0};
    struct nd_glass *g;
    int rc = nd_glass_open(&g, dir, o, &err);
    if (!rc)
        rc = ours_tables(g, m, pick, n, o && o->complete, &err);
    if (!rc)
        rc = nd_glass_finish(g, fresh_uuid(), sizes, &err);
    nd_glass_close(g);
    if (rc)
        printf("%s: %s\n", dir, err.msg);
    return rc;
}

/* Run a program of Xapian on a folder. Return: its status; 127 where it is not installed, then the
 * test counts as skipped unless it fails. */
static int run_tool(const char *tool, const char *dir, const char *more)
{
    char cmd[3 * PATH_MAX];
    snprintf(cmd, sizeof cmd, "%s '%s' %s >'%s.log' 2>&1", tool, dir, more, dir);
    int status = system(cmd);
    if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        snprintf(cmd, sizeof cmd, "%s is not installed", tool);
        check_skip(cmd);
        return 127;
    }
    if (status)
        printf("failed: %s\n", cmd);
    return status;
}

/* What Xapian's own checker says: 0 if it finds nothing wrong, or is not installed. */
static int checked(const char *dir)
{
    int status = run_tool("xapian-check", dir, "");
    return status == 127 ? 0 : status;
}

static void same_documents(struct xap_index *a, struct xap_index *b)
{
    struct nd_buf x, y;
    nd_buf_init(&x, 1 << 24);
    nd_buf_init(&y, 1 << 24);
    CHECK_INT(xap_doccount(a, 0), xap_doccount(b, 0));
    CHECK_INT(xap_last_docid(a, 0), xap_last_docid(b, 0));
    CHECK_INT(xap_total_length(a, 0), xap_total_length(b, 0));
    for (uint32_t d = 1; d <= xap_doccount(b, 0); d++) {
        uint32_t p = 1, q = 2;
        CHECK_INT(xap_doclen(&p, a, 0, d, NULL), 0);
        CHECK_INT(xap_doclen(&q, b, 0, d, NULL), 0);
        CHECK_INT(p, q);
        nd_buf_reset(&x);
        nd_buf_reset(&y);
        CHECK_INT(xap_data(&x, a, 0, d, NULL), 0);
        CHECK_INT(xap_data(&y, b, 0, d, NULL), 0);
        CHECK_MEM(x.data, x.len, y.data, y.len);
    }
    nd_buf_reset(&x);
    nd_buf_reset(&y);
    CHECK_INT(xap_metadata(&x, a, 0, "language", 8, NULL),
              xap_metadata(&y, b, 0, "language", 8, NULL));
    CHECK_MEM(x.data, x.len, y.data, y.len);
    nd_buf_free(&x);
    nd_buf_free(&y);
}

static void same_postings(struct xap_index *a, struct xap_index *b, struct nd_str term)
{
    struct xap_postings *p, *q;
    uint32_t tf[2], x, y;
    uint64_t cf[2];
    CHECK_INT(xap_term_stats(&tf[0], &cf[0], a, 0, term.p, term.n, NULL), 0);
    CHECK_INT(xap_term_stats(&tf[1], &cf[1], b, 0, term.p, term.n, NULL), 0);
    CHECK_INT(tf[0], tf[1]);
    CHECK_INT(cf[0], cf[1]);
    CHECK_INT(xap_postings_open(&p, a, 0, term.p, term.n, NULL), 0);
    CHECK_INT(xap_postings_open(&q, b, 0, term.p, term.n, NULL), 0);
    for (int rc = 0; p && q && !rc;) {
        x = y = 0;
        rc = xap_postings_next(p, &x, NULL);
        if (!CHECK_INT(xap_postings_next(q, &y, NULL), rc) || rc)
            break;
        if (!CHECK_INT(x, y) || !CHECK_INT(xap_postings_wdf(p), xap_postings_wdf(q)))
            break;
    }
    xap_postings_close(p);
    xap_postings_close(q);
}

/* Compare all that readers see of two databases. */
static void same_databases(const char *got, const char *want)
{
    struct xap_index *a = NULL, *b = NULL;
    struct xap_terms *s = NULL, *t = NULL;
    struct nd_error err = {0};
    if (CHECK_INT(xap_open(&a, &got, 1, &err), 0) && CHECK_INT(xap_open(&b, &want, 1, &err), 0)) {
        same_documents(a, b);
        CHECK_INT(xap_terms_open(&s, a, 0, NULL, 0, NULL), 0);
        CHECK_INT(xap_terms_open(&t, b, 0, NULL, 0, NULL), 0);
        while (s && t) {
            struct nd_str x, y;
            uint32_t f = 1, g = 2;
            int rc = xap_terms_next(s, &x, &f, NULL);
            if (!CHECK_INT(xap_terms_next(t, &y, &g, NULL), rc) || rc)
                break;
            CHECK_INT(f, g);
            if (!CHECK_MEM(x.p, x.n, y.p, y.n))
                break;
            same_postings(a, b, x);
        }
    }
    xap_terms_close(s);
    xap_terms_close(t);
    xap_close(a);
    xap_close(b);
}

/* The tag at a cursor as it was before compression. */
static void plain_tag(struct nd_buf *out, const struct nd_glass_cursor *c)
{
    enum {
        MOST = 1 << 20
    };
    nd_buf_reset(out);
    if (!c->compressed) {
        nd_buf_add(out, c->tag, c->tag_n);
        return;
    }
    z_stream z = {.next_in = (Bytef *)(uintptr_t)c->tag, .avail_in = (uInt)c->tag_n};
    CHECK_INT(nd_buf_room(out, MOST), 0);
    z.next_out = (Bytef *)out->data;
    z.avail_out = MOST;
    CHECK_INT(inflateInit2(&z, -15), Z_OK);
    CHECK_INT(inflate(&z, Z_FINISH), Z_STREAM_END);
    CHECK_INT(z.avail_in, 0);
    out->len = MOST - z.avail_out;
    inflateEnd(&z);
}

/* Compare every key and tag of a table. */
static void same_table(const char *got, const char *want, enum nd_glass_which which)
{
    struct nd_glass_db a, b;
    struct nd_glass_cursor x = {0}, y = {0};
    struct nd_error err = {0};
    struct nd_buf p, q;
    nd_buf_init(&p, 1 << 24);
    nd_buf_init(&q, 1 << 24);
    CHECK_INT(nd_glass_db_open(&a, got, &err), 0);
    CHECK_INT(nd_glass_db_open(&b, want, &err), 0);
    CHECK_INT(a.roots[which].entries, b.roots[which].entries);
    nd_glass_cursor_open(&x, &a, which);
    nd_glass_cursor_open(&y, &b, which);
    for (int rc = 0; !rc;) {
        rc = nd_glass_cursor_next(&x, &err);
        if (!CHECK_INT(nd_glass_cursor_next(&y, &err), rc) || !CHECK(rc == 0 || rc == ND_DONE) ||
            rc)
            break;
        plain_tag(&p, &x);
        plain_tag(&q, &y);
        if (!CHECK_MEM(x.key, x.key_n, y.key, y.key_n) || !CHECK_MEM(p.data, p.len, q.data, q.len))
            break;
    }
    nd_buf_free(&p);
    nd_buf_free(&q);
    nd_glass_cursor_close(&x);
    nd_glass_cursor_close(&y);
    nd_glass_db_close(&a);
    nd_glass_db_close(&b);
}

#endif
