/* token_scan.h: the parts of the tokenizer, for token*.c and its tests only.
 * Call order:  for each word: nd_gap, then nd_word_fast or nd_word_slow, then nd_sentence_break.
 * Threads:     no shared state. */
#ifndef ND_TEXT_TOKEN_SCAN_H
#define ND_TEXT_TOKEN_SCAN_H

#include "text/token.h"
#ifdef __SSE2__
#include <emmintrin.h>
#define ND_TAKE_RUN 1
#endif

enum nd_initial { /* case of one letter */
    ND_CASE_NONE = 0,
    ND_CASE_LOWER = 1,
    ND_CASE_UPPER = 2
};

/* A word as its scanner leaves it; the caller adds what depends on the words around. */
struct nd_word {
    size_t end;       /* of its span in the text */
    unsigned key_len; /* bytes written to the key, at most ND_WORD_MAX */
    uint8_t shape;    /* enum nd_shape */
    uint8_t flags;    /* ND_T_DOTTED, ND_T_POSSESSIVE, ND_T_ASCII */
    uint8_t first;    /* enum nd_initial of its first character */
    uint8_t last;     /* and of the last character of the span, full stops left out */
    bool initials;    /* two or more letters with dots between: U.S., a.m. */
    bool dot; /* the span ends with the last dot of initials, which may end a sentence too */
};

enum {
    ND_KEY_ROOM =
        ND_WORD_MAX + 8 /* bytes from a key's start that are there: a scanner may write to them */
};

/* Read the word that starts at text[at]; key has ND_KEY_ROOM bytes. Linear in the span and the
 * marks after it. */
void nd_word_slow(struct nd_word *out, const char *text, size_t n, size_t at, char *key);
/* The same where the word and what ends it are ASCII, Latin-1 and the usual curly punctuation.
 * Return: false for any other word; then ask nd_word_slow. */
bool nd_word_fast(struct nd_word *out, const char *text, size_t n, size_t at, char *key);

/* Bytes that may be more than the end of a word. */
extern const bool nd_word_special[256];

/* A run of ASCII letters and digits: which of its bytes are of which class, a bit each. */
struct nd_run {
    unsigned len; /* 16 when it may go on */
    unsigned upper, lower;
};

#ifdef ND_TAKE_RUN
/* Copy the first bytes of a run to key in lower case; 16 bytes of text and key are touched. */
static inline struct nd_run nd_take_run(const unsigned char *text, char *key)
{
    /* Signed comparison: shifted so that the wanted ones are the smallest. */
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)text);
    const __m128i bit = _mm_set1_epi8(0x20);
    const __m128i low = _mm_or_si128(v, bit);
    const __m128i letter = _mm_cmplt_epi8(_mm_add_epi8(low, _mm_set1_epi8((char)(0x80 - 'a'))),
                                          _mm_set1_epi8((char)(0x80 + 26)));
    const __m128i digit = _mm_cmplt_epi8(_mm_add_epi8(v, _mm_set1_epi8((char)(0x80 - '0'))),
                                         _mm_set1_epi8((char)(0x80 + 10)));
    _mm_storeu_si128((__m128i *)(void *)key, _mm_or_si128(v, _mm_and_si128(letter, bit)));
    unsigned letters = (unsigned)_mm_movemask_epi8(letter);
    unsigned stop = ~(letters | (unsigned)_mm_movemask_epi8(digit)) | 0x10000;
    /* Bit 5 of each byte, moved to where movemask looks: small letters have it. */
    unsigned small = (unsigned)_mm_movemask_epi8(_mm_slli_epi16(v, 2));
    struct nd_run run = {.len = (unsigned)__builtin_ctz(stop)};
    letters &= (1u << run.len) - 1;
    run.lower = letters & small;
    run.upper = letters & ~small;
    return run;
}
#endif

/* Does a word start with this character? */
bool nd_word_start(uint32_t cp);

enum nd_quote { /* what kind of quotation is open */
    ND_QUOTE_NONE = 0,
    ND_QUOTE_DOUBLE, /* "..." “...” ``...'' ”...” */
    ND_QUOTE_LOW,    /* „...“ */
    ND_QUOTE_ANGLE,  /* «...» */
    ND_QUOTE_TURNED, /* »...« */
    ND_QUOTE_SINGLE  /* '...' ‘...’ ‚...‘, where the closing one was seen ahead */
};

enum {                         /* what was seen between two words */
    ND_GAP_BLANK = 1 << 0,     /* a blank after the last full stop or mark, or no mark at all */
    ND_GAP_DOT = 1 << 1,       /* a full stop */
    ND_GAP_ELLIPSIS = 1 << 2,  /* several, or the character */
    ND_GAP_STRONG = 1 << 3,    /* a question or exclamation mark */
    ND_GAP_HARD = 1 << 4,      /* a full stop of a script that needs no blank after it */
    ND_GAP_PARAGRAPH = 1 << 5, /* a blank line */
    ND_GAP_OTHER = 1 << 6      /* punctuation that is not a quote or bracket, since the last mark */
};

/* What was looked through for the end of a single quotation, in vain. */
struct nd_searched {
    size_t end;      /* there is none before this byte */
    uint32_t before; /* the character before it */
    bool line;       /* blanks alone since the last newline */
    bool paragraph;  /* its paragraph ends there */
};

struct nd_scan {
    struct nd_tokens *out;
    const char *text;
    size_t n, at;
    size_t first;                   /* number of the field's first token */
    size_t quote_first;             /* number of the first token of the open quotation */
    size_t quote_close;             /* where the open single quotation closes, SIZE_MAX */
    uint8_t quote;                  /* enum nd_quote */
    struct nd_searched searched[3]; /* by closing mark: ' ’ ‘ */
};

/* Pass over what is not a word, from s->at to the next word or the end; opens and closes quotations.
 * dot: the word before ended with the dot of initials. Return: ND_GAP_ bits. */
unsigned nd_gap(struct nd_scan *s, bool dot);
/* End the open quotation at the last word. */
void nd_quote_end(struct nd_scan *s);

/* The word before a gap, for nd_sentence_break. */
struct nd_before {
    struct nd_str key;
    const struct nd_token *token;
    struct nd_word word;
};

/* Does a sentence end in the gap between two words? */
bool nd_sentence_break(const struct nd_before *prev, const struct nd_word *next,
                       struct nd_str next_key, unsigned gap);

/* nd_tokens_add, with or without the fast scanner: both give the same. */
int nd_tokens_scan(struct nd_tokens *t, const char *text, size_t n, unsigned field, bool fast,
                   struct nd_error *err);

#endif
