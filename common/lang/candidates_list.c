#include "lang/candidates_in.h"

#include <stdlib.h>

int cand_list_open(struct nd_cand *c, size_t segment, struct nd_str term, struct nd_error *err)
{
    int rc = xap_postings_open(&c->list, c->env->ix->xap, segment, term.p, term.n, err);
    if (rc)
        return rc;
    c->batch = malloc(CAND_BATCH * sizeof *c->batch);
    if (!c->batch)
        return nd_fail(err, ND_NOMEM, "out of memory for a posting list");
    c->freq = xap_postings_freq(c->list);
    return 0;
}

int cand_list_step(struct nd_cand *c, uint32_t target, struct nd_error *err)
{
    int rc;
    for (;;) {
        if (c->batch_n && c->batch[c->batch_n - 1] >= target) {
            size_t lo = c->batch_at, hop = 1;
            while (lo + hop < c->batch_n && c->batch[lo + hop] < target) {
                lo += hop;
                hop *= 2;
            }
            while (c->batch[lo] < target)
                lo++;
            c->batch_at = lo;
            c->docid = c->batch[lo];
            return 0;
        }
        uint32_t last = c->batch_n ? c->batch[c->batch_n - 1] : 0;
        c->batch_at = 0;
        /* near by: read on; far away: leap */
        if (target - last > 2 * (uint64_t)CAND_BATCH * c->seg->docs / (c->freq + 1)) {
            rc = xap_postings_skip(c->list, target, &c->batch[0], err);
            c->batch_n = rc == 0;
        } else {
            rc = xap_postings_fill(c->list, c->batch, NULL, CAND_BATCH, &c->batch_n, err);
        }
        if (rc) {
            c->batch_n = 0;
            return rc;
        }
    }
}

int cand_bits_open(struct nd_cand *c, size_t segment, const struct nd_str *terms, size_t n,
                   struct nd_error *err)
{
    uint32_t batch[CAND_BATCH];
    int rc = 0;
    c->bits = calloc(c->seg->docs / 64 + 1, sizeof *c->bits);
    if (!c->bits)
        return nd_fail(err, ND_NOMEM, "out of memory for a set of articles");
    for (size_t i = 0; i < n; i++) {
        struct xap_postings *list;
        size_t got;
        rc = xap_postings_open(&list, c->env->ix->xap, segment, terms[i].p, terms[i].n, err);
        if (rc == ND_DONE)
            continue;
        if (rc)
            return rc;
        while ((rc = xap_postings_fill(list, batch, NULL, CAND_BATCH, &got, err)) == 0)
            for (size_t k = 0; k < got; k++)
                if (batch[k] <= c->seg->docs)
                    c->bits[batch[k] >> 6] |= (uint64_t)1 << (batch[k] & 63);
        xap_postings_close(list);
        if (rc != ND_DONE)
            return rc;
    }
    c->freq = 0;
    for (size_t i = 0; i <= c->seg->docs / 64; i++)
        c->freq += (uint32_t)__builtin_popcountll(c->bits[i]);
    return c->freq ? 0 : ND_DONE;
}

int cand_bits_step(struct nd_cand *c, uint32_t target)
{
    size_t last = c->seg->docs / 64, i = target >> 6;
    if (i > last)
        return ND_DONE;
    uint64_t m = c->bits[i] & (UINT64_MAX << (target & 63));
    while (m == 0) {
        if (i++ == last)
            return ND_DONE;
        m = c->bits[i];
    }
    c->docid = (uint32_t)(i * 64 + (size_t)__builtin_ctzll(m));
    return 0;
}
