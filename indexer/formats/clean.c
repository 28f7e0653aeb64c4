#include "formats/clean.h"
#include "base/hash.h"
#include "formats/paragraph.h"
#include "text/utf8.h"

#include <string.h>

void nd_cleaner_init(struct nd_cleaner *c, size_t max, const char *id_prefix)
{
    *c = (struct nd_cleaner){.id_prefix = id_prefix && *id_prefix ? id_prefix : NULL};
    nd_buf_init(&c->a, max);
    nd_buf_init(&c->b, max);
}

void nd_cleaner_free(struct nd_cleaner *c)
{
    nd_buf_free(&c->a);
    nd_buf_free(&c->b);
}

/* Well-formed, NFC and scrubbed, in c->b. */
static int plain(struct nd_cleaner *c, const char *p, size_t n)
{
    nd_buf_reset(&c->a);
    nd_buf_reset(&c->b);
    if (nd_utf8_valid(p, n) == n) {
        nd_nfc(&c->a, p, n);
    } else {
        nd_utf8_repair(&c->b, p, n, &c->repairs);
        nd_nfc(&c->a, c->b.data, c->b.len);
        if (nd_buf_code(&c->b))
            return nd_buf_code(&c->b);
        nd_buf_reset(&c->b);
    }
    if (nd_buf_code(&c->a))
        return nd_buf_code(&c->a);
    return c->a.len ? nd_scrub(&c->b, c->a.data, c->a.len) : 0;
}

static int keep(struct nd_str *s, const char *p, size_t n, struct nd_arena *arena)
{
    *s = (struct nd_str){0};
    if (!n)
        return 0;
    *s = nd_arena_str(arena, p, n);
    return s->p ? 0 : ND_NOMEM;
}

int nd_clean_line(struct nd_cleaner *c, struct nd_str *s, size_t max, struct nd_arena *arena)
{
    if (!s->p)
        return 0;
    int rc = s->n ? plain(c, s->p, s->n) : 0;
    if (rc || !s->n)
        return rc ? rc : keep(s, "", 0, arena);
    char *p = c->b.data;
    size_t n = 0;
    for (size_t i = 0; i < c->b.len; i++) {
        bool blank = p[i] == ' ' || p[i] == '\n' || p[i] == '\t';
        if (!blank)
            p[n++] = p[i];
        else if (n && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    if (n > max) {
        n = max;
        while (n && ((unsigned char)p[n] & 0xc0) == 0x80)
            n--;
        c->cut++;
    }
    while (n && p[n - 1] == ' ')
        n--;
    return keep(s, p, n, arena);
}

int nd_clean_text(struct nd_cleaner *c, struct nd_str *s, struct nd_arena *arena)
{
    if (!s->p)
        return 0;
    int rc = s->n ? plain(c, s->p, s->n) : 0;
    if (rc)
        return rc;
    nd_buf_reset(&c->a);
    if (s->n && c->b.len)
        rc = nd_paragraphs(&c->a, c->b.data, c->b.len);
    return rc ? rc : keep(s, c->a.data, c->a.len, arena);
}

static int clean_list(struct nd_cleaner *c, struct nd_strs *list, struct nd_arena *arena)
{
    size_t n = 0;
    if (list->n > ND_LIST_ITEMS_MAX) {
        list->n = ND_LIST_ITEMS_MAX;
        c->cut++;
    }
    struct nd_str *v = list->n ? nd_arena_array(arena, list->n, sizeof *v) : NULL;
    if (list->n && !v)
        return ND_NOMEM;
    for (size_t i = 0; i < list->n; i++) {
        struct nd_str s = list->v[i];
        int rc = nd_clean_line(c, &s, ND_LINE_MAX, arena);
        if (rc)
            return rc;
        bool seen = !s.p;
        for (size_t k = 0; k < n && !seen; k++)
            seen = nd_str_eq(v[k], s);
        if (!seen)
            v[n++] = s;
    }
    *list = (struct nd_strs){v, n};
    return 0;
}

static int clean_gold(struct nd_cleaner *c, struct nd_article *a, struct nd_arena *arena)
{
    size_t n = 0;
    if (a->gold_n > ND_LIST_ITEMS_MAX) {
        a->gold_n = ND_LIST_ITEMS_MAX;
        c->cut++;
    }
    for (size_t i = 0; i < a->gold_n; i++) {
        struct nd_gold g = a->gold[i];
        int rc = nd_clean_line(c, &g.name, ND_LINE_MAX, arena);
        if (rc)
            return rc;
        if (g.name.p)
            a->gold[n++] = g;
    }
    a->gold_n = n;
    return 0;
}

/* Language tags in lower case with '-'; the usual names and three-letter codes become two letters. */
static int clean_lang(struct nd_cleaner *c, struct nd_article *a, struct nd_arena *arena)
{
    static const struct {
        const char *name, *code;
    } names[] = {{"english", "en"}, {"eng", "en"},        {"french", "fr"},   {"fra", "fr"},
                 {"fre", "fr"},     {"german", "de"},     {"deu", "de"},      {"ger", "de"},
                 {"spanish", "es"}, {"spa", "es"},        {"russian", "ru"},  {"rus", "ru"},
                 {"italian", "it"}, {"ita", "it"},        {"dutch", "nl"},    {"nld", "nl"},
                 {"dut", "nl"},     {"portuguese", "pt"}, {"por", "pt"},      {"swedish", "sv"},
                 {"swe", "sv"},     {"arabic", "ar"},     {"ara", "ar"},      {"chinese", "zh"},
                 {"zho", "zh"},     {"chi", "zh"},        {"japanese", "ja"}, {"jpn", "ja"}};
    enum {
        TAG_MAX = 35 /* RFC 5646 */
    };
    char tag[TAG_MAX + 1];
    int rc = nd_clean_line(c, &a->lang, ND_LINE_MAX, arena);
    if (rc || !a->lang.p)
        return rc;
    if (a->lang.n > TAG_MAX) {
        a->lang = (struct nd_str){0};
        c->cut++;
        return 0;
    }
    for (size_t i = 0; i < a->lang.n; i++) {
        char l = a->lang.p[i];
        tag[i] = l == '_' ? '-' : l >= 'A' && l <= 'Z' ? (char)(l + 32) : l;
    }
    tag[a->lang.n] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(tag, names[i].name))
            return keep(&a->lang, names[i].code, 2, arena);
    return keep(&a->lang, tag, a->lang.n, arena);
}

/* An id made of the content alone: the same on every run and in every file. */
static int make_id(struct nd_cleaner *c, struct nd_article *a, struct nd_arena *arena)
{
    nd_buf_reset(&c->a);
    int rc = nd_article_json(&c->a, a, false);
    if (rc)
        return rc;
    struct nd_hash128 h = nd_hash128(c->a.data, c->a.len);
    char *id = nd_arena_printf(arena, "nd-%016llx%016llx", (unsigned long long)h.hi,
                               (unsigned long long)h.lo);
    if (!id)
        return ND_NOMEM;
    a->id = nd_str_of(id);
    return 0;
}

static int clean_id(struct nd_cleaner *c, struct nd_article *a, struct nd_arena *arena,
                    struct nd_error *err)
{
    int rc = nd_clean_line(c, &a->id, SIZE_MAX, arena);
    if (rc)
        return rc;
    if (!a->id.p)
        return make_id(c, a, arena);
    size_t before = c->id_prefix ? strlen(c->id_prefix) : 0;
    if (a->id.n + before > ND_ID_MAX)
        return nd_fail(err, ND_INPUT, "the id has %zu bytes, more than the %d allowed",
                       a->id.n + before, ND_ID_MAX);
    if (before) {
        char *id = nd_arena_printf(arena, "%s%.*s", c->id_prefix, (int)a->id.n, a->id.p);
        if (!id)
            return ND_NOMEM;
        a->id = nd_str_of(id);
    }
    return 0;
}

static int clean_all(struct nd_cleaner *c, struct nd_article *a, struct nd_arena *arena,
                     struct nd_error *err)
{
    int rc = nd_clean_line(c, &a->title, ND_TITLE_MAX, arena);
    if (!rc)
        rc = nd_clean_text(c, &a->lead, arena);
    if (!rc)
        rc = nd_clean_text(c, &a->body, arena);
    if (!rc && !a->title.p && !a->lead.p && !a->body.p && !a->withdrawn)
        return nd_fail(err, ND_INPUT, "the record has neither a title nor a text");
    if (!rc)
        rc = nd_clean_line(c, &a->version, ND_LINE_MAX, arena);
    if (!rc)
        rc = clean_list(c, &a->authors, arena);
    if (!rc)
        rc = clean_list(c, &a->tags, arena);
    if (!rc)
        rc = nd_clean_line(c, &a->source, ND_LINE_MAX, arena);
    if (!rc)
        rc = nd_clean_line(c, &a->section, ND_LINE_MAX, arena);
    if (!rc)
        rc = nd_clean_line(c, &a->url, ND_URL_MAX, arena);
    if (!rc)
        rc = clean_lang(c, a, arena);
    if (!rc)
        rc = clean_gold(c, a, arena);
    return rc ? rc : clean_id(c, a, arena, err);
}

int nd_clean(struct nd_cleaner *c, struct nd_article *a, struct nd_arena *arena,
             struct nd_error *err)
{
    struct nd_error why = {0};
    int rc = clean_all(c, a, arena, &why);
    if (rc && !why.code)
        nd_fail(&why, rc,
                rc == ND_LIMIT ? "a text is too long" : "the record needs too much memory");
    if (rc && err)
        *err = why;
    return rc;
}
