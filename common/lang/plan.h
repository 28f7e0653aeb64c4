/* plan.h: a query made ready for an index: what its posting lists say, and what the stream decides.
 * Made by lower.h, run by match.h, printed by `explain`. All memory is the arena of the lowering.
 * Invariants:  a SPAN is there only where word positions must decide; its first kid is the plan of its
 *              candidates, a superset of its matches. Terms carry their prefix.
 * Weights:     TERM and TERMS give weight where `weight` is set, times `boost`. */
#ifndef ND_LANG_PLAN_H
#define ND_LANG_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "lang/expand.h"
#include "record/schema.h"
#include "record/span.h"

enum nd_plan_kind {
    ND_P_NOTHING,
    ND_P_ALL,
    ND_P_TERM,  /* articles with a term; of the languages `langs` only, if not 0 */
    ND_P_TERMS, /* articles with any term of a list that each segment has of its own (wildcards) */
    ND_P_AND,
    ND_P_OR,       /* synonym: weighted as one term */
    ND_P_AND_NOT,  /* the first kid without the second */
    ND_P_QUORUM,   /* at least `quorum` of the kids */
    ND_P_NUMBER,   /* a column's number in lo..hi; its "none" never is */
    ND_P_VERBATIM, /* `term` letter by letter in the stored text of the first kid's articles */
    ND_P_SPAN      /* the articles of the first kid that the program accepts */
};

struct nd_plan_terms {
    struct nd_str *v;
    size_t n;
};

struct nd_plan {
    enum nd_plan_kind kind;
    size_t start, end;  /* bytes of the query text */
    struct nd_str term; /* TERM: with prefix; VERBATIM: the text */
    uint64_t langs;     /* TERM: bit set of enum nd_lang, 0 any */
    bool weight, synonym;
    double boost;                /* 1 unless boost() says otherwise */
    struct nd_plan_terms *terms; /* TERMS: by segment */
    struct nd_plan_terms
        *sure; /* TERMS: those of them that only words of the pattern have; may be NULL */
    uint32_t quorum;
    enum nd_column_id column; /* NUMBER */
    int64_t lo, hi;
    struct nd_expand *expand; /* SPAN: what its leaves stand for */
    struct nd_plan **kids;
    size_t kids_n;
    uint64_t estimate; /* articles, from the posting lists; an upper bound */
};

/* Append the plan as an S-expression on one line: (and Zkim (span (and Zarmor Ztrain) (phrase ...))). */
int nd_plan_print(struct nd_buf *out, const struct nd_plan *p);
/* Append it over several indented lines, each with its estimate. */
int nd_plan_print_tree(struct nd_buf *out, const struct nd_plan *p);
/* Does the stream, a column or the stored text decide anything in it? */
bool nd_plan_decides(const struct nd_plan *p);
/* Does any part of it give weight? */
bool nd_plan_weighs(const struct nd_plan *p);

#endif
