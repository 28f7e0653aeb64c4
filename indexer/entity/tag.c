#include "entity/tag.h"

#include "entity/tag_vote.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS_MAX = 40000,     /* words kept from article to article */
    WORD_BYTES = 16 << 20, /* most bytes of their texts */
    SLOTS = 1 << 17        /* kept sums of features; a power of two */
};

/* Sums of weights by label - 1, in units of 1 / ND_SCORE_UNIT; they wrap, which no real sum comes
 * near. */
typedef uint16_t half __attribute__((vector_size(ND_LANES)));
typedef int16_t signed_half __attribute__((vector_size(ND_LANES)));
typedef int8_t row_half __attribute__((vector_size(ND_LANES / 2)));
struct lanes {
    half a, b;
};

struct nd_tagger {
    const struct nd_model *model;
    struct nd_tag_words words;
    struct nd_units units;
    struct nd_votes votes;
    /* Kept sums of the features of a word at an offset in a pass: the hash of all three, and the
     * sum. They outlive the words' numbers. */
    uint64_t *slot_key;
    struct lanes *slot_sum;
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

int nd_tagger_new(struct nd_tagger **out, const struct nd_model *model,
                  const struct nd_gazetteer *gaz, struct nd_error *err)
{
    *out = NULL;
    struct nd_tagger *t = calloc(1, sizeof *t);
    if (!t)
        return nd_fail(err, ND_NOMEM, "out of memory starting the tagger");
    nd_units_init(&t->units);
    nd_votes_init(&t->votes);
    t->model = model;
    int rc = nd_tag_words_init(&t->words, &model->words, gaz, WORD_BYTES);
    if (rc)
        goto out;
    t->slot_key = calloc(SLOTS, sizeof *t->slot_key);
    t->slot_sum = aligned_alloc(64, SLOTS * sizeof *t->slot_sum);
    t->attrs = malloc(ROOM * sizeof *t->attrs);
    t->numbers = malloc(ROOM * sizeof *t->numbers);
    t->first = malloc(ROOM);
    t->labels = malloc(ROOM);
    t->phrase = malloc(ROOM);
    t->margin = malloc(ROOM * sizeof *t->margin);
    if (!t->slot_key || !t->slot_sum || !t->attrs || !t->numbers || !t->first || !t->labels ||
        !t->phrase || !t->margin)
        rc = ND_NOMEM;
out:
    if (rc == ND_NOMEM)
        nd_fail(err, ND_NOMEM, "out of memory starting the tagger");
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
    if (t->words.lexicon)
        nd_tag_words_free(&t->words);
    nd_units_free(&t->units);
    nd_votes_free(&t->votes);
    free(t->slot_key);
    free(t->slot_sum);
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

/* Add the weights of a feature, if it has a row. */
static inline void add_row(struct lanes *sum, const struct nd_lines *c, uint32_t feature)
{
    for (uint32_t at = nd_lines_at(c, feature);; at = at + 1 == c->n ? 0 : at + 1) {
        const struct nd_line *line = &c->v[at];
        for (unsigned k = 0; k < ND_LINE_ROWS; k++) {
            if (line->hash[k] != feature)
                continue;
            row_half a, b;
            memcpy(&a, line->v[k], sizeof a);
            memcpy(&b, line->v[k] + sizeof a, sizeof b);
            int16_t scale = line->scale[k]; /* 0 for a free row, which adds nothing */
            sum->a += (half)((__builtin_convertvector(a, signed_half) * scale) >> 3);
            sum->b += (half)((__builtin_convertvector(b, signed_half) * scale) >> 3);
            return;
        }
        if (!line->scale[ND_LINE_ROWS - 1])
            return;
    }
}

/* The sum of the weights of features. */
static struct lanes sum_features(const struct nd_lines *c, const uint32_t *f, size_t n)
{
    struct lanes sum = {{0}, {0}};
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&c->v[nd_lines_at(c, f[i])]);
    for (size_t i = 0; i < n; i++)
        add_row(&sum, c, f[i]);
    return sum;
}

/* The key of a word's sum; its low bits are the slot. */
static inline uint64_t slot_key(const struct nd_attr *a, unsigned pass, int offset)
{
    uint64_t place = pass * ND_OFFSETS + (unsigned)(offset + 2) + 1;
    return (a->id ^ place * 0x9e3779b97f4a7c15u) | (uint64_t)1 << 63; /* never a free slot's */
}

static inline const struct lanes *word_scores(struct nd_tagger *t, unsigned pass, size_t unit,
                                              int offset)
{
    uint64_t key = slot_key(t->attrs[unit], pass, offset);
    size_t at = (key >> 8) & (SLOTS - 1);
    if (t->slot_key[at] == key)
        return &t->slot_sum[at];
    uint32_t word = t->numbers[unit];
    uint32_t f[ND_FEATURES_MAX];
    size_t n = nd_tag_words_features(&t->words, word, offset, f);
    t->slot_sum[at] = sum_features(&t->model->lines[pass], f, n);
    t->slot_key[at] = key;
    return &t->slot_sum[at];
}

/* Is there a word at the offset from unit i? */
static inline bool within(const struct nd_sentence *s, size_t i, int offset)
{
    return offset < 0 ? i >= (size_t)-offset : i + (size_t)offset < s->n;
}

/* Scores of unit i of a sentence that starts at unit `at`. */
static void score(struct nd_tagger *t, unsigned pass, const struct nd_sentence *s, size_t at,
                  size_t i, struct nd_scores *out)
{
    uint32_t f[2 * ND_FEATURES_MAX];
    for (int o = -2; o <= 2; o++)
        if (within(s, i, o)) {
            uint64_t key = slot_key(s->attrs[(long)i + o], pass, o);
            size_t slot = (key >> 8) & (SLOTS - 1);
            __builtin_prefetch(&t->slot_key[slot]);
            __builtin_prefetch(&t->slot_sum[slot]);
        }
    size_t n = nd_feature_context(s, i, f);
    if (pass == 1)
        n += nd_votes_features(&t->votes, s, t->first + at, i, f + n);
    struct lanes sum = sum_features(&t->model->lines[pass], f, n);
    for (int o = -2; o <= 2; o++)
        if (within(s, i, o)) {
            const struct lanes *w = word_scores(t, pass, (size_t)((long)(at + i) + o), o);
            sum.a += w->a;
            sum.b += w->b;
        }
    memcpy(out->v, &sum, sizeof out->v);
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
                                .phrase = t->words.gaz ? t->phrase + at : NULL,
                                .n = end - at};
}

/* Is the first pass sure of the units scored from i on, and do the votes on their words agree? Then
 * the second would say the same. */
static bool settled(const struct nd_tagger *t, const struct nd_sentence *s, size_t at, size_t i)
{
    enum {
        BY_FAR = 2 * ND_SCORE_UNIT
    };
    for (; i < s->n && s->units[i].flags & ND_U_SCORED; i++)
        if (t->margin[at + i] < BY_FAR || !nd_votes_agree(&t->votes, s, t->first + at, i))
            return false;
    return true;
}

static void label_sentence(struct nd_tagger *t, unsigned pass, const struct nd_sentence *s,
                           size_t at)
{
    uint8_t *labels = (pass ? t->labels : t->first) + at;
    for (size_t i = 0; i < s->n;) {
        if (!(s->units[i].flags & ND_U_SCORED)) {
            labels[i++] = 0;
            continue;
        }
        size_t end = i;
        if (pass == 1 && settled(t, s, at, i)) {
            for (; i < s->n && s->units[i].flags & ND_U_SCORED; i++)
                labels[i] = t->first[at + i];
            continue;
        }
        for (; end < s->n && s->units[end].flags & ND_U_SCORED; end++)
            score(t, pass, s, at, end, &t->scores[end - i]);
        nd_crf_decode(&t->model->crf[pass], t->scores, end - i, t->cells, labels + i,
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
    t->tags[t->tags_n++] =
        (struct nd_tag){first, (uint8_t)(end - first), (uint8_t)type, percent(margin)};
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
    if (t->words.raw.count > WORDS_MAX)
        nd_tag_words_reset(&t->words);
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++)
        rc = nd_tag_words_intern(&t->words, t->units.v[i].p, t->units.v[i].len, &t->numbers[i]);
    if (!rc)
        rc = nd_votes_begin(&t->votes, t->words.lower.count);
    if (!rc)
        rc = room_for_scores(t);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        t->attrs[i] = &t->words.attr[t->numbers[i]];
    unsigned passes =
        t->model->lines[1].rows ? 2 : 1; /* a model may be of one pass, while it is made */
    for (unsigned pass = 0; pass < passes; pass++)
        for (size_t at = 0; at < n;) {
            struct nd_sentence s = sentence_at(t, at);
            if (pass == 0) {
                nd_tag_words_scored(t->units.v + at, s.attrs, s.n);
                if (s.phrase)
                    nd_tag_words_phrases(&t->words, s.units, s.attrs, s.n, t->phrase + at);
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
        return nd_fail(err, rc,
                       rc == ND_NOMEM ? "out of memory tagging" : "cannot tag the article");
    *out = t->tags;
    *n = t->tags_n;
    return 0;
}
