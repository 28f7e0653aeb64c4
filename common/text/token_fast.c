/* token_fast.c: one word of ASCII and Latin-1 letters, which is nearly every word of a news text.
 * What it cannot be sure of it leaves to nd_word_slow. */
#include "text/token_scan.h"

#include <string.h>

enum { /* classes of a byte */
    LO = 1,
    UP = 2,
    DI = 4
};

#define UP26                                                                                       \
    UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP,    \
        UP, UP, UP
#define LO26                                                                                       \
    LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO,    \
        LO, LO, LO

static const uint8_t class_of[256] = {
    ['0'] = DI, DI, DI, DI, DI, DI, DI, DI, DI, DI, ['A'] = UP26, ['a'] = LO26,
};

const bool nd_word_special[256] = {
    ['\''] = true,
    [','] = true,
    ['.'] = true,
    [0x80 ... 0xff] = true,
};

enum after { /* what follows a letter or digit */
    ENDS,    /* the word ends here */
    LETTER,  /* a letter of ASCII or Latin-1 */
    DIGIT,   /* an ASCII digit */
    UNSURE   /* not for this scanner */
};

/* The character at text[at], as far as this scanner knows it. */
static enum after look(const unsigned char *text, size_t n, size_t at)
{
    if (at >= n)
        return ENDS;
    unsigned c = text[at];
    if (c < 0x80)
        return class_of[c] & (LO | UP) ? LETTER : class_of[c] ? DIGIT : ENDS;
    if (c == 0xe2 && n - at >= 3 && text[at + 1] == 0x80) {
        unsigned d = text[at + 2];
        /* U+2010..2017 hyphens and dashes, U+2018..201F quotes, U+2020..2022 daggers, bullet */
        if ((d >= 0x90 && d <= 0x97) || (d >= 0x9a && d <= 0xa2) || d == 0xa6)
            return ENDS;
    }
    if (n - at < 2)
        return UNSURE;
    if (c == 0xc3)
        return text[at + 1] == 0x97 || text[at + 1] == 0xb7 ? ENDS : LETTER;
    if (c == 0xc2) {
        unsigned d = text[at + 1];
        if (d == 0xa0 || d == 0xab || d == 0xbb) /* no-break space, guillemets */
            return ENDS;
    }
    return UNSURE;
}

/* Length of the apostrophe at text[at], 0 if there is none. */
static size_t apostrophe(const unsigned char *text, size_t n, size_t at)
{
    if (at >= n)
        return 0;
    if (text[at] == '\'')
        return 1;
    return text[at] == 0xe2 && n - at >= 3 && text[at + 1] == 0x80 &&
                   (text[at + 2] == 0x99 || text[at + 2] == 0x98)
               ? 3
               : 0;
}

#ifdef ND_TAKE_RUN
#define take_run nd_take_run
#else
/* Copy the first bytes of a run to key in lower case; 16 bytes of text and key may be touched. */
static inline struct nd_run take_run(const unsigned char *text, char *key)
{
    struct nd_run run = {0};
    for (unsigned c; run.len < 16 && (c = class_of[text[run.len]]); run.len++) {
        key[run.len] = (char)(text[run.len] | (c & UP) << 4); /* 'A' | 32 is 'a' */
        run.lower |= (c & LO) << run.len;
        run.upper |= (c & UP) >> 1 << run.len;
    }
    return run;
}
#endif

/* The same within n bytes: near the end of the text 16 bytes are too many. */
static struct nd_run take_tail(const unsigned char *text, size_t n, char *key)
{
    unsigned char copy[16] = {0};
    memcpy(copy, text, n < 16 ? n : 16);
    return take_run(copy, key);
}

/* Class of the letter or digit that ends before text[p]. */
static unsigned class_before(const unsigned char *text, size_t p)
{
    unsigned c = text[p - 1];
    return c < 0x80 ? class_of[c] : c < 0x9f ? UP : LO; /* the second byte of a Latin-1 letter */
}

enum step { /* what nd_word_fast does after a run */
    STOP,
    GO_ON,
    GIVE_UP
};

/* At an apostrophe of len bytes after a letter or digit. */
static enum step at_apostrophe(const unsigned char *text, size_t n, size_t p, size_t len,
                               bool *possessive)
{
    enum after next = look(text, n, p + len);
    if (next == UNSURE)
        return GIVE_UP;
    if (next != LETTER)
        return STOP;
    if ((text[p + len] | 0x20) == 's') {
        enum after behind = look(text, n, p + len + 1);
        if (behind == UNSURE || apostrophe(text, n, p + len + 1))
            return GIVE_UP;
        *possessive = behind == ENDS;
        if (*possessive)
            return STOP;
    }
    return class_before(text, p) == DI ? STOP : GO_ON;
}

/* At a full stop after a letter or digit of the word that starts at `at`. */
static enum step at_dot(const unsigned char *text, size_t n, size_t at, size_t p)
{
    enum after next = look(text, n, p + 1);
    if (next == UNSURE)
        return GIVE_UP;
    if (class_before(text, p) == DI)
        return next == DIGIT ? GO_ON : STOP;
    return p - at == (text[at] < 0x80 ? 1 : 2) ? GIVE_UP : STOP; /* initials are not for here */
}

bool nd_word_fast(struct nd_word *out, const char *text_, size_t n, size_t at, char *key)
{
    const unsigned char *text = (const unsigned char *)text_;
    size_t p = at, k = 0;
    unsigned upper = 0; /* capitals: 0, 1, or more of them */
    unsigned lower = 0; /* not 0: small letters */
    bool ascii = true, possessive = false;
    bool capital = false; /* the first cased letter is one */
    for (;;) {
        struct nd_run run;
        do {
            if (k > ND_WORD_MAX - 24)
                return false; /* longer words need the care of the slow one */
            run = n - p >= 16 ? take_run(text + p, key + k) : take_tail(text + p, n - p, key + k);
            if (!(upper | lower)) /* lowest bit set: no small letter stands before a capital */
                capital = run.upper && !(run.lower & ((run.upper & -run.upper) - 1));
            if (run.upper)
                upper += run.upper & (run.upper - 1) ? 2 : 1;
            lower |= run.lower;
            k += run.len;
            p += run.len;
        } while (run.len == 16);
        if (p >= n || !nd_word_special[text[p]])
            break;
        enum step step = STOP;
        unsigned c = text[p];
        size_t len = apostrophe(text, n, p);
        if (len) {
            step = at_apostrophe(text, n, p, len, &possessive);
            if (step == GO_ON) {
                key[k++] = '\'';
                p += len;
            }
        } else if (c == '.') {
            step = at_dot(text, n, at, p);
            if (step == GO_ON) {
                key[k++] = '.';
                p++;
            }
        } else if (c == ',') {
            if (class_before(text, p) == DI && look(text, n, p + 1) != ENDS)
                step = GIVE_UP; /* thousands */
        } else if (c == 0xc3 && look(text, n, p) == LETTER) {
            unsigned d = text[p + 1], up = d < 0x9f;
            if (!(upper | lower))
                capital = up;
            upper += up;
            lower |= !up;
            key[k++] = (char)0xc3;
            key[k++] = (char)(d + (up << 5));
            ascii = false;
            p += 2;
            step = GO_ON;
        } else if (look(text, n, p) != ENDS) {
            step = GIVE_UP;
        }
        if (step == GIVE_UP)
            return false;
        if (step == STOP)
            break;
    }
    unsigned first = text[at] < 0x80 ? class_of[text[at]] : text[at + 1] < 0x9f ? UP : LO;
    out->key_len = (unsigned)k;
    out->initials = out->dot = false;
    out->first = first & UP ? ND_CASE_UPPER : first & LO ? ND_CASE_LOWER : ND_CASE_NONE;
    out->flags = ascii ? ND_T_ASCII : 0;
    if (possessive) {
        out->flags |= ND_T_POSSESSIVE;
        p += apostrophe(text, n, p) + 1;
    }
    unsigned last = class_before(text, p);
    out->last = last & UP ? ND_CASE_UPPER : last & LO ? ND_CASE_LOWER : ND_CASE_NONE;
    if (!upper)
        out->shape = ND_SHAPE_LOWER;
    else if (upper == 1)
        out->shape = !lower || capital ? ND_SHAPE_CAPITAL : ND_SHAPE_MIXED;
    else
        out->shape = lower ? ND_SHAPE_MIXED : ND_SHAPE_UPPER;
    out->end = p;
    return true;
}
