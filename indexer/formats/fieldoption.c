#include "formats/fieldoption.h"
#include "formats/xml_path.h"

#include <stdlib.h>
#include <string.h>

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory for the field map");
}

static int unknown_name(const char *option, const char *p, size_t n, struct nd_error *err)
{
    nd_fail(err, ND_USAGE, "'%.*s' in %s is not a field", n > 60 ? 60 : (int)n, p, option);
    nd_hint(err,
            "the fields are id version title lead body date updated author source section lang "
            "url tag person org place misc");
    return ND_USAGE;
}

static int add_map(struct nd_field_options *m, const char *text, struct nd_error *err)
{
    while (*text) {
        size_t n = strcspn(text, ",");
        const char *eq = memchr(text, '=', n);
        if (!eq || eq == text || eq + 1 == text + n) {
            nd_fail(err, ND_USAGE, "'%.60s' is not of the form OURS=THEIRS", text);
            nd_hint(err, "for example --map title=headline,body=content.text");
            return ND_USAGE;
        }
        struct nd_user_map u = {nd_target_named(text, (size_t)(eq - text)),
                                {eq + 1, (size_t)(text + n - eq - 1)}};
        if (u.target == ND_TARGETS)
            return unknown_name("--map", text, (size_t)(eq - text), err);
        struct nd_user_map *maps = reallocarray(m->maps, m->maps_n + 1, sizeof *maps);
        if (!maps)
            return no_memory(err);
        m->maps = maps;
        m->maps[m->maps_n++] = u;
        text += n + (text[n] == ',');
    }
    return 0;
}

static int add_assignments(struct nd_assignment **out, size_t *out_n, const char *const *texts,
                           size_t n, const char *option, struct nd_error *err)
{
    if (!n)
        return 0;
    *out = calloc(n, sizeof **out);
    if (!*out)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *eq = strchr(texts[i], '=');
        if (!eq || eq == texts[i]) {
            nd_fail(err, ND_USAGE, "'%.60s' in %s is not of the form FIELD=VALUE", texts[i],
                    option);
            nd_hint(err, "for example %s source=\"The Sun\"", option);
            return ND_USAGE;
        }
        struct nd_assignment s = {nd_target_named(texts[i], (size_t)(eq - texts[i])),
                                  nd_str_of(eq + 1)};
        if (s.target == ND_TARGETS)
            return unknown_name(option, texts[i], (size_t)(eq - texts[i]), err);
        struct nd_date d;
        if ((s.target == ND_TO_PUBLISHED || s.target == ND_TO_UPDATED) &&
            nd_date_parse(&d, s.value.p, s.value.n, err)) {
            if (err)
                err->code = ND_USAGE;
            return ND_USAGE;
        }
        (*out)[(*out_n)++] = s;
    }
    return 0;
}

static int check_pattern(const char *pattern, struct nd_error *err)
{
    for (const char *p = pattern; p && (p = strchr(p, '{'));) {
        const char *close = strchr(p, '}');
        if (!close) {
            nd_fail(err, ND_USAGE, "'%.60s' in --from-path has no closing brace", p);
            nd_hint(err, "for example --from-path '{source}/{date}/{id}.txt'");
            return ND_USAGE;
        }
        if (nd_target_named(p + 1, (size_t)(close - p) - 1) == ND_TARGETS)
            return unknown_name("--from-path", p + 1, (size_t)(close - p) - 1, err);
        p = close;
    }
    return 0;
}

/* With --record the pairs of --map are paths into XML. */
static int check_record(const struct nd_field_options *m, struct nd_error *err)
{
    struct nd_xml_way way;
    int rc = 0;
    if (!*m->record || strpbrk(m->record, "/<>[]@= ")) {
        nd_fail(err, ND_USAGE, "--record '%.60s' is not the name of an element", m->record);
        nd_hint(err, "for example --record item, or with its prefix --record news:item");
        return ND_USAGE;
    }
    for (size_t i = 0; i < m->maps_n && !rc; i++)
        rc = nd_xml_path_parse(&way, m->maps[i].path, err);
    return rc;
}

int nd_field_options_init(struct nd_field_options *m, const struct nd_fieldmap_options *o,
                          struct nd_error *err)
{
    int rc = 0;
    *m = (struct nd_field_options){.from_path = o->from_path, .record = o->record};
    for (size_t i = 0; i < o->map_n && !rc; i++)
        rc = add_map(m, o->map[i], err);
    if (!rc)
        rc = add_assignments(&m->sets, &m->sets_n, o->set, o->set_n, "--set", err);
    if (!rc)
        rc = add_assignments(&m->fallbacks, &m->fallbacks_n, o->fallback, o->fallback_n,
                             "--default", err);
    if (!rc && o->record)
        rc = check_record(m, err);
    return rc ? rc : check_pattern(o->from_path, err);
}

void nd_field_options_free(struct nd_field_options *m)
{
    free(m->maps);
    free(m->sets);
    free(m->fallbacks);
    *m = (struct nd_field_options){0};
}
