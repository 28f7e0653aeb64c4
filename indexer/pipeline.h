/* pipeline.h: articles -> segments on all cores: one reader, a bounded queue of batches, workers that do
 * everything per article, each with a segment builder of its own.
 *     reader -> batch -> queue -> worker: look up, tokenise, tag, build -> (flush) segments -> commit
 * A commit covers every record read so far, so also a contiguous start of each input file. It comes when the
 * builders together hold the memory budget, or at the end. Answers do not depend on the number of workers:
 * what a segment holds is a function of each article alone.
 * Threads: the caller's thread reads and commits; workers are started per run; with one job there are none.
 * Used by: cmd_add. */
#ifndef ND_PIPELINE_H
#define ND_PIPELINE_H

#include "entity/entities.h"
#include "input/source.h"
#include "record/text.h"
#include "resume.h"
#include "segment/commit.h"

struct nd_pipeline_options {
    unsigned jobs;          /* workers; 1: all in the caller's thread */
    size_t memory;          /* bytes that builders may hold together */
    enum nd_codec codec;
    bool complete;          /* --xapian-complete */
    const struct nd_entity_data *entities; /* of the tagger; NULL: no entities */
    bool replace;           /* many records of another file may be replaced */
    uint64_t bad_max;       /* bad records before the run stops, UINT64_MAX no limit */
    struct nd_resume *resume; /* what was read before, over the writer's ledger */
    /* Called in the reader's thread now and then (progress) and for each bad record. */
    void (*bad)(void *ctx, const struct nd_error *err);
    void (*progress)(void *ctx);
    bool (*cancelled)(void *ctx);
    void *ctx;
};

struct nd_pipeline_stats {
    uint64_t added, changed, unchanged, older, withdrawn; /* articles, committed */
    uint64_t words, text;   /* words indexed; bytes of title, lead and body */
    uint64_t segments, commits, bytes; /* written */
    double seconds;
};

/* Read all of source into the index that w writes, committing as it goes.
 * Return: 0; ND_PARTIAL when cancelled (what was committed stays).
 * Fails: ND_USAGE (more than one in a hundred records of a file would replace another file's articles),
 *        and whatever reading, building and committing fail with; the last commit stays. */
int nd_pipeline_run(struct nd_writer *w, struct nd_source *source,
                    const struct nd_pipeline_options *o, struct nd_pipeline_stats *stats,
                    struct nd_error *err);

#endif
