/* stream_words.h: the words that a stream writer collects: keys to numbers, their folded forms and stems.
 * Internal to the stream writer: each token of an article passes nd_words_intern, the hot path of indexing.
 * Invariants:  numbers are dense, in order of first arrival; keys never move.
 * Threads:     one owner.   Used by: stream_write.c, stream_put.c. */
#ifndef ND_RECORD_STREAM_WORDS_H
#define ND_RECORD_STREAM_WORDS_H

#include "base/map.h"
#include "record/stream.h"
#include "text/stem.h"

enum {
    ND_WORDS_MAX = 1 << 28,      /* distinct words of a segment */
    ND_SHAPES = 4
};

struct nd_word_entry { /* a cache line */
    uint64_t hash;
    const char *key; /* then the folded key, where it is another text */
    uint16_t key_n, fold_n; /* fold_n 0: the folded key is the key */
    uint8_t parts;
    uint32_t seen[2][ND_SHAPES]; /* occurrences by shape; [1]: as the first word of a sentence */
    uint64_t fold_hash;          /* seed 0 */
};

/* Stems of a word in a language: numbers of the stem table, ND_STEM_NONE for none. */
struct nd_word_stems {
    uint32_t v[ND_STEMS_MAX];
};

enum {
    ND_STEM_NONE = UINT32_MAX,
    ND_STEM_UNKNOWN = UINT32_MAX - 1 /* not looked at yet: the word did not occur in that language */
};

struct nd_words {
    struct nd_word_entry *v;
    uint32_t n, cap;
    uint64_t *slots; /* high half of the hash, number + 1; 0 = free */
    uint64_t mask, seed;
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
/* The number of a key of so many parts, which is added if new. Fails: ND_NOMEM, ND_LIMIT. */
int nd_words_intern(struct nd_words *w, const char *p, size_t n, unsigned parts, uint32_t *out);
/* The stems of a word, computed the first time. Fails: ND_NOMEM, ND_LIMIT. */
int nd_words_stem(struct nd_words *w, uint32_t word, unsigned lang, struct nd_word_stems *out);

static inline struct nd_str nd_words_key(const struct nd_words *w, uint32_t word)
{
    return (struct nd_str){w->v[word].key, w->v[word].key_n};
}

static inline struct nd_str nd_words_fold(const struct nd_words *w, uint32_t word)
{
    const struct nd_word_entry *e = &w->v[word];
    return e->fold_n ? (struct nd_str){e->key + e->key_n, e->fold_n}
                     : (struct nd_str){e->key, e->key_n};
}

#endif
