#include "tiny_index.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct tiny_article articles[] = {
    {"c1", "One", NULL, "First.", "S", NULL, "2023", "en", NULL},
    {"c2", "Two", NULL, "Second.", "S", NULL, "2023", "en", NULL},
    {"c3", "Three", NULL, "Third.", "S", NULL, "2023", "en", NULL},
};

static const char *make(const char *name)
{
    static char dir[4200];
    snprintf(dir, sizeof dir, "%s/%s", check_dir(), name);
    tiny_make(dir, articles, 3, 2);
    return dir;
}

static void index_finds_articles_by_id(void)
{
    const char *dir = make("find");
    struct nd_error err = {0};
    struct nd_index *ix;
    size_t segment;
    uint32_t docid;
    CHECK_INT(nd_index_open(&ix, &dir, 1, &err), 0);
    CHECK_INT(ix->articles, 3);
    CHECK_INT(ix->n, 2);
    CHECK_INT(nd_index_find(ix, "c3", 2, &segment, &docid, &err), 0);
    CHECK_INT(segment, 1);
    CHECK_INT(docid, 1);
    CHECK_INT(nd_index_find(ix, "c2", 2, &segment, &docid, &err), 0);
    CHECK_INT(segment, 0);
    CHECK_INT(docid, 2);
    CHECK_INT(nd_index_find(ix, "c4", 2, &segment, &docid, &err), ND_DONE);
    nd_index_close(ix);
}

static void index_reads_several_folders(void)
{
    char a[4200], b[4200];
    const char *dirs[] = {a, b};
    struct nd_error err = {0};
    struct nd_index *ix;
    snprintf(a, sizeof a, "%s", make("left"));
    snprintf(b, sizeof b, "%s", make("right"));
    CHECK_INT(nd_index_open(&ix, dirs, 2, &err), 0);
    CHECK_INT(ix->articles, 6);
    CHECK_INT(ix->n, 4);
    CHECK_INT(ix->segments[3].folder, 1);
    CHECK_INT(ix->segments[3].number, 3);
    nd_index_close(ix);
}

static void index_that_is_missing_says_so(void)
{
    char dir[4200];
    const char *d = dir;
    struct nd_error err = {0};
    struct nd_index *ix = NULL;
    snprintf(dir, sizeof dir, "%s/nowhere", check_dir());
    CHECK_INT(nd_index_open(&ix, &d, 1, &err), ND_MISSING);
    CHECK(ix == NULL);
}

static void index_with_a_lost_segment_is_not_read(void)
{
    const char *dir = make("lost");
    char path[4300];
    struct nd_error err = {0};
    struct nd_index *ix = NULL;
    snprintf(path, sizeof path, "%s/seg-000002/iamglass", dir);
    if (access(path, F_OK) != 0)
        snprintf(path, sizeof path, "%s/seg-000001/iamglass", dir);
    CHECK_INT(unlink(path), 0);
    CHECK_INT(nd_index_open(&ix, &dir, 1, &err), ND_MODIFIED);
    CHECK(ix == NULL);
}

static void index_without_articles_is_legal(void)
{
    char dir[4200];
    const char *d = dir;
    struct nd_error err = {0};
    struct nd_writer_options o = {.create = true};
    struct nd_writer *w;
    struct tiny t;
    struct nd_match *m;
    struct nd_ranked r;
    uint64_t total;
    snprintf(dir, sizeof dir, "%s/empty", check_dir());
    CHECK_INT(nd_writer_open(&w, d, &o, &err), 0);
    CHECK_INT(nd_writer_commit(w, &err), 0);
    nd_writer_close(w);
    tiny_open(&t, d);
    CHECK_INT(tiny_lower(&t, "war OR \"a b\" OR a* OR source:x OR date:2023 OR NOT b"), 0);
    CHECK_INT(nd_match_open(&m, t.ix, &t.lowered, NULL, &t.err), 0);
    CHECK_INT(nd_match_count(m, &total, &t.err), 0);
    CHECK_INT(total, 0);
    CHECK_INT(nd_match_ranked(m, 0, 10, ND_SORT_SCORE, &r, &t.err), 0);
    CHECK_INT(r.n, 0);
    nd_ranked_free(&r);
    nd_match_close(m);
    tiny_close(&t);
}

int main(void)
{
    RUN(index_finds_articles_by_id);
    RUN(index_reads_several_folders);
    RUN(index_that_is_missing_says_so);
    RUN(index_with_a_lost_segment_is_not_read);
    RUN(index_without_articles_is_legal);
    return check_done();
}
