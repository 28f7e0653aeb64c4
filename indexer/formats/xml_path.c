#include "formats/xml_path.h"

#include <string.h>

static int bad(struct nd_str path, const char *why, struct nd_error *err)
{
    nd_fail(err, ND_USAGE, "'%.*s' is not a path in XML: %s", path.n > 80 ? 80 : (int)path.n,
            path.p, why);
    nd_hint(err, "write it from the record on: id=@guid, title=head/title, body=content//p, "
                 "author=meta[@name=author]/@content");
    return ND_USAGE;
}

/* "dc:title" in its parts. */
static void names(struct nd_str s, struct nd_str *prefix, struct nd_str *name)
{
    const char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
    *prefix = colon ? (struct nd_str){s.p, (size_t)(colon - s.p)} : (struct nd_str){0};
    *name = colon ? (struct nd_str){colon + 1, s.n - prefix->n - 1} : s;
}

/* "@name" or "@name=value" between brackets; the value may be in quotes. */
static bool condition(struct nd_xml_step *step, struct nd_str s)
{
    if (s.n < 2 || *s.p != '@')
        return false;
    const char *eq = memchr(s.p, '=', s.n);
    step->key = (struct nd_str){s.p + 1, (eq ? (size_t)(eq - s.p) : s.n) - 1};
    if (!eq)
        return true;
    struct nd_str v = {eq + 1, s.n - (size_t)(eq - s.p) - 1};
    if (v.n >= 2 && (*v.p == '\'' || *v.p == '"') && v.p[v.n - 1] == *v.p)
        v = (struct nd_str){v.p + 1, v.n - 2};
    step->value = v;
    return step->key.n && v.n;
}

/* Bytes of the step that begins here: up to a slash outside of brackets. */
static size_t step_length(struct nd_str s)
{
    bool inside = false;
    size_t i = 0;
    for (; i < s.n && (inside || s.p[i] != '/'); i++)
        inside = s.p[i] == '[' || (inside && s.p[i] != ']');
    return i;
}

int nd_xml_path_parse(struct nd_xml_way *out, struct nd_str path, struct nd_error *err)
{
    struct nd_str rest = path;
    *out = (struct nd_xml_way){0};
    if (path.n == 1 && *path.p == '.')
        return 0;
    if (path.n && *path.p == '/' && !(path.n > 1 && path.p[1] == '/'))
        return bad(path, "it begins at the record, not at the top of the file", err);
    while (rest.n) {
        struct nd_xml_step step = {0};
        while (rest.n && *rest.p == '/') { /* one is the parting of before, or two at the start */
            step.deep = rest.n > 1 && rest.p[1] == '/';
            rest = (struct nd_str){rest.p + 1 + step.deep, rest.n - 1 - step.deep};
            if (rest.n && *rest.p == '/')
                return bad(path, "there is a step without a name", err);
        }
        size_t n = step_length(rest);
        struct nd_str s = {rest.p, n};
        rest = (struct nd_str){rest.p + n, rest.n - n};
        if (out->attribute)
            return bad(path, "an attribute is its last step", err);
        if (nd_str_eq(s, ND_STR("text()")) && !rest.n && out->n) /* what an element means anyway */
            return 0;
        if (out->n == ND_XML_PATH_STEPS)
            return bad(path, "it has too many steps", err);
        const char *open = s.n ? memchr(s.p, '[', s.n) : NULL;
        if (open) {
            struct nd_str in = {open + 1, s.n - (size_t)(open - s.p) - 1};
            if (!in.n || in.p[in.n - 1] != ']' ||
                !condition(&step, (struct nd_str){in.p, in.n - 1}))
                return bad(path, "in brackets there is [@attribute] or [@attribute=value]", err);
            s.n = (size_t)(open - s.p);
        }
        if (s.n && *s.p == '@') {
            out->attribute = true;
            s = (struct nd_str){s.p + 1, s.n - 1};
        }
        names(s, &step.prefix, &step.name);
        if (!step.name.n || (out->attribute && open))
            return bad(path, "there is a step without a name", err);
        if (step.name.n == 1 && *step.name.p == '*' && !out->attribute)
            step.name = (struct nd_str){0};
        else if (memchr(step.name.p, '(', step.name.n) || memchr(step.name.p, ' ', step.name.n) ||
                 memchr(step.name.p, ']', step.name.n))
            return bad(path, "a step is the name of an element", err);
        out->step[out->n++] = step;
    }
    return out->n ? 0 : bad(path, "it is empty", err);
}

static const struct nd_xml_attr *attribute(const struct nd_xml *e, struct nd_str prefix,
                                           struct nd_str name)
{
    for (const struct nd_xml_attr *a = e->attr; a; a = a->next)
        if (nd_str_eq(a->name, name) && (!prefix.n || nd_str_eq(a->prefix, prefix)))
            return a;
    return NULL;
}

static bool fits(const struct nd_xml *e, const struct nd_xml_step *s)
{
    if ((s->name.n && !nd_str_eq(e->name, s->name)) ||
        (s->prefix.n && !nd_str_eq(e->prefix, s->prefix)))
        return false;
    if (!s->key.n)
        return true;
    struct nd_str prefix, name;
    names(s->key, &prefix, &name);
    const struct nd_xml_attr *a = attribute(e, prefix, name);
    return a && (!s->value.n || nd_str_eq(a->value, s->value));
}

/* What has been walked on the way down to an element, a bit for so many steps: ending at it, and ending at it or
 * any above. */
struct reach {
    uint32_t here, above;
};

static struct reach go_down(const struct nd_xml_way *w, unsigned elements, struct reach from,
                            const struct nd_xml *e)
{
    struct reach to = {0, from.above};
    for (unsigned i = 0; i < elements; i++) {
        uint32_t before = w->step[i].deep ? from.above : from.here;
        if ((before >> i & 1) && fits(e, &w->step[i]))
            to.here |= (uint32_t)1 << (i + 1);
    }
    to.above |= to.here;
    return to;
}

int nd_xml_path_each(const struct nd_xml_way *w, const struct nd_xml *record, nd_xml_found *fn,
                     void *ctx)
{
    struct reach at[ND_XML_DEPTH + 2] = {{1, 1}};
    unsigned depth = 0, elements = w->n - w->attribute;
    const struct nd_xml *e = record;
    while (e) {
        bool whole = false;
        if (e != record)
            at[depth] = go_down(w, elements, at[depth - 1], e);
        if (w->attribute) {
            const struct nd_xml_step *last = &w->step[elements];
            uint32_t got = last->deep ? at[depth].above : at[depth].here;
            const struct nd_xml_attr *a =
                got >> elements & 1 ? attribute(e, last->prefix, last->name) : NULL;
            int rc = a ? fn(ctx, e, a->value) : 0;
            if (rc)
                return rc;
        } else if (at[depth].here >> elements & 1) {
            int rc = fn(ctx, e, (struct nd_str){0});
            if (rc)
                return rc;
            whole = true;
        }
        /* the next element in document order */
        const struct nd_xml *next = whole || depth > ND_XML_DEPTH ? NULL : e->first;
        while (next && !next->name.n)
            next = next->next;
        if (next) {
            depth++;
            e = next;
            continue;
        }
        for (; e != record; e = e->parent, depth--) {
            for (next = e->next; next && !next->name.n;)
                next = next->next;
            if (next)
                break;
        }
        e = e == record ? NULL : next;
    }
    return 0;
}
