/* resolve_trim.c: before anything is resolved: titles off, what is no name out, headlines settled. */
#include "entity/canon.h"
#include "entity/resolve.h"

#include <string.h>

enum purpose {
    BODY_WORDS = 20, /* names outside of the headline, by all their words */
    BODY_LAST = 21   /* persons there by their last word */
};

enum {
    HEADLINE_WORDS = 4,  /* fewer words say nothing about the case */
    HEADLINE_SHARE = 70, /* percent of longer words with a capital */
    SURE = 97            /* score with which an unknown name in such a headline stays */
};

static const char *const royal[] = {"crown",  "emperor",  "empress", "king",  "pope",
                                    "prince", "princess", "queen",   "saint", "sultan"};
static const char *const after_names[] = {"esq", "jr", "phd", "sr"};
#define IS_ROYAL(w) nd_word_in((w).text, royal, sizeof royal / sizeof *royal)

static void cut_front(struct nd_names *s, struct nd_name *m, size_t n)
{
    m->first += (uint32_t)n;
    m->word += (uint32_t)n;
    m->words = (uint8_t)(m->words - n);
    nd_name_rehash(s, m);
}

static void cut_back(struct nd_names *s, struct nd_name *m, size_t n)
{
    m->words = (uint8_t)n;
    nd_name_rehash(s, m);
}

static bool known(const struct nd_names *s, const struct nd_name *m, unsigned type)
{
    struct nd_gaz_row r;
    return nd_name_row(s, nd_name_words(s, m), m->words, type, 0, 0, &r) != ND_NAME_NONE;
}

/* Mr., Gen., President before a person. */
static void titles_off(struct nd_names *s, struct nd_name *m)
{
    if (known(s, m, ND_PERSON))
        return;
    size_t n = m->words, off = 0;
    const struct nd_name_word *w = nd_name_words(s, m);
    while (off + 1 < n && w[off].bits & ND_GAZ_TITLE && !(w[off].flags & ND_T_HYPHEN)) {
        if (IS_ROYAL(w[off]) && n - off == 2)
            break;
        /* a first name too: Dean Smith */
        if (w[off].bits & ND_GAZ_FIRST && n - off == 2 && w[off].text.n > 2 &&
            w[off].shape != ND_SHAPE_LOWER && w[off + 1].bits & ND_GAZ_SURNAME &&
            !(w[off].bits & ND_GAZ_ORG_KIND))
            break;
        off++;
    }
    struct nd_gaz_row r; /* Republican Mitt Romney, American John Smith */
    if (n - off > 2 && !(w[off].bits & ND_GAZ_FIRST) && !(w[off].flags & ND_T_HYPHEN) &&
        nd_name_row(s, w + off, 1, ND_MISC, 0, 0, &r) != ND_NAME_NONE)
        off++;
    /* Can Trump, Will Obama: a question */
    if (n - off == 2 && w[off].bits & ND_GAZ_PRONOUN && !(w[off].flags & ND_T_HYPHEN) &&
        nd_name_row(s, w + off + 1, 1, ND_PERSON, ND_ROW_LONE, 0, &r) != ND_NAME_NONE)
        off++;
    if (off)
        cut_front(s, m, off);
}

/* A word that says what kind of organisation, place or thing it is. */
static bool has_kind(const struct nd_name_word *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (w[i].bits & (ND_GAZ_ORG_KIND | ND_GAZ_MISC_KIND))
            return true;
    return false;
}

/* Does a title follow directly? */
static bool title_at(const struct nd_names *s, size_t token)
{
    if (token >= s->tokens->n || nd_name_gap(s, token - 1).n != 1)
        return false;
    struct nd_str key = nd_token_key(s->tokens, token);
    return nd_gaz_word(s->gaz, key.p, key.n) & ND_GAZ_TITLE;
}

/* "U.S. National Security Adviser" is a title: what stands before it may be a name. */
static void office_off(struct nd_names *s, struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t n = m->words;
    if (m->type != ND_ORG || n < 2 || has_kind(w, n) || known(s, m, ND_ENTITY_TYPES))
        return;
    bool whole = w[n - 1].bits & ND_GAZ_TITLE;
    if (!whole && !(w[0].bits & ND_GAZ_COUNTRY || w[0].flags & ND_T_ACRONYM))
        return;
    if (!whole && !title_at(s, m->first + n))
        return;
    for (size_t k = n - 1; k > 0; k--) {
        struct nd_gaz_row r;
        if (nd_name_row(s, w, k, ND_ENTITY_TYPES, 0, ND_ROW_LONE | ND_ROW_SECOND, &r) !=
            ND_NAME_NONE) {
            m->type = (uint8_t)r.type;
            cut_back(s, m, k);
            return;
        }
    }
    if (whole)
        m->flags |= ND_NAME_DROPPED;
}

/* Days, months, pronouns, bare titles and numbers are no names. */
static bool no_name(const struct nd_names *s, const struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    bool empty = true, letter = false;
    /* the party and state of a politician: D-N.Y. */
    if (w[0].text.n == 1 && w[0].flags & ND_T_HYPHEN && m->words == 2 &&
        strchr("dri", w[0].text.p[0]) && w[1].shape == ND_SHAPE_UPPER)
        return true;
    if (m->type == ND_PERSON && m->words == 1 &&
        nd_word_in(w[0].text, after_names, sizeof after_names / sizeof *after_names))
        return true;
    if (m->type == ND_ORG && m->words == 1 && nd_canon_legal(w))
        return true;
    for (size_t i = 0; i < m->words; i++) {
        unsigned none = ND_GAZ_DATE | ND_GAZ_PRONOUN;
        if (m->type != ND_MISC)
            none |= ND_GAZ_TITLE;
        bool number = w[i].text.p[0] >= '0' && w[i].text.p[0] <= '9';
        letter |= !number;
        empty &= (w[i].bits & none) || number;
    }
    if (!letter && m->type != ND_ORG && m->type != ND_MISC)
        return true;
    if (!empty)
        return !letter && m->words == 1;
    if (m->words == 1 && w[0].bits & ND_GAZ_DATE && m->type == ND_PERSON)
        return false; /* Ms. May: settled with the persons */
    return !known(s, m, m->type);
}

static const char *const endings[] = {"appointed", "backed", "based", "era",
                                      "esque",     "led",    "like",  "style"};

/* "Bush-era" is the person, "U.S.-led" is the country; "Russian-speaking" is no name. */
static void compound_off(struct nd_names *s, struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t n = m->words;
    if (n > 1 && m->type == ND_PERSON && w[n - 2].flags & ND_T_HYPHEN &&
        nd_word_in(w[n - 1].text, endings, sizeof endings / sizeof *endings)) {
        cut_back(s, m, n - 1);
        return;
    }
    if (n < 2 || m->type == ND_PERSON || w[n - 1].shape != ND_SHAPE_LOWER ||
        !(w[n - 2].flags & ND_T_HYPHEN) || known(s, m, ND_ENTITY_TYPES))
        return;
    struct nd_gaz_row r;
    uint32_t row = nd_name_row(s, w, n - 1, ND_ENTITY_TYPES, 0, 0, &r);
    bool sure = row != ND_NAME_NONE && (r.type == ND_MISC || r.kind == ND_KIND_COUNTRY ||
                                        r.flags & (ND_ROW_LONE | ND_ROW_FORCE) ||
                                        (m->type == ND_MISC && r.flags & ND_ROW_ALIAS));
    if (!sure) {
        if (m->type == ND_MISC &&
            nd_word_in(w[n - 1].text, endings, sizeof endings / sizeof *endings))
            m->flags |= ND_NAME_DROPPED; /* Western-led */
        return;
    }
    if (r.type == ND_MISC) {
        m->flags |= ND_NAME_DROPPED;
        return;
    }
    m->type = (uint8_t)r.type;
    cut_back(s, m, n - 1);
}

/* The alias file knows the type of a name better than the model, where it leaves no choice. */
static void settle_type(const struct nd_names *s, struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    struct nd_gaz_row r;
    if (nd_name_row(s, w, m->words, ND_ENTITY_TYPES, ND_ROW_FORCE, 0, &r) != ND_NAME_NONE) {
        m->type = (uint8_t)r.type;
        return;
    }
    if (nd_name_row(s, w, m->words, m->type, 0, 0, &r) != ND_NAME_NONE ||
        nd_name_row(s, w, m->words, ND_ENTITY_TYPES, ND_ROW_ALIAS, ND_ROW_LONE | ND_ROW_SECOND,
                    &r) == ND_NAME_NONE)
        return;
    if (r.kind != ND_KIND_CITY && r.type != ND_PERSON)
        m->type = (uint8_t)r.type;
}

/* The headline's words have capitals whatever they are. */
static bool headline_case(const struct nd_names *s)
{
    size_t longer = 0, capital = 0, words = 0;
    const struct nd_tokens *t = s->tokens;
    for (size_t i = 0; i < t->n && t->v[i].field == ND_FIELD_TITLE; i++) {
        words++;
        if (t->v[i].key_len < 4)
            continue;
        longer++;
        capital += t->v[i].shape != ND_SHAPE_LOWER;
    }
    return words >= HEADLINE_WORDS && capital * 100 >= longer * HEADLINE_SHARE;
}

static int remember_body(struct nd_names *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct nd_name *m = &s->v[i];
        if (m->flags & (ND_NAME_TITLE | ND_NAME_DROPPED))
            continue;
        struct nd_link *l = nd_links_at(&s->links, nd_link_key(BODY_WORDS, m->hash));
        if (!l)
            return ND_NOMEM;
        if (!l->n)
            l->name[l->n++] = (uint32_t)i;
        if (m->type != ND_PERSON)
            continue;
        const struct nd_name_word *w = nd_name_words(s, m);
        for (size_t k = 0; k<m->words; k += m->words> 1 ? (size_t)m->words - 1 : 1) {
            l = nd_links_at(&s->links, nd_link_key(BODY_LAST, w[k].hash));
            if (!l)
                return ND_NOMEM;
            l->n = 1;
        }
    }
    return 0;
}

/* Are words [from, from + n) of m known from the text below the headline, or to the gazetteer? Then m's type is set. */
static bool confirmed(const struct nd_names *s, const struct nd_name *m, size_t from, size_t n,
                      uint8_t *type)
{
    const struct nd_name_word *w = nd_name_words(s, m) + from;
    uint64_t h = 0;
    for (size_t i = 0; i < n; i++)
        h = nd_gaz_mix(h, w[i].hash);
    const struct nd_link *l = nd_links_find(&s->links, nd_link_key(BODY_WORDS, h));
    *type = m->type;
    if (l) {
        *type = s->v[l->name[0]].type;
        return true;
    }
    if (n == 1 && nd_links_find(&s->links, nd_link_key(BODY_LAST, w[0].hash))) {
        *type = ND_PERSON;
        return true;
    }
    struct nd_gaz_row r;
    if (nd_name_row(s, w, n, m->type, 0, ND_ROW_SECOND, &r) != ND_NAME_NONE)
        return true;
    if (nd_name_row(s, w, n, ND_ENTITY_TYPES, 0, ND_ROW_SECOND | ND_ROW_LONE, &r) == ND_NAME_NONE)
        return false;
    if (n == 1 && !(r.flags & (ND_ROW_FORCE | ND_ROW_ALIAS)) && r.kind != ND_KIND_COUNTRY)
        return false;
    *type = (uint8_t)r.type;
    return true;
}

/* A name in a headline of capitals must be known; of a longer one the longest known part stays. */
static void settle_headline(struct nd_names *s, struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    uint8_t type;
    size_t n = m->words;
    if (confirmed(s, m, 0, n, &type)) {
        m->type = type;
        return;
    }
    for (size_t len = n - 1; len > 0; len--)
        for (size_t from = 0; from + len <= n; from++)
            if (n <= 8 && confirmed(s, m, from, len, &type)) {
                m->type = type;
                cut_front(s, m, from);
                cut_back(s, m, len);
                return;
            }
    bool person = m->type == ND_PERSON && n >= 2 && n <= 4 && w[0].bits & ND_GAZ_FIRST &&
                  w[n - 1].bits & ND_GAZ_SURNAME;
    if (!person && m->score < SURE)
        m->flags |= ND_NAME_DROPPED;
}

/* King, Prince, Pope before a single name belong to it. */
static void royal_on(struct nd_names *s, struct nd_name *m)
{
    if (m->type != ND_PERSON || m->words > 2 || !m->first)
        return;
    const struct nd_token *t = &s->tokens->v[m->first - 1];
    struct nd_str key = nd_token_key(s->tokens, m->first - 1);
    if (t->field != s->tokens->v[m->first].field || t->shape == ND_SHAPE_LOWER ||
        s->tokens->v[m->first].brk != ND_BREAK_NONE || t->flags & ND_T_POSSESSIVE)
        return;
    const struct nd_name_word *w = nd_name_words(s, m);
    /* with two words only names that are known so: Queen Elizabeth II */
    if (!nd_word_in(key, royal, sizeof royal / sizeof *royal) ||
        nd_name_gap(s, m->first - 1).n != 1 ||
        (m->words == 2 &&
         !(w[1].text.p[0] == 'i' || w[1].text.p[0] == 'v' || w[1].text.p[0] == 'x')))
        return;
    struct nd_name with = *m;
    size_t words_n = s->words_n, n = s->n;
    if (nd_names_add(s, m->first - 1, m->words + 1u, ND_PERSON, m->score,
                     m->flags & ND_NAME_GOLD)) {
        s->words_n = words_n;
        return;
    }
    with.first--;
    with.word = (uint32_t)words_n;
    with.words++;
    with.hash = s->v[n].hash;
    s->n = n;
    if (with.words == 2 || known(s, &with, ND_PERSON))
        *m = with;
}

int nd_names_trim(struct nd_names *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct nd_name *m = &s->v[i];
        if (m->flags & ND_NAME_GOLD)
            continue;
        if (m->type == ND_PERSON) {
            titles_off(s, m);
            compound_off(s, m);
        } else {
            office_off(s, m);
            compound_off(s, m);
            settle_type(s, m);
        }
        if (!(m->flags & ND_NAME_DROPPED) && no_name(s, m))
            m->flags |= ND_NAME_DROPPED;
    }
    /* adding a name may move s->v */
    for (size_t i = 0, n = s->n; i < n; i++) {
        struct nd_name m = s->v[i];
        if (m.flags & (ND_NAME_DROPPED | ND_NAME_GOLD))
            continue;
        royal_on(s, &m);
        s->v[i] = m;
    }
    if (!headline_case(s))
        return 0;
    int rc = remember_body(s);
    for (size_t i = 0; !rc && i < s->n; i++)
        if ((s->v[i].flags & (ND_NAME_TITLE | ND_NAME_DROPPED | ND_NAME_GOLD)) == ND_NAME_TITLE)
            settle_headline(s, &s->v[i]);
    return rc;
}
