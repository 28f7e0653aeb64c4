/* The last step of finding the main text: what is in it and is none. */
#include "formats/fill.h"
#include "formats/html_tree.h"

#include <string.h>
#include <strings.h>

enum {
    LINE_MAX_BYTES = 512,
    SHARE_CHARS = 500,
    WORDS = 64
};

/* Words of a title in lower case (ASCII), at most WORDS of them. */
static size_t words_of(struct nd_str s, struct nd_str *out)
{
    size_t n = 0, i = 0;
    while (i < s.n && n < WORDS) {
        while (i < s.n && !((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') &&
               !(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] & 0x80))
            i++;
        size_t from = i;
        while (i < s.n && (((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') ||
                           (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] & 0x80)))
            i++;
        if (i > from)
            out[n++] = (struct nd_str){s.p + from, i - from};
    }
    return n;
}

bool nd_titles_alike(struct nd_str a, struct nd_str b)
{
    struct nd_str x[WORDS], y[WORDS];
    size_t n = words_of(a, x), m = words_of(b, y), all = 0, odd = 0;
    for (size_t i = 0; i < m; i++) {
        bool found = false;
        for (size_t k = 0; k < n && !found; k++)
            found = x[k].n == y[i].n && !strncasecmp(x[k].p, y[i].p, y[i].n);
        all += y[i].n + 1;
        odd += found ? 0 : y[i].n + 1;
    }
    return n && m && odd * 4 < all;
}

/* A table of data, not of layout. */
static void mark_tables(struct nd_el *top)
{
    for (struct nd_el *t = top; t; t = nd_el_step(top, t, true)) {
        if (t->tag != GUMBO_TAG_TABLE || !t->of)
            continue;
        if (nd_str_is(nd_html_attr(t->of, "role"), "presentation") ||
            nd_str_is(nd_html_attr(t->of, "datatable"), "0"))
            continue;
        unsigned rows = 0, columns = 0, cells = 0;
        bool data = nd_html_attr(t->of, "summary").n > 0, nested = false;
        for (struct nd_el *e = t->first; e; e = nd_el_step(t, e, true)) {
            data |= (e->tag == GUMBO_TAG_CAPTION && e->first) || e->tag == GUMBO_TAG_COL ||
                    e->tag == GUMBO_TAG_COLGROUP || e->tag == GUMBO_TAG_TFOOT ||
                    e->tag == GUMBO_TAG_THEAD || e->tag == GUMBO_TAG_TH;
            nested |= e->tag == GUMBO_TAG_TABLE;
            if (e->tag == GUMBO_TAG_TR) {
                rows++;
                cells = 0;
            }
            cells += e->tag == GUMBO_TAG_TD;
            columns = cells > columns ? cells : columns;
        }
        t->data_table = data || (!nested && columns > 1 && rows > 1 &&
                                 (rows >= 10 || columns > 4 || rows * columns > 10));
    }
}

static bool in_data_table(const struct nd_el *e)
{
    for (; e; e = e->parent)
        if (e->data_table)
            return true;
    return false;
}

static void drop_tags(struct nd_el *top, const GumboTag *tags, size_t n)
{
    for (struct nd_el *e = top->first; e;) {
        bool drop = false;
        for (size_t i = 0; i < n && !drop; i++)
            drop = e->tag == tags[i];
        e = drop ? nd_el_remove(top, e) : nd_el_step(top, e, true);
    }
}

/* A list of links, a form, a box: by what is in it. */
static bool is_clutter(const struct nd_el *e, bool weigh)
{
    struct nd_measure m;
    int weight = weigh ? nd_el_weight(e) : 0;
    if (e->data_table || in_data_table(e->parent) || nd_el_inside(e, GUMBO_TAG_CODE, 3) ||
        nd_el_inside(e, GUMBO_TAG_PRE, 3))
        return false;
    if (weight < 0)
        return true;
    nd_el_measure(&m, e);
    bool list = e->tag == GUMBO_TAG_UL || e->tag == GUMBO_TAG_OL ||
                (m.chars && (double)m.list_chars / (double)m.chars > 0.9);
    if (m.commas >= 10)
        return false;
    bool figure = nd_el_inside(e, GUMBO_TAG_FIGURE, 3);
    double headings = m.chars ? (double)m.heading_chars / (double)m.chars : 0;
    bool clutter = (!figure && m.img > 1 && (double)m.p / m.img < 0.5) ||
                   (!list && m.li > m.p + 100) || m.input > m.p / 3 ||
                   (!list && !figure && headings < 0.9 && m.chars < 25 &&
                    (m.img == 0 || m.img > 2) && m.link_density > 0) ||
                   (!list && weight < 25 && m.link_density > 0.2) ||
                   (weight >= 25 && m.link_density > 0.5) || (m.embed == 1 && m.chars < 75) ||
                   m.embed > 1 || (!m.img && !m.chars);
    return clutter;
}

static void trim_tag(struct nd_el *top, GumboTag tag, GumboTag other, bool weigh)
{
    /* inner ones first, as what they leave decides about the outer */
    struct nd_el *e = top;
    while (e->last)
        e = e->last;
    while (e && e != top) {
        struct nd_el *before = e->prev;
        if (before)
            while (before->last)
                before = before->last;
        else
            before = e->parent;
        if ((e->tag == tag || e->tag == other) && is_clutter(e, weigh))
            nd_el_remove(top, e);
        e = before;
    }
}

void nd_el_trim(struct nd_el *top, struct nd_str title, bool weigh, bool conditionally)
{
    static const GumboTag first[] = {GUMBO_TAG_OBJECT, GUMBO_TAG_EMBED, GUMBO_TAG_FOOTER,
                                     GUMBO_TAG_LINK,   GUMBO_TAG_ASIDE, GUMBO_TAG_NAV};
    static const GumboTag second[] = {GUMBO_TAG_IFRAME, GUMBO_TAG_INPUT, GUMBO_TAG_TEXTAREA,
                                      GUMBO_TAG_SELECT, GUMBO_TAG_BUTTON};
    static const char boxes[] = "share|sharedaddy|newsletter|cookie|consent-";
    char line[LINE_MAX_BYTES];
    mark_tables(top);
    if (conditionally)
        trim_tag(top, GUMBO_TAG_FORM, GUMBO_TAG_FIELDSET, weigh);
    drop_tags(top, first, sizeof first / sizeof *first);
    for (struct nd_el *e = top->first; e;) { /* boxes to share, to subscribe, to agree */
        struct nd_measure m;
        bool share = e->of && (nd_has_word(e->class_name, boxes) || nd_has_word(e->id, boxes));
        if (share)
            nd_el_measure(&m, e);
        e = share && m.chars < SHARE_CHARS ? nd_el_remove(top, e) : nd_el_step(top, e, true);
    }
    drop_tags(top, second, sizeof second / sizeof *second);
    for (struct nd_el *e = top->first; e;) { /* headings of boxes, and the title once more */
        bool heading = e->tag == GUMBO_TAG_H1 || e->tag == GUMBO_TAG_H2;
        bool drop = heading && weigh && nd_el_weight(e) < 0;
        if (heading && !drop && e->tag == GUMBO_TAG_H1) {
            size_t n = nd_el_line(e, line, sizeof line);
            drop = n && nd_titles_alike(title, (struct nd_str){line, n});
        }
        e = drop ? nd_el_remove(top, e) : nd_el_step(top, e, true);
    }
    if (!conditionally)
        return;
    trim_tag(top, GUMBO_TAG_TABLE, GUMBO_TAG_TABLE, weigh);
    trim_tag(top, GUMBO_TAG_UL, GUMBO_TAG_OL, weigh);
    trim_tag(top, GUMBO_TAG_DIV, GUMBO_TAG_SECTION, weigh);
}
