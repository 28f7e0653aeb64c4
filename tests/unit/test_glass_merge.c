/* test_glass_merge.c: a merge equals a database written in one go, whatever is cut or deleted. */
#include "segment/glass_merge.h"

#include "glass_fixture.h"

enum {
    PARTS_MAX = 8
};

/* Spread the documents of a model over parts of uneven size, some of them empty, and merge. */
struct parts {
    char *dir[PARTS_MAX];
    unsigned char deleted[PARTS_MAX][DOCS / 8 + 1];
    struct nd_glass_input in[PARTS_MAX];
    uint32_t kept[DOCS], kept_n;
};

static void parts_make(struct parts *p, const struct model *m, size_t n, unsigned delete_percent,
                       bool complete)
{
    *p = (struct parts){0};
    struct nd_glass_options o = {.complete = complete};
    for (uint32_t i = 0, from = 0; i < n; i++) {
        uint32_t to = i + 1 == n ? m->docs : i == 2 ? from : (uint32_t)((i + 1) * m->docs / n - i);
        uint32_t pick[DOCS], k = 0;
        for (uint32_t d = from; d < to; d++) {
            bool gone = check_random() % 100 < delete_percent || (i == 1 && delete_percent);
            if (gone)
                p->deleted[i][k / 8] |= (unsigned char)(1u << k % 8);
            else
                p->kept[p->kept_n++] = d;
            pick[k++] = d;
        }
        from = to;
        p->dir[i] = fresh_dir();
        CHECK_INT(write_ours(p->dir[i], m, pick, k, &o, NULL), 0);
        p->in[i] = (struct nd_glass_input){p->dir[i], delete_percent ? p->deleted[i] : NULL, k};
    }
}

static void parts_free(struct parts *p)
{
    for (size_t i = 0; i < PARTS_MAX; i++)
        free(p->dir[i]);
}

static void same_merge(const struct model *m, size_t n, unsigned delete_percent, bool complete)
{
    struct parts p;
    struct nd_error err = {0};
    struct nd_glass_sizes sizes = {0}, want = {0};
    struct nd_glass_options o = {.complete = complete};
    char *merged = fresh_dir(), *whole = fresh_dir();
    parts_make(&p, m, n, delete_percent, complete);
    CHECK_INT(nd_glass_merge(merged, p.in, n, NULL, fresh_uuid(), &sizes, &err), 0);
    CHECK_STR(err.msg, "");
    CHECK_INT(write_ours(whole, m, p.kept, p.kept_n, &o, &want), 0);
    CHECK_INT(checked(merged), 0);
    CHECK_INT(sizes.documents, p.kept_n);
    CHECK_INT(sizes.terms, want.terms);
    CHECK(sizes.postlist <= want.postlist * 5 / 4); /* chunks are put together */
    same_databases(merged, whole);
    CHECK_INT(is_file(merged, "termlist.glass"), complete);
    for (int i = ND_GLASS_DOCDATA; i < ND_GLASS_TABLES; i++)
        same_table(merged, whole, i);
    struct nd_glass_db a, b;
    CHECK_INT(nd_glass_db_open(&a, merged, &err), 0);
    CHECK_INT(nd_glass_db_open(&b, whole, &err), 0);
    CHECK_INT(a.stats.length_min, b.stats.length_min);
    CHECK_INT(a.stats.length_max, b.stats.length_max);
    CHECK_INT(a.stats.length_sum, b.stats.length_sum);
    CHECK_INT(a.stats.wdf_max, b.stats.wdf_max);
    nd_glass_db_close(&a);
    nd_glass_db_close(&b);
    parts_free(&p);
    free(merged);
    free(whole);
}

static void glass_merge_equals_one_go(void)
{
    struct model *m = model_make(DOCS);
    for (int complete = 0; complete < 2; complete++)
        for (size_t n = 1; n <= PARTS_MAX; n = n == 1 ? 2 : n * 4)
            same_merge(m, n, 0, complete);
    model_free(m);
}

static void glass_merge_leaves_out_deleted_documents(void)
{
    struct model *m = model_make(DOCS);
    for (int complete = 0; complete < 2; complete++)
        for (size_t n = 1; n <= PARTS_MAX; n = n == 1 ? 2 : n * 4)
            same_merge(m, n, 20, complete);
    model_free(m);
}

static void glass_merge_of_nothing_is_empty(void)
{
    struct model *m = model_make(30);
    char *none = fresh_dir(), *gone = fresh_dir();
    struct parts p;
    struct nd_glass_sizes sizes = {.documents = 1};
    CHECK_INT(nd_glass_merge(none, NULL, 0, NULL, fresh_uuid(), &sizes, NULL), 0);
    CHECK_INT(sizes.documents, 0);
    CHECK_INT(checked(none), 0);
    parts_make(&p, m, 2, 100, true);
    CHECK_INT(nd_glass_merge(gone, p.in, 2, NULL, fresh_uuid(), &sizes, NULL), 0);
    CHECK_INT(sizes.documents, 0);
    CHECK_INT(sizes.terms, 0);
    CHECK_INT(checked(gone), 0);
    parts_free(&p);
    free(none);
    free(gone);
    model_free(m);
}

/* Lists of many chunks, beyond docids of two bytes, with one document deleted and with none. */
static void glass_merge_joins_long_lists(void)
{
    enum {
        N = 40000
    };
    char *dirs[2] = {fresh_dir(), fresh_dir()};
    uint32_t *docids = malloc(N * sizeof *docids), *wdfs = malloc(N * sizeof *wdfs);
    for (uint32_t i = 0; i < N; i++) {
        docids[i] = i + 1;
        wdfs[i] = i % 300;
    }
    for (int i = 0; i < 2; i++) {
        struct nd_glass *g;
        CHECK_INT(nd_glass_open(&g, dirs[i], NULL, NULL), 0);
        CHECK_INT(nd_glass_lengths(g, wdfs, N, NULL), 0);
        CHECK_INT(nd_glass_postings(g, "all", 3, docids, wdfs, N, NULL), 0);
        CHECK_INT(nd_glass_finish(g, fresh_uuid(), NULL, NULL), 0);
        nd_glass_close(g);
    }
    for (uint32_t gone = 0; gone < 2; gone++) {
        const unsigned char bit0 = 1;
        struct nd_glass_input in[2] = {{dirs[0], &bit0, gone}, {dirs[1], NULL, 0}};
        char *out = fresh_dir();
        const char *path = out;
        CHECK_INT(nd_glass_merge(out, in, 2, NULL, fresh_uuid(), NULL, NULL), 0);
        CHECK_INT(checked(out), 0);
        struct xap_index *ix = NULL;
        struct xap_postings *p = NULL;
        CHECK_INT(xap_open(&ix, &path, 1, NULL), 0);
        CHECK_INT(xap_last_docid(ix, 0), 2 * N - gone);
        CHECK_INT(xap_postings_open(&p, ix, 0, "all", 3, NULL), 0);
        bool good = true;
        uint32_t docid, n = 0;
        while (p && xap_postings_next(p, &docid, NULL) == 0) {
            n++;
            good = good && docid == n && xap_postings_wdf(p) == wdfs[(n - 1 + gone) % N];
        }
        CHECK(good);
        CHECK_INT(n, 2 * N - gone);
        xap_postings_close(p);
        xap_close(ix);
        free(out);
    }
    free(dirs[0]);
    free(dirs[1]);
    free(docids);
    free(wdfs);
}

/* A table that only some inputs have is not written in halves. */
static void glass_merge_drops_incomplete_term_lists(void)
{
    struct model *m = model_make(20);
    struct parts a, b;
    char *out = fresh_dir();
    parts_make(&a, m, 1, 0, true);
    parts_make(&b, m, 1, 0, false);
    struct nd_glass_input in[2] = {a.in[0], b.in[0]};
    CHECK_INT(nd_glass_merge(out, in, 2, NULL, fresh_uuid(), NULL, NULL), 0);
    CHECK(!is_file(out, "termlist.glass"));
    CHECK_INT(checked(out), 0);
    parts_free(&a);
    parts_free(&b);
    free(out);
    model_free(m);
}

/* Overwrite a file of a folder. */
static void store(const char *dir, const char *name, const void *p, size_t n)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    if (CHECK(f != NULL)) {
        CHECK_INT(fwrite(p, 1, n, f), n);
        fclose(f);
    }
}

static void load(struct nd_buf *out, const char *dir, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    CHECK_INT(nd_file_read(out, path, NULL), 0);
}

static void try_damaged(const struct nd_glass_input *in, size_t n, unsigned *refused,
                        unsigned *taken)
{
    struct nd_error err = {0};
    char *out = fresh_dir();
    int rc = nd_glass_merge(out, in, n, NULL, fresh_uuid(), NULL, &err);
    CHECK(rc == 0 || rc == ND_CORRUPT || rc == ND_VERSION || rc == ND_LIMIT);
    if (rc && rc != ND_CORRUPT && rc != ND_VERSION && rc != ND_LIMIT)
        printf("%d %s\n", rc, err.msg);
    if (rc) {
        ++*refused;
        CHECK(err.msg[0] != '\0');
        CHECK_INT(rmdir(out), 0); /* nothing is left */
    } else {
        ++*taken;
        char path[PATH_MAX];
        static const char *const names[] = {"iamglass", "postlist.glass", "docdata.glass",
                                            "termlist.glass", "position.glass"};
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            snprintf(path, sizeof path, "%s/%s", out, names[i]);
            unlink(path);
        }
        rmdir(out);
    }
    free(out);
}

/* Bytes of one file of an input are changed: the merge refuses, or makes something, and never
 * breaks. */
static void damage(const char *name, unsigned rounds)
{
    struct model *m = model_make(60);
    struct parts p;
    struct nd_buf good, bad;
    unsigned refused = 0, taken = 0;
    nd_buf_init(&good, 1 << 24);
    nd_buf_init(&bad, 1 << 24);
    parts_make(&p, m, 2, 0, true);
    p.deleted[1][0] = 2;
    load(&good, p.dir[1], name);
    for (unsigned i = 0; i < rounds; i++) {
        p.in[1].deleted = i % 2 ? p.deleted[1] : NULL; /* copied, decoded */
        nd_buf_reset(&bad);
        nd_buf_add(&bad, good.data, good.len);
        if (i % 8 == 7) {
            bad.len = check_random() % good.len;
        } else {
            for (unsigned k = 0; k <= i % 3; k++) {
                size_t at = check_random() % good.len;
                if (i % 4 == 1) /* heads of blocks, directories */
                    at = at / 8192 * 8192 + at % 40;
                if (at < good.len)
                    bad.data[at] =
                        (char)(i % 5 ? (int)(check_random() & 0xff) : bad.data[at] ^ 1 << i % 8);
            }
        }
        store(p.dir[1], name, bad.data, bad.len);
        try_damaged(p.in, 2, &refused, &taken);
    }
    CHECK_INT(refused + taken, rounds);
    CHECK(refused > 0);
    store(p.dir[1], name, good.data, good.len);
    p.in[1].deleted = NULL;
    unsigned before = taken;
    try_damaged(p.in, 2, &refused, &taken);
    CHECK_INT(taken, before + 1);
    nd_buf_free(&good);
    nd_buf_free(&bad);
    parts_free(&p);
    model_free(m);
}

static void glass_merge_survives_a_damaged_version_file(void)
{
    damage("iamglass", 80);
}

static void glass_merge_survives_damaged_posting_lists(void)
{
    damage("postlist.glass", 120);
}

static void glass_merge_survives_damaged_data(void)
{
    damage("docdata.glass", 40);
    damage("termlist.glass", 40);
    damage("position.glass", 40);
}

static void glass_merge_tells_of_missing_files(void)
{
    struct model *m = model_make(20);
    struct parts p;
    struct nd_error err = {0};
    char *out = fresh_dir(), path[PATH_MAX];
    parts_make(&p, m, 2, 0, false);
    snprintf(path, sizeof path, "%s/docdata.glass", p.dir[1]);
    CHECK_INT(unlink(path), 0);
    CHECK_INT(nd_glass_merge(out, p.in, 2, NULL, fresh_uuid(), NULL, &err), ND_MISSING);
    snprintf(path, sizeof path, "%s/iamglass", p.dir[0]);
    CHECK_INT(unlink(path), 0);
    CHECK_INT(nd_glass_merge(out, p.in, 2, NULL, fresh_uuid(), NULL, &err), ND_MISSING);
    CHECK_INT(rmdir(out), 0);
    parts_free(&p);
    free(out);
    model_free(m);
}

int main(void)
{
    RUN(glass_merge_equals_one_go);
    RUN(glass_merge_leaves_out_deleted_documents);
    RUN(glass_merge_of_nothing_is_empty);
    RUN(glass_merge_joins_long_lists);
    RUN(glass_merge_drops_incomplete_term_lists);
    RUN(glass_merge_survives_a_damaged_version_file);
    RUN(glass_merge_survives_damaged_posting_lists);
    RUN(glass_merge_survives_damaged_data);
    RUN(glass_merge_tells_of_missing_files);
    return check_done();
}
