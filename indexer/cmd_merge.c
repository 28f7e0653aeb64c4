/* merge: all segments of an index into one, without its deleted articles. */
#include "derive_index.h"
#include "newsdex.h"

#include "record/derived.h"
#include "segment/merge.h"

#include <inttypes.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report(const struct newsdex *t, const char *dir, const struct nd_merge_stats *s,
                   double seconds)
{
    struct nd_buf line;
    nd_buf_init(&line, 4096);
    if (!s->merges)
        nd_buf_printf(&line, "'%s' is one segment without deleted articles already", dir);
    else
        nd_buf_printf(
            &line, "%" PRIu32 " segment%s of '%s' merged: %" PRIu64 " article%s, %.1f MB in %.1f s",
            s->segments, nd_s(s->segments), dir, s->articles, nd_s(s->articles),
            (double)s->bytes / 1e6, seconds);
    if (s->dropped)
        nd_buf_printf(&line, "; nothing is left of %" PRIu64 " deleted one%s", s->dropped,
                      nd_s(s->dropped));
    if (!nd_buf_code(&line))
        nd_diag_line(&t->diag, "%s", line.data);
    nd_buf_free(&line);
}

/* Is what is known of names and stories damaged? It can be made anew from the segments. */
static bool derived_damaged(const struct nd_writer *w)
{
    struct nd_derived d;
    char path[ND_PATH_MAX];
    if (!w->manifest.derived[0])
        return false;
    int n = snprintf(path, sizeof path, "%s/%s", w->dir, w->manifest.derived);
    int rc = n > 0 && (size_t)n < sizeof path ? nd_derived_open(&d, path, NULL) : 0;
    if (!rc)
        nd_derived_close(&d);
    return rc == ND_CORRUPT || rc == ND_MISSING;
}

int newsdex_merge(void *tool)
{
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct nd_writer *w = NULL;
    struct nd_merge_stats stats = {0};
    struct nd_writer_options o = {.wait = (unsigned)nd_args_number(&t->args, "wait", 0),
                                  .derive = nd_derive_index};
    double started = seconds();
    const char *dir = newsdex_dir(t, true, &err);
    int rc = dir ? newsdex_no_words(t, &err) : ND_USAGE;
    if (!rc)
        rc = nd_writer_open(&w, dir, &o, &err);
    if (!rc)
        w->derive_anew = derived_damaged(w);
    bool anew = !rc && w->derive_anew;
    if (!rc)
        rc = nd_merge_all(w, &stats, &err);
    if (!rc && (stats.merges || anew))
        rc = nd_writer_commit(w, &err);
    nd_writer_close(w);
    if (rc)
        return newsdex_failed(t, &err);
    if (anew)
        nd_diag_line(&t->diag,
                     "what is known of names and near-copies in '%s' was damaged and is made anew",
                     dir);
    if (stats.merges || !anew)
        report(t, dir, &stats, seconds() - started);
    return 0;
}
