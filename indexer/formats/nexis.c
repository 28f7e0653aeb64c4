/* Nexis exports as text: "1 of 20 DOCUMENTS" before each article, or "End of Document" behind it; labels in capitals or
 * not (LENGTH:, Byline:), the head of an article centred and without labels. */
#include "formats/fill.h"
#include "formats/newsxml.h"
#include "formats/textual.h"

#include <string.h>
#include <strings.h>

/* "12 of 200 DOCUMENTS", "DOCUMENT 12 OF 200". */
static bool is_count(struct nd_str line)
{
    char word[3][16] = {{0}};
    struct nd_str s = nd_trim(line);
    unsigned n = 0;
    if (s.n > 60)
        return false;
    if (s.n > 9 && !strncasecmp(s.p, "DOCUMENT ", 9))
        s = (struct nd_str){s.p + 9, s.n - 9};
    else if (s.n > 10 && !strncasecmp(s.p + s.n - 10, " DOCUMENTS", 10))
        s.n -= 10;
    else if (s.n > 9 && !strncasecmp(s.p + s.n - 9, " DOCUMENT", 9))
        s.n -= 9;
    else
        return false;
    for (size_t i = 0; i < s.n;) {
        size_t k = 0;
        while (i + k < s.n && s.p[i + k] != ' ')
            k++;
        if (k && (n == 3 || k > 15))
            return false;
        if (k)
            memcpy(word[n++], s.p + i, k);
        i += k + 1;
    }
    return n == 3 && !strcasecmp(word[1], "of") && *word[0] >= '0' && *word[0] <= '9' &&
           *word[2] >= '0' && *word[2] <= '9';
}

static bool is_end(struct nd_str line)
{
    return nd_str_is(nd_trim(line), "End of Document");
}

static bool begins(struct nd_str line, bool blank, struct nd_str before)
{
    (void)blank;
    return is_count(line) || (nd_trim(line).n && is_end(before));
}

enum label { /* what follows a label */
    NONE,
    OTHER, /* known, and of no use here */
    HEADLINE,
    BYLINE,
    SECTION,
    LENGTH,
    DATELINE,
    HIGHLIGHT,
    BODY,
    URL,
    SUBJECT,
    LANGUAGE,
    ORGANIZATION,
    PERSON,
    PLACE,
    CORRECTION,
    LABELS
};

static enum label label_of(struct nd_str line, struct nd_str *value)
{
    static const struct {
        const char *name;
        enum label label;
    } table[] = {{"HEADLINE", HEADLINE},
                 {"BYLINE", BYLINE},
                 {"SECTION", SECTION},
                 {"LENGTH", LENGTH},
                 {"DATELINE", DATELINE},
                 {"HIGHLIGHT", HIGHLIGHT},
                 {"BODY", BODY},
                 {"URL", URL},
                 {"SUBJECT", SUBJECT},
                 {"LANGUAGE", LANGUAGE},
                 {"COMPANY", ORGANIZATION},
                 {"ORGANIZATION", ORGANIZATION},
                 {"PERSON", PERSON},
                 {"GEOGRAPHIC", PLACE},
                 {"CITY", PLACE},
                 {"STATE", PLACE},
                 {"COUNTRY", PLACE},
                 {"CORRECTION", CORRECTION},
                 {"CORRECTION-DATE", OTHER},
                 {"LOAD-DATE", OTHER},
                 {"GRAPHIC", OTHER},
                 {"PUBLICATION-TYPE", OTHER},
                 {"JOURNAL-CODE", OTHER},
                 {"TICKER", OTHER},
                 {"INDUSTRY", OTHER},
                 {"SERIES", OTHER},
                 {"DOCUMENT-TYPE", OTHER},
                 {"ACC-NO", OTHER},
                 {"TYPE", OTHER},
                 {"NOTES", OTHER},
                 {"DISTRIBUTION", OTHER},
                 {"CATEGORY", OTHER},
                 {"COPYRIGHT", OTHER},
                 {"TERMS", OTHER},
                 {"PRINT", OTHER},
                 {"ARTICLE-TYPE", OTHER},
                 {"CLASSIFICATION", OTHER},
                 {"NEWS-TYPE", OTHER}};
    struct nd_str s = nd_trim(line);
    const char *colon = s.n ? memchr(s.p, ':', s.n > 20 ? 20 : s.n) : NULL;
    size_t n = colon ? (size_t)(colon - s.p) : s.n;
    *value = colon ? nd_trim((struct nd_str){colon + 1, s.n - n - 1}) : (struct nd_str){0};
    if (!s.n || line.p[0] == ' ')
        return NONE;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *name = table[i].name;
        if (strlen(name) != n || strncasecmp(name, s.p, n))
            continue;
        bool bare = !strcmp(name, "BODY") || !strcmp(name, "CLASSIFICATION"); /* as headings */
        if (!colon && !(bare && s.p[0] == name[0]))
            return NONE;
        /* in words of a text ("Notes: ...") only the first letter is a capital too: known as labels all the same */
        return s.p[0] == name[0] ? table[i].label : NONE;
    }
    return NONE;
}

static int nexis_bid(const char *p, size_t n, const char *filename)
{
    struct nd_str text = {p, n}, line, value;
    unsigned count = 0, ends = 0, labels = 0;
    bool words = false;
    (void)filename;
    while (nd_next_line(&text, &line)) {
        count += is_count(line);
        ends += is_end(line);
        enum label l = label_of(line, &value);
        labels += l > NONE;
        words |= l == LENGTH && nd_str_ends(value, " words");
    }
    if (words && (count || ends))
        return ND_BID_SURE - 5;
    return count && labels >= 2 ? ND_BID_LIKELY + 20 : ND_BID_NEVER;
}

/* Lines of the head that have no label, to the first that has one. */
struct head {
    struct nd_str line[12];
    size_t n, date; /* number of the line that is a date; n if none is */
};

/* "September 5, 2023 Tuesday": the weekday behind goes. */
static bool line_date(struct nd_str s, struct nd_date *d)
{
    for (int turn = 0; turn < 6 && s.n > 3; turn++) {
        if (!nd_date_parse(d, s.p, s.n, NULL))
            return d->precision >= ND_DATE_MONTH;
        const char *cut = memrchr(s.p, ' ', s.n);
        s.n = cut ? (size_t)(cut - s.p) : 0;
        while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == ','))
            s.n--;
    }
    return false;
}

static bool is_copyright(struct nd_str s)
{
    return nd_str_begins(s, "copyright") || nd_str_begins(s, "(c)") ||
           nd_str_is(s, "all rights reserved");
}

/* What is before the first label: paper, date, title; the newer exports have the title first. */
static int use_head(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                    struct head *h)
{
    struct nd_str source = {0}, title = {0};
    if (h->date < h->n && h->date) {
        source = h->line[h->date - 1];
        for (size_t i = 0; i + 1 < h->date; i++)
            title = title.n
                        ? (struct nd_str){title.p, (size_t)(h->line[i].p + h->line[i].n - title.p)}
                        : h->line[i];
    }
    /* behind the date: editions are centred, the title is not */
    for (size_t i = h->date + 1; i < h->n && !title.n; i++)
        if (h->line[i].p[-1] == '\n')
            title = h->line[i];
    int rc = nd_put(a, arena, map, "source", source);
    return rc ? rc : nd_put(a, arena, map, "title", title);
}

static int put_label(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                     enum label l, struct nd_str s)
{
    static const int gold[LABELS] = {
        [ORGANIZATION] = ND_ORG + 1, [PERSON] = ND_PERSON + 1, [PLACE] = ND_PLACE + 1};
    int rc = 0;
    size_t k = 0;
    switch (l) {
    case HEADLINE:
        return nd_put(a, arena, map, "headline", s);
    case BYLINE:
        return nd_authors_add(&a->authors, arena, s);
    case SECTION:
        while (k < s.n && s.p[k] != ';')
            k++;
        return nd_put(a, arena, map, "section", (struct nd_str){s.p, k});
    case HIGHLIGHT:
        return nd_put(a, arena, map, "lead", s);
    case URL:
        return nd_put(a, arena, map, "url", s);
    case LANGUAGE:
        while (k < s.n && s.p[k] != ';')
            k++;
        return nd_put(a, arena, map, "lang", (struct nd_str){s.p, k});
    case CORRECTION:
        return nd_list_add(&a->tags, arena, ND_STR("correction"));
    case SUBJECT:
    case ORGANIZATION:
    case PERSON:
    case PLACE:
        for (; s.n && !rc; s = (struct nd_str){s.p + k, s.n - k}) {
            for (k = 0; k < s.n && s.p[k] != ';';)
                k++;
            struct nd_str one = nd_trim((struct nd_str){s.p, k});
            const char *share = one.n ? memmem(one.p, one.n, " (", 2) : NULL;
            if (share && one.p[one.n - 1] == ')' &&
                memchr(share, '%', one.n - (size_t)(share - one.p)))
                one.n = (size_t)(share - one.p); /* how much the article is about it */
            rc = gold[l] ? nd_gold_add(a, arena, (enum nd_entity_type)(gold[l] - 1), one)
                         : nd_list_add(&a->tags, arena, one);
            k += k < s.n;
        }
        return rc;
    default:
        return 0;
    }
}

/* A paragraph of the body goes into the buffer of the body, which has room for all of the text. */
static void add_line(char *out, size_t *n, struct nd_str line)
{
    memcpy(out + *n, line.p, line.n);
    *n += line.n;
    out[(*n)++] = '\n';
}

static int fill(struct nd_article *a, struct nd_arena *arena, const struct nd_reading *how,
                const struct nd_stream *in, struct nd_str text, struct nd_error *err)
{
    struct head head = {.n = 0, .date = sizeof head.line / sizeof *head.line};
    enum label at = NONE;
    struct nd_str line, value, kept = {0}, dateline = {0};
    char *body = nd_arena_alloc(arena, text.n + 2);
    size_t body_n = 0;
    bool any = false, in_body = false, blank = true;
    int rc = 0;
    (void)in;
    if (!body)
        return ND_NOMEM;
    while (!rc && nd_next_line(&text, &line)) {
        struct nd_str s = nd_trim(line);
        enum label l = is_count(line) || is_end(line) ? OTHER : label_of(line, &value);
        if (is_count(line) || is_end(line)) {
            in_body = false;
            continue;
        }
        if (l != NONE && !(in_body && !blank)) {
            if (kept.n)
                rc = put_label(a, arena, how->map, at, kept);
            kept = l == DATELINE || l == BODY ? (struct nd_str){0} : value;
            dateline = l == DATELINE ? value : dateline;
            at = l;
            any |= l > OTHER;
            in_body = l == BODY;
            if (in_body && value.n)
                add_line(body, &body_n, value);
        } else if (!any) {
            struct nd_date d;
            if (s.n && head.n < sizeof head.line / sizeof *head.line && !is_copyright(s)) {
                if (head.date > head.n && line_date(s, &d)) {
                    head.date = head.n;
                    a->published = d;
                }
                head.line[head.n++] = s;
            }
        } else if (in_body) {
            add_line(body, &body_n, line);
        } else if (!s.n && kept.n) { /* a blank line ends what a label says */
            rc = put_label(a, arena, how->map, at, kept);
            kept = (struct nd_str){0};
        } else if (kept.n) {
            kept.n = (size_t)(s.p + s.n - kept.p); /* goes on in this line */
        } else if (s.n && at != OTHER && at < URL && blank && !body_n && !is_copyright(s)) {
            in_body = true; /* the older exports do not label it */
            add_line(body, &body_n, line);
        }
        blank = !s.n;
    }
    if (!rc && kept.n)
        rc = put_label(a, arena, how->map, at, kept);
    head.date = head.date > head.n ? head.n : head.date;
    if (!rc && !any && !body_n)
        return head.n ? nd_fail(err, ND_INPUT, "the article has no labels") : ND_DONE;
    if (!rc)
        rc = use_head(a, arena, how->map, &head);
    return rc ? rc
              : nd_put(a, arena, how->map, "body",
                       nd_join(arena, dateline, (struct nd_str){body, body_n}));
}

static int nexis_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                      struct nd_error *err)
{
    static const struct nd_textual_format format = {.begins = begins, .fill = fill};
    return nd_textual_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_nexis = {
    .name = "nexis",
    .summary = "Nexis exports as text",
    .extensions = " .txt ",
    .mapping = "title=HEADLINE|head body=BODY date=head author=BYLINE source=head section=SECTION "
               "lead=HIGHLIGHT url=URL lang=LANGUAGE tag=SUBJECT org=COMPANY|ORGANIZATION "
               "person=PERSON place=GEOGRAPHIC",
    .bid = nexis_bid,
    .open = nexis_open,
    .next = nd_textual_next,
    .close = nd_textual_close,
};
