/* tag_unit.h: what the tagger labels: the words of an article with the punctuation between them.
 * A unit is a word (a hyphen chain is one: "Jong-un"; a possessive is taken off and is a unit of
 * its own) or a mark of punctuation. Training and use build units by this code alone, from tokens
 * and text, so that what was trained is what runs.
 * Call order:  nd_units_init (nd_units_build)* nd_units_free
 * Threads:     one owner.   Uses: text/token.h.   Used by: tag.c, train/. */
#ifndef ND_ENTITY_TAG_UNIT_H
#define ND_ENTITY_TAG_UNIT_H

#include "base/arena.h"
#include "base/status.h"
#include "text/token.h"

enum {                     /* flags of a unit */
    ND_U_FIRST = 1 << 0,   /* begins a sentence */
    ND_U_CAPITAL = 1 << 1, /* a word with a capital letter */
    ND_U_UPPER = 1 << 2,   /* capitals only */
    ND_U_TITLE = 1 << 3,   /* capital first, small letters after it */
    ND_U_SCORED = 1 << 4,  /* near a name, perhaps (nd_tag_words_scored): the others are none */
    ND_U_LINK = 1 << 5     /* part of a web or mail address */
};

enum {
    ND_UNIT_MAX = 96,      /* bytes of a unit; a longer word is cut */
    ND_UNITS_CHUNK = 32768 /* units that are labelled as one document */
};

struct nd_unit {
    const char *p; /* as printed; borrowed from the text, or constant */
    uint32_t
        word;    /* number of its first word; for punctuation, of the word before it or after it */
    uint32_t at; /* byte of its field's text where it stands */
    uint16_t len;
    uint8_t words; /* how many words; 0 for punctuation and "'s" */
    uint8_t flags; /* ND_U_ */
};

struct nd_units {
    struct nd_unit *v;
    size_t n, cap;
};

void nd_units_init(struct nd_units *u);
void nd_units_free(struct nd_units *u);

/* Replace the units by those of the words from *at on; *at moves to the first word that is left for
 * the next call (t->n at the end): at most ND_UNITS_CHUNK units, cut at a sentence where there is
 * one. texts: the text of each field number below texts_n, as given to nd_tokens_add; borrowed as
 * long as the units.
 * Fails: ND_NOMEM, ND_INTERNAL (a token outside of its text). */
int nd_units_build(struct nd_units *u, const struct nd_tokens *t, size_t *at,
                   const struct nd_str *texts, size_t texts_n, struct nd_error *err);

/* The byte where a word ends without its possessive. text: of the word's field. */
size_t nd_word_end(const struct nd_token *w, struct nd_str text);

#endif
