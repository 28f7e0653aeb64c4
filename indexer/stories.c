#include "stories.h"

#include "record/tombstone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STREAM_BYTES = 4 << 20 /* of a segment's stream in memory */
};

struct story_segment *story_segment_of(struct story_finder *f, uint32_t article)
{
    size_t lo = 0, hi = f->n;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (f->segments[mid].first <= article)
            lo = mid;
        else
            hi = mid;
    }
    return &f->segments[lo];
}

uint64_t story_hash(struct story_finder *f, uint32_t article)
{
    struct story_segment *s = story_segment_of(f, article);
    const unsigned char *p = nd_column_bytes(&s->columns, ND_COL_ID, article - s->first + 1, 8);
    return p ? nd_load64(p) : 0;
}

int story_pair_add(struct story_finder *f, uint32_t a, uint32_t b, unsigned same, unsigned alike,
                   struct nd_error *err)
{
    struct story_pairs *p = &f->pairs;
    bool fa = story_fresh(f, a), fb = story_fresh(f, b);
    uint64_t ha = story_hash(f, a), hb = story_hash(f, b);
    if (fa == fb ? ha > hb : fa) {
        uint32_t t = a;
        a = b;
        b = t;
        ha = hb;
    }
    if (p->n == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 1024;
        struct story_pair *v = realloc(p->v, cap * sizeof *v);
        if (!v)
            return nd_fail(err, ND_NOMEM, "out of memory for near-copies");
        p->v = v;
        p->cap = cap;
    }
    p->v[p->n++] = (struct story_pair){a, b, (uint32_t)(ha >> 32), (uint16_t)same, (uint16_t)alike};
    return 0;
}

static int read_runs(struct story_finder *f, unsigned slot, uint32_t article, struct nd_error *err)
{
    struct story_segment *s = story_segment_of(f, article);
    size_t n;
    int rc = 0;
    if (f->runs_of[slot] == article)
        return 0;
    f->runs_of[slot] = UINT32_MAX;
    if (!s->stream) {
        char path[4300];
        snprintf(path, sizeof path, "%s/stream", s->path);
        rc = nd_stream_open(&s->stream, path, err);
        if (!rc)
            nd_stream_bound(s->stream, STREAM_BYTES);
        if (!rc)
            rc = nd_word_hashes_read(&s->hashes, s->stream, err);
    }
    if (!rc)
        rc = nd_body_hashes(&f->words, &f->words_cap, &n, s->stream, &s->hashes,
                            article - s->first + 1, err);
    if (!rc && nd_runs_of(&f->runs[slot], f->words, n))
        rc = nd_fail(err, ND_NOMEM, "out of memory for near-copies");
    if (!rc)
        f->runs_of[slot] = article;
    return rc;
}

int story_measure(struct story_finder *f, uint32_t a, uint32_t b, unsigned *alike,
                  struct nd_error *err)
{
    int rc = read_runs(f, 0, a, err);
    if (!rc)
        rc = read_runs(f, 1, b, err);
    *alike = rc ? 0 : nd_runs_alike(&f->runs[0], &f->runs[1]);
    return rc;
}

static uint32_t length(struct story_finder *f, uint32_t article)
{
    struct story_segment *s = story_segment_of(f, article);
    return nd_column_u32(&s->columns, ND_COL_LENGTH, article - s->first + 1);
}

/* Measure the pairs; those under the threshold go. */
static int measure_all(struct story_finder *f, struct nd_error *err)
{
    struct story_pairs *p = &f->pairs;
    size_t n = 0;
    int rc = 0;
    for (size_t i = 0; i < p->n && !rc; i++) {
        unsigned alike = 0;
        uint64_t a = length(f, p->v[i].a), b = length(f, p->v[i].b);
        /* titles count here and not there, so a little less than the threshold */
        if ((a < b ? a : b) * 1000 * 5 < (a < b ? b : a) * ND_STORY_LIKENESS * 4)
            continue;
        rc = story_measure(f, p->v[i].b, p->v[i].a, &alike, err);
        if (!rc && alike >= ND_STORY_LIKENESS) {
            p->v[n] = p->v[i];
            p->v[n++].alike = (uint16_t)alike;
        }
    }
    p->n = n;
    return rc;
}

static int open_segment(struct story_segment *s, const char *dir,
                        const struct nd_manifest_segment *m, struct nd_error *err)
{
    static const enum nd_column_id used[] = {ND_COL_LAST_REV, ND_COL_ID, ND_COL_SIGNATURE,
                                             ND_COL_LENGTH};
    char path[4300];
    uint32_t n;
    int len = snprintf(s->path, sizeof s->path, "%s/seg-%06u", dir, m->number);
    if (len < 0 || len >= (int)sizeof s->path)
        return nd_fail(err, ND_LIMIT, "path '%s' is too long", dir);
    s->docs = m->docs;
    snprintf(path, sizeof path, "%s/columns", s->path);
    int rc = nd_columns_open(&s->columns, path, err);
    for (size_t i = 0; i < sizeof used / sizeof used[0] && !rc; i++)
        rc = nd_column_check(&s->columns, used[i], err);
    nd_sections_drop(&s->columns.file); /* checked; of many segments little is read again */
    if (!rc && s->columns.docs != s->docs)
        rc = nd_fail(err, ND_CORRUPT, "'%s' does not have a row for each article", path);
    if (!rc && m->del[0]) {
        snprintf(path, sizeof path, "%s/%s", dir, m->del);
        rc = nd_tombstones_open(&s->del, path, s->docs, &s->deleted, &n, err);
    }
    return rc;
}

static int open_all(struct story_finder *f, const char *dir, const struct nd_manifest *next,
                    uint32_t revision, struct nd_error *err)
{
    int rc = 0;
    uint64_t articles = 0;
    f->segments = calloc(next->n + 1, sizeof *f->segments);
    if (!f->segments)
        return nd_fail(err, ND_NOMEM, "out of memory for near-copies");
    for (size_t i = 0; i < next->n && !rc; i++) {
        f->segments[i].first = (uint32_t)articles;
        f->n++;
        rc = open_segment(&f->segments[i], dir, &next->segments[i], err);
        articles += next->segments[i].docs;
        if (articles >= UINT32_MAX)
            rc = nd_fail(err, ND_LIMIT, "too many articles for one index");
    }
    f->articles = (uint32_t)articles;
    f->fresh = rc ? NULL : calloc(f->articles / 8 + 1, 1);
    if (!rc && !f->fresh)
        rc = nd_fail(err, ND_NOMEM, "out of memory for near-copies");
    for (size_t i = 0; i < f->n && !rc; i++) {
        struct story_segment *s = &f->segments[i];
        for (uint32_t d = 0; d < s->docs; d++) {
            bool gone = s->deleted && s->deleted[d / 8] >> (d % 8) & 1;
            if (gone || nd_column_u32(&s->columns, ND_COL_LAST_REV, d + 1) <= revision)
                continue;
            f->fresh[(s->first + d) / 8] |= (unsigned char)(1U << (s->first + d) % 8);
            f->fresh_n++;
        }
    }
    return rc;
}

static void close_all(struct story_finder *f)
{
    for (size_t i = 0; i < f->n; i++) {
        nd_columns_close(&f->segments[i].columns);
        nd_sections_close(&f->segments[i].del);
        nd_word_hashes_free(&f->segments[i].hashes);
        nd_stream_close(f->segments[i].stream);
        nd_texts_close(f->segments[i].texts);
    }
    free(f->segments);
    free(f->fresh);
    free(f->pairs.v);
    free(f->words);
    nd_runs_free(&f->runs[0]);
    nd_runs_free(&f->runs[1]);
}

int stories_find(struct stories_found *out, const char *dir, const struct nd_manifest *next,
                 const struct nd_derived *before, struct nd_error *err)
{
    struct story_finder f = {.runs_of = {UINT32_MAX, UINT32_MAX}};
    struct nd_stories old = {0};
    *out = (struct stories_found){0};
    nd_arena_init(&out->arena, (size_t)2 << 30);
    nd_runs_init(&f.runs[0]);
    nd_runs_init(&f.runs[1]);
    bool known = before && nd_stories_of(&old, before) && old.threshold == ND_STORY_LIKENESS;
    if (!known)
        old = (struct nd_stories){0};
    int rc = open_all(&f, dir, next, old.revision, err);
    if (!rc && f.fresh_n)
        rc = story_candidates(&f, err);
    if (!rc)
        rc = measure_all(&f, err);
    if (!rc)
        rc = story_group(out, &f, &old, err);
    out->made.revision = next->revision;
    out->made.threshold = ND_STORY_LIKENESS;
    close_all(&f);
    return rc;
}

void stories_free(struct stories_found *s)
{
    nd_arena_free(&s->arena);
    free(s->members);
    free(s->stories);
    free(s->order);
    free(s->links);
    *s = (struct stories_found){0};
}
