/* Mail: a message a file (.eml, Maildir, news spools) or many in an mbox. What is read: the plain text, or the HTML as
 * text; of several forms one. Left out: attachments, the signature after "-- ", PGP armour. Quoted text stays: it is
 * what the author answers to, and often the only copy. References are of no use here. */
#include "formats/mail.h"
#include "formats/fill.h"
#include "formats/newsxml.h"
#include "formats/textual.h"
#include "text/utf8.h"

#include <string.h>

/* "Article 1234 of sci.space:", as news readers saved what they showed. */
static bool article_line(struct nd_str line)
{
    size_t i = 8;
    if (line.n < 16 || memcmp(line.p, "Article ", 8))
        return false;
    while (i < line.n && line.p[i] >= '0' && line.p[i] <= '9')
        i++;
    return i > 8 && line.n - i > 5 && !memcmp(line.p + i, " of ", 4) && line.p[line.n - 1] == ':' &&
           !memchr(line.p + i + 4, ' ', line.n - i - 4);
}

/* "From somebody Tue Sep 23 12:00:00 2003": a time and a year at least; or the other line before a message. */
static bool from_line(struct nd_str line)
{
    if (article_line(line))
        return true;
    if (line.n < 20 || memcmp(line.p, "From ", 5))
        return false;
    bool time = false, year = false;
    for (size_t i = 5; i + 4 <= line.n; i++) {
        const char *p = line.p + i;
        bool before = line.p[i - 1] == ' ';
        size_t left = line.n - i;
#define DIGIT(k) (p[k] >= '0' && p[k] <= '9')
        time |= before && left >= 5 && DIGIT(1) && DIGIT(3) && DIGIT(4) && p[2] == ':' &&
                (DIGIT(0) || p[0] == ' ');
        year |= before && (p[0] == '1' || p[0] == '2') && DIGIT(1) && DIGIT(2) && DIGIT(3) &&
                (left == 4 || p[4] == ' ' || p[4] == '\r' || p[4] == '\n');
#undef DIGIT
    }
    return time && year;
}

/* Bytes of the name of a header that begins here, 0 if none does. */
static size_t header_name(struct nd_str line)
{
    size_t n = 0;
    while (n < line.n && line.p[n] > ' ' && line.p[n] < 0x7f && line.p[n] != ':')
        n++;
    return n && n < line.n && n < 80 && line.p[n] == ':' ? n : 0;
}

/* Headers of the first lines that only messages have; 0 if the lines are none of a message. */
static unsigned known_headers(struct nd_str text)
{
    static const char known[] =
        " from subject date message-id received return-path path newsgroups "
        "mime-version delivered-to reply-to x-mailer content-type to cc "
        "references list-id organization sender xref ";
    struct nd_str line;
    unsigned count = 0, lines = 0;
    while (nd_next_line(&text, &line) && line.n && ++lines < 200) {
        char name[82] = " ";
        if (*line.p == ' ' || *line.p == '\t') {
            if (lines == 1)
                return 0;
            continue;
        }
        size_t n = header_name(line);
        if (!n)
            return lines > 1 && !memcmp(line.p, ">From ", line.n > 6 ? 6 : line.n) ? count : 0;
        for (size_t i = 0; i < n; i++) {
            char c = line.p[i];
            name[i + 1] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
        memcpy(name + n + 1, " ", 2);
        count += strstr(known, name) != NULL;
    }
    return count;
}

static int mail_bid(const char *p, size_t n, const char *filename)
{
    struct nd_str text = {p, n}, line;
    (void)filename;
    struct nd_str rest = text;
    if (!nd_next_line(&rest, &line))
        return ND_BID_NEVER;
    if (from_line(line))
        return known_headers(rest) ? ND_BID_SURE : ND_BID_NEVER;
    unsigned k = known_headers(text);
    return k >= 3 ? ND_BID_SURE - 5 : k == 2 ? ND_BID_LIKELY : ND_BID_NEVER;
}

/* Does a line begin a message? The blank line that is to be before it is missing at times, */
static bool begins(struct nd_str line, bool blank, struct nd_str before)
{
    (void)before, (void)blank;
    return from_line(line);
}

/* and texts have such lines that nobody quoted: headers follow those that begin one. */
static bool confirms(struct nd_str next)
{
    size_t n = header_name(next);
    return n > 1 && next.p[n - 1] != '/' && nd_trim(next).n > n &&
           (n + 1 == next.n || next.p[n + 1] == ' ' || next.p[n + 1] == '\t' ||
            known_headers(next));
}

/* Pass over the From_ line and undo the quoting of others in the text: one '>' of ">From ", ">>From ". */
static struct nd_str unquoted(struct nd_str text, struct nd_arena *arena)
{
    const char *at = text.p, *end = text.p + text.n;
    struct nd_str first = text, line;
    nd_next_line(&first, &line);
    bool box = from_line(line);
    text = box ? first : text;
    if (!box || !memmem(text.p, text.n, "\n>", 2))
        return text;
    char *out = nd_arena_alloc(arena, text.n + 1);
    size_t n = 0;
    if (!out)
        return (struct nd_str){0};
    for (at = text.p; at < end;) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));
        size_t k = (size_t)((eol ? eol + 1 : end) - at), marks = 0;
        while (marks < k && at[marks] == '>')
            marks++;
        size_t drop = marks && k - marks >= 5 && !memcmp(at + marks, "From ", 5);
        memcpy(out + n, at + drop, k - drop);
        n += k - drop;
        at += k;
    }
    return (struct nd_str){out, n};
}

/* A name, or the address where there is none: "Ann Lee" <a@b>, a@b (Ann Lee). */
static struct nd_str person(struct nd_str s)
{
    const char *lt = s.n ? memchr(s.p, '<', s.n) : NULL, *open = s.n ? memchr(s.p, '(', s.n) : NULL;
    struct nd_str name = s;
    if (lt) {
        name = nd_trim((struct nd_str){s.p, (size_t)(lt - s.p)});
        if (!name.n) {
            const char *gt = memchr(lt, '>', s.n - (size_t)(lt - s.p));
            name =
                (struct nd_str){lt + 1, gt ? (size_t)(gt - lt) - 1 : s.n - (size_t)(lt - s.p) - 1};
        }
    } else if (open && memchr(s.p, '@', (size_t)(open - s.p))) {
        const char *close = memrchr(open, ')', s.n - (size_t)(open - s.p));
        struct nd_str in = {open + 1, (size_t)((close ? close : s.p + s.n) - open) - 1};
        name = nd_trim(in).n ? in : (struct nd_str){s.p, (size_t)(open - s.p)};
    }
    name = nd_trim(name);
    while (name.n >= 2 && (*name.p == '"' || *name.p == '\'') && name.p[name.n - 1] == *name.p)
        name = nd_trim((struct nd_str){name.p + 1, name.n - 2});
    return name;
}

static struct nd_str bracketed(struct nd_str s)
{
    const char *lt = s.n ? memchr(s.p, '<', s.n) : NULL;
    const char *gt = lt ? memchr(lt, '>', s.n - (size_t)(lt - s.p)) : NULL;
    return gt ? nd_trim((struct nd_str){lt + 1, (size_t)(gt - lt) - 1}) : s;
}

/* "The List <list.example.org>": its name, else its address. */
static struct nd_str list_name(struct nd_str s)
{
    const char *lt = s.n ? memchr(s.p, '<', s.n) : NULL;
    struct nd_str name = lt ? nd_trim((struct nd_str){s.p, (size_t)(lt - s.p)}) : s;
    while (name.n >= 2 && *name.p == '"' && name.p[name.n - 1] == '"')
        name = nd_trim((struct nd_str){name.p + 1, name.n - 2});
    return name.n ? name : bracketed(s);
}

/* Several names parted by commas, as tags. *first is the first. */
static int names(struct nd_article *a, struct nd_arena *arena, struct nd_str s,
                 struct nd_str *first)
{
    int rc = 0;
    while (s.n && !rc) {
        const char *comma = memchr(s.p, ',', s.n);
        size_t k = comma ? (size_t)(comma - s.p) : s.n;
        struct nd_str name = nd_trim((struct nd_str){s.p, k});
        if (first && !first->n)
            *first = name;
        rc = nd_list_add(&a->tags, arena, name);
        k += comma != NULL;
        s = (struct nd_str){s.p + k, s.n - k};
    }
    return rc;
}

/* Usenet's order to take back a message: "cancel <id>". */
static bool cancels(struct nd_article *a, const struct nd_mail *m)
{
    if (!nd_str_begins(m->control, "cancel ") || !memchr(m->control.p, '<', m->control.n))
        return false;
    a->id = bracketed(m->control);
    a->withdrawn = true;
    return true;
}

static int fill(struct nd_article *a, struct nd_arena *arena, const struct nd_reading *how,
                const struct nd_stream *in, struct nd_str bytes, struct nd_error *err)
{
    struct nd_mail m;
    struct nd_str text = unquoted(bytes, arena), group = {0};
    (void)in;
    if (!nd_trim(text).n)
        return nd_trim(bytes).n ? nd_fail(err, ND_INPUT, "the message is empty") : ND_DONE;
    int rc = nd_mail_parse(&m, arena, text, how->repairs, err);
    if (rc)
        return rc;
    rc = nd_put(a, arena, how->map, "id", bracketed(m.id));
    if (!rc && cancels(a, &m))
        return 0;
    if (!rc)
        rc = nd_put(a, arena, how->map, "title", m.subject);
    if (!rc)
        rc = nd_put(a, arena, how->map, "body",
                    m.html ? m.text : nd_mail_text(arena, m.text, &m.attachments));
    if (!rc)
        rc = nd_put(a, arena, how->map, "date", nd_mail_date(arena, m.date));
    if (!rc)
        rc = nd_list_add(&a->authors, arena, person(m.from));
    if (!rc)
        rc = names(a, arena, m.newsgroups, &group);
    if (!rc)
        rc = names(a, arena, m.keywords, NULL);
    if (!rc)
        rc = nd_put(a, arena, how->map, "section", m.list.n ? list_name(m.list) : group);
    if (!rc && m.language.n <= 8)
        rc = nd_put(a, arena, how->map, "lang", m.language);
    if (!rc)
        rc = nd_put(a, arena, how->map, "url", bracketed(m.url));
    a->partial = m.cut;
    if (how->parts)
        *how->parts += m.attachments;
    return rc;
}

static int mail_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    static const struct nd_textual_format format = {
        .begins = begins, .confirms = confirms, .fill = fill, .raw = true};
    return nd_textual_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_mail = {
    .name = "mail",
    .summary = "mail and Usenet: mbox, Maildir, a message a file",
    .extensions = " .mbox .mbx .eml .mail ",
    .mapping = "id=Message-ID title=Subject body=text/plain|text/html date=Date author=From "
               "section=List-Id|Newsgroups tag=Newsgroups|Keywords lang=Content-Language "
               "withdrawn=Control",
    .bid = mail_bid,
    .open = mail_open,
    .next = nd_textual_next,
    .close = nd_textual_close,
};
