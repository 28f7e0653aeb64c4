#include "xap/index.h"

#include "record/tombstone.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    TRIES = 10 /* how often an index may change while it is opened */
};

void nd_index_close(struct nd_index *ix)
{
    if (!ix)
        return;
    xap_close(ix->xap);
    nd_overrides_free(ix->overrides);
    nd_arena_free(&ix->kept);
    for (size_t i = 0; i < ix->n; i++) {
        struct nd_segment *s = &ix->segments[i];
        nd_stream_close(s->stream);
        if (s->columns) {
            nd_columns_close(s->columns);
            free(s->columns);
        }
        nd_texts_close(s->texts);
        nd_sections_close(&s->del_file);
        free(s->odd);
        free(s->path);
    }
    free(ix->segments);
    for (size_t i = 0; i < ix->folders_n; i++) {
        nd_manifest_free(&ix->folders[i].manifest);
        nd_derived_close(&ix->folders[i].derived);
        free(ix->folders[i].dir);
    }
    free(ix->folders);
    free(ix);
}

/* DIR/NAME, to be freed. */
static char *join(const char *dir, const char *name)
{
    size_t n = strlen(dir) + strlen(name) + 2;
    char *path = malloc(n);
    if (path)
        snprintf(path, n, "%s/%s", dir, name);
    return path;
}

static int add_segment(struct nd_index *ix, size_t folder, const struct nd_manifest_segment *ms,
                       struct nd_error *err)
{
    struct nd_segment *s = &ix->segments[ix->n];
    const char *dir = ix->folders[folder].dir;
    char name[32];
    snprintf(name, sizeof name, "seg-%06u", ms->number);
    *s = (struct nd_segment){.number = ix->n, .folder = folder, .docs = ms->docs};
    s->path = join(dir, name);
    if (!s->path)
        return nd_fail(err, ND_NOMEM, "out of memory for an index");
    ix->n++;
    if (ms->del[0]) {
        char *del = join(dir, ms->del);
        if (!del)
            return nd_fail(err, ND_NOMEM, "out of memory for an index");
        int rc = nd_tombstones_open(&s->del_file, del, s->docs, &s->deleted, &s->deleted_n, err);
        free(del);
        if (rc)
            return rc;
    }
    ix->articles += s->docs - s->deleted_n;
    return 0;
}

/* Is every segment still there? A writer removes a segment's iamglass first. */
static bool all_there(const struct nd_index *ix)
{
    for (size_t i = 0; i < ix->n; i++) {
        struct stat st;
        char *path = join(ix->segments[i].path, "iamglass");
        bool there = path && stat(path, &st) == 0;
        free(path);
        if (!there)
            return false;
    }
    return true;
}

/* Is what the folders name still what was read? Tombstones are removed when newer ones are there. */
static bool all_current(const struct nd_index *ix)
{
    for (size_t i = 0; i < ix->folders_n; i++) {
        struct nd_manifest now;
        if (nd_manifest_read(&now, ix->folders[i].dir, NULL))
            continue;
        bool same = now.commit == ix->folders[i].manifest.commit;
        nd_manifest_free(&now);
        if (!same)
            return false;
    }
    return true;
}

static int read_folders(struct nd_index *ix, const char *const *dirs, size_t n,
                        struct nd_error *err)
{
    size_t segments = 0;
    ix->folders = calloc(n ? n : 1, sizeof *ix->folders);
    if (!ix->folders)
        return nd_fail(err, ND_NOMEM, "out of memory for an index");
    for (size_t i = 0; i < n; i++) {
        struct nd_folder *f = &ix->folders[i];
        f->dir = strdup(dirs[i]);
        if (!f->dir)
            return nd_fail(err, ND_NOMEM, "out of memory for an index");
        ix->folders_n++;
        int rc = nd_manifest_read(&f->manifest, dirs[i], err);
        if (rc)
            return rc;
        segments += f->manifest.n;
    }
    ix->segments = calloc(segments ? segments : 1, sizeof *ix->segments);
    return ix->segments ? 0 : nd_fail(err, ND_NOMEM, "out of memory for an index");
}

/* What is derived can be made anew; what the manifest names must be there. */
static int derived_failed(const struct nd_folder *f, int rc, struct nd_error *err)
{
    if (rc == ND_MISSING)
        rc = ND_CORRUPT;
    if (err && rc)
        err->code = rc;
    if (rc == ND_CORRUPT)
        nd_hint(err, "make it anew with: newsdex merge -d %s", f->dir);
    return rc;
}

static int open_derived(struct nd_folder *f, struct nd_error *err)
{
    if (!f->manifest.derived[0])
        return 0;
    char *path = join(f->dir, f->manifest.derived);
    int rc = path ? nd_derived_map(&f->derived, path, err)
                  : nd_fail(err, ND_NOMEM, "out of memory for an index");
    free(path);
    f->derived_there = rc == 0;
    return derived_failed(f, rc, err);
}

static int open_once(struct nd_index **out, const char *const *dirs, size_t n, struct nd_error *err)
{
    struct nd_index *ix = calloc(1, sizeof *ix);
    const char **paths = NULL;
    *out = NULL;
    if (!ix)
        return nd_fail(err, ND_NOMEM, "out of memory for an index");
    int rc = read_folders(ix, dirs, n, err);
    for (size_t i = 0; rc == 0 && i < ix->folders_n; i++)
        for (size_t k = 0; rc == 0 && k < ix->folders[i].manifest.n; k++)
            rc = add_segment(ix, i, &ix->folders[i].manifest.segments[k], err);
    for (size_t i = 0; rc == 0 && i < ix->folders_n; i++)
        rc = open_derived(&ix->folders[i], err);
    if (rc == 0 && !(paths = calloc(ix->n + 1, sizeof(const char *))))
        rc = nd_fail(err, ND_NOMEM, "out of memory for an index");
    for (size_t i = 0; rc == 0 && i < ix->n; i++)
        paths[i] = ix->segments[i].path;
    if (rc == 0)
        rc = xap_open(&ix->xap, paths, ix->n, err);
    /* opened now, so that a writer who removes the files cannot take them away */
    for (size_t i = 0; rc == 0 && i < ix->n; i++) {
        struct nd_stream *stream;
        struct nd_columns *columns;
        struct nd_texts *texts;
        if ((rc = nd_segment_stream(&ix->segments[i], &stream, err)) == 0 &&
            (rc = nd_segment_columns(&ix->segments[i], &columns, err)) == 0)
            rc = nd_segment_texts(&ix->segments[i], &texts, err);
        if (rc == 0 && !xap_checked(ix->xap, i)) {
            rc = nd_fail(err, ND_CORRUPT, "'%s/sums' is not there", ix->segments[i].path);
            nd_hint(err, "make the index anew with: newsdex rebuild");
        }
        if (rc == 0 && (xap_last_docid(ix->xap, i) > ix->segments[i].docs ||
                        nd_stream_docs(stream) != ix->segments[i].docs))
            rc = nd_fail(err, ND_CORRUPT, "'%s' does not hold the articles that it should",
                         ix->segments[i].path);
    }
    free(paths);
    if (!all_there(ix) || (rc && !all_current(ix)))
        rc = nd_fail(err, ND_MODIFIED, "the index '%s' changed while it was opened", dirs[0]);
    if (rc) {
        nd_index_close(ix);
        return rc;
    }
    *out = ix;
    return 0;
}

int nd_index_open(struct nd_index **out, const char *const *dirs, size_t n, struct nd_error *err)
{
    int rc = 0;
    for (unsigned i = 0; i < TRIES; i++) {
        rc = open_once(out, dirs, n, err);
        if (rc != ND_MODIFIED)
            break;
    }
    if (rc == 0 && err)
        *err = (struct nd_error){0};
    return rc;
}

int nd_folder_derived(struct nd_folder *f, const struct nd_derived **out, struct nd_error *err)
{
    *out = NULL;
    if (!f->derived_there)
        return 0;
    int rc = f->derived_checked ? 0 : nd_derived_check(&f->derived, err);
    f->derived_checked = rc == 0;
    f->derived_there = rc == 0; /* a failed check has closed it */
    if (rc)
        return derived_failed(f, rc, err);
    *out = &f->derived;
    return 0;
}

void nd_index_read_once(struct nd_index *ix)
{
    for (size_t i = 0; i < ix->n; i++) {
        if (ix->segments[i].stream)
            nd_stream_read_once(ix->segments[i].stream);
        if (ix->segments[i].texts)
            nd_texts_read_once(ix->segments[i].texts);
    }
}

void nd_index_drop(struct nd_index *ix)
{
    for (size_t i = 0; i < ix->n; i++)
        if (ix->segments[i].columns)
            nd_sections_drop(&ix->segments[i].columns->file);
}

int nd_segment_stream(struct nd_segment *s, struct nd_stream **out, struct nd_error *err)
{
    int rc = 0;
    if (!s->stream) {
        char *path = join(s->path, "stream");
        rc = path ? nd_stream_open(&s->stream, path, err)
                  : nd_fail(err, ND_NOMEM, "out of memory for an index");
        free(path);
    }
    *out = s->stream;
    return rc;
}

int nd_segment_columns(struct nd_segment *s, struct nd_columns **out, struct nd_error *err)
{
    int rc = 0;
    if (!s->columns) {
        char *path = join(s->path, "columns");
        struct nd_columns *c = calloc(1, sizeof *c);
        rc = path && c ? nd_columns_open(c, path, err)
                       : nd_fail(err, ND_NOMEM, "out of memory for an index");
        if (rc == 0 && c->docs != s->docs) {
            nd_columns_close(c);
            rc = nd_fail(err, ND_CORRUPT, "'%s' does not have a row for each article", path);
        }
        free(path);
        if (rc)
            free(c);
        else
            s->columns = c;
    }
    *out = s->columns;
    return rc;
}

int nd_segment_texts(struct nd_segment *s, struct nd_texts **out, struct nd_error *err)
{
    int rc = 0;
    if (!s->texts) {
        char *path = join(s->path, "text");
        rc = path ? nd_texts_open(&s->texts, path, err)
                  : nd_fail(err, ND_NOMEM, "out of memory for an index");
        free(path);
    }
    *out = s->texts;
    return rc;
}

int nd_index_find(struct nd_index *ix, const char *id, size_t n, size_t *segment, uint32_t *docid,
                  struct nd_error *err)
{
    const struct nd_field *f = nd_schema_find("id", 2);
    char term[ND_TERM_MAX];
    bool exact;
    size_t len = nd_term_make(term, f->prefix, id, n, &exact);
    for (size_t i = ix->n; i-- > 0;) { /* what came in last is at the end */
        struct xap_postings *p;
        int rc = xap_postings_open(&p, ix->xap, i, term, len, err);
        if (rc == ND_DONE)
            continue;
        if (rc)
            return rc;
        while ((rc = xap_postings_next(p, docid, err)) == 0)
            if (!nd_segment_deleted(&ix->segments[i], *docid))
                break;
        xap_postings_close(p);
        if (rc != ND_DONE) {
            *segment = i;
            return rc;
        }
    }
    return ND_DONE;
}
