/* newsq: asks an index. The tables of commands and options, and where a command line becomes a command. */
#include "newsq.h"

#include "tool/generate.h"
#include "tool/pager.h"

#include "memory.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
    ARENA_MAX = 2000 << 20
};

static const struct nd_command commands[] = {
    {"search", "QUERY", "list the articles that match, best first", newsq_search},
    {"count", "[QUERY]", "print how many articles match", newsq_count},
    {"facet", "FIELD,... [QUERY]", "count the values of fields over the matches", newsq_facet},
    {"hist", "[QUERY]", "the matches over time, as bars on a terminal", newsq_hist},
    {"terms", "QUERY", "the words that are typical of the matches, against the whole index", newsq_terms},
    {"related", "NAME", "names that stand with this one more often than chance", newsq_related},
    {"like", "ID", "articles like this one, or with -f like a text", newsq_like},
    {"compare", "QUERY QUERY", "two queries side by side: over time, by words, names and sources",
     newsq_compare},
    {"story", "ID", "the near-copies of an article, earliest first, with what each cut and added",
     newsq_story},
    {"kwic", "QUERY", "every place that matches, with the words around it", newsq_kwic},
    {"show", "ID...", "print whole articles", newsq_show},
    {"explain", "QUERY", "show how a query is understood and run", newsq_explain},
    {"why", "ID [QUERY]", "why an article answers a query: its score part by part, its names with the evidence", newsq_why},
    {"fields", "", "list the fields of the query language", newsq_fields},
    {"saved", "VERB [NAME] [QUERY]",
     "keep queries, run them, be told what is new: add list show edit rm rename run test commit import export",
     newsq_saved},
    {"batch", "[search|count|facet FIELD]",
     "answer a query a line from standard input: hits as jsonl, or COUNT TAB LINE", newsq_batch},
    {"shell", "[QUERY]", "ask step by step at a prompt: a query, refined and looked at from all sides (:help)",
     newsq_shell},
};

#define ASK "search count facet hist terms related like compare kwic explain why saved batch"
#define ASK_OR_SHELL ASK " shell"

static const struct nd_option options[] = {
    {'d', "index", ND_OPT_LIST, "DIR", NULL, false, "*",
     "folder of the index; may be repeated (default: $NEWSDEX_INDEX)"},
    {'f', "file", ND_OPT_TEXT, "FILE", NULL, false, "search count facet hist terms like kwic explain",
     "read the query from a file, or from standard input for -"},
    {0, "syntax", ND_OPT_CHOICE, "NAME", "native nexis factiva dtsearch lucene", false, ASK_OR_SHELL,
     "read queries by the rules of another system (default: native)"},
    {'F', "literal", ND_OPT_FLAG, NULL, NULL, false, ASK, "take all of QUERY as one phrase"},
    {0, "within", ND_OPT_LIST, "QUERY", NULL, false, ASK_OR_SHELL,
     "look only among the matches of this query; may be repeated"},
    {0, "with", ND_OPT_LIST, "NAME", NULL, false, "facet", "only articles that have this name too; may be repeated"},
    {0, "matched", ND_OPT_FLAG, NULL, NULL, false, "facet", "of names, only those within the places that match"},
    {0, "roll-up", ND_OPT_FLAG, NULL, NULL, false, "search count facet hist kwic explain why shell",
     "a place counts for its country: place:Russia finds Vladivostok"},
    {0, "since", ND_OPT_TEXT, "DATE", NULL, false, ASK_OR_SHELL, "only from this day on (2023-09-05, 7d, 2023)"},
    {0, "until", ND_OPT_TEXT, "DATE", NULL, false, ASK_OR_SHELL, "only up to this day"},
    {'n', "limit", ND_OPT_COUNT, "N", NULL, true,
     "search facet hist terms related like compare kwic saved batch shell",
     "show N hits or values, or all of them"},
    {0, "offset", ND_OPT_COUNT, "N", NULL, false, "search batch", "leave out the first N hits"},
    {0, "sort", ND_OPT_CHOICE, "ORDER", "score newest oldest source", false, "search saved batch shell",
     "order of the hits (default: score)"},
    {0, "sort", ND_OPT_CHOICE, "ORDER", "count name score", false, "facet",
     "order of the values: by count, by name, or by how much more often the matches have them than all "
     "articles (default: count)"},
    {0, "recency", ND_OPT_TEXT, "HALF-LIFE", NULL, false, "search saved batch why shell",
     "newer ones first where they fit as well: the score halves with each 30d (2w, 6months, 1y) of age"},
    {0, "spans", ND_OPT_FLAG, NULL, NULL, false, "search batch",
     "in json and jsonl: the words that matched as bytes of the stored field, neighbours as one"},
    {0, "run", ND_OPT_FLAG, NULL, NULL, false, "explain",
     "count every part, with the time that takes, beside the estimates"},
    {0, "min", ND_OPT_COUNT, "N", NULL, false, "facet terms related", "leave out values with fewer articles"},
    {0, "per", ND_OPT_CHOICE, "PERIOD", "day week month year", false, "hist compare",
     "what a line stands for (default: month)"},
    {0, "by", ND_OPT_TEXT, "FIELD", NULL, false, "hist",
     "a table: a column for each of the most frequent values of a field (-n of them)"},
    {0, "share", ND_OPT_FLAG, NULL, NULL, false, "hist",
     "the share of all articles of that time too, in percent"},
    {0, "format", ND_OPT_CHOICE, "FORMAT", "text oneline json jsonl csv tsv markdown html ids articles ris trec grep", false,
     "search facet hist terms related like compare story kwic show why saved batch", "form of the answer (default: text)"},
    {0, "columns", ND_OPT_TEXT, "LIST", NULL, false, "search like saved",
     "of csv, tsv and markdown: id,date,source,title,url,rank,score"},
    {0, "excel", ND_OPT_FLAG, NULL, NULL, false,
     "search facet hist terms related like compare story",
     "csv for spreadsheets: byte order mark, no cell is taken as a formula"},
    {0, "collapse", ND_OPT_CHOICE, "WHAT", "story", false, "search shell",
     "show near-copies once, with the number of copies"},
    {0, "lead", ND_OPT_TEXT, "COPY", NULL, false, "search shell",
     "which copy is shown: best, first, longest, source=NAME,NAME (default: best)"},
    {0, "by-story", ND_OPT_FLAG, NULL, NULL, false, "count facet hist terms related compare shell",
     "count near-copies once, where the one printed first is"},
    {'c', "count", ND_OPT_FLAG, NULL, NULL, false, "search", "print the number of matches alone"},
    {'l', "ids", ND_OPT_FLAG, NULL, NULL, false, "search like", "print ids alone, like --format ids"},
    {'0', "null", ND_OPT_FLAG, NULL, NULL, false, "search like", "end ids with NUL, for xargs -0"},
    {0, "oneline", ND_OPT_FLAG, NULL, NULL, false, "search like shell", "a line a hit, like --format oneline"},
    {0, "no-snippets", ND_OPT_FLAG, NULL, NULL, false, "search like saved batch shell", "leave the snippets out"},
    {0, "queries", ND_OPT_TEXT, "DIR", NULL, false, ASK_OR_SHELL,
     "folder of the saved queries (default: ~/.config/newsdex/queries)"},
    {0, "all", ND_OPT_FLAG, NULL, NULL, false, "saved", "every saved query"},
    {0, "new", ND_OPT_FLAG, NULL, NULL, false, "saved",
     "report what came, changed or was withdrawn since the last report"},
    {0, "hold", ND_OPT_FLAG, NULL, NULL, false, "saved",
     "with --new: count it as reported only at saved commit"},
    {0, "from-start", ND_OPT_FLAG, NULL, NULL, false, "saved",
     "with --new: a query never reported of starts with all that matches"},
    {0, "from-now", ND_OPT_FLAG, NULL, NULL, false, "saved", "with --new: start from now, report nothing"},
    {0, "all-again", ND_OPT_FLAG, NULL, NULL, false, "saved", "with --new: forget what was reported"},
    {0, "digest", ND_OPT_CHOICE, "FORM", "text markdown html rss", false, "saved",
     "one report over all queries: each article once with the queries that it matches, near-copies together"},
    {0, "expect", ND_OPT_LIST, "FACT", NULL, false, "saved",
     "with test: what must hold of total, new, exact: 'new = 0' (default: total > 0)"},
    {0, "quiet-empty", ND_OPT_FLAG, NULL, NULL, false, "saved", "status 0 where nothing is new"},
    {0, "title", ND_OPT_TEXT, "TEXT", NULL, false, "saved", "with add: a title for reports"},
    {0, "force", ND_OPT_FLAG, NULL, NULL, false, "saved", "with add and import: write over what is there"},
    {0, "list", ND_OPT_TEXT, "FILE", NULL, false, "saved", "with import: a name a line"},
    {0, "template", ND_OPT_TEXT, "QUERY", NULL, false, "saved batch",
     "with import and batch: the query, {} for the line"},
    {0, "time-limit", ND_OPT_COUNT, "SECONDS", NULL, false, ASK_OR_SHELL,
     "stop after so long with what was found (status 5)"},
    {0, "color", ND_OPT_CHOICE, "WHEN", "auto always never", false, "*",
     "colours and marks (default: auto)"},
    {0, "hyperlink", ND_OPT_CHOICE, "WHEN", "auto always never", false, "search like show saved shell",
     "titles lead to the url of the article (default: auto)"},
    {0, "pager", ND_OPT_FLAG, NULL, NULL, false, "*",
     "on a terminal: through a pager, also what is short (count, saved run --new)"},
    {0, "no-pager", ND_OPT_FLAG, NULL, NULL, false, "*", "never through a pager"},
    {'q', "quiet", ND_OPT_FLAG, NULL, NULL, false, "*", "no notes on standard error"},
    {'h', "help", ND_OPT_FLAG, NULL, NULL, false, "*", "print help"},
    {0, "version", ND_OPT_FLAG, NULL, NULL, false, "*", "print the version"},
};

static const struct nd_program program = {
    .name = "newsq",
    .summary = "search a news archive",
    .commands = commands,
    .commands_n = sizeof commands / sizeof commands[0],
    .options = options,
    .options_n = sizeof options / sizeof options[0],
    .fallback = "search",
};

const struct nd_program *newsq_program(void)
{
    return &program;
}

int newsq_failed(const struct newsq *t, const struct nd_error *err)
{
    nd_diag_error(&t->diag, err);
    return nd_exit_status(err->code);
}

int newsq_renderer(const struct newsq *t, const struct nd_renderer **out, struct nd_error *err)
{
    const char *format = nd_args_text(&t->args, "format");
    const char *name = format ? format : "text";
    if (nd_args_has(&t->args, "ids") || nd_args_has(&t->args, "null"))
        name = "ids";
    else if (nd_args_has(&t->args, "oneline"))
        name = "oneline";
    *out = nd_renderer_find(name);
    if (format && strcmp(format, name) != 0)
        return nd_fail(err, ND_USAGE, "--format %s and the option for '%s' exclude each other",
                       format, name);
    if (!*out) {
        nd_fail(err, ND_USAGE, "--format %s is of search and kwic", name);
        return ND_USAGE;
    }
    const char *command = t->args.command ? t->args.command->name : "search";
    if (!(*out)->count && (strcmp(command, "facet") == 0 || strcmp(command, "hist") == 0)) {
        nd_fail(err, ND_USAGE, "--format %s shows articles, not counts", name);
        nd_hint(err, "newsq search --format %s QUERY, or %s --format csv", name, command);
        return ND_USAGE;
    }
    return 0;
}

int newsq_render(const struct newsq *t, struct nd_render *r, struct nd_buf *out, struct nd_error *err)
{
    *r = (struct nd_render){.out = out,
                            .color = t->term.color,
                            .nul = nd_args_has(&t->args, "null"),
                            .excel = nd_args_has(&t->args, "excel"),
                            .links = t->term.links,
                            .columns = t->term.tty ? t->term.columns : 0};
    const char *p = nd_args_text(&t->args, "columns");
    while (p && *p) {
        size_t n = strcspn(p, ",");
        enum nd_cell c = 0;
        while (c < ND_CELLS && (strlen(nd_cell_name(c)) != n || strncmp(nd_cell_name(c), p, n) != 0))
            c++;
        if (c == ND_CELLS || r->cells_n == sizeof r->cells / sizeof r->cells[0]) {
            nd_fail(err, ND_USAGE, "no column '%.*s'", (int)n, p);
            nd_hint(err, "columns are id, date, source, title, url, rank, score");
            return ND_USAGE;
        }
        r->cells[r->cells_n++] = c;
        p += n + (p[n] == ',');
    }
    return 0;
}

int newsq_write(struct nd_buf *out, struct nd_error *err)
{
    if (nd_buf_code(out))
        return nd_fail(err, nd_buf_code(out), "the answer does not fit in memory");
    const char *p = out->data;
    size_t n = out->len;
    while (n) {
        ssize_t w = write(STDOUT_FILENO, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return errno == EPIPE ? ND_DONE
                                  : nd_fail_errno(err, ND_IO, "cannot write to standard output");
        p += w;
        n -= (size_t)w;
    }
    nd_buf_reset(out);
    return 0;
}

static int print_help(struct newsq *t, const struct nd_command *command)
{
    struct nd_buf out;
    struct nd_error err = {0};
    nd_buf_init(&out, 1 << 20);
    nd_help(&out, &program, command, t->term.columns);
    int rc = newsq_write(&out, &err);
    nd_buf_free(&out);
    return rc < 0 ? newsq_failed(t, &err) : 0;
}

/* Is what is asked for long, as a rule? Then it goes through a pager on a terminal. */
static bool is_paged(const struct newsq *t)
{
    static const char *const names[] = {"search", "facet", "hist",    "terms", "related", "like", "compare",
                                        "story",  "kwic",  "explain", "show",  "why",     "fields"};
    static const char *const verbs[] = {"list", "show", "run", "export"};
    const struct nd_args *a = &t->args;
    if (!t->term.tty || nd_args_has(a, "no-pager"))
        return false;
    if (strcmp(a->command->name, "shell") == 0) /* its answers are, each by itself */
        return false;
    if (nd_args_has(a, "pager") || nd_args_has(a, "help"))
        return true;
    if (nd_args_has(a, "count"))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], a->command->name) == 0)
            return true;
    /* what has been told is told for good: it must stay on the screen */
    if (strcmp(a->command->name, "saved") != 0 || !a->words_n || nd_args_has(a, "new"))
        return false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (nd_str_eq(a->words[0], nd_str_of(verbs[i])))
            return true;
    return false;
}

/* Run the command, through a pager where one is wanted. */
static int run_paged(struct newsq *t)
{
    struct nd_error err = {0};
    struct nd_pager pager = {0};
    const char *command = is_paged(t) ? nd_pager_command("NEWSQ_PAGER") : NULL;
    const char *links = nd_args_text(&t->args, "hyperlink");
    nd_term_links(&t->term, links ? links : "auto", command);
    if (command && nd_pager_start(&pager, command, &err))
        nd_diag_note(&t->diag, "%s", err.msg);
    int status = nd_args_has(&t->args, "help") ? print_help(t, t->args.named ? t->args.command : NULL)
                                               : t->args.command->run(t);
    nd_pager_end(&pager);
    return status;
}

int newsq_run(struct newsq *t, int argc, char **argv)
{
    struct nd_error err = {0};
    int rc = nd_args_parse(&t->args, &t->arena, &program, argc, argv, &err);
    if (rc)
        return newsq_failed(t, &err);
    const char *color = nd_args_text(&t->args, "color");
    struct nd_term terminal;
    nd_term_look(&t->term, STDOUT_FILENO, color ? color : "auto");
    nd_term_look(&terminal, STDERR_FILENO, color ? color : "auto");
    t->diag.color = terminal.color;
    t->diag.quiet = nd_args_has(&t->args, "quiet");
    if (nd_args_has(&t->args, "version")) {
        struct nd_buf out;
        nd_buf_init(&out, 256);
        nd_buf_str(&out, "newsq " NEWSDEX_VERSION "\n");
        rc = newsq_write(&out, &err);
        nd_buf_free(&out);
        return rc < 0 ? newsq_failed(t, &err) : 0;
    }
    return argc < 2 ? print_help(t, NULL) : run_paged(t);
}

/* --generate WHAT [PAGE]: parts of manuals and completions, for the build. */
static int generate(struct newsq *t, const char *what, const char *page)
{
    struct nd_buf out;
    struct nd_error err = {0};
    nd_buf_init(&out, 4 << 20);
    int rc = nd_generate_asked(&out, &program, what, page, &err);
    if (!rc)
        rc = newsq_write(&out, &err);
    nd_buf_free(&out);
    return rc < 0 ? newsq_failed(t, &err) : 0;
}

int main(int argc, char **argv)
{
    nd_memory_for_asking();
    signal(SIGPIPE, SIG_IGN); /* a reader that has gone shows as EPIPE, and ends us quietly */
    struct newsq t = {.diag = {.program = "newsq"}};
    nd_arena_init(&t.arena, ARENA_MAX);
    bool hidden = argc >= 3 && strcmp(argv[1], "--generate") == 0;
    int status = hidden ? generate(&t, argv[2], argv[3]) : newsq_run(&t, argc, argv);
    nd_arena_free(&t.arena);
    return status;
}
