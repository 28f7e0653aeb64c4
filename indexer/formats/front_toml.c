/* As much of TOML as front matters use: keys, strings, lists of strings, dates, numbers, booleans; tables are objects. */
#include "formats/fill.h"
#include "formats/markdown.h"
#include "formats/textual.h"
#include "text/utf8.h"

#include <string.h>

struct toml {
    struct nd_str rest;
    struct nd_arena *arena;
    size_t line;
};

static void blanks(struct toml *t, bool lines)
{
    while (t->rest.n) {
        char c = *t->rest.p;
        if (c == '#' && lines) {
            while (t->rest.n && *t->rest.p != '\n')
                t->rest = (struct nd_str){t->rest.p + 1, t->rest.n - 1};
            continue;
        }
        if (c != ' ' && c != '\t' && !(lines && (c == '\n' || c == '\r')))
            return;
        t->line += c == '\n';
        t->rest = (struct nd_str){t->rest.p + 1, t->rest.n - 1};
    }
}

static bool begins(const struct toml *t, const char *mark)
{
    size_t k = strlen(mark);
    return t->rest.n >= k && !memcmp(t->rest.p, mark, k);
}

static void step(struct toml *t, size_t n)
{
    t->rest = (struct nd_str){t->rest.p + n, t->rest.n - n};
}

/* Text in quotes of one kind or three of them; escapes in the double ones. */
static bool string(struct toml *t, struct nd_str *out)
{
    char quote = *t->rest.p, three[4] = {quote, quote, quote, 0};
    const char *mark = begins(t, three) ? three : three + 2;
    size_t k = strlen(mark), n = 0;
    char *p = nd_arena_alloc(t->arena, t->rest.n + 1);
    step(t, k);
    if (!p)
        return false;
    if (k == 3 && begins(t, "\n"))
        step(t, 1);
    while (t->rest.n && !begins(t, mark)) {
        char c = *t->rest.p;
        if (c == '\n' && k == 1)
            return false;
        if (c == '\\' && quote == '"' && t->rest.n > 1) {
            static const char from[] = "ntrbf\"\\", to[] = "\n\t\r  \"\\";
            const char *at = t->rest.p[1] ? strchr(from, t->rest.p[1]) : NULL;
            unsigned digits = t->rest.p[1] == 'u' ? 4 : t->rest.p[1] == 'U' ? 8 : 0;
            if (digits && t->rest.n >= 2 + digits) {
                uint32_t cp = 0;
                for (unsigned i = 0; i < digits; i++) {
                    char h = t->rest.p[2 + i];
                    cp = cp << 4 | (uint32_t)(h >= '0' && h <= '9'   ? h - '0'
                                              : h >= 'a' && h <= 'f' ? h - 'a' + 10
                                              : h >= 'A' && h <= 'F' ? h - 'A' + 10
                                                                     : 0);
                }
                n += nd_utf8_encode(cp, p + n);
                step(t, 2 + digits);
                continue;
            }
            p[n++] = at ? to[at - from] : t->rest.p[1];
            step(t, 2);
            continue;
        }
        p[n++] = c;
        step(t, 1);
    }
    if (!t->rest.n)
        return false;
    step(t, k);
    *out = (struct nd_str){p, n};
    return true;
}

/* Bytes to one of the marks or the line's end, trimmed. */
static struct nd_str bare(struct toml *t, const char *marks)
{
    size_t n = 0;
    while (n < t->rest.n && t->rest.p[n] != '\n' && !(t->rest.p[n] && strchr(marks, t->rest.p[n])))
        n++;
    struct nd_str s = nd_trim((struct nd_str){t->rest.p, n});
    step(t, n);
    return s;
}

static bool value(struct toml *t, struct nd_json *parent, struct nd_json **tail, struct nd_str key,
                  unsigned depth)
{
    struct nd_str text;
    if (!t->rest.n || depth > 8)
        return false;
    if (*t->rest.p == '"' || *t->rest.p == '\'')
        return string(t, &text) && nd_front_add(parent, tail, t->arena, key, ND_JSON_STRING, text);
    if (*t->rest.p == '[') {
        struct nd_json *list =
            nd_front_add(parent, tail, t->arena, key, ND_JSON_ARRAY, (struct nd_str){0});
        struct nd_json *last = NULL;
        step(t, 1);
        if (!list)
            return false;
        for (;;) {
            blanks(t, true);
            if (begins(t, "]")) {
                step(t, 1);
                return true;
            }
            if (!value(t, list, &last, (struct nd_str){0}, depth + 1))
                return false;
            blanks(t, true);
            if (begins(t, ","))
                step(t, 1);
            else if (!begins(t, "]"))
                return false;
        }
    }
    text = bare(t, ",]#\r");
    if (!text.n)
        return false;
    bool yes = nd_str_eq(text, ND_STR("true"));
    enum nd_json_kind kind =
        yes || nd_str_eq(text, ND_STR("false")) ? ND_JSON_BOOL : ND_JSON_STRING;
    struct nd_json *v = nd_front_add(parent, tail, t->arena, key, kind, text);
    if (v)
        v->truth = yes;
    return v != NULL;
}

/* The rest of a line that is not understood. */
static void drop_line(struct toml *t)
{
    while (t->rest.n && *t->rest.p != '\n')
        step(t, 1);
}

int nd_front_toml(struct nd_json **out, struct nd_arena *arena, struct nd_str text,
                  struct nd_error *err)
{
    struct toml t = {text, arena, 1};
    struct nd_json *root = nd_arena_alloc(arena, sizeof *root), *at = root, *last = NULL,
                   *tail = NULL;
    *out = NULL;
    if (!root)
        return nd_fail(err, ND_NOMEM, "out of memory for a front matter");
    root->kind = ND_JSON_OBJECT;
    for (blanks(&t, true); t.rest.n; blanks(&t, true)) {
        struct nd_str key;
        if (*t.rest.p == '[') { /* a table, to the next one */
            while (begins(&t, "["))
                step(&t, 1);
            key = bare(&t, "]");
            drop_line(&t);
            at = nd_front_add(root, &last, arena, key, ND_JSON_OBJECT, (struct nd_str){0});
            tail = NULL;
            if (!at)
                return nd_fail(err, ND_NOMEM, "out of memory for a front matter");
            continue;
        }
        bool quoted = *t.rest.p == '"' || *t.rest.p == '\'';
        if (quoted ? !string(&t, &key) : !(key = bare(&t, "=")).n)
            return nd_fail(err, ND_INPUT, "the front matter is not TOML: no key in line %zu",
                           t.line);
        blanks(&t, false);
        if (!begins(&t, "="))
            return nd_fail(err, ND_INPUT, "the front matter is not TOML: no = in line %zu", t.line);
        step(&t, 1);
        blanks(&t, false);
        if (begins(&t, "{")) { /* tables in a line are of no use here */
            drop_line(&t);
            continue;
        }
        if (!value(&t, at, at == root ? &last : &tail, key, 0))
            return nd_fail(err, ND_INPUT, "the front matter is not TOML: no value in line %zu",
                           t.line);
        drop_line(&t);
    }
    *out = root;
    return 0;
}
