/* reading_files.c: the options of reading that are files (--map-file, --ignore) or maxima (--max-depth ...). */
#include "reading.h"

#include "base/file.h"
#include "formats/fieldmap.h"

#include <string.h>

enum {
    FILE_MAX = 8 << 20
};

static struct nd_str trimmed(const char *p, size_t n)
{
    while (n && (*p == ' ' || *p == '\t')) {
        p++;
        n--;
    }
    while (n && (p[n - 1] == ' ' || p[n - 1] == '\t' || p[n - 1] == '\r'))
        n--;
    return (struct nd_str){p, n};
}

/* A line OURS=THEIRS, or format=NAME. *pair is absent for the latter. */
static int map_line(struct nd_reading_run *r, struct nd_str line, const char **pair,
                    struct nd_error *err)
{
    const char *eq = memchr(line.p, '=', line.n);
    struct nd_str ours = trimmed(line.p, eq ? (size_t)(eq - line.p) : 0),
                  theirs = eq ? trimmed(eq + 1, line.n - (size_t)(eq + 1 - line.p)) : ours;
    *pair = NULL;
    if (!ours.n || !theirs.n || memchr(theirs.p, ',', theirs.n))
        return nd_fail(err, ND_USAGE, "'%.*s' is not of the form OURS=THEIRS",
                       line.n > 60 ? 60 : (int)line.n, line.p);
    bool format = nd_str_eq(ours, ND_STR("format")), record = nd_str_eq(ours, ND_STR("record"));
    char *text = format || record ? nd_arena_copy(&r->tool->arena, theirs.p, theirs.n)
                                  : nd_arena_printf(&r->tool->arena, "%.*s=%.*s", (int)ours.n,
                                                    ours.p, (int)theirs.n, theirs.p);
    if (!text)
        return nd_fail(err, ND_NOMEM, "out of memory");
    if (!format && !record) {
        if (nd_target_named(ours.p, ours.n) == ND_TARGETS)
            return nd_fail(err, ND_USAGE, "'%.*s' is not a field", ours.n > 60 ? 60 : (int)ours.n,
                           ours.p);
        *pair = text;
    } else if (format && !r->options.input_format) {
        r->options.input_format = text;
    } else if (record && !r->options.record) {
        r->options.record = text;
    }
    return 0;
}

/* --map-file: its pairs come behind those of --map. */
static int map_file(struct nd_reading_run *r, const char *path, struct nd_error *err)
{
    struct nd_buf b;
    unsigned number = 0;
    nd_buf_init(&b, FILE_MAX);
    int rc = nd_file_read(&b, path, err);
    size_t lines = 1, n = r->options.map_n;
    for (size_t i = 0; i < b.len; i++)
        lines += b.data[i] == '\n';
    const char **map = rc ? NULL : nd_arena_array(&r->tool->arena, n + lines, sizeof *map);
    if (!rc && !map)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc && n)
        memcpy(map, r->options.map, n * sizeof *map);
    for (size_t i = 0; !rc && i < b.len;) {
        const char *eol = memchr(b.data + i, '\n', b.len - i), *pair;
        size_t end = eol ? (size_t)(eol - b.data) : b.len;
        struct nd_str line = trimmed(b.data + i, end - i);
        i = end + 1;
        number++;
        if (!line.n || *line.p == '#')
            continue;
        struct nd_error why = {0};
        rc = map_line(r, line, &pair, &why);
        if (rc) {
            nd_fail(err, rc, "'%.200s', line %u: %.300s", path, number, why.msg);
            nd_hint(err, "a line is OURS=THEIRS (title=headline, body=content.text), format=NAME, "
                         "record=ELEMENT of XML, or a remark behind #");
        } else if (pair) {
            map[n++] = pair;
        }
    }
    if (!rc) {
        r->options.map = map;
        r->options.map_n = n;
    }
    nd_buf_free(&b);
    return rc;
}

/* A maximum that is given must be one. */
static int maximum(const struct nd_args *a, const char *name, uint64_t most, uint64_t *out,
                   struct nd_error *err)
{
    *out = nd_args_number(a, name, 0);
    if (!nd_args_has(a, name) || (*out && *out <= most))
        return 0;
    nd_fail(err, ND_USAGE, "--%s is to be 1 to %llu", name, (unsigned long long)most);
    return ND_USAGE;
}

int nd_reading_files(struct nd_reading_run *r, struct nd_error *err)
{
    const struct nd_args *a = &r->tool->args;
    struct nd_source_options *o = &r->options;
    const char *map = nd_args_text(a, "map-file"), *ignore = nd_args_text(a, "ignore");
    uint64_t depth = 0, ratio = 0, record = 0;
    nd_buf_init(&r->ignore, FILE_MAX);
    int rc = maximum(a, "max-depth", 32, &depth, err);
    if (!rc)
        rc = maximum(a, "max-ratio", 1000000, &ratio, err);
    if (!rc)
        rc = maximum(a, "max-unpacked", UINT64_MAX, &o->limits.output, err);
    if (!rc)
        rc = maximum(a, "max-members", UINT64_MAX, &o->limits.members, err);
    if (!rc)
        rc = maximum(a, "max-record", (uint64_t)1 << 30, &record, err);
    o->limits.depth = (uint32_t)depth;
    o->limits.ratio = (uint32_t)ratio;
    o->record_max = (size_t)record;
    if (!rc && map)
        rc = map_file(r, map, err);
    if (!rc && o->record && !o->input_format)
        o->input_format = "xml";
    if (!rc && o->record && strcmp(o->input_format, "xml")) {
        nd_fail(err, ND_USAGE, "--record is for XML, not for the format '%.60s'", o->input_format);
        nd_hint(err, "leave out --input-format, or write --input-format xml");
        rc = ND_USAGE;
    }
    if (!rc && ignore) {
        rc = nd_file_read(&r->ignore, ignore, err);
        o->ignore = (struct nd_str){r->ignore.data, r->ignore.len};
        o->ignore_name = ignore;
    }
    return rc;
}
