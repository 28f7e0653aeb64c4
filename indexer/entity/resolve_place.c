/* resolve_place.c: places: aliases, and of several senses the one that the rest of the article speaks for. */
#include "entity/canon.h"
#include "entity/resolve.h"

#include <string.h>

enum {
    COUNTRIES = 512
};

/* First sense of a place's words. */
static uint32_t first_row(const struct nd_names *s, const struct nd_name *m, struct nd_gaz_row *r)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    uint32_t row = nd_name_row(s, w, m->words, ND_PLACE, 0, ND_ROW_SECOND, r);
    if (row == ND_NAME_NONE && m->words > 1 && w[0].text.n == 3 &&
        memcmp(w[0].text.p, "the", 3) == 0)
        row = nd_name_row(s, w + 1, m->words - 1u, ND_PLACE, 0, ND_ROW_SECOND, r);
    return row;
}

/* Count the countries that places of a single sense lie in. */
static void count_countries(const struct nd_names *s, uint16_t votes[COUNTRIES])
{
    for (size_t i = 0; i < s->n; i++) {
        const struct nd_name *m = &s->v[i];
        struct nd_gaz_row r, second;
        if (m->type != ND_PLACE || m->flags & ND_NAME_DONE || first_row(s, m, &r) == ND_NAME_NONE ||
            r.country >= COUNTRIES)
            continue;
        if (nd_name_row(s, nd_name_words(s, m), m->words, ND_PLACE, ND_ROW_SECOND, 0, &second) ==
                ND_NAME_NONE &&
            votes[r.country] < UINT16_MAX)
            votes[r.country]++;
    }
}

/* "Seattle, Washington": does a place of that country stand before m, with a comma? */
static bool follows_city(const struct nd_names *s, size_t number, unsigned country)
{
    const struct nd_name *m = &s->v[number];
    if (!number)
        return false;
    const struct nd_name *p = m - 1;
    struct nd_gaz_row r;
    if (p->type != ND_PLACE || p->first + p->words != m->first)
        return false;
    struct nd_str gap = nd_name_gap(s, m->first - 1);
    return gap.n == 2 && gap.p[0] == ',' && first_row(s, p, &r) != ND_NAME_NONE &&
           r.kind == ND_KIND_CITY && (!country || r.country == country);
}

static int settle(struct nd_names *s, size_t number, const uint16_t votes[COUNTRIES])
{
    struct nd_name *m = &s->v[number];
    const struct nd_name_word *w = nd_name_words(s, m);
    struct nd_gaz_row r, second;
    uint32_t row = first_row(s, m, &r);
    if (row == ND_NAME_NONE) {
        m->id = nd_canon_form(s, m);
        m->flags |= ND_NAME_DONE;
        return m->id.p ? 0 : ND_NOMEM;
    }
    uint32_t other = nd_name_row(s, w, m->words, ND_PLACE, ND_ROW_SECOND, 0, &second);
    if (other != ND_NAME_NONE) {
        bool elsewhere = second.country && r.country != second.country &&
                         second.country < COUNTRIES && r.country < COUNTRIES &&
                         votes[second.country] > votes[r.country];
        if (elsewhere || follows_city(s, number, second.country))
            return nd_name_take_row(s, m, other, &second);
    }
    return nd_name_take_row(s, m, row, &r);
}

int nd_names_places(struct nd_names *s)
{
    uint16_t votes[COUNTRIES] = {0};
    count_countries(s, votes);
    int rc = 0;
    for (size_t i = 0; !rc && i < s->n; i++)
        if (s->v[i].type == ND_PLACE && !(s->v[i].flags & ND_NAME_DONE))
            rc = settle(s, i, votes);
    return rc;
}
