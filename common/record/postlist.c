#include "record/postlist.h"

#include "record/table_cursor.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_MAX = 1 << 24 /* bytes of a chunk in several items */
};

struct nd_postlist {
    struct table_cursor c; /* at the open chunk; what is still to be decoded of it */
    struct place key;      /* of the term, as it begins the keys of all chunks */
    bool lengths;          /* the list of all documents' lengths, which is no term's */
    uint32_t freq;
    uint64_t collfreq;
    /* the open chunk */
    uint32_t docid;      /* given last, or where the chunk begins */
    uint32_t chunk_last; /* last docid of the chunk */
    bool begun;          /* the chunk's first posting was given */
    bool last;           /* no chunk follows */
};

static int get_u32(struct nd_postlist *p, uint32_t *out)
{
    uint64_t v = 0;
    if (nd_get_varint(&p->c.at, p->c.to, &v) || v > UINT32_MAX)
        return ND_CORRUPT;
    *out = (uint32_t)v;
    return 0;
}

static int damaged(const struct nd_postlist *p, const char *what, struct nd_error *err)
{
    return tablesums_damaged(p->c.t, p->c.x, what, err);
}

/* The bytes of a chunk whose first item is at hand. */
static int chunk_tag(struct nd_postlist *p, const struct table_item *first, struct nd_error *err)
{
    if (first->flags & ITEM_COMPRESSED)
        return damaged(p, "a posting list is compressed", err);
    return table_cursor_tag(&p->c, first, err);
}

/* What every chunk begins with; its first docid is known. */
static int open_chunk(struct nd_postlist *p, uint32_t first, struct nd_error *err)
{
    uint32_t span = 0;
    if (p->c.at == p->c.to || (*p->c.at != '0' && *p->c.at != '1'))
        return damaged(p, "a chunk of a posting list is none", err);
    p->last = *p->c.at++ == '1';
    if (get_u32(p, &span) || first == 0 || span > UINT32_MAX - first)
        return damaged(p, "a chunk of a posting list is none", err);
    p->docid = first;
    p->chunk_last = first + span;
    p->begun = false;
    return 0;
}

/* The docid at the end of a further chunk's key. */
static int key_docid(const struct nd_postlist *p, const struct table_item *i, uint32_t *out)
{
    size_t n = p->key.n;
    if (i->key_n < n + (p->lengths ? 2 : 3) || memcmp(i->key, p->key.key, n) != 0 ||
        (!p->lengths && i->key[n++] != 0))
        return ND_DONE;
    const unsigned char *k = i->key + n, *end = i->key + i->key_n;
    struct place same = {.n = 0};
    uint64_t v = k[0] < 0x80   ? k[0]
                 : k[0] < 0xc0 ? k[0] & 0x3f
                 : k[0] < 0xe0 ? k[0] & 0x1f
                               : k[0] & 0xf;
    for (k++; k < end; k++)
        v = v << 8 | *k;
    if (v > UINT32_MAX)
        return ND_DONE;
    tablesums_put_docid(&same, (uint32_t)v);
    if (same.n != i->key_n - n || memcmp(same.key, i->key + n, same.n) != 0)
        return ND_DONE;
    *out = (uint32_t)v;
    return 0;
}

/* The chunk whose first item is at hand. */
static int further_chunk(struct nd_postlist *p, const struct table_item *i, struct nd_error *err)
{
    uint32_t first = 0;
    if (key_docid(p, i, &first) || !(i->flags & ITEM_FIRST) || first <= p->chunk_last)
        return damaged(p, "a chunk of a posting list is not where it should be", err);
    int rc = chunk_tag(p, i, err);
    return rc ? rc : open_chunk(p, first, err);
}

static int next_chunk(struct nd_postlist *p, struct nd_error *err)
{
    struct table_item i;
    if (p->last)
        return ND_DONE;
    int rc = table_cursor_next(&p->c, &i, err);
    if (rc == ND_DONE)
        return damaged(p, "a posting list is cut short", err);
    return rc ? rc : further_chunk(p, &i, err);
}

/* Open the list whose keys begin with p->key: its first chunk. */
static int begin_at(struct nd_postlist *p, struct nd_error *err)
{
    struct table_item i;
    uint32_t before = 0;
    if (!p->c.x->blocks)
        return ND_DONE;
    int rc = table_cursor_find(&p->c, &p->key, &i, err);
    if (rc)
        return rc;
    if (i.key_n != p->key.n || memcmp(i.key, p->key.key, i.key_n) != 0)
        return ND_DONE;
    if ((rc = chunk_tag(p, &i, err)))
        return rc;
    if (get_u32(p, &p->freq) || nd_get_varint(&p->c.at, p->c.to, &p->collfreq) ||
        get_u32(p, &before) || before == UINT32_MAX || (p->freq == 0) != p->lengths)
        return damaged(p, "a posting list is none", err);
    return open_chunk(p, before + 1, err);
}

static void init(struct nd_postlist *p, struct nd_tablesums *t, bool lengths)
{
    *p =
        (struct nd_postlist){.c = {.t = t, .x = &t->tables[ND_TABLE_POSTLIST]}, .lengths = lengths};
    nd_buf_init(&p->c.whole, CHUNK_MAX);
}

static int begin(struct nd_postlist *p, struct nd_tablesums *t, const char *term, size_t n,
                 struct nd_error *err)
{
    init(p, t, false);
    if (n == 0)
        return ND_DONE;
    tablesums_term_key(&p->key, term, n);
    return begin_at(p, err);
}

int nd_postlist_open(struct nd_postlist **out, struct nd_tablesums *t, const char *term, size_t n,
                     struct nd_error *err)
{
    struct nd_postlist *p = malloc(sizeof *p);
    *out = NULL;
    if (!p)
        return nd_fail(err, ND_NOMEM, "out of memory for a posting list");
    int rc = begin(p, t, term, n, err);
    if (rc)
        nd_postlist_close(p);
    else
        *out = p;
    return rc;
}

int nd_postlist_stats(uint32_t *termfreq, uint64_t *collfreq, struct nd_tablesums *t,
                      const char *term, size_t n, struct nd_error *err)
{
    struct nd_postlist p;
    int rc = begin(&p, t, term, n, err);
    *termfreq = rc ? 0 : p.freq;
    *collfreq = rc ? 0 : p.collfreq;
    nd_buf_free(&p.c.whole);
    return rc == ND_DONE ? 0 : rc;
}

uint32_t nd_postlist_freq(const struct nd_postlist *p)
{
    return p->freq;
}

/* A number that is nearly always one byte. */
static inline int get_small(const unsigned char **at, const unsigned char *to, uint32_t *out)
{
    uint64_t v = 0;
    if (*at < to && **at < 0x80) {
        *out = *(*at)++;
        return 0;
    }
    if (nd_get_varint(at, to, &v) || v > UINT32_MAX)
        return ND_CORRUPT;
    *out = (uint32_t)v;
    return 0;
}

/* Postings of the open chunk, up to the first one at or behind target, which is the last given where there is one.
 * keep: only that one is wanted. */
static int decode(struct nd_postlist *p, uint32_t target, bool keep, uint32_t *docids,
                  uint32_t *wdfs, size_t cap, size_t *got, struct nd_error *err)
{
    const unsigned char *at = p->c.at, *to = p->c.to;
    uint32_t docid = p->docid, last = p->chunk_last, step = 0, wdf = 0;
    size_t n = 0;
    bool begun = p->begun, good = true;
    while (n < cap && (!begun || at < to)) {
        if (begun) {
            good = get_small(&at, to, &step) == 0 && step < last - docid;
            if (!good)
                break;
            docid += step + 1;
        }
        begun = true;
        if (!(good = get_small(&at, to, &wdf) == 0))
            break;
        if (keep && docid < target)
            continue;
        docids[n] = docid;
        if (wdfs)
            wdfs[n] = wdf;
        n++;
        if (docid >= target)
            break;
    }
    p->c.at = at;
    p->docid = docid;
    p->begun = begun;
    *got = n;
    if (!good || (at == to && docid != last))
        return damaged(p, "a posting list is not in order", err);
    return 0;
}

int nd_postlist_fill(struct nd_postlist *p, uint32_t *docids, uint32_t *wdfs, size_t cap,
                     size_t *got, struct nd_error *err)
{
    *got = 0;
    while (*got < cap) {
        size_t n = 0;
        if (p->begun && p->c.at == p->c.to) {
            int rc = next_chunk(p, err);
            if (rc == ND_DONE)
                break;
            if (rc)
                return rc;
        }
        int rc = decode(p, UINT32_MAX, false, docids + *got, wdfs ? wdfs + *got : NULL, cap - *got,
                        &n, err);
        if (rc)
            return rc;
        *got += n;
    }
    return *got || !cap ? 0 : ND_DONE;
}

/* Open the chunk that holds the first posting at or behind target, which the open one does not. */
static int leap(struct nd_postlist *p, uint32_t target, struct nd_error *err)
{
    struct place k = p->key;
    struct table_item i;
    uint32_t first = 0;
    if (p->last)
        return ND_DONE;
    uint32_t leaf = p->c.leaf, item = p->c.item;
    if (!p->lengths)
        k.key[k.n++] = 0;
    tablesums_put_docid(&k, target);
    int rc = table_cursor_find(&p->c, &k, &i, err);
    if (rc == 0 && key_docid(p, &i, &first) == 0 && first > p->chunk_last) {
        if ((rc = further_chunk(p, &i, err)))
            return rc;
        return p->chunk_last >= target ? 0 : next_chunk(p, err);
    }
    if (rc && rc != ND_DONE)
        return rc;
    p->c.leaf = leaf; /* it lies between two chunks */
    p->c.item = item;
    return next_chunk(p, err);
}

int nd_postlist_skip(struct nd_postlist *p, uint32_t target, uint32_t *docid, uint32_t *wdf,
                     struct nd_error *err)
{
    for (;;) {
        size_t n = 0;
        int rc;
        if (target > p->chunk_last || (p->begun && p->c.at == p->c.to)) {
            rc = target > p->chunk_last ? leap(p, target, err) : next_chunk(p, err);
            if (rc)
                return rc;
        }
        if ((rc = decode(p, target, true, docid, wdf, 1, &n, err)))
            return rc;
        if (n)
            return 0;
    }
}

void nd_postlist_close(struct nd_postlist *p)
{
    if (!p)
        return;
    nd_buf_free(&p->c.whole);
    free(p);
}

enum {
    LENGTHS_AHEAD = 256 /* looked up together: matches are rarely alone */
};

struct nd_lengths {
    struct nd_postlist list;
    bool open;
    uint32_t n;
    uint32_t *known; /* by docid: the length + 1, 0 not looked up */
};

int nd_lengths_open(struct nd_lengths **out, struct nd_tablesums *t, uint32_t last_docid,
                    struct nd_error *err)
{
    struct nd_lengths *l = calloc(1, sizeof *l);
    *out = l;
    if (l)
        l->known = calloc((size_t)last_docid + 1, sizeof *l->known);
    if (!l || !l->known) {
        nd_lengths_close(l);
        *out = NULL;
        return nd_fail(err, ND_NOMEM, "out of memory for the lengths of documents");
    }
    l->n = last_docid;
    init(&l->list, t, true);
    return 0;
}

/* Stand before the list again, where a docid lies behind. */
static int reopen(struct nd_lengths *l, struct nd_error *err)
{
    struct nd_tablesums *t = l->list.c.t;
    nd_buf_free(&l->list.c.whole);
    init(&l->list, t, true);
    l->list.key.key[0] = 0;
    l->list.key.key[1] = 0xe0;
    l->list.key.n = 2;
    l->list.key.x = 1;
    int rc = begin_at(&l->list, err);
    l->open = rc == 0;
    return rc;
}

static int look_up(struct nd_lengths *l, uint32_t docid, struct nd_error *err)
{
    uint32_t docids[LENGTHS_AHEAD], lengths[LENGTHS_AHEAD], at = 0;
    size_t n = 0;
    int rc = 0;
    if (!l->open || (l->list.begun && docid <= l->list.docid))
        rc = reopen(l, err);
    if (rc == 0)
        rc = nd_postlist_skip(&l->list, docid, &at, lengths, err);
    if (rc)
        return rc;
    if (at <= l->n)
        l->known[at] = lengths[0] + 1;
    rc = nd_postlist_fill(&l->list, docids, lengths, LENGTHS_AHEAD, &n, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (docids[i] <= l->n)
            l->known[docids[i]] = lengths[i] + 1;
    return rc == ND_DONE ? 0 : rc;
}

int nd_lengths_get(struct nd_lengths *l, uint32_t docid, uint32_t *length, struct nd_error *err)
{
    int rc = docid == 0 || docid > l->n ? ND_DONE : 0;
    *length = 0;
    if (rc == 0 && l->known[docid] == 0)
        rc = look_up(l, docid, err);
    if (rc == ND_DONE || (rc == 0 && l->known[docid] == 0))
        return nd_fail(err, ND_MISSING, "no such document: %u", docid);
    if (rc == 0)
        *length = l->known[docid] - 1;
    return rc;
}

void nd_lengths_close(struct nd_lengths *l)
{
    if (!l)
        return;
    nd_buf_free(&l->list.c.whole);
    free(l->known);
    free(l);
}
