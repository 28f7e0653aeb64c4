/* Nexis and Lexis, terms and connectors: OR binds tightest, then distances (the smallest first), W/S, W/P, W/SEG, AND,
 * AND NOT; words side by side are a phrase of any forms; ! any ending, * one letter. */
#include "lang/dialect_in.h"

#include <string.h>
#include <strings.h>

#define WITHOUT "say it for articles: a AND NOT (a W/S b)"
#define ORDERED "write PRE/n with a number of words, or W/S without an order"

static const struct nd_d_op ops[] = {
    {"or", ND_D_OR, 1, 0, 0, NULL},
    {"w/#", ND_D_PROX, 2, ND_N_NEAR, 0, NULL},
    {"/#", ND_D_PROX, 2, ND_N_NEAR, 0, NULL},
    {"near/#", ND_D_PROX, 2, ND_N_NEAR, 0, NULL},
    {"pre/#", ND_D_PROX, 2, ND_N_PRE, 0, NULL},
    {"onear/#", ND_D_PROX, 2, ND_N_PRE, 0, NULL},
    {"not w/#", ND_D_PROX, 2, ND_N_NOTNEAR, 0, NULL},
    {"not /#", ND_D_PROX, 2, ND_N_NOTNEAR, 0, NULL},
    {"not near/#", ND_D_PROX, 2, ND_N_NOTNEAR, 0, NULL},
    {"w/s", ND_D_PROX, 3, ND_N_SAME, 's', NULL},
    {"w/sent", ND_D_PROX, 3, ND_N_SAME, 's', NULL},
    {"/s", ND_D_PROX, 3, ND_N_SAME, 's', NULL},
    {"/sent", ND_D_PROX, 3, ND_N_SAME, 's', NULL},
    {"near/s", ND_D_PROX, 3, ND_N_SAME, 's', NULL},
    {"w/p", ND_D_PROX, 4, ND_N_SAME, 'p', NULL},
    {"w/para", ND_D_PROX, 4, ND_N_SAME, 'p', NULL},
    {"/p", ND_D_PROX, 4, ND_N_SAME, 'p', NULL},
    {"/para", ND_D_PROX, 4, ND_N_SAME, 'p', NULL},
    {"near/p", ND_D_PROX, 4, ND_N_SAME, 'p', NULL},
    {"w/seg", ND_D_SEG, 5, 0, 0, NULL},
    {"/seg", ND_D_SEG, 5, 0, 0, NULL},
    {"near/seg", ND_D_SEG, 5, 0, 0, NULL},
    {"w/section", ND_D_SEG, 5, 0, 0, NULL},
    {"and", ND_D_AND, 6, 0, 0, NULL},
    {"&", ND_D_AND, 6, 0, 0, NULL},
    {"and not", ND_D_NOT, 7, 0, 1, NULL},
    {"andnot", ND_D_NOT, 7, 0, 1, NULL},
    {"but not", ND_D_NOT, 7, 0, 1, NULL},
    {"butnot", ND_D_NOT, 7, 0, 1, NULL},
    {"not w/s", ND_D_NOEQUAL, 3, 0, 0, WITHOUT},
    {"not w/sent", ND_D_NOEQUAL, 3, 0, 0, WITHOUT},
    {"not /s", ND_D_NOEQUAL, 3, 0, 0, WITHOUT},
    {"not w/p", ND_D_NOEQUAL, 3, 0, 0, WITHOUT},
    {"not w/para", ND_D_NOEQUAL, 3, 0, 0, WITHOUT},
    {"not /p", ND_D_NOEQUAL, 3, 0, 0, WITHOUT},
    {"not w/seg", ND_D_NOEQUAL, 3, 0, 0, "say it for articles: a AND NOT b"},
    {"pre/s", ND_D_NOEQUAL, 3, 0, 0, ORDERED},
    {"pre/p", ND_D_NOEQUAL, 3, 0, 0, ORDERED},
    {"onear/s", ND_D_NOEQUAL, 3, 0, 0, ORDERED},
    {"onear/p", ND_D_NOEQUAL, 3, 0, 0, ORDERED},
    {"not", ND_D_NOEQUAL, 7, 0, 0, "write AND NOT, or \"not\" in quotes for the word"},
};

#define ONE_FORM "put the word in quotes: that form alone is found"

static const struct nd_d_name names[] = {
    {"headline", ND_D_FIELD, "title", 0, NULL},
    {"hlead", ND_D_FIELD, "hlead", 0, NULL},
    {"lead", ND_D_FIELD, "lead", 0, NULL},
    {"body", ND_D_FIELD, "body", 0, NULL},
    {"byline", ND_D_FIELD, "author", 0, NULL},
    {"author", ND_D_FIELD, "author", 0, NULL},
    {"publication", ND_D_FIELD, "source", 0, NULL},
    {"source", ND_D_FIELD, "source", 0, NULL},
    {"pub", ND_D_FIELD, "source", 0, NULL},
    {"section", ND_D_FIELD, "section", 0, NULL},
    {"terms", ND_D_FIELD, "tag", 0, NULL},
    {"subject", ND_D_FIELD, "tag", 0, NULL},
    {"company", ND_D_FIELD, "org", 0, NULL},
    {"organization", ND_D_FIELD, "org", 0, NULL},
    {"person", ND_D_FIELD, "person", 0, NULL},
    {"geographic", ND_D_FIELD, "place", 0, NULL},
    {"geo", ND_D_FIELD, "place", 0, NULL},
    {"language", ND_D_FIELD, "lang", 0, NULL},
    {"length", ND_D_FIELD, "length", 0, NULL},
    {"date", ND_D_FIELD, "date", 0, NULL},
    {"load-date", ND_D_FIELD, "indexed", 0, NULL},
    {"caps", ND_D_CAPS, NULL, 'c', NULL},
    {"allcaps", ND_D_CAPS, NULL, 'a', NULL},
    {"nocaps", ND_D_CAPS, NULL, 'n', NULL},
    {"atleast#", ND_D_TIMES, NULL, 0, NULL},
    {"atl#", ND_D_TIMES, NULL, 0, NULL},
    {"singular", ND_D_NAME_NOEQUAL, NULL, 0, ONE_FORM},
    {"sing", ND_D_NAME_NOEQUAL, NULL, 0, ONE_FORM},
    {"plural", ND_D_NAME_NOEQUAL, NULL, 0, ONE_FORM},
    {"plur", ND_D_NAME_NOEQUAL, NULL, 0, ONE_FORM},
    {"dateline", ND_D_NAME_NOEQUAL, NULL, 0,
     "the dateline is text here: first(20, ...) in the native syntax"},
    {"graphic", ND_D_NAME_NOEQUAL, NULL, 0, "captions are no section of their own here"},
    {"highlight", ND_D_NAME_NOEQUAL, NULL, 0, "HLEAD() is the headline and lead"},
    {"correction", ND_D_NAME_NOEQUAL, NULL, 0, "search the text: BODY(correction)"},
    {"correction-date", ND_D_NAME_NOEQUAL, NULL, 0,
     "updated:DATE in the native syntax is the last change"},
    {"publication-type", ND_D_NAME_NOEQUAL, NULL, 0, "name the publications: PUBLICATION(a or b)"},
    {"ticker", ND_D_NAME_NOEQUAL, NULL, 0, "search the company's name: COMPANY(...)"},
    {"industry", ND_D_NAME_NOEQUAL, NULL, 0, "search the tags of the dump: TERMS(...)"},
};

/* A relation at from: AFT, BEF, IS, GEQ, LEQ or signs. Return: its bytes, 0 if there is none. */
static size_t relation(const struct nd_d_reader *d, size_t from, size_t to, char *rel)
{
    static const struct {
        const char *typed;
        char rel;
    } rels[] = {{">=", 'g'},  {"<=", 'l'},     {"=", '='},   {">", '>'},
                {"<", '<'},   {"is", '='},     {"aft", '>'}, {"after", '>'},
                {"bef", '<'}, {"before", '<'}, {"geq", 'g'}, {"leq", 'l'}};
    for (size_t i = 0; i < sizeof rels / sizeof rels[0]; i++) {
        size_t n = strlen(rels[i].typed);
        if (to - from < n || strncasecmp(d->s + from, rels[i].typed, n) != 0)
            continue;
        if (i > 4 && to - from != n)
            continue; /* a word ends here */
        *rel = rels[i].rel;
        return n;
    }
    return 0;
}

static size_t word_end(const struct nd_d_reader *d, size_t i)
{
    while (i < d->n && !nd_lex_blank(d->s + i, d->n - i) && d->s[i] != '(' && d->s[i] != ')')
        i++;
    return i;
}

static int lex(struct nd_d_reader *d, struct nd_d_tok *t)
{
    size_t i = t->start;
    while (i < t->end && (d->s[i] == '-' || (d->s[i] | 0x20) >= 'a') && (d->s[i] | 0x20) <= 'z')
        i++;
    size_t letters = i;
    while (i < t->end && d->s[i] >= '0' && d->s[i] <= '9')
        i++;
    const struct nd_d_name *name = nd_d_find_name(d, t->start, i, &t->n);
    char rel;
    if (!name && i == t->end && i < d->n && d->s[i] == '(' && !relation(d, t->start, t->end, &rel))
        return nd_d_refuse(
            d, t->start, t->end,
            "sections are HEADLINE LEAD HLEAD BODY BYLINE PUBLICATION SECTION TERMS; "
            "write AND before a bracket after a word",
            "unknown section or command '%s'", nd_p_show(d->p, t->start, t->end, 40));
    if (!name)
        return 0;
    const struct nd_field *f =
        name->kind == ND_D_FIELD ? nd_schema_find(name->field, strlen(name->field)) : NULL;
    bool call = i == t->end && i < d->n && d->s[i] == '(', related = false;
    if (f && (f->kind == ND_KIND_DATE || f->kind == ND_KIND_NUMBER) && i == letters) {
        size_t at = nd_lex_skip(d->s, d->n, i);
        related = relation(d, at, word_end(d, at), &rel) > 0;
    }
    if (!call && !related)
        return 0;
    t->kind = ND_D_NAME;
    t->name = name;
    t->field = f;
    t->rel = related ? 'r' : '(';
    t->end = t->to = i;
    return 1;
}

static bool ahead(struct nd_d_reader *d, enum nd_d_tok_kind kind)
{
    return d->have && d->tok.kind == kind;
}

/* [relation] value, a bracket around the value allowed: narrows lo..hi or the days. */
static int condition(struct nd_d_reader *d, const struct nd_field *f, struct nd_node *node)
{
    char rel = '=';
    size_t from = 0, to = 0, start;
    int code = nd_d_peek(d);
    if (code)
        return code;
    start = d->tok.start;
    if (ahead(d, ND_D_WORD)) {
        size_t n = relation(d, d->tok.from, d->tok.to, &rel);
        from = d->tok.from + n;
        if (n && from == d->tok.to) {
            nd_d_take(d);
            code = nd_d_peek(d);
        } else if (n) {
            d->tok.from = from;
        }
    }
    bool bracket = !code && ahead(d, ND_D_OPEN);
    if (bracket) {
        nd_d_take(d);
        code = nd_d_peek(d);
    }
    for (bool first = true; !code && ahead(d, ND_D_WORD); first = false) {
        from = first ? d->tok.from : from;
        to = d->tok.to;
        nd_d_take(d);
        code = nd_d_peek(d);
    }
    if (!code && bracket && ahead(d, ND_D_CLOSE)) {
        nd_d_take(d);
    } else if (!code && bracket) {
        code =
            nd_d_refuse(d, start, d->tok.end, "write GEQ(2024-01-01)", "a bracket is not closed");
    }
    if (!code && to <= from)
        code = nd_d_refuse(d, start, d->tok.end,
                           f->kind == ND_KIND_DATE ? "write DATE AFT 2024-01-31"
                                                   : "write LENGTH > 500",
                           "'%s' has no value", f->name);
    if (code)
        return code;
    if (f->kind == ND_KIND_NUMBER) {
        struct nd_node *one;
        char sign = rel == 'g' || rel == 'l' ? '=' : rel;
        code = nd_d_number(d, f, sign, from, to, start, &one);
        if (code)
            return code;
        int64_t lo = rel == 'l' ? INT64_MIN : one->lo, hi = rel == 'g' ? INT64_MAX : one->hi;
        node->lo = lo > node->lo ? lo : node->lo;
        node->hi = hi < node->hi ? hi : node->hi;
        return 0;
    }
    struct nd_day_range r;
    code = nd_d_date(d, from, to, &r);
    if (code)
        return code;
    if (rel == '>')
        r = (struct nd_day_range){nd_d_day_add(r.to, 1), 99991231};
    else if (rel == '<')
        r = (struct nd_day_range){0, nd_d_day_add(r.from, -1)};
    else if (rel == 'g')
        r.to = 99991231;
    else if (rel == 'l')
        r.from = 0;
    node->range.from = r.from > node->range.from ? r.from : node->range.from;
    node->range.to = r.to < node->range.to ? r.to : node->range.to;
    return 0;
}

/* DATE AFT x, DATE(GEQ x AND LEQ y), LENGTH > n. */
static int conditions(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    const struct nd_field *f = t->field;
    int code =
        nd_p_node(d->p, out, f->kind == ND_KIND_DATE ? ND_N_DATE : ND_N_NUMBER, t->start, t->end);
    if (code)
        return code;
    struct nd_node *node = *out;
    node->field = f;
    node->lo = INT64_MIN;
    node->hi = INT64_MAX;
    node->range = (struct nd_day_range){0, 99991231};
    bool bracket = t->rel == '(';
    code = nd_d_peek(d);
    if (!code && bracket)
        nd_d_take(d);
    for (bool more = true; more && !code;) {
        code = condition(d, f, node);
        if (!code)
            code = nd_d_peek(d);
        more = !code && bracket && ahead(d, ND_D_OP) && d->tok.op->kind == ND_D_AND;
        if (more)
            nd_d_take(d);
    }
    if (code)
        return code;
    if (bracket && !ahead(d, ND_D_CLOSE))
        return nd_d_refuse(d, t->start, d->tok.end, "write DATE(GEQ 2024-01-01 AND LEQ 2024-03-31)",
                           "the bracket of '%s' is not closed", f->name);
    if (bracket)
        nd_d_take(d);
    node->end = d->done;
    if (node->lo > node->hi || node->range.from > node->range.to)
        return nd_d_refuse(d, t->start, d->done, "swap the ends",
                           "the range ends before it starts");
    return 0;
}

static int named(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    if (t->field && (t->field->kind == ND_KIND_DATE || t->field->kind == ND_KIND_NUMBER))
        return conditions(d, t, out);
    if (t->field)
        return nd_d_field(d, t->field, t, 0, out);
    int code = nd_d_peek(d);
    if (!code)
        code = nd_d_bracket(d, out);
    if (!code)
        code = nd_d_place(d, *out, t);
    bool times = t->name->kind == ND_D_TIMES;
    if (!code && times && (t->n == 0 || t->n > 1000000))
        code = nd_d_refuse(d, t->start, t->end, "for example ATLEAST3(inflation)",
                           "ATLEAST takes a number of 1 to 1000000");
    return code ? code
                : nd_d_join(d, times ? ND_N_ATLEAST : ND_N_CASE, t->n, out, 1, t->start, d->done,
                            out);
}

/* bank** : up to two more letters. */
static int word(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    size_t end = t->to, base = d->text.len;
    while (end > t->from && d->s[end - 1] == '*')
        end--;
    if (end == t->to || end == t->from || memchr(d->s + t->from, '!', end - t->from))
        return 0;
    int code = nd_d_convert(d, t->from, end);
    if (!code)
        code = nd_d_up_to(d, (struct nd_str){d->text.data + base, d->text.len - base},
                          (uint32_t)(t->to - end), t->start, t->end, out);
    d->text.len = base;
    return code ? code : 1;
}

const struct nd_d_syntax nd_d_nexis = {
    .name = "nexis",
    .title = "Nexis",
    .ops = ops,
    .ops_n = sizeof ops / sizeof ops[0],
    .names = names,
    .names_n = sizeof names / sizeof names[0],
    .levels = 7,
    .any = "!",
    .one = "*?",
    .open = "(",
    .close = ")",
    .smallest_first = true,
    .stems = true,
    .lex = lex,
    .named = named,
    .word = word,
};
