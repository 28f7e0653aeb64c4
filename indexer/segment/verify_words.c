/* The dictionary and the token streams of a segment. */
#include "segment/verify_in.h"

#include "record/evidence.h"
#include "record/schema.h"
#include "record/stream_stems.h"
#include "segment/build.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

static const char file[] = "stream";

/* ---- dictionary ---- */

static int read_words(struct nd_check *c, struct nd_error *err)
{
    struct nd_dict_cursor d;
    struct nd_word w;
    struct nd_buf before;
    uint32_t n = 0, parts = 0;
    nd_buf_init(&before, 1 << 20);
    int rc = nd_dict_seek(&d, c->stream, "", 0, &w, err);
    for (; rc == 0; rc = nd_dict_next(&d, &w, err)) {
        struct nd_str fold = nd_dict_fold(&d);
        nd_buf_reset(&c->fold);
        if (nd_fold(&c->fold, w.key.p, w.key.n) == 0 && c->fold.len &&
            !nd_str_eq(fold, (struct nd_str){c->fold.data, c->fold.len})) {
            rc = nd_check_bad(c, file, err, "the folded form of a word");
            break;
        }
        /* what stands before: folded key, zero byte, key */
        nd_buf_reset(&c->fold);
        nd_buf_add(&c->fold, fold.p, fold.n);
        nd_buf_byte(&c->fold, 0);
        nd_buf_add(&c->fold, w.key.p, w.key.n);
        int order = n ? nd_str_cmp((struct nd_str){before.data, before.len},
                                   (struct nd_str){c->fold.data, c->fold.len})
                      : -1;
        if (order > 0 || (order == 0 && parts >= w.parts) || c->keys[w.rank].p || w.count == 0 ||
            w.parts == 0) {
            rc = nd_check_bad(c, file, err, "the words of its dictionary are not in order");
            break;
        }
        nd_buf_reset(&before);
        nd_buf_add(&before, c->fold.data, c->fold.len);
        parts = w.parts;
        c->counts[w.rank] = w.count;
        c->keys[w.rank] = nd_arena_str(&c->chars, w.key.p, w.key.n);
        if (!c->keys[w.rank].p || nd_buf_code(&before) || nd_buf_code(&c->fold)) {
            rc = nd_check_memory(err);
            break;
        }
        n++;
    }
    nd_dict_end(&d);
    nd_buf_free(&before);
    if (rc != ND_DONE)
        return rc;
    if (n != c->words)
        return nd_check_bad(c, file, err, "its dictionary has %u words, not %u", n, c->words);
    for (uint32_t r = 1; r < n; r++)
        if (c->counts[r] > c->counts[r - 1])
            return nd_check_bad(c, file, err, "its ranks do not go by frequency");
    return 0;
}

/* Is text one of the stems of the word in the language? */
static int is_stem(struct nd_check *c, unsigned lang, uint32_t rank, struct nd_str text, bool *yes)
{
    char joined[ND_WORD_MAX];
    struct nd_str key = c->keys[rank];
    *yes = false;
    if (c->shapes[rank] >> 2 > 1 && key.n <= sizeof joined) {
        size_t n = 0;
        for (size_t i = 0; i < key.n; i++)
            if (key.p[i] != '-')
                joined[n++] = key.p[i];
        key = (struct nd_str){joined, n};
    }
    size_t len[ND_STEMS_MAX] = {0}, at = 0;
    nd_buf_reset(&c->fold);
    int n = nd_stems(c->stemmers, lang, key.p, key.n, &c->fold, len);
    if (n < 0)
        return n;
    for (int i = 0; i < n; at += len[i++])
        *yes = *yes || nd_str_eq(text, (struct nd_str){c->fold.data + at, len[i]});
    return 0;
}

static int take_stem(struct nd_check *c, const struct nd_stem_cursor *s, struct nd_error *err)
{
    unsigned lang = (unsigned char)s->key.data[0];
    struct nd_str text = {s->key.data + 1, s->key.len - 1};
    uint32_t number;
    if (lang >= c->langs)
        return nd_check_bad(c, file, err, "a stem of no known language");
    if (nd_map_intern(&c->stem_text, text.p, text.n, &number))
        return nd_check_memory(err);
    if (!c->stems[lang]) {
        size_t n = ((size_t)c->words + 1) * ND_STEMS_MAX * sizeof **c->stems;
        c->stems[lang] = malloc(n);
        if (!c->stems[lang])
            return nd_check_memory(err);
        memset(c->stems[lang], 0xff, n);
    }
    for (size_t i = 0; i < s->n; i++) {
        uint32_t *have = &c->stems[lang][(size_t)s->ranks[i] * ND_STEMS_MAX];
        bool yes;
        if (is_stem(c, lang, s->ranks[i], text, &yes))
            return nd_check_memory(err);
        size_t k = have[0] == ND_MAP_NONE ? 0 : 1;
        if (!yes || have[k] != ND_MAP_NONE)
            return nd_check_bad(c, file, err, "a stem of a word");
        have[k] = number;
    }
    return 0;
}

static int read_stems(struct nd_check *c, struct nd_error *err)
{
    struct nd_stem_cursor s;
    struct nd_buf before;
    nd_buf_init(&before, 1 << 20);
    int rc = nd_stems_first(&s, c->stream, err);
    for (; rc == 0; rc = nd_stems_next(&s, err)) {
        if (before.len && nd_str_cmp((struct nd_str){before.data, before.len},
                                     (struct nd_str){s.key.data, s.key.len}) >= 0)
            rc = nd_check_bad(c, file, err, "its stems are not in order");
        if (!rc)
            rc = take_stem(c, &s, err);
        if (rc)
            break;
        nd_buf_reset(&before);
        nd_buf_add(&before, s.key.data, s.key.len);
    }
    nd_stems_end(&s);
    nd_buf_free(&before);
    if (rc != ND_DONE)
        return rc;
    size_t n = (size_t)c->stem_text.count + 1;
    c->z_term = malloc(n * sizeof *c->z_term);
    c->s_term = malloc(n * sizeof *c->s_term);
    c->z_wdf = calloc(n, sizeof *c->z_wdf);
    c->s_wdf = calloc(n, sizeof *c->s_wdf);
    c->touched = malloc(n * sizeof *c->touched);
    rc = c->z_term && c->s_term && c->z_wdf && c->s_wdf && c->touched ? 0 : ND_NOMEM;
    for (uint32_t i = 0; i < c->stem_text.count && !rc; i++) {
        struct nd_str text = nd_map_key(&c->stem_text, i);
        rc = nd_check_term(c, ND_PREFIX_STEM, text.p, text.n, &c->z_term[i]);
        if (!rc)
            rc = nd_check_term(c, ND_PREFIX_TITLE, text.p, text.n, &c->s_term[i]);
    }
    return rc ? nd_check_memory(err) : 0;
}

static int read_entities(struct nd_check *c, struct nd_error *err)
{
    static const char *const fields[ND_ENTITY_TYPES] = {"person", "org", "place", "misc"};
    size_t n = (size_t)nd_stream_entities(c->stream) + 1;
    c->mentions = calloc(n, sizeof *c->mentions);
    c->entity_term = malloc(n * sizeof *c->entity_term);
    c->e_wdf = calloc(n, sizeof *c->e_wdf);
    c->touched_e = malloc(n * sizeof *c->touched_e);
    if (!c->mentions || !c->entity_term || !c->e_wdf || !c->touched_e)
        return nd_check_memory(err);
    int rc = 0;
    for (uint32_t i = 0; i + 1 < n && !rc; i++) {
        struct nd_entity_row row;
        rc = nd_stream_entity(c->stream, i, &row, err);
        if (rc)
            break;
        c->entity_term[i] = ND_MAP_NONE;
        c->cut_ids = c->cut_ids || row.id.n > ND_ENTITY_MAX - 4;
        if (row.id.n &&
            nd_check_term(c, nd_schema_find(fields[row.type], strlen(fields[row.type]))->prefix,
                          row.id.p, row.id.n, &c->entity_term[i]))
            rc = nd_check_memory(err);
    }
    return rc;
}

int nd_check_dictionary(struct nd_check *c, struct nd_error *err)
{
    size_t n = (size_t)c->words + 1;
    c->keys = calloc(n, sizeof *c->keys);
    c->counts = calloc(n, sizeof *c->counts);
    c->found = calloc(n, sizeof *c->found);
    c->langs = nd_lang_count();
    c->stems = calloc((size_t)c->langs + 1, sizeof *c->stems);
    if (!c->keys || !c->counts || !c->found || !c->stems)
        return nd_check_memory(err);
    int rc = nd_dict_shapes(c->stream, &c->shapes, err);
    if (!rc)
        rc = read_words(c, err);
    if (!rc)
        rc = read_stems(c, err);
    return rc ? rc : read_entities(c, err);
}

/* ---- streams ---- */

/* A word counts for its stems. */
static void count_stems(struct nd_check *c, uint32_t rank, unsigned field)
{
    const uint32_t *stems =
        c->stems[c->lang] ? &c->stems[c->lang][(size_t)rank * ND_STEMS_MAX] : NULL;
    for (size_t k = 0; k < ND_STEMS_MAX && stems && stems[k] != ND_MAP_NONE; k++) {
        uint32_t s = stems[k];
        if (c->z_wdf[s] == 0)
            c->touched[c->touched_n++] = s;
        c->z_wdf[s] += field == ND_FIELD_TITLE  ? ND_TITLE_WEIGHT
                       : field == ND_FIELD_LEAD ? ND_LEAD_WEIGHT
                                                : 1;
        c->s_wdf[s] += field == ND_FIELD_TITLE;
    }
}

static void note_terms(struct nd_check *c)
{
    for (size_t i = 0; i < c->touched_n; i++) {
        uint32_t s = c->touched[i];
        nd_check_has(c, c->z_term[s], c->z_wdf[s]);
        if (c->s_wdf[s])
            nd_check_has(c, c->s_term[s], c->s_wdf[s]);
        c->z_wdf[s] = c->s_wdf[s] = 0;
    }
    /* rows of one id are neighbours and share a term: their mentions add up */
    for (size_t i = 0; i < c->touched_e_n; i++) {
        uint32_t term = c->entity_term[c->touched_e[i]], wdf = 0;
        if (term == ND_MAP_NONE || c->expected[term].last == c->docid)
            continue;
        for (size_t k = i; k < c->touched_e_n; k++)
            if (c->entity_term[c->touched_e[k]] == term)
                wdf += c->e_wdf[c->touched_e[k]];
        nd_check_has(c, term, wdf);
    }
}

/* The ENTITIES column of the article says the same as its stream. */
static int check_entities(struct nd_check *c, struct nd_error *err)
{
    size_t n, k = 0;
    const unsigned char *p = nd_column_list(&c->columns, ND_COL_ENTITIES, c->docid, &n);
    bool ok = n % 2 == 0;
    for (; ok && k < n; k += 2) {
        uint32_t e = nd_load32(p + 4 * k), count = nd_proof_mentions(nd_load32(p + 4 * (k + 1)));
        ok = e < nd_stream_entities(c->stream) && count && nd_proof_mentions(nd_proof_pack(c->e_wdf[e], 0, 0)) == count;
    }
    ok = ok && n / 2 == c->touched_e_n;
    for (size_t i = 0; i < c->touched_e_n; i++)
        c->e_wdf[c->touched_e[i]] = 0;
    return ok ? 0 : nd_check_bad(c, "columns", err, "the entities of article %u", c->docid);
}

static int bad_code(struct nd_check *c, struct nd_error *err)
{
    return nd_check_bad(c, file, err, "the codes of article %u", c->docid);
}

static int add_word(struct nd_check *c, struct nd_check_word w)
{
    if (c->word_n == c->word_cap) {
        size_t cap = c->word_cap ? c->word_cap * 2 : 4096;
        struct nd_check_word *v = realloc(c->word, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        c->word = v;
        c->word_cap = cap;
    }
    c->word[c->word_n++] = w;
    return 0;
}

int nd_check_stream(struct nd_check *c, struct nd_error *err)
{
    enum {
        NO_SHAPE = 4
    };
    struct nd_section a;
    unsigned field = ND_FIELDS, brk = ND_BREAK_NONE, shape = NO_SHAPE;
    int rc = nd_stream_article(c->stream, c->docid, &a, err);
    c->word_n = c->touched_n = c->touched_e_n = 0;
    c->length = 0;
    for (size_t at = 0; at < a.n && !rc;) {
        unsigned mark;
        uint32_t v;
        size_t n = nd_code_get(a.p + at, a.n - at, &mark, &v);
        at += n;
        bool word = mark == ND_WORD_FIRST || mark == ND_MARK_JOINED;
        if (n == 0 || (word && v >= c->words) || (mark != ND_MARK_FIELD && field == ND_FIELDS) ||
            (word && (c->shapes[v] >> 2 > 1) != (mark == ND_MARK_JOINED)))
            return bad_code(c, err);
        if (word) {
            c->found[v]++;
            count_stems(c, v, field);
        }
        if (mark == ND_WORD_FIRST) {
            if (shape == NO_SHAPE)
                shape = nd_shape_expected(c->shapes[v] & 3, brk != ND_BREAK_NONE);
            rc = add_word(c,
                          (struct nd_check_word){v, (uint8_t)shape, (uint8_t)field, (uint8_t)brk});
            brk = ND_BREAK_NONE;
            shape = NO_SHAPE;
        } else if (mark == ND_MARK_FIELD) {
            if (v >= ND_FIELDS || (field != ND_FIELDS && v <= field))
                return bad_code(c, err);
            field = v;
            brk = ND_BREAK_PARAGRAPH;
        } else if (mark == ND_MARK_PARAGRAPH || mark == ND_MARK_SENTENCE) {
            brk = mark == ND_MARK_PARAGRAPH ? ND_BREAK_PARAGRAPH : ND_BREAK_SENTENCE;
        } else if (mark == ND_MARK_MENTION) {
            if (v >= nd_stream_entities(c->stream))
                return bad_code(c, err);
            c->mentions[v]++;
            if (c->e_wdf[v]++ == 0)
                c->touched_e[c->touched_e_n++] = v;
        } else if (mark == ND_MARK_OTHER) {
            if (v > 5)
                return bad_code(c, err);
            shape = v >= 2 ? v - 2 : shape;
        }
    }
    if (rc)
        return rc == ND_NOMEM ? nd_check_memory(err) : rc;
    if (c->word_n != nd_column_u32(&c->columns, ND_COL_LENGTH, c->docid))
        return nd_check_bad(c, "columns", err, "the length of article %u", c->docid);
    c->v->words += c->word_n;
    note_terms(c);
    return check_entities(c, err);
}

int nd_check_counts(struct nd_check *c, struct nd_error *err)
{
    for (uint32_t r = 0; r < c->words; r++)
        if (c->found[r] != c->counts[r])
            return nd_check_bad(c, file, err,
                                "'%.*s' occurs %u times, not %u as its dictionary says",
                                (int)c->keys[r].n, c->keys[r].p, c->found[r], c->counts[r]);
    for (uint32_t e = 0; e < nd_stream_entities(c->stream); e++) {
        struct nd_entity_row row;
        int rc = nd_stream_entity(c->stream, e, &row, err);
        if (rc)
            return rc;
        if (row.mentions != c->mentions[e])
            return nd_check_bad(c, file, err, "'%.*s' is mentioned %u times, not %u",
                                (int)row.surface.n, row.surface.p, c->mentions[e], row.mentions);
    }
    return 0;
}
