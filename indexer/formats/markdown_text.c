#include "formats/entity.h"
#include "formats/fill.h"
#include "formats/markdown.h"
#include "formats/textual.h"
#include "text/utf8.h"

#include <string.h>
#include <strings.h>

/* The text that is made. It is never longer than twice the Markdown. */
struct md {
    char *out;
    size_t n;
    bool open;       /* a paragraph has words already */
    bool code;       /* inside a fence */
    char fence;      /* its character */
    bool comment;    /* inside <!-- --> */
    unsigned breaks; /* line ends due before the next word */
};

static void emit(struct md *m, const char *p, size_t n)
{
    if (!n)
        return;
    for (unsigned i = 0; m->n && i < m->breaks && i < 2; i++)
        m->out[m->n++] = '\n';
    m->breaks = 0;
    memcpy(m->out + m->n, p, n);
    m->n += n;
}

static bool letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80);
}

/* Where the bracket that is open at p[0] closes; 0 if it does not in this line. */
static size_t closing(const char *p, size_t n, char open, char close)
{
    int depth = 0;
    for (size_t i = 0; i < n && i < 600; i++) {
        if (p[i] == '\\')
            i++;
        else if (p[i] == open)
            depth++;
        else if (p[i] == close && !--depth)
            return i;
    }
    return 0;
}

static void inline_text(struct md *m, struct nd_str s, unsigned depth);

/* [words](address), [words][name], ![words](address), [^1]: bytes passed over, 0 if it is none. */
static size_t link(struct md *m, const char *p, size_t n, unsigned depth)
{
    size_t at = *p == '!', end = closing(p + at, n - at, '[', ']');
    if (!end || p[at] != '[')
        return 0;
    struct nd_str words = {p + at + 1, end - 1};
    size_t after = at + end + 1;
    if (words.n && *words.p == '^') /* a footnote's mark */
        return after + (after < n && p[after] == ':');
    if (after < n && p[after] == '(') {
        size_t k = closing(p + after, n - after, '(', ')');
        if (!k)
            return 0;
        after += k + 1;
    } else if (after < n && p[after] == '[') {
        size_t k = closing(p + after, n - after, '[', ']');
        if (!k)
            return 0;
        after += k + 1;
    } else if (!at) {
        return 0;
    }
    if (depth < 4)
        inline_text(m, words, depth + 1);
    return after;
}

/* A piece of a template engine, {{ }} {% %}, or attributes {: }: bytes, 0 if it is none. */
static size_t template(const char *p, size_t n)
{
    if (n < 4 || p[0] != '{' || (p[1] != '{' && p[1] != '%' && p[1] != ':'))
        return 0;
    const char *mark = p[1] == '{' ? "}}" : p[1] == '%' ? "%}" : "}";
    const char *end = memmem(p + 2, n - 2, mark, strlen(mark));
    return end ? (size_t)(end - p) + strlen(mark) : 0;
}

/* A tag of HTML: bytes, 0 if it is none; *block if it parts paragraphs. */
static size_t tag(const char *p, size_t n, bool *block)
{
    static const char blocks[] = " p br div li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote figure "
                                 "figcaption hr ";
    char name[16] = " ";
    size_t i = 1, k = 1;
    if (n < 3 || *p != '<')
        return 0;
    i += p[i] == '/';
    if (!((p[i] >= 'a' && p[i] <= 'z') || (p[i] >= 'A' && p[i] <= 'Z')))
        return 0;
    for (;
         i < n && k < 12 && ((p[i] | 32) >= 'a' ? (p[i] | 32) <= 'z' : p[i] >= '0' && p[i] <= '9');
         i++)
        name[k++] = p[i];
    memcpy(name + k, " ", 2);
    if (i < n && p[i] == ':')
        return 0; /* <http://...> */
    const char *end = memchr(p, '>', n);
    *block = strcasestr(blocks, name) != NULL;
    return end ? (size_t)(end - p) + 1 : 0;
}

static void inline_text(struct md *m, struct nd_str s, unsigned depth)
{
    for (size_t i = 0; i < s.n;) {
        const char *p = s.p + i;
        size_t left = s.n - i, k = 0;
        bool block;
        uint32_t cp;
        char utf8[4];
        switch (*p) {
        case '\\':
            if (left > 1 && strchr("\\`*_{}[]()#+-.!|<>~", p[1]) && p[1]) {
                emit(m, p + 1, 1);
                k = 2;
            }
            break;
        case '*':
        case '_':
        case '~':
        case '`':
            /* marks stand at the edge of words; an underscore inside one is a character */
            k = 1;
            while (k < left && p[k] == *p)
                k++;
            if ((*p == '_' && i && letter_or_digit(p[-1]) && k < left && letter_or_digit(p[k])) ||
                (*p == '~' && k < 2) ||
                ((!i || p[-1] == ' ') && (k == left || p[k] == ' ') && *p != '`'))
                emit(m, p, k);
            break;
        case '!':
        case '[':
            k = link(m, p, left, depth);
            break;
        case '{':
            k = template(p, left);
            break;
        case '&':
            k = nd_entity_at(p, left, &cp);
            if (k && cp)
                emit(m, utf8, nd_utf8_encode(cp, utf8));
            break;
        case '<':
            k = tag(p, left, &block);
            if (k && block)
                m->breaks = 2;
            if (!k && left > 8 &&
                (!strncasecmp(p + 1, "http", 4) || !strncasecmp(p + 1, "mail", 4)))
                k = 1; /* <http://...>: the address is text */
            break;
        default:
            k = 0;
            size_t run = 1;
            while (run < left && !(p[run] && strchr("\\*_~`![{&<", p[run])))
                run++;
            emit(m, p, run);
            i += run;
            continue;
        }
        if (!k) {
            emit(m, p, 1);
            k = 1;
        }
        i += k;
    }
}

static bool only(struct nd_str s, const char *set, size_t least)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!s.p[i] || !strchr(set, s.p[i]))
            return false;
        count += s.p[i] != ' ';
    }
    return count >= least;
}

/* Bytes of the mark of a list item, "- ", "12. ", 0 if it is none. */
static size_t item(struct nd_str s)
{
    size_t k = 0;
    if (s.n > 1 && strchr("-*+", *s.p) && *s.p && (s.p[1] == ' ' || s.p[1] == '\t'))
        return 2;
    while (k < s.n && k < 9 && s.p[k] >= '0' && s.p[k] <= '9')
        k++;
    return k && k + 1 < s.n && (s.p[k] == '.' || s.p[k] == ')') && s.p[k + 1] == ' ' ? k + 2 : 0;
}

/* [name]: address, which defines a link. */
static bool definition(struct nd_str s)
{
    size_t end = s.n && *s.p == '[' ? closing(s.p, s.n, '[', ']') : 0;
    return end && end + 1 < s.n && s.p[end + 1] == ':' && s.p[1] != '^';
}

static void paragraph(struct md *m)
{
    m->breaks = 2;
    m->open = false;
}

static void line_text(struct md *m, struct nd_str line)
{
    struct nd_str s = nd_trim(line);
    bool hard = line.n > 2 && !memcmp(line.p + line.n - 2, "  ", 2);
    while (s.n && *s.p == '>') {
        s = nd_trim((struct nd_str){s.p + 1, s.n - 1});
    }
    size_t hashes = 0, mark = item(s);
    while (hashes < s.n && hashes < 7 && s.p[hashes] == '#')
        hashes++;
    bool heading = hashes && hashes < 7 && (hashes == s.n || s.p[hashes] == ' ');
    if (!s.n || only(s, "-*_ ", 3) || only(s, "=", 1) || only(s, "-", 1) || only(s, "|-: ", 3) ||
        definition(s)) {
        paragraph(m);
        return;
    }
    if (heading) {
        paragraph(m);
        s = nd_trim((struct nd_str){s.p + hashes, s.n - hashes});
        while (s.n && s.p[s.n - 1] == '#')
            s.n--;
        s = nd_trim(s);
    } else if (mark) {
        m->breaks = m->breaks > 1 ? m->breaks : 1;
        m->open = false;
        s = nd_trim((struct nd_str){s.p + mark, s.n - mark});
    }
    if (s.n > 2 && *s.p == '|' && s.p[s.n - 1] == '|') { /* a table's row */
        m->breaks = m->breaks > 1 ? m->breaks : 1;
        m->open = false;
        s = (struct nd_str){s.p + 1, s.n - 2};
    }
    if (m->open && !m->breaks)
        emit(m, " ", 1);
    size_t before = m->n;
    inline_text(m, s, 0);
    m->open = m->open || m->n > before;
    if (heading)
        paragraph(m);
    else if (hard || mark)
        m->breaks = m->breaks > 1 ? m->breaks : hard;
}

struct nd_str nd_markdown_text(struct nd_arena *arena, struct nd_str s)
{
    struct md m = {.out = s.n ? nd_arena_alloc(arena, s.n * 2 + 16) : NULL};
    struct nd_str line;
    if (!m.out)
        return (struct nd_str){0};
    while (nd_next_line(&s, &line)) {
        struct nd_str bare = nd_trim(line);
        bool mark = bare.n >= 3 && (!memcmp(bare.p, "```", 3) || !memcmp(bare.p, "~~~", 3));
        if (mark && (!m.code || *bare.p == m.fence)) {
            m.code = !m.code;
            m.fence = *bare.p;
            paragraph(&m);
            continue;
        }
        if (m.code) { /* as it stands */
            m.breaks = m.breaks ? m.breaks : 1;
            emit(&m, line.p, line.n);
            continue;
        }
        if (m.comment || (bare.n >= 4 && !memcmp(bare.p, "<!--", 4))) {
            m.comment = !memmem(bare.p, bare.n, "-->", 3);
            continue;
        }
        line_text(&m, line);
    }
    return nd_trim((struct nd_str){m.out, m.n});
}
