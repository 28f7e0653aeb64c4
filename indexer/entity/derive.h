/* derive.h: decides the index-wide facts about names, from the entity dictionaries of all segments.
 * The display name is the commonest full form. A person's last name alone means the one full name that nearly all
 * mentions with it have (ND_MAJORITY_SHARE). Spellings of one key (canon.h) mean the commonest of them, if their
 * initials agree and they are not two names that the gazetteer tells apart.
 * Call order:  nd_derive_new nd_derive_add* nd_derive_write nd_derive_free
 * Invariants:  the result does not depend on the order of the calls; links are one step long.
 * Threads:     one owner.   Uses: record/derived.h, canon.h.   Used by: segment/commit.c. */
#ifndef ND_ENTITY_DERIVE_H
#define ND_ENTITY_DERIVE_H

#include "entity/gazetteer.h"
#include "record/derived.h"
#include "record/stream.h"

enum {
    ND_MAJORITY_SHARE = 90, /* percent of the mentions of all full names with a last name */
    ND_MAJORITY_MIN = 5,    /* mentions that the full name must have */
    ND_MAJORITY_FIRST = 30, /* the same where the last name is a first name too */
    ND_MAJORITY_GIVEN_SHARE =
        95 /* percent of the mentions by a first name alone that articles explain */
};

struct nd_derive;

/* gaz: borrowed until nd_derive_free.   Fails: ND_NOMEM. */
int nd_derive_new(struct nd_derive **out, const struct nd_gazetteer *gaz, struct nd_error *err);
void nd_derive_free(struct nd_derive *d);
/* Count a row of a segment's entity dictionary. Fails: ND_NOMEM, ND_LIMIT. */
int nd_derive_add(struct nd_derive *d, const struct nd_entity_row *row, struct nd_error *err);
/* Stories that are written with the names; borrowed until nd_derive_write has returned. */
struct nd_stories_made;
void nd_derive_stories(struct nd_derive *d, const struct nd_stories_made *stories);
/* Decide, and write the file. Fails: ND_NOMEM, ND_LIMIT, ND_IO. */
int nd_derive_write(struct nd_derive *d, const char *path, struct nd_error *err);

#endif
