/* expand.h: what a leaf of a span program stands for, as codes of a segment's stream.
 * A leaf is made once per query; its codes differ by segment, and for a word by stem also by the article's
 * language. Sets are made when first asked for and kept.
 * Threads: one owner. */
#ifndef ND_LANG_EXPAND_H
#define ND_LANG_EXPAND_H

#include "base/buf.h"
#include "record/override.h"
#include "record/span.h"
#include "record/value.h"
#include "text/stem.h"
#include "xap/index.h"

enum nd_leaf_kind {
    ND_LEAF_STEM,   /* text: a word's key; every word of its stems, joined ones too */
    ND_LEAF_EXACT,  /* text: a word's key; the words of the same folded key, joined ones too */
    ND_LEAF_WILD,   /* text: folded pattern with * and ? */
    ND_LEAF_FUZZY,  /* text: folded word; edits */
    ND_LEAF_ENTITY, /* ids: canonical ids with their types; the mentions of these */
    ND_LEAF_ANY,    /* mentions of any entity of the types in `types` */
    ND_LEAF_UNION /* what any of `members` stands for, which are leaves of words: an OR looked for at once */
};

struct nd_leaf_id {
    enum nd_entity_type type;
    struct nd_str id;
};

/* A word of a segment's dictionary that a leaf stands for. */
struct nd_expanded {
    struct nd_str key; /* arena memory */
    uint32_t rank, count;
    uint8_t parts, shape;
};

struct nd_expanded_list {
    struct nd_expanded *v;
    size_t n;
};

struct nd_leaf {
    enum nd_leaf_kind kind;
    size_t start, end; /* bytes of the query text */
    struct nd_str text;
    uint32_t edits;
    uint32_t types; /* bit set of enum nd_entity_type */
    struct nd_leaf_id *ids;
    size_t ids_n;
    const struct nd_overrides *rules; /* ANY: which names are of which type */
    const struct nd_leaf *members;    /* UNION */
    size_t members_n;
    struct nd_expanded_list
        *words; /* EXACT, WILD, FUZZY: by segment, where lowering looked them up */
};

enum {
    ND_EXPAND_MAX = 20000 /* words of one segment that a wildcard may stand for */
};

/* A program and what its leaves stand for. Arena memory. */
struct nd_expand {
    struct nd_span_program program;
    struct nd_leaf *leaves;
    size_t n;
};

/* The words of a segment's dictionary that a leaf of kind EXACT, WILD or FUZZY stands for, as arena memory, in
 * dictionary order.
 * langs: bit set of the languages of the segment's articles.
 * Fails: ND_QUERY past ND_EXPAND_MAX, naming the number; ND_CORRUPT, ND_NOMEM. */
int nd_expand_words(struct nd_expanded_list *out, const struct nd_leaf *leaf,
                    struct nd_stream *stream, struct nd_stemmers *stemmers, uint64_t langs,
                    struct nd_arena *arena, struct nd_error *err);

/* Add to out the codes of a leaf in segment number `segment`, for articles of language lang. */
int nd_expand_codes(struct nd_codes *out, const struct nd_leaf *leaf, struct nd_stream *stream,
                    size_t segment, struct nd_stemmers *stemmers, unsigned lang, uint64_t langs,
                    struct nd_error *err);

/* Call fn for every word of the dictionary that reads like `word` without its diacritics, other than the word
 * itself: "manifestacion" means "manifestación" too, whose stem differs. None where language lang has no
 * stemmer that looks at them. fn's failure is returned.   word: a key. */
int nd_expand_accented(struct nd_stream *stream, unsigned lang, struct nd_str word,
                       int (*fn)(void *ctx, struct nd_str key), void *ctx, struct nd_error *err);

/* Does the leaf mean other words in articles of other languages? */
bool nd_leaf_by_language(const struct nd_leaf *leaf);

/* Does a folded word fit a folded pattern: * any characters, ? one character? */
bool nd_wild_match(const char *pattern, size_t pattern_n, const char *word, size_t word_n);
/* Is a folded word at most `edits` insertions, deletions, changes or swaps of neighbours away? */
bool nd_fuzzy_match(const char *a, size_t a_n, const char *b, size_t b_n, unsigned edits);

#endif
