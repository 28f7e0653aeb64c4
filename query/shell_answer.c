#include "shell.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ARENA_MAX = 2000 << 20,
    OFFERS_MAX = 16 << 20,
    HEAD = ND_SHELL_HEAD
};

static bool put(int fd, const void *p, size_t n)
{
    return n == 0 || nd_write_all(fd, p, n, "pipe", NULL) == 0;
}

/* In the child: run the command, tell of its hits. */
static int answer_in_child(const struct nd_shell_argv *argv, int fd, bool terminal)
{
    struct nd_listed listed = {0};
    struct newsq t = {.diag = {.program = "newsq"}, .typed = true, .listed = &listed};
    sigset_t interrupt;
    signal(SIGINT, SIG_DFL);
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_UNBLOCK, &interrupt, NULL);
    if (!terminal) { /* the lines of the session are not the command's input */
        int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (null >= 0)
            dup2(null, STDIN_FILENO);
    }
    nd_buf_init(&listed.ids, ND_SHELL_IDS);
    nd_arena_init(&t.arena, ARENA_MAX);
    int status = newsq_run(&t, argv->n, argv->v);
    uint64_t head[] = {nd_buf_code(&listed.ids) ? 0 : listed.n, listed.total};
    if (put(fd, head, sizeof head) && head[0])
        put(fd, listed.ids.data, listed.ids.len);
    nd_buf_free(&listed.ids);
    nd_arena_free(&t.arena);
    fflush(stdout);
    fflush(stderr);
    return status;
}

/* What comes out of a pipe until its writers are gone. What does not fit is read, too: they must not wait. */
static void read_all(int fd, struct nd_buf *out)
{
    char part[65536];
    for (ssize_t n; (n = read(fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR);)
        if (n > 0)
            nd_buf_add(out, part, (size_t)n);
}

int nd_shell_answer(const struct nd_shell *s, const struct nd_shell_argv *argv,
                    struct nd_shell_answer *out, struct nd_error *err)
{
    int fd[2], status;
    struct sigaction old, ignore = {.sa_handler = SIG_IGN};
    *out = (struct nd_shell_answer){.status = -1};
    nd_buf_init(&out->ids, ND_SHELL_IDS + HEAD);
    if (pipe2(fd, O_CLOEXEC) < 0)
        return nd_fail_errno(err, ND_IO, "cannot run '%s'", argv->v[1]);
    fflush(stdout);
    fflush(stderr);
    sigaction(SIGINT, &ignore, &old); /* it is the answer's */
    pid_t pid = fork();
    if (pid == 0) {
        close(fd[0]);
        _exit(answer_in_child(argv, fd[1], isatty(STDIN_FILENO) == 1));
    }
    close(fd[1]);
    if (pid < 0) {
        close(fd[0]);
        sigaction(SIGINT, &old, NULL);
        return nd_fail_errno(err, ND_IO, "cannot run '%s'", argv->v[1]);
    }
    read_all(fd[0], &out->ids);
    close(fd[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &old, NULL);
    if (WIFEXITED(status))
        out->status = WEXITSTATUS(status);
    else if (WTERMSIG(status) == SIGINT)
        fputs("\n", stderr);
    else
        nd_diag_line(&s->t->diag, "newsq: '%s' was ended by signal %d", argv->v[1],
                     WTERMSIG(status));
    if (WIFEXITED(status) && out->ids.len >= HEAD && !nd_buf_code(&out->ids)) {
        memcpy(&out->n, out->ids.data, 8);
        memcpy(&out->total, out->ids.data + 8, 8);
        out->told = true;
    }
    return 0;
}

/* Where it begins, then each offer ended by NUL. */
int nd_shell_offers_apart(void *ctx, struct nd_shell_offers *out, struct nd_arena *arena,
                          const char *line, size_t n)
{
    const struct nd_shell *s = ctx;
    struct nd_error err = {0};
    struct nd_buf b;
    int fd[2];
    *out = (struct nd_shell_offers){0};
    if (pipe2(fd, O_CLOEXEC) < 0)
        return ND_IO;
    pid_t pid = fork();
    if (pid == 0) {
        int rc = nd_shell_complete(out, s, arena, line, n, &err);
        uint64_t from = out->from;
        bool good = rc == 0 && nd_write_all(fd[1], &from, sizeof from, "pipe", NULL) == 0;
        for (size_t i = 0; good && i < out->list.n; i++)
            good = nd_write_all(fd[1], out->list.v[i].p, out->list.v[i].n + 1, "pipe", NULL) == 0;
        _exit(!good);
    }
    close(fd[1]);
    nd_buf_init(&b, OFFERS_MAX);
    read_all(fd[0], &b);
    close(fd[0]);
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    size_t many = 0;
    uint64_t from = 0;
    for (size_t i = sizeof from; i < b.len; i++)
        many += b.data[i] == 0;
    int rc = pid < 0 || nd_buf_code(&b) || b.len < sizeof from ? ND_IO : 0;
    char *text = rc ? NULL : nd_arena_copy(arena, b.data + sizeof from, b.len - sizeof from);
    out->list.v = rc ? NULL : nd_arena_array(arena, many + 1, sizeof *out->list.v);
    if (!rc && (!text || !out->list.v))
        rc = ND_NOMEM;
    if (!rc) {
        memcpy(&from, b.data, sizeof from);
        out->from = from <= n ? (size_t)from : n;
    }
    for (size_t at = 0; !rc && out->list.n < many; at += out->list.v[out->list.n++].n + 1)
        out->list.v[out->list.n] = nd_str_of(text + at);
    nd_buf_free(&b);
    return rc;
}
