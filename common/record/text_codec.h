/* text_codec.h: one article compressed alone against a dictionary, by zstd or by deflate.
 * Call order:  nd_pack_new (nd_pack | ...)* nd_pack_free;  nd_unpack_new nd_unpack* nd_unpack_free
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
    ND_TEXT_VERSION = 1,
    ND_TEXT_HEAD_SIZE = 5,
    ND_TEXT_NO_DICT = 255
};

struct nd_pack;
struct nd_unpack;

/* Make a dictionary of n texts that lie one after another, sizes[i] bytes each; *dict stays empty where there is
 * too little text for one to pay. Fails: ND_NOMEM. */
int nd_dict_train(struct nd_buf *dict, enum nd_codec codec, const char *texts, const size_t *sizes,
                  size_t n);

/* dict: borrowed until nd_pack_free; n == 0: none. Fails: ND_NOMEM, ND_INTERNAL. */
int nd_pack_new(struct nd_pack **out, enum nd_codec codec, const void *dict, size_t n);
void nd_pack_free(struct nd_pack *p);
/* Append the compressed text. Fails: ND_NOMEM, ND_LIMIT, ND_INTERNAL. */
int nd_pack(struct nd_pack *p, struct nd_buf *out, const char *text, size_t n);

/* dict: as above. Fails: ND_NOMEM, ND_CORRUPT (not a dictionary). */
int nd_unpack_new(struct nd_unpack **out, enum nd_codec codec, const void *dict, size_t n);
void nd_unpack_free(struct nd_unpack *u);
/* Append the text of packed[0..n). Fails: ND_CORRUPT; ND_LIMIT past ND_TEXT_MAX or out->max; ND_NOMEM. */
int nd_unpack(struct nd_unpack *u, struct nd_buf *out, const unsigned char *packed, size_t n);

#endif
