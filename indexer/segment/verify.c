#include "segment/verify.h"

#include "base/buf.h"
#include "record/derived.h"
#include "record/events.h"
#include "record/manifest.h"
#include "record/tombstone.h"
#include "segment/commit.h"
#include "segment/verify_in.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    TRIES = 10,
    PATH_ROOM = ND_PATH_MAX + 64
};

struct run {
    struct nd_verify *v;
    const char *dir;
    struct nd_manifest m;
    struct nd_buf ids; /* of live articles, a u64 each, salted as in the events */
    bool failed; /* something of a segment was damaged: what is compared across them cannot be */
};

extern char **environ;

/* Is the index still the one that was read? If a writer has replaced it, what was found means nothing. */
static bool unchanged(const struct run *r)
{
    struct nd_manifest now;
    struct nd_error ignored;
    if (nd_manifest_read(&now, r->dir, &ignored))
        return true;
    bool same = now.commit == r->m.commit && now.revision == r->m.revision;
    nd_manifest_free(&now);
    return same;
}

/* Report damage; anything else stops the run. */
static int settle(struct run *r, int rc, struct nd_error *err)
{
    if (rc == ND_MISSING)
        rc = err->code = ND_CORRUPT; /* what the manifest names must be there */
    if (rc != ND_CORRUPT && rc != ND_LIMIT && rc != ND_VERSION)
        return rc;
    if (!unchanged(r))
        return nd_fail(err, ND_MODIFIED, "the index '%s' changed while it was verified", r->dir);
    err->hint[0] = '\0';
    r->v->damage(r->v->ctx, err);
    r->v->damaged++;
    r->failed = true;
    *err = (struct nd_error){0};
    return 0;
}

/* ---- segments ---- */

/* Run xapian-check. Return: 0, ND_DONE if it is not installed. Fails: ND_CORRUPT. */
static int xapian_check(const char *dir, struct nd_error *err)
{
    char program[] = "xapian-check", *path = strdup(dir);
    char *argv[] = {program, path, NULL};
    posix_spawn_file_actions_t fa;
    pid_t pid = 0;
    int status = 0, rc = 0;
    if (!path || posix_spawn_file_actions_init(&fa)) {
        free(path);
        return nd_fail(err, ND_NOMEM, "out of memory");
    }
    posix_spawn_file_actions_addopen(&fa, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&fa, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int failed = posix_spawnp(&pid, program, &fa, NULL, argv, environ);
    while (!failed && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            failed = errno;
    if (failed || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        rc = ND_DONE;
    else if (!WIFEXITED(status) || WEXITSTATUS(status))
        rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: xapian-check finds errors", dir);
    posix_spawn_file_actions_destroy(&fa);
    free(path);
    return rc;
}

static int check_segment(struct run *r, size_t i, struct nd_error *err)
{
    const struct nd_manifest_segment *s = &r->m.segments[i];
    char dir[PATH_ROOM], del[PATH_ROOM];
    struct nd_sections file = {0};
    const unsigned char *bits = NULL;
    uint32_t gone = 0;
    snprintf(dir, sizeof dir, "%s/seg-%06u", r->dir, s->number);
    snprintf(del, sizeof del, "%s/%s", r->dir, s->del);
    int rc = s->del[0] ? nd_tombstones_open(&file, del, s->docs, &bits, &gone, err) : 0;
    if (!rc)
        rc = nd_check_segment(r->v, dir, s->docs, bits, r->m.uuid, &r->ids, err);
    if (!rc) {
        /* it wants to write, if only a lock */
        rc = access(dir, W_OK) == 0 ? xapian_check(dir, err) : ND_DONE;
        r->v->xapian_check = r->v->xapian_check || rc == 0;
        rc = rc == ND_DONE ? 0 : rc;
    }
    nd_sections_close(&file);
    r->v->segments++;
    return rc;
}

/* ---- the index as a whole ---- */

static int by_number(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

struct last {
    uint64_t id;
    uint32_t kind;
    uint32_t at;
};

static int by_id(const void *x, const void *y)
{
    const struct last *a = x, *b = y;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* The ids that the events say are there, against those that are. ids: sorted. */
static int compare_events(const char *path, const struct nd_events *e, const uint64_t *ids,
                          size_t n, struct nd_error *err)
{
    struct last *v = malloc((e->n + 1) * sizeof *v);
    size_t at = 0;
    int rc = 0;
    if (!v)
        return nd_check_memory(err);
    for (size_t i = 0; i < e->n; i++)
        v[i] = (struct last){e->v[i].id, e->v[i].kind, (uint32_t)i};
    qsort(v, e->n, sizeof *v, by_id);
    for (size_t i = 0; i < e->n && !rc; i++) {
        if (i + 1 < e->n && v[i + 1].id == v[i].id)
            continue;
        bool there = at < n && ids[at] == v[i].id;
        if (there != (v[i].kind != ND_EVENT_WITHDRAWN))
            rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: an article is %s that is %s", path,
                         there ? "withdrawn" : "named", there ? "there" : "not there");
        at += there;
    }
    if (!rc && at != n)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: %zu articles are not in it", path, n - at);
    free(v);
    return rc;
}

static int check_events(struct run *r, struct nd_error *err)
{
    struct nd_events e = {0};
    char path[PATH_ROOM];
    uint64_t *ids = NULL;
    size_t n = r->ids.len / 8;
    int rc = 0;
    if (r->m.events[0]) {
        snprintf(path, sizeof path, "%s/%s", r->dir, r->m.events);
        rc = nd_events_load(&e, path, err);
        for (size_t i = 0; i < e.n && !rc; i++)
            if (e.v[i].kind > ND_EVENT_WITHDRAWN || e.v[i].revision > r->m.revision ||
                (i && e.v[i].revision < e.v[i - 1].revision))
                rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: its rows are not in order", path);
    } else {
        snprintf(path, sizeof path, "%s/events", r->dir);
    }
    if (!rc && !r->failed) {
        ids = malloc((n + 1) * sizeof *ids);
        rc = ids ? 0 : nd_check_memory(err);
        for (size_t i = 0; i < n && !rc; i++)
            ids[i] = nd_load64(r->ids.data + 8 * i);
        if (!rc)
            qsort(ids, n, sizeof *ids, by_number);
        for (size_t i = 1; i < n && !rc; i++)
            if (ids[i] == ids[i - 1])
                rc = nd_fail(err, ND_CORRUPT, "'%s' holds an article twice", r->dir);
        if (!rc)
            rc = compare_events(path, &e, ids, n, err);
    }
    free(ids);
    nd_events_free(&e);
    return rc;
}

static int check_ledger(struct run *r, struct nd_error *err)
{
    struct nd_ledger l;
    char path[PATH_ROOM];
    if (!r->m.ledger[0])
        return 0;
    snprintf(path, sizeof path, "%s/%s", r->dir, r->m.ledger);
    if (nd_ledger_init(&l))
        return nd_check_memory(err);
    int rc = nd_ledger_read(&l, path, err);
    nd_ledger_free(&l);
    return rc;
}

/* The names of a segment, against the facts about them. *mentions is added to. */
static int compare_names(struct run *r, size_t segment, const struct nd_derived *d,
                         const char *path, uint64_t *mentions, struct nd_error *err)
{
    char name[PATH_ROOM];
    struct nd_stream *s = NULL;
    snprintf(name, sizeof name, "%s/seg-%06u/stream", r->dir, r->m.segments[segment].number);
    int rc = nd_stream_open(&s, name, err);
    for (uint32_t i = 0; !rc && i < nd_stream_entities(s); i++) {
        struct nd_entity_row row;
        struct nd_derived_row known;
        rc = nd_stream_entity(s, i, &row, err);
        if (!rc)
            *mentions += row.mentions;
        if (!rc && nd_derived_find(d, row.type, row.id.p, row.id.n, &known) == ND_DERIVED_NO_LINK)
            rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: '%.*s' is not in it", path,
                         (int)row.id.n, row.id.p);
    }
    nd_stream_close(s);
    return rc;
}

static int check_derived(struct run *r, struct nd_error *err)
{
    struct nd_derived d;
    struct nd_derived_row row;
    char path[PATH_ROOM];
    uint64_t there = 0, known = 0;
    if (!r->m.derived[0])
        return 0;
    snprintf(path, sizeof path, "%s/%s", r->dir, r->m.derived);
    int rc = nd_derived_open(&d, path, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < r->m.n && !rc && !r->failed; i++)
        rc = compare_names(r, i, &d, path, &there, err);
    bool capped = false;
    for (uint32_t i = 0; i < d.n && !rc; i++) {
        rc = nd_derived_row(&d, i, &row);
        capped = capped || row.mentions == UINT32_MAX;
        known += row.mentions;
    }
    if (!rc && !r->failed && !capped && known != there)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: its mentions are not those of the index",
                     path);
    nd_derived_close(&d);
    return rc;
}

static int verify_once(struct run *r, struct nd_error *err)
{
    struct nd_verify *v = r->v;
    int rc = nd_manifest_read(&r->m, r->dir, err);
    v->segments = v->damaged = 0;
    v->articles = v->deleted = v->words = v->terms = v->postings = v->bytes = 0;
    r->ids.len = 0;
    r->failed = false;
    if (rc == ND_CORRUPT) {
        v->damage(v->ctx, err);
        v->damaged++;
        return 0;
    }
    if (rc)
        return rc;
    v->revision = r->m.revision;
    for (size_t i = 0; i < r->m.n && !rc; i++)
        rc = settle(r, check_segment(r, i, err), err);
    if (!rc)
        rc = settle(r, check_events(r, err), err);
    if (!rc)
        rc = settle(r, check_ledger(r, err), err);
    if (!rc)
        rc = settle(r, check_derived(r, err), err);
    return rc;
}

int nd_verify_index(struct nd_verify *v, const char *dir, struct nd_error *err)
{
    struct run r = {.v = v, .dir = dir};
    nd_buf_init(&r.ids, SIZE_MAX / 4);
    int rc = 0;
    for (int i = 0; i < TRIES; i++) {
        nd_manifest_free(&r.m);
        rc = verify_once(&r, err);
        if (rc != ND_MODIFIED)
            break;
    }
    nd_manifest_free(&r.m);
    nd_buf_free(&r.ids);
    return rc;
}
