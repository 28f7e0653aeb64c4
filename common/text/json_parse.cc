/* The reading half of json.h over simdjson's On-Demand parser, which finds the structure and checks UTF-8
 * at several GB/s. Numbers and strings are checked and unescaped here: the library would not give a number
 * as printed, and refuses the lone surrogates that real dumps contain. */
#define SIMDJSON_EXCEPTIONS 0
#include "text/json.h"

#include <cstring>
#include <new>
#include <simdjson.h>

namespace od = simdjson::ondemand;

struct nd_json_parser {
    od::parser *parser = nullptr; /* made anew after a huge record, so that its memory goes back */
    char *bytes = nullptr;        /* the record and the padding that the library reads past it */
    size_t cap = 0;
};

namespace
{

constexpr size_t RECORD_MAX = 0xf0000000; /* the library counts in 32 bits */
constexpr const char *after = "there is text after the value";
constexpr size_t KEEP_MAX = 8u << 20; /* buffers larger than this are not kept */

struct walk {
    const char *bytes;  /* the padded copy */
    const char *source; /* the caller's bytes, same offsets */
    size_t n;
    nd_arena *arena;
    nd_error *err;
    od::document *doc; /* null until the library has found the structure */
};

int bad(const walk &w, const char *at, const char *why)
{
    size_t offset = at >= w.bytes && at <= w.bytes + w.n ? (size_t)(at - w.bytes) : w.n;
    int rc = nd_fail(w.err, ND_INPUT, "not JSON at byte %zu: %s", offset, why);
    if (w.err)
        w.err->offset = offset;
    return rc;
}

const char *reason(simdjson::error_code e)
{
    switch (e) {
    case simdjson::TAPE_ERROR:
        return "a value, comma, colon or bracket is missing or misplaced";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
        return "a bracket is not closed";
    case simdjson::UTF8_ERROR:
        return "the text is not UTF-8";
    case simdjson::UNCLOSED_STRING:
        return "a string is not closed";
    case simdjson::UNESCAPED_CHARS:
        return "a control character stands in a string";
    case simdjson::EMPTY:
        return "there is nothing";
    default:
        return "a value is malformed";
    }
}

/* Where the library stands; null at the end, or where it cannot tell. */
const char *place(const walk &w)
{
    const char *at = nullptr;
    return w.doc && !w.doc->current_location().get(at) ? at : nullptr;
}

int failed(const walk &w, simdjson::error_code e)
{
    if (e == simdjson::MEMALLOC)
        return nd_fail(w.err, ND_NOMEM, "out of memory for a record of %zu bytes", w.n);
    if (e == simdjson::CAPACITY)
        return nd_fail(w.err, ND_LIMIT, "a record of %zu bytes is too long", w.n);
    /* a missing bracket is found from the start: it is wanted at the end */
    return bad(w, e == simdjson::INCOMPLETE_ARRAY_OR_OBJECT ? nullptr : place(w), reason(e));
}

int hex4(const char *p, const char *end, uint32_t *out)
{
    uint32_t v = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        v <<= 4;
        if (c >= '0' && c <= '9')
            v |= (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            v |= (uint32_t)((c | 32) - 'a' + 10);
        else
            return -1;
    }
    *out = v;
    return 0;
}

char *encode(char *o, uint32_t c)
{
    if (c < 0x80) {
        *o++ = (char)c;
    } else if (c < 0x800) {
        *o++ = (char)(0xc0 | c >> 6);
        *o++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *o++ = (char)(0xe0 | c >> 12);
        *o++ = (char)(0x80 | (c >> 6 & 63));
        *o++ = (char)(0x80 | (c & 63));
    } else {
        *o++ = (char)(0xf0 | c >> 18);
        *o++ = (char)(0x80 | (c >> 12 & 63));
        *o++ = (char)(0x80 | (c >> 6 & 63));
        *o++ = (char)(0x80 | (c & 63));
    }
    return o;
}

/* One \u escape, p after the u. A half pair becomes U+FFFD. Return: after it, NULL if malformed. */
const char *unicode(const char *p, const char *end, uint32_t *out)
{
    uint32_t c, low;
    if (hex4(p, end, &c))
        return nullptr;
    p += 4;
    if (c >= 0xd800 && c < 0xe000) {
        if (c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' && !hex4(p + 2, end, &low) &&
            low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            p += 6;
        } else {
            c = 0xfffd;
        }
    }
    *out = c;
    return p;
}

/* The text between the quotes: borrowed from the source where it has no escapes. */
int unescape(const walk &w, nd_str *out, const char *p, size_t n)
{
    const char *end = p + n;
    const char *b = (const char *)memchr(p, '\\', n);
    if (!b) {
        *out = nd_str{w.source + (p - w.bytes), n};
        return 0;
    }
    char *text = (char *)nd_arena_alloc(w.arena, n); /* escapes only shrink */
    if (!text)
        return nd_fail(w.err, ND_NOMEM, "out of memory for a string of %zu bytes", n);
    char *o = text;
    while (b) {
        memcpy(o, p, (size_t)(b - p));
        o += b - p;
        if (end - b < 2)
            return bad(w, b, "an escape is cut");
        p = b + 2;
        switch (b[1]) {
        case '"':
        case '\\':
        case '/':
            *o++ = b[1];
            break;
        case 'b':
            *o++ = '\b';
            break;
        case 'f':
            *o++ = '\f';
            break;
        case 'n':
            *o++ = '\n';
            break;
        case 'r':
            *o++ = '\r';
            break;
        case 't':
            *o++ = '\t';
            break;
        case 'u': {
            uint32_t c = 0;
            p = unicode(p, end, &c);
            if (!p)
                return bad(w, b, "a \\u escape needs four hexadecimal digits");
            o = encode(o, c);
            break;
        }
        default:
            return bad(w, b, "there is no such escape");
        }
        b = (const char *)memchr(p, '\\', (size_t)(end - p));
    }
    memcpy(o, p, (size_t)(end - p));
    o += end - p;
    *out = nd_str{text, (size_t)(o - text)};
    return 0;
}

size_t digits(const char *p, const char *end)
{
    const char *q = p;
    while (q < end && *q >= '0' && *q <= '9')
        q++;
    return (size_t)(q - p);
}

bool is_number(const char *p, const char *end)
{
    if (p < end && *p == '-')
        p++;
    size_t k = digits(p, end);
    if (!k || (k > 1 && *p == '0'))
        return false;
    p += k;
    if (p < end && *p == '.') {
        k = digits(++p, end);
        if (!k)
            return false;
        p += k;
    }
    if (p < end && (*p | 32) == 'e') {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        k = digits(p, end);
        if (!k)
            return false;
        p += k;
    }
    return p == end;
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A string, number, true, false or null from its token, which may have blanks behind. */
int scalar(const walk &w, nd_json *v, const char *p, size_t n)
{
    while (n && is_blank(p[n - 1]))
        n--;
    if (n >= 2 && *p == '"' && p[n - 1] == '"') {
        v->kind = ND_JSON_STRING;
        return unescape(w, &v->text, p + 1, n - 2);
    }
    if (n == 4 && !memcmp(p, "null", 4)) {
        v->kind = ND_JSON_NULL;
    } else if ((n == 4 && !memcmp(p, "true", 4)) || (n == 5 && !memcmp(p, "false", 5))) {
        v->kind = ND_JSON_BOOL;
        v->truth = n == 4;
    } else if (is_number(p, p + n)) {
        v->kind = ND_JSON_NUMBER;
        v->text = nd_str{w.source + (p - w.bytes), n};
    } else {
        return bad(w, p, "a value is malformed");
    }
    return 0;
}

nd_json *member(const walk &w, nd_json *parent, nd_json **last)
{
    nd_json *m = (nd_json *)nd_arena_alloc(w.arena, sizeof *m);
    if (!m) {
        nd_fail(w.err, ND_NOMEM, "out of memory for a record of %zu bytes", w.n);
        return nullptr;
    }
    if (*last)
        (*last)->next = m;
    else
        parent->first = m;
    *last = m;
    return m;
}

template <class V> int value(const walk &w, nd_json *out, V &v, int depth);

/* The library hands out the key as the place after its opening quote. */
int key(const walk &w, nd_json *out, od::field &f)
{
    const char *p = f.key().raw(), *q = p, *end = w.bytes + w.n;
    while (q < end && *q != '"')
        q += *q == '\\' ? 2 : 1;
    if (q >= end)
        return bad(w, p, "a key is not closed");
    return unescape(w, &out->key, p, (size_t)(q - p));
}

int object(const walk &w, nd_json *out, od::object &o, int depth)
{
    nd_json *last = nullptr;
    out->kind = ND_JSON_OBJECT;
    for (auto result : o) {
        od::field f;
        simdjson::error_code e = std::move(result).get(f);
        if (e)
            return failed(w, e);
        nd_json *m = member(w, out, &last);
        if (!m)
            return ND_NOMEM;
        int rc = key(w, m, f);
        if (!rc)
            rc = value(w, m, f.value(), depth + 1);
        if (rc)
            return rc;
    }
    return 0;
}

int array(const walk &w, nd_json *out, od::array &a, int depth)
{
    nd_json *last = nullptr;
    out->kind = ND_JSON_ARRAY;
    for (auto result : a) {
        od::value v;
        simdjson::error_code e = std::move(result).get(v);
        if (e)
            return failed(w, e);
        nd_json *m = member(w, out, &last);
        if (!m)
            return ND_NOMEM;
        int rc = value(w, m, v, depth + 1);
        if (rc)
            return rc;
    }
    return 0;
}

/* A document or a value: both have the same face but no common type. */
template <class V> int value(const walk &w, nd_json *out, V &v, int depth)
{
    od::json_type type;
    simdjson::error_code e = v.type().get(type);
    if (e)
        return failed(w, e);
    if (type == od::json_type::object || type == od::json_type::array) {
        if (depth > ND_JSON_DEPTH)
            return nd_fail(w.err, ND_LIMIT, "JSON is nested deeper than %d", (int)ND_JSON_DEPTH);
        if (type == od::json_type::object) {
            od::object o;
            e = v.get_object().get(o);
            return e ? failed(w, e) : object(w, out, o, depth);
        }
        od::array a;
        e = v.get_array().get(a);
        return e ? failed(w, e) : array(w, out, a, depth);
    }
    std::string_view token; /* up to the next token: at the root there must be none */
    e = simdjson::simdjson_result<std::string_view>(v.raw_json_token()).get(token);
    if (e)
        return failed(w, e);
    if (depth == 1 && token.data() + token.size() < w.bytes + w.n)
        return bad(w, token.data() + token.size(), after);
    return scalar(w, out, token.data(), token.size());
}

int room(nd_json_parser *p, size_t n, nd_error *err)
{
    if (n > RECORD_MAX)
        return nd_fail(err, ND_LIMIT, "a record of %zu bytes is too long", n);
    size_t need = n + simdjson::SIMDJSON_PADDING;
    if (p->cap < need) {
        size_t cap = need < KEEP_MAX / 2 ? need * 2 : need;
        free(p->bytes);
        p->bytes = (char *)malloc(cap);
        p->cap = p->bytes ? cap : 0;
    }
    if (!p->parser)
        p->parser = new (std::nothrow) od::parser;
    if (!p->bytes || !p->parser)
        return nd_fail(err, ND_NOMEM, "out of memory for a record of %zu bytes", n);
    return 0;
}

/* Give back what one huge record needed. */
void shrink(nd_json_parser *p)
{
    if (p->cap <= KEEP_MAX)
        return;
    free(p->bytes);
    delete p->parser;
    *p = nd_json_parser();
}

} // namespace

extern "C" int nd_json_parser_new(nd_json_parser **out, nd_error *err)
{
    *out = new (std::nothrow) nd_json_parser;
    return *out ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
}

extern "C" void nd_json_parser_free(nd_json_parser *p)
{
    if (!p)
        return;
    free(p->bytes);
    delete p->parser;
    delete p;
}

extern "C" int nd_json_parse(nd_json_parser *parser, nd_json **out, nd_arena *arena, const char *p,
                             size_t n, nd_error *err)
{
    *out = nullptr;
    int rc = room(parser, n, err);
    if (rc)
        return rc;
    memcpy(parser->bytes, p, n);
    memset(parser->bytes + n, 0, simdjson::SIMDJSON_PADDING);
    walk w = {parser->bytes, p, n, arena, err, nullptr};
    nd_json *root = (nd_json *)nd_arena_alloc(arena, sizeof *root);
    od::document doc;
    if (!root) {
        rc = nd_fail(err, ND_NOMEM, "out of memory for a record of %zu bytes", n);
    } else {
        simdjson::error_code e =
            parser->parser->iterate(parser->bytes, n, n + simdjson::SIMDJSON_PADDING).get(doc);
        if (!e)
            w.doc = &doc;
        rc = e ? failed(w, e) : value(w, root, doc, 1);
    }
    if (!rc && root->kind >= ND_JSON_ARRAY && place(w)) /* out of bounds when all was read */
        rc = bad(w, place(w), after);
    if (!rc)
        *out = root;
    shrink(parser);
    return rc;
}
