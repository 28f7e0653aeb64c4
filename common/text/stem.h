/* stem.h: the Snowball stemmers (libstemmer) behind one call.
 * Call order:  nd_stemmers_new nd_stem* nd_stemmers_free
 * Threads:     one owner; a stemmer keeps buffers.   Used by: indexer/segment, lang/lower. */
#ifndef ND_TEXT_STEM_H
#define ND_TEXT_STEM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

/* Languages as ISO 639-1 codes; each has a small fixed number, written to disk: only append. */
enum nd_lang {
    ND_LANG_NONE = 0, /* unknown, or no stemmer: the word is its own stem */
    ND_LANG_EN = 1,
    ND_LANG_DE = 2,
    ND_LANG_FR = 3,
    ND_LANG_ES = 4,
    ND_LANG_RU = 5
    /* the rest of libstemmer's languages follow in stem.c's table */
};

enum {
    ND_STEMS_MAX = 2 /* stems of one word: fold(stem(w)) and, where it differs, stem(fold(w)) */
};

struct nd_stemmers;

/* Fails: ND_NOMEM. Stemmers of single languages are made when first asked for. */
int nd_stemmers_new(struct nd_stemmers **out, struct nd_error *err);
void nd_stemmers_free(struct nd_stemmers *s);

/* The number of a language code ("en", "en-US", "eng", any case): 0 if there is no stemmer for it. */
unsigned nd_lang_of(const char *code, size_t n);
/* The ISO 639-1 code of a number, "" for 0; how many numbers there are: nd_lang_count(). */
const char *nd_lang_code(unsigned lang);
unsigned nd_lang_count(void);

/* The raw Snowball stem of a lower-case word. out->p is borrowed until the next call for that language. */
int nd_stem_raw(struct nd_stemmers *s, unsigned lang, const char *p, size_t n, struct nd_str *out);

/* The stems under which a word (a token's key) is indexed, without the prefix Z, folded to no diacritics.
 * A key in capitals (ND_T_ACRONYM) and words of ND_LANG_NONE are their own, folded stems.
 * out:    appended one after another; len[i] is the length of the i-th.
 * Return: how many, 1 or 2; < 0 on failure. */
int nd_stems(struct nd_stemmers *s, unsigned lang, const char *p, size_t n, struct nd_buf *out,
             size_t len[ND_STEMS_MAX]);

#endif
