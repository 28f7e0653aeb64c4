/* The dictionaries of several streams into one: words, their ranks and codes, and the stem table. */
#include "record/stream_merge_in.h"

#include <stdlib.h>
#include <string.h>

enum {
    RADIX_BITS = 11,
    RADIX = 1 << RADIX_BITS,
    SHAPES = 4
};

/* ---- merging ---- */

/* By folded key, key, parts: the order of a dictionary. */
static int word_order(const struct nd_join_source *a, const struct nd_join_source *b)
{
    int c = nd_str_cmp(nd_dict_fold(&a->words), nd_dict_fold(&b->words));
    if (c == 0)
        c = nd_str_cmp(a->head.key, b->head.key);
    return c ? c : (int)a->head.parts - (int)b->head.parts;
}

static bool word_before(const void *ctx, uint32_t a, uint32_t b)
{
    const struct nd_join_source *in = ctx;
    int c = word_order(&in[a], &in[b]);
    return c ? c < 0 : a < b;
}

/* Take the inputs that stand at the least entry off the heap. Return: how many are in j->same. */
static uint32_t pop_same(struct nd_join *j,
                         int (*order)(const struct nd_join_source *, const struct nd_join_source *))
{
    uint32_t k = 0;
    do {
        j->same[k++] = nd_heap_pop(&j->heap);
    } while (j->heap.n && order(&j->in[j->same[0]], &j->in[j->heap.v[0]]) == 0);
    return k;
}

static struct nd_join_word *new_word(struct nd_join *j)
{
    if (j->words_n == j->words_cap) {
        uint32_t cap = j->words_cap ? j->words_cap * 2 : 4096;
        struct nd_join_word *v = realloc(j->words, cap * sizeof *v);
        if (!v)
            return NULL;
        j->words = v;
        j->words_cap = cap;
    }
    return &j->words[j->words_n];
}

/* Make one word of those at which k inputs stand. */
static int merge_word(struct nd_join *j, uint32_t k, struct nd_error *err)
{
    uint64_t votes[SHAPES] = {0}, count = 0;
    struct nd_join_word *w = new_word(j);
    if (!w)
        return nd_join_no_memory(j, err);
    for (uint32_t i = 0; i < k; i++) {
        struct nd_join_source *x = &j->in[j->same[i]];
        uint32_t gone = x->gone ? x->gone[x->head.rank] : 0;
        if (gone > x->head.count)
            return nd_stream_corrupt(x->s, "a word occurs more often than its dictionary says",
                                     err);
        votes[x->head.shape & 3] += x->head.count - gone;
        count += x->head.count - gone;
    }
    if (count > UINT32_MAX)
        return nd_fail(err, ND_LIMIT, "a word occurs too often for one segment");
    if (count == 0) {
        for (uint32_t i = 0; i < k; i++)
            j->in[j->same[i]].word[j->in[j->same[i]].head.rank] = ND_JOIN_GONE;
        return 0;
    }
    const struct nd_join_source *one = &j->in[j->same[0]];
    struct nd_str key = one->head.key, fold = nd_dict_fold(&one->words);
    *w = (struct nd_join_word){.text = j->text.len,
                               .key_n = (uint32_t)key.n,
                               .count = (uint32_t)count,
                               .parts = one->head.parts};
    nd_buf_add(&j->text, key.p, key.n);
    if (!nd_str_eq(key, fold)) {
        w->fold_n = (uint32_t)fold.n;
        nd_buf_add(&j->text, fold.p, fold.n);
    }
    for (uint8_t s = 1; s < SHAPES; s++)
        if (votes[s] > votes[w->shape])
            w->shape = s;
    for (uint32_t i = 0; i < k; i++)
        j->in[j->same[i]].word[j->in[j->same[i]].head.rank] = j->words_n;
    j->words_n++;
    return nd_buf_code(&j->text) ? nd_join_no_memory(j, err) : 0;
}

/* Move an input's cursor and put it back unless it has ended. */
static int advance(struct nd_join *j, uint32_t i, bool start, struct nd_error *err)
{
    struct nd_join_source *x = &j->in[i];
    int rc = start ? nd_dict_seek(&x->words, x->s, "", 0, &x->head, err)
                   : nd_dict_next(&x->words, &x->head, err);
    if (rc == ND_DONE)
        return 0;
    if (!rc)
        nd_heap_push(&j->heap, i);
    return rc;
}

static int merge_words(struct nd_join *j, struct nd_error *err)
{
    int rc = 0;
    j->heap.n = 0;
    j->heap.before = word_before;
    j->heap.ctx = j->in;
    for (uint32_t i = 0; i < j->n && !rc; i++) {
        memset(j->in[i].word, 0xff, (size_t)j->in[i].s->words * sizeof *j->in[i].word);
        rc = advance(j, i, true, err);
    }
    while (!rc && j->heap.n) {
        uint32_t k = pop_same(j, word_order);
        rc = merge_word(j, k, err);
        for (uint32_t i = 0; i < k && !rc; i++)
            rc = advance(j, j->same[i], false, err);
    }
    return rc;
}

/* ---- ranks and codes ---- */

/* By falling count, ties in the order of the dictionary: a stable radix sort. */
static int rank_words(struct nd_join *j, struct nd_error *err)
{
    size_t n = j->words_n;
    uint32_t *from = malloc((n + 1) * sizeof *from), *to = malloc((n + 1) * sizeof *to);
    if (!from || !to) {
        free(from);
        free(to);
        return nd_join_no_memory(j, err);
    }
    for (size_t i = 0; i < n; i++)
        from[i] = (uint32_t)i;
    for (int shift = 0; shift < 32; shift += RADIX_BITS) {
        uint32_t at[RADIX + 1] = {0};
        for (size_t i = 0; i < n; i++)
            at[(~j->words[from[i]].count >> shift & (RADIX - 1)) + 1]++;
        for (int i = 0; i < RADIX; i++)
            at[i + 1] += at[i];
        for (size_t i = 0; i < n; i++)
            to[at[~j->words[from[i]].count >> shift & (RADIX - 1)]++] = from[i];
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    free(to);
    j->ranked = from;
    for (size_t i = 0; i < n; i++)
        j->words[from[i]].rank = (uint32_t)i;
    return 0;
}

/* The new code of every rank of an input. */
static void make_codes(struct nd_join *j, struct nd_join_source *x)
{
    for (uint32_t r = 0; r < x->s->words; r++) {
        unsigned char bytes[8] = {0};
        x->code[r] = 0;
        if (x->word[r] == ND_JOIN_GONE)
            continue;
        const struct nd_join_word *w = &j->words[x->word[r]];
        unsigned old = nd_dict_shape(x->s, r);
        bytes[7] = (unsigned char)nd_code_put(bytes, ND_WORD_FIRST, w->rank);
        bytes[6] = (unsigned char)((old != w->shape ? ND_JOIN_DIFFERS : 0) | old << ND_JOIN_OLD |
                                   (unsigned)w->shape << ND_JOIN_NEW);
        x->code[r] = nd_load64(bytes);
    }
}

int nd_join_words(struct nd_join *j, struct nd_error *err)
{
    int rc = merge_words(j, err);
    if (!rc)
        rc = rank_words(j, err);
    for (uint32_t i = 0; i < j->n && !rc; i++)
        make_codes(j, &j->in[i]);
    return rc;
}

/* ---- writing ---- */

static size_t shared(struct nd_str a, struct nd_str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

/* Front-coded blocks in the making. */
struct blocks {
    struct nd_buf text, at, before; /* before: the last key */
    uint32_t n;
};

static void blocks_init(struct blocks *b)
{
    nd_buf_init(&b->text, SIZE_MAX / 4);
    nd_buf_init(&b->at, SIZE_MAX / 4);
    nd_buf_init(&b->before, 1 << 20);
    b->n = 0;
}

static void blocks_free(struct blocks *b)
{
    nd_buf_free(&b->text);
    nd_buf_free(&b->at);
    nd_buf_free(&b->before);
}

/* How much of key the entry before it has; a block begins without one. */
static size_t blocks_next(struct blocks *b, struct nd_str key)
{
    if (b->n++ % ND_DICT_BLOCK == 0) {
        nd_buf_u32(&b->at, (uint32_t)b->text.len);
        nd_buf_reset(&b->before);
    }
    size_t same = shared((struct nd_str){b->before.data, b->before.len}, key);
    nd_buf_reset(&b->before);
    nd_buf_add(&b->before, key.p, key.n);
    return same;
}

static int blocks_put(struct nd_join *j, struct blocks *b, uint32_t text, uint32_t at,
                      struct nd_error *err)
{
    nd_buf_u32(&b->at, (uint32_t)b->text.len);
    int rc = nd_join_check(j, &b->text, &b->at, err);
    if (!rc && nd_buf_code(&b->before))
        rc = nd_join_no_memory(j, err);
    if (rc)
        return rc;
    nd_join_section(j, text, &b->text);
    nd_join_section(j, at, &b->at);
    return 0;
}

int nd_join_put_words(struct nd_join *j, struct nd_error *err)
{
    struct blocks b;
    struct nd_buf shapes;
    blocks_init(&b);
    nd_buf_init(&shapes, SIZE_MAX / 4);
    for (uint32_t i = 0; i < j->words_n; i++) {
        const struct nd_join_word *w = &j->words[i];
        const char *p = j->text.data + w->text;
        size_t same = blocks_next(&b, (struct nd_str){p, w->key_n});
        nd_buf_varint(&b.text, 2 * same + (w->fold_n != 0));
        nd_buf_varint(&b.text, w->key_n - same);
        nd_buf_add(&b.text, p + same, w->key_n - same);
        if (w->fold_n) {
            nd_buf_varint(&b.text, w->fold_n);
            nd_buf_add(&b.text, p + w->key_n, w->fold_n);
        }
        nd_buf_varint(&b.text, w->rank);
        nd_buf_varint(&b.text, w->count);
        const struct nd_join_word *r = &j->words[j->ranked[i]];
        nd_buf_byte(&shapes, (unsigned char)(r->shape | r->parts << 2));
    }
    int rc = blocks_put(j, &b, ND_STREAM_DICT, ND_STREAM_DICT_AT, err);
    if (!rc && nd_buf_code(&shapes))
        rc = nd_join_no_memory(j, err);
    if (!rc)
        nd_join_section(j, ND_STREAM_SHAPES, &shapes);
    nd_buf_free(&shapes);
    blocks_free(&b);
    return rc;
}

/* ---- stems ---- */

static int stem_order(const struct nd_join_source *a, const struct nd_join_source *b)
{
    return nd_str_cmp((struct nd_str){a->stems.key.data, a->stems.key.len},
                      (struct nd_str){b->stems.key.data, b->stems.key.len});
}

static bool stem_before(const void *ctx, uint32_t a, uint32_t b)
{
    const struct nd_join_source *in = ctx;
    int c = stem_order(&in[a], &in[b]);
    return c ? c < 0 : a < b;
}

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

/* Append the new ranks of the words of the stem at which an input stands. */
static void add_ranks(const struct nd_join *j, const struct nd_join_source *x, struct nd_buf *out)
{
    size_t lang = (unsigned char)x->stems.key.data[0];
    for (size_t i = 0; i < x->stems.n; i++) {
        uint32_t r = x->stems.ranks[i];
        if (x->word[r] == ND_JOIN_GONE)
            continue;
        size_t bit = lang * x->s->words + r;
        if (x->used && (lang >= j->langs || !(x->used[bit / 8] >> (bit % 8) & 1)))
            continue;
        uint32_t rank = j->words[x->word[r]].rank;
        nd_buf_add(out, &rank, sizeof rank);
    }
}

static void put_stem(struct blocks *b, struct nd_str key, struct nd_buf *ranks)
{
    uint32_t *v = (uint32_t *)(void *)ranks->data;
    size_t n = ranks->len / sizeof *v, kept = 0;
    qsort(v, n, sizeof *v, by_number);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || v[i] != v[kept - 1])
            v[kept++] = v[i];
    size_t same = blocks_next(b, key);
    nd_buf_varint(&b->text, same);
    nd_buf_varint(&b->text, key.n - same);
    nd_buf_add(&b->text, key.p + same, key.n - same);
    nd_buf_varint(&b->text, kept);
    for (size_t i = 0; i < kept; i++)
        nd_buf_varint(&b->text, v[i] - (i ? v[i - 1] : 0));
}

static int advance_stem(struct nd_join *j, uint32_t i, bool start, struct nd_error *err)
{
    struct nd_join_source *x = &j->in[i];
    int rc = start ? nd_stems_first(&x->stems, x->s, err) : nd_stems_next(&x->stems, err);
    if (rc == ND_DONE)
        return 0;
    if (!rc)
        nd_heap_push(&j->heap, i);
    return rc;
}

int nd_join_put_stems(struct nd_join *j, struct nd_error *err)
{
    struct blocks b;
    struct nd_buf ranks;
    int rc = 0;
    blocks_init(&b);
    nd_buf_init(&ranks, SIZE_MAX / 4);
    j->heap.n = 0;
    j->heap.before = stem_before;
    j->heap.ctx = j->in;
    for (uint32_t i = 0; i < j->n && !rc; i++)
        rc = advance_stem(j, i, true, err);
    while (!rc && j->heap.n) {
        uint32_t k = pop_same(j, stem_order);
        nd_buf_reset(&ranks);
        for (uint32_t i = 0; i < k; i++)
            add_ranks(j, &j->in[j->same[i]], &ranks);
        const struct nd_buf *key = &j->in[j->same[0]].stems.key;
        if (nd_buf_code(&ranks))
            rc = nd_join_no_memory(j, err);
        else if (ranks.len)
            put_stem(&b, (struct nd_str){key->data, key->len}, &ranks);
        for (uint32_t i = 0; i < k && !rc; i++)
            rc = advance_stem(j, j->same[i], false, err);
    }
    j->stems = b.n;
    if (!rc)
        rc = blocks_put(j, &b, ND_STREAM_STEMS, ND_STREAM_STEMS_AT, err);
    nd_buf_free(&ranks);
    blocks_free(&b);
    return rc;
}
