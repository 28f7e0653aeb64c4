#include "formats/fill.h"
#include "formats/ninjs.h"

#include <string.h>

enum kind { /* what a value must be */
    TEXT,
    NUMBER,
    URGENCY, /* 1 to 9 */
    OBJECT,
    LIST,   /* of objects */
    EITHER, /* an object in version 1, a list of objects later */
    CHOICE,
    RIGHTS,
    DATES
};

/* Properties of an item, all versions; names compare without regard to case. */
static const struct rule {
    const char *name;
    enum kind kind;
    const char *choices; /* parted by blanks */
} rules[] = {
    {"uri", TEXT, NULL},
    {"type", CHOICE, " text audio video picture graphic composite component event planning "},
    {"mimetype", TEXT, NULL},
    {"representationtype", CHOICE, " full partial complete incomplete "},
    {"profile", TEXT, NULL},
    {"version", TEXT, NULL},
    {"firstcreated", TEXT, NULL},
    {"versioncreated", TEXT, NULL},
    {"contentcreated", TEXT, NULL},
    {"embargoed", TEXT, NULL},
    {"embargoeduntil", TEXT, NULL},
    {"expires", TEXT, NULL},
    {"pubstatus", CHOICE, " usable withheld canceled "},
    {"urgency", URGENCY, NULL},
    {"copyrightholder", TEXT, NULL},
    {"copyrightnotice", TEXT, NULL},
    {"usageterms", TEXT, NULL},
    {"ednote", TEXT, NULL},
    {"language", TEXT, NULL},
    {"title", TEXT, NULL},
    {"headline", TEXT, NULL},
    {"by", TEXT, NULL},
    {"byline", TEXT, NULL},
    {"slugline", TEXT, NULL},
    {"located", TEXT, NULL},
    {"charcount", NUMBER, NULL},
    {"wordcount", NUMBER, NULL},
    {"headlines", LIST, NULL},
    {"descriptions", LIST, NULL},
    {"bodies", LIST, NULL},
    {"person", LIST, NULL},
    {"people", LIST, NULL},
    {"organisation", LIST, NULL},
    {"organisations", LIST, NULL},
    {"place", LIST, NULL},
    {"places", LIST, NULL},
    {"subject", LIST, NULL},
    {"subjects", LIST, NULL},
    {"event", LIST, NULL},
    {"events", LIST, NULL},
    {"object", LIST, NULL},
    {"objects", LIST, NULL},
    {"infosource", LIST, NULL},
    {"infosources", LIST, NULL},
    {"genre", LIST, NULL},
    {"genres", LIST, NULL},
    {"trustindicator", LIST, NULL},
    {"trustindicators", LIST, NULL},
    {"plannedcoverage", LIST, NULL},
    {"advices", LIST, NULL},
    {"renditions", EITHER, NULL},
    {"associations", EITHER, NULL},
    {"altids", EITHER, NULL},
    {"standard", OBJECT, NULL},
    {"$standard", OBJECT, NULL},
    {"digitalsourcetype", OBJECT, NULL},
    {"eventdetails", OBJECT, NULL},
    {"rightsinfo", RIGHTS, NULL},
    {"dates", DATES, NULL},
};

/* Properties of what is inside, wherever they come; each is one text. */
static const char inner_texts[] =
    " name rel scheme code uri literal role value contenttype href title mimetype exchange symbol ";

static const struct rule *rule_of(struct nd_str name)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (nd_str_is(name, rules[i].name))
            return &rules[i];
    return NULL;
}

/* description_text, body_xhtml, headline_main: a letter, digit or _ after the _. */
static bool is_pattern(struct nd_str name)
{
    static const char *const starts[] = {"description_", "body_", "headline_"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t k = strlen(starts[i]);
        if (name.n <= k || memcmp(name.p, starts[i], k))
            continue;
        char c = name.p[k];
        return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }
    return false;
}

static bool is_listed(struct nd_str s, const char *list)
{
    char word[40];
    if (s.n + 3 > sizeof word)
        return false;
    word[0] = ' ';
    for (size_t i = 0; i < s.n; i++)
        word[i + 1] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 32) : s.p[i];
    memcpy(word + s.n + 1, " ", 2);
    return strstr(list, word) != NULL;
}

static int refuse(struct nd_str name, const char *why, struct nd_error *err)
{
    return nd_fail(err, ND_INPUT, "not valid ninjs: '%.*s' %s", (int)(name.n > 60 ? 60 : name.n),
                   name.p, why);
}

static bool digits(struct nd_str s, size_t at, size_t n)
{
    for (size_t i = at; i < at + n; i++)
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* 2024, 2024-02, 2024-02-29, and with a time. */
static bool is_date(struct nd_str s, bool whole)
{
    struct nd_date d;
    if (!digits(s, 0, 4) || (s.n > 4 && s.p[4] != '-') || (s.n > 4 && !digits(s, 5, 2)))
        return false;
    if (nd_date_parse(&d, s.p, s.n, NULL))
        return false;
    return !whole || d.precision >= ND_DATE_MINUTE;
}

static int check_inner(const struct nd_json *o, struct nd_error *err);

static int check_list(const struct nd_json *v, struct nd_error *err)
{
    if (v->kind != ND_JSON_ARRAY)
        return refuse(v->key, "is no list", err);
    for (const struct nd_json *m = v->first; m; m = m->next) {
        if (m->kind != ND_JSON_OBJECT)
            return refuse(v->key, "is no list of objects", err);
        int rc = check_inner(m, err);
        if (rc)
            return rc;
        bool valued = nd_str_is(v->key, "bodies") || nd_str_is(v->key, "headlines") ||
                      nd_str_is(v->key, "descriptions");
        if (valued && !nd_json_get(m, "value"))
            return refuse(v->key, "has an entry without a value", err);
        const struct nd_json *geo = nd_json_get(m, "geojson");
        geo = geo ? geo : nd_json_get(m, "geoJSON");
        if (geo && (geo->kind != ND_JSON_OBJECT || !nd_json_get(geo, "type")))
            return refuse(v->key, "has a geoJSON without a type", err);
        if (nd_str_is(v->key, "advices")) {
            static const char *const parts[] = {"importance", "lifetime"};
            for (size_t i = 0; i < 2; i++) {
                const struct nd_json *p = nd_json_get(m, parts[i]);
                if (p && (p->kind != ND_JSON_OBJECT ||
                          (!nd_json_get(p, "code") && !nd_json_get(p, "uri") &&
                           !nd_json_get(p, "literal"))))
                    return refuse(v->key, "has an entry without a code", err);
            }
        }
    }
    return 0;
}

/* Dates of an event: one start, one end, each given or expected. */
static int check_dates(const struct nd_json *v, struct nd_error *err)
{
    static const char *const names[] = {"startDate", "expectedStartDate", "endDate",
                                        "expectedEndDate"};
    const struct nd_json *d[4];
    if (v->kind != ND_JSON_OBJECT)
        return refuse(v->key, "is no object", err);
    for (size_t i = 0; i < 4; i++) {
        d[i] = nd_json_get(v, names[i]);
        if (d[i] && (d[i]->kind != ND_JSON_STRING || !is_date(d[i]->text, i % 2 == 0)))
            return refuse(d[i]->key, "is no date", err);
    }
    if ((d[0] && d[1]) || (d[2] && d[3]))
        return refuse(v->key, "has a date both given and expected", err);
    return 0;
}

static int check_value(const struct rule *r, const struct nd_json *v, struct nd_error *err)
{
    switch (r->kind) {
    case TEXT:
        return v->kind == ND_JSON_STRING ? 0 : refuse(v->key, "is no text", err);
    case NUMBER:
        return v->kind == ND_JSON_NUMBER ? 0 : refuse(v->key, "is no number", err);
    case URGENCY:
        return v->kind == ND_JSON_NUMBER && v->text.n == 1 && *v->text.p > '0'
                   ? 0
                   : refuse(v->key, "is not 1 to 9", err);
    case OBJECT:
        return v->kind == ND_JSON_OBJECT ? check_inner(v, err)
                                         : refuse(v->key, "is no object", err);
    case LIST:
        return check_list(v, err);
    case EITHER:
        return v->kind == ND_JSON_OBJECT ? 0 : check_list(v, err);
    case CHOICE:
        return v->kind == ND_JSON_STRING && is_listed(v->text, r->choices)
                   ? 0
                   : refuse(v->key, "has a value that is none of its own", err);
    case RIGHTS:
        if (v->kind != ND_JSON_OBJECT)
            return refuse(v->key, "is no object", err);
        for (const struct nd_json *m = v->first; m; m = m->next)
            if (m->kind != ND_JSON_STRING)
                return refuse(m->key, "is no text", err);
        {
            bool linked = nd_json_get(v, "linkedrights") || nd_json_get(v, "linkedRights");
            bool encoded = nd_json_get(v, "encodedrights") || nd_json_get(v, "encodedRights");
            return linked != encoded
                       ? 0
                       : refuse(v->key, "needs linked or encoded rights, not both", err);
        }
    default:
        return check_dates(v, err);
    }
}

/* Names, addresses and roles are texts; dates and urgencies are what they are in an item. Does not recur further. */
static int check_inner(const struct nd_json *o, struct nd_error *err)
{
    for (const struct nd_json *m = o->first; m; m = m->next) {
        if (is_listed(m->key, inner_texts) && m->kind != ND_JSON_STRING)
            return refuse(m->key, "is no text", err);
        int rc = nd_str_is(m->key, "dates")     ? check_dates(m, err)
                 : nd_str_is(m->key, "urgency") ? check_value(rule_of(ND_STR("urgency")), m, err)
                                                : 0;
        if (rc)
            return rc;
    }
    return 0;
}

static bool is_extended(const struct nd_json *record)
{
    const struct nd_json *standard = nd_json_get(record, "standard"), *schema;
    standard = standard ? standard : nd_json_get(record, "$standard");
    schema = standard ? nd_json_get(standard, "schema") : NULL;
    return schema && schema->kind == ND_JSON_STRING && schema->text.n &&
           !memmem(schema->text.p, schema->text.n, "iptc.org", 8);
}

/* The properties of an item, or of an association, which may have a name too. */
static int check_item(const struct nd_json *record, bool association, bool extended,
                      struct nd_error *err)
{
    for (const struct nd_json *m = record->first; m; m = m->next) {
        const struct rule *r = rule_of(m->key);
        int rc = 0;
        if (r)
            rc = check_value(r, m, err);
        else if (is_pattern(m->key))
            rc = m->kind == ND_JSON_STRING ? 0 : refuse(m->key, "is no text", err);
        else if (!extended &&
                 !(association && (nd_str_is(m->key, "name") || nd_str_is(m->key, "rel"))))
            rc = refuse(m->key, "is no property of it", err);
        if (rc)
            return rc;
    }
    return 0;
}

int nd_ninjs_check(const struct nd_json *record, struct nd_error *err)
{
    const struct nd_json *list = nd_json_get(record, "associations");
    bool extended = is_extended(record);
    int rc = check_item(record, false, extended, err);
    for (const struct nd_json *m = list ? list->first : NULL; m && !rc; m = m->next) {
        if (m->kind != ND_JSON_OBJECT)
            return refuse(list->key, "has an entry that is no object", err);
        rc = check_item(m, true, extended, err);
        if (!rc && list->kind == ND_JSON_ARRAY && !nd_json_get(m, "uri"))
            rc = refuse(list->key, "has an entry without a uri", err);
        if (!rc && list->kind == ND_JSON_ARRAY && !nd_json_get(m, "name"))
            rc = refuse(list->key, "has an entry without a name", err);
    }
    return rc;
}

bool nd_ninjs_is(const struct nd_json *record)
{
    /* names that nothing else has */
    static const char own[] =
        " versioncreated pubstatus representationtype headlines bodies body_text body_xhtml "
        "body_html "
        "description_text infosource infosources usageterms copyrightholder ednote renditions "
        "associations firstcreated eventdetails plannedcoverage digitalsourcetype rightsinfo "
        "contentcreated trustindicator trustindicators altids embargoed ";
    /* names of the standard that stand at the wrong place */
    static const char elsewhere[] =
        " advice linkedrights encodedrights langid importance lifetime ";
    bool all = true, any = false;
    if (!nd_json_get(record, "uri"))
        return false;
    for (const struct nd_json *m = record->first; m; m = m->next) {
        any |= is_listed(m->key, own) || nd_str_is(m->key, "$standard");
        any |= nd_str_is(m->key, "standard") && m->kind == ND_JSON_OBJECT;
        all &= rule_of(m->key) != NULL || is_pattern(m->key) || is_listed(m->key, elsewhere);
    }
    return any || all;
}
