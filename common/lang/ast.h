/* ast.h: a query as a tree, before any index is looked at.
 * Made by parse.h, printed here (explain, tests), lowered by lower.h. All memory is the parser's arena.
 * Invariants: kids of a node are its operands in the order typed; start..end are bytes of the query text;
 *             n-ary AND, OR of the same level are flat; NOT has one kid.
 * Printed form: S-expressions, e.g.
 *   (and (word "armored") (not (phrase "train" "crash")) (field source (value "sun")) (date 20230901 20230930))
 *   (near 5 (word "price") (phrase "international" "community"))   (pre 10 ...)  (same s ...)  (notnear 3 ...)
 *   (exact "train") (wild "arm*") (fuzzy 1 "armored") (phrase~2 "a" * "b*") (entity person "kim jong-un")
 *   (any person) (none date) (all) (scope title ...) (atleast 3 ...) (first 50 ...) (caps ...) (quoted ...)
 *   (boost 2 ...) (quorum 2 a b c) (verbatim "...") (number length 100 500) (saved "NAME") (list person "FILE") */
#ifndef ND_LANG_AST_H
#define ND_LANG_AST_H

#include "base/arena.h"
#include "base/buf.h"
#include "record/article.h"
#include "record/schema.h"
#include "text/date.h"

enum nd_node_kind {
    ND_N_ALL, /* every article */
    ND_N_AND,
    ND_N_OR,
    ND_N_NOT,
    ND_N_NEAR,     /* kids within n words in any order; neighbours are 1 apart */
    ND_N_PRE,      /* kids in this order, each at most n words after the one before */
    ND_N_SAME,     /* n: 's' same sentence, 'p' same paragraph */
    ND_N_NOTNEAR,  /* the first kid with none of the second within n words */
    ND_N_PHRASE,   /* items; n: extra words allowed in all (~n) */
    ND_N_WORD,     /* text: by stem */
    ND_N_EXACT,    /* text: the folded word itself (=word, and words inside quotes) */
    ND_N_WILD,     /* text: folded pattern with * and ? */
    ND_N_FUZZY,    /* text; n: edits, 1 or 2 */
    ND_N_GAP,      /* inside a phrase: * stands for any one word */
    ND_N_SCOPE,    /* field (ND_KIND_TEXT): one kid, looked for in that text only */
    ND_N_VALUE,    /* field (ND_KIND_VALUE): text as typed; whole: the whole value (=) */
    ND_N_TERM,     /* field (ND_KIND_EXACT): text as typed */
    ND_N_DATE,     /* field, range */
    ND_N_NUMBER,   /* field, lo, hi (inclusive) */
    ND_N_ENTITY,   /* field: text the name as typed */
    ND_N_ANYOF,    /* field:* : has any value, or any mention */
    ND_N_NONE,     /* field:none */
    ND_N_LIST,     /* field:@FILE, text the file's name */
    ND_N_SAVED,    /* query:NAME */
    ND_N_ATLEAST,  /* n occurrences of the kid */
    ND_N_FIRST,    /* kid within the first n words of the body */
    ND_N_CASE,     /* n: 'c' caps, 'a' allcaps, 'n' nocaps; kid */
    ND_N_BOOST,    /* x, kid */
    ND_N_QUORUM,   /* any(n, kids...) */
    ND_N_VERBATIM, /* text, letter by letter */
    ND_N_QUOTED,   /* kid inside quotations */
    ND_N_UNQUOTED,
    ND_N_NOTHING /* quoted(nothing): stands for any quotation */
};

struct nd_node {
    enum nd_node_kind kind;
    size_t start, end;  /* bytes of the query text */
    struct nd_str text; /* see the kinds; keys as the tokenizer makes them where it is a word */
    const struct nd_field *field;
    uint32_t n;
    double x;
    bool whole;
    struct nd_day_range range;
    int64_t lo, hi;
    struct nd_node **kids;
    size_t kids_n;
};

/* Append the printed form on one line. */
int nd_node_print(struct nd_buf *out, const struct nd_node *node);
/* Append the printed form over several indented lines, for `explain`. */
int nd_node_print_tree(struct nd_buf *out, const struct nd_node *node);
/* Append query text that parses to the same tree (native syntax). */
int nd_node_unparse(struct nd_buf *out, const struct nd_node *node);
/* Append a text in straight quotes, as a query holds it. */
void nd_query_quoted(struct nd_buf *out, struct nd_str s);

/* Is the meaning of this subtree decided by word positions (so that it may be an operand of
 * proximity and can be highlighted)? */
bool nd_node_positional(const struct nd_node *node);
/* May it be an operand of proximity: does every article that it finds have words of it that can be near something?
 * AND takes one such part, OR and functions take all. Saved queries count as if they might be. */
bool nd_node_near(const struct nd_node *node);

#endif
