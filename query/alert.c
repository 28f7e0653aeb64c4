#include "alert.h"

#include "base/file.h"
#include "record/events.h"
#include "text/json.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATH_BYTES = 4096,
    STATE_MAX = 512 << 20
};

int nd_alert_folder(struct nd_arena *arena, const char *uuid, const char **out, struct nd_error *err)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state)
        *out = nd_arena_printf(arena, "%s/newsdex/%s", state, uuid);
    else if (home && *home)
        *out = nd_arena_printf(arena, "%s/.local/state/newsdex/%s", home, uuid);
    else
        return nd_fail(err, ND_USAGE, "no folder for the state of alerts: set HOME or XDG_STATE_HOME");
    return *out ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
}

static int path_of(char out[PATH_BYTES], const char *folder, struct nd_str name, const char *end,
                   struct nd_error *err)
{
    int n = snprintf(out, PATH_BYTES, "%s/%.*s.%s", folder, (int)name.n, name.p, end);
    return n > 0 && n < PATH_BYTES ? 0 : nd_fail(err, ND_LIMIT, "path '%s' is too long", folder);
}

/* Is there a state of this name for another index? */
static bool elsewhere(const char *folder, struct nd_str name)
{
    char above[PATH_BYTES], path[PATH_BYTES];
    const char *slash = strrchr(folder, '/');
    bool found = false;
    snprintf(above, sizeof above, "%.*s", (int)(slash - folder), folder);
    DIR *d = opendir(above);
    if (!d)
        return false;
    for (struct dirent *e; !found && (e = readdir(d));)
        if (e->d_name[0] != '.' && strcmp(e->d_name, slash + 1) != 0) {
            int n = snprintf(path, sizeof path, "%s/%s/%.*s.state", above, e->d_name, (int)name.n,
                             name.p);
            found = n > 0 && (size_t)n < sizeof path && access(path, F_OK) == 0;
        }
    closedir(d);
    return found;
}

static int other_history(struct nd_str name, const char *why, struct nd_error *err)
{
    nd_fail(err, ND_VERSION, "the alerts of '%.*s' cannot go on: %s", (int)name.n, name.p, why);
    nd_hint(err, "--from-now starts with what comes from now on, --all-again reports everything");
    return ND_VERSION;
}

static int by_number(const void *pa, const void *pb)
{
    uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;
    return a < b ? -1 : a > b;
}

static int parse(struct nd_alert *a, const char *text, const char *path, struct nd_error *err)
{
    int used = 0;
    if (sscanf(text, "newsdex-state 1\ncommit %" SCNx64 "\nrevision %" SCNu32 "\n%n", &a->commit,
               &a->revision, &used) != 2 ||
        !used)
        return nd_fail(err, ND_CORRUPT, "'%s' is not a state of alerts", path);
    for (const char *p = text + used; *p;) {
        char *end;
        errno = 0;
        uint64_t id = strtoull(p, &end, 16);
        if (errno || end != p + 16 || *end != '\n')
            return nd_fail(err, ND_CORRUPT, "'%s' is damaged", path);
        if (nd_alert_add(a, id))
            return nd_fail(err, ND_NOMEM, "out of memory");
        p = end + 1;
    }
    a->known = true;
    return 0;
}

int nd_alert_load(struct nd_alert *a, const char *folder, struct nd_str name,
                  const struct nd_manifest *now, struct nd_error *err)
{
    char path[PATH_BYTES];
    struct nd_buf b;
    *a = (struct nd_alert){0};
    int rc = path_of(path, folder, name, "state", err);
    if (rc)
        return rc;
    nd_buf_init(&b, STATE_MAX);
    rc = nd_file_read(&b, path, err);
    if (rc == ND_MISSING)
        rc = elsewhere(folder, name) ? other_history(name, "they were those of another index", err)
                                     : 0;
    else if (!rc)
        rc = parse(a, b.data ? b.data : "", path, err);
    nd_buf_free(&b);
    if (!rc && a->known && a->revision > now->revision)
        rc = other_history(name, "the index is older than what was reported of it", err);
    else if (!rc && a->known && a->revision == now->revision && a->commit != now->commit)
        rc = other_history(name, "the index has another history than the one reported of", err);
    return rc;
}

static size_t place(const struct nd_alert *a, uint64_t id)
{
    size_t lo = 0, hi = a->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (a->ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool nd_alert_has(const struct nd_alert *a, uint64_t id)
{
    size_t i = place(a, id);
    return i < a->n && a->ids[i] == id;
}

int nd_alert_add(struct nd_alert *a, uint64_t id)
{
    size_t i = place(a, id);
    if (i < a->n && a->ids[i] == id)
        return 0;
    if (a->n == a->cap) {
        size_t cap = a->cap ? a->cap * 2 : 64;
        uint64_t *v = realloc(a->ids, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        a->ids = v;
        a->cap = cap;
    }
    memmove(a->ids + i + 1, a->ids + i, (a->n - i) * sizeof *a->ids);
    a->ids[i] = id;
    a->n++;
    return 0;
}

void nd_alert_drop(struct nd_alert *a, uint64_t id)
{
    size_t i = place(a, id);
    if (i < a->n && a->ids[i] == id) {
        memmove(a->ids + i, a->ids + i + 1, (a->n - i - 1) * sizeof *a->ids);
        a->n--;
    }
}

int nd_alert_store(const struct nd_alert *a, const char *folder, struct nd_str name,
                   const struct nd_manifest *now, bool held, struct nd_error *err)
{
    char path[PATH_BYTES];
    struct nd_buf b;
    int rc = path_of(path, folder, name, held ? "held" : "state", err);
    if (!rc)
        rc = nd_make_parents(path, 0700, err);
    if (rc)
        return rc;
    nd_buf_init(&b, STATE_MAX);
    nd_buf_printf(&b, "newsdex-state 1\ncommit %016" PRIx64 "\nrevision %" PRIu32 "\n", now->commit,
                  now->revision);
    for (size_t i = 0; i < a->n; i++)
        nd_buf_printf(&b, "%016" PRIx64 "\n", a->ids[i]);
    rc = nd_buf_code(&b) ? nd_fail(err, nd_buf_code(&b), "out of memory")
                         : nd_file_replace(path, b.data, b.len, err);
    nd_buf_free(&b);
    if (!rc && !held && !path_of(path, folder, name, "held", NULL))
        unlink(path); /* what was held is older than this */
    return rc;
}

int nd_alert_commit(const char *folder, struct nd_str name, struct nd_error *err)
{
    char held[PATH_BYTES], path[PATH_BYTES];
    int rc = path_of(held, folder, name, "held", err);
    if (!rc)
        rc = path_of(path, folder, name, "state", err);
    if (rc || rename(held, path) == 0)
        return rc;
    return errno == ENOENT ? ND_DONE : nd_fail_errno(err, ND_IO, "cannot rename '%s'", held);
}

void nd_alert_remove(const char *folder, struct nd_str name)
{
    char path[PATH_BYTES];
    if (!path_of(path, folder, name, "held", NULL))
        unlink(path);
    if (!path_of(path, folder, name, "state", NULL))
        unlink(path);
}

void nd_alert_free(struct nd_alert *a)
{
    free(a->ids);
    *a = (struct nd_alert){0};
}

/* The salted hash of an article's id, from its result line. */
static int id_of(struct nd_index *ix, size_t segment, uint32_t docid, struct nd_json_parser *json,
                 struct nd_arena *arena, uint64_t *out, struct nd_error *err)
{
    struct nd_buf line;
    struct nd_json *o;
    nd_buf_init(&line, 16 << 20);
    int rc = xap_data(&line, ix->xap, segment, docid, err);
    if (!rc)
        rc = nd_json_parse(json, &o, arena, line.data ? line.data : "", line.len, err);
    if (!rc) {
        const struct nd_json *id = nd_json_get(o, "id");
        const struct nd_folder *f = &ix->folders[ix->segments[segment].folder];
        if (id && id->kind == ND_JSON_STRING)
            *out = nd_event_id(f->manifest.uuid, id->text.p, id->text.n);
        else
            rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: article %u has no id",
                         ix->segments[segment].path, docid);
    }
    nd_arena_reset(arena);
    nd_buf_free(&line);
    return rc;
}

/* Newest first; the instant of an undated article is the least there is, so it comes last. */
static int by_age(const void *pa, const void *pb)
{
    const struct nd_fresh_article *a = pa, *b = pb;
    if (a->published != b->published)
        return a->published > b->published ? -1 : 1;
    return a->tie < b->tie ? -1 : a->tie > b->tie;
}

static int add_article(struct nd_fresh *f, size_t *cap, const struct nd_fresh_article *x,
                       struct nd_error *err)
{
    if (f->n == *cap) {
        size_t more = *cap ? *cap * 2 : 256;
        struct nd_fresh_article *v = realloc(f->v, more * sizeof *v);
        if (!v)
            return nd_fail(err, ND_NOMEM, "out of memory");
        f->v = v;
        *cap = more;
    }
    f->v[f->n++] = *x;
    return 0;
}

static int find_withdrawn(struct nd_fresh *f, const struct nd_folder *folder, struct nd_error *err)
{
    char path[PATH_BYTES];
    struct nd_events e = {0};
    if (!folder->manifest.events[0])
        return 0;
    int n = snprintf(path, sizeof path, "%s/%s", folder->dir, folder->manifest.events);
    int rc = n > 0 && (size_t)n < sizeof path ? nd_events_load(&e, path, err)
                                              : nd_fail(err, ND_LIMIT, "path is too long");
    f->withdrawn = rc ? NULL : calloc(e.n + 1, sizeof *f->withdrawn);
    if (!rc && !f->withdrawn)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; !rc && i < e.n; i++)
        if (e.v[i].kind == ND_EVENT_WITHDRAWN && e.v[i].revision > f->revision)
            f->withdrawn[f->withdrawn_n++] = e.v[i].id;
    if (!rc)
        qsort(f->withdrawn, f->withdrawn_n, sizeof *f->withdrawn, by_number);
    nd_events_free(&e);
    return rc;
}

int nd_fresh_find(struct nd_fresh *f, struct nd_index *ix, uint32_t revision, struct nd_error *err)
{
    struct nd_json_parser *json;
    struct nd_arena arena;
    size_t cap = 0;
    nd_fresh_free(f);
    f->revision = revision;
    nd_arena_init(&arena, 64 << 20);
    int rc = nd_json_parser_new(&json, err);
    for (size_t i = 0; !rc && i < ix->n; i++) {
        struct nd_columns *c;
        rc = nd_segment_columns(&ix->segments[i], &c, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_LAST_REV, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_PUBLISHED, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_ID, err);
        for (uint32_t d = 1; !rc && d <= ix->segments[i].docs; d++) {
            uint64_t id = 0;
            if (nd_column_u32(c, ND_COL_LAST_REV, d) <= revision ||
                nd_segment_deleted(&ix->segments[i], d))
                continue;
            rc = id_of(ix, i, d, json, &arena, &id, err);
            struct nd_fresh_article x = {.segment = i, .docid = d, .id = id};
            if (!rc) {
                x.published = nd_column_i64(c, ND_COL_PUBLISHED, d);
                x.tie = nd_column_u64(c, ND_COL_ID, d);
                rc = add_article(f, &cap, &x, err);
            }
        }
    }
    if (!rc && f->n)
        qsort(f->v, f->n, sizeof *f->v, by_age);
    if (!rc)
        rc = find_withdrawn(f, &ix->folders[0], err);
    f->ready = !rc;
    nd_json_parser_free(json);
    nd_arena_free(&arena);
    return rc;
}

void nd_fresh_free(struct nd_fresh *f)
{
    free(f->v);
    free(f->withdrawn);
    *f = (struct nd_fresh){0};
}
