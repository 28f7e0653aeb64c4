#include "formats/json_scan.h"
#include "formats/fieldmap.h"

#include <string.h>

enum {
    DESCENTS = 4 /* objects in each other around an array of articles */
};

/* Inside a string: to the closing quote or the end. */
static size_t in_string(struct nd_json_scan *s, const char *p, size_t i, size_t n)
{
    while (i < n) {
        char c = p[i++];
        if (s->escaped)
            s->escaped = false;
        else if (c == '\\')
            s->escaped = true;
        else if (c == '"') {
            s->in_string = false;
            break;
        } else if (c == '\n') {
            s->broken = true;
            break;
        }
    }
    return i;
}

size_t nd_json_scan(struct nd_json_scan *s, const char *p, size_t n, bool *done)
{
    *done = false;
    for (size_t i = 0; i < n;) {
        if (s->in_string) {
            i = in_string(s, p, i, n);
            if (s->broken) {
                *done = true;
                return i;
            }
            continue;
        }
        switch (p[i++]) {
        case '"':
            s->in_string = true;
            break;
        case '{':
        case '[':
            s->depth++;
            break;
        case '}':
        case ']':
            if (s->depth <= 1) {
                s->depth = 0;
                *done = true;
                return i;
            }
            s->depth--;
            break;
        default:
            break;
        }
    }
    return n;
}

static size_t blanks(const char *p, size_t i, size_t n)
{
    while (i < n && (p[i] == ' ' || p[i] == '\t' || p[i] == '\n' || p[i] == '\r'))
        i++;
    return i;
}

/* The string at p[i] == '"'. Return: after its closing quote, n if it does not end. */
static size_t string_end(const char *p, size_t i, size_t n)
{
    struct nd_json_scan s = {.in_string = true};
    i = in_string(&s, p, i + 1, n);
    return s.in_string || s.broken ? n : i;
}

/* Any value. Return: after it, n if it does not end. */
static size_t value_end(const char *p, size_t i, size_t n)
{
    if (i >= n)
        return n;
    if (p[i] == '"')
        return string_end(p, i, n);
    if (p[i] == '{' || p[i] == '[') {
        struct nd_json_scan s = {0};
        bool done;
        size_t k = nd_json_scan(&s, p + i, n - i, &done);
        return done && !s.broken ? i + k : n;
    }
    while (i < n && !strchr(",]} \t\r\n", p[i]))
        i++;
    return i;
}

/* Does an object have a member that only an article has? */
static bool like_article(const char *p, size_t i, size_t n)
{
    for (i = blanks(p, i + 1, n); i < n && p[i] == '"';) {
        unsigned rank;
        size_t end = string_end(p, i, n);
        if (end >= n)
            return false;
        enum nd_target t = nd_target_known(p + i + 1, end - i - 2, &rank);
        if (t == ND_TO_TITLE || t == ND_TO_BODY)
            return true;
        i = blanks(p, end, n);
        if (i >= n || p[i] != ':')
            return false;
        i = blanks(p, value_end(p, blanks(p, i + 1, n), n), n);
        if (i >= n || p[i] != ',')
            return false;
        i = blanks(p, i + 1, n);
    }
    return false;
}

static bool one_of(const char *words, const char *p, size_t n)
{
    char spaced[34];
    if (!n || n > 30)
        return false;
    spaced[0] = ' ';
    memcpy(spaced + 1, p, n);
    spaced[n + 1] = ' ';
    spaced[n + 2] = '\0';
    return strcasestr(words, spaced) != NULL;
}

/* An object that holds an array of articles: {"status":"ok","articles":[{...},...]}, also one deeper.
 * Return: behind the bracket of the array, 0 if it is not such an object. */
static size_t wrapped_array(const char *p, size_t i, size_t n, unsigned level)
{
    size_t object = i;
    if (level == DESCENTS)
        return 0;
    for (i = blanks(p, i + 1, n); i < n && p[i] == '"';) {
        unsigned rank;
        size_t key = i + 1, end = string_end(p, i, n);
        if (end >= n)
            return 0;
        size_t key_n = end - key - 1;
        i = blanks(p, end, n);
        if (i >= n || p[i] != ':')
            return 0;
        i = blanks(p, i + 1, n);
        if (i >= n)
            return 0;
        enum nd_target t = nd_target_known(p + key, key_n, &rank);
        bool plural =
            one_of(" articles docs documents items results data records stories news hits response "
                   "entries posts value rows feed content ",
                   p + key, key_n);
        size_t first = p[i] == '[' ? blanks(p, i + 1, n) : n;
        if (first < n && p[first] == '{') {
            bool article = like_article(p, first, n);
            if (plural && (article || t == ND_TARGETS))
                return i + 1;
            if (t == ND_TARGETS && article && !like_article(p, object, n))
                return i + 1;
        }
        if (p[i] == '{' && plural) {
            size_t inner = wrapped_array(p, i, n, level + 1);
            if (inner)
                return inner;
        }
        bool uri = key_n == 3 && !memcmp(p + key, "uri", 3); /* of a ninjs item */
        if ((t == ND_TO_BODY || uri) && p[i] == '"')
            return 0; /* an article itself */
        i = blanks(p, value_end(p, i, n), n);
        if (i >= n || p[i] != ',')
            return 0;
        i = blanks(p, i + 1, n);
    }
    return 0;
}

/* Does a line of the head begin as an object of JSONL does? */
static bool line_like_json(const char *p, size_t n)
{
    for (const char *at = p, *end = p + n; at && at < end;) {
        size_t i = blanks(at, 0, (size_t)(end - at)), left = (size_t)(end - at);
        if (i < left && at[i] == '{') {
            size_t k = blanks(at, i + 1, left);
            if (k < left && at[k] == '"') {
                size_t close = string_end(at, k, left);
                close = blanks(at, close, left);
                if (close < left && at[close] == ':')
                    return true;
            }
        }
        at = memchr(at, '\n', left);
        at = at ? at + 1 : NULL;
    }
    return false;
}

enum nd_json_layout nd_json_layout(const char *p, size_t n, size_t *start)
{
    size_t i = n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3) ? 3 : 0;
    i = blanks(p, i, n);
    *start = i;
    if (i < n && p[i] == '[') {
        size_t k = blanks(p, i + 1, n);
        if (k < n && p[k] != '{' && p[k] != ']')
            return line_like_json(p + i, n - i) ? ND_JSON_LINES : ND_JSON_OTHER;
        *start = i + 1;
        return ND_JSON_ELEMENTS;
    }
    if (i >= n || p[i] != '{')
        return line_like_json(p, n) ? ND_JSON_LINES : ND_JSON_OTHER;
    size_t k = blanks(p, i + 1, n);
    if (k < n && p[k] != '"' && p[k] != '}')
        return line_like_json(p + i, n - i) ? ND_JSON_LINES : ND_JSON_OTHER;
    size_t inner = wrapped_array(p, i, n, 0);
    if (inner) {
        *start = inner;
        return ND_JSON_ELEMENTS;
    }
    /* Is the object closed on its line? One that does not end in these bytes is taken for a long line. */
    const char *eol = memchr(p + i, '\n', n - i);
    size_t line = eol ? (size_t)(eol - (p + i)) : n - i;
    struct nd_json_scan s = {0};
    bool done;
    size_t used = nd_json_scan(&s, p + i, line, &done);
    done &= !s.broken;
    if (done && blanks(p + i, used, line) < line) /* {...}{...} in one line */
        return ND_JSON_VALUES;
    if (done || !eol)
        return ND_JSON_LINES;
    /* {, then more of it on the next line; a broken line of JSONL goes on with another object */
    size_t next = blanks(p + i, line, n - i);
    return next < n - i && p[i + next] == '{' ? ND_JSON_LINES : ND_JSON_VALUES;
}
