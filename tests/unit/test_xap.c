/* Xapian shim: opening, counts, documents, posting lists, term dictionaries; and hostile input. */
#include "xap_fixture.h"

#include "base/buf.h"
#include "base/file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- reading -------------------------------------------------------------------------------- */

static void open_counts_and_uuids(void)
{
    struct xap_index *ix = open_first(SEGS);
    char u[SEGS][XAP_UUID_SIZE];
    uint64_t length = 0;
    uint32_t len = 0;
    struct nd_error err = {0};
    CHECK_INT(xap_segments(ix), 3);
    CHECK_INT(xap_doccount(ix, XAP_ALL), ALL_DOCS);
    CHECK_INT(xap_last_docid(ix, XAP_ALL), 5000);
    for (size_t s = 0; s < SEGS; s++) {
        CHECK_INT(xap_doccount(ix, s), sizes[s]);
        CHECK_INT(xap_last_docid(ix, s), sizes[s]);
        length += xap_total_length(ix, s);
        xap_uuid(ix, s, u[s]);
        CHECK_INT(strlen(u[s]), 36);
    }
    CHECK(strcmp(u[0], u[1]) != 0 && strcmp(u[1], u[2]) != 0);
    CHECK_INT(xap_total_length(ix, XAP_ALL), length);
    /* document 8 of segment 1 is number 9: all x5, third x2, Q9 x0; 9 % 7 != 1 */
    CHECK_INT(xap_doclen(&len, ix, 1, 8, &err), 0);
    CHECK_INT(len, 7);
    CHECK_INT(xap_doclen(&len, ix, 1, 51, &err), ND_MISSING);
    CHECK(strstr(err.msg, seg_path[1]) != NULL);
    CHECK_INT(xap_doclen(&len, ix, 1, 0, &err), ND_MISSING);
    CHECK_INT(xap_doclen(&len, ix, 3, 1, &err), ND_INTERNAL);
    CHECK_INT(xap_doccount(ix, 3), 0);
    xap_uuid(ix, 3, u[0]);
    CHECK_STR(u[0], "");
    CHECK_STR(xap_version(), "1.4.22");
    xap_close(ix);
}

static void data_and_metadata_are_exact_bytes(void)
{
    struct xap_index *ix = open_first(SEGS);
    struct nd_buf b;
    struct nd_error err = {0};
    nd_buf_init(&b, 16);
    CHECK_INT(xap_data(&b, ix, 2, 5000, &err), 0);
    CHECK_MEM(b.data, b.len, "doc 5051", 9);
    CHECK_INT(xap_data(&b, ix, 2, 5000, &err), ND_LIMIT);
    nd_buf_reset(&b);
    CHECK_INT(xap_data(&b, ix, 2, 5001, &err), ND_MISSING);
    CHECK_INT(xap_metadata(&b, ix, 1, "who", 3, &err), 0);
    CHECK_MEM(b.data, b.len, "seg\0x", 5);
    CHECK_INT(xap_metadata(&b, ix, 1, "other", 5, &err), ND_DONE);
    CHECK_INT(xap_metadata(&b, ix, 1, "", 0, &err), ND_DONE);
    CHECK_INT(xap_metadata(&b, ix, 9, "who", 3, &err), ND_INTERNAL);
    nd_buf_free(&b);
    xap_close(ix);
}

static void termfreq_per_segment_and_all(void)
{
    struct xap_index *ix = open_first(SEGS);
    uint32_t f = 9;
    uint64_t c = 9;
    char longest[400];
    struct nd_error err = {0};
    memset(longest, 'x', sizeof longest);
    CHECK_INT(xap_termfreq(ix, 2, "all", 3), 5000);
    CHECK_INT(xap_termfreq(ix, XAP_ALL, "all", 3), ALL_DOCS);
    CHECK_INT(xap_term_stats(&f, &c, ix, XAP_ALL, "third", 5, &err), 0);
    CHECK_INT(f, ALL_DOCS / 3);
    CHECK_INT(c, ALL_DOCS / 3 * 2);
    CHECK_INT(xap_term_stats(&f, NULL, ix, 0, "even", 4, &err), 0);
    CHECK_INT(f, 0);
    CHECK_INT(xap_termfreq(ix, 0, "n\0l", 3), 1);
    CHECK_INT(xap_termfreq(ix, 0, "n", 1), 0);
    CHECK_INT(xap_termfreq(ix, 0, "", 0), 0);
    CHECK_INT(xap_termfreq(ix, 2, longest, sizeof longest), 0);
    CHECK_INT(xap_termfreq(ix, 2, longest, XAP_TERM_MAX), 0);
    CHECK_INT(xap_term_stats(&f, NULL, ix, 7, "even", 4, &err), ND_INTERNAL);
    xap_close(ix);
}

static void postings_next_skip_fill(void)
{
    struct xap_index *ix = open_first(SEGS);
    struct xap_postings *p = NULL;
    struct nd_error err = {0};
    uint32_t d = 0, ids[700], wdfs[700], total = 0, wrong = 0;
    size_t got = 0;
    int rc;
    CHECK_INT(xap_postings_open(&p, ix, 0, "even", 4, &err), ND_DONE);
    CHECK(p == NULL);
    CHECK_INT(xap_postings_open(&p, ix, 2, "", 0, &err), ND_DONE);
    CHECK_INT(xap_postings_open(&p, ix, 5, "even", 4, &err), ND_INTERNAL);
    CHECK_INT(xap_postings_open(&p, ix, 2, "third", 5, &err), 0);
    CHECK_INT(xap_postings_freq(p), 1666);
    CHECK_INT(xap_postings_wdf(p), 0);
    CHECK_INT(xap_postings_next(p, &d, &err), 0);
    CHECK_INT(d, 3); /* number 54 */
    CHECK_INT(xap_postings_wdf(p), 2);
    CHECK_INT(xap_postings_skip(p, 2, &d, &err), 0); /* never back */
    CHECK_INT(d, 3);
    CHECK_INT(xap_postings_skip(p, 1000, &d, &err), 0);
    CHECK_INT(number_of(2, d) % 3, 0);
    CHECK_INT(d, 1002);
    CHECK_INT(xap_postings_fill(p, ids, wdfs, 2, &got, &err), 0);
    CHECK_INT(got, 2);
    CHECK_INT(ids[0], 1005);
    CHECK_INT(ids[1], 1008);
    CHECK_INT(xap_postings_wdf(p), 2);
    CHECK_INT(xap_postings_next(p, &d, &err), 0);
    CHECK_INT(d, 1011);
    CHECK_INT(xap_postings_skip(p, 4997, &d, &err), 0);
    CHECK_INT(d, 4998);
    CHECK_INT(xap_postings_skip(p, UINT32_MAX, &d, &err), ND_DONE);
    CHECK_INT(xap_postings_next(p, &d, &err), ND_DONE);
    CHECK_INT(xap_postings_skip(p, 1, &d, &err), ND_DONE);
    CHECK_INT(xap_postings_fill(p, ids, NULL, 2, &got, &err), ND_DONE);
    xap_postings_close(p);

    CHECK_INT(xap_postings_open(&p, ix, 2, "all", 3, &err), 0);
    while ((rc = xap_postings_fill(p, ids, wdfs, 700, &got, &err)) == 0)
        for (size_t i = 0; i < got; i++) {
            total++;
            wrong += ids[i] != total || wdfs[i] != 1 + number_of(2, total) % 5;
        }
    CHECK_INT(rc, ND_DONE);
    CHECK_INT(got, 0);
    CHECK_INT(total, 5000);
    CHECK_INT(wrong, 0);
    xap_postings_close(p);

    CHECK_INT(xap_postings_open(&p, ix, 1, "all", 3, &err), 0);
    CHECK_INT(xap_postings_skip(p, 50, &d, &err), 0); /* as the first move */
    CHECK_INT(d, 50);
    xap_postings_close(p);
    CHECK_INT(xap_postings_all(&p, ix, 1, &err), 0);
    CHECK_INT(xap_postings_freq(p), 50);
    CHECK_INT(xap_postings_fill(p, ids, NULL, 700, &got, &err), 0);
    CHECK_INT(got, 50);
    xap_close(ix); /* a list may outlive its index */
    CHECK_INT(xap_postings_next(p, &d, &err), ND_DONE);
    xap_postings_close(p);
}

static void terms_next_skip_prefix(void)
{
    struct xap_index *ix = open_first(SEGS);
    struct xap_terms *t = NULL;
    struct nd_str s;
    uint32_t f = 0, n = 0;
    char longest[400];
    struct nd_error err = {0};
    memset(longest, 'Q', sizeof longest);
    CHECK_INT(xap_terms_open(&t, ix, XAP_ALL, NULL, 0, &err), 0);
    CHECK_INT(xap_terms_skip(t, "a", 1, &s, &f, &err), 0);
    CHECK_MEM(s.p, s.n, "all", 3);
    CHECK_INT(f, ALL_DOCS);
    CHECK_INT(xap_terms_skip(t, "a", 1, &s, &f, &err), 0); /* never back */
    CHECK_MEM(s.p, s.n, "all", 3);
    CHECK_INT(f, ALL_DOCS);
    CHECK_INT(xap_terms_next(t, &s, &f, &err), 0);
    CHECK_MEM(s.p, s.n, "even", 4);
    CHECK_INT(xap_terms_next(t, &s, &f, &err), 0);
    CHECK_MEM(s.p, s.n, "n\0l", 3);
    CHECK_INT(xap_terms_next(t, &s, &f, &err), 0);
    CHECK_MEM(s.p, s.n, "third", 5);
    CHECK_INT(f, ALL_DOCS / 3);
    CHECK_INT(xap_terms_next(t, &s, &f, &err), ND_DONE);
    CHECK_INT(xap_terms_next(t, &s, &f, &err), ND_DONE);
    CHECK_INT(xap_terms_skip(t, "a", 1, &s, &f, &err), ND_DONE);
    xap_terms_close(t);

    CHECK_INT(xap_terms_open(&t, ix, 2, "Q100", 4, &err), 0);
    CHECK_INT(xap_terms_skip(t, "A", 1, &s, &f, &err), 0); /* before the prefix */
    CHECK_MEM(s.p, s.n, "Q100", 4);
    CHECK_INT(f, 1);
    while (xap_terms_next(t, &s, NULL, &err) == 0)
        n++;
    CHECK_INT(n, 10); /* Q1000 to Q1009 */
    xap_terms_close(t);

    for (size_t i = 0; i < 3; i++) { /* one segment, and merged: targets of any length */
        size_t seg = i == 2 ? XAP_ALL : i + 1;
        CHECK_INT(xap_terms_open(&t, ix, seg, NULL, 0, &err), 0);
        CHECK_INT(xap_terms_skip(t, longest, sizeof longest, &s, &f, &err), 0);
        CHECK_MEM(s.p, s.n, "all", 3);
        memset(longest, 0, sizeof longest);
        longest[0] = 'b';
        CHECK_INT(xap_terms_skip(t, longest, sizeof longest, &s, &f, &err), 0);
        CHECK_MEM(s.p, s.n, "even", 4);
        memset(longest, 'Q', sizeof longest);
        xap_terms_close(t);
        CHECK_INT(xap_terms_open(&t, ix, seg, longest, sizeof longest, &err), 0);
        CHECK_INT(xap_terms_next(t, &s, &f, &err), ND_DONE);
        xap_terms_close(t);
        CHECK_INT(xap_terms_open(&t, ix, seg, "zzz", 3, &err), 0);
        CHECK_INT(xap_terms_skip(t, "a", 1, &s, &f, &err), ND_DONE);
        xap_terms_close(t);
    }
    CHECK_INT(xap_terms_open(&t, ix, 3, NULL, 0, &err), ND_INTERNAL);
    xap_close(ix);
}

/* --- hostile: paths, files, terms ---------------------------------------------------------------- */

static void open_fails(const char *path, int code, const char *word)
{
    struct xap_index *ix = (struct xap_index *)&ix;
    struct nd_error err = {0};
    const char *paths[2] = {seg_path[1], path};
    CHECK_INT(xap_open(&ix, paths, 2, &err), code);
    CHECK(ix == NULL);
    CHECK_INT(err.code, code);
    if (!CHECK(strstr(err.msg, path) != NULL) || !CHECK(strstr(err.msg, word) != NULL) ||
        getenv("SHOW"))
        printf("  %s: %s\n", err.msg, err.hint);
}

/* A copy of segment 2 in which one file is cut to `keep` bytes (SIZE_MAX: removed). */
static const char *damaged(const char *name, const char *file, size_t keep)
{
    static const char *const files[] = {"iamglass", "postlist.glass", "docdata.glass",
                                        "termlist.glass"};
    static char dir[PATH + 32];
    char from[PATH + 64], to[PATH + 128];
    snprintf(dir, sizeof dir, "%s/%s", check_dir(), name);
    CHECK_INT(mkdir(dir, 0777), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct nd_buf b;
        int hit = !strcmp(files[i], file);
        nd_buf_init(&b, 1 << 26);
        snprintf(from, sizeof from, "%s/%s", seg_path[2], files[i]);
        snprintf(to, sizeof to, "%s/%s", dir, files[i]);
        if (access(from, R_OK) == 0 && !(hit && keep == SIZE_MAX)) {
            CHECK_INT(nd_file_read(&b, from, NULL), 0);
            CHECK_INT(nd_file_write(to, b.data, hit && keep < b.len ? keep : b.len, NULL), 0);
        }
        nd_buf_free(&b);
    }
    return dir;
}

static void open_of_what_is_no_segment_fails(void)
{
    char path[PATH], file[PATH + 32];
    struct nd_error err = {0};
    snprintf(path, sizeof path, "%s/nowhere", check_dir());
    open_fails(path, ND_MISSING, "no index segment");
    snprintf(path, sizeof path, "%s/text", check_dir());
    CHECK_INT(nd_file_write(path, "remote :1\nauto /\n", 17, &err), 0);
    open_fails(path, ND_MISSING, "no index segment"); /* and is not followed as a stub */
    snprintf(path, sizeof path, "%s/folder", check_dir());
    CHECK_INT(mkdir(path, 0777), 0);
    open_fails(path, ND_MISSING, "no index segment");
    snprintf(file, sizeof file, "%s/iamglass", path);
    CHECK_INT(
        nd_file_write(file, "not glass, but long enough to be read as a version file", 55, &err),
        0);
    open_fails(path, ND_CORRUPT, "damaged");
    CHECK_INT(nd_file_write(file, "", 0, &err), 0);
    open_fails(path, ND_CORRUPT, "damaged");
    open_fails(damaged("cut-version", "iamglass", 20), ND_CORRUPT, "damaged");
    open_fails(damaged("no-version", "iamglass", SIZE_MAX), ND_MISSING, "no index segment");
    open_fails(damaged("no-postlist", "postlist.glass", SIZE_MAX), ND_CORRUPT, "damaged");
}

static void same_segment_twice_is_refused(void)
{
    const char *paths[2] = {seg_path[2], damaged("copy", "", 0)};
    struct xap_index *ix = NULL;
    struct nd_error err = {0};
    CHECK_INT(xap_open(&ix, paths, 2, &err), ND_CORRUPT);
    CHECK(ix == NULL);
    CHECK(strstr(err.msg, "are the same") != NULL);
}

static void truncated_postlist_is_corrupt_not_fatal(void)
{
    struct nd_error err = {0};
    size_t cuts[] = {0, 1, 100, 8191, 8192, 12000, 16384, 24576, 40000};
    int failures = 0;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        char name[32];
        struct xap_index *ix = NULL;
        struct xap_postings *p = NULL;
        struct xap_terms *t = NULL;
        struct xap_hits *h = NULL;
        struct xap_query *q = NULL;
        struct nd_str s;
        uint32_t ids[64];
        size_t got;
        int rc = 0, worst = 0;
        snprintf(name, sizeof name, "cut-%zu", cuts[i]);
        const char *path = damaged(name, "postlist.glass", cuts[i]);
        rc = xap_open(&ix, &path, 1, &err);
        CHECK(rc == 0 || rc == ND_CORRUPT);
        if (rc) {
            failures++;
            continue;
        }
        rc = xap_postings_open(&p, ix, 0, "all", 3, &err);
        while (rc == 0)
            rc = xap_postings_fill(p, ids, NULL, 64, &got, &err);
        worst = rc < worst ? rc : worst;
        xap_postings_close(p);
        rc = xap_terms_open(&t, ix, 0, NULL, 0, &err);
        while (rc == 0)
            rc = xap_terms_next(t, &s, ids, &err);
        worst = rc < worst ? rc : worst;
        xap_terms_close(t);
        q = term("even");
        rc = xap_search(&h, ix, q, 0, 10, NULL, &err);
        worst = rc < worst ? rc : worst;
        xap_hits_free(h);
        xap_q_free(q);
        CHECK_INT(worst, ND_CORRUPT);
        CHECK(strstr(err.msg, path) != NULL);
        failures += worst != 0;
        xap_close(ix);
    }
    CHECK_INT(failures, sizeof cuts / sizeof *cuts);
}

static void writer_long_terms_leave_the_rest_alone(void)
{
    char path[PATH], longest[300];
    struct xap_writer *w = NULL, *second = NULL;
    struct xap_index *ix = NULL;
    struct nd_error err = {0};
    uint32_t id = 0;
    const char *p = path;
    snprintf(path, sizeof path, "%s/writer", check_dir());
    memset(longest, 0, sizeof longest);
    CHECK_INT(xap_writer_open(&w, path, 0, &err), 0);
    CHECK_INT(xap_writer_open(&second, path, 0, &err), ND_LOCKED);
    CHECK(second == NULL);
    CHECK(strstr(err.msg, path) != NULL);
    CHECK_INT(xap_writer_term(w, longest, 122, 1, &err), 0); /* the longest of NULs */
    CHECK_INT(xap_writer_term(w, longest, 123, 1, &err), ND_LIMIT);
    CHECK_INT(xap_writer_term(w, "", 0, 1, &err), ND_INTERNAL);
    CHECK_INT(xap_writer_posting(w, "word", 4, 7, 1, &err), 0);
    CHECK_INT(xap_writer_add(w, &id, &err), 0);
    CHECK_INT(id, 1);
    memset(longest, 'x', sizeof longest);
    CHECK_INT(xap_writer_term(w, longest, 246, 1, &err), ND_LIMIT);
    CHECK_INT(xap_writer_term(w, longest, 245, 1, &err), 0);
    CHECK_INT(xap_writer_add(w, &id, &err), 0);
    CHECK_INT(xap_writer_term(w, "word", 4, 1, &err), 0);
    CHECK_INT(xap_writer_add(w, &id, &err), 0);
    CHECK_INT(id, 3);
    CHECK_INT(xap_writer_delete(w, 2, &err), 0);
    CHECK_INT(xap_writer_delete(w, 9, &err), ND_MISSING);
    CHECK_INT(xap_writer_delete(w, 0, &err), ND_MISSING);
    CHECK_INT(xap_writer_metadata(w, "", 0, "x", 1, &err), ND_LIMIT);
    CHECK_INT(xap_writer_commit(w, &err), 0);
    xap_writer_close(w);
    CHECK_INT(xap_open(&ix, &p, 1, &err), 0);
    CHECK_INT(xap_doccount(ix, 0), 2);
    CHECK_INT(xap_last_docid(ix, 0), 3);
    CHECK_INT(xap_termfreq(ix, 0, "word", 4), 2);
    CHECK_INT(xap_termfreq(ix, 0, longest, 245), 0);
    memset(longest, 0, sizeof longest);
    CHECK_INT(xap_termfreq(ix, 0, longest, 122), 1);
    xap_close(ix);
    CHECK_INT(xap_writer_open(&w, path, XAP_WRITER_OVERWRITE, &err), 0);
    CHECK_INT(xap_writer_commit(w, &err), 0);
    xap_writer_close(w);
    CHECK_INT(xap_open(&ix, &p, 1, &err), 0);
    CHECK_INT(xap_doccount(ix, 0), 0);
    struct xap_postings *list = NULL;
    CHECK_INT(xap_postings_all(&list, ix, 0, &err), ND_DONE);
    xap_close(ix);
    CHECK_INT(xap_writer_open(&w, "/nowhere/at/all", 0, &err), ND_IO);
}

int main(void)
{
    make_segments();
    RUN(open_counts_and_uuids);
    RUN(data_and_metadata_are_exact_bytes);
    RUN(termfreq_per_segment_and_all);
    RUN(postings_next_skip_fill);
    RUN(terms_next_skip_prefix);
    RUN(open_of_what_is_no_segment_fails);
    RUN(same_segment_twice_is_refused);
    RUN(truncated_postlist_is_corrupt_not_fatal);
    RUN(writer_long_terms_leave_the_rest_alone);
    return check_done();
}
