#include "entity/crf.h"

enum {
    NEVER = INT32_MIN / 4
};

bool nd_label_follows(unsigned a, unsigned b)
{
    bool open = a > 0 && nd_label_part(a) <= ND_PART_INSIDE; /* a name goes on after a */
    bool goes_on =
        b > 0 && (nd_label_part(b) == ND_PART_INSIDE || nd_label_part(b) == ND_PART_LAST);
    if (open)
        return goes_on && nd_label_type(a) == nd_label_type(b);
    return !goes_on;
}

/* Labels after which no name is open, and those that open none or begin one. */
static const uint8_t closed[9] = {0, 3, 4, 7, 8, 11, 12, 15, 16};
static const uint8_t fresh[9] = {0, 1, 4, 5, 8, 9, 12, 13, 16};

static inline void consider(struct nd_crf_cell *c, unsigned to, int32_t score, unsigned from)
{
    if (score > c->best[to]) {
        c->best[to] = score;
        c->from[to] = (uint8_t)from;
    }
}

static void forward(const struct nd_crf *crf, const struct nd_scores *s, size_t n,
                    struct nd_crf_cell *cells)
{
    for (size_t i = 0; i < n; i++) {
        struct nd_crf_cell *c = &cells[i];
        for (unsigned l = 0; l < ND_LABELS; l++)
            c->best[l] = NEVER;
        if (i == 0) {
            for (unsigned k = 0; k < 9; k++)
                consider(c, fresh[k], crf->move[0][fresh[k]], 0);
        } else {
            const int32_t *p = cells[i - 1].best;
            for (unsigned k = 0; k < 9; k++)
                for (unsigned j = 0; j < 9; j++)
                    consider(c, fresh[j], p[closed[k]] + crf->move[closed[k]][fresh[j]], closed[k]);
            for (unsigned b = 1; b < ND_LABELS; b += 4)
                for (unsigned from = b; from <= b + 1; from++)
                    for (unsigned to = b + 1; to <= b + 2; to++)
                        consider(c, to, p[from] + crf->move[from][to], from);
        }
        for (unsigned l = 0; l < ND_LABELS; l++)
            c->best[l] += c->best[l] > NEVER / 2 ? s[i].v[l] : 0;
    }
}

/* Turn each cell's best score of a path that ends there into that of a whole path through it. */
static void margins(const struct nd_crf *crf, const struct nd_scores *s, size_t n,
                    struct nd_crf_cell *cells, const uint8_t *labels, int32_t *margin)
{
    int32_t after[ND_LABELS], next[ND_LABELS];
    for (unsigned l = 0; l < ND_LABELS; l++)
        after[l] = nd_label_follows(l, 0) ? crf->move[l][0] : NEVER;
    for (size_t i = n; i-- > 0;) {
        int32_t best = NEVER, other = NEVER;
        for (unsigned l = 0; l < ND_LABELS; l++) {
            int32_t whole = cells[i].best[l] <= NEVER / 2 || after[l] <= NEVER / 2
                                ? NEVER
                                : cells[i].best[l] + after[l];
            if (l == labels[i])
                best = whole;
            else if (whole > other)
                other = whole;
        }
        margin[i] = best - other;
        if (i == 0)
            break;
        for (unsigned l = 0; l < ND_LABELS; l++) {
            next[l] = NEVER;
            for (unsigned m = 0; m < ND_LABELS; m++)
                if (after[m] > NEVER / 2 && nd_label_follows(l, m) &&
                    crf->move[l][m] + s[i].v[m] + after[m] > next[l])
                    next[l] = crf->move[l][m] + s[i].v[m] + after[m];
        }
        for (unsigned l = 0; l < ND_LABELS; l++)
            after[l] = next[l];
    }
}

void nd_crf_decode(const struct nd_crf *crf, const struct nd_scores *s, size_t n,
                   struct nd_crf_cell *cells, uint8_t *labels, int32_t *margin)
{
    forward(crf, s, n, cells);
    int32_t best = NEVER;
    unsigned at = 0;
    for (unsigned k = 0; k < 9; k++) {
        int32_t v = cells[n - 1].best[closed[k]];
        if (v > NEVER / 2 && v + crf->move[closed[k]][0] > best) {
            best = v + crf->move[closed[k]][0];
            at = closed[k];
        }
    }
    for (size_t i = n; i-- > 0;) {
        labels[i] = (uint8_t)at;
        at = cells[i].from[at];
    }
    if (margin)
        margins(crf, s, n, cells, labels, margin);
}
