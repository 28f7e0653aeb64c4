#include "segment/glass_postlist.h"

#include "segment/glass_encode.h"

#include <stdlib.h>
#include <string.h>

enum {
    ENTRY_MAX = 16 /* bytes of a posting, and of the number between two chunks */
};

int nd_postlist_init(struct nd_postlist *l, struct nd_glass_table *table, struct nd_error *err)
{
    *l = (struct nd_postlist){.table = table};
    l->body = malloc(ND_POSTLIST_HEAD + ND_POSTLIST_CHUNK + ND_POSTLIST_CHUNK_MAX + 2 * ENTRY_MAX);
    if (!l->body)
        return nd_fail(err, ND_NOMEM, "cannot write postings: out of memory");
    return 0;
}

void nd_postlist_free(struct nd_postlist *l)
{
    free(l->body);
    *l = (struct nd_postlist){0};
}

void nd_postlist_begin(struct nd_postlist *l, const unsigned char *term, size_t n, uint64_t tf,
                       uint64_t cf)
{
    memcpy(l->key, term, n);
    l->key[n] = 0; /* ends the term where a docid follows */
    l->key_n = n;
    l->key_stem = n + 1;
    l->tf = tf;
    l->cf = cf;
    l->head = true;
    l->n = 0;
    l->last = 0;
}

void nd_postlist_begin_lengths(struct nd_postlist *l)
{
    nd_postlist_begin(l, (const unsigned char *)"\0\xe0", 2, 0, 0);
    l->key_stem = 2;
}

static int write_chunk(struct nd_postlist *l, bool is_last, struct nd_error *err)
{
    unsigned char head[ND_POSTLIST_HEAD];
    unsigned char *p = head;
    size_t key_n = l->key_n;
    if (l->head) {
        p = nd_glass_put_uint(p, l->tf);
        p = nd_glass_put_uint(p, l->cf);
        p = nd_glass_put_uint(p, l->first - 1);
    } else {
        key_n = l->key_stem + nd_glass_put_docid(l->key + l->key_stem, l->first);
    }
    *p++ = is_last ? '1' : '0';
    p = nd_glass_put_uint(p, l->last - l->first);
    size_t n = (size_t)(p - head);
    unsigned char *tag = l->body + ND_POSTLIST_HEAD - n;
    memcpy(tag, head, n);
    l->head = false;
    int rc = nd_glass_table_add(l->table, l->key, key_n, tag, n + l->n, false, err);
    l->n = 0;
    return rc;
}

int nd_postlist_add(struct nd_postlist *l, const uint32_t *docids, const uint32_t *wdfs,
                    size_t count, struct nd_error *err)
{
    unsigned char *const base = l->body + ND_POSTLIST_HEAD;
    unsigned char *p = base + l->n;
    for (size_t i = 0; i < count; i++) {
        uint32_t d = docids[i];
        if (d <= l->last)
            return nd_fail(err, ND_INTERNAL, "the docids of a posting list are not in order");
        if (p >= base + ND_POSTLIST_CHUNK) {
            l->n = (size_t)(p - base);
            int rc = write_chunk(l, false, err);
            if (rc)
                return rc;
            p = base;
        }
        if (p == base)
            l->first = d;
        else
            p = nd_glass_put_uint(p, d - l->last - 1);
        p = nd_glass_put_uint(p, wdfs ? wdfs[i] : 0);
        l->last = d;
    }
    l->n = (size_t)(p - base);
    return 0;
}

int nd_postlist_copy(struct nd_postlist *l, uint32_t first, uint32_t last,
                     const unsigned char *entries, size_t n, struct nd_error *err)
{
    if (first <= l->last || last < first || n == 0 || n > ND_POSTLIST_CHUNK_MAX)
        return nd_fail(err, ND_CORRUPT,
                       "a chunk of a posting list is out of order or has %zu bytes", n);
    if (l->n && l->n + n > ND_POSTLIST_CHUNK) {
        int rc = write_chunk(l, false, err);
        if (rc)
            return rc;
    }
    unsigned char *p = l->body + ND_POSTLIST_HEAD + l->n;
    if (l->n == 0)
        l->first = first;
    else
        p = nd_glass_put_uint(p, first - l->last - 1);
    memcpy(p, entries, n);
    l->n = (size_t)(p + n - (l->body + ND_POSTLIST_HEAD));
    l->last = last;
    return 0;
}

int nd_postlist_end(struct nd_postlist *l, struct nd_error *err)
{
    return l->n ? write_chunk(l, true, err) : 0;
}
