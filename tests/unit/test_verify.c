/* Verify finds what checksums cannot: parts that are whole, but do not belong together. */
#include "segment_index.h"

#include "base/file.h"
#include "segment/verify.h"

#include <unistd.h>

enum {
    FILE_MAX = 1 << 26
};

static char found[ND_MSG_MAX];

static void damage(void *ctx, const struct nd_error *err)
{
    if (*(unsigned *)ctx == 0)
        snprintf(found, sizeof found, "%s", err->msg);
    ++*(unsigned *)ctx;
}

/* What verifying finds in the test's index. Return: how much is damaged. */
static unsigned verify(const char *name, struct nd_verify *v)
{
    char dir[4096];
    unsigned n = 0;
    struct nd_error err = {0};
    *v = (struct nd_verify){.damage = damage, .ctx = &n};
    found[0] = '\0';
    snprintf(dir, sizeof dir, "%s/%s", check_dir(), name);
    CHECK_INT(nd_verify_index(v, dir, &err), 0);
    CHECK_STR(err.msg, "");
    CHECK_INT(v->damaged, n);
    return n;
}

static void make(const char *name, unsigned first)
{
    struct nd_error err = {0};
    struct nd_writer *w = made_open(name);
    if (!w)
        return;
    CHECK_INT(made_commit(w, first, first + 40, &err), 0);
    CHECK_INT(made_commit(w, first + 40, first + 80, &err), 0);
    CHECK_STR(err.msg, "");
    nd_writer_close(w);
}

/* Put a file of one index in the place of the same of another. */
static void swap_in(const char *from, const char *to, const char *file)
{
    char path[4200];
    struct nd_buf b;
    struct nd_error err = {0};
    nd_buf_init(&b, FILE_MAX);
    snprintf(path, sizeof path, "%s/%s/%s", check_dir(), from, file);
    CHECK_INT(nd_file_read(&b, path, &err), 0);
    snprintf(path, sizeof path, "%s/%s/%s", check_dir(), to, file);
    CHECK_INT(nd_file_write(path, b.data, b.len, &err), 0);
    nd_buf_free(&b);
}

static void verify_passes_a_sound_index(void)
{
    struct nd_verify v;
    make("sound", 0);
    CHECK_INT(verify("sound", &v), 0);
    CHECK_STR(found, "");
    CHECK_INT(v.segments, 2);
    CHECK_INT(v.articles, 80);
    CHECK(v.words > 3000 && v.terms > 200 && v.postings > v.terms && v.bytes > 10000);
}

static void verify_names_the_part_that_does_not_belong(void)
{
    static const char *const files[] = {"stream", "columns", "text", "postlist.glass",
                                        "docdata.glass"};
    struct nd_verify v;
    make("other", 1000);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char file[64], name[16];
        snprintf(name, sizeof name, "mixed%zu", i);
        snprintf(file, sizeof file, "seg-000002/%s", files[i]);
        make(name, 0);
        swap_in("other", name, file);
        CHECK_INT(verify(name, &v), 1);
        CHECK(strstr(found, "seg-000002") != NULL);
        CHECK_INT(v.segments, 2);
    }
}

static void verify_misses_a_file(void)
{
    static const char *const files[] = {"seg-000001/text", "seg-000001/iamglass", "events-2"};
    struct nd_verify v;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[4200], name[16];
        snprintf(name, sizeof name, "lacks%zu", i);
        make(name, 0);
        snprintf(path, sizeof path, "%s/%s/%s", check_dir(), name, files[i]);
        CHECK(unlink(path) == 0);
        CHECK_INT(verify(name, &v), 1);
        CHECK(strstr(found, name) != NULL);
    }
}

static void verify_counts_articles_against_events(void)
{
    struct nd_verify v;
    struct nd_error err = {0};
    make("silent", 0);
    struct nd_writer *w = made_open("silent");
    if (!w)
        return;
    CHECK_INT(nd_writer_delete(w, 0, 5, NULL, &err), 0); /* without an event */
    CHECK_INT(nd_writer_commit(w, &err), 0);
    CHECK_INT(verify("silent", &v), 1);
    CHECK(strstr(found, "events-2") != NULL);
    CHECK_INT(nd_writer_event(w, ND_EVENT_WITHDRAWN, "id-4", 4, &err), 0);
    CHECK_INT(nd_writer_commit(w, &err), 0);
    CHECK_INT(verify("silent", &v), 0);
    CHECK_INT(v.articles, 79);
    CHECK_INT(v.deleted, 1);
    nd_writer_close(w);
}

static void verify_finds_an_article_twice(void)
{
    struct nd_verify v;
    struct nd_error err = {0};
    struct nd_writer *w = made_open("twice");
    if (!w)
        return;
    CHECK_INT(made_commit(w, 0, 20, &err), 0);
    CHECK_INT(made_commit(w, 19, 30, &err), 0);
    nd_writer_close(w);
    CHECK_INT(verify("twice", &v), 1);
    CHECK(strstr(found, "twice") != NULL);
}

static void verify_of_no_index(void)
{
    struct nd_error err = {0};
    struct nd_verify v = {.damage = damage};
    CHECK_INT(nd_verify_index(&v, "/nowhere/at/all", &err), ND_MISSING);
}

int main(void)
{
    RUN(verify_passes_a_sound_index);
    RUN(verify_names_the_part_that_does_not_belong);
    RUN(verify_misses_a_file);
    RUN(verify_counts_articles_against_events);
    RUN(verify_finds_an_article_twice);
    RUN(verify_of_no_index);
    return check_done();
}
