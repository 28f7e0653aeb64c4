/* The title of a page without the name of its site, by the habits of title elements. */
#include "formats/fill.h"
#include "formats/html_tree.h"

#include <string.h>

enum {
    TITLE_LEAST = 15, /* characters of a title that stands for itself */
    TITLE_MOST = 150,
    NODE_LINE_MAX = 64 * 1024
};

struct nd_str nd_html_squeezed(struct nd_str s, struct nd_arena *arena)
{
    s = nd_trim(s);
    char *p = s.n ? nd_arena_alloc(arena, s.n + 1) : NULL;
    size_t n = 0;
    for (size_t i = 0; p && i < s.n; i++) {
        bool blank = strchr(" \t\r\n\f", s.p[i]) != NULL;
        if (!blank)
            p[n++] = s.p[i];
        else if (n && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    return p ? (struct nd_str){p, n} : (struct nd_str){0};
}

/* Text of an element in one line. */
struct nd_str nd_html_node_line(const GumboNode *n, struct nd_arena *arena)
{
    struct nd_buf out;
    struct nd_str s = {0};
    nd_buf_init(&out, NODE_LINE_MAX);
    if (nd_html_is(n, GUMBO_TAG_TITLE)) {
        unsigned count;
        GumboNode **k = nd_html_children(n, &count);
        for (unsigned i = 0; i < count; i++)
            if (k[i]->type == GUMBO_NODE_TEXT || k[i]->type == GUMBO_NODE_WHITESPACE)
                nd_buf_str(&out, k[i]->v.text.text);
    } else {
        nd_html_text(&out, n, NULL, NULL);
    }
    if (out.len && !nd_buf_code(&out))
        s = nd_html_squeezed((struct nd_str){out.data, out.len}, arena);
    nd_buf_free(&out);
    return s;
}

/* Words as a reader counts them: parted by blanks. */
static size_t word_count(struct nd_str s)
{
    size_t n = 0;
    bool in = false;
    for (size_t i = 0; i < s.n; i++) {
        bool blank = strchr(" \t\r\n", s.p[i]) != NULL;
        n += !blank && !in;
        in = !blank;
    }
    return n;
}

/* The place of a separator with blanks around, from the left or the right: " | ". Return: SIZE_MAX none. */
static size_t separator(struct nd_str s, bool last, bool *hierarchical)
{
    size_t at = SIZE_MAX;
    *hierarchical = false;
    for (size_t i = 1; i + 1 < s.n; i++) {
        bool dash = i + 2 < s.n && !memcmp(s.p + i, "\xe2\x80", 2) &&
                    (s.p[i + 2] == '\x93' || s.p[i + 2] == '\x94');
        size_t k = dash                                       ? 3
                   : s.p[i] == '\xc2' && s.p[i + 1] == '\xbb' ? 2
                   : s.p[i] && strchr("|-\\/>", s.p[i])       ? 1
                                                              : 0;
        if (!k || s.p[i - 1] != ' ' || i + k >= s.n || s.p[i + k] != ' ')
            continue;
        *hierarchical |= k == 2 || strchr("\\/>", s.p[i]) != NULL;
        at = last || at == SIZE_MAX ? i : at;
        i += k;
    }
    return at;
}

static bool is_heading_text(const GumboNode *root, struct nd_str s, struct nd_arena *arena)
{
    for (const GumboNode *n = root; n; n = nd_html_step(root, n, true))
        if ((nd_html_is(n, GUMBO_TAG_H1) || nd_html_is(n, GUMBO_TAG_H2)) &&
            nd_str_eq(nd_html_node_line(n, arena), s))
            return true;
    return false;
}

/* The title element without the name of the site. */
struct nd_str nd_html_own_title(const GumboNode *root, struct nd_str whole, struct nd_arena *arena)
{
    struct nd_str s = whole;
    bool hierarchical;
    size_t at = separator(whole, true, &hierarchical);
    if (at != SIZE_MAX) {
        s = nd_trim((struct nd_str){whole.p, at});
        if (word_count(s) < 3) {
            bool none;
            at = separator(whole, false, &none);
            s = nd_trim((struct nd_str){whole.p + at + 1, whole.n - at - 1});
            if (s.n && *s.p == '\xbb')
                s = nd_trim((struct nd_str){s.p + 1, s.n - 1});
        }
        if (word_count(s) <= 4 && (!hierarchical || word_count(s) + 1 != word_count(whole)))
            s = whole;
        return s;
    }
    const char *colon = whole.n ? memmem(whole.p, whole.n, ": ", 2) : NULL;
    if (colon && !is_heading_text(root, whole, arena)) {
        const char *last = memrchr(whole.p, ':', whole.n);
        const char *first = memchr(whole.p, ':', whole.n);
        struct nd_str tail =
            nd_trim((struct nd_str){last + 1, (size_t)(whole.p + whole.n - last) - 1});
        if (word_count(tail) < 3)
            tail = nd_trim((struct nd_str){first + 1, (size_t)(whole.p + whole.n - first) - 1});
        else if (word_count((struct nd_str){whole.p, (size_t)(first - whole.p)}) > 5)
            tail = whole;
        s = tail;
    } else if (!colon && (whole.n > TITLE_MOST || whole.n < TITLE_LEAST)) {
        struct nd_str only = {0};
        unsigned count = 0;
        for (const GumboNode *n = root; n; n = nd_html_step(root, n, true))
            if (nd_html_is(n, GUMBO_TAG_H1)) {
                only = nd_html_node_line(n, arena);
                count++;
            }
        s = count == 1 && only.n ? only : whole;
    }
    return word_count(s) <= 4 && s.n != whole.n ? whole : s;
}
