/* entities: the names of an index for a person who cleans them up, and the rules of entities.conf. */
#include "cmd_entities.h"

#include "base/file.h"
#include "lang/parse.h"
#include "record/value.h"
#include "text/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OUT_MAX = 1 << 30,
    KEYS_MAX = 1 << 30,
    COLUMNS = 100,
    TOP = 50,  /* lines of list, unless -n says otherwise */
    ALIKE = 30 /* of similar */
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory for the names of an index");
}

/* ---- the table ---- */

static int add_end(struct nd_names_table *n, const struct nd_override_end *e, uint64_t mentions,
                   uint32_t *out)
{
    struct nd_buf key;
    nd_buf_init(&key, 1 << 16);
    nd_buf_byte(&key, (unsigned char)e->type);
    nd_buf_add(&key, e->id.p, e->id.n);
    int rc = nd_buf_code(&key);
    if (!rc)
        rc = nd_map_intern(&n->ends, key.data, key.len, out);
    nd_buf_free(&key);
    if (!rc && *out >= n->mentions_cap) {
        size_t cap = n->mentions_cap ? n->mentions_cap * 2 : 1024;
        uint64_t *v = realloc(n->mentions, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        memset(v + n->mentions_cap, 0, (cap - n->mentions_cap) * sizeof *v);
        n->mentions = v;
        n->mentions_cap = cap;
    }
    if (!rc)
        n->mentions[*out] += mentions;
    return rc;
}

int nd_names_table_open(struct nd_names_table *n, struct newsdex *t, struct nd_error *err)
{
    *n = (struct nd_names_table){0};
    const char *dir = newsdex_dir(t, true, err);
    int rc = dir ? nd_index_open(&n->ix, &dir, 1, err) : ND_USAGE;
    if (!rc)
        rc = nd_index_overrides(n->ix, &n->rules, err);
    if (!rc)
        rc = nd_folder_derived(&n->ix->folders[0], &n->d, err);
    if (!rc && nd_map_init(&n->ends, KEYS_MAX))
        rc = no_memory(err);
    if (!rc && n->d && !(n->end = calloc(n->d->n + 1, sizeof *n->end)))
        rc = no_memory(err);
    for (uint32_t i = 0; !rc && n->d && i < n->d->n; i++) {
        struct nd_derived_row r;
        struct nd_override_end e;
        n->end[i] = ND_MAP_NONE;
        if (nd_derived_row(n->d, i, &r))
            continue;
        nd_override_walk(n->rules, n->d, r.type, r.id, &e);
        if (!e.rejected && add_end(n, &e, r.mentions, &n->end[i]))
            rc = no_memory(err);
    }
    return rc;
}

void nd_names_table_close(struct nd_names_table *n)
{
    nd_map_free(&n->ends);
    free(n->end);
    free(n->mentions);
    nd_index_close(n->ix);
}

struct nd_str nd_names_id(const struct nd_names_table *n, uint32_t end, enum nd_entity_type *type)
{
    struct nd_str key = nd_map_key(&n->ends, end);
    *type = (enum nd_entity_type)(unsigned char)key.p[0];
    return (struct nd_str){key.p + 1, key.n - 1};
}

struct nd_str nd_names_called(const struct nd_names_table *n, uint32_t end)
{
    enum nd_entity_type type;
    struct nd_derived_row r;
    struct nd_str id = nd_names_id(n, end, &type);
    bool sure;
    struct nd_str name = nd_override_name(n->rules, type, id, &sure);
    if (!sure && n->d && nd_derived_find(n->d, type, id.p, id.n, &r) != ND_DERIVED_NO_LINK &&
        r.name.n)
        return r.name;
    return name.n ? name : id;
}

struct sorted {
    const struct nd_names_table *n;
    uint32_t end;
};

static int by_mentions(const void *pa, const void *pb)
{
    const struct sorted *a = pa, *b = pb;
    uint64_t x = a->n->mentions[a->end], y = a->n->mentions[b->end];
    if (x != y)
        return x > y ? -1 : 1;
    return nd_str_cmp(nd_map_key(&a->n->ends, a->end), nd_map_key(&a->n->ends, b->end));
}

void nd_names_sort(const struct nd_names_table *n, uint32_t *v, size_t count)
{
    struct sorted *s = calloc(count + 1, sizeof *s);
    if (!s) /* as they are */
        return;
    for (size_t i = 0; i < count; i++)
        s[i] = (struct sorted){n, v[i]};
    qsort(s, count, sizeof *s, by_mentions);
    for (size_t i = 0; i < count; i++)
        v[i] = s[i].end;
    free(s);
}

static int fits(struct nd_buf *scratch, struct nd_str s, struct nd_str want, bool *out)
{
    nd_buf_reset(scratch);
    int rc = nd_value_words(scratch, s.p, s.n);
    *out = *out ||
           (!rc && nd_value_holds((struct nd_str){scratch->data ? scratch->data : "", scratch->len},
                                  want));
    return rc;
}

int nd_names_find(const struct nd_names_table *n, struct nd_str name, uint32_t types, uint32_t **v,
                  size_t *count, struct nd_error *err)
{
    struct nd_buf want, scratch;
    nd_buf_init(&want, 1 << 20);
    nd_buf_init(&scratch, 1 << 20);
    *count = 0;
    *v = calloc(n->ends.count + 1, sizeof **v);
    char *hit = calloc(n->ends.count + 1, 1);
    int rc = *v && hit ? nd_value_words(&want, name.p, name.n) : ND_NOMEM;
    struct nd_str words = {want.data ? want.data : "", want.len};
    for (uint32_t i = 0; !rc && n->d && i < n->d->n; i++) {
        struct nd_derived_row r;
        bool fit = false;
        if (n->end[i] == ND_MAP_NONE || nd_derived_row(n->d, i, &r))
            continue;
        rc = fits(&scratch, r.id, words, &fit);
        if (!rc && !fit)
            rc = fits(&scratch, r.name, words, &fit);
        hit[n->end[i]] |= (char)fit;
    }
    for (uint32_t i = 0; !rc && i < n->ends.count; i++) {
        enum nd_entity_type type;
        bool fit = hit[i];
        nd_names_id(n, i, &type);
        if (!fit)
            rc = fits(&scratch, nd_names_called(n, i), words, &fit);
        if (fit && types >> type & 1)
            (*v)[(*count)++] = i;
    }
    free(hit);
    nd_buf_free(&want);
    nd_buf_free(&scratch);
    if (rc)
        return no_memory(err);
    nd_names_sort(n, *v, *count);
    return 0;
}

int nd_names_types(const struct newsdex *t, uint32_t *types, struct nd_error *err)
{
    const char *name = nd_args_text(&t->args, "type");
    (void)err; /* the option is a choice */
    *types = (1U << ND_ENTITY_TYPES) - 1;
    for (unsigned k = 0; name && k < ND_ENTITY_TYPES; k++)
        if (strcmp(name, nd_entity_type_name((enum nd_entity_type)k).p) == 0)
            *types = 1U << k;
    return 0;
}

static void plain(struct nd_buf *out, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        nd_buf_byte(out, (unsigned char)s.p[i] < ' ' ? ' ' : (unsigned char)s.p[i]);
}

void nd_names_line(const struct nd_names_table *n, struct nd_buf *out, uint32_t end)
{
    enum nd_entity_type type;
    struct nd_str id = nd_names_id(n, end, &type);
    nd_buf_printf(out, "%llu\t%s\t", (unsigned long long)n->mentions[end],
                  nd_entity_type_name(type).p);
    plain(out, id);
    nd_buf_byte(out, '\t');
    plain(out, nd_names_called(n, end));
}

/* ---- list ---- */

static int list(const struct newsdex *t, const struct nd_names_table *n, uint32_t types,
                struct nd_buf *out, struct nd_error *err)
{
    uint64_t min = nd_args_number(&t->args, "min", 0), top = nd_args_number(&t->args, "limit", TOP);
    uint32_t *v = calloc(n->ends.count + 1, sizeof *v);
    size_t count = 0;
    if (!v)
        return no_memory(err);
    for (uint32_t i = 0; i < n->ends.count; i++) {
        enum nd_entity_type type;
        nd_names_id(n, i, &type);
        if (types >> type & 1 && n->mentions[i] >= min)
            v[count++] = i;
    }
    nd_names_sort(n, v, count);
    for (size_t i = 0; i < count && i < top; i++) {
        nd_names_line(n, out, v[i]);
        nd_buf_byte(out, '\n');
    }
    if (count > top && !nd_args_has(&t->args, "limit"))
        nd_diag_line(&t->diag, "%llu of %zu; -n all shows the rest", (unsigned long long)top,
                     count);
    free(v);
    return count ? 0 : ND_DONE;
}

/* ---- check ---- */

size_t nd_entities_bad(const struct newsdex *t, const struct nd_overrides *o)
{
    size_t n;
    const struct nd_rule_error *e = nd_overrides_errors(o, &n);
    for (size_t i = 0; i < n; i++) {
        struct nd_error err = {.code = ND_INPUT};
        struct nd_buf lines;
        nd_buf_init(&lines, 1 << 16);
        nd_fail(&err, ND_INPUT, "%s:%u: %s", nd_overrides_file(o, e[i].file), e[i].line,
                e[i].err.msg);
        nd_hint(&err, "%s", e[i].err.hint);
        nd_span(&err, e[i].err.start, e[i].err.end);
        nd_query_caret(&lines, e[i].text, &err, COLUMNS, false);
        nd_diag_error_at(&t->diag, &err, lines.data ? lines.data : "");
        nd_buf_free(&lines);
    }
    return n;
}

static int check(struct newsdex *t, struct nd_error *err)
{
    struct nd_index *ix = NULL;
    const struct nd_overrides *o = NULL;
    const char *dir = newsdex_dir(t, true, err);
    int rc = dir ? nd_index_open(&ix, &dir, 1, err) : ND_USAGE;
    if (!rc)
        rc = nd_index_overrides(ix, &o, err);
    if (rc) {
        nd_index_close(ix);
        return newsdex_failed(t, err);
    }
    size_t n, bad = nd_entities_bad(t, o), idle = 0;
    const struct nd_rule *r = nd_overrides_rules(o, &n);
    for (size_t i = 0; i < n; i++) {
        if (r[i].bound)
            continue;
        idle++;
        nd_diag_note(&t->diag, "%s:%u: no %s of this index is called '%.*s'",
                     nd_overrides_file(o, r[i].file), r[i].line, nd_entity_type_name(r[i].type).p,
                     (int)(r[i].name.n < 80 ? r[i].name.n : 80), r[i].name.p);
    }
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    nd_buf_printf(&out, "%zu rule%s, %zu bad line%s, %zu for names that this index does not have\n",
                  n, n == 1 ? "" : "s", bad, bad == 1 ? "" : "s", idle);
    rc = nd_write_all(STDOUT_FILENO, out.data, out.len, "standard output", err);
    nd_buf_free(&out);
    nd_index_close(ix);
    return rc ? newsdex_failed(t, err) : bad ? nd_exit_status(ND_QUERY) : 0;
}

/* ---- verbs ---- */

static int run(struct newsdex *t, struct nd_str verb, struct nd_str what, struct nd_error *err)
{
    struct nd_names_table n;
    struct nd_buf out;
    uint32_t types = 0;
    const char *format = nd_args_text(&t->args, "format");
    bool json = format && strcmp(format, "jsonl") == 0;
    nd_buf_init(&out, OUT_MAX);
    int rc = nd_names_table_open(&n, t, err);
    if (!rc)
        rc = nd_names_types(t, &types, err);
    if (!rc && nd_str_eq(verb, ND_STR("list")))
        rc = list(t, &n, types, &out, err);
    else if (!rc && nd_str_eq(verb, ND_STR("show")))
        rc = nd_entities_show(&n, what, types, &out, err);
    else if (!rc && nd_str_eq(verb, ND_STR("similar")))
        rc = nd_entities_similar(&n, what, types, nd_args_number(&t->args, "limit", ALIKE), &out,
                                 err);
    else if (!rc)
        rc = nd_entities_export(&n, types, json, &out, err);
    bool none = rc == ND_DONE;
    if (rc >= 0 && nd_buf_code(&out))
        rc = no_memory(err);
    if (rc >= 0) {
        rc = nd_write_all(STDOUT_FILENO, out.data, out.len, "standard output", err);
        if (rc && errno == EPIPE) /* the reader has seen enough */
            rc = 0;
    }
    if (none && what.n)
        nd_diag_note(&t->diag, "no name of this index fits '%.*s'",
                     (int)(what.n < 80 ? what.n : 80), what.p);
    else if (none && !n.d)
        nd_diag_note(&t->diag, "this index has no names; add looks for them unless --no-entities");
    nd_buf_free(&out);
    nd_names_table_close(&n);
    return rc < 0 ? newsdex_failed(t, err) : none ? 1 : 0;
}

int newsdex_entities(void *tool)
{
    static const struct {
        const char *name, *what;
    } verbs[] = {{"check", NULL},     {"list", NULL},  {"show", "name"},
                 {"similar", "name"}, {"add", "rule"}, {"export", NULL}};
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct nd_str verb = t->args.words_n ? t->args.words[0] : ND_STR(""), what = {NULL, 0};
    size_t i = 0;
    while (i < sizeof verbs / sizeof *verbs && !nd_str_eq(verb, nd_str_of(verbs[i].name)))
        i++;
    if (i == sizeof verbs / sizeof *verbs) {
        if (verb.n)
            nd_fail(&err, ND_USAGE, "entities has no '%.*s'", (int)(verb.n < 80 ? verb.n : 80),
                    verb.p);
        else
            nd_fail(&err, ND_USAGE, "what is to be done with the names?");
        nd_hint(&err, "check, list, show NAME, similar NAME, add 'RULE' or export");
        return newsdex_failed(t, &err);
    }
    size_t want = verbs[i].what ? 2 : 1;
    if (verbs[i].what && t->args.words_n < want) {
        nd_fail(&err, ND_USAGE, "which %s?", verbs[i].what);
        nd_hint(&err, i == 4 ? "newsdex entities add -d DIR 'alias person \"A\" = \"B\"'"
                             : "newsdex entities show -d DIR 'NAME'");
        return newsdex_failed(t, &err);
    }
    if (t->args.words_n > want) {
        nd_fail(&err, ND_USAGE, "'%.*s' is too much", (int)t->args.words[want].n,
                t->args.words[want].p);
        nd_hint(&err, "put a name or rule in single quotes");
        return newsdex_failed(t, &err);
    }
    if (want == 2)
        what = t->args.words[1];
    if (i == 0)
        return check(t, &err);
    if (i == 4)
        return nd_entities_add(t, what, &err);
    return run(t, verb, what, &err);
}
