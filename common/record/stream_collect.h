/* stream_collect.h: what a stream writer holds between the articles it is given and the file it makes.
 * Entries, a u32 each, in the order of the file's codes:
 *   word  bit 0 set, bits 1-2 shape, bit 3 first of a sentence, paragraph or field, bits 4.. word number
 *   mark  bit 0 clear, bits 1-3 enum nd_mark, bits 4.. payload: a field, a word number for JOINED, an
 *         entity's number of arrival for MENTION, 0 or 1 for OTHER
 * Internal to the stream writer.   Threads: one owner. */
#ifndef ND_RECORD_STREAM_COLLECT_H
#define ND_RECORD_STREAM_COLLECT_H

#include "record/stream_words.h"

enum {
    ND_PAYLOAD_MAX = (1 << 28) - 1,
    ND_ENTITY_KEY_HEAD = 4 /* of an entity's key: type, words, u16 bytes of the id; then id, surface form */
};

/* Entries; those of one article lie in one block. */
struct nd_entry_block {
    struct nd_entry_block *next;
    size_t n, cap;
    uint32_t v[];
};

struct nd_stream_writer {
    struct nd_words words;
    struct nd_entry_block *first_block, *block; /* oldest and newest */
    size_t block_bytes;                         /* of all */
    uint32_t *doc_n;                            /* entries of each article */
    uint32_t docs, docs_cap;
    uint64_t tokens;
    struct nd_map entities;
    uint32_t *mentions; /* by entity */
    uint32_t mentions_cap;
    uint64_t *hashes; /* of the last article's tokens: first of keys, then of folded keys */
    size_t hashes_cap;
    struct nd_word_count *counts; /* of the last article */
    size_t counts_n, counts_cap;
    uint32_t *last; /* entity of each mention of the last article */
    uint32_t *by_place; /* mention numbers of the last article, in order of their first word */
    size_t last_cap;
    uint32_t *entity_map; /* after finish */
};

static inline uint32_t nd_entry_word(uint32_t word, unsigned shape, bool first)
{
    return word << 4 | (first ? 8u : 0u) | (shape & 3) << 1 | 1;
}

static inline uint32_t nd_entry_mark(enum nd_mark mark, uint32_t payload)
{
    return payload << 4 | (uint32_t)mark << 1;
}

#endif
