/* resume.h: goes on where the last run stopped: which files of the input, and which records of a file, the
 * ledger says have been read and committed.
 * Call order:  nd_resume_new, nd_resume_passed as nd_source_options.passed, nd_resume_bad* nd_resume_note (per
 *              commit)*, nd_resume_free
 * A file counts as the same while its path, size and modification time are.
 * Threads:     one owner.   Used by: cmd_add, pipeline. */
#ifndef ND_RESUME_H
#define ND_RESUME_H

#include "input/source.h"
#include "segment/ledger.h"

struct nd_resume;

/* ledger is borrowed. options: those of reading; the same file read with other ones counts as another file, since it
 * gives other articles. Fails: ND_NOMEM. */
int nd_resume_new(struct nd_resume **out, struct nd_ledger *ledger,
                  const struct nd_source_options *options, struct nd_error *err);
void nd_resume_free(struct nd_resume *r);
/* See nd_source_options.passed; ctx is the nd_resume. */
uint64_t nd_resume_passed(void *ctx, size_t file, const char *path);
/* The source has just told of bad input: a file that could not be read to its end is read again next time. */
void nd_resume_bad(struct nd_resume *r, struct nd_source *source);
/* Write into the ledger what will be committed: the files before the one at hand are done, of that one so many
 * records; at the end of the input it is done too. Fails: ND_NOMEM. */
int nd_resume_note(struct nd_resume *r, struct nd_source *source, bool end, struct nd_error *err);

#endif
