#include "check.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A test program is one thread and one run, so its counts may be file-static. */
static int passed, failed, skipped;
static bool running_failed, running_skipped;
static uint64_t state;
static char dir[256], shared[1024];

void check_run(const char *name, void (*fn)(void))
{
    running_failed = running_skipped = false;
    fn();
    if (running_failed) {
        failed++;
        printf("FAIL %s\n", name);
    } else if (running_skipped) {
        skipped++;
    } else {
        passed++;
    }
    fflush(stdout);
}

int check_that(int ok, const char *file, int line, const char *what)
{
    if (!ok) {
        running_failed = true;
        printf("%s:%d: not true: %s\n", file, line, what);
    }
    return ok;
}

int check_int(long long got, long long want, const char *file, int line, const char *what)
{
    if (got == want)
        return 1;
    running_failed = true;
    printf("%s:%d: %s is %lld, not %lld\n", file, line, what, got, want);
    return 0;
}

int check_str(const char *got, const char *want, const char *file, int line, const char *what)
{
    if (got && want && strcmp(got, want) == 0)
        return 1;
    running_failed = true;
    printf("%s:%d: %s is\n  '%s', not\n  '%s'\n", file, line, what, got ? got : "(null)",
           want ? want : "(null)");
    return 0;
}

int check_mem(const void *got, size_t got_n, const void *want, size_t want_n, const char *file,
              int line, const char *what)
{
    if (got_n == want_n && (got_n == 0 || memcmp(got, want, got_n) == 0))
        return 1;
    running_failed = true;
    printf("%s:%d: %s is\n  '%.*s', not\n  '%.*s'\n", file, line, what, (int)got_n,
           (const char *)got, (int)want_n, (const char *)want);
    return 0;
}

void check_skip(const char *reason)
{
    running_skipped = true;
    printf("skipped: %s\n", reason);
}

const char *check_shared(const char *name)
{
    const char *root = getenv("ND_SHARED");
    snprintf(shared, sizeof shared, "%s/%s", root ? root : "../shared", name);
    return access(shared, R_OK) == 0 ? shared : NULL;
}

uint64_t check_random(void)
{
    if (!state) {
        const char *seed = getenv("SEED");
        state = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) * 2654435761u;
        printf("SEED=%" PRIu64 "\n", state);
        state |= 1;
    }
    /* splitmix64 */
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

const char *check_dir(void)
{
    if (!dir[0]) {
        const char *tmp = getenv("TMPDIR");
        snprintf(dir, sizeof dir, "%s/newsdex-test-XXXXXX", tmp ? tmp : "/tmp");
        if (!mkdtemp(dir)) {
            perror(dir);
            exit(2);
        }
    }
    return dir;
}

int check_done(void)
{
    if (dir[0]) {
        char cmd[300];
        snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
        if (system(cmd) != 0)
            fprintf(stderr, "cannot remove %s\n", dir);
    }
    printf("%d passed, %d failed", passed, failed);
    if (skipped)
        printf(", %d skipped", skipped);
    printf("\n");
    return failed || (!passed && !skipped);
}
