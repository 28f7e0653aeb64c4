/* rebuild: every stored article indexed again, in place: for another tokenizer, tagger or schema.
 * The index keeps its uuid, its events and what was noted of each article: when and in which revision it came in.
 * It is one commit: until then readers have the old segments, and a killed run leaves them. */
#include "derive_index.h"
#include "newsdex.h"
#include "worker.h"

#include "base/hash.h"
#include "segment/folder.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    CHUNK = 256, /* articles that a thread takes at a time */
    JOBS_MAX = 64,
    MEMORY = 416 << 20, /* what builders may hold together */
    RECORD_MAX = 1 << 30
};

struct made {
    uint32_t number, docs;
};

struct rebuild {
    struct newsdex *tool;
    struct nd_writer *w;
    struct nd_build_options build;
    struct nd_entity_data entities;
    bool tagged; /* unless --no-entities */
    struct nd_progress progress;
    size_t memory;        /* of one builder */
    pthread_mutex_t lock; /* guards all below, and w */
    size_t segment;       /* where the next chunk begins */
    uint32_t docid;
    uint64_t done, total;
    struct made *made;
    size_t made_n;
    int failed;
    struct nd_error err;
};

struct job {
    pthread_t thread;
    bool started;
    struct rebuild *of;
    struct nd_worker *worker;
    /* the open old segment */
    size_t at; /* its position, SIZE_MAX for none */
    struct nd_texts *texts;
    struct nd_columns columns;
    const unsigned char *deleted;
    struct nd_arena arena;
    struct nd_buf json;
};

/* ---- old segments ---- */

static void close_old(struct job *j)
{
    nd_texts_close(j->texts);
    nd_columns_close(&j->columns);
    j->texts = NULL;
    j->at = SIZE_MAX;
}

static int open_old(struct job *j, size_t at, struct nd_error *err)
{
    struct nd_writer *w = j->of->w;
    char path[ND_PATH_MAX];
    if (j->at == at)
        return 0;
    close_old(j);
    snprintf(path, sizeof path, "%s/seg-%06u/text", w->dir, w->next.segments[at].number);
    int rc = nd_texts_open(&j->texts, path, err);
    snprintf(path, sizeof path, "%s/seg-%06u/columns", w->dir, w->next.segments[at].number);
    if (!rc)
        rc = nd_columns_open(&j->columns, path, err);
    for (enum nd_column_id id = 1; id < ND_COLUMNS && !rc; id++)
        rc = nd_column_check(&j->columns, id, err);
    if (!rc && nd_texts_docs(j->texts) != w->next.segments[at].docs)
        rc = nd_fail(err, ND_CORRUPT, "'%s' does not hold the articles that it should", path);
    if (!rc) {
        pthread_mutex_lock(&j->of->lock);
        rc = nd_writer_deleted(w, at, &j->deleted, err);
        pthread_mutex_unlock(&j->of->lock);
    }
    if (!rc)
        j->at = at;
    return rc;
}

/* ---- one article ---- */

static int one_article(struct job *j, uint32_t docid, struct nd_error *err)
{
    const struct nd_columns *c = &j->columns;
    struct nd_article a;
    nd_buf_reset(&j->json);
    nd_arena_reset(&j->arena);
    int rc = nd_texts_get(j->texts, docid, &j->json, err);
    if (!rc)
        rc = nd_article_parse(&a, &j->arena, j->json.data, j->json.len, err);
    nd_buf_reset(&j->json);
    if (!rc && nd_article_json(&j->json, &a, false))
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    if (rc)
        return rc;
    struct nd_build_article x = {.article = &a,
                                 .content = nd_hash128(j->json.data, j->json.len),
                                 .revision = nd_column_u32(c, ND_COL_LAST_REV, docid),
                                 .first_revision = nd_column_u32(c, ND_COL_FIRST_REV, docid),
                                 .version = nd_column_u64(c, ND_COL_VERSION, docid),
                                 .indexed = nd_column_i64(c, ND_COL_INDEXED, docid)};
    return nd_worker_index(j->worker, &x, err);
}

/* Give the worker a new segment to write. */
static int begin(struct job *j, struct nd_error *err)
{
    char path[ND_PATH_MAX];
    uint32_t number;
    pthread_mutex_lock(&j->of->lock);
    int rc = nd_writer_new_segment(j->of->w, &number, path, err);
    pthread_mutex_unlock(&j->of->lock);
    return rc ? rc : nd_worker_begin(j->worker, 0, true, number, path, err);
}

/* Write what the worker holds. */
static int flush(struct job *j, struct nd_error *err)
{
    struct rebuild *r = j->of;
    uint32_t docs;
    int rc = nd_worker_flush(j->worker, &docs, err);
    if (rc || !docs)
        return rc;
    pthread_mutex_lock(&r->lock);
    struct made *v = realloc(r->made, (r->made_n + 1) * sizeof *v);
    if (v) {
        r->made = v;
        v[r->made_n++] = (struct made){j->worker->number, docs};
    }
    pthread_mutex_unlock(&r->lock);
    return v ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
}

/* Take the next chunk of articles: `first` up to `end` of a segment. Return: false when all are taken. */
static bool next_chunk(struct rebuild *r, size_t *segment, uint32_t *first, uint32_t *end)
{
    const struct nd_manifest *m = &r->w->next;
    pthread_mutex_lock(&r->lock);
    while (r->segment < m->n && r->docid > m->segments[r->segment].docs) {
        r->segment++;
        r->docid = 1;
    }
    bool more = !r->failed && r->segment < m->n;
    if (more) {
        uint32_t left = m->segments[r->segment].docs - r->docid + 1;
        *segment = r->segment;
        *first = r->docid;
        *end = r->docid += left < CHUNK ? left : CHUNK;
        r->done += *end - *first;
        nd_progress_show(&r->progress, r->done, r->total, r->done, 0);
    }
    pthread_mutex_unlock(&r->lock);
    return more;
}

static int work(struct job *j, struct nd_error *err)
{
    size_t segment;
    uint32_t first, end;
    int rc = begin(j, err);
    while (!rc && next_chunk(j->of, &segment, &first, &end)) {
        rc = open_old(j, segment, err);
        for (uint32_t d = first; d < end && !rc; d++)
            if (!j->deleted || !(j->deleted[(d - 1) / 8] >> ((d - 1) % 8) & 1))
                rc = one_article(j, d, err);
        if (!rc && nd_worker_bytes(j->worker) >= j->of->memory) {
            rc = flush(j, err);
            if (!rc)
                rc = begin(j, err);
        }
    }
    return rc ? rc : flush(j, err);
}

static void *job_main(void *arg)
{
    struct job *j = arg;
    struct nd_error err = {0};
    int rc = work(j, &err);
    pthread_mutex_lock(&j->of->lock);
    if (rc && !j->of->failed) {
        j->of->failed = rc;
        j->of->err = err;
    }
    pthread_mutex_unlock(&j->of->lock);
    return NULL;
}

/* ---- the whole ---- */

static int run_jobs(struct rebuild *r, struct job *jobs, unsigned n, struct nd_error *err)
{
    int rc = 0;
    for (unsigned i = 0; i < n && !rc; i++) {
        struct job *j = &jobs[i];
        *j = (struct job){.of = r, .at = SIZE_MAX};
        nd_arena_init(&j->arena, RECORD_MAX);
        nd_buf_init(&j->json, ND_TEXT_MAX);
        rc = nd_worker_new(&j->worker, r->w->dir, &r->build, r->tagged ? &r->entities : NULL, err);
    }
    for (unsigned i = 0; i < n && !rc && n > 1; i++) {
        jobs[i].started = pthread_create(&jobs[i].thread, NULL, job_main, &jobs[i]) == 0;
        if (!jobs[i].started && i == 0)
            rc = nd_fail(err, ND_NOMEM, "cannot start a thread");
    }
    if (!rc && n == 1)
        job_main(&jobs[0]);
    for (unsigned i = 0; i < n; i++) {
        if (jobs[i].started)
            pthread_join(jobs[i].thread, NULL);
        if (!jobs[i].of)
            continue;
        close_old(&jobs[i]);
        nd_worker_free(jobs[i].worker);
        nd_arena_free(&jobs[i].arena);
        nd_buf_free(&jobs[i].json);
    }
    if (!rc && r->failed) {
        rc = r->failed;
        *err = r->err;
    }
    return rc;
}

/* Put the new segments in the place of all old ones. */
static int replace(struct rebuild *r, struct nd_error *err)
{
    int rc = 0;
    if (r->w->next.n) {
        struct made none = {0}, *first = r->made_n ? &r->made[0] : &none;
        rc = nd_writer_replace_segments(r->w, 0, r->w->next.n, first->number, first->docs, err);
    }
    for (size_t i = 1; i < r->made_n && !rc; i++)
        rc = nd_writer_add_segment(r->w, r->made[i].number, r->made[i].docs, NULL, err);
    return rc ? rc : nd_writer_commit(r->w, err);
}

static int rebuild(struct rebuild *r, const char *dir, struct nd_error *err)
{
    const struct nd_args *a = &r->tool->args;
    const char *codec = nd_args_text(a, "codec");
    struct nd_writer_options o = {.wait = (unsigned)nd_args_number(a, "wait", 0),
                                  .derive = nd_derive_index_anew,
                                  .older = true};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t n = nd_args_number(a, "jobs", cores > 0 ? (uint64_t)cores : 1);
    n = n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : n;
    r->memory = MEMORY / n;
    r->build.codec = codec && strcmp(codec, "deflate") == 0 ? ND_CODEC_DEFLATE : ND_CODEC_ZSTD;
    r->tagged = !nd_args_has(a, "no-entities");
    int rc = r->tagged ? nd_entity_data_open(&r->entities, NULL, err) : 0;
    if (!rc)
        rc = nd_writer_open(&r->w, dir, &o, err);
    if (rc)
        return rc;
    r->build.complete =
        nd_args_has(a, "xapian-complete") || nd_folder_complete(dir, &r->w->manifest);
    r->docid = 1;
    for (size_t i = 0; i < r->w->next.n; i++)
        r->total += r->w->next.segments[i].docs;
    struct job *jobs = calloc(n, sizeof *jobs);
    rc = jobs ? run_jobs(r, jobs, (unsigned)n, err) : nd_fail(err, ND_NOMEM, "out of memory");
    free(jobs);
    return rc ? rc : replace(r, err);
}

int newsdex_rebuild(void *tool)
{
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct rebuild r = {.tool = t};
    const char *dir = newsdex_dir(t, true, &err);
    int rc = dir ? newsdex_no_words(t, &err) : ND_USAGE;
    pthread_mutex_init(&r.lock, NULL);
    nd_progress_start(&r.progress, &t->diag);
    if (!rc)
        rc = rebuild(&r, dir, &err);
    nd_progress_end(&r.progress);
    uint64_t articles = 0;
    for (size_t i = 0; i < r.made_n; i++)
        articles += r.made[i].docs;
    if (r.tagged)
        nd_entity_data_close(&r.entities);
    nd_writer_close(r.w);
    pthread_mutex_destroy(&r.lock);
    free(r.made);
    if (rc)
        return newsdex_failed(t, &err);
    nd_diag_line(&t->diag, "%" PRIu64 " article%s of '%s' indexed anew", articles, nd_s(articles),
                 dir);
    return 0;
}
