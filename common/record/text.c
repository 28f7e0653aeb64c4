#include "record/text.h"

#include "record/text_codec.h"

#include <stdlib.h>
#include <string.h>

struct nd_texts {
    struct nd_sections file;
    enum nd_codec codec;
    uint32_t docs, dicts;
    struct nd_section offsets, numbers, data;
    struct nd_unpack
        *unpack[ND_TEXT_DICTS + 1]; /* made when first needed; the last is without dictionary */
};

static int corrupt(const struct nd_texts *t, const char *what, struct nd_error *err)
{
    int rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: %s", t->file.path, what);
    nd_hint(err,
            "run newsdex verify to see what is affected, then restore the file or index again");
    return rc;
}

int nd_texts_open(struct nd_texts **out, const char *path, struct nd_error *err)
{
    *out = NULL;
    struct nd_texts *t = calloc(1, sizeof *t);
    if (!t)
        return nd_fail(err, ND_NOMEM, "out of memory opening '%s'", path);
    int rc = nd_sections_open(&t->file, path, "TEXT", ND_TEXT_VERSION, err);
    if (rc)
        goto out;
    if (t->file.version < ND_TEXT_VERSION) {
        rc = nd_fail(err, ND_VERSION,
                     "'%s' has format version %u, which this program no longer reads", path,
                     t->file.version);
        nd_hint(err, "index again");
        goto out;
    }
    struct nd_section head = nd_sections_get(&t->file, ND_TEXT_HEAD);
    rc = head.n == ND_TEXT_HEAD_SIZE ? nd_sections_touch(&t->file, head.p, head.n, err)
                                     : corrupt(t, "no head", err);
    if (rc)
        goto out;
    t->codec = head.p[0];
    t->dicts = nd_load32(head.p + 1);
    t->offsets = nd_sections_get(&t->file, ND_TEXT_OFFSETS);
    t->numbers = nd_sections_get(&t->file, ND_TEXT_DICT_NUMBERS);
    t->data = nd_sections_get(&t->file, ND_TEXT_DATA);
    size_t docs = t->offsets.n / 8;
    if (t->codec != ND_CODEC_ZSTD && t->codec != ND_CODEC_DEFLATE) {
        rc = nd_fail(err, ND_VERSION, "'%s' is compressed in a way that this program does not know",
                     path);
        goto out;
    }
    if (docs == 0 || t->offsets.n % 8 || docs > UINT32_MAX || t->dicts > ND_TEXT_DICTS ||
        !t->data.p || (t->numbers.p ? t->numbers.n != docs - 1 : t->dicts > 1)) {
        rc = corrupt(t, "its parts do not fit each other", err);
        goto out;
    }
    t->docs = (uint32_t)docs - 1;
    for (uint32_t i = 0; i < t->dicts && !rc; i++)
        if (nd_sections_get(&t->file, ND_TEXT_DICT + i).n == 0)
            rc = corrupt(t, "a dictionary is missing", err);
out:
    if (rc)
        nd_texts_close(t);
    else
        *out = t;
    return rc;
}

void nd_texts_close(struct nd_texts *t)
{
    if (!t)
        return;
    for (size_t i = 0; i <= ND_TEXT_DICTS; i++)
        nd_unpack_free(t->unpack[i]);
    nd_sections_close(&t->file);
    free(t);
}

uint32_t nd_texts_docs(const struct nd_texts *t)
{
    return t->docs;
}

enum nd_codec nd_texts_codec(const struct nd_texts *t)
{
    return t->codec;
}

enum {
    BOUND = 4 << 20 /* bytes of a file that is copied from to hold in memory */
};

/* The decompressor for a dictionary number. */
static int unpack_of(struct nd_texts *t, unsigned number, struct nd_unpack **out,
                     struct nd_error *err)
{
    bool none = number == ND_TEXT_NO_DICT;
    struct nd_unpack **u = &t->unpack[none ? ND_TEXT_DICTS : number];
    if (!*u) {
        struct nd_section d = {NULL, 0};
        if (!none)
            d = nd_sections_get(&t->file, ND_TEXT_DICT + number);
        int rc = nd_sections_touch(&t->file, d.p, d.n, err);
        if (rc)
            return rc;
        rc = nd_unpack_new(u, t->codec, d.p, d.n);
        if (rc == ND_CORRUPT)
            return corrupt(t, "a dictionary", err);
        if (rc)
            return nd_fail(err, rc, "out of memory reading '%s'", t->file.path);
    }
    *out = *u;
    return 0;
}

/* The dictionary number and the packed bytes of an article, checked. */
static int packed_of(struct nd_texts *t, uint32_t docid, unsigned *number, struct nd_section *out,
                     struct nd_error *err)
{
    if (docid == 0 || docid > t->docs)
        return corrupt(t, "no such article", err);
    const unsigned char *row = t->offsets.p + ((size_t)docid - 1) * 8;
    int rc = nd_sections_touch(&t->file, row, 16, err);
    if (rc)
        return rc;
    uint64_t from = nd_load64(row), to = nd_load64(row + 8);
    if (from > to || to > t->data.n)
        return corrupt(t, "an article lies outside of it", err);
    *out = (struct nd_section){t->data.p + from, (size_t)(to - from)};
    *number = t->dicts ? 0 : ND_TEXT_NO_DICT;
    if (t->numbers.p) {
        rc = nd_sections_touch(&t->file, t->numbers.p + docid - 1, 1, err);
        if (rc)
            return rc;
        *number = t->numbers.p[docid - 1];
    }
    if (*number != ND_TEXT_NO_DICT && *number >= t->dicts)
        return corrupt(t, "an article without its dictionary", err);
    return nd_sections_fetch(&t->file, out->p, out->n, &out->p, err);
}

void nd_texts_bound(struct nd_texts *t, size_t bytes)
{
    nd_sections_bound(&t->file, bytes);
}

void nd_texts_read_once(struct nd_texts *t)
{
    t->file.once = true;
}

int nd_texts_get(struct nd_texts *t, uint32_t docid, struct nd_buf *out, struct nd_error *err)
{
    unsigned number;
    struct nd_section packed;
    struct nd_unpack *u = NULL;
    int rc = packed_of(t, docid, &number, &packed, err);
    if (!rc)
        rc = unpack_of(t, number, &u, err);
    if (rc)
        return rc;
    rc = nd_unpack(u, out, packed.p, packed.n);
    if (rc == ND_LIMIT)
        return nd_fail(err, rc, "an article in '%s' is larger than it may be", t->file.path);
    if (rc == ND_NOMEM)
        return nd_fail(err, rc, "out of memory reading an article in '%s'", t->file.path);
    return rc ? corrupt(t, "an article", err) : 0;
}

/* ---- joining files ---- */

struct join {
    struct nd_sections_writer *w;
    enum nd_codec codec;
    uint32_t docs, dicts;
    bool numbered; /* a u8 per article is needed */
    struct nd_buf numbers, offsets;
    struct nd_section dict[ND_TEXT_DICTS]; /* borrowed from the files, which stay open */
};

/* Where each dictionary of t stands among those of the new file. */
static int take_dicts(struct join *j, struct nd_texts *t, unsigned char map[ND_TEXT_DICTS],
                      struct nd_error *err)
{
    for (uint32_t i = 0; i < t->dicts; i++) {
        struct nd_section d = nd_sections_get(&t->file, ND_TEXT_DICT + i);
        int rc = nd_sections_touch(&t->file, d.p, d.n, err);
        if (rc)
            return rc;
        uint32_t k = 0;
        while (k < j->dicts && (j->dict[k].n != d.n || memcmp(j->dict[k].p, d.p, d.n) != 0))
            k++;
        if (k == ND_TEXT_DICTS) {
            rc = nd_fail(err, ND_LIMIT, "more than %d dictionaries in one file", ND_TEXT_DICTS);
            nd_hint(err, "compress the articles anew");
            return rc;
        }
        if (k == j->dicts)
            j->dict[j->dicts++] = d;
        map[i] = (unsigned char)k;
    }
    return 0;
}

static int take_articles(struct join *j, struct nd_texts *t, const unsigned char map[ND_TEXT_DICTS],
                         struct nd_error *err)
{
    for (uint32_t docid = 1; docid <= t->docs; docid++) {
        unsigned number;
        struct nd_section packed;
        int rc = packed_of(t, docid, &number, &packed, err);
        if (rc)
            return rc;
        if (number != ND_TEXT_NO_DICT)
            number = map[number];
        nd_buf_byte(&j->numbers, (unsigned char)number);
        nd_buf_u64(&j->offsets, nd_sections_at(j->w));
        nd_sections_write(j->w, packed.p, packed.n);
    }
    return 0;
}

static void put_section(struct nd_sections_writer *w, uint32_t id, const void *p, size_t n)
{
    nd_sections_begin(w, id);
    nd_sections_write(w, p, n);
    nd_sections_end(w);
}

int nd_texts_concat(const char *out, const char *const *paths, size_t n, struct nd_error *err)
{
    struct join j = {.codec = ND_CODEC_ZSTD};
    nd_buf_init(&j.numbers, UINT32_MAX);
    nd_buf_init(&j.offsets, SIZE_MAX / 4);
    struct nd_texts **t = calloc(n + 1, sizeof *t);
    int rc = t ? nd_sections_create(&j.w, out, "TEXT", ND_TEXT_VERSION, err)
               : nd_fail(err, ND_NOMEM, "out of memory joining '%s'", out);
    if (rc)
        goto out;
    nd_sections_begin(j.w, ND_TEXT_DATA);
    for (size_t i = 0; i < n && !rc; i++) {
        unsigned char map[ND_TEXT_DICTS] = {0};
        rc = nd_texts_open(&t[i], paths[i], err);
        if (!rc)
            nd_texts_bound(t[i], BOUND);
        if (!rc && i && t[i]->codec != j.codec) {
            rc = nd_fail(err, ND_LIMIT, "'%s' is compressed in another way than '%s'", paths[i],
                         paths[0]);
            nd_hint(err, "compress the articles anew");
        }
        if (!rc) {
            j.codec = t[i]->codec;
            rc = take_dicts(&j, t[i], map, err);
        }
        if (!rc)
            rc = take_articles(&j, t[i], map, err);
    }
    nd_buf_u64(&j.offsets, nd_sections_at(j.w));
    nd_sections_end(j.w);
    if (!rc && (nd_buf_code(&j.offsets) || nd_buf_code(&j.numbers)))
        rc = nd_fail(err, ND_NOMEM, "out of memory joining '%s'", out);
    if (rc)
        goto out;
    for (size_t i = 0; i < j.numbers.len; i++)
        j.numbered =
            j.numbered || (unsigned char)j.numbers.data[i] != (j.dicts ? 0 : ND_TEXT_NO_DICT);
    unsigned char head[ND_TEXT_HEAD_SIZE] = {(unsigned char)j.codec};
    nd_store32(head + 1, j.dicts);
    put_section(j.w, ND_TEXT_HEAD, head, sizeof head);
    put_section(j.w, ND_TEXT_OFFSETS, j.offsets.data, j.offsets.len);
    if (j.numbered || j.dicts > 1)
        put_section(j.w, ND_TEXT_DICT_NUMBERS, j.numbers.data, j.numbers.len);
    for (uint32_t i = 0; i < j.dicts; i++)
        put_section(j.w, ND_TEXT_DICT + i, j.dict[i].p, j.dict[i].n);
    rc = nd_sections_finish(j.w, NULL, err);
    j.w = NULL;
out:
    nd_sections_abandon(j.w);
    for (size_t i = 0; t && i < n; i++)
        nd_texts_close(t[i]);
    free(t);
    nd_buf_free(&j.numbers);
    nd_buf_free(&j.offsets);
    return rc;
}
