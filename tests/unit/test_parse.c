/* Query text to tree, from parse.cases, hostile texts, carets.
 * parse.cases: blocks between blank lines; lines %%NAME first, then the query, then all that comes out.
 *   %%FAIL   the query is refused: message, caret lines, hint
 *   %%SHELL  arguments of a command line, ¦ between them; notes follow the tree
 *   %%FILE   from a file; ⏎ stands for a line end
 *   %%WORDS  -F: one phrase without syntax
 * `test_parse --rewrite` prints the file with what comes out now. */
#include "../check.h"

#include "base/file.h"
#include "lang/parse.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TODAY = 20240310,
    ARGS = 32,
    QUERY_LONGEST = 4096
};

static int parse_with(struct nd_query *q, struct nd_arena *a, const char *text, size_t n,
                      struct nd_parse_options o, struct nd_error *err)
{
    memset(err, 0, sizeof *err);
    o.today = TODAY;
    return nd_parse(q, a, text, n, &o, err);
}

/* Parse and describe: the tree and notes, or message, carets and hint. Return: the code. */
static int describe(struct nd_buf *out, const char *text, size_t n, struct nd_parse_options o,
                    bool file)
{
    struct nd_arena a;
    struct nd_query q;
    struct nd_error err;
    nd_arena_init(&a, 256 << 20);
    int code = parse_with(&q, &a, text, n, o, &err);
    nd_buf_reset(out);
    if (code) {
        nd_buf_printf(out, "%s\n", err.msg);
        nd_query_caret(out, (struct nd_str){text, n}, &err, 80, file);
        nd_buf_printf(out, "hint: %s\n", err.hint);
    } else {
        nd_node_print(out, q.root);
        nd_buf_byte(out, '\n');
        for (const struct nd_note *note = q.notes; note; note = note->next)
            nd_buf_printf(out, "note: %s\n", note->text);
    }
    nd_arena_free(&a);
    return code;
}

/* Replace what by with in s[0..n). Return: the new length. */
static size_t replace(char *s, size_t n, const char *what, char with)
{
    size_t k = strlen(what), m = 0;
    for (size_t i = 0; i < n;) {
        bool hit = n - i >= k && memcmp(s + i, what, k) == 0;
        s[m++] = hit ? with : s[i];
        i += hit ? k : 1;
    }
    return m;
}

struct block {
    struct nd_str head, query, rest; /* %% lines, the query, all that follows */
    bool fail, shell, file, words;
};

/* The next block of the file from *p on. */
static bool next_block(const char **p, const char *end, struct block *b)
{
    while (*p < end && (**p == '\n' || (end - *p > 1 && memcmp(*p, "# ", 2) == 0))) {
        const char *nl = memchr(*p, '\n', (size_t)(end - *p));
        *p = nl ? nl + 1 : end;
    }
    if (*p >= end)
        return false;
    memset(b, 0, sizeof *b);
    b->head.p = *p;
    while (*p < end && end - *p > 2 && memcmp(*p, "%%", 2) == 0) {
        const char *nl = memchr(*p, '\n', (size_t)(end - *p));
        struct nd_str line = {*p + 2, (size_t)((nl ? nl : end) - *p) - 2};
        b->fail |= nd_str_eq(line, ND_STR("FAIL"));
        b->shell |= nd_str_eq(line, ND_STR("SHELL"));
        b->file |= nd_str_eq(line, ND_STR("FILE"));
        b->words |= nd_str_eq(line, ND_STR("WORDS"));
        *p = nl ? nl + 1 : end;
    }
    b->head.n = (size_t)(*p - b->head.p);
    const char *nl = memchr(*p, '\n', (size_t)(end - *p));
    b->query = (struct nd_str){*p, (size_t)((nl ? nl : end) - *p)};
    *p = nl ? nl + 1 : end;
    b->rest.p = *p;
    const char *stop = memmem(*p, (size_t)(end - *p), "\n\n", 2);
    if (*p < end && **p == '\n')
        stop = *p - 1;
    *p = stop ? stop + 1 : end;
    b->rest.n = (size_t)(*p - b->rest.p);
    return true;
}

static int run_block(const struct block *b, struct nd_buf *out)
{
    char text[QUERY_LONGEST];
    size_t n = b->query.n < sizeof text ? b->query.n : sizeof text, args[ARGS] = {0};
    struct nd_parse_options o = {.shell = b->shell, .args = args, .args_n = 1, .literal = b->words};
    memcpy(text, b->query.p, n);
    n = replace(text, n, "⏎", '\n');
    n = replace(text, n, " ¦ ", '\001');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\001') {
            text[i] = ' ';
            if (o.args_n < ARGS)
                args[o.args_n++] = i + 1;
        }
    }
    if (!b->shell)
        o.args_n = 0;
    return describe(out, text, n, o, b->file);
}

static void parse_cases_hold(void)
{
    struct nd_buf file, out;
    struct nd_error err = {0};
    size_t refused = 0, read = 0;
    nd_buf_init(&file, 4 << 20);
    nd_buf_init(&out, 1 << 20);
    if (!CHECK(nd_file_read(&file, "tests/unit/parse.cases", &err) == 0))
        return;
    const char *p = file.data;
    for (struct block b; next_block(&p, file.data + file.len, &b);) {
        int code = run_block(&b, &out);
        bool same = out.len == b.rest.n && memcmp(out.data, b.rest.p, out.len) == 0;
        if (!CHECK(same && (code != 0) == b.fail))
            fprintf(stderr, "query: %.*s\nwant:\n%.*sgot:\n%s", (int)b.query.n, b.query.p,
                    (int)b.rest.n, b.rest.p, out.data);
        refused += b.fail;
        read += !b.fail;
    }
    CHECK(refused >= 120);
    CHECK(read >= 120);
    nd_buf_free(&file);
    nd_buf_free(&out);
}

static int rewrite(void)
{
    struct nd_buf file, out;
    struct nd_error err = {0};
    nd_buf_init(&file, 4 << 20);
    nd_buf_init(&out, 1 << 20);
    if (nd_file_read(&file, "tests/unit/parse.cases", &err))
        return 1;
    const char *p = file.data, *last = p;
    for (struct block b; next_block(&p, file.data + file.len, &b); last = p) {
        fwrite(last, 1, (size_t)(b.head.p - last), stdout); /* comments and blank lines */
        if (run_block(&b, &out))
            fputs("%%FAIL\n", stdout);
        printf("%s%s%s%.*s\n%.*s", b.shell ? "%%SHELL\n" : "", b.file ? "%%FILE\n" : "",
               b.words ? "%%WORDS\n" : "", (int)b.query.n, b.query.p, (int)out.len, out.data);
    }
    fwrite(last, 1, (size_t)(file.data + file.len - last), stdout);
    nd_buf_free(&file);
    nd_buf_free(&out);
    return 0;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A text of `piece` again and again, and the time that it takes in ms. */
static void hostile(const char *piece, size_t bytes, int want)
{
    struct nd_buf b;
    struct nd_arena a;
    struct nd_query q;
    struct nd_error err;
    nd_buf_init(&b, 8 << 20);
    nd_arena_init(&a, 256 << 20);
    while (b.len < bytes)
        nd_buf_str(&b, piece);
    double start = now();
    int code = parse_with(&q, &a, b.data, b.len, (struct nd_parse_options){0}, &err);
    double spent = now() - start;
    if (!CHECK(want == 1 ? code != 0 : code == want) || !CHECK(spent < 3000))
        fprintf(stderr, "'%.20s...': %d %s, %.0f ms\n", piece, code, err.msg, spent);
    if (getenv("TIMES"))
        fprintf(stderr, "%-12.12s %zu bytes: %d %s, %.1f ms\n", piece, b.len, code, err.msg, spent);
    nd_buf_reset(&b);
    nd_arena_free(&a);
    nd_buf_free(&b);
}

static void parse_of_hostile_texts_ends_soon(void)
{
    hostile("(", 10000, ND_LIMIT);
    hostile(")", 10000, ND_QUERY);
    hostile("NOT ", 10000, ND_LIMIT);
    hostile("-", 10000, ND_LIMIT);
    hostile("caps(", 10000, ND_LIMIT);
    hostile("title:(", 10000, ND_QUERY);
    hostile("a w/5 ", 10000, ND_LIMIT);
    hostile("word ", 1 << 20, ND_LIMIT);
    hostile("word ", 100000, 0);
    hostile("'a ", 1 << 20, ND_LIMIT);
    hostile("\xe2\x80\x98"
            "a ",
            1 << 20, ND_LIMIT);
    hostile("\"", (1 << 20) + 1, ND_QUERY);
    hostile("\"a\" ", 1 << 20, ND_LIMIT);
    hostile("a*", 1 << 20, ND_QUERY);
    hostile("a* ", 1500, 0);
    hostile("x", 1 << 20, 0);
    hostile("x-", 1 << 20, 1);
    hostile("person:", 1 << 20, 0);
    hostile("@", 1 << 20, ND_QUERY);
    hostile("~", 1 << 20, ND_QUERY);
    hostile("any(2,", 1 << 20, ND_LIMIT);
    hostile("a OR ", 1 << 20, 1);
    hostile("w/5 ", 1 << 20, ND_QUERY);
    hostile("word ", 5 << 20, ND_LIMIT);
}

static void parse_keeps_spans_of_the_text(void)
{
    struct nd_arena a;
    struct nd_query q;
    struct nd_error err;
    const char *text = "kim AND \"armored train\" OR";
    nd_arena_init(&a, 1 << 20);
    CHECK_INT(parse_with(&q, &a, text, 23, (struct nd_parse_options){0}, &err), 0);
    CHECK_INT(q.root->start, 0);
    CHECK_INT(q.root->end, 23);
    CHECK_INT(q.root->kids[1]->start, 8);
    CHECK_INT(q.root->kids[1]->end, 23);
    CHECK_INT(q.root->kids[1]->kids[1]->start, 17);
    CHECK_INT(q.root->kids[1]->kids[1]->end, 22);
    nd_arena_free(&a);
}

static void parse_refuses_bytes_that_are_no_text(void)
{
    struct nd_arena a;
    struct nd_query q;
    struct nd_error err;
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    nd_arena_init(&a, 1 << 20);
    CHECK_INT(parse_with(&q, &a, "caf\xe9 bar", 8, (struct nd_parse_options){0}, &err), ND_QUERY);
    CHECK_STR(err.msg, "the query is not UTF-8: byte 0xE9");
    nd_query_caret(&out, (struct nd_str){"caf\xe9 bar", 8}, &err, 80, false);
    CHECK_STR(out.data, "  caf\xef\xbf\xbd bar\n     ^\n");
    CHECK_INT(parse_with(&q, &a, "a\0b", 3, (struct nd_parse_options){0}, &err), ND_QUERY);
    CHECK_STR(err.msg, "a control character in the query: 0x00");
    CHECK_INT(parse_with(&q, &a, "", 0, (struct nd_parse_options){0}, &err), ND_QUERY);
    CHECK_STR(err.msg, "the query is empty");
    CHECK_INT(parse_with(&q, &a, "\xc2\xa0\r\n ", 5, (struct nd_parse_options){0}, &err), ND_QUERY);
    CHECK_STR(err.msg, "the query is empty");
    CHECK_INT(nd_parse(&q, &a, "", 0, &(struct nd_parse_options){.today = TODAY}, NULL), ND_QUERY);
    nd_buf_free(&out);
    nd_arena_free(&a);
}

static void caret_is_right_in_cells_and_windows(void)
{
    struct nd_buf out, text;
    struct nd_error err = {.code = ND_QUERY};
    nd_buf_init(&out, 1 << 16);
    nd_buf_init(&text, 1 << 16);
    struct nd_str s = nd_str_of("東京 é sorce:x");
    err.start = 10;
    err.end = 15;
    nd_query_caret(&out, s, &err, 80, false);
    CHECK_STR(out.data, "  東京 é sorce:x\n         ^^^^^\n");
    for (int i = 0; i < 40; i++)
        nd_buf_printf(&text, "word%02d ", i);
    err.start = 140;
    err.end = 146;
    nd_buf_reset(&out);
    nd_query_caret(&out, (struct nd_str){text.data, text.len}, &err, 42, false);
    CHECK_STR(out.data, "  …rd18 word19 word20 word21 word22 word2…\n               ^^^^^^\n");
    s = nd_str_of("one\r\ntwo three\r\nfour");
    err.start = 9;
    err.end = 14;
    nd_buf_reset(&out);
    nd_query_caret(&out, s, &err, 80, true);
    CHECK_STR(out.data, "2:5:\n  two three\n      ^^^^^\n");
    err.start = err.end = 0;
    nd_buf_reset(&out);
    CHECK_INT(nd_query_caret(&out, s, &err, 80, true), 0);
    CHECK_INT(out.len, 0);
    nd_buf_free(&out);
    nd_buf_free(&text);
}

static void print_tree_indents(void)
{
    struct nd_arena a;
    struct nd_query q;
    struct nd_error err;
    struct nd_buf out;
    const char *text = "kim AND (train w/5 \"a b\")";
    nd_arena_init(&a, 1 << 20);
    nd_buf_init(&out, 1 << 16);
    CHECK_INT(parse_with(&q, &a, text, strlen(text), (struct nd_parse_options){0}, &err), 0);
    CHECK_INT(nd_node_print_tree(&out, q.root), 0);
    CHECK_STR(out.data, "(and\n  (word \"kim\")\n  (near 5\n    (word \"train\")\n"
                        "    (phrase \"a\" \"b\")))\n");
    nd_buf_free(&out);
    nd_arena_free(&a);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--rewrite") == 0)
        return rewrite();
    RUN(parse_cases_hold);
    RUN(parse_of_hostile_texts_ends_soon);
    RUN(parse_keeps_spans_of_the_text);
    RUN(parse_refuses_bytes_that_are_no_text);
    RUN(caret_is_right_in_cells_and_windows);
    RUN(print_tree_indents);
    return check_done();
}
