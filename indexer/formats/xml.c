#include "formats/xml.h"
#include "formats/xml_source.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    ATTRIBUTES = 64, /* of an element; more are left out */
    NAME_KEPT = 64
};

struct nd_xml_in {
    struct nd_xml_source source;
    struct nd_xml_options how;
    xmlSAXHandler sax;
    xmlParserCtxtPtr parser;
    struct nd_arena *arena; /* of the call */
    struct nd_xml *root;    /* of the tree that is made; NULL outside */
    struct nd_xml *at;
    struct nd_buf text;         /* run of text that is not in the tree yet */
    char record[NAME_KEPT];     /* name of the last record's element as written */
    unsigned depth, root_depth; /* open elements; of the root */
    unsigned passing;           /* depth of the element that is passed over, 0 none */
    bool is_record, done, lost; /* lost: passing over to the next document or record */
    int failed;                 /* of the tree at hand */
    uint64_t start, end;        /* of the tree in the stream */
    bool opened;                /* the document's root was seen */
    struct {
        const xmlChar *prefix, *local;
    } open[ND_XML_DEPTH]; /* open elements, the parser's strings; to mend what is not well-formed */
    struct nd_buf mended;
};

/* Namespaces that news comes in, by a part of their name. */
static const struct {
    const char *part, *prefix;
} spaces[] = {
    {"purl.org/dc/elements", "dc"},
    {"purl.org/dc/terms", "dcterms"},
    {"purl.org/rss/1.0/modules/content", "content"},
    {"purl.org/rss/1.0/modules/", "rssmodule"},
    {"w3.org/2005/atom", "atom"},
    {"purl.org/atom/ns", "atom"},
    {"example.com/newformat", "atom"},
    {"example.com/necho", "atom"},
    {"purl.org/echo", "atom"},
    {"uri/of/echo/namespace", "atom"},
    {"purl.org/pie", "atom"},
    {"purl.org/rss/1.0", "rss"},
    {"my.netscape.com/rdf/simple/0.9", "rss"},
    {"channel.netscape.com/rdf/simple/0.9", "rss"},
    {"my.netscape.com/publish/formats/rss-0.9", "rss"},
    {"backend.userland.com/rss", "rss"},
    {"blogs.law.harvard.edu/tech/rss", "rss"},
    {"wordpress.org/export/1.2/excerpt", "excerpt"},
    {"wordpress.org/export/1.1/excerpt", "excerpt"},
    {"wordpress.org/export/1.0/excerpt", "excerpt"},
    {"wordpress.org/export", "wp"},
    {"search.yahoo.com/mrss", "media"},
    {"itunes.com/dtds/podcast", "itunes"},
    {"w3.org/1999/xhtml", "xhtml"},
    {"22-rdf-syntax-ns", "rdf"},
    {"iptc.org/std/nitf", "nitf"},
    {"iptc.org/std/nar", "nar"},
    {"w3.org/xml/1998/namespace", "xml"},
    {"mediawiki.org/xml/export", "mw"},
};

static struct nd_str copy(struct nd_xml_in *x, const void *p, size_t n)
{
    struct nd_str s = {0};
    if (!x->failed) {
        s = nd_arena_str(x->arena, p, n);
        if (!s.p)
            x->failed = ND_LIMIT;
    }
    return s;
}

static struct nd_str prefix_of(struct nd_xml_in *x, const xmlChar *prefix, const xmlChar *uri)
{
    for (size_t i = 0; uri && i < sizeof spaces / sizeof *spaces; i++)
        if (strcasestr((const char *)uri, spaces[i].part))
            return nd_str_of(spaces[i].prefix);
    return prefix ? copy(x, prefix, strlen((const char *)prefix)) : (struct nd_str){0};
}

/* A name as written, "dc:title" where the prefix was never declared, in its two parts. */
static void set_name(struct nd_xml_in *x, const xmlChar *local, const xmlChar *prefix,
                     const xmlChar *uri, struct nd_str *out_prefix, struct nd_str *out_name)
{
    const char *colon = prefix || uri ? NULL : strchr((const char *)local, ':');
    if (colon && colon[1]) {
        *out_prefix = copy(x, local, (size_t)(colon - (const char *)local));
        *out_name = copy(x, colon + 1, strlen(colon + 1));
        return;
    }
    *out_prefix = prefix_of(x, prefix, uri);
    *out_name = copy(x, local, strlen((const char *)local));
}

static struct nd_xml *append(struct nd_xml_in *x)
{
    struct nd_xml *e = x->failed ? NULL : nd_arena_alloc(x->arena, sizeof *e);
    if (!e) {
        x->failed = x->failed ? x->failed : ND_LIMIT;
        return NULL;
    }
    e->parent = x->at;
    if (x->at) {
        *(x->at->last ? &x->at->last->next : &x->at->first) = e;
        x->at->last = e;
    }
    return e;
}

static void flush_text(struct nd_xml_in *x)
{
    if (!x->text.len || !x->at)
        return;
    if (nd_buf_code(&x->text))
        x->failed = ND_LIMIT;
    struct nd_xml *e = append(x);
    if (e)
        e->text = copy(x, x->text.data, x->text.len);
    nd_buf_reset(&x->text);
}

static void set_attributes(struct nd_xml_in *x, struct nd_xml *e, int n, const xmlChar **v)
{
    struct nd_xml_attr **end = &e->attr;
    for (int i = 0; i < n && i < ATTRIBUTES && !x->failed; i++, v += 5) {
        struct nd_xml_attr *a = nd_arena_alloc(x->arena, sizeof *a);
        if (!a) {
            x->failed = ND_LIMIT;
            return;
        }
        set_name(x, v[0], v[1], v[2], &a->prefix, &a->name);
        a->value = copy(x, v[3], (size_t)(v[4] - v[3]));
        *end = a;
        end = &a->next;
    }
}

static void begin_tree(struct nd_xml_in *x, struct nd_xml *e, enum nd_xml_want want,
                       const xmlChar *local, const xmlChar *prefix)
{
    x->root = x->at = e;
    x->root_depth = x->depth;
    x->start = x->source.tag_start;
    x->is_record = want == ND_XML_RECORD;
    nd_buf_reset(&x->text);
    if (x->is_record)
        snprintf(x->record, sizeof x->record, "%s%s%s", prefix ? (const char *)prefix : "",
                 prefix ? ":" : "", (const char *)local);
}

static void on_start(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int spaces_n, const xmlChar **spaces_v, int n, int defaulted,
                     const xmlChar **v)
{
    struct nd_xml_in *x = ctx;
    (void)spaces_n, (void)spaces_v, (void)defaulted;
    if (x->depth < ND_XML_DEPTH) {
        x->open[x->depth].prefix = prefix;
        x->open[x->depth].local = local;
    }
    x->depth++;
    x->opened = true;
    if (x->passing || x->lost || x->done)
        return;
    if (x->root && x->depth > ND_XML_DEPTH)
        x->failed = x->failed ? x->failed : ND_LIMIT;
    if (x->root) {
        flush_text(x);
        struct nd_xml *e = append(x);
        if (!e)
            return;
        set_name(x, local, prefix, uri, &e->prefix, &e->name);
        set_attributes(x, e, n, v);
        x->at = e;
        return;
    }
    x->failed = 0;
    x->at = NULL;
    struct nd_xml *e = append(x);
    if (e) {
        set_name(x, local, prefix, uri, &e->prefix, &e->name);
        set_attributes(x, e, n, v);
    }
    enum nd_xml_want want = e && !x->failed ? x->how.ask(x->how.ctx, e, x->depth) : ND_XML_PASS;
    if (want == ND_XML_PASS || x->depth > ND_XML_DEPTH)
        x->passing = x->depth;
    else if (want != ND_XML_ENTER)
        begin_tree(x, e, want, local, prefix);
}

static void on_end(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    struct nd_xml_in *x = ctx;
    (void)local, (void)prefix, (void)uri;
    if (x->done) {
        ; /* the tree is complete: what ends now is around it */
    } else if (x->root && x->depth == x->root_depth) {
        flush_text(x);
        x->done = true;
        x->end = x->source.piece_end;
    } else if (x->root) {
        flush_text(x);
        if (!x->failed)
            x->at = x->at->parent;
    }
    if (x->passing == x->depth)
        x->passing = 0;
    if (x->depth)
        x->depth--;
}

static void on_text(void *ctx, const xmlChar *p, int n)
{
    struct nd_xml_in *x = ctx;
    if (x->root && !x->done && !x->failed && n > 0)
        nd_buf_add(&x->text, p, (size_t)n);
}

static void on_error(void *ctx, xmlErrorPtr e)
{
    (void)ctx, (void)e; /* asked of the parser after each token */
}

/* A fresh parser: for a new document, or after an error. */
static int restart(struct nd_xml_in *x, struct nd_error *err)
{
    if (x->parser)
        xmlFreeParserCtxt(x->parser);
    x->depth = x->passing = 0;
    x->root = x->at = NULL;
    x->opened = false;
    x->failed = 0;
    x->parser = xmlCreatePushParserCtxt(&x->sax, x, NULL, 0, NULL);
    if (!x->parser)
        return nd_fail(err, ND_NOMEM, "out of memory to read XML");
    xmlCtxtUseOptions(x->parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                     XML_PARSE_NOCDATA | (x->how.recover ? XML_PARSE_RECOVER : 0));
    return 0;
}

int nd_xml_open(struct nd_xml_in **out, struct nd_stream *in, const struct nd_xml_options *options,
                struct nd_error *err)
{
    struct nd_xml_in *x = calloc(1, sizeof *x);
    *out = NULL;
    if (!x)
        return nd_fail(err, ND_NOMEM, "out of memory to read XML");
    x->how = *options;
    nd_buf_init(&x->text, options->record_max);
    nd_buf_init(&x->mended, SIZE_MAX / 4);
    x->sax.initialized = XML_SAX2_MAGIC;
    x->sax.startElementNs = on_start;
    x->sax.endElementNs = on_end;
    x->sax.characters = on_text;
    x->sax.ignorableWhitespace = on_text;
    x->sax.cdataBlock = on_text;
    x->sax.serror = on_error;
    int rc = nd_xml_source_init(&x->source, in, options->charset, options->repairs, err);
    if (!rc)
        rc = restart(x, err);
    if (rc) {
        nd_xml_close(x);
        return rc;
    }
    *out = x;
    return 0;
}

void nd_xml_close(struct nd_xml_in *x)
{
    if (!x)
        return;
    if (x->parser)
        xmlFreeParserCtxt(x->parser);
    nd_xml_source_free(&x->source);
    nd_buf_free(&x->text);
    nd_buf_free(&x->mended);
    free(x);
}

/* Does the token end in the start tag of a record? Then reading goes on with it. */
static bool begins_record(const struct nd_xml_in *x)
{
    const struct nd_buf *t = &x->source.out;
    const char *at = t->len ? memrchr(t->data, '<', t->len) : NULL;
    size_t k = strlen(x->record);
    return at && k && (size_t)(t->data + t->len - at) > k + 1 && !memcmp(at + 1, x->record, k) &&
           strchr(" \t\r\n/>", at[1 + k]);
}

/* The last start tag of the token alone. */
static void to_tag(const struct nd_buf *t, const char **p, size_t *n)
{
    const char *at = memrchr(t->data, '<', t->len);
    *n = (size_t)(t->data + t->len - at);
    *p = at;
}

/* Is the i-th open element of that name? */
static bool is_open(const struct nd_xml_in *x, unsigned i, const char *name, size_t n)
{
    const char *prefix = (const char *)x->open[i].prefix, *local = (const char *)x->open[i].local;
    size_t k = prefix ? strlen(prefix) : 0;
    if (k && (n < k + 1 || memcmp(name, prefix, k) || name[k] != ':'))
        return false;
    k += k > 0;
    return n - k == strlen(local) && !memcmp(name + k, local, n - k);
}

/* An end tag that closes another element than the last one: the ones between are closed before it; one that
 * closes nothing is left out. Only where errors are to be mended. */
static void mend_end(struct nd_xml_in *x, const char **p, size_t *n)
{
    const char *at = *n ? memrchr(*p, '<', *n) : NULL;
    size_t k = 0, left = at ? (size_t)(*p + *n - at) : 0;
    unsigned depth = x->depth < ND_XML_DEPTH ? x->depth : ND_XML_DEPTH, i = depth;
    if (!x->how.recover || left < 3 || at[1] != '/' || x->depth > ND_XML_DEPTH)
        return;
    while (k + 2 < left && !strchr(" \t\r\n>", at[2 + k]))
        k++;
    while (i && !is_open(x, i - 1, at + 2, k))
        i--;
    if (i == depth && depth)
        return;
    nd_buf_reset(&x->mended);
    nd_buf_add(&x->mended, *p, *n - left);
    for (unsigned d = depth; i && d > i; d--) {
        nd_buf_str(&x->mended, "</");
        if (x->open[d - 1].prefix)
            nd_buf_printf(&x->mended, "%s:", (const char *)x->open[d - 1].prefix);
        nd_buf_printf(&x->mended, "%s>", (const char *)x->open[d - 1].local);
    }
    if (i)
        nd_buf_add(&x->mended, at, left);
    if (nd_buf_code(&x->mended))
        return;
    *p = x->mended.data ? x->mended.data : "";
    *n = x->mended.len;
}

/* Give a token to the parser. Return: 0, ND_INPUT not well-formed. */
static int feed(struct nd_xml_in *x, const char *p, size_t n, bool last, struct nd_error *err)
{
    while (n || last) {
        int k = n > (1 << 20) ? 1 << 20 : (int)n;
        xmlParseChunk(x->parser, p, k, last && (size_t)k == n);
        if (!x->parser->wellFormed && !x->how.recover) {
            const xmlError *e = xmlCtxtGetLastError(x->parser);
            size_t m = e && e->message ? strcspn(e->message, "\n") : 0;
            return nd_fail(err, ND_INPUT, "not well-formed XML: %.*s", (int)(m > 200 ? 200 : m),
                           m ? e->message : "");
        }
        n -= (size_t)k;
        if (!n)
            break;
        p += k;
    }
    return 0;
}

/* A tree is complete. */
static int deliver(struct nd_xml_in *x, struct nd_xml **out, uint64_t *offset, uint64_t *length,
                   struct nd_error *err)
{
    struct nd_xml *root = x->root;
    int failed = x->failed ? x->failed : nd_buf_code(&x->text);
    uint64_t n = x->end - x->start;
    *offset = x->start;
    *length = n;
    x->root = x->at = NULL;
    x->done = false;
    x->failed = 0;
    nd_buf_reset(&x->text);
    if (failed || n > x->how.record_max)
        return nd_fail(err, ND_LIMIT, "an element of %llu bytes is larger or deeper than allowed",
                       (unsigned long long)n);
    *out = root;
    return 0;
}

static int lose(struct nd_xml_in *x, struct nd_error *err, uint64_t *offset, uint64_t *length)
{
    struct nd_error none;
    *offset = x->root ? x->start : x->source.piece_start;
    *length = x->source.piece_end - *offset;
    x->lost = true;
    return restart(x, &none) ? nd_fail(err, ND_NOMEM, "out of memory to read XML") : ND_INPUT;
}

int nd_xml_next(struct nd_xml_in *x, struct nd_xml **out, struct nd_arena *arena, uint64_t *offset,
                uint64_t *length, struct nd_error *err)
{
    enum nd_xml_token_kind kind;
    *out = NULL;
    x->arena = arena;
    *offset = x->source.piece_end;
    *length = 0;
    for (;;) {
        int rc = nd_xml_source_next(&x->source, &kind, err);
        if (rc == ND_DONE)
            break;
        if (rc)
            return rc == ND_LIMIT ? lose(x, err, offset, length) == ND_NOMEM ? ND_NOMEM : ND_LIMIT
                                  : rc;
        const char *p = x->source.out.data;
        size_t n = x->source.out.len;
        bool cut = false;
        if (kind == ND_XML_DOCUMENT) {
            cut = x->opened && x->depth && !x->lost && !x->how.recover;
            if (!cut && x->opened && x->how.recover && x->depth)
                continue; /* a stray declaration */
            if (cut) {
                nd_fail(err, ND_INPUT, "not well-formed XML: a document begins inside another");
                rc = lose(x, err, offset, length);
            } else if (x->opened || x->lost) {
                rc = restart(x, err);
            }
            x->lost = false;
            if (rc)
                return rc;
            continue;
        }
        if (x->lost) {
            if (!begins_record(x))
                continue;
            x->lost = false;
            to_tag(&x->source.out, &p, &n);
        } else if (x->opened && !x->depth) { /* behind the root */
            size_t k = 0;
            while (k < n && strchr(" \t\r\n", p[k]) && p[k])
                k++;
            if (k == n)
                continue;
            p += k;
            n -= k;
            if (kind == ND_XML_TAG && n > 1 && p[1] == '/')
                continue;
            rc = restart(x, err);
            if (rc)
                return rc;
        }
        if (kind == ND_XML_TAG)
            mend_end(x, &p, &n);
        if (!n)
            continue;
        rc = feed(x, p, n, false, err);
        if (rc) {
            int why = lose(x, err, offset, length);
            return why == ND_NOMEM ? why : rc;
        }
        if (x->done)
            return deliver(x, out, offset, length, err);
        if (x->root && x->source.piece_end - x->start > x->how.record_max && !x->failed)
            x->failed = ND_LIMIT; /* no more of it is kept; it is told when it ends */
    }
    if (x->lost || !x->parser)
        return ND_DONE;
    bool torn = x->depth > 0;
    bool open = x->root != NULL;
    int rc = 0;
    if (x->how.recover && open) { /* what there is of the last one */
        x->done = true;
        x->end = x->source.piece_end;
        flush_text(x);
        x->lost = true;
        return deliver(x, out, offset, length, err);
    }
    if (!torn)
        rc = feed(x, NULL, 0, true, err);
    x->lost = true;
    if (torn && !x->how.recover && x->source.in->ended == ND_DONE)
        return nd_fail(err, ND_INPUT, "not well-formed XML: the file ends inside an element");
    return rc && !x->how.recover && x->source.any ? rc : ND_DONE;
}
