/* text.c: text for the word clusters: one sentence a line, its units parted by blanks, an empty
 * line after each article.
 *   text <ARTICLES           articles as JSON lines
 *   text [-d DOCS] FILE      labelled data (corpus.h); -d: without the documents numbered in DOCS
 *   */
#include "corpus.h"
#include "entity/tag_unit.h"
#include "text/json.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int print_article(struct nd_tokens *t, struct nd_units *u, const struct nd_str *texts,
                         size_t texts_n, struct nd_error *err)
{
    nd_tokens_reset(t);
    int rc = 0;
    for (unsigned f = 0; f < texts_n && !rc; f++)
        rc = nd_tokens_add(t, texts[f].p ? texts[f].p : "", texts[f].n, f, err);
    for (size_t at = 0; at < t->n && !rc;) {
        rc = nd_units_build(u, t, &at, texts, texts_n, err);
        for (size_t i = 0; i < u->n && !rc; i++)
            printf("%s%.*s",
                   i == 0                       ? ""
                   : u->v[i].flags & ND_U_FIRST ? "\n"
                                                : " ",
                   (int)u->v[i].len, u->v[i].p);
        printf("\n");
    }
    printf("\n");
    return rc;
}

int main(int argc, char **argv)
{
    struct nd_error err = {0};
    struct nd_json_parser *parser = NULL;
    struct nd_arena arena;
    struct nd_tokens t;
    struct nd_units u;
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    nd_arena_init(&arena, 1 << 28);
    nd_units_init(&u);
    int rc = nd_tokens_init(&t);
    if (!rc)
        rc = nd_json_parser_new(&parser, &err);
    if (argc > 1) {
        const char *held = argc > 3 && strcmp(argv[1], "-d") == 0 ? argv[2] : NULL;
        struct nd_corpus c;
        const struct nd_doc *d;
        if (nd_corpus_open(&c, argv[argc - 1], held, held ? 0 : -1))
            return 1;
        while (!rc && (d = nd_corpus_next(&c, false)) != NULL) {
            struct nd_str data = {d->text.data, d->text.len};
            rc = print_article(&t, &u, &data, 1, &err);
        }
        nd_corpus_close(&c);
    }
    while (!rc && argc < 2 && (n = getline(&line, &cap, stdin)) > 0) {
        struct nd_json *v = NULL;
        nd_arena_reset(&arena);
        if (nd_json_parse(parser, &v, &arena, line, (size_t)n, &err))
            continue;
        const struct nd_json *title = nd_json_get(v, "title"), *body = nd_json_get(v, "body");
        struct nd_str texts[2] = {{NULL, 0}, {NULL, 0}};
        if (title && title->kind == ND_JSON_STRING)
            texts[0] = title->text;
        if (body && body->kind == ND_JSON_STRING)
            texts[1] = body->text;
        rc = print_article(&t, &u, texts, 2, &err);
    }
    if (rc)
        fprintf(stderr, "text: %s\n", err.msg);
    free(line);
    nd_json_parser_free(parser);
    nd_tokens_free(&t);
    nd_units_free(&u);
    nd_arena_free(&arena);
    return rc ? 1 : 0;
}
