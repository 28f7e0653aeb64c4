/* table.h: tables of a model in memory, and the model file written from them.
 * Used by: train.c. */
#ifndef ND_ENTITY_TRAIN_TABLE_H
#define ND_ENTITY_TRAIN_TABLE_H

#include "entity/model.h"

/* A table that owns its bytes; `table` looks at them. */
struct nd_made_table {
    struct nd_table table;
    unsigned char *dir, *keys, *rows;
};

/* Make a table of n rows of `width` bytes with their hashes; of rows with the same hash the first
 * stays.
 * Return: 0 or -1 when out of memory. */
int nd_table_make(struct nd_made_table *t, const uint32_t *hash, const unsigned char *rows,
                  size_t n, uint32_t width);
void nd_table_drop(struct nd_made_table *t);
/* The word list of a file that cluster.c wrote. learned (may be NULL): by line, the class learned.
 * */
int nd_table_words(struct nd_made_table *t, const char *path);
/* The rows of a pass, as whole numbers: of n features the `most` that matter most, which is the
 * largest weight (relative to label 0) times the root of how often the feature occurs. */
int nd_table_weights(struct nd_made_table *t, const uint32_t *hash, const uint32_t *count,
                     const float *w, size_t n, size_t most);
/* Write the model file. */
int nd_model_write(const char *path, const struct nd_made_table pass[ND_PASSES],
                   const float move[ND_PASSES][ND_LABELS][ND_LABELS],
                   const struct nd_made_table *words, struct nd_error *err);

#endif
