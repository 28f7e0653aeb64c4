/* test_tag.c: units, labels, model file, tagger. */
#include "check.h"

#include "entity/tag.h"
#include "entity/tag_vote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nd_model model;
static struct nd_gazetteer gaz;

/* The units of one text, joined by '|'; '^' before a sentence's first. */
static const char *units_of(const char *text, size_t n)
{
    static char out[4096];
    struct nd_tokens t;
    struct nd_units u;
    struct nd_error err = {0};
    struct nd_str s = {text, n};
    size_t k = 0;
    nd_tokens_init(&t);
    nd_units_init(&u);
    CHECK_INT(nd_tokens_add(&t, text, n, 0, &err), 0);
    for (size_t at = 0; at < t.n;) {
        if (!CHECK(nd_units_build(&u, &t, &at, &s, 1, &err) == 0))
            break;
        for (size_t i = 0; i < u.n && k + u.v[i].len + 4 < sizeof out; i++)
            k += (size_t)snprintf(out + k, sizeof out - k, "%s%s%.*s", k ? "|" : "",
                                  u.v[i].flags & ND_U_FIRST ? "^" : "", (int)u.v[i].len, u.v[i].p);
    }
    out[k] = 0;
    nd_units_free(&u);
    nd_tokens_free(&t);
    return out;
}

static const char *units(const char *text)
{
    return units_of(text, strlen(text));
}

static void units_have_punctuation(void)
{
    CHECK_STR(units("Mr. Kim, the leader, met Putin."), "^Mr|Kim|,|the|leader|,|met|Putin|.");
    CHECK_STR(units("He left. \xe2\x80\x9cNo,\xe2\x80\x9d she said."),
              "^He|left|.|^\"|No|,|\"|she|said|.");
    CHECK_STR(units("One \xe2\x80\x93 two -- three\xe2\x80\xa6 four"),
              "^One|--|two|--|three|...|four");
}

static void units_join_chains_and_part_possessives(void)
{
    CHECK_STR(units("Kim Jong-un\xe2\x80\x99s U.S.-led talks"), "^Kim|Jong-un|'s|U.S.-led|talks");
    CHECK_STR(units("the Beatles' song"), "^the|Beatles|'|song");
}

static void units_leave_marks_of_links_out(void)
{
    CHECK_STR(units("See https://www.Example.com/A/B?q=1 now"),
              "^See|https|www|Example|com|A|B|q|1|now");
    CHECK_STR(units("and/or"), "^and|/|or");
}

static void units_survive_odd_text(void)
{
    CHECK_STR(units(""), "");
    CHECK_STR(units("..."), "");
    CHECK_STR(units_of("a\0b", 3), "^a|b");
    char *rule = malloc(100001);
    memset(rule, '-', 100000);
    rule[0] = 'a';
    rule[99999] = 'b';
    rule[100000] = 0;
    CHECK(strlen(units(rule)) < 40);
    free(rule);
}

static void units_refuse_tokens_of_another_text(void)
{
    struct nd_tokens t;
    struct nd_units u;
    struct nd_error err = {0};
    struct nd_str shorter = {"One", 3};
    size_t at = 0;
    nd_tokens_init(&t);
    nd_units_init(&u);
    CHECK_INT(nd_tokens_add(&t, "One two three", 13, 0, &err), 0);
    CHECK_INT(nd_units_build(&u, &t, &at, &shorter, 1, &err), ND_INTERNAL);
    at = 0;
    CHECK_INT(nd_units_build(&u, &t, &at, &shorter, 0, &err), ND_INTERNAL);
    nd_units_free(&u);
    nd_tokens_free(&t);
}

static void chunks_cover_every_word_once(void)
{
    struct nd_tokens t;
    struct nd_units u;
    struct nd_error err = {0};
    struct nd_buf b;
    nd_buf_init(&b, 1 << 24);
    for (int i = 0; i < 60000; i++)
        nd_buf_str(&b, i % 9 == 8 ? "(Kim-Il) said. " : "Kim, ");
    struct nd_str text = {b.data, b.len};
    nd_tokens_init(&t);
    nd_units_init(&u);
    CHECK_INT(nd_tokens_add(&t, b.data, b.len, 0, &err), 0);
    size_t words = 0, chunks = 0;
    for (size_t at = 0; at < t.n; chunks++) {
        if (!CHECK(nd_units_build(&u, &t, &at, &text, 1, &err) == 0))
            break;
        CHECK(u.n <= ND_UNITS_CHUNK);
        for (size_t i = 0; i < u.n; i++)
            if (u.v[i].words) {
                CHECK_INT(u.v[i].word, words);
                words += u.v[i].words;
            }
    }
    CHECK_INT(words, t.n);
    CHECK(chunks > 2);
    nd_units_free(&u);
    nd_tokens_free(&t);
    nd_buf_free(&b);
}

static void labels_follow_only_as_names_go(void)
{
    CHECK(nd_label_follows(0, nd_label(2, ND_PART_ONLY)));
    CHECK(nd_label_follows(nd_label(0, ND_PART_BEGIN), nd_label(0, ND_PART_LAST)));
    CHECK(!nd_label_follows(nd_label(0, ND_PART_BEGIN), nd_label(1, ND_PART_LAST)));
    CHECK(!nd_label_follows(nd_label(0, ND_PART_BEGIN), 0));
    CHECK(!nd_label_follows(0, nd_label(0, ND_PART_INSIDE)));
    CHECK(nd_label_follows(nd_label(3, ND_PART_LAST), nd_label(3, ND_PART_BEGIN)));
}

/* Score of a path, INT32_MIN if a label may not follow. */
static int32_t path_score(const struct nd_crf *crf, const struct nd_scores *s, const uint8_t *l,
                          size_t n)
{
    int32_t sum = 0;
    unsigned before = 0;
    for (size_t i = 0; i <= n; i++) {
        unsigned label = i < n ? l[i] : 0;
        if (!nd_label_follows(before, label))
            return INT32_MIN;
        sum += crf->move[before][label] + (label ? s[i].v[label - 1] : 0);
        before = label;
    }
    return sum;
}

static void decoding_finds_the_best_path_of_all(void)
{
    for (int round = 0; round < 50; round++) {
        struct nd_crf crf;
        struct nd_scores s[3];
        struct nd_crf_cell cells[3];
        uint8_t found[3], l[3];
        int32_t margin[3], best = INT32_MIN, other[3] = {INT32_MIN, INT32_MIN, INT32_MIN};
        for (int a = 0; a < ND_LABELS; a++)
            for (int b = 0; b < ND_LABELS; b++)
                crf.move[a][b] = (int32_t)(check_random() % 2000) - 1000;
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < ND_LANES; k++)
                s[i].v[k] = (int16_t)((int)(check_random() % 4000) - 2000);
        nd_crf_decode(&crf, s, 3, cells, found, margin);
        for (int code = 0; code < ND_LABELS * ND_LABELS * ND_LABELS; code++) {
            l[0] = (uint8_t)(code % ND_LABELS);
            l[1] = (uint8_t)(code / ND_LABELS % ND_LABELS);
            l[2] = (uint8_t)(code / ND_LABELS / ND_LABELS);
            int32_t v = path_score(&crf, s, l, 3);
            best = v > best ? v : best;
            for (int i = 0; i < 3; i++)
                if (l[i] != found[i] && v > other[i])
                    other[i] = v;
        }
        CHECK_INT(path_score(&crf, s, found, 3), best);
        for (int i = 0; i < 3; i++)
            CHECK_INT(margin[i], best - other[i]);
    }
}

static void votes_leave_the_own_one_out(void)
{
    struct nd_votes v;
    struct nd_unit u[3] = {{.p = "Kim", .len = 3, .words = 1, .flags = ND_U_CAPITAL | ND_U_FIRST},
                           {.p = "met", .len = 3, .words = 1},
                           {.p = "Kim", .len = 3, .words = 1, .flags = ND_U_CAPITAL}};
    struct nd_attr kim = {.lid = 0, .kase = ND_KASE_TITLE}, met = {.lid = 1};
    const struct nd_attr *at[3] = {&kim, &met, &kim};
    struct nd_sentence s = {.units = u, .attrs = at, .n = 3};
    uint8_t once[3] = {4, 0, 0}, both[3] = {4, 0, 4};
    uint32_t a[ND_FEATURES_MAX], b[ND_FEATURES_MAX];
    nd_votes_init(&v);
    CHECK_INT(nd_votes_begin(&v, 2), 0);
    nd_votes_count(&v, &s, both);
    size_t n = nd_votes_features(&v, &s, both, 0, a);
    CHECK(nd_votes_agree(&v, &s, both, 2));
    CHECK(nd_votes_agree(&v, &s, both, 1));
    CHECK(!nd_votes_agree(&v, &s, once, 2));
    CHECK_INT(nd_votes_begin(&v, 2), 0);
    nd_votes_count(&v, &s, once);
    size_t m = nd_votes_features(&v, &s, once, 0, b);
    CHECK_INT(n, m);
    CHECK(memcmp(a, b, n * sizeof *a) != 0); /* the other "Kim" is a person there, none here */
    nd_votes_free(&v);
}

/* What the tagger finds in a title and a body: "type:name" joined by blanks. */
static const char *tags_of(struct nd_tagger *t, const char *title, const char *body)
{
    static char out[8192];
    static const char letters[] = "POLM";
    struct nd_tokens tokens;
    struct nd_error err = {0};
    struct nd_str texts[2] = {{title, strlen(title)}, {body, strlen(body)}};
    const struct nd_tag *tag;
    size_t n, k = 0;
    out[0] = 0;
    nd_tokens_init(&tokens);
    for (unsigned f = 0; f < 2; f++)
        CHECK_INT(nd_tokens_add(&tokens, texts[f].p, texts[f].n, f, &err), 0);
    CHECK_INT(nd_tagger_run(t, &tokens, texts, 2, &tag, &n, &err), 0);
    for (size_t i = 0; i < n; i++) {
        const struct nd_token *a = &tokens.v[tag[i].first], *b = a + tag[i].words - 1;
        CHECK(tag[i].words > 0 && tag[i].first + tag[i].words <= tokens.n);
        CHECK(tag[i].score <= 100 && tag[i].type < ND_ENTITY_TYPES);
        CHECK(i == 0 || tag[i].first >= tag[i - 1].first + tag[i - 1].words);
        size_t end = nd_word_end(b, texts[b->field]);
        k += (size_t)snprintf(out + k, sizeof out - k, "%s%c:%.*s", k ? " " : "",
                              letters[tag[i].type], (int)(end - a->start),
                              texts[a->field].p + a->start);
        if (k >= sizeof out)
            break;
    }
    nd_tokens_free(&tokens);
    return out;
}

static struct nd_tagger *new_tagger(void)
{
    struct nd_tagger *t = NULL;
    struct nd_error err = {0};
    CHECK_INT(nd_tagger_new(&t, &model, &gaz, &err), 0);
    return t;
}

static void tagger_finds_names(void)
{
    struct nd_tagger *t = new_tagger();
    CHECK_STR(tags_of(t, "", "Angela Merkel flew to Paris on Monday."), "P:Angela Merkel L:Paris");
    CHECK_STR(tags_of(t, "", "Mr. Tanaka works for the United Nations in Geneva, Switzerland."),
              "P:Tanaka O:United Nations L:Geneva L:Switzerland");
    CHECK_STR(tags_of(t, "", "nothing but small words here, and 12 numbers."), "");
    CHECK_STR(tags_of(t, "", ""), "");
    nd_tagger_free(t);
}

static void tagger_gives_the_same_after_other_articles(void)
{
    static const char text[] = "President Emmanuel Macron met Olaf Scholz in Berlin. Macron and "
                               "Scholz spoke of Ukraine, the European Union and NATO's plans.";
    char first[2048];
    struct nd_tagger *t = new_tagger();
    snprintf(first, sizeof first, "%s", tags_of(t, "Macron in Berlin", text));
    CHECK(strstr(first, "P:Emmanuel Macron") != NULL);
    struct nd_buf b; /* more distinct words than are kept */
    nd_buf_init(&b, 1 << 24);
    for (int i = 0; i < 60000; i++)
        nd_buf_printf(&b, "Xa%c%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26,
                      'a' + i / 17576 % 26);
    tags_of(t, "", b.data);
    CHECK_STR(tags_of(t, "Macron in Berlin", text), first);
    nd_buf_free(&b);
    nd_tagger_free(t);
}

static void tagger_survives_random_bytes(void)
{
    struct nd_tagger *t = new_tagger();
    for (int round = 0; round < 200; round++) {
        char text[400];
        size_t n = 0;
        static const char *const bits[] = {"Kim",      " ",    ".", "-",  "'s",  "\n\n",
                                           "\"",       "U.S.", "@", "of", "the", "\xe2\x80\x99",
                                           "\xc3\x89", "://",  "A", "("};
        while (n < 380) {
            const char *s = bits[check_random() % 16];
            memcpy(text + n, s, strlen(s));
            n += strlen(s);
        }
        text[n] = 0;
        tags_of(t, "", text);
    }
    CHECK(t != NULL);
    nd_tagger_free(t);
}

static void model_that_is_damaged_is_refused(void)
{
    struct nd_error err = {0};
    struct nd_model m;
    char path[4096];
    snprintf(path, sizeof path, "%s/bad.model", check_dir());
    struct nd_buf b;
    nd_buf_init(&b, 64 << 20);
    nd_buf_add(&b, model.file.map.data, model.file.map.size);
    CHECK_INT(nd_file_write(path, b.data, b.len, &err), 0);
    CHECK_INT(nd_model_open(&m, path, &err), 0);
    nd_model_close(&m);
    for (int round = 0; round < 8; round++) {
        size_t at = check_random() % b.len;
        b.data[at] ^= 0x20;
        CHECK_INT(nd_file_write(path, b.data, b.len, &err), 0);
        CHECK(nd_model_open(&m, path, &err) != 0);
        CHECK(strstr(err.msg, "bad.model") != NULL);
        b.data[at] ^= 0x20;
    }
    CHECK_INT(nd_file_write(path, b.data, b.len / 2, &err), 0);
    CHECK_INT(nd_model_open(&m, path, &err), ND_CORRUPT);
    CHECK_INT(nd_model_open(&m, "no/such.model", &err), ND_MISSING);
    nd_buf_free(&b);
}

int main(void)
{
    struct nd_error err = {0};
    RUN(units_have_punctuation);
    RUN(units_join_chains_and_part_possessives);
    RUN(units_leave_marks_of_links_out);
    RUN(units_survive_odd_text);
    RUN(units_refuse_tokens_of_another_text);
    RUN(chunks_cover_every_word_once);
    RUN(labels_follow_only_as_names_go);
    RUN(decoding_finds_the_best_path_of_all);
    RUN(votes_leave_the_own_one_out);
    if (nd_model_open(&model, NULL, &err) || nd_gaz_open(&gaz, NULL, &err)) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    RUN(tagger_finds_names);
    RUN(tagger_gives_the_same_after_other_articles);
    RUN(tagger_survives_random_bytes);
    RUN(model_that_is_damaged_is_refused);
    nd_model_close(&model);
    nd_gaz_close(&gaz);
    return check_done();
}
