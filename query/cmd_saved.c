/* saved: keep queries, run them, and be told what is new. The verb is the first word:
 * add NAME QUERY, list [GROUP/], show NAME, edit NAME, rm NAME, rename OLD NEW, run NAME|GROUP/ (or --all),
 * test NAME|GROUP/ --expect FACT, commit NAME|GROUP/, import GROUP --list FILE --template T, export. */
#include "alert.h"
#include "ask.h"
#include "lang/saved.h"
#include "report.h"
#include "saved_edit.h"
#include "base/map.h"
#include "text/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    OUT_CHUNK = 64 * 1024,
    QUERY_ARENA = 1 << 30
};

static struct nd_str word(const struct newsq *t, size_t i)
{
    return i < t->args.words_n ? t->args.words[i] : (struct nd_str){NULL, 0};
}

static int usage(struct newsq *t, const char *form)
{
    struct nd_error err = {0};
    nd_fail(&err, ND_USAGE, "that is not how 'saved %.*s' is used", (int)word(t, 0).n,
            word(t, 0).n ? word(t, 0).p : "");
    nd_hint(&err, "newsq saved %s", form);
    return newsq_failed(t, &err);
}

/* The names that a command line means: NAME, GROUP/, or all with --all. */
static int names_meant(struct newsq *t, const char *folder, struct nd_strs *out, struct nd_error *err)
{
    struct nd_str name = word(t, 1);
    bool all = nd_args_has(&t->args, "all");
    if (all == (name.n > 0)) {
        nd_fail(err, ND_USAGE, all ? "--all and a name exclude each other" : "which saved query?");
        nd_hint(err, "a name, a group with its slash (mps/), or --all");
        return ND_USAGE;
    }
    if (name.n && name.p[name.n - 1] != '/') {
        out->v = nd_arena_array(&t->arena, 1, sizeof *out->v);
        if (!out->v)
            return nd_fail(err, ND_NOMEM, "out of memory");
        out->v[0] = name;
        out->n = 1;
        return nd_saved_name(name, err);
    }
    int rc = nd_saved_list(out, &t->arena, folder, name.n ? name.p : "", err);
    if (!rc && !out->n) {
        rc = nd_fail(err, ND_MISSING, "no saved queries%s%.*s", name.n ? " in " : "", (int)name.n,
                     name.n ? name.p : "");
        nd_hint(err, "save one with: newsq saved add NAME 'QUERY'");
    }
    return rc;
}

/* The query of the words from the third on, or of -f; the head from --title. */
static int text_to_save(struct newsq *t, struct nd_str *out, struct nd_error *err)
{
    struct nd_buf b;
    const char *title = nd_args_text(&t->args, "title"), *sort = nd_args_text(&t->args, "sort");
    nd_buf_init(&b, ND_SAVED_MAX);
    const char *syntax = nd_args_text(&t->args, "syntax");
    if (title || sort || syntax) {
        nd_buf_str(&b, "---\n");
        if (title)
            nd_buf_printf(&b, "title: %s\n", title);
        if (sort)
            nd_buf_printf(&b, "sort: %s\n", sort);
        if (syntax)
            nd_buf_printf(&b, "syntax: %s\n", syntax);
        nd_buf_str(&b, "---\n");
    }
    for (size_t i = 2; i < t->args.words_n; i++) {
        if (i > 2)
            nd_buf_byte(&b, ' ');
        nd_buf_add(&b, t->args.words[i].p, t->args.words[i].n);
    }
    nd_buf_byte(&b, '\n');
    *out = nd_arena_str(&t->arena, b.data ? b.data : "", b.len);
    nd_buf_free(&b);
    return out->p ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
}

static int saved_add(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    struct nd_str name = word(t, 1), text;
    struct nd_query q;
    size_t at = 0;
    if (t->args.words_n < 3)
        return usage(t, "add NAME 'QUERY'");
    int rc = nd_saved_name(name, &err);
    if (!rc)
        rc = text_to_save(t, &text, &err);
    if (!rc) { /* a query that does not parse is not kept */
        struct nd_str words = {0};
        struct nd_buf b;
        nd_buf_init(&b, ND_QUERY_MAX);
        for (size_t i = 2; i < t->args.words_n; i++)
            nd_buf_printf(&b, "%s%.*s", i > 2 ? " " : "", (int)t->args.words[i].n,
                          t->args.words[i].p);
        words = nd_arena_str(&t->arena, b.data ? b.data : "", b.len);
        nd_buf_free(&b);
        struct nd_parse_options o = {.shell = t->args.words_n == 3, .args = &at, .args_n = 1,
                                     .today = nd_today(), .syntax = nd_ask_syntax(t)};
        rc = nd_parse(&q, &t->arena, words.p, words.n, &o, &err);
        if (rc) {
            struct nd_buf lines;
            nd_buf_init(&lines, 1 << 20);
            nd_query_caret(&lines, words, &err, t->term.columns, false);
            nd_diag_error_at(&t->diag, &err, lines.data ? lines.data : "");
            nd_buf_free(&lines);
            return nd_exit_status(rc);
        }
        rc = nd_saved_check(folder, name, words, nd_ask_syntax(t), &t->arena, &err);
        if (rc == ND_MISSING) {
            nd_diag_note(&t->diag, "%s yet", err.msg);
            rc = 0;
        }
    }
    if (!rc)
        rc = nd_saved_write(folder, name, text, !nd_args_has(&t->args, "force"), &err);
    return rc ? newsq_failed(t, &err) : 0;
}

static int saved_list(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    struct nd_strs names;
    struct nd_buf out;
    struct nd_str prefix = word(t, 1);
    int rc = nd_saved_list(&names, &t->arena, folder, prefix.n ? prefix.p : "", &err);
    if (rc)
        return newsq_failed(t, &err);
    nd_buf_init(&out, OUT_MAX);
    for (size_t i = 0; i < names.n; i++) {
        struct nd_saved q;
        if (nd_saved_read(&q, &t->arena, folder, names.v[i], &err)) {
            nd_diag_error(&t->diag, &err); /* told, and the rest is listed */
            continue;
        }
        nd_buf_printf(&out, "%.*s\t", (int)q.name.n, q.name.p);
        struct nd_str shown = q.title.n ? q.title : q.query;
        for (size_t k = 0; k < shown.n; k++)
            nd_buf_byte(&out, (unsigned char)(shown.p[k] == '\n' ? ' ' : shown.p[k]));
        nd_buf_byte(&out, '\n');
    }
    rc = newsq_write(&out, &err);
    nd_buf_free(&out);
    return rc < 0 ? newsq_failed(t, &err) : names.n ? 0 : 1;
}

static int saved_show(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    struct nd_saved q;
    struct nd_buf out;
    if (t->args.words_n != 2)
        return usage(t, "show NAME");
    if (nd_saved_read(&q, &t->arena, folder, word(t, 1), &err))
        return newsq_failed(t, &err);
    nd_buf_init(&out, OUT_MAX);
    nd_buf_add(&out, q.file.p, q.file.n);
    int rc = newsq_write(&out, &err);
    nd_buf_free(&out);
    return rc < 0 ? newsq_failed(t, &err) : 0;
}

static int saved_rm(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    if (t->args.words_n != 2)
        return usage(t, "rm NAME");
    return nd_saved_remove(folder, word(t, 1), &err) ? newsq_failed(t, &err) : 0;
}

static int saved_rename(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    if (t->args.words_n != 3)
        return usage(t, "rename OLD NEW");
    return nd_saved_rename(folder, word(t, 1), word(t, 2), &err) ? newsq_failed(t, &err) : 0;
}

/* A name made of a list's line: letters and digits stay, runs of others become one hyphen. */
static struct nd_str name_of(struct nd_arena *arena, struct nd_str group, struct nd_str line)
{
    char *p = nd_arena_alloc(arena, group.n + line.n + 2);
    size_t n = 0;
    if (!p)
        return (struct nd_str){NULL, 0};
    memcpy(p, group.p, group.n);
    n = group.n;
    if (n && p[n - 1] != '/')
        p[n++] = '/';
    size_t base = n;
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.p[i];
        bool keep = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (c >= 'A' && c <= 'Z')
            p[n++] = (char)(c + 32);
        else if (keep)
            p[n++] = (char)c;
        else if (n > base && p[n - 1] != '-')
            p[n++] = '-';
    }
    while (n > base && p[n - 1] == '-')
        n--;
    return (struct nd_str){p, n};
}

/* A group of queries from a list of names and a template with {} for the name. Two lines that make one file name are
 * told apart by a number; a line whose query is not good is told and kept, like any saved query. */
static int saved_import(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    const char *list = nd_args_text(&t->args, "list");
    const char *template = nd_args_text(&t->args, "template");
    struct nd_strs lines;
    struct nd_map seen;
    if (t->args.words_n != 2 || !list || !template)
        return usage(t, "import GROUP --list FILE --template 'person:\"{}\"'");
    if (nd_map_init(&seen, SIZE_MAX / 2))
        return newsq_failed(t, (nd_fail(&err, ND_NOMEM, "out of memory"), &err));
    int rc = nd_list_read(&lines, &t->arena, nd_str_of(list), &err);
    size_t made = 0, bad = 0;
    for (size_t i = 0; !rc && i < lines.n; i++) {
        struct nd_str name = name_of(&t->arena, word(t, 1), lines.v[i]), query = {0}, base = name;
        uint32_t number = 0, known = seen.count;
        for (unsigned k = 2; name.p && !rc; k++) {
            known = seen.count;
            rc = nd_map_intern(&seen, name.p, name.n, &number) ? nd_fail(&err, ND_NOMEM, "out of memory")
                                                               : 0;
            if (rc || number == known)
                break;
            char *other = nd_arena_printf(&t->arena, "%.*s-%u", (int)base.n, base.p, k);
            name = other ? nd_str_of(other) : (struct nd_str){0};
        }
        if (!rc && !name.p)
            rc = nd_fail(&err, ND_NOMEM, "out of memory");
        if (!rc)
            rc = nd_template_fill(&query, &t->arena, template, lines.v[i], &err);
        char *text = rc ? NULL
                        : nd_arena_printf(&t->arena, "---\ntitle: %.*s\n---\n%.*s\n",
                                          (int)lines.v[i].n, lines.v[i].p, (int)query.n, query.p);
        if (!rc && !text)
            rc = nd_fail(&err, ND_NOMEM, "out of memory");
        if (!rc)
            rc = nd_saved_write(folder, name, nd_str_of(text), !nd_args_has(&t->args, "force"), &err);
        made += !rc;
        struct nd_error why = {0};
        int check = rc ? 0 : nd_saved_check(folder, name, query, ND_SYNTAX_NATIVE, &t->arena, &why);
        if (check && check != ND_MISSING) {
            bad++;
            nd_diag_note(&t->diag, "%.*s is kept, but is no query yet: %s", (int)name.n, name.p, why.msg);
        }
    }
    nd_map_free(&seen);
    if (made)
        nd_diag_line(&t->diag, "%zu saved quer%s made", made, made == 1 ? "y" : "ies");
    return rc ? newsq_failed(t, &err) : bad ? nd_exit_status(ND_QUERY) : 0;
}

/* All queries as JSON lines, for another machine. */
static int saved_export(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    struct nd_strs names;
    struct nd_buf out;
    struct nd_str prefix = word(t, 1);
    int rc = nd_saved_list(&names, &t->arena, folder, prefix.n ? prefix.p : "", &err);
    nd_buf_init(&out, OUT_MAX);
    for (size_t i = 0; !rc && i < names.n; i++) {
        struct nd_saved q;
        rc = nd_saved_read(&q, &t->arena, folder, names.v[i], &err);
        if (rc)
            break;
        nd_buf_str(&out, "{\"name\":");
        nd_json_str(&out, q.name.p, q.name.n);
        nd_buf_str(&out, ",\"file\":");
        nd_json_str(&out, q.file.p, q.file.n);
        nd_buf_str(&out, "}\n");
    }
    if (!rc)
        rc = newsq_write(&out, &err);
    nd_buf_free(&out);
    return rc < 0 ? newsq_failed(t, &err) : names.n ? 0 : 1;
}

static int saved_commit(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    struct nd_index *ix;
    struct nd_strs names;
    const char *states;
    if (nd_ask_index(t, &ix, &err))
        return newsq_failed(t, &err);
    int rc = names_meant(t, folder, &names, &err);
    if (!rc)
        rc = nd_alert_folder(&t->arena, ix->folders[0].manifest.uuid, &states, &err);
    size_t done = 0;
    for (size_t i = 0; rc >= 0 && i < names.n; i++) {
        rc = nd_alert_commit(states, names.v[i], &err);
        done += rc == 0;
    }
    nd_index_close(ix);
    return rc < 0 ? newsq_failed(t, &err) : done ? 0 : 1;
}

/* Does each query meet what is expected of it? */
static int saved_test(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    struct nd_index *ix;
    struct nd_strs names;
    if (nd_ask_index(t, &ix, &err))
        return newsq_failed(t, &err);
    int status = names_meant(t, folder, &names, &err) ? newsq_failed(t, &err)
                                                      : nd_saved_expect(t, ix, folder, &names);
    nd_index_close(ix);
    return status;
}

static int saved_edit(struct newsq *t, const char *folder)
{
    return t->args.words_n == 2 ? nd_saved_edit(t, folder, word(t, 1)) : usage(t, "edit NAME");
}

static int saved_run(struct newsq *t, const char *folder)
{
    struct nd_error err = {0};
    struct nd_index *ix;
    struct nd_strs names;
    if (nd_ask_index(t, &ix, &err))
        return newsq_failed(t, &err);
    int status;
    if (names_meant(t, folder, &names, &err))
        status = newsq_failed(t, &err);
    else
        status = nd_report_run(t, ix, folder, &names);
    nd_index_close(ix);
    return status;
}

int newsq_saved(void *tool)
{
    static const struct {
        const char *name;
        int (*run)(struct newsq *t, const char *folder);
    } verbs[] = {{"add", saved_add},       {"list", saved_list},     {"show", saved_show},
                 {"rm", saved_rm},         {"rename", saved_rename}, {"run", saved_run},
                 {"edit", saved_edit},     {"test", saved_test},
                 {"commit", saved_commit}, {"import", saved_import}, {"export", saved_export}};
    struct newsq *t = tool;
    struct nd_error err = {0};
    const char *folder;
    if (nd_saved_folder(nd_args_text(&t->args, "queries"), &t->arena, &folder, &err))
        return newsq_failed(t, &err);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (nd_str_eq(word(t, 0), nd_str_of(verbs[i].name)))
            return verbs[i].run(t, folder);
    if (word(t, 0).n)
        nd_fail(&err, ND_USAGE, "no verb 'saved %.*s'", (int)word(t, 0).n, word(t, 0).p);
    else
        nd_fail(&err, ND_USAGE, "what is to be done with saved queries?");
    nd_hint(&err, "newsq saved add|list|show|edit|rm|rename|run|test|commit|import|export");
    return newsq_failed(t, &err);
}
