#include "segment/glass_merge_part.h"

#include <stdlib.h>
#include <string.h>

/* What a chunk holds beside its entries. */
struct chunk {
    uint64_t tf, cf;
    uint32_t first, last; /* docids in the input */
    bool head, is_last;
    const unsigned char *entries;
    size_t n;
};

enum {
    LENGTHS = 2 /* bytes of the key of the document lengths */
};

static bool is_lengths(const struct source *s)
{
    return s->group_n == LENGTHS && memcmp(s->group, "\0\xe0", LENGTHS) == 0;
}

/* Bytes of the key of a later chunk of the group, before its docid. */
static size_t stem(const struct source *s)
{
    return is_lengths(s) ? LENGTHS : s->group_n + 1;
}

/* Whether the cursor is at a later chunk of its group. */
static bool at_later_chunk(const struct source *s)
{
    const struct nd_glass_cursor *c = &s->cursor;
    size_t n = s->group_n;
    if (c->ended || c->key_n <= stem(s) || memcmp(c->key, s->group, n) != 0)
        return false;
    return is_lengths(s) || (c->key[n] == 0 && c->key[n + 1] != 0xff);
}

static int parse_chunk(const struct source *s, bool head, struct chunk *k, struct nd_error *err)
{
    const struct nd_glass_cursor *c = &s->cursor;
    const unsigned char *p = c->tag, *end = p + c->tag_n;
    uint32_t top = s->db.stats.last_docid;
    uint64_t first = 0, span = 0;
    *k = (struct chunk){.head = head};
    int rc = c->compressed ? ND_CORRUPT : 0;
    if (head) {
        rc = rc ? rc : nd_get_varint(&p, end, &k->tf);
        rc = rc ? rc : nd_get_varint(&p, end, &k->cf);
        rc = rc ? rc : nd_get_varint(&p, end, &first);
        if (rc || first >= top || k->tf > top || k->cf > UINT32_MAX)
            return nd_glass_corrupt(c, "bad head of a posting list", err);
        k->first = (uint32_t)first + 1;
    } else {
        size_t n = stem(s);
        if (nd_glass_get_docid(c->key + n, c->key_n - n, &k->first) != c->key_n - n ||
            k->first == 0 || k->first > top)
            return nd_glass_corrupt(c, "bad key of a posting list", err);
    }
    if (rc || p == end || (*p != '0' && *p != '1'))
        return nd_glass_corrupt(c, "bad chunk of a posting list", err);
    k->is_last = *p++ == '1';
    if (nd_get_varint(&p, end, &span) || span > top - k->first || p == end ||
        end - p > ND_POSTLIST_CHUNK_MAX)
        return nd_glass_corrupt(c, "bad chunk of a posting list", err);
    k->last = k->first + (uint32_t)span;
    k->entries = p;
    k->n = (size_t)(end - p);
    return 0;
}

/* Move past a chunk. *more: another one of the group follows. */
static int past_chunk(struct source *s, const struct chunk *k, bool *more, struct nd_error *err)
{
    bool is_last = k->is_last;
    int rc = nd_merge_step(s, err);
    if (rc)
        return rc;
    *more = at_later_chunk(s);
    return *more == !is_last ? 0 : nd_glass_corrupt(&s->cursor, "a posting list is cut", err);
}

static int grow(struct merge *m, struct nd_error *err)
{
    size_t cap = m->cap ? m->cap * 2 : 4096;
    uint32_t *d = realloc(m->docids, cap * sizeof *d);
    if (d)
        m->docids = d;
    uint32_t *w = d ? realloc(m->wdfs, cap * sizeof *w) : NULL;
    if (!w)
        return nd_merge_no_memory(m, err);
    m->wdfs = w;
    m->cap = cap;
    return 0;
}

/* Append the postings of a chunk that are not deleted to m->docids, under their new docids. */
static int decode_chunk(struct merge *m, struct source *s, const struct chunk *k, uint32_t *all,
                        struct nd_error *err)
{
    const unsigned char *p = k->entries, *end = p + k->n;
    uint64_t docid = k->first;
    for (;;) {
        uint64_t wdf, gap;
        if (nd_get_varint(&p, end, &wdf) || wdf > UINT32_MAX || docid > k->last)
            return nd_glass_corrupt(&s->cursor, "bad posting", err);
        ++*all;
        uint32_t to = nd_merge_docid(s, (uint32_t)docid);
        if (to) {
            int rc = m->count < m->cap ? 0 : grow(m, err);
            if (rc)
                return rc;
            m->docids[m->count] = to;
            m->wdfs[m->count++] = (uint32_t)wdf;
            s->tf++;
            s->cf += wdf;
        }
        if (p == end)
            break;
        if (nd_get_varint(&p, end, &gap) || gap >= UINT32_MAX)
            return nd_glass_corrupt(&s->cursor, "bad posting", err);
        docid += gap + 1;
    }
    return docid == k->last ? 0 : nd_glass_corrupt(&s->cursor, "bad posting", err);
}

/* Decode the list at the cursor and move past it. s->tf and s->cf become those of what is kept. */
static int decode_list(struct merge *m, struct source *s, uint32_t *all, struct nd_error *err)
{
    struct chunk k;
    uint64_t tf = 0;
    uint32_t last = 0;
    bool more = true;
    s->tf = s->cf = 0;
    *all = 0;
    for (bool head = true; more; head = false) {
        int rc = parse_chunk(s, head, &k, err);
        if (!rc && k.first <= last)
            rc = nd_glass_corrupt(&s->cursor, "chunks are not in order", err);
        if (!rc)
            rc = decode_chunk(m, s, &k, all, err);
        if (head)
            tf = k.tf;
        last = k.last;
        if (!rc)
            rc = past_chunk(s, &k, &more, err);
        if (rc)
            return rc;
    }
    if (tf != (is_lengths(s) ? 0 : *all))
        return nd_glass_corrupt(&s->cursor, "a posting list is cut", err);
    return 0;
}

/* Copy the list at the cursor chunk by chunk and move past it. */
static int copy_list(struct merge *m, struct source *s, struct nd_error *err)
{
    struct chunk k;
    uint32_t last = 0;
    bool more = true;
    for (bool head = true; more; head = false) {
        int rc = parse_chunk(s, head, &k, err);
        if (!rc && k.first <= last)
            rc = nd_glass_corrupt(&s->cursor, "chunks are not in order", err);
        last = k.last;
        if (!rc)
            rc = nd_postlist_copy(&m->g->postlist, k.first + s->base, k.last + s->base, k.entries,
                                  k.n, err);
        if (!rc)
            rc = past_chunk(s, &k, &more, err);
        if (rc)
            return rc;
    }
    return 0;
}

/* Write the list of a term from the `same` inputs. Those with deleted documents are decoded first,
 * as the head of the list tells how many postings follow; the others tell it themselves. */
static int merge_term(struct merge *m, size_t same, struct nd_error *err)
{
    const struct source *any = &m->sources[m->same[0]];
    const unsigned char *term = any->group;
    size_t term_n = any->group_n;
    if (term_n > ND_GLASS_TERM_MAX || nd_glass_term_length(term, term_n) != term_n)
        return nd_glass_corrupt(&any->cursor, "bad term", err);
    uint64_t tf = 0, cf = 0;
    m->count = 0;
    for (size_t i = 0; i < same; i++) {
        struct source *s = &m->sources[m->same[i]];
        struct chunk k;
        uint32_t all;
        int rc = s->renumber ? decode_list(m, s, &all, err) : parse_chunk(s, true, &k, err);
        if (rc)
            return rc;
        if (!s->renumber) {
            s->tf = k.tf;
            s->cf = k.cf;
        }
        tf += s->tf;
        cf += s->cf;
    }
    if (cf > UINT32_MAX)
        return nd_fail(err, ND_LIMIT, "a term has more than %u occurrences", UINT32_MAX);
    nd_postlist_begin(&m->g->postlist, term, term_n, tf, cf);
    m->g->terms += tf != 0;
    int rc = 0;
    size_t at = 0;
    for (size_t i = 0; !rc && i < same; i++) {
        struct source *s = &m->sources[m->same[i]];
        if (!s->renumber) {
            rc = copy_list(m, s, err);
            continue;
        }
        rc = nd_postlist_add(&m->g->postlist, m->docids + at, m->wdfs + at, (size_t)s->tf, err);
        for (size_t end = at + (size_t)s->tf; at < end; at++)
            nd_merge_wdf(m, m->wdfs[at]);
    }
    return rc ? rc : nd_postlist_end(&m->g->postlist, err);
}

/* The lengths are decoded for every input: they give the statistics. */
static int merge_lengths(struct merge *m, size_t same, struct nd_error *err)
{
    struct nd_glass_stats *st = &m->g->stats;
    m->count = 0;
    for (size_t i = 0; i < same; i++) {
        struct source *s = &m->sources[m->same[i]];
        int rc = decode_list(m, s, &s->lengths, err);
        if (rc)
            return rc;
    }
    for (size_t i = 0; i < m->count; i++) {
        uint32_t len = m->wdfs[i];
        st->length_sum += len;
        if (len > st->length_max)
            st->length_max = len;
        if (len && (!st->length_min || len < st->length_min))
            st->length_min = len;
    }
    st->documents = (uint32_t)m->count;
    nd_postlist_begin_lengths(&m->g->postlist);
    int rc = nd_postlist_add(&m->g->postlist, m->docids, m->wdfs, m->count, err);
    return rc ? rc : nd_postlist_end(&m->g->postlist, err);
}

static int merge_metadata(struct merge *m, size_t same, struct nd_error *err)
{
    const struct nd_glass_cursor *c = &m->sources[m->same[0]].cursor;
    int rc = nd_glass_table_add(&m->g->tables[ND_GLASS_POSTLIST], c->key, c->key_n, c->tag,
                                c->tag_n, c->compressed, err);
    for (size_t i = 0; !rc && i < same; i++)
        rc = nd_merge_step(&m->sources[m->same[i]], err);
    return rc;
}

int nd_merge_postlists(struct merge *m, struct nd_error *err)
{
    int rc = nd_merge_table(m, ND_GLASS_POSTLIST, err);
    m->g->in_postings = true; /* the lengths are not nd_glass_finish's to write */
    while (!rc && m->heap_n) {
        size_t same = nd_merge_pop(m);
        const struct source *s = &m->sources[m->same[0]];
        if (is_lengths(s))
            rc = merge_lengths(m, same, err);
        else if (s->group_n > 2 && s->group[0] == 0 && s->group[1] == 0xc0)
            rc = merge_metadata(m, same, err);
        else
            rc = merge_term(m, same, err);
        for (size_t i = 0; !rc && i < same; i++)
            nd_merge_push(m, m->same[i]);
    }
    for (size_t i = 0; !rc && i < m->n; i++)
        if (m->sources[i].lengths != m->sources[i].db.stats.documents)
            rc = nd_glass_corrupt(&m->sources[i].cursor, "document lengths are missing", err);
    return rc;
}
