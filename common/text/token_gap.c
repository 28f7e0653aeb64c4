/* token_gap.c: what lies between two words: marks that may end a sentence, blank lines, quotations.
 * Quotations do not nest here: the outermost counts, so opening and closing words alternate. */
#include "text/letter.h"
#include "text/token_scan.h"
#include "text/utf8.h"

#include <string.h>

enum {
    SINGLE_AHEAD = 1500, /* bytes in which a single quotation has to close */
    ELISION_MAX = 6
};

/* The character at text[at..n), 0 at the end; *len its bytes. */
static uint32_t char_at(const char *text, size_t n, size_t at, size_t *len)
{
    *len = 0;
    if (at >= n)
        return 0;
    unsigned char c = (unsigned char)text[at];
    *len = 1;
    if (c < 0x80)
        return c;
    uint32_t cp = 0xfffd;
    size_t l = nd_utf8_decode(text + at, n - at, &cp);
    if (l)
        *len = l;
    return cp;
}

static uint32_t char_before(const char *text, size_t at)
{
    size_t from = at, len;
    while (from > 0 && at - from < 4) {
        from--;
        if (((unsigned char)text[from] & 0xc0) != 0x80)
            break;
    }
    return from < at ? char_at(text, at, from, &len) : 0;
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f ||
           cp == 0x205f || cp == 0x3000;
}

/* May a quotation open after this character (0: the start of the text)? */
static bool opens_after(uint32_t cp)
{
    if (cp == 0 || is_blank(cp))
        return true;
    switch (cp) {
    case '(':
    case '[':
    case '{':
    case '-':
    case '/':
    case '"':
    case '\'':
    case '`':
    case '=':
    case ':':
    case 0xab:
    case 0xbf:
    case 0x2039:
    case 0x2018:
    case 0x201c:
    case 0x201e:
        return true;
    default:
        return cp >= 0x2010 && cp <= 0x2015;
    }
}

static bool is_word(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || ((cp | 32) >= 'a' && (cp | 32) <= 'z');
    return nd_word_start(cp);
}

void nd_quote_end(struct nd_scan *s)
{
    if (s->quote && s->out->n > s->quote_first) {
        s->out->v[s->quote_first].flags |= ND_T_QUOTE_OPEN;
        s->out->v[s->out->n - 1].flags |= ND_T_QUOTE_CLOSE;
    }
    s->quote = ND_QUOTE_NONE;
    s->quote_close = SIZE_MAX;
}

static void quote_start(struct nd_scan *s, enum nd_quote kind)
{
    nd_quote_end(s);
    s->quote = (uint8_t)kind;
    s->quote_first = s->out->n;
}

/* Is the word at text[at..n) one that is written with an apostrophe in front: 'em, 'tis, 'n'? */
static bool is_elision(const char *text, size_t n, size_t at)
{
    static const char words[][ELISION_MAX] = {"em",    "n",    "til", "tis",   "twas",
                                              "cause", "bout", "cuz", "round", "neath"};
    char word[ELISION_MAX + 1];
    size_t len = 0;
    while (at + len < n && len <= ELISION_MAX) {
        unsigned char c = (unsigned char)text[at + len];
        if (!is_word(c | 0u) || c >= 0x80)
            break;
        if (len < ELISION_MAX)
            word[len] = (char)(c | 32);
        len++;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t want = strnlen(words[i], ELISION_MAX);
        if (len == want && memcmp(word, words[i], want) == 0)
            return true;
    }
    return false;
}

/* Where the single quotation that opens before text[at] closes with `mark`, SIZE_MAX if it does not in
 * its paragraph and SINGLE_AHEAD bytes. An apostrophe after an s (the voters' choice) counts only where
 * there is no other. What was looked through in vain is not looked through again. */
static size_t find_close(struct nd_scan *s, size_t at, uint32_t mark)
{
    struct nd_searched *past = &s->searched[mark == '\'' ? 0 : mark == 0x2019 ? 1 : 2];
    size_t end = s->n - at > SINGLE_AHEAD ? at + SINGLE_AHEAD : s->n;
    size_t weak = SIZE_MAX, i = at, len;
    struct nd_searched now = {.end = at};
    if (at < past->end) {
        if (past->paragraph)
            return SIZE_MAX;
        now = *past;
        i = past->end;
    }
    for (; i < end && !now.paragraph; i += len) {
        uint32_t cp = char_at(s->text, s->n, i, &len);
        size_t next_len;
        if (cp == '\n') {
            now.paragraph = now.line;
            now.line = true;
        } else if (cp != ' ' && cp != '\t' && cp != '\r') {
            now.line = false;
        }
        if (cp == mark && i > at && !is_blank(now.before) &&
            !is_word(char_at(s->text, s->n, i + len, &next_len))) {
            if (now.before != 's' && now.before != 'n')
                return i;
            if (weak == SIZE_MAX)
                weak = i;
        }
        now.before = cp;
    }
    now.end = i;
    if (weak == SIZE_MAX)
        *past = now;
    return weak;
}

/* An apostrophe-like mark at text[at] of len bytes that is no part of a word. */
static size_t single(struct nd_scan *s, size_t at, uint32_t cp, size_t len)
{
    size_t next_len;
    uint32_t next = char_at(s->text, s->n, at + len, &next_len);
    if (s->quote == ND_QUOTE_SINGLE) {
        if (at == s->quote_close)
            nd_quote_end(s);
        return len;
    }
    uint32_t before = char_before(s->text, at);
    if ((cp == '\'' || cp == '`') && next == cp) { /* the wires' ``...'' */
        if (s->quote == ND_QUOTE_DOUBLE && cp == '\'')
            nd_quote_end(s);
        else if (!s->quote && opens_after(before))
            quote_start(s, ND_QUOTE_DOUBLE);
        return 2;
    }
    if (s->quote || cp == 0x2019 || !opens_after(before) || !is_word(next))
        return len;
    if (next >= '0' && next <= '9') /* '90s */
        return len;
    if (is_elision(s->text, s->n, at + len))
        return len;
    size_t close = find_close(s, at + len, cp == 0x2018 ? 0x2019 : cp == 0x201a ? 0x2018 : '\'');
    if (close != SIZE_MAX) {
        quote_start(s, ND_QUOTE_SINGLE);
        s->quote_close = close;
    }
    return len;
}

/* A double quotation mark at text[at] of len bytes. */
static void double_mark(struct nd_scan *s, size_t at, uint32_t cp, size_t len)
{
    size_t next_len;
    uint32_t next = char_at(s->text, s->n, at + len, &next_len);
    bool left = opens_after(char_before(s->text, at)) && next && !is_blank(next);
    bool right = !opens_after(char_before(s->text, at)) && !is_word(next);
    unsigned q = s->quote;
    if (q == ND_QUOTE_SINGLE)
        return;
    bool angle = cp == 0xab || cp == 0xbb;
    if (q && (q == ND_QUOTE_ANGLE || q == ND_QUOTE_TURNED) != angle)
        return; /* nested */
    switch (cp) {
    case '"':
        if (q && !(left && !right))
            nd_quote_end(s);
        else if (q || !right) /* a mark after a word and none open is an inch sign */
            quote_start(s, ND_QUOTE_DOUBLE);
        break;
    case 0x201c: /* “ opens, and closes what „ opened */
        if (q == ND_QUOTE_LOW)
            nd_quote_end(s);
        else
            quote_start(s, ND_QUOTE_DOUBLE);
        break;
    case 0x201d: /* ” closes, and opens in Swedish and Finnish */
        if (q)
            nd_quote_end(s);
        else if (left)
            quote_start(s, ND_QUOTE_DOUBLE);
        break;
    case 0x201e:
    case 0x201f:
        quote_start(s, ND_QUOTE_LOW);
        break;
    case 0xab: /* « opens, and closes what » opened */
        if (q == ND_QUOTE_TURNED)
            nd_quote_end(s);
        else
            quote_start(s, ND_QUOTE_ANGLE);
        break;
    default:
        if (q)
            nd_quote_end(s);
        else if (left)
            quote_start(s, ND_QUOTE_TURNED);
        break;
    }
}

/* What a mark other than a quote or blank does to the sentence. */
static unsigned mark(unsigned gap, uint32_t cp)
{
    switch (cp) {
    case '.':
        gap = (gap & ND_GAP_DOT) ? gap | ND_GAP_ELLIPSIS : gap | ND_GAP_DOT;
        return gap & ~(unsigned)(ND_GAP_BLANK | ND_GAP_OTHER);
    case 0x2025: /* two and three dots */
    case 0x2026:
        return (gap | ND_GAP_DOT | ND_GAP_ELLIPSIS) & ~(unsigned)(ND_GAP_BLANK | ND_GAP_OTHER);
    case '!':
    case '?':
    case 0x61f: /* Arabic question mark */
    case 0x203c:
    case 0x2047:
    case 0x2048:
    case 0x2049:
        return (gap | ND_GAP_STRONG) & ~(unsigned)(ND_GAP_BLANK | ND_GAP_OTHER);
    case 0x589: /* Armenian, Urdu, Devanagari, ideographic and full-width full stops */
    case 0x6d4:
    case 0x964:
    case 0x965:
    case 0x3002:
    case 0xff01:
    case 0xff0e:
    case 0xff1f:
    case 0xff61:
        return gap | ND_GAP_HARD;
    case ',':
    case ';':
    case ':':
        return (gap & ~(unsigned)(ND_GAP_DOT | ND_GAP_STRONG | ND_GAP_ELLIPSIS)) | ND_GAP_OTHER;
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
        return gap;
    default:
        return nd_wb_ignored(nd_wb(cp)) ? gap : gap | ND_GAP_OTHER;
    }
}

unsigned nd_gap(struct nd_scan *s, bool dot)
{
    unsigned gap = dot ? ND_GAP_DOT : 0;
    bool line = false; /* blanks alone since the last newline */
    while (s->at < s->n) {
        size_t len, at = s->at;
        uint32_t cp = char_at(s->text, s->n, at, &len);
        if (is_word(cp))
            break;
        if (is_blank(cp)) {
            gap |= ND_GAP_BLANK;
            if (cp == 0x2029 || (cp == '\n' && line)) {
                gap |= ND_GAP_PARAGRAPH;
                nd_quote_end(s);
            }
            line |= cp == '\n';
            s->at += len;
            continue;
        }
        line = false;
        switch (cp) {
        case '"':
        case 0xab:
        case 0xbb:
        case 0x201c:
        case 0x201d:
        case 0x201e:
        case 0x201f:
            double_mark(s, at, cp, len);
            break;
        case '\'':
        case '`':
        case 0x2018:
        case 0x2019:
        case 0x201a:
            len = single(s, at, cp, len);
            break;
        default:
            gap = mark(gap, cp);
            break;
        }
        s->at += len;
    }
    return gap;
}
