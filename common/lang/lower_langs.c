/* lower_langs.c: which languages articles are in, and whether that matters to a term. */
#include "lang/lower_in.h"

#include <stdlib.h>

enum {
    LANGS = 64
};

/* The articles that are in another language than most, if they are few. */
static int list_odd(struct nd_segment *s, const struct nd_columns *c, unsigned common, uint32_t n,
                    struct nd_error *err)
{
    s->odd = malloc(((size_t)n + 1) * sizeof *s->odd);
    if (!s->odd)
        return nd_fail(err, ND_NOMEM, "out of memory for the languages of '%s'", s->path);
    for (uint32_t docid = 1; docid <= s->docs && s->odd_n < n; docid++) {
        unsigned lang = nd_column_u8(c, ND_COL_LANG, docid) % LANGS;
        if (lang != common)
            s->odd[s->odd_n++] = (struct nd_odd){docid, (uint8_t)lang};
    }
    return 0;
}

int nd_segment_langs(uint64_t *out, struct nd_segment *s, struct nd_error *err)
{
    uint32_t count[LANGS] = {0};
    struct nd_columns *c;
    unsigned common = 0;
    *out = s->langs;
    if (s->langs)
        return 0;
    int rc = nd_segment_columns(s, &c, err);
    if (rc || (rc = nd_column_check(c, ND_COL_LANG, err)))
        return rc;
    for (uint32_t docid = 1; docid <= s->docs; docid++)
        count[nd_column_u8(c, ND_COL_LANG, docid) % LANGS]++;
    for (unsigned i = 0; i < LANGS; i++) {
        *out |= count[i] ? (uint64_t)1 << i : 0;
        common = count[i] > count[common] ? i : common;
    }
    if (s->docs - count[common] <= ND_ODD_MAX)
        rc = list_odd(s, c, common, s->docs - count[common], err);
    s->langs = rc ? 0 : *out;
    return rc;
}

/* Are the articles in one of `langs` all odd ones? */
static bool all_odd(const struct nd_segment *s, uint64_t langs)
{
    for (size_t i = 0; i < s->odd_n; i++)
        langs &= ~((uint64_t)1 << s->odd[i].lang);
    return s->odd && langs == 0;
}

/* Is any of the odd articles that are in one of `langs` in the list? */
static int any_odd(bool *out, struct lower *l, const struct nd_segment *s,
                   struct xap_postings *list, uint64_t langs)
{
    uint32_t docid = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && !*out && i < s->odd_n; i++)
        if (langs >> s->odd[i].lang & 1 && docid <= s->odd[i].docid) {
            rc = xap_postings_skip(list, s->odd[i].docid, &docid, l->err);
            *out = rc == 0 && docid == s->odd[i].docid;
        }
    return rc;
}

/* The same of a short list, by all that are in it. */
static int walk(struct lower_langs *out, struct lower *l, struct nd_segment *s,
                struct xap_postings *list, uint64_t langs)
{
    struct nd_columns *c;
    uint32_t docids[ND_ODD_MAX];
    size_t n = 0;
    int rc = nd_segment_columns(s, &c, l->err);
    if (rc == 0)
        rc = xap_postings_fill(list, docids, NULL, ND_ODD_MAX, &n, l->err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (docids[i] <= s->docs) {
            bool in = langs >> nd_column_u8(c, ND_COL_LANG, docids[i]) % LANGS & 1;
            out->within = out->within || in;
            out->elsewhere = out->elsewhere || !in;
        }
    return rc;
}

/* Where too many articles would have to be asked, the term is taken to be in one. */
static int look(struct lower_langs *out, struct lower *l, size_t segment, struct nd_str term,
                uint64_t langs)
{
    struct nd_segment *s = &l->ix->segments[segment];
    uint64_t in = l->langs[segment] & langs, others = l->langs[segment] & ~langs;
    struct xap_postings *list = NULL;
    int rc = xap_postings_open(&list, l->ix->xap, segment, term.p, term.n, l->err);
    if (rc == 0 && xap_postings_freq(list) <= ND_ODD_MAX) {
        rc = walk(out, l, s, list, langs);
    } else if (rc == 0 && all_odd(s, others)) {
        out->within = out->within || in;
        rc = any_odd(&out->elsewhere, l, s, list, others);
    } else if (rc == 0 && all_odd(s, in)) {
        out->elsewhere = out->elsewhere || others;
        rc = any_odd(&out->within, l, s, list, in);
    } else if (rc == 0) {
        out->within = out->elsewhere = true;
    }
    xap_postings_close(list);
    return rc == ND_DONE ? 0 : rc;
}

int lower_langs_of(struct lower_langs *out, struct lower *l, struct nd_str term, uint64_t langs)
{
    int rc = 0;
    *out = (struct lower_langs){false, false};
    for (size_t s = 0; rc == 0 && !(out->within && out->elsewhere) && s < l->ix->n; s++)
        rc = look(out, l, s, term, langs);
    return rc;
}
