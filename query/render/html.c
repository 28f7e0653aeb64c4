/* html.c: one page that stands alone: the hits with their marks, the matches over time as SVG, the names in them.
 * Nothing is fetched from anywhere: style and the few lines of script are inside, and the page says so to the
 * browser (Content-Security-Policy). The hits are written as they come; what is known of all matches follows them
 * and is moved beside or above them by the style sheet. */
#include "render/html.h"

#include "text/markup.h"

#include <inttypes.h>
#include <string.h>

/* Text between tags or in a quoted attribute; control characters are left out. */
void nd_html_text(struct nd_buf *out, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        const char *reference = nd_markup_reference(c);
        bool none = c == 0xef && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0xbf &&
                    (unsigned char)s.p[i + 2] >= 0xbe;
        if (reference)
            nd_buf_str(out, reference);
        else if (none) /* U+FFFE and U+FFFF are no characters of XML */
            i += 2;
        else if (c >= 0x20 || c == '\n' || c == '\t')
            nd_buf_byte(out, c);
    }
}

bool nd_html_web(struct nd_str s)
{
    return (s.n > 7 && strncasecmp(s.p, "http://", 7) == 0) ||
           (s.n > 8 && strncasecmp(s.p, "https://", 8) == 0);
}

static const char style[] =
    ":root{--paper:#fbfaf7;--ink:#1c1b19;--quiet:#66625b;--line:#dcd8cf;--mark:#ffe58a;--accent:#"
    "8a2b1e}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#17181a;--ink:#e8e6e1;--quiet:#a09c94;--line:#"
    "34363a;"
    "--mark:#6b5410;--accent:#f0a08c}}\n"
    "*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);"
    "font:17px/1.5 Charter,Georgia,serif}\n"
    "header,main,aside,footer{max-width:46rem;margin:0 auto;padding:0 1rem}\n"
    "header{padding-top:1.5rem}h1{font-size:1.35rem;margin:0;overflow-wrap:anywhere}h1 "
    "code{font-size:1.1rem}\n"
    ".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper)}\n"
    "p{margin:.25rem 0}.facts,footer,aside td+td,figcaption{color:var(--quiet);"
    "font:14px/1.4 system-ui,sans-serif}\n"
    "ol{list-style:none;margin:1rem 0;padding:0}article{padding:.75rem 0;border-top:1px solid "
    "var(--line);"
    "overflow-wrap:anywhere}\n"
    "article:focus{outline:2px solid var(--accent);outline-offset:4px}h2{font-size:1.1rem;margin:0}"
    "h3{font-size:1rem;margin:1rem 0 .25rem}\n"
    "a{color:inherit;text-decoration-color:var(--accent)}mark{background:var(--mark);color:inherit}"
    "\n"
    "table{border-collapse:collapse;width:100%}td{padding:.1rem 0;vertical-align:top}"
    "td+td{text-align:right;font-variant-numeric:tabular-nums;padding-left:.5rem}\n"
    "figure{margin:1rem 0}svg{width:100%;height:auto;display:block}svg rect{fill:var(--accent)}\n"
    "@media(min-width:64rem){body{display:grid;grid-template-columns:minmax(0,1fr) 46rem 20rem "
    "minmax(0,1fr);"
    "column-gap:2rem}header,main,footer{grid-column:2;margin:0;width:100%}"
    "aside{grid-column:3;grid-row:1/4;margin:0;padding-top:1.5rem;width:100%}}\n"
    "@media print{.skip,script{display:none}}\n";

/* j and k, as readers of long lists expect; without it the tab key does. */
static const char script[] =
    "addEventListener('keydown',function(e){if(e.ctrlKey||e.metaKey||e.altKey)return;"
    "var s=e.key=='j'?1:e.key=='k'?-1:0;if(!s)return;"
    "var a=[].slice.call(document.querySelectorAll('article')),"
    "i=a.indexOf(document.activeElement.closest('article'));"
    "var n=a[Math.max(0,Math.min(a.length-1,i<0?(s>0?0:a.length-1):i+s))];"
    "if(n){n.focus();n.scrollIntoView({block:'nearest'})}});";

void nd_html_head(struct nd_buf *out, struct nd_str title)
{
    nd_buf_str(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<meta name=\"referrer\" content=\"no-referrer\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<title>");
    nd_html_text(out, title);
    nd_buf_printf(out,
                  "%snewsq</title>\n<style>\n%s</style>\n</head>\n<body>\n"
                  "<a class=\"skip\" href=\"#hits\">to the articles</a>\n",
                  title.n ? " - " : "", style);
}

void nd_html_foot(struct nd_buf *out)
{
    nd_buf_printf(out, "<script>%s</script>\n</body>\n</html>\n", script);
}

static void begin(struct nd_render *r)
{
    r->items = 0;
    nd_html_head(r->out, r->query);
    if (r->query.n) {
        nd_buf_str(r->out, "<header><h1><code>");
        nd_html_text(r->out, r->query);
        nd_buf_str(r->out, "</code></h1></header>\n");
    }
    nd_buf_str(r->out, "<main id=\"hits\">\n");
}

void nd_html_snippet(struct nd_buf *out, const struct nd_snippet *s)
{
    size_t at = 0;
    nd_buf_str(out, "<p>");
    for (size_t i = 0; i < s->marks_n; i++) {
        struct nd_highlight m = s->marks[i];
        nd_html_text(out, (struct nd_str){s->text.p + at, m.start - at});
        nd_buf_str(out, "<mark>");
        nd_html_text(out, (struct nd_str){s->text.p + m.start, m.end - m.start});
        nd_buf_str(out, "</mark>");
        at = m.end;
    }
    nd_html_text(out, (struct nd_str){s->text.p + at, s->text.n - at});
    nd_buf_str(out, "</p>\n");
}

static void fact(struct nd_render *r, struct nd_str s, bool *first)
{
    if (!s.n)
        return;
    nd_buf_str(r->out, *first ? "" : " · ");
    nd_html_text(r->out, s);
    *first = false;
}

static void hit(struct nd_render *r, const struct nd_view *v)
{
    bool link = nd_html_web(v->url), first = true;
    struct nd_str untitled = ND_STR("(no title)"), undated = ND_STR("undated");
    nd_buf_str(r->out, r->items++ ? "" : "<ol>\n");
    nd_buf_printf(r->out, "<li><article tabindex=\"0\" id=\"hit-%" PRIu64 "\">\n<h2>", v->rank);
    if (link) {
        nd_buf_str(r->out, "<a rel=\"noreferrer\" href=\"");
        nd_html_text(r->out, v->url);
        nd_buf_str(r->out, "\">");
    }
    nd_html_text(r->out, v->title.n ? v->title : untitled);
    nd_buf_str(r->out, link ? "</a></h2>\n<p class=\"facts\">" : "</h2>\n<p class=\"facts\">");
    if (v->event)
        fact(r, nd_str_of(v->event), &first);
    fact(r, v->date.n ? v->date : undated, &first);
    fact(r, v->source, &first);
    fact(r, v->id, &first);
    if (v->index)
        fact(r, nd_str_of(v->index), &first);
    if (v->copies)
        nd_buf_printf(r->out, " · +%" PRIu64 " %s", v->copies, v->copies == 1 ? "copy" : "copies");
    nd_buf_str(r->out, "</p>\n");
    if (v->snippet && v->snippet->text.n)
        nd_html_snippet(r->out, v->snippet);
    nd_buf_str(r->out, "</article></li>\n");
}

static void row(struct nd_render *r, const struct nd_count *c)
{
    nd_buf_str(r->out, "<tr><td>");
    nd_html_text(r->out, c->value);
    nd_buf_printf(r->out, "</td><td>%" PRIu64, c->count);
    if (c->has_share)
        nd_buf_printf(r->out, "</td><td>%.2f %%", c->share);
    nd_buf_str(r->out, "</td></tr>\n");
}

static void count(struct nd_render *r, const struct nd_count *c)
{
    if (!r->items++)
        nd_buf_printf(r->out, "<table>\n<caption>%s</caption>\n", c->field);
    row(r, c);
}

/* Bars of equal width; the tallest fills the height. Each says its period and count when pointed at. */
static void timeline(struct nd_render *r, const struct nd_overview *o)
{
    enum {
        WIDE = 640,
        HIGH = 120
    };
    uint64_t most = 1;
    for (size_t i = 0; i < o->bars_n; i++)
        most = o->bars[i].count > most ? o->bars[i].count : most;
    if (!o->bars_n)
        return;
    double step = (double)WIDE / (double)o->bars_n, width = step > 3 ? step - 1 : step;
    nd_buf_printf(
        r->out,
        "<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"articles per %s, %s to "
        "%s, at most %" PRIu64 "\" preserveAspectRatio=\"none\">\n",
        WIDE, HIGH, o->per, o->bars[0].name, o->bars[o->bars_n - 1].name, most);
    for (size_t i = 0; i < o->bars_n; i++) {
        double high = (double)o->bars[i].count / (double)most * HIGH;
        if (o->bars[i].count)
            nd_buf_printf(
                r->out,
                "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"><title>%s: %" PRIu64
                "</title></rect>\n",
                (double)i * step, HIGH - high, width, high, o->bars[i].name, o->bars[i].count);
    }
    nd_buf_printf(r->out, "</svg>\n<figcaption>articles per %s, %s to %s</figcaption>\n</figure>\n",
                  o->per, o->bars[0].name, o->bars[o->bars_n - 1].name);
}

static void overview(struct nd_render *r, const struct nd_overview *o)
{
    nd_buf_str(r->out, "<aside aria-label=\"all matches\">\n");
    timeline(r, o);
    for (size_t i = 0; i < o->parts_n; i++) {
        if (!o->parts[i].n)
            continue;
        nd_buf_printf(r->out, "<h3>%s</h3>\n<table>\n", o->parts[i].title);
        for (size_t j = 0; j < o->parts[i].n; j++)
            row(r, &o->parts[i].rows[j]);
        nd_buf_str(r->out, "</table>\n");
    }
    nd_buf_str(r->out, "</aside>\n");
}

static void end(struct nd_render *r, const struct nd_answer *a)
{
    if (r->items)
        nd_buf_str(r->out, a->hits ? "</ol>\n" : "</table>\n");
    nd_buf_str(r->out, "</main>\n");
    if (a->overview)
        overview(r, a->overview);
    nd_buf_printf(r->out,
                  "<footer>\n<p>%" PRIu64 " of %s%" PRIu64 ", revision %" PRIu32
                  " of the index</p>\n</footer>\n",
                  a->shown, a->exact ? "" : "at least ", a->total, a->revision);
    nd_html_foot(r->out);
}

const struct nd_renderer nd_render_html = {
    .name = "html",
    .help = "one page that stands alone: hits with marks, the matches over time, the names in them",
    .snippets = true,
    .lines = true,
    .overview = true,
    .limit = 100,
    .begin = begin,
    .hit = hit,
    .count = count,
    .end = end,
};
