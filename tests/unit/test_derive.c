/* Index-wide facts: display names, majority links, spellings; the file that holds them. */
#include "base/file.h"
#include "check.h"
#include "entity/derive.h"

#include <stdio.h>
#include <string.h>

struct row {
    const char *id, *surface;
    uint32_t mentions;
};

static const struct row rows[] = {
    {"barack obama", "Barack Obama", 40},
    {"barack obama", "Obama", 100},
    {"barack obama", "BARACK OBAMA", 60},
    {"obama", "Obama", 20},
    {"michelle obama", "Michelle Obama", 3},
    {"hillary clinton", "Hillary Clinton", 40},
    {"bill clinton", "Bill Clinton", 30},
    {"clinton", "Clinton", 9},
    {"george bush", "George Bush", 9},
    {"george w. bush", "George W. Bush", 30},
    {"bush", "Bush", 4},
    {"john kerry", "John Kerry", 40},
    {"john f. kerry", "John F. Kerry", 5},
    {"kerry", "Kerry", 2},
    {"lidia ferro", "Lidia Ferro", 2},
    {"ferro", "Ferro", 1},
    {"kim jong-un", "Kim Jong-un", 99},
    {"kim", "Kim", 7},
    {"anna b. tor", "Anna B. Tor", 5},
    {"anna c. tor", "Anna C. Tor", 6},
    {"anna tor", "Anna Tor", 7},
};

static uint32_t find(const struct nd_derived *d, const char *id, struct nd_derived_row *r)
{
    return nd_derived_find(d, ND_PERSON, id, strlen(id), r);
}

static void expect_link(const struct nd_derived *d, const char *id, const char *to,
                        enum nd_derived_why why)
{
    struct nd_derived_row r, t = {0};
    CHECK(find(d, id, &r) != ND_DERIVED_NO_LINK);
    if (r.link != ND_DERIVED_NO_LINK)
        CHECK_INT(nd_derived_row(d, r.link, &t), 0);
    CHECK_MEM(t.id.p ? t.id.p : "", t.id.n, to, strlen(to));
    CHECK_INT(r.why, why);
}

static int build(struct nd_derive *x, bool backwards)
{
    size_t n = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < n; i++) {
        const struct row *r = &rows[backwards ? n - 1 - i : i];
        struct nd_entity_row e = {.type = ND_PERSON,
                                  .id = nd_str_of(r->id),
                                  .surface = nd_str_of(r->surface),
                                  .mentions = r->mentions,
                                  .words = 1};
        int rc = nd_derive_add(x, &e, NULL);
        if (rc)
            return rc;
    }
    struct nd_entity_row place = {
        .type = ND_PLACE, .id = ND_STR("obama"), .surface = ND_STR("Obama"), .mentions = 1};
    return nd_derive_add(x, &place, NULL);
}

static void make(const char *path, bool backwards)
{
    struct nd_gazetteer g;
    struct nd_derive *x;
    CHECK_INT(nd_gaz_open(&g, NULL, NULL), 0);
    CHECK_INT(nd_derive_new(&x, &g, NULL), 0);
    CHECK_INT(build(x, backwards), 0);
    CHECK_INT(nd_derive_write(x, path, NULL), 0);
    nd_derive_free(x);
    nd_gaz_close(&g);
}

static void derive_names_and_links(void)
{
    char path[512];
    struct nd_derived d;
    struct nd_derived_row r;
    snprintf(path, sizeof path, "%s/derived", check_dir());
    make(path, false);
    CHECK_INT(nd_derived_open(&d, path, NULL), 0);
    CHECK(find(&d, "barack obama", &r) != ND_DERIVED_NO_LINK);
    CHECK_MEM(r.name.p, r.name.n, "Barack Obama", 12);
    CHECK_INT(r.mentions, 200);
    expect_link(&d, "obama", "barack obama", ND_DERIVED_MAJORITY);
    expect_link(&d, "clinton", "", ND_DERIVED_NONE);
    expect_link(&d, "bush", "", ND_DERIVED_NONE);
    expect_link(&d, "george w. bush", "", ND_DERIVED_NONE);
    expect_link(&d, "george bush", "", ND_DERIVED_NONE);
    expect_link(&d, "john f. kerry", "john kerry", ND_DERIVED_SPELLING);
    expect_link(&d, "kerry", "john kerry", ND_DERIVED_MAJORITY);
    expect_link(&d, "ferro", "", ND_DERIVED_NONE);
    expect_link(&d, "kim", "kim jong-un", ND_DERIVED_MAJORITY);
    expect_link(&d, "anna b. tor", "", ND_DERIVED_NONE);
    expect_link(&d, "anna c. tor", "", ND_DERIVED_NONE);
    CHECK_INT(find(&d, "nobody", &r), ND_DERIVED_NO_LINK);
    CHECK(nd_derived_find(&d, ND_PLACE, "obama", 5, &r) != ND_DERIVED_NO_LINK &&
          r.link == ND_DERIVED_NO_LINK);
    CHECK_INT(nd_derived_row(&d, d.n, &r), -9);
    nd_derived_close(&d);
}

static void derive_order_of_arrival_changes_nothing(void)
{
    char a[512], b[512];
    struct nd_buf x, y;
    snprintf(a, sizeof a, "%s/a", check_dir());
    snprintf(b, sizeof b, "%s/b", check_dir());
    make(a, false);
    make(b, true);
    nd_buf_init(&x, 1 << 20);
    nd_buf_init(&y, 1 << 20);
    CHECK_INT(nd_file_read(&x, a, NULL), 0);
    CHECK_INT(nd_file_read(&y, b, NULL), 0);
    CHECK_MEM(x.data, x.len, y.data, y.len);
    nd_buf_free(&x);
    nd_buf_free(&y);
}

static void derived_damage_is_refused(void)
{
    char path[512];
    struct nd_buf b;
    struct nd_derived d;
    snprintf(path, sizeof path, "%s/d", check_dir());
    make(path, false);
    nd_buf_init(&b, 1 << 20);
    CHECK_INT(nd_file_read(&b, path, NULL), 0);
    for (size_t i = 0; i < 40; i++) {
        size_t at = check_random() % b.len;
        b.data[at] ^= 0x10;
        CHECK_INT(nd_file_write(path, b.data, b.len, NULL), 0);
        CHECK(nd_derived_open(&d, path, NULL) < 0);
        b.data[at] ^= 0x10;
    }
    struct nd_derived_row unsorted[2] = {{.id = ND_STR("b"), .link = ND_DERIVED_NO_LINK},
                                         {.id = ND_STR("a"), .link = ND_DERIVED_NO_LINK}};
    CHECK_INT(nd_derived_write(path, unsorted, 2, NULL), -13);
    CHECK_INT(nd_derived_write(path, unsorted, 0, NULL), 0);
    CHECK_INT(nd_derived_open(&d, path, NULL), 0);
    CHECK_INT(d.n, 0);
    nd_derived_close(&d);
    nd_buf_free(&b);
}

int main(void)
{
    RUN(derive_names_and_links);
    RUN(derive_order_of_arrival_changes_nothing);
    RUN(derived_damage_is_refused);
    return check_done();
}
