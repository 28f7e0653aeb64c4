/* The gazetteer that is part of the program: classes of words, longest phrases, senses, hostile files. */
#include "base/file.h"
#include "check.h"
#include "entity/gazetteer.h"
#include "text/token.h"
#include "text/utf8.h"

#include <string.h>

enum {
    WORDS = 64
};

struct phrase {
    uint64_t hash[WORDS];
    uint8_t shape[WORDS];
    size_t n;
};

static void phrase_of(struct phrase *p, const char *text)
{
    struct nd_tokens t;
    struct nd_buf b;
    nd_buf_init(&b, 4096);
    CHECK_INT(nd_tokens_init(&t), 0);
    CHECK_INT(nd_tokens_add(&t, text, strlen(text), 0, NULL), 0);
    for (p->n = 0; p->n < t.n && p->n < WORDS; p->n++) {
        struct nd_str k = nd_token_key(&t, p->n);
        nd_buf_reset(&b);
        CHECK_INT(nd_fold(&b, k.p, k.n), 0);
        p->hash[p->n] = nd_gaz_hash(b.data, b.len);
        p->shape[p->n] = t.v[p->n].shape;
    }
    nd_tokens_free(&t);
    nd_buf_free(&b);
}

static uint32_t word(const struct nd_gazetteer *g, const char *w)
{
    return nd_gaz_word(g, w, strlen(w));
}

static void gazetteer_words_have_their_classes(void)
{
    struct nd_gazetteer g;
    struct nd_error err = {0};
    CHECK_INT(nd_gaz_open(&g, NULL, &err), 0);
    CHECK_STR(err.msg, "");
    CHECK(word(&g, "Michael") & ND_GAZ_FIRST);
    CHECK(word(&g, "O'Sullivan") & ND_GAZ_SURNAME);
    CHECK(word(&g, "Andr\xc3\xa9s") & ND_GAZ_FIRST);
    CHECK(word(&g, "Mr") & ND_GAZ_TITLE);
    CHECK(word(&g, "September") & ND_GAZ_DATE);
    CHECK(word(&g, "Russians") & ND_GAZ_DEMONYM);
    CHECK(word(&g, "Vladivostok") & ND_GAZ_PLACE);
    CHECK(word(&g, "Russia") & ND_GAZ_COUNTRY);
    CHECK(word(&g, "Ministry") & ND_GAZ_ORG_KIND);
    CHECK(word(&g, "NATO") & ND_GAZ_ACRONYM);
    CHECK(word(&g, "WHO") & ND_GAZ_ACRONYM);
    CHECK(!(word(&g, "who") & ND_GAZ_ACRONYM));
    CHECK(word(&g, "he") & ND_GAZ_PRONOUN);
    CHECK_INT(word(&g, "qzxqzx"), 0);
    CHECK_INT(word(&g, ""), 0);
    nd_gaz_close(&g);
}

struct expectation {
    const char *text;
    uint32_t words;
    unsigned classes;
    const char *id; /* NULL: the words as they are */
};

static void gazetteer_longest_phrase_is_found(void)
{
    static const struct expectation all[] = {
        {"United Nations Security Council resolution", 4, 1 << ND_KIND_ORG, NULL},
        {"New York Times reporters", 3, 1 << ND_KIND_ORG, "the new york times"},
        {"New York is", 2, 1 << ND_KIND_CITY | 1 << ND_KIND_REGION, NULL},
        {"U.S. officials", 1, 1 << ND_KIND_COUNTRY, "united states"},
        {"Kiev", 1, 1 << ND_KIND_CITY, "kyiv"},
        {"Sergei Shoigu said", 2, 1 << ND_KIND_PERSON, "sergey shoigu"},
        {"Kim Jong-un", 3, 1 << ND_KIND_PERSON, "kim jong-un"},
        {"us", 0, 0, NULL},
        {"who", 0, 0, NULL},
        {"russia", 0, 0, NULL},
        {"Harvard University", 2, 1 << ND_KIND_ORG, NULL},
        {"Asked", 0, 0, NULL},
    };
    struct nd_gazetteer g;
    CHECK_INT(nd_gaz_open(&g, NULL, NULL), 0);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct phrase p;
        struct nd_gaz_match m;
        struct nd_gaz_row r;
        phrase_of(&p, all[i].text);
        CHECK_INT(nd_gaz_longest(&g, p.hash, p.shape, p.n, &m), all[i].words > 0);
        if (!CHECK_INT(m.words, all[i].words) || !CHECK_INT(m.classes, all[i].classes))
            check_that(0, __FILE__, __LINE__, all[i].text);
        if (!m.words)
            continue;
        CHECK_INT(nd_gaz_row(&g, m.row, &r), 0);
        const char *id = all[i].id ? all[i].id : "";
        CHECK_MEM(r.id.p ? r.id.p : "", r.id.n, id, strlen(id));
    }
    nd_gaz_close(&g);
}

static void gazetteer_cities_know_their_country(void)
{
    static const char *const pairs[][2] = {{"Vladivostok", "russia"},
                                           {"Kiev", "ukraine"},
                                           {"Paris", "france"},
                                           {"Chicago", "united states"},
                                           {"Pyongyang", "north korea"}};
    struct nd_gazetteer g;
    CHECK_INT(nd_gaz_open(&g, NULL, NULL), 0);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct phrase p;
        struct nd_gaz_row r;
        phrase_of(&p, pairs[i][0]);
        uint32_t row = nd_gaz_exact(&g, p.hash, p.n);
        CHECK(row != UINT32_MAX);
        CHECK_INT(nd_gaz_row(&g, row, &r), 0);
        struct nd_str c = nd_gaz_country(&g, r.country);
        CHECK_MEM(c.p ? c.p : "", c.n, pairs[i][1], strlen(pairs[i][1]));
        CHECK(*nd_gaz_source(r.source));
    }
    CHECK_INT(nd_gaz_country(&g, 0).n, 0);
    CHECK_INT(nd_gaz_country(&g, 60000).n, 0);
    CHECK_STR(nd_gaz_source(255), "");
    nd_gaz_close(&g);
}

static void gazetteer_ambiguous_names_have_all_senses(void)
{
    struct nd_gazetteer g;
    struct phrase p;
    struct nd_gaz_match m;
    CHECK_INT(nd_gaz_open(&g, NULL, NULL), 0);
    phrase_of(&p, "Georgia");
    CHECK(nd_gaz_longest(&g, p.hash, p.shape, p.n, &m));
    CHECK_INT(m.classes & (1 << ND_KIND_COUNTRY | 1 << ND_KIND_REGION),
              1 << ND_KIND_COUNTRY | 1 << ND_KIND_REGION);
    struct nd_gaz_row r;
    CHECK_INT(nd_gaz_row(&g, UINT32_MAX, &r), -9);
    nd_gaz_close(&g);
}

static void gazetteer_damaged_file_is_refused(void)
{
    struct nd_gazetteer g;
    struct nd_buf b;
    struct nd_error err = {0};
    char path[512];
    nd_buf_init(&b, 16 << 20);
    CHECK_INT(nd_file_read(&b, "indexer/entity/data/names.gazetteer", &err), 0);
    snprintf(path, sizeof path, "%s/g", check_dir());
    CHECK_INT(nd_file_write(path, b.data, b.len, &err), 0);
    CHECK_INT(nd_gaz_open(&g, path, &err), 0);
    nd_gaz_close(&g);
    for (int i = 0; i < 40; i++) {
        size_t at = check_random() % b.len;
        b.data[at] ^= 0x41;
        CHECK_INT(nd_file_write(path, b.data, b.len, &err), 0);
        int rc = nd_gaz_open(&g, path, &err);
        CHECK(rc == -9 || rc == -8);
        b.data[at] ^= 0x41;
    }
    CHECK_INT(nd_file_write(path, b.data, b.len / 2, &err), 0);
    CHECK_INT(nd_gaz_open(&g, path, &err), -9);
    CHECK_INT(nd_gaz_open(&g, "missing", &err), -6);
    nd_buf_free(&b);
}

int main(void)
{
    RUN(gazetteer_words_have_their_classes);
    RUN(gazetteer_longest_phrase_is_found);
    RUN(gazetteer_cities_know_their_country);
    RUN(gazetteer_ambiguous_names_have_all_senses);
    RUN(gazetteer_damaged_file_is_refused);
    return check_done();
}
