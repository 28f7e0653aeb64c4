/* reading.c: what add, convert and tag share: options of reading, bad records, the closing summary. */
#include "reading.h"

#include <inttypes.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --map may hold several pairs, parted by commas. */
static const char **split_commas(struct newsdex *t, const char **in, size_t *n)
{
    size_t count = 0, k = 0;
    for (size_t i = 0; i < *n; i++) {
        count++;
        for (const char *p = in[i]; *p; p++)
            count += *p == ',';
    }
    const char **out = nd_arena_array(&t->arena, count + 1, sizeof *out);
    for (size_t i = 0; out && i < *n; i++)
        for (const char *p = in[i]; p;) {
            const char *comma = strchr(p, ',');
            size_t len = comma ? (size_t)(comma - p) : strlen(p);
            if (len)
                out[k++] = nd_arena_copy(&t->arena, p, len);
            p = comma ? comma + 1 : NULL;
        }
    *n = k;
    return out;
}

static int read_allowance(struct nd_reading_run *r, struct nd_error *err)
{
    const char *text = nd_args_text(&r->tool->args, "allow-bad");
    r->allow_set = text != NULL;
    if (!text)
        return 0;
    char *end;
    errno = 0;
    r->allow = strtoull(text, &end, 10);
    r->allow_percent = *end == '%' && end[1] == '\0';
    if (*text < '0' || *text > '9' || errno || (*end && !r->allow_percent)) {
        nd_fail(err, ND_USAGE, "--allow-bad '%s' is neither a number nor a share", text);
        nd_hint(err, "write --allow-bad 100 or --allow-bad 1%%");
        return ND_USAGE;
    }
    return 0;
}

int nd_reading_start(struct nd_reading_run *r, struct newsdex *t, struct nd_error *err)
{
    *r = (struct nd_reading_run){.tool = t};
    struct nd_source_options *o = &r->options;
    const struct nd_args *a = &t->args;
    size_t n = 0;
    const char **map = nd_args_list(a, &t->arena, "map", &n);
    o->map_n = n;
    o->map = split_commas(t, map, &o->map_n);
    o->set = nd_args_list(a, &t->arena, "set", &o->set_n);
    o->fallback = nd_args_list(a, &t->arena, "default", &o->fallback_n);
    o->from_path = nd_args_text(a, "from-path");
    o->id_prefix = nd_args_text(a, "id-prefix");
    o->input_format = nd_args_text(a, "input-format");
    o->record = nd_args_text(a, "record");
    o->files_from = nd_args_list(a, &t->arena, "files-from", &o->files_from_n);
    o->include = nd_args_list(a, &t->arena, "include", &o->include_n);
    o->exclude = nd_args_list(a, &t->arena, "exclude", &o->exclude_n);
    if (!a->words_n && !o->files_from_n) {
        nd_fail(err, ND_USAGE, "nothing to read");
        nd_hint(err, "name files or folders, or - for standard input");
        return ND_USAGE;
    }
    int rc = read_allowance(r, err);
    if (!rc)
        rc = nd_reading_files(r, err);
    const char *rejects = nd_args_text(a, "rejects");
    if (!rc && rejects) {
        r->rejects = fopen(rejects, "we");
        if (!r->rejects)
            rc = nd_fail_errno(err, ND_IO, "cannot create '%s'", rejects);
    }
    return rc;
}

int nd_reading_open(struct nd_reading_run *r, struct nd_error *err)
{
    const struct nd_args *a = &r->tool->args;
    const char **paths = nd_arena_array(&r->tool->arena, a->words_n + 1, sizeof *paths);
    if (!paths)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; i < a->words_n; i++)
        paths[i] = a->words[i].p; /* argv's own, NUL-ended */
    int rc = nd_source_open(&r->source, paths, a->words_n, &r->options, err);
    if (!rc)
        nd_progress_start(&r->progress, &r->tool->diag);
    return rc;
}

void nd_reading_bad(void *ctx, const struct nd_error *err)
{
    struct nd_reading_run *r = ctx;
    nd_progress_end(&r->progress);
    if (r->rejects)
        fprintf(r->rejects, "%s\t%" PRIu64 "\n", err->msg, err->offset);
    /* each bad record is told, quiet or not: it is an error, not a note */
    struct nd_diag loud = r->tool->diag;
    loud.quiet = false;
    nd_diag_line(&loud, "%s", err->msg);
}

void nd_reading_progress(void *ctx)
{
    struct nd_reading_run *r = ctx;
    const struct nd_source_stats *s = nd_source_stats(r->source);
    nd_progress_show(&r->progress, s->bytes, s->bytes_total, s->articles, s->bad);
}

/* The ending of what was done to so many. */
static const char *were(uint64_t n)
{
    return n == 1 ? " was" : "s were";
}

/* The share of the articles that have each field, and what nobody knew. */
static void coverage(struct nd_reading_run *r, const struct nd_source_stats *s)
{
    const struct nd_diag *d = &r->tool->diag;
    struct nd_buf line;
    nd_buf_init(&line, 64 * 1024);
    for (int c = 0; s->articles && c < ND_COVERS; c++)
        if (s->cover[c])
            nd_buf_printf(&line, "%s%s %.*f %%", line.len ? ", " : "", nd_cover_name(c),
                          s->cover[c] == s->articles || s->cover[c] * 1000 < s->articles ? 0 : 1,
                          100.0 * (double)s->cover[c] / (double)s->articles);
    if (line.len)
        nd_diag_line(d, "articles with: %s", line.data);
    nd_buf_reset(&line);
    struct nd_str key;
    uint64_t count;
    unsigned shown = 0;
    for (uint32_t i = 0; shown < 20 && nd_source_unknown(r->source, i, &key, &count); i++)
        if (count && ++shown)
            nd_buf_printf(&line, "%s%.*s (%" PRIu64 ")", line.len ? ", " : "",
                          key.n > 60 ? 60 : (int)key.n, key.p, count);
    if (line.len)
        nd_diag_line(d, "keys left out: %s; --map OURS=THEIRS takes them in", line.data);
    nd_buf_free(&line);
    if (s->ignored)
        nd_diag_line(d, "%" PRIu64 " articles were left out by --ignore", s->ignored);
    if (s->repaired)
        nd_diag_line(d, "%" PRIu64 " ill-formed UTF-8 sequence%s replaced", s->repaired,
                     were(s->repaired));
    if (s->parts)
        nd_diag_line(d, "%" PRIu64 " attachment%s left out", s->parts, were(s->parts));
    if (s->bad_dates)
        nd_diag_line(d, "%" PRIu64 " date%s could not be read: %s undated", s->bad_dates,
                     nd_s(s->bad_dates),
                     s->bad_dates == 1 ? "that article is" : "those articles are");
    if (s->cut)
        nd_diag_line(d, "%" PRIu64 " title%s, author%s or other short field%s too long and cut",
                     s->cut, nd_s(s->cut), nd_s(s->cut), were(s->cut));
}

int nd_reading_end(struct nd_reading_run *r, bool summary, struct nd_error *err)
{
    int status = 0;
    if (r->source) {
        const struct nd_source_stats *s = nd_source_stats(r->source);
        nd_progress_end(&r->progress);
        if (summary)
            coverage(r, s);
        if (s->bad)
            nd_diag_line(&r->tool->diag, "%" PRIu64 " bad record%s or file%s skipped", s->bad,
                         nd_s(s->bad), were(s->bad));
        uint64_t records = s->articles + s->bad;
        bool within = r->allow_percent ? s->bad * 100 <= records * r->allow : s->bad <= r->allow;
        if (s->bad && !(r->allow_set && within))
            status = nd_exit_status(ND_PARTIAL);
    }
    if (r->rejects && fclose(r->rejects) != 0) {
        nd_fail_errno(err, ND_IO, "cannot write '%s'", nd_args_text(&r->tool->args, "rejects"));
        status = nd_exit_worse(status, newsdex_failed(r->tool, err));
    }
    nd_source_close(r->source);
    nd_buf_free(&r->ignore);
    r->source = NULL;
    r->rejects = NULL;
    return status;
}
