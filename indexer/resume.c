#include "resume.h"

#include "base/hash.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One file of the input that was opened. */
struct file {
    char *path;       /* absolute, with the suffix of the options; owned */
    uint64_t size;
    int64_t mtime;
    bool failed, noted;
};

struct nd_resume {
    struct nd_ledger *ledger;
    struct file *files; /* by number in the source */
    size_t n;
    uint64_t bad_files; /* as last seen */
    char suffix[24];    /* of names in the ledger: the options of reading, hashed */
};

static void add_texts(struct nd_buf *b, const char *const *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nd_buf_add(b, v[i], strlen(v[i]) + 1);
    nd_buf_byte(b, '\n');
}

static void add_text(struct nd_buf *b, const char *s)
{
    if (s)
        nd_buf_str(b, s);
    nd_buf_byte(b, '\n');
}

/* What the options make of a file, as text that differs where the options do; empty where none is given. */
static int describe(struct nd_buf *b, const struct nd_source_options *o)
{
    if (!o->map_n && !o->set_n && !o->fallback_n && !o->from_path && !o->id_prefix &&
        !o->input_format && !o->ignore.n && !o->record)
        return 0;
    add_texts(b, o->map, o->map_n);
    add_texts(b, o->set, o->set_n);
    add_texts(b, o->fallback, o->fallback_n);
    add_text(b, o->from_path);
    add_text(b, o->id_prefix);
    add_text(b, o->input_format);
    if (o->record)
        add_text(b, o->record);
    nd_buf_add(b, o->ignore.p, o->ignore.n);
    return nd_buf_code(b);
}

int nd_resume_new(struct nd_resume **out, struct nd_ledger *ledger,
                  const struct nd_source_options *options, struct nd_error *err)
{
    struct nd_buf b;
    nd_buf_init(&b, 64 << 20);
    *out = calloc(1, sizeof **out);
    int rc = *out && !describe(&b, options) ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc) {
        (*out)->ledger = ledger;
        if (b.len)
            snprintf((*out)->suffix, sizeof (*out)->suffix, "?%016" PRIx64, nd_hash64(b.data, b.len, 0));
    } else {
        free(*out);
        *out = NULL;
    }
    nd_buf_free(&b);
    return rc;
}

void nd_resume_free(struct nd_resume *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n; i++)
        free(r->files[i].path);
    free(r->files);
    free(r);
}

static struct file *file_at(struct nd_resume *r, size_t i)
{
    if (i >= r->n) {
        size_t n = r->n ? r->n * 2 : 64;
        while (n <= i)
            n *= 2;
        struct file *f = realloc(r->files, n * sizeof *f);
        if (!f)
            return NULL;
        memset(f + r->n, 0, (n - r->n) * sizeof *f);
        r->files = f;
        r->n = n;
    }
    return &r->files[i];
}

uint64_t nd_resume_passed(void *ctx, size_t file, const char *path)
{
    struct nd_resume *r = ctx;
    struct stat st;
    struct file *f = file_at(r, file);
    /* what cannot be looked at, standard input and pipes are read from their start, and not remembered */
    if (!f || strcmp(path, "-") == 0 || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return 0;
    free(f->path);
    char *whole = realpath(path, NULL);
    f->path = NULL;
    if (whole && asprintf(&f->path, "%s%s", whole, r->suffix) < 0)
        f->path = NULL;
    free(whole);
    if (!f->path)
        return 0;
    f->size = (uint64_t)st.st_size;
    f->mtime = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    const struct nd_ledger_row *row = nd_ledger_find(r->ledger, f->path);
    if (!row || row->size != f->size || row->mtime != f->mtime)
        return 0;
    f->noted = row->done;
    return row->done ? UINT64_MAX : row->records;
}

void nd_resume_bad(struct nd_resume *r, struct nd_source *source)
{
    const struct nd_source_stats *s = nd_source_stats(source);
    struct file *f = file_at(r, s->file);
    if (f && s->bad_files > r->bad_files)
        f->failed = true;
    r->bad_files = s->bad_files;
}

int nd_resume_note(struct nd_resume *r, struct nd_source *source, bool end, struct nd_error *err)
{
    const struct nd_source_stats *s = nd_source_stats(source);
    for (size_t i = 0; i < r->n && i <= s->file; i++) {
        struct file *f = &r->files[i];
        bool current = i == s->file && !end;
        if (!f->path || f->noted)
            continue;
        struct nd_ledger_row row = {.records = current ? s->record : 0,
                                    .done = !current && !f->failed,
                                    .size = f->size,
                                    .mtime = f->mtime};
        if (nd_ledger_set(r->ledger, f->path, &row))
            return nd_fail(err, ND_NOMEM, "out of memory");
        f->noted = !current;
    }
    return 0;
}
