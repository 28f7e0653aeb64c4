/* cluster.c: classes of words from plain text.
 *   cluster WORDS.TSV FILE...   each line a sentence, its units parted by blanks
 * Vectors by skip-gram with negative sampling, a matrix of contexts for each of the positions -2 -1
 * 1 2 (which makes it follow word order, as "Two/Too Simple Adaptations of Word2Vec", Ling et al.
 * 2015), then spherical k-means at three sizes. Out: word, its three clusters, class of the share
 * of capitals, count.
 * One thread and its own random numbers: the same text gives the same file. */
#include "base/map.h"
#include "entity/feature.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIM = 64,
    NEGATIVES = 5,
    EPOCHS = 5,
    MIN_COUNT = 6,
    MEANS_ROUNDS = 12,
    TABLE = 1 << 22,
    SENTENCE_END = UINT32_MAX
};

static const int positions[4] = {-2, -1, 1, 2};

struct corpus {
    struct nd_map words;
    uint32_t *text; /* word numbers, SENTENCE_END between sentences */
    size_t n, cap;
    uint32_t *count, *inside, *inside_capital; /* by word; inside: not first of its sentence */
    size_t words_cap;
};

static uint64_t next_random(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static void *grow(void *p, size_t n, size_t size)
{
    void *v = realloc(p, n * size);
    if (!v) {
        fprintf(stderr, "cluster: out of memory\n");
        exit(1);
    }
    return v;
}

static void push(struct corpus *c, uint32_t w)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 1 << 20;
        c->text = grow(c->text, c->cap, sizeof *c->text);
    }
    c->text[c->n++] = w;
}

static void read_line(struct corpus *c, char *line, size_t n)
{
    char norm[ND_UNIT_MAX];
    bool first = true;
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && line[end] != ' ' && line[end] != '\n')
            end++;
        if (end > i) {
            uint32_t w;
            size_t k = nd_feature_norm(line + i, end - i < ND_UNIT_MAX ? end - i : ND_UNIT_MAX,
                                       false, norm);
            if (nd_map_intern(&c->words, norm, k, &w) == 0) {
                if (w >= c->words_cap) {
                    size_t cap = c->words_cap ? c->words_cap * 2 : 1 << 16;
                    c->count = grow(c->count, cap, sizeof *c->count);
                    memset(c->count + c->words_cap, 0, (cap - c->words_cap) * sizeof *c->count);
                    c->inside = grow(c->inside, cap, sizeof *c->inside);
                    memset(c->inside + c->words_cap, 0, (cap - c->words_cap) * sizeof *c->inside);
                    c->words_cap = cap;
                }
                c->count[w]++;
                if (!first)
                    c->inside[w]++;
                push(c, w);
                first = first && norm[0] == '"';
            }
        }
        i = end + 1;
    }
    push(c, SENTENCE_END);
}

static float sigmoid(float x)
{
    return x > 8 ? 1 : x < -8 ? 0 : 1 / (1 + expf(-x));
}

/* Train the vectors of the first v words (by rank). */
static float *train(const uint32_t *text, size_t n, const uint32_t *count, size_t v)
{
    float *in = grow(NULL, v * DIM, sizeof *in), *out = grow(NULL, 4 * v * DIM, sizeof *out);
    uint32_t *table = grow(NULL, TABLE, sizeof *table);
    uint64_t seed = 88172645463325252u, total = 0;
    double sum = 0, at = 0;
    for (size_t w = 0; w < v; w++) {
        sum += pow(count[w], 0.75);
        total += count[w];
    }
    size_t k = 0;
    for (size_t w = 0; w < v; w++) {
        at += pow(count[w], 0.75) / sum * TABLE;
        while (k < TABLE && (double)k < at)
            table[k++] = (uint32_t)w;
    }
    while (k < TABLE)
        table[k++] = 0;
    for (size_t i = 0; i < v * DIM; i++)
        in[i] = ((float)(next_random(&seed) >> 40) / (float)(1 << 24) - 0.5f) / DIM;
    memset(out, 0, 4 * v * DIM * sizeof *out);
    float *keep = grow(NULL, v, sizeof *keep);
    for (size_t w = 0; w < v; w++) {
        double f = count[w] / (double)total, t = 3e-4;
        keep[w] = (float)(sqrt(t / f) + t / f);
    }
    uint32_t *sent = grow(NULL, 4096, sizeof *sent);
    uint64_t all = (uint64_t)n * EPOCHS;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        for (size_t i = 0; i < n;) {
            size_t m = 0;
            for (; i < n && text[i] != SENTENCE_END; i++) {
                uint32_t w = text[i];
                if (w >= v || m == 4096)
                    continue;
                if (keep[w] < 1 && (float)(next_random(&seed) >> 40) / (float)(1 << 24) > keep[w])
                    continue;
                sent[m++] = w;
            }
            i++;
            float rate = 0.04f * (1 - (float)((double)((uint64_t)epoch * n + i) / (double)all));
            if (rate < 0.0004f)
                rate = 0.0004f;
            for (size_t j = 0; j < m; j++) {
                float *x = in + (size_t)sent[j] * DIM, g[DIM] = {0};
                for (int p = 0; p < 4; p++) {
                    long o = (long)j + positions[p];
                    if (o < 0 || o >= (long)m)
                        continue;
                    for (int s = 0; s <= NEGATIVES; s++) {
                        uint32_t w = s ? table[next_random(&seed) % TABLE] : sent[o];
                        if (s && w == sent[o])
                            continue;
                        float *y = out + ((size_t)p * v + w) * DIM, dot = 0;
                        for (int d = 0; d < DIM; d++)
                            dot += x[d] * y[d];
                        float e = ((s == 0) - sigmoid(dot)) * rate;
                        for (int d = 0; d < DIM; d++) {
                            g[d] += e * y[d];
                            y[d] += e * x[d];
                        }
                    }
                }
                for (int d = 0; d < DIM; d++)
                    x[d] += g[d];
            }
        }
        fprintf(stderr, "cluster: vectors, epoch %d of %d\n", epoch + 1, EPOCHS);
    }
    free(out);
    free(table);
    free(keep);
    free(sent);
    return in;
}

static void normalise(float *x)
{
    float s = 1e-12f;
    for (int d = 0; d < DIM; d++)
        s += x[d] * x[d];
    s = 1 / sqrtf(s);
    for (int d = 0; d < DIM; d++)
        x[d] *= s;
}

/* Spherical k-means; the first centres are the k commonest words. cluster: by word, from 0. */
static void means(const float *x, size_t v, size_t k, uint16_t *cluster)
{
    float *c = grow(NULL, k * DIM, sizeof *c), *sum = grow(NULL, k * DIM, sizeof *sum);
    memcpy(c, x, k * DIM * sizeof *c);
    for (int round = 0; round < MEANS_ROUNDS; round++) {
        memset(sum, 0, k * DIM * sizeof *sum);
        for (size_t w = 0; w < v; w++) {
            float best = -2;
            for (size_t j = 0; j < k; j++) {
                float dot = 0;
                for (int d = 0; d < DIM; d++)
                    dot += x[w * DIM + d] * c[j * DIM + d];
                if (dot > best) {
                    best = dot;
                    cluster[w] = (uint16_t)j;
                }
            }
            for (int d = 0; d < DIM; d++)
                sum[cluster[w] * DIM + d] += x[w * DIM + d];
        }
        for (size_t j = 0; j < k; j++) {
            normalise(sum + j * DIM);
            if (sum[j * DIM] != 0 || sum[j * DIM + 1] != 0)
                memcpy(c + j * DIM, sum + j * DIM, DIM * sizeof *c);
        }
    }
    free(c);
    free(sum);
}

static const uint32_t *order_count;

static int by_count(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (order_count[x] != order_count[y])
        return order_count[x] < order_count[y] ? 1 : -1;
    return x < y ? -1 : 1;
}

/* Class 1..7 of the share of capitals of a lower-case form among its occurrences inside sentences.
 * */
static unsigned capital_class(uint64_t capital, uint64_t all)
{
    static const unsigned limits[6] = {2, 10, 30, 60, 85, 97};
    if (all < 3)
        return 0;
    unsigned share = (unsigned)(capital * 100 / all), k = 0;
    while (k < 6 && share >= limits[k])
        k++;
    return k + 1;
}

int main(int argc, char **argv)
{
    struct corpus c = {0};
    struct nd_map lower;
    char *line = NULL, low[ND_UNIT_MAX];
    size_t cap = 0;
    ssize_t n;
    if (argc < 3 || nd_map_init(&c.words, 1u << 30) || nd_map_init(&lower, 1u << 30)) {
        fprintf(stderr, "usage: cluster WORDS.TSV FILE...\n");
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        FILE *f = fopen(argv[i], "r");
        if (!f) {
            fprintf(stderr, "cluster: cannot read '%s'\n", argv[i]);
            return 1;
        }
        while ((n = getline(&line, &cap, f)) > 0)
            read_line(&c, line, (size_t)n);
        fclose(f);
    }
    uint32_t types = c.words.count;
    uint32_t *order = grow(NULL, types, sizeof *order), *rank = grow(NULL, types, sizeof *rank);
    for (uint32_t w = 0; w < types; w++)
        order[w] = w;
    order_count = c.count;
    qsort(order, types, sizeof *order, by_count);
    size_t v = 0;
    while (v < types && c.count[order[v]] >= MIN_COUNT)
        v++;
    uint32_t *count = grow(NULL, v, sizeof *count);
    for (uint32_t r = 0; r < types; r++) {
        rank[order[r]] = r;
        if (r < v)
            count[r] = c.count[order[r]];
    }
    fprintf(stderr, "cluster: %zu units, %u words, %zu of them kept\n", c.n, types, v);
    uint64_t *all = grow(NULL, types, sizeof *all), *capital = grow(NULL, types, sizeof *capital);
    uint32_t *lid = grow(NULL, types, sizeof *lid);
    memset(all, 0, types * sizeof *all);
    memset(capital, 0, types * sizeof *capital);
    for (uint32_t w = 0; w < types; w++) {
        struct nd_str k = nd_map_key(&c.words, w);
        size_t m = nd_feature_lower(k.p, k.n, low);
        if (nd_map_intern(&lower, low, m, &lid[w]))
            return 1;
        all[lid[w]] += c.inside[w];
        if (m != k.n || memcmp(low, k.p, m) != 0)
            capital[lid[w]] += c.inside[w];
    }
    for (size_t i = 0; i < c.n; i++)
        if (c.text[i] != SENTENCE_END)
            c.text[i] = rank[c.text[i]];
    float *x = train(c.text, c.n, count, v);
    for (size_t w = 0; w < v; w++)
        normalise(x + w * DIM);
    static const size_t sizes[3] = {64, 256, 1024};
    uint16_t *cluster[3];
    for (int s = 0; s < 3; s++) {
        cluster[s] = grow(NULL, v, sizeof *cluster[s]);
        means(x, v, sizes[s] < v ? sizes[s] : v, cluster[s]);
        fprintf(stderr, "cluster: %zu classes\n", sizes[s]);
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        fprintf(stderr, "cluster: cannot write '%s'\n", argv[1]);
        return 1;
    }
    for (size_t r = 0; r < v; r++) {
        struct nd_str k = nd_map_key(&c.words, order[r]);
        uint32_t l = lid[order[r]];
        fprintf(out, "%.*s\t%u\t%u\t%u\t%u\t%u\n", (int)k.n, k.p, cluster[0][r] + 1u,
                cluster[1][r] + 1u, cluster[2][r] + 1u, capital_class(capital[l], all[l]),
                count[r]);
    }
    return fclose(out) ? 1 : 0;
}
