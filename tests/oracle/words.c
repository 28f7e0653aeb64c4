/* The words of a text: letters and digits in a row, with the exceptions that the index promises. */
#include "oracle.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum class {
    NOTHING,
    LETTER,
    DIGIT,
    SINGLE,   /* a word by itself: ideographs, kana, Thai, fractions */
    MARK,     /* stays with the letter before */
    DROPPED,  /* soft hyphens, joiners: as if it were not there */
    APOSTROPHE,
    DOT,
    COMMA,
    MIDDLE    /* col·legi */
};

size_t at_char(const char *s, size_t n, size_t at, int32_t *cp)
{
    if (at >= n) {
        *cp = 0;
        return 0;
    }
    utf8proc_ssize_t k = utf8proc_iterate((const uint8_t *)s + at, (utf8proc_ssize_t)(n - at), cp);
    if (k < 1) {
        *cp = 0xfffd;
        return 1;
    }
    return (size_t)k;
}

static bool in(int32_t c, int32_t from, int32_t to)
{
    return c >= from && c <= to;
}

static enum class class_of(int32_t c)
{
    if (c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x2bc || c == 0x2bb)
        return APOSTROPHE;
    if (c == '.')
        return DOT;
    if (c == ',')
        return COMMA;
    if (c == 0xb7 || c == 0x387 || c == 0x2027)
        return MIDDLE;
    if (c == 0x66b)
        return DIGIT;
    if (c == 0x200b)
        return NOTHING;
    if (in(c, 0xfe00, 0xfe0f) || in(c, 0xe0100, 0xe01ef))
        return DROPPED;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        if (in(c, 0x2e80, 0x2fdf) || in(c, 0x3005, 0x3007) || in(c, 0x3021, 0x30ff) ||
            in(c, 0x31f0, 0x31ff) || in(c, 0x3400, 0x4dbf) || in(c, 0x4e00, 0x9fff) ||
            in(c, 0xf900, 0xfaff) || in(c, 0xff66, 0xff9f) || in(c, 0x20000, 0x3ffff) ||
            in(c, 0xe00, 0xeff) || in(c, 0x1000, 0x109f) || in(c, 0x1780, 0x17ff))
            return SINGLE;
        return LETTER;
    case UTF8PROC_CATEGORY_ND:
        return DIGIT;
    case UTF8PROC_CATEGORY_NO:
        return SINGLE;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return MARK;
    case UTF8PROC_CATEGORY_CF:
        return DROPPED;
    default:
        return NOTHING;
    }
}

static bool starts(enum class k)
{
    return k == LETTER || k == DIGIT || k == SINGLE;
}

bool begins_word(int32_t c)
{
    return starts(class_of(c));
}

/* Class of the character at `at`. */
static enum class at_class(const char *s, size_t n, size_t at)
{
    int32_t c;
    return at_char(s, n, at, &c) ? class_of(c) : NOTHING;
}

static bool is_upper(int32_t c)
{
    return utf8proc_category(c) == UTF8PROC_CATEGORY_LU ||
           utf8proc_category(c) == UTF8PROC_CATEGORY_LT;
}

static bool is_lower(int32_t c)
{
    return utf8proc_category(c) == UTF8PROC_CATEGORY_LL;
}

/* The key while it grows. */
struct key {
    char v[4 * KEY_MAX];
    size_t n;
    bool full;
    unsigned upper, lower, letters;
};

static void put(struct key *k, int32_t c)
{
    static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
    uint8_t room[8];
    if (in(c, 0xfb00, 0xfb06)) {
        for (const char *p = ligatures[c - 0xfb00]; *p; p++)
            put(k, *p);
        return;
    }
    k->upper += is_upper(c);
    k->lower += is_lower(c);
    k->letters++;
    c = utf8proc_tolower(c);
    if (c == 0x130)
        c = 'i';
    else if (c == 0xb5)
        c = 0x3bc;
    else if (c == 0x17f)
        c = 's';
    else if (c == 0x3c2)
        c = 0x3c3;
    size_t n = (size_t)utf8proc_encode_char(c, room);
    if (k->full || k->n + n > KEY_MAX) {
        k->full = true;
        return;
    }
    memcpy(k->v + k->n, room, n);
    k->n += n;
}

/* Pass over what is attached to a letter, keeping the marks. */
static size_t attached(const char *s, size_t n, size_t at, struct key *k)
{
    for (int32_t c; at < n;) {
        size_t len = at_char(s, n, at, &c);
        enum class x = class_of(c);
        if (x != MARK && x != DROPPED)
            break;
        if (x == MARK && k)
            put(k, c), k->letters--;
        at += len;
    }
    return at;
}

/* A possessive s at `at`, behind an apostrophe. Return: where it ends, 0 if there is none. */
static size_t possessive(const char *s, size_t n, size_t at)
{
    if (at >= n || (s[at] != 's' && s[at] != 'S'))
        return 0;
    size_t end = attached(s, n, at + 1, NULL);
    enum class k = at_class(s, n, end);
    return k == LETTER || k == DIGIT ? 0 : end;
}

/* U.S., a.m.: letters with a dot between each two. Return: the end, 0 if there are no two. */
static size_t initials(const char *s, size_t n, size_t at, struct key *k, bool *dot)
{
    size_t end = 0, count = 0;
    int32_t c;
    *dot = false;
    for (size_t p = at; p < n;) {
        size_t len = at_char(s, n, p, &c);
        if (class_of(c) != LETTER)
            break;
        struct key before = *k;
        put(k, c);
        size_t q = attached(s, n, p + len, k);
        bool stop = q < n && s[q] == '.';
        enum class next = at_class(s, n, q);
        if (next == LETTER || next == DIGIT) {
            *k = before;
            break;
        }
        if (next == APOSTROPHE || next == MIDDLE) {
            int32_t a;
            size_t behind = q + at_char(s, n, q, &a);
            if (at_class(s, n, behind) == LETTER && !possessive(s, n, behind)) {
                *k = before;
                break;
            }
        }
        count++;
        end = stop ? q + 1 : q;
        *dot = stop;
        if (!stop)
            break;
        p = q + 1;
    }
    return count >= 2 ? end : 0;
}

/* Three digits from `at`, and no fourth. */
static bool thousands(const char *s, size_t n, size_t at)
{
    for (size_t i = at; i < at + 3; i++)
        if (i >= n || !isdigit((unsigned char)s[i]))
            return false;
    return at_class(s, n, at + 3) != DIGIT;
}

static size_t run(const char *s, size_t n, size_t at, struct key *k, int32_t *last, bool *owned)
{
    enum class before = NOTHING;
    bool number = true;     /* digits and separators alone */
    bool grouped = false;
    size_t digits = 0;
    int32_t c, next;
    while (at < n) {
        size_t len = at_char(s, n, at, &c), behind = at + len;
        enum class x = class_of(c), y = at_class(s, n, behind);
        at_char(s, n, behind, &next);
        if (x == LETTER || x == DIGIT) {
            number = number && x == DIGIT && c < 0x80;
            digits++;
            put(k, c);
            before = x;
            *last = c;
        } else if (x == MARK || x == DROPPED) {
            if (x == MARK)
                put(k, c), k->letters--;
        } else if (x == APOSTROPHE) {
            size_t end = possessive(s, n, behind);
            if (end) {
                *last = s[behind];
                *owned = true;
                return end;
            }
            if (before != LETTER || y != LETTER)
                return at;
            put(k, '\'');
        } else if (x == MIDDLE && before == LETTER && y == LETTER) {
            put(k, c);
        } else if (x == DOT && before == DIGIT && y == DIGIT) {
            number = false;
            put(k, '.');
        } else if (x == COMMA && before == DIGIT && number && digits <= 3 && (!grouped || digits == 3) &&
                   thousands(s, n, behind)) {
            grouped = true;
            digits = 0;
        } else {
            break;
        }
        at = behind;
    }
    return at;
}

static bool everyday(const char *key)
{
    static const char *const table[] = {"aids", "am", "ice", "it", "pm", "un", "us", "who"};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i], key) == 0)
            return true;
    return false;
}

/* Bytes of the apostrophe of a plural in the genitive (voters') at `at`, 0 if there is none. */
static size_t genitive(const char *s, size_t n, size_t at)
{
    size_t len = at < n && s[at] == '\'' ? 1 : at + 3 <= n && memcmp(s + at, "\xe2\x80\x99", 3) == 0 ? 3 : 0;
    /* two straight ones are a quotation mark */
    return len == 1 && at + 1 < n && s[at + 1] == '\'' ? 0 : len;
}

/* The word that starts at `at`. closes: where an open single quotation closes. */
static void read_word(struct piece *w, const char *s, size_t n, size_t at, size_t closes)
{
    bool owned = false;
    struct key k = {.n = 0};
    int32_t c, last;
    size_t len = at_char(s, n, at, &c);
    memset(w, 0, sizeof *w);
    w->start = at;
    last = c;
    w->first_upper = is_upper(c);
    w->first_lower = is_lower(c);
    if (class_of(c) == SINGLE) {
        put(&k, c);
        w->end = attached(s, n, at + len, &k);
    } else {
        bool dot;
        w->end = class_of(c) == LETTER ? initials(s, n, at, &k, &dot) : 0;
        if (w->end) {
            w->dotted = w->initials = true;
            w->dot = dot;
            last = k.upper ? 'A' : 'a';
            int32_t a;
            size_t q = w->end + at_char(s, n, w->end, &a);
            size_t end = class_of(a) == APOSTROPHE ? possessive(s, n, q) : 0;
            if (end) {
                w->end = end;
                w->dot = false;
                last = 's';
                owned = true;
            }
        } else {
            memset(&k, 0, sizeof k);
            w->end = run(s, n, at, &k, &last, &owned);
            if (k.letters == 1 && k.upper == 1 && w->end < n && s[w->end] == '.')
                w->dotted = true;
        }
    }
    w->last_lower = is_lower(last);
    k.v[k.n] = '\0';
    uint8_t *nfc = utf8proc_NFC((const uint8_t *)k.v);
    size_t size = nfc ? strlen((char *)nfc) : k.n;
    memcpy(w->key, nfc ? (char *)nfc : k.v, size < KEY_MAX ? size : KEY_MAX);
    free(nfc);
    w->upper = k.upper > 0;
    w->capitals = k.upper > 1 && k.lower == 0;
    if (!owned && w->end != closes && *w->key && w->key[strlen(w->key) - 1] == 's') {
        size_t len = genitive(s, n, w->end);
        w->end += len;
        w->dot = w->dot && !len;
    }
    if (everyday(w->key) && (w->initials || (k.upper > 1 && k.lower == 0))) {
        w->acronym = true;
        for (char *p = w->key; *p; p++)
            *p = (char)toupper((unsigned char)*p);
    }
}

/* Bytes of a hyphen at `at`, 0 if there is none. */
static size_t hyphen(const char *s, size_t n, size_t at)
{
    if (at < n && s[at] == '-')
        return 1;
    return at + 3 <= n && (memcmp(s + at, "\xe2\x80\x90", 3) == 0 ||
                           memcmp(s + at, "\xe2\x80\x91", 3) == 0)
               ? 3
               : 0;
}

void pieces_of(struct pieces *out, const char *text, size_t n)
{
    size_t first = out->n, chain = 1;
    struct quoting q = {.closes = SIZE_MAX};
    for (size_t at = 0; at < n;) {
        int32_t c;
        size_t len = at_char(text, n, at, &c);
        if (!starts(class_of(c))) {
            at += quote_mark(&q, out, text, n, at);
            continue;
        }
        GROW(*out);
        struct piece *w = &out->v[out->n];
        q.line = false;
        read_word(w, text, n, at, q.closes);
        w->brk = 2;
        if (out->n > first) {
            struct piece *p = w - 1;
            w->brk = (uint8_t)break_between(p, w, text + p->end, w->start - p->end);
            size_t h = hyphen(text, n, p->end);
            if (h && p->end + h == w->start && chain < CHAIN_MAX) {
                p->hyphen = true;
                p->chain = 0;
                w->chain = (uint8_t)++chain;
            } else {
                chain = 1;
            }
        }
        out->n++;
        at = w->end > at ? w->end : at + len;
    }
    quote_end(&q, out);
}

bool joined_key(const struct pieces *p, size_t i, char out[KEY_MAX + 1])
{
    char all[CHAIN_MAX * (KEY_MAX + 1) + 1] = "";
    size_t n = 0, count = p->v[i].chain;
    for (size_t k = i + 1 - count; k <= i; k++) {
        size_t len = strlen(p->v[k].key);
        memcpy(all + n, p->v[k].key, len);
        n += len;
    }
    if (n + count - 1 > KEY_MAX)
        return false;
    for (size_t k = 0; k < n; k++)
        out[k] = (char)(all[k] >= 'A' && all[k] <= 'Z' ? all[k] + 32 : all[k]);
    out[n] = '\0';
    return true;
}

char *folded(const char *s)
{
    static const struct {
        const char *from, *to;
    } more[] = {{"ø", "o"}, {"ł", "l"}, {"đ", "d"}, {"ß", "ss"}, {"æ", "ae"}, {"œ", "oe"}, {"ı", "i"}};
    uint8_t *d = NULL;
    utf8proc_map((const uint8_t *)s, 0, &d,
                 UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                     UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    if (!d)
        return copy_of(s, strlen(s));
    char *out = need(2 * strlen((char *)d) + 1);
    size_t n = 0;
    for (const char *p = (char *)d; *p;) {
        size_t i = 0, count = sizeof more / sizeof more[0];
        while (i < count && strncmp(p, more[i].from, strlen(more[i].from)) != 0)
            i++;
        if (i < count) {
            memcpy(out + n, more[i].to, strlen(more[i].to));
            n += strlen(more[i].to);
            p += strlen(more[i].from);
        } else {
            out[n++] = *p++;
        }
    }
    out[n] = '\0';
    free(d);
    return out;
}

/* Does the character part words of a value? */
static bool parts(int32_t c)
{
    return c < 0x80 ? !isalnum(c) : (in(c, 0x80, 0xbf) || in(c, 0x2000, 0x207f));
}

char *value_words(const char *s)
{
    char *f = folded(s), *out = need(strlen(f) + 2);
    size_t n = 0, size = strlen(f), word = 0; /* word: bytes of the one before, if a dot alone parts */
    bool dot = false;
    for (size_t at = 0; at < size;) {
        int32_t c;
        size_t len = at_char(f, size, at, &c), end = at;
        if (parts(c)) {
            dot = c == '.' && word == 1;
            word = 0;
            at += len;
            continue;
        }
        while (end < size && (len = at_char(f, size, end, &c), !parts(c)))
            end += len;
        if (n && !(dot && end - at == 1))
            out[n++] = ' ';
        memcpy(out + n, f + at, end - at);
        n += end - at;
        word = end - at;
        dot = false;
        at = end;
    }
    out[n] = '\0';
    return out;
}
