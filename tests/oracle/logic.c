/* Operands with AND, NOT and any(): what holds of the operand is asked part by part, each part in the operand's place.
 * Conditions on the article hold or not, wherever they stand. Counting edits is here too. */
#include "oracle.h"

#include <string.h>

static bool is_logic(const struct node *q)
{
    switch (q->kind) {
    case AND:
    case NOT:
    case QUORUM:
    case VALUE:
    case ID:
    case URL:
    case LANG:
    case DATE:
    case NONE:
    case ANYOF:
    case ALL:
    case VERBATIM:
        return true;
    default:
        return false;
    }
}

bool has_logic(const struct node *q)
{
    /* what must not be near is looked at place by place: it is no matter of the article */
    size_t kids = q->kind == NOTNEAR ? 1 : q->kids;
    if (is_logic(q))
        return true;
    for (size_t i = 0; i < kids; i++)
        if (has_logic(q->kid[i]))
            return true;
    return false;
}

/* Operators around the tree that is looked at, and in the place of which operand it stands. */
struct around {
    struct node *op;
    size_t place;
    struct around *further;
};

static bool holds(struct corpus *c, struct node *q, struct around *o, const struct article *a,
                  unsigned scope)
{
    size_t yes = 0;
    if (!has_logic(q)) {
        if (!o)
            return stands(c, q, a, scope);
        struct node x = *o->op;
        x.kid[o->place] = q;
        return holds(c, &x, o->further, a, scope);
    }
    if (q->kind == AND || q->kind == OR || q->kind == QUORUM) {
        for (size_t i = 0; i < q->kids; i++)
            yes += holds(c, q->kid[i], o, a, scope);
        return yes >= (q->kind == AND ? q->kids : q->kind == OR ? 1 : q->n);
    }
    if (q->kind == NOT)
        return !holds(c, q->kid[0], o, a, scope);
    if (q->kids == 0)
        return matches_in(c, q, a, scope);
    size_t i = 0;
    while (!has_logic(q->kid[i]))
        i++;
    struct around inner = {q, i, o};
    return holds(c, q->kid[i], &inner, a, scope);
}

bool matches_logic(struct corpus *c, struct node *q, const struct article *a, unsigned scope)
{
    return holds(c, q, NULL, a, scope);
}

static void parts(struct corpus *c, struct node *q, struct around *o, const struct article *a, bool negated,
                  part_fn *fn, void *arg)
{
    if (!has_logic(q) && o) {
        struct node x = *o->op;
        x.kid[o->place] = q;
        parts(c, &x, o->further, a, negated, fn, arg);
    } else if (!has_logic(q)) {
        if (!negated)
            fn(c, q, a, arg);
    } else if (is_logic(q) || q->kind == OR) {
        for (size_t i = 0; i < q->kids; i++)
            parts(c, q->kid[i], o, a, negated != (q->kind == NOT), fn, arg);
    } else {
        size_t i = 0;
        while (!has_logic(q->kid[i]))
            i++;
        struct around inner = {q, i, o};
        parts(c, q->kid[i], &inner, a, negated, fn, arg);
    }
}

void each_part(struct corpus *c, struct node *q, const struct article *a, part_fn *fn, void *arg)
{
    parts(c, q, NULL, a, false, fn, arg);
}

/* Characters of UTF-8. */
static size_t letters(const char *s, uint32_t *out, size_t cap)
{
    size_t n = 0;
    for (const unsigned char *p = (const unsigned char *)s; *p && n < cap; n++) {
        uint32_t v = *p++;
        while ((*p & 0xc0) == 0x80)
            v = v << 8 | *p++;
        out[n] = v;
    }
    return n;
}

unsigned edits_between(const char *a, const char *b, unsigned most)
{
    enum { CAP = KEY_MAX + 1 };
    static unsigned d[CAP + 1][CAP + 1];
    uint32_t x[CAP], y[CAP];
    size_t n = letters(a, x, CAP), m = letters(b, y, CAP);
    if (n > m + most || m > n + most)
        return most + 1;
    for (size_t i = 0; i <= n; i++)
        for (size_t k = 0; k <= m; k++) {
            if (i == 0 || k == 0) {
                d[i][k] = (unsigned)(i + k);
                continue;
            }
            unsigned v = d[i - 1][k - 1] + (x[i - 1] != y[k - 1]);
            if (d[i - 1][k] + 1 < v)
                v = d[i - 1][k] + 1;
            if (d[i][k - 1] + 1 < v)
                v = d[i][k - 1] + 1;
            if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1] && d[i - 2][k - 2] + 1 < v)
                v = d[i - 2][k - 2] + 1;
            d[i][k] = v;
        }
    return d[n][m];
}
