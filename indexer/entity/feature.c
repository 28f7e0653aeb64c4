#include "entity/feature.h"

#include "base/hash.h"
#include "text/letter.h"
#include "text/utf8.h"

#include <string.h>

size_t nd_feature_norm(const char *p, size_t n, bool digits_stay, char *out)
{
    size_t k = 0;
    bool letters = true; /* letters and dots alone: initials lose their dots */
    for (size_t i = 0; i < n && k + 4 < ND_UNIT_MAX; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c >= '0' && c <= '9') {
            letters = false;
            out[k++] = digits_stay ? (char)c : '0';
        } else if (c == 0xe2 && i + 2 < n && (unsigned char)p[i + 1] == 0x80 &&
                   ((unsigned char)p[i + 2] == 0x99 || (unsigned char)p[i + 2] == 0x98)) {
            out[k++] = '\'';
            i += 2;
        } else if (c == '.' && letters && n > 1 && i > 0) {
            continue;
        } else {
            out[k++] = (char)c;
        }
    }
    return k ? k : (out[0] = '.', 1);
}

size_t nd_feature_lower(const char *p, size_t n, char *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n && k + 4 < ND_UNIT_MAX;) {
        unsigned char c = (unsigned char)p[i];
        uint32_t cp = c;
        size_t len = c < 0x80 ? 1 : nd_utf8_decode(p + i, n - i, &cp);
        if (len == 0) {
            i++;
            continue;
        }
        if (c < 0x80)
            out[k++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        else
            k += nd_utf8_encode(nd_lower_cp(cp), out + k);
        i += len;
    }
    return k;
}

uint32_t nd_feature_hash(const char *p, size_t n)
{
    return (uint32_t)nd_hash64(p, n, 0);
}

enum letter {
    LETTER_MARK = '.',
    LETTER_DIGIT = '0',
    LETTER_LOWER = 'x',
    LETTER_UPPER = 'X'
};

static char letter_kind(uint32_t cp)
{
    if (cp < 0x80) {
        if (cp >= 'a' && cp <= 'z')
            return LETTER_LOWER;
        if (cp >= 'A' && cp <= 'Z')
            return LETTER_UPPER;
        return cp >= '0' && cp <= '9' ? LETTER_DIGIT : (char)cp;
    }
    if (nd_is_upper(cp))
        return LETTER_UPPER;
    return nd_is_lower(cp) || nd_wb_letter(nd_wb(cp)) ? LETTER_LOWER : LETTER_MARK;
}

static unsigned kase_of(size_t upper, size_t lower, size_t digits, size_t len, char first,
                        char second)
{
    if (upper + lower == 0)
        return digits ? ND_KASE_DIGITS : ND_KASE_MARK;
    if (digits)
        return ND_KASE_ALNUM;
    if (upper == 0)
        return ND_KASE_LOWER;
    if (lower == 0)
        return len == 1 ? ND_KASE_INITIAL : ND_KASE_UPPER;
    if (first != LETTER_UPPER)
        return ND_KASE_INNER;
    return upper == 1 && second != '\'' ? ND_KASE_TITLE : ND_KASE_MIXED;
}

void nd_feature_attr(struct nd_attr *a, const char *p, size_t n, const char *lower, size_t lower_n)
{
    char shape[ND_UNIT_MAX], cshape[ND_UNIT_MAX], first = 0, second = 0, last = 0;
    size_t sn = 0, cn = 0, run = 0, upper = 0, small = 0, digits = 0, len = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp = (unsigned char)p[i];
        size_t step = cp < 0x80 ? 1 : nd_utf8_decode(p + i, n - i, &cp);
        if (step == 0) {
            i++;
            continue;
        }
        char k = letter_kind(cp);
        upper += k == LETTER_UPPER;
        small += k == LETTER_LOWER;
        digits += k == LETTER_DIGIT;
        if (len == 0)
            first = k;
        if (len == 1)
            second = k;
        run = k == last ? run + 1 : 1;
        if (run == 1)
            cshape[cn++] = k;
        if (run <= 4)
            shape[sn++] = k;
        last = k;
        len++;
        i += step;
    }
    *a = (struct nd_attr){.exact = nd_feature_hash(p, n),
                          .lower = nd_feature_hash(lower, lower_n),
                          .shape = nd_feature_hash(shape, sn),
                          .cshape = nd_feature_hash(cshape, cn),
                          .kase = (uint8_t)kase_of(upper, small, digits, len, first, second),
                          .len = (uint8_t)(len > 255 ? 255 : len)};
    size_t from = lower_n, chars = 0;
    while (from > 0 && chars < 3) {
        from--;
        chars += ((unsigned char)lower[from] & 0xc0) != 0x80;
    }
    a->suffix = nd_feature_hash(lower + from, lower_n - from);
}

/* Collects features. */
struct list {
    uint32_t *v;
    size_t n;
};

static inline void add(struct list *l, uint32_t t, uint32_t a, uint32_t b, uint32_t c)
{
    if (l->n < ND_FEATURES_MAX)
        l->v[l->n++] = nd_mix(t, a, b, c);
}

enum template { /* numbers of the templates; T_NEAR + 16 * (offset + 2) + k for neighbours */
    T_EXACT = 1,
    T_LOWER,
    T_SHAPE,
    T_CSHAPE,
    T_PREFIX,
    T_SUFFIX,
    T_LENGTH,
    T_HYPHEN,
    T_PART,
    T_C64,
    T_C256,
    T_C1024,
    T_CAPITAL,
    T_GAZ,
    T_GAZ_ALL,
    T_SHAPE_C64,
    T_SHAPE_C256,
    T_SUFFIX_SHAPE,
    T_LEARNED,
    T_LEARNED_KASE,
    T_BIAS,
    T_CAPITAL_KASE,
    T_PAIR = 40,
    T_RUN = 100,
    T_MODE = 140,
    T_PHRASE = 160,
    T_NEAR = 200
};

/* Prefixes and suffixes of 1..4 characters, 5 when longer. */
static void affixes(struct list *l, const char *p, size_t n, uint32_t cshape, size_t len)
{
    size_t most = len > 5 ? 5 : len > 4 ? 4 : len, at = 0, end = n;
    for (size_t k = 1; k <= most; k++) {
        do
            at++;
        while (at < n && ((unsigned char)p[at] & 0xc0) == 0x80);
        add(l, T_PREFIX, nd_feature_hash(p, at), (uint32_t)k, 0);
        do
            end--;
        while (end > 0 && ((unsigned char)p[end] & 0xc0) == 0x80);
        uint32_t s = nd_feature_hash(p + end, n - end);
        add(l, T_SUFFIX, s, (uint32_t)k, 0);
        if (k == 2 || k == 3)
            add(l, T_SUFFIX_SHAPE, s, cshape, 0);
    }
}

/* The parts of a word with hyphens. */
static void parts(struct list *l, const char *p, size_t n)
{
    size_t from = 0, count = 0;
    for (size_t i = 0; i <= n && count < 4; i++) {
        if (i < n && p[i] != '-')
            continue;
        if (i > from)
            add(l, T_PART, nd_feature_hash(p + from, i - from), from == 0 ? 0 : i == n ? 2 : 1, 0);
        from = i + 1;
        count++;
    }
}

static void self(struct list *l, const struct nd_attr *a, const char *p, size_t n,
                 const char *lower, size_t lower_n)
{
    const struct nd_lexeme *x = &a->lex;
    add(l, T_BIAS, a->kase, 0, 0);
    add(l, T_EXACT, a->exact, 0, 0);
    add(l, T_LOWER, a->lower, 0, 0);
    add(l, T_SHAPE, a->shape, 0, 0);
    add(l, T_CSHAPE, a->cshape, 0, 0);
    affixes(l, lower, lower_n, a->cshape, a->len);
    add(l, T_LENGTH, a->len > 12 ? 12 : a->len, a->kase, 0);
    if (n > 2 && memchr(p + 1, '-', n - 2)) {
        add(l, T_HYPHEN, a->kase, 0, 0);
        parts(l, p, n);
    }
    add(l, T_C64, x->c64, 0, 0);
    add(l, T_C256, x->c256, 0, 0);
    add(l, T_C1024, x->c1024, 0, 0);
    add(l, T_CAPITAL, x->capital, 0, 0);
    add(l, T_CAPITAL_KASE, x->capital, a->kase, 0);
    add(l, T_SHAPE_C64, a->cshape, x->c64, 0);
    add(l, T_SHAPE_C256, a->cshape, x->c256, 0);
    if (x->learned) {
        add(l, T_LEARNED, x->learned, 0, 0);
        add(l, T_LEARNED_KASE, x->learned, a->kase, 0);
        add(l, T_LEARNED_KASE + 100, x->learned, x->c64, 0);
    }
    for (uint32_t bit = 0; bit < 32; bit++)
        if (a->gaz >> bit & 1)
            add(l, T_GAZ, bit, 0, 0);
    if (a->gaz)
        add(l, T_GAZ_ALL, a->gaz, a->kase, 0);
}

size_t nd_feature_word(const struct nd_attr *a, const char *p, size_t n, const char *lower,
                       size_t lower_n, int offset, uint32_t out[ND_FEATURES_MAX])
{
    struct list l = {out, 0};
    if (offset == 0) {
        self(&l, a, p, n, lower, lower_n);
        return l.n;
    }
    uint32_t t = T_NEAR + 16 * (uint32_t)(offset + 2);
    const struct nd_lexeme *x = &a->lex;
    add(&l, t, a->lower, 0, 0);
    add(&l, t + 1, a->cshape, 0, 0);
    add(&l, t + 2, x->c256, 0, 0);
    add(&l, t + 3, x->c1024, 0, 0);
    if (offset == -1 || offset == 1) {
        add(&l, t + 4, x->c64, 0, 0);
        add(&l, t + 5, a->suffix, 0, 0);
        add(&l, t + 6, x->capital, a->kase, 0);
        add(&l, t + 7, a->exact, 0, 0);
        if (a->gaz)
            add(&l, t + 8, a->gaz, 0, 0);
        if (x->learned)
            add(&l, t + 9, x->learned, a->kase, 0);
    }
    return l.n;
}

unsigned nd_feature_mode(const struct nd_unit *u, size_t n)
{
    size_t words = 0, capital = 0, upper = 0, small = 0;
    for (size_t i = 0; i < n; i++) {
        if (u[i].words == 0)
            continue;
        words++;
        capital += (u[i].flags & ND_U_CAPITAL) != 0;
        upper += (u[i].flags & ND_U_UPPER) != 0;
        small += !(u[i].flags & ND_U_CAPITAL) && u[i].len >= 5 &&
                 !(u[i].p[0] >= '0' && u[i].p[0] <= '9');
    }
    if (words >= 3 && upper * 10 >= words * 7)
        return ND_MODE_UPPER;
    if (words >= 4 && capital * 2 >= words && small * 8 <= words)
        return ND_MODE_TITLE;
    return ND_MODE_PLAIN;
}

static bool linking(const struct nd_sentence *s, size_t i)
{
    return i < s->n && s->units[i].len == 2 && memcmp(s->units[i].p, "of", 2) == 0;
}

static bool the(const struct nd_sentence *s, size_t i)
{
    return i < s->n && s->units[i].len == 3 && memcmp(s->units[i].p, "the", 3) == 0;
}

static bool capital(const struct nd_sentence *s, size_t i)
{
    return i < s->n && s->units[i].flags & ND_U_CAPITAL;
}

/* The run of capitals around unit i, a capital: [*from, *to). */
static void run_of(const struct nd_sentence *s, size_t i, size_t *from, size_t *to)
{
    size_t a = i, b = i + 1;
    while (a > 0 && capital(s, a - 1))
        a--;
    while (capital(s, b))
        b++;
    *from = a;
    *to = b;
}

static void around_capital(struct list *l, const struct nd_sentence *s, size_t i)
{
    static const struct nd_attr none = {0};
    const struct nd_attr *const *at = s->attrs, *a = at[i];
    const struct nd_attr *p1 = i > 0 ? at[i - 1] : &none, *p2 = i > 1 ? at[i - 2] : &none;
    const struct nd_attr *n1 = i + 1 < s->n ? at[i + 1] : &none,
                         *n2 = i + 2 < s->n ? at[i + 2] : &none;
    add(l, T_PAIR + 10, p1->lower, a->kase, 0);
    add(l, T_PAIR + 11, n1->lower, a->kase, 0);
    add(l, T_PAIR + 12, p2->lower, p1->lower, a->kase);
    add(l, T_PAIR + 13, n1->lower, n2->lower, a->kase);
    add(l, T_PAIR + 14, p1->lex.c256, n1->lex.c256, 0);
    add(l, T_PAIR + 15, p1->lex.c1024, a->kase, n1->lex.c64);
    add(l, T_PAIR + 16, p1->lower, n1->lower, 0);
    if (a->gaz | p1->gaz)
        add(l, T_PAIR + 17, p1->gaz, a->gaz, 0);
    if (a->gaz | n1->gaz)
        add(l, T_PAIR + 18, a->gaz, n1->gaz, 0);
    add(l, T_PAIR + 19, p2->lex.c256, p1->lex.c256, a->kase);
    add(l, T_PAIR + 20, n1->lex.c256, n2->lex.c256, a->kase);

    size_t from, to;
    run_of(s, i, &from, &to);
    size_t len = to - from, place = i - from;
    uint32_t len_c = (uint32_t)(len > 6 ? 6 : len), place_c = (uint32_t)(place > 4 ? 4 : place);
    const struct nd_attr *first = at[from], *last = at[to - 1];
    const struct nd_attr *before = from > 0 ? at[from - 1] : &none,
                         *after = to < s->n ? at[to] : &none;
    add(l, T_RUN, len_c, place_c, s->mode);
    add(l, T_RUN + 1, len_c, (uint32_t)(len - place > 4 ? 4 : len - place), from == 0);
    if (len > 1) {
        bool is_first = i == from, is_last = i + 1 == to;
        add(l, T_RUN + 2, first->lower, is_first, 0);
        add(l, T_RUN + 3, last->lower, is_last, 0);
        add(l, T_RUN + 4, first->lex.c256, is_first, 0);
        add(l, T_RUN + 5, last->lex.c256, is_last, 0);
        add(l, T_RUN + 6, first->lex.c64, last->lex.c64, place_c);
        add(l, T_RUN + 7, last->lex.c1024, is_last, 0);
        add(l, T_RUN + 8, first->lex.c1024, is_first, 0);
        if (last->gaz)
            add(l, T_RUN + 9, last->gaz, is_last, 0);
        if (first->gaz)
            add(l, T_RUN + 10, first->gaz, is_first, 0);
    }
    add(l, T_RUN + 11, before->lower, len_c, 0);
    add(l, T_RUN + 12, after->lower, len_c, 0);
    add(l, T_RUN + 13, before->lex.c256, place_c, 0);
    add(l, T_RUN + 14, after->lex.c256, place_c, 0);
    add(l, T_RUN + 15, before->lex.c64, after->lex.c64, len_c);
    size_t k = to;
    if (linking(s, k)) { /* X of (the) Y */
        k += the(s, k + 1) ? 2 : 1;
        if (capital(s, k)) {
            add(l, T_RUN + 16, at[k]->lower, 0, 0);
            add(l, T_RUN + 17, at[k]->lex.c256, last->lex.c256, 0);
        }
    }
    k = from;
    if (k > 1 && the(s, k - 1))
        k--;
    if (k > 1 && linking(s, k - 1) && capital(s, k - 2)) {
        add(l, T_RUN + 18, at[k - 2]->lower, 0, 0);
        add(l, T_RUN + 19, at[k - 2]->lex.c256, first->lex.c256, 0);
    }
}

size_t nd_feature_context(const struct nd_sentence *s, size_t i, uint32_t out[ND_FEATURES_MAX])
{
    static const struct nd_attr none = {0};
    struct list list = {out, 0}, *l = &list;
    const struct nd_attr *const *at = s->attrs, *a = at[i];
    const struct nd_attr *p = i > 0 ? at[i - 1] : &none, *n = i + 1 < s->n ? at[i + 1] : &none;
    if (i == 0)
        add(l, T_PAIR, 1, a->kase, 0);
    if (i + 1 == s->n)
        add(l, T_PAIR, 2, a->kase, 0);
    add(l, T_PAIR + 1, p->lower, a->lower, 0);
    add(l, T_PAIR + 2, a->lower, n->lower, 0);
    add(l, T_PAIR + 3, p->cshape, a->cshape, 0);
    add(l, T_PAIR + 4, a->cshape, n->cshape, 0);
    add(l, T_PAIR + 5, p->lex.c256, a->lex.c256, 0);
    add(l, T_PAIR + 6, a->lex.c256, n->lex.c256, 0);
    add(l, T_PAIR + 7, p->cshape, a->cshape, n->cshape);
    add(l, T_PAIR + 8, p->lex.c64, a->lex.c64, n->lex.c64);
    if (s->phrase) {
        uint32_t here = s->phrase[i], next = i + 1 < s->n ? s->phrase[i + 1] : 0;
        if (here) {
            add(l, T_PHRASE, here, 0, 0);
            add(l, T_PHRASE + 1, here, next, 0);
            add(l, T_PHRASE + 2, here, next, a->lex.c256);
            add(l, T_PHRASE + 3, here, p->lex.c256, 0);
        } else if (next) {
            add(l, T_PHRASE + 4, next, a->kase, 0);
        }
    }
    if (s->mode != ND_MODE_PLAIN) {
        add(l, T_MODE, s->mode, a->kase, 0);
        add(l, T_MODE + 1, s->mode, a->lex.c256, 0);
        if (a->gaz)
            add(l, T_MODE + 2, s->mode, a->gaz, 0);
        if (a->lex.learned)
            add(l, T_MODE + 3, s->mode, a->lex.learned, 0);
    }
    if (i == 0 || (i == 1 && p->kase == ND_KASE_MARK))
        add(l, T_MODE + 4, a->cshape, a->lex.capital, 0);
    if (s->units[i].flags & ND_U_CAPITAL)
        around_capital(l, s, i);
    else if (capital(s, i + 1) || (i > 0 && capital(s, i - 1)))
        add(l, T_PAIR + 9, p->cshape, a->lower, n->cshape);
    return list.n;
}
