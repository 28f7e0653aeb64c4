#include "pipeline.h"

#include "memory.h"
#include "segment/merge.h"
#include "worker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    BATCH_BYTES = 1 << 20, /* of text, after which a batch travels */
    BATCH_ARENA = 1 << 30,
    JOBS_MAX = 64,
    REPLACED_PERCENT = 1 /* of the records: more than that looks like two dumps with the same ids */
};

/* A list of batches with a lock: the queue to the workers, or the free ones. */
struct lane {
    struct nd_batch *head, *tail;
    size_t n;
};

struct crew {
    pthread_t thread;
    struct nd_worker *worker;
    struct pipeline *of;
    struct nd_error err;
    uint32_t docs;  /* of its flushed segment */
    unsigned epoch; /* last flush that it took part in */
    bool started;
};

struct pipeline {
    struct nd_writer *writer;
    struct nd_source *source;
    const struct nd_pipeline_options *o;
    struct nd_pipeline_stats *stats;
    struct crew crew[JOBS_MAX];
    unsigned jobs;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t work, idle;
    struct lane queue, spare;
    size_t batches; /* made so far */
    unsigned busy;  /* workers at work */
    bool quit;
    unsigned epoch;    /* counts the flushes */
    unsigned flushing; /* workers that have not yet flushed */
    int failed;        /* code of the first failure */
    struct nd_error err;
    size_t held; /* bytes in all builders, as last reported */
    size_t held_by[JOBS_MAX];
};

static void lane_put(struct lane *l, struct nd_batch *b)
{
    b->next = NULL;
    if (l->tail)
        l->tail->next = b;
    else
        l->head = b;
    l->tail = b;
    l->n++;
}

static struct nd_batch *lane_take(struct lane *l)
{
    struct nd_batch *b = l->head;
    if (b) {
        l->head = b->next;
        if (!l->head)
            l->tail = NULL;
        l->n--;
    }
    return b;
}

static void batch_free(struct nd_batch *b)
{
    if (b) {
        nd_arena_free(&b->arena);
        free(b);
    }
}

static void fail_locked(struct pipeline *p, int code, const struct nd_error *err)
{
    if (!p->failed) {
        p->failed = code;
        p->err = *err;
    }
    pthread_cond_broadcast(&p->idle);
    pthread_cond_broadcast(&p->work);
}

static void report_bytes(struct pipeline *p, size_t i)
{
    size_t now = nd_worker_bytes(p->crew[i].worker);
    p->held += now - p->held_by[i];
    p->held_by[i] = now;
}

static void *worker_main(void *arg)
{
    struct crew *c = arg;
    struct pipeline *p = c->of;
    size_t me = (size_t)(c - p->crew);
    pthread_mutex_lock(&p->lock);
    for (;;) {
        struct nd_batch *b = p->failed ? NULL : lane_take(&p->queue);
        if (b) {
            p->busy++;
            pthread_mutex_unlock(&p->lock);
            int rc = nd_worker_batch(c->worker, b, &c->err);
            pthread_mutex_lock(&p->lock);
            p->busy--;
            lane_put(&p->spare, b);
            report_bytes(p, me);
            if (rc)
                fail_locked(p, rc, &c->err);
            pthread_cond_broadcast(&p->idle);
        } else if (c->epoch != p->epoch && !p->failed) {
            c->epoch = p->epoch;
            pthread_mutex_unlock(&p->lock);
            int rc = nd_worker_flush(c->worker, &c->docs, &c->err);
            pthread_mutex_lock(&p->lock);
            if (rc)
                fail_locked(p, rc, &c->err);
            p->flushing--;
            pthread_cond_broadcast(&p->idle);
        } else if (p->quit) {
            break;
        } else {
            pthread_cond_wait(&p->work, &p->lock);
        }
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* Give every worker a segment number and the committed state. */
static int begin(struct pipeline *p, struct nd_error *err)
{
    int rc = 0;
    for (unsigned i = 0; !rc && i < p->jobs; i++) {
        uint32_t number;
        char path[ND_PATH_MAX];
        rc = nd_writer_new_segment(p->writer, &number, path, err);
        if (!rc)
            rc = nd_worker_begin(p->crew[i].worker, nd_writer_revision(p->writer), p->writer->fresh,
                                 number, path, err);
        p->crew[i].docs = 0;
    }
    return rc;
}

/* Write the open segments of all workers, in parallel. */
static int flush(struct pipeline *p, struct nd_error *err)
{
    if (p->jobs == 1)
        return nd_worker_flush(p->crew[0].worker, &p->crew[0].docs, err);
    pthread_mutex_lock(&p->lock);
    while (!p->failed && (p->queue.n || p->busy))
        pthread_cond_wait(&p->idle, &p->lock);
    p->epoch++;
    p->flushing = p->jobs;
    pthread_cond_broadcast(&p->work);
    while (!p->failed && p->flushing)
        pthread_cond_wait(&p->idle, &p->lock);
    int rc = p->failed;
    if (rc && err)
        *err = p->err;
    pthread_mutex_unlock(&p->lock);
    return rc;
}

/* Two articles of one id came since the last commit: the winner, and what becomes of the loser. */
static int settle(struct pipeline *p, struct nd_pending **winner, size_t *winner_at,
                  struct nd_pending *other, size_t other_at, struct nd_error *err)
{
    int order = nd_pending_newer(*winner, other);
    struct nd_pending *loser = order >= 0 ? other : *winner;
    size_t loser_at = order >= 0 ? other_at : *winner_at;
    if (order < 0) {
        *winner = other;
        *winner_at = other_at;
    }
    bool taken_back = (*winner)->withdrawn && loser->docid;
    if (order == 0)
        p->stats->unchanged++;
    else if (taken_back && !(*winner)->old && !(*winner)->counted)
        p->stats->withdrawn++;
    else
        p->stats->older++;
    (*winner)->counted |= taken_back;
    return loser->docid ? nd_writer_delete(p->writer, loser_at, loser->docid, NULL, err) : 0;
}

/* Name the flushed segments in the next revision, settle doubles, bury what is replaced, record events. */
static int settle_all(struct pipeline *p, struct nd_error *err)
{
    struct nd_map ids;
    size_t total = 0, position[JOBS_MAX] = {0};
    int rc = nd_map_init(&ids, (size_t)1 << 30);
    if (rc)
        return nd_fail(err, rc, "out of memory");
    for (unsigned i = 0; !rc && i < p->jobs; i++) {
        struct nd_worker *w = p->crew[i].worker;
        total += w->pending_n;
        rc = nd_writer_add_segment(p->writer, w->number, p->crew[i].docs, &position[i], err);
        if (!rc && p->crew[i].docs) {
            p->stats->segments++;
            p->stats->bytes += w->sizes.total;
        }
        p->stats->unchanged += w->unchanged;
        p->stats->older += w->older;
        p->stats->words += w->words;
        p->stats->text += w->text;
    }
    struct nd_pending **winner = calloc(total + 1, sizeof *winner);
    size_t *at = calloc(total + 1, sizeof *at);
    if (!rc && (!winner || !at))
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    for (unsigned i = 0; !rc && i < p->jobs; i++) {
        struct nd_worker *w = p->crew[i].worker;
        for (size_t k = 0; !rc && k < w->pending_n; k++) {
            struct nd_pending *x = &w->pending[k];
            uint32_t n = ids.count, number;
            if (nd_map_intern(&ids, x->id.p, x->id.n, &number)) {
                rc = nd_fail(err, ND_NOMEM, "out of memory");
            } else if (number == n) {
                winner[number] = x;
                at[number] = position[i];
            } else {
                rc = settle(p, &winner[number], &at[number], x, position[i], err);
            }
        }
    }
    for (uint32_t k = 0; !rc && k < ids.count; k++) {
        struct nd_pending *x = winner[k];
        bool was = false;
        if (x->old)
            rc = nd_writer_delete(p->writer, x->old_segment, x->old_docid, &was, err);
        enum nd_event_kind kind = x->withdrawn ? ND_EVENT_WITHDRAWN
                                  : x->old     ? ND_EVENT_CHANGED
                                               : ND_EVENT_ADDED;
        if (!rc && (!x->withdrawn || was))
            rc = nd_writer_event(p->writer, kind, x->id.p, x->id.n, err);
        if (x->withdrawn)
            p->stats->withdrawn += was;
        else if (x->old)
            p->stats->changed++;
        else
            p->stats->added++;
    }
    free(winner);
    free(at);
    nd_map_free(&ids);
    return rc;
}

/* Before the first commit: do the ids of this dump belong to another one? */
static int collision(struct pipeline *p, struct nd_error *err)
{
    uint64_t replaced = 0, seen = 0;
    for (unsigned i = 0; i < p->jobs; i++) {
        const struct nd_worker *w = p->crew[i].worker;
        replaced += w->replaced;
        seen += w->pending_n + w->unchanged + w->older;
    }
    if (p->o->replace || p->stats->commits || replaced * 100 <= seen * REPLACED_PERCENT)
        return 0;
    nd_fail(err, ND_USAGE,
            "%llu of %llu records have the id of an article that came from another file",
            (unsigned long long)replaced, (unsigned long long)seen);
    nd_hint(err,
            "if they are new versions of it, give --replace; if this dump numbers its articles "
            "itself, give --id-prefix NAME-");
    return ND_USAGE;
}

/* Keep the number of segments small: a commit of its own, so that what was read is safe before. */
static int merge(struct pipeline *p, struct nd_error *err)
{
    struct nd_merge_stats done = {0};
    int rc = nd_merge_tiers(p->writer, &done, err);
    return rc || !done.merges ? rc : nd_writer_commit(p->writer, err);
}

static int commit(struct pipeline *p, bool last, struct nd_error *err)
{
    int rc = flush(p, err);
    if (!rc)
        rc = collision(p, err);
    if (!rc)
        rc = settle_all(p, err);
    if (!rc)
        rc = nd_resume_note(p->o->resume, p->source, last, err);
    bool any = p->writer->events_changed || p->writer->ledger.changed || p->writer->fresh;
    if (!rc && any) {
        rc = nd_writer_commit(p->writer, err);
        p->stats->commits += !rc;
    }
    if (!rc && any)
        rc = merge(p, err);
    memset(p->held_by, 0, sizeof p->held_by);
    p->held = 0;
    if (!rc && !last)
        rc = begin(p, err);
    return rc;
}

/* An empty batch: a used one, or a new one while there are few; waits for the workers otherwise. */
static int get_batch(struct pipeline *p, struct nd_batch **out, struct nd_error *err)
{
    pthread_mutex_lock(&p->lock);
    size_t most = p->jobs == 1 ? 1 : 2 * (size_t)p->jobs + 1;
    while (!p->failed && !p->spare.n && p->batches >= most)
        pthread_cond_wait(&p->idle, &p->lock);
    struct nd_batch *b = lane_take(&p->spare);
    int rc = p->failed;
    if (rc && err)
        *err = p->err;
    if (!rc && !b)
        p->batches++;
    pthread_mutex_unlock(&p->lock);
    if (rc) {
        batch_free(b);
        return rc;
    }
    if (!b) {
        b = calloc(1, sizeof *b);
        if (!b)
            return nd_fail(err, ND_NOMEM, "out of memory");
        nd_arena_init(&b->arena, BATCH_ARENA);
    }
    nd_arena_reset(&b->arena);
    b->n = b->bytes = 0;
    *out = b;
    return 0;
}

/* Hand a batch to the workers. *full: the builders hold the memory budget. */
static int send(struct pipeline *p, struct nd_batch *b, bool *full, struct nd_error *err)
{
    int rc = 0;
    if (p->jobs == 1)
        rc = nd_worker_batch(p->crew[0].worker, b, err);
    pthread_mutex_lock(&p->lock);
    if (p->jobs == 1) {
        report_bytes(p, 0);
        lane_put(&p->spare, b);
    } else {
        lane_put(&p->queue, b);
        pthread_cond_signal(&p->work);
        rc = p->failed;
        if (rc && err)
            *err = p->err;
    }
    *full = p->held >= p->o->memory;
    pthread_mutex_unlock(&p->lock);
    return rc;
}

/* Fill a batch. Return: 0, ND_DONE at the end of the input, < 0. */
static int fill(struct pipeline *p, struct nd_batch *b, struct nd_error *err)
{
    while (b->n < ND_BATCH && b->bytes < BATCH_BYTES) {
        struct nd_error bad = {0};
        struct nd_article *a = &b->v[b->n];
        int rc = nd_source_next(p->source, a, &b->arena, &bad);
        if (rc == 0) {
            b->n++;
            b->bytes += a->title.n + a->lead.n + a->body.n;
            continue;
        }
        if (rc == ND_INPUT) {
            p->o->bad(p->o->ctx, &bad);
            nd_resume_bad(p->o->resume, p->source);
            if (nd_source_stats(p->source)->bad > p->o->bad_max)
                return nd_fail(err, ND_PARTIAL, "more bad records than --allow-bad allows");
            continue;
        }
        if (rc < 0 && err)
            *err = bad;
        return rc;
    }
    return 0;
}

static int run(struct pipeline *p, struct nd_error *err)
{
    int rc = begin(p, err);
    bool more = true;
    while (!rc && more) {
        struct nd_batch *b = NULL;
        bool full = false;
        rc = get_batch(p, &b, err);
        if (rc)
            break;
        int got = fill(p, b, err);
        more = got == 0;
        rc = got < 0 ? got : 0;
        int sent = send(p, b, &full, rc ? NULL : err);
        if (!rc)
            rc = sent;
        p->o->progress(p->o->ctx);
        if (!rc && p->o->cancelled(p->o->ctx)) {
            /* ^C leaves the last commit: nothing of what was read since is kept */
            return nd_fail(err, ND_PARTIAL, "interrupted: the last commit stays");
        }
        if (!rc && more && full)
            rc = commit(p, false, err);
    }
    return rc ? rc : commit(p, true, err);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int nd_pipeline_run(struct nd_writer *w, struct nd_source *source,
                    const struct nd_pipeline_options *o, struct nd_pipeline_stats *stats,
                    struct nd_error *err)
{
    struct nd_build_options build = {.codec = o->codec, .complete = o->complete};
    struct pipeline *p = calloc(1, sizeof *p);
    if (!p)
        return nd_fail(err, ND_NOMEM, "out of memory");
    double started = seconds();
    nd_memory_for_indexing(o->memory);
    p->writer = w;
    p->source = source;
    p->o = o;
    p->stats = stats;
    p->jobs = o->jobs < 1 ? 1 : o->jobs > JOBS_MAX ? JOBS_MAX : o->jobs;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->idle, NULL);
    int rc = 0;
    for (unsigned i = 0; !rc && i < p->jobs; i++) {
        p->crew[i].of = p;
        rc = nd_worker_new(&p->crew[i].worker, w->dir, &build, o->entities, err);
    }
    for (unsigned i = 0; !rc && p->jobs > 1 && i < p->jobs; i++) {
        p->crew[i].started =
            pthread_create(&p->crew[i].thread, NULL, worker_main, &p->crew[i]) == 0;
        if (!p->crew[i].started)
            rc = nd_fail(err, ND_NOMEM, "cannot start a thread");
    }
    if (!rc)
        rc = run(p, err);
    pthread_mutex_lock(&p->lock);
    p->quit = true;
    if (rc && !p->failed)
        p->failed = rc;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->jobs; i++) {
        if (p->crew[i].started)
            pthread_join(p->crew[i].thread, NULL);
        nd_worker_free(p->crew[i].worker);
    }
    for (struct nd_batch *b; (b = lane_take(&p->queue)) || (b = lane_take(&p->spare));)
        batch_free(b);
    pthread_cond_destroy(&p->idle);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p);
    stats->seconds = seconds() - started;
    return rc;
}
