/* stream_sample.h: token arrays made by hand, and one small article of them, for the tests of the token stream. */
#ifndef TESTS_STREAM_SAMPLE_H
#define TESTS_STREAM_SAMPLE_H

#include "../check.h"

#include "base/word.h"
#include "record/stream.h"
#include "text/stem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char path[512];

static inline const char *path_of(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", check_dir(), name);
    return path;
}

static inline void word(struct nd_tokens *t, const char *key, unsigned field, unsigned brk,
                        unsigned shape, unsigned flags)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 64;
        t->v = realloc(t->v, t->cap * sizeof *t->v);
    }
    size_t n = strlen(key);
    t->v[t->n] = (struct nd_token){
        (uint32_t)t->n * 8, (uint32_t)t->n * 8 + 4, (uint32_t)t->chars.len, (uint16_t)n,
        (uint8_t)shape,     (uint8_t)brk,           (uint8_t)flags,         (uint8_t)field};
    t->n++;
    nd_buf_add(&t->chars, key, n);
    nd_buf_room(&t->chars, ND_WORD_HEAD); /* that much is read, as of a tokenizer's words */
}

/* Title "The Grain deal"; body: 'Moscow "said the" deal is first-class.', next paragraph, next sentence. */
static inline void fill_sample(struct nd_tokens *t)
{
    enum {
        C = ND_SHAPE_CAPITAL
    };
    nd_tokens_init(t);
    word(t, "the", 0, ND_BREAK_PARAGRAPH, C, 0);
    word(t, "grain", 0, 0, C, 0);
    word(t, "deal", 0, 0, 0, 0);
    word(t, "moscow", 2, ND_BREAK_PARAGRAPH, C, 0);
    word(t, "said", 2, 0, 0, ND_T_QUOTE_OPEN);
    word(t, "the", 2, 0, 0, ND_T_QUOTE_CLOSE);
    word(t, "deal", 2, 0, ND_SHAPE_UPPER, 0);
    word(t, "first", 2, 0, 0, ND_T_HYPHEN);
    word(t, "class", 2, 0, 0, ND_T_JOINED);
    word(t, "deal", 2, ND_BREAK_PARAGRAPH, C, 0);
    word(t, "moscow", 2, ND_BREAK_SENTENCE, C, 0);
    word(t, "moscow", 2, 0, C, 0);
}

#endif
