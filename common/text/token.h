/* token.h: one field of an article (or a query's words) as an array of tokens.
 * Call order:  nd_tokens_init (nd_tokens_add* nd_tokens_reset)* nd_tokens_free
 * Invariants:  start < end <= text length, spans rise and do not overlap; a token is one word, so its
 *              index is its position; keys live in `chars` and move when it grows: use offsets.
 * Threads:     one owner.   Uses: utf8.h, base/.   Used by: indexer/, lang/, query/.
 * Source:      UAX 29 (Unicode 15.0) with the tailorings listed in token.c and ARCHITECTURE.md.
 *
 * The key of a word is what postings, dictionary and queries compare: NFC, lower case, diacritics
 * kept (folding them is nd_fold, record/stream.h keeps both), ligatures, long s and soft hyphens
 * folded, curly apostrophes straight, the possessive off, dots of initials off ("U.S." -> us),
 * thousands separators off (1,000 -> 1000). Exception: the few words whose capitals change the
 * meaning (US, WHO, IT, AM, PM ...: nd_acronym) have their key in CAPITALS when the text has
 * capitals or dots, so that `US` and `us` are two words everywhere. */
#ifndef ND_TEXT_TOKEN_H
#define ND_TEXT_TOKEN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

#define ND_TOKENIZER_VERSION 1 /* kept in the index; another number is another analysis */

enum nd_shape { /* of the letters as printed */
    ND_SHAPE_LOWER = 0,   /* train, and words without cased letters */
    ND_SHAPE_CAPITAL = 1, /* Train, a single capital too */
    ND_SHAPE_UPPER = 2,   /* TRAIN, U.S. */
    ND_SHAPE_MIXED = 3    /* iPhone, McDonald, Jong-un is two words */
};

enum nd_break { /* what lies before a word */
    ND_BREAK_NONE = 0,
    ND_BREAK_SENTENCE = 1,
    ND_BREAK_PARAGRAPH = 2 /* the first word of a field is one too */
};

enum { /* flags */
    ND_T_HYPHEN = 1 << 0,     /* a hyphen, nothing else, joins this word to the next one */
    ND_T_JOINED = 1 << 1,     /* last word of such a chain: nd_tokens_joined gives the whole */
    ND_T_QUOTE_OPEN = 1 << 2, /* a quotation opens just before this word */
    ND_T_QUOTE_CLOSE = 1 << 3,/* a quotation closes just after this word */
    ND_T_DOTTED = 1 << 4,     /* printed with dots between or after initials: U.S., J. */
    ND_T_POSSESSIVE = 1 << 5, /* 's or s' was taken off the key; start..end covers it */
    ND_T_ACRONYM = 1 << 6,    /* key in capitals, see above */
    ND_T_ASCII = 1 << 7       /* the key is ASCII: its folding is itself */
};

struct nd_token {
    uint32_t start, end;  /* bytes of the text of this nd_tokens_add call */
    uint32_t key;         /* offset in chars */
    uint16_t key_len;     /* bytes, at most ND_WORD_MAX */
    uint8_t shape, brk;   /* enum nd_shape, enum nd_break */
    uint8_t flags;        /* ND_T_ */
    uint8_t field;        /* as given to nd_tokens_add */
};

enum {
    ND_WORD_MAX = 128,        /* a longer word's key is cut there, at a character */
    ND_CHAIN_MAX = 6,         /* words in one hyphen chain; a longer one is joined no further */
    ND_TOKENS_MAX = 8 << 20   /* words in one nd_tokens */
};

struct nd_tokens {
    struct nd_token *v;
    size_t n, cap;
    struct nd_buf chars; /* keys, one after another, not NUL-ended */
};

int nd_tokens_init(struct nd_tokens *t);
void nd_tokens_reset(struct nd_tokens *t);
void nd_tokens_free(struct nd_tokens *t);

/* Append the words of text[0..n) as field number `field`, in text order.
 * text:  well-formed UTF-8 in NFC, borrowed for the call, may contain NUL. Blank lines (a newline,
 *        blanks, a newline) part paragraphs; any other newline is a blank, so readers write a line that
 *        is a sentence of its own as a paragraph.
 * Fails: ND_LIMIT past ND_TOKENS_MAX words, the words before are kept; ND_NOMEM.
 * Cost:  O(n); no allocation per token. */
int nd_tokens_add(struct nd_tokens *t, const char *text, size_t n, unsigned field,
                  struct nd_error *err);

/* The key of token i. Borrowed until the next nd_tokens_add or reset. */
static inline struct nd_str nd_token_key(const struct nd_tokens *t, size_t i)
{
    return (struct nd_str){t->chars.data + t->v[i].key, t->v[i].key_len};
}

/* Number of words of the hyphen chain that ends at token i (>= 2 where ND_T_JOINED is set). */
size_t nd_tokens_chain(const struct nd_tokens *t, size_t i);

/* Write the key of the chain that ends at token i to out: its parts with hyphens ("first-class").
 * What it means as one word, "firstclass", is that text without its hyphens.
 * Return: bytes written, 0 if they would be more than ND_WORD_MAX (then the chain has no joined key). */
size_t nd_tokens_joined(const struct nd_tokens *t, size_t i, char out[ND_WORD_MAX]);

/* Is the lower-case word one of the short table of acronyms that are everyday words (us, it, who)? */
bool nd_acronym(const char *p, size_t n);

#endif
