#include "formats/hyphen.h"
#include "text/utf8.h"

#include <string.h>

extern const unsigned char nd_words_filter[];
extern const uint64_t nd_words_filter_size;

enum {
    PART_MAX = 60, /* bytes of half a word */
    HEAD = 16,     /* of the file: data/make_words.py has its shape */
    LEAST = 4      /* letters of a word that may be known */
};

static uint32_t number(uint64_t at)
{
    const unsigned char *p = nd_words_filter + at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool is_known(const char *word, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u;
    if (nd_words_filter_size < HEAD + 4)
        return false;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)word[i]) * 0x100000001b3u;
    uint64_t at = HEAD + 4 * (uint64_t)((uint32_t)(h >> 32) % number(8));
    if (at + 4 > nd_words_filter_size)
        return false;
    uint32_t row = number(at), want = 0;
    for (unsigned k = 0; k < 4; k++)
        want |= (uint32_t)1 << (h >> 5 * k & 31);
    return (row & want) == want;
}

/* a and b as one word in lower case. Return: its bytes, 0 where it is too long or short. */
static size_t joined(struct nd_buf *out, const char *a, size_t a_n, const char *b, size_t b_n)
{
    size_t letters = 0;
    nd_buf_reset(out);
    nd_lowercase(out, a, a_n);
    if (b_n)
        nd_lowercase(out, b, b_n);
    if (nd_buf_code(out))
        return 0;
    for (size_t i = 0; i < out->len; i++)
        letters += ((unsigned char)out->data[i] & 0xc0) != 0x80;
    return letters < LEAST ? 0 : out->len;
}

bool nd_word_known(const char *a, size_t a_n, const char *b, size_t b_n)
{
    struct nd_buf low;
    nd_buf_init(&low, 8 * PART_MAX);
    size_t n = a_n + b_n <= 2 * PART_MAX ? joined(&low, a, a_n, b, b_n) : 0;
    bool known = n && is_known(low.data, n);
    nd_buf_free(&low);
    return known;
}

static bool is_letter(unsigned char c)
{
    return (c | 32) >= 'a' ? (c | 32) <= 'z' || c >= 0x80 : false;
}

/* Does the text around have it as a word, hyphen and all? */
static bool in_text(struct nd_hyphens *h, const char *near, const char *word, size_t n)
{
    const char *from = near - h->p > ND_HYPHEN_NEAR / 2 ? near - ND_HYPHEN_NEAR / 2 : h->p,
               *end = h->p + h->n;
    if (end - from > ND_HYPHEN_NEAR)
        end = from + ND_HYPHEN_NEAR;
    for (const char *at = from; (at = memmem(at, (size_t)(end - at), word, n)); at++) {
        bool before = at == h->p || (!is_letter((unsigned char)at[-1]) && at[-1] != '-');
        const char *after = at + n;
        if (before &&
            (after == h->p + h->n || (!is_letter((unsigned char)*after) && *after != '-')))
            return true;
    }
    return false;
}

/* Bytes of a hyphen at the end, 0 if there is none. A soft one is no more than a place to split. */
static size_t hyphen_at(const char *p, size_t n, bool *soft)
{
    *soft = n > 2 && !memcmp(p + n - 2, "\xc2\xad", 2);
    if (*soft)
        return 2;
    if (n > 3 && !memcmp(p + n - 3, "\xe2\x80\x90", 3))
        return 3;
    return n > 1 && p[n - 1] == '-' ? 1 : 0;
}

/* Words of which the first part of another may stand before them alone: "pre- and post-war". */
static bool is_link(const char *p, size_t n)
{
    static const char *const words[] = {"and", "or", "to", "und", "oder", "bis", "et",
                                        "ou",  "y",  "o",  "en",  "of",   "e",   "und"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n && !memcmp(words[i], p, n))
            return true;
    return false;
}

enum nd_hyphen nd_line_hyphen(struct nd_hyphens *h, const char *line, size_t line_n,
                              const char *next, size_t n, bool wrapped, size_t *off)
{
    char word[2 * PART_MAX + 2];
    bool soft;
    size_t k = hyphen_at(line, line_n, &soft), a_n = 0, b_n = 0;
    if (!k)
        return ND_HYPHEN_NONE;
    const char *end = line + line_n - k, *a = end;
    while (a > line && a_n < PART_MAX && is_letter((unsigned char)a[-1])) {
        a--;
        a_n++;
    }
    while (b_n < n && b_n < PART_MAX && is_letter((unsigned char)next[b_n]))
        b_n++;
    *off = k;
    /* half a word in figures, another hyphen, a capital: no word is split so, but by a soft hyphen */
    bool figures = a > line && a[-1] >= '0' && a[-1] <= '9';
    if (!a_n || !b_n || a_n == PART_MAX || b_n == PART_MAX || figures)
        return ND_HYPHEN_NONE;
    if (soft)
        return ND_HYPHEN_OFF;
    bool upper = next[0] >= 'A' && next[0] <= 'Z', shout = true;
    for (size_t i = 0; i < a_n; i++)
        shout &= a[i] >= 'A' && a[i] <= 'Z';
    memcpy(word, a, a_n);
    memcpy(word + a_n, "-", 1);
    memcpy(word + a_n + 1, next, b_n);
    if (h->asked < ND_HYPHEN_ASKED) {
        h->asked++;
        if (in_text(h, a, word, a_n + 1 + b_n))
            return ND_HYPHEN_STAYS;
        memmove(word + a_n, word + a_n + 1, b_n);
        if ((!upper || (shout && a_n > 1)) && in_text(h, a, word, a_n + b_n))
            return ND_HYPHEN_OFF;
    }
    if (is_link(next, b_n))
        return ND_HYPHEN_NONE;
    if (upper && !shout) /* Anglo-American */
        return wrapped && a_n > 1 && *a >= 'A' && *a <= 'Z' ? ND_HYPHEN_STAYS : ND_HYPHEN_NONE;
    if (nd_word_known(a, a_n, next, b_n))
        return ND_HYPHEN_OFF;
    bool chain = (a > line + 1 && a[-1] == '-') || (b_n + 1 < n && next[b_n] == '-');
    bool two = nd_word_known(a, a_n, "", 0) && nd_word_known(next, b_n, "", 0);
    return wrapped && (two || chain) ? ND_HYPHEN_STAYS : ND_HYPHEN_NONE;
}
