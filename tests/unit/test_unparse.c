/* What holds for any tree: it prints as query text that reads as the same tree; and for any text: it is
 * read, or refused with a span. Queries are made at random from the grammar. */
#include "../check.h"

#include "lang/parse.h"

#include <stdlib.h>
#include <string.h>

enum {
    TODAY = 20240310
};

static int parse_with(struct nd_query *q, struct nd_arena *a, const char *text, size_t n,
                      struct nd_parse_options o, struct nd_error *err)
{
    memset(err, 0, sizeof *err);
    o.today = TODAY;
    return nd_parse(q, a, text, n, &o, err);
}

/* Check that the tree of a text prints the same after unparse and parse. */
static bool round_trip(const char *text, size_t n)
{
    struct nd_arena a;
    struct nd_query q, again;
    struct nd_error err;
    struct nd_buf tree, typed, tree2;
    nd_arena_init(&a, 256 << 20);
    nd_buf_init(&tree, 8 << 20);
    nd_buf_init(&typed, 8 << 20);
    nd_buf_init(&tree2, 8 << 20);
    bool ok = true;
    if (parse_with(&q, &a, text, n, (struct nd_parse_options){0}, &err) == 0) {
        nd_node_print(&tree, q.root);
        nd_node_unparse(&typed, q.root);
        int code =
            parse_with(&again, &a, typed.data, typed.len, (struct nd_parse_options){0}, &err);
        if (!code)
            nd_node_print(&tree2, again.root);
        ok = !code && tree.len == tree2.len && memcmp(tree.data, tree2.data, tree.len) == 0;
        if (!ok)
            fprintf(stderr, "text:  %.*s\ntree:  %s\ntyped: %s\nagain: %s\n", (int)n, text,
                    tree.data, typed.data, code ? err.msg : tree2.data);
    }
    nd_buf_free(&tree);
    nd_buf_free(&typed);
    nd_buf_free(&tree2);
    nd_arena_free(&a);
    return ok;
}

static size_t pick(size_t n)
{
    return (size_t)(check_random() % n);
}

static void gen(struct nd_buf *b, int depth, bool place);

static void gen_word(struct nd_buf *b)
{
    static const char *const words[] = {
        "train",
        "Kim",
        "US",
        "us",
        "U.S.",
        "first-class",
        "Jong-un's",
        "arm*",
        "w?rd",
        "*ism",
        "colour~",
        "color~2",
        "=train",
        "=first-class",
        "\"a b\"",
        "'c d'",
        "\"a * b\"~2",
        "\"arm* train\"",
        "“x y”",
        "«état d'urgence»",
        "ab_cd",
        "don't",
        "AT&T",
        "1/2",
        "3.5",
        "1000",
        "kim@example.org",
        "état",
        "Москва",
        "東京",
        "nothing",
        "w?rd_two",
        "\"first-class train\"~3",
        "https://example.org/a?b=1",
        "it",
        "IT",
        "\"or\"",
        "=not",
        "person:Kim",
        "person:\"Kim Jong Un\"",
        "place:*",
        "entity:(a OR b)",
        "org:@\"my file.txt\"",
    };
    nd_buf_str(b, words[pick(sizeof words / sizeof words[0])]);
}

static void gen_value(struct nd_buf *b)
{
    static const char *const values[] = {
        "source:sun",
        "source:=\"The Sun\"",
        "source:(sun OR (guardian -times))",
        "date:2023",
        "date:2023-01..2023-02",
        "date:..2022",
        "date:2022..",
        "date:7d",
        "updated:none",
        "lang:en",
        "url:https://a.b/c_(d)",
        "id:\"a \\\"b\\\" c\"",
        "length:100..",
        "length:..5",
        "rev:7",
        "query:NAME",
        "query:group/name",
        "author:*",
        "tag:none",
        "verbatim(\"He said: \\\"no\\\".\")",
        "title:none",
        "title:train",
        "title:\"a b\"",
        "title:=train",
    };
    nd_buf_str(b, values[pick(sizeof values / sizeof values[0])]);
}

static void gen_list(struct nd_buf *b, int depth, bool place, const char *op)
{
    size_t n = 2 + pick(3);
    for (size_t i = 0; i < n; i++) {
        nd_buf_str(b, i ? op : "");
        nd_buf_byte(b, '(');
        gen(b, depth - 1, place);
        nd_buf_byte(b, ')');
    }
}

static void gen(struct nd_buf *b, int depth, bool place)
{
    static const char *const near[] = {" w/5 ", " pre/3 ", " NEAR ",    " ADJ ",
                                       " w/s ", " w/p ",   " NOT w/4 ", " NEAR/7 "};
    static const char *const calls[] = {"atleast(3,", "caps(",     "nocaps(",   "allcaps(",
                                        "quoted(",    "unquoted(", "first(20,", "boost(1.5,"};
    if (depth <= 0) {
        if (place || pick(3))
            gen_word(b);
        else
            gen_value(b);
        return;
    }
    switch (pick(place ? 4 : 7)) {
    case 0:
        gen_list(b, depth, place, " OR ");
        break;
    case 1:
        gen_list(b, depth, true, near[pick(8)]);
        break;
    case 2:
        nd_buf_str(b, calls[pick(8)]);
        gen(b, depth - 1, true);
        nd_buf_byte(b, ')');
        break;
    case 3:
        gen_word(b);
        break;
    case 4:
        gen_list(b, depth, false, pick(2) ? " AND " : " ");
        break;
    case 5:
        nd_buf_str(b, pick(2) ? "NOT (" : "-(");
        gen(b, depth - 1, false);
        nd_buf_byte(b, ')');
        break;
    default:
        nd_buf_str(b, "any(2, ");
        gen(b, depth - 1, false);
        nd_buf_str(b, ", ");
        gen(b, depth - 1, false);
        nd_buf_byte(b, ')');
        break;
    }
}

static void unparse_of_random_queries_parses_to_the_same_tree(void)
{
    struct nd_buf b;
    struct nd_error err;
    size_t read = 0;
    nd_buf_init(&b, 1 << 20);
    for (int i = 0; i < 3000; i++) {
        nd_buf_reset(&b);
        gen(&b, (int)pick(5), false);
        struct nd_arena a;
        struct nd_query q;
        nd_arena_init(&a, 64 << 20);
        int code = parse_with(&q, &a, b.data, b.len, (struct nd_parse_options){0}, &err);
        read += code == 0;
        if (code && !CHECK(err.code == ND_QUERY && err.msg[0]))
            fprintf(stderr, "%s\n", b.data);
        nd_arena_free(&a);
        if (!CHECK(round_trip(b.data, b.len)))
            break;
    }
    CHECK(read > 2700);
    nd_buf_free(&b);
}

/* Whatever is cut, doubled or put together: read or refused with a span inside, and trees hold. */
static void parse_of_broken_queries_refuses_with_a_span(void)
{
    static const char pieces[] = "()\"'*?~-=:,.@/_ \n\\";
    struct nd_buf b, out;
    nd_buf_init(&b, 1 << 20);
    nd_buf_init(&out, 1 << 20);
    for (int i = 0; i < 20000; i++) {
        nd_buf_reset(&b);
        gen(&b, (int)pick(4), false);
        for (size_t k = pick(4) + 1; k > 0 && b.len > 0; k--)
            b.data[pick(b.len)] = pieces[pick(sizeof pieces - 1)];
        struct nd_arena a;
        struct nd_query q;
        struct nd_error err;
        nd_arena_init(&a, 64 << 20);
        int code = parse_with(&q, &a, b.data, b.len, (struct nd_parse_options){0}, &err);
        bool good = code == 0 || (code == ND_QUERY && err.end > err.start && err.start <= b.len &&
                                  err.msg[0] && err.hint[0]);
        if (code == ND_QUERY && err.end == 0)
            good = err.msg[0] != '\0';
        if (!CHECK(good))
            fprintf(stderr, "query: %s\nmsg: %s hint: %s %zu..%zu\n", b.data, err.msg, err.hint,
                    err.start, err.end);
        nd_buf_reset(&out);
        CHECK(nd_query_caret(&out, (struct nd_str){b.data, b.len}, &err, 40, true) == 0);
        nd_arena_free(&a);
        if (!CHECK(round_trip(b.data, b.len)))
            break;
    }
    nd_buf_free(&b);
    nd_buf_free(&out);
}

static void unparse_of_fixed_queries_parses_to_the_same_tree(void)
{
    static const char *const queries[] = {
        "or's AND not's",
        "O.R. x",
        "quoted((nothing))",
        "quoted(nothing)",
        "title:(none)",
        "title:none",
        "NOT NOT NOT a",
        "a OR (b OR (c OR NOT d))",
        "boost(0.001, a) OR boost(1000, b)",
        "=or",
        "*",
        "they_w?ll_*_b",
        "\"a first-class * b*\"~7",
        "id:\"a \\\\ \\\" b\"",
        "date:..2022",
        "length:0",
        "a NOT w/3 (b NOT w/2 c)",
        "caps(a AND NOT b)",
        "person:=\"Kim#2\"",
        "query:\"a b\"",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct nd_arena a;
        struct nd_query q;
        struct nd_error err;
        nd_arena_init(&a, 1 << 20);
        if (!CHECK(parse_with(&q, &a, queries[i], strlen(queries[i]), (struct nd_parse_options){0},
                              &err) == 0))
            fprintf(stderr, "%s: %s\n", queries[i], err.msg);
        CHECK(round_trip(queries[i], strlen(queries[i])));
        nd_arena_free(&a);
    }
}

int main(void)
{
    RUN(unparse_of_random_queries_parses_to_the_same_tree);
    RUN(parse_of_broken_queries_refuses_with_a_span);
    RUN(unparse_of_fixed_queries_parses_to_the_same_tree);
    return check_done();
}
