/* manifest.h: the file XAPIANDB of an index folder: which segments and which other files are the index
 * at a revision. It is a Xapian stub file (stock tools open the folder) whose comment lines are ours:
 *     #nd 1 REVISION COMMITID UUID TOKENIZER        schema version, revision, 16 hex digits, uuid
 *     #nd seg NUMBER DOCS del-NNNNNN.REV|-          one per segment, in order
 *     #nd derived|events|ledger FILE                names of files of this revision
 *     glass seg-NNNNNN                              one per segment
 *     #nd end CHECKSUM                              the last line: 16 hex digits of nd_hash64 of all before it
 * Read by both programs, written by the indexer alone (indexer/segment/commit.h). */
#ifndef ND_RECORD_MANIFEST_H
#define ND_RECORD_MANIFEST_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ND_SEGMENTS_MAX = 4096
};

struct nd_manifest_segment {
    uint32_t number, docs;  /* seg-%06u; articles in it, deleted ones included */
    char del[32];           /* file of its tombstones, "" if none */
};

struct nd_manifest {
    uint32_t revision; /* 0: an index that holds nothing yet */
    uint64_t commit;   /* random */
    char uuid[37];
    struct nd_manifest_segment *segments; /* owned */
    size_t n;
    char derived[32], events[32], ledger[32]; /* "" if none */
};

/* Read DIR/XAPIANDB. Fails: ND_MISSING (no index there, with a hint), ND_VERSION (schema or tokenizer),
 * ND_CORRUPT (line number named). */
int nd_manifest_read(struct nd_manifest *m, const char *dir, struct nd_error *err);
/* The same, but an older schema or tokenizer is no failure: for rebuilding. */
int nd_manifest_read_older(struct nd_manifest *m, const char *dir, struct nd_error *err);
/* Append the file's text. */
struct nd_buf;
int nd_manifest_format(struct nd_buf *out, const struct nd_manifest *m);
int nd_manifest_parse(struct nd_manifest *m, const char *p, size_t n, const char *name,
                      struct nd_error *err);
void nd_manifest_free(struct nd_manifest *m);

#endif
