#include "alert.h"

#include "base/file.h"

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
