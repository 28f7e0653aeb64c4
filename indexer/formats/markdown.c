/* Markdown, with or without the front matter of Jekyll (YAML) and Hugo (TOML): one article a file. */
#include "formats/markdown.h"
#include "formats/fill.h"
#include "formats/newsxml.h"
#include "formats/textual.h"
#include "input/sniff.h"

#include <string.h>

/* The front matter at the start of a text, and what follows it. mark: '-' YAML, '+' TOML. */
static bool part(struct nd_str text, char *mark, struct nd_str *front, struct nd_str *rest)
{
    struct nd_str line, all = text;
    if (!nd_next_line(&text, &line))
        return false;
    line = nd_trim(line);
    bool yaml = nd_str_eq(line, ND_STR("---"));
    if (!yaml && !nd_str_eq(line, ND_STR("+++")))
        return false;
    *mark = *line.p;
    const char *from = text.p;
    while (text.n && (size_t)(text.p - all.p) < ND_FRONT_MAX) {
        const char *here = text.p;
        nd_next_line(&text, &line);
        if (nd_str_eq(nd_trim(line), yaml ? ND_STR("---") : ND_STR("+++")) ||
            (yaml && nd_str_eq(nd_trim(line), ND_STR("...")))) {
            *front = (struct nd_str){from, (size_t)(here - from)};
            *rest = text;
            return true;
        }
    }
    return false;
}

/* Does a front matter look like one: a key in its first lines? */
static bool has_key(struct nd_str front, char mark)
{
    struct nd_str line;
    while (nd_next_line(&front, &line)) {
        size_t n = 0;
        line = nd_trim(line);
        if (!line.n || *line.p == '#')
            continue;
        while (n < line.n &&
               ((line.p[n] | 32) >= 'a' ? (line.p[n] | 32) <= 'z'
                                        : strchr("0123456789_-. \"", line.p[n]) != NULL))
            n++;
        return n && n < line.n && line.p[n] == (mark == '-' ? ':' : '=');
    }
    return false;
}

static int markdown_bid(const char *p, size_t n, const char *filename)
{
    struct nd_str front, rest;
    char mark;
    if (n > 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
        p += 3;
        n -= 3;
    }
    if (part((struct nd_str){p, n}, &mark, &front, &rest) && has_key(front, mark))
        return ND_BID_SURE;
    return nd_sniff_named(filename, " .md .markdown .mdown .mkd ") ? ND_BID_FALLBACK + 1
                                                                   : ND_BID_NEVER;
}

/* "2014-03-05-the-title.md", as Jekyll names posts: the day, and an id without the ending. */
static void by_name(struct nd_article *a, const struct nd_stream *in)
{
    struct nd_str s = in->member.n ? in->member : in->file;
    struct nd_date d;
    const char *slash = s.n ? memrchr(s.p, '/', s.n) : NULL;
    if (slash)
        s = (struct nd_str){slash + 1, s.n - (size_t)(slash + 1 - s.p)};
    const char *dot = s.n ? memrchr(s.p, '.', s.n) : NULL;
    s.n = dot ? (size_t)(dot - s.p) : s.n;
    if (s.n < 12 || s.p[4] != '-' || s.p[7] != '-' || s.p[10] != '-' ||
        nd_date_parse(&d, s.p, 10, NULL))
        return;
    if (a->published.precision == ND_DATE_NONE)
        a->published = d;
    if (!a->id.n)
        a->id = s;
}

/* Keys that mean something else in a front matter than elsewhere. */
static int site_keys(struct nd_article *a, struct nd_arena *arena, struct nd_json *root,
                     struct nd_fieldmap *map)
{
    int rc = 0;
    struct nd_json **at = &root->first;
    const struct nd_json *first = NULL;
    while (*at && !rc) {
        struct nd_json *v = *at;
        bool drop = false;
        if (v->kind == ND_JSON_BOOL &&
            (nd_str_is(v->key, "published") || nd_str_is(v->key, "draft"))) {
            bool draft = v->truth == nd_str_is(v->key, "draft");
            rc = draft ? nd_list_add(&a->tags, arena, ND_STR("draft")) : 0;
            drop = true;
        } else if (nd_str_is(v->key, "lastmod") || nd_str_is(v->key, "last_modified_at")) {
            v->key = ND_STR("updated");
        } else if (nd_str_is(v->key, "categories") || nd_str_is(v->key, "category")) {
            first = v;
        } else if (nd_str_is(v->key, "layout") || nd_str_is(v->key, "type") ||
                   nd_str_is(v->key, "weight") || nd_str_is(v->key, "toc") ||
                   nd_str_is(v->key, "comments") || nd_str_is(v->key, "aliases")) {
            drop = true; /* how the page is made */
        }
        if (drop)
            *at = v->next;
        else
            at = &v->next;
    }
    if (!rc && first) {
        const struct nd_json *one =
            first->kind == ND_JSON_ARRAY && first->first ? first->first : first;
        if (one->kind == ND_JSON_STRING)
            rc = nd_put(a, arena, map, "section", one->text);
    }
    return rc;
}

/* The first line of the text, if it is its heading. */
static struct nd_str heading(struct nd_str text, struct nd_str *rest)
{
    struct nd_str line = {0}, after = text;
    while (nd_next_line(&after, &line) && !nd_trim(line).n)
        ;
    line = nd_trim(line);
    if (line.n > 2 && line.p[0] == '#' && line.p[1] == ' ') {
        *rest = after;
        return nd_trim((struct nd_str){line.p + 2, line.n - 2});
    }
    return (struct nd_str){0};
}

static int fill(struct nd_article *a, struct nd_arena *arena, const struct nd_reading *how,
                const struct nd_stream *in, struct nd_str text, struct nd_error *err)
{
    struct nd_str front, rest = text;
    struct nd_json *root;
    char mark;
    int rc = 0;
    if (part(text, &mark, &front, &rest)) {
        rc = mark == '-' ? nd_front_yaml(&root, arena, front, err)
                         : nd_front_toml(&root, arena, front, err);
        if (!rc)
            rc = site_keys(a, arena, root, how->map);
        struct nd_strs draft = a->tags;
        if (!rc)
            rc = nd_fieldmap_json(how->map, a, arena, root);
        for (size_t i = 0; i < draft.n && !rc; i++)
            rc = nd_list_add(&a->tags, arena, draft.v[i]);
    } else {
        rest = text;
    }
    if (!rc && !a->title.n)
        rc = nd_put(a, arena, how->map, "title", nd_markdown_text(arena, heading(rest, &rest)));
    if (!rc)
        rc = nd_put(a, arena, how->map, "body", nd_markdown_text(arena, rest));
    by_name(a, in);
    return rc;
}

static int markdown_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                         struct nd_error *err)
{
    static const struct nd_textual_format format = {.fill = fill};
    return nd_textual_open(out, in, reading, &format, err);
}

const struct nd_reader nd_reader_markdown = {
    .name = "markdown",
    .summary = "Markdown, with the front matter of Jekyll or Hugo",
    .extensions = " .md .markdown .mdown .mkd ",
    .bid = markdown_bid,
    .open = markdown_open,
    .next = nd_textual_next,
    .close = nd_textual_close,
};
