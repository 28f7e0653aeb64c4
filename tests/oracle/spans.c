/* Where does a query match? Every place of every operand is listed and looked at. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

void add_span(struct spans *s, uint32_t first, uint32_t last)
{
    GROW(*s);
    s->v[s->n++] = (struct span){first, last};
}

static int compare_spans(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->last < y->last ? -1 : x->last > y->last;
}

void tidy(struct spans *s)
{
    size_t k = 0;
    if (s->n)
        qsort(s->v, s->n, sizeof *s->v, compare_spans);
    for (size_t i = 0; i < s->n; i++)
        if (k == 0 || compare_spans(&s->v[k - 1], &s->v[i]) != 0)
            s->v[k++] = s->v[i];
    s->n = k;
}

/* Does a folded word fit a pattern with * and ? (a character)? */
static bool fits(const char *p, const char *w)
{
    if (!*p)
        return !*w;
    if (*p == '*')
        return fits(p + 1, w) || (*w && fits(p, w + 1));
    if (!*w)
        return false;
    if (*p == '?') {
        for (w++; ((unsigned char)*w & 0xc0) == 0x80; w++)
            ;
        return fits(p + 1, w);
    }
    return *p == *w && fits(p + 1, w + 1);
}

static bool word_fits(struct corpus *c, const struct node *q, uint32_t w, unsigned lang)
{
    uint32_t a[2], b[2];
    const struct word *x = &c->words.v[w];
    switch (q->kind) {
    case EXACT:
        return x->fold == c->words.v[q->word].fold;
    case FUZZY:
    case WILD:
        if (x->acronym) {
            char low[16];
            size_t n = strlen(c->keys.v[w]);
            for (size_t i = 0; i <= n && i < sizeof low; i++)
                low[i] = (char)(c->keys.v[w][i] >= 'A' && c->keys.v[w][i] <= 'Z' ? c->keys.v[w][i] + 32
                                                                                 : c->keys.v[w][i]);
            return q->kind == WILD ? fits(q->text, low)
                                   : edits_between(q->text, low, q->n) <= q->n;
        }
        return q->kind == WILD ? fits(q->text, c->folds.v[x->fold])
                               : edits_between(q->text, c->folds.v[x->fold], q->n) <= q->n;
    default:
        stems_of(c, q->word, lang, a);
        stems_of(c, w, lang, b);
        return a[0] == b[0] || a[0] == b[1] || a[1] == b[0] || a[1] == b[1];
    }
}

/* Which words of the corpus a leaf stands for in a language. */
static const uint8_t *words_of_leaf(struct corpus *c, struct node *q, unsigned lang)
{
    unsigned k = q->kind == WORD ? lang : 0;
    if (!q->fits[k]) {
        q->fits[k] = need(c->words.n);
        for (uint32_t w = 0; w < c->words.n; w++)
            q->fits[k][w] = word_fits(c, q, w, lang);
    }
    return q->fits[k];
}

static uint32_t position(const struct article *a, size_t i)
{
    return (uint32_t)i + a->tokens.v[i].field * (uint32_t)FIELD_GAP;
}

/* Is token i in one of the texts asked for? The body's first paragraph is the lead of an article that has none. */
static bool within(const struct article *a, size_t i, unsigned scope)
{
    const struct token *t = &a->tokens.v[i];
    if (scope >> t->field & 1)
        return true;
    if (t->field != BODY || !(scope >> LEAD & 1))
        return false;
    while (i > 0 && a->tokens.v[i - 1].field == BODY)
        i--;
    return (i == 0 || a->tokens.v[i - 1].field != LEAD) && a->tokens.v[i].paragraph == t->paragraph;
}

/* Are the words from one to another written as asked? */
static bool written(const struct article *a, size_t first, size_t last, unsigned scope)
{
    for (size_t i = first; i <= last; i++) {
        const struct token *t = &a->tokens.v[i];
        if (((scope & CAPS) && !t->upper) || ((scope & NOCAPS) && t->upper) ||
            ((scope & ALLCAPS) && !t->capitals))
            return false;
    }
    return true;
}

/* The words from one to another, if they are as asked. */
static void place(const struct article *a, size_t first, size_t last, unsigned scope, struct spans *out)
{
    if (within(a, first, scope) && within(a, last, scope) && written(a, first, last, scope))
        add_span(out, position(a, first), position(a, last));
}

static void named(struct corpus *c, struct node *q, const struct article *a, unsigned scope,
                  struct spans *out)
{
    const uint8_t *f = q->kind == NAME ? names_of(c, q) : NULL;
    for (size_t i = 0; i < a->mentions.n; i++) {
        const struct mention *m = &a->mentions.v[i];
        if (f ? f[m->name] : q->n >> c->names.v[m->name].type & 1)
            place(a, m->first, m->last, scope, out);
    }
    tidy(out);
}

static void leaf(struct corpus *c, struct node *q, const struct article *a, unsigned scope,
                 struct spans *out)
{
    const uint8_t *f = words_of_leaf(c, q, a->lang);
    for (size_t i = 0; i < a->tokens.n; i++)
        if (f[a->tokens.v[i].word])
            place(a, i, i, scope, out);
    for (size_t i = 0; i < a->chains.n; i++) {
        const struct chain *x = &a->chains.v[i];
        if (f[x->word])
            place(a, x->first, x->last, scope, out);
    }
    tidy(out);
}

/* One part of a phrase after another; `used` extra words so far. */
static void phrase(const struct spans *kids, size_t n, size_t k, uint32_t first, uint32_t last,
                   unsigned left, struct spans *out)
{
    if (k == n) {
        add_span(out, first, last);
        return;
    }
    for (size_t i = 0; i < kids[k].n; i++) {
        const struct span *s = &kids[k].v[i];
        if (k == 0)
            phrase(kids, n, 1, s->first, s->last, left, out);
        else if (s->first > last && s->first - last - 1 <= left)
            phrase(kids, n, k + 1, first, s->last, left - (s->first - last - 1), out);
    }
}

static uint32_t apart(const struct span *a, const struct span *b)
{
    if (b->first > a->last)
        return b->first - a->last;
    return a->first > b->last ? a->first - b->last : 0;
}

static const struct token *token_at(const struct article *a, uint32_t position)
{
    return &a->tokens.v[position % FIELD_GAP];
}

/* Do both stand as an operator asks? both: from the first word to the last. */
bool pair_fits(const struct node *q, const struct article *a, const struct span *s, const struct span *t,
               struct span *both)
{
    *both = (struct span){s->first < t->first ? s->first : t->first, s->last > t->last ? s->last : t->last};
    if (q->kind == SAME) {
        const struct token *f = token_at(a, both->first), *l = token_at(a, both->last);
        return both->first / FIELD_GAP == both->last / FIELD_GAP &&
               (q->n == 's' ? f->sentence == l->sentence : f->paragraph == l->paragraph);
    }
    return apart(s, t) <= q->n && (q->kind != PRE || t->first > s->last);
}

/* The places where both stand as an operator asks. */
static void pair(const struct node *q, const struct article *a, const struct spans *x,
                 const struct spans *y, struct spans *out)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < y->n; k++) {
            struct span u;
            if (pair_fits(q, a, &x->v[i], &y->v[k], &u))
                add_span(out, u.first, u.last);
        }
    tidy(out);
}

/* Is what a tree asks for near a place? */
static bool near_place(struct corpus *c, struct node *q, const struct article *a, unsigned scope,
                       const struct span *x, unsigned n)
{
    struct spans s = {0};
    size_t yes = 0;
    if (has_logic(q) && (q->kind == AND || q->kind == OR || q->kind == QUORUM)) {
        for (size_t i = 0; i < q->kids; i++)
            yes += near_place(c, q->kid[i], a, scope, x, n);
        return yes >= (q->kind == AND ? q->kids : q->kind == OR ? 1 : q->n);
    }
    spans_of(c, q, a, scope, &s);
    for (size_t i = 0; i < s.n; i++)
        yes += apart(x, &s.v[i]) <= n;
    free(s.v);
    return yes > 0;
}

static void apart_from(struct corpus *c, struct node *q, const struct article *a, unsigned scope,
                       struct spans *out)
{
    struct spans s = {0};
    spans_of(c, q->kid[0], a, scope, &s);
    for (size_t i = 0; i < s.n; i++)
        if (!near_place(c, q->kid[1], a, scope, &s.v[i], q->n))
            add_span(out, s.v[i].first, s.v[i].last);
    free(s.v);
}

static void some(struct corpus *c, struct node *q, const struct article *a, unsigned scope,
                 struct spans *out)
{
    size_t body = 0;
    struct spans s = {0};
    spans_of(c, q->kid[0], a, scope, &s);
    while (body < a->tokens.n && a->tokens.v[body].field != BODY)
        body++;
    for (size_t i = 0; i < s.n && (q->kind != ATLEAST || s.n >= q->n); i++)
        if (q->kind == ATLEAST || (token_at(a, s.v[i].first)->field == BODY &&
                                   s.v[i].last % FIELD_GAP - body < q->n))
            add_span(out, s.v[i].first, s.v[i].last);
    free(s.v);
}

/* Places in one quotation, or that touch none. */
static void quoted(struct corpus *c, struct node *q, const struct article *a, unsigned scope,
                   struct spans *out)
{
    struct spans s = {0};
    spans_of(c, q->kid[0], a, scope, &s);
    for (size_t i = 0; i < s.n; i++) {
        bool in = false, touches = false;
        for (size_t k = 0; k < a->quotes.n; k++) {
            uint32_t first = position(a, a->quotes.v[k].first), last = position(a, a->quotes.v[k].last);
            in |= first <= s.v[i].first && s.v[i].last <= last;
            touches |= first <= s.v[i].last && s.v[i].first <= last;
        }
        if (q->kind == QUOTED ? in : !touches)
            add_span(out, s.v[i].first, s.v[i].last);
    }
    free(s.v);
}

static void combine(struct corpus *c, struct node *q, const struct article *a, unsigned scope,
                    struct spans *out)
{
    struct spans kids[8] = {{0}};
    bool none = false;
    for (size_t i = 0; i < q->kids && !none; i++) {
        spans_of(c, q->kid[i], a, scope, &kids[i]);
        none = kids[i].n == 0;
    }
    if (none) {
        out->n = 0;
    } else if (q->kind == PHRASE) {
        phrase(kids, q->kids, 0, 0, 0, q->n, out);
        tidy(out);
    } else {
        struct spans so_far = kids[0];
        kids[0] = (struct spans){0};
        for (size_t i = 1; i < q->kids; i++) {
            struct spans both = {0};
            pair(q, a, &so_far, &kids[i], &both);
            free(so_far.v);
            so_far = both;
        }
        *out = so_far;
    }
    for (size_t i = 0; i < q->kids; i++)
        free(kids[i].v);
}

void spans_of(struct corpus *c, struct node *q, const struct article *a, unsigned scope, struct spans *out)
{
    switch (q->kind) {
    case WORD:
    case EXACT:
    case WILD:
    case FUZZY:
        leaf(c, q, a, scope, out);
        break;
    case GAP:
        for (size_t i = 0; i < a->tokens.n; i++)
            if (within(a, i, scope))
                add_span(out, position(a, i), position(a, i));
        break;
    case OR:
        for (size_t i = 0; i < q->kids; i++) {
            struct spans s = {0};
            spans_of(c, q->kid[i], a, scope, &s);
            for (size_t k = 0; k < s.n; k++)
                add_span(out, s.v[k].first, s.v[k].last);
            free(s.v);
        }
        tidy(out);
        break;
    case SCOPE:
        spans_of(c, q->kid[0], a, scope & (q->n | CASES), out);
        break;
    case CASE:
        spans_of(c, q->kid[0], a, scope | q->n, out);
        break;
    case BOOST:
        spans_of(c, q->kid[0], a, scope, out);
        break;
    case NAME:
    case NAMED:
        named(c, q, a, scope, out);
        break;
    case QUOTATION:
        for (size_t i = 0; i < a->quotes.n; i++)
            add_span(out, position(a, a->quotes.v[i].first), position(a, a->quotes.v[i].last));
        break;
    case QUOTED:
    case UNQUOTED:
        quoted(c, q, a, scope, out);
        break;
    case PHRASE:
    case NEAR:
    case PRE:
    case SAME:
        combine(c, q, a, scope, out);
        break;
    case NOTNEAR:
        apart_from(c, q, a, scope, out);
        break;
    case ATLEAST:
    case FIRST:
        some(c, q, a, scope, out);
        break;
    default:
        abort();
    }
}

bool stands(struct corpus *c, struct node *q, const struct article *a, unsigned scope)
{
    struct spans s = {0};
    spans_of(c, q, a, scope, &s);
    free(s.v);
    return s.n > 0;
}
