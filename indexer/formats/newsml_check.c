#include "formats/newsml.h"

#include <string.h>

enum {
    RELATED_MAX = 3 /* related inside related */
};

/* Elements that stand where no version of the standard has them. */
static const struct {
    const char *parent, *child;
} misplaced[] = {
    {"conceptItem", "contentSet"}, {"newsItem", "concept"},       {"newsItem", "groupSet"},
    {"packageItem", "contentSet"}, {"catalogItem", "contentSet"}, {"itemMeta", "headline"},
    {"contentSet", "p"},
};

/* Minor version of standardversion="2.29"; 0 where there is none. */
static unsigned minor_version(struct nd_str s)
{
    unsigned v = 0;
    const char *dot = s.n ? memchr(s.p, '.', s.n) : NULL;
    for (const char *p = dot ? dot + 1 : NULL;
         p && p < s.p + s.n && *p >= '0' && *p <= '9' && v < 1000; p++)
        v = v * 10 + (unsigned)(*p - '0');
    return v;
}

static unsigned related_depth(const struct nd_xml *e)
{
    unsigned n = 0;
    for (; e && nd_xml_is(e, "related"); e = e->parent)
        n++;
    return n;
}

/* A percent sign needs two digits after it; no blanks. */
static bool is_uri(struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ' || s.p[i] == '<' || s.p[i] == '>')
            return false;
        if (s.p[i] == '%' && (i + 2 >= s.n || !memchr("0123456789abcdefABCDEF", s.p[i + 1], 22) ||
                              !memchr("0123456789abcdefABCDEF", s.p[i + 2], 22)))
            return false;
    }
    return true;
}

/* Anything that is declared in the standard's own namespace but is no name of its style. */
static int check_element(const struct nd_xml *item, const struct nd_xml *e, struct nd_error *err)
{
    for (size_t i = 0; i < sizeof misplaced / sizeof *misplaced; i++)
        if (nd_xml_is(e, misplaced[i].child) && nd_xml_is(e->parent, misplaced[i].parent))
            return nd_fail(err, ND_INPUT, "not valid NewsML-G2: '%s' inside '%s'",
                           misplaced[i].child, misplaced[i].parent);
    if (nd_xml_is(item, "catalogItem") && nd_xml_is(e, "digitalSourceType"))
        return nd_fail(err, ND_INPUT, "not valid NewsML-G2: 'digitalSourceType' in a catalog");
    if (related_depth(e) > RELATED_MAX)
        return nd_fail(err, ND_INPUT, "not valid NewsML-G2: 'related' is nested deeper than %d",
                       RELATED_MAX);
    for (const struct nd_xml_attr *a = e->attr; a; a = a->next)
        if ((nd_str_eq(a->name, ND_STR("residrefformaturi")) ||
             nd_str_eq(a->name, ND_STR("uri"))) &&
            !is_uri(nd_trim(a->value)))
            return nd_fail(err, ND_INPUT, "not valid NewsML-G2: '%.*s' is no address",
                           (int)(a->value.n > 80 ? 80 : a->value.n), a->value.p);
    return 0;
}

int nd_newsml_check(const struct nd_xml *item, struct nd_error *err)
{
    static const char *const needed[] = {"itemClass", "provider", "versionCreated"};
    enum {
        CATALOG_FREE = 30 /* from 2.30 on an item may do without a catalog */
    };
    const struct nd_xml *meta = nd_xml_child(item, "itemMeta");
    struct nd_str standard = nd_xml_get(item, "standard");
    unsigned version = minor_version(nd_xml_get(item, "standardversion"));
    if (!nd_xml_get(item, "guid").n)
        return nd_fail(err, ND_INPUT, "not valid NewsML-G2: the item has no guid");
    if (standard.n && !nd_str_begins(standard, "NewsML-G2") &&
        !nd_str_is(standard, "EventsML-G2") && !nd_str_is(standard, "SportsML-G2"))
        return nd_fail(err, ND_INPUT, "not NewsML-G2 but '%.*s'",
                       (int)(standard.n > 60 ? 60 : standard.n), standard.p);
    if (!meta)
        return nd_fail(err, ND_INPUT, "not valid NewsML-G2: the item has no itemMeta");
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!nd_xml_child(meta, needed[i]))
            return nd_fail(err, ND_INPUT, "not valid NewsML-G2: itemMeta has no %s", needed[i]);
    if (version && version < CATALOG_FREE && !nd_xml_child(item, "catalogRef") &&
        !nd_xml_child(item, "catalog"))
        return nd_fail(err, ND_INPUT, "not valid NewsML-G2: the item has no catalog");
    for (const struct nd_xml *e = NULL; (e = nd_xml_walk(item, e));) {
        int rc = nd_str_is(e->prefix, "nar") || !e->prefix.n ? check_element(item, e, err) : 0;
        if (rc)
            return rc;
    }
    return 0;
}
