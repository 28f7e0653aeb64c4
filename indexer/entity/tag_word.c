#include "entity/tag_word.h"

#include "base/hash.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

int nd_tag_words_init(struct nd_tag_words *w, const struct nd_table *lexicon,
                      const struct nd_gazetteer *gaz, size_t max)
{
    *w = (struct nd_tag_words){.lexicon = lexicon, .gaz = gaz};
    int rc = nd_map_init(&w->raw, max);
    if (rc)
        return rc;
    rc = nd_map_init(&w->lower, max);
    if (rc)
        nd_map_free(&w->raw);
    return rc;
}

void nd_tag_words_free(struct nd_tag_words *w)
{
    nd_map_free(&w->raw);
    nd_map_free(&w->lower);
    free(w->attr);
    w->attr = NULL;
    w->cap = 0;
}

void nd_tag_words_reset(struct nd_tag_words *w)
{
    nd_map_reset(&w->raw);
    nd_map_reset(&w->lower);
}

/* The gazetteer's hash of a word; 0 for one that cannot be folded. */
static uint64_t fold_hash(const char *p, size_t n)
{
    struct nd_buf b;
    nd_buf_init(&b, 8 * ND_UNIT_MAX);
    uint64_t h = nd_fold(&b, p, n) ? 0 : nd_gaz_hash(b.data, b.len);
    nd_buf_free(&b);
    return h;
}

static int add_word(struct nd_tag_words *w, const char *p, size_t n, uint32_t number)
{
    if (number >= w->cap) {
        uint32_t cap = w->cap ? w->cap * 2 : 4096;
        struct nd_attr *v = realloc(w->attr, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        w->attr = v;
        w->cap = cap;
    }
    char norm[ND_UNIT_MAX], lower[ND_UNIT_MAX];
    size_t k = nd_feature_norm(p, n, false, norm), low = nd_feature_lower(norm, k, lower);
    struct nd_attr *a = &w->attr[number];
    nd_feature_attr(a, norm, k, lower, low);
    a->id = nd_hash64(p, n, 0);
    if (w->lexicon)
        a->lex = nd_table_lexeme(w->lexicon, norm, k, lower, low);
    if (w->gaz) {
        char plain[ND_UNIT_MAX];
        size_t m = nd_feature_norm(p, n, true, plain);
        a->gaz = nd_gaz_word(w->gaz, plain, m);
        a->fold = fold_hash(plain, m);
    }
    return nd_map_intern(&w->lower, lower, low, &a->lid);
}

int nd_tag_words_intern(struct nd_tag_words *w, const char *p, size_t n, uint32_t *out)
{
    uint32_t known = w->raw.count;
    int rc = nd_map_intern(&w->raw, p, n, out);
    if (rc || *out < known)
        return rc;
    return add_word(w, p, n, *out);
}

size_t nd_tag_words_features(const struct nd_tag_words *w, uint32_t number, int offset,
                             uint32_t out[ND_FEATURES_MAX])
{
    char norm[ND_UNIT_MAX], lower[ND_UNIT_MAX];
    struct nd_str key = nd_map_key(&w->raw, number);
    size_t k = nd_feature_norm(key.p, key.n, false, norm), low = nd_feature_lower(norm, k, lower);
    return nd_feature_word(&w->attr[number], norm, k, lower, low, offset, out);
}

static uint8_t shape_of(const struct nd_unit *u)
{
    return u->flags & ND_U_UPPER     ? ND_SHAPE_UPPER
           : u->flags & ND_U_TITLE   ? ND_SHAPE_CAPITAL
           : u->flags & ND_U_CAPITAL ? ND_SHAPE_MIXED
                                     : ND_SHAPE_LOWER;
}

/* The words from unit i on, up to a mark: their hashes, shapes, and the unit of each. Return: how
 * many. */
static size_t gather(const struct nd_unit *units, const struct nd_attr *const *attrs, size_t i,
                     size_t n, uint64_t *hash, uint8_t *shape, size_t *unit)
{
    size_t k = 0;
    for (; i < n && units[i].words > 0 && k < ND_GAZ_WORDS_MAX; i++) {
        const struct nd_unit *u = &units[i];
        if (u->words == 1) {
            hash[k] = attrs[i]->fold;
            shape[k] = shape_of(u);
            unit[k++] = i;
            continue;
        }
        for (size_t from = 0, at = 0; at <= u->len && k < ND_GAZ_WORDS_MAX;
             at++) { /* a chain's parts */
            if (at < u->len && u->p[at] != '-')
                continue;
            if (at > from) {
                bool capital = u->p[from] >= 'A' && u->p[from] <= 'Z';
                hash[k] = fold_hash(u->p + from, at - from);
                shape[k] = capital ? ND_SHAPE_CAPITAL : ND_SHAPE_LOWER;
                unit[k++] = i;
            }
            from = at + 1;
        }
    }
    return k;
}

void nd_tag_words_phrases(const struct nd_tag_words *w, const struct nd_unit *units,
                          const struct nd_attr *const *attrs, size_t n, uint8_t *phrase)
{
    uint64_t hash[ND_GAZ_WORDS_MAX];
    uint8_t shape[ND_GAZ_WORDS_MAX];
    size_t unit[ND_GAZ_WORDS_MAX];
    memset(phrase, 0, n);
    for (size_t i = 0; i < n;) {
        struct nd_gaz_match m;
        if (!(units[i].flags & ND_U_CAPITAL) || units[i].words == 0) {
            i++;
            continue;
        }
        size_t k = gather(units, attrs, i, n, hash, shape, unit);
        if (!nd_gaz_longest(w->gaz, hash, shape, k, &m) || m.words > k) {
            i++;
            continue;
        }
        size_t end = unit[m.words - 1] + 1;
        for (size_t j = i; j < end; j++)
            phrase[j] = (uint8_t)((m.classes & 127) << 1 | (j == i));
        i = end;
    }
}

/* Does a unit count as a capital? */
static bool stands_out(const struct nd_unit *units, const struct nd_attr *const *attrs, size_t i,
                       size_t n)
{
    enum {
        SMALL = 2 /* class of words that have a capital in less than a tenth of their places */
    };
    if (i > 0 && units[i - 1].len == 1 && (units[i - 1].p[0] == '@' || units[i - 1].p[0] == '#'))
        return true;
    if (!(units[i].flags & ND_U_CAPITAL))
        return false;
    bool first = units[i].flags & ND_U_FIRST || (i > 0 && units[i - 1].words == 0);
    if (!first || attrs[i]->lex.capital == 0 || attrs[i]->lex.capital > SMALL ||
        units[i].flags & ND_U_UPPER)
        return true;
    return i + 1 < n && units[i + 1].flags & ND_U_CAPITAL;
}

void nd_tag_words_scored(struct nd_unit *units, const struct nd_attr *const *attrs, size_t n)
{
    size_t until = 0; /* units before this one are near the last capital */
    for (size_t i = 0; i < n; i++) {
        units[i].flags &= (uint8_t)~ND_U_SCORED;
        if (stands_out(units, attrs, i, n)) {
            size_t from = i > ND_SCORED_WINDOW ? i - ND_SCORED_WINDOW : 0;
            for (size_t k = from > until ? from : until; k < i; k++)
                units[k].flags |= ND_U_SCORED;
            until = i + ND_SCORED_WINDOW + 1;
        }
        if (i < until)
            units[i].flags |= ND_U_SCORED;
    }
}
