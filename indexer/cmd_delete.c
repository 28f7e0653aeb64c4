/* delete: articles by id or by query out of an index: tombstones, and withdrawn in the events. */
#include "derive_index.h"
#include "newsdex.h"

#include "base/file.h"
#include "lang/match.h"
#include "lang/parse.h"
#include "prove.h"
#include "record/article.h"
#include "segment/merge.h"
#include "text/stem.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    IDS_MAX = 1 << 30, /* bytes of a list of ids */
    NAMED = 5          /* missing ids that a note names */
};

struct target {
    size_t segment;
    uint32_t docid;
    struct nd_str id; /* arena memory */
};

struct deletion {
    struct newsdex *t;
    const char *dir;
    struct nd_writer *writer;
    struct nd_index *index;
    struct nd_arena ids;
    struct target *v; /* each article once */
    size_t n, cap;
    unsigned char **seen; /* by segment: a bit per docid - 1 */
    size_t seen_n;
    uint64_t missing;
    struct nd_buf missing_names;
    bool stdin_used;
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

/* ---- what is to go ---- */

static int add_target(struct deletion *d, size_t segment, uint32_t docid, struct nd_str id,
                      struct nd_error *err)
{
    unsigned char **seen = &d->seen[segment];
    if (!*seen)
        *seen = calloc((size_t)d->index->segments[segment].docs / 8 + 1, 1);
    if (!*seen)
        return no_memory(err);
    if ((*seen)[(docid - 1) / 8] >> ((docid - 1) % 8) & 1)
        return 0;
    (*seen)[(docid - 1) / 8] |= (unsigned char)(1u << ((docid - 1) % 8));
    if (d->n == d->cap) {
        size_t cap = d->cap ? d->cap * 2 : 256;
        struct target *v = realloc(d->v, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        d->v = v;
        d->cap = cap;
    }
    id = nd_arena_str(&d->ids, id.p, id.n);
    if (!id.p)
        return no_memory(err);
    d->v[d->n++] = (struct target){segment, docid, id};
    return 0;
}

static int by_id(struct deletion *d, struct nd_str id, struct nd_error *err)
{
    size_t segment;
    uint32_t docid;
    if (!id.n)
        return 0;
    int rc = nd_index_find(d->index, id.p, id.n, &segment, &docid, err);
    if (rc == 0)
        return add_target(d, segment, docid, id, err);
    if (rc == ND_DONE && d->missing++ < NAMED)
        nd_buf_printf(&d->missing_names, "%s'%.*s'", d->missing > 1 ? ", " : "", (int)id.n, id.p);
    return rc == ND_DONE ? 0 : rc;
}

/* Ids of a file, one a line, or with -0 ended by zero bytes. */
static int by_file(struct deletion *d, const char *name, struct nd_error *err)
{
    struct nd_buf b;
    bool input = strcmp(name, "-") == 0;
    char end = nd_args_has(&d->t->args, "null") ? '\0' : '\n';
    nd_buf_init(&b, IDS_MAX);
    d->stdin_used = d->stdin_used || input;
    int rc = nd_file_read(&b, input ? "/dev/stdin" : name, err);
    if (!rc && nd_utf8_valid(b.data ? b.data : "", b.len) != b.len)
        rc = nd_fail(err, ND_USAGE, "the ids in '%s' are not UTF-8", name);
    for (size_t at = 0; !rc && at < b.len;) {
        const char *stop = memchr(b.data + at, end, b.len - at);
        size_t n = stop ? (size_t)(stop - b.data) - at : b.len - at;
        size_t line = n && end == '\n' && b.data[at + n - 1] == '\r' ? n - 1 : n;
        rc = by_id(d, (struct nd_str){b.data + at, line}, err);
        at += n + 1;
    }
    nd_buf_free(&b);
    return rc;
}

/* The id of an article, from its stored record. */
static int id_of(struct deletion *d, size_t segment, uint32_t docid, struct nd_arena *arena,
                 struct nd_str *id, struct nd_error *err)
{
    struct nd_texts *texts;
    struct nd_article a;
    struct nd_buf json;
    nd_buf_init(&json, ND_TEXT_MAX);
    int rc = nd_segment_texts(&d->index->segments[segment], &texts, err);
    if (!rc)
        rc = nd_texts_get(texts, docid, &json, err);
    if (!rc)
        rc = nd_article_parse(&a, arena, json.data, json.len, err);
    if (!rc)
        *id = a.id;
    nd_buf_free(&json);
    return rc;
}

static int one_match(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct deletion *d = ctx;
    struct nd_arena arena;
    struct nd_str id = {0};
    nd_arena_init(&arena, (size_t)1 << 30);
    int rc = id_of(d, segment, docid, &arena, &id, err);
    if (!rc)
        rc = add_target(d, segment, docid, id, err);
    nd_arena_free(&arena);
    return rc;
}

/* All matches of a query. */
static int by_query(struct deletion *d, const char *text, struct nd_error *err)
{
    struct nd_stemmers *stemmers = NULL;
    struct nd_match *match = NULL;
    struct nd_query q = {0};
    struct nd_lowered low = {0};
    size_t zero = 0;
    struct nd_parse_options o = {.shell = true, .args = &zero, .args_n = 1, .today = nd_today()};
    int rc = nd_parse(&q, &d->t->arena, text, strlen(text), &o, err);
    if (!rc)
        rc = nd_stemmers_new(&stemmers, err);
    if (!rc)
        rc = nd_lower(&low, &d->t->arena, d->index, stemmers, q.root, NULL, err);
    if (!rc)
        rc = nd_match_open(&match, d->index, &low, NULL, err);
    if (!rc)
        rc = nd_match_each(match, one_match, d, err);
    if (!rc && !nd_match_state(match).exact)
        rc = nd_fail(err, ND_LIMIT,
                     "the query is too costly to answer in full, so nothing was deleted");
    for (const struct nd_note *n = rc ? NULL : q.notes; n; n = n->next)
        nd_diag_note(&d->t->diag, "%s", n->text);
    for (const struct nd_note *n = rc ? NULL : low.notes; n; n = n->next)
        nd_diag_note(&d->t->diag, "%s", n->text);
    nd_match_close(match);
    nd_stemmers_free(stemmers);
    return rc;
}

static int collect(struct deletion *d, struct nd_error *err)
{
    const struct nd_args *a = &d->t->args;
    const char *query = nd_args_text(a, "query");
    size_t n;
    const char **files = nd_args_list(a, &d->t->arena, "ids", &n);
    int rc = 0;
    for (size_t i = 0; i < a->words_n && !rc; i++)
        rc = by_id(d, a->words[i], err);
    for (size_t i = 0; i < n && !rc; i++)
        rc = by_file(d, files[i], err);
    if (!rc && query)
        rc = by_query(d, query, err);
    return rc;
}

/* ---- doing it ---- */

/* Ask on a terminal. Return: 0 to go on, ND_DONE not to. */
static int ask(struct deletion *d, struct nd_error *err)
{
    char answer[16];
    if (nd_args_has(&d->t->args, "yes"))
        return 0;
    if (d->stdin_used || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        nd_fail(err, ND_USAGE, "%zu articles of '%s' would be deleted", d->n, d->dir);
        nd_hint(err, "give --yes to delete them, or --dry-run to see which");
        return ND_USAGE;
    }
    fprintf(stderr, "delete them? [y/N] ");
    fflush(stderr);
    if (!fgets(answer, sizeof answer, stdin) || (answer[0] != 'y' && answer[0] != 'Y'))
        return ND_DONE;
    return 0;
}

static int remove_all(struct deletion *d, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = 0; i < d->n && !rc; i++) {
        bool was;
        rc = nd_writer_delete(d->writer, d->v[i].segment, d->v[i].docid, &was, err);
        if (!rc && was)
            rc = nd_writer_event(d->writer, ND_EVENT_WITHDRAWN, d->v[i].id.p, d->v[i].id.n, err);
    }
    return rc ? rc : nd_writer_commit(d->writer, err);
}

/* Print the ids that would go. */
static int print_ids(const struct deletion *d, struct nd_error *err)
{
    struct nd_buf out;
    char end = nd_args_has(&d->t->args, "null") ? '\0' : '\n';
    nd_buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; i < d->n; i++) {
        nd_buf_add(&out, d->v[i].id.p, d->v[i].id.n);
        nd_buf_byte(&out, (unsigned char)end);
    }
    int rc = nd_buf_code(&out)
                 ? no_memory(err)
                 : nd_write_all(STDOUT_FILENO, out.data, out.len, "standard output", err);
    nd_buf_free(&out);
    return rc;
}

/* Show which index and how many. Return: 0 to delete, ND_DONE to stop there. */
static int agree(struct deletion *d, struct nd_error *err)
{
    if (d->missing)
        nd_diag_note(&d->t->diag, "%" PRIu64 " %s not in the index: %s%s", d->missing,
                     d->missing == 1 ? "id is" : "ids are", d->missing_names.data,
                     d->missing > NAMED ? ", ..." : "");
    bool dry = nd_args_has(&d->t->args, "dry-run");
    nd_diag_line(&d->t->diag, "%zu of %" PRIu64 " articles of '%s' (index %s)%s", d->n,
                 d->index->articles, d->dir, d->writer->manifest.uuid,
                 dry ? "; nothing was deleted" : "");
    if (!d->n)
        return ND_DONE;
    if (dry) {
        int rc = print_ids(d, err);
        return rc ? rc : ND_DONE;
    }
    return ask(d, err);
}

static int prove(struct deletion *d, struct nd_error *err)
{
    struct nd_proof *p = NULL;
    int rc = nd_proof_new(&p, err);
    for (size_t i = 0; i < d->n && !rc; i++)
        rc = nd_proof_add(p, &d->index->segments[d->v[i].segment], d->v[i].docid, err);
    if (!rc)
        rc = remove_all(d, err);
    nd_index_close(d->index); /* lets go of what merging removes */
    d->index = NULL;
    if (!rc)
        rc = nd_merge_deleted(d->writer, NULL, err);
    if (!rc)
        rc = nd_writer_commit(d->writer, err);
    if (!rc)
        rc = nd_proof_check(p, d->dir, &d->t->diag, err);
    nd_proof_free(p);
    return rc;
}

static int run(struct deletion *d, struct nd_error *err)
{
    struct nd_writer_options o = {.wait = (unsigned)nd_args_number(&d->t->args, "wait", 0),
                                  .derive = nd_derive_index};
    int rc = nd_writer_open(&d->writer, d->dir, &o, err);
    if (!rc)
        rc = nd_index_open(&d->index, &d->dir, 1, err);
    if (rc)
        return rc;
    d->seen_n = d->index->n;
    d->seen = calloc(d->seen_n + 1, sizeof *d->seen);
    rc = d->seen ? collect(d, err) : no_memory(err);
    if (!rc)
        rc = agree(d, err);
    if (!rc)
        rc = nd_args_has(&d->t->args, "prove") ? prove(d, err) : remove_all(d, err);
    if (!rc)
        nd_diag_line(&d->t->diag, "%zu articles deleted from '%s'", d->n, d->dir);
    return rc;
}

/* What is to be deleted must be said: an empty command line never means everything. */
static int check_words(struct newsdex *t, struct nd_error *err)
{
    if (t->args.words_n || nd_args_has(&t->args, "ids") || nd_args_has(&t->args, "query"))
        return 0;
    nd_fail(err, ND_USAGE, "which articles?");
    nd_hint(err, "name their ids, or give --ids FILE or --query QUERY");
    return ND_USAGE;
}

static int fail(struct deletion *d, const struct nd_error *err)
{
    const char *query = nd_args_text(&d->t->args, "query");
    struct nd_buf lines;
    nd_buf_init(&lines, 1 << 20);
    if (query && err->end > err->start)
        nd_query_caret(&lines, nd_str_of(query), err, 80, false);
    if (lines.len)
        nd_diag_error_at(&d->t->diag, err, lines.data);
    else
        nd_diag_error(&d->t->diag, err);
    nd_buf_free(&lines);
    return nd_exit_status(err->code);
}

int newsdex_delete(void *tool)
{
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct deletion d = {.t = t};
    nd_arena_init(&d.ids, IDS_MAX);
    nd_buf_init(&d.missing_names, 1 << 16);
    d.dir = newsdex_dir(t, false, &err);
    int rc = d.dir ? check_words(t, &err) : ND_USAGE;
    if (!rc)
        rc = run(&d, &err);
    int status = rc < 0 ? fail(&d, &err) : 0;
    bool none = rc >= 0 && d.n == 0;
    for (size_t i = 0; d.seen && i < d.seen_n; i++)
        free(d.seen[i]);
    free(d.seen);
    nd_index_close(d.index);
    nd_writer_close(d.writer);
    nd_arena_free(&d.ids);
    nd_buf_free(&d.missing_names);
    free(d.v);
    return none ? nd_exit_worse(status, 1) : status;
}
