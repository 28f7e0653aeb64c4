/* Queries of other systems, from dialect.cases: the native form, or the refusal; then hostile texts.
 * dialect.cases: blocks between blank lines, lines `# ` are comments:
 *   NAME QUERY        the dialect and what is typed
 *   = NATIVE          what it is here, which must read as itself
 *   note: TEXT        remarks
 *   ! MESSAGE [SPOT]  or why it is refused, and the bytes that the carets are under
 *   hint: TEXT
 * `test_dialect --rewrite` prints the file with what comes out now. */
#include "../check.h"

#include "base/file.h"
#include "lang/dialect.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TODAY = 20240310
};

static int parse(struct nd_query *q, struct nd_arena *a, struct nd_str text, enum nd_syntax syntax,
                 struct nd_error *err)
{
    struct nd_parse_options o = {.today = TODAY, .syntax = syntax};
    memset(err, 0, sizeof *err);
    return nd_parse(q, a, text.p, text.n, &o, err);
}

/* The native form of `native` must be itself. */
static void reads_as_itself(struct nd_str native)
{
    struct nd_arena a;
    struct nd_query q;
    struct nd_error err;
    struct nd_buf again;
    nd_arena_init(&a, 64 << 20);
    nd_buf_init(&again, 1 << 20);
    if (CHECK(parse(&q, &a, native, ND_SYNTAX_NATIVE, &err) == 0)) {
        CHECK(nd_node_unparse(&again, q.root) == 0);
        if (!CHECK(again.len == native.n && memcmp(again.data, native.p, native.n) == 0))
            fprintf(stderr, "native %.*s\nagain  %.*s\n", (int)native.n, native.p, (int)again.len,
                    again.data);
    } else {
        fprintf(stderr, "native %.*s: %s\n", (int)native.n, native.p, err.msg);
    }
    nd_buf_free(&again);
    nd_arena_free(&a);
}

static void describe(struct nd_buf *out, struct nd_str text, enum nd_syntax syntax)
{
    struct nd_arena a;
    struct nd_query q;
    struct nd_error err;
    nd_arena_init(&a, 64 << 20);
    if (parse(&q, &a, text, syntax, &err)) {
        size_t end = err.end < text.n ? err.end : text.n, start = err.start < end ? err.start : end;
        nd_buf_printf(out, "! %s [%.*s]\nhint: %s\n", err.msg, (int)(end - start), text.p + start,
                      err.hint);
    } else {
        nd_buf_str(out, "= ");
        size_t at = out->len;
        nd_node_unparse(out, q.root);
        reads_as_itself((struct nd_str){out->data + at, out->len - at});
        nd_buf_byte(out, '\n');
        for (const struct nd_note *n = q.notes; n; n = n->next)
            nd_buf_printf(out, "note: %s\n", n->text);
    }
    nd_arena_free(&a);
}

struct block {
    struct nd_str before, line, query,
        want; /* comments and blank lines, the first line, what follows it */
    int syntax;
};

static bool next_block(const char **p, const char *end, struct block *b)
{
    b->before = (struct nd_str){*p, 0};
    while (*p < end && (**p == '\n' || **p == '#')) {
        const char *nl = memchr(*p, '\n', (size_t)(end - *p));
        *p = nl ? nl + 1 : end;
    }
    b->before.n = (size_t)(*p - b->before.p);
    if (*p >= end)
        return false;
    const char *nl = memchr(*p, '\n', (size_t)(end - *p));
    b->line = (struct nd_str){*p, (size_t)((nl ? nl : end) - *p)};
    const char *blank = memchr(*p, ' ', b->line.n);
    size_t name = blank ? (size_t)(blank - *p) : b->line.n;
    b->syntax = nd_syntax_find(*p, name);
    b->query = (struct nd_str){*p + name + 1, b->line.n > name ? b->line.n - name - 1 : 0};
    *p = nl ? nl + 1 : end;
    b->want.p = *p;
    const char *stop = memmem(*p, (size_t)(end - *p), "\n\n", 2);
    if (*p < end && **p == '\n')
        stop = *p - 1; /* nothing follows yet */
    *p = stop ? stop + 1 : end;
    b->want.n = (size_t)(*p - b->want.p);
    return true;
}

static void cases_hold(bool print)
{
    struct nd_buf file, out;
    struct nd_error err = {0};
    size_t refused[8] = {0}, read[8] = {0};
    nd_buf_init(&file, 4 << 20);
    nd_buf_init(&out, 1 << 20);
    if (!CHECK(nd_file_read(&file, "tests/unit/dialect.cases", &err) == 0))
        return;
    const char *p = file.data;
    for (struct block b; next_block(&p, file.data + file.len, &b);) {
        nd_buf_reset(&out);
        if (!CHECK(b.syntax > 0))
            continue;
        describe(&out, b.query, (enum nd_syntax)b.syntax);
        if (print)
            printf("%.*s%.*s\n%.*s", (int)b.before.n, b.before.p, (int)b.line.n, b.line.p,
                   (int)out.len, out.data);
        else if (!CHECK(out.len == b.want.n && memcmp(out.data, b.want.p, out.len) == 0))
            fprintf(stderr, "%.*s\nwant:\n%.*sgot:\n%.*s", (int)b.line.n, b.line.p, (int)b.want.n,
                    b.want.p, (int)out.len, out.data);
        refused[b.syntax] += out.data[0] == '!';
        read[b.syntax] += out.data[0] == '=';
    }
    for (int i = ND_SYNTAX_NEXIS; i <= ND_SYNTAX_LUCENE && !print; i++) {
        CHECK(refused[i] >= 8);
        CHECK(read[i] >= 12);
    }
    nd_buf_free(&file);
    nd_buf_free(&out);
}

static void every_case(void)
{
    cases_hold(false);
}

static void names_are_found(void)
{
    CHECK(nd_syntax_find("Nexis", 5) == ND_SYNTAX_NEXIS);
    CHECK(nd_syntax_find("native", 6) == ND_SYNTAX_NATIVE);
    CHECK(nd_syntax_find("nexi", 4) == -1);
    CHECK(strcmp(nd_syntax_name(ND_SYNTAX_LUCENE), "lucene") == 0);
}

/* What many brackets, operators or words in a row come to: an answer or a refusal, soon. */
static void long_texts(void)
{
    static const char *const pieces[] = {
        "(",  "a w/5 ",   "a and ",    "a w/3 b w/5 ", "not ", "a ", "+a ",     "[",
        "\"", "a w/seg ", "headline(", "hd=",          "a~2 ", "\\", "title:(", "a/N5/"};
    struct nd_buf text;
    nd_buf_init(&text, 8 << 20);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        for (size_t times = 150; times <= 150000; times *= 1000) {
            nd_buf_reset(&text);
            for (size_t k = 0; k < times; k++)
                nd_buf_str(&text, pieces[i]);
            nd_buf_str(&text, "z");
            for (int s = ND_SYNTAX_NEXIS; s <= ND_SYNTAX_LUCENE; s++) {
                struct nd_arena a;
                struct nd_query q;
                struct nd_error err;
                nd_arena_init(&a, 512 << 20);
                clock_t t = clock();
                int code =
                    parse(&q, &a, (struct nd_str){text.data, text.len}, (enum nd_syntax)s, &err);
                double seconds = (double)(clock() - t) / CLOCKS_PER_SEC;
                CHECK(code == 0 || (code < 0 && err.msg[0] && err.hint[0]));
                CHECK(err.end <= text.len + 1 && err.start <= err.end);
                if (!CHECK(seconds < 10))
                    fprintf(stderr, "%zu times '%s' as %s: %.1f s\n", times, pieces[i],
                            nd_syntax_name((enum nd_syntax)s), seconds);
                nd_arena_free(&a);
            }
        }
    }
    nd_buf_free(&text);
}

/* Random texts of the pieces that mean something somewhere. */
static void random_texts(void)
{
    static const char *const pieces[] = {
        " ",         " ",        " ",      "(",          ")",      "\"",  "a",    "kim",
        "trains!",   "wom*n",    "bank$2", "and",        "or",     "not", "w/5",  "pre/3",
        "w/s",       "w/seg",    "/N5/",   "/F9/",       "AND",    "OR",  "NOT",  "+",
        "-",         "!",        "&&",     "||",         "title:", "hd=", "wc>",  "date",
        "aft",       "2024",     "[",      "]",          "{",      "}",   "TO",   "~2",
        "^3",        "\\",       "caps(",  "atleast3",   "length", ">",   "%",    "#",
        "&",         "contains", "date:",  "xfirstword", "same",   "adj", "from", "to",
        "headline(", "é",        "*:*",    "source:"};
    unsigned seed = 7;
    for (int i = 0; i < 40000; i++) {
        char text[256];
        size_t n = 0;
        for (int k = 0; k < 14; k++) {
            seed = seed * 1103515245u + 12345u;
            const char *s = pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])];
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", s, seed & 0x4000 ? " " : "");
        }
        struct nd_arena a;
        struct nd_query q;
        struct nd_error err;
        enum nd_syntax s = (enum nd_syntax)(1 + i % 4);
        nd_arena_init(&a, 64 << 20);
        int code = parse(&q, &a, (struct nd_str){text, n}, s, &err);
        bool good = code ? err.msg[0] && err.hint[0] && err.end <= n + 1 : q.root != NULL;
        if (!CHECK(good))
            fprintf(stderr, "%s as %s: %s [%zu..%zu] %s\n", text, nd_syntax_name(s), err.msg,
                    err.start, err.end, err.hint);
        if (!code) {
            struct nd_buf native;
            nd_buf_init(&native, 1 << 20);
            nd_node_unparse(&native, q.root);
            reads_as_itself((struct nd_str){native.data, native.len});
            nd_buf_free(&native);
        }
        nd_arena_free(&a);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--rewrite") == 0) {
        cases_hold(true);
        return 0;
    }
    RUN(names_are_found);
    RUN(every_case);
    RUN(long_texts);
    RUN(random_texts);
    return check_done();
}
