#include "lang/saved.h"

#include "base/file.h"
#include "lang/dialect.h"
#include "text/utf8.h"
#include "tool/option.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATH_BYTES = 4096,
    GROUPS = 8 /* folders in folders */
};

int nd_saved_folder(const char *given, struct nd_arena *arena, const char **out,
                    struct nd_error *err)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (given)
        *out = given;
    else if (config && *config)
        *out = nd_arena_printf(arena, "%s/newsdex/queries", config);
    else if (home && *home)
        *out = nd_arena_printf(arena, "%s/.config/newsdex/queries", home);
    else
        return nd_fail(err, ND_USAGE, "no folder for saved queries: give --queries DIR");
    return *out ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
}

int nd_saved_name(struct nd_str name, struct nd_error *err)
{
    bool good = name.n > 0 && name.n <= ND_SAVED_NAME && name.p[name.n - 1] != '/';
    for (size_t i = 0; good && i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool first = i == 0 || name.p[i - 1] == '/';
        good = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && !first) ||
               (c == '/' && !first);
    }
    if (good)
        return 0;
    nd_fail(err, ND_USAGE, "'%.*s' is no name for a saved query", (int)name.n, name.p);
    nd_hint(err, "letters, digits, - _ and . with / between group and name");
    return ND_USAGE;
}

static int path_of(char out[PATH_BYTES], const char *folder, struct nd_str name,
                   struct nd_error *err)
{
    int rc = nd_saved_name(name, err);
    if (rc)
        return rc;
    int n = snprintf(out, PATH_BYTES, "%s/%.*s.query", folder, (int)name.n, name.p);
    return n > 0 && n < PATH_BYTES ? 0 : nd_fail(err, ND_LIMIT, "path '%s' is too long", folder);
}

static struct nd_str trim(struct nd_str s)
{
    while (s.n && (unsigned char)s.p[0] <= ' ') {
        s.p++;
        s.n--;
    }
    while (s.n && (unsigned char)s.p[s.n - 1] <= ' ')
        s.n--;
    return s;
}

static struct nd_str next_line(struct nd_str *rest)
{
    const char *nl = memchr(rest->p, '\n', rest->n);
    struct nd_str line = {rest->p, nl ? (size_t)(nl - rest->p) : rest->n};
    size_t used = line.n + (nl != NULL);
    rest->p += used;
    rest->n -= used;
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static int head_line(struct nd_saved *q, struct nd_str line, struct nd_error *err)
{
    static const char *const sorts[] = {"score", "newest", "oldest", "source"};
    const char *colon = memchr(line.p, ':', line.n);
    struct nd_str key = {line.p, colon ? (size_t)(colon - line.p) : line.n};
    struct nd_str value = {0};
    if (colon)
        value = trim((struct nd_str){colon + 1, line.n - key.n - 1});
    key = trim(key);
    if (nd_str_eq(key, ND_STR("title"))) {
        q->title = value;
        return 0;
    }
    if (nd_str_eq(key, ND_STR("sort")))
        for (size_t i = 0; i < 4; i++)
            if (nd_str_eq(value, nd_str_of(sorts[i]))) {
                q->sort = (int)i;
                return 0;
            }
    if (nd_str_eq(key, ND_STR("syntax"))) {
        int syntax = nd_syntax_find(value.p, value.n);
        if (syntax >= 0) {
            q->syntax = (enum nd_syntax)syntax;
            return 0;
        }
    }
    if (nd_str_eq(key, ND_STR("limit")) && value.n && value.n < 10) {
        uint64_t v = 0;
        size_t i = 0;
        while (i < value.n && value.p[i] >= '0' && value.p[i] <= '9')
            v = v * 10 + (uint64_t)(value.p[i++] - '0');
        if (i == value.n) {
            q->limit = v;
            return 0;
        }
    }
    nd_fail(err, ND_QUERY, "saved query '%.*s': head line '%.*s' is not understood", (int)q->name.n,
            q->name.p, (int)line.n, line.p);
    nd_hint(err, "a head holds title: TEXT, sort: score|newest|oldest|source, limit: N, "
                 "syntax: native|nexis|factiva|dtsearch|lucene");
    return ND_QUERY;
}

static bool comment(struct nd_str line)
{
    return line.n && line.p[0] == '#' && (line.n == 1 || line.p[1] == ' ');
}

/* Take the file apart: head, comments, query. */
static int read_text(struct nd_saved *q, struct nd_arena *arena, struct nd_error *err)
{
    struct nd_str rest = q->file;
    char *query = nd_arena_alloc(arena, rest.n + 1);
    size_t n = 0;
    bool head = false, begun = false;
    if (!query)
        return nd_fail(err, ND_NOMEM, "out of memory");
    while (rest.n) {
        struct nd_str line = next_line(&rest);
        if (comment(line))
            continue;
        if (!begun && nd_str_eq(trim(line), ND_STR("---"))) {
            begun = head;
            head = true;
        } else if (head && !begun) {
            int rc = trim(line).n ? head_line(q, line, err) : 0;
            if (rc)
                return rc;
        } else {
            begun = begun || trim(line).n;
            memcpy(query + n, line.p, line.n);
            n += line.n;
            query[n++] = '\n';
        }
    }
    if (head && !begun)
        return nd_fail(err, ND_QUERY, "saved query '%.*s': the head is not closed by a line ---",
                       (int)q->name.n, q->name.p);
    q->query = trim((struct nd_str){query, n});
    if (!q->query.n)
        return nd_fail(err, ND_QUERY, "saved query '%.*s' is empty", (int)q->name.n, q->name.p);
    return 0;
}

static void hint_nearest(const char *folder, struct nd_str name, struct nd_error *err)
{
    struct nd_arena arena;
    struct nd_strs all;
    nd_arena_init(&arena, 64 << 20);
    const char **words = NULL;
    if (nd_saved_list(&all, &arena, folder, "", NULL) == 0)
        words = nd_arena_array(&arena, all.n + 1, sizeof *words);
    for (size_t i = 0; words && i < all.n; i++)
        words[i] = all.v[i].p;
    const char *near = words ? nd_nearest(words, all.n, name.p, name.n) : NULL;
    if (near)
        nd_hint(err, "did you mean '%s'? 'newsq saved list' shows all", near);
    else
        nd_hint(err, "'newsq saved list' shows what there is in '%s'", folder);
    nd_arena_free(&arena);
}

int nd_saved_read(struct nd_saved *out, struct nd_arena *arena, const char *folder,
                  struct nd_str name, struct nd_error *err)
{
    char path[PATH_BYTES];
    struct nd_buf b;
    *out = (struct nd_saved){.name = name, .limit = UINT64_MAX, .sort = -1};
    int rc = path_of(path, folder, name, err);
    if (rc)
        return rc;
    nd_buf_init(&b, ND_SAVED_MAX);
    rc = nd_file_read(&b, path, err);
    if (rc == ND_MISSING) {
        nd_fail(err, ND_MISSING, "no saved query '%.*s'", (int)name.n, name.p);
        hint_nearest(folder, name, err);
    } else if (!rc && nd_utf8_valid(b.data ? b.data : "", b.len) != b.len) {
        rc = nd_fail(err, ND_QUERY, "'%s' is not UTF-8", path);
    }
    if (!rc) {
        out->name = nd_arena_str(arena, name.p, name.n);
        out->file = nd_arena_str(arena, b.data ? b.data : "", b.len);
        rc = out->file.p && out->name.p ? read_text(out, arena, err)
                                        : nd_fail(err, ND_NOMEM, "out of memory");
    }
    nd_buf_free(&b);
    return rc;
}

/* What a walk through the folder collects. */
struct walk {
    struct nd_arena *arena;
    const char *prefix;
    struct nd_str *v;
    size_t n, cap;
};

static int walk_folder(struct walk *w, const char *path, const char *group, unsigned depth,
                       struct nd_error *err)
{
    DIR *d = opendir(path);
    if (!d)
        return errno == ENOENT ? 0 : nd_fail_errno(err, ND_IO, "cannot open folder '%s'", path);
    int rc = 0;
    for (struct dirent *e; !rc && (e = readdir(d));) {
        size_t n = strlen(e->d_name);
        char *below = nd_arena_printf(w->arena, "%s/%s", path, e->d_name);
        struct stat st;
        if (e->d_name[0] == '.' || !below || stat(below, &st) < 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < GROUPS) {
            char *inner = nd_arena_printf(w->arena, "%s%s/", group, e->d_name);
            rc = inner ? walk_folder(w, below, inner, depth + 1, err) : ND_NOMEM;
            continue;
        }
        if (!S_ISREG(st.st_mode) || n <= 6 || strcmp(e->d_name + n - 6, ".query") != 0)
            continue;
        char *name = nd_arena_printf(w->arena, "%s%.*s", group, (int)(n - 6), e->d_name);
        if (!name || strncmp(name, w->prefix, strlen(w->prefix)) != 0)
            continue;
        if (w->n == ND_SAVED_MANY) {
            rc = nd_fail(err, ND_LIMIT, "more than %d saved queries", ND_SAVED_MANY);
            break;
        }
        if (w->n == w->cap) {
            w->cap = w->cap ? w->cap * 2 : 64;
            struct nd_str *v = realloc(w->v, w->cap * sizeof *v);
            if (!v) {
                rc = nd_fail(err, ND_NOMEM, "out of memory");
                break;
            }
            w->v = v;
        }
        w->v[w->n++] = nd_str_of(name);
    }
    closedir(d);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return nd_str_cmp(*(const struct nd_str *)a, *(const struct nd_str *)b);
}

int nd_saved_list(struct nd_strs *out, struct nd_arena *arena, const char *folder,
                  const char *prefix, struct nd_error *err)
{
    struct walk w = {.arena = arena, .prefix = prefix};
    *out = (struct nd_strs){0};
    int rc = walk_folder(&w, folder, "", 0, err);
    if (!rc && w.n) {
        qsort(w.v, w.n, sizeof *w.v, by_name);
        out->v = nd_arena_array(arena, w.n, sizeof *out->v);
        if (out->v) {
            memcpy(out->v, w.v, w.n * sizeof *w.v);
            out->n = w.n;
        } else {
            rc = nd_fail(err, ND_NOMEM, "out of memory");
        }
    }
    free(w.v);
    return rc;
}

int nd_saved_write(const char *folder, struct nd_str name, struct nd_str text, bool exclusive,
                   struct nd_error *err)
{
    char path[PATH_BYTES];
    int rc = path_of(path, folder, name, err);
    if (rc)
        return rc;
    if (exclusive && access(path, F_OK) == 0) {
        nd_fail(err, ND_USAGE, "there is a saved query '%.*s' already", (int)name.n, name.p);
        nd_hint(err, "give --force to write over it, or choose another name");
        return ND_USAGE;
    }
    rc = nd_make_parents(path, 0777, err);
    return rc ? rc : nd_file_replace(path, text.p, text.n, err);
}

int nd_saved_remove(const char *folder, struct nd_str name, struct nd_error *err)
{
    char path[PATH_BYTES];
    int rc = path_of(path, folder, name, err);
    if (rc || unlink(path) == 0)
        return rc;
    if (errno != ENOENT)
        return nd_fail_errno(err, ND_IO, "cannot remove '%s'", path);
    nd_fail(err, ND_MISSING, "no saved query '%.*s'", (int)name.n, name.p);
    hint_nearest(folder, name, err);
    return ND_MISSING;
}

int nd_saved_rename(const char *folder, struct nd_str from, struct nd_str to, struct nd_error *err)
{
    char old[PATH_BYTES], new[PATH_BYTES];
    int rc = path_of(old, folder, from, err);
    if (!rc)
        rc = path_of(new, folder, to, err);
    if (rc)
        return rc;
    if (access(old, F_OK) != 0) {
        nd_fail(err, ND_MISSING, "no saved query '%.*s'", (int)from.n, from.p);
        hint_nearest(folder, from, err);
        return ND_MISSING;
    }
    if (access(new, F_OK) == 0)
        return nd_fail(err, ND_USAGE, "there is a saved query '%.*s' already", (int)to.n, to.p);
    rc = nd_make_parents(new, 0777, err);
    if (!rc && rename(old, new) < 0)
        rc = nd_fail_errno(err, ND_IO, "cannot rename '%s' to '%s'", old, new);
    return rc;
}
