/* dialect_in.h: what the readers of the dialects share; nobody else includes it.
 *   dialect.c       operators, lexer, climber over levels of precedence, runs of words
 *   dialect_make.c  nodes: words, values, fields, dates, numbers; refusals
 *   dialect_nexis.c dialect_factiva.c dialect_dtsearch.c dialect_lucene.c   a dialect each
 * A dialect is a table of operators with levels (0 is what binds tightest), a table of names and a few hooks.
 * Threads: one owner. */
#ifndef ND_LANG_DIALECT_IN_H
#define ND_LANG_DIALECT_IN_H

#include "lang/dialect.h"
#include "lang/parse_in.h"

enum nd_d_tok_kind {
    ND_D_END,
    ND_D_OPEN,
    ND_D_CLOSE,
    ND_D_WORD,   /* from..to */
    ND_D_PHRASE, /* from..to: between the quotation marks */
    ND_D_OP,     /* op, n */
    ND_D_NAME /* name, n, rel: a field or function; the lexer stands behind its relation or before its bracket */
};

enum nd_d_op_kind {
    ND_D_AND,
    ND_D_OR,
    ND_D_NOT,    /* between two operands AND NOT; where n is 0 it may stand before one */
    ND_D_PROX,   /* node: ND_N_NEAR, ND_N_PRE, ND_N_SAME, ND_N_NOTNEAR */
    ND_D_SEG,    /* in the same section of the article */
    ND_D_FIRST,  /* behind an operand: within the first n words */
    ND_D_NOEQUAL /* hint says what to write instead */
};

/* An operator: typed in any case; a blank of the spelling stands for blanks, # for a number. */
struct nd_d_op {
    const char *typed;
    enum nd_d_op_kind kind;
    unsigned level;
    enum nd_node_kind node;
    uint32_t n; /* 's', 'p', or the distance where the spelling has none */
    const char *hint;
};

enum nd_d_name_kind {
    ND_D_FIELD,       /* field: a name of the schema */
    ND_D_CAPS,        /* n: 'c', 'a', 'n' */
    ND_D_TIMES,       /* ATLEASTn */
    ND_D_NAME_NOEQUAL /* hint */
};

/* A field or function; # at the end stands for a number. */
struct nd_d_name {
    const char *typed;
    enum nd_d_name_kind kind;
    const char *field;
    uint32_t n;
    const char *hint;
};

struct nd_d_tok {
    enum nd_d_tok_kind kind;
    size_t start, end, from, to;
    const struct nd_d_op *op;
    const struct nd_d_name *name;
    const struct nd_field *field; /* ND_D_NAME of a field */
    uint32_t n;
    char rel; /* ND_D_NAME: '(' '=' '>' '<' ':', or 0 */
};

struct nd_d_reader;

struct nd_d_syntax {
    const char *name, *title;
    const struct nd_d_op *ops;
    size_t ops_n;
    const struct nd_d_name *names;
    size_t names_n;
    unsigned levels;          /* the loosest one */
    const char *any, *one;    /* wildcard characters: any letters, one letter */
    const char *open, *close; /* brackets */
    char gap;                 /* stands for any one word; 0 if nothing does */
    bool smallest_first;      /* of several distances at a level the smallest binds first */
    bool stems;               /* a bare word is found in any form; words side by side are each so */
    bool join_groups;         /* brackets side by side are neighbours */
    bool mix_refused;         /* AND and OR at one level are refused */
    bool one_group;           /* one operand of a distance is plain */
    bool slashes;             /* /N5/ and /F5/ need no blanks */
    /* What starts at the word t->start..t->end, if it is none of the common things. Return: 1 it is told in t,
     * 0 no, or a failure. NULL: nothing is. */
    int (*lex)(struct nd_d_reader *d, struct nd_d_tok *t);
    /* Read what belongs to the name t. */
    int (*named)(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out);
    /* A word with marks of its own as a node. Return: 1 done, 0 it is a plain word, or a failure. */
    int (*word)(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out);
    /* A query of this dialect as a whole, where the climber is not used. */
    int (*whole)(struct nd_d_reader *d, struct nd_node **out);
};

extern const struct nd_d_syntax nd_d_nexis, nd_d_factiva, nd_d_dtsearch, nd_d_lucene;

struct nd_d_reader {
    struct nd_parser *p;
    const struct nd_d_syntax *syntax;
    const char *s; /* the query */
    size_t n, at;  /* the lexer's place */
    struct nd_d_tok tok;
    bool have;
    size_t done;                          /* end of the last token taken */
    struct nd_buf stack;                  /* struct nd_d_part: operands that wait */
    struct nd_buf text;                   /* a word or run in native spelling */
    const struct nd_field *scope, *group; /* as in the native parser */
    bool marks;                           /* the start of the text was an operand */
};

struct nd_d_part {
    struct nd_node *node;
    size_t start, end;  /* as typed */
    struct nd_d_tok op; /* before it */
};

/* dialect.c */
int nd_d_peek(struct nd_d_reader *d);
void nd_d_take(struct nd_d_reader *d);
/* Read an expression whose operators are of `level` and tighter. */
int nd_d_climb(struct nd_d_reader *d, unsigned level, struct nd_node **out);
/* Read a bracket, the next token being its opening. */
int nd_d_bracket(struct nd_d_reader *d, struct nd_node **out);
/* Words and phrases side by side, the next token being one. */
int nd_d_run(struct nd_d_reader *d, struct nd_node **out);
/* An operand without words of its own, the start of the text; only a distance from it has a meaning. */
int nd_d_start_mark(struct nd_d_reader *d, size_t start, size_t end, struct nd_node **out);
bool nd_d_is_mark(const struct nd_node *n);
/* The first mark that stands where it has no meaning, NULL if none does. */
const struct nd_node *nd_d_stray_mark(const struct nd_node *n);
/* The name spelt s[from..to) in the dialect's table, NULL if it is none; its number goes to *n. */
const struct nd_d_name *nd_d_find_name(const struct nd_d_reader *d, size_t from, size_t to,
                                       uint32_t *n);

/* dialect_make.c */
int nd_d_refuse(struct nd_d_reader *d, size_t start, size_t end, const char *hint, const char *fmt,
                ...) __attribute__((format(printf, 5, 6)));
/* Put a remark into the query. */
int nd_d_note(struct nd_d_reader *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Read text (native spelling of one word, or words joined by _) as the word start..end of the query. */
int nd_d_read(struct nd_d_reader *d, struct nd_str text, size_t start, size_t end, bool exact,
              struct nd_node **out);
/* Append s[from..to) to d->text with the dialect's wildcards in native spelling and blanks as _. */
int nd_d_convert(struct nd_d_reader *d, size_t from, size_t to);
/* A value of d->group or f: text is taken as it is. */
int nd_d_value(struct nd_d_reader *d, const struct nd_field *f, struct nd_str text, size_t start,
               size_t end, struct nd_node **out);
/* kids under a node of this kind; AND and OR of the same kind are made flat. */
int nd_d_join(struct nd_d_reader *d, enum nd_node_kind kind, uint32_t n,
              struct nd_node *const *kids, size_t kids_n, size_t start, size_t end,
              struct nd_node **out);
int nd_d_two(struct nd_d_reader *d, enum nd_node_kind kind, uint32_t n, struct nd_node *a,
             struct nd_node *b, struct nd_node **out);
int nd_d_not(struct nd_d_reader *d, struct nd_node *kid, size_t start, struct nd_node **out);
/* A copy of a tree. */
int nd_d_copy(struct nd_d_reader *d, const struct nd_node *node, struct nd_node **out);
/* all within one section: title, lead or body. */
int nd_d_same_section(struct nd_d_reader *d, struct nd_node *all, struct nd_node **out);
/* field f of what the climber reads at `level` (a text), or of values. */
int nd_d_field(struct nd_d_reader *d, const struct nd_field *f, const struct nd_d_tok *name,
               unsigned level, struct nd_node **out);
/* A date field with both ends; 0 and 99991231 leave them open. */
int nd_d_days(struct nd_d_reader *d, const struct nd_field *f, uint32_t from, uint32_t to,
              size_t start, size_t end, struct nd_node **out);
/* The days that s[from..to) names: any shape of date that dumps use, or the native one. */
int nd_d_date(struct nd_d_reader *d, size_t from, size_t to, struct nd_day_range *out);
/* The day so many days after. */
uint32_t nd_d_day_add(uint32_t day, int days);
/* field REL number. rel: = > < */
int nd_d_number(struct nd_d_reader *d, const struct nd_field *f, char rel, size_t from, size_t to,
                size_t start, struct nd_node **out);
/* word, word?, word??: up to n more letters. base: native spelling. */
int nd_d_up_to(struct nd_d_reader *d, struct nd_str base, uint32_t n, size_t start, size_t end,
               struct nd_node **out);
/* Refuse an operand that has no place in the text. */
int nd_d_place(struct nd_d_reader *d, const struct nd_node *node, const struct nd_d_tok *op);

/* Read the whole query; as nd_parse does for its own. */
int nd_dialect_parse(struct nd_parser *p, struct nd_node **out);

#endif
