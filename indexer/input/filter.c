#include "input/filter.h"
#include "lang/parse.h"
#include "record/value.h"
#include "text/stem.h"
#include "text/token.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    ARENA = 64 << 20,
    LINES = 10000
};

struct nd_filter {
    struct nd_arena arena;
    struct nd_query *lines;
    size_t n;
    struct nd_tokens tokens;
    struct nd_buf words, want;
    int64_t length; /* words of the article at hand, -1 until it is asked */
};

static bool named(const struct nd_field *f, const char *name)
{
    return strcmp(f->name, name) == 0;
}

/* What an article alone tells of a field. */
static bool can_ask(const struct nd_node *n)
{
    static const char *const fields[] = {"source", "section", "author", "tag",     "lang",   "url",
                                         "host",   "id",      "date",   "updated", "length", "year",
                                         "month",  "day",     "title",  "lead",    "body"};
    bool known = false;
    for (size_t i = 0; n->field && i < sizeof fields / sizeof *fields; i++)
        known |= named(n->field, fields[i]);
    switch (n->kind) {
    case ND_N_ALL:
    case ND_N_AND:
    case ND_N_OR:
    case ND_N_NOT:
        return true;
    case ND_N_VALUE:
    case ND_N_TERM:
    case ND_N_DATE:
    case ND_N_NUMBER:
    case ND_N_ANYOF:
    case ND_N_NONE:
        return known;
    default:
        return false;
    }
}

static const struct nd_node *not_for_us(const struct nd_node *n)
{
    if (!can_ask(n))
        return n;
    for (size_t i = 0; i < n->kids_n; i++) {
        const struct nd_node *bad = not_for_us(n->kids[i]);
        if (bad)
            return bad;
    }
    return NULL;
}

static int bad_line(const char *name, unsigned line, struct nd_error *err)
{
    struct nd_error why = *err;
    nd_fail(err, ND_USAGE, "'%.200s', line %u: %.300s", name, line, why.msg);
    nd_hint(err, "%s", why.hint);
    return ND_USAGE;
}

static int add_line(struct nd_filter *f, struct nd_str text, uint32_t today, struct nd_error *err)
{
    struct nd_parse_options options = {.today = today};
    struct nd_query *q = &f->lines[f->n];
    int rc = nd_parse(q, &f->arena, text.p, text.n, &options, err);
    if (rc)
        return rc;
    const struct nd_node *bad = not_for_us(q->root);
    if (bad) {
        nd_fail(err, ND_QUERY, "'%.*s' cannot be asked of an article that is not indexed",
                (int)(bad->end - bad->start > 60 ? 60 : bad->end - bad->start),
                text.p + bad->start);
        nd_hint(err, "ask for source section author tag lang url host id date updated or length: "
                     "section:weather length:..50");
        return ND_QUERY;
    }
    f->n++;
    return 0;
}

int nd_filter_new(struct nd_filter **out, struct nd_str text, const char *name, uint32_t today,
                  struct nd_error *err)
{
    unsigned number = 0;
    int rc = 0;
    *out = NULL;
    struct nd_filter *f = calloc(1, sizeof *f);
    if (!f)
        return nd_fail(err, ND_NOMEM, "out of memory for a filter");
    nd_arena_init(&f->arena, ARENA);
    nd_buf_init(&f->words, 1 << 20);
    nd_buf_init(&f->want, 1 << 20);
    f->lines = calloc(LINES, sizeof *f->lines);
    if (!f->lines || nd_tokens_init(&f->tokens))
        rc = nd_fail(err, ND_NOMEM, "out of memory for a filter");
    for (size_t i = 0; !rc && i < text.n;) {
        const char *eol = memchr(text.p + i, '\n', text.n - i);
        size_t end = eol ? (size_t)(eol - text.p) : text.n;
        struct nd_str line = {text.p + i, end - i};
        i = end + 1;
        number++;
        while (line.n && strchr(" \t\r", line.p[line.n - 1]) && line.p[line.n - 1])
            line.n--;
        while (line.n && (*line.p == ' ' || *line.p == '\t'))
            line = (struct nd_str){line.p + 1, line.n - 1};
        if (!line.n || *line.p == '#')
            continue;
        rc = f->n == LINES ? nd_fail(err, ND_LIMIT, "a filter has at most %d lines", LINES)
                           : add_line(f, line, today, err);
        if (rc && rc != ND_NOMEM)
            rc = bad_line(name, number, err);
    }
    if (rc)
        nd_filter_free(f);
    else
        *out = f;
    return rc;
}

void nd_filter_free(struct nd_filter *f)
{
    if (!f)
        return;
    nd_arena_free(&f->arena);
    nd_buf_free(&f->words);
    nd_buf_free(&f->want);
    nd_tokens_free(&f->tokens);
    free(f->lines);
    free(f);
}

/* The values of a field, one or a list. */
static struct nd_strs values(const struct nd_article *a, const struct nd_field *f,
                             struct nd_str *one)
{
    if (named(f, "author"))
        return a->authors;
    if (named(f, "tag"))
        return a->tags;
    *one = named(f, "source")    ? a->source
           : named(f, "section") ? a->section
           : named(f, "lang")    ? a->lang
           : named(f, "id")      ? a->id
           : named(f, "title")   ? a->title
           : named(f, "lead")    ? a->lead
           : named(f, "body")    ? a->body
                                 : a->url; /* url, host */
    return (struct nd_strs){one, one->n > 0};
}

/* Does one of the values hold the words, or is it the whole of them? */
static int value(struct nd_filter *f, const struct nd_node *n, struct nd_strs list, bool *out)
{
    nd_buf_reset(&f->want);
    int rc = n->whole ? nd_value_fold(&f->want, n->text.p, n->text.n)
                      : nd_value_words(&f->want, n->text.p, n->text.n);
    struct nd_str want = {f->want.data ? f->want.data : "", f->want.len};
    for (size_t i = 0; i < list.n && !rc && !*out; i++) {
        nd_buf_reset(&f->words);
        rc = n->whole ? nd_value_fold(&f->words, list.v[i].p, list.v[i].n)
                      : nd_value_words(&f->words, list.v[i].p, list.v[i].n);
        struct nd_str have = {f->words.data ? f->words.data : "", f->words.len};
        *out = !rc && (n->whole ? nd_str_eq(have, want) : nd_value_holds(have, want));
    }
    return rc;
}

/* The host of an address: between // and the next / : ? */
static struct nd_str host_of(struct nd_str url)
{
    const char *from = url.n ? memmem(url.p, url.n, "://", 3) : NULL;
    if (!from)
        return (struct nd_str){0};
    from += 3;
    size_t n = 0, left = url.n - (size_t)(from - url.p);
    while (n < left && from[n] && !strchr("/:?#", from[n]))
        n++;
    return (struct nd_str){from, n};
}

static bool same(struct nd_str a, struct nd_str b, bool any_case)
{
    return a.n == b.n && (any_case ? !strncasecmp(a.p, b.p, a.n) : nd_str_eq(a, b));
}

static bool term(const struct nd_node *n, const struct nd_article *a)
{
    struct nd_str have, want = n->text;
    values(a, n->field, &have);
    if (named(n->field, "host"))
        return same(host_of(a->url), want, true);
    if (!named(n->field, "lang"))
        return have.n && same(have, want, false);
    unsigned lang = nd_lang_of(want.p, want.n);
    return have.n && (same(have, want, true) || (lang && nd_lang_of(have.p, have.n) == lang));
}

static bool in_range(const struct nd_node *n, const struct nd_date *d)
{
    if (d->precision == ND_DATE_NONE)
        return false;
    uint32_t from = d->day, to = d->day; /* of a month or year: all of it */
    if (d->precision == ND_DATE_YEAR) {
        from += 101;
        to += 1231;
    } else if (d->precision == ND_DATE_MONTH) {
        from += 1;
        to += 31;
    }
    return from >= n->range.from && to <= n->range.to;
}

static int64_t words_of(struct nd_filter *f, const struct nd_article *a)
{
    nd_tokens_reset(&f->tokens);
    for (unsigned i = 0; f->length < 0 && i < ND_FIELDS; i++) {
        struct nd_str text = nd_article_field(a, i);
        nd_tokens_add(&f->tokens, text.p, text.n, i, NULL); /* past its maximum: as long as that */
    }
    if (f->length < 0)
        f->length = (int64_t)f->tokens.n;
    return f->length;
}

static bool has(const struct nd_node *n, const struct nd_article *a)
{
    struct nd_str one;
    if (n->field->kind == ND_KIND_NUMBER)
        return true;
    if (n->field->kind == ND_KIND_DATE)
        return (named(n->field, "updated") ? a->updated : a->published).precision != ND_DATE_NONE;
    return values(a, n->field, &one).n > 0;
}

static int holds(struct nd_filter *f, const struct nd_node *n, const struct nd_article *a,
                 bool *out)
{
    struct nd_str one;
    bool kid;
    int rc = 0;
    *out = false;
    switch (n->kind) {
    case ND_N_AND:
        *out = true;
        for (size_t i = 0; i < n->kids_n && *out && !rc; i++)
            rc = holds(f, n->kids[i], a, out);
        return rc;
    case ND_N_OR:
        for (size_t i = 0; i < n->kids_n && !*out && !rc; i++)
            rc = holds(f, n->kids[i], a, out);
        return rc;
    case ND_N_NOT:
        rc = holds(f, n->kids[0], a, &kid);
        *out = !kid;
        return rc;
    case ND_N_VALUE:
        return value(f, n, values(a, n->field, &one), out);
    case ND_N_TERM:
        *out = term(n, a);
        return 0;
    case ND_N_DATE:
        *out = in_range(n, named(n->field, "updated") ? &a->updated : &a->published);
        return 0;
    case ND_N_NUMBER:
        *out = words_of(f, a) >= n->lo && words_of(f, a) <= n->hi;
        return 0;
    case ND_N_ANYOF:
        *out = has(n, a);
        return 0;
    case ND_N_NONE:
        *out = !has(n, a);
        return 0;
    default:
        *out = n->kind == ND_N_ALL;
        return 0;
    }
}

int nd_filter_matches(struct nd_filter *f, const struct nd_article *a, bool *out,
                      struct nd_error *err)
{
    int rc = 0;
    *out = false;
    f->length = -1;
    for (size_t i = 0; i < f->n && !*out && !rc; i++)
        rc = holds(f, f->lines[i].root, a, out);
    return rc ? nd_fail(err, rc, "out of memory to filter an article") : 0;
}
