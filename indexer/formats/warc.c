/* Web archives, WARC and ARC: the pages among their responses. */
#include "formats/charset.h"
#include "formats/fill.h"
#include "formats/html.h"
#include "formats/http.h"
#include "formats/reader.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER_MAX = 256 * 1024, /* bytes of a record's header */
    LINE_BYTES = 64 * 1024,
    UNPACKED_MAX = 64 << 20 /* bytes of a page */
};

struct warc_reader {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_buf header, chunks, body, text;
    bool lost; /* after a bad header: to the next that begins well */
    bool cut;  /* the last record was: to be told */
};

/* A record's header. Texts are in r->header. */
struct record {
    bool arc;
    struct nd_str type, url, date, content_type;
    uint64_t length;
    bool truncated, cut;
    uint64_t start;
};

static bool begins_warc(const char *p, size_t n)
{
    return n >= 7 && !memcmp(p, "WARC/", 5) && (p[5] == '0' || p[5] == '1') && p[6] == '.';
}

/* Digits alone. Return: false where it is no number. */
static bool number(struct nd_str s, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || *out > UINT64_MAX / 20)
            return false;
        *out = *out * 10 + (uint64_t)(s.p[i] - '0');
    }
    return s.n > 0;
}

/* The last word of a line, cut off it. */
static struct nd_str last_word(struct nd_str *s)
{
    size_t k = s->n;
    while (k && s->p[k - 1] != ' ')
        k--;
    struct nd_str w = {s->p + k, s->n - k};
    s->n = k ? k - 1 : 0;
    return w;
}

/* "URL IP-address Archive-date Content-type Archive-length", version 2 with more in between; the URL may have blanks. */
static bool arc_line(struct nd_str l, struct record *out)
{
    struct nd_str words[8], rest = l;
    size_t n = 0;
    if (!memchr(l.p, ':', l.n) || l.n > 8192)
        return false;
    out->arc = true;
    if (!number(last_word(&rest), &out->length))
        return false;
    for (; n < 8 && rest.n; n++)
        words[n] = last_word(&rest);
    for (size_t i = 0; i + 1 < n && i < 7; i++) {
        uint64_t when;
        if (words[i].n != 14 || !number(words[i], &when))
            continue;
        out->date = words[i];
        out->content_type = i ? words[i - 1] : (struct nd_str){0};
        const char *ip = words[i + 1].p;
        out->url = nd_trim((struct nd_str){l.p, (size_t)(ip - l.p)});
        return out->url.n > 0;
    }
    return false;
}

static bool is_arc(const char *p, size_t n)
{
    struct record r;
    const char *eol = memchr(p, '\n', n > 4096 ? 4096 : n);
    return eol && n > 11 && !memcmp(p, "filedesc://", 11) &&
           (arc_line((struct nd_str){p, (size_t)(eol - p)}, &r) ||
            memmem(p, n > 4096 ? 4096 : n, "Archive-length", 14));
}

static int warc_bid(const char *p, size_t n, const char *filename)
{
    (void)filename;
    while (n && (*p == '\r' || *p == '\n')) {
        p++;
        n--;
    }
    return begins_warc(p, n) || is_arc(p, n) ? ND_BID_SURE : ND_BID_NEVER;
}

static void warc_close(void *self)
{
    struct warc_reader *r = self;
    if (!r)
        return;
    nd_buf_free(&r->header);
    nd_buf_free(&r->chunks);
    nd_buf_free(&r->body);
    nd_buf_free(&r->text);
    free(r);
}

static int warc_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    struct warc_reader *r = calloc(1, sizeof *r);
    *out = r;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read a web archive");
    r->in = in;
    r->how = *reading;
    nd_buf_init(&r->header, HEADER_MAX);
    nd_buf_init(&r->chunks, UNPACKED_MAX);
    nd_buf_init(&r->body, UNPACKED_MAX);
    nd_buf_init(&r->text, UNPACKED_MAX);
    return 0;
}

/* A line that could begin a record, after blank ones. */
static int first_line(struct warc_reader *r, struct nd_str *l, uint64_t *start,
                      struct nd_error *err)
{
    for (;;) {
        int rc = nd_stream_line(r->in, LINE_BYTES, l, start, err);
        if (rc == ND_LIMIT && r->lost)
            continue;
        if (rc)
            return rc;
        if (l->n && l->p[l->n - 1] == '\r')
            l->n--;
        struct record none;
        if (nd_trim(*l).n && (!r->lost || begins_warc(l->p, l->n) || arc_line(*l, &none)))
            return 0;
    }
}

static struct nd_str angle(struct nd_str s)
{
    return s.n > 1 && *s.p == '<' && s.p[s.n - 1] == '>'
               ? nd_trim((struct nd_str){s.p + 1, s.n - 2})
               : s;
}

/* The next header. Return: 0; ND_DONE; ND_INPUT it is none. */
static int read_header(struct warc_reader *r, struct record *rec, struct nd_error *err)
{
    struct nd_str l;
    uint64_t at;
    *rec = (struct record){.start = r->in->offset};
    nd_buf_reset(&r->header);
    int rc = first_line(r, &l, &rec->start, err);
    if (rc)
        return rc;
    r->lost = false;
    if (!begins_warc(l.p, l.n)) {
        nd_buf_add(&r->header, l.p, l.n);
        if (!nd_buf_code(&r->header) &&
            arc_line((struct nd_str){r->header.data, r->header.len}, rec))
            return 0;
        r->lost = true;
        return nd_fail(err, ND_INPUT, "no record of a web archive begins here");
    }
    for (;;) {
        rc = nd_stream_line(r->in, LINE_BYTES, &l, &at, err);
        if (rc == ND_DONE || rc == ND_LIMIT)
            break;
        if (rc)
            return rc;
        if (!nd_trim(l).n)
            break;
        nd_buf_add(&r->header, l.p, l.n);
        nd_buf_byte(&r->header, '\n');
    }
    struct nd_str h = {r->header.data ? r->header.data : "", r->header.len},
                  length = nd_http_header(h, "content-length");
    if (rc == ND_DONE && r->in->ended < 0)
        return ND_DONE;
    if (rc || nd_buf_code(&r->header) || !number(length, &rec->length)) {
        r->lost = true;
        return nd_fail(err, ND_INPUT,
                       rc == ND_DONE ? "the file ends inside the header of a record"
                                     : "the header of a record has no length");
    }
    rec->type = nd_http_header(h, "warc-type");
    rec->url = angle(nd_http_header(h, "warc-target-uri"));
    rec->date = nd_http_header(h, "warc-date");
    rec->content_type = nd_http_header(h, "content-type");
    rec->truncated = nd_http_header(h, "warc-truncated").n > 0;
    return 0;
}

/* Pass over so many bytes. Return: 0; ND_DONE where there are fewer. */
static int pass(struct nd_stream *in, uint64_t n, struct nd_error *err)
{
    while (n) {
        const char *p;
        size_t got;
        int rc = nd_stream_peek(in, 1, &p, &got, err);
        if (rc)
            return rc;
        if (!got)
            return ND_DONE;
        got = got < n ? got : (size_t)n;
        nd_stream_take(in, got);
        n -= got;
    }
    return 0;
}

static bool is_wanted(const struct record *rec)
{
    if (rec->arc)
        return nd_str_begins(rec->url, "http");
    return nd_str_is(rec->type, "response") &&
           (!rec->content_type.n || nd_str_begins(rec->content_type, "application/http"));
}

static bool is_html(const struct nd_http *h, struct nd_str body)
{
    if (h->type.n)
        return nd_str_is(h->type, "text/html") || nd_str_is(h->type, "application/xhtml+xml");
    body = nd_trim(body);
    return nd_str_begins(body, "<!doctype html") || nd_str_begins(body, "<html");
}

/* Name of the site: the host without www. */
static struct nd_str host_of(struct nd_str url)
{
    const char *at = url.n ? memmem(url.p, url.n, "://", 3) : NULL;
    if (!at)
        return (struct nd_str){0};
    struct nd_str s = {at + 3, url.n - (size_t)(at + 3 - url.p)};
    size_t k = 0;
    while (k < s.n && !strchr("/:?#", s.p[k]))
        k++;
    s.n = k;
    return nd_str_begins(s, "www.") ? (struct nd_str){s.p + 4, s.n - 4} : s;
}

static int put(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
               const char *key, struct nd_str s)
{
    s = s.n ? nd_arena_str(arena, s.p, s.n) : s;
    return s.n ? nd_fieldmap_put(map, a, arena, key, strlen(key), s) : 0;
}

/* The date of the crawl as digits: a later one is a higher version of the page. */
static struct nd_str version_of(struct nd_str date, struct nd_arena *arena)
{
    char *p = date.n ? nd_arena_alloc(arena, date.n) : NULL;
    size_t n = 0;
    for (size_t i = 0; p && i < date.n && n < 14; i++)
        if (date.p[i] >= '0' && date.p[i] <= '9')
            p[n++] = date.p[i];
    return n ? (struct nd_str){p, n} : (struct nd_str){0};
}

/* Return: 0; ND_DONE it is no page; a failure. */
static int page(struct warc_reader *r, struct record *rec, const char *p, size_t n,
                struct nd_article *a, struct nd_arena *arena, struct nd_error *err)
{
    struct nd_http h;
    struct nd_str body;
    struct nd_charset set;
    nd_http_parse(&h, p, n);
    if (rec->cut && h.length &&
        h.body.n >= h.length) /* the page is whole, the record's length is wrong */
        rec->cut = false;
    if (h.status < 200 || h.status > 299 || (h.type.n && !is_html(&h, h.body)))
        return ND_DONE;
    int rc = nd_http_body(&h, &r->chunks, &r->body, ND_HTML_MAX, &body, err);
    if (rc)
        return rc;
    if (!is_html(&h, body) || !nd_trim(body).n)
        return ND_DONE;
    nd_charset_guess(&set, body.p, body.n, true, h.charset, ND_CHARSET_HTML);
    nd_buf_reset(&r->text);
    rc = nd_charset_convert(&r->text, &set, body.p, body.n, r->how.repairs, err);
    if (rc)
        return rc;
    rc = put(a, arena, r->how.map, "id", rec->url);
    if (!rc)
        rc = put(a, arena, r->how.map, "url", rec->url);
    if (!rc)
        rc = put(a, arena, r->how.map, "version", version_of(rec->date, arena));
    if (rc)
        return nd_fail(err, rc, "out of memory for a record");
    rc = nd_html_article(a, arena, r->how.map, (struct nd_str){r->text.data, r->text.len}, err);
    if (rc)
        return rc;
    a->partial |= rec->truncated || rec->cut;
    if (!a->published.day) /* when it was fetched, where the page does not say */
        rc = put(a, arena, r->how.map, "published", rec->date);
    if (!rc && !a->source.n)
        rc = put(a, arena, r->how.map, "source", host_of(rec->url));
    return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
}

static int warc_next(void *self, struct nd_article *out, struct nd_arena *arena,
                     struct nd_error *err)
{
    struct warc_reader *r = self;
    struct record rec;
    size_t max = r->how.record_max;
    for (;;) {
        const char *p;
        size_t got;
        if (r->cut) {
            r->cut = false;
            out->origin.offset = r->in->offset;
            out->origin.length = 0;
            return nd_fail(err, ND_INPUT, "the file ends inside a record");
        }
        int rc = read_header(r, &rec, err);
        out->origin.offset = rec.start;
        out->origin.length = r->in->offset - rec.start;
        if (rc == ND_DONE)
            return nd_stream_failed(r->in, err) ? nd_stream_failed(r->in, err) : ND_DONE;
        if (rc)
            return rc;
        if (!is_wanted(&rec) || rec.length > max) {
            bool large = is_wanted(&rec);
            rc = pass(r->in, rec.length, err);
            out->origin.length = r->in->offset - rec.start;
            if (rc == ND_DONE && r->in->ended < 0)
                continue;
            if (rc == ND_DONE)
                return nd_fail(err, ND_INPUT, "the file ends inside a record");
            if (rc)
                return rc;
            if (large)
                return nd_fail(err, ND_LIMIT,
                               "a response has %llu bytes, more than the %zu allowed",
                               (unsigned long long)rec.length, max);
            continue;
        }
        rc = nd_stream_peek(r->in, (size_t)rec.length, &p, &got, err);
        if (rc)
            return rc;
        bool cut = got < rec.length;
        got = cut ? got : (size_t)rec.length;
        if (cut && r->in->ended < 0) {
            nd_stream_take(r->in, got);
            continue;
        }
        rec.cut = cut;
        rc = page(r, &rec, p, got, out, arena, err);
        r->cut = rec.cut;
        nd_stream_take(r->in, got);
        out->origin.length = r->in->offset - rec.start;
        if (rc != ND_DONE)
            return rc;
    }
}

const struct nd_reader nd_reader_warc = {
    .name = "warc",
    .summary = "web archives, WARC and ARC: the HTML pages in them",
    .extensions = " .warc .arc ",
    .mapping = "id=WARC-Target-URI version=WARC-Date title=JSON-LD|og:title|h1 body=main_text "
               "date=JSON-LD|article:published_time|WARC-Date author=JSON-LD|meta",
    .bid = warc_bid,
    .open = warc_open,
    .next = warc_next,
    .close = warc_close,
};
