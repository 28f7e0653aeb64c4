/* segment_dump.h: what a segment holds as text, whatever its ranks, ordinals and dictionaries are, so that two
 * segments can be compared. Used by: test_merge.c. */
#ifndef TESTS_SEGMENT_DUMP_H
#define TESTS_SEGMENT_DUMP_H

#include "segment_made.h"

#include "record/column.h"
#include "record/schema.h"
#include "record/stream_stems.h"
#include "record/text.h"
#include "xap/xap.h"

enum {
    DUMP_MAX = 1 << 28
};

/* ---- what a segment holds ---- */

static void dump_stream(struct nd_buf *out, struct nd_stream *s, uint32_t docid)
{
    struct nd_section a;
    struct nd_arena arena;
    struct nd_error err = {0};
    unsigned shape = 4;
    bool first = false;
    nd_arena_init(&arena, DUMP_MAX);
    CHECK_INT(nd_stream_article(s, docid, &a, &err), 0);
    for (size_t at = 0; at < a.n;) {
        unsigned mark;
        uint32_t v;
        struct nd_word w;
        struct nd_entity_row e;
        size_t n = nd_code_get(a.p + at, a.n - at, &mark, &v);
        if (!CHECK(n != 0))
            break;
        at += n;
        if (mark == ND_WORD_FIRST || mark == ND_MARK_JOINED) {
            if (!CHECK_INT(nd_dict_of_rank(s, v, &arena, &w, &err), 0))
                break;
            if (mark == ND_WORD_FIRST && shape == 4)
                shape = nd_shape_expected(w.shape, first);
            nd_buf_printf(out, mark == ND_WORD_FIRST ? " %.*s/%u" : " joined:%.*s", (int)w.key.n,
                          w.key.p, shape);
            if (mark == ND_WORD_FIRST) {
                shape = 4;
                first = false;
            }
        } else if (mark == ND_MARK_MENTION) {
            CHECK_INT(nd_stream_entity(s, v, &e, &err), 0);
            nd_buf_printf(out, " <%d %.*s %.*s %u>", e.type, (int)e.id.n, e.id.p, (int)e.surface.n,
                          e.surface.p, e.words);
        } else if (mark == ND_MARK_OTHER && v >= 2) {
            shape = v - 2;
        } else {
            first = first || mark <= ND_MARK_SENTENCE;
            nd_buf_printf(out, " [%u:%u]", mark, v);
        }
    }
    nd_arena_free(&arena);
    nd_buf_byte(out, '\n');
}

static void dump_columns(struct nd_buf *out, const struct nd_columns *c, struct nd_stream *s,
                         uint32_t d)
{
    static const enum nd_column_id numbers[] = {ND_COL_PUBLISHED, ND_COL_UPDATED, ND_COL_INDEXED,
                                                ND_COL_ID, ND_COL_VERSION};
    static const enum nd_column_id small[] = {ND_COL_DAY, ND_COL_FIRST_REV, ND_COL_LAST_REV,
                                              ND_COL_LENGTH};
    static const enum nd_column_id lists[] = {ND_COL_AUTHORS, ND_COL_TAGS};
    size_t n;
    for (size_t i = 0; i < 5; i++)
        nd_buf_printf(out, "%llx ", (unsigned long long)nd_column_u64(c, numbers[i], d));
    for (size_t i = 0; i < 4; i++)
        nd_buf_printf(out, "%x ", nd_column_u32(c, small[i], d));
    nd_buf_printf(out, "%u %u ", nd_column_u8(c, ND_COL_LANG, d),
                  nd_column_u8(c, ND_COL_PRECISION, d));
    nd_buf_add(out, nd_column_bytes(c, ND_COL_CONTENT, d, 16), 16);
    nd_buf_add(out, nd_column_bytes(c, ND_COL_SIGNATURE, d, 32), 32);
    uint32_t v = nd_column_u32(c, ND_COL_SOURCE, d);
    struct nd_str value = nd_column_value(c, ND_COL_SOURCE, v - 1);
    nd_buf_add(out, value.p, v ? value.n : 0);
    const unsigned char *p = nd_column_bytes(c, ND_COL_ORIGIN, d, 12);
    value = nd_column_value(c, ND_COL_ORIGIN, nd_load32(p));
    nd_buf_add(out, value.p, value.n);
    nd_buf_add(out, p + 4, 8);
    for (size_t i = 0; i < 2; i++) {
        p = nd_column_list(c, lists[i], d, &n);
        for (size_t k = 0; k < n; k++) {
            value = nd_column_value(c, lists[i], nd_load32(p + 4 * k));
            nd_buf_printf(out, " %.*s", (int)value.n, value.p);
        }
    }
    p = nd_column_list(c, ND_COL_ENTITIES, d, &n);
    for (size_t k = 0; k + 1 < n; k += 2) {
        struct nd_entity_row e;
        struct nd_error err = {0};
        CHECK_INT(nd_stream_entity(s, nd_load32(p + 4 * k), &e, &err), 0);
        nd_buf_printf(out, " {%d %.*s %.*s %u}", e.type, (int)e.id.n, e.id.p, (int)e.surface.n,
                      e.surface.p, nd_load32(p + 4 * (k + 1))); /* with the evidence */
    }
    nd_buf_byte(out, '\n');
}

static void dump_dictionary(struct nd_buf *out, struct nd_stream *s)
{
    struct nd_dict_cursor d;
    struct nd_stem_cursor c;
    struct nd_word w;
    struct nd_arena arena;
    struct nd_error err = {0};
    nd_arena_init(&arena, DUMP_MAX);
    int rc = nd_dict_seek(&d, s, "", 0, &w, &err);
    for (; rc == 0; rc = nd_dict_next(&d, &w, &err))
        nd_buf_printf(out, "%.*s %.*s %u %u\n", (int)w.key.n, w.key.p, (int)nd_dict_fold(&d).n,
                      nd_dict_fold(&d).p, w.parts, w.count);
    CHECK_INT(rc, ND_DONE);
    nd_dict_end(&d);
    for (rc = nd_stems_first(&c, s, &err); rc == 0; rc = nd_stems_next(&c, &err)) {
        nd_buf_printf(out, "%d %.*s:", c.key.data[0], (int)c.key.len - 1, c.key.data + 1);
        uint64_t sum = 0; /* of the words, whatever their ranks */
        for (size_t i = 0; i < c.n; i++) {
            CHECK_INT(nd_dict_of_rank(s, c.ranks[i], &arena, &w, &err), 0);
            sum += nd_hash64(w.key.p, w.key.n, w.parts);
        }
        nd_buf_printf(out, "%zu %llx\n", c.n, (unsigned long long)sum);
    }
    CHECK_INT(rc, ND_DONE);
    nd_stems_end(&c);
    for (uint32_t i = 0; i < nd_stream_entities(s); i++) {
        struct nd_entity_row e;
        CHECK_INT(nd_stream_entity(s, i, &e, &err), 0);
        nd_buf_printf(out, "%d %.*s %.*s %u %u\n", e.type, (int)e.id.n, e.id.p, (int)e.surface.n,
                      e.surface.p, e.words, e.mentions);
    }
    for (uint32_t r = 1; r < nd_stream_words(s); r++) {
        struct nd_word before;
        CHECK_INT(nd_dict_of_rank(s, r - 1, &arena, &before, &err), 0);
        CHECK_INT(nd_dict_of_rank(s, r, &arena, &w, &err), 0);
        if (!CHECK(before.count >= w.count))
            break;
    }
    nd_arena_free(&arena);
}

static void dump_postings(struct nd_buf *out, struct xap_index *ix)
{
    struct xap_terms *t;
    struct nd_str term;
    struct nd_error err = {0};
    if (!CHECK_INT(xap_terms_open(&t, ix, 0, "", 0, &err), 0))
        return;
    while (xap_terms_next(t, &term, NULL, &err) == 0) {
        struct xap_postings *p;
        uint32_t docid;
        nd_buf_printf(out, "%.*s:", (int)term.n, term.p);
        if (!CHECK_INT(xap_postings_open(&p, ix, 0, term.p, term.n, &err), 0))
            break;
        while (xap_postings_next(p, &docid, &err) == 0)
            nd_buf_printf(out, " %u/%u", docid, xap_postings_wdf(p));
        xap_postings_close(p);
        nd_buf_byte(out, '\n');
    }
    xap_terms_close(t);
}

/* Append all that the segment in dir holds. */
static void dump_segment(struct nd_buf *out, const char *dir)
{
    char path[4096];
    struct nd_error err = {0};
    struct nd_stream *s = NULL;
    struct nd_columns c = {0};
    struct nd_texts *t = NULL;
    struct xap_index *ix = NULL;
    snprintf(path, sizeof path, "%s/stream", dir);
    CHECK_INT(nd_stream_open(&s, path, &err), 0);
    snprintf(path, sizeof path, "%s/columns", dir);
    CHECK_INT(nd_columns_open(&c, path, &err), 0);
    snprintf(path, sizeof path, "%s/text", dir);
    CHECK_INT(nd_texts_open(&t, path, &err), 0);
    CHECK_INT(xap_open(&ix, &dir, 1, &err), 0);
    if (s && t && ix && CHECK_INT(nd_texts_docs(t), nd_stream_docs(s))) {
        for (enum nd_column_id id = 1; id < ND_COLUMNS; id++)
            CHECK_INT(nd_column_check(&c, id, &err), 0);
        nd_buf_printf(out, "%u articles, %llu words\n", nd_stream_docs(s),
                      (unsigned long long)nd_stream_tokens(s));
        for (uint32_t d = 1; d <= nd_stream_docs(s); d++) {
            dump_stream(out, s, d);
            dump_columns(out, &c, s, d);
            CHECK_INT(nd_texts_get(t, d, out, &err), 0);
            CHECK_INT(xap_data(out, ix, 0, d, &err), 0);
        }
        dump_dictionary(out, s);
        dump_postings(out, ix);
        for (enum nd_column_id id = 1; id < ND_COLUMNS; id++)
            for (uint32_t i = 0; i < nd_column_values(&c, id); i++) {
                struct nd_str v = nd_column_value(&c, id, i);
                nd_buf_printf(out, "%d %.*s\n", (int)id, (int)v.n, v.p);
            }
    }
    CHECK_INT(nd_buf_code(out), 0);
    nd_stream_close(s);
    nd_columns_close(&c);
    nd_texts_close(t);
    xap_close(ix);
}

#endif
