/* crf_train.h: weights of a linear-chain CRF by AdaGrad with feature dropout.
 * Sources: Lafferty et al. 2001; AdaGrad: Duchi et al. 2011.   Used by: train.c. */
#ifndef ND_ENTITY_TRAIN_CRF_TRAIN_H
#define ND_ENTITY_TRAIN_CRF_TRAIN_H

#include "entity/crf.h"

/* A run of units that are labelled together, between two that are outside. */
struct nd_segment {
    uint32_t doc, n;
    size_t at;   /* first of its positions */
    size_t unit; /* its first unit, for the caller */
};

/* Segments with the features of each position. */
struct nd_samples {
    struct nd_segment *seg;
    size_t segs, segs_cap;
    size_t *start; /* by position, in feat; and the end */
    uint8_t *gold; /* label by position */
    size_t positions, positions_cap;
    uint32_t *feat; /* hashes, then numbers */
    size_t feats, feats_cap;
    uint32_t *hash, *count; /* by number: the feature, how often it occurs */
    uint32_t features;
};

struct nd_plan {
    int epochs;
    float rate, dropout;
    unsigned folds, fold; /* leave out the documents with number % folds == fold; folds 0: none */
    uint32_t silver; /* documents from this one on have a model's labels: an epoch takes half */
    uint32_t docs;   /* documents from this one on are left out */
    uint64_t seed;
};

void nd_samples_init(struct nd_samples *s);
void nd_samples_free(struct nd_samples *s);
/* Append a segment; then its positions one by one, with features by hash. */
void nd_samples_segment(struct nd_samples *s, uint32_t doc, size_t unit);
void nd_samples_position(struct nd_samples *s, const uint32_t *hash, size_t n, unsigned gold);
/* Number the features that occur at least `least` times, forget the others. */
void nd_samples_number(struct nd_samples *s, unsigned least);

struct nd_weights {
    float *w; /* features * ND_LABELS */
    float move[ND_LABELS][ND_LABELS];
};

/* Train; the weights are averages over the last half of the epochs. w->w is the caller's to free.
 * */
void nd_crf_train(struct nd_weights *w, const struct nd_samples *s, const struct nd_plan *plan);
/* Add one model's weights to another's, times share, over the same samples. */
void nd_weights_add(struct nd_weights *to, const struct nd_weights *w, const struct nd_samples *s,
                    float share);
/* Label a segment. labels: of its length. */
void nd_crf_label(const struct nd_weights *w, const struct nd_samples *s,
                  const struct nd_segment *seg, uint8_t *labels);

#endif
