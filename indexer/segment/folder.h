/* folder.h: what lies in an index folder: names of our files, and sweeping those that no revision names.
 * Threads: no shared state.   Used by: commit.c. */
#ifndef ND_SEGMENT_FOLDER_H
#define ND_SEGMENT_FOLDER_H

#include "record/manifest.h"

#include <stdbool.h>

/* Is the folder one that an index may be made in: empty, or holding only files of ours? *other receives
 * the first name that is not ours. Fails: ND_MISSING, ND_IO. */
int nd_folder_usable(const char *dir, bool *usable, char other[256], struct nd_error *err);
/* The highest segment number of any seg-NNNNNN in the folder, 0 if none. */
int nd_folder_last_segment(const char *dir, uint32_t *number, struct nd_error *err);
/* Were all segments written with --xapian-complete? false if there is none. */
bool nd_folder_complete(const char *dir, const struct nd_manifest *m);
/* Remove a segment's folder, its iamglass first so that readers notice. What is already gone is no failure. */
int nd_folder_remove_segment(const char *dir, uint32_t number, struct nd_error *err);
/* Remove every file and segment of ours that the manifest does not name (uncommitted remains, older revisions). */
int nd_folder_sweep(const char *dir, const struct nd_manifest *m, struct nd_error *err);

#endif
