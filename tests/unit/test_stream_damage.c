/* A token stream that was cut, changed or forged: an error, or the right answers, and nothing read outside of it. */
#include "stream_sample.h"

/* Read everything there is; the sum of what was read goes to *sum when all went well. */
static int read_all(const char *name, uint64_t *sum)
{
    struct nd_stream *s = NULL;
    struct nd_arena arena;
    struct nd_dict_cursor c;
    struct nd_word w;
    uint64_t total = 0;
    int rc = nd_stream_open(&s, name, NULL);
    if (rc)
        return rc;
    nd_arena_init(&arena, 1 << 20);
    for (uint32_t d = 1; d <= nd_stream_docs(s) && !rc; d++) {
        struct nd_section codes;
        nd_stream_prefetch(s, d);
        rc = nd_stream_article(s, d, &codes, NULL);
        for (size_t i = 0; i < codes.n && !rc; i++)
            total = total * 31 + codes.p[i];
    }
    int step = rc ? rc : nd_dict_seek(&c, s, "", 0, &w, NULL);
    if (!rc) {
        for (; step == 0; step = nd_dict_next(&c, &w, NULL))
            total = total * 31 + w.rank + w.count + w.key.n + w.parts;
        nd_dict_end(&c);
        rc = step < 0 ? step : 0;
    }
    for (uint32_t r = 0; r < nd_stream_words(s) && !rc && r < 1000; r++) {
        rc = nd_dict_of_rank(s, r, &arena, &w, NULL);
        total = total * 31 + w.key.n;
    }
    for (uint32_t i = 0; i < nd_stream_entities(s) && !rc && i < 1000; i++) {
        struct nd_entity_row row;
        rc = nd_stream_entity(s, i, &row, NULL);
        total = total * 31 + row.mentions + row.id.n;
    }
    uint32_t *ranks = NULL;
    size_t n = 0;
    if (!rc) {
        step = nd_dict_stem(s, ND_LANG_EN, "moscow", 6, &arena, &ranks, &n, NULL);
        rc = step < 0 ? step : 0;
        total = total * 31 + n;
    }
    nd_arena_free(&arena);
    nd_stream_close(s);
    *sum = total;
    return rc;
}

static void write_bytes(const char *name, const unsigned char *p, size_t n)
{
    FILE *f = fopen(name, "wb");
    fwrite(p, 1, n, f);
    fclose(f);
}

/* A small file. Its bytes are malloc'ed. */
static unsigned char *small_file(size_t *n)
{
    struct nd_tokens t;
    struct nd_stream_writer *w;
    struct nd_error err = {0};
    struct nd_mapped m;
    struct nd_mention mention = {3, 1, ND_PLACE, ND_STR("moscow"), ND_STR("Moscow"), 0};
    fill_sample(&t);
    CHECK_INT(nd_stream_writer_new(&w, &err), 0);
    CHECK_INT(nd_stream_writer_add(w, &t, ND_LANG_EN, &mention, 1, NULL, NULL, &err), 0);
    CHECK_INT(nd_stream_writer_finish(w, path_of("small"), NULL, &err), 0);
    nd_stream_writer_free(w);
    nd_tokens_free(&t);
    CHECK_INT(nd_file_map(&m, path, &err), 0);
    unsigned char *copy = malloc(m.size);
    memcpy(copy, m.data, m.size);
    *n = m.size;
    nd_file_unmap(&m);
    return copy;
}

static void stream_cut_or_flipped_is_an_error_or_right(void)
{
    size_t n;
    unsigned char *bytes = small_file(&n);
    uint64_t right = 0, sum = 0;
    CHECK_INT(read_all(path, &right), 0);
    path_of("damaged");
    for (size_t len = 0; len < n; len++) {
        write_bytes(path, bytes, len);
        CHECK(read_all(path, &sum) < 0);
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char was = bytes[i];
        bytes[i] ^= (unsigned char)(1u << check_random() % 8);
        write_bytes(path, bytes, n);
        int rc = read_all(path, &sum);
        CHECK(rc < 0 || sum == right);
        bytes[i] = was;
    }
    free(bytes);
}

/* Damage with checksums that are right: nothing may be read outside of the file. */
static void stream_forged_sections_are_bounded(void)
{
    struct nd_sections from;
    struct nd_error err = {0};
    char small[512];
    size_t n;
    free(small_file(&n));
    snprintf(small, sizeof small, "%s", path);
    CHECK_INT(nd_sections_open(&from, small, "STRM", 1, &err), 0);
    unsigned refused = 0;
    for (int round = 0; round < 3000; round++) {
        struct nd_sections_writer *w;
        uint32_t victim = 1 + (uint32_t)(check_random() % 10);
        CHECK_INT(nd_sections_create(&w, path_of("forged"), "STRM", 1, &err), 0);
        for (uint32_t id = 1; id <= 10; id++) {
            struct nd_section s = nd_sections_get(&from, id);
            unsigned char copy[512];
            if (!CHECK(s.n <= sizeof copy))
                break;
            memcpy(copy, s.p, s.n);
            if (id == victim && s.n)
                copy[check_random() % s.n] = (unsigned char)check_random();
            nd_sections_begin(w, id);
            nd_sections_write(w, copy, s.n);
            nd_sections_end(w);
        }
        CHECK_INT(nd_sections_finish(w, NULL, &err), 0);
        uint64_t sum;
        int rc = read_all(path, &sum);
        CHECK(rc == 0 || rc == ND_CORRUPT);
        refused += rc != 0;
    }
    CHECK(refused > 0);
    nd_sections_close(&from);
}

int main(void)
{
    RUN(stream_cut_or_flipped_is_an_error_or_right);
    RUN(stream_forged_sections_are_bounded);
    return check_done();
}
