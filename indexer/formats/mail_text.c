#include "formats/fill.h"
#include "formats/mail.h"
#include "formats/textual.h"

#include <string.h>

enum {
    RUN_LEAST = 4,      /* lines of a packed file */
    SIGNATURE_LINES = 8 /* behind a mark that is not quite one */
};

/* Marks of quoting before a line, "> > " or "|> "; the blanks between them count. */
static size_t quote_marks(struct nd_str line)
{
    size_t i = 0, end = 0;
    while (i < line.n) {
        size_t k = line.p[i] == '>' || line.p[i] == ' ' ? 1 : 0;
        if (!k && i + 1 < line.n && line.p[i] == '|' && line.p[i + 1] == '>')
            k = 2;
        if (!k)
            break;
        i += k;
        if (line.p[i - 1] == '>')
            end = i;
        else if (i - end > 1)
            break;
    }
    return end;
}

static bool is(struct nd_str line, const char *what)
{
    size_t k = strlen(what);
    return line.n >= k && !memcmp(line.p, what, k);
}

/* "begin 644 name" with lines of uuencoding behind it. */
static bool uu_begins(struct nd_str line, struct nd_str rest)
{
    struct nd_str next;
    if (!is(line, "begin ") || line.n < 11)
        return false;
    for (size_t i = 6; i < 9; i++)
        if (line.p[i] < '0' || line.p[i] > '7')
            return false;
    return nd_next_line(&rest, &next) && next.n && *next.p >= ' ' && *next.p <= '`' &&
           next.n >= 1 + ((size_t)(*next.p - ' ') + 2) / 3 * 4;
}

/* Ends of packed files that were looked for in vain: they are not in the rest either, which keeps the work linear. */
struct missing {
    bool uu, yenc, armour, binhex;
};

/* Pass over lines to behind the one that is `end`. Return: false, and nothing passed, where there is none. */
static bool skip_to(struct nd_str *text, const char *end, bool *missing)
{
    if (*missing)
        return false;
    struct nd_str rest = *text, line;
    while (nd_next_line(&rest, &line))
        if (is(line, end)) {
            *text = rest;
            return true;
        }
    *missing = true;
    return false;
}

enum line_of {
    LINE_OF_TEXT,
    LINE_OF_UU, /* a full line of uuencoding */
    LINE_OF_BASE64
};

/* A line of a packed file looks like no line of a text: one long run of its alphabet. */
static enum line_of line_of(struct nd_str line)
{
    if (line.n < 60 || line.n > 78)
        return LINE_OF_TEXT;
    bool uu = (line.n == 61 || line.n == 62) && *line.p == 'M', base64 = true;
    unsigned upper = 0, lower = 0, digits = 0;
    for (size_t i = 0; i < line.n && (uu || base64); i++) {
        char c = line.p[i];
        uu &= c >= ' ' && c <= '`';
        base64 &=
            (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '+' || c == '/';
        upper += c >= 'A' && c <= 'Z';
        lower += c >= 'a' && c <= 'z';
        digits += c >= '0' && c <= '9';
    }
    if (uu)
        return LINE_OF_UU;
    return base64 && upper > 5 && lower > 5 && digits > 1 ? LINE_OF_BASE64 : LINE_OF_TEXT;
}

/* Pass over a packed file without its beginning or its end, as one part of several has it. */
static bool skip_packed(struct nd_str line, struct nd_str *text)
{
    enum line_of of = line_of(line);
    struct nd_str rest = *text, next;
    unsigned run = 1;
    if (of == LINE_OF_TEXT)
        return false;
    while (nd_next_line(&rest, &next) && line_of(next) == of) {
        *text = rest;
        run++;
    }
    return run >= RUN_LEAST;
}

/* A file in BinHex: from the line that says so, between two colons. */
static bool skip_binhex(struct nd_str line, struct nd_str *text, bool *missing)
{
    struct nd_str rest = *text, next;
    bool open = false;
    if (*missing || !is(line, "(This file must be converted with BinHex"))
        return false;
    while (nd_next_line(&rest, &next)) {
        if (!next.n && !open)
            continue;
        if (!open && *next.p != ':')
            return false;
        if (next.n > 1 && next.p[next.n - 1] == ':') {
            *text = rest;
            return true;
        }
        open = true;
    }
    *missing = true;
    return false;
}

/* "--" as programs that trim lines leave it, with a few lines behind it and no more. */
static bool is_signature(struct nd_str line, struct nd_str rest)
{
    unsigned lines = 0;
    struct nd_str next;
    if (line.n == 3 && is(line, "-- "))
        return true;
    if (line.n != 2 || !is(line, "--"))
        return false;
    while (nd_next_line(&rest, &next))
        if (nd_trim(next).n && ++lines > SIGNATURE_LINES)
            return false;
    return lines > 0;
}

/* The armour of PGP but for the text that it signs. */
static bool skip_armour(struct nd_str line, struct nd_str *text, bool *missing)
{
    return is(line, "-----BEGIN PGP ") && skip_to(text, "-----END PGP ", missing);
}

struct nd_str nd_mail_text(struct nd_arena *arena, struct nd_str text, unsigned *attachments)
{
    char *out = text.n ? nd_arena_alloc(arena, text.n * 2 + 8) : NULL;
    size_t n = 0;
    bool quoted = false, armoured = false;
    struct missing missing = {0};
    struct nd_str line;
    if (!out)
        return (struct nd_str){0};
    while (nd_next_line(&text, &line)) {
        struct nd_str behind = text;
        if (is_signature(line, text)) /* it goes to the end */
            break;
        if (is(line, "-----BEGIN PGP SIGNED MESSAGE-----")) {
            armoured = true;
            continue;
        }
        if (armoured && is(line, "Hash: "))
            continue;
        if (skip_armour(line, &text, &missing.armour))
            continue;
        if ((uu_begins(line, text) && skip_to(&text, "end", &missing.uu)) ||
            (is(line, "=ybegin ") && skip_to(&text, "=yend", &missing.yenc)) ||
            skip_packed(line, &text) || skip_binhex(line, &text, &missing.binhex)) {
            ++*attachments;
            continue;
        }
        text = behind;                  /* a run too short to be a file */
        if (armoured && is(line, "- ")) /* lines that begin with a dash have one more */
            line = (struct nd_str){line.p + 2, line.n - 2};
        size_t marks = quote_marks(line);
        struct nd_str bare = nd_trim((struct nd_str){line.p + marks, line.n - marks});
        if (marks && bare.n) {
            /* lines of one run are joined: they were wrapped by the quoted program */
            if (quoted) {
                out[n++] = ' ';
            } else {
                memcpy(out + n, n ? "\n> " : "> ", n ? 3 : 2);
                n += n ? 3 : 2;
            }
            memcpy(out + n, bare.p, bare.n);
            n += bare.n;
            quoted = true;
            continue;
        }
        if (quoted) {
            out[n++] = '\n';
            if (!marks && line.n)
                out[n++] = '\n';
        }
        quoted = false;
        if (!marks) {
            memcpy(out + n, line.p, line.n);
            n += line.n;
        }
        out[n++] = '\n';
    }
    return (struct nd_str){out, n};
}
