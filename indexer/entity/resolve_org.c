/* resolve_org.c: organisations by alias file, brackets, initials and short forms; other names share the acronyms. */
#include "entity/canon.h"
#include "entity/resolve.h"

#include <string.h>

enum purpose {                    /* of a link */
    ACRONYM = 30,                 /* by the initials of a longer name */
    BRACKET,                      /* by what stands in brackets after it */
    START,                        /* by its first words; + type */
    END = START + ND_ENTITY_TYPES /* by its last words; + type */
};

enum {
    ACRONYM_MAX = 8,
    PARTS_MAX = 5 /* words of a short form */
};

static const char *const joiners[] = {"a",   "and", "at",  "by",  "de",  "del", "der",
                                      "des", "du",  "et",  "for", "fur", "in",  "la",
                                      "of",  "on",  "the", "to",  "und", "y"};

static bool is_acronym(const struct nd_name_word *w)
{
    return w->shape == ND_SHAPE_UPPER && w->text.n >= 2 && w->text.n <= ACRONYM_MAX;
}

static bool joiner(const struct nd_name_word *w)
{
    return nd_word_in(w->text, joiners, sizeof joiners / sizeof *joiners);
}

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

/* The one name of a key, ND_NAME_NONE if none or several. */
static uint32_t only(const struct nd_names *s, unsigned purpose, uint64_t hash)
{
    const struct nd_link *l = nd_links_find(&s->links, nd_link_key(purpose, hash));
    return l && l->n == 1 ? l->name[0] : ND_NAME_NONE;
}

/* Link a name under the first letters of its words, with and without the small ones. */
static int link_initials(struct nd_names *s, uint32_t number)
{
    const struct nd_name *m = &s->v[number];
    const struct nd_name_word *w = nd_name_words(s, m);
    char all[ACRONYM_MAX], main[ACRONYM_MAX];
    size_t a = 0, b = 0, words = nd_canon_firm(w, m->words);
    for (size_t i = 0; i < words; i++) {
        char c = w[i].text.p[0];
        if ((unsigned char)c >= 0x80)
            return 0;
        if (a < ACRONYM_MAX)
            all[a++] = c;
        if (b < ACRONYM_MAX && !joiner(&w[i]))
            main[b++] = c;
    }
    int rc = b >= 2 ? link_add(s, ACRONYM, nd_gaz_hash(main, b), number) : 0;
    if (!rc && a != b && a >= 2)
        rc = link_add(s, ACRONYM, nd_gaz_hash(all, a), number);
    return rc;
}

/* "World Food Program (WFP)": link the name under what follows it in brackets. */
static int link_bracket(struct nd_names *s, uint32_t number)
{
    const struct nd_name *m = &s->v[number];
    size_t next = m->first + m->words;
    struct nd_str gap = nd_name_gap(s, next - 1);
    if (!gap.n || gap.n > 4 || gap.p[gap.n - 1] != '(')
        return 0;
    const struct nd_token *t = &s->tokens->v[next];
    struct nd_str key = nd_token_key(s->tokens, next);
    if (t->shape != ND_SHAPE_UPPER || key.n < 2 || key.n > ACRONYM_MAX)
        return 0;
    char low[ACRONYM_MAX];
    for (size_t i = 0; i < key.n; i++)
        low[i] = (char)(key.p[i] >= 'A' && key.p[i] <= 'Z' ? key.p[i] + 32 : key.p[i]);
    /* a party or a state follows persons and cities in brackets too: a first letter must be there */
    const struct nd_name_word *w = nd_name_words(s, m);
    bool fits = false;
    for (size_t i = 0; i < m->words; i++)
        fits |= w[i].text.p[0] == low[0];
    return fits ? link_add(s, BRACKET, nd_gaz_hash(low, key.n), number) : 0;
}

static uint64_t hash_of(const struct nd_name_word *w, size_t n)
{
    uint64_t h = 0;
    for (size_t i = 0; i < n; i++)
        h = nd_gaz_mix(h, w[i].hash);
    return h;
}

/* A short form may end or begin between two words: not within a hyphen chain, not beside "and". */
static bool parts(const struct nd_name_word *a, const struct nd_name_word *b)
{
    return !(a->flags & ND_T_HYPHEN) && !(b->text.n == 3 && memcmp(b->text.p, "and", 3) == 0);
}

static int link_parts(struct nd_names *s, uint32_t number)
{
    const struct nd_name *m = &s->v[number];
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t n = nd_canon_firm(w, m->words),
           from = n > 1 && w[0].text.n == 3 && memcmp(w[0].text.p, "the", 3) == 0;
    uint64_t h = 0;
    int rc = 0;
    for (size_t i = from; !rc && i + 1 < m->words && i < from + PARTS_MAX; i++) {
        h = nd_gaz_mix(h, w[i].hash);
        if (parts(&w[i], &w[i + 1]))
            rc = link_add(s, START + m->type, h, number);
    }
    for (size_t len = 1; !rc && len < n - from && len <= PARTS_MAX; len++) {
        if (parts(&w[n - len - 1], &w[n - len - 1]))
            rc = link_add(s, END + m->type, hash_of(w + n - len, len), number);
    }
    return rc;
}

/* Words of m without article and legal form. */
static size_t core(const struct nd_names *s, const struct nd_name *m, size_t *from)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t n = m->type == ND_ORG ? nd_canon_firm(w, m->words) : m->words;
    *from = n > 1 && w[0].text.n == 3 && memcmp(w[0].text.p, "the", 3) == 0;
    return n - *from;
}

/* The row of the whole name, else of its core. */
static uint32_t find_row(const struct nd_names *s, const struct nd_name *m, struct nd_gaz_row *r)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    uint32_t row = nd_name_row(s, w, m->words, m->type, 0, ND_ROW_SECOND, r);
    if (row != ND_NAME_NONE)
        return row;
    size_t from, n = core(s, m, &from);
    return n < m->words ? nd_name_row(s, w + from, n, m->type, 0, ND_ROW_SECOND, r) : ND_NAME_NONE;
}

static int identify(struct nd_names *s, struct nd_name *m)
{
    struct nd_gaz_row r;
    uint32_t row = find_row(s, m, &r);
    if (row != ND_NAME_NONE)
        return nd_name_take_row(s, m, row, &r);
    m->id = nd_canon_form(s, m);
    return m->id.p ? 0 : ND_NOMEM;
}

/* What an acronym stands for in this article. */
static uint32_t spelt_out(const struct nd_names *s, const struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    struct nd_gaz_row r;
    if (m->words != 1 || !is_acronym(w) ||
        nd_name_row(s, w, 1, m->type, ND_ROW_FORCE, 0, &r) != ND_NAME_NONE)
        return ND_NAME_NONE; /* "U.S." is not the U.S. Senate */
    uint32_t o = only(s, BRACKET, w->hash);
    if (o != ND_NAME_NONE)
        return o;
    /* "N.C." is a state whatever company has these initials */
    bool place =
        m->type == ND_PLACE && nd_name_row(s, w, 1, ND_PLACE, ND_ROW_ALIAS, 0, &r) != ND_NAME_NONE;
    return place ? ND_NAME_NONE : only(s, ACRONYM, w->hash);
}

/* The longer name that a short form can only mean. */
static uint32_t longer(const struct nd_names *s, const struct nd_name *m, uint32_t row)
{
    struct nd_gaz_row r = {0};
    if (row != ND_NAME_NONE &&
        (nd_gaz_row(s->gaz, row, &r) || m->words > 1 || r.flags & ND_ROW_ALIAS))
        return ND_NAME_NONE; /* it has a name of its own */
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t from, n = core(s, m, &from);
    if (n > PARTS_MAX)
        return ND_NAME_NONE;
    uint64_t h = hash_of(w + from, n);
    /* a place or a people says nothing: "American" is not American Airlines, "D.C." not its council */
    struct nd_gaz_row place;
    bool bare = n == 1 && (w[from].bits & (ND_GAZ_COUNTRY | ND_GAZ_DEMONYM) ||
                           nd_name_row(s, w + from, 1, ND_PLACE, 0, 0, &place) != ND_NAME_NONE);
    if (m->type == ND_MISC && n > 1)
        return ND_NAME_NONE;
    uint32_t o = bare || m->type == ND_MISC ? ND_NAME_NONE : only(s, START + m->type, h);
    if (o == ND_NAME_NONE && row == ND_NAME_NONE && !bare)
        o = only(s, END + m->type, h);
    return o;
}

/* Single words that the model took for something else have the type of the longer name. */
static bool takes_type(const struct nd_names *s, const struct nd_name *m, uint32_t o)
{
    return s->v[o].type == m->type || (m->words == 1 && !(m->flags & ND_NAME_GOLD));
}

static int link_long(struct nd_names *s)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < s->n; i++) {
        struct nd_name *m = &s->v[i];
        if (m->flags & ND_NAME_DONE || m->type == ND_PERSON || m->words < 2)
            continue;
        rc = identify(s, m);
        if (!rc)
            rc = link_initials(s, (uint32_t)i);
        if (!rc)
            rc = link_bracket(s, (uint32_t)i);
        if (!rc && (m->type == ND_ORG || m->type == ND_MISC))
            rc = link_parts(s, (uint32_t)i);
    }
    return rc;
}

int nd_names_orgs(struct nd_names *s)
{
    int rc = link_long(s);
    for (size_t i = 0; !rc && i < s->n; i++) {
        struct nd_name *m = &s->v[i];
        if (m->type == ND_PERSON && m->flags & ND_NAME_DONE)
            continue;
        uint32_t o = spelt_out(s, m);
        if (o != ND_NAME_NONE && takes_type(s, m, o)) {
            m->type = s->v[o].type;
            nd_name_take(s, m, o);
            continue;
        }
        if (m->type != ND_ORG && m->type != ND_MISC)
            continue;
        struct nd_gaz_row r;
        uint32_t row = m->row != ND_NAME_NONE ? m->row : find_row(s, m, &r);
        o = longer(s, m, row);
        if (o != ND_NAME_NONE && o != i && !nd_str_eq(s->v[o].id, m->id))
            nd_name_take(s, m, o);
        else
            rc = identify(s, m);
        m->flags |= ND_NAME_DONE;
    }
    return rc;
}
