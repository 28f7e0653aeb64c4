/* overrides.c: the rules of entities.conf of an index (index.h, record/override.h). */
#include "xap/index.h"

#include <stdlib.h>
#include <string.h>

static int read_folder(struct nd_overrides *o, struct nd_folder *f, struct nd_error *err)
{
    size_t n = strlen(f->dir) + sizeof ND_OVERRIDES_FILE + 1;
    char *path = malloc(n);
    if (!path)
        return nd_fail(err, ND_NOMEM, "out of memory for an index");
    snprintf(path, n, "%s/%s", f->dir, ND_OVERRIDES_FILE);
    int rc = nd_overrides_read(o, path, err);
    free(path);
    return rc;
}

int nd_index_bind(struct nd_index *ix, struct nd_overrides *o, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && !nd_overrides_empty(o) && i < ix->folders_n; i++) {
        const struct nd_derived *d;
        rc = nd_folder_derived(&ix->folders[i], &d, err);
        if (!rc && d)
            rc = nd_overrides_bind(o, d, err);
    }
    return rc ? rc : nd_overrides_bound(o, err);
}

int nd_index_overrides(struct nd_index *ix, const struct nd_overrides **out, struct nd_error *err)
{
    *out = NULL;
    if (!ix->overrides) {
        struct nd_overrides *o;
        int rc = nd_overrides_new(&o, err);
        for (size_t i = 0; !rc && i < ix->folders_n; i++)
            rc = read_folder(o, &ix->folders[i], err);
        if (!rc)
            rc = nd_index_bind(ix, o, err);
        if (rc) {
            nd_overrides_free(o);
            return rc;
        }
        ix->overrides = o;
    }
    *out = ix->overrides;
    return 0;
}
