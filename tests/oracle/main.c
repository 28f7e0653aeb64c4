/* oracle: draws queries from articles and says what they find, by a scan; compares that with answers.
 *   oracle generate ARTICLES.jsonl TYPE COUNT SEED   lines QUERY, tab, ids parted by 0x1f
 *   oracle compare EXPECTED ANSWERS.jsonl            answers of `newsq batch -n all --no-snippets`
 *   oracle words                                     the words of standard input, for looking into a difference
 * Several types may be given, parted by commas: COUNT queries of each. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct article *const *)a)->id, (*(const struct article *const *)b)->id);
}

static void answer(struct corpus *c, struct node *q, const struct article **order, struct node *asked,
                   struct random *r)
{
    const char *tab = "\t";
    print_query(stdout, c, asked, r);
    for (size_t i = 0; i < c->articles.n; i++)
        if (matches(c, q, order[i])) {
            printf("%s%s", tab, order[i]->id);
            tab = "\x1f";
        }
    printf("%s\n", *tab == '\t' ? "\t" : "");
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

static int generate(char **argv)
{
    static struct corpus c;
    size_t count = strtoul(argv[4], NULL, 10);
    struct random r = {strtoull(argv[5], NULL, 10)};
    corpus_read(&c, argv[2]);
    if (!c.articles.n) {
        fprintf(stderr, "oracle: no articles in '%s'\n", argv[2]);
        return 2;
    }
    const struct article **order = need(c.articles.n * sizeof(struct article *));
    for (size_t i = 0; i < c.articles.n; i++)
        order[i] = &c.articles.v[i];
    qsort(order, c.articles.n, sizeof(struct article *), by_id);
    for (char *type = argv[3]; *type;) {
        size_t len = strcspn(type, ",");
        char *name = copy_of(type, len);
        for (size_t i = 0; i < count; i++) {
            struct node *twin, *q = draw(&c, &r, name, &twin);
            if (!q) {
                fprintf(stderr, "oracle: unknown type '%s'\n", name);
                return 2;
            }
            answer(&c, q, order, q, &r);
            if (twin) /* both texts, the answer of the first */
                answer(&c, q, order, twin, &r);
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
    printf("\n");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "generate") == 0)
        return generate(argv);
    if (argc == 4 && strcmp(argv[1], "compare") == 0)
        return compare(argv[2], argv[3]);
    if (argc == 2 && strcmp(argv[1], "words") == 0)
        return words();
    fprintf(stderr, "usage: oracle generate ARTICLES.jsonl TYPE,... COUNT SEED\n"
                    "       oracle compare EXPECTED ANSWERS.jsonl\n       oracle words < TEXT\n");
    return 2;
}
