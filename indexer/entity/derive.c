#include "entity/derive.h"

#include "base/map.h"
#include "entity/canon.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEYS_MAX = 1 << 30,
    FORM_MAX = 1 << 12,
    KEY_ROOM = 512,
    ACRONYM_MAX = 8
};

/* An id, by its number in ids. */
struct subject {
    uint64_t mentions, best; /* of the id; of the form that is its name so far */
    uint32_t form;           /* that form, number in forms */
    uint32_t link;           /* subject that it means, ND_MAP_NONE */
    uint8_t full;            /* that form is a full one */
    uint8_t known;           /* the gazetteer has the id */
    uint8_t why;
};

struct nd_derive {
    const struct nd_gazetteer *gaz;
    struct nd_map ids;    /* type byte and id */
    struct nd_map forms;  /* number of the id (4 bytes) and surface form */
    struct nd_map groups; /* spelling keys; last names */
    struct subject *subjects;
    uint64_t *counts; /* by form */
    size_t subjects_cap, counts_cap;
    struct nd_buf key;
    const struct nd_stories_made *stories; /* to be written too; borrowed */
};

int nd_derive_new(struct nd_derive **out, const struct nd_gazetteer *gaz, struct nd_error *err)
{
    *out = NULL;
    struct nd_derive *d = calloc(1, sizeof *d);
    if (!d)
        return nd_fail(err, ND_NOMEM, "out of memory");
    d->gaz = gaz;
    nd_buf_init(&d->key, FORM_MAX);
    int rc = nd_map_init(&d->ids, KEYS_MAX);
    if (!rc)
        rc = nd_map_init(&d->forms, KEYS_MAX);
    if (!rc)
        rc = nd_map_init(&d->groups, KEYS_MAX);
    if (rc) {
        nd_derive_free(d);
        return nd_fail(err, rc, "out of memory");
    }
    *out = d;
    return 0;
}

void nd_derive_free(struct nd_derive *d)
{
    if (!d)
        return;
    nd_map_free(&d->ids);
    nd_map_free(&d->forms);
    nd_map_free(&d->groups);
    nd_buf_free(&d->key);
    free(d->subjects);
    free(d->counts);
    free(d);
}

/* Room for element i, the new ones zero. */
static void *grow(void *v, size_t i, size_t *cap, size_t size)
{
    if (i < *cap)
        return v;
    size_t more = *cap ? *cap * 2 : 1024;
    while (more <= i)
        more *= 2;
    char *p = realloc(v, more * size);
    if (!p)
        return NULL;
    memset(p + *cap * size, 0, (more - *cap) * size);
    *cap = more;
    return p;
}

int nd_derive_add(struct nd_derive *d, const struct nd_entity_row *row, struct nd_error *err)
{
    uint32_t id = ND_MAP_NONE, form = ND_MAP_NONE;
    unsigned char number[4];
    nd_buf_reset(&d->key);
    nd_buf_byte(&d->key, (unsigned char)row->type);
    nd_buf_add(&d->key, row->id.p, row->id.n);
    int rc = nd_buf_code(&d->key);
    if (!rc)
        rc = nd_map_intern(&d->ids, d->key.data, d->key.len, &id);
    if (rc)
        goto out;
    nd_store32(number, id);
    nd_buf_reset(&d->key);
    nd_buf_add(&d->key, number, sizeof number);
    nd_buf_add(&d->key, row->surface.p, row->surface.n);
    rc = nd_buf_code(&d->key);
    if (!rc)
        rc = nd_map_intern(&d->forms, d->key.data, d->key.len, &form);
    if (rc)
        goto out;
    void *s = grow(d->subjects, id, &d->subjects_cap, sizeof *d->subjects);
    if (s)
        d->subjects = s;
    void *c = grow(d->counts, form, &d->counts_cap, sizeof *d->counts);
    if (c)
        d->counts = c;
    if (!s || !c) {
        rc = ND_NOMEM;
        goto out;
    }
    d->subjects[id].mentions += row->mentions;
    d->counts[form] += row->mentions;
out:
    return rc ? nd_fail(err, rc, "out of memory for the names of the index") : 0;
}

static struct nd_str id_of(const struct nd_derive *d, uint32_t i, unsigned *type)
{
    struct nd_str k = nd_map_key(&d->ids, i);
    *type = (unsigned char)k.p[0];
    return (struct nd_str){k.p + 1, k.n - 1};
}

static size_t count_words(struct nd_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += (s.p[i] == ' ' || s.p[i] == '-') && i > 0 && s.p[i - 1] != ' ' && s.p[i - 1] != '-';
    return n + (s.n > 0);
}

static bool shouts(struct nd_str s)
{
    size_t upper = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 'a' && s.p[i] <= 'z')
            return false;
        upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
    }
    return upper > 6;
}

/* The commonest full form of each id; of equals the first in byte order. */
static void choose_names(struct nd_derive *d)
{
    for (uint32_t i = 0; i < d->ids.count; i++)
        d->subjects[i].form = ND_MAP_NONE;
    for (uint32_t f = 0; f < d->forms.count; f++) {
        struct nd_str k = nd_map_key(&d->forms, f), text = {k.p + 4, k.n - 4};
        struct subject *s = &d->subjects[nd_load32(k.p)];
        unsigned type;
        struct nd_str id = id_of(d, nd_load32(k.p), &type);
        bool full = count_words(text) >= count_words(id) && !shouts(text);
        bool better = s->form == ND_MAP_NONE || full > s->full;
        if (!better && full == s->full) {
            struct nd_str old = nd_map_key(&d->forms, s->form);
            better = d->counts[f] > s->best ||
                     (d->counts[f] == s->best &&
                      nd_str_cmp(text, (struct nd_str){old.p + 4, old.n - 4}) < 0);
        }
        if (better) {
            s->form = f;
            s->full = full;
            s->best = d->counts[f];
        }
    }
}

/* a goes before b as the id that others mean. */
static bool leads(const struct nd_derive *d, uint32_t a, uint32_t b)
{
    if (b == ND_MAP_NONE)
        return true;
    if (d->subjects[a].known != d->subjects[b].known)
        return d->subjects[a].known;
    if (d->subjects[a].mentions != d->subjects[b].mentions)
        return d->subjects[a].mentions > d->subjects[b].mentions;
    return nd_str_cmp(nd_map_key(&d->ids, a), nd_map_key(&d->ids, b)) < 0;
}

/* Letters of the initials of an id: "george w. bush" -> "w". */
static size_t initials(struct nd_str id, char out[16])
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < id.n && n < 16; i++)
        if (id.p[i + 1] == '.' && id.p[i] != '.' &&
            (i == 0 || id.p[i - 1] == ' ' || id.p[i - 1] == '.'))
            out[n++] = id.p[i];
    return n;
}

/* The first row of the gazetteer for the words of an id, UINT32_MAX. */
static uint32_t row_of(const struct nd_derive *d, struct nd_str id)
{
    uint64_t hash[ND_GAZ_WORDS_MAX];
    size_t n = 0;
    for (size_t a = 0, e; a < id.n; a = e + 1) {
        char word[128];
        size_t k = 0;
        for (e = a; e < id.n && id.p[e] != ' ' && id.p[e] != '-'; e++)
            if (id.p[e] != '.' && k < sizeof word)
                word[k++] = id.p[e];
        if (!k)
            continue;
        if (n == ND_GAZ_WORDS_MAX)
            return UINT32_MAX;
        hash[n++] = nd_gaz_hash(word, k);
    }
    return n ? nd_gaz_exact(d->gaz, hash, n) : UINT32_MAX;
}

static bool known(const struct nd_derive *d, struct nd_str id)
{
    return row_of(d, id) != UINT32_MAX;
}

/* The country of a place that the gazetteer knows; absent of countries. */
static struct nd_str country_of(const struct nd_derive *d, struct nd_str id)
{
    struct nd_gaz_row r;
    struct nd_str country = {NULL, 0};
    for (uint32_t row = row_of(d, id); row != UINT32_MAX && nd_gaz_row(d->gaz, row, &r) == 0;
         row++) {
        bool same = !r.id.n || nd_str_eq(r.id, id);
        if (same && r.type == ND_PLACE && r.kind != ND_KIND_COUNTRY && r.country) {
            country = nd_gaz_country(d->gaz, r.country);
            break;
        }
        if ((same && r.kind == ND_KIND_COUNTRY) || !(r.flags & ND_ROW_MORE))
            break;
    }
    return nd_str_eq(country, id) ? (struct nd_str){NULL, 0} : country;
}

/* Two given names that are both usual ones are two names, however alike: Robin, Robyn. */
static bool other_given(const struct nd_derive *d, struct nd_str a, struct nd_str b)
{
    struct nd_str x = {a.p, 0}, y = {b.p, 0};
    while (x.n < a.n && a.p[x.n] != ' ')
        x.n++;
    while (y.n < b.n && b.p[y.n] != ' ')
        y.n++;
    x = nd_canon_given(x);
    y = nd_canon_given(y);
    return !nd_str_eq(x, y) &&
           nd_gaz_word(d->gaz, x.p, x.n) & nd_gaz_word(d->gaz, y.p, y.n) & ND_GAZ_FIRST;
}

/* What is said of all ids of one group. */
struct group {
    uint32_t lead; /* the id with most mentions */
    uint64_t mentions;
    uint64_t best;    /* of the lead alone, where that is not all its mentions */
    uint8_t conflict; /* two kinds of initials; the same of two countries */
    uint8_t letters_n;
    char letters[16];
};

/* The group of a text in a purpose, made if new. */
static struct group *group_of(struct nd_derive *d, struct group **v, size_t *cap, char purpose,
                              const char *p, size_t n)
{
    uint32_t number;
    nd_buf_reset(&d->key);
    nd_buf_byte(&d->key, (unsigned char)purpose);
    nd_buf_add(&d->key, p, n);
    uint32_t before = d->groups.count;
    if (nd_buf_code(&d->key) || nd_map_intern(&d->groups, d->key.data, d->key.len, &number))
        return NULL;
    struct group *g = grow(*v, number, cap, sizeof **v);
    if (!g)
        return NULL;
    *v = g;
    if (number >= before)
        g[number].lead = ND_MAP_NONE;
    return &g[number];
}

static const struct group *group_find(struct nd_derive *d, const struct group *v, char purpose,
                                      const char *p, size_t n)
{
    nd_buf_reset(&d->key);
    nd_buf_byte(&d->key, (unsigned char)purpose);
    nd_buf_add(&d->key, p, n);
    uint32_t number =
        nd_buf_code(&d->key) ? ND_MAP_NONE : nd_map_find(&d->groups, d->key.data, d->key.len);
    return number == ND_MAP_NONE ? NULL : &v[number];
}

/* The word that a full name is called by alone: the last one, the first of a Korean or Chinese name. */
static bool call_name(const struct nd_derive *d, struct nd_str id, struct nd_str *out)
{
    size_t end = id.n, first = 0;
    if (id.n > 4 &&
        (memcmp(id.p + id.n - 4, " jr.", 4) == 0 || memcmp(id.p + id.n - 4, " sr.", 4) == 0))
        end -= 4;
    size_t last = end;
    while (last && id.p[last - 1] != ' ')
        last--;
    while (first < id.n && id.p[first] != ' ')
        first++;
    if (!last || first >= end)
        return false;
    if (nd_gaz_word(d->gaz, id.p, first) & ND_GAZ_ASIAN &&
        (memchr(id.p + last, '-', end - last) ||
         !(nd_gaz_word(d->gaz, id.p + last, end - last) & ND_GAZ_SURNAME))) {
        *out = (struct nd_str){id.p, first};
        return true;
    }
    *out = (struct nd_str){id.p + last, end - last};
    return true;
}

static int collect(struct nd_derive *d, struct group **v, size_t *cap)
{
    for (uint32_t i = 0; i < d->ids.count; i++) {
        unsigned type;
        struct nd_str id = id_of(d, i, &type);
        char key[KEY_ROOM], letters[16];
        if (type != ND_PERSON)
            continue;
        size_t n = nd_canon_key(id.p, id.n, key, sizeof key);
        if (n) {
            d->subjects[i].known = known(d, id);
            struct group *g = group_of(d, v, cap, 's', key, n);
            if (!g)
                return ND_NOMEM;
            size_t k = initials(id, letters);
            if (k && g->letters_n && (k != g->letters_n || memcmp(letters, g->letters, k) != 0))
                g->conflict = 1;
            if (k && !g->letters_n) {
                memcpy(g->letters, letters, k);
                g->letters_n = (uint8_t)k;
            }
            if (leads(d, i, g->lead))
                g->lead = i;
        }
    }
    return 0;
}

static void link_spellings(struct nd_derive *d, const struct group *v)
{
    for (uint32_t i = 0; i < d->ids.count; i++) {
        unsigned type;
        struct nd_str id = id_of(d, i, &type);
        char key[KEY_ROOM], a[16], b[16];
        d->subjects[i].link = ND_MAP_NONE;
        size_t n = type == ND_PERSON ? nd_canon_key(id.p, id.n, key, sizeof key) : 0;
        const struct group *g = n ? group_find(d, v, 's', key, n) : NULL;
        if (!g || g->lead == i)
            continue;
        struct nd_str to = id_of(d, g->lead, &type);
        size_t x = initials(id, a), y = initials(to, b);
        bool same = x == y && memcmp(a, b, x) == 0;
        if ((same || (!g->conflict && (!x || !y))) &&
            !(d->subjects[i].known && d->subjects[g->lead].known) && !other_given(d, id, to)) {
            d->subjects[i].link = g->lead;
            d->subjects[i].why = ND_DERIVED_SPELLING;
        }
    }
}

static uint32_t end_of(const struct nd_derive *d, uint32_t i)
{
    return d->subjects[i].link == ND_MAP_NONE ? i : d->subjects[i].link;
}

static int link_majority(struct nd_derive *d, struct group **v, size_t *cap)
{
    uint64_t *sum = calloc(d->ids.count ? d->ids.count : 1, sizeof *sum); /* with all spellings */
    if (!sum)
        return ND_NOMEM;
    for (uint32_t i = 0; i < d->ids.count; i++)
        sum[end_of(d, i)] += d->subjects[i].mentions;
    int rc = 0;
    for (uint32_t i = 0; !rc && i < d->ids.count; i++) {
        unsigned type;
        struct nd_str id = id_of(d, i, &type), call;
        if (type != ND_PERSON || end_of(d, i) != i || !call_name(d, id, &call))
            continue;
        struct group *g = group_of(d, v, cap, 'c', call.p, call.n);
        if (!g) {
            rc = ND_NOMEM;
            break;
        }
        g->mentions += sum[i];
        if (g->lead == ND_MAP_NONE || sum[i] > sum[g->lead] ||
            (sum[i] == sum[g->lead] &&
             nd_str_cmp(nd_map_key(&d->ids, i), nd_map_key(&d->ids, g->lead)) < 0))
            g->lead = i;
    }
    for (uint32_t i = 0; !rc && i < d->ids.count; i++) {
        unsigned type;
        struct nd_str id = id_of(d, i, &type);
        if (type != ND_PERSON || memchr(id.p, ' ', id.n) || d->subjects[i].link != ND_MAP_NONE)
            continue;
        const struct group *g = group_find(d, *v, 'c', id.p, id.n);
        if (!g || g->lead == ND_MAP_NONE || g->lead == i || sum[g->lead] < ND_MAJORITY_MIN ||
            sum[g->lead] * 100 < g->mentions * ND_MAJORITY_SHARE ||
            (nd_gaz_word(d->gaz, id.p, id.n) & ND_GAZ_FIRST && sum[g->lead] < ND_MAJORITY_FIRST))
            continue;
        d->subjects[i].link = g->lead;
        d->subjects[i].why = ND_DERIVED_MAJORITY;
    }
    free(sum);
    return rc;
}

/* A word by itself as it is printed: an acronym of an organisation, or a first name. */
static bool bare_form(const struct nd_derive *d, unsigned type, struct nd_str text)
{
    if (text.n < 2 || memchr(text.p, ' ', text.n) || memchr(text.p, '-', text.n))
        return false;
    if (type == ND_PERSON)
        return text.n > 2 && nd_gaz_word(d->gaz, text.p, text.n) & ND_GAZ_FIRST;
    size_t upper = 0;
    for (size_t i = 0; i < text.n; i++)
        upper += text.p[i] >= 'A' && text.p[i] <= 'Z';
    return type == ND_ORG && upper == text.n && upper <= ACRONYM_MAX;
}

/* Bare forms that nothing in their article explains mean what they mean in nearly all other articles. */
static int link_bare(struct nd_derive *d, struct group **v, size_t *cap)
{
    for (unsigned pass = 0; pass < 2; pass++)
        for (uint32_t f = 0; f < d->forms.count; f++) {
            struct nd_str k = nd_map_key(&d->forms, f), text = {k.p + 4, k.n - 4};
            uint32_t i = nd_load32(k.p);
            unsigned type;
            struct nd_str id = id_of(d, i, &type);
            if (!bare_form(d, type, text))
                continue;
            struct group *g = group_of(d, v, cap, type == ND_PERSON ? 'n' : 'a', text.p, text.n);
            if (!g)
                return ND_NOMEM;
            bool alone = id.n == text.n && !memchr(id.p, ' ', id.n);
            if (pass == 0 && memchr(id.p, ' ', id.n)) {
                uint32_t to = end_of(d, i);
                g->mentions += d->counts[f];
                if (g->lead == ND_MAP_NONE || d->counts[f] > g->best) {
                    g->lead = to;
                    g->best = d->counts[f];
                }
            }
            uint64_t share = type == ND_PERSON ? ND_MAJORITY_GIVEN_SHARE : ND_MAJORITY_SHARE,
                     least = type == ND_PERSON ? ND_MAJORITY_FIRST : ND_MAJORITY_MIN;
            if (pass == 1 && alone && d->subjects[i].link == ND_MAP_NONE && !known(d, id) &&
                g->lead != ND_MAP_NONE && g->lead != i && g->best >= least &&
                g->best * 100 >= g->mentions * share) {
                d->subjects[i].link = g->lead;
                d->subjects[i].why = ND_DERIVED_MAJORITY;
            }
        }
    return 0;
}

/* "U.S. Census Bureau" and "Census Bureau": the rarer means the commoner, if no other country's is in the index. */
static int link_national(struct nd_derive *d, struct group **v, size_t *cap)
{
    for (unsigned pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < d->ids.count; i++) {
            unsigned type;
            struct nd_str id = id_of(d, i, &type), rest = id;
            while (rest.n && *rest.p != ' ')
                rest.p++, rest.n--;
            if (type != ND_ORG || rest.n < 2 || !memchr(rest.p + 1, ' ', rest.n - 1))
                continue;
            rest.p++, rest.n--;
            size_t first = id.n - rest.n - 1;
            bool ours = first == 4 && memcmp(id.p, "u.s.", 4) == 0;
            bool other =
                !ours && nd_gaz_word(d->gaz, id.p, first) & (ND_GAZ_DEMONYM | ND_GAZ_COUNTRY);
            if (!ours && !other)
                continue;
            struct group *g = group_of(d, v, cap, 'u', rest.p, rest.n);
            if (!g)
                return ND_NOMEM;
            if (pass == 0) {
                g->conflict |= other;
                continue;
            }
            nd_buf_reset(&d->key);
            nd_buf_byte(&d->key, ND_ORG);
            nd_buf_add(&d->key, rest.p, rest.n);
            uint32_t bare =
                nd_buf_code(&d->key) ? ND_MAP_NONE : nd_map_find(&d->ids, d->key.data, d->key.len);
            if (!ours || g->conflict || bare == ND_MAP_NONE)
                continue;
            uint32_t from = d->subjects[bare].mentions > d->subjects[i].mentions ? i : bare,
                     to = from == i ? bare : i;
            if (d->subjects[from].link == ND_MAP_NONE && d->subjects[to].link == ND_MAP_NONE &&
                d->subjects[to].mentions >= ND_MAJORITY_MIN) {
                d->subjects[from].link = to;
                d->subjects[from].why = ND_DERIVED_MAJORITY;
            }
        }
    return 0;
}

struct item {
    struct nd_str key; /* type and id */
    uint32_t subject;
};

static int by_key(const void *a, const void *b)
{
    return nd_str_cmp(((const struct item *)a)->key, ((const struct item *)b)->key);
}

static int write_rows(struct nd_derive *d, const char *path, struct nd_error *err)
{
    uint32_t n = d->ids.count;
    struct item *items = calloc(n ? n : 1, sizeof *items);
    uint32_t *place = calloc(n ? n : 1, sizeof *place);
    struct nd_derived_row *rows = calloc(n ? n : 1, sizeof *rows);
    int rc = items && place && rows
                 ? 0
                 : nd_fail(err, ND_NOMEM, "out of memory for the names of the index");
    if (rc)
        goto out;
    for (uint32_t i = 0; i < n; i++)
        items[i] = (struct item){nd_map_key(&d->ids, i), i};
    qsort(items, n, sizeof *items, by_key);
    for (uint32_t i = 0; i < n; i++)
        place[items[i].subject] = i;
    for (uint32_t i = 0; i < n; i++) {
        const struct subject *s = &d->subjects[items[i].subject];
        struct nd_str form = nd_map_key(&d->forms, s->form);
        unsigned type;
        rows[i].id = id_of(d, items[i].subject, &type);
        rows[i].type = (enum nd_entity_type)type;
        rows[i].name = (struct nd_str){form.p + 4, form.n - 4};
        rows[i].mentions = s->mentions < UINT32_MAX ? (uint32_t)s->mentions : UINT32_MAX;
        rows[i].link = s->link == ND_MAP_NONE ? ND_DERIVED_NO_LINK : place[s->link];
        rows[i].why = (enum nd_derived_why)s->why;
        if (type == ND_PLACE)
            rows[i].country = country_of(d, rows[i].id);
    }
    rc = nd_derived_write_all(path, rows, n, d->stories, err);
out:
    free(items);
    free(place);
    free(rows);
    return rc;
}

void nd_derive_stories(struct nd_derive *d, const struct nd_stories_made *stories)
{
    d->stories = stories;
}

int nd_derive_write(struct nd_derive *d, const char *path, struct nd_error *err)
{
    struct group *v = NULL;
    size_t cap = 0;
    nd_map_reset(&d->groups);
    choose_names(d);
    int rc = collect(d, &v, &cap);
    if (!rc) {
        link_spellings(d, v);
        rc = link_majority(d, &v, &cap);
    }
    if (!rc)
        rc = link_national(d, &v, &cap);
    if (!rc)
        rc = link_bare(d, &v, &cap);
    free(v);
    return rc ? nd_fail(err, rc, "out of memory for the names of the index")
              : write_rows(d, path, err);
}
