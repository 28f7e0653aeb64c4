#include "record/scan.h"

#include "record/scan_vector.h"

#include <stdlib.h>
#include <string.h>

enum nd_scan_level nd_scan_choose(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
        return ND_SCAN_AVX2;
    if (__builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt"))
        return ND_SCAN_16;
#elif defined(__aarch64__)
    return ND_SCAN_16;
#endif
    return ND_SCAN_PLAIN;
}

/* The functions of a level, NULL for plain C. */
static inline const struct nd_scan_variant *variant(enum nd_scan_level level)
{
#if defined(__x86_64__)
    if (level == ND_SCAN_AVX2)
        return &nd_scan_avx2;
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    if (level == ND_SCAN_16)
        return &nd_scan_16;
#endif
    (void)level;
    return NULL;
}

void nd_codes_init(struct nd_codes *c)
{
    memset(c, 0, sizeof *c);
}

void nd_codes_free(struct nd_codes *c)
{
    if (c->words)
        nd_codes_free(c->words);
    if (c->rest)
        nd_codes_free(c->rest);
    free(c->words);
    free(c->rest);
    free(c->v);
    for (size_t i = 0; i < 3; i++)
        free(c->bits[i]);
    memset(c, 0, sizeof *c);
}

int nd_codes_add(struct nd_codes *c, unsigned mark, uint32_t value, uint32_t words, unsigned shape)
{
    if (c->n >= ND_CODES_MAX)
        return ND_LIMIT;
    if (c->n == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 8;
        struct nd_scan_item *v = realloc(c->v, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        c->v = v;
        c->cap = cap;
    }
    c->v[c->n++] = (struct nd_scan_item){
        .value = value, .words = words, .mark = (uint8_t)mark, .shape = (uint8_t)shape};
    return 0;
}

static int compare_items(const void *a, const void *b)
{
    const struct nd_scan_item *x = a, *y = b;
    if (x->mark != y->mark)
        return x->mark < y->mark ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

unsigned nd_scan_bits_of(unsigned mark)
{
    return mark == ND_WORD_FIRST ? 0 : mark == ND_MARK_JOINED ? 1 : 2;
}

/* Let code `bit` have any byte there: one that ends a code (below 0x80), or any at all. */
static void let_any(unsigned char low[16], unsigned char high[16], unsigned char bit, bool ends)
{
    for (size_t i = 0; i < 16; i++) {
        low[i] |= bit;
        high[i] |= !ends || i < 8 ? bit : 0;
    }
}

/* Nibble tables: bit k of an entry says that code k may have that nibble there. Of a larger set neighbours, which
 * are alike, share a bit. */
static void make_tables(struct nd_codes *c)
{
    memset(c->table, 0, sizeof c->table);
    memset(c->start, 0, sizeof c->start);
    for (size_t k = 0; k < c->n; k++) {
        unsigned char bit = (unsigned char)(1U << (c->n <= ND_CODES_FEW ? k : k * 8 / c->n));
        unsigned char b[ND_CODE_MAX];
        size_t n = nd_code_put(b, c->v[k].mark, c->v[k].value);
        if (c->n <= ND_CODES_FEW) {
            memcpy(c->bytes[k], b, n);
            c->bytes_n[k] = (uint8_t)n;
        }
        c->table[0][b[n - 1] & 15] |= bit;
        c->table[1][b[n - 1] >> 4] |= bit;
        if (n > 1) {
            c->table[2][b[n - 2] & 15] |= bit;
            c->table[3][b[n - 2] >> 4] |= bit;
        } else {
            let_any(c->table[2], c->table[3], bit, true);
        }
        c->start[0][b[0] & 15] |= bit;
        c->start[1][b[0] >> 4] |= bit;
        if (n > 1) {
            c->start[2][b[1] & 15] |= bit;
            c->start[3][b[1] >> 4] |= bit;
        } else {
            let_any(c->start[2], c->start[3], bit, false);
        }
    }
}

static int make_bits(struct nd_codes *c)
{
    for (size_t i = 0; i < c->n; i++) {
        unsigned set = nd_scan_bits_of(c->v[i].mark);
        if (c->v[i].value >= c->bits_n[set])
            c->bits_n[set] = c->v[i].value == UINT32_MAX ? UINT32_MAX : c->v[i].value + 1;
    }
    if (c->bits_n[0] < 128 * ND_WORD_BASE) /* every code of two bytes is in */
        c->bits_n[0] = 128 * ND_WORD_BASE;
    for (size_t set = 0; set < 3; set++) {
        if (c->bits_n[set] == 0)
            continue;
        c->bits[set] = calloc(c->bits_n[set] / 64 + 1, sizeof(uint64_t));
        if (!c->bits[set])
            return ND_NOMEM;
    }
    for (size_t i = 0; i < c->n; i++) {
        uint32_t v = c->v[i].value;
        c->bits[nd_scan_bits_of(c->v[i].mark)][v >> 6] |= (uint64_t)1 << (v & 63);
    }
    return 0;
}

/* Part a mixed set: plain words can be looked for by simpler means. */
static int split(struct nd_codes *c)
{
    int rc = 0;
    c->words = calloc(1, sizeof *c->words);
    c->rest = calloc(1, sizeof *c->rest);
    if (!c->words || !c->rest)
        return ND_NOMEM;
    for (size_t i = 0; rc == 0 && i < c->n; i++)
        rc = nd_codes_add(c->v[i].mark == ND_WORD_FIRST ? c->words : c->rest, c->v[i].mark,
                          c->v[i].value, c->v[i].words, c->v[i].shape);
    if (rc == 0)
        rc = nd_codes_ready(c->words);
    return rc ? rc : nd_codes_ready(c->rest);
}

int nd_codes_ready(struct nd_codes *c)
{
    size_t n = 0;
    if (c->n)
        qsort(c->v, c->n, sizeof *c->v, compare_items);
    c->words_only = true;
    for (size_t i = 0; i < c->n; i++) {
        if (n && compare_items(&c->v[n - 1], &c->v[i]) == 0)
            continue;
        c->v[n++] = c->v[i];
        if (c->v[i].mark != ND_WORD_FIRST)
            c->words_only = false;
    }
    c->n = n;
    if (!c->words_only && c->v[n - 1].mark == ND_WORD_FIRST) {
        int rc = split(c);
        if (rc)
            return rc;
    }
    if (n <= ND_CODES_SOME)
        make_tables(c);
    return n <= ND_CODES_FEW ? 0 : make_bits(c);
}

const struct nd_scan_item *nd_codes_get(const struct nd_codes *c, unsigned mark, uint32_t value)
{
    struct nd_scan_item want = {.value = value, .mark = (uint8_t)mark};
    if (c->n > ND_CODES_FEW) {
        if (!nd_scan_bit(c, nd_scan_bits_of(mark), value))
            return NULL;
        return bsearch(&want, c->v, c->n, sizeof want, compare_items);
    }
    for (size_t i = 0; i < c->n; i++)
        if (compare_items(&c->v[i], &want) == 0)
            return &c->v[i];
    return NULL;
}

size_t nd_scan_code(const unsigned char *stream, size_t at, unsigned *mark, uint32_t *value)
{
    size_t first = at;
    uint32_t lead = 0;
    while (first > 0 && at - first < ND_CODE_MAX - 1 && stream[first - 1] >= 0x80)
        first--;
    for (size_t i = first; i < at; i++)
        lead = lead << 7 | (stream[i] & 0x7f);
    unsigned last = stream[at] & 0x7f;
    *mark = last < ND_WORD_FIRST ? last : ND_WORD_FIRST;
    *value = last < ND_WORD_FIRST ? lead : lead * ND_WORD_BASE + (last - ND_WORD_FIRST);
    return first;
}

/* Decode all and look each code up. */
static void find_plain(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                       struct nd_scan_out *o)
{
    uint32_t lead = 0;
    while (from > 0 && p[from - 1] >= 0x80) /* the first code may begin before */
        from--;
    for (size_t i = from; i < n; i++) {
        if (p[i] >= 0x80) {
            lead = lead << 7 | (p[i] & 0x7f);
            continue;
        }
        unsigned mark = p[i] < ND_WORD_FIRST ? p[i] : ND_WORD_FIRST;
        uint32_t v = mark == ND_WORD_FIRST ? lead * ND_WORD_BASE + (p[i] - ND_WORD_FIRST) : lead;
        lead = 0;
        if (mark < ND_MARK_MENTION || mark == ND_MARK_OTHER || !nd_codes_get(c, mark, v))
            continue;
        nd_scan_emit(o, i);
        if (o->any)
            return;
    }
}

/* A few codes: look for each one's last byte. */
static void find_one_plain(const struct nd_codes *c, const unsigned char *p, size_t from, size_t n,
                           struct nd_scan_out *o)
{
    size_t bytes = c->bytes_n[0];
    for (size_t at = from; at < n; at++) {
        const unsigned char *hit = memchr(p + at, c->bytes[0][bytes - 1], n - at);
        if (!hit)
            return;
        at = (size_t)(hit - p);
        if (!nd_scan_is(p, at, n, c->bytes[0], bytes))
            continue;
        nd_scan_emit(o, at);
        if (o->any)
            return;
    }
}

static void find(enum nd_scan_level level, const struct nd_codes *c, const unsigned char *p,
                 size_t from, size_t n, struct nd_scan_out *o)
{
    if (c->n == 0 || n <= from)
        return;
    const struct nd_scan_variant *w = variant(level);
    if (w) {
        (c->n <= ND_CODES_FEW    ? w->few
         : c->n <= ND_CODES_SOME ? w->some
                                 : w->many)(c, p, from, n, o);
        return;
    }
    if (c->n == 1)
        find_one_plain(c, p, from, n, o);
    else
        find_plain(c, p, from, n, o);
}

size_t nd_scan_find(enum nd_scan_level level, const struct nd_codes *c, const unsigned char *stream,
                    size_t n, uint32_t *offsets, size_t cap)
{
    struct nd_scan_out o = {.offsets = offsets, .cap = cap};
    find(level, c, stream, 0, n, &o);
    return o.n;
}

size_t nd_scan_range(enum nd_scan_level level, const struct nd_codes *c,
                     const unsigned char *stream, size_t from, size_t to, uint32_t *offsets,
                     size_t cap)
{
    struct nd_scan_out o = {.offsets = offsets, .cap = cap};
    find(level, c, stream, from, to, &o);
    return o.n;
}

size_t nd_scan_before(enum nd_scan_level level, const struct nd_codes *a, const struct nd_codes *b,
                      const unsigned char *stream, size_t from, size_t to, uint32_t *offsets,
                      size_t cap)
{
    struct nd_scan_out o = {.offsets = offsets, .cap = cap};
    const struct nd_scan_variant *w = variant(level);
    if (w && a->n && a->n <= ND_CODES_SOME && b->n && b->n <= ND_CODES_SOME) {
        w->before(a, b, stream, from, to, &o);
        return o.n;
    }
    find(level, a, stream, from, to, &o);
    return o.n;
}

bool nd_scan_any(enum nd_scan_level level, const struct nd_codes *c, const unsigned char *stream,
                 size_t from, size_t to)
{
    struct nd_scan_out o = {.any = true};
    find(level, c, stream, from, to, &o);
    return o.n > 0;
}

size_t nd_scan_ahead(enum nd_scan_level level, const unsigned char *p, size_t at, size_t n,
                     size_t words, unsigned limit)
{
    const struct nd_scan_variant *w = variant(level);
    if (w)
        return w->ahead(p, at, n, words, limit);
    for (size_t i = at + 1; i < n; i++) {
        if (p[i] < limit)
            return i;
        if (p[i] >= ND_WORD_FIRST && p[i] < 0x80 && --words == 0)
            return i + 1;
    }
    return n;
}

size_t nd_scan_back(enum nd_scan_level level, const unsigned char *p, size_t at, size_t words,
                    unsigned limit)
{
    const struct nd_scan_variant *w = variant(level);
    if (w)
        return w->back(p, at, words, limit);
    for (size_t i = at; i-- > 0;) {
        if (p[i] < limit)
            return i + 1;
        if (p[i] >= ND_WORD_FIRST && p[i] < 0x80 && --words == 0)
            return i;
    }
    return 0;
}

size_t nd_scan_words(enum nd_scan_level level, const unsigned char *p, size_t n)
{
    size_t words = 0;
    const struct nd_scan_variant *w = variant(level);
    if (w)
        return w->words(p, n);
    for (size_t i = 0; i < n; i++)
        words += p[i] >= ND_WORD_FIRST && p[i] < 0x80;
    return words;
}

size_t nd_scan_map(enum nd_scan_level level, const unsigned char *p, size_t n, uint64_t *masks,
                   uint32_t *before)
{
    uint32_t words = 0;
    const struct nd_scan_variant *w = variant(level);
    if (w)
        return w->map(p, n, masks, before);
    for (size_t i = 0; i <= n / 64; i++) {
        uint64_t m = 0;
        for (size_t k = i * 64; k < n && k < i * 64 + 64; k++)
            m |= (uint64_t)(p[k] >= ND_WORD_FIRST && p[k] < 0x80) << (k & 63);
        masks[i] = m;
        before[i] = words;
        words += (uint32_t)__builtin_popcountll(m);
    }
    return words;
}

void nd_scan_number(enum nd_scan_level level, const uint64_t *masks, const uint32_t *before,
                    const uint32_t *offsets, size_t n, uint32_t *words)
{
    const struct nd_scan_variant *w = variant(level);
    if (w) {
        w->number(masks, before, offsets, n, words);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t at = offsets[i];
        uint64_t m = masks[at / 64] & (((uint64_t)1 << (at % 64)) - 1);
        words[i] = before[at / 64] + (uint32_t)__builtin_popcountll(m);
    }
}

size_t nd_scan_below(enum nd_scan_level level, const unsigned char *p, size_t n, unsigned limit,
                     uint32_t *offsets, size_t cap)
{
    struct nd_scan_out o = {.offsets = offsets, .cap = cap};
    const struct nd_scan_variant *w = variant(level);
    if (w) {
        w->below(p, n, limit, &o);
        return o.n;
    }
    for (size_t i = 0; i < n; i++)
        if (p[i] < limit)
            nd_scan_emit(&o, i);
    return o.n;
}
