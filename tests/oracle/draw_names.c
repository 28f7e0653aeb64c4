/* Names for a query, and functions over words. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *field;
    unsigned types;
} kinds[] = {{"person", 1 << PERSON}, {"org", 1 << ORG}, {"place", 1 << PLACE}, {"misc", 1 << MISC}, {"entity", ANY_NAME}};

static const struct article *some_named(struct corpus *c, struct random *r)
{
    const struct article *a;
    do
        a = some_article(c, r);
    while (a->mentions.n == 0 && c->mentions);
    return a;
}

/* A text that means a name: its id, some of its words, as it is printed, surname first. */
static char *some_text(struct random *r, const struct name *n, bool *whole)
{
    uint32_t what = draw_below(r, 8);
    char *words = copy_of(n->words, strlen(n->words)), *blank = strchr(words, ' '), *last = strrchr(words, ' ');
    *whole = what == 0;
    if (what < 2)
        return n->id;
    if (what == 2 && blank) { /* the first word */
        *blank = '\0';
        return words;
    }
    if (what == 3 && last) /* the last */
        return last + 1;
    if (what == 4 && last) {
        size_t size = strlen(words) + 2;
        char *turned = need(size);
        snprintf(turned, size, "%s, %.*s", last + 1, (int)(last - words), words);
        return turned;
    }
    return n->printed.n ? n->printed.v[draw_below(r, (uint32_t)n->printed.n)] : n->id;
}

static struct node *name_of(struct corpus *c, struct random *r, const struct mention *m)
{
    const struct name *n = &c->names.v[m->name];
    struct node *x = make(NAME);
    uint32_t k = draw_below(r, 4) ? n->type : NAME_KINDS;
    x->field = kinds[k].field;
    x->n = kinds[k].types;
    x->text = some_text(r, n, &x->whole);
    char *words = value_words(x->text);
    bool ok = quotable(x->text) && *words && names_agree(c, x);
    free(words);
    return ok ? x : NULL;
}

struct node *draw_name(struct corpus *c, struct random *r)
{
    if (!c->mentions)
        return draw_word(c, r);
    for (;;) {
        const struct article *a = some_named(c, r);
        struct node *x = name_of(c, r, &a->mentions.v[draw_below(r, (uint32_t)a->mentions.n)]);
        if (x)
            return x;
    }
}

struct node *draw_named(struct corpus *c, struct random *r)
{
    struct node *x = make(NAMED);
    uint32_t k = draw_below(r, NAME_KINDS + 1);
    if (!c->mentions)
        return draw_word(c, r);
    x->field = kinds[k].field;
    x->n = kinds[k].types;
    return x;
}

void draw_name_pair(struct corpus *c, struct random *r, unsigned far, struct node *pair[2])
{
    if (!c->mentions) {
        draw_pair(c, r, far, false, pair);
        return;
    }
    for (;;) {
        const struct article *a = some_named(c, r);
        const struct mention *m = &a->mentions.v[draw_below(r, (uint32_t)a->mentions.n)];
        size_t k = draw_below(r, 2) ? m->last + 1 + draw_below(r, far) : m->first - 1 - (size_t)draw_below(r, far);
        struct node *x = draw_below(r, 6) ? name_of(c, r, m) : draw_named(c, r), *y = NULL;
        if (draw_below(r, 10) == 0)
            k = m->first; /* a word of the name itself */
        if (k < a->tokens.n && draw_below(r, 3) == 0) { /* another name */
            const struct mention *other = &a->mentions.v[draw_below(r, (uint32_t)a->mentions.n)];
            y = draw_below(r, 6) ? name_of(c, r, other) : draw_named(c, r);
        } else if (k < a->tokens.n && plain(c->keys.v[a->tokens.v[k].word])) {
            y = word_at(c, r, a, k, WORD);
        }
        if (!x || !y)
            continue;
        bool turn = draw_below(r, 2);
        pair[0] = turn ? y : x;
        pair[1] = turn ? x : y;
        return;
    }
}

struct node *draw_case(struct corpus *c, struct random *r, struct node *kid)
{
    static const unsigned cases[] = {CAPS, ALLCAPS, NOCAPS};
    struct node *x = make(CASE);
    (void)c;
    x->n = cases[draw_below(r, 3)];
    return with(x, kid);
}

struct node *draw_quoted(struct corpus *c, struct random *r, struct node *kid)
{
    struct node *x = make(draw_below(r, 2) ? QUOTED : UNQUOTED);
    (void)c;
    if (draw_below(r, 6) == 0) {
        x->kind = QUOTED;
        kid = make(QUOTATION);
    }
    return with(x, kid);
}

struct node *draw_verbatim(struct corpus *c, struct random *r)
{
    for (;;) {
        const struct article *a = some_article(c, r);
        size_t f = draw_below(r, TEXTS), n = a->text_n[f], at = n ? draw_below(r, (uint32_t)n) : 0;
        size_t len = 3 + draw_below(r, 40);
        while (at < n && ((unsigned char)a->text[f][at] & 0xc0) == 0x80)
            at++;
        while (at + len < n && ((unsigned char)a->text[f][at + len] & 0xc0) == 0x80)
            len++;
        if (at + len > n)
            continue;
        char *s = copy_of(a->text[f] + at, len);
        struct pieces p = {0};
        pieces_of(&p, s, len);
        size_t words = p.n;
        free(p.v);
        free(p.quotes.v);
        if (words < 2 || !quotable(s) || strpbrk(s, "\r\t")) /* parts of two words at least */
            continue;
        struct node *x = make(VERBATIM);
        x->text = s;
        if (draw_below(r, 6) == 0) { /* another letter: a miss as likely as not */
            size_t k = draw_below(r, (uint32_t)len);
            if (s[k] >= 'a' && s[k] <= 'z')
                s[k] = (char)(s[k] - 32);
        }
        return x;
    }
}
