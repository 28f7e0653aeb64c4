/* stream_words.h: the words that a stream writer collects: keys to numbers, their folded forms and stems.
 * Internal to the stream writer: each token of an article passes nd_words_intern, the hot path of indexing.
 * Invariants:  numbers are dense, in order of first arrival; keys never move. Of a key that is looked up
 *              ND_WORD_HEAD bytes can be read, however short it is: what lies behind it does not count.
 * Threads:     one owner.   Used by: stream_write.c, stream_put.c. */
#ifndef ND_RECORD_STREAM_WORDS_H
#define ND_RECORD_STREAM_WORDS_H

#include "base/hash.h"
#include "base/map.h"
#include "base/word.h"
#include "record/stream.h"
#include "text/stem.h"

#include <string.h>

enum {
    ND_WORDS_MAX = 1 << 28, /* distinct words of a segment */
    ND_WORD_NO_LANG = 255,
    ND_SHAPES = 4
};

/* All that a token touches, in one cache line: with a million words the hot path is nothing but misses. */
struct nd_word_entry {
    char head[ND_WORD_HEAD]; /* the key where it fits, else its start */
    uint64_t fold_hash;      /* of the folded key, seed 0 */
    uint32_t count;          /* occurrences */
    uint32_t
        hits[ND_SHAPES]; /* of these, with the shape that is expected if this is the usual one */
    uint32_t stems[ND_STEMS_MAX]; /* in the language it was last seen in */
    uint32_t doc_at; /* its place among the words of the current article, good if that agrees */
    uint16_t key_n, fold_n; /* fold_n 0: the folded key is the key */
    uint8_t parts, lang;    /* lang: of stems; ND_WORD_NO_LANG at first */
};

/* Stems of a word in a language: numbers of the stem table, ND_STEM_NONE for none. */
struct nd_word_stems {
    uint32_t v[ND_STEMS_MAX];
};

enum {
    ND_STEM_UNKNOWN =
        UINT32_MAX - 1 /* not looked at yet: the word did not occur in that language */
};

struct nd_words {
    struct nd_word_entry *v; /* aligned to cache lines */
    const char **text;       /* by number: the key, then the folded key where it is another text */
    uint32_t n, cap;
    uint64_t *slots; /* high half of the hash, number + 1; 0 = free */
    uint64_t mask, seed, seed2;
    struct nd_arena keys;
    struct nd_buf scratch;
    struct nd_stemmers *stemmers;
    struct nd_map stem_text;
    unsigned langs;
    struct nd_word_stems **stems; /* by language, then by word; NULL until the language comes */
    uint32_t *stems_n;            /* words that stems[lang] has room for */
};

int nd_words_init(struct nd_words *w);
void nd_words_free(struct nd_words *w);
size_t nd_words_bytes(const struct nd_words *w);
/* The number of a key of so many parts, which is added if new. hash: nd_words_hash of it.
 * Fails: ND_NOMEM, ND_LIMIT. */
int nd_words_intern(struct nd_words *w, const char *p, size_t n, unsigned parts, uint64_t hash,
                    uint32_t *out);
/* The number of a key, ND_MAP_NONE if it is not there. */
static inline uint32_t nd_words_find(const struct nd_words *w, const char *p, size_t n,
                                     unsigned parts, uint64_t hash);
/* The stems of a word, computed the first time. Fails: ND_NOMEM, ND_LIMIT. */
int nd_words_stem(struct nd_words *w, uint32_t word, unsigned lang, struct nd_word_stems *out);

/* Ask the processor to fetch what nd_words_intern will need: far ahead the slot, then, nearer, the entry. */
static inline void nd_words_prefetch_slot(const struct nd_words *w, uint64_t hash)
{
    __builtin_prefetch(&w->slots[hash & w->mask]);
}
static inline void nd_words_prefetch_entry(const struct nd_words *w, uint64_t hash)
{
    uint64_t at = hash & w->mask;
    while (w->slots[at] && (w->slots[at] ^ hash) >> 32)
        at = (at + 1) & w->mask;
    if (w->slots[at])
        __builtin_prefetch(&w->v[(uint32_t)w->slots[at] - 1], 1);
}

/* The stems of a word that has been seen in the language, at hand if that was the last one. */
static inline int nd_words_stems(struct nd_words *w, uint32_t word, unsigned lang,
                                 struct nd_word_stems *out)
{
    const struct nd_word_entry *e = &w->v[word];
    if (e->lang != lang)
        return nd_words_stem(w, word, lang, out);
    *out = (struct nd_word_stems){{e->stems[0], e->stems[1]}};
    return 0;
}

/* The hash of a key of so many parts, seeded. p: ND_WORD_HEAD bytes can be read. */
static inline uint64_t nd_words_hash(const struct nd_words *w, const char *p, size_t n,
                                     unsigned parts)
{
    if (n > ND_WORD_HEAD)
        return nd_hash64(p, n, w->seed + parts);
    struct nd_word_bytes v = nd_word_load(p, n);
    return nd_word_mix(nd_word_mix(v.a ^ (w->seed + parts), v.b ^ w->seed2) ^ n,
                       UINT64_C(0x9fb21c651e98df25));
}

/* Is the key, of an entry's length, that of the entry? */
static inline bool nd_word_same(const struct nd_word_entry *e, const char *text, const char *p,
                                size_t n)
{
    if (n > ND_WORD_HEAD)
        return memcmp(text, p, n) == 0;
    struct nd_word_bytes v = nd_word_load(p, n);
    return nd_load64(e->head) == v.a && nd_load64(e->head + 8) == v.b;
}

static inline uint32_t nd_words_find(const struct nd_words *w, const char *p, size_t n,
                                     unsigned parts, uint64_t hash)
{
    uint64_t tag = hash >> 32;
    for (uint64_t at = hash & w->mask; w->slots[at]; at = (at + 1) & w->mask) {
        if (w->slots[at] >> 32 != tag)
            continue;
        uint32_t i = (uint32_t)w->slots[at] - 1;
        const struct nd_word_entry *e = &w->v[i];
        if (e->key_n == n && e->parts == parts &&
            nd_word_same(e, n > ND_WORD_HEAD ? w->text[i] : NULL, p, n))
            return i;
    }
    return ND_MAP_NONE;
}

static inline struct nd_str nd_words_key(const struct nd_words *w, uint32_t word)
{
    return (struct nd_str){w->text[word], w->v[word].key_n};
}

static inline struct nd_str nd_words_fold(const struct nd_words *w, uint32_t word)
{
    const struct nd_word_entry *e = &w->v[word];
    return e->fold_n ? (struct nd_str){w->text[word] + e->key_n, e->fold_n}
                     : (struct nd_str){w->text[word], e->key_n};
}

#endif
