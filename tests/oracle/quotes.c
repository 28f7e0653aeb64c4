/* Where quotations are. They do not nest: the outermost counts. One ends with its paragraph at the latest. */
#include "oracle.h"

#include <ctype.h>
#include <string.h>

enum {
    NONE_OPEN,
    DOUBLE,      /* "..." “...” ``...'' */
    LOW,         /* „...“ */
    GUILLEMETS,  /* «...» */
    INWARD,      /* »...« */
    SINGLE_ONE,  /* '...' ‘...’ */
    AHEAD = 1500 /* bytes within which a single one has to close */
};

static int32_t before_char(const char *s, size_t at)
{
    size_t from = at;
    int32_t c = 0;
    while (from > 0 && at - from < 4) {
        from--;
        if (((unsigned char)s[from] & 0xc0) != 0x80)
            break;
    }
    if (from < at)
        at_char(s, at, from, &c);
    return c;
}

/* Characters after which a quotation may open, blanks and the start of the text beside them. */
static bool opens_after(int32_t c)
{
    static const int32_t marks[] = {'(', '[', '{', '-', '/', '"', '\'', '`', '=', ':', 0xab, 0xbf, 0x2039, 0x2018, 0x201c, 0x201e};
    if (c == 0 || blank(c) || (c >= 0x2010 && c <= 0x2015))
        return true;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (marks[i] == c)
            return true;
    return false;
}

static bool elided(const char *s, size_t n, size_t at)
{
    static const char list[] = " em n til tis twas cause bout cuz round neath ";
    char word[10] = " ";
    size_t len = 0;
    while (at + len < n && isalnum((unsigned char)s[at + len])) {
        if (len == 6)
            return false;
        word[len + 1] = (char)tolower((unsigned char)s[at + len]);
        len++;
    }
    word[len + 1] = ' ';
    return len && strstr(list, word);
}

/* Where the single quotation whose text begins at `at` closes, SIZE_MAX if it does not. */
static size_t closing(const char *s, size_t n, size_t at, int32_t mark)
{
    size_t len, weak = SIZE_MAX;
    bool line = false;
    int32_t c, next, last = 0;
    for (size_t i = at; i < n && i < at + AHEAD; i += len, last = c) {
        len = at_char(s, n, i, &c);
        if (c == '\n' && line)
            break;
        line = c == '\n' || (line && (c == ' ' || c == '\t' || c == '\r'));
        at_char(s, n, i + len, &next);
        if (c != mark || i == at || blank(last) || begins_word(next))
            continue;
        if (last != 's' && last != 'n') /* else it may be an apostrophe */
            return i;
        if (weak == SIZE_MAX)
            weak = i;
    }
    return weak;
}

void quote_end(struct quoting *q, struct pieces *p)
{
    if (q->open && p->n > q->first) {
        GROW(p->quotes);
        p->quotes.v[p->quotes.n++] = (struct quotation){q->first, p->n - 1};
    }
    q->open = NONE_OPEN;
    q->closes = SIZE_MAX;
}

static void start(struct quoting *q, struct pieces *p, int kind)
{
    quote_end(q, p);
    q->open = kind;
    q->first = p->n;
}

static size_t single(struct quoting *q, struct pieces *p, const char *s, size_t n, size_t at, int32_t c,
                     size_t len)
{
    int32_t next, last = before_char(s, at);
    at_char(s, n, at + len, &next);
    if (q->open == SINGLE_ONE) {
        if (at == q->closes)
            quote_end(q, p);
        return len;
    }
    if (next == c && (c == '\'' || c == '`')) {
        if (q->open == DOUBLE && c == '\'')
            quote_end(q, p);
        else if (!q->open && opens_after(last))
            start(q, p, DOUBLE);
        return 2;
    }
    if (q->open || c == 0x2019 || !opens_after(last) || !begins_word(next) || (next >= '0' && next <= '9') ||
        elided(s, n, at + len))
        return len;
    size_t closes = closing(s, n, at + len, c == 0x2018 ? 0x2019 : c == 0x201a ? 0x2018 : '\'');
    if (closes != SIZE_MAX) {
        start(q, p, SINGLE_ONE);
        q->closes = closes;
    }
    return len;
}

static void twofold(struct quoting *q, struct pieces *p, const char *s, size_t n, size_t at, int32_t c,
                    size_t len)
{
    int32_t next, last = before_char(s, at);
    at_char(s, n, at + len, &next);
    bool left = opens_after(last) && next && !blank(next);
    bool right = !opens_after(last) && !begins_word(next);
    bool angle = c == 0xab || c == 0xbb;
    if (q->open == SINGLE_ONE || (q->open && angle != (q->open == GUILLEMETS || q->open == INWARD)))
        return; /* inside another one */
    if (c == '"') {
        if (q->open && (!left || right))
            quote_end(q, p);
        else if (q->open || !right)
            start(q, p, DOUBLE);
    } else if (c == 0x201c) {
        q->open == LOW ? quote_end(q, p) : start(q, p, DOUBLE);
    } else if (c == 0x201e || c == 0x201f) {
        start(q, p, LOW);
    } else if (c == 0xab) {
        q->open == INWARD ? quote_end(q, p) : start(q, p, GUILLEMETS);
    } else if (q->open) { /* ” and » */
        quote_end(q, p);
    } else if (left) {
        start(q, p, c == 0x201d ? DOUBLE : INWARD);
    }
}

size_t quote_mark(struct quoting *q, struct pieces *p, const char *s, size_t n, size_t at)
{
    int32_t c;
    size_t len = at_char(s, n, at, &c);
    if (blank(c)) {
        if (c == 0x2029 || (c == '\n' && q->line))
            quote_end(q, p);
        q->line |= c == '\n';
        return len;
    }
    q->line = false;
    if (c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x201a)
        return single(q, p, s, n, at, c, len);
    if (c == '"' || c == 0xab || c == 0xbb || (c >= 0x201c && c <= 0x201f))
        twofold(q, p, s, n, at, c, len);
    return len;
}
