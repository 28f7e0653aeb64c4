/* wordbreak.h: word boundaries of UAX 29 (Unicode 15.0) as the standard has them, without tailoring.
 * The tokenizer has rules of its own over the same classes; tests hold it against this one.
 * Threads: no shared state. */
#ifndef ND_TEXT_WORDBREAK_H
#define ND_TEXT_WORDBREAK_H

#include <stddef.h>

/* The next boundary after `at`, which must be a boundary (0 is one), in text[0..n).
 * Return: n at the end; more than `at` whenever at < n. Cost: O(bytes passed), and a look ahead over
 * the marks that follow a full stop or apostrophe. */
size_t nd_wordbreak_next(const char *text, size_t n, size_t at);

#endif
