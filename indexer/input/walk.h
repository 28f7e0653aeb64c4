/* walk.h: the names on the command line -> the sorted list of files to read.
 * Call order:  nd_walk_init nd_walk_add* nd_walk_from* ... nd_walk_free
 * Invariants:  files of a folder come in the order of their bytes, folders included; a folder is entered once,
 *              so loops of symbolic links end; names that begin with a dot are passed over in folders.
 * Threads: one owner. */
#ifndef INDEXER_INPUT_WALK_H
#define INDEXER_INPUT_WALK_H

#include "base/arena.h"
#include "base/map.h"
#include "base/status.h"

#include <stdbool.h>

/* A file, or a folder that could not be read (then `failure` says why). */
struct nd_walk_file {
    const char *path; /* "-" is standard input */
    const char *failure;
    bool missing; /* named, and not there */
};

/* File name patterns (fnmatch): one with a slash is compared with the whole path, else with the last
 * part. Nothing to include means all. They do not apply to files named one by one. */
struct nd_walk_globs {
    const char *const *include, *const *exclude;
    size_t include_n, exclude_n;
};

struct nd_walk {
    struct nd_walk_file *files; /* owned */
    size_t n, cap;
    struct nd_walk_globs globs;
    struct nd_arena names;
    struct nd_map folders; /* device and number of those entered */
};

int nd_walk_init(struct nd_walk *w, const struct nd_walk_globs *globs);
void nd_walk_free(struct nd_walk *w);
/* Add a file, a folder with all below it, or "-".
 * Fails: ND_MISSING the name is empty, ND_NOMEM. What is not there or may not be read is an entry with `failure`. */
int nd_walk_add(struct nd_walk *w, const char *path, struct nd_error *err);
/* Add the names that a file lists, a line each (NUL-ended where it holds NULs); "-" is standard input.
 * Fails: ND_MISSING, ND_IO, ND_LIMIT. */
int nd_walk_from(struct nd_walk *w, const char *path, struct nd_error *err);
/* Does a name pass the patterns? Also asked for members of archives. */
bool nd_walk_wanted(const struct nd_walk_globs *g, const char *path);

#endif
