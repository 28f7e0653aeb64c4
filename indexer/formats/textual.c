#include "formats/textual.h"
#include "input/sniff.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    WIDE_BLOCK = 32 * 1024,
    CONFIRM = 256,        /* bytes of the line that bears a beginning out */
    LINE_HEAD = 64 * 1024 /* of a longer line only so much is asked about */
};

/* A block of a member in UTF-16 or UTF-32, as UTF-8. */
static int wide_fill(void *source, const char **p, size_t *n, struct nd_error *err)
{
    struct nd_decode *d = source;
    nd_buf_reset(&d->block);
    while (!d->block.len) {
        const char *raw;
        size_t k;
        int rc = nd_stream_peek(d->raw, 1, &raw, &k, err);
        if (rc)
            return rc;
        bool last = !k;
        if (last && !d->converter)
            return nd_stream_failed(d->raw, err) ? nd_stream_failed(d->raw, err) : ND_DONE;
        k = k > WIDE_BLOCK ? WIDE_BLOCK : k;
        rc = nd_charset_add(d->converter, &d->block, raw, k, last, d->repairs);
        nd_stream_take(d->raw, k);
        if (last) {
            nd_charset_close(d->converter);
            d->converter = NULL;
        }
        if (rc)
            return nd_fail(err, rc, "out of memory to convert a text");
    }
    *p = d->block.data;
    *n = d->block.len;
    d->wide_given += *n;
    return 0;
}

int nd_decode_open(struct nd_decode *d, struct nd_stream *in, uint64_t *repairs,
                   struct nd_error *err)
{
    const char *p;
    size_t n;
    *d = (struct nd_decode){.in = in, .raw = in, .repairs = repairs};
    nd_buf_init(&d->block, SIZE_MAX / 4);
    nd_buf_init(&d->text, SIZE_MAX / 4);
    int rc = nd_stream_peek(in, ND_SNIFF_BYTES, &p, &n, err);
    if (rc)
        return rc;
    nd_charset_guess(&d->set, p, n, in->ended != 0, (struct nd_str){0}, ND_CHARSET_PLAIN);
    nd_stream_take(in, d->set.bom);
    if (d->set.unit < 2)
        return 0;
    rc = nd_charset_open(&d->converter, &d->set, err);
    if (!rc) {
        nd_stream_init(&d->wide, wide_fill, d);
        d->wide.file = in->file;
        d->wide.member = in->member;
        d->in = &d->wide;
    }
    return rc;
}

void nd_decode_close(struct nd_decode *d)
{
    if (d->in == &d->wide)
        nd_stream_free(&d->wide);
    nd_charset_close(d->converter);
    nd_buf_free(&d->block);
    nd_buf_free(&d->text);
    d->converter = NULL;
}

uint64_t nd_decode_place(const struct nd_decode *d, uint64_t offset)
{
    if (d->in == d->raw || !d->wide_given)
        return offset;
    double share = (double)offset / (double)d->wide_given;
    uint64_t at = (uint64_t)(share * (double)d->raw->offset);
    return at > d->raw->offset ? d->raw->offset : at;
}

/* Is ill-formed UTF-8 what it is, rather than another set: more of its characters are whole than not? */
static bool broken_utf8(struct nd_str s)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t cp;
        size_t k = (unsigned char)s.p[i] < 0x80 ? 1 : nd_utf8_decode(s.p + i, s.n - i, &cp);
        good += k > 1;
        bad += !k;
        i += k ? k : 1;
    }
    return good > bad;
}

int nd_decode_text(struct nd_decode *d, struct nd_str raw, struct nd_str *out, struct nd_error *err)
{
    *out = raw;
    bool utf8 = d->in != d->raw || !strcmp(d->set.name, "UTF-8");
    if (!raw.n || (utf8 && nd_utf8_valid(raw.p, raw.n) == raw.n))
        return 0;
    struct nd_charset set = d->set;
    if (utf8) {
        set = (struct nd_charset){.name = "UTF-8", .unit = 1};
        if (!broken_utf8(raw))
            nd_charset_guess(&set, raw.p, raw.n, true, (struct nd_str){0}, ND_CHARSET_PLAIN);
        if (set.unit > 1 || set.bom)
            set = (struct nd_charset){.name = "UTF-8", .unit = 1};
    }
    set.bom = 0;
    nd_buf_reset(&d->text);
    int rc = nd_charset_convert(&d->text, &set, raw.p, raw.n, d->repairs, err);
    if (rc)
        return rc;
    *out = (struct nd_str){d->text.data ? d->text.data : "", d->text.len};
    return 0;
}

static bool blank_line(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r' && p[i] != '\n')
            return false;
    return true;
}

/* What is being cut out. */
struct cutting {
    size_t at;    /* where the line at hand begins */
    bool any;     /* the record has a line already */
    bool mid;     /* what follows is the rest of a line that was passed over */
    bool dropped; /* too large: its bytes are gone */
    bool blank;
    size_t before, before_n; /* the last line that is not blank */
};

/* Have a whole line at c->at. Return: 0 with *end behind it (c->at where nothing is left). */
static int whole_line(struct nd_stream *in, size_t max, struct cutting *c, const char **p,
                      size_t *end, bool *last, struct nd_error *err)
{
    size_t seen = c->at, n;
    *last = false;
    for (;;) {
        int rc = nd_stream_peek(in, seen + 1, p, &n, err);
        if (rc)
            return rc;
        *end = n;
        if (n <= seen) {
            *last = true;
            return 0;
        }
        const char *eol = memchr(*p + seen, '\n', n - seen);
        if (eol) {
            *end = (size_t)(eol - *p) + 1;
            return 0;
        }
        seen = n;
        if (seen > max && seen - c->at > LINE_HEAD)
            return 0; /* asked about as far as it is known */
    }
}

/* Look at the line that begins at `end`. Return: what confirms says, false at the end; a failure in *rc. */
static bool confirmed(struct nd_stream *in, size_t end, nd_cut_confirms *confirms, const char **p,
                      int *rc, struct nd_error *err)
{
    size_t n;
    *rc = nd_stream_peek(in, end + CONFIRM, p, &n, err);
    if (*rc || n <= end)
        return false;
    struct nd_str rest = {*p + end, n - end}, next;
    return nd_next_line(&rest, &next) && confirms(next);
}

int nd_cut(struct nd_stream *in, size_t max, nd_cut_begins *begins, nd_cut_confirms *confirms,
           struct nd_str *out, struct nd_error *err)
{
    struct cutting c = {.blank = true};
    uint64_t from = in->offset;
    const char *p;
    size_t end;
    bool last = false;
    while (!last) {
        int rc = whole_line(in, max, &c, &p, &end, &last, err); /* p moves when more is peeked */
        if (rc)
            return rc;
        struct nd_str line = {p + c.at, end - c.at};
        if (!line.n)
            break;
        bool whole = line.p[line.n - 1] == '\n';
        while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
            line.n--;
        struct nd_str before = {p + c.before, c.before_n};
        if (c.any && !c.mid && begins && begins(line, c.blank, before)) {
            bool yes = !confirms || confirmed(in, end, confirms, &p, &rc, err);
            if (rc)
                return rc;
            if (yes)
                break;
            line.p = p + c.at; /* the bytes have moved */
        }
        c.blank = !c.mid && blank_line(line.p, line.n);
        if (!c.blank) {
            c.before = c.at;
            c.before_n = line.n;
        }
        c.mid = !whole;
        c.any = true;
        c.at = end;
        if (c.at > max) {
            nd_stream_take(in, c.at);
            c.at = c.before = c.before_n = 0;
            c.dropped = true;
        }
    }
    if (!c.any)
        return ND_DONE;
    if (c.dropped) {
        nd_stream_take(in, c.at);
        return nd_fail(err, ND_LIMIT, "the record has %llu bytes, more than the %zu allowed",
                       (unsigned long long)(in->offset - from), max);
    }
    *out = (struct nd_str){p, c.at};
    nd_stream_take(in, c.at);
    return 0;
}

bool nd_next_line(struct nd_str *text, struct nd_str *line)
{
    if (!text->n)
        return false;
    const char *eol = memchr(text->p, '\n', text->n);
    size_t n = eol ? (size_t)(eol - text->p) : text->n, step = n + (eol != NULL);
    *line = (struct nd_str){text->p, n};
    while (line->n && line->p[line->n - 1] == '\r')
        line->n--;
    text->p += step;
    text->n -= step;
    return true;
}

struct textual {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_decode decode;
    struct nd_textual_format format;
};

void nd_textual_close(void *self)
{
    struct textual *r = self;
    if (!r)
        return;
    nd_decode_close(&r->decode);
    free(r);
}

int nd_textual_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                    const struct nd_textual_format *format, struct nd_error *err)
{
    struct textual *r = calloc(1, sizeof *r);
    *out = r;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read a file");
    r->in = in;
    r->how = *reading;
    r->format = *format;
    if (format->raw) {
        r->decode = (struct nd_decode){.in = in, .raw = in};
        return 0;
    }
    int rc = nd_decode_open(&r->decode, in, reading->repairs, err);
    if (rc) {
        nd_textual_close(r);
        *out = NULL;
    }
    return rc;
}

int nd_textual_next(void *self, struct nd_article *out, struct nd_arena *arena,
                    struct nd_error *err)
{
    struct textual *r = self;
    for (;;) {
        struct nd_str raw = {0}, text;
        uint64_t from = r->decode.in->offset;
        int rc = nd_cut(r->decode.in, r->how.record_max, r->format.begins, r->format.confirms, &raw,
                        err);
        out->origin.offset = nd_decode_place(&r->decode, from);
        out->origin.length = nd_decode_place(&r->decode, r->decode.in->offset) - out->origin.offset;
        if (rc == ND_DONE)
            return nd_stream_failed(r->decode.in, err) ? nd_stream_failed(r->decode.in, err)
                                                       : ND_DONE;
        if (rc)
            return rc;
        text = raw;
        if (!r->format.raw)
            rc = nd_decode_text(&r->decode, raw, &text, err);
        if (rc)
            return rc;
        bool damaged = !r->decode.in->n && r->decode.in->ended < 0;
        rc = r->format.fill(out, arena, &r->how, r->decode.in, text, err);
        out->partial |= damaged;
        if (rc == ND_NOMEM)
            return nd_fail(err, rc, "out of memory for a record");
        if (rc != ND_DONE)
            return rc;
        struct nd_origin origin = out->origin;
        *out = (struct nd_article){
            .published = {.utc = ND_UTC_NONE}, .updated = {.utc = ND_UTC_NONE}, .origin = origin};
        nd_fieldmap_begin(r->how.map);
    }
}
