/* tag.h: the names in an article: persons, organisations, places and others, by a trained model.
 * A first pass labels each sentence; a second labels the article again with what the first said
 * about the same words elsewhere in it (crf.h, tag_vote.h). NER by conditional random fields:
 * Lafferty et al. 2001; two passes: Krishnan and Manning 2006.
 * Call order:  nd_model_open nd_tagger_new (nd_tagger_run)* nd_tagger_free nd_model_close
 * Invariants:  the same article gives the same tags, whatever was tagged before and on
 *              every machine.
 * Threads:     one owner. Memory: the model (about 20 MB), and 10 MB of caches with fixed sizes for
 *              each tagger.
 * Uses: text/token.h, model.h.   Used by: the pipeline, cmd tag, train/. */
#ifndef ND_ENTITY_TAG_H
#define ND_ENTITY_TAG_H

#include "base/arena.h"
#include "base/status.h"
#include "entity/tag_word.h"
#include "record/article.h"
#include "text/token.h"

/* A name in an article: words [first, first + words) of its tokens. */
struct nd_tag {
    uint32_t first;
    uint8_t words;
    uint8_t type;  /* enum nd_entity_type */
    uint8_t score; /* how sure, in percent: that no other reading of its words is as likely */
};

enum {
    ND_TAG_WORDS_MAX = 40 /* a longer name is not one */
};

struct nd_tagger;

/* model: borrowed until nd_tagger_free, may be shared by the taggers of several threads.
 * gaz: the name lists that the model was trained with, borrowed and shared in the same way; NULL:
 * none.
 * Fails: ND_NOMEM. */
int nd_tagger_new(struct nd_tagger **out, const struct nd_model *model,
                  const struct nd_gazetteer *gaz, struct nd_error *err);
void nd_tagger_free(struct nd_tagger *t);

/* Tag an article whose fields are all in `tokens`.
 * texts:  by field number, the text that was given to nd_tokens_add, borrowed for the call.
 * *out:   *n names in text order, without overlap; borrowed until the next call.
 * Fails:  ND_NOMEM; ND_INTERNAL when tokens and texts do not belong together; *n is 0 then.
 * Cost:   linear in the words. */
int nd_tagger_run(struct nd_tagger *t, const struct nd_tokens *tokens, const struct nd_str *texts,
                  size_t texts_n, const struct nd_tag **out, size_t *n, struct nd_error *err);

#endif
