/* digest_write.c: the digest as text, Markdown, a page, and RSS 2.0. */
#include "digest_in.h"

#include "render/html.h"
#include "render/rows.h"
#include "text/date.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const sections[ND_DIGEST_EVENTS] = {"Articles", "New", "Changed",
                                                       "No longer matching", "Withdrawn"};
static const char *const events[ND_DIGEST_EVENTS] = {"", "new", "changed", "no longer matches",
                                                     "withdrawn"};

static const struct nd_str untitled = ND_STR("(no title)"), undated = ND_STR("undated");

/* How a form writes text that comes from articles and queries. */
typedef void put_fn(struct nd_buf *out, struct nd_str s);

static void put_plain(struct nd_buf *out, struct nd_str s)
{
    nd_printable(out, s.p, s.n, true);
}

static void put_markdown(struct nd_buf *out, struct nd_str s)
{
    struct nd_render r = {.out = out};
    nd_markdown_cell(&r, s);
}

/* 3 new, 1 withdrawn */
static void summary(const struct nd_digest *d, struct nd_buf *out)
{
    bool any = false;
    for (int e = 0; e < ND_DIGEST_EVENTS; e++) {
        if (!d->counts[e])
            continue;
        nd_buf_printf(out, "%s%zu %s", any ? ", " : "", d->counts[e],
                      e == ND_DIGEST_MATCH       ? (d->counts[e] == 1 ? "article" : "articles")
                      : e == ND_DIGEST_NO_LONGER ? "no longer matching"
                                                 : events[e]);
        any = true;
    }
    if (!any)
        nd_buf_str(out, "nothing new");
}

/* The queries of an entry, with what it is to each where that differs. */
static void labels(const struct nd_digest *d, const struct nd_digest_entry *e, struct nd_buf *out,
                   put_fn *put)
{
    for (const struct nd_digest_label *l = e->labels; l; l = l->next) {
        put(out, d->queries[l->query].shown);
        if (l->event != e->event)
            nd_buf_printf(out, " (%s)", events[l->event]);
        nd_buf_str(out, l->next ? "; " : "");
    }
}

static void facts(const struct nd_digest_entry *e, struct nd_buf *out, put_fn *put)
{
    put(out, e->date.n ? e->date : undated);
    nd_buf_str(out, " · ");
    if (e->source.n) {
        put(out, e->source);
        nd_buf_str(out, " · ");
    }
    put(out, e->id);
}

static void hash(const struct nd_digest_entry *e, struct nd_buf *out)
{
    nd_buf_printf(out, "an article reported before (id hash %016" PRIx64 ")", e->id_hash);
}

/* Does a section begin at entry i? */
static bool begins(const struct nd_digest *d, size_t i)
{
    return i == 0 || d->v[i - 1]->event != d->v[i]->event;
}

void nd_digest_put_text(const struct nd_digest *d, struct nd_buf *out)
{
    summary(d, out);
    nd_buf_byte(out, '\n');
    for (size_t i = 0; i < d->n; i++) {
        const struct nd_digest_entry *e = d->v[i];
        if (begins(d, i))
            nd_buf_printf(out, "\n== %s (%zu)\n", sections[e->event], d->counts[e->event]);
        nd_buf_byte(out, '\n');
        if (e->event == ND_DIGEST_WITHDRAWN) {
            hash(e, out);
        } else {
            put_plain(out, e->title.n ? e->title : untitled);
            nd_buf_str(out, "\n  ");
            facts(e, out, put_plain);
        }
        nd_buf_str(out, "\n  in: ");
        labels(d, e, out, put_plain);
        nd_buf_byte(out, '\n');
        if (e->url.n) {
            nd_buf_str(out, "  ");
            put_plain(out, e->url);
            nd_buf_byte(out, '\n');
        }
        if (e->snippet.text.n) {
            nd_buf_str(out, "  ");
            put_plain(out, e->snippet.text);
            nd_buf_byte(out, '\n');
        }
        for (const struct nd_digest_entry *c = e->copies; c; c = c->copies) {
            nd_buf_str(out, "  copy: ");
            facts(c, out, put_plain);
            nd_buf_byte(out, '\n');
        }
    }
}

static void markdown_snippet(const struct nd_snippet *s, struct nd_buf *out)
{
    size_t at = 0;
    nd_buf_str(out, "  > ");
    for (size_t i = 0; i < s->marks_n; i++) {
        struct nd_highlight m = s->marks[i];
        put_markdown(out, (struct nd_str){s->text.p + at, m.start - at});
        nd_buf_str(out, "**");
        put_markdown(out, (struct nd_str){s->text.p + m.start, m.end - m.start});
        nd_buf_str(out, "**");
        at = m.end;
    }
    put_markdown(out, (struct nd_str){s->text.p + at, s->text.n - at});
    nd_buf_byte(out, '\n');
}

/* An address between < and >, where only these and blanks could end it. */
static void put_address(struct nd_buf *out, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == '<' || c == '>')
            nd_buf_printf(out, "%%%02X", c);
        else
            nd_buf_byte(out, c);
    }
}

void nd_digest_put_markdown(const struct nd_digest *d, struct nd_buf *out)
{
    nd_buf_str(out, "# ");
    summary(d, out);
    nd_buf_byte(out, '\n');
    for (size_t i = 0; i < d->n; i++) {
        const struct nd_digest_entry *e = d->v[i];
        bool link = nd_html_web(e->url);
        if (begins(d, i))
            nd_buf_printf(out, "\n## %s (%zu)\n\n", sections[e->event], d->counts[e->event]);
        nd_buf_str(out, "- ");
        if (e->event == ND_DIGEST_WITHDRAWN) {
            hash(e, out);
        } else {
            nd_buf_str(out, link ? "[" : "**");
            put_markdown(out, e->title.n ? e->title : untitled);
            if (link) {
                nd_buf_str(out, "](<");
                put_address(out, e->url);
                nd_buf_str(out, ">)");
            } else {
                nd_buf_str(out, "**");
            }
            nd_buf_str(out, "  \n  ");
            facts(e, out, put_markdown);
        }
        nd_buf_str(out, "  \n  in: ");
        labels(d, e, out, put_markdown);
        nd_buf_byte(out, '\n');
        if (e->snippet.text.n)
            markdown_snippet(&e->snippet, out);
        if (e->copies)
            nd_buf_byte(out, '\n');
        for (const struct nd_digest_entry *c = e->copies; c; c = c->copies) {
            nd_buf_str(out, "  - copy: ");
            facts(c, out, put_markdown);
            nd_buf_byte(out, '\n');
        }
    }
}

static void html_entry(const struct nd_digest *d, size_t i, struct nd_buf *out)
{
    const struct nd_digest_entry *e = d->v[i];
    bool link = nd_html_web(e->url);
    nd_buf_printf(out, "<li><article tabindex=\"0\" id=\"hit-%zu\">\n", i + 1);
    if (e->event == ND_DIGEST_WITHDRAWN) {
        nd_buf_str(out, "<p>");
        hash(e, out);
        nd_buf_str(out, "</p>\n<p class=\"facts\">");
    } else {
        nd_buf_str(out, "<h3>");
        if (link) {
            nd_buf_str(out, "<a rel=\"noreferrer\" href=\"");
            nd_html_text(out, e->url);
            nd_buf_str(out, "\">");
        }
        nd_html_text(out, e->title.n ? e->title : untitled);
        nd_buf_str(out, link ? "</a></h3>\n<p class=\"facts\">" : "</h3>\n<p class=\"facts\">");
        facts(e, out, nd_html_text);
        nd_buf_str(out, "</p>\n<p class=\"facts\">");
    }
    nd_buf_str(out, "in: ");
    labels(d, e, out, nd_html_text);
    nd_buf_str(out, "</p>\n");
    if (e->snippet.text.n)
        nd_html_snippet(out, &e->snippet);
    if (e->copies)
        nd_buf_str(out, "<ul class=\"facts\">\n");
    for (const struct nd_digest_entry *c = e->copies; c; c = c->copies) {
        nd_buf_str(out, "<li>copy: ");
        facts(c, out, nd_html_text);
        nd_buf_str(out, "</li>\n");
    }
    nd_buf_str(out, e->copies ? "</ul>\n</article></li>\n" : "</article></li>\n");
}

void nd_digest_put_html(const struct nd_digest *d, struct nd_buf *out)
{
    char title[200];
    struct nd_buf line;
    nd_buf_init(&line, sizeof title);
    summary(d, &line);
    snprintf(title, sizeof title, "%.*s", (int)line.len, line.data ? line.data : "");
    nd_buf_free(&line);
    nd_html_head(out, nd_str_of(title));
    nd_buf_printf(out, "<header><h1>%s</h1></header>\n<main id=\"hits\">\n", title);
    for (size_t i = 0; i < d->n; i++) {
        const struct nd_digest_entry *e = d->v[i];
        if (begins(d, i))
            nd_buf_printf(out, "%s<h2>%s (%zu)</h2>\n<ol>\n", i ? "</ol>\n" : "",
                          sections[e->event], d->counts[e->event]);
        html_entry(d, i, out);
    }
    const struct nd_manifest *m = &d->ix->folders[0].manifest;
    nd_buf_printf(out,
                  "%s</main>\n<footer>\n<p>%zu saved quer%s, revision %" PRIu32
                  " of the index</p>\n</footer>\n",
                  d->n ? "</ol>\n" : "", d->queries_n, d->queries_n == 1 ? "y" : "ies",
                  m->revision);
    nd_html_foot(out);
}

/* A date as RSS has them (RFC 822), in UTC. */
static void rss_date(struct nd_buf *out, int64_t seconds)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t day = seconds / 86400 - (seconds % 86400 < 0), rest = seconds - day * 86400;
    int year;
    unsigned month, of_month;
    nd_civil_from_days(day, &year, &month, &of_month);
    if (month < 1 || month > 12 || year < 0 || year > 9999)
        return;
    nd_buf_printf(out, "<pubDate>%s, %02u %s %04d %02d:%02d:%02d GMT</pubDate>\n",
                  days[(day % 7 + 7) % 7], of_month, months[month - 1], year, (int)(rest / 3600),
                  (int)(rest / 60 % 60), (int)(rest % 60));
}

/* The name of an item that is the same whenever it is told: the article, and for a change its version. */
static void rss_guid(const struct nd_digest *d, const struct nd_digest_entry *e, struct nd_buf *out)
{
    nd_buf_printf(out, "<guid isPermaLink=\"false\">newsdex:%s:", d->ix->folders[0].manifest.uuid);
    if (e->event == ND_DIGEST_WITHDRAWN)
        nd_buf_printf(out, "withdrawn:%016" PRIx64, e->id_hash);
    else
        nd_html_text(out, e->id);
    if (e->event == ND_DIGEST_CHANGED || e->event == ND_DIGEST_NO_LONGER)
        nd_buf_printf(out, ":%s:%" PRIu32, e->event == ND_DIGEST_CHANGED ? "changed" : "gone",
                      e->revision);
    nd_buf_str(out, "</guid>\n");
}

static void rss_item(const struct nd_digest *d, const struct nd_digest_entry *e, struct nd_buf *out)
{
    nd_buf_str(out, "<item>\n<title>");
    if (e->event > ND_DIGEST_NEW)
        nd_buf_printf(out, "%s: ", sections[e->event]);
    if (e->event == ND_DIGEST_WITHDRAWN)
        hash(e, out);
    else
        nd_html_text(out, e->title.n ? e->title : untitled);
    nd_buf_str(out, "</title>\n");
    if (nd_html_web(e->url)) {
        nd_buf_str(out, "<link>");
        nd_html_text(out, e->url);
        nd_buf_str(out, "</link>\n");
    }
    rss_guid(d, e, out);
    if (e->event != ND_DIGEST_WITHDRAWN && e->published != INT64_MIN)
        rss_date(out, e->published);
    for (const struct nd_digest_label *l = e->labels; l; l = l->next) {
        nd_buf_str(out, "<category>");
        nd_html_text(out, d->queries[l->query].shown);
        nd_buf_str(out, "</category>\n");
    }
    /* the description is text that itself is HTML: its own markup is escaped once more */
    struct nd_buf text;
    nd_buf_init(&text, 16 << 20);
    nd_buf_str(&text, "<p>");
    if (e->event != ND_DIGEST_WITHDRAWN) {
        facts(e, &text, nd_html_text);
        nd_buf_str(&text, "<br>");
    }
    nd_buf_str(&text, "in: ");
    labels(d, e, &text, nd_html_text);
    nd_buf_str(&text, "</p>\n");
    if (e->snippet.text.n)
        nd_html_snippet(&text, &e->snippet);
    for (const struct nd_digest_entry *c = e->copies; c; c = c->copies) {
        nd_buf_str(&text, "<p>copy: ");
        facts(c, &text, nd_html_text);
        nd_buf_str(&text, "</p>\n");
    }
    nd_buf_str(out, "<description>");
    nd_html_text(out, (struct nd_str){text.data ? text.data : "", text.len});
    nd_buf_str(out, "</description>\n</item>\n");
    nd_buf_free(&text);
}

void nd_digest_put_rss(const struct nd_digest *d, struct nd_buf *out)
{
    nd_buf_printf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">\n<channel>\n"
                  "<title>newsq: saved queries</title>\n<link>urn:uuid:%s</link>\n<description>",
                  d->ix->folders[0].manifest.uuid);
    summary(d, out);
    nd_buf_str(out, "</description>\n<generator>newsq</generator>\n");
    for (size_t i = 0; i < d->n; i++)
        rss_item(d, d->v[i], out);
    nd_buf_str(out, "</channel>\n</rss>\n");
}
