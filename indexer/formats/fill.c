#include "formats/fill.h"
#include "formats/clean.h"
#include "formats/fieldmap.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

struct nd_str nd_trim(struct nd_str s)
{
    while (s.n && is_blank(*s.p)) {
        s.p++;
        s.n--;
    }
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    return s.n ? s : (struct nd_str){0};
}

bool nd_str_is(struct nd_str s, const char *word)
{
    return s.n == strlen(word) && !strncasecmp(s.p, word, s.n);
}

bool nd_str_begins(struct nd_str s, const char *word)
{
    size_t k = strlen(word);
    return s.n >= k && !strncasecmp(s.p, word, k);
}

bool nd_str_ends(struct nd_str s, const char *word)
{
    size_t k = strlen(word);
    return s.n >= k && !strncasecmp(s.p + s.n - k, word, k);
}

/* Room for one more: lists double at powers of two. Return: false on lack of memory. */
static bool room(void **v, size_t n, size_t size, struct nd_arena *arena)
{
    if (n & (n - 1))
        return true;
    void *more = nd_arena_array(arena, n ? n * 2 : 1, size);
    if (!more)
        return false;
    if (n)
        memcpy(more, *v, n * size);
    *v = more;
    return true;
}

int nd_list_add(struct nd_strs *list, struct nd_arena *arena, struct nd_str s)
{
    s = nd_trim(s);
    if (!s.n || list->n > ND_LIST_ITEMS_MAX)
        return 0;
    for (size_t i = 0; i < list->n; i++)
        if (nd_str_eq(list->v[i], s))
            return 0;
    void *v = list->v;
    if (!room(&v, list->n, sizeof s, arena))
        return ND_NOMEM;
    list->v = v;
    list->v[list->n++] = s;
    return 0;
}

int nd_authors_add(struct nd_strs *list, struct nd_arena *arena, struct nd_str byline)
{
    struct nd_str names[ND_BYLINE_MAX];
    byline = nd_trim(byline);
    size_t n = byline.n ? nd_byline_split(names, 0, byline) : 0;
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++)
        rc = nd_list_add(list, arena, names[i]);
    return rc;
}

int nd_gold_add(struct nd_article *a, struct nd_arena *arena, enum nd_entity_type type,
                struct nd_str name)
{
    name = nd_trim(name);
    if (!name.n || a->gold_n > ND_LIST_ITEMS_MAX)
        return 0;
    for (size_t i = 0; i < a->gold_n; i++)
        if (a->gold[i].type == type && nd_str_eq(a->gold[i].name, name))
            return 0;
    void *v = a->gold;
    if (!room(&v, a->gold_n, sizeof *a->gold, arena))
        return ND_NOMEM;
    a->gold = v;
    a->gold[a->gold_n++] = (struct nd_gold){type, name};
    return 0;
}

struct nd_str nd_join(struct nd_arena *arena, struct nd_str a, struct nd_str b)
{
    if (!a.n || !b.n)
        return a.n ? a : b;
    char *p = nd_arena_alloc(arena, a.n + b.n + 3);
    if (!p)
        return (struct nd_str){0};
    memcpy(p, a.p, a.n);
    memcpy(p + a.n, "\n\n", 2);
    memcpy(p + a.n + 2, b.p, b.n);
    return (struct nd_str){p, a.n + b.n + 2};
}

/* Bytes of "scheme:", 0 if there is none. */
static size_t scheme(struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ':')
            return i ? i + 1 : 0;
        if (!((c | 32) >= 'a' && (c | 32) <= 'z') &&
            !(i && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
            return 0;
    }
    return 0;
}

static size_t until(struct nd_str s, size_t from, const char *stops)
{
    while (from < s.n && !strchr(stops, s.p[from]))
        from++;
    return from;
}

/* Take /./ and /../ out of a path that begins at p[from). */
static size_t without_dots(char *p, size_t from, size_t n)
{
    size_t end = until((struct nd_str){p, n}, from, "?#"), w = from, i = from;
    while (i < end) {
        size_t next = until((struct nd_str){p, end}, i + 1, "/");
        struct nd_str seg = {p + i, next - i};
        if (nd_str_is(seg, "/..")) {
            while (w > from && p[--w] != '/')
                ;
            if (next == end)
                p[w++] = '/';
        } else if (nd_str_is(seg, "/.")) {
            if (next == end)
                p[w++] = '/';
        } else {
            memmove(p + w, p + i, seg.n);
            w += seg.n;
        }
        i = next;
    }
    memmove(p + w, p + end, n - end);
    return w + n - end;
}

struct nd_str nd_url_resolve(struct nd_arena *arena, struct nd_str base, struct nd_str url)
{
    base = nd_trim(base);
    url = nd_trim(url);
    size_t s = scheme(base);
    if (!s || scheme(url) || base.n < s + 2 || memcmp(base.p + s, "//", 2) || !url.n)
        return url;
    size_t host = until(base, s + 2, "/?#"), path = until(base, host, "?#"), keep;
    if (nd_str_begins(url, "//"))
        keep = s;
    else if (*url.p == '/')
        keep = host;
    else if (*url.p == '?')
        keep = path;
    else if (*url.p == '#')
        keep = until(base, path, "#");
    else
        for (keep = path; keep > host && base.p[keep - 1] != '/';)
            keep--;
    bool slash = keep == host && !strchr("/?#", *url.p);
    char *p = nd_arena_alloc(arena, keep + url.n + 2);
    if (!p)
        return url;
    memcpy(p, base.p, keep);
    size_t n = keep;
    if (slash)
        p[n++] = '/';
    memcpy(p + n, url.p, url.n);
    n += url.n;
    if (keep >= host && strchr("/?#", *url.p) == NULL)
        n = without_dots(p, host, n);
    else if (keep == host && *url.p == '/')
        n = without_dots(p, host, n);
    return (struct nd_str){p, n};
}

bool nd_is_teaser(struct nd_str s)
{
    static const char *const ends[] = {"...",
                                       "\xe2\x80\xa6",
                                       "[...]",
                                       "[\xe2\x80\xa6]",
                                       "[&hellip;]",
                                       "(more)",
                                       "read more",
                                       "read more \xc2\xbb",
                                       "continue reading",
                                       "full story",
                                       "read the full story",
                                       "more \xc2\xbb",
                                       "weiterlesen"};
    s = nd_trim(s);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (nd_str_ends(s, ends[i]))
            return true;
    return false;
}

struct nd_str nd_base64(struct nd_arena *arena, struct nd_str s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    unsigned have = 0;
    size_t n = 0;
    char *p = s.n ? nd_arena_alloc(arena, s.n) : NULL;
    for (size_t i = 0; p && i < s.n && s.p[i] != '='; i++) {
        if (is_blank(s.p[i]))
            continue;
        const char *at = s.p[i] ? strchr(digits, s.p[i]) : NULL;
        if (!at)
            return (struct nd_str){0};
        bits = bits << 6 | (uint32_t)(at - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            p[n++] = (char)(bits >> have);
            bits &= (1u << have) - 1;
        }
    }
    return n ? (struct nd_str){p, n} : (struct nd_str){0};
}
