#include "lang/dialect_in.h"
#include "lang/parse_in.h"

#include "text/utf8.h"

#include <stdarg.h>
#include <string.h>

/* A node and the height of its subtree, which bounds every later recursion. */
struct tall {
    struct nd_node node;
    unsigned height;
};

int nd_p_refuse(struct nd_parser *p, size_t start, size_t end, const char *fmt, ...)
{
    char msg[ND_MSG_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    nd_fail(p->err, ND_QUERY, "%s", msg);
    nd_span(p->err, start, end > start ? end : start + 1);
    return ND_QUERY;
}

int nd_p_nomem(struct nd_parser *p)
{
    nd_fail(p->err, ND_NOMEM, "out of memory for the query");
    nd_hint(p->err, "make it shorter; long lists of names go into a file: person:@FILE");
    return ND_NOMEM;
}

const char *nd_p_show(struct nd_parser *p, size_t start, size_t end, size_t max)
{
    const char *s = nd_p_text(p) + start;
    size_t n = end - start, look = n < 8 * max ? n : 8 * max;
    while (look < n && look > 0 && ((unsigned char)s[look] & 0xc0) == 0x80)
        look--;
    size_t cut = nd_width_cut(s, look, max);
    const char *r = cut == n ? nd_arena_printf(p->arena, "%.*s", (int)n, s)
                             : nd_arena_printf(p->arena, "%.*s…", (int)cut, s);
    return r ? r : "?";
}

int nd_p_node(struct nd_parser *p, struct nd_node **out, enum nd_node_kind kind, size_t start,
              size_t end)
{
    *out = NULL;
    if (++p->nodes > ND_QUERY_NODES) {
        nd_fail(p->err, ND_LIMIT, "the query has more than %d parts", ND_QUERY_NODES);
        nd_span(p->err, start, end);
        nd_hint(p->err, "long lists of names go into a file: person:@FILE");
        return ND_LIMIT;
    }
    struct tall *t = nd_arena_alloc(p->arena, sizeof *t);
    if (!t)
        return nd_p_nomem(p);
    t->height = 1;
    t->node.kind = kind;
    t->node.start = start;
    t->node.end = end;
    *out = &t->node;
    return 0;
}

static int too_deep(struct nd_parser *p, size_t start, size_t end)
{
    nd_fail(p->err, ND_LIMIT, "the query is nested more than %d deep", ND_QUERY_DEPTH);
    nd_span(p->err, start, end);
    nd_hint(p->err,
            "take brackets away that group nothing, or save a part and use it as query:NAME");
    return ND_LIMIT;
}

int nd_p_kids(struct nd_parser *p, struct nd_node *node, struct nd_node *const *kids, size_t n)
{
    struct tall *t = (struct tall *)(void *)node;
    node->kids = nd_arena_array(p->arena, n, sizeof *kids);
    if (!node->kids)
        return nd_p_nomem(p);
    memcpy(node->kids, kids, n * sizeof *kids);
    node->kids_n = n;
    for (size_t i = 0; i < n; i++) {
        unsigned h = ((const struct tall *)(const void *)kids[i])->height + 1;
        if (h > t->height)
            t->height = h;
    }
    return t->height > ND_QUERY_DEPTH ? too_deep(p, node->start, node->end) : 0;
}

int nd_p_deeper(struct nd_parser *p, size_t start, size_t end)
{
    return ++p->depth > ND_QUERY_DEPTH ? too_deep(p, start, end) : 0;
}

int nd_p_peek(struct nd_parser *p)
{
    if (p->have)
        return 0;
    int code = nd_lex_next(&p->lx, &p->tok, p->err);
    p->have = code == 0;
    return code;
}

void nd_p_take(struct nd_parser *p)
{
    p->have = false;
    p->done = p->tok.end;
}

static int missing_right(struct nd_parser *p, size_t start, size_t end)
{
    int code =
        nd_p_refuse(p, start, end, "'%s' lacks its right operand", nd_p_show(p, start, end, 40));
    nd_hint(p->err, "write something after it, or put it in quotes to look for the word");
    return code;
}

static int missing_left(struct nd_parser *p, size_t start, size_t end)
{
    int code =
        nd_p_refuse(p, start, end, "'%s' lacks its left operand", nd_p_show(p, start, end, 40));
    nd_hint(p->err, "write something before it, or put it in quotes to look for the word");
    return code;
}

static bool ends(enum nd_lex_kind k)
{
    return k == ND_L_END || k == ND_L_CLOSE || k == ND_L_COMMA;
}

/* After an operator at start..end: what follows must begin an operand. */
static int need_operand(struct nd_parser *p, size_t start, size_t end)
{
    int code = nd_p_peek(p);
    if (code)
        return code;
    enum nd_lex_kind k = p->tok.kind;
    if (ends(k) || k == ND_L_AND || k == ND_L_OR || k == ND_L_PROX)
        return missing_right(p, start, end);
    return 0;
}

int nd_p_bracket(struct nd_parser *p, struct nd_node **out, size_t open)
{
    int code = nd_p_deeper(p, open, open + 1);
    if (!code)
        code = nd_p_peek(p);
    if (code)
        return code;
    if (p->tok.kind == ND_L_CLOSE) {
        code = nd_p_refuse(p, open, p->tok.end, "nothing between the brackets");
        nd_hint(p->err, "write a query between them, or put brackets of the text in quotes");
        return code;
    }
    code = nd_p_level(p, out, open, open + 1);
    if (code)
        return code;
    p->depth--;
    nd_p_take(p); /* nd_p_level saw to it that it is ) */
    return 0;
}

int nd_p_atom(struct nd_parser *p, struct nd_unit *u)
{
    int code = nd_p_peek(p);
    if (code)
        return code;
    struct nd_lexeme t = p->tok;
    u->bare = u->name = false;
    if (t.kind == ND_L_AND || t.kind == ND_L_OR || t.kind == ND_L_PROX)
        return missing_left(p, t.start, t.end);
    if (t.kind == ND_L_NOT || t.kind == ND_L_MINUS) {
        code = nd_p_refuse(p, t.start, t.end, "NOT cannot be an operand of proximity");
        nd_hint(p->err, "a NOT w/5 b finds an a that has no b within five words; "
                        "a AND NOT b leaves articles with b out");
        return code;
    }
    if (ends(t.kind)) {
        code = nd_p_refuse(p, t.start, t.end, "something is missing here");
        nd_hint(p->err, "write a word, a phrase in quotes or a field:value");
        return code;
    }
    nd_p_take(p);
    if (t.kind == ND_L_OPEN)
        return nd_p_bracket(p, &u->node, t.start);
    if (p->group)
        return nd_p_value(p, p->group, &t, false, &u->node);
    switch (t.kind) {
    case ND_L_FIELD:
        return nd_p_field(p, u);
    case ND_L_FUNC:
        return nd_p_func(p, &u->node);
    case ND_L_PHRASE:
        return nd_p_phrase(p, &t, &u->node);
    case ND_L_EQUALS:
        code = nd_p_peek(p);
        if (code)
            return code;
        if (p->tok.start == t.end && p->tok.kind == ND_L_PHRASE) {
            nd_p_take(p); /* words in quotes are exact anyway */
            return nd_p_phrase(p, &p->tok, &u->node);
        }
        if (p->tok.start != t.end || p->tok.kind != ND_L_WORD) {
            code = nd_p_refuse(p, t.start, t.end, "= stands before a word, without a blank");
            nd_hint(p->err, "=train finds train and not trains; put = in quotes to look for it");
            return code;
        }
        u->bare = true;
        t = p->tok;
        nd_p_take(p);
        return nd_p_word(p, &t, true, &u->node);
    default:
        u->bare = memchr(nd_p_text(p) + t.from, '_', t.to - t.from) == NULL;
        return nd_p_word(p, &t, false, &u->node);
    }
}

/* prox := atom (op atom)* */
static int parse_prox(struct nd_parser *p, struct nd_unit *u)
{
    struct nd_unit left = {0};
    struct nd_lexeme first = {0};
    int code = nd_p_peek(p);
    if (code)
        return code;
    left.start = p->tok.start;
    code = nd_p_atom(p, &left);
    if (code)
        return code;
    left.end = p->done;
    *u = left;
    for (;;) {
        code = nd_p_peek(p);
        if (code)
            return code;
        if (p->tok.kind != ND_L_PROX)
            return 0;
        struct nd_lexeme op = p->tok;
        if (p->group) {
            code =
                nd_p_refuse(p, op.start, op.end, "values of '%s' have no distance", p->group->name);
            nd_hint(p->err, "join them with AND or OR");
            return code;
        }
        nd_p_take(p);
        code = need_operand(p, op.start, op.end);
        if (code)
            return code;
        struct nd_unit right = {.start = p->tok.start};
        code = nd_p_atom(p, &right);
        if (code)
            return code;
        right.end = p->done;
        if (u->prox && (first.prox != op.prox || first.n != op.n))
            return nd_p_two_ops(p, u->start, u->last_start, &first, &op, right.end);
        if (!u->prox) {
            first = op;
            code = nd_p_operand(p, u, &op);
        }
        if (!code)
            code = nd_p_operand(p, &right, &op);
        struct nd_node *kids[2] = {u->node, right.node};
        if (!code)
            code = nd_p_node(p, &u->node, op.prox, kids[0]->start, kids[1]->end);
        if (!code) {
            u->node->n = op.n;
            code = nd_p_kids(p, u->node, kids, 2);
        }
        if (code)
            return code;
        if (!u->prox) {
            u->first_bare = u->bare;
            u->first_end = u->end;
        }
        u->prox = true;
        u->bare = u->name = false;
        u->last_bare = right.bare;
        u->last_start = right.start;
        u->end = right.end;
    }
}

/* unary := (NOT | '-') unary | prox */
static int parse_unary(struct nd_parser *p, struct nd_unit *u)
{
    int code = nd_p_peek(p);
    if (code)
        return code;
    struct nd_lexeme t = p->tok;
    if (t.kind != ND_L_NOT && t.kind != ND_L_MINUS)
        return parse_prox(p, u);
    nd_p_take(p);
    code = nd_p_deeper(p, t.start, t.end);
    if (!code)
        code = need_operand(p, t.start, t.end);
    struct nd_unit kid = {0};
    if (!code)
        code = parse_unary(p, &kid);
    if (code)
        return code;
    p->depth--;
    *u = (struct nd_unit){.start = t.start, .end = kid.end};
    code = nd_p_node(p, &u->node, ND_N_NOT, t.start, kid.end);
    return code ? code : nd_p_kids(p, u->node, &kid.node, 1);
}

/* Two operands without an operator between them: is that clear? */
static int check_beside(struct nd_parser *p, size_t base)
{
    const struct nd_unit *u = (const struct nd_unit *)(const void *)p->units.data + base;
    size_t n = p->units.len / sizeof *u - base;
    const struct nd_unit *a = &u[n - 2], *b = &u[n - 1];
    if ((b->prox && a->bare) || (a->prox && b->bare) ||
        (a->prox && b->prox && a->last_bare && b->first_bare))
        return nd_p_beside(p, u, n);
    if (a->name && b->bare && nd_p_arg(p, a->start) == nd_p_arg(p, b->start) && p->options->shell &&
        p->options->args_n > 0)
        return nd_p_name_words(p, a);
    return 0;
}

/* What stands where a level ends, against what was opened. */
static int check_closer(struct nd_parser *p, size_t open, size_t open_end)
{
    struct nd_lexeme t = p->tok;
    if (t.kind == ND_L_END && open_end > open) {
        int code = nd_p_refuse(p, open, open_end, "a bracket is opened and never closed");
        nd_hint(p->err, "add ) where the group ends, or put brackets of the text in quotes");
        return code;
    }
    if (t.kind == ND_L_CLOSE && open_end == open) {
        int code = nd_p_refuse(p, t.start, t.end, "a bracket is closed that was never opened");
        nd_hint(p->err, "add ( where the group starts, or put brackets of the text in quotes");
        return code;
    }
    if (t.kind == ND_L_COMMA && nd_p_text(p)[open_end - 1] == '(' &&
        (open_end - open == 1 || p->lx.calls == 0)) {
        int code = nd_p_refuse(p, t.start, t.end, "a comma inside brackets");
        nd_hint(p->err, "close the bracket before the next argument of the function");
        return code;
    }
    return 0;
}

/* A level's node from its units: AND or OR, or the only one. */
static int join(struct nd_parser *p, size_t base, struct nd_node **out)
{
    struct nd_unit *u = (struct nd_unit *)(void *)p->units.data + base;
    size_t n = p->units.len / sizeof *u - base;
    if (n == 1) {
        *out = u[0].node;
        return 0;
    }
    int code = nd_p_node(p, out, u[1].op == ND_L_OR ? ND_N_OR : ND_N_AND, u[0].start, u[n - 1].end);
    if (code)
        return code;
    struct nd_node **kids = nd_arena_array(p->arena, n, sizeof *kids);
    if (!kids)
        return nd_p_nomem(p);
    for (size_t i = 0; i < n; i++)
        kids[i] = u[i].node;
    return nd_p_kids(p, *out, kids, n);
}

int nd_p_level(struct nd_parser *p, struct nd_node **out, size_t open, size_t open_end)
{
    size_t base = p->units.len / sizeof(struct nd_unit), ands = 0, ors = 0;
    int code;
    enum nd_lex_kind op = ND_L_END;
    code = nd_p_peek(p);
    if (!code && ends(p->tok.kind))
        code = check_closer(p, open, open_end);
    if (code)
        return code;
    for (;;) {
        struct nd_unit u = {0};
        code = parse_unary(p, &u);
        if (code)
            return code;
        u.op = op;
        if (nd_buf_add(&p->units, &u, sizeof u))
            return nd_p_nomem(p);
        if (op == ND_L_END && p->units.len / sizeof u > base + 1 && (code = check_beside(p, base)))
            return code;
        code = nd_p_peek(p);
        if (code)
            return code;
        op = ND_L_END;
        if (ends(p->tok.kind))
            break;
        if (p->tok.kind == ND_L_AND || p->tok.kind == ND_L_OR) {
            op = p->tok.kind;
            size_t start = p->tok.start, end = p->tok.end;
            nd_p_take(p);
            code = need_operand(p, start, end);
            if (code)
                return code;
        }
        ands += op != ND_L_OR;
        ors += op == ND_L_OR;
    }
    code = check_closer(p, open, open_end);
    if (!code && ands && ors)
        code = nd_p_mixed(p, (const struct nd_unit *)(const void *)p->units.data + base,
                          p->units.len / sizeof(struct nd_unit) - base);
    if (!code)
        code = join(p, base, out);
    p->units.len = base * sizeof(struct nd_unit);
    return code;
}

/* Refuse what no part of the parser wants to meet. */
static int check_text(struct nd_parser *p, const char *text, size_t n)
{
    if (n > ND_QUERY_MAX) {
        nd_fail(p->err, ND_LIMIT, "the query is longer than %d MiB", ND_QUERY_MAX >> 20);
        nd_hint(p->err, "long lists of names go into a file: person:@FILE");
        return ND_LIMIT;
    }
    size_t good = nd_utf8_valid(text, n);
    if (good < n) {
        int code = nd_p_refuse(p, good, good + 1, "the query is not UTF-8: byte 0x%02X",
                               (unsigned char)text[good]);
        nd_hint(p->err, "convert it first, for example with iconv -f latin1 -t utf-8");
        return code;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c > 0x7f || (c >= 0x20 && c != 0x7f) || nd_lex_blank(text + i, 1))
            continue;
        int code = nd_p_refuse(p, i, i + 1, "a control character in the query: 0x%02X", c);
        nd_hint(p->err, "take it out");
        return code;
    }
    if (nd_lex_skip(text, n, 0) < n)
        return 0;
    nd_fail(p->err, ND_QUERY, "the query is empty");
    nd_hint(p->err,
            "write what to look for, for example: newsq 'title:train AND \"price of oil\"'");
    return ND_QUERY;
}

int nd_parse(struct nd_query *out, struct nd_arena *arena, const char *text, size_t n,
             const struct nd_parse_options *options, struct nd_error *err)
{
    struct nd_parser p = {.out = out, .arena = arena, .options = options, .err = err};
    *out = (struct nd_query){.text = {text, n}, .arena = arena};
    nd_lexer_init(&p.lx, text, n);
    nd_buf_init(&p.text, 4 * (size_t)ND_QUERY_MAX);
    nd_buf_init(&p.fold, 20 * (size_t)ND_QUERY_MAX);
    nd_buf_init(&p.units, sizeof(struct nd_unit) * (ND_QUERY_NODES + 1));
    nd_buf_init(&p.items, sizeof(struct nd_node *) * (ND_QUERY_NODES + 1));
    int code = nd_tokens_init(&p.tokens);
    if (code) {
        nd_p_nomem(&p);
        goto out;
    }
    code = check_text(&p, text, n);
    if (code)
        goto out;
    if (options->literal) {
        code = nd_p_literal(&p, &out->root);
        goto out;
    }
    code = options->syntax ? nd_dialect_parse(&p, &out->root) : nd_p_level(&p, &out->root, 0, 0);
    if (!code && options->shell && !options->syntax)
        code = nd_p_shell_notes(&p);
out:
    if (code)
        out->root = NULL;
    nd_tokens_free(&p.tokens);
    nd_buf_free(&p.text);
    nd_buf_free(&p.fold);
    nd_buf_free(&p.units);
    nd_buf_free(&p.items);
    return code;
}
