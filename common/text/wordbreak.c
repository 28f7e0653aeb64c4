#include "text/wordbreak.h"

#include "text/letter.h"
#include "text/utf8.h"

#include <utf8proc.h>

/* Length and class of the character at text[at..n); an ill-formed byte is a character of its own. */
static size_t peek(const char *text, size_t n, size_t at, unsigned *wb, uint32_t *cp)
{
    *cp = 0xfffd;
    size_t len = nd_utf8_decode(text + at, n - at, cp);
    *wb = nd_wb(*cp);
    return len ? len : 1;
}

/* Class of the first character from `at` on that is not attached to the one before; OTHER at the end. */
static unsigned class_after(const char *text, size_t n, size_t at)
{
    while (at < n) {
        unsigned wb;
        uint32_t cp;
        at += peek(text, n, at, &wb, &cp);
        if (!nd_wb_ignored(wb))
            return wb;
    }
    return ND_WB_OTHER;
}

static bool is_pictographic(uint32_t cp)
{
    return utf8proc_get_property((utf8proc_int32_t)cp)->boundclass ==
           UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* Does a character of class `mid` join two letters (WB6, WB7), two digits (WB11, WB12)? */
static bool joins_letters(unsigned mid)
{
    return mid == ND_WB_MIDLETTER || mid == ND_WB_MIDNUMLET || mid == ND_WB_SQUOTE;
}
static bool joins_digits(unsigned mid)
{
    return mid == ND_WB_MIDNUM || mid == ND_WB_MIDNUMLET || mid == ND_WB_SQUOTE;
}

size_t nd_wordbreak_next(const char *text, size_t n, size_t at)
{
    if (at >= n)
        return n;
    unsigned last;  /* class of the character just before, attached ones too: WB3, WB3c, WB3d */
    unsigned prev;  /* class of the last character that was not attached to one before it */
    unsigned prev2; /* and of the one before that */
    unsigned flags; /* regional indicators in a row */
    uint32_t cp;
    at += peek(text, n, at, &prev, &cp);
    last = prev;
    prev2 = ND_WB_OTHER;
    flags = prev == ND_WB_RI;
    while (at < n) {
        unsigned wb;
        size_t len = peek(text, n, at, &wb, &cp);
        bool newline = last == ND_WB_CR || last == ND_WB_LF || last == ND_WB_NEWLINE;
        bool join = false;
        if (newline) { /* WB3, WB3a */
            if (!(last == ND_WB_CR && wb == ND_WB_LF))
                return at;
            join = true;
        } else if (wb == ND_WB_CR || wb == ND_WB_LF || wb == ND_WB_NEWLINE) { /* WB3b */
            return at;
        } else if (nd_wb_ignored(wb)) { /* WB4 */
            at += len;
            last = wb;
            continue;
        } else if ((last == ND_WB_ZWJ && is_pictographic(cp)) ||         /* WB3c */
                   (last == ND_WB_WSEGSPACE && wb == ND_WB_WSEGSPACE)) { /* WB3d */
            join = true;
        } else if (nd_wb_letter(prev)) {
            join = nd_wb_letter(wb) || wb == ND_WB_NUMERIC || wb == ND_WB_EXTNUMLET || /* 5 9 13a */
                   (prev == ND_WB_HEBREW && wb == ND_WB_SQUOTE) ||                     /* WB7a */
                   (prev == ND_WB_HEBREW && wb == ND_WB_DQUOTE &&
                    class_after(text, n, at + len) == ND_WB_HEBREW) ||                  /* WB7b */
                   (joins_letters(wb) && nd_wb_letter(class_after(text, n, at + len))); /* WB6 */
        } else if (prev == ND_WB_NUMERIC) {
            join = nd_wb_letter(wb) || wb == ND_WB_NUMERIC ||
                   wb == ND_WB_EXTNUMLET || /* 8 10 13a */
                   (joins_digits(wb) && class_after(text, n, at + len) == ND_WB_NUMERIC); /* WB12 */
        } else if (prev == ND_WB_KATAKANA) {
            join = wb == ND_WB_KATAKANA || wb == ND_WB_EXTNUMLET; /* WB13, WB13a */
        } else if (prev == ND_WB_EXTNUMLET) {                     /* WB13a, WB13b */
            join = nd_wb_letter(wb) || wb == ND_WB_NUMERIC || wb == ND_WB_KATAKANA ||
                   wb == ND_WB_EXTNUMLET;
        } else if (prev == ND_WB_RI) { /* WB15, WB16 */
            join = wb == ND_WB_RI && flags % 2 == 1;
        }
        if (!join)
            join = (nd_wb_letter(prev2) && joins_letters(prev) && nd_wb_letter(wb)) || /* WB7 */
                   (prev2 == ND_WB_HEBREW && prev == ND_WB_DQUOTE && wb == ND_WB_HEBREW) || /* 7c */
                   (prev2 == ND_WB_NUMERIC && joins_digits(prev) && wb == ND_WB_NUMERIC);   /* 11 */
        if (!join)
            return at;
        flags = wb == ND_WB_RI ? flags + 1 : 0;
        prev2 = prev;
        prev = last = wb;
        at += len;
    }
    return n;
}
