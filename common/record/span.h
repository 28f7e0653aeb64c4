/* span.h: decides from the token stream of one article whether the words of a query stand as it asks,
 * and where. One evaluator for every operator, so that all compose and the marks in a snippet are what
 * matched.
 * Call order:  nd_spans_new (nd_spans_match | nd_spans_collect)* nd_spans_free
 * Positions:   a word's position is its number in the article plus ND_FIELD_JUMP for each field before its
 *              own, so that nothing crosses fields. A span is [first, last] position, both included.
 * Distance:    of two spans the later first minus the earlier last; neighbours are 1 apart; spans that
 *              share a word are 0 apart (an entity is near its own words).
 * Operators:   LEAF      the hits of a set of codes; in the texts of `scope`, of the letter case `cases`
 *              ANY       any one word (a gap in a phrase)
 *              OR        the spans of all kids
 *              PHRASE    a span of each kid, one right after the other, n extra words allowed in all
 *              NEAR      first kid and second at most n apart; a third within n of both together, ...
 *              PRE       likewise, each after the one before
 *              SAME      likewise, all in one sentence (n = 's') or paragraph ('p')
 *              NOTNEAR   the first kid's spans that have no span of the second at most n apart
 *              ATLEAST   the kid's spans if there are n different ones
 *              FIRST     the kid's spans that end within the first n words of the body
 *              QUOTED    the kid's spans that lie in one quotation;   UNQUOTED that touch none
 *              QUOTATION every quotation, from its first word to its last
 * Matches are enumerated: a short span never hides a longer one. Spans of equal ends count once.
 * Work past ND_SPAN_WORK spans for an article is given up and reported as ND_LIMIT.
 * Threads:     one owner.   Used by: lang/match, query/ (snippets, kwic). */
#ifndef ND_RECORD_SPAN_H
#define ND_RECORD_SPAN_H

#include "base/arena.h"
#include "base/status.h"
#include "record/scan.h"

enum nd_span_op {
    ND_SPAN_LEAF = 0,
    ND_SPAN_ANY,
    ND_SPAN_OR,
    ND_SPAN_PHRASE,
    ND_SPAN_NEAR,
    ND_SPAN_PRE,
    ND_SPAN_SAME,
    ND_SPAN_NOTNEAR,
    ND_SPAN_ATLEAST,
    ND_SPAN_FIRST,
    ND_SPAN_QUOTED,
    ND_SPAN_UNQUOTED,
    ND_SPAN_QUOTATION
};

enum {                     /* bits of nd_span_node.cases: which shapes of a word will do */
    ND_CASE_CAPS = 1 << 0, /* some capital */
    ND_CASE_ALL = 1 << 1,  /* all capitals */
    ND_CASE_NONE = 1 << 2  /* no capital */
};

enum {
    ND_SCOPE_ALL = (1 << ND_FIELDS) - 1,
    ND_FIELD_JUMP = 1 << 24, /* positions between fields: more than any distance asked for */
    ND_SPAN_DISTANCE_MAX = 1 << 20,
    ND_SPAN_LEAVES = 4096, /* of one program */
    ND_SPAN_WORK = 4 << 20 /* spans made for one article */
};

struct nd_span_node {
    enum nd_span_op op;
    uint32_t n;
    uint32_t leaf;        /* LEAF: its number in the program */
    uint8_t scope, cases; /* LEAF: ND_FIELD_* bit set; ND_CASE_* */
    struct nd_span_node **kids;
    size_t kids_n;
};

/* A tree over leaves_n sets of codes. The same for every segment; the sets are not. */
struct nd_span_program {
    struct nd_span_node *root;
    uint32_t leaves_n;
};

/* A place that matched. */
struct nd_span_hit {
    uint32_t first, last; /* words of that field, from 0, both included */
    uint8_t field;        /* ND_FIELD_ */
    bool whole;    /* a span of the whole program; else the words of one leaf of such a span */
    uint32_t leaf; /* of a leaf's words: its number; of a whole 0 */
};

struct nd_spans; /* a program with its working memory */

/* level: ND_SCAN_*, usually nd_scan_choose(). prog is borrowed. Fails: ND_NOMEM, ND_LIMIT. */
int nd_spans_new(struct nd_spans **out, const struct nd_span_program *prog,
                 enum nd_scan_level level, struct nd_error *err);
void nd_spans_free(struct nd_spans *s);

/* The stream and the sets of the leaves from now on (those of a segment and language).
 * stream: borrowed, asked for the usual case of words; may be NULL, then all are usually in small letters.
 * sets:   borrowed, an array of leaves_n.
 * freq:   in how many articles each leaf is, to look for the rarest first; may be NULL. */
void nd_spans_bind(struct nd_spans *s, struct nd_stream *stream, const struct nd_codes *const *sets,
                   const uint32_t *freq);

/* Does the article match?  Return: 0 yes, ND_DONE no; ND_LIMIT too much work; ND_NOMEM, ND_CORRUPT. */
int nd_spans_match(struct nd_spans *s, struct nd_section article, struct nd_error *err);

/* All places that match, by (field, first, whole first, last); *out is borrowed until the next call.
 * Return: as nd_spans_match; on ND_LIMIT nothing is given. */
int nd_spans_collect(struct nd_spans *s, struct nd_section article, const struct nd_span_hit **out,
                     size_t *n, struct nd_error *err);

#endif
