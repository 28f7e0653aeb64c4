#include "lang/plan.h"

#include <inttypes.h>

/* A term or word, escaped. */
static void put_text(struct nd_buf *out, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == '(' || c == ')' || c == '\\' || c == 0x7f)
            nd_buf_printf(out, c == ' ' ? "\\ " : "\\x%02x", c);
        else
            nd_buf_byte(out, c);
    }
}

static void put_leaf(struct nd_buf *out, const struct nd_leaf *leaf)
{
    switch (leaf->kind) {
    case ND_LEAF_STEM:
        put_text(out, leaf->text);
        return;
    case ND_LEAF_EXACT:
        nd_buf_byte(out, '=');
        put_text(out, leaf->text);
        return;
    case ND_LEAF_WILD:
        put_text(out, leaf->text);
        return;
    case ND_LEAF_FUZZY:
        put_text(out, leaf->text);
        nd_buf_printf(out, "~%" PRIu32, leaf->edits);
        return;
    case ND_LEAF_ENTITY:
        nd_buf_str(out, "(entity");
        for (size_t i = 0; i < leaf->ids_n && i < 5; i++) {
            nd_buf_byte(out, ' ');
            put_text(out, leaf->ids[i].id);
        }
        nd_buf_str(out, leaf->ids_n > 5 ? " ...)" : ")");
        return;
    case ND_LEAF_UNION:
        nd_buf_str(out, "(or");
        for (size_t i = 0; i < leaf->members_n; i++) {
            nd_buf_byte(out, ' ');
            put_leaf(out, &leaf->members[i]);
        }
        nd_buf_byte(out, ')');
        return;
    case ND_LEAF_ANY:
        nd_buf_str(out, "(entity *)");
        return;
    }
}

static void put_scope(struct nd_buf *out, const struct nd_span_node *n)
{
    static const char *const names[ND_FIELDS] = {"title", "lead", "body"};
    if (n->scope != ND_SCOPE_ALL)
        for (unsigned f = 0; f < ND_FIELDS; f++)
            if (n->scope >> f & 1)
                nd_buf_printf(out, "@%s", names[f]);
    if (n->cases & ND_CASE_CAPS)
        nd_buf_str(out, "^caps");
    if (n->cases & ND_CASE_ALL)
        nd_buf_str(out, "^allcaps");
    if (n->cases & ND_CASE_NONE)
        nd_buf_str(out, "^nocaps");
}

static void put_span(struct nd_buf *out, const struct nd_expand *x, const struct nd_span_node *n)
{
    static const char *const names[] = {
        [ND_SPAN_OR] = "or",           [ND_SPAN_PHRASE] = "phrase",
        [ND_SPAN_NEAR] = "near",       [ND_SPAN_PRE] = "pre",
        [ND_SPAN_SAME] = "same",       [ND_SPAN_NOTNEAR] = "notnear",
        [ND_SPAN_ATLEAST] = "atleast", [ND_SPAN_FIRST] = "first",
        [ND_SPAN_QUOTED] = "quoted",   [ND_SPAN_UNQUOTED] = "unquoted",
    };
    if (n->op == ND_SPAN_LEAF) {
        put_leaf(out, &x->leaves[n->leaf]);
        put_scope(out, n);
        return;
    }
    if (n->op == ND_SPAN_ANY || n->op == ND_SPAN_QUOTATION) {
        nd_buf_str(out, n->op == ND_SPAN_ANY ? "*" : "(quotation)");
        return;
    }
    nd_buf_printf(out, "(%s", names[n->op]);
    if (n->op == ND_SPAN_SAME)
        nd_buf_printf(out, " %c", n->n == 'p' ? 'p' : 's');
    else if (n->op == ND_SPAN_PHRASE && n->n)
        nd_buf_printf(out, "~%" PRIu32, n->n);
    else if (n->op != ND_SPAN_PHRASE && n->op != ND_SPAN_OR && n->op < ND_SPAN_QUOTED)
        nd_buf_printf(out, " %" PRIu32, n->n);
    for (size_t i = 0; i < n->kids_n; i++) {
        nd_buf_byte(out, ' ');
        put_span(out, x, n->kids[i]);
    }
    nd_buf_byte(out, ')');
}

static void put_terms(struct nd_buf *out, const struct nd_plan *p)
{
    const struct nd_plan_terms *t = p->terms;
    nd_buf_str(out, "(terms");
    for (size_t i = 0; t && i < t->n && i < 10; i++) {
        nd_buf_byte(out, ' ');
        put_text(out, t->v[i]);
    }
    nd_buf_str(out, t && t->n > 10 ? " ...)" : ")");
}

/* indent: SIZE_MAX for one line. */
static void put(struct nd_buf *out, const struct nd_plan *p, size_t indent)
{
    static const char *const heads[] = {
        [ND_P_NOTHING] = "nothing", [ND_P_ALL] = "all",           [ND_P_AND] = "and",
        [ND_P_OR] = "or",           [ND_P_AND_NOT] = "andnot",    [ND_P_QUORUM] = "quorum",
        [ND_P_NUMBER] = "number",   [ND_P_VERBATIM] = "verbatim", [ND_P_SPAN] = "span",
    };
    if (p->kind == ND_P_TERM || p->kind == ND_P_TERMS) {
        if (p->kind == ND_P_TERM)
            put_text(out, p->term);
        else
            put_terms(out, p);
        for (unsigned i = 0; p->langs && i < 64; i++)
            if (p->langs >> i & 1)
                nd_buf_printf(out, "/%s", i ? nd_lang_code(i) : "-");
    } else {
        nd_buf_printf(out, "(%s", p->kind == ND_P_OR && p->synonym ? "syn" : heads[p->kind]);
        if (p->kind == ND_P_QUORUM)
            nd_buf_printf(out, " %" PRIu32, p->quorum);
        if (p->kind == ND_P_NUMBER)
            nd_buf_printf(out, " %u %" PRId64 " %" PRId64, (unsigned)p->column, p->lo, p->hi);
        if (p->kind == ND_P_VERBATIM) {
            nd_buf_byte(out, ' ');
            put_text(out, p->term);
        }
    }
    if (indent != SIZE_MAX)
        nd_buf_printf(out, "  [%" PRIu64 "]", p->estimate);
    for (size_t i = 0; i < p->kids_n; i++) {
        if (indent == SIZE_MAX)
            nd_buf_byte(out, ' ');
        else
            nd_buf_printf(out, "\n%*s", (int)(indent + 2 < 100 ? indent + 2 : 100), "");
        put(out, p->kids[i], indent == SIZE_MAX ? indent : indent + 2);
    }
    if (p->kind == ND_P_SPAN) {
        if (indent == SIZE_MAX)
            nd_buf_byte(out, ' ');
        else
            nd_buf_printf(out, "\n%*s", (int)(indent + 2 < 100 ? indent + 2 : 100), "");
        put_span(out, p->expand, p->expand->program.root);
    }
    if (p->kind != ND_P_TERM && p->kind != ND_P_TERMS)
        nd_buf_byte(out, ')');
}

int nd_plan_print(struct nd_buf *out, const struct nd_plan *p)
{
    put(out, p, SIZE_MAX);
    return nd_buf_code(out);
}

int nd_plan_print_tree(struct nd_buf *out, const struct nd_plan *p)
{
    put(out, p, 0);
    nd_buf_byte(out, '\n');
    return nd_buf_code(out);
}

bool nd_plan_decides(const struct nd_plan *p)
{
    if (p->kind == ND_P_SPAN || p->kind == ND_P_NUMBER || p->kind == ND_P_VERBATIM ||
        p->kind == ND_P_QUORUM || p->kind == ND_P_TERMS || p->langs)
        return true;
    for (size_t i = 0; i < p->kids_n; i++)
        if (nd_plan_decides(p->kids[i]))
            return true;
    return false;
}

bool nd_plan_weighs(const struct nd_plan *p)
{
    if ((p->kind == ND_P_TERM || p->kind == ND_P_TERMS) && p->weight)
        return true;
    size_t n = p->kind == ND_P_AND_NOT && p->kids_n ? 1 : p->kids_n;
    for (size_t i = 0; i < n; i++)
        if (nd_plan_weighs(p->kids[i]))
            return true;
    return false;
}
