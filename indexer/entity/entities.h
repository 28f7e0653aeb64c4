/* entities.h: one call from an article and its words to its mentions with canonical ids: tag, resolve, canon.
 * Call order:  nd_entity_data_open (nd_entities_new (nd_entities_run nd_entities_evidence?)* nd_entities_free)*
 *              nd_entity_data_close
 * Invariants:  the mentions of an article are a function of it alone; in text order, without overlap.
 * Threads:     the data are read only and shared; each worker has an nd_entities of its own.
 * Memory:      the model once, some 10 MB of caches a worker, and the article's names.
 * Uses: tag.h, resolve.h, gazetteer.h.   Used by: worker.c, cmd tag. */
#ifndef ND_ENTITY_ENTITIES_H
#define ND_ENTITY_ENTITIES_H

#include "entity/resolve.h"
#include "entity/tag.h"
#include "record/stream.h"

struct nd_entities;

/* Why a mention is what it is. */
struct nd_evidence {
    uint8_t by;    /* enum nd_by */
    uint8_t score; /* of the tagger, percent */
    uint32_t row;  /* of the gazetteer, ND_NAME_NONE */
    uint32_t from; /* the mention, by number, that it was resolved from, ND_NAME_NONE */
};

/* What all threads read. Zero-initialise. */
struct nd_entity_data {
    struct nd_gazetteer gaz;
    struct nd_model model;
};

/* model: a model file, NULL for the one that is part of the program.
 * Fails: ND_MISSING, ND_IO, ND_CORRUPT, ND_VERSION, ND_NOMEM; d is closed then. */
int nd_entity_data_open(struct nd_entity_data *d, const char *model, struct nd_error *err);
void nd_entity_data_close(struct nd_entity_data *d);

/* data: borrowed until nd_entities_free.   Fails: ND_NOMEM. */
int nd_entities_new(struct nd_entities **out, const struct nd_entity_data *data,
                    struct nd_error *err);
void nd_entities_free(struct nd_entities *e);

/* Find the mentions of an article.
 * t:      the words of all its fields, by field number, as nd_tokens_add gave them.
 * *out:   *n mentions, borrowed until the next call.
 * Fails:  ND_NOMEM, ND_LIMIT, ND_INTERNAL. */
int nd_entities_run(struct nd_entities *e, const struct nd_article *a, const struct nd_tokens *t,
                    const struct nd_mention **out, size_t *n, struct nd_error *err);
/* The same with names that somebody else found. */
int nd_entities_resolve(struct nd_entities *e, const struct nd_article *a,
                        const struct nd_tokens *t, const struct nd_tag *tags, size_t tags_n,
                        const struct nd_mention **out, size_t *n, struct nd_error *err);
/* Where mention i of the last call is printed: bytes [*start, *end) of the field that is returned (ND_FIELD_*). */
unsigned nd_entities_span(const struct nd_entities *e, size_t i, size_t *start, size_t *end);
/* The evidence of each mention of the last call, in the same order. */
const struct nd_evidence *nd_entities_evidence(const struct nd_entities *e);
/* Append the evidence of mention i in words: `model 97`, `aliases.tsv:12`, `resolved from 3`, `dump`. */
int nd_entities_why(const struct nd_entities *e, size_t i, struct nd_buf *out);
#endif
