#include "lang/lex_in.h"

#include "text/utf8.h"

#include <string.h>

static const struct nd_marks doubles[] = {
    {"\"", "\"", NULL},
    {"\xe2\x80\x9c", "\xe2\x80\x9d", NULL},           /* “ ” */
    {"\xe2\x80\x9e", "\xe2\x80\x9c", "\xe2\x80\x9d"}, /* „ “ or ” */
    {"\xe2\x80\x9d", "\xe2\x80\x9d", NULL},           /* ” ” */
    {"\xc2\xab", "\xc2\xbb", NULL},                   /* « » */
    {"\xc2\xbb", "\xc2\xab", NULL},                   /* » « */
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

bool nd_lex_at_blank(const struct nd_lexer *lx, size_t i)
{
    return i >= lx->n || nd_lex_blank(lx->p + i, lx->n - i) > 0;
}

size_t nd_lex_starts(const struct nd_lexer *lx, size_t i, const char *what)
{
    size_t k = what ? strlen(what) : 0;
    return k && k <= lx->n - i && memcmp(lx->p + i, what, k) == 0 ? k : 0;
}

const struct nd_marks *nd_lex_double(const struct nd_lexer *lx, size_t i)
{
    if (i >= lx->n || (lx->p[i] != '"' && (unsigned char)lx->p[i] < 0xc2))
        return NULL;
    for (size_t k = 0; k < sizeof doubles / sizeof doubles[0]; k++)
        if (nd_lex_starts(lx, i, doubles[k].open))
            return &doubles[k];
    return NULL;
}

static int refuse(struct nd_error *err, size_t start, size_t end, const char *msg)
{
    nd_fail(err, ND_QUERY, "%s", msg);
    nd_span(err, start, end);
    return ND_QUERY;
}

bool nd_lex_number(const struct nd_lexer *lx, size_t *i, size_t end, uint32_t *out)
{
    size_t from = *i;
    uint32_t v = 0;
    for (; *i < end && nd_lex_digit(lx->p[*i]); ++*i)
        v = v > 100000000 ? v : v * 10 + (uint32_t)(lx->p[*i] - '0');
    *out = v;
    return *i > from;
}

bool nd_lex_comma(const struct nd_lexer *lx, size_t i)
{
    return lx->calls > 0 && lx->p[i] == ',';
}

size_t nd_lex_word_end(const struct nd_lexer *lx, size_t i, bool brackets)
{
    size_t open = 0;
    for (; i < lx->n; i++) {
        unsigned char c = (unsigned char)lx->p[i];
        if (c == '(' && brackets)
            open++;
        else if (c == ')' && open > 0)
            open--;
        else if (c == '(' || c == ')' || nd_lex_comma(lx, i))
            break;
        else if (nd_lex_at_blank(lx, i))
            break;
        else if (nd_lex_double(lx, i))
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
        size_t k = curly ? nd_lex_starts(lx, i, "\xe2\x80\x99") : lx->p[i] == '\'';
        if (!k)
            continue;
        size_t j = i + k;
        if (nd_lex_at_blank(lx, j) || lx->p[j] == ')' || lx->p[j] == '~' || nd_lex_comma(lx, j)) {
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
    out->digits = nd_lex_number(lx, &i, lx->n, &out->n);
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
    if (nd_lex_at_blank(lx, i) || lx->p[i] == ')' || nd_lex_comma(lx, i))
        return 0;
    size_t end = nd_lex_word_end(lx, i, false);
    refuse(err, i, end > i ? end : i + 1, "text follows a closing quotation mark without a blank");
    nd_hint(err, "put a blank or an operator there; inside straight quotes \\\" stands for \"");
    return ND_QUERY;
}

/* A phrase at lx->at, if one opens there. Return: 1 read, 0 none, or a failure. */
static int phrase(struct nd_lexer *lx, struct nd_lexeme *out, struct nd_error *err)
{
    size_t i = lx->at, mark = 0, end = 0;
    const struct nd_marks *m = nd_lex_double(lx, i);
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
            size_t c = nd_lex_starts(lx, j, m->close);
            if (!c)
                c = nd_lex_starts(lx, j, m->other);
            if (c) {
                mark = j;
                end = j + c;
                break;
            }
        }
        if (!end) {
            refuse(err, i, i + k, "a quotation mark is opened and never closed");
            nd_hint(err,
                    "close it with %s; on a command line put the whole query in single quotes, "
                    "so that the shell leaves the marks alone",
                    m->close);
            return ND_QUERY;
        }
        out->escapes = straight;
    } else if (lx->p[i] == '\'' || nd_lex_starts(lx, i, "\xe2\x80\x98")) {
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
    else if (nd_lex_comma(lx, i))
        kind = ND_L_COMMA;
    else if (c == '-' && !nd_lex_at_blank(lx, i + 1))
        kind = ND_L_MINUS;
    else if (c == '=' && !lx->values && !nd_lex_at_blank(lx, i + 1))
        kind = ND_L_EQUALS;
    if (kind != ND_L_END) {
        out->kind = kind;
        out->end = out->to = lx->at = i + 1;
        return 0;
    }
    int got = phrase(lx, out, err);
    if (got)
        return got < 0 ? got : 0;
    return nd_lex_word(lx, out, err);
}

int nd_lex_value(struct nd_lexer *lx, struct nd_lexeme *out, bool brackets, struct nd_error *err)
{
    size_t i = lx->at;
    *out = (struct nd_lexeme){.kind = ND_L_END, .start = i, .end = i, .from = i, .to = i};
    if (i >= lx->n || nd_lex_at_blank(lx, i) || lx->p[i] == ')')
        return 0;
    if (lx->p[i] == '(') {
        out->kind = ND_L_OPEN;
        out->end = out->to = lx->at = i + 1;
        return 0;
    }
    int got = phrase(lx, out, err);
    if (got)
        return got < 0 ? got : 0;
    out->end = out->to = lx->at = nd_lex_word_end(lx, i, brackets);
    if (out->end > i)
        out->kind = ND_L_WORD;
    return nd_lex_after_word(lx, i, out->end, err);
}

bool nd_lex_plain(const char *p, size_t n, size_t *words)
{
    struct nd_lexer lx;
    nd_lexer_init(&lx, p, n);
    *words = 0;
    for (size_t at = nd_lex_skip(p, n, 0); at < n; at = nd_lex_skip(p, n, at)) {
        size_t end = nd_lex_word_end(&lx, at, false);
        struct nd_lexeme t;
        lx.at = at;
        if (end == at || strchr("-='", p[at]))
            return false;
        for (size_t i = at; i < end; i++)
            if (strchr("*?~:_/@^", p[i]) || !p[i])
                return false;
        if (nd_lex_word(&lx, &t, NULL) || t.kind != ND_L_WORD)
            return false;
        ++*words;
        at = t.end;
    }
    return *words > 0;
}
