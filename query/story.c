#include "story.h"

#include <stdlib.h>
#include <string.h>

struct nd_story_index {
    struct nd_index *ix;
    struct nd_stories *of;         /* by folder */
    const struct nd_columns **ids; /* by segment; NULL where its folder has no stories */
};

void nd_story_close(struct nd_story_index *s)
{
    if (!s)
        return;
    free(s->of);
    free(s->ids);
    free(s);
}

int nd_story_open(struct nd_story_index **out, struct nd_index *ix, struct nd_error *err)
{
    struct nd_story_index *s = *out = calloc(1, sizeof *s);
    if (!s)
        return nd_fail(err, ND_NOMEM, "out of memory");
    s->ix = ix;
    s->of = calloc(ix->folders_n + 1, sizeof *s->of);
    s->ids = calloc(ix->n + 1, sizeof *s->ids);
    int rc = s->of && s->ids ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; !rc && i < ix->folders_n; i++) {
        const struct nd_derived *d;
        rc = nd_folder_derived(&ix->folders[i], &d, err);
        if (!rc && d)
            nd_stories_of(&s->of[i], d);
    }
    for (size_t i = 0; !rc && i < ix->n; i++) {
        struct nd_columns *c;
        if (!s->of[ix->segments[i].folder].n)
            continue;
        rc = nd_segment_columns(&ix->segments[i], &c, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_ID, err);
        if (!rc)
            rc = nd_column_check(c, ND_COL_PUBLISHED, err);
        if (!rc)
            s->ids[i] = c;
    }
    if (rc) {
        nd_story_close(s);
        *out = NULL;
    }
    return rc;
}

uint64_t nd_story_of(const struct nd_story_index *s, size_t segment, uint32_t docid)
{
    const struct nd_columns *c = s->ids[segment];
    const unsigned char *id = c ? nd_column_bytes(c, ND_COL_ID, docid, 8) : NULL;
    if (!id)
        return 0;
    size_t folder = s->ix->segments[segment].folder;
    uint32_t story = nd_stories_find(&s->of[folder], nd_load64(id));
    return story == ND_STORY_NONE ? 0 : ((uint64_t)folder << 32 | story) + 1;
}

struct nd_str nd_story_name(const struct nd_story_index *s, uint64_t story)
{
    struct nd_story row = {0};
    if (story)
        nd_stories_row(&s->of[(story - 1) >> 32], (uint32_t)(story - 1), &row);
    return row.name;
}

struct gather {
    struct nd_telling *out;
    const struct nd_story_index *s;
    size_t cap;
};

static int gather_match(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct gather *g = ctx;
    struct nd_telling *t = g->out;
    uint64_t story = nd_story_of(g->s, segment, docid);
    t->matches++;
    if (!story)
        return 0;
    if (t->n == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 256;
        struct nd_told *v = realloc(t->v, cap * sizeof *v);
        if (!v)
            return nd_fail(err, ND_NOMEM, "out of memory");
        t->v = v;
        g->cap = cap;
    }
    t->v[t->n++] = (struct nd_told){story, segment, docid};
    return 0;
}

static int by_story(const void *pa, const void *pb)
{
    const struct nd_told *a = pa, *b = pb;
    if (a->story != b->story)
        return a->story < b->story ? -1 : 1;
    if (a->segment != b->segment)
        return a->segment < b->segment ? -1 : 1;
    return a->docid < b->docid ? -1 : a->docid > b->docid;
}

size_t nd_telling_end(const struct nd_telling *t, size_t i)
{
    size_t end = i + 1;
    while (end < t->n && t->v[end].story == t->v[i].story)
        end++;
    return end;
}

int nd_story_gather(struct nd_telling *out, const struct nd_story_index *s, struct nd_match *m,
                    struct nd_error *err)
{
    *out = (struct nd_telling){0};
    struct gather g = {.out = out, .s = s};
    int rc = nd_match_each(m, gather_match, &g, err);
    if (rc)
        return rc;
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_story);
    out->stories = out->matches - out->n;
    for (size_t i = 0; i < out->n; i = nd_telling_end(out, i))
        out->stories++;
    return 0;
}

void nd_telling_free(struct nd_telling *t)
{
    free(t->v);
    *t = (struct nd_telling){0};
}

struct nd_once {
    struct nd_telling told; /* those that are left out, by segment and docid */
    struct nd_match *m;
};

static int by_place(const void *pa, const void *pb)
{
    const struct nd_told *a = pa, *b = pb;
    if (a->segment != b->segment)
        return a->segment < b->segment ? -1 : 1;
    return a->docid < b->docid ? -1 : a->docid > b->docid;
}

/* Columns that are open and checked: nd_story_earlier is called for articles whose story is known alone. */
int nd_story_earlier(struct nd_index *ix, size_t segment_a, uint32_t a, size_t segment_b,
                     uint32_t b)
{
    const struct nd_columns *ca = ix->segments[segment_a].columns;
    const struct nd_columns *cb = ix->segments[segment_b].columns;
    int64_t ta = nd_column_i64(ca, ND_COL_PUBLISHED, a);
    int64_t tb = nd_column_i64(cb, ND_COL_PUBLISHED, b);
    if ((ta == ND_UTC_NONE) != (tb == ND_UTC_NONE))
        return ta == ND_UTC_NONE ? 1 : -1;
    if (ta != tb)
        return ta < tb ? -1 : 1;
    uint64_t ha = nd_column_u64(ca, ND_COL_ID, a), hb = nd_column_u64(cb, ND_COL_ID, b);
    if (ha != hb)
        return ha < hb ? -1 : 1;
    if (segment_a != segment_b)
        return segment_a < segment_b ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool left_out(const void *ctx, size_t segment, uint32_t docid)
{
    const struct nd_once *o = ctx;
    struct nd_told key = {.segment = segment, .docid = docid};
    return bsearch(&key, o->told.v, o->told.n, sizeof key, by_place) != NULL;
}

int nd_once_new(struct nd_once **out, struct nd_index *ix, struct nd_match *m, struct nd_error *err)
{
    struct nd_story_index *s = NULL;
    struct nd_once *o = *out = calloc(1, sizeof *o);
    if (!o)
        return nd_fail(err, ND_NOMEM, "out of memory");
    int rc = nd_story_open(&s, ix, err);
    if (!rc)
        rc = nd_story_gather(&o->told, s, m, err);
    size_t n = 0;
    for (size_t i = 0, end; !rc && i < o->told.n; i = end) {
        struct nd_told *v = o->told.v;
        size_t first = i;
        end = nd_telling_end(&o->told, i);
        for (size_t k = i + 1; k < end; k++)
            if (nd_story_earlier(ix, v[k].segment, v[k].docid, v[first].segment, v[first].docid) <
                0)
                first = k;
        for (size_t k = i; k < end; k++)
            if (k != first)
                v[n++] = v[k];
    }
    o->told.n = n;
    if (!rc && n) {
        qsort(o->told.v, n, sizeof *o->told.v, by_place);
        nd_match_leave_out(m, left_out, o);
        o->m = m;
    }
    nd_story_close(s);
    if (rc) {
        nd_once_free(o);
        *out = NULL;
    }
    return rc;
}

void nd_once_free(struct nd_once *o)
{
    if (!o)
        return;
    if (o->m)
        nd_match_leave_out(o->m, NULL, NULL);
    nd_telling_free(&o->told);
    free(o);
}
