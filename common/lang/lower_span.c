#include "lang/lower_in.h"

#include <string.h>

/* A program under construction. */
struct builder {
    struct nd_leaf *leaves;
    size_t n, cap;
    bool marks; /* for marking alone: no candidates, no notes */
    bool bare;  /* the program is one leaf, wherever it stands */
};

static int new_node(struct lower *l, enum nd_span_op op, uint32_t n, size_t kids,
                    struct nd_span_node **out)
{
    struct nd_span_node *x = nd_arena_alloc(l->arena, sizeof *x);
    *out = x;
    if (!x || !(x->kids = nd_arena_array(l->arena, kids + 1, sizeof(struct nd_span_node *))))
        return lower_nomem(l);
    x->op = op;
    x->n = n;
    return 0;
}

/* The number of a leaf that means the same, or of a new one. Names are compared by the address of their
 * list: the same text typed twice may be two leaves, which does no harm. */
static int leaf_number(struct lower *l, struct builder *b, const struct nd_leaf *leaf,
                       uint32_t *out)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct nd_leaf *x = &b->leaves[i];
        if (x->kind == leaf->kind && nd_str_eq(x->text, leaf->text) && x->edits == leaf->edits &&
            x->types == leaf->types && x->ids == leaf->ids && x->members == leaf->members) {
            *out = (uint32_t)i;
            return 0;
        }
    }
    if (b->n == ND_SPAN_LEAVES)
        return nd_fail(l->err, ND_LIMIT, "more than %d words in one part of the query",
                       (int)ND_SPAN_LEAVES);
    if (b->n == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 8;
        struct nd_leaf *v = nd_arena_array(l->arena, cap, sizeof *v);
        if (!v)
            return lower_nomem(l);
        if (b->n)
            memcpy(v, b->leaves, b->n * sizeof *v);
        b->leaves = v;
        b->cap = cap;
    }
    *out = (uint32_t)b->n;
    b->leaves[b->n++] = *leaf;
    return 0;
}

static int build(struct lower *l, struct builder *b, const struct lower_ctx *ctx,
                 const struct nd_node *node, struct nd_span_node **out, struct nd_plan **cand);

static int build_leaf(struct lower *l, struct builder *b, const struct lower_ctx *ctx,
                      const struct nd_node *node, struct nd_span_node **out, struct nd_plan **cand)
{
    struct nd_leaf leaf = {.start = node->start, .end = node->end, .text = node->text};
    int rc = plan_make(l, node, ND_P_ALL, cand);
    if (rc)
        return rc;
    switch (node->kind) {
    case ND_N_WORD:
        leaf.kind = ND_LEAF_STEM;
        rc = b->marks ? 0 : lower_word(l, node, ctx->scope, ctx->boost, cand);
        break;
    case ND_N_EXACT:
        leaf.kind = ND_LEAF_EXACT;
        if (b->bare)
            rc = lower_pattern(l, node, &leaf, ctx->scope, ctx->boost, true, cand);
        else
            rc = b->marks ? 0 : lower_exact(l, node, ctx->scope, ctx->boost, cand);
        break;
    case ND_N_WILD:
    case ND_N_FUZZY:
        leaf.kind = node->kind == ND_N_WILD ? ND_LEAF_WILD : ND_LEAF_FUZZY;
        leaf.edits = node->kind == ND_N_WILD ? 0 : node->n;
        rc = b->marks ? 0 : lower_pattern(l, node, &leaf, ctx->scope, ctx->boost, b->bare, cand);
        break;
    case ND_N_ENTITY:
        leaf.kind = ND_LEAF_ENTITY;
        leaf.text = (struct nd_str){NULL, 0};
        rc = lower_names(l, node, !b->marks, &leaf.ids, &leaf.ids_n, cand);
        break;
    default:
        leaf.kind = ND_LEAF_ANY;
        leaf.types = lower_types(node->field);
        rc = nd_index_overrides(l->ix, &leaf.rules, l->err);
        break;
    }
    if (rc || (rc = new_node(l, ND_SPAN_LEAF, 0, 0, out)))
        return rc;
    (*out)->scope = ctx->scope;
    (*out)->cases = ctx->cases;
    return leaf_number(l, b, &leaf, &(*out)->leaf);
}

static size_t members_of(const struct nd_leaf *leaf)
{
    return leaf->kind == ND_LEAF_UNION ? leaf->members_n : 1;
}

/* An OR of words that are looked for in the same texts and letter case: one leaf for all of them.
 * before: leaves that were there before its kids. */
static int unite(struct lower *l, struct builder *b, struct nd_span_node *x, size_t before)
{
    size_t n = 0, k = 0;
    for (size_t i = 0; i < x->kids_n; i++) {
        const struct nd_span_node *kid = x->kids[i];
        if (kid->op != ND_SPAN_LEAF || kid->scope != x->kids[0]->scope ||
            kid->cases != x->kids[0]->cases)
            return 0;
        const struct nd_leaf *leaf = &b->leaves[kid->leaf];
        if (leaf->kind == ND_LEAF_ENTITY || leaf->kind == ND_LEAF_ANY)
            return 0;
        n += members_of(leaf);
    }
    if (x->kids_n < 2)
        return 0;
    struct nd_leaf *members = nd_arena_array(l->arena, n, sizeof *members);
    if (!members)
        return lower_nomem(l);
    for (size_t i = 0; i < x->kids_n; i++) {
        const struct nd_leaf *leaf = &b->leaves[x->kids[i]->leaf];
        const struct nd_leaf *from = leaf->kind == ND_LEAF_UNION ? leaf->members : leaf;
        memcpy(members + k, from, members_of(leaf) * sizeof *members);
        k += members_of(leaf);
    }
    struct nd_leaf all = {.kind = ND_LEAF_UNION,
                          .start = members[0].start,
                          .end = members[n - 1].end,
                          .members = members,
                          .members_n = n};
    x->op = ND_SPAN_LEAF;
    x->scope = x->kids[0]->scope;
    x->cases = x->kids[0]->cases;
    x->kids_n = 0;
    b->n = before; /* what the kids alone had added */
    return leaf_number(l, b, &all, &x->leaf);
}

/* An operator over all kids; candidates of all of them or of any. */
static int build_kids(struct lower *l, struct builder *b, const struct lower_ctx *ctx,
                      const struct nd_node *node, enum nd_span_op op, struct nd_span_node **out,
                      struct nd_plan **cand)
{
    struct plans cands = {0};
    size_t before = b->n;
    int rc = new_node(l, op, node->n, node->kids_n, out);
    struct nd_span_node *x = *out;
    for (size_t i = 0; rc == 0 && i < node->kids_n; i++) {
        struct nd_plan *c;
        rc = build(l, b, ctx, node->kids[i], &x->kids[x->kids_n++], &c);
        if (rc == 0 && (op != ND_SPAN_NOTNEAR || i == 0))
            rc = plans_push(l, &cands, c);
    }
    if (rc || (op == ND_SPAN_OR && (rc = unite(l, b, x, before))))
        return rc;
    return op == ND_SPAN_OR ? plan_or(l, node, &cands, false, cand)
                            : plan_and(l, node, &cands, cand);
}

static int build(struct lower *l, struct builder *b, const struct lower_ctx *ctx,
                 const struct nd_node *node, struct nd_span_node **out, struct nd_plan **cand)
{
    struct lower_ctx in = *ctx;
    struct nd_node *other;
    int rc;
    if (node->n > ND_SPAN_DISTANCE_MAX)
        return lower_refuse(l, node, "give a smaller number", "%u is more than %d", node->n,
                            (int)ND_SPAN_DISTANCE_MAX);
    switch (node->kind) {
    case ND_N_WORD:
    case ND_N_EXACT:
    case ND_N_WILD:
    case ND_N_FUZZY:
    case ND_N_ENTITY:
        return build_leaf(l, b, ctx, node, out, cand);
    case ND_N_ANYOF:
        if (node->field->kind != ND_KIND_ENTITY)
            break;
        return build_leaf(l, b, ctx, node, out, cand);
    case ND_N_OR:
        return build_kids(l, b, ctx, node, ND_SPAN_OR, out, cand);
    case ND_N_PHRASE:
        return build_kids(l, b, ctx, node, ND_SPAN_PHRASE, out, cand);
    case ND_N_NEAR:
        return build_kids(l, b, ctx, node, ND_SPAN_NEAR, out, cand);
    case ND_N_PRE:
        return build_kids(l, b, ctx, node, ND_SPAN_PRE, out, cand);
    case ND_N_SAME:
        return build_kids(l, b, ctx, node, ND_SPAN_SAME, out, cand);
    case ND_N_NOTNEAR:
        return build_kids(l, b, ctx, node, ND_SPAN_NOTNEAR, out, cand);
    case ND_N_ATLEAST:
        return build_kids(l, b, ctx, node, ND_SPAN_ATLEAST, out, cand);
    case ND_N_FIRST:
        return build_kids(l, b, ctx, node, ND_SPAN_FIRST, out, cand);
    case ND_N_QUOTED:
        return build_kids(l, b, ctx, node, ND_SPAN_QUOTED, out, cand);
    case ND_N_UNQUOTED:
        return build_kids(l, b, ctx, node, ND_SPAN_UNQUOTED, out, cand);
    case ND_N_GAP:
    case ND_N_NOTHING:
        rc = new_node(l, node->kind == ND_N_GAP ? ND_SPAN_ANY : ND_SPAN_QUOTATION, 0, 0, out);
        return rc ? rc : plan_make(l, node, ND_P_ALL, cand);
    case ND_N_SCOPE:
        in.scope &= node->field->texts;
        if (in.scope == 0)
            return lower_refuse(l, node, "one of the two has to go",
                                "'%s:' inside another text field finds nothing", node->field->name);
        return build(l, b, &in, node->kids[0], out, cand);
    case ND_N_CASE:
        in.cases |= node->n == 'c' ? ND_CASE_CAPS : node->n == 'a' ? ND_CASE_ALL : ND_CASE_NONE;
        return build(l, b, &in, node->kids[0], out, cand);
    case ND_N_BOOST:
        in.boost *= node->x;
        return build(l, b, &in, node->kids[0], out, cand);
    case ND_N_LIST:
        rc = lower_list(l, node, &other);
        return rc ? rc : build(l, b, ctx, other, out, cand);
    case ND_N_SAVED:
        rc = lower_saved(l, node, &other);
        if (rc == 0) {
            rc = build(l, b, ctx, other, out, cand);
            l->saved_depth--;
        }
        if (rc == ND_QUERY)
            nd_span(l->err, node->start, node->end);
        return rc;
    default:
        break;
    }
    return lower_refuse(
        l, node,
        "operands of proximity and of functions on places are words, phrases, names, "
        "wildcards and groups of these with OR",
        "this has no place in the text, so it cannot be near anything");
}

/* The functions above a part, from the inner to the outer. */
static int wrap(struct lower *l, const struct lower_filter *f, struct nd_span_node **root)
{
    int rc = 0;
    for (; rc == 0 && f; f = f->up) {
        struct nd_span_node *x;
        enum nd_span_op op = f->node->kind == ND_N_FIRST    ? ND_SPAN_FIRST
                             : f->node->kind == ND_N_QUOTED ? ND_SPAN_QUOTED
                                                            : ND_SPAN_UNQUOTED;
        rc = new_node(l, op, f->node->n, 1, &x);
        if (rc == 0) {
            x->kids[x->kids_n++] = *root;
            *root = x;
        }
    }
    return rc;
}

static int add_part(struct lower *l, struct nd_expand *x)
{
    struct nd_lowered *o = l->out;
    if (o->parts_n == l->parts_cap) {
        size_t cap = l->parts_cap ? l->parts_cap * 2 : 16;
        struct nd_expand **v = nd_arena_array(l->arena, cap, sizeof(struct nd_expand *));
        if (!v)
            return lower_nomem(l);
        if (o->parts_n)
            memcpy(v, o->parts, o->parts_n * sizeof(struct nd_expand *));
        o->parts = v;
        l->parts_cap = cap;
    }
    o->parts[o->parts_n++] = x;
    return 0;
}

static int program(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                   bool marks, struct nd_expand **out, struct nd_plan **cand)
{
    struct builder b = {.marks = marks};
    struct nd_expand *x = nd_arena_alloc(l->arena, sizeof *x);
    *out = x;
    if (!x)
        return lower_nomem(l);
    b.bare = !marks && !ctx->filters && !ctx->cases && ctx->scope == ND_SCOPE_ALL &&
             (node->kind == ND_N_EXACT || node->kind == ND_N_WILD || node->kind == ND_N_FUZZY);
    int rc = build(l, &b, ctx, node, &x->program.root, cand);
    if (rc == 0)
        rc = wrap(l, ctx->filters, &x->program.root);
    x->leaves = b.leaves;
    x->n = b.n;
    x->program.leaves_n = (uint32_t)b.n;
    return rc;
}

int lower_mark(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node)
{
    struct nd_expand *x;
    struct nd_plan *cand;
    if (ctx->negated)
        return 0;
    int rc = program(l, ctx, node, true, &x, &cand);
    return rc ? rc : add_part(l, x);
}

int lower_span(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
               struct nd_plan **out)
{
    struct nd_expand *x;
    struct nd_plan *cand;
    int rc = program(l, ctx, node, false, &x, &cand);
    if (rc)
        return rc;
    if (!ctx->negated && (rc = add_part(l, x)))
        return rc;
    if (cand->kind == ND_P_NOTHING) {
        *out = cand;
        return 0;
    }
    rc = plan_one(l, node, ND_P_SPAN, cand, out);
    if (rc == 0)
        (*out)->expand = x;
    return rc;
}
