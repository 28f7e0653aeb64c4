/* lower.h: query tree -> plan for one index.
 * Call order:  nd_lower (nd_match_* | nd_plan_print*)* then the arena is reset
 * Words become their stems' terms; whatever word positions must decide becomes a SPAN with candidates as
 * tight as posting lists allow; wildcards and values are looked up in the index's dictionaries.
 * What it cannot do is refused with the node's place in the query text, never left out.
 * Threads: one owner.   Used by: newsq, and newsdex delete --query. */
#ifndef ND_LANG_LOWER_H
#define ND_LANG_LOWER_H

#include "lang/ast.h"
#include "lang/parse.h"
#include "lang/plan.h"
#include "xap/index.h"

/* How saved queries and lists are found. A NULL function refuses the construct. */
struct nd_lower_options {
    /* The parsed tree of a saved query; memory of the arena given. */
    int (*saved)(void *ctx, struct nd_str name, struct nd_arena *arena, struct nd_node **out,
                 struct nd_error *err);
    /* The lines of a list file, without comments and blanks. */
    int (*list)(void *ctx, struct nd_str file, struct nd_arena *arena, struct nd_strs *out,
                struct nd_error *err);
    void *ctx;
    bool roll_up; /* place:COUNTRY means the places that lie in it too */
};

/* What a value, name or wildcard was found to stand for: for `explain` and notes. */
struct nd_meaning {
    struct nd_meaning *next;
    size_t start, end;   /* bytes of the query text */
    const char *field;   /* name of the field; "" for words */
    struct nd_str value; /* one of those that it stands for, folded */
    uint64_t count;      /* articles with it (of a word: occurrences) */
};

struct nd_lowered {
    struct nd_plan *plan;
    struct nd_expand *
        *parts; /* the positional parts that are not negated, plain words too: what to mark */
    size_t parts_n;
    struct nd_note *notes; /* names that fit several ids, undated articles that fall out, ... */
    struct nd_meaning *meanings;
    uint64_t langs;               /* bit set of the languages of the index's articles */
    struct nd_stemmers *stemmers; /* owned by the caller of nd_lower, kept for match.h */
};

/* Lower root for the index. options may be NULL.
 * stemmers: kept by out, must live as long.  Everything else is arena memory.
 * Fails: ND_QUERY with a span and a hint; ND_LIMIT, ND_CORRUPT, ND_IO, ND_NOMEM. */
int nd_lower(struct nd_lowered *out, struct nd_arena *arena, struct nd_index *ix,
             struct nd_stemmers *stemmers, const struct nd_node *root,
             const struct nd_lower_options *options, struct nd_error *err);

/* Languages of a segment's articles as a bit set of enum nd_lang. */
int nd_segment_langs(uint64_t *out, struct nd_segment *s, struct nd_error *err);

#endif
