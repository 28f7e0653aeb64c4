/* What mails have in shapes of their own: wrapped lines (format=flowed), text/enriched, dates. */
#include "formats/fill.h"
#include "formats/mail.h"
#include "formats/textual.h"

#include "text/date.h"

#include <string.h>

struct nd_str nd_mail_unflow(struct nd_arena *arena, struct nd_str text, bool delsp)
{
    char *out = text.n ? nd_arena_alloc(arena, text.n + 1) : NULL;
    size_t n = 0, before = 0;
    bool open = false; /* the line before goes on here */
    struct nd_str line;
    if (!out)
        return (struct nd_str){0};
    while (nd_next_line(&text, &line)) {
        size_t depth = 0;
        while (depth < line.n && line.p[depth] == '>')
            depth++;
        struct nd_str s = {line.p + depth, line.n - depth};
        if (s.n && *s.p == ' ') /* put there so that the line does not look quoted */
            s = (struct nd_str){s.p + 1, s.n - 1};
        bool signature = s.n == 3 && !memcmp(s.p, "-- ", 3);
        if (open && (depth != before || signature))
            open = false;
        if (!open) {
            if (n)
                out[n++] = '\n';
            memcpy(out + n, line.p, depth);
            n += depth;
            if (depth && s.n)
                out[n++] = ' ';
        }
        bool flows = s.n && s.p[s.n - 1] == ' ' && !signature;
        s.n -= flows && delsp;
        memcpy(out + n, s.p, s.n);
        n += s.n;
        open = flows;
        before = depth;
    }
    return (struct nd_str){out, n};
}

struct nd_str nd_mail_enriched(struct nd_arena *arena, struct nd_str text)
{
    char *out = text.n ? nd_arena_alloc(arena, text.n + 1) : NULL;
    size_t n = 0;
    if (!out)
        return (struct nd_str){0};
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '<' && i + 1 < text.n && text.p[i + 1] == '<') {
            out[n++] = text.p[i++];
            continue;
        }
        const char *gt = text.p[i] == '<' ? memchr(text.p + i, '>', text.n - i) : NULL;
        if (!gt || gt - (text.p + i) > 60) {
            out[n++] = text.p[i];
            continue;
        }
        struct nd_str tag = {text.p + i, (size_t)(gt + 1 - (text.p + i))};
        if (nd_str_is(tag, "<param>")) { /* of a command: no text */
            const char *end = memmem(gt, (size_t)(text.p + text.n - gt), "</param>", 8);
            gt = end ? end + 7 : gt;
        }
        i = (size_t)(gt - text.p);
    }
    return (struct nd_str){out, n};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Without what stands in brackets, without quotes, with single blanks. Return: its bytes, at most room. */
static size_t bare_date(char *out, size_t room, struct nd_str s)
{
    unsigned depth = 0;
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < room; i++) {
        char c = s.p[i];
        depth += c == '(';
        if (!depth && c != '"' && !(strchr(" \t\r\n", c) && (!n || out[n - 1] == ' ')))
            out[n++] = strchr("\t\r\n", c) ? ' ' : c;
        depth -= c == ')' && depth;
    }
    while (n && out[n - 1] == ' ')
        n--;
    return n;
}

/* "102" as some programs wrote the year 2002, at the place of a year. */
static struct nd_str with_century(struct nd_arena *arena, struct nd_str s)
{
    for (size_t i = 1; i + 4 < s.n; i++)
        if (s.p[i - 1] == ' ' && s.p[i] == '1' && s.p[i + 1] >= '0' && s.p[i + 1] <= '3' &&
            is_digit(s.p[i + 2]) && s.p[i + 3] == ' ' && i > 4 && !is_digit(s.p[i - 2])) {
            char *p =
                nd_arena_printf(arena, "%.*s20%.*s", (int)i, s.p, (int)(s.n - i - 1), s.p + i + 1);
            return p ? nd_str_of(p) : s;
        }
    return s;
}

struct nd_str nd_mail_date(struct nd_arena *arena, struct nd_str date)
{
    char bare[100];
    struct nd_date d;
    struct nd_str s = {bare, bare_date(bare, sizeof bare, date)};
    s = with_century(arena, nd_arena_str(arena, s.p, s.n));
    if (!s.n || !nd_date_parse(&d, s.p, s.n, NULL))
        return s;
    /* up to the time, with a zone in figures behind it or without */
    for (size_t i = 0; i + 5 <= s.n; i++) {
        if (!is_digit(s.p[i]) || !is_digit(s.p[i + 1]) || s.p[i + 2] != ':')
            continue;
        size_t end = i + 5;
        if (end + 3 <= s.n && s.p[end] == ':')
            end += 3;
        bool zone =
            end + 6 <= s.n && s.p[end] == ' ' && (s.p[end + 1] == '+' || s.p[end + 1] == '-');
        for (size_t k = 2; zone && k < 6; k++)
            zone = is_digit(s.p[end + k]);
        struct nd_str cut = {s.p, end + (zone ? 6 : 0)};
        if (!nd_date_parse(&d, cut.p, cut.n, NULL))
            return cut;
        cut.n = end;
        return nd_date_parse(&d, cut.p, cut.n, NULL) ? s : cut;
    }
    return s;
}
