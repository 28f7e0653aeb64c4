#include "formats/fieldvalue.h"

#include <string.h>

enum {
    LEVELS = 4
};

/* The text in a value: of an object its name or text, of an array its first. Absent where there is none. */
static struct nd_str text_at(const struct nd_json *v, unsigned level)
{
    static const char *const inner[] = {"name",     "title", "text", "value", "main", "rendered",
                                        "original", "#text", "$t",   "$date", "$oid", "$numberLong",
                                        "content",  "label", "full", "url"};
    struct nd_str none = {0};
    if (v->kind == ND_JSON_STRING || v->kind == ND_JSON_NUMBER)
        return v->text;
    if (level == LEVELS)
        return none;
    if (v->kind == ND_JSON_ARRAY)
        return v->first ? text_at(v->first, level + 1) : none;
    for (size_t i = 0; v->kind == ND_JSON_OBJECT && i < sizeof inner / sizeof *inner; i++) {
        const struct nd_json *m = nd_json_get(v, inner[i]);
        struct nd_str s = m ? text_at(m, level + 1) : none;
        if (s.n)
            return s;
    }
    return none;
}

struct nd_str nd_value_text(const struct nd_json *v)
{
    return text_at(v, 0);
}

bool nd_value_blank(struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && s.p[i] != '\n' && s.p[i] != '\t' && s.p[i] != '\r')
            return false;
    return true;
}

int nd_value_paragraphs(struct nd_str *out, const struct nd_json *v, struct nd_arena *arena)
{
    size_t n = 0;
    *out = nd_value_text(v);
    if (v->kind != ND_JSON_ARRAY || !v->first || !v->first->next)
        return 0;
    for (const struct nd_json *m = v->first; m; m = m->next)
        n += nd_value_text(m).n + 2;
    char *p = nd_arena_alloc(arena, n + 1);
    if (!p)
        return ND_NOMEM;
    *out = (struct nd_str){p, 0};
    for (const struct nd_json *m = v->first; m; m = m->next) {
        struct nd_str s = nd_value_text(m);
        if (nd_value_blank(s))
            continue;
        if (out->n) {
            memcpy(p + out->n, "\n\n", 2);
            out->n += 2;
        }
        memcpy(p + out->n, s.p, s.n);
        out->n += s.n;
    }
    return 0;
}

/* A person's name from an object that has it in parts. */
static struct nd_str whole_name(const struct nd_json *v, struct nd_arena *arena)
{
    static const char *const firsts[] = {"first", "firstname", "first_name", "given", "firstName"};
    static const char *const lasts[] = {"last", "lastname", "last_name", "family", "lastName"};
    const struct nd_json *a = NULL, *b = NULL;
    for (size_t i = 0; v->kind == ND_JSON_OBJECT && i < sizeof firsts / sizeof *firsts; i++) {
        a = a ? a : nd_json_get(v, firsts[i]);
        b = b ? b : nd_json_get(v, lasts[i]);
    }
    if (!a || !b || a->kind != ND_JSON_STRING || b->kind != ND_JSON_STRING)
        return nd_value_text(v);
    char *p = nd_arena_alloc(arena, a->text.n + 1 + b->text.n + 1);
    if (!p)
        return nd_value_text(v);
    memcpy(p, a->text.p, a->text.n);
    p[a->text.n] = ' ';
    memcpy(p + a->text.n + 1, b->text.p, b->text.n);
    return (struct nd_str){p, a->text.n + 1 + b->text.n};
}

/* Cut a text of several values at ; and |, or at commas where there are none of those. */
static size_t split(struct nd_str *out, size_t n, size_t max, struct nd_str s)
{
    const char *marks = memchr(s.p, ';', s.n) || memchr(s.p, '|', s.n) ? ";|" : ",";
    size_t from = 0;
    for (size_t i = 0; i <= s.n && n < max; i++) {
        if (i < s.n && !strchr(marks, s.p[i]))
            continue;
        if (i < s.n && !s.p[i])
            continue;
        struct nd_str part = {s.p + from, i - from};
        if (!nd_value_blank(part))
            out[n++] = part;
        from = i + 1;
    }
    return n;
}

int nd_value_list(struct nd_strs *out, const struct nd_json *v, enum nd_target target,
                  struct nd_arena *arena)
{
    size_t room = ND_BYLINE_MAX, n = 0;
    bool authors = target == ND_TO_AUTHORS;
    for (const struct nd_json *m = v->kind == ND_JSON_ARRAY ? v->first : NULL; m; m = m->next)
        room += authors ? 4 : 1;
    struct nd_str *list = nd_arena_array(arena, room, sizeof *list);
    if (!list)
        return ND_NOMEM;
    if (v->kind == ND_JSON_ARRAY) {
        for (const struct nd_json *m = v->first; m && n < room; m = m->next) {
            struct nd_str s = authors ? whole_name(m, arena) : nd_value_text(m);
            if (nd_value_blank(s))
                continue;
            if (!authors || room - n < ND_BYLINE_MAX)
                list[n++] = s;
            else
                n += nd_byline_split(list + n, 0, s);
        }
    } else {
        struct nd_str s = authors ? whole_name(v, arena) : nd_value_text(v);
        if (!nd_value_blank(s))
            n = authors ? nd_byline_split(list, 0, s) : split(list, 0, room, s);
    }
    *out = (struct nd_strs){list, n};
    return 0;
}

bool nd_value_true(const struct nd_json *v)
{
    if (v->kind == ND_JSON_BOOL)
        return v->truth;
    struct nd_str s = nd_value_text(v);
    return nd_str_eq(s, ND_STR("true")) || nd_str_eq(s, ND_STR("1")) || nd_str_eq(s, ND_STR("yes"));
}

bool nd_value_given(const struct nd_json *v)
{
    if (v->kind == ND_JSON_ARRAY || v->kind == ND_JSON_OBJECT)
        return v->first != NULL;
    return v->kind == ND_JSON_BOOL || (v->kind != ND_JSON_NULL && !nd_value_blank(v->text));
}
