/* parse.h: query text -> tree. Strict: what it cannot read it refuses, with the spot, the reason and a
 * correction; it never repairs a query silently.
 * Grammar: DESIGN section 8, kept in newsq-query(7).
 * Used by: newsq, and later ingest filters and alerts. */
#ifndef ND_LANG_PARSE_H
#define ND_LANG_PARSE_H

#include "lang/ast.h"

#include <stdbool.h>

/* By whose rules a query is read (dialect.h). */
enum nd_syntax {
    ND_SYNTAX_NATIVE,
    ND_SYNTAX_NEXIS,
    ND_SYNTAX_FACTIVA,
    ND_SYNTAX_DTSEARCH,
    ND_SYNTAX_LUCENE
};

/* Where the query text comes from, and what its reader may not be bothered with. */
struct nd_parse_options {
    bool shell;          /* joined command-line arguments: the shell may have eaten quotes, see DESIGN 8 */
    const size_t *args;  /* shell: start of each argument in text, args_n of them */
    size_t args_n;
    bool literal;        /* -F: all of it is one phrase without syntax */
    uint32_t today;      /* yyyymmdd, for relative dates */
    enum nd_syntax syntax;
};

enum {
    ND_QUERY_MAX = 4 << 20,   /* bytes of a query */
    ND_QUERY_DEPTH = 200,     /* nesting */
    ND_QUERY_NODES = 200000
};

/* A remark that does not stop the query: printed by the caller as a note on stderr. */
struct nd_note {
    struct nd_note *next;
    const char *text;
};

struct nd_query {
    struct nd_str text;
    struct nd_node *root;
    struct nd_note *notes;
    struct nd_arena *arena;
};

/* Parse text[0..n) into out. text must live as long as out. Everything else is arena memory.
 * Fails: ND_QUERY with err->start, end (bytes of text) and a hint; ND_LIMIT; ND_NOMEM. */
int nd_parse(struct nd_query *out, struct nd_arena *arena, const char *text, size_t n,
             const struct nd_parse_options *options, struct nd_error *err);

/* Append the lines that show where in the text a failure is: the line (or a window of it) and carets under
 * the span, in terminal cells. Nothing if err has no span. columns: width to keep to. from_file: an
 * error in a text of several lines says line:column first. */
int nd_query_caret(struct nd_buf *out, struct nd_str text, const struct nd_error *err,
                   size_t columns, bool from_file);

#endif
