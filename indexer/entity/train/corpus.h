/* corpus.h: named-entity data: `token TAB tag` a line (BIO), an empty line between sentences,
 * -DOCSTART- between documents; and how it becomes what the tagger sees: the tokens are set as text
 * again, which our own tokenizer reads.
 * Call order:  nd_corpus_open (nd_corpus_next)* nd_corpus_close
 * Threads:     one owner.   Used by: the programs of this folder. */
#ifndef ND_ENTITY_TRAIN_CORPUS_H
#define ND_ENTITY_TRAIN_CORPUS_H

#include "base/buf.h"
#include "entity/tag_unit.h"
#include "text/token.h"

#include <stdio.h>

/* A token of the data: bytes of the document's text, and its gold tag. */
struct nd_gold_token {
    uint32_t start, end;
    int8_t type;    /* -1 none, else enum nd_entity_type */
    uint8_t begins; /* first of its name */
    uint8_t first;  /* first of its sentence */
};

struct nd_doc {
    size_t number; /* in the file, from 0 */
    struct nd_buf text;
    struct nd_gold_token *tokens;
    size_t n, cap;
};

struct nd_corpus {
    FILE *f;
    bool pipe, started;
    size_t number;
    char *line;
    size_t line_cap;
    struct nd_doc doc;
    unsigned char *held; /* bit per document number */
    size_t held_n;
    int want_held; /* -1 all documents, 0 those not held out, 1 those held out */
};

/* path: may end in .xz. held: file of document numbers held out, NULL for none. want_held as above.
 * Return: 0 or -1 with a message printed. */
int nd_corpus_open(struct nd_corpus *c, const char *path, const char *held, int want_held);
/* The next document, borrowed until the next call; NULL at the end. clean: names of the kind
 * "other" that are dates or punctuation are no names. */
const struct nd_doc *nd_corpus_next(struct nd_corpus *c, bool clean);
void nd_corpus_close(struct nd_corpus *c);

/* Labels (crf.h) of units by the names of the data. */
void nd_doc_labels(const struct nd_doc *d, const struct nd_unit *u, size_t n, uint8_t *labels);
/* Turn runs of (type, begins) into labels, parted at sentences. type: -1 none. */
void nd_labels_of(const struct nd_unit *u, const int8_t *type, const uint8_t *begins, size_t n,
                  uint8_t *labels);

#endif
