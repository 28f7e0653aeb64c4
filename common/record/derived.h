/* derived.h: index-wide facts about names: how an id is called, and which other id it is known to mean.
 * Nothing of it is in a segment: it depends on all of them, is made anew at a commit, and is applied by queries.
 * Call order:  nd_derived_open nd_derived_find* nd_derived_close;  writing: nd_derived_write
 * Invariants:  rows are sorted by (type, id), ids are distinct; a link leads to a row of the same type that has none.
 * File:        sections.h, kind "DERV", version 1; all numbers little-endian:
 *   1 u32 rows   2 rows of 28 bytes: u32 id, u32 name (offsets in 3), u16 bytes of each, u32 mentions,
 *   u32 row that it means (UINT32_MAX none), u8 type, u8 enum nd_derived_why, u16 bytes of the
 *   country, u32 its offset in 3   3 text
 *   4 to 9: near-copies (stories.h)
 * Threads:     read only once open; may be shared.   Used by: indexer/entity/derive.c, query/. */
#ifndef ND_RECORD_DERIVED_H
#define ND_RECORD_DERIVED_H

#include "record/article.h"
#include "record/sections.h"

enum nd_derived_why { /* written to disk: only append */
    ND_DERIVED_NONE = 0,
    ND_DERIVED_MAJORITY = 1, /* a last name alone; nearly all full names with it are this one */
    ND_DERIVED_SPELLING = 2  /* another spelling of the same name */
};

enum {
    ND_DERIVED_ROW = 28,
    ND_DERIVED_NO_LINK = UINT32_MAX
};

struct nd_derived_row {
    enum nd_entity_type type;
    enum nd_derived_why why;
    struct nd_str id, name; /* canonical id; display name. Borrowed until close */
    uint32_t mentions;      /* of this id alone, capped */
    uint32_t link;          /* number of the row that it means, ND_DERIVED_NO_LINK */
    struct nd_str country;  /* of a place: id of the country that it lies in; absent of others and where unknown */
};

struct nd_derived {
    struct nd_sections file;
    const unsigned char *rows;
    struct nd_section text;
    uint32_t n;
};

/* Open a file of derived facts; all of it is checked.
 * Fails: ND_MISSING, ND_IO, ND_CORRUPT, ND_VERSION, ND_NOMEM; d is closed then. */
int nd_derived_open(struct nd_derived *d, const char *path, struct nd_error *err);
/* The two halves of it, for readers that must have the file now and may never look into it. Nothing but close
 * may be called between the two. A failed check leaves d closed. */
int nd_derived_map(struct nd_derived *d, const char *path, struct nd_error *err);
int nd_derived_check(struct nd_derived *d, struct nd_error *err);
void nd_derived_close(struct nd_derived *d);
/* Row number i < d->n. Fails: ND_CORRUPT (then the row is empty). */
int nd_derived_row(const struct nd_derived *d, uint32_t i, struct nd_derived_row *out);
/* The row of an id. Return: its number, ND_DERIVED_NO_LINK if there is none. Cost: a binary search. */
uint32_t nd_derived_find(const struct nd_derived *d, enum nd_entity_type type, const char *id,
                         size_t n, struct nd_derived_row *out);
/* Write n rows, sorted by (type, id), and fsync the file. Fails: ND_IO, ND_LIMIT, ND_NOMEM, ND_INTERNAL (unsorted). */
int nd_derived_write(const char *path, const struct nd_derived_row *rows, uint32_t n,
                     struct nd_error *err);
/* The same with the stories of the index, NULL for none. */
struct nd_stories_made;
int nd_derived_write_all(const char *path, const struct nd_derived_row *rows, uint32_t n,
                         const struct nd_stories_made *stories, struct nd_error *err);

#endif
