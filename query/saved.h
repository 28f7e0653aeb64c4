/* saved.h: saved queries: a plain file NAME.query each, in $XDG_CONFIG_HOME/newsdex/queries or --queries DIR; a folder is a
 * group.
 * File:   UTF-8. An optional head of `key: value` lines (title, sort, limit, syntax) between two lines `---`, then
 *         the query. A line that begins with `# ` is a comment, anywhere.
 * Names:  letters, digits, `-`, `_`, `.`, with `/` between group and name; no part begins with a dot.
 * Used by: ask.c (query:NAME), cmd_saved, alert. */
#ifndef NEWSQ_SAVED_H
#define NEWSQ_SAVED_H

#include "lang/parse.h"
#include "newsq.h"

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

/* The folder of the saved queries: --queries, else by the environment; arena memory. Fails: ND_USAGE. */
int nd_saved_folder(const struct newsq *t, struct nd_arena *arena, const char **out,
                    struct nd_error *err);
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

#endif
