/* status.h: the one list of what can go wrong, and the struct that carries it.
 * Call order:  a function takes `struct nd_error *err`, calls nd_fail (then nd_hint), returns the code.
 * Invariants:  codes below 0 are failures, 0 is success, ND_DONE is the end of an iteration.
 * Threads:     none shared; an nd_error has one owner.   Used by: everything.
 * Text is made where the fact is known; only tool/diag.c prints it. */
#ifndef ND_BASE_STATUS_H
#define ND_BASE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum nd_code {
    ND_OK = 0,
    ND_DONE = 1,        /* end of an iteration, nothing (more) found: not a failure */
    ND_NOMEM = -1,      /* out of memory */
    ND_LIMIT = -2,      /* a stated maximum was reached */
    ND_IO = -3,         /* the system refused: errno's text is in the message */
    ND_USAGE = -4,      /* command line */
    ND_QUERY = -5,      /* query text; start and end are set */
    ND_MISSING = -6,    /* no such index, article, file */
    ND_LOCKED = -7,     /* another writer holds the index */
    ND_VERSION = -8,    /* written by another schema */
    ND_CORRUPT = -9,    /* checksum, structure or length is wrong */
    ND_MODIFIED = -10,  /* the index changed under the reader: reopen, ask again */
    ND_INPUT = -11,     /* a record or file of a dump is bad */
    ND_PARTIAL = -12,   /* some input skipped, or out of time; what came out is valid */
    ND_INTERNAL = -13,  /* our own fault */
    ND_CODE_MIN = -13
};

enum {
    ND_MSG_MAX = 600,
    ND_HINT_MAX = 600
};

/* What went wrong. Zero-initialise it; the first failure wins only if callers stop at it. */
struct nd_error {
    int code;
    size_t start, end; /* bytes of the query text the message is about; both 0 where there is none */
    uint64_t offset;   /* byte in the input file, where known */
    char msg[ND_MSG_MAX];
    char hint[ND_HINT_MAX]; /* what to do; empty where there is nothing to say */
};

/* One row of the status table. */
struct nd_status {
    int code;
    const char *name; /* "ND_IO" */
    const char *text; /* default message, lower case, no full stop */
    int exit;         /* exit status of both programs */
};

/* Set err to code and a formatted message, clearing hint and spans.
 * err:    may be NULL, then only the code is returned.
 * Return: code, so that `return nd_fail(...)` reads well. */
int nd_fail(struct nd_error *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Like nd_fail, with ": " and the text of errno appended. */
int nd_fail_errno(struct nd_error *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Set the hint of a failure that err already carries. */
void nd_hint(struct nd_error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Set the bytes of the query text that the failure is about. */
void nd_span(struct nd_error *err, size_t start, size_t end);

/* The row of a code; the row of ND_INTERNAL for a code that is not in the table. */
const struct nd_status *nd_status_of(int code);

/* The exit status of a code: 0 found, 1 nothing, 2 usage or query, 3 index missing, locked or
 * incompatible, 4 corrupt, 5 partial. */
int nd_exit_status(int code);

/* Of two exit statuses the one to report: 4, 3, 2, 5, 1, 0 in that order. */
int nd_exit_worse(int a, int b);

/* All rows, in order; *n is set to their number. For tests and man pages. */
const struct nd_status *nd_status_table(size_t *n);

#ifdef __cplusplus
}
#endif
#endif
