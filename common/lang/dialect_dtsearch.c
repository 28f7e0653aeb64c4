/* dtSearch, boolean requests: words side by side are a phrase; w/N and pre/N bind tightest, then not; and with or
 * needs brackets; * any letters, ? one letter, % a misspelt word, ~ any form. */
#include "lang/dialect_in.h"

#include "tool/option.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct nd_d_op ops[] = {
    {"w/#", ND_D_PROX, 1, ND_N_NEAR, 0, NULL},
    {"pre/#", ND_D_PROX, 1, ND_N_PRE, 0, NULL},
    {"not w/#", ND_D_PROX, 1, ND_N_NOTNEAR, 0, NULL},
    {"not", ND_D_NOT, 2, 0, 0, NULL},
    {"and", ND_D_AND, 3, 0, 0, NULL},
    {"or", ND_D_OR, 3, 0, 0, NULL},
    {"not pre/#", ND_D_NOEQUAL, 1, 0, 0, "say it for articles: a and not (a pre/5 b)"},
    {"andany", ND_D_NOEQUAL, 3, 0, 0, "what is not required changes no answer: leave it out"},
};

#define PATTERNS "texts of a pattern are not looked for; name the words, with * where letters vary"

static const struct nd_d_name names[] = {
    {"date", ND_D_NAME_NOEQUAL, NULL, 0,
     "dates inside the text are not looked for; the day of publication is date:2024-01..2024-03 in "
     "the native "
     "syntax"},
    {"mail", ND_D_NAME_NOEQUAL, NULL, 0, PATTERNS},
    {"creditcard", ND_D_NAME_NOEQUAL, NULL, 0, PATTERNS},
};

static bool is_word(const struct nd_d_reader *d, size_t from, size_t to, const char *what)
{
    return strlen(what) == to - from && strncasecmp(d->s + from, what, to - from) == 0;
}

/* FIELD CONTAINS ... */
static int lex(struct nd_d_reader *d, struct nd_d_tok *t)
{
    size_t i = nd_lex_skip(d->s, d->n, t->end), end = i;
    t->name =
        t->end < d->n && d->s[t->end] == '(' ? nd_d_find_name(d, t->start, t->end, &t->n) : NULL;
    if (t->name) {
        t->kind = ND_D_NAME;
        return 1;
    }
    while (end < d->n && !nd_lex_blank(d->s + end, d->n - end) && d->s[end] != '(' &&
           d->s[end] != '"')
        end++;
    if (i == t->end || !is_word(d, i, end, "contains"))
        return 0;
    t->field = nd_schema_find(d->s + t->start, t->end - t->start);
    if (!t->field)
        return nd_d_refuse(d, t->start, t->end,
                           "'newsq fields' lists all; to look for the word "
                           "'contains' put it in quotes",
                           "unknown field '%s'", nd_p_show(d->p, t->start, t->end, 40));
    t->kind = ND_D_NAME;
    t->end = end;
    return 1;
}

static int named(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    if (t->field->kind == ND_KIND_DATE || t->field->kind == ND_KIND_NUMBER)
        return nd_d_refuse(d, t->start, t->end,
                           "date:2024-01..2024-03 and length:500.. are written in "
                           "the native syntax",
                           "'%s' holds no words", t->field->name);
    return nd_d_field(d, t->field, t, 0, out);
}

static int no_equal(struct nd_d_reader *d, const struct nd_d_tok *t, const char *what,
                    const char *hint)
{
    return nd_d_refuse(d, t->start, t->end, hint, "no equal here: %s '%s'", what,
                       nd_p_show(d->p, t->start, t->end, 40));
}

/* ba%nana: as many misspelt letters as there are % */
static int fuzzy(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    size_t base = d->text.len;
    uint32_t n = 0;
    for (size_t i = t->from; i < t->to; i++) {
        n += d->s[i] == '%';
        if (d->s[i] != '%' && nd_buf_byte(&d->text, (unsigned char)d->s[i]))
            return nd_p_nomem(d->p);
    }
    if (n > 2)
        return nd_d_refuse(d, t->start, t->end, "write one % or two",
                           "more than two misspelt letters");
    struct nd_str text = {d->text.data + base, d->text.len - base};
    int code = memchr(text.p, '*', text.n) || memchr(text.p, '?', text.n)
                   ? nd_d_refuse(d, t->start, t->end, "leave one of them out",
                                 "%% and wildcards in one word")
                   : nd_d_read(d, text, t->start, t->end, true, out);
    d->text.len = base;
    if (!code && (*out)->kind != ND_N_EXACT)
        code =
            nd_d_refuse(d, t->start, t->end, "write the words apart", "%% works on one plain word");
    if (code)
        return code;
    (*out)->kind = ND_N_FUZZY;
    (*out)->n = n;
    return nd_d_note(d, "the letters before %% may be misspelt too");
}

/* word:5 */
static int weight(struct nd_d_reader *d, const struct nd_d_tok *t, size_t colon,
                  struct nd_node **out)
{
    struct nd_d_tok w = *t;
    char buf[16];
    w.to = colon;
    size_t n = t->to - colon - 1, base = d->text.len;
    memcpy(buf, d->s + colon + 1, n);
    buf[n] = '\0';
    double x = strtod(buf, NULL);
    if (!(x >= 0.001 && x <= 1000))
        return nd_d_refuse(d, t->start, t->end, "words that speak against an article: and not",
                           "a weight is 0.001 to 1000");
    int code = nd_d_convert(d, w.from, w.to);
    struct nd_node *kid;
    if (!code)
        code = nd_d_read(d, (struct nd_str){d->text.data + base, d->text.len - base}, t->start,
                         t->end, true, &kid);
    d->text.len = base;
    if (!code)
        code = nd_d_join(d, ND_N_BOOST, 0, &kid, 1, t->start, t->end, out);
    if (!code)
        (*out)->x = x;
    return code;
}

static size_t weight_at(const struct nd_d_reader *d, const struct nd_d_tok *t)
{
    size_t i = t->to;
    while (i > t->from && ((d->s[i - 1] >= '0' && d->s[i - 1] <= '9') || d->s[i - 1] == '.'))
        i--;
    if (i > t->from && d->s[i - 1] == '-')
        i--;
    return i < t->to && i > t->from + 1 && d->s[i - 1] == ':' && t->to - i < 12 ? i - 1 : 0;
}

static int word(struct nd_d_reader *d, const struct nd_d_tok *t, struct nd_node **out)
{
    const char *p = d->s + t->from;
    size_t n = t->to - t->from, colon;
    int code;
    if (is_word(d, t->from, t->to, "xfirstword")) {
        code = nd_d_start_mark(d, t->start, t->end, out);
        return code ? code : 1;
    }
    if (is_word(d, t->from, t->to, "xlastword"))
        return no_equal(d, t, "the end of the text", "the start has one: a w/20 xfirstword");
    if (n > 1 && p[0] == '#' && p[1] == '#')
        return no_equal(d, t, "the regular expression", "write a word with * and ?");
    if (p[0] == '#' && n > 1)
        return no_equal(d, t, "words that sound like",
                        "allow misspelt letters, sm%ith, or name the "
                        "spellings with or");
    if (p[0] == '@' && n > 1)
        return no_equal(d, t, "the macro", "save the query: query:NAME in the native syntax");
    if (memmem(p, n, "~~", 2))
        return no_equal(d, t, "the range of numbers",
                        "name the numbers with or; length and dates have "
                        "ranges in the native syntax");
    if (n > 1 && p[n - 1] == '&')
        return no_equal(d, t, "the synonyms of", "name them with or");
    if (n > 1 && memchr(p, '=', n))
        return no_equal(d, t, "the digit in", "write ? for any one letter or digit");
    if (n > 1 && p[n - 1] == '~') {
        code = nd_d_read(d, (struct nd_str){p, n - 1}, t->start, t->end, false, out);
        return code ? code : 1;
    }
    if (n > 1 && memchr(p, '%', n) && p[n - 1] != '%') {
        code = fuzzy(d, t, out);
        return code ? code : 1;
    }
    colon = weight_at(d, t);
    if (!colon)
        return 0;
    code = weight(d, t, colon, out);
    return code ? code : 1;
}

const struct nd_d_syntax nd_d_dtsearch = {
    .name = "dtsearch",
    .title = "dtSearch",
    .ops = ops,
    .ops_n = sizeof ops / sizeof ops[0],
    .names = names,
    .names_n = sizeof names / sizeof names[0],
    .levels = 3,
    .any = "*",
    .one = "?",
    .open = "(",
    .close = ")",
    .mix_refused = true,
    .one_group = true,
    .lex = lex,
    .named = named,
    .word = word,
};
