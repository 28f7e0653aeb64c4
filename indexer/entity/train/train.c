/* train.c: the name model from labelled data.
 *   train -o MODEL [-g GAZETTEER] -w WORDS.TSV [-e EPOCHS] [-f FOLDS] [-k ROWS] [-t TIMES]
 *         [-m MODEL] [-r SEED] FILE...
 * A FILE is labelled data (corpus.h). Before a FILE: `-d DOCS` holds out the documents numbered in
 * DOCS; with -m also `-s`, keep only the sentences that the model of -m labels as the data does;
 * `-n` the data does not mark names of the kind "other": leave out the sentences where that model
 * finds one; `-j N` the file is articles as JSON lines, of which every N-th is labelled by that
 * model.
 * -a between files: train on those before it too, and give the mean of both models' weights, which
 * does better on texts of other kinds than either (parameter mixing, McDonald et al. 2010).
 * -t: train on all of the data so many times more, with other random numbers, for that mean.
 * -k: rows of a pass that are kept; several numbers with commas give a model each. -f 0: one pass
 * only. */
#include "base/arena.h"
#include "corpus.h"
#include "crf_train.h"
#include "entity/tag.h"
#include "entity/tag_vote.h"
#include "table.h"
#include "text/json.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All documents as units. */
struct set {
    struct nd_tag_words words;
    struct nd_unit *units; /* text borrowed from words */
    uint32_t *number;
    uint8_t *gold, *first; /* labels; of the first pass, when jackknifed */
    size_t n, cap;
    size_t *doc; /* first unit of each document, and the end */
    size_t docs, docs_cap;
};

static void *need(void *p)
{
    if (!p) {
        fprintf(stderr, "train: out of memory\n");
        exit(1);
    }
    return p;
}

static void begin_doc(struct set *s)
{
    if (s->docs + 1 >= s->docs_cap) {
        s->docs_cap = s->docs_cap ? s->docs_cap * 2 : 1 << 14;
        s->doc = need(realloc(s->doc, s->docs_cap * sizeof *s->doc));
    }
    s->doc[s->docs++] = s->n;
    s->doc[s->docs] = s->n;
}

static void add_units(struct set *s, const struct nd_unit *u, const uint8_t *labels, size_t n)
{
    if (s->n + n > s->cap) {
        s->cap = (s->n + n) * 2;
        s->units = need(realloc(s->units, s->cap * sizeof *s->units));
        s->number = need(realloc(s->number, s->cap * sizeof *s->number));
        s->gold = need(realloc(s->gold, s->cap));
    }
    for (size_t i = 0; i < n; i++) {
        struct nd_unit v = u[i];
        if (nd_tag_words_intern(&s->words, v.p, v.len, &s->number[s->n]))
            exit(1);
        v.p = nd_map_key(&s->words.raw, s->number[s->n]).p;
        s->gold[s->n] = labels[i];
        s->units[s->n++] = v;
    }
    s->doc[s->docs] = s->n;
}

/* Labels of units by the names that a tagger found. */
static void labels_of_tags(const struct nd_unit *u, size_t n, const struct nd_tag *tags,
                           size_t tags_n, uint8_t *labels)
{
    int8_t *type = need(malloc(n + 1));
    uint8_t *begins = need(calloc(n + 1, 1));
    size_t k = 0;
    memset(type, -1, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (u[i].words == 0)
            continue;
        while (k < tags_n && tags[k].first + tags[k].words <= u[i].word)
            k++;
        if (k < tags_n && tags[k].first <= u[i].word) {
            type[i] = (int8_t)tags[k].type;
            begins[i] = tags[k].first == u[i].word;
        }
    }
    for (size_t i = 1; i + 1 < n; i++) { /* marks inside of a name */
        size_t next = i;
        while (next < n && u[next].words == 0)
            next++;
        if (u[i].words == 0 && type[i - 1] >= 0 && next < n && type[next] == type[i - 1] &&
            !begins[next])
            type[i] = type[i - 1];
    }
    nd_labels_of(u, type, begins, n, labels);
    free(type);
    free(begins);
}

struct reader {
    struct nd_tokens tokens;
    struct nd_units units;
    struct nd_tagger *tagger;
    uint8_t *labels, *silver;
    size_t labels_cap;
};

static void room(struct reader *r, size_t n)
{
    if (n <= r->labels_cap)
        return;
    r->labels_cap = n * 2;
    r->labels = need(realloc(r->labels, r->labels_cap));
    r->silver = need(realloc(r->silver, r->labels_cap));
}

static void fail(const struct nd_error *err)
{
    fprintf(stderr, "train: %s\n", err->msg);
    exit(1);
}

enum keep { /* which sentences of labelled data */
    KEEP_ALL,
    KEEP_AGREED, /* those that the tagger labels as the data does */
    KEEP_OTHER   /* those where it finds no name of the kind "other" outside of the data's names */
};

static bool keeps(enum keep keep, const uint8_t *gold, const uint8_t *silver, size_t n)
{
    if (keep == KEEP_AGREED)
        return memcmp(gold, silver, n) == 0;
    for (size_t i = 0; i < n; i++)
        if (silver[i] && gold[i] == 0 && nd_label_type(silver[i]) == ND_MISC)
            return false;
    return true;
}

/* Add a document; without gold labels with those that the tagger gives it. */
static void add_text(struct set *s, struct reader *r, const struct nd_str *texts, size_t texts_n,
                     const struct nd_doc *gold, enum keep keep, size_t counts[2])
{
    struct nd_error err = {0};
    const struct nd_tag *tags = NULL;
    size_t tags_n = 0;
    nd_tokens_reset(&r->tokens);
    for (size_t f = 0; f < texts_n; f++)
        if (nd_tokens_add(&r->tokens, texts[f].p ? texts[f].p : "", texts[f].n, (unsigned)f, &err))
            fail(&err);
    if (keep || !gold)
        if (nd_tagger_run(r->tagger, &r->tokens, texts, texts_n, &tags, &tags_n, &err))
            fail(&err);
    begin_doc(s);
    for (size_t at = 0; at < r->tokens.n;) {
        if (nd_units_build(&r->units, &r->tokens, &at, texts, texts_n, &err))
            fail(&err);
        size_t n = r->units.n;
        const struct nd_unit *u = r->units.v;
        room(r, n + 1);
        if (gold)
            nd_doc_labels(gold, u, n, r->labels);
        if (tags || !gold)
            labels_of_tags(u, n, tags, tags_n, gold ? r->silver : r->labels);
        else if (keep)
            memset(r->silver, 0, n);
        if (!keep) {
            add_units(s, u, r->labels, n);
            continue;
        }
        for (size_t i = 0; i < n;) {
            size_t end = i + 1;
            while (end < n && !(u[end].flags & ND_U_FIRST))
                end++;
            bool same = keeps(keep, r->labels + i, r->silver + i, end - i);
            counts[same]++;
            if (same)
                add_units(s, u + i, r->labels + i, end - i);
            i = end;
        }
    }
}

static void add_data(struct set *s, struct reader *r, const char *path, const char *held,
                     enum keep keep)
{
    struct nd_corpus c;
    const struct nd_doc *d;
    size_t counts[2] = {0, 0}, before = s->n;
    if (nd_corpus_open(&c, path, held, held ? 0 : -1))
        exit(1);
    while ((d = nd_corpus_next(&c, true)) != NULL) {
        struct nd_str text = {d->text.data, d->text.len};
        add_text(s, r, &text, 1, d, keep, counts);
    }
    nd_corpus_close(&c);
    fprintf(stderr, "train: '%s': %zu units", path, s->n - before);
    if (keep)
        fprintf(stderr, ", %zu of %zu sentences kept", counts[1], counts[0] + counts[1]);
    fprintf(stderr, "\n");
}

static void add_articles(struct set *s, struct reader *r, const char *path, size_t every)
{
    char command[4096], *line = NULL;
    size_t cap = 0, number = 0, before = s->n;
    ssize_t n;
    struct nd_json_parser *parser;
    struct nd_arena arena;
    struct nd_error err = {0};
    if (strchr(path, '\'') || snprintf(command, sizeof command, "gzip -dcf '%s'", path) >= 4096)
        exit(1);
    FILE *f = popen(command, "r");
    nd_arena_init(&arena, 1 << 28);
    if (!f || nd_json_parser_new(&parser, &err))
        fail(&err);
    while ((n = getline(&line, &cap, f)) > 0) {
        struct nd_json *v = NULL;
        nd_arena_reset(&arena);
        if (number++ % every || nd_json_parse(parser, &v, &arena, line, (size_t)n, &err))
            continue;
        const struct nd_json *title = nd_json_get(v, "title"), *body = nd_json_get(v, "body");
        struct nd_str texts[2] = {{NULL, 0}, {NULL, 0}};
        if (title && title->kind == ND_JSON_STRING)
            texts[0] = title->text;
        if (body && body->kind == ND_JSON_STRING)
            texts[1] = body->text;
        add_text(s, r, texts, 2, NULL, KEEP_ALL, NULL);
    }
    fprintf(stderr, "train: '%s': %zu units\n", path, s->n - before);
    free(line);
    nd_arena_free(&arena);
    nd_json_parser_free(parser);
    pclose(f);
}

/* ---- features ---- */

static size_t sentence_end(const struct set *s, size_t at, size_t end)
{
    size_t k = at + 1;
    while (k < end && !(s->units[k].flags & ND_U_FIRST))
        k++;
    return k;
}

/* The sentence of units [at, end); attrs has room for it. */
static struct nd_sentence sentence_of(const struct set *s, size_t at, size_t end,
                                      const struct nd_attr **attrs, uint8_t *phrase)
{
    for (size_t i = at; i < end; i++)
        attrs[i - at] = &s->words.attr[s->number[i]];
    struct nd_sentence r = {.units = s->units + at, .attrs = attrs, .n = end - at};
    if (s->words.gaz) {
        nd_tag_words_phrases(&s->words, r.units, r.attrs, r.n, phrase);
        r.phrase = phrase;
    }
    r.mode = nd_feature_mode(r.units, r.n);
    nd_tag_words_scored(s->units + at, r.attrs, r.n);
    return r;
}

/* Extract the features of a pass. */
static void extract(const struct set *s, struct nd_samples *out, unsigned pass)
{
    struct nd_votes votes;
    const struct nd_attr **attrs = need(malloc((ND_UNITS_CHUNK + 64) * sizeof *attrs));
    uint8_t *phrase = need(malloc(ND_UNITS_CHUNK + 64));
    uint32_t f[8 * ND_FEATURES_MAX];
    nd_votes_init(&votes);
    nd_samples_init(out);
    for (size_t d = 0; d < s->docs; d++) {
        size_t from = s->doc[d], to = s->doc[d + 1];
        if (pass == 1) {
            if (nd_votes_begin(&votes, s->words.lower.count))
                exit(1);
            for (size_t at = from, end; at < to; at = end) {
                end = sentence_end(s, at, to);
                struct nd_sentence t = sentence_of(s, at, end, attrs, phrase);
                nd_votes_count(&votes, &t, s->first + at);
            }
        }
        for (size_t at = from, end; at < to; at = end) {
            end = sentence_end(s, at, to);
            struct nd_sentence t = sentence_of(s, at, end, attrs, phrase);
            bool open = false;
            for (size_t i = 0; i < t.n; i++) {
                if (!(t.units[i].flags & ND_U_SCORED)) {
                    open = false;
                    continue;
                }
                if (!open)
                    nd_samples_segment(out, (uint32_t)d, at + i);
                open = true;
                size_t n = 0;
                for (int o = -2; o <= 2; o++)
                    if (!(o < 0 && i < (size_t)-o) && !(o > 0 && i + (size_t)o >= t.n))
                        n += nd_tag_words_features(&s->words, s->number[at + i + (size_t)o], o,
                                                   f + n);
                n += nd_feature_context(&t, i, f + n);
                if (pass == 1)
                    n += nd_votes_features(&votes, &t, s->first + at, i, f + n);
                nd_samples_position(out, f, n, s->gold[at + i]);
            }
        }
    }
    nd_votes_free(&votes);
    free(attrs);
    free(phrase);
}

/* Labels of the first pass for every document, by a model that did not see it. */
static void jackknife(struct set *s, const struct nd_samples *samples, struct nd_plan plan,
                      unsigned folds)
{
    s->first = need(calloc(s->n + 1, 1));
    plan.folds = folds;
    plan.epochs = plan.epochs > 8 ? plan.epochs * 3 / 5 : plan.epochs;
    for (unsigned k = 0; k < folds; k++) {
        struct nd_weights w;
        plan.fold = k;
        nd_crf_train(&w, samples, &plan);
        for (size_t i = 0; i < samples->segs; i++)
            if (samples->seg[i].doc % folds == k)
                nd_crf_label(&w, samples, &samples->seg[i], s->first + samples->seg[i].unit);
        free(w.w);
        fprintf(stderr, "train: fold %u of %u\n", k + 1, folds);
    }
}

enum {
    SIZES_MAX = 8,
    PARTS_MAX = 8
};

static int usage(void)
{
    fprintf(stderr, "usage: train -o MODEL [-g GAZETTEER] -w WORDS [-e EPOCHS] [-f FOLDS] [-k "
                    "ROWS] [-t TIMES] [-c COUNT] "
                    "[-m MODEL] [[-d DOCS] [-s] [-n] [-j N] FILE]...\n");
    return 2;
}

int main(int argc, char **argv)
{
    const char *out = NULL, *words_path = NULL, *model = NULL, *held = NULL;
    struct nd_plan plan = {.epochs = 20,
                           .rate = 0.05f,
                           .dropout = 0.5f,
                           .silver = UINT32_MAX,
                           .docs = UINT32_MAX,
                           .seed = 1};
    unsigned folds = 10, count = 2;
    enum keep keep = KEEP_ALL;
    bool with_gaz = false;
    static struct nd_gazetteer gaz;
    static struct nd_model old;
    size_t every = 0;
    struct nd_error err = {0};
    static struct set s;
    struct reader r = {0};
    struct nd_made_table words = {0};
    static struct nd_made_table pass[SIZES_MAX][ND_PASSES];
    size_t rows[SIZES_MAX] = {SIZE_MAX};
    unsigned sizes = 1, parts = 1, again = 0;
    uint32_t limits[PARTS_MAX];
    static float move[ND_PASSES][ND_LABELS][ND_LABELS];
    nd_tokens_init(&r.tokens);
    nd_units_init(&r.units);
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i], *v = i + 1 < argc ? argv[i + 1] : "";
        if (a[0] == '-' && strchr("gowefkcmdjrt", a[1]))
            i++;
        if (strcmp(a, "-o") == 0)
            out = v;
        else if (strcmp(a, "-g") == 0) {
            if (nd_gaz_open(&gaz, v, &err))
                fail(&err);
            with_gaz = true;
        } else if (strcmp(a, "-w") == 0) {
            words_path = v;
            if (nd_table_words(&words, v) ||
                nd_tag_words_init(&s.words, &words.table, with_gaz ? &gaz : NULL, 1u << 30))
                return 1;
        } else if (strcmp(a, "-e") == 0)
            plan.epochs = (int)strtol(v, NULL, 10);
        else if (strcmp(a, "-f") == 0)
            folds = (unsigned)strtoul(v, NULL, 10);
        else if (strcmp(a, "-k") == 0) {
            char *end = (char *)(uintptr_t)v;
            for (sizes = 0; sizes < SIZES_MAX && *end; sizes++) {
                rows[sizes] = strtoul(end, &end, 10);
                end += *end == ',';
            }
        } else if (strcmp(a, "-a") == 0) {
            if (parts < PARTS_MAX)
                limits[parts++ - 1] = (uint32_t)s.docs;
        } else if (strcmp(a, "-t") == 0)
            again = (unsigned)strtoul(v, NULL, 10);
        else if (strcmp(a, "-c") == 0)
            count = (unsigned)strtoul(v, NULL, 10);
        else if (strcmp(a, "-r") == 0)
            plan.seed = strtoul(v, NULL, 10);
        else if (strcmp(a, "-d") == 0)
            held = v;
        else if (strcmp(a, "-s") == 0)
            keep = KEEP_AGREED;
        else if (strcmp(a, "-n") == 0)
            keep = KEEP_OTHER;
        else if (strcmp(a, "-j") == 0)
            every = strtoul(v, NULL, 10);
        else if (strcmp(a, "-m") == 0) {
            model = v;
            if (nd_model_open(&old, v, &err) ||
                nd_tagger_new(&r.tagger, &old, with_gaz ? &gaz : NULL, &err))
                fail(&err);
        } else if (a[0] == '-' || !words_path || ((keep || every) && !model)) {
            return usage();
        } else {
            if (every && plan.silver == UINT32_MAX)
                plan.silver = (uint32_t)s.docs;
            if (every)
                add_articles(&s, &r, a, every);
            else
                add_data(&s, &r, a, held, keep);
            held = NULL;
            keep = KEEP_ALL;
            every = 0;
        }
    }
    if (!out || s.n == 0)
        return usage();
    struct nd_samples samples;
    for (unsigned k = 0; k < (folds ? 2u : 1u); k++) {
        struct nd_weights mean = {.w = NULL};
        extract(&s, &samples, k);
        nd_samples_number(&samples, count);
        for (unsigned part = 0; part < parts + again; part++) {
            struct nd_weights w;
            struct nd_plan one = plan;
            one.docs = part + 1 < parts ? limits[part] : (uint32_t)s.docs;
            one.seed += part;
            nd_crf_train(&w, &samples, &one);
            nd_weights_add(&mean, &w, &samples, 1.0f / (float)(parts + again));
            free(w.w);
        }
        fprintf(stderr, "train: pass %u\n", k + 1);
        for (unsigned i = 0; i < sizes; i++)
            if (nd_table_weights(&pass[i][k], samples.hash, samples.count, mean.w, samples.features,
                                 rows[i]))
                return 1;
        memcpy(move[k], mean.move, sizeof move[k]);
        free(mean.w);
        if (k == 0 && folds)
            jackknife(&s, &samples, plan, folds);
        nd_samples_free(&samples);
    }
    for (unsigned i = 0; i < sizes; i++) {
        char path[4096];
        if (!folds && nd_table_make(&pass[i][1], NULL, NULL, 0, ND_ROW))
            return 1;
        int n = snprintf(path, sizeof path, i ? "%s.%zu" : "%s", out, rows[i]);
        if (n < 0 || (size_t)n >= sizeof path || nd_model_write(path, pass[i], move, &words, &err))
            fail(&err);
    }
    return 0;
}
