#include "entity/tag.h"

#include "entity/tag_vote.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS_MAX = 40000,        /* words kept from article to article */
    WORD_BYTES = 16 << 20,    /* most bytes of their texts */
    SLOTS = 1 << 16,          /* kept sums of features; a power of two */
    NO_WORD = UINT32_MAX
};

/* The sum of the features of a word at an offset, in units of 8 / ND_SCORE_UNIT. */
struct slot {
    uint32_t word; /* number, or NO_WORD */
    uint8_t place; /* pass * ND_OFFSETS + offset + 2 */
    int16_t v[ND_LABELS];
};

struct nd_tagger {
    struct nd_model model;
    struct nd_words words;
    struct nd_units units;
    struct nd_votes votes;
    struct slot *slots;
    /* by unit of the chunk; room for ND_UNITS_CHUNK */
    const struct nd_attr **attrs;
    uint32_t *numbers;
    uint8_t *first, *labels, *phrase; /* labels of the first pass, of the second; phrase classes */
    int32_t *margin;
    struct nd_scores *scores;
    struct nd_crf_cell *cells;
    struct nd_tag *tags;
    size_t tags_n, tags_cap;
};

/* Room for the units of a chunk: the last word of one may bring some marks more. */
enum {
    ROOM = ND_UNITS_CHUNK + 64
};

int nd_tagger_open(struct nd_tagger **out, const char *path, const struct nd_tag_names *names,
                   struct nd_error *err)
{
    *out = NULL;
    struct nd_tagger *t = calloc(1, sizeof *t);
    if (!t)
        return nd_fail(err, ND_NOMEM, "out of memory opening the name model");
    nd_units_init(&t->units);
    nd_votes_init(&t->votes);
    int rc = nd_model_open(&t->model, path, err);
    if (rc)
        goto out;
    rc = nd_words_init(&t->words, &t->model.words, WORD_BYTES);
    if (rc)
        goto out;
    if (names)
        t->words.names = *names;
    t->slots = malloc(SLOTS * sizeof *t->slots);
    t->attrs = malloc(ROOM * sizeof *t->attrs);
    t->numbers = malloc(ROOM * sizeof *t->numbers);
    t->first = malloc(ROOM);
    t->labels = malloc(ROOM);
    t->phrase = malloc(ROOM);
    t->margin = malloc(ROOM * sizeof *t->margin);
    if (!t->slots || !t->attrs || !t->numbers || !t->first || !t->labels || !t->phrase || !t->margin)
        rc = ND_NOMEM;
    for (size_t i = 0; !rc && i < SLOTS; i++)
        t->slots[i].word = NO_WORD;
out:
    if (rc == ND_NOMEM)
        nd_fail(err, ND_NOMEM, "out of memory opening the name model");
    if (rc)
        nd_tagger_free(t);
    else
        *out = t;
    return rc;
}

void nd_tagger_free(struct nd_tagger *t)
{
    if (!t)
        return;
    nd_model_close(&t->model);
    if (t->words.lexicon)
        nd_words_free(&t->words);
    nd_units_free(&t->units);
    nd_votes_free(&t->votes);
    free(t->slots);
    free(t->attrs);
    free(t->numbers);
    free(t->first);
    free(t->labels);
    free(t->phrase);
    free(t->margin);
    free(t->scores);
    free(t->cells);
    free(t->tags);
    free(t);
}

/* ---- scores ---- */

static inline void add_row(int32_t *sum, const struct nd_table *rows, uint32_t feature)
{
    const unsigned char *r = nd_table_row(rows, feature);
    if (!r)
        return;
    int32_t scale = r[0];
    const signed char *v = (const signed char *)(r + 1);
    for (unsigned l = 0; l < ND_LABELS; l++)
        sum[l] += scale * v[l];
}

static const int16_t *word_scores(struct nd_tagger *t, unsigned pass, uint32_t word, int offset)
{
    uint8_t place = (uint8_t)(pass * ND_OFFSETS + (unsigned)(offset + 2));
    struct slot *s = &t->slots[nd_mix(place, word, 0, 0) & (SLOTS - 1)];
    if (s->word == word && s->place == place)
        return s->v;
    uint32_t f[ND_FEATURES_MAX];
    int32_t sum[ND_LABELS] = {0};
    size_t n = nd_words_features(&t->words, word, offset, f);
    for (size_t i = 0; i < n; i++)
        add_row(sum, &t->model.pass[pass], f[i]);
    s->word = word;
    s->place = place;
    for (unsigned l = 0; l < ND_LABELS; l++) {
        int32_t v = sum[l] >> 3;
        s->v[l] = (int16_t)(v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v);
    }
    return s->v;
}

/* Scores of unit i of a sentence that starts at unit `at`. */
static void score(struct nd_tagger *t, unsigned pass, const struct nd_sentence *s, size_t at, size_t i,
                  struct nd_scores *out)
{
    int32_t words[ND_LABELS] = {0};
    *out = (struct nd_scores){0};
    for (int o = -2; o <= 2; o++) {
        if ((o < 0 && i < (size_t)-o) || (o > 0 && i + (size_t)o >= s->n))
            continue;
        const int16_t *v = word_scores(t, pass, t->numbers[at + i + (size_t)o], o);
        for (unsigned l = 0; l < ND_LABELS; l++)
            words[l] += v[l];
    }
    uint32_t f[2 * ND_FEATURES_MAX];
    size_t n = nd_feature_context(s, i, f);
    if (pass == 1)
        n += nd_votes_features(&t->votes, s, t->first + at, i, f + n);
    const struct nd_table *rows = &t->model.pass[pass];
    for (size_t k = 0; k < n; k++)
        __builtin_prefetch(rows->dir + (size_t)(f[k] >> 16) * 4);
    for (size_t k = 0; k < n; k++)
        __builtin_prefetch(rows->keys + (size_t)nd_load32(rows->dir + (size_t)(f[k] >> 16) * 4) * 2);
    for (size_t k = 0; k < n; k++)
        add_row(out->v, rows, f[k]);
    for (unsigned l = 0; l < ND_LABELS; l++)
        out->v[l] += words[l] * 8;
}

/* ---- passes ---- */

/* The sentence that starts at unit `at`. */
static struct nd_sentence sentence_at(const struct nd_tagger *t, size_t at)
{
    const struct nd_units *u = &t->units;
    size_t end = at + 1;
    while (end < u->n && !(u->v[end].flags & ND_U_FIRST))
        end++;
    return (struct nd_sentence){.units = u->v + at,
                                .attrs = t->attrs + at,
                                .phrase = t->words.names.phrases ? t->phrase + at : NULL,
                                .n = end - at};
}

static void label_sentence(struct nd_tagger *t, unsigned pass, const struct nd_sentence *s, size_t at)
{
    uint8_t *labels = (pass ? t->labels : t->first) + at;
    for (size_t i = 0; i < s->n;) {
        if (!(s->units[i].flags & ND_U_SCORED)) {
            labels[i++] = 0;
            continue;
        }
        size_t end = i;
        for (; end < s->n && s->units[end].flags & ND_U_SCORED; end++)
            score(t, pass, s, at, end, &t->scores[end - i]);
        nd_crf_decode(&t->model.crf[pass], t->scores, end - i, t->cells, labels + i,
                      t->margin + at + i);
        i = end;
    }
}

/* Make room for the longest sentence. */
static int room_for_scores(struct nd_tagger *t)
{
    if (t->scores)
        return 0;
    t->scores = malloc(ROOM * sizeof *t->scores);
    t->cells = malloc(ROOM * sizeof *t->cells);
    return t->scores && t->cells ? 0 : ND_NOMEM;
}

static uint8_t percent(int32_t margin)
{
    double x = (double)margin / ND_SCORE_UNIT;
    return (uint8_t)(100 / (1 + exp(-x)) + 0.5);
}

/* The name in units [from, to) of the chunk. */
static int push_tag(struct nd_tagger *t, unsigned type, size_t from, size_t to)
{
    const struct nd_unit *u = t->units.v;
    int32_t margin = t->margin[from];
    for (size_t i = from; i < to; i++)
        margin = t->margin[i] < margin ? t->margin[i] : margin;
    while (from < to && u[from].words == 0)
        from++;
    while (to > from && u[to - 1].words == 0)
        to--;
    if (from == to)
        return 0;
    uint32_t first = u[from].word, end = u[to - 1].word + u[to - 1].words;
    if (end - first > ND_TAG_WORDS_MAX)
        return 0;
    if (t->tags_n == t->tags_cap) {
        size_t cap = t->tags_cap ? t->tags_cap * 2 : 256;
        struct nd_tag *v = realloc(t->tags, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        t->tags = v;
        t->tags_cap = cap;
    }
    t->tags[t->tags_n++] = (struct nd_tag){first, (uint8_t)(end - first), (uint8_t)type,
                                           percent(margin)};
    return 0;
}

static int collect(struct nd_tagger *t)
{
    int rc = 0;
    for (size_t i = 0; i < t->units.n && !rc;) {
        unsigned label = t->labels[i];
        size_t from = i++;
        if (label == 0)
            continue;
        if (nd_label_part(label) != ND_PART_ONLY)
            while (i < t->units.n && nd_label_part(t->labels[i - 1]) != ND_PART_LAST)
                i++;
        rc = push_tag(t, nd_label_type(label), from, i);
    }
    return rc;
}

static int tag_chunk(struct nd_tagger *t)
{
    size_t n = t->units.n;
    if (t->words.raw.count > WORDS_MAX) {
        nd_words_reset(&t->words);
        for (size_t i = 0; i < SLOTS; i++)
            t->slots[i].word = NO_WORD;
    }
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++)
        rc = nd_words_intern(&t->words, t->units.v[i].p, t->units.v[i].len, &t->numbers[i]);
    if (!rc)
        rc = nd_votes_begin(&t->votes, t->words.lower.count);
    if (!rc)
        rc = room_for_scores(t);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        t->attrs[i] = &t->words.attr[t->numbers[i]];
    unsigned passes = t->model.pass[1].n ? 2 : 1; /* a model may be of one pass, while it is made */
    for (unsigned pass = 0; pass < passes; pass++)
        for (size_t at = 0; at < n;) {
            struct nd_sentence s = sentence_at(t, at);
            if (pass == 0 && s.phrase) {
                memset(t->phrase + at, 0, s.n);
                t->words.names.phrases(t->words.names.self, s.units, s.n, t->phrase + at);
            }
            s.mode = nd_feature_mode(s.units, s.n);
            label_sentence(t, pass, &s, at);
            if (pass == 0)
                nd_votes_count(&t->votes, &s, t->first + at);
            at += s.n;
        }
    if (passes == 1)
        memcpy(t->labels, t->first, n);
    return collect(t);
}

int nd_tagger_run(struct nd_tagger *t, const struct nd_tokens *tokens, const struct nd_str *texts,
                  size_t texts_n, const struct nd_tag **out, size_t *n, struct nd_error *err)
{
    *out = NULL;
    *n = 0;
    t->tags_n = 0;
    int rc = 0;
    for (size_t at = 0; at < tokens->n && !rc;) {
        rc = nd_units_build(&t->units, tokens, &at, texts, texts_n, err);
        if (rc)
            return rc;
        rc = t->units.n > ROOM ? ND_INTERNAL : tag_chunk(t);
    }
    if (rc)
        return nd_fail(err, rc, rc == ND_NOMEM ? "out of memory tagging" : "cannot tag the article");
    *out = t->tags;
    *n = t->tags_n;
    return 0;
}
