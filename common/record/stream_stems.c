#include "record/stream_stems.h"

#include "record/stream_open.h"

#include <stdlib.h>

enum {
    KEY_MAX = 1 << 16 /* bytes of a stem; more is damage */
};

static int damaged(const struct nd_stem_cursor *c, struct nd_error *err)
{
    return nd_stream_corrupt(c->s, "its stems", err);
}

/* The bytes of the block that entry c->at begins. */
static int open_block(struct nd_stem_cursor *c, struct nd_error *err)
{
    struct nd_stream *s = c->s;
    const unsigned char *row = s->stem_at.p + (size_t)(c->at / ND_DICT_BLOCK) * 4;
    int rc = nd_sections_touch(&s->file, row, 8, err);
    if (rc)
        return rc;
    uint32_t from = nd_load32(row), to = nd_load32(row + 4);
    if (from > to || to > s->stem.n)
        return damaged(c, err);
    c->p = s->stem.p + from;
    c->end = s->stem.p + to;
    nd_buf_reset(&c->key);
    return nd_sections_touch(&s->file, c->p, to - from, err);
}

static int load(struct nd_stem_cursor *c, struct nd_error *err)
{
    uint64_t shared, rest, n, rank = 0;
    if (c->at >= c->s->stems)
        return ND_DONE;
    int rc = c->at % ND_DICT_BLOCK ? 0 : open_block(c, err);
    if (rc)
        return rc;
    if (nd_get_varint(&c->p, c->end, &shared) || shared > c->key.len ||
        nd_get_varint(&c->p, c->end, &rest) || rest > (uint64_t)(c->end - c->p) || rest > KEY_MAX)
        return damaged(c, err);
    c->key.len = (size_t)shared;
    if (nd_buf_add(&c->key, c->p, (size_t)rest))
        return nd_fail(err, ND_NOMEM, "out of memory reading the stems of '%s'", c->s->file.path);
    c->p += rest;
    if (c->key.len == 0 || nd_get_varint(&c->p, c->end, &n) || n > (uint64_t)(c->end - c->p))
        return damaged(c, err);
    if (n > c->cap) {
        uint32_t *v = realloc(c->ranks, (size_t)n * 2 * sizeof *v);
        if (!v)
            return nd_fail(err, ND_NOMEM, "out of memory reading the stems of '%s'",
                           c->s->file.path);
        c->ranks = v;
        c->cap = (size_t)n * 2;
    }
    for (uint64_t i = 0; i < n; i++) {
        uint64_t step;
        if (nd_get_varint(&c->p, c->end, &step) || (i && step == 0) || step > UINT32_MAX ||
            (rank += step) >= c->s->words)
            return damaged(c, err);
        c->ranks[i] = (uint32_t)rank;
    }
    c->n = (size_t)n;
    return 0;
}

int nd_stems_first(struct nd_stem_cursor *c, struct nd_stream *s, struct nd_error *err)
{
    *c = (struct nd_stem_cursor){.s = s};
    nd_buf_init(&c->key, 2 * KEY_MAX);
    return load(c, err);
}

int nd_stems_next(struct nd_stem_cursor *c, struct nd_error *err)
{
    if (c->at < c->s->stems)
        c->at++;
    return load(c, err);
}

void nd_stems_end(struct nd_stem_cursor *c)
{
    nd_buf_free(&c->key);
    free(c->ranks);
    *c = (struct nd_stem_cursor){0};
}
