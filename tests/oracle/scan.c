/* Does an article match a query? Conditions on the article; what has a place is in spans.c. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

static const struct values *values_of(const struct article *a, const char *field)
{
    return strcmp(field, "source") == 0    ? &a->source
           : strcmp(field, "section") == 0 ? &a->section
           : strcmp(field, "author") == 0  ? &a->authors
                                           : &a->tags;
}

static bool value(const struct node *q, const struct values *list)
{
    bool yes = false;
    char *want = q->whole ? folded(q->text) : value_words(q->text);
    for (size_t i = 0; i < list->n && !yes; i++) {
        char *have = q->whole ? folded(list->v[i]) : value_words(list->v[i]);
        char *padded = need(strlen(have) + 3), *part = need(strlen(want) + 3);
        snprintf(padded, strlen(have) + 3, " %s ", have);
        snprintf(part, strlen(want) + 3, " %s ", want);
        yes = q->whole ? strcmp(have, want) == 0 : *want && strstr(padded, part);
        free(padded);
        free(part);
        free(have);
    }
    free(want);
    return yes;
}

static bool has(const struct corpus *c, const struct node *q, const struct article *a)
{
    const char *field = q->field;
    if (strcmp(field, "date") == 0)
        return a->from != 0;
    if (strcmp(field, "url") == 0)
        return a->url != NULL;
    if (strcmp(field, "title") == 0)
        return a->text_n[TITLE] > 0;
    if (q->n) { /* a kind of names */
        for (size_t i = 0; i < a->mentions.n; i++)
            if (q->n >> c->names.v[a->mentions.v[i].name].type & 1)
                return true;
        return false;
    }
    return values_of(a, field)->n > 0;
}

bool matches_in(struct corpus *c, struct node *q, const struct article *a, unsigned scope)
{
    switch (q->kind) {
    case QUORUM: {
        size_t yes = 0;
        for (size_t i = 0; i < q->kids; i++)
            yes += matches_in(c, q->kid[i], a, scope);
        return yes >= q->n;
    }
    case AND:
        for (size_t i = 0; i < q->kids; i++)
            if (!matches_in(c, q->kid[i], a, scope))
                return false;
        return true;
    case OR:
        for (size_t i = 0; i < q->kids; i++)
            if (matches_in(c, q->kid[i], a, scope))
                return true;
        return false;
    case NOT:
        return !matches_in(c, q->kid[0], a, scope);
    case SCOPE:
        return matches_in(c, q->kid[0], a, scope & (q->n | CASES));
    case CASE:
        return matches_in(c, q->kid[0], a, scope | q->n);
    case BOOST:
        return matches_in(c, q->kid[0], a, scope);
    case VERBATIM:
        for (unsigned f = 0; f < TEXTS; f++)
            if (a->text[f] && strstr(a->text[f], q->text))
                return true;
        return false;
    case ALL:
        return true;
    case VALUE:
        return value(q, values_of(a, q->field));
    case ID:
        return strcmp(a->id, q->text) == 0;
    case URL:
        return a->url && strcmp(a->url, q->text) == 0;
    case LANG:
        return strcmp(a->lang_code ? a->lang_code : "en", q->text) == 0;
    case DATE:
        return a->from && a->from >= q->from && a->to <= q->to;
    case NONE:
        return !has(c, q, a);
    case ANYOF:
        return has(c, q, a);
    default:
        return has_logic(q) ? matches_logic(c, q, a, scope) : stands(c, q, a, scope);
    }
}

bool matches(struct corpus *c, struct node *q, const struct article *a)
{
    return matches_in(c, q, a, ALL_TEXTS);
}
