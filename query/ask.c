#include "ask.h"

#include "base/file.h"
#include "lang/saved.h"
#include "lang/dialect.h"
#include "text/stem.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DIRS_MAX = 64,
    RULES_TOLD = 3 /* bad lines of entities.conf */
};

int nd_ask_index(struct newsq *t, struct nd_index **out, struct nd_error *err)
{
    size_t n;
    const char *environment = getenv("NEWSDEX_INDEX");
    const char **dirs = nd_args_list(&t->args, &t->arena, "index", &n);
    if (!n && environment && *environment) {
        dirs = &environment;
        n = 1;
    }
    if (!n) {
        nd_fail(err, ND_USAGE, "which index?");
        nd_hint(err, "name its folder with -d DIR, or set NEWSDEX_INDEX");
        return ND_USAGE;
    }
    if (n > DIRS_MAX)
        return nd_fail(err, ND_LIMIT, "%zu indexes are too many: %d at most", n, DIRS_MAX);
    return nd_index_open(out, dirs, n, err);
}

enum nd_syntax nd_ask_syntax(const struct newsq *t)
{
    const char *name = nd_args_text(&t->args, "syntax");
    int syntax = name ? nd_syntax_find(name, strlen(name)) : -1;
    return syntax < 0 ? ND_SYNTAX_NATIVE : (enum nd_syntax)syntax;
}

/* The whole of a query file, or of standard input for "-". */
static int read_text(struct newsq *t, const char *name, struct nd_str *out, struct nd_error *err)
{
    struct nd_buf b;
    nd_buf_init(&b, ND_QUERY_MAX);
    int rc = nd_file_read(&b, strcmp(name, "-") == 0 ? "/dev/stdin" : name, err);
    if (!rc) {
        *out = nd_arena_str(&t->arena, b.data ? b.data : "", b.len);
        if (!out->p)
            rc = nd_fail(err, ND_NOMEM, "out of memory");
    }
    if (rc == ND_MISSING && err) /* not the index: the command line */
        rc = err->code = ND_USAGE;
    if (rc == ND_LIMIT)
        nd_fail(err, ND_LIMIT, "the query in '%s' is longer than %d bytes", name, ND_QUERY_MAX);
    nd_buf_free(&b);
    return rc;
}

/* Join the words from first on by blanks; args receives where each begins. */
static int join_words(struct newsq *t, size_t first, struct nd_str *out, size_t **args,
                      struct nd_error *err)
{
    const struct nd_args *a = &t->args;
    size_t len = 0, n = a->words_n > first ? a->words_n - first : 0;
    for (size_t i = first; i < a->words_n; i++)
        len += a->words[i].n + 1;
    if (len > ND_QUERY_MAX)
        return nd_fail(err, ND_LIMIT, "the query is longer than %d bytes", ND_QUERY_MAX);
    char *p = nd_arena_alloc(&t->arena, len + 1);
    *args = nd_arena_array(&t->arena, n + 1, sizeof **args);
    if (!p || !*args)
        return nd_fail(err, ND_NOMEM, "out of memory");
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i)
            p[at++] = ' ';
        (*args)[i] = at;
        memcpy(p + at, a->words[first + i].p, a->words[first + i].n);
        at += a->words[first + i].n;
    }
    *out = (struct nd_str){p, at};
    return 0;
}

static void shift(struct nd_node *n, size_t by)
{
    n->start += by;
    n->end += by;
    for (size_t i = 0; i < n->kids_n; i++)
        shift(n->kids[i], by);
}

static int and_with(struct nd_ask *a, struct nd_node *more, struct nd_error *err)
{
    if (!a->root || a->root->kind == ND_N_ALL) {
        a->root = more;
        return 0;
    }
    struct nd_node *n = nd_arena_alloc(a->arena, sizeof *n);
    struct nd_node **kids = nd_arena_array(a->arena, 2, sizeof *kids);
    if (!n || !kids)
        return nd_fail(err, ND_NOMEM, "out of memory");
    kids[0] = a->root;
    kids[1] = more;
    *n = (struct nd_node){
        .kind = ND_N_AND, .start = a->root->start, .end = a->root->end, .kids = kids, .kids_n = 2};
    a->root = n;
    return 0;
}

/* AND the --within queries to the tree; their text goes behind the query's, a line each. */
static int add_within(struct nd_ask *a, struct nd_error *err)
{
    size_t n;
    const char **within = nd_args_list(&a->tool->args, a->arena, "within", &n);
    for (size_t i = 0; i < n; i++) {
        size_t at = a->text.n + 1, zero = 0, len = strlen(within[i]);
        char *both = nd_arena_printf(a->arena, "%.*s\n%s", (int)a->text.n, a->text.p, within[i]);
        if (!both)
            return nd_fail(err, ND_NOMEM, "out of memory");
        struct nd_query q;
        struct nd_parse_options o = {.shell = true,
                                     .args = &zero,
                                     .args_n = 1,
                                     .today = nd_today(),
                                     .syntax = nd_ask_syntax(a->tool)};
        a->text = (struct nd_str){both, at + len};
        int rc = nd_parse(&q, a->arena, both + at, len, &o, err);
        if (rc) {
            err->start += at;
            err->end += at;
            return rc;
        }
        shift(q.root, at);
        rc = and_with(a, q.root, err);
        if (rc)
            return rc;
    }
    return 0;
}

/* AND the names of --with to the tree. They have no place in the query's text. */
static int add_with(struct nd_ask *a, struct nd_error *err)
{
    size_t n;
    const char **with = nd_args_list(&a->tool->args, a->arena, "with", &n);
    int rc = 0;
    for (size_t i = 0; !rc && i < n; i++) {
        struct nd_node *name = nd_arena_alloc(a->arena, sizeof *name);
        if (!name)
            return nd_fail(err, ND_NOMEM, "out of memory");
        if (!with[i][0])
            return nd_fail(err, ND_USAGE, "--with needs a name");
        *name = (struct nd_node){
            .kind = ND_N_ENTITY, .field = nd_schema_find("entity", 6), .text = nd_str_of(with[i])};
        rc = and_with(a, name, err);
    }
    return rc;
}

static int add_dates(struct nd_ask *a, struct nd_error *err)
{
    const char *since = nd_args_text(&a->tool->args, "since");
    const char *until = nd_args_text(&a->tool->args, "until");
    if (!since && !until)
        return 0;
    struct nd_day_range r = {0, 99991231}, one;
    int rc = 0;
    if (since) {
        rc = nd_date_range(&one, since, strlen(since), nd_today(), err);
        r.from = one.from;
    }
    if (!rc && until) {
        rc = nd_date_range(&one, until, strlen(until), nd_today(), err);
        r.to = one.to;
    }
    if (rc) {
        nd_span(err, 0, 0);
        err->code = ND_USAGE;
        return ND_USAGE;
    }
    if (r.from > r.to)
        return nd_fail(err, ND_USAGE, "--since '%s' is later than --until '%s'", since, until);
    struct nd_node *n = nd_arena_alloc(a->arena, sizeof *n);
    if (!n)
        return nd_fail(err, ND_NOMEM, "out of memory");
    *n = (struct nd_node){.kind = ND_N_DATE, .field = nd_schema_find("date", 4), .range = r};
    return and_with(a, n, err);
}

struct nd_lower_options nd_ask_lowering(const struct nd_ask *a)
{
    const char *folder = NULL; /* of saved queries; without one query:NAME is refused */
    if (nd_saved_folder(nd_args_text(&a->tool->args, "queries"), a->arena, &folder, NULL))
        folder = NULL;
    return (struct nd_lower_options){.roll_up = nd_args_has(&a->tool->args, "roll-up"),
                                     .list = nd_list_of_query,
                                     .saved = folder ? nd_saved_tree : NULL,
                                     /* the callback takes it as const */
                                     .ctx = (void *)(uintptr_t)folder};
}

/* --recency 30d as seconds; 0 without it. */
static int half_life(const struct newsq *t, uint64_t *out, struct nd_error *err)
{
    static const struct {
        const char *name;
        uint64_t days;
    } units[] = {{"d", 1},       {"day", 1},   {"days", 1},   {"w", 7},
                 {"week", 7},    {"weeks", 7}, {"m", 30},     {"month", 30},
                 {"months", 30}, {"y", 365},   {"year", 365}, {"years", 365}};
    const char *text = nd_args_text(&t->args, "recency");
    uint64_t n = 0;
    const char *p = text;
    *out = 0;
    while (p && *p >= '0' && *p <= '9' && n < 100000)
        n = n * 10 + (uint64_t)(*p++ - '0');
    for (size_t i = 0; p && n && n < 100000 && i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].name, p) == 0)
            *out = n * units[i].days * 86400;
    if (!text || *out)
        return 0;
    nd_fail(err, ND_USAGE, "'%s' is no half-life", text);
    nd_hint(err, "write the time in which a score halves as 7d, 2w, 6months or 1y");
    return ND_USAGE;
}

/* Everything after the text and its options are known. */
static int prepare(struct nd_ask *a, const struct nd_parse_options *o, struct nd_error *err)
{
    int rc = 0;
    if (a->all) {
        a->root = nd_arena_alloc(a->arena, sizeof *a->root);
        if (!a->root)
            return nd_fail(err, ND_NOMEM, "out of memory");
        a->root->kind = ND_N_ALL;
    } else {
        struct nd_query q;
        rc = nd_parse(&q, a->arena, a->text.p, a->text.n, o, err);
        a->root = rc ? NULL : q.root;
        a->notes = rc ? NULL : q.notes;
    }
    if (!rc)
        rc = add_within(a, err);
    if (!rc)
        rc = add_with(a, err);
    if (!rc)
        rc = add_dates(a, err);
    if (!rc)
        rc = nd_stemmers_new(&a->stemmers, err);
    struct nd_lower_options low = nd_ask_lowering(a);
    if (!rc)
        rc = nd_lower(&a->lowered, a->arena, a->index, a->stemmers, a->root, &low, err);
    struct nd_match_options match = {.time_limit_ms =
                                         1000 * nd_args_number(&a->tool->args, "time-limit", 0)};
    if (!rc)
        rc = half_life(a->tool, &match.half_life, err);
    if (!rc)
        rc = nd_match_open(&a->match, a->index, &a->lowered, &match, err);
    return rc;
}

static int open_words(struct nd_ask *a, size_t first, enum nd_ask_need need, struct nd_error *err)
{
    struct newsq *t = a->tool;
    const char *file = nd_args_text(&t->args, "file");
    bool words = t->args.words_n > first;
    struct nd_parse_options o = {.literal = nd_args_has(&t->args, "literal"),
                                 .today = nd_today(),
                                 .syntax = nd_ask_syntax(t)};
    int rc;
    if (file && words) {
        nd_fail(err, ND_USAGE, "a query is given both in '%s' and as words", file);
        nd_hint(err, "leave one of them out, or add the words with --within");
        return ND_USAGE;
    }
    if (file) {
        rc = read_text(t, file, &a->text, err);
        a->from_file = true;
    } else if (words) {
        size_t *args = NULL;
        rc = join_words(t, first, &a->text, &args, err);
        o.shell = !t->typed;
        o.args = args;
        o.args_n = t->args.words_n - first;
    } else if (need == ND_ASK_ANY) {
        a->all = true;
        a->text = ND_STR("");
        rc = 0;
    } else {
        rc = nd_fail(err, ND_USAGE, "no query");
        nd_hint(err, "newsq %s -d DIR 'QUERY'; the single quotes keep the shell's hands off",
                t->args.command->name);
    }
    if (!rc)
        rc = nd_ask_index(t, &a->index, err);
    if (!rc)
        nd_index_read_once(a->index);
    return rc ? rc : prepare(a, &o, err);
}

int nd_ask_open(struct nd_ask *a, struct newsq *t, size_t first_word, enum nd_ask_need need,
                int *status)
{
    struct nd_error err = {0};
    *a = (struct nd_ask){.tool = t, .arena = &t->arena};
    int rc = open_words(a, first_word, need, &err);
    if (!rc)
        return 0;
    struct nd_buf lines;
    nd_buf_init(&lines, 1 << 20);
    if (err.end > err.start || (rc == ND_QUERY && a->from_file))
        nd_query_caret(&lines, a->text, &err, t->term.columns, a->from_file);
    if (lines.len)
        nd_diag_error_at(&t->diag, &err, lines.data);
    else
        nd_diag_error(&t->diag, &err);
    nd_buf_free(&lines);
    *status = nd_exit_status(rc);
    nd_ask_close(a);
    return rc;
}

int nd_ask_text(struct nd_ask *a, struct newsq *t, struct nd_index *index, struct nd_arena *arena,
                struct nd_str text, struct nd_error *err)
{
    return nd_ask_text_as(a, t, index, arena, text, nd_ask_syntax(t), err);
}

int nd_ask_text_as(struct nd_ask *a, struct newsq *t, struct nd_index *index,
                   struct nd_arena *arena, struct nd_str text, enum nd_syntax syntax,
                   struct nd_error *err)
{
    *a = (struct nd_ask){.tool = t,
                         .arena = arena,
                         .index = index,
                         .index_borrowed = true,
                         .text = text,
                         .from_file = true};
    struct nd_parse_options o = {
        .literal = nd_args_has(&t->args, "literal"), .today = nd_today(), .syntax = syntax};
    int rc = prepare(a, &o, err);
    if (rc)
        nd_ask_close(a);
    return rc;
}

void nd_ask_close(struct nd_ask *a)
{
    nd_match_close(a->match);
    nd_stemmers_free(a->stemmers);
    if (!a->index_borrowed)
        nd_index_close(a->index);
    a->match = NULL;
    a->stemmers = NULL;
    a->index = NULL;
}

void nd_ask_notes(const struct nd_ask *a)
{
    for (const struct nd_note *n = a->notes; n; n = n->next)
        nd_diag_note(&a->tool->diag, "%s", n->text);
    for (const struct nd_note *n = a->lowered.notes; n; n = n->next)
        nd_diag_note(&a->tool->diag, "%s", n->text);
}

/* Lines of entities.conf that were left out, where names were looked up at all. The rest of it holds. */
static void note_rules(const struct nd_ask *a)
{
    size_t n;
    const struct nd_rule_error *e = nd_overrides_errors(a->index->overrides, &n);
    for (size_t i = 0; i < n && i < RULES_TOLD; i++)
        nd_diag_note(&a->tool->diag, "%s:%u: %s: the line is left out (see newsdex entities check)",
                     nd_overrides_file(a->index->overrides, e[i].file), e[i].line, e[i].err.msg);
    if (n > RULES_TOLD)
        nd_diag_note(&a->tool->diag, "and %zu more lines", n - RULES_TOLD);
}

struct nd_answer nd_ask_answer(const struct nd_ask *a, uint64_t total, uint64_t shown)
{
    return (struct nd_answer){.total = total,
                              .shown = shown,
                              .exact = nd_match_state(a->match).exact,
                              .query = a->text,
                              .uuid = a->index->folders[0].manifest.uuid,
                              .revision = a->index->folders[0].manifest.revision};
}

int nd_ask_status(const struct nd_ask *a, int status)
{
    struct nd_match_state s = nd_match_state(a->match);
    note_rules(a);
    if (s.exact)
        return status;
    if (s.out_of_time)
        nd_diag_note(&a->tool->diag, "the time limit was reached: this is a part of the answer");
    if (s.too_much)
        nd_diag_note(&a->tool->diag,
                     "%llu articles hold too many combinations to look at and were left out",
                     (unsigned long long)s.too_much);
    return nd_exit_worse(status, nd_exit_status(ND_PARTIAL));
}
