#include "../check.h"

#include "record/sections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BIG = 20000
};

static const char *path_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", check_dir(), name);
    return path;
}

/* Three sections: 5 bytes, none, many. */
static void write_sample(const char *path)
{
    struct nd_sections_writer *w;
    struct nd_error err = {0};
    CHECK_INT(nd_sections_create(&w, path, "TEST", 3, &err), 0);
    nd_sections_begin(w, 7);
    nd_sections_write(w, "hello", 5);
    CHECK_INT(nd_sections_at(w), 5);
    nd_sections_end(w);
    nd_sections_begin(w, 8);
    nd_sections_end(w);
    nd_sections_begin(w, 9);
    for (int i = 0; i < BIG / 4; i++)
        nd_sections_write(w, "\1\2\3\4", 4);
    nd_sections_end(w);
    uint64_t size = 0;
    CHECK_INT(nd_sections_finish(w, &size, &err), 0);
    struct nd_mapped m;
    CHECK_INT(nd_file_map(&m, path, &err), 0);
    CHECK_INT(size, m.size);
    nd_file_unmap(&m);
}

/* Open and read everything. Return: 0 with right answers, or the failure. */
static int read_sample(const char *path)
{
    struct nd_sections s;
    int rc = nd_sections_open(&s, path, "TEST", 3, NULL);
    if (rc)
        return rc;
    rc = nd_sections_verify(&s, NULL);
    struct nd_section a = nd_sections_get(&s, 7), b = nd_sections_get(&s, 8),
                      c = nd_sections_get(&s, 9);
    int right = s.version == 3 && a.n == 5 && b.n == 0 && b.p && c.n == BIG;
    if (!rc && right) {
        right = memcmp(a.p, "hello", 5) == 0;
        for (int i = 0; i < BIG; i++)
            right = right && c.p[i] == i % 4 + 1;
    }
    nd_sections_close(&s);
    CHECK(rc || right);
    return rc;
}

static void sections_round_trip(void)
{
    const char *path = path_of("a");
    write_sample(path);
    struct nd_sections s;
    struct nd_error err = {0};
    CHECK_INT(nd_sections_open(&s, path, "TEST", 3, &err), 0);
    struct nd_section a = nd_sections_get(&s, 7);
    CHECK_MEM(a.p, a.n, "hello", 5);
    CHECK_INT((a.p - s.map.data) % 64, 0);
    CHECK_INT(nd_sections_touch(&s, a.p, a.n, &err), 0);
    for (int i = 1; i <= ND_SECTION_PAD; i++) {
        CHECK_INT(a.p[-i], i > ND_SECTION_PAD ? 1 : 0);
        CHECK_INT(a.p[4 + i], 0);
    }
    CHECK(nd_sections_get(&s, 10).p == NULL);
    CHECK_INT(nd_sections_verify(&s, &err), 0);
    nd_sections_close(&s);
    CHECK_INT(read_sample(path), 0);
}

static void sections_refuse_what_is_not_theirs(void)
{
    const char *path = path_of("a");
    struct nd_sections s;
    struct nd_error err = {0};
    write_sample(path);
    CHECK_INT(nd_sections_open(&s, path, "ELSE", 3, &err), ND_CORRUPT);
    CHECK_INT(nd_sections_open(&s, path, "TEST", 2, &err), ND_VERSION);
    CHECK(strstr(err.msg, "version 3") != NULL);
    CHECK_INT(nd_sections_open(&s, path_of("none"), "TEST", 3, &err), ND_MISSING);
    CHECK(s.map.data == NULL);
}

static void sections_touch_stays_inside(void)
{
    const char *path = path_of("a");
    struct nd_sections s;
    struct nd_error err = {0};
    write_sample(path);
    CHECK_INT(nd_sections_open(&s, path, "TEST", 3, &err), 0);
    CHECK_INT(nd_sections_touch(&s, s.map.data + s.map.size, 1, &err), ND_CORRUPT);
    CHECK_INT(nd_sections_touch(&s, s.map.data - 1, 1, &err), ND_CORRUPT);
    CHECK_INT(nd_sections_touch(&s, s.map.data, s.map.size, &err), ND_CORRUPT);
    CHECK_INT(nd_sections_touch(&s, s.map.data + 1, SIZE_MAX - 1, &err), ND_CORRUPT);
    nd_sections_close(&s);
}

/* Write and open a file of one section, 7, of n random bytes over many blocks. Return: the bytes; free them. */
static unsigned char *open_random(struct nd_sections *s, size_t n)
{
    const char *path = path_of("random");
    struct nd_sections_writer *w;
    struct nd_error err = {0};
    unsigned char *bytes = malloc(n);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (unsigned char)check_random();
    CHECK_INT(nd_sections_create(&w, path, "TEST", 3, &err), 0);
    nd_sections_begin(w, 7);
    nd_sections_write(w, bytes, n);
    nd_sections_end(w);
    CHECK_INT(nd_sections_finish(w, NULL, &err), 0);
    CHECK_INT(nd_sections_open(s, path, "TEST", 3, &err), 0);
    return bytes;
}

static void sections_copies_are_what_the_mapping_holds(void)
{
    enum {
        N = 300000,
        ROUNDS = 3000
    };
    struct nd_sections s;
    struct nd_error err = {0};
    unsigned char *bytes = open_random(&s, N);
    s.once = true;
    struct nd_section a = nd_sections_get(&s, 7);
    const unsigned char *p;
    size_t at = 0, copied = 0;
    for (int i = 0; i < ROUNDS; i++) {
        size_t n = check_random() % (i % 500 != 499 ? 6000 : 70000);
        at = i % 3 ? at + n / 2 : check_random() % N; /* on from there, or anywhere */
        at = at < N ? at : 0;
        n = n < N - at ? n : N - at;
        CHECK_INT(nd_sections_fetch(&s, a.p + at, n, &p, &err), 0);
        CHECK(memcmp(p, bytes + at, n) == 0);
        copied += p != a.p + at;
        if (i == ROUNDS / 2) /* what is mapped already is not copied */
            CHECK_INT(nd_sections_touch(&s, a.p, N / 2, &err), 0);
    }
    CHECK(copied > ROUNDS / 10 && copied < ROUNDS);
    CHECK_INT(nd_sections_fetch(&s, a.p, 10, &p, &err), 0);
    CHECK(p == a.p);
    CHECK_INT(nd_sections_fetch(&s, a.p + N, N, &p, &err), ND_CORRUPT);
    nd_sections_close(&s);
    free(bytes);
}

static void sections_copies_are_checked(void)
{
    enum {
        N = 100000,
        BAD = 50000
    };
    struct nd_sections s;
    struct nd_error err = {0};
    unsigned char *bytes = open_random(&s, N);
    struct nd_section a = nd_sections_get(&s, 7);
    FILE *f = fopen(s.path, "r+b");
    fseek(f, (long)(a.p - s.map.data) + BAD, SEEK_SET);
    fputc(bytes[BAD] ^ 1, f);
    fclose(f);
    s.once = true;
    const unsigned char *p;
    for (size_t at = 0; at + 2000 <= N; at += 2000) {
        int rc = nd_sections_fetch(&s, a.p + at, 2000, &p, &err);
        CHECK(rc == 0 || rc == ND_CORRUPT);
        CHECK(rc ? at + 2000 + ND_BLOCK > BAD && at < BAD + ND_BLOCK
                 : memcmp(p, bytes + at, 2000) == 0);
    }
    CHECK_INT(nd_sections_fetch(&s, a.p + BAD, 1, &p, &err), ND_CORRUPT);
    nd_sections_close(&s);
    free(bytes);
}

static void sections_notice_a_cut(void)
{
    char from[512];
    struct nd_mapped m;
    struct nd_error err = {0};
    snprintf(from, sizeof from, "%s", path_of("a"));
    write_sample(from);
    CHECK_INT(nd_file_map(&m, from, &err), 0);
    const char *to = path_of("cut");
    for (size_t n = 0; n < m.size; n += n < 600 || n + 600 > m.size ? 1 : 97) {
        FILE *f = fopen(to, "wb");
        fwrite(m.data, 1, n, f);
        fclose(f);
        CHECK(read_sample(to) < 0);
    }
    nd_file_unmap(&m);
}

static void sections_notice_every_flipped_byte(void)
{
    char from[512];
    struct nd_mapped m;
    struct nd_error err = {0};
    snprintf(from, sizeof from, "%s", path_of("a"));
    write_sample(from);
    CHECK_INT(nd_file_map(&m, from, &err), 0);
    const char *to = path_of("flip");
    unsigned char *copy = malloc(m.size);
    memcpy(copy, m.data, m.size);
    for (size_t i = 0; i < m.size; i += i < 600 || i + 600 > m.size ? 1 : 13) {
        copy[i] ^= (unsigned char)(1 + check_random() % 255);
        FILE *f = fopen(to, "wb");
        fwrite(copy, 1, m.size, f);
        fclose(f);
        CHECK(read_sample(to) < 0);
        copy[i] = m.data[i];
    }
    free(copy);
    nd_file_unmap(&m);
}

static void sections_writer_keeps_its_first_failure(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s", path_of("bad"));
    struct nd_sections_writer *w;
    struct nd_error err = {0};
    CHECK_INT(nd_sections_create(&w, path, "TEST", 1, &err), 0);
    CHECK(nd_sections_write(w, "x", 1) < 0); /* no section is open */
    nd_sections_begin(w, 1);
    nd_sections_end(w);
    CHECK_INT(nd_sections_finish(w, NULL, &err), ND_INTERNAL);
    CHECK(strstr(err.msg, "bad") != NULL);
    struct nd_sections s;
    CHECK_INT(nd_sections_open(&s, path, "TEST", 1, &err), ND_MISSING);
    CHECK_INT(nd_sections_create(&w, path_of("no/such/folder"), "TEST", 1, &err), ND_IO);
    CHECK(w == NULL);
    CHECK_INT(nd_sections_create(&w, path, "TEST", 1, &err), 0);
    nd_sections_abandon(w);
    CHECK_INT(nd_sections_open(&s, path, "TEST", 1, &err), ND_MISSING);
}

int main(void)
{
    RUN(sections_round_trip);
    RUN(sections_refuse_what_is_not_theirs);
    RUN(sections_touch_stays_inside);
    RUN(sections_copies_are_what_the_mapping_holds);
    RUN(sections_copies_are_checked);
    RUN(sections_notice_a_cut);
    RUN(sections_notice_every_flipped_byte);
    RUN(sections_writer_keeps_its_first_failure);
    return check_done();
}
