/* Feeds: RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, WordPress exports (WXR). Ill-formed ones too. */
#include "formats/feed.h"
#include "formats/fieldmap.h"
#include "formats/html.h"
#include "formats/reader.h"
#include "formats/xml.h"

#include <stdlib.h>
#include <string.h>

enum {
    WXR_AUTHORS = 2000,
    CHANNEL_BYTES = 4 << 20 /* of what is kept about a feed */
};

struct feed_reader {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_xml_in *xml;
    struct nd_arena kept; /* of the channel */
    struct nd_feed_channel channel;
};

/* The first element of the text that is no comment, instruction or document type. */
static struct nd_str root_of(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '<')
            continue;
        if (i + 1 < n && p[i + 1] != '!' && p[i + 1] != '?')
            return (struct nd_str){p + i + 1, n - i - 1};
        const char *mark = n - i > 4 && !memcmp(p + i, "<!--", 4) ? "-->"
                           : i + 1 < n && p[i + 1] == '?'         ? "?>"
                                                                  : ">";
        const char *subset = memchr(p + i, '[', n - i), *end = memchr(p + i, '>', n - i);
        if (*mark == '>' && subset && end && subset < end)
            mark = "]>";
        const char *at = memmem(p + i, n - i, mark, strlen(mark));
        if (!at)
            break;
        i = (size_t)(at - p) + strlen(mark) - 1;
    }
    return (struct nd_str){0};
}

struct nd_str nd_xml_root_name(const char *p, size_t n, char *room, size_t room_n)
{
    size_t k = 0, step = 1;
    if (n > 3 && (!p[0] || !p[1])) { /* a wide encoding: its ASCII alone */
        for (size_t i = 0; i < n && k < room_n; i += step)
            if (p[i] && (unsigned char)p[i] < 0x80)
                room[k++] = p[i];
        p = room;
        n = k;
    } else if (n > 3 &&
               ((p[0] == '\xff' && p[1] == '\xfe') || (p[0] == '\xfe' && p[1] == '\xff'))) {
        return nd_xml_root_name(p + 2, n - 2, room, room_n);
    }
    struct nd_str s = root_of(p, n);
    for (k = 0; k < s.n && !strchr(" \t\r\n/>", s.p[k]) && s.p[k];)
        k++;
    s.n = k;
    const char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
    if (colon) {
        s.n -= (size_t)(colon + 1 - s.p);
        s.p = colon + 1;
    }
    return s;
}

static int feed_bid(const char *p, size_t n, const char *filename)
{
    char room[4096];
    (void)filename;
    struct nd_str root = nd_xml_root_name(p, n, room, sizeof room);
    if (nd_str_is(root, "rss") || nd_str_is(root, "rdf"))
        return ND_BID_SURE;
    if (nd_str_is(root, "feed") || nd_str_is(root, "channel") || nd_str_is(root, "entry"))
        return ND_BID_LIKELY;
    return ND_BID_NEVER;
}

static enum nd_xml_want ask(void *ctx, const struct nd_xml *e, unsigned depth)
{
    struct feed_reader *r = ctx;
    struct nd_feed_channel *c = &r->channel;
    if (nd_str_is(e->name, "item") || nd_str_is(e->name, "entry"))
        return depth > 1 || nd_str_is(e->name, "entry") ? ND_XML_RECORD : ND_XML_PASS;
    if (depth == 1 || nd_str_is(e->name, "channel") || nd_str_is(e->name, "items")) {
        nd_feed_scope(c, &r->kept, e);
        return ND_XML_ENTER;
    }
    if (depth > 3 || nd_str_is(e->name, "image") || nd_str_is(e->name, "textinput"))
        return ND_XML_PASS;
    return ND_XML_TAKE;
}

static void feed_close(void *self)
{
    struct feed_reader *r = self;
    if (!r)
        return;
    nd_xml_close(r->xml);
    nd_arena_free(&r->kept);
    free(r);
}

static int feed_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    struct feed_reader *r = calloc(1, sizeof *r);
    *out = NULL;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read a feed");
    r->in = in;
    r->how = *reading;
    nd_arena_init(&r->kept, CHANNEL_BYTES);
    struct nd_xml_options options = {.ask = ask,
                                     .ctx = r,
                                     .recover = true,
                                     .record_max = reading->record_max,
                                     .repairs = reading->repairs};
    int rc = nd_xml_open(&r->xml, in, &options, err);
    if (rc) {
        feed_close(r);
        return rc;
    }
    *out = r;
    return 0;
}

static int feed_next(void *self, struct nd_article *out, struct nd_arena *arena,
                     struct nd_error *err)
{
    struct feed_reader *r = self;
    struct nd_xml *e;
    for (;;) {
        int rc = nd_xml_next(r->xml, &e, arena, &out->origin.offset, &out->origin.length, err);
        if (rc == ND_DONE)
            return nd_stream_failed(r->in, err) ? nd_stream_failed(r->in, err) : ND_DONE;
        if (rc)
            return rc;
        if (!nd_str_is(e->name, "item") && !nd_str_is(e->name, "entry")) {
            nd_feed_note(&r->channel, &r->kept, e, arena);
            continue;
        }
        rc = nd_feed_item(out, arena, r->how.map, &r->channel, e);
        if (rc == ND_DONE) /* an attachment, a draft */
            continue;
        return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
    }
}

const struct nd_reader nd_reader_feed = {
    .name = "feed",
    .summary = "RSS 0.9 to 2.0, RSS 1.0, Atom, WordPress exports",
    .extensions = " .rss .atom .xml .rdf ",
    .mapping = "id=guid|id|link title=title body=content:encoded|content|description "
               "lead=description|summary date=pubDate|published|dc:date updated=updated "
               "author=author|dc:creator source=channel/title tag=category url=link",
    .bid = feed_bid,
    .open = feed_open,
    .next = feed_next,
    .close = feed_close,
};
