#include "tool/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

const char *nd_pager_command(const char *own)
{
    const char *command = getenv(own), *term = getenv("TERM");
    if (!command)
        command = getenv("PAGER");
    if (!command)
        command = term && *term && strcmp(term, "dumb") != 0 ? "less" : "";
    return *command && strcmp(command, "cat") != 0 ? command : NULL;
}

bool nd_pager_is_less(const char *command)
{
    size_t n = strcspn(command, " \t");
    const char *slash = memrchr(command, '/', n), *name = slash ? slash + 1 : command;
    return n - (size_t)(name - command) == 4 && memcmp(name, "less", 4) == 0;
}

/* The pager is the only child. Its input ends; when it has been left the signal does what it does. */
static void wait_and_end(int number)
{
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
    signal(number, SIG_DFL);
    raise(number);
}

/* Run the command with its input from fd; by a shell where it is more than a name. */
static int spawn(pid_t *pid, const char *command, int fd)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t usual;
    bool plain = !command[strcspn(command, "|&;<>()$`\\\"' \t\n*?[#~=%")];
    char *argv[] = {(char *)(uintptr_t)command, NULL};
    char *by_shell[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c",
                        (char *)(uintptr_t)command, NULL};
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        sigaddset(&usual, ending[i]);
    if (posix_spawn_file_actions_init(&files))
        return ENOMEM;
    if (posix_spawnattr_init(&how)) {
        posix_spawn_file_actions_destroy(&files);
        return ENOMEM;
    }
    int rc = posix_spawn_file_actions_adddup2(&files, fd, STDIN_FILENO);
    if (!rc)
        rc = posix_spawnattr_setsigdefault(&how, &usual);
    if (!rc)
        rc = posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
    if (!rc)
        rc = posix_spawnp(pid, plain ? command : "sh", &files, &how, plain ? argv : by_shell,
                          environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

int nd_pager_start(struct nd_pager *p, const char *command, struct nd_error *err)
{
    int fd[2];
    *p = (struct nd_pager){.out = -1, .err = -1};
    if (pipe2(fd, O_CLOEXEC) < 0)
        return nd_fail_errno(err, ND_IO, "cannot start the pager");
    setenv("LESS", "FRX", 0);
    pid_t pid;
    int rc = spawn(&pid, command, fd[0]);
    close(fd[0]);
    if (rc) {
        close(fd[1]);
        errno = rc;
        return nd_fail_errno(err, ND_IO, "cannot start the pager '%s'", command);
    }
    p->pid = pid;
    fflush(stdout);
    fflush(stderr);
    p->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (isatty(STDERR_FILENO) == 1) {
        p->err = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
        dup2(fd[1], STDERR_FILENO);
    }
    dup2(fd[1], STDOUT_FILENO);
    close(fd[1]);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct sigaction old, now = {.sa_handler = wait_and_end, .sa_flags = SA_RESETHAND};
        if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(ending[i], &now, NULL);
    }
    return 0;
}

void nd_pager_end(struct nd_pager *p)
{
    if (!p->pid)
        return;
    fflush(stdout);
    fflush(stderr);
    if (p->out >= 0)
        dup2(p->out, STDOUT_FILENO);
    else
        close(STDOUT_FILENO);
    if (p->err >= 0)
        dup2(p->err, STDERR_FILENO);
    close(p->out);
    close(p->err);
    while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct sigaction old;
        if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler == wait_and_end)
            signal(ending[i], SIG_DFL);
    }
    p->pid = 0;
}
