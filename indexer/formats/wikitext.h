/* wikitext.h: the markup of MediaWiki -> text.
 * Templates, tables, references, files and the lists of sources at the end go; headings, links' words and lists stay.
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_WIKITEXT_H
#define INDEXER_FORMATS_WIKITEXT_H

#include "base/arena.h"
#include "base/buf.h"
#include "record/article.h"

#include <stdbool.h>

struct nd_wiki_found { /* what is in the markup beside the text; in the arena */
    struct nd_strs categories;
    struct nd_str date; /* of {{date|...}} */
    bool published;     /* {{publish}} */
    bool redirect;
};

/* Names of the namespaces for files and categories beside the English ones, in lower case: " datei kategorie ". */
struct nd_wiki_site {
    const char *files, *categories, *others;
};

/* Append the text of well-formed UTF-8 as paragraphs. Fails: ND_NOMEM, ND_LIMIT. Cost: O(n). */
int nd_wikitext(struct nd_buf *out, struct nd_wiki_found *found, const struct nd_wiki_site *site,
                struct nd_str text, struct nd_arena *arena);

#endif
