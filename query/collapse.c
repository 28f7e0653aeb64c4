#include "collapse.h"

#include "base/map.h"

#include <string.h>

int nd_collapse_open(struct nd_collapse *out, struct newsq *t, struct nd_index *ix,
                     struct nd_error *err)
{
    *out = (struct nd_collapse){0};
    const char *lead = nd_args_text(&t->args, "lead");
    if (!nd_args_has(&t->args, "collapse"))
        return lead ? nd_fail(err, ND_USAGE, "--lead goes with --collapse story") : 0;
    if (!lead || strcmp(lead, "best") == 0) {
        out->lead = ND_LEAD_BEST;
    } else if (strcmp(lead, "first") == 0) {
        out->lead = ND_LEAD_FIRST;
    } else if (strcmp(lead, "longest") == 0) {
        out->lead = ND_LEAD_LONGEST;
    } else if (strncmp(lead, "source=", 7) == 0 && lead[7]) {
        const char *p = lead + 7;
        size_t n = 1;
        for (const char *c = p; *c; c++)
            n += *c == ',';
        out->lead = ND_LEAD_SOURCE;
        out->sources.v = nd_arena_array(&t->arena, n, sizeof *out->sources.v);
        if (!out->sources.v)
            return nd_fail(err, ND_NOMEM, "out of memory");
        for (; out->sources.n < n; p += strcspn(p, ",") + 1)
            out->sources.v[out->sources.n++] = (struct nd_str){p, strcspn(p, ",")};
    } else {
        nd_fail(err, ND_USAGE, "--lead '%s' says nothing", lead);
        nd_hint(err, "it takes best, first, longest or source=NAME,NAME,...");
        return ND_USAGE;
    }
    return nd_story_open(&out->stories, ix, err);
}

void nd_collapse_close(struct nd_collapse *c)
{
    nd_story_close(c->stories);
    c->stories = NULL;
}

/* Place of an article's source in the list; of those that are not there, the end. */
static size_t preference(const struct nd_collapse *c, const struct nd_columns *col, uint32_t docid)
{
    uint32_t v = nd_column_u32(col, ND_COL_SOURCE, docid);
    struct nd_str name = v ? nd_column_value(col, ND_COL_SOURCE, v - 1) : (struct nd_str){"", 0};
    size_t i = 0;
    while (i < c->sources.n &&
           (name.n != c->sources.v[i].n || strncasecmp(name.p, c->sources.v[i].p, name.n) != 0))
        i++;
    return i;
}

/* Does hit b stand for the story rather than hit a, which came before it? */
static bool better(const struct nd_collapse *c, struct nd_index *ix, const struct nd_hit *a,
                   const struct nd_hit *b)
{
    const struct nd_columns *ca = ix->segments[a->segment].columns;
    const struct nd_columns *cb = ix->segments[b->segment].columns;
    if (c->lead == ND_LEAD_BEST)
        return false;
    if (c->lead == ND_LEAD_LONGEST) {
        uint32_t la = nd_column_u32(ca, ND_COL_LENGTH, a->docid);
        uint32_t lb = nd_column_u32(cb, ND_COL_LENGTH, b->docid);
        if (la != lb)
            return lb > la;
    }
    if (c->lead == ND_LEAD_SOURCE) {
        size_t pa = preference(c, ca, a->docid), pb = preference(c, cb, b->docid);
        if (pa != pb)
            return pb < pa;
    }
    return nd_story_earlier(ix, b->segment, b->docid, a->segment, a->docid) < 0;
}

static int open_columns(struct nd_index *ix, struct nd_error *err)
{
    static const enum nd_column_id used[] = {ND_COL_SOURCE, ND_COL_LENGTH};
    int rc = 0;
    for (size_t i = 0; i < ix->n && !rc; i++) {
        struct nd_columns *c;
        rc = nd_segment_columns(&ix->segments[i], &c, err);
        for (size_t k = 0; k < sizeof used / sizeof used[0] && !rc; k++)
            rc = nd_column_check(c, used[k], err);
    }
    return rc;
}

int nd_collapse_hits(const struct nd_collapse *c, struct nd_arena *arena, struct nd_index *ix,
                     struct nd_ranked *hits, size_t offset, size_t limit, uint64_t **copies,
                     uint64_t *stories, struct nd_error *err)
{
    struct nd_map seen; /* story -> its number of arrival */
    size_t n = 0, *place = nd_arena_array(arena, hits->n + 1, sizeof *place); /* by that number */
    *copies = nd_arena_array(arena, hits->n + 1, sizeof **copies);
    if (!place || !*copies || nd_map_init(&seen, SIZE_MAX / 2))
        return nd_fail(err, ND_NOMEM, "out of memory");
    int rc = open_columns(ix, err);
    for (size_t i = 0; !rc && i < hits->n; i++) {
        struct nd_hit h = hits->v[i];
        uint64_t story = nd_story_of(c->stories, h.segment, h.docid);
        uint32_t number = 0, known = seen.count;
        if (story && nd_map_intern(&seen, (const char *)&story, sizeof story, &number))
            rc = nd_fail(err, ND_NOMEM, "out of memory");
        if (rc)
            break;
        if (story && number < known) {
            struct nd_hit *lead = &hits->v[place[number]];
            ++(*copies)[place[number]];
            if (better(c, ix, lead, &h)) {
                h.score = lead->score; /* the place is the best hit's */
                *lead = h;
            }
            continue;
        }
        if (story)
            place[number] = n;
        (*copies)[n] = 0;
        hits->v[n++] = h;
    }
    nd_map_free(&seen);
    *stories = n;
    size_t from = offset < n ? offset : n;
    hits->n = n - from < limit ? n - from : limit;
    memmove(hits->v, hits->v + from, hits->n * sizeof *hits->v);
    *copies += from;
    return rc;
}
