/* lex_in.h: what the two halves of the lexer share; nobody else includes it.
 *   lex.c      blanks, quotation marks, brackets, values   lex_word.c operators, names, words
 * Threads: no shared state. */
#ifndef ND_LANG_LEX_IN_H
#define ND_LANG_LEX_IN_H

#include "lang/lex.h"

/* A pair of double quotation marks. */
struct nd_marks {
    const char *open, *close, *other; /* other: a second closing mark, NULL if there is none */
};

static inline bool nd_lex_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Is byte i the end or in a blank? */
bool nd_lex_at_blank(const struct nd_lexer *lx, size_t i);
/* Bytes of `what` if the text at i starts with it, else 0; NULL starts nothing. */
size_t nd_lex_starts(const struct nd_lexer *lx, size_t i, const char *what);
/* The double quotation marks that open at i, NULL if none do. */
const struct nd_marks *nd_lex_double(const struct nd_lexer *lx, size_t i);
/* Read a number at *i, which moves past its digits. Return: false if there is none; a number past every
 * limit is capped. */
bool nd_lex_number(const struct nd_lexer *lx, size_t *i, size_t end, uint32_t *out);
/* Is byte i a comma that parts arguments? */
bool nd_lex_comma(const struct nd_lexer *lx, size_t i);
/* The end of the word that starts at i. brackets: balanced ones belong to it. */
size_t nd_lex_word_end(const struct nd_lexer *lx, size_t i, bool brackets);
/* The lexeme of the word at lx->at. */
int nd_lex_word(struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err);
/* Refuse what may not stand directly behind the word start..end. */
int nd_lex_after_word(const struct nd_lexer *lx, size_t start, size_t end, struct nd_error *err);

#endif
