#include "crf_train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    L = ND_LABELS,
    LONGEST = 4096, /* units of a segment that are trained on */
    ROW = 36        /* floats of a row in training: weights, then sums of squares, padded */
};

static void *need(void *p)
{
    if (!p) {
        fprintf(stderr, "train: out of memory\n");
        exit(1);
    }
    return p;
}

void nd_samples_init(struct nd_samples *s)
{
    *s = (struct nd_samples){0};
}

void nd_samples_free(struct nd_samples *s)
{
    free(s->seg);
    free(s->start);
    free(s->gold);
    free(s->feat);
    free(s->hash);
    free(s->count);
    *s = (struct nd_samples){0};
}

void nd_samples_segment(struct nd_samples *s, uint32_t doc, size_t unit)
{
    if (s->segs == s->segs_cap) {
        s->segs_cap = s->segs_cap ? s->segs_cap * 2 : 1 << 14;
        s->seg = need(realloc(s->seg, s->segs_cap * sizeof *s->seg));
    }
    s->seg[s->segs++] = (struct nd_segment){doc, 0, s->positions, unit};
}

void nd_samples_position(struct nd_samples *s, const uint32_t *hash, size_t n, unsigned gold)
{
    if (s->positions + 1 >= s->positions_cap) {
        s->positions_cap = s->positions_cap ? s->positions_cap * 2 : 1 << 16;
        s->start = need(realloc(s->start, s->positions_cap * sizeof *s->start));
        s->gold = need(realloc(s->gold, s->positions_cap));
    }
    if (s->feats + n > s->feats_cap) {
        s->feats_cap = s->feats_cap ? s->feats_cap * 2 : 1 << 20;
        s->feat = need(realloc(s->feat, s->feats_cap * sizeof *s->feat));
    }
    s->start[s->positions] = s->feats;
    s->gold[s->positions++] = (uint8_t)gold;
    memcpy(s->feat + s->feats, hash, n * sizeof *hash);
    s->feats += n;
    s->start[s->positions] = s->feats;
    s->seg[s->segs - 1].n++;
}

void nd_samples_number(struct nd_samples *s, unsigned least)
{
    size_t size = 1 << 20;
    while (size < s->feats / 4)
        size *= 2;
    struct cell {
        uint32_t hash, count, number;
    } * t;
    size_t used = 0;
again:
    t = need(calloc(size, sizeof *t));
    used = 0;
    for (size_t i = 0; i < s->feats; i++) {
        size_t k = s->feat[i] * 2654435761u & (size - 1);
        while (t[k].count && t[k].hash != s->feat[i])
            k = (k + 1) & (size - 1);
        used += t[k].count == 0;
        t[k].hash = s->feat[i];
        t[k].count++;
        if (used > size / 2) {
            free(t);
            size *= 2;
            goto again;
        }
    }
    s->features = 0;
    s->hash = need(malloc((used + 1) * sizeof *s->hash));
    s->count = need(malloc((used + 1) * sizeof *s->count));
    size_t out = 0, from = 0;
    for (size_t p = 0; p < s->positions; p++) {
        size_t end = s->start[p + 1];
        s->start[p] = out;
        for (; from < end; from++) {
            uint32_t h = s->feat[from];
            size_t k = h * 2654435761u & (size - 1);
            while (t[k].hash != h || t[k].count == 0)
                k = (k + 1) & (size - 1);
            if (t[k].count < least)
                continue;
            if (t[k].number == 0) {
                s->hash[s->features] = h;
                s->count[s->features++] = t[k].count;
                t[k].number = s->features;
            }
            s->feat[out++] = t[k].number - 1;
        }
    }
    s->start[s->positions] = out;
    s->feats = out;
    free(t);
    fprintf(stderr, "train: %zu segments, %zu units, %zu kinds of features, %u kept\n", s->segs,
            s->positions, used, s->features);
}

static inline uint64_t next_random(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

struct state {
    float *row; /* features * ROW */
    float move[L][L], square[L][L];
    float (*unary)[L], (*alpha)[L], (*beta)[L], (*prob)[L];
    float emove[L][L];
    uint32_t *kept; /* features kept by dropout, by position */
    size_t *kept_start;
    size_t kept_cap;
};

/* Sum of chosen rows, exp of scores relative to each position's largest, forward and backward. */
static void inference(struct state *t, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float most = t->unary[i][0];
        for (int l = 1; l < L; l++)
            most = fmaxf(most, t->unary[i][l]);
        for (int l = 0; l < L; l++)
            t->unary[i][l] = expf(t->unary[i][l] - most);
    }
    for (size_t i = 0; i < n; i++) {
        float *a = t->alpha[i], sum = 0;
        if (i == 0) {
            for (int l = 0; l < L; l++)
                a[l] = t->emove[0][l];
        } else {
            memset(a, 0, sizeof t->alpha[i]);
            for (int k = 0; k < L; k++)
                for (int l = 0; l < L; l++)
                    a[l] += t->alpha[i - 1][k] * t->emove[k][l];
        }
        for (int l = 0; l < L; l++)
            sum += a[l] *= t->unary[i][l];
        sum = 1 / sum;
        for (int l = 0; l < L; l++)
            a[l] *= sum;
    }
    for (int l = 0; l < L; l++)
        t->beta[n - 1][l] = t->emove[l][0];
    for (size_t i = n - 1; i-- > 0;) {
        float v[L], sum = 0;
        for (int l = 0; l < L; l++)
            v[l] = t->beta[i + 1][l] * t->unary[i + 1][l];
        for (int k = 0; k < L; k++) {
            float b = 0;
            for (int l = 0; l < L; l++)
                b += t->emove[k][l] * v[l];
            t->beta[i][k] = b;
            sum += b;
        }
        sum = 1 / sum;
        for (int l = 0; l < L; l++)
            t->beta[i][l] *= sum;
    }
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (int l = 0; l < L; l++)
            sum += t->prob[i][l] = t->alpha[i][l] * t->beta[i][l];
        sum = 1 / sum;
        for (int l = 0; l < L; l++)
            t->prob[i][l] *= sum;
    }
}

static void move_gradient(struct state *t, const uint8_t *gold, size_t n, float rate)
{
    float g[L][L] = {{0}};
    for (int l = 0; l < L; l++) {
        g[0][l] += t->prob[0][l];
        g[l][0] += t->prob[n - 1][l];
    }
    g[0][gold[0]] -= 1;
    g[gold[n - 1]][0] -= 1;
    for (size_t i = 1; i < n; i++) {
        float p[L][L], sum = 0;
        for (int k = 0; k < L; k++)
            for (int l = 0; l < L; l++)
                sum += p[k][l] =
                    t->alpha[i - 1][k] * t->emove[k][l] * t->unary[i][l] * t->beta[i][l];
        sum = 1 / sum;
        for (int k = 0; k < L; k++)
            for (int l = 0; l < L; l++)
                g[k][l] += p[k][l] * sum;
        g[gold[i - 1]][gold[i]] -= 1;
    }
    for (int k = 0; k < L; k++)
        for (int l = 0; l < L; l++)
            if (nd_label_follows((unsigned)k, (unsigned)l) && g[k][l] != 0) {
                t->square[k][l] += g[k][l] * g[k][l];
                t->move[k][l] -= rate * g[k][l] / sqrtf(t->square[k][l] + 1e-6f);
                t->emove[k][l] = expf(t->move[k][l]);
            }
}

static void learn(struct state *t, const struct nd_samples *s, const struct nd_segment *seg,
                  const struct nd_plan *plan, uint64_t *seed)
{
    size_t n = seg->n, kept = 0;
    uint32_t limit = (uint32_t)(plan->dropout * 65536);
    float scale = 1 / (1 - plan->dropout);
    size_t all = s->start[seg->at + n] - s->start[seg->at];
    if (all > t->kept_cap) {
        t->kept_cap = all * 2;
        t->kept = need(realloc(t->kept, t->kept_cap * sizeof *t->kept));
    }
    for (size_t i = 0; i < n; i++) {
        t->kept_start[i] = kept;
        float u[L] = {0};
        uint64_t bits = 0;
        unsigned left = 0;
        for (size_t f = s->start[seg->at + i]; f < s->start[seg->at + i + 1]; f++) {
            if (left == 0) {
                bits = next_random(seed);
                left = 4;
            }
            bool drop = (bits & 0xffff) < limit;
            bits >>= 16;
            left--;
            if (!drop) {
                t->kept[kept++] = s->feat[f];
                __builtin_prefetch(t->row + (size_t)s->feat[f] * ROW);
                __builtin_prefetch(t->row + (size_t)s->feat[f] * ROW + 16);
                __builtin_prefetch(t->row + (size_t)s->feat[f] * ROW + 32);
            }
        }
        for (size_t k = t->kept_start[i]; k < kept; k++) {
            const float *r = t->row + (size_t)t->kept[k] * ROW;
            for (int l = 0; l < L; l++)
                u[l] += r[l];
        }
        for (int l = 0; l < L; l++)
            t->unary[i][l] = u[l] * scale;
    }
    t->kept_start[n] = kept;
    inference(t, n);
    const uint8_t *gold = s->gold + seg->at;
    for (size_t i = 0; i < n; i++) {
        float g[L], most = 0;
        for (int l = 0; l < L; l++) {
            g[l] = t->prob[i][l] - (l == gold[i] ? 1.0f : 0.0f);
            most = fmaxf(most, fabsf(g[l]));
        }
        if (most < 1e-3f)
            continue;
        for (size_t k = t->kept_start[i]; k < t->kept_start[i + 1]; k++) {
            float *r = t->row + (size_t)t->kept[k] * ROW, *q = r + L;
            for (int l = 0; l < L; l++) {
                q[l] += g[l] * g[l];
                r[l] -= plan->rate * g[l] / sqrtf(q[l] + 1e-6f);
            }
        }
    }
    move_gradient(t, gold, n, plan->rate);
}

void nd_crf_train(struct nd_weights *w, const struct nd_samples *s, const struct nd_plan *plan)
{
    struct state t = {0};
    t.row = need(calloc((size_t)s->features + 1, ROW * sizeof *t.row));
    t.unary = need(malloc(LONGEST * sizeof *t.unary));
    t.alpha = need(malloc(LONGEST * sizeof *t.alpha));
    t.beta = need(malloc(LONGEST * sizeof *t.beta));
    t.prob = need(malloc(LONGEST * sizeof *t.prob));
    t.kept_start = need(malloc((LONGEST + 1) * sizeof *t.kept_start));
    for (unsigned k = 0; k < L; k++)
        for (unsigned l = 0; l < L; l++)
            t.emove[k][l] = nd_label_follows(k, l) ? 1 : 0;
    *w = (struct nd_weights){.w = need(calloc((size_t)s->features * L + 1, sizeof *w->w))};
    size_t m = 0, *order = need(malloc((s->segs + 1) * sizeof *order));
    for (size_t i = 0; i < s->segs; i++)
        if (s->seg[i].n <= LONGEST && s->seg[i].doc < plan->docs &&
            (!plan->folds || s->seg[i].doc % plan->folds != plan->fold))
            order[m++] = i;
    uint64_t seed = plan->seed * 0x9e3779b97f4a7c15u + 88172645463325252u;
    int averaged = 0;
    for (int epoch = 0; epoch < plan->epochs; epoch++) {
        for (size_t i = m; i > 1; i--) {
            size_t j = next_random(&seed) % i, o = order[i - 1];
            order[i - 1] = order[j];
            order[j] = o;
        }
        for (size_t i = 0; i < m; i++)
            if (s->seg[order[i]].doc < plan->silver || next_random(&seed) >> 63)
                learn(&t, s, &s->seg[order[i]], plan, &seed);
        if (epoch * 2 < plan->epochs - 1)
            continue;
        averaged++;
        for (size_t f = 0; f < s->features; f++)
            for (int l = 0; l < L; l++)
                w->w[f * L + (size_t)l] += t.row[f * ROW + (size_t)l];
        for (int k = 0; k < L; k++)
            for (int l = 0; l < L; l++)
                w->move[k][l] += t.move[k][l];
    }
    float share = averaged ? 1.0f / (float)averaged : 0;
    for (size_t i = 0; i < (size_t)s->features * L; i++)
        w->w[i] *= share;
    for (int k = 0; k < L; k++)
        for (int l = 0; l < L; l++)
            w->move[k][l] *= share;
    free(t.row);
    free(t.unary);
    free(t.alpha);
    free(t.beta);
    free(t.prob);
    free(t.kept);
    free(t.kept_start);
    free(order);
}

void nd_weights_add(struct nd_weights *to, const struct nd_weights *w, const struct nd_samples *s,
                    float share)
{
    if (!to->w)
        to->w = need(calloc((size_t)s->features * L + 1, sizeof *to->w));
    for (size_t i = 0; i < (size_t)s->features * L; i++)
        to->w[i] += share * w->w[i];
    for (int k = 0; k < L; k++)
        for (int l = 0; l < L; l++)
            to->move[k][l] += share * w->move[k][l];
}

void nd_crf_label(const struct nd_weights *w, const struct nd_samples *s,
                  const struct nd_segment *seg, uint8_t *labels)
{
    struct nd_crf crf;
    struct nd_scores *u = need(calloc(seg->n, sizeof *u));
    struct nd_crf_cell *cells = need(malloc(seg->n * sizeof *cells));
    for (int k = 0; k < L; k++)
        for (int l = 0; l < L; l++)
            crf.move[k][l] = (int32_t)lrintf(w->move[k][l] * ND_SCORE_UNIT);
    for (size_t i = 0; i < seg->n; i++) {
        float v[L] = {0};
        for (size_t f = s->start[seg->at + i]; f < s->start[seg->at + i + 1]; f++)
            for (int l = 0; l < L; l++)
                v[l] += w->w[(size_t)s->feat[f] * L + (size_t)l];
        for (int l = 1; l < L; l++)
            u[i].v[l - 1] =
                (int16_t)lrintf(fmaxf(fminf((v[l] - v[0]) * ND_SCORE_UNIT, 32000), -32000));
    }
    nd_crf_decode(&crf, u, seg->n, cells, labels, NULL);
    free(u);
    free(cells);
}
