/* Plain text: one article a file. The first line is the title where a blank line follows it, or where it is short and
 * has no end punctuation. */
#include "formats/paragraph.h"
#include "formats/reader.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    TITLE_MAX = 250,  /* bytes of a first line that a blank line sets apart */
    TITLE_SHORT = 120 /* of one that nothing sets apart */
};

struct text_reader {
    struct nd_stream *in;
    size_t max;
    struct nd_buf text;
    bool done;
};

static bool begins(const char *p, size_t n, const char *word)
{
    size_t k = strlen(word);
    return n >= k && !strncasecmp(p, word, k);
}

static int text_bid(const char *p, size_t n, const char *filename)
{
    static const char *const markup[] = {"<?xml",      "<!doctype", "<html", "<rss", "<feed",
                                         "<mediawiki", "<news",     "warc/", "%pdf"};
    size_t bad = 0, i = 0;
    (void)filename;
    if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
        i = 3;
    while (i < n && (p[i] == ' ' || p[i] == '\n' || p[i] == '\r' || p[i] == '\t'))
        i++;
    for (size_t k = 0; k < sizeof markup / sizeof *markup; k++)
        if (begins(p + i, n - i, markup[k]))
            return ND_BID_NEVER;
    for (i = 0; i < n;) {
        unsigned char c = (unsigned char)p[i];
        size_t len = 1;
        uint32_t cp;
        if (c < 0x80) {
            bad += (c < 0x20 && !strchr("\t\n\r\f\v\x1a\x1b", c)) || !c || c == 0x7f;
        } else {
            len = nd_utf8_decode(p + i, n - i, &cp);
            bad += !len && n - i >= 4; /* one that the end cuts is none */
            len = len ? len : 1;
        }
        i += len;
    }
    return bad * 10 > n ? ND_BID_NEVER : ND_BID_FALLBACK;
}

static void text_close(void *self)
{
    struct text_reader *r = self;
    if (!r)
        return;
    nd_buf_free(&r->text);
    free(r);
}

static int text_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    struct text_reader *r = calloc(1, sizeof *r);
    *out = r;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read a text");
    r->in = in;
    r->max = reading->record_max;
    nd_buf_init(&r->text, SIZE_MAX / 4);
    return 0;
}

static int drop_rest(struct nd_stream *in, struct nd_error *err)
{
    const char *p;
    size_t n;
    int rc;
    while (!(rc = nd_stream_peek(in, 1, &p, &n, err)) && n)
        nd_stream_take(in, n);
    return rc;
}

static bool ends_sentence(struct nd_str s)
{
    static const char *const closers[] = {"\"",           "'",       ")", "\xe2\x80\x9d",
                                          "\xe2\x80\x99", "\xc2\xbb"};
    for (bool more = true; more && s.n;) {
        more = false;
        for (size_t i = 0; i < sizeof closers / sizeof *closers; i++) {
            size_t k = strlen(closers[i]);
            if (s.n > k && !memcmp(s.p + s.n - k, closers[i], k)) {
                s.n -= k;
                more = true;
            }
        }
    }
    return s.n && strchr(".!?;:,", s.p[s.n - 1]);
}

/* Part a title from scrubbed text, where it has one. */
static void part_title(struct nd_article *a, struct nd_str text)
{
    const char *p = text.p, *end = text.p + text.n;
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\t'))
        p++;
    const char *eol = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
    a->body = (struct nd_str){p, (size_t)(end - p)};
    if (!eol)
        return;
    struct nd_str first = {p, (size_t)(eol - p)};
    while (first.n && (first.p[first.n - 1] == ' ' || first.p[first.n - 1] == '\t'))
        first.n--;
    const char *next = eol + 1;
    while (next < end && (*next == ' ' || *next == '\t'))
        next++;
    bool apart = next < end && *next == '\n';
    bool title =
        apart ? first.n <= TITLE_MAX
              : first.n <= TITLE_SHORT && !ends_sentence(first) && !nd_wrapped(text.p, text.n);
    if (!title)
        return;
    a->title = first;
    a->body = (struct nd_str){eol + 1, (size_t)(end - eol - 1)};
}

static int text_next(void *self, struct nd_article *out, struct nd_arena *arena,
                     struct nd_error *err)
{
    struct text_reader *r = self;
    const char *p;
    size_t n;
    if (r->done)
        return nd_stream_failed(r->in, err) ? nd_stream_failed(r->in, err) : ND_DONE;
    r->done = true;
    int rc = nd_stream_peek(r->in, r->max + 1, &p, &n, err);
    if (rc)
        return rc;
    out->origin.length = n;
    out->partial = r->in->ended < 0; /* the file is damaged */
    if (n > r->max) {
        rc = drop_rest(r->in, err);
        out->origin.length = r->in->offset;
        return rc ? rc
                  : nd_fail(err, ND_LIMIT, "the text has %llu bytes, more than the %zu allowed",
                            (unsigned long long)r->in->offset, r->max);
    }
    (void)arena;
    nd_buf_reset(&r->text);
    rc = n ? nd_scrub(&r->text, p, n) : 0;
    nd_stream_take(r->in, n);
    if (rc)
        return nd_fail(err, rc, "out of memory to read a text");
    if (r->text.len)
        part_title(out, (struct nd_str){r->text.data, r->text.len});
    return 0;
}

const struct nd_reader nd_reader_text = {
    .name = "text",
    .summary = "plain text, one article a file",
    .extensions = " .txt .text ",
    .mapping = "title=first_line body=text",
    .bid = text_bid,
    .open = text_open,
    .next = text_next,
    .close = text_close,
};
