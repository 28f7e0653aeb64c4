#include "formats/fill.h"
#include "formats/mail.h"
#include "formats/textual.h"

#include <string.h>

/* Marks of quoting before a line, "> > " or "|"; the blanks between them count. */
static size_t quote_marks(struct nd_str line)
{
    size_t i = 0, end = 0;
    while (i < line.n && (line.p[i] == '>' || line.p[i] == ' ')) {
        i++;
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

/* Pass over lines to behind the one that is `end`. Return: false, and nothing passed, where there is none. */
static bool skip_to(struct nd_str *text, const char *end)
{
    struct nd_str rest = *text, line;
    while (nd_next_line(&rest, &line))
        if (is(line, end)) {
            *text = rest;
            return true;
        }
    return false;
}

struct nd_str nd_mail_text(struct nd_arena *arena, struct nd_str text, unsigned *attachments)
{
    char *out = text.n ? nd_arena_alloc(arena, text.n * 2 + 8) : NULL;
    size_t n = 0;
    bool quoted = false, armoured = false;
    struct nd_str line;
    if (!out)
        return (struct nd_str){0};
    while (nd_next_line(&text, &line)) {
        if (is(line, "-- ") && line.n == 3) /* the signature goes to the end */
            break;
        if (is(line, "-----BEGIN PGP SIGNED MESSAGE-----")) {
            armoured = true;
            continue;
        }
        if (armoured && is(line, "Hash: "))
            continue;
        if (is(line, "-----BEGIN PGP SIGNATURE-----") && skip_to(&text, "-----END PGP SIGNATURE"))
            continue;
        if (uu_begins(line, text) && skip_to(&text, "end")) {
            ++*attachments;
            continue;
        }
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
