/* eval.c: exact-span precision, recall and F1 of a model on labelled data, by the data's own
 * tokens.
 *   eval [-m MODEL] [-g GAZETTEER] [-d DOCS] [-t] FILE...     -d: only the documents numbered in
 *   DOCS, of the next FILE
 * The tokens are set as text, which is tagged as any article is; a name found is the tokens that it
 * touches.
 * -t also measures speed: words a second of the tokenizer and of the tagger, by processor time. */
#include "corpus.h"
#include "entity/tag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct counts {
    size_t gold, found, right;
};

struct span {
    size_t from, to;
    int type;
};

static double f1(const struct counts *c, double *p, double *r)
{
    *p = c->found ? 100.0 * (double)c->right / (double)c->found : 0;
    *r = c->gold ? 100.0 * (double)c->right / (double)c->gold : 0;
    return *p + *r > 0 ? 2 * *p * *r / (*p + *r) : 0;
}

/* The tokens that bytes [start, end) touch, from token k on. */
static struct span touch(const struct nd_doc *d, size_t start, size_t end, int type, size_t *k)
{
    while (*k < d->n && d->tokens[*k].end <= start)
        ++*k;
    size_t to = *k;
    while (to < d->n && d->tokens[to].start < end)
        to++;
    return (struct span){*k, to, type};
}

static void compare(const struct nd_doc *d, const struct nd_tokens *t, const struct nd_tag *tags,
                    size_t n, struct counts c[4], bool verbose)
{
    struct nd_str text = {d->text.data, d->text.len};
    size_t g = 0, k = 0, at = 0;
    while (g < d->n || k < n) { /* both in text order */
        struct span gold = {SIZE_MAX, SIZE_MAX, -1}, found = {SIZE_MAX, SIZE_MAX, -1};
        while (g < d->n && d->tokens[g].type < 0)
            g++;
        if (g < d->n) {
            gold = (struct span){g, g + 1, d->tokens[g].type};
            while (gold.to < d->n && d->tokens[gold.to].type == gold.type &&
                   !d->tokens[gold.to].begins)
                gold.to++;
        }
        if (k < n) {
            const struct nd_token *a = &t->v[tags[k].first],
                                  *b = &t->v[tags[k].first + tags[k].words - 1u];
            found = touch(d, a->start, nd_word_end(b, text), tags[k].type, &at);
        }
        if (gold.type < 0 && found.type < 0)
            break;
        bool right = gold.from == found.from && gold.to == found.to && gold.type == found.type;
        if (right)
            c[gold.type].right++;
        struct span *s[2] = {&gold, &found};
        bool take[2] = {gold.from <= found.from, found.from <= gold.from};
        for (int i = 0; i < 2; i++) {
            if (!take[i] || s[i]->type < 0)
                continue;
            if (i == 0) {
                c[gold.type].gold++;
                g = gold.to;
            } else {
                c[found.type].found++;
                k++;
            }
            if (verbose && !right && s[i]->to > s[i]->from) {
                size_t x = d->tokens[s[i]->from].start, y = d->tokens[s[i]->to - 1].end;
                printf("%s\t%d\t%.*s\n", i ? "found" : "gold", s[i]->type, (int)(y - x),
                       text.p + x);
            }
        }
    }
}

static void print(const char *path, const struct counts c[4])
{
    static const char *const names[6] = {"PER", "ORG", "LOC", "MISC", "PER+ORG+LOC", "all"};
    const char *base = strrchr(path, '/');
    double p, r;
    printf("%s\n", base ? base + 1 : path);
    for (int k = 0; k < 6; k++) {
        struct counts s = {0, 0, 0};
        for (int t = 0; t < 4; t++)
            if (t == k || k == 5 || (k == 4 && t < 3)) {
                s.gold += c[t].gold;
                s.found += c[t].found;
                s.right += c[t].right;
            }
        double f = f1(&s, &p, &r);
        printf("  %-12s P %5.1f  R %5.1f  F1 %5.1f  (%zu)\n", names[k], p, r, f, s.gold);
    }
}

static double between(const struct timespec *a, const struct timespec *b)
{
    return (double)(b->tv_sec - a->tv_sec) + (double)(b->tv_nsec - a->tv_nsec) / 1e9;
}

static void fail(const struct nd_error *err)
{
    fprintf(stderr, "eval: %s\n", err->msg);
    exit(1);
}

int main(int argc, char **argv)
{
    const char *model = NULL, *held = NULL, *gaz_path = NULL;
    static struct nd_gazetteer gaz;
    static struct nd_model names;
    bool timed = false, verbose = false;
    struct nd_error err = {0};
    struct nd_tagger *tagger = NULL;
    struct nd_tokens t;
    nd_tokens_init(&t);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-m") == 0 && i + 1 < argc) {
            model = argv[++i];
            continue;
        }
        if (strcmp(argv[i], "-g") == 0 && i + 1 < argc) {
            gaz_path = argv[++i];
            continue;
        }
        if (strcmp(argv[i], "-d") == 0 && i + 1 < argc) {
            held = argv[++i];
            continue;
        }
        if (strcmp(argv[i], "-t") == 0 || strcmp(argv[i], "-v") == 0) {
            timed = timed || argv[i][1] == 't';
            verbose = verbose || argv[i][1] == 'v';
            continue;
        }
        struct counts c[4] = {{0, 0, 0}};
        struct nd_corpus corpus;
        const struct nd_doc *d;
        double seconds[2] = {0, 0};
        size_t words = 0;
        if (!tagger) {
            bool none = gaz_path && strcmp(gaz_path, "none") == 0;
            if (!none && nd_gaz_open(&gaz, gaz_path, &err))
                fail(&err);
            if (nd_model_open(&names, model, &err) ||
                nd_tagger_new(&tagger, &names, none ? NULL : &gaz, &err))
                fail(&err);
        }
        if (nd_corpus_open(&corpus, argv[i], held, held ? 1 : -1))
            return 1;
        while ((d = nd_corpus_next(&corpus, false)) != NULL) {
            const struct nd_tag *tags;
            size_t n;
            struct nd_str text = {d->text.data, d->text.len};
            struct timespec z, a, b;
            nd_tokens_reset(&t);
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &z);
            if (nd_tokens_add(&t, text.p, text.n, 0, &err))
                fail(&err);
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
            if (nd_tagger_run(tagger, &t, &text, 1, &tags, &n, &err))
                fail(&err);
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
            seconds[0] += between(&z, &a);
            seconds[1] += between(&a, &b);
            words += t.n;
            compare(d, &t, tags, n, c, verbose);
        }
        nd_corpus_close(&corpus);
        print(argv[i], c);
        if (timed)
            printf("  %zu words; million words a second: tokenizer %.2f, tagger %.2f\n", words,
                   (double)words / seconds[0] / 1e6, (double)words / seconds[1] / 1e6);
        held = NULL;
    }
    nd_tagger_free(tagger);
    nd_tokens_free(&t);
    return 0;
}
