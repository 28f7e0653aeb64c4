#include "entity/dump_names.h"

#include "text/utf8.h"

#include <string.h>

enum {
    FIRST_WORD = 40 /* purpose of a link */
};

/* The words of an entity as the dump spells it. */
struct wanted {
    enum nd_entity_type type;
    size_t n;
    uint64_t hash[ND_GOLD_WORDS];
};

static int fold_hash(struct nd_buf *b, struct nd_str key, uint64_t *out)
{
    nd_buf_reset(b);
    int rc = nd_fold(b, key.p, key.n);
    *out = rc ? 0 : nd_gaz_hash(b->data, b->len);
    return rc;
}

/* Part a name into words. flip: what stands before a comma goes to the end. */
static int want(struct wanted *w, struct nd_names *s, struct nd_tokens *t, const struct nd_gold *g,
                bool flip)
{
    const char *comma = memchr(g->name.p, ',', g->name.n);
    nd_tokens_reset(t);
    w->n = 0;
    w->type = g->type;
    int rc = nd_tokens_add(t, g->name.p, g->name.n, 0, NULL);
    if (rc || t->n > ND_GOLD_WORDS)
        return rc == ND_NOMEM ? rc : 0;
    size_t first = 0;
    while (flip && comma && first < t->n && t->v[first].start < (size_t)(comma - g->name.p))
        first++;
    for (size_t i = 0; i < t->n; i++) {
        rc = fold_hash(&s->fold, nd_token_key(t, (i + first) % t->n), &w->hash[i]);
        if (rc)
            return rc;
    }
    w->n = t->n;
    return 0;
}

/* Does the entity stand at word i? */
static bool stands(const struct nd_names *s, const struct wanted *w, const uint64_t *hash, size_t i)
{
    const struct nd_tokens *t = s->tokens;
    return w->n <= t->n - i && memcmp(hash + i, w->hash, w->n * sizeof *hash) == 0 &&
           t->v[i].field == t->v[i + w->n - 1].field &&
           (t->v[i].shape != ND_SHAPE_LOWER || t->v[i + w->n - 1].shape != ND_SHAPE_LOWER);
}

/* Look every word of the article up among the first words of the entities. */
static int find(struct nd_names *s, const struct wanted *w, const uint64_t *hash)
{
    size_t n = s->tokens->n;
    for (size_t i = 0; i < n; i++) {
        const struct nd_link *l = nd_links_find(&s->links, nd_link_key(FIRST_WORD, hash[i]));
        const struct wanted *best = NULL;
        for (uint32_t k = 0; l && k < l->n && k < ND_LINKS_MAX; k++)
            if ((!best || w[l->name[k]].n > best->n) && stands(s, &w[l->name[k]], hash, i))
                best = &w[l->name[k]];
        if (!best)
            continue;
        int rc = nd_names_add(s, (uint32_t)i, (uint32_t)best->n, best->type, 100, ND_NAME_GOLD);
        if (rc)
            return rc;
        i += best->n - 1;
    }
    return 0;
}

/* Part an entity into words, and link it under the first. */
static int add_wanted(struct nd_names *s, struct nd_tokens *t, const struct nd_gold *g, bool flip,
                      struct wanted *w, uint32_t *n)
{
    int rc = want(&w[*n], s, t, g, flip);
    if (rc || !w[*n].n)
        return rc;
    struct nd_link *l = nd_links_at(&s->links, nd_link_key(FIRST_WORD, w[*n].hash[0]));
    if (!l)
        return ND_NOMEM;
    if (l->n < ND_LINKS_MAX)
        l->name[l->n++] = *n;
    ++*n;
    return 0;
}

int nd_dump_names_add(struct nd_names *s, const struct nd_article *a, struct nd_error *err)
{
    if (!a->gold_n || !s->tokens->n)
        return 0;
    struct nd_tokens words;
    int rc = nd_tokens_init(&words);
    uint64_t *hash = rc ? NULL : nd_arena_array(s->arena, s->tokens->n, sizeof *hash);
    if (!rc && !hash)
        rc = ND_NOMEM;
    for (size_t i = 0; !rc && i < s->tokens->n; i++)
        rc = fold_hash(&s->fold, nd_token_key(s->tokens, i), &hash[i]);
    size_t names = a->gold_n < ND_GOLD_MAX ? a->gold_n : ND_GOLD_MAX;
    struct wanted *w = rc ? NULL : nd_arena_array(s->arena, names * 2, sizeof *w);
    if (!rc && !w)
        rc = ND_NOMEM;
    uint32_t n = 0;
    for (size_t i = 0; !rc && i < names; i++) {
        const struct nd_gold *g = &a->gold[i];
        if (!g->name.n)
            continue;
        rc = add_wanted(s, &words, g, false, w, &n);
        if (!rc && g->type == ND_PERSON && memchr(g->name.p, ',', g->name.n))
            rc = add_wanted(s, &words, g, true, w, &n);
    }
    if (!rc)
        rc = find(s, w, hash);
    nd_links_reset(&s->links);
    nd_tokens_free(&words);
    return rc ? nd_fail(err, rc, "out of memory for the entities that the dump names") : 0;
}
