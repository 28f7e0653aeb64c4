#include "digest_in.h"

#include <stdlib.h>
#include <string.h>

enum {
    ARENA = 2000 << 20
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

int nd_digest_new(struct nd_digest **out, struct nd_index *ix, const char *form,
                  struct nd_error *err)
{
    struct nd_digest *d = *out = calloc(1, sizeof *d);
    if (!d)
        return no_memory(err);
    d->ix = ix;
    d->form = form;
    nd_arena_init(&d->arena, ARENA);
    int rc = nd_map_init(&d->seen, SIZE_MAX / 2) ? no_memory(err) : 0;
    if (!rc)
        rc = nd_story_open(&d->stories, ix, err);
    if (rc) {
        nd_digest_free(d);
        *out = NULL;
    }
    return rc;
}

void nd_digest_free(struct nd_digest *d)
{
    if (!d)
        return;
    nd_story_close(d->stories);
    nd_map_free(&d->seen);
    nd_arena_free(&d->arena);
    free(d->queries);
    free(d->v);
    free(d);
}

static int copy(struct nd_digest *d, struct nd_str *out, struct nd_str s, struct nd_error *err)
{
    *out = nd_arena_str(&d->arena, s.p ? s.p : "", s.n);
    return out->p ? 0 : no_memory(err);
}

int nd_digest_query(struct nd_digest *d, const struct nd_saved *q, struct nd_error *err)
{
    if (d->queries_n == d->queries_cap) {
        size_t cap = d->queries_cap ? d->queries_cap * 2 : 64;
        struct nd_digest_query *v = realloc(d->queries, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        d->queries = v;
        d->queries_cap = cap;
    }
    struct nd_digest_query *x = &d->queries[d->queries_n];
    int rc = copy(d, &x->name, q->name, err);
    if (!rc)
        rc = copy(d, &x->shown, q->title.n ? q->title : q->name, err);
    d->queries_n += !rc;
    return rc;
}

static enum nd_digest_event event_named(const char *name)
{
    if (!name)
        return ND_DIGEST_MATCH;
    return strcmp(name, "new") == 0       ? ND_DIGEST_NEW
           : strcmp(name, "changed") == 0 ? ND_DIGEST_CHANGED
                                          : ND_DIGEST_NO_LONGER;
}

/* The entry of a key, made where there is none (*made). */
static int entry_of(struct nd_digest *d, const uint64_t key[3], struct nd_digest_entry **out,
                    bool *made, struct nd_error *err)
{
    uint32_t number, known = d->seen.count;
    if (d->n == d->cap) {
        size_t cap = d->cap ? d->cap * 2 : 256;
        struct nd_digest_entry **v = realloc(d->v, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        d->v = v;
        d->cap = cap;
    }
    if (nd_map_intern(&d->seen, (const char *)key, 3 * sizeof *key, &number))
        return no_memory(err);
    *made = number == known;
    if (*made) {
        struct nd_digest_entry *e = nd_arena_alloc(&d->arena, sizeof *e);
        if (!e)
            return no_memory(err);
        memset(e, 0, sizeof *e);
        d->v[d->n++] = e;
    }
    *out = d->v[number];
    return 0;
}

static int add_label(struct nd_digest *d, struct nd_digest_entry *e, enum nd_digest_event event,
                     struct nd_error *err)
{
    struct nd_digest_label *l = nd_arena_alloc(&d->arena, sizeof *l);
    if (!l)
        return no_memory(err);
    *l = (struct nd_digest_label){NULL, (uint32_t)d->queries_n - 1, event};
    if (e->last)
        e->last->next = l;
    else
        e->labels = l;
    /* who was told of an article before is told of a change, whatever other queries find in it */
    if (!e->last)
        e->event = event;
    else if (e->event != event)
        e->event = ND_DIGEST_CHANGED;
    e->last = l;
    return 0;
}

static int copy_view(struct nd_digest *d, struct nd_digest_entry *e, const struct nd_view *v,
                     struct nd_error *err)
{
    int rc = copy(d, &e->id, v->id, err);
    if (!rc)
        rc = copy(d, &e->title, v->title, err);
    if (!rc)
        rc = copy(d, &e->date, v->date, err);
    if (!rc)
        rc = copy(d, &e->source, v->source, err);
    if (!rc)
        rc = copy(d, &e->url, v->url, err);
    if (rc || !v->snippet || !v->snippet->text.n)
        return rc;
    rc = copy(d, &e->snippet.text, v->snippet->text, err);
    e->snippet.marks_n = v->snippet->marks_n;
    e->snippet.marks =
        rc ? NULL : nd_arena_array(&d->arena, v->snippet->marks_n + 1, sizeof *e->snippet.marks);
    if (!rc && !e->snippet.marks)
        rc = no_memory(err);
    if (!rc && v->snippet->marks_n)
        memcpy(e->snippet.marks, v->snippet->marks, v->snippet->marks_n * sizeof *e->snippet.marks);
    return rc;
}

int nd_digest_add(struct nd_digest *d, const struct nd_hit *hit, const struct nd_view *v,
                  struct nd_error *err)
{
    static const enum nd_column_id used[] = {ND_COL_PUBLISHED, ND_COL_ID, ND_COL_LAST_REV};
    const uint64_t key[3] = {0, hit->segment, hit->docid};
    struct nd_digest_entry *e;
    struct nd_columns *c;
    bool made;
    int rc = entry_of(d, key, &e, &made, err);
    if (!rc)
        rc = add_label(d, e, event_named(v->event), err);
    if (rc || !made)
        return rc;
    rc = nd_segment_columns(&d->ix->segments[hit->segment], &c, err);
    for (size_t i = 0; !rc && i < sizeof used / sizeof used[0]; i++)
        rc = nd_column_check(c, used[i], err);
    if (rc)
        return rc;
    e->segment = hit->segment;
    e->docid = hit->docid;
    e->published = nd_column_i64(c, ND_COL_PUBLISHED, hit->docid);
    e->tie = nd_column_u64(c, ND_COL_ID, hit->docid);
    e->revision = nd_column_u32(c, ND_COL_LAST_REV, hit->docid);
    e->story = nd_story_of(d->stories, hit->segment, hit->docid);
    return copy_view(d, e, v, err);
}

int nd_digest_withdrawn(struct nd_digest *d, uint64_t id, struct nd_error *err)
{
    const uint64_t key[3] = {1, id, 0};
    struct nd_digest_entry *e;
    bool made;
    int rc = entry_of(d, key, &e, &made, err);
    if (rc)
        return rc;
    e->id_hash = id;
    return add_label(d, e, ND_DIGEST_WITHDRAWN, err);
}

/* By section, newest first; the instant of an undated article is the least there is. */
static int by_place(const void *pa, const void *pb)
{
    const struct nd_digest_entry *a = *(struct nd_digest_entry *const *)pa;
    const struct nd_digest_entry *b = *(struct nd_digest_entry *const *)pb;
    if (a->event != b->event)
        return a->event < b->event ? -1 : 1;
    if (a->published != b->published)
        return a->published > b->published ? -1 : 1;
    if (a->tie != b->tie)
        return a->tie < b->tie ? -1 : 1;
    return a->id_hash < b->id_hash ? -1 : a->id_hash > b->id_hash;
}

/* Does an entry bring a query to its story that others have not brought? */
static int share_labels(struct nd_digest *d, struct nd_digest_entry *lead,
                        const struct nd_digest_entry *from, struct nd_error *err)
{
    for (const struct nd_digest_label *l = from->labels; l; l = l->next) {
        const struct nd_digest_label *k = lead->labels;
        while (k && k->query != l->query)
            k = k->next;
        struct nd_digest_label *more = k ? NULL : nd_arena_alloc(&d->arena, sizeof *more);
        if (k)
            continue;
        if (!more)
            return no_memory(err);
        *more = (struct nd_digest_label){NULL, l->query, l->event};
        lead->last->next = more;
        lead->last = more;
    }
    return 0;
}

/* Sort, and put near-copies of one section under the one that was printed first, at the place of the newest. */
static int order(struct nd_digest *d, struct nd_error *err)
{
    struct nd_map told; /* (section, story) -> number of arrival */
    size_t n = 0, *place = nd_arena_array(&d->arena, d->n + 1, sizeof *place);
    if (!place || nd_map_init(&told, SIZE_MAX / 2))
        return no_memory(err);
    if (d->n)
        qsort(d->v, d->n, sizeof *d->v, by_place);
    int rc = 0;
    for (size_t i = 0; !rc && i < d->n; i++) {
        struct nd_digest_entry *e = d->v[i];
        uint64_t key[2] = {(uint64_t)e->event, e->story};
        uint32_t number = 0, known = told.count;
        d->counts[e->event]++;
        if (e->story && nd_map_intern(&told, (const char *)key, sizeof key, &number))
            rc = no_memory(err);
        if (rc)
            break;
        if (e->story && number < known) {
            struct nd_digest_entry *lead = d->v[place[number]], **at;
            if (nd_story_earlier(d->ix, e->segment, e->docid, lead->segment, lead->docid) < 0) {
                e->copies = lead->copies;
                lead->copies = NULL;
                d->v[place[number]] = e;
                struct nd_digest_entry *was = lead;
                lead = e;
                e = was;
            }
            for (at = &lead->copies; *at; at = &(*at)->copies)
                ;
            *at = e;
            rc = share_labels(d, lead, e, err);
            continue;
        }
        if (e->story)
            place[number] = n;
        d->v[n++] = e;
    }
    nd_map_free(&told);
    d->n = n;
    return rc;
}

int nd_digest_write(struct nd_digest *d, struct nd_buf *out, struct nd_error *err)
{
    static const struct {
        const char *name;
        void (*put)(const struct nd_digest *d, struct nd_buf *out);
    } forms[] = {{"text", nd_digest_put_text},
                 {"markdown", nd_digest_put_markdown},
                 {"html", nd_digest_put_html},
                 {"rss", nd_digest_put_rss}};
    int rc = order(d, err);
    bool always = strcmp(d->form, "rss") == 0;
    for (size_t i = 0; !rc && (d->n || always) && i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(forms[i].name, d->form) == 0)
            forms[i].put(d, out);
    return rc;
}
