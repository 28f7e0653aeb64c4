/* stories.h: which articles of an index folder are near-copies of each other. A part of the index-wide facts
 * (derived.h): found when the index is committed, from all its segments, and applied by queries.
 * Likeness:    thousandths (likeness.h). A link is a pair of articles whose likeness was measured; those at the
 *              threshold or above make a story. Every member of a story is at least that alike with its centre, so
 *              that a chain of small changes does not join unlike articles.
 * Name:        the smallest id of its articles when the facts were made.
 * File:        in the file of derived facts, sections (all numbers little-endian):
 *   4 u32 last revision whose articles were looked at, u32 threshold, u32 members, u32 stories, u32 links
 *   5 members, rising by id hash: u64 nd_hash64 of the id (seed 0), u32 id in 9, u16 its bytes, u16 likeness to the
 *   centre, u32 story (UINT32_MAX: of no story, all it was linked with went to others)
 *   6 stories, rising by name: u32 first in 7, u32 articles, u32 member that names it, u32 member that is its centre
 *   7 u32 members, story by story, rising by id   8 links: u32 member, u32 larger member, u32 likeness; rising
 *   9 text of ids
 * Reading:     an accessor checks what it touches; damage is an absent row.
 * Threads:     read only once open; may be shared.   Used by: indexer/stories, lang/lower_story, query/story. */
#ifndef ND_RECORD_STORIES_H
#define ND_RECORD_STORIES_H

#include "record/derived.h"

enum {
    ND_STORY_NONE = UINT32_MAX,
    ND_STORY_LIKENESS =
        500 /* the threshold: half of all different runs of five words are in both */
};

struct nd_stories {
    uint32_t revision, threshold;
    uint32_t members_n, n, links_n; /* n: stories */
    struct nd_section members, rows, order, links, text;
};

struct nd_story_member {
    uint64_t hash;
    struct nd_str id; /* borrowed from the file */
    uint32_t story;   /* ND_STORY_NONE: of none */
    uint32_t alike;   /* to the centre of its story */
};

struct nd_story {
    struct nd_str name;
    uint32_t first, n;         /* nd_stories_nth(first .. first + n - 1) are its members */
    uint32_t named_by, centre; /* members */
};

struct nd_story_link {
    uint32_t a, b; /* members, a < b */
    uint32_t alike;
};

/* The stories of open and checked facts. Return: false where they hold none, or a part of it is cut. */
bool nd_stories_of(struct nd_stories *s, const struct nd_derived *d);
/* Rows by number. Return: false past the end, or where the row is damaged. */
bool nd_stories_member(const struct nd_stories *s, uint32_t i, struct nd_story_member *out);
bool nd_stories_row(const struct nd_stories *s, uint32_t story, struct nd_story *out);
bool nd_stories_link(const struct nd_stories *s, uint32_t i, struct nd_story_link *out);
/* The member that stands at a place of the order by story; ND_STORY_NONE past the end. */
uint32_t nd_stories_nth(const struct nd_stories *s, uint32_t place);
/* The member of an id hash, ND_STORY_NONE if there is none.
 * Cost: a binary search that begins near the place, hashes being spread evenly. */
uint32_t nd_stories_member_of(const struct nd_stories *s, uint64_t hash);
/* The story of an article by its column ND_COL_ID, ND_STORY_NONE if it has no near-copies. */
uint32_t nd_stories_find(const struct nd_stories *s, uint64_t hash);
/* The story of an id. */
uint32_t nd_stories_find_id(const struct nd_stories *s, const char *id, size_t n);

/* ---- writing ---- */
/* The rows as they are to be in the file; everything borrowed. */
struct nd_stories_made {
    uint32_t revision, threshold;
    const struct nd_story_member *members; /* rising by hash */
    const struct nd_story *stories;        /* rising by name */
    const uint32_t *order;                 /* as many as all stories have members */
    const struct nd_story_link *links;
    uint32_t members_n, n, order_n, links_n;
};

/* Append the sections to an open file. Fails: ND_LIMIT, ND_NOMEM; a failure to write shows when it is finished. */
int nd_stories_put(struct nd_sections_writer *w, const struct nd_stories_made *m,
                   struct nd_error *err);

#endif
