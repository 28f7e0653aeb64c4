/* What the readers of the dialects make nodes with. Words go through the native reader of words, so that they are
 * taken apart as the index takes its texts apart. */
#include "lang/dialect_in.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int nd_d_refuse(struct nd_d_reader *d, size_t start, size_t end, const char *hint, const char *fmt,
                ...)
{
    char msg[ND_MSG_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    int code = nd_p_refuse(d->p, start, end, "%s", msg);
    nd_hint(d->p->err, "%s", hint);
    return code;
}

int nd_d_note(struct nd_d_reader *d, const char *fmt, ...)
{
    char text[ND_MSG_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct nd_note **last = &d->p->out->notes;
    for (; *last; last = &(*last)->next)
        if (strcmp((*last)->text, text) == 0)
            return 0;
    struct nd_note *note = nd_arena_alloc(d->p->arena, sizeof *note);
    if (!note)
        return nd_p_nomem(d->p);
    note->next = NULL;
    note->text = nd_arena_copy(d->p->arena, text, strlen(text));
    *last = note->text ? note : NULL;
    return note->text ? 0 : nd_p_nomem(d->p);
}

/* A subtree made from a copy of the text stands where it was typed. */
static void place_at(struct nd_node *n, size_t start, size_t end)
{
    n->start = start;
    n->end = end;
    for (size_t i = 0; i < n->kids_n; i++)
        place_at(n->kids[i], start, end);
}

/* The native reader's lexer over another text, and back. */
static struct nd_lexer swap_text(struct nd_d_reader *d, struct nd_str text)
{
    struct nd_lexer before = d->p->lx;
    nd_lexer_init(&d->p->lx, text.p, text.n);
    return before;
}

/* End a read of another text: its nodes and refusals belong to start..end. */
static int swap_back(struct nd_d_reader *d, struct nd_lexer before, int code, size_t start,
                     size_t end, struct nd_node *node)
{
    d->p->lx = before;
    if (code && d->p->err)
        nd_span(d->p->err, start, end);
    if (!code)
        place_at(node, start, end);
    return code;
}

static bool has_word(struct nd_str t)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
            return true;
    }
    return false;
}

int nd_d_read(struct nd_d_reader *d, struct nd_str text, size_t start, size_t end, bool exact,
              struct nd_node **out)
{
    if (!has_word(text))
        return nd_d_refuse(d, start, end, "leave it out, or write a word", "no word in '%s'",
                           nd_p_show(d->p, start, end, 40));
    struct nd_str copy = nd_arena_str(d->p->arena, text.p, text.n);
    if (!copy.p)
        return nd_p_nomem(d->p);
    struct nd_lexeme t = {.kind = ND_L_WORD, .end = copy.n, .to = copy.n};
    struct nd_lexer before = swap_text(d, copy);
    int code = nd_p_word(d->p, &t, exact, out);
    return swap_back(d, before, code, start, end, *out);
}

int nd_d_convert(struct nd_d_reader *d, size_t from, size_t to)
{
    const struct nd_d_syntax *x = d->syntax;
    for (size_t i = from, blank; i < to; i += blank ? blank : 1) {
        char c = d->s[i];
        blank = nd_lex_blank(d->s + i, to - i);
        if (c && (strchr(x->any, c) || (c == x->gap && from + 1 == to)))
            c = '*';
        else if (c && strchr(x->one, c))
            c = '?';
        else if (blank || c == '*' || c == '?' || c == '/')
            c = '_';
        if (nd_buf_byte(&d->text, (unsigned char)c))
            return nd_p_nomem(d->p);
    }
    return 0;
}

int nd_d_value(struct nd_d_reader *d, const struct nd_field *f, struct nd_str text, size_t start,
               size_t end, struct nd_node **out)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] && (strchr(d->syntax->any, text.p[i]) || strchr(d->syntax->one, text.p[i])))
            return nd_d_refuse(d, start, end,
                               "leave the sign out: whole words are found anywhere in a value",
                               "'%s' takes no wildcards", f->name);
    struct nd_str copy = nd_arena_str(d->p->arena, text.p, text.n);
    if (!copy.p)
        return nd_p_nomem(d->p);
    struct nd_lexeme t = {.kind = ND_L_PHRASE, .end = copy.n, .to = copy.n};
    struct nd_lexer before = swap_text(d, copy);
    int code = nd_p_value(d->p, f, &t, false, out);
    return swap_back(d, before, code, start, end, *out);
}

int nd_d_join(struct nd_d_reader *d, enum nd_node_kind kind, uint32_t n,
              struct nd_node *const *kids, size_t kids_n, size_t start, size_t end,
              struct nd_node **out)
{
    bool flat = kind == ND_N_AND || kind == ND_N_OR;
    size_t all = 0, k = 0;
    for (size_t i = 0; i < kids_n; i++)
        all += flat && kids[i]->kind == kind ? kids[i]->kids_n : 1;
    struct nd_node **v = nd_arena_array(d->p->arena, all, sizeof(struct nd_node *));
    if (!v)
        return nd_p_nomem(d->p);
    for (size_t i = 0; i < kids_n; i++) {
        if (flat && kids[i]->kind == kind)
            for (size_t j = 0; j < kids[i]->kids_n; j++)
                v[k++] = kids[i]->kids[j];
        else
            v[k++] = kids[i];
    }
    int code = nd_p_node(d->p, out, kind, start, end);
    if (code)
        return code;
    (*out)->n = n;
    return nd_p_kids(d->p, *out, v, k);
}

int nd_d_two(struct nd_d_reader *d, enum nd_node_kind kind, uint32_t n, struct nd_node *a,
             struct nd_node *b, struct nd_node **out)
{
    struct nd_node *kids[2] = {a, b};
    return nd_d_join(d, kind, n, kids, 2, a->start, b->end, out);
}

int nd_d_not(struct nd_d_reader *d, struct nd_node *kid, size_t start, struct nd_node **out)
{
    return nd_d_join(d, ND_N_NOT, 0, &kid, 1, start, kid->end, out);
}

int nd_d_copy(struct nd_d_reader *d, const struct nd_node *node, struct nd_node **out)
{
    int code = nd_p_node(d->p, out, node->kind, node->start, node->end);
    if (code)
        return code;
    struct nd_node *made = *out;
    *made = *node;
    if (!node->kids_n)
        return 0;
    struct nd_node **kids = nd_arena_array(d->p->arena, node->kids_n, sizeof(struct nd_node *));
    if (!kids)
        return nd_p_nomem(d->p);
    for (size_t i = 0; i < node->kids_n && !code; i++)
        code = nd_d_copy(d, node->kids[i], &kids[i]);
    return code ? code : nd_p_kids(d->p, made, kids, node->kids_n);
}

static const struct nd_node *scope_in(const struct nd_node *n)
{
    const struct nd_node *found = n->kind == ND_N_SCOPE ? n : NULL;
    for (size_t i = 0; i < n->kids_n && !found; i++)
        found = scope_in(n->kids[i]);
    return found;
}

int nd_d_same_section(struct nd_d_reader *d, struct nd_node *all, struct nd_node **out)
{
    static const char *const sections[] = {"title", "lead", "body"};
    struct nd_node *kids[3];
    const struct nd_node *scope = scope_in(all);
    *out = all;
    if (d->scope || d->group)
        return 0;
    if (scope)
        return nd_d_refuse(
            d, scope->start, scope->end, "join what is in one section with AND inside it",
            "'%s' is in one section already", nd_p_show(d->p, scope->start, scope->end, 40));
    for (size_t i = 0; i < 3; i++) {
        struct nd_node *x = all;
        int code = i ? nd_d_copy(d, all, &x) : 0;
        if (!code)
            code = nd_d_join(d, ND_N_SCOPE, 0, &x, 1, all->start, all->end, &kids[i]);
        if (code)
            return code;
        kids[i]->field = nd_schema_find(sections[i], strlen(sections[i]));
    }
    return nd_d_join(d, ND_N_OR, 0, kids, 3, all->start, all->end, out);
}

int nd_d_field(struct nd_d_reader *d, const struct nd_field *f, const struct nd_d_tok *name,
               unsigned level, struct nd_node **out)
{
    const struct nd_field *scope = d->scope, *group = d->group;
    if (scope || group) {
        const char *hint = nd_arena_printf(d->p->arena, "close the bracket of '%s' first, then AND",
                                           (scope ? scope : group)->name);
        return nd_d_refuse(d, name->start, name->end, hint ? hint : "", "a field inside a field");
    }
    if (f->kind == ND_KIND_TEXT)
        d->scope = f;
    else
        d->group = f;
    int code = nd_d_climb(d, level, out);
    d->scope = scope;
    d->group = group;
    if (code || f->kind != ND_KIND_TEXT)
        return code;
    code = nd_d_join(d, ND_N_SCOPE, 0, out, 1, name->start, d->done, out);
    if (!code)
        (*out)->field = f;
    return code;
}

int nd_d_days(struct nd_d_reader *d, const struct nd_field *f, uint32_t from, uint32_t to,
              size_t start, size_t end, struct nd_node **out)
{
    if (from > to)
        return nd_d_refuse(d, start, end, "swap the ends", "the range ends before it starts");
    int code = nd_p_node(d->p, out, ND_N_DATE, start, end);
    if (code)
        return code;
    (*out)->field = f;
    (*out)->range = (struct nd_day_range){from, to};
    return 0;
}

int nd_d_date(struct nd_d_reader *d, size_t from, size_t to, struct nd_day_range *out)
{
    struct nd_error err = {0};
    struct nd_date day;
    const char *p = d->s + from;
    while (to > from && nd_lex_blank(d->s + to - 1, 1))
        to--;
    if (nd_date_range(out, p, to - from, d->p->options->today, &err) == 0)
        return 0;
    int code = nd_date_parse(&day, p, to - from, &err);
    if (code)
        return nd_d_refuse(d, from, to > from ? to : from + 1,
                           "dates are written 2024-03-05 or March 5, 2024", "%s", err.msg);
    int year = (int)(day.day / 10000);
    unsigned month = day.day / 100 % 100;
    *out = (struct nd_day_range){day.day, day.day};
    if (!month)
        *out = (struct nd_day_range){day.day + 101, day.day + 1231};
    else if (day.day % 100 == 0)
        *out = (struct nd_day_range){day.day + 1, day.day + nd_month_days(year, month)};
    return 0;
}

uint32_t nd_d_day_add(uint32_t day, int days)
{
    int y;
    unsigned m, k;
    nd_civil_from_days(nd_days_from_civil((int)(day / 10000), day / 100 % 100, day % 100) + days,
                       &y, &m, &k);
    return (uint32_t)y * 10000 + m * 100 + k;
}

int nd_d_number(struct nd_d_reader *d, const struct nd_field *f, char rel, size_t from, size_t to,
                size_t start, struct nd_node **out)
{
    int64_t v = 0;
    bool good = to > from && to - from < 16;
    for (size_t i = from; i < to && good; i++) {
        good = d->s[i] >= '0' && d->s[i] <= '9';
        v = v * 10 + (d->s[i] - '0');
    }
    if (!good)
        return nd_d_refuse(d, start, to > from ? to : from, "write a whole number behind it",
                           "'%s' takes a number",
                           nd_p_show(d->p, start, to > start ? to : start + 1, 40));
    int code = nd_p_node(d->p, out, ND_N_NUMBER, start, to);
    if (code)
        return code;
    (*out)->field = f;
    (*out)->lo = rel == '>' ? v + 1 : rel == '<' ? INT64_MIN : v;
    (*out)->hi = rel == '<' ? v - 1 : rel == '>' ? INT64_MAX : v;
    return 0;
}

int nd_d_up_to(struct nd_d_reader *d, struct nd_str base, uint32_t n, size_t start, size_t end,
               struct nd_node **out)
{
    enum {
        MOST = 9
    };
    struct nd_node *kids[MOST + 1];
    char marks[MOST + 1] = "?????????";
    if (n > MOST)
        return nd_d_refuse(d, start, end, "write ! for any ending",
                           "at most %d characters can be left open", MOST);
    int code = 0;
    for (uint32_t i = 0; i <= n && !code; i++) {
        const char *t =
            nd_arena_printf(d->p->arena, "%.*s%.*s", (int)base.n, base.p, (int)i, marks);
        code = t ? nd_d_read(d, nd_str_of(t), start, end, true, &kids[i]) : nd_p_nomem(d->p);
    }
    return code ? code : nd_d_join(d, ND_N_OR, 0, kids, n + 1, start, end, out);
}

int nd_d_place(struct nd_d_reader *d, const struct nd_node *node, const struct nd_d_tok *op)
{
    if (nd_node_near(node))
        return 0;
    const char *what = node->kind == ND_N_NOT ? "NOT" : nd_p_show(d->p, node->start, node->end, 40);
    return nd_d_refuse(
        d, node->start, node->end,
        "join it with AND; a distance takes words, phrases, names and groups of them",
        "'%s' has no place in the text, so '%s' cannot have it", what,
        nd_p_show(d->p, op->start, op->end, 20));
}

int nd_d_start_mark(struct nd_d_reader *d, size_t start, size_t end, struct nd_node **out)
{
    d->marks = true;
    return nd_p_node(d->p, out, ND_N_FIRST, start, end);
}

bool nd_d_is_mark(const struct nd_node *n)
{
    return n->kind == ND_N_FIRST && !n->kids_n;
}

const struct nd_node *nd_d_stray_mark(const struct nd_node *n)
{
    const struct nd_node *bad = nd_d_is_mark(n) ? n : NULL;
    for (size_t i = 0; i < n->kids_n && !bad; i++)
        bad = nd_d_stray_mark(n->kids[i]);
    return bad;
}
