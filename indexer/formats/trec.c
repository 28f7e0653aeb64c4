/* TREC and LDC collections: <DOC> elements of SGML that no parser of XML takes: bare &, tags that are not closed, names
 * that differ from disk to disk (LA Times, FT, FBIS, AP, WSJ, Gigaword, pages of WikiExtractor). */
#include "formats/entity.h"
#include "formats/fill.h"
#include "formats/hyphen.h"
#include "formats/newsxml.h"
#include "formats/textual.h"
#include "text/utf8.h"

#include <string.h>
#include <strings.h>

enum {
    TAG_MAX = 1024 /* bytes of a tag; '<' without '>' in so many is a character */
};

static bool begins_doc(struct nd_str line)
{
    line = nd_trim(line);
    return line.n >= 5 && !strncasecmp(line.p, "<doc", 4) && (line.p[4] == '>' || line.p[4] == ' ');
}

static bool begins(struct nd_str line, bool blank, struct nd_str before)
{
    (void)blank, (void)before;
    return begins_doc(line);
}

static int trec_bid(const char *p, size_t n, const char *filename)
{
    struct nd_str text = {p, n}, line;
    (void)filename;
    while (nd_next_line(&text, &line))
        if (nd_trim(line).n) {
            if (!begins_doc(line))
                return ND_BID_NEVER;
            return memchr(line.p, '=', line.n) || memmem(p, n, "<DOCNO", 6) ||
                           memmem(p, n, "<DOCID", 6) || memmem(p, n, "<TEXT", 5)
                       ? ND_BID_SURE
                       : ND_BID_LIKELY;
        }
    return ND_BID_NEVER;
}

/* A tag at p: its bytes, its name and whether it closes. 0 if there is none. */
static size_t tag_at(const char *p, size_t n, struct nd_str *name, bool *closes)
{
    if (n < 3 || *p != '<')
        return 0;
    size_t i = 1;
    *closes = p[i] == '/';
    i += *closes;
    if (!((p[i] >= 'A' && p[i] <= 'Z') || (p[i] >= 'a' && p[i] <= 'z') || p[i] == '!'))
        return 0;
    size_t from = i;
    while (i < n && p[i] != '>' && p[i] != ' ' && p[i] != '\n' && p[i] != '\r' && p[i] != '\t' &&
           p[i] != '<')
        i++;
    *name = (struct nd_str){p + from, i - from};
    size_t most = n - i > TAG_MAX ? i + TAG_MAX : n;
    while (i < most && p[i] != '>' &&
           p[i] != '<') /* no tag in a tag: hostile ones cost no more than their bytes */
        i++;
    return i < most && p[i] == '>' ? i + 1 : 0;
}

static bool named(struct nd_str name, const char *list)
{
    char spaced[32];
    if (!name.n || name.n > 28)
        return false;
    spaced[0] = ' ';
    memcpy(spaced + 1, name.p, name.n);
    memcpy(spaced + name.n + 1, " ", 2);
    return strcasestr(list, spaced) != NULL;
}

/* What stands in the next element of one of the names; *rest moves behind it. An element that is not closed ends
 * with the record. */
static struct nd_str element(struct nd_str *rest, const char *list)
{
    struct nd_str name, out = {0};
    bool closes;
    for (size_t i = 0; i < rest->n;) {
        const char *lt = memchr(rest->p + i, '<', rest->n - i);
        if (!lt)
            break;
        i = (size_t)(lt - rest->p);
        size_t k = tag_at(lt, rest->n - i, &name, &closes);
        if (!k || closes || !named(name, list)) {
            i += k ? k : 1;
            continue;
        }
        size_t from = i + k, end = from;
        struct nd_str other;
        for (;;) {
            const char *next = memchr(rest->p + end, '<', rest->n - end);
            if (!next) {
                end = rest->n;
                break;
            }
            end = (size_t)(next - rest->p);
            size_t m = tag_at(next, rest->n - end, &other, &closes);
            if (m && closes && other.n == name.n && !strncasecmp(other.p, name.p, name.n))
                break;
            end += m ? m : 1;
        }
        out = (struct nd_str){rest->p + from, end - from};
        *rest = (struct nd_str){rest->p + end, rest->n - end};
        return out;
    }
    *rest = (struct nd_str){rest->p + rest->n, 0};
    return out;
}

static struct nd_str first(struct nd_str doc, const char *list)
{
    return element(&doc, list);
}

/* The character of a reference, also those that only these collections have. */
static size_t reference(const char *p, size_t n, uint32_t *cp)
{
    static const struct {
        const char *name;
        uint32_t cp;
    } own[] = {{"&hyph;", '-'}, {"&blank;", ' '}, {"&AMP;", '&'},    {"&LT;", '<'},
               {"&GT;", '>'},   {"&sect;", 0xa7}, {"&QL;", ' '},     {"&UR;", ' '},
               {"&LR;", ' '},   {"&QC;", ' '},    {"&bull;", 0x2022}};
    size_t k = nd_entity_at(p, n, cp);
    for (size_t i = 0; !k && i < sizeof own / sizeof *own; i++) {
        size_t m = strlen(own[i].name);
        if (n >= m && !memcmp(p, own[i].name, m)) {
            *cp = own[i].cp;
            k = m;
        }
    }
    return k;
}

/* Text without tags; with P among them they part the paragraphs, and line ends mean nothing. In the arena. */
static struct nd_str plain(struct nd_str s, struct nd_arena *arena)
{
    static const char blocks[] =
        " p br ti tr table tablerow li h1 h2 h3 h4 h5 h6 h7 h8 div headline ";
    char *out = s.n ? nd_arena_alloc(arena, s.n * 2 + 4) : NULL;
    bool marked = s.n && (memmem(s.p, s.n, "<P>", 3) || memmem(s.p, s.n, "<p>", 3)), closes;
    size_t n = 0;
    unsigned asked = 0;
    struct nd_str name;
    for (size_t i = 0; out && i < s.n;) {
        uint32_t cp = 0;
        size_t k = s.p[i] == '&' ? reference(s.p + i, s.n - i, &cp) : 0;
        if (marked && s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n') {
            k = 1;
        } else if (k) {
            n += cp ? nd_utf8_encode(cp, out + n) : 0;
        } else if (s.n - i > 4 && !memcmp(s.p + i, "<!--", 4)) {
            const char *end = memmem(s.p + i, s.n - i, "-->", 3);
            k = end ? (size_t)(end - (s.p + i)) + 3 : 4;
        } else if ((k = tag_at(s.p + i, s.n - i, &name, &closes))) {
            if (named(name, blocks) && k >= 3) { /* two bytes for three at least */
                out[n++] = '\n';
                out[n++] = '\n';
            }
        } else {
            bool end = marked && (s.p[i] == '\n' || s.p[i] == '\r');
            struct nd_hyphens known = {.p = out, .n = n, .asked = asked};
            size_t off = 0;
            enum nd_hyphen split =
                end && n && out[n - 1] == '-'
                    ? nd_line_hyphen(&known, out, n, s.p + i + 1, s.n - i - 1, true, &off)
                    : ND_HYPHEN_NONE;
            asked = known.asked;
            n -= split == ND_HYPHEN_OFF ? off : 0;
            if (split == ND_HYPHEN_NONE)
                out[n++] = end ? ' ' : s.p[i];
            k = 1;
        }
        i += k;
    }
    return nd_trim((struct nd_str){out, n});
}

static struct nd_str line(struct nd_str s, struct nd_arena *arena)
{
    s = plain(s, arena);
    char *p = s.n ? nd_arena_alloc(arena, s.n) : NULL;
    size_t n = 0;
    for (size_t i = 0; p && i < s.n; i++) {
        bool blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t';
        if (!blank)
            p[n++] = s.p[i];
        else if (n && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    return nd_trim((struct nd_str){p, n});
}

static struct nd_str attribute(struct nd_str tag, const char *name)
{
    size_t k = strlen(name);
    for (size_t i = 1; i + k + 1 < tag.n; i++) {
        if (tag.p[i - 1] != ' ' || strncasecmp(tag.p + i, name, k) || tag.p[i + k] != '=')
            continue;
        const char *v = tag.p + i + k + 1, *end = tag.p + tag.n;
        char quote = v < end && (*v == '"' || *v == '\'') ? *v++ : ' ';
        const char *stop = v < end ? memchr(v, quote, (size_t)(end - v)) : NULL;
        stop = stop ? stop : end;
        return (struct nd_str){v, (size_t)(stop - v)};
    }
    return (struct nd_str){0};
}

/* A date of eight digits, or of six in the nineteen hundreds, at the first digits of an id or text. */
static bool digits_date(struct nd_str s, struct nd_date *out)
{
    for (size_t i = 0; i < s.n;) {
        size_t k = 0;
        while (i + k < s.n && s.p[i + k] >= '0' && s.p[i + k] <= '9')
            k++;
        char whole[9] = "19";
        if (k == 8 || k == 12 || k == 14)
            memcpy(whole, s.p + i, 8);
        else if (k == 6)
            memcpy(whole + 2, s.p + i, 6);
        if ((k == 6 || k >= 8) && whole[2] && !nd_date_parse(out, whole, 8, NULL) &&
            out->precision == ND_DATE_DAY)
            return true;
        i += k ? k : 1;
    }
    return false;
}

/* "January 1, 1989, Sunday, Home Edition": as much of the text as is a date. */
static bool text_date(struct nd_str s, struct nd_date *out)
{
    while (s.n && (*s.p == '=' || *s.p == ' '))
        s = (struct nd_str){s.p + 1, s.n - 1};
    bool digits = s.n == 6;
    for (size_t i = 0; i < s.n && digits; i++)
        digits = s.p[i] >= '0' && s.p[i] <= '9';
    if (digits)
        return digits_date(s, out);
    for (size_t n = s.n; n;) {
        if (!nd_date_parse(out, s.p, n, NULL))
            return true;
        const char *cut = memrchr(s.p, ',', n);
        const char *par = memrchr(s.p, '(', n);
        cut = par > cut ? par : cut;
        n = cut ? (size_t)(cut - s.p) : 0;
        while (n && s.p[n - 1] == ' ')
            n--;
    }
    return false;
}

/* The paper, by the letters that its ids begin with. */
static struct nd_str paper(struct nd_str id)
{
    static const struct {
        const char *letters, *name;
    } known[] = {{"AFP_", "Agence France-Presse"},
                 {"APW_", "Associated Press"},
                 {"CNA_", "Central News Agency"},
                 {"LTW_", "Los Angeles Times/Washington Post"},
                 {"NYT_", "The New York Times"},
                 {"WPB_", "Washington Post/Bloomberg"},
                 {"XIN_", "Xinhua"},
                 {"NYT1", "The New York Times"},
                 {"NYT2", "The New York Times"},
                 {"APW1", "Associated Press"},
                 {"APW2", "Associated Press"},
                 {"XIE1", "Xinhua"},
                 {"XIE2", "Xinhua"},
                 {"WSJ", "The Wall Street Journal"},
                 {"SJMN", "San Jose Mercury News"},
                 {"FBIS", "Foreign Broadcast Information Service"},
                 {"AP8", "Associated Press"},
                 {"AP9", "Associated Press"},
                 {"FT9", "Financial Times"},
                 {"LA0", "Los Angeles Times"},
                 {"LA1", "Los Angeles Times"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (nd_str_begins(id, known[i].letters))
            return nd_str_of(known[i].name);
    return (struct nd_str){0};
}

/* "FT  14 MAY 91 / The headline": the paper and day before it are fields of their own. */
static struct nd_str headline(struct nd_str s, struct nd_str id)
{
    const char *slash = nd_str_begins(id, "FT9") && s.n > 3 ? memmem(s.p, s.n, " / ", 3) : NULL;
    if (slash && slash - s.p < 20 && nd_str_begins(s, "FT "))
        s = (struct nd_str){slash + 3, s.n - (size_t)(slash + 3 - s.p)};
    return nd_trim(s);
}

static struct nd_str body(struct nd_str doc, struct nd_arena *arena)
{
    struct nd_str rest = doc, out = {0}, part, name;
    bool closes;
    while ((part = element(&rest, " text body lp ")).p)
        out = out.n ? nd_join(arena, out, plain(part, arena)) : plain(part, arena);
    if (out.n || memmem(doc.p, doc.n, "<TEXT", 5))
        return out;
    /* text without an element of its own: what is behind the tag, if no other field is there */
    const char *gt = memchr(doc.p, '>', doc.n);
    struct nd_str all = gt ? (struct nd_str){gt + 1, doc.n - (size_t)(gt + 1 - doc.p)} : out;
    const char *lt = all.n ? memchr(all.p, '<', all.n) : NULL;
    bool tagged = lt && tag_at(lt, all.n - (size_t)(lt - all.p), &name, &closes) && !closes &&
                  named(name, " docno docid headline head hl date dateline ");
    return tagged ? out : plain(all, arena);
}

static int fill(struct nd_article *a, struct nd_arena *arena, const struct nd_reading *how,
                const struct nd_stream *in, struct nd_str text, struct nd_error *err)
{
    (void)in;
    while (text.n && *text.p != '<')
        text = (struct nd_str){text.p + 1, text.n - 1};
    if (!begins_doc(text))
        return ND_DONE; /* what is before the first */
    const char *gt = memchr(text.p, '>', text.n);
    if (!gt)
        return nd_fail(err, ND_INPUT, "the tag of the document is not closed");
    struct nd_str tag = {text.p, (size_t)(gt - text.p)}, name;
    bool closed = false;
    for (const char *p = text.p; !closed && (p = memchr(p, '<', (size_t)(text.p + text.n - p)));
         p++) {
        closed = text.p + text.n - p >= 6 && !strncasecmp(p, "</doc>", 6);
        if (closed)
            text.n = (size_t)(p - text.p);
    }
    struct nd_str id = line(first(text, " docno docid id "), arena);
    struct nd_str type = attribute(tag, "type"), date, more;
    id = id.n ? id : attribute(tag, "id");
    struct nd_str title = line(first(text, " headline hl head title ti ttl doctitle "), arena);
    title = title.n ? headline(title, id) : attribute(tag, "title");
    date = line(first(text, " date_time datetime date date1 pubdate dd "), arena);
    struct nd_str dateline = line(first(text, " dateline dl "), arena),
                  source = line(first(text, " pub source so publication "), arena),
                  section = line(first(text, " section "), arena);
    const char *semi = section.n ? memchr(section.p, ';', section.n) : NULL;
    section.n = semi ? (size_t)(semi - section.p) : section.n;
    int rc = nd_put(a, arena, how->map, "id", id);
    if (!rc)
        rc = nd_put(a, arena, how->map, "title", title);
    if (!rc)
        rc = nd_put(a, arena, how->map, "body", nd_join(arena, dateline, body(text, arena)));
    if (!rc)
        rc = nd_authors_add(&a->authors, arena, line(first(text, " byline author by "), arena));
    if (!rc)
        rc = nd_put(a, arena, how->map, "source", source.n ? source : paper(id));
    if (!rc)
        rc = nd_put(a, arena, how->map, "section", section);
    if (!rc)
        rc = nd_put(a, arena, how->map, "url", attribute(tag, "url"));
    if (!rc && type.n && !nd_str_is(type, "story"))
        rc = nd_list_add(&a->tags, arena, type);
    for (more = text; !rc && (name = element(&more, " subject in keyword keywords descript ")).p;)
        rc = nd_list_add(&a->tags, arena, line(name, arena));
    if (!rc && first(text, " correction ").p)
        rc = nd_list_add(&a->tags, arena, ND_STR("correction"));
    if (!(date.n && text_date(date, &a->published)) && !digits_date(id, &a->published))
        rc = rc ? rc : nd_put(a, arena, how->map, "date", date); /* told as a bad date */
    if (!rc && !closed) /* the last one of a file that was cut */
        a->partial = true;
    return rc;
}

static int trec_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    static const struct nd_textual_format format = {.begins = begins, .fill = fill};
    return nd_textual_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_trec = {
    .name = "trec",
    .summary = "TREC and LDC collections: <DOC> elements of SGML",
    .extensions = " .sgml .sgm .trec ",
    .mapping = "id=DOCNO|DOCID|@id title=HEADLINE|HL|HEAD|TITLE body=TEXT date=DATE|DATETIME|(id) "
               "author=BYLINE|AUTHOR source=PUB|SO|(id) section=SECTION tag=@type|SUBJECT|IN",
    .bid = trec_bid,
    .open = trec_open,
    .next = nd_textual_next,
    .close = nd_textual_close,
};
