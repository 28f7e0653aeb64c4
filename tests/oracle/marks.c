/* Which words a match is made of: from each span back to the words of all combinations that give it. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

static bool holds(const struct spans *s, struct span x)
{
    size_t lo = 0, hi = s->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->v[mid].first < x.first || (s->v[mid].first == x.first && s->v[mid].last < x.last))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n && s->v[lo].first == x.first && s->v[lo].last == x.last;
}

/* Which spans of the parts of a phrase make one that is looked for? way: those of the parts before k. */
static void phrase(const struct spans *kids, size_t n, size_t k, const struct span **way, unsigned left,
                   const struct spans *of, struct spans *used)
{
    if (k == n) {
        if (holds(of, (struct span){way[0]->first, way[n - 1]->last}))
            for (size_t i = 0; i < n; i++)
                add_span(&used[i], way[i]->first, way[i]->last);
        return;
    }
    for (size_t i = 0; i < kids[k].n; i++) {
        const struct span *s = &kids[k].v[i];
        uint32_t extra = k ? s->first - way[k - 1]->last - 1 : 0;
        if (k && (s->first <= way[k - 1]->last || extra > left))
            continue;
        way[k] = s;
        phrase(kids, n, k + 1, way, left - extra, of, used);
    }
}

/* Likewise of operands that are joined one after another. */
static void chain(const struct node *q, const struct article *a, const struct spans *kids, size_t n,
                  const struct spans *of, struct spans *used)
{
    struct spans before = {0}, sought = {0};
    if (n == 1) {
        for (size_t i = 0; i < of->n; i++)
            add_span(&used[0], of->v[i].first, of->v[i].last);
        return;
    }
    for (size_t i = 0; i < kids[0].n; i++)
        add_span(&before, kids[0].v[i].first, kids[0].v[i].last);
    for (size_t k = 1; k + 1 < n; k++) { /* what the first n - 1 make */
        struct spans both = {0};
        struct span u;
        for (size_t i = 0; i < before.n; i++)
            for (size_t j = 0; j < kids[k].n; j++)
                if (pair_fits(q, a, &before.v[i], &kids[k].v[j], &u))
                    add_span(&both, u.first, u.last);
        tidy(&both);
        free(before.v);
        before = both;
    }
    for (size_t i = 0; i < before.n; i++)
        for (size_t j = 0; j < kids[n - 1].n; j++) {
            struct span u;
            if (!pair_fits(q, a, &before.v[i], &kids[n - 1].v[j], &u) || !holds(of, u))
                continue;
            add_span(&sought, before.v[i].first, before.v[i].last);
            add_span(&used[n - 1], kids[n - 1].v[j].first, kids[n - 1].v[j].last);
        }
    tidy(&sought);
    chain(q, a, kids, n - 1, &sought, used);
    free(before.v);
    free(sought.v);
}

void marks_of(struct corpus *c, struct node *q, const struct article *a, unsigned scope, const struct spans *of,
              struct spans *out)
{
    struct spans kids[8] = {{0}}, used[8] = {{0}};
    const struct span *way[8];
    if (q->kids == 0) { /* a word; gaps and quotations are none */
        for (size_t i = 0; i < of->n && q->kind != GAP && q->kind != QUOTATION; i++)
            add_span(out, of->v[i].first, of->v[i].last);
        return;
    }
    if (q->kind == SCOPE)
        scope &= q->n | CASES;
    if (q->kind == CASE)
        scope |= q->n;
    if (q->kids == 1 || q->kind == NOTNEAR) {
        marks_of(c, q->kid[0], a, scope, of, out);
        return;
    }
    for (size_t i = 0; i < q->kids; i++)
        spans_of(c, q->kid[i], a, scope, &kids[i]);
    if (q->kind == PHRASE)
        phrase(kids, q->kids, 0, way, q->n, of, used);
    else if (q->kind != OR)
        chain(q, a, kids, q->kids, of, used);
    for (size_t i = 0; i < q->kids; i++) {
        for (size_t k = 0; q->kind == OR && k < kids[i].n; k++)
            if (holds(of, kids[i].v[k]))
                add_span(&used[i], kids[i].v[k].first, kids[i].v[k].last);
        tidy(&used[i]);
        marks_of(c, q->kid[i], a, scope, &used[i], out);
        free(used[i].v);
        free(kids[i].v);
    }
}

static void part(struct corpus *c, struct node *q, const struct article *a, void *arg)
{
    struct spans s = {0};
    spans_of(c, q, a, ALL_TEXTS, &s);
    marks_of(c, q, a, ALL_TEXTS, &s, arg);
    free(s.v);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const struct token *token_of(const struct article *a, uint32_t position)
{
    return &a->tokens.v[position % FIELD_GAP];
}

void places_add(char *text, size_t room, size_t *n, char field, uint32_t start, uint32_t end)
{
    char one[40];
    int len = snprintf(one, sizeof one, "%s%c%u-%u", *n ? "," : "", field, start, end);
    /* a long one is a checksum behind so many bytes, and how many bytes there were */
    for (int i = 0; i < len; i++, ++*n) {
        if (*n < room)
            text[*n] = one[i];
        uint64_t *sum = (uint64_t *)(void *)(text + room);
        *sum = (*sum ^ (unsigned char)one[i]) * 1099511628211u;
    }
}

const char *places_end(char *text, size_t n)
{
    uint64_t sum;
    memcpy(&sum, text + PLACES, sizeof sum);
    if (n < PLACES)
        text[n] = '\0';
    else
        snprintf(text + PLACES - 60, 60, "... %zu %016llx", n, (unsigned long long)sum);
    return text;
}

const char *places(struct corpus *c, struct node *q, const struct article *a)
{
    static _Alignas(8) char text[PLACES + 8];
    struct spans s = {0};
    size_t n = 0;
    each_part(c, q, a, part, &s);
    tidy(&s);
    memset(text, 0, sizeof text);
    for (size_t i = 0; i < s.n;) {
        const struct token *first = token_of(a, s.v[i].first);
        uint32_t start = first->start, end = token_of(a, s.v[i].last)->end;
        const char *t = a->text[first->field];
        for (i++; i < s.n; i++) { /* side by side, or with a blank or hyphen between: one */
            const struct token *next = token_of(a, s.v[i].first);
            bool near = next->field == first->field &&
                        (next->start <= end ||
                         (next->start == end + 1 && (is_blank(t[end]) || t[end] == '-')));
            if (!near)
                break;
            if (token_of(a, s.v[i].last)->end > end)
                end = token_of(a, s.v[i].last)->end;
        }
        places_add(text, PLACES, &n, "tlb"[first->field], start, end);
    }
    free(s.v);
    return places_end(text, n);
}
