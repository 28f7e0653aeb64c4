/* verify.h: does an index hold what it should? Everything is read and compared with everything else:
 *     manifest; checksums of every block; tombstones, events, ledger, facts about names;
 *     dictionary: order, ranks, folded keys, stems computed anew, counts against the streams;
 *     each article: its codes, its text, content and id hashes, dates, values and entities in the columns, its result
 *     line, its length in the postings; of one in ND_VERIFY_SAMPLE the text is cut into words and compared;
 *     each posting list: articles and wdf, by a sum, against what streams and texts say there should be;
 *     each id once in the index, and in the events as there; xapian-check where it is installed.
 * It takes no lock and reads one revision; where a writer has replaced it meanwhile it starts again.
 * Threads: one owner.   Used by: cmd_verify, prove.c, tests. */
#ifndef ND_SEGMENT_VERIFY_H
#define ND_SEGMENT_VERIFY_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ND_VERIFY_SAMPLE = 16
};

struct nd_verify {
    /* Called for each damage that is found, the file named; then the next part is looked at. */
    void (*damage)(void *ctx, const struct nd_error *err);
    void (*progress)(void *ctx, uint64_t done, uint64_t total); /* articles */
    void *ctx;
    /* counted */
    uint32_t revision, segments, damaged;
    uint64_t articles, deleted, words, terms, postings, bytes;
    bool xapian_check; /* it ran */
};

/* Verify the index in dir.
 * Return: 0 also where damage was found: look at v->damaged.
 * Fails: ND_MISSING (no index), ND_VERSION, ND_IO, ND_NOMEM; ND_MODIFIED (replaced ten times meanwhile). */
int nd_verify_index(struct nd_verify *v, const char *dir, struct nd_error *err);

#endif
