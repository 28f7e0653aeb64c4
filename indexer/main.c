/* newsdex: builds and keeps an index. The tables of commands and options, and where a command line becomes a
 * command. */
#include "newsdex.h"
#include "base/file.h"

#include "tool/generate.h"
#include "tool/term.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ARENA_MAX = 1 << 30
};

static const struct nd_command commands[] = {
    {"add", "FILE|DIR|-...", "read news dumps into an index, which is made where there is none",
     newsdex_add},
    {"info", "", "what an index holds and how large its parts are", newsdex_info},
    {"delete", "ID...", "take articles out of an index", newsdex_delete},
    {"merge", "", "join all segments of an index into one, without its deleted articles",
     newsdex_merge},
    {"rebuild", "", "index the stored articles anew, in place, after a change of program or settings",
     newsdex_rebuild},
    {"verify", "", "read all of an index and compare its parts with each other", newsdex_verify},
    {"convert", "FILE|DIR|-...", "print articles as JSON lines, without an index", newsdex_convert},
    {"sniff", "FILE|DIR|-...", "what files are and how they would be read", newsdex_sniff},
    {"tag", "FILE|DIR|-...", "the same with the names in them: where, what, and why",
     newsdex_tag},
    {"entities", "check|list|show NAME|similar NAME|add RULE|export",
     "the names of an index, and the rules that correct them (entities.conf in its folder)", newsdex_entities},
};

#define READING "add convert sniff tag"

static const struct nd_option options[] = {
    {'d', "index", ND_OPT_TEXT, "DIR", NULL, false, "add info delete merge rebuild verify entities",
     "folder of the index (default: $NEWSDEX_INDEX)"},
    {'j', "jobs", ND_OPT_COUNT, "N", NULL, false, "add rebuild", "threads that index (default: one per core)"},
    {0, "memory", ND_OPT_SIZE, "SIZE", NULL, false, "add",
     "write a segment when so much is held (default: 512M)"},
    {0, "codec", ND_OPT_CHOICE, "NAME", "zstd deflate", false, "add rebuild",
     "how stored articles are compressed (default: zstd)"},
    {0, "no-entities", ND_OPT_FLAG, NULL, NULL, false, "add rebuild",
     "do not look for people, organisations and places"},
    {0, "xapian-complete", ND_OPT_FLAG, NULL, NULL, false, "add rebuild",
     "write plain words, positions and term lists too, for stock Xapian tools"},
    {0, "map", ND_OPT_LIST, "OURS=THEIRS", NULL, false, READING,
     "which key of the dump is which field: title=headline,body=text"},
    {0, "map-file", ND_OPT_TEXT, "FILE", NULL, false, READING,
     "the same from a file: lines OURS=THEIRS, format=NAME, record=NAME"},
    {0, "set", ND_OPT_LIST, "FIELD=VALUE", NULL, false, READING,
     "give every article this value, whatever the dump says"},
    {0, "default", ND_OPT_LIST, "FIELD=VALUE", NULL, false, READING,
     "give this value to articles that have none"},
    {0, "from-path", ND_OPT_TEXT, "PATTERN", NULL, false, READING,
     "take fields from the file's path: '{source}/{date}/{id}.txt'"},
    {0, "id-prefix", ND_OPT_TEXT, "TEXT", NULL, false, READING,
     "put before every id, for dumps that number their articles"},
    {0, "input-format", ND_OPT_TEXT, "NAME", NULL, false, READING,
     "read every file as this format instead of looking at it"},
    {0, "record", ND_OPT_TEXT, "NAME", NULL, false, READING,
     "read XML of any kind: this element is an article, --map has paths: title=head/title,id=@guid"},
    {0, "files-from", ND_OPT_LIST, "FILE", NULL, false, READING,
     "read the names of the files from a file, a line each, or - for standard input"},
    {0, "include", ND_OPT_LIST, "GLOB", NULL, false, READING, "of folders, only files of such names"},
    {0, "exclude", ND_OPT_LIST, "GLOB", NULL, false, READING, "of folders, no files of such names"},
    {0, "ignore", ND_OPT_TEXT, "FILE", NULL, false, READING,
     "leave out articles that a line of this file matches: 'section:weather length:..50'"},
    {0, "max-depth", ND_OPT_COUNT, "N", NULL, false, READING,
     "archives packed in each other, at most (default: 4)"},
    {0, "max-ratio", ND_OPT_COUNT, "N", NULL, false, READING,
     "unpacked bytes for a packed one, at most (default: 400)"},
    {0, "max-unpacked", ND_OPT_SIZE, "SIZE", NULL, false, READING,
     "bytes of one unpacked file, at most (default: 1T)"},
    {0, "max-members", ND_OPT_COUNT, "N", NULL, false, READING,
     "files in one archive, at most (default: 100000000)"},
    {0, "max-record", ND_OPT_SIZE, "SIZE", NULL, false, READING,
     "bytes of one article, at most (default: 64M)"},
    {0, "explain", ND_OPT_FLAG, NULL, NULL, false, "convert",
     "print which element of the dump became which field, instead of records"},
    {0, "rejects", ND_OPT_TEXT, "FILE", NULL, false, READING,
     "write a line for each bad record there: file, record, offset, reason"},
    {0, "allow-bad", ND_OPT_TEXT, "N|N%", NULL, false, READING,
     "status 0 up to so many bad records, or such a share"},
    {0, "replace", ND_OPT_FLAG, NULL, NULL, false, "add",
     "allow that many articles of other files are replaced"},
    {0, "wait", ND_OPT_COUNT, "SECONDS", NULL, false, "add delete merge rebuild", "wait so long for another writer"},
    {0, "dry-run", ND_OPT_FLAG, NULL, NULL, false, "add delete entities",
     "add, entities add: read and count, but write nothing; delete: print the ids that would go"},
    {0, "ids", ND_OPT_LIST, "FILE", NULL, false, "delete",
     "delete the articles whose ids stand in a file, one a line, or - for standard input"},
    {'0', "null", ND_OPT_FLAG, NULL, NULL, false, "delete",
     "ids in files and in the output end with a zero byte instead of a line end"},
    {0, "query", ND_OPT_TEXT, "QUERY", NULL, false, "delete",
     "delete all articles that match a query, as newsq takes it"},
    {0, "prove", ND_OPT_FLAG, NULL, NULL, false, "delete",
     "rewrite the segments that held them at once, and check that nothing is left"},
    {'y', "yes", ND_OPT_FLAG, NULL, NULL, false, "delete", "do not ask"},
    {0, "alerts", ND_OPT_FLAG, NULL, NULL, false, "add",
     "print which saved queries the new articles match: new|changed, query, id, title"},
    {0, "queries", ND_OPT_TEXT, "DIR", NULL, false, "add",
     "with --alerts: folder of the saved queries (default: ~/.config/newsdex/queries)"},
    {0, "stats", ND_OPT_FLAG, NULL, NULL, false, "add", "print what was done as one JSON object"},
    {'q', "quiet", ND_OPT_FLAG, NULL, NULL, false, "*", "no progress, notes or summary"},
    {0, "type", ND_OPT_CHOICE, "TYPE", "person org place misc", false, "entities", "only names of this type"},
    {0, "min", ND_OPT_COUNT, "N", NULL, false, "entities", "with list: leave out names with fewer mentions"},
    {'n', "limit", ND_OPT_COUNT, "N", NULL, true, "entities",
     "with list and similar: so many lines, or all (default: 50, 30)"},
    {0, "format", ND_OPT_CHOICE, "FORMAT", "text jsonl", false, "entities",
     "of export: an alias file (type, id, forms), or jsonl"},
    {'h', "help", ND_OPT_FLAG, NULL, NULL, false, "*", "print help"},
    {0, "version", ND_OPT_FLAG, NULL, NULL, false, "*", "print the version"},
};

static const struct nd_program program = {
    .name = "newsdex",
    .summary = "build and keep a searchable news archive",
    .commands = commands,
    .commands_n = sizeof commands / sizeof commands[0],
    .options = options,
    .options_n = sizeof options / sizeof options[0],
};

const struct nd_program *newsdex_program(void)
{
    return &program;
}

int newsdex_failed(const struct newsdex *t, const struct nd_error *err)
{
    nd_diag_error(&t->diag, err);
    return nd_exit_status(err->code);
}

int newsdex_no_words(const struct newsdex *t, struct nd_error *err)
{
    if (t->args.words_n == 0)
        return 0;
    nd_fail(err, ND_USAGE, "%s takes no '%.*s'", t->args.command->name, (int)t->args.words[0].n,
            t->args.words[0].p);
    nd_hint(err, "name the folder of the index with -d");
    return ND_USAGE;
}

const char *newsdex_dir(const struct newsdex *t, bool environment, struct nd_error *err)
{
    const char *dir = nd_args_text(&t->args, "index");
    if (!dir && environment)
        dir = getenv("NEWSDEX_INDEX");
    if (dir && *dir)
        return dir;
    nd_fail(err, ND_USAGE, "which index?");
    nd_hint(err, environment ? "name its folder with -d DIR, or set NEWSDEX_INDEX"
                             : "name its folder with -d DIR");
    return NULL;
}

static int print(const struct newsdex *t, const char *p, size_t n)
{
    struct nd_error err = {0};
    return nd_write_all(STDOUT_FILENO, p, n, "standard output", &err) ? newsdex_failed(t, &err) : 0;
}

static int run(struct newsdex *t, int argc, char **argv)
{
    struct nd_error err = {0};
    struct nd_term out, terminal;
    int rc = nd_args_parse(&t->args, &t->arena, &program, argc, argv, &err);
    bool help = argc < 2 || (!rc && nd_args_has(&t->args, "help"));
    if (rc && !help)
        return newsdex_failed(t, &err);
    nd_term_look(&out, STDOUT_FILENO, "auto");
    nd_term_look(&terminal, STDERR_FILENO, "auto");
    t->diag.color = terminal.color;
    t->diag.quiet = nd_args_has(&t->args, "quiet");
    if (help) {
        struct nd_buf text;
        nd_buf_init(&text, 1 << 20);
        nd_help(&text, &program, argc < 2 || !t->args.named ? NULL : t->args.command, out.columns);
        rc = print(t, text.data, text.len);
        nd_buf_free(&text);
        return rc;
    }
    if (nd_args_has(&t->args, "version")) {
        static const char version[] = "newsdex " NEWSDEX_VERSION "\n";
        return print(t, version, sizeof version - 1);
    }
    return t->args.command->run(t);
}

/* --generate WHAT [PAGE]: parts of manuals and completions, for the build. */
static int generate(const struct newsdex *t, const char *what, const char *page)
{
    struct nd_buf out;
    struct nd_error err = {0};
    nd_buf_init(&out, 4 << 20);
    int rc = nd_generate_asked(&out, &program, what, page, &err);
    rc = rc ? newsdex_failed(t, &err) : print(t, out.data, out.len);
    nd_buf_free(&out);
    return rc;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a reader that has gone shows as EPIPE */
    struct newsdex t = {.diag = {.program = "newsdex"}};
    nd_arena_init(&t.arena, ARENA_MAX);
    bool hidden = argc >= 3 && strcmp(argv[1], "--generate") == 0;
    int status = hidden ? generate(&t, argv[2], argv[3]) : run(&t, argc, argv);
    nd_arena_free(&t.arena);
    return status;
}
