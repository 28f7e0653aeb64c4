#include "worker.h"

#include "input/language.h"

#include "base/hash.h"
#include "text/stem.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    JSON_MAX = ND_TEXT_MAX,
    KEPT_MAX = 1 << 30,
    DROP = 64 /* batches after which the memory of columns is given back */
};

int nd_worker_new(struct nd_worker **out, const char *dir, const struct nd_build_options *o,
                  const struct nd_entity_data *data, struct nd_error *err)
{
    *out = NULL;
    struct nd_worker *w = calloc(1, sizeof *w);
    if (!w)
        return nd_fail(err, ND_NOMEM, "out of memory");
    w->dir = dir;
    w->build_options = o;
    w->now = (int64_t)time(NULL);
    nd_buf_init(&w->json, JSON_MAX);
    nd_arena_init(&w->kept, KEPT_MAX);
    if (nd_tokens_init(&w->tokens)) {
        nd_worker_free(w);
        return nd_fail(err, ND_NOMEM, "out of memory");
    }
    int rc = data ? nd_entities_new(&w->entities, data, err) : 0;
    if (rc) {
        nd_worker_free(w);
        return rc;
    }
    *out = w;
    return 0;
}

void nd_worker_free(struct nd_worker *w)
{
    if (!w)
        return;
    nd_build_abandon(w->build);
    nd_index_close(w->index);
    nd_entities_free(w->entities);
    nd_tokens_free(&w->tokens);
    nd_buf_free(&w->json);
    nd_arena_free(&w->kept);
    free(w->pending);
    free(w);
}

int nd_worker_begin(struct nd_worker *w, uint32_t revision, bool fresh, uint32_t number,
                    const char *path, struct nd_error *err)
{
    w->revision = revision;
    w->number = number;
    size_t n = strlen(path);
    if (n >= sizeof w->path)
        return nd_fail(err, ND_LIMIT, "path '%s' is too long", path);
    memcpy(w->path, path, n + 1);
    w->pending_n = 0;
    w->unchanged = w->older = w->replaced = w->words = w->text = 0;
    nd_arena_reset(&w->kept);
    nd_index_close(w->index);
    w->index = NULL;
    return fresh ? 0 : nd_index_open(&w->index, &w->dir, 1, err);
}

size_t nd_worker_bytes(const struct nd_worker *w)
{
    return (w->build ? nd_build_bytes(w->build) : 0) + w->kept.total +
           w->pending_cap * sizeof *w->pending;
}

/* A notice takes back what is not newer for certain: most name neither a version nor a time. */
static bool outlives(const struct nd_pending *article, const struct nd_pending *notice)
{
    if (article->updated != ND_UTC_NONE && notice->updated != ND_UTC_NONE &&
        article->updated != notice->updated)
        return article->updated > notice->updated;
    return notice->version && article->version > notice->version;
}

int nd_pending_newer(const struct nd_pending *a, const struct nd_pending *b)
{
    if (a->withdrawn && !b->withdrawn)
        return outlives(b, a) ? -1 : 1;
    if (b->withdrawn && !a->withdrawn)
        return outlives(a, b) ? 1 : -1;
    if (a->content.hi == b->content.hi && a->content.lo == b->content.lo)
        return 0;
    if (a->updated != b->updated)
        return a->updated > b->updated ? 1 : -1;
    if (a->version != b->version)
        return a->version > b->version ? 1 : -1;
    if (a->content.hi != b->content.hi)
        return a->content.hi > b->content.hi ? 1 : -1;
    return a->content.lo > b->content.lo ? 1 : -1;
}

/* Look the id up in the committed index.
 * Return: 0 to index the article (p->old and the first-seen facts are set where it replaces one),
 *         ND_DONE to leave it out, < 0 on failure. */
static int look_up(struct nd_worker *w, const struct nd_article *a, struct nd_pending *p,
                   struct nd_build_article *x, struct nd_error *err)
{
    if (!w->index)
        return 0;
    struct nd_columns *c;
    int rc = nd_index_find(w->index, a->id.p, a->id.n, &p->old_segment, &p->old_docid, err);
    if (rc == ND_DONE)
        return 0;
    if (!rc)
        rc = nd_segment_columns(&w->index->segments[p->old_segment], &c, err);
    if (rc)
        return rc;
    uint32_t d = p->old_docid;
    const unsigned char *content = nd_column_bytes(c, ND_COL_CONTENT, d, 16);
    struct nd_pending old = {.updated = nd_column_i64(c, ND_COL_UPDATED, d),
                             .version = nd_column_u64(c, ND_COL_VERSION, d)};
    if (content)
        old.content = (struct nd_hash128){nd_load64(content), nd_load64(content + 8)};
    p->old = true;
    int order = nd_pending_newer(p, &old);
    if (a->withdrawn && order > 0)
        return 0;
    if (order == 0)
        w->unchanged++;
    if (order < 0)
        w->older++;
    if (order <= 0)
        return ND_DONE;
    x->first_revision = nd_column_u32(c, ND_COL_FIRST_REV, d);
    x->indexed = nd_column_i64(c, ND_COL_INDEXED, d);
    const unsigned char *origin = nd_column_bytes(c, ND_COL_ORIGIN, d, 12);
    struct nd_str file = {0};
    if (origin)
        file = nd_column_value(c, ND_COL_ORIGIN, nd_load32(origin));
    /* the value is FILE, or FILE and a member behind a NUL; versions that are numbered are meant to replace */
    bool numbered = p->version && old.version;
    if (numbered)
        return 0;
    if (file.n < a->origin.file.n || (file.n > a->origin.file.n && file.p[a->origin.file.n]) ||
        memcmp(file.p, a->origin.file.p, a->origin.file.n) != 0)
        w->replaced++;
    return 0;
}

static int keep(struct nd_worker *w, struct nd_pending *p, struct nd_error *err)
{
    if (w->pending_n == w->pending_cap) {
        size_t cap = w->pending_cap ? w->pending_cap * 2 : 1024;
        struct nd_pending *v = realloc(w->pending, cap * sizeof *v);
        if (!v)
            return nd_fail(err, ND_NOMEM, "out of memory");
        w->pending = v;
        w->pending_cap = cap;
    }
    p->id = nd_arena_str(&w->kept, p->id.p, p->id.n);
    if (!p->id.p)
        return nd_fail(err, ND_NOMEM, "out of memory");
    w->pending[w->pending_n++] = *p;
    return 0;
}

static uint64_t version_number(struct nd_str s)
{
    uint64_t v = 0;
    for (size_t i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && v < UINT64_MAX / 16; i++)
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    return v;
}

int nd_worker_index(struct nd_worker *w, struct nd_build_article *x, struct nd_error *err)
{
    const struct nd_article *a = x->article;
    int rc = 0;
    x->tokens = &w->tokens;
    nd_tokens_reset(&w->tokens);
    for (unsigned f = 0; !rc && f < ND_FIELDS; f++) {
        struct nd_str text = nd_article_field(a, f);
        w->text += text.n;
        rc = nd_tokens_add(&w->tokens, text.p, text.n, f, err);
    }
    if (rc)
        return rc;
    x->lang = nd_language_of(a);
    w->words += w->tokens.n;
    if (w->entities)
        rc = nd_entities_run(w->entities, a, &w->tokens, &x->mentions, &x->mentions_n, err);
    if (rc)
        return rc;
    if (!w->build)
        rc = nd_build_new(&w->build, w->path, w->build_options, err);
    if (!rc)
        rc = nd_build_add(w->build, x, err);
    return rc;
}

static int one_article(struct nd_worker *w, const struct nd_article *a, struct nd_error *err)
{
    nd_buf_reset(&w->json);
    int rc = nd_article_json(&w->json, a, false);
    if (rc)
        return nd_fail(err, rc, "article '%.*s' is too large", (int)a->id.n, a->id.p);
    struct nd_pending p = {.id = a->id,
                           .updated = a->updated.precision ? a->updated.utc : ND_UTC_NONE,
                           .version = version_number(a->version),
                           .content = nd_hash128(w->json.data, w->json.len),
                           .withdrawn = a->withdrawn};
    struct nd_build_article x = {.article = a,
                                 .tokens = &w->tokens,
                                 .json = {w->json.data, w->json.len},
                                 .content = p.content,
                                 .revision = w->revision,
                                 .first_revision = w->revision,
                                 .version = p.version,
                                 .indexed = w->now};
    rc = look_up(w, a, &p, &x, err);
    if (rc)
        return rc == ND_DONE ? 0 : rc;
    if (a->withdrawn)
        return keep(w, &p, err);
    rc = nd_worker_index(w, &x, err);
    if (rc)
        return rc;
    p.docid = nd_build_docs(w->build);
    return keep(w, &p, err);
}

int nd_worker_batch(struct nd_worker *w, const struct nd_batch *b, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < b->n; i++)
        rc = one_article(w, &b->v[i], err);
    if (w->index && ++w->batches % DROP == 0)
        nd_index_drop(w->index);
    return rc;
}

int nd_worker_flush(struct nd_worker *w, uint32_t *docs, struct nd_error *err)
{
    *docs = 0;
    w->sizes = (struct nd_build_sizes){0};
    if (!w->build)
        return 0;
    *docs = nd_build_docs(w->build);
    struct nd_build *b = w->build;
    w->build = NULL; /* finish frees it, also when it fails */
    return nd_build_finish(b, &w->sizes, err);
}
