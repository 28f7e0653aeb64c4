/* HTML pages: one article a file; also what a page becomes that came another way (warc.c). */
#include "formats/charset.h"
#include "formats/fill.h"
#include "formats/html.h"
#include "formats/reader.h"
#include "input/sniff.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct page_reader {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_buf text;
    bool done;
};

static int put(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
               const char *key, struct nd_str s)
{
    s = nd_trim(s);
    s = s.n ? nd_arena_str(arena, s.p, s.n) : s; /* the page goes */
    return s.n ? nd_fieldmap_put(map, a, arena, key, strlen(key), s) : 0;
}

static int copy_list(struct nd_strs *to, struct nd_arena *arena, const struct nd_strs *from)
{
    int rc = 0;
    for (size_t i = 0; i < from->n && !rc; i++)
        rc = nd_list_add(to, arena, nd_arena_str(arena, from->v[i].p, from->v[i].n));
    return rc;
}

static int fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                const struct nd_page_facts *f)
{
    int rc = put(a, arena, map, "title", f->title);
    if (!rc)
        rc = put(a, arena, map, "published", f->published);
    if (!rc && f->updated.n)
        rc = put(a, arena, map, "updated", f->updated);
    if (!rc && !a->url.n && nd_str_begins(f->url, "http"))
        rc = put(a, arena, map, "url", f->url);
    if (!rc)
        rc = put(a, arena, map, "section", f->section);
    if (!rc)
        rc = put(a, arena, map, "lang", f->lang);
    if (!rc)
        rc = put(a, arena, map, "source", f->site);
    if (!rc && !a->authors.n)
        rc = copy_list(&a->authors, arena, &f->authors);
    return rc ? rc : copy_list(&a->tags, arena, &f->tags);
}

int nd_html_article(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                    struct nd_str page, struct nd_error *err)
{
    struct nd_html h;
    struct nd_page_facts facts;
    struct nd_buf text;
    nd_buf_init(&text, page.n * 4 + 64);
    int rc = nd_html_parse(&h, page.p, page.n, err);
    if (rc)
        goto out;
    rc = nd_html_facts(&facts, &h, &h.arena);
    if (!rc)
        rc = nd_html_main(&text, h.out->root, facts.title, (struct nd_str){0}, &h.arena);
    /* a page that a script fills has its text there alone */
    struct nd_str body = {text.data, text.len};
    if (!rc && facts.body.n > 2 * text.len)
        body = nd_html_fragment(&h.arena, facts.body);
    if (!rc && !body.n && !facts.title.n) {
        rc = nd_fail(err, ND_INPUT, "the page has no text");
        goto out;
    }
    if (!rc)
        rc = fill(a, arena, map, &facts);
    if (!rc)
        rc = put(a, arena, map, "body", body);
    if (rc)
        nd_fail(err, rc, "the page needs too much memory");
out:
    nd_buf_free(&text);
    nd_html_free(&h);
    return rc;
}

static bool begins(const char *p, size_t n, const char *word)
{
    size_t k = strlen(word);
    return n >= k && !strncasecmp(p, word, k);
}

static int page_bid(const char *p, size_t n, const char *filename)
{
    bool named = nd_sniff_named(filename, " .html .htm .xhtml .shtml ");
    if (n > 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
        p += 3;
        n -= 3;
    }
    for (;;) { /* past comments, instructions and blanks */
        while (n && strchr(" \t\r\n", *p) && *p) {
            p++;
            n--;
        }
        const char *mark = begins(p, n, "<!--") ? "-->" : begins(p, n, "<?xml") ? "?>" : NULL;
        const char *end = mark ? memmem(p, n, mark, strlen(mark)) : NULL;
        if (!end)
            break;
        end += strlen(mark);
        n -= (size_t)(end - p);
        p = end;
    }
    if (begins(p, n, "<!doctype html") || begins(p, n, "<html"))
        return ND_BID_SURE;
    if (begins(p, n, "<head") || begins(p, n, "<body"))
        return ND_BID_LIKELY;
    return named ? ND_BID_LIKELY - 1 : ND_BID_NEVER;
}

static void page_close(void *self)
{
    struct page_reader *r = self;
    if (!r)
        return;
    nd_buf_free(&r->text);
    free(r);
}

static int page_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    struct page_reader *r = calloc(1, sizeof *r);
    *out = r;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read a page");
    r->in = in;
    r->how = *reading;
    nd_buf_init(&r->text, SIZE_MAX / 4);
    return 0;
}

static int page_next(void *self, struct nd_article *out, struct nd_arena *arena,
                     struct nd_error *err)
{
    struct page_reader *r = self;
    struct nd_charset set;
    const char *p;
    size_t n, max = r->how.record_max < ND_HTML_MAX ? r->how.record_max : ND_HTML_MAX;
    if (r->done)
        return nd_stream_failed(r->in, err) ? nd_stream_failed(r->in, err) : ND_DONE;
    r->done = true;
    int rc = nd_stream_peek(r->in, max + 1, &p, &n, err);
    if (rc)
        return rc;
    if (n > max) {
        do
            nd_stream_take(r->in, n);
        while (!(rc = nd_stream_peek(r->in, 1, &p, &n, err)) && n);
        out->origin.length = r->in->offset;
        return rc ? rc
                  : nd_fail(err, ND_LIMIT, "the page has %llu bytes, more than the %zu allowed",
                            (unsigned long long)r->in->offset, max);
    }
    out->origin.length = n;
    out->partial = r->in->ended < 0;
    nd_charset_guess(&set, p, n, true, (struct nd_str){0}, ND_CHARSET_HTML);
    rc = nd_charset_convert(&r->text, &set, p, n, r->how.repairs, err);
    nd_stream_take(r->in, n);
    return rc ? rc
              : nd_html_article(out, arena, r->how.map,
                                (struct nd_str){r->text.data ? r->text.data : "", r->text.len},
                                err);
}

const struct nd_reader nd_reader_html = {
    .name = "html",
    .summary = "an HTML page: its main text, facts from JSON-LD, OpenGraph and meta elements",
    .extensions = " .html .htm .xhtml .shtml ",
    .mapping = "title=JSON-LD|og:title|title|h1 body=main_text date=JSON-LD|article:published_time "
               "author=JSON-LD|meta section=articleSection source=og:site_name url=canonical",
    .bid = page_bid,
    .open = page_open,
    .next = page_next,
    .close = page_close,
};
