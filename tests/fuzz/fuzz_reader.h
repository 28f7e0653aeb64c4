/* fuzz_reader.h: the body of a fuzz target of one reader: the bytes come in pieces, as from a file; it must get on, keep its
 * promises about offsets, and what it gives must be clean and read back the same. */
#ifndef TESTS_FUZZ_READER_H
#define TESTS_FUZZ_READER_H

#include "formats/clean.h"
#include "formats/fieldmap.h"
#include "formats/reader.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    FUZZ_ROOM = 1 << 28,
    FUZZ_PIECE = 61 /* bytes of a block, so that records reach over many */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stop where the fuzzer can see it. */
static void fuzz_must(bool holds)
{
    if (!holds)
        abort();
}

struct fuzz_pieces {
    const char *p;
    size_t n;
    char block[FUZZ_PIECE];
};

static int fuzz_piece(void *source, const char **p, size_t *n, struct nd_error *err)
{
    struct fuzz_pieces *s = source;
    (void)err;
    if (!s->n)
        return ND_DONE;
    *n = s->n < FUZZ_PIECE ? s->n : FUZZ_PIECE;
    memcpy(s->block, s->p, *n);
    *p = s->block;
    s->p += *n;
    s->n -= *n;
    return 0;
}

static void fuzz_text(struct nd_str s)
{
    fuzz_must((s.p == NULL) == (s.n == 0));
    fuzz_must(!s.n || nd_utf8_valid(s.p, s.n) == s.n);
    for (size_t i = 0; i < s.n; i++)
        fuzz_must((unsigned char)s.p[i] >= 0x20 || s.p[i] == '\n' || s.p[i] == '\t');
}

static void fuzz_article(const struct nd_article *a, struct nd_arena *arena)
{
    struct nd_buf one, two;
    struct nd_article back;
    fuzz_text(a->id);
    fuzz_text(a->title);
    fuzz_text(a->lead);
    fuzz_text(a->body);
    fuzz_text(a->source);
    fuzz_must(a->id.n > 0 && a->id.n <= ND_ID_MAX);
    nd_buf_init(&one, FUZZ_ROOM);
    nd_buf_init(&two, FUZZ_ROOM);
    fuzz_must(!nd_article_json(&one, a, false));
    fuzz_must(nd_utf8_valid(one.data, one.len) == one.len);
    fuzz_must(!nd_article_parse(&back, arena, one.data, one.len, NULL));
    fuzz_must(!nd_article_json(&two, &back, false));
    fuzz_must(one.len == two.len && !memcmp(one.data, two.data, one.len));
    nd_buf_free(&one);
    nd_buf_free(&two);
}

struct fuzz_limits {
    size_t record; /* bytes of a record */
    int idle;      /* answers without taking a byte, one more than are allowed */
    bool opens;    /* it opens whatever the bytes are */
    const struct nd_fieldmap_options *given; /* NULL: none */
};

static int fuzz_reader_within(const char *name, const uint8_t *data, size_t size,
                              const struct fuzz_limits *limits)
{
    struct fuzz_pieces pieces = {.p = (const char *)data, .n = size};
    struct nd_fieldmap_options none = {0};
    struct nd_fieldmap *map = NULL;
    struct nd_cleaner cleaner;
    struct nd_stream in;
    struct nd_arena arena;
    struct nd_error err = {0};
    uint64_t repairs = 0, before = 0;
    void *self = NULL;
    const struct nd_reader *r = nd_reader_named(name);
    fuzz_must(r && !nd_fieldmap_new(&map, limits->given ? limits->given : &none, &err));
    nd_arena_init(&arena, FUZZ_ROOM);
    nd_cleaner_init(&cleaner, FUZZ_ROOM, NULL);
    nd_stream_init(&in, fuzz_piece, &pieces);
    struct nd_reading how = {map, limits->record, &repairs, NULL};
    r->bid((const char *)data, size, "x");
    int rc = r->open(&self, &in, &how, &err);
    fuzz_must(!limits->opens || !rc);
    for (int idle = 0; !rc; nd_arena_reset(&arena)) {
        struct nd_article a = {.published = {.utc = ND_UTC_NONE}, .updated = {.utc = ND_UTC_NONE}};
        nd_fieldmap_begin(map);
        rc = r->next(self, &a, &arena, &err);
        if (rc == ND_DONE)
            break;
        fuzz_must(rc <= 0);
        idle = in.offset == before ? idle + 1 : 0; /* it must get on */
        before = in.offset;
        fuzz_must(idle < limits->idle);
        fuzz_must(a.origin.offset + a.origin.length <= size);
        if (!rc && !nd_clean(&cleaner, &a, &arena, &err))
            fuzz_article(&a, &arena);
        rc = rc == ND_INPUT || rc == ND_LIMIT ? 0 : rc;
    }
    r->close(self);
    nd_stream_free(&in);
    nd_cleaner_free(&cleaner);
    nd_fieldmap_free(map);
    nd_arena_free(&arena);
    return 0;
}

static inline int fuzz_reader(const char *name, const uint8_t *data, size_t size)
{
    return fuzz_reader_within(name, data, size,
                              &(struct fuzz_limits){.record = 1 << 16, .idle = 100});
}

#endif
