#include "entity/tag_vote.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    T_VOTE = 1000 /* first number of these templates */
};

void nd_votes_init(struct nd_votes *v)
{
    *v = (struct nd_votes){0};
}

void nd_votes_free(struct nd_votes *v)
{
    free(v->v);
    *v = (struct nd_votes){0};
}

int nd_votes_begin(struct nd_votes *v, uint32_t lids)
{
    if (lids > v->cap) {
        uint32_t cap = v->cap ? v->cap : 4096;
        while (cap < lids)
            cap *= 2;
        struct nd_vote *p = realloc(v->v, cap * sizeof *p);
        if (!p)
            return ND_NOMEM;
        memset(p + v->cap, 0, (cap - v->cap) * sizeof *p);
        v->v = p;
        v->cap = cap;
    }
    if (++v->round == 0) { /* the number came round: nothing old may look new */
        memset(v->v, 0, v->cap * sizeof *v->v);
        v->round = 1;
    }
    return 0;
}

static inline void bump(uint16_t *n)
{
    if (*n < UINT16_MAX)
        ++*n;
}

/* Does the unit vote? */
static inline bool votes(const struct nd_sentence *s, size_t i)
{
    return s->mode == ND_MODE_PLAIN && s->units[i].flags & ND_U_CAPITAL;
}

void nd_votes_count(struct nd_votes *v, const struct nd_sentence *s, const uint8_t *labels)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->units[i].words == 0)
            continue;
        struct nd_vote *w = &v->v[s->attrs[i]->lid];
        if (w->round != v->round)
            *w = (struct nd_vote){.round = v->round};
        if (s->attrs[i]->kase == ND_KASE_LOWER)
            bump(&w->small);
        if (!votes(s, i))
            continue;
        unsigned label = labels[i];
        if (label == 0) {
            if (i > 0 || s->attrs[i]->lex.capital > 3) /* a sentence's first word says little */
                bump(&w->all[ND_VOTE_OUTSIDE]);
            continue;
        }
        unsigned type = nd_label_type(label), part = nd_label_part(label);
        bump(&w->all[type]);
        if (part == ND_PART_BEGIN)
            bump(&w->first[type]);
        if (part == ND_PART_LAST)
            bump(&w->last[type]);
    }
}

/* The kind with most votes after `own` (a kind, or -1) is taken out: 1 + kind, 0 for none. *strong:
 * how clear:
 * 0 tied or weak, 1 two thirds, 2 all of them; + 3 from three votes on. */
static uint32_t majority(const uint16_t *n, unsigned kinds, int own, uint32_t *strong)
{
    unsigned best = 0, most = 0, sum = 0;
    for (unsigned k = 0; k < kinds; k++) {
        unsigned c = n[k] - ((int)k == own && n[k] > 0 ? 1u : 0u);
        sum += c;
        if (c > most) {
            most = c;
            best = k + 1;
        }
    }
    *strong = sum == 0 ? 0
                       : (most == sum           ? 2u
                          : most * 3 >= sum * 2 ? 1u
                                                : 0u) +
                             (sum >= 3 ? 3 : 0);
    return best;
}

struct opinion {
    uint32_t all, strong, first, last, small, type;
};

static struct opinion opinion_of(const struct nd_votes *v, const struct nd_sentence *s,
                                 const uint8_t *labels, size_t i)
{
    struct opinion o = {0};
    const struct nd_vote *w = &v->v[s->attrs[i]->lid];
    if (s->units[i].words == 0 || w->round != v->round)
        return o;
    int own = -1, first = -1, last = -1;
    if (votes(s, i)) {
        if (labels[i] > 0) {
            own = (int)nd_label_type(labels[i]);
            if (nd_label_part(labels[i]) == ND_PART_BEGIN)
                first = own;
            if (nd_label_part(labels[i]) == ND_PART_LAST)
                last = own;
        } else if (i > 0 || s->attrs[i]->lex.capital > 3) {
            own = ND_VOTE_OUTSIDE;
        }
    }
    uint32_t unused;
    o.all = majority(w->all, ND_VOTE_KINDS, own, &o.strong);
    o.type = majority(w->all, 4, own, &unused);
    o.first = majority(w->first, 4, first, &unused);
    o.last = majority(w->last, 4, last, &unused);
    o.small = w->small > (s->attrs[i]->kase == ND_KASE_LOWER ? 1 : 0);
    return o;
}

bool nd_votes_agree(const struct nd_votes *v, const struct nd_sentence *s, const uint8_t *labels,
                    size_t i)
{
    const struct nd_vote *w = &v->v[s->attrs[i]->lid];
    if (s->units[i].words == 0 || w->round != v->round)
        return true;
    unsigned own = labels[i] ? nd_label_type(labels[i]) : ND_VOTE_OUTSIDE;
    for (unsigned k = 0; k < ND_VOTE_KINDS; k++)
        if (k != own && w->all[k])
            return false;
    return labels[i] == 0 || s->mode == ND_MODE_PLAIN;
}

static inline void add(uint32_t *out, size_t *n, uint32_t t, uint32_t a, uint32_t b, uint32_t c)
{
    if (*n < ND_FEATURES_MAX)
        out[(*n)++] = nd_mix(T_VOTE + t, a, b, c);
}

size_t nd_votes_features(const struct nd_votes *v, const struct nd_sentence *s,
                         const uint8_t *labels, size_t i, uint32_t out[ND_FEATURES_MAX])
{
    size_t n = 0;
    const struct nd_attr *a = s->attrs[i];
    uint32_t here = labels[i], before = i > 0 ? labels[i - 1] : 20u,
             after = i + 1 < s->n ? labels[i + 1] : 20u;
    add(out, &n, 0, here, 0, 0);
    add(out, &n, 1, before, 0, 0);
    add(out, &n, 2, after, 0, 0);
    add(out, &n, 3, before, here, 0);
    add(out, &n, 4, here, after, 0);
    add(out, &n, 5, before, here, after);
    struct opinion o = opinion_of(v, s, labels, i);
    if (s->units[i].flags & ND_U_CAPITAL) {
        add(out, &n, 10, o.all, o.strong, 0);
        add(out, &n, 11, o.all, here, 0);
        add(out, &n, 12, o.all, o.strong, here);
        add(out, &n, 13, o.last, 0, 0);
        add(out, &n, 14, o.last, here, o.all);
        add(out, &n, 15, o.first, 0, 0);
        add(out, &n, 16, o.first, here, o.all);
        add(out, &n, 17, o.small, a->kase, 0);
        add(out, &n, 18, o.small, i == 0, o.all);
        add(out, &n, 19, o.all, a->lex.capital, s->mode);
        add(out, &n, 20, o.type, here, 0);
        add(out, &n, 21, o.small, a->lex.capital, here);
        if (s->mode != ND_MODE_PLAIN) {
            add(out, &n, 22, o.all, o.strong, s->mode);
            add(out, &n, 23, o.type, o.last, s->mode);
            add(out, &n, 24, o.small, a->kase, s->mode);
        }
    }
    if (i > 0 && s->units[i - 1].flags & ND_U_CAPITAL) {
        struct opinion p = opinion_of(v, s, labels, i - 1);
        add(out, &n, 30, p.all, p.strong, 0);
        add(out, &n, 31, p.type, o.type, 0);
        add(out, &n, 32, p.first, o.last, here);
    }
    if (i + 1 < s->n && s->units[i + 1].flags & ND_U_CAPITAL) {
        struct opinion p = opinion_of(v, s, labels, i + 1);
        add(out, &n, 40, p.all, p.strong, 0);
        add(out, &n, 41, o.type, p.type, 0);
        add(out, &n, 42, o.first, p.last, here);
    }
    return n;
}
