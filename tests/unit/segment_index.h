/* segment_index.h: a small index of made articles, by the writer alone.
 * Used by: test_commit.c, test_verify.c. */
#ifndef TESTS_SEGMENT_INDEX_H
#define TESTS_SEGMENT_INDEX_H

#include "segment_made.h"

#include "segment/commit.h"

/* Commit a segment of the articles from..to, which are new. */
static int made_commit(struct nd_writer *w, unsigned from, unsigned to, struct nd_error *err)
{
    char path[ND_PATH_MAX];
    uint32_t number;
    int rc = nd_writer_new_segment(w, &number, path, err);
    if (!rc)
        rc = made_build(path, from, to, NULL, err);
    if (!rc)
        rc = nd_writer_add_segment(w, number, to - from, NULL, err);
    for (unsigned i = from; i < to && !rc; i++) {
        char id[32];
        int n = snprintf(id, sizeof id, "id-%u", i);
        rc = nd_writer_event(w, ND_EVENT_ADDED, id, (size_t)n, err);
    }
    return rc ? rc : nd_writer_commit(w, err);
}

/* Open the index in a folder of the test's, made if it is not there. */
static struct nd_writer *made_open(const char *name)
{
    char dir[4096];
    struct nd_writer *w = NULL;
    struct nd_writer_options o = {.create = true};
    struct nd_error err = {0};
    snprintf(dir, sizeof dir, "%s/%s", check_dir(), name);
    CHECK_INT(nd_writer_open(&w, dir, &o, &err), 0);
    CHECK_STR(err.msg, "");
    return w;
}

#endif
