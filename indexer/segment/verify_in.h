/* verify_in.h: what the parts of verifying a segment share: verify.c the index, verify_segment.c a segment and
 * its articles, verify_words.c dictionary and streams, verify_terms.c the posting lists.
 * Each returns 0 or its first failure; ND_CORRUPT names the file and is reported as damage by verify.c.
 * Threads: one owner.   Used by: those alone. */
#ifndef ND_SEGMENT_VERIFY_IN_H
#define ND_SEGMENT_VERIFY_IN_H

#include "base/map.h"
#include "record/article.h"
#include "record/column.h"
#include "record/stream.h"
#include "record/text.h"
#include "segment/verify.h"
#include "text/stem.h"
#include "text/token.h"
#include "xap/xap.h"

/* What is expected of a term. */
struct nd_expected {
    uint32_t freq, last; /* articles; the last one */
    uint64_t sum;        /* of a hash of each article and wdf */
};

/* A word of an article's stream. */
struct nd_check_word {
    uint32_t rank;
    uint8_t shape, field, brk; /* as in nd_token */
};

struct nd_check {
    struct nd_verify *v;
    const char *dir; /* of the segment */
    uint32_t docs;
    struct nd_stream *stream;
    struct nd_columns columns;
    struct nd_texts *texts;
    struct xap_index *xap;
    struct nd_stemmers *stemmers;
    bool complete; /* plain terms and positions too */
    bool cut_ids;  /* ids of entities that are cut in the dictionary: their terms are not known */
    /* dictionary, by rank */
    uint32_t words;
    struct nd_arena chars;
    struct nd_str *keys;
    uint32_t *counts, *found;
    const unsigned char *shapes;
    uint32_t **stems; /* by language: ND_STEMS_MAX numbers a rank, ND_MAP_NONE for none */
    unsigned langs;
    struct nd_map stem_text;
    uint32_t *z_term, *s_term; /* by stem: its terms */
    uint32_t *mentions;        /* by entity, found in the streams */
    uint32_t *entity_term;     /* by entity: its term, ND_MAP_NONE for none */
    /* terms */
    struct nd_map terms;
    struct nd_expected *expected;
    uint32_t expected_cap;
    /* the article at hand */
    uint32_t docid;
    unsigned lang;
    struct nd_check_word *word;
    size_t word_n, word_cap;
    uint32_t *z_wdf, *s_wdf, *e_wdf; /* by stem; by entity */
    uint32_t *touched;               /* stems with a wdf */
    size_t touched_n;
    uint32_t *touched_e;
    size_t touched_e_n;
    uint64_t length; /* sum of its wdf */
    struct nd_buf fold;
    struct nd_tokens tokens;
};

/* Fail with ND_CORRUPT: 'DIR/FILE' is damaged: WHAT. */
int nd_check_bad(const struct nd_check *c, const char *file, struct nd_error *err, const char *fmt,
                 ...) __attribute__((format(printf, 4, 5)));
int nd_check_memory(struct nd_error *err);

/* Read dictionary, stem table and entities. */
int nd_check_dictionary(struct nd_check *c, struct nd_error *err);
/* Decode the stream of c->docid into word[], count, and note the terms of its words and entities. */
int nd_check_stream(struct nd_check *c, struct nd_error *err);
/* After the last article: are the dictionary's counts those of the streams? */
int nd_check_counts(struct nd_check *c, struct nd_error *err);
/* Note the terms of the article's fields. */
int nd_check_fields(struct nd_check *c, const struct nd_article *a, struct nd_error *err);
/* The number of a term. */
int nd_check_term(struct nd_check *c, const char *prefix, const char *p, size_t n, uint32_t *out);
/* The article at hand has the term. */
void nd_check_has(struct nd_check *c, uint32_t term, uint32_t wdf);
/* Walk the posting lists. */
int nd_check_postings(struct nd_check *c, struct nd_error *err);
/* All of a segment; ids receives for each live article the hash of its id. deleted may be NULL. */
int nd_check_segment(struct nd_verify *v, const char *dir, uint32_t docs,
                     const unsigned char *deleted, const char *uuid, struct nd_buf *ids,
                     struct nd_error *err);

#endif
