#include "segment/glass.h"

#include "base/file.h"
#include "record/tablesums.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TAG_MAX = 1 << 30,   /* bytes of an encoded tag */
    DATA_ZIP_MIN = 1024, /* result lines are short: deflate takes 10 us for 60 of 250 bytes */
    METADATA_KEY_MAX = ND_GLASS_KEY_MAX - 2
};

const char *nd_glass_file(enum nd_glass_which which)
{
    static const char *const names[ND_GLASS_ALL_TABLES] = {"postlist.glass", "docdata.glass",
                                                           "termlist.glass", "position.glass",
                                                           "spelling.glass", "synonym.glass"};
    return names[which];
}

int nd_glass_open(struct nd_glass **out, const char *dir, const struct nd_glass_options *options,
                  struct nd_error *err)
{
    static const struct nd_glass_options defaults = {0};
    const struct nd_glass_options *o = options ? options : &defaults;
    *out = NULL;
    struct nd_glass *g = calloc(1, sizeof *g);
    if (!g)
        return nd_fail(err, ND_NOMEM, "cannot write '%s': out of memory", dir);
    nd_buf_init(&g->tag, TAG_MAX);
    g->complete = o->complete;
    int rc = 0;
    g->dir = strdup(dir);
    if (!g->dir)
        rc = nd_fail(err, ND_NOMEM, "cannot write '%s': out of memory", dir);
    for (int i = 0; !rc && i < ND_GLASS_TABLES; i++) {
        char path[PATH_MAX];
        int n = snprintf(path, sizeof path, "%s/%s", dir, nd_glass_file(i));
        if (n < 0 || (size_t)n >= sizeof path)
            rc = nd_fail(err, ND_LIMIT, "path '%s' is too long", dir);
        else
            rc = nd_glass_table_init(&g->tables[i], path,
                                     o->block_size ? o->block_size : ND_GLASS_BLOCK_SIZE, err);
    }
    if (!rc)
        rc = nd_postlist_init(&g->postlist, &g->tables[ND_GLASS_POSTLIST], err);
    if (!rc)
        rc = nd_glass_zip_init(&g->zip, o->level ? o->level : ND_GLASS_LEVEL, err);
    if (rc) {
        nd_glass_close(g);
        return rc;
    }
    *out = g;
    return 0;
}

void nd_glass_close(struct nd_glass *g)
{
    if (!g)
        return;
    for (int i = 0; i < ND_GLASS_TABLES; i++) {
        struct nd_glass_table *t = &g->tables[i];
        if (!g->finished && t->path && t->finished && t->blocks)
            unlink(t->path); /* complete, but the database is not */
        nd_glass_table_close(t);
    }
    nd_postlist_free(&g->postlist);
    nd_glass_zip_free(&g->zip);
    nd_buf_free(&g->tag);
    free(g->lengths);
    free(g->dir);
    free(g);
}

/* A failure leaves a table in halves: nothing more is taken. */
static int done(struct nd_glass *g, int rc)
{
    if (rc)
        g->failed = true;
    return rc;
}

static int refuse(struct nd_glass *g, const char *what, struct nd_error *err)
{
    return done(g, nd_fail(err, ND_INTERNAL, "cannot store %s in '%s'", what, g->dir));
}

static void saw_docid(struct nd_glass *g, uint32_t docid)
{
    if (docid > g->top_docid)
        g->top_docid = docid;
}

/* Add a tag, compressed where it has more than zip_min bytes and becomes shorter. */
static int add_tag(struct nd_glass *g, enum nd_glass_which which, uint32_t docid, const void *tag,
                   size_t n, size_t zip_min, struct nd_error *err)
{
    unsigned char key[8];
    size_t key_n = nd_glass_put_docid(key, docid);
    bool zipped = n > zip_min && nd_glass_zip(&g->zip, &tag, &n);
    saw_docid(g, docid);
    return done(g, nd_glass_table_add(&g->tables[which], key, key_n, tag, n, zipped, err));
}

int nd_glass_data(struct nd_glass *g, uint32_t docid, const void *p, size_t n, struct nd_error *err)
{
    if (g->failed || docid == 0)
        return refuse(g, "document data", err);
    return n ? add_tag(g, ND_GLASS_DOCDATA, docid, p, n, DATA_ZIP_MIN, err) : 0;
}

int nd_glass_lengths(struct nd_glass *g, const uint32_t *lengths, uint32_t n, struct nd_error *err)
{
    if (g->failed || g->in_postings || g->lengths || n == UINT32_MAX)
        return refuse(g, "document lengths", err);
    g->lengths = malloc(((size_t)n + 1) * sizeof *g->lengths);
    if (!g->lengths)
        return done(g, nd_fail(err, ND_NOMEM, "cannot write '%s': out of memory", g->dir));
    struct nd_glass_stats *s = &g->stats;
    s->documents = s->last_docid = n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t len = lengths[i];
        g->lengths[i] = len;
        s->length_sum += len;
        if (len > s->length_max)
            s->length_max = len;
        if (len && (!s->length_min || len < s->length_min))
            s->length_min = len;
    }
    return 0;
}

int nd_glass_metadata(struct nd_glass *g, const char *key, size_t key_n, const void *value,
                      size_t value_n, struct nd_error *err)
{
    if (g->failed || g->in_postings || key_n == 0 || key_n > METADATA_KEY_MAX)
        return refuse(g, "metadata", err);
    if (value_n == 0)
        return 0;
    unsigned char k[ND_GLASS_KEY_MAX] = {0x00, 0xc0};
    memcpy(k + 2, key, key_n);
    return done(g, nd_glass_table_add(&g->tables[ND_GLASS_POSTLIST], k, 2 + key_n, value, value_n,
                                      false, err));
}

/* The list of lengths lies between the metadata and the terms. */
static int write_lengths(struct nd_glass *g, struct nd_error *err)
{
    g->in_postings = true;
    nd_postlist_begin_lengths(&g->postlist);
    int rc = 0;
    for (uint32_t at = 0; !rc && at < g->stats.documents && g->lengths;) {
        uint32_t docids[256], n = g->stats.documents - at;
        if (n > 256)
            n = 256;
        for (uint32_t i = 0; i < n; i++)
            docids[i] = at + i + 1;
        rc = nd_postlist_add(&g->postlist, docids, g->lengths + at, n, err);
        at += n;
    }
    return rc ? rc : nd_postlist_end(&g->postlist, err);
}

int nd_glass_postings(struct nd_glass *g, const char *term, size_t n, const uint32_t *docids,
                      const uint32_t *wdfs, uint32_t count, struct nd_error *err)
{
    unsigned char key[ND_GLASS_KEY_MAX];
    size_t key_n = nd_glass_put_term(key, term, n);
    if (g->failed || key_n == 0 || (count && docids[count - 1] > g->stats.last_docid))
        return refuse(g, "postings", err);
    int rc = g->in_postings ? 0 : write_lengths(g, err);
    if (rc || count == 0)
        return done(g, rc);
    uint64_t cf = 0;
    uint32_t most = g->stats.wdf_max;
    for (uint32_t i = 0; wdfs && i < count; i++) {
        cf += wdfs[i];
        most = wdfs[i] > most ? wdfs[i] : most;
    }
    if (cf > UINT32_MAX)
        return done(g, nd_fail(err, ND_LIMIT, "a term has more than %u occurrences", UINT32_MAX));
    g->stats.wdf_max = most;
    g->terms++;
    nd_postlist_begin(&g->postlist, key, key_n, count, cf);
    rc = nd_postlist_add(&g->postlist, docids, wdfs, count, err);
    return done(g, rc ? rc : nd_postlist_end(&g->postlist, err));
}

int nd_glass_termlist(struct nd_glass *g, uint32_t docid, const struct nd_glass_term *terms,
                      size_t n, uint32_t length, struct nd_error *err)
{
    if (g->failed || !g->complete || docid == 0)
        return refuse(g, "a term list", err);
    int rc = nd_glass_put_termlist(&g->tag, terms, n, length, err);
    if (rc)
        return done(g, rc);
    return add_tag(g, ND_GLASS_TERMLIST, docid, g->tag.data, g->tag.len, 0, err);
}

int nd_glass_positions(struct nd_glass *g, const char *term, size_t n, uint32_t docid,
                       const uint32_t *positions, uint32_t count, struct nd_error *err)
{
    unsigned char key[ND_GLASS_KEY_MAX];
    size_t key_n = nd_glass_put_term(key, term, n);
    if (g->failed || !g->complete || key_n == 0 || docid == 0)
        return refuse(g, "positions", err);
    if (count == 0)
        return 0;
    int rc = nd_glass_put_positions(&g->tag, positions, count, err);
    if (rc)
        return done(g, rc);
    key[key_n++] = 0;
    key_n += nd_glass_put_docid(key + key_n, docid);
    saw_docid(g, docid);
    return done(g, nd_glass_table_add(&g->tables[ND_GLASS_POSITION], key, key_n, g->tag.data,
                                      g->tag.len, false, err));
}

static unsigned char *put_root(unsigned char *p, const struct nd_glass_table *t,
                               uint32_t block_size, unsigned compress_min)
{
    bool fake = !t || t->blocks == 0;
    p = nd_glass_put_uint(p, fake ? 0 : t->root);
    p = nd_glass_put_uint(p, fake ? 3 : t->root_level << 2 | 2);
    p = nd_glass_put_uint(p, fake ? 0 : t->entries);
    p = nd_glass_put_uint(p, block_size / ND_GLASS_BLOCK_MIN);
    p = nd_glass_put_uint(p, compress_min);
    unsigned char list[16];
    unsigned char *end = list;
    if (!fake) {
        end = nd_glass_put_uint(end, 1);
        end = nd_glass_put_uint(end, t->blocks);
        memset(end, 0, 4);
        end += 4;
    }
    size_t n = (size_t)(end - list);
    p = nd_glass_put_uint(p, n);
    memcpy(p, list, n);
    return p + n;
}

/* The checksums of the tables, then iamglass, which makes them a database. */
static int write_version(const struct nd_glass *g, const unsigned char *uuid, size_t *size,
                         struct nd_error *err)
{
    static const unsigned char magic[] = {0x0f, 0x0d, 'X', 'a', 'p', 'i', 'a',  'n',
                                          ' ',  'G',  'l', 'a', 's', 's', 0x04, 0x6e};
    unsigned char v[2 * ND_GLASS_VERSION_MAX];
    unsigned char *p = v;
    memcpy(p, magic, sizeof magic);
    p += sizeof magic;
    memcpy(p, uuid, ND_GLASS_UUID);
    p = nd_glass_put_uint(p + ND_GLASS_UUID, 1);
    for (int i = 0; i < ND_GLASS_ALL_TABLES; i++) {
        bool plain = i == ND_GLASS_POSTLIST || i == ND_GLASS_POSITION; /* never compressed */
        p = put_root(p, i < ND_GLASS_TABLES ? &g->tables[i] : NULL, g->tables[0].block_size,
                     plain ? 0 : ND_GLASS_ZIP_MIN);
    }
    const struct nd_glass_stats *s = &g->stats;
    uint32_t length_max = s->length_max > s->wdf_max ? s->length_max : s->wdf_max;
    p = nd_glass_put_uint(p, s->documents);
    p = nd_glass_put_uint(p, s->last_docid - s->documents);
    p = nd_glass_put_uint(p, s->length_min);
    p = nd_glass_put_uint(p, s->wdf_max);
    p = nd_glass_put_uint(p, length_max - s->wdf_max);
    p = nd_glass_put_uint(p, 0);
    p = nd_glass_put_uint(p, s->length_sum);
    p = nd_glass_put_uint(p, 0);
    *size = (size_t)(p - v);
    struct nd_table_written tables[ND_TABLES];
    for (int i = 0; i < ND_TABLES; i++) {
        const struct nd_glass_table *t = &g->tables[i];
        tables[i] =
            (struct nd_table_written){t->blocks, t->block_size, t->root, t->root_level, t->sums};
    }
    int rc = nd_tablesums_write(g->dir, tables, v, *size, err);
    if (rc)
        return rc;
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/iamglass", g->dir);
    if (n < 0 || (size_t)n >= sizeof path || *size > ND_GLASS_VERSION_MAX)
        return nd_fail(err, ND_LIMIT, "path '%s' is too long", g->dir);
    return nd_file_replace(path, v, *size, err);
}

static uint64_t table_bytes(const struct nd_glass_table *t)
{
    return (uint64_t)t->blocks * t->block_size;
}

int nd_glass_finish(struct nd_glass *g, const unsigned char *uuid, struct nd_glass_sizes *sizes,
                    struct nd_error *err)
{
    if (g->failed || g->finished || g->top_docid > g->stats.last_docid)
        return refuse(g, "all that was given", err);
    int rc = g->in_postings ? 0 : write_lengths(g, err);
    for (int i = 0; !rc && i < ND_GLASS_TABLES; i++) {
        bool always = i == ND_GLASS_POSTLIST || (i == ND_GLASS_TERMLIST && g->complete);
        rc = nd_glass_table_finish(&g->tables[i], always, err);
    }
    size_t version = 0;
    if (!rc)
        rc = write_version(g, uuid, &version, err);
    if (rc)
        return done(g, rc);
    g->finished = true;
    if (sizes)
        *sizes = (struct nd_glass_sizes){
            .postlist = table_bytes(&g->tables[ND_GLASS_POSTLIST]),
            .docdata = table_bytes(&g->tables[ND_GLASS_DOCDATA]),
            .termlist = table_bytes(&g->tables[ND_GLASS_TERMLIST]),
            .position = table_bytes(&g->tables[ND_GLASS_POSITION]),
            .version = version,
            .terms = g->terms,
            .documents = g->stats.documents,
        };
    return 0;
}
