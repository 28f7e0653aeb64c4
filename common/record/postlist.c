#include "record/postlist.h"

#include "record/tablesums_in.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST = 0x2000, /* bits of an item's size: its first component, its last one, compressed */
    LAST = 0x4000,
    COMPRESSED = 0x8000,
    SIZE = 0x1fff,
    CHUNK_MAX = 1 << 24 /* bytes of a chunk in several items */
};

struct nd_postlist {
    struct nd_tablesums *t;
    struct table *x;
    struct place key; /* of the term */
    uint32_t freq;
    uint64_t collfreq;
    /* the open chunk */
    uint32_t leaf, item;          /* where its last component is */
    const unsigned char *at, *to; /* what is still to be decoded */
    uint32_t docid;               /* given last, or where the chunk begins */
    uint32_t chunk_last;          /* last docid of the chunk */
    bool begun;                   /* the chunk's first posting was given */
    bool last;                    /* no chunk follows */
    struct nd_buf whole;          /* a chunk of several items, put together */
};

/* An item of a leaf. */
struct item {
    const unsigned char *key, *tag;
    size_t key_n, tag_n;
    uint32_t flags, x;
};

static int damaged(const struct nd_postlist *p, const char *what, struct nd_error *err)
{
    return tablesums_damaged(p->t, p->x, what, err);
}

static uint32_t get16(const unsigned char *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t items(const unsigned char *block)
{
    return (get16(block + 9) - BLOCK_HEAD) / 2;
}

static int get_item(const struct nd_postlist *p, const unsigned char *block, uint32_t i,
                    struct item *out, struct nd_error *err)
{
    uint32_t at = get16(block + BLOCK_HEAD + 2 * i), size = p->x->block_size;
    if (at + 3 > size)
        return damaged(p, "an item lies outside of its block", err);
    const unsigned char *q = block + at;
    out->flags = get16(q);
    size_t n = (out->flags & SIZE) + 3U, head = out->flags & FIRST ? 3 : 5;
    out->key_n = q[2];
    if (at + n > size || head + out->key_n > n)
        return damaged(p, "an item lies outside of its block", err);
    out->key = q + 3;
    out->x = out->flags & FIRST ? 1 : get16(q + 3 + out->key_n);
    out->tag = q + head + out->key_n;
    out->tag_n = n - head - out->key_n;
    return 0;
}

/* A leaf in memory. Fails: also where the block is none. */
static int leaf_at(const struct nd_postlist *p, uint32_t number, const unsigned char **out,
                   struct nd_error *err)
{
    int rc = tablesums_block(p->t, p->x, number, out, err);
    return rc ? rc : (*out)[4] ? damaged(p, "a leaf is none", err) : 0;
}

/* Stand at the item after p->leaf, p->item. Return: ND_DONE at the end of the table. */
static int next_item(struct nd_postlist *p, struct item *out, struct nd_error *err)
{
    const unsigned char *block = NULL;
    int rc = leaf_at(p, p->leaf, &block, err);
    if (rc)
        return rc;
    if (++p->item < items(block))
        return get_item(p, block, p->item, out, err);
    for (uint32_t n = p->leaf + 1; n < p->x->blocks; n++) { /* branch blocks lie between */
        if ((rc = tablesums_block(p->t, p->x, n, &block, err)))
            return rc;
        if (block[4])
            continue;
        p->leaf = n;
        p->item = 0;
        return get_item(p, block, 0, out, err);
    }
    return ND_DONE;
}

/* Stand at the last first component whose place is not behind `at`. Return: ND_DONE if there is none. */
static int find_item(struct nd_postlist *p, const struct place *at, struct item *out,
                     struct nd_error *err)
{
    const unsigned char *block = NULL;
    uint32_t leaf = 0;
    int rc = tablesums_find(p->t, p->x, at, &leaf, err);
    if (!rc)
        rc = leaf_at(p, leaf, &block, err);
    if (rc)
        return rc;
    uint32_t low = 0, high = items(block); /* items before low are not behind it */
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if ((rc = get_item(p, block, mid, out, err)))
            return rc;
        if (tablesums_compare(out->key, out->key_n, out->x, at) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (;;) { /* the item before low, or what comes before it */
        while (low == 0) {
            do {
                if (leaf == 0)
                    return ND_DONE;
                if ((rc = tablesums_block(p->t, p->x, --leaf, &block, err)))
                    return rc;
            } while (block[4]);
            low = items(block);
        }
        low--;
        if ((rc = get_item(p, block, low, out, err)))
            return rc;
        if (out->flags & FIRST)
            break;
    }
    p->leaf = leaf;
    p->item = low;
    return 0;
}

/* The tag of the item at which p stands; p ends at its last component. */
static int read_tag(struct nd_postlist *p, const struct item *first, struct nd_error *err)
{
    p->at = first->tag;
    p->to = first->tag + first->tag_n;
    if (first->flags & COMPRESSED)
        return damaged(p, "a posting list is compressed", err);
    if (first->flags & LAST)
        return 0;
    nd_buf_reset(&p->whole);
    int rc = nd_buf_add(&p->whole, first->tag, first->tag_n);
    struct item i;
    for (uint32_t x = 2; !rc; x++) {
        if ((rc = next_item(p, &i, err)))
            return rc == ND_DONE ? damaged(p, "a posting list is cut short", err) : rc;
        if (i.flags & FIRST || i.x != x || i.key_n != first->key_n ||
            memcmp(i.key, first->key, i.key_n) != 0)
            return damaged(p, "a posting list is cut short", err);
        rc = nd_buf_add(&p->whole, i.tag, i.tag_n);
        if (i.flags & LAST)
            break;
    }
    if (rc == ND_LIMIT)
        return damaged(p, "a chunk of a posting list is too long", err);
    if (rc)
        return nd_fail(err, rc, "out of memory for a posting list");
    p->at = (const unsigned char *)p->whole.data;
    p->to = p->at + p->whole.len;
    return 0;
}

static int get_u32(struct nd_postlist *p, uint32_t *out)
{
    uint64_t v = 0;
    if (nd_get_varint(&p->at, p->to, &v) || v > UINT32_MAX)
        return ND_CORRUPT;
    *out = (uint32_t)v;
    return 0;
}

/* What every chunk begins with; its first docid is known. */
static int open_chunk(struct nd_postlist *p, uint32_t first, struct nd_error *err)
{
    uint32_t span = 0;
    if (p->at == p->to || (*p->at != '0' && *p->at != '1'))
        return damaged(p, "a chunk of a posting list is none", err);
    p->last = *p->at++ == '1';
    if (get_u32(p, &span) || first == 0 || span > UINT32_MAX - first)
        return damaged(p, "a chunk of a posting list is none", err);
    p->docid = first;
    p->chunk_last = first + span;
    p->begun = false;
    return 0;
}

/* The docid at the end of a further chunk's key. */
static int key_docid(const struct nd_postlist *p, const struct item *i, uint32_t *out)
{
    size_t n = p->key.n;
    if (i->key_n < n + 3 || i->key[n] != 0 || memcmp(i->key, p->key.key, n) != 0)
        return ND_DONE;
    const unsigned char *k = i->key + n + 1, *end = i->key + i->key_n;
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
    if (same.n != i->key_n - n - 1 || memcmp(same.key, i->key + n + 1, same.n) != 0)
        return ND_DONE;
    *out = (uint32_t)v;
    return 0;
}

/* The chunk whose first item is at hand. */
static int further_chunk(struct nd_postlist *p, const struct item *i, struct nd_error *err)
{
    uint32_t first = 0;
    if (key_docid(p, i, &first) || !(i->flags & FIRST) || first <= p->chunk_last)
        return damaged(p, "a chunk of a posting list is not where it should be", err);
    int rc = read_tag(p, i, err);
    return rc ? rc : open_chunk(p, first, err);
}

static int next_chunk(struct nd_postlist *p, struct nd_error *err)
{
    struct item i;
    if (p->last)
        return ND_DONE;
    int rc = next_item(p, &i, err);
    if (rc == ND_DONE)
        return damaged(p, "a posting list is cut short", err);
    return rc ? rc : further_chunk(p, &i, err);
}

/* Fill in a list: the term's first chunk. */
static int begin(struct nd_postlist *p, struct nd_tablesums *t, const char *term, size_t n,
                 struct nd_error *err)
{
    struct item i;
    uint32_t before = 0;
    *p = (struct nd_postlist){.t = t, .x = &t->tables[ND_TABLE_POSTLIST]};
    nd_buf_init(&p->whole, CHUNK_MAX);
    if (n == 0 || !p->x->blocks)
        return ND_DONE;
    tablesums_term_key(&p->key, term, n);
    int rc = find_item(p, &p->key, &i, err);
    if (rc)
        return rc;
    if (i.key_n != p->key.n || memcmp(i.key, p->key.key, i.key_n) != 0)
        return ND_DONE;
    if ((rc = read_tag(p, &i, err)))
        return rc;
    if (get_u32(p, &p->freq) || nd_get_varint(&p->at, p->to, &p->collfreq) || get_u32(p, &before) ||
        before == UINT32_MAX || p->freq == 0)
        return damaged(p, "a posting list is none", err);
    return open_chunk(p, before + 1, err);
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
    nd_buf_free(&p.whole);
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
    const unsigned char *at = p->at, *to = p->to;
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
    p->at = at;
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
        if (p->begun && p->at == p->to) {
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
    struct item i;
    uint32_t first = 0;
    if (p->last)
        return ND_DONE;
    uint32_t leaf = p->leaf, item = p->item;
    k.key[k.n++] = 0;
    tablesums_put_docid(&k, target);
    int rc = find_item(p, &k, &i, err);
    if (rc == 0 && key_docid(p, &i, &first) == 0 && first > p->chunk_last) {
        if ((rc = further_chunk(p, &i, err)))
            return rc;
        return p->chunk_last >= target ? 0 : next_chunk(p, err);
    }
    if (rc && rc != ND_DONE)
        return rc;
    p->leaf = leaf; /* it lies between two chunks */
    p->item = item;
    return next_chunk(p, err);
}

int nd_postlist_skip(struct nd_postlist *p, uint32_t target, uint32_t *docid, uint32_t *wdf,
                     struct nd_error *err)
{
    for (;;) {
        size_t n = 0;
        int rc;
        if (target > p->chunk_last || (p->begun && p->at == p->to)) {
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
    nd_buf_free(&p->whole);
    free(p);
}
