/* stream.h: the token streams of a segment, its word dictionary and its entity dictionary.
 *
 * Codes. A code is some bytes >= 0x80 and one last byte < 0x80. A last byte >= 6 is a word: with
 * r = rank / 122, q = rank % 122 its last byte is q + 6 and the bytes before it are r in big-endian base
 * 128, each with the high bit set (none for r = 0), never with a leading zero: a code has one spelling. Ranks
 * go by falling frequency in the segment, ties in the order of the dictionary.
 * A last byte <= 5 is a mark without width; its payload is the base-128 number in the bytes before it:
 *   0 FIELD      payload ND_FIELD_*: the words of that field follow. First code of every field.
 *   1 PARAGRAPH  no payload; before the first word of each paragraph but a field's first
 *   2 SENTENCE   no payload; before the first word of each sentence that does not begin a paragraph
 *   3 MENTION    payload: number in the entity dictionary; before the first word of the mention. How
 *                many words it spans stands in that dictionary. Mentions may overlap.
 *   4 JOINED     payload: rank of a dictionary word with hyphens ("first-class"); after the last word of the
 *                chain; it spans as many words as the key has parts
 *   5 OTHER      payload 0 quotation opens (before a word), 1 quotation closes (after a word), 2..5: the next
 *                word's shape is enum nd_shape payload - 2 although another is expected of it: expected is
 *                the usual shape of the word, or, for the first word of a sentence, paragraph or field
 *                whose usual shape is LOWER, CAPITAL (nd_shape_expected).
 * Order of codes before a word: FIELD, PARAGRAPH or SENTENCE, OTHER 0, MENTION (longest first),
 * OTHER shape; after it: JOINED, OTHER 1.
 * A word's position is the number of words before it in the article, all fields counted; position rises
 * by more at a field boundary only in the span engine's arithmetic (ND_FIELD_JUMP), never in the file.
 *
 * Dictionary: words sorted by (folded key, key), front-coded in blocks of 16: so that all spellings of a
 * folded word, and all words of a prefix, are neighbours. Each: rank, occurrences, usual shape, parts: with more
 * than one part it is only ever the target of JOINED (a URL may be a plain word with hyphens; should a chain have
 * the same key, both stand there, the one with fewer parts first). Stems: (language, stem) sorted, each with
 * the ranks of its words, joined keys under the stems of the word without hyphens.
 * Entities: numbered (type, canonical id, surface form, words spanned) with mention counts, sorted by
 * (type, id, surface form, words); id and surface form are cut at ND_ENTITY_MAX bytes.
 *
 * File: sections.h, kind "STRM", version 1, sections:
 *   1 u32 articles, u32 words, u32 entities, u32 stems, u64 tokens   2 u64 offset in 3 per article, and the end
 *   3 codes   4 dictionary   5 u32 offset in 4 per block of 16 words, and the end   6 per rank a byte:
 *   usual shape | parts << 2   7 stems   8 u32 offset in 7 per block of 16 stems, and the end
 *   9 entities: u32 offset of id in 10, u32 of surface form, u16 bytes of each, u32 mentions, u8 type,
 *   u8 words, u16 0   10 their text
 * A word in 4: varint 2 * bytes shared with the word before (0 for the first of a block) + 1 if its folded key is
 * another text, varint bytes that follow, these; then, if so, the folded key (varint bytes, text); varint
 * rank; varint occurrences. A stem in 7, its key being a byte for the language and the stem: varint bytes
 * shared, varint bytes that follow, these, varint number of ranks, the ranks rising as varint differences.
 *
 * Threads: a reader has one owner.   Used by: span.h, indexer/segment, query/ (snippets, terms). */
#ifndef ND_RECORD_STREAM_H
#define ND_RECORD_STREAM_H

#include "base/arena.h"
#include "base/status.h"
#include "record/article.h"
#include "record/sections.h"
#include "text/stem.h"
#include "text/token.h"

enum nd_mark {
    ND_MARK_FIELD = 0,
    ND_MARK_PARAGRAPH = 1,
    ND_MARK_SENTENCE = 2,
    ND_MARK_MENTION = 3,
    ND_MARK_JOINED = 4,
    ND_MARK_OTHER = 5,
    ND_WORD_FIRST = 6,   /* smallest last byte of a word */
    ND_WORD_BASE = 122   /* words per lead */
};

enum {
    ND_CODE_MAX = 6,      /* bytes of the longest code */
    ND_ENTITY_MAX = 512,  /* bytes of an entity's id, and of its surface form */
    ND_DICT_BLOCK = 16    /* entries of a front-coded block */
};

/* The shape that is expected of a word whose usual one is given. first: it begins a sentence, paragraph or
 * field. */
static inline unsigned nd_shape_expected(unsigned usual, bool first)
{
    return first && usual == ND_SHAPE_LOWER ? ND_SHAPE_CAPITAL : usual;
}

/* Write the code of number v with the given class (enum nd_mark, or ND_WORD_FIRST for a word rank).
 * Return: bytes written. The inverse is nd_code_get. */
size_t nd_code_put(unsigned char out[ND_CODE_MAX], unsigned mark, uint32_t v);
/* Read the code at p[0..n). Return: its bytes, 0 if cut or too long. *mark is ND_WORD_FIRST for a word. */
size_t nd_code_get(const unsigned char *p, size_t n, unsigned *mark, uint32_t *v);

/* A dictionary word. key is borrowed until the next dictionary call on the same stream. */
struct nd_word {
    struct nd_str key;
    uint32_t rank, count; /* occurrences in the segment */
    uint8_t shape;        /* usual enum nd_shape */
    uint8_t parts;        /* > 1: a hyphen chain of so many words, target of JOINED only */
};

/* An entity dictionary row; text is borrowed until close. */
struct nd_entity_row {
    enum nd_entity_type type;
    struct nd_str id, surface; /* canonical id, e.g. "kim jong-un"; surface form as printed */
    uint32_t mentions;
    uint8_t words;
};

struct nd_stream; /* an open stream file */

/* Fails: ND_MISSING, ND_IO, ND_CORRUPT, ND_VERSION. */
int nd_stream_open(struct nd_stream **out, const char *path, struct nd_error *err);
void nd_stream_close(struct nd_stream *s);
/* As nd_sections_bound. */
void nd_stream_bound(struct nd_stream *s, size_t bytes);
/* The process asks one query and ends: articles are read, not mapped (nd_sections_fetch). */
void nd_stream_read_once(struct nd_stream *s);
uint32_t nd_stream_docs(const struct nd_stream *s);
uint32_t nd_stream_words(const struct nd_stream *s);    /* dictionary entries = number of ranks */
uint64_t nd_stream_tokens(const struct nd_stream *s);   /* words in all articles */

/* The stream of one article, checked; at least 128 readable bytes lie on both sides. Borrowed; after
 * nd_stream_read_once only until the next call.
 * docid: 1 .. nd_stream_docs. Fails: ND_CORRUPT. */
int nd_stream_article(struct nd_stream *s, uint32_t docid, struct nd_section *out,
                      struct nd_error *err);
/* Ask the processor to fetch an article's stream: call it a few candidates ahead. */
void nd_stream_prefetch(const struct nd_stream *s, uint32_t docid);

/* Dictionary walk in (folded key, key) order: find the first word whose folded key is >= fold[0..n), then next.
 * nd_dict_seek makes a new cursor (c need not be initialised), nd_dict_end frees it, after a failure too.
 * Return: 0, ND_DONE past the last word, ND_CORRUPT, ND_NOMEM. */
struct nd_dict_cursor {
    struct nd_stream *s;
    uint32_t at; /* index in sorted order */
    size_t offset;
    struct nd_buf key, fold; /* of the current word; owned */
};
int nd_dict_seek(struct nd_dict_cursor *c, struct nd_stream *s, const char *fold, size_t n,
                 struct nd_word *out, struct nd_error *err);
int nd_dict_next(struct nd_dict_cursor *c, struct nd_word *out, struct nd_error *err);
/* The folded key of the current word. */
struct nd_str nd_dict_fold(const struct nd_dict_cursor *c);
/* Stand at word number `at` in sorted order. */
int nd_dict_at(struct nd_dict_cursor *c, struct nd_stream *s, uint32_t at, struct nd_word *out,
               struct nd_error *err);
void nd_dict_end(struct nd_dict_cursor *c);

/* All folded keys in sorted order, those of joined words without their hyphens, a newline after each: to look through
 * at once. Word i is text[at[i]..at[i + 1] - 1). Kept by the stream: some 15 bytes a word. */
struct nd_dict_folds {
    const char *text;
    const uint32_t *at; /* n + 1 of them */
    uint32_t n;
};
/* Cost: 30 ns a word at first use. Fails: ND_CORRUPT, ND_NOMEM, ND_LIMIT for more than 2^32 bytes. */
int nd_dict_folds(struct nd_stream *s, struct nd_dict_folds *out, struct nd_error *err);

/* Exactly this key. Return: 0, ND_DONE if it is not there, ND_CORRUPT. out->key is left empty. */
int nd_dict_find(struct nd_stream *s, const char *key, size_t n, struct nd_word *out,
                 struct nd_error *err);
/* The word of a rank, key copied to the arena (builds a table at first use). */
int nd_dict_of_rank(struct nd_stream *s, uint32_t rank, struct nd_arena *arena,
                    struct nd_word *out, struct nd_error *err);

/* Append the ranks, rising, of the words of language lang whose stems include stem[0..n) (joined keys too:
 * look at nd_dict_parts) to what *ranks and *count hold: NULL and 0 to begin with. *ranks is arena memory.
 * Return: 0, ND_DONE if none (both unchanged), ND_CORRUPT, ND_NOMEM. */
int nd_dict_stem(struct nd_stream *s, unsigned lang, const char *stem, size_t n,
                 struct nd_arena *arena, uint32_t **ranks, size_t *count, struct nd_error *err);
/* Parts of a rank's key: 1 for a plain word, the length of the chain for a joined one. */
unsigned nd_dict_parts(struct nd_stream *s, uint32_t rank);
/* Usual enum nd_shape of a rank; LOWER for a rank that does not exist. Cost: an array access. */
unsigned nd_dict_shape(struct nd_stream *s, uint32_t rank);
/* The byte per rank that holds both (usual shape | parts << 2), all of it checked; for scans. */
int nd_dict_shapes(struct nd_stream *s, const unsigned char **bytes, struct nd_error *err);

/* Number of rows of the entity dictionary, and one of them. */
uint32_t nd_stream_entities(const struct nd_stream *s);
int nd_stream_entity(struct nd_stream *s, uint32_t number, struct nd_entity_row *out,
                     struct nd_error *err);
/* First number whose (type, id) is >= the given; rows of one id are neighbours. The number of entities if there
 * is none, or the rows are damaged. */
uint32_t nd_stream_entity_seek(struct nd_stream *s, enum nd_entity_type type, const char *id,
                               size_t n);

/* ---- writing ---- */
/* Collects the words of a segment's articles, then ranks, encodes and writes them.
 * Call order: nd_stream_writer_new nd_stream_writer_add* nd_stream_writer_finish nd_stream_writer_free.
 * After a failure it is only good to be freed.
 * Memory: 4 bytes a token and mark, plus the dictionary; nd_stream_writer_bytes tells. */
struct nd_stream_writer;
int nd_stream_writer_new(struct nd_stream_writer **out, struct nd_error *err);
void nd_stream_writer_free(struct nd_stream_writer *w);
size_t nd_stream_writer_bytes(const struct nd_stream_writer *w);
/* One mention in an article: words [first, first + words) of the token array. */
struct nd_mention {
    uint32_t first;
    uint8_t words;
    enum nd_entity_type type;
    struct nd_str id, surface;
    uint32_t proof; /* why, for the ENTITIES column: nd_proof_pack (evidence.h); 0 unknown */
};
/* Add the next article (docids follow the order of calls, from 1): all fields in one token array.
 * lang: its enum nd_lang, for the stem table. word_ids (may be NULL): receives per token the writer's number of
 * its key, joined_ids per token the number of the joined key or ND_MAP_NONE, so that the caller builds
 * postings without hashing again; both the caller's arrays of t->n.
 * Fails: ND_NOMEM, ND_LIMIT, ND_INTERNAL (a mention outside of the tokens). */
int nd_stream_writer_add(struct nd_stream_writer *w, const struct nd_tokens *t, unsigned lang,
                         const struct nd_mention *mentions, size_t mentions_n, uint32_t *word_ids,
                         uint32_t *joined_ids, struct nd_error *err);
/* For each mention of the last nd_stream_writer_add, as given there, its entity's number of arrival. Borrowed
 * until the next one. */
const uint32_t *nd_stream_writer_mentions(const struct nd_stream_writer *w);
enum {
    ND_STEM_NONE = UINT32_MAX
};
/* How often a word, or a joined key, occurs in an article. */
struct nd_word_count {
    uint32_t word, title, lead, body; /* its number; occurrences by field */
    uint32_t stems[ND_STEMS_MAX]; /* in the article's language, ND_STEM_NONE behind the last */
};
/* The distinct words of the last nd_stream_writer_add, *n of them, in order of first occurrence. Borrowed. */
const struct nd_word_count *nd_stream_writer_counts(const struct nd_stream_writer *w, size_t *n);
/* nd_hash64 (seed 0) of the folded key of each of its tokens. Borrowed. */
const uint64_t *nd_stream_writer_hashes(const struct nd_stream_writer *w);
/* Number of distinct keys, and the key of a number. */
uint32_t nd_stream_writer_words(const struct nd_stream_writer *w);
struct nd_str nd_stream_writer_key(const struct nd_stream_writer *w, uint32_t word);
/* The stems of a word number in a language, cached: numbers of the writer's stem table (text without prefix).
 * Return: how many (0..2); their numbers in out. */
size_t nd_stream_writer_stems(struct nd_stream_writer *w, uint32_t word, unsigned lang,
                              uint32_t out[2], struct nd_error *err);
uint32_t nd_stream_writer_stem_count(const struct nd_stream_writer *w);
struct nd_str nd_stream_writer_stem_text(const struct nd_stream_writer *w, uint32_t stem);
/* Rank, encode, write and fsync the file; *size (may be NULL) is its length. What was collected stays readable
 * until nd_stream_writer_free. Fails: ND_NOMEM, ND_LIMIT (a dictionary over 4 GiB), ND_IO. */
int nd_stream_writer_finish(struct nd_stream_writer *w, const char *path, uint64_t *size,
                            struct nd_error *err);
/* After finish: the number in the entity dictionary for each number of arrival; *n is how many. */
const uint32_t *nd_stream_writer_entity_map(const struct nd_stream_writer *w, uint32_t *n);

#endif
