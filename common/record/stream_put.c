/* The writing half of the stream writer: ranks, codes, dictionary, stems and entities into the file. */
#include "record/order.h"
#include "record/stream_collect.h"
#include "record/stream_open.h"

#include <stdlib.h>
#include <string.h>

enum {
    RADIX_BITS = 11,
    RADIX = 1 << RADIX_BITS,
    OUT_SIZE = 1 << 16,
    ENTRY_ROOM = 32, /* more than an entry ever takes */
    BYTES_SHIFT = 56,
    BYTES_MASK = 7,
    USUAL_SHIFT = 60
};

struct put {
    struct nd_stream_writer *w;
    struct nd_sections_writer *file;
    uint32_t *order;  /* word numbers in the order of the dictionary */
    uint32_t *rank;   /* by word number */
    uint32_t *ranked; /* word numbers by rank */
    /* By word number: the code's bytes from the lowest up; in the highest their number and, from bit
     * USUAL_SHIFT of all, the usual shape. */
    uint64_t *code;
    uint8_t *usual; /* by word number */
    unsigned char *out;
    struct nd_buf text, at;
};

/* The shape that leaves the fewest exceptions, by the rule of nd_shape_expected. */
static uint8_t usual_shape(const struct nd_word_entry *e)
{
    uint8_t best = 0;
    for (uint8_t s = 1; s < ND_SHAPES; s++)
        if (e->hits[s] > e->hits[best])
            best = s;
    return best;
}

/* ---- the order of words ---- */

static int by_key(const void *x, const void *y, void *ctx)
{
    const struct nd_words *w = ctx;
    uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
    int c = nd_str_cmp(nd_words_key(w, i), nd_words_key(w, j));
    return c ? c : (int)w->v[i].parts - (int)w->v[j].parts;
}

/* By folded key, key, parts. */
static int sort_words(struct put *p)
{
    struct nd_words *w = &p->w->words;
    struct nd_str *folds = malloc(((size_t)w->n + 1) * sizeof *folds);
    if (!folds)
        return ND_NOMEM;
    for (uint32_t i = 0; i < w->n; i++)
        folds[i] = nd_words_fold(w, i);
    int rc = nd_order(&p->order, folds, w->n);
    for (uint32_t i = 0, j; i < w->n && !rc; i = j) {
        for (j = i + 1; j < w->n && nd_str_eq(folds[p->order[i]], folds[p->order[j]]); j++)
            ;
        if (j - i > 1)
            qsort_r(p->order + i, j - i, sizeof *p->order, by_key, w);
    }
    free(folds);
    return rc;
}

/* Rank by falling count: a stable radix sort of the dictionary's order. */
static int rank_words(struct put *p)
{
    struct nd_words *w = &p->w->words;
    size_t n = w->n;
    p->rank = malloc((n + 1) * sizeof *p->rank);
    p->ranked = malloc((n + 1) * sizeof *p->ranked);
    uint32_t *from = malloc((n + 1) * sizeof *from);
    if (!p->rank || !p->ranked || !from) {
        free(from);
        return ND_NOMEM;
    }
    memcpy(from, p->order, n * sizeof *from);
    uint32_t *to = p->ranked;
    for (int shift = 0; shift < 32; shift += RADIX_BITS) {
        uint32_t at[RADIX + 1] = {0};
        for (size_t i = 0; i < n; i++)
            at[(~w->v[from[i]].count >> shift & (RADIX - 1)) + 1]++;
        for (int i = 0; i < RADIX; i++)
            at[i + 1] += at[i];
        for (size_t i = 0; i < n; i++)
            to[at[~w->v[from[i]].count >> shift & (RADIX - 1)]++] = from[i];
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    p->ranked = from;
    free(to);
    for (size_t i = 0; i < n; i++)
        p->rank[p->ranked[i]] = (uint32_t)i;
    return 0;
}

/* ---- codes ---- */

static int make_codes(struct put *p)
{
    struct nd_words *w = &p->w->words;
    p->code = malloc(((size_t)w->n + 1) * sizeof *p->code);
    p->usual = malloc((size_t)w->n + 1);
    p->out = malloc(OUT_SIZE);
    if (!p->code || !p->usual || !p->out)
        return ND_NOMEM;
    for (uint32_t i = 0; i < w->n; i++) {
        unsigned char bytes[8] = {0};
        bytes[7] = (unsigned char)nd_code_put(bytes, ND_WORD_FIRST, p->rank[i]);
        p->usual[i] = usual_shape(&w->v[i]);
        p->code[i] = nd_load64(bytes) | (uint64_t)p->usual[i] << USUAL_SHIFT;
    }
    return 0;
}

/* Write the code of one entry to o. Return: what follows it. */
static unsigned char *put_entry(const struct put *p, uint32_t e, unsigned char *o)
{
    uint32_t payload = e >> 4;
    if (e & 1) {
        unsigned shape = e >> 1 & 3;
        uint64_t code = p->code[payload];
        if (shape != nd_shape_expected(code >> USUAL_SHIFT & 3, e & 8))
            o += nd_code_put(o, ND_MARK_OTHER, shape + 2);
        nd_store64(o, code);
        return o + (code >> BYTES_SHIFT & BYTES_MASK);
    }
    unsigned mark = e >> 1 & 7;
    if (mark == ND_MARK_JOINED)
        payload = p->rank[payload];
    else if (mark == ND_MARK_MENTION)
        payload = p->w->entity_map[payload];
    return o + nd_code_put(o, mark, payload);
}

/* Write the codes of all articles, their offsets to at. */
static void put_codes(struct put *p)
{
    const struct nd_stream_writer *w = p->w;
    unsigned char *o = p->out, *end = p->out + OUT_SIZE - ENTRY_ROOM;
    nd_sections_begin(p->file, ND_STREAM_CODES);
    const struct nd_entry_block *b = w->first_block;
    size_t at = 0; /* in b */
    for (uint32_t doc = 0; doc < w->docs; doc++) {
        nd_buf_u64(&p->at, nd_sections_at(p->file) + (uint64_t)(o - p->out));
        for (; b && b->n - at < w->doc_n[doc]; b = b->next)
            at = 0;
        for (size_t stop = at + w->doc_n[doc]; at < stop; at++) {
            o = put_entry(p, b->v[at], o);
            if (o >= end) {
                nd_sections_write(p->file, p->out, (size_t)(o - p->out));
                o = p->out;
            }
        }
    }
    nd_sections_write(p->file, p->out, (size_t)(o - p->out));
    nd_buf_u64(&p->at, nd_sections_at(p->file));
    nd_sections_end(p->file);
}

/* ---- sections ---- */

static void section(struct put *p, uint32_t id, const void *data, size_t n)
{
    nd_sections_begin(p->file, id);
    nd_sections_write(p->file, data, n);
    nd_sections_end(p->file);
}

/* Write what text and at hold as two sections, the end of text being the last offset. */
static int put_blocks(struct put *p, uint32_t text_id, uint32_t at_id)
{
    if (p->text.len > UINT32_MAX)
        return ND_LIMIT;
    nd_buf_u32(&p->at, (uint32_t)p->text.len);
    int rc = nd_buf_code(&p->text) ? nd_buf_code(&p->text) : nd_buf_code(&p->at);
    if (rc)
        return rc;
    section(p, text_id, p->text.data, p->text.len);
    section(p, at_id, p->at.data, p->at.len);
    return 0;
}

/* Begin a block where entry i is the first of one: nothing is shared with the entry before. */
static void block_start(struct put *p, uint32_t i, struct nd_str *before)
{
    if (i % ND_DICT_BLOCK)
        return;
    nd_buf_u32(&p->at, (uint32_t)p->text.len);
    *before = (struct nd_str){NULL, 0};
}

static size_t shared(struct nd_str a, struct nd_str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

static int put_dictionary(struct put *p)
{
    struct nd_words *w = &p->w->words;
    struct nd_str before = {NULL, 0};
    nd_buf_reset(&p->text);
    nd_buf_reset(&p->at);
    for (uint32_t i = 0; i < w->n; i++) {
        uint32_t word = p->order[i];
        struct nd_str key = nd_words_key(w, word), fold = nd_words_fold(w, word);
        bool other = w->v[word].fold_n != 0;
        block_start(p, i, &before);
        size_t same = shared(before, key);
        nd_buf_varint(&p->text, 2 * same + other);
        nd_buf_varint(&p->text, key.n - same);
        nd_buf_add(&p->text, key.p + same, key.n - same);
        if (other) {
            nd_buf_varint(&p->text, fold.n);
            nd_buf_add(&p->text, fold.p, fold.n);
        }
        nd_buf_varint(&p->text, p->rank[word]);
        nd_buf_varint(&p->text, w->v[word].count);
        before = key;
    }
    int rc = put_blocks(p, ND_STREAM_DICT, ND_STREAM_DICT_AT);
    if (rc)
        return rc;
    nd_buf_reset(&p->at);
    for (uint32_t i = 0; i < w->n; i++) {
        uint32_t word = p->ranked[i];
        nd_buf_byte(&p->at, (unsigned char)(p->usual[word] | w->v[word].parts << 2));
    }
    section(p, ND_STREAM_SHAPES, p->at.data, p->at.len);
    return nd_buf_code(&p->at);
}

/* The stems of one language: those of the stem at a place in sorted order are ranks[at[place]] up to
 * ranks[at[place + 1]], rising. Both are malloc'ed. */
static int gather_stems(const struct put *p, unsigned lang, const uint32_t *place, uint32_t stems,
                        uint32_t **at, uint32_t **ranks)
{
    const struct nd_words *w = &p->w->words;
    uint32_t room = w->stems_n[lang] < w->n ? w->stems_n[lang] : w->n;
    *at = calloc((size_t)stems + 2, sizeof **at);
    *ranks = malloc(((size_t)room * ND_STEMS_MAX + 1) * sizeof **ranks);
    if (!*at || !*ranks)
        return ND_NOMEM;
    for (uint32_t word = 0; word < room; word++) {
        const struct nd_word_stems *have = &w->stems[lang][word];
        for (int k = 0; k < ND_STEMS_MAX && have->v[0] != ND_STEM_UNKNOWN; k++)
            if (have->v[k] != ND_STEM_NONE)
                (*at)[place[have->v[k]] + 2]++;
    }
    for (uint32_t i = 1; i <= stems; i++)
        (*at)[i + 1] += (*at)[i];
    for (uint32_t r = 0; r < w->n; r++) {
        uint32_t word = p->ranked[r];
        if (word >= room)
            continue;
        const struct nd_word_stems *have = &w->stems[lang][word];
        for (int k = 0; k < ND_STEMS_MAX && have->v[0] != ND_STEM_UNKNOWN; k++)
            if (have->v[k] != ND_STEM_NONE)
                (*ranks)[(*at)[place[have->v[k]] + 1]++] = r;
    }
    return 0;
}

static int put_stems(struct put *p, uint32_t *stems_out)
{
    struct nd_words *w = &p->w->words;
    uint32_t stems = w->stem_text.count, entries = 0;
    struct nd_str *texts = malloc(((size_t)stems + 1) * sizeof *texts);
    uint32_t *order = NULL, *place = malloc(((size_t)stems + 1) * sizeof *place);
    int rc = texts && place ? 0 : ND_NOMEM;
    nd_buf_reset(&p->text);
    nd_buf_reset(&p->at);
    if (rc)
        goto out;
    for (uint32_t i = 0; i < stems; i++)
        texts[i] = nd_map_key(&w->stem_text, i);
    rc = nd_order(&order, texts, stems);
    if (rc)
        goto out;
    for (uint32_t i = 0; i < stems; i++)
        place[order[i]] = i;
    struct nd_str before = {NULL, 0};
    for (unsigned lang = 0; lang < w->langs; lang++) {
        uint32_t *at = NULL, *ranks = NULL;
        if (w->stems_n[lang] == 0)
            continue;
        rc = gather_stems(p, lang, place, stems, &at, &ranks);
        bool first = true; /* of this language: its byte differs from that of the entry before */
        for (uint32_t i = 0; i < stems && !rc; i++) {
            uint32_t n = at[i + 1] - at[i];
            if (n == 0)
                continue;
            bool fresh = first || entries % ND_DICT_BLOCK == 0;
            struct nd_str text = texts[order[i]];
            block_start(p, entries, &before);
            size_t same = fresh ? 0 : shared(before, text);
            nd_buf_varint(&p->text, fresh ? 0 : same + 1);
            nd_buf_varint(&p->text, text.n - same + fresh);
            if (fresh)
                nd_buf_byte(&p->text, (unsigned char)lang);
            nd_buf_add(&p->text, text.p + same, text.n - same);
            nd_buf_varint(&p->text, n);
            for (uint32_t k = 0, last = 0; k < n; k++) {
                nd_buf_varint(&p->text, ranks[at[i] + k] - last);
                last = ranks[at[i] + k];
            }
            before = text;
            first = false;
            entries++;
        }
        free(at);
        free(ranks);
        if (rc)
            goto out;
    }
    rc = put_blocks(p, ND_STREAM_STEMS, ND_STREAM_STEMS_AT);
out:
    *stems_out = entries;
    free(order);
    free(place);
    free(texts);
    return rc;
}

/* ---- entities ---- */

static struct nd_str entity_id(struct nd_str key)
{
    size_t n = (unsigned char)key.p[2] | (size_t)(unsigned char)key.p[3] << 8;
    return (struct nd_str){key.p + ND_ENTITY_KEY_HEAD, n};
}

static struct nd_str entity_surface(struct nd_str key)
{
    struct nd_str id = entity_id(key);
    return (struct nd_str){id.p + id.n, key.n - id.n - ND_ENTITY_KEY_HEAD};
}

static int by_entity(const void *x, const void *y, void *ctx)
{
    const struct nd_map *m = ctx;
    struct nd_str a = nd_map_key(m, *(const uint32_t *)x), b = nd_map_key(m, *(const uint32_t *)y);
    if (a.p[0] != b.p[0])
        return (int)(unsigned char)a.p[0] - (int)(unsigned char)b.p[0];
    int c = nd_str_cmp(entity_id(a), entity_id(b));
    if (c == 0)
        c = nd_str_cmp(entity_surface(a), entity_surface(b));
    return c ? c : (int)(unsigned char)a.p[1] - (int)(unsigned char)b.p[1];
}

/* Number the entities in sorted order and put rows and text together in at and text. */
static int make_entities(struct put *p)
{
    struct nd_stream_writer *w = p->w;
    uint32_t n = w->entities.count;
    uint32_t *order = malloc(((size_t)n + 1) * sizeof *order);
    free(w->entity_map);
    w->entity_map = malloc(((size_t)n + 1) * sizeof *w->entity_map);
    int rc = order && w->entity_map ? 0 : ND_NOMEM;
    if (rc)
        goto out;
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, by_entity, &w->entities);
    struct nd_str before = {NULL, 0};
    uint32_t id_at = 0;
    nd_buf_reset(&p->text);
    nd_buf_reset(&p->at);
    for (uint32_t i = 0; i < n; i++) {
        struct nd_str key = nd_map_key(&w->entities, order[i]);
        struct nd_str id = entity_id(key), surface = entity_surface(key);
        w->entity_map[order[i]] = i;
        if (i == 0 || !nd_str_eq(id, before)) { /* rows of one id share its text */
            id_at = (uint32_t)p->text.len;
            nd_buf_add(&p->text, id.p, id.n);
        }
        before = id;
        nd_buf_u32(&p->at, id_at);
        nd_buf_u32(&p->at, (uint32_t)p->text.len);
        nd_buf_u32(&p->at, (uint32_t)(id.n | surface.n << 16));
        nd_buf_u32(&p->at, w->mentions[order[i]]);
        nd_buf_u32(&p->at, (unsigned char)key.p[0] | (uint32_t)(unsigned char)key.p[1] << 8);
        nd_buf_add(&p->text, surface.p, surface.n);
    }
    if (p->text.len > UINT32_MAX)
        rc = ND_LIMIT;
    if (!rc)
        rc = nd_buf_code(&p->text) ? nd_buf_code(&p->text) : nd_buf_code(&p->at);
out:
    free(order);
    return rc;
}

static int put_all(struct put *p)
{
    struct nd_stream_writer *w = p->w;
    int rc = sort_words(p);
    if (!rc)
        rc = rank_words(p);
    if (!rc)
        rc = make_codes(p);
    if (!rc)
        rc = make_entities(p);
    if (rc)
        return rc;
    section(p, ND_STREAM_ENTITIES, p->at.data, p->at.len);
    section(p, ND_STREAM_ENTITY_TEXT, p->text.data, p->text.len);
    nd_buf_reset(&p->at);
    put_codes(p);
    rc = nd_buf_code(&p->at);
    if (rc)
        return rc;
    section(p, ND_STREAM_OFFSETS, p->at.data, p->at.len);
    rc = put_dictionary(p);
    uint32_t stems = 0;
    if (!rc)
        rc = put_stems(p, &stems);
    if (rc)
        return rc;
    unsigned char counts[ND_STREAM_COUNTS_SIZE];
    nd_store32(counts, w->docs);
    nd_store32(counts + 4, w->words.n);
    nd_store32(counts + 8, w->entities.count);
    nd_store32(counts + 12, stems);
    nd_store64(counts + 16, w->tokens);
    section(p, ND_STREAM_COUNTS, counts, sizeof counts);
    return 0;
}

int nd_stream_writer_finish(struct nd_stream_writer *w, const char *path, uint64_t *size,
                            struct nd_error *err)
{
    struct put p = {.w = w};
    nd_buf_init(&p.text, SIZE_MAX / 4);
    nd_buf_init(&p.at, SIZE_MAX / 4);
    int rc = nd_sections_create(&p.file, path, "STRM", ND_STREAM_VERSION, err);
    if (rc)
        return rc;
    rc = put_all(&p);
    if (rc) {
        nd_fail(err, rc, "cannot write '%s': %s", path,
                rc == ND_LIMIT ? "its dictionary grows too large" : "out of memory");
        nd_sections_abandon(p.file);
    } else {
        rc = nd_sections_finish(p.file, size, err);
    }
    nd_buf_free(&p.text);
    nd_buf_free(&p.at);
    free(p.order);
    free(p.rank);
    free(p.ranked);
    free(p.code);
    free(p.usual);
    free(p.out);
    return rc;
}
