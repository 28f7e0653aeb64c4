/* Three passes over the text: what is hidden (comments, references, templates, tables), then links and quotes, then
 * lines. Nesting is counted, never recurred into. */
#include "formats/wikitext.h"
#include "formats/entity.h"
#include "formats/fill.h"
#include "text/utf8.h"

#include <string.h>
#include <strings.h>

enum {
    DEPTH_MAX = 64, /* templates and tables inside each other */
    NAME_MAX_BYTES = 64,
    WORDS_MAX = 200 /* bytes of a template that stands for its words */
};

struct wiki {
    struct nd_wiki_found *found;
    const struct nd_wiki_site *site;
    struct nd_arena *arena;
    int rc;
};

static bool at(struct nd_str s, size_t i, const char *word)
{
    size_t k = strlen(word);
    return s.n - i >= k && !strncasecmp(s.p + i, word, k);
}

static size_t find(struct nd_str s, size_t from, const char *word)
{
    for (size_t i = from; i < s.n; i++) {
        const char *c = memchr(s.p + i, *word, s.n - i);
        if (!c)
            break;
        i = (size_t)(c - s.p);
        if (at(s, i, word))
            return i;
    }
    return s.n;
}

/* Elements that go with all that is in them. */
static const char *const hidden[] = {"ref",
                                     "gallery",
                                     "math",
                                     "timeline",
                                     "score",
                                     "imagemap",
                                     "syntaxhighlight",
                                     "source",
                                     "hiero",
                                     "graph",
                                     "mapframe",
                                     "maplink",
                                     "templatedata",
                                     "inputbox",
                                     "dynamicpagelist",
                                     "chem",
                                     "ce",
                                     "style",
                                     "script",
                                     "references",
                                     "includeonly",
                                     "noinclude"};

/* A tag at s[i] == '<'. Return: bytes to leave out, 0 if it is none. *line: it stands for a line break. */
static size_t tag(struct nd_str s, size_t i, bool *line)
{
    size_t k = i + 1;
    char name[24];
    size_t n = 0;
    *line = false;
    bool close = k < s.n && s.p[k] == '/';
    k += close;
    while (
        k < s.n && n + 1 < sizeof name &&
        (((s.p[k] | 32) >= 'a' && (s.p[k] | 32) <= 'z') || (n && s.p[k] >= '0' && s.p[k] <= '9')))
        name[n++] = s.p[k++] | 32;
    if (n && name[n - 1] < 'a') /* h2: digits got a bit set too, which they have anyway */
        name[n - 1] = s.p[k - 1];
    name[n] = '\0';
    if (!n || k >= s.n || !strchr(" \t\r\n/>", s.p[k]))
        return 0;
    const char *end = memchr(s.p + k, '>', s.n - k > 4096 ? 4096 : s.n - k);
    if (!end)
        return 0;
    size_t after = (size_t)(end - s.p) + 1;
    *line =
        !strcmp(name, "br") || !strcmp(name, "p") || !strcmp(name, "div") || !strcmp(name, "li");
    if (close || end[-1] == '/')
        return after - i;
    for (size_t h = 0; h < sizeof hidden / sizeof *hidden; h++)
        if (!strcmp(name, hidden[h])) {
            char mark[32];
            snprintf(mark, sizeof mark, "</%s", name);
            size_t stop = find(s, after, mark);
            if (stop == s.n) /* never closed: the tag alone */
                return after - i;
            const char *gt = memchr(s.p + stop, '>', s.n - stop);
            return (gt ? (size_t)(gt - s.p) + 1 : s.n) - i;
        }
    return after - i;
}

static bool word_of(struct nd_str name, const char *list)
{
    char word[NAME_MAX_BYTES + 3];
    if (!name.n || name.n > NAME_MAX_BYTES)
        return false;
    word[0] = ' ';
    for (size_t i = 0; i < name.n; i++)
        word[i + 1] = name.p[i] == ' '                       ? '_'
                      : name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] | 32)
                                                             : name.p[i];
    memcpy(word + name.n + 1, " ", 2);
    return strstr(list, word) != NULL;
}

/* The i-th part of a template between bars, 0 its name. Bars inside links do not count. */
static struct nd_str part(struct nd_str t, unsigned i)
{
    size_t from = 0, depth = 0;
    for (size_t k = 0; k <= t.n; k++) {
        if (k + 1 < t.n && t.p[k] == '[' && t.p[k + 1] == '[')
            depth++;
        else if (k + 1 < t.n && t.p[k] == ']' && t.p[k + 1] == ']')
            depth -= depth > 0;
        if (k < t.n && (t.p[k] != '|' || depth))
            continue;
        if (!i--)
            return nd_trim((struct nd_str){t.p + from, k - from});
        from = k + 1;
    }
    return (struct nd_str){0};
}

/* A template without others inside: a few say words, all others nothing. */
static struct nd_str words_of(struct wiki *w, struct nd_str t, char *room, size_t room_n)
{
    struct nd_str name = part(t, 0), a = part(t, 1), b = part(t, 2);
    if (word_of(name, " date dateline byline ") && !w->found->date.n && a.n < 60) {
        struct nd_date d;
        if (a.n && !nd_date_parse(&d, a.p, a.n, NULL))
            w->found->date = nd_arena_str(w->arena, a.p, a.n);
        return (struct nd_str){0};
    }
    if (word_of(name, " publish published archive archived "))
        w->found->published = true;
    if (word_of(name, " w wikipedia l link ill interlanguage_link "))
        return b.n && !memchr(b.p, '=', b.n) ? b : a;
    if (word_of(
            name,
            " nowrap nobr small big smaller larger abbr lang-en visible_anchor vanchor tooltip "))
        return a;
    if (word_of(name, " lang "))
        return b;
    if (word_of(name, " convert cvt ") && a.n + b.n + 2 < room_n) {
        int n =
            snprintf(room, room_n, "%.*s %.*s", (int)a.n, a.n ? a.p : "", (int)b.n, b.n ? b.p : "");
        return (struct nd_str){room, n > 0 ? (size_t)n : 0};
    }
    if (word_of(name, " ndash spnd endash "))
        return ND_STR("\xe2\x80\x93");
    if (word_of(name, " mdash spaced_ndash emdash "))
        return ND_STR("\xe2\x80\x94");
    return (struct nd_str){0};
}

/* First pass: append to out what can be seen. */
static void strip_hidden(struct wiki *w, struct nd_buf *out, struct nd_str s)
{
    struct {
        char kind;
        size_t at; /* in out */
    } open[DEPTH_MAX];
    size_t depth = 0, over = 0;
    for (size_t i = 0; i < s.n;) {
        bool line;
        size_t k;
        char c = s.p[i];
        if (c == '<' && at(s, i, "<!--")) {
            k = find(s, i + 4, "-->");
            i = k == s.n ? s.n : k + 3;
        } else if (c == '<' && at(s, i, "<nowiki>")) {
            k = find(s, i + 8, "</nowiki>");
            nd_buf_add(out, s.p + i + 8, k - i - 8);
            i = k == s.n ? s.n : k + 9;
        } else if (c == '<' && (k = tag(s, i, &line))) {
            if (line)
                nd_buf_byte(out, '\n');
            i += k;
        } else if ((c == '{' && (at(s, i, "{{") || at(s, i, "{|")))) {
            if (depth < DEPTH_MAX) {
                open[depth].kind = s.p[i + 1];
                open[depth++].at = out->len;
            } else {
                over++;
            }
            nd_buf_add(out, s.p + i, 2);
            i += 2;
        } else if ((at(s, i, "}}") || at(s, i, "|}")) && depth) {
            char kind = c == '}' ? '{' : '|';
            if (over) {
                over--;
                i += 2;
                continue;
            }
            if (open[depth - 1].kind != kind && kind == '|' && i + 2 < s.n && s.p[i + 2] == '}') {
                nd_buf_byte(out, '|'); /* an empty last part: {{x|}} */
                i++;
                continue;
            }
            if (open[depth - 1].kind != kind) { /* the inner one was never closed */
                bool outer = false;
                for (size_t d = depth; d > 0 && !outer; d--)
                    outer = open[d - 1].kind == kind;
                if (!outer) {
                    i += 2;
                    continue;
                }
                while (open[depth - 1].kind != kind)
                    depth--;
            }
            size_t from = open[--depth].at;
            char room[WORDS_MAX];
            char *copy = NULL;
            struct nd_str words = {0};
            if (kind == '{' && !nd_buf_code(out)) {
                struct nd_str t = {out->data + from + 2, out->len - from - 2};
                words = words_of(w, t, room, sizeof room);
                if (words.n && words.p != room && words.n < 64 * 1024)
                    copy = nd_arena_copy(w->arena, words.p, words.n);
            }
            if (!nd_buf_code(out))
                out->len = from;
            if (words.n)
                nd_buf_add(out,
                           copy              ? copy
                           : words.p == room ? room
                                             : "",
                           copy || words.p == room ? words.n : 0);
            i += 2;
        } else {
            size_t from = i++;
            while (i < s.n && !strchr("<{}|", s.p[i]))
                i++;
            nd_buf_add(out, s.p + from, i - from);
        }
    }
    if (depth && !nd_buf_code(out)) { /* never closed: to the next blank line only */
        size_t from = open[0].at, to = from;
        while (to + 1 < out->len && !(out->data[to] == '\n' && out->data[to + 1] == '\n'))
            to++;
        to = to + 1 >= out->len ? out->len : to;
        memmove(out->data + from, out->data + to, out->len - to);
        out->len -= to - from;
    }
}

static const char file_names[] = " file image media ";
static const char category_names[] = " category ";
static const char other_names[] =
    " special template portal help user talk wikt wiktionary wikipedia project mediawiki module ";

/* Where the link that begins at s[i] ends; links inside it count. */
static size_t link_end(struct nd_str s, size_t i)
{
    size_t depth = 0;
    for (; i + 1 < s.n; i++) {
        if (s.p[i] == '[' && s.p[i + 1] == '[') {
            depth++;
            i++;
        } else if (s.p[i] == ']' && s.p[i + 1] == ']') {
            if (depth <= 1)
                return i;
            depth--;
            i++;
        } else if (s.p[i] == '\n' && s.p[i + 1] == '\n') {
            break;
        }
    }
    return s.n;
}

/* The words of a link; none for files, categories and other languages. */
static struct nd_str link_words(struct wiki *w, struct nd_str inner)
{
    const char *bar = inner.n ? memchr(inner.p, '|', inner.n) : NULL;
    struct nd_str target = {inner.p, bar ? (size_t)(bar - inner.p) : inner.n};
    struct nd_str words = bar ? (struct nd_str){bar + 1, inner.n - target.n - 1} : target;
    target = nd_trim(target);
    bool shown = target.n && *target.p == ':';
    if (shown)
        target = (struct nd_str){target.p + 1, target.n - 1};
    const char *colon = target.n ? memchr(target.p, ':', target.n) : NULL;
    if (!colon)
        return words;
    struct nd_str space = nd_trim((struct nd_str){target.p, (size_t)(colon - target.p)});
    struct nd_str rest =
        nd_trim((struct nd_str){colon + 1, target.n - (size_t)(colon + 1 - target.p)});
    if (!shown && (word_of(space, category_names) || word_of(space, w->site->categories))) {
        struct nd_str kept = rest.n ? nd_arena_str(w->arena, rest.p, rest.n) : rest;
        w->rc = w->rc ? w->rc : nd_list_add(&w->found->categories, w->arena, kept);
        return (struct nd_str){0};
    }
    if (!shown && (word_of(space, file_names) || word_of(space, w->site->files)))
        return (struct nd_str){0};
    bool language = space.n >= 2 && space.n <= 12 && !bar && !shown;
    for (size_t i = 0; i < space.n && language; i++)
        language = (space.p[i] >= 'a' && space.p[i] <= 'z') || (space.p[i] == '-' && i >= 2);
    if (language)
        return (struct nd_str){0};
    if (!bar && (word_of(space, other_names) || word_of(space, w->site->others)))
        return rest;
    if (bar && !nd_trim(words).n) /* the pipe trick */
        return rest;
    return shown && !bar ? target : words;
}

/* Words of a link, without the marks that may be inside them. */
static void put_words(struct nd_buf *out, struct nd_str words)
{
    for (size_t k = 0; k < words.n; k++)
        if (words.p[k] == '\'' && k + 1 < words.n && words.p[k + 1] == '\'')
            while (k + 1 < words.n && words.p[k + 1] == '\'')
                k++;
        else if (!strchr("[]{}", words.p[k]))
            nd_buf_byte(out, (unsigned char)words.p[k]);
}

/* Second pass: links, quotes, references to characters, magic words. */
static void strip_inline(struct wiki *w, struct nd_buf *out, struct nd_str s)
{
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i];
        if (c == '[' && at(s, i, "[[")) {
            size_t end = link_end(s, i);
            if (end == s.n) {
                i += 2;
                continue;
            }
            struct nd_str words = link_words(w, (struct nd_str){s.p + i + 2, end - i - 2});
            put_words(out, words);
            i = end + 2;
        } else if (c == '[' && (at(s, i, "[http") || at(s, i, "[//") || at(s, i, "[mailto:") ||
                                at(s, i, "[ftp:"))) {
            size_t k = i + 1;
            while (k < s.n && !strchr(" ]\n", s.p[k]))
                k++;
            size_t stop = k;
            while (stop < s.n && s.p[stop] != ']' && s.p[stop] != '\n')
                stop++;
            if (k < stop)
                put_words(out, (struct nd_str){s.p + k + 1, stop - k - 1});
            i = stop + (stop < s.n && s.p[stop] == ']');
        } else if (c == ']' && at(s, i, "]]")) {
            i += 2;
        } else if (c == '\'' && at(s, i, "''")) {
            while (i < s.n && s.p[i] == '\'')
                i++;
        } else if (c == '_' && at(s, i, "__") && i + 2 < s.n && s.p[i + 2] >= 'A' &&
                   s.p[i + 2] <= 'Z') {
            size_t k = i + 2;
            while (k < s.n && s.p[k] >= 'A' && s.p[k] <= 'Z')
                k++;
            if (at(s, k, "__"))
                i = k + 2;
            else
                nd_buf_byte(out, (unsigned char)s.p[i++]);
        } else if (c == '-' && at(s, i, "-{")) {
            i += 2;
        } else if (c == '}' || c == '{') { /* what is left over of templates and tables */
            i++;
        } else {
            nd_buf_byte(out, (unsigned char)c);
            i++;
        }
    }
}

static struct nd_str next_line(struct nd_str *rest)
{
    const char *eol = memchr(rest->p, '\n', rest->n);
    size_t k = eol ? (size_t)(eol - rest->p) : rest->n;
    struct nd_str l = {rest->p, k};
    rest->p += eol ? k + 1 : k;
    rest->n -= eol ? k + 1 : k;
    return nd_trim(l);
}

/* Headings of what is no text. */
static bool ends_text(struct nd_str heading)
{
    static const char list[] = " sources source references external_links external_link see_also "
                               "related_news sister_links notes footnotes "
                               "further_reading bibliography citations quellen einzelnachweise "
                               "weblinks literatur fuentes referencias "
                               "enlaces_externos v\xc3\xa9"
                               "ase_tambi\xc3\xa9n r\xc3\xa9"
                               "f\xc3\xa9rences liens_externes voir_aussi "
                               "\xd0\xb8\xd1\x81\xd1\x82\xd0\xbe\xd1\x87\xd0\xbd\xd0\xb8\xd0\xba"
                               "\xd0\xb8 fonti note collegamenti_esterni bronnen externe_links ";
    return word_of(heading, list);
}

/* Brackets with nothing but blanks and commas inside: a template was there. Return: their bytes. */
static size_t empty_brackets(struct nd_str s, size_t i)
{
    size_t k = i + 1;
    if (s.p[i] != '(')
        return 0;
    while (k < s.n && s.p[k] && strchr(" ,;:", s.p[k]))
        k++;
    return k < s.n && s.p[k] == ')' ? k + 1 - i : 0;
}

static void put_line(struct nd_buf *out, struct nd_str s)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t cp;
        size_t k = s.p[i] == '&' ? nd_entity_at(s.p + i, s.n - i, &cp) : 0,
               empty = empty_brackets(s, i);
        if (k) {
            char c[4];
            nd_buf_add(out, c, cp ? nd_utf8_encode(cp, c) : 0);
            i += k;
        } else if (empty) {
            i += empty;
        } else if (s.p[i] == ' ' && out->len && out->data[out->len - 1] == ' ') {
            i++;
        } else {
            nd_buf_byte(out, (unsigned char)s.p[i++]);
        }
    }
}

/* Third pass: lines to paragraphs. */
static void lines(struct nd_buf *out, struct nd_str s)
{
    size_t start = out->len;
    bool part = false, muted = false;
    while (s.n) {
        struct nd_str l = next_line(&s);
        bool own = false;
        if (!l.n) {
            part = true;
            continue;
        }
        if (*l.p == '=' && l.p[l.n - 1] == '=' && l.n > 2) {
            while (l.n && *l.p == '=') {
                l.p++;
                l.n--;
            }
            while (l.n && l.p[l.n - 1] == '=')
                l.n--;
            l = nd_trim(l);
            muted = ends_text(l);
            own = true;
        } else if (at(l, 0, "----")) {
            part = true;
            continue;
        } else {
            while (l.n && strchr("*#:;", *l.p)) {
                own = true;
                l.p++;
                l.n--;
            }
            if (l.n && (*l.p == '|' || *l.p == '!')) /* a row of a torn table */
                continue;
            l = nd_trim(l);
        }
        if (muted || !l.n)
            continue;
        if (out->len > start)
            nd_buf_str(out, part || own ? "\n\n" : " ");
        put_line(out, l);
        part = own;
    }
}

int nd_wikitext(struct nd_buf *out, struct nd_wiki_found *found, const struct nd_wiki_site *site,
                struct nd_str text, struct nd_arena *arena)
{
    struct wiki w = {.found = found, .site = site, .arena = arena};
    struct nd_buf a, b;
    *found = (struct nd_wiki_found){0};
    struct nd_str head = nd_trim(text);
    found->redirect = nd_str_begins(head, "#redirect") ||
                      (head.n && *head.p == '#' && memchr(head.p, '[', head.n > 80 ? 80 : head.n) &&
                       !memchr(head.p, '\n', head.n > 40 ? 40 : head.n) && head.p[1] != ' ');
    nd_buf_init(&a, text.n * 2 + 1024);
    nd_buf_init(&b, text.n * 2 + 1024);
    strip_hidden(&w, &a, text);
    if (a.len)
        strip_inline(&w, &b, (struct nd_str){a.data, a.len});
    int rc = nd_buf_code(&a) ? nd_buf_code(&a) : nd_buf_code(&b);
    if (!rc && b.len)
        lines(out, (struct nd_str){b.data, b.len});
    nd_buf_free(&a);
    nd_buf_free(&b);
    return rc ? rc : w.rc ? w.rc : nd_buf_code(out);
}
