/* digest_in.h: what the parts of the digest share. */
#ifndef NEWSQ_DIGEST_IN_H
#define NEWSQ_DIGEST_IN_H

#include "base/map.h"
#include "digest.h"
#include "story.h"

enum nd_digest_event { /* sections, in their order */
    ND_DIGEST_MATCH,
    ND_DIGEST_NEW,
    ND_DIGEST_CHANGED,
    ND_DIGEST_NO_LONGER,
    ND_DIGEST_WITHDRAWN,
    ND_DIGEST_EVENTS
};

/* A query that an article is here for. */
struct nd_digest_label {
    struct nd_digest_label *next;
    uint32_t query;
    enum nd_digest_event event;
};

/* An article; of a withdrawn one only `id_hash` and the labels are known. */
struct nd_digest_entry {
    size_t segment;
    uint32_t docid, revision; /* of this version */
    int64_t published;
    uint64_t tie, id_hash, story;
    enum nd_digest_event event;
    struct nd_digest_label *labels, *last;
    struct nd_str id, title, date, source, url;
    struct nd_snippet snippet;
    struct nd_digest_entry
        *copies; /* of the one that stands for its story: the others, newest first */
};

struct nd_digest {
    struct nd_index *ix;
    struct nd_arena arena;
    struct nd_story_index *stories;
    const char *form;
    struct nd_digest_query {
        struct nd_str name, shown;
    } * queries; /* owned */
    size_t queries_n, queries_cap;
    struct nd_digest_entry *
        *v; /* owned; after nd_digest_order those that stand for their stories, in order */
    size_t n, cap;
    struct nd_map seen;              /* article -> its number in v */
    size_t counts[ND_DIGEST_EVENTS]; /* articles by event, copies too */
};

/* Write one form. The entries are in order. */
void nd_digest_put_text(const struct nd_digest *d, struct nd_buf *out);
void nd_digest_put_markdown(const struct nd_digest *d, struct nd_buf *out);
void nd_digest_put_html(const struct nd_digest *d, struct nd_buf *out);
void nd_digest_put_rss(const struct nd_digest *d, struct nd_buf *out);

#endif
