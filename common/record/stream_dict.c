/* Words and stems of a stream file: front-coded blocks, found by a binary search over their first entries. */
#include "record/stream_open.h"

#include "base/map.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_MAX = 1 << 16 /* bytes of a folded key or stem; more is damage */
};

/* A word as it stands in the file; what is not shared with the one before. */
struct entry {
    size_t shared;
    struct nd_str rest, fold; /* fold.p is NULL where it is the key */
    uint32_t rank, count;
};

static int get_text(const unsigned char **p, const unsigned char *end, struct nd_str *out)
{
    uint64_t n;
    if (nd_get_varint(p, end, &n) || n > KEY_MAX || n > (uint64_t)(end - *p))
        return ND_CORRUPT;
    *out = (struct nd_str){(const char *)*p, (size_t)n};
    *p += n;
    return 0;
}

static int get_u32(const unsigned char **p, const unsigned char *end, uint32_t *out)
{
    uint64_t v;
    if (nd_get_varint(p, end, &v) || v > UINT32_MAX)
        return ND_CORRUPT;
    *out = (uint32_t)v;
    return 0;
}

static int get_entry(const unsigned char **p, const unsigned char *end, struct entry *e)
{
    uint64_t head;
    *e = (struct entry){0};
    if (nd_get_varint(p, end, &head) || head / 2 > KEY_MAX || get_text(p, end, &e->rest))
        return ND_CORRUPT;
    e->shared = (size_t)(head / 2);
    if (head % 2 && get_text(p, end, &e->fold))
        return ND_CORRUPT;
    if (get_u32(p, end, &e->rank) || get_u32(p, end, &e->count))
        return ND_CORRUPT;
    return 0;
}

/* The checked bytes of a block. */
static int block(struct nd_stream *s, struct nd_section all, struct nd_section at, size_t number,
                 const unsigned char **p, const unsigned char **end, struct nd_error *err)
{
    const unsigned char *row = at.p + number * 4;
    int rc = nd_sections_touch(&s->file, row, 8, err);
    if (rc)
        return rc;
    uint32_t from = nd_load32(row), to = nd_load32(row + 4);
    if (from > to || to > all.n)
        return nd_stream_corrupt(s, "a block of its dictionary lies outside of it", err);
    *p = all.p + from;
    *end = all.p + to;
    return nd_sections_touch(&s->file, *p, to - from, err);
}

/* ---- the cursor ---- */

static int bad_word(const struct nd_stream *s, struct nd_error *err)
{
    return nd_stream_corrupt(s, "its dictionary", err);
}

/* Read the word at c->at, which becomes the current one. */
static int load(struct nd_dict_cursor *c, struct nd_word *out, struct nd_error *err)
{
    struct nd_stream *s = c->s;
    *out = (struct nd_word){0};
    if (c->at >= s->words)
        return ND_DONE;
    const unsigned char *p, *end;
    int rc = block(s, s->dict, s->dict_at, c->at / ND_DICT_BLOCK, &p, &end, err);
    if (rc)
        return rc;
    if (c->at % ND_DICT_BLOCK == 0) {
        c->offset = (size_t)(p - s->dict.p);
        nd_buf_reset(&c->key);
    }
    const unsigned char *at = s->dict.p + c->offset;
    struct entry e;
    if (at < p || at > end || get_entry(&at, end, &e) || e.shared > c->key.len ||
        e.rank >= s->words)
        return bad_word(s, err);
    c->offset = (size_t)(at - s->dict.p);
    c->key.len = e.shared;
    nd_buf_add(&c->key, e.rest.p, e.rest.n);
    nd_buf_reset(&c->fold);
    if (e.fold.p)
        nd_buf_add(&c->fold, e.fold.p, e.fold.n);
    rc = nd_buf_code(&c->key) ? nd_buf_code(&c->key) : nd_buf_code(&c->fold);
    if (rc == ND_NOMEM)
        return nd_fail(err, ND_NOMEM, "out of memory reading the dictionary of '%s'", s->file.path);
    if (rc)
        return bad_word(s, err);
    unsigned char shape = s->shapes.p[e.rank];
    rc = nd_sections_touch(&s->file, s->shapes.p + e.rank, 1, err);
    if (rc)
        return rc;
    out->key = (struct nd_str){c->key.data, c->key.len};
    out->rank = e.rank;
    out->count = e.count;
    out->shape = shape & 3;
    out->parts = shape >> 2;
    return 0;
}

struct nd_str nd_dict_fold(const struct nd_dict_cursor *c)
{
    if (c->fold.len)
        return (struct nd_str){c->fold.data, c->fold.len};
    return (struct nd_str){c->key.data, c->key.len};
}

/* The last block whose first folded key is below fold; 0 if there is none. */
static int find_block(struct nd_stream *s, struct nd_str fold, size_t *out, struct nd_error *err)
{
    size_t low = 0, high = ((size_t)s->words + ND_DICT_BLOCK - 1) / ND_DICT_BLOCK;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        const unsigned char *p, *end;
        struct entry e;
        int rc = block(s, s->dict, s->dict_at, mid, &p, &end, err);
        if (rc)
            return rc;
        if (get_entry(&p, end, &e))
            return bad_word(s, err);
        if (nd_str_cmp(e.fold.p ? e.fold : e.rest, fold) < 0)
            low = mid;
        else
            high = mid;
    }
    *out = low;
    return 0;
}

int nd_dict_seek(struct nd_dict_cursor *c, struct nd_stream *s, const char *fold, size_t n,
                 struct nd_word *out, struct nd_error *err)
{
    *c = (struct nd_dict_cursor){.s = s};
    *out = (struct nd_word){0};
    nd_buf_init(&c->key, KEY_MAX);
    nd_buf_init(&c->fold, KEY_MAX);
    struct nd_str want = {fold, n};
    size_t number = 0;
    int rc = find_block(s, want, &number, err);
    if (rc)
        return rc;
    c->at = (uint32_t)(number * ND_DICT_BLOCK);
    for (rc = load(c, out, err); rc == 0; rc = nd_dict_next(c, out, err))
        if (nd_str_cmp(nd_dict_fold(c), want) >= 0)
            break;
    return rc;
}

int nd_dict_next(struct nd_dict_cursor *c, struct nd_word *out, struct nd_error *err)
{
    if (c->at < c->s->words)
        c->at++;
    return load(c, out, err);
}

int nd_dict_at(struct nd_dict_cursor *c, struct nd_stream *s, uint32_t at, struct nd_word *out,
               struct nd_error *err)
{
    *c = (struct nd_dict_cursor){.s = s, .at = at - at % ND_DICT_BLOCK};
    nd_buf_init(&c->key, KEY_MAX);
    nd_buf_init(&c->fold, KEY_MAX);
    int rc = load(c, out, err);
    while (!rc && c->at < at)
        rc = nd_dict_next(c, out, err);
    return rc;
}

/* Append the folded key of a word that begins at p; key holds the one before it and becomes its own. */
static int add_fold(struct nd_stream *s, struct nd_buf *text, struct nd_buf *key,
                    const unsigned char **p, const unsigned char *end)
{
    struct entry e;
    if (get_entry(p, end, &e) || e.shared > key->len || e.rank >= s->words)
        return ND_CORRUPT;
    key->len = e.shared;
    int rc = nd_buf_add(key, e.rest.p, e.rest.n);
    struct nd_str fold = e.fold.p ? e.fold : (struct nd_str){key->data, key->len};
    if (rc)
        return rc;
    if (s->shapes.p[e.rank] >> 2 < 2) {
        rc = nd_buf_add(text, fold.p, fold.n);
    } else {
        for (size_t i = 0; i < fold.n && !rc; i++)
            rc = fold.p[i] == '-' ? 0 : nd_buf_byte(text, fold.p[i]);
    }
    return rc ? rc : nd_buf_byte(text, '\n');
}

static int make_folds(struct nd_stream *s, struct nd_error *err)
{
    struct nd_buf text, key;
    const unsigned char *p = NULL, *end = NULL;
    nd_buf_init(&text, UINT32_MAX);
    nd_buf_init(&key, KEY_MAX);
    uint32_t *at = malloc(((size_t)s->words + 1) * sizeof *at);
    int rc = at ? nd_sections_touch(&s->file, s->shapes.p, s->words, err) : ND_NOMEM;
    for (uint32_t i = 0; i < s->words && !rc; i++) {
        at[i] = (uint32_t)text.len;
        if (i % ND_DICT_BLOCK == 0) {
            nd_buf_reset(&key);
            if ((rc = block(s, s->dict, s->dict_at, i / ND_DICT_BLOCK, &p, &end, err)))
                goto out;
        }
        rc = add_fold(s, &text, &key, &p, end);
    }
    if (!rc)
        rc = nd_buf_byte(&text, '\n'); /* so that there is memory without words too */
    if (rc == ND_NOMEM)
        nd_fail(err, rc, "out of memory reading the dictionary of '%s'", s->file.path);
    else if (rc == ND_LIMIT)
        nd_fail(err, rc, "the dictionary of '%s' is too large to look through", s->file.path);
    else if (rc)
        rc = bad_word(s, err);
    if (!rc) {
        at[s->words] = (uint32_t)text.len - 1;
        s->folds = text.data;
        s->folds_at = at;
        nd_buf_init(&text, 0);
        at = NULL;
    }
out:
    free(at);
    nd_buf_free(&text);
    nd_buf_free(&key);
    return rc;
}

int nd_dict_folds(struct nd_stream *s, struct nd_dict_folds *out, struct nd_error *err)
{
    int rc = s->folds ? 0 : make_folds(s, err);
    *out = (struct nd_dict_folds){s->folds, s->folds_at, rc ? 0 : s->words};
    return rc;
}

void nd_dict_end(struct nd_dict_cursor *c)
{
    nd_buf_free(&c->key);
    nd_buf_free(&c->fold);
}

int nd_dict_find(struct nd_stream *s, const char *key, size_t n, struct nd_word *out,
                 struct nd_error *err)
{
    struct nd_dict_cursor c;
    struct nd_buf fold;
    nd_buf_init(&fold, KEY_MAX);
    struct nd_str want = {key, n};
    int rc = nd_fold(&fold, key, n);
    if (rc == ND_NOMEM) {
        rc = nd_fail(err, ND_NOMEM, "out of memory folding a word");
    } else if (rc) { /* longer than any word is */
        *out = (struct nd_word){0};
        rc = ND_DONE;
    } else {
        struct nd_str f = {fold.data, fold.len};
        for (rc = nd_dict_seek(&c, s, f.p, f.n, out, err); rc == 0;
             rc = nd_dict_next(&c, out, err)) {
            if (nd_str_eq(out->key, want))
                break;
            if (!nd_str_eq(nd_dict_fold(&c), f)) {
                rc = ND_DONE;
                break;
            }
        }
        nd_dict_end(&c);
        if (rc)
            *out = (struct nd_word){0};
        out->key = (struct nd_str){NULL, 0};
    }
    nd_buf_free(&fold);
    return rc;
}

/* ---- by rank ---- */

static int make_by_rank(struct nd_stream *s, struct nd_error *err)
{
    uint32_t *by = malloc(((size_t)s->words + 1) * sizeof *by);
    if (!by)
        return nd_fail(err, ND_NOMEM, "out of memory reading the dictionary of '%s'", s->file.path);
    memset(by, 0xff, (size_t)s->words * sizeof *by);
    const unsigned char *p = NULL, *end = NULL;
    int rc = 0;
    for (uint32_t i = 0; i < s->words && !rc; i++) {
        struct entry e;
        if (i % ND_DICT_BLOCK == 0)
            rc = block(s, s->dict, s->dict_at, i / ND_DICT_BLOCK, &p, &end, err);
        if (rc)
            break;
        if (get_entry(&p, end, &e) || e.rank >= s->words || by[e.rank] != UINT32_MAX)
            rc = bad_word(s, err);
        else
            by[e.rank] = i;
    }
    if (rc)
        free(by);
    else
        s->by_rank = by;
    return rc;
}

int nd_dict_of_rank(struct nd_stream *s, uint32_t rank, struct nd_arena *arena, struct nd_word *out,
                    struct nd_error *err)
{
    *out = (struct nd_word){0};
    if (rank >= s->words)
        return nd_stream_corrupt(s, "a word that its dictionary lacks", err);
    int rc = s->by_rank ? 0 : make_by_rank(s, err);
    if (rc)
        return rc;
    struct nd_dict_cursor c;
    rc = nd_dict_at(&c, s, s->by_rank[rank], out, err);
    if (!rc) {
        out->key = nd_arena_str(arena, out->key.p, out->key.n);
        if (!out->key.p)
            rc = nd_fail(err, ND_NOMEM, "out of memory for the words of '%s'", s->file.path);
    }
    nd_dict_end(&c);
    return rc;
}

unsigned nd_dict_parts(struct nd_stream *s, uint32_t rank)
{
    if (rank >= s->words || nd_sections_touch(&s->file, s->shapes.p + rank, 1, NULL))
        return 1;
    return s->shapes.p[rank] >> 2;
}

unsigned nd_dict_shape(struct nd_stream *s, uint32_t rank)
{
    if (rank >= s->words || nd_sections_touch(&s->file, s->shapes.p + rank, 1, NULL))
        return ND_SHAPE_LOWER;
    return s->shapes.p[rank] & 3;
}

int nd_dict_shapes(struct nd_stream *s, const unsigned char **bytes, struct nd_error *err)
{
    *bytes = s->shapes.p;
    return nd_sections_touch(&s->file, s->shapes.p, s->shapes.n, err);
}

/* ---- stems ---- */

/* Order of (language, stem) against the wanted one. */
static int stem_cmp(const struct nd_buf *have, unsigned lang, struct nd_str stem)
{
    if (have->len == 0)
        return -1;
    unsigned l = (unsigned char)have->data[0];
    if (l != lang)
        return l < lang ? -1 : 1;
    return nd_str_cmp((struct nd_str){have->data + 1, have->len - 1}, stem);
}

/* Read the key of a stem; key holds the one before it. */
static int stem_key(const unsigned char **p, const unsigned char *end, struct nd_buf *key)
{
    uint64_t shared;
    struct nd_str rest;
    if (nd_get_varint(p, end, &shared) || shared > key->len || get_text(p, end, &rest))
        return ND_CORRUPT;
    key->len = (size_t)shared;
    int rc = nd_buf_add(key, rest.p, rest.n);
    return rc == ND_LIMIT ? ND_CORRUPT : rc;
}

/* Read count ranks, appending them. */
static int stem_ranks(const struct nd_stream *s, const unsigned char *p, const unsigned char *end,
                      uint32_t more, struct nd_arena *arena, uint32_t **ranks, size_t *count)
{
    if (more > (size_t)(end - p))
        return ND_CORRUPT; /* each takes a byte at least */
    uint32_t *v = nd_arena_array(arena, *count + more, sizeof *v);
    if (!v)
        return ND_NOMEM;
    if (*count)
        memcpy(v, *ranks, *count * sizeof *v);
    uint64_t rank = 0;
    for (uint32_t i = 0; i < more; i++) {
        uint32_t step;
        if (get_u32(&p, end, &step) || (i && step == 0) || (rank += step) >= s->words)
            return ND_CORRUPT;
        v[*count + i] = (uint32_t)rank;
    }
    *ranks = v;
    *count += more;
    return 0;
}

static int find_stem(struct nd_stream *s, unsigned lang, struct nd_str stem, struct nd_buf *key,
                     struct nd_arena *arena, uint32_t **ranks, size_t *count, struct nd_error *err)
{
    const unsigned char *p, *end;
    size_t low = 0, high = ((size_t)s->stems + ND_DICT_BLOCK - 1) / ND_DICT_BLOCK;
    if (high == 0)
        return ND_DONE;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        int rc = block(s, s->stem, s->stem_at, mid, &p, &end, err);
        if (rc)
            return rc;
        nd_buf_reset(key);
        rc = stem_key(&p, end, key);
        if (rc)
            return rc;
        if (stem_cmp(key, lang, stem) <= 0)
            low = mid;
        else
            high = mid;
    }
    int rc = block(s, s->stem, s->stem_at, low, &p, &end, err);
    if (rc)
        return rc;
    nd_buf_reset(key);
    uint32_t first = (uint32_t)(low * ND_DICT_BLOCK);
    for (uint32_t i = first; i < s->stems && i < first + ND_DICT_BLOCK; i++) {
        uint32_t n, step;
        rc = stem_key(&p, end, key);
        if (!rc)
            rc = get_u32(&p, end, &n);
        if (rc)
            return rc;
        int c = stem_cmp(key, lang, stem);
        if (c == 0)
            return n ? stem_ranks(s, p, end, n, arena, ranks, count) : ND_DONE;
        if (c > 0)
            return ND_DONE;
        while (n--)
            if (get_u32(&p, end, &step))
                return ND_CORRUPT;
    }
    return ND_DONE;
}

int nd_dict_stem(struct nd_stream *s, unsigned lang, const char *stem, size_t n,
                 struct nd_arena *arena, uint32_t **ranks, size_t *count, struct nd_error *err)
{
    struct nd_buf key;
    nd_buf_init(&key, KEY_MAX);
    struct nd_error inner = {0};
    int rc = find_stem(s, lang, (struct nd_str){stem, n}, &key, arena, ranks, count, &inner);
    nd_buf_free(&key);
    if (rc < 0 && inner.code) {
        if (err)
            *err = inner;
    } else if (rc == ND_NOMEM) {
        nd_fail(err, rc, "out of memory reading the stems of '%s'", s->file.path);
    } else if (rc < 0) {
        rc = nd_stream_corrupt(s, "its stems", err);
    }
    return rc;
}
