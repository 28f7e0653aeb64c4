/* JSON: an object a line (JSONL, NDJSON), an array of objects however large, also inside an object, or single
 * objects. Lines go on after a bad one; elements and objects are cut out by a scanner that counts brackets. */
#include "formats/fieldmap.h"
#include "formats/json_scan.h"
#include "formats/ninjs.h"
#include "formats/reader.h"
#include "formats/shapes.h"
#include "input/sniff.h"
#include "text/json.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

struct json_reader {
    struct nd_stream *in;
    struct nd_reading how;
    struct nd_json_parser *parser;
    struct nd_buf repaired;
    enum nd_json_layout layout;
    bool ended;          /* the array is closed */
    uint64_t at, length; /* of the last record */
};

static int json_bid(const char *p, size_t n, const char *filename)
{
    size_t start;
    enum nd_json_layout layout = nd_json_layout(p, n, &start);
    if (layout != ND_JSON_OTHER)
        return start || layout != ND_JSON_LINES || (n && *p == '{') ? ND_BID_SURE : ND_BID_LIKELY;
    /* rubbish in a file of that name is bad JSON rather than an article */
    return nd_sniff_named(filename, " .jsonl .ndjson .json ") ? ND_BID_FALLBACK : ND_BID_NEVER;
}

static void json_close(void *self)
{
    struct json_reader *r = self;
    if (!r)
        return;
    nd_json_parser_free(r->parser);
    nd_buf_free(&r->repaired);
    free(r);
}

static int json_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    const char *p;
    size_t n, start;
    *out = NULL;
    int rc = nd_stream_peek(in, ND_SNIFF_BYTES, &p, &n, err);
    if (rc)
        return rc;
    struct json_reader *r = calloc(1, sizeof *r);
    if (!r)
        return nd_fail(err, ND_NOMEM, "out of memory to read JSON");
    r->in = in;
    r->how = *reading;
    nd_buf_init(&r->repaired, SIZE_MAX / 4);
    rc = nd_json_parser_new(&r->parser, err);
    if (rc) {
        json_close(r);
        return rc;
    }
    r->layout = nd_json_layout(p, n, &start);
    if (r->layout == ND_JSON_OTHER)
        r->layout = ND_JSON_LINES;
    else
        nd_stream_take(in, start);
    *out = r;
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next line with something in it. */
static int next_line(struct json_reader *r, struct nd_str *text, struct nd_error *err)
{
    do {
        int rc = nd_stream_line(r->in, r->how.record_max, text, &r->at, err);
        if (rc)
            return rc;
        const char *begin = text->p;
        if (text->n && *text->p == '\x1e') { /* JSON text sequences */
            text->p++;
            text->n--;
        }
        while (text->n && is_blank(*text->p)) {
            text->p++;
            text->n--;
        }
        while (text->n && is_blank(text->p[text->n - 1]))
            text->n--;
        r->at += (uint64_t)(text->p - begin);
    } while (!text->n);
    return 0;
}

/* Pass over what may stand between values. Return: 0 with the next byte in *c, ND_DONE, a failure. */
static int between(struct json_reader *r, char *c, struct nd_error *err)
{
    const char *p;
    size_t n, i;
    do {
        int rc = nd_stream_peek(r->in, 1, &p, &n, err);
        if (rc)
            return rc;
        if (!n)
            return ND_DONE;
        for (i = 0; i < n && (is_blank(p[i]) || p[i] == ',' || p[i] == '\x1e'); i++)
            ;
        nd_stream_take(r->in, i);
    } while (i == n);
    *c = p[i];
    return 0;
}

/* Bytes that are no object, to where the next one could begin. */
static int no_object(struct json_reader *r, struct nd_error *err)
{
    const char *p;
    size_t n;
    unsigned depth = 0;
    bool string = false, escaped = false, stop = false;
    while (!stop) {
        int rc = nd_stream_peek(r->in, 1, &p, &n, err);
        if (rc)
            return rc;
        if (!n)
            break;
        size_t i = 0;
        for (; i < n; i++) {
            char c = p[i];
            bool edge = c == ',' || c == '{' || (c == ']' && r->layout == ND_JSON_ELEMENTS);
            stop = c == '\n' ? string || !depth : edge && !string && !depth;
            if (stop)
                break;
            if (string) {
                string = escaped || c != '"';
                escaped = !escaped && c == '\\';
            } else if (c == '"') {
                string = true;
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && depth) {
                depth--;
            }
        }
        nd_stream_take(r->in, i);
    }
    return nd_fail(err, ND_INPUT, "the record is not a JSON object");
}

/* After a string that its line cut: to the next line that begins an object or ends the array. */
static int next_object_line(struct json_reader *r, struct nd_error *err)
{
    bool fresh = true; /* only blanks so far in this line */
    for (;;) {
        const char *p;
        size_t n, i = 0;
        int rc = nd_stream_peek(r->in, 1, &p, &n, err);
        if (rc || !n)
            return rc;
        for (; i < n && !(fresh && (p[i] == '{' || p[i] == ']')); i++)
            fresh = p[i] == '\n' || (fresh && is_blank(p[i]));
        nd_stream_take(r->in, i);
        if (i < n)
            return 0;
    }
}

/* Cut out the object that begins here. Taken, good until the next peek. */
static int object(struct json_reader *r, struct nd_str *text, struct nd_error *err)
{
    struct nd_json_scan s = {0};
    size_t seen = 0, n;
    const char *p;
    bool done = false, dropping = false;
    uint64_t from = r->in->offset;
    while (!done) {
        int rc = nd_stream_peek(r->in, seen + 1, &p, &n, err);
        if (rc)
            return rc;
        if (n <= seen)
            break;
        seen += nd_json_scan(&s, p + seen, n - seen, &done);
        if (seen > r->how.record_max || dropping) {
            dropping = true;
            nd_stream_take(r->in, seen);
            seen = 0;
        }
    }
    if (dropping)
        return nd_fail(err, ND_LIMIT, "an object has %llu bytes, more than the %zu allowed",
                       (unsigned long long)(r->in->offset - from), r->how.record_max);
    *text = (struct nd_str){p, seen};
    nd_stream_take(r->in, seen);
    if (s.broken) {
        int rc = next_object_line(r, err);
        return rc ? rc : nd_fail(err, ND_INPUT, "not JSON: a line ends inside a string");
    }
    if (!done)
        return r->in->ended < 0 ? ND_DONE /* told by nd_stream_failed */
                                : nd_fail(err, ND_INPUT, "the file ends inside an object");
    return 0;
}

/* The bytes of the next record. Return: 0, ND_DONE, ND_INPUT, ND_LIMIT. */
static int record(struct json_reader *r, struct nd_str *text, struct nd_error *err)
{
    char c;
    if (r->ended)
        return ND_DONE;
    if (r->layout == ND_JSON_LINES)
        return next_line(r, text, err);
    int rc = between(r, &c, err);
    if (rc)
        return rc;
    r->at = r->in->offset;
    if (c == ']' && r->layout == ND_JSON_ELEMENTS) { /* what follows holds no articles */
        r->ended = true;
        return ND_DONE;
    }
    return c == '{' ? object(r, text, err) : no_object(r, err);
}

/* After the records: was it the end, or a cut? */
static int finished(struct json_reader *r, struct nd_error *err)
{
    int rc = nd_stream_failed(r->in, err);
    if (rc)
        return rc;
    if (r->layout != ND_JSON_ELEMENTS || r->ended)
        return ND_DONE;
    r->ended = true;
    return nd_fail(err, ND_INPUT, "the file ends before the array is closed");
}

static int parse(struct json_reader *r, struct nd_json **root, struct nd_arena *arena,
                 struct nd_str text, struct nd_error *err)
{
    int rc = nd_json_parse(r->parser, root, arena, text.p, text.n, err);
    if (rc != ND_INPUT || nd_utf8_valid(text.p, text.n) == text.n)
        return rc;
    nd_buf_reset(&r->repaired);
    rc = nd_utf8_repair(&r->repaired, text.p, text.n, r->how.repairs);
    if (rc)
        return nd_fail(err, rc, "out of memory to repair a record");
    return nd_json_parse(r->parser, root, arena, r->repaired.data, r->repaired.len, err);
}

/* One record. Return: as json_next; *none: it is valid, and no article. */
static int one_record(struct json_reader *r, struct nd_article *out, struct nd_arena *arena,
                      bool *none, struct nd_error *err)
{
    struct nd_str text = {0};
    struct nd_json *root = NULL;
    *none = false;
    r->at = r->in->offset;
    int rc = record(r, &text, err);
    out->origin.offset = r->at;
    out->origin.length = rc ? r->in->offset - r->at : text.n;
    if (rc == ND_DONE)
        return finished(r, err);
    if (rc)
        return rc;
    rc = parse(r, &root, arena, text, err);
    if (rc && !r->in->n && r->in->ended < 0) /* the cut line of a damaged file */
        return finished(r, err);
    if (rc)
        return rc;
    if (root->kind != ND_JSON_OBJECT)
        return nd_fail(err, ND_INPUT, "the record is not a JSON object");
    if (nd_ninjs_is(root)) {
        rc = nd_ninjs_fill(out, arena, r->how.map, root, err);
        *none = rc == ND_DONE;
        return rc;
    }
    if (nd_jsonfeed_is(root)) {
        rc = nd_jsonfeed_fill(out, arena, r->how.map, root);
    } else {
        rc = nd_fieldmap_json(r->how.map, out, arena, root);
        if (!rc)
            rc = nd_shape_fit(out, arena, r->how.map, root);
    }
    return rc ? nd_fail(err, rc, "out of memory for a record") : 0;
}

static int json_next(void *self, struct nd_article *out, struct nd_arena *arena,
                     struct nd_error *err)
{
    bool none;
    for (;;) {
        int rc = one_record(self, out, arena, &none, err);
        if (!none)
            return rc;
        struct json_reader *r = self;
        *out =
            (struct nd_article){.published = {.utc = ND_UTC_NONE}, .updated = {.utc = ND_UTC_NONE}};
        nd_fieldmap_begin(r->how.map);
    }
}

static int json_skip(void *self, struct nd_error *err)
{
    struct json_reader *r = self;
    struct nd_str text;
    int rc = record(r, &text, err);
    if (rc == ND_DONE)
        return finished(r, err);
    return rc == ND_INPUT || rc == ND_LIMIT ? 0 : rc;
}

const struct nd_reader nd_reader_json = {
    .name = "json",
    .summary = "JSON objects: one a line (JSONL), an array, or an array inside an object",
    .extensions = " .jsonl .ndjson .json .jl ",
    .bid = json_bid,
    .open = json_open,
    .next = json_next,
    .skip = json_skip,
    .close = json_close,
};
