#include "entity/canon.h"

#include "text/utf8.h"

#include <string.h>

enum {
    FORM_MAX = 4096,
    KEY_WORDS = 16
};

static const char *const after_surname[] = {"ii", "iii", "iv", "jr", "sr", "v"};
static const char *const legal_forms[] = {"ab",  "ag",           "asa", "co",  "corp", "gmbh",
                                          "inc", "incorporated", "kk",  "llc", "llp",  "limited",
                                          "ltd", "nv",           "plc", "sa",  "se",   "spa"};
static const char *const korean[] = {
    "bae",  "ban",   "cho",  "choe", "choi", "chung", "han", "hong", "hwang", "hyun", "jang",
    "jeon", "jeong", "jung", "kang", "kim",  "kwon",  "lee", "lim",  "moon",  "pak",  "park",
    "rhee", "ri",    "roh",  "ryu",  "seo",  "shin",  "son", "song", "yang",  "yoon", "yun"};
/* In legal_forms order matters for the search: "limited" sorts before "llc". */
static const char *const dotted[] = {"bros", "co",  "corp", "ft", "inc",
                                     "jr",   "ltd", "mt",   "sr", "st"};

#define IN(word, list) nd_word_in(word, list, sizeof(list) / sizeof *(list))

bool nd_word_in(struct nd_str w, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(list[i], w.p, w.n) == 0 && !list[i][w.n])
            return true;
    return false;
}

size_t nd_canon_core(const struct nd_name_word *w, size_t n)
{
    while (n > 1 && IN(w[n - 1].text, after_surname))
        n--;
    return n;
}

bool nd_canon_legal(const struct nd_name_word *w)
{
    return IN(w->text, legal_forms);
}

size_t nd_canon_firm(const struct nd_name_word *w, size_t n)
{
    while (n > 1 && IN(w[n - 1].text, legal_forms))
        n--;
    return n;
}

bool nd_canon_surname_first(const struct nd_name_word *w, size_t n)
{
    if (n < 2 || n > 4 || !(w[0].bits & ND_GAZ_ASIAN))
        return false;
    if (n >= 3 && w[1].flags & ND_T_HYPHEN)
        return true;
    const struct nd_name_word *last = &w[n - 1];
    if (w[1].text.n == 1)
        return false;
    if (n == 3 && IN(w[0].text, korean) && !(w[1].bits & ND_GAZ_FIRST) && last->text.n <= 5)
        return true;
    return !(last->bits & ND_GAZ_SURNAME) &&
           !(w[0].bits & ND_GAZ_FIRST && w[1].bits & ND_GAZ_SURNAME);
}

/* An initial, or several printed with dots or as two capitals before a name ("F.W.", "JK"). */
static bool initials(const struct nd_name_word *w, size_t n, size_t i, bool shouting)
{
    if (w[i].text.n == 0 || w[i].text.n > 3 || i + 1 == n)
        return w[i].text.n == 1 && w[i].flags & ND_T_DOTTED && i + 1 < n;
    if (w[i].flags & ND_T_DOTTED || (w[i].text.n == 1 && w[i].shape != ND_SHAPE_LOWER))
        return true;
    return w[i].text.n == 2 && i == 0 && w[i].shape == ND_SHAPE_UPPER && !shouting &&
           !(w[i].bits & (ND_GAZ_FIRST | ND_GAZ_TITLE));
}

static void person_form(struct nd_buf *b, const struct nd_names *s, const struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t n = m->words;
    bool shouting = true, before = false;
    for (size_t i = 0; i < n; i++)
        shouting &= w[i].shape == ND_SHAPE_UPPER;
    bool join = n == 3 && nd_canon_surname_first(w, n) && IN(w[0].text, korean);
    for (size_t i = 0; i < n; i++) {
        bool letters = initials(w, n, i, shouting);
        if (i > 0 && !(before && letters))
            nd_buf_byte(b, w[i - 1].flags & ND_T_HYPHEN || (join && i == 2) ? '-' : ' ');
        before = letters;
        if (letters) {
            for (size_t k = 0; k < w[i].text.n; k++) {
                nd_buf_byte(b, (unsigned char)w[i].text.p[k]);
                if ((w[i].text.p[k] & 0xc0) != 0x80 &&
                    (k + 1 == w[i].text.n || (w[i].text.p[k + 1] & 0xc0) != 0x80))
                    nd_buf_byte(b, '.');
            }
            continue;
        }
        char latin[ND_LATIN_MAX];
        struct nd_str t = nd_canon_latin(nd_token_key(s->tokens, m->first + i), w[i].text, latin);
        if (i == 0 && n > 1)
            t = nd_canon_given(t);
        nd_buf_add(b, t.p, t.n);
        if (i > 0 && ((t.n == 2 && (memcmp(t.p, "jr", 2) == 0 || memcmp(t.p, "sr", 2) == 0))))
            nd_buf_byte(b, '.');
    }
}

/* How words i and i + 1 are joined in an id: a hyphen, " & ", "&", or a blank. */
static const char *joint(const struct nd_names *s, const struct nd_name *m, size_t i)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    if (w[i].flags & ND_T_HYPHEN)
        return "-";
    struct nd_str gap = nd_name_gap(s, m->first + i);
    const char *amp = gap.n && gap.n < 8 ? memchr(gap.p, '&', gap.n) : NULL;
    if (amp)
        return gap.n == 1 ? "&" : " & ";
    if (gap.n == 1 && *gap.p == '/')
        return "/";
    return " ";
}

static void other_form(struct nd_buf *b, const struct nd_names *s, const struct nd_name *m,
                       size_t from, size_t n)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    for (size_t i = from; i < n; i++) {
        char latin[ND_LATIN_MAX];
        struct nd_str t = nd_canon_latin(nd_token_key(s->tokens, m->first + i), w[i].text, latin);
        if (i == from && n - from > 1 && t.n == 2 && memcmp(t.p, "us", 2) == 0 &&
            w[i].shape == ND_SHAPE_UPPER)
            nd_buf_str(b, "u.s.");
        else if (i == from && n - from > 1 && t.n == 2 && memcmp(t.p, "un", 2) == 0 &&
                 w[i].shape == ND_SHAPE_UPPER)
            nd_buf_str(b, "united nations");
        else
            nd_buf_add(b, t.p, t.n);
        if (i + 1 < n && IN(t, dotted))
            nd_buf_byte(b, '.');
        if (i + 1 == n)
            break;
        if (w[i].flags & ND_T_POSSESSIVE)
            nd_buf_str(b, "'s");
        nd_buf_str(b, joint(s, m, i));
    }
}

/* Russians -> russian: the plural of a people is its adjective. */
static size_t singular(const struct nd_name_word *w, const struct nd_buf *b)
{
    const struct nd_str t = w->text;
    bool people = w->bits & ND_GAZ_DEMONYM || (t.n > 6 && memcmp(t.p + t.n - 4, "ians", 4) == 0);
    return people && t.n > 4 && t.p[t.n - 1] == 's' && t.p[t.n - 2] != 's' ? b->len - 1 : b->len;
}

struct nd_str nd_canon_form(struct nd_names *s, const struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    struct nd_buf *b = &s->fold;
    nd_buf_reset(b);
    size_t n = m->words, from = 0;
    if (m->type == ND_PERSON) {
        person_form(b, s, m);
    } else {
        if (m->type == ND_ORG)
            n = nd_canon_firm(w, n);
        if (m->type != ND_MISC && n > 1 && w[0].text.n == 3 && memcmp(w[0].text.p, "the", 3) == 0)
            from = 1;
        other_form(b, s, m, from, n);
    }
    size_t len = m->type == ND_MISC ? singular(&w[n - 1], b) : b->len;
    return nd_buf_code(b) ? (struct nd_str){0} : nd_arena_str(s->arena, b->data, len);
}

/* Letters in which transliterations differ, taken together; longest first within a letter. */
struct rule {
    const char *from, *to;
};
static const struct rule rules[] = {
    {"tsch", "c"}, {"tch", "c"}, {"sch", "s"}, {"sh", "s"}, {"ch", "c"}, {"kh", "h"}, {"gh", "g"},
    {"zh", "j"},   {"dzh", "j"}, {"dj", "j"},  {"ph", "f"}, {"ts", "z"}, {"tz", "z"}, {"ck", "k"},
    {"q", "k"},    {"w", "v"},   {"yo", "o"},  {"yu", "u"}, {"ya", "a"}, {"ye", "e"}, {"iy", "i"},
    {"ij", "i"},   {"ii", "i"},  {"yi", "i"},  {"ei", "e"}, {"ey", "e"}, {"ai", "a"}, {"ay", "a"},
    {"oo", "u"},   {"ou", "u"},  {"ee", "i"},  {"oe", "o"}, {"ae", "a"}, {"ue", "u"}, {"y", "i"},
    {"x", "ks"},   {"'", ""},
};

static void key_word(struct nd_buf *b, const char *p, size_t n)
{
    size_t start = b->len;
    for (size_t i = 0; i < n;) {
        const struct rule *r = NULL;
        for (size_t k = 0; !r && k < sizeof rules / sizeof *rules; k++) {
            size_t len = strlen(rules[k].from);
            if (len <= n - i && memcmp(rules[k].from, p + i, len) == 0)
                r = &rules[k];
        }
        const char *to = r ? r->to : p + i;
        size_t len = r ? strlen(r->to) : 1;
        for (size_t k = 0; k < len; k++) /* a letter twice is one */
            if (b->len == start || b->data[b->len - 1] != to[k])
                nd_buf_byte(b, (unsigned char)to[k]);
        i += r ? strlen(r->from) : 1;
    }
}

size_t nd_canon_key(const char *id, size_t n, char *out, size_t room)
{
    struct nd_buf b;
    nd_buf_init(&b, FORM_MAX);
    size_t words = 0, last = 0;
    for (size_t a = 0, e; a < n; a = e + 1) {
        for (e = a; e < n && id[e] != ' ' && id[e] != '-'; e++)
            ;
        struct nd_str w = {id + a, e - a};
        bool namesake = w.n == 3 && (memcmp(w.p, "jr.", 3) == 0 || memcmp(w.p, "sr.", 3) == 0);
        bool mark = w.n == 0 || (w.p[w.n - 1] == '.' && !namesake); /* initials */
        bool article = w.n == 2 && (memcmp(w.p, "al", 2) == 0 || memcmp(w.p, "el", 2) == 0 ||
                                    memcmp(w.p, "ul", 2) == 0);
        if (mark || article)
            continue;
        last = b.len;
        if (b.len)
            nd_buf_byte(&b, ' ');
        w = nd_canon_given(w);
        key_word(&b, w.p, w.n);
        if (++words == KEY_WORDS)
            break;
    }
    size_t len = words > 1 && last < b.len && !nd_buf_code(&b) && b.len <= room ? b.len : 0;
    if (len)
        memcpy(out, b.data, len);
    nd_buf_free(&b);
    return len;
}
