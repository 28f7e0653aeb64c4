#include "lang/expand.h"

#include "lang/expand_scan.h"
#include "text/utf8.h"

#include <string.h>

enum {
    ARENA_MAX = 256 << 20
};

/* Is a key one of the acronyms whose capitals are their meaning (US, WHO)? */
static bool in_capitals(struct nd_str key)
{
    return key.n && key.p[0] >= 'A' && key.p[0] <= 'Z';
}

static int fold(struct nd_buf *out, struct nd_str s)
{
    nd_buf_reset(out);
    return nd_fold(out, s.p, s.n);
}

/* The folded form of a joined key without its hyphens. */
static int fold_joined(struct nd_buf *out, struct nd_str key)
{
    int rc = fold(out, key);
    size_t k = 0;
    for (size_t i = 0; rc == 0 && i < out->len; i++)
        if (out->data[i] != '-')
            out->data[k++] = out->data[i];
    out->len = k;
    return rc;
}

/* A growing list of words in an arena; past the limit words are counted only. */
struct words {
    struct nd_expanded *v;
    size_t n, cap, total;
    struct nd_arena *arena;
};

static int add_word(void *ctx, struct nd_str key, const struct nd_word *word)
{
    struct words *w = ctx;
    if (w->total++ >= ND_EXPAND_MAX)
        return 0;
    if (w->n == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 16;
        struct nd_expanded *v = nd_arena_array(w->arena, cap, sizeof *v);
        if (!v)
            return ND_NOMEM;
        if (w->n)
            memcpy(v, w->v, w->n * sizeof *v);
        w->v = v;
        w->cap = cap;
    }
    struct nd_str copy = nd_arena_str(w->arena, key.p, key.n);
    if (!copy.p)
        return ND_NOMEM;
    w->v[w->n++] = (struct nd_expanded){.key = copy,
                                        .rank = word->rank,
                                        .count = word->count,
                                        .parts = word->parts,
                                        .shape = word->shape};
    return 0;
}

/* Joined words that read like the folded word when their hyphens are off. */
static int exact_joined(struct words *w, struct nd_str folded, struct nd_stream *stream,
                        struct nd_stemmers *stemmers, uint64_t langs, struct nd_error *err)
{
    struct nd_buf stems, text;
    size_t len[ND_STEMS_MAX];
    int rc = 0;
    nd_buf_init(&stems, 1 << 16);
    nd_buf_init(&text, 1 << 16);
    size_t before = w->n;
    for (unsigned lang = 0; rc == 0 && lang < 64; lang++) {
        uint32_t *ranks = NULL;
        size_t n = 0, at = 0;
        if (!(langs >> lang & 1))
            continue;
        nd_buf_reset(&stems);
        int count = nd_stems(stemmers, lang, folded.p, folded.n, &stems, len);
        rc = count < 0 ? count : 0;
        for (int i = 0; rc == 0 && i < count; at += len[i++]) {
            rc = nd_dict_stem(stream, lang, stems.data + at, len[i], w->arena, &ranks, &n, err);
            rc = rc == ND_DONE ? 0 : rc;
        }
        for (size_t i = 0; rc == 0 && i < n; i++) {
            struct nd_word word;
            bool known = false;
            if (nd_dict_parts(stream, ranks[i]) < 2)
                continue;
            for (size_t k = before; k < w->n && !known; k++)
                known = w->v[k].rank == ranks[i];
            if (known || (rc = nd_dict_of_rank(stream, ranks[i], w->arena, &word, err)) ||
                (rc = fold_joined(&text, word.key)))
                continue;
            if (text.len == folded.n && memcmp(text.data, folded.p, folded.n) == 0)
                rc = add_word(w, word.key, &word);
        }
    }
    nd_buf_free(&stems);
    nd_buf_free(&text);
    return rc;
}

static int exact_words(struct words *w, const struct nd_leaf *leaf, struct nd_stream *stream,
                       struct nd_stemmers *stemmers, uint64_t langs, struct nd_error *err)
{
    struct nd_dict_cursor c = {0};
    struct nd_word word;
    struct nd_buf folded;
    bool capitals = in_capitals(leaf->text);
    nd_buf_init(&folded, 1 << 16);
    int rc = fold(&folded, leaf->text);
    if (rc == 0)
        rc = nd_dict_seek(&c, stream, folded.data ? folded.data : "", folded.len, &word, err);
    for (; rc == 0; rc = nd_dict_next(&c, &word, err)) {
        struct nd_str f = nd_dict_fold(&c);
        if (f.n != folded.len || memcmp(f.p, folded.data, f.n) != 0)
            break;
        if (in_capitals(word.key) == capitals && (rc = add_word(w, word.key, &word)))
            break;
    }
    nd_dict_end(&c);
    rc = rc == ND_DONE ? 0 : rc;
    if (rc == 0 && !capitals && folded.len && !memchr(folded.data, '-', folded.len))
        rc =
            exact_joined(w, (struct nd_str){folded.data, folded.len}, stream, stemmers, langs, err);
    nd_buf_free(&folded);
    return rc;
}

int nd_expand_words(struct nd_expanded_list *out, const struct nd_leaf *leaf,
                    struct nd_stream *stream, struct nd_stemmers *stemmers, uint64_t langs,
                    struct nd_arena *arena, struct nd_error *err)
{
    struct words w = {.arena = arena};
    int rc = leaf->kind == ND_LEAF_EXACT ? exact_words(&w, leaf, stream, stemmers, langs, err)
             : leaf->kind == ND_LEAF_WILD
                 ? nd_expand_wild(leaf->text, stream, add_word, &w, err)
                 : nd_expand_fuzzy(leaf->text, leaf->edits, stream, add_word, &w, err);
    if (rc == 0 && w.total > ND_EXPAND_MAX) {
        rc = nd_fail(err, ND_QUERY, "'%.*s' stands for %zu words", (int)leaf->text.n, leaf->text.p,
                     w.total);
        nd_span(err, leaf->start, leaf->end);
        nd_hint(err, "at most %d are allowed; give more letters", (int)ND_EXPAND_MAX);
    }
    if (rc == ND_NOMEM)
        nd_fail(err, rc, "out of memory for the words of a pattern");
    *out = (struct nd_expanded_list){w.v, w.n};
    return rc;
}

int nd_expand_accented(struct nd_stream *stream, unsigned lang, struct nd_str word,
                       int (*fn)(void *ctx, struct nd_str key), void *ctx, struct nd_error *err)
{
    struct nd_dict_cursor c = {0};
    struct nd_word found;
    struct nd_buf folded;
    if (lang == ND_LANG_NONE || lang == ND_LANG_EN || word.n == 0 || in_capitals(word))
        return 0;
    nd_buf_init(&folded, 1 << 16);
    int rc = fold(&folded, word);
    if (rc == 0 && (folded.len != word.n || memcmp(folded.data, word.p, word.n) != 0)) {
        nd_buf_free(&folded); /* it has diacritics of its own: these are meant */
        return 0;
    }
    if (rc == 0)
        rc = nd_dict_seek(&c, stream, folded.data, folded.len, &found, err);
    for (; rc == 0; rc = nd_dict_next(&c, &found, err)) {
        struct nd_str f = nd_dict_fold(&c);
        if (f.n != folded.len || memcmp(f.p, folded.data, f.n) != 0)
            break;
        if (found.parts < 2 && !in_capitals(found.key) && !nd_str_eq(found.key, word) &&
            (rc = fn(ctx, found.key)))
            break;
    }
    nd_dict_end(&c);
    nd_buf_free(&folded);
    return rc == ND_DONE ? 0 : rc;
}

static int add_rank(struct nd_codes *out, struct nd_stream *stream, uint32_t rank, unsigned parts)
{
    return nd_codes_add(out, parts > 1 ? ND_MARK_JOINED : ND_WORD_FIRST, rank, parts ? parts : 1,
                        nd_dict_shape(stream, rank));
}

/* Ranks of the words under the stems of a word. */
struct ranks {
    struct nd_stream *stream;
    struct nd_stemmers *stemmers;
    unsigned lang;
    struct nd_arena *arena;
    struct nd_error *err;
    uint32_t *v;
    size_t n;
};

static int add_stem_ranks(void *ctx, struct nd_str key)
{
    struct ranks *r = ctx;
    struct nd_buf stems;
    size_t len[ND_STEMS_MAX], at = 0;
    nd_buf_init(&stems, 1 << 16);
    int count = nd_stems(r->stemmers, r->lang, key.p, key.n, &stems, len);
    int rc = count < 0 ? count : 0;
    for (int i = 0; rc == 0 && i < count; at += len[i++]) {
        rc = nd_dict_stem(r->stream, r->lang, stems.data + at, len[i], r->arena, &r->v, &r->n,
                          r->err);
        rc = rc == ND_DONE ? 0 : rc;
    }
    nd_buf_free(&stems);
    return rc;
}

/* Words under the stems of a word; of an everyday acronym those alone that are written as asked. */
static int stem_codes(struct nd_codes *out, const struct nd_leaf *leaf, struct nd_stream *stream,
                      struct nd_stemmers *stemmers, unsigned lang, struct nd_arena *arena,
                      struct nd_error *err)
{
    struct ranks r = {
        .stream = stream, .stemmers = stemmers, .lang = lang, .arena = arena, .err = err};
    struct nd_buf lower;
    nd_buf_init(&lower, 1 << 16);
    int rc = fold(&lower, leaf->text);
    bool acronym = rc == 0 && nd_acronym(lower.data ? lower.data : "", lower.len);
    if (rc == 0)
        rc = add_stem_ranks(&r, leaf->text);
    if (rc == 0)
        rc = nd_expand_accented(stream, lang, leaf->text, add_stem_ranks, &r, err);
    for (size_t i = 0; rc == 0 && i < r.n; i++) {
        if (acronym) {
            struct nd_word word;
            if ((rc = nd_dict_of_rank(stream, r.v[i], arena, &word, err)))
                break;
            if (in_capitals(word.key) != in_capitals(leaf->text))
                continue;
        }
        rc = add_rank(out, stream, r.v[i], nd_dict_parts(stream, r.v[i]));
    }
    nd_buf_free(&lower);
    return rc;
}

/* Mentions of the rows from `from` on that have the type, and the id where one is given. */
static int entity_codes(struct nd_codes *out, struct nd_stream *stream, enum nd_entity_type type,
                        const struct nd_str *id, struct nd_error *err)
{
    uint32_t all = nd_stream_entities(stream);
    uint32_t i = nd_stream_entity_seek(stream, type, id ? id->p : "", id ? id->n : 0);
    int rc = 0;
    for (; rc == 0 && i < all; i++) {
        struct nd_entity_row row;
        if ((rc = nd_stream_entity(stream, i, &row, err)))
            break;
        if (row.type != type || (id && !nd_str_eq(row.id, *id)))
            break;
        rc = nd_codes_add(out, ND_MARK_MENTION, i, row.words, 0);
    }
    return rc;
}

/* Mentions of any name of the types, where rules move names to other types or reject them. */
static int ruled_codes(struct nd_codes *out, const struct nd_leaf *leaf, struct nd_stream *stream,
                       struct nd_error *err)
{
    struct nd_entity_row last = {0}, row;
    uint32_t all = nd_stream_entities(stream);
    bool wanted = false;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < all; i++) {
        if ((rc = nd_stream_entity(stream, i, &row, err)))
            break;
        if (i == 0 || row.type != last.type || !nd_str_eq(row.id, last.id)) {
            struct nd_override_end e;
            nd_override_walk(leaf->rules, NULL, row.type, row.id, &e);
            wanted = !e.rejected && leaf->types >> e.type & 1;
        }
        if (wanted)
            rc = nd_codes_add(out, ND_MARK_MENTION, i, row.words, 0);
        last = row;
    }
    return rc;
}

static bool rules_move(const struct nd_leaf *leaf)
{
    for (unsigned t = 0; t < ND_ENTITY_TYPES; t++)
        if (leaf->types >> t & 1 && nd_overrides_move(leaf->rules, (enum nd_entity_type)t))
            return true;
    return false;
}

/* Add the codes of a leaf; they are not ready yet. */
static int add_codes(struct nd_codes *out, const struct nd_leaf *leaf, struct nd_stream *stream,
                     size_t segment, struct nd_stemmers *stemmers, unsigned lang, uint64_t langs,
                     struct nd_arena *arena, struct nd_error *err)
{
    struct nd_expanded_list words = {NULL, 0};
    int rc = 0;
    switch (leaf->kind) {
    case ND_LEAF_STEM:
        return stem_codes(out, leaf, stream, stemmers, lang, arena, err);
    case ND_LEAF_ENTITY:
        for (size_t i = 0; rc == 0 && i < leaf->ids_n; i++)
            rc = entity_codes(out, stream, leaf->ids[i].type, &leaf->ids[i].id, err);
        return rc;
    case ND_LEAF_ANY:
        if (rules_move(leaf))
            return ruled_codes(out, leaf, stream, err);
        for (unsigned t = 0; rc == 0 && t < ND_ENTITY_TYPES; t++)
            if (leaf->types >> t & 1)
                rc = entity_codes(out, stream, (enum nd_entity_type)t, NULL, err);
        return rc;
    case ND_LEAF_UNION: /* of words: they are not nested */
        for (size_t i = 0; rc == 0 && i < leaf->members_n; i++)
            if (leaf->members[i].kind != ND_LEAF_UNION)
                rc = add_codes(out, &leaf->members[i], stream, segment, stemmers, lang, langs,
                               arena, err);
        return rc;
    case ND_LEAF_EXACT:
    case ND_LEAF_WILD:
    case ND_LEAF_FUZZY:
        break;
    }
    if (leaf->words)
        words = leaf->words[segment];
    else
        rc = nd_expand_words(&words, leaf, stream, stemmers, langs, arena, err);
    for (size_t i = 0; rc == 0 && i < words.n; i++)
        rc = nd_codes_add(out, words.v[i].parts > 1 ? ND_MARK_JOINED : ND_WORD_FIRST,
                          words.v[i].rank, words.v[i].parts > 1 ? words.v[i].parts : 1,
                          words.v[i].shape);
    return rc;
}

int nd_expand_codes(struct nd_codes *out, const struct nd_leaf *leaf, struct nd_stream *stream,
                    size_t segment, struct nd_stemmers *stemmers, unsigned lang, uint64_t langs,
                    struct nd_error *err)
{
    struct nd_arena arena;
    nd_arena_init(&arena, ARENA_MAX);
    int rc = add_codes(out, leaf, stream, segment, stemmers, lang, langs, &arena, err);
    if (rc == 0)
        rc = nd_codes_ready(out);
    if (rc < 0 && err && err->code != rc)
        nd_fail(err, rc, "the words of a query cannot be looked up");
    nd_arena_free(&arena);
    return rc;
}

bool nd_leaf_by_language(const struct nd_leaf *leaf)
{
    for (size_t i = 0; i < leaf->members_n; i++)
        if (nd_leaf_by_language(&leaf->members[i]))
            return true;
    return leaf->kind == ND_LEAF_STEM;
}
