/* The tokenizer: token.cases (notation at its top) and the limits of token.h. */
#include "../check.h"

#include "base/file.h"
#include "token_check.h"

#include <stdlib.h>

static const char *cases = "tests/unit/token.cases";

/* Undo the escapes \n \t \\ \uXXXX. */
static void unescape(struct nd_buf *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '\\' || i + 1 >= n) {
            nd_buf_byte(out, (unsigned char)p[i]);
            continue;
        }
        i++;
        if (p[i] == 'n') {
            nd_buf_byte(out, '\n');
        } else if (p[i] == 't') {
            nd_buf_byte(out, '\t');
        } else if (p[i] == 'u' && i + 4 < n) {
            char hex[5] = {p[i + 1], p[i + 2], p[i + 3], p[i + 4], 0}, c[4];
            nd_buf_add(out, c, nd_utf8_encode((uint32_t)strtoul(hex, NULL, 16), c));
            i += 4;
        } else {
            nd_buf_byte(out, (unsigned char)p[i]);
        }
    }
}

static void token_cases_give_what_they_say(void)
{
    struct nd_buf file, text, out;
    struct nd_error err = {0};
    struct nd_tokens t, u;
    nd_buf_init(&file, 1 << 20);
    nd_buf_init(&text, 1 << 16);
    nd_buf_init(&out, 1 << 16);
    nd_tokens_init(&t);
    nd_tokens_init(&u);
    CHECK_INT(nd_file_read(&file, cases, &err), 0);
    size_t line = 0, count = 0;
    for (char *p = file.data, *end = file.data + file.len; p && p < end; line++) {
        char *stop = memchr(p, '\n', (size_t)(end - p));
        if (!stop)
            stop = end;
        *stop = '\0';
        char *tab = strchr(p, '\t');
        if (*p && *p != '#' && CHECK(tab != NULL)) {
            nd_buf_reset(&text);
            nd_buf_reset(&out);
            unescape(&text, p, (size_t)(tab - p));
            CHECK(same_both_ways(&t, &u, text.data, text.len));
            print_tokens(&out, &t);
            while (*++tab == '\t')
                ;
            if (!CHECK_STR(out.data, tab))
                printf("%s:%zu: %s\n", cases, line + 1, p);
            check_invariants(&t, text.len);
            count++;
        }
        p = stop + 1;
    }
    CHECK(count > 100);
    nd_tokens_free(&t);
    nd_tokens_free(&u);
    nd_buf_free(&file);
    nd_buf_free(&text);
    nd_buf_free(&out);
}

static void token_spans_cover_what_was_printed(void)
{
    static const char text[] = "The U.S.’s envoys’ plan, 1,000 words.";
    static const char *want[] = {"The", "U.S.’s", "envoys’", "plan", "1,000", "words"};
    struct nd_tokens t;
    nd_tokens_init(&t);
    CHECK_INT(nd_tokens_add(&t, text, sizeof text - 1, 7, NULL), 0);
    CHECK_INT(t.n, 6);
    for (size_t i = 0; i < t.n && i < 6; i++) {
        CHECK_MEM(text + t.v[i].start, t.v[i].end - t.v[i].start, want[i], strlen(want[i]));
        CHECK_INT(t.v[i].field, 7);
    }
    nd_tokens_free(&t);
}

static void token_long_words_are_cut_at_a_character(void)
{
    struct nd_tokens t;
    nd_tokens_init(&t);
    char text[1000];
    memset(text, 'a', sizeof text);
    for (size_t n = ND_WORD_MAX - 10; n < ND_WORD_MAX + 10; n++) {
        nd_tokens_reset(&t);
        CHECK_INT(nd_tokens_add(&t, text, n, 0, NULL), 0);
        CHECK_INT(t.n, 1);
        CHECK_INT(t.v[0].key_len, n < ND_WORD_MAX ? n : ND_WORD_MAX);
        CHECK_INT(t.v[0].end, n);
    }
    for (size_t i = 0; i + 1 < sizeof text; i += 2)
        memcpy(text + i, "é", 2);
    text[0] = 'x';
    text[1] = ' ';
    text[2] = 'x';
    text[3] = 'y';
    text[4] = 'z';
    text[5] = 'z';
    text[6] = 'z';
    memmove(text + 7, text + 8, sizeof text - 8); /* an odd start: the cut would be inside an é */
    nd_tokens_reset(&t);
    CHECK_INT(nd_tokens_add(&t, text, 501, 0, NULL), 0);
    CHECK_INT(t.n, 2);
    CHECK_INT(t.v[1].key_len, ND_WORD_MAX - 1);
    nd_tokens_free(&t);
}

static void token_chains_are_joined_up_to_their_limit(void)
{
    static const char text[] = "a-b-c-d-e-f-g-h first-class x";
    struct nd_tokens t;
    nd_tokens_init(&t);
    CHECK_INT(nd_tokens_add(&t, text, sizeof text - 1, 0, NULL), 0);
    char out[ND_WORD_MAX];
    CHECK_INT(nd_tokens_chain(&t, 5), 6);
    CHECK_MEM(out, nd_tokens_joined(&t, 5, out), "a-b-c-d-e-f", 11);
    CHECK_INT(nd_tokens_chain(&t, 7), 2);
    CHECK_MEM(out, nd_tokens_joined(&t, 7, out), "g-h", 3);
    CHECK_MEM(out, nd_tokens_joined(&t, 9, out), "first-class", 11);
    CHECK_INT(nd_tokens_chain(&t, 10), 1);
    char longer[200];
    memset(longer, 'a', sizeof longer);
    longer[100] = '-';
    nd_tokens_reset(&t);
    CHECK_INT(nd_tokens_add(&t, longer, sizeof longer, 0, NULL), 0);
    CHECK_INT(t.n, 2);
    CHECK_INT(nd_tokens_joined(&t, 1, out), 0);
    nd_tokens_free(&t);
}

static void token_fields_do_not_touch(void)
{
    struct nd_tokens t;
    nd_tokens_init(&t);
    CHECK_INT(nd_tokens_add(&t, "A \"first", 8, 1, NULL), 0);
    CHECK_INT(nd_tokens_add(&t, "-second\" field", 14, 2, NULL), 0);
    CHECK_INT(t.n, 4);
    CHECK_INT(t.v[1].flags & (ND_T_HYPHEN | ND_T_QUOTE_OPEN | ND_T_QUOTE_CLOSE),
              ND_T_QUOTE_OPEN | ND_T_QUOTE_CLOSE);
    CHECK_INT(t.v[2].brk, ND_BREAK_PARAGRAPH);
    CHECK_INT(t.v[2].start, 1);
    CHECK_INT(t.v[2].field, 2);
    nd_tokens_free(&t);
}

/* A single quotation that does not close in reach must not hide one behind it that does. */
static void token_quotation_is_found_behind_one_that_stays_open(void)
{
    static const char *const marks[][2] = {{"'", "'"}, {"‘", "’"}, {"‚", "‘"}};
    struct nd_tokens t;
    struct nd_buf text;
    nd_tokens_init(&t);
    nd_buf_init(&text, 1 << 20);
    for (size_t m = 0; m < sizeof marks / sizeof marks[0]; m++) {
        size_t words = 0;
        nd_buf_reset(&text);
        nd_buf_printf(&text, "%sopen", marks[m][0]);
        for (; text.len < 1450; words++)
            nd_buf_str(&text, " word");
        nd_buf_printf(&text, " %sfirst", marks[m][0]);
        for (size_t i = 0; i < 40; i++)
            nd_buf_str(&text, " word");
        nd_buf_printf(&text, " last%s and more", marks[m][1]);
        nd_tokens_reset(&t);
        CHECK_INT(nd_tokens_add(&t, text.data, text.len, 0, NULL), 0);
        for (size_t i = 0; i < t.n; i++) {
            CHECK_INT((t.v[i].flags & ND_T_QUOTE_OPEN) != 0, i == words + 1);
            CHECK_INT((t.v[i].flags & ND_T_QUOTE_CLOSE) != 0, i == words + 42);
        }
    }
    nd_buf_free(&text);
    nd_tokens_free(&t);
}

static void token_hostile_text_takes_linear_time(void)
{
    /* Each of these would be quadratic for a scanner that looks ahead without bounds. */
    static const char *const units[] = {"a.",        "a:", "'a ", "a'", "\xcc\x81",
                                        "a\xc2\xad", "1,", "\"",  "-",  "a-",
                                        "‘a ",       "«",  "a_",  ".",  "\n "};
    struct nd_tokens t;
    struct nd_buf text;
    nd_tokens_init(&t);
    nd_buf_init(&text, 8 << 20);
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        nd_buf_reset(&text);
        nd_buf_byte(&text, 'x');
        while (text.len < 1 << 20)
            nd_buf_str(&text, units[u]);
        nd_tokens_reset(&t);
        CHECK_INT(nd_tokens_add(&t, text.data, text.len, 0, NULL), 0);
        check_invariants(&t, text.len);
    }
    nd_buf_free(&text);
    nd_tokens_free(&t);
}

static void token_too_many_words_are_refused_and_those_before_kept(void)
{
    size_t n = 2 * ((size_t)ND_TOKENS_MAX + 5);
    char *text = malloc(n);
    if (!CHECK(text != NULL))
        return;
    for (size_t i = 0; i < n; i++)
        text[i] = i % 2 ? ' ' : 'a';
    struct nd_tokens t;
    struct nd_error err = {0};
    nd_tokens_init(&t);
    CHECK_INT(nd_tokens_add(&t, text, n, 0, &err), ND_LIMIT);
    CHECK_INT(t.n, ND_TOKENS_MAX);
    CHECK_INT(err.code, ND_LIMIT);
    nd_tokens_free(&t);
    free(text);
}

static void token_acronyms_are_few_and_lower_case(void)
{
    CHECK(nd_acronym("us", 2) && nd_acronym("who", 3) && nd_acronym("aids", 4));
    CHECK(!nd_acronym("US", 2) && !nd_acronym("in", 2) && !nd_acronym("u", 1) &&
          !nd_acronym("", 0));
    CHECK(!nd_acronym("nato", 4) && !nd_acronym("aidsx", 5));
}

int main(void)
{
    RUN(token_cases_give_what_they_say);
    RUN(token_spans_cover_what_was_printed);
    RUN(token_long_words_are_cut_at_a_character);
    RUN(token_chains_are_joined_up_to_their_limit);
    RUN(token_fields_do_not_touch);
    RUN(token_quotation_is_found_behind_one_that_stays_open);
    RUN(token_hostile_text_takes_linear_time);
    RUN(token_too_many_words_are_refused_and_those_before_kept);
    RUN(token_acronyms_are_few_and_lower_case);
    return check_done();
}
