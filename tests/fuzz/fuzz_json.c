/* Fuzz target: JSON. The bytes go through the library face, and as a file through sniffing, the JSON reader, the field
 * map and cleaning; what comes out must keep the promises of article.h and be read back the same. */
#include "formats/clean.h"
#include "formats/fieldmap.h"
#include "formats/reader.h"
#include "text/json.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROOM = 1 << 26,
    PIECE = 61 /* bytes of a block, so that records reach over many */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stop where the fuzzer can see it. */
static void must(bool holds)
{
    if (!holds)
        abort();
}

struct pieces {
    const char *p;
    size_t n;
    char block[PIECE];
};

static int next_piece(void *source, const char **p, size_t *n, struct nd_error *err)
{
    struct pieces *s = source;
    (void)err;
    if (!s->n)
        return ND_DONE;
    *n = s->n < PIECE ? s->n : PIECE;
    memcpy(s->block, s->p, *n);
    *p = s->block;
    s->p += *n;
    s->n -= *n;
    return 0;
}

static void check_value(const struct nd_json *v, int depth)
{
    must(depth <= ND_JSON_DEPTH + 1);
    must(!v->text.n || nd_utf8_valid(v->text.p, v->text.n) == v->text.n);
    must(!v->key.n || nd_utf8_valid(v->key.p, v->key.n) == v->key.n);
    for (const struct nd_json *m = v->first; m; m = m->next)
        check_value(m, depth + 1);
}

static void check_text(struct nd_str s)
{
    must((s.p == NULL) == (s.n == 0));
    must(!s.n || nd_utf8_valid(s.p, s.n) == s.n);
    for (size_t i = 0; i < s.n; i++)
        must((unsigned char)s.p[i] >= 0x20 || s.p[i] == '\n' || s.p[i] == '\t');
}

/* The record is read back as it was written. */
static void check_article(const struct nd_article *a, struct nd_arena *arena)
{
    struct nd_buf one, two;
    struct nd_article back;
    check_text(a->id);
    check_text(a->title);
    check_text(a->lead);
    check_text(a->body);
    check_text(a->source);
    must(a->id.n > 0 && a->id.n <= ND_ID_MAX);
    nd_buf_init(&one, ROOM);
    nd_buf_init(&two, ROOM);
    must(!nd_article_json(&one, a, false));
    must(!nd_article_parse(&back, arena, one.data, one.len, NULL));
    must(!nd_article_json(&two, &back, false));
    must(one.len == two.len && !memcmp(one.data, two.data, one.len));
    nd_buf_free(&one);
    nd_buf_free(&two);
}

static void read_all(const char *p, size_t n, struct nd_arena *arena)
{
    struct pieces pieces = {.p = p, .n = n};
    struct nd_fieldmap_options none = {0};
    struct nd_fieldmap *map = NULL;
    struct nd_cleaner cleaner;
    struct nd_stream in;
    struct nd_article a;
    struct nd_error err = {0};
    uint64_t repairs = 0, before = 0;
    void *self = NULL;
    const struct nd_reader *r = nd_reader_named("json");
    must(r && !nd_fieldmap_new(&map, &none, &err));
    nd_cleaner_init(&cleaner, ROOM, NULL);
    nd_stream_init(&in, next_piece, &pieces);
    struct nd_reading how = {map, 4096, &repairs, NULL};
    r->bid(p, n, "x.json");
    must(!r->open(&self, &in, &how, &err));
    for (int rc, idle = 0;; nd_arena_reset(arena)) {
        a = (struct nd_article){.published = {.utc = ND_UTC_NONE}, .updated = {.utc = ND_UTC_NONE}};
        nd_fieldmap_begin(map);
        rc = r->next(self, &a, arena, &err);
        if (rc == ND_DONE)
            break;
        idle = in.offset == before ? idle + 1 : 0; /* it must get on */
        before = in.offset;
        must(idle < 3);
        must(a.origin.offset + a.origin.length <= n);
        if (!rc && !nd_clean(&cleaner, &a, arena, &err))
            check_article(&a, arena);
    }
    r->close(self);
    nd_stream_free(&in);
    nd_cleaner_free(&cleaner);
    nd_fieldmap_free(map);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nd_json_parser *parser;
    struct nd_json *v;
    struct nd_arena arena;
    struct nd_error err = {0};
    nd_arena_init(&arena, ROOM);
    must(!nd_json_parser_new(&parser, &err));
    int rc = nd_json_parse(parser, &v, &arena, (const char *)data, size, &err);
    must((rc == 0) == (v != NULL));
    if (!rc)
        check_value(v, 1);
    nd_json_parser_free(parser);
    nd_arena_reset(&arena);
    read_all((const char *)data, size, &arena);
    nd_arena_free(&arena);
    return 0;
}
