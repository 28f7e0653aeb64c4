/* hyphen.h: words that a line's end has split: "govern-" and "ment" below, as OCR and wires print them.
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_HYPHEN_H
#define INDEXER_FORMATS_HYPHEN_H

#include "base/buf.h"

#include <stdbool.h>

enum nd_hyphen {
    ND_HYPHEN_NONE,  /* the line does not end in the middle of a word, or nobody knows the word */
    ND_HYPHEN_OFF,   /* one word: join without the hyphen */
    ND_HYPHEN_STAYS, /* a word with a hyphen of its own: join with it */
};

enum {
    ND_HYPHEN_ASKED = 400,      /* words of a text that are looked for in the rest of it */
    ND_HYPHEN_NEAR = 128 * 1024 /* bytes around that are looked through */
};

/* The words of a text that know each other. */
struct nd_hyphens {
    const char *p;
    size_t n;
    unsigned asked;
};

/* How to join a line that ends at `end` with the next one, next[0..n). Both are of the text. A word is known where it
 * stands whole in the text around, else where it is among those of words.filter. `off` is what to take from the line's end
 * (a hyphen has up to three bytes).
 * wrapped: the text is, so two known words make a word with a hyphen (first-class). */
enum nd_hyphen nd_line_hyphen(struct nd_hyphens *h, const char *line, size_t line_n,
                              const char *next, size_t n, bool wrapped, size_t *off);
/* Is it one of the words that are known, in whatever case? */
bool nd_word_known(const char *a, size_t a_n, const char *b, size_t b_n);

#endif
