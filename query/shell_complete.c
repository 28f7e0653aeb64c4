#include "shell.h"

#include "among.h"
#include "facet.h"
#include "lang/saved.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

struct offering {
    struct nd_shell_offers *out;
    const struct nd_shell *s;
    struct nd_arena *arena;
    size_t cap;
    bool failed;
};

static void offer(struct offering *f, const char *text)
{
    if (!text) {
        f->failed = true;
        return;
    }
    if (f->out->list.n == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 32;
        struct nd_str *v = nd_arena_array(f->arena, cap, sizeof *v);
        if (!v) {
            f->failed = true;
            return;
        }
        if (f->cap)
            memcpy(v, f->out->list.v, f->cap * sizeof *v);
        f->out->list.v = v;
        f->cap = cap;
    }
    f->out->list.v[f->out->list.n++] = nd_str_of(text);
}

/* Of blank-separated words those that begin with typed[0..n), between two texts. */
static void offer_words(struct offering *f, const char *words, const char *typed, size_t n,
                        const char *before, const char *after)
{
    while (*words) {
        size_t k = strcspn(words, " ");
        if (k >= n && memcmp(words, typed, n) == 0)
            offer(f, nd_arena_printf(f->arena, "%s%.*s%s", before, (int)k, words, after));
        words += k + strspn(words + k, " ");
    }
}

/* ---- commands and options ---- */

static void offer_commands(struct offering *f, const char *typed, size_t n)
{
    const struct nd_program *p = newsq_program();
    for (size_t i = 0; i < p->commands_n; i++) {
        const char *name = p->commands[i].name;
        if (strcmp(name, "shell") != 0 && strcmp(name, "batch") != 0)
            offer_words(f, name, typed, n, ":", " ");
    }
    offer_words(f, nd_shell_own, typed, n, ":", " ");
}

static void offer_options(struct offering *f, const char *command, const char *typed, size_t n,
                          const char *before, const char *after)
{
    const struct nd_program *p = newsq_program();
    for (size_t i = 0; i < p->options_n; i++)
        if (nd_option_fits(&p->options[i], command))
            offer_words(f, p->options[i].name, typed, n, before, after);
}

static void offer_choices(struct offering *f, const char *command, const char *option,
                          const char *typed, size_t n)
{
    const struct nd_option *o = nd_option_named(newsq_program(), command, option);
    if (o && o->choices)
        offer_words(f, o->choices, typed, n, "", " ");
}

static void offer_saved(struct offering *f, const char *typed, size_t n, const char *before)
{
    const char *given = NULL, *folder;
    struct nd_strs names;
    for (size_t i = 0; i < f->s->options_n; i++)
        if (strcmp(f->s->options[i].option->name, "queries") == 0)
            given = f->s->options[i].text;
    if (nd_saved_folder(given, f->arena, &folder, NULL) ||
        nd_saved_list(&names, f->arena, folder, "", NULL))
        return;
    for (size_t i = 0; i < names.n; i++)
        if (names.v[i].n >= n && memcmp(names.v[i].p, typed, n) == 0)
            offer(f, nd_arena_printf(f->arena, "%s%.*s ", before, (int)names.v[i].n, names.v[i].p));
}

static void offer_facets(struct offering *f, const char *typed, size_t n)
{
    size_t all, from = n;
    const struct nd_field *fields = nd_schema_table(&all);
    while (from && typed[from - 1] != ',') /* of a list the last */
        from--;
    for (size_t i = 0; i < all; i++)
        if (fields[i].facet) {
            char *before = nd_arena_copy(f->arena, typed, from);
            offer_words(f, fields[i].name, typed + from, n - from, before ? before : "", " ");
        }
}

/* ---- values of fields ---- */

/* Do the words of a folded value, or its words from one on, begin with what was typed? */
static bool begins(struct nd_str value, struct nd_str typed)
{
    for (size_t at = 0; at + typed.n <= value.n; at++)
        if ((at == 0 || value.p[at - 1] == ' ') && memcmp(value.p + at, typed.p, typed.n) == 0)
            return true;
    return false;
}

/* A value as it stands in a query: in quotation marks unless it is one plain word. */
static char *as_value(struct nd_arena *arena, const char *before, struct nd_str v)
{
    bool plain = v.n > 0;
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        plain =
            plain && (c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'));
    }
    char *text = nd_arena_alloc(arena, strlen(before) + 2 * v.n + 4);
    size_t n = strlen(before);
    if (!text)
        return NULL;
    memcpy(text, before, n);
    if (!plain)
        text[n++] = '"';
    for (size_t i = 0; i < v.n; i++) {
        if (!plain && (v.p[i] == '"' || v.p[i] == '\\'))
            text[n++] = '\\';
        text[n++] = v.p[i];
    }
    if (!plain)
        text[n++] = '"';
    text[n++] = ' ';
    text[n] = '\0';
    return text;
}

/* A command line that does nothing but name the session's index. */
static int asker(struct newsq *t, const struct nd_shell *s, struct nd_error *err)
{
    struct nd_shell_argv argv;
    nd_arena_init(&t->arena, 1 << 30);
    int rc = nd_shell_command(s, &t->arena, "count", " ", &argv, err);
    return rc ? rc : nd_args_parse(&t->args, &t->arena, newsq_program(), argv.n, argv.v, err);
}

/* Values of a field with the most articles first. */
static int offer_values(struct offering *f, const struct nd_field *field, const char *before,
                        const char *typed, size_t typed_n, struct nd_error *err)
{
    struct newsq t = {.diag = {.program = "newsq", .quiet = true}, .typed = true};
    struct nd_shell none = *f->s;
    struct nd_ask a = {.tool = &t, .arena = &t.arena};
    struct nd_lowered low;
    struct nd_match *all = NULL;
    struct nd_facet facet;
    struct nd_facet_want want = {.top = UINT64_MAX};
    struct nd_buf folded, value;
    nd_buf_init(&folded, 1 << 20);
    nd_buf_init(&value, 1 << 20);
    none.steps_n = 0;
    int rc = asker(&t, &none, err);
    if (!rc)
        rc = nd_ask_index(&t, &a.index, err);
    if (!rc)
        rc = nd_stemmers_new(&a.stemmers, err);
    if (!rc)
        rc = nd_among_all(&all, &a, &low, err);
    if (!rc)
        rc = nd_facet_top(&facet, &t.arena, a.index, all, field, &want, err);
    if (!rc)
        rc = nd_fold(&folded, typed, typed_n);
    struct nd_str asked = {folded.data ? folded.data : "", folded.len};
    for (size_t i = 0; !rc && i < facet.n && f->out->list.n < ND_SHELL_OFFERS; i++) {
        struct nd_str shown;
        nd_buf_reset(&value);
        rc = nd_fold(&value, facet.rows[i].value.p, facet.rows[i].value.n);
        if (rc || !begins((struct nd_str){value.data ? value.data : "", value.len}, asked))
            continue;
        rc = nd_facet_name(&shown, &t.arena, a.index, &facet, i, err);
        if (!rc)
            offer(f, as_value(f->arena, before, shown));
    }
    nd_match_close(all);
    nd_stemmers_free(a.stemmers);
    nd_index_close(a.index);
    nd_buf_free(&folded);
    nd_buf_free(&value);
    nd_arena_free(&t.arena);
    return rc;
}

/* ---- a query ---- */

/* Where the last atom of line[0..n) begins, from `from` on. */
static size_t atom_of(const char *line, size_t from, size_t n)
{
    bool quoted = false;
    size_t at = from;
    for (size_t i = from; i < n; i++) {
        if (line[i] == '"')
            quoted = !quoted;
        else if (!quoted && strchr(" \t()", line[i]))
            at = i + 1;
    }
    while (at < n && (line[at] == '+' || line[at] == '-' || line[at] == '='))
        at++;
    return at;
}

static int offer_query(struct offering *f, const char *line, size_t from, size_t n,
                       struct nd_error *err)
{
    size_t at = atom_of(line, from, n), all;
    const char *p = line + at, *colon = memchr(p, ':', n - at);
    const struct nd_field *fields = nd_schema_table(&all);
    f->out->from = at;
    if (!colon) {
        if (at < n && p[0] >= 'A' && p[0] <= 'Z')
            offer_words(f, "AND OR NOT", p, n - at, "", " ");
        for (size_t i = 0; at < n && i < all; i++)
            offer_words(f, fields[i].name, p, n - at, "", ":");
        return 0;
    }
    const struct nd_field *field = nd_schema_find(p, (size_t)(colon - p));
    const char *value = colon + 1;
    if (field && value < line + n && *value == '=')
        value++;
    char *before = nd_arena_copy(f->arena, p, (size_t)(value - p));
    if (value < line + n && *value == '"')
        value++;
    if (!field || !before)
        return 0;
    size_t k = (size_t)(line + n - value);
    if (field->kind == ND_KIND_QUERY)
        offer_saved(f, value, k, before);
    else if (field->facet && field->kind != ND_KIND_DATE && field->kind != ND_KIND_NUMBER)
        return offer_values(f, field, before, value, k, err);
    return 0;
}

/* ---- a line ---- */

/* `:NAME ...`: what may stand at its end; *query: from where on it is a query, SIZE_MAX if it is none. */
static void offer_arguments(struct offering *f, const char *line, size_t n, size_t *query)
{
    size_t name_n = strcspn(line + 1, " \t"), at = 1 + name_n, word = at, count = 0;
    char *name = nd_arena_copy(f->arena, line + 1, name_n), *previous = NULL;
    *query = SIZE_MAX;
    while (name && at < n) { /* word: where the last word begins; count: words before it */
        while (at < n && (line[at] == ' ' || line[at] == '\t'))
            at++;
        if (word != at && word > 1 + name_n)
            previous = nd_arena_copy(f->arena, line + word, strcspn(line + word, " \t"));
        count += word > 1 + name_n;
        word = at;
        while (at < n && line[at] != ' ' && line[at] != '\t')
            at++;
    }
    if (!name)
        return;
    const char *typed = line + word;
    size_t typed_n = n - word;
    f->out->from = word;
    if (strcmp(name, "set") == 0 || strcmp(name, "unset") == 0) {
        if (count == 0)
            offer_options(f, "shell", typed, typed_n, "", " ");
        else if (previous)
            offer_choices(f, "shell", nd_arena_printf(f->arena, "--%s", previous), typed, typed_n);
    } else if (strcmp(name, "save") == 0) {
        offer_saved(f, typed, typed_n, "");
    } else if (typed_n && typed[0] == '-') {
        offer_options(f, name, typed + (typed_n > 1 ? 2 : 1), typed_n > 1 ? typed_n - 2 : 0, "--",
                      " ");
    } else if (previous && previous[0] == '-') {
        offer_choices(f, name, previous, typed, typed_n);
        *query = f->out->list.n ? SIZE_MAX : word;
    } else if (strcmp(name, "saved") == 0) {
        if (count == 0)
            offer_words(f, "add list show edit rm rename run test commit import export", typed,
                        typed_n, "", " ");
        else
            offer_saved(f, typed, typed_n, "");
    } else if (strcmp(name, "facet") == 0 && count == 0) {
        offer_facets(f, typed, typed_n);
    } else {
        if (strcmp(name, "hist") == 0 && count == 0)
            offer_words(f, "day week month year", typed, typed_n, "", " ");
        *query = word;
    }
}

static int by_text(const void *pa, const void *pb)
{
    const struct nd_str *a = pa, *b = pb;
    return nd_str_cmp(*a, *b);
}

int nd_shell_complete(struct nd_shell_offers *out, const struct nd_shell *s, struct nd_arena *arena,
                      const char *line, size_t n, struct nd_error *err)
{
    struct offering f = {.out = out, .s = s, .arena = arena};
    size_t query = 0;
    int rc = 0;
    *out = (struct nd_shell_offers){0};
    if (line[0] == ':' && strcspn(line, " \t") >= n) {
        offer_commands(&f, line + 1, n - 1);
        query = SIZE_MAX;
        if (out->list.n)
            qsort(out->list.v, out->list.n, sizeof *out->list.v, by_text);
    } else if (line[0] == ':') {
        offer_arguments(&f, line, n, &query);
    }
    if (query != SIZE_MAX) {
        /* a query may hold what looks like its command's words */
        size_t from = out->from;
        rc = offer_query(&f, line, query, n, err);
        if (query && !out->list.n)
            out->from = from;
    }
    if (!rc && f.failed)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    return rc;
}
