/* Lexemes: kinds, spans, quotation marks, blanks. */
#include "../check.h"

#include "lang/lex.h"

#include <string.h>

/* The lexemes of a text as letters: ( ) , A O N - P(rox) = W Q(phrase) F(ield) C(all); ! for a refusal. */
static const char *kinds(const char *text, char out[64])
{
    static const char letters[] = ".(),AON-P=WQFC";
    struct nd_lexer lx;
    struct nd_lexeme t;
    struct nd_error err;
    size_t n = 0, last = 0;
    nd_lexer_init(&lx, text, strlen(text));
    while (n < 62) {
        if (nd_lex_next(&lx, &t, &err)) {
            CHECK(err.end > err.start && err.hint[0]);
            out[n++] = '!';
            break;
        }
        if (t.kind == ND_L_END)
            break;
        CHECK(t.start >= last && t.end > t.start && t.from >= t.start && t.to <= t.end);
        last = t.end;
        out[n++] = letters[t.kind];
    }
    out[n] = '\0';
    return out;
}

static void lex_kinds_are_told_apart(void)
{
    static const char *const rows[][2] = {
        {"a b", "WW"},
        {"a AND b OR -c NOT d", "WAWO-WNW"},
        {"(a)(b)", "(W)(W)"},
        {"AND(a)", "A(W)"},
        {"NOT(a)", "N(W)"},
        {"caps(a)", "CW)"},
        {"caps (a)", "W(W)"},
        {"title:a", "FW"},
        {"title:=a", "FW"},
        {"12:30", "W"},
        {"http://x.y/z", "W"},
        {"=a", "=W"},
        {"= a", "WW"},
        {"a w/5 b W/S c pre/3 d NEAR e ADJ/2 f", "WPWPWPWPWPW"},
        {"a NOT w/5 b", "WPW"},
        {"a NOT  NEAR/5 b", "WPW"},
        {"NOT near", "NW"},
        {"w/o pre/post", "WW"},
        {"\"a b\" 'c d' “e” ‘f’ „g“ «h»", "QQQQQQ"},
        {"'tis 'n' o'er", "QW"},
        {"('a b')", "(Q)"},
        {"'a b'~2", "Q"},
        {"'a 'b 'c", "WWW"},
        {"\"a \\\" b\"", "Q"},
        {"a-b -a --a", "W-W--W"},
        {"a,b", "W"},
        {"\xc2\xa0"
         "a\r\n\tb\xe2\x80\x89"
         "c\xef\xbb\xbf",
         "WWW"},
        {"", ""},
        {"a or", "W!"},
        {"a NEAR/0 b", "W!"},
        {"a\"", "!"},
        {"\"a", "!"},
        {"\"a\"b", "!"},
        {"a & b", "W!"},
    };
    char out[64];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_STR(kinds(rows[i][0], out), rows[i][1]);
}

static void lex_commas_part_arguments_of_functions_alone(void)
{
    struct nd_lexer lx;
    struct nd_lexeme t;
    struct nd_error err;
    nd_lexer_init(&lx, "a,b,1,000", 9);
    lx.calls = 1;
    CHECK_INT(nd_lex_next(&lx, &t, &err), 0);
    CHECK_INT(t.kind, ND_L_WORD);
    CHECK_INT(t.end, 1);
    CHECK_INT(nd_lex_next(&lx, &t, &err), 0);
    CHECK_INT(t.kind, ND_L_COMMA);
    nd_lex_next(&lx, &t, &err);
    nd_lex_next(&lx, &t, &err);
    CHECK_INT(nd_lex_next(&lx, &t, &err), ND_QUERY);
    CHECK_STR(err.msg, "this may be one number or two arguments");
}

static void lex_value_keeps_urls_whole(void)
{
    struct nd_lexer lx;
    struct nd_lexeme t;
    struct nd_error err;
    const char *text = "https://a.b/c_(d) e";
    nd_lexer_init(&lx, text, strlen(text));
    CHECK_INT(nd_lex_value(&lx, &t, true, &err), 0);
    CHECK_INT(t.kind, ND_L_WORD);
    CHECK_INT(t.end, 17);
    nd_lexer_init(&lx, text, strlen(text));
    CHECK_INT(nd_lex_value(&lx, &t, false, &err), 0);
    CHECK_INT(t.end, 14);
    nd_lexer_init(&lx, " a", 2);
    CHECK_INT(nd_lex_value(&lx, &t, false, &err), 0);
    CHECK_INT(t.kind, ND_L_END);
    nd_lexer_init(&lx, "(a)", 3);
    CHECK_INT(nd_lex_value(&lx, &t, true, &err), 0);
    CHECK_INT(t.kind, ND_L_OPEN);
    CHECK_INT(lx.at, 1);
}

static void lex_numbers_have_limits(void)
{
    struct nd_lexer lx;
    struct nd_lexeme t;
    struct nd_error err;
    nd_lexer_init(&lx, "w/10000", 7);
    CHECK_INT(nd_lex_next(&lx, &t, &err), 0);
    CHECK_INT(t.n, 10000);
    nd_lexer_init(&lx, "w/10001", 7);
    CHECK_INT(nd_lex_next(&lx, &t, &err), ND_QUERY);
    nd_lexer_init(&lx, "w/99999999999999999999", 22);
    CHECK_INT(nd_lex_next(&lx, &t, &err), ND_QUERY);
    nd_lexer_init(&lx, "x~2", 3);
    CHECK_INT(nd_lex_next(&lx, &t, &err), 0);
    CHECK_INT(t.n, 2);
    CHECK_INT(t.to, 1);
}

static void lex_plain_knows_syntax(void)
{
    size_t n;
    CHECK(nd_lex_plain("armored train", 13, &n));
    CHECK_INT(n, 2);
    CHECK(nd_lex_plain("don't", 5, &n));
    CHECK_INT(n, 1);
    static const char *const syntax[] = {"a AND b", "a w/5 b", "-a b",  "a:b c", "\"a\" b",
                                         "(a) b",   "a* b",    "a_b c", "a~ b",  "=a b",
                                         "a or b",  "a?",      "'a b'", ""};
    for (size_t i = 0; i < sizeof syntax / sizeof syntax[0]; i++)
        CHECK(!nd_lex_plain(syntax[i], strlen(syntax[i]), &n));
}

int main(void)
{
    RUN(lex_kinds_are_told_apart);
    RUN(lex_commas_part_arguments_of_functions_alone);
    RUN(lex_value_keeps_urls_whole);
    RUN(lex_numbers_have_limits);
    RUN(lex_plain_knows_syntax);
    return check_done();
}
