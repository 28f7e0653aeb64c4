#include "lang/lower.h"

#include "lang/lower_in.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int lower_nomem(struct lower *l)
{
    return nd_fail(l->err, ND_NOMEM, "out of memory for a query");
}

int lower_refuse(struct lower *l, const struct nd_node *node, const char *hint, const char *fmt,
                 ...)
{
    char msg[ND_MSG_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    nd_fail(l->err, ND_QUERY, "%s", msg);
    nd_span(l->err, node->start, node->end);
    if (hint)
        nd_hint(l->err, "%s", hint);
    return ND_QUERY;
}

int lower_note(struct lower *l, const char *fmt, ...)
{
    char msg[ND_MSG_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    for (const struct nd_note *n = l->out->notes; n; n = n->next)
        if (strcmp(n->text, msg) == 0)
            return 0;
    struct nd_note *n = nd_arena_alloc(l->arena, sizeof *n);
    if (!n || !(n->text = nd_arena_copy(l->arena, msg, strlen(msg))))
        return lower_nomem(l);
    *l->notes_end = n;
    l->notes_end = &n->next;
    return 0;
}

int lower_meaning(struct lower *l, const struct nd_node *node, struct nd_str value, uint64_t count)
{
    struct nd_meaning *m = nd_arena_alloc(l->arena, sizeof *m);
    if (!m)
        return lower_nomem(l);
    m->start = node->start;
    m->end = node->end;
    m->field = node->field ? node->field->name : "";
    m->value = value;
    m->count = count;
    *l->meanings_end = m;
    l->meanings_end = &m->next;
    return 0;
}

int lower_saved(struct lower *l, const struct nd_node *node, struct nd_node **out)
{
    if (!l->options.saved)
        return lower_refuse(l, node, "write the query out", "saved queries cannot be used here");
    if (l->saved_depth >= LOWER_SAVED_DEPTH)
        return lower_refuse(l, node, "does one of them use itself?",
                            "saved queries are nested deeper than %d", (int)LOWER_SAVED_DEPTH);
    int rc = l->options.saved(l->options.ctx, node->text, l->arena, out, l->err);
    if (rc == 0 && (rc = lower_split(l, *out, out)) == 0)
        l->saved_depth++;
    else if (rc == ND_QUERY)
        nd_span(l->err, node->start, node->end);
    return rc;
}

/* Refuse what has no words under title:( ), caps( ) and their like. */
static int need_open(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node)
{
    if (!ctx->within)
        return 0;
    return lower_refuse(
        l, node, "take it out of the brackets and join it with AND",
        "this is no word of the text, so it cannot stand in a text field or function");
}

static int lower_and(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                     struct nd_plan **out)
{
    struct plans good = {0}, bad = {0};
    struct lower_ctx under = *ctx;
    struct nd_plan *p, *q;
    int rc = 0;
    under.negated = !ctx->negated;
    for (size_t i = 0; rc == 0 && i < node->kids_n; i++) {
        const struct nd_node *k = node->kids[i];
        bool negative = false;
        for (; k->kind == ND_N_NOT; k = k->kids[0])
            negative = !negative;
        rc = lower_node(l, negative ? &under : ctx, k, &p);
        if (rc == 0)
            rc = plans_push(l, negative ? &bad : &good, p);
    }
    if (rc)
        return rc;
    if (good.n == 0)
        rc = plan_make(l, node, ND_P_ALL, &p);
    else
        rc = plan_and(l, node, &good, &p);
    if (rc || bad.n == 0) {
        *out = p;
        return rc;
    }
    rc = plan_or(l, node, &bad, false, &q);
    return rc ? rc : plan_and_not(l, node, p, q, out);
}

static int lower_kids(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                      struct plans *list)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < node->kids_n; i++) {
        struct nd_plan *p;
        rc = lower_node(l, ctx, node->kids[i], &p);
        if (rc == 0)
            rc = plans_push(l, list, p);
    }
    return rc;
}

static int lower_quorum(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                        struct nd_plan **out)
{
    struct plans list = {0};
    if (node->n > node->kids_n)
        return lower_refuse(l, node, "lower the number or add operands",
                            "any(%u, ...) has only %zu operands", node->n, node->kids_n);
    int rc = lower_kids(l, ctx, node, &list);
    if (rc || node->n == 0)
        return rc ? rc : plan_make(l, node, ND_P_ALL, out);
    if (node->n == 1)
        return plan_or(l, node, &list, false, out);
    rc = plan_make(l, node, ND_P_QUORUM, out);
    if (rc)
        return rc;
    (*out)->kids = list.v;
    (*out)->kids_n = list.n;
    (*out)->quorum = node->n;
    return 0;
}

/* A word, where posting lists may decide. */
static int lower_plain(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                       struct nd_plan **out)
{
    bool needs = false;
    int rc = lower_word_needs_stream(l, node, &needs);
    if (rc)
        return rc;
    if (needs || ctx->filters || ctx->cases ||
        (ctx->scope != ND_SCOPE_ALL && ctx->scope != 1U << ND_FIELD_TITLE))
        return lower_span(l, ctx, node, out);
    rc = lower_word(l, node, ctx->scope, ctx->boost, out);
    return rc ? rc : lower_mark(l, ctx, node);
}

static int lower_entity(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                        struct nd_plan **out)
{
    struct nd_leaf_id *ids;
    size_t n;
    if (ctx->filters || ctx->cases || ctx->scope != ND_SCOPE_ALL)
        return lower_span(l, ctx, node, out);
    int rc = lower_names(l, node, true, &ids, &n, out);
    return rc ? rc : lower_mark(l, ctx, node);
}

/* A function over words: of what has a place it is decided by the stream, and over AND, OR and NOT it
 * holds for each operand. */
static int lower_func(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                      struct nd_plan **out)
{
    struct lower_ctx in = *ctx;
    struct lower_filter f = {.up = ctx->filters, .node = node};
    in.within = ctx->within ? ctx->within : node;
    if (node->kind == ND_N_CASE)
        in.cases |= node->n == 'c' ? ND_CASE_CAPS : node->n == 'a' ? ND_CASE_ALL : ND_CASE_NONE;
    else
        in.filters = &f;
    return lower_node(l, &in, node->kids[0], out);
}

static int lower_scope(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                       struct nd_plan **out)
{
    struct lower_ctx in = *ctx;
    in.within = ctx->within ? ctx->within : node;
    in.scope &= node->field->texts;
    if (in.scope == 0)
        return lower_refuse(l, node, "one of the two has to go",
                            "'%s:' inside another text field finds nothing", node->field->name);
    return lower_node(l, &in, node->kids[0], out);
}

static int lower_or(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                    struct nd_plan **out)
{
    struct plans list = {0};
    int rc = lower_kids(l, ctx, node, &list);
    return rc ? rc : plan_or(l, node, &list, false, out);
}

static int lower_not(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                     struct nd_plan **out)
{
    struct lower_ctx in = *ctx;
    struct nd_plan *all, *kid;
    if (node->kids[0]->kind == ND_N_NOT)
        return lower_node(l, ctx, node->kids[0]->kids[0], out);
    in.negated = !ctx->negated;
    int rc = lower_node(l, &in, node->kids[0], &kid);
    if (rc == 0)
        rc = plan_make(l, node, ND_P_ALL, &all);
    return rc ? rc : plan_and_not(l, node, all, kid, out);
}

/* No mention of a name of that kind. */
static int lower_nameless(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    struct lower_ctx in = {.scope = ND_SCOPE_ALL, .boost = 1.0, .negated = true};
    struct nd_node any = *node;
    struct nd_plan *all, *named;
    any.kind = ND_N_ANYOF;
    int rc = lower_span(l, &in, &any, &named);
    if (rc == 0)
        rc = plan_make(l, node, ND_P_ALL, &all);
    return rc ? rc : plan_and_not(l, node, all, named, out);
}

/* Proximity and counts: of places alone, or first spread over the operands' AND and NOT. */
static int lower_places(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                        struct nd_plan **out)
{
    struct nd_node *tree;
    if (nd_node_positional(node))
        return lower_span(l, ctx, node, out);
    int rc = lower_spread(l, (struct nd_node *)(uintptr_t)node, &tree);
    if (rc)
        return rc;
    if (nd_node_positional(tree) && tree->kind != ND_N_OR)
        return lower_span(l, ctx, tree, out);
    return lower_node(l, ctx, tree, out);
}

static int lower_field(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
                       struct nd_plan **out)
{
    int rc = need_open(l, ctx, node);
    if (rc)
        return rc;
    switch (node->kind) {
    case ND_N_VALUE:
        return lower_value(l, node, out);
    case ND_N_TERM:
        return lower_exact_value(l, node, out);
    case ND_N_DATE:
        return lower_date(l, node, out);
    case ND_N_NUMBER:
        return lower_number(l, node, out);
    case ND_N_VERBATIM:
        return lower_verbatim(l, node, out);
    default:
        if (node->field->kind == ND_KIND_ENTITY)
            return lower_nameless(l, node, out);
        return lower_none(l, node, out);
    }
}

int lower_node(struct lower *l, const struct lower_ctx *ctx, const struct nd_node *node,
               struct nd_plan **out)
{
    struct lower_ctx in = *ctx;
    struct nd_node *other;
    int rc;
    switch (node->kind) {
    case ND_N_ALL:
        rc = need_open(l, ctx, node);
        return rc ? rc : plan_make(l, node, ND_P_ALL, out);
    case ND_N_AND:
        return lower_and(l, ctx, node, out);
    case ND_N_OR:
        return lower_or(l, ctx, node, out);
    case ND_N_NOT:
        return lower_not(l, ctx, node, out);
    case ND_N_WORD:
        return lower_plain(l, ctx, node, out);
    case ND_N_ENTITY:
        return lower_entity(l, ctx, node, out);
    case ND_N_ANYOF:
        if (node->field->kind == ND_KIND_ENTITY)
            return lower_span(l, ctx, node, out);
        return lower_field(l, ctx, node, out);
    case ND_N_NEAR:
    case ND_N_PRE:
    case ND_N_SAME:
    case ND_N_NOTNEAR:
    case ND_N_ATLEAST:
        return lower_places(l, ctx, node, out);
    case ND_N_EXACT:
    case ND_N_WILD:
    case ND_N_FUZZY:
    case ND_N_PHRASE:
    case ND_N_NOTHING:
    case ND_N_GAP:
        return lower_span(l, ctx, node, out);
    case ND_N_SCOPE:
        return lower_scope(l, ctx, node, out);
    case ND_N_FIRST:
    case ND_N_CASE:
    case ND_N_QUOTED:
    case ND_N_UNQUOTED:
        return lower_func(l, ctx, node, out);
    case ND_N_BOOST:
        in.boost *= node->x;
        return lower_node(l, &in, node->kids[0], out);
    case ND_N_QUORUM:
        return lower_quorum(l, ctx, node, out);
    case ND_N_VALUE:
    case ND_N_TERM:
    case ND_N_DATE:
    case ND_N_NUMBER:
    case ND_N_NONE:
    case ND_N_VERBATIM:
        return lower_field(l, ctx, node, out);
    case ND_N_LIST:
        rc = lower_list(l, node, &other);
        return rc ? rc : lower_node(l, ctx, other, out);
    case ND_N_SAVED:
        rc = lower_saved(l, node, &other);
        if (rc == 0) {
            rc = lower_node(l, ctx, other, out);
            l->saved_depth--;
            if (rc == ND_QUERY)
                nd_span(l->err, node->start, node->end);
        }
        return rc;
    }
    return nd_fail(l->err, ND_INTERNAL, "unknown node in a query");
}

int nd_lower(struct nd_lowered *out, struct nd_arena *arena, struct nd_index *ix,
             struct nd_stemmers *stemmers, const struct nd_node *root,
             const struct nd_lower_options *options, struct nd_error *err)
{
    struct lower_ctx ctx = {.scope = ND_SCOPE_ALL, .boost = 1.0};
    struct lower l = {.out = out, .arena = arena, .ix = ix, .stemmers = stemmers, .err = err};
    int rc = 0;
    memset(out, 0, sizeof *out);
    out->stemmers = stemmers;
    l.notes_end = &out->notes;
    l.meanings_end = &out->meanings;
    if (options)
        l.options = *options;
    nd_buf_init(&l.text, 64 << 20);
    nd_buf_init(&l.stems, 1 << 20);
    l.langs = nd_arena_array(arena, ix->n + 1, sizeof *l.langs);
    if (!l.langs)
        rc = lower_nomem(&l);
    for (size_t i = 0; rc == 0 && i < ix->n; i++) {
        rc = nd_segment_langs(&l.langs[i], &ix->segments[i], err);
        out->langs |= l.langs[i];
    }
    struct nd_node *tree = NULL;
    if (rc == 0)
        rc = lower_split(&l, root, &tree);
    if (rc == 0)
        rc = lower_node(&l, &ctx, tree, &out->plan);
    nd_buf_free(&l.text);
    nd_buf_free(&l.stems);
    return rc;
}
