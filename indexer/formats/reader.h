/* reader.h: what a format is: a table of functions that turns the bytes of a member into articles.
 * Call order:  bid, then open (next | skip)* close
 * A new format is one file with one `const struct nd_reader` and one line in table.c. It fills the article with
 * the text as it is in the dump, in the arena or borrowed from the stream until the next call; the caller cleans it
 * (clean.h: UTF-8, NFC, paragraphs, limits, an id where there is none), so no reader does.
 * Threads: one owner per open reader. */
#ifndef INDEXER_FORMATS_READER_H
#define INDEXER_FORMATS_READER_H

#include "base/arena.h"
#include "base/status.h"
#include "input/stream.h"
#include "record/article.h"

struct nd_fieldmap;

enum {
    ND_BID_NEVER = 0,
    ND_BID_FALLBACK = 10, /* plain text, and what only the name speaks for */
    ND_BID_LIKELY = 50,
    ND_BID_SURE = 90
};

/* What a reader is given beside the bytes. All borrowed. */
struct nd_reading {
    struct nd_fieldmap
        *map;          /* which key of a dump is which member of an article; counts unknown ones */
    size_t record_max; /* bytes of one record */
    uint64_t *repairs; /* ill-formed UTF-8 sequences that were replaced */
    uint64_t *parts;   /* attachments of mails that were left out; NULL: not counted */
};

struct nd_reader {
    const char *name;       /* of --input-format */
    const char *summary;    /* for --help */
    const char *mapping;    /* "title=hl1 body=block|body.content", what becomes which field; NULL: the
                             * field map decides, by the keys of the file */
    const char *extensions; /* " .jsonl .ndjson ": break ties between equal bids */
    /* How sure is the format that these first bytes are its own? n may be all of the member. */
    int (*bid)(const char *p, size_t n, const char *filename);
    /* Fails: ND_INPUT, ND_NOMEM. The stream stays the caller's. */
    int (*open)(void **out, struct nd_stream *in, const struct nd_reading *reading,
                struct nd_error *err);
    /* The next article. `out` is zeroed with unknown dates; origin.offset and .length are set whatever the result.
     * Return: 0; ND_DONE; ND_INPUT or ND_LIMIT a bad record, reason in err: ask again for the next one;
     * any other failure ends the member. */
    int (*next)(void *self, struct nd_article *out, struct nd_arena *arena, struct nd_error *err);
    /* Pass over one record as next would, good or bad, without parsing it. Return: 0, ND_DONE or a failure
     * that ends the member. NULL: the caller uses next. */
    int (*skip)(void *self, struct nd_error *err);
    void (*close)(void *self);
};

/* All readers, ended by NULL. */
const struct nd_reader *const *nd_readers(void);
/* The reader of a name, NULL if there is none. */
const struct nd_reader *nd_reader_named(const char *name);

#endif
