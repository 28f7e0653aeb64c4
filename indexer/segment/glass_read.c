#include "segment/glass_read.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DROP = 128 /* blocks after which their memory is given back */
};

static uint32_t get16(const unsigned char *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

/* A uint of iamglass, at most `max`. Return: 0 or ND_CORRUPT. */
static int get_uint(const unsigned char **p, const unsigned char *end, uint64_t max, uint64_t *out)
{
    int rc = nd_get_varint(p, end, out);
    return rc ? rc : *out > max ? ND_CORRUPT : 0;
}

static int get_u32(const unsigned char **p, const unsigned char *end, uint32_t *out)
{
    uint64_t v = 0;
    int rc = get_uint(p, end, UINT32_MAX, &v);
    *out = (uint32_t)v;
    return rc;
}

/* The free list of a table: revision, blocks of the file, and two places which are 0: no block is
 * free. */
static int parse_free_list(struct nd_glass_root *r, const unsigned char *p,
                           const unsigned char *end)
{
    uint64_t v = 0;
    if (p == end)
        return r->fake ? 0 : ND_CORRUPT;
    int rc = get_uint(&p, end, UINT64_MAX, &v);
    if (!rc)
        rc = get_u32(&p, end, &r->blocks);
    for (int i = 0; !rc && i < 4; i++)
        rc = get_uint(&p, end, 0, &v);
    return rc ? rc : p == end && (r->fake || r->blocks) ? 0 : ND_CORRUPT;
}

static int parse_root(struct nd_glass_root *r, const unsigned char **p, const unsigned char *end)
{
    uint64_t root = 0, flags = 0, size = 0, compress_min = 0, n = 0;
    int rc = get_uint(p, end, UINT32_MAX, &root);
    if (!rc)
        rc = get_uint(p, end, ND_GLASS_LEVELS * 4, &flags);
    if (!rc)
        rc = get_uint(p, end, UINT64_MAX, &r->entries);
    if (!rc)
        rc = get_uint(p, end, ND_GLASS_BLOCK_MAX / ND_GLASS_BLOCK_MIN, &size);
    if (!rc)
        rc = get_uint(p, end, UINT32_MAX, &compress_min);
    if (!rc)
        rc = get_uint(p, end, (uint64_t)(end - *p), &n);
    if (rc || n > (uint64_t)(end - *p) || size == 0 || size & (size - 1))
        return ND_CORRUPT;
    r->fake = flags & 1;
    r->block_size = (uint32_t)size * ND_GLASS_BLOCK_MIN;
    if (!(flags & 2)) /* leaves are not in order */
        return ND_CORRUPT;
    const unsigned char *list = *p;
    *p += n;
    rc = parse_free_list(r, list, *p);
    return rc ? rc : r->fake || root < r->blocks ? 0 : ND_CORRUPT;
}

static int parse_version(struct nd_glass_db *db, const unsigned char *p, const unsigned char *end)
{
    static const unsigned char magic[] = {0x0f, 0x0d, 'X', 'a', 'p', 'i', 'a',  'n',
                                          ' ',  'G',  'l', 'a', 's', 's', 0x04, 0x6e};
    if ((size_t)(end - p) < sizeof magic || memcmp(p, magic, sizeof magic) != 0)
        return ND_VERSION;
    p += sizeof magic;
    if (end - p < ND_GLASS_UUID)
        return ND_CORRUPT;
    memcpy(db->uuid, p, ND_GLASS_UUID);
    p += ND_GLASS_UUID;
    uint64_t revision = 0, changes = 0, spelling = 0;
    int rc = get_uint(&p, end, UINT64_MAX, &revision);
    for (int i = 0; !rc && i < ND_GLASS_ALL_TABLES; i++)
        rc = parse_root(&db->roots[i], &p, end);
    struct nd_glass_stats *s = &db->stats;
    uint32_t gap = 0, more = 0;
    if (!rc)
        rc = get_u32(&p, end, &s->documents);
    if (!rc)
        rc = get_u32(&p, end, &gap);
    if (!rc)
        rc = get_u32(&p, end, &s->length_min);
    if (!rc)
        rc = get_u32(&p, end, &s->wdf_max);
    if (!rc)
        rc = get_u32(&p, end, &more);
    if (!rc)
        rc = get_uint(&p, end, UINT64_MAX, &changes);
    if (!rc)
        rc = get_uint(&p, end, UINT64_MAX, &s->length_sum);
    if (!rc)
        rc = get_uint(&p, end, UINT64_MAX, &spelling);
    if (rc || p != end || gap > UINT32_MAX - 1 - s->documents || more > UINT32_MAX - s->wdf_max)
        return ND_CORRUPT;
    s->last_docid = s->documents + gap;
    s->length_max = s->wdf_max + more;
    return 0;
}

static int map_table(struct nd_glass_db *db, int i, struct nd_error *err)
{
    const struct nd_glass_root *r = &db->roots[i];
    if (r->fake)
        return 0;
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", db->dir, nd_glass_file(i));
    if (n < 0 || (size_t)n >= sizeof path)
        return nd_fail(err, ND_LIMIT, "path '%s' is too long", db->dir);
    int rc = nd_file_map(&db->files[i], path, err);
    if (!rc && db->files[i].size / r->block_size < r->blocks)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is cut short", path);
    return rc;
}

int nd_glass_db_open(struct nd_glass_db *db, const char *dir, struct nd_error *err)
{
    *db = (struct nd_glass_db){0};
    struct nd_buf version;
    nd_buf_init(&version, ND_GLASS_VERSION_MAX);
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/iamglass", dir), rc;
    if (n < 0 || (size_t)n >= sizeof path)
        return nd_fail(err, ND_LIMIT, "path '%s' is too long", dir);
    db->dir = strdup(dir);
    if (!db->dir)
        return nd_fail(err, ND_NOMEM, "cannot read '%s': out of memory", dir);
    rc = nd_file_read(&version, path, err);
    if (rc == ND_LIMIT)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is too long", path);
    if (rc)
        goto out;
    const unsigned char *p = (const unsigned char *)version.data;
    rc = version.len ? parse_version(db, p, p + version.len) : ND_CORRUPT;
    if (rc == ND_VERSION)
        nd_fail(err, rc, "'%s' is not of a database that this program can read", path);
    else if (rc)
        nd_fail(err, rc, "'%s' is damaged", path);
    for (int i = ND_GLASS_TABLES; !rc && i < ND_GLASS_ALL_TABLES; i++)
        if (db->roots[i].entries)
            rc = nd_fail(err, ND_VERSION, "'%s' has a table '%s', which cannot be merged", dir,
                         nd_glass_file(i));
    for (int i = 0; !rc && i < ND_GLASS_TABLES; i++)
        rc = map_table(db, i, err);
out:
    nd_buf_free(&version);
    return rc;
}

void nd_glass_db_close(struct nd_glass_db *db)
{
    for (int i = 0; i < ND_GLASS_TABLES; i++)
        nd_file_unmap(&db->files[i]);
    free(db->dir);
    *db = (struct nd_glass_db){0};
}

int nd_glass_corrupt(const struct nd_glass_cursor *c, const char *what, struct nd_error *err)
{
    nd_fail(err, ND_CORRUPT, "'%s/%s' is damaged at block %u: %s", c->db->dir,
            nd_glass_file(c->which), c->block, what);
    return ND_CORRUPT;
}

void nd_glass_cursor_open(struct nd_glass_cursor *c, const struct nd_glass_db *db,
                          enum nd_glass_which which)
{
    *c = (struct nd_glass_cursor){.db = db, .which = which, .ended = db->roots[which].fake};
    nd_buf_init(&c->whole, (size_t)db->files[which].size + 1);
}

void nd_glass_cursor_close(struct nd_glass_cursor *c)
{
    nd_buf_free(&c->whole);
    *c = (struct nd_glass_cursor){0};
}

/* One item of a leaf. */
struct item {
    const unsigned char *key, *tag;
    size_t key_n, tag_n;
    unsigned flags;
    uint32_t x; /* component */
};

/* Enter the next leaf at or after c->block. Return: 0, ND_DONE, ND_CORRUPT. */
static int next_leaf(struct nd_glass_cursor *c, struct nd_error *err)
{
    const struct nd_glass_root *r = &c->db->roots[c->which];
    if (c->block - c->dropped >=
        DROP) { /* what is behind, but for the leaf that key and tag may still be in */
        nd_file_drop(&c->db->files[c->which], (size_t)c->dropped * r->block_size,
                     ((size_t)c->block - 1) * r->block_size);
        c->dropped = c->block - 1;
    }
    for (; c->block < r->blocks; c->block++) {
        const unsigned char *b = c->db->files[c->which].data + (size_t)c->block * r->block_size;
        if (b[4] >= ND_GLASS_LEVELS)
            return nd_glass_corrupt(c, "no such level", err);
        if (b[4] != 0)
            continue;
        c->dir_end = get16(b + 9);
        if (c->dir_end <= ND_GLASS_BLOCK_HEAD || c->dir_end > r->block_size || !(c->dir_end & 1))
            return nd_glass_corrupt(c, "bad directory", err);
        c->next_item = ND_GLASS_BLOCK_HEAD;
        c->used = c->dir_end;
        c->in_block = true;
        return 0;
    }
    return ND_DONE;
}

static int next_item(struct nd_glass_cursor *c, struct item *it, struct nd_error *err)
{
    if (c->in_block && c->next_item >= c->dir_end) {
        c->in_block = false;
        c->block++;
    }
    int rc = c->in_block ? 0 : next_leaf(c, err);
    if (rc)
        return rc;
    uint32_t size = c->db->roots[c->which].block_size;
    const unsigned char *b = c->db->files[c->which].data + (size_t)c->block * size;
    uint32_t at = get16(b + c->next_item);
    c->next_item += 2;
    if (at < c->dir_end || at > size - 3)
        return nd_glass_corrupt(c, "an item lies outside", err);
    const unsigned char *p = b + at;
    uint32_t head = get16(p);
    uint32_t n = (head & 0x1fff) + 3;
    it->flags = head & (ND_GLASS_COMPRESSED | ND_GLASS_FIRST | ND_GLASS_LAST);
    it->key_n = p[2];
    size_t before = 3 + it->key_n + (it->flags & ND_GLASS_FIRST ? 0 : 2);
    if (n > size - at || before > n)
        return nd_glass_corrupt(c, "an item is too long", err);
    c->used += n;
    if (c->used > size)
        return nd_glass_corrupt(c, "items overlap", err);
    it->key = p + 3;
    it->x = it->flags & ND_GLASS_FIRST ? 1 : get16(p + 3 + it->key_n);
    it->tag = p + before;
    it->tag_n = n - before;
    return 0;
}

/* Put the components of a tag together. */
static int collect(struct nd_glass_cursor *c, const struct item *first, struct nd_error *err)
{
    nd_buf_reset(&c->whole);
    nd_buf_add(&c->whole, first->tag, first->tag_n);
    for (uint32_t x = 2;; x++) {
        struct item it;
        int rc = next_item(c, &it, err);
        if (rc == ND_DONE)
            return nd_glass_corrupt(c, "an entry is cut", err);
        if (rc)
            return rc;
        if (it.flags & ND_GLASS_FIRST || it.x != x || it.key_n != first->key_n ||
            memcmp(it.key, first->key, it.key_n) != 0)
            return nd_glass_corrupt(c, "an entry is cut", err);
        rc = nd_buf_add(&c->whole, it.tag, it.tag_n);
        if (rc)
            return nd_fail(err, rc, "cannot read '%s': out of memory", c->db->dir);
        if (it.flags & ND_GLASS_LAST)
            break;
    }
    c->tag = (const unsigned char *)c->whole.data;
    c->tag_n = c->whole.len;
    return 0;
}

static int above(const struct nd_glass_cursor *c, const struct item *it)
{
    size_t common = it->key_n < c->key_n ? it->key_n : c->key_n;
    int order = common ? memcmp(it->key, c->key, common) : 0;
    return order > 0 || (order == 0 && it->key_n > c->key_n);
}

int nd_glass_cursor_next(struct nd_glass_cursor *c, struct nd_error *err)
{
    struct item it;
    int rc = 0;
    if (c->ended)
        return ND_DONE;
    if (!c->started) { /* the null item */
        rc = next_item(c, &it, err);
        if (rc == ND_DONE ||
            (!rc && (it.key_n || it.tag_n || it.flags != (ND_GLASS_FIRST | ND_GLASS_LAST))))
            return nd_glass_corrupt(c, "no null item", err);
        if (rc)
            return rc;
        c->started = true;
    }
    rc = next_item(c, &it, err);
    if (rc == ND_DONE) {
        c->ended = true;
        c->key = c->tag = NULL;
        c->key_n = c->tag_n = 0;
        if (c->seen != c->db->roots[c->which].entries)
            return nd_glass_corrupt(c, "entries are missing", err);
    }
    if (rc)
        return rc;
    if (!(it.flags & ND_GLASS_FIRST) || !above(c, &it))
        return nd_glass_corrupt(c, "entries are not in order", err);
    c->seen++;
    c->key = it.key;
    c->key_n = it.key_n;
    c->tag = it.tag;
    c->tag_n = it.tag_n;
    c->compressed = it.flags & ND_GLASS_COMPRESSED;
    return it.flags & ND_GLASS_LAST ? 0 : collect(c, &it, err);
}
