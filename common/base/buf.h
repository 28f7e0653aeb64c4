/* buf.h: a growing byte buffer with a maximum.
 * Call order:  nd_buf_init (nd_buf_add* | nd_buf_printf* | nd_buf_reset)* nd_buf_free
 * Invariants:  len <= cap <= max; the byte after data[len] is NUL whenever data is not NULL.
 * Errors are sticky: after a failed append every later one fails with the same code until
 * nd_buf_reset, so a run of appends needs one check at its end (nd_buf_code).
 * Threads: one owner. */
#ifndef ND_BASE_BUF_H
#define ND_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nd_buf {
    char *data; /* owned; NULL until the first append */
    size_t len, cap, max;
    int code; /* first failure, 0 while all is well */
};

/* Make b empty; it will never hold more than max bytes. */
void nd_buf_init(struct nd_buf *b, size_t max);
/* Forget the content and any failure, keep the memory. */
void nd_buf_reset(struct nd_buf *b);
/* Free the memory; b may be used again after nd_buf_init. */
void nd_buf_free(struct nd_buf *b);
/* Make room for n more bytes. Return: 0, ND_LIMIT, ND_NOMEM. */
int nd_buf_room(struct nd_buf *b, size_t n);
/* Append n bytes. Return: 0, ND_LIMIT, ND_NOMEM. */
int nd_buf_add(struct nd_buf *b, const void *p, size_t n);
/* Append one byte. */
int nd_buf_byte(struct nd_buf *b, unsigned char c);
/* Append a NUL-ended string without its NUL. */
int nd_buf_str(struct nd_buf *b, const char *s);
/* Append formatted text. */
int nd_buf_printf(struct nd_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Append v as LEB128: 7 bits a byte, least significant first (Xapian's pack_uint too). */
int nd_buf_varint(struct nd_buf *b, uint64_t v);
/* Append v as little-endian bytes. */
int nd_buf_u32(struct nd_buf *b, uint32_t v);
int nd_buf_u64(struct nd_buf *b, uint64_t v);
/* The first failure of a run of appends, 0 if none. */
int nd_buf_code(const struct nd_buf *b);

/* Read a LEB128 number from [*p, end); *p moves past it.
 * Return: 0, or ND_CORRUPT when it is cut or does not fit (then *p is unchanged). */
int nd_get_varint(const unsigned char **p, const unsigned char *end, uint64_t *out);

/* Little-endian loads and stores that need no alignment. */
static inline uint32_t nd_load32(const void *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}
static inline uint64_t nd_load64(const void *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint64_t)nd_load32(b) | (uint64_t)nd_load32(b + 4) << 32;
}
static inline void nd_store32(void *p, uint32_t v)
{
    unsigned char *b = (unsigned char *)p;
    b[0] = (unsigned char)v;
    b[1] = (unsigned char)(v >> 8);
    b[2] = (unsigned char)(v >> 16);
    b[3] = (unsigned char)(v >> 24);
}
static inline void nd_store64(void *p, uint64_t v)
{
    nd_store32(p, (uint32_t)v);
    nd_store32((unsigned char *)p + 4, (uint32_t)(v >> 32));
}

#ifdef __cplusplus
}
#endif
#endif
