#include "prove.h"

#include "base/file.h"
#include "record/article.h"
#include "segment/verify.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    IDS_MAX = 1 << 30,
    PATH_ROOM = 4096 + 300
};

struct piece {
    uint64_t a, b;
    bool used, shared; /* shared: a remaining article has it too */
};

struct nd_proof {
    struct nd_arena ids;
    struct nd_str *id;
    uint64_t *id_hash, *content; /* content: high halves, sorted for the check */
    size_t n, cap;
    struct piece *pieces; /* open addressing, a power of two */
    size_t pieces_n, mask;
    uint64_t files, bytes, articles;
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

int nd_proof_new(struct nd_proof **out, struct nd_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return no_memory(err);
    nd_arena_init(&(*out)->ids, IDS_MAX);
    return 0;
}

void nd_proof_free(struct nd_proof *p)
{
    if (!p)
        return;
    nd_arena_free(&p->ids);
    free(p->id);
    free(p->id_hash);
    free(p->content);
    free(p->pieces);
    free(p);
}

/* ---- pieces of text ---- */

static size_t slot_of(const struct nd_proof *p, uint64_t a)
{
    return (size_t)(a * 0x9e3779b97f4a7c15u >> 20) & p->mask;
}

/* The piece of 16 bytes, or the free place where it would stand. */
static struct piece *find(const struct nd_proof *p, uint64_t a, uint64_t b)
{
    size_t i = slot_of(p, a);
    while (p->pieces[i].used && (p->pieces[i].a != a || p->pieces[i].b != b))
        i = (i + 1) & p->mask;
    return &p->pieces[i];
}

static int grow(struct nd_proof *p)
{
    if (p->pieces && p->pieces_n * 2 < p->mask)
        return 0;
    struct nd_proof next = *p;
    next.mask = p->pieces ? p->mask * 2 + 1 : 0xffff;
    next.pieces = calloc(next.mask + 1, sizeof *next.pieces);
    if (!next.pieces)
        return ND_NOMEM;
    for (size_t i = 0; p->pieces && i <= p->mask; i++)
        if (p->pieces[i].used)
            *find(&next, p->pieces[i].a, p->pieces[i].b) = p->pieces[i];
    free(p->pieces);
    p->pieces = next.pieces;
    p->mask = next.mask;
    return 0;
}

static int take_pieces(struct nd_proof *p, const char *text, size_t n)
{
    for (size_t i = 0; i + ND_PROOF_PIECE <= n; i += ND_PROOF_PIECE) {
        if (grow(p))
            return ND_NOMEM;
        struct piece *at = find(p, nd_load64(text + i), nd_load64(text + i + 8));
        p->pieces_n += !at->used;
        at->a = nd_load64(text + i);
        at->b = nd_load64(text + i + 8);
        at->used = true;
    }
    return 0;
}

/* Look at every place of p[0..n). share: mark what is found; else: the place of the first piece that no other
 * article has. Return: that place, SIZE_MAX for none. */
static size_t scan(struct nd_proof *p, const unsigned char *text, size_t n, bool share)
{
    for (size_t i = 0; p->pieces && i + ND_PROOF_PIECE <= n; i++) {
        struct piece *at = find(p, nd_load64(text + i), nd_load64(text + i + 8));
        if (!at->used)
            continue;
        if (share)
            at->shared = true;
        else if (!at->shared)
            return i;
    }
    return SIZE_MAX;
}

/* ---- what is to go ---- */

static int room(struct nd_proof *p)
{
    if (p->n < p->cap)
        return 0;
    size_t cap = p->cap ? p->cap * 2 : 64;
    struct nd_str *id = realloc(p->id, cap * sizeof *id);
    if (id)
        p->id = id;
    uint64_t *hash = realloc(p->id_hash, cap * sizeof *hash);
    if (hash)
        p->id_hash = hash;
    uint64_t *content = realloc(p->content, cap * sizeof *content);
    if (content)
        p->content = content;
    if (!id || !hash || !content)
        return ND_NOMEM;
    p->cap = cap;
    return 0;
}

/* The record of an article, as it is stored but for its origin, which names a file. */
static int record(struct nd_segment *s, uint32_t docid, struct nd_arena *arena,
                  struct nd_article *a, struct nd_buf *json, struct nd_error *err)
{
    struct nd_texts *t;
    nd_arena_reset(arena);
    nd_buf_reset(json);
    int rc = nd_segment_texts(s, &t, err);
    if (!rc)
        rc = nd_texts_get(t, docid, json, err);
    if (!rc)
        rc = nd_article_parse(a, arena, json->data, json->len, err);
    nd_buf_reset(json);
    if (!rc && nd_article_json(json, a, false))
        rc = no_memory(err);
    return rc;
}

int nd_proof_add(struct nd_proof *p, struct nd_segment *s, uint32_t docid, struct nd_error *err)
{
    struct nd_columns *c;
    struct nd_article a;
    struct nd_arena arena;
    struct nd_buf json;
    nd_arena_init(&arena, (size_t)1 << 30);
    nd_buf_init(&json, ND_TEXT_MAX);
    int rc = nd_segment_columns(s, &c, err);
    if (!rc)
        rc = record(s, docid, &arena, &a, &json, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_CONTENT, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_ID, err);
    if (!rc && (room(p) || take_pieces(p, json.data, json.len)))
        rc = no_memory(err);
    if (!rc) {
        const unsigned char *content = nd_column_bytes(c, ND_COL_CONTENT, docid, 16);
        p->id[p->n] = nd_arena_str(&p->ids, a.id.p, a.id.n);
        p->id_hash[p->n] = nd_column_u64(c, ND_COL_ID, docid);
        p->content[p->n] = content ? nd_load64(content) : 0;
        rc = p->id[p->n].p ? 0 : no_memory(err);
        p->n += !rc;
    }
    nd_arena_free(&arena);
    nd_buf_free(&json);
    return rc;
}

/* ---- what is there ---- */

static int by_number(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

static bool among(const uint64_t *v, size_t n, uint64_t x)
{
    return bsearch(&x, v, n, sizeof x, by_number) != NULL;
}

/* Hashes, and what remaining articles share with the deleted ones. */
static int check_segment(struct nd_proof *p, struct nd_segment *s, struct nd_error *err)
{
    struct nd_columns *c;
    struct nd_article a;
    struct nd_arena arena;
    struct nd_buf json;
    nd_arena_init(&arena, (size_t)1 << 30);
    nd_buf_init(&json, ND_TEXT_MAX);
    int rc = nd_segment_columns(s, &c, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_CONTENT, err);
    if (!rc)
        rc = nd_column_check(c, ND_COL_ID, err);
    for (uint32_t d = 1; d <= s->docs && !rc; d++) {
        const unsigned char *content = nd_column_bytes(c, ND_COL_CONTENT, d, 16);
        if (among(p->id_hash, p->n, nd_column_u64(c, ND_COL_ID, d)) ||
            (content && among(p->content, p->n, nd_load64(content))))
            rc = nd_fail(err, ND_INTERNAL, "'%s' still holds a deleted article", s->path);
        if (!rc)
            rc = record(s, d, &arena, &a, &json, err);
        if (!rc)
            scan(p, (const unsigned char *)json.data, json.len, true);
        p->articles++;
    }
    nd_arena_free(&arena);
    nd_buf_free(&json);
    return rc;
}

static int check_ids(struct nd_proof *p, struct nd_index *ix, struct nd_error *err)
{
    const char *prefix = nd_schema_find("id", 2)->prefix;
    for (size_t i = 0; i < p->n; i++) {
        char term[ND_TERM_MAX];
        bool exact;
        size_t n = nd_term_make(term, prefix, p->id[i].p, p->id[i].n, &exact);
        if (xap_termfreq(ix->xap, XAP_ALL, term, n))
            return nd_fail(err, ND_INTERNAL, "the postings still hold the id '%.*s'",
                           (int)p->id[i].n, p->id[i].p);
    }
    return 0;
}

static int check_file(struct nd_proof *p, const char *path, struct nd_error *err)
{
    struct nd_mapped map;
    int rc = nd_file_map(&map, path, err);
    if (rc)
        return rc;
    size_t at = scan(p, map.data, map.size, false);
    if (at != SIZE_MAX)
        rc = nd_fail(err, ND_INTERNAL, "'%s' still holds text of a deleted article, at byte %zu",
                     path, at);
    p->files++;
    p->bytes += map.size;
    nd_file_unmap(&map);
    return rc;
}

static int check_folder(struct nd_proof *p, const char *dir, struct nd_error *err)
{
    DIR *d = opendir(dir);
    int rc = d ? 0 : nd_fail_errno(err, ND_IO, "cannot open folder '%s'", dir);
    for (struct dirent *e; !rc && (e = readdir(d));) {
        char path[PATH_ROOM];
        struct stat st;
        int n = snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (n < 0 || (size_t)n >= sizeof path || stat(path, &st) < 0)
            rc = nd_fail_errno(err, ND_IO, "cannot look at '%s'", path);
        else if (S_ISDIR(st.st_mode))
            rc = check_folder(p, path, err);
        else if (S_ISREG(st.st_mode))
            rc = check_file(p, path, err);
    }
    if (d)
        closedir(d);
    return rc;
}

/* Keep the first damage. */
static void damage(void *ctx, const struct nd_error *err)
{
    struct nd_error *first = ctx;
    if (!first->code)
        *first = *err;
}

int nd_proof_check(struct nd_proof *p, const char *dir, const struct nd_diag *d,
                   struct nd_error *err)
{
    struct nd_error found = {0};
    struct nd_verify v = {.damage = damage, .ctx = &found};
    struct nd_index *ix = NULL;
    qsort(p->id_hash, p->n, sizeof *p->id_hash, by_number);
    qsort(p->content, p->n, sizeof *p->content, by_number);
    int rc = nd_verify_index(&v, dir, err);
    if (!rc && v.damaged) {
        *err = found;
        rc = found.code;
    }
    if (!rc)
        rc = nd_index_open(&ix, &dir, 1, err);
    if (!rc)
        rc = check_ids(p, ix, err);
    for (size_t i = 0; ix && i < ix->n && !rc; i++)
        rc = check_segment(p, &ix->segments[i], err);
    nd_index_close(ix);
    if (!rc)
        rc = check_folder(p, dir, err);
    if (rc)
        return rc;
    nd_diag_line(d,
                 "checked: words, terms, values and counts are those of the %" PRIu64
                 " remaining articles alone; no id, id hash or content hash of the %zu deleted "
                 "ones, and no %d bytes of their text that no other article has, in %" PRIu64
                 " bytes of %" PRIu64 " files",
                 p->articles, p->n, 2 * ND_PROOF_PIECE, p->bytes, p->files);
    nd_diag_line(d, "what is left is a salted hash of each id in the events, for alerts");
    return 0;
}
