/* match.h: runs a lowered query: counts, walks, ranks or sorts its matches, and says where they matched.
 * Call order:  nd_match_open (nd_match_rewind nd_match_next* | nd_match_count | nd_match_each |
 *              nd_match_ranked nd_ranked_free | nd_match_spans)* nd_match_close
 * Invariants:  deleted articles never come out. Counts are exact unless nd_match_state says otherwise.
 * Threads:     one owner.   Used by: query/cmd_*, newsdex delete --query. */
#ifndef ND_LANG_MATCH_H
#define ND_LANG_MATCH_H

#include "lang/lower.h"
#include "xap/index.h"

enum nd_sort {
    ND_SORT_SCORE = 0, /* score (rounded to 1e-6), then newest, then id */
    ND_SORT_NEWEST,    /* published, undated last, then id */
    ND_SORT_OLDEST,
    ND_SORT_SOURCE     /* source by name, none last, then newest, then id */
};

struct nd_match_options {
    uint64_t time_limit_ms; /* 0 none; past it what was found is given and the state says so */
    double k1, b, k3;       /* BM25; 0, 0, 0 for the defaults */
    uint64_t half_life;     /* seconds, 0 none: the score halves with each that an article is older than the
                             * newest of the index (but for dates to come), and is 0 without a date */
};

/* How complete the last count, walk or ranking was. */
struct nd_match_state {
    bool exact;        /* nothing was left out */
    bool out_of_time;
    uint64_t too_much; /* articles given up because their spans were too many to enumerate */
};

struct nd_hit {
    size_t segment;  /* in nd_index.segments */
    uint32_t docid;
    double score;    /* 0 where nothing weighs or when not sorted by score */
};

struct nd_ranked {
    struct nd_hit *v; /* owned: the page, best first */
    size_t n;
    uint64_t total;   /* all matches */
};

struct nd_match;

/* ix, q: borrowed until close. options may be NULL. Fails: ND_NOMEM, ND_CORRUPT, ND_IO. */
int nd_match_open(struct nd_match **out, struct nd_index *ix, const struct nd_lowered *q,
                  const struct nd_match_options *options, struct nd_error *err);
void nd_match_close(struct nd_match *m);
struct nd_match_state nd_match_state(const struct nd_match *m);

/* Walk the matches unranked: segment by segment, docids rising. nd_match_next starts by itself.
 * Return: ND_DONE at the end (look at the state), < 0 on failure. */
void nd_match_rewind(struct nd_match *m);
int nd_match_next(struct nd_match *m, size_t *segment, uint32_t *docid, struct nd_error *err);
/* The same by callback; a non-zero return of fn stops and is returned (ND_DONE: as 0). */
typedef int nd_match_fn(void *ctx, size_t segment, uint32_t docid, struct nd_error *err);
int nd_match_each(struct nd_match *m, nd_match_fn *fn, void *ctx, struct nd_error *err);
/* Articles that nd_match_each, alone of all, leaves out from now on; NULL for none. ctx: borrowed. */
typedef bool nd_match_skip(const void *ctx, size_t segment, uint32_t docid);
void nd_match_leave_out(struct nd_match *m, nd_match_skip *skip, const void *ctx);
/* Number of matches, without ranking. */
int nd_match_count(struct nd_match *m, uint64_t *total, struct nd_error *err);

/* The matches first..first+n-1 in the given order, and how many there are. n = SIZE_MAX: all.
 * Cost: 20 to 60 ns a match by score, less otherwise. */
int nd_match_ranked(struct nd_match *m, size_t first, size_t n, enum nd_sort sort,
                    struct nd_ranked *out, struct nd_error *err);
void nd_ranked_free(struct nd_ranked *r);

/* Where the article matched: the spans of all parts of the query that are not negated, plain words too, by
 * (field, first, whole first, last). leaf numbers are made unique over the parts; part i of
 * nd_lowered.parts comes as hits with .part = i.
 * out: borrowed until the next call or close. */
struct nd_found {
    struct nd_span_hit hit;
    uint32_t part;
};
int nd_match_spans(struct nd_match *m, size_t segment, uint32_t docid, const struct nd_found **out,
                   size_t *n, struct nd_error *err);
/* For how many articles a part of the query had too many places, which were then left out by nd_match_spans. */
uint64_t nd_match_unmarked(const struct nd_match *m);

/* What one part of the query adds to the score of an article. */
struct nd_score_part {
    size_t start, end;   /* bytes of the query text (a saved query's own, if it comes from there) */
    struct nd_str term;  /* the (first) term with its prefix; empty for a pattern */
    uint32_t wdf, title; /* occurrences as they count, those in the title ND_TITLE_WEIGHT times; in the title */
    uint64_t df;         /* articles with it */
    double boost, weight; /* weight: what it adds to nd_score.words */
};

/* The score of an article: words * (1 + closeness) * recency (rank_close.h). */
struct nd_score {
    double score, words, closeness, recency;
    uint32_t length; /* of the article in terms, and of all on average */
    double average, k1, b;
    struct nd_score_part *v; /* arena memory; their weights add up to words */
    size_t n;
};
int nd_match_score(struct nd_match *m, size_t segment, uint32_t docid, struct nd_arena *arena,
                   struct nd_score *out, struct nd_error *err);

/* How many articles match one part of the plan. */
int nd_match_part(struct nd_match *m, const struct nd_plan *part, uint64_t *count, struct nd_error *err);

/* Does this article match? Return: 0 yes, ND_DONE no. */
int nd_match_test(struct nd_match *m, size_t segment, uint32_t docid, struct nd_error *err);

#endif
