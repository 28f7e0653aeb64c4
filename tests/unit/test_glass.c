/* test_glass.c: databases written from below are what libxapian writes, as far as a reader can
 * see. */
#include "glass_fixture.h"

static void write_stock(const char *dir, const struct model *m)
{
    struct nd_error err = {0};
    struct xap_writer *w;
    uint32_t pos[POSITIONS_MAX];
    int rc = xap_writer_open(&w, dir, XAP_WRITER_OVERWRITE, &err);
    for (uint32_t d = 0; !rc && d < m->docs; d++) {
        for (size_t t = 0; !rc && t < TERMS; t++) {
            uint32_t cell = m->cells[d][t];
            uint32_t k = cell > 1 ? model_positions(d, t, cell - 1, pos) : 0;
            if (cell == 1)
                rc = xap_writer_term(w, m->term[t], m->term_n[t], 0, &err);
            for (uint32_t i = 0; !rc && i < k; i++)
                rc = xap_writer_posting(w, m->term[t], m->term_n[t], pos[i], 1, &err);
        }
        if (!rc)
            rc = xap_writer_data(w, m->data[d], m->data_n[d], &err);
        if (!rc)
            rc = xap_writer_add(w, NULL, &err);
    }
    if (!rc)
        rc = xap_writer_metadata(w, "language", 8, "en\0de", 5, &err);
    if (!rc)
        rc = xap_writer_commit(w, &err);
    xap_writer_close(w);
    if (!CHECK_INT(rc, 0))
        printf("%s\n", err.msg);
}

static void glass_equals_what_libxapian_writes(void)
{
    struct model *m = model_make(DOCS);
    uint32_t pick[DOCS];
    for (uint32_t i = 0; i < DOCS; i++)
        pick[i] = i;
    char *stock = fresh_dir(), *lean = fresh_dir(), *full = fresh_dir();
    struct nd_glass_options o = {.complete = true};
    struct nd_glass_sizes sizes = {0};
    write_stock(stock, m);
    CHECK_INT(write_ours(lean, m, pick, DOCS, NULL, &sizes), 0);
    CHECK_INT(sizes.termlist + sizes.position, 0);
    CHECK_INT(sizes.documents, DOCS);
    CHECK_INT(sizes.terms, TERMS);
    CHECK(sizes.postlist > 0 && sizes.docdata > 0 && sizes.version > 0);
    CHECK_INT(write_ours(full, m, pick, DOCS, &o, &sizes), 0);
    CHECK(sizes.termlist > 0 && sizes.position > 0);
    CHECK_INT(checked(lean), 0);
    CHECK_INT(checked(full), 0);
    same_databases(lean, stock);
    same_databases(full, stock);
    char *compact = fresh_dir(); /* has its leaves in order, as our reader wants them */
    if (run_tool("xapian-compact", stock, compact) == 0)
        for (int i = ND_GLASS_DOCDATA; i < ND_GLASS_TABLES; i++)
            same_table(full, compact, i);
    free(compact);
    free(stock);
    free(lean);
    free(full);
    model_free(m);
}

/* The smallest blocks make the deepest trees and split every chunk. */
static void glass_takes_every_block_size(void)
{
    struct model *m = model_make(DOCS);
    uint32_t pick[DOCS];
    for (uint32_t i = 0; i < DOCS; i++)
        pick[i] = i;
    char *first = fresh_dir();
    struct nd_glass_options o = {.complete = true, .block_size = ND_GLASS_BLOCK_MIN};
    CHECK_INT(write_ours(first, m, pick, DOCS, &o, NULL), 0);
    CHECK_INT(checked(first), 0);
    for (o.block_size = 4096; o.block_size <= ND_GLASS_BLOCK_MAX; o.block_size *= 2) {
        char *dir = fresh_dir();
        CHECK_INT(write_ours(dir, m, pick, DOCS, &o, NULL), 0);
        CHECK_INT(checked(dir), 0);
        same_databases(dir, first);
        for (int i = 0; i < ND_GLASS_TABLES; i++)
            same_table(dir, first, i);
        free(dir);
    }
    struct nd_glass *g;
    o.block_size = 3000;
    CHECK_INT(nd_glass_open(&g, first, &o, NULL), ND_INTERNAL);
    CHECK(g == NULL);
    free(first);
    model_free(m);
}

static void glass_writes_none_and_one_document(void)
{
    struct model *m = model_make(1);
    uint32_t pick[1] = {0};
    for (int complete = 0; complete < 2; complete++)
        for (uint32_t n = 0; n < 2; n++) {
            char *dir = fresh_dir();
            const char *path = dir;
            struct nd_glass_options o = {.complete = complete};
            CHECK_INT(write_ours(dir, m, pick, n, &o, NULL), 0);
            CHECK_INT(checked(dir), 0);
            CHECK_INT(is_file(dir, "termlist.glass"), complete);
            struct xap_index *ix = NULL;
            CHECK_INT(xap_open(&ix, &path, 1, NULL), 0);
            CHECK_INT(xap_doccount(ix, 0), n);
            xap_close(ix);
            free(dir);
        }
    char *dir = fresh_dir();
    struct nd_glass *g;
    CHECK_INT(nd_glass_open(&g, dir, NULL, NULL), 0);
    CHECK_INT(nd_glass_finish(g, fresh_uuid(), NULL, NULL), 0);
    nd_glass_close(g);
    CHECK_INT(checked(dir), 0);
    free(dir);
    model_free(m);
}

/* A posting list of many chunks, docids of 2 and 3 bytes in keys, and the edges of chunks. */
static void glass_holds_seventy_thousand_postings(void)
{
    enum {
        N = 70000
    };
    char *dir = fresh_dir();
    const char *path = dir;
    uint32_t *docids = malloc(N * sizeof *docids), *wdfs = malloc(N * sizeof *wdfs);
    uint32_t *got = malloc(N * sizeof *got), *got_wdf = malloc(N * sizeof *got_wdf);
    for (uint32_t i = 0; i < N; i++) {
        docids[i] = i + 1;
        wdfs[i] = i % 1000 == 0 ? 70000 : i % 200;
    }
    struct nd_glass *g;
    struct nd_error err = {0};
    CHECK_INT(nd_glass_open(&g, dir, NULL, &err), 0);
    CHECK_INT(nd_glass_lengths(g, wdfs, N, &err), 0);
    CHECK_INT(nd_glass_postings(g, "all", 3, docids, wdfs, N, &err), 0);
    CHECK_INT(nd_glass_postings(g, "last", 4, docids + N - 1, NULL, 1, &err), 0);
    CHECK_INT(nd_glass_finish(g, fresh_uuid(), NULL, &err), 0);
    nd_glass_close(g);
    CHECK_INT(checked(dir), 0);
    struct xap_index *ix = NULL;
    struct xap_postings *p = NULL;
    size_t n = 0, total = 0;
    CHECK_INT(xap_open(&ix, &path, 1, &err), 0);
    CHECK_INT(xap_postings_open(&p, ix, 0, "all", 3, &err), 0);
    while (total < N &&
           xap_postings_fill(p, got + total, got_wdf + total, N - total, &n, &err) == 0)
        total += n;
    CHECK_INT(total, N);
    CHECK(memcmp(got, docids, N * sizeof *got) == 0);
    CHECK(memcmp(got_wdf, wdfs, N * sizeof *got_wdf) == 0);
    xap_postings_close(p);
    uint32_t docid = 0;
    CHECK_INT(xap_postings_open(&p, ix, 0, "all", 3, &err), 0);
    CHECK_INT(xap_postings_skip(p, 40000, &docid, &err), 0);
    CHECK_INT(docid, 40000);
    xap_postings_close(p);
    CHECK_INT(xap_doclen(&docid, ix, 0, N - 999, &err), 0);
    CHECK_INT(docid, wdfs[N - 1000]);
    xap_close(ix);
    free(docids);
    free(wdfs);
    free(got);
    free(got_wdf);
    free(dir);
}

/* Tags of several blocks, compressible and not, and around the sizes where the encoding changes. */
static void glass_keeps_tags_of_any_length(void)
{
    static const size_t sizes[] = {1,    17,   18,   19,   20,    8000,  8150,
                                   8179, 8180, 8194, 8195, 16000, 65535, 300000};
    enum {
        N = sizeof sizes / sizeof *sizes,
        TOP = 300000
    };
    for (uint32_t block = 2048; block <= 65536; block *= 32) {
        char *dir = fresh_dir();
        const char *path = dir;
        char *noise = malloc(TOP), *plain = malloc(TOP);
        for (size_t i = 0; i < TOP; i++) {
            noise[i] = (char)check_random();
            plain[i] = "news "[i % 5];
        }
        uint32_t lengths[2 * N] = {0};
        struct nd_glass_options o = {.block_size = block};
        struct nd_glass *g;
        CHECK_INT(nd_glass_open(&g, dir, &o, NULL), 0);
        for (uint32_t i = 0; i < N; i++) {
            CHECK_INT(nd_glass_data(g, 2 * i + 1, noise, sizes[i], NULL), 0);
            CHECK_INT(nd_glass_data(g, 2 * i + 2, plain, sizes[i], NULL), 0);
        }
        CHECK_INT(nd_glass_lengths(g, lengths, 2 * N, NULL), 0);
        CHECK_INT(nd_glass_metadata(g, "big", 3, noise, TOP, NULL), 0);
        CHECK_INT(nd_glass_finish(g, fresh_uuid(), NULL, NULL), 0);
        nd_glass_close(g);
        CHECK_INT(checked(dir), 0);
        struct xap_index *ix = NULL;
        struct nd_buf got;
        nd_buf_init(&got, 1 << 24);
        CHECK_INT(xap_open(&ix, &path, 1, NULL), 0);
        for (uint32_t i = 0; i < 2 * N; i++) {
            nd_buf_reset(&got);
            CHECK_INT(xap_data(&got, ix, 0, i + 1, NULL), 0);
            CHECK_INT(got.len, sizes[i / 2]);
            CHECK(got.len == sizes[i / 2] && memcmp(got.data, i % 2 ? plain : noise, got.len) == 0);
        }
        nd_buf_reset(&got);
        CHECK_INT(xap_metadata(&got, ix, 0, "big", 3, NULL), 0);
        CHECK(got.len == TOP && memcmp(got.data, noise, TOP) == 0);
        nd_buf_free(&got);
        xap_close(ix);
        free(noise);
        free(plain);
        free(dir);
    }
}

/* The docids at which their form in a key grows. */
static void glass_docid_keys_sort_as_numbers(void)
{
    static const uint32_t edges[] = {1,        0x7fff,         0x8000,   (1u << 22) - 1,
                                     1u << 22, (1u << 29) - 1, 1u << 29, UINT32_MAX};
    unsigned char last[8] = {0}, key[8];
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        uint32_t back = 0;
        memset(key, 0, sizeof key);
        size_t n = nd_glass_put_docid(key, edges[i]);
        CHECK_INT(nd_glass_get_docid(key, n, &back), n);
        CHECK_INT(back, edges[i]);
        CHECK_INT(nd_glass_get_docid(key, n - 1, &back), 0);
        CHECK(key[0] != 0xff && memcmp(last, key, sizeof key) < 0);
        memcpy(last, key, sizeof key);
    }
    CHECK_INT(nd_glass_get_docid((const unsigned char *)"\x80\x00\x05", 3, &(uint32_t){0}), 0);
}

enum mistake {
    LONG_TERM,
    NUL_TERM,
    EMPTY_TERM,
    UNSORTED_TERMS,
    UNSORTED_DOCIDS,
    DOCID_BEYOND,
    UNSORTED_DATA,
    LATE_METADATA,
    DATA_BEYOND,
    LEAN_TERMLIST,
    HUGE_SUM,
    MISTAKES
};

static int make_mistake(struct nd_glass *g, enum mistake what)
{
    static const uint32_t docids[] = {1, 2, 2, 9}, huge[] = {UINT32_MAX, 1};
    char term[256];
    memset(term, what == NUL_TERM ? 0 : 'x', sizeof term);
    switch (what) {
    case LONG_TERM:
        return nd_glass_postings(g, term, 246, docids, NULL, 1, NULL);
    case NUL_TERM:
        return nd_glass_postings(g, term, 123, docids, NULL, 1, NULL);
    case EMPTY_TERM:
        return nd_glass_postings(g, term, 0, docids, NULL, 1, NULL);
    case UNSORTED_TERMS:
        CHECK_INT(nd_glass_postings(g, "b", 1, docids, NULL, 2, NULL), 0);
        return nd_glass_postings(g, "a", 1, docids, NULL, 2, NULL);
    case UNSORTED_DOCIDS:
        return nd_glass_postings(g, "a", 1, docids, NULL, 3, NULL);
    case DOCID_BEYOND:
        return nd_glass_postings(g, "a", 1, docids + 3, NULL, 1, NULL);
    case UNSORTED_DATA:
        CHECK_INT(nd_glass_data(g, 2, "b", 1, NULL), 0);
        return nd_glass_data(g, 2, "a", 1, NULL);
    case LATE_METADATA:
        CHECK_INT(nd_glass_postings(g, "b", 1, docids, NULL, 2, NULL), 0);
        return nd_glass_metadata(g, "k", 1, "v", 1, NULL);
    case DATA_BEYOND:
        return nd_glass_data(g, 4, "a", 1, NULL); /* finish finds it */
    case LEAN_TERMLIST:
        return nd_glass_termlist(g, 1, NULL, 0, 0, NULL);
    case HUGE_SUM:
        return nd_glass_postings(g, "a", 1, docids, huge, 2, NULL);
    case MISTAKES:
        break;
    }
    return 0;
}

/* A caller's mistake is refused, there, and the folder is as it was. */
static void glass_refuses_what_is_out_of_order(void)
{
    for (enum mistake what = 0; what < MISTAKES; what++) {
        static const uint32_t lengths[3] = {1, 1, 1};
        char *dir = fresh_dir();
        struct nd_glass *g;
        struct nd_error err = {0};
        CHECK_INT(nd_glass_open(&g, dir, NULL, &err), 0);
        CHECK_INT(nd_glass_lengths(g, lengths, 3, &err), 0);
        int want = what == HUGE_SUM ? ND_LIMIT : what == DATA_BEYOND ? 0 : ND_INTERNAL;
        CHECK_INT(make_mistake(g, what), want);
        CHECK_INT(nd_glass_finish(g, fresh_uuid(), NULL, &err), ND_INTERNAL);
        CHECK(err.msg[0] != '\0');
        nd_glass_close(g);
        CHECK_INT(rmdir(dir), 0);
        free(dir);
    }
}

static void glass_term_lists_are_checked(void)
{
    static const struct nd_glass_term good[] = {{"a", 1, 3}, {"ab", 2, 200}, {"b", 1, 0}};
    static const struct nd_glass_term bad[] = {{"b", 1, 3}, {"a", 1, 1}};
    static const uint32_t falling[] = {3, 3};
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    CHECK_INT(nd_glass_put_termlist(&out, good, 3, 203, NULL), 0);
    CHECK_MEM(out.data, out.len,
              "\xcb\x01\x03\x01"
              "a\x03\x01\x01"
              "b\xc8\x01\x03\x01"
              "b",
              14);
    CHECK_INT(nd_glass_put_termlist(&out, good, 3, 204, NULL), ND_INTERNAL);
    CHECK_INT(nd_glass_put_termlist(&out, bad, 2, 4, NULL), ND_INTERNAL);
    CHECK_INT(nd_glass_put_termlist(&out, NULL, 0, 0, NULL), 0);
    CHECK_INT(out.len, 0);
    CHECK_INT(nd_glass_put_positions(&out, falling, 2, NULL), ND_INTERNAL);
    CHECK_INT(nd_glass_put_positions(&out, falling, 0, NULL), ND_INTERNAL);
    CHECK_INT(nd_glass_put_positions(&out, falling, 1, NULL), 0);
    CHECK_MEM(out.data, out.len, "\x03", 1);
    nd_buf_free(&out);
}

int main(void)
{
    RUN(glass_equals_what_libxapian_writes);
    RUN(glass_takes_every_block_size);
    RUN(glass_writes_none_and_one_document);
    RUN(glass_holds_seventy_thousand_postings);
    RUN(glass_keeps_tags_of_any_length);
    RUN(glass_docid_keys_sort_as_numbers);
    RUN(glass_refuses_what_is_out_of_order);
    RUN(glass_term_lists_are_checked);
    return check_done();
}
