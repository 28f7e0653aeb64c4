#include "record/events.h"

#include "base/hash.h"
#include "record/sections.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROWS = 1, /* section */
    ROW = 16,
    VERSION = 1,
    PIECE = 1 << 20 /* bytes that are copied at once */
};

uint64_t nd_event_id(const char uuid[37], const char *id, size_t n)
{
    return nd_hash64(id, n, nd_hash64(uuid, 36, 0));
}

static int reserve(struct nd_events *e, size_t more)
{
    if (more <= e->cap - e->n)
        return 0;
    size_t cap = e->cap ? e->cap : 1024;
    while (cap - e->n < more) {
        if (cap > SIZE_MAX / 2 / sizeof *e->v)
            return ND_NOMEM;
        cap *= 2;
    }
    struct nd_event *v = realloc(e->v, cap * sizeof *v);
    if (!v)
        return ND_NOMEM;
    e->v = v;
    e->cap = cap;
    return 0;
}

int nd_events_add(struct nd_events *e, uint32_t revision, enum nd_event_kind kind, uint64_t id)
{
    int rc = reserve(e, 1);
    if (!rc)
        e->v[e->n++] = (struct nd_event){revision, kind, id};
    return rc;
}

int nd_events_load(struct nd_events *e, const char *path, struct nd_error *err)
{
    struct nd_sections s;
    int rc = nd_sections_open(&s, path, "EVNT", VERSION, err);
    if (rc)
        return rc;
    struct nd_section rows = nd_sections_get(&s, ROWS);
    rc = nd_sections_verify(&s, err);
    if (!rc && rows.n % ROW)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: half a row", path);
    if (!rc && reserve(e, rows.n / ROW))
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; !rc && i < rows.n / ROW; i++) {
        const unsigned char *p = rows.p + i * ROW;
        e->v[e->n++] = (struct nd_event){nd_load32(p), nd_load32(p + 4), nd_load64(p + 8)};
    }
    nd_sections_close(&s);
    return rc;
}

/* Copy the rows of a file. */
static int copy(struct nd_sections_writer *w, const char *path, struct nd_error *err)
{
    struct nd_sections s;
    int rc = nd_sections_open(&s, path, "EVNT", VERSION, err);
    if (rc)
        return rc;
    struct nd_section rows = nd_sections_get(&s, ROWS);
    nd_sections_bound(&s, PIECE);
    if (rows.n % ROW)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: half a row", path);
    for (size_t at = 0; at < rows.n && !rc; at += PIECE) {
        size_t n = rows.n - at < PIECE ? rows.n - at : PIECE;
        rc = nd_sections_touch(&s, rows.p + at, n, err);
        if (!rc)
            nd_sections_write(w, rows.p + at, n); /* a failure is told by finish */
    }
    nd_sections_close(&s);
    return rc;
}

int nd_events_write(const struct nd_events *e, const char *before, const char *path,
                    struct nd_error *err)
{
    struct nd_sections_writer *w;
    int rc = nd_sections_create(&w, path, "EVNT", VERSION, err);
    if (rc)
        return rc;
    nd_sections_begin(w, ROWS);
    rc = before ? copy(w, before, err) : 0;
    if (rc) {
        nd_sections_abandon(w);
        return rc;
    }
    for (size_t i = 0; i < e->n; i++) {
        unsigned char row[ROW];
        nd_store32(row, e->v[i].revision);
        nd_store32(row + 4, e->v[i].kind);
        nd_store64(row + 8, e->v[i].id);
        nd_sections_write(w, row, sizeof row);
    }
    nd_sections_end(w);
    return nd_sections_finish(w, NULL, err);
}

void nd_events_free(struct nd_events *e)
{
    free(e->v);
    *e = (struct nd_events){0};
}
