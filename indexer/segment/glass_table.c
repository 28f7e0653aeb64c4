#include "segment/glass_table.h"

#include "base/file.h"
#include "record/tablesums.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OUT_SIZE = 1 << 20, /* bytes of a write, a multiple of every block size */
    LEAF_ITEM = 3,      /* bytes of an item beside key, component number and tag */
    BRANCH_ITEM = 7,    /* bytes of an item beside the key */
    SPLIT_ROOM = 34     /* beside the key, so much room is worth a first component */
};

static void put16(unsigned char *p, uint32_t v)
{
    p[0] = (unsigned char)(v >> 8);
    p[1] = (unsigned char)v;
}

static void put32(unsigned char *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v);
}

int nd_glass_table_init(struct nd_glass_table *t, const char *path, uint32_t block_size,
                        struct nd_error *err)
{
    *t = (struct nd_glass_table){.fd = -1, .block_size = block_size};
    if (block_size < ND_GLASS_BLOCK_MIN || block_size > ND_GLASS_BLOCK_MAX ||
        block_size & (block_size - 1))
        return nd_fail(err, ND_INTERNAL, "a table cannot have blocks of %u bytes", block_size);
    t->path = strdup(path);
    if (!t->path)
        return nd_fail(err, ND_NOMEM, "cannot write '%s': out of memory", path);
    return 0;
}

void nd_glass_table_close(struct nd_glass_table *t)
{
    /* fd 0 of a zeroed struct is not ours: a table that owns a file has a path too */
    if (t->path && t->fd >= 0) {
        close(t->fd);
        if (!t->finished)
            unlink(t->path);
    }
    for (size_t i = 0; i < ND_GLASS_LEVELS; i++)
        free(t->level[i].block);
    free(t->sums);
    free(t->out);
    free(t->path);
    *t = (struct nd_glass_table){.fd = -1};
}

static int make_file(struct nd_glass_table *t, struct nd_error *err)
{
    t->out = malloc(OUT_SIZE);
    if (!t->out)
        return nd_fail(err, ND_NOMEM, "cannot write '%s': out of memory", t->path);
    t->fd = open(t->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (t->fd < 0)
        return nd_fail_errno(err, ND_IO, "cannot create '%s'", t->path);
    return 0;
}

static void start_block(const struct nd_glass_table *t, struct nd_glass_level *lv)
{
    lv->dir_end = ND_GLASS_BLOCK_HEAD;
    lv->low = t->block_size;
}

static int use_level(struct nd_glass_table *t, struct nd_glass_level *lv, struct nd_error *err)
{
    lv->block = malloc(t->block_size);
    if (!lv->block)
        return nd_fail(err, ND_NOMEM, "cannot write '%s': out of memory", t->path);
    start_block(t, lv);
    return 0;
}

static uint32_t room(const struct nd_glass_level *lv)
{
    uint32_t gap = lv->low - lv->dir_end;
    return gap < 2 ? 0 : gap - 2;
}

/* Take n bytes for the next item and enter it in the directory. */
static unsigned char *take(struct nd_glass_level *lv, uint32_t n)
{
    lv->low -= n;
    put16(lv->block + lv->dir_end, lv->low);
    lv->dir_end += 2;
    return lv->block + lv->low;
}

static int flush(struct nd_glass_table *t, struct nd_error *err)
{
    int rc = nd_write_all(t->fd, t->out, t->out_n, t->path, err);
    t->out_n = 0;
    return rc;
}

/* Note the checksum of the block that comes next. */
static int note_sum(struct nd_glass_table *t, const unsigned char *block, struct nd_error *err)
{
    if ((t->blocks & (t->blocks - 1)) == 0) { /* room for twice as many, from 64 on */
        size_t room = t->blocks < 64 ? 64 : 2 * (size_t)t->blocks;
        uint32_t *more = realloc(t->sums, room * sizeof *more);
        if (!more)
            return nd_fail(err, ND_NOMEM, "cannot write '%s': out of memory", t->path);
        t->sums = more;
    }
    t->sums[t->blocks] = nd_tablesums_of(block, t->block_size, t->blocks);
    return 0;
}

/* Complete the block of a level and hand it to the file: its number is *number. */
static int write_block(struct nd_glass_table *t, unsigned l, uint32_t *number, struct nd_error *err)
{
    struct nd_glass_level *lv = &t->level[l];
    if (t->blocks == UINT32_MAX)
        return nd_fail(err, ND_LIMIT, "'%s' has too many blocks", t->path);
    unsigned char *b = lv->block;
    uint32_t gap = lv->low - lv->dir_end;
    put32(b, 1);
    b[4] = (unsigned char)l;
    put16(b + 5, gap);
    put16(b + 7, gap);
    put16(b + 9, lv->dir_end);
    memset(b + lv->dir_end, 0, gap);
    int rc = note_sum(t, b, err);
    if (rc)
        return rc;
    memcpy(t->out + t->out_n, b, t->block_size);
    t->out_n += t->block_size;
    *number = t->blocks++;
    lv->written++;
    start_block(t, lv);
    return t->out_n < OUT_SIZE ? 0 : flush(t, err);
}

/* Enter a finished block in the branch level l above it, under the key that divides it from the
 * block before. A full branch is written first, which enters it one level up under its own dividing
 * key. */
static int add_child(struct nd_glass_table *t, unsigned l, uint32_t child,
                     const struct nd_glass_level *of, struct nd_error *err)
{
    int rc = 0;
    if (l >= ND_GLASS_LEVELS)
        return nd_fail(err, ND_LIMIT, "'%s' is too deep a tree", t->path);
    struct nd_glass_level *lv = &t->level[l];
    if (!lv->block)
        rc = use_level(t, lv, err);
    if (!rc && room(lv) < (uint32_t)BRANCH_ITEM + of->left_n) {
        uint32_t number;
        rc = write_block(t, l, &number, err);
        if (!rc)
            rc = add_child(t, l + 1, number, lv, err);
        memcpy(lv->left, of->left, of->left_n);
        lv->left_n = of->left_n;
        lv->left_x = of->left_x;
    }
    if (rc)
        return rc;
    bool first = lv->dir_end == ND_GLASS_BLOCK_HEAD; /* its key counts as below all others */
    unsigned n = first ? 0 : of->left_n;
    unsigned char *p = take(lv, BRANCH_ITEM + n);
    put32(p, child);
    p[4] = (unsigned char)n;
    memcpy(p + 5, of->left, n);
    put16(p + 5 + n, first ? 0 : of->left_x);
    return 0;
}

/* Close the leaf and open the next one, whose first item will be `key`, component x. */
static int next_leaf(struct nd_glass_table *t, const unsigned char *key, size_t key_n, uint32_t x,
                     struct nd_error *err)
{
    struct nd_glass_level *leaf = &t->level[0];
    uint32_t number;
    int rc = write_block(t, 0, &number, err);
    if (!rc)
        rc = add_child(t, 1, number, leaf, err);
    size_t n = key_n;
    if (x == 1) { /* the shortest prefix that is above the last key of the leaf before */
        n = 0;
        while (n < t->last_n && n < key_n && t->last[n] == key[n])
            n++;
        n = n < key_n ? n + 1 : key_n;
    }
    memcpy(leaf->left, key, n);
    leaf->left_n = (uint8_t)n;
    leaf->left_x = (uint16_t)x;
    return rc;
}

/* Make the file and the first leaf with its null item. */
static int start(struct nd_glass_table *t, struct nd_error *err)
{
    int rc = make_file(t, err);
    if (!rc)
        rc = use_level(t, &t->level[0], err);
    if (rc)
        return rc;
    unsigned char *p = take(&t->level[0], 3);
    put16(p, ND_GLASS_FIRST | ND_GLASS_LAST);
    p[2] = 0;
    return 0;
}

static void put_item(struct nd_glass_level *leaf, const void *key, size_t key_n,
                     const unsigned char *part, size_t part_n, unsigned flags, uint32_t x)
{
    size_t size = LEAF_ITEM + key_n + (x > 1 ? 2 : 0) + part_n;
    unsigned char *p = take(leaf, (uint32_t)size);
    put16(p, (uint32_t)(flags | (size - 3)));
    p[2] = (unsigned char)key_n;
    memcpy(p + 3, key, key_n);
    p += 3 + key_n;
    if (x > 1) {
        put16(p, x);
        p += 2;
    }
    if (part_n)
        memcpy(p, part, part_n);
}

static int add(struct nd_glass_table *t, const unsigned char *key, size_t key_n,
               const unsigned char *tag, size_t tag_n, bool compressed, struct nd_error *err)
{
    int rc = t->level[0].block ? 0 : start(t, err);
    struct nd_glass_level *leaf = &t->level[0];
    unsigned flags = compressed ? ND_GLASS_COMPRESSED : 0;
    uint32_t x = 1;
    while (!rc) {
        size_t head = LEAF_ITEM + key_n + (x > 1 ? 2 : 0);
        size_t most = room(leaf) < ND_GLASS_ITEM_MAX ? room(leaf) : ND_GLASS_ITEM_MAX;
        unsigned first = x == 1 ? ND_GLASS_FIRST : 0;
        if (head + tag_n <= most) {
            put_item(leaf, key, key_n, tag, tag_n, flags | first | ND_GLASS_LAST, x);
            break;
        }
        if (most >= head + key_n + SPLIT_ROOM) { /* the rest goes to the next leaf */
            size_t part = most - head;
            put_item(leaf, key, key_n, tag, part, flags | first, x);
            tag += part;
            tag_n -= part;
            if (x++ == ND_GLASS_COMPONENTS)
                return nd_fail(err, ND_LIMIT, "an entry of '%s' is too long", t->path);
            memcpy(t->last, key, key_n);
            t->last_n = (uint8_t)key_n;
        }
        /* a block of 64 KB may hold several components: go on in it while there is room */
        if (room(leaf) < head + key_n + SPLIT_ROOM + 2)
            rc = next_leaf(t, key, key_n, x, err);
    }
    return rc;
}

int nd_glass_table_add(struct nd_glass_table *t, const void *key, size_t key_n, const void *tag,
                       size_t tag_n, bool compressed, struct nd_error *err)
{
    if (t->failed || t->finished || key_n == 0 || key_n > ND_GLASS_KEY_MAX)
        return nd_fail(err, ND_INTERNAL, "'%s' cannot take an entry with a key of %zu bytes",
                       t->path, key_n);
    size_t common = key_n < t->last_n ? key_n : t->last_n;
    int order = memcmp(key, t->last, common);
    if (order < 0 || (order == 0 && key_n <= t->last_n))
        return nd_fail(err, ND_INTERNAL, "the entries of '%s' are not in order", t->path);
    int rc = add(t, key, key_n, tag, tag_n, compressed, err);
    if (rc) {
        t->failed = true;
        return rc;
    }
    memcpy(t->last, key, key_n);
    t->last_n = (uint8_t)key_n;
    t->entries++;
    return 0;
}

int nd_glass_table_finish(struct nd_glass_table *t, bool always, struct nd_error *err)
{
    if (t->failed || t->finished)
        return nd_fail(err, ND_INTERNAL, "'%s' cannot be finished", t->path);
    int rc = 0;
    if (!t->level[0].block && always)
        rc = start(t, err);
    bool any = t->level[0].block != NULL;
    for (unsigned l = 0; !rc && any; l++) {
        uint32_t number = 0;
        rc = write_block(t, l, &number, err);
        if (!rc && t->level[l].written == 1) {
            t->root = number;
            t->root_level = l;
            break;
        }
        if (!rc)
            rc = add_child(t, l + 1, number, &t->level[l], err);
    }
    if (!rc && any)
        rc = flush(t, err);
    if (!rc && any && fsync(t->fd) < 0)
        rc = nd_fail_errno(err, ND_IO, "cannot write '%s' to disk", t->path);
    if (any && !rc) {
        if (close(t->fd) < 0)
            rc = nd_fail_errno(err, ND_IO, "cannot write '%s'", t->path);
        t->fd = -1;
        if (rc)
            unlink(t->path);
    }
    t->failed = rc != 0;
    t->finished = rc == 0;
    return rc;
}
