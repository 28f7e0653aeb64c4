/* fieldoption.h: --map, --set, --default and --from-path, checked and taken apart. Used by fieldmap.c alone.
 * Call order:  nd_field_options_init, nd_field_options_free.   Threads: one owner. */
#ifndef INDEXER_FORMATS_FIELDOPTION_H
#define INDEXER_FORMATS_FIELDOPTION_H

#include "formats/fieldmap.h"

struct nd_user_map {
    enum nd_target target;
    struct nd_str path;
};

struct nd_assignment {
    enum nd_target target;
    struct nd_str value;
};

struct nd_field_options {
    struct nd_user_map *maps; /* all three owned, their texts the caller's */
    size_t maps_n;
    struct nd_assignment *sets, *fallbacks;
    size_t sets_n, fallbacks_n;
    const char *from_path, *record;
};

/* Fails: ND_USAGE with a hint; ND_NOMEM. What was made is to be freed in either case. */
int nd_field_options_init(struct nd_field_options *m, const struct nd_fieldmap_options *o,
                          struct nd_error *err);
void nd_field_options_free(struct nd_field_options *m);

#endif
