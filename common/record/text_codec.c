#include "record/text_codec.h"

#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zlib.h>
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_createDDict_byReference: no copy of a dictionary that is mapped */
#include <zstd.h>
#include <zstd_errors.h>

#include <stdlib.h>
#include <string.h>

enum {
    ZSTD_LEVEL = 3,
    DEFLATE_LEVEL = 6,
    WINDOW = 32 * 1024,        /* deflate looks back no further */
    DICT_MIN_TEXT = 64 * 1024, /* with less text a dictionary takes more than it saves */
    DICT_MIN = 4 * 1024,
    /* Measured on 60 MB of news, with the dictionary: none .463, 64 KB .376, 128 KB .377, 256 KB .361,
     * 512 KB .362 of the text; on 1 MB of it 32 KB is best (.410). */
    DICT_SMALL = 64 * 1024,
    DICT_LARGE = 256 * 1024,
    LARGE_TEXT = 6 << 20, /* text from which the large one pays */
    DICT_SHARE = 32,      /* a small one is at most this part of the text it is made from */
    TRAIN_K = 200,        /* bytes of the segments that training chooses */
    TRAIN_D = 8,          /* bytes that are counted */
    TRAIN_F = 20,         /* bits of the table of counts */
    TRAIN_ACCEL = 8       /* an eighth of the counts: 0.08 s for 8 MB; all of them save 0.1 % */
};

/* ---- dictionaries ---- */

int nd_dict_train(struct nd_buf *dict, enum nd_codec codec, const char *texts, const size_t *sizes,
                  size_t n)
{
    size_t total = 0, size;
    for (size_t i = 0; i < n; i++)
        total += sizes[i];
    if (total < DICT_MIN_TEXT || n > UINT32_MAX)
        return 0;
    size = total / DICT_SHARE;
    size = size < DICT_MIN ? DICT_MIN : size > DICT_SMALL ? DICT_SMALL : size;
    if (total >= LARGE_TEXT)
        size = DICT_LARGE;
    if (codec == ND_CODEC_DEFLATE && size > WINDOW)
        size = WINDOW;
    int rc = nd_buf_room(dict, size);
    if (rc)
        return rc;
    ZDICT_fastCover_params_t how = {.k = TRAIN_K, .d = TRAIN_D, .f = TRAIN_F, .accel = TRAIN_ACCEL};
    how.zParams.compressionLevel = ZSTD_LEVEL;
    size_t got = ZDICT_trainFromBuffer_fastCover(dict->data + dict->len, size, texts, sizes,
                                                 (unsigned)n, how);
    if (ZDICT_isError(got)) /* too few or too equal texts: they do without */
        return 0;
    if (codec == ND_CODEC_DEFLATE) { /* the bytes alone, without zstd's tables */
        size_t head = ZDICT_getDictHeaderSize(dict->data + dict->len, got);
        if (ZDICT_isError(head) || head > got)
            return 0;
        memmove(dict->data + dict->len, dict->data + dict->len + head, got - head);
        got -= head;
    }
    dict->len += got;
    return 0;
}

/* ---- compression ---- */

struct nd_pack {
    enum nd_codec codec;
    ZSTD_CCtx *zstd;
    ZSTD_CDict *zdict;
    z_stream deflate, primed; /* primed: has taken the dictionary; copied for each text */
    bool has_primed;
};

int nd_pack_new(struct nd_pack **out, enum nd_codec codec, const void *dict, size_t n)
{
    *out = NULL;
    struct nd_pack *p = calloc(1, sizeof *p);
    if (!p)
        return ND_NOMEM;
    p->codec = codec;
    int rc = 0;
    if (codec == ND_CODEC_ZSTD) {
        p->zstd = ZSTD_createCCtx();
        if (n)
            p->zdict = ZSTD_createCDict(dict, n, ZSTD_LEVEL);
        if (!p->zstd || (n && !p->zdict)) {
            rc = ND_NOMEM;
        } else if (ZSTD_isError(
                       ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL)) ||
                   ZSTD_isError(ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 0)) ||
                   ZSTD_isError(ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_dictIDFlag, 0)) ||
                   (n && ZSTD_isError(ZSTD_CCtx_refCDict(p->zstd, p->zdict)))) {
            rc = ND_INTERNAL;
        }
    } else {
        int z = deflateInit2(&p->primed, DEFLATE_LEVEL, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
        p->has_primed = z == Z_OK;
        if (z != Z_OK)
            rc = ND_NOMEM;
        else if (n && deflateSetDictionary(&p->primed, dict, (uInt)n) != Z_OK)
            rc = ND_INTERNAL;
    }
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
    ZSTD_freeCCtx(p->zstd);
    ZSTD_freeCDict(p->zdict);
    if (p->has_primed)
        deflateEnd(&p->primed);
    free(p);
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

int nd_pack(struct nd_pack *p, struct nd_buf *out, const char *text, size_t n)
{
    if (n > ND_TEXT_MAX)
        return ND_LIMIT;
    int rc = p->codec == ND_CODEC_ZSTD ? pack_zstd(p, out, text, n) : pack_deflate(p, out, text, n);
    if (!rc)
        out->data[out->len] = '\0';
    return rc;
}

/* ---- decompression ---- */

struct nd_unpack {
    enum nd_codec codec;
    ZSTD_DCtx *zstd;
    ZSTD_DDict *zdict;
    z_stream inflate;
    bool has_inflate;
    const void *dict;
    size_t dict_n;
};

int nd_unpack_new(struct nd_unpack **out, enum nd_codec codec, const void *dict, size_t n)
{
    *out = NULL;
    struct nd_unpack *u = calloc(1, sizeof *u);
    if (!u)
        return ND_NOMEM;
    u->codec = codec;
    u->dict = dict;
    u->dict_n = n;
    int rc = 0;
    if (codec == ND_CODEC_ZSTD) {
        u->zstd = ZSTD_createDCtx();
        if (n)
            u->zdict = ZSTD_createDDict_byReference(dict, n);
        if (!u->zstd)
            rc = ND_NOMEM;
        else if (n && !u->zdict)
            rc = ND_CORRUPT;
    } else {
        int z = inflateInit2(&u->inflate, -15);
        u->has_inflate = z == Z_OK;
        if (z != Z_OK)
            rc = ND_NOMEM;
        else if (n > WINDOW)
            rc = ND_CORRUPT;
    }
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

int nd_unpack(struct nd_unpack *u, struct nd_buf *out, const unsigned char *packed, size_t n)
{
    uint64_t size;
    const unsigned char *p = packed, *end = packed + n;
    if (u->codec == ND_CODEC_ZSTD) {
        size = ZSTD_getFrameContentSize(p, n);
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
                         ? ZSTD_decompress_usingDDict(u->zstd, to, (size_t)size, p, n, u->zdict)
                         : ZSTD_decompressDCtx(u->zstd, to, (size_t)size, p, n);
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
