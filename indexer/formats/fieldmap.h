/* fieldmap.h: which key of a dump is which member of an article.
 * Call order:  nd_fieldmap_new (nd_fieldmap_begin (nd_fieldmap_json | nd_fieldmap_put)* nd_fieldmap_finish)*
 * Invariants:  of several keys for one member the better known one wins, whatever their order; the user's --map goes
 *              before all; of a key given twice the later one wins. Keys nobody knows are counted.
 * Threads: one owner. */
#ifndef INDEXER_FORMATS_FIELDMAP_H
#define INDEXER_FORMATS_FIELDMAP_H

#include "record/article.h"
#include "text/json.h"

enum nd_target {   /* where the value of a key goes */
    ND_TO_NOTHING, /* known, and of no use here */
    ND_TO_ID,
    ND_TO_VERSION,
    ND_TO_TITLE,
    ND_TO_LEAD,
    ND_TO_BODY,
    ND_TO_PUBLISHED,
    ND_TO_UPDATED,
    ND_TO_AUTHORS,
    ND_TO_SOURCE,
    ND_TO_SECTION,
    ND_TO_LANG,
    ND_TO_URL,
    ND_TO_TAGS,
    ND_TO_PARTIAL,
    ND_TO_WITHDRAWN,
    ND_TO_PERSONS, /* gold entities, in the order of enum nd_entity_type */
    ND_TO_ORGS,
    ND_TO_PLACES,
    ND_TO_MISC,
    ND_TO_ENTITIES, /* with a type each */
    ND_TARGETS
};

/* What the user gave; all borrowed for the life of the map. */
struct nd_fieldmap_options {
    const char *const *map; /* "OURS=THEIRS,OURS=THEIRS"; THEIRS may be a.b for nested objects,
                             * of XML a path (xml_path.h) */
    size_t map_n;
    const char *const *set; /* "FIELD=VALUE", instead of what the record has */
    size_t set_n;
    const char *const *fallback; /* "FIELD=VALUE", where the record has nothing (--default) */
    size_t fallback_n;
    const char
        *from_path; /* "{source}/{date}/{id}.txt", compared with the end of the path; NULL none */
    const char *record; /* of XML: the element that is an article; NULL: not said */
};

struct nd_fieldmap;

/* Fails: ND_USAGE a malformed option, with a hint; ND_NOMEM. */
int nd_fieldmap_new(struct nd_fieldmap **out, const struct nd_fieldmap_options *options,
                    struct nd_error *err);
void nd_fieldmap_free(struct nd_fieldmap *m);

/* A new record begins. */
void nd_fieldmap_begin(struct nd_fieldmap *m);
/* Take over the members of a JSON object; text is borrowed from it. Fails: ND_NOMEM. */
int nd_fieldmap_json(struct nd_fieldmap *m, struct nd_article *a, struct nd_arena *arena,
                     const struct nd_json *object);
/* Take over one key and its text, for formats without nesting. Fails: ND_NOMEM. */
int nd_fieldmap_put(struct nd_fieldmap *m, struct nd_article *a, struct nd_arena *arena,
                    const char *key, size_t key_n, struct nd_str value);
/* Apply --set, --from-path and --default; path is the file's, with the member's behind.
 * Fails: ND_INPUT a date among them that cannot be read; ND_NOMEM. */
int nd_fieldmap_finish(struct nd_fieldmap *m, struct nd_article *a, struct nd_arena *arena,
                       const char *path, struct nd_error *err);

/* The target of one of our names (title, date, source ...), ND_TARGETS if there is none. */
enum nd_target nd_target_named(const char *name, size_t n);
/* The target of a dump's key by the table of known names, with its rank among them (0 is best).
 * Return: ND_TARGETS if unknown. */
enum nd_target nd_target_known(const char *key, size_t n, unsigned *rank);

/* The key that gave a member of the record at hand. Return: false where none did. */
bool nd_fieldmap_from(const struct nd_fieldmap *m, enum nd_target target, struct nd_str *key);
/* Our name of a target ("title", "date"); NULL for those that have none. */
const char *nd_target_name(enum nd_target target);

/* The user's --map, in order: where the i-th pair leads and from which key. Return: false past the last. */
bool nd_fieldmap_user(const struct nd_fieldmap *m, size_t i, enum nd_target *target,
                      struct nd_str *path);
/* The element that --record names, absent if none. */
struct nd_str nd_fieldmap_record(const struct nd_fieldmap *m);

/* Keys that were not understood, in order of arrival. Return: false past the last. */
bool nd_fieldmap_unknown(const struct nd_fieldmap *m, uint32_t i, struct nd_str *key,
                         uint64_t *count);
/* Dates that could not be read; those articles are undated. */
uint64_t nd_fieldmap_bad_dates(const struct nd_fieldmap *m);

/* Compare the end of a path with a pattern of literals, {field} and *; none of them spans a slash.
 * Each field found is given to `take`. Return: true where it fits. */
typedef void nd_captured(void *self, const char *field, size_t field_n, struct nd_str value);
bool nd_path_match(const char *pattern, const char *path, nd_captured *take, void *self);

/* Split a byline into names: "By A and B", "A, B and C"; "Last, First" stays whole.
 * Appends to the list, which has room for ND_BYLINE_MAX. */
enum {
    ND_BYLINE_MAX = 64
};
size_t nd_byline_split(struct nd_str *out, size_t n, struct nd_str byline);

#endif
