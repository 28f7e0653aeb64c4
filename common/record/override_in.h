/* override_in.h: what the parts of override share. Private to override*.c. */
#ifndef ND_RECORD_OVERRIDE_IN_H
#define ND_RECORD_OVERRIDE_IN_H

#include "base/map.h"
#include "record/override.h"

/* Ids by (type, id). */
struct override_ids {
    struct nd_map map;
    uint32_t *rule; /* by number of the map: first rule that is no split; UINT32_MAX */
    uint32_t *split, *name; /* first split; the rule that names it */
    size_t cap;
};

struct nd_overrides {
    struct nd_arena arena;
    struct nd_rule *rules;
    size_t n, cap;
    struct nd_rule_error *errors;
    size_t errors_n, errors_cap;
    char *files[64];
    size_t files_n;
    struct nd_map names;  /* type byte and words of a rule's name -> first rule of that name */
    struct nd_map others; /* type byte and words of what a rule leads to */
    uint32_t *first;      /* by number of names */
    uint32_t *last;
    size_t first_cap;
    uint64_t *others_rank; /* by number of others: how good the id found is */
    struct nd_str *others_id;
    size_t others_cap;
    struct override_ids ids;
    uint8_t letters[ND_ENTITY_TYPES][32]; /* bit set: first bytes of words that rules ask for */
    uint8_t moved;                        /* bit set of types */
    struct nd_buf key;
};

/* A rule from a line without its end. Return: 0; ND_DONE for a blank line or comment; ND_INPUT with a span in the line;
 * ND_NOMEM. Text goes to the arena of o. */
int override_parse(struct nd_overrides *o, const char *p, size_t n, struct nd_rule *out,
                   struct nd_error *err);
/* Add a parsed rule. Return: 0; ND_INPUT where another line is in the way; ND_NOMEM, ND_LIMIT. */
int override_add(struct nd_overrides *o, const struct nd_rule *r, struct nd_error *err);
/* type byte and text in o->key. */
int override_key(struct nd_overrides *o, unsigned type, struct nd_str s);

#endif
