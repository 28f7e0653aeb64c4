/* resolve_person.c: persons: full names among themselves, then last names, first names and initials. */
#include "entity/canon.h"
#include "entity/resolve.h"

#include <string.h>

enum purpose {      /* of a link */
    FULL_FIRST = 1, /* full names by first word, by last word */
    FULL_LAST,
    SURNAME, /* full names by surname */
    OTHER,   /* by any other word */
    TIMES,   /* how often an id is called in full; the text's order does not matter */
    LATEST   /* by surname: the full name that was last read */
};

enum {
    PARAGRAPH_MAX = 120, /* words back from a last name to the full one that it means */
    TOPIC_TIMES = 3 /* so many times as often as all others is the person of an article in full */
};

/* after "the Clinton": of the one who held the office, not of the one whom the article is about */
static const char *const offices[] = {"administration", "administrations", "era",        "family",
                                      "foundation",     "library",         "presidency", "years"};

static const char *const address[] = {"dr",     "gen",      "gov",   "judge", "justice", "lady",
                                      "miss",   "mr",       "mrs",   "ms",    "mme",     "pope",
                                      "prince", "princess", "queen", "sen",   "sgt"};
static const char *const women[] = {"lady", "miss", "mme", "mrs", "ms"};

static bool initial(const struct nd_name_word *w)
{
    return w->text.n == 1 || (w->flags & ND_T_DOTTED && w->text.n <= 3);
}

static bool is_full(const struct nd_name_word *w, size_t n)
{
    size_t core = nd_canon_core(w, n);
    if (core == 1)
        return n > 1 && w[1].text.n >= 1 && (w[1].text.p[0] == 'i' || w[1].text.p[0] == 'v');
    size_t i = 0;
    while (
        i < core && (w[i].bits & ND_GAZ_PARTICLE) && w[i].text.n > 1 &&
        (w[i].shape == ND_SHAPE_LOWER || !(w[i].bits & ND_GAZ_FIRST) || w[i].flags & ND_T_HYPHEN))
        i++;
    return core - i >= 2; /* not "de Klerk", "al-Assad" alone */
}

/* Add a name to a link unless its id is there. */
static int link_add(struct nd_names *s, unsigned purpose, uint64_t hash, uint32_t name)
{
    struct nd_link *l = nd_links_at(&s->links, nd_link_key(purpose, hash));
    if (!l)
        return ND_NOMEM;
    uint32_t kept = l->n < ND_LINKS_MAX ? l->n : ND_LINKS_MAX;
    for (uint32_t i = 0; i < kept; i++)
        if (nd_str_eq(s->v[l->name[i]].id, s->v[name].id))
            return 0;
    if (l->n < ND_LINKS_MAX)
        l->name[l->n] = name;
    l->n++;
    return 0;
}

/* The word that a person is called by. */
static size_t surname(const struct nd_name_word *w, size_t n)
{
    size_t core = nd_canon_core(w, n);
    return nd_canon_surname_first(w, core) ? 0 : core - 1;
}

static int identify(struct nd_names *s, struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    struct nd_gaz_row r;
    uint32_t row = nd_name_row(s, w, m->words, ND_PERSON, 0, ND_ROW_LONE | ND_ROW_SECOND, &r);
    if (row != ND_NAME_NONE)
        return nd_name_take_row(s, m, row, &r);
    m->id = nd_canon_form(s, m);
    return m->id.p ? 0 : ND_NOMEM;
}

int nd_names_persons_full(struct nd_names *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct nd_name *m = &s->v[i];
        const struct nd_name_word *w = nd_name_words(s, m);
        if (m->type != ND_PERSON || !is_full(w, m->words))
            continue;
        m->flags |= ND_NAME_FULL;
        int rc = identify(s, m);
        if (!rc)
            rc = link_add(s, SURNAME, w[surname(w, m->words)].hash, (uint32_t)i);
        if (rc)
            return rc;
    }
    return 0;
}

/* Can a, the shorter, stand for b? Each word of a is one of b in order, or an initial of it; what b has more
 * are initials, or words before or after all of a. */
static bool stands_for(const struct nd_name_word *a, size_t an, const struct nd_name_word *b,
                       size_t bn)
{
    size_t i = 0;
    for (size_t k = 0; k < bn && i < an; k++) {
        bool same = a[i].hash == b[k].hash;
        if (!same && initial(&a[i]) && !initial(&b[k]))
            same = a[i].text.p[0] == b[k].text.p[0];
        if (same)
            i++;
        else if (i > 0 && !initial(&b[k]))
            return false;
    }
    return i == an;
}

/* The one name of the link that m can stand for; ND_NAME_NONE if there is none or more than one. */
static uint32_t longer(const struct nd_names *s, const struct nd_name *m, const struct nd_link *l)
{
    uint32_t found = ND_NAME_NONE;
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t n = nd_canon_core(w, m->words);
    if (!l || l->n > ND_LINKS_MAX)
        return ND_NAME_NONE;
    for (uint32_t i = 0; i < l->n; i++) {
        const struct nd_name *o = &s->v[l->name[i]];
        const struct nd_name_word *x = nd_name_words(s, o);
        size_t k = nd_canon_core(x, o->words);
        bool fuller = k > n || (k == n && initial(&w[0]) && !initial(&x[0])) ||
                      (k == n && o->words > m->words && o->first < m->first); /* Jr., told first */
        if (nd_str_eq(o->id, m->id) || !fuller || !stands_for(w, n, x, k))
            continue;
        if (found != ND_NAME_NONE && !nd_str_eq(o->id, s->v[found].id))
            return ND_NAME_NONE;
        found = l->name[i];
    }
    return found;
}

/* Full names that are a shorter form of another. */
static int join_full(struct nd_names *s)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < s->n; i++) {
        const struct nd_name *m = &s->v[i];
        const struct nd_name_word *w = nd_name_words(s, m);
        if (!(m->flags & ND_NAME_FULL))
            continue;
        rc = link_add(s, FULL_FIRST, w[0].hash, (uint32_t)i);
        if (!rc)
            rc = link_add(s, FULL_LAST, w[nd_canon_core(w, m->words) - 1].hash, (uint32_t)i);
    }
    for (size_t i = 0; !rc && i < s->n; i++) {
        struct nd_name *m = &s->v[i];
        const struct nd_name_word *w = nd_name_words(s, m);
        if (!(m->flags & ND_NAME_FULL) || m->row != ND_NAME_NONE)
            continue;
        uint64_t last = w[nd_canon_core(w, m->words) - 1].hash;
        uint32_t o = longer(s, m, nd_links_find(&s->links, nd_link_key(FULL_LAST, last)));
        if (o == ND_NAME_NONE)
            o = longer(s, m, nd_links_find(&s->links, nd_link_key(FULL_FIRST, w[0].hash)));
        if (o != ND_NAME_NONE)
            nd_name_take(s, m, o);
    }
    return rc;
}

static int link_full(struct nd_names *s, uint32_t number)
{
    const struct nd_name *m = &s->v[number];
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t core = nd_canon_core(w, m->words), at = surname(w, m->words);
    int rc = link_add(s, SURNAME, w[at].hash, number);
    for (size_t k = 0; !rc && k < core; k++)
        if (k != at && !initial(&w[k]) && !(w[k].bits & (ND_GAZ_PARTICLE | ND_GAZ_TITLE)))
            rc = link_add(s, OTHER, w[k].hash, number);
    return rc;
}

static int count_full(struct nd_names *s, uint32_t number)
{
    struct nd_str id = s->v[number].id;
    struct nd_link *l = nd_links_at(&s->links, nd_link_key(TIMES, nd_gaz_hash(id.p, id.n)));
    if (!l)
        return ND_NOMEM;
    l->n++;
    return 0;
}

static uint32_t times(const struct nd_names *s, uint32_t number)
{
    struct nd_str id = s->v[number].id;
    const struct nd_link *l = nd_links_find(&s->links, nd_link_key(TIMES, nd_gaz_hash(id.p, id.n)));
    return l ? l->n : 0;
}

/* Full names seen so far: the latest of a surname, and the latest of another person of it. */
static int read_full(struct nd_names *s, uint32_t number)
{
    const struct nd_name *m = &s->v[number];
    const struct nd_name_word *w = nd_name_words(s, m);
    struct nd_link *l = nd_links_at(&s->links, nd_link_key(LATEST, w[surname(w, m->words)].hash));
    if (!l)
        return ND_NOMEM;
    if (l->n && !nd_str_eq(s->v[l->name[0]].id, m->id)) {
        l->name[1] = l->name[0];
        l->n = 2;
    }
    l->name[0] = number;
    if (!l->n)
        l->n = 1;
    return 0;
}

/* Are words a and b of one paragraph, not far apart? */
static bool near(const struct nd_names *s, uint32_t a, uint32_t b)
{
    const struct nd_token *t = s->tokens->v;
    if (b < a || b - a > PARAGRAPH_MAX || t[a].field != t[b].field)
        return false;
    for (uint32_t i = a + 1; i <= b; i++)
        if (t[i].brk == ND_BREAK_PARAGRAPH)
            return false;
    return true;
}

/* Of several people of one last name the one whom m can only mean: the one whom its paragraph alone has named in full,
 * else the one whom the article names so much more often. ND_NAME_NONE: neither. */
static uint32_t of_several(const struct nd_names *s, const struct nd_name *m, uint64_t last,
                           const struct nd_link *l)
{
    const struct nd_link *seen = nd_links_find(&s->links, nd_link_key(LATEST, last));
    if (seen && near(s, s->v[seen->name[0]].first, m->first))
        return seen->n > 1 && near(s, s->v[seen->name[1]].first, m->first) ? ND_NAME_NONE
                                                                           : seen->name[0];
    /* a title chooses among them in a way that is not known here */
    size_t next = m->first + m->words;
    if (m->first > 0) {
        struct nd_str key = nd_token_key(s->tokens, m->first - 1u);
        if (nd_gaz_word(s->gaz, key.p, key.n) & ND_GAZ_TITLE)
            return ND_NAME_NONE;
    }
    if (next < s->tokens->n &&
        nd_word_in(nd_token_key(s->tokens, next), offices, sizeof offices / sizeof *offices))
        return ND_NAME_NONE;
    uint32_t best = ND_NAME_NONE, most = 0, sum = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        uint32_t n = times(s, l->name[i]);
        sum += n;
        if (n > most) {
            most = n;
            best = l->name[i];
        }
    }
    return most >= (sum - most) * TOPIC_TIMES ? best : ND_NAME_NONE;
}

static bool before_is(const struct nd_names *s, const struct nd_name *m, const char *const *list,
                      size_t n)
{
    return m->first > 0 && s->tokens->v[m->first - 1].field == s->tokens->v[m->first].field &&
           nd_word_in(nd_token_key(s->tokens, m->first - 1), list, n);
}

/* "Mr. Trump" in an article whose only full name with it is Melania Trump: the one whom the whole world calls so, unless
 * the relative was just named, or is what the article is about. */
static bool means_known(const struct nd_names *s, const struct nd_name *m, uint64_t last,
                        uint32_t relative)
{
    if (before_is(s, m, women, sizeof women / sizeof *women))
        return false;
    if (before_is(s, m, (const char *const[]){"mr", "president"}, 2))
        return true;
    const struct nd_link *seen = nd_links_find(&s->links, nd_link_key(LATEST, last));
    return !(seen && near(s, s->v[seen->name[0]].first, m->first)) &&
           !(s->v[relative].flags & ND_NAME_TITLE) && times(s, relative) < TOPIC_TIMES;
}

/* A name that is not full: the full one it means, a known person, or itself. */
static int settle(struct nd_names *s, struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    const struct nd_name_word *last = &w[nd_canon_core(w, m->words) - 1];
    struct nd_gaz_row r = {0};
    uint32_t row = nd_name_row(s, w, m->words, ND_PERSON, ND_ROW_LONE, 0, &r);
    const struct nd_link *l = nd_links_find(&s->links, nd_link_key(SURNAME, last->hash));
    if (l && l->n == 1 && row != ND_NAME_NONE && !nd_str_eq(s->v[l->name[0]].id, r.id) &&
        means_known(s, m, last->hash, l->name[0]))
        return nd_name_take_row(s, m, row, &r);
    if (l && l->n == 1) {
        nd_name_take(s, m, l->name[0]);
        return 0;
    }
    if (l) { /* several: only the one whom the whole world calls so */
        for (uint32_t i = 0; row != ND_NAME_NONE && i < l->n && i < ND_LINKS_MAX; i++)
            if (nd_str_eq(s->v[l->name[i]].id, r.id) &&
                !before_is(s, m, women, sizeof women / sizeof *women)) {
                nd_name_take(s, m, l->name[i]);
                return 0;
            }
        uint32_t o = l->n <= ND_LINKS_MAX ? of_several(s, m, last->hash, l) : ND_NAME_NONE;
        if (o != ND_NAME_NONE) {
            nd_name_take(s, m, o);
            return 0;
        }
    } else {
        l = nd_links_find(&s->links, nd_link_key(OTHER, last->hash));
        if (l && l->n == 1 && m->words == 1) {
            nd_name_take(s, m, l->name[0]);
            return 0;
        }
        if (row != ND_NAME_NONE)
            return nd_name_take_row(s, m, row, &r);
    }
    /* Virginia, Reuters: a place or organisation that nobody in the article is called after */
    if (!l && m->words == 1 && !(m->flags & ND_NAME_GOLD) &&
        !before_is(s, m, address, sizeof address / sizeof *address) &&
        nd_name_row(s, w, 1, ND_PERSON, 0, 0, &r) == ND_NAME_NONE &&
        nd_name_row(s, w, 1, ND_ENTITY_TYPES, ND_ROW_ALIAS, ND_ROW_SECOND, &r) != ND_NAME_NONE &&
        (r.kind == ND_KIND_COUNTRY || r.kind == ND_KIND_REGION || r.kind == ND_KIND_ORG ||
         r.flags & ND_ROW_FORCE)) {
        m->type = (uint8_t)r.type;
        return 0;
    }
    int rc = identify(s, m);
    m->flags |= ND_NAME_DONE;
    return rc;
}

/* A single unknown word that is a place or organisation by its type and is the surname of one person of the article means the person. */
static bool is_person_after_all(const struct nd_names *s, const struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    struct nd_gaz_row r;
    if (m->words != 1 || m->type == ND_MISC || m->flags & ND_NAME_GOLD ||
        nd_name_row(s, w, 1, ND_ENTITY_TYPES, 0, ND_ROW_LONE, &r) != ND_NAME_NONE)
        return false;
    const struct nd_link *l = nd_links_find(&s->links, nd_link_key(SURNAME, w->hash));
    return l && l->n == 1;
}

int nd_names_persons(struct nd_names *s)
{
    nd_links_reset(&s->links); /* the numbers have changed since */
    int rc = join_full(s);
    for (size_t i = 0; !rc && i < s->n; i++)
        if (s->v[i].flags & ND_NAME_FULL) {
            rc = link_full(s, (uint32_t)i);
            if (!rc)
                rc = count_full(s, (uint32_t)i);
        }
    for (size_t i = 0; !rc && i < s->n; i++) {
        struct nd_name *m = &s->v[i];
        if (m->flags & ND_NAME_FULL) {
            m->flags |= ND_NAME_DONE;
            rc = read_full(s, (uint32_t)i);
            continue;
        }
        if (m->type != ND_PERSON && is_person_after_all(s, m))
            m->type = ND_PERSON;
        if (m->type == ND_PERSON)
            rc = settle(s, m);
    }
    return rc;
}
