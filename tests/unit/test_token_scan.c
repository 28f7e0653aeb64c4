/* The fast word scanner against the slow one, and both against UAX 29 and normal form C. */
#include "../check.h"

#include "text/wordbreak.h"
#include "token_check.h"

#include <stdlib.h>

/* Texts are pasted from these pieces: everything that either scanner treats in a way of its own. */
static const char *const pieces[] = {
    "a",
    "b",
    "s",
    "S",
    "I",
    "U",
    "the",
    "The",
    "US",
    "it",
    "Moscow",
    "iPhone",
    "cats",
    "boss",
    "don't",
    "n",
    "1",
    "22",
    "333",
    "4444",
    "1,000",
    "3.5",
    "é",
    "É",
    "ß",
    "ÿ",
    "ñandú",
    "Ærø",
    "×",
    "÷",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\t",
    "  ",
    "\xc2\xa0",
    ".",
    ".",
    ".",
    ",",
    ",",
    ";",
    ":",
    "!",
    "?",
    "'",
    "'",
    "’",
    "’",
    "‘",
    "‘",
    "\"",
    "\"",
    "“",
    "”",
    "„",
    "«",
    "»",
    "`",
    "``",
    "''",
    "-",
    "-",
    "‐",
    "‑",
    "–",
    "—",
    "…",
    "_",
    "@",
    "#",
    "/",
    "(",
    ")",
    "[",
    "]",
    "&",
    "$",
    "'s",
    "’s",
    "'S",
    "s'",
    "s’",
    "\xc2\xad",
    "\xe2\x80\x8b",
    "\xe2\x80\x8d",
    "\xcc\x81",
    "\xcc\x88",
    "ﬁ",
    "ſ",
    "Δ",
    "ς",
    "мир",
    "Он",
    "№",
    "한국",
    "中",
    "カ",
    "ー",
    "ไ",
    "א",
    "ש\"ב",
    "·",
    "½",
    "²",
    "ª",
    "ʼ",
    "İ",
    "ı",
    "😀",
    "\xf0\x9f\x87\xba",
    "U.S.",
    "a.m.",
    "J.",
    "No.",
    "Mr.",
    "Corp.",
    "foo.com",
    "O'Neil",
    "rock 'n' roll",
    "\x01",
    "\xe2\x80\xa8",
    "\xe2\x80\xa2",
    "‚",
    "。",
    "٣",
    "،",
    "ー",
    "H\xcc\xb1",
    "supercalifragilisticexpialidocious",
};

static void token_fast_and_slow_agree_on_mixed_text(void)
{
    struct nd_tokens a, b;
    nd_tokens_init(&a);
    nd_tokens_init(&b);
    struct nd_buf text;
    nd_buf_init(&text, 1 << 16);
    for (int round = 0; round < 20000; round++) {
        nd_buf_reset(&text);
        size_t count = 1 + check_random() % 40;
        for (size_t i = 0; i < count; i++)
            nd_buf_str(&text, pieces[check_random() % (sizeof pieces / sizeof pieces[0])]);
        if (!CHECK(same_both_ways(&a, &b, text.data, text.len)))
            break;
        check_invariants(&a, text.len);
    }
    nd_buf_free(&text);
    nd_tokens_free(&a);
    nd_tokens_free(&b);
}

static void token_fast_and_slow_agree_on_articles(void)
{
    const char *path = check_shared("data/news/open.jsonl.gz");
    if (!path) {
        check_skip("no data/news/open.jsonl.gz");
        return;
    }
    /* The records as they are, JSON and all: to the tokenizer it is text. */
    char cmd[1200];
    snprintf(cmd, sizeof cmd, "gzip -dc '%s'", path);
    FILE *f = popen(cmd, "r");
    CHECK(f != NULL);
    struct nd_tokens a, b;
    nd_tokens_init(&a);
    nd_tokens_init(&b);
    char *line = NULL;
    size_t cap = 0, words = 0;
    ssize_t n;
    while (f && (n = getline(&line, &cap, f)) > 0) {
        for (char *p = line; (p = strstr(p, "\\n")); p += 2)
            p[0] = p[1] = '\n';
        if (!CHECK(same_both_ways(&a, &b, line, (size_t)n)))
            break;
        words += a.n;
    }
    CHECK(words > 1000000);
    free(line);
    if (f)
        pclose(f);
    nd_tokens_free(&a);
    nd_tokens_free(&b);
}

/* The tokenizer parts where UAX 29 does not, but joins nothing that UAX 29 parts, but for the dots and
 * apostrophes at the end of a span. */
static void token_words_are_parts_of_the_words_of_the_standard(void)
{
    struct nd_tokens t;
    nd_tokens_init(&t);
    struct nd_buf text;
    nd_buf_init(&text, 1 << 16);
    for (int round = 0; round < 5000; round++) {
        nd_buf_reset(&text);
        size_t count = 1 + check_random() % 20;
        for (size_t i = 0; i < count; i++)
            nd_buf_str(&text, pieces[check_random() % (sizeof pieces / sizeof pieces[0])]);
        nd_tokens_reset(&t);
        CHECK_INT(nd_tokens_add(&t, text.data, text.len, 0, NULL), 0);
        size_t at = 0;
        for (size_t i = 0; i < t.n; i++) {
            if (t.v[i].flags & (ND_T_DOTTED | ND_T_POSSESSIVE))
                continue;
            while (at <= t.v[i].start)
                at = nd_wordbreak_next(text.data, text.len, at);
            if (!CHECK(t.v[i].end <= at))
                printf("word %zu of: %s\n", i, text.data);
        }
    }
    nd_buf_free(&text);
    nd_tokens_free(&t);
}

static void token_keys_are_normalised(void)
{
    struct nd_tokens t;
    struct nd_buf text, normal, key;
    nd_tokens_init(&t);
    nd_buf_init(&text, 1 << 16);
    nd_buf_init(&normal, 1 << 16);
    nd_buf_init(&key, 1 << 16);
    for (int round = 0; round < 10000; round++) {
        nd_buf_reset(&text);
        nd_buf_reset(&normal);
        size_t count = 1 + check_random() % 20;
        for (size_t i = 0; i < count; i++)
            nd_buf_str(&text, pieces[check_random() % (sizeof pieces / sizeof pieces[0])]);
        CHECK_INT(nd_nfc(&normal, text.data, text.len), 0);
        nd_tokens_reset(&t);
        CHECK_INT(nd_tokens_add(&t, normal.data, normal.len, 0, NULL), 0);
        for (size_t i = 0; i < t.n; i++) {
            struct nd_str k = nd_token_key(&t, i);
            nd_buf_reset(&key);
            CHECK_INT(nd_nfc(&key, k.p, k.n), 0);
            CHECK_MEM(k.p, k.n, key.data, key.len);
        }
    }
    nd_buf_free(&key);
    nd_buf_free(&normal);
    nd_buf_free(&text);
    nd_tokens_free(&t);
}

int main(void)
{
    RUN(token_fast_and_slow_agree_on_mixed_text);
    RUN(token_fast_and_slow_agree_on_articles);
    RUN(token_words_are_parts_of_the_words_of_the_standard);
    RUN(token_keys_are_normalised);
    return check_done();
}
