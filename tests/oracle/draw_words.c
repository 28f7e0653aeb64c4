/* Words, phrases and fields for a query, drawn from the articles. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

struct node *make(enum kind kind)
{
    struct node *n = need(sizeof *n);
    n->kind = kind;
    return n;
}

struct node *with(struct node *n, struct node *kid)
{
    if (n->kids < sizeof n->kid / sizeof n->kid[0])
        n->kid[n->kids++] = kid;
    return n;
}

uint32_t draw_below(struct random *r, uint32_t n)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return n ? (uint32_t)((z ^ z >> 31) >> 11) % n : 0;
}

/* Words that are operators, or refused, or mean something as a value. */
static bool reserved(const char *s)
{
    static const char *const list[] = {"and", "or", "not", "near", "adj", "none", "w", "pre", "today", "yesterday"};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (strcasecmp(s, list[i]) == 0)
            return true;
    return false;
}

const struct article *some_article(struct corpus *c, struct random *r)
{
    const struct article *a;
    do
        a = &c->articles.v[draw_below(r, (uint32_t)c->articles.n)];
    while (a->tokens.n < 2);
    return a;
}

/* Can the text stand in a query as a word without quotes? */
bool plain(const char *s)
{
    return *s && *s != '\'' && !reserved(s) && !strpbrk(s, " \t\n\r\"*?~:()=<>/\\,;[]{}|_@&") &&
           !strstr(s, "..") && (unsigned char)*s != 0xe2 && *s != '-';
}

/* The word of a token: its key, or as printed, hyphens to its neighbours included. */
struct node *word_at(struct corpus *c, struct random *r, const struct article *a, size_t i, enum kind kind)
{
    const struct token *t = &a->tokens.v[i];
    struct node *n = make(kind);
    n->word = t->word;
    n->text = c->keys.v[t->word];
    if (draw_below(r, 3) == 0) {
        size_t first = i, last = i;
        for (size_t k = 0; k < a->chains.n; k++)
            if (a->chains.v[k].first <= i && i <= a->chains.v[k].last) {
                first = a->chains.v[k].first;
                last = a->chains.v[k].last;
            }
        size_t start = a->tokens.v[first].start;
        char *s = copy_of(a->text[t->field] + start, a->tokens.v[last].end - start);
        struct pieces p = {0};
        pieces_of(&p, s, strlen(s));
        char joined[KEY_MAX + 1];
        if (!plain(s) || p.n != last - first + 1)
            return n;
        n->text = s;
        if (p.n == 1) {
            n->word = word_number(c, p.v[0].key, p.v[0].acronym);
        } else if (p.v[p.n - 1].chain == p.n && joined_key(&p, p.n - 1, joined)) {
            struct node *parts = make(PHRASE), *either = make(OR);
            for (size_t k = 0; k < p.n; k++) {
                struct node *w = make(EXACT);
                w->word = word_number(c, p.v[k].key, p.v[k].acronym);
                with(parts, w);
            }
            n->word = word_number(c, joined, false);
            with(with(either, parts), n);
            either->text = s;
            return either;
        } else {
            n->text = c->keys.v[t->word];
        }
    }
    return n;
}

static struct node *plain_word(struct corpus *c, struct random *r, enum kind kind)
{
    for (;;) {
        if (draw_below(r, 3) == 0) { /* a rare one */
            uint32_t w = draw_below(r, (uint32_t)c->words.n);
            if (!plain(c->keys.v[w]))
                continue;
            struct node *n = make(kind);
            n->word = w;
            n->text = c->keys.v[w];
            return n;
        }
        const struct article *a = some_article(c, r);
        size_t i = draw_below(r, (uint32_t)a->tokens.n);
        if (plain(c->keys.v[a->tokens.v[i].word]))
            return word_at(c, r, a, i, kind);
    }
}

struct node *draw_word(struct corpus *c, struct random *r)
{
    return plain_word(c, r, WORD);
}

struct node *draw_exact(struct corpus *c, struct random *r)
{
    struct node *n = plain_word(c, r, EXACT);
    n->whole = true; /* printed with = */
    return n;
}

struct node *draw_wild(struct corpus *c, struct random *r)
{
    for (;;) {
        struct node *n = plain_word(c, r, WILD);
        if (n->kind != WILD)
            continue;
        char *f = folded(c->keys.v[n->word]);
        size_t size = strlen(f), keep = 2 + draw_below(r, 6);
        while (keep < size && ((unsigned char)f[keep] & 0xc0) == 0x80)
            keep++;
        if (keep > size || f[keep - 1] == '\'' || strchr(f, '.'))
            continue;
        n->text = need(size + 3);
        memcpy(n->text, f, keep);
        n->text[keep] = '*';
        n->n = 1; /* is its own text */
        bool ascii = strspn(f, "abcdefghijklmnopqrstuvwxyz") == size;
        if (ascii && size > 5 && draw_below(r, 4) == 0) { /* at the front, inside, one character */
            uint32_t kind = draw_below(r, 3);
            size_t at = 3 + draw_below(r, (uint32_t)size - 5);
            if (kind == 0)
                snprintf(n->text, size + 3, "*%s", f + at - 2);
            else if (kind == 1)
                snprintf(n->text, size + 3, "%.*s*%s", (int)at, f, f + at + 1);
            else
                snprintf(n->text, size + 3, "%.*s?%s", (int)at, f, f + at + 1);
        }
        return n;
    }
}

struct node *draw_fuzzy(struct corpus *c, struct random *r)
{
    for (;;) {
        struct node *n = plain_word(c, r, FUZZY);
        if (n->kind != FUZZY)
            continue;
        char *f = folded(c->keys.v[n->word]);
        size_t size = strlen(f), at = draw_below(r, (uint32_t)size + 1);
        if (strspn(f, "abcdefghijklmnopqrstuvwxyz") != size || size < 5 || reserved(f))
            continue;
        n->n = size > 7 ? 1 + draw_below(r, 2) : 1;
        for (unsigned i = 0; i < n->n; i++) {
            if (draw_below(r, 3) == 0 && at + 1 < size) {
                char t = f[at];
                f[at] = f[at + 1];
                f[at + 1] = t;
            } else if (at < size) {
                f[at] = (char)('a' + draw_below(r, 26));
            }
            at = draw_below(r, (uint32_t)size);
        }
        n->text = f;
        return n;
    }
}

/* The words of a text as a phrase. */
static struct node *phrase_of(struct corpus *c, const char *s)
{
    struct pieces p = {0};
    struct node *n = make(PHRASE);
    pieces_of(&p, s, strlen(s));
    for (size_t i = 0; i < p.n; i++) {
        size_t last = i;
        while (p.v[last].hyphen)
            last++;
        struct node *w = make(EXACT);
        char joined[KEY_MAX + 1];
        if (last > i && joined_key(&p, last, joined)) {
            struct node *parts = make(PHRASE), *either = make(OR);
            for (size_t k = i; k <= last; k++) {
                struct node *x = make(EXACT);
                x->word = word_number(c, p.v[k].key, p.v[k].acronym);
                with(parts, x);
            }
            w->word = word_number(c, joined, false);
            with(n, with(with(either, parts), w));
        } else {
            last = i;
            w->word = word_number(c, p.v[i].key, p.v[i].acronym);
            with(n, w);
        }
        i = last;
    }
    n->whole = p.n > 6;
    return n;
}

/* A phrase as the article has it, punctuation and all. */
static struct node *printed(struct corpus *c, const struct article *a, size_t i, size_t last)
{
    const struct token *t = a->tokens.v;
    char *s = copy_of(a->text[t[i].field] + t[i].start, t[last].end - t[i].start);
    for (char *p = s; *p; p++)
        if (strchr("\"*_\\\n\r\t", *p))
            *p = ' ';
    struct node *n = phrase_of(c, s);
    n->text = s;
    return n->kids >= 2 && !n->whole && !strstr(s, "\xe2\x80\x9d") && !strstr(s, "\xe2\x80\x9c") ? n : NULL;
}

struct node *draw_phrase(struct corpus *c, struct random *r, bool slop, bool star)
{
    for (;;) {
        const struct article *a = some_article(c, r);
        size_t i = draw_below(r, (uint32_t)a->tokens.n), n = 2 + draw_below(r, 4), last = i + n - 1;
        if (last >= a->tokens.n || a->tokens.v[i].field != a->tokens.v[last].field)
            continue;
        if (!slop && !star && draw_below(r, 2)) {
            struct node *p = printed(c, a, i, last);
            if (p)
                return p;
            continue;
        }
        struct node *p = make(PHRASE);
        char text[8 * (KEY_MAX + 8)] = "";
        size_t at = 0;
        bool ok = true;
        unsigned gap = star ? 1 + draw_below(r, (uint32_t)n - 1) : 99;
        for (size_t k = 0; k < n; k++) {
            const char *key = c->keys.v[a->tokens.v[i + k].word];
            struct node *w = make(EXACT);
            w->word = a->tokens.v[i + k].word;
            if (star && k == gap && k + 1 < n) {
                w->kind = GAP;
                key = "*";
            } else if (star && strlen(key) > 4 && draw_below(r, 3) == 0 && (unsigned char)key[3] < 0x80 &&
                       (unsigned char)key[4] < 0x80 && !strpbrk(key, ".'")) {
                char *f = folded(key);
                w->kind = WILD;
                snprintf(f + 3, 2, "*");
                w->text = f;
                key = f;
            } else if (slop && k > 0 && k + 1 < n && draw_below(r, 3) == 0) {
                continue; /* left out: an extra word */
            }
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", at ? " " : "", key);
            with(p, w);
            ok = ok && !strchr(key, '"');
        }
        if (!ok || p->kids < 2)
            continue;
        if (slop) {
            p->n = draw_below(r, 5);
            if (draw_below(r, 8) == 0 && p->kids > 2) { /* a miss as likely as not */
                struct node *w = p->kid[0];
                p->kid[0] = p->kid[1];
                p->kid[1] = w;
                text[0] = '\0';
                at = 0;
                for (size_t k = 0; k < p->kids; k++)
                    at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", at ? " " : "",
                                           c->keys.v[p->kid[k]->word]);
            }
        }
        p->text = copy_of(text, at);
        return p;
    }
}

void draw_pair(struct corpus *c, struct random *r, unsigned far, bool phrase, struct node *out[2])
{
    for (;;) {
        const struct article *a = some_article(c, r);
        size_t i = draw_below(r, (uint32_t)a->tokens.n), k = i + 1 + draw_below(r, far);
        if (k >= a->tokens.n)
            continue;
        if (draw_below(r, 6) == 0) {
            out[0] = draw_word(c, r);
            out[1] = draw_word(c, r);
            return;
        }
        uint32_t x = a->tokens.v[i].word, y = a->tokens.v[k].word;
        /* two words that are everywhere make millions of places */
        if (c->words.v[x].count / 64 * (c->words.v[y].count / 64) > 2000 || !plain(c->keys.v[x]) ||
            !plain(c->keys.v[y]))
            continue;
        enum kind kind = draw_below(r, 4) ? WORD : EXACT;
        out[0] = word_at(c, r, a, i, kind);
        out[0]->whole = kind == EXACT;
        out[1] = word_at(c, r, a, k, WORD);
        if (phrase) {
            size_t last = k + 1 + draw_below(r, 2);
            if (last >= a->tokens.n || a->tokens.v[last].field != a->tokens.v[k].field)
                continue;
            out[1] = printed(c, a, k, last);
            if (!out[1])
                continue;
        }
        if (draw_below(r, 2)) {
            struct node *t = out[0];
            out[0] = out[1];
            out[1] = t;
        }
        return;
    }
}

bool quotable(const char *s)
{
    return *s && !strpbrk(s, "\"\\\n") && !strstr(s, "\xe2\x80\x9d") && strlen(s) < 200;
}

struct node *draw_field(struct corpus *c, struct random *r)
{
    static const char *const fields[] = {"source", "section", "author", "tag"};
    static const struct {
        const char *name;
        unsigned texts;
    } texts[] = {{"title", 1}, {"headline", 1}, {"lead", 2}, {"body", 4}, {"hlead", 3}};
    for (;;) {
        const struct article *a = some_article(c, r);
        uint32_t what = draw_below(r, 12);
        struct node *n;
        if (what < 5) {
            const char *field = fields[draw_below(r, 4)];
            const struct values *list = strcmp(field, "source") == 0    ? &a->source
                                        : strcmp(field, "section") == 0 ? &a->section
                                        : strcmp(field, "author") == 0  ? &a->authors
                                                                        : &a->tags;
            if (!list->n)
                continue;
            char *v = list->v[draw_below(r, (uint32_t)list->n)];
            n = make(VALUE);
            n->field = field;
            n->whole = draw_below(r, 3) == 0;
            if (!n->whole && draw_below(r, 2)) { /* some of its words */
                char *w = value_words(v), *blank = strchr(w, ' ');
                v = blank && draw_below(r, 2) ? blank + 1 : w;
                if (blank && v == w && draw_below(r, 2))
                    *blank = '\0';
            }
            char *words = value_words(v);
            if (!quotable(v) || !*words)
                continue;
            n->text = v;
            return n;
        }
        if (what == 5) {
            n = make(ID);
            n->text = a->id;
            if (quotable(a->id))
                return n;
        } else if (what == 6) {
            n = make(URL);
            n->text = a->url;
            if (a->url && quotable(a->url))
                return n;
        } else if (what == 7) {
            static char *const codes[] = {"en", "de", "fr", "es", "ru", "ja"};
            n = make(LANG);
            n->text = codes[draw_below(r, 6)];
            return n;
        } else if (what == 8) {
            static const char *const some[] = {"source", "section", "author", "tag", "url", "person", "entity"};
            uint32_t k = draw_below(r, 7);
            n = make(draw_below(r, 2) || k > 4 ? NONE : ANYOF);
            n->field = some[k];
            n->n = k == 5 ? 1 << PERSON : k == 6 ? ANY_NAME : 0;
            return n;
        } else {
            uint32_t k = draw_below(r, 5);
            n = make(SCOPE);
            n->field = texts[k].name;
            n->n = texts[k].texts;
            uint32_t kind = draw_below(r, 6);
            if (kind == 0)
                return with(n, draw_phrase(c, r, false, false));
            if (kind == 1)
                return with(n, draw_exact(c, r));
            if (kind == 2) {
                struct node *either = make(draw_below(r, 2) ? OR : AND);
                return with(n, with(with(either, draw_word(c, r)), draw_word(c, r)));
            }
            if (kind > 2 && draw_below(r, 2)) { /* from that text itself */
                for (size_t i = 0, at = draw_below(r, (uint32_t)a->tokens.n); i < a->tokens.n; i++) {
                    size_t t = (i + at) % a->tokens.n;
                    if ((n->n >> a->tokens.v[t].field & 1) && plain(c->keys.v[a->tokens.v[t].word]))
                        return with(n, word_at(c, r, a, t, WORD));
                }
                continue;
            }
            return with(n, draw_word(c, r));
        }
    }
}

/* A day, month or year as text and as days. */
static char *some_date(struct corpus *c, struct random *r, uint32_t *from, uint32_t *to)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint32_t day = 0;
    for (int tries = 0; !day && tries < 1000; tries++)
        day = some_article(c, r)->from;
    if (!day || draw_below(r, 8) == 0)
        day = (1985 + draw_below(r, 45)) * 10000 + (1 + draw_below(r, 12)) * 100 + 1 + draw_below(r, 28);
    uint32_t y = day / 10000, m = day / 100 % 100, d = day % 100, kind = draw_below(r, 4);
    uint32_t last = days[(m - 1) % 12] + (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
    char *s = need(16);
    *from = y * 10000 + (kind == 0 ? 1 : m) * 100 + (kind < 2 ? 1 : d);
    *to = y * 10000 + (kind == 0 ? 12 : m) * 100 + (kind == 0 ? 31 : kind == 1 ? last : d);
    if (kind == 0)
        snprintf(s, 16, "%04u", y);
    else if (kind == 1)
        snprintf(s, 16, "%04u-%02u", y, m);
    else
        snprintf(s, 16, "%04u-%02u-%02u", y, m, d);
    return s;
}

struct node *draw_date(struct corpus *c, struct random *r)
{
    struct node *n = make(DATE);
    uint32_t kind = draw_below(r, 9), other, last;
    n->text = need(40);
    if (kind == 0) {
        n->kind = draw_below(r, 3) ? NONE : ANYOF;
        n->field = "date";
        return n;
    }
    char *a = some_date(c, r, &n->from, &n->to);
    if (kind < 4) {
        snprintf(n->text, 40, "%s", a);
    } else if (kind == 4) {
        n->to = 99991231;
        snprintf(n->text, 40, "%s..", a);
    } else if (kind == 5) {
        n->from = 1;
        snprintf(n->text, 40, "..%s", a);
    } else {
        char *b = some_date(c, r, &other, &last);
        if (other < n->from) {
            char *t = a;
            uint32_t f = n->from, l = n->to;
            a = b, b = t;
            n->from = other, n->to = last;
            other = f, last = l;
        }
        if (last < n->from || last < n->to)
            last = n->to, b = a;
        n->to = last;
        snprintf(n->text, 40, "%s..%s", a, b);
    }
    return n;
}
