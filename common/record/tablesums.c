#include "record/tablesums.h"

#include "base/file.h"
#include "base/hash.h"
#include "record/tablesums_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    VERSION = 1,
    ROWS = 1, /* sections */
    IAMGLASS = 2,
    SUMS = 3, /* of the first table */
    ROW = 16,
    IAMGLASS_ROW = 16,
    IAMGLASS_MAX = 256,
    FILE_MAX = 1 << 30,
    READ = 64 * 1024, /* bytes of leaves that are read at once */
    LEVELS_MAX = 10,
    BLOCK_MIN = 2048,
    BLOCK_MAX = 65536,
    LAST_COMPONENT = 65535
};

static const char *const names[ND_TABLES] = {"postlist.glass", "docdata.glass", "termlist.glass",
                                             "position.glass"};

uint32_t nd_tablesums_of(const void *block, size_t n, uint32_t number)
{
    return (uint32_t)nd_hash64(block, n, number);
}

/* ---- writing ---- */

static char *path_in(const char *dir, const char *name)
{
    size_t n = strlen(dir) + strlen(name) + 2;
    char *path = malloc(n);
    if (path)
        snprintf(path, n, "%s/%s", dir, name);
    return path;
}

int nd_tablesums_write(const char *dir, const struct nd_table_written tables[ND_TABLES],
                       const void *iamglass, size_t iamglass_n, struct nd_error *err)
{
    unsigned char rows[ND_TABLES * ROW], version[IAMGLASS_ROW];
    struct nd_sections_writer *w = NULL;
    char *path = path_in(dir, "sums");
    int rc = path ? nd_sections_create(&w, path, "SUMS", VERSION, err)
                  : nd_fail(err, ND_NOMEM, "out of memory writing '%s'", dir);
    free(path);
    if (rc)
        return rc;
    for (int i = 0; i < ND_TABLES; i++) {
        nd_store32(rows + ROW * i, tables[i].blocks);
        nd_store32(rows + ROW * i + 4, tables[i].blocks ? tables[i].block_size : 0);
        nd_store32(rows + ROW * i + 8, tables[i].root);
        nd_store32(rows + ROW * i + 12, tables[i].levels);
    }
    nd_store32(version, (uint32_t)iamglass_n);
    nd_store32(version + 4, 0);
    nd_store64(version + 8, nd_hash64(iamglass, iamglass_n, 0));
    nd_sections_begin(w, ROWS);
    nd_sections_write(w, rows, sizeof rows);
    nd_sections_end(w);
    nd_sections_begin(w, IAMGLASS);
    nd_sections_write(w, version, sizeof version);
    nd_sections_end(w);
    for (int i = 0; i < ND_TABLES; i++) {
        nd_sections_begin(w, (uint32_t)(SUMS + i));
        for (uint32_t b = 0; b < tables[i].blocks; b++) {
            unsigned char sum[4];
            nd_store32(sum, tables[i].sums[b]);
            nd_sections_write(w, sum, sizeof sum);
        }
        nd_sections_end(w);
    }
    return nd_sections_finish(w, NULL, err);
}

/* ---- opening ---- */

static int damaged(const struct nd_tablesums *t, const char *name, const char *what,
                   struct nd_error *err)
{
    int rc = nd_fail(err, ND_CORRUPT, "'%s/%s' is damaged: %s", t->dir, name, what);
    nd_hint(err,
            "run newsdex verify to see what is affected, then restore the file or index again");
    return rc;
}

static int which(const struct nd_tablesums *t, const struct table *x)
{
    return (int)(x - t->tables);
}

int tablesums_damaged(const struct nd_tablesums *t, const struct table *x, const char *what,
                      struct nd_error *err)
{
    return damaged(t, names[which(t, x)], what, err);
}

static int check_iamglass(const struct nd_tablesums *t, struct nd_section want,
                          struct nd_error *err)
{
    struct nd_buf b;
    nd_buf_init(&b, 4 * IAMGLASS_MAX);
    char *path = path_in(t->dir, "iamglass");
    int rc = path ? nd_file_read(&b, path, err)
                  : nd_fail(err, ND_NOMEM, "out of memory opening '%s'", t->dir);
    if (rc == ND_LIMIT ||
        (!rc && (b.len != nd_load32(want.p) ||
                 nd_hash64(b.data ? b.data : "", b.len, 0) != nd_load64(want.p + 8))))
        rc = damaged(t, "iamglass", "its checksum is wrong", err);
    nd_buf_free(&b);
    free(path);
    return rc;
}

static int check_sum(const struct nd_tablesums *t, struct table *x, const unsigned char *p,
                     uint32_t number, struct nd_error *err)
{
    if (nd_tablesums_of(p, x->block_size, number) != nd_load32(x->sums + 4 * (size_t)number)) {
        int rc = damaged(t, names[which(t, x)], "checksum of a block", err);
        if (err)
            err->offset = (uint64_t)number * x->block_size;
        return rc;
    }
    x->seen[number] = p[4] ? BRANCH : LEAF;
    return 0;
}

/* Read blocks from..to-1, all of them not yet seen, and check them. At most READ bytes, or one block. */
static int read_blocks(struct nd_tablesums *t, struct table *x, uint32_t from, uint32_t to,
                       struct nd_error *err)
{
    size_t want = (size_t)(to - from) * x->block_size, got = 0;
    const char *name = names[which(t, x)];
    while (got < want) {
        off_t at = (off_t)((uint64_t)from * x->block_size + got);
        ssize_t n = pread(x->fd, t->buffer + got, want - got, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return nd_fail_errno(err, ND_IO, "cannot read '%s/%s'", t->dir, name);
        if (n == 0)
            return damaged(t, name, "it is cut short", err);
        got += (size_t)n;
    }
    int rc = 0;
    for (uint32_t b = from; b < to && !rc; b++)
        rc = check_sum(t, x, t->buffer + (size_t)(b - from) * x->block_size, b, err);
    return rc;
}

static int check_blocks(struct nd_tablesums *t, struct table *x, uint32_t from, uint32_t to,
                        struct nd_error *err)
{
    uint32_t most = x->block_size < READ ? READ / x->block_size : 1;
    int rc = 0;
    while (from < to && !rc) {
        uint32_t end = from + 1;
        if (x->seen[from] == UNSEEN) {
            while (end < to && end - from < most && x->seen[end] == UNSEEN)
                end++;
            rc = read_blocks(t, x, from, end, err);
        }
        from = end;
    }
    return rc;
}

/* The whole file in memory; its size was what the checksums say when it was written. */
static int map_table(const struct nd_tablesums *t, struct table *x, struct nd_error *err)
{
    size_t size = (size_t)x->blocks * x->block_size;
    struct stat st;
    if (fstat(x->fd, &st) < 0)
        return nd_fail_errno(err, ND_IO, "cannot read '%s/%s'", t->dir, names[which(t, x)]);
    if ((uint64_t)st.st_size < size)
        return damaged(t, names[which(t, x)], "it is cut short", err);
    void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, x->fd, 0);
    if (map == MAP_FAILED)
        return nd_fail_errno(err, ND_IO, "cannot map '%s/%s'", t->dir, names[which(t, x)]);
    x->map = map;
    return 0;
}

int tablesums_block(struct nd_tablesums *t, struct table *x, uint32_t number,
                    const unsigned char **out, struct nd_error *err)
{
    int rc = x->map ? 0 : map_table(t, x, err);
    if (rc)
        return rc;
    const unsigned char *p = *out = x->map + (size_t)number * x->block_size;
    if (x->seen[number] == UNSEEN) {
        if ((rc = check_sum(t, x, p, number, err)))
            return rc;
    }
    uint32_t end = (uint32_t)p[9] << 8 | p[10];
    if (end <= BLOCK_HEAD || end % 2 == 0 || end > x->block_size)
        return damaged(t, names[which(t, x)], "a block is none", err);
    return 0;
}

static int open_table(struct nd_tablesums *t, enum nd_table i, const unsigned char *row,
                      struct nd_error *err)
{
    struct table *x = &t->tables[i];
    x->blocks = nd_load32(row);
    x->block_size = nd_load32(row + 4);
    x->root = nd_load32(row + 8);
    x->levels = nd_load32(row + 12);
    if (!x->blocks)
        return 0;
    struct nd_section sums = nd_sections_get(&t->file, (uint32_t)SUMS + i);
    uint32_t size = x->block_size;
    if (size < BLOCK_MIN || size > BLOCK_MAX || size & (size - 1) || x->root >= x->blocks ||
        x->levels >= LEVELS_MAX || sums.n / 4 != x->blocks)
        return damaged(t, "sums", "it does not fit itself", err);
    x->sums = sums.p;
    char *path = path_in(t->dir, names[i]);
    x->seen = calloc(x->blocks, 1);
    int rc = path && x->seen ? 0 : nd_fail(err, ND_NOMEM, "out of memory opening '%s'", t->dir);
    if (!rc) {
        x->fd = open(path, O_RDONLY | O_CLOEXEC);
        if (x->fd < 0)
            rc = nd_fail_errno(err, errno == ENOENT ? ND_MISSING : ND_IO, "cannot open '%s'", path);
    }
    free(path);
    /* libxapian reads the root when it opens the table */
    return rc ? rc : check_blocks(t, x, x->root, x->root + 1, err);
}

int nd_tablesums_open(struct nd_tablesums **out, const char *dir, struct nd_error *err)
{
    *out = NULL;
    char *path = path_in(dir, "sums");
    struct nd_tablesums *t = calloc(1, sizeof *t);
    if (!t || !path) {
        free(path);
        free(t);
        return nd_fail(err, ND_NOMEM, "out of memory opening '%s'", dir);
    }
    for (int i = 0; i < ND_TABLES; i++)
        t->tables[i].fd = -1;
    t->dir = strdup(dir);
    t->buffer = malloc(BLOCK_MAX);
    nd_buf_init(&t->bytes, FILE_MAX);
    int rc = t->dir && t->buffer ? nd_file_read(&t->bytes, path, err)
                                 : nd_fail(err, ND_NOMEM, "out of memory opening '%s'", dir);
    bool there = rc != ND_MISSING;
    if (!rc) /* read, not mapped: small, and all of it is looked at */
        rc = nd_sections_open_memory(&t->file, t->bytes.data, t->bytes.len, path, "SUMS", VERSION,
                                     err);
    if (rc == ND_IO && access(path, F_OK) < 0 && errno == ENOTDIR) { /* dir is a file */
        there = false;
        rc = ND_MISSING;
    }
    free(path);
    if (!rc)
        rc = nd_sections_verify(&t->file, err);
    if (!rc) {
        struct nd_section rows = nd_sections_get(&t->file, ROWS);
        struct nd_section version = nd_sections_get(&t->file, IAMGLASS);
        if (rows.n != ND_TABLES * ROW || version.n != IAMGLASS_ROW)
            rc = damaged(t, "sums", "it does not fit itself", err);
        if (!rc)
            rc = check_iamglass(t, version, err);
        for (int i = 0; i < ND_TABLES && !rc; i++)
            rc = open_table(t, (enum nd_table)i, rows.p + (size_t)ROW * i, err);
    }
    if (rc == ND_MISSING && there) { /* what the checksums speak of must be there */
        rc = ND_CORRUPT;
        if (err)
            err->code = rc;
    }
    if (rc) {
        nd_tablesums_close(t);
        return rc;
    }
    *out = t;
    return 0;
}

void nd_tablesums_close(struct nd_tablesums *t)
{
    if (!t)
        return;
    for (int i = 0; i < ND_TABLES; i++) {
        struct table *x = &t->tables[i];
        if (x->fd >= 0)
            close(x->fd);
        if (x->map)
            munmap((void *)x->map, (size_t)x->blocks * x->block_size);
        free(x->seen);
    }
    nd_sections_close(&t->file);
    nd_buf_free(&t->bytes);
    free(t->buffer);
    free(t->dir);
    free(t);
}

/* ---- checking ---- */

int tablesums_compare(const unsigned char *key, size_t n, uint32_t x, const struct place *with)
{
    size_t common = n < with->n ? n : with->n;
    int order = memcmp(key, with->key, common);
    if (order == 0)
        order = n != with->n ? (n < with->n ? -1 : 1) : x < with->x ? -1 : x > with->x;
    return order;
}

int tablesums_find(struct nd_tablesums *t, struct table *x, const struct place *at, uint32_t *leaf,
                   struct nd_error *err)
{
    uint32_t number = x->root;
    for (uint32_t level = x->levels; level > 0; level--) {
        const unsigned char *p = NULL;
        int rc = tablesums_block(t, x, number, &p, err);
        if (!rc && p[4] != level)
            rc = damaged(t, names[which(t, x)], "a branch is none", err);
        if (rc)
            return rc;
        uint32_t low = 0, high = (((uint32_t)p[9] << 8 | p[10]) - BLOCK_HEAD) / 2;
        while (high - low >
               1) { /* item low is at or before it, item high is behind it; the first has no key */
            uint32_t mid = low + (high - low) / 2;
            uint32_t o = (uint32_t)p[BLOCK_HEAD + 2 * mid] << 8 | p[BLOCK_HEAD + 2 * mid + 1];
            size_t n = o + 5 <= x->block_size ? p[o + 4] : BLOCK_MAX;
            if (o + 7 + n > x->block_size)
                return damaged(t, names[which(t, x)], "an item lies outside of its block", err);
            uint32_t component = (uint32_t)p[o + 5 + n] << 8 | p[o + 6 + n];
            if (tablesums_compare(p + o + 5, n, component, at) <= 0)
                low = mid;
            else
                high = mid;
        }
        uint32_t o = (uint32_t)p[BLOCK_HEAD + 2 * low] << 8 | p[BLOCK_HEAD + 2 * low + 1];
        if (o + 7 > x->block_size)
            return damaged(t, names[which(t, x)], "an item lies outside of its block", err);
        number =
            (uint32_t)p[o] << 24 | (uint32_t)p[o + 1] << 16 | (uint32_t)p[o + 2] << 8 | p[o + 3];
        if (number >= x->blocks)
            return damaged(t, names[which(t, x)], "a branch leads outside of it", err);
    }
    *leaf = number;
    return 0;
}

/* Check the leaves of lo..hi, and so many leaves before and behind them: a search for what is not there ends before
 * it, perhaps in the leaf before; walking on looks into the next. */
static int check(struct nd_tablesums *t, enum nd_table i, const struct place *lo,
                 const struct place *hi, unsigned before, unsigned behind, struct nd_error *err)
{
    struct table *x = &t->tables[i];
    uint32_t from, to;
    if (!x->blocks)
        return 0;
    int rc = tablesums_find(t, x, lo, &from, err);
    if (!rc)
        rc = tablesums_find(t, x, hi, &to, err);
    if (!rc && to < from)
        rc = damaged(t, names[i], "its leaves are not in order", err);
    if (!rc)
        rc = check_blocks(t, x, from, to + 1, err);
    while (!rc && before && from > 0) {
        from--;
        rc = check_blocks(t, x, from, from + 1, err);
        before -= x->seen[from] == LEAF;
    }
    while (!rc && behind && ++to < x->blocks) {
        rc = check_blocks(t, x, to, to + 1, err);
        behind -= x->seen[to] == LEAF;
    }
    return rc;
}

void tablesums_term_key(struct place *k, const char *term, size_t n)
{
    k->n = 0;
    k->x = 1;
    for (size_t i = 0; i < n && k->n < KEY_MAX - 16; i++) {
        k->key[k->n++] = (unsigned char)term[i];
        if (!term[i])
            k->key[k->n++] = 0xff;
    }
}

/* Behind all entries of a term. */
static void end_of(struct place *k)
{
    k->key[k->n++] = 0;
    k->key[k->n++] = 0xff; /* above the first byte of any docid */
    k->x = LAST_COMPONENT;
}

void tablesums_put_docid(struct place *k, uint32_t v)
{
    unsigned n = v < 0x8000 ? 2 : v < 1u << 22 ? 3 : v < 1u << 29 ? 4 : 5;
    for (unsigned i = n; i-- > 0;)
        k->key[k->n++] = i < 4 ? (unsigned char)(v >> (8 * i)) : 0;
    if (n > 2)
        k->key[k->n - n] |= (unsigned char)(0xff << (10 - n));
}

int nd_tablesums_term(struct nd_tablesums *t, const char *term, size_t n, int all,
                      struct nd_error *err)
{
    struct place lo, hi;
    if (!t)
        return 0;
    tablesums_term_key(&lo, term, n);
    hi = lo;
    hi.x = LAST_COMPONENT;
    if (all)
        end_of(&hi);
    return check(t, ND_TABLE_POSTLIST, &lo, &hi, 1, 0, err);
}

int nd_tablesums_walk(struct nd_tablesums *t, const char *term, size_t n, struct nd_error *err)
{
    struct place lo, hi;
    if (!t)
        return 0;
    tablesums_term_key(&lo, term, n);
    hi = lo;
    if (n)
        end_of(&hi);
    else /* before the first term stand lengths and metadata */
        hi = (struct place){.key = {0, 0xff}, .n = 2, .x = 1};
    return check(t, ND_TABLE_POSTLIST, &lo, &hi, 1, 1, err);
}

static const struct place lengths_begin = {.key = {0, 0xe0}, .n = 2, .x = 1};

int nd_tablesums_lengths(struct nd_tablesums *t, struct nd_error *err)
{
    struct place hi = {.key = {0, 0xe1}, .n = 2, .x = 1};
    return t ? check(t, ND_TABLE_POSTLIST, &lengths_begin, &hi, 1, 0, err) : 0;
}

int nd_tablesums_metadata(struct nd_tablesums *t, const char *key, size_t n, struct nd_error *err)
{
    struct place k = {.key = {0, 0xc0}, .n = 2, .x = 1};
    if (!t || n > KEY_MAX - 16)
        return 0;
    memcpy(k.key + k.n, key, n);
    k.n += n;
    struct place hi = k;
    hi.x = LAST_COMPONENT;
    return check(t, ND_TABLE_POSTLIST, &k, &hi, 1, 0, err);
}

int nd_tablesums_verify(struct nd_tablesums *t, struct nd_error *err)
{
    int rc = t ? nd_sections_verify(&t->file, err) : 0;
    for (int i = 0; t && i < ND_TABLES && !rc; i++) {
        struct table *x = &t->tables[i];
        struct stat st;
        if (!x->blocks)
            continue;
        if (fstat(x->fd, &st) < 0)
            rc = nd_fail_errno(err, ND_IO, "cannot read '%s/%s'", t->dir, names[i]);
        else if ((uint64_t)st.st_size != (uint64_t)x->blocks * x->block_size)
            rc = damaged(t, names[i], "its size is wrong", err);
        else
            rc = check_blocks(t, x, 0, x->blocks, err);
    }
    return rc;
}
