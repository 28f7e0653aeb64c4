/* oracle.h: a scanner of articles by brute force, to compare the index with. It shares no code with the
 * programs: its tokenizer, folding, stems, dates and operators are written anew, simply and slowly.
 * It takes articles as `newsdex convert` prints them, draws queries from their own words, and says which
 * articles each finds. A query is drawn as a tree and printed as text, so no parser is needed here.
 * Memory is never given back: the program runs once. */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    KEY_MAX = 128,   /* bytes of a key */
    CHAIN_MAX = 6,   /* words that hyphens join */
    PLACES = 160,    /* bytes of places that are compared as they are */
    LANGS = 32,      /* languages of one corpus */
    TITLE = 0,
    LEAD = 1,
    BODY = 2,
    TEXTS = 3,
    ALL_TEXTS = 7,   /* bit set of the three */
    FIELD_GAP = 1 << 24
};

/* A word as it stands in a text. */
struct piece {
    size_t start, end;      /* bytes */
    char key[KEY_MAX + 1];
    bool acronym;           /* key in capitals: US, WHO */
    uint8_t brk;            /* 0 none, 1 a sentence starts, 2 a paragraph */
    bool hyphen;            /* joined to the next one */
    uint8_t chain;          /* of the last of a chain: its words, else 0 */
    /* for the decision on sentences */
    bool first_upper, first_lower, last_lower, dotted, initials, dot;
    bool upper, capitals;   /* some capital letter; several, and no small one */
};

/* A quotation, from its first word to its last. */
struct quotation {
    size_t first, last;
};

struct pieces {
    struct piece *v;
    size_t n, cap;
    struct { struct quotation *v; size_t n, cap; } quotes;
};

/* The quotation that is open, zero-initialised but for closes. */
struct quoting {
    int open;               /* which kind, 0 none */
    size_t first, closes;   /* its first word; byte at which a single one closes, SIZE_MAX */
    bool line;              /* blanks alone since the last newline */
};

/* words.c: append the words of text[0..n) to out. */
void pieces_of(struct pieces *out, const char *text, size_t n);
/* The character at s[at..n), 0 at the end. Return: its bytes. */
size_t at_char(const char *s, size_t n, size_t at, int32_t *cp);
bool begins_word(int32_t c);
bool blank(int32_t c);
/* quotes.c: pass over the character at s[at], which is of no word. Return: how many bytes. */
size_t quote_mark(struct quoting *q, struct pieces *p, const char *s, size_t n, size_t at);
void quote_end(struct quoting *q, struct pieces *p);
/* The key of the chain that ends at word i, hyphens left out, in small letters; false if it is too long. */
bool joined_key(const struct pieces *p, size_t i, char out[KEY_MAX + 1]);
/* In small letters, diacritics off, compatibility forms folded; allocated. */
char *folded(const char *s);
/* Words of a value of source, author, section or tag, folded, a blank between; allocated. */
char *value_words(const char *s);
/* sentence.c: does a sentence end between two words? gap: the text between them. */
int break_between(const struct piece *a, const struct piece *b, const char *gap, size_t n);

/* memory that is there or ends the program */
void *need(size_t n);
void *grow(void *p, size_t n, size_t *cap, size_t size);
char *copy_of(const char *s, size_t n);
#define GROW(list) ((list).v = grow((list).v, (list).n, &(list).cap, sizeof *(list).v))

/* A set of texts, each with a number. */
struct names {
    char **v;
    size_t n, cap;
    uint32_t *slots;
    size_t slots_n;
};
uint32_t number_of(struct names *t, const char *s);
bool has_name(const struct names *t, const char *s);

struct token {
    uint32_t word;          /* number in words */
    uint32_t sentence, paragraph;
    uint32_t start, end;    /* bytes of its field's text */
    uint8_t field;
    bool upper, capitals;   /* as in struct piece */
};

/* Words of an article, from one to another: first and last of its tokens. */
struct stretch {
    uint32_t first, last;
};

enum { PERSON, ORG, PLACE, MISC, NAME_KINDS, ANY_NAME = (1 << NAME_KINDS) - 1 };

struct mention {
    uint32_t first, last;   /* of its tokens */
    uint32_t name;          /* number in names */
};

/* An id that names have. */
struct name {
    unsigned type;
    char *id, *words;
    struct { char **v; size_t n, cap; } forms, printed; /* words of the forms in which it is printed; the forms */
};

struct chain {
    uint32_t first, last, word;
};

struct values {
    char **v;
    size_t n, cap;
};

struct article {
    char *id, *url, *lang_code;
    char *text[TEXTS];
    size_t text_n[TEXTS];
    struct values source, section, authors, tags; /* as printed */
    uint32_t from, to;      /* first and last day it may be of, 0 unknown */
    unsigned lang;          /* number of a stemmer */
    struct { struct token *v; size_t n, cap; } tokens;
    struct { struct chain *v; size_t n, cap; } chains;
    struct { struct stretch *v; size_t n, cap; } quotes;
    struct { struct mention *v; size_t n, cap; } mentions;
};

/* Ids that mean others, as one folder of an index has them. */
struct links {
    struct { uint32_t from, to; } *v; /* numbers in names */
    size_t n, cap;
    struct names forms;     /* type, id and form in which it is printed there */
};

/* The folders that are asked together. */
struct layout {
    struct links folder[2];
    size_t n;
};

struct word {
    uint32_t fold;          /* number in folds */
    bool acronym;
    bool plain;             /* stands in a text by itself, not only as a chain */
    uint32_t count;
    uint32_t stem[LANGS][2]; /* number in stems + 1, 0 not known yet */
};

struct corpus {
    struct { struct article *v; size_t n, cap; } articles;
    struct names keys, folds, stems;
    struct { struct word *v; size_t n, cap; } words; /* beside keys */
    struct names ids;       /* type and id */
    struct { struct name *v; size_t n, cap; } names; /* beside ids */
    struct { struct layout *v; size_t n, cap; } layouts;
    size_t mentions;        /* in all articles */
};

/* corpus.c */
void corpus_read(struct corpus *c, const char *path);
uint32_t word_number(struct corpus *c, const char *key, bool acronym);
/* Both stems of a word in a language, as numbers in stems. */
void stems_of(struct corpus *c, uint32_t word, unsigned lang, uint32_t out[2]);

enum kind {
    AND, OR, NOT, WORD, EXACT, WILD, GAP, PHRASE, NEAR, PRE, SAME, NOTNEAR, SCOPE, VALUE, ID, URL, LANG,
    DATE, NONE, ANYOF, ALL, FUZZY, QUORUM, ATLEAST, FIRST, NAME, NAMED, CASE, QUOTED, UNQUOTED, QUOTATION,
    BOOST, VERBATIM
};

/* What words have to be, beside the bits of the texts. */
enum { CAPS = 1 << 8, ALLCAPS = 1 << 9, NOCAPS = 1 << 10, CASES = CAPS | ALLCAPS | NOCAPS };

struct node {
    enum kind kind;
    uint32_t word;          /* WORD, EXACT: number in words */
    char *text;             /* as typed; WILD: folded pattern; FUZZY: folded word */
    unsigned n;             /* distance, extra words, 's' or 'p', bit set of texts, edits, how many, CAPS...; of
                               names a bit set of types */
    const char *field;
    bool whole;
    uint32_t from, to;
    struct node *kid[8];
    size_t kids;
    uint8_t *fits[LANGS];   /* WORD, EXACT, WILD: per word of the corpus; NAME: per name */
};

/* names.c: read the mentions of an article whose texts are known (an array of JSON). */
struct json_t;
void mentions_read(struct corpus *c, struct article *a, const struct json_t *list);
/* Read the links of a layout: files of `newsdex entities export --format jsonl`, parted by commas. */
void links_read(struct corpus *c, const char *paths);
/* Which names a NAME stands for; the same however the articles are parted? */
const uint8_t *names_of(struct corpus *c, struct node *q);
bool names_agree(struct corpus *c, const struct node *q);

/* Places in an article: positions of words, both included; FIELD_GAP more for each text before. */
struct span {
    uint32_t first, last;
};

struct spans {
    struct span *v;
    size_t n, cap;
};

/* spans.c: where q, which holds no AND, NOT, any() or field, matches in those texts: sorted, each once. */
void spans_of(struct corpus *c, struct node *q, const struct article *a, unsigned scope, struct spans *out);
bool stands(struct corpus *c, struct node *q, const struct article *a, unsigned scope);
void add_span(struct spans *s, uint32_t first, uint32_t last);
void tidy(struct spans *s);
bool pair_fits(const struct node *q, const struct article *a, const struct span *s, const struct span *t,
               struct span *both);
/* marks.c: the words that are parts of those of q's spans that are in `of`, to out. */
void marks_of(struct corpus *c, struct node *q, const struct article *a, unsigned scope, const struct spans *of,
              struct spans *out);
/* The places of an article that match, as text: t4-9,b12-20; their number and a checksum where it is long. */
const char *places(struct corpus *c, struct node *q, const struct article *a);
void places_add(char *text, size_t room, size_t *n, char field, uint32_t start, uint32_t end);
const char *places_end(char *text, size_t n);

/* scan.c: does the article match? */
bool matches(struct corpus *c, struct node *q, const struct article *a);
bool matches_in(struct corpus *c, struct node *q, const struct article *a, unsigned scope);
/* logic.c: is there AND, NOT, any() or a field in an operand of q, or is q one? */
bool has_logic(const struct node *q);
/* Operators over operands with AND, NOT and any(). */
bool matches_logic(struct corpus *c, struct node *q, const struct article *a, unsigned scope);
/* Call fn for each part of q that holds no AND, NOT, any() or field, those under NOT left out. */
typedef void part_fn(struct corpus *c, struct node *part, const struct article *a, void *arg);
void each_part(struct corpus *c, struct node *q, const struct article *a, part_fn *fn, void *arg);
/* How many single edits lie between two words of letters, swaps of neighbours counted once; at most `most` + 1. */
unsigned edits_between(const char *a, const char *b, unsigned most);

/* draw.c: a query of a type, and its text. */
struct random {
    uint64_t state;
};
uint32_t draw_below(struct random *r, uint32_t n);
/* Draw a query; NULL for an unknown type. For the type `law` *twin is another one that must find the same, or,
 * with *wider, all that the query finds. */
struct node *draw(struct corpus *c, struct random *r, const char *type, struct node **twin, bool *wider);
/* An operand for a distance. */
struct node *positional(struct corpus *c, struct random *r, unsigned depth);
struct node *joined(enum kind kind, unsigned n, struct node *a, struct node *b);
/* draw_words.c: words, phrases and fields */
struct node *make(enum kind kind);
struct node *with(struct node *n, struct node *kid);
struct node *draw_word(struct corpus *c, struct random *r);
struct node *draw_exact(struct corpus *c, struct random *r);
struct node *draw_wild(struct corpus *c, struct random *r);
struct node *draw_fuzzy(struct corpus *c, struct random *r);
struct node *draw_phrase(struct corpus *c, struct random *r, bool slop, bool star);
struct node *draw_field(struct corpus *c, struct random *r);
struct node *draw_date(struct corpus *c, struct random *r);
/* Two operands that stand up to `far` words apart in some article (or, now and then, anywhere). */
void draw_pair(struct corpus *c, struct random *r, unsigned far, bool phrase, struct node *pair[2]);
const struct article *some_article(struct corpus *c, struct random *r);
bool plain(const char *s);
bool quotable(const char *s);
struct node *word_at(struct corpus *c, struct random *r, const struct article *a, size_t i, enum kind kind);
/* draw_names.c: a name, as it is printed or by words of its id; anybody; a name and what stands near it */
struct node *draw_name(struct corpus *c, struct random *r);
struct node *draw_named(struct corpus *c, struct random *r);
void draw_name_pair(struct corpus *c, struct random *r, unsigned far, struct node *pair[2]);
/* functions over words: capitals, quotations, boost, verbatim */
struct node *draw_case(struct corpus *c, struct random *r, struct node *kid);
struct node *draw_quoted(struct corpus *c, struct random *r, struct node *kid);
struct node *draw_verbatim(struct corpus *c, struct random *r);
/* print.c: the text of a query. */
void print_query(FILE *out, const struct corpus *c, const struct node *q, struct random *r);

/* compare.c: expected ids and places against what batch answered. only: a file of the ids that are there, NULL for all.
 * Return: exit status. */
int compare(const char *expected, const char *answers, const char *only);

#endif
