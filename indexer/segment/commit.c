#include "segment/commit.h"

#include "base/file.h"
#include "base/hash.h"
#include "record/tombstone.h"
#include "segment/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int path_of(char out[ND_PATH_MAX], const struct nd_writer *w, const char *name,
                   struct nd_error *err)
{
    int n = snprintf(out, ND_PATH_MAX, "%s/%s", w->dir, name);
    if (n < 0 || n >= ND_PATH_MAX)
        return nd_fail(err, ND_LIMIT, "path '%s/%s' is too long", w->dir, name);
    return 0;
}

static int new_uuid(char out[37], struct nd_error *err)
{
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
        return nd_fail_errno(err, ND_IO, "cannot get random bytes");
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); /* RFC 4122, version 4 */
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    size_t at = 0;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[at++] = '-';
        snprintf(out + at, 3, "%02x", b[i]);
        at += 2;
    }
    return 0;
}

static int take_lock(struct nd_writer *w, unsigned wait, struct nd_error *err)
{
    char path[ND_PATH_MAX];
    int rc = path_of(path, w, "lock", err);
    if (rc)
        return rc;
    w->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (w->lock < 0)
        return nd_fail_errno(err, ND_IO, "cannot create '%s'", path);
    for (unsigned tenth = 0;; tenth++) {
        if (flock(w->lock, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return nd_fail_errno(err, ND_IO, "cannot lock '%s'", path);
        if (tenth >= wait * 10)
            break;
        nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
    }
    nd_fail(err, ND_LOCKED, "cannot lock '%s': another newsdex is writing", w->dir);
    nd_hint(err, "wait for it, or give --wait SECONDS");
    return ND_LOCKED;
}

static int copy_manifest(struct nd_manifest *to, const struct nd_manifest *from)
{
    *to = *from;
    to->segments = calloc(from->n + 1, sizeof *to->segments);
    if (!to->segments)
        return ND_NOMEM;
    if (from->n)
        memcpy(to->segments, from->segments, from->n * sizeof *to->segments);
    return 0;
}

/* Read the committed manifest and the files of its revision. */
static int read_index(struct nd_writer *w, bool older, struct nd_error *err)
{
    char path[ND_PATH_MAX];
    int rc = older ? nd_manifest_read_older(&w->manifest, w->dir, err)
                   : nd_manifest_read(&w->manifest, w->dir, err);
    if (!rc && w->manifest.ledger[0]) {
        rc = path_of(path, w, w->manifest.ledger, err);
        if (!rc)
            rc = nd_ledger_read(&w->ledger, path, err);
    }
    return rc;
}

int nd_writer_open(struct nd_writer **out, const char *dir, const struct nd_writer_options *o,
                   struct nd_error *err)
{
    *out = NULL;
    bool usable = true;
    char other[256] = "", stub[ND_PATH_MAX];
    struct nd_writer *w = calloc(1, sizeof *w);
    if (!w)
        return nd_fail(err, ND_NOMEM, "out of memory");
    w->lock = -1;
    w->derive = o->derive;
    w->dir = strdup(dir);
    int rc = w->dir && nd_ledger_init(&w->ledger) == 0 ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc)
        rc = path_of(stub, w, "XAPIANDB", err);
    if (rc)
        goto out;
    w->fresh = access(stub, F_OK) != 0;
    if (w->fresh && !o->create) {
        rc = nd_fail(err, ND_MISSING, "no index in '%s'", dir);
        nd_hint(err, "make one with: newsdex add -d %s FILE...", dir);
        goto out;
    }
    if (w->fresh && mkdir(dir, 0777) < 0 && errno != EEXIST) {
        rc = nd_fail_errno(err, ND_IO, "cannot create folder '%s'", dir);
        goto out;
    }
    if (w->fresh) {
        rc = nd_folder_usable(dir, &usable, other, err);
        if (!rc && !usable) {
            rc = nd_fail(err, ND_USAGE, "folder '%s' holds other files ('%s')", dir, other);
            nd_hint(err, "name an empty or a new folder for the index");
        }
        if (rc)
            goto out;
    }
    rc = take_lock(w, o->wait, err);
    if (rc)
        goto out;
    w->fresh = access(stub, F_OK) != 0; /* another writer may have made it while we waited */
    if (w->fresh)
        rc = new_uuid(w->manifest.uuid, err);
    else
        rc = read_index(w, o->older, err);
    if (!rc)
        rc = nd_folder_last_segment(dir, &w->next_number, err);
    for (size_t i = 0; i < w->manifest.n; i++)
        if (w->manifest.segments[i].number > w->next_number)
            w->next_number = w->manifest.segments[i].number;
    if (!rc)
        rc = nd_folder_sweep(dir, &w->manifest, err);
    if (!rc && copy_manifest(&w->next, &w->manifest))
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    w->deleted = calloc(ND_SEGMENTS_MAX, sizeof *w->deleted);
    w->deleted_changed = calloc(ND_SEGMENTS_MAX, sizeof *w->deleted_changed);
    if (!rc && (!w->deleted || !w->deleted_changed))
        rc = nd_fail(err, ND_NOMEM, "out of memory");
out:
    if (rc) {
        nd_writer_close(w);
        return rc;
    }
    *out = w;
    return 0;
}

void nd_writer_close(struct nd_writer *w)
{
    if (!w)
        return;
    for (size_t i = 0; w->deleted && i < w->next.n; i++)
        free(w->deleted[i]);
    free(w->deleted);
    free(w->deleted_changed);
    nd_manifest_free(&w->manifest);
    nd_manifest_free(&w->next);
    nd_ledger_free(&w->ledger);
    nd_events_free(&w->events);
    if (w->lock >= 0)
        close(w->lock);
    free(w->dir);
    free(w);
}

uint32_t nd_writer_revision(const struct nd_writer *w)
{
    return w->manifest.revision + 1;
}

int nd_writer_new_segment(struct nd_writer *w, uint32_t *number, char path[ND_PATH_MAX],
                          struct nd_error *err)
{
    char name[32];
    *number = ++w->next_number;
    snprintf(name, sizeof name, "seg-%06u", *number);
    return path_of(path, w, name, err);
}

int nd_writer_add_segment(struct nd_writer *w, uint32_t number, uint32_t docs, size_t *position,
                          struct nd_error *err)
{
    if (position)
        *position = w->next.n;
    if (!docs)
        return nd_folder_remove_segment(w->dir, number, err);
    if (w->next.n >= ND_SEGMENTS_MAX) {
        nd_fail(err, ND_LIMIT, "'%s' has %d segments, the most there can be", w->dir,
                ND_SEGMENTS_MAX);
        nd_hint(err, "join them with: newsdex merge -d %s", w->dir);
        return ND_LIMIT;
    }
    struct nd_manifest_segment *s =
        realloc(w->next.segments, (w->next.n + 1) * sizeof *w->next.segments);
    if (!s)
        return nd_fail(err, ND_NOMEM, "out of memory");
    w->next.segments = s;
    s[w->next.n] = (struct nd_manifest_segment){.number = number, .docs = docs};
    w->deleted[w->next.n] = NULL;
    w->deleted_changed[w->next.n] = false;
    w->next.n++;
    return 0;
}

int nd_writer_replace_segments(struct nd_writer *w, size_t first, size_t n, uint32_t number,
                               uint32_t docs, struct nd_error *err)
{
    if (!n || first > w->next.n || n > w->next.n - first)
        return nd_fail(err, ND_INTERNAL, "segments %zu..%zu are not there", first, first + n);
    for (size_t i = first; i < first + n; i++)
        free(w->deleted[i]);
    size_t keep = docs ? 1 : 0; /* where the new one stands, if it holds anything */
    size_t tail = w->next.n - first - n;
    memmove(&w->next.segments[first + keep], &w->next.segments[first + n],
            tail * sizeof *w->next.segments);
    memmove(&w->deleted[first + keep], &w->deleted[first + n], tail * sizeof *w->deleted);
    memmove(&w->deleted_changed[first + keep], &w->deleted_changed[first + n],
            tail * sizeof *w->deleted_changed);
    w->next.n = first + keep + tail;
    if (!docs)
        return nd_folder_remove_segment(w->dir, number, err);
    w->next.segments[first] = (struct nd_manifest_segment){.number = number, .docs = docs};
    w->deleted[first] = NULL;
    w->deleted_changed[first] = false;
    return 0;
}

/* Bring the tombstones of a segment into memory, zeroed where it has none. */
static int load_deleted(struct nd_writer *w, size_t position, struct nd_error *err)
{
    if (position >= w->next.n)
        return nd_fail(err, ND_INTERNAL, "segment %zu is not there", position);
    if (w->deleted[position])
        return 0;
    const struct nd_manifest_segment *seg = &w->next.segments[position];
    size_t size = ((size_t)seg->docs + 7) / 8;
    unsigned char *bits = calloc(size + 1, 1);
    if (!bits)
        return nd_fail(err, ND_NOMEM, "out of memory");
    int rc = 0;
    if (seg->del[0]) {
        char path[ND_PATH_MAX];
        struct nd_sections s;
        const unsigned char *p;
        uint32_t n;
        rc = path_of(path, w, seg->del, err);
        if (!rc)
            rc = nd_tombstones_open(&s, path, seg->docs, &p, &n, err);
        if (!rc) {
            memcpy(bits, p, size);
            nd_sections_close(&s);
        }
    }
    if (rc)
        free(bits);
    else
        w->deleted[position] = bits;
    return rc;
}

int nd_writer_delete(struct nd_writer *w, size_t position, uint32_t docid, bool *was,
                     struct nd_error *err)
{
    int rc = load_deleted(w, position, err);
    if (rc)
        return rc;
    if (!docid || docid > w->next.segments[position].docs)
        return nd_fail(err, ND_INTERNAL, "article %u of segment %zu is not there", docid, position);
    unsigned char *byte = &w->deleted[position][(docid - 1) / 8];
    unsigned char bit = (unsigned char)(1u << ((docid - 1) % 8));
    if (was)
        *was = !(*byte & bit);
    if (!(*byte & bit)) {
        *byte |= bit;
        w->deleted_changed[position] = true;
    }
    return 0;
}

int nd_writer_deleted(struct nd_writer *w, size_t position, const unsigned char **bits,
                      struct nd_error *err)
{
    *bits = NULL;
    if (position < w->next.n && !w->next.segments[position].del[0] && !w->deleted[position])
        return 0;
    int rc = load_deleted(w, position, err);
    if (!rc)
        *bits = w->deleted[position];
    return rc;
}

int nd_writer_event(struct nd_writer *w, enum nd_event_kind kind, const char *id, size_t n,
                    struct nd_error *err)
{
    w->events_changed = true;
    if (nd_events_add(&w->events, nd_writer_revision(w), kind,
                      nd_event_id(w->manifest.uuid, id, n)))
        return nd_fail(err, ND_NOMEM, "out of memory");
    return 0;
}

static bool same_segments(const struct nd_manifest *a, const struct nd_manifest *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = a->segments[i].number == b->segments[i].number;
    return same;
}

/* What is known of names depends on all segments, so it is made anew when these are others. */
static int write_derived(struct nd_writer *w, struct nd_error *err)
{
    char path[ND_PATH_MAX];
    if (!w->derive_anew && same_segments(&w->manifest, &w->next))
        return 0;
    snprintf(w->next.derived, sizeof w->next.derived, "derived-%u", w->next.revision);
    int rc = path_of(path, w, w->next.derived, err);
    malloc_trim(0); /* what builders have freed: this reads of all segments, and both together would be too much */
    if (!rc)
        rc = w->derive ? w->derive(w->dir, &w->next, path, err) : ND_DONE;
    if (rc == ND_DONE)
        w->next.derived[0] = '\0';
    return rc == ND_DONE ? 0 : rc;
}

/* Write the files that belong to the new revision and name them in `next`. */
static int write_revision(struct nd_writer *w, struct nd_error *err)
{
    char path[ND_PATH_MAX], before[ND_PATH_MAX];
    int rc = 0;
    uint32_t revision = w->next.revision;
    for (size_t i = 0; !rc && i < w->next.n; i++) {
        if (!w->deleted_changed[i])
            continue;
        struct nd_manifest_segment *seg = &w->next.segments[i];
        snprintf(seg->del, sizeof seg->del, "del-%06u.%u", seg->number, revision);
        rc = path_of(path, w, seg->del, err);
        if (!rc)
            rc = nd_tombstones_write(path, w->deleted[i], seg->docs, err);
    }
    if (!rc && w->events_changed) {
        bool more = w->manifest.events[0];
        rc = path_of(before, w, w->manifest.events, err);
        snprintf(w->next.events, sizeof w->next.events, "events-%u", revision);
        if (!rc)
            rc = path_of(path, w, w->next.events, err);
        if (!rc)
            rc = nd_events_write(&w->events, more ? before : NULL, path, err);
    }
    if (!rc && w->ledger.changed) {
        snprintf(w->next.ledger, sizeof w->next.ledger, "ledger-%u", revision);
        rc = path_of(path, w, w->next.ledger, err);
        if (!rc)
            rc = nd_ledger_write(&w->ledger, path, err);
    }
    return rc;
}

int nd_writer_commit(struct nd_writer *w, struct nd_error *err)
{
    char stub[ND_PATH_MAX];
    struct nd_buf text;
    nd_buf_init(&text, 16 << 20);
    w->next.revision = nd_writer_revision(w);
    w->next.commit = nd_random_seed();
    memcpy(w->next.uuid, w->manifest.uuid, sizeof w->next.uuid);
    int rc = write_revision(w, err);
    if (!rc)
        rc = write_derived(w, err);
    if (!rc)
        rc = nd_dir_sync(w->dir, err);
    if (!rc && nd_manifest_format(&text, &w->next))
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc)
        rc = path_of(stub, w, "XAPIANDB", err);
    if (!rc)
        rc = nd_file_replace(stub, text.data, text.len, err);
    nd_buf_free(&text);
    if (rc)
        return rc;
    struct nd_manifest now;
    if (copy_manifest(&now, &w->next))
        return nd_fail(err, ND_NOMEM, "out of memory");
    nd_manifest_free(&w->manifest);
    w->manifest = now;
    w->events.n = 0;
    w->events_changed = w->ledger.changed = w->fresh = false;
    memset(w->deleted_changed, 0, ND_SEGMENTS_MAX * sizeof *w->deleted_changed);
    return nd_folder_sweep(w->dir, &w->manifest, err);
}
