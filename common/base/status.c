#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct nd_status table[] = {
    {ND_OK, "ND_OK", "done", 0},
    {ND_DONE, "ND_DONE", "nothing found", 1},
    {ND_NOMEM, "ND_NOMEM", "out of memory", 3},
    {ND_LIMIT, "ND_LIMIT", "a limit was reached", 2},
    {ND_IO, "ND_IO", "input or output error", 3},
    {ND_USAGE, "ND_USAGE", "wrong use of the command line", 2},
    {ND_QUERY, "ND_QUERY", "error in the query", 2},
    {ND_MISSING, "ND_MISSING", "not found", 3},
    {ND_LOCKED, "ND_LOCKED", "locked by another writer", 3},
    {ND_VERSION, "ND_VERSION", "written by an incompatible version", 3},
    {ND_CORRUPT, "ND_CORRUPT", "the index is damaged", 4},
    {ND_MODIFIED, "ND_MODIFIED", "the index changed while it was read", 3},
    {ND_INPUT, "ND_INPUT", "bad input", 5},
    {ND_PARTIAL, "ND_PARTIAL", "some input was skipped", 5},
    {ND_INTERNAL, "ND_INTERNAL", "internal error", 4},
};

const struct nd_status *nd_status_table(size_t *n)
{
    *n = sizeof table / sizeof table[0];
    return table;
}

const struct nd_status *nd_status_of(int code)
{
    size_t n = sizeof table / sizeof table[0];
    for (size_t i = 0; i < n; i++)
        if (table[i].code == code)
            return &table[i];
    return &table[n - 1];
}

int nd_exit_status(int code)
{
    return nd_status_of(code)->exit;
}

int nd_exit_worse(int a, int b)
{
    static const int order[] = {4, 3, 2, 5, 1};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return 0;
}

static void set(struct nd_error *err, int code)
{
    err->code = code;
    err->start = err->end = 0;
    err->offset = 0;
    err->hint[0] = '\0';
}

int nd_fail(struct nd_error *err, int code, const char *fmt, ...)
{
    if (!err)
        return code;
    set(err, code);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    return code;
}

int nd_fail_errno(struct nd_error *err, int code, const char *fmt, ...)
{
    int saved = errno;
    if (!err)
        return code;
    set(err, code);
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    if (n > 0 && (size_t)n + 3 < sizeof err->msg) {
        char text[128];
        /* the GNU strerror_r returns the text, which need not be in the buffer */
        const char *why = strerror_r(saved, text, sizeof text);
        snprintf(err->msg + n, sizeof err->msg - (size_t)n, ": %s", why);
        char *first = err->msg + n + 2;
        if (*first >= 'A' && *first <= 'Z' && !(first[1] >= 'A' && first[1] <= 'Z'))
            *first = (char)(*first + ('a' - 'A')); /* messages are lower case */
    }
    return code;
}

void nd_hint(struct nd_error *err, const char *fmt, ...)
{
    if (!err)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->hint, sizeof err->hint, fmt, ap);
    va_end(ap);
}

void nd_span(struct nd_error *err, size_t start, size_t end)
{
    if (!err)
        return;
    err->start = start;
    err->end = end;
}
