#include "segment/glass_merge.h"

#include "segment/glass_merge_part.h"

#include <stdlib.h>
#include <string.h>

int nd_merge_no_memory(const struct merge *m, struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "cannot merge into '%s': out of memory", m->g->dir);
}

/* --- inputs in order of the group of their next entry ----------------------------------------- */

static bool before(const struct merge *m, size_t a, size_t b)
{
    const struct source *x = &m->sources[a], *y = &m->sources[b];
    size_t common = x->group_n < y->group_n ? x->group_n : y->group_n;
    int order = memcmp(x->group, y->group, common);
    if (order == 0 && x->group_n != y->group_n)
        return x->group_n < y->group_n;
    return order ? order < 0 : a < b;
}

static void push(struct merge *m, size_t input)
{
    size_t i = m->heap_n++;
    while (i && before(m, input, m->heap[(i - 1) / 2])) {
        m->heap[i] = m->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    m->heap[i] = input;
}

static size_t pop(struct merge *m)
{
    size_t top = m->heap[0], moved = m->heap[--m->heap_n], i = 0;
    for (;;) {
        size_t kid = 2 * i + 1;
        if (kid >= m->heap_n)
            break;
        if (kid + 1 < m->heap_n && before(m, m->heap[kid + 1], m->heap[kid]))
            kid++;
        if (!before(m, m->heap[kid], moved))
            break;
        m->heap[i] = m->heap[kid];
        i = kid;
    }
    m->heap[i] = moved;
    return top;
}

/* Take the inputs of the least group off the heap, in order. */
size_t nd_merge_pop(struct merge *m)
{
    size_t k = 0;
    do {
        m->same[k++] = pop(m);
    } while (m->heap_n && m->sources[m->heap[0]].group_n == m->sources[m->same[0]].group_n &&
             memcmp(m->sources[m->heap[0]].group, m->sources[m->same[0]].group,
                    m->sources[m->same[0]].group_n) == 0);
    return k;
}

/* Put an input back, unless its table has ended. A posting list's group is the whole key, as lists
 * are taken up at their first chunk; positions are grouped by the term in the key. */
void nd_merge_push(struct merge *m, size_t input)
{
    struct source *s = &m->sources[input];
    if (s->cursor.ended)
        return;
    s->group = s->cursor.key;
    s->group_n = s->cursor.which == ND_GLASS_POSITION
                     ? nd_glass_term_length(s->group, s->cursor.key_n)
                     : s->cursor.key_n;
    push(m, input);
}

/* ND_DONE is no failure here: nd_merge_push sees it. */
int nd_merge_step(struct source *s, struct nd_error *err)
{
    int rc = nd_glass_cursor_next(&s->cursor, err);
    return rc == ND_DONE ? 0 : rc;
}

int nd_merge_table(struct merge *m, enum nd_glass_which which, struct nd_error *err)
{
    m->heap_n = 0;
    for (size_t i = 0; i < m->n; i++) {
        struct source *s = &m->sources[i];
        nd_glass_cursor_close(&s->cursor);
        nd_glass_cursor_open(&s->cursor, &s->db, which);
        int rc = nd_merge_step(s, err);
        if (rc)
            return rc;
        if (which == ND_GLASS_POSTLIST || which == ND_GLASS_POSITION)
            nd_merge_push(m, i);
    }
    return 0;
}

/* --- tables by docid -------------------------------------------------------------------------- */

/* Document data and term lists: a docid, and in term lists perhaps a 00 after it. */
static int copy_by_docid(struct merge *m, enum nd_glass_which which, struct nd_error *err)
{
    int rc = nd_merge_table(m, which, err);
    for (size_t i = 0; !rc && i < m->n; i++) {
        struct source *s = &m->sources[i];
        struct nd_glass_cursor *c = &s->cursor;
        while (!rc && !c->ended) {
            uint32_t docid;
            size_t n = nd_glass_get_docid(c->key, c->key_n, &docid);
            if (n == 0 || docid == 0 || docid > s->db.stats.last_docid)
                return nd_glass_corrupt(c, "no such docid", err);
            bool slots = which == ND_GLASS_TERMLIST && c->key_n == n + 1 && c->key[n] == 0;
            if (c->key_n != n && !slots)
                return nd_glass_corrupt(c, "bad key", err);
            uint32_t to = nd_merge_docid(s, docid);
            unsigned char key[8];
            if (to) {
                n = nd_glass_put_docid(key, to);
                if (slots)
                    key[n++] = 0;
                rc = nd_glass_table_add(&m->g->tables[which], key, n, c->tag, c->tag_n,
                                        c->compressed, err);
            }
            if (!rc)
                rc = nd_merge_step(s, err);
        }
    }
    return rc;
}

/* --- positions -------------------------------------------------------------------------------- */

static int copy_positions_of(struct merge *m, struct source *s, struct nd_error *err)
{
    struct nd_glass_cursor *c = &s->cursor;
    unsigned char key[ND_GLASS_KEY_MAX + 8];
    size_t n = s->group_n;
    if (n == 0 || n > ND_GLASS_TERM_MAX)
        return nd_glass_corrupt(c, "bad key", err);
    memcpy(key, s->group, n);
    key[n] = 0;
    int rc = 0;
    while (!rc && !c->ended && c->key_n > n && memcmp(c->key, key, n + 1) == 0 &&
           c->key[n + 1] != 0xff) {
        uint32_t docid;
        size_t k = nd_glass_get_docid(c->key + n + 1, c->key_n - n - 1, &docid);
        if (k == 0 || k + n + 1 != c->key_n || docid == 0 || docid > s->db.stats.last_docid)
            return nd_glass_corrupt(c, "bad key", err);
        uint32_t to = nd_merge_docid(s, docid);
        if (to) {
            k = nd_glass_put_docid(key + n + 1, to);
            rc = nd_glass_table_add(&m->g->tables[ND_GLASS_POSITION], key, n + 1 + k, c->tag,
                                    c->tag_n, c->compressed, err);
        }
        if (!rc)
            rc = nd_merge_step(s, err);
    }
    return rc;
}

static int copy_positions(struct merge *m, struct nd_error *err)
{
    int rc = nd_merge_table(m, ND_GLASS_POSITION, err);
    while (!rc && m->heap_n) {
        size_t k = nd_merge_pop(m);
        for (size_t i = 0; !rc && i < k; i++) {
            struct source *s = &m->sources[m->same[i]];
            uint64_t seen = s->cursor.seen;
            rc = copy_positions_of(m, s, err);
            if (!rc && seen == s->cursor.seen && !s->cursor.ended)
                rc = nd_glass_corrupt(&s->cursor, "bad key", err);
            if (!rc)
                nd_merge_push(m, m->same[i]);
        }
    }
    return rc;
}

void nd_merge_wdf(struct merge *m, uint32_t wdf)
{
    if (wdf > m->g->stats.wdf_max)
        m->g->stats.wdf_max = wdf;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Number the documents of an input behind those before it; *next is the last docid so far. */
static int number(struct source *s, const struct nd_glass_input *in, uint64_t *next,
                  struct nd_error *err)
{
    uint32_t last = s->db.stats.last_docid, n = in->deleted_docs < last ? in->deleted_docs : last;
    uint32_t gone = 0;
    for (uint32_t i = 0; in->deleted && i < n; i++)
        gone += in->deleted[i / 8] >> (i % 8) & 1;
    s->base = (uint32_t)*next - gone;
    if (gone) {
        s->renumber = malloc(n * sizeof *s->renumber);
        if (!s->renumber)
            return nd_fail(err, ND_NOMEM, "cannot merge '%s': out of memory", in->dir);
        s->renumber_n = n;
        uint32_t to = (uint32_t)*next;
        for (uint32_t i = 0; i < n; i++)
            s->renumber[i] = in->deleted[i / 8] >> (i % 8) & 1 ? 0 : ++to;
    }
    *next += last - gone;
    return *next < UINT32_MAX ? 0 : nd_fail(err, ND_LIMIT, "too many documents to merge into one");
}

static int open_sources(struct merge *m, const struct nd_glass_input *inputs, bool *complete,
                        uint32_t *last_docid, struct nd_error *err)
{
    uint64_t next = 0;
    *complete = m->n > 0;
    for (size_t i = 0; i < m->n; i++) {
        struct source *s = &m->sources[i];
        int rc = nd_glass_db_open(&s->db, inputs[i].dir, err);
        if (!rc)
            rc = number(s, &inputs[i], &next, err);
        if (rc)
            return rc;
        if (s->db.roots[ND_GLASS_TERMLIST].fake && s->db.stats.documents)
            *complete = false;
    }
    *last_docid = (uint32_t)next;
    return 0;
}

int nd_glass_merge(const char *dir, const struct nd_glass_input *inputs, size_t n,
                   const struct nd_glass_options *options, const unsigned char *uuid,
                   struct nd_glass_sizes *sizes, struct nd_error *err)
{
    struct merge m = {.n = n};
    struct nd_glass_options o = options ? *options : (struct nd_glass_options){0};
    uint32_t last_docid = 0;
    int rc = nd_glass_open(&m.g, dir, &o, err);
    if (rc)
        return rc;
    m.sources = calloc(n + 1, sizeof *m.sources);
    m.heap = calloc(n + 1, sizeof *m.heap);
    m.same = calloc(n + 1, sizeof *m.same);
    if (!m.sources || !m.heap || !m.same) {
        rc = nd_merge_no_memory(&m, err);
        m.n = m.sources ? n : 0;
        goto out;
    }
    rc = open_sources(&m, inputs, &m.g->complete, &last_docid, err);
    if (rc)
        goto out;
    m.g->stats.last_docid = last_docid;
    for (size_t i = 0; i < n; i++)
        if (!m.sources[i].renumber)
            nd_merge_wdf(&m, m.sources[i].db.stats.wdf_max);
    rc = nd_merge_postlists(&m, err);
    if (!rc)
        rc = copy_by_docid(&m, ND_GLASS_DOCDATA, err);
    if (!rc && m.g->complete)
        rc = copy_by_docid(&m, ND_GLASS_TERMLIST, err);
    if (!rc)
        rc = copy_positions(&m, err);
    if (!rc)
        rc = nd_glass_finish(m.g, uuid, sizes, err);
out:
    for (size_t i = 0; i < m.n; i++) {
        nd_glass_cursor_close(&m.sources[i].cursor);
        nd_glass_db_close(&m.sources[i].db);
        free(m.sources[i].renumber);
    }
    free(m.sources);
    free(m.heap);
    free(m.same);
    free(m.docids);
    free(m.wdfs);
    nd_glass_close(m.g);
    return rc;
}
