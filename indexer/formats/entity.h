/* entity.h: character references of markup: &amp; &eacute; &#8217; &#x2019;
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_ENTITY_H
#define INDEXER_FORMATS_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ND_ENTITY_MAX = 12 /* bytes of a name or number */
};

/* The character of a name ("amp", "eacute"). Return: 0 if there is none. */
uint32_t nd_entity_named(const char *p, size_t n);
/* The character of a number ("8217", "x2019"); 128 to 159 are read as windows-1252. Return: 0 for no character. */
uint32_t nd_entity_number(const char *p, size_t n);
/* What a byte of 128 to 159 means in windows-1252. */
uint32_t nd_entity_latin(unsigned char c);
/* The reference that begins at p[0]. Return: its bytes with & and ;, *cp its character (0: a number that is none);
 * 0 if there is no reference, or one of an unknown name. */
size_t nd_entity_at(const char *p, size_t n, uint32_t *cp);

#endif
