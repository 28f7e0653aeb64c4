/* worker.h: everything that is done to one article, between the reader and the segment: look its id up in the
 * committed index, cut it into words, find its entities, give it to the builder.
 * Call order:  nd_worker_new (nd_worker_batch* nd_worker_flush)* nd_worker_free
 * Threads:     one owner at a time.   Used by: pipeline.c. */
#ifndef ND_WORKER_H
#define ND_WORKER_H

#include "entity/entities.h"
#include "input/source.h"
#include "record/text.h"
#include "segment/build.h"
#include "segment/commit.h"
#include "xap/index.h"

enum {
    ND_BATCH = 64 /* articles that travel together */
};

/* Articles on their way from the reader to a worker, with the memory they live in. */
struct nd_batch {
    struct nd_arena arena;
    struct nd_article v[ND_BATCH];
    size_t n;
    size_t bytes;          /* of text */
    struct nd_batch *next; /* in a queue */
};

/* What the commit must know about one article that a worker has indexed. */
struct nd_pending {
    struct nd_str id;
    uint32_t docid;          /* in the worker's segment */
    int64_t updated;         /* ND_UTC_NONE if not given */
    uint64_t version;
    struct nd_hash128 content;
    bool old, withdrawn;     /* replaces a committed article; is a kill notice (docid 0) */
    bool counted;            /* a notice that took back an article of its own batch */
    size_t old_segment;
    uint32_t old_docid;
};

struct nd_worker {
    const char *dir;                 /* index folder, borrowed */
    const struct nd_build_options *build_options;
    struct nd_index *index;          /* committed state for look-ups; NULL for a new index */
    uint32_t revision;
    int64_t now;
    struct nd_build *build;          /* open segment, NULL if none yet */
    uint32_t number;                 /* its number */
    char path[ND_PATH_MAX];          /* its folder */
    struct nd_build_sizes sizes;     /* of the flushed segment */
    struct nd_tokens tokens;
    struct nd_entities *entities;    /* NULL: articles are not tagged */
    struct nd_buf json;
    struct nd_arena kept;            /* ids of pending */
    struct nd_pending *pending;
    size_t pending_n, pending_cap;
    uint32_t batches;                /* done, all in all */
    uint64_t unchanged, older, replaced, words, text; /* since the last commit */
};

/* Make a worker. data: of the entity tagger, borrowed; NULL leaves entities out. Fails: ND_NOMEM. */
int nd_worker_new(struct nd_worker **out, const char *dir, const struct nd_build_options *o,
                  const struct nd_entity_data *data, struct nd_error *err);
void nd_worker_free(struct nd_worker *w);
/* Begin the articles of the next commit: the index to look ids up in is opened anew.
 * number, path: the segment that the worker writes, should it have anything to write. */
int nd_worker_begin(struct nd_worker *w, uint32_t revision, bool fresh, uint32_t number,
                    const char *path, struct nd_error *err);
/* Do everything to the articles of a batch. Fails: ND_NOMEM, ND_IO, ND_CORRUPT, ND_LIMIT. */
int nd_worker_batch(struct nd_worker *w, const struct nd_batch *b, struct nd_error *err);
/* Cut x->article into words, find its entities, give it to the builder, whatever the index holds; the rest of x is
 * the caller's, but for tokens, lang and mentions. Fails: as nd_worker_batch. */
int nd_worker_index(struct nd_worker *w, struct nd_build_article *x, struct nd_error *err);
/* Bytes of memory that the open segment takes. */
size_t nd_worker_bytes(const struct nd_worker *w);
/* Write the open segment to disk. *docs is 0 where there was none. */
int nd_worker_flush(struct nd_worker *w, uint32_t *docs, struct nd_error *err);

/* Which of two versions of one id stays: the later `updated`, then the higher version, then the larger
 * content hash, so that the order of arrival does not matter. A notice takes back what is not newer by the first two.
 * Return: > 0 the first, < 0 the second, 0 their content is the same. */
int nd_pending_newer(const struct nd_pending *a, const struct nd_pending *b);

#endif
