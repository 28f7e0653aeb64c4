#include "input/walk.h"
#include "base/buf.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    NAMES_MAX = 1 << 30,
    LIST_MAX = 1 << 28, /* bytes of a --files-from list */
    DEPTH_MAX = 200
};

int nd_walk_init(struct nd_walk *w, const struct nd_walk_globs *globs)
{
    *w = (struct nd_walk){.globs = *globs};
    nd_arena_init(&w->names, NAMES_MAX);
    return nd_map_init(&w->folders, NAMES_MAX);
}

void nd_walk_free(struct nd_walk *w)
{
    free(w->files);
    nd_arena_free(&w->names);
    nd_map_free(&w->folders);
    *w = (struct nd_walk){0};
}

static bool any_match(const char *const *globs, size_t n, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    for (size_t i = 0; i < n; i++)
        if (!fnmatch(globs[i], strchr(globs[i], '/') ? path : base, 0))
            return true;
    return false;
}

bool nd_walk_wanted(const struct nd_walk_globs *g, const char *path)
{
    if (g->include_n && !any_match(g->include, g->include_n, path))
        return false;
    return !any_match(g->exclude, g->exclude_n, path);
}

static int push(struct nd_walk *w, const char *path, const char *failure, struct nd_error *err)
{
    if (w->n == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 64;
        struct nd_walk_file *files = reallocarray(w->files, cap, sizeof *files);
        if (!files)
            return nd_fail(err, ND_NOMEM, "out of memory for the list of files");
        w->files = files;
        w->cap = cap;
    }
    struct nd_walk_file f = {.path = nd_arena_copy(&w->names, path, strlen(path))};
    if (failure)
        f.failure = nd_arena_copy(&w->names, failure, strlen(failure));
    if (!f.path || (failure && !f.failure))
        return nd_fail(err, ND_NOMEM, "out of memory for the list of files");
    w->files[w->n++] = f;
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in an open folder, sorted, in one array that the caller frees (the names are the arena's). */
static int list(struct nd_walk *w, DIR *d, char ***out, size_t *n, struct nd_error *err)
{
    char **names = NULL;
    size_t cap = 0;
    *n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        if (*n == cap) {
            char **more = reallocarray(names, cap ? cap * 2 : 64, sizeof *more);
            if (!more)
                goto no_memory;
            names = more;
            cap = cap ? cap * 2 : 64;
        }
        names[*n] = nd_arena_copy(&w->names, e->d_name, strlen(e->d_name));
        if (!names[*n])
            goto no_memory;
        ++*n;
    }
    if (*n)
        qsort(names, *n, sizeof *names, by_name);
    *out = names;
    return 0;
no_memory:
    free(names);
    return nd_fail(err, ND_NOMEM, "out of memory for the list of files");
}

static int unreadable(struct nd_walk *w, const char *path, const char *what, struct nd_error *err)
{
    struct nd_error why = {0};
    nd_fail_errno(&why, ND_IO, "cannot read %s%s'%s'", what ? what : "", what ? " " : "", path);
    return push(w, path, why.msg, err);
}

static int folder(struct nd_walk *w, const char *path, const struct stat *st, int depth,
                  struct nd_error *err);

/* One entry of a folder. */
static int entry(struct nd_walk *w, const char *path, int depth, struct nd_error *err)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return unreadable(w, path, "file", err);
    if (S_ISDIR(st.st_mode))
        return folder(w, path, &st, depth, err);
    if (S_ISREG(st.st_mode) && nd_walk_wanted(&w->globs, path))
        return push(w, path, NULL, err);
    return 0;
}

static int folder(struct nd_walk *w, const char *path, const struct stat *st, int depth,
                  struct nd_error *err)
{
    char **names = NULL;
    size_t n = 0;
    uint32_t before = w->folders.count, number;
    uint64_t key[2] = {(uint64_t)st->st_dev, (uint64_t)st->st_ino};
    if (depth > DEPTH_MAX)
        return push(w, path, "folders are nested too deep", err);
    int rc = nd_map_intern(&w->folders, (const char *)key, sizeof key, &number);
    if (rc)
        return nd_fail(err, rc, "out of memory for the list of folders");
    if (number < before)
        return 0; /* a symbolic link led back */
    DIR *d = opendir(path);
    if (!d)
        return unreadable(w, path, "folder", err);
    rc = list(w, d, &names, &n, err);
    closedir(d);
    bool slash = path[strlen(path) - 1] == '/';
    for (size_t i = 0; i < n && !rc; i++) {
        char *name = nd_arena_printf(&w->names, "%s%s%s", path, slash ? "" : "/", names[i]);
        rc = name ? entry(w, name, depth + 1, err)
                  : nd_fail(err, ND_NOMEM, "out of memory for the list of files");
    }
    free(names);
    return rc;
}

int nd_walk_add(struct nd_walk *w, const char *path, struct nd_error *err)
{
    struct stat st;
    if (!strcmp(path, "-"))
        return push(w, path, NULL, err);
    if (!*path)
        return nd_fail(err, ND_MISSING, "a file name is empty");
    if (stat(path, &st) < 0 && errno != EACCES) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        int rc = unreadable(w, path, NULL, err);
        if (!rc)
            w->files[w->n - 1].missing = missing;
        return rc;
    }
    if (access(path, R_OK) < 0 && errno == EACCES)
        return unreadable(w, path, "file", err);
    if (S_ISDIR(st.st_mode))
        return folder(w, path, &st, 0, err);
    return push(w, path, NULL, err);
}

int nd_walk_from(struct nd_walk *w, const char *path, struct nd_error *err)
{
    struct nd_buf b;
    nd_buf_init(&b, LIST_MAX);
    int rc = nd_file_read(&b, strcmp(path, "-") ? path : "/dev/stdin", err);
    const char *p = b.data, *end = b.data ? b.data + b.len : NULL;
    char mark = !rc && b.len && memchr(b.data, '\0', b.len) ? '\0' : '\n';
    while (!rc && p && p < end) {
        const char *stop = memchr(p, mark, (size_t)(end - p));
        size_t n = (size_t)((stop ? stop : end) - p);
        size_t used = n && mark == '\n' && p[n - 1] == '\r' ? n - 1 : n;
        char *name = nd_arena_copy(&w->names, p, used);
        if (!name)
            rc = nd_fail(err, ND_NOMEM, "out of memory for the list of files");
        else if (used)
            rc = nd_walk_add(w, name, err);
        p += n + 1;
    }
    nd_buf_free(&b);
    return rc;
}
