/* CSV and TSV with a header: each column is a key as in JSON. The dialect is told by the first bytes. */
#include "formats/csv.h"
#include "formats/fill.h"
#include "formats/shapes.h"
#include "formats/textual.h"
#include "input/sniff.h"

#include <stdlib.h>
#include <string.h>

struct csv_reader {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_decode decode;
    struct nd_csv rows;
    struct nd_arena names; /* of the columns */
    struct nd_str *column;
    size_t columns;
    bool rows_open;
};

static int csv_bid(const char *p, size_t n, const char *filename)
{
    bool named = nd_sniff_named(filename, " .csv .tsv .tab .psv ");
    struct nd_csv_dialect d;
    if (n > 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
        p += 3;
        n -= 3;
    }
    if (!n || *p == '<' || *p == '{' || *p == '[')
        return ND_BID_NEVER;
    if (n > 2 && (!memcmp(p, "\xff\xfe", 2) || !memcmp(p, "\xfe\xff", 2)))
        return named ? ND_BID_LIKELY : ND_BID_NEVER;
    if (!named) {
        const char *eol = memchr(p, '\n', n);
        size_t head = eol ? (size_t)(eol - p) : n;
        if (!memchr(p, ',', head) && !memchr(p, '\t', head) && !memchr(p, ';', head) &&
            !memchr(p, '|', head))
            return ND_BID_NEVER;
    }
    nd_csv_sniff(&d, p, n, n < ND_SNIFF_BYTES);
    if (d.known >= 2 && d.text && d.columns >= 2 && d.regular >= 50)
        return ND_BID_SURE - 10;
    if (!named)
        return ND_BID_NEVER;
    return d.text || (d.columns >= 2 && d.regular >= 80) ? ND_BID_LIKELY : ND_BID_FALLBACK + 1;
}

static void csv_close(void *self)
{
    struct csv_reader *r = self;
    if (!r)
        return;
    if (r->rows_open)
        nd_csv_free(&r->rows);
    nd_decode_close(&r->decode);
    nd_arena_free(&r->names);
    free(r);
}

/* The first row names the columns. */
static int read_header(struct csv_reader *r, struct nd_error *err)
{
    uint64_t offset, length;
    int rc = nd_csv_row(&r->rows, r->decode.in, &offset, &length, err);
    if (rc)
        return rc == ND_DONE ? nd_fail(err, ND_INPUT, "the file has no header") : rc;
    r->columns = r->rows.n;
    r->column = nd_arena_array(&r->names, r->columns + 1, sizeof *r->column);
    for (size_t i = 0; r->column && i < r->columns; i++) {
        struct nd_str name;
        rc = nd_decode_text(&r->decode, nd_csv_cell(&r->rows, i), &name, err);
        if (rc)
            return rc;
        name = nd_trim(name);
        r->column[i] = name.n ? nd_arena_str(&r->names, name.p, name.n) : name;
    }
    return r->column ? 0 : nd_fail(err, ND_NOMEM, "out of memory to read rows");
}

static int csv_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                    struct nd_error *err)
{
    struct csv_reader *r = calloc(1, sizeof *r);
    struct nd_csv_dialect d;
    const char *p;
    size_t n;
    *out = NULL;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read rows");
    r->in = in;
    r->how = *reading;
    nd_arena_init(&r->names, 16 << 20);
    int rc = nd_decode_open(&r->decode, in, reading->repairs, err);
    if (!rc)
        rc = nd_stream_peek(r->decode.in, ND_SNIFF_BYTES, &p, &n, err);
    if (!rc) {
        nd_csv_sniff(&d, p, n, r->decode.in->ended != 0);
        nd_stream_take(r->decode.in, d.skip);
        rc = nd_csv_init(&r->rows, &d, reading->record_max, err);
        r->rows_open = !rc;
    }
    if (!rc)
        rc = read_header(r, err);
    if (rc)
        csv_close(r);
    else
        *out = r;
    return rc;
}

/* What programs write for no value. */
static bool is_nothing(struct nd_str s)
{
    static const char *const words[] = {"nan", "null", "none", "n/a", "<na>", "\\n", "nil"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nd_str_is(s, words[i]))
            return true;
    return !s.n;
}

/* A list as Python prints it, ['a', "b"], as one text parted by ';'. Anything else as it is. */
static struct nd_str plain_list(struct nd_str s, struct nd_arena *arena)
{
    if (s.n < 2 || *s.p != '[' || s.p[s.n - 1] != ']')
        return s;
    char *p = nd_arena_alloc(arena, s.n + 1), quote = 0;
    size_t n = 0;
    for (size_t i = 1; p && i + 1 < s.n; i++) {
        char c = s.p[i];
        if (quote && c == '\\' && i + 2 < s.n)
            p[n++] = s.p[++i];
        else if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? 0 : c;
        else
            p[n++] = !quote && c == ',' ? ';' : c;
    }
    return p ? (struct nd_str){p, n} : s;
}

static int cells(struct csv_reader *r, struct nd_article *a, struct nd_arena *arena,
                 struct nd_error *err)
{
    for (size_t i = 0; i < r->columns; i++) {
        struct nd_str raw = nd_csv_cell(&r->rows, i), s;
        unsigned rank;
        int rc = nd_decode_text(&r->decode, raw, &s, err);
        if (rc)
            return rc;
        if (s.n && s.p != raw.p) /* it lives until the next one only */
            s = nd_arena_str(arena, s.p, s.n);
        if (raw.n && !s.p)
            return ND_NOMEM;
        if (is_nothing(nd_trim(s)) || !r->column[i].n)
            continue;
        enum nd_target t = nd_target_known(r->column[i].p, r->column[i].n, &rank);
        if (t == ND_TO_AUTHORS || t >= ND_TO_TAGS)
            s = plain_list(nd_trim(s), arena);
        rc = nd_fieldmap_put(r->how.map, a, arena, r->column[i].p, r->column[i].n, s);
        if (rc)
            return rc;
    }
    nd_part_source(a);
    return 0;
}

static int csv_next(void *self, struct nd_article *out, struct nd_arena *arena,
                    struct nd_error *err)
{
    struct csv_reader *r = self;
    uint64_t offset, length;
    int rc = nd_csv_row(&r->rows, r->decode.in, &offset, &length, err);
    out->origin.offset = nd_decode_place(&r->decode, offset);
    out->origin.length = nd_decode_place(&r->decode, offset + length) - out->origin.offset;
    if (rc == ND_DONE)
        return nd_stream_failed(r->decode.in, err) ? nd_stream_failed(r->decode.in, err) : ND_DONE;
    if (!r->decode.in->n && r->decode.in->ended < 0) /* the cut row of a damaged file */
        return nd_stream_failed(r->decode.in, err);
    if (rc)
        return rc;
    size_t n = r->rows.n;
    while (n > r->columns && !nd_csv_cell(&r->rows, n - 1).n) /* a delimiter at the line's end */
        n--;
    if (n != r->columns)
        return nd_fail(err, ND_INPUT, "the row has %zu columns, the header %zu", r->rows.n,
                       r->columns);
    rc = cells(r, out, arena, err);
    return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
}

static int csv_skip(void *self, struct nd_error *err)
{
    struct csv_reader *r = self;
    uint64_t offset, length;
    int rc = nd_csv_row(&r->rows, r->decode.in, &offset, &length, err);
    if (rc == ND_DONE)
        return nd_stream_failed(r->decode.in, err) ? nd_stream_failed(r->decode.in, err) : ND_DONE;
    return rc == ND_INPUT || rc == ND_LIMIT ? 0 : rc;
}

const struct nd_reader nd_reader_csv = {
    .name = "csv",
    .summary = "CSV and TSV with a header; the delimiter and the character set are told by looking",
    .extensions = " .csv .tsv .tab .psv ",
    .bid = csv_bid,
    .open = csv_open,
    .next = csv_next,
    .skip = csv_skip,
    .close = csv_close,
};
