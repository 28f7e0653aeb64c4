#include "formats/paragraph.h"
#include "formats/hyphen.h"

#include <string.h>

enum {
    WIDTH_MIN = 30, /* of the longest line of a wrapped text, in characters */
    WIDTH_MAX = 120
};

/* What wrapping looks like over a whole text. */
struct shape {
    size_t width; /* longest line */
    bool blank_lines, wrapped;
};

struct line {
    const char *p;
    size_t n;
    bool indented;
};

/* Bytes of the control sequence or special blank at p, 0 if it is none; *as is what it becomes. */
static size_t special(const unsigned char *p, size_t n, const char **as)
{
    *as = "";
    if (*p < 0x20 || *p == 0x7f) {
        if (*p == '\r') {
            if (n > 1 && p[1] == '\n')
                return 1;
            *as = "\n";
        } else if (*p == '\f' || *p == '\v') {
            *as = "\n";
        }
        return *p == '\n' || *p == '\t' ? 0 : 1;
    }
    if (n >= 2 && p[0] == 0xc2 && p[1] <= 0xa0) { /* C1 controls, no-break space */
        *as = p[1] == 0x85 ? "\n" : p[1] == 0xa0 ? " " : "";
        return 2;
    }
    if (n >= 3 && p[0] == 0xe2 && p[1] == 0x80) {
        *as = p[2] == 0xaf ? " " : "\n"; /* narrow no-break space, line and paragraph separator */
        return p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf ? 3 : 0;
    }
    return n >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf ? 3 : 0; /* byte order mark */
}

/* Eight bytes of plain ASCII: nothing to look at. */
static bool is_plain8(const char *p)
{
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t x, del;
    memcpy(&x, p, sizeof x);
    del = x ^ (0x7f * ones);
    return !((x | ((x - 0x20 * ones) & ~x) | ((del - ones) & ~del)) & high);
}

int nd_scrub(struct nd_buf *out, const char *p, size_t n)
{
    size_t from = 0, i = 0;
    while (i < n) {
        if (n - i >= 8 && is_plain8(p + i)) {
            i += 8;
            continue;
        }
        unsigned char c = (unsigned char)p[i];
        const char *as;
        if ((c >= 0x20 && c < 0x7f) || c == '\n') {
            i++;
            continue;
        }
        size_t k = special((const unsigned char *)p + i, n - i, &as);
        if (!k) {
            i++;
            continue;
        }
        nd_buf_add(out, p + from, i - from);
        nd_buf_str(out, as);
        from = i += k;
    }
    return nd_buf_add(out, p + from, n - from);
}

/* The next line, trimmed. Return: false at the end. */
static bool next_line(const char **p, const char *end, struct line *out)
{
    if (*p >= end)
        return false;
    const char *stop = memchr(*p, '\n', (size_t)(end - *p)), *a = *p, *b = stop ? stop : end;
    *p = stop ? stop + 1 : end;
    const char *start = a;
    while (a < b && (*a == ' ' || *a == '\t'))
        a++;
    while (b > a && (b[-1] == ' ' || b[-1] == '\t'))
        b--;
    *out = (struct line){a, (size_t)(b - a), a - start > 1 || (a > start && *start == '\t')};
    return true;
}

static size_t characters(const char *p, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        k += ((unsigned char)p[i] & 0xc0) != 0x80;
    return k;
}

/* A hyphen behind a word, no dash. */
static bool may_split(const struct line *l)
{
    return l->n > 1 && l->p[l->n - 1] == '-' && l->p[l->n - 2] != ' ' && l->p[l->n - 2] != '-';
}

/* Would the first word of the next line not have fitted on this one? */
static bool is_full(const struct line *l, const struct line *next, size_t width)
{
    const char *blank = memchr(next->p, ' ', next->n);
    size_t word = blank ? (size_t)(blank - next->p) : next->n;
    char first = next->n ? next->p[0] : 0;
    if (may_split(l) && ((first >= 'a' && first <= 'z') || (first >= '0' && first <= '9')))
        return true; /* it is where a line is full that a word is split */
    return characters(l->p, l->n) + 1 + characters(next->p, word) > width;
}

static struct shape shape_of(const char *p, size_t n)
{
    struct shape s = {0};
    const char *end = p + n, *at = p;
    struct line l, before = {0};
    bool text = false;
    size_t pairs = 0, full = 0;
    while (next_line(&at, end, &l)) {
        if (!l.n)
            s.blank_lines |= text; /* those before the first line part nothing */
        else if (l.n > s.width) {
            size_t k = characters(l.p, l.n);
            s.width = k > s.width ? k : s.width;
        }
        text |= l.n > 0;
    }
    const char *last = end;
    while (last > p && (last[-1] == ' ' || last[-1] == '\t' || last[-1] == '\n'))
        last--;
    if (s.blank_lines) { /* nor do those after the last */
        s.blank_lines = false;
        bool open = false;
        for (at = p; next_line(&at, last, &l);) {
            if (!l.n && open) {
                s.blank_lines = true;
                break;
            }
            open |= l.n > 0;
        }
    }
    if (s.width < WIDTH_MIN || s.width > WIDTH_MAX)
        return s;
    for (at = p; next_line(&at, end, &l); before = l) {
        if (!l.n || !before.n)
            continue;
        pairs++;
        full += is_full(&before, &l, s.width);
    }
    s.wrapped = pairs >= (s.blank_lines ? 2 : 3) && full * 10 >= pairs * (s.blank_lines ? 7 : 6);
    return s;
}

bool nd_wrapped(const char *p, size_t n)
{
    return shape_of(p, n).wrapped;
}

int nd_paragraphs(struct nd_buf *out, const char *p, size_t n)
{
    struct shape s = shape_of(p, n);
    const char *end = p + n;
    struct nd_hyphens hyphens = {.p = p, .n = n};
    struct line l, before = {0};
    bool any = false;
    while (next_line(&p, end, &l)) {
        size_t off;
        enum nd_hyphen split = l.n && before.n ? nd_line_hyphen(&hyphens, before.p, before.n, l.p,
                                                                l.n, s.wrapped, &off)
                                               : ND_HYPHEN_NONE;
        if (l.n && !any)
            ;
        else if (split == ND_HYPHEN_OFF)
            out->len -= out->len < off ? 0 : off; /* what was written last is the line before */
        else if (split == ND_HYPHEN_STAYS)
            ;
        else if (l.n && !before.n)
            nd_buf_str(out, "\n\n");
        else if (l.n && !s.blank_lines && !s.wrapped)
            nd_buf_str(out, "\n\n");
        else if (l.n && s.wrapped && is_full(&before, &l, s.width) && !l.indented)
            /* a hyphen of a word that nobody knows keeps its line end */
            nd_buf_byte(out, may_split(&before) ? '\n' : ' ');
        else if (l.n)
            nd_buf_str(out, s.blank_lines ? "\n" : "\n\n");
        nd_buf_add(out, l.p, l.n);
        any |= l.n > 0;
        before = l;
    }
    return nd_buf_code(out);
}
