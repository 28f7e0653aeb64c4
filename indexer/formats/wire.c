/* Wire text: IPTC 7901 and ANPA 1312. A message is SOH header STX text ETX end EOT; line ends and blanks around the control
 * characters differ from agency to agency, so only the characters count. The number of a message is its id, with the agency
 * and the day, as numbers begin anew each day. A kill note withdraws the message that it names. */
#include "formats/fill.h"
#include "formats/hyphen.h"
#include "formats/newsxml.h"
#include "formats/textual.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    SOH = 1,
    STX = 2,
    ETX = 3,
    EOT = 4,
    WORDS_MAX = 24 /* of a header that are looked at */
};

static bool begins(struct nd_str line, bool blank, struct nd_str before)
{
    (void)blank, (void)before;
    return memchr(line.p, SOH, line.n) != NULL;
}

static int wire_bid(const char *p, size_t n, const char *filename)
{
    (void)filename;
    n = n > 4096 ? 4096 : n;
    const char *soh = memchr(p, SOH, n);
    const char *stx = soh ? memchr(soh, STX, n - (size_t)(soh - p)) : NULL;
    if (!stx || stx - soh > 600)
        return ND_BID_NEVER;
    for (const char *c = p; c < soh; c++) /* synchronising and blanks alone */
        if (!strchr("\x16\x17\x1b\x7f \r\n\t", *c) || !*c)
            return ND_BID_NEVER;
    return ND_BID_SURE;
}

/* What the header says. */
struct header {
    struct nd_str agency, number, slug, version;
    char priority;
    struct nd_str category, words, day; /* mm-dd of ANPA */
};

static bool all(struct nd_str s, const char *set)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] || !strchr(set, s.p[i]))
            return false;
    return s.n > 0;
}

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Letters and digits behind them: "a0523", "APA1234". */
static bool is_number(struct nd_str s, size_t *letters)
{
    size_t k = 0;
    while (k < s.n && s.p[k] && strchr(LETTERS, s.p[k]))
        k++;
    *letters = k;
    return k && k <= 4 && s.n > k + 1 && s.n <= k + 6 &&
           all((struct nd_str){s.p + k, s.n - k}, DIGITS);
}

static bool is_slug(struct nd_str s)
{
    static const char *const cycles[] = {"AM-", "PM-", "BC-", "AP-", "XX-"};
    for (size_t i = 0; i < sizeof cycles / sizeof *cycles; i++)
        if (nd_str_begins(s, cycles[i]) && s.n > 3)
            return true;
    return false;
}

/* "1stLd", "2ndLd-Writethru", "Correction", "Kill". */
static bool is_version(struct nd_str s)
{
    static const char *const marks[] = {"lead", "add",  "writethru", "correct",
                                        "sub",  "kill", "takes"};
    bool counted = s.n >= 5 && *s.p >= '1' && *s.p <= '9' &&
                   nd_str_begins((struct nd_str){s.p + 3, s.n - 3}, "ld");
    for (size_t i = 0; i < sizeof marks / sizeof *marks && !counted; i++)
        counted = nd_str_begins(s, marks[i]);
    return counted;
}

static void read_header(struct header *h, struct nd_str s)
{
    struct nd_str word[WORDS_MAX];
    size_t n = 0, letters;
    for (size_t i = 0; i < s.n && n < WORDS_MAX;) {
        size_t k = 0;
        while (i + k < s.n && (unsigned char)s.p[i + k] > ' ' && s.p[i + k] != '\x7f')
            k++;
        if (k)
            word[n++] = (struct nd_str){s.p + i, k};
        i += k + 1;
    }
    for (size_t i = 0; i < n; i++) {
        struct nd_str w = word[i];
        while (w.n > 1 && w.p[w.n - 1] == '-') /* a0523----- */
            w.n--;
        if (!h->number.n && is_number(w, &letters)) {
            h->number = w;
            h->agency = (struct nd_str){w.p, letters};
        } else if (!h->priority && w.n == 1 && strchr("12345678fburdsaw", w.p[0])) {
            h->priority = w.p[0];
        } else if (!h->slug.n && is_slug(w)) {
            h->slug = w;
        } else if (w.n == 5 && w.p[2] == '-' && all((struct nd_str){w.p, 2}, DIGITS) &&
                   all((struct nd_str){w.p + 3, 2}, DIGITS)) {
            h->day = w;
        } else if (!h->words.n && all(w, DIGITS) && w.n <= 5) {
            h->words = w;
        } else if (!h->category.n && h->priority && w.n <= 4 && all(w, LETTERS)) {
            h->category = w;
        } else if (h->number.n && !h->version.n && is_version(w)) {
            h->version = w;
        } else if (h->number.n && !h->slug.n && h->words.n) {
            h->slug = w.n > 1 && *w.p == '/' ? (struct nd_str){w.p + 1, w.n - 1}
                                             : w; /* IPTC: what is behind the word count */
        }
    }
}

/* Two digits at p. */
static int two(const char *p)
{
    return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' ? (p[0] - '0') * 10 + p[1] - '0'
                                                                    : -1;
}

static int year_of(int yy)
{
    return yy < 70 ? 2000 + yy : 1900 + yy;
}

static bool parse(struct nd_date *out, const char *text)
{
    return !nd_date_parse(out, text, strlen(text), NULL);
}

/* "mm-dd-yy hhmmZZZ" of ANPA, at the end of the text or behind ETX: "AP-NY-11-24-96 1207EST<". */
static bool anpa_date(struct nd_str s, struct nd_date *out)
{
    char iso[64];
    for (size_t i = 0; i + 8 <= s.n; i++) {
        const char *p = s.p + i;
        int m = two(p), d = two(p + 3), y = two(p + 6), h = -1, min = -1;
        if (m < 1 || m > 12 || d < 1 || d > 31 || y < 0 || p[2] != '-' || p[5] != '-')
            continue;
        if (i + 13 <= s.n && p[8] == ' ') {
            h = two(p + 9);
            min = two(p + 11);
        }
        size_t k = 0;
        while (i + 13 + k < s.n && k < 5 && p[13 + k] >= 'A' && p[13 + k] <= 'Z')
            k++;
        snprintf(iso, sizeof iso, "%d %s %d %02d:%02d:00 %.*s", d,
                 &"Jan\0Feb\0Mar\0Apr\0May\0Jun\0Jul\0Aug\0Sep\0Oct\0Nov\0Dec"[(m - 1) * 4],
                 year_of(y), h, min, (int)k, p + 13);
        if (h >= 0 && min >= 0 && parse(out, iso))
            return true;
        snprintf(iso, sizeof iso, "%04d-%02d-%02d", year_of(y), m, d);
        if (parse(out, iso))
            return true;
    }
    return false;
}

/* "ddhhmm GMT mmm yy" of IPTC behind ETX: day, hour and minute, zone or none, month, year of two digits or four. */
static bool iptc_date(struct nd_str s, struct nd_date *out)
{
    static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    for (size_t i = 0; i + 6 <= s.n; i++) {
        const char *p = s.p + i;
        int d = two(p), h = two(p + 2), m = two(p + 4);
        if (d < 1 || d > 31 || h < 0 || h > 23 || m < 0 || m > 59)
            continue;
        struct nd_str rest = {p + 6, s.n - i - 6}, word, zone = {0}, month = {0}, year = {0};
        for (int turn = 0; turn < 3 && rest.n; turn++) {
            rest = nd_trim(rest);
            size_t k = 0;
            bool digit = rest.n && *rest.p >= '0' && *rest.p <= '9';
            while (k < rest.n && rest.p[k] && strchr(digit ? DIGITS : LETTERS, rest.p[k]))
                k++;
            word = (struct nd_str){rest.p, k};
            rest = (struct nd_str){rest.p + k, rest.n - k};
            const char *at = NULL;
            for (size_t b = 0; k == 3 && b < sizeof months - 1 && !at; b += 3)
                at = !strncasecmp(months + b, word.p, 3) ? months + b : NULL;
            if (digit && (k == 2 || k == 4))
                year = word;
            else if (at && !month.n)
                month = word;
            else if (k)
                zone = word;
        }
        char text[64];
        if (!month.n || !year.n)
            continue;
        snprintf(text, sizeof text, "%d %.*s %d %02d:%02d:00 %.*s", d, 3, month.p,
                 year.n == 2 ? year_of(two(year.p)) : two(year.p) * 100 + two(year.p + 2), h, m,
                 zone.n > 5 ? 5 : (int)zone.n, zone.n ? zone.p : "GMT");
        if (zone.n == 0)
            snprintf(text + strlen(text) - 3, 4, "GMT");
        if (parse(out, text))
            return true;
    }
    return false;
}

/* Do lines of one blank begin paragraphs? They do where others have none, the first left aside. */
static bool is_shallow(struct nd_str s)
{
    size_t flush = 0, one = 0;
    struct nd_str line;
    while (nd_next_line(&s, &line))
        if (line.n > 1) {
            flush += *line.p > ' ';
            one += *line.p == ' ' && line.p[1] > ' ';
        }
    return one && flush > 1;
}

/* "BAGHDAD, March 24 (Reuters) - ": no title, but the text itself. */
static bool has_dateline(struct nd_str s)
{
    static const char *const marks[] = {") _ ", ") - ", ") -- ", ") \xe2\x80\x93 ",
                                        ") \xe2\x80\x94 "};
    struct nd_str head = {s.p, s.n < 80 ? s.n : 80};
    const char *open = head.n ? memchr(head.p, '(', head.n) : NULL;
    for (size_t i = 0; open && i < sizeof marks / sizeof *marks; i++)
        if (memmem(open, head.n - (size_t)(open - head.p), marks[i], strlen(marks[i])))
            return true;
    return false;
}

/* "By Ann Lee and Bo Roe": names and nothing else. */
static bool is_byline(struct nd_str s)
{
    if (s.n > 80 || !nd_str_begins(s, "by ") || s.p[s.n - 1] == '.')
        return false;
    for (size_t i = 3; i < s.n; i++) {
        bool starts = s.p[i - 1] == ' ' && s.p[i] != ' ';
        if (starts && s.p[i] >= 'a' && s.p[i] <= 'z' &&
            !nd_str_begins((struct nd_str){s.p + i, s.n - i}, "and ") &&
            !nd_str_begins((struct nd_str){s.p + i, s.n - i}, "de ") &&
            !nd_str_begins((struct nd_str){s.p + i, s.n - i}, "van "))
            return false;
    }
    return true;
}

/* The text of lines: control characters and end marks of typesetters ('<', '^') go; an indented line begins a
 * paragraph. The first line that is marked with '^', or the rest of the STX line, is the title; "By ..." a byline. */
static int read_text(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                     struct nd_str s)
{
    char *out = nd_arena_alloc(arena, s.n * 2 + 2);
    size_t n = 0, count = 0;
    struct nd_str line, title = {0};
    struct nd_hyphens known = {0};
    bool shallow = is_shallow(s);
    int rc = 0;
    if (!out)
        return ND_NOMEM;
    while (!rc && nd_next_line(&s, &line)) {
        struct nd_str bare = nd_trim(line);
        bool marked = bare.n && *bare.p == '^';
        bool indented =
            line.n && (*line.p == '\t' || nd_str_begins(line, "  ") || (shallow && *line.p == ' '));
        while (bare.n && (*bare.p == '^' || *bare.p == STX))
            bare = nd_trim((struct nd_str){bare.p + 1, bare.n - 1});
        while (bare.n && (bare.p[bare.n - 1] == '<' || bare.p[bare.n - 1] == '^' ||
                          bare.p[bare.n - 1] == ETX || (marked && bare.p[bare.n - 1] == '=')))
            bare = nd_trim((struct nd_str){bare.p, bare.n - 1});
        if (!bare.n) {
            if (n && out[n - 1] != '\n') {
                out[n++] = '\n';
                out[n++] = '\n';
            }
            continue;
        }
        bool head = !n && count < 8 && (marked || !count);
        count++;
        if (count < 9 && !a->authors.n && (marked || indented) && is_byline(bare)) {
            rc = nd_authors_add(&a->authors, arena, bare);
        } else if (head && nd_str_begins(bare, "by ")) {
            rc = nd_authors_add(&a->authors, arena, bare);
        } else if (head && !title.n && (marked || !has_dateline(bare))) {
            title = bare;
        } else if (marked && !n) {
            /* a line of the slug comes before the title */
            if (is_slug(title) && !nd_str_begins(bare, "eds:") && !nd_str_begins(bare, "ap "))
                title = bare;
            continue; /* a title's second line, "Associated Press Writer" */
        } else {
            size_t off = 0;
            enum nd_hyphen split = ND_HYPHEN_NONE;
            known.p = out;
            known.n = n;
            if (n && !indented)
                split = nd_line_hyphen(&known, out, n, bare.p, bare.n, true, &off);
            if (split == ND_HYPHEN_OFF)
                n -= off;
            else if (n && out[n - 1] != '\n' && split == ND_HYPHEN_NONE)
                out[n++] = indented ? '\n' : ' ';
            if (n && indented && out[n - 1] == '\n' && (n < 2 || out[n - 2] != '\n'))
                out[n++] = '\n';
            memcpy(out + n, bare.p, bare.n);
            n += bare.n;
        }
    }
    if (!rc)
        rc = nd_put(a, arena, map, "title", title);
    return rc ? rc : nd_put(a, arena, map, "body", (struct nd_str){out, n});
}

static bool says(struct nd_str s, const char *word)
{
    size_t k = strlen(word);
    for (size_t i = 0; i + k <= s.n; i++)
        if (!strncasecmp(s.p + i, word, k))
            return true;
    return false;
}

/* Is it a note that an earlier message is to go? Then *killed is that one's number, where it is named. */
static bool kill_note(const struct header *h, const struct nd_article *a, struct nd_str *killed)
{
    struct nd_str head = {a->body.p, a->body.n > 600 ? 600 : a->body.n};
    bool note = says(a->title, "mandatory kill") || says(a->title, "bulletin kill") ||
                says(h->version, "kill") || says(a->title, "story kill") ||
                says(a->title, "kill notice") || says(head, "mandatory kill") ||
                (says(a->title, "kill") && says(head, "kill "));
    size_t letters;
    *killed = (struct nd_str){0};
    for (size_t i = 0; note && i < head.n && !killed->n;) {
        size_t k = 0;
        while (i + k < head.n && head.p[i + k] && strchr(DIGITS LETTERS, head.p[i + k]))
            k++;
        struct nd_str w = {head.p + i, k};
        if (is_number(w, &letters) && w.n >= 4 && !nd_str_eq(w, h->number))
            *killed = w;
        i += k + 1;
    }
    return note;
}

static struct nd_str make_id(struct nd_arena *arena, const struct nd_date *day,
                             struct nd_str number)
{
    char *p = day->precision == ND_DATE_NONE
                  ? nd_arena_printf(arena, "%.*s", (int)number.n, number.p)
                  : nd_arena_printf(arena, "%08u-%.*s", day->day, (int)number.n, number.p);
    return p ? nd_str_of(p) : (struct nd_str){0};
}

static int tags(struct nd_article *a, struct nd_arena *arena, const struct header *h)
{
    int rc = nd_list_add(&a->tags, arena, h->slug);
    char *p = h->priority ? nd_arena_printf(arena, "priority %c", h->priority) : NULL;
    if (!rc && p)
        rc = nd_list_add(&a->tags, arena, nd_str_of(p));
    if (!rc && (says(h->version, "correct") || says(a->title, "correction")))
        rc = nd_list_add(&a->tags, arena, ND_STR("correction"));
    return rc;
}

static int fill(struct nd_article *a, struct nd_arena *arena, const struct nd_reading *how,
                const struct nd_stream *in, struct nd_str text, struct nd_error *err)
{
    struct header h = {0};
    struct nd_str killed;
    (void)in;
    const char *soh = memchr(text.p, SOH, text.n), *end = text.p + text.n;
    if (!soh)
        return ND_DONE; /* what is before the first */
    const char *stx = memchr(soh, STX, (size_t)(end - soh));
    if (!stx)
        return nd_fail(err, ND_INPUT, "the message has no text");
    const char *etx = memchr(stx, ETX, (size_t)(end - stx)),
               *eot = memchr(stx, EOT, (size_t)(end - stx)),
               *stop = etx   ? etx
                       : eot ? eot
                             : end;
    struct nd_str body = {stx + 1, (size_t)(stop - stx) - 1},
                  tail = {stop, (size_t)((eot && eot > stop ? eot : end) - stop)},
                  last = {body.p + (body.n > 200 ? body.n - 200 : 0), body.n > 200 ? 200 : body.n};
    read_header(&h, (struct nd_str){soh + 1, (size_t)(stx - soh) - 1});
    int rc = read_text(a, arena, how->map, body);
    if (!rc && !anpa_date(tail, &a->published) && !iptc_date(tail, &a->published))
        anpa_date(last, &a->published);
    if (!rc && h.number.n)
        rc = nd_put(a, arena, how->map, "id", make_id(arena, &a->published, h.number));
    if (!rc && h.agency.n >= 2)
        rc = nd_put(a, arena, how->map, "source", h.agency);
    if (!rc)
        rc = nd_put(a, arena, how->map, "section", h.category);
    if (!rc)
        rc = nd_put(a, arena, how->map, "version", h.version);
    if (!rc)
        rc = tags(a, arena, &h);
    if (!rc && kill_note(&h, a, &killed) && killed.n) {
        a->withdrawn = true;
        a->id = make_id(arena, &a->published, killed);
    }
    a->partial |= !etx && !eot;
    return rc;
}

static int wire_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                     struct nd_error *err)
{
    static const struct nd_textual_format format = {.begins = begins, .fill = fill};
    return nd_textual_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_wire = {
    .name = "wire",
    .summary = "wire text of agencies: IPTC 7901, ANPA 1312",
    .extensions = " .iptc .anpa .wire ",
    .mapping = "id=day-number title=first_line body=text date=behind_ETX author=By_line "
               "source=letters_of_the_number section=category version=version tag=keyword|priority "
               "withdrawn=kill_note",
    .bid = wire_bid,
    .open = wire_open,
    .next = nd_textual_next,
    .close = nd_textual_close,
};
