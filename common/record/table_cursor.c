#include "record/table_cursor.h"

#include <string.h>

static uint32_t get16(const unsigned char *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t items(const unsigned char *block)
{
    return (get16(block + 9) - BLOCK_HEAD) / 2;
}

static int get_item(const struct table_cursor *p, const unsigned char *block, uint32_t i,
                    struct table_item *out, struct nd_error *err)
{
    uint32_t at = get16(block + BLOCK_HEAD + 2 * i), size = p->x->block_size;
    if (at + 3 > size)
        return tablesums_damaged(p->t, p->x, "an item lies outside of its block", err);
    const unsigned char *q = block + at;
    out->flags = get16(q);
    size_t n = (out->flags & ITEM_SIZE) + 3U, head = out->flags & ITEM_FIRST ? 3 : 5;
    out->key_n = q[2];
    if (at + n > size || head + out->key_n > n)
        return tablesums_damaged(p->t, p->x, "an item lies outside of its block", err);
    out->key = q + 3;
    out->x = out->flags & ITEM_FIRST ? 1 : get16(q + 3 + out->key_n);
    out->tag = q + head + out->key_n;
    out->tag_n = n - head - out->key_n;
    return 0;
}

/* A leaf in memory. Fails: also where the block is none. */
static int leaf_at(const struct table_cursor *p, uint32_t number, const unsigned char **out,
                   struct nd_error *err)
{
    int rc = tablesums_block(p->t, p->x, number, out, err);
    return rc ? rc : (*out)[4] ? tablesums_damaged(p->t, p->x, "a leaf is none", err) : 0;
}

int table_cursor_next(struct table_cursor *p, struct table_item *out, struct nd_error *err)
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

int table_cursor_find(struct table_cursor *p, const struct place *at, struct table_item *out,
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
        if (out->flags & ITEM_FIRST)
            break;
    }
    p->leaf = leaf;
    p->item = low;
    return 0;
}

int table_cursor_tag(struct table_cursor *p, const struct table_item *first, struct nd_error *err)
{
    p->at = first->tag;
    p->to = first->tag + first->tag_n;
    if (first->flags & ITEM_LAST)
        return 0;
    nd_buf_reset(&p->whole);
    int rc = nd_buf_add(&p->whole, first->tag, first->tag_n);
    struct table_item i;
    for (uint32_t x = 2; !rc; x++) {
        if ((rc = table_cursor_next(p, &i, err)))
            return rc == ND_DONE ? tablesums_damaged(p->t, p->x, "an entry is cut short", err) : rc;
        if (i.flags & ITEM_FIRST || i.x != x || i.key_n != first->key_n ||
            memcmp(i.key, first->key, i.key_n) != 0)
            return tablesums_damaged(p->t, p->x, "an entry is cut short", err);
        rc = nd_buf_add(&p->whole, i.tag, i.tag_n);
        if (i.flags & ITEM_LAST)
            break;
    }
    if (rc == ND_LIMIT)
        return tablesums_damaged(p->t, p->x, "an entry is too long", err);
    if (rc)
        return nd_fail(err, rc, "out of memory for an entry of a table");
    p->at = (const unsigned char *)p->whole.data;
    p->to = p->at + p->whole.len;
    return 0;
}
