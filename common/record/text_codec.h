/* text_codec.h: one article compressed alone against a dictionary, by zstd or by deflate, its words coded
 * (text_words.h).
 * Article: varint 2 * bytes of text + 1 if its words are coded | zstd frame, or raw deflate, of the coded text after,
 * for deflate, its size as a varint. Dictionary: list of words | dictionary of the compressor, which may be empty.
 * Call order:  nd_pack_train (nd_ready_add nd_pack*)* nd_pack_free;  nd_unpack_new nd_unpack* nd_unpack_free
 * Threads:     one owner.   Used by: text.c, text_write.c. */
#ifndef ND_RECORD_TEXT_CODEC_H
#define ND_RECORD_TEXT_CODEC_H

#include "record/text.h"

enum nd_text_section { /* written to disk */
    ND_TEXT_HEAD = 1,
    ND_TEXT_OFFSETS = 2,
    ND_TEXT_DICT_NUMBERS = 3,
    ND_TEXT_DATA = 4,
    ND_TEXT_DICT = 10
};

enum {
    ND_TEXT_VERSION = 2,
    ND_TEXT_HEAD_SIZE = 5,
    ND_TEXT_NO_DICT = 255
};

struct nd_pack;
struct nd_unpack;

/* Texts whose words have been coded, one after another: coding many, then compressing many, is quicker than taking
 * turns, since each has tables that fill the cache. */
struct nd_ready {
    struct nd_buf bytes;
    struct nd_ready_text {
        size_t n, text_n; /* bytes, and those of the text */
        bool coded;
    } * v;
    size_t n, cap;
};
void nd_ready_init(struct nd_ready *r);
void nd_ready_reset(struct nd_ready *r);
void nd_ready_free(struct nd_ready *r);
size_t nd_ready_bytes(const struct nd_ready *r);

enum {
    ND_PACK_PAD = 16 /* bytes that can be read behind texts that are given to these */
};
/* Make a dictionary of n texts that lie one after another, sizes[i] bytes each; *dict stays empty where there is too
 * little text for one to pay. The texts are added to ready. dict: borrowed until nd_pack_free.
 * Fails: ND_NOMEM, ND_INTERNAL. */
int nd_pack_train(struct nd_pack **out, enum nd_codec codec, struct nd_buf *dict,
                  struct nd_ready *ready, const char *texts, const size_t *sizes, size_t n);
void nd_pack_free(struct nd_pack *p);
/* Code the words of n such texts. Fails: ND_NOMEM, ND_LIMIT past ND_TEXT_MAX. */
int nd_ready_add(struct nd_ready *r, const struct nd_pack *p, const char *texts,
                 const size_t *sizes, size_t n);
/* Append the compressed form of ready text x, whose bytes are given. Fails: ND_NOMEM, ND_INTERNAL. */
int nd_pack(struct nd_pack *p, struct nd_buf *out, const struct nd_ready_text *x,
            const char *bytes);

/* dict: borrowed until nd_unpack_free; n == 0: none. ND_CODED_PAD bytes can be read behind it.
 * Fails: ND_NOMEM, ND_CORRUPT (not a dictionary). */
int nd_unpack_new(struct nd_unpack **out, enum nd_codec codec, const void *dict, size_t n);
void nd_unpack_free(struct nd_unpack *u);
/* Append the text of packed[0..n). Fails: ND_CORRUPT; ND_LIMIT past ND_TEXT_MAX or out->max; ND_NOMEM. */
int nd_unpack(struct nd_unpack *u, struct nd_buf *out, const unsigned char *packed, size_t n);

#endif
