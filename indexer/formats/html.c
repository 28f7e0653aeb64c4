#include "formats/html.h"
#include "formats/entity.h"
#include "formats/fill.h"
#include "formats/flow.h"

#include <setjmp.h>
#include <string.h>
#include <strings.h>

enum {
    MEMORY_A_BYTE = 64, /* of the tree, for a byte of the page */
    MEMORY_LEAST = 4 << 20,
    LEVELS_NAME = 12
};

struct memory {
    struct nd_arena *arena;
    jmp_buf full;
};

static void *take(void *ctx, size_t n)
{
    struct memory *m = ctx;
    void *p = nd_arena_alloc(m->arena, n ? n : 1);
    if (!p)
        longjmp(m->full,
                1); /* the library does not look whether it got memory; all of it is the arena's */
    return p;
}

static void give(void *ctx, void *p)
{
    (void)ctx, (void)p;
}

static size_t name_at(const char *p, size_t n, char out[LEVELS_NAME + 1])
{
    size_t k = 0;
    while (k < n && k < LEVELS_NAME && ((p[k] | 32) >= 'a' || (p[k] >= '0' && p[k] <= '9')) &&
           (p[k] | 32) <= 'z' && p[k] != ' ') {
        out[k] = (char)(p[k] >= '0' && p[k] <= '9' ? p[k] : p[k] | 32);
        k++;
    }
    out[k] = '\0';
    return k;
}

/* Elements that never stay open or end by themselves. */
static bool is_flat(const char *name)
{
    static const char flat[] = " p br hr img input meta link li td th tr tbody thead tfoot dd dt "
                               "option base col area embed param source track wbr html head body "
                               "colgroup optgroup script style title frame rp rt keygen ";
    char word[LEVELS_NAME + 3];
    snprintf(word, sizeof word, " %s ", name);
    return strstr(flat, word) != NULL;
}

/* Blank out the tags that go too deep. Only they cost more than linear time and a deep tree. */
static void flatten(char *p, size_t n)
{
    long depth = 0;
    for (char *at = p, *end = p + n; (at = memchr(at, '<', (size_t)(end - at)));) {
        char name[LEVELS_NAME + 1];
        bool close = end - at > 1 && at[1] == '/';
        char *from = at++;
        if (end - from < 2 || !name_at(from + 1 + close, (size_t)(end - from) - 1 - close, name) ||
            is_flat(name))
            continue;
        depth += close ? -1 : 1;
        depth = depth < 0 ? 0 : depth;
        if (!close && depth > ND_HTML_DEPTH) {
            const char *gt = memchr(from, '>', (size_t)(end - from));
            memset(from, ' ', gt ? (size_t)(gt - from) + 1 : 1);
            depth--;
        }
    }
}

static bool too_deep(const char *p, size_t n)
{
    long depth = 0, most = 0;
    for (const char *at = p, *end = p + n; (at = memchr(at, '<', (size_t)(end - at))); at++) {
        char name[LEVELS_NAME + 1];
        bool close = end - at > 1 && at[1] == '/';
        if (end - at < 2 || !name_at(at + 1 + close, (size_t)(end - at) - 1 - close, name) ||
            is_flat(name))
            continue;
        depth += close ? -1 : 1;
        depth = depth < 0 ? 0 : depth;
        most = depth > most ? depth : most;
    }
    return most > ND_HTML_DEPTH;
}

int nd_html_parse(struct nd_html *h, const char *p, size_t n, struct nd_error *err)
{
    struct memory m = {.arena = &h->arena};
    GumboOptions options = kGumboDefaultOptions;
    *h = (struct nd_html){.text = {p, n}};
    nd_arena_init(&h->arena, MEMORY_LEAST + n * MEMORY_A_BYTE);
    if (n > ND_HTML_MAX)
        return nd_fail(err, ND_LIMIT, "the page has %zu bytes, more than the %d allowed", n,
                       ND_HTML_MAX);
    if (too_deep(p, n)) {
        char *copy = nd_arena_copy(&h->arena, p, n);
        if (!copy)
            return nd_fail(err, ND_NOMEM, "out of memory to read a page");
        flatten(copy, n);
        h->text.p = copy;
    }
    options.allocator = take;
    options.deallocator = give;
    options.userdata = &m;
    options.max_errors = 0;
    if (setjmp(m.full))
        return nd_fail(err, ND_LIMIT, "the page needs too much memory");
    h->out = gumbo_parse_with_options(&options, h->text.p, n);
    return 0;
}

void nd_html_free(struct nd_html *h)
{
    nd_arena_free(&h->arena);
    h->out = NULL;
}

GumboNode **nd_html_children(const GumboNode *n, unsigned *count)
{
    const GumboVector *v = NULL;
    if (n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE)
        v = &n->v.element.children;
    else if (n->type == GUMBO_NODE_DOCUMENT)
        v = &n->v.document.children;
    *count = v ? v->length : 0;
    return v ? (GumboNode **)v->data : NULL;
}

const GumboNode *nd_html_step(const GumboNode *top, const GumboNode *at, bool down)
{
    unsigned n;
    GumboNode **children = nd_html_children(at, &n);
    if (down && n)
        return children[0];
    while (at != top) {
        const GumboNode *parent = at->parent;
        children = nd_html_children(parent, &n);
        if (at->index_within_parent + 1 < n)
            return children[at->index_within_parent + 1];
        at = parent;
    }
    return NULL;
}

struct nd_str nd_html_attr(const GumboNode *e, const char *name)
{
    if (e->type != GUMBO_NODE_ELEMENT)
        return (struct nd_str){0};
    const GumboAttribute *a = gumbo_get_attribute(&e->v.element.attributes, name);
    return a ? nd_str_of(a->value) : (struct nd_str){0};
}

bool nd_html_is(const GumboNode *n, GumboTag tag)
{
    return n->type == GUMBO_NODE_ELEMENT && n->v.element.tag == tag;
}

static bool is_block(const GumboNode *n)
{
    switch (n->v.element.tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_SUMMARY:
        return true;
    default:
        return false;
    }
}

static bool is_silent(const GumboNode *n)
{
    switch (n->v.element.tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_NOFRAMES:
        return true;
    default:
        return false;
    }
}

static void leave(struct nd_flow *f, const GumboNode *n)
{
    if (n->type != GUMBO_NODE_ELEMENT)
        return;
    if (is_block(n))
        nd_flow_block(f);
    if (nd_html_is(n, GUMBO_TAG_PRE))
        f->keep = false;
    if (nd_html_is(n, GUMBO_TAG_TD) || nd_html_is(n, GUMBO_TAG_TH))
        f->blank = true;
}

int nd_html_text(struct nd_buf *out, const GumboNode *top, nd_html_skip *skip, void *ctx)
{
    struct nd_flow f = {.out = out, .from = out->len};
    for (const GumboNode *at = top; at;) {
        bool down = true;
        switch (at->type) {
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_CDATA:
        case GUMBO_NODE_WHITESPACE:
            nd_flow_text(&f, at->v.text.text, strlen(at->v.text.text));
            break;
        case GUMBO_NODE_ELEMENT:
            down = !is_silent(at) && !(skip && skip(ctx, at));
            if (is_block(at))
                nd_flow_block(&f);
            if (nd_html_is(at, GUMBO_TAG_BR))
                nd_flow_line(&f);
            f.keep |= down && nd_html_is(at, GUMBO_TAG_PRE);
            break;
        case GUMBO_NODE_COMMENT:
        case GUMBO_NODE_TEMPLATE:
            down = false;
            break;
        default:
            break;
        }
        const GumboNode *next = nd_html_step(top, at, down);
        /* the elements that end between the two */
        const GumboNode *stop = next ? next->parent : top->parent;
        for (const GumboNode *n = at; n != stop && n != next; n = n->parent) {
            if (next && next->parent == n)
                break;
            leave(&f, n);
            if (n == top)
                break;
        }
        at = next;
    }
    return nd_buf_code(out);
}

bool nd_html_looks(struct nd_str s)
{
    for (size_t i = 0; i + 2 < s.n; i++) {
        uint32_t cp;
        char c = s.p[i + 1];
        if (s.p[i] == '&' && nd_entity_at(s.p + i, s.n - i, &cp))
            return true;
        if (s.p[i] == '<' && (((c | 32) >= 'a' && (c | 32) <= 'z') || c == '/' || c == '!') &&
            memchr(s.p + i, '>', s.n - i))
            return true;
    }
    return false;
}

/* Line ends that mean something where no block markup parts the text. */
static bool has_blocks(struct nd_str s)
{
    static const char *const tags[] = {"<p>",  "<p ", "<br", "<div", "<li",  "<td",
                                       "<pre", "</p", "<h2", "<h3",  "<body"};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '<')
            for (size_t k = 0; k < sizeof tags / sizeof *tags; k++)
                if (nd_str_begins((struct nd_str){s.p + i, s.n - i}, tags[k]))
                    return true;
    return false;
}

struct nd_str nd_html_fragment(struct nd_arena *arena, struct nd_str s)
{
    struct nd_html h;
    struct nd_buf out;
    struct nd_str text = {0};
    if (!nd_html_looks(s))
        return s;
    nd_buf_init(&out, s.n * 4 + 64);
    if (!nd_html_parse(&h, s.p, s.n, NULL)) {
        const GumboNode *root = h.out->root;
        if (has_blocks(s)) {
            nd_html_text(&out, root, NULL, NULL);
        } else { /* WordPress and plain feeds: blank lines part the paragraphs */
            for (const GumboNode *at = root; at;) {
                bool down = at->type != GUMBO_NODE_ELEMENT || !is_silent(at);
                if (at->type == GUMBO_NODE_TEXT || at->type == GUMBO_NODE_CDATA ||
                    at->type == GUMBO_NODE_WHITESPACE)
                    nd_buf_str(&out, at->v.text.text);
                at = nd_html_step(root, at, down);
            }
        }
        if (out.len && !nd_buf_code(&out))
            text = nd_arena_str(arena, out.data, out.len);
    }
    nd_html_free(&h);
    nd_buf_free(&out);
    return text;
}

struct nd_str nd_html_line(struct nd_arena *arena, struct nd_str s)
{
    return nd_html_looks(s) ? nd_html_fragment(arena, s) : s;
}
