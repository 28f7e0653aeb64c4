#include "derive_index.h"

#include "entity/derive.h"

#include <stdio.h>

static int add_segment(struct nd_derive *d, struct nd_stream *s, struct nd_error *err)
{
    struct nd_entity_row row;
    uint32_t n = nd_stream_entities(s);
    int rc = 0;
    for (uint32_t i = 0; !rc && i < n; i++) {
        rc = nd_stream_entity(s, i, &row, err);
        if (!rc)
            rc = nd_derive_add(d, &row, err);
    }
    return rc;
}

int nd_derive_index(const char *dir, const struct nd_manifest *next, const char *path,
                    struct nd_error *err)
{
    struct nd_gazetteer gaz = {0};
    struct nd_derive *d = NULL; /* made when the first name is seen */
    int rc = 0;
    for (size_t i = 0; !rc && i < next->n; i++) {
        char name[ND_PATH_MAX];
        struct nd_stream *s = NULL;
        int n = snprintf(name, sizeof name, "%s/seg-%06u/stream", dir, next->segments[i].number);
        if (n < 0 || n >= (int)sizeof name)
            rc = nd_fail(err, ND_LIMIT, "path '%s' is too long", dir);
        if (!rc)
            rc = nd_stream_open(&s, name, err);
        if (!rc && nd_stream_entities(s)) {
            if (!d)
                rc = nd_gaz_open(&gaz, NULL, err);
            if (!rc && !d)
                rc = nd_derive_new(&d, &gaz, err);
            if (!rc)
                rc = add_segment(d, s, err);
        }
        nd_stream_close(s);
    }
    if (!rc)
        rc = d ? nd_derive_write(d, path, err) : ND_DONE;
    nd_derive_free(d);
    nd_gaz_close(&gaz);
    return rc;
}
