/* add: dumps -> index. */
#include "alerts.h"
#include "derive_index.h"
#include "pipeline.h"
#include "reading.h"

#include "base/file.h"
#include "segment/folder.h"
#include "text/json.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

enum {
    MEMORY = 512 << 20,
    BASE_MEMORY = 96 << 20 /* of the budget: programs, batches, buffers of readers */
};

/* Set by the handler of SIGINT and SIGTERM; a flag is all that a handler can safely touch. */
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
    close(STDIN_FILENO); /* a read that waits for a pipe or a person ends; close is safe here */
}

static bool cancelled(void *ctx)
{
    (void)ctx;
    return interrupted != 0;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void warn_network(const struct newsdex *t, const char *dir)
{
    static const long kinds[] = {0x6969, 0x517B, (long)0xFF534D42, (long)0xFE534D42, 0x65735546};
    struct statfs fs;
    if (statfs(dir, &fs) < 0)
        return;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if ((long)fs.f_type == kinds[i])
            nd_diag_note(&t->diag,
                         "'%s' seems to lie on a network file system, where locks and memory maps "
                         "cannot be trusted",
                         dir);
}

static int print_stats(const struct nd_pipeline_stats *s, const struct nd_source_stats *in,
                       const struct nd_writer *w, struct nd_error *err)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 20);
    nd_buf_printf(&out,
                  "{\"added\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"unchanged\":%" PRIu64
                  ",\"older\":%" PRIu64 ",\"withdrawn\":%" PRIu64 ",\"bad\":%" PRIu64
                  ",\"words\":%" PRIu64 ",\"text_bytes\":%" PRIu64 ",\"segments\":%" PRIu64
                  ",\"segment_bytes\":%" PRIu64 ",\"commits\":%" PRIu64
                  ",\"files_unchanged\":%" PRIu64 ",\"seconds\":%.3f,\"revision\":%" PRIu32
                  ",\"uuid\":\"%s\"}\n",
                  s->added, s->changed, s->unchanged, s->older, s->withdrawn, in->bad, s->words,
                  s->text, s->segments, s->bytes, s->commits, in->passed_files, s->seconds,
                  w->manifest.revision, w->manifest.uuid);
    int rc = nd_write_all(STDOUT_FILENO, out.data, out.len, "standard output", err);
    nd_buf_free(&out);
    return rc;
}

static void summary(const struct newsdex *t, const struct nd_pipeline_stats *s,
                    const struct nd_source_stats *in, const char *dir)
{
    struct nd_buf line;
    nd_buf_init(&line, 4096);
    nd_buf_printf(&line, "%" PRIu64 " article%s added to '%s'", s->added, nd_s(s->added), dir);
    if (s->changed)
        nd_buf_printf(&line, ", %" PRIu64 " replaced by newer versions", s->changed);
    if (s->unchanged)
        nd_buf_printf(&line, ", %" PRIu64 " unchanged", s->unchanged);
    if (s->older)
        nd_buf_printf(&line, ", %" PRIu64 " older than what is there", s->older);
    if (s->withdrawn)
        nd_buf_printf(&line, ", %" PRIu64 " withdrawn", s->withdrawn);
    if (in->passed_files)
        nd_buf_printf(&line, ", %" PRIu64 " file%s not read again: nothing in %s has changed",
                      in->passed_files, nd_s(in->passed_files),
                      in->passed_files == 1 ? "it" : "them");
    if (s->added || s->changed)
        nd_buf_printf(&line, "; %.1f MB of text in %.1f s", (double)s->text / 1e6, s->seconds);
    nd_diag_line(&t->diag, "%s", line.data);
    nd_buf_free(&line);
}

/* Read and count, but write nothing. */
static int dry_run(struct nd_reading_run *r, struct nd_error *err)
{
    struct nd_arena arena;
    struct nd_article a;
    int rc;
    nd_arena_init(&arena, (size_t)1 << 30);
    while ((rc = nd_source_next(r->source, &a, &arena, err)) == 0 || rc == ND_INPUT) {
        if (rc == ND_INPUT)
            nd_reading_bad(r, err);
        nd_reading_progress(r);
        nd_arena_reset(&arena);
    }
    nd_arena_free(&arena);
    if (rc == ND_DONE)
        nd_diag_line(&r->tool->diag, "%" PRIu64 " article%s could be read; nothing was written",
                     nd_source_stats(r->source)->articles,
                     nd_s(nd_source_stats(r->source)->articles));
    return rc == ND_DONE ? 0 : rc;
}

/* An index is complete for Xapian or it is not: what comes to it is as what is there. */
static bool is_complete(const struct newsdex *t, const struct nd_writer *w)
{
    bool there = nd_folder_complete(w->dir, &w->manifest);
    if (nd_args_has(&t->args, "xapian-complete") && !there && w->manifest.n)
        nd_diag_note(&t->diag,
                     "'%s' was not made with --xapian-complete: newsdex rebuild "
                     "--xapian-complete makes all of it so",
                     w->dir);
    return there || nd_args_has(&t->args, "xapian-complete");
}

static unsigned jobs(const struct newsdex *t)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t n = nd_args_number(&t->args, "jobs", cores > 0 ? (uint64_t)cores : 1);
    return n < 1 ? 1 : n > 64 ? 64 : (unsigned)n;
}

/* *before: the revision of the index when it was opened. */
static int add(struct nd_reading_run *r, const char *dir, struct nd_pipeline_stats *stats,
               uint32_t *before, struct nd_error *err)
{
    struct newsdex *t = r->tool;
    struct nd_writer *w = NULL;
    struct nd_resume *resume = NULL;
    const char *codec = nd_args_text(&t->args, "codec");
    uint64_t memory = nd_args_number(&t->args, "memory", MEMORY);
    struct nd_writer_options open = {.create = true,
                                     .wait = (unsigned)nd_args_number(&t->args, "wait", 0),
                                     .derive = nd_derive_index};
    struct nd_entity_data entities = {0};
    bool tagged = !nd_args_has(&t->args, "no-entities");
    int rc = nd_writer_open(&w, dir, &open, err);
    if (!rc)
        *before = w->manifest.revision;
    if (!rc && tagged)
        rc = nd_entity_data_open(&entities, NULL, err);
    if (!rc)
        rc = nd_resume_new(&resume, &w->ledger, &r->options, err);
    if (!rc) {
        warn_network(t, dir);
        r->options.passed = nd_resume_passed;
        r->options.passed_ctx = resume;
        rc = nd_reading_open(r, err);
    }
    bool complete = !rc && is_complete(t, w);
    struct nd_pipeline_options o = {
        .jobs = jobs(t),
        .memory = memory > 2 * BASE_MEMORY ? (size_t)memory - BASE_MEMORY : (size_t)memory / 2,
        .codec = codec && strcmp(codec, "deflate") == 0 ? ND_CODEC_DEFLATE : ND_CODEC_ZSTD,
        .complete = complete,
        .entities = tagged ? &entities : NULL,
        .replace = nd_args_has(&t->args, "replace"),
        .bad_max = UINT64_MAX,
        .resume = resume,
        .bad = nd_reading_bad,
        .progress = nd_reading_progress,
        .cancelled = cancelled,
        .ctx = r};
    if (!rc) {
        catch_signals();
        rc = nd_pipeline_run(w, r->source, &o, stats, err);
        nd_progress_end(&r->progress);
    }
    if (!rc && nd_args_has(&t->args, "stats"))
        rc = print_stats(stats, nd_source_stats(r->source), w, err);
    if (tagged)
        nd_entity_data_close(&entities);
    nd_resume_free(resume);
    nd_writer_close(w);
    return rc;
}

static int check_alerts(const struct newsdex *t, struct nd_error *err)
{
    bool alerts = nd_args_has(&t->args, "alerts");
    if (!alerts && nd_args_has(&t->args, "queries"))
        return nd_fail(err, ND_USAGE, "--queries goes with --alerts");
    if (alerts && nd_args_has(&t->args, "stats"))
        return nd_fail(err, ND_USAGE,
                       "--alerts and --stats both print on standard output: choose one");
    return 0;
}

/* What was committed is told of, also where the run ended badly after it. */
static int alert(const struct newsdex *t, const char *dir, uint32_t before)
{
    struct nd_error err = {0};
    int rc = newsdex_alerts(t, dir, nd_args_text(&t->args, "queries"), before, &err);
    return rc && err.code ? newsdex_failed(t, &err) : nd_exit_status(rc);
}

int newsdex_add(void *tool)
{
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct nd_reading_run r;
    struct nd_pipeline_stats stats = {0};
    bool dry = nd_args_has(&t->args, "dry-run");
    const char *dir = NULL;
    uint32_t before = UINT32_MAX;
    int status = 0;
    int rc = nd_reading_start(&r, t, &err);
    if (!rc)
        rc = check_alerts(t, &err);
    if (!rc && !dry) {
        dir = newsdex_dir(t, true, &err);
        rc = dir ? 0 : ND_USAGE;
    }
    if (!rc && dry) {
        rc = nd_reading_open(&r, &err);
        if (!rc)
            rc = dry_run(&r, &err);
    } else if (!rc) {
        rc = add(&r, dir, &stats, &before, &err);
    }
    if (rc)
        status = newsdex_failed(t, &err);
    else if (!dry)
        summary(t, &stats, nd_source_stats(r.source), dir);
    if (nd_args_has(&t->args, "alerts") && before != UINT32_MAX && stats.commits)
        status = nd_exit_worse(status, alert(t, dir, before));
    return nd_exit_worse(status, nd_reading_end(&r, !rc, &err));
}
