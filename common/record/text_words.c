#include "record/text_words.h"

#include "base/hash.h"
#include "base/status.h"
#include "base/word.h"

#include <stdlib.h>
#include <string.h>

enum {
    BARE = 1, /* codes, as the header says */
    CAPITAL = 2,
    RAW = 3,
    FIRST = 0x80,
    RAW_MAX = 255,
    PIECE = 1 << 14,    /* bytes of text that are coded between two looks at the room */
    AHEAD = 64,         /* words that are found before they are looked up */
    ROOM = 16,          /* bytes that may be written behind the last */
    WIDEST = 4,         /* most bytes of code for a byte of text */
    COUNTED_MIN = 10,   /* bits of the number of slots for counting */
    COUNTED_MAX = 17,   /* 98,000 words */
    TEXT_PER_SLOT = 16, /* bytes */
    SLOTS_PER_WORD = 2  /* of a coder, at least */
};

#define ONES UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

/* ---- words in a text ---- */

static inline bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* U+2000 to U+203F in UTF-8; three bytes can be read. */
static inline bool is_symbol(const unsigned char *p)
{
    return p[0] == 0xe2 && p[1] == 0x80;
}

static inline bool is_letter(const unsigned char *p)
{
    unsigned char low = *p | 0x20;
    return *p < 0x80 ? low >= 'a' && low <= 'z' : !is_symbol(p);
}

/* The high bit of each byte that is no ASCII letter and < 0x80. */
static inline uint64_t no_letters(uint64_t v)
{
    uint64_t low = (v & ~HIGH) | 0x20 * ONES;
    uint64_t from_a = low + (0x80 - 'a') * ONES, past_z = low + (0x7f - 'z') * ONES;
    return ~((from_a & ~past_z) | v) & HIGH;
}

static size_t other_word(const unsigned char *p, const unsigned char *end)
{
    const unsigned char *q = p;
    if (is_digit(*p)) {
        while (q < end && is_digit(*q))
            q++;
        return (size_t)(q - p);
    }
    size_t quote = *p == '\'' ? 1 : is_symbol(p) && p[2] == 0x99 ? 3 : 0;
    if (quote && (size_t)(end - p) > quote && is_letter(p + quote)) { /* 's, 't, 're */
        q = p + quote + 1;
        q += q < end && is_letter(q);
        if (q == end || !is_letter(q))
            return (size_t)(q - p);
    }
    if (is_symbol(p))
        return end - p >= 3 ? 3 : 0;
    while (q < end && is_letter(q))
        q++;
    return (size_t)(q - p);
}

/* Bytes of the word at p, 0 if there is none. */
static inline size_t word_at(const unsigned char *p, const unsigned char *end)
{
    uint64_t v = nd_load64(p), stop = no_letters(v);
    if (stop & ~(stop - 1) & ~UINT64_C(0x80)) { /* one to seven letters */
        size_t n = (size_t)__builtin_ctzll(stop) / 8;
        if (!(v & HIGH & (stop ^ (stop - 1))))
            return n <= (size_t)(end - p) ? n : (size_t)(end - p);
    } else if (!stop && !(v & HIGH)) {
        uint64_t more = nd_load64(p + 8);
        stop = no_letters(more);
        if (stop && !(more & HIGH & (stop ^ (stop - 1)))) {
            size_t n = 8 + (size_t)__builtin_ctzll(stop) / 8;
            return n <= (size_t)(end - p) ? n : (size_t)(end - p);
        }
    }
    return p < end ? other_word(p, end) : 0;
}

enum {
    NO_SPACE,
    SPACE,
    LOOK /* at what lies before that */
};

/* By the last byte of a text: does a space stand between it and a word? */
static const unsigned char before[256] = {['a' ... 'm'] = SPACE, ['n'] = LOOK,
                                          ['o' ... 'z'] = SPACE, ['A' ... 'Z'] = SPACE,
                                          ['0' ... '9'] = SPACE, [','] = LOOK,
                                          ['.'] = LOOK,          [';'] = SPACE,
                                          [':'] = SPACE,         ['?'] = SPACE,
                                          ['!'] = SPACE,         [')'] = SPACE,
                                          ['%'] = SPACE,         [0x80 ... 0x93] = SPACE,
                                          [0x94] = LOOK,         [0x95 ... 0x97] = SPACE,
                                          [0x98] = LOOK,         [0x99 ... 0x9b] = SPACE,
                                          [0x9c] = LOOK,         [0x9d ... 0xff] = SPACE};

static bool look_back(const unsigned char *start, const unsigned char *at,
                      const unsigned char *word)
{
    size_t n = (size_t)(at - start);
    if (at[-1] == 'n') /* a line's end in JSON */
        return n < 2 || at[-2] != '\\';
    if (at[-1] == ',' || at[-1] == '.') /* within a number */
        return n < 2 || !is_digit(at[-2]) || !is_digit(word[0]);
    return n < 3 || !is_symbol(at - 3); /* a dash, a mark that opens */
}

/* Is a space expected between the text that ends at `at` and a word? The one rule of both directions. word: three
 * bytes can be read. */
static inline bool nd_spaced(const unsigned char *start, const unsigned char *at,
                             const unsigned char *word)
{
    if (at == start || word[0] == '\'')
        return false;
    if (is_symbol(word) && (word[2] == 0x99 || word[2] == 0x9d || word[2] == 0xa6))
        return false;
    unsigned char kind = before[at[-1]];
    return kind == LOOK ? look_back(start, at, word) : kind == SPACE;
}

/* ---- making a list ---- */

struct counted {
    struct nd_word_bytes word; /* a == 0: free */
    uint32_t count;
};

struct seed {
    uint64_t a, b;
};

static inline uint64_t hash(struct seed s, struct nd_word_bytes w)
{
    return nd_word_mix(w.a ^ s.a, w.b ^ s.b);
}

static size_t bytes_of(struct nd_word_bytes w)
{
    uint64_t v = w.b ? w.b : w.a;
    return (w.b ? 16 : 8) - (size_t)__builtin_clzll(v) / 8;
}

/* The most frequent first; by their bytes where equally frequent. */
static int by_count(const void *x, const void *y)
{
    const struct counted *a = x, *b = y;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    if (a->word.a != b->word.a)
        return a->word.a < b->word.a ? -1 : 1;
    return a->word.b < b->word.b ? -1 : a->word.b > b->word.b;
}

/* Count the words of a text in slots, a power of two of them; later ones are left out when those are nearly full. */
static void count(struct counted *slots, size_t mask, const unsigned char *p,
                  const unsigned char *end)
{
    struct seed s = {nd_random_seed(), nd_random_seed()};
    size_t room = mask / 4 * 3;
    while (p < end) {
        if (*p == '\\') {
            p += 2;
            continue;
        }
        size_t n = word_at(p, end);
        if (n == 0 || n > ND_WORD_HEAD) {
            p += n ? n : 1;
            continue;
        }
        struct nd_word_bytes w = nd_word_load(p, n);
        p += n;
        size_t at = hash(s, w) & mask;
        while (slots[at].word.a && (slots[at].word.a != w.a || slots[at].word.b != w.b))
            at = (at + 1) & mask;
        if (slots[at].word.a == 0) {
            if (room == 0)
                continue;
            room--;
            slots[at].word = w;
        }
        slots[at].count++;
    }
}

static int put_list(struct nd_buf *out, const struct counted *v, size_t n)
{
    static const char pad[ND_CODED_PAD];
    uint32_t at = 0;
    nd_buf_u32(out, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        nd_buf_u32(out, at);
        at += (uint32_t)bytes_of(v[i].word);
    }
    nd_buf_u32(out, at);
    for (size_t i = 0; i < n; i++) {
        unsigned char bytes[ND_WORD_HEAD];
        nd_store64(bytes, v[i].word.a);
        nd_store64(bytes + 8, v[i].word.b);
        nd_buf_add(out, bytes, bytes_of(v[i].word));
    }
    nd_buf_add(out, pad, sizeof pad);
    return nd_buf_code(out);
}

int nd_word_list_make(struct nd_buf *out, const char *text, size_t n, uint32_t least)
{
    unsigned bits = COUNTED_MIN;
    while (bits < COUNTED_MAX && (size_t)1 << bits < n / TEXT_PER_SLOT)
        bits++;
    size_t slots = (size_t)1 << bits, words = 0, kept = 0;
    struct counted *v = calloc(slots, sizeof *v);
    if (!v)
        return ND_NOMEM;
    count(v, slots - 1, (const unsigned char *)text, (const unsigned char *)text + n);
    for (size_t i = 0; i < slots; i++)
        if (v[i].word.a && v[i].count >= least)
            v[words++] = v[i];
    qsort(v, words, sizeof *v, by_count);
    for (size_t i = 0; i < words && kept < ND_CODED_MAX; i++)
        if (kept < ND_CODED_ONE || bytes_of(v[i].word) > 2) /* a code of two bytes gains nothing */
            v[kept++] = v[i];
    int rc = put_list(out, v, kept);
    free(v);
    return rc;
}

int nd_word_list_open(struct nd_word_list *l, const void *p, size_t n, size_t *used)
{
    *l = (struct nd_word_list){0};
    if (n < 8)
        return ND_CORRUPT;
    uint32_t words = nd_load32(p);
    size_t head = 4 + 4 * ((size_t)words + 1);
    if (words > ND_CODED_MAX || head + ND_CODED_PAD > n)
        return ND_CORRUPT;
    l->at = (const unsigned char *)p + 4;
    l->text = (const unsigned char *)p + head;
    l->n = words;
    l->bytes = nd_load32(l->at + 4 * (size_t)words);
    if (l->bytes > n - head - ND_CODED_PAD)
        return ND_CORRUPT;
    *used = head + l->bytes + ND_CODED_PAD;
    return 0;
}

/* A word of the list: its bytes, ND_WORD_HEAD of which can be read. Return: how many, 0 if the list is damaged. */
static inline size_t listed(const struct nd_word_list *l, uint32_t i, const unsigned char **word)
{
    if (i >= l->n)
        return 0;
    uint32_t from = nd_load32(l->at + 4 * (size_t)i), to = nd_load32(l->at + 4 * (size_t)i + 4);
    if (from >= to || to > l->bytes || to - from > ND_WORD_HEAD)
        return 0;
    *word = l->text + from;
    return to - from;
}

/* ---- coding ---- */

/* Slots are small and words lie by falling frequency, so that what most lookups need stays in the cache. */
struct nd_word_coder {
    struct nd_word_bytes *word; /* by number + 1 */
    uint16_t *slot;             /* number + 1, 0: free */
    size_t mask;
    struct seed seed;
};
_Static_assert(ND_CODED_MAX < UINT16_MAX, "a number and one more fit a slot");

int nd_word_coder_new(struct nd_word_coder **out, const struct nd_word_list *l)
{
    *out = NULL;
    struct nd_word_coder *c = calloc(1, sizeof *c);
    if (!c)
        return ND_NOMEM;
    size_t slots = 16;
    while (slots < (size_t)l->n * SLOTS_PER_WORD)
        slots *= 2;
    c->mask = slots - 1;
    c->seed = (struct seed){nd_random_seed(), nd_random_seed()};
    c->word = malloc(((size_t)l->n + 1) * sizeof *c->word);
    c->slot = calloc(slots, sizeof *c->slot);
    int rc = c->word && c->slot ? 0 : ND_NOMEM;
    if (!rc)
        c->word[0] = (struct nd_word_bytes){0};
    for (uint32_t i = 0; i < l->n && !rc; i++) {
        const unsigned char *text;
        size_t n = listed(l, i, &text);
        if (n == 0 || *text == 0) {
            rc = ND_CORRUPT;
            break;
        }
        struct nd_word_bytes w = nd_word_load(text, n);
        size_t at = hash(c->seed, w) & c->mask;
        while (c->slot[at])
            at = (at + 1) & c->mask;
        c->word[i + 1] = w;
        c->slot[at] = (uint16_t)(i + 1);
    }
    if (rc)
        nd_word_coder_free(c);
    else
        *out = c;
    return rc;
}

void nd_word_coder_free(struct nd_word_coder *c)
{
    if (!c)
        return;
    free(c->word);
    free(c->slot);
    free(c);
}

/* A word on its way. */
struct found {
    const unsigned char *p;
    size_t n;
    size_t slot; /* where its search begins */
    struct nd_word_bytes w;
};

/* The number of a word whose search begins at a slot, -1 if it is not listed. */
static inline int find(const struct nd_word_coder *c, struct nd_word_bytes w, size_t at)
{
    for (unsigned k; (k = c->slot[at]) != 0; at = (at + 1) & c->mask) {
        const struct nd_word_bytes *have = &c->word[k];
        if (((have->a ^ w.a) | (have->b ^ w.b)) == 0)
            return (int)k - 1;
    }
    return -1;
}

/* Find the next words from *p on, and ask for the slots and entries that looking them up will need. Return: how
 * many; *p is where the search ended. */
static size_t look_ahead(const struct nd_word_coder *c, struct found v[AHEAD],
                         const unsigned char **from, const unsigned char *end)
{
    const unsigned char *p = *from;
    const unsigned char *const last = end - p > PIECE ? p + PIECE : end;
    size_t n = 0;
    while (n < AHEAD && p < last) {
        if (*p == ' ' && p + 1 < last)
            p++;
        size_t bytes = word_at(p, last);
        if (bytes == 0) { /* what follows a backslash is no word */
            p += *p == '\\' && p + 1 < last ? 2 : 1;
            continue;
        }
        if (bytes <= ND_WORD_HEAD) {
            struct found *f = &v[n++];
            *f = (struct found){p, bytes, 0, nd_word_load(p, bytes)};
            f->slot = hash(c->seed, f->w) & c->mask;
            __builtin_prefetch(&c->slot[f->slot]);
        }
        p += bytes;
    }
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&c->word[c->slot[v[i].slot]]);
    *from = p;
    return n;
}

/* Write bytes without a code to o. Return: what follows them. */
static unsigned char *put_raw(unsigned char *o, const unsigned char *p, const unsigned char *end)
{
    while (p < end) {
        if (*p < FIRST && (*p == 0 || *p > RAW)) {
            *o++ = *p++;
            continue;
        }
        const unsigned char *q = p + 1;
        while (q < end && *q >= FIRST && q - p < RAW_MAX)
            q++;
        *o++ = RAW;
        *o++ = (unsigned char)(q - p);
        memcpy(o, p, (size_t)(q - p));
        o += q - p;
        p = q;
    }
    return o;
}

/* The same where it is mostly nothing or a few plain bytes: eight are copied at once. */
static inline unsigned char *put_gap(unsigned char *o, const unsigned char *p,
                                     const unsigned char *end)
{
    size_t n = (size_t)(end - p);
    uint64_t v = nd_load64(p), special = ~((v | HIGH) - (RAW + 1) * ONES) | v;
    if (n >= 8 || special & HIGH & ~(UINT64_MAX << 8 * n))
        return put_raw(o, p, end);
    nd_store64(o, v);
    return o + n;
}

int nd_word_coder_put(const struct nd_word_coder *c, struct nd_buf *out, const char *text, size_t n)
{
    const unsigned char *const start = (const unsigned char *)text, *const end = start + n;
    const unsigned char *p = start, *from = start; /* from: behind what is written */
    struct found v[AHEAD];
    while (p < end) {
        size_t words = look_ahead(c, v, &p, end);
        int rc = nd_buf_room(out, WIDEST * (size_t)(p - from) + ROOM);
        if (rc)
            return rc;
        unsigned char *o = (unsigned char *)out->data + out->len;
        for (size_t i = 0; i < words; i++) {
            struct found *f = &v[i];
            int k = find(c, f->w, f->slot);
            bool capital = k < 0 && *f->p >= 'A' && *f->p <= 'Z';
            if (capital) {
                f->w.a ^= 0x20;
                k = find(c, f->w, hash(c->seed, f->w) & c->mask);
            }
            if (k < 0) /* it is written with what lies before the next one */
                continue;
            bool space = f->p > from && f->p[-1] == ' ';
            bool expected = nd_spaced(start, f->p - space, f->p);
            o = put_gap(o, from, f->p - (space && expected));
            *o = BARE;
            o += expected && !space;
            *o = CAPITAL;
            o += capital;
            int two = k >= ND_CODED_ONE, rest = k - ND_CODED_ONE;
            *o = (unsigned char)(FIRST + (two ? ND_CODED_ONE + (rest >> 8) : k));
            o[1] = (unsigned char)rest; /* written over where one is enough */
            o += 1 + two;
            from = f->p + f->n;
        }
        const unsigned char *rest = p < end && p > from && p[-1] == ' ' ? p - 1 : p;
        o = put_raw(o, from, rest);
        from = rest;
        out->len = (size_t)(o - (unsigned char *)out->data);
        out->data[out->len] = '\0';
    }
    return 0;
}

int nd_word_list_expand(const struct nd_word_list *l, struct nd_buf *out, size_t text_n,
                        const unsigned char *p, size_t n)
{
    int rc = nd_buf_room(out, text_n + ND_CODED_PAD);
    if (rc)
        return rc;
    unsigned char *const start = (unsigned char *)out->data + out->len, *o = start;
    unsigned char *const stop = start + text_n;
    const unsigned char *const end = p + n;
    bool bare = false, capital = false;
    rc = ND_CORRUPT;
    while (p < end) {
        unsigned char c = *p++;
        if (c >= FIRST) {
            uint32_t number = c - FIRST;
            if (number >= ND_CODED_ONE) {
                if (p == end)
                    goto out;
                number = ND_CODED_ONE + ((number - ND_CODED_ONE) << 8 | *p++);
            }
            const unsigned char *word;
            size_t bytes = listed(l, number, &word);
            if (bytes == 0)
                goto out;
            bool space = !bare && nd_spaced(start, o, word);
            if ((size_t)(stop - o) < bytes + space)
                goto out;
            *o = ' ';
            o += space;
            memcpy(o, word, ND_WORD_HEAD); /* the rest is written over */
            *o ^= capital ? 0x20 : 0;
            o += bytes;
            bare = capital = false;
        } else if (c == BARE) {
            bare = true;
        } else if (c == CAPITAL) {
            capital = true;
        } else if (c == RAW) {
            size_t bytes = p < end ? *p++ : 0;
            if (bytes == 0 || (size_t)(end - p) < bytes || (size_t)(stop - o) < bytes)
                goto out;
            memcpy(o, p, bytes);
            o += bytes;
            p += bytes;
        } else {
            if (o == stop)
                goto out;
            *o++ = c;
        }
    }
    rc = o == stop ? 0 : ND_CORRUPT;
out:
    if (!rc)
        out->len += text_n;
    out->data[out->len] = '\0';
    return rc;
}
