/* compare: two queries side by side: how many, how many of both, their share of all articles over time, the words,
 * names and sources that tell them apart. */
#include "among.h"
#include "hist.h"
#include "related.h"
#include "render/rows.h"
#include "story.h"
#include "terms.h"

#include <stdlib.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    TOP = 10, /* of each side, and of sources */
    SIDES = 2,
    MIN = 2
};

struct side {
    struct nd_ask ask;
    bool open;
    struct nd_once *once;
    uint64_t total;
    struct nd_terms terms;
    struct nd_hist hist;
    struct nd_facet names, sources;
    struct nd_among among;
};

struct compare {
    struct newsq *t;
    struct nd_index *ix;
    struct side side[SIDES];
    struct nd_hist all;
    uint64_t both, limit;
    struct nd_rows rows;
};

static int count_side(struct compare *c, struct side *s, enum nd_per per, struct nd_error *err)
{
    struct nd_ask *a = &s->ask;
    int rc = 0;
    if (nd_args_has(&c->t->args, "by-story"))
        rc = nd_once_new(&s->once, c->ix, a->match, err);
    if (!rc)
        rc = nd_among_gather(&s->among, c->ix, a->match, err);
    s->total = s->among.matches;
    if (!rc)
        rc = nd_terms_init(&s->terms, err);
    if (!rc)
        rc = nd_terms_count(&s->terms, c->ix, a->match, err);
    if (!rc)
        rc = nd_hist_count(&s->hist, c->ix, a->match, per, err);
    if (!rc)
        rc = nd_facet_count(&s->names, a->arena, c->ix, a->match, nd_schema_find("entity", 6), err);
    if (!rc)
        rc = nd_facet_count(&s->sources, a->arena, c->ix, a->match, nd_schema_find("source", 6),
                            err);
    return rc;
}

static int count_all(struct compare *c, enum nd_per per, struct nd_error *err)
{
    struct nd_match *all;
    struct nd_lowered low;
    int rc = nd_among_all(&all, &c->side[0].ask, &low, err);
    if (!rc)
        rc = nd_hist_count(&c->all, c->ix, all, per, err);
    nd_match_close(all);
    for (size_t i = 0; !rc && i < c->ix->n; i++)
        for (uint32_t d = 1; c->side[0].among.days[i] && d <= c->ix->segments[i].docs; d++)
            c->both += nd_among_day(&c->side[0].among, i, d) != ND_AMONG_NOT &&
                       nd_among_day(&c->side[1].among, i, d) != ND_AMONG_NOT;
    return rc;
}

static double percent(uint64_t part, uint64_t of)
{
    return of ? 100.0 * (double)part / (double)of : 0;
}

static void put_totals(struct compare *c)
{
    static const char *const names[] = {"a", "b"};
    for (size_t i = 0; i < SIDES; i++) {
        const struct nd_value v[] = {
            nd_value_text("side", nd_str_of(names[i])), nd_value_count("count", c->side[i].total),
            nd_value_count("both", c->both),
            nd_value_real("percent", percent(c->both, c->side[i].total), 1),
            nd_value_text("query", c->side[i].ask.text)};
        nd_row(&c->rows, "side", v, sizeof v / sizeof v[0]);
    }
}

/* Periods with articles of either. */
static void put_periods(struct compare *c)
{
    const struct nd_hist *h = &c->all;
    for (size_t i = 0; i < h->n; i++) {
        char name[16];
        uint64_t a = nd_hist_at(&c->side[0].hist, h->bins[i].number);
        uint64_t b = nd_hist_at(&c->side[1].hist, h->bins[i].number);
        if (!a && !b)
            continue;
        nd_period_name(name, h->per, h->bins[i].number);
        const struct nd_value v[] = {nd_value_text("period", nd_str_of(name)),
                                     nd_value_count("a", a), nd_value_count("b", b),
                                     nd_value_real("share_a", percent(a, h->bins[i].count), 2),
                                     nd_value_real("share_b", percent(b, h->bins[i].count), 2)};
        nd_row(&c->rows, "period", v, sizeof v / sizeof v[0]);
    }
}

struct word {
    struct nd_str text;
    uint64_t a, b, articles;
    double score;
};

static int by_score(const void *pa, const void *pb)
{
    const struct word *a = pa, *b = pb;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return nd_str_cmp(a->text, b->text);
}

/* The words of one side that it has more of than the other. */
static int put_words(struct compare *c, int of, const char *name, struct nd_error *err)
{
    const struct nd_terms *x = &c->side[of].terms, *y = &c->side[!of].terms;
    struct word *w = nd_arena_array(&c->t->arena, (size_t)x->words.count + 1, sizeof *w);
    size_t n = 0;
    if (!w)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (uint32_t i = 0; i < x->words.count; i++) {
        struct nd_str key = nd_map_key(&x->words, i);
        uint32_t there = nd_map_find(&y->words, key.p, key.n);
        uint64_t other = there == ND_MAP_NONE ? 0 : y->v[there].count;
        double score = nd_g2(x->v[i].count, x->tokens, other, y->tokens);
        if (score >= ND_G2_LEAST && (x->v[i].articles >= MIN || x->matches <= MIN))
            w[n++] = (struct word){key, x->v[i].count, other, x->v[i].articles, score};
    }
    if (n)
        qsort(w, n, sizeof *w, by_score);
    for (size_t i = 0; i < n && i < c->limit; i++) {
        const struct nd_value v[] = {
            nd_value_text("side", nd_str_of(name)), nd_value_real("score", w[i].score, 1),
            nd_value_count("a", of ? w[i].b : w[i].a), nd_value_count("b", of ? w[i].a : w[i].b),
            nd_value_text("word", w[i].text)};
        nd_row(&c->rows, "word", v, sizeof v / sizeof v[0]);
    }
    return 0;
}

static int put_names(struct compare *c, int of, const char *name, struct nd_error *err)
{
    const struct nd_facet *x = &c->side[of].names, *y = &c->side[!of].names;
    struct nd_apart *p;
    int rc = nd_apart_rows(&p, &c->t->arena, x, y, false, err);
    if (!rc)
        nd_apart_sort(p, x->n);
    for (size_t i = 0; !rc && i < x->n && i < c->limit && p[i].score >= ND_G2_LEAST; i++) {
        struct nd_str shown, kind = nd_entity_type_name(x->rows[p[i].row].type);
        rc = nd_facet_name(&shown, &c->t->arena, c->ix, x, p[i].row, err);
        const struct nd_value v[] = {nd_value_text("side", nd_str_of(name)),
                                     nd_value_real("score", p[i].score, 1),
                                     nd_value_count("a", of ? p[i].b : p[i].a),
                                     nd_value_count("b", of ? p[i].a : p[i].b),
                                     nd_value_text("kind", kind),
                                     nd_value_text("id", x->rows[p[i].row].value),
                                     nd_value_text("name", rc ? kind : shown)};
        if (!rc)
            nd_row(&c->rows, "name", v, sizeof v / sizeof v[0]);
    }
    return rc;
}

struct source {
    struct nd_str name;
    uint64_t a, b;
};

static int by_both(const void *pa, const void *pb)
{
    const struct source *a = pa, *b = pb;
    if (a->a + a->b != b->a + b->b)
        return a->a + a->b > b->a + b->b ? -1 : 1;
    return nd_str_cmp(a->name, b->name);
}

static int put_sources(struct compare *c, struct nd_error *err)
{
    const struct nd_facet *x = &c->side[0].sources, *y = &c->side[1].sources;
    struct source *v = nd_arena_array(&c->t->arena, x->n + y->n + 1, sizeof *v);
    struct nd_map names;
    uint32_t row;
    int rc = v && nd_map_init(&names, OUT_MAX) == 0 ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
    if (rc)
        return rc;
    for (size_t i = 0; i < x->n + y->n && !rc; i++) {
        const struct nd_facet_row *r = i < x->n ? &x->rows[i] : &y->rows[i - x->n];
        if (nd_map_intern(&names, r->value.p, r->value.n, &row)) {
            rc = nd_fail(err, ND_NOMEM, "out of memory");
            break;
        }
        v[row].name = r->value;
        *(i < x->n ? &v[row].a : &v[row].b) = r->count;
    }
    size_t n = names.count;
    if (n)
        qsort(v, n, sizeof *v, by_both);
    for (size_t i = 0; !rc && i < n && i < c->limit; i++) {
        const struct nd_value cells[] = {nd_value_count("a", v[i].a), nd_value_count("b", v[i].b),
                                         nd_value_text("source", v[i].name)};
        nd_row(&c->rows, "source", cells, sizeof cells / sizeof cells[0]);
    }
    nd_map_free(&names);
    return rc;
}

static int print(struct compare *c, const struct nd_renderer *how, struct nd_error *err)
{
    static const char *const names[] = {"a", "b"};
    struct nd_buf out;
    struct nd_render r;
    nd_buf_init(&out, OUT_MAX);
    int rc = newsq_render(c->t, &r, &out, err);
    c->rows = (struct nd_rows){.r = &r, .how = how};
    how->begin(&r);
    put_totals(c);
    put_periods(c);
    for (int i = 0; !rc && i < SIDES; i++)
        rc = put_words(c, i, names[i], err);
    for (int i = 0; !rc && i < SIDES; i++)
        rc = put_names(c, i, names[i], err);
    if (!rc)
        rc = put_sources(c, err);
    struct nd_answer answer =
        nd_ask_answer(&c->side[0].ask, c->side[0].total + c->side[1].total - c->both, c->rows.n);
    answer.exact = answer.exact && nd_match_state(c->side[1].ask.match).exact;
    how->end(&r, &answer);
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    return rc;
}

static int run(struct compare *c, const struct nd_renderer *how, struct nd_error *err)
{
    enum nd_per per = nd_per_of(nd_args_text(&c->t->args, "per"));
    int rc = nd_ask_index(c->t, &c->ix, err);
    for (size_t i = 0; !rc && i < SIDES; i++) {
        rc = nd_ask_text(&c->side[i].ask, c->t, c->ix, &c->t->arena, c->t->args.words[i], err);
        c->side[i].open = rc == 0;
        if (!rc)
            nd_ask_notes(&c->side[i].ask);
        else if (rc == ND_QUERY) {
            struct nd_error why = *err;
            nd_fail(err, rc, "query %zu: %.500s", i + 1, why.msg);
            nd_hint(err, "%s", why.hint);
        }
        if (!rc)
            rc = count_side(c, &c->side[i], per, err);
    }
    if (!rc)
        rc = count_all(c, per, err);
    return rc ? rc : print(c, how, err);
}

int newsq_compare(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *how;
    if (newsq_renderer(t, &how, &err) || nd_rows_fit(how, &err))
        return newsq_failed(t, &err);
    if (t->args.words_n != SIDES) {
        nd_fail(&err, ND_USAGE, "compare takes two queries, an argument each");
        nd_hint(&err, "newsq compare 'QUERY' 'QUERY'; --within QUERY holds for both");
        return newsq_failed(t, &err);
    }
    struct compare *c = calloc(1, sizeof *c);
    if (!c) {
        nd_fail(&err, ND_NOMEM, "out of memory");
        return newsq_failed(t, &err);
    }
    c->t = t;
    c->limit = nd_args_number(&t->args, "limit", TOP);
    int rc = run(c, how, &err), status = rc < 0 ? newsq_failed(t, &err) : 0;
    for (size_t i = 0; i < SIDES; i++) {
        struct side *s = &c->side[i];
        if (!s->open)
            continue;
        if (rc >= 0)
            status = nd_ask_status(&s->ask, status);
        nd_once_free(s->once);
        nd_terms_free(&s->terms);
        nd_hist_free(&s->hist);
        nd_among_free(&s->among);
        nd_ask_close(&s->ask);
    }
    if (rc >= 0 && !status && !c->side[0].total && !c->side[1].total)
        status = 1;
    nd_hist_free(&c->all);
    nd_index_close(c->ix);
    free(c);
    return status;
}
