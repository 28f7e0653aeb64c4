#include "record/docdata.h"

#include "record/table_cursor.h"

#include <string.h>
#include <zlib.h>

enum {
    TAG_MAX = 64 << 20, /* bytes of a tag as it is stored */
    WINDOW = 4096
};

/* A tag that is a raw deflate stream, which ends where the tag does. */
static int unpack(struct nd_buf *out, const struct table_cursor *c, struct nd_error *err)
{
    unsigned char bytes[WINDOW];
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)c->at, .avail_in = (uInt)(c->to - c->at)};
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return nd_fail(err, ND_NOMEM, "out of memory for the data of a document");
    int rc = 0, z_rc = Z_OK;
    while (rc == 0 && z_rc == Z_OK) {
        z.next_out = bytes;
        z.avail_out = sizeof bytes;
        z_rc = inflate(&z, Z_NO_FLUSH);
        if (z_rc == Z_OK || z_rc == Z_STREAM_END)
            rc = nd_buf_add(out, bytes, sizeof bytes - z.avail_out);
    }
    bool whole = z_rc == Z_STREAM_END && z.avail_in == 0;
    inflateEnd(&z);
    if (rc == 0 && !whole)
        return tablesums_damaged(c->t, c->x, "the data of a document is cut short", err);
    return rc;
}

int nd_docdata_get(struct nd_buf *out, struct nd_tablesums *t, uint32_t docid, struct nd_error *err)
{
    struct table_cursor c = {.t = t, .x = &t->tables[ND_TABLE_DOCDATA]};
    struct place key = {.x = 1};
    struct table_item i;
    if (!c.x->blocks)
        return 0;
    nd_buf_init(&c.whole, TAG_MAX);
    tablesums_put_docid(&key, docid);
    int rc = table_cursor_find(&c, &key, &i, err);
    if (rc == 0 && (i.key_n != key.n || memcmp(i.key, key.key, key.n) != 0))
        rc = ND_DONE;
    if (rc == 0)
        rc = table_cursor_tag(&c, &i, err);
    if (rc == 0 && i.flags & ITEM_COMPRESSED)
        rc = unpack(out, &c, err);
    else if (rc == 0)
        rc = nd_buf_add(out, c.at, (size_t)(c.to - c.at));
    nd_buf_free(&c.whole);
    if (rc == ND_NOMEM)
        return nd_fail(err, rc, "out of memory for the data of a document");
    if (rc == ND_LIMIT)
        return nd_fail(err, rc, "document data is more than the %zu bytes allowed", out->max);
    return rc == ND_DONE ? 0 : rc;
}
