/* What the Xapian shim costs: opening, walking a list, reading data, searching. Prints figures. */
#include "../unit/xap_fixture.h"

#include <time.h>

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void figures(void)
{
    char path[8][PATH];
    const char *paths[8];
    struct xap_index *ix = NULL;
    struct nd_error err = {0};
    uint32_t ids[256], wdfs[256];
    size_t got;
    enum {
        TURNS = 200
    };
    for (int s = 0; s < 8; s++) {
        struct xap_writer *w = NULL;
        snprintf(path[s], PATH, "%s/fig-%d", check_dir(), s);
        paths[s] = path[s];
        CHECK_INT(xap_writer_open(&w, path[s], XAP_WRITER_NO_TERMLIST, &err), 0);
        for (uint32_t d = 1; d <= 20000; d++)
            write_doc(w, d);
        CHECK_INT(xap_writer_commit(w, &err), 0);
        xap_writer_close(w);
    }
    for (size_t n = 1; n <= 8; n += 7) {
        double t0 = now_us();
        for (int i = 0; i < TURNS; i++) {
            CHECK_INT(xap_open(&ix, paths, n, &err), 0);
            xap_close(ix);
        }
        printf("  open and close %zu segments: %.0f us\n", n, (now_us() - t0) / TURNS);
    }
    CHECK_INT(xap_open(&ix, paths, 8, &err), 0);
    for (int with = 0; with < 2; with++) {
        double t0 = now_us();
        uint64_t n = 0;
        for (int i = 0; i < TURNS; i++) {
            struct xap_postings *p = NULL;
            CHECK_INT(xap_postings_open(&p, ix, (size_t)i % 8, "even", 4, &err), 0);
            while (xap_postings_fill(p, ids, with ? wdfs : NULL, 256, &got, &err) == 0)
                n += got;
            xap_postings_close(p);
        }
        printf("  fill %s wdf: %.1f ns a posting (%.0f a list)\n", with ? "with" : "without",
               (now_us() - t0) * 1e3 / (double)n, (double)n / TURNS);
    }
    double t0 = now_us();
    for (int i = 0; i < 20000; i++) {
        struct xap_postings *p = NULL;
        char q[16];
        int n = snprintf(q, sizeof q, "Q%d", i + 1);
        CHECK_INT(xap_postings_open(&p, ix, (size_t)i % 8, q, (size_t)n, &err), 0);
        xap_postings_close(p);
    }
    printf("  open and close a list: %.2f us\n", (now_us() - t0) / 20000);
    t0 = now_us();
    for (int i = 0; i < 20000; i++) {
        struct nd_buf b;
        nd_buf_init(&b, 1000);
        CHECK_INT(xap_data(&b, ix, (size_t)i % 8, (uint32_t)i % 20000 + 1, &err), 0);
        nd_buf_free(&b);
    }
    printf("  data of a document: %.2f us\n", (now_us() - t0) / 20000);
    for (int kind = 0; kind < 3; kind++) {
        struct xap_query *q = kind < 2 ? term("even") : op2(XAP_OR, term("even"), term("third"));
        struct xap_search_options o = XAP_SEARCH_DEFAULTS;
        struct xap_hits *h = NULL;
        uint64_t total = 0;
        o.unranked = kind == 1;
        t0 = now_us();
        for (int i = 0; i < 20; i++) {
            CHECK_INT(xap_search(&h, ix, q, 0, 10, &o, &err), 0);
            total += xap_hits_total(h);
            xap_hits_free(h);
        }
        printf("  search %s: %.1f ns a match\n",
               kind == 0   ? "term"
               : kind == 1 ? "unranked"
                           : "OR",
               (now_us() - t0) * 1e3 / (double)total);
        xap_q_free(q);
    }
    xap_close(ix);
}

int main(void)
{
    make_segments();
    RUN(figures);
    return check_done();
}
