/* The ledger: names of any kind come back, damage is noticed. */
#include "../check.h"

#include "base/file.h"
#include "segment/ledger.h"

#include <stdio.h>
#include <string.h>

static char path[4096];

static void ledger_comes_back(void)
{
    static const char *const names[] = {"/a/plain.jsonl",          "/a/with blank",
                                        "/a/tab\tand\nline",       "/a/50%",
                                        "/\xc3\xa9t\xc3\xa9/\x01", "/a/#hash"};
    struct nd_ledger l, back;
    struct nd_error err = {0};
    CHECK_INT(nd_ledger_init(&l), 0);
    CHECK_INT(nd_ledger_init(&back), 0);
    for (int i = 0; i < 6; i++) {
        struct nd_ledger_row row = {.records = (uint64_t)i * 1000000007,
                                    .done = i % 2,
                                    .size = UINT64_MAX - (uint64_t)i,
                                    .mtime = i - 3};
        CHECK_INT(nd_ledger_set(&l, names[i], &row), 0);
    }
    CHECK(l.changed);
    CHECK_INT(nd_ledger_write(&l, path, &err), 0);
    CHECK_INT(nd_ledger_read(&back, path, &err), 0);
    CHECK_STR(err.msg, "");
    CHECK(!back.changed);
    for (int i = 0; i < 6; i++) {
        const struct nd_ledger_row *r = nd_ledger_find(&back, names[i]);
        if (!CHECK(r != NULL))
            continue;
        CHECK_INT(r->records, (uint64_t)i * 1000000007);
        CHECK_INT(r->done, i % 2);
        CHECK(r->size == UINT64_MAX - (uint64_t)i);
        CHECK_INT(r->mtime, i - 3);
    }
    CHECK(!nd_ledger_find(&back, "/a/other"));
    nd_ledger_free(&l);
    nd_ledger_free(&back);
}

static void ledger_replaces_a_row(void)
{
    struct nd_ledger l;
    struct nd_ledger_row row = {.records = 1}, later = {.records = 2, .done = true};
    CHECK_INT(nd_ledger_init(&l), 0);
    CHECK_INT(nd_ledger_set(&l, "f", &row), 0);
    CHECK_INT(nd_ledger_set(&l, "f", &later), 0);
    CHECK_INT(nd_ledger_find(&l, "f")->records, 2);
    CHECK_INT(l.names.count, 1);
    nd_ledger_free(&l);
}

static void ledger_of_nothing(void)
{
    struct nd_ledger l;
    struct nd_error err = {0};
    CHECK_INT(nd_ledger_init(&l), 0);
    CHECK_INT(nd_ledger_write(&l, path, &err), 0);
    CHECK_INT(nd_ledger_read(&l, path, &err), 0);
    CHECK_INT(l.names.count, 0);
    nd_ledger_free(&l);
}

static void ledger_notices_damage(void)
{
    struct nd_ledger l;
    struct nd_buf b;
    struct nd_error err = {0};
    struct nd_ledger_row row = {.records = 77, .size = 5, .mtime = 6};
    nd_buf_init(&b, 1 << 20);
    CHECK_INT(nd_ledger_init(&l), 0);
    CHECK_INT(nd_ledger_set(&l, "/dumps/one", &row), 0);
    CHECK_INT(nd_ledger_set(&l, "/dumps/two", &row), 0);
    CHECK_INT(nd_ledger_write(&l, path, &err), 0);
    nd_ledger_free(&l);
    CHECK_INT(nd_file_read(&b, path, &err), 0);
    for (size_t i = 0; i < 2 * b.len; i++) {
        size_t n = i < b.len ? i : b.len; /* cut at every length, then every byte changed */
        if (i >= b.len)
            b.data[i - b.len] ^= 1;
        CHECK_INT(nd_file_write(path, b.data, n, &err), 0);
        CHECK_INT(nd_ledger_init(&l), 0);
        CHECK_INT(nd_ledger_read(&l, path, &err), ND_CORRUPT);
        nd_ledger_free(&l);
        if (i >= b.len)
            b.data[i - b.len] ^= 1;
    }
    nd_buf_free(&b);
}

int main(void)
{
    snprintf(path, sizeof path, "%s/ledger-1", check_dir());
    RUN(ledger_comes_back);
    RUN(ledger_replaces_a_row);
    RUN(ledger_of_nothing);
    RUN(ledger_notices_damage);
    return check_done();
}
