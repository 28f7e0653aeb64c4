/* The entity dictionaries of several streams into one. */
#include "record/stream_merge_in.h"

#include <string.h>

/* By type, id, surface form, words: the order of the dictionary. */
static int row_order(const struct nd_entity_row *a, const struct nd_entity_row *b)
{
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    int c = nd_str_cmp(a->id, b->id);
    if (c == 0)
        c = nd_str_cmp(a->surface, b->surface);
    return c ? c : (int)a->words - (int)b->words;
}

static bool row_before(const void *ctx, uint32_t a, uint32_t b)
{
    const struct nd_join_source *in = ctx;
    int c = row_order(&in[a].row, &in[b].row);
    return c ? c < 0 : a < b;
}

/* Read the next row that is mentioned in a live article; the others are gone. */
static int advance(struct nd_join *j, uint32_t i, struct nd_error *err)
{
    struct nd_join_source *x = &j->in[i];
    for (; x->row_at < x->s->entities; x->row_at++) {
        int rc = nd_stream_entity(x->s, x->row_at, &x->row, err);
        if (rc)
            return rc;
        uint32_t gone = x->gone_mentions ? x->gone_mentions[x->row_at] : 0;
        if (gone > x->row.mentions)
            return nd_stream_corrupt(x->s, "an entity is mentioned more often than it says", err);
        x->row.mentions -= gone;
        if (x->row.mentions) {
            nd_heap_push(&j->heap, i);
            return 0;
        }
        x->entity[x->row_at] = ND_JOIN_GONE;
    }
    return 0;
}

struct rows {
    struct nd_buf rows, text;
    struct nd_str before; /* id of the row before; borrowed from an input */
    uint32_t id_at;
};

static void put_row(struct rows *out, const struct nd_entity_row *row, uint64_t mentions)
{
    if (!out->before.p || !nd_str_eq(row->id, out->before)) { /* rows of one id share its text */
        out->id_at = (uint32_t)out->text.len;
        nd_buf_add(&out->text, row->id.p, row->id.n);
    }
    out->before = row->id;
    nd_buf_u32(&out->rows, out->id_at);
    nd_buf_u32(&out->rows, (uint32_t)out->text.len);
    nd_buf_u32(&out->rows, (uint32_t)(row->id.n | row->surface.n << 16));
    nd_buf_u32(&out->rows, mentions > UINT32_MAX ? UINT32_MAX : (uint32_t)mentions);
    nd_buf_u32(&out->rows, (uint32_t)row->type | (uint32_t)row->words << 8);
    nd_buf_add(&out->text, row->surface.p, row->surface.n);
}

int nd_join_entities(struct nd_join *j, struct nd_error *err)
{
    struct rows out = {0};
    int rc = 0;
    nd_buf_init(&out.rows, SIZE_MAX / 4);
    nd_buf_init(&out.text, SIZE_MAX / 4);
    j->heap.n = 0;
    j->heap.before = row_before;
    j->heap.ctx = j->in;
    for (uint32_t i = 0; i < j->n && !rc; i++)
        rc = advance(j, i, err);
    while (!rc && j->heap.n) {
        uint32_t k = 0;
        uint64_t mentions = 0;
        do {
            j->same[k] = nd_heap_pop(&j->heap);
            mentions += j->in[j->same[k++]].row.mentions;
        } while (j->heap.n && row_order(&j->in[j->same[0]].row, &j->in[j->heap.v[0]].row) == 0);
        put_row(&out, &j->in[j->same[0]].row, mentions);
        for (uint32_t i = 0; i < k && !rc; i++) {
            struct nd_join_source *x = &j->in[j->same[i]];
            x->entity[x->row_at++] = j->entities;
            rc = advance(j, j->same[i], err);
        }
        j->entities++;
    }
    if (!rc)
        rc = nd_join_check(j, &out.rows, &out.text, err);
    if (!rc) {
        nd_join_section(j, ND_STREAM_ENTITIES, &out.rows);
        nd_join_section(j, ND_STREAM_ENTITY_TEXT, &out.text);
    }
    nd_buf_free(&out.rows);
    nd_buf_free(&out.text);
    return rc;
}
