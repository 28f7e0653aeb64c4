/* markup.h: the characters that stand for something in HTML and XML.
 * Used by: pages of newsq, readers that write markup anew. */
#ifndef ND_TEXT_MARKUP_H
#define ND_TEXT_MARKUP_H

#include <stddef.h>

/* The reference that stands for a character in text and in quoted attributes; NULL where it stands for itself. */
static inline const char *nd_markup_reference(unsigned c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

#endif
