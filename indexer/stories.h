/* stories.h: finds the near-copies of an index when it is committed. Only articles that came in since the facts
 * were made are compared, with all that share a place of the near-copy signature with them; what was measured
 * before is taken over by id.
 *     signatures -> pairs (stories_pairs.c) -> likeness of their texts (stories.c) -> stories (stories_group.c)
 * Bounds:      an article is measured against STORIES_MOST others at most, those whose signatures are most alike; a
 *              value that over STORIES_RUN articles have in one place is told apart by the next places.
 * Threads:     one owner.   Used by: derive_index. */
#ifndef ND_STORIES_H
#define ND_STORIES_H

#include "record/column.h"
#include "record/likeness.h"
#include "record/manifest.h"
#include "record/stories.h"
#include "record/text.h"

enum {
    STORIES_PLACES = 2, /* places that two signatures must share for their texts to be compared */
    STORIES_RUN = 256,
    STORIES_MOST = 24
};

/* An open segment. */
struct story_segment {
    char path[4200];      /* its folder */
    uint32_t docs, first; /* first: number of its first article */
    struct nd_columns columns;
    struct nd_sections del;
    const unsigned char *deleted;
    struct nd_stream *stream; /* opened when a text is looked at */
    struct nd_word_hashes hashes;
    struct nd_texts *texts; /* likewise, for ids */
};

/* Two articles by number: b brings the pair in, a new one before an old one, else the one with the larger id hash. */
struct story_pair {
    uint32_t a, b;
    uint32_t
        key; /* of the id hash of a: the order of equals, whatever the layout of the segments */
    uint16_t same, alike; /* places of their signatures; likeness */
};

struct story_pairs {
    struct story_pair *v; /* owned */
    size_t n, cap;
};

struct story_finder {
    struct story_segment *segments;
    size_t n;
    uint32_t articles;    /* in all segments, deleted ones too; numbered from 0 */
    unsigned char *fresh; /* a bit per article: it came in since */
    uint32_t fresh_n;
    struct story_pairs pairs; /* first to be measured, then the links */
    uint64_t *words;          /* scratch */
    size_t words_cap;
    struct nd_runs runs[2];
    uint32_t runs_of[2]; /* article whose runs they are, UINT32_MAX none */
};

/* What is to be written. */
struct stories_found {
    struct nd_stories_made made;
    struct nd_arena arena;           /* ids */
    struct nd_story_member *members; /* owned, as are all below */
    struct nd_story *stories;
    uint32_t *order;
    struct nd_story_link *links;
};

/* Find the stories of the segments of `next`. before: the facts of the index as it was, NULL to begin anew.
 * Free out with stories_free, after a failure too.   Fails: ND_CORRUPT, ND_IO, ND_NOMEM, ND_LIMIT.
 * Cost: a scan of two columns of all articles; 20 us for each text that is compared. */
int stories_find(struct stories_found *out, const char *dir, const struct nd_manifest *next,
                 const struct nd_derived *before, struct nd_error *err);
void stories_free(struct stories_found *s);

/* ---- shared by its parts ---- */
struct story_segment *story_segment_of(struct story_finder *f, uint32_t article);
uint64_t story_hash(struct story_finder *f, uint32_t article);
static inline bool story_fresh(const struct story_finder *f, uint32_t article)
{
    return f->fresh[article / 8] >> (article % 8) & 1;
}
/* Append a pair, in either order. Fails: ND_NOMEM. */
int story_pair_add(struct story_finder *f, uint32_t a, uint32_t b, unsigned same, unsigned alike,
                   struct nd_error *err);
/* Likeness of two articles' bodies. */
int story_measure(struct story_finder *f, uint32_t a, uint32_t b, unsigned *alike,
                  struct nd_error *err);
/* stories_pairs.c: the pairs that are to be measured. */
int story_candidates(struct story_finder *f, struct nd_error *err);
/* stories_group.c: links -> stories; may measure more pairs, which become links. */
int story_group(struct stories_found *out, struct story_finder *f, const struct nd_stories *before,
                struct nd_error *err);

#endif
