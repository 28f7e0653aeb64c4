/* story.h: which of the matches tell the same story: near-copies by the facts of the index (record/stories.h), put
 * together where an answer is to count or show a story once.
 * Call order:  nd_story_open (nd_story_of | nd_story_gather)* nd_story_close
 * Threads:     one owner.   Used by: cmd_search, cmd_facet, cmd_hist, cmd_story, compare. */
#ifndef NEWSQ_STORY_H
#define NEWSQ_STORY_H

#include "ask.h"
#include "record/stories.h"

struct nd_story_index;

/* ix: borrowed until close. Fails: ND_CORRUPT, ND_IO, ND_NOMEM. */
int nd_story_open(struct nd_story_index **out, struct nd_index *ix, struct nd_error *err);
void nd_story_close(struct nd_story_index *s);
/* The story of an article, a number other than 0 that is the same for all of its articles (stories are of one index
 * folder); 0 where it has no near-copies.   Cost: a search in a table of the near-copies. */
uint64_t nd_story_of(const struct nd_story_index *s, size_t segment, uint32_t docid);
/* Its name: borrowed from the index; empty for 0. */
struct nd_str nd_story_name(const struct nd_story_index *s, uint64_t story);

/* A match that is a part of a story. */
struct nd_told {
    uint64_t story;
    size_t segment;
    uint32_t docid;
};

struct nd_telling {
    struct nd_told *v; /* owned: by story, then as the matches come */
    size_t n;
    uint64_t matches; /* all, those without a story too */
    uint64_t stories; /* different ones, an article without near-copies being one too */
};

/* The matches of m that are parts of stories. Free with nd_telling_free, after a failure too. */
int nd_story_gather(struct nd_telling *out, const struct nd_story_index *s, struct nd_match *m,
                    struct nd_error *err);
void nd_telling_free(struct nd_telling *t);
/* The end of the story that begins at t->v[i]. */
size_t nd_telling_end(const struct nd_telling *t, size_t i);

/* Count each story once: of the matches of a story all but the one that was printed first (of equals the one with
 * the smallest id hash; undated ones last) are left out by nd_match_each on m, until nd_once_free.
 * Both pointers must live as long as m is walked. Fails: as nd_story_gather. */
struct nd_once;
int nd_once_new(struct nd_once **out, struct nd_index *ix, struct nd_match *m,
                struct nd_error *err);
void nd_once_free(struct nd_once *o);

/* The order in which copies were printed. Return: < 0, > 0 as strcmp; 0 for the same article. */
int nd_story_earlier(struct nd_index *ix, size_t segment_a, uint32_t a, size_t segment_b,
                     uint32_t b);

#endif
