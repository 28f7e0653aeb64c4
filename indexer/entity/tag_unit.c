#include "entity/tag_unit.h"

#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    GAP_MARKS = 6, /* marks of one gap that become units */
    GAP_BYTES = 64 /* bytes of a gap that are looked at, at each of its ends */
};

void nd_units_init(struct nd_units *u)
{
    *u = (struct nd_units){0};
}

void nd_units_free(struct nd_units *u)
{
    free(u->v);
    *u = (struct nd_units){0};
}

static int push(struct nd_units *u, struct nd_unit unit)
{
    if (u->n == u->cap) {
        size_t cap = u->cap ? u->cap * 2 : 1024;
        struct nd_unit *v = realloc(u->v, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        u->v = v;
        u->cap = cap;
    }
    u->v[u->n++] = unit;
    return 0;
}

static bool blank(uint32_t cp)
{
    return cp <= ' ' || (cp >= 0x7f && cp <= 0xa0) || cp == 0xad ||
           (cp >= 0x2000 && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202f) ||
           (cp >= 0x2060 && cp <= 0x206f) || cp == 0x3000 || cp == 0xfeff ||
           (cp >= 0xfe00 && cp <= 0xfe0f);
}

/* The one spelling of marks that are printed in several ways; {NULL, 0} for any other. */
static struct nd_str usual_mark(uint32_t cp)
{
    switch (cp) {
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0xab:
    case 0xbb:
    case 0x201f:
    case 0xff02:
        return ND_STR("\"");
    case '`':
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x2039:
    case 0x203a:
    case 0xb4:
    case 0x2bc:
        return ND_STR("'");
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return ND_STR("--");
    case 0x2026:
        return ND_STR("...");
    case 0x2010:
    case 0x2011:
        return ND_STR("-");
    case 0xb7:
    case 0x2022:
    case 0x25cf:
    case 0x25e6:
    case 0x2219:
    case 0x25aa:
        return ND_STR("*");
    default:
        return (struct nd_str){NULL, 0};
    }
}

/* Marks of one gap, in text order; adjacent: it stands right before the next word, without a blank.
 * */
struct gap {
    struct nd_str v[GAP_MARKS];
    uint32_t at[GAP_MARKS]; /* byte in the gap */
    size_t n;
    size_t adjacent; /* this many at the end touch the next word; 0 where no blank is in the gap */
};

static void gap_mark(struct gap *g, struct nd_str s, size_t at)
{
    if (g->n && s.n == 1 && s.p[0] == '.' && g->v[g->n - 1].p[0] == '.') {
        g->v[g->n - 1] = ND_STR("...");
        return;
    }
    if (g->n && s.n == 1 && s.p[0] == '-' && g->v[g->n - 1].p[0] == '-') {
        g->v[g->n - 1] = ND_STR("--");
        return;
    }
    if (g->n && s.n == 1 && s.p[0] == '\'' && g->v[g->n - 1].n == 1 &&
        g->v[g->n - 1].p[0] == '\'') { /* ``...'' */
        g->v[g->n - 1] = ND_STR("\"");
        return;
    }
    if (g->n == GAP_MARKS) {
        size_t half = GAP_MARKS / 2;
        memmove(g->v + half, g->v + half + 1, (GAP_MARKS - half - 1) * sizeof g->v[0]);
        memmove(g->at + half, g->at + half + 1, (GAP_MARKS - half - 1) * sizeof g->at[0]);
        g->n--;
    }
    g->at[g->n] = (uint32_t)at;
    g->v[g->n++] = s;
}

/* Read p[0..n): what lies between two words. after_word: a word stands before it; one full stop
 * right after that word is left out unless a sentence ends there or the next word follows without a
 * blank. */
static void read_gap(struct gap *g, const char *p, size_t n, bool after_word, bool ends)
{
    *g = (struct gap){.n = 0};
    if (n == 1 && p[0] == ' ')
        return;
    size_t since_blank = 0, seen = 0;
    bool had_blank = false;
    for (size_t i = 0; i < n;) {
        if (i >= GAP_BYTES && n - i > GAP_BYTES) { /* a long rule of marks: its ends are enough */
            i = n - GAP_BYTES;
            while (i < n && ((unsigned char)p[i] & 0xc0) == 0x80)
                i++;
            continue;
        }
        uint32_t cp = (unsigned char)p[i];
        size_t len = 1;
        if (cp >= 0x80) {
            len = nd_utf8_decode(p + i, n - i, &cp);
            if (len == 0) {
                i++;
                continue;
            }
        }
        if (blank(cp)) {
            had_blank = true;
            since_blank = 0;
        } else if (seen++ == 0 && cp == '.' && after_word && !ends && i == 0 && n > 1 &&
                   p[1] != '.') {
            /* an abbreviation's own */
        } else {
            struct nd_str s = usual_mark(cp);
            size_t before = g->n;
            gap_mark(g, s.p ? s : (struct nd_str){p + i, len}, i);
            since_blank += g->n > before;
        }
        i += len;
    }
    g->adjacent = had_blank ? (since_blank < g->n ? since_blank : g->n) : 0;
}

static bool alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* Where the web or mail address that holds byte `at` ends, 0 if there is none: text without blanks
 * around it that has "://" or "www." in it, or a mark @ between letters. */
static size_t link_end(struct nd_str text, size_t at)
{
    enum {
        LONGEST = 512
    };
    size_t end = at, mark = 0;
    while (end < text.n && end - at < LONGEST && (unsigned char)text.p[end] > ' ')
        end++;
    for (size_t i = at; i < end && !mark; i++) {
        char c = text.p[i];
        bool scheme = c == ':' && end - i > 3 && memcmp(text.p + i, "://", 3) == 0;
        bool www = c == 'w' && i == at && end - i > 4 && memcmp(text.p + i, "www.", 4) == 0;
        bool mail = c == '@' && i > at && end - i > 1;
        mark = scheme || www || mail;
    }
    return mark ? end : 0;
}

/* Bytes of the apostrophe that ends at p[n), 0 if there is none. */
static size_t apostrophe(const char *p, size_t n)
{
    if (n >= 1 && p[n - 1] == '\'')
        return 1;
    if (n >= 3 && memcmp(p + n - 3, "\xe2\x80\x99", 3) == 0)
        return 3;
    if (n >= 3 && memcmp(p + n - 3, "\xe2\x80\x98", 3) == 0)
        return 3;
    if (n >= 2 && memcmp(p + n - 2, "\xca\xbc", 2) == 0)
        return 2;
    return 0;
}

/* Length of p[0..n) without its possessive; *s: the unit that it is. */
static size_t possessive(const char *p, size_t n, struct nd_str *s)
{
    *s = (struct nd_str){NULL, 0};
    size_t a;
    if (n > 1 && (p[n - 1] == 's' || p[n - 1] == 'S') && (a = apostrophe(p, n - 1)) > 0) {
        *s = ND_STR("'s");
        return n - 1 - a;
    }
    if ((a = apostrophe(p, n)) > 0) {
        *s = ND_STR("'");
        return n - a;
    }
    return n;
}

size_t nd_word_end(const struct nd_token *w, struct nd_str text)
{
    if (!(w->flags & ND_T_POSSESSIVE) || w->start >= w->end || w->end > text.n)
        return w->end;
    struct nd_str s;
    return w->start + possessive(text.p + w->start, w->end - w->start, &s);
}

static uint8_t shape_flags(unsigned shape)
{
    switch (shape) {
    case ND_SHAPE_CAPITAL:
        return ND_U_CAPITAL | ND_U_TITLE;
    case ND_SHAPE_UPPER:
        return ND_U_CAPITAL | ND_U_UPPER;
    case ND_SHAPE_MIXED:
        return ND_U_CAPITAL;
    default:
        return 0;
    }
}

/* The word or hyphen chain that starts at token i, with its possessive. *next: the token after it.
 * */
static int push_word(struct nd_units *u, const struct nd_tokens *t, size_t i, struct nd_str text,
                     bool first, size_t *next)
{
    size_t last = i;
    unsigned flags = shape_flags(t->v[i].shape);
    while (last + 1 < t->n && t->v[last].flags & ND_T_HYPHEN && last - i + 1 < ND_CHAIN_MAX &&
           t->v[last + 1].field == t->v[i].field) {
        last++;
        unsigned more = shape_flags(t->v[last].shape);
        if ((flags ^ more) & ND_U_CAPITAL) /* anti-American, Trump-era */
            flags = ND_U_CAPITAL | (flags & ND_U_TITLE);
        else if (flags != more)
            flags = ND_U_CAPITAL;
    }
    const struct nd_token *a = &t->v[i], *b = &t->v[last];
    if (a->start >= b->end || b->end > text.n)
        return ND_INTERNAL;
    const char *p = text.p + a->start;
    size_t n = b->end - a->start;
    struct nd_str s = {NULL, 0};
    if (b->flags & ND_T_POSSESSIVE)
        n = possessive(p, n, &s);
    if (n > ND_UNIT_MAX) {
        n = ND_UNIT_MAX;
        while (n && ((unsigned char)p[n] & 0xc0) == 0x80)
            n--;
    }
    uint8_t words = (uint8_t)(last - i + 1);
    *next = last + 1;
    int rc = push(u, (struct nd_unit){p, (uint32_t)i, a->start, (uint16_t)n, words,
                                      (uint8_t)(flags | (first ? ND_U_FIRST : 0))});
    if (!rc && s.p)
        rc = push(u, (struct nd_unit){s.p, (uint32_t)last, (uint32_t)(a->start + n), (uint16_t)s.n,
                                      0, 0});
    return rc;
}

int nd_units_build(struct nd_units *u, const struct nd_tokens *t, size_t *at,
                   const struct nd_str *texts, size_t texts_n, struct nd_error *err)
{
    u->n = 0;
    size_t i = *at;
    int rc = 0;
    size_t link = 0;      /* where the address ends that the last words are in */
    bool started = false; /* the sentence has its first unit, from the gap before its first word */
    while (i < t->n) {
        const struct nd_token *w = &t->v[i];
        if (w->field >= texts_n || w->start > texts[w->field].n)
            return nd_fail(err, ND_INTERNAL, "a word lies outside of its text");
        struct nd_str text = texts[w->field];
        bool same = i > 0 && t->v[i - 1].field == w->field;
        if (!same || w->brk == ND_BREAK_PARAGRAPH)
            link = 0;
        if (!same || i == *at) { /* marks before the first word */
            size_t from = same ? t->v[i - 1].end : 0;
            if (from > w->start)
                return nd_fail(err, ND_INTERNAL, "a word lies outside of its text");
            struct gap g;
            read_gap(&g, text.p + from, w->start - from, false, true);
            size_t skip = same ? g.n - g.adjacent : 0;
            for (size_t k = skip; k < g.n && !rc; k++) {
                rc = push(u, (struct nd_unit){g.v[k].p, (uint32_t)i, (uint32_t)from + g.at[k],
                                              (uint16_t)g.v[k].n, 0, started ? 0 : ND_U_FIRST});
                started = true;
            }
        }
        size_t next = i;
        bool inside = w->start < link; /* no sentence begins within an address */
        if (!inside && (!same || !alphanumeric(text.p[w->start - 1])))
            link = link_end(text, w->start);
        bool first = (w->brk != ND_BREAK_NONE || !same || i == *at) && !started && !inside;
        if (!rc)
            rc = push_word(u, t, i, text, first, &next);
        if (rc)
            goto out;
        bool linked = w->start < link;
        if (linked) {
            struct nd_unit *v = &u->v[u->n - 1];
            v->flags = (uint8_t)((v->flags & ND_U_FIRST) | ND_U_LINK);
        }
        started = false;
        /* what follows it: up to the next word of the field, or the end of the text */
        bool more = next < t->n && t->v[next].field == w->field;
        bool ends = !more || (t->v[next].brk != ND_BREAK_NONE && t->v[next].start >= link);
        size_t from = t->v[next - 1].end, to = more ? t->v[next].start : text.n;
        if (from > to || to > text.n)
            return nd_fail(err, ND_INTERNAL, "a word lies outside of its text");
        bool cut = ends && u->n + 2 * GAP_MARKS + 8 > ND_UNITS_CHUNK / 4 * 3;
        cut = cut || u->n + 2 * GAP_MARKS + 8 > ND_UNITS_CHUNK;
        struct gap g;
        if (linked && to <= link && from <= to)
            from = to; /* its marks are none of the sentence's */
        read_gap(&g, text.p + from, to - from, true, ends);
        size_t mine = ends && more ? g.n - g.adjacent : g.n;
        for (size_t k = 0; k < g.n && !rc; k++) {
            if (k >= mine && cut)
                break;
            bool opens = k == mine && ends;
            rc = push(u, (struct nd_unit){g.v[k].p, (uint32_t)(k < mine ? next - 1 : next),
                                          (uint32_t)from + g.at[k], (uint16_t)g.v[k].n, 0,
                                          opens ? ND_U_FIRST : 0});
            started = started || (ends && k >= mine);
        }
        if (rc)
            goto out;
        i = next;
        if (cut)
            break;
    }
    *at = i;
out:
    if (rc == ND_NOMEM)
        return nd_fail(err, ND_NOMEM, "out of memory tagging");
    if (rc)
        return nd_fail(err, rc, "a word lies outside of its text");
    return 0;
}
