/* The collecting half of the stream writer: tokens and mentions to entries. stream_put.c makes the file. */
#include "record/stream_collect.h"

#include <stdlib.h>
#include <string.h>

enum {
    ENTITY_TEXT_MAX = 1 << 30,
    PER_TOKEN =
        5, /* most entries of a token: break, quote, word, chain, quote; mentions come on top */
    FIRST_BLOCK = 64 << 10, /* bytes; blocks grow fourfold up to BLOCK */
    BLOCK = 4 << 20,
    SLOT_AHEAD = 48, /* tokens: how early their slot and their entry are fetched */
    ENTRY_AHEAD = 24
};

int nd_stream_writer_new(struct nd_stream_writer **out, struct nd_error *err)
{
    *out = NULL;
    struct nd_stream_writer *w = calloc(1, sizeof *w);
    int rc = w ? nd_words_init(&w->words) : ND_NOMEM;
    if (!rc)
        rc = nd_map_init(&w->entities, ENTITY_TEXT_MAX);
    if (rc) {
        nd_stream_writer_free(w);
        return nd_fail(err, rc, "out of memory for the words of a segment");
    }
    *out = w;
    return 0;
}

void nd_stream_writer_free(struct nd_stream_writer *w)
{
    if (!w)
        return;
    nd_words_free(&w->words);
    nd_map_free(&w->entities);
    for (struct nd_entry_block *b = w->first_block, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(w->doc_n);
    free(w->mentions);
    free(w->hashes);
    free(w->counts);
    free(w->last);
    free(w->by_place);
    free(w->entity_map);
    free(w);
}

size_t nd_stream_writer_bytes(const struct nd_stream_writer *w)
{
    return nd_words_bytes(&w->words) + nd_map_bytes(&w->entities) + w->block_bytes +
           (size_t)w->docs_cap * sizeof *w->doc_n + (size_t)w->mentions_cap * sizeof *w->mentions +
           2 * w->last_cap * sizeof *w->last + w->hashes_cap * sizeof *w->hashes +
           w->counts_cap * sizeof *w->counts;
}

/* ---- mentions ---- */

static size_t cut(struct nd_str s)
{
    if (s.n <= ND_ENTITY_MAX)
        return s.n;
    size_t n = ND_ENTITY_MAX;
    while (n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return n;
}

/* The number of arrival of a mention's entity, whose count goes up. */
static int entity_of(struct nd_stream_writer *w, const struct nd_mention *m, uint32_t *out)
{
    char key[ND_ENTITY_KEY_HEAD + 2 * ND_ENTITY_MAX];
    size_t id_n = cut(m->id), surface_n = cut(m->surface), n = ND_ENTITY_KEY_HEAD;
    key[0] = (char)m->type;
    key[1] = (char)m->words;
    key[2] = (char)(id_n & 0xff);
    key[3] = (char)(id_n >> 8);
    if (id_n)
        memcpy(key + n, m->id.p, id_n);
    n += id_n;
    if (surface_n)
        memcpy(key + n, m->surface.p, surface_n);
    n += surface_n;
    int rc = nd_map_intern(&w->entities, key, n, out);
    if (rc)
        return rc;
    if (*out > ND_PAYLOAD_MAX)
        return ND_LIMIT;
    if (*out >= w->mentions_cap) {
        uint32_t cap = w->mentions_cap ? w->mentions_cap * 2 : 256;
        uint32_t *v = realloc(w->mentions, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        memset(v + w->mentions_cap, 0, (cap - w->mentions_cap) * sizeof *v);
        w->mentions = v;
        w->mentions_cap = cap;
    }
    w->mentions[*out]++;
    return 0;
}

/* By first word, the longest first. */
static int by_place(const void *x, const void *y, void *ctx)
{
    const struct nd_mention *v = ctx;
    uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
    if (v[i].first != v[j].first)
        return v[i].first < v[j].first ? -1 : 1;
    if (v[i].words != v[j].words)
        return v[i].words > v[j].words ? -1 : 1;
    return i < j ? -1 : i > j;
}

static int take_mentions(struct nd_stream_writer *w, const struct nd_tokens *t,
                         const struct nd_mention *mentions, size_t n, struct nd_error *err)
{
    if (n > w->last_cap) {
        if (n > ND_PAYLOAD_MAX)
            return nd_fail(err, ND_LIMIT, "an article has more than %d mentions", ND_PAYLOAD_MAX);
        uint32_t *last = realloc(w->last, n * sizeof *last);
        if (last)
            w->last = last;
        uint32_t *place = realloc(w->by_place, n * sizeof *place);
        if (place)
            w->by_place = place;
        if (!last || !place)
            return nd_fail(err, ND_NOMEM, "out of memory for the mentions of an article");
        w->last_cap = n;
    }
    bool sorted = true;
    for (size_t i = 0; i < n; i++) {
        const struct nd_mention *m = &mentions[i];
        if (m->words == 0 || m->first >= t->n || m->words > t->n - m->first ||
            (unsigned)m->type >= ND_ENTITY_TYPES)
            return nd_fail(err, ND_INTERNAL, "a mention lies outside of its article");
        int rc = entity_of(w, m, &w->last[i]);
        if (rc)
            return nd_fail(err, rc, "out of memory for the entities of a segment");
        w->by_place[i] = (uint32_t)i;
        uint32_t before = i ? (uint32_t)i - 1 : 0, here = (uint32_t)i;
        sorted = sorted && (i == 0 || by_place(&before, &here, (void *)(uintptr_t)mentions) < 0);
    }
    if (!sorted)
        qsort_r(w->by_place, n, sizeof *w->by_place, by_place, (void *)(uintptr_t)mentions);
    return 0;
}

/* ---- words ---- */

/* Add a block with room for so many entries. */
static int next_block(struct nd_stream_writer *w, size_t entries)
{
    size_t bytes = w->block_bytes < BLOCK ? FIRST_BLOCK + w->block_bytes * 3 : BLOCK;
    size_t need = sizeof(struct nd_entry_block) + entries * sizeof(uint32_t);
    if (bytes > BLOCK)
        bytes = BLOCK;
    if (bytes < need)
        bytes = need;
    struct nd_entry_block *b = malloc(bytes);
    if (!b)
        return ND_NOMEM;
    b->next = NULL;
    b->n = 0;
    b->cap = (bytes - sizeof *b) / sizeof *b->v;
    if (w->block)
        w->block->next = b;
    else
        w->first_block = b;
    w->block = b;
    w->block_bytes += bytes;
    return 0;
}

static int make_room(struct nd_stream_writer *w, size_t entries)
{
    if (w->docs == w->docs_cap) {
        uint32_t cap = w->docs_cap ? w->docs_cap * 2 : 256;
        if (cap < w->docs_cap)
            return ND_LIMIT;
        uint32_t *v = realloc(w->doc_n, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        w->doc_n = v;
        w->docs_cap = cap;
    }
    if (entries > UINT32_MAX)
        return ND_LIMIT;
    return w->block && entries <= w->block->cap - w->block->n ? 0 : next_block(w, entries);
}

/* Room for what is kept of one article. */
static int article_room(struct nd_stream_writer *w, size_t tokens)
{
    if (tokens > w->hashes_cap) {
        uint64_t *v = realloc(w->hashes, tokens * sizeof *v);
        if (!v)
            return ND_NOMEM;
        w->hashes = v;
        w->hashes_cap = tokens;
    }
    if (2 * tokens > w->counts_cap) { /* words and chains */
        struct nd_word_count *v = realloc(w->counts, 2 * tokens * sizeof *v);
        if (!v)
            return ND_NOMEM;
        w->counts = v;
        w->counts_cap = 2 * tokens;
    }
    w->counts_n = 0;
    return 0;
}

/* Count a word that has been interned; the first time in an article its stems are made sure of. */
static inline int count(struct nd_stream_writer *w, uint32_t word, unsigned shape, bool first,
                        unsigned lang, unsigned field)
{
    struct nd_word_entry *e = &w->words.v[word];
    e->count++;
    if (first)
        e->hits[ND_SHAPE_LOWER] += shape == ND_SHAPE_CAPITAL;
    if (!first || shape != ND_SHAPE_LOWER)
        e->hits[shape]++;
    int rc = 0;
    if (e->doc_at >= w->counts_n || w->counts[e->doc_at].word != word) {
        e->doc_at = (uint32_t)w->counts_n;
        if (e->lang != lang) {
            struct nd_word_stems stems;
            rc = nd_words_stem(&w->words, word, lang, &stems);
        }
        w->counts[w->counts_n++] =
            (struct nd_word_count){.word = word, .stems = {e->stems[0], e->stems[1]}};
    }
    struct nd_word_count *c = &w->counts[e->doc_at];
    c->title += field == ND_FIELD_TITLE;
    c->lead += field == ND_FIELD_LEAD;
    c->body += field == ND_FIELD_BODY;
    return rc;
}

/* Intern the chain that ends at token i; ND_MAP_NONE where it has no key. */
static int chain(struct nd_stream_writer *w, const struct nd_tokens *t, size_t i, unsigned lang,
                 uint32_t *out)
{
    char key[ND_WORD_MAX] = {0};
    *out = ND_MAP_NONE;
    size_t n = nd_tokens_joined(t, i, key), parts = nd_tokens_chain(t, i);
    if (n == 0 || parts < 2 || parts > ND_CHAIN_MAX)
        return 0;
    uint64_t hash = nd_words_hash(&w->words, key, n, (unsigned)parts);
    int rc = nd_words_intern(&w->words, key, n, (unsigned)parts, hash, out);
    return rc ? rc : count(w, *out, ND_SHAPE_LOWER, false, lang, t->v[i].field);
}

/* Append the entries of all tokens of an article. */
static int put_tokens(struct nd_stream_writer *w, const struct nd_tokens *t, unsigned lang,
                      const struct nd_mention *mentions, size_t mentions_n, uint32_t *word_ids,
                      uint32_t *joined_ids)
{
    size_t next = 0; /* mention */
    uint32_t *const start = w->block->v + w->block->n, *e = start;
    for (size_t i = 0; i < t->n; i++) {
        const struct nd_token *tok = &t->v[i];
        unsigned shape = tok->shape & 3;
        bool first = true;
        if (i + SLOT_AHEAD < t->n)
            nd_words_prefetch_slot(&w->words, w->hashes[i + SLOT_AHEAD]);
        if (i + ENTRY_AHEAD < t->n)
            nd_words_prefetch_entry(&w->words, w->hashes[i + ENTRY_AHEAD]);
        if (i == 0 || tok->field != t->v[i - 1].field)
            *e++ = nd_entry_mark(ND_MARK_FIELD, tok->field);
        else if (tok->brk == ND_BREAK_PARAGRAPH)
            *e++ = nd_entry_mark(ND_MARK_PARAGRAPH, 0);
        else if (tok->brk == ND_BREAK_SENTENCE)
            *e++ = nd_entry_mark(ND_MARK_SENTENCE, 0);
        else
            first = false;
        if (tok->flags & ND_T_QUOTE_OPEN)
            *e++ = nd_entry_mark(ND_MARK_OTHER, 0);
        for (; next < mentions_n && mentions[w->by_place[next]].first == i; next++)
            *e++ = nd_entry_mark(ND_MARK_MENTION, w->last[w->by_place[next]]);
        const char *key = t->chars.data + tok->key;
        uint32_t joined = ND_MAP_NONE;
        uint32_t word = nd_words_find(&w->words, key, tok->key_len, 1, w->hashes[i]);
        int rc = 0;
        if (word == ND_MAP_NONE)
            rc = nd_words_intern(&w->words, key, tok->key_len, 1, w->hashes[i], &word);
        if (!rc)
            rc = count(w, word, shape, first, lang, tok->field);
        if (!rc && tok->flags & ND_T_JOINED)
            rc = chain(w, t, i, lang, &joined);
        if (rc)
            return rc;
        w->hashes[i] = w->words.v[word].fold_hash;
        *e++ = nd_entry_word(word, shape, first);
        if (joined != ND_MAP_NONE)
            *e++ = nd_entry_mark(ND_MARK_JOINED, joined);
        if (tok->flags & ND_T_QUOTE_CLOSE)
            *e++ = nd_entry_mark(ND_MARK_OTHER, 1);
        if (word_ids)
            word_ids[i] = word;
        if (joined_ids)
            joined_ids[i] = joined;
    }
    w->doc_n[w->docs] = (uint32_t)(e - start);
    w->block->n += (size_t)(e - start);
    return 0;
}

int nd_stream_writer_add(struct nd_stream_writer *w, const struct nd_tokens *t, unsigned lang,
                         const struct nd_mention *mentions, size_t mentions_n, uint32_t *word_ids,
                         uint32_t *joined_ids, struct nd_error *err)
{
    if (t->n > ND_TOKENS_MAX)
        return nd_fail(err, ND_LIMIT, "an article has more than %d words", ND_TOKENS_MAX);
    int rc = take_mentions(w, t, mentions, mentions_n, err);
    if (rc)
        return rc;
    if (lang >= w->words.langs)
        lang = ND_LANG_NONE;
    rc = make_room(w, t->n * PER_TOKEN + mentions_n);
    if (!rc)
        rc = article_room(w, t->n);
    for (size_t i = 0; i < t->n && !rc; i++)
        w->hashes[i] = nd_words_hash(&w->words, t->chars.data + t->v[i].key, t->v[i].key_len, 1);
    if (!rc)
        rc = put_tokens(w, t, lang, mentions, mentions_n, word_ids, joined_ids);
    if (rc)
        return nd_fail(err, rc, "%s for the words of a segment",
                       rc == ND_LIMIT ? "no room" : "out of memory");
    w->tokens += t->n;
    w->docs++;
    return 0;
}

const struct nd_word_count *nd_stream_writer_counts(const struct nd_stream_writer *w, size_t *n)
{
    *n = w->counts_n;
    return w->counts;
}

const uint64_t *nd_stream_writer_hashes(const struct nd_stream_writer *w)
{
    return w->hashes;
}

const uint32_t *nd_stream_writer_mentions(const struct nd_stream_writer *w)
{
    return w->last;
}

uint32_t nd_stream_writer_words(const struct nd_stream_writer *w)
{
    return w->words.n;
}

struct nd_str nd_stream_writer_key(const struct nd_stream_writer *w, uint32_t word)
{
    return nd_words_key(&w->words, word);
}

size_t nd_stream_writer_stems(struct nd_stream_writer *w, uint32_t word, unsigned lang,
                              uint32_t out[2], struct nd_error *err)
{
    struct nd_word_stems stems;
    int rc = nd_words_stems(&w->words, word, lang, &stems);
    if (rc) {
        nd_fail(err, rc, "out of memory for the stems of a segment");
        return 0;
    }
    size_t n = 0;
    while (n < ND_STEMS_MAX && stems.v[n] != ND_STEM_NONE) {
        out[n] = stems.v[n];
        n++;
    }
    return n;
}

uint32_t nd_stream_writer_stem_count(const struct nd_stream_writer *w)
{
    return w->words.stem_text.count;
}

struct nd_str nd_stream_writer_stem_text(const struct nd_stream_writer *w, uint32_t stem)
{
    return nd_map_key(&w->words.stem_text, stem);
}

const uint32_t *nd_stream_writer_entity_map(const struct nd_stream_writer *w, uint32_t *n)
{
    *n = w->entity_map ? w->entities.count : 0;
    return w->entity_map;
}
