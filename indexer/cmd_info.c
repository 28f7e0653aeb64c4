/* info: what an index holds and how large its parts are. */
#include "newsdex.h"

#include "base/file.h"
#include "text/stem.h"
#include "xap/index.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OUT_MAX = 16 << 20
};

static uint64_t file_size(const char *dir, const char *name)
{
    char path[4096];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s/%s", dir, name);
    return n > 0 && (size_t)n < sizeof path && stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static void mib(struct nd_buf *out, const char *name, uint64_t bytes, uint64_t whole)
{
    if (bytes && *name) /* no such file: no line */
        nd_buf_printf(out, "  %-16s %9.2f MiB %5.1f %%\n", name, (double)bytes / 1048576,
                      whole ? 100.0 * (double)bytes / (double)whole : 0.0);
}

struct totals {
    uint64_t part[9], all, words, keys;
    uint32_t first_day, last_day;
    uint64_t undated;
};

static const char *const parts[] = {"text",           "stream",        "columns",
                                    "postlist.glass", "docdata.glass", "termlist.glass",
                                    "position.glass", "sums",          "iamglass"};

static int add_segment(struct totals *t, struct nd_segment *s, struct nd_error *err)
{
    struct nd_stream *stream;
    struct nd_columns *c;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        uint64_t n = file_size(s->path, parts[i]);
        t->part[i] += n;
        t->all += n;
    }
    int rc = nd_segment_stream(s, &stream, err);
    if (!rc)
        rc = nd_segment_columns(s, &c, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_DAY, err);
    if (rc)
        return rc;
    t->words += nd_stream_tokens(stream);
    t->keys += nd_stream_words(stream);
    for (uint32_t d = 1; d <= s->docs; d++) {
        uint32_t day = nd_column_u32(c, ND_COL_DAY, d);
        if (nd_segment_deleted(s, d))
            continue;
        if (!day)
            t->undated++;
        else if (!t->first_day || day < t->first_day)
            t->first_day = day;
        if (day > t->last_day)
            t->last_day = day;
    }
    return 0;
}

static void day(struct nd_buf *out, uint32_t d)
{
    nd_buf_printf(out, "%04u", d / 10000);
    if (d / 100 % 100)
        nd_buf_printf(out, "-%02u", d / 100 % 100);
    if (d % 100)
        nd_buf_printf(out, "-%02u", d % 100);
}

static void report(struct nd_buf *out, const struct nd_index *ix, const struct totals *t)
{
    const struct nd_folder *f = &ix->folders[0];
    nd_buf_printf(out, "folder     %s\n", f->dir);
    nd_buf_printf(out, "uuid       %s\nrevision   %" PRIu32 "\n", f->manifest.uuid,
                  f->manifest.revision);
    nd_buf_printf(out, "articles   %" PRIu64 "\n", ix->articles);
    uint64_t deleted = 0;
    for (size_t i = 0; i < ix->n; i++)
        deleted += ix->segments[i].deleted_n;
    if (deleted)
        nd_buf_printf(out, "deleted    %" PRIu64 " (gone from disk at the next merge)\n", deleted);
    if (t->last_day) {
        nd_buf_str(out, "dates      ");
        day(out, t->first_day);
        nd_buf_str(out, " to ");
        day(out, t->last_day);
        if (t->undated)
            nd_buf_printf(out, "; %" PRIu64 " undated", t->undated);
        nd_buf_byte(out, '\n');
    }
    nd_buf_printf(out, "words      %" PRIu64 "; %" PRIu64 " different, added over segments\n",
                  t->words, t->keys);
    nd_buf_printf(out, "segments   %zu\n", ix->n);
    for (size_t i = 0; i < ix->n; i++) {
        const char *name = strrchr(ix->segments[i].path, '/');
        nd_buf_printf(out, "  %s  %" PRIu32 " articles", name ? name + 1 : ix->segments[i].path,
                      ix->segments[i].docs);
        if (ix->segments[i].deleted_n)
            nd_buf_printf(out, ", %" PRIu32 " deleted", ix->segments[i].deleted_n);
        nd_buf_byte(out, '\n');
    }
    nd_buf_printf(out, "size       %.2f MiB\n", (double)t->all / 1048576);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        mib(out, parts[i], t->part[i], t->all);
    mib(out, f->manifest.events, file_size(f->dir, f->manifest.events), 0);
    mib(out, f->manifest.ledger, file_size(f->dir, f->manifest.ledger), 0);
    if (t->words)
        nd_buf_printf(out, "per word   %.2f bytes in all, %.2f of postings, %.2f of stream\n",
                      (double)t->all / (double)t->words, (double)t->part[3] / (double)t->words,
                      (double)t->part[1] / (double)t->words);
}

int newsdex_info(void *tool)
{
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct nd_index *ix = NULL;
    struct nd_buf out;
    struct totals totals = {0};
    nd_buf_init(&out, OUT_MAX);
    const char *dir = newsdex_dir(t, true, &err);
    int rc = dir ? nd_index_open(&ix, &dir, 1, &err) : ND_USAGE;
    for (size_t i = 0; !rc && i < ix->n; i++)
        rc = add_segment(&totals, &ix->segments[i], &err);
    if (!rc) {
        report(&out, ix, &totals);
        rc = nd_write_all(STDOUT_FILENO, out.data, out.len, "standard output", &err);
    }
    nd_buf_free(&out);
    nd_index_close(ix);
    return rc ? newsdex_failed(t, &err) : 0;
}
