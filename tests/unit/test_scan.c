#include "../check.h"

#include "record/scan.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAD = 128,
    MOST = 40000
};

struct stream {
    unsigned char *all, *p;
    size_t n, cap;
};

static void stream_init(struct stream *s, size_t cap)
{
    s->cap = cap;
    s->n = 0;
    s->all = calloc(1, cap + 2 * PAD);
    s->p = s->all + PAD;
}

static void stream_add(struct stream *s, unsigned mark, uint32_t v)
{
    if (s->n + ND_CODE_MAX <= s->cap)
        s->n += nd_code_put(s->p + s->n, mark, v);
}

/* A word rank, small ones more often. */
static uint32_t random_rank(uint32_t words)
{
    uint64_t r = check_random();
    uint32_t v = (uint32_t)((r >> 8) % words);
    return r & 3 ? v % (1 + (uint32_t)((r >> 40) % 300)) : v;
}

static void random_stream(struct stream *s, size_t codes, uint32_t words)
{
    s->n = 0;
    stream_add(s, ND_MARK_FIELD, 0);
    for (size_t i = 0; i < codes; i++) {
        uint64_t r = check_random() % 100;
        if (r < 4)
            stream_add(s, ND_MARK_SENTENCE, 0);
        else if (r < 5)
            stream_add(s, ND_MARK_PARAGRAPH, 0);
        else if (r < 8)
            stream_add(s, ND_MARK_MENTION, random_rank(words));
        else if (r < 10)
            stream_add(s, ND_MARK_JOINED, random_rank(words));
        else if (r < 14)
            stream_add(s, ND_MARK_OTHER, (uint32_t)(check_random() % 6));
        else
            stream_add(s, ND_WORD_FIRST, random_rank(words));
    }
}

static void random_set(struct nd_codes *c, size_t n, uint32_t words, bool marks)
{
    nd_codes_init(c);
    for (size_t i = 0; i < n; i++) {
        unsigned mark = ND_WORD_FIRST;
        if (marks && check_random() % 3 == 0)
            mark = check_random() % 2 ? ND_MARK_JOINED : ND_MARK_MENTION;
        CHECK_INT(nd_codes_add(c, mark, random_rank(words), mark == ND_WORD_FIRST ? 1 : 2, 0), 0);
    }
    CHECK_INT(nd_codes_ready(c), 0);
}

/* What decoding with nd_code_get finds. */
static size_t by_decoding(const struct nd_codes *c, const struct stream *s, uint32_t *out)
{
    size_t n = 0;
    for (size_t at = 0; at < s->n;) {
        unsigned mark;
        uint32_t v;
        size_t len = nd_code_get(s->p + at, s->n - at, &mark, &v);
        if (len == 0)
            break;
        for (size_t i = 0; i < c->n; i++)
            if (c->v[i].mark == mark && c->v[i].value == v)
                out[n++] = (uint32_t)(at + len - 1);
        at += len;
    }
    return n;
}

static void scan_find_agrees_with_decoding_at_every_level(void)
{
    uint32_t want[MOST], got[MOST];
    struct stream s;
    enum nd_scan_level best = nd_scan_choose();
    stream_init(&s, MOST);
    for (int round = 0; round < 600; round++) {
        uint32_t words = (uint32_t[]){50, 500, 20000, 2000000}[check_random() % 4];
        size_t set = (size_t[]){1, 1, 2, 5, 8, 9, 40, 300}[check_random() % 8];
        struct nd_codes c;
        random_stream(&s, check_random() % 700, words);
        random_set(&c, set, words, check_random() % 2);
        size_t n = by_decoding(&c, &s, want);
        for (int level = 0; level <= (int)best; level++) {
            size_t k = nd_scan_find((enum nd_scan_level)level, &c, s.p, s.n, got, MOST);
            if (!CHECK_MEM(got, k * 4, want, n * 4))
                round = 600;
            CHECK_INT(nd_scan_any((enum nd_scan_level)level, &c, s.p, 0, s.n), n > 0);
            CHECK_INT(nd_scan_find((enum nd_scan_level)level, &c, s.p, s.n, NULL, 0), n);
        }
        nd_codes_free(&c);
    }
    free(s.all);
}

static void scan_words_and_marks_agree_at_every_level(void)
{
    uint32_t want[MOST], got[MOST];
    struct stream s;
    enum nd_scan_level best = nd_scan_choose();
    stream_init(&s, MOST);
    for (int round = 0; round < 300; round++) {
        random_stream(&s, check_random() % 400, 20000);
        size_t from = s.n ? check_random() % s.n : 0, n = (s.n - from) * (check_random() % 9) / 8;
        unsigned limit = 1 + (unsigned)(check_random() % 6);
        size_t words = 0, marks = 0;
        for (size_t i = from; i < from + n; i++) {
            words += s.p[i] >= 6 && s.p[i] < 128;
            if (s.p[i] < limit)
                want[marks++] = (uint32_t)(i - from);
        }
        for (int level = 0; level <= (int)best; level++) {
            CHECK_INT(nd_scan_words((enum nd_scan_level)level, s.p + from, n), words);
            size_t k = nd_scan_below((enum nd_scan_level)level, s.p + from, n, limit, got, MOST);
            CHECK_MEM(got, k * 4, want, marks * 4);
        }
    }
    free(s.all);
}

static void scan_ranges_and_reaches_agree_at_every_level(void)
{
    uint32_t got[2][MOST];
    struct stream s;
    enum nd_scan_level best = nd_scan_choose();
    stream_init(&s, MOST);
    for (int round = 0; round < 2000; round++) {
        struct nd_codes c;
        random_stream(&s, 1 + check_random() % 200, 20000);
        random_set(&c, 1 + check_random() % 12, 20000, false);
        size_t from = check_random() % s.n, to = from + check_random() % (s.n - from + 1);
        size_t words = 1 + check_random() % 30, at = check_random() % s.n;
        unsigned limit = 1 + (unsigned)(check_random() % 4);
        size_t n = nd_scan_range(ND_SCAN_PLAIN, &c, s.p, from, to, got[0], MOST);
        for (int level = 1; level <= (int)best; level++) {
            enum nd_scan_level l = (enum nd_scan_level)level;
            size_t k = nd_scan_range(l, &c, s.p, from, to, got[1], MOST);
            CHECK_MEM(got[1], k * 4, got[0], n * 4);
            CHECK_INT(nd_scan_any(l, &c, s.p, from, to), n > 0);
            CHECK_INT(nd_scan_ahead(l, s.p, at, s.n, words, limit),
                      nd_scan_ahead(ND_SCAN_PLAIN, s.p, at, s.n, words, limit));
            CHECK_INT(nd_scan_back(l, s.p, at, words, limit),
                      nd_scan_back(ND_SCAN_PLAIN, s.p, at, words, limit));
        }
        nd_codes_free(&c);
    }
    free(s.all);
}

/* Is the code that ends at `at` followed by a mark or a word of the set? */
static bool may_follow(const struct stream *s, size_t at, const struct nd_codes *b)
{
    unsigned mark;
    uint32_t v;
    size_t n = nd_code_get(s->p + at + 1, s->n - at - 1, &mark, &v);
    return n && (mark != ND_WORD_FIRST || nd_codes_get(b, mark, v));
}

static void scan_before_leaves_out_only_what_cannot_match(void)
{
    uint32_t all[MOST], got[MOST];
    struct stream s;
    enum nd_scan_level best = nd_scan_choose();
    size_t left_out = 0;
    stream_init(&s, MOST);
    for (int round = 0; round < 3000; round++) {
        struct nd_codes a, b;
        random_stream(&s, 1 + check_random() % 300, 20000);
        random_set(&a, 1 + check_random() % (round % 2 ? 1 : 60), 300, false);
        random_set(&b, 1 + check_random() % (round % 3 ? 1 : 60), 300, false);
        size_t from = check_random() % s.n, to = from + check_random() % (s.n - from + 1);
        size_t n = nd_scan_range(ND_SCAN_PLAIN, &a, s.p, from, to, all, MOST);
        for (int level = 0; level <= (int)best; level++) {
            size_t k = nd_scan_before((enum nd_scan_level)level, &a, &b, s.p, from, to, got, MOST);
            size_t at = 0;
            for (size_t i = 0; i < n; i++) {
                bool there = at < k && got[at] == all[i];
                at += there;
                if (!there)
                    CHECK(!may_follow(&s, all[i], &b));
                left_out += !there;
            }
            CHECK_INT(at, k);
        }
        nd_codes_free(&a);
        nd_codes_free(&b);
    }
    if (best == ND_SCAN_AVX2)
        CHECK(left_out > 100);
    free(s.all);
}

static void scan_empty_set_finds_nothing(void)
{
    struct nd_codes c;
    struct stream s;
    stream_init(&s, 100);
    stream_add(&s, ND_WORD_FIRST, 3);
    nd_codes_init(&c);
    CHECK_INT(nd_codes_ready(&c), 0);
    CHECK_INT(nd_scan_find(nd_scan_choose(), &c, s.p, s.n, NULL, 0), 0);
    nd_codes_free(&c);
    free(s.all);
}

static void scan_code_is_read_backwards(void)
{
    static const uint32_t values[] = {0, 121, 122, 15615, 15616, 1999999};
    struct stream s;
    stream_init(&s, 200);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        unsigned mark;
        uint32_t v;
        size_t from = s.n;
        stream_add(&s, ND_WORD_FIRST, values[i]);
        CHECK_INT(nd_scan_code(s.p, s.n - 1, &mark, &v), from);
        CHECK_INT(mark, ND_WORD_FIRST);
        CHECK_INT(v, values[i]);
        from = s.n;
        stream_add(&s, ND_MARK_JOINED, values[i]);
        CHECK_INT(nd_scan_code(s.p, s.n - 1, &mark, &v), from);
        CHECK_INT(mark, ND_MARK_JOINED);
        CHECK_INT(v, values[i]);
    }
    free(s.all);
}

int main(void)
{
    RUN(scan_find_agrees_with_decoding_at_every_level);
    RUN(scan_words_and_marks_agree_at_every_level);
    RUN(scan_ranges_and_reaches_agree_at_every_level);
    RUN(scan_before_leaves_out_only_what_cannot_match);
    RUN(scan_empty_set_finds_nothing);
    RUN(scan_code_is_read_backwards);
    return check_done();
}
