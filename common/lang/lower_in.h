/* lower_in.h: what the parts of lowering share. Private to lower*.c.
 *   lower.c        AND, OR, NOT and what stands above words; which part goes to the stream
 *   lower_span.c   parts that positions decide: program and candidates
 *   lower_spread.c operands with AND, NOT and any()
 *   lower_word.c   words, patterns: terms of their stems
 *   lower_field.c  values, dates, numbers
 *   lower_known.c  values, forms and links of an index, kept from query to query
 *   lower_names.c  names: ids by words, forms, links, rules
 *   lower_split.c  names that depend on the article
 *   lower_text.c   verbatim, lists of values
 *   lower_plan.c   makes nodes of the plan, simplified, with estimates */
#ifndef ND_LANG_LOWER_IN_H
#define ND_LANG_LOWER_IN_H

#include "lang/lower.h"

enum {
    LOWER_SURE_WORDS =
        20000, /* past so many words of patterns no term is looked at for being theirs alone */
    LOWER_PATTERN_WORDS = 100000, /* of a segment that all patterns of a query may stand for */
    LOWER_SAVED_DEPTH = 16,       /* saved queries within saved queries */
    LOWER_NAMES = 5,              /* names that a note gives */
    LOWER_SPLITS = 32             /* splits of names that a query may depend on */
};

/* What stands above a node. */
struct lower_filter {
    const struct lower_filter *up; /* the one further out */
    const struct nd_node *node;    /* FIRST, QUOTED, UNQUOTED */
};

struct lower_ctx {
    uint8_t scope, cases;
    const struct lower_filter *filters;
    const struct nd_node *within; /* the outermost SCOPE, CASE or filter, for messages */
    double boost;
    bool negated;
};

/* A value of a field with its words, for look-up. */
struct lower_value {
    struct nd_str term;  /* with prefix */
    struct nd_str words; /* nd_value_words of it */
    uint32_t freq;
};

/* A word of a value: for who asks often. */
struct lower_value_word {
    struct nd_str word;
    uint32_t value; /* its number */
};

/* The index's: read once, good until it is closed. */
struct lower_values {
    struct lower_values *next;
    const char *prefix;
    struct lower_value *v;
    size_t n;
    unsigned asked;
    struct lower_value_word *words; /* by word, then value; NULL until it is asked often */
    size_t words_n;
};

/* A form of a name as it is printed, by its words. */
struct lower_form {
    struct nd_str words, surface, id;
    enum nd_entity_type type;
};

struct lower_known {
    struct lower_values *values;
    unsigned forms_asked, links_asked; /* links_asked: by queries, whatever the number of folders */
    struct lower_form *forms;          /* by words; NULL until they are asked for often */
    size_t forms_n;
    struct lower_links {
        uint32_t *rows; /* of derived.h that have a link; NULL until they are asked for often */
        size_t n;
    } * links;          /* by folder */
};

struct lower {
    struct nd_lowered *out;
    struct nd_arena *arena;
    struct nd_index *ix;
    struct nd_stemmers *stemmers;
    struct nd_lower_options options;
    struct nd_error *err;
    struct nd_buf text, stems; /* scratch */
    uint64_t *langs;           /* by segment; arena */
    unsigned saved_depth;
    struct nd_note **notes_end;
    struct nd_meaning **meanings_end;
    size_t parts_cap;
    size_t pattern_words;                       /* that the patterns so far stand for */
    const struct nd_rule *splits[LOWER_SPLITS]; /* bit i of an ENTITY node's n: splits[i] holds */
    size_t splits_n;
    uint32_t splits_asked; /* of the name at hand */
};

/* A growing list of plans, in the arena. */
struct plans {
    struct nd_plan **v;
    size_t n, cap;
};

/* Out of memory, told in l's error. Return: ND_NOMEM. */
int lower_nomem(struct lower *l);
/* Refuse a node. Return: ND_QUERY. */
int lower_refuse(struct lower *l, const struct nd_node *node, const char *hint, const char *fmt,
                 ...) __attribute__((format(printf, 4, 5)));
int lower_note(struct lower *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int lower_meaning(struct lower *l, const struct nd_node *node, struct nd_str value, uint64_t count);

/* lower.c */
int lower_node(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
               struct nd_plan **out);
/* The tree of a saved query. l->saved_depth is one deeper until the caller takes it back. */
int lower_saved(struct lower *l, const struct nd_node *node, struct nd_node **out);

/* lower_plan.c: constructors. Kids are flattened, repeats dropped, the impossible and the trivial folded. */
int plan_make(struct lower *l, const struct nd_node *node, enum nd_plan_kind kind,
              struct nd_plan **out);
int plans_push(struct lower *l, struct plans *list, struct nd_plan *p);
int plan_term(struct lower *l, const struct nd_node *node, const char *prefix, const char *text,
              size_t n, struct nd_plan **out);
int plan_and(struct lower *l, const struct nd_node *node, const struct plans *kids,
             struct nd_plan **out);
int plan_or(struct lower *l, const struct nd_node *node, const struct plans *kids, bool synonym,
            struct nd_plan **out);
int plan_and_not(struct lower *l, const struct nd_node *node, struct nd_plan *a, struct nd_plan *b,
                 struct nd_plan **out);
int plan_one(struct lower *l, const struct nd_node *node, enum nd_plan_kind kind,
             struct nd_plan *kid, struct nd_plan **out);

/* lower_langs.c */
/* Is a term in articles in one of `langs`, and in any other article? False only where it is known: where all of its
 * articles or all of the fewer ones in these languages were asked. */
struct lower_langs {
    bool within, elsewhere;
};
int lower_langs_of(struct lower_langs *out, struct lower *l, struct nd_str term, uint64_t langs);

/* lower_word.c */
/* The articles with a word by its stems: exactly these, unless lower_word_needs_stream. */
int lower_word(struct lower *l, const struct nd_node *node, unsigned scope, double boost,
               struct nd_plan **out);
/* Is a word's stem also that of the everyday word which its capitals tell it from (US, us)? */
int lower_word_needs_stream(struct lower *l, const struct nd_node *node, bool *needs);
/* Candidates of a word itself. */
int lower_exact(struct lower *l, const struct nd_node *node, unsigned scope, double boost,
                struct nd_plan **out);
/* Candidates of a pattern or misspelt word, whose words are kept in the leaf.
 * bare: it stands alone; note which terms only words of the pattern have. */
int lower_pattern(struct lower *l, const struct nd_node *node, struct nd_leaf *leaf, unsigned scope,
                  double boost, bool bare, struct nd_plan **out);

/* lower_span.c */
int lower_span(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
               struct nd_plan **out);
/* Remember what is to be marked, for a part that postings decide: the node as a program. */
int lower_mark(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node);

/* lower_spread.c */
/* The tree with AND, NOT and any() taken out of the operands of proximity and counts, and saved queries put in
 * their places; node itself where there are none. Fails: ND_QUERY where two operands could be taken in either order. */
int lower_spread(struct lower *l, struct nd_node *node, struct nd_node **out);

/* lower_names.c */
/* The splits that decide whether a name is meant: bit i of *out for l->splits[i]. */
int lower_conditions(struct lower *l, const struct nd_node *node, uint32_t *out);
/* Put conditions on the article in the place of names that depend on splits; node itself where none do. */
int lower_split(struct lower *l, const struct nd_node *node, struct nd_node **out);
/* Bit set of enum nd_entity_type of an entity field. */
uint32_t lower_types(const struct nd_field *f);
/* The canonical ids and terms that a name stands for. note: tell of several. */
int lower_names(struct lower *l, const struct nd_node *node, bool note, struct nd_leaf_id **ids,
                size_t *n, struct nd_plan **out);

/* lower_field.c */
/* nd_value_words in the arena. */
int lower_value_words(struct lower *l, const char *p, size_t n, struct nd_str *out);
int lower_add_term(struct lower *l, const struct nd_node *node, const struct lower_value *v,
                   struct plans *list);
int lower_value(struct lower *l, const struct nd_node *node, struct nd_plan **out);
int lower_exact_value(struct lower *l, const struct nd_node *node, struct nd_plan **out);

/* lower_known.c: what a query looks up in dictionaries. A program that asks one query scans them; from the eighth
 * on an index is made of them, which is kept with the struct nd_index: a thousand saved queries read them once. */
/* All values of a prefix, read once. */
int lower_values_of(struct lower *l, const char *prefix, struct lower_values **out);
/* The values that may hold one of some texts (nd_value_words of them): *list has *n numbers, rising; NULL with *n the
 * number of values: any of them may. */
int lower_values_with(struct lower *l, struct lower_values *vs, const struct nd_str *texts, size_t texts_n,
                      uint32_t **list, size_t *n);
/* The forms whose words are `words`: *out has *n of them; *known is false where they must be looked for in the streams. */
int lower_forms_of(struct lower *l, struct nd_str words, const struct lower_form **out, size_t *n, bool *known);
/* The rows of a folder's facts that have a link; NULL with *n the number of rows: any of them may. */
int lower_links_of(struct lower *l, size_t folder, const struct nd_derived *d, const uint32_t **list, uint32_t *n);

/* lower_story.c: the near-copies of an article. */
int lower_story(struct lower *l, const struct nd_node *node, struct nd_plan **out);
int lower_date(struct lower *l, const struct nd_node *node, struct nd_plan **out);
int lower_number(struct lower *l, const struct nd_node *node, struct nd_plan **out);
int lower_none(struct lower *l, const struct nd_node *node, struct nd_plan **out);

/* lower_text.c */
int lower_verbatim(struct lower *l, const struct nd_node *node, struct nd_plan **out);
/* The lines of a file as one OR of nodes. */
int lower_list(struct lower *l, const struct nd_node *node, struct nd_node **out);

#endif
