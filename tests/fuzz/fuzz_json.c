/* Fuzz target: JSON. The bytes go through the library face, and as a file through sniffing, the JSON reader, the field
 * map and cleaning; what comes out must keep the promises of article.h and be read back the same. */
#include "fuzz_reader.h"

#include "text/json.h"

static void check_value(const struct nd_json *v, int depth)
{
    fuzz_must(depth <= ND_JSON_DEPTH + 1);
    fuzz_must(!v->text.n || nd_utf8_valid(v->text.p, v->text.n) == v->text.n);
    fuzz_must(!v->key.n || nd_utf8_valid(v->key.p, v->key.n) == v->key.n);
    for (const struct nd_json *m = v->first; m; m = m->next)
        check_value(m, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_limits limits = {.record = 4096, .idle = 3, .opens = true};
    struct nd_json_parser *parser;
    struct nd_json *v;
    struct nd_arena arena;
    struct nd_error err = {0};
    nd_arena_init(&arena, FUZZ_ROOM);
    fuzz_must(!nd_json_parser_new(&parser, &err));
    int rc = nd_json_parse(parser, &v, &arena, (const char *)data, size, &err);
    fuzz_must((rc == 0) == (v != NULL));
    if (!rc)
        check_value(v, 1);
    nd_json_parser_free(parser);
    nd_arena_free(&arena);
    return fuzz_reader_within("json", data, size, &limits);
}
