/* gold_eval.h: corpora/gold/entities.tsv beside the articles of corpora/news.jsonl, for tests of ids.
 * Call order:  gold_open gold_article* gold_close.   Used by: test_resolve.c, test_entities.c. */
#ifndef TESTS_UNIT_GOLD_EVAL_H
#define TESTS_UNIT_GOLD_EVAL_H

#include "base/file.h"
#include "check.h"
#include "entity/canon.h"
#include "entity/entities.h"
#include "input/source.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

struct gold_line {
    struct nd_str article, field, surface, id;
    unsigned occurrence, type;
};

struct gold {
    struct nd_buf file;
    struct gold_line *v;
    size_t n;
    struct nd_source *source;
    struct nd_arena arena;
    struct nd_article article; /* the one at hand */
    struct nd_tokens tokens;
    struct nd_tag tags[2048]; /* its gold mentions as the tagger would give them, in text order */
    const struct gold_line *line[2048];
    size_t tags_n, lost; /* lost: lines whose place was not found */
};

static struct nd_str cut(const char **p, const char *end, char stop)
{
    const char *q = memchr(*p, stop, (size_t)(end - *p));
    struct nd_str s = {*p, (size_t)((q ? q : end) - *p)};
    *p = q ? q + 1 : end;
    return s;
}

static int gold_open(struct gold *g)
{
    struct nd_error err = {0};
    memset(g, 0, sizeof *g);
    nd_buf_init(&g->file, 4 << 20);
    nd_arena_init(&g->arena, 64 << 20);
    if (nd_tokens_init(&g->tokens) || nd_file_read(&g->file, "corpora/gold/entities.tsv", &err))
        return ND_MISSING;
    g->v = calloc(g->file.len / 10 + 1, sizeof *g->v);
    const char *p = g->file.data, *end = p + g->file.len;
    while (g->v && p < end) {
        struct nd_str line = cut(&p, end, '\n');
        if (!line.n || *line.p == '#')
            continue;
        const char *q = line.p, *stop = line.p + line.n;
        struct gold_line *l = &g->v[g->n++];
        l->article = cut(&q, stop, '\t');
        l->field = cut(&q, stop, '\t');
        l->surface = cut(&q, stop, '\t');
        struct nd_str times = cut(&q, stop, '\t'), type = cut(&q, stop, '\t');
        for (size_t i = 0; i < times.n; i++)
            l->occurrence = l->occurrence * 10 + (unsigned)(times.p[i] - '0');
        l->type = *type.p == 'p'   ? (type.p[1] == 'e' ? ND_PERSON : ND_PLACE)
                  : *type.p == 'o' ? ND_ORG
                                   : ND_MISC;
        l->id = cut(&q, stop, '\t');
    }
    static const char *const paths[] = {"corpora/news.jsonl"};
    static const struct nd_source_options options;
    return nd_source_open(&g->source, paths, 1, &options, &err);
}

static void gold_close(struct gold *g)
{
    nd_source_close(g->source);
    nd_tokens_free(&g->tokens);
    nd_arena_free(&g->arena);
    nd_buf_free(&g->file);
    free(g->v);
}

static bool letter_at(struct nd_str text, size_t at, bool before)
{
    if (before ? at == 0 : at >= text.n)
        return false;
    if (before) {
        at--;
        while (at && ((unsigned char)text.p[at] & 0xc0) == 0x80)
            at--;
    }
    uint32_t cp = 0;
    if (!nd_utf8_decode(text.p + at, text.n - at, &cp))
        return false;
    return cp < 0x80 ? (cp >= '0' && cp <= '9') || ((cp | 32) >= 'a' && (cp | 32) <= 'z')
                     : (cp >= 0xc0 && cp < 0x2000 && cp != 0xd7 && cp != 0xf7) || cp >= 0x3000;
}

static void place(struct gold *g, const struct gold_line *l)
{
    unsigned field = *l->field.p == 't'   ? ND_FIELD_TITLE
                     : *l->field.p == 'l' ? ND_FIELD_LEAD
                                          : ND_FIELD_BODY;
    struct nd_str text = nd_article_field(&g->article, field);
    unsigned seen = 0;
    size_t at = 0;
    for (; at + l->surface.n <= text.n; at++)
        if (memcmp(text.p + at, l->surface.p, l->surface.n) == 0 && !letter_at(text, at, true) &&
            !letter_at(text, at + l->surface.n, false) && ++seen == l->occurrence)
            break;
    size_t i = 0, n = 0;
    if (at + l->surface.n > text.n) {
        g->lost++;
        return;
    }
    while (i < g->tokens.n && (g->tokens.v[i].field != field || g->tokens.v[i].end <= at))
        i++;
    while (i + n < g->tokens.n && g->tokens.v[i + n].field == field &&
           g->tokens.v[i + n].start < at + l->surface.n)
        n++;
    if (!n || g->tags_n == 2048) {
        g->lost++;
        return;
    }
    size_t k = g->tags_n++;
    while (k && g->tags[k - 1].first > i) {
        g->tags[k] = g->tags[k - 1];
        g->line[k] = g->line[k - 1];
        k--;
    }
    g->tags[k] = (struct nd_tag){
        .first = (uint32_t)i, .words = (uint8_t)n, .type = (uint8_t)l->type, .score = 100};
    g->line[k] = l;
}

/* The next article with its tags. Return: 0, ND_DONE. */
static int gold_article(struct gold *g)
{
    struct nd_error err = {0};
    nd_arena_reset(&g->arena);
    int rc = nd_source_next(g->source, &g->article, &g->arena, &err);
    if (rc)
        return rc;
    nd_tokens_reset(&g->tokens);
    for (unsigned f = 0; f < ND_FIELDS; f++) {
        struct nd_str text = nd_article_field(&g->article, f);
        CHECK_INT(nd_tokens_add(&g->tokens, text.p, text.n, f, &err), 0);
    }
    g->tags_n = 0;
    for (size_t i = 0; i < g->n; i++)
        if (nd_str_eq(g->v[i].article, g->article.id))
            place(g, &g->v[i]);
    return 0;
}

/* The id that a gold line means in the spelling of the alias file. */
static struct nd_str gold_id(const struct nd_gazetteer *gaz, const struct gold_line *l,
                             struct nd_arena *arena)
{
    struct nd_str id = l->id;
    if (memchr(id.p, '#', id.n) || memchr(id.p, '(', id.n))
        return id;
    struct nd_tokens t;
    CHECK_INT(nd_tokens_init(&t), 0);
    CHECK_INT(nd_tokens_add(&t, id.p, id.n, 0, NULL), 0);
    uint64_t hash[ND_GAZ_WORDS_MAX] = {0};
    for (size_t i = 0; i < t.n && i < ND_GAZ_WORDS_MAX; i++) {
        struct nd_str k = nd_token_key(&t, i);
        char low[ND_WORD_MAX];
        for (size_t c = 0; c < k.n; c++)
            low[c] = (char)(k.p[c] >= 'A' && k.p[c] <= 'Z' ? k.p[c] + 32 : k.p[c]);
        hash[i] = nd_gaz_hash(low, k.n);
    }
    struct nd_gaz_row r = {0};
    uint32_t row = t.n <= ND_GAZ_WORDS_MAX ? nd_gaz_exact(gaz, hash, t.n) : UINT32_MAX;
    nd_tokens_free(&t);
    for (; row != UINT32_MAX && !nd_gaz_row(gaz, row, &r); row++) {
        if (r.type == (enum nd_entity_type)l->type && !(r.flags & (ND_ROW_LONE | ND_ROW_SECOND)))
            return r.id.p ? r.id : id;
        if (!(r.flags & ND_ROW_MORE))
            break;
    }
    size_t blank = 0;
    while (blank < id.n && id.p[blank] != ' ')
        blank++;
    if (l->type == ND_PERSON && blank < id.n) {
        struct nd_str given = nd_canon_given((struct nd_str){id.p, blank});
        const char *p = nd_arena_printf(arena, "%.*s%.*s", (int)given.n, given.p,
                                        (int)(id.n - blank), id.p + blank);
        return nd_str_of(p);
    }
    return id;
}

#endif
