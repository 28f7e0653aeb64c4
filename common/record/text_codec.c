#include "record/text_codec.h"

#include "record/text_words.h"

#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zlib.h>
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_createDDict_byReference: no copy of a dictionary that is mapped */
#include <zstd.h>
#include <zstd_errors.h>

#include <stdlib.h>
#include <string.h>

enum {
    ZSTD_LEVEL = 3, /* of texts without a dictionary, and of what training counts */
    DEFLATE_LEVEL = 6,
    WINDOW = 32 * 1024,        /* deflate looks back no further */
    DICT_MIN_TEXT = 64 * 1024, /* with less text a dictionary takes more than it saves */
    DICT_MIN = 4 * 1024,
    /* Measured on 60 MB of news with coded words: 64 KB .283, 128 KB .275, 192 KB .274 of the text. */
    DICT_SMALL = 32 * 1024,
    DICT_LARGE = 128 * 1024,
    LARGE_TEXT = 6 << 20, /* text from which the large one pays */
    DICT_SHARE = 32,      /* a small one is at most this part of the coded text it is made from */
    LEAST = 6,            /* occurrences of a word that is coded, in all of the text */
    LEAST_OF_SAMPLE = 2,  /* or in the first part of much text */
    TRAIN_K = 100,        /* bytes of the segments that training chooses */
    TRAIN_D = 6,          /* bytes that are counted */
    TRAIN_F = 18,         /* bits of the table of counts */
    TRAIN_ACCEL = 10      /* a tenth of the counts; all of them save 0.5 % */
};

/* ---- texts made ready ---- */

void nd_ready_init(struct nd_ready *r)
{
    *r = (struct nd_ready){0};
    nd_buf_init(&r->bytes, SIZE_MAX / 4);
}

void nd_ready_reset(struct nd_ready *r)
{
    nd_buf_reset(&r->bytes);
    r->n = 0;
}

void nd_ready_free(struct nd_ready *r)
{
    nd_buf_free(&r->bytes);
    free(r->v);
    nd_ready_init(r);
}

size_t nd_ready_bytes(const struct nd_ready *r)
{
    return r->bytes.cap + r->cap * sizeof *r->v;
}

/* Code one text; as it is where there is no coder, or the codes are longer. */
static int ready_one(struct nd_ready *r, const struct nd_word_coder *coder, const char *text,
                     size_t n)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 256;
        struct nd_ready_text *v = realloc(r->v, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        r->v = v;
        r->cap = cap;
    }
    size_t before = r->bytes.len;
    struct nd_ready_text x = {.text_n = n};
    int rc = coder ? nd_word_coder_put(coder, &r->bytes, text, n) : 0;
    if (rc)
        return rc;
    x.coded = coder && r->bytes.len - before <= n;
    if (!x.coded) {
        r->bytes.len = before;
        rc = nd_buf_add(&r->bytes, text, n);
    }
    x.n = r->bytes.len - before;
    r->v[r->n] = x;
    r->n += !rc;
    return rc;
}

static int ready_all(struct nd_ready *r, const struct nd_word_coder *coder, const char *texts,
                     const size_t *sizes, size_t n)
{
    int rc = 0;
    for (size_t i = 0; i < n && !rc; texts += sizes[i], i++)
        rc = sizes[i] > ND_TEXT_MAX ? ND_LIMIT : ready_one(r, coder, texts, sizes[i]);
    return rc;
}

/* ---- dictionaries ---- */

/* Append a compressor's dictionary for the ready texts; nothing where they are too few or too equal. */
static int train(struct nd_buf *dict, enum nd_codec codec, const struct nd_ready *r, bool large)
{
    size_t size = r->bytes.len / DICT_SHARE;
    size = size < DICT_MIN ? DICT_MIN : size > DICT_SMALL ? DICT_SMALL : size;
    if (large)
        size = DICT_LARGE;
    if (codec == ND_CODEC_DEFLATE && size > WINDOW)
        size = WINDOW;
    size_t *sizes = malloc((r->n + 1) * sizeof *sizes);
    int rc = sizes ? nd_buf_room(dict, size) : ND_NOMEM;
    if (rc)
        goto out;
    for (size_t i = 0; i < r->n; i++)
        sizes[i] = r->v[i].n;
    ZDICT_fastCover_params_t how = {.k = TRAIN_K, .d = TRAIN_D, .f = TRAIN_F, .accel = TRAIN_ACCEL};
    how.zParams.compressionLevel = ZSTD_LEVEL;
    char *to = dict->data + dict->len;
    size_t got =
        ZDICT_trainFromBuffer_fastCover(to, size, r->bytes.data, sizes, (unsigned)r->n, how);
    if (ZDICT_isError(got))
        goto out;
    if (codec == ND_CODEC_DEFLATE) { /* the bytes alone, without zstd's tables */
        size_t head = ZDICT_getDictHeaderSize(to, got);
        if (ZDICT_isError(head) || head > got)
            goto out;
        memmove(to, to + head, got - head);
        got -= head;
    }
    dict->len += got;
out:
    free(sizes);
    return rc;
}

/* ---- compression ---- */

struct nd_pack {
    enum nd_codec codec;
    struct nd_word_coder *coder; /* NULL without a dictionary */
    ZSTD_CCtx *zstd;
    ZSTD_CDict *zdict;
    z_stream deflate, primed; /* primed: has taken the dictionary; copied for each text */
    bool has_primed;
};

/* Four bytes are two words: as soon as that much is alike it pays to say so, and one hash table finds it. On 60 MB
 * of news 16.55 MB and 0.19 s, where level 3 takes 16.68 and 0.28, level 1 17.71 and 0.15, lazy 15.97 and 0.48. */
static const ZSTD_compressionParameters with_dict = {.windowLog = 18,
                                                     .chainLog = 17,
                                                     .hashLog = 17,
                                                     .searchLog = 1,
                                                     .minMatch = 4,
                                                     .targetLength = 0,
                                                     .strategy = ZSTD_fast};

/* Set up the compressor with its dictionary. */
static int prime(struct nd_pack *p, const void *dict, size_t n)
{
    if (p->codec == ND_CODEC_DEFLATE) {
        if (deflateInit2(&p->primed, DEFLATE_LEVEL, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
            return ND_NOMEM;
        p->has_primed = true;
        return n && deflateSetDictionary(&p->primed, dict, (uInt)n) != Z_OK ? ND_INTERNAL : 0;
    }
    p->zstd = ZSTD_createCCtx();
    if (n)
        p->zdict = ZSTD_createCDict_advanced(dict, n, ZSTD_dlm_byRef, ZSTD_dct_auto, with_dict,
                                             ZSTD_defaultCMem);
    if (!p->zstd || (n && !p->zdict))
        return ND_NOMEM;
    if (ZSTD_isError(ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 0)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_dictIDFlag, 0)) ||
        (n && ZSTD_isError(ZSTD_CCtx_refCDict(p->zstd, p->zdict))))
        return ND_INTERNAL;
    return 0;
}

int nd_pack_train(struct nd_pack **out, enum nd_codec codec, struct nd_buf *dict,
                  struct nd_ready *ready, const char *texts, const size_t *sizes, size_t n)
{
    *out = NULL;
    struct nd_word_list list;
    struct nd_pack *p = calloc(1, sizeof *p);
    if (!p)
        return ND_NOMEM;
    p->codec = codec;
    size_t total = 0, used = 0;
    for (size_t i = 0; i < n; i++)
        total += sizes[i];
    bool any = total >= DICT_MIN_TEXT && n <= UINT32_MAX, large = total >= LARGE_TEXT;
    int rc = 0;
    if (any) {
        rc = nd_word_list_make(dict, texts, total, large ? LEAST_OF_SAMPLE : LEAST);
        if (!rc)
            rc = nd_word_list_open(&list, dict->data, dict->len, &used);
        if (!rc)
            rc = nd_word_coder_new(&p->coder, &list);
    }
    if (!rc)
        rc = ready_all(ready, p->coder, texts, sizes, n);
    if (!rc && any)
        rc = train(dict, codec, ready, large);
    if (!rc)
        rc = prime(p, any ? dict->data + used : NULL, dict->len - used);
    if (rc)
        nd_pack_free(p);
    else
        *out = p;
    return rc;
}

void nd_pack_free(struct nd_pack *p)
{
    if (!p)
        return;
    nd_word_coder_free(p->coder);
    ZSTD_freeCCtx(p->zstd);
    ZSTD_freeCDict(p->zdict);
    if (p->has_primed)
        deflateEnd(&p->primed);
    free(p);
}

int nd_ready_add(struct nd_ready *r, const struct nd_pack *p, const char *texts,
                 const size_t *sizes, size_t n)
{
    return ready_all(r, p->coder, texts, sizes, n);
}

static int pack_zstd(struct nd_pack *p, struct nd_buf *out, const char *text, size_t n)
{
    size_t most = ZSTD_compressBound(n);
    int rc = nd_buf_room(out, most);
    if (rc)
        return rc;
    size_t got = ZSTD_compress2(p->zstd, out->data + out->len, most, text, n);
    if (ZSTD_isError(got))
        return ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation ? ND_NOMEM : ND_INTERNAL;
    out->len += got;
    return 0;
}

static int pack_deflate(struct nd_pack *p, struct nd_buf *out, const char *text, size_t n)
{
    int rc = nd_buf_varint(out, n);
    if (rc)
        return rc;
    if (deflateCopy(&p->deflate, &p->primed) != Z_OK)
        return ND_NOMEM;
    uLong most = deflateBound(&p->deflate, (uLong)n);
    rc = nd_buf_room(out, most);
    if (!rc) {
        p->deflate.next_in = (Bytef *)(uintptr_t)text; /* zlib does not write to it */
        p->deflate.avail_in = (uInt)n;
        p->deflate.next_out = (Bytef *)out->data + out->len;
        p->deflate.avail_out = (uInt)most;
        if (deflate(&p->deflate, Z_FINISH) == Z_STREAM_END)
            out->len += most - p->deflate.avail_out;
        else
            rc = ND_INTERNAL;
    }
    deflateEnd(&p->deflate);
    return rc;
}

int nd_pack(struct nd_pack *p, struct nd_buf *out, const struct nd_ready_text *x, const char *bytes)
{
    int rc = nd_buf_varint(out, 2 * (uint64_t)x->text_n + x->coded);
    if (!rc)
        rc = p->codec == ND_CODEC_ZSTD ? pack_zstd(p, out, bytes, x->n)
                                       : pack_deflate(p, out, bytes, x->n);
    if (!rc)
        out->data[out->len] = '\0';
    return rc;
}

/* ---- decompression ---- */

struct nd_unpack {
    enum nd_codec codec;
    struct nd_word_list words;
    struct nd_buf coded;
    ZSTD_DCtx *zstd;
    ZSTD_DDict *zdict;
    z_stream inflate;
    bool has_inflate;
    const unsigned char *dict; /* the compressor's own */
    size_t dict_n;
};

int nd_unpack_new(struct nd_unpack **out, enum nd_codec codec, const void *dict, size_t n)
{
    *out = NULL;
    size_t used = 0;
    struct nd_unpack *u = calloc(1, sizeof *u);
    if (!u)
        return ND_NOMEM;
    u->codec = codec;
    nd_buf_init(&u->coded, 2 * (size_t)ND_TEXT_MAX);
    int rc = n ? nd_word_list_open(&u->words, dict, n, &used) : 0;
    if (rc)
        goto out;
    u->dict = n ? (const unsigned char *)dict + used : NULL;
    u->dict_n = n - used;
    if (codec == ND_CODEC_ZSTD) {
        u->zstd = ZSTD_createDCtx();
        if (u->dict_n)
            u->zdict = ZSTD_createDDict_byReference(u->dict, u->dict_n);
        if (!u->zstd)
            rc = ND_NOMEM;
        else if (u->dict_n && !u->zdict)
            rc = ND_CORRUPT;
    } else {
        int z = inflateInit2(&u->inflate, -15);
        u->has_inflate = z == Z_OK;
        if (z != Z_OK)
            rc = ND_NOMEM;
        else if (u->dict_n > WINDOW)
            rc = ND_CORRUPT;
    }
out:
    if (rc)
        nd_unpack_free(u);
    else
        *out = u;
    return rc;
}

void nd_unpack_free(struct nd_unpack *u)
{
    if (!u)
        return;
    nd_buf_free(&u->coded);
    ZSTD_freeDCtx(u->zstd);
    ZSTD_freeDDict(u->zdict);
    if (u->has_inflate)
        inflateEnd(&u->inflate);
    free(u);
}

static int unpack_deflate(struct nd_unpack *u, char *out, size_t size, const unsigned char *p,
                          size_t n)
{
    char none;
    if (inflateReset(&u->inflate) != Z_OK ||
        (u->dict_n && inflateSetDictionary(&u->inflate, u->dict, (uInt)u->dict_n) != Z_OK))
        return ND_CORRUPT;
    u->inflate.next_in = (Bytef *)(uintptr_t)p;
    u->inflate.avail_in = (uInt)n;
    u->inflate.next_out = (Bytef *)(size ? out : &none);
    u->inflate.avail_out = (uInt)size;
    int z = inflate(&u->inflate, Z_FINISH);
    if (z == Z_MEM_ERROR)
        return ND_NOMEM;
    return z == Z_STREAM_END && u->inflate.avail_out == 0 && u->inflate.avail_in == 0 ? 0
                                                                                      : ND_CORRUPT;
}

/* Append what the compressor was given. */
static int decompress(struct nd_unpack *u, struct nd_buf *out, const unsigned char *p,
                      const unsigned char *end)
{
    uint64_t size;
    if (u->codec == ND_CODEC_ZSTD) {
        size = ZSTD_getFrameContentSize(p, (size_t)(end - p));
        if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
            return ND_CORRUPT;
    } else if (nd_get_varint(&p, end, &size) || (size_t)(end - p) > UINT32_MAX) {
        return ND_CORRUPT;
    }
    if (size > ND_TEXT_MAX)
        return ND_LIMIT;
    int rc = nd_buf_room(out, (size_t)size);
    if (rc)
        return rc;
    char *to = out->data ? out->data + out->len : NULL;
    if (u->codec == ND_CODEC_DEFLATE) {
        rc = unpack_deflate(u, to, (size_t)size, p, (size_t)(end - p));
    } else {
        size_t got = u->zdict
                         ? ZSTD_decompress_usingDDict(u->zstd, to, (size_t)size, p,
                                                      (size_t)(end - p), u->zdict)
                         : ZSTD_decompressDCtx(u->zstd, to, (size_t)size, p, (size_t)(end - p));
        if (ZSTD_isError(got) || got != size)
            rc = ND_CORRUPT;
    }
    if (out->data) {
        if (!rc)
            out->len += (size_t)size;
        out->data[out->len] = '\0'; /* what was tried may have gone over it */
    }
    return rc;
}

int nd_unpack(struct nd_unpack *u, struct nd_buf *out, const unsigned char *packed, size_t n)
{
    uint64_t head;
    const unsigned char *p = packed, *end = packed + n;
    size_t before = out->len;
    if (nd_get_varint(&p, end, &head))
        return ND_CORRUPT;
    if (head / 2 > ND_TEXT_MAX)
        return ND_LIMIT;
    if (head % 2 == 0) {
        int rc = decompress(u, out, p, end);
        if (!rc && out->len - before != head / 2) {
            out->len = before;
            rc = ND_CORRUPT;
        }
        return rc;
    }
    nd_buf_reset(&u->coded);
    int rc = decompress(u, &u->coded, p, end);
    return rc ? rc
              : nd_word_list_expand(&u->words, out, (size_t)(head / 2),
                                    (const unsigned char *)u->coded.data, u->coded.len);
}
