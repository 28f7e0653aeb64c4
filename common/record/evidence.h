/* evidence.h: why an article has a name, kept in the free bits of the ENTITIES column: the second number of each
 * pair holds how often the article has the form, and the evidence for its first mention. It costs no byte.
 *   bits 0..9 mentions, at most 1023   bits 10..13 enum nd_proof   bits 14..31 a number that goes with it
 * An index of before it was kept has zeros there (ND_PROOF_NONE).
 * Threads: no state.   Used by: indexer/segment, query/ (why, facet). */
#ifndef ND_RECORD_EVIDENCE_H
#define ND_RECORD_EVIDENCE_H

#include <stdint.h>

enum nd_proof { /* written to disk: only append */
    ND_PROOF_NONE = 0,
    ND_PROOF_MODEL = 1,    /* number: how sure the tagger is, percent */
    ND_PROOF_RESOLVED = 2, /* number: the mention of the article, in text order from 0, that it was resolved from */
    ND_PROOF_GOLD = 3,     /* the dump names it */
    ND_PROOF_LIST = 4      /* and above: line `number` of list proof - ND_PROOF_LIST (nd_proof_list) */
};

enum {
    ND_PROOF_MENTIONS = (1 << 10) - 1,
    ND_PROOF_NUMBER = (1 << 18) - 1,
    ND_PROOF_LISTS = 12 /* lists that can be told apart */
};

static inline uint32_t nd_proof_pack(uint32_t mentions, unsigned proof, uint32_t number)
{
    if (mentions > ND_PROOF_MENTIONS)
        mentions = ND_PROOF_MENTIONS;
    if (number > ND_PROOF_NUMBER)
        number = ND_PROOF_NUMBER;
    return mentions | (uint32_t)(proof & 15) << 10 | number << 14;
}

static inline uint32_t nd_proof_mentions(uint32_t v)
{
    return v & ND_PROOF_MENTIONS;
}

static inline unsigned nd_proof_of(uint32_t v)
{
    return v >> 10 & 15;
}

static inline uint32_t nd_proof_number(uint32_t v)
{
    return v >> 14;
}

/* The name of a list: "aliases.tsv"; "" for a number that no list has. */
const char *nd_proof_list(unsigned list);

#endif
