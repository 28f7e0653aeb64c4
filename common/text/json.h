/* json.h: JSON written by hand, and read through one well-kept library behind this small face.
 * Writing:  plain appends to an nd_buf, always valid UTF-8, shortest escapes.
 * Reading:  nd_json_parse one value (a record), then walk it; nothing is copied that need not be.
 * Threads:  one owner per parser. */
#ifndef ND_TEXT_JSON_H
#define ND_TEXT_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Append p[0..n) as a JSON string with its quotes; ill-formed bytes become U+FFFD. */
int nd_json_str(struct nd_buf *out, const char *p, size_t n);

enum nd_json_kind {
    ND_JSON_NULL,
    ND_JSON_BOOL,
    ND_JSON_NUMBER, /* text holds it as printed */
    ND_JSON_STRING,
    ND_JSON_ARRAY,
    ND_JSON_OBJECT
};

/* A parsed value; a tree in the caller's arena. Strings are well-formed UTF-8 and may contain NUL.
 * Texts without escapes are not copied: they point into the bytes that were parsed. */
struct nd_json {
    enum nd_json_kind kind;
    bool truth;
    struct nd_str text;      /* string, or a number as printed */
    struct nd_json *first;   /* members or elements, in order */
    struct nd_json *next;    /* the next one of the parent */
    struct nd_str key;       /* of an object's member */
};

enum {
    ND_JSON_DEPTH = 64
};

struct nd_json_parser; /* keeps the library's buffers from record to record */

int nd_json_parser_new(struct nd_json_parser **out, struct nd_error *err);
void nd_json_parser_free(struct nd_json_parser *p);

/* Parse exactly one value, blanks around it allowed. Duplicate keys are kept in order.
 * Lone surrogates in \u escapes become U+FFFD. Ill-formed UTF-8 is the caller's to repair first.
 * Fails: ND_INPUT not JSON, err->offset where; ND_LIMIT deeper than ND_JSON_DEPTH; ND_NOMEM. */
int nd_json_parse(struct nd_json_parser *parser, struct nd_json **out, struct nd_arena *arena,
                  const char *p, size_t n, struct nd_error *err);

/* The first member of an object with this key, NULL if none or not an object. */
const struct nd_json *nd_json_get(const struct nd_json *object, const char *key);

#ifdef __cplusplus
}
#endif
#endif
