/* tiny_index.h: indexes of a few hand-made articles for the tests of the query side. */
#ifndef TESTS_TINY_INDEX_H
#define TESTS_TINY_INDEX_H

#include "../check.h"
#include "lang/lower.h"
#include "lang/match.h"
#include "segment/build.h"
#include "segment/commit.h"
#include "text/stem.h"

#include <stdlib.h>
#include <string.h>

struct tiny_article {
    const char *id, *title, *lead, *body, *source, *author, *date, *lang;
    /* mentions: "TYPE first words id;..." with TYPE p o l m and word numbers of the whole article */
    const char *mentions;
};

__attribute__((unused)) static struct nd_str tiny_str(const char *s)
{
    return s ? nd_str_of(s) : (struct nd_str){NULL, 0};
}

__attribute__((unused)) static size_t tiny_mentions(const char *s, struct nd_mention *out)
{
    size_t n = 0;
    while (s && *s) {
        struct nd_mention *m = &out[n++];
        char *end;
        m->proof = 0;
        m->type = *s == 'p' ? ND_PERSON : *s == 'o' ? ND_ORG : *s == 'l' ? ND_PLACE : ND_MISC;
        m->first = (uint32_t)strtoul(s + 1, &end, 10);
        m->words = (uint8_t)strtoul(end, &end, 10);
        s = end + strspn(end, " ");
        m->id = m->surface = (struct nd_str){s, strcspn(s, ";")};
        s += m->id.n + (s[m->id.n] == ';');
    }
    return n;
}

/* Add a segment of these articles to the index in dir. */
__attribute__((unused)) static void tiny_segment(struct nd_writer *w, const struct tiny_article *a,
                                                 size_t n)
{
    struct nd_error err = {0};
    struct nd_build_options o = {0};
    struct nd_build *b;
    struct nd_tokens t;
    char path[ND_PATH_MAX];
    uint32_t number;
    CHECK_INT(nd_writer_new_segment(w, &number, path, &err), 0);
    if (!CHECK_INT(nd_build_new(&b, path, &o, &err), 0))
        return;
    CHECK_INT(nd_tokens_init(&t), 0);
    for (size_t i = 0; i < n; i++) {
        struct nd_article x = {.id = tiny_str(a[i].id),
                               .title = tiny_str(a[i].title),
                               .lead = tiny_str(a[i].lead),
                               .body = tiny_str(a[i].body),
                               .source = tiny_str(a[i].source),
                               .lang = tiny_str(a[i].lang)};
        struct nd_str author = tiny_str(a[i].author);
        struct nd_mention mentions[16];
        x.authors = (struct nd_strs){&author, author.n ? 1 : 0};
        if (a[i].date)
            CHECK_INT(nd_date_parse(&x.published, a[i].date, strlen(a[i].date), &err), 0);
        else
            x.published.utc = ND_UTC_NONE;
        x.updated.utc = ND_UTC_NONE;
        nd_tokens_reset(&t);
        for (unsigned f = 0; f < ND_FIELDS; f++) {
            struct nd_str s = nd_article_field(&x, f);
            if (s.n)
                CHECK_INT(nd_tokens_add(&t, s.p, s.n, f, &err), 0);
        }
        struct nd_build_article ba = {.article = &x,
                                      .tokens = &t,
                                      .lang = a[i].lang ? nd_lang_of(a[i].lang, strlen(a[i].lang))
                                                        : ND_LANG_EN,
                                      .mentions = mentions,
                                      .mentions_n = tiny_mentions(a[i].mentions, mentions),
                                      .revision = nd_writer_revision(w),
                                      .first_revision = nd_writer_revision(w),
                                      .indexed = 1700000000};
        CHECK_INT(nd_build_add(b, &ba, &err), 0);
    }
    nd_tokens_free(&t);
    if (!CHECK_INT(nd_build_finish(b, NULL, &err), 0))
        printf("%s\n", err.msg);
    CHECK_INT(nd_writer_add_segment(w, number, (uint32_t)n, NULL, &err), 0);
}

/* An index of one segment for each run of `size` articles. */
__attribute__((unused)) static void tiny_make(const char *dir, const struct tiny_article *a,
                                              size_t n, size_t size)
{
    struct nd_error err = {0};
    struct nd_writer_options o = {.create = true};
    struct nd_writer *w;
    if (!CHECK_INT(nd_writer_open(&w, dir, &o, &err), 0)) {
        printf("%s\n", err.msg);
        return;
    }
    for (size_t i = 0; i < n; i += size)
        tiny_segment(w, a + i, n - i < size ? n - i : size);
    if (!CHECK_INT(nd_writer_commit(w, &err), 0))
        printf("%s\n", err.msg);
    nd_writer_close(w);
}

/* An open index with a lowered query. */
struct tiny {
    struct nd_index *ix;
    struct nd_stemmers *stemmers;
    struct nd_arena arena;
    struct nd_query query;
    struct nd_lowered lowered;
    struct nd_error err;
};

__attribute__((unused)) static void tiny_open(struct tiny *t, const char *dir)
{
    memset(t, 0, sizeof *t);
    if (!CHECK_INT(nd_index_open(&t->ix, &dir, 1, &t->err), 0))
        printf("%s\n", t->err.msg);
    CHECK_INT(nd_stemmers_new(&t->stemmers, &t->err), 0);
    nd_arena_init(&t->arena, 256 << 20);
}

__attribute__((unused)) static void tiny_close(struct tiny *t)
{
    nd_arena_free(&t->arena);
    nd_stemmers_free(t->stemmers);
    nd_index_close(t->ix);
}

__attribute__((unused)) static int tiny_lower(struct tiny *t, const char *q)
{
    struct nd_parse_options o = {.today = 20240315};
    nd_arena_reset(&t->arena);
    t->err = (struct nd_error){0};
    int rc = nd_parse(&t->query, &t->arena, q, strlen(q), &o, &t->err);
    return rc ? rc
              : nd_lower(&t->lowered, &t->arena, t->ix, t->stemmers, t->query.root, NULL, &t->err);
}

/* The id of a hit, NUL-ended. */
__attribute__((unused)) static void tiny_id(const struct tiny *t, size_t segment, uint32_t docid,
                                            char id[64])
{
    struct nd_buf line;
    struct nd_error err = {0};
    nd_buf_init(&line, 1 << 20);
    id[0] = '\0';
    if (CHECK_INT(xap_data(&line, t->ix->xap, segment, docid, &err), 0)) {
        const char *p = strstr(line.data, "\"id\":\"");
        if (CHECK(p != NULL))
            snprintf(id, 64, "%.*s", (int)strcspn(p + 6, "\""), p + 6);
    }
    nd_buf_free(&line);
}

#endif
