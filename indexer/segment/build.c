#include "segment/build.h"

#include "record/column.h"
#include "record/evidence.h"
#include "segment/build_terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct nd_build {
    char *dir;
    bool made; /* the folder is ours to remove */
    uint32_t docs;
    struct nd_stream_writer *stream;
    struct nd_columns_writer *columns;
    struct nd_texts_writer *texts;
    struct nd_glass *glass;
    struct nd_build_terms terms;
    struct nd_buf json;
    uint64_t *entities; /* of the current article, sorted: number, place among its mentions */
    size_t entities_cap;
};

static int path_of(const struct nd_build *b, const char *name, struct nd_buf *out,
                   struct nd_error *err)
{
    nd_buf_reset(out);
    int rc = nd_buf_printf(out, "%s/%s", b->dir, name);
    return rc ? nd_fail(err, rc, "the name of the folder '%s' is too long", b->dir) : 0;
}

/* Free everything but the folder. */
static void build_free(struct nd_build *b)
{
    nd_stream_writer_free(b->stream);
    nd_columns_writer_free(b->columns);
    nd_texts_abandon(b->texts);
    nd_glass_close(b->glass);
    nd_build_terms_free(&b->terms);
    nd_buf_free(&b->json);
    free(b->entities);
    free(b->dir);
    free(b);
}

static void remove_folder(const char *dir)
{
    static const char *const ours[] = {"stream", "columns", "text", "sums", "iamglass"};
    struct nd_buf path;
    nd_buf_init(&path, 1 << 16);
    for (size_t i = 0; i < sizeof ours / sizeof *ours + ND_GLASS_TABLES; i++) {
        const char *name =
            i < ND_GLASS_TABLES ? nd_glass_file((enum nd_glass_which)i) : ours[i - ND_GLASS_TABLES];
        nd_buf_reset(&path);
        if (nd_buf_printf(&path, "%s/%s", dir, name) == 0)
            unlink(path.data);
    }
    rmdir(dir);
    nd_buf_free(&path);
}

void nd_build_abandon(struct nd_build *b)
{
    if (!b)
        return;
    char *dir = b->made ? b->dir : NULL;
    if (dir)
        b->dir = NULL;
    build_free(b); /* first: what is open removes its own files */
    if (dir)
        remove_folder(dir);
    free(dir);
}

int nd_build_new(struct nd_build **out, const char *dir, const struct nd_build_options *options,
                 struct nd_error *err)
{
    *out = NULL;
    struct nd_build_options o = options ? *options : (struct nd_build_options){0};
    struct nd_glass_options glass = {.complete = o.complete};
    struct nd_buf path;
    nd_buf_init(&path, 1 << 16);
    struct nd_build *b = calloc(1, sizeof *b);
    if (!b)
        return nd_fail(err, ND_NOMEM, "out of memory for a segment");
    nd_buf_init(&b->json, ND_TEXT_MAX);
    b->dir = strdup(dir);
    int rc = b->dir ? nd_stream_writer_new(&b->stream, err)
                    : nd_fail(err, ND_NOMEM, "out of memory for a segment");
    if (!rc && (rc = nd_build_terms_init(&b->terms, b->stream, o.complete)) != 0)
        nd_fail(err, rc, "out of memory for a segment");
    if (!rc)
        rc = nd_columns_writer_new(&b->columns, err);
    if (!rc && mkdir(dir, 0777) < 0)
        rc = nd_fail_errno(err, ND_IO, "cannot make the folder '%s'", dir);
    if (rc)
        goto out;
    b->made = true;
    rc = nd_glass_open(&b->glass, dir, &glass, err);
    if (!rc)
        rc = path_of(b, "text", &path, err);
    if (!rc)
        rc = nd_texts_create(&b->texts, path.data, o.codec ? o.codec : ND_CODEC_ZSTD, err);
out:
    nd_buf_free(&path);
    if (rc)
        nd_build_abandon(b);
    else
        *out = b;
    return rc;
}

/* ---- one article ---- */

static int by_number(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

/* Pairs of entity and mentions, with the evidence for the first; the numbers of arrival are mapped at the end. */
static int entity_column(struct nd_build *b, const struct nd_mention *mentions, size_t n)
{
    if (n == 0)
        return 0;
    if (n > b->entities_cap) {
        uint64_t *v = realloc(b->entities, n * sizeof *v);
        if (!v)
            return ND_NOMEM;
        b->entities = v;
        b->entities_cap = n;
    }
    const uint32_t *numbers = nd_stream_writer_mentions(b->stream);
    for (size_t i = 0; i < n; i++)
        b->entities[i] = (uint64_t)numbers[i] << 32 | i;
    qsort(b->entities, n, sizeof *b->entities, by_number);
    for (size_t i = 0, j; i < n; i = j) {
        uint32_t number = (uint32_t)(b->entities[i] >> 32);
        uint32_t proof = mentions[(uint32_t)b->entities[i]].proof;
        for (j = i + 1; j < n && b->entities[j] >> 32 == number; j++)
            ;
        nd_columns_writer_item(b->columns, ND_COL_ENTITIES, number);
        nd_columns_writer_item(
            b->columns, ND_COL_ENTITIES,
            nd_proof_pack((uint32_t)(j - i), nd_proof_of(proof), nd_proof_number(proof)));
    }
    return 0;
}

/* The file, and the member of an archive behind a NUL. */
static int origin_column(struct nd_build *b, const struct nd_origin *o)
{
    if (o->file.n == 0)
        return 0;
    nd_buf_reset(&b->json);
    nd_buf_add(&b->json, o->file.p, o->file.n);
    if (o->member.n) {
        nd_buf_byte(&b->json, 0);
        nd_buf_add(&b->json, o->member.p, o->member.n);
    }
    if (nd_buf_code(&b->json))
        return nd_buf_code(&b->json);
    nd_columns_writer_value(b->columns, ND_COL_ORIGIN, (struct nd_str){b->json.data, b->json.len});
    return nd_columns_writer_number(b->columns, ND_COL_ORIGIN, o->offset);
}

static int add_columns(struct nd_build *b, const struct nd_build_article *x)
{
    const struct nd_article *a = x->article;
    struct nd_columns_writer *c = b->columns;
    unsigned char wide[4 * ND_SIGNATURE_PLACES];
    nd_columns_writer_row(c);
    if (a->published.precision) {
        nd_columns_writer_number(c, ND_COL_PUBLISHED, (uint64_t)a->published.utc);
        nd_columns_writer_number(c, ND_COL_DAY, a->published.day);
        nd_columns_writer_number(c, ND_COL_PRECISION, a->published.precision);
    }
    if (a->updated.precision)
        nd_columns_writer_number(c, ND_COL_UPDATED, (uint64_t)a->updated.utc);
    nd_columns_writer_number(c, ND_COL_INDEXED, (uint64_t)x->indexed);
    nd_columns_writer_number(c, ND_COL_FIRST_REV, x->first_revision);
    nd_columns_writer_number(c, ND_COL_LAST_REV, x->revision);
    nd_columns_writer_value(c, ND_COL_SOURCE, a->source);
    nd_columns_writer_value(c, ND_COL_SECTION, a->section);
    nd_columns_writer_number(c, ND_COL_LANG, x->lang);
    for (size_t i = 0; i < a->authors.n; i++)
        nd_columns_writer_value(c, ND_COL_AUTHORS, a->authors.v[i]);
    for (size_t i = 0; i < a->tags.n; i++)
        nd_columns_writer_value(c, ND_COL_TAGS, a->tags.v[i]);
    nd_columns_writer_number(c, ND_COL_LENGTH, x->tokens->n);
    nd_store64(wide, x->content.hi);
    nd_store64(wide + 8, x->content.lo);
    nd_columns_writer_bytes_of(c, ND_COL_CONTENT, wide, 16);
    nd_columns_writer_number(c, ND_COL_ID, nd_hash64(a->id.p, a->id.n, 0));
    nd_build_signature(&b->terms, x, wide);
    nd_columns_writer_bytes_of(c, ND_COL_SIGNATURE, wide, sizeof wide);
    int rc = origin_column(b, &a->origin);
    if (!rc)
        rc = entity_column(b, x->mentions, x->mentions_n);
    return rc ? rc : nd_columns_writer_number(c, ND_COL_VERSION, x->version);
}

/* The stored article, and the line of it that a list of hits shows. */
static int add_texts(struct nd_build *b, const struct nd_build_article *x, struct nd_error *err)
{
    nd_buf_reset(&b->json);
    int rc = x->json.n ? nd_article_with_origin(&b->json, x->json, &x->article->origin)
                       : nd_article_json(&b->json, x->article, true);
    if (rc)
        return nd_fail(err, rc, "article '%.*s' is too large", (int)x->article->id.n,
                       x->article->id.p);
    rc = nd_texts_add(b->texts, b->json.data, b->json.len, err);
    if (rc)
        return rc;
    nd_buf_reset(&b->json);
    rc = nd_line_json(&b->json, x->article);
    if (rc)
        return nd_fail(err, rc, "out of memory for the result line of an article");
    return nd_glass_data(b->glass, b->docs + 1, b->json.data, b->json.len, err);
}

int nd_build_add(struct nd_build *b, const struct nd_build_article *x, struct nd_error *err)
{
    struct nd_build_terms *t = &b->terms;
    int rc = nd_build_terms_room(t, x->tokens->n);
    if (rc)
        return nd_fail(err, rc, "out of memory for the words of an article");
    rc = nd_stream_writer_add(b->stream, x->tokens, x->lang, x->mentions, x->mentions_n,
                              t->word_ids, NULL, err);
    if (rc)
        return rc;
    rc = nd_build_terms_add(t, x);
    if (!rc)
        rc = add_columns(b, x);
    if (rc)
        return nd_fail(err, rc, "%s for the terms and columns of a segment",
                       rc == ND_LIMIT ? "no room" : "out of memory");
    rc = add_texts(b, x, err);
    if (!rc)
        b->docs++;
    return rc;
}

size_t nd_build_bytes(const struct nd_build *b)
{
    return nd_stream_writer_bytes(b->stream) + nd_columns_writer_bytes(b->columns) +
           nd_texts_writer_bytes(b->texts) + nd_build_terms_bytes(&b->terms) + b->json.cap;
}

uint32_t nd_build_docs(const struct nd_build *b)
{
    return b->docs;
}

/* ---- finishing ---- */

static int put_stream_and_columns(struct nd_build *b, struct nd_buf *path, struct nd_build_sizes *s,
                                  struct nd_error *err)
{
    int rc = path_of(b, "stream", path, err);
    if (!rc)
        rc = nd_stream_writer_finish(b->stream, path->data, &s->stream, err);
    if (rc)
        return rc;
    uint32_t n;
    const uint32_t *map = nd_stream_writer_entity_map(b->stream, &n);
    nd_columns_writer_remap(b->columns, ND_COL_ENTITIES, map, n, 2); /* finish reports a failure */
    rc = path_of(b, "columns", path, err);
    return rc ? rc : nd_columns_writer_finish(b->columns, path->data, &s->columns, err);
}

static int put_glass(struct nd_build *b, struct nd_build_sizes *s, struct nd_error *err)
{
    unsigned char uuid[ND_GLASS_UUID];
    struct nd_glass_sizes g = {0};
    nd_store64(uuid, nd_random_seed());
    nd_store64(uuid + 8, nd_random_seed());
    int rc = nd_build_terms_write(&b->terms, b->glass, err);
    if (!rc)
        rc = nd_glass_finish(b->glass, uuid, &g, err);
    s->glass = g.postlist + g.docdata + g.termlist + g.position + g.version;
    return rc;
}

int nd_build_finish(struct nd_build *b, struct nd_build_sizes *sizes, struct nd_error *err)
{
    struct nd_build_sizes s = {.docs = b->docs};
    struct nd_buf path;
    nd_buf_init(&path, 1 << 16);
    struct nd_texts_writer *texts = b->texts;
    b->texts = NULL; /* finish frees it, also when it fails */
    int rc = nd_texts_finish(texts, &s.text, err);
    if (!rc)
        rc = put_stream_and_columns(b, &path, &s, err);
    if (!rc)
        rc = put_glass(b, &s, err);
    if (!rc)
        rc = nd_dir_sync(b->dir, err);
    nd_buf_free(&path);
    if (rc) {
        nd_build_abandon(b);
        return rc;
    }
    s.total = s.stream + s.columns + s.text + s.glass;
    if (sizes)
        *sizes = s;
    build_free(b);
    return 0;
}
