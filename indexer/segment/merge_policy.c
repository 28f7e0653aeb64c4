/* Which segments are merged, and when. */
#include "segment/merge.h"

#include "record/tombstone.h"

#include <string.h>

enum {
    DELETED_SHARE = 3 /* a segment of which one in so many is deleted is written anew */
};

static unsigned tier_of(uint32_t docs)
{
    unsigned tier = 0;
    for (uint64_t most = (uint64_t)ND_MERGE_SMALL * ND_MERGE_WIDTH; docs >= most;
         most *= ND_MERGE_WIDTH)
        tier++;
    return tier;
}

static int deleted_in(struct nd_writer *w, size_t i, uint32_t *n, struct nd_error *err)
{
    const unsigned char *bits;
    int rc = nd_writer_deleted(w, i, &bits, err);
    *n = !rc && bits ? nd_tombstones_count(bits, w->next.segments[i].docs) : 0;
    return rc;
}

/* Move segment `from` down to `to`; those between go up by one. */
static void move(struct nd_writer *w, size_t from, size_t to)
{
    struct nd_manifest_segment s = w->next.segments[from];
    unsigned char *deleted = w->deleted[from];
    bool changed = w->deleted_changed[from];
    size_t n = from - to;
    memmove(&w->next.segments[to + 1], &w->next.segments[to], n * sizeof s);
    memmove(&w->deleted[to + 1], &w->deleted[to], n * sizeof deleted);
    memmove(&w->deleted_changed[to + 1], &w->deleted_changed[to], n * sizeof changed);
    w->next.segments[to] = s;
    w->deleted[to] = deleted;
    w->deleted_changed[to] = changed;
}

/* Merge the segments of a tier if there are enough. */
static int merge_tier(struct nd_writer *w, unsigned tier, bool *done, struct nd_merge_stats *stats,
                      struct nd_error *err)
{
    size_t n = 0, first = 0;
    *done = false;
    for (size_t i = 0; i < w->next.n; i++)
        n += tier_of(w->next.segments[i].docs) == tier;
    if (n < ND_MERGE_WIDTH)
        return 0;
    *done = true;
    while (tier_of(w->next.segments[first].docs) != tier)
        first++;
    for (size_t i = first, at = first; i < w->next.n; i++)
        if (tier_of(w->next.segments[i].docs) == tier)
            move(w, i, at++);
    return nd_merge_segments(w, first, n, stats, err);
}

int nd_merge_tiers(struct nd_writer *w, struct nd_merge_stats *stats, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = w->next.n; i-- > 0 && !rc;) {
        uint32_t gone;
        rc = deleted_in(w, i, &gone, err);
        if (!rc && (uint64_t)gone * DELETED_SHARE >= w->next.segments[i].docs)
            rc = nd_merge_segments(w, i, 1, stats, err);
    }
    for (unsigned tier = 0; tier < ND_MERGE_TIERS && !rc; tier++) {
        bool done = true;
        while (done && !rc)
            rc = merge_tier(w, tier, &done, stats, err);
    }
    return rc;
}

int nd_merge_deleted(struct nd_writer *w, struct nd_merge_stats *stats, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = w->next.n; i-- > 0 && !rc;) {
        uint32_t gone;
        rc = deleted_in(w, i, &gone, err);
        if (!rc && gone)
            rc = nd_merge_segments(w, i, 1, stats, err);
    }
    return rc;
}

int nd_merge_all(struct nd_writer *w, struct nd_merge_stats *stats, struct nd_error *err)
{
    uint32_t gone = 0;
    int rc = w->next.n == 1 ? deleted_in(w, 0, &gone, err) : 0;
    if (rc || w->next.n == 0 || (w->next.n == 1 && !gone))
        return rc;
    return nd_merge_segments(w, 0, w->next.n, stats, err);
}
