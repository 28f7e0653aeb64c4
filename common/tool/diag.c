#include "tool/diag.h"

#include "text/utf8.h"
#include "tool/term.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LINE_MAX_BYTES = 1 << 16,
    BAR = 24
};

/* Write p[0..n) with control characters escaped, well-formed whatever it was. */
static void put_safe(const char *p, size_t n, bool line)
{
    struct nd_buf good, safe;
    uint64_t repairs = 0;
    nd_buf_init(&good, LINE_MAX_BYTES * 4);
    nd_buf_init(&safe, LINE_MAX_BYTES * 16);
    if (n > LINE_MAX_BYTES)
        n = LINE_MAX_BYTES;
    if (nd_utf8_repair(&good, p, n, &repairs) == 0 && good.len &&
        nd_printable(&safe, good.data, good.len, line) == 0 && safe.len)
        fwrite(safe.data, 1, safe.len, stderr);
    nd_buf_free(&good);
    nd_buf_free(&safe);
}

void nd_diag_error_at(const struct nd_diag *d, const struct nd_error *err, const char *lines)
{
    const char *text = err->msg[0] ? err->msg : nd_status_of(err->code)->text;
    fprintf(stderr, d->color ? "\033[1;31m%s:\033[0m " : "%s: ", d->program);
    put_safe(text, strlen(text), true);
    fputc('\n', stderr);
    if (lines)
        fputs(lines, stderr);
    if (err->hint[0]) {
        fputs(d->color ? "\033[1mhint:\033[0m " : "hint: ", stderr);
        put_safe(err->hint, strlen(err->hint), true);
        fputc('\n', stderr);
    }
    fflush(stderr);
}

void nd_diag_error(const struct nd_diag *d, const struct nd_error *err)
{
    nd_diag_error_at(d, err, NULL);
}

static void put_format(const char *head, const char *fmt, va_list ap)
{
    char small[2048], *big = NULL;
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    const char *text = small;
    if (n >= (int)sizeof small) {
        if (vasprintf(&big, fmt, again) >= 0)
            text = big;
        else
            n = sizeof small - 1;
    }
    va_end(again);
    fputs(head, stderr);
    if (n > 0)
        put_safe(text, (size_t)n, true);
    fputc('\n', stderr);
    fflush(stderr);
    free(big);
}

void nd_diag_note(const struct nd_diag *d, const char *fmt, ...)
{
    if (d->quiet)
        return;
    va_list ap;
    va_start(ap, fmt);
    put_format(d->color ? "\033[1mnote:\033[0m " : "note: ", fmt, ap);
    va_end(ap);
}

void nd_diag_line(const struct nd_diag *d, const char *fmt, ...)
{
    if (d->quiet)
        return;
    va_list ap;
    va_start(ap, fmt);
    put_format("", fmt, ap);
    va_end(ap);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void nd_progress_start(struct nd_progress *p, const struct nd_diag *d)
{
    const char *term = getenv("TERM");
    *p = (struct nd_progress){.diag = d, .started = seconds()};
    p->on = !d->quiet && isatty(STDERR_FILENO) == 1 && !(term && strcmp(term, "dumb") == 0);
    p->last = p->started;
}

void nd_progress_show(struct nd_progress *p, uint64_t done, uint64_t total, uint64_t items,
                      uint64_t bad)
{
    if (!p->on)
        return;
    double now = seconds(), spent = now - p->started;
    if (spent < 1 || now - p->last < 0.1)
        return;
    p->last = now;
    char line[200];
    int n = 0;
    if (total > 0) {
        double share = done < total ? (double)done / (double)total : 1;
        int full = (int)(share * BAR);
        char bar[BAR + 1];
        memset(bar, '.', BAR);
        memset(bar, '#', (size_t)full);
        bar[BAR] = '\0';
        n = snprintf(line, sizeof line, "[%s] %3d%%  ", bar, (int)(share * 100));
        if (share > 0.01 && n > 0) {
            double left = spent / share - spent;
            n += snprintf(line + n, sizeof line - (size_t)n, "%d:%02d left  ", (int)left / 60,
                          (int)left % 60);
        }
    }
    n += snprintf(line + n, sizeof line - (size_t)n, "%" PRIu64 " read, %.0f/s", items,
                  (double)items / spent);
    if (bad)
        n += snprintf(line + n, sizeof line - (size_t)n, ", %" PRIu64 " bad", bad);
    struct nd_term t;
    nd_term_look(&t, STDERR_FILENO, "never");
    if ((size_t)n >= t.columns)
        n = (int)t.columns - 1;
    fprintf(stderr, "\r%.*s\033[K", n, line);
    fflush(stderr);
    p->drawn = true;
}

void nd_progress_end(struct nd_progress *p)
{
    if (p->drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    p->on = p->drawn = false;
}
