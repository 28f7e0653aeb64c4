/* lex.h: query text -> lexemes with byte spans.
 * Call order:  nd_lexer_init (nd_lex_next | nd_lex_value)*
 * Invariants:  lexemes rise and do not overlap; at the end nd_lex_next gives ND_L_END for ever; the
 *              work is linear in the text, whatever its quotes.
 * Threads: one owner.   Used by: parse.c and its parts. */
#ifndef ND_LANG_LEX_H
#define ND_LANG_LEX_H

#include "base/status.h"
#include "lang/ast.h"

#include <stdbool.h>

enum nd_lex_kind {
    ND_L_END,
    ND_L_OPEN,  /* ( */
    ND_L_CLOSE, /* ) */
    ND_L_COMMA, /* between the arguments of a function */
    ND_L_AND,
    ND_L_OR,
    ND_L_NOT,
    ND_L_MINUS,  /* - at the start of an atom */
    ND_L_PROX,   /* NEAR/n w/n ADJ/n pre/n w/s w/p NOT w/n */
    ND_L_EQUALS, /* = before a word */
    ND_L_WORD,   /* whatever stands between blanks */
    ND_L_PHRASE, /* in quotation marks */
    ND_L_FIELD,  /* name: or name:= */
    ND_L_FUNC    /* name( */
};

struct nd_lexeme {
    enum nd_lex_kind kind;
    size_t start, end;      /* all of it, quotation marks and ~n too */
    size_t from, to;        /* the word without ~n, the inside of the quotation marks, the name */
    enum nd_node_kind prox; /* ND_L_PROX: ND_N_NEAR, ND_N_PRE, ND_N_SAME, ND_N_NOTNEAR */
    uint32_t n;             /* distance, 's' or 'p'; the number after ~ */
    bool tilde;             /* ~ or ~n was there */
    bool digits;            /* with a number */
    bool escapes;           /* ND_L_PHRASE in straight double quotes: may hold \" and \\ */
    bool whole;             /* ND_L_FIELD: := */
};

struct nd_lexer {
    const char *p; /* well-formed UTF-8, borrowed */
    size_t n, at;
    unsigned calls;          /* functions that are open: a comma parts their arguments */
    bool values;             /* inside field:( ): names, functions, = and ~ are plain text */
    bool no_plain, no_curly; /* no closing ' (’) follows, found by an earlier look */
};

enum {
    ND_DISTANCE_MAX = 10000 /* most words of w/n, pre/n, ~n */
};

void nd_lexer_init(struct nd_lexer *lx, const char *p, size_t n);
/* The next lexeme. Fails: ND_QUERY with span and hint. */
int nd_lex_next(struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err);
/* What follows `field:` as it is: ND_L_PHRASE, ND_L_OPEN, ND_L_WORD up to a blank or closing bracket, or
 * ND_L_END when nothing follows. brackets: the word may hold balanced ones (a URL). */
int nd_lex_value(struct nd_lexer *lx, struct nd_lexeme *out, bool brackets, struct nd_error *err);
/* Bytes of the blank at p[0..n): NBSP and its relatives, line ends, a byte order mark too; 0 if none. */
size_t nd_lex_blank(const char *p, size_t n);
/* The next byte that is not in a blank, from at. */
size_t nd_lex_skip(const char *p, size_t n, size_t at);
/* Does p[0..n) read as words alone, without any syntax (so that the shell may have eaten quotes)?
 * *words is set to their number. */
bool nd_lex_plain(const char *p, size_t n, size_t *words);

#endif
