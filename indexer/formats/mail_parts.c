#include "formats/charset.h"
#include "formats/fill.h"
#include "formats/html.h"
#include "formats/mail.h"

#include <gmime/gmime.h>
#include <string.h>

/* What the walk through the parts has found. */
struct found {
    struct nd_mail *m;
    struct nd_arena *arena;
    uint64_t *repairs;
    unsigned parts;
    bool any; /* a text is there already */
    int rc;
};

static struct nd_str copy(struct nd_arena *arena, const char *s)
{
    return s && *s ? nd_arena_str(arena, s, strlen(s)) : (struct nd_str){0};
}

static struct nd_str header(struct nd_arena *arena, GMimeMessage *m, const char *name)
{
    return nd_trim(copy(arena, g_mime_object_get_header(GMIME_OBJECT(m), name)));
}

/* What the type of a text says of its lines. */
static struct nd_str shaped(struct nd_arena *arena, struct nd_str s, GMimeContentType *type)
{
    const char *format = type ? g_mime_content_type_get_parameter(type, "format") : NULL,
               *delsp = type ? g_mime_content_type_get_parameter(type, "delsp") : NULL;
    if (format && !g_ascii_strcasecmp(format, "flowed"))
        return nd_mail_unflow(arena, s, delsp && !g_ascii_strcasecmp(delsp, "yes"));
    if (type && g_mime_content_type_is_type(type, "text", "enriched"))
        return nd_mail_enriched(arena, s);
    return s;
}

/* The content of a text part in UTF-8, in the arena. */
static struct nd_str content(struct found *f, GMimePart *part)
{
    GMimeDataWrapper *body = g_mime_part_get_content(part);
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    const char *name = type ? g_mime_content_type_get_parameter(type, "charset") : NULL;
    bool html = type && g_mime_content_type_is_type(type, "text", "html");
    struct nd_charset set;
    struct nd_buf text;
    struct nd_str out = {0}, transport = name ? nd_str_of(name) : (struct nd_str){0};
    if (!body)
        return out;
    GMimeStream *s = g_mime_stream_mem_new();
    nd_buf_init(&text, SIZE_MAX / 4);
    if (g_mime_data_wrapper_write_to_stream(body, s) >= 0) {
        GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(s));
        const char *p = bytes && bytes->len ? (const char *)bytes->data : "";
        size_t n = bytes ? bytes->len : 0;
        nd_charset_guess(&set, p, n, true, transport, html ? ND_CHARSET_HTML : ND_CHARSET_PLAIN);
        f->rc = nd_charset_convert(&text, &set, p, n, f->repairs, NULL);
        if (!f->rc && text.len) {
            out = nd_arena_str(f->arena, text.data, text.len);
            if (out.p && !html)
                out = shaped(f->arena, out, type);
            f->rc = out.p ? 0 : ND_NOMEM;
        }
    }
    nd_buf_free(&text);
    g_object_unref(s);
    return out;
}

static bool is_attachment(GMimeObject *o)
{
    GMimeContentDisposition *d = g_mime_object_get_content_disposition(o);
    const char *how = d ? g_mime_content_disposition_get_disposition(d) : NULL;
    return how && !g_ascii_strcasecmp(how, "attachment");
}

static void put_text(struct found *f, struct nd_str s, bool html)
{
    struct nd_mail *m = f->m;
    if (!nd_trim(s).n || f->rc)
        return;
    s = html ? nd_html_fragment(f->arena, s) : s;
    m->html |= html;
    m->text = m->text.n ? nd_join(f->arena, m->text, s) : s;
    f->any = true;
}

static void text_part(struct found *f, GMimePart *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    put_text(f, content(f, part), g_mime_content_type_is_type(type, "text", "html"));
}

static bool is_text(GMimeObject *o)
{
    GMimeContentType *type = g_mime_object_get_content_type(o);
    return GMIME_IS_PART(o) && type &&
           (g_mime_content_type_is_type(type, "text", "plain") ||
            g_mime_content_type_is_type(type, "text", "html") ||
            g_mime_content_type_is_type(type, "text", "enriched"));
}

static void walk(struct found *f, GMimeObject *o, unsigned depth);

/* The first text/plain or text/html below, not in another message. */
static GMimePart *find(GMimeObject *o, const char *subtype, unsigned depth)
{
    if (GMIME_IS_MULTIPART(o) && depth < ND_MAIL_DEPTH) {
        int n = g_mime_multipart_get_count(GMIME_MULTIPART(o));
        GMimePart *p = NULL;
        for (int i = 0; i < n && i < ND_MAIL_PARTS && !p; i++)
            p = find(g_mime_multipart_get_part(GMIME_MULTIPART(o), i), subtype, depth + 1);
        return p;
    }
    GMimeContentType *type = o ? g_mime_object_get_content_type(o) : NULL;
    return type && GMIME_IS_PART(o) && !is_attachment(o) &&
                   g_mime_content_type_is_type(type, "text", subtype)
               ? GMIME_PART(o)
               : NULL;
}

/* One of several forms of the same: the plain text, unless it merely points to the HTML. */
static void alternative(struct found *f, GMimeObject *o, unsigned depth)
{
    GMimePart *plain = find(o, "plain", depth), *html = find(o, "html", depth);
    struct nd_str a = plain ? nd_trim(content(f, plain)) : (struct nd_str){0},
                  b = html ? content(f, html) : (struct nd_str){0};
    b = nd_trim(b).n ? nd_html_fragment(f->arena, b) : (struct nd_str){0};
    bool stub = a.n < 600 && b.n > 3 * a.n;
    f->m->html |= b.n && (!a.n || stub);
    struct nd_str s = b.n && (!a.n || stub) ? b : a;
    if (s.n) {
        f->m->text = f->m->text.n ? nd_join(f->arena, f->m->text, s) : s;
        f->any = true;
    }
}

static void multipart(struct found *f, GMimeObject *o, unsigned depth)
{
    GMimeContentType *type = g_mime_object_get_content_type(o);
    int n = g_mime_multipart_get_count(GMIME_MULTIPART(o));
    if (n <= 0) { /* the boundary never came: all of it is what comes before the first part */
        put_text(f, copy(f->arena, g_mime_multipart_get_prologue(GMIME_MULTIPART(o))), false);
        return;
    }
    if (type && g_mime_content_type_is_type(type, "multipart", "alternative")) {
        alternative(f, o, depth);
        return;
    }
    for (int i = 0; i < n && i < ND_MAIL_PARTS && !f->rc; i++)
        walk(f, g_mime_multipart_get_part(GMIME_MULTIPART(o), i), depth + 1);
}

static void walk(struct found *f, GMimeObject *o, unsigned depth)
{
    if (!o || f->rc || depth > ND_MAIL_DEPTH || ++f->parts > ND_MAIL_PARTS)
        return;
    if (GMIME_IS_MULTIPART(o)) {
        multipart(f, o, depth);
    } else if (GMIME_IS_MESSAGE_PARTIAL(o)) {
        f->m->cut = true;
        if (GMIME_IS_PART(o))
            put_text(f, content(f, GMIME_PART(o)), false);
    } else if (GMIME_IS_MESSAGE_PART(o)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));
        if (inner && !is_attachment(o))
            walk(f, g_mime_message_get_mime_part(inner), depth + 1);
    } else if (is_text(o) && !is_attachment(o)) {
        text_part(f, GMIME_PART(o));
    } else {
        GMimeContentType *type = g_mime_object_get_content_type(o);
        bool signature = type && g_mime_content_type_is_type(type, "application", "pgp-signature");
        f->m->attachments += !signature;
    }
}

/* Encoded words of a subject or name, and bytes that are no ASCII. */
static GMimeParserOptions *options(void)
{
    static const char *sets[] = {"utf-8", "windows-1252", NULL};
    GMimeParserOptions *o = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(o, sets);
    return o;
}

int nd_mail_parse(struct nd_mail *m, struct nd_arena *arena, struct nd_str bytes, uint64_t *repairs,
                  struct nd_error *err)
{
    struct found f = {.m = m, .arena = arena, .repairs = repairs};
    *m = (struct nd_mail){0};
    g_mime_init(); /* counts; what it keeps lives as long as the program */
    GMimeStream *in = g_mime_stream_mem_new_with_buffer(bytes.p, bytes.n);
    GMimeParser *parser = g_mime_parser_new_with_stream(in);
    GMimeParserOptions *how = options();
    g_mime_parser_set_persist_stream(parser, FALSE);
    GMimeMessage *msg = g_mime_parser_construct_message(parser, how);
    if (msg) {
        m->id = header(arena, msg, "Message-ID");
        m->subject = header(arena, msg, "Subject");
        m->from = header(arena, msg, "From");
        m->date = header(arena, msg, "Date");
        m->list = header(arena, msg, "List-Id");
        m->newsgroups = header(arena, msg, "Newsgroups");
        m->keywords = header(arena, msg, "Keywords");
        m->language = header(arena, msg, "Content-Language");
        m->control = header(arena, msg, "Control");
        m->url = header(arena, msg, "Archived-At");
        walk(&f, g_mime_message_get_mime_part(msg), 0);
        g_object_unref(msg);
    }
    g_mime_parser_options_free(how);
    g_object_unref(parser);
    g_object_unref(in);
    if (f.rc)
        return nd_fail(err, f.rc, "out of memory for a record");
    return msg ? 0 : nd_fail(err, ND_INPUT, "the message has no headers");
}
