/* commit.h: the one writer of an index folder: the lock, the numbers of new segments, tombstones, and the
 * commit that makes a new revision visible all at once.
 * Call order:  nd_writer_open (nd_writer_new_segment ... nd_writer_add_segment | nd_writer_delete |
 *              nd_writer_event)* nd_writer_commit ... nd_writer_close
 * Invariants:  what is not committed is invisible and swept away by the next writer; a commit names only
 *              files that are on disk with their folder; a segment's number is never reused.
 * Order of a commit: each new file written and synced (segments by their builder); the index folder synced; the
 *              stub written beside, synced, renamed, the folder synced; only then is what is no longer named
 *              unlinked, a segment's iamglass first, so that readers notice.
 * Threads:     one owner.   Used by: cmd_add, cmd_keep, merge. */
#ifndef ND_SEGMENT_COMMIT_H
#define ND_SEGMENT_COMMIT_H

#include "record/events.h"
#include "record/manifest.h"
#include "segment/ledger.h"

#include <stdbool.h>

enum {
    ND_PATH_MAX = 4096
};

/* Writes and syncs the facts about names of all segments of `next` to path.
 * Return: 0; ND_DONE if there are no names, and no file; < 0. */
typedef int nd_writer_derive(const char *dir, const struct nd_manifest *next, const char *path,
                             struct nd_error *err);

struct nd_writer_options {
    bool create;        /* make the folder and the index where there is none */
    unsigned wait;      /* seconds to wait for the lock */
    bool older;         /* open an index of an older schema or tokenizer too (rebuild) */
    nd_writer_derive *derive; /* called by a commit of other segments; NULL: such a commit drops the facts */
};

struct nd_writer {
    char *dir;
    int lock;                       /* file descriptor of DIR/lock */
    struct nd_manifest manifest;    /* what is committed; `next` becomes it */
    struct nd_manifest next;
    unsigned char **deleted;        /* by position in next.segments: its tombstones, or NULL if unread */
    bool *deleted_changed;
    uint32_t next_number;
    struct nd_ledger ledger;
    struct nd_events events;        /* of the coming revision */
    bool events_changed;
    bool fresh;                     /* there was no index */
    nd_writer_derive *derive;
    bool derive_anew;               /* set by the caller: the facts are damaged; the next commit makes them anew */
};

/* Take the lock and read the index.
 * Fails: ND_MISSING (no index and not create), ND_LOCKED after waiting, ND_USAGE (a folder that holds
 *        something else), ND_IO, ND_VERSION, ND_CORRUPT. */
int nd_writer_open(struct nd_writer **out, const char *dir, const struct nd_writer_options *o,
                   struct nd_error *err);
/* Give up what is not committed, free the lock. */
void nd_writer_close(struct nd_writer *w);

/* The revision that the next commit makes. */
uint32_t nd_writer_revision(const struct nd_writer *w);
/* Reserve a segment number and write its path (not yet made) to path. */
int nd_writer_new_segment(struct nd_writer *w, uint32_t *number, char path[ND_PATH_MAX],
                          struct nd_error *err);
/* Name a finished segment in the next commit. Segments without articles are removed instead.
 * position: where in next.segments it stands (may be NULL). */
int nd_writer_add_segment(struct nd_writer *w, uint32_t number, uint32_t docs, size_t *position,
                          struct nd_error *err);
/* Put a new segment in the place of next.segments[first .. first + n), whose tombstones go too (merge). */
int nd_writer_replace_segments(struct nd_writer *w, size_t first, size_t n, uint32_t number,
                               uint32_t docs, struct nd_error *err);
/* Tombstone a document. *was: it was live until now (may be NULL). */
int nd_writer_delete(struct nd_writer *w, size_t position, uint32_t docid, bool *was,
                     struct nd_error *err);
/* The tombstones of a segment: a bit per docid - 1; NULL in *bits where there are none. */
int nd_writer_deleted(struct nd_writer *w, size_t position, const unsigned char **bits,
                      struct nd_error *err);
/* Record what happened to an id in the coming revision. */
int nd_writer_event(struct nd_writer *w, enum nd_event_kind kind, const char *id, size_t n,
                    struct nd_error *err);
/* Make the next revision. After a failure the index is the old one and w can only be closed. */
int nd_writer_commit(struct nd_writer *w, struct nd_error *err);

#endif
