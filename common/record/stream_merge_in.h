/* stream_merge_in.h: what the parts of a merge of streams share: stream_merge.c walks the articles,
 * stream_merge_words.c does the dictionary and the stems, stream_merge_names.c the entities.
 * Threads: one owner.   Used by: those alone. */
#ifndef ND_RECORD_STREAM_MERGE_IN_H
#define ND_RECORD_STREAM_MERGE_IN_H

#include "base/heap.h"
#include "record/stream_merge.h"
#include "record/stream_open.h"
#include "record/stream_stems.h"

enum {
    ND_JOIN_GONE = UINT32_MAX,
    /* byte 6 of a code in nd_join_source.code; byte 7 is its length, 0 where the word is gone */
    ND_JOIN_DIFFERS = 1, /* its usual shape changes */
    ND_JOIN_OLD = 1,     /* shift of the old usual shape */
    ND_JOIN_NEW = 3      /* shift of the new one */
};

struct nd_join_source {
    struct nd_stream *s;
    const unsigned char *deleted, *lang; /* deleted: NULL where no article is */
    uint32_t *gone, *gone_mentions;      /* by rank, by entity: occurrences in deleted articles */
    unsigned char
        *used;        /* bit lang * words + rank: in a live article; NULL where none is deleted */
    uint32_t *word;   /* by rank: number in the merged dictionary */
    uint64_t *code;   /* by rank: bytes of the new code from the lowest up, see above */
    uint32_t *entity; /* the caller's, by number */
    struct nd_dict_cursor words;
    struct nd_word head; /* where `words` stands */
    struct nd_stem_cursor stems;
    struct nd_entity_row row;
    uint32_t row_at;
};

struct nd_join_word {
    size_t text; /* in nd_join.text: key, then the folded key where it is another text */
    uint32_t key_n, fold_n, count, rank;
    uint8_t shape, parts;
};

struct nd_join {
    const char *path;
    struct nd_sections_writer *file;
    struct nd_join_source *in;
    uint32_t n, langs;
    struct nd_heap heap;
    uint32_t *same;             /* inputs that stand at the same word, stem or entity */
    struct nd_buf text;         /* of the merged words */
    struct nd_join_word *words; /* in the dictionary's order */
    uint32_t words_n, words_cap;
    uint32_t *ranked; /* words by rank */
    uint32_t docs, entities, stems;
    uint64_t tokens;
};

/* Merge the dictionaries, rank the words and fill word and code of every input. */
int nd_join_words(struct nd_join *j, struct nd_error *err);
/* Write the dictionary with its shapes, and the stem table. */
int nd_join_put_words(struct nd_join *j, struct nd_error *err);
int nd_join_put_stems(struct nd_join *j, struct nd_error *err);
/* Merge and write the entity dictionary, filling entity of every input. */
int nd_join_entities(struct nd_join *j, struct nd_error *err);

/* Write a section that is whole in memory; a failure is kept by the writer. */
void nd_join_section(struct nd_join *j, uint32_t id, const struct nd_buf *b);
int nd_join_no_memory(const struct nd_join *j, struct nd_error *err);
/* Fails for the first error of two buffers. */
int nd_join_check(const struct nd_join *j, const struct nd_buf *a, const struct nd_buf *b,
                  struct nd_error *err);

#endif
