/* Checksums of Xapian's tables: with any one block damaged, what is read through the shim is right or refused. Small
 * blocks, so that the trees have branches above branches and lists run over many leaves. */
#include "../check.h"

#include "base/file.h"
#include "record/tablesums.h"
#include "segment/glass.h"
#include "xap/xap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DOCS = 4000,
    TERMS = 900,
    BLOCK = 2048,
    MOST = 60 /* blocks of a table that are damaged */
};

/* Is a term in a document? Frequent and rare ones. */
static bool has(unsigned term, uint32_t doc)
{
    return (doc * 2654435761u ^ term * 40503u) % (term % 7 ? 50 + term : 2) == 0 || doc == 1 + term;
}

static size_t term_name(unsigned i, char out[32])
{
    return (size_t)snprintf(out, 32, "t%03u%s", i, i % 3 ? "" : "longer");
}

static size_t data_of(uint32_t doc, char out[400])
{
    size_t n = (size_t)snprintf(out, 400, "{\"id\":\"%u\"}", doc);
    for (size_t i = n; doc % 9 == 0 && i < 300; i++, n++)
        out[i] = (char)('a' + (doc * 31 + i * i * 7) % 26);
    return n;
}

static int make(const char *dir, struct nd_error *err)
{
    static uint32_t lengths[DOCS], docids[DOCS], wdfs[DOCS];
    struct nd_glass *g;
    struct nd_glass_options o = {.block_size = BLOCK};
    char name[32], data[400];
    int rc = nd_glass_open(&g, dir, &o, err);
    memset(lengths, 0, sizeof lengths);
    for (unsigned t = 0; t < TERMS; t++)
        for (uint32_t d = 1; d <= DOCS; d++)
            lengths[d - 1] += has(t, d);
    for (uint32_t d = 1; d <= DOCS && !rc; d++)
        rc = nd_glass_data(g, d, data, data_of(d, data), err);
    if (!rc)
        rc = nd_glass_lengths(g, lengths, DOCS, err);
    if (!rc)
        rc = nd_glass_metadata(g, "k", 1, "value", 5, err);
    for (unsigned t = 0; t < TERMS && !rc; t++) {
        uint32_t n = 0;
        for (uint32_t d = 1; d <= DOCS; d++)
            if (has(t, d)) {
                docids[n] = d;
                wdfs[n++] = 1;
            }
        rc = nd_glass_postings(g, name, term_name(t, name), docids, wdfs, n, err);
    }
    if (!rc)
        rc = nd_glass_finish(g, (const unsigned char *)"0123456789abcdef", NULL, err);
    nd_glass_close(g);
    return rc;
}

/* Tell a refusal: true if it is the one that damage may cause. */
static bool refused(int rc, const struct nd_error *err, unsigned *count)
{
    ++*count;
    return CHECK_INT(rc, ND_CORRUPT) && CHECK(strstr(err->msg, "damaged"));
}

/* Read all postings of every step-th term. Return: how many were refused. */
static unsigned read_postings(const struct xap_index *ix, unsigned step)
{
    unsigned no = 0;
    char name[32];
    for (unsigned t = 0; t < TERMS; t += step) {
        struct nd_error err = {0};
        struct xap_postings *p;
        uint32_t doc = 0, got;
        int rc = xap_postings_open(&p, ix, 0, name, term_name(t, name), &err);
        if (rc) {
            if (!refused(rc, &err, &no))
                break;
            continue;
        }
        bool same = true;
        while (same && (rc = xap_postings_next(p, &got, &err)) == 0) {
            while (doc < DOCS && !has(t, ++doc))
                ;
            same = doc == got;
        }
        while (doc < DOCS && !has(t, doc + 1))
            doc++;
        xap_postings_close(p);
        if (same && rc < 0) { /* damage in the middle of a list */
            if (!refused(rc, &err, &no))
                break;
            continue;
        }
        if (!CHECK(same) || !CHECK_INT(rc, ND_DONE) || !CHECK_INT(doc, DOCS))
            break;
    }
    return no;
}

static unsigned read_terms(const struct xap_index *ix)
{
    struct nd_error err = {0};
    struct xap_terms *w;
    struct nd_str s;
    unsigned no = 0, t = 0;
    char name[32];
    uint32_t freq;
    int rc = xap_terms_open(&w, ix, 0, "", 0, &err);
    while (!rc && (rc = xap_terms_next(w, &s, &freq, &err)) == 0) {
        size_t n = term_name(t++, name);
        if (!CHECK(s.n == n && memcmp(s.p, name, n) == 0))
            break;
    }
    if (rc < 0)
        refused(rc, &err, &no);
    else
        CHECK_INT(t, TERMS);
    xap_terms_close(w);
    return no;
}

static unsigned read_documents(const struct xap_index *ix, uint32_t step)
{
    unsigned no = 0;
    struct nd_buf b;
    char data[400];
    nd_buf_init(&b, 1000);
    for (uint32_t d = 1; d <= DOCS; d += step) {
        struct nd_error err = {0};
        uint32_t length, want = 0;
        nd_buf_reset(&b);
        int rc = xap_data(&b, ix, 0, d, &err);
        if (rc ? !refused(rc, &err, &no)
               : !CHECK(b.len == data_of(d, data) && memcmp(b.data, data, b.len) == 0))
            break;
        if ((rc = xap_doclen(&length, ix, 0, d, &err)) != 0) {
            if (!refused(rc, &err, &no))
                break;
            continue;
        }
        for (unsigned t = 0; t < TERMS; t++)
            want += has(t, d);
        if (!CHECK_INT(length, want))
            break;
    }
    nd_buf_free(&b);
    return no;
}

/* Everything that the shim reads, from an index with one damaged block or none. */
static unsigned read_all(const char *dir)
{
    struct nd_error err = {0};
    struct xap_index *ix;
    unsigned no = 0;
    int rc = xap_open(&ix, &dir, 1, &err);
    if (rc) {
        refused(rc, &err, &no);
        return no;
    }
    CHECK(xap_checked(ix, 0));
    no += read_terms(ix);
    no += read_postings(ix, 5);
    no += read_documents(ix, 37);
    xap_close(ix);
    return no;
}

static void flip(const char *path, off_t at)
{
    unsigned char c = 0;
    int fd = open(path, O_RDWR);
    CHECK(fd >= 0 && pread(fd, &c, 1, at) == 1);
    c ^= 1 + (unsigned char)(check_random() % 255);
    CHECK(pwrite(fd, &c, 1, at) == 1);
    close(fd);
}

static void any_damaged_block_is_noticed_before_it_is_read(void)
{
    static const char *const names[] = {"postlist.glass", "docdata.glass"};
    struct nd_error err = {0};
    char dir[4096], path[4200];
    snprintf(dir, sizeof dir, "%s/segment", check_dir());
    CHECK(mkdir(dir, 0777) == 0);
    if (!CHECK_INT(make(dir, &err), 0)) {
        printf("%s\n", err.msg);
        return;
    }
    CHECK_INT(read_all(dir), 0);
    for (size_t i = 0; i < 2; i++) {
        struct nd_buf whole;
        struct stat st;
        nd_buf_init(&whole, 1 << 26);
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        if (!CHECK(stat(path, &st) == 0) || !CHECK_INT(nd_file_read(&whole, path, &err), 0))
            return;
        size_t blocks = (size_t)st.st_size / BLOCK, step = blocks / MOST + 1;
        CHECK(blocks > 100); /* a tree of some levels */
        unsigned noticed = 0;
        for (size_t b = check_random() % step; b < blocks; b += step) {
            struct nd_tablesums *t;
            flip(path, (off_t)(b * BLOCK + check_random() % BLOCK));
            noticed += read_all(dir) > 0;
            int rc = nd_tablesums_open(&t, dir, &err);
            if (!rc) {
                CHECK_INT(nd_tablesums_verify(t, &err), ND_CORRUPT);
                nd_tablesums_close(t);
            }
            CHECK_INT(nd_file_write(path, whole.data, whole.len, &err), 0);
        }
        CHECK(noticed > 0);
        nd_buf_free(&whole);
    }
    CHECK_INT(read_all(dir), 0);
    snprintf(path, sizeof path, "%s/iamglass", dir);
    flip(path, 40);
    CHECK_INT(read_all(dir), 1);
}

static void a_folder_without_checksums_is_not_ours(void)
{
    struct nd_tablesums *t;
    struct nd_error err = {0};
    CHECK_INT(nd_tablesums_open(&t, check_dir(), &err), ND_MISSING);
    CHECK_INT(nd_tablesums_term(NULL, "x", 1, 1, &err), 0);
    CHECK_INT(nd_tablesums_verify(NULL, &err), 0);
}

int main(void)
{
    RUN(any_damaged_block_is_noticed_before_it_is_read);
    RUN(a_folder_without_checksums_is_not_ours);
    return check_done();
}
