/* reading.h: what the commands that read dumps share: options of reading, bad records, the closing summary.
 * Call order:  nd_reading_start nd_reading_open (nd_source_next | nd_reading_bad | nd_reading_progress)*
 *              nd_reading_end
 * Used by: cmd_add, cmd_convert. */
#ifndef ND_READING_H
#define ND_READING_H

#include "input/source.h"
#include "newsdex.h"

#include <stdio.h>

struct nd_reading_run {
    struct newsdex *tool;
    struct nd_source_options options;
    struct nd_source *source;
    struct nd_progress progress;
    FILE *rejects;          /* --rejects; NULL if not given */
    bool allow_set, allow_percent;
    uint64_t allow;         /* --allow-bad */
    struct nd_buf ignore;   /* text of --ignore */
};

/* Read the options; nothing is opened but the file of rejects. Fails: ND_USAGE, ND_IO. */
int nd_reading_start(struct nd_reading_run *r, struct newsdex *t, struct nd_error *err);
/* The options that need files or have maxima: --map-file, --ignore, --max-*. Used by reading.c alone.
 * Fails: ND_USAGE, ND_MISSING, ND_IO, ND_LIMIT. */
int nd_reading_files(struct nd_reading_run *r, struct nd_error *err);
/* Make the list of files. Fails: as nd_source_open. */
int nd_reading_open(struct nd_reading_run *r, struct nd_error *err);
/* Tell of a bad record: on stderr, and in the file of rejects. ctx: the run. */
void nd_reading_bad(void *ctx, const struct nd_error *err);
/* Draw the progress. ctx: the run. */
void nd_reading_progress(void *ctx);
/* Print the summary (coverage of fields, unknown keys, counts of what was repaired), close everything.
 * Return: exit status, 5 if more was bad than --allow-bad allows. */
int nd_reading_end(struct nd_reading_run *r, bool summary, struct nd_error *err);

#endif
