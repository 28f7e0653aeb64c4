/* Reuters: the 21578 collection (SGML that is no XML) and RCV1 (an XML element a story). */
#include "formats/charset.h"
#include "formats/entity.h"
#include "formats/feed.h"
#include "formats/newsxml.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

struct sgml {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_buf text;
};

static int sgml_bid(const char *p, size_t n, const char *filename)
{
    char room[4096];
    (void)filename;
    struct nd_str s = {p, n > 4096 ? 4096 : n};
    struct nd_str root = nd_xml_root_name(s.p, s.n, room, sizeof room);
    return nd_str_eq(root, ND_STR("REUTERS")) ? ND_BID_SURE : ND_BID_NEVER;
}

static void sgml_close(void *self)
{
    struct sgml *r = self;
    if (!r)
        return;
    nd_buf_free(&r->text);
    free(r);
}

static int sgml_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    struct sgml *r = calloc(1, sizeof *r);
    *out = r;
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read a collection");
    r->in = in;
    r->how = *reading;
    nd_buf_init(&r->text, SIZE_MAX / 4);
    return 0;
}

/* Bytes to behind a mark. Return: 0 with *found; what comes before stays to be taken. */
static int look_for(struct sgml *r, const char *mark, size_t from, size_t max, const char **p,
                    size_t *end, bool *found, struct nd_error *err)
{
    size_t k = strlen(mark), seen = from, n;
    *found = false;
    for (;;) {
        int rc = nd_stream_peek(r->in, seen + 1, p, &n, err);
        if (rc)
            return rc;
        if (n <= seen || !n) {
            *end = n;
            return 0;
        }
        size_t begin = seen >= k ? seen - k + 1 : 0;
        begin = begin < from ? from : begin;
        const char *at = n > begin ? memmem(*p + begin, n - begin, mark, k) : NULL;
        if (at) {
            *end = (size_t)(at - *p) + k;
            *found = true;
            return 0;
        }
        seen = n;
        if (seen > max) {
            *end = seen;
            return 0;
        }
    }
}

/* What stands between <NAME ...> and </NAME>. */
static struct nd_str element(struct nd_str s, const char *name)
{
    char open[24], close[24];
    if (!s.n)
        return s;
    size_t k = (size_t)snprintf(open, sizeof open, "<%s", name);
    snprintf(close, sizeof close, "</%s>", name);
    for (const char *p = s.p, *end = s.p + s.n; p && (p = memmem(p, (size_t)(end - p), open, k));
         p += k) {
        if (p + k >= end || !strchr(" >\n", p[k]))
            continue;
        const char *gt = memchr(p, '>', (size_t)(end - p));
        const char *stop = gt ? memmem(gt, (size_t)(end - gt), close, strlen(close)) : NULL;
        if (!gt)
            break;
        stop = stop ? stop : end;
        return (struct nd_str){gt + 1, (size_t)(stop - gt) - 1};
    }
    return (struct nd_str){0};
}

static struct nd_str attribute(struct nd_str tag, const char *name)
{
    char mark[24];
    size_t k = (size_t)snprintf(mark, sizeof mark, " %s=\"", name);
    const char *p = memmem(tag.p, tag.n, mark, k);
    const char *end = p ? memchr(p + k, '"', tag.n - (size_t)(p + k - tag.p)) : NULL;
    return end ? (struct nd_str){p + k, (size_t)(end - p) - k} : (struct nd_str){0};
}

/* Text with its references decoded and tags left out, in the arena. */
static struct nd_str plain(struct nd_str s, struct nd_arena *arena)
{
    char *p = s.n ? nd_arena_alloc(arena, s.n + 1) : NULL;
    size_t n = 0;
    for (size_t i = 0; p && i < s.n;) {
        uint32_t cp;
        size_t k = s.p[i] == '&' ? nd_entity_at(s.p + i, s.n - i, &cp) : 0;
        if (k) {
            n += cp ? nd_utf8_encode(cp, p + n) : 0;
            i += k;
        } else {
            p[n++] = s.p[i++];
        }
    }
    return n ? nd_trim((struct nd_str){p, n}) : (struct nd_str){0};
}

/* Each <D>item</D> of a list. */
static int list(struct nd_article *a, struct nd_arena *arena, struct nd_str record,
                const char *name, int gold)
{
    struct nd_str s = element(record, name);
    int rc = 0;
    while (s.n && !rc) {
        struct nd_str d = element(s, "D");
        if (!d.p)
            break;
        struct nd_str item = plain(d, arena);
        rc = gold < 0 ? nd_list_add(&a->tags, arena, item)
                      : nd_gold_add(a, arena, (enum nd_entity_type)gold, item);
        s.n -= (size_t)(d.p + d.n - s.p);
        s.p = d.p + d.n;
    }
    return rc;
}

static int story(struct sgml *r, struct nd_article *a, struct nd_arena *arena, struct nd_str s)
{
    const char *gt = memchr(s.p, '>', s.n);
    struct nd_str tag = {s.p, gt ? (size_t)(gt - s.p) : s.n}, text = element(s, "TEXT"),
                  body = element(text, "BODY");
    struct nd_str title = element(text, "TITLE"), date = plain(element(s, "DATE"), arena);
    struct nd_fieldmap *map = r->how.map;
    if (!body.p) { /* TYPE="UNPROC": text without tags; BRIEF: a title alone */
        const char *open = memchr(text.p ? text.p : "", '<', text.n);
        body = open ? (struct nd_str){0} : text;
    }
    int rc = nd_put(a, arena, map, "id", attribute(tag, "NEWID"));
    if (!rc)
        rc = nd_put(a, arena, map, "title", plain(title, arena));
    if (!rc)
        rc = nd_put(a, arena, map, "body", plain(body, arena));
    if (!rc)
        rc = nd_put(a, arena, map, "published", date);
    if (!rc)
        rc = nd_authors_add(&a->authors, arena, plain(element(text, "AUTHOR"), arena));
    if (!rc)
        rc = nd_put(a, arena, map, "source", ND_STR("Reuters"));
    if (!rc)
        rc = list(a, arena, s, "TOPICS", -1);
    if (!rc)
        rc = list(a, arena, s, "EXCHANGES", ND_MISC);
    if (!rc)
        rc = list(a, arena, s, "PLACES", ND_PLACE);
    if (!rc)
        rc = list(a, arena, s, "PEOPLE", ND_PERSON);
    if (!rc)
        rc = list(a, arena, s, "ORGS", ND_ORG);
    return rc ? rc : list(a, arena, s, "COMPANIES", ND_ORG);
}

static int sgml_next(void *self, struct nd_article *out, struct nd_arena *arena,
                     struct nd_error *err)
{
    struct sgml *r = self;
    const char *p;
    size_t end;
    bool found;
    for (;;) { /* to the next record; what is between is left out in pieces */
        int rc = look_for(r, "<REUTERS", 0, 1 << 16, &p, &end, &found, err);
        if (rc)
            return rc;
        if (found) {
            nd_stream_take(r->in, end - strlen("<REUTERS"));
            break;
        }
        bool last = r->in->ended && end == r->in->n;
        nd_stream_take(r->in, last || end < 8 ? end : end - 8);
        if (last)
            return nd_stream_failed(r->in, err) ? nd_stream_failed(r->in, err) : ND_DONE;
    }
    out->origin.offset = r->in->offset;
    int rc = look_for(r, "</REUTERS>", 0, r->how.record_max, &p, &end, &found, err);
    if (rc)
        return rc;
    out->origin.length = end;
    if (!found || end > r->how.record_max) {
        bool failed = !found && r->in->ended < 0;
        nd_stream_take(r->in, end);
        if (failed)
            return nd_stream_failed(r->in, err);
        return found || end > r->how.record_max
                   ? nd_fail(err, ND_LIMIT, "a record has more than %zu bytes", r->how.record_max)
                   : nd_fail(err, ND_INPUT, "the file ends inside a record");
    }
    nd_buf_reset(&r->text);
    if (nd_utf8_valid(p, end) == end) {
        rc = nd_buf_add(&r->text, p, end);
    } else {
        struct nd_charset set = {.name = "WINDOWS-1252", .unit = 1};
        rc = nd_charset_convert(&r->text, &set, p, end, r->how.repairs, err);
    }
    nd_stream_take(r->in, end);
    if (!rc)
        rc = story(r, out, arena, (struct nd_str){r->text.data, r->text.len});
    return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
}

const struct nd_reader nd_reader_reuters = {
    .name = "reuters",
    .summary = "Reuters-21578, the SGML collection",
    .extensions = " .sgm .sgml ",
    .mapping = "id=NEWID title=TITLE body=BODY date=DATE author=AUTHOR tag=TOPICS place=PLACES "
               "person=PEOPLE org=ORGS|COMPANIES misc=EXCHANGES",
    .bid = sgml_bid,
    .open = sgml_open,
    .next = sgml_next,
    .close = sgml_close,
};

static int rcv1_bid(const char *p, size_t n, const char *filename)
{
    char room[4096];
    (void)filename;
    return nd_str_eq(nd_xml_root_name(p, n, room, sizeof room), ND_STR("newsitem")) ? ND_BID_SURE
                                                                                    : ND_BID_NEVER;
}

static enum nd_xml_want ask(void *ctx, const struct nd_xml *e, unsigned depth)
{
    (void)ctx, (void)depth;
    return nd_xml_is(e, "newsitem") ? ND_XML_RECORD : ND_XML_ENTER;
}

/* Codes by their class: topics and industries are tags, countries with a dateline's place are what they are. */
static int codes(struct nd_article *a, struct nd_arena *arena, const struct nd_xml *metadata)
{
    int rc = 0;
    for (const struct nd_xml *c = nd_xml_child(metadata, "codes"); c && !rc; c = nd_xml_again(c))
        for (const struct nd_xml *k = nd_xml_child(c, "code"); k && !rc; k = nd_xml_again(k))
            rc = nd_list_add(&a->tags, arena, nd_xml_get(k, "code"));
    return rc;
}

static struct nd_str dc(const struct nd_xml *metadata, const char *name)
{
    for (const struct nd_xml *d = nd_xml_child(metadata, "dc"); d; d = nd_xml_again(d))
        if (nd_str_is(nd_xml_get(d, "element"), name))
            return nd_xml_get(d, "value");
    return (struct nd_str){0};
}

static int rcv1_fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                     const struct nd_xml *e, struct nd_error *err)
{
    const struct nd_xml *metadata = nd_xml_child(e, "metadata"),
                        *headline = nd_xml_child(e, "headline");
    struct nd_str date = nd_xml_get(e, "date"), place = dc(metadata, "dc.creator.location");
    (void)err;
    date = date.n ? date : dc(metadata, "dc.date.published");
    int rc = nd_put(a, arena, map, "id", nd_xml_get(e, "itemid"));
    if (!rc)
        rc = nd_put(a, arena, map, "title",
                    nd_xml_line(headline ? headline : nd_xml_child(e, "title"), arena));
    if (!rc)
        rc = nd_put(a, arena, map, "body", nd_xml_paragraphs(nd_xml_child(e, "text"), NULL, arena));
    if (!rc)
        rc = nd_put(a, arena, map, "published", date);
    if (!rc)
        rc = nd_authors_add(&a->authors, arena, nd_xml_line(nd_xml_child(e, "byline"), arena));
    if (!rc)
        rc = nd_put(a, arena, map, "source", dc(metadata, "dc.publisher"));
    if (!rc && !a->source.n)
        rc = nd_put(a, arena, map, "source", dc(metadata, "dc.source"));
    if (!rc)
        rc = nd_put(a, arena, map, "lang", nd_xml_get(e, "xml:lang"));
    if (!rc)
        rc = nd_gold_add(a, arena, ND_PLACE, place);
    return rc ? rc : codes(a, arena, metadata);
}

static int rcv1_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    static const struct nd_newsxml format = {.ask = ask, .fill = rcv1_fill};
    return nd_newsxml_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_rcv1 = {
    .name = "rcv1",
    .summary = "Reuters Corpus Volume 1, an XML element a story",
    .extensions = " .xml ",
    .mapping = "id=itemid title=headline|title body=text date=date author=byline "
               "source=dc.publisher|dc.source tag=codes place=dc.creator.location",
    .bid = rcv1_bid,
    .open = rcv1_open,
    .next = nd_newsxml_next,
    .close = nd_newsxml_close,
};
