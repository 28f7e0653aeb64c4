#include "../check.h"

#include "base/status.h"
#include "record/text_words.h"

#include <stdlib.h>
#include <string.h>

/* A copy of a text, with what may be read behind it. */
static char *padded(const char *p, size_t n)
{
    char *copy = calloc(1, n + ND_CODED_PAD);
    if (n)
        memcpy(copy, p, n);
    return copy;
}

struct coder {
    struct nd_buf list;
    struct nd_word_list words;
    struct nd_word_coder *coder;
};

static void coder_of(struct coder *c, const char *sample, size_t n, uint32_t least)
{
    size_t used = 0;
    char *text = padded(sample, n);
    nd_buf_init(&c->list, 1 << 24);
    CHECK_INT(nd_word_list_make(&c->list, text, n, least), 0);
    CHECK_INT(nd_word_list_open(&c->words, c->list.data, c->list.len, &used), 0);
    CHECK_INT(used, c->list.len);
    CHECK_INT(nd_word_coder_new(&c->coder, &c->words), 0);
    free(text);
}

static void coder_free(struct coder *c)
{
    nd_word_coder_free(c->coder);
    nd_buf_free(&c->list);
}

/* Code and expand. Return: bytes of code. */
static size_t there_and_back(const struct coder *c, const char *p, size_t n)
{
    struct nd_buf coded, back;
    char *text = padded(p, n);
    nd_buf_init(&coded, SIZE_MAX / 4);
    nd_buf_init(&back, SIZE_MAX / 4);
    nd_buf_str(&back, ">");
    CHECK_INT(nd_word_coder_put(c->coder, &coded, text, n), 0);
    CHECK(coded.len <= 4 * n);
    CHECK_INT(
        nd_word_list_expand(&c->words, &back, n, (const unsigned char *)coded.data, coded.len), 0);
    CHECK_MEM(back.data + 1, back.len - 1, p, n);
    size_t bytes = coded.len;
    nd_buf_free(&coded);
    nd_buf_free(&back);
    free(text);
    return bytes;
}

#define SAMPLE                                                                                     \
    "the minister said on tuesday that the central bank would not raise prices in 2016, the "      \
    "report said. \xe2\x80\x9cThe bank\xe2\x80\x9d didn't say; Obama\xe2\x80\x99s minister said "  \
    "\xe2\x80\x94 in Paris \xe2\x80\x94 1,000 bankers\\n\\nThe report "

static void words_come_back(void)
{
    static const char *const texts[] = {
        "",
        " ",
        "  ",
        "the",
        " the",
        "the ",
        "the minister said",
        "the  minister",
        "the,minister",
        "the, minister. said.the",
        "The THE tHE",
        "1,000 2016 20162016 2016,2016 3.2016",
        "minister\\nthe\\n\\nThe \\\"the\\\" \\u00e9the \\",
        "didn't don't minister's 'the' rock'n'roll 's",
        ("\xe2\x80\x9cthe\xe2\x80\x9d \xe2\x80\x9c the \xe2\x80\x9d the\xe2\x80\x94the "
         "\xe2\x80\x99s"),
        "\xe2\x80",
        "the\xe2",
        "caf\xc3\xa9 the na\xc3\xafve \xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0 the",
        "\x01\x02\x03\x01the\x02the\x03the \x7f\xff\xfe",
        "internationalisations the counterrevolutionaries",
        "{\"id\":\"x-1\",\"title\":\"The bank\",\"body\":\"said\"}"};
    struct coder c;
    coder_of(&c, SAMPLE SAMPLE, 2 * (sizeof SAMPLE - 1), 2);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        there_and_back(&c, texts[i], strlen(texts[i]));
    there_and_back(&c, "the\0minister\0", 13);
    CHECK_INT(there_and_back(&c, "the minister said", 17), 3);
    CHECK_INT(there_and_back(&c, "The minister said.", 18), 4); /* 'The' is listed too */
    CHECK_INT(there_and_back(&c, "Minister", 8), 2);            /* a capital, then its word */
    CHECK_INT(there_and_back(&c, "the,the", 7), 4);             /* no space behind the comma */
    CHECK_INT(there_and_back(&c, "the, the", 8), 3);
    coder_free(&c);
}

/* Pieces of text that meet in every order, long and short ones. */
static void any_bytes_come_back(void)
{
    static const char *const parts[] = {"the",
                                        "The",
                                        " ",
                                        "  ",
                                        ",",
                                        ".",
                                        "2016",
                                        "1",
                                        "'s",
                                        "'",
                                        "\\",
                                        "n",
                                        "\\n",
                                        "\"",
                                        "\xe2\x80\x9c",
                                        "\xe2\x80\x9d",
                                        "\xe2\x80\x99",
                                        "\xe2\x80",
                                        "\xe2",
                                        "\x80",
                                        "\xff",
                                        "\x01",
                                        "\x02",
                                        "\x03",
                                        "minister",
                                        "zebra",
                                        "internationalisation",
                                        "said",
                                        "\xd0\x9c"};
    struct coder c;
    struct nd_buf b;
    coder_of(&c, SAMPLE SAMPLE, 2 * (sizeof SAMPLE - 1), 2);
    nd_buf_init(&b, 1 << 24);
    for (int round = 0; round < 400; round++) {
        nd_buf_reset(&b);
        for (size_t n = check_random() % 300; n; n--)
            nd_buf_str(&b, parts[check_random() % (sizeof parts / sizeof *parts)]);
        for (size_t n = check_random() % 8; n; n--)
            nd_buf_byte(&b, (unsigned char)check_random());
        there_and_back(&c, b.len ? b.data : "", b.len);
    }
    nd_buf_reset(&b); /* words longer than a piece, and the worst case */
    for (int i = 0; i < 40000; i++)
        nd_buf_str(&b, i % 20000 ? "\xd0\x9c" : " the ");
    there_and_back(&c, b.data, b.len);
    nd_buf_reset(&b);
    for (int i = 0; i < 40000; i++)
        nd_buf_str(&b, "\x01");
    there_and_back(&c, b.data, b.len);
    nd_buf_free(&b);
    coder_free(&c);
}

static void lists_hold_what_pays(void)
{
    struct coder c;
    coder_of(&c, "one two one three one", 21, 2);
    CHECK_INT(c.words.n, 1);
    CHECK_MEM((const char *)c.words.text, c.words.bytes, "one", 3);
    coder_free(&c);
    coder_of(&c, "", 0, 2);
    CHECK_INT(c.words.n, 0);
    CHECK_INT(there_and_back(&c, "the minister", 12), 12);
    coder_free(&c);
    /* More words than there are codes, all of three letters or more. */
    struct nd_buf b;
    nd_buf_init(&b, 1 << 24);
    for (unsigned i = 0; i < 2 * 26 * 26 * 26 * 2; i++)
        nd_buf_printf(&b, "q%c%c%c%s ", 'a' + i / 2 % 26, 'a' + i / 52 % 26, 'a' + i / 1352 % 26,
                      i / 35152 % 2 ? "x" : "");
    coder_of(&c, b.data, b.len, 2);
    CHECK_INT(c.words.n, ND_CODED_MAX);
    there_and_back(&c, b.data, b.len);
    coder_free(&c);
    nd_buf_free(&b);
}

static void damage_is_refused(void)
{
    static const char *const bad[] = {"\x01x\x80\x03",
                                      "\x03",
                                      "\x03\x00",
                                      "\x03\x05xx",
                                      "\xff\xff",
                                      "\xb0",
                                      "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"};
    struct coder c;
    struct nd_buf b;
    coder_of(&c, "three three three two two", 25, 2);
    nd_buf_init(&b, 1 << 20);
    nd_buf_str(&b, "kept");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_INT(
            nd_word_list_expand(&c.words, &b, 20, (const unsigned char *)bad[i], strlen(bad[i])),
            ND_CORRUPT);
        CHECK_STR(b.data, "kept");
    }
    CHECK_INT(nd_word_list_expand(&c.words, &b, 6, (const unsigned char *)"\x80", 1), ND_CORRUPT);
    CHECK_INT(nd_word_list_expand(&c.words, &b, 4, (const unsigned char *)"\x80", 1), ND_CORRUPT);
    CHECK_INT(nd_word_list_expand(&c.words, &b, 5, (const unsigned char *)"\x80", 1), 0);
    CHECK_STR(b.data, "keptthree");
    /* Lists that lie: never a read outside, which a sanitizer sees. */
    for (int round = 0; round < 3000; round++) {
        struct nd_word_list l;
        size_t used, n = check_random() % 8 ? c.list.len : check_random() % c.list.len;
        char *copy = malloc(n + 1);
        memcpy(copy, c.list.data, n);
        for (int k = 0; k < 3 && n; k++)
            copy[check_random() % n] =
                (char)(check_random() % 4 ? check_random() % 8 : check_random());
        nd_buf_reset(&b);
        if (nd_word_list_open(&l, copy, n, &used) == 0) {
            CHECK(used <= n);
            int rc = nd_word_list_expand(&l, &b, check_random() % 12,
                                         (const unsigned char *)"\x80\x81\x80", 3);
            CHECK(rc == 0 || rc == ND_CORRUPT);
        }
        free(copy);
    }
    nd_buf_free(&b);
    coder_free(&c);
}

int main(void)
{
    RUN(words_come_back);
    RUN(any_bytes_come_back);
    RUN(lists_hold_what_pays);
    RUN(damage_is_refused);
    return check_done();
}
