/* Fuzz target: query text. Any bytes are read or refused with a span inside the text; the carets can be
 * drawn; a tree that was read prints as text that reads as the same tree (ASCII alone: folding of
 * compatibility characters such as ½ is not undone). */
#include "lang/parse.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stop where the fuzzer can see it. */
static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_refusal(const char *text, size_t n, int code, const struct nd_error *err)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 20);
    must(code == ND_QUERY || code == ND_LIMIT || code == ND_NOMEM);
    must(err->msg[0] && err->hint[0]);
    must(err->start <= n && (err->end == 0 || err->end > err->start));
    must(nd_query_caret(&out, (struct nd_str){text, n}, err, 40, true) == 0);
    nd_buf_free(&out);
}

static void check_tree(const struct nd_node *root, bool ascii)
{
    struct nd_arena arena;
    struct nd_query again;
    struct nd_error err = {0};
    struct nd_buf tree, typed, tree2;
    nd_arena_init(&arena, 64 << 20);
    nd_buf_init(&tree, 4 << 20);
    nd_buf_init(&typed, ND_QUERY_MAX);
    nd_buf_init(&tree2, 4 << 20);
    must(nd_node_print(&tree, root) == 0 && nd_node_unparse(&typed, root) == 0);
    int code = nd_parse(&again, &arena, typed.data, typed.len,
                        &(struct nd_parse_options){.today = 20240310}, &err);
    must(code == 0 || !ascii);
    must(code != 0 || nd_node_print(&tree2, again.root) == 0);
    must(!ascii || (tree.len == tree2.len && memcmp(tree.data, tree2.data, tree.len) == 0));
    nd_buf_free(&tree);
    nd_buf_free(&typed);
    nd_buf_free(&tree2);
    nd_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t args[] = {0, 5, 12};
    struct nd_arena arena;
    struct nd_query query;
    if (size < 1 || size > 4096)
        return 0;
    bool ascii = true;
    for (size_t i = 0; i < size; i++)
        ascii &= data[i] < 0x80;
    /* the first byte says where the text comes from; seeds start with a letter: q, s or w */
    for (int way = 0; way < 2; way++) {
        struct nd_error err = {0};
        struct nd_parse_options o = {.today = 20240310};
        if (way == 1) {
            o.shell = data[0] == 's';
            o.literal = data[0] == 'w';
            o.args = args;
            o.args_n = o.shell ? 3 : 0;
            if (!o.shell && !o.literal)
                break;
        }
        const char *text = (const char *)data + 1;
        nd_arena_init(&arena, 64 << 20);
        int code = nd_parse(&query, &arena, text, size - 1, &o, &err);
        if (code)
            check_refusal(text, size - 1, code, &err);
        else if (way == 0)
            check_tree(query.root, ascii);
        nd_arena_free(&arena);
    }
    return 0;
}
