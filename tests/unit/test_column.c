#include "../check.h"

#include "base/hash.h"
#include "record/column.h"
#include "text/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char path[512];

static const char *path_of(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", check_dir(), name);
    return path;
}

static const char *text(struct nd_str s)
{
    static char out[64];
    snprintf(out, sizeof out, "%.*s", (int)s.n, s.n ? s.p : "");
    return out;
}

/* Three rows: full, empty, with what the first has in another order. */
static void write_sample(const char *name)
{
    struct nd_columns_writer *w;
    struct nd_error err = {0};
    static const uint32_t entity_map[] = {9, 4, 7};
    CHECK_INT(nd_columns_writer_new(&w, &err), 0);
    nd_columns_writer_row(w);
    nd_columns_writer_number(w, ND_COL_PUBLISHED, (uint64_t)-5);
    nd_columns_writer_number(w, ND_COL_DAY, 20230905);
    nd_columns_writer_number(w, ND_COL_PRECISION, ND_DATE_DAY);
    nd_columns_writer_value(w, ND_COL_SOURCE, ND_STR("The Sun"));
    nd_columns_writer_value(w, ND_COL_AUTHORS, ND_STR("Zoe"));
    nd_columns_writer_value(w, ND_COL_AUTHORS, ND_STR("Ann"));
    nd_columns_writer_value(w, ND_COL_AUTHORS, ND_STR("Zoe"));
    nd_columns_writer_item(w, ND_COL_ENTITIES, 0);
    nd_columns_writer_item(w, ND_COL_ENTITIES, 3);
    nd_columns_writer_item(w, ND_COL_ENTITIES, 2);
    nd_columns_writer_item(w, ND_COL_ENTITIES, 1);
    nd_columns_writer_bytes_of(w, ND_COL_CONTENT, "0123456789abcdef", 16);
    nd_columns_writer_value(w, ND_COL_ORIGIN, (struct nd_str){"a.zip\0b.xml", 11});
    nd_columns_writer_number(w, ND_COL_ORIGIN, 1ull << 40);
    nd_columns_writer_row(w);
    nd_columns_writer_row(w);
    nd_columns_writer_value(w, ND_COL_SOURCE, ND_STR("Le Monde"));
    nd_columns_writer_value(w, ND_COL_AUTHORS, ND_STR("Ann"));
    nd_columns_writer_value(w, ND_COL_SECTION, (struct nd_str){NULL, 0});
    CHECK_INT(nd_columns_writer_remap(w, ND_COL_ENTITIES, entity_map, 3, 2), 0);
    CHECK(nd_columns_writer_bytes(w) > 100);
    CHECK_INT(nd_columns_writer_finish(w, name, NULL, &err), 0);
    nd_columns_writer_free(w);
}

static void column_values_come_back(void)
{
    struct nd_columns c;
    struct nd_error err = {0};
    size_t n;
    write_sample(path_of("c"));
    CHECK_INT(nd_columns_open(&c, path, &err), 0);
    for (enum nd_column_id id = 1; id < ND_COLUMNS; id++)
        CHECK_INT(nd_column_check(&c, id, &err), 0);
    CHECK_INT(c.docs, 3);
    CHECK_INT(nd_column_i64(&c, ND_COL_PUBLISHED, 1), -5);
    CHECK(nd_column_i64(&c, ND_COL_PUBLISHED, 2) == ND_UTC_NONE);
    CHECK_INT(nd_column_u32(&c, ND_COL_DAY, 1), 20230905);
    CHECK_INT(nd_column_u8(&c, ND_COL_PRECISION, 1), ND_DATE_DAY);
    CHECK_INT(nd_column_values(&c, ND_COL_SOURCE), 2);
    CHECK_STR(text(nd_column_value(&c, ND_COL_SOURCE, 0)), "Le Monde");
    CHECK_INT(nd_column_u32(&c, ND_COL_SOURCE, 1), 2);
    CHECK_INT(nd_column_u32(&c, ND_COL_SOURCE, 2), 0);
    CHECK_INT(nd_column_u32(&c, ND_COL_SOURCE, 3), 1);
    const unsigned char *list = nd_column_list(&c, ND_COL_AUTHORS, 1, &n);
    CHECK_INT(n, 2);
    CHECK_STR(text(nd_column_value(&c, ND_COL_AUTHORS, nd_load32(list))), "Zoe");
    CHECK_STR(text(nd_column_value(&c, ND_COL_AUTHORS, nd_load32(list + 4))), "Ann");
    nd_column_list(&c, ND_COL_AUTHORS, 2, &n);
    CHECK_INT(n, 0);
    nd_column_list(&c, ND_COL_AUTHORS, 3, &n);
    CHECK_INT(n, 1);
    list = nd_column_list(&c, ND_COL_ENTITIES, 1, &n);
    CHECK_INT(n, 4);
    CHECK(nd_load32(list) == 9 && nd_load32(list + 4) == 3 && nd_load32(list + 8) == 7);
    const unsigned char *wide = nd_column_bytes(&c, ND_COL_CONTENT, 1, 16);
    CHECK_MEM(wide, 16, "0123456789abcdef", 16);
    wide = nd_column_bytes(&c, ND_COL_ORIGIN, 1, 12);
    CHECK(nd_load32(wide) == 0 && nd_load64(wide + 4) == 1ull << 40);
    CHECK(nd_column_u32(&c, ND_COL_ORIGIN, 2) == UINT32_MAX);
    CHECK_MEM(nd_column_value(&c, ND_COL_ORIGIN, 0).p, 11, "a.zip\0b.xml", 11);
    nd_columns_close(&c);
}

static void column_of_one_number_takes_one_row(void)
{
    struct nd_columns_writer *w;
    struct nd_columns c;
    struct nd_error err = {0};
    const char *name = path_of("same");
    CHECK_INT(nd_columns_writer_new(&w, &err), 0);
    for (uint32_t i = 0; i < 100; i++) {
        nd_columns_writer_row(w);
        nd_columns_writer_number(w, ND_COL_INDEXED, 77);
        nd_columns_writer_number(w, ND_COL_VERSION, i == 99);
    }
    CHECK_INT(nd_columns_writer_finish(w, name, NULL, &err), 0);
    nd_columns_writer_free(w);
    CHECK_INT(nd_columns_open(&c, name, &err), 0);
    CHECK_INT(c.col[ND_COL_INDEXED].n, 8);
    CHECK_INT(c.col[ND_COL_VERSION].n, 800);
    CHECK_INT(nd_column_u64(&c, ND_COL_INDEXED, 1), 77);
    CHECK_INT(nd_column_u64(&c, ND_COL_INDEXED, 100), 77);
    CHECK_INT(nd_column_u64(&c, ND_COL_INDEXED, 101), (uint64_t)ND_UTC_NONE);
    CHECK_INT(nd_column_u64(&c, ND_COL_VERSION, 99), 0);
    CHECK_INT(nd_column_u64(&c, ND_COL_VERSION, 100), 1);
    nd_columns_close(&c);
}

static void column_outside_reads_as_none(void)
{
    struct nd_columns c;
    struct nd_error err = {0};
    size_t n = 1;
    write_sample(path_of("c"));
    CHECK_INT(nd_columns_open(&c, path, &err), 0);
    CHECK(nd_column_i64(&c, ND_COL_PUBLISHED, 0) == ND_UTC_NONE);
    CHECK(nd_column_i64(&c, ND_COL_PUBLISHED, 4) == ND_UTC_NONE);
    CHECK_INT(nd_column_u32(&c, ND_COL_DAY, UINT32_MAX), 0);
    CHECK_INT(nd_column_u32(&c, ND_COL_NONE, 1), 0);
    CHECK_INT(nd_column_u32(&c, ND_COLUMNS, 1), 0);
    CHECK_INT(nd_column_u32(&c, ND_COL_AUTHORS, 1), 0);
    CHECK_INT(nd_column_u64(&c, ND_COL_DAY, 1), 0);
    CHECK(nd_column_bytes(&c, ND_COL_CONTENT, 1, 17) == NULL);
    CHECK(nd_column_list(&c, ND_COL_AUTHORS, 0, &n) == NULL && n == 0);
    CHECK(nd_column_list(&c, ND_COL_DAY, 1, &n) == NULL && n == 0);
    CHECK(nd_column_value(&c, ND_COL_SOURCE, 2).p == NULL);
    CHECK(nd_column_value(&c, ND_COL_DAY, 0).p == NULL);
    nd_columns_close(&c);
}

static void column_wrong_calls_fail_at_finish(void)
{
    struct nd_columns_writer *w;
    struct nd_error err = {0};
    CHECK_INT(nd_columns_writer_new(&w, &err), 0);
    CHECK_INT(nd_columns_writer_number(w, ND_COL_DAY, 1), ND_INTERNAL); /* no row */
    CHECK_INT(nd_columns_writer_finish(w, path_of("wrong"), NULL, &err), ND_INTERNAL);
    nd_columns_writer_free(w);
    CHECK_INT(nd_columns_writer_new(&w, &err), 0);
    nd_columns_writer_row(w);
    CHECK_INT(nd_columns_writer_bytes_of(w, ND_COL_CONTENT, "x", 1), ND_INTERNAL);
    nd_columns_writer_free(w);
    CHECK_INT(nd_columns_writer_new(&w, &err), 0);
    nd_columns_writer_row(w);
    nd_columns_writer_item(w, ND_COL_ENTITIES, 5);
    CHECK_INT(nd_columns_writer_remap(w, ND_COL_ENTITIES, NULL, 0, 2), ND_INTERNAL);
    nd_columns_writer_free(w);
}

/* A sum over all that the accessors give. */
static int read_all(const char *name, uint64_t *sum)
{
    struct nd_columns c;
    uint64_t h = 0;
    int rc = nd_columns_open(&c, name, NULL);
    if (rc)
        return rc;
    for (enum nd_column_id id = 0; id < ND_COLUMNS && !rc; id++) {
        rc = nd_column_check(&c, id, NULL);
        for (uint32_t d = 0; d <= 5 && !rc; d++) {
            size_t n;
            const unsigned char *p = nd_column_list(&c, id, d, &n);
            h = nd_hash64(p, n * 4, h);
            h = h * 31 + nd_column_u8(&c, id, d) + nd_column_u32(&c, id, d) +
                nd_column_u64(&c, id, d);
            p = nd_column_bytes(&c, id, d, 12);
            h = nd_hash64(p, p ? 12 : 0, h);
        }
        uint32_t values = nd_column_values(&c, id);
        for (uint32_t v = 0; v <= values && v < 1000 && !rc; v++) {
            struct nd_str s = nd_column_value(&c, id, v);
            h = nd_hash64(s.p, s.n, h);
        }
    }
    nd_columns_close(&c);
    *sum = h;
    return rc;
}

static void write_bytes(const char *name, const unsigned char *p, size_t n)
{
    FILE *f = fopen(name, "wb");
    fwrite(p, 1, n, f);
    fclose(f);
}

static void column_cut_or_flipped_is_an_error_or_right(void)
{
    struct nd_mapped m;
    struct nd_error err = {0};
    uint64_t right, sum = 0;
    write_sample(path_of("c"));
    CHECK_INT(read_all(path, &right), 0);
    CHECK_INT(nd_file_map(&m, path, &err), 0);
    unsigned char *copy = malloc(m.size);
    memcpy(copy, m.data, m.size);
    path_of("damaged");
    for (size_t n = 0; n < m.size; n++) {
        write_bytes(path, copy, n);
        CHECK(read_all(path, &sum) < 0);
    }
    for (size_t i = 0; i < m.size; i++) {
        copy[i] ^= (unsigned char)(1u << check_random() % 8);
        write_bytes(path, copy, m.size);
        int rc = read_all(path, &sum);
        CHECK(rc < 0 || sum == right);
        copy[i] = m.data[i];
    }
    free(copy);
    nd_file_unmap(&m);
}

/* Damage with checksums that are right: accessors must stay inside. */
static void column_forged_sections_are_bounded(void)
{
    struct nd_sections from;
    struct nd_error err = {0};
    char sample[512];
    write_sample(path_of("c"));
    snprintf(sample, sizeof sample, "%s", path);
    CHECK_INT(nd_sections_open(&from, sample, "COLS", 1, &err), 0);
    for (int round = 0; round < 1000; round++) {
        struct nd_sections_writer *w;
        CHECK_INT(nd_sections_create(&w, path_of("forged"), "COLS", 1, &err), 0);
        for (uint32_t i = 0; i < from.count; i++) {
            uint32_t id = nd_load32(from.dir + (size_t)i * 24);
            struct nd_section s = nd_sections_get(&from, id);
            unsigned char copy[512];
            memcpy(copy, s.p, s.n);
            if (s.n && check_random() % 6 == 0)
                copy[check_random() % s.n] = (unsigned char)check_random();
            nd_sections_begin(w, id);
            nd_sections_write(w, copy, s.n);
            nd_sections_end(w);
        }
        CHECK_INT(nd_sections_finish(w, NULL, &err), 0);
        uint64_t sum;
        int rc = read_all(path, &sum);
        CHECK(rc == 0 || rc == ND_CORRUPT);
    }
    nd_sections_close(&from);
}

int main(void)
{
    RUN(column_values_come_back);
    RUN(column_of_one_number_takes_one_row);
    RUN(column_outside_reads_as_none);
    RUN(column_wrong_calls_fail_at_finish);
    RUN(column_cut_or_flipped_is_an_error_or_right);
    RUN(column_forged_sections_are_bounded);
    return check_done();
}
