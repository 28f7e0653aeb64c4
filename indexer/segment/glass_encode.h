/* glass_encode.h: the keys and tags of a glass database: integers, term lists, positions.
 * Posting lists have a file of their own: glass_postlist.h.
 * Call order:  each function stands alone;
 *              nd_glass_zip_init nd_glass_zip* nd_glass_zip_free
 * Threads: no shared state; a compressor has one owner.
 * Used by: glass.c, glass_read.c, glass_merge.c.
 *
 * Format:
 *   uint       LEB128, least significant group first
 *   sorted     docids in keys, the order of bytes is that of numbers: below 2^15 two bytes
 *              big-endian; otherwise 3 to 5 bytes, of which the first begins 10, 110 or 1110
 *   term       in keys: each byte 00 becomes 00 ff; 00 ends it unless it is the whole key
 *   docdata    key sorted docid; tag the bytes themselves, none for an empty document
 *   termlist   key sorted docid; tag empty, or: uint length of the document, uint number of terms,
 *              then the first term: u8 length, bytes, uint wdf
 *              and each other, with r bytes shared with the term before (of P bytes):
 *                u8 (wdf + 1) * (P + 1) + r, u8 rest, bytes    if that fits a byte and wdf < 127
 *                u8 r, u8 rest, bytes, uint wdf                otherwise
 *   positions  key term, sorted docid; tag uint last position, then (if there are several) a bit
 *              stream, lowest bit first: first position, count - 2, and the positions between by
 *              interpolative coding; each number in a truncated binary code that gives the short
 *              codes to the middle of its range */
#ifndef ND_SEGMENT_GLASS_ENCODE_H
#define ND_SEGMENT_GLASS_ENCODE_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

enum {
    ND_GLASS_TERM_MAX = 245, /* bytes of a term, a NUL counted twice */
    ND_GLASS_ZIP_MIN = 18    /* tags up to this length are never compressed */
};

/* A term of a document. */
struct nd_glass_term {
    const char *p;
    uint32_t n;
    uint32_t wdf;
};

/* Store v as uint. Return: just past it; at most 10 bytes are written. */
static inline unsigned char *nd_glass_put_uint(unsigned char *p, uint64_t v)
{
    while (v >= 0x80) {
        *p++ = (unsigned char)(v | 0x80);
        v >>= 7;
    }
    *p++ = (unsigned char)v;
    return p;
}

/* Store a docid as sorted. Return: its bytes, 2 to 5. */
size_t nd_glass_put_docid(unsigned char *out, uint32_t docid);
/* Read a docid at the front of p[0..n). Return: its bytes, 0 if it is cut or not one. */
size_t nd_glass_get_docid(const unsigned char *p, size_t n, uint32_t *docid);
/* Store a term as in a key, without its end; out has room for ND_GLASS_TERM_MAX bytes.
 * Return: its bytes, 0 if the term is empty or too long. */
size_t nd_glass_put_term(unsigned char *out, const char *term, size_t n);
/* The length of the term at the front of a key, without its end. */
size_t nd_glass_term_length(const unsigned char *key, size_t n);

/* Encode the term list of a document into out, which is reset first.
 * terms: in ascending byte order, 1 to 245 bytes each; length: the sum of their wdf.
 * Fails: ND_INTERNAL out of order or of a wrong length or sum; ND_NOMEM, ND_LIMIT of out. */
int nd_glass_put_termlist(struct nd_buf *out, const struct nd_glass_term *terms, size_t n,
                          uint32_t length, struct nd_error *err);

/* Encode positions into out, which is reset first. Strictly ascending, at least one.
 * Fails: ND_INTERNAL out of order; ND_NOMEM, ND_LIMIT of out. */
int nd_glass_put_positions(struct nd_buf *out, const uint32_t *positions, uint32_t n,
                           struct nd_error *err);

/* A raw deflate compressor, made once for many tags. */
struct nd_glass_zip {
    void *stream;
    struct nd_buf out;
};

/* level: 1 to 9 of zlib. Fails: ND_NOMEM; z can be freed in any case. */
int nd_glass_zip_init(struct nd_glass_zip *z, int level, struct nd_error *err);
void nd_glass_zip_free(struct nd_glass_zip *z);
/* Compress a tag if that makes it shorter.
 * Return: true: *p and *n are the compressed bytes, good until the next call; false: they are
 *         unchanged. */
bool nd_glass_zip(struct nd_glass_zip *z, const void **p, size_t *n);

#endif
