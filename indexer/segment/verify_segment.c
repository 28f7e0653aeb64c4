/* One segment: its files opened, its articles one after another, then its posting lists. */
#include "segment/verify_in.h"

#include "base/hash.h"
#include "record/events.h"
#include "record/schema.h"
#include "record/tablesums.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PATH_ROOM = 4096 + 32,
    TERMS_MAX = 2000 << 20, /* bytes of all terms */
    PROGRESS = 64,          /* articles between two calls */
    DROP = 4096,            /* articles after which columns are given back */
    IN_MEMORY = 32 << 20    /* bytes of a file */
};

int nd_check_bad(const struct nd_check *c, const char *file, struct nd_error *err, const char *fmt,
                 ...)
{
    char what[ND_MSG_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    return nd_fail(err, ND_CORRUPT, "'%s/%s' is damaged: %s", c->dir, file, what);
}

int nd_check_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory verifying an index");
}

/* ---- opening ---- */

/* Check every block of one of our files. */
static int check_blocks(struct nd_check *c, const char *name, const char kind[4],
                        struct nd_error *err)
{
    char path[PATH_ROOM];
    struct nd_sections s;
    snprintf(path, sizeof path, "%s/%s", c->dir, name);
    int rc = nd_sections_open(&s, path, kind, UINT32_MAX, err);
    if (rc)
        return rc == ND_MISSING ? nd_fail(err, ND_CORRUPT, "'%s' is missing", path) : rc;
    nd_sections_bound(&s, IN_MEMORY);
    rc = nd_sections_verify(&s, err);
    c->v->bytes += s.map.size;
    nd_sections_close(&s);
    return rc;
}

static int open_all(struct nd_check *c, struct nd_error *err)
{
    char path[PATH_ROOM];
    static const char *const names[] = {"stream", "columns", "text"};
    static const char kinds[][5] = {"STRM", "COLS", "TEXT"};
    for (size_t i = 0; i < 3; i++) {
        int rc = check_blocks(c, names[i], kinds[i], err);
        if (rc)
            return rc;
    }
    struct nd_tablesums *sums = NULL;
    int rc = nd_tablesums_open(&sums, c->dir, err);
    if (rc == ND_MISSING)
        rc = nd_check_bad(c, "sums", err, "it is missing");
    if (!rc)
        rc = nd_tablesums_verify(sums, err);
    nd_tablesums_close(sums);
    if (rc)
        return rc;
    snprintf(path, sizeof path, "%s/stream", c->dir);
    rc = nd_stream_open(&c->stream, path, err);
    snprintf(path, sizeof path, "%s/columns", c->dir);
    if (!rc)
        rc = nd_columns_open(&c->columns, path, err);
    snprintf(path, sizeof path, "%s/text", c->dir);
    if (!rc)
        rc = nd_texts_open(&c->texts, path, err);
    if (!rc)
        rc = xap_open(&c->xap, &c->dir, 1, err);
    if (rc == ND_MISSING)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is missing or not a segment", c->dir);
    if (rc)
        return rc;
    nd_stream_bound(c->stream, IN_MEMORY);
    nd_texts_bound(c->texts, IN_MEMORY);
    for (enum nd_column_id id = 1; id < ND_COLUMNS && !rc; id++)
        rc = nd_column_check(&c->columns, id, err);
    if (!rc && nd_stream_docs(c->stream) != c->docs)
        rc = nd_check_bad(c, "stream", err, "not the number of articles");
    if (!rc && c->columns.docs != c->docs)
        rc = nd_check_bad(c, "columns", err, "not the number of articles");
    if (!rc && nd_texts_docs(c->texts) != c->docs)
        rc = nd_check_bad(c, "text", err, "not the number of articles");
    if (!rc && xap_doccount(c->xap, 0) != c->docs)
        rc = nd_check_bad(c, "iamglass", err, "not the number of articles");
    snprintf(path, sizeof path, "%s/termlist.glass", c->dir);
    c->complete = access(path, F_OK) == 0;
    c->words = rc ? 0 : nd_stream_words(c->stream);
    return rc;
}

static void close_all(struct nd_check *c)
{
    nd_stream_close(c->stream);
    nd_columns_close(&c->columns);
    nd_texts_close(c->texts);
    xap_close(c->xap);
    nd_stemmers_free(c->stemmers);
    nd_arena_free(&c->chars);
    for (unsigned i = 0; c->stems && i < c->langs; i++)
        free(c->stems[i]);
    free(c->stems);
    free(c->keys);
    free(c->counts);
    free(c->found);
    free(c->z_term);
    free(c->s_term);
    free(c->z_wdf);
    free(c->s_wdf);
    free(c->touched);
    free(c->mentions);
    free(c->entity_term);
    free(c->e_wdf);
    free(c->touched_e);
    free(c->expected);
    free(c->word);
    nd_map_free(&c->stem_text);
    nd_map_free(&c->terms);
    nd_buf_free(&c->fold);
    nd_tokens_free(&c->tokens);
}

/* ---- one article ---- */

static bool one_value(const struct nd_check *c, enum nd_column_id id, struct nd_str want)
{
    uint32_t v = nd_column_u32(&c->columns, id, c->docid);
    if (want.n == 0)
        return v == 0;
    return v && nd_str_eq(nd_column_value(&c->columns, id, v - 1), want);
}

/* The list of the column holds the values in order, a repeated one once. */
static bool all_values(const struct nd_check *c, enum nd_column_id id, struct nd_strs want)
{
    size_t n, at = 0;
    const unsigned char *p = nd_column_list(&c->columns, id, c->docid, &n);
    for (size_t i = 0; i < want.n; i++) {
        bool again = want.v[i].n == 0;
        for (size_t k = 0; k < i && !again; k++)
            again = nd_str_eq(want.v[k], want.v[i]);
        if (again)
            continue;
        if (at == n ||
            !nd_str_eq(nd_column_value(&c->columns, id, nd_load32(p + 4 * at)), want.v[i]))
            return false;
        at++;
    }
    return at == n;
}

static bool origin_agrees(const struct nd_check *c, const struct nd_origin *o)
{
    const unsigned char *p = nd_column_bytes(&c->columns, ND_COL_ORIGIN, c->docid, 12);
    uint32_t v = p ? nd_load32(p) : UINT32_MAX;
    if (o->file.n == 0)
        return v == UINT32_MAX;
    struct nd_str have = nd_column_value(&c->columns, ND_COL_ORIGIN, v);
    size_t n = o->file.n + (o->member.n ? o->member.n + 1 : 0);
    return have.n == n && memcmp(have.p, o->file.p, o->file.n) == 0 &&
           (!o->member.n || memcmp(have.p + o->file.n + 1, o->member.p, o->member.n) == 0) &&
           nd_load64(p + 4) == o->offset;
}

static int check_columns(struct nd_check *c, const struct nd_article *a, struct nd_buf *json,
                         struct nd_error *err)
{
    const struct nd_columns *k = &c->columns;
    uint32_t d = c->docid;
    nd_buf_reset(json);
    if (nd_article_json(json, a, false))
        return nd_check_memory(err);
    struct nd_hash128 h = nd_hash128(json->data, json->len);
    const unsigned char *have = nd_column_bytes(k, ND_COL_CONTENT, d, 16);
    const char *what = NULL;
    bool dated = a->published.precision != 0;
    if (!have || nd_load64(have) != h.hi || nd_load64(have + 8) != h.lo)
        what = "content hash";
    else if (nd_column_u64(k, ND_COL_ID, d) != nd_hash64(a->id.p, a->id.n, 0))
        what = "id";
    else if (nd_column_i64(k, ND_COL_PUBLISHED, d) != (dated ? a->published.utc : ND_UTC_NONE) ||
             nd_column_u32(k, ND_COL_DAY, d) != (dated ? a->published.day : 0) ||
             nd_column_u8(k, ND_COL_PRECISION, d) != a->published.precision)
        what = "date";
    else if (nd_column_i64(k, ND_COL_UPDATED, d) !=
             (a->updated.precision ? a->updated.utc : ND_UTC_NONE))
        what = "update";
    else if (!one_value(c, ND_COL_SOURCE, a->source))
        what = "source";
    else if (!one_value(c, ND_COL_SECTION, a->section))
        what = "section";
    else if (!all_values(c, ND_COL_AUTHORS, a->authors))
        what = "authors";
    else if (!all_values(c, ND_COL_TAGS, a->tags))
        what = "tags";
    else if (!origin_agrees(c, &a->origin))
        what = "origin";
    else if (nd_column_u32(k, ND_COL_FIRST_REV, d) > nd_column_u32(k, ND_COL_LAST_REV, d) ||
             nd_column_u32(k, ND_COL_LAST_REV, d) > c->v->revision)
        what = "revision";
    return what ? nd_check_bad(c, "columns", err, "the %s of article %u", what, d) : 0;
}

/* Cut the text into words again and compare them with the stream. */
static int check_words(struct nd_check *c, const struct nd_article *a, struct nd_error *err)
{
    int rc = 0;
    nd_tokens_reset(&c->tokens);
    for (unsigned f = 0; f < ND_FIELDS && !rc; f++) {
        struct nd_str text = nd_article_field(a, f);
        rc = nd_tokens_add(&c->tokens, text.p, text.n, f, err);
    }
    if (rc)
        return rc;
    bool same = c->tokens.n == c->word_n;
    for (size_t i = 0; same && i < c->word_n; i++) {
        const struct nd_token *t = &c->tokens.v[i];
        const struct nd_check_word *w = &c->word[i];
        bool start = i == 0 || t->field != c->tokens.v[i - 1].field;
        same =
            w->field == t->field && w->shape == t->shape && (start || w->brk == t->brk) &&
            nd_str_eq(c->keys[w->rank], (struct nd_str){c->tokens.chars.data + t->key, t->key_len});
    }
    return same ? 0
                : nd_check_bad(c, "stream", err, "article %u has other words than its text",
                               c->docid);
}

/* The line that lists of hits show, and the length, in the postings. */
static int check_glass(struct nd_check *c, const struct nd_article *a, struct nd_buf *json,
                       struct nd_error *err)
{
    struct nd_buf line;
    uint32_t length;
    nd_buf_init(&line, ND_TEXT_MAX);
    nd_buf_reset(json);
    int rc = nd_line_json(json, a) ? nd_check_memory(err) : 0;
    if (!rc)
        rc = xap_data(&line, c->xap, 0, c->docid, err);
    if (!rc && (line.len != json->len || memcmp(line.data, json->data, line.len) != 0))
        rc = nd_check_bad(c, "docdata.glass", err, "the result line of article %u", c->docid);
    if (!rc)
        rc = xap_doclen(&length, c->xap, 0, c->docid, err);
    uint64_t want = c->length + (c->complete ? c->word_n : 0);
    if (rc == ND_MISSING || (!rc && length != want && !c->cut_ids))
        rc = nd_check_bad(c, "postlist.glass", err, "the length of article %u", c->docid);
    nd_buf_free(&line);
    return rc;
}

static int check_article(struct nd_check *c, struct nd_buf *json, struct nd_arena *arena,
                         struct nd_str *id, struct nd_error *err)
{
    struct nd_article a;
    int rc = nd_check_stream(c, err);
    nd_buf_reset(json);
    nd_arena_reset(arena);
    if (!rc)
        rc = nd_texts_get(c->texts, c->docid, json, err);
    if (!rc && nd_article_parse(&a, arena, json->data, json->len, err))
        rc = err->code == ND_NOMEM
                 ? ND_NOMEM
                 : nd_check_bad(c, "text", err, "article %u is no record", c->docid);
    if (!rc)
        rc = nd_check_fields(c, &a, err);
    if (!rc)
        rc = check_columns(c, &a, json, err);
    if (!rc)
        rc = check_glass(c, &a, json, err);
    if (!rc && c->docid % ND_VERIFY_SAMPLE == 1)
        rc = check_words(c, &a, err);
    if (!rc)
        *id = a.id;
    return rc;
}

static int check_articles(struct nd_check *c, const unsigned char *deleted, const char *uuid,
                          struct nd_buf *ids, struct nd_error *err)
{
    struct nd_arena arena;
    struct nd_buf json;
    int rc = 0;
    nd_arena_init(&arena, (size_t)1 << 30);
    nd_buf_init(&json, ND_TEXT_MAX);
    for (uint32_t d = 1; d <= c->docs && !rc; d++) {
        struct nd_str id = {0};
        c->docid = d;
        c->lang = nd_column_u8(&c->columns, ND_COL_LANG, d);
        if (c->lang >= c->langs)
            c->lang = ND_LANG_NONE;
        rc = check_article(c, &json, &arena, &id, err);
        bool gone = deleted && (deleted[(d - 1) / 8] >> ((d - 1) % 8) & 1);
        if (!rc && !gone)
            rc = nd_buf_u64(ids, nd_event_id(uuid, id.p, id.n)) ? nd_check_memory(err) : 0;
        c->v->articles += !gone;
        c->v->deleted += gone;
        if (d % DROP == 0)
            nd_sections_drop(&c->columns.file);
        if (c->v->progress && d % PROGRESS == 0)
            c->v->progress(c->v->ctx, c->v->articles + c->v->deleted, 0);
    }
    nd_arena_free(&arena);
    nd_buf_free(&json);
    return rc;
}

int nd_check_segment(struct nd_verify *v, const char *dir, uint32_t docs,
                     const unsigned char *deleted, const char *uuid, struct nd_buf *ids,
                     struct nd_error *err)
{
    struct nd_check c = {.v = v, .dir = dir, .docs = docs};
    nd_arena_init(&c.chars, SIZE_MAX / 4);
    nd_buf_init(&c.fold, 1 << 24);
    int rc = nd_map_init(&c.terms, TERMS_MAX) || nd_map_init(&c.stem_text, TERMS_MAX) ||
                     nd_tokens_init(&c.tokens)
                 ? nd_check_memory(err)
                 : nd_stemmers_new(&c.stemmers, err);
    if (!rc)
        rc = open_all(&c, err);
    if (!rc)
        rc = nd_check_dictionary(&c, err);
    if (!rc)
        rc = check_articles(&c, deleted, uuid, ids, err);
    if (!rc)
        rc = nd_check_counts(&c, err);
    if (!rc)
        rc = nd_check_postings(&c, err);
    close_all(&c);
    return rc;
}
