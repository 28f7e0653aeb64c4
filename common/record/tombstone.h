/* tombstone.h: the deleted articles of a segment at a revision: file del-NNNNNN.REV, never edited.
 * sections.h, kind "DELS": section 1: u32 articles of the segment, u32 deleted; section 2: a bit per
 * docid - 1, lowest bit first.   Threads: one owner. */
#ifndef ND_RECORD_TOMBSTONE_H
#define ND_RECORD_TOMBSTONE_H

#include "base/status.h"
#include "record/sections.h"

/* Map the tombstones of a segment of so many docs; *bits is borrowed until nd_sections_close(s).
 * Fails: ND_MISSING, ND_CORRUPT (another number of articles too), ND_VERSION. */
int nd_tombstones_open(struct nd_sections *s, const char *path, uint32_t docs,
                       const unsigned char **bits, uint32_t *deleted, struct nd_error *err);
/* Write and fsync the file. */
int nd_tombstones_write(const char *path, const unsigned char *bits, uint32_t docs,
                        struct nd_error *err);
/* Number of bits set among the first docs. */
uint32_t nd_tombstones_count(const unsigned char *bits, uint32_t docs);

#endif
