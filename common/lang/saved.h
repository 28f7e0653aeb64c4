/* saved.h: saved queries: a plain file NAME.query each, in $XDG_CONFIG_HOME/newsdex/queries or --queries DIR; a folder is a
 * group.
 * File:   UTF-8. An optional head of `key: value` lines (title, sort, limit, syntax) between two lines `---`, then
 *         the query. A line that begins with `# ` is a comment, anywhere.
 * Names:  letters, digits, `-`, `_`, `.`, with `/` between group and name; no part begins with a dot.
 * Used by: newsq (query:NAME, saved), newsdex add --alerts. */
#ifndef ND_LANG_SAVED_H
#define ND_LANG_SAVED_H

#include "lang/parse.h"
#include "lang/match.h"

enum {
    ND_SAVED_NAME = 200,     /* bytes of a name */
    ND_SAVED_MAX = 1 << 20,  /* bytes of a file */
    ND_SAVED_MANY = 100000   /* queries in a folder */
};

struct nd_saved {
    struct nd_str name, title, query;
    struct nd_str file;      /* whole content, as it lies */
    uint64_t limit;          /* UINT64_MAX if not given */
    int sort;                /* enum nd_sort, -1 if not given */
    enum nd_syntax syntax;   /* whose rules the query is read by */
};

/* The folder of the saved queries: the given one, else (NULL) by the environment; arena memory. Fails: ND_USAGE. */
int nd_saved_folder(const char *given, struct nd_arena *arena, const char **out, struct nd_error *err);
/* Is this a name that a query may have? Fails: ND_USAGE. */
int nd_saved_name(struct nd_str name, struct nd_error *err);
/* Read one. Fails: ND_MISSING with the nearest name in the hint, ND_QUERY (head), ND_IO. */
int nd_saved_read(struct nd_saved *out, struct nd_arena *arena, const char *folder, struct nd_str name,
                  struct nd_error *err);
/* The names below the folder that begin with prefix (a group with its slash, "" for all), sorted.
 * No folder is an empty list. */
int nd_saved_list(struct nd_strs *out, struct nd_arena *arena, const char *folder, const char *prefix,
                  struct nd_error *err);
/* Write a file; groups are made. exclusive: fail with ND_USAGE where there is one. */
int nd_saved_write(const char *folder, struct nd_str name, struct nd_str text, bool exclusive,
                   struct nd_error *err);
/* Remove, rename. Fails: ND_MISSING, ND_USAGE, ND_IO. */
int nd_saved_remove(const char *folder, struct nd_str name, struct nd_error *err);
int nd_saved_rename(const char *folder, struct nd_str from, struct nd_str to, struct nd_error *err);

/* The tree of a saved query with the saved queries inside it put in their places; a circle is refused with
 * the names on it. As nd_lower_options.saved; ctx is the folder's path. */
int nd_saved_tree(void *ctx, struct nd_str name, struct nd_arena *arena, struct nd_node **out,
                  struct nd_error *err);
/* Would this query, saved as name, be a good one: does it parse, and go in no circle?
 * Fails: ND_QUERY (err->start, end are bytes of text where it does not parse), ND_MISSING where a query that it
 *        names is not there: it may come yet. */
int nd_saved_check(const char *folder, struct nd_str name, struct nd_str text, enum nd_syntax syntax,
                   struct nd_arena *arena, struct nd_error *err);

/* The values of a list file (`field:@FILE`), a line each, without blank lines and # comments.
 * Fails: ND_MISSING, ND_IO, ND_QUERY (not UTF-8), ND_LIMIT. */
int nd_list_read(struct nd_strs *out, struct nd_arena *arena, struct nd_str file, struct nd_error *err);
/* The same as nd_lower_options.list: every failure is the query's. ctx is not looked at. */
int nd_list_of_query(void *ctx, struct nd_str file, struct nd_arena *arena, struct nd_strs *out,
                     struct nd_error *err);

/* A template with {} filled by a line: inside straight double quotes its quotes and backslashes are kept from ending
 * them; outside it stands as it is. Arena memory. Fails: ND_USAGE where there is no {}; ND_NOMEM. */
int nd_template_fill(struct nd_str *out, struct nd_arena *arena, const char *form, struct nd_str line,
                     struct nd_error *err);

/* A saved query made ready for an index by itself. Call order: nd_saved_open, use match, nd_saved_close. */
struct nd_saved_match {
    struct nd_stemmers *stemmers;
    struct nd_lowered lowered;
    struct nd_match *match;
};
/* arena: for this query, good until close. Fails: ND_QUERY, ND_CORRUPT, ND_IO, ND_NOMEM. */
int nd_saved_open(struct nd_saved_match *out, struct nd_arena *arena, struct nd_index *ix, const char *folder,
                  const struct nd_saved *q, struct nd_error *err);
void nd_saved_close(struct nd_saved_match *m);

#endif
