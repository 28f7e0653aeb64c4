#include "stream_sample.h"

#include "base/map.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Codes as text, one after the other: w<rank>, f, p, s, m<n>, j<rank>, o<n>. */
static void describe(struct nd_buf *out, struct nd_section codes)
{
    size_t at = 0;
    while (at < codes.n) {
        unsigned mark;
        uint32_t v;
        size_t n = nd_code_get(codes.p + at, codes.n - at, &mark, &v);
        if (!CHECK(n > 0))
            return;
        nd_buf_printf(out, "%c%u ", "fpsmjow"[mark], v);
        at += n;
    }
}

static void stream_codes_round_trip(void)
{
    static const uint32_t edge[] = {
        0, 1, 121, 122, 123, 122 * 128 - 1, 122 * 128, 1 << 21, UINT32_MAX - 1, UINT32_MAX};
    unsigned char code[ND_CODE_MAX];
    for (unsigned mark = 0; mark <= ND_WORD_FIRST; mark++)
        for (size_t i = 0; i < 2000; i++) {
            uint32_t v = i < 10 ? edge[i] : (uint32_t)(check_random() >> (32 + i % 32)), got;
            unsigned m;
            size_t n = nd_code_put(code, mark, v);
            CHECK(n >= 1 && n <= ND_CODE_MAX);
            CHECK_INT(nd_code_get(code, n, &m, &got), n);
            CHECK(m == mark && got == v);
            CHECK_INT(nd_code_get(code, n - 1, &m, &got), 0);
        }
    CHECK_INT(nd_code_put(code, ND_WORD_FIRST, 122 * 3 + 7), 2);
    CHECK(code[0] == 0x83 && code[1] == 13);
}

static void stream_codes_have_one_spelling(void)
{
    unsigned mark;
    uint32_t v;
    CHECK_INT(nd_code_get((const unsigned char *)"\x80\x07", 2, &mark, &v), 0);
    CHECK_INT(nd_code_get((const unsigned char *)"\x90\x80\x80\x80\x80\x03", 6, &mark, &v), 0);
    CHECK_INT(nd_code_get((const unsigned char *)"\x81\x81\x81\x81\x81\x81\x03", 7, &mark, &v), 0);
    CHECK_INT(nd_code_get((const unsigned char *)"\x81\x81", 2, &mark, &v), 0);
    CHECK_INT(nd_code_get(NULL, 0, &mark, &v), 0);
}

static struct nd_stream *write_and_open(struct nd_stream_writer *w, const char *name)
{
    struct nd_error err = {0};
    struct nd_stream *s = NULL;
    uint64_t size = 0;
    CHECK_INT(nd_stream_writer_finish(w, path_of(name), &size, &err), 0);
    CHECK(size > 0);
    CHECK_INT(nd_stream_open(&s, path, &err), 0);
    nd_stream_writer_free(w);
    return s;
}

static uint32_t rank_of(struct nd_stream *s, const char *key)
{
    struct nd_word w;
    struct nd_error err = {0};
    int rc = nd_dict_find(s, key, strlen(key), &w, &err);
    return rc ? ND_MAP_NONE : w.rank;
}

static void stream_article_reads_as_documented(void)
{
    struct nd_tokens t;
    struct nd_stream_writer *w;
    struct nd_error err = {0};
    uint32_t ids[12], joined[12];
    fill_sample(&t);
    struct nd_mention mentions[] = {
        {3, 1, ND_PLACE, ND_STR("moscow"), ND_STR("Moscow"), 0},
        {1, 1, ND_MISC, ND_STR("grain"), ND_STR("Grain"), 0},
        {1, 2, ND_ORG, ND_STR("grain deal"), ND_STR("Grain deal"), 0},
        {10, 1, ND_PLACE, ND_STR("moscow"), ND_STR("Moscow"), 0},
    };
    CHECK_INT(nd_stream_writer_new(&w, &err), 0);
    CHECK_INT(nd_stream_writer_add(w, &t, ND_LANG_EN, mentions, 4, ids, joined, &err), 0);
    CHECK(ids[0] == ids[5] && ids[2] == ids[6] && ids[0] != ids[2]);
    CHECK(joined[7] == ND_MAP_NONE && joined[8] != ND_MAP_NONE);
    CHECK_STR(nd_stream_writer_key(w, joined[8]).p, "first-class");
    const uint32_t *arrival = nd_stream_writer_mentions(w);
    CHECK(arrival[0] == arrival[3] && arrival[1] != arrival[2]);
    CHECK_INT(nd_stream_writer_finish(w, path_of("s"), NULL, &err), 0);
    uint32_t n;
    const uint32_t *map = nd_stream_writer_entity_map(w, &n);
    CHECK_INT(n, 3);
    CHECK_INT(map[arrival[0]], 1); /* org, place, misc */
    CHECK_INT(map[arrival[1]], 2);
    nd_stream_writer_free(w);
    struct nd_stream *s = NULL;
    CHECK_INT(nd_stream_open(&s, path, &err), 0);
    CHECK_INT(nd_stream_docs(s), 1);
    CHECK_INT(nd_stream_tokens(s), 12);
    CHECK_INT(nd_stream_words(s), 8);
    /* deal 3, moscow 3, the 2, then class first first-class grain said */
    CHECK_INT(rank_of(s, "deal"), 0);
    CHECK_INT(rank_of(s, "moscow"), 1);
    CHECK_INT(rank_of(s, "the"), 2);
    CHECK_INT(rank_of(s, "class"), 3);
    CHECK_INT(rank_of(s, "first"), 4);
    CHECK_INT(rank_of(s, "first-class"), 5);
    CHECK_INT(nd_dict_parts(s, 5), 2);
    CHECK_INT(nd_dict_parts(s, 4), 1);
    CHECK_INT(nd_dict_shape(s, 1), ND_SHAPE_CAPITAL);
    CHECK_INT(nd_dict_shape(s, 2), ND_SHAPE_LOWER);
    struct nd_section codes;
    struct nd_buf text;
    nd_buf_init(&text, 10000);
    CHECK_INT(nd_stream_article(s, 1, &codes, &err), 0);
    describe(&text, codes);
    CHECK_STR(text.data,
              "f0 w2 m0 m2 w6 w0 f2 m1 w1 o0 w7 w2 o1 o4 w0 w4 w3 j5 p0 w0 s0 m1 w1 w1 ");
    nd_stream_prefetch(s, 1);
    nd_stream_prefetch(s, 2);
    CHECK_INT(nd_stream_article(s, 0, &codes, &err), ND_CORRUPT);
    CHECK_INT(nd_stream_article(s, 2, &codes, &err), ND_CORRUPT);
    nd_stream_close(s);
    nd_buf_free(&text);
    nd_tokens_free(&t);
}

static void stream_mentions_are_checked(void)
{
    struct nd_tokens t;
    struct nd_stream_writer *w;
    struct nd_error err = {0};
    fill_sample(&t);
    struct nd_mention far = {11, 2, ND_PLACE, ND_STR("x"), ND_STR("X"), 0},
                      empty = {1, 0, ND_PLACE, ND_STR("x"), ND_STR("X"), 0};
    CHECK_INT(nd_stream_writer_new(&w, &err), 0);
    CHECK_INT(nd_stream_writer_add(w, &t, 0, &far, 1, NULL, NULL, &err), ND_INTERNAL);
    CHECK_INT(nd_stream_writer_add(w, &t, 0, &empty, 1, NULL, NULL, &err), ND_INTERNAL);
    nd_stream_writer_free(w);
    nd_tokens_free(&t);
}

static void stream_without_articles_is_legal(void)
{
    struct nd_stream_writer *w;
    struct nd_error err = {0};
    struct nd_word out;
    CHECK_INT(nd_stream_writer_new(&w, &err), 0);
    struct nd_stream *s = write_and_open(w, "empty");
    struct nd_dict_cursor c;
    CHECK_INT(nd_stream_docs(s) + nd_stream_words(s) + nd_stream_entities(s), 0);
    CHECK_INT(nd_dict_seek(&c, s, "a", 1, &out, &err), ND_DONE);
    CHECK_INT(nd_dict_next(&c, &out, &err), ND_DONE);
    nd_dict_end(&c);
    CHECK_INT(nd_dict_find(s, "a", 1, &out, &err), ND_DONE);
    CHECK_INT(nd_stream_entity_seek(s, ND_PERSON, "a", 1), 0);
    struct nd_arena arena;
    uint32_t *ranks = NULL;
    size_t n = 0;
    nd_arena_init(&arena, 1 << 20);
    CHECK_INT(nd_dict_stem(s, 1, "a", 1, &arena, &ranks, &n, &err), ND_DONE);
    CHECK_INT(nd_dict_of_rank(s, 0, &arena, &out, &err), ND_CORRUPT);
    nd_arena_free(&arena);
    nd_stream_close(s);
}

/* ---- a random corpus, against a model ---- */

enum {
    VOCABULARY = 700,
    DOCS = 40,
    LANGS = 3
};

struct model {
    char key[VOCABULARY][24];
    uint32_t count[VOCABULARY];
    bool in_lang[VOCABULARY][LANGS];
    struct nd_tokens docs[DOCS];
    unsigned lang[DOCS];
};

static void make_key(char out[24], size_t i)
{
    static const char *const parts[] = {"a", "an",       "\xc3\xa9", "e",        "st",
                                        "s", "\xc3\xbc", "x1",       "\xd0\xb9", "o"};
    out[0] = '\0';
    size_t n = 0;
    for (size_t k = i + 1; k; k /= 10) {
        const char *p = parts[k % 10];
        memcpy(out + n, p, strlen(p) + 1);
        n += strlen(p);
    }
    if (i % 50 == 7) { /* a word whose capitals matter */
        for (size_t k = 0; k < n; k++)
            if (out[k] >= 'a' && out[k] <= 'z')
                out[k] = (char)(out[k] - 32);
    }
}

static void make_model(struct model *m)
{
    for (size_t i = 0; i < VOCABULARY; i++)
        make_key(m->key[i], i);
    for (size_t d = 0; d < DOCS; d++) {
        struct nd_tokens *t = &m->docs[d];
        nd_tokens_init(t);
        m->lang[d] = (unsigned)(check_random() % LANGS);
        size_t n = d == 3 ? 0 : check_random() % 400;
        for (size_t i = 0; i < n; i++) {
            size_t k = check_random() % VOCABULARY;
            k = k * (check_random() % VOCABULARY) / VOCABULARY; /* small ones often */
            unsigned field = i * 3 / n;
            unsigned brk = check_random() % 9 == 0 ? 1 + check_random() % 2 : 0;
            unsigned shape =
                check_random() % 5 == 0 ? (unsigned)(check_random() % 4) : (unsigned)(k % 2);
            word(t, m->key[k], field, brk, shape,
                 (check_random() % 11 == 0 ? ND_T_QUOTE_OPEN : 0) |
                     (check_random() % 11 == 0 ? ND_T_QUOTE_CLOSE : 0));
            m->count[k]++;
            m->in_lang[k][m->lang[d]] = true;
        }
    }
}

/* What the codes of an article must be, by ranks and usual shapes that the dictionary gives. */
static void expect(struct nd_buf *out, struct nd_stream *s, const struct nd_tokens *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct nd_token *k = &t->v[i];
        struct nd_str key = nd_token_key(t, i);
        struct nd_word w;
        bool field = i == 0 || k->field != t->v[i - 1].field;
        CHECK_INT(nd_dict_find(s, key.p, key.n, &w, NULL), 0);
        if (field)
            nd_buf_printf(out, "f%u ", k->field);
        else if (k->brk)
            nd_buf_str(out, k->brk == ND_BREAK_PARAGRAPH ? "p0 " : "s0 ");
        if (k->flags & ND_T_QUOTE_OPEN)
            nd_buf_str(out, "o0 ");
        unsigned usual = w.shape;
        if ((field || k->brk) && usual == ND_SHAPE_LOWER)
            usual = ND_SHAPE_CAPITAL;
        if (k->shape != usual)
            nd_buf_printf(out, "o%u ", k->shape + 2);
        nd_buf_printf(out, "w%u ", w.rank);
        if (k->flags & ND_T_QUOTE_CLOSE)
            nd_buf_str(out, "o1 ");
    }
}

static void check_articles(const struct model *m, struct nd_stream *s)
{
    struct nd_buf got, want;
    nd_buf_init(&got, 1 << 20);
    nd_buf_init(&want, 1 << 20);
    for (size_t d = 0; d < DOCS; d++) {
        struct nd_section codes;
        nd_buf_reset(&got);
        nd_buf_reset(&want);
        CHECK_INT(nd_stream_article(s, (uint32_t)d + 1, &codes, NULL), 0);
        describe(&got, codes);
        expect(&want, s, &m->docs[d]);
        CHECK_MEM(got.data, got.len, want.data, want.len);
    }
    nd_buf_free(&got);
    nd_buf_free(&want);
}

static void fold_of(struct nd_buf *out, const char *p, size_t n)
{
    nd_buf_reset(out);
    CHECK_INT(nd_fold(out, p, n), 0);
}

static void check_dictionary(const struct model *m, struct nd_stream *s)
{
    struct nd_dict_cursor c;
    struct nd_word w;
    struct nd_error err = {0};
    struct nd_arena arena;
    struct nd_buf last, fold;
    uint32_t words = 0, before = UINT32_MAX;
    nd_arena_init(&arena, 1 << 24);
    nd_buf_init(&last, 1000);
    nd_buf_init(&fold, 1000);
    nd_buf_byte(&last, 0);
    for (size_t i = 0; i < VOCABULARY; i++)
        words += m->count[i] != 0;
    CHECK_INT(nd_stream_words(s), words);
    uint32_t seen = 0;
    for (int rc = nd_dict_seek(&c, s, "", 0, &w, &err); rc == 0; rc = nd_dict_next(&c, &w, &err)) {
        struct nd_str f = nd_dict_fold(&c);
        fold_of(&fold, w.key.p, w.key.n);
        CHECK_MEM(f.p, f.n, fold.data, fold.len);
        nd_buf_byte(&fold, 0);
        nd_buf_add(&fold, w.key.p, w.key.n);
        CHECK(nd_str_cmp((struct nd_str){last.data, last.len},
                         (struct nd_str){fold.data, fold.len}) < 0);
        nd_buf_reset(&last);
        nd_buf_add(&last, fold.data, fold.len);
        seen++;
    }
    nd_dict_end(&c);
    CHECK_INT(seen, words);
    for (uint32_t r = 0; r < words; r++) {
        struct nd_word again;
        CHECK_INT(nd_dict_of_rank(s, r, &arena, &w, &err), 0);
        CHECK(w.count <= before && w.rank == r && w.parts == 1);
        before = w.count;
        CHECK_INT(nd_dict_find(s, w.key.p, w.key.n, &again, &err), 0);
        CHECK_INT(again.rank, r);
    }
    for (size_t i = 0; i < VOCABULARY; i++) {
        int rc = nd_dict_find(s, m->key[i], strlen(m->key[i]), &w, &err);
        CHECK_INT(rc, m->count[i] ? 0 : ND_DONE);
        if (rc == 0)
            CHECK_INT(w.count, m->count[i]);
    }
    CHECK_INT(nd_dict_find(s, "zzz", 3, &w, &err), ND_DONE);
    nd_buf_free(&last);
    nd_buf_free(&fold);
    nd_arena_free(&arena);
}

static void check_seek(struct nd_stream *s)
{
    struct nd_buf fold, first;
    struct nd_error err = {0};
    nd_buf_init(&fold, 1000);
    nd_buf_init(&first, 1000);
    for (int i = 0; i < 300; i++) {
        char key[24];
        struct nd_dict_cursor c, all;
        struct nd_word got, w;
        make_key(key, check_random() % 3000);
        size_t n = strlen(key);
        fold_of(&fold, key, n);
        if (check_random() % 3 == 0 && fold.len > 1)
            fold.len--;
        struct nd_str want = {fold.data, fold.len};
        int rc = nd_dict_seek(&c, s, want.p, want.n, &got, &err), slow;
        for (slow = nd_dict_seek(&all, s, "", 0, &w, &err); slow == 0;
             slow = nd_dict_next(&all, &w, &err))
            if (nd_str_cmp(nd_dict_fold(&all), want) >= 0)
                break;
        CHECK_INT(rc, slow);
        if (rc == 0)
            CHECK_MEM(got.key.p, got.key.n, w.key.p, w.key.n);
        nd_dict_end(&all);
        nd_dict_end(&c);
    }
    nd_buf_free(&fold);
    nd_buf_free(&first);
}

/* Does nd_stems give this stem to the word in the language? */
static bool has_stem(struct nd_stemmers *st, unsigned lang, const char *key, struct nd_str stem)
{
    struct nd_buf b;
    size_t len[ND_STEMS_MAX] = {0}, at = 0;
    bool yes = false;
    nd_buf_init(&b, 1000);
    int n = nd_stems(st, lang, key, strlen(key), &b, len);
    for (int i = 0; i < n; at += len[i], i++)
        yes = yes || nd_str_eq((struct nd_str){b.data + at, len[i]}, stem);
    nd_buf_free(&b);
    return yes;
}

static void check_stems(const struct model *m, struct nd_stream *s)
{
    struct nd_stemmers *st;
    struct nd_arena arena;
    struct nd_error err = {0};
    struct nd_buf b;
    nd_buf_init(&b, 1000);
    nd_arena_init(&arena, 1 << 24);
    CHECK_INT(nd_stemmers_new(&st, &err), 0);
    for (size_t i = 0; i < VOCABULARY; i += 3) {
        unsigned lang = (unsigned)(i % (LANGS + 1));
        size_t len[ND_STEMS_MAX] = {0};
        nd_buf_reset(&b);
        CHECK(nd_stems(st, lang, m->key[i], strlen(m->key[i]), &b, len) > 0);
        struct nd_str stem = {b.data, len[0]};
        uint32_t *ranks = NULL;
        size_t n = 0, want = 0;
        int rc = nd_dict_stem(s, lang, stem.p, stem.n, &arena, &ranks, &n, &err);
        for (size_t k = 0; k < VOCABULARY; k++) {
            if (lang >= LANGS || !m->in_lang[k][lang] || !has_stem(st, lang, m->key[k], stem))
                continue;
            bool there = false;
            for (size_t r = 0; r < n; r++)
                there = there || ranks[r] == rank_of(s, m->key[k]);
            CHECK(there);
            want++;
        }
        CHECK_INT(n, want);
        CHECK_INT(rc, want ? 0 : ND_DONE);
        for (size_t r = 1; r < n; r++)
            CHECK(ranks[r - 1] < ranks[r]);
    }
    nd_stemmers_free(st);
    nd_arena_free(&arena);
    nd_buf_free(&b);
}

static void stream_random_corpus_agrees_with_a_model(void)
{
    struct model *m = calloc(1, sizeof *m);
    struct nd_stream_writer *w;
    struct nd_error err = {0};
    make_model(m);
    CHECK_INT(nd_stream_writer_new(&w, &err), 0);
    for (size_t d = 0; d < DOCS; d++)
        CHECK_INT(nd_stream_writer_add(w, &m->docs[d], m->lang[d], NULL, 0, NULL, NULL, &err), 0);
    CHECK(nd_stream_writer_bytes(w) > 10000);
    struct nd_stream *s = write_and_open(w, "random");
    CHECK_INT(nd_stream_docs(s), DOCS);
    check_articles(m, s);
    check_dictionary(m, s);
    check_seek(s);
    check_stems(m, s);
    nd_stream_close(s);
    for (size_t d = 0; d < DOCS; d++)
        nd_tokens_free(&m->docs[d]);
    free(m);
}

static void stream_stems_of_a_chain_are_those_of_one_word(void)
{
    struct nd_tokens t;
    struct nd_stream_writer *w;
    struct nd_error err = {0};
    fill_sample(&t);
    word(&t, "firstclass", 2, 0, 0, 0);
    CHECK_INT(nd_stream_writer_new(&w, &err), 0);
    CHECK_INT(nd_stream_writer_add(w, &t, ND_LANG_NONE, NULL, 0, NULL, NULL, &err), 0);
    struct nd_stream *s = write_and_open(w, "chain");
    struct nd_arena arena;
    nd_arena_init(&arena, 1 << 20);
    uint32_t *ranks = NULL;
    size_t n = 0;
    CHECK_INT(nd_dict_stem(s, ND_LANG_NONE, "firstclass", 10, &arena, &ranks, &n, &err), 0);
    CHECK_INT(n, 2);
    CHECK(ranks[0] == rank_of(s, "first-class") && ranks[1] == rank_of(s, "firstclass"));
    CHECK_INT(nd_dict_stem(s, ND_LANG_NONE, "moscow", 6, &arena, &ranks, &n, &err), 0);
    CHECK_INT(n, 3); /* appended */
    CHECK_INT(nd_dict_stem(s, ND_LANG_DE, "moscow", 6, &arena, &ranks, &n, &err), ND_DONE);
    CHECK_INT(n, 3);
    nd_arena_free(&arena);
    nd_stream_close(s);
    nd_tokens_free(&t);
}

static void stream_entities_are_sorted_and_found(void)
{
    struct nd_tokens t;
    struct nd_stream_writer *w;
    struct nd_error err = {0};
    char names[64][16];
    fill_sample(&t);
    CHECK_INT(nd_stream_writer_new(&w, &err), 0);
    for (int i = 0; i < 200; i++) {
        struct nd_mention m[2];
        for (int k = 0; k < 2; k++) {
            unsigned r = (unsigned)(check_random() % 64);
            snprintf(names[r], sizeof names[r], "name %u", r / 2);
            m[k] = (struct nd_mention){(uint32_t)k,
                                       1,
                                       (enum nd_entity_type)(r % 3 % 4),
                                       nd_str_of(names[r]),
                                       r % 2 ? ND_STR("Short") : ND_STR("Longer form"),
                                       0};
        }
        CHECK_INT(nd_stream_writer_add(w, &t, 1, m, 2, NULL, NULL, &err), 0);
    }
    struct nd_stream *s = write_and_open(w, "entities");
    struct nd_entity_row before = {0}, row;
    uint32_t n = nd_stream_entities(s), total = 0;
    CHECK(n > 20);
    for (uint32_t i = 0; i < n; i++, before = row) {
        CHECK_INT(nd_stream_entity(s, i, &row, &err), 0);
        total += row.mentions;
        int c = (int)before.type - (int)row.type;
        if (c == 0)
            c = nd_str_cmp(before.id, row.id);
        CHECK(i == 0 || c < 0 || (c == 0 && nd_str_cmp(before.surface, row.surface) < 0));
        uint32_t at = nd_stream_entity_seek(s, row.type, row.id.p, row.id.n);
        CHECK(c == 0 ? at < i : at == i);
    }
    CHECK_INT(total, 400);
    CHECK_INT(nd_stream_entity_seek(s, ND_MISC, "zz", 2), n);
    CHECK_INT(nd_stream_entity_seek(s, ND_PERSON, "", 0), 0);
    CHECK_INT(nd_stream_entity(s, n, &row, &err), ND_CORRUPT);
    nd_stream_close(s);
    nd_tokens_free(&t);
}

int main(void)
{
    RUN(stream_codes_round_trip);
    RUN(stream_codes_have_one_spelling);
    RUN(stream_article_reads_as_documented);
    RUN(stream_mentions_are_checked);
    RUN(stream_without_articles_is_legal);
    RUN(stream_random_corpus_agrees_with_a_model);
    RUN(stream_stems_of_a_chain_are_those_of_one_word);
    RUN(stream_entities_are_sorted_and_found);
    return check_done();
}
