#include "terms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS_MAX = 1 << 30
};

/* Counts by rank of the open segment. */
struct part {
    struct nd_stream *stream;
    uint32_t words;
    uint32_t *head;                    /* the rank that stands for all spellings of a folded key */
    uint32_t *count, *articles, *last; /* of a head; last: docid in which it was counted last */
    uint32_t *gone;                    /* occurrences in deleted articles */
};

struct walk {
    struct nd_terms *t;
    struct nd_index *ix;
    struct part *parts; /* by segment */
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

int nd_terms_init(struct nd_terms *t, struct nd_error *err)
{
    *t = (struct nd_terms){0};
    return nd_map_init(&t->words, WORDS_MAX) ? no_memory(err) : 0;
}

void nd_terms_free(struct nd_terms *t)
{
    nd_map_free(&t->words);
    free(t->v);
    *t = (struct nd_terms){0};
}

/* What a word is counted under: its folded key; of the few that capitals tell apart (US, us) the key itself. */
static struct nd_str name_of(const struct nd_word *w, const struct nd_dict_cursor *c)
{
    bool capitals = w->key.n && w->key.p[0] >= 'A' && w->key.p[0] <= 'Z';
    return capitals ? w->key : nd_dict_fold(c);
}

/* One rank for the spellings of a key: they are neighbours in the dictionary. */
static int find_heads(struct part *p, struct nd_error *err)
{
    struct nd_dict_cursor c;
    struct nd_word w;
    struct nd_buf last;
    uint32_t head = 0;
    nd_buf_init(&last, 1 << 16);
    int rc = nd_dict_seek(&c, p->stream, "", 0, &w, err);
    for (; !rc; rc = nd_dict_next(&c, &w, err)) {
        struct nd_str fold = name_of(&w, &c);
        if (w.parts > 1 || w.rank >= p->words)
            continue;
        if (!last.len || !nd_str_eq(fold, (struct nd_str){last.data, last.len})) {
            nd_buf_reset(&last);
            nd_buf_add(&last, fold.p, fold.n);
            head = w.rank;
        }
        p->head[w.rank] = head;
    }
    if (rc == ND_DONE)
        rc = nd_buf_code(&last) ? no_memory(err) : 0;
    nd_buf_free(&last);
    nd_dict_end(&c);
    return rc;
}

static int open_part(struct part *p, struct nd_segment *s, struct nd_error *err)
{
    int rc = nd_segment_stream(s, &p->stream, err);
    if (rc)
        return rc;
    p->words = nd_stream_words(p->stream);
    p->head = calloc((size_t)p->words + 1, sizeof *p->head);
    p->count = calloc((size_t)p->words + 1, sizeof *p->count);
    p->articles = calloc((size_t)p->words + 1, sizeof *p->articles);
    p->last = calloc((size_t)p->words + 1, sizeof *p->last);
    return p->head && p->count && p->articles && p->last ? find_heads(p, err) : no_memory(err);
}

static int damaged(uint32_t docid, struct nd_error *err)
{
    return nd_fail(err, ND_CORRUPT, "the words of article %u are damaged", docid);
}

static int count_match(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct walk *w = ctx;
    struct part *p = &w->parts[segment];
    struct nd_section codes;
    int rc = p->count ? 0 : open_part(p, &w->ix->segments[segment], err);
    if (!rc)
        rc = nd_stream_article(p->stream, docid, &codes, err);
    if (rc)
        return rc;
    uint64_t tokens = 0;
    for (size_t at = 0, n; at < codes.n; at += n) {
        unsigned mark;
        uint32_t v;
        n = nd_code_get(codes.p + at, codes.n - at, &mark, &v);
        if (!n || (mark == ND_WORD_FIRST && v >= p->words))
            return damaged(docid, err);
        if (mark != ND_WORD_FIRST)
            continue;
        v = p->head[v];
        p->count[v]++;
        p->articles[v] += p->last[v] != docid;
        p->last[v] = docid;
        tokens++;
    }
    w->t->tokens += tokens;
    w->t->matches++;
    return 0;
}

/* What the deleted articles of a segment hold, so that it can be taken off. */
static int count_gone(struct part *p, struct nd_segment *s, uint64_t *tokens, struct nd_error *err)
{
    *tokens = 0;
    if (!s->deleted_n)
        return 0;
    p->gone = calloc((size_t)nd_stream_words(p->stream) + 1, sizeof *p->gone);
    if (!p->gone)
        return no_memory(err);
    for (uint32_t d = 1; d <= s->docs; d++) {
        struct nd_section codes;
        if (!nd_segment_deleted(s, d))
            continue;
        int rc = nd_stream_article(p->stream, d, &codes, err);
        if (rc)
            return rc;
        for (size_t at = 0, n; at < codes.n; at += n) {
            unsigned mark;
            uint32_t v;
            n = nd_code_get(codes.p + at, codes.n - at, &mark, &v);
            if (!n || (mark == ND_WORD_FIRST && v >= nd_stream_words(p->stream)))
                return damaged(d, err);
            if (mark == ND_WORD_FIRST) {
                p->gone[v]++;
                ++*tokens;
            }
        }
    }
    return 0;
}

static int row_of(struct nd_terms *t, struct nd_str word, struct nd_term_counts **out,
                  struct nd_error *err)
{
    uint32_t row;
    if (nd_map_intern(&t->words, word.p, word.n, &row))
        return no_memory(err);
    if (row >= t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 1024;
        struct nd_term_counts *v = realloc(t->v, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        memset(v + t->cap, 0, (cap - t->cap) * sizeof *v);
        t->v = v;
        t->cap = cap;
    }
    *out = &t->v[row];
    return 0;
}

/* Add the counts of the matches under their words; with `all` the counts of the whole segment to the words that
 * are known by then. */
static int name_part(struct nd_terms *t, const struct part *p, bool all, struct nd_error *err)
{
    struct nd_dict_cursor c;
    struct nd_word w;
    int rc = nd_dict_seek(&c, p->stream, "", 0, &w, err);
    for (; !rc; rc = nd_dict_next(&c, &w, err)) {
        struct nd_term_counts *row;
        if (w.parts > 1)
            continue;
        if (all) {
            struct nd_str fold = name_of(&w, &c);
            uint32_t i = nd_map_find(&t->words, fold.p, fold.n);
            uint32_t gone = p->gone && w.rank < nd_stream_words(p->stream) ? p->gone[w.rank] : 0;
            if (i != ND_MAP_NONE && gone < w.count)
                t->v[i].all += w.count - gone;
        } else if (w.rank < p->words && p->count[w.rank]) {
            rc = row_of(t, name_of(&w, &c), &row, err);
            if (rc)
                break;
            row->count += p->count[w.rank];
            row->articles += p->articles[w.rank];
        }
    }
    nd_dict_end(&c);
    return rc == ND_DONE ? 0 : rc;
}

/* How often the known words occur in the index. */
static int count_all(struct nd_terms *t, struct nd_index *ix, struct part *parts,
                     struct nd_error *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < ix->n; i++) {
        uint64_t gone = 0;
        rc = nd_segment_stream(&ix->segments[i], &parts[i].stream, err);
        if (!rc)
            rc = count_gone(&parts[i], &ix->segments[i], &gone, err);
        if (!rc)
            rc = name_part(t, &parts[i], true, err);
        if (!rc)
            t->all += nd_stream_tokens(parts[i].stream) - gone;
    }
    return rc;
}

static void free_parts(struct part *parts, size_t n)
{
    for (size_t i = 0; parts && i < n; i++) {
        free(parts[i].head);
        free(parts[i].count);
        free(parts[i].articles);
        free(parts[i].last);
        free(parts[i].gone);
    }
    free(parts);
}

int nd_terms_count(struct nd_terms *t, struct nd_index *ix, struct nd_match *m,
                   struct nd_error *err)
{
    struct walk w = {.t = t, .ix = ix, .parts = calloc(ix->n + 1, sizeof *w.parts)};
    int rc = w.parts ? nd_match_each(m, count_match, &w, err) : no_memory(err);
    for (size_t i = 0; !rc && i < ix->n; i++)
        if (w.parts[i].count)
            rc = name_part(t, &w.parts[i], false, err);
    if (!rc)
        rc = count_all(t, ix, w.parts, err);
    free_parts(w.parts, ix->n);
    return rc;
}

int nd_terms_given(struct nd_terms *t, struct nd_index *ix, const struct nd_map *words,
                   const uint32_t *counts, struct nd_error *err)
{
    int rc = 0;
    for (uint32_t i = 0; !rc && i < words->count; i++) {
        struct nd_term_counts *row;
        rc = row_of(t, nd_map_key(words, i), &row, err);
        if (rc)
            break;
        row->count += counts[i];
        row->articles++;
        t->tokens += counts[i];
    }
    t->matches++;
    struct part *parts = rc ? NULL : calloc(ix->n + 1, sizeof *parts);
    if (!rc && !parts)
        rc = no_memory(err);
    if (!rc)
        rc = count_all(t, ix, parts, err);
    free_parts(parts, ix->n);
    return rc;
}

static double part_of(uint64_t seen, double expected)
{
    return seen ? (double)seen * log((double)seen / expected) : 0;
}

double nd_g2(uint64_t a, uint64_t n, uint64_t b, uint64_t m)
{
    double all = (double)n + (double)m, both = (double)a + (double)b;
    if (!n || !m || both <= 0)
        return 0;
    double ea = (double)n * both / all, eb = (double)m * both / all;
    double g = 2 * (part_of(a, ea) + part_of(b, eb));
    g = g < 0 ? 0 : g; /* rounding */
    return (double)a < ea ? -g : g;
}

static int by_score(const void *pa, const void *pb)
{
    const struct nd_typical *a = pa, *b = pb;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return nd_str_cmp(a->word, b->word);
}

int nd_terms_rank(struct nd_typical **out, size_t *n, struct nd_arena *arena,
                  const struct nd_terms *t, uint64_t min_articles, size_t most,
                  struct nd_error *err)
{
    struct nd_typical *v = *out = nd_arena_array(arena, (size_t)t->words.count + 1, sizeof *v);
    size_t k = 0;
    if (!v)
        return no_memory(err);
    for (uint32_t i = 0; i < t->words.count; i++) {
        const struct nd_term_counts *c = &t->v[i];
        uint64_t rest = c->all > c->count ? c->all - c->count : 0;
        double score = c->articles < min_articles || t->all < t->tokens
                           ? 0
                           : nd_g2(c->count, t->tokens, rest, t->all - t->tokens);
        if (score > 0)
            v[k++] = (struct nd_typical){nd_map_key(&t->words, i), *c, score};
    }
    if (k)
        qsort(v, k, sizeof *v, by_score);
    *n = k < most ? k : most;
    return 0;
}
