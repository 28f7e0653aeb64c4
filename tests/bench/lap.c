/* lap: run commands in turn, round after round, and print the medians of each.
 * Usage: lap ROUNDS -- NAME COMMAND [ARGUMENT]... [-- NAME COMMAND [ARGUMENT]...]...
 * Lines: NAME <tab> wall ms <tab> CPU ms (user and system) <tab> peak RSS in KB
 * Output of the commands is dropped. A command that fails (status 2 to 126, or killed) is named on stderr, and lap ends
 * with status 2. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
    COMMANDS = 32,
    ROUNDS = 1000
};

struct command {
    const char *name;
    char **argv;
    double wall[ROUNDS], cpu[ROUNDS];
    long rss;
};

static double ms_of(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int run(struct command *c, size_t round, const posix_spawn_file_actions_t *quiet)
{
    pid_t pid;
    int status;
    struct rusage u;
    double t0 = now_ms();
    if (posix_spawnp(&pid, c->argv[0], quiet, NULL, c->argv, environ) ||
        wait4(pid, &status, 0, &u) < 0)
        return -1;
    c->wall[round] = now_ms() - t0;
    c->cpu[round] = ms_of(u.ru_utime) + ms_of(u.ru_stime);
    if (u.ru_maxrss > c->rss)
        c->rss = u.ru_maxrss;
    return WIFEXITED(status) && WEXITSTATUS(status) < 2 ? 0 : -1;
}

int main(int argc, char **argv)
{
    static struct command list[COMMANDS];
    size_t n = 0, rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (!rounds || rounds > ROUNDS) {
        fputs("usage: lap ROUNDS -- NAME COMMAND...\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--") != 0)
            continue;
        argv[i] = NULL;
        if (i + 2 < argc && n < COMMANDS)
            list[n++] = (struct command){.name = argv[i + 1], .argv = argv + i + 2};
    }
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    for (size_t r = 0; r < rounds; r++)
        for (size_t i = 0; i < n; i++)
            if (run(&list[i], r, &quiet)) {
                fprintf(stderr, "bench: '%s' failed\n", list[i].name);
                return 2;
            }
    posix_spawn_file_actions_destroy(&quiet);
    for (size_t i = 0; i < n; i++) {
        qsort(list[i].wall, rounds, sizeof(double), compare);
        qsort(list[i].cpu, rounds, sizeof(double), compare);
        printf("%s\t%.3f\t%.3f\t%ld\n", list[i].name, list[i].wall[rounds / 2],
               list[i].cpu[rounds / 2], list[i].rss);
    }
    return 0;
}
