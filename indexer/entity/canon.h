/* canon.h: the canonical id of a name from its words alone, and keys by which spellings are compared.
 * An id is the folded full name: lower case, no diacritics, straight apostrophes, initials with dots and together
 * ("J. K. Rowling", "JK Rowling": j.k. rowling), given names of one name in one spelling (Sergei, Sergey). What the alias
 * file or the gazetteer say goes before (resolve.h).
 * Threads: no shared state.   Uses: gazetteer.h.   Used by: resolve_*.c, entities.c, derived facts. */
#ifndef ND_ENTITY_CANON_H
#define ND_ENTITY_CANON_H

#include "entity/resolve.h"

/* The id of a name by the rules for its type, in the article's arena.
 * Return: absent when out of memory. */
struct nd_str nd_canon_form(struct nd_names *s, const struct nd_name *m);

/* The usual spelling of a folded given name ("sergei" -> "sergey"); the name itself if none is known. */
struct nd_str nd_canon_given(struct nd_str folded);

enum {
    ND_LATIN_MAX = 4 * ND_WORD_MAX /* bytes of a transliterated word */
};
/* A Cyrillic word in Latin letters as newspapers spell Russian names, so that a person has one id in both scripts.
 * key: its key, with diacritics.   Return: the result, in out; `folded` for a word in another script. */
struct nd_str nd_canon_latin(struct nd_str key, struct nd_str folded, char out[ND_LATIN_MAX]);

/* Write the key of an id: two ids of one type with the same key are spellings of one name. It takes the letters that
 * transliterations from Slavic, Arabic and Korean differ in together; it is a function of one id, so that likeness
 * is never passed on from name to name. Initials are left out: ids of one key whose initials differ (George W., George
 * P.) are not one name. Jr. and Sr. stay.
 * Return: bytes written; 0 if it does not fit or is a single word, which has no key. */
size_t nd_canon_key(const char *id, size_t n, char *out, size_t room);

/* Does the name stand surname first (Kim Jong-un, Xi Jinping)? */
bool nd_canon_surname_first(const struct nd_name_word *w, size_t n);

/* Words of a person's name without what follows the surname (Jr., III). Return: how many, at least 1. */
size_t nd_canon_core(const struct nd_name_word *w, size_t n);
/* Is the word a legal form? */
bool nd_canon_legal(const struct nd_name_word *w);
/* Words of an organisation without the legal form (Inc., Corp., AG). Return: how many, at least 1. */
size_t nd_canon_firm(const struct nd_name_word *w, size_t n);

#endif
