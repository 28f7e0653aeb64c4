/* parse_in.h: what the parts of the parser share; nobody else includes it.
 *   parse.c        levels: AND, OR, NOT, proximity, brackets
 *   parse_field.c  field:value
 *   parse_func.c   functions
 *   parse_word.c   words and phrases, through the tokenizer
 *   parse_refuse.c refusals that show two readings, and the notes on shell quoting
 * Threads: one owner. */
#ifndef ND_LANG_PARSE_IN_H
#define ND_LANG_PARSE_IN_H

#include "lang/lex.h"
#include "lang/parse.h"
#include "text/token.h"

/* One operand of a level. */
struct nd_unit {
    struct nd_node *node;
    size_t start, end;            /* as typed, brackets too */
    size_t first_end, last_start; /* of its outer operands, where it is a proximity */
    enum nd_lex_kind op;          /* before it: ND_L_AND, ND_L_OR; ND_L_END for no operator */
    bool prox;                    /* a proximity without brackets */
    bool bare;                    /* a bare word */
    bool first_bare, last_bare;   /* of a proximity's outer operands */
    bool name;                    /* person:WORD and its like */
};

struct nd_parser {
    struct nd_lexer lx;
    struct nd_lexeme tok; /* the next lexeme where have is set */
    bool have;
    size_t done; /* end of the last lexeme taken */
    struct nd_query *out;
    struct nd_arena *arena;
    const struct nd_parse_options *options;
    struct nd_error *err;
    struct nd_tokens tokens;
    struct nd_buf text, fold; /* scratch: text in NFC, a folded key */
    struct nd_buf units;      /* stack of struct nd_unit */
    struct nd_buf items;      /* struct nd_node * of the phrase that is being made */
    size_t depth, nodes;
    const struct nd_field *scope; /* title:( ) that is open */
    const struct nd_field *group; /* source:( ) that is open: atoms are its values */
};

/* The text of the query. */
static inline const char *nd_p_text(const struct nd_parser *p)
{
    return p->lx.p;
}

/* Refuse bytes start..end of the query. Return: ND_QUERY. */
int nd_p_refuse(struct nd_parser *p, size_t start, size_t end, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Bytes start..end of the query for a message: NUL-ended, cut with … past max cells. */
const char *nd_p_show(struct nd_parser *p, size_t start, size_t end, size_t max);
int nd_p_nomem(struct nd_parser *p);

/* A new node. Fails: ND_LIMIT past ND_QUERY_NODES, ND_NOMEM. */
int nd_p_node(struct nd_parser *p, struct nd_node **out, enum nd_node_kind kind, size_t start,
              size_t end);
/* Give node its kids. Fails: ND_LIMIT when the tree gets deeper than ND_QUERY_DEPTH. */
int nd_p_kids(struct nd_parser *p, struct nd_node *node, struct nd_node *const *kids, size_t n);
/* Go one bracket, NOT or function deeper; p->depth-- undoes it. Fails: ND_LIMIT. */
int nd_p_deeper(struct nd_parser *p, size_t start, size_t end);

/* Make p->tok the next lexeme; take it. */
int nd_p_peek(struct nd_parser *p);
void nd_p_take(struct nd_parser *p);
/* Read a query up to `closer` (ND_L_CLOSE, ND_L_COMMA, ND_L_END), which is not taken.
 * open, open_end: bytes of what must be closed. */
int nd_p_level(struct nd_parser *p, struct nd_node **out, size_t open, size_t open_end);
/* Read one atom. u->node, bare and name are set. */
int nd_p_atom(struct nd_parser *p, struct nd_unit *u);
/* A bracket with a query; the next lexeme is ND_L_OPEN or was just read by nd_lex_value. */
int nd_p_bracket(struct nd_parser *p, struct nd_node **out, size_t open);

/* parse_word.c. exact: =word. */
int nd_p_word(struct nd_parser *p, const struct nd_lexeme *t, bool exact, struct nd_node **out);
int nd_p_phrase(struct nd_parser *p, const struct nd_lexeme *t, struct nd_node **out);
/* All of the text as one phrase (-F). */
int nd_p_literal(struct nd_parser *p, struct nd_node **out);
/* The inside of a phrase lexeme as typed, escapes undone; arena memory or the query's. */
int nd_p_inside(struct nd_parser *p, const struct nd_lexeme *t, struct nd_str *out);

/* parse_field.c */
int nd_p_field(struct nd_parser *p, struct nd_unit *u);
/* A value inside field:( ). */
int nd_p_value(struct nd_parser *p, const struct nd_field *f, const struct nd_lexeme *t, bool whole,
               struct nd_node **out);
/* parse_func.c */
int nd_p_func(struct nd_parser *p, struct nd_node **out);

/* parse_refuse.c: each returns its failure. */
int nd_p_mixed(struct nd_parser *p, const struct nd_unit *u, size_t n);
int nd_p_beside(struct nd_parser *p, const struct nd_unit *u, size_t n);
int nd_p_two_ops(struct nd_parser *p, size_t start, size_t last, const struct nd_lexeme *a,
                 const struct nd_lexeme *b, size_t end);
int nd_p_name_words(struct nd_parser *p, const struct nd_unit *name);
/* Refuse an operand that proximity cannot have; 0 when it is fine. */
int nd_p_operand(struct nd_parser *p, const struct nd_unit *it, const struct nd_lexeme *op);
/* The argument of the command line that byte `at` is in; args_n where there is none. */
size_t nd_p_arg(const struct nd_parser *p, size_t at);
/* Note each argument of several plain words: the shell may have taken their quotes. */
int nd_p_shell_notes(struct nd_parser *p);

#endif
