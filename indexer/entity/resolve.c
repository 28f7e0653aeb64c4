#include "entity/resolve.h"

#include "entity/canon.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    FOLD_MAX = 1 << 16,
    GLUE_MIN = 4 /* letters of a surname that another word is glued to */
};

void nd_names_init(struct nd_names *s, const struct nd_gazetteer *g)
{
    memset(s, 0, sizeof *s);
    s->gaz = g;
    nd_links_init(&s->links);
    nd_buf_init(&s->fold, FOLD_MAX);
}

void nd_names_free(struct nd_names *s)
{
    free(s->v);
    free(s->words);
    nd_links_free(&s->links);
    nd_buf_free(&s->fold);
    memset(s, 0, sizeof *s);
}

void nd_names_begin(struct nd_names *s, struct nd_arena *arena, const struct nd_tokens *tokens,
                    const struct nd_str *texts, size_t texts_n)
{
    s->arena = arena;
    s->tokens = tokens;
    s->texts = texts;
    s->texts_n = texts_n;
    s->n = s->words_n = 0;
    nd_links_reset(&s->links);
}

/* Room for one more element. Return: the array, NULL when out of memory. */
static void *room(void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    size_t more = *cap ? *cap * 2 : 256;
    void *p = realloc(v, more * size);
    if (p)
        *cap = more;
    return p;
}

/* "TrumpGOP", glued by a page's markup: the bytes of the surname in front, n if the word is whole. */
static size_t unglued(const struct nd_names *s, const struct nd_token *t, struct nd_str folded)
{
    struct nd_str text = t->field < s->texts_n ? s->texts[t->field] : (struct nd_str){0};
    if (t->start >= t->end || t->end > text.n || t->end - t->start != folded.n)
        return folded.n;
    const char *p = text.p + t->start;
    for (size_t i = folded.n - 1; i >= GLUE_MIN; i--)
        if (p[i] >= 'A' && p[i] <= 'Z' && p[i - 1] >= 'a' && p[i - 1] <= 'z' &&
            nd_gaz_word_hashed(s->gaz, nd_gaz_hash(folded.p, i)) & (ND_GAZ_SURNAME | ND_GAZ_KNOWN))
            return i;
    return folded.n;
}

/* The folded word of a token, with what is known of it. */
static int load_word(struct nd_names *s, size_t token, bool elided, bool person)
{
    const struct nd_token *t = &s->tokens->v[token];
    struct nd_str key = nd_token_key(s->tokens, token);
    void *v = room(s->words, s->words_n, &s->words_cap, sizeof *s->words);
    if (!v)
        return ND_NOMEM;
    s->words = v;
    struct nd_name_word *w = &s->words[s->words_n++];
    *w = (struct nd_name_word){.shape = t->shape, .flags = t->flags};
    if (t->flags & ND_T_ASCII && !(t->flags & ND_T_ACRONYM)) {
        w->text = nd_arena_str(s->arena, key.p, key.n);
    } else {
        nd_buf_reset(&s->fold);
        int rc = nd_fold(&s->fold, key.p, key.n);
        if (rc)
            return rc;
        w->text = nd_arena_str(s->arena, s->fold.data, s->fold.len);
    }
    if (!w->text.p)
        return ND_NOMEM;
    if (elided) {
        w->text.p += 2;
        w->text.n -= 2;
        char last = s->texts[t->field].n >= t->end ? s->texts[t->field].p[t->end - 1] : 'a';
        w->shape = last >= 'A' && last <= 'Z' ? ND_SHAPE_UPPER : ND_SHAPE_CAPITAL;
    }
    w->hash = nd_gaz_hash(w->text.p, w->text.n);
    w->bits = nd_gaz_word_hashed(s->gaz, w->hash);
    if (person && !w->bits && w->text.n > GLUE_MIN) {
        w->text.n = unglued(s, t, w->text);
        w->hash = nd_gaz_hash(w->text.p, w->text.n);
        w->bits = nd_gaz_word_hashed(s->gaz, w->hash);
    }
    return 0;
}

bool nd_name_elided(const struct nd_names *s, size_t token)
{
    const struct nd_token *t = &s->tokens->v[token];
    struct nd_str key = nd_token_key(s->tokens, token);
    if (key.n < 4 || key.p[1] != '\'' || (*key.p != 'l' && *key.p != 'd') ||
        t->field >= s->texts_n || t->start >= s->texts[t->field].n)
        return false;
    return s->texts[t->field].p[t->start] == *key.p; /* a small letter: L'Oreal is a name */
}

int nd_names_add(struct nd_names *s, uint32_t first, uint32_t words, enum nd_entity_type type,
                 unsigned score, unsigned flags)
{
    if (!words || first >= s->tokens->n || words > s->tokens->n - first)
        return ND_INTERNAL;
    if (words > ND_NAME_WORDS_MAX ||
        s->tokens->v[first].field != s->tokens->v[first + words - 1].field)
        return 0;
    void *v = room(s->v, s->n, &s->cap, sizeof *s->v);
    if (!v)
        return ND_NOMEM;
    s->v = v;
    struct nd_name m = {.first = first,
                        .word = (uint32_t)s->words_n,
                        .words = (uint8_t)words,
                        .type = (uint8_t)type,
                        .score = (uint8_t)(score > 100 ? 100 : score),
                        .flags = (uint8_t)flags,
                        .row = ND_NAME_NONE,
                        .from = ND_NAME_NONE};
    if (s->tokens->v[first].field == ND_FIELD_TITLE)
        m.flags |= ND_NAME_TITLE;
    if (flags & ND_NAME_GOLD)
        m.by = ND_BY_GOLD;
    for (uint32_t i = 0; i < words; i++) {
        int rc = load_word(s, first + i, i == 0 && type != ND_PERSON && nd_name_elided(s, first),
                           type == ND_PERSON);
        if (rc)
            return rc;
    }
    nd_name_rehash(s, &m);
    s->v[s->n++] = m;
    return 0;
}

void nd_name_rehash(const struct nd_names *s, struct nd_name *m)
{
    const struct nd_name_word *w = nd_name_words(s, m);
    m->hash = 0;
    for (size_t i = 0; i < m->words; i++)
        m->hash = nd_gaz_mix(m->hash, w[i].hash);
}

uint32_t nd_name_row(const struct nd_names *s, const struct nd_name_word *w, size_t n,
                     unsigned type, unsigned with, unsigned without, struct nd_gaz_row *out)
{
    uint64_t hash[ND_GAZ_WORDS_MAX];
    if (n == 0 || n > ND_GAZ_WORDS_MAX)
        return ND_NAME_NONE;
    bool upper = true;
    for (size_t i = 0; i < n; i++) {
        hash[i] = w[i].hash;
        upper &=
            w[i].shape == ND_SHAPE_UPPER || (w[i].shape == ND_SHAPE_CAPITAL && w[i].text.n == 1);
    }
    uint32_t row = nd_gaz_exact(s->gaz, hash, n);
    for (; row != UINT32_MAX; row++) {
        if (nd_gaz_row(s->gaz, row, out))
            return ND_NAME_NONE;
        if ((type == ND_ENTITY_TYPES || out->type == (enum nd_entity_type)type) &&
            (out->flags & with) == with && !(out->flags & without) &&
            (upper || !(out->flags & ND_ROW_CAPS)))
            return row;
        if (!(out->flags & ND_ROW_MORE))
            break;
    }
    return ND_NAME_NONE;
}

int nd_name_take_row(struct nd_names *s, struct nd_name *m, uint32_t row,
                     const struct nd_gaz_row *r)
{
    m->row = row;
    m->id = r->id;
    m->flags |= ND_NAME_DONE;
    if (m->by != ND_BY_GOLD)
        m->by = r->flags & ND_ROW_ALIAS ? ND_BY_ALIAS : ND_BY_GAZETTEER;
    if (m->id.p)
        return 0;
    /* the row is called as it is spelt, but for what was cut off around it */
    struct nd_gaz_row same;
    const struct nd_name_word *w = nd_name_words(s, m);
    size_t from = 0, n = m->words;
    while (n && nd_name_row(s, w + from, n, r->type, 0, 0, &same) == ND_NAME_NONE) {
        if (from == 0 && w[0].text.n == 3 && memcmp(w[0].text.p, "the", 3) == 0)
            from = 1;
        n = from == 1 && n == m->words ? n - 1 : n ? n - 1 : 0;
    }
    nd_buf_reset(&s->fold);
    for (size_t i = 0; i < n; i++) {
        if (i)
            nd_buf_byte(&s->fold, ' ');
        nd_buf_add(&s->fold, w[from + i].text.p, w[from + i].text.n);
    }
    if (nd_buf_code(&s->fold))
        return nd_buf_code(&s->fold);
    m->id = nd_arena_str(s->arena, s->fold.data, s->fold.len);
    return m->id.p ? 0 : ND_NOMEM;
}

void nd_name_take(struct nd_names *s, struct nd_name *m, uint32_t from)
{
    m->id = s->v[from].id;
    m->from = from;
    m->flags |= ND_NAME_DONE;
    if (m->by != ND_BY_GOLD)
        m->by = ND_BY_RESOLVED;
}

struct nd_str nd_name_gap(const struct nd_names *s, size_t i)
{
    const struct nd_tokens *t = s->tokens;
    if (i + 1 >= t->n || t->v[i].field != t->v[i + 1].field || t->v[i].field >= s->texts_n)
        return (struct nd_str){0};
    struct nd_str text = s->texts[t->v[i].field];
    size_t a = t->v[i].end, b = t->v[i + 1].start;
    if (a > b || b > text.n)
        return (struct nd_str){0};
    return (struct nd_str){text.p + a, b - a};
}

static int by_place(const void *a, const void *b)
{
    const struct nd_name *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->words != y->words)
        return x->words > y->words ? -1 : 1;
    return (int)x->type - (int)y->type;
}

/* In text order; of names that overlap, gold ones first, then the one that begins first. */
static void sort_names(struct nd_names *s)
{
    qsort(s->v, s->n, sizeof *s->v, by_place);
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct nd_name *m = &s->v[i];
        if (m->flags & ND_NAME_DROPPED)
            continue;
        while (kept && s->v[kept - 1].first + s->v[kept - 1].words > m->first &&
               m->flags & ND_NAME_GOLD && !(s->v[kept - 1].flags & ND_NAME_GOLD))
            kept--;
        if (kept && s->v[kept - 1].first + s->v[kept - 1].words > m->first)
            continue;
        s->v[kept++] = *m;
    }
    s->n = kept;
}

int nd_names_resolve(struct nd_names *s)
{
    if (!s->n)
        return 0;
    sort_names(s);
    int rc = nd_names_spans(s);
    if (rc)
        return rc;
    sort_names(s);
    rc = nd_names_trim(s);
    if (rc)
        return rc;
    sort_names(s);
    rc = nd_names_persons_full(s);
    if (!rc)
        rc = nd_names_split(s);
    if (rc)
        return rc;
    /* what follows keeps numbers of names, so the order is final from here on */
    sort_names(s);
    rc = nd_names_persons(s);
    if (!rc)
        rc = nd_names_orgs(s);
    if (!rc)
        rc = nd_names_places(s);
    for (size_t i = 0; !rc && i < s->n; i++) {
        struct nd_name *m = &s->v[i];
        if (m->flags & ND_NAME_DONE)
            continue;
        m->id = nd_canon_form(s, m);
        if (!m->id.p)
            rc = ND_NOMEM;
    }
    return rc;
}
