/* check.h: assertions and counts of a unit test.
 * A test file:  static void module_what_expectation(void) { CHECK(...); }
 *               int main(void) { RUN(module_what_expectation); return check_done(); }
 * check_done prints `N passed, N failed` (a passed RUN counts once) and gives the exit status. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* Run one test function and count it. */
#define RUN(fn) check_run(#fn, fn)
/* Fail the running test, with place and text, unless the condition holds. */
#define CHECK(cond) check_that(!!(cond), __FILE__, __LINE__, #cond)
/* Fail unless the numbers are equal; both are printed. */
#define CHECK_INT(got, want) check_int((long long)(got), (long long)(want), __FILE__, __LINE__, #got)
/* Fail unless the NUL-ended texts are equal; both are printed. */
#define CHECK_STR(got, want) check_str(got, want, __FILE__, __LINE__, #got)
/* Fail unless the bytes are equal. */
#define CHECK_MEM(got, got_n, want, want_n) \
    check_mem(got, got_n, want, want_n, __FILE__, __LINE__, #got)

void check_run(const char *name, void (*fn)(void));
int check_that(int ok, const char *file, int line, const char *what);
int check_int(long long got, long long want, const char *file, int line, const char *what);
int check_str(const char *got, const char *want, const char *file, int line, const char *what);
int check_mem(const void *got, size_t got_n, const void *want, size_t want_n, const char *file,
              int line, const char *what);
/* Count the running test as skipped, for a reason that is printed (data that is not there). */
void check_skip(const char *reason);
/* The path of a file of the shared data, or NULL where there is none: then call check_skip.
 * The folder is $ND_SHARED, by default ../shared. The result is good until the next call. */
const char *check_shared(const char *name);
/* A reproducible random number; the seed is printed at the start of a run, SEED= replays it. */
uint64_t check_random(void);
/* The path of a fresh folder for this test program, removed at the end. */
const char *check_dir(void);
/* Print the closing line. Return: exit status, 1 if anything failed or nothing passed. */
int check_done(void);

#endif
