#include "entity/crf.h"

enum {
    NEVER = INT32_MIN / 4 /* far below any sum of scores, far above overflow */
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

static void forward(const struct nd_crf *crf, const struct nd_scores *s, size_t n,
                    struct nd_crf_cell *cells)
{
    int32_t into[9][9]; /* fresh, closed */
    for (unsigned j = 0; j < 9; j++)
        for (unsigned k = 0; k < 9; k++)
            into[j][k] = crf->move[closed[k]][fresh[j]];
    int32_t before[9]; /* best by closed label of the unit before */
    before[0] = 0;
    for (unsigned k = 1; k < 9; k++)
        before[k] = NEVER;
    for (size_t i = 0; i < n; i++) {
        struct nd_crf_cell *c = &cells[i];
        for (unsigned j = 0; j < 9; j++) {
            int32_t best = before[0] + into[j][0];
            unsigned from = 0;
            for (unsigned k = 1; k < 9; k++) {
                int32_t v = before[k] + into[j][k];
                from = v > best ? k : from;
                best = v > best ? v : best;
            }
            c->best[fresh[j]] = best;
            c->from[fresh[j]] = closed[from];
        }
        for (unsigned b = 1; b < ND_LABELS; b += 4)
            for (unsigned to = b + 1; to <= b + 2; to++) {
                int32_t x = NEVER, y = NEVER;
                if (i > 0) {
                    x = cells[i - 1].best[b] + crf->move[b][to];
                    y = cells[i - 1].best[b + 1] + crf->move[b + 1][to];
                }
                c->best[to] = y > x ? y : x;
                c->from[to] = (uint8_t)(y > x ? b + 1 : b);
            }
        for (unsigned l = 1; l < ND_LABELS; l++)
            c->best[l] += s[i].v[l - 1];
        for (unsigned k = 0; k < 9; k++)
            before[k] = c->best[closed[k]];
    }
}

/* By unit, how much better the best path is than the best one that gives the unit another label:
 * forward scores are in the cells, backward ones are made here. */
static void margins(const struct nd_crf *crf, const struct nd_scores *s, size_t n,
                    const struct nd_crf_cell *cells, const uint8_t *labels, int32_t *margin)
{
    int32_t out[9][9]; /* closed, fresh */
    int32_t after[ND_LABELS], ahead[ND_LABELS];
    for (unsigned k = 0; k < 9; k++)
        for (unsigned j = 0; j < 9; j++)
            out[k][j] = crf->move[closed[k]][fresh[j]];
    for (unsigned l = 0; l < ND_LABELS; l++)
        after[l] = NEVER;
    for (unsigned k = 0; k < 9; k++)
        after[closed[k]] = crf->move[closed[k]][0];
    for (size_t i = n; i-- > 0;) {
        int32_t best = NEVER, other = 2 * NEVER;
        for (unsigned l = 0; l < ND_LABELS; l++) {
            int32_t whole = cells[i].best[l] + after[l];
            best = l == labels[i] ? whole : best;
            other = l != labels[i] && whole > other ? whole : other;
        }
        margin[i] = other <= NEVER / 2 ? INT32_MAX : best - other;
        if (i == 0)
            break;
        ahead[0] = after[0];
        for (unsigned l = 1; l < ND_LABELS; l++)
            ahead[l] = after[l] + s[i].v[l - 1];
        int32_t first[9];
        for (unsigned j = 0; j < 9; j++)
            first[j] = ahead[fresh[j]];
        for (unsigned k = 0; k < 9; k++) {
            int32_t v = NEVER;
            for (unsigned j = 0; j < 9; j++)
                v = first[j] + out[k][j] > v ? first[j] + out[k][j] : v;
            after[closed[k]] = v;
        }
        for (unsigned b = 1; b < ND_LABELS; b += 4)
            for (unsigned l = b; l <= b + 1; l++) {
                int32_t x = ahead[b + 1] + crf->move[l][b + 1];
                int32_t y = ahead[b + 2] + crf->move[l][b + 2];
                after[l] = x > y ? x : y;
            }
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
