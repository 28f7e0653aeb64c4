/* What the words of a query weigh, against libxapian's own BM25 over the same index, and the order of hits with it. */
#include "tiny_index.h"

#include <math.h>

enum {
    ARTICLES = 60,
    WORDS = 40,
    TERMS = 3,
    TEXT = 4096
};

static struct tiny_article articles[ARTICLES];
static char texts[ARTICLES][TEXT], ids[ARTICLES][8];

/* Articles of very different lengths over a few words, the first ones frequent. */
static void make_articles(void)
{
    uint32_t seed = 7;
    for (size_t i = 0; i < ARTICLES; i++) {
        size_t at = 0, n = 5 + i * 7 % 300;
        for (size_t k = 0; k < n && at + 16 < TEXT; k++) {
            seed = seed * 1664525u + 1013904223u;
            unsigned word = (seed >> 16) % WORDS * ((seed >> 8) % WORDS) / WORDS;
            at += (size_t)snprintf(texts[i] + at, TEXT - at, "bq%czv ", 'a' + (int)word % 26);
        }
        snprintf(ids[i], sizeof ids[i], "a%zu", i);
        articles[i] =
            (struct tiny_article){.id = ids[i], .body = texts[i], .lang = i % 9 ? "en" : "es"};
    }
}

static const char *index_dir(size_t per_segment)
{
    static char dir[3][4200];
    size_t at = per_segment == ARTICLES ? 0 : per_segment == 20 ? 1 : 2;
    if (!dir[at][0]) {
        make_articles();
        snprintf(dir[at], sizeof dir[at], "%s/score%zu", check_dir(), per_segment);
        tiny_make(dir[at], articles, ARTICLES, per_segment);
    }
    return dir[at];
}

/* A query and the same for libxapian: terms joined by op, their weight times boost. */
struct same {
    const char *query;
    enum xap_op op;
    double boost;
    const char *terms[TERMS];
};

static struct xap_query *stock(const struct same *c, struct nd_error *err)
{
    struct xap_query *kids[TERMS], *q = NULL;
    size_t n = 0;
    for (; n < TERMS && c->terms[n]; n++)
        CHECK_INT(xap_q_term(&kids[n], c->terms[n], strlen(c->terms[n]), 1, err), 0);
    CHECK_INT(xap_q_op(&q, c->op, kids, n, err), 0);
    if (c->boost != 1.0) {
        struct xap_query *whole = q;
        CHECK_INT(xap_q_scale(&q, whole, c->boost, err), 0);
    }
    return q;
}

static void weighs_the_same(struct tiny *t, const struct same *c)
{
    struct xap_query *q = stock(c, &t->err);
    struct xap_hits *hits = NULL;
    struct xap_hit h;
    struct nd_match *m = NULL;
    struct nd_ranked ranked;
    uint64_t n = 0;
    if (!CHECK_INT(tiny_lower(t, c->query), 0) ||
        !CHECK_INT(nd_match_open(&m, t->ix, &t->lowered, NULL, &t->err), 0) ||
        !CHECK_INT(xap_search(&hits, t->ix->xap, q, 0, ARTICLES, NULL, &t->err), 0))
        goto out;
    for (; xap_hits_next(&h, hits, &t->err) == 0; n++) {
        struct nd_score score;
        if (!CHECK_INT(nd_match_score(m, h.segment, h.docid, &t->arena, &score, &t->err), 0))
            break;
        double parts = 0.0;
        for (size_t i = 0; i < score.n; i++)
            parts += score.v[i].weight;
        if (!CHECK(fabs(score.words - h.score) < 1e-9) || !CHECK(fabs(parts - h.score) < 1e-9))
            printf("%s: %.9f, by its parts %.9f, not %.9f\n", c->query, score.words, parts,
                   h.score);
    }
    CHECK(n > 0);
    CHECK_INT(nd_match_ranked(m, 0, SIZE_MAX, ND_SORT_SCORE, &ranked, &t->err), 0);
    CHECK_INT(ranked.total, n);
    CHECK_INT(ranked.n, n);
    for (size_t i = 0; i < ranked.n; i++) {
        struct nd_score score;
        CHECK_INT(
            nd_match_score(m, ranked.v[i].segment, ranked.v[i].docid, &t->arena, &score, &t->err),
            0);
        CHECK(fabs(score.score - ranked.v[i].score) < 1e-9);
        CHECK(i == 0 || ranked.v[i].score <= ranked.v[i - 1].score + 1e-6);
    }
    for (size_t page = 0; page + 7 < ranked.n; page += 7) { /* a page is what all of it has there */
        struct nd_ranked few;
        CHECK_INT(nd_match_ranked(m, page, 7, ND_SORT_SCORE, &few, &t->err), 0);
        CHECK_INT(few.total, n);
        if (CHECK_INT(few.n, 7))
            for (size_t i = 0; i < 7; i++)
                CHECK(few.v[i].segment == ranked.v[page + i].segment &&
                      few.v[i].docid == ranked.v[page + i].docid);
        nd_ranked_free(&few);
    }
    nd_ranked_free(&ranked);
out:
    xap_hits_free(hits);
    xap_q_free(q);
    nd_match_close(m);
}

static void words_weigh_what_xapian_says(void)
{
    static const struct same cases[] = {
        {"bqazv", XAP_OR, 1.0, {"Zbqazv"}},
        {"bqpzv", XAP_OR, 1.0, {"Zbqpzv"}},
        {"bqazv bqczv", XAP_AND, 1.0, {"Zbqazv", "Zbqczv"}},
        {"bqazv OR bqkzv OR bqvzv", XAP_OR, 1.0, {"Zbqazv", "Zbqkzv", "Zbqvzv"}},
        {"boost(3, bqkzv)", XAP_OR, 3.0, {"Zbqkzv"}},
        {"boost(0.5, bqazv OR bqbzv)", XAP_OR, 0.5, {"Zbqazv", "Zbqbzv"}},
        {"bqazv -bqczv", XAP_AND_NOT, 1.0, {"Zbqazv", "Zbqczv"}},
    };
    static const size_t layouts[] = {ARTICLES, 20, 7};
    for (size_t l = 0; l < sizeof layouts / sizeof *layouts; l++) {
        struct tiny t;
        tiny_open(&t, index_dir(layouts[l]));
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            weighs_the_same(&t, &cases[i]);
        tiny_close(&t);
    }
}

int main(void)
{
    RUN(words_weigh_what_xapian_says);
    return check_done();
}
