/* match_in.h: what match.c, rank.c, score.c and rank_why.c share. Private to them. */
#ifndef ND_LANG_MATCH_IN_H
#define ND_LANG_MATCH_IN_H

#include "lang/candidates.h"
#include "lang/match.h"
#include "lang/rank_close.h"

struct nd_match {
    struct nd_index *ix;
    const struct nd_lowered *q;
    struct nd_match_options options;
    struct nd_cand_env env;
    struct nd_match_state state;
    /* the walk */
    struct nd_cand *cand;
    size_t segment;
    uint32_t docid;
    bool walking;
    nd_match_skip *skip; /* of nd_match_each, NULL for none */
    const void *skip_ctx;
    struct rank_close *close; /* what the stream adds to scores; owned, NULL if nothing */
    bool close_made;
    int64_t newest; /* of the index, for half_life; 0 not looked up */
    /* marks: a program for each part of the query */
    struct nd_spans **parts;
    struct nd_found *found;
    size_t found_n, found_cap;
    uint64_t unmarked; /* articles some of whose places were too many */
};

/* Set the clock for the next count, walk or ranking. */
void match_begin(struct nd_match *m);
/* Take over what the iterators noted. */
void match_end(struct nd_match *m);
/* Make m->close. */
int match_close(struct nd_match *m, struct nd_error *err);
/* What a score is multiplied by for its age: 1 without half_life. */
int match_recency(struct nd_match *m, size_t segment, uint32_t docid, double *out,
                  struct nd_error *err);

#endif
