/* Commits: what is committed is there, the rest is not; locks, numbers, tombstones; readers beside a writer. */
#include "segment_index.h"

#include "base/file.h"
#include "segment/merge.h"
#include "xap/index.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t articles(const char *dir)
{
    struct nd_index *ix = NULL;
    struct nd_error err = {0};
    CHECK_INT(nd_index_open(&ix, &dir, 1, &err), 0);
    uint64_t n = ix ? ix->articles : 0;
    nd_index_close(ix);
    return n;
}

static bool there(const char *dir, const char *name)
{
    char path[ND_PATH_MAX + 64];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return stat(path, &st) == 0;
}

static void commit_makes_a_revision(void)
{
    struct nd_error err = {0};
    struct nd_writer *w = made_open("revision");
    char dir[ND_PATH_MAX], uuid[37];
    if (!w)
        return;
    snprintf(dir, sizeof dir, "%s", w->dir);
    CHECK(w->fresh);
    CHECK_INT(nd_writer_revision(w), 1);
    CHECK_INT(made_commit(w, 0, 10, &err), 0);
    CHECK_INT(w->manifest.revision, 1);
    CHECK(!w->fresh);
    memcpy(uuid, w->manifest.uuid, sizeof uuid);
    uint64_t commit = w->manifest.commit;
    CHECK_INT(made_commit(w, 10, 20, &err), 0);
    CHECK(w->manifest.commit != commit);
    CHECK(there(dir, "events-2") && !there(dir, "events-1"));
    nd_writer_close(w);
    CHECK_INT(articles(dir), 20);
    w = made_open("revision");
    if (!w)
        return;
    CHECK_INT(w->manifest.revision, 2);
    CHECK_STR(w->manifest.uuid, uuid);
    nd_writer_close(w);
    struct nd_events e = {0};
    char path[ND_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/events-2", dir);
    CHECK_INT(nd_events_load(&e, path, &err), 0);
    CHECK_INT(e.n, 20);
    nd_events_free(&e);
}

static void commit_forgets_what_was_not_committed(void)
{
    struct nd_error err = {0};
    struct nd_writer *w = made_open("forgets");
    char path[ND_PATH_MAX], dir[ND_PATH_MAX];
    uint32_t number;
    if (!w)
        return;
    snprintf(dir, sizeof dir, "%s", w->dir);
    CHECK_INT(made_commit(w, 0, 10, &err), 0);
    CHECK_INT(nd_writer_new_segment(w, &number, path, &err), 0);
    CHECK_INT(number, 2);
    CHECK_INT(made_build(path, 10, 20, NULL, &err), 0);
    CHECK_INT(nd_writer_add_segment(w, number, 10, NULL, &err), 0);
    CHECK_INT(nd_writer_delete(w, 0, 1, NULL, &err), 0);
    nd_writer_close(w);
    CHECK(there(dir, "seg-000002"));
    CHECK_INT(articles(dir), 10);
    w = made_open("forgets");
    if (!w)
        return;
    CHECK(!there(dir, "seg-000002"));
    CHECK_INT(nd_writer_new_segment(w, &number, path, &err), 0);
    CHECK(number > 2); /* a number is never used again */
    nd_writer_close(w);
}

static void commit_keeps_tombstones(void)
{
    struct nd_error err = {0};
    struct nd_writer *w = made_open("tombstones");
    const unsigned char *bits;
    bool was = false;
    char dir[ND_PATH_MAX];
    if (!w)
        return;
    snprintf(dir, sizeof dir, "%s", w->dir);
    CHECK_INT(made_commit(w, 0, 20, &err), 0);
    CHECK_INT(nd_writer_deleted(w, 0, &bits, &err), 0);
    CHECK(bits == NULL);
    CHECK_INT(nd_writer_delete(w, 0, 3, &was, &err), 0);
    CHECK(was);
    CHECK_INT(nd_writer_delete(w, 0, 3, &was, &err), 0);
    CHECK(!was);
    CHECK_INT(nd_writer_delete(w, 0, 21, &was, &err), ND_INTERNAL);
    CHECK_INT(nd_writer_delete(w, 1, 1, &was, &err), ND_INTERNAL);
    CHECK_INT(nd_writer_commit(w, &err), 0);
    CHECK_INT(articles(dir), 19);
    CHECK_INT(nd_writer_delete(w, 0, 20, &was, &err), 0);
    CHECK_INT(nd_writer_commit(w, &err), 0);
    CHECK(there(dir, "del-000001.3") && !there(dir, "del-000001.2"));
    nd_writer_close(w);
    CHECK_INT(articles(dir), 18);
}

static void commit_has_one_writer(void)
{
    struct nd_error err = {0};
    struct nd_writer *w = made_open("lock"), *second = NULL;
    struct nd_writer_options o = {.create = true};
    if (!w)
        return;
    CHECK_INT(made_commit(w, 0, 2, &err), 0);
    CHECK_INT(nd_writer_open(&second, w->dir, &o, &err), ND_LOCKED);
    CHECK(second == NULL && err.hint[0]);
    nd_writer_close(w);
    w = made_open("lock");
    nd_writer_close(w);
}

static void commit_refuses_other_folders(void)
{
    char dir[4096], path[4200];
    struct nd_error err = {0};
    struct nd_writer *w = NULL;
    struct nd_writer_options o = {.create = true};
    snprintf(dir, sizeof dir, "%s/letters", check_dir());
    CHECK_INT(nd_writer_open(&w, dir, &(struct nd_writer_options){0}, &err), ND_MISSING);
    CHECK(mkdir(dir, 0777) == 0);
    snprintf(path, sizeof path, "%s/letter.txt", dir);
    CHECK_INT(nd_file_write(path, "x", 1, &err), 0);
    CHECK_INT(nd_writer_open(&w, dir, &o, &err), ND_USAGE);
    CHECK(w == NULL && there(dir, "letter.txt"));
}

/* Open the index again and again; every answer must be whole. Return: 0, else what went wrong. */
static int read_until(const char *dir, const char *stop)
{
    struct nd_buf text;
    int rc = 0;
    nd_buf_init(&text, 1 << 20);
    while (!rc && access(stop, F_OK) < 0) {
        struct nd_index *ix = NULL;
        struct nd_error err = {0};
        rc = nd_index_open(&ix, &dir, 1, &err);
        if (rc)
            printf("open: %s\n", err.msg);
        uint64_t live = 0;
        for (size_t i = 0; !rc && i < ix->n; i++) {
            struct nd_texts *t;
            rc = nd_segment_texts(&ix->segments[i], &t, &err);
            for (uint32_t d = 1; d <= ix->segments[i].docs && !rc; d++) {
                nd_buf_reset(&text);
                live += !nd_segment_deleted(&ix->segments[i], d);
                rc = nd_texts_get(t, d, &text, &err);
                nd_buf_reset(&text);
                if (!rc)
                    rc = xap_data(&text, ix->xap, i, d, &err);
                if (!rc && text.len < 10)
                    rc = nd_fail(&err, ND_INTERNAL, "no result line");
            }
            if (rc)
                printf("read: %s\n", err.msg);
        }
        /* the writer keeps it a multiple of ten at each commit */
        if (!rc && (live != ix->articles || live % 10)) {
            printf("%llu articles, %llu found\n", (unsigned long long)ix->articles,
                   (unsigned long long)live);
            rc = 1;
        }
        nd_index_close(ix);
    }
    nd_buf_free(&text);
    return rc;
}

static void commit_never_troubles_a_reader(void)
{
    struct nd_error err = {0};
    struct nd_writer *w = made_open("readers");
    char dir[ND_PATH_MAX], stop[ND_PATH_MAX];
    int status = 0, rc = 0;
    if (!w)
        return;
    snprintf(dir, sizeof dir, "%s", w->dir);
    snprintf(stop, sizeof stop, "%s/stop", check_dir());
    CHECK_INT(made_commit(w, 0, 30, &err), 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        rc = read_until(dir, stop);
        fflush(stdout);
        _exit(rc ? 1 : 0);
    }
    for (unsigned i = 1; i < 25 && !rc; i++) {
        rc = made_commit(w, i * 30, i * 30 + 30, &err);
        size_t last = w->next.n - 1;
        for (uint32_t d = 1; d <= 10 && !rc; d++)
            rc = nd_writer_delete(w, last, d, NULL, &err);
        if (!rc)
            rc = nd_writer_commit(w, &err);
        if (!rc && i % 3 == 0)
            rc = nd_merge_all(w, NULL, &err);
        else if (!rc)
            rc = nd_merge_deleted(w, NULL, &err);
        if (!rc)
            rc = nd_writer_commit(w, &err);
    }
    CHECK_INT(rc, 0);
    CHECK_STR(err.msg, "");
    CHECK_INT(nd_file_write(stop, "", 0, &err), 0);
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    nd_writer_close(w);
    CHECK_INT(articles(dir), 30 + 24 * 20);
}

int main(void)
{
    RUN(commit_makes_a_revision);
    RUN(commit_forgets_what_was_not_committed);
    RUN(commit_keeps_tombstones);
    RUN(commit_has_one_writer);
    RUN(commit_refuses_other_folders);
    RUN(commit_never_troubles_a_reader);
    return check_done();
}
