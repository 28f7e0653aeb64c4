/* entities add: a rule is checked, said what it does, and put at the end of entities.conf. */
#include "cmd_entities.h"

#include "base/file.h"
#include "lang/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TEXT_MAX = 64 << 20,
    COLUMNS = 100
};

/* Do the rules before and after say the same of an id? */
static bool same(const struct nd_override_end *a, const struct nd_override_end *b)
{
    if (a->rejected != b->rejected || a->splits_n != b->splits_n)
        return false;
    return a->rejected || (a->type == b->type && nd_str_eq(a->id, b->id));
}

/* The articles of a split's field value, to be taken together with those of the names. */
static int keep_condition(struct nd_index *ix, const struct nd_rule *r, unsigned char **bits,
                          struct nd_error *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < ix->n; i++) {
        struct nd_columns *c;
        rc = nd_segment_columns(&ix->segments[i], &c, err);
        for (uint32_t d = 1; !rc && bits[i] && d <= ix->segments[i].docs; d++) {
            struct nd_override_end e = {.splits = {r}, .splits_n = 1};
            if (!(bits[i][d / 8] >> d % 8 & 1))
                continue;
            rc = nd_override_decide(&e, c, d, err);
            if (!rc && e.rule != r)
                bits[i][d / 8] &= (unsigned char)~(1 << d % 8);
        }
    }
    return rc;
}

/* How many names and articles mean something else with the rules `after`. The new rule is the last of them. */
static int effect(struct nd_index *ix, const struct nd_overrides *before,
                  const struct nd_overrides *after, uint64_t *names, uint64_t *articles,
                  struct nd_error *err)
{
    const struct nd_derived *d;
    size_t n;
    const struct nd_rule *rules = nd_overrides_rules(after, &n), *last = &rules[n - 1];
    unsigned char **bits = calloc(ix->n + 1, sizeof(unsigned char *));
    *names = *articles = 0;
    int rc = bits ? nd_folder_derived(&ix->folders[0], &d, err)
                  : nd_fail(err, ND_NOMEM, "out of memory");
    for (uint32_t i = 0; !rc && d && i < d->n; i++) {
        struct nd_derived_row r;
        struct nd_override_end a, b;
        if (nd_derived_row(d, i, &r))
            continue;
        nd_override_walk(before, d, r.type, r.id, &a);
        nd_override_walk(after, d, r.type, r.id, &b);
        if (same(&a, &b))
            continue;
        ++*names;
        rc = nd_names_articles(ix, r.type, r.id, bits, err);
    }
    if (!rc && last->kind == ND_RULE_SPLIT)
        rc = keep_condition(ix, last, bits, err);
    if (!rc)
        *articles = nd_names_count(ix, bits);
    for (size_t i = 0; bits && i < ix->n; i++)
        free(bits[i]);
    free(bits);
    return rc;
}

/* One write at the end of the file: two who add at once do not lose a line. */
static int append(const char *path, const struct nd_buf *line, struct nd_error *err)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return nd_fail_errno(err, ND_IO, "cannot write '%s'", path);
    ssize_t n = write(fd, line->data, line->len);
    int rc = 0;
    if (n != (ssize_t)line->len)
        rc = n < 0 ? nd_fail_errno(err, ND_IO, "cannot write '%s'", path)
                   : nd_fail(err, ND_IO, "cannot write '%s': no room", path);
    if (!rc && fsync(fd))
        rc = nd_fail_errno(err, ND_IO, "cannot write '%s'", path);
    if (close(fd) && !rc)
        rc = nd_fail_errno(err, ND_IO, "cannot write '%s'", path);
    return rc;
}

/* The rules of the file with the new line; errors of the new line alone are told. */
static int read_after(const struct newsdex *t, struct nd_overrides **out, const char *path,
                      const struct nd_buf *text, const struct nd_buf *line, size_t lines,
                      struct nd_error *err)
{
    struct nd_buf all;
    nd_buf_init(&all, TEXT_MAX);
    nd_buf_add(&all, text->data, text->len);
    nd_buf_add(&all, line->data, line->len);
    int rc =
        nd_buf_code(&all) ? nd_fail(err, ND_NOMEM, "out of memory") : nd_overrides_new(out, err);
    if (!rc)
        rc = nd_overrides_text(*out, path, all.data, all.len, err);
    nd_buf_free(&all);
    size_t n = 0;
    const struct nd_rule_error *e = rc ? NULL : nd_overrides_errors(*out, &n);
    if (!rc && n && e[n - 1].line > lines) {
        struct nd_error one = e[n - 1].err;
        struct nd_buf caret;
        nd_buf_init(&caret, 1 << 16);
        nd_query_caret(&caret, e[n - 1].text, &one, COLUMNS, false);
        nd_diag_error_at(&t->diag, &one, caret.data ? caret.data : "");
        nd_buf_free(&caret);
        *err = one;
        rc = ND_INPUT;
    }
    return rc;
}

int nd_entities_add(struct newsdex *t, struct nd_str rule, struct nd_error *err)
{
    struct nd_index *ix = NULL;
    const struct nd_overrides *before = NULL;
    struct nd_overrides *after = NULL;
    struct nd_buf text, line, out;
    uint64_t names = 0, articles = 0;
    size_t lines = 0, n;
    bool told = false;
    nd_buf_init(&text, TEXT_MAX);
    nd_buf_init(&line, TEXT_MAX);
    nd_buf_init(&out, 1 << 20);
    const char *dir = newsdex_dir(t, true, err);
    char *path = dir ? nd_arena_printf(&t->arena, "%s/%s", dir, ND_OVERRIDES_FILE) : NULL;
    int rc = dir ? nd_index_open(&ix, &dir, 1, err) : ND_USAGE;
    if (!rc && !path)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc)
        rc = nd_index_overrides(ix, &before, err);
    if (!rc) {
        struct nd_error missing = {0};
        rc = nd_file_read(&text, path, &missing);
        if (rc == ND_MISSING)
            rc = 0;
        else if (rc)
            *err = missing;
    }
    if (!rc && memchr(rule.p, '\n', rule.n))
        rc = nd_fail(err, ND_USAGE, "a rule is one line");
    if (rc)
        goto out;
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    if (text.len && text.data[text.len - 1] != '\n') {
        nd_buf_byte(&line, '\n');
        lines++;
    }
    nd_buf_add(&line, rule.p, rule.n);
    nd_buf_byte(&line, '\n');
    rc = read_after(t, &after, path, &text, &line, lines, err);
    told = rc == ND_INPUT;
    const struct nd_rule *r = rc ? NULL : nd_overrides_rules(after, &n);
    if (!rc && (n == 0 || r[n - 1].line <= lines))
        rc = nd_fail(err, ND_USAGE, "there is no rule in '%.*s'", (int)(rule.n < 80 ? rule.n : 80),
                     rule.p);
    if (!rc)
        rc = nd_index_bind(ix, after, err);
    if (!rc)
        rc = effect(ix, before, after, &names, &articles, err);
    if (!rc && !nd_args_has(&t->args, "dry-run"))
        rc = append(path, &line, err);
    if (rc)
        goto out;
    r = nd_overrides_rules(after, &n) + n - 1;
    if (!r->bound)
        nd_diag_note(&t->diag, "no %s of this index is called '%.*s'",
                     nd_entity_type_name(r->type).p, (int)(r->name.n < 80 ? r->name.n : 80),
                     r->name.p);
    nd_buf_printf(&out, "%s:%u: ", path, r->line);
    nd_rule_print(&out, r);
    nd_buf_printf(&out, "\n%s %llu name%s in %llu article%s\n",
                  nd_args_has(&t->args, "dry-run") ? "would move" : "moves",
                  (unsigned long long)names, names == 1 ? "" : "s", (unsigned long long)articles,
                  articles == 1 ? "" : "s");
    rc = nd_write_all(STDOUT_FILENO, out.data, out.len, "standard output", err);
out:
    nd_overrides_free(after);
    nd_index_close(ix);
    nd_buf_free(&text);
    nd_buf_free(&line);
    nd_buf_free(&out);
    if (told)
        return nd_exit_status(ND_QUERY);
    return rc ? newsdex_failed(t, err) : 0;
}
