/* Factiva exports as text: blocks of two-letter codes (HD, BY, WC, PD ...), or the same without codes, where the order of
 * the lines says what they are. Each article ends with its document number. */
#include "formats/fill.h"
#include "formats/newsxml.h"
#include "formats/textual.h"

#include <stdio.h>
#include <string.h>

static const char codes[] =
    " SE HD CR WC PD ET SN SC ED PG VOL LA CY LP TD CT RF CO IN NS RE IPC IPD "
    "PUB AN BY CLM ART DLN CX ";

/* The code that a line begins with, absent if none does; *value is the rest of the line. */
static struct nd_str code_of(struct nd_str line, struct nd_str *value)
{
    char spaced[8];
    size_t n = 0;
    while (n < line.n && line.p[n] >= 'A' && line.p[n] <= 'Z')
        n++;
    if (n < 2 || n > 3 || (n < line.n && line.p[n] != ' ' && line.p[n] != '\t'))
        return (struct nd_str){0};
    struct nd_str rest = {line.p + n, line.n - n};
    *value = nd_trim(rest);
    /* a word of the text is followed by one blank */
    if (value->n && !nd_str_begins(rest, "  ") && *rest.p != '\t')
        return (struct nd_str){0};
    snprintf(spaced, sizeof spaced, " %.*s ", (int)n, line.p);
    return strstr(codes, spaced) ? (struct nd_str){line.p, n} : (struct nd_str){0};
}

/* "Document NYTF000020230905ej950004x": letters in capitals, then letters and digits. */
static bool is_document(struct nd_str line)
{
    line = nd_trim(line);
    if (nd_str_begins(line, "AN "))
        line = nd_trim((struct nd_str){line.p + 2, line.n - 2});
    if (!nd_str_begins(line, "Document ") || line.n < 20 || line.n > 60)
        return false;
    size_t letters = 0, digits = 0;
    for (size_t i = 9; i < line.n; i++) {
        char c = line.p[i];
        digits += c >= '0' && c <= '9';
        letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    return letters >= 3 && digits >= 6 && letters + digits == line.n - 9;
}

static bool begins(struct nd_str line, bool blank, struct nd_str before)
{
    (void)blank;
    return nd_trim(line).n && is_document(before);
}

static bool is_words(struct nd_str line)
{
    size_t i = 0;
    line = nd_trim(line);
    while (i < line.n && ((line.p[i] >= '0' && line.p[i] <= '9') || line.p[i] == ','))
        i++;
    return i && nd_str_eq((struct nd_str){line.p + i, line.n - i}, ND_STR(" words"));
}

static int factiva_bid(const char *p, size_t n, const char *filename)
{
    struct nd_str text = {p, n}, line, value;
    unsigned known = 0, words = 0, documents = 0, lines = 0;
    bool first_code = false;
    (void)filename;
    while (nd_next_line(&text, &line) && lines < 3000) {
        if (!nd_trim(line).n)
            continue;
        bool code = code_of(line, &value).n > 0;
        first_code |= !lines && code;
        lines++;
        known += code;
        words += is_words(line);
        documents += is_document(line);
    }
    if (first_code && known >= 4 && (words || documents))
        return ND_BID_SURE - 5;
    return words && documents ? ND_BID_LIKELY + 20 : ND_BID_NEVER;
}

/* What is collected of one article. */
struct parts {
    struct nd_str title, byline, date, time, source, lang, section, id, lead, body;
    struct nd_str persons, companies, regions, subjects, industries, column;
};

/* "sun20230905 : name | ..." or "Name, Other": names of a list of codes. */
static int list(struct nd_article *a, struct nd_arena *arena, struct nd_str s, int gold)
{
    int rc = 0;
    while (s.n && !rc) {
        size_t k = 0;
        while (k < s.n && s.p[k] != '|' && s.p[k] != ';' && s.p[k] != '\n')
            k++;
        struct nd_str one = nd_trim((struct nd_str){s.p, k});
        const char *colon = one.n ? memmem(one.p, one.n, " : ", 3) : NULL;
        if (colon)
            one = nd_trim((struct nd_str){colon + 3, one.n - (size_t)(colon + 3 - one.p)});
        rc = gold < 0 ? nd_list_add(&a->tags, arena, one)
                      : nd_gold_add(a, arena, (enum nd_entity_type)gold, one);
        k += k < s.n;
        s = (struct nd_str){s.p + k, s.n - k};
    }
    return rc;
}

static struct nd_str document_id(struct nd_str s)
{
    s = nd_trim(s);
    return nd_str_begins(s, "Document ") ? nd_trim((struct nd_str){s.p + 9, s.n - 9}) : s;
}

static struct nd_str *place_of(struct parts *p, struct nd_str code)
{
    const struct {
        const char *code;
        struct nd_str *at;
    } table[] = {{"HD", &p->title},    {"BY", &p->byline},     {"PD", &p->date},
                 {"ET", &p->time},     {"SN", &p->source},     {"LA", &p->lang},
                 {"SE", &p->section},  {"AN", &p->id},         {"LP", &p->lead},
                 {"TD", &p->body},     {"CO", &p->companies},  {"RE", &p->regions},
                 {"NS", &p->subjects}, {"IN", &p->industries}, {"CLM", &p->column}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (nd_str_eq(code, nd_str_of(table[i].code)))
            return table[i].at;
    return NULL;
}

/* Blocks: a code, then its lines to the next code. */
static void read_codes(struct parts *p, struct nd_str text)
{
    struct nd_str line, value, *at = NULL;
    const char *from = NULL;
    while (nd_next_line(&text, &line)) {
        struct nd_str code = code_of(line, &value);
        if (code.n) {
            at = place_of(p, code);
            from = value.n ? value.p : line.p + line.n;
        }
        if (at && from)
            *at = nd_trim((struct nd_str){from, (size_t)(line.p + line.n - from)});
    }
}

/* Without codes: title, byline, words, date, time, paper, its code, page, language, copyright, then the text. */
static void read_lines(struct parts *p, struct nd_str text)
{
    struct nd_str line, prev = {0}, rest = text;
    struct nd_date d;
    int stage = 0; /* 0 before the words, 1 date, 2 paper, 3 to the copyright, 4 text */
    const char *from = NULL, *to = text.p + text.n;
    while (nd_next_line(&rest, &line)) {
        struct nd_str s = nd_trim(line);
        if (is_document(s)) {
            p->id = s;
            to = line.p;
            break;
        }
        if (!s.n || stage == 4)
            continue;
        if (stage == 0 && is_words(s)) {
            stage = 1;
        } else if (stage == 0) {
            if (nd_str_begins(s, "By ") && p->title.n)
                p->byline = s;
            else
                p->title =
                    p->title.n ? (struct nd_str){p->title.p, (size_t)(s.p + s.n - p->title.p)} : s;
        } else if (stage == 1) {
            bool date = !nd_date_parse(&d, s.p, s.n, NULL);
            p->date = date ? s : p->date;
            stage = date ? 2 : stage;
        } else if (stage == 2 && s.n <= 8 && memchr(s.p, ':', s.n)) {
            p->time = s;
        } else if (stage == 2) {
            p->source = s;
            stage = 3;
        } else if (nd_str_begins(s, "(c)") || nd_str_begins(s, "Copyright") ||
                   nd_str_begins(s, "\xc2\xa9")) {
            p->lang = prev;
            stage = 4;
            from = line.p + line.n;
        }
        prev = s;
    }
    if (from && to > from)
        p->body = (struct nd_str){from, (size_t)(to - from)};
}

/* "5 September 2023" and "03:04", as one date where that is one. */
static int put_date(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                    const struct parts *p)
{
    struct nd_date d;
    if (p->time.n && p->time.n < 20) {
        char *both = nd_arena_printf(arena, "%.*s %.*s", (int)p->date.n, p->date.p, (int)p->time.n,
                                     p->time.p);
        if (both && !nd_date_parse(&d, both, strlen(both), NULL)) {
            a->published = d;
            return 0;
        }
    }
    return nd_put(a, arena, map, "date", p->date);
}

static int fill(struct nd_article *a, struct nd_arena *arena, const struct nd_reading *how,
                const struct nd_stream *in, struct nd_str text, struct nd_error *err)
{
    struct parts p = {0};
    struct nd_str line, value, peek = text;
    bool coded = false;
    (void)in, (void)err;
    if (!nd_trim(text).n)
        return ND_DONE;
    while (!coded && nd_next_line(&peek, &line))
        coded = nd_str_eq(code_of(line, &value), ND_STR("HD"));
    if (coded)
        read_codes(&p, text);
    else
        read_lines(&p, text);
    if (!p.id.n && !p.lead.n && !p.body.n && !p.date.n)
        return ND_DONE; /* the list of searches at the end of an export */
    int rc = nd_put(a, arena, how->map, "id", document_id(p.id));
    if (!rc)
        rc = nd_put(a, arena, how->map, "title", p.title);
    if (!rc)
        rc = nd_put(a, arena, how->map, "body", nd_join(arena, p.lead, p.body));
    if (!rc)
        rc = put_date(a, arena, how->map, &p);
    if (!rc)
        rc = nd_authors_add(&a->authors, arena, p.byline);
    if (!rc)
        rc = nd_put(a, arena, how->map, "source", p.source);
    if (!rc)
        rc = nd_put(a, arena, how->map, "section", p.section.n ? p.section : p.column);
    if (!rc)
        rc = nd_put(a, arena, how->map, "lang", p.lang);
    if (!rc)
        rc = list(a, arena, p.companies, ND_ORG);
    if (!rc)
        rc = list(a, arena, p.regions, ND_PLACE);
    if (!rc)
        rc = list(a, arena, p.subjects, -1);
    return rc ? rc : list(a, arena, p.industries, -1);
}

static int factiva_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                        struct nd_error *err)
{
    static const struct nd_textual_format format = {.begins = begins, .fill = fill};
    return nd_textual_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_factiva = {
    .name = "factiva",
    .summary = "Factiva exports as text, with codes (HD, BY, PD ...) or without",
    .extensions = " .txt ",
    .mapping = "id=AN title=HD body=LP+TD date=PD+ET author=BY source=SN section=SE|CLM lang=LA "
               "org=CO place=RE tag=NS|IN",
    .bid = factiva_bid,
    .open = factiva_open,
    .next = nd_textual_next,
    .close = nd_textual_close,
};
