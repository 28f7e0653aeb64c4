/* The command line: args.cases against a table like newsq's, the table check, near misses, help.
 * args.cases: blocks between blank lines. First the arguments as bash passes them, after the program's
 * name, each in [ ] (\xNN for a byte); then what comes out:
 *   command NAME, option NAME [= TEXT [= NUMBER]], word TEXT, dashes; or error, hint.
 * A first line `newsdex` takes the table without a command to fall back on.
 * `test_option --rewrite` prints the file with what comes out now. */
#include "../check.h"

#include "base/file.h"
#include "tool/option.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct nd_command commands[] = {
    {"search", "QUERY", "list the articles that match", NULL},
    {"count", "[QUERY]", "print how many match", NULL},
    {"facet", "FIELD [QUERY]", "count the values of a field", NULL},
    {"hist", "[QUERY]", "count by time", NULL},
    {"terms", "[QUERY]", "list words", NULL},
    {"show", "ID...", "print articles", NULL},
    {"why", "ID QUERY", "explain a score", NULL},
    {"saved", "VERB [NAME]", "saved queries", NULL},
    {"batch", "", "answer queries from stdin", NULL},
};

static const struct nd_option options[] = {
    {'d', "index", ND_OPT_LIST, "DIR", NULL, false, "*", "the index; may be repeated"},
    {'n', "limit", ND_OPT_COUNT, "N|all", NULL, true, "search facet terms", "how many to show"},
    {0, "offset", ND_OPT_COUNT, "N", NULL, false, "search", "how many to leave out first"},
    {0, "format", ND_OPT_CHOICE, "NAME", "text json jsonl csv tsv html ids articles", false, "*",
     "form of the output"},
    {0, "within", ND_OPT_LIST, "QUERY", NULL, false, "*", "only articles that match QUERY too"},
    {'f', "file", ND_OPT_TEXT, "FILE", NULL, false, "*", "read the query from FILE"},
    {'F', "literal", ND_OPT_FLAG, NULL, NULL, false, "search count", "take QUERY as one phrase"},
    {'c', "count", ND_OPT_FLAG, NULL, NULL, false, "search", "print the number alone"},
    {'l', "ids", ND_OPT_FLAG, NULL, NULL, false, "search", "print ids alone"},
    {'0', "null", ND_OPT_FLAG, NULL, NULL, false, "search", "end ids with a zero byte"},
    {'q', "quiet", ND_OPT_FLAG, NULL, NULL, false, "*", "no notes"},
    {0, "memory", ND_OPT_SIZE, "SIZE", NULL, false, "batch", "how much memory to take"},
    {0, "by", ND_OPT_TEXT, "UNIT", NULL, false, "hist", "day, month or year"},
};

static const struct nd_program newsq = {"newsq",  "search a news archive",
                                        commands, sizeof commands / sizeof commands[0],
                                        options,  sizeof options / sizeof options[0],
                                        "search"};
static const struct nd_program newsdex = {"newsdex", "index a news archive",
                                          commands,  sizeof commands / sizeof commands[0],
                                          options,   sizeof options / sizeof options[0],
                                          NULL};

enum {
    ARGS = 32,
    ARG = 200
};

/* The arguments of a line `[a] [b]`. Return: argc. */
static int split(const char *p, const char *end, char store[ARGS][ARG], char *argv[ARGS + 1])
{
    int n = 1;
    argv[0] = store[0];
    memcpy(store[0], "newsq", 6);
    while (n < ARGS && (p = memchr(p, '[', (size_t)(end - p)))) {
        size_t k = 0;
        for (p++; p < end && k + 1 < ARG && !(*p == ']' && (p + 1 == end || p[1] == ' ')); p++) {
            unsigned byte;
            if (end - p > 3 && p[0] == '\\' && p[1] == 'x' && sscanf(p + 2, "%2x", &byte) == 1) {
                store[n][k++] = (char)byte;
                p += 3;
            } else {
                store[n][k++] = *p;
            }
        }
        store[n][k] = '\0';
        argv[n] = store[n];
        n++;
        if (p >= end)
            break;
    }
    argv[n] = NULL;
    return n;
}

static void describe(struct nd_buf *out, const struct nd_program *program, const char *p,
                     const char *end)
{
    static const char *const none = "(none)";
    char store[ARGS][ARG], *argv[ARGS + 1];
    struct nd_arena arena;
    struct nd_args a;
    struct nd_error err = {0};
    nd_arena_init(&arena, 1 << 20);
    int argc = split(p, end, store, argv);
    nd_buf_reset(out);
    if (nd_args_parse(&a, &arena, program, argc, argv, &err)) {
        nd_buf_printf(out, "error %s\nhint %s\n", err.msg, err.hint);
        CHECK_INT(err.code, ND_USAGE);
        nd_arena_free(&arena);
        return;
    }
    nd_buf_printf(out, "command %s\n", a.command ? a.command->name : none);
    for (const struct nd_option_value *v = a.values; v; v = v->next) {
        nd_buf_printf(out, "option %s", v->option->name);
        if (v->text.p)
            nd_buf_printf(out, " = %s", v->text.p);
        if (v->option->type == ND_OPT_COUNT || v->option->type == ND_OPT_SIZE)
            nd_buf_printf(out, " = %" PRIu64, v->number);
        nd_buf_byte(out, '\n');
    }
    for (size_t i = 0; i < a.words_n; i++)
        nd_buf_printf(out, "word %.*s\n", (int)a.words[i].n, a.words[i].p);
    if (a.dashes)
        nd_buf_str(out, "dashes\n");
    nd_arena_free(&arena);
}

/* Walk args.cases: check each block, or print it anew. Return: blocks. */
static size_t walk(bool rewrite)
{
    struct nd_buf file, out;
    struct nd_error err = {0};
    size_t blocks = 0;
    nd_buf_init(&file, 1 << 20);
    nd_buf_init(&out, 1 << 16);
    if (!CHECK(nd_file_read(&file, "tests/unit/args.cases", &err) == 0))
        return 0;
    const char *p = file.data, *end = file.data + file.len;
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        nl = nl ? nl : end - 1;
        if (*p == '\n' || *p == '#') {
            if (rewrite)
                fwrite(p, 1, (size_t)(nl + 1 - p), stdout);
            p = nl + 1;
            continue;
        }
        const struct nd_program *program = &newsq;
        const char *start = p;
        if (nl - p == 7 && memcmp(p, "newsdex", 7) == 0) {
            program = &newsdex;
            p = nl + 1;
            nl = memchr(p, '\n', (size_t)(end - p));
            nl = nl ? nl : end - 1;
        }
        describe(&out, program, p, nl);
        const char *line = p, *rest = nl + 1,
                   *stop = rest < end ? memmem(nl, (size_t)(end - nl), "\n\n", 2) : NULL;
        stop = stop ? stop + 1 : end;
        if (rewrite) {
            fwrite(start, 1, (size_t)(rest - start), stdout);
            fwrite(out.data, 1, out.len, stdout);
        } else if (!CHECK(out.len == (size_t)(stop - rest) &&
                          memcmp(out.data, rest, out.len) == 0)) {
            fprintf(stderr, "%.*s\nwant:\n%.*sgot:\n%s", (int)(nl - line), line, (int)(stop - rest),
                    rest, out.data);
        }
        blocks++;
        p = stop;
    }
    nd_buf_free(&file);
    nd_buf_free(&out);
    return blocks;
}

static void args_cases_hold(void)
{
    CHECK(walk(false) >= 60);
}

static void args_are_looked_up(void)
{
    char *argv[] = {"newsq",    "count", "-d",           "a", "-d", "b",
                    "--format", "json",  "--format=csv", "x", NULL};
    struct nd_arena arena;
    struct nd_args a;
    struct nd_error err = {0};
    size_t n;
    nd_arena_init(&arena, 1 << 20);
    CHECK_INT(nd_args_parse(&a, &arena, &newsq, 10, argv, &err), 0);
    CHECK_STR(nd_args_text(&a, "format"), "csv");
    CHECK(nd_args_text(&a, "file") == NULL);
    CHECK(nd_args_has(&a, "index"));
    CHECK(!nd_args_has(&a, "quiet"));
    CHECK_INT(nd_args_number(&a, "limit", 10), 10);
    const char **list = nd_args_list(&a, &arena, "index", &n);
    CHECK_INT(n, 2);
    CHECK_STR(list[0], "a");
    CHECK_STR(list[1], "b");
    nd_args_list(&a, &arena, "within", &n);
    CHECK_INT(n, 0);
    nd_arena_free(&arena);
}

static void nearest_takes_two_edits_or_a_plural(void)
{
    static const char *const words[] = {"source", "title", "author", "tag", "country", "id"};
    static const char *const rows[][2] = {
        {"sorce", "source"},
        {"suorce", "source"},
        {"Titel", "title"},
        {"autor", "author"},
        {"sources", "source"},
        {"tags", "tag"},
        {"countries", "country"},
        {"srce", "source"},
        {"xyzzy", ""},
        {"", ""},
        {"x", ""},
        {"ta", "tag"},
        {"i", ""},
        {"sou", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *near = nd_nearest(words, 6, rows[i][0], strlen(rows[i][0]));
        CHECK_STR(near ? near : "", rows[i][1]);
    }
    char long_word[500];
    memset(long_word, 'a', sizeof long_word);
    CHECK(nd_nearest(words, 6, long_word, sizeof long_word) == NULL);
}

/* Check that a table with one row changed is refused with the message. */
static void bad_table(const struct nd_option *rows, size_t n, const char *fallback, const char *msg)
{
    struct nd_program pr = newsq;
    struct nd_error err = {0};
    pr.options = rows;
    pr.options_n = n;
    pr.fallback = fallback;
    CHECK_INT(nd_program_check(&pr, &err), ND_INTERNAL);
    CHECK_STR(err.msg, msg);
}

static void table_check_finds_contradictions(void)
{
    struct nd_error err = {0};
    CHECK_INT(nd_program_check(&newsq, &err), 0);
    CHECK_INT(nd_program_check(&newsdex, &err), 0);
    const struct nd_option twice[] = {options[1], options[1]};
    bad_table(twice, 2, "search", "newsq: options 'limit' and 'limit' collide");
    struct nd_option one = options[1];
    one.commands = "search serch";
    bad_table(&one, 1, "search", "newsq: option 'limit' of the unknown command 'serch'");
    one = options[1];
    one.help = "";
    bad_table(&one, 1, "search", "newsq: bad help of option 'limit'");
    one = options[1];
    one.value = NULL;
    bad_table(&one, 1, "search", "newsq: option 'limit' and the name of its value");
    one = options[3];
    one.choices = NULL;
    bad_table(&one, 1, "search", "newsq: option 'format' and its choices");
    bad_table(options, 1, "find", "newsq: no command 'find' to fall back on");
}

static void help_fits_its_columns(void)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    CHECK_INT(nd_help(&out, &newsq, NULL, 72), 0);
    CHECK(strstr(out.data, "usage: newsq COMMAND [OPTION]...") != NULL);
    CHECK(strstr(out.data, "  facet FIELD [QUERY]  count the values of a field\n") != NULL);
    CHECK(strstr(out.data, "--version") != NULL);
    CHECK(strstr(out.data, "--limit") == NULL);
    nd_buf_reset(&out);
    CHECK_INT(nd_help(&out, &newsq, &commands[0], 60), 0);
    CHECK(strstr(out.data, "usage: newsq search [OPTION]... QUERY\n") != NULL);
    CHECK(strstr(out.data, "  -n, --limit N|all") != NULL);
    CHECK(strstr(out.data, "--by") == NULL);
    for (const char *p = out.data; *p;) {
        size_t n = strcspn(p, "\n");
        CHECK(n <= 60 && (n == 0 || p[n - 1] != ' '));
        p += n + (p[n] == '\n');
    }
    nd_buf_free(&out);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--rewrite") == 0)
        return walk(true) == 0;
    RUN(args_cases_hold);
    RUN(args_are_looked_up);
    RUN(nearest_takes_two_edits_or_a_plural);
    RUN(table_check_finds_contradictions);
    RUN(help_fits_its_columns);
    return check_done();
}
