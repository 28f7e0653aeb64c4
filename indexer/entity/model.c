#include "entity/model.h"

#include "entity/model_data.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum section {
    S_COUNTS = 1,
    S_MOVES = 2,
    S_PASS = 10, /* and 20 */
    S_WORDS = 30
};

static int damaged(const struct nd_model *m, const char *what, struct nd_error *err)
{
    return nd_fail(err, ND_CORRUPT, "name model '%s' is damaged: %s", m->file.path, what);
}

static int open_table(const struct nd_model *m, struct nd_table *t, uint32_t id, uint32_t n,
                      uint32_t width, struct nd_error *err)
{
    struct nd_section dir = nd_sections_get(&m->file, id), keys = nd_sections_get(&m->file, id + 1),
                      rows = nd_sections_get(&m->file, id + 2);
    if (dir.n != (ND_BUCKETS + 1) * 4u || keys.n != (size_t)n * 2 || rows.n != (size_t)n * width)
        return damaged(m, "a table's size", err);
    uint32_t before = 0;
    for (size_t i = 0; i <= ND_BUCKETS; i++) {
        uint32_t v = nd_load32(dir.p + i * 4);
        if (v < before || v > n)
            return damaged(m, "a table's directory", err);
        before = v;
    }
    *t = (struct nd_table){dir.p, keys.p, rows.p, n, width};
    return 0;
}

/* Zeroed memory, in large pages where the system has them: rows are read all over the place. */
static void *large_zeros(size_t n)
{
    enum {
        LARGE = 2 << 20
    };
    size_t whole = (n + LARGE - 1) / LARGE * LARGE;
    void *p = aligned_alloc(LARGE, whole);
    if (!p)
        return NULL;
    madvise(p, whole, MADV_HUGEPAGE); /* a wish: the answer does not matter */
    memset(p, 0, n);
    return p;
}

/* Spread the rows of a table out. */
static int make_lines(struct nd_lines *c, const struct nd_table *t, struct nd_error *err)
{
    c->rows = t->n;
    c->n = t->n / 9 * 4 + 8; /* three quarters full */
    c->v = large_zeros(c->n * sizeof *c->v);
    if (!c->v)
        return nd_fail(err, ND_NOMEM, "out of memory opening the name model");
    for (uint32_t bucket = 0; bucket < ND_BUCKETS; bucket++) {
        uint32_t end = nd_load32(t->dir + (size_t)(bucket + 1) * 4);
        for (uint32_t i = nd_load32(t->dir + (size_t)bucket * 4); i < end; i++) {
            const unsigned char *k = t->keys + (size_t)i * 2, *r = t->rows + (size_t)i * ND_ROW;
            uint32_t hash = bucket << 16 | (uint32_t)k[1] << 8 | k[0];
            uint32_t at = nd_lines_at(c, hash);
            if (r[0] == 0)
                continue;
            while (c->v[at].scale[ND_LINE_ROWS - 1])
                at = at + 1 == c->n ? 0 : at + 1;
            struct nd_line *line = &c->v[at];
            unsigned free_row = 0;
            while (line->scale[free_row])
                free_row++;
            line->hash[free_row] = hash;
            line->scale[free_row] = r[0];
            memcpy(line->v[free_row], r + 1, ND_LANES);
        }
    }
    return 0;
}

static int open_sections(struct nd_model *m, struct nd_error *err)
{
    int rc = nd_sections_verify(&m->file, err);
    if (rc)
        return rc;
    struct nd_section counts = nd_sections_get(&m->file, S_COUNTS),
                      moves = nd_sections_get(&m->file, S_MOVES);
    if (counts.n != 16 || nd_load32(counts.p) != ND_LABELS ||
        moves.n != ND_PASSES * ND_LABELS * ND_LABELS * 2)
        return damaged(m, "its labels", err);
    for (unsigned k = 0; k < ND_PASSES; k++) {
        struct nd_table rows;
        rc = open_table(m, &rows, S_PASS * (k + 1), nd_load32(counts.p + 4 + 4 * k), ND_ROW, err);
        if (!rc)
            rc = make_lines(&m->lines[k], &rows, err);
        if (rc)
            return rc;
        for (unsigned a = 0; a < ND_LABELS; a++)
            for (unsigned b = 0; b < ND_LABELS; b++) {
                const unsigned char *p = moves.p + ((k * ND_LABELS + a) * ND_LABELS + b) * 2;
                m->crf[k].move[a][b] = (int16_t)(p[0] | p[1] << 8);
            }
    }
    rc = open_table(m, &m->words, S_WORDS, nd_load32(counts.p + 12), ND_WORD_ROW, err);
    return rc;
}

int nd_model_open(struct nd_model *m, const char *path, struct nd_error *err)
{
    static const char kind[4] = "NERM";
    *m = (struct nd_model){0};
    int rc;
    if (path)
        rc = nd_sections_open(&m->file, path, kind, ND_MODEL_VERSION, err);
    else
        rc = nd_sections_open_memory(&m->file, nd_model_data, (size_t)nd_model_data_size,
                                     "built in", kind, ND_MODEL_VERSION, err);
    if (rc)
        return rc;
    rc = open_sections(m, err);
    if (rc)
        nd_model_close(m);
    return rc;
}

void nd_model_close(struct nd_model *m)
{
    nd_sections_close(&m->file);
    for (unsigned k = 0; k < ND_PASSES; k++)
        free(m->lines[k].v);
    *m = (struct nd_model){0};
}

static const unsigned char *word_row(const struct nd_table *words, const char *p, size_t n)
{
    return nd_table_row(words, nd_feature_hash(p, n));
}

struct nd_lexeme nd_table_lexeme(const struct nd_table *words, const char *p, size_t n,
                                 const char *lower, size_t lower_n)
{
    if (words->n == 0)
        return (struct nd_lexeme){0};
    const unsigned char *r = word_row(words, p, n);
    if (!r)
        r = word_row(words, lower, lower_n);
    if (!r && lower_n > 1 && lower[0] >= 'a' && lower[0] <= 'z') {
        char title[ND_UNIT_MAX];
        memcpy(title, lower, lower_n);
        title[0] = (char)(title[0] - 32);
        r = word_row(words, title, lower_n);
    }
    if (!r)
        return (struct nd_lexeme){0};
    return (struct nd_lexeme){(uint16_t)(r[0] + 1), (uint16_t)(r[1] + 1),
                              (uint16_t)((r[2] | r[3] << 8) + 1), r[4], r[5]};
}
