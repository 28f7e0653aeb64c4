#include "formats/html_tree.h"
#include "formats/fill.h"

#include <string.h>
#include <strings.h>

enum {
    NAMES_MAX = 1024,
    LINE_MAX_BYTES = 512
};

static const char unlikely_words[] =
    "-ad-|ai2html|banner|breadcrumbs|combx|comment|community|cookie|"
    "cover-wrap|disqus|extra|footer|gdpr|header|"
    "legends|menu|related|remark|replies|rss|shoutbox|sidebar|"
    "skyscraper|social|sponsor|supplemental|"
    "ad-break|agegate|pagination|pager|popup|yom-remote";
/* of no try, not even where the rest is little */
static const char never_words[] = "comments|disqus|related|cookie|newsletter|outbrain|taboola";
static const char maybe_words[] = "and|article|body|column|content|main|mathjax|shadow";
static const char positive_words[] =
    "article|body|content|entry|hentry|h-entry|main|page|pagination|post|text|blog|story";
static const char negative_words[] =
    "-ad-|hidden|banner|combx|comment|com-|contact|footer|gdpr|masthead|media|meta|outbrain|promo|"
    "related|scroll|share|shoutbox|sidebar|skyscraper|sponsor|shopping|tags|widget";

bool nd_has_word(const char *text, const char *words)
{
    char word[24];
    while (*words) {
        size_t k = strcspn(words, "|");
        if (k < sizeof word) {
            memcpy(word, words, k);
            word[k] = '\0';
            if (strcasestr(text, word))
                return true;
        }
        words += k + (words[k] == '|');
    }
    return false;
}

bool nd_el_is_text(const struct nd_el *e)
{
    return e->tag == GUMBO_TAG_LAST;
}

bool nd_el_blank(const struct nd_el *e)
{
    const char *p = e->text;
    for (; *p; p++)
        if (!strchr(" \t\r\n\f", *p) &&
            !((unsigned char)*p == 0xc2 && (unsigned char)p[1] == 0xa0 && p++))
            return false;
    return true;
}

struct nd_el *nd_el_step(const struct nd_el *top, struct nd_el *at, bool down)
{
    if (down && at->first)
        return at->first;
    while (at != top && !at->next)
        at = at->parent;
    return at == top ? NULL : at->next;
}

static void unlink_el(struct nd_el *e)
{
    *(e->prev ? &e->prev->next : &e->parent->first) = e->next;
    *(e->next ? &e->next->prev : &e->parent->last) = e->prev;
    e->parent = e->prev = e->next = NULL;
}

struct nd_el *nd_el_remove(const struct nd_el *top, struct nd_el *e)
{
    struct nd_el *next = nd_el_step(top, e, false);
    unlink_el(e);
    return next;
}

void nd_el_append(struct nd_el *parent, struct nd_el *e)
{
    if (e->parent)
        unlink_el(e);
    e->parent = parent;
    e->prev = parent->last;
    e->next = NULL;
    *(parent->last ? &parent->last->next : &parent->first) = e;
    parent->last = e;
}

bool nd_el_inside(const struct nd_el *e, GumboTag tag, unsigned levels)
{
    for (e = e->parent; e && levels--; e = e->parent)
        if (e->tag == tag)
            return true;
    return false;
}

static int weight_of(const char *name)
{
    if (!*name)
        return 0;
    bool hid =
        !strcasecmp(name, "hid") || !strncasecmp(name, "hid ", 4) || strcasestr(name, " hid");
    return (nd_has_word(name, negative_words) || hid ? -25 : 0) +
           (nd_has_word(name, positive_words) ? 25 : 0);
}

int nd_el_weight(const struct nd_el *e)
{
    return weight_of(e->class_name) + weight_of(e->id);
}

/* Count characters as they would be read; *blank tells whether the last one was a blank. */
static size_t count_text(const char *p, bool *blank, size_t *commas)
{
    size_t n = 0;
    for (; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (strchr(" \t\r\n\f", *p)) {
            n += !*blank;
            *blank = true;
            continue;
        }
        *blank = false;
        n += (c & 0xc0) != 0x80;
        /* commas of Arabic, Chinese and Japanese too */
        if (c == ',' || (c == 0xd8 && (unsigned char)p[1] == 0x8c) ||
            (c == 0xef && (unsigned char)p[1] == 0xbc && (unsigned char)p[2] == 0x8c) ||
            (c == 0xe3 && (unsigned char)p[1] == 0x80 && (unsigned char)p[2] == 0x81))
            ++*commas;
    }
    return n;
}

static bool is_heading(GumboTag t)
{
    return t == GUMBO_TAG_H1 || t == GUMBO_TAG_H2 || t == GUMBO_TAG_H3 || t == GUMBO_TAG_H4 ||
           t == GUMBO_TAG_H5 || t == GUMBO_TAG_H6;
}

void nd_el_measure(struct nd_measure *m, const struct nd_el *top)
{
    bool blank = true;
    double link_weight = 0;
    *m = (struct nd_measure){0};
    for (struct nd_el *at = (struct nd_el *)(uintptr_t)top; at; at = nd_el_step(top, at, true)) {
        if (nd_el_is_text(at)) {
            size_t n = count_text(at->text, &blank, &m->commas);
            m->chars += n;
            bool in_heading = false, in_list = false;
            const struct nd_el *a = NULL;
            for (const struct nd_el *up = at->parent; up; up = up->parent) {
                in_heading |= is_heading(up->tag);
                in_list |= up->tag == GUMBO_TAG_UL || up->tag == GUMBO_TAG_OL;
                if (up->tag == GUMBO_TAG_A && !a)
                    a = up;
                if (up == top)
                    break;
            }
            m->heading_chars += in_heading ? n : 0;
            m->list_chars += in_list ? n : 0;
            if (a) {
                struct nd_str href = a->of ? nd_html_attr(a->of, "href") : (struct nd_str){0};
                m->link_chars += n;
                link_weight += (double)n * (href.n && *href.p == '#' ? 0.3 : 1);
            }
            continue;
        }
        m->elements++;
        m->p += at != top && at->tag == GUMBO_TAG_P;
        m->img += at != top && at->tag == GUMBO_TAG_IMG;
        m->li += at != top && at->tag == GUMBO_TAG_LI;
        m->input += at != top && at->tag == GUMBO_TAG_INPUT;
        m->embed += at != top && (at->tag == GUMBO_TAG_IFRAME || at->tag == GUMBO_TAG_OBJECT ||
                                  at->tag == GUMBO_TAG_EMBED);
    }
    m->chars -= blank && m->chars ? 1 : 0;
    m->link_density = m->chars ? link_weight / (double)m->chars : 0;
}

bool nd_el_empty(const struct nd_el *e)
{
    for (struct nd_el *at = (struct nd_el *)(uintptr_t)e; at; at = nd_el_step(e, at, true))
        if (nd_el_is_text(at) && !nd_el_blank(at))
            return false;
    return true;
}

size_t nd_el_line(const struct nd_el *e, char *out, size_t max)
{
    size_t n = 0;
    for (struct nd_el *at = (struct nd_el *)(uintptr_t)e; at; at = nd_el_step(e, at, true)) {
        if (!nd_el_is_text(at))
            continue;
        for (const char *p = at->text; *p && n + 1 < max; p++) {
            bool blank = strchr(" \t\r\n\f", *p) != NULL;
            if (!blank)
                out[n++] = *p;
            else if (n && out[n - 1] != ' ')
                out[n++] = ' ';
        }
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return n;
}

/* A page tells in many ways what is not to be seen. */
static bool is_hidden(const GumboNode *n)
{
    struct nd_str style = nd_html_attr(n, "style"), aria = nd_html_attr(n, "aria-hidden");
    if (gumbo_get_attribute(&n->v.element.attributes, "hidden"))
        return true;
    if (nd_str_is(aria, "true")) {
        struct nd_str names = nd_html_attr(n, "class");
        return !(names.n && strstr(names.p, "fallback-image"));
    }
    for (const char *p = style.n ? style.p : NULL; p && (p = strcasestr(p, "display")); p++) {
        const char *v = p + 7 + strspn(p + 7, " ");
        if (*v == ':' && !strncasecmp(v + 1 + strspn(v + 1, " "), "none", 4))
            return true;
    }
    return style.n &&
           (strcasestr(style.p, "visibility:hidden") || strcasestr(style.p, "visibility: hidden"));
}

static bool is_unlikely(const GumboNode *n, const struct nd_el *parent, const char *words)
{
    static const char *const roles[] = {"menu",  "menubar",     "complementary", "navigation",
                                        "alert", "alertdialog", "dialog"};
    char names[NAMES_MAX];
    struct nd_str class_name = nd_html_attr(n, "class"), id = nd_html_attr(n, "id"),
                  role = nd_html_attr(n, "role");
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (words == unlikely_words && nd_str_is(role, roles[i]))
            return true;
    if (n->v.element.tag == GUMBO_TAG_BODY || n->v.element.tag == GUMBO_TAG_A ||
        (!class_name.n && !id.n))
        return false;
    snprintf(names, sizeof names, "%.*s %.*s", (int)(class_name.n > 400 ? 400 : class_name.n),
             class_name.n ? class_name.p : "", (int)(id.n > 400 ? 400 : id.n), id.n ? id.p : "");
    if (!nd_has_word(names, words) || nd_has_word(names, maybe_words))
        return false;
    for (; parent; parent = parent->parent)
        if (parent->tag == GUMBO_TAG_TABLE || parent->tag == GUMBO_TAG_CODE)
            return false;
    return true;
}

static bool is_never_text(GumboTag t)
{
    switch (t) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_NOFRAMES:
        return true;
    default:
        return false;
    }
}

static struct nd_el *copy(const GumboNode *n, struct nd_arena *arena)
{
    struct nd_el *e = nd_arena_alloc(arena, sizeof *e);
    if (!e)
        return NULL;
    if (n->type != GUMBO_NODE_ELEMENT) {
        e->tag = GUMBO_TAG_LAST;
        e->text = n->v.text.text;
        e->class_name = e->id = "";
        return e;
    }
    struct nd_str class_name = nd_html_attr(n, "class"), id = nd_html_attr(n, "id");
    e->tag = n->v.element.tag;
    e->tag = e->tag == GUMBO_TAG_LAST ? GUMBO_TAG_UNKNOWN : e->tag;
    e->of = n;
    e->class_name = class_name.n ? class_name.p : "";
    e->id = id.n ? id.p : "";
    return e;
}

static bool is_inline(const struct nd_el *e)
{
    switch (e->tag) {
    case GUMBO_TAG_LAST:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_DATA:
    case GUMBO_TAG_DFN:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_RUBY:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_VAR:
    case GUMBO_TAG_WBR:
        return true;
    case GUMBO_TAG_A:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_INS:
        for (const struct nd_el *k = e->first; k; k = k->next)
            if (k->tag == GUMBO_TAG_DIV || k->tag == GUMBO_TAG_P || k->tag == GUMBO_TAG_UL ||
                k->tag == GUMBO_TAG_TABLE)
                return false;
        return true;
    default:
        return false;
    }
}

static bool is_space(const struct nd_el *e)
{
    return e->tag == GUMBO_TAG_BR || (nd_el_is_text(e) && nd_el_blank(e));
}

static bool has_block_child(const struct nd_el *e)
{
    for (struct nd_el *at = e->first; at; at = nd_el_step(e, at, true))
        switch (at->tag) {
        case GUMBO_TAG_BLOCKQUOTE:
        case GUMBO_TAG_DL:
        case GUMBO_TAG_DIV:
        case GUMBO_TAG_IMG:
        case GUMBO_TAG_OL:
        case GUMBO_TAG_P:
        case GUMBO_TAG_PRE:
        case GUMBO_TAG_TABLE:
        case GUMBO_TAG_UL:
            return true;
        default:
            break;
        }
    return false;
}

/* The child is br and the next that is no blank too: a paragraph ends here. */
static bool ends_paragraph(const struct nd_el *e)
{
    if (e->tag != GUMBO_TAG_BR)
        return false;
    for (e = e->next; e && nd_el_is_text(e) && nd_el_blank(e);)
        e = e->next;
    return e && e->tag == GUMBO_TAG_BR;
}

/* Put the runs of inline content of a div into paragraphs of their own. */
static void wrap_runs(struct nd_el *div, struct nd_arena *arena)
{
    struct nd_el *p = NULL, *next;
    for (struct nd_el *e = div->first; e; e = next) {
        next = e->next;
        bool part = ends_paragraph(e);
        if (!is_inline(e) || part || (!p && is_space(e))) {
            p = NULL;
            continue;
        }
        if (!p) {
            p = nd_arena_alloc(arena, sizeof *p);
            if (!p)
                return;
            p->tag = GUMBO_TAG_P;
            p->class_name = p->id = "";
            p->parent = div;
            p->prev = e->prev;
            p->next = e;
            *(e->prev ? &e->prev->next : &div->first) = p;
            e->prev = p;
        }
        nd_el_append(p, e);
    }
}

/* Divisions that are paragraphs in truth, and what stands loose in those that are not. */
static void mend_divs(struct nd_el *top, struct nd_arena *arena)
{
    for (struct nd_el *e = top; e; e = nd_el_step(top, e, true)) {
        if (e->tag != GUMBO_TAG_DIV && e->tag != GUMBO_TAG_UNKNOWN && e->tag != GUMBO_TAG_CENTER)
            continue;
        if (!has_block_child(e)) {
            bool br = false;
            for (struct nd_el *k = e->first; k && !br; k = k->next)
                br = ends_paragraph(k);
            if (!br) {
                e->tag = e->tag == GUMBO_TAG_DIV ? GUMBO_TAG_P : e->tag;
                continue;
            }
        }
        wrap_runs(e, arena);
    }
}

static bool names_author(const GumboNode *n)
{
    struct nd_str rel = nd_html_attr(n, "rel"), prop = nd_html_attr(n, "itemprop");
    struct nd_str class_name = nd_html_attr(n, "class"), id = nd_html_attr(n, "id");
    static const char words[] = "byline|author|dateline|writtenby|p-author";
    return nd_str_is(rel, "author") || (prop.n && strstr(prop.p, "author")) ||
           (class_name.n && nd_has_word(class_name.p, words)) || (id.n && nd_has_word(id.p, words));
}

struct nd_el *nd_el_tree(const GumboNode *body, bool unlikely, struct nd_str title,
                         struct nd_arena *arena)
{
    struct nd_el *root = copy(body, arena), *at = root;
    bool byline = false, heading = false;
    if (!root)
        return NULL;
    for (const GumboNode *n = nd_html_step(body, body, true); n;) {
        bool down = false;
        while (at->of != n->parent && at->parent)
            at = at->parent;
        bool text = n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_WHITESPACE ||
                    n->type == GUMBO_NODE_CDATA;
        if (text ||
            (n->type == GUMBO_NODE_ELEMENT && !is_never_text(n->v.element.tag) && !is_hidden(n) &&
             !is_unlikely(n, at, unlikely ? unlikely_words : never_words))) {
            struct nd_el *e = copy(n, arena);
            if (!e)
                return root;
            nd_el_append(at, e);
            if (!text) {
                at = e;
                down = true;
            }
        }
        n = nd_html_step(body, n, down);
    }
    for (struct nd_el *e = root->first; e;) { /* a byline and the heading that repeats the title */
        char line[LINE_MAX_BYTES];
        bool drop = false;
        if (!byline && e->of && names_author(e->of)) {
            struct nd_measure m;
            nd_el_measure(&m, e);
            drop = byline = m.chars > 0 && m.chars < 100;
        }
        if (!drop && !heading && (e->tag == GUMBO_TAG_H1 || e->tag == GUMBO_TAG_H2)) {
            size_t n = nd_el_line(e, line, sizeof line);
            drop = heading = n && nd_titles_alike(title, (struct nd_str){line, n});
        }
        e = drop ? nd_el_remove(root, e) : nd_el_step(root, e, true);
    }
    mend_divs(root, arena);
    return root;
}
