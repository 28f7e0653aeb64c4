/* lower_split.c: names whose meaning depends on the article (split rules), as conditions on it. */
#include "lang/lower_in.h"

#include <string.h>

enum {
    SPLITS = 4 /* conditions that one name may depend on */
};

static struct nd_node *new_node(struct lower *l, const struct nd_node *like, enum nd_node_kind kind,
                                size_t kids)
{
    struct nd_node *x = nd_arena_alloc(l->arena, sizeof *x);
    if (!x || !(x->kids = nd_arena_array(l->arena, kids + 1, sizeof(struct nd_node *))))
        return NULL;
    x->kind = kind;
    x->start = like->start;
    x->end = like->end;
    return x;
}

/* The article's field has the value of a split. */
static struct nd_node *condition(struct lower *l, const struct nd_node *like,
                                 const struct nd_rule *r)
{
    struct nd_node *x =
        new_node(l, like, r->field->kind == ND_KIND_EXACT ? ND_N_TERM : ND_N_VALUE, 0);
    if (x) {
        x->field = r->field;
        x->text = r->value;
        x->whole = x->kind == ND_N_VALUE;
    }
    return x;
}

/* The name with some of its conditions true and the others false. */
static struct nd_node *branch(struct lower *l, const struct nd_node *node, uint32_t all,
                              uint32_t holds)
{
    struct nd_node *both = new_node(l, node, ND_N_AND, LOWER_SPLITS + 1);
    struct nd_node *name = new_node(l, node, node->kind, 0);
    if (!both || !name)
        return NULL;
    *name = *node;
    name->n = holds;
    both->kids[both->kids_n++] = name;
    for (size_t k = 0; k < l->splits_n; k++) {
        if (!(all >> k & 1))
            continue;
        struct nd_node *c = condition(l, node, l->splits[k]), *no;
        if (c && !(holds >> k & 1)) {
            if ((no = new_node(l, node, ND_N_NOT, 1)))
                no->kids[no->kids_n++] = c;
            c = no;
        }
        if (!c)
            return NULL;
        both->kids[both->kids_n++] = c;
    }
    return both;
}

static int split_name(struct lower *l, struct nd_node *node, struct nd_node **out)
{
    uint32_t all;
    size_t bits = 0;
    *out = node;
    int rc = lower_conditions(l, node, &all);
    for (size_t k = 0; k < LOWER_SPLITS; k++)
        bits += all >> k & 1;
    if (rc || !all)
        return rc;
    if (bits > SPLITS)
        return lower_refuse(
            l, node, "ask for one of the names", "'%.*s' depends on %zu splits: %d at most",
            (int)(node->text.n < 80 ? node->text.n : 80), node->text.p, bits, (int)SPLITS);
    struct nd_node *any = new_node(l, node, ND_N_OR, (size_t)1 << bits);
    if (!any)
        return lower_nomem(l);
    uint32_t holds = 0;
    do { /* all subsets of `all` */
        struct nd_node *b = branch(l, node, all, holds);
        if (!b)
            return lower_nomem(l);
        any->kids[any->kids_n++] = b;
        holds = (holds - all) & all;
    } while (holds);
    *out = any;
    return 0;
}

static int split_tree(struct lower *l, const struct nd_node *node, struct nd_node **out)
{
    *out = (struct nd_node *)(uintptr_t)node;
    int rc = 0;
    if (node->kind == ND_N_ENTITY)
        return split_name(l, *out, out);
    for (size_t i = 0; !rc && i < node->kids_n; i++) {
        struct nd_node *kid;
        rc = split_tree(l, node->kids[i], &kid);
        if (rc || kid == (*out)->kids[i])
            continue;
        if (*out == node) { /* the tree is the caller's */
            struct nd_node *copy = new_node(l, node, node->kind, node->kids_n);
            if (!copy)
                return lower_nomem(l);
            struct nd_node **kids = copy->kids;
            memcpy(kids, node->kids, node->kids_n * sizeof(struct nd_node *));
            *copy = *node;
            copy->kids = kids;
            *out = copy;
        }
        (*out)->kids[i] = kid;
    }
    return rc;
}

int lower_split(struct lower *l, const struct nd_node *node, struct nd_node **out)
{
    const struct nd_overrides *o;
    *out = (struct nd_node *)(uintptr_t)node;
    int rc = nd_index_overrides(l->ix, &o, l->err);
    return rc || !nd_overrides_split(o) ? rc : split_tree(l, node, out);
}
