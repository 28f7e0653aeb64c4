/* glass_merge_part.h: what the two halves of a merge share: glass_merge.c walks the inputs and
 * copies the tables that are ordered by document or by position; glass_merge_postings.c does the
 * posting lists.
 * Threads: one owner.   Used by: those two alone. */
#ifndef ND_SEGMENT_GLASS_MERGE_PART_H
#define ND_SEGMENT_GLASS_MERGE_PART_H

#include "segment/glass_read.h"

/* An input on its way through one table after another. */
struct source {
    struct nd_glass_db db;
    struct nd_glass_cursor cursor;
    const unsigned char *group; /* what the heap orders by: the front of the cursor's key */
    size_t group_n;
    uint32_t *renumber; /* new docid by docid - 1, 0 where deleted; NULL for a clean input */
    uint32_t renumber_n;
    uint32_t base;    /* added to the docids that renumber does not have, modulo 2^32 */
    uint64_t tf, cf;  /* of the group at hand */
    uint32_t lengths; /* found, deleted ones too */
};

struct merge {
    struct nd_glass *g;
    struct source *sources;
    size_t n;
    size_t *heap; /* inputs that have entries left, least group (then least input) on top */
    size_t heap_n;
    size_t *same;            /* inputs that share the group at hand, ascending */
    uint32_t *docids, *wdfs; /* decoded postings of the group at hand */
    size_t count, cap;
};

/* The docid that a docid of an input gets; 0 where it is deleted. */
static inline uint32_t nd_merge_docid(const struct source *s, uint32_t docid)
{
    return docid - 1 < s->renumber_n ? s->renumber[docid - 1] : docid + s->base;
}

/* Stand at the first entry of a table in every input; with the tables of terms, fill the heap. */
int nd_merge_table(struct merge *m, enum nd_glass_which which, struct nd_error *err);
/* Take the inputs of the least group off the heap into m->same. Return: how many. */
size_t nd_merge_pop(struct merge *m);
/* Put an input back, unless its table has ended. */
void nd_merge_push(struct merge *m, size_t input);
/* Move to the next entry; the end of the table is a success, nd_merge_push sees it. */
int nd_merge_step(struct source *s, struct nd_error *err);
/* ND_NOMEM. */
int nd_merge_no_memory(const struct merge *m, struct nd_error *err);
/* Tell of a wdf, for the statistics. */
void nd_merge_wdf(struct merge *m, uint32_t wdf);
/* Write the metadata, the document lengths and the posting lists. */
int nd_merge_postlists(struct merge *m, struct nd_error *err);

#endif
