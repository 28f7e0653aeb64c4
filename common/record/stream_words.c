#include "record/stream_words.h"

#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_SLOTS = 1 << 12,
    FIRST_WORDS = 1 << 11,
    FOLD_MAX = UINT16_MAX,
    STEM_TEXT_MAX = 1 << 30,
    LINE = 64 /* bytes of a cache line; a nd_word_entry is one */
};

_Static_assert(sizeof(struct nd_word_entry) == LINE, "an entry is a cache line");

int nd_words_init(struct nd_words *w)
{
    *w = (struct nd_words){.mask = FIRST_SLOTS - 1,
                           .cap = FIRST_WORDS,
                           .seed = nd_random_seed(),
                           .seed2 = nd_random_seed()};
    nd_arena_init(&w->keys, SIZE_MAX / 4);
    nd_buf_init(&w->scratch, 4 * FOLD_MAX);
    w->langs = nd_lang_count() < ND_WORD_NO_LANG ? nd_lang_count() : ND_WORD_NO_LANG;
    w->slots = calloc(FIRST_SLOTS, sizeof *w->slots);
    w->v = aligned_alloc(LINE, FIRST_WORDS * sizeof *w->v);
    w->text = malloc(FIRST_WORDS * sizeof *w->text);
    w->stems = calloc((size_t)w->langs + 1, sizeof *w->stems);
    w->stems_n = calloc((size_t)w->langs + 1, sizeof *w->stems_n);
    int rc = nd_map_init(&w->stem_text, STEM_TEXT_MAX);
    if (!rc && w->slots && w->v && w->text && w->stems && w->stems_n)
        rc = nd_stemmers_new(&w->stemmers, NULL);
    else
        rc = ND_NOMEM;
    if (rc)
        nd_words_free(w);
    return rc;
}

void nd_words_free(struct nd_words *w)
{
    nd_arena_free(&w->keys);
    nd_buf_free(&w->scratch);
    nd_stemmers_free(w->stemmers);
    nd_map_free(&w->stem_text);
    if (w->stems)
        for (unsigned i = 0; i < w->langs; i++)
            free(w->stems[i]);
    free(w->stems);
    free(w->stems_n);
    free(w->slots);
    free(w->v);
    free(w->text);
    *w = (struct nd_words){0};
}

size_t nd_words_bytes(const struct nd_words *w)
{
    size_t n = w->keys.total + (size_t)w->cap * (sizeof *w->v + sizeof *w->text) +
               (w->mask + 1) * sizeof *w->slots + nd_map_bytes(&w->stem_text);
    for (unsigned i = 0; i < w->langs; i++)
        n += (size_t)w->stems_n[i] * sizeof **w->stems;
    return n;
}

static int grow(struct nd_words *w)
{
    if (w->n == w->cap) {
        uint32_t cap = w->cap * 2;
        const char **text = realloc(w->text, cap * sizeof *text);
        if (text)
            w->text = text;
        struct nd_word_entry *v = text ? aligned_alloc(LINE, cap * sizeof *v) : NULL;
        if (!v)
            return ND_NOMEM;
        memcpy(v, w->v, w->n * sizeof *v);
        free(w->v);
        w->v = v;
        w->cap = cap;
    }
    if ((uint64_t)w->n * 2 < w->mask)
        return 0;
    uint64_t mask = w->mask * 2 + 1;
    uint64_t *slots = calloc(mask + 1, sizeof *slots);
    if (!slots)
        return ND_NOMEM;
    for (uint32_t i = 0; i < w->n; i++) {
        struct nd_str key = nd_words_key(w, i);
        uint64_t hash = nd_words_hash(w, key.p, key.n, w->v[i].parts), at = hash & mask;
        while (slots[at])
            at = (at + 1) & mask;
        slots[at] = (hash & ~(uint64_t)UINT32_MAX) | (i + 1);
    }
    free(w->slots);
    w->slots = slots;
    w->mask = mask;
    return 0;
}

/* Is the text its own folded form for certain: ASCII without capitals? */
static bool is_folded(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c >= 0x80 || (c >= 'A' && c <= 'Z'))
            return false;
    }
    return true;
}

static int add(struct nd_words *w, const char *p, size_t n, unsigned parts)
{
    if (w->n == ND_WORDS_MAX - 1)
        return ND_LIMIT;
    struct nd_word_entry e = {.key_n = (uint16_t)n,
                              .parts = (uint8_t)parts,
                              .lang = ND_WORD_NO_LANG,
                              .doc_at = UINT32_MAX};
    struct nd_str fold = {p, n};
    if (!is_folded(p, n)) {
        nd_buf_reset(&w->scratch);
        int rc = nd_fold(&w->scratch, p, n);
        if (rc)
            return rc;
        struct nd_str f = {w->scratch.data, w->scratch.len};
        if (f.n && f.n <= FOLD_MAX && !nd_str_eq(f, fold)) {
            fold = f;
            e.fold_n = (uint16_t)f.n;
        }
    }
    char *key = nd_arena_alloc(&w->keys, n + e.fold_n + 1);
    if (!key)
        return ND_NOMEM;
    if (n)
        memcpy(key, p, n);
    if (e.fold_n)
        memcpy(key + n, fold.p, fold.n);
    if (n)
        memcpy(e.head, p, n < ND_WORD_HEAD ? n : ND_WORD_HEAD);
    e.fold_hash = nd_hash64(fold.p, fold.n, 0);
    w->text[w->n] = key;
    w->v[w->n++] = e;
    return 0;
}

int nd_words_intern(struct nd_words *w, const char *p, size_t n, unsigned parts, uint64_t hash,
                    uint32_t *out)
{
    *out = ND_MAP_NONE;
    if (n > ND_WORD_MAX || parts == 0 || parts > ND_CHAIN_MAX)
        return ND_LIMIT;
    *out = nd_words_find(w, p, n, parts, hash);
    if (*out != ND_MAP_NONE)
        return 0;
    int rc = grow(w);
    if (!rc)
        rc = add(w, p, n, parts);
    if (rc)
        return rc;
    uint64_t at = hash & w->mask;
    while (w->slots[at])
        at = (at + 1) & w->mask;
    w->slots[at] = (hash & ~(uint64_t)UINT32_MAX) | w->n;
    *out = w->n - 1;
    return 0;
}

/* Make room for the stems of a word in a language. */
static int stems_room(struct nd_words *w, uint32_t word, unsigned lang)
{
    if (word < w->stems_n[lang])
        return 0;
    uint32_t n = w->cap; /* > word */
    struct nd_word_stems *v = realloc(w->stems[lang], n * sizeof *v);
    if (!v)
        return ND_NOMEM;
    for (uint32_t i = w->stems_n[lang]; i < n; i++)
        v[i] = (struct nd_word_stems){{ND_STEM_UNKNOWN, ND_STEM_NONE}};
    w->stems[lang] = v;
    w->stems_n[lang] = n;
    return 0;
}

/* Keep the stems at hand in the entry. */
static void remember(struct nd_words *w, uint32_t word, unsigned lang, struct nd_word_stems s)
{
    struct nd_word_entry *e = &w->v[word];
    memcpy(e->stems, s.v, sizeof e->stems);
    e->lang = (uint8_t)lang;
}

int nd_words_stem(struct nd_words *w, uint32_t word, unsigned lang, struct nd_word_stems *out)
{
    if (lang >= w->langs)
        lang = ND_LANG_NONE;
    int rc = stems_room(w, word, lang);
    if (rc)
        return rc;
    struct nd_word_stems *have = &w->stems[lang][word];
    if (have->v[0] != ND_STEM_UNKNOWN) {
        *out = *have;
        remember(w, word, lang, *out);
        return 0;
    }
    struct nd_str key = nd_words_key(w, word);
    char joined[ND_WORD_MAX];
    if (w->v[word].parts > 1) { /* a chain is stemmed as the one word that it may be written as */
        size_t n = 0;
        for (size_t i = 0; i < key.n; i++)
            if (key.p[i] != '-')
                joined[n++] = key.p[i];
        key = (struct nd_str){joined, n};
    }
    size_t len[ND_STEMS_MAX] = {0};
    nd_buf_reset(&w->scratch);
    int n = nd_stems(w->stemmers, lang, key.p, key.n, &w->scratch, len);
    if (n < 0)
        return n;
    struct nd_word_stems got = {{ND_STEM_NONE, ND_STEM_NONE}};
    size_t at = 0, kept = 0;
    for (int i = 0; i < n && i < ND_STEMS_MAX; at += len[i], i++) {
        if (len[i] == 0)
            continue;
        rc = nd_map_intern(&w->stem_text, w->scratch.data + at, len[i], &got.v[kept]);
        if (rc)
            return rc;
        if (kept == 0 || got.v[kept] != got.v[0])
            kept++;
        else
            got.v[kept] = ND_STEM_NONE;
    }
    *out = *have = got;
    remember(w, word, lang, got);
    return 0;
}
