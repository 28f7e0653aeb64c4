#include "lang/fresh.h"

#include "record/events.h"
#include "text/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_BYTES = 4096,
    FEW = 64 /* articles that are looked at one by one */
};

static int by_number(const void *pa, const void *pb)
{
    uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;
    return a < b ? -1 : a > b;
}

/* The salted hash of an article's id, from its result line. */
static int id_of(struct nd_index *ix, size_t segment, uint32_t docid, struct nd_json_parser *json,
                 struct nd_arena *arena, uint64_t *out, struct nd_error *err)
{
    struct nd_buf line;
    struct nd_json *o;
    nd_buf_init(&line, 16 << 20);
    int rc = xap_data(&line, ix->xap, segment, docid, err);
    if (!rc)
        rc = nd_json_parse(json, &o, arena, line.data ? line.data : "", line.len, err);
    if (!rc) {
        const struct nd_json *id = nd_json_get(o, "id");
        const struct nd_folder *f = &ix->folders[ix->segments[segment].folder];
        if (id && id->kind == ND_JSON_STRING)
            *out = nd_event_id(f->manifest.uuid, id->text.p, id->text.n);
        else
            rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: article %u has no id",
                         ix->segments[segment].path, docid);
    }
    nd_arena_reset(arena);
    nd_buf_free(&line);
    return rc;
}

/* Newest first; the instant of an undated article is the least there is, so it comes last. */
static int by_age(const void *pa, const void *pb)
{
    const struct nd_fresh_article *a = pa, *b = pb;
    if (a->published != b->published)
        return a->published > b->published ? -1 : 1;
    return a->tie < b->tie ? -1 : a->tie > b->tie;
}

static int add_article(struct nd_fresh *f, size_t *cap, const struct nd_fresh_article *x,
                       struct nd_error *err)
{
    if (f->n == *cap) {
        size_t more = *cap ? *cap * 2 : 256;
        struct nd_fresh_article *v = realloc(f->v, more * sizeof *v);
        if (!v)
            return nd_fail(err, ND_NOMEM, "out of memory");
        f->v = v;
        *cap = more;
    }
    f->v[f->n++] = *x;
    return 0;
}

static int find_withdrawn(struct nd_fresh *f, const struct nd_folder *folder, struct nd_error *err)
{
    char path[PATH_BYTES];
    struct nd_events e = {0};
    if (!folder->manifest.events[0])
        return 0;
    int n = snprintf(path, sizeof path, "%s/%s", folder->dir, folder->manifest.events);
    int rc = n > 0 && (size_t)n < sizeof path ? nd_events_load(&e, path, err)
                                              : nd_fail(err, ND_LIMIT, "path is too long");
    f->withdrawn = rc ? NULL : calloc(e.n + 1, sizeof *f->withdrawn);
    if (!rc && !f->withdrawn)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; !rc && i < e.n; i++)
        if (e.v[i].kind == ND_EVENT_WITHDRAWN && e.v[i].revision > f->revision)
            f->withdrawn[f->withdrawn_n++] = e.v[i].id;
    if (!rc)
        qsort(f->withdrawn, f->withdrawn_n, sizeof *f->withdrawn, by_number);
    nd_events_free(&e);
    return rc;
}

int nd_fresh_find(struct nd_fresh *f, struct nd_index *ix, uint32_t revision, struct nd_error *err)
{
    struct nd_json_parser *json;
    struct nd_arena arena;
    size_t cap = 0;
    nd_fresh_free(f);
    f->revision = revision;
    nd_arena_init(&arena, 64 << 20);
    int rc = nd_json_parser_new(&json, err);
    for (size_t i = 0; !rc && i < ix->n; i++) {
        struct nd_columns *c;
        rc = nd_segment_columns(&ix->segments[i], &c, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_LAST_REV, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_PUBLISHED, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_ID, err);
        for (uint32_t d = 1; !rc && d <= ix->segments[i].docs; d++) {
            uint64_t id = 0;
            if (nd_column_u32(c, ND_COL_LAST_REV, d) <= revision ||
                nd_segment_deleted(&ix->segments[i], d))
                continue;
            rc = id_of(ix, i, d, json, &arena, &id, err);
            struct nd_fresh_article x = {.segment = i, .docid = d, .id = id};
            if (!rc) {
                x.published = nd_column_i64(c, ND_COL_PUBLISHED, d);
                x.tie = nd_column_u64(c, ND_COL_ID, d);
                rc = add_article(f, &cap, &x, err);
            }
        }
    }
    if (!rc && f->n)
        qsort(f->v, f->n, sizeof *f->v, by_age);
    if (!rc)
        rc = find_withdrawn(f, &ix->folders[0], err);
    f->ready = !rc;
    nd_json_parser_free(json);
    nd_arena_free(&arena);
    return rc;
}

void nd_fresh_free(struct nd_fresh *f)
{
    free(f->v);
    free(f->withdrawn);
    *f = (struct nd_fresh){0};
}

/* The place of an article in f->v, by a table from (segment, docid). */
struct place {
    size_t segment, at;
    uint32_t docid;
};

static int by_place(const void *pa, const void *pb)
{
    const struct place *a = pa, *b = pb;
    if (a->segment != b->segment)
        return a->segment < b->segment ? -1 : 1;
    return a->docid < b->docid ? -1 : a->docid > b->docid;
}

static int walk(const struct nd_fresh *f, struct nd_match *m, unsigned char *hit,
                struct nd_error *err)
{
    struct place *v = malloc(f->n * sizeof *v), key = {0};
    int rc;
    if (!v)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; i < f->n; i++)
        v[i] = (struct place){f->v[i].segment, i, f->v[i].docid};
    qsort(v, f->n, sizeof *v, by_place);
    nd_match_rewind(m);
    while ((rc = nd_match_next(m, &key.segment, &key.docid, err)) == 0) {
        const struct place *p = bsearch(&key, v, f->n, sizeof *v, by_place);
        if (p)
            hit[p->at] = 1;
    }
    free(v);
    return rc == ND_DONE ? 0 : rc;
}

int nd_fresh_match(const struct nd_fresh *f, struct nd_match *m, struct nd_index *ix,
                   unsigned char *hit, struct nd_error *err)
{
    memset(hit, 0, f->n);
    if (f->n > FEW && f->n > ix->articles / 8)
        return walk(f, m, hit, err);
    for (size_t i = 0; i < f->n; i++) {
        int yes = nd_match_test(m, f->v[i].segment, f->v[i].docid, err);
        if (yes < 0)
            return yes;
        hit[i] = yes == 0;
    }
    return 0;
}
