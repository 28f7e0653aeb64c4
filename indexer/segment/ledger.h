/* ledger.h: which input was read how far, so that a killed run goes on where it stopped and an unchanged
 * dump is not read again.
 * File ledger-REV: text, one line a file: RECORDS TAB done|part TAB SIZE TAB MTIME_NS TAB NAME, the name with
 * control characters, blanks and % as %XX; the last line is end TAB checksum, 16 hex digits of nd_hash64 of all
 * before it. Only newsdex reads it.   Threads: one owner. */
#ifndef ND_SEGMENT_LEDGER_H
#define ND_SEGMENT_LEDGER_H

#include "base/map.h"
#include "base/status.h"

#include <stdbool.h>

struct nd_ledger_row {
    uint64_t records;  /* read and committed, bad ones included */
    bool done;         /* read to its end */
    uint64_t size;     /* bytes of the file then */
    int64_t mtime;     /* its modification time then, ns */
};

struct nd_ledger {
    struct nd_map names;
    struct nd_ledger_row *rows; /* by number of the name; owned */
    size_t cap;
    bool changed; /* since it was read or written */
};

/* Make an empty ledger. Fails: ND_NOMEM. */
int nd_ledger_init(struct nd_ledger *l);
/* Free it. */
void nd_ledger_free(struct nd_ledger *l);
/* Read a file into an empty ledger. Fails: ND_MISSING, ND_IO, ND_CORRUPT (line named). */
int nd_ledger_read(struct nd_ledger *l, const char *path, struct nd_error *err);
/* Write and fsync it. */
int nd_ledger_write(const struct nd_ledger *l, const char *path, struct nd_error *err);
/* The row of a file's name, NULL if it has none. */
struct nd_ledger_row *nd_ledger_find(const struct nd_ledger *l, const char *name);
/* Set the row of a file's name. Fails: ND_NOMEM. */
int nd_ledger_set(struct nd_ledger *l, const char *name, const struct nd_ledger_row *row);

#endif
