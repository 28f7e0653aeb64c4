/* clean.h: the last step of every reader: raw text -> the invariants of record/article.h.
 * Call order:  nd_cleaner_init nd_clean* nd_cleaner_free
 * Invariants:  after nd_clean all text of the article is in the arena, well-formed UTF-8 in NFC, without control
 *              characters; single-line members have no line ends and single blanks; empty ones are absent.
 * Threads: one owner. */
#ifndef INDEXER_FORMATS_CLEAN_H
#define INDEXER_FORMATS_CLEAN_H

#include "record/article.h"

enum {
    ND_ID_MAX = 512,    /* bytes; a longer one makes the record bad */
    ND_LINE_MAX = 1024, /* source, section, author, tag, version; longer ones are cut and counted */
    ND_TITLE_MAX = 16 * 1024,
    ND_URL_MAX = 4096,
    ND_LIST_ITEMS_MAX = 1000 /* authors, tags, entities */
};

struct nd_cleaner {
    struct nd_buf a, b;
    const char *id_prefix; /* put before ids that the dump has; NULL none */
    uint64_t repairs;      /* ill-formed sequences replaced */
    uint64_t cut;          /* members that were too long */
};

/* max: bytes of the largest text. */
void nd_cleaner_init(struct nd_cleaner *c, size_t max, const char *id_prefix);
void nd_cleaner_free(struct nd_cleaner *c);
/* Clean an article in place. One without an id gets one made of its content.
 * Fails: ND_INPUT with the reason (neither title nor text, id too long); ND_NOMEM; ND_LIMIT. */
int nd_clean(struct nd_cleaner *c, struct nd_article *a, struct nd_arena *arena,
             struct nd_error *err);
/* One line: blanks and line ends become single blanks; at most max bytes, cut at a character. */
int nd_clean_line(struct nd_cleaner *c, struct nd_str *s, size_t max, struct nd_arena *arena);
/* A text of paragraphs. */
int nd_clean_text(struct nd_cleaner *c, struct nd_str *s, struct nd_arena *arena);

#endif
