/* The posting lists of a segment against what its streams and texts ask for. */
#include "segment/verify_in.h"

#include "record/schema.h"
#include "segment/build_terms.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MANY = 4096 /* postings read at once */
};

/* A hash of a posting; lists are compared by their sums, so order does not count. */
static uint64_t mix(uint32_t docid, uint32_t wdf)
{
    uint64_t h = ((uint64_t)docid << 32 | wdf) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
    return h ^ h >> 32;
}

int nd_check_term(struct nd_check *c, const char *prefix, const char *p, size_t n, uint32_t *out)
{
    char term[ND_TERM_MAX];
    bool exact;
    size_t len = nd_term_make(term, prefix, p, n, &exact);
    int rc = nd_map_intern(&c->terms, term, len, out);
    if (rc || *out < c->expected_cap)
        return rc;
    uint32_t cap = c->expected_cap ? c->expected_cap * 2 : 4096;
    struct nd_expected *v = realloc(c->expected, cap * sizeof *v);
    if (!v)
        return ND_NOMEM;
    memset(v + c->expected_cap, 0, (cap - c->expected_cap) * sizeof *v);
    c->expected = v;
    c->expected_cap = cap;
    return 0;
}

void nd_check_has(struct nd_check *c, uint32_t term, uint32_t wdf)
{
    struct nd_expected *e = &c->expected[term];
    if (e->last == c->docid)
        return;
    e->last = c->docid;
    e->freq++;
    e->sum += mix(c->docid, wdf);
    c->length += wdf;
}

/* ---- fields ---- */

static int exact(struct nd_check *c, const char *prefix, const char *p, size_t n)
{
    uint32_t term;
    if (n == 0)
        return 0;
    int rc = nd_check_term(c, prefix, p, n, &term);
    if (!rc)
        nd_check_has(c, term, 0);
    return rc;
}

static int value(struct nd_check *c, const char *field, struct nd_str v)
{
    if (v.n == 0)
        return exact(c, ND_PREFIX_ABSENT, field, strlen(field));
    nd_buf_reset(&c->fold);
    int rc = nd_value_fold(&c->fold, v.p, v.n);
    return rc ? rc
              : exact(c, nd_schema_find(field, strlen(field))->prefix, c->fold.data, c->fold.len);
}

static int values(struct nd_check *c, const char *field, struct nd_strs v)
{
    int rc = v.n ? 0 : value(c, field, (struct nd_str){NULL, 0});
    for (size_t i = 0; i < v.n && !rc; i++)
        rc = value(c, field, v.v[i]);
    return rc;
}

static int url(struct nd_check *c, struct nd_str v)
{
    if (v.n == 0)
        return value(c, "url", v);
    int rc = exact(c, nd_schema_find("url", 3)->prefix, v.p, v.n);
    struct nd_str host = nd_url_host(v);
    nd_buf_reset(&c->fold);
    if (!rc)
        rc = nd_lowercase(&c->fold, host.p, host.n);
    return rc ? rc : exact(c, nd_schema_find("host", 4)->prefix, c->fold.data, c->fold.len);
}

static int date(struct nd_check *c, const struct nd_date *d)
{
    char digits[16];
    if (d->precision == ND_DATE_NONE)
        return value(c, "date", (struct nd_str){NULL, 0});
    snprintf(digits, sizeof digits, "%08u", d->day);
    int rc = exact(c, ND_PREFIX_YEAR, digits, 4);
    if (!rc && d->precision >= ND_DATE_MONTH)
        rc = exact(c, ND_PREFIX_MONTH, digits, 6);
    if (!rc && d->precision >= ND_DATE_DAY)
        rc = exact(c, ND_PREFIX_DAY, digits, 8);
    return rc;
}

int nd_check_fields(struct nd_check *c, const struct nd_article *a, struct nd_error *err)
{
    const char *code = nd_lang_code(c->lang);
    int rc = exact(c, nd_schema_find("id", 2)->prefix, a->id.p, a->id.n);
    if (!rc && a->title.n == 0)
        rc = exact(c, ND_PREFIX_ABSENT, "title", 5);
    if (!rc)
        rc = value(c, "source", a->source);
    if (!rc)
        rc = value(c, "section", a->section);
    if (!rc)
        rc = values(c, "author", a->authors);
    if (!rc)
        rc = values(c, "tag", a->tags);
    if (!rc)
        rc = exact(c, nd_schema_find("lang", 4)->prefix, code, strlen(code));
    if (!rc)
        rc = value(c, "lang", a->lang);
    if (!rc)
        rc = url(c, a->url);
    if (!rc)
        rc = date(c, &a->published);
    return rc ? nd_check_memory(err) : 0;
}

/* ---- the lists ---- */

/* Terms that are not looked at: plain words of a complete segment, entities whose id is not known. */
static bool skipped(const struct nd_check *c, struct nd_str term)
{
    if (term.n && (term.p[0] < 'A' || term.p[0] > 'Z'))
        return c->complete;
    return c->cut_ids && term.n > 4 && memcmp(term.p, "X", 1) == 0;
}

static int one_list(struct nd_check *c, struct nd_str term, const struct nd_expected *e,
                    struct nd_error *err)
{
    static const char file[] = "postlist.glass";
    uint32_t docids[MANY], wdfs[MANY], freq = 0, last = 0;
    uint64_t sum = 0;
    struct xap_postings *p;
    int rc = xap_postings_open(&p, c->xap, 0, term.p, term.n, err);
    if (rc)
        return rc == ND_DONE ? nd_check_bad(c, file, err, "a term has no list") : rc;
    size_t got;
    while ((rc = xap_postings_fill(p, docids, wdfs, MANY, &got, err)) == 0) {
        for (size_t i = 0; i < got; i++) {
            if (docids[i] <= last || docids[i] > c->docs)
                rc = nd_check_bad(c, file, err, "a list names articles that are not there");
            last = docids[i];
            sum += mix(docids[i], wdfs[i]);
        }
        freq += (uint32_t)got;
        if (rc)
            break;
    }
    xap_postings_close(p);
    if (rc != ND_DONE)
        return rc;
    c->v->postings += freq;
    if (freq != e->freq || sum != e->sum)
        return nd_check_bad(c, file, err,
                            "the list of '%.*s' is not what the articles ask for: %u of %u",
                            (int)term.n, term.p, freq, e->freq);
    return 0;
}

int nd_check_postings(struct nd_check *c, struct nd_error *err)
{
    struct xap_terms *t;
    struct nd_str term;
    uint32_t seen = 0, wanted = 0;
    int rc = xap_terms_open(&t, c->xap, 0, "", 0, err);
    if (rc)
        return rc;
    while ((rc = xap_terms_next(t, &term, NULL, err)) == 0) {
        if (skipped(c, term))
            continue;
        uint32_t number = nd_map_find(&c->terms, term.p, term.n);
        if (number == ND_MAP_NONE || c->expected[number].freq == 0)
            rc = nd_check_bad(c, "postlist.glass", err, "a term '%.*s' that no article has",
                              (int)term.n, term.p);
        else
            rc = one_list(c, term, &c->expected[number], err);
        if (rc)
            break;
        seen++;
    }
    xap_terms_close(t);
    if (rc != ND_DONE)
        return rc;
    for (uint32_t i = 0; i < c->terms.count; i++)
        wanted += c->expected[i].freq != 0 && !skipped(c, nd_map_key(&c->terms, i));
    c->v->terms += seen;
    if (seen != wanted)
        return nd_check_bad(c, "postlist.glass", err, "%u terms are missing", wanted - seen);
    return 0;
}
