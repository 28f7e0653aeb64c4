/* Lucene, classic query parser: clauses that are required (+, AND), forbidden (-, NOT) or optional, which is not a
 * matter of precedence: a OR b AND c requires b and c. Words are exact, as its standard analyser leaves them. */
#include "lang/dialect_in.h"

#include "tool/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum need {
    OPTIONAL,
    REQUIRED,
    FORBIDDEN
};

struct clause {
    struct nd_node *node;
    enum need need;
};

static char at(const struct nd_d_reader *d, size_t i)
{
    return i < d->n ? d->s[i] : '\0';
}

static bool blank(const struct nd_d_reader *d, size_t i)
{
    return i >= d->n || nd_lex_blank(d->s + i, d->n - i);
}

/* The operator word at i: AND, OR, NOT, && or ||. Return: its bytes, 0 if not there. */
static size_t operator_word(const struct nd_d_reader *d, size_t i, const char *word,
                            const char *sign)
{
    size_t n = strlen(word), k = strlen(sign);
    if (d->n - i >= n && memcmp(d->s + i, word, n) == 0 &&
        (blank(d, i + n) || strchr("()\"", at(d, i + n))))
        return n;
    return k && d->n - i >= k && memcmp(d->s + i, sign, k) == 0 ? k : 0;
}

static bool term_char(const struct nd_d_reader *d, size_t i, bool first)
{
    return !blank(d, i) && !strchr("()[]{}^\"~:/", d->s[i]) && !(first && strchr("+-!", d->s[i]));
}

/* Bytes of the term at i; escapes count. */
static size_t term_end(const struct nd_d_reader *d, size_t i)
{
    for (bool first = true; i < d->n; first = false) {
        if (d->s[i] == '\\' && i + 1 < d->n)
            i += 2;
        else if (term_char(d, i, first))
            i++;
        else
            break;
    }
    return i < d->n ? i : d->n;
}

/* Put s[from..to) without its escapes into d->text, from `base` on. words: in native spelling of words. */
static int unescape(struct nd_d_reader *d, size_t from, size_t to, bool words, size_t base)
{
    d->text.len = base;
    for (size_t i = from; i < to; i++) {
        bool escaped = d->s[i] == '\\' && i + 1 < to;
        char c = d->s[i += escaped];
        if (words && (nd_lex_blank(d->s + i, to - i) || (escaped && strchr("*?/", c))))
            c = '_';
        if (nd_buf_byte(&d->text, (unsigned char)c))
            return nd_p_nomem(d->p);
    }
    return 0;
}

/* A number such as the 2 of ~2 or ^0.5 at *i. */
static double number(const struct nd_d_reader *d, size_t *i, double otherwise)
{
    char buf[16];
    size_t n = 0;
    while (n + 1 < sizeof buf && (at(d, *i) == '.' || (at(d, *i) >= '0' && at(d, *i) <= '9')))
        buf[n++] = d->s[(*i)++];
    buf[n] = '\0';
    return n ? strtod(buf, NULL) : otherwise;
}

/* ^x behind a clause. */
static int boost(struct nd_d_reader *d, size_t start, struct nd_node **node)
{
    if (at(d, d->at) != '^')
        return 0;
    size_t sign = d->at++;
    double x = number(d, &d->at, 0);
    if (!(x >= 0.001 && x <= 1000))
        return nd_d_refuse(d, sign, d->at, "for example kim^2",
                           "^ takes a weight of 0.001 to 1000");
    int code = nd_d_join(d, ND_N_BOOST, 0, node, 1, start, d->at, node);
    if (!code)
        (*node)->x = x;
    return code;
}

/* "a b"~n counts moves of words: of two words the swapped pair costs two. */
static int slop(struct nd_d_reader *d, size_t start, uint32_t n, struct nd_node **node)
{
    struct nd_node *in = *node, *back, *a, *b;
    if (in->kind != ND_N_PHRASE || n == 0)
        return 0;
    if (n > 1 && in->kids_n > 2)
        return nd_d_refuse(d, start, d->at,
                           "the native \"a b c\"~2 allows extra words in this order; w/n any order",
                           "~%u over more than two words counts moves, which have no equal here",
                           n);
    in->n = n;
    if (n == 1)
        return 0;
    int code = nd_d_copy(d, in->kids[1], &b);
    if (!code)
        code = nd_d_copy(d, in->kids[0], &a);
    if (!code)
        code = nd_d_two(d, ND_N_PRE, n - 1, b, a, &back);
    if (code)
        return code;
    back->start = in->start;
    back->end = in->end;
    return nd_d_two(d, ND_N_OR, 0, in, back, node);
}

static int phrase(struct nd_d_reader *d, struct nd_node **out)
{
    size_t start = d->at, from = start + 1, to = from, base = d->text.len;
    while (to < d->n && d->s[to] != '"')
        to += d->s[to] == '\\' ? 2 : 1;
    if (to >= d->n)
        return nd_d_refuse(d, start, from, "close it with \"",
                           "a quotation mark is opened and never closed");
    d->at = to + 1;
    int code = unescape(d, from, to, !d->group, base);
    struct nd_str text = {d->text.data + base, d->text.len - base};
    if (!code && d->group) {
        code = nd_d_value(d, d->group, text, start, d->at, out);
    } else if (!code) {
        for (size_t i = 0; i < text.n; i++) /* wildcards are punctuation in quotes */
            if (strchr("*?/", text.p[i]))
                d->text.data[base + i] = '_';
        code = nd_d_read(d, text, start, d->at, true, out);
    }
    d->text.len = base;
    if (code || at(d, d->at) != '~')
        return code;
    d->at++;
    double n = number(d, &d->at, 0);
    if (d->group || n > ND_DISTANCE_MAX)
        return nd_d_refuse(d, start, d->at, "leave it out", "~ does not go with this value");
    return slop(d, start, (uint32_t)n, out);
}

/* term~, term~1, and term~0.8 of old */
static int fuzzy(struct nd_d_reader *d, size_t start, struct nd_node **node)
{
    size_t sign = d->at++;
    double n = number(d, &d->at, 2);
    if ((*node)->kind != ND_N_EXACT || n > 2)
        return nd_d_refuse(d, start, d->at, "write word~1 or word~2",
                           "~ allows one or two misspelt letters in one plain word");
    if (n > 0 && n < 1) {
        size_t letters = 0;
        for (size_t i = start; i < sign; i++)
            letters += ((unsigned char)d->s[i] & 0xc0) != 0x80;
        n = (1 - n) * (double)letters + 1e-9;
        n = n > 2 ? 2 : n;
    }
    if (n < 1)
        return 0;
    (*node)->kind = ND_N_FUZZY;
    (*node)->n = (uint32_t)n;
    return 0;
}

static int term(struct nd_d_reader *d, struct nd_node **out)
{
    size_t start = d->at, base = d->text.len;
    d->at = term_end(d, start);
    if (d->at == start && at(d, start) == '/')
        return nd_d_refuse(d, start, start + 1,
                           "write \\/ for the character, or a word with * and ?",
                           "regular expressions have no equal here");
    if (d->at == start)
        return nd_d_refuse(d, start, start + 1, "write \\ before it to look for the text",
                           "'%.*s' cannot stand here", start < d->n ? 1 : 0, d->s + start);
    int code = unescape(d, start, d->at, !d->group, base);
    struct nd_str text = {d->text.data + base, d->text.len - base};
    if (!code && !d->group &&
        ((text.n == 3 && memcmp(text.p, "and", 3) == 0) ||
         (text.n == 2 && memcmp(text.p, "or", 2) == 0) ||
         (text.n == 3 && memcmp(text.p, "not", 3) == 0)))
        code = nd_d_note(d, "'%.*s' is a word here: operators of Lucene are in capitals",
                         (int)text.n, text.p);
    if (!code)
        code = d->group ? nd_d_value(d, d->group, text, start, d->at, out)
                        : nd_d_read(d, text, start, d->at, true, out);
    d->text.len = base;
    return !code && at(d, d->at) == '~' ? fuzzy(d, start, out) : code;
}

/* One end of a range, s[from..to). *open: it is a star. */
static void range_end(struct nd_d_reader *d, size_t *from, size_t *to, bool *open)
{
    size_t i = nd_lex_skip(d->s, d->n, d->at), end = i;
    bool quoted = at(d, i) == '"';
    i += quoted;
    end = i;
    while (end < d->n &&
           (quoted ? d->s[end] != '"' : !blank(d, end) && d->s[end] != ']' && d->s[end] != '}'))
        end++;
    *from = i;
    *to = end;
    *open = end - i == 1 && d->s[i] == '*';
    d->at = nd_lex_skip(d->s, d->n, end + (quoted && end < d->n));
}

/* [a TO b], {a TO b}, [a TO *} */
static int range(struct nd_d_reader *d, const struct nd_field *f, size_t start,
                 struct nd_node **out)
{
    size_t open = d->at, a, b, c, e;
    bool left_out = d->s[d->at++] == '{', a_open, b_open;
    struct nd_node *one;
    range_end(d, &a, &b, &a_open);
    size_t n = operator_word(d, d->at, "TO", "");
    d->at += n;
    range_end(d, &c, &e, &b_open);
    char close = at(d, d->at);
    if (!n || b <= a || e <= c || (close != ']' && close != '}'))
        return nd_d_refuse(d, open, d->at > open + 1 ? d->at : open + 1,
                           "write date:[2024-01-01 TO 2024-03-31], * leaves an end open",
                           "this is not a range");
    bool right_out = close == '}';
    d->at++;
    if (!f || (f->kind != ND_KIND_DATE && f->kind != ND_KIND_NUMBER))
        return nd_d_refuse(d, start, d->at,
                           "fields of dates and numbers have ranges: date, updated, "
                           "indexed, length",
                           "words have no ranges here");
    if (f->kind == ND_KIND_DATE) {
        struct nd_day_range x = {0, 0}, y = {0, 99991231};
        int code = a_open ? 0 : nd_d_date(d, a, b, &x);
        if (!code && !b_open)
            code = nd_d_date(d, c, e, &y);
        if (code)
            return code;
        uint32_t from = a_open ? 0 : left_out ? nd_d_day_add(x.to, 1) : x.from;
        uint32_t to = b_open ? 99991231 : right_out ? nd_d_day_add(y.from, -1) : y.to;
        return nd_d_days(d, f, from, to, start, d->at, out);
    }
    int64_t lo = INT64_MIN, hi = INT64_MAX;
    int code = a_open ? 0 : nd_d_number(d, f, '=', a, b, start, &one);
    if (!code && !a_open)
        lo = one->lo + left_out;
    if (!code && !b_open)
        code = nd_d_number(d, f, '=', c, e, start, &one);
    if (!code && !b_open)
        hi = one->lo - right_out;
    if (!code && lo > hi)
        code = nd_d_refuse(d, start, d->at, "swap the ends", "the range ends before it starts");
    if (!code)
        code = nd_p_node(d->p, out, ND_N_NUMBER, start, d->at);
    if (code)
        return code;
    (*out)->field = f;
    (*out)->lo = lo;
    (*out)->hi = hi;
    return 0;
}

static int level(struct nd_d_reader *d, size_t open, struct nd_node **out);

static int group(struct nd_d_reader *d, struct nd_node **out)
{
    size_t open = d->at++;
    int code = nd_p_deeper(d->p, open, open + 1);
    if (!code)
        code = level(d, open, out);
    if (code)
        return code;
    d->p->depth--;
    d->at++;
    return 0;
}

static int any_value(struct nd_d_reader *d, const struct nd_field *f, size_t start,
                     struct nd_node **out)
{
    int code = nd_p_node(d->p, out, ND_N_ANYOF, start, d->at);
    if (!code)
        (*out)->field = f;
    return code;
}

/* What stands behind field: or alone. */
static int value(struct nd_d_reader *d, const struct nd_field *f, size_t start,
                 struct nd_node **out)
{
    char c = at(d, d->at);
    if (f && c == '*' && !term_char(d, d->at + 1, false)) {
        d->at++;
        return any_value(d, f, start, out);
    }
    if (c == '[' || c == '{')
        return range(d, f ? f : d->group, start, out);
    return c == '(' ? group(d, out) : c == '"' ? phrase(d, out) : term(d, out);
}

static int unknown_field(struct nd_d_reader *d, size_t from, size_t to)
{
    size_t n;
    const struct nd_field *f = nd_schema_table(&n);
    const char *names[64];
    for (size_t i = 0; i < n && i < 64; i++)
        names[i] = f[i].name;
    const char *near = nd_nearest(names, n < 64 ? n : 64, d->s + from, to - from);
    const char *hint =
        near ? nd_arena_printf(d->p->arena, "did you mean '%s'? 'newsq fields' lists all", near)
             : "'newsq fields' lists all; write \\: for the character";
    return nd_d_refuse(d, from, to, hint ? hint : "", "unknown field '%s'",
                       nd_p_show(d->p, from, to, 40));
}

static int clause(struct nd_d_reader *d, struct nd_node **out)
{
    size_t start = d->at, end = term_end(d, start);
    const struct nd_field *f = NULL, *scope = d->scope, *values = d->group;
    int code;
    if (end > start && at(d, end) == ':') {
        if (end - start == 1 && d->s[start] == '*' && at(d, end + 1) == '*' &&
            !term_char(d, end + 2, false)) {
            d->at = end + 2;
            code = nd_p_node(d->p, out, ND_N_ALL, start, d->at);
            return code ? code : boost(d, start, out);
        }
        bool exists = end - start == 8 && memcmp(d->s + start, "_exists_", 8) == 0;
        size_t from = exists ? end + 1 : start, to = exists ? term_end(d, end + 1) : end;
        f = nd_schema_find(d->s + from, to - from);
        if (!f)
            return unknown_field(d, from, to > from ? to : from + 1);
        if (scope || values)
            return nd_d_refuse(d, start, end + 1, "close the bracket first",
                               "a field inside a field");
        d->at = exists ? to : end + 1;
        if (exists)
            return any_value(d, f, start, out);
        d->scope = f->kind == ND_KIND_TEXT ? f : NULL;
        d->group = f->kind == ND_KIND_TEXT ? NULL : f;
    }
    if (f && blank(d, d->at))
        return nd_d_refuse(d, start, d->at, "write the value right behind the colon",
                           "'%s:' has no value", f->name);
    code = value(d, f, start, out);
    d->scope = scope;
    d->group = values;
    if (!code && f && f->kind == ND_KIND_TEXT && (*out)->kind != ND_N_ANYOF) {
        code = nd_d_join(d, ND_N_SCOPE, 0, out, 1, start, d->at, out);
        if (!code)
            (*out)->field = f;
    }
    return code ? code : boost(d, start, out);
}

/* The clauses from base on as one node. */
static int join(struct nd_d_reader *d, size_t base, size_t start, struct nd_node **out)
{
    const struct clause *v = (const struct clause *)(const void *)(d->stack.data + base);
    size_t n = (d->stack.len - base) / sizeof *v, k = 0, required = 0, optional = 0;
    for (size_t i = 0; i < n; i++) {
        required += v[i].need == REQUIRED;
        optional += v[i].need == OPTIONAL;
    }
    if (required + optional == 0)
        return nd_d_refuse(d, start, d->at, "write *:* before it for all other articles",
                           "in Lucene a query of exclusions alone finds nothing");
    struct nd_node **kids = nd_arena_array(d->p->arena, n + 1, sizeof(struct nd_node *));
    if (!kids)
        return nd_p_nomem(d->p);
    int code = 0;
    for (size_t i = 0; i < n && !code; i++) {
        if (v[i].need == (required ? REQUIRED : OPTIONAL))
            kids[k++] = v[i].node;
        else if (v[i].need == OPTIONAL)
            code = nd_d_note(d, "'%s' is not required and changes the order alone: it is left out",
                             nd_p_show(d->p, v[i].node->start, v[i].node->end, 40));
    }
    if (!code && !required && k > 1) {
        code = nd_d_join(d, ND_N_OR, 0, kids, k, start, d->at, &kids[0]);
        k = 1;
    }
    for (size_t i = 0; i < n && !code; i++)
        if (v[i].need == FORBIDDEN)
            code = nd_d_not(d, v[i].node, v[i].node->start, &kids[k++]);
    *out = kids[0];
    return code || k == 1 ? code : nd_d_join(d, ND_N_AND, 0, kids, k, start, d->at, out);
}

/* [AND|OR] [+|-|!|NOT] before a clause. Return: bytes of the last sign read, 0 if a clause follows at once. */
static size_t modifiers(struct nd_d_reader *d, struct clause *c, struct clause *before, bool first)
{
    size_t start = d->at, n = 0;
    bool and = false;
    if ((n = operator_word(d, d->at, "AND", "&&")) > 0)
        and = true;
    else
        n = operator_word(d, d->at, "OR", "||");
    if (first && n)
        return n; /* told by the caller: nothing stands before it */
    d->at = nd_lex_skip(d->s, d->n, d->at + n);
    if (and&&before && before->need != FORBIDDEN)
        before->need = REQUIRED;
    c->need = and? REQUIRED : OPTIONAL;
    size_t not = operator_word(d, d->at, "NOT", "!");
    if (not || at(d, d->at) == '-')
        c->need = FORBIDDEN;
    else if (at(d, d->at) == '+')
        c->need = REQUIRED;
    else
        return d->at - start;
    d->at = nd_lex_skip(d->s, d->n, d->at + (not ? not : 1));
    return d->at - start;
}

/* Clauses up to the closing bracket, or to the end where open is SIZE_MAX. */
static int level(struct nd_d_reader *d, size_t open, struct nd_node **out)
{
    size_t base = d->stack.len, start = d->at = nd_lex_skip(d->s, d->n, d->at);
    int code = 0;
    for (bool first = true; !code; first = false) {
        d->at = nd_lex_skip(d->s, d->n, d->at);
        if (d->at >= d->n || d->s[d->at] == ')')
            break;
        struct clause c = {0};
        size_t sign = d->at;
        struct clause *before =
            first ? NULL : (struct clause *)(void *)(d->stack.data + d->stack.len - sizeof c);
        size_t n = modifiers(d, &c, before, first);
        const char *shown = nd_p_show(d->p, sign, sign + n, 20);
        if (first && n && d->at == sign)
            code = nd_d_refuse(d, sign, sign + n, "write something before it",
                               "'%s' lacks its left operand", shown);
        else if (d->at >= d->n || d->s[d->at] == ')' || operator_word(d, d->at, "AND", "&&") ||
                 operator_word(d, d->at, "OR", "||"))
            code = nd_d_refuse(d, sign, d->at > sign ? d->at : sign + 1, "write something after it",
                               "'%s' lacks its right operand", shown);
        else
            code = clause(d, &c.node);
        if (!code && nd_buf_add(&d->stack, &c, sizeof c))
            code = nd_p_nomem(d->p);
    }
    if (code)
        return code;
    if (open != SIZE_MAX && d->at >= d->n)
        return nd_d_refuse(d, open, open + 1, "add ) where the group ends",
                           "a bracket is opened and never closed");
    if (d->stack.len == base)
        return nd_d_refuse(d, start, d->at > start ? d->at : start + 1, "write a word or a phrase",
                           "something is missing here");
    code = join(d, base, start, out);
    d->stack.len = base;
    return code;
}

static int whole(struct nd_d_reader *d, struct nd_node **out)
{
    return level(d, SIZE_MAX, out);
}

const struct nd_d_syntax nd_d_lucene = {
    .name = "lucene",
    .title = "Lucene",
    .any = "*",
    .one = "?",
    .open = "(",
    .close = ")",
    .whole = whole,
};
