#include "lang/lower_in.h"

#include "text/utf8.h"

#include <string.h>

enum {
    FIRST_DAY = 0,
    LAST_DAY = 99991231
};

/* --- values and names --- */

int lower_value_words(struct lower *l, const char *p, size_t n, struct nd_str *out)
{
    nd_buf_reset(&l->text);
    if (nd_value_words(&l->text, p, n))
        return lower_nomem(l);
    *out = nd_arena_str(l->arena, l->text.data ? l->text.data : "", l->text.len);
    return out->p ? 0 : lower_nomem(l);
}

int lower_add_term(struct lower *l, const struct nd_node *node, const struct lower_value *v,
                    struct plans *list)
{
    struct nd_plan *p;
    int rc = plan_make(l, node, ND_P_TERM, &p);
    if (rc)
        return rc;
    p->term = v->term;
    p->estimate = v->freq;
    return plans_push(l, list, p);
}

int lower_value(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    struct lower_values *vs;
    struct plans list = {0};
    struct nd_str want;
    uint32_t *some;
    size_t n;
    int rc;
    if (node->whole) { /* the value itself: a term as it is */
        struct nd_buf folded;
        nd_buf_init(&folded, 1 << 20);
        rc = nd_value_fold(&folded, node->text.p, node->text.n);
        rc = rc ? lower_nomem(l)
                : plan_term(l, node, node->field->prefix, folded.data ? folded.data : "",
                            folded.len, out);
        nd_buf_free(&folded);
        return rc ? rc : lower_meaning(l, node, node->text, (*out)->estimate);
    }
    if ((rc = lower_value_words(l, node->text.p, node->text.n, &want)) ||
        (rc = lower_values_of(l, node->field->prefix, &vs)) ||
        (rc = lower_values_with(l, vs, &want, 1, &some, &n)))
        return rc;
    size_t skip = strlen(vs->prefix);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct lower_value *v = &vs->v[some ? some[i] : i];
        if (!nd_value_holds(v->words, want))
            continue;
        rc = lower_add_term(l, node, v, &list);
        if (rc == 0)
            rc = lower_meaning(l, node, (struct nd_str){v->term.p + skip, v->term.n - skip},
                               v->freq);
    }
    return rc ? rc : plan_or(l, node, &list, false, out);
}

int lower_exact_value(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    const struct nd_field *f = node->field;
    struct nd_str v = node->text;
    if (strcmp(f->name, "story") == 0)
        return lower_story(l, node, out);
    if (f->prefix[0] == '\0')
        return lower_refuse(l, node, "see 'newsq fields' for what an index can be asked",
                            "'%s:' cannot be asked of this index", f->name);
    if (strcmp(f->name, "lang") == 0) {
        unsigned lang = nd_lang_of(v.p, v.n);
        if (lang)
            v = nd_str_of(nd_lang_code(lang));
    }
    if (strcmp(f->name, "lang") == 0 || strcmp(f->name, "host") == 0) {
        nd_buf_reset(&l->text);
        if (nd_lowercase(&l->text, v.p, v.n))
            return lower_nomem(l);
        v = (struct nd_str){l->text.data ? l->text.data : "", l->text.len};
    }
    return plan_term(l, node, f->prefix, v.p, v.n, out);
}

/* --- dates and numbers --- */

static int add_date(struct lower *l, const struct nd_node *node, const char *prefix,
                    unsigned digits, uint32_t value, struct plans *list)
{
    char text[16];
    struct nd_plan *p;
    snprintf(text, sizeof text, "%0*u", (int)digits, value);
    int rc = plan_term(l, node, prefix, text, strlen(text), &p);
    return rc || p->estimate == 0 ? rc : plans_push(l, list, p);
}

/* A year that the range holds in part: whole months, and days of the others. */
static int part_of_year(struct lower *l, const struct nd_node *node, uint32_t year,
                        struct nd_day_range r, struct plans *list)
{
    int rc = 0;
    for (uint32_t m = 1; rc == 0 && m <= 12; m++) {
        uint32_t month = year * 100 + m, days = nd_month_days((int)year, m);
        if (month * 100 + days < r.from || month * 100 + 1 > r.to)
            continue;
        if (r.from <= month * 100 + 1 && month * 100 + days <= r.to) {
            rc = add_date(l, node, ND_PREFIX_MONTH, 6, month, list);
            continue;
        }
        for (uint32_t d = 1; rc == 0 && d <= days; d++)
            if (month * 100 + d >= r.from && month * 100 + d <= r.to)
                rc = add_date(l, node, ND_PREFIX_DAY, 8, month * 100 + d, list);
    }
    return rc;
}

static int published(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    struct nd_day_range r = node->range;
    struct xap_terms *terms;
    struct plans list = {0};
    struct nd_str term;
    int rc =
        xap_terms_open(&terms, l->ix->xap, XAP_ALL, ND_PREFIX_YEAR, strlen(ND_PREFIX_YEAR), l->err);
    if (rc)
        return rc;
    while ((rc = xap_terms_next(terms, &term, NULL, l->err)) == 0) {
        uint32_t year = 0;
        for (size_t i = 1; i < term.n && i < 6; i++)
            year = year * 10 + (uint32_t)(term.p[i] - '0') % 10;
        if (term.n != 5 || year * 10000 + 1231 < r.from || year * 10000 + 101 > r.to)
            continue;
        if (r.from <= year * 10000 + 101 && year * 10000 + 1231 <= r.to)
            rc = add_date(l, node, ND_PREFIX_YEAR, 4, year, &list);
        else
            rc = part_of_year(l, node, year, r, &list);
        if (rc)
            break;
    }
    xap_terms_close(terms);
    if (rc != ND_DONE)
        return rc;
    struct nd_plan *undated;
    rc = plan_term(l, node, ND_PREFIX_ABSENT, "date", 4, &undated);
    if (rc == 0 && undated->estimate)
        rc = lower_note(l, "articles without a date are in no range of dates: the index has %llu",
                        (unsigned long long)undated->estimate);
    return rc ? rc : plan_or(l, node, &list, false, out);
}

static int64_t first_second(uint32_t day)
{
    return nd_days_from_civil((int)(day / 10000), day / 100 % 100, day % 100) * 86400;
}

int lower_date(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    if (node->field->column == ND_COL_DAY)
        return published(l, node, out);
    int rc = plan_make(l, node, ND_P_NUMBER, out);
    if (rc)
        return rc;
    (*out)->column = (enum nd_column_id)node->field->column;
    (*out)->lo = node->range.from == FIRST_DAY ? INT64_MIN : first_second(node->range.from);
    (*out)->hi = node->range.to >= LAST_DAY ? INT64_MAX : first_second(node->range.to) + 86399;
    return 0;
}

int lower_number(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    int rc = plan_make(l, node, ND_P_NUMBER, out);
    if (rc)
        return rc;
    (*out)->column = (enum nd_column_id)node->field->column;
    (*out)->lo = node->lo;
    (*out)->hi = node->hi;
    return 0;
}

/* Numbers know by themselves which articles have none. */
static bool from_column(const struct nd_field *f)
{
    return f->kind == ND_KIND_NUMBER || (f->kind == ND_KIND_DATE && f->column != ND_COL_DAY);
}

/* The name under which the index notes that an article lacks the field; NULL where it does not. */
static const char *absent_name(const struct nd_field *f)
{
    if (f->kind == ND_KIND_VALUE || (f->kind == ND_KIND_TEXT && strcmp(f->name, "title") == 0) ||
        strcmp(f->name, "lang") == 0 || strcmp(f->name, "url") == 0)
        return f->name;
    if (f->kind == ND_KIND_DATE)
        return "date";
    return strcmp(f->name, "host") == 0 ? "url" : NULL;
}

int lower_none(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    const struct nd_field *f = node->field;
    struct nd_plan *all, *part;
    bool lacks = !from_column(f); /* does `part` give the articles without the field? */
    int rc;
    if (from_column(f)) {
        if ((rc = plan_make(l, node, ND_P_NUMBER, &part)))
            return rc;
        part->column = (enum nd_column_id)f->column;
        part->lo = INT64_MIN;
        part->hi = INT64_MAX;
    } else {
        const char *name = absent_name(f);
        if (!name)
            return lower_refuse(l, node,
                                "'none' and '*' can be asked of title, source, section, author, "
                                "tag, lang, url, dates and names",
                                "whether an article has '%s:' is not kept in the index", f->name);
        if ((rc = plan_term(l, node, ND_PREFIX_ABSENT, name, strlen(name), &part)))
            return rc;
    }
    if ((node->kind == ND_N_NONE) == lacks) {
        *out = part;
        return 0;
    }
    rc = plan_make(l, node, ND_P_ALL, &all);
    return rc ? rc : plan_and_not(l, node, all, part, out);
}
