/* resolve.h: the names of one article: what each is called in full, and its canonical id, with the reason why.
 * Titles come off, pairs ("Putin-Kim") are parted, what is no name is dropped; a last name, first name, acronym or short
 * form takes the id of the one full name in the article that it can mean, and of none where it can mean two.
 * Call order:  nd_names_init (nd_names_begin nd_names_add* nd_names_resolve)* nd_names_free
 * Invariants:  the result is a function of the article alone. Work is bounded by the number of names times a constant.
 * Threads:     one owner.   Uses: gazetteer.h, canon.h.   Used by: entities.c. */
#ifndef ND_ENTITY_RESOLVE_H
#define ND_ENTITY_RESOLVE_H

#include "entity/gazetteer.h"
#include "entity/links.h"
#include "text/token.h"

enum nd_by {             /* why a mention has its id */
    ND_BY_MODEL = 0,     /* its own words, found by the tagger */
    ND_BY_GAZETTEER = 1, /* a row of the gazetteer */
    ND_BY_ALIAS = 2,     /* a line of the alias file */
    ND_BY_RESOLVED = 3,  /* another mention of the article */
    ND_BY_GOLD = 4       /* the dump names it */
};

enum { /* flags of a name */
    ND_NAME_DROPPED = 1 << 0,
    ND_NAME_FULL = 1 << 1,  /* a person's first and last name, or more */
    ND_NAME_TITLE = 1 << 2, /* stands in a headline */
    ND_NAME_GOLD = 1 << 3,  /* the dump names it */
    ND_NAME_DONE = 1 << 4   /* has its id */
};

enum {
    ND_NAME_NONE = UINT32_MAX,
    ND_NAME_WORDS_MAX = 40
};

/* A word of a name. */
struct nd_name_word {
    struct nd_str text;   /* folded */
    uint64_t hash;        /* nd_gaz_hash of it */
    uint32_t bits;        /* ND_GAZ_ */
    uint8_t shape, flags; /* of its token */
};

struct nd_name {
    uint32_t first; /* words [first, first + words) of the tokens */
    uint32_t word;  /* the first of them in nd_names.words */
    uint8_t words, type, score, flags;
    uint8_t by;   /* enum nd_by */
    uint32_t row; /* of the gazetteer, ND_NAME_NONE */
    uint32_t
        from; /* the name that it was resolved from, ND_NAME_NONE; after nd_names_resolve an index of v */
    uint64_t hash; /* of all its words */
    struct nd_str id;
};

struct nd_names {
    const struct nd_gazetteer *gaz;
    struct nd_arena *arena; /* of the article: folded words, ids */
    const struct nd_tokens *tokens;
    const struct nd_str *texts; /* by field */
    size_t texts_n;
    struct nd_name *v;
    size_t n, cap;
    struct nd_name_word *words;
    size_t words_n, words_cap;
    struct nd_links links;
    struct nd_buf fold; /* scratch */
};

/* g: borrowed until nd_names_free. */
void nd_names_init(struct nd_names *s, const struct nd_gazetteer *g);
void nd_names_free(struct nd_names *s);
/* Start an article. All is borrowed until the next begin; arena must not be reset before. */
void nd_names_begin(struct nd_names *s, struct nd_arena *arena, const struct nd_tokens *tokens,
                    const struct nd_str *texts, size_t texts_n);
/* Add words [first, first + words) of the tokens as a name. Names may be added in any order.
 * One of more than ND_NAME_WORDS_MAX words or of two fields is left out.
 * flags: ND_NAME_GOLD or 0.   Fails: ND_NOMEM; ND_INTERNAL outside of the tokens. */
int nd_names_add(struct nd_names *s, uint32_t first, uint32_t words, enum nd_entity_type type,
                 unsigned score, unsigned flags);
/* Resolve all of them: v[0..n) is then in text order, without overlap, each with its id.
 * Fails: ND_NOMEM. */
int nd_names_resolve(struct nd_names *s);

/* ---- the steps, in order; each for itself in resolve_*.c ---- */
/* Put bounds right: two names in one, half a name, labels. */
int nd_names_spans(struct nd_names *s);
/* Cut titles and marks off, drop what is no name, settle headlines. */
int nd_names_trim(struct nd_names *s);
/* Part pairs that a hyphen joins, after persons are known. */
int nd_names_split(struct nd_names *s);
/* Full names of persons, then those that mean one of them. */
int nd_names_persons_full(struct nd_names *s);
int nd_names_persons(struct nd_names *s);
/* Organisations, and other names with acronyms and short forms. */
int nd_names_orgs(struct nd_names *s);
int nd_names_places(struct nd_names *s);

/* ---- help for the steps ---- */
static inline struct nd_name_word *nd_name_words(const struct nd_names *s, const struct nd_name *m)
{
    return s->words + m->word;
}
/* Compute m->hash from its words. */
void nd_name_rehash(const struct nd_names *s, struct nd_name *m);
/* The first row of the gazetteer that is these words with this type (ND_ENTITY_TYPES: any), whose capitals fit.
 * with, without: flags (ND_ROW_) that it must and must not have. Return: its number, ND_NAME_NONE. */
uint32_t nd_name_row(const struct nd_names *s, const struct nd_name_word *w, size_t n,
                     unsigned type, unsigned with, unsigned without, struct nd_gaz_row *out);
/* Give m the id of a row. Fails: ND_NOMEM. */
int nd_name_take_row(struct nd_names *s, struct nd_name *m, uint32_t row,
                     const struct nd_gaz_row *r);
/* Give m the id of name number `from`. */
void nd_name_take(struct nd_names *s, struct nd_name *m, uint32_t from);
/* Text between words i and i + 1 of the tokens; empty at a field's end. */
struct nd_str nd_name_gap(const struct nd_names *s, size_t i);
/* Does the word begin with a French article or preposition that is no part of a name (l'Inde)? */
bool nd_name_elided(const struct nd_names *s, size_t token);
/* Is the folded word one of a sorted list? */
bool nd_word_in(struct nd_str word, const char *const *list, size_t n);

#endif
