/* Factiva, traditional search: words side by side are a phrase; same, adjN, w/N, nearN, /Nn/ bind tightest, then
 * atleastN and fields, not, and, or; $ any ending, $n at most n letters, ? one letter, % one word. */
#include "lang/dialect_in.h"

#include <string.h>
#include <strings.h>

static const struct nd_d_op ops[] = {
    {"adj", ND_D_PROX, 1, ND_N_PRE, 1, NULL},
    {"adj#", ND_D_PROX, 1, ND_N_PRE, 0, NULL},
    {"w/#", ND_D_PROX, 1, ND_N_PRE, 0, NULL},
    {"near#", ND_D_PROX, 1, ND_N_NEAR, 0, NULL},
    {"/n#/", ND_D_PROX, 1, ND_N_NEAR, 0, NULL},
    {"/f#/", ND_D_FIRST, 1, 0, 0, NULL},
    {"same", ND_D_PROX, 1, ND_N_SAME, 'p', NULL},
    {"not", ND_D_NOT, 2, 0, 0, NULL},
    {"and", ND_D_AND, 3, 0, 0, NULL},
    {"or", ND_D_OR, 4, 0, 0, NULL},
    {"n#", ND_D_NOEQUAL, 1, 0, 0,
     "it may be the distance or a word: write near5 or /n5/, or put the word in quotes"},
    {"f#", ND_D_NOEQUAL, 1, 0, 0,
     "it may be the operator or a word: write /f50/, or put the word in quotes"},
};

#define CODES "codes of the service are not in the articles: search the name, with "

static const struct nd_d_name names[] = {
    {"hd", ND_D_FIELD, "title", 0, NULL},
    {"hlp", ND_D_FIELD, "hlead", 0, NULL},
    {"lp", ND_D_FIELD, "lead", 0, NULL},
    {"td", ND_D_FIELD, "body", 0, NULL},
    {"by", ND_D_FIELD, "author", 0, NULL},
    {"sn", ND_D_FIELD, "source", 0, NULL},
    {"la", ND_D_FIELD, "lang", 0, NULL},
    {"an", ND_D_FIELD, "id", 0, NULL},
    {"se", ND_D_FIELD, "section", 0, NULL},
    {"wc", ND_D_FIELD, "length", 0, NULL},
    {"date", ND_D_FIELD, "date", 0, NULL},
    {"upd", ND_D_FIELD, "updated", 0, NULL},
    {"atleast#", ND_D_TIMES, NULL, 0, NULL},
    {"co", ND_D_NAME_NOEQUAL, NULL, 0, CODES "org:NAME in the native syntax"},
    {"fds", ND_D_NAME_NOEQUAL, NULL, 0, CODES "org:NAME in the native syntax"},
    {"ns", ND_D_NAME_NOEQUAL, NULL, 0, CODES "tag:WORD in the native syntax"},
    {"in", ND_D_NAME_NOEQUAL, NULL, 0, CODES "tag:WORD in the native syntax"},
    {"re", ND_D_NAME_NOEQUAL, NULL, 0, CODES "place:NAME in the native syntax"},
    {"rst", ND_D_NAME_NOEQUAL, NULL, 0, CODES "sn="},
    {"sc", ND_D_NAME_NOEQUAL, NULL, 0, CODES "sn="},
    {"pe", ND_D_NAME_NOEQUAL, NULL, 0, CODES "person:NAME in the native syntax"},
    {"cr", ND_D_NAME_NOEQUAL, NULL, 0, "the credit is no field here: search the text"},
    {"clm", ND_D_NAME_NOEQUAL, NULL, 0, "the column is no field here: se= is the section"},
    {"art", ND_D_NAME_NOEQUAL, NULL, 0, "captions are no field of their own here"},
};

static bool is_word(const struct nd_d_reader *d, const struct nd_d_tok *t, const char *what)
{
    return strlen(what) == t->to - t->from &&
           strncasecmp(d->s + t->from, what, t->to - t->from) == 0;
}

static int bad_date(struct nd_d_reader *d, const struct nd_d_tok *t)
{
    return nd_d_refuse(
        d, t->start, t->end,
        "write date from 2024-01-01 to 2024-01-31, date after -7, or \"date\" in quotes "
        "for the word",
        "no range of dates follows '%s'", nd_p_show(d->p, t->start, t->end, 20));
}

/* Does from, after, before, on, in or a number follow? */
static bool range_follows(const struct nd_d_reader *d, size_t at)
{
    static const char *const how[] = {"from", "after", "before", "on", "in"};
    size_t i = nd_lex_skip(d->s, d->n, at), end = i;
    while (end < d->n && !nd_lex_blank(d->s + end, d->n - end))
        end++;
    bool yes = i < d->n && d->s[i] >= '0' && d->s[i] <= '9';
    for (size_t k = 0; k < sizeof how / sizeof how[0] && !yes; k++)
        yes = strlen(how[k]) == end - i && strncasecmp(d->s + i, how[k], end - i) == 0;
    return yes;
}

static int lex(struct nd_d_reader *d, struct nd_d_tok *t)
{
    size_t i = t->start;
    while (i < t->end && (d->s[i] | 0x20) >= 'a' && (d->s[i] | 0x20) <= 'z')
        i++;
    size_t letters = i;
    bool rel = i < t->end && strchr("=<>", d->s[i]);
    while (!rel && i < t->end && d->s[i] >= '0' && d->s[i] <= '9')
        i++;
    const struct nd_d_name *name = nd_d_find_name(d, t->start, i, &t->n);
    if (!name && rel && letters > t->start && letters - t->start <= 4)
        return nd_d_refuse(d, t->start, i + 1,
                           "fields are hd= hlp= lp= td= by= sn= se= la= an= wc>; "
                           "to look for the text put it in quotes",
                           "unknown field '%s'", nd_p_show(d->p, t->start, i + 1, 20));
    if (!name)
        return 0;
    bool days = name->kind == ND_D_FIELD && letters == t->end &&
                (strcmp(name->field, "date") == 0 || strcmp(name->field, "updated") == 0);
    bool times = name->kind == ND_D_TIMES && i == t->end;
    if (!rel && !days && !times)
        return 0;
    if (days && !range_follows(d, t->end))
        return bad_date(d, t);
    t->kind = ND_D_NAME;
    t->name = name;
    t->field = name->field ? nd_schema_find(name->field, strlen(name->field)) : NULL;
    t->rel = rel ? d->s[i] : 0;
    t->end = t->to = i + rel;
    return 1;
}

/* A day, or -N and +N days from today; the next token is its first word. stop: a word that ends it. */
static int day(struct nd_d_reader *d, const struct nd_d_tok *t, const char *stop,
               struct nd_day_range *out)
{
    size_t from = 0, to = 0;
    int code = nd_d_peek(d);
    while (!code && d->tok.kind == ND_D_WORD && !(stop && is_word(d, &d->tok, stop))) {
        from = to ? from : d->tok.from;
        to = d->tok.to;
        nd_d_take(d);
        code = nd_d_peek(d);
    }
    if (code || to <= from)
        return code ? code : bad_date(d, t);
    if ((d->s[from] == '-' || d->s[from] == '+') && to - from > 1 && to - from < 7) {
        int n = 0;
        size_t i = from + 1;
        for (; i < to && d->s[i] >= '0' && d->s[i] <= '9'; i++)
            n = n * 10 + (d->s[i] - '0');
        if (i == to) {
            out->from = out->to = nd_d_day_add(d->p->options->today, d->s[from] == '-' ? -n : n);
            return 0;
        }
    }
    return nd_d_date(d, from, to, out);
}

/* date from A to B, date after A, date before A. */
static int days(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    struct nd_day_range a, b;
    int code = nd_d_peek(d);
    if (code)
        return code;
    struct nd_d_tok how = d->tok;
    bool from = how.kind == ND_D_WORD && is_word(d, &how, "from");
    bool after = how.kind == ND_D_WORD && is_word(d, &how, "after");
    bool before = how.kind == ND_D_WORD && is_word(d, &how, "before");
    bool on = how.kind == ND_D_WORD && (is_word(d, &how, "on") || is_word(d, &how, "in"));
    if (from || after || before || on)
        nd_d_take(d);
    code = day(d, t, from ? "to" : NULL, &a);
    b = a;
    if (!code && from) {
        code = nd_d_peek(d);
        if (!code && !(d->tok.kind == ND_D_WORD && is_word(d, &d->tok, "to")))
            return bad_date(d, t);
        nd_d_take(d);
        if (!code)
            code = day(d, t, NULL, &b);
    }
    if (code)
        return code;
    uint32_t first = after ? nd_d_day_add(a.to, 1) : before ? 0 : a.from;
    uint32_t last = after ? 99991231 : before ? nd_d_day_add(a.from, -1) : b.to;
    return nd_d_days(d, t->field, first, last, t->start, d->done, out);
}

static int named(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    int code;
    if (t->name->kind == ND_D_TIMES) {
        code = t->n ? nd_d_climb(d, 1, out)
                    : nd_d_refuse(d, t->start, t->end, "for example atleast5 microsoft",
                                  "atleast takes a number from 1 on");
        if (!code)
            code = nd_d_place(d, *out, t);
        return code ? code : nd_d_join(d, ND_N_ATLEAST, t->n, out, 1, t->start, d->done, out);
    }
    if (t->field->kind == ND_KIND_DATE)
        return days(d, t, out);
    if (t->field->kind == ND_KIND_NUMBER) {
        code = nd_d_peek(d);
        if (code)
            return code;
        struct nd_d_tok v = d->tok;
        size_t to = v.kind == ND_D_WORD ? v.to : v.from;
        if (v.kind == ND_D_WORD)
            nd_d_take(d);
        return nd_d_number(d, t->field, t->rel, v.from, to, t->start, out);
    }
    if (t->rel != '=')
        return nd_d_refuse(d, t->start, t->end, "write = behind it", "'%s' has no order",
                           nd_p_show(d->p, t->start, t->end, 20));
    return nd_d_field(d, t->field, t, t->field->kind == ND_KIND_TEXT ? 1 : 0, out);
}

/* engineer$3 */
static int word(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    size_t i = t->to, base = d->text.len;
    while (i > t->from && d->s[i - 1] >= '0' && d->s[i - 1] <= '9')
        i--;
    if (i == t->to || i <= t->from + 1 || d->s[i - 1] != '$' || t->to - i > 1)
        return 0;
    int code = nd_d_convert(d, t->from, i - 1);
    if (!code)
        code = nd_d_up_to(d, (struct nd_str){d->text.data + base, d->text.len - base},
                          (uint32_t)(d->s[i] - '0'), t->start, t->end, out);
    d->text.len = base;
    return code ? code : 1;
}

const struct nd_d_syntax nd_d_factiva = {
    .name = "factiva",
    .title = "Factiva",
    .ops = ops,
    .ops_n = sizeof ops / sizeof ops[0],
    .names = names,
    .names_n = sizeof names / sizeof names[0],
    .levels = 4,
    .any = "$*",
    .one = "?",
    .open = "([",
    .close = ")]",
    .gap = '%',
    .join_groups = true,
    .slashes = true,
    .lex = lex,
    .named = named,
    .word = word,
};
