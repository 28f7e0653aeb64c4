/* The tokenizer: token.cases (notation at its top), invariants, the fast scanner against the slow one,
 * and UAX 29's own test file. */
#include "check.h"

#include "base/file.h"
#include "text/letter.h"
#include "text/token.h"
#include "text/token_scan.h"
#include "text/utf8.h"
#include "text/wordbreak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *cases = "tests/unit/token.cases";

/* Write the tokens as token.cases has them. */
static void print_tokens(struct nd_buf *out, const struct nd_tokens *t)
{
    static const char *shapes[] = {"", "^", "^^", "~"};
    static const char *breaks[] = {"", "|", "¶"};
    static const struct {
        unsigned flag;
        const char *mark;
    } flags[] = {{ND_T_POSSESSIVE, "'"}, {ND_T_DOTTED, "."}, {ND_T_ACRONYM, "!"},
                 {ND_T_HYPHEN, "-"},     {ND_T_JOINED, "="}, {ND_T_QUOTE_CLOSE, ">"}};
    for (size_t i = 0; i < t->n; i++) {
        const struct nd_token *k = &t->v[i];
        nd_buf_str(out, i ? " " : "");
        nd_buf_str(out, breaks[k->brk]);
        nd_buf_str(out, k->flags & ND_T_QUOTE_OPEN ? "<" : "");
        nd_buf_add(out, nd_token_key(t, i).p, k->key_len);
        size_t at = out->len;
        nd_buf_str(out, "/");
        nd_buf_str(out, shapes[k->shape]);
        for (size_t f = 0; f < sizeof flags / sizeof flags[0]; f++)
            nd_buf_str(out, k->flags & flags[f].flag ? flags[f].mark : "");
        if (out->len == at + 1)
            out->len = at;
    }
    nd_buf_byte(out, 0);
}

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

/* What the header promises of every result. */
static void check_invariants(const struct nd_tokens *t, size_t n)
{
    size_t end = 0;
    bool open = false;
    for (size_t i = 0; i < t->n; i++) {
        const struct nd_token *k = &t->v[i];
        CHECK(k->start >= end && k->start < k->end && k->end <= n);
        CHECK(k->key_len > 0 && k->key_len <= ND_WORD_MAX && k->key + k->key_len <= t->chars.len);
        end = k->end;
        CHECK(i > 0 || k->brk == ND_BREAK_PARAGRAPH);
        struct nd_str key = nd_token_key(t, i);
        CHECK(nd_utf8_valid(key.p, key.n) == key.n);
        bool ascii = true;
        for (size_t c = 0; c < key.n; c++)
            ascii &= !((unsigned char)key.p[c] & 0x80);
        CHECK_INT(!!(k->flags & ND_T_ASCII), ascii);
        if (k->flags & ND_T_HYPHEN)
            CHECK(i + 1 < t->n && t->v[i + 1].brk == ND_BREAK_NONE);
        bool joined = i > 0 && (t->v[i - 1].flags & ND_T_HYPHEN) && !(k->flags & ND_T_HYPHEN);
        CHECK_INT(!!(k->flags & ND_T_JOINED), joined);
        CHECK(nd_tokens_chain(t, i) <= ND_CHAIN_MAX);
        if (k->brk == ND_BREAK_PARAGRAPH)
            CHECK(!open);
        if (k->flags & ND_T_QUOTE_OPEN) {
            CHECK(!open);
            open = true;
        }
        if (k->flags & ND_T_QUOTE_CLOSE) {
            CHECK(open);
            open = false;
        }
    }
    CHECK(!open);
}

/* Both scanners over one text, compared token by token. Return: the same? */
static bool same_both_ways(struct nd_tokens *a, struct nd_tokens *b, const char *p, size_t n)
{
    struct nd_error err = {0};
    nd_tokens_reset(a);
    nd_tokens_reset(b);
    int ra = nd_tokens_scan(a, p, n, 3, true, &err);
    int rb = nd_tokens_scan(b, p, n, 3, false, &err);
    size_t i = 0;
    if (ra == rb && a->n == b->n) {
        for (; i < a->n; i++) {
            struct nd_token x = a->v[i], y = b->v[i];
            struct nd_str kx = nd_token_key(a, i), ky = nd_token_key(b, i);
            if (x.start != y.start || x.end != y.end || x.shape != y.shape || x.brk != y.brk ||
                x.flags != y.flags || x.field != y.field || !nd_str_eq(kx, ky))
                break;
        }
        if (i == a->n)
            return true;
    }
    printf("fast and slow differ at word %zu in:\n%.*s\n", i, (int)(n < 400 ? n : 400), p);
    struct nd_buf out;
    nd_buf_init(&out, 1 << 20);
    print_tokens(&out, a);
    nd_buf_byte(&out, '\n');
    print_tokens(&out, b);
    if (n < 2000)
        printf("%s\n%s\n", out.data, out.data + strlen(out.data) + 2);
    nd_buf_free(&out);
    return false;
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

/* One line of a Unicode break test: ÷ 0061 × 0308 ÷. Return: false if it is none. */
static bool break_test(const char *p, char *text, size_t *n, size_t *breaks, size_t *count)
{
    *n = *count = 0;
    while (*p && *p != '#') {
        if (*p == ' ' || *p == '\t' || *p == '\n') {
            p++;
        } else if (strncmp(p, "÷", 2) == 0) {
            breaks[(*count)++] = *n;
            p += 2;
        } else if (strncmp(p, "×", 2) == 0) {
            p += 2;
        } else {
            char *end;
            unsigned long cp = strtoul(p, &end, 16);
            if (end == p)
                return false;
            p = end;
            *n += nd_utf8_encode((uint32_t)cp, text + *n);
        }
    }
    return *count > 0;
}

static void wordbreak_follows_the_test_file_of_unicode(void)
{
    const char *path = check_shared("data/unicode-15.0.tar.xz");
    if (!path) {
        check_skip("no data/unicode-15.0.tar.xz");
        return;
    }
    char cmd[1200], line[4096], text[512];
    snprintf(cmd, sizeof cmd, "tar xJOf '%s' unicode/WordBreakTest.txt", path);
    FILE *f = popen(cmd, "r");
    CHECK(f != NULL);
    size_t tested = 0, n, count, breaks[128];
    struct nd_tokens a, b;
    nd_tokens_init(&a);
    nd_tokens_init(&b);
    while (f && fgets(line, sizeof line, f)) {
        if (line[0] == '#' || !break_test(line, text, &n, breaks, &count))
            continue;
        tested++;
        size_t at = 0, i = 0;
        bool good = breaks[0] == 0;
        while (at < n && i + 1 < count) {
            at = nd_wordbreak_next(text, n, at);
            good &= at == breaks[++i];
        }
        if (!CHECK(good && at == n && i + 1 == count))
            printf("%s", line);
        CHECK(same_both_ways(&a, &b, text, n));
        check_invariants(&a, n);
    }
    CHECK(tested > 1800);
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
    RUN(token_fast_and_slow_agree_on_mixed_text);
    RUN(token_fast_and_slow_agree_on_articles);
    RUN(wordbreak_follows_the_test_file_of_unicode);
    RUN(token_words_are_parts_of_the_words_of_the_standard);
    RUN(token_hostile_text_takes_linear_time);
    RUN(token_too_many_words_are_refused_and_those_before_kept);
    RUN(token_acronyms_are_few_and_lower_case);
    return check_done();
}
