/* resolve_split.c: "Putin-Kim", "Russia-North Korea", "House and Senate": two names that were taken for one. */
#include "entity/resolve.h"

#include <string.h>

enum {
    SURNAME = 3 /* as in resolve_person.c */
};

/* The type of words that are a name by themselves: a country, a people, a person of the article. */
static bool side(const struct nd_names *s, const struct nd_name_word *w, size_t n, bool hyphen,
                 uint8_t *type)
{
    struct nd_gaz_row r;
    if (n == 0 || w[0].shape == ND_SHAPE_LOWER)
        return false;
    if (n == 1 && nd_links_find(&s->links, nd_link_key(SURNAME, w->hash))) {
        *type = ND_PERSON;
        return true;
    }
    if (nd_name_row(s, w, n, ND_ENTITY_TYPES, 0, ND_ROW_SECOND, &r) == ND_NAME_NONE)
        return false;
    if (!(!hyphen && r.flags & ND_ROW_ALIAS) && r.kind != ND_KIND_COUNTRY &&
        !(r.flags & (ND_ROW_FORCE | ND_ROW_LONE)) && !(r.kind == ND_KIND_CITY && r.weight > 19))
        return false;
    *type = (uint8_t)r.type;
    return true;
}

int nd_names_split(struct nd_names *s)
{
    for (size_t i = 0, n = s->n; i < n; i++) {
        struct nd_name m = s->v[i];
        struct nd_gaz_row r;
        if (m.words < 2 || m.flags & (ND_NAME_GOLD | ND_NAME_DROPPED) ||
            nd_name_row(s, nd_name_words(s, &m), m.words, ND_ENTITY_TYPES, 0, 0, &r) !=
                ND_NAME_NONE)
            continue;
        for (size_t k = 0; k + 1 < m.words; k++) {
            const struct nd_name_word *w = nd_name_words(s, &m);
            uint8_t a, b;
            bool hyphen = w[k].flags & ND_T_HYPHEN;
            bool and = k > 0 && w[k].text.n == 3 && memcmp(w[k].text.p, "and", 3) == 0;
            size_t left = hyphen ? k + 1 : k;
            if (!(hyphen || and) || !side(s, w, left, hyphen, &a) ||
                !side(s, w + k + 1, m.words - k - 1u, hyphen, &b))
                continue;
            s->v[i].flags |= ND_NAME_DROPPED;
            int rc = nd_names_add(s, m.first, (uint32_t)left, (enum nd_entity_type)a, m.score, 0);
            if (!rc)
                rc = nd_names_add(s, m.first + (uint32_t)k + 1, m.words - (uint32_t)k - 1,
                                  (enum nd_entity_type)b, m.score, 0);
            if (rc)
                return rc;
            break;
        }
    }
    return 0;
}
