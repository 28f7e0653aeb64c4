#include "table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    uint32_t hash, row;
};

static int by_hash(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

int nd_table_make(struct nd_made_table *t, const uint32_t *hash, const unsigned char *rows,
                  size_t n, uint32_t width)
{
    *t = (struct nd_made_table){0};
    struct entry *e = malloc((n + 1) * sizeof *e);
    t->dir = calloc(ND_BUCKETS + 1, 4);
    t->keys = malloc(n * 2 + 1);
    t->rows = malloc(n * width + 1);
    if (!e || !t->dir || !t->keys || !t->rows) {
        free(e);
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        e[i] = (struct entry){hash[i], (uint32_t)i};
    qsort(e, n, sizeof *e, by_hash);
    uint32_t m = 0, bucket = 0;
    for (size_t i = 0; i < n; i++) {
        if (i && e[i].hash == e[i - 1].hash)
            continue;
        while (bucket <= e[i].hash >> 16)
            nd_store32(t->dir + (size_t)bucket++ * 4, m);
        t->keys[(size_t)m * 2] = (unsigned char)e[i].hash;
        t->keys[(size_t)m * 2 + 1] = (unsigned char)(e[i].hash >> 8);
        memcpy(t->rows + (size_t)m * width, rows + (size_t)e[i].row * width, width);
        m++;
    }
    while (bucket <= ND_BUCKETS)
        nd_store32(t->dir + (size_t)bucket++ * 4, m);
    free(e);
    t->table = (struct nd_table){t->dir, t->keys, t->rows, m, width};
    return 0;
}

void nd_table_drop(struct nd_made_table *t)
{
    free(t->dir);
    free(t->keys);
    free(t->rows);
    *t = (struct nd_made_table){0};
}

int nd_table_words(struct nd_made_table *t, const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "cannot read '%s'\n", path);
        return -1;
    }
    size_t n = 0, cap = 0, line_cap = 0;
    uint32_t *hash = NULL;
    unsigned char *rows = NULL;
    char *line = NULL;
    int rc = 0;
    while (!rc && getline(&line, &line_cap, f) > 0) {
        char *p = strchr(line, '\t');
        if (!p)
            continue;
        size_t len = (size_t)(p - line);
        unsigned long v[6] = {0};
        for (int k = 0; k < 6 && *p == '\t'; k++)
            v[k] = strtoul(p + 1, &p, 10);
        if (v[0] == 0 || v[1] == 0 || v[2] == 0)
            continue;
        if (n == cap) {
            cap = cap ? cap * 2 : 1 << 16;
            void *a = realloc(hash, cap * sizeof *hash), *b = realloc(rows, cap * ND_WORD_ROW);
            hash = a ? a : hash;
            rows = b ? b : rows;
            rc = a && b ? 0 : -1;
            if (rc)
                break;
        }
        hash[n] = nd_feature_hash(line, len);
        unsigned char *r = rows + n++ * ND_WORD_ROW;
        r[0] = (unsigned char)(v[0] - 1);
        r[1] = (unsigned char)(v[1] - 1);
        r[2] = (unsigned char)(v[2] - 1);
        r[3] = (unsigned char)((v[2] - 1) >> 8);
        r[4] = (unsigned char)v[3];
        r[5] = (unsigned char)v[5];
    }
    fclose(f);
    free(line);
    if (!rc)
        rc = nd_table_make(t, hash, rows, n, ND_WORD_ROW);
    free(hash);
    free(rows);
    return rc;
}

static int falling(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Weights of a feature relative to label 0. Return: the largest of them. */
static float relative(const float *w, float v[ND_LANES])
{
    float most = 0;
    for (int l = 0; l < ND_LANES; l++) {
        v[l] = w[l + 1] - w[0];
        most = fmaxf(most, fabsf(v[l]));
    }
    return most;
}

int nd_table_weights(struct nd_made_table *t, const uint32_t *hash, const uint32_t *count,
                     const float *w, size_t n, size_t most)
{
    uint32_t *kept = malloc((n + 1) * sizeof *kept);
    unsigned char *rows = malloc((n + 1) * ND_ROW);
    float *worth = malloc((n + 1) * sizeof *worth), *order = malloc((n + 1) * sizeof *order);
    float v[ND_LANES], least = 0;
    int rc = kept && rows && worth && order ? 0 : -1;
    size_t m = 0;
    for (size_t i = 0; !rc && i < n; i++)
        order[i] = worth[i] = relative(w + i * ND_LABELS, v) * sqrtf((float)count[i]);
    if (!rc && n > most) {
        qsort(order, n, sizeof *order, falling);
        least = order[most];
    }
    for (size_t i = 0; !rc && i < n; i++) {
        float largest = relative(w + i * ND_LABELS, v);
        if (worth[i] <= least)
            continue;
        float scale = ceilf(largest * ND_ROW_UNIT / 127);
        scale = scale < 1 ? 1 : scale > 255 ? 255 : scale;
        unsigned char *r = rows + m * ND_ROW;
        kept[m++] = hash[i];
        r[0] = (unsigned char)scale;
        for (int l = 0; l < ND_LANES; l++) {
            float q = roundf(v[l] * ND_ROW_UNIT / scale);
            r[1 + l] = (unsigned char)(signed char)(q > 127 ? 127 : q < -127 ? -127 : q);
        }
    }
    if (!rc)
        rc = nd_table_make(t, kept, rows, m, ND_ROW);
    free(kept);
    free(rows);
    free(worth);
    free(order);
    return rc;
}

static void put(struct nd_sections_writer *w, uint32_t id, const void *p, size_t n)
{
    nd_sections_begin(w, id);
    nd_sections_write(w, p, n);
    nd_sections_end(w);
}

static void put_table(struct nd_sections_writer *w, uint32_t id, const struct nd_made_table *t)
{
    put(w, id, t->dir, (ND_BUCKETS + 1) * 4u);
    put(w, id + 1, t->keys, (size_t)t->table.n * 2);
    put(w, id + 2, t->rows, (size_t)t->table.n * t->table.width);
}

int nd_model_write(const char *path, const struct nd_made_table pass[ND_PASSES],
                   const float move[ND_PASSES][ND_LABELS][ND_LABELS],
                   const struct nd_made_table *words, struct nd_error *err)
{
    struct nd_sections_writer *w;
    int rc = nd_sections_create(&w, path, "NERM", ND_MODEL_VERSION, err);
    if (rc)
        return rc;
    unsigned char counts[16], moves[ND_PASSES * ND_LABELS * ND_LABELS * 2];
    nd_store32(counts, ND_LABELS);
    nd_store32(counts + 4, pass[0].table.n);
    nd_store32(counts + 8, pass[1].table.n);
    nd_store32(counts + 12, words->table.n);
    size_t k = 0;
    for (int p = 0; p < ND_PASSES; p++)
        for (int a = 0; a < ND_LABELS; a++)
            for (int b = 0; b < ND_LABELS; b++) {
                float v = roundf(move[p][a][b] * ND_SCORE_UNIT);
                int q = v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : (int)v;
                moves[k++] = (unsigned char)q;
                moves[k++] = (unsigned char)((unsigned)q >> 8);
            }
    put(w, 1, counts, sizeof counts);
    put(w, 2, moves, sizeof moves);
    put_table(w, 10, &pass[0]);
    put_table(w, 20, &pass[1]);
    put_table(w, 30, words);
    uint64_t size = 0;
    rc = nd_sections_finish(w, &size, err);
    if (!rc)
        fprintf(stderr, "'%s': %.1f MB, %u and %u rows, %u words\n", path, (double)size / 1e6,
                pass[0].table.n, pass[1].table.n, words->table.n);
    return rc;
}
