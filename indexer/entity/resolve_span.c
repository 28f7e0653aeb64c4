/* resolve_span.c: names whose bounds are wrong: two in one ("House Republicans"), half of one ("The [Hill]"), labels. */
#include "entity/canon.h"
#include "entity/resolve.h"

#include <string.h>

enum {
    HALF = 50,    /* percent of sureness that a part without a row needs */
    LABEL_MIN = 5 /* letters of a word in capitals that is a label rather than an acronym */
};

static const char *const parties[] = {"democrat", "democratic", "democrats",  "dems",
                                      "gop",      "republican", "republicans"};
static const char *const generic[] = {"pac", "pacs"}; /* what a thing is, not what it is called */
static const char *const benches[] = {"majority", "minority"};
#define IS_PARTY(w) nd_word_in((w).text, parties, sizeof parties / sizeof *parties)
#define IS_BENCH(w) nd_word_in((w).text, benches, sizeof benches / sizeof *benches)

static bool known(const struct nd_names *s, const struct nd_name_word *w, size_t n)
{
    struct nd_gaz_row r;
    return nd_name_row(s, w, n, ND_ENTITY_TYPES, 0, 0, &r) != ND_NAME_NONE;
}

/* "ANALYSIS/OPINION:", "ADVERTISEMENT:" before a text; "a super PAC". */
static bool is_label(const struct nd_names *s, const struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    if (m->type == ND_PERSON || known(s, w, m->words))
        return false;
    if (m->words == 1 && nd_word_in(w->text, generic, sizeof generic / sizeof *generic))
        return true;
    for (size_t i = 0; i < m->words; i++)
        if (w[i].shape != ND_SHAPE_UPPER || w[i].text.n < LABEL_MIN ||
            w[i].bits & (ND_GAZ_ACRONYM | ND_GAZ_PLACE | ND_GAZ_COUNTRY))
            return false;
    struct nd_str after = nd_name_gap(s, m->first + m->words - 1u);
    struct nd_str before = m->first ? nd_name_gap(s, m->first - 1u) : (struct nd_str){0};
    return (after.n && (*after.p == '/' || *after.p == ':')) ||
           (before.n && before.p[before.n - 1] == '/');
}

/* Two names for one: words [0, k) and the rest, or the rest alone where the first ones are none. */
static int part(struct nd_names *s, size_t number, size_t k, bool left, enum nd_entity_type a,
                enum nd_entity_type b)
{
    struct nd_name m = s->v[number];
    s->v[number].flags |= ND_NAME_DROPPED;
    int rc = left ? nd_names_add(s, m.first, (uint32_t)k, a, m.score, 0) : 0;
    if (!rc)
        rc = nd_names_add(s, m.first + (uint32_t)k, m.words - (uint32_t)k, b, m.score, 0);
    return rc;
}

/* "House Republicans", "Ohio Republican", "GOP Senate", "Republican-controlled House": chamber or place, and party. */
static bool party_at(const struct nd_names *s, const struct nd_name *m, size_t *k, bool *left,
                     enum nd_entity_type *a, enum nd_entity_type *b)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t n = m->words;
    struct nd_gaz_row r, p;
    if (n < 2 || m->type == ND_PERSON || known(s, w, n))
        return false;
    if (IS_PARTY(w[n - 1]) && !(w[n - 2].flags & ND_T_HYPHEN)) {
        *k = n - 1;
        *left = nd_name_row(s, w, n - 1, ND_ENTITY_TYPES, 0, ND_ROW_SECOND | ND_ROW_LONE, &r) !=
                ND_NAME_NONE;
        if (!*left && n > 2)
            return false;
        *a = *left ? r.type : ND_ORG;
        *b = nd_name_row(s, w + n - 1, 1, ND_ENTITY_TYPES, ND_ROW_FORCE, 0, &p) != ND_NAME_NONE
                 ? p.type
                 : ND_MISC;
        return true;
    }
    size_t head = n > 2 && w[0].flags & ND_T_HYPHEN ? 2 : 1;
    if (!IS_PARTY(w[0]) || (head == 1 && w[0].flags & ND_T_HYPHEN) ||
        nd_name_row(s, w + head, n - head, ND_ORG, ND_ROW_ALIAS, ND_ROW_SECOND, &r) == ND_NAME_NONE)
        return false;
    *k = head;
    *left = head == 1;
    *a = nd_name_row(s, w, 1, ND_ENTITY_TYPES, ND_ROW_FORCE, 0, &p) != ND_NAME_NONE ? p.type
                                                                                    : ND_MISC;
    *b = r.type;
    return true;
}

/* "Obama White House": a person whom the world knows, and an organisation that is always one. */
static bool holder_at(const struct nd_names *s, const struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    struct nd_gaz_row r;
    return m->words > 2 && m->type != ND_PERSON && !known(s, w, m->words) &&
           !(w[0].flags & ND_T_HYPHEN) && w[0].bits & (ND_GAZ_KNOWN | ND_GAZ_SURNAME) &&
           nd_name_row(s, w, 1, ND_PLACE, 0, 0, &r) == ND_NAME_NONE &&
           nd_name_row(s, w + 1, m->words - 1u, ND_ORG, ND_ROW_FORCE, 0, &r) != ND_NAME_NONE;
}

/* Does a title follow directly? */
static bool title_at(const struct nd_names *s, size_t token)
{
    if (token >= s->tokens->n || nd_name_gap(s, token - 1).n != 1)
        return false;
    struct nd_str key = nd_token_key(s->tokens, token);
    return nd_gaz_word(s->gaz, key.p, key.n) & ND_GAZ_TITLE;
}

/* The name with the word before it, if that is one in the lists: "The [Hill]", "Morning [Joe]". */
static int widen(struct nd_names *s, size_t number)
{
    struct nd_name m = s->v[number];
    if (!m.first || m.words + 1u > ND_GAZ_WORDS_MAX)
        return 0;
    const struct nd_token *t = &s->tokens->v[m.first - 1u];
    struct nd_str gap = nd_name_gap(s, m.first - 1u);
    struct nd_str key = nd_token_key(s->tokens, m.first - 1u);
    bool the = key.n == 3 && memcmp(key.p, "the", 3) == 0, small = t->shape == ND_SHAPE_LOWER;
    if (gap.n != 1 || *gap.p != ' ' || t->field != s->tokens->v[m.first].field ||
        t->flags & ND_T_POSSESSIVE || (small && !the) || (the && m.type == ND_ORG))
        return 0;
    size_t n = s->n, words_n = s->words_n;
    int rc = nd_names_add(s, m.first - 1u, m.words + 1u, (enum nd_entity_type)m.type, m.score, 0);
    if (rc || s->n == n)
        return rc;
    struct nd_name wide = s->v[n];
    const struct nd_name_word *w = nd_name_words(s, &wide);
    struct nd_gaz_row r;
    bool person = m.type == ND_PERSON && m.words > 1 && !the &&
                  nd_name_row(s, w, wide.words, ND_PERSON, 0, ND_ROW_SECOND, &r) != ND_NAME_NONE;
    /* "Donald John TrumpGOP": a given name, a middle one, a surname with more glued to it */
    const struct nd_token *last = &s->tokens->v[m.first + m.words - 1u];
    person |= m.type == ND_PERSON && m.words == 2 && !the && w[0].bits & ND_GAZ_FIRST &&
              w[1].bits & ND_GAZ_FIRST && w[2].text.n < last->key_len;
    uint32_t row = person ? 0
                          : nd_name_row(s, w, wide.words, ND_ENTITY_TYPES,
                                        ND_ROW_ALIAS | (small ? ND_ROW_SECOND : 0),
                                        small ? 0 : ND_ROW_SECOND, &r);
    if (row != ND_NAME_NONE && !(small && m.type == ND_ORG)) {
        wide.type = (uint8_t)r.type;
        s->n = n;
        if (small && the) { /* "the Hill": its second sense, unless a person here is called so */
            s->words_n = words_n;
            s->v[number].type = (uint8_t)r.type;
            return nd_name_take_row(s, &s->v[number], row, &r);
        }
        s->v[number] = wide;
        return 0;
    }
    s->n = n;
    s->words_n = words_n;
    return 0;
}

/* "Mitch McConnell Addison (Mitch) Mitchell", "Amy Klobuchar Amy Jean": where a page repeats the first word, inside
 * the name or in brackets after it, the name ends with its second word. */
static void repeat_off(struct nd_names *s, struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t n = m->words, next = m->first + n, cut = 0;
    if (m->type != ND_PERSON || n < 3 || w[0].text.n < 2 || w[0].flags & ND_T_HYPHEN)
        return;
    for (size_t k = 2; !cut && k < n; k++)
        if (w[k].hash == w[0].hash)
            cut = k;
    struct nd_str gap = nd_name_gap(s, next - 1);
    if (!cut && gap.n == 2 && gap.p[1] == '(') {
        struct nd_str key = nd_token_key(s->tokens, next);
        if (nd_str_eq(key, w[0].text))
            cut = n;
    }
    if (!cut)
        return;
    struct nd_gaz_row r;
    size_t keep = cut;
    /* given names may stand between the name and its repetition: those after a surname go too */
    while (keep > 2 && (w[keep - 1].bits & ND_GAZ_FIRST || keep < cut) &&
           nd_name_row(s, w, keep, ND_PERSON, 0, ND_ROW_SECOND, &r) == ND_NAME_NONE)
        keep--;
    m->words = (uint8_t)keep;
    nd_name_rehash(s, m);
}

static const char *const inner[] = {"a",   "al",  "an",  "and", "at",  "bin", "by",   "d",  "da",
                                    "das", "de",  "del", "den", "der", "des", "di",   "do", "dos",
                                    "du",  "e",   "el",  "et",  "for", "fur", "ibn",  "in", "l",
                                    "la",  "las", "le",  "les", "los", "of",  "on",   "or", "s",
                                    "the", "to",  "und", "van", "vom", "von", "with", "y"};

/* A small word that no name has in it: a verb, an adverb. */
static bool breaks(const struct nd_name_word *w, size_t i)
{
    return w[i].shape == ND_SHAPE_LOWER && !(i > 0 && w[i - 1].flags & ND_T_HYPHEN) &&
           !(w[i].flags & ND_T_HYPHEN) && !(w[i].bits & (ND_GAZ_PARTICLE | ND_GAZ_TITLE)) &&
           !nd_word_in(w[i].text, inner, sizeof inner / sizeof *inner);
}

/* Small words at the ends, and verbs within ("Estados Unidos y la NASA aconsejo sobre"): what lies between them are names. */
static int runs(struct nd_names *s, size_t number, bool *done)
{
    struct nd_name m = s->v[number];
    const struct nd_name_word *w = nd_name_words(s, &m);
    size_t torn = 0;
    *done = false;
    for (size_t i = 0; i < m.words; i++)
        torn += breaks(w, i);
    if (!torn || m.words < 3 || (m.type == ND_MISC && torn < 2) ||
        (m.type == ND_ORG && w[0].bits & ND_GAZ_ORG_KIND) || known(s, w, m.words))
        return 0;
    *done = true;
    s->v[number].flags |= ND_NAME_DROPPED;
    for (size_t a = 0, e; a < m.words; a = e + 1) {
        for (e = a; e < m.words && !breaks(nd_name_words(s, &m), e); e++)
            ;
        size_t from = a, to = e;
        w = nd_name_words(s, &m);
        while (from < to && w[from].shape == ND_SHAPE_LOWER)
            from++;
        while (to > from && w[to - 1].shape == ND_SHAPE_LOWER)
            to--;
        if (from == to)
            continue;
        struct nd_gaz_row r;
        bool row = nd_name_row(s, w + from, to - from, ND_ENTITY_TYPES, 0,
                               ND_ROW_SECOND | ND_ROW_LONE, &r) != ND_NAME_NONE;
        bool person = to - from >= 2 && w[from].bits & ND_GAZ_FIRST;
        if (!row && !person && (m.type == ND_MISC || to - from < 2 || m.score < HALF))
            continue;
        int rc = nd_names_add(s, m.first + (uint32_t)from, (uint32_t)(to - from),
                              row      ? r.type
                              : person ? ND_PERSON
                                       : (enum nd_entity_type)m.type,
                              m.score, 0);
        if (rc)
            return rc;
    }
    return 0;
}

int nd_names_spans(struct nd_names *s)
{
    int rc = 0;
    for (size_t i = 0, n = s->n; !rc && i < n; i++) {
        struct nd_name *m = &s->v[i];
        size_t k;
        bool left;
        enum nd_entity_type a, b;
        if (m->flags & (ND_NAME_GOLD | ND_NAME_DROPPED))
            continue;
        const struct nd_name_word *w = nd_name_words(s, m);
        if (is_label(s, m)) {
            m->flags |= ND_NAME_DROPPED;
        } else if (party_at(s, m, &k, &left, &a, &b)) {
            rc = part(s, i, k, left, a, b);
        } else if (holder_at(s, m)) {
            rc = part(s, i, 1, true, ND_PERSON, ND_ORG);
        } else if (m->words > 1 && m->type != ND_PERSON && IS_BENCH(w[m->words - 1u]) &&
                   title_at(s, m->first + m->words)) {
            m->words--;
            nd_name_rehash(s, m);
        } else {
            bool done;
            repeat_off(s, m);
            rc = runs(s, i, &done);
            if (!rc && !done)
                rc = widen(s, i);
        }
    }
    return rc;
}
