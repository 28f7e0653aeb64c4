#include "formats/csv.h"
#include "formats/fieldmap.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 64 * 1024, /* by which libcsv's buffer grows */
    WASTE = 4 /* rows' maxima that may be looked at again after quotes that are not closed */
};

static void on_cell(void *p, size_t n, void *ctx)
{
    struct nd_csv *c = ctx;
    if (c->rows || c->failed)
        return;
    if (c->n == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 64;
        size_t *more = cap <= ND_CSV_COLUMNS ? reallocarray(c->ends, cap, sizeof *more) : NULL;
        if (!more) {
            c->failed = cap <= ND_CSV_COLUMNS ? ND_NOMEM : ND_LIMIT;
            return;
        }
        c->ends = more;
        c->cap = cap;
    }
    c->failed = n ? nd_buf_add(&c->cells, p, n) : 0;
    c->ends[c->n++] = c->cells.len;
}

static void on_row(int end, void *ctx)
{
    struct nd_csv *c = ctx;
    (void)end;
    c->rows++;
}

static int start(struct nd_csv *c)
{
    if (csv_init(&c->parser, 0))
        return ND_NOMEM;
    csv_set_delim(&c->parser, (unsigned char)c->dialect.delim);
    csv_set_quote(&c->parser, (unsigned char)c->dialect.quote);
    csv_set_blk_size(&c->parser, BLOCK);
    return 0;
}

int nd_csv_init(struct nd_csv *c, const struct nd_csv_dialect *d, size_t max, struct nd_error *err)
{
    *c = (struct nd_csv){.dialect = *d, .max = max};
    nd_buf_init(&c->cells, SIZE_MAX / 4);
    return start(c) ? nd_fail(err, ND_NOMEM, "out of memory to read rows") : 0;
}

void nd_csv_free(struct nd_csv *c)
{
    csv_free(&c->parser);
    nd_buf_free(&c->cells);
    free(c->ends);
    c->ends = NULL;
}

struct nd_str nd_csv_cell(const struct nd_csv *c, size_t i)
{
    size_t from = i ? c->ends[i - 1] : 0;
    return (struct nd_str){c->cells.data ? c->cells.data + from : "", c->ends[i] - from};
}

static void clear(struct nd_csv *c)
{
    c->n = c->rows = 0;
    c->failed = 0;
    nd_buf_reset(&c->cells);
}

/* A whole line at `at`. Return: 0 with *end behind it, `at` itself where nothing is left. */
static int line_at(struct nd_stream *in, char mark, size_t at, size_t max, const char **p,
                   size_t *end, struct nd_error *err)
{
    size_t seen = at, n;
    for (;;) {
        int rc = nd_stream_peek(in, seen + 1, p, &n, err);
        if (rc)
            return rc;
        *end = n;
        if (n <= seen)
            return 0;
        const char *eol = memchr(*p + seen, mark, n - seen);
        if (eol) {
            *end = (size_t)(eol - *p) + 1;
            return 0;
        }
        seen = n;
        if (seen > max)
            return 0;
    }
}

/* A quote that is not closed, or a row too large: pass over one line alone, but not without end. */
static int runaway(struct nd_csv *c, struct nd_stream *in, size_t seen, bool quoted,
                   struct nd_error *err)
{
    const char *p;
    size_t n, end;
    csv_free(&c->parser);
    if (start(c))
        return nd_fail(err, ND_NOMEM, "out of memory to read rows");
    int rc = nd_stream_peek(in, 1, &p, &n, err);
    if (rc)
        return rc;
    const char *eol = memchr(p, c->dialect.end, seen < n ? seen : n);
    end = eol ? (size_t)(eol - p) + 1 : seen;
    c->wasted += seen;
    bool all = c->wasted > (uint64_t)c->max * WASTE;
    nd_stream_take(in, all ? seen : end);
    while (!all && !eol) { /* the rest of a line larger than a row may be */
        rc = nd_stream_peek(in, 1, &p, &n, err);
        if (rc || !n)
            break;
        eol = memchr(p, c->dialect.end, n);
        nd_stream_take(in, eol ? (size_t)(eol - p) + 1 : n);
    }
    if (rc)
        return rc;
    return seen > c->max ? nd_fail(err, ND_LIMIT, "the row has more than the %zu bytes allowed%s",
                                   c->max, quoted ? ": a quote is not closed" : "")
                         : nd_fail(err, ND_INPUT, "a quote that begins in this row is not closed");
}

int nd_csv_row(struct nd_csv *c, struct nd_stream *in, uint64_t *offset, uint64_t *length,
               struct nd_error *err)
{
    const char *p;
    size_t at = 0, end;
    clear(c);
    *offset = in->offset;
    *length = 0;
    for (;;) {
        int rc = line_at(in, c->dialect.end, at, c->max, &p, &end, err);
        if (rc)
            return rc;
        bool last = end == at;
        if (last) {
            if (c->parser.pstate == 2 && c->parser.quoted && in->ended >= 0) {
                rc = runaway(c, in, at, true, err);
                *length = in->offset - *offset;
                return rc;
            }
            csv_fini(&c->parser, on_cell, on_row, c);
        } else {
            if (csv_parse(&c->parser, p + at, end - at, on_cell, on_row, c) != end - at)
                return nd_fail(err, ND_NOMEM, "out of memory to read a row");
            at = end;
        }
        if (c->failed == ND_NOMEM)
            return nd_fail(err, ND_NOMEM, "out of memory to read a row");
        if (c->rows || last)
            break;
        if (at > c->max) {
            rc = runaway(c, in, at, c->parser.quoted, err);
            *length = in->offset - *offset;
            return rc;
        }
        if (!c->parser.pstate) { /* a blank line */
            nd_stream_take(in, at);
            *offset = in->offset;
            at = 0;
        }
    }
    nd_stream_take(in, at);
    *length = at;
    if (!c->rows && !c->n)
        return ND_DONE;
    if (at > c->max)
        return nd_fail(err, ND_LIMIT, "the row has %zu bytes, more than the %zu allowed", at,
                       c->max);
    if (c->failed)
        return nd_fail(err, ND_LIMIT, "the row has more than %d columns", ND_CSV_COLUMNS);
    return c->rows > 1 ? nd_fail(err, ND_INPUT, "a carriage return outside of quotes parts the row")
                       : 0;
}

/* What a sample looks like to one dialect. */
struct trial {
    struct nd_csv_dialect *d;
    unsigned cells, rows, good;
    uint32_t targets; /* bits of those seen in the header */
};

static void try_cell(void *p, size_t n, void *ctx)
{
    struct trial *t = ctx;
    unsigned rank;
    t->cells++;
    if (t->rows)
        return;
    enum nd_target target = nd_target_known(p ? p : "", n, &rank);
    if (target < ND_TARGETS && target != ND_TO_NOTHING)
        t->targets |= 1u << target;
}

static void try_row(int end, void *ctx)
{
    struct trial *t = ctx;
    (void)end;
    if (!t->rows)
        t->d->columns = t->cells;
    t->good += t->cells == t->d->columns;
    t->rows++;
    t->cells = 0;
}

static void try_dialect(struct nd_csv_dialect *d, const char *p, size_t n, bool complete)
{
    struct csv_parser parser;
    struct trial t = {.d = d};
    d->columns = d->known = d->regular = 0;
    d->text = false;
    if (csv_init(&parser, 0))
        return;
    csv_set_delim(&parser, (unsigned char)d->delim);
    csv_set_quote(&parser, (unsigned char)d->quote);
    csv_set_blk_size(&parser, BLOCK);
    csv_parse(&parser, p, n, try_cell, try_row, &t);
    bool open_quote = parser.pstate == 2 && parser.quoted;
    if (complete && !open_quote)
        csv_fini(&parser, try_cell, try_row, &t);
    csv_free(&parser);
    const uint32_t texts = 1u << ND_TO_TITLE | 1u << ND_TO_LEAD | 1u << ND_TO_BODY;
    d->known = (unsigned)__builtin_popcount(t.targets);
    d->text = t.targets & texts;
    d->regular = t.rows ? 100 * t.good / t.rows : 0;
    if (complete && open_quote && d->regular == 100)
        d->regular = 99;
}

static unsigned quality(const struct nd_csv_dialect *d)
{
    return (d->columns > 1 ? d->regular : 0) + 20 * (d->known < 5 ? d->known : 5);
}

void nd_csv_sniff(struct nd_csv_dialect *out, const char *p, size_t n, bool complete)
{
    static const char delims[] = {',', '\t', ';', '|'};
    size_t skip = 0;
    const char *nl = memchr(p, '\n', n);
    char end = !nl && memchr(p, '\r', n) ? '\r' : '\n';
    char given = 0;
    if (n > 6 && (!memcmp(p, "sep=", 4) || !memcmp(p, "SEP=", 4)) &&
        (p[5] == '\r' || p[5] == '\n')) {
        given = p[4];
        skip = 6 + (p[5] == '\r' && p[6] == '\n');
    }
    *out = (struct nd_csv_dialect){.delim = ',', .quote = '"', .end = end, .skip = skip};
    const char *eol = memchr(p + skip, end, n - skip);
    size_t head = eol ? (size_t)(eol - p) - skip : n - skip;
    bool any = false;
    for (size_t i = 0; i < sizeof delims; i++) {
        if (given ? delims[i] != given : !memchr(p + skip, delims[i], head))
            continue;
        for (int quoted = 1; quoted >= 0; quoted--) {
            struct nd_csv_dialect d = *out;
            d.delim = delims[i];
            d.quote = quoted ? '"' : '\0';
            if (!quoted && delims[i] != '\t')
                continue;
            try_dialect(&d, p + skip, n - skip, complete);
            if (!any || quality(&d) > quality(out))
                *out = d;
            any = true;
        }
    }
    if (!any)
        try_dialect(out, p + skip, n - skip, complete);
}
