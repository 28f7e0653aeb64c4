/* verify: does an index hold what it should? */
#include "newsdex.h"

#include "segment/verify.h"

#include <inttypes.h>

struct report {
    struct newsdex *tool;
    struct nd_progress progress;
};

static void damage(void *ctx, const struct nd_error *err)
{
    struct report *r = ctx;
    nd_progress_end(&r->progress);
    nd_diag_error(&r->tool->diag, err);
}

static void progress(void *ctx, uint64_t done, uint64_t total)
{
    struct report *r = ctx;
    nd_progress_show(&r->progress, 0, total, done, 0);
}

int newsdex_verify(void *tool)
{
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct report r = {.tool = t};
    struct nd_verify v = {.damage = damage, .progress = progress, .ctx = &r};
    const char *dir = newsdex_dir(t, true, &err);
    int rc = dir ? newsdex_no_words(t, &err) : ND_USAGE;
    if (!rc) {
        nd_progress_start(&r.progress, &t->diag);
        rc = nd_verify_index(&v, dir, &err);
        nd_progress_end(&r.progress);
    }
    if (rc)
        return newsdex_failed(t, &err);
    if (v.damaged) {
        nd_fail(&err, ND_CORRUPT, "'%s' is damaged", dir);
        nd_hint(&err, "restore it from a copy, or index the dumps again into a new folder");
        return newsdex_failed(t, &err);
    }
    nd_diag_line(&t->diag,
                 "'%s' is sound at revision %" PRIu32 ": %" PRIu32 " segment%s, %" PRIu64
                 " article%s, %" PRIu64 " word%s, %" PRIu64 " term%s, %" PRIu64 " posting%s%s",
                 dir, v.revision, v.segments, nd_s(v.segments), v.articles, nd_s(v.articles),
                 v.words, nd_s(v.words), v.terms, nd_s(v.terms), v.postings, nd_s(v.postings),
                 v.segments && !v.xapian_check
                     ? "; without xapian-check, which is not there or cannot run"
                     : "");
    return 0;
}
