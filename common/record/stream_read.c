#include "record/stream_open.h"

#include <stdlib.h>
#include <string.h>

int nd_stream_corrupt(const struct nd_stream *s, const char *what, struct nd_error *err)
{
    int rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: %s", s->file.path, what);
    nd_hint(err,
            "run newsdex verify to see what is affected, then restore the file or index again");
    return rc;
}

/* Number of blocks of so many dictionary entries. */
static size_t blocks_of(uint32_t entries)
{
    return ((size_t)entries + ND_DICT_BLOCK - 1) / ND_DICT_BLOCK;
}

int nd_stream_open(struct nd_stream **out, const char *path, struct nd_error *err)
{
    *out = NULL;
    struct nd_stream *s = calloc(1, sizeof *s);
    if (!s)
        return nd_fail(err, ND_NOMEM, "out of memory opening '%s'", path);
    int rc = nd_sections_open(&s->file, path, "STRM", ND_STREAM_VERSION, err);
    if (rc) {
        free(s);
        return rc;
    }
    struct nd_section counts = nd_sections_get(&s->file, ND_STREAM_COUNTS);
    if (counts.n != ND_STREAM_COUNTS_SIZE) {
        rc = nd_stream_corrupt(s, "no counts", err);
        goto out;
    }
    rc = nd_sections_touch(&s->file, counts.p, counts.n, err);
    if (rc)
        goto out;
    s->docs = nd_load32(counts.p);
    s->words = nd_load32(counts.p + 4);
    s->entities = nd_load32(counts.p + 8);
    s->stems = nd_load32(counts.p + 12);
    s->tokens = nd_load64(counts.p + 16);
    s->offsets = nd_sections_get(&s->file, ND_STREAM_OFFSETS);
    s->codes = nd_sections_get(&s->file, ND_STREAM_CODES);
    s->dict = nd_sections_get(&s->file, ND_STREAM_DICT);
    s->dict_at = nd_sections_get(&s->file, ND_STREAM_DICT_AT);
    s->shapes = nd_sections_get(&s->file, ND_STREAM_SHAPES);
    s->stem = nd_sections_get(&s->file, ND_STREAM_STEMS);
    s->stem_at = nd_sections_get(&s->file, ND_STREAM_STEMS_AT);
    s->rows = nd_sections_get(&s->file, ND_STREAM_ENTITIES);
    s->text = nd_sections_get(&s->file, ND_STREAM_ENTITY_TEXT);
    if (s->offsets.n != ((size_t)s->docs + 1) * 8 || !s->codes.p || !s->dict.p || !s->stem.p ||
        !s->text.p || s->dict_at.n != (blocks_of(s->words) + 1) * 4 || s->shapes.n != s->words ||
        s->stem_at.n != (blocks_of(s->stems) + 1) * 4 ||
        s->rows.n != (size_t)s->entities * ND_STREAM_ENTITY_ROW)
        rc = nd_stream_corrupt(s, "its parts do not fit each other", err);
out:
    if (rc)
        nd_stream_close(s);
    else
        *out = s;
    return rc;
}

void nd_stream_close(struct nd_stream *s)
{
    if (!s)
        return;
    nd_sections_close(&s->file);
    free(s->by_rank);
    free(s->folds);
    free(s->folds_at);
    free(s);
}

uint32_t nd_stream_docs(const struct nd_stream *s)
{
    return s->docs;
}

uint32_t nd_stream_words(const struct nd_stream *s)
{
    return s->words;
}

uint64_t nd_stream_tokens(const struct nd_stream *s)
{
    return s->tokens;
}

uint32_t nd_stream_entities(const struct nd_stream *s)
{
    return s->entities;
}

void nd_stream_bound(struct nd_stream *s, size_t bytes)
{
    nd_sections_bound(&s->file, bytes);
}

void nd_stream_read_once(struct nd_stream *s)
{
    s->file.once = true;
}

int nd_stream_article(struct nd_stream *s, uint32_t docid, struct nd_section *out,
                      struct nd_error *err)
{
    *out = (struct nd_section){NULL, 0};
    if (docid == 0 || docid > s->docs)
        return nd_stream_corrupt(s, "no such article", err);
    const unsigned char *row = s->offsets.p + ((size_t)docid - 1) * 8;
    int rc = nd_sections_touch(&s->file, row, 16, err);
    if (rc)
        return rc;
    uint64_t from = nd_load64(row), to = nd_load64(row + 8);
    if (from > to || to > s->codes.n)
        return nd_stream_corrupt(s, "an article lies outside of it", err);
    const unsigned char *p;
    rc = nd_sections_fetch(&s->file, s->codes.p + from, (size_t)(to - from), &p, err);
    if (!rc)
        *out = (struct nd_section){p, (size_t)(to - from)};
    return rc;
}

void nd_stream_prefetch(const struct nd_stream *s, uint32_t docid)
{
    enum {
        LINES = 32,
        LINE = 64
    };
    if (docid == 0 || docid > s->docs)
        return;
    const unsigned char *row = s->offsets.p + ((size_t)docid - 1) * 8;
    uint64_t from = nd_load64(row), to = nd_load64(row + 8);
    if (from > to || to > s->codes.n)
        return;
    if (to - from > LINES * LINE)
        to = from + LINES * LINE;
    for (; from < to; from += LINE)
        __builtin_prefetch(s->codes.p + from);
}

/* ---- entities ---- */

static int entity_text(struct nd_stream *s, uint32_t at, uint32_t n, struct nd_str *out,
                       struct nd_error *err)
{
    if (at > s->text.n || n > s->text.n - at)
        return nd_stream_corrupt(s, "the text of an entity lies outside of it", err);
    *out = (struct nd_str){(const char *)s->text.p + at, n};
    return nd_sections_touch(&s->file, out->p, n, err);
}

int nd_stream_entity(struct nd_stream *s, uint32_t number, struct nd_entity_row *out,
                     struct nd_error *err)
{
    *out = (struct nd_entity_row){0};
    if (number >= s->entities)
        return nd_stream_corrupt(s, "no such entity", err);
    const unsigned char *row = s->rows.p + (size_t)number * ND_STREAM_ENTITY_ROW;
    int rc = nd_sections_touch(&s->file, row, ND_STREAM_ENTITY_ROW, err);
    if (rc)
        return rc;
    uint32_t lengths = nd_load32(row + 8);
    if (row[16] >= ND_ENTITY_TYPES || row[17] == 0)
        return nd_stream_corrupt(s, "an entity of no known type", err);
    rc = entity_text(s, nd_load32(row), lengths & 0xffff, &out->id, err);
    if (!rc)
        rc = entity_text(s, nd_load32(row + 4), lengths >> 16, &out->surface, err);
    if (rc)
        return rc;
    out->mentions = nd_load32(row + 12);
    out->type = (enum nd_entity_type)row[16];
    out->words = row[17];
    return 0;
}

uint32_t nd_stream_entity_seek(struct nd_stream *s, enum nd_entity_type type, const char *id,
                               size_t n)
{
    struct nd_str want = {id, n < ND_ENTITY_MAX ? n : ND_ENTITY_MAX};
    uint32_t low = 0, high = s->entities;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        struct nd_entity_row row;
        if (nd_stream_entity(s, mid, &row, NULL))
            return s->entities;
        if (row.type < type || (row.type == type && nd_str_cmp(row.id, want) < 0))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}
