/* UTF-8: checking against a decoder written from the definition, repair, folding, normalisation, width. */
#include "../check.h"

#include "base/file.h"
#include "text/letter.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The definition, in the plainest words: decode without looking ahead, then refuse what is not allowed. */
static size_t plain_decode(const unsigned char *p, size_t n, uint32_t *cp)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t want = p[0] < 0x80       ? 1
                  : p[0] >> 5 == 6  ? 2
                  : p[0] >> 4 == 14 ? 3
                  : p[0] >> 3 == 30 ? 4
                                    : 0;
    if (!want || want > n)
        return 0;
    uint32_t v = want == 1 ? p[0] : p[0] & (0x7fu >> want);
    for (size_t i = 1; i < want; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        v = v << 6 | (p[i] & 0x3f);
    }
    if (v < least[want] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
        return 0;
    *cp = v;
    return want;
}

static size_t plain_valid(const unsigned char *p, size_t n)
{
    size_t i = 0;
    uint32_t cp;
    while (i < n) {
        size_t len = plain_decode(p + i, n - i, &cp);
        if (!len)
            break;
        i += len;
    }
    return i;
}

/* Run fn(out, text) and compare. */
static void gives(int (*fn)(struct nd_buf *, const char *, size_t), const char *text,
                  const char *want)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    CHECK_INT(fn(&out, text, strlen(text)), 0);
    CHECK_MEM(out.data, out.len, want, strlen(want));
    nd_buf_free(&out);
}

static void utf8_every_character_survives_encoding_and_decoding(void)
{
    for (uint32_t cp = 0; cp <= 0x110010; cp++) {
        char c[4];
        size_t len = nd_utf8_encode(cp, c);
        bool legal = cp <= 0x10ffff && !(cp >= 0xd800 && cp < 0xe000);
        uint32_t back = 0;
        if (!legal
                ? len != 0
                : nd_utf8_decode(c, len, &back) != len || back != cp ||
                      nd_utf8_valid(c, len) != len || (len > 1 && nd_utf8_valid(c, len - 1) != 0)) {
            CHECK_INT(cp, -1);
            return;
        }
    }
    CHECK_INT(nd_utf8_encode(0x20ac, (char[4]){0}), 3);
}

static void utf8_valid_agrees_with_the_definition_on_random_bytes(void)
{
    /* Lead and trail bytes that matter, so that many strings are nearly well-formed. */
    static const unsigned char bytes[] = {'a',  0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                                          0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef,
                                          0xf0, 0xf1, 0xf4, 0xf5, 0xff, 0x00};
    for (int round = 0; round < 200000; round++) {
        unsigned char text[80];
        size_t n = check_random() % sizeof text;
        size_t ascii = check_random() % 2 ? n : check_random() % 6;
        for (size_t i = 0; i < n; i++)
            text[i] = i < ascii && check_random() % 16 ? 'x' : bytes[check_random() % sizeof bytes];
        size_t got = nd_utf8_valid((char *)text, n), want = plain_valid(text, n);
        if (got != want) {
            CHECK_INT(got, want);
            return;
        }
        struct nd_buf out;
        nd_buf_init(&out, 1000);
        uint64_t repairs = 0;
        int rc = nd_utf8_repair(&out, (char *)text, n, &repairs);
        if (rc || plain_valid((unsigned char *)out.data, out.len) != out.len ||
            (want == n) != (repairs == 0)) {
            CHECK(!"repair gives well-formed text and counts");
            return;
        }
        nd_buf_free(&out);
    }
    CHECK_INT(nd_utf8_valid("", 0), 0);
}

static void utf8_repair_replaces_maximal_subparts(void)
{
    static const struct {
        const char *text, *want;
        unsigned repairs;
    } cases[] = {
        {"plain", "plain", 0},
        {"\x80", "�", 1},
        {"a\xc0\xaf z", "a�� z", 2},
        {"\xe0\x80\x80", "���", 3},
        {"\xed\xa0\x80", "���", 3},
        {"\xe2\x82", "�", 1}, /* cut: one for the subpart */
        {"\xf0\x9f\x98", "�", 1},
        {"\xf0\x80\x80\x41", "���A", 3},
        {"\xf4\x91\x92\x93\xff\x41\x80\xbf\x42", "�����A��B", 7}, /* the example of the standard */
        {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", "����A", 4},
        {"\xc3\xc3\xa9", "�é", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct nd_buf out;
        nd_buf_init(&out, 1000);
        uint64_t repairs = 10;
        CHECK_INT(nd_utf8_repair(&out, cases[i].text, strlen(cases[i].text), &repairs), 0);
        CHECK_STR(out.data, cases[i].want);
        CHECK_INT(repairs, 10 + cases[i].repairs);
        nd_buf_free(&out);
    }
}

static void utf8_stress_test_is_repaired_line_by_line(void)
{
    const char *path = check_shared("data/hostile.tar.xz");
    if (!path) {
        check_skip("no data/hostile.tar.xz");
        return;
    }
    char cmd[2000], name[1000];
    snprintf(cmd, sizeof cmd, "tar xJf '%s' -C '%s' hostile/utf8 hostile/blns", path, check_dir());
    CHECK_INT(system(cmd), 0);
    static const char *const files[] = {"utf8/kuhn/UTF-8-test.txt", "blns/blns.txt"};
    for (size_t f = 0; f < 2; f++) {
        struct nd_buf file, out;
        struct nd_error err = {0};
        uint64_t repairs = 0;
        nd_buf_init(&file, 1 << 20);
        nd_buf_init(&out, 1 << 22);
        snprintf(name, sizeof name, "%s/hostile/%s", check_dir(), files[f]);
        CHECK_INT(nd_file_read(&file, name, &err), 0);
        CHECK_INT(nd_utf8_valid(file.data, file.len),
                  plain_valid((unsigned char *)file.data, file.len));
        CHECK_INT(nd_utf8_repair(&out, file.data, file.len, &repairs), 0);
        CHECK_INT(nd_utf8_valid(out.data, out.len), out.len);
        printf("# %s: %u sequences repaired\n", files[f], (unsigned)repairs);
        if (f == 0)
            CHECK(repairs > 300);
        struct nd_buf a, b;
        nd_buf_init(&a, 1 << 22);
        nd_buf_init(&b, 1 << 22);
        CHECK_INT(nd_nfc(&a, out.data, out.len), 0);
        CHECK_INT(nd_nfc(&b, a.data, a.len), 0);
        CHECK_MEM(b.data, b.len, a.data, a.len);
        nd_buf_reset(&b);
        CHECK_INT(nd_fold(&b, a.data, a.len), 0);
        CHECK_INT(nd_utf8_valid(b.data, b.len), b.len);
        nd_buf_reset(&b);
        CHECK_INT(nd_printable(&b, file.data, file.len, true), 0);
        CHECK_INT(nd_utf8_valid(b.data, b.len), b.len);
        for (size_t i = 0; i < b.len; i++)
            if ((unsigned char)b.data[i] < 0x20 || b.data[i] == 0x7f) {
                CHECK(!"no control characters are left");
                break;
            }
        nd_buf_free(&file);
        nd_buf_free(&out);
        nd_buf_free(&a);
        nd_buf_free(&b);
    }
}

static void nfc_composes_and_orders(void)
{
    gives(nd_nfc, "plain ASCII", "plain ASCII");
    gives(nd_nfc, "cafe\xcc\x81", "café");
    gives(nd_nfc, "café", "café");
    gives(nd_nfc, "q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87"); /* below before above */
    gives(nd_nfc, "\xe2\x84\xab", "Å");                      /* angstrom sign */
    gives(nd_nfc, "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한");
    gives(nd_nfc, "x\xcc\x81y e\xcc\x80", "x\xcc\x81y è");
    gives(nd_nfc, "ﬁ", "ﬁ"); /* compatibility forms stay */
    gives(nd_nfc, "\xcc\x81", "\xcc\x81");
    gives(nd_nfc, "", "");
}

static void nfc_of_a_million_marks_is_linear(void)
{
    struct nd_buf text, out;
    nd_buf_init(&text, 4 << 20);
    nd_buf_init(&out, 8 << 20);
    nd_buf_byte(&text, 'e');
    for (int i = 0; i < 400000; i++)
        nd_buf_str(&text, i % 2 ? "\xcc\x81" : "\xcc\xa3");
    CHECK_INT(nd_nfc(&out, text.data, text.len), 0);
    CHECK_INT(nd_utf8_valid(out.data, out.len), out.len);
    nd_buf_reset(&out);
    CHECK_INT(nd_fold(&out, text.data, text.len), 0);
    CHECK_STR(out.data, "e");
    nd_buf_free(&text);
    nd_buf_free(&out);
}

/* Code points "0044 0307" as UTF-8. */
static size_t read_points(const char *p, size_t n, char *out)
{
    size_t len = 0;
    for (const char *end = p + n; p < end;) {
        char *stop;
        unsigned long cp = strtoul(p, &stop, 16);
        if (stop == p)
            break;
        len += nd_utf8_encode((uint32_t)cp, out + len);
        p = stop;
    }
    return len;
}

static void nfc_agrees_with_the_decompositions_of_unicode(void)
{
    const char *path = check_shared("data/unicode-15.0.tar.xz");
    if (!path) {
        check_skip("no data/unicode-15.0.tar.xz");
        return;
    }
    char cmd[1200], line[1000];
    snprintf(cmd, sizeof cmd, "tar xJOf '%s' unicode/UnicodeData.txt", path);
    FILE *f = popen(cmd, "r");
    CHECK(f != NULL);
    size_t tested = 0;
    struct nd_buf a, b;
    nd_buf_init(&a, 1000);
    nd_buf_init(&b, 1000);
    while (f && fgets(line, sizeof line, f)) {
        char *field[6], *p = line;
        for (int i = 0; i < 6 && p; i++) {
            field[i] = p;
            p = strchr(p, ';');
            if (p)
                *p++ = '\0';
        }
        if (!p || !field[5][0] || field[5][0] == '<')
            continue;
        char one[8], many[16];
        size_t one_n = read_points(field[0], strlen(field[0]), one);
        size_t many_n = read_points(field[5], strlen(field[5]), many);
        nd_buf_reset(&a);
        nd_buf_reset(&b);
        CHECK_INT(nd_nfc(&a, one, one_n), 0);
        CHECK_INT(nd_nfc(&b, many, many_n), 0);
        if (!CHECK_MEM(a.data, a.len, b.data, b.len))
            printf("U+%s\n", field[0]);
        tested++;
    }
    CHECK(tested > 2000);
    if (f)
        pclose(f);
    nd_buf_free(&a);
    nd_buf_free(&b);
}

static void fold_takes_off_case_and_diacritics(void)
{
    gives(nd_fold, "Hello WORLD 123", "hello world 123");
    gives(nd_fold, "Éléonore", "eleonore");
    gives(nd_fold, "Bjørn ŁÓDŹ Đorđe", "bjorn lodz dorde");
    gives(nd_fold, "Straße STRASSE ẞ", "strasse strasse ss");
    gives(nd_fold, "Æther œuvre Œ", "aether oeuvre oe");
    gives(nd_fold, "İstanbul ısı", "istanbul isi");
    gives(nd_fold, "ﬁn Ｆｕｌｌ ㎏ ™ ²", "fin full kg tm 2");
    gives(nd_fold, "ΣΟΦΌΣ σοφός", "σοφοσ σοφοσ");
    gives(nd_fold, "ЁЖ ёж Й", "еж еж и");
    gives(nd_fold, "ǿ ǽ", "o ae");
    gives(nd_fold, "co\xc2\xadop", "coop");
    gives(nd_fold, "한국어", "한국어");
    gives(nd_fold, "がぎ", "がぎ");
    gives(nd_fold, "हिन्दी", "हिन्दी"); /* vowel signs are letters */
    gives(nd_fold, "שָׁלוֹם", "שלום");
    gives(nd_fold, "Nguyễn Việt", "nguyen viet");
    gives(nd_fold, "", "");
}

static void fold_is_done_after_one_time(void)
{
    struct nd_buf a, b;
    nd_buf_init(&a, 1000);
    nd_buf_init(&b, 1000);
    size_t wrong = 0;
    for (uint32_t cp = 0x80; cp < 0x30000; cp++) {
        char c[4];
        size_t n = nd_utf8_encode(cp, c);
        if (!n)
            continue;
        nd_buf_reset(&a);
        nd_buf_reset(&b);
        nd_fold(&a, c, n);
        nd_fold(&b, a.data ? a.data : "", a.len);
        bool same = a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
        if (!same && wrong++ < 5)
            printf("U+%04X: '%s' then '%s'\n", (unsigned)cp, a.data, b.data);
    }
    CHECK_INT(wrong, 0);
    nd_buf_free(&a);
    nd_buf_free(&b);
}

static void lowercase_keeps_diacritics(void)
{
    gives(nd_lowercase, "ÉCOLE Été", "école été");
    gives(nd_lowercase, "ΣΟΦΟΣ ς", "σοφοσ σ");
    gives(nd_lowercase, "МОСКВА", "москва");
    gives(nd_lowercase, "ſong İ", "song i");
    gives(nd_lowercase, "A\xf0\x90\x90\x80", "a\xf0\x90\x90\xa8"); /* Deseret */
}

static void width_counts_cells(void)
{
    CHECK_INT(nd_width("plain", 5), 5);
    CHECK_INT(nd_width("é", 2), 1);
    CHECK_INT(nd_width("e\xcc\x81", 3), 1);
    CHECK_INT(nd_width("中国", 6), 4);
    CHECK_INT(nd_width("\x01\x02", 2), 0);
    CHECK_INT(nd_width_cut("plain", 5, 3), 3);
    CHECK_INT(nd_width_cut("中国", 6, 3), 3);
    CHECK_INT(nd_width_cut("e\xcc\x81x", 4, 1), 3); /* the mark goes with its letter */
    CHECK_INT(nd_width_cut("abc", 3, 100), 3);
    CHECK_INT(nd_width_cut("abc", 3, 0), 0);
}

static int printable_line(struct nd_buf *out, const char *p, size_t n)
{
    return nd_printable(out, p, n, true);
}
static int printable_text(struct nd_buf *out, const char *p, size_t n)
{
    return nd_printable(out, p, n, false);
}

static void printable_shows_control_characters(void)
{
    gives(printable_line, "plain é 中", "plain é 中");
    gives(printable_line, "a\nb\tc\r", "a b c ");
    gives(printable_text, "a\nb\tc\r", "a\nb\tc\\x0d");
    gives(printable_line, "\x1b[31m\x7f", "\\x1b[31m\\x7f");
    gives(printable_line, "\xc2\x9b", "\\xc2\\x9b");
    gives(printable_line, "a\xe2\x80\xae z", "a\\xe2\\x80\\xae z");
    gives(printable_line, "\xff\xc3", "\\xff\\xc3");
    struct nd_buf out;
    nd_buf_init(&out, 100);
    CHECK_INT(nd_printable(&out, "a\0b", 3, true), 0);
    CHECK_STR(out.data, "a\\x00b");
    nd_buf_free(&out);
}

static void utf8_limits_are_reported(void)
{
    struct nd_buf out;
    uint64_t repairs = 0;
    nd_buf_init(&out, 4);
    CHECK_INT(nd_utf8_repair(&out, "longer", 6, &repairs), ND_LIMIT);
    nd_buf_reset(&out);
    CHECK_INT(nd_fold(&out, "longer", 6), ND_LIMIT);
    nd_buf_reset(&out);
    CHECK_INT(nd_nfc(&out, "caf\xc3\xa9 e\xcc\x81", 9), ND_LIMIT);
    nd_buf_reset(&out);
    CHECK_INT(nd_lowercase(&out, "longer", 6), ND_LIMIT);
    nd_buf_free(&out);
}

int main(void)
{
    RUN(utf8_every_character_survives_encoding_and_decoding);
    RUN(utf8_valid_agrees_with_the_definition_on_random_bytes);
    RUN(utf8_repair_replaces_maximal_subparts);
    RUN(utf8_stress_test_is_repaired_line_by_line);
    RUN(nfc_composes_and_orders);
    RUN(nfc_of_a_million_marks_is_linear);
    RUN(nfc_agrees_with_the_decompositions_of_unicode);
    RUN(fold_takes_off_case_and_diacritics);
    RUN(fold_is_done_after_one_time);
    RUN(lowercase_keeps_diacritics);
    RUN(width_counts_cells);
    RUN(printable_shows_control_characters);
    RUN(utf8_limits_are_reported);
    return check_done();
}
