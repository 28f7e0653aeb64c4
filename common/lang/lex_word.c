/* Words of a query: operators, names of fields and functions, and spellings that are refused. */
#include "lang/lex_in.h"

#include "text/utf8.h"

#include <string.h>
#include <strings.h>

/* Operators of other systems, and what they are here. */
static const struct foreign {
    const char *typed, *here;
} foreign[] = {
    {"&", "AND"},      {"&&", "AND"},     {"|", "OR"},       {"||", "OR"},      {"%", "NOT"},
    {"!", "NOT"},      {"/s", "w/s"},     {"/p", "w/p"},     {"+s", "w/s"},     {"+p", "w/p"},
    {"w/sent", "w/s"}, {"w/para", "w/p"}, {"near/s", "w/s"}, {"near/p", "w/p"},
};

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool word_is(const struct nd_lexer *lx, size_t from, size_t to, const char *what)
{
    return strlen(what) == to - from && memcmp(lx->p + from, what, to - from) == 0;
}

static bool word_is_any_case(const struct nd_lexer *lx, size_t from, size_t to, const char *what)
{
    return strlen(what) == to - from && strncasecmp(lx->p + from, what, to - from) == 0;
}

static int refuse(struct nd_error *err, size_t start, size_t end, const char *msg)
{
    nd_fail(err, ND_QUERY, "%s", msg);
    nd_span(err, start, end);
    return ND_QUERY;
}

/* A word of the text for a message, cut to what fits. */
static int shown(const struct nd_lexer *lx, size_t from, size_t to, const char **p)
{
    *p = lx->p + from;
    size_t n = to - from;
    return (int)(n <= 60 ? n : nd_width_cut(lx->p + from, n < 200 ? n : 200, 60));
}

/* An operator of proximity spelt p[from..to). Return: 1 it is one, 0 not, or a failure. */
static int prox(const struct nd_lexer *lx, size_t from, size_t to, struct nd_lexeme *out,
                struct nd_error *err)
{
    static const struct {
        const char *name;
        enum nd_node_kind kind;
        bool upper; /* an operator in capitals alone */
        uint32_t alone;
    } ops[] = {
        {"NEAR", ND_N_NEAR, true, 10},
        {"ADJ", ND_N_PRE, true, 1},
        {"w", ND_N_NEAR, false, 0},
        {"pre", ND_N_PRE, false, 0},
    };
    for (size_t k = 0; k < sizeof ops / sizeof ops[0]; k++) {
        size_t len = strlen(ops[k].name);
        if (to - from < len || strncasecmp(lx->p + from, ops[k].name, len) != 0)
            continue;
        bool exact = memcmp(lx->p + from, ops[k].name, len) == 0;
        size_t i = from + len;
        if (i == to && ops[k].alone && exact) {
            out->prox = ops[k].kind;
            out->n = ops[k].alone;
            return 1;
        }
        if (i >= to || lx->p[i] != '/')
            continue;
        size_t d = ++i;
        if (k == 2 && to - d == 1 && strchr("sSpP", lx->p[d])) {
            out->prox = ND_N_SAME;
            out->n = (uint32_t)(lx->p[d] | 0x20);
            return 1;
        }
        bool num = nd_lex_number(lx, &i, to, &out->n);
        if (!num || i != to) {
            bool without = to - d == 1 && (lx->p[d] | 0x20) == 'o';
            bool lower = !ops[k].upper && to - d < 2 && !without;
            if (!(ops[k].upper && exact) && !lower)
                continue; /* w/o, pre/post: words */
            nd_fail(err, ND_QUERY, "%s/ takes a number of words", ops[k].name);
            nd_span(err, from, to);
            nd_hint(err, "write %s/5, or put the text in quotes to look for it", ops[k].name);
            return ND_QUERY;
        }
        if (ops[k].upper && !exact) {
            nd_fail(err, ND_QUERY, "'%.*s' is an operator in capitals only", (int)(to - from),
                    lx->p + from);
            nd_span(err, from, to);
            nd_hint(err, "write %s/%u, or put the text in quotes to look for it", ops[k].name,
                    out->n);
            return ND_QUERY;
        }
        if (out->n == 0 || out->n > ND_DISTANCE_MAX) {
            nd_fail(err, ND_QUERY, "a distance is 1 to %d words", ND_DISTANCE_MAX);
            nd_span(err, d, to);
            nd_hint(err, "neighbours are 1 apart; w/s asks for the same sentence, w/p for the same "
                         "paragraph");
            return ND_QUERY;
        }
        out->prox = ops[k].kind;
        return 1;
    }
    return 0;
}

/* NOT, or NOT w/n as one operator. */
static int not_or_prox(struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err)
{
    size_t i = nd_lex_skip(lx->p, lx->n, out->end);
    size_t end = i < lx->n ? nd_lex_word_end(lx, i, false) : i;
    struct nd_lexeme op = {0};
    int got = i > out->end && end > i ? prox(lx, i, end, &op, err) : 0;
    if (got < 0)
        return got;
    if (!got)
        return 0;
    if (op.prox != ND_N_NEAR) {
        const char *p;
        int n = shown(lx, i, end, &p);
        nd_fail(err, ND_QUERY, "NOT goes with w/n and NEAR/n, not with '%.*s'", n, p);
        nd_span(err, out->start, end);
        nd_hint(err,
                "a NOT w/5 b finds an a without b within five words; for articles write "
                "a AND NOT (a %.*s b)",
                n, p);
        return ND_QUERY;
    }
    out->kind = ND_L_PROX;
    out->prox = ND_N_NOTNEAR;
    out->n = op.n;
    out->end = end;
    return 0;
}

static int lower_operator(const struct nd_lexer *lx, size_t from, size_t to, const char *op,
                          struct nd_error *err)
{
    const char *w = lx->p + from;
    int n = (int)(to - from);
    nd_fail(err, ND_QUERY, "'%.*s' may be the operator or the word", n, w);
    nd_span(err, from, to);
    nd_hint(err, "type %s for the operator, or \"%.*s\" in quotes for the word", op, n, w);
    return ND_QUERY;
}

/* Spellings that would silently mean something else. */
static int odd_word(const struct nd_lexer *lx, size_t from, size_t to, struct nd_error *err)
{
    const char *p;
    int n = shown(lx, from, to, &p);
    bool exact = from > 0 && lx->p[from - 1] == '='; /* =or is the word */
    if (!exact && word_is_any_case(lx, from, to, "or"))
        return lower_operator(lx, from, to, "OR", err);
    if (!exact && word_is_any_case(lx, from, to, "not"))
        return lower_operator(lx, from, to, "NOT", err);
    const char *here = NULL;
    char buf[24];
    for (size_t k = 0; k < sizeof foreign / sizeof foreign[0]; k++)
        if (word_is_any_case(lx, from, to, foreign[k].typed))
            here = foreign[k].here;
    if (lx->p[from] == '/' && to - from > 1 && to - from < 8) {
        size_t i = from + 1;
        uint32_t v;
        if (nd_lex_number(lx, &i, to, &v) && i == to) {
            snprintf(buf, sizeof buf, "w/%u", v);
            here = buf;
        }
    }
    if (here) {
        nd_fail(err, ND_QUERY, "'%.*s' is not an operator here", n, p);
        nd_span(err, from, to);
        nd_hint(err, "write %s, or put the text in quotes to look for it", here);
        return ND_QUERY;
    }
    uint32_t cp = 0;
    size_t k = nd_utf8_decode(lx->p + from, to - from, &cp);
    if ((cp == 0x2013 || cp == 0x2014 || cp == 0x2212) && k < to - from) {
        nd_fail(err, ND_QUERY, "'%.*s' starts with a dash, which is not a minus", n, p);
        nd_span(err, from, to);
        nd_hint(err, "to exclude a word type -word or NOT word, to search it leave the dash out");
        return ND_QUERY;
    }
    const char *hat = memchr(lx->p + from, '^', to - from);
    if (hat && hat > lx->p + from && hat + 1 < lx->p + to && nd_lex_digit(hat[1])) {
        nd_fail(err, ND_QUERY, "'%.*s' is no weight here", n, p);
        nd_span(err, from, to);
        nd_hint(err, "write boost(%.*s,%.*s), or put the text in quotes to look for it",
                (int)(lx->p + to - hat - 1 > 20 ? 20 : lx->p + to - hat - 1), hat + 1,
                (int)(hat - (lx->p + from) > n ? n : hat - (lx->p + from)), p);
        return ND_QUERY;
    }
    return 0;
}

/* The edits of word~, word~2. */
static int word_tilde(const struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err)
{
    size_t i = out->end;
    while (i > out->start && nd_lex_digit(lx->p[i - 1]))
        i--;
    if (i == out->start || lx->p[i - 1] != '~')
        return 0;
    size_t d = i;
    out->tilde = true;
    out->digits = nd_lex_number(lx, &i, out->end, &out->n);
    if (!out->digits)
        out->n = 1;
    out->to = d - 1;
    if (out->n < 1 || out->n > 2) {
        refuse(err, d - 1, out->end, "a word takes ~ (one edit) or ~2");
        nd_hint(err, "a distance between words is written a w/5 b, extra words in a phrase \"a "
                     "b\"~5");
        return ND_QUERY;
    }
    return 0;
}

/* What stands directly behind a word and may not. */
int nd_lex_after_word(const struct nd_lexer *lx, size_t start, size_t end, struct nd_error *err)
{
    if (end >= lx->n)
        return 0;
    if (lx->p[end] == ',' && end > start && nd_lex_digit(lx->p[end - 1])) {
        size_t i = end + 1;
        uint32_t v;
        if (nd_lex_number(lx, &i, lx->n, &v) && i - end == 4) {
            refuse(err, start, i, "this may be one number or two arguments");
            nd_hint(err, "write the number without a comma, or put a blank after the comma");
            return ND_QUERY;
        }
    }
    if (!nd_lex_double(lx, end))
        return 0;
    refuse(err, end,
           end + (lx->p[end] == '"'                   ? 1
                  : (unsigned char)lx->p[end] == 0xc2 ? 2
                                                      : 3),
           "a quotation mark inside a word");
    nd_hint(err, "put a blank before an opening mark; a closing one needs its opening mark");
    return ND_QUERY;
}

int nd_lex_word(struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err)
{
    size_t start = lx->at, end = nd_lex_word_end(lx, start, false);
    out->kind = ND_L_WORD;
    out->start = out->from = start;
    out->end = out->to = end;
    lx->at = end;
    static const struct {
        const char *name;
        enum nd_lex_kind kind;
    } words[] = {{"AND", ND_L_AND}, {"OR", ND_L_OR}, {"NOT", ND_L_NOT}};
    for (size_t k = 0; k < 3; k++) {
        if (!word_is(lx, start, end, words[k].name))
            continue;
        out->kind = words[k].kind;
        int code = out->kind == ND_L_NOT ? not_or_prox(lx, out, err) : 0;
        lx->at = out->end;
        return code;
    }
    int got = prox(lx, start, end, out, err);
    if (got) {
        out->kind = ND_L_PROX;
        return got < 0 ? got : 0;
    }
    if (!lx->values) {
        size_t i = start;
        while (i < end && (is_alpha(lx->p[i]) || (i > start && lx->p[i] == '_')))
            i++;
        if (i > start && i < lx->n && i == end && lx->p[i] == '(') {
            out->kind = ND_L_FUNC;
            out->end = lx->at = end + 1;
            return 0;
        }
        if (i > start && i < end && lx->p[i] == ':' && !nd_lex_starts(lx, i, "://")) {
            out->kind = ND_L_FIELD;
            out->to = i;
            out->whole = i + 1 < lx->n && lx->p[i + 1] == '=';
            out->end = lx->at = i + 1 + out->whole;
            return 0;
        }
    }
    int code = odd_word(lx, start, end, err);
    if (!code && !lx->values)
        code = word_tilde(lx, out, err);
    if (!code)
        code = nd_lex_after_word(lx, start, end, err);
    return code;
}
