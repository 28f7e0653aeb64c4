#include "lang/lower_in.h"

#include "base/map.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Stems of a word in a language, in l->stems from its start. Return: how many, < 0. */
static int stems_of(struct lower *l, unsigned lang, struct nd_str word, size_t len[ND_STEMS_MAX])
{
    nd_buf_reset(&l->stems);
    int n = nd_stems(l->stemmers, lang, word.p, word.n, &l->stems, len);
    return n < 0 ? nd_fail(l->err, n, "a word of the query has no stem") : n;
}

enum {
    STEMS = 8 /* of one word, its accented forms included */
};

/* Languages that share the stems of a word. */
struct group {
    uint64_t langs;
    struct nd_str stems[STEMS];
    size_t n;
};

struct grouping {
    struct lower *l;
    unsigned lang;
    struct group g;
};

/* Add the stems of a word to the group under construction. */
static int add_stems(void *ctx, struct nd_str word)
{
    struct grouping *x = ctx;
    size_t len[ND_STEMS_MAX], at = 0;
    int count = stems_of(x->l, x->lang, word, len);
    for (int i = 0; i < count; at += len[i++]) {
        struct nd_str stem = {x->l->stems.data + at, len[i]};
        bool known = false;
        for (size_t k = 0; k < x->g.n && !known; k++)
            known = nd_str_eq(x->g.stems[k], stem);
        if (known || x->g.n == STEMS)
            continue;
        x->g.stems[x->g.n] = nd_arena_str(x->l->arena, stem.p, stem.n);
        if (!x->g.stems[x->g.n++].p)
            return lower_nomem(x->l);
    }
    return count < 0 ? count : 0;
}

static bool same_stems(const struct group *a, const struct group *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!nd_str_eq(a->stems[i], b->stems[i]))
            return false;
    return true;
}

static int add_group(struct lower *l, struct group *groups, size_t *n, unsigned lang,
                     struct nd_str word)
{
    struct grouping x = {.l = l, .lang = lang, .g = {.langs = (uint64_t)1 << lang}};
    int rc = add_stems(&x, word);
    for (size_t s = 0; rc == 0 && s < l->ix->n; s++) {
        struct nd_stream *stream;
        if (!(l->langs[s] >> lang & 1))
            continue;
        rc = nd_segment_stream(&l->ix->segments[s], &stream, l->err);
        if (rc == 0)
            rc = nd_expand_accented(stream, lang, word, add_stems, &x, l->err);
    }
    for (size_t i = 0; rc == 0 && i < *n; i++)
        if (same_stems(&groups[i], &x.g)) {
            groups[i].langs |= x.g.langs;
            return 0;
        }
    if (rc == 0)
        groups[(*n)++] = x.g;
    return rc;
}

static int stem_term(struct lower *l, const struct nd_node *node, unsigned scope, double boost,
                     struct nd_str stem, uint64_t langs, struct plans *list)
{
    struct nd_plan *p;
    const char *prefix = scope == 1U << ND_FIELD_TITLE ? ND_PREFIX_TITLE : ND_PREFIX_STEM;
    struct lower_langs where = {false, false};
    int rc = plan_term(l, node, prefix, stem.p, stem.n, &p);
    if (rc)
        return rc;
    if (langs && (rc = lower_langs_of(&where, l, p->term, langs)))
        return rc;
    if (langs && !where.within && list->n)
        return 0;
    p->langs = where.elsewhere ? langs : 0;
    p->weight = true;
    p->boost = boost;
    return plans_push(l, list, p);
}

int lower_word(struct lower *l, const struct nd_node *node, unsigned scope, double boost,
               struct nd_plan **out)
{
    struct group groups[64];
    struct plans list = {0};
    size_t n = 0;
    int rc = 0;
    for (unsigned lang = 0; rc == 0 && lang < 64; lang++)
        if (l->out->langs >> lang & 1)
            rc = add_group(l, groups, &n, lang, node->text);
    for (size_t i = 0; rc == 0 && i < n; i++)
        for (size_t k = 0; rc == 0 && k < groups[i].n; k++)
            rc = stem_term(l, node, scope, boost, groups[i].stems[k], n > 1 ? groups[i].langs : 0,
                           &list);
    return rc ? rc : plan_or(l, node, &list, true, out);
}

int lower_word_needs_stream(struct lower *l, const struct nd_node *node, bool *needs)
{
    size_t len[ND_STEMS_MAX];
    char upper[8];
    struct nd_str w = node->text;
    *needs = false;
    if (w.n == 0 || w.n > sizeof upper)
        return 0;
    char lower[8];
    for (size_t i = 0; i < w.n; i++) {
        bool small = w.p[i] >= 'a' && w.p[i] <= 'z', big = w.p[i] >= 'A' && w.p[i] <= 'Z';
        upper[i] = (char)(small ? w.p[i] - 32 : w.p[i]);
        lower[i] = (char)(big ? w.p[i] + 32 : w.p[i]);
    }
    if (!nd_acronym(lower, w.n))
        return 0;
    for (unsigned lang = 0; lang < 64; lang++) {
        if (!(l->out->langs >> lang & 1))
            continue;
        int n = stems_of(l, lang, (struct nd_str){upper, w.n}, len);
        if (n < 1)
            return n;
        struct nd_str stem = nd_arena_str(l->arena, l->stems.data, len[0]);
        if (!stem.p)
            return lower_nomem(l);
        n = stems_of(l, lang, (struct nd_str){lower, w.n}, len);
        if (n < 0)
            return n;
        size_t at = 0;
        for (int i = 0; i < n; at += len[i++])
            if (nd_str_eq(stem, (struct nd_str){l->stems.data + at, len[i]}))
                *needs = true;
    }
    return 0;
}

int lower_exact(struct lower *l, const struct nd_node *node, unsigned scope, double boost,
                struct nd_plan **out)
{
    struct plans list = {0};
    struct nd_str word = node->text;
    int rc = 0;
    nd_buf_reset(&l->text);
    if (word.n && !(word.p[0] >= 'A' && word.p[0] <= 'Z')) {
        if (nd_fold(&l->text, word.p, word.n))
            return lower_nomem(l);
        word = nd_arena_str(l->arena, l->text.data ? l->text.data : "", l->text.len);
        if (!word.p)
            return lower_nomem(l);
    }
    for (unsigned lang = 0; rc == 0 && lang < 64; lang++) {
        size_t len[ND_STEMS_MAX], at = 0;
        if (!(l->out->langs >> lang & 1))
            continue;
        int n = stems_of(l, lang, word, len);
        rc = n < 0 ? n : 0;
        for (int i = 0; rc == 0 && i < n; at += len[i++])
            rc = stem_term(l, node, scope, boost, (struct nd_str){l->stems.data + at, len[i]}, 0,
                           &list);
    }
    return rc ? rc : plan_or(l, node, &list, true, out);
}

static int compare_strs(const void *a, const void *b)
{
    return nd_str_cmp(*(const struct nd_str *)a, *(const struct nd_str *)b);
}

/* The words of a segment that a pattern stands for, and the terms of their stems. */
struct found {
    struct nd_stream *stream;
    const struct nd_expanded_list *words;
    uint64_t langs;
    const char *prefix;
    uint32_t *ranks;       /* of the words, sorted */
    struct nd_map map;     /* terms */
    unsigned char *unsure; /* by number of the term: other words have it too */
    size_t unsure_n;
};

static int compare_ranks(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Have only words of the pattern this stem in the language? */
static int only_ours(struct lower *l, const struct found *f, unsigned lang, const char *stem,
                     size_t n, bool *ours)
{
    struct nd_arena scratch;
    uint32_t *ranks = NULL;
    size_t count = 0;
    nd_arena_init(&scratch, 64 << 20);
    int rc = nd_dict_stem(f->stream, lang, stem, n, &scratch, &ranks, &count, l->err);
    rc = rc == ND_DONE ? 0 : rc;
    *ours = true;
    for (size_t i = 0; rc == 0 && i < count && *ours; i++)
        *ours = bsearch(&ranks[i], f->ranks, f->words->n, sizeof ranks[i], compare_ranks) != NULL;
    nd_arena_free(&scratch);
    return rc;
}

/* Add the term of a word in a language; sure: look whether it is the pattern's alone. */
static int add_word_term(struct lower *l, struct found *f, struct nd_str word, unsigned lang,
                         bool sure)
{
    size_t len[ND_STEMS_MAX];
    char term[ND_TERM_MAX];
    bool exact, ours = true;
    uint32_t number, before = f->map.count;
    int n = stems_of(l, lang, word, len);
    if (n < 1)
        return n;
    /* any one of a word's stems will do: an article with the word has all of them */
    size_t size = nd_term_make(term, f->prefix, l->stems.data, len[0], &exact);
    if (nd_map_intern(&f->map, term, size, &number))
        return lower_nomem(l);
    if (!sure || number < before)
        return 0;
    if (number >= f->unsure_n) {
        size_t cap = (size_t)number * 2 + 64;
        unsigned char *grown = realloc(f->unsure, cap);
        if (!grown)
            return lower_nomem(l);
        memset(grown + f->unsure_n, 0, cap - f->unsure_n);
        f->unsure = grown;
        f->unsure_n = cap;
    }
    int rc = 0; /* in every language of the segment, since the term does not say which it is of */
    for (unsigned other = 0; rc == 0 && ours && other < 64; other++)
        if (f->langs >> other & 1)
            rc = only_ours(l, f, other, l->stems.data, len[0], &ours);
    f->unsure[number] = !ours;
    return rc;
}

/* The terms of the map that `unsure` lets through (all without it), sorted. */
static int take_terms(struct lower *l, const struct nd_map *map, const unsigned char *unsure,
                      struct nd_plan_terms *out)
{
    out->v = nd_arena_array(l->arena, map->count + 1, sizeof *out->v);
    out->n = 0;
    if (!out->v)
        return lower_nomem(l);
    for (uint32_t i = 0; i < map->count; i++) {
        struct nd_str t = nd_map_key(map, i);
        if (unsure && unsure[i])
            continue;
        out->v[out->n] = nd_arena_str(l->arena, t.p, t.n);
        if (!out->v[out->n++].p)
            return lower_nomem(l);
    }
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, compare_strs);
    return 0;
}

/* The terms of the stems of a segment's words. sure: may be NULL. */
static int segment_terms(struct lower *l, struct found *f, struct nd_plan_terms *out,
                         struct nd_plan_terms *sure)
{
    size_t n = f->words->n;
    int rc = nd_map_init(&f->map, 64 << 20);
    if (rc)
        return lower_nomem(l);
    f->ranks = calloc(n + 1, sizeof *f->ranks);
    rc = f->ranks ? 0 : lower_nomem(l);
    for (size_t i = 0; rc == 0 && i < n; i++)
        f->ranks[i] = f->words->v[i].rank;
    if (rc == 0 && n)
        qsort(f->ranks, n, sizeof *f->ranks, compare_ranks);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        char plain[ND_WORD_MAX * 2];
        size_t k = 0;
        struct nd_str key = f->words->v[i].key;
        for (size_t c = 0; c < key.n && k < sizeof plain; c++)
            if (f->words->v[i].parts < 2 || key.p[c] != '-')
                plain[k++] = key.p[c];
        for (unsigned lang = 0; rc == 0 && lang < 64; lang++)
            if (f->langs >> lang & 1)
                rc = add_word_term(l, f, (struct nd_str){plain, k}, lang, sure != NULL);
    }
    if (rc == 0)
        rc = take_terms(l, &f->map, NULL, out);
    if (rc == 0 && sure && f->unsure)
        rc = take_terms(l, &f->map, f->unsure, sure);
    nd_map_free(&f->map);
    free(f->ranks);
    free(f->unsure);
    return rc;
}

int lower_pattern(struct lower *l, const struct nd_node *node, struct nd_leaf *leaf, unsigned scope,
                  double boost, bool bare, struct nd_plan **out)
{
    const char *prefix = scope == 1U << ND_FIELD_TITLE ? ND_PREFIX_TITLE : ND_PREFIX_STEM;
    uint64_t sum = 0;
    size_t found = 0;
    int rc = plan_make(l, node, ND_P_TERMS, out);
    if (rc)
        return rc;
    struct nd_plan *p = *out;
    p->weight = true;
    p->boost = boost;
    p->terms = nd_arena_array(l->arena, l->ix->n + 1, sizeof *p->terms);
    leaf->words = nd_arena_array(l->arena, l->ix->n + 1, sizeof *leaf->words);
    if (bare)
        p->sure = nd_arena_array(l->arena, l->ix->n + 1, sizeof *p->sure);
    if (!p->terms || !leaf->words || (bare && !p->sure))
        return lower_nomem(l);
    for (size_t i = 0; rc == 0 && i < l->ix->n; i++) {
        struct nd_stream *stream;
        if ((rc = nd_segment_stream(&l->ix->segments[i], &stream, l->err)) ||
            (rc = nd_expand_words(&leaf->words[i], leaf, stream, l->stemmers, l->langs[i], l->arena,
                                  l->err)))
            return rc;
        struct found f = {
            .stream = stream, .words = &leaf->words[i], .langs = l->langs[i], .prefix = prefix};
        l->pattern_words += leaf->words[i].n;
        if (l->pattern_words > LOWER_PATTERN_WORDS * l->ix->n)
            return lower_refuse(l, node, "give more letters, or ask in several queries",
                                "the patterns of the query stand for more than %d words up to here",
                                (int)LOWER_PATTERN_WORDS);
        bool look = bare && l->pattern_words <= LOWER_SURE_WORDS;
        rc = segment_terms(l, &f, &p->terms[i], look ? &p->sure[i] : NULL);
        found += leaf->words[i].n;
        for (size_t k = 0; rc == 0 && k < leaf->words[i].n; k++)
            sum += leaf->words[i].v[k].count;
        for (size_t k = 0; rc == 0 && k < leaf->words[i].n && k < 20; k++)
            rc = lower_meaning(l, node, leaf->words[i].v[k].key, leaf->words[i].v[k].count);
    }
    p->estimate = sum > l->ix->articles ? l->ix->articles : sum;
    return rc || found ? rc : plan_make(l, node, ND_P_NOTHING, out);
}
