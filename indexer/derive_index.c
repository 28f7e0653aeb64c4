#include "derive_index.h"

#include "entity/derive.h"
#include "stories.h"

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

/* The facts of the committed index, if they can be read: what is not taken over is found again. */
static bool open_before(struct nd_derived *d, const char *dir)
{
    struct nd_manifest m;
    char path[ND_PATH_MAX];
    bool there = false;
    if (nd_manifest_read(&m, dir, NULL))
        return false;
    int n = snprintf(path, sizeof path, "%s/%s", dir, m.derived);
    if (m.derived[0] && n > 0 && n < (int)sizeof path)
        there = nd_derived_open(d, path, NULL) == 0;
    nd_manifest_free(&m);
    return there;
}

static int find_stories(struct stories_found *out, const char *dir, const struct nd_manifest *next,
                        bool anew, struct nd_error *err)
{
    struct nd_derived before;
    bool known = !anew && open_before(&before, dir);
    int rc = stories_find(out, dir, next, known ? &before : NULL, err);
    if (known)
        nd_derived_close(&before);
    return rc;
}

static int derive(const char *dir, const struct nd_manifest *next, const char *path, bool anew,
                  struct nd_error *err)
{
    struct nd_gazetteer gaz = {0};
    struct nd_derive *d = NULL; /* made when the first name is seen */
    struct stories_found stories;
    int rc = find_stories(&stories, dir, next, anew, err);
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
    if (!rc && d) {
        nd_derive_stories(d, &stories.made);
        rc = nd_derive_write(d, path, err);
    } else if (!rc) {
        rc = next->n ? nd_derived_write_all(path, NULL, 0, &stories.made, err) : ND_DONE;
    }
    nd_derive_free(d);
    nd_gaz_close(&gaz);
    stories_free(&stories);
    return rc;
}

int nd_derive_index(const char *dir, const struct nd_manifest *next, const char *path,
                    struct nd_error *err)
{
    return derive(dir, next, path, false, err);
}

int nd_derive_index_anew(const char *dir, const struct nd_manifest *next, const char *path,
                         struct nd_error *err)
{
    return derive(dir, next, path, true, err);
}
