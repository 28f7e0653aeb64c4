/* The stemmers: Snowball's own vocabularies, and the stems that a word is indexed under. */
#include "../check.h"

#include "text/stem.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The stems of a word as "one two". */
static void stems_are(struct nd_stemmers *s, unsigned lang, const char *word, const char *want)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 12);
    size_t len[ND_STEMS_MAX] = {0, 0};
    int count = nd_stems(s, lang, word, strlen(word), &out, len);
    char got[512] = "";
    if (count >= 1)
        snprintf(got, sizeof got, "%.*s", (int)len[0], out.data);
    if (count == 2)
        snprintf(got + len[0], sizeof got - len[0], " %.*s", (int)len[1], out.data + len[0]);
    CHECK_STR(got, want);
    CHECK_INT(out.len, len[0] + len[1]);
    nd_buf_free(&out);
}

static void stems_hold_the_folded_stem_and_the_stem_of_the_folded_word(void)
{
    struct nd_stemmers *s;
    CHECK_INT(nd_stemmers_new(&s, NULL), 0);
    stems_are(s, ND_LANG_EN, "manifestations", "manifest");
    stems_are(s, ND_LANG_EN, "running", "run");
    stems_are(s, ND_LANG_EN, "cafés", "cafe");
    stems_are(s, ND_LANG_EN, "1000", "1000");
    stems_are(s, ND_LANG_EN, "3.5", "3.5");
    stems_are(s, ND_LANG_ES, "manifestación", "manifest manifestacion");
    stems_are(s, ND_LANG_ES, "manifestaciones", "manifest");
    stems_are(s, ND_LANG_DE, "häuser", "haus");
    stems_are(s, ND_LANG_RU, "россии", "росс");
    stems_are(s, ND_LANG_NONE, "running", "running");
    stems_are(s, ND_LANG_NONE, "été", "ete");
    stems_are(s, 9999, "running", "running");
    nd_stemmers_free(s);
}

static void stems_of_capital_keys_are_the_keys(void)
{
    struct nd_stemmers *s;
    CHECK_INT(nd_stemmers_new(&s, NULL), 0);
    stems_are(s, ND_LANG_EN, "US", "US");
    stems_are(s, ND_LANG_EN, "AIDS", "AIDS");
    stems_are(s, ND_LANG_EN, "aids", "aid");
    nd_stemmers_free(s);
}

static void stems_keep_what_is_there_before(void)
{
    struct nd_stemmers *s;
    struct nd_buf out;
    size_t len[ND_STEMS_MAX];
    nd_buf_init(&out, 100);
    nd_buf_str(&out, "Z");
    CHECK_INT(nd_stemmers_new(&s, NULL), 0);
    CHECK_INT(nd_stems(s, ND_LANG_ES, "manifestación", 14, &out, len), 2);
    CHECK_STR(out.data, "Zmanifestmanifestacion");
    CHECK_INT(len[0], 8);
    nd_stemmers_free(s);
    nd_buf_free(&out);
}

static void stems_past_the_limit_of_the_buffer_fail(void)
{
    struct nd_stemmers *s;
    struct nd_buf out;
    size_t len[ND_STEMS_MAX];
    nd_buf_init(&out, 3);
    CHECK_INT(nd_stemmers_new(&s, NULL), 0);
    CHECK_INT(nd_stems(s, ND_LANG_EN, "government", 10, &out, len), ND_LIMIT);
    nd_stemmers_free(s);
    nd_buf_free(&out);
}

static void lang_codes_are_read_in_every_form(void)
{
    static const struct {
        const char *code;
        unsigned lang;
    } cases[] = {{"en", ND_LANG_EN},
                 {"EN-us", ND_LANG_EN},
                 {"eng", ND_LANG_EN},
                 {"en_GB", ND_LANG_EN},
                 {"ger", ND_LANG_DE},
                 {"deu", ND_LANG_DE},
                 {"fr-CA", ND_LANG_FR},
                 {"es-419", ND_LANG_ES},
                 {"Russian", ND_LANG_RU},
                 {"", 0},
                 {"e", 0},
                 {"english-ish", ND_LANG_EN},
                 {"zh", 0},
                 {"xx", 0},
                 {"-en", 0},
                 {"averyveryverylongcode", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_INT(nd_lang_of(cases[i].code, strlen(cases[i].code)), cases[i].lang);
    CHECK_INT(nd_lang_of("nb", 2), nd_lang_of("no", 2));
    CHECK(nd_lang_of("no", 2) != 0);
    for (unsigned i = 1; i < nd_lang_count(); i++)
        CHECK_INT(nd_lang_of(nd_lang_code(i), 2), i);
    CHECK_STR(nd_lang_code(0), "");
    CHECK_STR(nd_lang_code(nd_lang_count()), "");
}

static void every_language_has_a_stemmer(void)
{
    struct nd_stemmers *s;
    struct nd_str stem;
    CHECK_INT(nd_stemmers_new(&s, NULL), 0);
    for (unsigned i = 0; i < nd_lang_count(); i++) {
        CHECK_INT(nd_stem_raw(s, i, "word", 4, &stem), 0);
        CHECK(stem.n > 0);
    }
    nd_stemmers_free(s);
}

/* All words of one voc.txt against output.txt. */
static void check_vocabulary(struct nd_stemmers *s, unsigned lang, const char *folder)
{
    char name[1300];
    snprintf(name, sizeof name, "%s/voc.txt", folder);
    FILE *words = fopen(name, "r");
    snprintf(name, sizeof name, "%s/output.txt", folder);
    FILE *stems = fopen(name, "r");
    CHECK(words && stems);
    char word[256], stem[256];
    size_t count = 0, wrong = 0;
    while (words && stems && fgets(word, sizeof word, words) && fgets(stem, sizeof stem, stems)) {
        word[strcspn(word, "\n")] = stem[strcspn(stem, "\n")] = '\0';
        if (!*word)
            continue;
        struct nd_str got;
        int rc = nd_stem_raw(s, lang, word, strlen(word), &got);
        count++;
        if ((rc || got.n != strlen(stem) || memcmp(got.p, stem, got.n) != 0) && wrong++ < 5)
            printf("%s: '%s' gives '%.*s', not '%s'\n", folder, word, (int)got.n, got.p, stem);
    }
    CHECK_INT(wrong, 0);
    CHECK(count > 10000);
    if (words)
        fclose(words);
    if (stems)
        fclose(stems);
}

static void stem_agrees_with_snowballs_vocabularies(void)
{
    const char *archive = check_shared("data/stemming-snowball-2.2.0.tar.xz");
    if (!archive) {
        check_skip("no data/stemming-snowball-2.2.0.tar.xz");
        return;
    }
    char cmd[2000], root[600], folder[1200];
    snprintf(cmd, sizeof cmd, "tar xJf '%s' -C '%s'", archive, check_dir());
    CHECK_INT(system(cmd), 0);
    snprintf(root, sizeof root, "%s/snowball-data-2.2.0", check_dir());
    struct nd_stemmers *s;
    CHECK_INT(nd_stemmers_new(&s, NULL), 0);
    DIR *d = opendir(root);
    CHECK(d != NULL);
    size_t count = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        unsigned lang = nd_lang_of(e->d_name, strlen(e->d_name));
        if (!CHECK(lang != ND_LANG_NONE)) {
            printf("no language '%s'\n", e->d_name);
            continue;
        }
        snprintf(folder, sizeof folder, "%s/%s", root, e->d_name);
        check_vocabulary(s, lang, folder);
        count++;
    }
    CHECK(count >= 5);
    if (d)
        closedir(d);
    nd_stemmers_free(s);
}

int main(void)
{
    RUN(stems_hold_the_folded_stem_and_the_stem_of_the_folded_word);
    RUN(stems_of_capital_keys_are_the_keys);
    RUN(stems_keep_what_is_there_before);
    RUN(stems_past_the_limit_of_the_buffer_fail);
    RUN(lang_codes_are_read_in_every_form);
    RUN(every_language_has_a_stemmer);
    RUN(stem_agrees_with_snowballs_vocabularies);
    return check_done();
}
