/* override.h: entities.conf, the corrections that people make to the names of an index. They are applied by
 * queries, so that a line counts at once and outlives every new indexing.
 * A line holds one rule; # begins a comment; a name stands in double quotes, or bare if it is one word; \ before a
 * character takes it as it is.
 *     alias  TYPE "A" = "B"       A is B                reject TYPE "A"           A is no name
 *     rename TYPE "A" -> "B"      A is called B         type "A" TYPE -> TYPE     A is of the other type
 *     split  TYPE "A" when FIELD "VALUE" as "B"         A is B in articles whose field has the value
 * A rule means the ids whose words, or whose display name's words, are those of its name. Of several rules for one
 * id the first counts, and any goes before what the index itself found out (derived.h): an alias of a name to itself
 * keeps it apart. Then what it leads to is looked up again, so rules chain; a circle is refused.
 * A line that cannot be read is left out and told; the others count.
 * Call order:  nd_overrides_new nd_overrides_read* nd_overrides_bind* nd_overrides_bound (nd_override_*)*
 *              nd_overrides_free
 * Threads:     read only once bound.   Uses: derived.h, value.h.   Used by: xap/index.c, lang/, query/, newsdex. */
#ifndef ND_RECORD_OVERRIDE_H
#define ND_RECORD_OVERRIDE_H

#include "base/arena.h"
#include "record/derived.h"
#include "record/schema.h"

enum nd_rule_kind {
    ND_RULE_ALIAS,
    ND_RULE_REJECT,
    ND_RULE_RENAME,
    ND_RULE_TYPE,
    ND_RULE_SPLIT
};

enum {
    ND_RULES_MAX = 100000, /* lines of all files */
    ND_RULE_LINE = 4096,   /* bytes of a line */
    ND_RULE_STEPS = 16,    /* rules that one name may pass through */
    ND_SPLITS_MAX = 8      /* splits of one id */
};

struct nd_rule {
    enum nd_rule_kind kind;
    enum nd_entity_type type, to_type; /* to_type: of what it leads to */
    struct nd_str name, other;         /* as written: A, B */
    struct nd_str words, other_words;  /* nd_value_words of both */
    struct nd_str id;                  /* what it leads to; after binding one of the index where there is one */
    const struct nd_field *field;      /* SPLIT */
    struct nd_str value, value_fold;   /* SPLIT: as written, nd_value_fold of it */
    uint32_t file, line;               /* file: for nd_overrides_file */
    uint32_t bound;                    /* ids of the index that it means */
    uint32_t number;                   /* its own */
    uint32_t next;                     /* the next rule of the same name, UINT32_MAX */
};

/* A line that is no rule. */
struct nd_rule_error {
    uint32_t file, line;
    struct nd_str text;  /* the line */
    struct nd_error err; /* start, end: bytes of the line */
};

struct nd_overrides;

/* Fails: ND_NOMEM. */
int nd_overrides_new(struct nd_overrides **out, struct nd_error *err);
void nd_overrides_free(struct nd_overrides *o);
/* Read a file of rules; none is there: 0. Bad lines are kept for nd_overrides_errors.
 * Fails: ND_IO, ND_LIMIT (a file over 64 MB), ND_NOMEM. */
int nd_overrides_read(struct nd_overrides *o, const char *path, struct nd_error *err);
/* The same for text in memory; name stands for the path. */
int nd_overrides_text(struct nd_overrides *o, const char *name, const char *text, size_t n,
                      struct nd_error *err);
/* Find the ids that the rules mean and lead to, in the facts of a folder; then, after all folders, once the other. */
int nd_overrides_bind(struct nd_overrides *o, const struct nd_derived *d, struct nd_error *err);
int nd_overrides_bound(struct nd_overrides *o, struct nd_error *err);

/* No rules, or none that reads. */
bool nd_overrides_empty(const struct nd_overrides *o);
const struct nd_rule *nd_overrides_rules(const struct nd_overrides *o, size_t *n);
const struct nd_rule_error *nd_overrides_errors(const struct nd_overrides *o, size_t *n);
const char *nd_overrides_file(const struct nd_overrides *o, uint32_t file);
/* Does any rule change which articles have a name of a type at all (reject, type)? */
bool nd_overrides_move(const struct nd_overrides *o, enum nd_entity_type type);

/* Where an id leads. */
struct nd_override_end {
    bool rejected;
    enum nd_entity_type type;
    struct nd_str id;
    const struct nd_rule *rule;     /* the last that was applied, NULL none */
    enum nd_derived_why link;       /* a link of the index on the way */
    const struct nd_rule *splits[ND_SPLITS_MAX]; /* of the id or what it passed through; the first that holds counts */
    size_t splits_n;
    /* what it passed through, itself first and the end last */
    struct {
        enum nd_entity_type type;
        struct nd_str id;
        const struct nd_rule *by; /* the rule that led here; NULL: itself, or a link */
    } steps[ND_RULE_STEPS + 1];
    size_t steps_n;
};
/* Follow rules and links from an id. d: of the article's folder; may be NULL. Text is borrowed from o and d. */
void nd_override_walk(const struct nd_overrides *o, const struct nd_derived *d,
                      enum nd_entity_type type, struct nd_str id, struct nd_override_end *out);
/* Apply the splits that hold in an article to where an id leads. Fails: ND_CORRUPT, ND_NOMEM. */
struct nd_columns;
int nd_override_decide(struct nd_override_end *e, struct nd_columns *c, uint32_t docid,
                       struct nd_error *err);
/* The rule of an id itself, NULL if none. */
const struct nd_rule *nd_override_of(const struct nd_overrides *o, enum nd_entity_type type,
                                     struct nd_str id);
/* Do rules or splits hold for the id itself? */
bool nd_override_touches(const struct nd_overrides *o, enum nd_entity_type type, struct nd_str id);
/* Id number i of those that rules mean or lead to. Return: false past the last. */
bool nd_overrides_id(const struct nd_overrides *o, uint32_t i, enum nd_entity_type *type,
                     struct nd_str *id);
/* Is there a split among the rules? */
bool nd_overrides_split(const struct nd_overrides *o);
/* How the rules call an id; absent if they do not. sure: they say so whatever the index calls it. */
struct nd_str nd_override_name(const struct nd_overrides *o, enum nd_entity_type type,
                               struct nd_str id, bool *sure);
const char *nd_rule_kind_name(enum nd_rule_kind kind);
/* Append a rule as a line of the file, without line end. */
int nd_rule_print(struct nd_buf *out, const struct nd_rule *r);
/* Append a name in quotes, escaped. */
int nd_rule_quote(struct nd_buf *out, struct nd_str name);

#endif
