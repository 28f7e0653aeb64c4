/* libedit comes by dlopen: it and its libraries cost every other command half its start. Without it lines are read as they
 * are typed. */
#include "shell.h"

#include "base/file.h"
#include "text/utf8.h"
#include "tool/term.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEPT = 1000, /* lines of history; the file may have twice as many before it is cut */
    HISTORY_MAX = 64 << 20,
    OFFERS_SHOWN = 100
};

struct nd_shell_edit {
    bool terminal;
    struct nd_buf line; /* the last one */
    const char *prompt;
    sigset_t open; /* signals that come while a line is waited for */
    int (*offer)(void *ctx, struct nd_shell_offers *out, struct nd_arena *arena, const char *line,
                 size_t n);
    void *ctx;
    struct nd_arena arena; /* of one Tab */
    /* libedit */
    void *library;
    locale_t locale, usual;
    EditLine *el;
    History *history;
    bool given_up;
    char *file; /* of the history; NULL: none */
    typeof(el_init) *init;
    typeof(el_end) *end;
    typeof(el_gets) *read;
    typeof(el_set) *set;
    typeof(el_get) *get;
    typeof(el_line) *at;
    typeof(el_insertstr) *insert;
    typeof(el_deletestr) *erase;
    typeof(history_init) *history_init;
    typeof(history_end) *history_end;
    typeof(history) *history_do;
};

static void nothing(int number)
{
    (void)number;
}

/* ---- what libedit calls ---- */

static struct nd_shell_edit *of(EditLine *el)
{
    void *data = NULL;
    typeof(el_get) *get = NULL;
    *(void **)&get = dlsym(RTLD_DEFAULT, "el_get");
    if (get)
        get(el, EL_CLIENTDATA, &data);
    return data;
}

static char *prompt(EditLine *el)
{
    struct nd_shell_edit *e = of(el);
    return (char *)(uintptr_t)(e ? e->prompt : "");
}

/* Ctrl-C: the line is given up. */
static unsigned char give_up(EditLine *el, int c)
{
    struct nd_shell_edit *e = of(el);
    (void)c;
    if (!e)
        return CC_ERROR;
    fputs("^C\n", stdout);
    fflush(stdout);
    e->given_up = true;
    return CC_NEWLINE;
}

static size_t common(const struct nd_strs *list)
{
    size_t n = list->n ? list->v[0].n : 0;
    for (size_t i = 1; i < list->n; i++) {
        size_t k = 0;
        while (k < n && k < list->v[i].n && list->v[0].p[k] == list->v[i].p[k])
            k++;
        n = k;
    }
    while (n && list->n > 1 && ((unsigned char)list->v[0].p[n] & 0xc0) == 0x80)
        n--; /* no half of a character */
    return n;
}

/* What is offered, in columns below the line. */
static void show(const struct nd_strs *list)
{
    struct nd_term t;
    struct nd_buf out;
    size_t wide = 0, n = list->n < OFFERS_SHOWN ? list->n : OFFERS_SHOWN, across;
    nd_term_look(&t, STDOUT_FILENO, "never");
    nd_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        size_t w = nd_width(list->v[i].p, list->v[i].n);
        wide = w > wide ? w : wide;
    }
    across = t.columns / (wide + 2) ? t.columns / (wide + 2) : 1;
    nd_buf_byte(&out, '\n');
    for (size_t i = 0; i < n; i++) {
        size_t cut = nd_width_cut(list->v[i].p, list->v[i].n, t.columns - 1);
        nd_printable(&out, list->v[i].p, cut, true);
        bool last = (i + 1) % across == 0 || i + 1 == n;
        for (size_t w = nd_width(list->v[i].p, cut); !last && w < wide + 2; w++)
            nd_buf_byte(&out, ' ');
        if (last)
            nd_buf_byte(&out, '\n');
    }
    if (n < list->n)
        nd_buf_printf(&out, "and %zu more\n", list->n - n);
    fwrite(out.data, 1, out.len, stdout);
    fflush(stdout);
    nd_buf_free(&out);
}

/* Tab. Positions of libedit's narrow lines are bytes; its el_deletestr counts characters. */
static unsigned char complete(EditLine *el, int c)
{
    struct nd_shell_edit *e = of(el);
    struct nd_shell_offers offers = {0};
    (void)c;
    if (!e)
        return CC_ERROR;
    const LineInfo *line = e->at(el);
    size_t n = (size_t)(line->cursor - line->buffer);
    nd_arena_reset(&e->arena);
    char *typed = nd_arena_copy(&e->arena, line->buffer, n);
    if (!typed || e->offer(e->ctx, &offers, &e->arena, typed, n) || !offers.list.n)
        return CC_ERROR;
    size_t same = common(&offers.list), typed_n = n - offers.from;
    if (same > typed_n || offers.list.n == 1) {
        size_t letters = 0;
        for (size_t i = offers.from; i < n; i++)
            letters += ((unsigned char)typed[i] & 0xc0) != 0x80;
        char *text = nd_arena_copy(&e->arena, offers.list.v[0].p, same);
        if (!text)
            return CC_ERROR;
        e->erase(el, (int)letters);
        return e->insert(el, text) < 0 ? CC_ERROR : CC_REFRESH;
    }
    show(&offers.list);
    return CC_REDISPLAY;
}

/* ---- history: a line each, appended as they come ---- */

static void read_history(struct nd_shell_edit *e)
{
    struct nd_buf b;
    HistEvent ev;
    size_t lines = 0;
    nd_buf_init(&b, HISTORY_MAX);
    if (nd_file_read(&b, e->file, NULL) == 0 && b.len &&
        (b.data[b.len - 1] == '\n' || nd_buf_byte(&b, '\n') == 0)) {
        for (size_t i = 0; i < b.len; i++)
            lines += b.data[i] == '\n';
        size_t skip = lines > KEPT ? lines - KEPT : 0, from = 0;
        for (size_t i = 0, at = 0; i < b.len; i++) {
            if (b.data[i] != '\n')
                continue;
            b.data[i] = '\0';
            if (skip)
                skip--, from = i + 1;
            else if (i > at)
                e->history_do(e->history, &ev, H_ENTER, b.data + at);
            b.data[i] = '\n';
            at = i + 1;
        }
        mode_t old = umask(077);
        if (lines > 2 * KEPT)
            nd_file_replace(e->file, b.data + from, b.len - from, NULL);
        umask(old);
    }
    nd_buf_free(&b);
}

static void keep(struct nd_shell_edit *e, const char *line, size_t n)
{
    HistEvent ev;
    if (!n || line[0] == ' ') /* begins with a blank: not to be kept */
        return;
    bool again =
        e->history_do(e->history, &ev, H_FIRST) >= 0 && strncmp(ev.str, line, n) == 0 && !ev.str[n];
    char *copy = again ? NULL : strndup(line, n);
    if (!copy)
        return;
    e->history_do(e->history, &ev, H_ENTER, copy);
    int fd = e->file && !nd_make_parents(e->file, 0700, NULL)
                 ? open(e->file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)
                 : -1;
    copy[n] = '\n'; /* one write, so that two shells do not mix their lines */
    if (fd >= 0 && write(fd, copy, n + 1) < 0)
        errno = 0; /* a full disk: the session goes on */
    if (fd >= 0)
        close(fd);
    free(copy);
}

/* ---- ---- */

static bool load(struct nd_shell_edit *e)
{
    e->library = dlopen("libedit.so.2", RTLD_NOW | RTLD_GLOBAL);
    if (!e->library)
        return false;
    const struct {
        void *to;
        const char *name;
    } parts[] = {{&e->init, "el_init"},
                 {&e->end, "el_end"},
                 {&e->read, "el_gets"},
                 {&e->set, "el_set"},
                 {&e->get, "el_get"},
                 {&e->at, "el_line"},
                 {&e->insert, "el_insertstr"},
                 {&e->erase, "el_deletestr"},
                 {&e->history_init, "history_init"},
                 {&e->history_end, "history_end"},
                 {&e->history_do, "history"}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!(*(void **)parts[i].to = dlsym(e->library, parts[i].name)))
            return false;
    return true;
}

static void set_up(struct nd_shell_edit *e, const char *history)
{
    HistEvent ev;
    const char *term = getenv("TERM");
    if (!term || !*term || strcmp(term, "dumb") == 0 || !load(e))
        return;
    e->locale = newlocale(LC_CTYPE_MASK, "", NULL);
    e->usual = e->locale ? uselocale(e->locale) : NULL;
    e->history = e->history_init();
    e->el = e->history ? e->init("newsq", stdin, stdout, stderr) : NULL;
    if (e->el) {
        e->history_do(e->history, &ev, H_SETSIZE, KEPT);
        e->set(e->el, EL_CLIENTDATA, e);
        e->set(e->el, EL_PROMPT, prompt);
        e->set(e->el, EL_SIGNAL, 1);
        e->set(e->el, EL_EDITOR, "emacs");
        e->set(e->el, EL_HIST, e->history_do, e->history);
        e->set(e->el, EL_ADDFN, "newsq-complete", "Complete", complete);
        e->set(e->el, EL_ADDFN, "newsq-give-up", "Give the line up", give_up);
        e->set(e->el, EL_BIND, "^I", "newsq-complete", NULL);
        e->set(e->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
        e->set(e->el, EL_BIND, "\\e[3~", "ed-delete-next-char", NULL);
        e->set(e->el, EL_BIND, "\\e[H", "ed-move-to-beg", NULL);
        e->set(e->el, EL_BIND, "\\e[F", "ed-move-to-end", NULL);
        e->set(e->el, EL_BIND, "\\e[1~", "ed-move-to-beg", NULL);
        e->set(e->el, EL_BIND, "\\e[4~", "ed-move-to-end", NULL);
        /* as a key, not as a signal: libedit would lose the first one */
        e->set(e->el, EL_SETTY, "-d", "-isig", NULL);
        e->set(e->el, EL_BIND, "^C", "newsq-give-up", NULL);
        e->file = history ? strdup(history) : NULL;
        if (e->file)
            read_history(e);
    }
    if (e->locale)
        uselocale(e->usual);
}

int nd_shell_edit_new(struct nd_shell_edit **out, bool terminal, const char *history,
                      int (*offer)(void *ctx, struct nd_shell_offers *out, struct nd_arena *arena,
                                   const char *line, size_t n),
                      void *ctx, struct nd_error *err)
{
    struct nd_shell_edit *e = calloc(1, sizeof *e);
    if (!e)
        return nd_fail(err, ND_NOMEM, "out of memory");
    e->terminal = terminal;
    e->offer = offer;
    e->ctx = ctx;
    nd_arena_init(&e->arena, 64 << 20);
    nd_buf_init(&e->line, ND_SHELL_LINE + 16);
    if (terminal) {
        struct sigaction wake = {.sa_handler = nothing}; /* ends the wait for a line */
        sigaction(SIGINT, &wake, NULL);
        set_up(e, history);
        if (!e->el) {
            sigset_t interrupt;
            sigemptyset(&interrupt);
            sigaddset(&interrupt, SIGINT);
            sigprocmask(SIG_BLOCK, &interrupt, &e->open);
        }
    }
    *out = e;
    return 0;
}

void nd_shell_edit_free(struct nd_shell_edit *e)
{
    if (!e)
        return;
    if (e->el)
        e->end(e->el);
    if (e->history)
        e->history_end(e->history);
    if (e->locale)
        freelocale(e->locale);
    nd_arena_free(&e->arena);
    free(e->file);
    nd_buf_free(&e->line);
    free(e); /* the library stays: the process ends */
}

bool nd_shell_edit_rich(const struct nd_shell_edit *e)
{
    return e->el != NULL;
}

/* A line by libedit, to e->line. Return: 0, ND_DONE. */
static int edited(struct nd_shell_edit *e)
{
    int count = 0;
    e->given_up = false;
    if (e->locale)
        uselocale(e->locale);
    e->set(e->el, EL_PREP_TERM,
           1); /* before the prompt, not after it: what is typed at once counts, too */
    const char *p = e->read(e->el, &count);
    if (e->locale)
        uselocale(e->usual);
    if (!p || count <= 0)
        return ND_DONE;
    if (e->given_up)
        return 0;
    size_t n = (size_t)count;
    while (n && (p[n - 1] == '\n' || p[n - 1] == '\r'))
        n--;
    nd_buf_add(&e->line, p, n);
    keep(e, e->line.data ? e->line.data : "", e->line.len);
    return 0;
}

/* A line as it comes. */
static int plain(struct nd_shell_edit *e)
{
    int c;
    if (e->terminal) {
        fputs(e->prompt, stdout);
        fflush(stdout);
    }
    if (e->terminal) { /* Ctrl-C counts only while it is waited for, but none is lost */
        struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
        if (ppoll(&in, 1, NULL, &e->open) < 0 && errno == EINTR) {
            fputs("\n", stdout);
            return 0;
        }
    }
    while ((c = getc(stdin)) != EOF && c != '\n')
        nd_buf_byte(&e->line, (unsigned char)c); /* what is too long is told below */
    if (e->line.len && e->line.data[e->line.len - 1] == '\r')
        e->line.len--;
    return c == EOF && !e->line.len ? ND_DONE : 0;
}

int nd_shell_edit_line(struct nd_shell_edit *e, const char *prompt_text, const char **line,
                       struct nd_error *err)
{
    e->prompt = prompt_text;
    nd_buf_reset(&e->line);
    int rc = e->el ? edited(e) : plain(e);
    if (rc && e->terminal) { /* the prompt's line ends */
        fputs("\n", stdout);
        fflush(stdout);
    }
    if (rc)
        return rc;
    if (nd_buf_code(&e->line) || e->line.len > ND_SHELL_LINE)
        return nd_fail(err, ND_LIMIT, "the line is longer than %d bytes", ND_SHELL_LINE);
    if (e->line.len && memchr(e->line.data, 0, e->line.len))
        return nd_fail(err, ND_LIMIT, "the line holds a zero byte");
    nd_buf_byte(&e->line, 0);
    *line = e->line.data ? e->line.data : "";
    return 0;
}
