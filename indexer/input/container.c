#include "input/container.h"
#include "base/buf.h"
#include "input/layer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_MAX_BYTES = 16 * 1024,
    RATIO_FROM = 64 << 20,
    RATIO_SLACK = 256 << 10 /* packed bytes that were read ahead before the member began */
};

struct level {
    struct nd_layer *layer;
    size_t name_len; /* of the member's path when this layer was opened */
    bool dead;       /* failed: nothing more can be read from it */
};

struct nd_container {
    const char *path;
    struct nd_container_limits limits;
    struct level *stack; /* the file, then each packing inside the one before */
    size_t n;
    struct nd_buf name;
    bool begun, member_open;
    uint64_t members, taken_before; /* packed bytes taken when the member began */
};

static struct nd_layer *top(const struct nd_container *c)
{
    return c->stack[c->n - 1].layer;
}

uint64_t nd_container_taken(const struct nd_container *c)
{
    return nd_layer_given(c->stack[0].layer);
}

uint64_t nd_container_size(const struct nd_container *c)
{
    return nd_layer_size(c->stack[0].layer);
}

int nd_container_packings(const struct nd_container *c, struct nd_buf *out)
{
    for (size_t i = 1; i < c->n; i++) {
        nd_buf_str(out, i > 1 ? " > " : "");
        nd_layer_describe(c->stack[i].layer, out);
    }
    return nd_buf_code(out);
}

int nd_container_open(struct nd_container **out, const char *path,
                      const struct nd_container_limits *limits, struct nd_error *err)
{
    *out = NULL;
    struct nd_container *c = calloc(1, sizeof *c);
    if (!c)
        return nd_fail(err, ND_NOMEM, "out of memory to read '%s'", path);
    c->path = path;
    c->limits = *limits;
    if (!c->limits.output)
        c->limits.output = (uint64_t)1 << 40;
    if (!c->limits.members)
        c->limits.members = 100000000;
    if (!c->limits.ratio)
        c->limits.ratio = 400;
    if (!c->limits.depth)
        c->limits.depth = 4;
    nd_buf_init(&c->name, NAME_MAX_BYTES);
    c->stack = calloc((size_t)c->limits.depth + 1, sizeof *c->stack);
    int rc = c->stack ? nd_layer_file(&c->stack[0].layer, path, err)
                      : nd_fail(err, ND_NOMEM, "out of memory to read '%s'", path);
    if (rc) {
        nd_container_close(c);
        return rc;
    }
    c->n = 1;
    *out = c;
    return 0;
}

void nd_container_close(struct nd_container *c)
{
    if (!c)
        return;
    while (c->n)
        nd_layer_close(c->stack[--c->n].layer);
    free(c->stack);
    nd_buf_free(&c->name);
    free(c);
}

static int add_name(struct nd_container *c, struct nd_str name, struct nd_error *err)
{
    size_t keep = c->stack[c->n - 1].name_len;
    struct nd_buf *b = &c->name;
    b->code = 0;
    if (b->data) {
        b->len = keep;
        b->data[keep] = '\0';
    }
    if (!name.n)
        return 0;
    if (b->len)
        nd_buf_byte(b, '/');
    nd_buf_add(b, name.p, name.n);
    return nd_buf_code(b) ? nd_fail(err, ND_LIMIT, "the name of a member is too long") : 0;
}

/* Open packings inside each other until plain bytes are on top.
 * Return: 0; ND_DONE where an archive turned out to be empty; or a failure, its layer marked dead. */
static int descend(struct nd_container *c, struct nd_error *err)
{
    for (;;) {
        enum nd_packing packing;
        struct nd_layer *l = NULL;
        int rc = nd_layer_packing(top(c), &packing, err);
        if (rc) {
            c->stack[c->n - 1].dead = true;
            return rc;
        }
        if (packing == ND_PACK_NONE)
            return 0;
        if (c->n > c->limits.depth) {
            c->stack[c->n - 1].dead = c->n == 1;
            return nd_fail(err, ND_LIMIT, "archives are packed in each other deeper than %u",
                           c->limits.depth);
        }
        rc = packing == ND_PACK_GZIP ? nd_layer_gzip(&l, top(c), err)
                                     : nd_layer_archive(&l, top(c), err);
        if (rc)
            return rc;
        c->stack[c->n++] = (struct level){.layer = l, .name_len = c->name.len};
        if (packing == ND_PACK_GZIP)
            continue;
        struct nd_str name;
        rc = nd_layer_next(l, &name, err);
        if (!rc)
            rc = add_name(c, name, err);
        if (rc) {
            c->stack[c->n - 1].dead = true;
            return rc;
        }
    }
}

/* Back to the innermost archive that has another member. Return: 0, ND_DONE, or a failure. */
static int climb(struct nd_container *c, struct nd_error *err)
{
    while (c->n > 1) {
        struct level *lv = &c->stack[c->n - 1];
        struct nd_str name = {0};
        int rc = lv->dead ? ND_DONE : nd_layer_next(lv->layer, &name, err);
        if (!rc)
            return add_name(c, name, err);
        if (rc != ND_DONE) {
            lv->dead = true;
            return rc;
        }
        nd_layer_close(lv->layer);
        c->n--;
    }
    return ND_DONE;
}

/* Say in which file and member it happened. */
static int in_file(const struct nd_container *c, int rc, struct nd_error *err)
{
    struct nd_error why = *err;
    if (rc == ND_IO)
        return rc; /* names the file already */
    nd_fail(err, rc, "'%.200s%s%.*s': %s", c->path, c->name.len ? "/" : "",
            c->name.len > 200 ? 200 : (int)c->name.len, c->name.len ? c->name.data : "", why.msg);
    nd_hint(err, "%s", why.hint);
    return rc;
}

int nd_container_next(struct nd_container *c, struct nd_str *name, struct nd_error *err)
{
    int rc = 0;
    struct nd_error why = {0};
    *name = (struct nd_str){0};
    c->member_open = false;
    do {
        if (c->begun)
            rc = climb(c, &why);
        c->begun = true;
        if (!rc)
            rc = descend(c, &why);
        else if (rc == ND_DONE)
            return rc;
    } while (rc == ND_DONE);
    if (!rc && ++c->members > c->limits.members) {
        for (size_t i = 0; i < c->n; i++)
            c->stack[i].dead = true;
        rc = nd_fail(&why, ND_LIMIT, "there are more than %llu members",
                     (unsigned long long)c->limits.members);
    }
    if (rc) {
        *err = why;
        return in_file(c, rc, err);
    }
    c->taken_before = nd_container_taken(c);
    c->member_open = true;
    if (c->name.len)
        *name = (struct nd_str){c->name.data, c->name.len};
    return 0;
}

int nd_container_read(struct nd_container *c, const char **p, size_t *n, struct nd_error *err)
{
    *n = 0;
    if (!c->member_open)
        return ND_DONE;
    int rc = nd_layer_read(top(c), p, n, err);
    uint64_t out = nd_layer_given(top(c)), in = nd_container_taken(c) - c->taken_before;
    if (!rc && out > c->limits.output)
        rc = nd_fail(err, ND_LIMIT, "unpacked it is longer than %llu bytes",
                     (unsigned long long)c->limits.output);
    else if (!rc && c->n > 1 && out > RATIO_FROM && out / c->limits.ratio > in + RATIO_SLACK)
        rc = nd_fail(err, ND_LIMIT, "it unpacks to more than %u times its size", c->limits.ratio);
    if (!rc || rc == ND_DONE)
        return rc;
    c->member_open = false;
    *n = 0;
    return in_file(c, rc, err);
}
