/* events.h: what happened to each article since the index began, for alerts; survives merges and deletion.
 * File events-REV (sections.h, kind "EVNT"): section 1: rows of 16 bytes: u32 revision, u32 kind, u64 id hash.
 * An id hash is salted with the index's uuid, so that of a deleted article nothing readable remains.
 * Rows are in order of revision.   Threads: one owner.   Written by: indexer/segment/commit. */
#ifndef ND_RECORD_EVENTS_H
#define ND_RECORD_EVENTS_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum nd_event_kind { /* written to disk */
    ND_EVENT_ADDED = 0,
    ND_EVENT_CHANGED = 1,
    ND_EVENT_WITHDRAWN = 2
};

struct nd_event {
    uint32_t revision, kind;
    uint64_t id;
};

struct nd_events {
    struct nd_event *v; /* owned */
    size_t n, cap;
};

/* The hash under which an id stands in the events of the index with this uuid. */
uint64_t nd_event_id(const char uuid[37], const char *id, size_t n);
/* Append one. Fails: ND_NOMEM. */
int nd_events_add(struct nd_events *e, uint32_t revision, enum nd_event_kind kind, uint64_t id);
/* Append all rows of a file. Fails: ND_MISSING, ND_CORRUPT, ND_VERSION, ND_NOMEM. */
int nd_events_load(struct nd_events *e, const char *path, struct nd_error *err);
/* Write a file with the rows of the file `before` (NULL: none), then all rows of e, and fsync it. before is copied
 * piece by piece: memory does not grow with an index. Fails: ND_MISSING, ND_CORRUPT, ND_VERSION (before); ND_IO, ND_NOMEM. */
int nd_events_write(const struct nd_events *e, const char *before, const char *path,
                    struct nd_error *err);
/* Free the rows. */
void nd_events_free(struct nd_events *e);

#endif
