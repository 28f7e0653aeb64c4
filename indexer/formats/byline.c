#include "formats/fieldmap.h"

#include <string.h>
#include <strings.h>

static struct nd_str trimmed(struct nd_str s)
{
    while (s.n && (*s.p == ' ' || *s.p == '\t' || *s.p == '\n' || *s.p == ',')) {
        s.p++;
        s.n--;
    }
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\n' ||
                   s.p[s.n - 1] == ','))
        s.n--;
    return s;
}

static bool begins(struct nd_str s, const char *word)
{
    size_t n = strlen(word);
    return s.n > n && !strncasecmp(s.p, word, n);
}

/* Words like "Staff Writer" are no names. */
static bool is_role(struct nd_str s)
{
    static const char *const roles[] = {"staff", "special to ", "correspondent", "reporter",
                                        "for the "};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (begins(s, roles[i]) || (s.n == strlen(roles[i]) && !strncasecmp(s.p, roles[i], s.n)))
            return true;
    return false;
}

static bool several_words(struct nd_str s)
{
    return memchr(s.p, ' ', s.n) != NULL;
}

/* May the commas be between names? Not in "Last, First" and "King, Jr.": then a side has one word. */
static bool commas_part(struct nd_str s, bool listed)
{
    size_t commas = 0;
    const char *from = s.p, *end = s.p + s.n;
    for (const char *c; (c = memchr(from, ',', (size_t)(end - from))); from = c + 1)
        commas++;
    if (!commas)
        return false;
    bool all = true;
    for (from = s.p; from < end;) {
        const char *c = memchr(from, ',', (size_t)(end - from));
        struct nd_str part = trimmed((struct nd_str){from, (size_t)((c ? c : end) - from)});
        all &= !part.n || several_words(part);
        from = c ? c + 1 : end;
    }
    return all || (commas > 1 && listed);
}

static size_t add(struct nd_str *out, size_t n, struct nd_str s)
{
    s = trimmed(s);
    if (s.n && n < ND_BYLINE_MAX && !is_role(s))
        out[n++] = s;
    return n;
}

/* Where the next separator begins in s, s.n if none; *len is its length. */
static size_t separator(struct nd_str s, size_t *len)
{
    static const char *const words[] = {" and ", " & ", " und ", " et ",  " y ",
                                        ";",     "|",   "\n",    " with "};
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != ' ' && s.p[i] != ';' && s.p[i] != '|' && s.p[i] != '\n')
            continue;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            *len = strlen(words[k]);
            if (s.n - i >= *len && !strncasecmp(s.p + i, words[k], *len))
                return i;
        }
    }
    *len = 0;
    return s.n;
}

size_t nd_byline_split(struct nd_str *out, size_t n, struct nd_str s)
{
    static const char *const openings[] = {"by ", "by: ", "von ", "par ", "por "};
    s = trimmed(s);
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (begins(s, openings[i])) {
            size_t k = strlen(openings[i]);
            s = trimmed((struct nd_str){s.p + k, s.n - k});
            break;
        }
    size_t len;
    bool listed = separator(s, &len) < s.n;
    while (s.n) {
        size_t at = separator(s, &len);
        struct nd_str part = trimmed((struct nd_str){s.p, at});
        s = (struct nd_str){s.p + at + len, s.n - at - len};
        if (!commas_part(part, listed)) {
            n = add(out, n, part);
            continue;
        }
        while (part.n) {
            const char *c = memchr(part.p, ',', part.n);
            size_t k = c ? (size_t)(c - part.p) : part.n;
            n = add(out, n, (struct nd_str){part.p, k});
            part = c ? (struct nd_str){c + 1, part.n - k - 1} : (struct nd_str){0};
        }
    }
    return n;
}
