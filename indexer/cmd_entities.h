/* cmd_entities.h: what the verbs of `newsdex entities` share. Private to cmd_entities*.c.
 * Call order:  nd_names_table_open ... nd_names_table_close */
#ifndef ND_CMD_ENTITIES_H
#define ND_CMD_ENTITIES_H

#include "base/map.h"
#include "newsdex.h"
#include "xap/index.h"

/* The names of an index after links and rules. Splits depend on articles and are left out. */
struct nd_names_table {
    struct nd_index *ix;
    const struct nd_overrides *rules;
    const struct nd_derived *d; /* NULL: the index has no names */
    struct nd_map ends;         /* type byte and id of what is left at the end */
    uint32_t *end;              /* by row of d: number in ends, ND_MAP_NONE if rejected */
    uint64_t *mentions;         /* by number in ends */
    size_t mentions_cap;
};

/* Open the index that the command line names. Fails: as nd_index_open. */
int nd_names_table_open(struct nd_names_table *n, struct newsdex *t, struct nd_error *err);
void nd_names_table_close(struct nd_names_table *n);
/* Type and id of a number in ends. */
struct nd_str nd_names_id(const struct nd_names_table *n, uint32_t end, enum nd_entity_type *type);
/* How it is called. */
struct nd_str nd_names_called(const struct nd_names_table *n, uint32_t end);
/* The numbers in ends that a name may mean, most mentions first: by the words of ids, display names and what leads to
 * them. *v is to be freed.   Fails: ND_NOMEM. */
int nd_names_find(const struct nd_names_table *n, struct nd_str name, uint32_t types, uint32_t **v,
                  size_t *count, struct nd_error *err);
/* Sort numbers in ends by falling mentions, then type and id. */
void nd_names_sort(const struct nd_names_table *n, uint32_t *v, size_t count);
/* The bit set of --type, all types without it. Fails: ND_USAGE. */
int nd_names_types(const struct newsdex *t, uint32_t *types, struct nd_error *err);
/* `count TAB type TAB id TAB name`, without line end. */
void nd_names_line(const struct nd_names_table *n, struct nd_buf *out, uint32_t end);
/* Mark in bits (one map a segment, a bit a docid; made where *bits is NULL) the live articles with an id. */
int nd_names_articles(struct nd_index *ix, enum nd_entity_type type, struct nd_str id,
                      unsigned char **bits, struct nd_error *err);
/* How many bits are set. */
uint64_t nd_names_count(const struct nd_index *ix, unsigned char *const *bits);

/* The verbs. Each prints to out. Return: 0, ND_DONE for nothing found, < 0. */
int nd_entities_show(struct nd_names_table *n, struct nd_str name, uint32_t types, struct nd_buf *out,
                     struct nd_error *err);
int nd_entities_similar(struct nd_names_table *n, struct nd_str name, uint32_t types, uint64_t limit,
                        struct nd_buf *out, struct nd_error *err);
int nd_entities_export(struct nd_names_table *n, uint32_t types, bool json, struct nd_buf *out,
                       struct nd_error *err);
/* Takes the place of opening: it wants to open the index itself. */
int nd_entities_add(struct newsdex *t, struct nd_str rule, struct nd_error *err);
/* Print the lines of a file of rules that are none, on stderr. Return: how many. */
size_t nd_entities_bad(const struct newsdex *t, const struct nd_overrides *o);

#endif
