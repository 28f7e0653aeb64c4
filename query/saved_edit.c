#include "saved_edit.h"

#include "lang/saved.h"
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Run the editor by the shell, since it may be a command with options: "code --wait". */
static int run_editor(const char *path, struct nd_error *err)
{
    const char *editor = getenv("VISUAL");
    if (!editor || !*editor)
        editor = getenv("EDITOR");
    if (!editor || !*editor)
        editor = "vi";
    struct nd_buf command;
    nd_buf_init(&command, 1 << 16);
    nd_buf_printf(&command, "%s \"$1\"", editor);
    nd_buf_byte(&command, '\0');
    int rc = nd_buf_code(&command);
    if (rc) {
        nd_buf_free(&command);
        return nd_fail(err, rc, "the name of the editor is too long");
    }
    /* posix_spawn takes them as not const but does not write to them */
    char sh[] = "sh", c[] = "-c", zero[] = "newsq";
    char *argv[] = {sh, c, command.data, zero, (char *)(uintptr_t)path, NULL};
    pid_t pid;
    int status = 0, code = posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ);
    while (!code && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            code = errno;
    nd_buf_free(&command);
    if (code || !WIFEXITED(status) || WEXITSTATUS(status)) {
        nd_fail(err, ND_PARTIAL, "the editor '%s' failed", editor);
        nd_hint(err, "set VISUAL or EDITOR to one that works");
        return ND_PARTIAL;
    }
    return 0;
}

int nd_saved_edit(struct newsq *t, const char *folder, struct nd_str name)
{
    struct nd_error err = {0};
    struct nd_saved q;
    int rc = nd_saved_read(&q, &t->arena, folder, name, &err);
    if (rc && rc != ND_QUERY) /* a bad one is what an editor is for */
        return newsq_failed(t, &err);
    char *path = nd_arena_printf(&t->arena, "%s/%.*s.query", folder, (int)name.n, name.p);
    if (!path)
        return newsq_failed(t, (nd_fail(&err, ND_NOMEM, "out of memory"), &err));
    err = (struct nd_error){0};
    if (run_editor(path, &err))
        return newsq_failed(t, &err);
    rc = nd_saved_read(&q, &t->arena, folder, name, &err);
    if (rc)
        return newsq_failed(t, &err);
    rc = nd_saved_check(folder, name, q.query, q.syntax, &t->arena, &err);
    if (rc == ND_MISSING) {
        nd_diag_note(&t->diag, "%s yet", err.msg);
        return 0;
    }
    if (!rc)
        return 0;
    struct nd_buf lines;
    nd_buf_init(&lines, 1 << 20);
    if (err.end > err.start)
        nd_query_caret(&lines, q.query, &err, t->term.columns, false);
    nd_diag_error_at(&t->diag, &err, lines.data ? lines.data : "");
    nd_buf_free(&lines);
    nd_diag_note(&t->diag, "'%.*s' is kept as it is", (int)name.n, name.p);
    return nd_exit_status(rc);
}

enum fact {
    FACT_TOTAL,
    FACT_NEW,
    FACT_EXACT,
    FACTS
};

static const char *const facts[] = {"total", "new", "exact"};

struct expectation {
    enum fact fact;
    char op[3];
    uint64_t number;
};

static const char *blanks(const char *p)
{
    return p + strspn(p, " \t");
}

/* "total > 0" taken apart. */
static int parse(struct expectation *e, const char *text, struct nd_error *err)
{
    static const char *const ops[] = {"!=", "<=", ">=", "==", "=", "<", ">"};
    const char *p = blanks(text);
    size_t i = 0, n = strspn(p, "abcdefghijklmnopqrstuvwxyz"), k = 0;
    while (i < FACTS && (strlen(facts[i]) != n || strncmp(facts[i], p, n) != 0))
        i++;
    e->fact = (enum fact)i;
    p = blanks(p + n);
    while (k < sizeof ops / sizeof ops[0] && strncmp(ops[k], p, strlen(ops[k])) != 0)
        k++;
    bool good = i < FACTS && k < sizeof ops / sizeof ops[0];
    if (good) {
        memcpy(e->op, ops[k], strlen(ops[k]) + 1);
        p = blanks(p + strlen(ops[k]));
        char *end = NULL;
        bool yes = strcmp(p, "true") == 0 || strcmp(p, "yes") == 0;
        bool no = strcmp(p, "false") == 0 || strcmp(p, "no") == 0;
        errno = 0;
        if (e->fact == FACT_EXACT && (yes || no)) {
            e->number = yes;
        } else if (*p >= '0' && *p <= '9') {
            e->number = strtoull(p, &end, 10);
            good = !errno && !*blanks(end);
        } else {
            good = false;
        }
    }
    if (good)
        return 0;
    nd_fail(err, ND_USAGE, "'%s' is nothing to expect", text);
    nd_hint(err, "write total, new or exact, one of = != < <= > >=, and a number: 'total > 0'");
    return ND_USAGE;
}

static bool holds(const struct expectation *e, uint64_t v)
{
    switch (e->op[0]) {
    case '!':
        return v != e->number;
    case '=':
        return v == e->number;
    case '<':
        return e->op[1] ? v <= e->number : v < e->number;
    default:
        return e->op[1] ? v >= e->number : v > e->number;
    }
}

int nd_saved_expect(struct newsq *t, struct nd_index *ix, const char *folder,
                    const struct nd_strs *names)
{
    struct nd_error err = {0};
    size_t n;
    const char *usual = "total > 0", **texts = nd_args_list(&t->args, &t->arena, "expect", &n);
    if (!n) {
        texts = &usual;
        n = 1;
    }
    struct expectation *e = nd_arena_array(&t->arena, n, sizeof *e);
    if (!e)
        return newsq_failed(t, (nd_fail(&err, ND_NOMEM, "out of memory"), &err));
    bool news = false;
    for (size_t i = 0; i < n; i++) {
        if (parse(&e[i], texts[i], &err))
            return newsq_failed(t, &err);
        news = news || e[i].fact == FACT_NEW;
    }
    int status = 0;
    for (size_t i = 0; i < names->n; i++) {
        struct nd_report_facts f;
        if (nd_report_count(t, ix, folder, names->v[i], news, &f, &err)) {
            nd_diag_error(&t->diag, &err); /* told, and the rest is tested */
            status = nd_exit_worse(status, nd_exit_status(err.code));
            continue;
        }
        uint64_t values[FACTS] = {f.total, f.fresh, f.exact};
        for (size_t k = 0; k < n; k++) {
            uint64_t v = values[e[k].fact];
            if (holds(&e[k], v))
                continue;
            nd_diag_line(&t->diag, "%.*s: %s is %" PRIu64 ", expected: %s", (int)names->v[i].n,
                         names->v[i].p, facts[e[k].fact], v, texts[k]);
            status = nd_exit_worse(status, 1);
        }
    }
    return status;
}
