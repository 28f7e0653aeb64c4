/* Wrapping, terminal facts, and what is written to stderr. */
#include "../check.h"

#include "base/buf.h"
#include "tool/diag.h"
#include "tool/term.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void wrap_is(const char *text, size_t indent, size_t columns, const char *want)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    CHECK_INT(nd_term_wrap(&out, text, strlen(text), indent, columns), 0);
    CHECK_STR(out.data ? out.data : "", want);
    nd_buf_free(&out);
}

static void link_is(const char *url, const char *want)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    if (nd_term_link(&out, url, strlen(url)))
        nd_term_unlink(&out);
    nd_buf_byte(&out, 0);
    CHECK_STR(out.data, want);
    nd_buf_free(&out);
}

static void links_lead_to_safe_urls_alone(void)
{
    static char big[3000];
    link_is("https://example.org/a?b=c", "\033]8;;https://example.org/a?b=c\033\\\033]8;;\033\\");
    link_is("http://x/a b\033\\\a\xc3\xa9", "\033]8;;http://x/a%20b%1B\\%07%C3%A9\033\\\033]8;;\033\\");
    link_is("javascript:alert(1)", "");
    link_is("file:///etc/passwd", "");
    link_is("https://", "");
    link_is("", "");
    memset(big, 'x', sizeof big - 1);
    memcpy(big, "https://", 8);
    link_is(big, "");
}

static void wrap_fills_lines(void)
{
    wrap_is("", 0, 30, "");
    wrap_is("one two", 0, 30, "one two\n");
    wrap_is("one  two\n\nthree", 2, 30, "  one two\n\n  three\n");
    wrap_is("aaaaaaaaaa bbbbbbbbbb ccccc", 0, 21, "aaaaaaaaaa bbbbbbbbbb\nccccc\n");
    wrap_is("aaaaaaaaaa bbbbbbbbbbb", 2, 23, "  aaaaaaaaaa\n  bbbbbbbbbbb\n");
    wrap_is("東東東東東 東東東東東 東", 0, 21, "東東東東東 東東東東東\n東\n");
    wrap_is("\033]8;;https://example.org/a/long/one\033\\aaaaaaaaaa bbbbbbbbb\033]8;;\033\\", 0, 20,
            "\033]8;;https://example.org/a/long/one\033\\aaaaaaaaaa bbbbbbbbb\033]8;;\033\\\n");
    wrap_is("abcdefghijklmnopqrstuvwxyz", 0, 20, "abcdefghijklmnopqrst\nuvwxyz\n");
    wrap_is("\033[1maaaaaaaaaa\033[0m bbbbbbbbbb", 0, 21, "\033[1maaaaaaaaaa\033[0m bbbbbbbbbb\n");
}

static void wrap_ends_on_any_bytes(void)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    for (int i = 0; i < 2000; i++) {
        char text[80];
        static const char *const parts[] = {"a", "東", "é", "\033[1m", "\033",
                                            " ", "\n", "[", "m",       "0"};
        size_t n = 0;
        while (n < 70) {
            const char *s = parts[check_random() % 10];
            memcpy(text + n, s, strlen(s));
            n += strlen(s);
        }
        nd_buf_reset(&out);
        CHECK_INT(nd_term_wrap(&out, text, n, check_random() % 5, 20), 0);
    }
    CHECK_INT(nd_term_wrap(&out, "a\0b", 3, 0, 20), 0);
    nd_buf_free(&out);
}

static void look_obeys_the_environment(void)
{
    struct nd_term t;
    int fd = open("/dev/null", O_WRONLY);
    setenv("COLUMNS", "123", 1);
    nd_term_look(&t, fd, "auto");
    CHECK(!t.tty);
    CHECK(!t.color);
    CHECK_INT(t.columns, 123);
    nd_term_look(&t, fd, "always");
    CHECK(t.color);
    setenv("COLUMNS", "junk", 1);
    nd_term_look(&t, fd, "never");
    CHECK(!t.color);
    CHECK_INT(t.columns, 80);
    setenv("COLUMNS", "1", 1);
    nd_term_look(&t, fd, NULL);
    CHECK_INT(t.columns, 20);
    unsetenv("COLUMNS");
    close(fd);
}

/* Run fn with stderr in a file; its content goes to out. */
static void capture(struct nd_buf *out, void (*fn)(void))
{
    char path[4096];
    snprintf(path, sizeof path, "%s/stderr", check_dir());
    fflush(stderr);
    int keep = dup(STDERR_FILENO), fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(fd, STDERR_FILENO);
    fn();
    fflush(stderr);
    dup2(keep, STDERR_FILENO);
    close(keep);
    char buf[4096];
    ssize_t n = pread(fd, buf, sizeof buf, 0);
    close(fd);
    nd_buf_reset(out);
    nd_buf_add(out, buf, n > 0 ? (size_t)n : 0);
}

static void say_all(void)
{
    struct nd_diag d = {"newsq", false, false};
    struct nd_error err = {0};
    nd_fail(&err, ND_QUERY, "unknown field '%s'", "so\033[31mrce\xff");
    nd_hint(&err, "did you mean 'source'?");
    nd_diag_error(&d, &err);
    nd_diag_error_at(&d, &err, "  sorce:x\n  ^^^^^\n");
    nd_diag_note(&d, "%d\n%s", 5, "articles");
    nd_diag_line(&d, "plain");
    d.quiet = true;
    nd_diag_note(&d, "not seen");
    nd_diag_line(&d, "not seen");
    err = (struct nd_error){.code = ND_NOMEM};
    nd_diag_error(&d, &err);
}

static void progress_off_a_terminal(void)
{
    struct nd_diag d = {"newsq", false, false};
    struct nd_progress p;
    nd_progress_start(&p, &d);
    p.started -= 5;
    nd_progress_show(&p, 50, 100, 7, 1);
    nd_progress_end(&p);
}

static void diag_escapes_and_obeys_quiet(void)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    capture(&out, say_all);
    CHECK_STR(out.data,
              "newsq: unknown field 'so\\x1b[31mrce\xef\xbf\xbd'\nhint: did you mean 'source'?\n"
              "newsq: unknown field 'so\\x1b[31mrce\xef\xbf\xbd'\n  sorce:x\n  ^^^^^\n"
              "hint: did you mean 'source'?\nnote: 5 articles\nplain\nnewsq: out of memory\n");
    nd_buf_free(&out);
}

static void progress_is_silent_off_a_terminal(void)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    capture(&out, progress_off_a_terminal);
    CHECK_INT(out.len, 0);
    nd_buf_free(&out);
}

int main(void)
{
    RUN(wrap_fills_lines);
    RUN(links_lead_to_safe_urls_alone);
    RUN(wrap_ends_on_any_bytes);
    RUN(look_obeys_the_environment);
    RUN(diag_escapes_and_obeys_quiet);
    RUN(progress_is_silent_off_a_terminal);
    return check_done();
}
