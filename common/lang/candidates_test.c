#include "lang/candidates_in.h"

#include "record/article.h"

#include <stdlib.h>
#include <string.h>

void nd_cand_env_free(struct nd_cand_env *env)
{
    for (size_t i = 0; i < env->cache_n; i++) {
        struct nd_leaf_sets *s = env->cache[i];
        for (size_t k = 0; s->own && k < s->expand->n; k++)
            nd_codes_free(&s->own[k]);
        free(s->own);
        free(s->sets);
        free(s->freq);
        free(s);
    }
    free(env->cache);
    env->cache = NULL;
    env->cache_n = env->cache_cap = 0;
}

static bool by_language(const struct nd_expand *x)
{
    for (size_t i = 0; i < x->n; i++)
        if (nd_leaf_by_language(&x->leaves[i]))
            return true;
    return false;
}

/* How often the codes of a set are to be expected: ranks go by falling frequency. */
static uint32_t expected(const struct nd_codes *c)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < c->n; i++)
        sum +=
            c->v[i].mark == ND_WORD_FIRST ? UINT32_MAX / 16 / ((uint64_t)c->v[i].value + 10) : 1000;
    return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

/* Make the sets of one entry. Those that no language changes are shared with the entry of language 0. */
static int make_sets(struct nd_leaf_sets *s, struct nd_cand_env *env,
                     const struct nd_leaf_sets *base, struct nd_stream *stream,
                     struct nd_error *err)
{
    size_t n = s->expand->n;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct nd_leaf *leaf = &s->expand->leaves[i];
        if (base && !nd_leaf_by_language(leaf)) {
            s->sets[i] = base->sets[i];
            s->freq[i] = base->freq[i];
            continue;
        }
        rc = nd_expand_codes(&s->own[i], leaf, stream, s->segment, env->stemmers, s->lang,
                             env->langs[s->segment], err);
        s->sets[i] = &s->own[i];
        s->freq[i] = expected(&s->own[i]);
    }
    return rc;
}

int nd_cand_sets(struct nd_cand_env *env, const struct nd_expand *expand, size_t segment,
                 unsigned lang, const struct nd_leaf_sets **out, struct nd_error *err)
{
    const struct nd_leaf_sets *base = NULL;
    struct nd_stream *stream;
    *out = NULL;
    if (!by_language(expand))
        lang = 0;
    for (size_t i = 0; i < env->cache_n; i++) {
        const struct nd_leaf_sets *s = env->cache[i];
        if (s->expand != expand || s->segment != segment)
            continue;
        base = s;
        if (s->lang == lang) {
            *out = s;
            return 0;
        }
    }
    int rc = nd_segment_stream(&env->ix->segments[segment], &stream, err);
    if (rc)
        return rc;
    if (env->cache_n == env->cache_cap) {
        size_t cap = env->cache_cap ? env->cache_cap * 2 : 16;
        struct nd_leaf_sets **grown = realloc(env->cache, cap * sizeof(struct nd_leaf_sets *));
        if (!grown)
            return nd_fail(err, ND_NOMEM, "out of memory for the words of a query");
        env->cache = grown;
        env->cache_cap = cap;
    }
    struct nd_leaf_sets *s = calloc(1, sizeof *s);
    if (!s)
        return nd_fail(err, ND_NOMEM, "out of memory for the words of a query");
    s->expand = expand;
    s->segment = segment;
    s->lang = lang;
    s->sets = calloc(expand->n + 1, sizeof(const struct nd_codes *));
    s->freq = calloc(expand->n + 1, sizeof *s->freq);
    s->own = calloc(expand->n + 1, sizeof *s->own);
    env->cache[env->cache_n++] = s;
    if (!s->sets || !s->freq || !s->own) {
        s->expand = expand;
        env->cache_n--;
        free(s->sets);
        free(s->freq);
        free(s->own);
        free(s);
        return nd_fail(err, ND_NOMEM, "out of memory for the words of a query");
    }
    rc = make_sets(s, env, base, stream, err);
    if (rc) { /* no half-made entry is ever found again; it may be nobody's base yet */
        env->cache_n--;
        for (size_t k = 0; k < expand->n; k++)
            nd_codes_free(&s->own[k]);
        free(s->sets);
        free(s->freq);
        free(s->own);
        free(s);
        return rc;
    }
    *out = s;
    return 0;
}

int cand_test_open(struct nd_cand *c, size_t segment, struct nd_error *err)
{
    uint64_t langs = c->env->langs[segment];
    int rc = 0;
    if (c->plan->kind == ND_P_NUMBER) {
        c->cost = 1;
        rc = nd_segment_columns(c->seg, &c->columns, err);
        return rc ? rc : nd_column_check(c->columns, c->plan->column, err);
    }
    if (c->plan->kind == ND_P_TERM) { /* of some languages only */
        if ((langs & ~c->plan->langs) == 0) {
            c->pure = true;
            return 0;
        }
        c->cost = 1;
        rc = nd_segment_columns(c->seg, &c->columns, err);
        return rc ? rc : nd_column_check(c->columns, ND_COL_LANG, err);
    }
    if (c->plan->kind == ND_P_VERBATIM) {
        c->cost = 3;
        nd_buf_init(&c->text, ND_TEXT_MAX);
        nd_arena_init(&c->arena, (size_t)ND_TEXT_MAX * 4);
        return nd_segment_texts(c->seg, &c->texts, err);
    }
    c->cost = 2;
    c->by_language = by_language(c->plan->expand) && (langs & (langs - 1)) != 0;
    if ((rc = nd_segment_stream(c->seg, &c->stream, err)) ||
        (rc = nd_spans_new(&c->spans, &c->plan->expand->program, c->env->level, err)))
        return rc;
    if (c->by_language) {
        rc = nd_segment_columns(c->seg, &c->columns, err);
        return rc ? rc : nd_column_check(c->columns, ND_COL_LANG, err);
    }
    unsigned lang = langs ? (unsigned)__builtin_ctzll(langs) : 0;
    rc = nd_cand_sets(c->env, c->plan->expand, segment, lang, &c->bound, err);
    if (rc == 0)
        nd_spans_bind(c->spans, c->stream, c->bound->sets, c->bound->freq);
    return rc;
}

static int test_number(struct nd_cand *c, uint32_t docid)
{
    const struct nd_plan *p = c->plan;
    int64_t v;
    switch (p->column) {
    case ND_COL_PUBLISHED:
    case ND_COL_UPDATED:
    case ND_COL_INDEXED:
        v = nd_column_i64(c->columns, p->column, docid);
        if (v == ND_UTC_NONE)
            return ND_DONE;
        break;
    case ND_COL_LANG:
    case ND_COL_PRECISION:
        v = nd_column_u8(c->columns, p->column, docid);
        break;
    case ND_COL_VERSION: {
        uint64_t u = nd_column_u64(c->columns, p->column, docid);
        v = u > INT64_MAX ? INT64_MAX : (int64_t)u;
        break;
    }
    default:
        v = nd_column_u32(c->columns, p->column, docid);
        break;
    }
    return v >= p->lo && v <= p->hi ? 0 : ND_DONE;
}

static int test_verbatim(struct nd_cand *c, uint32_t docid, struct nd_error *err)
{
    struct nd_article a;
    nd_buf_reset(&c->text);
    nd_arena_reset(&c->arena);
    int rc = nd_texts_get(c->texts, docid, &c->text, err);
    if (rc == 0)
        rc = nd_article_parse(&a, &c->arena, c->text.data, c->text.len, err);
    if (rc)
        return rc;
    for (unsigned f = 0; f < ND_FIELDS; f++) {
        struct nd_str t = nd_article_field(&a, f);
        if (t.n && memmem(t.p, t.n, c->plan->term.p, c->plan->term.n))
            return 0;
    }
    return ND_DONE;
}

static int test_spans(struct nd_cand *c, uint32_t docid, struct nd_error *err)
{
    struct nd_section article;
    if (c->sure && (c->sure->bits[docid >> 6] >> (docid & 63) & 1))
        return 0;
    int rc = nd_stream_article(c->stream, docid, &article, err);
    if (rc)
        return rc;
    if (c->by_language) {
        unsigned lang = nd_column_u8(c->columns, ND_COL_LANG, docid);
        if (!c->bound || c->bound->lang != lang) {
            rc = nd_cand_sets(c->env, c->plan->expand, c->seg->number, lang, &c->bound, err);
            if (rc)
                return rc;
            nd_spans_bind(c->spans, c->stream, c->bound->sets, c->bound->freq);
        }
    }
    rc = nd_spans_match(c->spans, article, err);
    return rc == ND_LIMIT ? CAND_UNKNOWN : rc;
}

bool cand_language_fits(struct nd_cand *c, uint32_t docid)
{
    unsigned lang = nd_column_u8(c->columns, ND_COL_LANG, docid);
    return lang < 64 && (c->plan->langs >> lang & 1);
}

int cand_test(struct nd_cand *c, uint32_t docid, struct nd_error *err)
{
    switch (c->plan->kind) {
    case ND_P_NUMBER:
        return test_number(c, docid);
    case ND_P_TERM:
        return cand_language_fits(c, docid) ? 0 : ND_DONE;
    case ND_P_VERBATIM:
        return test_verbatim(c, docid, err);
    default:
        return test_spans(c, docid, err);
    }
}
