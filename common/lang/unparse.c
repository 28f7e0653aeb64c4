/* A tree as query text. Compound operands get brackets, so no rule of precedence matters. */
#include "lang/ast.h"

#include <inttypes.h>
#include <string.h>

static void put(struct nd_buf *out, const struct nd_node *n);

void nd_query_quoted(struct nd_buf *out, struct nd_str s)
{
    nd_buf_byte(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            nd_buf_byte(out, '\\');
        nd_buf_byte(out, (unsigned char)s.p[i]);
    }
    nd_buf_byte(out, '"');
}

static bool is(struct nd_str s, const char *what)
{
    return nd_str_eq(s, nd_str_of(what));
}

/* A word that would read as an operator gets a spelling with the same key. */
static void put_word(struct nd_buf *out, struct nd_str s)
{
    if (is(s, "AND") || is(s, "OR") || is(s, "NOT") || is(s, "NEAR") || is(s, "ADJ")) {
        for (size_t i = 0; i < s.n; i++)
            nd_buf_printf(out, "%c.", s.p[i]);
        return;
    }
    nd_buf_add(out, s.p, s.n);
    if (is(s, "or") || is(s, "not"))
        nd_buf_str(out, "'s");
}

/* Does the operand n of parent need brackets? No more than needed: their depth is limited. */
static bool compound(const struct nd_node *n, const struct nd_node *parent)
{
    switch (n->kind) {
    case ND_N_NOT:
        return parent->kind != ND_N_AND && parent->kind != ND_N_OR && parent->kind != ND_N_NOT;
    case ND_N_AND:
    case ND_N_OR:
    case ND_N_NEAR:
    case ND_N_PRE:
    case ND_N_SAME:
    case ND_N_NOTNEAR:
        return true;
    default:
        return false;
    }
}

static void put_operand(struct nd_buf *out, const struct nd_node *n, const struct nd_node *parent)
{
    bool brackets = compound(n, parent);
    if (brackets)
        nd_buf_byte(out, '(');
    put(out, n);
    if (brackets)
        nd_buf_byte(out, ')');
}

/* The operands with an operator between them. */
static void put_joined(struct nd_buf *out, const struct nd_node *n, const char *op)
{
    for (size_t i = 0; i < n->kids_n; i++) {
        if (i)
            nd_buf_str(out, op);
        put_operand(out, n->kids[i], n);
    }
}

/* An item of a phrase: a word, a pattern, *, or a hyphen chain. */
static void put_item(struct nd_buf *out, const struct nd_node *n)
{
    if (n->kind == ND_N_GAP) {
        nd_buf_byte(out, '*');
    } else if (n->kind == ND_N_OR && n->kids_n > 0) {
        put_item(out, n->kids[0]);
    } else if (n->kind == ND_N_PHRASE) {
        for (size_t i = 0; i < n->kids_n; i++) {
            if (i)
                nd_buf_byte(out, '-');
            nd_buf_add(out, n->kids[i]->text.p, n->kids[i]->text.n);
        }
    } else {
        nd_buf_add(out, n->text.p, n->text.n);
    }
}

/* In quotes ? is punctuation: a phrase with w?rd is written with underscores. */
static void put_phrase(struct nd_buf *out, const struct nd_node *n)
{
    bool marks = true;
    for (size_t i = 0; i < n->kids_n; i++)
        if (n->kids[i]->kind == ND_N_WILD && memchr(n->kids[i]->text.p, '?', n->kids[i]->text.n))
            marks = false;
    nd_buf_str(out, marks ? "\"" : "");
    for (size_t i = 0; i < n->kids_n; i++) {
        if (i)
            nd_buf_byte(out, marks ? ' ' : '_');
        put_item(out, n->kids[i]);
    }
    nd_buf_str(out, marks ? "\"" : "");
    if (marks && n->n)
        nd_buf_printf(out, "~%" PRIu32, n->n);
}

static void put_day(struct nd_buf *out, uint32_t day)
{
    nd_buf_printf(out, "%04u-%02u-%02u", day / 10000, day / 100 % 100, day % 100);
}

/* What stands behind `field:`. */
static void put_value(struct nd_buf *out, const struct nd_node *n)
{
    switch (n->kind) {
    case ND_N_ANYOF:
        nd_buf_byte(out, '*');
        break;
    case ND_N_NONE:
        nd_buf_str(out, "none");
        break;
    case ND_N_DATE:
        if (n->range.from)
            put_day(out, n->range.from);
        nd_buf_str(out, "..");
        if (n->range.to < 99991231)
            put_day(out, n->range.to);
        break;
    case ND_N_NUMBER:
        if (n->lo != INT64_MIN)
            nd_buf_printf(out, "%" PRId64, n->lo);
        nd_buf_str(out, "..");
        if (n->hi != INT64_MAX)
            nd_buf_printf(out, "%" PRId64, n->hi);
        break;
    case ND_N_LIST:
        nd_buf_byte(out, '@');
        nd_query_quoted(out, n->text);
        break;
    default:
        nd_buf_str(out, n->whole ? "=" : "");
        nd_query_quoted(out, n->text);
        break;
    }
}

static void put_call(struct nd_buf *out, const struct nd_node *n)
{
    const char *name = n->kind == ND_N_ATLEAST    ? "atleast"
                       : n->kind == ND_N_FIRST    ? "first"
                       : n->kind == ND_N_QUORUM   ? "any"
                       : n->kind == ND_N_BOOST    ? "boost"
                       : n->kind == ND_N_QUOTED   ? "quoted"
                       : n->kind == ND_N_UNQUOTED ? "unquoted"
                       : n->n == 'c'              ? "caps"
                       : n->n == 'a'              ? "allcaps"
                                                  : "nocaps";
    nd_buf_printf(out, "%s(", name);
    if (n->kind == ND_N_BOOST)
        nd_buf_printf(out, "%.12g, ", n->x);
    else if (n->kind == ND_N_ATLEAST || n->kind == ND_N_FIRST || n->kind == ND_N_QUORUM)
        nd_buf_printf(out, "%" PRIu32 ", ", n->n);
    for (size_t i = 0; i < n->kids_n; i++) {
        const struct nd_node *k = n->kids[i];
        bool guard = k->kind == ND_N_WORD && is(k->text, "nothing");
        nd_buf_str(out, i ? ", " : "");
        nd_buf_str(out, guard ? "(" : "");
        put(out, k);
        nd_buf_str(out, guard ? ")" : "");
    }
    nd_buf_byte(out, ')');
}

static void put_near(struct nd_buf *out, const struct nd_node *n)
{
    char op[32];
    if (n->kind == ND_N_SAME)
        snprintf(op, sizeof op, " w/%c ", n->n == 's' ? 's' : 'p');
    else
        snprintf(op, sizeof op, " %s/%" PRIu32 " ",
                 n->kind == ND_N_PRE       ? "pre"
                 : n->kind == ND_N_NOTNEAR ? "NOT w"
                                           : "w",
                 n->n);
    put_joined(out, n, op);
}

static void put(struct nd_buf *out, const struct nd_node *n)
{
    switch (n->kind) {
    case ND_N_ALL:
    case ND_N_GAP:
        nd_buf_byte(out, '*');
        break;
    case ND_N_AND:
        put_joined(out, n, " AND ");
        break;
    case ND_N_OR:
        put_joined(out, n, " OR ");
        break;
    case ND_N_NOT:
        nd_buf_str(out, "NOT ");
        put_joined(out, n, "");
        break;
    case ND_N_NEAR:
    case ND_N_PRE:
    case ND_N_SAME:
    case ND_N_NOTNEAR:
        put_near(out, n);
        break;
    case ND_N_PHRASE:
        put_phrase(out, n);
        break;
    case ND_N_WORD:
        put_word(out, n->text);
        break;
    case ND_N_EXACT:
        nd_query_quoted(out, n->text);
        break;
    case ND_N_WILD:
        nd_buf_add(out, n->text.p, n->text.n);
        break;
    case ND_N_FUZZY:
        nd_buf_add(out, n->text.p, n->text.n);
        nd_buf_printf(out, "~%" PRIu32, n->n);
        break;
    case ND_N_SCOPE:
        nd_buf_printf(out, "%s:(", n->field->name);
        put(out, n->kids[0]);
        nd_buf_byte(out, ')');
        break;
    case ND_N_VERBATIM:
        nd_buf_str(out, "verbatim(");
        nd_query_quoted(out, n->text);
        nd_buf_byte(out, ')');
        break;
    case ND_N_NOTHING:
        nd_buf_str(out, "nothing");
        break;
    case ND_N_ATLEAST:
    case ND_N_FIRST:
    case ND_N_CASE:
    case ND_N_BOOST:
    case ND_N_QUORUM:
    case ND_N_QUOTED:
    case ND_N_UNQUOTED:
        put_call(out, n);
        break;
    default:
        nd_buf_printf(out, "%s:", n->field->name);
        put_value(out, n);
        break;
    }
}

int nd_node_unparse(struct nd_buf *out, const struct nd_node *node)
{
    put(out, node);
    return nd_buf_code(out);
}
