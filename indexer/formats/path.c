#include "formats/fieldmap.h"

#include <string.h>

enum {
    CAPTURES = 16,
    STEPS = 100000 /* of matching: a bound for patterns like *a*a*a*a */
};

struct capture {
    const char *field;
    size_t field_n;
    struct nd_str value;
};

struct match {
    struct capture captures[CAPTURES];
    size_t n;
    unsigned steps;
};

/* Shortest first; a wildcard never spans a slash. */
static bool fits(struct match *m, const char *pattern, const char *path)
{
    for (; *pattern; pattern++, path++) {
        if (*pattern == '{' || *pattern == '*') {
            const char *close = *pattern == '{' ? strchr(pattern, '}') : pattern;
            if (!close || m->n == CAPTURES)
                return false;
            size_t mine = m->n, least = *pattern == '{';
            if (*pattern == '{')
                m->captures[m->n++] =
                    (struct capture){pattern + 1, (size_t)(close - pattern) - 1, {path, 0}};
            for (size_t k = 0;; k++) {
                if (++m->steps > STEPS)
                    return false;
                if (k >= least && fits(m, close + 1, path + k)) {
                    m->captures[mine].value.n = *pattern == '{' ? k : m->captures[mine].value.n;
                    return true;
                }
                if (!path[k] || path[k] == '/')
                    break;
            }
            m->n = mine;
            return false;
        }
        if (*pattern != *path)
            return false;
    }
    return !*path;
}

bool nd_path_match(const char *pattern, const char *path, nd_captured *take, void *self)
{
    struct match m = {.n = 0};
    size_t parts = 1;
    for (const char *p = pattern; *p; p++)
        parts += *p == '/';
    const char *from = path + strlen(path);
    while (from > path && (from[-1] != '/' || --parts))
        from--;
    if (!fits(&m, pattern, from))
        return false;
    for (size_t i = 0; i < m.n; i++)
        take(self, m.captures[i].field, m.captures[i].field_n, m.captures[i].value);
    return true;
}
