/* prove.h: that nothing of deleted articles is left in an index: for take-downs.
 * Call order:  nd_proof_new nd_proof_add* (delete, merge, commit) nd_proof_check nd_proof_free
 * What is looked for: the id as a term; hash of the id and of the content in the columns; and each piece of
 * ND_PROOF_PIECE bytes of the record (so any run of twice as many) that no remaining article has, in every byte
 * of every file. That words, stems, values and terms are those of the remaining articles alone is what verifying
 * shows, which is done first. Left is a salted hash of the id in the events.
 * Threads: one owner.   Used by: cmd_delete. */
#ifndef ND_PROVE_H
#define ND_PROVE_H

#include "tool/diag.h"
#include "xap/index.h"

enum {
    ND_PROOF_PIECE = 16
};

struct nd_proof;

/* Fails: ND_NOMEM. */
int nd_proof_new(struct nd_proof **out, struct nd_error *err);
void nd_proof_free(struct nd_proof *p);
/* Remember an article that will be deleted. Fails: ND_CORRUPT, ND_NOMEM, ND_IO. */
int nd_proof_add(struct nd_proof *p, struct nd_segment *s, uint32_t docid, struct nd_error *err);
/* Look through the index, and say on d what was looked at.
 * Fails: ND_INTERNAL something is left (named); ND_CORRUPT, ND_IO, ND_NOMEM. */
int nd_proof_check(struct nd_proof *p, const char *dir, const struct nd_diag *d,
                   struct nd_error *err);

#endif
