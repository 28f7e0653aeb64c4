/* Looking around in the trees of xml.h, and their text. */
#include "formats/xml.h"
#include "formats/hyphen.h"

#include "text/markup.h"

#include <string.h>
#include <strings.h>

bool nd_xml_is(const struct nd_xml *e, const char *name)
{
    size_t k = strlen(name);
    return e && e->name.n == k && !memcmp(e->name.p, name, k);
}

static const struct nd_xml *named(const struct nd_xml *e, const char *name, size_t k)
{
    for (; e; e = e->next)
        if (e->name.n == k && k && !memcmp(e->name.p, name, k))
            return e;
    return NULL;
}

const struct nd_xml *nd_xml_child(const struct nd_xml *e, const char *name)
{
    return e ? named(e->first, name, strlen(name)) : NULL;
}

const struct nd_xml *nd_xml_again(const struct nd_xml *e)
{
    return e ? named(e->next, e->name.p, e->name.n) : NULL;
}

const struct nd_xml *nd_xml_path(const struct nd_xml *e, const char *path)
{
    while (e && *path) {
        size_t k = strcspn(path, "/");
        e = named(e->first, path, k);
        path += k + (path[k] == '/');
    }
    return e;
}

/* The next node in document order below top. */
static const struct nd_xml *step(const struct nd_xml *top, const struct nd_xml *at)
{
    if (at->first)
        return at->first;
    while (at != top && !at->next)
        at = at->parent;
    return at == top ? NULL : at->next;
}

const struct nd_xml *nd_xml_walk(const struct nd_xml *top, const struct nd_xml *at)
{
    if (!top)
        return NULL;
    at = at ? at : top;
    do
        at = step(top, at);
    while (at && !at->name.n);
    return at;
}

const struct nd_xml *nd_xml_find(const struct nd_xml *e, const char *name)
{
    const struct nd_xml *at = NULL;
    while ((at = nd_xml_walk(e, at)))
        if (nd_xml_is(at, name))
            return at;
    return NULL;
}

struct nd_str nd_xml_get(const struct nd_xml *e, const char *name)
{
    const char *colon = strchr(name, ':');
    size_t k = colon ? (size_t)(colon - name) : 0;
    const char *local = colon ? colon + 1 : name;
    for (const struct nd_xml_attr *a = e ? e->attr : NULL; a; a = a->next)
        if (nd_str_eq(a->name, nd_str_of(local)) &&
            (!colon || (a->prefix.n == k && !memcmp(a->prefix.p, name, k))))
            return a->value;
    return (struct nd_str){0};
}

struct nd_str nd_xml_text(const struct nd_xml *e, struct nd_arena *arena)
{
    size_t n = 0, runs = 0;
    struct nd_str one = {0};
    for (const struct nd_xml *at = e; at; at = step(e, at))
        if (at->text.n) {
            n += at->text.n;
            runs++;
            one = at->text;
        }
    if (runs < 2)
        return one;
    char *p = nd_arena_alloc(arena, n + 1);
    if (!p)
        return (struct nd_str){0};
    n = 0;
    for (const struct nd_xml *at = e; at; at = step(e, at))
        if (at->text.n) {
            memcpy(p + n, at->text.p, at->text.n);
            n += at->text.n;
        }
    return (struct nd_str){p, n};
}

static bool listed(const struct nd_xml *e, const char *names)
{
    char word[32];
    if (!names || e->name.n + 3 > sizeof word)
        return false;
    word[0] = ' ';
    for (size_t i = 0; i < e->name.n; i++)
        word[i + 1] = (char)(e->name.p[i] | (e->name.p[i] >= 'A' && e->name.p[i] <= 'Z' ? 32 : 0));
    word[e->name.n + 1] = ' ';
    word[e->name.n + 2] = '\0';
    return strstr(names, word) != NULL;
}

/* Writes text with runs of blanks as one, paragraphs parted. */
struct flow {
    char *p;
    size_t n;
    bool blank, part, split;
    struct nd_hyphens known;
};

static void flow_text(struct flow *f, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            /* it may have split a word; otherwise line ends mean nothing */
            f->split |= c == '\n' && f->n && f->p[f->n - 1] == '-' && !f->blank;
            f->blank = true;
            continue;
        }
        if (f->part && f->n) {
            f->p[f->n++] = '\n';
            f->p[f->n++] = '\n';
        } else if (f->blank && f->n) {
            size_t off = 0;
            enum nd_hyphen split = ND_HYPHEN_NONE;
            if (f->split) {
                f->known.p = f->p;
                f->known.n = f->n;
                split = nd_line_hyphen(&f->known, f->p, f->n, s.p + i, s.n - i, true, &off);
            }
            if (split == ND_HYPHEN_OFF)
                f->n -= off;
            else if (split == ND_HYPHEN_NONE)
                f->p[f->n++] = ' ';
        }
        f->blank = f->part = f->split = false;
        f->p[f->n++] = c;
    }
}

static const char blocks[] =
    " p hl1 hl2 h1 h2 h3 h4 h5 h6 div li ul ol dl dt dd tr br blockquote bq pre block table "
    "section "
    "article header footer figure figcaption hr fn tagline note body body.content body.head "
    "dateline distributor media media-caption paragraph para text ";

struct nd_str nd_xml_paragraphs(const struct nd_xml *e, const char *skip, struct nd_arena *arena)
{
    size_t n = 1;
    for (const struct nd_xml *at = e; at; at = step(e, at))
        n += at->text.n * 2 + 2;
    struct flow f = {.p = e ? nd_arena_alloc(arena, n) : NULL};
    if (!f.p)
        return (struct nd_str){0};
    const struct nd_xml *at = e;
    for (bool down = true; at;) {
        bool pass = down && at != e && at->name.n && listed(at, skip);
        if (down && !at->name.n)
            flow_text(&f, at->text);
        else if (listed(at, blocks))
            f.part = true;
        else if (listed(at, " td th "))
            f.blank = true;
        if (down && at->first && !pass) {
            at = at->first;
        } else if (at == e) {
            break;
        } else {
            if (!down || pass || !at->first) /* leaving it */
                f.part |= at->name.n && listed(at, blocks);
            down = at->next != NULL;
            at = down ? at->next : at->parent;
            if (!down && at == e)
                break;
        }
    }
    return f.n ? (struct nd_str){f.p, f.n} : (struct nd_str){0};
}

static void escaped(struct nd_buf *out, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        const char *reference = c == '>' || c == '\'' ? NULL : nd_markup_reference(c);
        if (reference)
            nd_buf_str(out, reference);
        else
            nd_buf_byte(out, c);
    }
}

static bool is_void(const struct nd_xml *e)
{
    return listed(e, " br hr img input meta link col area base embed source track wbr ");
}

static void open_tag(struct nd_buf *out, const struct nd_xml *e)
{
    nd_buf_byte(out, '<');
    nd_buf_add(out, e->name.p, e->name.n);
    for (const struct nd_xml_attr *a = e->attr; a; a = a->next) {
        nd_buf_byte(out, ' ');
        nd_buf_add(out, a->name.p, a->name.n);
        nd_buf_str(out, "=\"");
        escaped(out, a->value);
        nd_buf_byte(out, '"');
    }
    nd_buf_byte(out, '>');
}

int nd_xml_markup(struct nd_buf *out, const struct nd_xml *e)
{
    const struct nd_xml *at = e;
    while (at) {
        if (at->name.n)
            open_tag(out, at);
        else
            escaped(out, at->text);
        if (at->first) {
            at = at->first;
            continue;
        }
        for (;;) { /* close what ends here */
            if (at->name.n && !is_void(at)) {
                nd_buf_str(out, "</");
                nd_buf_add(out, at->name.p, at->name.n);
                nd_buf_byte(out, '>');
            }
            if (at == e)
                return nd_buf_code(out);
            if (at->next)
                break;
            at = at->parent;
        }
        at = at->next;
    }
    return nd_buf_code(out);
}
