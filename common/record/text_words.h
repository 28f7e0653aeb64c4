/* text_words.h: frequent words of stored articles as codes of one or two bytes, before they are compressed.
 * A compressor that takes each article alone spends most of its bits on naming words; a code, with the space before it
 * understood, is shorter than a match, and there is a third as much to compress.
 *
 * Words. Runs of ASCII letters and bytes >= 0x80, runs of digits, an apostrophe (' or U+2019) with one or two
 * letters, and each character U+2000 to U+203F (quotation marks, dashes); at most ND_WORD_HEAD bytes.
 * List: u32 n | u32 offset of each word, and the end | the words, the most frequent first | 16 zero bytes.
 * Coded text:
 *   0x80 ..    the word of number c - 0x80, for the first ND_CODED_ONE
 *   the rest   with the byte that follows: the words behind these, 256 for each first byte
 *   1          the next code is without a space where one is expected, or with none before that
 *   2          the first letter of the next word is a capital: 'a' to 'z' in the list
 *   3 n        n bytes follow as they are
 *   others     < 0x80: themselves
 * A space goes before a word of the list where nd_spaced says so: what is expected of the text before it.
 * Threads: a coder has one owner; a list is only read.   Used by: text_codec.c. */
#ifndef ND_RECORD_TEXT_WORDS_H
#define ND_RECORD_TEXT_WORDS_H

#include "base/buf.h"

#include <stdbool.h>

enum {
    ND_CODED_ONE = 48, /* words of one byte */
    ND_CODED_MAX = ND_CODED_ONE + (128 - ND_CODED_ONE) * 256,
    ND_CODED_PAD = 16 /* bytes that can be read behind a text that is coded */
};

struct nd_word_list {
    const unsigned char *at, *text; /* borrowed */
    uint32_t n, bytes;
};

/* Append the list of the words that pay in a text; least: how often a word must occur. text: ND_CODED_PAD more bytes
 * can be read. Fails: ND_NOMEM. */
int nd_word_list_make(struct nd_buf *out, const char *text, size_t n, uint32_t least);
/* Find the list at p[0..n). *used: its bytes. Fails: ND_CORRUPT. Cost: constant. */
int nd_word_list_open(struct nd_word_list *l, const void *p, size_t n, size_t *used);

struct nd_word_coder;
/* Fails: ND_NOMEM, ND_CORRUPT. */
int nd_word_coder_new(struct nd_word_coder **out, const struct nd_word_list *l);
void nd_word_coder_free(struct nd_word_coder *c);
/* Append the coded text. p: as above. Fails: ND_NOMEM, ND_LIMIT. */
int nd_word_coder_put(const struct nd_word_coder *c, struct nd_buf *out, const char *p, size_t n);
/* Append the text, of text_n bytes, that p[0..n) codes. Fails: ND_CORRUPT, ND_NOMEM, ND_LIMIT. */
int nd_word_list_expand(const struct nd_word_list *l, struct nd_buf *out, size_t text_n,
                        const unsigned char *p, size_t n);

#endif
