/* article.h: one news article, as every reader delivers it and as `newsdex convert` prints it.
 * Invariants:  all text is well-formed UTF-8 in NFC; paragraphs of the body are parted by one blank
 *              line; absent pieces are {NULL, 0}. All memory is the reader's arena, until its next call.
 * Used by:     indexer/formats (makes it), indexer/segment, query/cmd_look (reads it back). */
#ifndef ND_RECORD_ARTICLE_H
#define ND_RECORD_ARTICLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "text/date.h"

#include <stdbool.h>

enum nd_entity_type { /* written to disk: only append */
    ND_PERSON = 0,
    ND_ORG = 1,
    ND_PLACE = 2,
    ND_MISC = 3,
    ND_ENTITY_TYPES = 4
};

struct nd_strs {
    struct nd_str *v;
    size_t n;
};

/* An entity that the dump itself names for the article. */
struct nd_gold {
    enum nd_entity_type type;
    struct nd_str name;
};

/* Where a record was read: file, member of an archive, byte offset and length in that member. */
struct nd_origin {
    struct nd_str file, member;
    uint64_t offset, length;
};

enum { /* text fields, in stream order; written to disk */
    ND_FIELD_TITLE = 0,
    ND_FIELD_LEAD = 1, /* a lead or summary that the dump carries apart from the body */
    ND_FIELD_BODY = 2,
    ND_FIELDS = 3
};

struct nd_article {
    struct nd_str id, version;
    struct nd_str title, lead, body;
    struct nd_date published, updated;
    struct nd_strs authors, tags;
    struct nd_str source, section, url;
    struct nd_str lang;    /* ISO 639-1 code or longer tag as declared; absent if unknown */
    bool partial;          /* a teaser or cut text, not the whole article */
    bool withdrawn;        /* a kill notice: the article of this id is to go */
    struct nd_gold *gold;
    size_t gold_n;
    struct nd_origin origin;
};

/* The text of one field (ND_FIELD_*). */
struct nd_str nd_article_field(const struct nd_article *a, unsigned field);

/* `person`, `org`, `place`, `misc`: in records, queries and answers. */
struct nd_str nd_entity_type_name(enum nd_entity_type type);

/* Append the article as one JSON object, keys in the fixed order
 *   id version title lead body published updated authors source section lang url tags partial withdrawn
 *   entities origin
 * with absent ones left out and no newline. This is the stored record and what `convert` prints.
 * with_origin: leave the origin out for the content that versions are compared by. */
int nd_article_json(struct nd_buf *out, const struct nd_article *a, bool with_origin);
/* Append the record whose text without origin is json: the same as nd_article_json with it. */
int nd_article_with_origin(struct nd_buf *out, struct nd_str json, const struct nd_origin *o);

/* Read back what nd_article_json wrote; text is copied to the arena.
 * Fails: ND_CORRUPT with the reason, ND_NOMEM. */
int nd_article_parse(struct nd_article *out, struct nd_arena *arena, const char *p, size_t n,
                     struct nd_error *err);

/* Append the result line: what a list of hits shows without touching the text
 * (id, title, date, source, url as a JSON object). Kept in the docdata table. */
int nd_line_json(struct nd_buf *out, const struct nd_article *a);

#endif
