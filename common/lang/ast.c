#include "lang/ast.h"

#include <inttypes.h>
#include <string.h>

/* A text in double quotes; quotation marks, backslashes and control characters escaped. */
static void put_text(struct nd_buf *out, struct nd_str s)
{
    nd_buf_byte(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            nd_buf_byte(out, '\\');
        if (c < 0x20 || c == 0x7f)
            nd_buf_printf(out, "\\x%02x", c);
        else
            nd_buf_byte(out, c);
    }
    nd_buf_byte(out, '"');
}

static const char *field_name(const struct nd_node *n)
{
    return n->field ? n->field->name : "?";
}

static void put_number(struct nd_buf *out, int64_t v)
{
    if (v == INT64_MIN || v == INT64_MAX)
        nd_buf_str(out, " *");
    else
        nd_buf_printf(out, " %" PRId64, v);
}

static const char *case_name(uint32_t n)
{
    return n == 'c' ? "caps" : n == 'a' ? "allcaps" : "nocaps";
}

/* What stands before the kids: the head, without the opening bracket. */
static void put_head(struct nd_buf *out, const struct nd_node *n)
{
    static const char *const heads[] = {
        [ND_N_ALL] = "all",
        [ND_N_AND] = "and",
        [ND_N_OR] = "or",
        [ND_N_NOT] = "not",
        [ND_N_NEAR] = "near",
        [ND_N_PRE] = "pre",
        [ND_N_SAME] = "same",
        [ND_N_NOTNEAR] = "notnear",
        [ND_N_PHRASE] = "phrase",
        [ND_N_WORD] = "word",
        [ND_N_EXACT] = "exact",
        [ND_N_WILD] = "wild",
        [ND_N_FUZZY] = "fuzzy",
        [ND_N_GAP] = "*",
        [ND_N_SCOPE] = "scope",
        [ND_N_VALUE] = "field",
        [ND_N_TERM] = "field",
        [ND_N_ENTITY] = "entity",
        [ND_N_ANYOF] = "any",
        [ND_N_NONE] = "none",
        [ND_N_LIST] = "list",
        [ND_N_SAVED] = "saved",
        [ND_N_ATLEAST] = "atleast",
        [ND_N_FIRST] = "first",
        [ND_N_BOOST] = "boost",
        [ND_N_QUORUM] = "quorum",
        [ND_N_VERBATIM] = "verbatim",
        [ND_N_QUOTED] = "quoted",
        [ND_N_UNQUOTED] = "unquoted",
        [ND_N_NOTHING] = "nothing",
        [ND_N_NUMBER] = "number",
    };
    if (n->kind == ND_N_DATE)
        nd_buf_str(out, field_name(n));
    else if (n->kind == ND_N_CASE)
        nd_buf_str(out, case_name(n->n));
    else
        nd_buf_str(out, heads[n->kind]);
    switch (n->kind) {
    case ND_N_NEAR:
    case ND_N_PRE:
    case ND_N_NOTNEAR:
    case ND_N_FUZZY:
    case ND_N_ATLEAST:
    case ND_N_FIRST:
    case ND_N_QUORUM:
        nd_buf_printf(out, " %" PRIu32, n->n);
        break;
    case ND_N_SAME:
        nd_buf_printf(out, " %c", n->n == 's' ? 's' : 'p');
        break;
    case ND_N_PHRASE:
        if (n->n)
            nd_buf_printf(out, "~%" PRIu32, n->n);
        break;
    case ND_N_BOOST:
        nd_buf_printf(out, " %.12g", n->x);
        break;
    case ND_N_DATE:
        nd_buf_printf(out, " %" PRIu32 " %" PRIu32, n->range.from, n->range.to);
        break;
    case ND_N_SCOPE:
    case ND_N_VALUE:
    case ND_N_TERM:
    case ND_N_NUMBER:
    case ND_N_ENTITY:
    case ND_N_ANYOF:
    case ND_N_NONE:
    case ND_N_LIST:
        nd_buf_printf(out, " %s", field_name(n));
        break;
    default:
        break;
    }
}

/* Whatever the node has behind its head and before its kids. */
static void put_own(struct nd_buf *out, const struct nd_node *n)
{
    switch (n->kind) {
    case ND_N_WORD:
    case ND_N_EXACT:
    case ND_N_WILD:
    case ND_N_FUZZY:
    case ND_N_LIST:
    case ND_N_SAVED:
    case ND_N_VERBATIM:
        nd_buf_byte(out, ' ');
        put_text(out, n->text);
        break;
    case ND_N_ENTITY:
        nd_buf_str(out, n->whole ? " (whole " : " ");
        put_text(out, n->text);
        nd_buf_str(out, n->whole ? ")" : "");
        break;
    case ND_N_VALUE:
    case ND_N_TERM:
        nd_buf_str(out, n->kind == ND_N_TERM ? " (term " : n->whole ? " (whole " : " (value ");
        put_text(out, n->text);
        nd_buf_byte(out, ')');
        break;
    case ND_N_NUMBER:
        put_number(out, n->lo);
        put_number(out, n->hi);
        break;
    default:
        break;
    }
}

/* Items of a phrase that are words print as their text alone. */
static bool put_item(struct nd_buf *out, const struct nd_node *n)
{
    if (n->kind == ND_N_GAP)
        nd_buf_byte(out, '*');
    else if (n->kind == ND_N_EXACT || n->kind == ND_N_WILD)
        put_text(out, n->text);
    else
        return false;
    return true;
}

/* indent: columns of this node; SIZE_MAX for one line. */
static void print(struct nd_buf *out, const struct nd_node *n, size_t indent)
{
    if (n->kind == ND_N_GAP) {
        nd_buf_byte(out, '*');
        return;
    }
    nd_buf_byte(out, '(');
    put_head(out, n);
    put_own(out, n);
    for (size_t i = 0; i < n->kids_n; i++) {
        const struct nd_node *k = n->kids[i];
        bool item = n->kind == ND_N_PHRASE;
        if (indent == SIZE_MAX || item)
            nd_buf_byte(out, ' ');
        else
            nd_buf_printf(out, "\n%*s", (int)(indent + 2 < 100 ? indent + 2 : 100), "");
        if (!item || !put_item(out, k))
            print(out, k, indent == SIZE_MAX || item ? SIZE_MAX : indent + 2);
    }
    nd_buf_byte(out, ')');
}

int nd_node_print(struct nd_buf *out, const struct nd_node *node)
{
    print(out, node, SIZE_MAX);
    return nd_buf_code(out);
}

int nd_node_print_tree(struct nd_buf *out, const struct nd_node *node)
{
    print(out, node, 0);
    nd_buf_byte(out, '\n');
    return nd_buf_code(out);
}

bool nd_node_positional(const struct nd_node *n)
{
    switch (n->kind) {
    case ND_N_WORD:
    case ND_N_EXACT:
    case ND_N_WILD:
    case ND_N_FUZZY:
    case ND_N_PHRASE:
    case ND_N_ENTITY:
    case ND_N_NOTHING:
        return true;
    case ND_N_ANYOF:
        return n->field && n->field->kind == ND_KIND_ENTITY;
    case ND_N_LIST:
        return n->field && (n->field->kind == ND_KIND_ENTITY || n->field->kind == ND_KIND_TEXT);
    case ND_N_OR:
    case ND_N_NEAR:
    case ND_N_PRE:
    case ND_N_SAME:
    case ND_N_NOTNEAR:
    case ND_N_SCOPE:
    case ND_N_ATLEAST:
    case ND_N_FIRST:
    case ND_N_CASE:
    case ND_N_BOOST:
    case ND_N_QUOTED:
    case ND_N_UNQUOTED:
        for (size_t i = 0; i < n->kids_n; i++)
            if (!nd_node_positional(n->kids[i]))
                return false;
        return n->kids_n > 0;
    default:
        return false;
    }
}

static bool near_or_far(const struct nd_node *n, bool negated)
{
    size_t yes = 0, need;
    switch (n->kind) {
    case ND_N_SAVED: /* looked at when it is known */
        return true;
    case ND_N_NOT:
        return n->kids_n && near_or_far(n->kids[0], !negated);
    case ND_N_AND:
        need = negated ? n->kids_n : 1;
        break;
    case ND_N_OR:
        need = negated ? 1 : n->kids_n;
        break;
    case ND_N_QUORUM:
        need = negated ? n->n : n->kids_n >= n->n ? n->kids_n - n->n + 1 : 1;
        break;
    case ND_N_NEAR:
    case ND_N_PRE:
    case ND_N_SAME:
    case ND_N_NOTNEAR: /* were looked at when they were made */
        return !negated;
    default:
        if (nd_node_positional(n))
            return !negated;
        if (n->kids_n == 0)
            return false;
        need = n->kids_n; /* scope, functions */
    }
    for (size_t i = 0; i < n->kids_n; i++)
        yes += near_or_far(n->kids[i], negated);
    return yes >= need;
}

bool nd_node_near(const struct nd_node *n)
{
    return near_or_far(n, false);
}
