#include "segment/folder.h"

#include "segment/commit.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name of the form PREFIX digits...: is it ours? */
static bool ours(const char *name)
{
    static const char *const prefix[] = {"seg-", "del-", "derived-", "events-", "ledger-"};
    static const char *const whole[] = {"XAPIANDB", "XAPIANDB.new", "lock", "entities.conf"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strcmp(name, whole[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof prefix / sizeof prefix[0]; i++) {
        size_t n = strlen(prefix[i]);
        if (strncmp(name, prefix[i], n) == 0 && name[n] >= '0' && name[n] <= '9')
            return true;
    }
    return false;
}

static bool segment_number(const char *name, uint32_t *number)
{
    unsigned v;
    int end = 0;
    if (sscanf(name, "seg-%9u%n", &v, &end) != 1 || name[end] != '\0')
        return false;
    *number = v;
    return true;
}

static int open_dir(DIR **out, const char *dir, struct nd_error *err)
{
    *out = opendir(dir);
    if (*out)
        return 0;
    return nd_fail_errno(err, errno == ENOENT ? ND_MISSING : ND_IO, "cannot open folder '%s'", dir);
}

int nd_folder_usable(const char *dir, bool *usable, char other[256], struct nd_error *err)
{
    DIR *d;
    int rc = open_dir(&d, dir, err);
    if (rc)
        return rc;
    *usable = true;
    for (struct dirent *e; (e = readdir(d));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || ours(e->d_name))
            continue;
        *usable = false;
        snprintf(other, 256, "%s", e->d_name);
        break;
    }
    closedir(d);
    return 0;
}

int nd_folder_last_segment(const char *dir, uint32_t *number, struct nd_error *err)
{
    *number = 0;
    DIR *d;
    int rc = open_dir(&d, dir, err);
    if (rc)
        return rc;
    for (struct dirent *e; (e = readdir(d));) {
        uint32_t n;
        if (segment_number(e->d_name, &n) && n > *number)
            *number = n;
    }
    closedir(d);
    return 0;
}

static int unlink_in(const char *dir, const char *name, struct nd_error *err)
{
    char path[ND_PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", dir, name);
    if (n < 0 || (size_t)n >= sizeof path)
        return nd_fail(err, ND_LIMIT, "path '%s/%s' is too long", dir, name);
    if (unlink(path) < 0 && errno != ENOENT)
        return nd_fail_errno(err, ND_IO, "cannot remove '%s'", path);
    return 0;
}

bool nd_folder_complete(const char *dir, const struct nd_manifest *m)
{
    bool all = m->n > 0;
    for (size_t i = 0; all && i < m->n; i++) {
        char path[ND_PATH_MAX];
        int n =
            snprintf(path, sizeof path, "%s/seg-%06u/termlist.glass", dir, m->segments[i].number);
        all = n > 0 && (size_t)n < sizeof path && access(path, F_OK) == 0;
    }
    return all;
}

int nd_folder_remove_segment(const char *dir, uint32_t number, struct nd_error *err)
{
    char path[ND_PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/seg-%06u", dir, number);
    if (n < 0 || (size_t)n >= sizeof path)
        return nd_fail(err, ND_LIMIT, "path '%s' is too long", dir);
    int rc = unlink_in(path, "iamglass", err);
    DIR *d = rc ? NULL : opendir(path);
    if (!rc && !d && errno != ENOENT)
        rc = nd_fail_errno(err, ND_IO, "cannot open folder '%s'", path);
    if (!d)
        return rc;
    for (struct dirent *e; !rc && (e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            rc = unlink_in(path, e->d_name, err);
    closedir(d);
    if (!rc && rmdir(path) < 0 && errno != ENOENT)
        rc = nd_fail_errno(err, ND_IO, "cannot remove folder '%s'", path);
    return rc;
}

static bool named(const struct nd_manifest *m, const char *name)
{
    if (strcmp(name, m->derived) == 0 || strcmp(name, m->events) == 0 ||
        strcmp(name, m->ledger) == 0)
        return true;
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(name, m->segments[i].del) == 0)
            return true;
    return false;
}

static bool segment_named(const struct nd_manifest *m, uint32_t number)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->segments[i].number == number)
            return true;
    return false;
}

int nd_folder_sweep(const char *dir, const struct nd_manifest *m, struct nd_error *err)
{
    DIR *d;
    int rc = open_dir(&d, dir, err);
    if (rc)
        return rc;
    for (struct dirent *e; !rc && (e = readdir(d));) {
        uint32_t number;
        if (segment_number(e->d_name, &number)) {
            if (!segment_named(m, number))
                rc = nd_folder_remove_segment(dir, number, err);
        } else if (ours(e->d_name) && strcmp(e->d_name, "XAPIANDB") != 0 &&
                   strcmp(e->d_name, "lock") != 0 && strcmp(e->d_name, "entities.conf") != 0 &&
                   !named(m, e->d_name)) {
            rc = unlink_in(dir, e->d_name, err);
        }
    }
    closedir(d);
    return rc;
}
