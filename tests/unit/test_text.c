#include "../check.h"

#include "record/text.h"
#include "record/text_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char path[512];

static const char *path_of(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", check_dir(), name);
    return path;
}

/* A made-up article of about n bytes; the same for the same number. */
static void article(struct nd_buf *out, uint64_t number, size_t n)
{
    static const char *const words[] = {"the ",     "minister ", "said ",    "on ",   "tuesday ",
                                        "that ",    "prices ",   "would ",   "rise ", "again ",
                                        "markets ", "fell ",     "after ",   "a ",    "report ",
                                        "from ",    "central ",  "bankers ", "in ",   "spring "};
    uint64_t x = number * 0x9e3779b97f4a7c15u + 1;
    nd_buf_reset(out);
    nd_buf_printf(out, "{\"id\":\"%llu\",\"title\":\"", (unsigned long long)number);
    while (out->len < n) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        nd_buf_str(out, words[x % 20]);
        if (x % 7 == 0)
            nd_buf_printf(out, "%u ", (unsigned)(x >> 40));
    }
    nd_buf_str(out, "\"}");
}

static size_t size_of(uint64_t number)
{
    return number % 50 == 3 ? 20000 : number * 37 % 3000;
}

static uint64_t write_file(const char *name, enum nd_codec codec, uint64_t first, uint32_t n)
{
    struct nd_texts_writer *w;
    struct nd_error err = {0};
    struct nd_buf b;
    uint64_t size = 0;
    nd_buf_init(&b, 1 << 20);
    CHECK_INT(nd_texts_create(&w, name, codec, &err), 0);
    for (uint32_t i = 0; i < n; i++) {
        article(&b, first + i, size_of(first + i));
        CHECK_INT(nd_texts_add(w, b.data, b.len, &err), 0);
    }
    CHECK(nd_texts_writer_bytes(w) > 0);
    CHECK_INT(nd_texts_finish(w, &size, &err), 0);
    nd_buf_free(&b);
    return size;
}

static void check_file(struct nd_texts *t, uint32_t docid, uint64_t first, uint32_t n)
{
    struct nd_buf want, got;
    struct nd_error err = {0};
    nd_buf_init(&want, 1 << 20);
    nd_buf_init(&got, 1 << 20);
    for (uint32_t i = 0; i < n; i++) {
        article(&want, first + i, size_of(first + i));
        nd_buf_reset(&got);
        nd_buf_str(&got, ">");
        CHECK_INT(nd_texts_get(t, docid + i, &got, &err), 0);
        CHECK_MEM(got.data + 1, got.len - 1, want.data, want.len);
    }
    nd_buf_free(&want);
    nd_buf_free(&got);
}

static void round_trip(enum nd_codec codec, uint32_t n)
{
    struct nd_texts *t;
    struct nd_error err = {0};
    struct nd_buf b;
    write_file(path_of("t"), codec, 0, n);
    CHECK_INT(nd_texts_open(&t, path, &err), 0);
    CHECK_INT(nd_texts_docs(t), n);
    check_file(t, 1, 0, n);
    nd_buf_init(&b, 1 << 20);
    CHECK_INT(nd_texts_get(t, 0, &b, &err), ND_CORRUPT);
    CHECK_INT(nd_texts_get(t, n + 1, &b, &err), ND_CORRUPT);
    nd_buf_free(&b);
    nd_texts_close(t);
}

static void text_round_trips_with_both_codecs(void)
{
    round_trip(ND_CODEC_ZSTD, 0);
    round_trip(ND_CODEC_DEFLATE, 0);
    round_trip(ND_CODEC_ZSTD, 3); /* too few for a dictionary */
    round_trip(ND_CODEC_DEFLATE, 3);
    round_trip(ND_CODEC_ZSTD, 600);
    round_trip(ND_CODEC_DEFLATE, 600);
}

static void text_goes_on_after_the_dictionary(void)
{
    struct nd_texts *t;
    struct nd_error err = {0};
    uint32_t n = 6500; /* more than the sample */
    uint64_t size = write_file(path_of("big"), ND_CODEC_ZSTD, 0, n), plain = 0;
    for (uint32_t i = 0; i < n; i++)
        plain += size_of(i);
    CHECK(plain > 9 << 20);
    CHECK(size < plain / 2);
    CHECK_INT(nd_texts_open(&t, path, &err), 0);
    check_file(t, 1, 0, 50);
    check_file(t, n - 49, n - 50, 50);
    nd_texts_close(t);
}

static void text_limits_hold(void)
{
    struct nd_texts *t;
    struct nd_texts_writer *w;
    struct nd_error err = {0};
    struct nd_buf b;
    write_file(path_of("t"), ND_CODEC_ZSTD, 3, 1); /* 20000 bytes */
    CHECK_INT(nd_texts_open(&t, path, &err), 0);
    nd_buf_init(&b, 1000);
    CHECK_INT(nd_texts_get(t, 1, &b, &err), ND_LIMIT);
    nd_buf_free(&b);
    nd_texts_close(t);
    CHECK_INT(nd_texts_create(&w, path, ND_CODEC_ZSTD, &err), 0);
    CHECK_INT(nd_texts_add(w, "", (size_t)ND_TEXT_MAX + 1, &err), ND_LIMIT);
    CHECK_INT(nd_texts_finish(w, NULL, &err), ND_LIMIT);
    CHECK_INT(nd_texts_open(&t, path, &err), ND_MISSING);
    CHECK_INT(nd_texts_create(&w, path, ND_CODEC_ZSTD, &err), 0);
    nd_texts_abandon(w);
    CHECK_INT(nd_texts_open(&t, path, &err), ND_MISSING);
}

static void text_concat_keeps_articles(void)
{
    char names[3][512];
    const char *const paths[] = {names[0], names[1], names[2]};
    struct nd_texts *t;
    struct nd_error err = {0};
    snprintf(names[0], 512, "%s", path_of("c0"));
    write_file(path, ND_CODEC_ZSTD, 0, 400);
    snprintf(names[1], 512, "%s", path_of("c1"));
    write_file(path, ND_CODEC_ZSTD, 1000, 4);
    snprintf(names[2], 512, "%s", path_of("c2"));
    write_file(path, ND_CODEC_ZSTD, 2000, 400);
    CHECK_INT(nd_texts_concat(path_of("joined"), paths, 3, &err), 0);
    CHECK_INT(nd_texts_open(&t, path, &err), 0);
    CHECK_INT(nd_texts_docs(t), 804);
    check_file(t, 1, 0, 400);
    check_file(t, 401, 1000, 4);
    check_file(t, 405, 2000, 400);
    nd_texts_close(t);
    snprintf(names[0], 512, "%s", path);
    CHECK_INT(nd_texts_concat(path_of("again"), paths, 3, &err), 0); /* no dictionary comes twice */
    CHECK_INT(nd_texts_open(&t, path, &err), 0);
    check_file(t, 405, 2000, 400);
    check_file(t, 809, 2000, 400);
    nd_texts_close(t);
    CHECK_INT(nd_texts_concat(path_of("none"), paths, 0, &err), 0);
    CHECK_INT(nd_texts_open(&t, path, &err), 0);
    CHECK_INT(nd_texts_docs(t), 0);
    nd_texts_close(t);
    snprintf(names[1], 512, "%s", path_of("other"));
    write_file(path, ND_CODEC_DEFLATE, 0, 4);
    CHECK_INT(nd_texts_concat(path_of("mixed"), paths, 3, &err), ND_LIMIT);
    CHECK_INT(nd_texts_open(&t, path, &err), ND_MISSING);
}

static int read_all(const char *name, uint64_t *sum)
{
    struct nd_texts *t;
    struct nd_buf b;
    int rc = nd_texts_open(&t, name, NULL);
    if (rc)
        return rc;
    nd_buf_init(&b, 1 << 20);
    for (uint32_t d = 1; d <= nd_texts_docs(t) && d < 50 && !rc; d++)
        rc = nd_texts_get(t, d, &b, NULL);
    *sum = b.len;
    for (size_t i = 0; i < b.len; i++)
        *sum = *sum * 31 + (unsigned char)b.data[i];
    nd_buf_free(&b);
    nd_texts_close(t);
    return rc;
}

static void write_bytes(const unsigned char *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    fwrite(p, 1, n, f);
    fclose(f);
}

static void damage(enum nd_codec codec)
{
    struct nd_mapped m;
    struct nd_error err = {0};
    uint64_t right, sum = 0;
    write_file(path_of("d"), codec, 10, 2);
    CHECK_INT(read_all(path, &right), 0);
    CHECK_INT(nd_file_map(&m, path, &err), 0);
    unsigned char *copy = malloc(m.size);
    memcpy(copy, m.data, m.size);
    path_of("damaged");
    for (size_t n = 0; n < m.size; n++) {
        write_bytes(copy, n);
        CHECK(read_all(path, &sum) < 0);
    }
    for (size_t i = 0; i < m.size; i++) {
        copy[i] ^= (unsigned char)(1u << check_random() % 8);
        write_bytes(copy, m.size);
        int rc = read_all(path, &sum);
        CHECK(rc < 0 || sum == right);
        copy[i] = m.data[i];
    }
    free(copy);
    nd_file_unmap(&m);
}

static void text_cut_or_flipped_is_an_error_or_right(void)
{
    damage(ND_CODEC_ZSTD);
    damage(ND_CODEC_DEFLATE);
}

/* Damage with checksums that are right: an error or other text, never a read outside. */
static void forge(enum nd_codec codec)
{
    struct nd_sections from;
    struct nd_error err = {0};
    char sample[512];
    unsigned refused = 0;
    write_file(path_of("f"), codec, 0, 120); /* with a dictionary */
    snprintf(sample, sizeof sample, "%s", path);
    CHECK_INT(nd_sections_open(&from, sample, "TEXT", ND_TEXT_VERSION, &err), 0);
    for (int round = 0; round < 300; round++) {
        struct nd_sections_writer *w;
        uint32_t victim = (uint32_t)(check_random() % from.count);
        CHECK_INT(nd_sections_create(&w, path_of("forged"), "TEXT", ND_TEXT_VERSION, &err), 0);
        for (uint32_t i = 0; i < from.count; i++) {
            uint32_t id = nd_load32(from.dir + (size_t)i * 24);
            struct nd_section s = nd_sections_get(&from, id);
            unsigned char *copy = malloc(s.n + 1);
            memcpy(copy, s.p, s.n);
            for (int k = 0; i == victim && k < 20; k++)
                copy[check_random() % s.n] = (unsigned char)check_random();
            nd_sections_begin(w, id);
            nd_sections_write(w, copy, s.n);
            nd_sections_end(w);
            free(copy);
        }
        CHECK_INT(nd_sections_finish(w, NULL, &err), 0);
        uint64_t sum;
        int rc = read_all(path, &sum);
        CHECK(rc == 0 || rc == ND_CORRUPT || rc == ND_LIMIT || rc == ND_VERSION);
        refused += rc != 0;
    }
    CHECK(refused > 0);
    nd_sections_close(&from);
}

static void text_forged_sections_are_bounded(void)
{
    forge(ND_CODEC_ZSTD);
    forge(ND_CODEC_DEFLATE);
}

static void text_bombs_are_refused(void)
{
    struct nd_unpack *u;
    struct nd_buf b;
    nd_buf_init(&b, SIZE_MAX / 4);
    /* a varint that claims 2^40 bytes; one that claims more than there are; a zstd frame without a size */
    CHECK_INT(nd_unpack_new(&u, ND_CODEC_DEFLATE, NULL, 0), 0);
    CHECK_INT(nd_unpack(u, &b, (const unsigned char *)"\x80\x80\x80\x80\x80\x20\x03\x00", 8),
              ND_LIMIT);
    CHECK_INT(nd_unpack(u, &b, (const unsigned char *)"\x05\x03\x00", 3), ND_CORRUPT);
    CHECK_INT(nd_unpack(u, &b, (const unsigned char *)"", 0), ND_CORRUPT);
    nd_unpack_free(u);
    CHECK_INT(nd_unpack_new(&u, ND_CODEC_ZSTD, NULL, 0), 0);
    CHECK_INT(nd_unpack(u, &b, (const unsigned char *)"\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00", 9),
              ND_CORRUPT);
    CHECK_INT(nd_unpack(u, &b, (const unsigned char *)"", 0), ND_CORRUPT);
    CHECK_INT(b.len, 0);
    nd_unpack_free(u);
    nd_buf_free(&b);
}

int main(void)
{
    RUN(text_round_trips_with_both_codecs);
    RUN(text_goes_on_after_the_dictionary);
    RUN(text_limits_hold);
    RUN(text_concat_keeps_articles);
    RUN(text_cut_or_flipped_is_an_error_or_right);
    RUN(text_forged_sections_are_bounded);
    RUN(text_bombs_are_refused);
    return check_done();
}
