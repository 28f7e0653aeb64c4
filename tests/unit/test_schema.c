#include "../check.h"

#include "base/buf.h"
#include "record/schema.h"

#include <stdlib.h>
#include <string.h>

static const char *found(const char *name)
{
    const struct nd_field *f = nd_schema_find(name, strlen(name));
    return f ? f->name : "none";
}

static void schema_find_takes_names_and_aliases_in_any_case(void)
{
    CHECK_STR(found("title"), "title");
    CHECK_STR(found("Headline"), "title");
    CHECK_STR(found("PAPER"), "source");
    CHECK_STR(found("publication"), "source");
    CHECK_STR(found("byline"), "author");
    CHECK_STR(found("host"), "host");
    CHECK_STR(found("language"), "lang");
    CHECK_STR(found(""), "none");
    CHECK_STR(found("paper "), "none");
    CHECK_STR(found("paper publication"), "none");
    CHECK_STR(found("titl"), "none");
    CHECK(nd_schema_find("title\0x", 7) == NULL);
}

static void schema_names_and_prefixes_are_unique(void)
{
    size_t n;
    const struct nd_field *t = nd_schema_table(&n);
    CHECK(n > 20);
    for (size_t i = 0; i < n; i++) {
        CHECK_STR(found(t[i].name), t[i].name);
        CHECK(*t[i].help && *t[i].example);
        CHECK((t[i].kind == ND_KIND_TEXT) == (t[i].texts != 0));
        CHECK(t[i].column < ND_COLUMNS);
        for (size_t j = 0; j < i; j++)
            if (t[i].kind != ND_KIND_TEXT && *t[i].prefix)
                CHECK(strcmp(t[i].prefix, t[j].prefix) != 0);
    }
}

static void schema_terms_are_short_and_distinct(void)
{
    char out[ND_TERM_MAX], other[ND_TERM_MAX], value[400];
    bool exact;
    size_t n = nd_term_make(out, "XSRC", "the sun", 7, &exact);
    CHECK_MEM(out, n, "XSRCthe sun", 11);
    CHECK(exact);
    memset(value, 'a', sizeof value);
    n = nd_term_make(out, "Q", value, ND_TERM_MAX - 1, &exact);
    CHECK_INT(n, ND_TERM_MAX);
    CHECK(exact);
    n = nd_term_make(out, "Q", value, ND_TERM_MAX, &exact);
    CHECK_INT(n, ND_TERM_KEEP + 32);
    CHECK(!exact);
    value[250] = 'b';
    size_t m = nd_term_make(other, "Q", value, ND_TERM_MAX + 20, &exact);
    CHECK(m == n && memcmp(out, other, n) != 0 && memcmp(out, other, ND_TERM_KEEP) == 0);
}

static void schema_terms_count_zero_bytes_twice(void)
{
    char out[ND_TERM_MAX], value[ND_TERM_MAX] = {0};
    bool exact;
    CHECK_INT(nd_term_make(out, "A", value, 119, &exact), 120);
    CHECK(exact);
    size_t n = nd_term_make(out, "A", value, 120, &exact), cost = n;
    CHECK(!exact);
    for (size_t i = 0; i < n; i++)
        cost += out[i] == 0;
    CHECK(cost <= ND_TERM_MAX);
}

static void schema_long_addresses_are_hashed(void)
{
    char one[ND_TERM_MAX], other[ND_TERM_MAX],
        url[] = "https://example.org/2023/09/05/a-long-address-1";
    size_t n = sizeof url - 1;
    bool exact;
    CHECK_INT(nd_term_make(one, "U", url, ND_URL_KEEP, &exact), 1 + ND_URL_KEEP);
    CHECK(exact && memcmp(one + 1, url, ND_URL_KEEP) == 0);
    CHECK_INT(nd_term_make(one, "U", url, n, &exact), 1 + ND_URL_HASH);
    CHECK(!exact && one[0] == 'U');
    CHECK_INT(nd_term_make(other, "U", url, n, &exact), 1 + ND_URL_HASH);
    CHECK(memcmp(one, other, 1 + ND_URL_HASH) == 0);
    url[n - 1] = '2';
    CHECK_INT(nd_term_make(other, "U", url, n, &exact), 1 + ND_URL_HASH);
    CHECK(memcmp(one, other, 1 + ND_URL_HASH) != 0);
}

static void schema_long_terms_are_cut_at_a_character(void)
{
    char out[ND_TERM_MAX], value[300];
    bool exact;
    for (size_t i = 0; i < sizeof value; i += 2)
        memcpy(value + i, "\xc3\xa9", 2);
    size_t n = nd_term_make(out, "A", value, sizeof value, &exact);
    CHECK_INT(n, 1 + 198 + 32);
}

static void schema_values_are_folded_and_squeezed(void)
{
    struct nd_buf b;
    nd_buf_init(&b, 1000);
    nd_buf_str(&b, "<");
    CHECK_INT(nd_value_fold(&b, "  The\t\n \xc3\x89poch  Times ", 22), 0);
    CHECK_STR(b.data, "<the epoch times");
    nd_buf_reset(&b);
    CHECK_INT(nd_value_fold(&b, " \n ", 3), 0);
    CHECK_INT(b.len, 0);
    CHECK_INT(nd_value_fold(&b, NULL, 0), 0);
    nd_buf_free(&b);
}

int main(void)
{
    RUN(schema_find_takes_names_and_aliases_in_any_case);
    RUN(schema_names_and_prefixes_are_unique);
    RUN(schema_terms_are_short_and_distinct);
    RUN(schema_terms_count_zero_bytes_twice);
    RUN(schema_long_addresses_are_hashed);
    RUN(schema_long_terms_are_cut_at_a_character);
    RUN(schema_values_are_folded_and_squeezed);
    return check_done();
}
