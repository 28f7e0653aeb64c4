/* candidates_in.h: what the parts of the iterators share. Private to candidates*.c.
 *   candidates.c       the face; AND, OR, AND_NOT, quorum
 *   candidates_choose.c which lists of a conjunction are worth their walk
 *   candidates_list.c  posting lists, and many of them as a bitmap
 *   candidates_test.c  what a candidate is tested by: stream, column, stored text
 * A node has two moves. step: the next docid >= target of which the lists agree; it is a candidate.
 * confirm: does the candidate, at which the node stands, really match? */
#ifndef ND_LANG_CANDIDATES_IN_H
#define ND_LANG_CANDIDATES_IN_H

#include "lang/candidates.h"

enum { /* what confirm says beside 0, ND_DONE and failures */
    CAND_UNKNOWN = ND_DONE + 1 /* too much work to tell: the article is left out, also under NOT */
};

enum {
    CAND_BATCH = 128, /* postings read at once */
    CAND_AHEAD = 5,   /* candidates known before they are tested */
    CAND_BITMAP = 12  /* so many lists joined by OR become a bitmap */
};

struct nd_cand {
    const struct nd_plan *plan;
    struct nd_cand_env *env;
    struct nd_segment *seg;
    struct nd_cand **kids;
    size_t kids_n;
    uint32_t docid; /* where it stands; 0 before the start */
    bool ended;
    bool loose;     /* more candidates than the plan has will do */
    bool pure;      /* a candidate is a match */
    bool stateless; /* confirm may be asked of any docid, not only of the one it stands at */
    uint32_t freq;  /* at most so many */
    unsigned cost;  /* of confirm: 0 none, 1 a column, 2 the stream, 3 the text */
    /* a list */
    struct xap_postings *list;
    uint32_t *batch;
    size_t batch_n, batch_at;
    uint64_t *bits;       /* OR of many lists */
    struct nd_cand *sure; /* SPAN: articles that match without a look at the stream, as a bitmap */
    size_t *heap;         /* OR: kids by docid */
    size_t heap_n;
    struct nd_columns *columns; /* NUMBER, languages */
    struct nd_stream *stream;
    struct nd_spans *spans;
    const struct nd_leaf_sets *bound;
    bool by_language;
    struct nd_texts *texts;
    struct nd_buf text;
    struct nd_arena arena;
    /* the root: what was given last, and candidates known ahead */
    uint32_t given;
    uint32_t ahead[CAND_AHEAD];
    size_t ahead_n, ahead_at;
};

/* loose: the stream decides anyway, so more candidates than the plan has will do. */
int cand_make(struct nd_cand **out, struct nd_cand_env *env, const struct nd_plan *plan,
              size_t segment, bool loose, struct nd_error *err);
/* Move to the first candidate >= target. Return: 0 with c->docid set, ND_DONE. */
int cand_step(struct nd_cand *c, uint32_t target, struct nd_error *err);
/* Is the candidate a match? Return: 0, ND_DONE, CAND_UNKNOWN, < 0. */
int cand_confirm(struct nd_cand *c, uint32_t docid, struct nd_error *err);

/* The kids of a loose AND that are worth opening, rarest first; *out is to be freed. */
int cand_choose(const struct nd_cand *c, struct nd_plan ***out, size_t *n, struct nd_error *err);

int cand_list_open(struct nd_cand *c, size_t segment, struct nd_str term, struct nd_error *err);
int cand_list_step(struct nd_cand *c, uint32_t target, struct nd_error *err);
/* Read the lists of all terms into a bitmap. */
int cand_bits_open(struct nd_cand *c, size_t segment, const struct nd_str *terms, size_t n,
                   struct nd_error *err);
int cand_bits_step(struct nd_cand *c, uint32_t target);

int cand_test_open(struct nd_cand *c, size_t segment, struct nd_error *err);
/* As cand_confirm. */
int cand_test(struct nd_cand *c, uint32_t docid, struct nd_error *err);
bool cand_language_fits(struct nd_cand *c, uint32_t docid);

#endif
