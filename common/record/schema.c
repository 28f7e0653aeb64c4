#include "record/schema.h"

#include "base/buf.h"
#include "base/hash.h"
#include "record/article.h"
#include "text/utf8.h"

#include <string.h>
#include <strings.h>

enum {
    T = 1 << ND_FIELD_TITLE,
    L = 1 << ND_FIELD_LEAD,
    B = 1 << ND_FIELD_BODY
};

static const struct nd_field fields[] = {
    {"title", "headline", ND_KIND_TEXT, ND_PREFIX_TITLE, T, ND_COL_NONE, false,
     "words of the title", "title:(grain deal)"},
    {"lead", "", ND_KIND_TEXT, ND_PREFIX_STEM, L, ND_COL_NONE, false,
     "words of a lead that the dump carries apart", "lead:ceasefire"},
    {"hlead", "", ND_KIND_TEXT, ND_PREFIX_STEM, T | L, ND_COL_NONE, false, "words of title or lead",
     "hlead:inflation"},
    {"body", "", ND_KIND_TEXT, ND_PREFIX_STEM, B, ND_COL_NONE, false, "words of the body",
     "body:\"rate cut\""},
    {"source", "paper publication", ND_KIND_VALUE, "XSRC", 0, ND_COL_SOURCE, true,
     "newspaper, agency or site", "source:=\"The Sun\""},
    {"lang", "language", ND_KIND_EXACT, "L", 0, ND_COL_LANG, true, "language code", "lang:de"},
    {"author", "byline", ND_KIND_VALUE, "A", 0, ND_COL_AUTHORS, true, "who wrote it",
     "author:\"Jane Doe\""},
    {"url", "", ND_KIND_EXACT, "U", 0, ND_COL_NONE, false, "address of the article",
     "url:https://example.org/a"},
    {"host", "", ND_KIND_EXACT, "H", 0, ND_COL_NONE, false, "host name in its address",
     "host:example.org"},
    {"section", "", ND_KIND_VALUE, "XSEC", 0, ND_COL_SECTION, true, "section of the paper",
     "section:business"},
    {"tag", "tags", ND_KIND_VALUE, "XTAG", 0, ND_COL_TAGS, true, "keyword that the dump carries",
     "tag:elections"},
    {"id", "", ND_KIND_EXACT, "Q", 0, ND_COL_ID, false, "the article's id", "id:abc-123"},
    {"person", "", ND_KIND_ENTITY, "XPER", 0, ND_COL_ENTITIES, true, "people named",
     "person:\"Dmitry Peskov\""},
    {"org", "", ND_KIND_ENTITY, "XORG", 0, ND_COL_ENTITIES, true, "organisations named",
     "org:NATO"},
    {"place", "", ND_KIND_ENTITY, "XLOC", 0, ND_COL_ENTITIES, true, "places named", "place:Kyiv"},
    {"misc", "", ND_KIND_ENTITY, "XMISC", 0, ND_COL_ENTITIES, true,
     "other names: events, works, peoples", "misc:Olympics"},
    {"entity", "", ND_KIND_ENTITY, "", 0, ND_COL_ENTITIES, true, "names of any type",
     "entity:Washington"},
    {"date", "published", ND_KIND_DATE, "", 0, ND_COL_DAY, false, "day of publication",
     "date:2023-09..2023-12"},
    {"updated", "", ND_KIND_DATE, "", 0, ND_COL_UPDATED, false, "when it was last changed",
     "updated:7d"},
    {"indexed", "", ND_KIND_DATE, "", 0, ND_COL_INDEXED, false, "when it first came in",
     "indexed:today"},
    {"rev", "", ND_KIND_NUMBER, "", 0, ND_COL_LAST_REV, false,
     "index revision that this version came in with", "rev:12.."},
    {"length", "words", ND_KIND_NUMBER, "", 0, ND_COL_LENGTH, false, "number of words",
     "length:500.."},
    {"story", "", ND_KIND_EXACT, "", 0, ND_COL_SIGNATURE, false,
     "articles that tell the same story", "story:abc-123"},
    {"query", "", ND_KIND_QUERY, "", 0, ND_COL_NONE, false, "a saved query", "query:ukraine"},
    {"year", "", ND_KIND_DATE, ND_PREFIX_YEAR, 0, ND_COL_DAY, true, "year of publication",
     "year:2023"},
    {"month", "", ND_KIND_DATE, ND_PREFIX_MONTH, 0, ND_COL_DAY, true, "month of publication",
     "month:2023-09"},
    {"day", "", ND_KIND_DATE, ND_PREFIX_DAY, 0, ND_COL_DAY, true, "day of publication",
     "day:2023-09-05"},
};

const struct nd_field *nd_schema_table(size_t *n)
{
    *n = sizeof fields / sizeof *fields;
    return fields;
}

static bool is_name(const char *have, size_t have_n, const char *name, size_t n)
{
    return have_n == n && strncasecmp(have, name, n) == 0;
}

const struct nd_field *nd_schema_find(const char *name, size_t n)
{
    if (n == 0 || memchr(name, '\0', n))
        return NULL;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (is_name(fields[i].name, strlen(fields[i].name), name, n))
            return &fields[i];
        for (const char *a = fields[i].alias; *a;) {
            size_t len = strcspn(a, " ");
            if (is_name(a, len, name, n))
                return &fields[i];
            a += len + (a[len] == ' ');
        }
    }
    return NULL;
}

/* U and 96 bits of a hash, six a letter. */
static size_t url_hash(char *out, const char *value, size_t n)
{
    struct nd_hash128 h = nd_hash128(value, n);
    *out++ = 'U';
    for (int i = 0; i < ND_URL_HASH; i++) {
        uint64_t half = i < ND_URL_HASH / 2 ? h.hi : h.lo;
        *out++ =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[half >> 6 * (i % 8) &
                                                                               63];
    }
    return 1 + ND_URL_HASH;
}

size_t nd_term_make(char out[ND_TERM_MAX], const char *prefix, const char *value, size_t n,
                    bool *exact)
{
    size_t len = strlen(prefix), zeros = 0;
    if (len == 1 && prefix[0] == 'U' && n > ND_URL_KEEP) {
        *exact = false;
        return url_hash(out, value, n);
    }
    if (n <= ND_TERM_MAX)
        for (size_t i = 0; i < n; i++)
            zeros += value[i] == '\0';
    *exact = n <= ND_TERM_MAX && len + n + zeros <= ND_TERM_MAX;
    if (len)
        memcpy(out, prefix, len);
    if (*exact) {
        if (n)
            memcpy(out + len, value, n);
        return len + n;
    }
    size_t keep = 0, cost = len;
    while (keep < n) {
        cost += value[keep] == '\0' ? 2 : 1;
        if (cost > ND_TERM_KEEP)
            break;
        keep++;
    }
    while (keep && ((unsigned char)value[keep] & 0xc0) == 0x80) /* at a character */
        keep--;
    memcpy(out + len, value, keep);
    len += keep;
    struct nd_hash128 h = nd_hash128(value, n);
    for (int i = 0; i < 32; i++) {
        uint64_t half = i < 16 ? h.hi : h.lo;
        out[len++] = "0123456789abcdef"[half >> (60 - 4 * (i % 16)) & 15];
    }
    return len;
}

int nd_value_fold(struct nd_buf *out, const char *value, size_t n)
{
    size_t start = out->len;
    int rc = nd_fold(out, value, n);
    if (rc)
        return rc;
    size_t to = start;
    for (size_t i = start; i < out->len; i++) {
        char c = out->data[i];
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            if (to == start || out->data[to - 1] == ' ')
                continue;
            c = ' ';
        }
        out->data[to++] = c;
    }
    if (to > start && out->data[to - 1] == ' ')
        to--;
    out->len = to;
    if (out->data)
        out->data[to] = '\0';
    return 0;
}
