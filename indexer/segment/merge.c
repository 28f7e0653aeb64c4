#include "segment/merge.h"

#include "base/file.h"
#include "base/hash.h"
#include "record/column_merge.h"
#include "record/stream_merge.h"
#include "record/tablesums.h"
#include "record/text.h"
#include "record/tombstone.h"
#include "segment/folder.h"
#include "segment/glass_merge.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    IN_MEMORY = 32 << 20, /* bytes of all files that are read */
    PATH_ROOM = ND_PATH_MAX + 32
};

struct input {
    char dir[ND_PATH_MAX];
    uint32_t docs;
    const unsigned char *deleted; /* NULL where no article is */
    uint32_t deleted_n;
    struct nd_stream *stream;
    struct nd_columns columns;
    struct nd_texts *texts;
    unsigned char *lang; /* by docid - 1, with deleted ones alone */
};

struct merge {
    struct nd_writer *w;
    size_t first, n;
    struct input *in;
    uint32_t number;
    char dir[ND_PATH_MAX]; /* of the new segment */
    uint32_t live, deleted;
    uint64_t bytes;
    bool recompressed;
};

static int no_memory(const struct merge *m, struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory merging in '%s'", m->w->dir);
}

static void file_path(char out[PATH_ROOM], const char *dir, const char *name)
{
    snprintf(out, PATH_ROOM, "%s/%s", dir, name);
}

/* ---- inputs ---- */

/* The language of each article, for the stems that go with deleted ones. */
static int read_langs(struct merge *m, struct input *x, struct nd_error *err)
{
    x->lang = malloc((size_t)x->docs + 1);
    if (!x->lang)
        return no_memory(m, err);
    int rc = nd_column_check(&x->columns, ND_COL_LANG, err);
    for (uint32_t d = 1; d <= x->docs && !rc; d++)
        x->lang[d - 1] = nd_column_u8(&x->columns, ND_COL_LANG, d);
    return rc;
}

/* Xapian's tables have no checksums of their own: damage must not become part of a sound segment. */
static int check_tables(const char *dir, struct nd_error *err)
{
    struct nd_tablesums *sums;
    int rc = nd_tablesums_open(&sums, dir, err);
    if (rc == ND_MISSING) {
        rc = nd_fail(err, ND_CORRUPT, "'%s/sums' is not there", dir);
        nd_hint(err, "make the index anew with: newsdex rebuild");
    }
    if (rc)
        return rc;
    rc = nd_tablesums_verify(sums, err);
    nd_tablesums_close(sums);
    return rc;
}

static int open_input(struct merge *m, size_t i, struct nd_error *err)
{
    struct input *x = &m->in[i];
    const struct nd_manifest_segment *s = &m->w->next.segments[m->first + i];
    char path[PATH_ROOM];
    int n = snprintf(x->dir, sizeof x->dir, "%s/seg-%06u", m->w->dir, s->number);
    if (n < 0 || (size_t)n >= sizeof x->dir)
        return nd_fail(err, ND_LIMIT, "path '%s' is too long", m->w->dir);
    x->docs = s->docs;
    int rc = nd_writer_deleted(m->w, m->first + i, &x->deleted, err);
    if (rc)
        return rc;
    if (x->deleted)
        x->deleted_n = nd_tombstones_count(x->deleted, x->docs);
    if (!x->deleted_n)
        x->deleted = NULL;
    m->live += x->docs - x->deleted_n;
    m->deleted += x->deleted_n;
    file_path(path, x->dir, "stream");
    rc = nd_stream_open(&x->stream, path, err);
    file_path(path, x->dir, "columns");
    if (!rc)
        rc = nd_columns_open(&x->columns, path, err);
    file_path(path, x->dir, "text");
    if (!rc)
        rc = nd_texts_open(&x->texts, path, err);
    if (!rc && (nd_stream_docs(x->stream) != x->docs || x->columns.docs != x->docs ||
                nd_texts_docs(x->texts) != x->docs))
        rc = nd_fail(err, ND_CORRUPT, "'%s' does not hold the articles that it should", x->dir);
    if (!rc) {
        nd_stream_bound(x->stream, IN_MEMORY / m->n);
        nd_texts_bound(x->texts, IN_MEMORY / m->n);
    }
    if (!rc && x->deleted)
        rc = read_langs(m, x, err);
    if (!rc)
        rc = check_tables(x->dir, err);
    return rc;
}

static void close_input(struct input *x)
{
    nd_stream_close(x->stream);
    nd_columns_close(&x->columns);
    nd_texts_close(x->texts);
    free(x->lang);
}

/* ---- the parts ---- */

static int merge_records(struct merge *m, struct nd_error *err)
{
    char path[PATH_ROOM];
    uint64_t size = 0;
    struct nd_stream_input *s = calloc(m->n, sizeof *s);
    struct nd_columns_input *c = calloc(m->n, sizeof *c);
    int rc = s && c ? 0 : no_memory(m, err);
    for (size_t i = 0; i < m->n && !rc; i++)
        s[i] = (struct nd_stream_input){
            .stream = m->in[i].stream, .deleted = m->in[i].deleted, .lang = m->in[i].lang};
    if (!rc) {
        file_path(path, m->dir, "stream");
        rc = nd_stream_merge(path, s, (uint32_t)m->n, &size, err);
        m->bytes += size;
    }
    for (size_t i = 0; i < m->n && !rc; i++)
        c[i] = (struct nd_columns_input){.columns = &m->in[i].columns,
                                         .deleted = m->in[i].deleted,
                                         .entities = s[i].entities,
                                         .entities_n = nd_stream_entities(m->in[i].stream)};
    if (!rc) {
        file_path(path, m->dir, "columns");
        rc = nd_columns_merge(path, c, m->n, &size, err);
        m->bytes += size;
    }
    for (size_t i = 0; s && i < m->n; i++)
        free(s[i].entities);
    free(s);
    free(c);
    return rc;
}

/* Compress every live article anew. */
static int recompress(struct merge *m, const char *path, struct nd_error *err)
{
    struct nd_texts_writer *out;
    struct nd_buf text;
    uint64_t size = 0;
    nd_buf_init(&text, ND_TEXT_MAX);
    int rc = nd_texts_create(&out, path, nd_texts_codec(m->in[0].texts), err);
    for (size_t i = 0; i < m->n && !rc; i++) {
        const struct input *x = &m->in[i];
        for (uint32_t d = 1; d <= x->docs && !rc; d++) {
            if (x->deleted && (x->deleted[(d - 1) / 8] >> ((d - 1) % 8) & 1))
                continue;
            nd_buf_reset(&text);
            rc = nd_texts_get(x->texts, d, &text, err);
            if (!rc)
                rc = nd_texts_add(out, text.data, text.len, err);
        }
    }
    if (rc)
        nd_texts_abandon(out);
    else
        rc = nd_texts_finish(out, &size, err);
    m->bytes += size;
    m->recompressed = true;
    nd_buf_free(&text);
    return rc;
}

static int merge_texts(struct merge *m, struct nd_error *err)
{
    char path[PATH_ROOM];
    char(*names)[PATH_ROOM] = calloc(m->n, sizeof *names);
    const char **paths = calloc(m->n, sizeof *paths);
    int rc = names && paths ? 0 : no_memory(m, err);
    file_path(path, m->dir, "text");
    for (size_t i = 0; i < m->n && !rc; i++) {
        file_path(names[i], m->in[i].dir, "text");
        paths[i] = names[i];
    }
    if (!rc) {
        struct stat st;
        rc = m->deleted ? ND_LIMIT : nd_texts_concat(path, paths, m->n, err);
        if (rc == ND_LIMIT)
            rc = recompress(m, path, err);
        else if (!rc && stat(path, &st) == 0)
            m->bytes += (uint64_t)st.st_size;
    }
    free(names);
    free(paths);
    return rc;
}

static int merge_glass(struct merge *m, struct nd_error *err)
{
    unsigned char uuid[ND_GLASS_UUID];
    struct nd_glass_sizes g = {0};
    nd_store64(uuid, nd_random_seed());
    nd_store64(uuid + 8, nd_random_seed());
    struct nd_glass_input *in = calloc(m->n, sizeof *in);
    if (!in)
        return no_memory(m, err);
    for (size_t i = 0; i < m->n; i++)
        in[i] = (struct nd_glass_input){.dir = m->in[i].dir,
                                        .deleted = m->in[i].deleted,
                                        .deleted_docs = m->in[i].deleted ? m->in[i].docs : 0};
    int rc = nd_glass_merge(m->dir, in, m->n, NULL, uuid, &g, err);
    if (!rc && g.documents != m->live)
        rc = nd_fail(err, ND_CORRUPT, "'%s' does not hold the articles that it should", m->dir);
    m->bytes += g.postlist + g.docdata + g.termlist + g.position + g.version;
    free(in);
    return rc;
}

static int write_segment(struct merge *m, struct nd_error *err)
{
    if (mkdir(m->dir, 0777) < 0)
        return nd_fail_errno(err, ND_IO, "cannot make the folder '%s'", m->dir);
    int rc = merge_texts(m, err);
    if (!rc)
        rc = merge_records(m, err);
    if (!rc)
        rc = merge_glass(m, err);
    if (!rc)
        rc = nd_dir_sync(m->dir, err);
    if (rc)
        nd_folder_remove_segment(m->w->dir, m->number, NULL); /* the first failure is what counts */
    return rc;
}

int nd_merge_segments(struct nd_writer *w, size_t first, size_t n, struct nd_merge_stats *stats,
                      struct nd_error *err)
{
    struct merge m = {.w = w, .first = first, .n = n};
    if (!n || first > w->next.n || n > w->next.n - first)
        return nd_fail(err, ND_INTERNAL, "no such segments to merge");
    malloc_trim(0); /* what builders have freed: merging maps files, and both together would be too much */
    m.in = calloc(n, sizeof *m.in);
    int rc = m.in ? nd_writer_new_segment(w, &m.number, m.dir, err) : no_memory(&m, err);
    for (size_t i = 0; i < n && !rc; i++)
        rc = open_input(&m, i, err);
    if (!rc && m.live)
        rc = write_segment(&m, err);
    for (size_t i = 0; m.in && i < n; i++)
        close_input(&m.in[i]);
    free(m.in);
    if (!rc)
        rc = nd_writer_replace_segments(w, first, n, m.number, m.live, err);
    if (!rc && stats) {
        stats->merges++;
        stats->segments += (uint32_t)n;
        stats->articles += m.live;
        stats->dropped += m.deleted;
        stats->bytes += m.bytes;
        stats->recompressed += m.recompressed;
    }
    return rc;
}
