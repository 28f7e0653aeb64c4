#include "lang/lower_in.h"

#include <string.h>

int plan_make(struct lower *l, const struct nd_node *node, enum nd_plan_kind kind,
              struct nd_plan **out)
{
    struct nd_plan *p = nd_arena_alloc(l->arena, sizeof *p);
    *out = p;
    if (!p)
        return lower_nomem(l);
    p->kind = kind;
    p->boost = 1.0;
    p->start = node ? node->start : 0;
    p->end = node ? node->end : 0;
    p->estimate = kind == ND_P_NOTHING ? 0 : l->ix->articles;
    return 0;
}

int plans_push(struct lower *l, struct plans *list, struct nd_plan *p)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 8;
        struct nd_plan **v = nd_arena_array(l->arena, cap, sizeof(struct nd_plan *));
        if (!v)
            return lower_nomem(l);
        if (list->n)
            memcpy(v, list->v, list->n * sizeof(struct nd_plan *));
        list->v = v;
        list->cap = cap;
    }
    list->v[list->n++] = p;
    return 0;
}

int plan_term(struct lower *l, const struct nd_node *node, const char *prefix, const char *text,
              size_t n, struct nd_plan **out)
{
    char term[ND_TERM_MAX];
    bool exact;
    size_t len = nd_term_make(term, prefix, text, n, &exact);
    int rc = plan_make(l, node, ND_P_TERM, out);
    if (rc)
        return rc;
    (*out)->term = nd_arena_str(l->arena, term, len);
    if (!(*out)->term.p)
        return lower_nomem(l);
    (*out)->estimate = l->ix->xap ? xap_termfreq(l->ix->xap, XAP_ALL, term, len) : 0;
    return 0;
}

static bool same_term(const struct nd_plan *a, const struct nd_plan *b)
{
    return a->kind == ND_P_TERM && b->kind == ND_P_TERM && a->langs == b->langs &&
           nd_str_eq(a->term, b->term);
}

/* Is the term among the first kids already? Long lists are not looked through: repeats do no harm. */
static bool had(const struct plans *list, const struct nd_plan *p)
{
    if (list->n > 64)
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (same_term(list->v[i], p))
            return true;
    return false;
}

static int finish(struct lower *l, const struct nd_node *node, enum nd_plan_kind kind,
                  const struct plans *kids, struct nd_plan **out)
{
    int rc = plan_make(l, node, kind, out);
    if (rc)
        return rc;
    (*out)->kids = kids->v;
    (*out)->kids_n = kids->n;
    return 0;
}

int plan_and(struct lower *l, const struct nd_node *node, const struct plans *kids,
             struct nd_plan **out)
{
    struct plans list = {0};
    uint64_t least = UINT64_MAX;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < kids->n; i++) {
        struct nd_plan *k = kids->v[i];
        if (k->kind == ND_P_NOTHING)
            return plan_make(l, node, ND_P_NOTHING, out);
        if (k->kind == ND_P_ALL)
            continue;
        if (k->kind == ND_P_AND) {
            for (size_t j = 0; rc == 0 && j < k->kids_n; j++)
                if (!had(&list, k->kids[j]))
                    rc = plans_push(l, &list, k->kids[j]);
        } else if (!had(&list, k)) {
            rc = plans_push(l, &list, k);
        }
        least = k->estimate < least ? k->estimate : least;
    }
    if (rc)
        return rc;
    if (list.n == 0)
        return plan_make(l, node, kids->n ? ND_P_ALL : ND_P_NOTHING, out);
    if (list.n == 1) {
        *out = list.v[0];
        return 0;
    }
    rc = finish(l, node, ND_P_AND, &list, out);
    if (rc == 0)
        (*out)->estimate = least;
    return rc;
}

int plan_or(struct lower *l, const struct nd_node *node, const struct plans *kids, bool synonym,
            struct nd_plan **out)
{
    struct plans list = {0};
    uint64_t sum = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < kids->n; i++) {
        struct nd_plan *k = kids->v[i];
        if (k->kind == ND_P_NOTHING)
            continue;
        if (synonym && k->kind == ND_P_TERM && k->estimate == 0 && (list.n || i + 1 < kids->n))
            continue; /* nowhere; the last one stays, should all be */
        if (k->kind == ND_P_ALL)
            return plan_make(l, node, ND_P_ALL, out);
        if (k->kind == ND_P_OR && !k->synonym && !synonym) {
            for (size_t j = 0; rc == 0 && j < k->kids_n; j++)
                if (!had(&list, k->kids[j]))
                    rc = plans_push(l, &list, k->kids[j]);
        } else if (!had(&list, k)) {
            rc = plans_push(l, &list, k);
        }
        sum += k->estimate;
    }
    if (rc)
        return rc;
    if (list.n == 0)
        return plan_make(l, node, ND_P_NOTHING, out);
    if (list.n == 1) {
        *out = list.v[0];
        return 0;
    }
    rc = finish(l, node, ND_P_OR, &list, out);
    if (rc == 0) {
        (*out)->synonym = synonym;
        (*out)->estimate = sum > l->ix->articles ? l->ix->articles : sum;
    }
    return rc;
}

int plan_and_not(struct lower *l, const struct nd_node *node, struct nd_plan *a, struct nd_plan *b,
                 struct nd_plan **out)
{
    struct plans list = {0};
    int rc;
    if (b->kind == ND_P_NOTHING || a->kind == ND_P_NOTHING) {
        *out = a;
        return 0;
    }
    if (b->kind == ND_P_ALL)
        return plan_make(l, node, ND_P_NOTHING, out);
    if ((rc = plans_push(l, &list, a)) || (rc = plans_push(l, &list, b)) ||
        (rc = finish(l, node, ND_P_AND_NOT, &list, out)))
        return rc;
    (*out)->estimate = a->estimate;
    return 0;
}

int plan_one(struct lower *l, const struct nd_node *node, enum nd_plan_kind kind,
             struct nd_plan *kid, struct nd_plan **out)
{
    struct plans list = {0};
    int rc = plans_push(l, &list, kid);
    if (rc || (rc = finish(l, node, kind, &list, out)))
        return rc;
    (*out)->estimate = kid->estimate;
    return 0;
}
