#include "lang/lower_in.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEPT_MAX = 2000 << 20,
    OFTEN = 8 /* asked so often, an index of it pays */
};

/* What the index's queries share; made when first asked for. */
static struct lower_known *known_of(struct lower *l)
{
    struct nd_index *ix = l->ix;
    if (ix->known)
        return ix->known;
    nd_arena_init(&ix->kept, KEPT_MAX);
    struct lower_known *k = nd_arena_alloc(&ix->kept, sizeof *k);
    if (k)
        k->links = nd_arena_array(&ix->kept, ix->folders_n + 1, sizeof *k->links);
    return ix->known = k && k->links ? k : NULL;
}

/* nd_value_words in the index's arena. */
static int keep_words(struct lower *l, struct nd_str text, struct nd_str *out)
{
    nd_buf_reset(&l->text);
    if (nd_value_words(&l->text, text.p, text.n))
        return lower_nomem(l);
    *out = nd_arena_str(&l->ix->kept, l->text.data ? l->text.data : "", l->text.len);
    return out->p ? 0 : lower_nomem(l);
}

/* ---- values ---- */

static int add_value(struct lower *l, struct lower_values *vs, size_t *cap, struct nd_str term,
                     uint32_t freq)
{
    struct nd_arena *kept = &l->ix->kept;
    size_t skip = strlen(vs->prefix);
    if (vs->n == *cap) {
        size_t grown = *cap ? *cap * 2 : 256;
        struct lower_value *v = nd_arena_array(kept, grown, sizeof *v);
        if (!v)
            return lower_nomem(l);
        if (vs->n)
            memcpy(v, vs->v, vs->n * sizeof *v);
        vs->v = v;
        *cap = grown;
    }
    struct lower_value *v = &vs->v[vs->n];
    v->term = nd_arena_str(kept, term.p, term.n);
    v->freq = freq;
    if (!v->term.p)
        return lower_nomem(l);
    vs->n++;
    return keep_words(l, (struct nd_str){v->term.p + skip, v->term.n - skip}, &v->words);
}

int lower_values_of(struct lower *l, const char *prefix, struct lower_values **out)
{
    struct lower_known *known = known_of(l);
    struct xap_terms *terms;
    struct nd_str term;
    uint32_t freq;
    size_t cap = 0;
    if (!known)
        return lower_nomem(l);
    for (struct lower_values *v = known->values; v; v = v->next)
        if (strcmp(v->prefix, prefix) == 0) {
            *out = v;
            return 0;
        }
    struct lower_values *vs = nd_arena_alloc(&l->ix->kept, sizeof *vs);
    if (!vs)
        return lower_nomem(l);
    vs->prefix = prefix;
    int rc = xap_terms_open(&terms, l->ix->xap, XAP_ALL, prefix, strlen(prefix), l->err);
    if (rc)
        return rc;
    while ((rc = xap_terms_next(terms, &term, &freq, l->err)) == 0)
        if ((rc = add_value(l, vs, &cap, term, freq)))
            break;
    xap_terms_close(terms);
    if (rc != ND_DONE)
        return rc;
    vs->next = known->values;
    known->values = vs;
    *out = vs;
    return 0;
}

static int by_word(const void *pa, const void *pb)
{
    const struct lower_value_word *a = pa, *b = pb;
    int c = nd_str_cmp(a->word, b->word);
    return c ? c : a->value < b->value ? -1 : a->value > b->value;
}

/* The words of all values: counted with v NULL. */
static size_t words_of(const struct lower_values *vs, struct lower_value_word *v)
{
    size_t n = 0;
    for (size_t i = 0; i < vs->n; i++) {
        struct nd_str s = vs->v[i].words;
        for (size_t at = 0; at < s.n;) {
            const char *blank = memchr(s.p + at, ' ', s.n - at);
            size_t end = blank ? (size_t)(blank - s.p) : s.n;
            if (v)
                v[n] = (struct lower_value_word){{s.p + at, end - at}, (uint32_t)i};
            n++;
            at = end + 1;
        }
    }
    return n;
}

/* Where the entries of a word begin, or with past where they end. */
static size_t place_of(const struct lower_values *vs, struct nd_str word, bool past)
{
    size_t lo = 0, hi = vs->words_n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = nd_str_cmp(vs->words[mid].word, word);
        if (c < 0 || (past && c == 0))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The entries of that word of a text which the fewest values have. */
static void rarest(const struct lower_values *vs, struct nd_str text, size_t *from, size_t *to)
{
    *from = *to = 0;
    bool first = true;
    for (size_t at = 0; at < text.n;) {
        const char *blank = memchr(text.p + at, ' ', text.n - at);
        size_t end = blank ? (size_t)(blank - text.p) : text.n;
        struct nd_str word = {text.p + at, end - at};
        size_t a = place_of(vs, word, false), b = place_of(vs, word, true);
        if (first || b - a < *to - *from) {
            *from = a;
            *to = b;
        }
        first = false;
        at = end + 1;
    }
}

static int by_number(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    return a < b ? -1 : a > b;
}

int lower_values_with(struct lower *l, struct lower_values *vs, const struct nd_str *texts,
                      size_t texts_n, uint32_t **list, size_t *n)
{
    *list = NULL;
    *n = vs->n;
    if (!vs->n || (!vs->words && ++vs->asked < OFTEN))
        return 0;
    if (!vs->words) {
        size_t all = words_of(vs, NULL);
        struct lower_value_word *v = nd_arena_array(&l->ix->kept, all + 1, sizeof *v);
        if (!v)
            return lower_nomem(l);
        words_of(vs, v);
        qsort(v, all, sizeof *v, by_word);
        vs->words = v;
        vs->words_n = all;
    }
    size_t total = 0, from, to, k = 0;
    for (size_t i = 0; i < texts_n; i++) {
        rarest(vs, texts[i], &from, &to);
        total += to - from;
    }
    uint32_t *out = nd_arena_array(l->arena, total + 1, sizeof *out);
    if (!out)
        return lower_nomem(l);
    for (size_t i = 0; i < texts_n; i++) {
        rarest(vs, texts[i], &from, &to);
        for (size_t j = from; j < to; j++)
            out[k++] = vs->words[j].value;
    }
    qsort(out, k, sizeof *out, by_number);
    *n = 0;
    for (size_t i = 0; i < k; i++)
        if (i == 0 || out[i] != out[i - 1])
            out[(*n)++] = out[i];
    *list = out;
    return 0;
}

/* ---- forms of names; those of an id are asked for once, whatever their order ---- */

static int by_words(const void *pa, const void *pb)
{
    const struct lower_form *a = pa, *b = pb;
    int c = nd_str_cmp(a->words, b->words);
    if (!c)
        c = a->type < b->type ? -1 : a->type > b->type;
    return c ? c : nd_str_cmp(a->id, b->id);
}

static int read_forms(struct lower *l, struct lower_known *known)
{
    struct nd_index *ix = l->ix;
    size_t all = 0;
    int rc = 0;
    for (size_t i = 0; !rc && i < ix->n; i++) {
        struct nd_stream *stream;
        rc = nd_segment_stream(&ix->segments[i], &stream, l->err);
        all += rc ? 0 : nd_stream_entities(stream);
    }
    struct lower_form *v = rc ? NULL : nd_arena_array(&ix->kept, all + 1, sizeof *v);
    if (!rc && !v)
        return lower_nomem(l);
    size_t n = 0;
    for (size_t i = 0; !rc && i < ix->n; i++) {
        struct nd_stream *stream;
        rc = nd_segment_stream(&ix->segments[i], &stream, l->err);
        uint32_t many = rc ? 0 : nd_stream_entities(stream);
        for (uint32_t k = 0; !rc && k < many && n < all; k++) {
            struct nd_entity_row r;
            if ((rc = nd_stream_entity(stream, k, &r, l->err)))
                break;
            v[n] = (struct lower_form){.surface = nd_arena_str(&ix->kept, r.surface.p, r.surface.n),
                                       .id = nd_arena_str(&ix->kept, r.id.p, r.id.n),
                                       .type = r.type};
            if (!v[n].surface.p || !v[n].id.p)
                return lower_nomem(l);
            rc = keep_words(l, r.surface, &v[n].words);
            n++;
        }
    }
    if (rc)
        return rc;
    qsort(v, n, sizeof *v, by_words);
    known->forms = v;
    known->forms_n = n;
    return 0;
}

int lower_forms_of(struct lower *l, struct nd_str words, const struct lower_form **out, size_t *n,
                   bool *known)
{
    struct lower_known *k = known_of(l);
    *n = 0;
    *known = false;
    if (!k)
        return lower_nomem(l);
    if (!k->forms) {
        int rc = ++k->forms_asked < OFTEN ? 0 : read_forms(l, k);
        if (rc || !k->forms)
            return rc;
    }
    size_t lo = 0, hi = k->forms_n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (nd_str_cmp(k->forms[mid].words, words) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    *out = k->forms + lo;
    while (lo + *n < k->forms_n && nd_str_eq(k->forms[lo + *n].words, words))
        ++*n;
    *known = true;
    return 0;
}

/* ---- links between names ---- */

int lower_links_of(struct lower *l, size_t folder, const struct nd_derived *d,
                   const uint32_t **list, uint32_t *n)
{
    struct lower_known *k = known_of(l);
    *list = NULL;
    *n = d->n;
    if (!k)
        return lower_nomem(l);
    struct lower_links *links = &k->links[folder];
    if (!links->rows) {
        struct nd_derived_row r;
        if (++k->links_asked < OFTEN)
            return 0;
        uint32_t *rows = nd_arena_array(&l->ix->kept, (size_t)d->n + 1, sizeof *rows);
        if (!rows)
            return lower_nomem(l);
        for (uint32_t i = 0; i < d->n; i++)
            if (!nd_derived_row(d, i, &r) && r.link != ND_DERIVED_NO_LINK)
                rows[links->n++] = i;
        links->rows = rows;
    }
    *list = links->rows;
    *n = (uint32_t)links->n;
    return 0;
}
