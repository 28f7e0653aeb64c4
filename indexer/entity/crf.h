/* crf.h: the labels of a sequence and the best path through their scores.
 * Labels: 0 outside; for type t (0 person, 1 organisation, 2 place, 3 other: enum nd_entity_type) 1
 *         + 4t + k with
 * k = 0 begins, 1 inside, 2 last, 3 the only unit of a name.
 * Scores are whole numbers in units of 1 / 256, so that every machine finds the same path; those of
 * a unit are relative to that of label 0, which has none.
 * Threads: no shared state.   Used by: tag.c, model.c, train/. */
#ifndef ND_ENTITY_CRF_H
#define ND_ENTITY_CRF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ND_LABELS = 17,
    ND_LANES = 16, /* labels but 0 */
    ND_SCORE_UNIT = 256
};

enum nd_label_part {
    ND_PART_BEGIN = 0,
    ND_PART_INSIDE = 1,
    ND_PART_LAST = 2,
    ND_PART_ONLY = 3
};

static inline unsigned nd_label(unsigned type, unsigned part)
{
    return 1 + 4 * type + part;
}
static inline unsigned nd_label_type(unsigned label) /* label > 0 */
{
    return (label - 1) / 4;
}
static inline unsigned nd_label_part(unsigned label)
{
    return (label - 1) % 4;
}
/* Label b may follow label a. */
bool nd_label_follows(unsigned a, unsigned b);

struct nd_crf {
    int32_t move[ND_LABELS][ND_LABELS]; /* from, to */
};

/* Scores of a unit by label - 1. */
struct nd_scores {
    int16_t v[ND_LANES];
};

/* One cell of the search; the caller's scratch. */
struct nd_crf_cell {
    int32_t best[ND_LABELS];
    uint8_t from[ND_LABELS];
};

/* The best labels of n > 0 units between two that are outside. cells: n of them.
 * margin (may be NULL): by unit, how much worse the best path is that gives it another label. */
void nd_crf_decode(const struct nd_crf *crf, const struct nd_scores *s, size_t n,
                   struct nd_crf_cell *cells, uint8_t *labels, int32_t *margin);

#endif
