/* Canonical ids and spelling keys: which spellings are one name, and which never become one. */
#include "check.h"
#include "entity/canon.h"

#include <string.h>

static const char *key(const char *id, char out[256])
{
    size_t n = nd_canon_key(id, strlen(id), out, 255);
    out[n] = 0;
    return out;
}

static void canon_spellings_of_a_name_have_one_key(void)
{
    static const char *const pairs[][2] = {
        {"sergei shoigu", "sergey shoygu"},
        {"dmitri peskov", "dmitriy peskov"},
        {"mikhail khodorkovsky", "mikhail hodorkovskiy"},
        {"yevgeny prigozhin", "evgeny prigojin"},
        {"bashar al-assad", "bashar assad"},
        {"mohammed mursi", "muhammad moursi"},
        {"kim jong-un", "kim jong un"},
        {"mark a. milley", "mark milley"},
        {"khaled meshaal", "khalid meshal"},
    };
    char a[256], b[256];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        CHECK(*key(pairs[i][0], a));
        CHECK_STR(key(pairs[i][1], b), a);
    }
}

static void canon_other_names_have_other_keys(void)
{
    static const char *const pairs[][2] = {
        {"kim jong-un", "kim jong-il"},       {"john kerry", "john perry"},
        {"michael brown", "michelle brown"},  {"ivan petrov", "ivana petrova"},
        {"george bush", "jeb bush"},          {"hassan rouhani", "hussein rouhani"},
        {"donald trump", "donald trump jr."}, {"sergey lavrov", "sergey lavrin"},
        {"kim dae-jung", "kim young-sam"},
    };
    char a[256], b[256];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        CHECK(strcmp(key(pairs[i][0], a), key(pairs[i][1], b)) != 0);
}

static void canon_key_of_a_single_word_is_none(void)
{
    char a[256];
    CHECK_STR(key("obama", a), "");
    CHECK_STR(key("", a), "");
    CHECK_STR(key("j. obama", a), "");
    CHECK_INT(nd_canon_key("sergey shoigu", 13, a, 3), 0);
    char longer[9000];
    memset(longer, 'a', sizeof longer);
    for (size_t i = 5; i < sizeof longer; i += 6)
        longer[i] = ' ';
    CHECK(nd_canon_key(longer, sizeof longer, a, 256) <= 256);
}

static void canon_given_names_have_one_spelling(void)
{
    struct nd_str s = nd_canon_given(ND_STR("sergei"));
    CHECK_MEM(s.p, s.n, "sergey", 6);
    s = nd_canon_given(ND_STR("aleksandr"));
    CHECK_MEM(s.p, s.n, "alexander", 9);
    s = nd_canon_given(ND_STR("yusuf"));
    CHECK_MEM(s.p, s.n, "yousef", 6);
    s = nd_canon_given(ND_STR("abdallah"));
    CHECK_MEM(s.p, s.n, "abdullah", 8);
    s = nd_canon_given(ND_STR("zed"));
    CHECK_MEM(s.p, s.n, "zed", 3);
}

static void canon_cyrillic_becomes_latin(void)
{
    static const char *const pairs[][2] = {
        {"владимир", "vladimir"}, {"дмитрий", "dmitry"}, {"ельцин", "yeltsin"},
        {"клебанов", "klebanov"}, {"илья", "ilya"},      {"горбачёв", "gorbachyov"},
        {"щукин", "shchukin"},    {"андрей", "andrei"},
    };
    char out[ND_LATIN_MAX];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct nd_str s = nd_canon_latin(nd_str_of(pairs[i][0]), ND_STR("-"), out);
        CHECK_MEM(s.p, s.n, pairs[i][1], strlen(pairs[i][1]));
    }
    struct nd_str same = nd_canon_latin(ND_STR("paris"), ND_STR("paris"), out);
    CHECK_MEM(same.p, same.n, "paris", 5);
    same = nd_canon_latin(ND_STR("\xd0"), ND_STR("x"), out);
    CHECK_MEM(same.p, same.n, "x", 1);
}

int main(void)
{
    RUN(canon_spellings_of_a_name_have_one_key);
    RUN(canon_other_names_have_other_keys);
    RUN(canon_key_of_a_single_word_is_none);
    RUN(canon_given_names_have_one_spelling);
    RUN(canon_cyrillic_becomes_latin);
    return check_done();
}
