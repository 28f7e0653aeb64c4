#include "lang/lex.h"

#include "text/utf8.h"

#include <string.h>
#include <strings.h>

/* A pair of double quotation marks. */
struct marks {
    const char *open, *close, *other; /* other: a second closing mark, NULL if there is none */
};

static const struct marks doubles[] = {
    {"\"", "\"", NULL},
    {"\xe2\x80\x9c", "\xe2\x80\x9d", NULL},           /* “ ” */
    {"\xe2\x80\x9e", "\xe2\x80\x9c", "\xe2\x80\x9d"}, /* „ “ or ” */
    {"\xe2\x80\x9d", "\xe2\x80\x9d", NULL},           /* ” ” */
    {"\xc2\xab", "\xc2\xbb", NULL},                   /* « » */
    {"\xc2\xbb", "\xc2\xab", NULL},                   /* » « */
};

/* Operators of other systems, and what they are here. */
static const struct foreign {
    const char *typed, *here;
} foreign[] = {
    {"&", "AND"},     {"&&", "AND"},    {"|", "OR"},      {"||", "OR"},   {"%", "NOT"},
    {"!", "NOT"},     {"/s", "w/s"},    {"/p", "w/p"},    {"+s", "w/s"},  {"+p", "w/p"},
    {"w/sent", "w/s"}, {"w/para", "w/p"}, {"near/s", "w/s"}, {"near/p", "w/p"},
};

void nd_lexer_init(struct nd_lexer *lx, const char *p, size_t n)
{
    *lx = (struct nd_lexer){.p = p, .n = n};
}

size_t nd_lex_blank(const char *p, size_t n)
{
    if (n == 0)
        return 0;
    unsigned char c = (unsigned char)p[0];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (c == 0xc2 && n > 1 && (unsigned char)p[1] == 0xa0)
        return 2;
    if (c < 0xe1 || n < 3)
        return 0;
    uint32_t cp = 0;
    if (nd_utf8_decode(p, n, &cp) != 3)
        return 0;
    if (cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200b) || cp == 0x2028 || cp == 0x2029 ||
        cp == 0x202f || cp == 0x205f || cp == 0x3000 || cp == 0xfeff)
        return 3;
    return 0;
}

size_t nd_lex_skip(const char *p, size_t n, size_t at)
{
    for (size_t k; at < n && (k = nd_lex_blank(p + at, n - at)) > 0;)
        at += k;
    return at;
}

static bool at_blank(const struct nd_lexer *lx, size_t i)
{
    return i >= lx->n || nd_lex_blank(lx->p + i, lx->n - i) > 0;
}

static size_t starts(const struct nd_lexer *lx, size_t i, const char *what)
{
    size_t k = what ? strlen(what) : 0;
    return k && k <= lx->n - i && memcmp(lx->p + i, what, k) == 0 ? k : 0;
}

static const struct marks *double_at(const struct nd_lexer *lx, size_t i)
{
    if (i >= lx->n || (lx->p[i] != '"' && (unsigned char)lx->p[i] < 0xc2))
        return NULL;
    for (size_t k = 0; k < sizeof doubles / sizeof doubles[0]; k++)
        if (starts(lx, i, doubles[k].open))
            return &doubles[k];
    return NULL;
}

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
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

/* Read a number at i; *i moves past its digits. Return: false if there is none; capped well past
 * every limit. */
static bool number(const struct nd_lexer *lx, size_t *i, size_t end, uint32_t *out)
{
    size_t from = *i;
    uint32_t v = 0;
    for (; *i < end && is_digit(lx->p[*i]); ++*i)
        v = v > 100000000 ? v : v * 10 + (uint32_t)(lx->p[*i] - '0');
    *out = v;
    return *i > from;
}

/* A comma that parts arguments; one inside what may be a number is refused. */
static bool comma_at(const struct nd_lexer *lx, size_t i)
{
    return lx->calls > 0 && lx->p[i] == ',';
}

/* The end of the word that starts at i. brackets: balanced ones belong to it. */
static size_t word_end(const struct nd_lexer *lx, size_t i, bool brackets)
{
    size_t open = 0;
    for (; i < lx->n; i++) {
        unsigned char c = (unsigned char)lx->p[i];
        if (c == '(' && brackets)
            open++;
        else if (c == ')' && open > 0)
            open--;
        else if (c == '(' || c == ')' || comma_at(lx, i))
            break;
        else if (at_blank(lx, i))
            break;
        else if (double_at(lx, i))
            break;
    }
    return i;
}

/* A closing single mark: before a blank, ) ~ , or the end. */
static size_t single_end(struct nd_lexer *lx, size_t from, bool curly, size_t *mark)
{
    bool *none = curly ? &lx->no_curly : &lx->no_plain;
    if (*none)
        return 0;
    for (size_t i = from; i < lx->n; i++) {
        size_t k = curly ? starts(lx, i, "\xe2\x80\x99") : lx->p[i] == '\'';
        if (!k)
            continue;
        size_t j = i + k;
        if (at_blank(lx, j) || lx->p[j] == ')' || lx->p[j] == '~' || comma_at(lx, j)) {
            *mark = i;
            return j;
        }
    }
    *none = true; /* none after from, so none after any later place */
    return 0;
}

/* ~ and ~n at *end. */
static int tilde(const struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err)
{
    if (out->end >= lx->n || lx->p[out->end] != '~')
        return 0;
    size_t i = out->end + 1;
    out->tilde = true;
    out->digits = number(lx, &i, lx->n, &out->n);
    if (!out->digits) {
        refuse(err, out->end, out->end + 1, "~ after a phrase lacks its number");
        nd_hint(err, "\"...\"~2 allows two more words inside the phrase");
        return ND_QUERY;
    }
    if (out->n > ND_DISTANCE_MAX) {
        nd_fail(err, ND_QUERY, "~ takes a number up to %d", ND_DISTANCE_MAX);
        nd_span(err, out->end, i);
        nd_hint(err, "w/p asks for the same paragraph, AND for the same article");
        return ND_QUERY;
    }
    out->end = i;
    return 0;
}

/* What may follow a closing quotation mark. */
static int after_phrase(const struct nd_lexer *lx, const struct nd_lexeme *t, struct nd_error *err)
{
    size_t i = t->end;
    if (at_blank(lx, i) || lx->p[i] == ')' || comma_at(lx, i))
        return 0;
    size_t end = word_end(lx, i, false);
    refuse(err, i, end > i ? end : i + 1, "text follows a closing quotation mark without a blank");
    nd_hint(err, "put a blank or an operator there; inside straight quotes \\\" stands for \"");
    return ND_QUERY;
}

/* A phrase at lx->at, if one opens there. Return: 1 read, 0 none, or a failure. */
static int phrase(struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err)
{
    size_t i = lx->at, mark = 0, end = 0;
    const struct marks *m = double_at(lx, i);
    size_t k;
    if (m) {
        k = strlen(m->open);
        bool straight = m->open[0] == '"';
        for (size_t j = i + k; j < lx->n; j++) {
            if (straight && lx->p[j] == '\\' && j + 1 < lx->n &&
                (lx->p[j + 1] == '"' || lx->p[j + 1] == '\\')) {
                j++;
                continue;
            }
            size_t c = starts(lx, j, m->close);
            if (!c)
                c = starts(lx, j, m->other);
            if (c) {
                mark = j;
                end = j + c;
                break;
            }
        }
        if (!end) {
            refuse(err, i, i + k, "a quotation mark is opened and never closed");
            nd_hint(err, "close it with %s; on a command line put the whole query in single quotes, "
                         "so that the shell leaves the marks alone",
                    m->close);
            return ND_QUERY;
        }
        out->escapes = straight;
    } else if (lx->p[i] == '\'' || starts(lx, i, "\xe2\x80\x98")) {
        bool curly = lx->p[i] != '\'';
        k = curly ? 3 : 1;
        end = single_end(lx, i + k, curly, &mark);
        if (!end)
            return 0;
    } else {
        return 0;
    }
    out->kind = ND_L_PHRASE;
    out->start = i;
    out->from = i + k;
    out->to = mark;
    out->end = end;
    int code = tilde(lx, out, err);
    if (!code)
        code = after_phrase(lx, out, err);
    if (code)
        return code;
    lx->at = out->end;
    return 1;
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
        bool num = number(lx, &i, to, &out->n);
        if (!num || i != to) {
            if (!(ops[k].upper && exact))
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
    size_t end = i < lx->n ? word_end(lx, i, false) : i;
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
        nd_hint(err, "a NOT w/5 b finds an a without b within five words; for articles write "
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
    if (word_is_any_case(lx, from, to, "or"))
        return lower_operator(lx, from, to, "OR", err);
    if (word_is_any_case(lx, from, to, "not"))
        return lower_operator(lx, from, to, "NOT", err);
    const char *here = NULL;
    char buf[24];
    for (size_t k = 0; k < sizeof foreign / sizeof foreign[0]; k++)
        if (word_is_any_case(lx, from, to, foreign[k].typed))
            here = foreign[k].here;
    if (lx->p[from] == '/' && to - from > 1 && to - from < 8) {
        size_t i = from + 1;
        uint32_t v;
        if (number(lx, &i, to, &v) && i == to) {
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
    if (hat && hat > lx->p + from && hat + 1 < lx->p + to && is_digit(hat[1])) {
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
    while (i > out->start && is_digit(lx->p[i - 1]))
        i--;
    if (i == out->start || lx->p[i - 1] != '~')
        return 0;
    size_t d = i;
    out->tilde = true;
    out->digits = number(lx, &i, out->end, &out->n);
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
static int after_word(const struct nd_lexer *lx, size_t start, size_t end, struct nd_error *err)
{
    if (end >= lx->n)
        return 0;
    if (lx->p[end] == ',' && end > start && is_digit(lx->p[end - 1])) {
        size_t i = end + 1;
        uint32_t v;
        if (number(lx, &i, lx->n, &v) && i - end == 4) {
            refuse(err, start, i, "this may be one number or two arguments");
            nd_hint(err, "write the number without a comma, or put a blank after the comma");
            return ND_QUERY;
        }
    }
    if (!double_at(lx, end))
        return 0;
    refuse(err, end, end + (lx->p[end] == '"' ? 1 : (unsigned char)lx->p[end] == 0xc2 ? 2 : 3),
           "a quotation mark inside a word");
    nd_hint(err, "put a blank before an opening mark; a closing one needs its opening mark");
    return ND_QUERY;
}

static int word(struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err)
{
    size_t start = lx->at, end = word_end(lx, start, false);
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
        if (i > start && i < end && lx->p[i] == ':' && !starts(lx, i, "://")) {
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
        code = after_word(lx, start, end, err);
    return code;
}

int nd_lex_next(struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err)
{
    lx->at = nd_lex_skip(lx->p, lx->n, lx->at);
    size_t i = lx->at;
    *out = (struct nd_lexeme){.kind = ND_L_END, .start = i, .end = i, .from = i, .to = i};
    if (i >= lx->n)
        return 0;
    char c = lx->p[i];
    enum nd_lex_kind kind = ND_L_END;
    if (c == '(')
        kind = ND_L_OPEN;
    else if (c == ')')
        kind = ND_L_CLOSE;
    else if (comma_at(lx, i))
        kind = ND_L_COMMA;
    else if (c == '-' && !at_blank(lx, i + 1))
        kind = ND_L_MINUS;
    else if (c == '=' && !lx->values && !at_blank(lx, i + 1))
        kind = ND_L_EQUALS;
    if (kind != ND_L_END) {
        out->kind = kind;
        out->end = out->to = lx->at = i + 1;
        return 0;
    }
    int got = phrase(lx, out, err);
    if (got)
        return got < 0 ? got : 0;
    return word(lx, out, err);
}

int nd_lex_value(struct nd_lexer *lx, struct nd_lexeme *out, bool brackets, struct nd_error *err)
{
    size_t i = lx->at;
    *out = (struct nd_lexeme){.kind = ND_L_END, .start = i, .end = i, .from = i, .to = i};
    if (i >= lx->n || at_blank(lx, i) || lx->p[i] == ')')
        return 0;
    if (lx->p[i] == '(') {
        out->kind = ND_L_OPEN;
        out->end = out->to = lx->at = i + 1;
        return 0;
    }
    int got = phrase(lx, out, err);
    if (got)
        return got < 0 ? got : 0;
    out->end = out->to = lx->at = word_end(lx, i, brackets);
    if (out->end > i)
        out->kind = ND_L_WORD;
    return after_word(lx, i, out->end, err);
}

bool nd_lex_plain(const char *p, size_t n, size_t *words)
{
    struct nd_lexer lx;
    nd_lexer_init(&lx, p, n);
    *words = 0;
    for (size_t at = nd_lex_skip(p, n, 0); at < n; at = nd_lex_skip(p, n, at)) {
        size_t end = word_end(&lx, at, false);
        struct nd_lexeme t;
        lx.at = at;
        if (end == at || strchr("-='", p[at]))
            return false;
        for (size_t i = at; i < end; i++)
            if (strchr("*?~:_/@^", p[i]) || !p[i])
                return false;
        if (word(&lx, &t, NULL) || t.kind != ND_L_WORD)
            return false;
        ++*words;
        at = t.end;
    }
    return *words > 0;
}
