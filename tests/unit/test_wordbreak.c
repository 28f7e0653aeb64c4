/* Word boundaries against the test file of Unicode, and the tables against their script. */
#include "../check.h"

#include "token_check.h"
#include "text/wordbreak.h"

#include <stdlib.h>

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

static void tables_are_what_their_script_writes(void)
{
    const char *path = check_shared("data/unicode-15.0.tar.xz");
    if (!path) {
        check_skip("no data/unicode-15.0.tar.xz");
        return;
    }
    char cmd[3000];
    snprintf(cmd, sizeof cmd,
             "python3 common/text/make_tables.py '%s' '%s' && for f in c h; do "
             "cmp common/text/wordbreak_table.$f '%s'/wordbreak_table.$f || exit 1; done",
             path, check_dir(), check_dir());
    CHECK_INT(system(cmd), 0);
}

int main(void)
{
    RUN(wordbreak_follows_the_test_file_of_unicode);
    RUN(tables_are_what_their_script_writes);
    return check_done();
}
