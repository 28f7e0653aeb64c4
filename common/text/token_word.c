/* token_word.c: one word of any script, by UAX 29's classes and the tailorings listed in token.c. */
#include "text/letter.h"
#include "text/token_scan.h"
#include "text/utf8.h"

struct reader { /* one word on its way */
    const char *text;
    size_t n;
    char *key;
    unsigned len;     /* of the key */
    bool full;        /* the key has reached ND_WORD_MAX */
    bool ascii;       /* of the key */
    bool marks;       /* combining marks were kept */
    bool dropped;     /* characters were left out */
    bool changed;     /* letters were changed to lower case */
    unsigned letters; /* and digits */
    unsigned upper;   /* of them, of each case */
    unsigned lower;
    uint8_t first_case; /* case of the first cased letter */
    uint8_t last;       /* case of the last letter or digit */
};

/* Length, character and class at text[at..n); 0 at the end. An ill-formed byte counts as U+FFFD. */
static size_t peek(const struct reader *r, size_t at, uint32_t *cp, unsigned *wb)
{
    *cp = 0xfffd;
    *wb = ND_WB_OTHER;
    if (at >= r->n)
        return 0;
    size_t len = nd_utf8_decode(r->text + at, r->n - at, cp);
    *wb = nd_wb(*cp);
    return len ? len : 1;
}

static size_t past_ignored(const struct reader *r, size_t at)
{
    uint32_t cp;
    unsigned wb;
    for (;;) {
        size_t len = peek(r, at, &cp, &wb);
        if (!len || !nd_wb_ignored(wb))
            return at;
        at += len;
    }
}

static unsigned class_at(const struct reader *r, size_t at)
{
    uint32_t cp;
    unsigned wb;
    peek(r, at, &cp, &wb);
    return wb;
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019 || cp == 0x2018 || cp == 0xff07 || cp == 0x2bc || cp == 0x2bb;
}

static bool is_dot(uint32_t cp)
{
    return cp == '.' || cp == 0x2024 || cp == 0xfe52 || cp == 0xff0e;
}

static bool is_colon(uint32_t cp)
{
    return cp == ':' || cp == 0xfe13 || cp == 0xfe55 || cp == 0xff1a;
}

static void put(struct reader *r, uint32_t cp)
{
    char c[4];
    size_t len = nd_utf8_encode(cp, c);
    if (r->full || r->len + len > ND_WORD_MAX) {
        r->full = true;
        return;
    }
    for (size_t i = 0; i < len; i++)
        r->key[r->len++] = c[i];
    if (cp >= 0x80)
        r->ascii = false;
}

/* Add a letter or digit to the key, and count its case. */
static void put_letter(struct reader *r, uint32_t cp)
{
    static const char ligature[7][4] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
    r->last = ND_CASE_NONE;
    r->letters++;
    if (nd_is_upper(cp)) {
        r->last = ND_CASE_UPPER;
        r->upper++;
    } else if (nd_is_lower(cp)) {
        r->last = ND_CASE_LOWER;
        r->lower++;
    }
    if (!r->first_case)
        r->first_case = r->last;
    if (cp >= 0xfb00 && cp <= 0xfb06) {
        r->changed = true;
        for (const char *c = ligature[cp - 0xfb00]; *c; c++)
            put(r, (unsigned char)*c);
        return;
    }
    uint32_t low = nd_lower_cp(cp);
    if (low != cp)
        r->changed = true;
    put(r, low);
}

/* Add what is attached to the last character: marks stay; soft hyphens, joiners, directional marks and
 * variation selectors go. */
static void put_ignored(struct reader *r, uint32_t cp, unsigned wb)
{
    if (wb != ND_WB_EXTEND || cp == 0x200c || cp == 0x34f || (cp >= 0xfe00 && cp <= 0xfe0f) ||
        cp >= 0xe0000) {
        r->dropped = true;
        return;
    }
    r->marks = true;
    put(r, cp);
}

/* The initials that start at `at` (U.S.A., a.m.): single letters with a dot between each two.
 * Return: the end of the span, 0 when there are fewer than two; *dot: the span ends with a dot. */
static size_t initials_end(const struct reader *r, size_t at, bool *dot)
{
    unsigned count = 0;
    size_t end = 0;
    *dot = false;
    for (;;) {
        uint32_t cp;
        unsigned wb;
        size_t len = peek(r, at, &cp, &wb);
        if (!len || !nd_wb_letter(wb) || is_apostrophe(cp))
            break;
        size_t after = past_ignored(r, at + len);
        len = peek(r, after, &cp, &wb);
        if (len && is_dot(cp)) {
            count++;
            end = after + len;
            *dot = true;
            at = past_ignored(r, end);
            continue;
        }
        if (len && (nd_wb_letter(wb) || wb == ND_WB_NUMERIC) && !is_apostrophe(cp))
            break; /* a longer word: U.S.Army */
        count++;
        end = after;
        *dot = false;
        break;
    }
    return count >= 2 ? end : 0;
}

/* Is there a possessive 's at `at`, where a letter or digit stands before?
 * Return: where it ends, 0 if there is none. */
static size_t possessive_end(const struct reader *r, size_t at)
{
    uint32_t cp;
    unsigned wb;
    size_t len = peek(r, at, &cp, &wb);
    if (!len || !is_apostrophe(cp))
        return 0;
    at = past_ignored(r, at + len);
    len = peek(r, at, &cp, &wb);
    if (!len || (cp != 's' && cp != 'S'))
        return 0;
    at = past_ignored(r, at + len);
    len = peek(r, at, &cp, &wb);
    if (len && (nd_wb_letter(wb) || wb == ND_WB_NUMERIC) && !is_apostrophe(cp))
        return 0;
    return at;
}

/* Three digits of a thousands group from `at`, and no fourth. */
static bool is_group(const struct reader *r, size_t at)
{
    for (size_t i = 0; i < 3; i++)
        if (at + i >= r->n || r->text[at + i] < '0' || r->text[at + i] > '9')
            return false;
    return class_at(r, past_ignored(r, at + 3)) != ND_WB_NUMERIC;
}

struct number {     /* of a word so far: may a comma be a thousands separator? */
    bool plain;     /* digits and separators alone */
    unsigned group; /* digits since the last one */
};

/* Go on from `at`, after the first character of class `prev`. Return: the end of the word. */
static size_t read_rest(struct reader *r, size_t at, unsigned prev, struct number number)
{
    for (;;) {
        uint32_t cp;
        unsigned wb;
        size_t len = peek(r, at, &cp, &wb);
        if (!len)
            return at;
        if (nd_wb_ignored(wb)) {
            put_ignored(r, cp, wb);
            at += len;
            continue;
        }
        size_t next = at + len;
        if (is_apostrophe(cp)) {
            size_t after = past_ignored(r, next);
            uint32_t next_cp;
            unsigned next_wb;
            peek(r, after, &next_cp, &next_wb);
            if (!nd_wb_letter(prev) || !nd_wb_letter(next_wb) || is_apostrophe(next_cp) ||
                possessive_end(r, at))
                return at;
            put(r, '\'');
            r->dropped |= after != next;
            number.plain = false;
            at = after;
        } else if (nd_wb_letter(wb) || wb == ND_WB_NUMERIC) {
            put_letter(r, cp);
            number.plain &= wb == ND_WB_NUMERIC;
            number.group++;
            prev = wb;
            at = next;
        } else if (wb == ND_WB_MIDNUM) {
            if (cp != ',' || !number.plain || number.group > 3 || !is_group(r, next))
                return at;
            number.group = 0;
            at = next;
        } else {
            bool joins;
            unsigned after = class_at(r, past_ignored(r, next));
            if (is_dot(cp))
                joins = prev == ND_WB_NUMERIC && after == ND_WB_NUMERIC;
            else if (wb == ND_WB_MIDLETTER && !is_colon(cp))
                joins = nd_wb_letter(prev) && nd_wb_letter(after);
            else
                joins = wb == ND_WB_DQUOTE && prev == ND_WB_HEBREW && after == ND_WB_HEBREW;
            if (!joins)
                return at;
            put(r, is_dot(cp) ? '.' : cp);
            number.plain = false;
            at = next;
        }
    }
}

bool nd_word_start(uint32_t cp)
{
    unsigned props = nd_props(cp), wb = props & ND_WB_MASK;
    if (nd_wb_letter(wb))
        return !is_apostrophe(cp);
    if (wb == ND_WB_NUMERIC || wb == ND_WB_KATAKANA)
        return true;
    return (props & ND_PROP_WORD) && wb == ND_WB_OTHER;
}

/* Letters may have come together that NFC writes as one. */
static void renormalise(struct reader *r)
{
    struct nd_buf nfc;
    nd_buf_init(&nfc, 4 * ND_WORD_MAX);
    /* Out of memory here costs a word its normal form, not the record. */
    if (nd_nfc(&nfc, r->key, r->len) == 0) {
        size_t len = nfc.len;
        while (len > ND_WORD_MAX || (len < nfc.len && (nfc.data[len] & 0xc0) == 0x80))
            len--;
        for (size_t i = 0; i < len; i++)
            r->key[i] = nfc.data[i];
        r->len = (unsigned)len;
    }
    nd_buf_free(&nfc);
}

static unsigned shape_of(const struct reader *r)
{
    if (!r->upper)
        return ND_SHAPE_LOWER;
    if (!r->lower)
        return r->upper == 1 ? ND_SHAPE_CAPITAL : ND_SHAPE_UPPER;
    return r->upper == 1 && r->first_case == ND_CASE_UPPER ? ND_SHAPE_CAPITAL : ND_SHAPE_MIXED;
}

void nd_word_slow(struct nd_word *out, const char *text, size_t n, size_t at, char *key)
{
    struct reader r = {.text = text, .n = n, .key = key, .ascii = true};
    *out = (struct nd_word){0};
    uint32_t cp;
    unsigned wb;
    size_t len = peek(&r, at, &cp, &wb);
    bool letter = nd_wb_letter(wb);
    bool dot = false;
    size_t end = letter ? initials_end(&r, at, &dot) : 0;
    if (end) {
        while (at < end) {
            len = peek(&r, at, &cp, &wb);
            if (nd_wb_ignored(wb))
                put_ignored(&r, cp, wb);
            else if (is_dot(cp))
                r.dropped = true;
            else
                put_letter(&r, cp);
            at += len;
        }
        out->first = r.first_case;
        out->initials = true;
        out->dot = dot;
        out->flags |= ND_T_DOTTED;
    } else {
        put_letter(&r, cp);
        out->first = r.last;
        struct number number = {.plain = wb == ND_WB_NUMERIC, .group = 1};
        if (letter || wb == ND_WB_NUMERIC) {
            end = read_rest(&r, at + len, wb, number);
        } else { /* ideographs, kana and other scripts without blanks: a character is a word */
            for (end = at + len; (len = peek(&r, end, &cp, &wb)) && nd_wb_ignored(wb); end += len)
                put_ignored(&r, cp, wb);
        }
        if (r.letters == 1 && r.upper == 1 && end < n && text[end] == '.')
            out->flags |= ND_T_DOTTED;
    }
    out->shape = (uint8_t)shape_of(&r);
    out->last = r.last;
    size_t possessive = possessive_end(&r, end);
    if (possessive) {
        out->flags |= ND_T_POSSESSIVE;
        out->last = text[possessive - 1] == 'S' ? ND_CASE_UPPER : ND_CASE_LOWER;
        out->dot = false;
        end = possessive;
    }
    if (!r.ascii && (r.dropped || (r.marks && r.changed)))
        renormalise(&r);
    if (r.ascii)
        out->flags |= ND_T_ASCII;
    out->key_len = r.len;
    out->end = end;
}
