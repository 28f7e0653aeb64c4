#include "explain.h"

#include "text/utf8.h"

#include <string.h>

enum {
    START = 44 /* cells of a value that are shown */
};

/* What a reader says of a field of its own: "title=hl1|title ..." -> "hl1|title". */
static struct nd_str rule_of(const struct nd_reader *r, const char *field)
{
    size_t k = strlen(field);
    for (const char *p = r && r->mapping ? r->mapping : ""; *p;) {
        size_t n = strcspn(p, " ");
        if (n > k + 1 && !memcmp(p, field, k) && p[k] == '=')
            return (struct nd_str){p + k + 1, n - k - 1};
        p += n + (p[n] == ' ');
    }
    return (struct nd_str){0};
}

static void value(struct nd_buf *out, struct nd_str s)
{
    size_t n = nd_width_cut(s.p, s.n, START);
    nd_printable(out, s.p, n, true);
    if (n < s.n)
        nd_buf_printf(out, "... (%zu bytes)", s.n);
}

static void date(struct nd_buf *out, const struct nd_date *d)
{
    nd_date_format(out, d);
}

static void list(struct nd_buf *out, const struct nd_strs *l)
{
    for (size_t i = 0; i < l->n && i < 5; i++) {
        nd_buf_str(out, i ? "; " : "");
        value(out, l->v[i]);
    }
    if (l->n > 5)
        nd_buf_printf(out, "; %zu more", l->n - 5);
}

/* Append what the article has for a target. Return: false where it has nothing. */
static bool shown(struct nd_buf *out, const struct nd_article *a, enum nd_target t)
{
    const struct nd_str *const texts[ND_TARGETS] = {
        [ND_TO_ID] = &a->id,           [ND_TO_VERSION] = &a->version, [ND_TO_TITLE] = &a->title,
        [ND_TO_LEAD] = &a->lead,       [ND_TO_BODY] = &a->body,       [ND_TO_SOURCE] = &a->source,
        [ND_TO_SECTION] = &a->section, [ND_TO_LANG] = &a->lang,       [ND_TO_URL] = &a->url};
    const struct nd_date *d = t == ND_TO_UPDATED ? &a->updated : &a->published;
    bool any = false;
    switch (t) {
    case ND_TO_PUBLISHED:
    case ND_TO_UPDATED:
        if (d->precision != ND_DATE_NONE)
            date(out, d);
        return d->precision != ND_DATE_NONE;
    case ND_TO_AUTHORS:
    case ND_TO_TAGS:
        list(out, t == ND_TO_TAGS ? &a->tags : &a->authors);
        return (t == ND_TO_TAGS ? &a->tags : &a->authors)->n > 0;
    case ND_TO_PARTIAL:
    case ND_TO_WITHDRAWN:
        any = t == ND_TO_PARTIAL ? a->partial : a->withdrawn;
        nd_buf_str(out, any ? "yes" : "");
        return any;
    case ND_TO_PERSONS:
    case ND_TO_ORGS:
    case ND_TO_PLACES:
    case ND_TO_MISC:
        for (size_t i = 0, k = 0; i < a->gold_n && k < 5; i++) {
            if (a->gold[i].type != (enum nd_entity_type)(t - ND_TO_PERSONS))
                continue;
            nd_buf_str(out, k++ ? "; " : "");
            value(out, a->gold[i].name);
            any = true;
        }
        return any;
    default:
        if (t < ND_TARGETS && texts[t] && texts[t]->n)
            value(out, *texts[t]);
        return t < ND_TARGETS && texts[t] && texts[t]->n;
    }
}

int nd_explain_article(struct nd_buf *out, const struct nd_article *a, const struct nd_reader *r,
                       nd_explain_from *from, const void *ctx)
{
    struct nd_buf text;
    nd_buf_init(&text, 1 << 20);
    for (int t = ND_TO_ID; t < ND_TARGETS; t++) {
        const char *name = nd_target_name((enum nd_target)t);
        struct nd_str key = {0}, rule;
        nd_buf_reset(&text);
        if (!name || !shown(&text, a, (enum nd_target)t))
            continue;
        rule = rule_of(r, name);
        bool known = from(ctx, t, &key);
        if (rule.n)
            key = rule;
        else if (!known)
            key = t == ND_TO_ID && a->id.n > 3 && !memcmp(a->id.p, "nd-", 3)
                      ? ND_STR("(made of the content)")
                      : ND_STR("(an option or a rule)");
        nd_buf_printf(out, "  %-10s <- ", name);
        nd_printable(out, key.p, key.n > 60 ? 60 : key.n, true);
        nd_buf_printf(out, "%*s %s\n", key.n < 24 ? 24 - (int)key.n : 0, "",
                      text.data ? text.data : "");
    }
    nd_buf_free(&text);
    return nd_buf_code(out);
}
