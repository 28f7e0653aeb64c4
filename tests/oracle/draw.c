/* A query of a type, made of words that stand in the articles. */
#include "oracle.h"

#include <string.h>

struct node *joined(enum kind kind, unsigned n, struct node *a, struct node *b)
{
    struct node *x = make(kind);
    x->n = n;
    return with(with(x, a), b);
}

static struct node *nearby(struct corpus *c, struct random *r, enum kind kind, bool phrase)
{
    struct node *pair[2];
    unsigned far = kind == SAME ? 12 : 8;
    draw_pair(c, r, far, phrase, pair);
    unsigned n = kind != SAME ? 1 + draw_below(r, 12) : draw_below(r, 2) ? 's' : 'p';
    struct node *x = joined(kind, n, pair[0], pair[1]);
    if (draw_below(r, 8) == 0)
        with(x, draw_word(c, r));
    return x;
}

/* An operand for a distance: words, phrases, OR, and distances again. */
struct node *positional(struct corpus *c, struct random *r, unsigned depth)
{
    static const enum kind kinds[] = {NEAR, PRE, SAME, NOTNEAR};
    uint32_t what = draw_below(r, depth ? 16 : 9);
    if (!depth && what > 6)
        return draw_below(r, 4) ? draw_name(c, r) : draw_named(c, r);
    if (what == 11)
        return draw_below(r, 4) ? draw_name(c, r) : draw_named(c, r);
    if (what == 12)
        return draw_case(c, r, positional(c, r, depth - 1));
    if (what == 13)
        return draw_quoted(c, r, positional(c, r, depth - 1));
    if (what == 14) {
        static const enum kind with_names[] = {NEAR, PRE, SAME, NOTNEAR};
        struct node *pair[2];
        enum kind kind = with_names[draw_below(r, 4)];
        draw_name_pair(c, r, 8, pair);
        return joined(kind, kind == SAME ? (draw_below(r, 2) ? 's' : 'p') : 1 + draw_below(r, 10), pair[0], pair[1]);
    }
    if (what == 15)
        return with(make(BOOST), positional(c, r, depth - 1));
    if (what == 5)
        return draw_below(r, 3) ? draw_wild(c, r) : draw_fuzzy(c, r);
    if (what == 9) {
        struct node *x = make(draw_below(r, 2) ? ATLEAST : FIRST);
        x->n = x->kind == ATLEAST ? 1 + draw_below(r, 3) : 10 + draw_below(r, 200);
        return with(x, positional(c, r, depth - 1));
    }
    if (what < 2)
        return draw_word(c, r);
    if (what == 2)
        return draw_exact(c, r);
    if (what == 3)
        return draw_phrase(c, r, draw_below(r, 4) == 0, false);
    if (what == 4)
        return draw_wild(c, r);
    if (what == 10)
        return joined(OR, 0, positional(c, r, depth - 1), positional(c, r, depth - 1));
    if (!depth)
        return draw_word(c, r);
    if (what == 6) {
        enum kind kind = kinds[draw_below(r, 4)];
        unsigned n = kind == SAME ? (draw_below(r, 2) ? 's' : 'p') : 1 + draw_below(r, 10);
        return joined(kind, n, positional(c, r, depth - 1), positional(c, r, depth - 1));
    }
    return nearby(c, r, kinds[draw_below(r, 3)], draw_below(r, 2));
}

/* An operand with AND, NOT, any() or a condition on the article. near: one that something can be near. */
static struct node *mixed(struct corpus *c, struct random *r, unsigned depth)
{
    struct node *a = positional(c, r, depth), *b = positional(c, r, depth);
    switch (draw_below(r, 7)) {
    case 0:
        return joined(AND, 0, a, b);
    case 1:
        return joined(AND, 0, a, with(make(NOT), b));
    case 2: {
        struct node *x = make(QUORUM);
        x->n = 1 + draw_below(r, 3);
        return with(with(with(x, a), b), positional(c, r, depth));
    }
    case 3:
        return joined(AND, 0, a, draw_below(r, 2) ? draw_date(c, r) : with(make(NOT), draw_date(c, r)));
    case 4:
        return joined(OR, 0, a, joined(AND, 0, b, positional(c, r, depth)));
    case 5:
        return joined(AND, 0, a, with(make(NOT), joined(AND, 0, b, positional(c, r, depth))));
    default:
        return with(make(NOT), with(make(NOT), joined(AND, 0, a, b)));
    }
}

/* Operators over such operands. */
static struct node *spread(struct corpus *c, struct random *r, unsigned depth)
{
    static const enum kind kinds[] = {NEAR, PRE, SAME, NOTNEAR};
    enum kind kind = kinds[draw_below(r, 4)];
    unsigned n = kind == SAME ? (draw_below(r, 2) ? 's' : 'p') : 1 + draw_below(r, 20);
    uint32_t what = draw_below(r, 6);
    struct node *a = what == 0 && depth ? spread(c, r, depth - 1) : mixed(c, r, depth ? 1 : 0);
    if (what == 1) {
        struct node *x = make(draw_below(r, 2) ? ATLEAST : FIRST);
        x->n = x->kind == ATLEAST ? 1 + draw_below(r, 3) : 10 + draw_below(r, 200);
        if (x->kind == ATLEAST)
            return with(x, a);
        /* the others take no condition on the article */
        a = joined(AND, 0, positional(c, r, 1), with(make(NOT), positional(c, r, 1)));
        what = draw_below(r, 3);
        return what == 0 ? with(x, a) : what == 1 ? draw_case(c, r, a) : draw_quoted(c, r, a);
    }
    if (what == 2) { /* AND on both sides */
        struct node *x = joined(AND, 0, positional(c, r, 0), positional(c, r, 0));
        struct node *y = joined(AND, 0, positional(c, r, 0), positional(c, r, 1));
        return joined(kind, n, x, y);
    }
    struct node *b = positional(c, r, depth ? 1 : 0);
    if (kind == NOTNEAR && what == 3) { /* what must not be near */
        struct node *x = make(QUORUM);
        x->n = 1 + draw_below(r, 3);
        with(with(with(x, positional(c, r, 0)), positional(c, r, 0)), positional(c, r, 0));
        return joined(NOTNEAR, n, b, draw_below(r, 2) ? x : joined(AND, 0, positional(c, r, 0), positional(c, r, 1)));
    }
    if (kind == NOTNEAR)
        return joined(kind, n, a, b);
    return draw_below(r, 2) ? joined(kind, n, a, b) : joined(kind, n, b, a);
}

static struct node *boolean(struct corpus *c, struct random *r, unsigned depth, bool fields);

static struct node *leaf(struct corpus *c, struct random *r, bool fields)
{
    uint32_t what = draw_below(r, fields ? 14 : 6);
    if (what == 12)
        return draw_below(r, 5) ? draw_name(c, r) : draw_named(c, r);
    if (what == 13)
        return draw_below(r, 3) ? with(make(BOOST), boolean(c, r, 0, true)) : draw_verbatim(c, r);
    if (what < 3)
        return draw_word(c, r);
    if (what == 3)
        return draw_exact(c, r);
    if (what == 4)
        return draw_phrase(c, r, false, false);
    if (what == 5)
        return draw_wild(c, r);
    if (what < 8)
        return draw_field(c, r);
    if (what == 8)
        return draw_date(c, r);
    return draw_below(r, 3) ? positional(c, r, 2) : spread(c, r, 1);
}

static struct node *boolean(struct corpus *c, struct random *r, unsigned depth, bool fields)
{
    uint32_t what = draw_below(r, 6);
    if (what == 5 && depth && fields) {
        struct node *x = make(QUORUM);
        x->n = 1 + draw_below(r, 3);
        for (int i = 0; i < 3; i++)
            with(x, boolean(c, r, depth - 1, fields));
        return x;
    }
    if (depth == 0 || (what == 4 && fields))
        return leaf(c, r, fields);
    if (what == 3)
        return with(make(NOT), boolean(c, r, depth - 1, fields));
    /* nested ANDs rarely find anything: more ORs further down */
    struct node *n = make(what == 0 || (what == 1 && depth < 3) ? OR : AND);
    for (uint32_t i = 0, k = 2 + draw_below(r, 2); i < k; i++)
        with(n, boolean(c, r, depth - 1, fields));
    return n;
}

static struct node *negated(struct node *n)
{
    return with(make(NOT), n);
}

/* A part of a query that is made wider: a larger distance, more words between, more texts. */
static struct node *widened(struct corpus *c, struct random *r, struct node **twin)
{
    struct node *pair[2], *a, *b;
    unsigned n = 1 + draw_below(r, 9), more = n + 1 + draw_below(r, 20);
    static const enum kind kinds[] = {NEAR, PRE};
    enum kind kind = kinds[draw_below(r, 2)];
    switch (draw_below(r, 6)) {
    case 0:
    case 1:
        draw_pair(c, r, 8, draw_below(r, 2), pair);
        *twin = joined(kind, more, pair[0], pair[1]);
        return joined(kind, n, pair[0], pair[1]);
    case 2: /* in this order is in any order */
        draw_name_pair(c, r, 8, pair);
        *twin = joined(NEAR, draw_below(r, 2) ? n : more, pair[0], pair[1]);
        return joined(PRE, n, pair[0], pair[1]);
    case 3:
        a = positional(c, r, 2);
        b = positional(c, r, 1);
        *twin = joined(NOTNEAR, n, a, b);
        return joined(NOTNEAR, more, a, b);
    case 4:
        a = positional(c, r, 2);
        b = positional(c, r, 2);
        *twin = joined(SAME, 'p', a, b);
        return joined(SAME, 's', a, b);
    default:
        a = draw_phrase(c, r, true, false);
        *twin = make(PHRASE);
        **twin = *a;
        (*twin)->n = a->n + 1 + draw_below(r, 4);
        return a;
    }
}

/* Two queries that must find the same. */
static struct node *law(struct corpus *c, struct random *r, struct node **twin)
{
    struct node *pair[2], *a, *b;
    unsigned n = 1 + draw_below(r, 9);
    switch (draw_below(r, 8)) {
    case 6: /* of any operands */
        a = positional(c, r, 2);
        b = positional(c, r, 2);
        *twin = joined(NEAR, n, b, a);
        return joined(NEAR, n, a, b);
    case 7: /* OR of operands is OR of distances */
        a = positional(c, r, 1);
        b = positional(c, r, 1);
        struct node *e = positional(c, r, 1);
        *twin = joined(OR, 0, joined(PRE, n, a, e), joined(PRE, n, b, e));
        return joined(PRE, n, joined(OR, 0, a, b), e);
    case 0:
        draw_pair(c, r, 8, draw_below(r, 2), pair);
        *twin = joined(NEAR, n, pair[1], pair[0]);
        return joined(NEAR, n, pair[0], pair[1]);
    case 1: /* near is before or after, where nothing overlaps */
        draw_pair(c, r, 8, false, pair);
        pair[0]->kind == OR || pair[1]->kind == OR ? (void)(pair[0] = draw_exact(c, r)) : (void)0;
        a = joined(SAME, 'p', pair[0], pair[1]);
        *twin = joined(SAME, 'p', pair[1], pair[0]);
        return a;
    case 2:
        a = leaf(c, r, true);
        *twin = negated(negated(a));
        return a;
    case 3: /* De Morgan */
        a = leaf(c, r, true);
        b = leaf(c, r, true);
        *twin = joined(OR, 0, negated(a), negated(b));
        return negated(joined(AND, 0, a, b));
    case 4:
        a = leaf(c, r, true);
        b = leaf(c, r, true);
        *twin = joined(AND, 0, negated(a), negated(b));
        return negated(joined(OR, 0, a, b));
    default: /* AND over OR */
        a = leaf(c, r, true);
        b = leaf(c, r, true);
        struct node *d = leaf(c, r, true);
        *twin = joined(OR, 0, joined(AND, 0, a, b), joined(AND, 0, a, d));
        return joined(AND, 0, a, joined(OR, 0, b, d));
    }
}

/* Functions over words, and how many. */
static struct node *counted(struct corpus *c, struct random *r)
{
    static const enum kind kinds[] = {ATLEAST, FIRST, QUORUM};
    struct node *x = make(kinds[draw_below(r, 3)]);
    x->n = x->kind == FIRST ? 5 + draw_below(r, 200) : 1 + draw_below(r, 4);
    if (x->kind != QUORUM)
        return with(x, positional(c, r, 1));
    for (uint32_t i = 0, k = x->n + draw_below(r, 3); i < k; i++)
        with(x, leaf(c, r, true));
    return x;
}

static struct node *with_names(struct corpus *c, struct random *r)
{
    static const enum kind kinds[] = {NEAR, PRE, SAME, NOTNEAR};
    struct node *pair[2];
    enum kind kind = kinds[draw_below(r, 4)];
    draw_name_pair(c, r, kind == SAME ? 12 : 8, pair);
    if (draw_below(r, 4) == 0)
        pair[1] = joined(OR, 0, pair[1], draw_name(c, r));
    return joined(kind, kind == SAME ? (draw_below(r, 2) ? 's' : 'p') : 1 + draw_below(r, 12), pair[0], pair[1]);
}

struct node *draw(struct corpus *c, struct random *r, const char *type, struct node **twin, bool *wider)
{
    *twin = NULL;
    *wider = false;
    if (strcmp(type, "name") == 0)
        return draw_name(c, r);
    if (strcmp(type, "anyone") == 0)
        return draw_named(c, r);
    if (strcmp(type, "name-near") == 0)
        return with_names(c, r);
    if (strcmp(type, "case") == 0)
        return draw_case(c, r, draw_below(r, 2) ? leaf(c, r, false) : positional(c, r, 2));
    if (strcmp(type, "quoted") == 0)
        return draw_below(r, 2) ? draw_quoted(c, r, positional(c, r, 1))
                                : joined(SAME, draw_below(r, 2) ? 's' : 'p', draw_name(c, r), draw_quoted(c, r, draw_word(c, r)));
    if (strcmp(type, "verbatim") == 0)
        return draw_verbatim(c, r);
    if (strcmp(type, "count") == 0)
        return counted(c, r);
    if (strcmp(type, "wider") == 0) {
        *wider = true;
        return widened(c, r, twin);
    }
    if (strcmp(type, "word") == 0)
        return draw_word(c, r);
    if (strcmp(type, "exact") == 0)
        return draw_exact(c, r);
    if (strcmp(type, "phrase") == 0)
        return draw_phrase(c, r, false, false);
    if (strcmp(type, "slop") == 0)
        return draw_phrase(c, r, true, false);
    if (strcmp(type, "star") == 0)
        return draw_phrase(c, r, false, true);
    if (strcmp(type, "wild") == 0)
        return draw_wild(c, r);
    if (strcmp(type, "boolean") == 0)
        return boolean(c, r, 1 + draw_below(r, 3), false);
    if (strcmp(type, "field") == 0)
        return draw_field(c, r);
    if (strcmp(type, "date") == 0)
        return draw_date(c, r);
    if (strcmp(type, "near") == 0)
        return nearby(c, r, NEAR, false);
    if (strcmp(type, "pre") == 0)
        return nearby(c, r, PRE, false);
    if (strcmp(type, "phrase-near") == 0)
        return nearby(c, r, draw_below(r, 2) ? NEAR : PRE, true);
    if (strcmp(type, "same") == 0)
        return nearby(c, r, SAME, draw_below(r, 3) == 0);
    if (strcmp(type, "notnear") == 0) {
        struct node *pair[2];
        draw_pair(c, r, 8, draw_below(r, 3) == 0, pair);
        return joined(NOTNEAR, 1 + draw_below(r, 9), pair[0], pair[1]);
    }
    if (strcmp(type, "fuzzy") == 0)
        return draw_fuzzy(c, r);
    if (strcmp(type, "nested") == 0)
        return positional(c, r, 4);
    if (strcmp(type, "spread") == 0)
        return spread(c, r, 2);
    if (strcmp(type, "mix") == 0)
        return boolean(c, r, 4, true);
    if (strcmp(type, "law") == 0)
        return law(c, r, twin);
    return NULL;
}
