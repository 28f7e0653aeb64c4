/* The line of a query that a message is about, with carets below, in terminal cells. */
#include "lang/parse.h"

#include "text/utf8.h"

#include <string.h>

enum {
    INDENT = 2,
    COLUMNS_MIN = 20
};

/* One character at p[0..n) as it is shown; *cells is its width. Return: bytes taken. */
static size_t shown(struct nd_buf *out, const char *p, size_t n, size_t *cells)
{
    uint32_t cp = 0;
    size_t k = nd_utf8_decode(p, n, &cp);
    nd_buf_reset(out);
    if (k == 0) { /* ill-formed */
        nd_buf_str(out, "\xef\xbf\xbd");
        *cells = 1;
        return 1;
    }
    if (cp == '\t' || cp == 0xa0)
        nd_buf_byte(out, ' ');
    else
        nd_printable(out, p, k, true);
    *cells = out->len ? nd_width(out->data, out->len) : 0;
    return k;
}

int nd_query_caret(struct nd_buf *out, struct nd_str text, const struct nd_error *err,
                   size_t columns, bool from_file)
{
    if (err->end <= err->start || err->start > text.n)
        return 0;
    size_t start = err->start, end = err->end < text.n ? err->end : text.n;
    size_t from = start, to = start, line = 1, column = 1;
    while (from > 0 && text.p[from - 1] != '\n')
        from--;
    while (to < text.n && text.p[to] != '\n')
        to++;
    if (to > from && text.p[to - 1] == '\r' && to - 1 >= start)
        to--;
    for (size_t i = 0; i < from; i++)
        line += text.p[i] == '\n';
    if (end > to)
        end = to;
    struct nd_buf one;
    nd_buf_init(&one, 64);
    size_t at = 0, span_at = 0, span_end = 0, cells, k;
    for (size_t i = from; i < to; i += k) {
        k = shown(&one, text.p + i, to - i, &cells);
        if (i < start) {
            span_at = at + cells;
            column++;
        }
        at += cells;
        if (i < end)
            span_end = at;
    }
    if (span_end <= span_at)
        span_end = span_at + 1;
    size_t width = columns > COLUMNS_MIN + INDENT ? columns - INDENT : COLUMNS_MIN;
    size_t lo = 0, hi = at > span_end ? at : span_end;
    if (hi > width) { /* a window, with a third of it before the span */
        lo = span_at > width / 3 ? span_at - width / 3 : 0;
        if (hi - lo > width)
            hi = lo + width;
        else
            lo = hi - width;
    }
    bool multi = memchr(text.p, '\n', text.n ? text.n - 1 : 0) != NULL;
    if (from_file && multi)
        nd_buf_printf(out, "%zu:%zu:\n", line, column);
    nd_buf_printf(out, "%*s", INDENT, "");
    size_t shift = 0;
    at = 0;
    if (lo > 0)
        nd_buf_str(out, "…"); /* stands for the first cell of the window */
    for (size_t i = from; i < to; i += k, at += cells) {
        k = shown(&one, text.p + i, to - i, &cells);
        size_t first = lo > 0 ? lo + 1 : 0;
        if (at < first) {
            if (at + cells > first) /* half of a wide character */
                nd_buf_printf(out, "%*s", (int)(at + cells - first), "");
            continue;
        }
        if (at + cells > hi || (at + cells == hi && i + k < to)) {
            nd_buf_str(out, "…");
            break;
        }
        nd_buf_add(out, one.data, one.len);
    }
    shift = span_at > lo ? span_at - lo : 0;
    if (span_end > hi)
        span_end = hi;
    nd_buf_printf(out, "\n%*s", (int)(INDENT + shift), "");
    for (size_t i = lo + shift; i < span_end; i++)
        nd_buf_byte(out, '^');
    nd_buf_byte(out, '\n');
    nd_buf_free(&one);
    return nd_buf_code(out);
}
