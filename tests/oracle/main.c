/* oracle: draws queries from articles and says what they find, by a scan; compares that with answers.
 *   oracle generate ARTICLES.jsonl TYPE COUNT SEED [NAMES.jsonl]...
 *                       lines QUERY, tab, answers parted by 0x1f: id, 0x1e, places that match;
 *                       of queries that find many, most have ids alone.
 *                       ARTICLES: as `newsdex tag` prints them. NAMES: as `newsdex entities export --format jsonl` prints
 *                       them, one for each way in which the articles are indexed (two indexes: with a comma): names that
 *                       do not mean the same in all are not asked for
 *   oracle compare EXPECTED ANSWERS.jsonl [IDS]      answers of `newsq batch -n all --no-snippets`, with --spans where places are expected; IDS: a file of
 *                       the only articles that are there
 *   oracle words                                     the words of standard input, for looking into a difference
 * Several types may be given, parted by commas: COUNT queries of each. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

enum {
    FEW = 150 /* articles whose places are always compared */
};

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct article *const *)a)->id, (*(const struct article *const *)b)->id);
}

/* By article, whether it matches. Return: how many do. */
static size_t find(struct corpus *c, struct node *q, const struct article **order, uint8_t *found)
{
    size_t n = 0;
    for (size_t i = 0; i < c->articles.n; i++)
        n += found[i] = matches(c, q, order[i]);
    return n;
}

static void answer(struct corpus *c, struct node *q, const struct article **order, const uint8_t *found,
                   size_t n, struct random *r)
{
    const char *tab = "\t";
    print_query(stdout, c, q, r);
    /* places of hundreds of articles say little more than those of the first query that finds so many */
    bool where = n <= FEW || draw_below(r, 32) == 0;
    for (size_t i = 0; i < c->articles.n; i++)
        if (found[i]) {
            printf("%s%s%s%s", tab, order[i]->id, where ? "\x1e" : "", where ? places(c, q, order[i]) : "");
            tab = "\x1f";
        }
    printf("%s\n", *tab == '\t' ? "\t" : "");
}

/* Does one query find what the other does, or all of it and more? */
static bool lawful(const struct corpus *c, const uint8_t *found, const uint8_t *twin, bool wider)
{
    for (size_t i = 0; i < c->articles.n; i++)
        if (wider ? found[i] && !twin[i] : found[i] != twin[i])
            return false;
    return true;
}

static void forget(struct node *q)
{
    for (size_t i = 0; i < LANGS; i++) {
        free(q->fits[i]);
        q->fits[i] = NULL;
    }
    for (size_t i = 0; i < q->kids; i++)
        forget(q->kid[i]);
}

static int generate(int argc, char **argv)
{
    static struct corpus c;
    size_t count = strtoul(argv[4], NULL, 10);
    struct random r = {strtoull(argv[5], NULL, 10)};
    corpus_read(&c, argv[2]);
    if (!c.articles.n) {
        fprintf(stderr, "oracle: no articles in '%s'\n", argv[2]);
        return 2;
    }
    for (int i = 6; i < argc; i++)
        links_read(&c, argv[i]);
    uint8_t *found = need(c.articles.n), *also = need(c.articles.n);
    const struct article **order = need(c.articles.n * sizeof(struct article *));
    for (size_t i = 0; i < c.articles.n; i++)
        order[i] = &c.articles.v[i];
    qsort(order, c.articles.n, sizeof(struct article *), by_id);
    for (char *type = argv[3]; *type;) {
        size_t len = strcspn(type, ",");
        char *name = copy_of(type, len);
        for (size_t i = 0; i < count; i++) {
            bool wider;
            struct node *twin, *q = draw(&c, &r, name, &twin, &wider);
            if (!q) {
                fprintf(stderr, "oracle: unknown type '%s'\n", name);
                return 2;
            }
            size_t n = find(&c, q, order, found);
            if (n > c.articles.n / 3 && draw_below(&r, 4)) { /* most of what finds nearly all is left out */
                forget(q);
                if (twin)
                    forget(twin);
                i--;
                continue;
            }
            answer(&c, q, order, found, n, &r);
            if (twin)
                answer(&c, twin, order, also, find(&c, twin, order, also), &r);
            if (twin && !lawful(&c, found, also, wider)) {
                fprintf(stderr, "oracle: breaks a law itself: ");
                print_query(stderr, &c, q, &r);
                fprintf(stderr, "\n    ");
                print_query(stderr, &c, twin, &r);
                fprintf(stderr, "\n");
                return 1;
            }
            forget(q);
            if (twin)
                forget(twin);
        }
        type += len + (type[len] == ',');
    }
    return 0;
}

static int words(void)
{
    static char text[1 << 20];
    struct pieces p = {0};
    size_t n = fread(text, 1, sizeof text, stdin);
    pieces_of(&p, text, n);
    for (size_t i = 0; i < p.n; i++)
        printf("%s%s%s%s", i ? " " : "", p.v[i].brk == 2 ? "\xc2\xb6" : p.v[i].brk ? "|" : "", p.v[i].key,
               p.v[i].hyphen ? "-" : p.v[i].chain ? "=" : "");
    for (size_t i = 0; i < p.quotes.n; i++)
        printf("%s%zu-%zu", i ? " " : "\nquotations, by word: ", p.quotes.v[i].first, p.quotes.v[i].last);
    printf("\n");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 6 && strcmp(argv[1], "generate") == 0)
        return generate(argc, argv);
    if ((argc == 4 || argc == 5) && strcmp(argv[1], "compare") == 0)
        return compare(argv[2], argv[3], argv[4]);
    if (argc == 2 && strcmp(argv[1], "words") == 0)
        return words();
    fprintf(stderr, "usage: oracle generate ARTICLES.jsonl TYPE,... COUNT SEED [NAMES.jsonl]...\n"
                    "       oracle compare EXPECTED ANSWERS.jsonl [IDS]\n       oracle words < TEXT\n");
    return 2;
}
