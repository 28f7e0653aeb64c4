/* token_fast.c: one word of ASCII and Latin-1 letters, which is nearly every word of a news text.
 * What it cannot be sure of it leaves to nd_word_slow. */
#include "text/token_scan.h"

#include <string.h>

enum { /* classes of a byte */
    LO = 1,
    UP = 2,
    DI = 4,
    WORD = LO | UP | DI
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

bool nd_word_fast(struct nd_word *out, const char *text_, size_t n, size_t at, char *key)
{
    const unsigned char *text = (const unsigned char *)text_;
    char *k = key;
    char *last_key = key + ND_WORD_MAX - 4; /* longer words need the care of the slow one */
    unsigned upper = 0, any = 0, last = 0;  /* last: class of the last letter or digit */
    bool ascii = true, possessive = false;
    size_t p = at;
    for (;;) {
        /* A run of letters and digits. */
        size_t room = k < last_key ? (size_t)(last_key - k) : 0;
        size_t stop = n - p < room ? n : p + room;
        for (unsigned c; p < stop && (c = class_of[text[p]]); p++) {
            *k++ = (char)(text[p] | (c & UP) << 4); /* 'A' | 32 is 'a' */
            upper += c >> 1 & 1;
            any |= c;
            last = c;
        }
        if (p == stop && p < n)
            return false;
        if (p >= n)
            break;
        unsigned c = text[p];
        if (c == 0xc3 && n - p >= 2) { /* a letter of Latin-1 */
            unsigned d = text[p + 1];
            if (d == 0x97 || d == 0xb7) /* multiplication and division sign */
                break;
            last = d < 0x9f ? UP : LO;
            upper += last == UP;
            any |= last;
            *k++ = (char)0xc3;
            *k++ = (char)(last == UP ? d + 0x20 : d);
            ascii = false;
            p += 2;
            continue;
        }
        size_t len = apostrophe(text, n, p);
        if (len) {
            enum after next = look(text, n, p + len);
            if (next == UNSURE)
                return false;
            if (next != LETTER)
                break;
            if ((text[p + len] | 0x20) == 's') {
                enum after behind = look(text, n, p + len + 1);
                if (behind == UNSURE || apostrophe(text, n, p + len + 1))
                    return false;
                if (behind == ENDS) {
                    possessive = true;
                    last = text[p + len] == 's' ? LO : UP;
                    p += len + 1;
                    break;
                }
            }
            if (last == DI)
                break;
            *k++ = '\'';
            p += len;
            continue;
        }
        if (c == '.') {
            enum after next = look(text, n, p + 1);
            if (next == UNSURE)
                return false;
            if (last != DI && p == at + 1 + (size_t)!ascii)
                return false; /* initials */
            if (last != DI || next != DIGIT)
                break;
            *k++ = '.';
            p++;
            continue;
        }
        if (c == ',' && last == DI && look(text, n, p + 1) != ENDS)
            return false; /* thousands */
        if (c >= 0x80 && look(text, n, p) != ENDS)
            return false;
        break;
    }
    if (any & UP && any & LO && upper == 1) { /* Train, or iPhone */
        size_t i = at;
        while (text[i] < 0x80 && !(class_of[text[i]] & (LO | UP)))
            i++;
        out->shape = class_of[text[i]] & UP || (text[i] == 0xc3 && text[i + 1] < 0x9f)
                         ? ND_SHAPE_CAPITAL
                         : ND_SHAPE_MIXED;
    } else if (any & LO) {
        out->shape = upper ? ND_SHAPE_MIXED : ND_SHAPE_LOWER;
    } else {
        out->shape = !upper ? ND_SHAPE_LOWER : upper == 1 ? ND_SHAPE_CAPITAL : ND_SHAPE_UPPER;
    }
    unsigned first = text[at] < 0x80 ? class_of[text[at]] : text[at + 1] < 0x9f ? UP : LO;
    out->end = p;
    out->key_len = (unsigned)(k - key);
    out->flags = (uint8_t)((possessive ? ND_T_POSSESSIVE : 0) | (ascii ? ND_T_ASCII : 0));
    out->first = first & UP ? ND_CASE_UPPER : first & LO ? ND_CASE_LOWER : ND_CASE_NONE;
    out->last = last & UP ? ND_CASE_UPPER : last & LO ? ND_CASE_LOWER : ND_CASE_NONE;
    out->initials = out->dot = false;
    return true;
}
