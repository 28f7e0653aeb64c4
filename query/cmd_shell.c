/* shell: asks step by step. What a line says is in shell_line.c, how it is typed in shell_edit.c. */
#include "shell.h"

#include "text/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ARENA_MAX = 2000 << 20
};

static const char help[] =
    "QUERY                look for it; it is the query at hand from then on\n"
    "AND x, OR x, NOT x   refine it; + x is AND x, - x is AND NOT x\n"
    ":back [N]            take the last step (N steps) back      :query   show the steps\n"
    ":more                the next hits                          :show N  hit N, or an id\n"
    ":facet FIELD,...     count its matches by field             :hist [day|week|month|year]\n"
    ":terms :kwic :count :explain       of the query at hand, or of one typed behind\n"
    ":why N :like N :story N            of hit N                :related NAME\n"
    ":compare QUERY       the query at hand beside another one   :fields  of the language\n"
    ":save NAME           keep it as query:NAME                  :saved VERB ...\n"
    ":set [OPTION VALUE]  for all answers: since 2023, limit 20, sort newest     :unset OPTION\n"
    ":help                :help COMMAND tells its options        :quit    or Ctrl-D\n"
    "Options stand before the query: :facet person -n 20. Tab completes commands, fields, names, "
    "saved queries.\n";

/* Hits were listed: they have numbers now. more: they go on where the others end. */
static void number(struct nd_shell *s, const struct nd_shell_answer *a, bool more)
{
    if (!more) {
        nd_buf_reset(&s->ids);
        s->shown = 0;
    }
    if (a->n && nd_buf_add(&s->ids, a->ids.data + ND_SHELL_HEAD, a->ids.len - ND_SHELL_HEAD) == 0)
        s->shown += a->n;
}

static void note_status(struct nd_shell *s, int status)
{
    if (status > 1)
        s->worst = nd_exit_worse(s->worst, status);
}

/* ---- the query at hand ---- */

static void failed(struct nd_shell *s, const struct nd_error *err)
{
    nd_diag_error(&s->t->diag, err);
    note_status(s, nd_exit_status(err->code));
}

static int drop_steps(struct nd_shell *s, size_t n)
{
    while (s->steps_n > n)
        free(s->steps[--s->steps_n].query);
    return 0;
}

/* Run a step's search; if it is a query, it is the one at hand. */
static int take_step(struct nd_shell *s, struct nd_arena *arena, const struct nd_shell_step *step,
                     bool first, struct nd_error *err)
{
    struct nd_shell_argv argv;
    struct nd_shell_answer a;
    int rc = nd_shell_search(s, arena, step->query, 0, &argv, err);
    if (!rc)
        rc = nd_shell_answer(s, &argv, &a, err);
    if (rc)
        return rc;
    note_status(s, a.status);
    bool good = a.told && (a.status == 0 || a.status == 1 || a.status == 5);
    if (good && s->steps_n == ND_SHELL_STEPS)
        rc = nd_fail(err, ND_LIMIT, "%d steps are too many: begin anew", ND_SHELL_STEPS);
    char *copy = good && !rc ? strdup(step->query) : NULL;
    if (copy) {
        number(s, &a, false);
        s->more = true;
        if (first)
            drop_steps(s, 0);
        s->steps[s->steps_n++] = (struct nd_shell_step){
            .query = copy, .chain = step->chain, .known = true, .total = a.total};
    }
    nd_buf_free(&a.ids);
    return rc;
}

static int refine(struct nd_shell *s, struct nd_arena *arena, const char *line,
                  struct nd_error *err)
{
    struct nd_shell_step step;
    int rc = nd_shell_refine(s, arena, line, &step, err);
    if (rc)
        return rc;
    nd_diag_line(&s->t->diag, "query: %s", step.query);
    return take_step(s, arena, &step, false, err);
}

/* ---- commands of its own ---- */

static int no_query(struct nd_error *err)
{
    nd_fail(err, ND_USAGE, "there is no query yet");
    nd_hint(err, "type one; :help tells more");
    return ND_USAGE;
}

static int back(struct nd_shell *s, struct nd_arena *arena, const char *rest, struct nd_error *err)
{
    char *end;
    unsigned long n = *rest ? strtoul(rest, &end, 10) : 1;
    if (*rest && (*end || !n))
        return nd_fail(err, ND_USAGE, "'%s' is no number of steps", rest);
    if (s->steps_n < 2)
        return nd_fail(err, ND_USAGE, "there is no step to take back");
    size_t left = n < s->steps_n ? s->steps_n - n : 1;
    drop_steps(s, left);
    struct nd_shell_step step = *nd_shell_query(s);
    step.query = nd_arena_copy(arena, step.query, strlen(step.query));
    if (!step.query)
        return nd_fail(err, ND_NOMEM, "out of memory");
    drop_steps(s, left - 1); /* it comes back by its search */
    nd_diag_line(&s->t->diag, "query: %s", step.query);
    int rc = take_step(s, arena, &step, false, err);
    if (s->steps_n < left) { /* interrupted: it stays the one at hand all the same */
        char *copy = strdup(step.query);
        if (copy)
            s->steps[s->steps_n++] = (struct nd_shell_step){.query = copy, .chain = step.chain};
    }
    return rc;
}

static int show_steps(struct nd_shell *s, struct nd_error *err)
{
    struct nd_buf out;
    if (!s->steps_n)
        return no_query(err);
    nd_buf_init(&out, ND_SHELL_STEPS * (size_t)ND_SHELL_LINE);
    for (size_t i = 0; i < s->steps_n; i++) {
        if (s->steps[i].known)
            nd_buf_printf(&out, "%" PRIu64 "\t", s->steps[i].total);
        else
            nd_buf_str(&out, "?\t");
        nd_buf_str(&out, s->steps[i].query);
        nd_buf_byte(&out, '\n');
    }
    int rc = newsq_write(&out, err);
    nd_buf_free(&out);
    return rc < 0 ? rc : 0;
}

static int more(struct nd_shell *s, struct nd_arena *arena, struct nd_error *err)
{
    struct nd_shell_argv argv;
    struct nd_shell_answer a;
    const struct nd_shell_step *now = nd_shell_query(s);
    if (!now)
        return no_query(err);
    if (s->more && s->shown && s->shown >= now->total) {
        nd_diag_line(&s->t->diag, "that is all");
        return 0;
    }
    bool on = s->more;
    int rc = nd_shell_search(s, arena, now->query, on ? s->shown : 0, &argv, err);
    if (!rc)
        rc = nd_shell_answer(s, &argv, &a, err);
    if (rc)
        return rc;
    note_status(s, a.status);
    if (a.told && a.status <= 1) {
        number(s, &a, on);
        s->more = true;
    }
    nd_buf_free(&a.ids);
    return 0;
}

static int save(struct nd_shell *s, struct nd_arena *arena, const char *rest, struct nd_error *err)
{
    const struct nd_shell_step *now = nd_shell_query(s);
    if (!now)
        return no_query(err);
    if (!*rest) {
        nd_fail(err, ND_USAGE, "under what name?");
        nd_hint(err, ":save NAME; :save --force NAME writes over an old one");
        return ND_USAGE;
    }
    struct nd_shell_argv argv;
    struct nd_shell_answer a;
    struct nd_strs w;
    const char *name = "";
    size_t names = 0;
    char *words = nd_arena_printf(arena, "add %s", rest);
    int rc = nd_shell_split(arena, rest, &w, err);
    for (size_t i = 0; !rc && i < w.n; i++)
        if (w.v[i].p[0] != '-') {
            name = w.v[i].p;
            names++;
        }
    if (!rc && names != 1) {
        nd_fail(err, ND_USAGE, "a saved query has one name, without blanks");
        nd_hint(err, ":save kim-and-putin, or :save desk/kim in a group");
        return ND_USAGE;
    }
    if (!rc)
        rc = words ? nd_shell_command(s, arena, "saved", words, &argv, err)
                   : nd_fail(err, ND_NOMEM, "out of memory");
    if (rc)
        return rc;
    char **v = nd_arena_array(arena, (size_t)argv.n + 3, sizeof *v);
    if (!v)
        return nd_fail(err, ND_NOMEM, "out of memory");
    memcpy(v, argv.v, (size_t)argv.n * sizeof *v);
    v[argv.n] = (char *)(uintptr_t) "--";
    v[argv.n + 1] = now->query;
    argv = (struct nd_shell_argv){v, argv.n + 2};
    rc = nd_shell_answer(s, &argv, &a, err);
    if (!rc) {
        note_status(s, a.status);
        if (a.status == 0)
            nd_diag_line(&s->t->diag, "kept: ask for query:%s", name);
        nd_buf_free(&a.ids);
    }
    return rc;
}

/* ---- lines ---- */

static int write_text(const char *text, struct nd_error *err)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 20);
    nd_buf_str(&out, text);
    int rc = newsq_write(&out, err);
    nd_buf_free(&out);
    return rc < 0 ? rc : 0;
}

/* :help [COMMAND] */
static int tell_help(struct nd_shell *s, const char *rest, struct nd_error *err)
{
    if (!*rest)
        return write_text(help, err);
    struct nd_shell_answer a;
    char *v[] = {(char *)(uintptr_t) "newsq", (char *)(uintptr_t)rest, (char *)(uintptr_t) "--help",
                 NULL};
    struct nd_shell_argv argv = {v, 3};
    int rc = nd_shell_answer(s, &argv, &a, err);
    nd_buf_free(&a.ids);
    return rc;
}

/* :complete TEXT: what Tab would offer. */
static int tell_offers(struct nd_shell *s, struct nd_arena *arena, const char *rest,
                       struct nd_error *err)
{
    struct nd_shell_offers offers;
    struct nd_buf out;
    int rc = nd_shell_complete(&offers, s, arena, rest, strlen(rest), err);
    nd_buf_init(&out, 1 << 24);
    for (size_t i = 0; !rc && i < offers.list.n; i++) {
        nd_buf_add(&out, offers.list.v[i].p, offers.list.v[i].n);
        nd_buf_byte(&out, '\n');
    }
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    return rc < 0 ? rc : 0;
}

static int command(struct nd_shell *s, struct nd_arena *arena, const char *line,
                   struct nd_error *err)
{
    size_t n = strcspn(line, " \t");
    char *name = nd_arena_copy(arena, line, n);
    const char *rest = line + n + strspn(line + n, " \t");
    if (!name)
        return nd_fail(err, ND_NOMEM, "out of memory");
    if (strcmp(name, "quit") == 0 || strcmp(name, "q") == 0 || strcmp(name, "exit") == 0)
        s->leave = true;
    else if (strcmp(name, "help") == 0 || strcmp(name, "?") == 0 || !*name)
        return tell_help(s, rest, err);
    else if (strcmp(name, "back") == 0)
        return back(s, arena, rest, err);
    else if (strcmp(name, "query") == 0)
        return show_steps(s, err);
    else if (strcmp(name, "more") == 0)
        return more(s, arena, err);
    else if (strcmp(name, "set") == 0 || strcmp(name, "unset") == 0)
        return nd_shell_set(s, arena, rest, name[0] == 'u', err);
    else if (strcmp(name, "save") == 0)
        return save(s, arena, rest, err);
    else if (strcmp(name, "complete") == 0)
        return tell_offers(s, arena, rest, err);
    else {
        struct nd_shell_argv argv;
        struct nd_shell_answer a;
        int rc = nd_shell_command(s, arena, name, rest, &argv, err);
        if (!rc)
            rc = nd_shell_answer(s, &argv, &a, err);
        if (rc)
            return rc;
        note_status(s, a.status);
        if (a.told && a.n) { /* a list of another kind: its numbers are the ones on the screen */
            number(s, &a, false);
            s->more = false;
        }
        nd_buf_free(&a.ids);
    }
    return 0;
}

static void do_line(struct nd_shell *s, const char *line)
{
    struct nd_error err = {0};
    struct nd_arena arena;
    int rc = 0;
    nd_arena_init(&arena, ARENA_MAX);
    line += strspn(line, " \t");
    size_t n = strlen(line);
    while (n && (line[n - 1] == ' ' || line[n - 1] == '\t'))
        n--;
    char *own = nd_arena_copy(&arena, line, n);
    if (!own) {
        rc = nd_fail(&err, ND_NOMEM, "out of memory");
    } else if (nd_utf8_valid(own, n) != n) {
        rc = nd_fail(&err, ND_USAGE, "the line is not UTF-8");
    } else if (*own == ':') {
        rc = command(s, &arena, own + 1, &err);
    } else if (nd_shell_refines(own)) {
        rc = refine(s, &arena, own, &err);
    } else if (*own && *own != '#') {
        struct nd_shell_step step = {.query = own};
        rc = take_step(s, &arena, &step, true, &err);
    }
    if (rc)
        failed(s, &err);
    nd_arena_free(&arena);
}

/* Where the history lies: NULL where there is no such place. */
static char *history_file(struct nd_arena *arena)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state)
        return nd_arena_printf(arena, "%s/newsdex/history", state);
    return home && *home ? nd_arena_printf(arena, "%s/.local/state/newsdex/history", home) : NULL;
}

static void free_session(struct nd_shell *s)
{
    drop_steps(s, 0);
    for (size_t i = 0; i < s->options_n; i++)
        free(s->options[i].text);
    free(s->options);
    free(s->steps);
    nd_buf_free(&s->ids);
}

int newsq_shell(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    struct nd_shell s = {.t = t};
    struct nd_shell_edit *edit = NULL;
    bool terminal = isatty(STDIN_FILENO) == 1 && t->term.tty;
    int rc = 0;
    nd_buf_init(&s.ids, ND_SHELL_IDS);
    s.steps = calloc(ND_SHELL_STEPS, sizeof *s.steps);
    if (!s.steps)
        rc = nd_fail(&err, ND_NOMEM, "out of memory");
    for (const struct nd_option_value *v = t->args.values; !rc && v; v = v->next)
        rc = nd_shell_keep(&s, v->option, v->option->type == ND_OPT_FLAG ? NULL : v->text.p, &err);
    if (!rc)
        rc = nd_shell_edit_new(&edit, terminal, history_file(&t->arena), nd_shell_offers_apart, &s,
                               &err);
    if (rc) {
        free_session(&s);
        return newsq_failed(t, &err);
    }
    if (terminal)
        nd_diag_line(&t->diag, "newsq %s; a query, or :help%s", NEWSDEX_VERSION,
                     nd_shell_edit_rich(edit) ? "" : " (lines cannot be edited here)");
    if (t->args.words_n) { /* the first query came with the command */
        struct nd_buf first;
        nd_buf_init(&first, ND_SHELL_LINE);
        for (size_t i = 0; i < t->args.words_n; i++)
            nd_buf_printf(&first, "%s%.*s", i ? " " : "", (int)t->args.words[i].n,
                          t->args.words[i].p);
        if (first.len && !nd_buf_byte(&first, 0))
            do_line(&s, first.data);
        nd_buf_free(&first);
    }
    while (!s.leave) {
        char prompt[64];
        const char *line = "";
        const struct nd_shell_step *now = nd_shell_query(&s);
        if (now && now->known)
            snprintf(prompt, sizeof prompt, "newsq (%" PRIu64 ")> ", now->total);
        else
            snprintf(prompt, sizeof prompt, "newsq> ");
        rc = nd_shell_edit_line(edit, prompt, &line, &err);
        if (rc == ND_DONE)
            break;
        if (rc)
            failed(&s, &err);
        else
            do_line(&s, line);
    }
    nd_shell_edit_free(edit);
    free_session(&s);
    return terminal ? 0 : s.worst;
}
