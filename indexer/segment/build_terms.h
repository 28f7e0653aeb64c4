/* build_terms.h: the terms and the signature of one article, between build.c and postings.c.
 * Threads: one owner.   Used by: build.c. */
#ifndef ND_SEGMENT_BUILD_TERMS_H
#define ND_SEGMENT_BUILD_TERMS_H

#include "base/map.h"
#include "record/stream.h"
#include "segment/build.h"
#include "segment/postings.h"

struct nd_build_terms {
    struct nd_stream_writer *stream; /* borrowed */
    struct nd_postings postings;
    struct nd_places places; /* filled for a complete segment alone */
    struct nd_map other;     /* texts of ND_TERM_OTHER */
    struct nd_buf fold;
    uint32_t *word_ids; /* of the current article's tokens; NULL unless complete */
    size_t tokens_cap;
    uint32_t *plain; /* by word number: its ND_TERM_OTHER term, ND_MAP_NONE while unknown */
    uint32_t plain_cap;
    uint32_t *entity_terms; /* by an entity's number of arrival: likewise */
    uint32_t entities_cap;
    bool complete;
};

int nd_build_terms_init(struct nd_build_terms *t, struct nd_stream_writer *stream, bool complete);
void nd_build_terms_free(struct nd_build_terms *t);
size_t nd_build_terms_bytes(const struct nd_build_terms *t);
/* Room for the word numbers of so many tokens, if they are wanted. */
int nd_build_terms_room(struct nd_build_terms *t, size_t tokens);
/* Collect the terms of the article that the stream writer was given last.
 * Fails: ND_NOMEM, ND_LIMIT. */
int nd_build_terms_add(struct nd_build_terms *t, const struct nd_build_article *x);
/* The signature of the article's body, as build.h describes it. */
void nd_build_signature(const struct nd_build_terms *t, const struct nd_build_article *x,
                        unsigned char out[4 * ND_SIGNATURE_PLACES]);
/* Write lengths and postings of all articles. */
int nd_build_terms_write(struct nd_build_terms *t, struct nd_glass *g, struct nd_error *err);

/* The host of a url: behind "//" and a user's name, up to a port or path; without "www.". */
struct nd_str nd_url_host(struct nd_str url);

#endif
