/* diag.h: the one place that writes to stderr: errors, hints, notes, progress.
 * Text that comes from input is shown with control characters escaped.
 * Threads: calls are serialised by the caller. */
#ifndef ND_TOOL_DIAG_H
#define ND_TOOL_DIAG_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct nd_diag {
    const char *program; /* "newsq" */
    bool quiet;          /* no notes, no progress; errors always */
    bool color;
};

/* `PROGRAM: message`, then `hint: ...` on a line of its own if there is one. */
void nd_diag_error(const struct nd_diag *d, const struct nd_error *err);
/* The same with lines between message and hint (a query line and its carets), as they are. */
void nd_diag_error_at(const struct nd_diag *d, const struct nd_error *err, const char *lines);
/* `note: ...`, unless quiet. */
void nd_diag_note(const struct nd_diag *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* One line as it is (a rejected record, a summary), unless quiet. */
void nd_diag_line(const struct nd_diag *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The ending of a counted word: "" for one, else "s". */
static inline const char *nd_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* A progress bar on a terminal for work of over a second; silent when stderr is no terminal or d is quiet. */
struct nd_progress {
    const struct nd_diag *diag;
    bool on, drawn;
    double started, last; /* seconds, monotonic */
};
void nd_progress_start(struct nd_progress *p, const struct nd_diag *d);
/* done of total bytes (0 unknown), items so far, bad ones. Draws at most ten times a second. */
void nd_progress_show(struct nd_progress *p, uint64_t done, uint64_t total, uint64_t items,
                      uint64_t bad);
/* Wipe the bar. */
void nd_progress_end(struct nd_progress *p);

#endif
