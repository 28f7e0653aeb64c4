/* lower_spread.c: distance and counts over operands with AND, NOT and any().
 *   (a AND b) w/5 c        a w/5 c AND b w/5 c
 *   (a AND NOT b) w/5 c    a w/5 c AND NOT (b w/5 c)
 *   any(2,a,b,d) w/5 c     any(2, a w/5 c, b w/5 c, d w/5 c)
 *   (a AND date:2023) w/5 c    a w/5 c AND date:2023: what has no place stays a condition on the article
 *   a NOT w/5 (b AND c)    (a NOT w/5 b) OR (a NOT w/5 c): an a that has not both of them near it
 * OR of words stays one operand, any of whose words will do. What two operands with AND, OR and NOT mean
 * together depends on which is taken first, unless both have AND alone: refused with both readings. */
#include "lang/lower_in.h"

#include <string.h>

enum {
    SPREAD_CLAUSES = 64, /* of what must not be near */
    SPREAD_NODES = 20000 /* of a tree spread out */
};

static bool is_logic(enum nd_node_kind kind)
{
    return kind == ND_N_AND || kind == ND_N_NOT || kind == ND_N_QUORUM;
}

/* Does the tree say more than where words stand? */
static bool is_mixed(const struct nd_node *n)
{
    return !nd_node_positional(n);
}

/* AND of words and of conditions on the article. */
static bool is_conjunction(const struct nd_node *n)
{
    if (n->kind == ND_N_NOT)
        return n->kids_n && n->kids[0]->kids_n == 0 && is_mixed(n->kids[0]);
    if (n->kind != ND_N_AND)
        return !is_logic(n->kind) && (nd_node_positional(n) || n->kids_n == 0);
    for (size_t i = 0; i < n->kids_n; i++)
        if (!is_conjunction(n->kids[i]))
            return false;
    return true;
}

/* Nodes of a tree whose parts may be shared; past the limit it is not counted further. */
static size_t size_of(const struct nd_node *n)
{
    size_t sum = 1;
    for (size_t i = 0; i < n->kids_n && sum <= SPREAD_NODES; i++)
        sum += size_of(n->kids[i]);
    return sum;
}

static int too_many(struct lower *l, const struct nd_node *node)
{
    return lower_refuse(l, node, "take some of it out of the operands and join it with AND",
                        "this stands for more than %d combinations", (int)SPREAD_NODES);
}

/* A copy of a node with room for n kids, the first ones its own. */
static int copy_node(struct lower *l, const struct nd_node *node, size_t n, struct nd_node **out)
{
    struct nd_node *x = nd_arena_alloc(l->arena, sizeof *x);
    *out = x;
    if (!x)
        return lower_nomem(l);
    *x = *node;
    x->kids = nd_arena_array(l->arena, n + 1, sizeof(struct nd_node *));
    if (!x->kids)
        return lower_nomem(l);
    x->kids_n = n;
    if (n && node->kids_n)
        memcpy(x->kids, node->kids,
               (n < node->kids_n ? n : node->kids_n) * sizeof(struct nd_node *));
    return 0;
}

/* Nodes of a saved query are at its name in the query that uses it. */
static void set_place(struct nd_node *n, const struct nd_node *at)
{
    n->start = at->start;
    n->end = at->end;
    for (size_t i = 0; i < n->kids_n; i++)
        set_place(n->kids[i], at);
}

static int settle(struct lower *l, struct nd_node *op, struct nd_node **out);

/* op over the tree in place of its kid number i. */
static int spread_over(struct lower *l, const struct nd_node *op, size_t i, struct nd_node *tree,
                       struct nd_node **out)
{
    int rc = 0;
    if (!is_mixed(tree)) {
        if ((rc = copy_node(l, op, op->kids_n, out)))
            return rc;
        (*out)->kids[i] = tree;
        return settle(l, *out, out);
    }
    if (!is_logic(tree->kind) && tree->kind != ND_N_OR) { /* a condition on the article */
        *out = tree;
        if (op->kids_n == 1 && op->kind != ND_N_BOOST && op->kind != ND_N_ATLEAST)
            return lower_refuse(
                l, tree, "take it out of the brackets and join it with AND",
                "this is no word of the text, so it cannot stand in a text field or function");
        return 0;
    }
    if ((rc = copy_node(l, tree, tree->kids_n, out)))
        return rc;
    for (size_t k = 0; rc == 0 && k < tree->kids_n; k++)
        rc = spread_over(l, op, i, tree->kids[k], &(*out)->kids[k]);
    return rc;
}

/* --- what must not be near --- */

/* Sets of nodes; an article matches where one occurrence has none of some set near it. */
struct clauses {
    struct clause {
        struct nd_node **v;
        size_t n;
    } v[SPREAD_CLAUSES];
    size_t n;
};

static int add_clause(struct lower *l, const struct nd_node *at, struct clauses *c,
                      struct nd_node *const *v, size_t n)
{
    if (c->n == SPREAD_CLAUSES)
        return too_many(l, at);
    struct nd_node **copy = nd_arena_array(l->arena, n + 1, sizeof(struct nd_node *));
    if (!copy)
        return lower_nomem(l);
    memcpy(copy, v, n * sizeof(struct nd_node *));
    c->v[c->n].v = copy;
    c->v[c->n++].n = n;
    return 0;
}

/* Every set of a joined with every set of b, to a. */
static int cross(struct lower *l, const struct nd_node *at, struct clauses *a,
                 const struct clauses *b)
{
    struct clauses *both = nd_arena_alloc(l->arena, sizeof *both);
    int rc = both ? 0 : lower_nomem(l);
    for (size_t i = 0; rc == 0 && i < a->n; i++)
        for (size_t k = 0; rc == 0 && k < b->n; k++) {
            size_t n = a->v[i].n + b->v[k].n;
            struct nd_node **v = nd_arena_array(l->arena, n + 1, sizeof(struct nd_node *));
            if (!v)
                return lower_nomem(l);
            memcpy(v, a->v[i].v, a->v[i].n * sizeof(struct nd_node *));
            memcpy(v + a->v[i].n, b->v[k].v, b->v[k].n * sizeof(struct nd_node *));
            rc = n > SPREAD_NODES ? too_many(l, at) : add_clause(l, at, both, v, n);
        }
    if (rc == 0)
        *a = *both;
    return rc;
}

static int avoid(struct lower *l, const struct nd_node *op, struct nd_node *tree,
                 struct clauses *out);

/* At least `need` of the kids from number `from` on are avoided, beside those of `so_far`. */
static int avoid_some(struct lower *l, const struct nd_node *op, const struct nd_node *tree,
                      size_t from, size_t need, const struct clauses *so_far, struct clauses *out)
{
    int rc = 0;
    if (need == 0) {
        for (size_t i = 0; rc == 0 && i < so_far->n; i++)
            rc = add_clause(l, tree, out, so_far->v[i].v, so_far->v[i].n);
        return rc;
    }
    for (size_t i = from; rc == 0 && i + need <= tree->kids_n; i++) {
        struct clauses *with = nd_arena_alloc(l->arena, sizeof *with);
        struct clauses *kid = nd_arena_alloc(l->arena, sizeof *kid);
        if (!with || !kid)
            return lower_nomem(l);
        *with = *so_far;
        rc = avoid(l, op, tree->kids[i], kid);
        if (rc == 0)
            rc = cross(l, tree, with, kid);
        if (rc == 0)
            rc = avoid_some(l, op, tree, i + 1, need - 1, with, out);
    }
    return rc;
}

static int avoid(struct lower *l, const struct nd_node *op, struct nd_node *tree,
                 struct clauses *out)
{
    struct clauses *none;
    size_t need = tree->kind == ND_N_AND                            ? 1
                  : tree->kind == ND_N_OR || tree->n > tree->kids_n ? tree->kids_n
                                                                    : tree->kids_n - tree->n + 1;
    if (!is_mixed(tree))
        return add_clause(l, tree, out, &tree, 1);
    if (tree->kind != ND_N_AND && tree->kind != ND_N_OR && tree->kind != ND_N_QUORUM)
        return lower_refuse(
            l, tree, "say it outside: (a NOT w/5 b) AND NOT c, or (a NOT w/5 b) OR (a w/5 c)",
            "%s inside what must not be near",
            tree->kind == ND_N_NOT ? "NOT" : "a condition on the article");
    if (!(none = nd_arena_alloc(l->arena, sizeof *none)))
        return lower_nomem(l);
    none->n = 1; /* one set, empty */
    if (!(none->v[0].v = nd_arena_array(l->arena, 1, sizeof(struct nd_node *))))
        return lower_nomem(l);
    return avoid_some(l, op, tree, 0, need, none, out);
}

/* a NOT w/n of words and conditions that are not to be near an a. */
static int spread_apart(struct lower *l, const struct nd_node *op, struct nd_node **out)
{
    struct clauses *c = nd_arena_alloc(l->arena, sizeof *c);
    struct nd_node *any;
    if (!c)
        return lower_nomem(l);
    int rc = avoid(l, op, op->kids[1], c);
    if (rc || (rc = copy_node(l, op, 0, &any)) || (rc = copy_node(l, op, c->n, &any)))
        return rc;
    any->kind = ND_N_OR;
    any->n = 0;
    for (size_t i = 0; rc == 0 && i < c->n; i++) {
        struct nd_node *apart, *either;
        if ((rc = copy_node(l, op, 2, &apart)) ||
            (rc = copy_node(l, op->kids[1], c->v[i].n, &either)))
            break;
        either->kind = ND_N_OR;
        either->n = 0;
        memcpy(either->kids, c->v[i].v, c->v[i].n * sizeof(struct nd_node *));
        apart->kids[1] = c->v[i].n == 1 ? c->v[i].v[0] : either;
        any->kids[i] = apart;
    }
    *out = c->n == 1 ? any->kids[0] : any;
    return rc ? rc : settle(l, *out, out);
}

/* --- both readings --- */

/* op with operand a taken first; operand b stays as it is typed. */
static int reading(struct lower *l, const struct nd_node *op, size_t a, size_t b,
                   struct nd_buf *out)
{
    struct nd_node *x, *kept = op->kids[b];
    struct nd_node word = {.kind = ND_N_WORD, .text = {"x", 1}}; /* in its place until then */
    int rc = copy_node(l, op, op->kids_n, &x);
    if (rc)
        return rc;
    x->kids[b] = &word;
    if ((rc = spread_over(l, x, a, op->kids[a], &x)))
        return rc;
    word = *kept;
    return nd_node_unparse(out, x) ? lower_nomem(l) : 0;
}

static int both_ways(struct lower *l, const struct nd_node *op, size_t a, size_t b)
{
    enum {
        LONGEST = 400
    };
    struct nd_buf first, second;
    nd_buf_init(&first, 1 << 20);
    nd_buf_init(&second, 1 << 20);
    int rc = reading(l, op, a, b, &first);
    if (rc == 0)
        rc = reading(l, op, b, a, &second);
    if (rc == 0) {
        rc = lower_refuse(l, op, NULL, "both operands have AND, OR or NOT: which is taken first?");
        if (first.len + second.len > LONGEST)
            nd_hint(l->err, "write one of the operands out: (a w/5 c) AND NOT (b w/5 c)");
        else
            nd_hint(l->err, "write %.*s, or write %.*s", (int)first.len, first.data,
                    (int)second.len, second.data);
    }
    nd_buf_free(&first);
    nd_buf_free(&second);
    return rc;
}

/* --- operators --- */

static int no_place(struct lower *l, const struct nd_node *node)
{
    return lower_refuse(l, node,
                        "join it with AND; proximity takes words, phrases, entities, OR and "
                        "proximity, and groups of these with AND and NOT",
                        "this has no place in the text, so no distance");
}

/* An operator whose kids are spread: nothing but places below it. */
static int settle(struct lower *l, struct nd_node *op, struct nd_node **out)
{
    size_t mixed = op->kids_n, n = 0;
    *out = op;
    for (size_t i = 0; i < op->kids_n; i++) {
        if (!is_mixed(op->kids[i]))
            continue;
        if ((op->kids_n > 1 || op->kind == ND_N_ATLEAST) && !nd_node_near(op->kids[i]))
            return no_place(l, op->kids[i]);
        if (n++ == 0)
            mixed = i;
    }
    if (n == 0)
        return 0;
    if (size_of(op) > SPREAD_NODES)
        return too_many(l, op);
    if (op->kind == ND_N_NOTNEAR)
        return mixed == 0 ? spread_over(l, op, 0, op->kids[0], out) : spread_apart(l, op, out);
    for (size_t i = mixed + 1; n > 1 && i < op->kids_n; i++)
        if (is_mixed(op->kids[i]) &&
            !(is_conjunction(op->kids[mixed]) && is_conjunction(op->kids[i])))
            return both_ways(l, op, mixed, i);
    return spread_over(l, op, mixed, op->kids[mixed], out);
}

int lower_spread(struct lower *l, struct nd_node *node, struct nd_node **out)
{
    int rc;
    *out = node;
    if (node->kind == ND_N_SAVED) {
        if ((rc = lower_saved(l, node, &node)))
            return rc;
        set_place(node, *out);
        rc = lower_spread(l, node, out);
        l->saved_depth--;
        return rc;
    }
    if (node->kids_n == 0 || node->kind == ND_N_PHRASE)
        return 0;
    if ((rc = copy_node(l, node, node->kids_n, out)))
        return rc;
    for (size_t i = 0; rc == 0 && i < node->kids_n; i++)
        rc = lower_spread(l, node->kids[i], &(*out)->kids[i]);
    if (rc || is_logic(node->kind) || node->kind == ND_N_OR ||
        (node->kind == ND_N_BOOST && !nd_node_near((*out)->kids[0])))
        return rc;
    return settle(l, *out, out);
}
