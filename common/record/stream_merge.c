#include "record/stream_merge_in.h"

#include "text/stem.h"

#include <stdlib.h>
#include <string.h>

enum {
    OUT_SIZE = 1 << 16,
    ENTRY_ROOM = 32, /* more than one code, with a shape before it, ever takes */
    NO_SHAPE = 4
};

int nd_join_no_memory(const struct nd_join *j, struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory merging into '%s'", j->path);
}

int nd_join_check(const struct nd_join *j, const struct nd_buf *a, const struct nd_buf *b,
                  struct nd_error *err)
{
    int rc = nd_buf_code(a) ? nd_buf_code(a) : nd_buf_code(b);
    if (rc == ND_LIMIT || (!rc && (a->len > UINT32_MAX || b->len > UINT32_MAX)))
        return nd_fail(err, ND_LIMIT, "cannot write '%s': its dictionary grows too large", j->path);
    return rc ? nd_join_no_memory(j, err) : 0;
}

void nd_join_section(struct nd_join *j, uint32_t id, const struct nd_buf *b)
{
    nd_sections_begin(j->file, id);
    nd_sections_write(j->file, b->data, b->len);
    nd_sections_end(j->file);
}

static bool is_deleted(const struct nd_join_source *x, uint32_t docid)
{
    return x->deleted && (x->deleted[(docid - 1) / 8] >> ((docid - 1) % 8) & 1);
}

/* ---- codes ---- */

/* Read a code. Return: what follows it, NULL where it is damaged. */
static const unsigned char *get(const unsigned char *p, const unsigned char *end, unsigned *last,
                                uint64_t *v)
{
    const unsigned char *start = p;
    uint64_t lead = 0;
    if (*p == 0x80)
        return NULL;
    for (; *p >= 0x80; p++) {
        if (p - start == ND_CODE_MAX - 1)
            return NULL;
        lead = lead << 7 | (*p & 0x7f);
    }
    if (p >= end)
        return NULL;
    *last = *p;
    *v = *p >= ND_WORD_FIRST ? lead * ND_WORD_BASE + (*p - ND_WORD_FIRST) : lead;
    return p + 1;
}

/* Count what goes with a deleted article. */
static int count_gone(struct nd_join_source *x, uint32_t docid, struct nd_error *err)
{
    struct nd_section a;
    int rc = nd_stream_article(x->s, docid, &a, err);
    if (rc)
        return rc;
    for (const unsigned char *p = a.p, *end = p + a.n; p < end;) {
        unsigned last;
        uint64_t v;
        p = get(p, end, &last, &v);
        bool word = p && (last >= ND_WORD_FIRST || last == ND_MARK_JOINED);
        bool mention = p && last == ND_MARK_MENTION;
        if (!p || (word && v >= x->s->words) || (mention && v >= x->s->entities))
            return nd_stream_corrupt(x->s, "an article", err);
        if (word)
            x->gone[v]++;
        if (mention)
            x->gone_mentions[v]++;
    }
    return 0;
}

/* Translate an article's codes to o. Return: what follows them, NULL where they are damaged. */
struct recode {
    const struct nd_join_source *x;
    unsigned char *used; /* of the article's language, from its bit 0 on; NULL */
    size_t used_at;
    uint64_t tokens;
};

static unsigned char *put_word(struct recode *r, uint64_t rank, unsigned shape, bool first,
                               unsigned char *o)
{
    uint64_t code = rank < r->x->s->words ? r->x->code[rank] : 0;
    unsigned flags = code >> 48 & 0xff;
    if (code >> 56 == 0)
        return NULL;
    if (flags & ND_JOIN_DIFFERS) {
        if (shape == NO_SHAPE)
            shape = nd_shape_expected(flags >> ND_JOIN_OLD & 3, first);
        if (shape == nd_shape_expected(flags >> ND_JOIN_NEW & 3, first))
            shape = NO_SHAPE;
    }
    if (shape != NO_SHAPE)
        o += nd_code_put(o, ND_MARK_OTHER, shape + 2);
    nd_store64(o, code);
    if (r->used) {
        size_t bit = r->used_at + rank;
        r->used[bit / 8] |= (unsigned char)(1u << (bit % 8));
    }
    r->tokens++;
    return o + (code >> 56);
}

static unsigned char *put_mark(struct recode *r, unsigned mark, uint64_t v, unsigned char *o)
{
    const struct nd_join_source *x = r->x;
    if (v > UINT32_MAX)
        return NULL;
    if (mark == ND_MARK_MENTION) {
        if (v >= x->s->entities || x->entity[v] == ND_JOIN_GONE)
            return NULL;
        v = x->entity[v];
    } else if (mark == ND_MARK_JOINED) {
        uint64_t code = v < x->s->words ? x->code[v] : 0, rank;
        unsigned char bytes[8];
        unsigned last;
        nd_store64(bytes, code);
        if (code >> 56 == 0 || !get(bytes, bytes + 6, &last, &rank))
            return NULL;
        if (r->used) {
            size_t bit = r->used_at + v;
            r->used[bit / 8] |= (unsigned char)(1u << (bit % 8));
        }
        v = rank;
    }
    return o + nd_code_put(o, mark, (uint32_t)v);
}

/* Write an article's codes; *out is what of the buffer is filled. */
static int recode(struct nd_join *j, struct recode *r, struct nd_section a, unsigned char *buffer,
                  unsigned char **out)
{
    unsigned char *o = *out, *full = buffer + OUT_SIZE - ENTRY_ROOM;
    unsigned shape = NO_SHAPE;
    bool first = false;
    for (const unsigned char *p = a.p, *end = p + a.n; p < end;) {
        unsigned last;
        uint64_t v;
        p = get(p, end, &last, &v);
        if (!p)
            return ND_CORRUPT;
        if (last >= ND_WORD_FIRST) {
            o = put_word(r, v, shape, first, o);
            shape = NO_SHAPE;
            first = false;
        } else if (last == ND_MARK_OTHER && v >= 2) {
            if (v > 5)
                return ND_CORRUPT;
            shape = (unsigned)v - 2;
        } else {
            first = first || last <= ND_MARK_SENTENCE;
            o = put_mark(r, last, v, o);
        }
        if (!o)
            return ND_CORRUPT;
        if (o >= full) {
            nd_sections_write(j->file, buffer, (size_t)(o - buffer));
            o = buffer;
        }
    }
    *out = o;
    return 0;
}

static int put_codes(struct nd_join *j, struct nd_error *err)
{
    struct nd_buf at;
    nd_buf_init(&at, SIZE_MAX / 4);
    unsigned char *buffer = malloc(OUT_SIZE), *o = buffer;
    int rc = buffer ? 0 : nd_join_no_memory(j, err);
    nd_sections_begin(j->file, ND_STREAM_CODES);
    for (uint32_t i = 0; i < j->n && !rc; i++) {
        struct nd_join_source *x = &j->in[i];
        for (uint32_t docid = 1; docid <= x->s->docs && !rc; docid++) {
            struct nd_section a;
            struct recode r = {.x = x, .used = x->used};
            if (is_deleted(x, docid))
                continue;
            rc = nd_stream_article(x->s, docid, &a, err);
            if (rc)
                break;
            if (x->used) {
                unsigned lang = x->lang[docid - 1];
                r.used_at = (size_t)(lang < j->langs ? lang : ND_LANG_NONE) * x->s->words;
            }
            nd_buf_u64(&at, nd_sections_at(j->file) + (uint64_t)(o - buffer));
            if (recode(j, &r, a, buffer, &o))
                rc = nd_stream_corrupt(x->s, "an article", err);
            j->docs++;
            j->tokens += r.tokens;
        }
    }
    if (buffer)
        nd_sections_write(j->file, buffer, (size_t)(o - buffer));
    nd_buf_u64(&at, nd_sections_at(j->file));
    nd_sections_end(j->file);
    if (!rc && nd_buf_code(&at))
        rc = nd_join_no_memory(j, err);
    if (!rc)
        nd_join_section(j, ND_STREAM_OFFSETS, &at);
    nd_buf_free(&at);
    free(buffer);
    return rc;
}

/* ---- the whole ---- */

static int open_source(struct nd_join *j, struct nd_join_source *x, struct nd_stream_input *in,
                       struct nd_error *err)
{
    size_t words = (size_t)in->stream->words + 1;
    x->s = in->stream;
    x->lang = in->lang;
    x->word = malloc(words * sizeof *x->word);
    x->code = malloc(words * sizeof *x->code);
    x->entity = in->entities = malloc(((size_t)x->s->entities + 1) * sizeof *x->entity);
    if (!x->word || !x->code || !x->entity)
        return nd_join_no_memory(j, err);
    if (!in->deleted || !in->lang)
        return 0;
    x->deleted = in->deleted;
    x->gone = calloc(words, sizeof *x->gone);
    x->gone_mentions = calloc((size_t)x->s->entities + 1, sizeof *x->gone_mentions);
    x->used = calloc(words * j->langs / 8 + 1, 1);
    if (!x->gone || !x->gone_mentions || !x->used)
        return nd_join_no_memory(j, err);
    int rc = 0;
    for (uint32_t docid = 1; docid <= x->s->docs && !rc; docid++)
        if (is_deleted(x, docid))
            rc = count_gone(x, docid, err);
    return rc;
}

static void close_source(struct nd_join_source *x)
{
    nd_dict_end(&x->words);
    nd_stems_end(&x->stems);
    free(x->gone);
    free(x->gone_mentions);
    free(x->used);
    free(x->word);
    free(x->code);
}

static int put_all(struct nd_join *j, struct nd_error *err)
{
    int rc = nd_join_words(j, err);
    if (!rc)
        rc = nd_join_entities(j, err);
    if (!rc)
        rc = put_codes(j, err);
    if (!rc)
        rc = nd_join_put_words(j, err);
    if (!rc)
        rc = nd_join_put_stems(j, err);
    if (rc)
        return rc;
    unsigned char counts[ND_STREAM_COUNTS_SIZE];
    nd_store32(counts, j->docs);
    nd_store32(counts + 4, j->words_n);
    nd_store32(counts + 8, j->entities);
    nd_store32(counts + 12, j->stems);
    nd_store64(counts + 16, j->tokens);
    nd_sections_begin(j->file, ND_STREAM_COUNTS);
    nd_sections_write(j->file, counts, sizeof counts);
    nd_sections_end(j->file);
    return 0;
}

int nd_stream_merge(const char *path, struct nd_stream_input *in, uint32_t n, uint64_t *size,
                    struct nd_error *err)
{
    struct nd_join j = {.path = path, .n = n, .langs = nd_lang_count()};
    uint64_t docs = 0;
    nd_buf_init(&j.text, SIZE_MAX / 4);
    for (uint32_t i = 0; i < n; i++) {
        in[i].entities = NULL;
        docs += nd_stream_docs(in[i].stream);
    }
    if (docs >= UINT32_MAX)
        return nd_fail(err, ND_LIMIT, "too many articles to merge into one segment");
    j.in = calloc((size_t)n + 1, sizeof *j.in);
    j.heap.v = calloc((size_t)n + 1, sizeof *j.heap.v);
    j.same = calloc((size_t)n + 1, sizeof *j.same);
    int rc = j.in && j.heap.v && j.same ? 0 : nd_join_no_memory(&j, err);
    for (uint32_t i = 0; i < n && !rc; i++)
        rc = open_source(&j, &j.in[i], &in[i], err);
    if (!rc)
        rc = nd_sections_create(&j.file, path, "STRM", ND_STREAM_VERSION, err);
    if (!rc) {
        rc = put_all(&j, err);
        if (rc)
            nd_sections_abandon(j.file);
        else
            rc = nd_sections_finish(j.file, size, err);
    }
    for (uint32_t i = 0; i < n && j.in; i++)
        close_source(&j.in[i]);
    nd_buf_free(&j.text);
    free(j.in);
    free(j.heap.v);
    free(j.same);
    free(j.words);
    free(j.ranked);
    return rc;
}
