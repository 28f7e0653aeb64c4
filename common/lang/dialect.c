/* Other systems' queries: their operators, names and words by tables, and levels of precedence. */
#include "lang/dialect_in.h"

#include <string.h>
#include <strings.h>

static const struct nd_d_syntax *const syntaxes[] = {
    [ND_SYNTAX_NEXIS] = &nd_d_nexis,
    [ND_SYNTAX_FACTIVA] = &nd_d_factiva,
    [ND_SYNTAX_DTSEARCH] = &nd_d_dtsearch,
    [ND_SYNTAX_LUCENE] = &nd_d_lucene,
};

enum {
    SYNTAXES = sizeof syntaxes / sizeof syntaxes[0],
    SIDE_BY_SIDE = 100 /* words without an operator between them */
};

const char *nd_syntax_name(enum nd_syntax syntax)
{
    return (unsigned)syntax < SYNTAXES && syntaxes[syntax] ? syntaxes[syntax]->name : "native";
}

int nd_syntax_find(const char *name, size_t n)
{
    for (int i = 0; i < SYNTAXES; i++) {
        const char *have = nd_syntax_name((enum nd_syntax)i);
        if (strlen(have) == n && strncasecmp(have, name, n) == 0)
            return i;
    }
    return -1;
}

static bool is_in(char c, const char *set)
{
    return c && strchr(set, c) != NULL;
}

/* Bytes of the double quotation mark at i; 0 if there is none. */
static size_t mark(const struct nd_d_reader *d, size_t i)
{
    if (i >= d->n)
        return 0;
    if (d->s[i] == '"')
        return 1;
    return d->n - i >= 3 && (memcmp(d->s + i, "\xe2\x80\x9c", 3) == 0 ||
                             memcmp(d->s + i, "\xe2\x80\x9d", 3) == 0)
               ? 3
               : 0;
}

/* Does a word end before byte i? */
static bool ends_at(const struct nd_d_reader *d, size_t i)
{
    return i >= d->n || nd_lex_blank(d->s + i, d->n - i) || is_in(d->s[i], d->syntax->open) ||
           is_in(d->s[i], d->syntax->close) || mark(d, i);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* /N5/ or /F5/ at i? */
static bool slash_op(const struct nd_d_reader *d, size_t i)
{
    if (!d->syntax->slashes || d->n - i < 4 || d->s[i] != '/' || !is_in(d->s[i + 1], "nNfF"))
        return false;
    for (i += 2; i < d->n && digit(d->s[i]); i++)
        ;
    return i < d->n && d->s[i] == '/' && digit(d->s[i - 1]);
}

/* The number at *i, capped past every limit. */
static bool number(const struct nd_d_reader *d, size_t *i, size_t end, uint32_t *out)
{
    size_t start = *i;
    for (*out = 0; *i < end && digit(d->s[*i]); ++*i)
        *out = *out > 100000000 ? *out : *out * 10 + (uint32_t)(d->s[*i] - '0');
    return *i > start;
}

/* Does the spelling stand at `at`? Return: its end, 0 if not. */
static size_t spelt(const struct nd_d_reader *d, const char *typed, size_t at, uint32_t *n)
{
    size_t i = at;
    char last = 0;
    for (const char *t = typed; *t; last = *t++) {
        if (*t == ' ') {
            size_t next = nd_lex_skip(d->s, d->n, i);
            if (next == i)
                return 0;
            i = next;
        } else if (*t == '#') {
            if (!number(d, &i, d->n, n))
                return 0;
        } else if (i < d->n && strncasecmp(d->s + i, t, 1) == 0) {
            i++;
        } else {
            return 0;
        }
    }
    return last == '/' || ends_at(d, i) || slash_op(d, i) ? i : 0;
}

static bool operator_at(struct nd_d_reader *d, struct nd_d_tok *t)
{
    size_t best = 0;
    for (size_t k = 0; k < d->syntax->ops_n; k++) {
        const struct nd_d_op *op = &d->syntax->ops[k];
        uint32_t n = op->n;
        size_t end = spelt(d, op->typed, t->start, &n);
        if (end <= best)
            continue;
        best = end;
        t->op = op;
        t->n = n;
    }
    t->end = best;
    t->kind = ND_D_OP;
    return best > 0;
}

const struct nd_d_name *nd_d_find_name(const struct nd_d_reader *d, size_t from, size_t to,
                                       uint32_t *n)
{
    for (size_t k = 0; k < d->syntax->names_n; k++) {
        const struct nd_d_name *name = &d->syntax->names[k];
        size_t len = strlen(name->typed), i = from;
        bool numbered = len && name->typed[len - 1] == '#';
        len -= numbered;
        *n = name->n;
        if (to - from < len || strncasecmp(d->s + from, name->typed, len) != 0)
            continue;
        i += len;
        if (numbered && !number(d, &i, to, n))
            continue;
        if (i == to)
            return name;
    }
    return NULL;
}

static int check_operator(struct nd_d_reader *d, const struct nd_d_tok *t)
{
    const struct nd_d_op *op = t->op;
    if (op->kind == ND_D_NOEQUAL)
        return nd_d_refuse(d, t->start, t->end, op->hint, "'%s' has no equal here",
                           nd_p_show(d->p, t->start, t->end, 40));
    bool distance = (op->kind == ND_D_PROX && op->node != ND_N_SAME) || op->kind == ND_D_FIRST;
    if (distance && (t->n == 0 || t->n > ND_DISTANCE_MAX))
        return nd_d_refuse(d, t->start, t->end, "neighbours are 1 apart",
                           "a distance is 1 to %d words", ND_DISTANCE_MAX);
    return 0;
}

/* The phrase that opens at t->start. */
static int phrase(struct nd_d_reader *d, struct nd_d_tok *t)
{
    size_t k = mark(d, t->start), i = t->start + k;
    while (i < d->n && !mark(d, i))
        i++;
    if (i >= d->n)
        return nd_d_refuse(d, t->start, t->start + k, "close it with \"",
                           "a quotation mark is opened and never closed");
    t->kind = ND_D_PHRASE;
    t->from = t->start + k;
    t->to = i;
    t->end = i + mark(d, i);
    return 0;
}

static int lex(struct nd_d_reader *d, struct nd_d_tok *t)
{
    size_t i = nd_lex_skip(d->s, d->n, d->at);
    *t = (struct nd_d_tok){.kind = ND_D_END, .start = i, .end = i, .from = i, .to = i};
    if (i >= d->n)
        return 0;
    if (mark(d, i))
        return phrase(d, t);
    if (is_in(d->s[i], d->syntax->open) || is_in(d->s[i], d->syntax->close)) {
        t->kind = is_in(d->s[i], d->syntax->open) ? ND_D_OPEN : ND_D_CLOSE;
        t->end = t->to = i + 1;
        return 0;
    }
    if (operator_at(d, t))
        return check_operator(d, t);
    size_t end = i + 1;
    while (!ends_at(d, end) && !slash_op(d, end))
        end++;
    t->kind = ND_D_WORD;
    t->end = t->to = end;
    int got = d->syntax->lex ? d->syntax->lex(d, t) : 0;
    if (got > 0 && t->kind == ND_D_NAME && t->name && t->name->kind == ND_D_NAME_NOEQUAL)
        return nd_d_refuse(d, t->start, t->end, t->name->hint, "'%s' has no equal here",
                           nd_p_show(d->p, t->start, t->end, 40));
    return got < 0 ? got : 0;
}

int nd_d_peek(struct nd_d_reader *d)
{
    if (d->have)
        return 0;
    int code = lex(d, &d->tok);
    d->have = code == 0;
    if (!code)
        d->at = d->tok.end;
    return code;
}

void nd_d_take(struct nd_d_reader *d)
{
    d->have = false;
    d->done = d->tok.end;
}

static int missing(struct nd_d_reader *d, const struct nd_d_tok *op, const char *side)
{
    return nd_d_refuse(d, op->start, op->end,
                       "write something there, or put the operator in quotes",
                       "'%s' lacks its %s operand", nd_p_show(d->p, op->start, op->end, 40), side);
}

int nd_d_bracket(struct nd_d_reader *d, struct nd_node **out)
{
    size_t open = d->tok.start;
    nd_d_take(d);
    int code = nd_p_deeper(d->p, open, open + 1);
    if (!code)
        code = nd_d_peek(d);
    if (!code && d->tok.kind == ND_D_CLOSE)
        code = nd_d_refuse(d, open, d->tok.end, "write a query between them",
                           "nothing between the brackets");
    if (!code)
        code = nd_d_climb(d, d->syntax->levels, out);
    if (!code)
        code = nd_d_peek(d);
    if (code)
        return code;
    if (d->tok.kind != ND_D_CLOSE)
        return nd_d_refuse(d, open, open + 1, "add ) where the group ends",
                           "a bracket is opened and never closed");
    d->p->depth--;
    nd_d_take(d);
    return 0;
}

/* One item of a run. */
struct item {
    struct nd_node *node; /* NULL: plain text */
    size_t at, n;         /* in d->text */
    size_t start, end;
    bool exact;
};

static int read_item(struct nd_d_reader *d, struct item *it)
{
    struct nd_d_tok t = d->tok;
    *it = (struct item){.start = t.start,
                        .end = t.end,
                        .at = d->text.len,
                        .exact = !d->syntax->stems || t.kind == ND_D_PHRASE};
    if (t.kind == ND_D_OPEN) {
        int code = nd_d_bracket(d, &it->node);
        it->end = d->done;
        return code;
    }
    nd_d_take(d);
    int got =
        t.kind == ND_D_WORD && !d->group && d->syntax->word ? d->syntax->word(d, &t, &it->node) : 0;
    if (got)
        return got < 0 ? got : 0;
    int code = d->group
                   ? (nd_buf_add(&d->text, d->s + t.from, t.to - t.from) ? nd_p_nomem(d->p) : 0)
                   : nd_d_convert(d, t.from, t.to);
    it->n = d->text.len - it->at;
    if (!code && nd_buf_byte(&d->text, d->group ? ' ' : '_'))
        code = nd_p_nomem(d->p);
    return code;
}

static int item_node(struct nd_d_reader *d, struct item *it)
{
    return it->node ? 0
                    : nd_d_read(d, (struct nd_str){d->text.data + it->at, it->n}, it->start,
                                it->end, it->exact, &it->node);
}

int nd_d_run(struct nd_d_reader *d, struct nd_node **out)
{
    struct item items[SIDE_BY_SIDE];
    size_t n = 0, base = d->text.len;
    bool plain = true;
    int code;
    for (;;) {
        if (n == sizeof items / sizeof items[0])
            return nd_d_refuse(d, items[0].start, d->tok.end, "write an operator between them",
                               "more than %d words side by side", SIDE_BY_SIDE);
        code = read_item(d, &items[n]);
        if (code)
            return code;
        plain = plain && !items[n].node && items[n].exact;
        n++;
        code = nd_d_peek(d);
        if (code)
            return code;
        if (d->tok.kind == ND_D_OPEN && d->syntax->join_groups && !d->group)
            continue;
        if (d->tok.kind != ND_D_WORD && d->tok.kind != ND_D_PHRASE)
            break;
    }
    size_t start = items[0].start, end = items[n - 1].end;
    struct nd_str all = {d->text.data + base, d->text.len - base - (d->text.len > base)};
    if (d->group) {
        code = nd_d_value(d, d->group, all, start, end, out);
    } else if (plain) {
        code = nd_d_read(d, all, start, end, true, out);
    } else {
        for (size_t i = 0; i < n && !code; i++) {
            code = item_node(d, &items[i]);
            if (!code && n > 1 && !nd_node_near(items[i].node))
                code = nd_d_refuse(d, items[i].start, items[i].end, "write AND beside it",
                                   "'%s' has no place in the text, so it is no part of a phrase",
                                   nd_p_show(d->p, items[i].start, items[i].end, 40));
            if (code || i == 0)
                *out = items[i].node;
            else
                code = nd_d_two(d, ND_N_PRE, 1, *out, items[i].node, out);
        }
    }
    d->text.len = base;
    return code;
}

static int operand(struct nd_d_reader *d, struct nd_node **out)
{
    int code = nd_d_peek(d);
    if (code)
        return code;
    struct nd_d_tok t = d->tok;
    switch (t.kind) {
    case ND_D_OP:
        return missing(d, &t, "left");
    case ND_D_END:
    case ND_D_CLOSE:
        return nd_d_refuse(d, t.start, t.end, "write a word or a phrase",
                           "something is missing here");
    case ND_D_NAME:
        nd_d_take(d);
        code = nd_p_deeper(d->p, t.start, t.end);
        if (!code)
            code = d->syntax->named(d, &t, out);
        d->p->depth--;
        break;
    case ND_D_OPEN:
        code = d->syntax->join_groups && !d->group ? nd_d_run(d, out) : nd_d_bracket(d, out);
        break;
    default:
        code = nd_d_run(d, out);
        break;
    }
    if (!code)
        code = nd_d_peek(d);
    if (code || d->tok.kind == ND_D_OP || d->tok.kind == ND_D_END || d->tok.kind == ND_D_CLOSE)
        return code;
    return nd_d_refuse(d, t.start, d->tok.end, "write AND, OR or a distance between them",
                       "an operator is missing between '%s' and '%s'",
                       nd_p_show(d->p, t.start, d->done, 30),
                       nd_p_show(d->p, d->tok.start, d->tok.end, 30));
}

static bool joint(const struct nd_node *n)
{
    return n->kind == ND_N_AND || n->kind == ND_N_NEAR || n->kind == ND_N_PRE ||
           n->kind == ND_N_NOTNEAR;
}

/* a OP b. */
static int combine(struct nd_d_reader *d, const struct nd_d_tok *op, struct nd_d_part *a,
                   const struct nd_d_part *b)
{
    int code;
    struct nd_node * not ;
    switch (op->op->kind) {
    case ND_D_NOT:
        code = nd_d_not(d, b->node, op->start, &not );
        if (!code)
            code = nd_d_two(d, ND_N_AND, 0, a->node, not, &a->node);
        break;
    case ND_D_PROX:
        if (d->group)
            return nd_d_refuse(d, op->start, op->end, "join them with AND or OR",
                               "values of '%s' have no distance", d->group->name);
        if (op->op->node == ND_N_NEAR && nd_d_is_mark(a->node) != nd_d_is_mark(b->node)) {
            struct nd_node *kid = nd_d_is_mark(a->node) ? b->node : a->node;
            code = nd_d_place(d, kid, op);
            if (!code)
                code = nd_d_join(d, ND_N_FIRST, op->n, &kid, 1, a->start, b->end, &a->node);
            break;
        }
        code = nd_d_place(d, a->node, op);
        if (!code)
            code = nd_d_place(d, b->node, op);
        if (!code && d->syntax->one_group && joint(a->node) && joint(b->node))
            return nd_d_refuse(d, a->start, b->end,
                               "make one side a word, a phrase or words joined by OR",
                               "both sides of '%s' are groups, which is ambiguous",
                               nd_p_show(d->p, op->start, op->end, 20));
        if (!code)
            code = nd_d_two(d, op->op->node, op->n, a->node, b->node, &a->node);
        break;
    default:
        code = nd_d_two(d, op->op->kind == ND_D_OR ? ND_N_OR : ND_N_AND, 0, a->node, b->node,
                        &a->node);
        break;
    }
    a->end = b->end;
    return code;
}

/* Join parts lo..hi of the stack, the smallest distances first, equal ones from the left. Depth: at most hi - lo,
 * which climb() bounds. */
static int smallest_first(struct nd_d_reader *d, size_t lo, size_t hi, struct nd_d_part *out)
{
    struct nd_d_part *v = (struct nd_d_part *)(void *)d->stack.data, right;
    *out = v[lo];
    if (lo == hi)
        return 0;
    size_t split = lo + 1;
    for (size_t i = lo + 2; i <= hi; i++)
        if (v[i].op.n >= v[split].op.n)
            split = i;
    struct nd_d_tok op = v[split].op;
    int code = smallest_first(d, lo, split - 1, out);
    if (!code)
        code = smallest_first(d, split, hi, &right);
    return code ? code : combine(d, &op, out, &right);
}

/* AND and OR at one level, where the dialect calls that ambiguous. */
static int check_mixed(struct nd_d_reader *d, size_t base, const struct nd_d_tok *op)
{
    const struct nd_d_part *v = (const struct nd_d_part *)(const void *)d->stack.data;
    size_t n = d->stack.len / sizeof *v;
    if (!d->syntax->mix_refused || n < base + 3)
        return 0;
    const struct nd_d_tok *before = &v[n - 2].op;
    if ((before->op->kind == ND_D_OR) == (op->op->kind == ND_D_OR))
        return 0;
    size_t a = v[base].start, b = v[n - 2].start, c = v[n - 1].end;
    const char *left = nd_p_show(d->p, a, v[n - 2].end, 60);
    const char *rest = nd_p_show(d->p, op->start, c, 60);
    const char *first = nd_p_show(d->p, a, before->end, 60);
    const char *right = nd_p_show(d->p, b, c, 60);
    const char *hint =
        nd_arena_printf(d->p->arena, "write (%s) %s, or %s (%s)", left, rest, first, right);
    return nd_d_refuse(d, a, c, hint ? hint : "",
                       "and and or are mixed without brackets, which %s "
                       "calls ambiguous",
                       d->syntax->title);
}

static int push(struct nd_d_reader *d, const struct nd_d_part *part)
{
    return nd_buf_add(&d->stack, part, sizeof *part) ? nd_p_nomem(d->p) : 0;
}

/* Join the parts from base on, which are operands of one level. */
static int reduce(struct nd_d_reader *d, size_t base, struct nd_node **out)
{
    struct nd_d_part *v = (struct nd_d_part *)(void *)d->stack.data, all;
    size_t n = d->stack.len / sizeof *v;
    int code = 0;
    *out = v[base].node;
    if (n == base + 1)
        return 0;
    enum nd_d_op_kind kind = v[base + 1].op.op->kind;
    bool segment = kind == ND_D_SEG, same = segment || kind == ND_D_AND || kind == ND_D_OR;
    for (size_t i = base + 2; i < n && same; i++)
        same = v[i].op.op->kind == kind;
    if (same) {
        struct nd_node **kids = nd_arena_array(d->p->arena, n - base, sizeof(struct nd_node *));
        if (!kids)
            return nd_p_nomem(d->p);
        for (size_t i = base; i < n && !code; i++) {
            kids[i - base] = v[i].node;
            code = segment ? nd_d_place(d, v[i].node, &v[base + 1].op) : 0;
        }
        if (!code)
            code = nd_d_join(d, kind == ND_D_OR ? ND_N_OR : ND_N_AND, 0, kids, n - base,
                             v[base].start, v[n - 1].end, out);
        return code || !segment ? code : nd_d_same_section(d, *out, out);
    }
    if (n - base > ND_QUERY_DEPTH)
        return nd_d_refuse(d, v[base].start, v[n - 1].end, "put brackets around parts of it",
                           "more than %d operands in a row", ND_QUERY_DEPTH);
    if (d->syntax->smallest_first && kind == ND_D_PROX) {
        code = smallest_first(d, base, n - 1, &all);
    } else {
        all = v[base];
        for (size_t i = base + 1; i < n && !code; i++)
            code = combine(d, &v[i].op, &all, &v[i]);
    }
    *out = all.node;
    return code;
}

/* a OP b OP c of one level, a NOT before an operand, /Fn/ behind one. */
int nd_d_climb(struct nd_d_reader *d, unsigned level, struct nd_node **out)
{
    if (level == 0)
        return operand(d, out);
    size_t base = d->stack.len / sizeof(struct nd_d_part);
    struct nd_d_part part = {0};
    int code = nd_d_peek(d);
    for (;;) {
        if (code)
            return code;
        part.start = d->tok.start;
        bool not = d->tok.kind == ND_D_OP && d->tok.op->kind == ND_D_NOT && !d->tok.op->n &&
                   d->tok.op->level == level;
        if (not ) {
            struct nd_d_tok op = d->tok;
            nd_d_take(d);
            code = nd_d_peek(d);
            if (!code && (d->tok.kind == ND_D_END || d->tok.kind == ND_D_CLOSE))
                code = missing(d, &op, "right");
        }
        if (!code)
            code = nd_d_climb(d, level - 1, &part.node);
        if (!code && not )
            code = nd_d_not(d, part.node, part.start, &part.node);
        part.end = d->done;
        if (!code)
            code = nd_d_peek(d);
        while (!code && d->tok.kind == ND_D_OP && d->tok.op->level == level &&
               d->tok.op->kind == ND_D_FIRST) {
            struct nd_d_tok op = d->tok;
            code = nd_d_place(d, part.node, &op);
            nd_d_take(d);
            if (!code)
                code =
                    nd_d_join(d, ND_N_FIRST, op.n, &part.node, 1, part.start, op.end, &part.node);
            if (!code)
                code = nd_d_peek(d);
        }
        if (!code)
            code = push(d, &part);
        if (!code && part.op.op)
            code = check_mixed(d, base, &part.op);
        if (code || d->tok.kind != ND_D_OP || d->tok.op->level != level)
            break;
        part.op = d->tok;
        nd_d_take(d);
        code = nd_d_peek(d);
        if (!code && (d->tok.kind == ND_D_END || d->tok.kind == ND_D_CLOSE ||
                      (d->tok.kind == ND_D_OP && d->tok.op->kind != ND_D_NOT)))
            return missing(d, &part.op, "right");
    }
    if (!code)
        code = reduce(d, base, out);
    d->stack.len = base * sizeof(struct nd_d_part);
    return code;
}

int nd_dialect_parse(struct nd_parser *p, struct nd_node **out)
{
    struct nd_d_reader d = {
        .p = p, .syntax = syntaxes[p->options->syntax], .s = p->lx.p, .n = p->lx.n};
    nd_buf_init(&d.stack, sizeof(struct nd_d_part) * (ND_QUERY_NODES + 1));
    nd_buf_init(&d.text, 2 * (size_t)ND_QUERY_MAX);
    int code = d.syntax->whole ? d.syntax->whole(&d, out) : nd_d_climb(&d, d.syntax->levels, out);
    if (!code)
        code = nd_d_peek(&d);
    if (!code && d.tok.kind != ND_D_END)
        code = nd_d_refuse(&d, d.tok.start, d.tok.end, "add ( where the group starts",
                           "a bracket is closed that was never opened");
    const struct nd_node *bad = !code && d.marks ? nd_d_stray_mark(*out) : NULL;
    if (bad)
        code = nd_d_refuse(&d, bad->start, bad->end, "write a w/20 xfirstword",
                           "the start of the text has a meaning beside w/n alone");
    nd_buf_free(&d.stack);
    nd_buf_free(&d.text);
    return code;
}
