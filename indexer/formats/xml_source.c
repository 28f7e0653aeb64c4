#include "formats/xml_source.h"
#include "formats/entity.h"
#include "text/markup.h"
#include "text/utf8.h"

#include <string.h>
#include <strings.h>

enum {
    PIECE_MAX = 64 * 1024, /* bytes of a piece without > */
    TAG_MAX = 1 << 20,
    DOCTYPE_MAX = 64 * 1024
};

enum state {
    IN_TEXT,
    IN_TAG,
    IN_COMMENT,
    IN_CDATA,
    IN_INSTRUCTION,
    IN_DECLARATION, /* <?xml ... ?> */
    IN_DOCTYPE
};

int nd_xml_source_init(struct nd_xml_source *s, struct nd_stream *in, struct nd_str charset,
                       uint64_t *repairs, struct nd_error *err)
{
    const char *p;
    size_t n;
    *s = (struct nd_xml_source){.in = in, .repairs = repairs};
    nd_buf_init(&s->raw, SIZE_MAX / 4);
    nd_buf_init(&s->out, SIZE_MAX / 4);
    nd_buf_init(&s->doctype, DOCTYPE_MAX);
    for (size_t i = 0; i < ND_XML_ENTITIES; i++) {
        nd_buf_init(&s->entities[i].name, ND_XML_VALUE);
        nd_buf_init(&s->entities[i].value, ND_XML_VALUE);
    }
    int rc = nd_stream_peek(in, ND_CHARSET_SAMPLE, &p, &n, err);
    if (rc)
        return rc;
    nd_charset_guess(&s->set, p, n, n < ND_CHARSET_SAMPLE, charset, ND_CHARSET_XML);
    nd_stream_take(in, s->set.bom);
    return nd_charset_open(&s->converter, &s->set, err);
}

void nd_xml_source_free(struct nd_xml_source *s)
{
    nd_charset_close(s->converter);
    nd_buf_free(&s->raw);
    nd_buf_free(&s->out);
    nd_buf_free(&s->doctype);
    for (size_t i = 0; i < ND_XML_ENTITIES; i++) {
        nd_buf_free(&s->entities[i].name);
        nd_buf_free(&s->entities[i].value);
    }
}

/* Bytes to behind the first > that is a whole character, n if there is none. */
static size_t to_bracket(const struct nd_xml_source *s, const char *p, size_t n)
{
    unsigned unit = s->set.unit;
    if (unit == 1) {
        const char *at = memchr(p, '>', n);
        return at ? (size_t)(at - p) + 1 : n;
    }
    for (size_t i = 0; i + unit <= n; i += unit) {
        unsigned v = 0, low = s->set.big ? unit - 1 : 0;
        for (unsigned k = 0; k < unit; k++)
            v |= k == low ? 0u : (unsigned char)p[i + k];
        if (!v && p[i + low] == '>')
            return i + unit;
    }
    return n;
}

/* Where the last < of a piece is, in the bytes of the stream. */
static size_t last_open(const struct nd_xml_source *s, const char *p, size_t n)
{
    const char *at = n ? memrchr(p, '<', n) : NULL;
    size_t i = at ? (size_t)(at - p) : 0;
    return i - i % s->set.unit;
}

/* The next piece of the stream, as UTF-8 behind what is left of raw. Return: 0, ND_DONE. */
static int piece(struct nd_xml_source *s, struct nd_error *err)
{
    const char *p;
    size_t n, want = s->set.unit, k;
    for (;;) {
        int rc = nd_stream_peek(s->in, want, &p, &n, err);
        if (rc)
            return rc;
        k = to_bracket(s, p, n > PIECE_MAX ? PIECE_MAX : n);
        if (!n || k < n || n >= PIECE_MAX || n < want || (k == n && p[n - 1] == '>'))
            break;
        want = n + 1;
    }
    s->piece_start = s->in->offset;
    nd_buf_reset(&s->raw);
    s->raw_at = 0;
    int rc = nd_charset_add(s->converter, &s->raw, p, k, !n, s->repairs);
    if (s->state != IN_TAG)
        s->tag_start = s->piece_start + last_open(s, p, k);
    nd_stream_take(s->in, k);
    s->piece_end = s->in->offset;
    if (rc)
        return nd_fail(err, rc, "out of memory to read XML");
    return n || s->raw.len ? 0 : ND_DONE;
}

static bool may_begin_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || (c & 0x80);
}

static void put_char(struct nd_buf *out, uint32_t cp)
{
    char c[4];
    const char *reference = cp == '\'' ? NULL : nd_markup_reference(cp);
    if (reference)
        nd_buf_str(out, reference);
    else
        nd_buf_add(out, c, nd_utf8_encode(cp, c));
}

/* One of the document's own entities. Return: its bytes at p, 0 if there is none. */
static size_t own_entity(struct nd_xml_source *s, const char *p, size_t n)
{
    const char *end = s->entities_n ? memchr(p, ';', n > ND_XML_VALUE ? ND_XML_VALUE : n) : NULL;
    for (size_t i = 0; end && i < s->entities_n; i++) {
        const struct nd_buf *name = &s->entities[i].name, *value = &s->entities[i].value;
        size_t k = (size_t)(end - p) - 1;
        if (name->len != k || memcmp(name->data, p + 1, k))
            continue;
        for (size_t j = 0; j < value->len;) { /* once: what is in it stands for itself */
            uint32_t cp;
            size_t len = nd_entity_at(value->data + j, value->len - j, &cp);
            if (cp)
                put_char(&s->out, cp);
            else if (strchr("&<>\"", value->data[j]))
                put_char(&s->out, (unsigned char)value->data[j]);
            else
                nd_buf_byte(&s->out, (unsigned char)value->data[j]);
            j += cp ? len : 1;
        }
        return k + 2;
    }
    return 0;
}

/* Append p[0..n) of text or of a tag, its references mended. */
static void mend(struct nd_xml_source *s, const char *p, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)p[i];
        bool control = (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
        bool none =
            c == 0xef && n - i >= 3 && (unsigned char)p[i + 1] == 0xbf &&
            ((unsigned char)p[i + 2] & 0xfe) == 0xbe; /* U+FFFE and U+FFFF are no characters */
        bool c1 =
            c == 0xc2 && i + 1 < n && (unsigned char)p[i + 1] < 0xa0; /* meant as windows-1252 */
        if (c != '&' && !control && !none && !c1) {
            i++;
            continue;
        }
        nd_buf_add(&s->out, p + from, i - from);
        uint32_t cp = 0;
        size_t k = 0;
        if (c == '&' && !(k = nd_entity_at(p + i, n - i, &cp)) &&
            !(k = own_entity(s, p + i, n - i)))
            nd_buf_str(&s->out, "&amp;");
        else if (cp)
            put_char(&s->out, cp);
        else if (c1)
            put_char(&s->out, nd_entity_latin((unsigned char)p[i + 1]));
        from = i += k ? k : none ? 3 : c1 ? 2 : 1;
    }
    nd_buf_add(&s->out, p + from, n - from);
}

/* Append p[0..n) of a CDATA section: without control characters. */
static void literal(struct nd_xml_source *s, const char *p, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        bool none = c == 0xef && n - i >= 3 && (unsigned char)p[i + 1] == 0xbf &&
                    ((unsigned char)p[i + 2] & 0xfe) == 0xbe;
        if (!none && (c >= 0x20 || c == '\n' || c == '\t' || c == '\r'))
            continue;
        nd_buf_add(&s->out, p + from, i - from);
        i += none ? 2 : 0;
        from = i + 1;
    }
    nd_buf_add(&s->out, p + from, n - from);
}

/* The internal entities of a document type: <!ENTITY name "value">. */
static void read_entities(struct nd_xml_source *s)
{
    const char *p = s->doctype.data, *end = p ? p + s->doctype.len : NULL;
    while (p && s->entities_n < ND_XML_ENTITIES &&
           (p = memmem(p, (size_t)(end - p), "<!ENTITY", 8))) {
        const char *q = p + 8, *name, *value;
        p = q;
        while (q < end && strchr(" \t\r\n", *q) && *q)
            q++;
        for (name = q; q < end && !strchr(" \t\r\n\"'>%", *q);)
            q++;
        size_t name_n = (size_t)(q - name);
        while (q < end && strchr(" \t\r\n", *q) && *q)
            q++;
        if (q >= end || (*q != '"' && *q != '\'') || !name_n || name_n >= ND_XML_VALUE)
            continue;
        value = q + 1;
        const char *stop = memchr(value, *q, (size_t)(end - value));
        if (!stop || stop - value >= ND_XML_VALUE)
            continue;
        struct nd_xml_entity *e = &s->entities[s->entities_n++];
        nd_buf_reset(&e->name);
        nd_buf_reset(&e->value);
        nd_buf_add(&e->name, name, name_n);
        nd_buf_add(&e->value, value, (size_t)(stop - value));
        p = stop;
    }
}

/* Inside a comment, an instruction, ...: to the end mark. Return: bytes used; *ended. */
static size_t to_mark(const char *p, size_t n, const char *mark, bool *ended)
{
    size_t k = strlen(mark);
    const char *at = memmem(p, n, mark, k);
    *ended = at != NULL;
    return at ? (size_t)(at - p) + k : n;
}

/* The end of a document type. Brackets and quotes inside count. */
static size_t through_doctype(struct nd_xml_source *s, const char *p, size_t n, bool *ended)
{
    *ended = false;
    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        if (s->quote) {
            s->quote = c == s->quote ? '\0' : s->quote;
        } else if ((c == '"' || c == '\'') && !s->brackets) {
            s->quote = c;
        } else if (c == '[' && !s->brackets) {
            s->brackets = 1;
        } else if (c == ']' && s->brackets) {
            s->brackets = 0;
        } else if (c == '>' && !s->brackets) {
            *ended = true;
            return i + 1;
        }
    }
    return n;
}

static size_t through_tag(struct nd_xml_source *s, const char *p, size_t n, bool *ended)
{
    *ended = false;
    for (size_t i = 0; i < n; i++) {
        if (s->quote)
            s->quote = p[i] == s->quote ? '\0' : s->quote;
        else if (p[i] == '"' || p[i] == '\'')
            s->quote = p[i];
        else if (p[i] == '>') {
            *ended = true;
            return i + 1;
        }
    }
    return n;
}

static bool begins(const char *p, size_t n, const char *word)
{
    size_t k = strlen(word);
    return n >= k && !strncasecmp(p, word, k);
}

/* Text up to markup. Return: bytes used; *state is what begins there. */
static size_t through_text(struct nd_xml_source *s, const char *p, size_t n)
{
    const char *at = p, *end = p + n;
    while ((at = memchr(at, '<', (size_t)(end - at)))) {
        size_t left = (size_t)(end - at);
        if (left > 1 && (may_begin_name(at[1]) || at[1] == '/' || at[1] == '!' || at[1] == '?'))
            break;
        at++; /* a stray one */
    }
    size_t text = at ? (size_t)(at - p) : n;
    for (const char *q = p, *lt; text && q < p + text; q = lt + 1) {
        lt = memchr(q, '<', (size_t)(p + text - q));
        mend(s, q, (size_t)((lt ? lt : p + text) - q));
        if (!lt)
            break;
        nd_buf_str(&s->out, "&lt;");
    }
    if (!at)
        return n;
    size_t left = n - text;
    s->quote = '\0';
    s->brackets = 0;
    if (begins(at, left, "<!--"))
        s->state = IN_COMMENT;
    else if (begins(at, left, "<![CDATA["))
        s->state = IN_CDATA;
    else if (begins(at, left, "<?xml") && left > 5 && strchr(" \t\r\n?", at[5]))
        s->state = IN_DECLARATION;
    else if (at[1] == '?')
        s->state = IN_INSTRUCTION;
    else if (at[1] == '!') {
        s->state = IN_DOCTYPE;
        nd_buf_reset(&s->doctype);
    } else
        s->state = IN_TAG;
    return text;
}

int nd_xml_source_next(struct nd_xml_source *s, enum nd_xml_token_kind *kind, struct nd_error *err)
{
    nd_buf_reset(&s->out);
    for (;;) {
        bool ended = false;
        size_t k;
        if (s->raw_at == s->raw.len) {
            bool open = s->state == IN_TAG;
            if (s->out.len && !open) {
                *kind = ND_XML_OTHER;
                return nd_buf_code(&s->out);
            }
            int rc = piece(s, err);
            if (rc == ND_DONE && s->out.len) { /* a tag that the end cuts */
                *kind = ND_XML_OTHER;
                return nd_buf_code(&s->out);
            }
            if (rc)
                return rc;
        }
        const char *p = s->raw.data + s->raw_at;
        size_t n = s->raw.len - s->raw_at;
        if (!s->any) { /* blanks before a document do no harm */
            for (k = 0; k < n && strchr(" \t\r\n\v\f", p[k]) && p[k];)
                k++;
            s->raw_at += k;
            s->any = k < n;
            if (!s->any)
                continue;
            p += k;
            n -= k;
        }
        switch (s->state) {
        case IN_TEXT:
            k = through_text(s, p, n);
            break;
        case IN_TAG:
            k = through_tag(s, p, n, &ended);
            mend(s, p, k);
            if (s->out.len > TAG_MAX)
                return nd_fail(err, ND_LIMIT, "a tag has more than %d bytes", TAG_MAX);
            break;
        case IN_COMMENT:
            k = to_mark(p, n, "-->", &ended);
            break;
        case IN_CDATA:
            k = to_mark(p, n, "]]>", &ended);
            literal(s, p, k);
            break;
        case IN_DOCTYPE:
            k = through_doctype(s, p, n, &ended);
            nd_buf_add(&s->doctype, p, k);
            if (ended)
                read_entities(s);
            break;
        default:
            k = to_mark(p, n, "?>", &ended);
        }
        s->raw_at += k;
        if (!ended)
            continue;
        int was = s->state;
        s->state = IN_TEXT;
        if (was == IN_DECLARATION) {
            s->entities_n = 0;
            *kind = ND_XML_DOCUMENT;
            return nd_buf_code(&s->out);
        }
        if (was == IN_TAG) {
            *kind = ND_XML_TAG;
            return nd_buf_code(&s->out);
        }
    }
}
