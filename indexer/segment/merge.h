/* merge.h: several segments into one, and when that is done.
 * Call order:  nd_merge_segments | nd_merge_all | nd_merge_tiers | nd_merge_deleted, then nd_writer_commit by the
 *              caller, who has committed or named nothing else since the revision that the writer has read.
 * How: glass tables, texts and columns are copied, streams translated (record/stream_merge.h). With deleted
 *      articles the posting lists are decoded and the texts compressed anew against a dictionary made from what
 *      stays, so that nothing of a deleted article is left. Without, texts are copied while the segments have
 *      no more than ND_TEXT_DICTS dictionaries together, and compressed anew otherwise.
 * Tiers: a segment of n articles is of tier log8(n / ND_MERGE_SMALL), at least 0. Where ND_MERGE_WIDTH segments
 *      are of one tier they are merged, the smallest tier first; so there are at most 7 segments a tier, and
 *      an article is copied once a tier. ND_MERGE_TIERS tells the tier above which nothing is merged by itself.
 * Order: merging moves segments within the manifest; nothing depends on their order.
 * Threads: one owner.   Used by: cmd_add, cmd_delete, cmd_merge. */
#ifndef ND_SEGMENT_MERGE_H
#define ND_SEGMENT_MERGE_H

#include "segment/commit.h"

enum {
    ND_MERGE_WIDTH = 8,
    ND_MERGE_SMALL = 1000, /* articles of a segment of tier 0 at most, times 8 */
    ND_MERGE_TIERS = 12
};

struct nd_merge_stats {
    uint32_t merges, segments;  /* done; that went into them */
    uint64_t articles, dropped; /* that came out, deleted ones that did not */
    uint64_t bytes;             /* written */
    uint32_t recompressed;      /* merges whose texts were compressed anew */
};

/* Merge next.segments[first .. first + n) and name the result in their place; with every article deleted, none.
 * stats: added to; may be NULL.   Fails: ND_CORRUPT, ND_LIMIT, ND_IO, ND_NOMEM; w can then only be closed. */
int nd_merge_segments(struct nd_writer *w, size_t first, size_t n, struct nd_merge_stats *stats,
                      struct nd_error *err);
/* Merge all to one, unless there is one without deleted articles already. */
int nd_merge_all(struct nd_writer *w, struct nd_merge_stats *stats, struct nd_error *err);
/* Write every segment that has deleted articles anew, without them. */
int nd_merge_deleted(struct nd_writer *w, struct nd_merge_stats *stats, struct nd_error *err);
/* What the tiers ask for; also a segment of which a third is deleted is written anew. */
int nd_merge_tiers(struct nd_writer *w, struct nd_merge_stats *stats, struct nd_error *err);

#endif
