/* utf8.h: check, repair, decode, fold and measure UTF-8; normalisation by utf8proc.
 * Threads: no shared state. */
#ifndef ND_TEXT_UTF8_H
#define ND_TEXT_UTF8_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

/* Decode the character at p[0..n), n > 0.
 * Return: its length in bytes 1..4 with *cp set; 0 if ill-formed (surrogates, overlong, too large). */
size_t nd_utf8_decode(const char *p, size_t n, uint32_t *cp);
/* Encode cp. Return: bytes written, 1..4; 0 for no character. */
size_t nd_utf8_encode(uint32_t cp, char out[4]);
/* Bytes of the longest well-formed start of p[0..n); n when all is well. Vector-friendly for ASCII. */
size_t nd_utf8_valid(const char *p, size_t n);
/* Append p[0..n) to out with each ill-formed run (by Unicode's maximal subpart practice) replaced by
 * U+FFFD. *repairs grows by their number. */
int nd_utf8_repair(struct nd_buf *out, const char *p, size_t n, uint64_t *repairs);
/* Append the NFC form of well-formed p[0..n). ASCII is copied. Fails: ND_NOMEM, ND_LIMIT. */
int nd_nfc(struct nd_buf *out, const char *p, size_t n);
/* Append p[0..n) in lower case with diacritics off and compatibility forms folded (NFKD, marks off,
 * case folded; also ø o, ł l, đ d, ß ss, æ ae, œ oe, ı i). What `=word` compares, and how stored names are
 * looked up. Fails: ND_NOMEM, ND_LIMIT. */
int nd_fold(struct nd_buf *out, const char *p, size_t n);
/* Append p[0..n) in lower case (simple case folding of single characters), diacritics kept. */
int nd_lowercase(struct nd_buf *out, const char *p, size_t n);
/* Terminal cells of well-formed p[0..n): 2 for wide characters, 0 for combining ones. */
size_t nd_width(const char *p, size_t n);
/* Bytes of the longest start of p[0..n) that fits in so many cells, at a character boundary. */
size_t nd_width_cut(const char *p, size_t n, size_t cells);
/* Append p[0..n) with control characters (C0, C1, bidi overrides) as \xNN, \n as a blank if `line`. */
int nd_printable(struct nd_buf *out, const char *p, size_t n, bool line);

#endif
