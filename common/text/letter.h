/* letter.h: what the analysis asks about one character.
 * Threads: no shared state.   Used by: fold.c, wordbreak.c, token*.c. */
#ifndef ND_TEXT_LETTER_H
#define ND_TEXT_LETTER_H

#include "text/wordbreak_table.h"

#include <stdbool.h>
#include <stddef.h>

/* The property byte of a character (wordbreak_table.h). */
unsigned nd_props(uint32_t cp);
/* Its Word_Break class. */
static inline unsigned nd_wb(uint32_t cp)
{
    return nd_props(cp) & ND_WB_MASK;
}
/* Simple lower case, and the letters that fold to another one without being capitals (final sigma,
 * long s, micro sign): one character for one character. */
uint32_t nd_lower_cp(uint32_t cp);
/* Is it a capital (or title-case) letter; is it a small letter. */
bool nd_is_upper(uint32_t cp);
bool nd_is_lower(uint32_t cp);
/* Classes that UAX 29 attaches to the character before them. */
static inline bool nd_wb_ignored(unsigned wb)
{
    return wb == ND_WB_EXTEND || wb == ND_WB_FORMAT || wb == ND_WB_ZWJ;
}
/* A letter of the classes that words are made of. */
static inline bool nd_wb_letter(unsigned wb)
{
    return wb == ND_WB_ALETTER || wb == ND_WB_HEBREW;
}

#endif
