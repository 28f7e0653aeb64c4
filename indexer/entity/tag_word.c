#include "entity/tag_word.h"

#include <stdlib.h>

int nd_words_init(struct nd_words *w, const struct nd_table *lexicon, size_t max)
{
    *w = (struct nd_words){.lexicon = lexicon};
    int rc = nd_map_init(&w->raw, max);
    if (rc)
        return rc;
    rc = nd_map_init(&w->lower, max);
    if (rc)
        nd_map_free(&w->raw);
    return rc;
}

void nd_words_free(struct nd_words *w)
{
    nd_map_free(&w->raw);
    nd_map_free(&w->lower);
    free(w->attr);
    w->attr = NULL;
    w->cap = 0;
}

void nd_words_reset(struct nd_words *w)
{
    nd_map_reset(&w->raw);
    nd_map_reset(&w->lower);
}

static int add_word(struct nd_words *w, const char *p, size_t n, uint32_t number)
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
    size_t k = nd_feature_norm(p, n, norm), low = nd_feature_lower(norm, k, lower);
    struct nd_attr *a = &w->attr[number];
    nd_feature_attr(a, norm, k, lower, low);
    if (w->lexicon)
        a->lex = nd_table_lexeme(w->lexicon, norm, k, lower, low);
    if (w->names.word)
        a->gaz = w->names.word(w->names.self, norm, k);
    return nd_map_intern(&w->lower, lower, low, &a->lid);
}

int nd_words_intern(struct nd_words *w, const char *p, size_t n, uint32_t *out)
{
    uint32_t known = w->raw.count;
    int rc = nd_map_intern(&w->raw, p, n, out);
    if (rc || *out < known)
        return rc;
    return add_word(w, p, n, *out);
}

size_t nd_words_features(const struct nd_words *w, uint32_t number, int offset,
                         uint32_t out[ND_FEATURES_MAX])
{
    char norm[ND_UNIT_MAX], lower[ND_UNIT_MAX];
    struct nd_str key = nd_map_key(&w->raw, number);
    size_t k = nd_feature_norm(key.p, key.n, norm), low = nd_feature_lower(norm, k, lower);
    return nd_feature_word(&w->attr[number], norm, k, lower, low, offset, out);
}
